"""`tolmach host`: the hosts that work on one database."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from services.cli.console import AsJson, event, fail, opened, put, say
from services.hosts import agreement, comparing, roles
from services.hosts.roles import HostRole

host = typer.Typer(no_args_is_help=True, help="The hosts that work on one database.")


@host.command("list")
def list_hosts(as_json: AsJson = False) -> None:
    """List the hosts, their work, and when each was heard of last. Whether they are alike says: tolmach doctor."""
    with closing(opened()) as components:
        every = comparing.hosts(components)
        components.trail.record(event("list_hosts", total=len(every)))
    if as_json:
        put([asdict(each) | {"seen": each.seen.isoformat(), "silent": each.is_silent} for each in every])
        return
    for each in every:
        silent = "  [bold red]silent[/]" if each.is_silent else ""
        version = each.facts.get("version", "")
        say(f"{escape(each.described)}  {version}  {each.seen.isoformat(timespec='seconds')}{silent}")
    if not every:
        say("No host is running, or the database is a file, which is one host's.")


@host.command()
def export(
    role: Annotated[HostRole, typer.Option("--for", help="What the new host will do")],
    folder: Annotated[Path, typer.Argument(help="A new or empty folder")],
) -> None:
    """Make the home of another host: what its work needs of this home, and no more.

    An `api` host answers people, `worker` takes papers through the pipeline, `ocr` recognises pages that are pictures
    (`tolmach worker --ocr-only`). The folder holds keys: bring it to the new host by a way that nobody reads, make it
    TOLMACH_HOME there, and delete it here.
    """
    with closing(opened()) as components:
        components.trail.record(event("export_host", role=role))
        names = roles.export(components, role, folder)
    say(f"{escape(str(folder))} is a home for {role} now, with {', '.join(names)}. It holds keys: keep it to yourself.")


@host.command()
def agree() -> None:
    """From now on all hosts are to have this host's keys, marking scheme and translation packages.

    Hosts that have others stop within seconds, and start again once they have the same. So this is how a new marking
    scheme comes to all of them: change it here, run this, copy it to the others, start them.
    """
    with closing(opened()) as components:
        changed = agreement.agree(components)
        components.trail.record(event("agree_hosts", changed=", ".join(changed)))
    say(f"Changed for all hosts: {', '.join(changed)}." if changed else "All that was agreed on is as it is here.")


@host.command()
def forget(name: Annotated[str, typer.Argument(help="As `tolmach host list` names it")]) -> None:
    """Take a host that is gone for good off the list."""
    with closing(opened()) as components:
        number = comparing.forget(components, name)
        components.trail.record(event("forget_host", name, total=number))
    if not number:
        fail("There is no host of that name. See: tolmach host list")
    say("It is off the list. Should it run still, it comes back by itself.")
