"""Hosts of one database see each other; one that differs does not work, and doctor says how it differs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from factories import SCHEME, fresh
from races import emptied, together
from sqlalchemy import delete
from typer.testing import CliRunner

from auth.audit import keys, marks
from auth.audit.entries import TrailError
from auth.database import now
from auth.tables import HostRow, SharedRow, TrailMarkRow
from indexer.pipeline import pauses
from services import doctor
from services.cli import app
from services.components import Components
from services.hosts import agreement, announcing, comparing, roles
from services.hosts.roles import HostError, HostRole
from services.setup import set_up

NextHost = Callable[..., Components]


@pytest.fixture
def first(postgresql: str, tmp_path: Path) -> Iterator[Components]:
    """The first host of a database."""
    opened = fresh(tmp_path / "first", database_url=emptied(postgresql), audit="database", host_name="first")
    yield opened
    opened.close()


@pytest.fixture
def another(first: Components, tmp_path: Path) -> Iterator[NextHost]:
    """Makes one more host, with the home that the first gives it."""
    made: list[Components] = []

    def make(role: HostRole, name: str = "second") -> Components:
        roles.export(first, role, tmp_path / name)
        made.append(Components(replace(first.settings, home=tmp_path / name, host_name=name)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def finding(components: Components) -> doctor.Finding:
    return next(each for each in doctor.examine(components) if each.what == "hosts")


def refused(components: Components, role: HostRole = HostRole.API) -> str:
    with pytest.raises(HostError) as error:
        agreement.check(components, role)
    return error.value.operator_answer


def test_a_database_in_a_file_is_one_hosts(components: Components) -> None:
    components.home.scheme.write_text(SCHEME.read_text().replace("RESTRICTED", "LIMITED"))
    agreement.check(components, HostRole.API)
    with announcing.announced(components.settings, [HostRole.API], pytest.fail):
        assert comparing.hosts(components) == []
    assert finding(components).well


@pytest.mark.parametrize("role", list(HostRole))
def test_a_host_has_what_its_work_needs_and_no_more(first: Components, another: NextHost, role: HostRole) -> None:
    host = another(role)
    agreement.check(host, role)
    names = {str(path.relative_to(host.home.path)) for path in host.home.path.rglob("*") if path.is_file()}
    assert names == set(roles.needed(host.settings, role))
    assert ("keys/signing.key" in names) == (role is HostRole.API)
    assert ("keys/database.key" in names) == (role is not HostRole.OCR)
    assert ("keys/index-stamps.key" in names) == (role is not HostRole.OCR)
    for name in names:
        (host.home.path / name).rename(host.home.path / "away")
        if name == roles.SCHEME:
            (host.home.path / "away").rename(host.home.path / name)
            continue
        assert name in refused(host, role) and "tolmach host export" in refused(host, role)
        (host.home.path / "away").rename(host.home.path / name)


def test_a_host_that_recognises_alone_opens_no_index(first: Components, another: NextHost) -> None:
    host = another(HostRole.OCR)
    assert host.worker(recognises_alone=True).run() == 0
    assert "engine" not in host.__dict__


@pytest.mark.parametrize("name", [name for name in roles.ALIKE if name != roles.SCHEME])
def test_a_host_with_another_key_is_refused(first: Components, another: NextHost, name: str, tmp_path: Path) -> None:
    elsewhere = fresh(tmp_path / "elsewhere")
    host = another(HostRole.API)
    shutil.copy(elsewhere.home.path / name, host.home.path / name)
    elsewhere.close()
    assert name in refused(host) and "tolmach host agree" in refused(host)
    assert not finding(host).well
    with pytest.raises(HostError), announcing.announced(host.settings, [HostRole.API], pytest.fail):
        pass
    assert comparing.hosts(first) == []


def test_a_home_that_init_made_by_itself_does_not_join(first: Components, tmp_path: Path) -> None:
    signer = first.signer
    with pytest.raises(HostError, match="tolmach host agree"):
        set_up(replace(first.settings, home=tmp_path / "own"), SCHEME)
    assert first.signer.keys == signer.keys


def test_a_host_stops_once_another_scheme_is_agreed_on(first: Components, another: NextHost, monkeypatch) -> None:
    monkeypatch.setattr(announcing, "EVERY", 0.01)
    host, stopped = another(HostRole.API), []
    with announcing.announced(host.settings, [HostRole.API], lambda: stopped.append(1)):
        first.home.scheme.write_text("# a comment\n" + first.home.scheme.read_text())
        assert agreement.agree(first) == []
        first.home.scheme.write_text(first.home.scheme.read_text().replace("name_en", "name_en", 1) + ADDED)
        assert roles.SCHEME in refused(first)
        assert agreement.agree(first) == [roles.SCHEME]
        while not stopped:
            pass
    assert roles.SCHEME in refused(host)
    shutil.copy(first.home.scheme, host.home.scheme)
    agreement.check(host, HostRole.API)


ADDED = """
[[level]]
code = "of-the-test"
rank = 7
name_en = "Of the test"
name_ru = "Проверка"
colour = "#000000"
"""


def test_hosts_are_seen_while_they_work_and_doctor_compares_them(first: Components, another: NextHost) -> None:
    host = another(HostRole.WORKER)
    with (
        announcing.announced(first.settings, [HostRole.API], pytest.fail),
        announcing.announced(host.settings, [HostRole.WORKER], pytest.fail),
    ):
        assert [each.described for each in comparing.hosts(first)] == ["first (api)", "second (worker)"]
        assert finding(first) == doctor.Finding("hosts", True, "first (api), second (worker): alike")
        change(first, "second", lambda facts: facts | {"version": "9.9"})
        assert "version differs" in finding(first).words and "9.9 on second" in finding(first).words
        change(first, "second", lambda facts: facts | {"clock": "-61.0"})
        assert "by -61 seconds" in finding(first).words
    assert comparing.hosts(first) == []


def change(components: Components, name: str, how: Callable[[dict[str, str]], dict[str, str]]) -> None:
    with components.database.session() as session:
        for row in session.query(HostRow).where(HostRow.name == name):
            row.facts = json.dumps(how(json.loads(row.facts)))


def test_a_host_that_is_silent_is_named_until_it_is_forgotten(first: Components) -> None:
    with first.database.session() as session:
        session.add(HostRow(name="gone", role=HostRole.WORKER, facts="{}", seen=now() - timedelta(minutes=2)))
    assert "tolmach host forget gone" in finding(first).words
    assert comparing.forget(first, "gone") == 1
    assert finding(first).well


def test_what_is_announced_shows_no_key(first: Components) -> None:
    facts = json.dumps(announcing.facts_of(first, HostRole.API))
    for path in first.home.keys.iterdir():
        content = path.read_text().strip()
        assert content not in facts and content[-40:] not in facts


def test_a_host_with_a_trail_of_its_own_is_refused_where_there_are_others(first: Components) -> None:
    other = replace(first.settings, audit="file", host_name="other")
    with (
        announcing.announced(first.settings, [HostRole.API], pytest.fail),
        pytest.raises((HostError, TrailError)),
        announcing.announced(other, [HostRole.API], pytest.fail),
    ):
        pass


def test_the_commands_say_which_hosts_there_are(first: Components, tmp_path: Path, monkeypatch) -> None:
    for name in ("home", "database_url", "audit", "host_name"):
        monkeypatch.setenv(f"TOLMACH_{name.upper()}", str(getattr(first.settings, name)))
    with announcing.announced(first.settings, [HostRole.API], pytest.fail):
        listed = CliRunner().invoke(app, ["host", "list", "--json"])
        assert [(row["name"], row["role"], row["silent"]) for row in json.loads(listed.stdout)] == [
            ("first", "api", False)
        ]
        assert "first (api)" in CliRunner().invoke(app, ["host", "list"]).output
        made = CliRunner().invoke(app, ["host", "export", "--for", "ocr", str(tmp_path / "new")])
        assert made.exit_code == 0 and (tmp_path / "new" / "scheme.toml").exists()
        again = CliRunner().invoke(app, ["host", "export", "--for", "ocr", str(tmp_path / "new")])
        assert again.exit_code != 0
        assert CliRunner().invoke(app, ["host", "forget", "nobody"]).exit_code == 1
        assert CliRunner().invoke(app, ["host", "forget", "first"]).exit_code == 0
    assert CliRunner().invoke(app, ["host", "agree"]).exit_code == 0
    actions = [entry.action for entry in first.trail.entries()]
    assert {"list_hosts", "export_host", "forget_host", "agree_hosts"} <= set(actions)


def test_the_auditors_key_reaches_the_others(first: Components, another: NextHost, tmp_path: Path) -> None:
    host = another(HostRole.API)
    keys.make_auditor_key(tmp_path / "auditor")
    agreement.use_auditor(first, (tmp_path / "auditor.pub").read_text())
    agreement.check(host, HostRole.API)
    assert host.trail.sealer() == keys.load_sealer(tmp_path / "auditor.pub")


def test_a_host_with_other_models_does_not_translate(first: Components, another: NextHost) -> None:
    for package in sorted((SCHEME.parent / "models").glob("*.argosmodel")):
        first.packages.install(package)
    host = another(HostRole.WORKER)
    assert ready(first) and ready(host)
    shutil.rmtree(next(path for path in host.home.models.iterdir() if path.is_dir() and path.name[0] != "."))
    with first.database.session() as session:
        agreement.agree_on_models(first, session)
    assert ready(first) and not ready(host)
    with announcing.announced(host.settings, [HostRole.WORKER], pytest.fail):
        assert "does not translate" in finding(first).words


def ready(components: Components) -> bool:
    """Whether a host would translate a document that waits, if there was any."""
    with components.database.reading() as session:
        return session.scalar(select_true(components)) is not None


def select_true(components: Components):
    from sqlalchemy import select

    return select(1).where(pauses.models_are(components.packages.fingerprint()))


def test_tables_of_an_earlier_version_are_refused(first: Components) -> None:
    with first.database.session() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0029'")
    assert "tolmach init" in refused(first)
    with first.database.session() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    agreement.check(first, HostRole.API)  # of a later one: while hosts are upgraded one after the other


def make_token_keys(components: Components) -> str:
    components.token_keys.create(components.database, components.home.earlier_token_key)
    return components.signer.keys[0].kid


def set_mark(components: Components) -> int:
    marks.set_mark(components.database, components.trail)
    return marks.number(components.database)


def announce(components: Components) -> list[str]:
    announcing._look(components, [HostRole.WORKER])
    return [host.name for host in comparing.hosts(components)]


@pytest.mark.parametrize("step", [agreement.begin, make_token_keys, set_mark, announce], ids=lambda step: step.__name__)
def test_hosts_that_begin_at_the_same_moment_all_begin(first: Components, step: Callable[[Components], object]) -> None:
    """Each step of a beginning writes a row that is not there yet; all come to the same."""
    several = [Components(first.settings) for _ in range(4)]
    for _ in range(10):
        with first.database.session() as session:
            for table in (SharedRow, HostRow, TrailMarkRow):
                session.execute(delete(table))
        outcomes = together(*(partial(step, each) for each in several))
        assert outcomes == [step(first)] * len(several)
    for each in several:
        each.close()
