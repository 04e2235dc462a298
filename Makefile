# Two commands set everything up on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q

.PHONY: run install test check bench bench-matching proof proof-keys fuzz pictures contract clean

run: install
	@$(BIN)/kprep demo

install: $(VENV)/.run $(VENV)/.demo

$(VENV)/.run: requirements/run.txt pyproject.toml
	@echo "kprep: setting up $(VENV) (once)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "kprep needs Python 3.11 or newer: make run PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q kprep_tui screens api_client backend
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# The demo store is built once for these sources; each start copies it.
$(VENV)/.demo: $(VENV)/.run $(shell find backend -name '*.py' -o -name '*.toml')
	@$(BIN)/kprep-backend demo
	@touch $@

# Six workers for two cores: programs in a terminal and databases let one wait for the others.
test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n 6 --dist loadgroup $(ARGS)

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bandit -q -ll -r kprep_tui screens api_client backend
	@$(BIN)/python -m tests.contract --check

contract: $(VENV)/.dev
	@$(BIN)/python -m tests.contract

bench: $(VENV)/.dev $(BENCH)/.bench
	@$(BIN)/python -m benchmarks $(ARGS)
	@$(BIN)/python -m benchmarks.enrollment
	@$(BIN)/python -m benchmarks.letters
	@$(BENCH)/bin/python -m benchmarks.matching --quick

bench-matching: $(BENCH)/.bench
	@$(BENCH)/bin/python -m benchmarks.matching $(ARGS)

# What the judge of matching needs beside the backend stays out of the installation for engineers.
$(BENCH)/.bench: requirements/bench.txt pyproject.toml
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip --disable-pip-version-check --no-input -q install --require-hashes -r requirements/bench.txt
	@$(BENCH)/bin/python -m pip --disable-pip-version-check --no-input -q install --no-deps --no-build-isolation -e .
	@touch $@

proof: $(VENV)/.dev
	@$(BIN)/python -m tests.faults $(ARGS)
	@$(BIN)/python -m tests.billing_oracle --ledgers 100000
	@$(BIN)/python -m tests.user_id_machine --steps 100000

proof-keys: $(VENV)/.dev
	@$(BIN)/python -m tests.typed_ahead $(ARGS)

fuzz: $(VENV)/.dev
	@$(BIN)/python -m tests.fuzz $(ARGS)

pictures: $(VENV)/.dev
	@$(BIN)/python -m tests.pictures
	@$(BIN)/python -m tests.five_calls

clean:
	@rm -rf $(VENV) $(BENCH) build *.egg-info
