"""A translator excludes a pair while workers let it lend: whoever is first, nothing is lent in the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import SCHEME
from papers import Line, paper
from races import together
from sqlalchemy import func, select

from auth import policy
from auth.policy import Action
from indexer.library.tables import TranslationRow
from indexer.memory.tables import MemoryEntryRow
from indexer.pairs import aligning, lending, pairs
from indexer.pairs.tables import LENDER, Lending, PairRow
from services.components import Components
from services.settings import Settings
from services.setup import set_up

ENGLISH = ("Each State should name one contact point.", "The court refused the evidence.", "Airlines send data.")
RUSSIAN = ("Каждому государству назначить одно контактное лицо.", "Суд отклонил доказательства.", "Данные передают.")
ROUNDS = 6


@pytest.fixture
def components(tmp_path: Path, database_url: str) -> Iterator[Components]:
    settings = Settings(home=tmp_path / "home", database_url=database_url)
    set_up(settings, SCHEME)
    opened = Components(settings)
    yield opened
    opened.close()


def say(components: Components, pair_id: str, what: Lending) -> None:
    with components.database.session() as session:
        pairs.set_lending(session, policy.operator_scope(session, Action.EDIT), pair_id, what)


def lent(components: Components) -> tuple[int, int]:
    """How many translations are lent, and how many entries of the memory there are."""
    with components.database.reading() as session:
        loans = select(func.count()).where(TranslationRow.engine == LENDER)
        return session.scalar(loans) or 0, session.scalar(select(func.count(MemoryEntryRow.id))) or 0


def test_what_is_excluded_while_a_worker_lends_it_is_not_lent(components: Components) -> None:
    with components.database.session() as session:
        english = paper(session, [[Line(text) for text in ENGLISH]]).id
        russian = paper(session, [[Line(text, language="ru") for text in RUSSIAN]], language="ru").id
        scope = policy.operator_scope(session, Action.EDIT)
        pair_id = pairs.make(session, scope, english, russian, "vera").row.id
    aligning.align_pair(components.database, pair_id)
    for _ in range(ROUNDS):
        say(components, pair_id, "ordinary")
        together(
            *(lambda: lending.lend_pair(components.database, pair_id) for _ in range(2)),
            lambda: say(components, pair_id, "excluded"),
            refusals=(),
        )
        assert lent(components) == (0, 0)
        with components.database.reading() as session:
            assert session.get_one(PairRow, pair_id).lending == "excluded"
    say(components, pair_id, "preferred")
    lending.lend_pair(components.database, pair_id)
    assert min(lent(components)) > 0
