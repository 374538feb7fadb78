PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run dev test test-long lint fmt types migrate setup lock eval bench clean
.DEFAULT_GOAL := help

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run ## Everything needed, then the server on http://127.0.0.1:8000
	@exec $(BIN)/tasktalk serve $(ARGS)

dev: $(VENV)/.dev ## The server, started again at every change of the code
	@exec $(BIN)/tasktalk serve --reload $(ARGS)

test: $(VENV)/.dev ## The test suite, but for what takes long
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-long: $(VENV)/.dev ## The rest of it: faults of the database and the servers, instructions per request, two fuzzers
	$(BIN)/python -m pytest -m long $(ARGS)
	$(BIN)/python -m tests.abuse.fuzz_run --seconds 120 --examples 10 --workers 2 --generation-deterministic
	$(BIN)/python -m tests.faults.crash.run --minutes 2

lint: $(VENV)/.dev ## Style, types and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

fmt: $(VENV)/.dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev ## Write the page's TypeScript types of the API anew (needs Node)
	$(BIN)/python -m tests.node_openapi.page_types

migrate: $(VENV)/.run ## Bring the database to the newest schema
	$(BIN)/tasktalk migrate

setup: $(VENV)/.dev ## The environment with all development tools

lock: $(VENV)/.dev ## Write the lock files anew from pyproject.toml
	@command -v uv >/dev/null || $(BIN)/python -m pip install --quiet --quiet uv
	PATH="$(CURDIR)/$(BIN):$$PATH" && export PATH && \
	  uv pip compile pyproject.toml --output-file requirements.lock $(LOCK) && \
	  uv pip compile --group build --output-file requirements-build.lock $(LOCK) && \
	  uv pip compile pyproject.toml --group dev --constraint requirements.lock --constraint requirements-build.lock \
	    --output-file requirements-dev.lock $(LOCK)

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --upgrade

eval: $(VENV)/.dev ## The assistant's corpus against the model of OPENAI_BASE_URL and the built-in one
	$(BIN)/python -m tests.unit.models.corpus.evaluation $(ARGS)

bench: $(VENV)/.dev ## Speed beside a bare server on the same database
	$(BIN)/python -m bench $(ARGS)

clean: ## Remove the environment and caches; the data in .data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/.run: requirements.lock pyproject.toml bootstrap/environment.py
	@$(PYTHON) bootstrap/environment.py requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@$(PYTHON) bootstrap/environment.py requirements-dev.lock
	@touch $@
