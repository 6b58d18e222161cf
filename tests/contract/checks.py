"""What the contract demands of every engine, as functions: the suite runs them on engines, then on broken ones."""

from __future__ import annotations

from collections.abc import Callable

import oracle
from worlds import RULES, World, relabelled

from auth.policy import Action, Scope
from indexer.engine.contract import Engine

Check = Callable[[Engine, World], None]


def answers_are_those_of_the_oracle_to_the_last_bit(engine: Engine, world: World) -> None:
    records = [world.record(name) for name in range(60)]
    engine.put(records)
    for _ in range(25):
        scope, request = world.scope(), world.request()
        assert engine.search(scope, request) == oracle.search(records, scope, request), request


def answers_stay_right_while_documents_come_change_and_go(engine: Engine, world: World) -> None:
    records = {name: world.record(name) for name in range(40)}
    engine.put(records.values())
    for step in range(12):
        name = world.random.choice(sorted(records))
        match step % 3:
            case 0:
                engine.remove([records.pop(name).document_id])
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
    engine.remove([records.pop().document_id])
    for prefix in ("s1", "те", "возв", "zz", "s"):
        scope = world.scope()
        assert engine.suggest(scope, prefix, 7) == oracle.suggest(records, scope, prefix, 7)


def hidden_documents_change_nothing(engine: Engine, world: World) -> None:
    """The same answers, whether hidden documents exist, were removed, or never existed."""
    scope = Scope(Action.SEARCH, frozenset(RULES[:5]))
    records = [world.record(name) for name in range(80)]
    readable = [record for record in records if record.rule in scope.rules]
    hidden = [record.document_id for record in records if record.rule not in scope.rules]
    requests = [world.request() for _ in range(20)]

    def answers() -> list[object]:
        return [engine.search(scope, request) for request in requests] + [engine.suggest(scope, "s", 100)]

    engine.put(readable)
    never_existed = answers()
    engine.put(records)
    assert answers() == never_existed
    engine.remove(hidden)
    assert answers() == never_existed


ALL: tuple[Check, ...] = (
    answers_are_those_of_the_oracle_to_the_last_bit,
    answers_stay_right_while_documents_come_change_and_go,
    suggestions_come_from_live_documents_inside_the_scope,
    hidden_documents_change_nothing,
)
