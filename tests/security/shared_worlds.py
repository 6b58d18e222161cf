"""Worlds of two hosts that answer in turn, over a PostgreSQL, an Elasticsearch and a bucket of each world's own.

What is done on one host the other is asked about next: so nothing that a process keeps to itself may tell.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Any

import factories
from elasticsearch_server import Server
from paired_worlds import A_DAY_IN_2026, Answer, Person, World, furnish
from s3_server import S3Server
from sqlalchemy import create_engine, make_url, text

from indexer.pipeline.reindex import reindex
from services.app import create_app
from services.components import Components
from services.hosts import roles
from services.hosts.roles import HostRole


@dataclass
class Servers:
    """The servers, and what each home has there: by one name, database, indices and bucket."""

    postgresql: str
    elasticsearch: Server
    s3: S3Server
    names: dict[Path, str] = field(default_factory=dict)

    def __call__(self, home: Path) -> dict[str, Any]:
        """The settings of a world: its own database, indices and bucket."""
        if home not in self.names:
            self.names[home] = name = f"test-{secrets.token_hex(6)}"
            self.elasticsearch.engine(name).close()
        name = self.names[home]
        return {
            "database_url": make_url(self.postgresql).set(database=name).render_as_string(hide_password=False),
            "audit": "database",
            "host_name": "a",
            **self.elasticsearch.settings(home, name),
            **self.s3.settings(name),
        }

    def make(self, home: Path, like: Path | None = None) -> None:
        """A database for a home, empty or a copy; and a copy of the bucket."""
        self(home)
        name, template = self.names[home], self.names[like] if like else "template0"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        if like:
            for part in ("data", "sidecar"):
                folder = self.s3.folder / part
                if (folder / template).exists():  # there is no second one before the first object
                    shutil.copytree(folder / template, folder / name, dirs_exist_ok=True)

    def drop(self) -> None:
        """Nothing is left."""
        for name in self.names.values():
            self.elasticsearch.delete(name)
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        engine = create_engine(make_url(self.postgresql), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


class SharedWorld(World):
    """A world whose two hosts answer in turn; commands and workers run on the first."""

    _engine: Servers

    def __init__(self, home: Path, people_in_it: Sequence[Person], engine: Servers) -> None:
        super().__init__(home, people_in_it, engine)

    def _make(self, home: Path) -> None:
        self._engine.make(home)
        given = self._engine(home)
        furnish(factories.fresh(home, **given))

    def _open(self) -> None:
        super()._open()
        second = self.settings.home.with_name(f"{self.settings.home.name}-b")
        if not second.exists():
            roles.export(self.components, HostRole.API, second)
        self._second = Components(replace(self.settings, home=second, host_name="b"))
        self._turns = cycle([self.app, create_app(self._second)])

    def ask(self, person: Person, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """See World: by the host whose turn it is."""
        self.app = next(self._turns)
        return super().ask(person, method, path, body, **more)

    def age_files(self) -> None:
        """See World."""
        for path in self._engine.s3.objects(self.settings.store_bucket).values():
            os.utime(path, (A_DAY_IN_2026, A_DAY_IN_2026))

    def copy(self, home: Path) -> SharedWorld:
        """See World. While a database is copied, nobody may be connected to it."""
        self.close()
        self._engine.make(home, self.settings.home)
        shutil.copytree(self.settings.home, home)
        self._open()
        copied = SharedWorld(home, (), self._engine)
        reindex(copied.components.database, copied.components.engine, lambda done, total: None)
        return copied

    def close(self) -> None:
        """See World."""
        super().close()
        self._second.close()
