"""Who a command acts for: the person named by `--as`, once they have signed in, or else the operator.

Refuses as the API does: the same throttle, the same second factor, the same trail, no word about what was wrong.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from auth.people import Principal
from auth.signin import sign_in
from services.cli.console import fail
from services.components import Components

As = Annotated[str | None, typer.Option("--as", help="Who is acting, after signing in; without it, the operator")]
PasswordStdin = Annotated[bool, typer.Option(help="Read the password from standard input")]
Otp = Annotated[str, typer.Option(help="Their second factor: six digits, or a recovery code")]


def acting(components: Components, username: str | None, password_stdin: bool, otp: str) -> Principal | None:
    """The person who signs in for this one command; None, for the operator, where no name is given."""
    return None if username is None else signed_in(components, username, password_stdin, otp)


def signed_in(components: Components, username: str, password_stdin: bool, otp: str) -> Principal:
    """The person who signs in for this one command; whatever is not right ends it."""
    tried = sign_in.attempt(components.database, username, _password(password_stdin))
    with components.database.session() as session:
        outcome = sign_in.complete(session, tried, otp)
        components.trail.record(outcome.event("console"))
    if outcome.principal is None:
        fail("Name, password and second factor do not belong together, or there were too many tries lately.")
    if outcome.must_set_up and not outcome.principal.grants:
        fail("Sign in at the browser page first: it leads through choosing a password and setting up a second factor.")
    return outcome.principal


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Password", hide_input=True, err=True))
