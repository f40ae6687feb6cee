# Every target needs only python3 (3.11 or newer) and pip; the first one makes .venv.
VENV := .venv
BIN := $(VENV)/bin
# Not the one of an activated .venv, which has no pip.
PYTHON ?= $(shell PATH="$(subst $(CURDIR)/$(BIN):,,$(PATH))" command -v python3)

# The tests start dozens of processes; without its cache each would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test soak load run check key lint audit sbom format docs catalogues screenshots venv postgres lock

demo: $(VENV)/run.stamp
	$(BIN)/python -m bot demo

run: $(VENV)/run.stamp
	$(BIN)/python -m bot run

check: $(VENV)/run.stamp
	$(BIN)/python -m bot check

key: $(VENV)/run.stamp
	@$(BIN)/python -m bot key

# A file's tests share what is dear to start, so they stay together. By how many processes is said
# in tests/for_all_workers.py.
test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Hundreds of kills while everything around the bot fails; SOAK="--kills 300 --only postgresql-4".
soak: $(VENV)/dev.stamp
	$(BIN)/python -m tests.crash $(SOAK)

# What members wait for, beside the barest bot, on SQLite and PostgreSQL; LOAD="--only answers".
load: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks.load $(LOAD)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit --recursive --quiet bot cogs storage

# Known vulnerabilities of what is installed for the bot; says why where no database can be reached.
audit: $(VENV)/dev.stamp
	$(BIN)/python scripts/audit.py

# What the bot is made of (CycloneDX), read from the pinned requirements.
sbom: $(VENV)/dev.stamp
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application \
		--output-reproducible --of JSON -o sbom.cdx.json requirements.txt
	@echo "Written: sbom.cdx.json"

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# docs/commands.md, from the commands themselves.
docs: $(VENV)/dev.stamp
	PYTHONPATH=. $(BIN)/python -m scripts.commands_doc

# bot/chat/languages: what is said in channels and not translated yet, ready to be.
catalogues: $(VENV)/dev.stamp
	PYTHONPATH=. $(BIN)/python -m scripts.catalogues

# docs/screenshots, of the demo in a Chromium: every view dark and light, on a desk and on a phone.
screenshots: $(VENV)/dev.stamp
	$(BIN)/python scripts/screenshots.py

venv: $(VENV)/run.stamp

# --without-pip: some systems ship Python without ensurepip; the pip outside installs into .venv.
$(VENV)/run.stamp: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet

# The driver that the extra `postgres` names, as pinned.
postgres: $(VENV)/run.stamp
	sed -n '/^asyncpg==/,/[^\]$$/p' requirements-dev.txt > $(VENV)/postgres.txt
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/postgres.txt

# Pins for every supported Python at once; no index is written into the files.
lock:
	uv pip compile pyproject.toml $(LOCK) --extra dev -o requirements-dev.txt
	uv pip compile pyproject.toml $(LOCK) -c requirements-dev.txt -o requirements.txt
