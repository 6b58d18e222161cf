"""Measures which points of the sample corpus are recognised, and which threads through later meetings are followed.

`lineage/points.tsv`: every recommendation, conclusion and decision of the papers, by paper and place, as somebody read
them. `lineage/threads.tsv`: which later sentences take which point up. What must be found counts for recall; what goes
on with the matter and names nothing is right if it is found. An expert asks who may read all papers but one.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping
from pathlib import Path

from figures import record
from paired_worlds import Person, World, sample_items

from auth import people, policy
from auth.people import Role
from auth.policy import Action
from indexer.library.tables import DocumentRow
from indexer.lineage.threads import points_of, taken_up
from indexer.search.asking import Asking

DATA = Path(__file__).with_name("lineage")
EXPERT = Person("expert", "KZ-MIA", Role.EXPERT, "strictly-confidential", frozenset({"returnees", "finance", "courts"}))
Key = tuple[str, ...]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "home", [EXPERT])
        world.fill(sample_items())
        recognised, followed = measured(world)
        world.close()
    figures = {
        f"{name}.{figure}": value
        for name, found in (("points", recognised), ("threads", followed))
        for figure, value in compared(found, truth(f"{name}.tsv")).items()
    }
    record("lineage", "make bench-lineage", figures)


def measured(world: World) -> tuple[dict[Key, str], dict[Key, str]]:
    """The points and threads that are found, with the words of each."""
    components = world.components
    recognised: dict[Key, str] = {}
    followed: dict[Key, str] = {}
    with components.database.reading() as session:
        person = people.find_person(session, EXPERT.username)
        assert person
        principal = people.principal(session, person.id)
        scope = policy.scope_for(session, principal, Action.SEARCH)
        papers = {
            row: points_of(session, scope, row)[0] for row in session.query(DocumentRow) if scope.covers(row.rule)
        }
        session.expunge_all()
    asking = Asking(components.database, components.engine, principal, components.place_counts)
    for paper, found in sorted(papers.items(), key=lambda item: item[0].filename):
        for point in found:
            where = (paper.filename, point.number or f"at {point.first}")
            recognised[(*where, point.kind)] = point.text
            for later in taken_up(asking, paper, point):
                key = (*where, later.row.filename, str(later.sentence.ordinal))
                followed[key] = f"{','.join(later.reasons)}: {later.sentence.text}"
    return recognised, followed


def truth(name: str) -> dict[Key, bool]:
    """What is right, and whether it must be found."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if not row[0].startswith("#")]
    return {tuple(row[:-2]): row[-2] == "must" for row in rows}


def compared(found: Mapping[Key, str], right: Mapping[Key, bool]) -> dict[str, float]:
    """Recall and precision; what differs is printed."""
    wanted = {key for key, must in right.items() if must}
    for key in sorted(wanted - found.keys()):
        print("missed  ", *key)
    for key in sorted(found.keys() - right.keys()):
        print("invented", *key, found[key][:160])
    recall = len(wanted & found.keys()) / len(wanted)
    precision = len(found.keys() & right.keys()) / max(1, len(found))
    return {"recall": round(recall, 4), "precision": round(precision, 4), "of": len(wanted)}


if __name__ == "__main__":
    main()
