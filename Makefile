# Every target sets up what it needs: a virtual environment and the pinned packages, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test test-rest test-long test-faults test-serve test-browser check audit install format graph pictures clean

run: $(STAMP)
	@exec $(BIN)/lexhub serve

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Lexhub needs Python 3.11 or newer; set PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: test-rest test-serve

test-rest: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore tests/serve

test-long: $(STAMP)
	$(BIN)/python -m pytest -m long

test-faults: $(STAMP)
	$(BIN)/python -m pytest -m faults

test-serve: $(STAMP)
	$(BIN)/python -m pytest tests/serve

# Pictures of every state of the page are in build/screenshots afterwards.
test-browser: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not faults' tests/browser

# Fails with NOT AUDITED where the advisories cannot be reached.
audit: $(STAMP)
	$(BIN)/python -m tests.audit

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

graph: $(STAMP)
	@$(BIN)/python -m docs.graph

# Of the server that runs on this machine; needs Chromium.
pictures: $(STAMP)
	$(BIN)/python -m docs.pictures

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
