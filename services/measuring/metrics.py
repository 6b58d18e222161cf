"""Keeps numbers for Prometheus and serves them on a port of their own. Off unless TOLMACH_METRICS_PORT names one.

A process and those that it starts keep them in one folder, each in files of its own; the first of them serves the sum.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from auth.errors import ErrorKind, TolmachError
from services.measuring.meter import Meter, Part, Unmeasured
from services.settings import PREFIX, Settings

if TYPE_CHECKING:
    from prometheus_client.core import CollectorRegistry, Metric

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"  # the library reads it once, when it is imported
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
OTHER: Final = "other"
QUICK: Final = (0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0)  # seconds: of calls
ANSWERS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds: of answers
LONG: Final = (0.1, 1.0, 5.0, 20.0, 60.0, 300.0, 1800.0)  # seconds: of stages

Waiting = Callable[[], Mapping[str, int]]
"""Gives how many documents wait for each stage."""


class MetricsError(TolmachError):
    """The numbers cannot be kept or served; the message says what to do."""

    kind = ErrorKind.INTERNAL
    code = "metrics"


class Metrics:
    """A Meter that keeps the numbers in a registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        from prometheus_client import Counter, Histogram

        self._answers = Histogram(
            "tolmach_http_answer_seconds",
            "Seconds until an answer began, by route, method and class of status",
            ["route", "method", "status"],
            buckets=ANSWERS,
            registry=registry,
        )
        self._problems = Counter(
            "tolmach_problems", "Problems that were answered, by code", ["code"], registry=registry
        )
        self._sign_ins = Counter("tolmach_sign_ins_refused", "Sign-ins that failed", registry=registry)
        self._calls = Histogram(
            "tolmach_call_seconds",
            "Seconds of calls to the database and the search engine",
            ["part", "operation"],
            buckets=QUICK,
            registry=registry,
        )
        self._stages = Histogram(
            "tolmach_stage_seconds",
            "Seconds of workers at a stage of a document, by outcome",
            ["stage", "outcome"],
            buckets=LONG,
            registry=registry,
        )

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """See Meter."""
        named = method if method in METHODS else OTHER
        self._answers.labels(route, named, f"{status // 100}xx").observe(seconds)

    def refused(self, code: str) -> None:
        """See Meter."""
        self._problems.labels(code).inc()

    def sign_in_refused(self) -> None:
        """See Meter."""
        self._sign_ins.inc()

    def called(self, part: Part, operation: str, seconds: float) -> None:
        """See Meter."""
        self._calls.labels(part, operation).observe(seconds)

    def worked(self, stage: str, outcome: str, seconds: float) -> None:
        """See Meter."""
        self._stages.labels(stage, outcome).observe(seconds)


class Standing:
    """What is looked up whenever the numbers are asked for: the queues, and what was installed."""

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client. Where the database does not answer, the queues are left out."""
        from prometheus_client.core import GaugeMetricFamily

        build = GaugeMetricFamily("tolmach_build_info", "What is installed", labels=["version", "python"])
        build.add_metric([version("tolmach"), platform.python_version()], 1)
        yield build
        try:
            lengths = self._waiting()
        except TolmachError:
            lengths = {}
        reached = GaugeMetricFamily("tolmach_database_reached", "1 where the database answers, 0 where it does not")
        reached.add_metric([], float(bool(lengths)))
        yield reached
        queues = GaugeMetricFamily("tolmach_waiting_documents", "Documents that wait for a stage", labels=["stage"])
        for stage, length in lengths.items():
            queues.add_metric([stage], length)
        yield queues


@contextmanager
def gathered(settings: Settings) -> Iterator[Meter]:
    """What this process is to tell its numbers, and those that it starts theirs. Raises MetricsError."""
    if not settings.metrics_port:
        yield Unmeasured()
        return
    if find_spec("prometheus_client") is None:
        raise MetricsError(
            f"{PREFIX}METRICS_PORT needs the library prometheus-client, which is not installed here. "
            "Install the extra `metrics`, or take the setting away."
        )
    if FOLDER in os.environ:  # started by a process that serves the sum
        yield _meter()
        return
    with TemporaryDirectory(prefix="tolmach-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield _meter()
        finally:
            del os.environ[FOLDER]


def _meter() -> Meter:
    from prometheus_client import CollectorRegistry

    return Metrics(CollectorRegistry())


@contextmanager
def served(settings: Settings, waiting: Waiting) -> Iterator[None]:
    """Serve the sum of what is gathered while the block lasts, where settings say so. Raises MetricsError."""
    if not settings.metrics_port:
        yield
        return
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Standing(waiting))
    try:
        server, thread = start_http_server(settings.metrics_port, settings.metrics_host, registry)
    except OSError as error:
        raise MetricsError(
            f"Cannot listen on {settings.metrics_host}, port {settings.metrics_port}: {error.strerror}. "
            f"Each `tolmach serve` and `tolmach worker` needs a {PREFIX}METRICS_PORT of its own."
        ) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
