PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

.PHONY: run dev test test-long lint fmt migrate setup lock bench clean
.DEFAULT_GOAL := help

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run ## Everything needed, then the server on http://127.0.0.1:8000
	@exec $(BIN)/tasktalk serve $(ARGS)

dev: $(VENV)/.run ## The server, started again at every change of the code
	@exec $(BIN)/tasktalk serve --reload $(ARGS)

test: $(VENV)/.dev ## The test suite, but for what takes long
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-long: $(VENV)/.dev ## The rest of it: faults of the database and the servers, instructions per request
	$(BIN)/python -m pytest -m long $(ARGS)

lint: $(VENV)/.dev ## Style, types and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

fmt: $(VENV)/.dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

migrate: $(VENV)/.run ## Bring the database to the newest schema
	$(BIN)/tasktalk migrate

setup: $(VENV)/.dev ## The environment with all development tools

lock: $(VENV)/.dev ## Write the lock files anew from pyproject.toml
	$(PIP) install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group build --output-file requirements.lock $(LOCK)
	$(BIN)/uv pip compile pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock $(LOCK)

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --upgrade

bench: $(VENV)/.dev ## Speed beside a bare server on the same database
	$(BIN)/python -m bench $(ARGS)

clean: ## Remove the environment and caches; the data in .data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tasktalk needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python3 can't make environments: install its venv package (Debian: python3-venv)"; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@
