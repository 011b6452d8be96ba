# make demo: from a fresh clone to the chat page. make test: set-up, checks and tests.
PYTHON ?= python3
BIN := .venv/bin
DEMO := build/demo

# Most of a test's time is one process's, and browsers wait: three at once fill two cores. In their
# own order the files with few and slow tests do not all come last, where all would wait for one.
SIDE_BY_SIDE := -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: demo sample test slow kill check format bench clean

demo: .venv/.installed-ocr
	$(BIN)/python docs/build_guide.py build/guide
	$(BIN)/ingest build/guide --library $(DEMO)
	$(BIN)/citebound chat --library $(DEMO)

# The PDFs that the first page offers to try; to be built anew when app/handbook has changed.
sample: .venv/.installed-guide
	$(BIN)/python docs/build_guide.py app/sample

# All tests but those that are marked as slow, which have a target of their own.
test: check
	$(BIN)/python -m pytest -m "not slow" $(SIDE_BY_SIDE)

slow: .venv/.installed-dev
	$(BIN)/python -m pytest -m slow $(SIDE_BY_SIDE)

kill: .venv/.installed-dev
	CITEBOUND_KILLS=50 $(BIN)/python -m pytest tests/kill

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.installed-dev,benchmark
	$(BIN)/python -m benchmarks.ingest
	$(BIN)/python -m benchmarks.own_table --data $(or $(CITEBOUND_DATA),../shared/data)

# torch goes first and alone: whichever build of it pip is given then satisfies all that needs it.
.venv/.installed-%: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Citebound needs Python 3.11 or newer; give one with: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv; this takes some minutes, once."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'torch==2.13.*' -c constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$*]' -c constraints.txt
	@touch $@

clean:
	rm -rf build .venv
