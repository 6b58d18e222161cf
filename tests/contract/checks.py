"""What the contract demands of every engine, as functions: the suite runs them on engines, then on broken ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import oracle
from worlds import RULES, STEMS, World, after, relabelled

from auth.policy import Action, Scope
from indexer.engine.contract import Engine, Holding, Near, Or, Phrase, Query, Record, Request, Term, share_of

Check = Callable[[Engine, World], None]


def answers_are_those_of_the_oracle_to_the_last_bit(engine: Engine, world: World) -> None:
    records = [world.record(name) for name in range(60)]
    engine.put(records)
    for _ in range(25):
        scope, request = world.scope(), world.request()
        assert engine.search(scope, request) == oracle.search(records, scope, request), request


def a_leaf_that_is_asked_for_with_several_shares_counts_once(engine: Engine, world: World) -> None:
    """With the largest of them, wherever it stands, in whatever order its readings are."""
    records = [world.record(name) for name in range(40)]
    engine.put(records)
    scope = Scope(Action.SEARCH, frozenset(RULES))
    for kind in (Term, Phrase, Near):
        first, second, third = world.random.sample(STEMS[:6], 3)
        same: tuple[Query, ...] = {
            Term: (Term(first, (second,), 0.3), Term(second, (first,), 0.6), Term(first, (second,), 0.3)),
            Phrase: (Phrase((first, second), (), 0.8), Phrase((first, second)), Phrase((first, second), (), 0.3)),
            Near: (Near(((first, third), (second,)), 4, 0.8), Near(((second,), (third, first)), 4, 0.3)),
        }[kind]
        requests = [Request(Or((*parts, Term(third)))) for parts in (same, same[::-1])]
        answers = [engine.search(scope, request) for request in requests]
        assert answers == [oracle.search(records, scope, request) for request in requests], kind
        weightiest = max(same, key=share_of)
        assert answers[0].hits == engine.search(scope, Request(Or((weightiest, Term(third))))).hits


def answers_stay_right_while_documents_come_change_and_go(engine: Engine, world: World) -> None:
    records = {name: world.record(name) for name in range(40)}
    engine.put(records.values())
    for step in range(12):
        name = world.random.choice(sorted(records))
        match step % 3:
            case 0:
                engine.remove(after([records.pop(name)]))
            case 1:
                records[name] = relabelled(records[name], world.random.choice(RULES))
                engine.put([records[name]])
            case 2:
                records[100 + step] = world.record(100 + step)
                engine.put([records[100 + step]])
        scope, request = world.scope(), world.request()
        assert engine.search(scope, request) == oracle.search(records.values(), scope, request), request


def suggestions_come_from_live_documents_inside_the_scope(engine: Engine, world: World) -> None:
    records = [world.record(name) for name in range(30)]
    engine.put(records)
    engine.remove(after([records.pop()]))
    for prefix in ("s1", "те", "возв", "zz", "s"):
        scope = world.scope()
        assert engine.suggest(scope, prefix, 7) == oracle.suggest(records, scope, prefix, 7)


def hidden_documents_change_nothing(engine: Engine, world: World) -> None:
    """The same answers, whether hidden documents exist, were removed, or never existed."""
    scope = Scope(Action.SEARCH, frozenset(RULES[:5]))
    records = [world.record(name) for name in range(80)]
    readable = [record for record in records if record.rule in scope.rules]
    hidden = [record for record in records if record.rule not in scope.rules]
    requests = [world.request() for _ in range(20)]

    def answers() -> list[object]:
        return [engine.search(scope, request) for request in requests] + [engine.suggest(scope, "s", 100)]

    engine.put(readable)
    never_existed = answers()
    engine.put(records)
    assert answers() == never_existed
    engine.remove(after(hidden))
    assert answers() == never_existed


def the_newest_version_stands_whatever_arrives_last(engine: Engine, world: World) -> None:
    """Writes of one document arrive in any order, some of them twice; its versions are of different lengths."""
    everything = Scope(Action.SEARCH, frozenset(RULES))
    newest: dict[str, Record | None] = {}
    late: list[tuple[str, int, Record | None]] = []
    for name in range(12):
        document_id = world.record(name).document_id
        for version in (1, 2, 3):
            record = replace(world.record(100 * version + name), document_id=document_id, version=version)
            newest[document_id] = record if world.random.random() < 0.6 else None
            late.append((document_id, version, newest[document_id]))
    world.random.shuffle(late)
    for document_id, version, record in late + world.random.sample(late, 8):
        if record is None:
            engine.remove({document_id: version})
        else:
            engine.put([record])
    records = [record for record in newest.values() if record is not None]
    assert dict(engine.holdings()) == {record.document_id: Holding(record.rule, 3, record.stamp) for record in records}
    for _ in range(6):
        request = world.request()
        assert engine.search(everything, request) == oracle.search(records, everything, request), request
    assert engine.suggest(everything, "s", 50) == oracle.suggest(records, everything, "s", 50)


def documents_left_out_change_nothing(engine: Engine, world: World) -> None:
    """What is due is left out of an answer: the same answers as where it was never put."""
    records = [world.record(name) for name in range(50)]
    engine.put(records)
    for _ in range(8):
        scope, request = world.scope(), world.request()
        out = world.random.sample(records, 12)
        without = frozenset(record.document_id for record in out)
        rest = [record for record in records if record not in out]
        assert engine.search(scope, request, without) == oracle.search(rest, scope, request), request
        assert engine.suggest(scope, "s", 9, without) == oracle.suggest(rest, scope, "s", 9)
        assert engine.search(scope, request) == oracle.search(records, scope, request), request


def counts_are_those_of_the_oracle(engine: Engine, world: World) -> None:
    """Also where documents are left out, were removed, or are hidden."""
    records = [world.record(name) for name in range(40)]
    engine.put(records)
    engine.remove(after([records.pop()]))
    for _ in range(6):
        scope, leaves = world.scope(), world.leaves()
        assert engine.count(scope, leaves) == oracle.count(records, scope, leaves), leaves
        out = world.random.sample(records, 8)
        rest = [record for record in records if record not in out]
        without = frozenset(record.document_id for record in out)
        assert engine.count(scope, leaves, without) == oracle.count(rest, scope, leaves), leaves


def documents_asked_for_by_name_are_weighed_among_all(engine: Engine, world: World) -> None:
    records = [world.record(name) for name in range(25)]
    engine.put(records)
    names = [record.document_id for record in records]
    for _ in range(6):
        only, but = (frozenset(world.random.sample(names, 9)) for _ in range(2))
        scope, request = world.scope(), world.request()
        for asked in (replace(request, only=only), replace(request, but=but), replace(request, only=only, but=but)):
            assert engine.search(scope, asked) == oracle.search(records, scope, asked), asked


ALL: tuple[Check, ...] = (
    answers_are_those_of_the_oracle_to_the_last_bit,
    a_leaf_that_is_asked_for_with_several_shares_counts_once,
    answers_stay_right_while_documents_come_change_and_go,
    suggestions_come_from_live_documents_inside_the_scope,
    hidden_documents_change_nothing,
    the_newest_version_stands_whatever_arrives_last,
    documents_left_out_change_nothing,
    counts_are_those_of_the_oracle,
    documents_asked_for_by_name_are_weighed_among_all,
)
