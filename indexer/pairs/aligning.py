"""Aligns the papers of a pair. What people put right stays, also when a paper is read anew, and holds the rest."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from auth.database import Database, locking
from indexer.library.tables import DocumentRow
from indexer.pairs import beads, sentences
from indexer.pairs.align.alignment import MOST_SENTENCES, Bead, align
from indexer.pairs.seeking import language_of
from indexer.pairs.sentences import Sentences
from indexer.pairs.tables import AlignmentRow, CorrectionRow, PairRow
from indexer.text import Language


def align_pair(database: Database, pair_id: str) -> None:
    """Align the papers of a pair as they are now.

    Papers that are not in two languages any more, since somebody corrected one's, keep what they had until they are.
    """
    with database.reading() as session:
        pair = session.get(PairRow, pair_id)
        if pair is None:
            return
        papers = papers_of(session, pair)
        languages = languages_of(session, pair)
        alignment = session.get(AlignmentRow, pair_id)
        version, fixed = (alignment.version, by_hand(alignment.by_hand, papers)) if alignment else (0, [])
    if languages is None:
        _leave(database, pair_id)
        return
    first, second = papers
    made = beads.placed(align(first.texts, second.texts, *languages, fixed), first.ordinals, second.ordinals)
    _keep(database, pair_id, version, papers, made)


def _keep(
    database: Database, pair_id: str, version: int, papers: tuple[Sentences, Sentences], made: list[Bead]
) -> None:
    """Keep what was made of these sentences and of the alignment of that version, if both are still there."""
    texts = sentences.digest_of_all(papers)
    with database.session() as session:
        pair = locked(session, pair_id)
        if pair is None or sentences.digest_of_all(papers_of(session, pair)) != texts:
            return  # there is another text by now
        alignment = session.get(AlignmentRow, pair_id)
        if (alignment.version if alignment else 0) != version:  # somebody put something right meanwhile
            return
        session.merge(
            AlignmentRow(
                pair=pair_id,
                version=version + 1,
                texts=texts,
                beads=beads.as_text(made),
                by_hand=hand_made(made, papers),
            )
        )
        session.execute(delete(CorrectionRow).where(CorrectionRow.pair == pair_id))
        pair.aligned, pair.lent = True, False


def locked(session: Session, pair_id: str) -> PairRow | None:
    """A pair as it is now, held until the transaction ends, after both of its papers; None if there is none."""
    pair = session.get(PairRow, pair_id)
    if pair is None:
        return None
    names = (pair.first, pair.second)
    session.scalars(locking(select(DocumentRow).where(DocumentRow.id.in_(names)).order_by(DocumentRow.id))).all()
    return session.scalar(locking(select(PairRow).where(PairRow.id == pair_id)))


def hand_made(made: Sequence[Bead], papers: tuple[Sentences, Sentences]) -> str:
    """The beads that people made, by the digests of their sentences, as JSON."""
    first, second = (dict(zip(paper.ordinals, paper.digests, strict=True)) for paper in papers)
    kept = [[[first[n] for n in b.first], [second[n] for n in b.second], b.by] for b in made if b.by]
    return json.dumps(kept, separators=(",", ":"))


def by_hand(text: str, papers: tuple[Sentences, Sentences]) -> list[Bead]:
    """What `hand_made` wrote, by the places of the sentences among these; beads whose sentences are gone are left out.

    Of equal sentences the next one after the bead before counts.
    """
    made: list[Bead] = []
    first = second = 0
    for ours, theirs, by in json.loads(text):
        at, there = _run(papers[0].digests, ours, first), _run(papers[1].digests, theirs, second)
        if at is not None and there is not None:
            first, second = (at + len(ours) if ours else first), (there + len(theirs) if theirs else second)
            places = tuple(range(at, at + len(ours))), tuple(range(there, there + len(theirs)))
            made.append(Bead(*places, 1.0 if ours and theirs else 0.0, 1.0, by))
    return made


def _run(digests: Sequence[str], wanted: Sequence[str], start: int) -> int | None:
    """Where these digests stand one after another, from a place on."""
    size = len(wanted)
    places = range(start, len(digests) - size + 1)
    return next((at for at in places if list(digests[at : at + size]) == list(wanted)), None)


def papers_of(session: Session, pair: PairRow) -> tuple[Sentences, Sentences]:
    return (
        sentences.of_paper(session, pair.first, MOST_SENTENCES),
        sentences.of_paper(session, pair.second, MOST_SENTENCES),
    )


def languages_of(session: Session, pair: PairRow) -> tuple[Language, Language] | None:
    """The languages of a pair's papers; None where these are not English and Russian."""
    first, second = (language_of(session.get_one(DocumentRow, name)) for name in (pair.first, pair.second))
    return (first, second) if first and second and first != second else None


def _leave(database: Database, pair_id: str) -> None:
    """Let a pair wait no more, until the text or the language of one of its papers changes."""
    with database.session() as session:
        pair = locked(session, pair_id)
        if pair is not None and languages_of(session, pair) is None:
            pair.aligned, pair.lent = True, True
