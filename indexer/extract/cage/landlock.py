"""Closes the file system and TCP to this process by Landlock, for good; reads below a few folders are all that is left.

Linux has it from 5.13 (files), 6.7 (TCP), 6.12 (signals and abstract sockets of processes outside).
"""

import contextlib
import ctypes
import os
import struct
import sysconfig
from collections.abc import Iterator
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
_READ = 1 << 2 | 1 << 3  # files, directories
_FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # by Landlock version: how many kinds of file access it knows
_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts")


def close_files() -> int:
    """Leave nothing but reading fonts and Python's own modules. Gives Landlock's version; 0: there is none in force."""
    syscall = ctypes.CDLL(None).syscall
    version = int(syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1))
    if version < 1:
        return 0
    files = (1 << _FS_BITS[min(version, 5)]) - 1
    network = 0b11 if version >= 4 else 0
    scope = 0b11 if version >= 6 else 0
    attributes = struct.pack("=QQQ", files, network, scope)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return 0
    for descriptor in _readable():
        syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", _READ, descriptor), 0)
        os.close(descriptor)
    refused = syscall(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return 0 if refused else version


def _readable() -> Iterator[int]:
    """Descriptors of the directories whose files may still be read."""
    paths = sysconfig.get_paths()
    for name in {*_FONTS, *(paths[key] for key in ("stdlib", "platstdlib", "purelib", "platlib"))}:
        with contextlib.suppress(OSError):
            yield os.open(Path(name), os.O_PATH | os.O_CLOEXEC)
