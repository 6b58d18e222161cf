"""`tolmach models`: the translation packages of this installation. Fetches nothing: the operator brings the files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from indexer.translate.contract import Model
from services.cli.console import AsJson, event, opened, put, say

models = typer.Typer(no_args_is_help=True, help="Translation packages (Argos Translate).")


@models.command("install")
def install(
    file: Annotated[Path, typer.Argument(help="The package: a .argosmodel file on this machine")],
    sha256: Annotated[str | None, typer.Option(help="Install it only if this is the file's SHA-256")] = None,
) -> None:
    """Install a package of Argos Translate, English to Russian or Russian to English.

    Give the SHA-256 that you have from a source you trust: who can change the file can change translations.
    Digests of the official packages, which we have not verified on the files:

    - `translate-en_ru-1_9.argosmodel` 591d743ae103752b88ffc38785c50421320f4eff93c8967e0d3d2e14d4e27811
    - `translate-ru_en-1_9.argosmodel` e9ba8bf722d10a4a4c39f74289d5938fd47eac08dbe4ed0afd22d89445a5c3ac
    """
    components = opened()
    model = components.packages.install(file, sha256)
    compared = "with the digest given" if sha256 else "with nothing"
    components.trail.record(event("install_model", model.digest, name=model.name, compared=compared))
    say(f"{model.name} is installed. SHA-256 {model.digest}, compared {compared}.")


@models.command("list")
def list_models(as_json: AsJson = False) -> None:
    """List the installed packages."""
    installed = opened().packages.models()
    if as_json:
        put([_as_json(model) for model in installed])
        return
    for model in installed:
        bound = "any document" if model.bound_to is None else f"for {len(model.bound_to)} documents only"
        say(f"{model.name}  {model.digest}  {bound}")
    if not installed:
        say("No translation package is installed. Install one with: tolmach models install FILE")


@models.command("check")
def check(as_json: AsJson = False) -> None:
    """Compare the installed packages with what was installed, and load each of them."""
    problems = opened().packages.check()
    if as_json:
        put([asdict(problem) for problem in problems])
    for problem in problems:
        say(f"{problem.code}: {problem.message}")
    if problems:
        raise typer.Exit(1)
    say("The installed packages are what was installed, and load.")


def _as_json(model: Model) -> dict[str, object]:
    documents = None if model.bound_to is None else sorted(model.bound_to)
    return {
        "name": model.name,
        "source": model.source,
        "target": model.target,
        "sha256": model.digest,
        "documents": documents,
    }
