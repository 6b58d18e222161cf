"""Changes to access as people write and read them: levels by name, moments with a zone.

The same shapes go in (a preview's `change`) and out (a proposal's), so that an approver can preview what waits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from auth.changes import access
from auth.changes.access import Change, Terms
from auth.people import Role
from auth.scheme import Scheme
from services.schemas.fields import Short, Strict, When, Word


class TermsSchema(Strict):
    """What a grant gives: `clearance` is a level; `starts` null is at once, `ends` null is never."""

    role: Role
    clearance: Short
    need_to_know: Annotated[list[Word], Field(max_length=200)] = Field(default_factory=list)
    starts: When | None = None
    ends: When | None = None

    def terms(self, scheme: Scheme) -> Terms:
        """As a value. Raises SchemeError."""
        return Terms(self.role, scheme.rank(self.clearance), frozenset(self.need_to_know), self.starts, self.ends)

    @staticmethod
    def of(terms: Terms, scheme: Scheme) -> TermsSchema:
        """From a value."""
        return TermsSchema(
            role=terms.role,
            clearance=scheme.code(terms.clearance),
            need_to_know=sorted(terms.words),
            starts=terms.starts,
            ends=terms.ends,
        )


class AddAgencySchema(Strict):
    """A new agency; `ceiling` is the highest level that its people may read."""

    kind: Literal["add_agency"] = "add_agency"
    code: Short
    name_en: Short
    name_ru: Short
    ceiling: Short

    def change(self, scheme: Scheme) -> Change:
        """As a value. Raises SchemeError."""
        return access.AddAgency(self.code, self.name_en, self.name_ru, scheme.rank(self.ceiling))


class ChangeAgencySchema(Strict):
    """Another name or ceiling of an agency, or whether it takes part; null leaves a thing as it is."""

    kind: Literal["change_agency"] = "change_agency"
    code: Short
    name_en: Short | None = None
    name_ru: Short | None = None
    ceiling: Short | None = None
    active: bool | None = None

    def change(self, scheme: Scheme) -> Change:
        """As a value. Raises SchemeError."""
        ceiling = None if self.ceiling is None else scheme.rank(self.ceiling)
        return access.ChangeAgency(self.code, self.name_en, self.name_ru, ceiling, self.active)


class AddPersonSchema(Strict):
    """A new person and what they are granted. Without a grant they get no code to sign in with yet."""

    kind: Literal["add_person"] = "add_person"
    username: Short
    name: Short
    agency: Short
    grants: Annotated[list[TermsSchema], Field(max_length=20)] = Field(default_factory=list)

    def change(self, scheme: Scheme) -> Change:
        """As a value. Raises SchemeError."""
        grants = tuple(terms.terms(scheme) for terms in self.grants)
        return access.AddPerson(self.username, self.name, self.agency, grants)


class OfPerson(Strict):
    """Disabling or enabling a person, a one-time code in place of what they sign in with, or the end of their link."""

    kind: Literal["disable_person", "enable_person", "renew_sign_in", "unlink_person"]
    username: Short

    def change(self, scheme: Scheme) -> Change:
        """As a value."""
        return _OF_PERSON[self.kind](self.username)


_OF_PERSON: Final[Mapping[str, Callable[[str], Change]]] = {
    kind.kind: kind for kind in (access.DisablePerson, access.EnablePerson, access.RenewSignIn, access.UnlinkPerson)
}


class LinkPersonSchema(Strict):
    """A person whom a subject of an issuer is to sign in as."""

    kind: Literal["link_person"] = "link_person"
    username: Short
    issuer: Short
    subject: Short

    def change(self, scheme: Scheme) -> Change:
        """As a value."""
        return access.LinkPerson(self.username, self.issuer, self.subject)


class AddGrantSchema(TermsSchema):
    """One more grant of a person."""

    kind: Literal["add_grant"] = "add_grant"
    username: Short

    def change(self, scheme: Scheme) -> Change:
        """As a value. Raises SchemeError."""
        return access.AddGrant(self.username, self.terms(scheme))


class EndGrantSchema(Strict):
    """The end of a grant: now, or at a moment to come that is earlier than its own end."""

    kind: Literal["end_grant"] = "end_grant"
    grant_id: Short
    ends: When | None = None

    def change(self, scheme: Scheme) -> Change:
        """As a value."""
        return access.EndGrant(self.grant_id, self.ends)


AnyChange = Annotated[
    AddAgencySchema
    | ChangeAgencySchema
    | AddPersonSchema
    | OfPerson
    | AddGrantSchema
    | EndGrantSchema
    | LinkPersonSchema,
    Field(discriminator="kind"),
]


def schema_of(change: Change, scheme: Scheme) -> AnyChange:
    """The shape of a change, without its secrets."""
    match change:
        case access.AddAgency(code, name_en, name_ru, ceiling):
            return AddAgencySchema(code=code, name_en=name_en, name_ru=name_ru, ceiling=scheme.code(ceiling))
        case access.ChangeAgency(code, name_en, name_ru, ceiling, active):
            level = None if ceiling is None else scheme.code(ceiling)
            return ChangeAgencySchema(code=code, name_en=name_en, name_ru=name_ru, ceiling=level, active=active)
        case access.AddPerson(username, name, agency, grants):
            shapes = [TermsSchema.of(terms, scheme) for terms in grants]
            return AddPersonSchema(username=username, name=name, agency=agency, grants=shapes)
        case access.AddGrant(username, terms):
            return AddGrantSchema(username=username, **TermsSchema.of(terms, scheme).model_dump())
        case access.EndGrant(grant_id, ends):
            return EndGrantSchema(grant_id=grant_id, ends=ends)
        case access.LinkPerson(username, issuer, subject):
            return LinkPersonSchema(username=username, issuer=issuer, subject=subject)
        case access.DisablePerson(username):
            return OfPerson(kind="disable_person", username=username)
        case access.EnablePerson(username):
            return OfPerson(kind="enable_person", username=username)
        case access.UnlinkPerson(username):
            return OfPerson(kind="unlink_person", username=username)
    return OfPerson(kind="renew_sign_in", username=change.username)


def trail_detail(change: Change, scheme: Scheme) -> dict[str, str | int]:
    """What is to be, as the trail tells it beside whom or what it is about: levels by name, never a one-time code."""
    fields = schema_of(change, scheme).model_dump(mode="json", exclude_none=True, exclude={"kind", "username", "code"})
    return {
        name: value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
        for name, value in fields.items()
        if value != []
    }
