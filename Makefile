# Everything runs in .venv, which is made from requirements.lock the first time it is needed.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.PHONY: help .venv run needs test expected reference baselines items bench lock clean

help:
	@echo "make run       compare the plan with no plan, into results/"
	@echo "make test      format, lint, layers, types and tests; installs a browser for them where it can"
	@echo "make expected  refresh the expected totals beside the scenarios"
	@echo "make reference refresh the tables in docs/reference and docs/model.md"
	@echo "make baselines choose the naive forecasts of the observed series anew"
	@echo "make items     measure anew what the plan's items do, into docs/items.md"
	@echo "make bench     time the model"
	@echo "make lock      resolve requirements.lock anew (needs uv)"
	@echo "make clean     remove caches and .venv"

# ---------------------------------------------------------------- the environment

.venv: .venv/.installed

# Takes the first interpreter that is recent enough and can make environments. Where pyenv lacks
# what .python-version asks for it refuses every name, so its versions are also tried by path.
define MAKE_ENVIRONMENT
find_python() {
    local candidate
    for candidate in python3.13 python3.12 python3.14 python3 python \
        "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[2-4]*/bin/python3; do
        if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' \
            >/dev/null 2>&1; then
            echo "$$candidate"
            return 0
        fi
    done
    return 1
}
if ! python=$$(find_python); then
    if [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null; then
        echo "No Python 3.12 to 3.14 found; installing Debian's."
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
    fi
    if ! python=$$(find_python); then
        echo "tianshui needs Python 3.12, 3.13 or 3.14 with its venv module. Any of these will do:" >&2
        echo "  pyenv install 3.13" >&2
        echo "  apt-get install python3 python3-venv      (Debian 13 or later)" >&2
        echo "  brew install python@3.13                  (macOS)" >&2
        exit 1
    fi
fi
echo "Making .venv with $$("$$python" --version)."
"$$python" -m venv .venv
endef
export MAKE_ENVIRONMENT

.venv/.packages: requirements.lock
	@[ -x $(BIN)/python ] || bash -euo pipefail -c "$$MAKE_ENVIRONMENT"
	@echo "Installing the packages of requirements.lock (a few minutes the first time)."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@touch $@

.venv/.installed: .venv/.packages pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# ---------------------------------------------------------------- the work

run: .venv
	@$(BIN)/tianshui compare plan no_plan --tracks 1.0:8,0.05:64 --chance --attribute --attribute-pairs 1 --out results/plan-vs-no_plan

# What the tests need beside Python: a browser and its fonts.
needs:
	@bash tests/needs.sh

test: .venv needs
	@echo "== format" && $(BIN)/ruff format --check
	@echo "== lint" && $(BIN)/ruff check
	@echo "== layers" && $(BIN)/lint-imports
	@echo "== types" && $(BIN)/pyright
	@echo "== tests" && $(BIN)/python -m pytest -n 2

expected: .venv
	@UPDATE_EXPECTED=1 $(BIN)/python -m pytest -q tests/test_scenarios.py
	@git --no-pager diff --stat -- scenarios || true

reference: .venv
	@$(BIN)/python -m tianshui.reference

baselines: .venv
	@$(BIN)/python -m tianshui.experiments.baselines

items: .venv
	@$(BIN)/python -m tianshui.reference --effects

bench: .venv
	@$(BIN)/python -m pytest -p no:xdist --benchmark-enable --benchmark-only --benchmark-columns=min,median,max,rounds benchmarks

# No index is named in the file, so it installs from whichever one pip is set up for.
lock:
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.12 \
	    --no-header --upgrade --group dev pyproject.toml -o requirements.lock

clean:
	@rm -rf .venv build .pytest_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks model/*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
