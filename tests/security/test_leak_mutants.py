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
from auth.people import PeopleError, Role
from auth.policy import Action, Scope
from auth.signin import sign_in
from indexer.alerts import news
from indexer.analysis.tokens import tokens
from indexer.bitext.review import findings as review_findings
from indexer.bitext.review import openings
from indexer.engine.contract import Answer, Inside, Term, positive_leaves
from indexer.engine.scoring import weight_of
from indexer.enquiries import enquiries
from indexer.enquiries.tables import EnquiryRow
from indexer.handling import attaching, document_proposals, questions, relabel, sealing, tombstones
from indexer.handling.attaching import Attaching
from indexer.handling.document_proposals import require_originator
from indexer.handling.lifecycle import AbsentError
from indexer.handling.removal import Removals
from indexer.handling.retention import due
from indexer.lexicon.termbase import proposals
from indexer.library import documents, intake, likeness
from indexer.library.about import about
from indexer.library.documents import Times
from indexer.library.states import State
from indexer.library.tables import DocumentRow, SegmentRow
from indexer.lineage import threads
from indexer.memory import entries, matches
from indexer.pairs import lending, pairs
from indexer.pairs.tables import PairRow
from indexer.pipeline import index_sync
from indexer.search import answering, asking, find
from indexer.search.places import PlaceCounts
from indexer.store.pictures import FolderPictures
from indexer.translate import translations
from services import errors
from services.errors import ForbiddenError, WrongError
from services.routes import documents as document_routes
from services.routes import search as search_routes
from services.routes.access import explaining
from services.routes.asking import recommendations as recommendation_routes
from services.routes.bitext import translations as translation_routes
from services.routes.reading import dossier as dossier_routes

Patch = pytest.MonkeyPatch

EXPERT, REGISTRAR = profile(0, SEED)
PEOPLE = (EXPERT, replace(EXPERT, username="translator0", role=Role.TRANSLATOR), REGISTRAR)
PAIRED, MARKED = "paired with what is readable", "marked and tied"
CLOSED = "asked for and closed"


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


def series_are_counted_in_everything(patch: Patch) -> None:
    def counted(right: Answer, over_all: Answer) -> Answer:
        return replace(right, facets={**right.facets, "series": over_all.facets["series"]})

    with_answer(patch, counted)


def marks_are_counted_in_everything(patch: Patch) -> None:
    def counted(right: Answer, over_all: Answer) -> Answer:
        return replace(right, facets={**right.facets, "has": over_all.facets["has"]})

    with_answer(patch, counted)


def marks_of_any_paper_are_shown(patch: Patch) -> None:
    """As if what is to be known of lines were kept by their number alone."""
    rightly = documents.page

    def marked(session, scope, document_id, number):
        content = rightly(session, scope, document_id, number)
        if content is None:
            return None
        of_line = {
            each.ordinal: each.marks for each in session.query(SegmentRow).order_by(SegmentRow.marks) if each.marks
        }
        segments = (replace(each, marked=of_line.get(each.ordinal, "")) for each in content.segments)
        return replace(content, segments=tuple(segments))

    patch.setattr(documents, "page", marked)


def questions_are_asked_of_any_paper(patch: Patch) -> None:
    rightly = questions.asked_of

    def asked(session, rows):
        every = rightly(session, session.query(DocumentRow).order_by(DocumentRow.id).all())
        return {row.id: [question for some in every.values() for question in some] for row in rows}

    patch.setattr(questions, "asked_of", asked)


def questions_about_anything_are_answered(patch: Patch) -> None:
    rightly = questions.answer
    patch.setattr(
        questions,
        "answer",
        lambda database, trail, scope, *more: rightly(database, trail, _over(database, scope), *more),
    )


def attachments_of_anything_are_taken_out(patch: Patch) -> None:
    rightly = Attaching.take
    patch.setattr(Attaching, "take", lambda own, scope, *more: rightly(own, _over(own.database, scope), *more))


def _over(database, scope: Scope) -> Scope:
    with database.reading() as session:
        return everything(session, scope.action)


def papers_name_their_hidden_attachments(patch: Patch) -> None:
    rightly = attaching.tied
    patch.setattr(
        attaching,
        "tied",
        lambda session, scopes, name: rightly(session, [everything(session, each.action) for each in scopes], name),
    )


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
    patch.setattr(FolderPictures, "_folder", lambda self, document_id: self._directory / "any" / "document")


def originals_open_unchecked(patch: Patch) -> None:
    opens_unchecked(patch, lambda action, number: action == Action.DOWNLOAD)


def places_are_found_unchecked(patch: Patch) -> None:
    def unchecked(caller, session, action, document_id):
        row = session.get(DocumentRow, document_id)
        return row and (row, documents.label_of(session, row), everything(session, action))

    patch.setattr(search_routes, "opened_document", unchecked)


def places_are_counted_in_everything(patch: Patch) -> None:
    rightly = PlaceCounts.counts

    def counted(self, session, scope, rows, leaves):
        every = sum(rightly(self, session, everything(session), session.query(DocumentRow).all(), leaves))
        return [every] * len(rows)

    patch.setattr(PlaceCounts, "counts", counted)


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


def the_memory_of_translators_offers_across_labels(patch: Patch) -> None:
    patch.setattr(matches, "lending_rules", lambda session, scope, target: sorted(everything(session).rules))
    hits_are_fetched_without_their_scope(patch)  # which would leave them out once more


def readers_are_counted_whoever_they_are(patch: Patch) -> None:
    patch.setattr(openings, "lies_inside", lambda reach, principal: True)


def work_opens_unchecked(patch: Patch) -> None:
    rightly = translation_routes.opened_for_work

    def opening(caller, session, document_id, number=None):
        row = session.get(DocumentRow, document_id)
        if row is None or not policy.allows(caller.principal, Action.EDIT):
            return rightly(caller, session, document_id, number)
        return row, everything(session, Action.EDIT), Action.EDIT

    patch.setattr(translation_routes, "opened_for_work", opening)


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


def what_is_due_is_listed_without_a_scope(patch: Patch) -> None:
    rightly = due.due
    patch.setattr(
        due, "due", lambda session, scope, agency: rightly(session, everything(session, scope.action), agency)
    )


def anybody_asks_for_the_disposal_of_anything(patch: Patch) -> None:
    """As if whether a document is due were looked up before whether it may be known of."""
    rightly = Removals.dispose

    def dispose(self, scope, by, document_id, reason, event):
        with self.database.session() as session:
            row = session.get(DocumentRow, document_id)
            if row is not None:
                due.schedule_of(session, row)
                require_originator(by, Action.REMOVE, documents.label_of(session, row))
        return rightly(self, scope, by, document_id, reason, event)

    patch.setattr(Removals, "dispose", dispose)


def anybody_asks_for_the_return_of_anything(patch: Patch) -> None:
    rightly = tombstones.removed
    patch.setattr(
        tombstones,
        "removed",
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


def queries_are_carried_over_by_any_term(patch: Patch) -> None:
    rightly = asking.known_words
    patch.setattr(asking, "known_words", lambda session, scope, text: rightly(session, everything(session), text))


def queries_are_carried_over_by_words_learned_anywhere(patch: Patch) -> None:
    rightly = asking.learned_words
    patch.setattr(asking, "learned_words", lambda session, scope, text: rightly(session, everything(session), text))


def words_stay_learned_under_a_stricter_label(patch: Patch) -> None:
    patch.setattr(entries.learned, "unlearn_pair", lambda session, pair_id: None)


def any_term_is_listed(patch: Patch) -> None:
    rightly = proposals.search
    patch.setattr(proposals, "search", lambda session, scope, query: rightly(session, everything(session), query))


def any_term_is_opened(patch: Patch) -> None:
    rightly = proposals.get
    patch.setattr(proposals, "get", lambda session, scope, name: rightly(session, everything(session), name))


def glosses_know_any_term(patch: Patch) -> None:
    rightly = document_routes.glosses
    patch.setattr(
        document_routes,
        "glosses",
        lambda session, scope, texts, language: rightly(session, everything(session), texts, language),
    )


def dossiers_quote_any_paper(patch: Patch) -> None:
    def opened(caller, session, action, document_id):
        row = session.get(DocumentRow, document_id)
        return row and (row, documents.label_of(session, row), everything(session, action))

    patch.setattr(dossier_routes, "opened_document", opened)


def pairs_are_listed_to_readers_of_one_paper(patch: Patch) -> None:
    rightly = pairs.listed
    patch.setattr(
        pairs, "listed", lambda session, scope, *more: rightly(session, everything(session, scope.action), *more)
    )


def papers_name_their_hidden_translation(patch: Patch) -> None:
    rightly = pairs.of_papers
    patch.setattr(
        pairs, "of_papers", lambda session, scope, *more: rightly(session, everything(session, scope.action), *more)
    )


def papers_are_folded_into_their_hidden_translation(patch: Patch) -> None:
    rightly = find._Showing.documents

    def leaking(self, checked):
        shown = rightly(self, checked)
        others = pairs.of_papers(self.session, everything(self.session), [hit.row.id for hit in shown])
        return tuple(hit for hit in shown if hit.row.id not in others or hit.row.id < others[hit.row.id].row.id)

    patch.setattr(find._Showing, "documents", leaking)


def pairs_open_to_readers_of_one_paper(patch: Patch) -> None:
    rightly = pairs.get
    patch.setattr(
        pairs, "get", lambda session, scope, *more: rightly(session, everything(session, scope.action), *more)
    )


def the_queue_is_narrowed_to_pairs_with_a_hidden_paper(patch: Patch) -> None:
    def leaking(session, scope, pair_id):
        row = session.get(PairRow, pair_id)
        return (row.first, row.second) if row else ()

    patch.setattr(pairs, "papers_inside", leaking)


def papers_lend_across_labels(patch: Patch) -> None:
    patch.setattr(lending, "dominates", lambda own, theirs: True)


def what_a_paper_lent_stays_under_a_stricter_label(patch: Patch) -> None:
    patch.setattr(lending, "withdraw", lambda session, document_id: None)


def what_a_paper_lent_stays_in_the_memory(patch: Patch) -> None:
    patch.setattr(lending.entries, "forget_pair", lambda session, pair_id: None)


def checks_know_any_term(patch: Patch) -> None:
    rightly = review_findings.term_findings
    patch.setattr(
        review_findings,
        "term_findings",
        lambda session, scope, *more: rightly(session, everything(session), *more),
    )


def problems_are_numbered(patch: Patch) -> None:
    rightly = errors.problem
    patch.setattr(errors, "problem", lambda *about, **more: rightly(*about, instance=random.random(), **more))


def a_wrong_password_tells_that_there_is_somebody(patch: Patch) -> None:
    rightly = sign_in.complete

    def telling(session, tried, *more):
        outcome = rightly(session, tried, *more)
        if outcome.wrong and outcome.username:
            raise PeopleError("Wait a little.")
        return outcome

    patch.setattr(sign_in, "complete", telling)


def passages_like_any_are_found(patch: Patch) -> None:
    rightly = search_routes.opened_document

    def unchecked(caller, session, action, document_id):
        row = session.get(DocumentRow, document_id) if action is Action.SEARCH else None
        found = row and (row, documents.label_of(session, row), everything(session))
        return found or rightly(caller, session, action, document_id)

    patch.setattr(search_routes, "opened_document", unchecked)


def recommendations_of_any_paper_are_listed(patch: Patch) -> None:
    def unchecked(caller, session, action, document_id):
        row = session.get(DocumentRow, document_id)
        return row and (row, documents.label_of(session, row), everything(session))

    patch.setattr(recommendation_routes, "opened_document", unchecked)


def threads_run_on_into_hidden_papers(patch: Patch) -> None:
    rightly = threads._Later.referring_in

    def leaking(self, names):
        every = [row.id for row in self.session.query(DocumentRow) if row.id != self.followed.paper.id]
        return rightly(replace(self, scope=everything(self.session)), every)

    patch.setattr(threads._Later, "referring_in", leaking)


def news_tell_of_hidden_papers(patch: Patch) -> None:
    def leaking(database, engine, principal, request):
        with database.reading() as session:
            answer = engine.search(everything(session), request)
            return answer.total, [session.get_one(DocumentRow, hit.document_id) for hit in answer.hits]

    patch.setattr(news, "found_papers", leaking)


def answers_are_found_in_hidden_papers(patch: Patch) -> None:
    rightly = answering._proofs

    def leaking(own, hits, words):
        yield from rightly(own, hits, words)
        with own.database.reading() as session:
            scope = everything(session)
            for row in session.query(DocumentRow):
                for passage in documents.passages_of(session, scope, row):
                    yield from answering._of_passage(row, passage, words)

    patch.setattr(answering, "_proofs", leaking)


def what_was_closed_is_listed_no_more(patch: Patch) -> None:
    """As if an enquiry were gone once somebody has looked at it."""
    rightly = enquiries._own
    patch.setattr(enquiries, "_own", lambda person: rightly(person).where(EnquiryRow.closed_at.is_(None)))


def what_was_closed_makes_room(patch: Patch) -> None:
    def waiting(session, person_id):
        return sum(row.closed_at is None for row in session.scalars(enquiries._own(person_id)))

    patch.setattr(enquiries, "how_many", waiting)


MUTANTS = [
    Mutant(the_second_check_is_gone, "expired and held"),
    Mutant(one_document_is_fetched_without_its_scope),
    Mutant(hits_are_fetched_without_their_scope, "expired and held"),
    Mutant(facets_count_everything),
    Mutant(series_are_counted_in_everything),
    Mutant(facets_name_what_they_do_not_count),
    Mutant(marks_are_counted_in_everything, MARKED),
    Mutant(marks_of_any_paper_are_shown, MARKED),
    Mutant(questions_are_asked_of_any_paper, MARKED),
    Mutant(questions_about_anything_are_answered, MARKED),
    Mutant(attachments_of_anything_are_taken_out, MARKED),
    Mutant(papers_name_their_hidden_attachments, MARKED),
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
    Mutant(passages_like_any_are_found),
    Mutant(recommendations_of_any_paper_are_listed),
    Mutant(threads_run_on_into_hidden_papers),
    Mutant(news_tell_of_hidden_papers),
    Mutant(answers_are_found_in_hidden_papers),
    Mutant(places_are_counted_in_everything),
    Mutant(hidden_titles_weigh),
    Mutant(copies_of_anything_are_recognised, "handled by others"),
    Mutant(likeness_to_anything_is_told, "handled by others"),
    Mutant(the_memory_lends_across_labels, "handled by others"),
    Mutant(the_memory_of_translators_offers_across_labels, "handled by others"),
    Mutant(readers_are_counted_whoever_they_are, "handled by others"),
    Mutant(work_opens_unchecked),
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
    Mutant(what_is_due_is_listed_without_a_scope),
    Mutant(anybody_asks_for_the_disposal_of_anything),
    Mutant(a_restored_database_is_believed, "restored with an older database"),
    Mutant(explanations_know_every_document),
    Mutant(the_list_holds_everything),
    Mutant(proposals_about_anything_are_listed, "handled by others"),
    Mutant(queries_are_carried_over_by_any_term, "terms imported"),
    Mutant(queries_are_carried_over_by_words_learned_anywhere, "words learned"),
    Mutant(words_stay_learned_under_a_stricter_label, "words learned"),
    Mutant(any_term_is_listed, "terms imported"),
    Mutant(any_term_is_opened, "terms imported"),
    Mutant(glosses_know_any_term, "terms imported"),
    Mutant(dossiers_quote_any_paper),
    Mutant(pairs_are_listed_to_readers_of_one_paper, PAIRED),
    Mutant(papers_name_their_hidden_translation, PAIRED),
    Mutant(papers_are_folded_into_their_hidden_translation, PAIRED),
    Mutant(pairs_open_to_readers_of_one_paper, PAIRED),
    Mutant(the_queue_is_narrowed_to_pairs_with_a_hidden_paper, PAIRED),
    Mutant(papers_lend_across_labels, PAIRED),
    Mutant(what_a_paper_lent_stays_under_a_stricter_label, PAIRED),
    Mutant(what_a_paper_lent_stays_in_the_memory, PAIRED),
    Mutant(checks_know_any_term, "terms imported"),
    Mutant(what_was_closed_is_listed_no_more, CLOSED),
    Mutant(what_was_closed_makes_room, CLOSED),
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
