"""A real S3 gateway for tests, over TLS with an authority of its own: `versitygw`, built once and kept between runs.

Each server is a process with a folder of its own, where a bucket is a folder and an object a file: what tests damage,
exchange and count there is what whoever operates a store could.
"""

from __future__ import annotations

import datetime
import fcntl
import ipaddress
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from servers import free_port

from indexer.store.s3 import BucketAccess
from indexer.store.store_keys import KEY, StoreKeys

VERSION = "v1.8.0"
PACKAGE = f"github.com/versity/versitygw/cmd/versitygw@{VERSION}"
REGION = "us-east-1"


class UnavailableError(Exception):
    """No server, and why."""


def go() -> Path | None:
    """The Go tool, which builds the gateway."""
    found = shutil.which("go") or "/usr/local/go/bin/go"
    return Path(found) if Path(found).exists() else None


def program(may_build: bool) -> Path:
    """The gateway's program, built the first time (some 200 s). Raises UnavailableError."""
    cache = Path(os.environ.get("TOLMACH_TEST_CACHE") or Path(tempfile.gettempdir()) / "tolmach-test-cache") / "s3"
    built = cache / f"versitygw-{VERSION}"
    if built.exists():
        return built
    tool = go()
    if tool is None or not may_build:
        raise UnavailableError(f"there is no {built}; with TOLMACH_PROMISED=s3 and Go it is built")
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "building").open("w") as building:
        fcntl.flock(building, fcntl.LOCK_EX)
        if not built.exists():
            environment = {**os.environ, "GOBIN": str(cache)}
            done = subprocess.run([tool, "install", PACKAGE], env=environment, capture_output=True, text=True)
            if done.returncode:
                raise UnavailableError(done.stderr.strip()[-1_000:])
            (cache / "versitygw").rename(built)
    return built


@dataclass
class S3Server:
    """A gateway, its keys, and the folder that holds its buckets."""

    program: Path
    folder: Path
    port: int
    key: str
    secret: str
    versions: bool = False
    process: subprocess.Popen[bytes] | None = None

    @property
    def authority(self) -> Path:
        """The certificate of its authority."""
        return self.folder / "authority.crt"

    def access(self, bucket: str, **different: str) -> BucketAccess:
        """How a bucket is reached, which is made if it is absent."""
        (self.folder / "data" / bucket).mkdir(exist_ok=True)
        given = {
            "url": f"https://127.0.0.1:{self.port}",
            "prefix": "tolmach",
            "region": REGION,
            "key": self.key,
            "secret": self.secret,
            "authority": self.authority.read_text(),
        }
        return BucketAccess(bucket=bucket, **{**given, **different})

    def settings(self, bucket: str) -> dict[str, Any]:
        """Settings of a Tolmach that keeps its originals in a bucket here."""
        access = self.access(bucket)
        for name, secret in (("key", self.key), ("secret", self.secret)):
            (self.folder / f"access.{name}").write_text(secret)
        return {
            "store": "s3",
            "store_url": access.url,
            "store_bucket": bucket,
            "store_ca": str(self.authority),
            "store_access_key_file": str(self.folder / "access.key"),
            "store_secret_key_file": str(self.folder / "access.secret"),
        }

    def objects(self, bucket: str) -> dict[str, Path]:
        """The files that hold a bucket's objects, by the objects' names."""
        root = self.folder / "data" / bucket
        return {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}

    def start(self) -> None:
        """Start it, or start it again on the same port."""
        kept = ["--versioning-dir", str(self.folder / "versions")] if self.versions else []
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(self.program, "--quiet", "--port", f"127.0.0.1:{self.port}", "--region", REGION),
                    *("--cert", self.folder / "server.crt", "--key", self.folder / "server.key"),
                    *("posix", "--sidecar", self.folder / "sidecar", *kept, self.folder / "data"),
                ],
                cwd=self.folder,
                env={**os.environ, "ROOT_ACCESS_KEY": self.key, "ROOT_SECRET_KEY": self.secret},
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        context = ssl.create_default_context(cafile=str(self.authority))
        while self.process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)) as connection:
                context.wrap_socket(connection, server_hostname="127.0.0.1").close()
                return
            time.sleep(0.02)
        raise UnavailableError((self.folder / "log").read_text()[-1_000:])

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def s3_server(may_build: bool, versions: bool = False) -> Iterator[S3Server]:
    """A gateway that nobody else uses, gone afterwards. Raises UnavailableError."""
    built = program(may_build)
    with tempfile.TemporaryDirectory(prefix="tolmach-s3-") as name:
        folder = Path(name)
        for each in ("data", "sidecar", "versions"):
            (folder / each).mkdir()
        make_certificates(folder)
        server = S3Server(built, folder, free_port(), secrets.token_hex(10), secrets.token_hex(20), versions)
        server.start()
        try:
            yield server
        finally:
            server.kill()


def keys_of(folder: Path, key: bytes) -> StoreKeys:
    """The keys of a store: this one, in a folder of a home."""
    folder.mkdir(exist_ok=True)
    (folder / KEY).write_text(key.hex())
    return StoreKeys(folder)


def make_certificates(folder: Path) -> None:
    """An authority, and a certificate of its for the loopback address."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority, name = _name("Authority of the tests"), _name("S3 of the tests")
    ca = x509.BasicConstraints(ca=True, path_length=0)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificates = {
        "authority.crt": _certificate(authority, authority, authority_key).add_extension(ca, critical=True),
        "server.crt": _certificate(name, authority, key).add_extension(here, critical=False),
    }
    for file, builder in certificates.items():
        signed = builder.sign(authority_key, hashes.SHA256())
        (folder / file).write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "server.key").write_bytes(key.private_bytes(*private))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _certificate(name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
    return builder.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=9))
