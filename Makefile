# forewarn: `make run` sets everything up and runs the main job; `make test` sets everything up and tests it.
# The first of these that runs and is of a version durable_rules builds on.
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && echo $$p && break; done)
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready-$(shell cksum < requirements.lock | cut -d' ' -f1)

.PHONY: run test lint bench bench-r evaluate setup lock coverage clean

run: setup
	$(BIN)/forewarn demo $(ARGS)

test: setup
	$(BIN)/pytest -n auto --dist loadgroup $(ARGS)

coverage: setup
	$(BIN)/pytest -n auto --dist loadgroup --cov --cov-report=term:skip-covered --cov-report=xml $(ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy engine connectors
	$(BIN)/lint-imports
	$(BIN)/forewarn rules check
	$(BIN)/forewarn rules coverage --fail-under 100 > /dev/null

bench: setup
	$(BIN)/python -m benchmarks $(ARGS)

# Backtests with truth on real sets that lie beside the checkout, in ../shared/data; see docs/skill.md.
evaluate: setup
	$(BIN)/python -m benchmarks.evaluate $(ARGS)

# R's surveillance beside ours, in one run; installs Debian's package where it is missing.
bench-r: setup
	@command -v Rscript >/dev/null || { apt-get update -q && apt-get install -qy r-cran-surveillance; }
	$(BIN)/python -m benchmarks.bench_farrington --r

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@sh .ci/check-machine $(PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/.ready-* && touch $@

lock:
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) data .pytest_cache .mypy_cache .ruff_cache .hypothesis
