# Carillon. `make demo` and `make test` are all that a new user needs; each installs what it lacks.
PREFIX ?= /usr/local
DESTDIR ?=
ROWS ?=
SWIFT ?= swift
LINTED = Package.swift Sources Plugins Tests

.PHONY: help setup setup-clients setup-tests build clients release demo try fleet fleet-state fleet-down test soak bench check lint format proto reference templates examples install clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup:
	@deploy/setup.sh

setup-clients:
	@deploy/setup.sh --clients

setup-tests:
	@deploy/setup.sh --tests

build: setup ## debug build of everything
	$(SWIFT) build

release: setup ## release build of everything
	$(SWIFT) build -c release

demo: build ## import people, ring their birthdays within the minute, show what arrived, stop
	@deploy/demo.sh

try: build ## the same, and leave the agent running for you
	@deploy/demo.sh --keep

fleet: setup-tests build ## three agents on one PostgreSQL, on this machine; see deploy/fleet/README.md
	@deploy/fleet/fleet.sh up

fleet-state: ## what the fleet does
	@deploy/fleet/fleet.sh state

fleet-down: ## ends it
	@deploy/fleet/fleet.sh down

test: setup-tests ## the tests, at most 25 minutes after the build
	$(SWIFT) build --build-tests
	@deploy/test.sh

soak: setup-tests ## long kills, a full disk, a thousand reloads, a hostile plugin in all its ways, hundreds of random plays
	$(SWIFT) build --build-tests
	@CARILLON_SOAK=1 CARILLON_TEST_SKIP=nothing CARILLON_TEST_LIMIT=5400 CARILLON_TEST_FILTER='.*Soak' \
		deploy/test.sh EndToEnd
	@CARILLON_TEST_SKIP=nothing CARILLON_TEST_LIMIT=900 CARILLON_TEST_FILTER='.*Soak' deploy/test.sh CheckHost
	@CARILLON_TEST_SKIP=nothing CARILLON_TEST_LIMIT=1800 CARILLON_TEST_FILTER='.*Soak' deploy/test.sh Daemon
	@CARILLON_CHAOS_SEEDS=60 deploy/test.sh Pipeline

bench: setup-tests release ## the figures, as a table and in bench/results.json; ROWS=a,b runs a few
	@deploy/peers.sh
	@.build/release/carillon-bench --rows "$(ROWS)"

check: lint test ## format lint and tests

lint: ## swift format, strictly
	$(SWIFT) format lint --strict --recursive --parallel $(LINTED)

format: ## formats the sources in place
	$(SWIFT) format --in-place --recursive --parallel $(LINTED)

clients: setup-clients ## the C library for clients and its example, in .build/cclient
	@$(MAKE) -s -C Sources/ctl/CClient

proto: ## regenerates Proto/Generated and the C library's code
	@deploy/proto.sh

reference: ## writes docs/plugins/reference.md from the plugin headers
	@python3 -B Sources/PluginAPI/Reference/reference.py

templates: ## puts Sources/ctl/PluginTemplates into ctl, for ctl plugin new
	@deploy/templates.sh

examples: setup-tests ## every example plugin, built as its author would, in .build/examples
	@deploy/examples.sh

install: release setup-clients ## agent, ctl, plugins, headers and the C library under PREFIX
	@deploy/install.sh "$(DESTDIR)$(PREFIX)"

clean:
	rm -rf .build bench/results.json
