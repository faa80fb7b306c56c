# Every command a person types. Needed on the machine: Python 3.11 or newer, and make.

PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
MO := $(patsubst %.po,%.mo,$(wildcard bekhedmetkom/locale/*/LC_MESSAGES/django.po))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps
PIN = $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

# Without its bytecode each process would compile everything anew: with every assert rewritten, ten seconds a worker.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test bench pins
.DEFAULT_GOAL := help

help:  ## what can be typed here
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

run: pins-run $(MO)  ## start everything, with a demonstration; Ctrl-C stops it
	@$(BIN)/bekhedmetkom run

test: pins-dev $(MO)  ## everything that must hold, on a real PostgreSQL and in a real browser
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/python tools/chromium.py >/dev/null
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=line types the-box all-else

# Side by side, because each of them waits for something now and then: a browser, a database, a start.
.PHONY: types the-box all-else
types:
	@$(BIN)/mypy

the-box:
	@$(BIN)/pytest tests/box

all-else:
	@$(BIN)/pytest -n 2 --dist worksteal

bench: pins-dev $(MO)  ## every benchmark: a table to read, and JSON as the last line; long, and wants a quiet machine
	@$(BIN)/bekhedmetkom bench --json

pins:  ## resolve the dependencies anew and pin them with their hashes (needs uv)
	echo 'setuptools>=77' | $(PIN) pyproject.toml - -o requirements/run.txt
	echo 'setuptools>=77' | $(PIN) pyproject.toml - --extra dev -c requirements/run.txt -o requirements/dev.txt

# The environment is made anew only when the pins are others than those it was made of.
.PHONY: pins-run pins-dev
pins-run pins-dev: pins-%: $(BIN)/python
	@cmp -s requirements/$*.txt .venv/$*.txt || { \
		echo "Installing the pinned dependencies (once)" && \
		$(PIP) --require-hashes --requirement requirements/$*.txt && \
		$(PIP) --no-build-isolation --editable . && \
		cp requirements/$*.txt .venv/$*.txt; }

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: say which with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

%.mo: %.po
	@$(BIN)/python tools/translations.py compile
