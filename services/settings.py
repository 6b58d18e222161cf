"""Every setting, read once from the environment and one file. Refuses what it does not know or cannot read."""

from __future__ import annotations

import os
import re
import socket
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final, get_type_hints

from auth.errors import ErrorKind, TolmachError
from auth.signin.ceremonies import RelyingParty
from services.proxies import TrustedProxies

PREFIX: Final = "TOLMACH_"
ELSEWHERE: Final = frozenset(
    {
        "CONFIG",
        "PROMISED",
        "TEST_DATA",
        "TEST_CACHE",
        "ELASTICSEARCH_TOOL",
        "TEST_ELASTICSEARCH_URL",
        "TEST_ELASTICSEARCH_PASSWORD",
        "TEST_ELASTICSEARCH_CA",
    }
)  # read before the settings, or by the tests


LONGEST_REMOVAL: Final = 36_500  # days
ENGINES: Final = ("embedded", "elasticsearch")
STORES: Final = ("folder", "s3")
TRAILS: Final = ("file", "database")
MOST_PORT: Final = 65_535
LOGS: Final = ("text", "json")
ADDRESS: Final = r"https://(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]+)(:\d{1,5})?(/[^\s?#\\]*)?"
MOST_NAMES: Final = 2  # of those who sign in with a password where others may not
SIEM: Final = r"file:///[^\0]+|syslog\+tls://(\[[0-9a-fA-F:.]+\]|[^/@:\s\[\]]+)(:\d{1,5})?/?"


class SettingsError(TolmachError, ValueError):
    """A setting is unknown or has no sensible value; the message says which and what to write."""

    kind = ErrorKind.INTERNAL
    code = "settings"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings. A field NAME is read from `TOLMACH_NAME`, else from `name` in the file of `TOLMACH_CONFIG`."""

    home: Path = Path("~/.local/share/tolmach")
    """Data directory: database, files, index, keys; made by `tolmach init`."""
    database_url: str = ""
    """SQLAlchemy URL of a PostgreSQL database; empty: SQLite in the home."""
    database_owner_url: str = ""
    """The same database, as the role that owns its tables: for `init` and `restore` alone. Empty: one role does all."""
    drill_database_url: str = ""
    """An empty PostgreSQL database that `tolmach drill` restores into, and empties afterwards."""
    audit: str = "file"
    """Where the audit trail is kept: `file`, in the home, or `database`, in PostgreSQL, one chain for all hosts."""
    engine: str = "embedded"
    """Search engine: `embedded` or `elasticsearch`."""
    elasticsearch_url: str = ""
    """Address of Elasticsearch: `https://host:9200`."""
    elasticsearch_ca: str = ""
    """Certificate of the authority that Elasticsearch's certificate is from; empty: the system's authorities."""
    elasticsearch_api_key_file: str = ""
    """File that holds the API key; empty: the keys that `tolmach engine setup` left in the home."""
    elasticsearch_username: str = ""
    """User to sign in as, in place of an API key."""
    elasticsearch_password_file: str = ""
    """File that holds that user's password."""
    elasticsearch_prefix: str = "tolmach"
    """What the names of our indices begin with."""
    elasticsearch_plain_http: str = "no"
    """`yes`: speak `http://` to an Elasticsearch on this machine's loopback address."""
    store: str = "folder"
    """Where originals and pictures of pages are kept: `folder`, in the home, or `s3`, sealed by us, in a bucket."""
    store_url: str = ""
    """Address of the S3 store: `https://host:9000`."""
    store_bucket: str = ""
    """Its bucket, which must be there, keep no versions and lock no objects."""
    store_prefix: str = "tolmach"
    """What the names of our objects in it begin with; each home has its own."""
    store_region: str = "us-east-1"
    """The region that the store says it is in."""
    store_ca: str = ""
    """Certificate of an authority besides the system's that the store's certificate may be from."""
    store_access_key_file: str = ""
    """File that holds the access key of the store's user, who may get, put, list and delete objects of the bucket."""
    store_secret_key_file: str = ""
    """File that holds that user's secret key."""
    host_name: str = ""
    """What this host is called among the others of one database; empty: the machine's name."""
    host: str = "127.0.0.1"
    """Address that `tolmach serve` listens on."""
    port: int = 8000
    """Port that `tolmach serve` listens on."""
    page: str = ""
    """Address of our page as people open it, `https://host/`, for passkeys; empty: `oidc_page`, or there are none."""
    trusted_proxies: str = ""
    """Addresses or networks of the proxies whose `X-Forwarded-For` is believed, with commas between; empty: none."""
    trail_entries: int = 1_000
    """Most entries of the trail that a person may cause in a minute and a process, of a thousand bytes on average."""
    waiting_proposals: int = 100
    """Most proposals of one person that may wait for a second one at the same time."""
    removal_days: int = 30
    """Days in which two people can bring a removed document back; 0: a worker deletes it for good at once."""
    largest_file: int = 200_000_000
    """Largest file that is taken in, in bytes."""
    most_pages: int = 5_000
    """Most pages that a document may have."""
    reader_memory: int = 2_147_483_648
    """Bytes of memory that the process which reads PDFs may use."""
    siem: str = ""
    """Where `tolmach audit forward` hands the trail on: `syslog+tls://host:6514` or `file:///path`; empty: nowhere."""
    siem_ca: str = ""
    """Certificate of the authority that the collector's certificate is from; empty: the system's authorities."""
    log: str = "text"
    """How processes write their log: `text`, or `json`, a line an event, with the request that it belongs to."""
    metrics_port: int = 0
    """Port on which `tolmach serve` or `tolmach worker` tells its numbers to Prometheus, one port each; 0: none."""
    metrics_host: str = "127.0.0.1"
    """Address for that port. It asks nobody who they are: keep it to the machine, or to a network of the operator's."""
    models_address: str = ""
    """Address that `tolmach models fetch` takes packages from, `https://…`; empty: nothing is ever fetched."""
    meaning: str = "no"
    """`yes`: searches go by meaning too, where `requirements/semantic.txt` is installed; a worker makes the vectors."""
    oidc_issuer: str = ""
    """Issuer of single sign-on (OpenID Connect), `https://host/realms/agency`, as it names itself; empty: none."""
    oidc_ca: str = ""
    """Certificate of the authority that the issuer's certificate is from; empty: the system's authorities."""
    oidc_client: str = "tolmach"
    """What the issuer calls this service: its `client_id`."""
    oidc_client_secret_file: str = ""
    """File that holds this service's secret with the issuer; empty: it has none there (a public client)."""
    oidc_page: str = ""
    """Address of our page as people open it, `https://host/`; the issuer has it as the one redirect URI."""
    oidc_acr: str = ""
    """Values of `acr`, with spaces between, by which the issuer vouches for a second factor; it is asked for them."""
    oidc_amr: str = ""
    """Values of `amr`, with spaces between, of which one in a token says the same; the issuer is not asked for them."""
    password_for: str = ""
    """User names of one or two administrators who alone sign in with a password, with a comma; empty: everybody."""
    ocr_data: str = ""
    """Folder of Tesseract's language data (`rus.traineddata`, …); empty: that of Debian's packages."""

    @property
    def url(self) -> str:
        """The database's address, the default filled in."""
        return self.database_url or f"sqlite:///{self.home / 'tolmach.sqlite'}"

    @property
    def own_name(self) -> str:
        """What this host is called."""
        return self.host_name or socket.gethostname()

    @property
    def password_names(self) -> frozenset[str]:
        """The user names of those who alone sign in with a password; with none, everybody does."""
        return frozenset(name.strip() for name in self.password_for.split(",")) - {""}

    @property
    def relying_party(self) -> RelyingParty | None:
        """The page that passkeys are made for; None where no address is known that they can be bound to."""
        return RelyingParty.of(self.page or self.oidc_page)

    @property
    def proxies(self) -> TrustedProxies:
        """The proxies that are believed. Raises ValueError."""
        return TrustedProxies.parse(self.trusted_proxies)


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises SettingsError."""
    texts: dict[str, object] = _file(environment)
    for name, text in environment.items():
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in ELSEWHERE:
            texts[name.removeprefix(PREFIX).lower()] = text
    kinds = get_type_hints(Settings)
    unknown = sorted(set(texts) - {field.name for field in fields(Settings)})
    if unknown:
        raise SettingsError(f"There is no setting {PREFIX}{unknown[0].upper()}. See docs/settings.md for all of them.")
    settings = Settings(**{name: _value(name, kinds[name], value) for name, value in texts.items()})  # type: ignore[arg-type]
    return _checked(settings)


def _file(environment: Mapping[str, str]) -> dict[str, object]:
    path = environment.get(PREFIX + "CONFIG")
    if not path:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # not UTF-8, or not TOML
        raise SettingsError(f"{PREFIX}CONFIG names {path}, which cannot be read: {error}") from error


def _value(name: str, kind: type, value: object) -> object:
    try:
        return Path(str(value)) if kind is Path else kind(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{PREFIX}{name.upper()} must be a {kind.__name__}, and {value!r} is not.") from error


def _checked(settings: Settings) -> Settings:
    if settings.engine not in ENGINES:
        raise SettingsError(f"{PREFIX}ENGINE must be {' or '.join(ENGINES)}, and {settings.engine!r} is not.")
    if settings.audit not in TRAILS:
        raise SettingsError(f"{PREFIX}AUDIT must be {' or '.join(TRAILS)}, and {settings.audit!r} is not.")
    if settings.audit == "database" and not settings.database_url.startswith("postgresql"):
        raise SettingsError(
            f"{PREFIX}AUDIT=database needs PostgreSQL: set {PREFIX}DATABASE_URL, or {PREFIX}AUDIT=file."
        )
    if settings.waiting_proposals < 1:
        raise SettingsError(f"{PREFIX}WAITING_PROPOSALS must be at least 1.")
    if not 0 <= settings.removal_days <= LONGEST_REMOVAL:
        raise SettingsError(f"{PREFIX}REMOVAL_DAYS must be from 0 to {LONGEST_REMOVAL}.")
    if settings.engine == "elasticsearch":
        _check_elasticsearch(settings)
    if settings.store not in STORES:
        raise SettingsError(f"{PREFIX}STORE must be {' or '.join(STORES)}, and {settings.store!r} is not.")
    if settings.store == "s3":
        _check_store(settings)
    if settings.meaning not in ("yes", "no"):
        raise SettingsError(f"{PREFIX}MEANING must be yes or no, and {settings.meaning!r} is not.")
    if not 0 <= settings.metrics_port <= MOST_PORT:
        raise SettingsError(f"{PREFIX}METRICS_PORT must be from 0 to {MOST_PORT}.")
    if settings.log not in LOGS:
        raise SettingsError(f"{PREFIX}LOG must be {' or '.join(LOGS)}, and {settings.log!r} is not.")
    if settings.siem and not re.fullmatch(SIEM, settings.siem):
        raise SettingsError(
            f"{PREFIX}SIEM must be syslog+tls://host:6514 or file:///path, and {settings.siem!r} is not."
        )
    _check_sign_on(settings)
    if settings.page and settings.relying_party is None:
        raise SettingsError(
            f"{PREFIX}PAGE must be https://host/, by a name and no number, or http://localhost:8000/ on this machine "
            f"alone, and {settings.page!r} is not."
        )
    try:
        settings.proxies  # noqa: B018
    except ValueError as error:
        raise SettingsError(f"{PREFIX}TRUSTED_PROXIES must be addresses or networks: 192.0.2.1,10.9.0.0/24.") from error
    return replace(settings, home=settings.home.expanduser().absolute())


def _check_elasticsearch(settings: Settings) -> None:
    name = f"{PREFIX}ELASTICSEARCH_"
    if not settings.elasticsearch_url:
        raise SettingsError(f"{name}URL must be set where {PREFIX}ENGINE is elasticsearch.")
    if settings.elasticsearch_plain_http not in ("yes", "no"):
        raise SettingsError(f"{name}PLAIN_HTTP must be yes or no, and {settings.elasticsearch_plain_http!r} is not.")
    if bool(settings.elasticsearch_username) != bool(settings.elasticsearch_password_file):
        raise SettingsError(f"{name}USERNAME and {name}PASSWORD_FILE go together.")
    if settings.elasticsearch_username and settings.elasticsearch_api_key_file:
        raise SettingsError(f"Give either {name}API_KEY_FILE or {name}USERNAME, not both.")
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,60}", settings.elasticsearch_prefix):
        raise SettingsError(f"{name}PREFIX must be small letters, digits and hyphens.")


def _check_store(settings: Settings) -> None:
    name = f"{PREFIX}STORE_"
    if not re.fullmatch(r"https://[^/@?#\s]+/?", settings.store_url):
        raise SettingsError(f"{name}URL must be https://host:port where {PREFIX}STORE is s3.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", settings.store_bucket):
        raise SettingsError(f"{name}BUCKET must be small letters, digits, dots and hyphens, of 3 to 63.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", settings.store_prefix):
        raise SettingsError(f"{name}PREFIX must be small letters, digits and hyphens.")
    if not (settings.store_access_key_file and settings.store_secret_key_file):
        raise SettingsError(f"{name}ACCESS_KEY_FILE and {name}SECRET_KEY_FILE must be set where {PREFIX}STORE is s3.")


def _check_sign_on(settings: Settings) -> None:
    if settings.password_for and not (settings.oidc_issuer and 1 <= len(settings.password_names) <= MOST_NAMES):
        raise SettingsError(f"{PREFIX}PASSWORD_FOR names one or two people, and needs {PREFIX}OIDC_ISSUER.")
    if not settings.oidc_issuer:
        return
    for name, address in (("ISSUER", settings.oidc_issuer), ("PAGE", settings.oidc_page)):
        if not re.fullmatch(ADDRESS, address):
            raise SettingsError(f"{PREFIX}OIDC_{name} must be https://host/…, and {address!r} is not.")
    if not settings.oidc_page.endswith("/"):
        raise SettingsError(f"{PREFIX}OIDC_PAGE must end in a slash, as the issuer's redirect URI does.")
