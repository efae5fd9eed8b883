# mizo: two commands. `make run` builds and serves the example town; `make test` passes every test.
# Everything else is in `make help`.
BUILD   ?= build
TEST    ?= build-test
TOWN    ?= town
LISTEN  ?= 127.0.0.1:8080
SPEED   ?= 600
MESON   ?= meson
NINJA   ?= ninja
# Real measurements for tests and benches, where they lie beside the checkout; without them those skip aloud.
ifneq ($(MIZO_DATA)$(wildcard ../shared/data),)
export MIZO_DATA ?= $(abspath ../shared/data)
endif

.PHONY: help deps deps-test web build test-build test check-all check-fresh run town bench format fuzz clean

help:
	@echo "make run         build, make the example town once, serve it at http://$(LISTEN) (SPEED=$(SPEED))"
	@echo "make build       build/mizo only"
	@echo "make test        build with sanitizers and pass every test"
	@echo "make check-all   the long ones too: threads, fuzzing, a million power cuts"
	@echo "make check-fresh both commands in a fresh Debian 12 (debootstrap, needs root)"
	@echo "make bench       print the performance figures"
	@echo "make format      clang-format everything"

deps:
	@packaging/deps.sh run

deps-test:
	@packaging/deps.sh test

# npm packages, locked; looked at again only when the lock file changes.
web/node_modules/.stamp: web/package.json web/package-lock.json
	@echo "npm packages: web/package-lock.json"
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILD)/build.ninja: | deps
	$(MESON) setup $(BUILD) --buildtype=release

build: deps web/node_modules/.stamp $(BUILD)/build.ninja
	@$(NINJA) -C $(BUILD)

# -O1 with line tables compiles in half the time of -O2 -g, and the sanitizers say the same file and line. What fits
# into a text only -O3 can tell: the release build warns of that.
$(TEST)/build.ninja: | deps-test
	$(MESON) setup $(TEST) -Doptimization=1 -Ddebug=false -Dc_args='-g1 -Wno-format-truncation' -Dtests=true -Dtest_build=true -Dwerror=true \
		-Db_sanitize=address,undefined -Db_lundef=false -Drelease_build=$(abspath $(BUILD))

test-build: deps-test web/node_modules/.stamp $(TEST)/build.ninja
	@$(NINJA) -C $(TEST)

test: build test-build
	@MIZO_RELEASE=$(abspath $(BUILD)/mizo) tests/run.py $(TEST) --not all

check-all: build test-build
	@packaging/deps.sh check
	@MIZO_RELEASE=$(abspath $(BUILD)/mizo) tests/check-all.sh $(TEST)

check-fresh:
	@packaging/check-fresh.sh

town: build
	@test -e $(TOWN)/region.yaml || $(BUILD)/mizo init --example kawasaki $(TOWN)

run: town
	@$(BUILD)/mizo serve --region $(TOWN) --listen $(LISTEN) --clock x$(SPEED)

bench: build
	@$(BUILD)/mizo bench ingest

format:
	@git ls-files '*.c' '*.h' | grep -v '_table\.h$$' | xargs clang-format-14 -i

clean:
	rm -rf $(BUILD) $(TEST)
