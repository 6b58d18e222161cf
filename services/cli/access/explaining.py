"""`tolmach access`: why somebody may do something or may not, and what a proposal would do if it were approved."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from auth import expression, policy
from auth.changes import approvals
from auth.explain import Explanation
from auth.labels import ALL, Label, Releasable
from auth.people import Principal
from auth.policy import Action, Scope
from services.cli.access.changing import ChangeOptions, begun, show_effect, words
from services.cli.access.proposals import ProposalId
from services.cli.acting import As, Otp, PasswordStdin
from services.cli.console import AsJson, console, put, say
from services.schemas.access import ExplanationSchema, Labelled

access = typer.Typer(no_args_is_help=True, help="Why somebody may do something, and what a change would do.")


@access.command("preview")
def preview(
    proposal_id: ProposalId,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Show who would gain and lose what if a proposal were approved. Of other changes, their own --preview tells."""
    administering = begun(ChangeOptions(None, username, password_stdin, otp, as_json), Action.PREVIEW)
    with administering.components.database.reading() as session:
        change = approvals.find(session, proposal_id).change
    show_effect(administering.preview(change), administering.components, as_json)


@access.command("explain")
def explain_access(
    about: Annotated[str, typer.Argument(metavar="NAME", help="Of whom it is asked")],
    action: Annotated[Labelled, typer.Option(help="What they would do to it")] = "read",
    level: Annotated[str, typer.Option(help="Level of the marking scheme")] = "",
    releasable_to: Annotated[str, typer.Option(help="ALL, or codes separated by commas")] = ALL,
    need_to_know: Annotated[str, typer.Option(help="Expression: returnees&(finance|courts)")] = "",
    document_id: Annotated[str, typer.Option("--document", help="A document, in place of a label")] = "",
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Say which rules let a person do something under a label or to a document, or do not.

    For example: `tolmach access explain a.bekova --level confidential --releasable-to KZ-MIA,UNODC`
    """
    if bool(level) == bool(document_id):
        raise typer.BadParameter("Give either a label (--level …) or a --document.")
    administering = begun(ChangeOptions(None, username, password_stdin, otp, as_json), Action.EXPLAIN)
    scheme = administering.scheme
    of: Label | str = document_id
    if level:
        to: Releasable = ALL if releasable_to == ALL else words(releasable_to)
        of = Label.of(scheme.rank(level), to, expression.parse(need_to_know), ())
    explanation = administering.explain(about, Action(action), of, partial(_reaching, administering.by))
    if as_json:
        put(ExplanationSchema.of(about, action, explanation, scheme).model_dump(mode="json"))
    else:
        _show(about, action, explanation)


def _reaching(asker: Principal | None, session: Session) -> tuple[Scope, ...]:
    """Where the documents lie that may be asked about: the operator's are all."""
    if asker is None:
        return (policy.operator_scope(session, Action.INTAKE),)
    return policy.reaching(session, asker, Action.EXPLAIN)


def _show(about: str, action: str, explanation: Explanation) -> None:
    say(escape(f"{about} {'may' if explanation.allowed else 'may not'} {action}:"))
    table = Table("Rule", "", "Why", "Почему")
    for step in explanation.steps:
        table.add_row(step.rule, "yes" if step.passed else "no", escape(step.en), escape(step.ru))
    console.print(table)
    for each in explanation.considered:
        if each.holding.grant_id != explanation.chosen:
            refused_by = ", ".join(each.refused_by) or "nothing"
            say(escape(f"Looked at as well: {each.holding.role}, refused by {refused_by}."))
