# Set-up, run, tests and upkeep of Weighbridge. `make` lists the targets.

# Any Python 3.11+ that has venv; scripts/bootstrap.py looks for one on PATH if this one is too old.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python,$(if $(shell command -v $(name)),$(name))) python3)
PY := .venv/bin/python
# A folder, wheel or index address with a prebuilt llama-cpp-python: make run LLAMA_WHEELS=...
LLAMA_WHEELS ?=
# claude: the extra for escalation to Claude.
EXTRAS ?=
# Further words for the command or for pytest: make run ARGS="--port 8000", make test ARGS="-k licence"
ARGS ?=

SET_UP := $(PYTHON) scripts/bootstrap.py
WISHES := $(if $(filter claude,$(EXTRAS)),--claude) $(if $(LLAMA_WHEELS),--llama-wheels "$(LLAMA_WHEELS)")
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-annotate $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help run setup test test-heavy check format bench eval docs screenshots lock clean distclean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: ## set up what is missing and open the app on 127.0.0.1:7860
	@$(SET_UP) run $(WISHES)
	@exec .venv/bin/weighbridge app $(ARGS)

setup: ## set up what `make run` needs and stop there
	@$(SET_UP) run $(WISHES)

test: ## set up what is missing and run the tests
	@$(SET_UP) test $(WISHES)
	@exec $(PY) -m pytest $(ARGS)

test-heavy: ## run the long tests: set-up from scratch and the like
	@$(SET_UP) test $(WISHES)
	@exec $(PY) -m pytest -m heavy $(ARGS)

check: ## format, lint, types, imports, fast tests
	@$(SET_UP) check $(WISHES)
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	MYPYPATH=scripts .venv/bin/mypy -p set_up
	.venv/bin/lint-imports
	$(PY) -m pytest -m "not (heavy or model or browser or setup)" $(ARGS)

format: ## format and mend what ruff can mend
	@$(SET_UP) check $(WISHES)
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: ## measure speed and quality
	@$(SET_UP) test $(WISHES)
	@exec $(PY) -m tests.benchmarks $(ARGS)

eval: ## measure the interview: reading, whole conversations, asking (ARGS="reading --no-model --details")
	@$(SET_UP) test $(WISHES)
	@exec $(PY) -m tests.evaluation $(ARGS)

docs: ## build the documentation as a site in build/site (ARGS=serve shows it on 127.0.0.1:8000)
	@$(SET_UP) check $(WISHES)
	@NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs $(or $(ARGS),build --quiet --strict)
	@$(if $(ARGS),,echo "The site is in build/site; to read it: make docs ARGS=serve")

screenshots: ## take the documentation's pictures of the page anew
	@$(SET_UP) test $(WISHES)
	@PYTHONPATH=. exec $(PY) tests/browser/screenshot.py $(ARGS)

lock: ## pin the dependencies again, with hashes (UPGRADE=1 takes newer versions)
	@$(SET_UP) check $(WISHES)
	$(COMPILE) pyproject.toml -o requirements/run.lock
	$(COMPILE) pyproject.toml --extra claude -c requirements/run.lock -o requirements/claude.lock
	$(COMPILE) pyproject.toml --extra dev -c requirements/claude.lock -o requirements/dev.lock
	$(COMPILE) requirements/setup.in -c requirements/dev.lock -o requirements/setup.lock
	$(COMPILE) requirements/build.in -c requirements/dev.lock -o requirements/build.lock

clean: ## remove caches and built files; keep .venv, the model and your sessions
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find agent knowledge models tools ui tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove .venv too; the model and your sessions stay in the data folder
	rm -rf .venv .setup
