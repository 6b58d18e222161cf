"""The leak suite can fail: each of these broken guards is caught by comparing twin worlds, by nothing made for it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import pytest
from matrix import PairedWorlds, Worlds, profile
from scenarios import OPEN, SCENARIOS
from sqlalchemy import select, true
from test_interference import SEED

from auth import policy
from auth.people import PeopleError
from auth.policy import Action, Scope
from auth.signin import sign_in
from indexer.analysis.tokens import tokens
from indexer.engine.contract import Answer, Inside, Term, positive_leaves
from indexer.engine.scoring import weight_of
from indexer.handling import document_proposals, relabel, sealing, tombstones
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents, intake, likeness
from indexer.library.about import about
from indexer.library.documents import Times
from indexer.library.pictures import Pictures
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync
from indexer.search import asking, find
from indexer.search.places import PlaceCounts
from indexer.translate import translations
from services import errors
from services.errors import ForbiddenError, WrongError
from services.routes import documents as document_routes
from services.routes import explaining
from services.routes import search as search_routes

Patch = pytest.MonkeyPatch

PEOPLE = profile(0, SEED)


@dataclass(frozen=True)
class Mutant:
    """A broken guard, and the fate of hidden documents in which it shows soonest."""

    break_it: Callable[[Patch], None]
    shows: str = "they exist"

    @property
    def name(self) -> str:
        return self.break_it.__name__


def everything(session, action: Action = Action.SEARCH) -> Scope:
    return policy.operator_scope(session, action)


def the_second_check_is_gone(patch: Patch) -> None:
    def unchecked(session, scope, principal, hits):
        rows = [session.get(DocumentRow, hit.document_id) for hit in hits]
        return [(hit, row, documents.label_of(session, row)) for hit, row in zip(hits, rows, strict=True)]

    patch.setattr(find, "_checked", unchecked)


def one_document_is_fetched_without_its_scope(patch: Patch) -> None:
    patch.setattr(documents, "get", lambda session, scope, document_id: session.get(DocumentRow, document_id))


def hits_are_fetched_without_their_scope(patch: Patch) -> None:
    def unscoped(session, scope, document_ids):
        rows = session.scalars(select(DocumentRow).where(DocumentRow.id.in_(document_ids)))
        return {row.id: (row, documents.label_of(session, row)) for row in rows}

    patch.setattr(documents, "get_all", unscoped)


def with_answer(patch: Patch, change: Callable[[Answer, Answer], Answer]) -> None:
    """Let searches be answered with what `change` makes of the right answer and of that over everything."""

    def changed(database, engine, principal, request, counts):
        right = find.find(database, engine, principal, request, counts)
        with database.reading() as session:
            return replace(right, answer=change(right.answer, engine.search(everything(session), request)))

    patch.setattr(asking, "find", changed)


def facets_count_everything(patch: Patch) -> None:
    with_answer(patch, lambda right, over_all: replace(right, facets=over_all.facets))


def facets_name_what_they_do_not_count(patch: Patch) -> None:
    def named(right: Answer, over_all: Answer) -> Answer:
        zeros = {name: {value: 0 for value, _ in counts} for name, counts in over_all.facets.items()}
        merged = {name: tuple({**zeros[name], **dict(counts)}.items()) for name, counts in right.facets.items()}
        return replace(right, facets=merged)

    with_answer(patch, named)


def totals_count_everything(patch: Patch) -> None:
    with_answer(patch, lambda right, over_all: replace(right, total=over_all.total))


def words_are_suggested_out_of_everything(patch: Patch) -> None:
    def leaking(database, engine, principal, prefix):
        with database.reading() as session:
            return engine.suggest(everything(session), prefix).forms

    patch.setattr(search_routes, "suggestions", leaking)


def words_weigh_by_everything(patch: Patch) -> None:
    def weighed(database, engine, principal, request, counts):
        right = find.find(database, engine, principal, request, counts)
        weight = 1 + len(engine.holdings()) / 1_000
        return replace(right, hits=tuple(replace(hit, score=hit.score * weight) for hit in right.hits))

    patch.setattr(asking, "find", weighed)


def spelling_knows_the_words_of_everything(patch: Patch) -> None:
    def leaking(database, engine, principal, prefix, limit):
        with database.reading() as session:
            return engine.suggest(everything(session), prefix, limit).forms

    def offering(own, parsed, request):
        mended = own._mended(parsed)
        return asking.Outcome(own._find(mended, request), mended) if mended else None

    patch.setattr(asking, "suggestions", leaking)
    patch.setattr(asking.Asking, "_helped", offering)


def long_texts_are_weighed_by_everything(patch: Patch) -> None:
    def leaking(database, engine, principal, leaves):
        with database.reading() as session:
            counted = engine.count(everything(session), leaves)
        return {leaf: float(weight_of(leaf, counted.passages, counted.holding[leaf])) for leaf in leaves}

    patch.setattr(asking, "weights", leaking)


def on_refusal(patch: Patch, refuse: Callable[[DocumentRow], Exception]) -> None:
    """Let opening a document that is there, and may not be read, be refused in another way."""
    rightly = document_routes._open

    def opening(caller, session, action, document_id, number=None):
        try:
            return rightly(caller, session, action, document_id, number)
        except AbsentError:
            row = session.get(DocumentRow, document_id)
            raise refuse(row) if row else AbsentError from None

    patch.setattr(document_routes, "_open", opening)


def the_forbidden_is_403(patch: Patch) -> None:
    on_refusal(patch, lambda row: ForbiddenError())


def a_refusal_names_the_file(patch: Patch) -> None:
    on_refusal(patch, lambda row: WrongError(f"{row.filename} is not for you."))


def opens_unchecked(patch: Patch, which: Callable[[Action, int | None], bool]) -> None:
    rightly = document_routes._open

    def opening(caller, session, action, document_id, number=None):
        row = session.get(DocumentRow, document_id)
        if row is None or not policy.allows(caller.principal, action) or not which(action, number):
            return rightly(caller, session, action, document_id, number)
        return row, documents.label_of(session, row), everything(session, action)

    patch.setattr(document_routes, "_open", opening)


def pages_and_images_open_unchecked(patch: Patch) -> None:
    opens_unchecked(patch, lambda action, number: number is not None)


def kept_pictures_are_shown_to_anybody(patch: Patch) -> None:
    rightly = document_routes._kept_picture

    def showing(caller, document_id, number, width):
        kept = caller.components.store.pictures.get(document_id, number, width)
        return kept or rightly(caller, document_id, number, width)

    patch.setattr(document_routes, "_kept_picture", showing)


def pictures_are_kept_by_page_alone(patch: Patch) -> None:
    patch.setattr(Pictures, "_folder", lambda self, document_id: self._directory / "any" / "document")


def originals_open_unchecked(patch: Patch) -> None:
    opens_unchecked(patch, lambda action, number: action == Action.DOWNLOAD)


def places_are_found_unchecked(patch: Patch) -> None:
    def unchecked(caller, session, action, document_id):
        row = session.get(DocumentRow, document_id)
        return row and (row, documents.label_of(session, row), everything(session, action))

    patch.setattr(search_routes, "opened_document", unchecked)


def places_are_counted_in_everything(patch: Patch) -> None:
    rightly = PlaceCounts.count

    def counted(self, session, scope, row, leaves):
        return sum(rightly(self, session, everything(session), each, leaves) for each in session.query(DocumentRow))

    patch.setattr(PlaceCounts, "count", counted)


def hidden_titles_weigh(patch: Patch) -> None:
    """As if all descriptions lay in an index of their own that is asked without a scope."""

    def weighed(database, engine, principal, request, counts):
        right = find.find(database, engine, principal, request, counts)
        with database.reading() as session:
            titles = [about(session, row).searched()["original"] for row in session.query(DocumentRow)]
        holding = sum(
            leaf.stem in {token.stem for token in tokens(title)} for title in titles for leaf in words(request)
        )
        return replace(right, hits=tuple(replace(hit, score=hit.score + holding) for hit in right.hits))

    def words(request):
        return [leaf for leaf in positive_leaves(request.query) if isinstance(leaf, Term)]

    patch.setattr(asking, "find", weighed)


def copies_of_anything_are_recognised(patch: Patch) -> None:
    rightly = intake.Intake._duplicate

    def leaking(self, session, arrival, submission, known):
        return rightly(self, session, arrival, submission, everything(session, Action.INTAKE))

    patch.setattr(intake.Intake, "_duplicate", leaking)


def likeness_to_anything_is_told(patch: Patch) -> None:
    rightly = likeness.stricter_alike
    patch.setattr(
        likeness,
        "stricter_alike",
        lambda session, scope, *more: rightly(session, everything(session, Action.INTAKE), *more),
    )


def the_memory_lends_across_labels(patch: Patch) -> None:
    patch.setattr(translations, "dominates", lambda own, theirs: True)


def what_was_borrowed_is_kept_under_a_weaker_label(patch: Patch) -> None:
    patch.setattr(translations, "translate_anew", lambda session, row: None)


def times_are_ignored(patch: Patch) -> None:
    patch.setattr(Times, "published", lambda self, at: True)
    patch.setattr(documents, "are_published", lambda at: true())


def what_is_due_is_shown(patch: Patch) -> None:
    rightly = index_sync.view_of
    patch.setattr(index_sync, "view_of", lambda session, scope: replace(rightly(session, scope), due=frozenset()))


def whatever_the_index_holds_is_believed(patch: Patch) -> None:
    patch.setattr(Inside, "__eq__", lambda self, other: True)


def an_index_that_disagrees_is_not_put_right(patch: Patch) -> None:
    patch.setattr(find, "mend_inside", lambda database, engine, scope: None)


def unannounced(patch: Patch) -> None:
    """Let the index be brought in line for those documents alone of which it is said to be due."""
    rightly = index_sync.sync_documents

    def some(database, engine, document_ids):
        with database.reading() as session:
            due = [name for name in document_ids if session.get_one(DocumentRow, name).due_at]
        rightly(database, engine, due)

    patch.setattr(index_sync, "sync_documents", some)


def a_stronger_label_leaves_the_index_as_it_was(patch: Patch) -> None:
    rightly = relabel.apply_handling

    def silent(session, row, new):
        rightly(session, row, new)
        row.due_at = row.due_at if new.label.rule == OPEN else None

    patch.setattr(relabel, "apply_handling", silent)
    unannounced(patch)


def a_removal_leaves_the_index_as_it_was(patch: Patch) -> None:
    rightly = index_sync.due_now
    patch.setattr(index_sync, "due_now", lambda row: None if row.state is State.REMOVING else rightly(row))
    unannounced(patch)


def the_removed_can_be_opened_until_a_worker_comes(patch: Patch) -> None:
    patch.setattr(documents, "_inside", lambda scope, row: scope.covers(row.rule))


def tombstones_stand_in_the_open(patch: Patch) -> None:
    rightly = tombstones.listed
    patch.setattr(tombstones, "listed", lambda session, scope: rightly(session, everything(session, scope.action)))


def anybody_asks_for_the_return_of_anything(patch: Patch) -> None:
    rightly = tombstones._removed
    patch.setattr(
        tombstones,
        "_removed",
        lambda session, scope, *more, **named: rightly(session, everything(session, scope.action), *more, **named),
    )


def a_restored_database_is_believed(patch: Patch) -> None:
    patch.setattr(sealing, "seal", lambda database, trail: [])


def explanations_know_every_document(patch: Patch) -> None:
    patch.setattr(explaining, "_reaching", lambda asker, session: [everything(session, Action.INTAKE)])


def the_list_holds_everything(patch: Patch) -> None:
    rightly = documents.listed
    patch.setattr(
        documents, "listed", lambda session, scope, *more: rightly(session, everything(session, scope.action), *more)
    )


def proposals_about_anything_are_listed(patch: Patch) -> None:
    rightly = document_proposals.waiting
    patch.setattr(
        document_proposals,
        "waiting",
        lambda session, scope, kinds: rightly(session, everything(session, scope.action), kinds),
    )


def problems_are_numbered(patch: Patch) -> None:
    rightly = errors.problem
    patch.setattr(errors, "problem", lambda *about, **more: rightly(*about, instance=random.random(), **more))


def a_wrong_password_tells_that_there_is_somebody(patch: Patch) -> None:
    rightly = sign_in.complete

    def telling(session, tried, typed):
        outcome = rightly(session, tried, typed)
        if outcome.wrong and outcome.username:
            raise PeopleError("Wait a little.")
        return outcome

    patch.setattr(sign_in, "complete", telling)


MUTANTS = [
    Mutant(the_second_check_is_gone, "held under another rule"),
    Mutant(one_document_is_fetched_without_its_scope),
    Mutant(hits_are_fetched_without_their_scope, "expired and held"),
    Mutant(facets_count_everything),
    Mutant(facets_name_what_they_do_not_count),
    Mutant(totals_count_everything),
    Mutant(words_are_suggested_out_of_everything),
    Mutant(words_weigh_by_everything),
    Mutant(spelling_knows_the_words_of_everything),
    Mutant(long_texts_are_weighed_by_everything),
    Mutant(the_forbidden_is_403),
    Mutant(a_refusal_names_the_file),
    Mutant(pages_and_images_open_unchecked),
    Mutant(kept_pictures_are_shown_to_anybody, "handled by others"),
    Mutant(pictures_are_kept_by_page_alone, "handled by others"),
    Mutant(originals_open_unchecked),
    Mutant(places_are_found_unchecked),
    Mutant(places_are_counted_in_everything),
    Mutant(hidden_titles_weigh),
    Mutant(copies_of_anything_are_recognised, "handled by others"),
    Mutant(likeness_to_anything_is_told, "handled by others"),
    Mutant(the_memory_lends_across_labels, "handled by others"),
    Mutant(what_was_borrowed_is_kept_under_a_weaker_label, "lent before it was opened"),
    Mutant(times_are_ignored, "open and outside their time"),
    Mutant(what_is_due_is_shown, "due and left"),
    Mutant(whatever_the_index_holds_is_believed, "an older state put back"),
    Mutant(an_index_that_disagrees_is_not_put_right, "held under another rule"),
    Mutant(a_stronger_label_leaves_the_index_as_it_was, "relabelled upward"),
    Mutant(a_removal_leaves_the_index_as_it_was, "opened and removed"),
    Mutant(the_removed_can_be_opened_until_a_worker_comes, "opened and removed"),
    Mutant(tombstones_stand_in_the_open, "removed and kept"),
    Mutant(anybody_asks_for_the_return_of_anything, "removed and kept"),
    Mutant(a_restored_database_is_believed, "restored with an older database"),
    Mutant(explanations_know_every_document),
    Mutant(the_list_holds_everything),
    Mutant(proposals_about_anything_are_listed, "handled by others"),
    Mutant(problems_are_numbered),
    Mutant(a_wrong_password_tells_that_there_is_somebody),
]


@pytest.fixture(scope="module")
def paired_worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PairedWorlds]:
    with (
        closing(Worlds(tmp_path_factory.mktemp("mutants"), [PEOPLE])) as worlds,
        closing(PairedWorlds(worlds, PEOPLE)) as made,
    ):
        yield made


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_is_caught(mutant: Mutant, paired_worlds: PairedWorlds, monkeypatch: Patch) -> None:
    mutant.break_it(monkeypatch)
    assert first_difference(paired_worlds, mutant)


def first_difference(paired_worlds: PairedWorlds, mutant: Mutant) -> str:
    """The first difference that the suite finds, wherever it looks first; "" if there is none in any world."""
    paired_worlds.forget()
    for scenario in sorted(SCENARIOS, key=lambda scenario: scenario.name != mutant.shows):
        found = next(paired_worlds.differences_by(scenario, SEED), "")
        if found:
            return found
    return ""
