# Kontakt. "make help" lists what there is.

BIN := .venv/bin
PORT ?= 8000
OP_PORT ?= 8001
# The processes that run the tests: one for each core, at most four, since each may hold a browser.
WORKERS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4
SLOWEST := --durations=20 --durations-min=0.5

# Python is started a hundred times: what it compiles is kept, whatever the surroundings say.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: bench help install install-dev run test test-most test-browser test-fast test-all check check-types check-style compiled format coverage messages pictures lock clean system-packages

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The virtual environment follows the locks. PYTHON= names another Python than python3.
install: ## Make .venv with what the portal runs on
	@bin/install

install-dev: ## Make .venv with what tests and checks need as well
	@bin/install requirements-dev.lock

# The certified provider follows its lock too. Without npm its tests are skipped; where CI=true they fail.
PROVIDER := tests/independent/node_modules/.locked
$(PROVIDER): tests/independent/package-lock.json | system-packages
	@cd $(<D) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.locked \
	  || echo "The certified provider cannot be installed: is npm there, and a package registry?" >&2

# sqlmap and wapiti have a virtual environment of their own: what they need is not what the portal needs.
EXACTLY := --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes
PENETRATION := tests/penetration/.venv/.locked
$(PENETRATION): tests/penetration/requirements.lock requirements-build.lock
	@rm -rf $(@D) && $(or $(PYTHON),python3) -m venv $(@D) \
	  && $(@D)/bin/python -m pip install $(EXACTLY) --only-binary :all: -r requirements-build.lock \
	  && $(@D)/bin/python -m pip install $(EXACTLY) --no-build-isolation -r $< && touch $@ \
	  || echo "sqlmap and wapiti cannot be installed: is there a package index?" >&2

run: export PORTAL_ENV ?= development
run: export PORT := $(PORT)
run: export OP_PORT := $(OP_PORT)
run: export PORTAL_BASE_URL ?= http://localhost:$(PORT)
run: export PORTAL_OIDC_STAFF_ISSUER ?= http://127.0.0.1:$(OP_PORT)
run: export PORTAL_OIDC_CITIZEN_ISSUER ?= http://127.0.0.1:$(OP_PORT)
run: install ## Start the portal, Testlegitimering and the worker with demo data (PORT=, OP_PORT=)
	@exec $(BIN)/flask --app wsgi develop --year

# A browser's event loop would stand in the way of the mail server's: the browser tests run by themselves,
# beside the others, since both wait more than they work.
test: install-dev system-packages ## All that a change must pass: checks, both databases, a real browser
	@$(MAKE) --no-print-directory --output-sync=target -j2 check-types check-style $(PROVIDER) compiled
	@$(MAKE) --no-print-directory --output-sync=target -j2 test-most test-browser

# While the types are checked, one process compiles what five would compile at the same time, each for itself.
# What stands in its way stops the tests as well, and they say what it is.
compiled: install-dev
	@$(BIN)/python -m pytest --collect-only -qq >/dev/null 2>&1 || true

test-most: install-dev
	$(PYTEST) $(SLOWEST) -m "not full" --ignore=tests/browser

test-browser: install-dev
	$(BIN)/python -m pytest -n 1 $(SLOWEST) -m "not full" tests/browser

# One process: to import the portal in each worker would cost more than the tests do.
test-fast: install-dev ## The tests that start nothing, in seconds
	$(BIN)/python -m pytest --hypothesis-profile=quick -m "not slow and not full" tests/unit tests/architecture

test-all: check system-packages $(PROVIDER) $(PENETRATION) ## The full matrix as well; slow
	$(PYTEST) $(SLOWEST) --hypothesis-profile=thorough --ignore=tests/browser
	$(PYTEST) $(SLOWEST) tests/browser

check: install-dev ## Style, types, import floors, templates and security, without running anything
	@$(MAKE) --no-print-directory --output-sync=target -j2 check-types check-style

check-types: install-dev
	$(BIN)/mypy --strict portal

check-style: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet templates portal/testlegitimering/templates
	$(BIN)/bandit --quiet --recursive portal --configfile pyproject.toml --severity-level medium

format: install-dev ## Put the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install-dev system-packages ## Measure the portal with many cases into docs/performance.md; N=1000 for one size, quickly
	@$(BIN)/python -m tests.bench
	@[ -n "$(N)" ] || $(BIN)/python -m tests.bench.serving.outbox

coverage: install-dev system-packages $(PROVIDER) ## The tests again, telling which lines of portal/ they never reach
	$(PYTEST) -m "not full" --cov --cov-report=term

messages: install-dev ## Collect every text that a citizen reads, and compile its translations
	$(BIN)/pybabel -q extract -F pyproject.toml -k _l -k lazy_gettext --no-location --sort-output \
	  --project Kontakt -w 112 -o portal/translations/messages.pot .
	$(BIN)/pybabel -q update -i portal/translations/messages.pot -d portal/translations -w 112 \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel -q compile -d portal/translations

pictures: install-dev ## Take a picture of every page into pictures/, beside those in LOOK=, and a few into docs/pictures/
	$(BIN)/python -m tests.pictures

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links
lock: export UV_CUSTOM_COMPILE_COMMAND := make lock
lock: ## Pin what setup.cfg asks for, with hashes (needs uv); UPGRADE=--upgrade takes newer versions
	echo setuptools | $(COMPILE) $(UPGRADE) - -o requirements-build.lock
	$(COMPILE) $(UPGRADE) setup.cfg --extra pdf -o requirements.lock
	$(COMPILE) $(UPGRADE) setup.cfg --all-extras -c requirements.lock -o requirements-dev.lock
	$(COMPILE) $(UPGRADE) tests/penetration/requirements.in -o tests/penetration/requirements.lock

clean: ## Remove what can be made again; instance/ and its data stay
	rm -rf .venv .venv.old .venv.tmp .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage* \
	  htmlcov *.egg-info tests/independent/node_modules tests/penetration/.venv
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

system-packages:
	@.ci/system-packages
