"""`tolmach models`: the translation packages of this installation, and how good and fast each is.

The operator brings the files, or says where from they are fetched: by `fetch` alone, and only what has a known digest.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from indexer.translate import fetching, quality, translations
from indexer.translate.contract import Model
from indexer.translate.fetching import PackageFile
from indexer.translate.quality import Measurement
from services.cli.console import AsJson, event, opened, put, say
from services.components import Components
from services.hosts import agreement

models = typer.Typer(no_args_is_help=True, help="Translation packages (Argos Translate, Firefox).")


@models.command("install")
def install(
    file: Annotated[Path, typer.Argument(help="The package: a .argosmodel file, or a .fxmodel one")],
    sha256: Annotated[str | None, typer.Option(help="Install it only if this is the file's SHA-256")] = None,
) -> None:
    """Install a package, English to Russian or Russian to English; Firefox's where fxtranslate is installed.

    Give the SHA-256 that you have from a source you trust: who can change the file can change translations.
    Digests of the official packages, which we have not verified on the files:

    - `translate-en_ru-1_9.argosmodel` 591d743ae103752b88ffc38785c50421320f4eff93c8967e0d3d2e14d4e27811
    - `translate-ru_en-1_9.argosmodel` e9ba8bf722d10a4a4c39f74289d5938fd47eac08dbe4ed0afd22d89445a5c3ac
    """
    components = opened()
    model = components.packages.install(file, sha256)
    _agree(components)
    compared = "with the digest given" if sha256 else "with nothing"
    components.trail.record(event("install_model", model.digest, name=model.name, compared=compared))
    say(f"{model.name} is installed. SHA-256 {model.digest}, compared {compared}.")


@models.command("fetch")
def fetch(
    languages: Annotated[str, typer.Argument(help="en-ru: English into Russian; ru-en; both: each of them")],
    file: Annotated[str, typer.Option(help="Another file of that address than the official one; needs --sha256")] = "",
    sha256: Annotated[str, typer.Option(help="The SHA-256 of that file")] = "",
) -> None:
    """Fetch the official packages from TOLMACH_MODELS_ADDRESS, install and measure them. Off while that is not set.

    What is fetched is installed only if it has the digest that is known here, or the one given.
    """
    directions = fetching.DIRECTIONS if languages == "both" else (languages,)
    if any(each not in fetching.OFFICIAL for each in directions) or (file and len(directions) > 1):
        raise typer.BadParameter(f"Say one of {', '.join(fetching.OFFICIAL)}; or both, without --file.")
    if bool(file) != bool(sha256):
        raise typer.BadParameter("--file and --sha256 go together.")
    components = opened()
    address = components.settings.models_address
    for each in directions:
        package = PackageFile(file, sha256.strip().lower()) if file else fetching.OFFICIAL[each]
        components.trail.record(event("fetch_model", package.name, sha256=package.sha256))
        with fetching.fetched(address, package, components.home.models) as path:
            model = components.packages.install(path, package.sha256)
        _agree(components)
        components.trail.record(event("install_model", model.digest, name=model.name, compared="with the digest known"))
        say(f"{model.name} is installed. SHA-256 {model.digest}.")
        say(_measured(components, model))


@models.command("measure")
def measure() -> None:
    """Measure the installed packages on the sentences that ship: chrF, and sentences a second on this machine."""
    components = opened()
    for model in components.packages.models():
        say(_measured(components, model))


@models.command("list")
def list_models(as_json: AsJson = False) -> None:
    """List the installed packages: quality and speed where they were measured, and how much each has translated."""
    components = opened()
    installed = components.packages.models()
    with components.database.reading() as session:
        amounts = translations.amounts(session)
    if as_json:
        put([_as_json(components, model, amounts.get(model.digest, 0)) for model in installed])
        return
    for model in installed:
        bound = "any document" if model.bound_to is None else f"for {len(model.bound_to)} documents only"
        say(f"{model.name}  {model.digest}  {bound}  {amounts.get(model.digest, 0)} sentences translated")
        result = quality.read(components.home.models, model)
        say(f"  {_in_words(result)}" if result else "  not measured: tolmach models measure")
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


def _agree(components: Components) -> None:
    """What is installed here is what all hosts are to have."""
    with components.database.session() as session:
        agreement.agree_on_models(components, session)


def _measured(components: Components, model: Model) -> str:
    """Measure a model, keep the result, and give it in words; a model that is bound to documents is not measured."""
    if model.bound_to is not None:
        return f"{model.name} is for certain documents only, so it is not measured."
    return f"{model.name}: {_in_words(quality.measure(components.packages, components.home.models, model))}"


def _in_words(result: Measurement) -> str:
    return f"chrF {result.chrf}, {result.sentences_per_second} sentences a second, on {result.sentences} that ship"


def _as_json(components: Components, model: Model, amount: int) -> dict[str, object]:
    result = quality.read(components.home.models, model)
    documents = None if model.bound_to is None else sorted(model.bound_to)
    return {
        "name": model.name,
        "source": model.source,
        "target": model.target,
        "sha256": model.digest,
        "documents": documents,
        "sentences_translated": amount,
        "measured": asdict(result) if result else None,
    }
