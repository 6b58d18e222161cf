"""The composition root: opens what a process works with, from its settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from threading import Lock

from auth import scheme
from auth.audit.trail import Trail
from auth.database import Database
from auth.errors import ErrorKind, TolmachError
from auth.scheme import Scheme
from auth.signin import token_keys, vault
from auth.signin.token_keys import TokenKeys
from auth.signin.tokens import Signer
from indexer.bitext.review.openings import Openings
from indexer.engine.contract import Engine
from indexer.extract.drawing import DrawingQueue, PageDrawer
from indexer.extract.reader import Limits, Reader
from indexer.extract.recogniser import Recogniser
from indexer.handling import tombstones
from indexer.handling.attaching import Attaching
from indexer.handling.describing import Describer
from indexer.handling.relabel import Relabeller
from indexer.handling.removal import Removals
from indexer.handling.retention.schedules import Schedules
from indexer.handling.tombstones import Returns
from indexer.library.intake import Intake
from indexer.meaning import sentence_encoder
from indexer.meaning.contract import Encoder
from indexer.meaning.fusion import Meaning
from indexer.meaning.sentence_encoder import SentenceEncoder
from indexer.pipeline.stages.stage import Context
from indexer.pipeline.worker import Worker
from indexer.search.places import PlaceCounts
from indexer.search.turns import Turns
from indexer.store.contract import Store
from indexer.store.store_keys import StoreKeys
from indexer.translate import fx_engine
from indexer.translate.argos_engine import Argos
from indexer.translate.fx_engine import Firefox
from indexer.translate.packages import Packages
from services.measuring.calls import MeasuredEngine, measure
from services.measuring.meter import Meter, Unmeasured
from services.opening import engines, stores, trails
from services.proxies import TrustedProxies
from services.settings import Settings
from services.signon.issuer import Issuer


class HomeError(TolmachError):
    """The home holds no Tolmach yet, or cannot be written; the message says what to do."""

    kind = ErrorKind.INTERNAL
    code = "home"


@dataclass(frozen=True)
class Home:
    """Where things lie in the data directory."""

    path: Path

    @property
    def scheme(self) -> Path:
        """The marking scheme."""
        return self.path / "scheme.toml"

    @property
    def keys(self) -> Path:
        """Every secret."""
        return self.path / "keys"

    @property
    def earlier_token_key(self) -> Path:
        """The key that signs tokens, in homes of an earlier version."""
        return self.keys / "token.key"

    @property
    def audit(self) -> Path:
        """The audit trail."""
        return self.path / "audit.sqlite"

    @property
    def files(self) -> Path:
        """The originals, where they are kept in a folder; and what is on its way."""
        return self.path / "files"

    @property
    def index(self) -> Path:
        """The embedded index."""
        return self.path / "index.sqlite"

    @property
    def models(self) -> Path:
        """The translation packages."""
        return self.path / "models"

    @property
    def recutting(self) -> Path:
        """How far documents were cut anew, while that is not done."""
        return self.path / "recutting.json"

    @property
    def siem_position(self) -> Path:
        """How far the audit trail was handed on."""
        return self.path / "siem.position"


class Components:
    """Everything that one process works with; each part is made when it is first used."""

    def __init__(self, settings: Settings, meter: Meter | None = None) -> None:
        """`meter` is told what is done with these parts; None: nobody is."""
        self.settings, self.meter = settings, meter or Unmeasured()
        self._measured = meter is not None
        self.home = Home(settings.home)
        if not self.home.scheme.exists():
            raise HomeError(f"There is no Tolmach in {settings.home} yet. Run: tolmach init")
        if not os.access(settings.home, os.W_OK):  # not even reading goes without writing the audit trail
            raise HomeError(
                f"The home {settings.home} is read-only here. Make it writable for this user, then try again."
            )

    @cached_property
    def proxies(self) -> TrustedProxies:
        """The proxies that are believed."""
        return self.settings.proxies

    @cached_property
    def database(self) -> Database:
        """The database."""
        database = Database(self.settings.url, self._database_key, self.settings.waiting_proposals)
        if self._measured:
            measure(database, self.meter)
        return database

    @contextmanager
    def owned_database(self) -> Iterator[Database]:
        """The database for whoever makes its tables: as their owner, where settings name one."""
        url = self.settings.database_owner_url or self.settings.url
        database = Database(url, self._database_key)
        try:
            yield database
        finally:
            database.close()

    @cached_property
    def _database_key(self) -> bytes:
        """What secrets of the database are sealed with; nothing on a host that opens none."""
        path = self.home.keys / vault.FILE
        return vault.load_key(path) if path.exists() else b""

    @cached_property
    def trail(self) -> Trail:
        """The audit trail. Raises TrailError where it is kept elsewhere than the settings say."""
        return trails.opened(self.settings, self.home.audit, self.home.keys)

    @contextmanager
    def owned_trail(self) -> Iterator[Trail]:
        """The audit trail for whoever makes its tables or archives: as their owner, where settings name one."""
        trail = trails.owned(self.settings, self.home.audit, self.home.keys)
        try:
            yield trail
        finally:
            trail.close()

    @cached_property
    def scheme(self) -> Scheme:
        """The marking scheme."""
        return scheme.load(self.home.scheme)

    @cached_property
    def token_keys(self) -> TokenKeys:
        """What opens the keys that sign tokens."""
        return TokenKeys(self.home.keys / token_keys.FILE)

    @property
    def signer(self) -> Signer:
        """The keys that sign tokens, as they are now."""
        with self.database.reading() as session:
            return self.token_keys.signer(session)

    @cached_property
    def issuer(self) -> Issuer | None:
        """The issuer of single sign-on; None where there is none. Raises IssuerError."""
        return Issuer(self.settings) if self.settings.oidc_issuer else None

    @cached_property
    def store(self) -> Store:
        """The originals."""
        return stores.opened(self.settings, self.home.files, self.store_keys)

    @cached_property
    def store_keys(self) -> StoreKeys:
        """What a bucket's objects are sealed with."""
        return StoreKeys(self.home.keys, lambda: stores.sealing_key(self.database))

    @cached_property
    def engine(self) -> Engine:
        """The search engine."""
        engine = engines.opened(self.settings, self.home.index, self.home.keys)
        return MeasuredEngine(engine, self.meter) if self._measured else engine

    @cached_property
    def openings(self) -> Openings:
        """What counts how many people read documents."""
        return Openings(self.database)

    @cached_property
    def turns(self) -> Turns:
        """Whose turn it is to search."""
        return Turns()

    @cached_property
    def proving(self) -> Lock:
        """Held by whoever has the whole trail read."""
        return Lock()

    @cached_property
    def place_counts(self) -> PlaceCounts:
        """What counts the places that searches find."""
        return PlaceCounts()

    @cached_property
    def reader(self) -> Reader:
        """The limited process that reads PDFs; started when it is first asked."""
        return Reader(self._limits)

    @cached_property
    def recogniser(self) -> Recogniser:
        """The limited process that recognises pages that are pictures; started when it is first asked."""
        return Recogniser(Path(self.settings.ocr_data) if self.settings.ocr_data else None)

    @cached_property
    def drawer(self) -> PageDrawer:
        """The limited process that draws pages; started when it is first asked."""
        return PageDrawer(self._limits)

    @cached_property
    def drawings(self) -> DrawingQueue:
        """The pictures that wait to be drawn."""
        return DrawingQueue()

    @property
    def _limits(self) -> Limits:
        return Limits(memory_bytes=self.settings.reader_memory, max_pages=self.settings.most_pages)

    @cached_property
    def packages(self) -> Packages:
        """The installed translation packages."""
        return Packages(
            self.home.models, Argos(self.home.models / ".argos"), *([Firefox()] if fx_engine.is_here() else [])
        )

    @cached_property
    def encoder(self) -> Encoder | None:
        """What makes vectors of meaning; None where that is off, or not installed."""
        return SentenceEncoder() if self.settings.meaning == "yes" and sentence_encoder.is_here() else None

    @cached_property
    def meaning(self) -> Meaning | None:
        """What questions mean; None where vectors are off."""
        return Meaning(self.database, self.encoder) if self.encoder else None

    @cached_property
    def intake(self) -> Intake:
        """What takes files in."""
        return Intake(self.database, self.store, self.trail, self.scheme, self.settings.largest_file)

    @cached_property
    def attaching(self) -> Attaching:
        """What takes files inside documents in."""
        return Attaching(self.database, self.store, self.reader, self.intake, self.settings.largest_file)

    @cached_property
    def relabeller(self) -> Relabeller:
        """What gives documents other labels and times."""
        return Relabeller(self.database, self.engine, self.trail)

    @cached_property
    def describer(self) -> Describer:
        """What corrects descriptions of documents."""
        return Describer(self.database, self.engine, self.trail)

    @cached_property
    def removals(self) -> Removals:
        """What holds and removes documents."""
        return Removals(self.database, self.engine, self.trail, timedelta(days=self.settings.removal_days))

    @cached_property
    def schedules(self) -> Schedules:
        """How long papers are kept."""
        return Schedules(self.database, self.trail)

    @cached_property
    def returns(self) -> Returns:
        """What brings removed documents back."""
        return Returns(self.database, self.engine, self.trail)

    def worker(self, recognises_alone: bool = False) -> Worker:
        """A new worker. `recognises_alone`: pages that are pictures and nothing else."""
        return Worker(self.context, recognises_alone)

    @property
    def context(self) -> Context:
        """What workers work with."""
        return Context(
            database=self.database,
            trail=self.trail,
            store=self.store,
            engine=lambda: self.engine,
            reader=self.reader,
            packages=self.packages,
            scheme=self.scheme,
            recogniser=self.recogniser,
            deleted=partial(tombstones.tell_of_disposal, self.trail),
            encoder=self.encoder,
            worked=self.meter.worked,
        )

    def close(self) -> None:
        """Let go of everything that was opened."""
        for name in (
            "openings",
            "drawings",
            "drawer",
            "reader",
            "recogniser",
            "packages",
            "engine",
            "database",
            "trail",
        ):
            if name in self.__dict__:
                self.__dict__[name].close()
