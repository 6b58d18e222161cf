"""Measures non-interference: random searches, with, without and after the documents hidden from who asks."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from figures import record
from twins import World, calls, differences, random_person, sample_items, vocabulary

PEOPLE, SEARCHES = 10, 20


def main() -> None:
    people = [random_person(number, random.Random(f"bench/{number}")) for number in range(PEOPLE)]
    compared = found = 0
    with tempfile.TemporaryDirectory() as folder:
        full = World(Path(folder) / "full", people)
        identifiers = full.fill(sample_items())
        for person in people:
            asked = calls(random.Random(person.username), vocabulary(), sorted(identifiers.values()), SEARCHES)
            readable = full.readable(person)
            alone = World(Path(folder) / f"alone-{person.username}", people)
            alone.fill([item for item in sample_items() if identifiers[item.path.name] in readable])
            once = full.copy(Path(folder) / f"once-{person.username}")
            for hidden in set(identifiers.values()) - readable:
                once.remove(hidden)
            different = differences(full, alone, person, asked) + differences(once, alone, person, asked)
            print(f"{person.username}: {len(readable)} of {len(identifiers)} readable, {len(different)} differences")
            compared += 2 * len(asked)
            found += len(different)
            alone.close()
            once.close()
        full.close()
    figures = {"people": PEOPLE, "searches": PEOPLE * SEARCHES, "comparisons": compared, "differences": found}
    record("interference", "make bench-interference", figures)


if __name__ == "__main__":
    main()
