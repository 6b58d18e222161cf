"""What anybody outside the cage reaches: a file, a TCP port, a Unix socket and an abstract one."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def reachable(folder: Path) -> Iterator[tuple[Path, int]]:
    """The file, and the port."""
    (folder / "secret").write_text("s")
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = server.getsockname()[1]
        for address in (str(folder / "socket"), f"\0tolmach{port}"):
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(address)
            listener.listen(8)
        yield folder / "secret", port
