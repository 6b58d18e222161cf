"""Who a command acts for: the person named by `--as`, once they have signed in, or else the operator.

Refuses as the API does: the same throttle, the same second factor, the same trail, no word about what was wrong.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated

import typer

from auth import policy
from auth.audit.entries import Event
from auth.audit.trail import CONSOLE
from auth.people import Principal
from auth.policy import Action, Scope
from auth.signin import sign_in
from auth.signin.second_factors import FactorAnswer
from services.cli.console import OPERATOR, fail
from services.components import Components

As = Annotated[str | None, typer.Option("--as", help="Who is acting, after signing in; without it, the operator")]
PasswordStdin = Annotated[bool, typer.Option(help="Read the password from standard input")]
Otp = Annotated[
    str, typer.Option(help="Their second factor: six digits, or a recovery code; commands ask for no passkey")
]


def acting(components: Components, username: str | None, password_stdin: bool, otp: str) -> Principal | None:
    """The person who signs in for this one command; None, for the operator, where no name is given."""
    return None if username is None else signed_in(components, username, password_stdin, otp)


def signed_in(components: Components, username: str, password_stdin: bool, otp: str) -> Principal:
    """The person who signs in for this one command; whatever is not right ends it."""
    tried = sign_in.attempt(components.database, username, _password(password_stdin))
    with components.database.session() as session:
        outcome = sign_in.complete(session, tried, FactorAnswer(otp), components.settings.password_names)
        components.trail.record(outcome.event("console"))
    if outcome.principal is None:
        fail("Name, password and second factor do not belong together, or there were too many tries lately.")
    if outcome.must_set_up and not outcome.principal.grants:
        fail("Sign in at the browser page first: it leads through choosing a password and setting up a second factor.")
    return outcome.principal


def scope_of(components: Components, by: Principal | None, action: Action) -> Scope:
    """What somebody may do this to, or everything for the operator; whoever has no role for it is ended here."""
    with components.database.reading() as session:
        if by is None:
            return policy.operator_scope(session, action)
        if not policy.allows(by, action):
            components.trail.record(replace(event_of(by, action), decision="refused", detail={"rule": "role"}))
            fail("None of your roles allows this.")
        return policy.scope_for(session, by, action)


def event_of(by: Principal | None, action: str, document_id: str = "") -> Event:
    """What the trail is to say of a command that does this."""
    return Event(by.username if by else OPERATOR, CONSOLE, action, document_id)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Password", hide_input=True, err=True))
