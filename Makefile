# Every command sets up what it needs first; `make run` and `make check` are all a newcomer needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: setup run test check format bench library clean

run: setup
	$(BIN)/python -m streamlit run app.py $(ARGS)

test: setup
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup
	$(BIN)/python -m benchmarks.trace
	$(BIN)/python -m benchmarks.stack
	$(BIN)/python -m benchmarks.train
	$(BIN)/python -m benchmarks.stack_training
	$(BIN)/python -m benchmarks.failure
	$(BIN)/python -m benchmarks.agreement
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.watch --cold
	$(BIN)/python -m benchmarks.classroom
	$(BIN)/python -m benchmarks.lesson
	$(BIN)/python -m benchmarks.drills

library: setup
	$(BIN)/python -m countviz library

setup: $(VENV)/installed
	@$(BIN)/python -m countviz warm

$(VENV)/installed: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

clean:
	rm -rf $(VENV)
