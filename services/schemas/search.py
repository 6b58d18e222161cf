"""Searches and their answers as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from auth.scheme import Scheme
from indexer.engine.contract import Exact, Leaf, Near, Phrase, Prefix, Sort, Term
from indexer.search.evidence import FoundPassage, Side
from indexer.search.find import FoundDocument
from indexer.search.parse import LONGEST, Parsed
from indexer.search.places import Place
from indexer.search.query.bridge import Crossing
from indexer.search.query.notes import QueryNote
from indexer.search.query.reader import Part
from indexer.text import LANGUAGES
from services.schemas.documents import BoxSchema, MarkSchema, OtherSideSchema, boxes, segment_id, title
from services.schemas.labels import LabelSchema

Value = Annotated[str, StringConstraints(max_length=300)]
Values = Annotated[list[Value], Field(max_length=100)]
Year = Annotated[int, Field(ge=1, le=9998)]
Day = date | None  # where a field of a model is called date itself
Switches = Annotated[list[Annotated[str, StringConstraints(max_length=60)]], Field(max_length=100)]


class SideSchema(BaseModel):
    """A stretch of a passage in one language. Spans are start and end in characters (code points).

    The doubtful are not searched.
    """

    text: str
    origin: str
    highlights: list[tuple[int, int]]
    doubtful: list[tuple[int, int]]

    @staticmethod
    def of(side: Side | None) -> SideSchema | None:
        """From a side."""
        if side is None:
            return None
        return SideSchema(
            text=side.text, origin=side.origin, highlights=list(side.highlights), doubtful=list(side.doubtful)
        )


class EvidenceSchema(BaseModel):
    """A passage shown with a hit. `other`: its original where that is neither in English nor in Russian."""

    page: int
    passage_id: str
    original: str
    en: SideSchema | None
    ru: SideSchema | None
    other: SideSchema | None
    boxes: list[BoxSchema]
    marks: list[MarkSchema]

    @staticmethod
    def of(passage: FoundPassage) -> EvidenceSchema:
        """From a passage that was found."""
        foreign = {each: side for each, side in passage.sides.items() if each not in LANGUAGES}
        return EvidenceSchema(
            page=passage.page,
            passage_id=passage.passage_id,
            original=passage.original,
            en=SideSchema.of(passage.sides.get("en")),
            ru=SideSchema.of(passage.sides.get("ru")),
            other=SideSchema.of(foreign.get(passage.original)),
            boxes=boxes(passage.boxes),
            marks=MarkSchema.all_of(passage.marks),
        )


class HitPairSchema(OtherSideSchema):
    """The translation of a hit by people. Where it was found too, among the same hits, it has no hit of its own.

    Then `title` names it, `page` is that of its best passage, and `places` is how often it matches, null where that was
    not counted; else all three are null.
    """

    title: dict[str, str] | None = None
    page: int | None = None
    places: int | None = None

    @staticmethod
    def of_hit(hit: FoundDocument) -> HitPairSchema | None:
        """From a hit, after folding."""
        if hit.other is None:
            return None
        about: dict[str, Any] = {"document_id": hit.other.row.id, "language": hit.other.row.language}
        if second := hit.second:
            page = second.passages[0].page if second.passages else 1
            about |= {"title": title(second.row), "page": page, "places": second.places}
        return HitPairSchema(**about)


class HitSchema(BaseModel):
    """A document that a search found. `places` is how often it matches the query, null where that was not counted.

    `pair` is its translation by people, where one may search both.
    """

    document_id: str
    title: dict[str, str]
    language: str
    kind: str
    label: LabelSchema
    date: date | None
    score: float
    places: int | None
    pair: HitPairSchema | None
    evidence: list[EvidenceSchema]

    @staticmethod
    def of(hit: FoundDocument, scheme: Scheme) -> HitSchema:
        """From a hit."""
        return HitSchema(
            document_id=hit.row.id,
            title=title(hit.row),
            language=hit.row.language,
            kind=hit.row.kind,
            label=LabelSchema.of(hit.label, scheme),
            date=hit.row.date,
            score=hit.score,
            places=hit.places,
            pair=HitPairSchema.of_hit(hit),
            evidence=[EvidenceSchema.of(passage) for passage in hit.passages],
        )


class FacetValue(BaseModel):
    """A value, and how many of the documents found have it."""

    value: str
    count: int


class NoteWords(BaseModel):
    """The words of a note in both languages."""

    en: str
    ru: str


class PartSchema(BaseModel):
    """What one part of a query was taken to mean. A part of kind `note` says how the query was read, and is no word.

    `across`: what the words also stand for in the other language, the first few; `learned`: what else, as learned from
    translations that one may read. `spelled`: a name, also matched by spelling, in either script. `switch_off` takes
    each `part_id`: the part is then taken as it was typed (a word or a pattern in this form alone; a phrase, a form or
    a field as its words; a filter and an excluded part as nothing), and a query that a note changed (`spelling`,
    `keyboard`, `heaviest_words`) is left as it is, or, for `meaning`, searched by its words alone. It also takes
    `across`, `learned` or `names` and, for one part, that with `:` and its `part_id`.
    """

    part_id: str
    kind: str
    text: str = ""
    became: str = ""
    across: list[str] = []
    learned: list[str] = []
    spelled: bool = False
    code: str = ""
    parameters: dict[str, str | int] = {}
    words: NoteWords | None = None

    @staticmethod
    def of(part: Part) -> PartSchema:
        """From a part of a query."""
        kind = "excluded" if part.excluded and part.leaf else part.kind
        return PartSchema(
            part_id=part.part_id,
            kind=kind,
            text=part.text,
            became=_became(part.leaf),
            across=list(part.across),
            learned=list(part.learned),
            spelled=part.spelled,
        )

    @staticmethod
    def noted(said: QueryNote, number: int) -> PartSchema:
        """From what is said of a query; `number` tells notes of one kind apart."""
        name = f"{said.part_id}:{said.code}" if said.part_id else said.code
        return PartSchema(
            part_id=name if number == 1 else f"{name}:{number}",
            kind="note",
            code=said.code,
            parameters=dict(said.parameters),
            words=NoteWords(en=said.en, ru=said.ru),
        )


def _became(leaf: Leaf | None) -> str:
    match leaf:
        case Term(stem):
            return stem
        case Exact(form):
            return f"={form}"
        case Prefix(start):
            return f"{start}*"
        case Phrase(stems):
            return f'"{" ".join(stems)}"'
        case Near(words, between):
            return f'"{" ".join(first for first, *_ in words)}"~{between}'
        case None:
            return ""


def interpretation(parsed: Parsed) -> list[PartSchema]:
    """The parts of a query as they were read, then what is said of it."""
    parts = [PartSchema.of(part) for part in parsed.parts]
    alike: Counter[tuple[str, str]] = Counter()
    for said in parsed.notes:
        alike[said.part_id, said.code] += 1
        parts.append(PartSchema.noted(said, alike[said.part_id, said.code]))
    return parts


class OfferSchema(BaseModel):
    """Another search that finds something where this one finds nothing, and how many documents."""

    kind: str
    query: str
    total: int


class SearchAnswer(BaseModel):
    """The answer to a search.

    `total`, `facets` and `offset` count documents: a hit that holds its translation too is two of them.
    """

    total: int
    hits: list[HitSchema]
    facets: dict[str, list[FacetValue]]
    interpretation: list[PartSchema]
    offers: list[OfferSchema]


class Filters(BaseModel):
    """Facet values to keep: any of those given, for each facet given. `undated`: documents without a date alone."""

    model_config = ConfigDict(extra="forbid")

    language: Values | None = None
    agency: Values | None = None
    level: Values | None = None
    kind: Values | None = None
    meeting: Values | None = None
    series: Values | None = None
    body: Values | None = None
    country: Values | None = None
    has: Values | None = None
    has_human_translation: Annotated[list[bool | Literal["true", "false"]], Field(max_length=4)] | None = None
    year: Annotated[list[Year | Annotated[str, StringConstraints(max_length=4)]], Field(max_length=100)] | None = None
    year_from: Year | None = None
    year_to: Year | None = None
    date_from: date | None = None
    date_to: date | None = None
    undated: bool | None = None


class Asked(BaseModel):
    """What any search may be narrowed to, and what of its words is carried over: `switch_off` names what is not."""

    query_language: Literal["en", "ru"] | None = None
    switch_off: Switches = []
    filters: Filters = Filters()


class Narrowed(Asked):
    """And in which order its hits come, and which of them."""

    sort: Sort = "relevance"
    offset: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=0, le=100)] = 10


class SearchBody(Narrowed):
    """A search. With an empty query it lists what one may read. `words`: whether all words side by side must match.

    Words also stand for what they mean in the other language: those of `query_language` alone, if it is given. Names
    also stand for their other spellings. `switch_off` names parts of an interpretation that are not wanted.
    """

    query: Annotated[str, StringConstraints(max_length=LONGEST)] = ""
    words: Literal["any", "all"] = "any"


class SimilarBody(Narrowed):
    """A passage that a search has shown: what is like it is looked for, in either language."""

    passage_id: Annotated[str, StringConstraints(max_length=64)]


class FindBody(BaseModel):
    """What to find in one document: a query as searches take it."""

    query: Annotated[str, StringConstraints(max_length=LONGEST)]
    query_language: Literal["en", "ru"] | None = None
    switch_off: Switches = []
    offset: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=0, le=1_000)] = 100


def crossing(body: Asked | FindBody) -> Crossing:
    """What of a query is carried over into the other language, and what is switched off: of a part's note, the part."""
    off = (name.partition(":")[0] if name.startswith("p") else name for name in body.switch_off)
    return Crossing(body.query_language, frozenset(off))


class PlaceSchema(BaseModel):
    """A match: on which page its sentence begins, and its characters there. `side` is original or translation.

    One that goes on into the next sentence has the boxes of both.
    """

    page: int
    segment_id: str
    side: str
    boxes: list[BoxSchema]
    highlights: list[tuple[int, int]]

    @staticmethod
    def of(document_id: str, place: Place) -> PlaceSchema:
        """From a place."""
        begins = place.segments[0]
        return PlaceSchema(
            page=begins.page,
            segment_id=segment_id(document_id, begins),
            side=place.side,
            boxes=boxes(place.boxes),
            highlights=[place.highlight],
        )


class PlacesAnswer(BaseModel):
    """The places asked for, and how many there are in the whole document."""

    total: int
    places: list[PlaceSchema]

    @staticmethod
    def of(document_id: str, places: Sequence[Place], body: FindBody) -> PlacesAnswer:
        """From all of them."""
        some = places[body.offset : body.offset + body.limit]
        return PlacesAnswer(total=len(places), places=[PlaceSchema.of(document_id, place) for place in some])


class Suggesting(BaseModel):
    """The beginning of a word."""

    prefix: Annotated[str, StringConstraints(min_length=2, max_length=64)]


class Suggestions(BaseModel):
    """Words that documents one may read hold."""

    terms: list[str]
