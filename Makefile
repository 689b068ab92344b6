# One place for the commands that people and CI run. Everything happens in .venv; nothing outside the checkout is changed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
DAY    ?= 1

.DEFAULT_GOAL := help
.PHONY: help run test check lint types lock real report shell clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

# Hashes for every file, no resolver, no source builds: what was tested is what runs.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is older than 3.11; choose another one: make PYTHON=python3.12 …" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the locked packages into $(VENV) (a minute or two, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(STAMP)  ## the daily job on the demo market (DAY=1 to 15)
	@$(BIN)/salestrigger run --demo --day $(DAY)

test: $(STAMP)  ## all tests
	@$(BIN)/pytest

check: lint types  ## everything that is checked without running: style, types, layers, spelling

lint: $(STAMP)
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/lint-imports --no-logo >/dev/null && $(BIN)/codespell

types: $(STAMP)
	@$(BIN)/mypy

lock: $(STAMP)  ## renew requirements.lock (needs the network)
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras --generate-hashes \
	  --only-binary :all: --no-emit-index-url --no-header --upgrade --quiet -o requirements.lock

real: $(STAMP)  ## the daily job over recorded payloads of real sources: make real SAMPLES=DIR
	@test -n "$(SAMPLES)" || { echo "say where the recorded payloads are: make real SAMPLES=DIR" >&2; exit 2; }
	@rm -rf var/replay/samples   # a recording begins at its beginning: what it answers next was never asked
	@$(BIN)/salestrigger run --replay replays/samples --replay-root "$(SAMPLES)"

report: $(STAMP)  ## the demo market's report again, as HTML
	@$(BIN)/salestrigger report --demo --format html

shell: $(STAMP)  ## DuckDB on the demo market's published file, read-only
	@$(BIN)/salestrigger warehouse shell --demo

clean:  ## remove the environment and everything the runs made
	rm -rf $(VENV) var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
