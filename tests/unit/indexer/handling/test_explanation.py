"""Access to one document is explained to those who may know of it, its times included, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import agency, fresh, label, pdf, person, principal, take

from auth import policy
from auth.database import now
from auth.explain import Explanation, standing
from auth.policy import UNPUBLISHED, Action
from indexer.handling.explanation import of_document, publication
from indexer.handling.lifecycle import AbsentError
from indexer.library.documents import Times, get, label_of
from indexer.library.tables import DocumentRow
from services.components import Components

DAY = timedelta(days=1)
NOON = now()


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory):
    opened = fresh(tmp_path_factory.mktemp("explanation") / "home")
    for code in ("A", "B"):
        agency(opened, code)
    person(opened, "registrar", "A", ["registrar"])
    person(opened, "expert", "A", ["expert"])
    person(opened, "other", "B", ["expert"])
    person(opened, "admin", "A", ["administrator"])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def document(components: Components) -> str:
    """A document that only A's people may read."""
    return take(components, pdf("A paper."), label(components, "A", releasable_to="A")).document_id


def explained(
    components: Components, asker: str, document: str, about: str, action: Action = Action.READ
) -> Explanation:
    with components.database.reading() as session:
        scopes = [policy.scope_for(session, principal(components, asker), one) for one in (Action.READ, Action.INTAKE)]
        return of_document(session, scopes, document, standing(session, about), action, components.scheme)


def timed(components: Components, document: str, times: Times) -> None:
    with components.database.session() as session:
        row = session.get_one(DocumentRow, document)
        row.embargo_until, row.expires_at = times.embargo_until, times.expires_at


@pytest.mark.parametrize(
    ("about", "refusing"),
    [("expert", []), ("registrar", []), ("other", ["release"]), ("admin", ["role"])],
)
def test_the_documents_label_decides(components: Components, document: str, about: str, refusing: list[str]) -> None:
    explanation = explained(components, "registrar", document, about)
    assert [step.rule for step in explanation.steps if not step.passed] == refusing
    assert explanation.allowed == (not refusing) and explanation.steps[-1].rule == "publication"


@pytest.mark.parametrize("asker", ["other", "admin"])
def test_who_may_not_know_of_the_document_is_answered_as_if_it_were_not_there(
    components: Components, document: str, asker: str
) -> None:
    for identifier in (document, "0" * 32, "", "x"):
        with pytest.raises(AbsentError):
            explained(components, asker, identifier, "expert")


@pytest.mark.parametrize(
    "times", [Times(), Times(NOON + DAY), Times(NOON - DAY), Times(None, NOON - DAY), Times(NOON - DAY, NOON + DAY)]
)
@pytest.mark.parametrize("about", ["expert", "registrar", "other"])
def test_the_explanation_is_what_opening_the_document_would_answer(
    components: Components, document: str, times: Times, about: str
) -> None:
    timed(components, document, times)
    for action in Action:
        if action in policy.UNLABELLED:
            continue
        explanation = explained(components, "registrar", document, about, action)
        with components.database.reading() as session:
            who = principal(components, about)
            row = get(session, policy.scope_for(session, who, action), document)
            opens = row is not None and policy.permits(who, action, label_of(session, row))
        assert explanation.allowed == opens, action
        assert ("publication" in [step.rule for step in explanation.steps]) == (action not in UNPUBLISHED)
    timed(components, document, Times())


def test_a_document_under_embargo_is_explained_to_a_registrar_alone(components: Components, document: str) -> None:
    timed(components, document, Times(NOON + DAY))
    assert not explained(components, "registrar", document, "expert").allowed
    with pytest.raises(AbsentError):
        explained(components, "expert", document, "expert")
    timed(components, document, Times())
    assert explained(components, "expert", document, "expert").allowed


@pytest.mark.parametrize(
    ("times", "passed", "en"),
    [
        (Times(), True, "It is published."),
        (Times(NOON, NOON + DAY), True, "It is published."),
        (Times(NOON + DAY), False, "It is under embargo until "),
        (Times(None, NOON), False, "It expired on "),
        (Times(NOON - 2 * DAY, NOON - DAY), False, "It expired on "),
    ],
)
def test_the_times_are_a_step_of_their_own(times: Times, passed: bool, en: str) -> None:
    step = publication(times, NOON)
    assert (step.rule, step.passed) == ("publication", passed) and step.en.startswith(en)
    assert step.passed == times.published(NOON) and step.ru.endswith(".")
