# Four targets a newcomer needs, one that redraws the README's picture.
# Each makes its own .venv with the standard library when there is none.
PYTHON ?= python3
BIN := .venv/bin
# Pins every package, the build backend's too, and names no registry.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test lint bench picture clean

demo: .venv/installed
	@mkdir -p demo
	$(BIN)/baserate demo --out demo/missouri.html

test: .venv/installed-dev
	$(BIN)/pytest -n 2 --dist loadgroup

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/installed-dev
	$(BIN)/python benchmarks/ask.py
	$(BIN)/python benchmarks/claims.py
	$(BIN)/python benchmarks/grants.py
	$(BIN)/python benchmarks/records.py

picture: .venv/installed-dev
	$(BIN)/python scripts/picture.py docs/brief.png

clean:
	rm -rf .venv demo build dist

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "baserate needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ .venv/installed
