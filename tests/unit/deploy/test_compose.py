"""The compose file, the image's recipe and the command that makes the secrets name one another as they are called."""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from indexer.engine.elastic.client import MAJOR
from services.opening.engines import READER
from services.routes.authentication import SMALL_BODY
from services.settings import Settings, load

ROOT = Path(__file__).resolve().parents[3]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
PROXY = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


DEFAULT = re.compile(r"\$\{\w+:-([^}]*)\}")  # of a variable that compose takes from the environment


def unknown(compose: dict[str, Any]) -> Iterator[str]:
    """Networks, volumes, secrets and services that are used and not defined."""
    for name, service in compose["services"].items():
        secrets = [one if isinstance(one, str) else one["source"] for one in service.get("secrets", [])]
        volumes = [one.split(":")[0] for one in service.get("volumes", []) if not one.startswith((".", "/"))]
        used = {"secrets": secrets, "networks": service["networks"], "volumes": volumes}
        used["services"] = list(service.get("depends_on", ()))
        for kind, names in used.items():
            yield from (f"{name}: {kind} {one}" for one in names if one not in compose[kind])


def test_everything_that_is_used_is_defined() -> None:
    assert not list(unknown(COMPOSE))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda compose: compose["secrets"].pop("proxy.key"), "proxy: secrets proxy.key"),
        (lambda compose: compose["networks"].pop("front"), "proxy: networks front"),
        (lambda compose: compose["volumes"].pop("database"), "postgresql: volumes database"),
        (lambda compose: compose["services"].pop("api"), "proxy: services api"),
    ],
)
def test_a_name_too_few_is_found(change: Callable[[dict[str, Any]], object], found: str) -> None:
    broken = copy.deepcopy(COMPOSE)
    change(broken)
    assert found in list(unknown(broken))


def test_every_secret_is_used_and_made_by_one_command(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl, which makes the certificates")
    made = []
    for _ in range(2):  # the second time it changes nothing
        subprocess.run([ROOT / "deploy" / "make-secrets", tmp_path / "secrets"], check=True, capture_output=True)
        made.append({file.name: file.read_bytes() for file in (tmp_path / "secrets").iterdir()})
    assert made[0] == made[1]
    assert {PurePosixPath(secret["file"]).name for secret in COMPOSE["secrets"].values()} <= set(made[0])
    used = {one if isinstance(one, str) else one["source"] for s in SERVICES.values() for one in s.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", ["api", "worker", "owner"])
def test_tolmach_knows_every_setting_that_it_is_given(name: str) -> None:
    given = dict(SERVICES[name]["environment"])
    secret = PurePosixPath(given.pop("TOLMACH_CONFIG"))
    assert secret.name in SERVICES[name]["secrets"]
    given["TOLMACH_DATABASE_URL"] = "postgresql+psycopg://as-in-the-secret"
    settings = load({key: DEFAULT.sub(r"\1", str(value)) for key, value in given.items()})
    assert settings.engine == "elasticsearch"
    assert f"{PurePosixPath(settings.elasticsearch_ca).name}" in SERVICES[name]["secrets"]
    assert SERVICES[name]["volumes"] == [f"home:{settings.home}"]


def test_the_owner_of_the_tables_is_known_to_what_makes_them_alone() -> None:
    assert {name for name, service in SERVICES.items() if "owner.toml" in service.get("secrets", [])} == {"owner"}
    assert SERVICES["owner"]["profiles"] == ["owner"], "it is started by hand alone"


def test_the_api_is_told_of_the_key_that_only_reads() -> None:
    key = PurePosixPath(SERVICES["api"]["environment"]["TOLMACH_ELASTICSEARCH_API_KEY_FILE"])
    assert key.name == READER


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_may_do_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service and "cap_add" not in service
    assert ("ports" in service) == (name == "proxy"), "the proxy alone can be reached"


@pytest.mark.parametrize("name", ["api", "worker"])
def test_there_may_be_several_of_it(name: str) -> None:
    """Each container has a name of its own, and the proxy asks anew which there are."""
    assert not {"container_name", "hostname", "ports"} & set(SERVICES[name])
    assert not {"TOLMACH_HOST_NAME", "TOLMACH_METRICS_PORT"} & set(SERVICES[name]["environment"])
    assert SERVICES[name]["environment"]["TOLMACH_AUDIT"] == "database"
    assert re.search(r"^ +resolver \S+ valid=10s", PROXY, re.MULTILINE) and "proxy_pass $api" in PROXY


def test_elasticsearch_is_of_the_version_that_we_speak_to() -> None:
    assert SERVICES["elasticsearch"]["image"].split(":")[1].startswith(f"{MAJOR}.")


def test_the_proxy_leads_to_the_api_and_takes_what_the_api_takes() -> None:
    host, port = re.findall(r"set \$api http://(\w+):(\d+);", PROXY)[0]
    assert host in SERVICES and f"EXPOSE {port}\n" in DOCKERFILE
    largest = int(re.findall(r"client_max_body_size (\d+);", PROXY)[0])
    assert largest == Settings().largest_file + SMALL_BODY


def test_the_api_believes_the_proxys_network_and_the_proxy_names_the_client_alone() -> None:
    """Otherwise every entry of the trail would name the proxy, or whatever a client says of itself."""
    (network,) = COMPOSE["networks"]["front"]["ipam"]["config"]
    assert SERVICES["api"]["environment"]["TOLMACH_TRUSTED_PROXIES"] == network["subnet"]
    assert {name for name, service in SERVICES.items() if "front" in service["networks"]} == {"proxy", "api"}
    assert re.findall(r"X-Forwarded-For (\S+);", PROXY) == ["$remote_addr"]


@pytest.mark.parametrize(
    "limit",
    ["client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout", "limit_conn", "limit_req"],
)
def test_the_proxy_bounds_times_and_connections(limit: str) -> None:
    assert re.search(rf"^ +{limit} \S", PROXY, re.MULTILINE)


@pytest.mark.parametrize("source", re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE))
def test_the_image_is_made_of_what_is_there(source: str) -> None:
    assert all((ROOT / one).exists() for one in source.split())
