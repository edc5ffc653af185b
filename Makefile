.PHONY: run test

PYTHON ?= python3

run:
	$(PYTHON) installer/bootstrap.py run

test:
	$(PYTHON) installer/bootstrap.py test
