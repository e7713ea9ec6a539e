# Every target sets itself up; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup frontend demo test contract pictures check test-frontend format lint types imports \
	openapi migration bench clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

FRONT := dashboard_extensions
PAGES := saleor_amazon_app/web/static/app/manifest.json
MODULES := $(FRONT)/node_modules/.installed
SOURCES := $(shell find $(FRONT)/src $(FRONT)/scripts -type f ! -name schema.ts) \
	$(addprefix $(FRONT)/,package.json vite.config.ts tsconfig.json openapi.json)
# Vite's need; without such a Node the pages inside the Dashboard are left out.
NODE := $(shell node -e 'const [a, b] = process.versions.node.split(".").map(Number); \
	process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null && echo yes)

# Of what runs at the same time, each tells what it has to say in one piece (GNU Make 4).
TIDILY := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

help: ## List the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) frontend ## Make .venv with everything; the command is .venv/bin/saleor-amazon.

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[postgres,notifications,sandbox,dev]'
	@touch $@

ifeq ($(NODE),yes)
frontend: $(PAGES) ## Build the pages inside the Dashboard (Node.js 20.19 or newer).

$(PAGES): $(MODULES) $(SOURCES)
	cd $(FRONT) && npm run --silent build
	@touch $@

$(MODULES): $(FRONT)/package-lock.json $(FRONT)/.npmrc
	cd $(FRONT) && npm ci --no-progress
	@touch $@

test-frontend: frontend ## Check and test the front end.
	cd $(FRONT) && npm run --silent lint && npm run --silent test
else
frontend test-frontend:
	@echo "Node.js 20.19 or newer is not installed: the pages inside the Dashboard are not built or tested."
endif

demo: setup ## Try it: simulated Amazon and Saleor, the real app between them.
	$(BIN)/saleor-amazon demo

test: ## Run all checks and tests (with Redis and PostgreSQL of their own).
	$(MAKE) --no-print-directory --jobs=4 $(TIDILY) setup lint types imports test-frontend
	$(BIN)/python -m pytest

contract: setup ## Test the contract on a real Saleor: SALEOR_CONTRACT_URL, SALEOR_CONTRACT_TOKEN.
	@: $${SALEOR_CONTRACT_URL:?names no shop} $${SALEOR_CONTRACT_TOKEN:?is missing}
	$(BIN)/python -m tests.contract.furnishing
	$(BIN)/python -m pytest -n 0 tests/contract -k real

pictures: setup ## Make the pictures of the guided tour.
	TOUR_PICTURES=docs/pictures $(BIN)/python -m pytest -n 1 tests/browser/test_looks.py tests/browser/test_messages.py

check: test ## The same as test.

format: $(STAMP) ## Format the code and sort its imports.
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lint: $(STAMP) ## Look for mistakes and untidiness.
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(STAMP) ## Check the types, strictly.
	$(BIN)/mypy

imports: $(STAMP) ## Check that imports point inward.
	$(BIN)/lint-imports --no-cache

openapi: $(STAMP) ## Write the description of the API for the front end.
	$(BIN)/python -m saleor_amazon_app.web.describing dashboard_extensions/openapi.json

migration: $(STAMP) ## Write a migration from the models: make migration MESSAGE="Add a column".
	$(BIN)/python -c "import tempfile, sys; from saleor_amazon_app.store import migrating; \
	from saleor_amazon_app.store.database import Database; \
	db = Database('sqlite:///' + tempfile.mkdtemp() + '/m.sqlite3'); \
	migrating.migrate(db.engine); migrating.make_revision(db.engine, sys.argv[1])" "$(MESSAGE)"

bench: $(STAMP) ## Run the benchmarks; they print ratios.
	for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

clean: ## Remove what the targets made, the demo's data included.
	rm -rf $(VENV) $(FRONT)/node_modules saleor_amazon_app/web/static/app .demo dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
