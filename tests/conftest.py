"""What every test may ask for: the real services, the test data, and a Tolmach of one's own."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from elasticsearch_server import Server, UnavailableError, server
from factories import REAL_HASHER, REAL_NOBODY, fresh, quick_passwords
from hypothesis import settings
from keycloak_server import Keycloak, NoKeycloakError, keycloak_server
from races import emptied
from s3_server import S3Server, s3_server
from s3_server import UnavailableError as NoS3Error
from servers import private_postgresql
from xdist.scheduler import LoadScopeScheduling

from auth import passwords
from indexer.extract.recogniser import Recogniser
from services.components import Components

ROOT = Path(__file__).resolve().parents[1]
settings.register_profile("untimed", deadline=None)  # a property is true or false however busy the machine is
settings.load_profile("untimed")
PROMISED = frozenset(filter(None, os.environ.get("TOLMACH_PROMISED", "").split(",")))

Promise = Callable[[str, bool, str], None]


MEMORY = Path("/dev/shm")
ENOUGH = 4 << 30  # bytes: many times what the leak suite has there at once: 200 MB


def pytest_configure(config: pytest.Config) -> None:
    """Lets the homes of tests lie in memory where there is enough of it, unless somebody named another place.

    SQLite waits for the disk at every commit, several times in a request: that was two fifths of the leak suite's time.
    No test cuts the power, and what a killed process wrote outlives it here as well.
    """
    named = config.option.basetemp or {"PYTEST_DEBUG_TEMPROOT", "TMPDIR"} & os.environ.keys()
    if not named and enough_memory():
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


def enough_memory() -> bool:
    """Whether the folder in memory is large enough, and what lies there may be run."""
    if not os.access(MEMORY, os.W_OK):
        return False
    space = os.statvfs(MEMORY)
    lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
    available = int(lines["MemAvailable"].split()[0]) << 10
    return min(space.f_bavail * space.f_frsize, available) >= ENOUGH and not space.f_flag & os.ST_NOEXEC


def shared_by(nodeid: str) -> str:
    """What a test shares with others that is costly: the server, the browser, or the fixtures of its file."""
    path = nodeid.partition("::")[0]
    if "elastic" in nodeid:
        return "elastic"
    if "single_sign_on" in path:
        return "keycloak"
    return "browser" if path.startswith("tests/e2e/") else path


class BySharing(LoadScopeScheduling):
    """Tests that share something run in one process, one after the other."""

    def _split_scope(self, nodeid: str) -> str:
        return shared_by(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BySharing:
    """Not by marks: xdist 3.8 notes a mark's group where pytest 9.2 no longer looks, and then ignores it silently.

    In the order of the folders, which begins with what takes longest: xdist would begin with what has most tests, and
    end with the few of the leak suite on one processor while the other has nothing to do.
    """
    config.option.loadscopereorder = False
    return BySharing(config, log)


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Says at once what failed and why: a run that is cut short has no summary."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        print(f"\n{report.when} of {report.nodeid} failed:\n{report.longreprtext[-1500:]}", file=sys.stderr, flush=True)


SLOW_FIXTURES = frozenset(
    {"tesseract", "postgresql", "elasticsearch", "keycloak", "s3", "browser", "demo", "first_day", "tolmach", "data"}
)
SLOW_FILES = ("tests/e2e/", "tests/structure/", "tests/security/test_interference", "tests/security/test_leak_mutants")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="only what needs no server, browser, command or test data")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--fast"):
        return
    slow = [
        item
        for item in items
        if item.nodeid.startswith(SLOW_FILES)
        or SLOW_FIXTURES & set(getattr(item, "fixturenames", ()))
        or "postgresql" in item.nodeid
    ]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in set(slow)]


@pytest.fixture(scope="session")
def promised() -> Promise:
    """Skips a test whose service is absent, or fails it where TOLMACH_PROMISED says that it is there."""

    def check(name: str, available: bool, why: str) -> None:
        if available:
            return
        if name in PROMISED:
            pytest.fail(f"{name} was promised and is absent: {why}")
        pytest.skip(f"no {name}: {why}")

    return check


@pytest.fixture(scope="session")
def tesseract(promised: Promise) -> None:
    """What recognises pages: the library, and Debian's data for Russian and English."""
    recogniser = Recogniser()
    why = recogniser.missing() or ("" if {"rus", "eng"} <= {*recogniser.languages} else "no data for both languages")
    promised("tesseract", not why, why)


@pytest.fixture(scope="session")
def data(promised: Promise) -> Path:
    """The third-party test data."""
    folder = Path(os.environ.get("TOLMACH_TEST_DATA", ROOT.parent / "shared" / "data"))
    promised("data", folder.is_dir(), "set TOLMACH_TEST_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def postgresql(promised: Promise, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of our own."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = programs[0] if programs else Path(shutil.which("initdb") or "/absent/initdb").parent
    promised("postgresql", (found / "initdb").exists(), "install PostgreSQL's server programs")
    with private_postgresql(found) as url:
        yield url


@pytest.fixture(scope="session")
def elasticsearch(promised: Promise) -> Iterator[Server]:
    """A real Elasticsearch with users and HTTPS."""
    asked_for = "elasticsearch" in PROMISED or "TOLMACH_TEST_ELASTICSEARCH_URL" in os.environ
    promised("elasticsearch", asked_for, "TOLMACH_PROMISED=elasticsearch starts one (950 MB the first time)")
    with ExitStack() as stack:
        try:
            running = stack.enter_context(server(may_fetch="elasticsearch" in PROMISED))
        except UnavailableError as error:
            promised("elasticsearch", False, str(error))
            raise
        yield running


@pytest.fixture(scope="session")
def keycloak(promised: Promise) -> Iterator[Keycloak]:
    """A real Keycloak over HTTPS."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(keycloak_server(may_fetch="keycloak" in PROMISED))
        except NoKeycloakError as error:
            promised("keycloak", False, str(error))
            raise
        yield running


@pytest.fixture
def elastic_prefix(elasticsearch: Server) -> Iterator[str]:
    """What the names of a test's own indices begin with; they are deleted afterwards."""
    prefix = f"test-{secrets.token_hex(6)}"
    yield prefix
    elasticsearch.delete(prefix)


@pytest.fixture(scope="session")
def s3(promised: Promise) -> Iterator[S3Server]:
    """A real S3 gateway over TLS."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(s3_server(may_build="s3" in PROMISED))
        except NoS3Error as error:
            promised("s3", False, str(error))
            raise
        yield running


@pytest.fixture
def bucket(s3: S3Server) -> str:
    """The name of a test's own bucket."""
    return f"test-{secrets.token_hex(6)}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite'}"
    return emptied(request.getfixturevalue("postgresql"))


@pytest.fixture(scope="session", autouse=True)
def quickly() -> Iterator[None]:
    """Passwords are hashed at a low cost; a test of that cost asks for `real_passwords`."""
    with quick_passwords():
        yield


@pytest.fixture
def real_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed at their real cost."""
    monkeypatch.setattr(passwords, "_hasher", REAL_HASHER)
    monkeypatch.setattr(passwords, "_hash_of_nobody", REAL_NOBODY)


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    """A Tolmach that was just set up, on SQLite and the embedded engine, with all four levels."""
    opened = fresh(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def tolmach(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command `tolmach` on a home of its own: `tolmach("init", "--json")`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    environment["TOLMACH_HOME"] = str(tmp_path / "home")

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "services.cli", *arguments]
        return subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True, check=False)

    return run
