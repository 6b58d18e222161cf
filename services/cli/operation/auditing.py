"""`tolmach audit`: proves the trail, exports it, and opens what it holds sealed. Refuses to keep a private key here."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from auth.audit import checkpoints, keys, marks
from auth.audit import export as exporting
from auth.audit.entries import Entry
from auth.audit.keeping.statements import HAND_OVER
from auth.audit.keeping.trail_file import TrailFile
from auth.audit.moving import MOVE, Moving
from auth.audit.proven import Proven, prove_all, prove_on
from auth.audit.trail import AUDITOR_KEY, Trail
from services import settings, setup
from services.cli.console import event, fail, opened, say
from services.cli.library.batch import bar
from services.hosts import agreement
from services.observing.siem import SiemError, forwarding_of
from services.opening import trails

LONG: Final = 50_000  # entries, about a second's work
IDLE, TROUBLED = 1.0, 10.0  # seconds until the next look for entries, and the next try after the SIEM did not answer

audit = typer.Typer(no_args_is_help=True, help="The audit trail.")

PrivateKey = Annotated[Path, typer.Argument(metavar="FILE", help="The auditor's private key")]


@audit.command("verify")
def verify(
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint kept elsewhere; several may be given")
    ] = None,
    key: Annotated[list[str] | None, typer.Option(help="Public key to trust besides the one in the home")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Look at every entry, not only at those since the last proof")
    ] = False,
) -> None:
    """Check that no entry of the trail was changed, inserted or taken out, from where the last proof ended.

    Against a checkpoint that was kept elsewhere this also finds a trail that was cut off or rewritten as a whole; then
    every entry is looked at.
    """
    kept = [checkpoints.read(path) for path in checkpoint or ()]
    if not all(map(checkpoints.is_key, key or ())):
        fail("A public key is 64 hexadecimal digits.")
    components = opened()
    with _progress("Verifying", components.trail) as step:
        if kept or key:
            proof = Proven(components.trail.verify(kept, key or (), step), 0)
        else:
            proof = (prove_all if everything else prove_on)(components.database, components.trail, step)
    elsewhere = [archive.name for archive, here in components.trail.archives().items() if not here]
    if elsewhere:
        say(f"Not looked at, because they are not here: the archives {', '.join(elsewhere)}")
    against = f", and fits {len(kept)} checkpoints kept elsewhere" if kept else ""
    say(f"The audit trail is whole: {proof.entries} entries{against}.")
    if proof.after:
        say(f"Entries up to {proof.after} were proven before, and not looked at again. All of them: audit verify --all")


@audit.command("forward")
def forward(
    once: Annotated[bool, typer.Option(help="Stop when nothing is left to hand on")] = False,
) -> None:
    """Hand the trail on to what TOLMACH_SIEM names, each entry at least once, from where it was left, until stopped.

    It tells who did what to which object and whether that was allowed; never a search term, a title or a reason.
    """
    components = opened()
    forwarding = forwarding_of(components)
    if forwarding is None:
        fail("Nothing is named to hand the trail on to. Set TOLMACH_SIEM: see docs/settings.md")
    handed_on = 0
    while True:
        try:
            handed_on += (some := forwarding.step())
        except SiemError as error:
            if once:
                raise
            say(f"{error.operator_answer} Trying again in {TROUBLED:.0f} seconds.")
            time.sleep(TROUBLED)
            continue
        if not some and once:
            say(f"Handed on: {handed_on} entries, up to {forwarding.position()}.")
            return
        if not some:
            time.sleep(IDLE)


@audit.command("checkpoint")
def checkpoint(
    out: Annotated[Path | None, typer.Option(help="New file to write it to, instead of standard output")] = None,
) -> None:
    """Sign how far the trail has come. Keep it where the operator of this machine cannot change it."""
    components = opened()
    components.trail.record(event("audit_checkpoint"))
    checkpoint = components.trail.checkpoint()
    if out is None:
        print(checkpoint.as_line())
        return
    with out.open("x", encoding="utf-8") as file:
        file.write(checkpoint.as_line() + "\n")
    say(f"Checkpoint of entry {checkpoint.number} written to {out}, signed with the key {checkpoint.key}")


@audit.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="New file to write to")],
    since: Annotated[datetime | None, typer.Option(help="First moment (UTC)")] = None,
    until: Annotated[datetime | None, typer.Option(help="Moment to stop before (UTC)")] = None,
) -> None:
    """Export the trail, or a time of it, as JSON lines that deploy/verify_audit.py can check alone."""
    components = opened()
    when = {name: moment.isoformat() for name, moment in (("since", since), ("until", until)) if moment}
    components.trail.record(event("audit_export", **when))
    with _progress("Exporting", components.trail) as step:
        count = exporting.export(components.trail, file, _utc(since), _utc(until), step)
    say(f"Exported up to entry {count.number} to {file}, signed with the key {count.key}")


@audit.command("archive")
def archive(
    key: Annotated[list[str] | None, typer.Option(help="Public key to trust besides the one in the home")] = None,
) -> None:
    """Move all entries so far into an archive, signed, and go on with an entry that names its end; safe to repeat.

    Others go on working. The archive may then be moved to other disks: `audit verify` believes what is not here.
    """
    if not all(map(checkpoints.is_key, key or ())):
        fail("A public key is 64 hexadecimal digits.")
    components = opened()
    with components.owned_trail() as trail:
        archive = trail.archive(event(HAND_OVER), key or ())
    marks.set_mark(components.database, components.trail)
    say(f"Entries {archive.first} to {archive.last} are in {archive.path(components.trail.archives_folder)}")
    say(f"Its end is signed with the key {archive.end.key}: digest {archive.end.digest}")


@audit.command("move")
def move(
    key: Annotated[list[str] | None, typer.Option(help="Public key to trust besides the one in the home")] = None,
) -> None:
    """Take the trail from its file into PostgreSQL: one chain for all hosts. Safe to interrupt and to repeat.

    Set TOLMACH_AUDIT=database for this command, and TOLMACH_DATABASE_OWNER_URL where two roles are used. People may
    work until the file is closed; whoever still writes to it then is refused. Start all with TOLMACH_AUDIT=database.
    """
    if not all(map(checkpoints.is_key, key or ())):
        fail("A public key is 64 hexadecimal digits.")
    components = opened()
    current, home = components.settings, components.home
    if current.audit != "database":
        fail("The settings keep the trail in a file. Set TOLMACH_AUDIT=database for this command.")
    if not home.audit.is_file():
        fail(f"There is no trail in {home.audit} to take along.")
    tables = trails.tables_of(current.database_owner_url or current.url, home.audit)
    with _progress("Moving", Trail(TrailFile(home.audit))) as step:
        last = Moving(home.audit, tables, home.keys, key or (), step).move(event(MOVE))
    tables.close()
    setup.grant_trail(components)
    marks.set_mark(components.database, components.trail)
    say(f"The trail is in the database: {last} entries, unbroken. Start all with TOLMACH_AUDIT=database.")
    say(f"{home.audit} takes no entry any more. Keep it as a proof.")


@audit.command("keygen")
def keygen(
    file: Annotated[Path, typer.Argument(help="New file for the private key; the public one gets .pub")],
) -> None:
    """Make an auditor's key pair. Do this on the auditor's machine, and keep the private key there."""
    home = settings.load().home.resolve()
    if file.resolve().is_relative_to(home):
        fail("The private key must not lie in the home: whoever holds the trail could open it. Choose another place.")
    name = keys.make_auditor_key(file)
    public = keys.public_path(file)
    say(f"Private key: {file}. Without it, what is sealed can never be opened: keep a copy.")
    say(f"Public key {name}: {public}. On the server: tolmach audit use {public.name}")


@audit.command("use")
def use(
    file: Annotated[Path, typer.Argument(metavar="FILE.pub", help="The auditor's public key; - is standard input")],
) -> None:
    """Seal search terms to this auditor's key from now on. What was sealed before stays sealed to the key of then."""
    content = sys.stdin.buffer.read() if str(file) == "-" else None
    sealer = keys.load_sealer(file) if content is None else keys.sealer_of(content, "Standard input")
    components = opened()
    components.trail.record(event("audit_use_key", sealer.key_id))
    keys.install(sealer, components.home.keys / AUDITOR_KEY)
    agreement.use_auditor(components, (components.home.keys / AUDITOR_KEY).read_text(encoding="ascii"))
    say(f"Search terms are sealed to the key {sealer.key_id} from now on.")


@audit.command("open")
def open_sealed(
    file: PrivateKey,
    export: Annotated[
        list[Path] | None, typer.Option(help="Export to open, on any machine; without it, this trail")
    ] = None,
) -> None:
    """Open what was sealed to the auditor, as JSON lines on standard output.

    Prove an export first, with deploy/verify_audit.py.
    """
    opener = keys.load_opener(file)
    others = 0
    for entry, secret in _sealed(opener, export or []):
        if secret is None:
            others += 1
            continue
        row = {"number": entry.number, "at": entry.at, "person": entry.actor, "action": entry.action, "secret": secret}
        print(json.dumps(row, ensure_ascii=False))
    if others:
        say(f"{others} entries are sealed to other keys than {opener.key_id}.")


def _sealed(opener: keys.Opener, exports: list[Path]) -> Iterator[tuple[Entry, str | None]]:
    if exports:
        for path in exports:
            yield from exporting.opened(path, opener)
        return
    components = opened()
    components.trail.record(event("audit_open", opener.key_id))
    for entry in components.trail.entries():
        if entry.sealed:
            yield entry, exporting.opening(entry, opener)


@contextmanager
def _progress(words: str, trail: Trail) -> Iterator[Callable[[int], object]]:
    """What to tell how many entries are done: a long trail shows a bar."""
    total = trail.count()
    if total < LONG:
        yield lambda _: None
        return
    with bar() as progress:
        task = progress.add_task(words, total=total)
        yield lambda count: progress.update(task, completed=count)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
