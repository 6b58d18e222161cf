"""An explanation never disagrees with the policy, names the rule that decides, and says so in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from drawn import AGENCIES, LEVELS, WORDS, labels, principals
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auth import people
from auth.database import Base, Database, now
from auth.explain import ACTIONS, ROLES, AccessStanding, Explanation, GrantView, Step, explain, standing
from auth.expression import NEVER, parse
from auth.labels import ALL, SEALED, Label
from auth.people import Principal, Role, UnknownError
from auth.policy import TABLE, UNLABELLED, Action, permits
from auth.scheme import Level, Scheme, load
from auth.tables import AgencyRow, GrantRow, PersonRow

DAY = timedelta(days=1)
NOON = now()
SCHEME = load()
HELD = GrantView("g", Role.EXPERT, 30, frozenset({"x", "y"}), NOON - DAY, None)
ANN = AccessStanding("ann", "A", True, True, 40, (HELD,))
OPEN = Label.of(10, ALL, parse(""), "A")
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def rules(explanation: Explanation, passed: bool = False) -> list[str]:
    return [step.rule for step in explanation.steps if step.passed == passed]


def explained(who: AccessStanding = ANN, label: Label = OPEN, action: Action = Action.READ) -> Explanation:
    return explain(who, action, label, SCHEME, at=NOON)


# ------------------------------------------------------------------------------------------ it is the policy's answer


@given(principals, labels, st.sampled_from(Action))
def test_the_verdict_is_the_policys(who: Principal, label: Label, action: Action) -> None:
    holdings = tuple(
        GrantView(str(at), grant.role, grant.clearance, grant.words, NOON - DAY, None)
        for at, grant in enumerate(who.grants)
    )
    who_asks = AccessStanding(who.username, who.agency, True, True, 10**9, holdings)
    assert explain(who_asks, action, label, SCHEME, at=NOON).allowed == permits(who, action, label)


@given(principals, labels, st.sampled_from(Action), st.sampled_from(LEVELS))
def test_the_ceiling_counts_as_in_the_policy(who: Principal, label: Label, action: Action, ceiling: int) -> None:
    holdings = tuple(
        GrantView("g", holding.role, holding.clearance, holding.words, NOON, None) for holding in who.grants
    )
    capped = replace(
        who, grants=tuple(replace(holding, clearance=min(holding.clearance, ceiling)) for holding in who.grants)
    )
    who_asks = AccessStanding(who.username, who.agency, True, True, ceiling, holdings)
    assert explain(who_asks, action, label, SCHEME, at=NOON).allowed == permits(capped, action, label)


kept = st.builds(
    lambda role, clearance, words, starts, ends: (role, clearance, words, starts, ends),
    st.sampled_from(Role),
    st.sampled_from((0, *LEVELS)),
    st.frozensets(st.sampled_from(WORDS)),
    st.sampled_from([-2, -1, 0, 1]),
    st.sampled_from([None, -1, 0, 1, 2]),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path_factory.mktemp('explain') / 'test.sqlite'}")
    Base.metadata.create_all(opened.engine)
    with opened.session() as session:
        for code in AGENCIES:
            people.add_agency(session, code, code, code, 20)
    yield opened
    opened.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    grants=st.lists(kept, max_size=3),
    label=labels,
    action=st.sampled_from(Action),
    agency=st.sampled_from(AGENCIES),
    ceiling=st.sampled_from(LEVELS),
    active=st.booleans() | st.just(True),
    takes_part=st.booleans() | st.just(True),
)
def test_the_verdict_from_the_database_is_the_policys(
    database: Database, grants, label, action, agency, ceiling, active, takes_part
) -> None:
    """With people who left, agencies that did, and grants that are over or to come."""
    with database.session() as session:
        row = session.get_one(AgencyRow, agency)
        row.ceiling, row.active = ceiling, takes_part
        session.add(PersonRow(id="p", username="p", name="", agency=agency, password="", active=active))
        session.flush()
        for role, clearance, words, starts, ends in grants:
            until = None if ends is None else NOON + ends * DAY
            session.add(
                GrantRow(
                    person="p",
                    role=role,
                    clearance=clearance,
                    words="\n".join(sorted(words)),
                    starts=NOON + starts * DAY,
                    ends=until,
                )
            )
        session.flush()
        explanation = explain(standing(session, "p"), action, label, SCHEME, at=NOON)
        who = people.principal(session, "p", NOON)
        assert explanation.allowed == (who is not None and permits(who, action, label))
        assert explanation.allowed == all(step.passed for step in explanation.steps)
        assert len(explanation.considered) == len(grants)
        session.rollback()


def test_nobody_of_that_name_is_said_so(database: Database) -> None:
    with database.reading() as session, pytest.raises(UnknownError, match="no person nobody"):
        standing(session, "nobody")


# ------------------------------------------------------------------------------------------ it names what decides

ALLOWED = ["person", "agency", "grant", "role", "level", "release", "need_to_know"]


def test_what_is_allowed_passes_every_rule_in_its_order() -> None:
    explanation = explained()
    assert explanation.allowed and rules(explanation, True) == ALLOWED and rules(explanation) == []
    assert (explanation.chosen, [holding.refused_by for holding in explanation.considered]) == ("g", [()])


@pytest.mark.parametrize(
    ("who", "label", "action", "refusing"),
    [
        (replace(ANN, active=False), OPEN, Action.READ, "person"),
        (replace(ANN, agency_active=False), OPEN, Action.READ, "agency"),
        (replace(ANN, holdings=()), OPEN, Action.READ, "grant"),
        (replace(ANN, holdings=(replace(HELD, starts=NOON + DAY),)), OPEN, Action.READ, "grant"),
        (replace(ANN, holdings=(replace(HELD, ends=NOON),)), OPEN, Action.READ, "grant"),
        (replace(ANN, holdings=(replace(HELD, starts=NOON - 2 * DAY, ends=NOON - DAY),)), OPEN, Action.READ, "grant"),
        (ANN, OPEN, Action.REMOVE, "role"),
        (ANN, OPEN, Action.ADMINISTER, "role"),
        (replace(ANN, holdings=(replace(HELD, role=Role.ADMINISTRATOR),)), OPEN, Action.ADMINISTER, "role"),
        (ANN, Label.of(40, ALL, parse(""), "A"), Action.READ, "level"),
        (replace(ANN, ceiling=5), OPEN, Action.READ, "level"),
        (ANN, Label.of(10, frozenset({"B"}), parse(""), "A"), Action.READ, "release"),
        (ANN, Label.of(10, frozenset(), parse(""), "A"), Action.READ, "release"),
        (ANN, Label.of(10, ALL, parse("x&z"), "A"), Action.READ, "need_to_know"),
        (ANN, Label.of(10, ALL, NEVER, "A"), Action.READ, "need_to_know"),
    ],
)
def test_the_one_rule_that_refuses_is_named(who: AccessStanding, label: Label, action: Action, refusing: str) -> None:
    explanation = explain(who, action, label, SCHEME, at=NOON)
    assert not explanation.allowed and rules(explanation) == [refusing]


def test_a_sealed_label_fails_by_every_rule_of_the_label() -> None:
    assert rules(explained(label=SEALED)) == ["level", "release", "need_to_know"]
    assert "Sealed" in explained(label=SEALED).steps[4].en


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_the_role_step_is_the_table(role: Role, action: Action) -> None:
    explanation = explained(replace(ANN, holdings=(replace(HELD, role=role),)), action=action)
    assert ("role" in rules(explanation, True)) == (role in TABLE[action] and action not in UNLABELLED)


def test_further_rules_count() -> None:
    late = Step("publication", False, "It is under embargo.", "Документ под запретом.")
    explanation = explain(ANN, Action.READ, OPEN, SCHEME, [late], NOON)
    assert not explanation.allowed and explanation.steps[-1] == late and rules(explanation) == ["publication"]
    assert explain(ANN, Action.READ, OPEN, SCHEME, [replace(late, passed=True)], NOON).allowed


def test_of_several_grants_the_one_that_comes_nearest_is_told() -> None:
    over = replace(HELD, grant_id="over", ends=NOON - DAY, clearance=10)
    other = replace(HELD, grant_id="other", role=Role.AUDITOR, clearance=40, words=frozenset())
    near = replace(HELD, grant_id="near", clearance=20)
    explanation = explained(replace(ANN, holdings=(over, other, near)), Label.of(30, ALL, parse("x"), "A"))
    assert explanation.chosen == "near" and rules(explanation) == ["level"]
    assert {holding.holding.grant_id: holding.refused_by for holding in explanation.considered} == {
        "near": ("level",),
        "over": ("grant", "level"),
        "other": ("role", "need_to_know"),
    }


def test_a_grant_that_opens_is_told_before_all_others() -> None:
    good = replace(HELD, grant_id="good")
    bad = [replace(HELD, grant_id=str(at), role=Role.AUDITOR) for at in range(3)]
    for at in range(4):
        holdings = (*bad[:at], good, *bad[at:])
        assert explained(replace(ANN, holdings=holdings)).chosen == "good"


def test_two_grants_do_not_add_up() -> None:
    high = replace(HELD, grant_id="high", words=frozenset())
    wordy = replace(HELD, grant_id="wordy", clearance=10, words=frozenset("xyz"))
    explanation = explained(replace(ANN, holdings=(high, wordy)), Label.of(30, ALL, parse("x"), "A"))
    assert not explanation.allowed and len(rules(explanation)) == 1


def test_without_a_grant_none_is_chosen() -> None:
    explanation = explained(replace(ANN, holdings=()))
    assert (explanation.chosen, explanation.considered) == ("", ())
    assert [step.rule for step in explanation.steps] == ["person", "agency", "grant"]


# ------------------------------------------------------------------------------------------ in plain words, twice


@given(principals, labels, st.sampled_from(Action), st.booleans(), st.sampled_from([None, -1, 1]))
def test_every_step_is_a_sentence_in_either_language(who, label, action, active, ends) -> None:
    until = None if ends is None else NOON + ends * DAY
    holdings = tuple(GrantView("g", g.role, g.clearance, g.words, NOON - 2 * DAY, until) for g in who.grants)
    explanation = explain(
        AccessStanding("ann", who.agency, active, active, 20, holdings), action, label, SCHEME, at=NOON
    )
    for step in explanation.steps:
        assert step.en.endswith(".") and (step.en[0].isupper() or step.en.startswith("ann "))
        assert not CYRILLIC.search(step.en)
        assert step.ru.endswith(".") and step.ru[0].isupper() and CYRILLIC.search(step.ru)
        assert not re.search(r"\b(is|not|the|opens)\b", step.ru)


@pytest.mark.parametrize(
    ("who", "label", "en", "ru"),
    [
        (ANN, OPEN, "ann is active.", "Пользователь ann активен."),
        (replace(ANN, active=False), OPEN, "ann is disabled.", "Пользователь ann отключён."),
        (ANN, OPEN, "Agency A takes part.", "Ведомство A участвует."),
        (replace(ANN, holdings=()), OPEN, "ann holds no grant.", "У пользователя ann нет полномочий."),
        (ANN, OPEN, "The grant of the role expert holds, without an end.", "Полномочие «эксперт» действует бессрочно."),
        (ANN, OPEN, "The role expert opens the action read.", "Роль «эксперт» открывает действие «чтение»."),
        (ANN, OPEN, "It is released to every agency.", "Открыто для всех ведомств."),
        (
            ANN,
            Label.of(10, frozenset({"B", "C"}), parse(""), "A"),
            "It is released to B, C, and A is not among them.",
            "Открыто для: B, C; A не входит в этот список.",
        ),
        (
            ANN,
            Label.of(40, ALL, parse(""), "A"),
            "The level Strictly Confidential is above what counts, the lower of the clearance (Confidential) and the"
            " agency's ceiling (Strictly Confidential).",
            "Уровень «Строго конфиденциально» выше допустимого: это меньшее из допуска («Конфиденциально») и предела"
            " ведомства («Строго конфиденциально»).",
        ),
        (
            ANN,
            Label.of(10, ALL, parse("x&(y|z)"), "A"),
            "The words held (x, y) satisfy x&(y|z).",
            "Имеющиеся служебные слова (x, y) отвечают условию x&(y|z).",
        ),
        (
            replace(ANN, holdings=(replace(HELD, words=frozenset()),)),
            Label.of(10, ALL, parse("z"), "A"),
            "The words held (none) do not satisfy z.",
            "Имеющиеся служебные слова (нет) не отвечают условию z.",
        ),
    ],
)
def test_the_words_are_these(who: AccessStanding, label: Label, en: str, ru: str) -> None:
    assert (en, ru) in [(step.en, step.ru) for step in explained(who, label).steps]


def test_the_times_of_a_grant_are_told_in_utc() -> None:
    at = NOON.replace(year=2030, month=1, day=2, hour=3, minute=4)
    for holding, says in (
        (replace(HELD, starts=at), "begins only on 2030-01-02 03:04 UTC"),
        (replace(HELD, ends=at), "holds until 2030-01-02 03:04 UTC"),
    ):
        assert says in explained(replace(ANN, holdings=(holding,))).steps[2].en
    assert "is over since" in explained(replace(ANN, holdings=(replace(HELD, ends=NOON),))).steps[2].en


def test_a_level_that_the_scheme_does_not_have_is_told_by_its_number() -> None:
    explanation = explain(ANN, Action.READ, Label.of(25, ALL, parse(""), "A"), Scheme(SCHEME.levels[:1]), at=NOON)
    assert "no. 25" in explanation.steps[4].en and "№ 25" in explanation.steps[4].ru


def test_every_role_and_action_has_its_russian_name() -> None:
    assert set(ROLES) == set(Role) and set(ACTIONS) == set(Action)
    assert all(CYRILLIC.match(name) for name in (*ROLES.values(), *ACTIONS.values()))
    assert len(set(ROLES.values())) == len(Role) and len(set(ACTIONS.values())) == len(Action)


def test_levels_are_told_by_the_names_of_the_scheme() -> None:
    assert all(isinstance(level, Level) for level in SCHEME.levels)
    for level in SCHEME.levels:
        explanation = explained(label=Label.of(level.rank, ALL, parse(""), "A"))
        assert level.name_en in explanation.steps[4].en and level.name_ru in explanation.steps[4].ru
