"""Who is compared in which worlds: people of random clearance, and worlds in which the rest met with every fate."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

from paired_worlds import (
    LEVELS,
    SAMPLE,
    Answer,
    Call,
    EngineSettings,
    Person,
    World,
    embedded,
    identifiers,
    random_person,
    some_items,
)
from route_calls import BROUGHT, SEARCH, WHOLE_INDEX, Ground, Route, Step, acts
from route_table import DISCLOSING, ROUTES, leak_calls, masked
from scenarios import AGENCIES, INSIDERS, Scenario, names
from sqlalchemy import select

from auth import people, policy
from auth.people import Role
from auth.tables import ProposalRow
from indexer.dossier import kept as dossiers
from indexer.enquiries import enquiries
from indexer.handling.retention.tables import RetentionRow
from indexer.library.intake import KINDS
from indexer.pairs.tables import PairRow
from indexer.search import saved
from services.cli.library.manifest import Item

FEW = 2  # hidden and readable documents of which every call is made
NEW_FILE = SAMPLE / "pdf" / "2024-ws2-agenda-en.pdf"  # in no world

Profile = tuple[Person, ...]  # people who may read the same


def profile(number: int, seed: str) -> Profile:
    """A random person in several roles."""
    drawn = random_person(number, random.Random(f"{seed}/{number}"))
    searching = (Role.EXPERT, Role.TRANSLATOR, Role.REVIEWER)[number % 3]
    return tuple(replace(drawn, username=f"{role}{number}", role=role) for role in (searching, Role.REGISTRAR))


OFFICES: Profile = (  # who may read nothing: every document is hidden from them
    Person("somebody", "OSCE", None, LEVELS[0], frozenset()),
    Person("an-administrator", "UNODC", Role.ADMINISTRATOR, LEVELS[-1], frozenset()),
    Person("an-auditor", "KZ-MIA", Role.AUDITOR, LEVELS[-1], frozenset()),
)


class Worlds:
    """The worlds that all others are copied from: `fresh` holds everybody, and `full` insiders and every document."""

    def __init__(
        self,
        folder: Path,
        profiles: Sequence[Profile],
        engine: EngineSettings = embedded,
        kind: type[World] = World,
    ) -> None:
        self.folder, self.items, self.embedded, self._made = folder, some_items(), engine is embedded, 0
        self.fresh = kind(folder / "fresh", [person for people in profiles for person in people], engine)
        self._keep_searches([person for people in profiles for person in people])
        self._keep_dossiers([person for people in profiles for person in people])
        self._set_schedules()
        self._send_enquiries([person for people in profiles for person in people])
        self.full = self.copy(self.fresh)
        self.full.fill(self.items)
        self.full.add_people(INSIDERS)

    def _keep_searches(self, people_in_it: Sequence[Person]) -> None:
        """Everybody keeps searches of which they have seen nothing so far."""
        with self.fresh.components.database.session() as session:
            for person in people_in_it:
                row = people.find_person(session, person.username)
                for asked in ({"query": "return возвращение"}, {}) if row else ():
                    kept = saved.save(session, row.id, "Kept", asked)
                    saved.look(session, row.id, kept.search_id, frozenset())

    def _keep_dossiers(self, people_in_it: Sequence[Person]) -> None:
        """Everybody keeps a passage of every document that there is, or will be."""
        passages = [{"document_id": name, "first": 0, "last": 0, "comment": "Look"} for name in names(self.items)]
        with self.fresh.components.database.session() as session:
            for person in people_in_it:
                row = people.find_person(session, person.username)
                if row:
                    dossiers.keep(session, row.id, 0, "Kept", passages)

    def _set_schedules(self) -> None:
        """Every paper of more than a year is due."""
        with self.fresh.components.database.session() as session:
            for level in self.fresh.components.scheme.levels:
                session.add_all(RetentionRow(kind=kind, level=level.rank, years=1) for kind in KINDS)

    def _send_enquiries(self, people_in_it: Sequence[Person]) -> None:
        """Every expert has asked all other agencies as much as anybody may."""
        with self.fresh.components.database.session() as session:
            for person in people_in_it:
                row = people.find_person(session, person.username) if person.role is Role.EXPERT else None
                asker = people.principal(session, row.id) if row else None
                others = cycle(code for code in AGENCIES if code != person.agency)
                for agency, _ in zip(others, range(enquiries.MOST), strict=False) if asker else ():
                    enquiries.send(session, asker, agency, {"query": "return возвращение"}, "Kept")

    def copy(self, world: World) -> World:
        """One more like this."""
        self._made += 1
        return world.copy(self.folder / f"world{self._made}")

    def close(self) -> None:
        """Let go of the worlds."""
        self.fresh.close()
        self.full.close()


class PairedWorlds:
    """The worlds of people who may read the same. In `alone` what they may not read never was."""

    def __init__(self, worlds: Worlds, people: Profile) -> None:
        self.worlds, self.people = worlds, people
        readable = worlds.full.readable(people[0])
        self.hidden = [item for item in worlds.items if names([item])[0] not in readable]
        self.seen = [item for item in worlds.items if names([item])[0] in readable]
        self.unasked = worlds.copy(worlds.fresh)
        self.unasked.fill(self.seen)
        if people is OFFICES:  # an administrator is told of all people
            self.unasked.add_people(INSIDERS)
        self.alone = worlds.copy(self.unasked)
        self.statuses: dict[Route, Counter[int]] = {route: Counter() for route in ROUTES}
        self.comparisons = self.worlds_compared = 0
        self._known: dict[tuple[str, ...], Answer] = {}

    @property
    def known_to_the_memory(self) -> Item:
        """A hidden document that was translated."""
        translated = self.worlds.full.translated()
        return next(item for item in self.hidden if names([item])[0] in translated)

    @contextmanager
    def befallen(self, scenario: Scenario) -> Iterator[World]:
        """A world in which the hidden documents met with this."""
        world = self.worlds.copy(self.worlds.full if scenario.of == "full" else self.unasked)
        try:
            scenario.befall(world, self.hidden)
            self.worlds_compared += 1
            yield world
        finally:
            world.close()

    def differences_by(self, scenario: Scenario, seed: str) -> Iterator[str]:
        """All that these people are answered otherwise in a world of this fate."""
        if self.people is OFFICES and not scenario.offices:
            return
        with self.befallen(scenario) as other:
            for person in self.people:
                if scenario.reading and person.role == Role.REGISTRAR:
                    continue
                ground = self.ground(person, other, seed, signs_in=scenario.name == "they exist")
                yield from self.differences(scenario, other, ground)
            registrar = self.people[-1]
            if scenario.acts and registrar.role == Role.REGISTRAR:
                yield from self.differences_after_acts(scenario, other, self.ground(registrar, other, seed))

    def ground(self, person: Person, world: World, seed: str, **more: Any) -> Ground:
        """What a person is to ask in a world and in its twin."""
        chance = random.Random(f"{seed}/{person.username}")
        with world.components.database.reading() as session:
            first, second = (side.in_(names(self.hidden)) for side in (PairRow.first, PairRow.second))
            unseen = session.scalars(select(PairRow.id).where(first | second).order_by(PairRow.id)).all()
            seen = session.scalars(select(PairRow.id).where(~first & ~second).order_by(PairRow.id)).all()
            proposals = session.scalars(select(ProposalRow.id).where(ProposalRow.subject.in_(names(self.hidden)))).all()
        return Ground(
            person,
            chance,
            readable=chance.sample(names(self.seen), min(FEW, len(self.seen))),
            hidden=chance.sample(names(self.hidden), min(FEW, len(self.hidden))),
            names=[INSIDERS[0].username],
            proposals=proposals[:FEW],
            pairs=[*unseen[:FEW], *seen[:1]],
            **more,
        )

    def differences(self, scenario: Scenario, other: World, ground: Ground, mine: World | None = None) -> Iterator[str]:
        """What the world answers otherwise than `mine`, or than the one in which the hidden documents never were."""
        if (
            scenario.broken
        ):  # until it meets a document that it may not show, a search does not see that the index is wrong
            refused = other.ask(ground.person, *SEARCH, {"query": "", **WHOLE_INDEX})
            assert refused[0] in (200, 403, 503)
        for route in ROUTES:
            if route[1] in scenario.tells and ground.person.role == Role.REGISTRAR:
                continue
            if route in DISCLOSING and ground.person.role in policy.TABLE[DISCLOSING[route]]:
                continue
            for call in leak_calls(route, ground):
                yield from self._compared(route, call, ground.person, mine or self.alone, other)

    def differences_after_acts(self, scenario: Scenario, other: World, ground: Ground) -> Iterator[str]:
        """What it answers otherwise while and after a registrar brings in, holds, relabels and removes."""
        mine = self.worlds.copy(self.unasked)
        try:
            for step in acts(ground, self.known_to_the_memory.path.read_bytes(), NEW_FILE.read_bytes()):
                yield from self._done(step, ground.person, mine, other)
            later = replace(ground, readable=[BROUGHT], hidden=ground.hidden[:1], searches=4)
            yield from self.differences(scenario, other, later, mine)
        finally:
            mine.close()

    def _done(self, step: Step, person: Person, *both: World) -> Iterator[str]:
        if step.approves:
            for world in both:
                world.approve(person, step.approves)
            return
        if step.call is None:
            for world in both:
                world.components.worker().run()
            return
        yield from self._compared(step.route, step.call, person, *both, brings=step.brings)
        for world in both:
            world.age_files()

    def _compared(
        self, route: Route, call: Call, person: Person, one: World, other: World, brings: str = ""
    ) -> Iterator[str]:
        first, second = self._first(call, person, one, brings), _asked(call, person, other, brings)
        self.comparisons += 1
        self.statuses[route][first[0]] += 1
        if first != second:
            method, path, more = call
            yield f"{person.username}: {method} {path} {_told(more):.300}: {_between(first, second)}"

    def _first(self, call: Call, person: Person, world: World, brings: str) -> Answer:
        """What the first world answers: asked once, where it stays as it is."""
        if world is not self.alone:
            return _asked(call, person, world, brings)
        key = (person.username, *call[:2], _told(call[2]))
        if key not in self._known:
            self._known[key] = _asked(call, person, world, brings)
        return self._known[key]

    def forget(self) -> None:
        """Ask the first world anew what it was asked before."""
        self._known.clear()

    def close(self) -> None:
        """Let go of its worlds."""
        self.unasked.close()
        self.alone.close()


def _asked(call: Call, person: Person, world: World, brings: str) -> Answer:
    method, path, more = call
    with identifiers([brings]):
        return masked(method, path, world.ask(person, method, path, **more))


def _told(more: dict[str, Any]) -> str:
    return json.dumps(more, ensure_ascii=False, default=str)


def _between(*answers: Answer) -> str:
    """Both answers, from shortly before the first byte in which they differ."""
    first, second = (b"".join(b"%s: %s\n" % header for header in headers) + body for _, headers, body in answers)
    start = max(next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0) - 80, 0)
    told = [text[start : start + 300].decode(errors="replace") for text in (first, second)]
    return " / ".join(f"{answer[0]} …{text}" for answer, text in zip(answers, told, strict=True))
