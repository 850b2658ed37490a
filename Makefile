# Two commands suffice: «make run» shows Nabat at work, «make test» tests it. Arguments: make run ARGS="--fast"
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: run demo score-claims test crash fuzz lint format check bench bench-replay bench-match bench-parse docs clean help setup bench-spikes bench-series
# Where Swift lies when nobody put it into PATH.
export PATH := $(PATH):/opt/swift/usr/bin:$(HOME)/.local/share/swiftly/bin
ARGS ?=
# Tests that wait for deadlines run before those that compute for seconds and would starve them; the server that is killed
# runs alone, as its story goes on by the clock while it is down.
KILLED = CrashTests
TIMED = PollingTests|DeliveringTests|HTTPTests
WHOLE = ScenarioTests|DemoTests|DocsTests|CommandTests|SetupTests

setup: ## installs what is missing (Debian packages, the dictionary)
	@scripts/setup

run: setup ## builds the release and plays the demo: a rumour, a surge, the alerts (ARGS="--fast": in seconds)
	swift build -c release
	.build/release/nabat demo $(ARGS)

demo: run ## the same as run

test: setup ## builds everything, runs every test, then fuzzes for 30 s a target
	swift build
	@mkdir -p .build
	swift test --disable-xctest --filter '$(KILLED)' $(ARGS) 2>&1 | tee .build/test.log
	swift test --skip-build --disable-xctest --filter '$(TIMED)' $(ARGS) 2>&1 | tee -a .build/test.log
	swift test --skip-build --disable-xctest --filter '$(WHOLE)' --skip '$(KILLED)' $(ARGS) 2>&1 | tee -a .build/test.log
	swift test --skip-build --disable-xctest --skip '$(TIMED)|$(WHOLE)|$(KILLED)' $(ARGS) 2>&1 | tee -a .build/test.log
	@sed -n 's/.*Test run with \([0-9]*\) tests* in .* passed.*/\1/p' .build/test.log \
	  | awk '{ n += $$1 } END { print "make test: " n " tests ran, all passed" }'
	$(if $(ARGS),,SEED=1 fuzz/run 30)

crash: setup ## kills a server under load 300 times, with a disk that breaks and a receiver in a bad mood (ARGS=KILLS)
	swift build --build-tests
	NABAT_KILLS=$(or $(ARGS),300) swift test --skip-build --disable-xctest --filter LoadCrashTests

fuzz: setup ## runs what reads bytes under libFuzzer and AddressSanitizer (ARGS="SECONDS [TARGET…]")
	fuzz/run $(or $(ARGS),60)

lint: ## checks the form of the sources
	swift format lint --strict -r Sources Tests fuzz bench Package.swift

format: ## puts the sources into their form
	swift format -i -r Sources Tests fuzz bench Package.swift

check: setup ## checks the rule and source files that Nabat ships
	swift build --product nabat
	.build/debug/nabat check $(or $(ARGS),rules feeds)

bench: bench-replay ## the same as bench-replay

bench-replay: setup ## measures the replay of a year of comments, stage by stage, beside bare reading and inserting
	bench/run $(ARGS)

score-claims: setup ## scores the example rules on labelled texts: a table by label and by evasion (ARGS="FILE")
	swift build --product nabat
	scripts/score-claims --errors $(or $(ARGS),../shared/corpora/ru-claims/ru_claims.dev.jsonl)

bench-match: setup ## measures matching alone, beside Vectorscan, PCRE2, yara and pyahocorasick (those that are installed)
	bench/run --match $(ARGS)

bench-parse: setup ## measures reading feeds, beside feedparser, sfeed and a bare libxml2 SAX pass (those that are installed)
	@command -v sfeed >/dev/null || [ "$$(id -u)" != 0 ] || apt-get install -y --no-install-recommends sfeed || true
	bench/parse $(ARGS)

bench-spikes: setup ## measures how early surges are told, beside the usual methods; needs numpy (ARGS="--no-year --seeds 2,3")
	bench/spikes $(ARGS)

bench-series: setup ## measures what series cost: memory each, a step of 100,000, cost an event
	bench/run --series

docs: setup ## tests the commands and tables of the documentation
	swift test --disable-xctest --filter DocsTests $(ARGS)

clean: ## removes what was built; the dictionary stays
	rm -rf .build

help: ## lists these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'
