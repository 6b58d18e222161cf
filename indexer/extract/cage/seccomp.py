"""The system calls that reading a file needs; all others are refused. Refuses what is not in its table.

libseccomp writes the filter where it is there (pyseccomp); else we do, for x86-64 and 64-bit ARM.
"""

import ctypes
import errno
import mmap
import os
import platform
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | 0o20000000  # the last: a file without a name
_FCNTL = (0, 1, 2, 3, 1030)  # copy a descriptor, its flags; nothing that sends signals
_FIOCLEX = 0x5451
_OPEN_ALREADY = 0x1000  # looks at a descriptor, not at a path


@dataclass(frozen=True, slots=True)
class Call:
    """A system call with its number on x86-64 and 64-bit ARM (None: it has none).

    `argument` is the place of one that must be one of `values`, or in which no bit of `zero` may be set.
    """

    name: str
    x86_64: int
    aarch64: int | None
    argument: int = -1
    values: tuple[int, ...] = ()
    zero: int = 0


ALLOWED: Final = (
    # what a child has: the channel, the document, fonts, modules
    Call("read", 0, 63),
    Call("write", 1, 64),
    Call("pread64", 17, 67),
    Call("readv", 19, 65),
    Call("writev", 20, 66),
    Call("lseek", 8, 62),
    Call("close", 3, 57),
    Call("fstat", 5, 80),
    Call("newfstatat", 262, 79, argument=3, values=(_OPEN_ALREADY,)),
    Call("getdents64", 217, 61),
    Call("openat", 257, 56, argument=2, zero=_WRITES),
    Call("dup", 32, 23),
    Call("fcntl", 72, 25, argument=1, values=_FCNTL),
    Call("ioctl", 16, 29, argument=1, values=(_FIOCLEX,)),
    # memory, none of which may ever be run
    Call("brk", 12, 214),
    Call("mmap", 9, 222, argument=2, zero=mmap.PROT_EXEC),
    Call("mprotect", 10, 226, argument=2, zero=mmap.PROT_EXEC),
    Call("munmap", 11, 215),
    Call("mremap", 25, 216),
    Call("madvise", 28, 233),
    # itself
    Call("futex", 202, 98),
    Call("rt_sigaction", 13, 134),
    Call("rt_sigprocmask", 14, 135),
    Call("rt_sigreturn", 15, 139),
    Call("sigaltstack", 131, 132),
    Call("restart_syscall", 219, 128),
    Call("sched_yield", 24, 124),
    Call("sched_getaffinity", 204, 123),
    Call("getrusage", 98, 165),
    Call("prlimit64", 302, 261, argument=0, values=(0,)),
    Call("getpid", 39, 172),
    Call("gettid", 186, 178),
    Call("getppid", 110, 173),
    Call("getuid", 102, 174),
    Call("geteuid", 107, 175),
    Call("getgid", 104, 176),
    Call("getegid", 108, 177),
    Call("exit", 60, 93),
    Call("exit_group", 231, 94),
    # the machine
    Call("clock_gettime", 228, 113),
    Call("clock_getres", 229, 114),
    Call("gettimeofday", 96, 169),
    Call("time", 201, None),
    Call("getrandom", 318, 278),
    Call("uname", 63, 160),
    Call("sysinfo", 99, 179),
)


def programs() -> Iterator[tuple[str, bytes]]:
    """The filter as the kernel takes it, by each way that this machine has: whose it is, and its instructions."""
    by_library = _by_libseccomp()
    if by_library:
        yield "libseccomp", by_library
    own = own_program(platform.machine())
    if own:
        yield "own filter", own


def install(program: bytes) -> None:
    """Put the filter over this process, for good. Raises OSError. No privilege may be gained any more by then."""
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), header, ctypes.c_ulong(0), ctypes.c_ulong(0)):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")


def _by_libseccomp() -> bytes:
    """The program that libseccomp writes; empty where it is missing."""
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError):  # the package, or the library that it binds
        return b""
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    rules.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    for call in ALLOWED:
        if platform.machine() == "x86_64" or call.aarch64 is not None:
            for conditions in _conditions(pyseccomp, call):
                rules.add_rule(pyseccomp.ALLOW, call.name, *conditions)
    with open(os.memfd_create("filter"), "w+b") as file:  # noqa: PTH123 (a descriptor, not a path)
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _conditions(library: object, call: Call) -> list[list[object]]:
    """For each rule that libseccomp needs for a call: what its arguments must be."""
    arg, equal, masked = library.Arg, library.EQ, library.MASKED_EQ  # type: ignore[attr-defined]
    if call.values:
        return [[arg(call.argument, equal, value)] for value in call.values]
    return [[arg(call.argument, masked, call.zero, 0)] if call.zero else []]


# --- our own program -------------------------------------------------------------------------------------------------

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # where these stand in what the kernel shows the filter
_X32 = 0x40000000  # calls of x86-64's second interface have this bit in their numbers
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def own_program(machine: str) -> bytes:
    """Our own filter for this kind of processor; empty for one that we have no numbers for."""
    if machine not in _ARCHITECTURES:
        return b""
    numbers = ((call, call.x86_64 if machine == "x86_64" else call.aarch64) for call in ALLOWED)
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, _ARCHITECTURES[machine], 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _X32, 0, 1),
        _step(_RETURN, _REFUSE),
    ]
    for call, number in numbers:
        if number is not None:
            verdict = _verdict(call)
            steps += [_step(_EQUAL, number, 0, len(verdict)), *verdict]
    return b"".join([*steps, _step(_RETURN, _REFUSE)])


def _verdict(call: Call) -> list[bytes]:
    """The steps that allow the call or refuse it; of our arguments the kernel reads the low half alone."""
    allow, refuse = _step(_RETURN, _ALLOW), _step(_RETURN, _REFUSE)
    load = _step(_LOAD, _ARGUMENTS + 8 * call.argument)
    if call.values:
        last = len(call.values)
        return [load, *(_step(_EQUAL, value, last - i, 0) for i, value in enumerate(call.values)), refuse, allow]
    return [load, _step(_ANY_BIT, call.zero, 0, 1), refuse, allow] if call.zero else [allow]


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """One instruction: what it does, and how many to skip where it is true and where it is not."""
    return struct.pack("=HBBI", code, yes, no, value)
