"""What is sealed opens as it was under its own name with its own key, and else not at all: not a piece, not its end."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store import sealed_streams
from indexer.store.contract import BrokenError
from indexer.store.sealed_streams import SealedStreams

KEY = bytes(range(32))
STREAMS = SealedStreams(KEY)
HEAD, SEALED_PIECE = 33, 64 + 16


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> object:
    """Pieces of 64 bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_streams, "PIECE", 64)
        yield


def sealed(text: bytes, name: str = "a/b") -> bytes:
    return b"".join(STREAMS.seal(io.BytesIO(text), name))


def opened(content: bytes, name: str = "a/b", streams: SealedStreams = STREAMS, cut: int = 7) -> bytes:
    pieces = (content[at : at + cut] for at in range(0, len(content), cut))
    return b"".join(streams.open(pieces, name))


@given(st.binary(max_size=400), st.integers(1, 500))
def test_it_opens_as_it_was_however_it_is_cut(text: bytes, cut: int) -> None:
    content = sealed(text)
    assert opened(content, cut=cut) == text
    assert len(content) == HEAD + len(text) + 16 * max(1, -(-len(text) // 64))
    assert len(text) < 4 or text not in content


def test_equal_texts_are_sealed_differently() -> None:
    assert sealed(b"text")[HEAD:] != sealed(b"text")[HEAD:]


@given(st.data())
def test_no_flipped_bit_opens(data: st.DataObject) -> None:
    content = bytearray(sealed(bytes(data.draw(st.integers(0, 200)))))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(BrokenError):
        opened(bytes(content))


@given(st.data())
def test_nothing_that_was_cut_off_or_put_behind_opens(data: st.DataObject) -> None:
    content = sealed(bytes(data.draw(st.integers(0, 200))))
    with pytest.raises(BrokenError):
        opened(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(BrokenError):
        opened(content + data.draw(st.binary(min_size=1, max_size=100)))


def _piece(content: bytes, number: int) -> bytes:
    return content[HEAD + number * SEALED_PIECE :][:SEALED_PIECE]


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c[:HEAD] + _piece(c, 1) + _piece(c, 0) + _piece(c, 2),
        lambda c: c[:HEAD] + _piece(c, 0) + _piece(c, 2),
        lambda c: c[:HEAD] + _piece(c, 0) + _piece(c, 0) + _piece(c, 1) + _piece(c, 2),
        lambda c: c[: HEAD + 2 * SEALED_PIECE],
        lambda c: sealed(bytes(150))[:HEAD] + c[HEAD:],
        lambda c: b"",
        lambda c: c[:HEAD],
    ],
    ids=["exchanged", "left out", "twice", "the last cut off", "another's head", "nothing", "the head alone"],
)
def test_pieces_in_another_order_do_not_open(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BrokenError):
        opened(change(sealed(bytes(150))))


def test_another_name_or_another_key_does_not_open() -> None:
    content = sealed(b"text")
    assert opened(content) == b"text"
    with pytest.raises(BrokenError, match="another key"):
        opened(content, name="a/c")
    with pytest.raises(BrokenError):
        opened(content, streams=SealedStreams(secrets.token_bytes(32)))


def test_a_version_of_later_is_said_to_be_one() -> None:
    with pytest.raises(BrokenError, match="none that this version sealed"):
        opened(b"\x02" + sealed(b"text")[1:])


def test_no_more_is_held_than_a_piece_and_what_came() -> None:
    source = io.BytesIO(bytes(64 * 100))
    list(islice(STREAMS.seal(source, "a"), 2))
    assert source.tell() <= 3 * 64


def test_hidden_names_are_the_same_for_the_same_word_and_key_alone() -> None:
    assert STREAMS.hidden("word") == STREAMS.hidden("word") != STREAMS.hidden("words")
    assert SealedStreams(bytes(32)).hidden("word") != STREAMS.hidden("word")
    assert len(STREAMS.hidden("word")) == 32
