# Every target sets itself up; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check format lint types imports migration bench clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

help: ## List the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## Make .venv with everything; the command is .venv/bin/saleor-amazon.

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[postgres,sandbox,dev]'
	@touch $@

demo: setup ## Try it: simulated Amazon and Saleor, the real app between them.
	$(BIN)/saleor-amazon demo

test: setup ## Run all checks and tests (with Redis and PostgreSQL of their own).
	$(MAKE) --no-print-directory lint types imports
	$(BIN)/python -m pytest

check: test ## The same as test.

format: setup ## Format the code and sort its imports.
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lint: setup ## Look for mistakes and untidiness.
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: setup ## Check the types, strictly.
	$(BIN)/mypy

imports: setup ## Check that imports point inward.
	$(BIN)/lint-imports --no-cache

migration: setup ## Write a migration from the models: make migration MESSAGE="Add a column".
	$(BIN)/python -c "import tempfile, sys; from saleor_amazon_app.store import migrating; \
	from saleor_amazon_app.store.database import Database; \
	db = Database('sqlite:///' + tempfile.mkdtemp() + '/m.sqlite3'); \
	migrating.migrate(db.engine); migrating.make_revision(db.engine, sys.argv[1])" "$(MESSAGE)"

bench: setup ## Run the benchmarks; they print ratios.
	for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

clean: ## Remove what the targets made, the demo's data included.
	rm -rf $(VENV) .demo dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
