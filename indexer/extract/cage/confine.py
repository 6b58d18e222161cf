"""Takes from this process what reading a PDF does not need, for good. Refuses to run on if its parent is gone.

No file may be written and none opened but fonts and Python's own modules; no TCP connection made, no program run, no
privilege gained. What the kernel has no means for (Landlock: files from Linux 5.13, TCP from 6.7) is left out.
"""

import contextlib
import ctypes
import os
import resource
import signal
import struct
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
_READ = 1 << 2 | 1 << 3  # files, directories
_FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # by Landlock version: how many kinds of file access it knows
_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts")


def confine(parent: int) -> None:
    """Set every limit that stays the same for all documents. To be called when all modules are loaded."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None).prctl
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)
    if sys.platform == "linux":
        _close_file_system()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _close_file_system() -> None:
    """Landlock: reading below a few directories is all that is left of files; of the network, nothing."""
    syscall = ctypes.CDLL(None).syscall
    version = syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return
    files = (1 << _FS_BITS[min(version, 5)]) - 1
    network = 0b11 if version >= 4 else 0
    scope = 0b11 if version >= 6 else 0
    attributes = struct.pack("=QQQ", files, network, scope)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return
    for descriptor in _readable():
        syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", _READ, descriptor), 0)
        os.close(descriptor)
    syscall(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _readable() -> Iterator[int]:
    """Descriptors of the directories whose files may still be read."""
    paths = sysconfig.get_paths()
    for name in {*_FONTS, *(paths[key] for key in ("stdlib", "platstdlib", "purelib", "platlib"))}:
        with contextlib.suppress(OSError):
            yield os.open(Path(name), os.O_PATH | os.O_CLOEXEC)
