"""Explains why somebody may do something under a label, or may not: rule by rule, in English and Russian.

It grants nothing: the policy decides, and a test holds that an explanation never disagrees with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import people
from auth.database import now
from auth.expression import ALWAYS, NEVER, canonical, satisfied
from auth.labels import ALL, TOP, Label
from auth.people import Role
from auth.policy import TABLE, UNLABELLED, Action
from auth.scheme import Scheme
from auth.tables import AgencyRow, GrantRow

ROLES: Final = {
    Role.EXPERT: "эксперт",
    Role.TRANSLATOR: "переводчик",
    Role.REVIEWER: "рецензент",
    Role.REGISTRAR: "регистратор",
    Role.ADMINISTRATOR: "администратор",
    Role.AUDITOR: "аудитор",
}
ACTIONS: Final = {
    Action.SEARCH: "поиск",
    Action.READ: "чтение",
    Action.DOWNLOAD: "скачивание",
    Action.INTAKE: "приём документов",
    Action.LABEL: "изменение грифа",
    Action.REMOVE: "удаление",
    Action.EDIT: "правка перевода",
    Action.APPROVE: "утверждение перевода",
    Action.ENQUIRE: "запрос другому ведомству",
    Action.RECEIVE: "приём запросов других ведомств",
    Action.STATUS: "состояние службы",
    Action.ADMINISTER: "управление доступом",
    Action.PREVIEW: "предварительный просмотр изменений",
    Action.EXPLAIN: "объяснение доступа",
    Action.AUDIT: "чтение журнала",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One rule: whether it lets the person pass, and why, in both languages."""

    rule: str
    passed: bool
    en: str
    ru: str


@dataclass(frozen=True, slots=True)
class GrantView:
    """A grant as it is kept, whether it holds now or not."""

    grant_id: str
    role: Role
    clearance: int
    words: frozenset[str]
    starts: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class AccessStanding:
    """What the database says of a person and their agency. `ceiling` is a rank."""

    username: str
    agency: str
    active: bool
    agency_active: bool
    ceiling: int
    holdings: tuple[GrantView, ...]


@dataclass(frozen=True, slots=True)
class Considered:
    """A grant that was looked at, and the rules by which it is of no use here."""

    holding: GrantView
    refused_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether it is allowed, and every step, told of the grant that comes nearest; `chosen` is its identifier or ""."""

    allowed: bool
    steps: tuple[Step, ...]
    chosen: str
    considered: tuple[Considered, ...]


def standing(session: Session, username: str) -> AccessStanding:
    """What is known of a person. Raises people.UnknownError."""
    person = people.the_person(session, username)
    agency = session.get_one(AgencyRow, person.agency)
    grants = session.scalars(select(GrantRow).where(GrantRow.person == person.id).order_by(GrantRow.id))
    holdings = tuple(GrantView(g.id, Role(g.role), g.clearance, people.words_of(g), g.starts, g.ends) for g in grants)
    return AccessStanding(username, agency.code, person.active, agency.active, agency.ceiling, holdings)


def explain(
    who: AccessStanding,
    action: Action,
    label: Label,
    scheme: Scheme,
    more: Sequence[Step] = (),
    at: datetime | None = None,
) -> Explanation:
    """Why a person may do this at a moment (now) under a label, or may not. `more` are further rules that must hold."""
    at = at or now()
    tried = [(candidate, _of_grant(who, candidate, action, label, scheme, at)) for candidate in who.holdings]
    tried.sort(key=lambda pair: sum(not step.passed for step in pair[1]))
    holding, of_grant = tried[0] if tried else (None, [_no_grant(who)])
    steps = (*_of_person(who), *of_grant, *more)
    considered = tuple(
        Considered(candidate, tuple(s.rule for s in grant_steps if not s.passed)) for candidate, grant_steps in tried
    )
    return Explanation(all(step.passed for step in steps), steps, holding.grant_id if holding else "", considered)


def _of_person(who: AccessStanding) -> list[Step]:
    return [
        Step("person", True, f"{who.username} is active.", f"Пользователь {who.username} активен.")
        if who.active
        else Step("person", False, f"{who.username} is disabled.", f"Пользователь {who.username} отключён."),
        Step("agency", True, f"Agency {who.agency} takes part.", f"Ведомство {who.agency} участвует.")
        if who.agency_active
        else Step(
            "agency",
            False,
            f"Agency {who.agency} no longer takes part.",
            f"Ведомство {who.agency} больше не участвует.",
        ),
    ]


def _no_grant(who: AccessStanding) -> Step:
    return Step("grant", False, f"{who.username} holds no grant.", f"У пользователя {who.username} нет полномочий.")


def _of_grant(
    who: AccessStanding, grant: GrantView, action: Action, label: Label, scheme: Scheme, at: datetime
) -> list[Step]:
    return [
        _time(grant, at),
        _role(grant, action),
        _level(who, grant, label, scheme),
        _release(who, label),
        _need_to_know(grant, label),
    ]


def _time(grant: GrantView, at: datetime) -> Step:
    en, ru = f"The grant of the role {grant.role}", f"Полномочие «{ROLES[grant.role]}»"
    if at < grant.starts:
        since = _moment(grant.starts)
        return Step("grant", False, f"{en} begins only on {since}.", f"{ru} начнёт действовать только {since}.")
    if grant.ends is not None and grant.ends <= at:
        since = _moment(grant.ends)
        return Step("grant", False, f"{en} is over since {since}.", f"{ru} не действует с {since}.")
    if grant.ends is None:
        return Step("grant", True, f"{en} holds, without an end.", f"{ru} действует бессрочно.")
    until = _moment(grant.ends)
    return Step("grant", True, f"{en} holds until {until}.", f"{ru} действует до {until}.")


def _role(grant: GrantView, action: Action) -> Step:
    what = ACTIONS[action]
    if action in UNLABELLED:
        return Step(
            "role",
            False,
            f"No label opens the action {action}: it is not done to a document.",
            f"Действие «{what}» не выполняется над документом: гриф его не открывает.",
        )
    passed = grant.role in TABLE[action]
    return Step(
        "role",
        passed,
        f"The role {grant.role} {'opens' if passed else 'does not open'} the action {action}.",
        f"Роль «{ROLES[grant.role]}» {'открывает' if passed else 'не открывает'} действие «{what}».",
    )


def _level(who: AccessStanding, grant: GrantView, label: Label, scheme: Scheme) -> Step:
    allowed = min(grant.clearance, who.ceiling)
    passed = label.rule.level <= allowed
    level, clearance, ceiling = (_names(scheme, rank) for rank in (label.rule.level, grant.clearance, who.ceiling))
    return Step(
        "level",
        passed,
        f"The level {level[0]} is {'not ' if passed else ''}above what counts, the lower of the clearance"
        f" ({clearance[0]}) and the agency's ceiling ({ceiling[0]}).",
        f"Уровень «{level[1]}» {'не выше' if passed else 'выше'} допустимого: это меньшее из допуска"
        f" («{clearance[1]}») и предела ведомства («{ceiling[1]}»).",
    )


def _release(who: AccessStanding, label: Label) -> Step:
    to = label.rule.releasable_to
    if to == ALL:
        return Step("release", True, "It is released to every agency.", "Открыто для всех ведомств.")
    passed, listed = who.agency in to, ", ".join(sorted(to))
    return Step(
        "release",
        passed,
        f"It is released to {listed or 'no agency'}, and {who.agency} is {'' if passed else 'not '}among them.",
        f"Открыто для: {listed or 'никого'}; {who.agency} {'входит' if passed else 'не входит'} в этот список.",
    )


def _need_to_know(grant: GrantView, label: Label) -> Step:
    expression = label.rule.need_to_know
    if expression == ALWAYS:
        return Step("need_to_know", True, "No need-to-know word is asked for.", "Служебные слова не требуются.")
    if expression == NEVER:
        return Step("need_to_know", False, "Nobody has a need to know.", "Доступ по служебным словам закрыт для всех.")
    passed, words = satisfied(expression, grant.words), ", ".join(sorted(grant.words))
    return Step(
        "need_to_know",
        passed,
        f"The words held ({words or 'none'}) {'satisfy' if passed else 'do not satisfy'} {canonical(expression)}.",
        f"Имеющиеся служебные слова ({words or 'нет'}) {'отвечают' if passed else 'не отвечают'} условию"
        f" {canonical(expression)}.",
    )


def _names(scheme: Scheme, rank: int) -> tuple[str, str]:
    """The name of a level in both languages."""
    if rank >= TOP:
        return "Sealed", "Закрыто для всех"
    named_level = next((level for level in scheme.levels if level.rank == rank), None)
    return (named_level.name_en, named_level.name_ru) if named_level else (f"no. {rank}", f"№ {rank}")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
