# Every target sets up what it needs in .venv by itself, with uv where there is one, else with
# venv and pip. It does so again only when pyproject.toml or constraints.txt changed.
#
#   PYTHON=/path/to/python   the interpreter to make .venv with (3.11 or newer)
#   UV=                      do without uv although it is there
#   WORKERS=4                test processes; by default three on two cores, at most 8: tests wait
#                            for a quarter of their time

# Without bytecode, each process of each run compiles pytest's plugins and the tests again.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
UV ?= $(shell command -v uv 2>/dev/null)
WORKERS ?= $(shell expr 3 "*" $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1) / 2)

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
# A name on the PATH may be a shim with nothing behind it, so each candidate is run.
FIND_PYTHON = for name in python3.13 python3.12 python3.11 python3 python; do \
	if $$name -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then echo $$name; break; fi; done
# Old versions of pip and uv cannot install a dependency group; all can install a list.
LIST_GROUPS := import tomllib, pathlib; \
	groups = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["dependency-groups"]; \
	print(*groups["test"], *groups["check"], sep="\n")

INSTALL = set -e; \
	if [ -n "$(UV)" ]; then \
	    "$(UV)" pip install --quiet --compile-bytecode --python $(BIN)/python $(1); \
	else \
	    $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
	    $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check $(1); \
	fi

.PHONY: help demo test test-fast fuzz check coverage bench bench-archive soak screenshots recording wheel-check release clean
.DELETE_ON_ERROR:

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(VENV)/.runtime ## open the program on the built-in API: no key, no network
	@$(BIN)/chatkit-tui --demo

test: check ## everything that continuous integration runs
	$(BIN)/python -m pytest -q -n $(WORKERS) --maxprocesses 8 --dist worksteal

test-fast: $(VENV)/.development ## nine tenths of the tests in a minute: no terminal, no whole app
	$(BIN)/python -m pytest -q -n $(WORKERS) --maxprocesses 8 --dist worksteal -m "not pty and not slow"

fuzz: $(VENV)/.development ## the tests with made-up input, on input that is new in each run
	$(BIN)/python -m pytest -q -n $(WORKERS) --maxprocesses 8 --dist worksteal -m hypothesis --hypothesis-profile=fuzz

check: $(VENV)/.development ## style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

coverage: $(VENV)/.development ## tests with coverage of all processes; fails below 95 %
	@$(call INSTALL,--constraint constraints.txt "coverage>=7.10")
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n $(WORKERS) --maxprocesses 8 --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered

bench: $(VENV)/.development ## measure speed on a real pty against the targets, some minutes
	@$(BIN)/python -m tests.benchmarks

bench-archive: $(VENV)/.development ## the same of an archive of a million items; half an hour
	@$(BIN)/python -m tests.benchmarks.large_archive

soak: $(VENV)/.development ## 20,000 random keys with faults and resizes, some minutes; SEED= KEYS=
	@$(BIN)/python -m tests.soak

screenshots: $(VENV)/.development ## draw screenshots/ again
	@$(BIN)/python -m tests.screenshots

recording: $(VENV)/.development ## draw the recording in screenshots/ again
	@$(BIN)/python -m tests.screenshots recording

wheel-check: $(VENV)/.runtime ## build the wheel, install it into an empty environment and run it
	@$(call INSTALL,"build>=1.2")
	rm -rf dist $(VENV)/wheel
	$(BIN)/python -m build --outdir dist >/dev/null
	$(BIN)/python -m venv $(VENV)/wheel
	$(VENV)/wheel/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt dist/*.whl
	cd / && $(CURDIR)/$(VENV)/wheel/bin/chatkit-tui --version
	cd / && $(CURDIR)/$(VENV)/wheel/bin/chatkit-tui --demo threads list --all >/dev/null

release: ## check version, changelog and a clean tree, test everything and build dist/
	@version=$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' chatkit_tui/__init__.py); \
	fail() { echo "$$1" >&2; exit 1; }; \
	[ -z "$$(git status --porcelain)" ] || fail "Commit or remove the changes first: git status"; \
	grep -q "^## \[$$version\] - 20" CHANGELOG.md || \
	    fail "CHANGELOG.md has no dated section [$$version]: write one or change __version__"; \
	[ -z "$$(git tag --list "v$$version")" ] || \
	    fail "v$$version is released already: raise __version__ in chatkit_tui/__init__.py"
	@$(MAKE) --no-print-directory test wheel-check
	@echo "dist/ is ready. Tag it: git tag v$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' chatkit_tui/__init__.py)"

clean: ## remove .venv and every cache
	rm -rf $(VENV) dist .coverage* htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find chatkit_tui tests -name __pycache__ -type d -exec rm -rf {} +

$(BIN)/python:
	@echo "Making $(VENV) …" >&2; \
	python="$(PYTHON)"; [ -n "$$python" ] || python=$$($(FIND_PYTHON)); \
	if [ -n "$$python" ] && ! "$$python" -c '$(NEW_ENOUGH)'; then \
	    echo "$$python does not run or is older than Python 3.11: make PYTHON=/path/to/python" >&2; \
	    exit 1; \
	elif [ -n "$(UV)" ]; then \
	    "$(UV)" venv --quiet --allow-existing --python "$${python:-3.13}" $(VENV); \
	elif [ -z "$$python" ]; then \
	    echo "No Python 3.11 or newer was found: install one, or make PYTHON=/path/to/python" >&2; \
	    exit 1; \
	elif ! "$$python" -m venv $(VENV); then \
	    rm -rf $(VENV); \
	    echo "$$python cannot make $(VENV): on Debian and Ubuntu, install python3-venv" >&2; \
	    exit 1; \
	fi

$(VENV)/.runtime: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing chatkit-tui into $(VENV) …" >&2
	@$(call INSTALL,--constraint constraints.txt --editable .)
	@touch $@

$(VENV)/.development: $(VENV)/.runtime
	@echo "Installing what tests and checks need …" >&2
	@$(BIN)/python -c '$(LIST_GROUPS)' > $(VENV)/development.txt
	@$(call INSTALL,--constraint constraints.txt --requirement $(VENV)/development.txt)
	@touch $@
