"""Terms, their proposals and imports as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from auth.scheme import Scheme
from indexer.lexicon.termbase.proposals import ShownTerm, TermEvent, TermQuery, TermsFound
from indexer.lexicon.termbase.terms import LONGEST, LONGEST_NOTE, MOST_WORDS, Concept, TermWord
from indexer.lexicon.termbase.vocabularies import Vocabulary
from indexer.text import Language
from services.schemas.fields import Reason, Short, Strict
from services.schemas.labels import LabelSchema

Text = Annotated[str, StringConstraints(max_length=LONGEST)]
Status = Literal["preferred", "admitted", "superseded", "forbidden"]
State = Literal["approved", "proposed", "rejected", "withdrawn", "replaced"]


class TermWordSchema(Strict):
    """A word of a term in one language, and how it stands to the others."""

    language: Language
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
    status: Status = "preferred"

    @staticmethod
    def of(word: TermWord) -> TermWordSchema:
        """From a word."""
        status: Status = next(each for each in _STATUSES if each == word.status)
        return TermWordSchema(language=word.language, text=word.text, status=status)


_STATUSES: tuple[Status, ...] = ("preferred", "admitted", "superseded", "forbidden")


class TermEventSchema(BaseModel):
    """Something that was done to a term."""

    act: str
    by: str
    at: str
    reason: str

    @staticmethod
    def of(event: TermEvent) -> TermEventSchema:
        """From an event."""
        return TermEventSchema(act=event.act, by=event.by, at=event.at, reason=event.reason)


class TermSchema(BaseModel):
    """A term. One that ships with the service has no label; `vocabulary` names the file that it was imported with.

    `history` is for translators and reviewers.
    """

    term_id: str
    words: list[TermWordSchema]
    domain: str
    part_of_speech: str
    source: str
    note: str
    state: State
    shipped: bool
    label: LabelSchema | None
    vocabulary: str
    licence: str
    replaces: str
    history: list[TermEventSchema]

    @staticmethod
    def of(term: ShownTerm, scheme: Scheme) -> TermSchema:
        """From a term."""
        concept = term.concept
        return TermSchema(
            term_id=term.concept_id,
            words=[TermWordSchema.of(word) for word in concept.words],
            domain=concept.domain,
            part_of_speech=concept.part_of_speech,
            source=concept.source,
            note=concept.note,
            state=term.state,
            shipped=term.label is None,
            label=LabelSchema.of(term.label, scheme) if term.label else None,
            vocabulary=term.vocabulary,
            licence=term.licence,
            replaces=term.replaces,
            history=[TermEventSchema.of(event) for event in term.history],
        )


class TermSearch(Strict):
    """Terms that hold all these words, in any inflected form; without words, all of a state, by their English word."""

    query: Annotated[str, StringConstraints(max_length=300)] = ""
    state: State = "approved"
    offset: Annotated[int, Field(ge=0, le=9_900)] = 0
    limit: Annotated[int, Field(ge=0, le=100)] = 50

    def terms(self) -> TermQuery:
        """As a value."""
        return TermQuery(self.query, self.state, self.offset, self.limit)


class TermsAnswer(BaseModel):
    """Some of the terms, and how many there are."""

    total: int
    terms: list[TermSchema]

    @staticmethod
    def of(result: TermsFound, scheme: Scheme) -> TermsAnswer:
        """From what was found."""
        return TermsAnswer(total=result.total, terms=[TermSchema.of(term, scheme) for term in result.terms])


class ProposedTerm(Strict):
    """A new term under a label, or one in place of another (`replaces`), which must have the same label."""

    words: Annotated[list[TermWordSchema], Field(min_length=2, max_length=MOST_WORDS)]
    domain: Text = ""
    part_of_speech: Text = ""
    source: Text = ""
    note: Annotated[str, StringConstraints(max_length=LONGEST_NOTE)] = ""
    originator: Short
    level: Short
    releasable_to: Annotated[str, StringConstraints(max_length=2_000)] = ""
    need_to_know: Annotated[str, StringConstraints(max_length=2_000)] = ""
    replaces: Annotated[str, StringConstraints(max_length=64)] = ""
    reason: Reason

    def concept(self) -> Concept:
        """As a value."""
        words = tuple(TermWord(word.language, word.text, word.status) for word in self.words)
        return Concept(words, self.domain, self.part_of_speech, self.source, self.note)


class TermReceipt(BaseModel):
    """The identifier of what was proposed."""

    term_id: str


class RefusedEntrySchema(BaseModel):
    """An entry of a file that was not taken: where it stands, and the code of the reason."""

    place: str
    reason: str


class VocabularySchema(BaseModel):
    """What became of a file of terms: how many were taken, and the first of those that were not."""

    vocabulary_id: str
    kind: str
    name: str
    licence: str
    form: str
    label: LabelSchema
    entries: int
    refused: int
    refusals: list[RefusedEntrySchema]
    whole: bool

    @staticmethod
    def of(vocabulary: Vocabulary, scheme: Scheme) -> VocabularySchema:
        """From a vocabulary."""
        about = vocabulary.about
        return VocabularySchema(
            vocabulary_id=vocabulary.vocabulary_id,
            kind=about.kind,
            name=about.name,
            licence=about.licence,
            form=about.form,
            label=LabelSchema.of(about.label, scheme),
            entries=vocabulary.entries,
            refused=vocabulary.refused,
            refusals=[RefusedEntrySchema(place=place, reason=reason) for place, reason in vocabulary.refusals],
            whole=vocabulary.whole,
        )
