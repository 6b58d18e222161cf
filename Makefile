# Tolmach: every command a newcomer needs. `make demo` and `make test` set up all they need by themselves.
PYTHON ?= python3
PORT   ?= 8000
ARGS   ?=
BIN    := .venv/bin
BENCHES := $(patsubst tests/bench/bench_%.py,bench-%,$(wildcard tests/bench/bench_*.py))

.PHONY: help demo test test-fast check fix docs bench lock clean $(BENCHES)

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
	@echo "$(BENCHES)" | tr ' ' '\n'

demo: .venv/runtime   ## sample corpus, worker and server on http://127.0.0.1:$(PORT)
	@$(BIN)/tolmach demo --port $(PORT) $(ARGS)

test: .venv/dev       ## every test that can run here; what is missing is skipped and named
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

test-fast: .venv/dev  ## what needs no server, browser or command: about two minutes
	@$(BIN)/python -m pytest -q -n auto --dist loadgroup --fast $(ARGS)

check: .venv/dev      ## format, lint, types, imports, structure, documents: under a minute
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/structure

fix: .venv/dev        ## format, and put right what the linter can
	@$(BIN)/ruff format -q . ; $(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .

docs: .venv/dev       ## rewrite the tables of the documents from the code: settings, commands, calls, errors, rights
	@PYTHONPATH=.:tests:tests/security $(BIN)/python tests/structure/rewrite.py

bench: $(BENCHES)     ## every figure that README and docs quote

$(BENCHES): bench-%: .venv/dev
	@PYTHONPATH=.:tests:tests/contract:tests/security:tests/e2e $(BIN)/python tests/bench/bench_$*.py $(ARGS)

lock:            ## resolve the requirements anew and lock them by hash
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 \
	  pyproject.toml --extra postgresql --group build -o requirements/runtime.txt $(ARGS)
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 \
	  pyproject.toml --extra postgresql --group build --group dev -c requirements/runtime.txt -o requirements/dev.txt $(ARGS)

clean:           ## remove the environment and the demo's data
	rm -rf .venv .demo

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tolmach needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/runtime: .venv/bin/python requirements/runtime.txt pyproject.toml
	@echo "Installing Tolmach into .venv (once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt
	@echo "Installing what the tests need into .venv (once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@touch $@
