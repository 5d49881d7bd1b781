# forewarn: `make run` sets everything up and runs the main job; `make test` sets everything up and tests it.
# The first of these that runs and is of a version durable_rules builds on.
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && echo $$p && break; done)
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready-$(shell cksum < requirements.lock | cut -d' ' -f1)
# Where packages come from, if not from where pip is told: a registry's address, or a folder that holds them all.
INDEX  :=
WHEELS :=
# Some machines say so everywhere; then each of many processes would compile the same modules anew.
unexport PYTHONDONTWRITEBYTECODE

RULES := $(filter-out %.test.yaml,$(wildcard rules/*/*.yaml))

.PHONY: run test soak fuzz lint mutate bench bench-r privacy evaluate packs realsets setup lock sbom audit coverage browser broker pictures samples clean

run: setup
	$(BIN)/forewarn demo $(ARGS)

test: setup browser broker
	$(BIN)/pytest -n auto --dist loadgroup $(ARGS)

# Cases made by chance, EXAMPLES of each kind, other ones each time; see tests/fuzz/subjects.py.
fuzz: setup
	FUZZ=$(or $(EXAMPLES),5000) $(BIN)/pytest -n auto -m fuzz $(ARGS)

# What takes too long for every day: see the tests marked `soak`.
soak: setup
	$(BIN)/pytest -m soak -n auto $(ARGS)

coverage: setup browser broker
	$(BIN)/pytest -n auto --dist loadgroup --cov --cov-report=term:skip-covered --cov-report=xml $(ARGS)

# What tests look at pages and documents with; where it may not be installed they are left out, but for CI.
browser:
	@sh .ci/debian-packages chromium fonts-noto-cjk libreoffice-writer poppler-utils || [ -z "$$FOREWARN_CI" ]

# The reports of the demo's last day, week and month: docs/samples; every page as a picture: build/pages.
samples: setup browser
	$(BIN)/python -m benchmarks.report_samples $(ARGS)

# The broker that messages over MQTT are tested with; the same.
broker:
	@sh .ci/debian-packages mosquitto || [ -z "$$FOREWARN_CI" ]

# Every page of the console, e-mails, the form for telephones and those of docs/, as pictures: build/pictures and docs/pictures.
pictures: setup browser
	$(BIN)/python -m benchmarks.console_pictures $(ARGS)
	$(BIN)/python -m benchmarks.mail_pictures
	$(BIN)/python -m benchmarks.form_pictures

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy engine connectors .ci/*.py
	$(BIN)/lint-imports
	$(BIN)/forewarn rules check
	$(BIN)/forewarn rules coverage --fail-under 100 > /dev/null
	$(BIN)/forewarn --root tests/data/packs rules coverage --fail-under 100 engine/packs > /dev/null

# Whether the bundled rules' tests would notice a step in any of their numbers.
mutate: setup
	$(BIN)/forewarn rules mutate --fail-under 90 $$(grep -l "^status: stable" $(RULES)) > /dev/null
	$(BIN)/forewarn --root tests/data/packs rules mutate --fail-under 90 engine/packs > /dev/null

bench: setup
	$(BIN)/python -m benchmarks $(ARGS)

# What the privacy guard lets through and masks in vain, into docs/privacy.md.
privacy: setup
	$(BIN)/python -m benchmarks.privacy $(ARGS)

# Backtests with truth on real sets that lie beside the checkout, in ../shared/data; see docs/skill.md.
evaluate: setup
	$(BIN)/python -m benchmarks.evaluate $(ARGS)

# What the packs' rules would have warned of on real sets; see docs/packs.md.
packs: setup
	$(BIN)/python -m benchmarks.packs $(ARGS)

# Real sets that lie there too, loaded twice and held against a plain count; see docs/truth.md.
realsets: setup
	$(BIN)/python -m benchmarks.realsets $(ARGS)

# R's surveillance beside ours, in one run.
bench-r: setup
	@sh .ci/debian-packages r-cran-surveillance
	$(BIN)/python -m benchmarks.bench_farrington --r

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@sh .ci/check-machine "$(PYTHON)"
	@INDEX="$(INDEX)" WHEELS="$(WHEELS)" "$(PYTHON)" -E -s .ci/install.py $@

# Adds what pyproject.toml newly asks for and keeps the rest; ARGS=--upgrade takes the newest of everything.
lock: setup
	@INDEX="$(INDEX)" $(BIN)/python -E -s .ci/lock.py $(ARGS)

# What is locked, as CycloneDX: dist/forewarn.cdx.json.
sbom: setup
	@$(BIN)/python .ci/sbom.py dist/forewarn.cdx.json

# What is locked against OSV's advisories: asked there, or read from ADVISORIES=FILE.
audit: setup
	@$(BIN)/python .ci/audit.py "$(ADVISORIES)"

clean:
	rm -rf $(VENV) data dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
