# One command a need; each sets up what it needs by itself.
PYTHON ?= python3
BIN := .venv/bin
# Its warning is about names that stand beside the package and hide it; ours are the package.
EDITABLE := PYTHONWARNINGS='ignore:Editable installation' $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .

.PHONY: install demo story test check types rules bench soak pictures lock format clean

# Every process of a test would compile everything again, and each worker rewrite every assertion.
unexport PYTHONDONTWRITEBYTECODE

# --no-deps: the lists are whole, and pip need not find that out. --no-compile: Python compiles what it imports; most of what the tools bring is never imported.
.venv: .venv/ready
.venv/ready: requirements-dev.lock requirements-build.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-build.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-compile --require-hashes -r requirements-dev.lock
	$(EDITABLE)
	touch $@

install:  ## on a server: what the bot needs and no tools, compiled, since a service should not write here
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-build.lock
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(EDITABLE)
	$(BIN)/python -m compileall -q bot handlers storage scheduler sandbox

demo: .venv  ## the stand-in workspace and the bot against it, until Ctrl-C
	$(BIN)/banso demo

story: .venv  ## a week, played through the wire protocol
	$(BIN)/banso demo --story

test: .venv  ## seven at once also on two processors: most of its time a test waits
	$(BIN)/python -m pytest -n 7 --dist worksteal -q

check: .venv
	$(MAKE) -j 2 types rules

types:
	$(BIN)/mypy

rules:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -p no:randomly tests/docs tests/storage/test_migrations.py

bench: .venv  ## figures as JSON
	$(BIN)/python -m benchmarks

soak: .venv  ## at least 50 kills a seam, and 10,000 odd payloads on each database
	$(BIN)/python -m benchmarks.soak
	ODD_PAYLOADS=10000 $(BIN)/python -m pytest -q -n 2 --timeout 3600 tests/scenarios/test_odd_payloads.py

pictures: .venv  ## the pictures of the documentation, from the real demo; needs Chromium and Japanese fonts
	$(BIN)/python -m tests.browser.pictures

format: .venv
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:  ## made without index addresses, so that they say nothing of where they were made
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group dev pyproject.toml -o requirements-dev.lock
	printf 'pip>=25\nsetuptools>=80\n' | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header - -o requirements-build.lock

clean:
	rm -rf .venv build *.egg-info
