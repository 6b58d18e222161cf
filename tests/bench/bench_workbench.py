"""Measures the translators' workbench: similar sentences among 200,000 of the memory, as a ratio to a plain scan too;
5,000 sentences that go out and come back; and 1,000 savings of two translators at once with crashes between.
`make bench-workbench`."""

from __future__ import annotations

import io
import random
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import eq
from pathlib import Path

from bitexts import DATA, FILES
from factories import agency, fresh, label, person, principal
from figures import record
from papers import Line, paper
from races import CrashError, CrashingTrail, together
from sqlalchemy import select

from auth import policy
from auth.audit.entries import Event
from auth.policy import Action, Scope
from indexer.bitext.exchange import markup, tmx, xliff
from indexer.bitext.exchange.units import Bitext, Unit
from indexer.bitext.review import segments
from indexer.bitext.review.tables import SegmentActRow, WorkState
from indexer.bitext.review.workbench import Seen, StaleVersionError, Task, Workbench
from indexer.lexicon.termbase.formats import registry
from indexer.lexicon.termbase.terms import Concept, TermWord, checked
from indexer.library.tables import DocumentRow
from indexer.memory import entries
from indexer.memory.entries import TranslatedSentence
from indexer.memory.matches import Wanted, compared, matches
from indexer.text import digest_of
from services.components import Components

SENTENCES, OF_A_DOCUMENT = 200_000, 1_000
HIDDEN = 5  # every fifth document is outside the scope
EXCHANGED = 5_000
ASKED, SCANNED = 300, 2  # sentences that are looked for; those that everything is compared with
SAVES = 500  # of each of two translators
Pair = tuple[str, str]
_WORDS = re.compile("[A-Za-z]+"), re.compile("[А-Яа-яё]+")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        components = fresh(Path(folder) / "home")
        agency(components, "A")
        for name in ("tom", "tina"):
            person(components, name, "A", ["translator"], clearance="restricted")
        figures = fuzzy(components) | exchanged() | saving(components)
        components.close()
    record("workbench", "make bench-workbench", figures)


def fuzzy(components: Components) -> dict[str, float]:
    """Milliseconds to find similar sentences, by the clock and of a processor; how often the nearest is among them; and
    the ratio of a plain scan's processor time to theirs."""
    chance = random.Random(1)
    kept = list(islice(_varied(_real(), chance), SENTENCES))
    target, readable = _remember(components, kept)
    asked = [_changed(chance.choice(readable), readable, chance) for _ in range(ASKED)]
    who = principal(components, "tom")
    assert who is not None
    seconds, worked, best = [], [], []
    with components.database.reading() as session:
        scope = policy.scope_for(session, who, Action.EDIT)
        row = session.get_one(DocumentRow, target)
        for text, _ in asked:
            begun, busy = time.perf_counter(), time.process_time()
            offers = matches(session, scope, row, Wanted(text, "en"))
            seconds.append(time.perf_counter() - begun)
            worked.append(time.process_time() - busy)
            best.append(max((offer.percent for offer in offers), default=0))
    begun = time.process_time()
    nearest = [max(compared(source, text)[0] for source, _ in readable) for text, _ in asked[:SCANNED]]
    scan = (time.process_time() - begun) / SCANNED
    near = [(ours, whole) for ours, whole in zip(best, nearest, strict=False) if whole >= 60]
    seconds.sort()
    worked.sort()
    at_most = worked[int(len(worked) * 0.95)]
    return {
        "memory_sentences": len(kept),
        "fuzzy_p50_ms": round(1_000 * seconds[len(seconds) // 2], 1),
        "fuzzy_p95_ms": round(1_000 * seconds[int(len(seconds) * 0.95)], 1),
        "fuzzy_p95_cpu_ms": round(1_000 * at_most, 1),
        "fuzzy_found": round(sum(each > 0 for each in best) / len(best), 3),
        "fuzzy_as_near_as_a_scan": round(sum(ours >= whole for ours, whole in near) / len(near), 3),
        "scan_to_fuzzy_p95": round(scan / at_most),
    }


def _real() -> list[Pair]:
    """Sentences of real papers and what people made of them."""
    ntrex = DATA / "mt" / "ntrex"
    names = ("newstest2019-src.eng.txt", "newstest2019-ref.rus.txt")
    pairs = list(zip(*((ntrex / name).read_text(encoding="utf-8").splitlines() for name in names), strict=True))
    for name in FILES.values():
        lines = (DATA / "align" / name).read_text(encoding="utf-8").split("\n")[1:]
        pairs += [(cells[-2], cells[-1]) for line in lines if line for cells in [line.split("\t")]]
    return [(source, target) for source, target in pairs if len(source.split()) > 5]


def _varied(pairs: list[Pair], chance: random.Random) -> Iterator[Pair]:
    """The pairs, then as many as are wanted in which some words are those of others: as formulas of papers vary."""
    yield from pairs
    while True:
        yield _changed(chance.choice(pairs), pairs, chance, 0.4)


def _changed(pair: Pair, pairs: list[Pair], chance: random.Random, share: float = 0.15) -> Pair:
    words = pair[0].split()
    for at in chance.sample(range(len(words)), max(1, int(share * len(words)))):
        words[at] = chance.choice(chance.choice(pairs)[0].split())
    return " ".join(words), pair[1]


def _remember(components: Components, kept: list[Pair]) -> tuple[str, list[Pair]]:
    """Keep the pairs, by document; gives a document that is translated, and the pairs that its translator may see."""
    readable: list[Pair] = []
    for number, first in enumerate(range(0, len(kept), OF_A_DOCUMENT)):
        level = "confidential" if number % HIDDEN == 0 else "unclassified"
        some = list(dict(kept[first : first + OF_A_DOCUMENT]).items())
        with components.database.session() as session:
            row = paper(session, [[Line("A.")]], state="received")
            row.rule = policy.keep_rule(session, label(components, "A", level).rule)
            sentences = [TranslatedSentence("en", *pair) for pair in some]
            entries.remember_of_pair(session, row.id, "measured", sentences, preferred=False)
        if level == "unclassified":
            readable += some
    with components.database.session() as session:
        return paper(session, [[Line("B.")]], state="received").id, readable


def exchanged() -> dict[str, float]:
    """The share of sentences, or of terms made of them, that are the same when a file is read again."""
    chance = random.Random(2)
    pairs = list(islice(_varied(_real(), chance), EXCHANGED))
    states = list(WorkState)
    units = tuple(
        Unit(number, digest_of(source), source, target, states[number % len(states)], number % 10, f"t{number % 7}")
        for number, (source, target) in enumerate(pairs)
    )
    bitext = Bitext("d" * 32, "Measured", "SECRET // A", "en", "ru", units)
    by_tmx = tmx.read(markup.read(tmx.write(bitext).encode()), "en")
    by_xliff = xliff.read(markup.read(xliff.write(bitext).encode()))
    words = [[" ".join(word.findall(text)[:8]) for word, text in zip(_WORDS, pair, strict=True)] for pair in pairs]
    concepts = [checked(Concept((TermWord("en", first), TermWord("ru", second)))) for first, second in words if second]
    written = "".join(registry.WRITTEN["tbx"]((concept, "SECRET // A") for concept in concepts))
    by_tbx = list(registry.TERMS["tbx"](io.BytesIO(written.encode())))
    return {
        "exchanged": EXCHANGED,
        "tmx_equal": _equal(bitext.units, by_tmx.units),
        "xliff_equal": _equal(bitext.units, by_xliff.units),
        "tbx_equal": _equal(concepts, by_tbx),
    }


def _equal(before: Sequence[object], after: Sequence[object]) -> float:
    """The share that is the same, in the same order; none where it is not as many."""
    return round(sum(map(eq, before, after)) / len(before), 4) if len(before) == len(after) else 0.0


def saving(components: Components) -> dict[str, float]:
    """Savings of two people at once, every tenth of which crashes: those that were kept, and those that are gone."""
    with components.database.session() as session:
        document = paper(session, [[Line(f"Sentence number {at}.") for at in range(4)]], state="received").id
    bench = Workbench(components.database, components.engine, CrashingTrail())  # type: ignore[arg-type]

    def translate(username: str) -> list[str]:
        chance, kept = random.Random(username), []
        who = principal(components, username)
        assert who is not None
        with components.database.reading() as session:
            scope: Scope = policy.scope_for(session, who, Action.EDIT)
        for number in range(SAVES):
            task = Task(scope, who, document, chance.randrange(4), Event(username, "bench", Action.EDIT, document))
            try:
                bench.save(task, _seen(components, task), f"{username} {number}")
                kept.append(f"{username} {number}")
            except (StaleVersionError, CrashError):
                pass
        return kept

    begun = time.perf_counter()
    kept = {text for answer in together(lambda: translate("tom"), lambda: translate("tina")) for text in answer}  # type: ignore[attr-defined]
    seconds = time.perf_counter() - begun
    with components.database.reading() as session:
        there = set(session.scalars(select(SegmentActRow.text).where(SegmentActRow.document == document)))
    return {"saves_kept": len(kept), "saves_lost": len(kept - there), "saves_a_second": round(2 * SAVES / seconds)}


def _seen(components: Components, task: Task) -> Seen:
    with components.database.reading() as session:
        row = session.get_one(DocumentRow, task.document_id)
        segment = segments.segment_of(session, row, task.ordinal)
        assert segment is not None
        return Seen(segment.source_digest, segment.work.version)


if __name__ == "__main__":
    main()
