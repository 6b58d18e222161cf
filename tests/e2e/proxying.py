"""The proxy of the compose file in front of a service: a real nginx, with the certificates of deploy/make-secrets."""

from __future__ import annotations

import getpass
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers import free_port

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def proxied_by_nginx(address: str, secrets: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port of the proxy in front of a service at this address, and its process; it may not listen yet.

    `secrets` is the folder that `deploy/make-secrets` made; the proxy keeps its files beside it.
    """
    port, folder = free_port(), secrets.parent
    lines = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for there, here in {
        "/tmp/": f"{folder}/",
        "resolver 127.0.0.11 valid=10s ipv6=off;": "",
        "http://api:8000": address,
        "http2 on;": "",  # Debian's nginx is older than that directive
        "listen 8443": f"listen 127.0.0.1:{port}",
        "/run/secrets": str(secrets),
    }.items():
        assert there in lines
        lines = lines.replace(there, here)
    (folder / "nginx.conf").write_text(lines, encoding="utf-8")
    how = f"daemon off; user {getpass.getuser()};"
    with subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-g", how, "-e", "stderr"]) as nginx:
        try:
            yield port, nginx
        finally:
            nginx.terminate()
