# Two commands on a machine with Python >= 3.11 and make: `make run` and `make test`. Nothing else is needed, no root.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
    $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)

.PHONY: run test setup lint lock

run: ## the whole thing on embedded servers: prints the address and the accounts, Ctrl-C ends it
	@$(PYTHON) .ci/setup.py requirements.lock
	@exec .venv/bin/branchbook dev

test: ## everything that is checked, the same as .ci/run
	@.ci/run

setup: ## the virtual environment with all tools
	@$(PYTHON) .ci/setup.py requirements-dev.lock

lint: setup ## only lint, types and import contracts
	@.ci/run lint

lock: setup ## new lock files after a change of dependencies in pyproject.toml
	@.venv/bin/python .ci/lock.py
