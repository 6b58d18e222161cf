"""Looks at every part of an installation and says what works, what is missing, and what opens a connection."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from auth import people
from auth.audit import marks
from auth.audit.proven import prove_all, prove_tail
from auth.errors import TolmachError
from auth.signin import vault
from auth.tables import PasskeyRow
from indexer.engine.contract import EngineError
from indexer.engine.elastic.engine import ElasticEngine
from indexer.extract.pages import ExtractError
from indexer.handling import sealing
from indexer.library.tables import DocumentRow
from indexer.pipeline.index_sync import apply_due_index_changes
from indexer.pipeline.reindex import searchable
from indexer.pipeline.stages import encode
from indexer.store.folder import FolderStore
from services import database_roles
from services.components import Components, HomeError
from services.hosts import comparing
from services.installation.reconciling import damaged_originals, file_differences, sealed_count
from services.observing.siem import forwarding_of

_SMALLEST_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)


_OTHERS = 0o077  # what the group and all others may do
_OF_A_BACKUP = ("database", "signing key", "marking scheme", "checkpoints", "files", "search index")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and in words how it is or what to do."""

    what: str
    well: bool
    words: str


def examine(components: Components, deep: bool = False, only: Collection[str] = ()) -> Iterator[Finding]:
    """Look at every part, one after the other; one that fails does not keep the others from being looked at.

    `deep`: at every entry of the audit trail, and not at the last ones alone. `only`: at these parts, where some are
    named.
    """
    looks: dict[str, Callable[[Components], str]] = {
        "database": _database,
        "connection to the database": _database_connection,
        "role of the database": lambda components: database_roles.described(components.database),
        "secrets of the database": _secrets,
        "passkeys": _passkeys,
        "modes": _modes,
        "hosts": comparing.described,
        "marking scheme": lambda components: ", ".join(level.code for level in components.scheme.levels),
        "signing key": lambda components: f"in order, {len(components.signer.keys)} with those that are retired",
        "audit trail": partial(_trail, deep=deep),
        "role of the trail": _trail_role,
        "checkpoints": lambda components: f"signed with the key {components.trail.own_key()}",
        "search terms": _sealing,
        "SIEM": _siem,
        "single sign-on": _single_sign_on,
        "sign-in with a password": _password_sign_in,
        "trail against database": _trail_against_database,
        "sealed documents": _sealed,
        "store": lambda components: components.store.check(),
        "files": partial(_files, deep=deep),
        "search index": _index,
        "scripts": _scripts,
        "PDF reader": _reader,
        "confinement": _confinement,
    }
    for what, look in looks.items():
        if only and what not in only:
            continue
        try:
            yield Finding(what, True, look(components))
        except TolmachError as error:
            yield Finding(what, False, error.operator_answer)
        except OSError as error:
            yield Finding(what, False, str(error))
    if not only:
        yield _models(components)
        yield _recognition(components)
        yield _meaning(components)


def troubles(components: Components) -> list[str]:
    """What is wrong with an installation that was made out of a backup: with what it has, not with its machine."""
    findings = examine(components, deep=True, only=_OF_A_BACKUP)
    return [f"{finding.what}: {finding.words}" for finding in findings if not finding.well]


def connections(components: Components) -> list[str]:
    """Every address that this configuration connects to; nothing else ever is."""
    url = make_url(components.settings.url)
    addresses = [f"database: {url.host}:{url.port or 5432}"] if url.host else []
    if components.settings.engine == "elasticsearch":
        addresses.append(f"search engine: {components.settings.elasticsearch_url}")
    if components.settings.store == "s3":
        addresses.append(f"store: {components.settings.store_url}")
    if components.settings.siem.startswith("syslog"):
        addresses.append(f"SIEM: {components.settings.siem}")
    if components.settings.oidc_issuer:
        addresses.append(f"single sign-on: {components.settings.oidc_issuer}")
    if components.settings.models_address:
        addresses.append(f"tolmach models fetch, when it is run: {components.settings.models_address}")
    return addresses


def _database(components: Components) -> str:
    with components.database.reading() as session:
        counted = session.execute(select(DocumentRow.state, func.count()).group_by(DocumentRow.state))
        states = ", ".join(f"{count} {state}" for state, count in counted)
    return f"{components.database.engine.dialect.name}: {states or 'no documents'}"


def _database_connection(components: Components) -> str:
    url = make_url(components.settings.url)
    if not url.host or url.host.startswith("/") or url.host in _LOOPBACK:
        return "does not leave this machine"
    mode = str(url.query.get("sslmode", "prefer"))
    if mode != "verify-full":  # told, and no fault: the network may be the machine's own, as between two containers
        return f"sslmode is {mode}: who stands between may read it. Better: ?sslmode=verify-full&sslrootcert=FILE"
    return "encrypted, and the server is known by its certificate"


def _secrets(components: Components) -> str:
    return f"{vault.check(components.database)} second factors, sealed with a key of the home"


def _passkeys(components: Components) -> str:
    party = components.settings.relying_party
    with components.database.reading() as session:
        total = session.scalar(select(func.count()).select_from(PasskeyRow))
    if party:
        return f"{total} passkeys, made for {party.origin}"
    return f"{total} passkeys: none can be made or used until TOLMACH_PAGE is the page's https:// address"


def _modes(components: Components) -> str:
    home = components.home
    sensitive = [home.keys, *home.keys.iterdir(), *home.path.glob("*.sqlite*")]
    if home.path.stat().st_mode & _OTHERS:
        raise HomeError(f"Others may open the home. Run: chmod 700 {home.path}")
    open_paths = [path for path in sensitive if path.stat().st_mode & _OTHERS and path.suffix != ".pub"]
    beneath = f"; {len(open_paths)} files in it would be open without that" if open_paths else ""
    return f"nobody else may open the home{beneath}"


def _trail(components: Components, deep: bool) -> str:
    trail = components.trail
    proof = prove_all(components.database, trail) if deep else prove_tail(trail)
    words = f"{proof.entries} entries, unbroken"
    words += f" from {proof.after + 1} on (all of them: tolmach doctor --deep)" if proof.after else ""
    elsewhere = [archive.name for archive, here in components.trail.archives().items() if not here]
    return words + (f", but for archives that are not here and were believed: {', '.join(elsewhere)}" * bool(elsewhere))


def _trail_role(components: Components) -> str:
    if components.settings.audit == "file":
        return "the trail is a file of the home, whose user may write it"
    return database_roles.trail_described(components.database)


def _sealing(components: Components) -> str:
    sealer = components.trail.sealer()
    if sealer is None:
        return "not kept in the trail: there is no auditor's key (see: tolmach audit use)"
    return f"sealed in the trail to the auditor's key {sealer.key_id}"


def _siem(components: Components) -> str:
    forwarding = forwarding_of(components)
    if forwarding is None:
        return "the trail is handed on to nothing (see TOLMACH_SIEM)"
    return f"{forwarding.behind()} entries wait to be handed on to {forwarding.address} by: tolmach audit forward"


def _single_sign_on(components: Components) -> str:
    issuer = components.issuer
    if issuer is None:
        return "off (see TOLMACH_OIDC_ISSUER)"
    kind = "public client" if issuer.is_public else "client with a secret"
    factors = issuer.factors
    second = (
        "vouches for second factors"
        if factors.acr or factors.amr
        else (
            "vouches for no second factor (TOLMACH_OIDC_ACR, TOLMACH_OIDC_AMR): administrators and auditors are refused"
        )
    )
    return f"{issuer.name} answers, with {issuer.count_keys()} keys; {kind} {issuer.client}; it {second}"


def _password_sign_in(components: Components) -> str:
    names = components.settings.password_names
    if not names:
        return "open to everybody who has a password"
    with components.database.reading() as session:
        able = people.administrators_named(session, names)
    if lacking := sorted(names - able):
        raise HomeError(
            f"TOLMACH_PASSWORD_FOR names {', '.join(lacking)}, who cannot administer in an emergency: "
            "they need a password of their own, a second factor and the role of an administrator"
        )
    return f"off, but for the administrators {', '.join(sorted(names))}"


def _trail_against_database(components: Components) -> str:
    database, trail = components.database, components.trail
    problems = []
    if older := marks.lacking(database, trail):
        problems.append(f"the trail lacks entry {older}, which the database has seen: it is an older one")
    if weaker := sealing.weaker_than_trail(database, trail):
        problems.append(f"{len(weaker)} documents are weaker in the database than in the trail; a start seals them")
    if lost := sealing.lost_documents(database, trail, marks.number(database)):
        problems.append(f"{len(lost)} documents that were taken in are not in the database: it is an older one")
    if problems:
        raise HomeError("; ".join(problems))
    return "every document is as strict as its last label in the trail"


def _sealed(components: Components) -> str:
    if count := sealed_count(components):
        raise HomeError(f"{count} documents are sealed until two people decide. See: tolmach sealed list")
    return "none"


def _files(components: Components, deep: bool) -> str:
    differences = file_differences(components)
    problems = []
    if differences.gone:
        problems.append(f"{len(differences.gone)} originals are gone, {min(differences.gone)} the first")
    if differences.extra:
        problems.append(f"{len(differences.extra)} originals are of no document, {min(differences.extra)} the first")
    if deep and (damaged := damaged_originals(components)):
        problems.append(f"{len(damaged)} originals are not what was taken in, {damaged[0]} the first")
    if components.store.address and (unmoved := FolderStore(components.home.files).names()):
        problems.append(f"{len(unmoved)} originals lie in the home still. Run: tolmach store move")
    if problems:
        raise HomeError("; ".join(problems))
    return "every document has its original" + (", as it was taken in" if deep else "")


def _index(components: Components) -> str:
    apply_due_index_changes(components.database, components.engine)
    indexed = {document_id: holding.rule for document_id, holding in components.engine.holdings().items()}
    expected = searchable(components.database)
    if indexed != expected:
        differing = len(indexed.items() ^ expected.items())
        raise EngineError(f"{differing} entries differ from the database. Run: tolmach engine reindex")
    return f"{components.settings.engine}: {len(indexed)} documents, as in the database"


def _scripts(components: Components) -> str:
    engine = components.engine
    if not isinstance(engine, ElasticEngine):
        return "the embedded engine runs none"
    if engine.runs_scripts():
        raise EngineError(
            "Elasticsearch runs scripts that a search brings. Set in elasticsearch.yml of every node: "
            "script.allowed_types: inline, script.allowed_contexts: similarity"
        )
    return "Elasticsearch refuses every script but a similarity's"


def _reader(components: Components) -> str:
    components.drawer.draw(io.BytesIO(_SMALLEST_PDF), 1, 100)
    return "starts, and draws a page"


def _confinement(components: Components) -> str:
    return f"PDFs are read under: {components.reader.confinement()}"


def _models(components: Components) -> Finding:
    problems = components.packages.check()
    if problems:
        return Finding("translation", False, "; ".join(problem.message for problem in problems))
    names = ", ".join(model.name for model in components.packages.models())
    return Finding("translation", True, names or "no package installed: documents stay in their own language")


def _meaning(components: Components) -> Finding:
    """That it is off is told, and no fault: everything else works without it."""
    if components.settings.meaning != "yes":
        return Finding("search by meaning", True, "off (see TOLMACH_MEANING)")
    if components.encoder is None:
        return Finding("search by meaning", False, "no encoder is installed. See requirements/semantic.txt")
    with components.database.reading() as session:
        waiting = encode.waiting(session, components.encoder)
    return Finding("search by meaning", True, f"{components.encoder.name}; {waiting} documents wait for their vectors")


def _recognition(components: Components) -> Finding:
    """That nothing can be recognised is told, and no fault: everything else works without it."""
    recogniser = components.recogniser
    if missing := recogniser.missing():
        return Finding("text recognition", True, f"pages that are pictures stay unread: {missing}")
    try:
        recogniser.check()
    except ExtractError as error:
        return Finding("text recognition", False, error.operator_answer)
    return Finding("text recognition", True, f"reads {', '.join(recogniser.languages)} from {recogniser.folder}")
