# Two commands matter: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.DEFAULT_GOAL := help
.PHONY: help run env dev check test bench fuzz pictures clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-9s %s\n", $$1, $$2}'

run: env ## make the environment, start the viewer on this machine and open the browser
	$(BIN)/streamlit run viewer/app.py

env: $(VENV)/.runs ## the environment that running needs
dev: $(VENV)/.develops ## the environment that testing needs

$(BIN)/python:
	"$$(scripts/newest-python.sh)" -m venv $(VENV)

$(VENV)/.runs: requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) -r requirements.txt
	touch $@

$(VENV)/.develops: requirements-dev.txt requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) -r requirements-dev.txt
	touch $@ $(VENV)/.runs

check: dev ## the fast checks: style, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	scripts/check-player.sh

test: dev ## every check there is, as continuous integration runs it
	scripts/see-to-tools.sh $(BIN)/python
	$(MAKE) check
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -rsR -n 2 --dist worksteal --durations=15
	$(BIN)/coverage combine -q
	$(BIN)/coverage report --skip-covered

bench: dev ## measure the player beside a bare page and plain Streamlit; writes bench/results
	scripts/see-to-tools.sh $(BIN)/python
	$(BIN)/python -m bench

fuzz: dev ## spoil 102,000 files and what our parsers read (half an hour on a quiet machine; goes on where it was cut off); writes docs/fuzzing.md
	$(BIN)/python -m tests.cases.fuzzing files --folder .fuzzing --page docs/fuzzing.md

pictures: dev ## take the pictures of the README anew
	$(BIN)/python -m pytest -q tests/browser -k picture --update-golden

clean: ## forget the environment and everything that can be made again
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .fuzzing bench/results
