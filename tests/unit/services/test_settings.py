"""Settings come from the environment, then from one file; what is unknown or senseless is refused by name."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from services.settings import Settings, SettingsError, load

ELASTIC = {"TOLMACH_ENGINE": "elasticsearch", "TOLMACH_ELASTICSEARCH_URL": "https://127.0.0.1:9200"}
USER = {"TOLMACH_ELASTICSEARCH_USERNAME": "x", "TOLMACH_ELASTICSEARCH_PASSWORD_FILE": "x"}

ISSUER = {"TOLMACH_OIDC_ISSUER": "https://issuer.example", "TOLMACH_OIDC_PAGE": "https://tolmach.example/"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tolmach.toml"
    path.write_text('home = "/srv/tolmach"\nport = 9000\nhost = "0.0.0.0"\n', encoding="utf-8")
    return path


def test_without_any_every_setting_has_its_default() -> None:
    assert load({}) == Settings(home=Path("~/.local/share/tolmach").expanduser())


def test_a_file_gives_settings_and_the_environment_wins(file: Path) -> None:
    loaded = load({"TOLMACH_CONFIG": str(file), "TOLMACH_PORT": "9001"})
    assert (loaded.home, loaded.host, loaded.port) == (Path("/srv/tolmach"), "0.0.0.0", 9001)


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_every_setting_is_read_from_the_environment(field) -> None:
    sensible = {"home": "/h", "engine": "embedded", "trusted_proxies": "192.0.2.1", "log": "json", "siem": "file:///x"}
    sensible |= {"meaning": "yes", "store": "folder", "audit": "file"}
    sensible |= {"page": "https://tolmach.example/"}
    sensible |= {"oidc_issuer": ISSUER["TOLMACH_OIDC_ISSUER"], "password_for": "adm1"}
    text = sensible.get(field.name, "7")
    besides = ISSUER if field.name in ("oidc_issuer", "password_for") else {}
    assert str(getattr(load({**besides, f"TOLMACH_{field.name.upper()}": text}), field.name)) == text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER", "http://issuer.example"),
        ("OIDC_ISSUER", "https://user@issuer.example"),
        ("OIDC_ISSUER", "https://issuer.example/?x"),
        ("OIDC_ISSUER", "https://issuer.example\n"),
        ("OIDC_PAGE", "https://tolmach.example"),
        ("OIDC_PAGE", "https://tolmach.example/#/"),
        ("OIDC_PAGE", ""),
        ("PASSWORD_FOR", "a,b,c"),
        ("PASSWORD_FOR", ","),
    ],
)
def test_single_sign_on_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load({**ISSUER, f"TOLMACH_{name}": value})


def test_passwords_are_switched_off_only_where_there_is_another_way_in() -> None:
    assert load({**ISSUER, "TOLMACH_PASSWORD_FOR": "a, b"}).password_names == {"a", "b"}
    assert load(ISSUER).password_names == frozenset()
    with pytest.raises(SettingsError, match="PASSWORD_FOR"):
        load({"TOLMACH_PASSWORD_FOR": "a"})


@pytest.mark.parametrize(
    "address",
    [
        *("https://tolmach.example", "http://tolmach.example/", "https://192.0.2.1/", "https://[2001:db8::1]/", "x"),
        *("https://user@tolmach.example/", "https://tolmach.example/x/", "http://127.0.0.1:8000/", "https://a.b/\n"),
        *("http://localhost.evil/", "https:///", "https://a:999999/", "https://a:99999/"),
    ],
)
def test_a_page_that_no_passkey_can_be_bound_to_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="PAGE must be https://host/"):
        load({"TOLMACH_PAGE": address})


@pytest.mark.parametrize(
    ("environment", "host", "origin"),
    [
        ({"TOLMACH_PAGE": "https://Tolmach.Example/"}, "tolmach.example", "https://tolmach.example"),
        ({"TOLMACH_PAGE": "https://tolmach.example:443/"}, "tolmach.example", "https://tolmach.example"),
        ({"TOLMACH_PAGE": "https://tolmach.example:8443/"}, "tolmach.example", "https://tolmach.example:8443"),
        ({"TOLMACH_PAGE": "http://localhost:8000/"}, "localhost", "http://localhost:8000"),
        (ISSUER, "tolmach.example", "https://tolmach.example"),
        (ISSUER | {"TOLMACH_PAGE": "https://other.example/"}, "other.example", "https://other.example"),
    ],
)
def test_passkeys_are_made_for_the_page_as_people_open_it(environment, host: str, origin: str) -> None:
    party = load(environment).relying_party
    assert party and (party.host, party.origin) == (host, origin)


def test_without_an_address_there_is_nothing_to_make_passkeys_for() -> None:
    assert load({}).relying_party is None
    assert load(ISSUER | {"TOLMACH_OIDC_PAGE": "https://192.0.2.1/"}).relying_party is None


def test_the_home_is_absolute_and_the_default_database_lies_in_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = load({"TOLMACH_HOME": "here"})
    assert loaded.home == tmp_path / "here"
    assert loaded.url == f"sqlite:///{tmp_path / 'here' / 'tolmach.sqlite'}"
    assert load({"TOLMACH_DATABASE_URL": "postgresql+psycopg://x"}).url == "postgresql+psycopg://x"


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"TOLMACH_PROT": "1"}, "TOLMACH_PROT"),
        ({"TOLMACH_": "1"}, "no setting TOLMACH_"),
        ({"TOLMACH_PORT": "many"}, "TOLMACH_PORT must be a int"),
        ({"TOLMACH_PORT": ""}, "TOLMACH_PORT"),
        ({"TOLMACH_MOST_PAGES": "1.5"}, "TOLMACH_MOST_PAGES"),
        ({"TOLMACH_ENGINE": "elastic"}, "TOLMACH_ENGINE must be embedded or elasticsearch"),
        ({"TOLMACH_ENGINE": "elasticsearch"}, "ELASTICSEARCH_URL must be set"),
        (ELASTIC | {"TOLMACH_ELASTICSEARCH_PLAIN_HTTP": "true"}, "PLAIN_HTTP must be yes or no"),
        (ELASTIC | {"TOLMACH_ELASTICSEARCH_USERNAME": "x"}, "PASSWORD_FILE go together"),
        (ELASTIC | {"TOLMACH_ELASTICSEARCH_PASSWORD_FILE": "x"}, "PASSWORD_FILE go together"),
        (ELASTIC | USER | {"TOLMACH_ELASTICSEARCH_API_KEY_FILE": "x"}, "not both"),
        (ELASTIC | {"TOLMACH_ELASTICSEARCH_PREFIX": "*"}, "PREFIX must be"),
        ({"TOLMACH_CONFIG": "/absent/file.toml"}, "cannot be read"),
        ({"TOLMACH_REMOVAL_DAYS": "-1"}, "REMOVAL_DAYS must be from 0"),
        ({"TOLMACH_REMOVAL_DAYS": "100000"}, "REMOVAL_DAYS must be from 0"),
        ({"TOLMACH_LOG": "xml"}, "LOG must be text or json"),
        ({"TOLMACH_MEANING": "on"}, "MEANING must be yes or no"),
        ({"TOLMACH_SIEM": "https://siem"}, "SIEM must be syslog"),
        ({"TOLMACH_SIEM": "syslog+tls://siem:many"}, "SIEM must be syslog"),
        ({"TOLMACH_WAITING_PROPOSALS": "0"}, "WAITING_PROPOSALS must be at least 1"),
    ],
)
def test_an_unknown_setting_or_a_bad_value_is_refused_by_name(environment: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load(environment)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"prot = 1", "TOLMACH_PROT"),
        (b"port = [1]", "TOLMACH_PORT"),
        (b'port = "many"', "TOLMACH_PORT"),
        (b"port = ", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"[section]\nport = 1", "TOLMACH_SECTION"),
    ],
)
def test_a_wrong_file_is_refused(file: Path, content: bytes, says: str) -> None:
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=says):
        load({"TOLMACH_CONFIG": str(file)})


def test_other_peoples_variables_and_those_of_the_tests_are_left_alone() -> None:
    assert load({"PORT": "1", "TOLMACHINE": "1", "TOLMACH_PROMISED": "data", "TOLMACH_TEST_DATA": "/x"}) == load({})
