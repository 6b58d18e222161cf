"""Origins in the trail: an address or nothing, and only a trusted proxy says another one than its own."""

from __future__ import annotations

import pytest
from factories import agency, bearer, fresh, person
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from services.app import create_app
from services.proxies import UNKNOWN, TrustedProxies
from services.settings import SettingsError, load

PROXIES = TrustedProxies.parse("10.0.0.1, 172.16.0.0/12,fd00::/8")


@pytest.mark.parametrize(
    ("host", "forwarded", "origin"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),  # nobody's word but a proxy's
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [" 198.51.100.7 "], "198.51.100.7"),
        ("10.0.0.1", ["console"], "10.0.0.1"),
        ("10.0.0.1", ["operator, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7, console"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.7"], "198.51.100.7"),  # what the client says of itself is not read
        ("10.0.0.1", ["203.0.113.9", "198.51.100.7, 172.16.5.5"], "198.51.100.7"),
        ("10.0.0.1", ["172.16.5.5"], "172.16.5.5"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["x" * 30_000], "10.0.0.1"),
        ("10.0.0.1", ["fe80::1%console"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7:80"], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("fd00::5", ["2001:DB8::0:1"], "2001:db8::1"),
        ("", ["198.51.100.7"], UNKNOWN),
        ("console", ["console"], UNKNOWN),
        ("testclient", [], UNKNOWN),
    ],
)
def test_who_a_request_comes_from(host: str, forwarded: list[str], origin: str) -> None:
    assert PROXIES.origin(host, forwarded) == origin


@given(st.sampled_from(["10.0.0.1", "192.0.2.1", "console"]), st.lists(st.text(max_size=40), max_size=4))
def test_whatever_is_said_an_origin_is_an_address_or_unknown(host: str, forwarded: list[str]) -> None:
    origin = PROXIES.origin(host, forwarded)
    assert len(origin) <= 45 and (origin == UNKNOWN or set(origin) <= set("0123456789abcdef.:"))


def test_where_no_proxy_is_trusted_none_is_believed() -> None:
    assert TrustedProxies().origin("127.0.0.1", ["198.51.100.7"]) == "127.0.0.1"


@pytest.mark.parametrize("text", ["proxy", "10.0.0.1/8", "10.0.0.0/99", "10.0.0.1;10.0.0.2"])
def test_a_setting_that_names_no_network_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        load({"TOLMACH_TRUSTED_PROXIES": text})


def test_the_trail_names_the_client_behind_the_proxy(tmp_path) -> None:
    components = fresh(tmp_path / "home", trusted_proxies="10.0.0.1")
    agency(components, "A")
    person(components, "ann", "A", ["expert"])
    headers = bearer(components, "ann")
    for host, told in (("10.0.0.1", "198.51.100.7"), ("10.0.0.1", "console"), ("192.0.2.1", "198.51.100.7")):
        api = TestClient(create_app(components), client=(host, 5), headers=headers | {"X-Forwarded-For": told})
        assert api.post("/api/search", json={}).status_code == 200
    origins = [entry.origin for entry in components.trail.entries() if entry.action == "search"]
    assert origins == ["198.51.100.7", "10.0.0.1", "192.0.2.1"]
    components.close()
