"""Takes from this process what reading a file does not need, for good. Refuses to run on if its parent is gone.

Twice: `confine_template` for the warm process that forks the children, which reads no document; `confine_child` for
the child that reads one. Each means is used where the machine has it, and `Confinement` says which are.
"""

import contextlib
import ctypes
import os
import resource
import signal
import struct
import sys
from dataclasses import dataclass

from indexer.extract.cage import seccomp
from indexer.extract.cage.landlock import close_files

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_NEW_USER, _NEW_NETWORK, _NEW_IPC = 0x10000000, 0x40000000, 0x08000000
_CAPABILITY_VERSION = 0x20080522


@dataclass(frozen=True, slots=True)
class Confinement:
    """What holds the children in on this machine: Landlock's version (0: none), whose filter of system calls
    ("" for none), and the namespaces of their own."""

    landlock: int
    system_calls: str
    namespaces: tuple[str, ...]

    def missing(self) -> list[str]:
        """What this machine does not give, in words."""
        words = {
            "no filter of system calls: children can reach the network and Unix sockets": not self.system_calls,
            "no Landlock: children can read files as the service's user can": not self.landlock,
            "no user and network namespace of their own": "network" not in self.namespaces,
        }
        return [text for text, absent in words.items() if absent]

    def __str__(self) -> str:
        spaces = f"own namespaces ({', '.join(self.namespaces)})" if self.namespaces else ""
        parts = (
            f"system calls by {self.system_calls}" if self.system_calls else "",
            f"Landlock {self.landlock}" if self.landlock else "",
            spaces,
        )
        return ", ".join(filter(None, [*parts, *self.missing()]))


def confine_template(parent: int) -> tuple[int, tuple[str, ...]]:
    """Close files and network to the warm process and all it forks. Gives Landlock's version and the own namespaces.

    To be called when all modules are loaded.
    """
    spaces = _own_namespaces() if sys.platform == "linux" else ()
    _drop_capabilities()
    _die_with(parent)  # after the namespaces: the kernel forgets the signal when they change what the process may do
    landlock = close_files() if sys.platform == "linux" else 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return landlock, spaces


def confine_child(template: int, program: bytes) -> None:
    """Take from a fresh fork the rest: other processes, descriptors, all system calls that reading does not need.

    Raises OSError if the filter cannot be put on: then nothing may be read.
    """
    _die_with(template)
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if program:
        seccomp.install(program)


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None).prctl
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _own_namespaces() -> tuple[str, ...]:
    """A network without a way out, and shared memory that nobody else has, where the machine lets us."""
    unshare = ctypes.CDLL(None).unshare
    inner = _NEW_NETWORK | _NEW_IPC
    if unshare(_NEW_USER | inner) == 0:
        return "user", "network", "ipc"
    return ("network", "ipc") if unshare(inner) == 0 else ()


def _drop_capabilities() -> None:
    """Even root keeps no capability, nor does the maker of a namespace inside it."""
    if sys.platform == "linux":
        header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
        ctypes.CDLL(None).capset(header, bytes(24))
