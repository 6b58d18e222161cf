"""What both reading children do alike: confine themselves, take requests, answer in frames, keep to the limits.

Refuses to read on when a document uses more memory or CPU time than its request allows.
"""

import gc
import json
import mmap
import os
import resource
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

from auth.errors import TolmachError
from indexer.extract.cage.confine import confine
from indexer.extract.cage.frames import DONE, ERROR, HEADER

Work = Callable[[dict[str, Any], int], Iterator[tuple[bytes, bytes]]]
"""Takes a request and the descriptor of a PDF, and gives the frames of the answer."""


class Refused(TolmachError):  # noqa: N818 (an answer, not a fault)
    """A document this child will not read: its argument is the code of ExtractError."""


def serve(work: Work) -> None:
    """Answer requests from the socket that the first argument names until it closes; the second is the parent."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    confine(int(sys.argv[2]))
    for request, descriptor in _requests(channel):
        try:
            _answer(work, channel, request, descriptor)
        except OSError:
            return
        finally:
            os.close(descriptor)
            gc.collect()


def _requests(channel: socket.socket) -> Iterator[tuple[dict[str, Any], int]]:
    while True:
        text, descriptors, _, _ = socket.recv_fds(channel, 4096, 1)
        if not text or not descriptors:
            return
        yield json.loads(text), descriptors[0]


def _answer(work: Work, channel: socket.socket, request: dict[str, Any], descriptor: int) -> None:
    """Do one request; every failure that is not the socket's becomes an error frame."""
    limit(request["memory"], request["cpu"])
    try:
        for kind, payload in work(request, descriptor):
            _send(channel, kind, payload)
        _send(channel, DONE, b"")
    except Refused as refused:
        _send(channel, ERROR, str(refused).encode())
    except MemoryError:
        _send(channel, ERROR, b"too_large_in_memory")


def limit(memory: int, cpu: float) -> None:
    """Cap the address space, and move the CPU limit to `cpu` seconds from now."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + cpu) + 1, hard))
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))


def mapped(descriptor: int) -> mmap.mmap:
    """The file's bytes, read as they are needed."""
    try:
        return mmap.mmap(descriptor, os.fstat(descriptor).st_size, access=mmap.ACCESS_COPY)
    except (OSError, ValueError):
        raise Refused("too_large_in_memory") from None


def _send(channel: socket.socket, kind: bytes, payload: bytes) -> None:
    channel.sendall(HEADER.pack(kind, len(payload)) + payload)
