"""The second factor is RFC 6238's, a step off at most, each step once; a recovery code stands in for it once."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pyotp
import pytest
from factories import agency, person
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from auth.signin import totp, vault
from auth.signin.one_time_codes import ALPHABET
from auth.signin.totp import RECOVERY_CODES, STEP, offer, spend, step_of, turn_on
from auth.tables import PersonRow, RecoveryRow
from services.components import Components

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()  # RFC 6238, appendix B
RFC_DIGITS = {  # the last six of its eight digits, by the moment in seconds
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


MOMENT = at(1_800_000_000)


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No step ends in the middle of a test."""
    monkeypatch.setattr(totp, "now", lambda: MOMENT)


def digits(secret: str, steps: int = 0) -> str:
    """What a device shows now, or so many steps from now."""
    return pyotp.TOTP(secret).at(MOMENT, counter_offset=steps)


@pytest.mark.parametrize(("moment", "typed"), RFC_DIGITS.items())
def test_the_examples_of_the_rfc_are_right(moment: int, typed: str) -> None:
    assert step_of(RFC_SECRET, typed, at(moment)) == moment // STEP


@pytest.mark.parametrize("off", range(-4, 5))
def test_a_clock_may_be_one_step_off(off: int) -> None:
    typed = pyotp.TOTP(RFC_SECRET).at(1_000_000_000 + off * STEP)
    step = step_of(RFC_SECRET, typed, at(1_000_000_000))
    assert step == (1_000_000_000 // STEP + off if abs(off) <= 1 else None)


@given(st.integers(0, 2**33), st.integers(0, 999_999))
def test_no_digits_but_those_of_three_steps_are_taken(moment: int, typed: int) -> None:
    shown = {pyotp.TOTP(RFC_SECRET).at(max(0, moment + off * STEP)) for off in (-1, 0, 1)}
    step = step_of(RFC_SECRET, f"{typed:06}", at(max(STEP, moment)))
    assert (step is not None) == (f"{typed:06}" in shown) or moment < 2 * STEP


@pytest.mark.parametrize("typed", [" 287082", "287082 ", "287 082", "28 70 82"])
def test_spaces_among_the_digits_are_nothing(typed: str) -> None:
    assert step_of(RFC_SECRET, typed, at(59)) == 1


@pytest.mark.parametrize("typed", ["", "0", "28708", "2870820", "2870 8x", "２８７０８２", "٢٨٧٠٨٢", "\udc80", "None"])
def test_what_are_no_six_digits_are_none(typed: str) -> None:
    assert step_of(RFC_SECRET, typed, at(59)) is None


@given(st.text(max_size=30))
def test_no_text_is_an_error(text: str) -> None:
    assert step_of(RFC_SECRET, text, at(59)) in (None, 1, 0, 2)


def test_without_a_secret_nothing_is_right_not_even_the_stand_ins() -> None:
    assert step_of("", digits(totp._NOBODYS)) is None


def test_an_offer_holds_one_new_secret_in_three_ways() -> None:
    codes = offer("ann.b-c_d")
    address = urlsplit(codes.uri)
    fields = parse_qs(address.query)
    assert (address.scheme, address.netloc, unquote(address.path)) == ("otpauth", "totp", "/Tolmach:ann.b-c_d")
    assert (fields["secret"], fields["issuer"]) == ([codes.secret], ["Tolmach"])
    assert len(base64.b32decode(codes.secret)) == 20
    assert len({offer("ann").secret for _ in range(50)}) == 50


def test_the_picture_is_plain_and_can_do_nothing() -> None:
    root = ElementTree.fromstring(offer("ann").picture)
    tags = {element.tag.split("}")[1] for element in root.iter()}
    assert tags <= {"svg", "path", "g"}
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or "href" in name]


# -- Turning it on and using it


@pytest.fixture
def ann(components: Components) -> str:
    agency(components, "A")
    return person(components, "ann", "A", ["expert"])


def on(components: Components, ann: str, steps: int = -1) -> tuple[str, list[str]]:
    """Her second factor, turned on with the digits of a step from now; and her recovery codes."""
    secret = offer("ann").secret
    with components.database.session() as session:
        codes = turn_on(session, session.get_one(PersonRow, ann), secret, digits(secret, steps))
    assert codes is not None
    return secret, codes


def spent(components: Components, ann: str, secret: str, typed: str) -> bool:
    with components.database.session() as session:
        return spend(session, ann, secret, typed)


def test_it_is_on_once_the_device_has_shown_its_digits(components: Components, ann: str) -> None:
    secret, codes = on(components, ann)
    assert len(set(codes)) == RECOVERY_CODES == 10
    assert {tuple(map(len, code.split("-"))) for code in codes} == {(5, 5, 5)}
    assert set("".join(codes)) <= {"-", *ALPHABET}
    with components.database.reading() as session:
        row = session.get_one(PersonRow, ann)
        assert vault.unseal(session, row.otp_secret, vault.of_person(row.id)) == secret
        kept = session.scalars(select(RecoveryRow.digest)).all()
        assert len(kept) == RECOVERY_CODES
        assert not [code for code in codes for digest in kept if code in digest or code.replace("-", "") in digest]


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        (RFC_SECRET, "000000"),
        (RFC_SECRET, ""),
        (RFC_SECRET[:24], None),
        (RFC_SECRET + RFC_SECRET, None),
        ("A" * 32, None),
        ("ABCDABCD" * 4, None),
        (RFC_SECRET.lower(), None),
        (RFC_SECRET[:-1] + "=", None),
        ("", "000000"),
        ("1" * 32, "000000"),
        ("Ж" * 32, "000000"),
    ],
)
def test_it_stays_off_with_wrong_digits_or_a_secret_that_is_none_of_ours(
    components: Components, ann: str, secret, shown
) -> None:
    typed = digits(secret) if shown is None else shown
    with components.database.session() as session:
        row = session.get_one(PersonRow, ann)
        assert turn_on(session, row, secret, typed) is None
        assert (row.otp_secret, row.otp_step) == ("", 0)
        assert session.scalars(select(RecoveryRow)).all() == []


def test_the_digits_that_turned_it_on_are_used_up(components: Components, ann: str) -> None:
    secret, _ = on(components, ann, 0)
    assert not spent(components, ann, secret, digits(secret))


def test_a_step_is_taken_once_and_no_step_before_it(components: Components, ann: str) -> None:
    secret, _ = on(components, ann)
    assert spent(components, ann, secret, digits(secret))
    assert not spent(components, ann, secret, digits(secret))
    assert not spent(components, ann, secret, digits(secret, -1))
    assert spent(components, ann, secret, digits(secret, 1))
    assert not spent(components, ann, secret, digits(secret))


def test_of_many_at_once_one_has_the_step_and_one_the_code(components: Components, ann: str) -> None:
    secret, codes = on(components, ann)
    for typed in (digits(secret, 1), codes[0]):
        with ThreadPoolExecutor(8) as threads:
            taken = list(threads.map(lambda _, typed=typed: spent(components, ann, secret, typed), range(16)))
        assert sum(taken) == 1


def test_each_recovery_code_stands_in_once_however_it_is_typed(components: Components, ann: str) -> None:
    secret, codes = on(components, ann)
    for number, code in enumerate(codes):
        typed = [code, code.lower(), code.replace("-", ""), f" {code} "][number % 4]
        assert spent(components, ann, secret, typed)
        assert not spent(components, ann, secret, code)
    with components.database.reading() as session:
        assert session.scalars(select(RecoveryRow)).all() == []


def test_nothing_of_one_person_serves_another(components: Components, ann: str) -> None:
    secret, codes = on(components, ann)
    bob = person(components, "bob", "A", ["expert"])
    other = offer("bob").secret
    for typed in (codes[0], digits(secret)):
        assert not spent(components, bob, other, typed)
        assert not spent(components, "", "", typed)
        assert not spent(components, "", secret, typed)
        assert not spent(components, ann, "", typed)
    assert spent(components, ann, secret, codes[0])


def test_turning_it_on_anew_forgets_the_old_recovery_codes(components: Components, ann: str) -> None:
    _, before = on(components, ann)
    secret, _ = on(components, ann)
    assert not spent(components, ann, secret, before[0])


def test_digits_are_over_after_two_steps(components: Components, ann: str) -> None:
    secret, _ = on(components, ann)
    assert step_of(secret, digits(secret), MOMENT + timedelta(seconds=2 * STEP)) is None
