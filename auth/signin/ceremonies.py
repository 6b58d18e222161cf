"""What a browser is asked for a passkey, and what it answers (WebAuthn level 2): the one home of its library.

Refuses an answer to another challenge, from another page, for another host, without the person being verified by their
device, or not signed by the passkey. Which passkeys and challenges there are is not known here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

ADDRESS: Final = re.compile(r"(https://[a-z0-9.-]+|http://localhost)(:\d{1,5})?/")
NAME: Final = "Tolmach"
PATIENCE: Final = 120_000  # milliseconds that a browser waits for the person

Answer = Mapping[str, Any]  # as `PublicKeyCredential.toJSON` makes it
Options = dict[str, Any]  # as `PublicKeyCredential.parse…OptionsFromJSON` reads them


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The one page that passkeys are made for: its host, which binds them, and its origin."""

    host: str
    origin: str

    @staticmethod
    def of(address: str) -> RelyingParty | None:
        """That of a page's address, `https://host/` or `http://localhost:8000/`; None where passkeys cannot be."""
        if not ADDRESS.fullmatch(address.lower()):
            return None
        parts = urlsplit(address.lower())
        host, usual = parts.hostname or "", {"https": 443, "http": 80}[parts.scheme]
        try:
            port = "" if parts.port in (None, usual) else f":{parts.port}"
        except ValueError:  # no port has such a number
            return None
        return None if _is_number(host) else RelyingParty(host, f"{parts.scheme}://{host}{port}")


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey as its device made it: what names it, its public key (COSE), and how often it signed."""

    credential: str
    public_key: bytes
    count: int


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a passkey is made for: a handle that says nothing, and the names that their device shows."""

    handle: str
    username: str
    name: str


def creation(party: RelyingParty, challenge: bytes, owner: Owner, others: Iterable[str]) -> Options:
    """What a browser is asked to make a passkey: by a device that has none of `others` and verifies its person."""
    import webauthn  # only here: whoever meets no passkey does not wait for it
    from webauthn.helpers import structs

    selection = structs.AuthenticatorSelectionCriteria(
        resident_key=structs.ResidentKeyRequirement.PREFERRED,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=NAME,
        user_id=owner.handle.encode(),
        user_name=owner.username,
        user_display_name=owner.name,
        challenge=challenge,
        timeout=PATIENCE,
        authenticator_selection=selection,
        exclude_credentials=_named(others),
    )
    return _as_json(options)


def request(party: RelyingParty, challenge: bytes, passkeys: Iterable[str]) -> Options:
    """What a browser is asked to sign with one of these passkeys."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        timeout=PATIENCE,
        allow_credentials=_named(passkeys),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return _as_json(options)


def challenge_in(answer: Answer) -> bytes:
    """The challenge that an answer says it is to; empty where it says none. Nothing of it is proven yet."""
    import webauthn

    try:
        said = json.loads(webauthn.base64url_to_bytes(answer["response"]["clientDataJSON"]))["challenge"]
        return webauthn.base64url_to_bytes(said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return b""


def new_passkey(party: RelyingParty, challenge: bytes, answer: Answer) -> NewPasskey | None:
    """The passkey that was made for this challenge at this page; None whatever is wrong with the answer."""
    import webauthn

    try:
        verified = webauthn.verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception:  # a stranger's bytes: whatever four libraries make of them, it is no passkey
        return None
    credential = webauthn.helpers.bytes_to_base64url(verified.credential_id)
    return NewPasskey(credential, verified.credential_public_key, verified.sign_count)


def signed_count(party: RelyingParty, challenge: bytes, answer: Answer, public_key: bytes) -> int | None:
    """How often the passkey of this key says it has signed, if it signed this challenge at this page; else None.

    Whether it says more than the last time is not looked at: only what is signed can tell of a copy.
    """
    import webauthn

    try:
        verified = webauthn.verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception:  # as above
        return None
    return verified.new_sign_count


def digest(challenge: bytes) -> str:
    """What a challenge is kept as: its SHA-256."""
    return hashlib.sha256(challenge).hexdigest()


def _named(passkeys: Iterable[str]) -> list[Any]:
    import webauthn
    from webauthn.helpers import structs

    return [structs.PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(name)) for name in passkeys]


def _as_json(options: Any) -> Options:  # noqa: ANN401
    import webauthn

    written: Options = json.loads(webauthn.options_to_json(options))
    return written


def _is_number(host: str) -> bool:
    """Whether a host is an address of a machine, which no passkey can be bound to."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
