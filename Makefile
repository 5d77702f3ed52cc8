# Everything that can be done here; nothing that only CI can do.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools
DEBIAN := $(VENV)/.debian
CODECS := $(VENV)/.codecs
BROWSER := $(VENV)/.browser
POSTGRESQL := $(VENV)/.postgresql
LETTERS := $(VENV)/.letters
# What only the developer's shell has must not be what a test passes with.
CLEAN := deploy/clean-env
PHONES := build/phones/.ready
PHONES_PYTHON ?= $(shell python3.11 -c "" 2>/dev/null && command -v python3.11)
LOCALE := rokuon/locale
PACKAGES := rokuon capture archive retention api
SCENARIOS ?= tests/scenarios
# Of the relays in its inline scenarios: auto, native or python.
LOOP ?= auto
BARE ?= build/bare
SEED ?= 1
SECONDS_EACH ?= 600
SECONDS ?= 60
# The commit beside which what is sent is compared.
BASE ?= HEAD
# Conversations of the world in which finding is measured; its figures are of 20,000 and of a million.
CALLS ?= 20000
TESTED := not slow and (not scenario and not e2e or quick)
# Tests wait a quarter of their time for children and sockets: one worker more than there are cores.
WORKERS ?= $(shell expr $$(nproc) + 1)
# Tests keep what they make (2 GiB) in memory where it has room for it: a disk that stalls is no finding of theirs.
SCRATCH ?= $(shell [ "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 6000000 ] 2>/dev/null && echo TMPDIR=/dev/shm)
# Recovery, and the index built anew, of an installation.
RECOVERY := tests/rokuon/compose/archive/test_keeper.py tests/archive/restore/test_index_rebuild.py
# Where tests marked `both` are: to collect all others a second time would take longer than they do.
BOTH := tests/test_odd_calls.py tests/archive/catalog/journal/test_entries.py tests/archive/keeper/test_recovery.py $(addprefix tests/archive/catalog/,database/test_engine.py register/test_jobs.py index/test_rebuild.py index/test_writer.py search/test_search.py migrations tables) $(RECOVERY)
# All of `make test`, or as much as .ci/run wants where it is the second time.
TESTS ?= tests

LOCK := $(BIN)/pip-compile -q --upgrade --generate-hashes --no-emit-index-url --no-emit-trusted-host \
    --no-emit-find-links --no-header --no-annotate --allow-unsafe --strip-extras

.PHONY: help native run test thorough check types lint contracts scripts fix scenarios monitoring e2e postgresql pictures interop fuzz sanitize crash hostile bare sent bench soak eval-world eval-oracle eval-locate eval-locate-all docs islands messages lock clean

help: ## show the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

# The virtual environment: every version and hash of what runs, then this checkout.
$(READY): requirements/run.txt pyproject.toml deploy/make-venv
	@$(CLEAN) deploy/make-venv $(PYTHON) $(VENV)
	@touch $(READY)

# And of what tests, checks and benches need beside it.
$(TOOLS): requirements/constraints.txt $(READY)
	$(CLEAN) $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/constraints.txt
	@touch $(TOOLS)

# What the tests need from Debian: installed where we are root, named where we are not.
$(DEBIAN): deploy/debian-packages.txt deploy/install-debian $(READY)
	deploy/install-debian deploy/debian-packages.txt
	@touch $(DEBIAN)

# Codecs other than G.711: an extra, here so that the tests have it.
$(CODECS): requirements/codecs.txt $(READY)
	$(CLEAN) $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/codecs.txt
	@touch $(CODECS)

# What drives Debian's Chromium in the tests of pages.
$(BROWSER): requirements/browser.txt $(READY)
	$(CLEAN) $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/browser.txt
	@touch $(BROWSER)

# The driver of a catalog in PostgreSQL: an extra.
$(POSTGRESQL): requirements/postgresql.txt $(READY)
	$(CLEAN) $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/postgresql.txt
	@touch $(POSTGRESQL)

# What sets letters as PDF: an extra.
$(LETTERS): requirements/letters.txt $(READY)
	$(CLEAN) $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/letters.txt
	@touch $(LETTERS)

# Telephones of the scenarios, in an environment of their own: pjsua2 and pyVoIP are GPL, nothing of ours imports them,
# and they want an older Python (3.11 is tested). A scenario whose phone is not there says so and is skipped.
$(PHONES): requirements/phones.txt
	@if [ -z "$(PHONES_PYTHON)" ]; then \
	    echo "no Python 3.11 here: what needs pjsua2 or pyVoIP is skipped"; \
	else \
	    $(PHONES_PYTHON) -m venv build/phones; \
	    $(CLEAN) build/phones/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
	        -r requirements/phones.txt; \
	    touch $(PHONES); \
	fi

# Nothing to do within a few hundredths of a second; without a C compiler one line says what follows.
native: ## the relay's inner loop, compiled where there is a C compiler
	@$(PYTHON) deploy/native_build.py

run: $(READY) native ## run everything in the foreground, data in ./var
	$(BIN)/rokuon serve --welcome

test: $(TOOLS) $(CODECS) $(BROWSER) $(POSTGRESQL) $(LETTERS) $(DEBIAN) $(PHONES) ## all tests but slow ones, of the scenarios a quick one with each peer, of the catalog some on PostgreSQL
	@deploy/install-debian deploy/debian-packages-scenarios.txt
	@deploy/install-debian deploy/debian-packages-postgresql.txt
	$(CLEAN) env $(SCRATCH) $(BIN)/pytest -n $(WORKERS) --dist loadfile -m "$(TESTED)" $(strip $(TESTS))
	@if [ -z "$(filter tests,$(TESTS))" ]; then :; \
	elif ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
	    $(CLEAN) $(BIN)/pytest --catalog=postgresql -m both $(BOTH); \
	else \
	    echo "no PostgreSQL here: the catalog is tried on SQLite alone"; \
	fi

thorough: $(TOOLS) $(CODECS) $(DEBIAN) ## what is slow by its nature: every byte, every place to be cut, hours of sound
	$(CLEAN) $(BIN)/pytest -n auto --dist loadfile -m slow

check: $(TOOLS) ## format, lint, types, import contracts; the built scripts are what their sources make
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target types lint contracts scripts

types: $(TOOLS)
	$(BIN)/mypy

lint: $(TOOLS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

contracts: $(TOOLS)
	$(BIN)/lint-imports

scripts:
	@if command -v node npm >/dev/null; then deploy/make-islands --check; \
	else echo "no Node here: whether api/web/static is what its sources make is not compared"; fi

fix: $(TOOLS) ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

scenarios: $(TOOLS) $(DEBIAN) $(PHONES) ## SIPp, phones, Kamailio, rtpengine, jambonz as peers; tcpdump as the witness
	@deploy/install-debian deploy/debian-packages-scenarios.txt
	$(CLEAN) env RELAY_LOOP=$(LOOP) $(BIN)/pytest -m scenario $(SCENARIOS)

e2e: $(TOOLS) $(BROWSER) $(DEBIAN) ## people before the pages of a whole Rokuon, in Debian's Chromium; axe on every page
	@deploy/make-islands --packages || echo "no Node here: the rules of axe are not tried"
	$(CLEAN) $(BIN)/pytest -m e2e tests/e2e tests/pages

postgresql: $(TOOLS) $(CODECS) $(POSTGRESQL) $(DEBIAN) ## the tests of catalog, search, locating, journal, keeper and recovery, and of the guard of keys, on a PostgreSQL of their own
	@deploy/install-debian deploy/debian-packages-postgresql.txt
	$(CLEAN) $(BIN)/pytest -n auto --dist loadfile --catalog=postgresql -m "not slow and not scenario and not e2e" tests/test_odd_calls.py tests/archive/catalog tests/archive/keeper $(RECOVERY) tests/archive/catalog/journal/test_entries.py tests/archive/access/test_opening_text.py tests/archive/test_job_queue.py tests/postgresql tests/retention/runner $(addprefix tests/api/,certificates destruction holds locate people retention simulations web/calls/test_ranked_search.py)

pictures: $(TOOLS) $(BROWSER) $(DEBIAN) ## pictures of every page in both languages, into docs/pictures
	$(CLEAN) $(BIN)/python -m tests.e2e.pictures docs/pictures

monitoring: $(TOOLS) $(DEBIAN) ## alerts and dashboards before Debian's own Prometheus
	@deploy/install-debian deploy/debian-packages-monitoring.txt
	$(CLEAN) $(BIN)/pytest tests/scenarios/test_monitoring.py

interop: scenarios ## every peer that we test with

fuzz: $(TOOLS) ## SIP, SDP, XML, sessions, part files and both loops of the relay, SECONDS_EACH each
	@$(BIN)/python -c 'import atheris' || { echo "fuzzing needs Python 3.11 or 3.12 (atheris)"; exit 1; }
	@$(BIN)/python -m tests.fuzz.seeds build/corpus/sessions
	@for target in tests/fuzz/fuzz_*.py; do \
	    name=$$(basename $$target .py); mkdir -p build/corpus/$$name; \
	    $(BIN)/python -m tests.fuzz.$$name -max_total_time=$(SECONDS_EACH) -rss_limit_mb=512 \
	        -artifact_prefix=build/corpus/ build/corpus/$$name tests/vectors/rfc4475 build/corpus/sessions; \
	done

sanitize: $(TOOLS) ## the relay's compiled loop under the sanitizers: before a driver, and beside Python's loop, SECONDS each
	$(CLEAN) $(BIN)/python -m tests.capture.native.sanitize $(SECONDS)

crash: $(TOOLS) ## kill suite, power cuts and the crash points of the safe order
	@deploy/install-debian deploy/debian-packages-crash.txt
	$(CLEAN) env SEED=$(SEED) $(BIN)/pytest tests/crash

hostile: $(TOOLS) $(CODECS) $(POSTGRESQL) $(DEBIAN) $(PHONES) ## what hostile readings found: the tests that docs/hostile-reading.md names
	@deploy/install-debian deploy/debian-packages-crash.txt
	@deploy/install-debian deploy/debian-packages-scenarios.txt
	@deploy/install-debian deploy/debian-packages-postgresql.txt
	$(CLEAN) $(BIN)/pytest -n $(WORKERS) --dist loadfile -m "not slow" $$($(BIN)/python -m tests.hostile_reading)
	$(CLEAN) $(BIN)/pytest -m slow $$($(BIN)/python -m tests.hostile_reading slow)

bare: ## the run and all tests of this commit in a bare Debian with one core busy; as root, with debootstrap
	tests/bare/run $(BARE) test thorough

sent: $(TOOLS) ## what Rokuon sends here beside BASE: routes, pages, commands, journal, stored rows
	$(CLEAN) $(BIN)/python -m tests.sent --commit $(BASE)

bench: $(TOOLS) native ## cost per packet beside its floor and its peer
	@mkdir -p build
	$(BIN)/python -m bench

soak: $(TOOLS) native ## inline calls that come and go for 30 minutes; descriptors and memory
	@mkdir -p build
	$(BIN)/python -m bench.soak

eval-world: $(TOOLS) ## the world in which finding calls is measured: CALLS of them drawn by SEED, what is in it
	$(BIN)/python -m eval world --calls $(CALLS) --seed $(SEED)

eval-oracle: $(TOOLS) ## what can be known of a call that is remembered, and what exact filters find of it
	$(BIN)/python -m eval oracle --calls $(CALLS) --seed $(SEED)

eval-locate: $(TOOLS) native ## how well the product finds calls, beside what can be known: half the requests, drawn by SEED, over a world of CALLS that stands in build/eval
	$(BIN)/python -m eval locate --calls $(CALLS) --count 250 --draw $(SEED)

eval-locate-all: $(TOOLS) native ## the same with all requests, then with a second model, then until 3,000 calls are confirmed; HELD_BACK=1: in the phrases held back
	$(BIN)/python -m eval locate --calls $(CALLS) --count 500 $(if $(HELD_BACK),--held-back)
	$(BIN)/python -m eval locate --calls $(CALLS) --count 500 $(if $(HELD_BACK),--held-back) --vary 1
	$(BIN)/python -m eval locate --calls $(CALLS) --confirmed 3000 $(if $(HELD_BACK),--held-back)

docs: $(TOOLS) ## check that the documents say what the code does
	$(CLEAN) $(BIN)/pytest tests/test_structure.py tests/test_documents.py tests/test_readme.py tests/archive/test_format_document.py

islands: ## scripts and style of the pages, made anew; needs Node
	deploy/make-islands

messages: $(TOOLS) ## collect the texts, compile the catalogues
	@mkdir -p build
	$(BIN)/pybabel -q extract -F $(LOCALE)/babel.cfg -k tr -k said --no-location --sort-output --omit-header -o build/rokuon.pot rokuon api
	$(BIN)/pybabel -q update -D rokuon -N --ignore-obsolete --ignore-pot-creation-date --no-wrap -i build/rokuon.pot -d $(LOCALE)
	$(BIN)/pybabel -q compile -D rokuon -d $(LOCALE)

lock: $(TOOLS) ## choose versions anew; needs pip-tools in the environment
	$(LOCK) --all-build-deps --extra dev --output-file requirements/constraints.draft pyproject.toml
	$(LOCK) --all-build-deps --constraint requirements/constraints.draft --output-file requirements/run.draft pyproject.toml
	sed -n 's/^codecs = \["\(.*\)"\]/\1/p' pyproject.toml | $(LOCK) --output-file requirements/codecs.draft -
	sed -n 's/^browser = \["\(.*\)"\]/\1/p' pyproject.toml | $(LOCK) --output-file requirements/browser.draft -
	sed -n 's/^letters = \["\(.*\)"\]/\1/p' pyproject.toml | $(LOCK) --output-file requirements/letters.draft -
	sed -n 's/^postgresql = \["\(.*\)"\]/\1/p' pyproject.toml | $(LOCK) --output-file requirements/postgresql.draft -
	sed -n '/^phones = \[/,/^\]/s/^ *"\(.*\)",$$/\1/p' pyproject.toml | $(LOCK) --output-file requirements/phones.draft -
	@for name in constraints run codecs browser letters postgresql phones; do \
	    file=requirements/$$name; \
	    { sed -n '/^#/p;/^[^#]/q' $$file.txt; grep -v '^#' $$file.draft; } > $$file.next; \
	    mv $$file.next $$file.txt; rm $$file.draft; \
	done

clean: ## remove what can be made again (never ./var)
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
