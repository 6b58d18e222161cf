"""Two papers that are each other's translation, as they are exchanged: each bead of their alignment is a unit."""

from __future__ import annotations

from sqlalchemy.orm import Session

from auth.policy import Scope
from indexer.bitext.exchange.units import Bitext, Unit
from indexer.bitext.review.tables import WorkState
from indexer.library import documents
from indexer.pairs.corrections import alignment_of
from indexer.pairs.pairs import Pair, PairError
from indexer.text import digest_of


def bitext_of_pair(session: Session, scope: Scope, pair: Pair, label: str) -> Bitext:
    """A pair inside the scope, out of English. A bead that one paper lacks has no text there.

    `label` is the join of both papers' labels in words. Raises PairError while the papers are not aligned.
    """
    version, beads = alignment_of(session, pair)
    if not version:
        raise PairError("The papers are not aligned yet. Try again when a worker has been there.", code="not_aligned")
    turned = pair.first.language == "ru"
    english, russian = (pair.second, pair.first) if turned else (pair.first, pair.second)
    texts = {row.id: documents.sentences(session, scope, row.id) for row in (english, russian)}

    def said(row_id: str, ordinals: tuple[int, ...]) -> str:
        return " ".join(texts[row_id][at].text for at in ordinals if at in texts[row_id])

    units = []
    for place, bead in enumerate(beads):
        sides = (bead.second, bead.first) if turned else (bead.first, bead.second)
        source, target = said(english.id, sides[0]), said(russian.id, sides[1])
        state = WorkState.APPROVED if target else WorkState.MACHINE
        units.append(Unit(place, digest_of(source), source, target, state, 0, bead.by))
    title = english.title_en or russian.title_ru or english.filename
    return Bitext(pair.row.id, title, label, "en", "ru", tuple(units))
