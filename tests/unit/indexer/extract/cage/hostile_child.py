"""A program for the cage that a hostile document has taken over: it tries every way out, or writes what it likes.

Run alone (`python hostile_child.py try SECRET PORT`) it tries the ways that do no harm without a cage.
"""

import ctypes
import json
import mmap
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from indexer.extract.cage.frames import COUNT, DONE, HEADER, IMAGE, PAGE
from indexer.extract.cage.template import serve

LIBC = ctypes.CDLL(None, use_errno=True)
CHANNEL = 3
SEEN: list[str] = []


def call(name: str, *arguments: object) -> None:
    """A call of the C library that the kernel may refuse."""
    if getattr(LIBC, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)


def number(nr: int, *arguments: object) -> None:
    """A system call by its number, the same on every architecture from 424 on."""
    call("syscall", ctypes.c_long(nr), *arguments)


def sent(address: object, family: int = socket.AF_INET) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as datagrams:
        datagrams.sendto(b"out", address)


def forked() -> None:
    if os.fork() == 0:
        os._exit(0)
    os.wait()


def executable() -> None:
    LIBC.mmap.restype = ctypes.c_void_p
    if LIBC.mmap(None, ctypes.c_size_t(4096), 7, 0x22, -1, ctypes.c_long(0)) == ctypes.c_void_p(-1).value:
        raise OSError(ctypes.get_errno(), "mmap")


def made_executable() -> None:
    memory = mmap.mmap(-1, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    call("mprotect", ctypes.c_void_p(address), ctypes.c_size_t(4096), 5)


def listening() -> None:
    with socket.socket() as listener:
        listener.listen()


def connected(protocol: int, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol) as stream:
        stream.settimeout(2)
        stream.connect(("127.0.0.1", port))


def unix(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(path)


def passed() -> None:
    with socket.socket(fileno=os.dup(CHANNEL)) as stream:
        socket.send_fds(stream, [b"x"], [0])


def threaded() -> None:
    try:
        thread = threading.Thread(target=len, args=("",))
        thread.start()
        thread.join()
    except RuntimeError as error:
        raise OSError(1, str(error)) from None


def raised(kind: int) -> None:
    _, hard = resource.getrlimit(kind)
    try:
        resource.setrlimit(kind, (hard, hard + 1 if hard >= 0 else hard))
    except ValueError as error:
        raise OSError(1, str(error)) from None


def ways(secret: str, port: int, parent: int) -> dict[str, Callable[[], object]]:
    """Every way out, by name: files, network, other processes, code of its own, the kernel's rarer parts."""
    folder = str(Path(secret).parent)
    local = ctypes.create_string_buffer(16)
    return {
        "read a file": lambda: Path(secret).read_bytes(),
        "look at a path": lambda: os.stat(secret),
        "list a folder": lambda: os.listdir(folder),
        "write a file": lambda: Path(secret + ".new").write_bytes(b"x"),
        "append to a file": lambda: os.close(os.open(secret, os.O_WRONLY | os.O_APPEND)),
        "make a file without a name": lambda: os.close(os.open(folder, os.O_TMPFILE | os.O_RDWR)),
        "change a mode": lambda: os.chmod(secret, 0o600),
        "change a time": lambda: os.utime(secret, (1, 1)),
        "set an attribute": lambda: os.setxattr(secret, "user.x", b"x"),
        "rename": lambda: os.rename(secret, secret),
        "link": lambda: os.link(secret, secret + ".link"),
        "make a folder": lambda: os.mkdir(folder + "/new"),
        "read another's memory": lambda: os.close(os.open(f"/proc/{parent}/mem", os.O_RDONLY)),
        "read another's environment": lambda: Path(f"/proc/{parent}/environ").read_bytes(),
        "connect by TCP": lambda: connected(0, port),
        "connect by MPTCP": lambda: connected(262, port),
        "send by UDP": lambda: sent(("127.0.0.1", port)),
        "send by UDP 6": lambda: sent(("::1", port), socket.AF_INET6),
        "listen": listening,
        "connect to a Unix socket": lambda: unix(folder + "/socket"),
        "connect to an abstract socket": lambda: unix(f"\0tolmach{port}"),
        "open netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close(),
        "make a pair of sockets": lambda: [end.close() for end in socket.socketpair()],
        "make a pipe": lambda: [os.close(end) for end in os.pipe()],
        "pass a descriptor": passed,
        "fork": forked,
        "start a thread": threaded,
        "run a program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "become a program": lambda: call("execv", secret.encode(), None),
        "signal another": lambda: os.kill(parent, 0),
        "signal a thread": lambda: signal.pthread_kill(threading.get_ident(), signal.SIGURG),
        "have signals sent": lambda: call("fcntl", 0, 8, parent),
        "trace another": lambda: call("ptrace", 16, parent, None, None),
        "read another process": lambda: call("process_vm_readv", parent, local, 1, local, 1, 0),
        "open another process": lambda: os.close(os.pidfd_open(parent)),
        "signal by descriptor": lambda: number(424, 0, 0, None, 0),
        "limit another": lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE),
        "be nice": lambda: os.setpriority(os.PRIO_PROCESS, 0, 1),
        "choose a processor": lambda: os.sched_setaffinity(0, os.sched_getaffinity(0)),
        "outlive the parent": lambda: call("prctl", 1, 0, 0, 0, 0),
        "map memory to run": executable,
        "make memory run": made_executable,
        "share memory": lambda: call("shmget", 0, ctypes.c_size_t(4096), 0o1600),
        "make a message queue": lambda: call("msgget", 0, 0o1600),
        "make a semaphore": lambda: call("semget", 0, 1, 0o1600),
        "make a nameless file": lambda: os.close(os.memfd_create("x")),
        "set up io_uring": lambda: number(425, 1, ctypes.create_string_buffer(120)),
        "make a namespace": lambda: call("unshare", 0x10000000),
        "change the root": lambda: os.chroot("/"),
        "mount": lambda: call("mount", b"none", folder.encode(), b"tmpfs", 0, None),
        "open by newer calls": lambda: number(437, -100, secret.encode(), ctypes.create_string_buffer(24), 24),
        "raise its memory": lambda: raised(resource.RLIMIT_AS),
        "raise its CPU time": lambda: raised(resource.RLIMIT_CPU),
        "raise its files": lambda: raised(resource.RLIMIT_NOFILE),
    }


HARMLESS = {
    *("read a file", "look at a path", "list a folder", "append to a file", "change a mode", "change a time"),
    *(
        "rename",
        "read another's environment",
        "connect by TCP",
        "send by UDP",
        "listen",
        "connect to an abstract socket",
    ),
    *("open netlink", "make a pair of sockets", "make a pipe", "fork", "start a thread", "run a program"),
    *("signal another", "signal a thread", "limit another", "map memory to run", "make memory run", "share memory"),
    *("make a nameless file", "open by newer calls"),
}
"""Ways that are open to anybody, and that a test may go without leaving anything behind."""


def outcomes(secret: str, port: int, parent: int, chosen: set[str] | None = None) -> dict[str, str]:
    """What came of each way out: `done`, or `refused`."""
    results = {}
    for name, way in ways(secret, port, parent).items():
        if chosen is not None and name not in chosen:
            continue
        try:
            way()
            results[name] = "done"
        except OSError as error:
            results[name] = f"refused {error.errno}"
    return results


def itself(descriptor: int) -> dict[str, object]:
    """What this process has: its environment, descriptors, limits, and what it may read."""
    descriptors = []
    for candidate in range(300):
        try:
            os.fstat(candidate)
            descriptors.append(candidate)
        except OSError:
            continue
    kinds = ("RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NOFILE", "RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_NPROC")
    module = os.open(json.__file__, os.O_RDONLY)
    return {
        "environment": dict(os.environ),
        "descriptors": descriptors,
        "limits": {kind: resource.getrlimit(getattr(resource, kind)) for kind in kinds},
        "module": len(os.read(module, 10)),
        "document": os.pread(descriptor, 9, 0).decode(),
        "pid": os.getpid(),
    }


def work(request: dict, descriptor: int) -> Iterator[tuple[bytes, bytes]]:
    """Do what the request's `act` says."""
    act = request["act"]
    if act == "try":
        yield PAGE, json.dumps(outcomes(request["secret"], request["port"], os.getppid())).encode()
    elif act == "itself":
        yield PAGE, json.dumps(itself(descriptor)).encode()
    elif act == "remember":
        yield PAGE, json.dumps(SEEN).encode()
        SEEN.append(os.pread(descriptor, 99, 0).decode())
    elif act == "frames":
        for kind, payload in request["frames"]:
            raw(request["nonce"], kind.encode(), bytes.fromhex(payload))
    else:
        yield from MISCHIEF[act](request)


# --- what a child may do to its parent -------------------------------------------------------------------------------


def raw(nonce: str, kind: bytes, payload: bytes) -> None:
    os.write(CHANNEL, HEADER.pack(bytes.fromhex(nonce), kind, len(payload)) + payload)


def pid() -> tuple[bytes, bytes]:
    return PAGE, str(os.getpid()).encode()


def other_nonce(request: dict) -> Iterator[tuple[bytes, bytes]]:
    raw("00" * 16, PAGE, b"null")
    yield PAGE, b"null"


def after_the_last(request: dict) -> Iterator[tuple[bytes, bytes]]:
    yield PAGE, b"null"
    raw(request["nonce"], DONE, b"")
    raw(request["nonce"], PAGE, b'"of the next document"')


def too_long(request: dict) -> Iterator[tuple[bytes, bytes]]:
    os.write(CHANNEL, HEADER.pack(bytes.fromhex(request["nonce"]), PAGE, 1 << 31))
    yield PAGE, b"null"


def never_done(request: dict) -> Iterator[tuple[bytes, bytes]]:
    yield pid()
    while True:
        yield PAGE, b"null"


def dripping(request: dict) -> Iterator[tuple[bytes, bytes]]:
    yield pid()
    os.write(CHANNEL, HEADER.pack(bytes.fromhex(request["nonce"]), IMAGE, 90 << 20))
    while True:
        os.write(CHANNEL, b"x")


def deaf(request: dict) -> Iterator[tuple[bytes, bytes]]:
    """Closes its channel and goes on working, whatever signal says that its time is over."""
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    yield pid()
    os.close(CHANNEL)
    while True:
        time.monotonic()


def idle(request: dict) -> Iterator[tuple[bytes, bytes]]:
    yield pid()
    while True:
        time.monotonic()


def counting(request: dict) -> Iterator[tuple[bytes, bytes]]:
    while True:
        yield COUNT, b"5000"


def swelling(request: dict) -> Iterator[tuple[bytes, bytes]]:
    yield PAGE, str(len(bytearray(1 << 30))).encode()


MISCHIEF = {
    "other nonce": other_nonce,
    "after the last": after_the_last,
    "too long": too_long,
    "never done": never_done,
    "dripping": dripping,
    "deaf": deaf,
    "idle": idle,
    "counting": counting,
    "swelling": swelling,
}

if __name__ == "__main__":
    if sys.argv[1] == "try":
        print(json.dumps(outcomes(sys.argv[2], int(sys.argv[3]), os.getppid(), HARMLESS)))
    else:
        serve(work)
