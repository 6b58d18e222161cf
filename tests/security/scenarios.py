"""What can have become of documents that a person may not read. In every world they must be answered the same.

The worlds are copies of two: `full`, where every document was taken in and processed and insiders may read what the
person may not, and `alone`, where the hidden documents and the insiders never were.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from paired_worlds import LEVELS, WORDS, Answer, Person, World, identifier_of, some_words
from route_calls import HIDDEN_TERM, REASON
from sqlalchemy import delete, select, update

from auth import policy
from auth.database import new_id, now
from auth.expression import ALWAYS, NEVER
from auth.labels import ALL, Label, ReadingRule
from auth.people import Role
from auth.policy import Action
from indexer.bitext.review.tables import OpeningRow
from indexer.engine.contract import NotPermittedError
from indexer.handling.relabel import Handling, handling_of
from indexer.lexicon.termbase import concept_rows
from indexer.lexicon.termbase.terms import Concept, TermWord
from indexer.lexicon.termbase.vocabularies import Vocabularies, VocabularyAbout
from indexer.library.documents import Times
from indexer.library.tables import AttachmentRow, DocumentRow, PageRow, SegmentRow, TranslationRow
from indexer.memory import entries
from indexer.memory.entries import TranslatedSentence
from indexer.memory.learned.tables import LearnedWordRow
from indexer.pairs import pairs
from indexer.pairs.tables import LENDER
from indexer.pipeline.index_record import record_of
from services.cli.console import event
from services.cli.library import manifest
from services.cli.library.manifest import Item
from services.installation.reconciling import reconcile

AGENCIES = ("KZ-MIA", "KG-SCNS", "UZ-PGO", "TJ-MIA", "UNODC", "OSCE")
INSIDERS = [
    Person(f"{role}-{agency}".lower(), agency, role, LEVELS[-1], frozenset(WORDS))
    for agency in AGENCIES
    for role in (Role.EXPERT, Role.REGISTRAR)
]


OPEN = ReadingRule(10, ALL, ALWAYS)  # for everybody
ABOVE = 2**30  # every level
OVER = Times(expires_at=datetime(2026, 1, 1, tzinfo=UTC))
LATER = Times(embargo_until=datetime(2099, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Scenario:
    """Something that happened to the hidden documents in a copy of `full` or of `alone`.

    `reading`: those who search are meant, not registrars, who see documents outside their time. `broken`: the index
    contradicts the database, until a search puts it right or is refused with 503. `acts`: registrars act in it.
    `offices`: those who may read nothing ask in it. `tells`: paths by which registrars are rightly told of documents
    that they could read when this happened; only those are not compared.
    """

    name: str
    of: str
    befall: Callable[[World, Sequence[Item]], None]
    reading: bool = False
    broken: bool = False
    acts: bool = False
    offices: bool = False
    tells: tuple[str, ...] = ()


def nothing(world: World, hidden: Sequence[Item]) -> None:
    pass


def removed(world: World, hidden: Sequence[Item]) -> None:
    for name in names(hidden):
        world.remove(name)
    world.components.worker().run()


def opened_and_removed(world: World, hidden: Sequence[Item]) -> None:
    """The person could read them, and others looked at their pages; a worker has not come by yet."""
    for name in names(hidden):
        relabel(world, name, OPEN)
        done(world.ask(INSIDERS[0], "GET", f"/api/documents/{name}/pages/1/image?width=100"))
        world.remove(name)


def removed_and_kept(world: World, hidden: Sequence[Item]) -> None:
    """Their tombstones are there, some as proposed by insiders, who want them back, and their files for a while."""
    removals = replace(world.components.removals, kept_for=timedelta(days=30))
    with world.components.database.reading() as session:
        scope = policy.operator_scope(session, Action.REMOVE)
    for item, name in zip(hidden, names(hidden), strict=True):
        removals.remove(scope, None, name, "zeppelins must not be named", event("remove"))
        registrar = next(
            one for one in INSIDERS if (one.agency, one.role) == (item.columns["originator"], Role.REGISTRAR)
        )
        done(world.ask(registrar, "GET", "/api/removed"))
        done(world.ask(registrar, "POST", f"/api/removed/{name}/return", REASON))
    world.components.worker().run()


def relabelled_upward(world: World, hidden: Sequence[Item]) -> None:
    """The person could read them, until they were labelled as they are."""
    with world.components.database.reading() as session:
        before = {name: handling_of(session, session.get_one(DocumentRow, name)) for name in names(hidden)}
    for name, handling in before.items():
        relabel(world, name, OPEN)
        relabel(world, name, handling.label.rule)


def relabelled_among_others(world: World, hidden: Sequence[Item]) -> None:
    """From one label that the person does not satisfy to another."""
    for name in names(hidden):
        relabel(world, name, ReadingRule(ABOVE, ALL, ALWAYS))
        relabel(world, name, ReadingRule(ABOVE, ALL, NEVER))


def in_the_pipeline(world: World, hidden: Sequence[Item]) -> None:
    """Some are received, some extracted, some searchable and not translated."""
    world.fill(hidden, work=False)
    worker = world.components.worker()
    for _ in range(2 * (len(hidden) // 2) + 1):
        worker.step()


def quarantined(world: World, hidden: Sequence[Item]) -> None:
    """Half of them because their files are broken, the others after they were read."""
    half = len(hidden) // 2
    folder = world.components.home.path / "broken"
    folder.mkdir()
    for item in hidden[:half]:
        (folder / item.path.name).write_bytes(b"%PDF-broken")
    world.fill([replace(item, path=folder / item.path.name) for item in hidden[:half]])
    world.fill(hidden[half:])
    for name in names(hidden[half:]):
        change(world, name, state="quarantined", stage="extracted", code="gave_up", message="The worker died.")
    taken_out(world, hidden)


def outside_their_time(world: World, hidden: Sequence[Item]) -> None:
    """Under embargo or expired, under labels that the person does not satisfy."""
    for number, name in enumerate(names(hidden)):
        relabel(world, name, None, LATER if number % 2 else OVER)


def open_and_outside_their_time(world: World, hidden: Sequence[Item]) -> None:
    """Under embargo or expired, under labels that the person satisfies."""
    for number, name in enumerate(names(hidden)):
        relabel(world, name, OPEN, LATER if number % 2 else OVER)


def expired_just_now(world: World, hidden: Sequence[Item]) -> None:
    """The index still has them; that it must change is due."""
    for name in names(hidden):
        relabel(world, name, OPEN)
        change(world, name, expires_at=now() - timedelta(seconds=1), due_at=now() - timedelta(seconds=1))


def due_and_left(world: World, hidden: Sequence[Item]) -> None:
    """The person could read them until they were labelled as they are; nobody has told the index so far."""
    with world.components.database.reading() as session:
        before = {name: handling_of(session, session.get_one(DocumentRow, name)) for name in names(hidden)}
    for name in names(hidden):
        relabel(world, name, OPEN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.components.engine, "put", _refuse)
        for name, handling in before.items():
            relabel(world, name, handling.label.rule)


def _refuse(records: object) -> None:
    raise NotPermittedError("This process may not write.")


def held_under_another_rule(world: World, hidden: Sequence[Item]) -> None:
    """The index says that the person may read them."""
    with world.components.database.session() as session:
        rows = [session.get_one(DocumentRow, name) for name in names(hidden)]
        rule = policy.keep_rule(session, OPEN)
        world.components.engine.put([replace(record_of(session, row), rule=rule) for row in rows])


def an_older_state_put_back(world: World, hidden: Sequence[Item]) -> None:
    """The person could read them; then they were labelled as they are, and somebody restored the index of before."""
    engine = world.components.engine
    with world.components.database.reading() as session:
        before = {name: handling_of(session, session.get_one(DocumentRow, name)) for name in names(hidden)}
    for name in names(hidden):
        relabel(world, name, OPEN)
    with world.components.database.reading() as session:
        records = [record_of(session, session.get_one(DocumentRow, name)) for name in names(hidden)]
    for name, handling in before.items():
        relabel(world, name, handling.label.rule)
    holdings = engine.holdings()
    engine.put([replace(record, version=holdings[record.document_id].version + 1) for record in records])


def expired_and_held(world: World, hidden: Sequence[Item]) -> None:
    """The index has them after their time, and nobody knows that this must change."""
    for name in names(hidden):
        relabel(world, name, OPEN)
        change(world, name, expires_at=now() - timedelta(seconds=1), due_at=None)


def lost(world: World, hidden: Sequence[Item]) -> None:
    """The index has lost them."""
    taken_out(world, hidden)


def taken_out(world: World, hidden: Sequence[Item]) -> None:
    """Take what the index holds of them out of it, behind everybody's back."""
    holdings = world.components.engine.holdings()
    world.components.engine.remove({name: holdings[name].version for name in names(hidden) if name in holdings})


def handled_by_others(world: World, hidden: Sequence[Item]) -> None:
    """Found, opened, downloaded, brought again, held, edited, and about to be released, removed and relabelled."""
    insiders = {(one.agency, one.role): one for one in INSIDERS}
    for item in hidden:
        agency, where = item.columns["originator"], f"/api/documents/{names([item])[0]}"
        reader, registrar = insiders[agency, Role.EXPERT], insiders[agency, Role.REGISTRAR]
        for query in ("", "return", "возвращение"):
            done(world.ask(reader, "POST", "/api/search", {"query": query}))
        for path in ("", "/pages/1", "/pages/1/image?width=100", "/file"):
            done(world.ask(reader, "GET", where + path))
        upload = {"file": (item.path.name, item.path.read_bytes(), "application/pdf")}
        label = {name: text for name, text in item.columns.items() if name in manifest.LABEL}
        done(world.ask(registrar, "POST", "/api/documents", data=label, files=upload))
        done(world.ask(registrar, "POST", f"{where}/removal", REASON))
        done(world.ask(registrar, "POST", f"{where}/hold", {"held": True, **REASON}))
        done(world.ask(registrar, "POST", f"{where}/hold", {"held": False, **REASON}))
        weaker = {"level": "unclassified", "releasable_to": "ALL", "need_to_know": "", **REASON}
        done(world.ask(registrar, "PATCH", f"{where}/label", weaker))
        asked = {"username": reader.username, "document_id": names([item])[0]}
        done(world.ask(registrar, "POST", "/api/access/explain", asked))
    readers = [one for one in INSIDERS if one.role is Role.EXPERT]
    for reader in readers:  # what they are shown of readable documents, too, is counted of days that are over
        done(world.ask(reader, "POST", "/api/search", {"query": "return возвращение meeting", "limit": 100}))
    world.components.openings.close()
    with world.components.database.session() as session:
        session.execute(update(OpeningRow).values(day=date(2026, 1, 1)))
        theirs = TranslationRow.document.in_(names(hidden))
        session.execute(update(TranslationRow).where(theirs).values(text=LENT))
        elsewhere = SegmentRow.document.not_in(names(hidden))
        for segment in session.scalars(select(SegmentRow).where(elsewhere, SegmentRow.ordinal < 5)).all():
            entries.remember(session, names(hidden)[0], segment.language, segment.text, LENT, "human")


def lent_before_it_was_opened(world: World, hidden: Sequence[Item]) -> None:
    """A document that the person may read borrowed from a hidden one while it was labelled like that."""
    readable = sorted(world.translated() - {*names(hidden)})
    if not readable:
        return
    name, lender = readable[0], names(hidden)[0]
    with world.components.database.session() as session:
        own = handling_of(session, session.get_one(DocumentRow, name)).label.rule
        strict = handling_of(session, session.get_one(DocumentRow, lender)).label.rule
        mine, theirs = (TranslationRow.document == each for each in (name, lender))
        session.execute(delete(TranslationRow).where(theirs))
        session.execute(update(TranslationRow).where(mine).values(document=lender, text=LENT))
    relabel(world, name, strict)
    change(world, name, state="indexed", models_tried="")
    world.components.worker().run()
    with world.components.database.reading() as session:
        assert LENT in set(session.scalars(select(TranslationRow.text).where(mine)))
    relabel(world, name, own)
    world.components.worker().run()


def paired_with_what_is_readable(world: World, hidden: Sequence[Item]) -> None:
    """They are the translations of readable papers; half of them lent to those until they were labelled as they are."""
    with world.components.database.reading() as session:
        rows = session.scalars(select(DocumentRow).order_by(DocumentRow.id)).all()
        before = {name: handling_of(session, session.get_one(DocumentRow, name)) for name in names(hidden)}
    readable = [row for row in rows if row.id not in before]
    opened = names(hidden)[::2]
    for name in opened:
        relabel(world, name, OPEN)
    for number, own in enumerate(row for row in rows if row.id in before):
        others = [row.id for row in readable if row.language != own.language]
        if others:
            pair(world, own.id, others[number % len(others)])
    world.components.worker().run()
    if readable:
        with world.components.database.reading() as session:
            lent = select(TranslationRow.document).where(TranslationRow.engine == LENDER)
            assert {*session.scalars(lent)} & {row.id for row in readable}
    for name in opened:
        relabel(world, name, before[name].label.rule)


def pair(world: World, document_id: str, other_id: str) -> str:
    """Make two papers a pair, as the operator does; gives its identifier."""
    with world.components.database.session() as session:
        scope = policy.operator_scope(session, Action.EDIT)
        return pairs.make(session, scope, document_id, other_id, "operator").row.id


def restored_with_an_older_database(world: World, hidden: Sequence[Item]) -> None:
    """The database and the index are from when the person could read them; the trail says that this has ended."""
    handled = ("rule", "indexed_rule", "planned_rule", "due_at", "state", "sha256")
    for number, name in enumerate(names(hidden)):
        with world.components.database.reading() as session:
            strict = handling_of(session, session.get_one(DocumentRow, name)).label.rule
        relabel(world, name, OPEN)
        with world.components.database.reading() as session:
            row = session.get_one(DocumentRow, name)
            before = {column: getattr(row, column) for column in handled}
            record = record_of(session, row)
        if number % 2:
            relabel(world, name, strict)
        else:
            world.remove(name)
        with world.components.database.reading() as session:
            version = session.get_one(DocumentRow, name).version
        change(world, name, **before)
        world.components.engine.put([replace(record, version=version + 1)])
    reconcile(world.components)


def terms_imported(world: World, hidden: Sequence[Item]) -> None:
    """Terms and a dictionary that the person may not know of say that words of their documents mean others there."""
    english, russian = ([word for word in some_words() if word.isascii() == latin] for latin in (True, False))
    pairs = zip(english, (russian * len(english))[7:], strict=False)
    concepts = [Concept((TermWord("en", en), TermWord("ru", ru))) for en, ru in pairs]
    label = Label(ReadingRule(ABOVE, ALL, ALWAYS), frozenset({"OSCE"}))
    vocabularies = Vocabularies(world.components.database, world.components.trail)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(concept_rows, "new_id", chain([HIDDEN_TERM], iter(new_id, "")).__next__)
        for kind in ("terms", "dictionary"):
            about = VocabularyAbout(kind, "hidden", "", "tsv", label)
            vocabularies.take_in(about, concepts, event("import_terms"))


def asked_for_and_closed(world: World, hidden: Sequence[Item]) -> None:
    """The registrars of every agency have seen what they were asked, and closed it with an answer or without."""
    closed = 0
    for registrar in (one for one in INSIDERS if one.role is Role.REGISTRAR):
        answer = world.ask(registrar, "GET", "/api/enquiries/received?limit=200")
        done(answer)
        for each in json.loads(answer[2])["enquiries"]:
            path = f"/api/enquiries/{each['enquiry']['enquiry_id']}/closure"
            done(world.ask(registrar, "POST", path, {"answered": bool(closed % 2)}))
            closed += 1
    assert closed


def words_learned(world: World, hidden: Sequence[Item]) -> None:
    """People translated words otherwise: in a hidden paper, and in one that lent so until it was labelled as it is."""
    own = names(hidden)[0]
    with world.components.database.reading() as session:
        before = handling_of(session, session.get_one(DocumentRow, own)).label.rule
        language = session.get_one(DocumentRow, own).language
        rows = session.scalars(select(DocumentRow).where(DocumentRow.language != language).order_by(DocumentRow.id))
        others = [row.id for row in rows if row.id not in names(hidden)]
    teach(world, own, "")
    if others:
        relabel(world, own, OPEN)
        pair_id = pair(world, own, others[0])
        world.components.worker().run()
        teach(world, others[0], pair_id)
    world.components.worker().run()
    with world.components.database.reading() as session:
        assert {own, *others[:1]} <= set(session.scalars(select(LearnedWordRow.document)))
    relabel(world, own, before)


def teach(world: World, document_id: str, pair_id: str) -> None:
    """Let the memory say, beside a document, that words of the sample mean other ones."""
    english, russian = ([word for word in some_words() if word.isascii() == latin] for latin in (True, False))
    both = list(zip(english, russian[11:], strict=False))
    taught = [TranslatedSentence("en", word + sign, other + sign) for word, other in both for sign in ".!?"]
    with world.components.database.session() as session:
        if pair_id:  # what the papers really lend says little
            entries.forget_pair(session, pair_id)
        entries.remember_of_pair(session, document_id, pair_id, taught, preferred=False)


def marked_and_tied(world: World, hidden: Sequence[Item]) -> None:
    """They were recognised and repaired, hide text of which registrars are asked, and are attachments of readable ones.

    And these of them. Of every other one the label is in question.
    """
    with world.components.database.session() as session:
        rows = session.scalars(select(DocumentRow.id).order_by(DocumentRow.id)).all()
        readable = [name for name in rows if name not in names(hidden)]
        for number, name in enumerate(names(hidden), 1):
            of_it = SegmentRow.document == name
            session.execute(update(SegmentRow).where(of_it).values(marks="recognised,repaired:shift,doubtful"))
            session.execute(update(PageRow).where(PageRow.document == name).values(hidden=3, confidence=40))
            row = session.get_one(DocumentRow, name)
            row.attachments, row.keywords = '["zeppelin.pdf"]', "zeppelins"
            for paper in readable[number - 1 : number]:
                session.add(AttachmentRow(document=paper, number=number, taken_as=name))
                session.add(AttachmentRow(document=name, number=1, taken_as=paper))
    world.components.worker().run()
    for name in names(hidden[::2]):
        change(world, name, state="quarantined", stage="received", code="marking", marking="ZEPPELIN")
    taken_out(world, hidden[::2])


LENT = "Bettered by an insider: zeppelins."  # what a hidden document says in the other language

SCENARIOS = [
    Scenario("they exist", "full", nothing),
    Scenario("handled by others", "full", handled_by_others, acts=True, offices=True),
    Scenario("asked for and closed", "full", asked_for_and_closed, tells=("/api/enquiries/received",)),
    Scenario("removed", "full", removed),
    Scenario("removed and kept", "full", removed_and_kept, acts=True, offices=True),
    Scenario("opened and removed", "full", opened_and_removed, tells=("/api/removed",)),
    Scenario("relabelled upward", "full", relabelled_upward),
    Scenario("relabelled among others", "full", relabelled_among_others),
    Scenario("in the pipeline", "alone", in_the_pipeline, acts=True, offices=True),
    Scenario("quarantined", "alone", quarantined, acts=True),
    Scenario("outside their time", "full", outside_their_time),
    Scenario("open and outside their time", "full", open_and_outside_their_time, reading=True),
    Scenario("expired just now", "full", expired_just_now, reading=True),
    Scenario("lent before it was opened", "full", lent_before_it_was_opened),
    Scenario("paired with what is readable", "full", paired_with_what_is_readable),
    Scenario("marked and tied", "full", marked_and_tied),
    Scenario("due and left", "full", due_and_left),
    Scenario("restored with an older database", "full", restored_with_an_older_database),
    Scenario("terms imported", "alone", terms_imported),
    Scenario("words learned", "full", words_learned),
    Scenario("lost by the index", "full", lost),
    Scenario("held under another rule", "full", held_under_another_rule),
    Scenario("an older state put back", "full", an_older_state_put_back),
    Scenario("expired and held", "full", expired_and_held, reading=True, broken=True),
]


def names(items: Sequence[Item]) -> list[str]:
    """The identifiers of files of the sample."""
    return [identifier_of(item) for item in items]


def relabel(world: World, name: str, rule: ReadingRule | None, times: Times | None = None) -> None:
    """Give a document another rule or other times, as the operator does."""
    with world.components.database.reading() as session:
        scope = policy.operator_scope(session, Action.LABEL)
        old = handling_of(session, session.get_one(DocumentRow, name))
    new = Handling(Label(rule or old.label.rule, old.label.originators), times or old.times)
    world.components.relabeller.relabel(scope, None, name, new, "because", event("label"))


def change(world: World, name: str, **columns: Any) -> None:
    """Change a document's row behind everybody's back."""
    with world.components.database.session() as session:
        session.execute(update(DocumentRow).where(DocumentRow.id == name).values(**columns))


def done(answer: Answer) -> None:
    """Hold that it was not refused."""
    assert answer[0] < 300, answer
