"""One rule, two forms: `permits` and the scope agree for everybody, and what the table does not list is denied."""

from __future__ import annotations

import pytest
from drawn import labels, principals
from factories import agency, label, person, principal
from hypothesis import given
from hypothesis import strategies as st

from auth import policy
from auth.expression import parse
from auth.labels import ALL, SEALED, Label, ReadingRule
from auth.people import Grant, Principal, Role
from auth.policy import REACHES, TABLE, UNLABELLED, Action, Scope, allows, permits, scope_among, scope_for
from auth.tables import RuleRow
from services.components import Components

OPEN = Label.of(10, ALL, parse(""), "A")


def holder(role: Role) -> Principal:
    return Principal("id", "name", "Name", "A", (Grant(role, 1_000, frozenset("xyz")),))


@given(principals, st.sampled_from(Action), st.lists(labels, min_size=1, max_size=6))
def test_the_scope_holds_a_rule_exactly_when_permits_says_yes(
    who: Principal, action: Action, several: list[Label]
) -> None:
    scope = scope_among([rule_label.rule for rule_label in several], who, action)
    assert scope.action == action
    assert [permits(who, action, rule_label) for rule_label in several] == [
        scope.covers(rule_label.rule.digest) for rule_label in several
    ]
    assert scope.rules <= {rule_label.rule.digest for rule_label in several}


@given(principals, labels)
def test_permission_to_a_document_needs_a_role_that_opens_the_action(who: Principal, rule_label: Label) -> None:
    for action in Action:
        assert allows(who, action) or not permits(who, action, rule_label)


@given(principals, labels, st.sampled_from(Action))
def test_originators_open_nothing_by_themselves(who: Principal, rule_label: Label, action: Action) -> None:
    assert permits(who, action, rule_label) == permits(who, action, Label(rule_label.rule, frozenset({who.agency})))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_what_the_table_does_not_list_is_denied(role: Role, action: Action) -> None:
    listed = role in TABLE[action]
    assert allows(holder(role), action) == listed
    assert permits(holder(role), action, OPEN) == (listed and action not in UNLABELLED)


@pytest.mark.parametrize("action", Action)
def test_an_action_reaches_documents_by_the_scopes_of_the_table_alone(components: Components, action: Action) -> None:
    agency(components, "A")
    person(components, "ann", "A", ["registrar", "expert"], "restricted")
    who = principal(components, "ann")
    with components.database.session() as session:
        for level in ("restricted", "confidential"):
            policy.keep_rule(session, label(components, "A", level).rule)
        scopes = policy.reaching(session, who, action)
        expected = [scope_for(session, who, way) for way in REACHES.get(action, (action,))]
    assert list(scopes) == expected
    assert action not in REACHES or all(len(scope.rules) == 1 for scope in scopes)
    assert [scope.action for scope in scopes] == list(REACHES.get(action, (action,)))


def test_to_bring_in_reaches_nothing_that_its_roles_may_not_read() -> None:
    """Another action's scope widens when a document is reached, never who may read it."""
    for action, ways in REACHES.items():
        if action not in UNLABELLED:
            assert ways[0] == action and all(TABLE[way] <= TABLE[action] for way in ways[1:])
        assert set(ways) <= {Action.READ, Action.DOWNLOAD, Action.INTAKE}


def test_the_table_names_every_action() -> None:
    assert set(TABLE) == set(Action)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
@given(rule_label=labels, action=st.sampled_from(Action))
def test_administering_and_auditing_read_nothing(role: Role, rule_label: Label, action: Action) -> None:
    assert not permits(holder(role), action, rule_label)
    assert scope_among([rule_label.rule, OPEN.rule], holder(role), action).rules == frozenset()


def test_two_grants_do_not_add_up() -> None:
    who = Principal(
        "id",
        "name",
        "Name",
        "A",
        (Grant(Role.EXPERT, 30, frozenset("x")), Grant(Role.EXPERT, 10, frozenset("y"))),
    )
    assert permits(who, Action.READ, Label.of(30, ALL, parse("x"), "A"))
    assert permits(who, Action.READ, Label.of(10, ALL, parse("y"), "A"))
    assert not permits(who, Action.READ, Label.of(30, ALL, parse("y"), "A"))
    assert not permits(who, Action.READ, Label.of(10, ALL, parse("x&y"), "A"))


def test_a_reading_role_lends_nothing_to_an_action_that_it_does_not_open() -> None:
    who = Principal("id", "n", "N", "A", (Grant(Role.EXPERT, 30, frozenset()), Grant(Role.REGISTRAR, 10, frozenset())))
    secret = Label.of(30, ALL, parse(""), "A")
    assert permits(who, Action.READ, secret)
    assert not permits(who, Action.REMOVE, secret)


def test_the_scope_from_the_database_holds_the_known_rules_alone(components: Components) -> None:
    agency(components, "A")
    person(components, "expert", "A", ["expert"], "confidential", ["x"])
    kept = [
        label(components, "A", need_to_know="x"),
        label(components, "A", "strictly-confidential"),
        label(components, "A"),
    ]
    with components.database.session() as session:
        digests = [policy.keep_rule(session, rule_label.rule) for rule_label in kept]
        again = policy.keep_rule(session, kept[0].rule)
    with components.database.reading() as session:
        scope = scope_for(session, principal(components, "expert"), Action.READ)
        everything = policy.operator_scope(session, Action.READ)
    assert again == digests[0]
    assert scope == Scope(Action.READ, frozenset({digests[0], digests[2]}))
    assert everything == Scope(Action.READ, frozenset(digests))


def test_a_rule_that_is_unknown_or_unreadable_is_that_of_sealed(components: Components) -> None:
    with components.database.session() as session:
        session.add(RuleRow(digest="0" * 32, rule="no rule at all"))
    with components.database.reading() as session:
        assert policy.rule_of(session, "0" * 32) == SEALED.rule
        assert policy.rule_of(session, "1" * 32) == SEALED.rule
        assert policy.known_rules(session) == [SEALED.rule]


def test_a_rule_stored_under_another_digest_opens_nothing(components: Components) -> None:
    agency(components, "A")
    person(components, "expert", "A", ["expert"])
    rule = ReadingRule(10, ALL, parse(""))
    with components.database.session() as session:
        session.add(RuleRow(digest="0" * 32, rule=rule.as_text()))
    with components.database.reading() as session:
        assert not scope_for(session, principal(components, "expert"), Action.READ).covers("0" * 32)


def test_a_person_without_a_grant_has_an_empty_scope(components: Components) -> None:
    agency(components, "A")
    person(components, "nobody", "A")
    with components.database.session() as session:
        policy.keep_rule(session, OPEN.rule)
        for action in Action:
            assert scope_for(session, principal(components, "nobody"), action).rules == frozenset()
            assert not allows(principal(components, "nobody"), action)
