# The one door to the project: CI calls the same targets in the same order.
# Needs Python 3.11 or newer, git and make; everything else is installed into .venv, once.

VENV ?= .venv
BIN := $(VENV)/bin
# Half as many workers again as there are cores: tests of processes wait as much as they work.
JOBS ?= $(shell echo $$(( ($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2 )))
# The first Python that is new enough, unless one is given: make test PYTHON=python3.13
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := CUSTOM_COMPILE_COMMAND="make constraints" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

# The suite starts hundreds of processes: each would compile the whole program anew.
unexport PYTHONDONTWRITEBYTECODE

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
# Whoever has done its share takes from another's: minutes lie between the longest test and the shortest.
RING := $(BIN)/python -m pytest -n $(JOBS) --maxprocesses 8 --dist worksteal

.PHONY: help demo test unit properties thorough announcements stories contract faults browser container dist check bench messages screenshots format coverage constraints clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(VENV)/.runtime ## play through the weeks before Ballard, and see each message as it arrives
	@$(BIN)/reminder --config config.example.yaml simulate --from 2027-07-01 --to 2027-07-10

test: $(VENV)/.dev ## run the whole suite, in parallel and in random order
	@$(RING)

unit: $(VENV)/.dev ## run the pure core and the config: the tables
	@$(RING) tests/unit -m "not properties"

properties: $(VENV)/.dev ## run what holds for every text, plan and date that is drawn
	@$(RING) tests/unit -m properties

thorough: $(VENV)/.dev ## draw eighty times as many examples, before a release
	@$(RING) tests/unit -m properties --hypothesis-profile thorough --timeout 0

announcements: $(VENV)/.dev ## run the reader of announcements over its batches
	@$(RING) tests/announcements

stories: $(VENV)/.dev ## run the stories: a config in, the messages of each person out
	@$(RING) tests/stories

contract: $(VENV)/.dev ## run what every transport, store and source must do
	@$(RING) tests/contract

faults: $(VENV)/.dev ## run the daemon under crashes, full disks, wrong clocks, failing services
	@$(RING) tests/faults

browser: $(VENV)/.dev ## look at every page in Chromium, and live through journeys in it; not part of test
	@$(BIN)/python -m pytest -n 2 tests/browser

container: $(VENV)/.dev ## build the container image and run what it must do; needs root, buildah and mmdebstrap
	@.ci/image
	@$(RING) tests/container

dist: $(VENV)/.dev ## build what would be published into dist/, and judge it
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation >/dev/null
	@$(BIN)/twine check --strict dist/*
	@! grep -q '^Source = .*//code\.example/' pyproject.toml || \
		echo "Before it is published: [project.urls] in pyproject.toml has no real address yet." >&2

check: $(VENV)/.dev ## lint, format, types, import rules, documents against the code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy reminder tests
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q tests/integration/test_docs.py tests/integration/test_docs_tables.py \
		tests/integration/test_docs_contract.py

bench: $(VENV)/.dev ## measure, and print the tables
	@$(BIN)/python -m bench

messages: $(VENV)/.dev ## bring the texts for translators up to date, and count what is missing in each language
	@$(BIN)/python -m bench.messages

screenshots: $(VENV)/.dev ## draw docs/images anew from an example household, in Chromium
	@$(BIN)/python -m bench.screenshots

format: $(VENV)/.dev ## format the code
	@$(BIN)/ruff check --fix --exit-zero .
	@$(BIN)/ruff format .

coverage: $(VENV)/.dev ## run the suite and show which lines it does not reach
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

constraints: $(VENV)/.dev ## pin the newest versions within the bounds, with their hashes
	@$(COMPILE) --upgrade --build-deps-for editable --output-file constraints.txt pyproject.toml
	@$(COMPILE) --upgrade --build-deps-for editable --constraint constraints.txt \
		--extra articles --extra metrics --extra postgres --extra web \
		--output-file constraints-container.txt pyproject.toml
	@$(COMPILE) --upgrade --build-deps-for editable --extra dev --constraint constraints-container.txt \
		--output-file constraints-dev.txt pyproject.toml

clean: ## remove what make made
	@rm -rf $(VENV) build dist .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +

# The stamp is written last, so that an interrupted installation is resumed.
$(VENV)/.runtime: constraints.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "reminder needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Installing into $(VENV) (once; this takes a minute or two) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r constraints.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: constraints-dev.txt $(VENV)/.runtime
	@echo "Installing what tests and checks need (once; this takes a minute or two) ..." >&2
	@$(PIP) install --require-hashes -r constraints-dev.txt
	@touch $@
