"""What is published and when: the index follows, before a search that it touches is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from factories import agency, fresh, label, pdf, person, principal, submission, take
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from auth import policy
from auth.database import now
from auth.policy import Action
from indexer.engine.contract import EngineUnavailableError, NotPermittedError, Request, Term
from indexer.engine.stamps import StampKey
from indexer.library import documents
from indexer.library.documents import ALWAYS, Times
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync
from indexer.pipeline import reindex as reindexing
from indexer.pipeline.reindex import mend, reindex
from indexer.search.find import IndexDisagreesError, find, suggestions

HOUR = timedelta(hours=1)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
times = st.builds(Times, st.none() | moments, st.none() | moments)


@pytest.fixture
def components(tmp_path):
    opened = fresh(tmp_path / "home")
    agency(opened, "KZ")
    agency(opened, "UN")
    person(opened, "reader", "KZ", ["expert"])
    person(opened, "foreigner", "UN", ["expert"])
    person(opened, "keeper", "KZ", ["registrar"])
    yield opened
    opened.close()


def taken(components, when: Times = ALWAYS, text: str = "zeppelins", releasable_to: str = "ALL") -> str:
    with components.database.reading() as session:
        known = policy.operator_scope(session, Action.INTAKE)
    one = submission(pdf(f"A paper about {text}."), label(components, "KZ", releasable_to=releasable_to))
    document_id = components.intake.take(replace(one, times=when), known).document_id
    components.worker().run()
    return document_id


def document_hits(components, username: str = "reader", word: str = "zeppelin") -> list[str]:
    who, counts = principal(components, username), components.place_counts
    results = find(components.database, components.engine, who, Request(Term(word)), counts)
    assert results.answer.total == len(results.hits)
    return [hit.row.id for hit in results.hits]


def seen(components, document_id: str, action: Action, username: str) -> bool:
    with components.database.reading() as session:
        scope = policy.scope_for(session, principal(components, username), action)
        return documents.get(session, scope, document_id) is not None


def change(components, document_id: str, **columns) -> None:
    """Change a document's row behind everybody's back."""
    with components.database.session() as session:
        session.execute(update(DocumentRow).where(DocumentRow.id == document_id).values(**columns))


def pass_over(components, monkeypatch, when: datetime) -> None:
    """Let it be that moment for whoever asks whether a document is published."""
    monkeypatch.setattr(documents, "now", lambda: when)
    monkeypatch.setattr(index_sync, "now", lambda: when)


@given(times, moments)
def test_a_document_is_published_from_the_end_of_its_embargo_until_it_expires(when, at):
    after_embargo = when.embargo_until is None or at >= when.embargo_until
    before_expiry = when.expires_at is None or at < when.expires_at
    assert when.published(at) == (after_embargo and before_expiry)


@given(times, moments)
def test_the_next_change_is_the_first_at_which_it_may_be_published_or_no_longer(when, at):
    following = when.next_change(at)
    if following is None:
        assert all(moment is None or moment <= at for moment in (when.embargo_until, when.expires_at))
        return
    assert at < following
    assert following in (when.embargo_until, when.expires_at)
    middle = at + (following - at) / 2
    assert when.published(middle) == when.published(at)


def test_under_embargo_it_is_in_no_index_and_absent_to_readers_but_not_to_registrars(components):
    document_id = taken(components, Times(embargo_until=now() + HOUR))
    assert document_hits(components) == []
    assert dict(components.engine.holdings()) == {}
    assert not seen(components, document_id, Action.READ, "reader")
    assert not seen(components, document_id, Action.READ, "keeper")  # as a reader; as a registrar they see it
    assert all(
        seen(components, document_id, action, "keeper") for action in (Action.INTAKE, Action.LABEL, Action.REMOVE)
    )


def test_the_end_of_an_embargo_is_made_before_the_search_that_it_touches(components, monkeypatch):
    document_id = taken(components, Times(embargo_until=now() + HOUR))
    pass_over(components, monkeypatch, now() + HOUR)
    assert suggestions(components.database, components.engine, principal(components, "reader"), "zepp") == (
        "zeppelins",
    )
    assert document_hits(components) == [document_id]
    assert seen(components, document_id, Action.READ, "reader")


def test_an_expiry_is_made_before_the_search_that_it_touches(components, monkeypatch):
    document_id = taken(components, Times(expires_at=now() + HOUR))
    assert document_hits(components) == [document_id]
    pass_over(components, monkeypatch, now() + HOUR)
    assert suggestions(components.database, components.engine, principal(components, "reader"), "zepp") == ()
    assert document_hits(components) == []
    assert list(components.engine.holdings()) == [document_id]  # left to a worker
    components.worker().run()
    assert dict(components.engine.holdings()) == {}
    assert not seen(components, document_id, Action.READ, "reader")


def test_a_search_makes_only_the_changes_that_it_touches(components, monkeypatch):
    hidden = taken(components, Times(embargo_until=now() + HOUR), releasable_to="KZ")
    pass_over(components, monkeypatch, now() + HOUR)
    assert document_hits(components, "foreigner") == []
    assert list(components.engine.holdings()) == []
    assert document_hits(components, "reader") == [hidden]
    assert list(components.engine.holdings()) == [hidden]


def test_a_search_lets_no_more_appear_than_it_has_time_for(components, monkeypatch):
    monkeypatch.setattr(index_sync, "MOST_APPEARING", 2)
    for number in range(4):
        taken(components, Times(embargo_until=now() + HOUR), f"zeppelins, number {number}")
    pass_over(components, monkeypatch, now() + HOUR)
    assert [len(document_hits(components)) for _ in range(3)] == [2, 4, 4]


def test_what_is_due_together_is_written_together(components, monkeypatch):
    for number in range(5):
        taken(components, Times(embargo_until=now() + HOUR), f"zeppelins, number {number}")
    pass_over(components, monkeypatch, now() + HOUR)
    put, writes = components.engine.put, []
    monkeypatch.setattr(components.engine, "put", lambda records: (writes.append(len(records)), put(records)))
    monkeypatch.setattr(index_sync, "DUE_AT_ONCE", 3)
    assert components.worker().step()
    assert writes == [3]
    assert len(document_hits(components)) == 5
    assert writes == [3, 2]


def test_of_documents_written_together_each_is_confirmed_by_itself(components, monkeypatch):
    """One is changed while they are on their way: it is written again, alone."""
    several = [taken(components, text=f"zeppelins, number {number}") for number in range(3)]
    for document_id in several:
        change(components, document_id, due_at=now() - HOUR)
    put, writes = components.engine.put, []

    def overtaken(records):
        put(records)
        writes.append([record.document_id for record in records])
        if len(writes) == 1:
            change(components, several[1], embargo_until=now() + HOUR)

    monkeypatch.setattr(components.engine, "put", overtaken)
    assert index_sync.apply_due_index_changes(components.database, components.engine)
    assert [sorted(write) for write in writes] == [sorted(several)]
    assert sorted(components.engine.holdings()) == sorted({*several} - {several[1]})
    assert sorted(document_hits(components)) == sorted({*several} - {several[1]})


def test_documents_are_written_in_runs_of_few_pages():
    pages = {"a": 150, "b": 80, "c": 1, "d": 5_000, "e": 0}
    assert list(index_sync.batches(pages)) == [["a", "b"], ["c", "d"], ["e"]]


def test_where_too_much_is_due_nothing_is_answered(components, monkeypatch):
    """To those whom it touches; others are not told."""
    monkeypatch.setattr(index_sync, "MOST_DUE", 0)
    taken(components, Times(expires_at=now() + HOUR), releasable_to="KZ")
    pass_over(components, monkeypatch, now() + HOUR)
    with pytest.raises(EngineUnavailableError, match="too much is due"):
        document_hits(components)
    assert document_hits(components, "foreigner") == []


def test_a_worker_makes_due_changes_by_itself(components, monkeypatch):
    document_id = taken(components, Times(embargo_until=now() + HOUR, expires_at=now() + 2 * HOUR))
    pass_over(components, monkeypatch, now() + HOUR)
    assert components.worker().step()
    assert list(components.engine.holdings()) == [document_id]
    assert not components.worker().step()
    pass_over(components, monkeypatch, now() + 2 * HOUR)
    assert components.worker().step()
    assert list(components.engine.holdings()) == []


def test_a_document_that_expires_while_it_is_indexed_is_taken_out_again(components, monkeypatch):
    one = taken(components)
    change(components, one, state="extracted", expires_at=now() + HOUR)
    put = components.engine.put

    def late(records):
        put(records)
        pass_over(components, monkeypatch, now() + HOUR)

    monkeypatch.setattr(components.engine, "put", late)
    components.worker().run()
    assert document_hits(components) == []
    assert list(components.engine.holdings()) == []


def test_a_change_in_mid_write_is_written_again(components, monkeypatch):
    document_id = taken(components)
    put, meanwhile = components.engine.put, iter([{"embargo_until": now() + HOUR}])

    def overtaken(records):
        put(records)
        for columns in meanwhile:
            change(components, document_id, **columns)

    monkeypatch.setattr(components.engine, "put", overtaken)
    index_sync.sync_documents(components.database, components.engine, [document_id])
    assert list(components.engine.holdings()) == []


def test_a_document_deleted_in_mid_write_leaves_nothing_behind(components, monkeypatch):
    document_id = taken(components)
    put = components.engine.put

    def overtaken(records):
        with components.database.session() as session:
            session.delete(session.get_one(DocumentRow, document_id))
        put(records)

    monkeypatch.setattr(components.engine, "put", overtaken)
    index_sync.sync_documents(components.database, components.engine, [document_id])
    assert list(components.engine.holdings()) == []


def test_a_failing_index_leaves_the_change_due(components, monkeypatch):
    document_id = taken(components, Times(expires_at=now() + HOUR))
    pass_over(components, monkeypatch, now() + HOUR)

    def down(versions):
        raise EngineUnavailableError("down")

    with monkeypatch.context() as broken:
        broken.setattr(components.engine, "remove", down)
        with pytest.raises(EngineUnavailableError):
            components.worker().run()
        assert document_hits(components) == []
        assert suggestions(components.database, components.engine, principal(components, "reader"), "zepp") == ()
    assert list(components.engine.holdings()) == [document_id]
    components.worker().run()
    assert list(components.engine.holdings()) == []


def test_a_process_that_may_not_write_leaves_out_what_is_due(components, monkeypatch):
    document_id = taken(components)
    change(components, document_id, due_at=now() - HOUR)

    def refused(records):
        raise NotPermittedError("not by us")

    with monkeypatch.context() as reader:
        reader.setattr(components.engine, "put", refused)
        assert document_hits(components) == []
    components.worker().run()
    assert document_hits(components) == [document_id]


def test_a_hit_that_the_database_contradicts_is_put_right_and_the_search_run_again(components):
    document_id = taken(components, releasable_to="KZ")
    with components.database.reading() as session:
        record = index_sync.record_of(session, session.get_one(DocumentRow, document_id))
    open_rule = taken(components, text="balloons")
    with components.database.reading() as session:
        rule = session.get_one(DocumentRow, open_rule).rule
    components.engine.put([replace(record, rule=rule)])
    assert components.engine.holdings()[document_id].rule == rule  # the index lets everybody find it now
    assert document_hits(components, "foreigner") == []
    assert components.engine.holdings()[document_id].rule != rule


def test_as_many_documents_of_another_sum_are_put_right(components):
    """Somebody took one out and put a hidden one in its place, with its own stamp."""
    shown, hidden = taken(components), taken(components, text="zeppelins in secret", releasable_to="KZ")
    holdings = components.engine.holdings()
    with components.database.reading() as session:
        record = index_sync.record_of(session, session.get_one(DocumentRow, hidden))
    components.engine.remove({shown: holdings[shown].version})
    components.engine.put([replace(record, rule=holdings[shown].rule)])
    who, request = principal(components, "foreigner"), Request(Term("zeppelin"), limit=0)
    assert find(components.database, components.engine, who, request, components.place_counts).answer.total == 1
    assert document_hits(components, "foreigner") == [shown]
    assert dict(components.engine.holdings()) == holdings


def correct(components, document_id: str, **described: object) -> None:
    """Describe a document otherwise, as a registrar would."""
    with components.database.session() as session:
        row = session.get_one(DocumentRow, document_id)
        for name, value in described.items():
            setattr(row, name, value)


def test_a_corrected_title_is_found_by_the_next_search_and_the_wrong_one_no_longer(components):
    document_id = taken(components)
    correct(components, document_id, title_en="Baloons over Samarkand")
    assert document_hits(components, word="baloon") == [document_id]
    before = components.engine.holdings()[document_id]
    correct(components, document_id, title_en="Balloons over Samarkand", symbol="TCE/1")
    assert document_hits(components, word="balloon") == document_hits(components, word="tce") == [document_id]
    assert document_hits(components, word="baloon") == []
    assert components.engine.holdings()[document_id].version > before.version
    assert not index_sync.apply_due_index_changes(components.database, components.engine)


def test_what_says_the_same_as_before_is_no_correction(components):
    document_id = taken(components)
    before = components.engine.holdings()[document_id]
    with components.database.reading() as session:
        title = session.get_one(DocumentRow, document_id).title_en
    correct(components, document_id, title_en=title)
    assert document_hits(components) == [document_id]
    assert components.engine.holdings()[document_id] == before


def test_a_write_that_was_on_its_way_when_the_title_was_corrected_is_not_the_last(components):
    document_id = taken(components)
    with components.database.session() as session:
        row = session.get_one(DocumentRow, document_id)
        older, rule = index_sync.record_of(session, row), row.rule
        row.title_en = "Balloons"
    with components.database.session() as session:
        assert not index_sync.confirm(index_sync.locked(session, document_id), older.version, rule)
    assert document_hits(components, word="balloon") == [document_id]
    components.engine.put([older])  # late
    assert document_hits(components, word="balloon") == [document_id]


def test_a_correction_outside_the_time_of_a_document_waits_for_it(components, monkeypatch):
    document_id = taken(components, Times(embargo_until=now() + HOUR))
    correct(components, document_id, title_en="Balloons")
    assert document_hits(components, word="balloon") == []
    pass_over(components, monkeypatch, now() + HOUR)
    assert document_hits(components, word="balloon") == [document_id]


def test_whoever_lacks_the_key_cannot_stamp_a_document(components):
    key, other = components.engine.stamp_key, StampKey(b"a guess")
    about = ("1" * 32, "rule", 3)
    assert key.stamp(*about) == key.stamp(*about) != other.stamp(*about)
    assert (
        len({key.stamp(*each) for each in (about, ("2" * 32, "rule", 3), ("1" * 32, "r", 3), ("1" * 32, "rule", 4))})
        == 4
    )
    assert "guess" not in repr(other)


def test_a_process_that_may_not_write_shows_nothing_of_what_somebody_put_in(components, monkeypatch):
    hidden = taken(components, releasable_to="KZ")
    with components.database.reading() as session:
        record = index_sync.record_of(session, session.get_one(DocumentRow, hidden))
    openly = taken(components, text="balloons")
    components.engine.put([replace(record, rule=components.engine.holdings()[openly].rule)])

    def refused(records):
        raise NotPermittedError("not by us")

    with monkeypatch.context() as reader:
        reader.setattr(components.engine, "put", refused)
        assert document_hits(components, "foreigner") == []
        assert document_hits(components, "foreigner", "balloon") == [openly]
    components.worker().run()
    assert document_hits(components, "reader") == [hidden]


def test_what_nobody_knows_of_is_taken_out(components):
    hidden = taken(components, releasable_to="KZ")
    with components.database.reading() as session:
        record = index_sync.record_of(session, session.get_one(DocumentRow, hidden))
    openly = taken(components, text="balloons")
    rule = components.engine.holdings()[openly].rule
    components.engine.put([replace(record, document_id="f" * 32, rule=rule, version=10**12)])
    assert suggestions(components.database, components.engine, principal(components, "foreigner"), "zepp") == ()
    assert set(components.engine.holdings()) == {hidden, openly}


def test_where_too_much_differs_nothing_is_answered_until_a_worker_comes(components, monkeypatch):
    monkeypatch.setattr(reindexing, "MOST_MENDED", 0)
    document_id = taken(components)
    components.engine.remove({document_id: components.engine.holdings()[document_id].version})
    with pytest.raises(IndexDisagreesError):
        document_hits(components)
    with pytest.raises(IndexDisagreesError):
        suggestions(components.database, components.engine, principal(components, "reader"), "zepp")
    assert mend(components.database, components.engine) == 1
    assert document_hits(components) == [document_id]


def test_an_index_that_cannot_be_put_right_gives_no_answer(components, monkeypatch):
    document_id = taken(components)
    change(components, document_id, state="removing")
    monkeypatch.setattr(components.engine, "remove", lambda versions: None)
    with pytest.raises(IndexDisagreesError):
        document_hits(components)


def test_an_index_made_anew_holds_what_is_published(components, monkeypatch):
    published, coming, gone = (
        taken(components, when, text)
        for when, text in (
            (ALWAYS, "zeppelins"),
            (Times(embargo_until=now() + HOUR), "zeppelins again"),
            (Times(expires_at=now() - HOUR), "zeppelins once more"),
        )
    )
    assert list(components.engine.holdings()) == [published]
    with components.database.reading() as session:
        components.engine.put(
            [index_sync.record_of(session, session.get_one(DocumentRow, one)) for one in (coming, gone)]
        )
    reindex(components.database, components.engine, lambda done, total: None)
    assert list(components.engine.holdings()) == [published]


def test_listing_shows_registrars_all_and_readers_what_is_published(components):
    published, coming = taken(components), taken(components, Times(embargo_until=now() + HOUR), "balloons")
    with components.database.reading() as session:
        for username, action, expected in (
            ("keeper", Action.INTAKE, {published, coming}),
            ("keeper", Action.READ, {published}),
            ("reader", Action.READ, {published}),
        ):
            scope = policy.scope_for(session, principal(components, username), action)
            assert {row.id for row in documents.listed(session, scope, 0, 10)} == expected
            assert set(documents.get_all(session, scope, [published, coming])) == expected


def test_what_is_to_be_reviewed_is_listed_by_its_day(components):
    today = now().date()
    due, later = (
        taken(components, Times(review_on=today)),
        taken(components, Times(review_on=today + timedelta(2)), "balloons"),
    )
    taken(components, text="parachutes")
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.INTAKE)
        listed = [
            {row.id for row in documents.listed(session, scope, 0, 10, review_by=today + timedelta(days))}
            for days in (0, 1, 2)
        ]
    assert listed == [{due}, {due}, {due, later}]


def test_the_operator_takes_the_same_paper_twice_and_only_once_under_one_rule(components):
    first = take(components, pdf("A paper."), label(components, "KZ"))
    again = take(components, pdf("A paper."), label(components, "KZ"))
    assert again.duplicate and again.document_id == first.document_id
