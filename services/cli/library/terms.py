"""`tolmach terms` and `tolmach dictionary`: what the operator imports, and the termbase taken out again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn

from auth.expression import canonical
from auth.labels import ALL, Label
from auth.policy import Action
from auth.scheme import Scheme
from indexer.lexicon.termbase import proposals
from indexer.lexicon.termbase.concept_rows import Kind
from indexer.lexicon.termbase.formats import registry
from indexer.lexicon.termbase.vocabularies import Vocabularies, Vocabulary, VocabularyAbout
from services.cli.acting import As, Otp, PasswordStdin, acting, event_of, scope_of
from services.cli.console import AsJson, console, event, opened, put, say
from services.components import Components
from services.labelling import label_from
from services.schemas.bitext.terms import VocabularySchema

SHOWN = 20  # refused entries that are named

terms = typer.Typer(no_args_is_help=True, help="Terms: files of them in, the termbase out.")
dictionary = typer.Typer(no_args_is_help=True, help="Dictionaries, for searching across languages and for glosses.")

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file")]
Level = Annotated[str, typer.Option(help="Level of the marking scheme")]
ReleasableTo = Annotated[str, typer.Option(help="ALL, or codes of agencies separated by commas")]
NeedToKnow = Annotated[str, typer.Option(help="Expression: returnees&(finance|courts)")]
Originator = Annotated[str, typer.Option(help="Code of the agency that it comes from, if it comes from one")]
Licence = Annotated[str, typer.Option(help="Under which licence it may be used, and whose it is")]
Name = Annotated[str, typer.Option(help="What it is called; without, the file's name")]


@terms.command("import")
def import_terms(
    file: File,
    level: Level,
    releasable_to: ReleasableTo,
    form: Annotated[str, typer.Option(help="tbx, tsv or skos; without, by the file's name")] = "",
    licence: Licence = "",
    name: Name = "",
    originator: Originator = "",
    need_to_know: NeedToKnow = "",
    as_json: AsJson = False,
) -> None:
    """Take a file of terms in (TBX, TSV, SKOS in RDF/XML). Bad entries are named, the others are taken.

    Whoever may read its label finds by its terms, and sees them in the termbase.
    """
    label = (originator, level, releasable_to, need_to_know)
    _report(_taken("terms", file, form, (name, licence), label), as_json)


@dictionary.command("import")
def import_dictionary(
    file: File,
    licence: Licence,
    level: Level,
    releasable_to: ReleasableTo,
    form: Annotated[str, typer.Option(help="dictd, dsl, tsv or kaikki; without, by the file's name")] = "",
    name: Name = "",
    originator: Originator = "",
    need_to_know: NeedToKnow = "",
    as_json: AsJson = False,
) -> None:
    """Take a dictionary in (dictd's index, DSL, TSV, kaikki's JSON lines), English to Russian or Russian to English.

    Whoever may read its label finds by it, and sees it in glosses.
    """
    label = (originator, level, releasable_to, need_to_know)
    _report(_taken("dictionary", file, form, (name, licence), label), as_json)


@terms.command("list")
def list_terms(as_json: AsJson = False) -> None:
    """List the files of terms that were imported."""
    _list("terms", as_json)


@dictionary.command("list")
def list_dictionaries(as_json: AsJson = False) -> None:
    """List the dictionaries that were imported."""
    _list("dictionary", as_json)


@terms.command("remove")
def remove_terms(vocabulary_id: str) -> None:
    """Take out a file of terms with all that it brought."""
    _remove("terms", vocabulary_id)


@dictionary.command("remove")
def remove_dictionary(vocabulary_id: str) -> None:
    """Take out a dictionary with all that it brought."""
    _remove("dictionary", vocabulary_id)


@terms.command("export")
def export_terms(
    form: Annotated[str, typer.Option(help="tbx, tsv or skos")] = "tbx",
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
) -> None:
    """Write the approved terms that one may read to standard output, each with its marking."""
    if form not in registry.WRITTEN:
        raise typer.BadParameter(f"The form is one of {', '.join(sorted(registry.WRITTEN))}.")
    components = opened()
    by = acting(components, username, password_stdin, otp)
    scope = scope_of(components, by, Action.SEARCH)
    components.trail.record(event_of(by, "export_terms"))
    with components.database.reading() as session:
        listed = (
            (term.concept, _marking(term.label, components.scheme)) for term in proposals.approved(session, scope)
        )
        for piece in registry.WRITTEN[form](listed):
            sys.stdout.write(piece)
    components.close()


def _taken(
    kind: Kind, file: Path, form: str, about: tuple[str, str], label: tuple[str, str, str, str]
) -> tuple[Components, Vocabulary]:
    """What became of a file, and the parts that took it."""
    form = form or registry.form_of(file)
    read = registry.reader(kind, form, file)
    components = opened()
    with components.database.reading() as session:
        labelled = label_from(session, components.scheme, *label)
    if not labelled.rule.releasable_to:
        raise typer.BadParameter(f"Say --releasable-to: {ALL}, or codes of agencies.")
    name, licence = about
    described = VocabularyAbout(kind, name or file.name, licence, form, labelled)
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console) as shown, file.open("rb") as stream:
        task = shown.add_task("0 entries")
        vocabulary = Vocabularies(components.database, components.trail).take_in(
            described,
            read(stream),
            event(f"import_{kind}"),
            lambda entries: shown.update(task, description=f"{entries:,} entries"),
        )
    return components, vocabulary


def _report(taken: tuple[Components, Vocabulary], as_json: bool) -> None:
    components, vocabulary = taken
    components.close()
    if as_json:
        put(VocabularySchema.of(vocabulary, components.scheme).model_dump(mode="json"))
        return
    say(f"{vocabulary.entries:,} entries taken, {vocabulary.refused:,} refused: {vocabulary.vocabulary_id}")
    for place, reason in vocabulary.refusals[:SHOWN]:
        say(f"  {place}: {reason}")
    if vocabulary.refused > SHOWN:
        say("  and more: see list --json")


def _list(kind: Kind, as_json: bool) -> None:
    components = opened()
    vocabularies = Vocabularies(components.database, components.trail).listed(kind)
    components.trail.record(event(f"list_{kind}", total=len(vocabularies)))
    components.close()
    if as_json:
        put([VocabularySchema.of(each, components.scheme).model_dump(mode="json") for each in vocabularies])
        return
    for each in vocabularies:
        unfinished = "" if each.whole else ", its import broke off: remove it and import it again"
        say(f"[bold]{each.vocabulary_id}[/] {escape(each.about.name)}: {each.entries:,} entries{unfinished}")
        say(f"  {_marking(each.about.label, components.scheme)}, {escape(each.about.licence) or 'no licence named'}")
    if not vocabularies:
        say("Nothing was imported.")


def _remove(kind: Kind, vocabulary_id: str) -> None:
    components = opened()
    Vocabularies(components.database, components.trail).remove(vocabulary_id, kind, event(f"remove_{kind}"))
    components.close()
    say("It is gone, with all that it brought.")


def _marking(label: Label | None, scheme: Scheme) -> str:
    """A label in words: its level, to whom it may go, and which words its readers need."""
    if label is None:
        return ""
    to = label.rule.releasable_to
    agencies = ALL if to == ALL else ",".join(sorted(to))
    needed = canonical(label.rule.need_to_know)
    return " // ".join(part for part in (scheme.code(label.rule.level), agencies, needed) if part)
