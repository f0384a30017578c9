#   make                              everything, into build/
#   make check                        format, layers, sizes, generated files, unit tests
#   make check SAN=address,undefined  the same under sanitizers, in a build folder of its own
#   make FOLDER                       compile one folder (base, api, store, ...)
#   make unit-FOLDER                  run the unit tests of one folder
#   make V=1                          show the commands
#   make e2e                          run the end-to-end tests (tests/e2e/README.md)
#   make golden [GOLDEN_K=TEXT]       replay the recorded exchanges (tests/golden/README.md)
#   make history FAULTS=1             random clients, faults, and a checker (tests/history/README.md)
#   make fuzz                         build the fuzz targets with clang, run each FUZZ_SECONDS
#   make fuzz-replay                  run the fuzz targets over their corpora, without libFuzzer
#   make analyze, make tidy           gcc's analyzer, clang-tidy (slow)
#   make compile_commands.json        for editors
#   make install [PREFIX=/usr/local] [DESTDIR=]
#   make FAULTS=1                     with points where tests make things fail (base/fault.h)
#   make O=DIR                        build into DIR (and DIR-clang, DIR-address-undefined) instead

CC         ?= gcc
CFLAGS     ?= -O2 -g
comma      := ,
O          ?= build
B          := $O$(if $(filter clang%,$(CC)),-clang)$(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if $(FAULTS),-faults)
Q          := $(if $(V),,@)
# A program of unit tests that takes longer hangs.
UNIT_SECONDS ?= 900
WARN       := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
              -Wundef -Wpointer-arith -Wimplicit-fallthrough -Werror
HARDEN     := $(if $(SAN),,-D_FORTIFY_SOURCE=2 -fstack-protector-strong)
ALL_CFLAGS  = -std=gnu11 $(WARN) -fno-omit-frame-pointer -fPIE -pthread $(HARDEN) $(CFLAGS) \
              $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all)
PKGS       := libuv openssl yaml-0.1 libjwt libpq libmicrohttpd gnutls libcurl libnghttp2 zlib liblz4
ALL_CPPFLAGS = -I. -I$B/gen -D_GNU_SOURCE $(PKG_CFLAGS) $(if $(SAN),-DARENA_DEBUG) \
               $(if $(SAN)$(FAULTS),-DFAULTS) $(CPPFLAGS)
# Of p11-kit the headers only: the modules of PKCS#11 are loaded at run time.
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) p11-kit-1)
LIBS       := $(shell pkg-config --libs $(PKGS)) -lm -ldl
ALL_LDFLAGS = -pie -pthread -Wl,-z,relro,-z,now $(LDFLAGS) $(if $(SAN),-fsanitize=$(SAN))

# Folders in layer order: each may use those before it (tools/layers has the exact rule).
DIRS       := base cel api audit client keys store rbac quota tenancy vcluster controllers scheduler hostplane agent cli
src_of      = $(wildcard $(1)/*.c $(1)/*/*.c)
MAINS      := hostplane/main.c agent/main.c cli/main.c
lib_of      = $(foreach d,$(1),$B/lib$(d).a)
SRC        := $(foreach d,$(DIRS),$(call src_of,$d))
TEST_SRC   := $(wildcard tests/unit/*/test_*.c)
TESTS      := $(TEST_SRC:%.c=$B/%)
OWN_FILES  := $(filter-out base/gen/% api/gen/% vcluster/gen/%,$(SRC) $(wildcard $(DIRS:%=%/*.h) $(DIRS:%=%/*/*.h))) $(TEST_SRC) \
              $(wildcard tests/unit/*.[ch] tests/fuzz/*.[ch] tests/fault/*.[ch] bench/*.[ch])
PROGRAMS   := $(foreach m,hostplane:hostplane agent:hostplane-agent cli:hpctl,\
              $(if $(wildcard $(firstword $(subst :, ,$m))/main.c),$B/$(lastword $(subst :, ,$m))))

all: $(PROGRAMS)
.DEFAULT_GOAL := all

FUZZ_SECONDS ?= 10
FUZZ        := $(sort $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c)))
# `make fuzz` calls itself with FUZZING=1 to build everything for libFuzzer.
ALL_CFLAGS  += $(if $(FUZZING),-fsanitize=fuzzer-no-link)

# The objects of the folders lie in o/, as build/hostplane is a program.
$B/o/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$B/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

define folder
$B/lib$(1).a: $$(patsubst %.c,$B/o/%.o,$$(filter-out $(MAINS),$$(call src_of,$(1))))
	@mkdir -p $$(@D)
	$(Q)rm -f $$@; ar rcs $$@ $$^
.PHONY: $(1) unit-$(1)
$(1): $B/lib$(1).a
unit-$(1): $$(filter $B/tests/unit/$(1)/%,$(TESTS))
	$(Q)for t in $$^; do timeout -k 5 $(UNIT_SECONDS) $$$$t || { echo "$$$$t: failed, or took $(UNIT_SECONDS) s" >&2; exit 1; }; done
endef
$(foreach d,$(DIRS),$(eval $(call folder,$d)))

# The migrations are part of the program.
$B/gen/migrations.c: $(wildcard migrations/*.sql) tools/embed-sql
	@mkdir -p $(@D)
	$(Q)tools/embed-sql $(filter %.sql,$^) > $@
$B/gen/migrations.o: $B/gen/migrations.c
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$B/libstore.a: $B/gen/migrations.o

# So are the definitions of external secrets.
$B/gen/extsecret_definitions.c: controllers/extsecrets/definitions/externalsecrets.yaml tools/embed-text
	@mkdir -p $(@D)
	$(Q)tools/embed-text extsecret_definitions $< > $@
$B/gen/extsecret_definitions.o: $B/gen/extsecret_definitions.c
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$B/libcontrollers.a: $B/gen/extsecret_definitions.o

# Libraries a folder's programs link with: itself and all before it, last layer first.
reverse     = $(if $(1),$(call reverse,$(wordlist 2,99,$(1))) $(firstword $(1)))
server_dirs := base cel api audit client keys store rbac quota tenancy vcluster controllers scheduler hostplane

$B/hostplane: $B/o/hostplane/main.o $(call lib_of,$(call reverse,$(server_dirs)))
	$(Q)$(CC) $(ALL_LDFLAGS) -rdynamic -o $@ $^ $(LIBS)
$B/hostplane-agent: $B/o/agent/main.o $(call lib_of,agent client api cel base)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/hpctl: $B/o/cli/main.o $(call lib_of,cli client audit api cel base)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# A unit test links with its own folder, those that it may include and those that they may, found from tools/layers.
uses        = $(shell sed -n 's/^$(1)://p' tools/layers)
needs       = $(filter $(1) $(call uses,$(1)) $(foreach u,$(call uses,$(1)),$(call uses,$u)),$(DIRS))
define test_links
$(filter $B/tests/unit/$(1)/%,$(TESTS)): %: %.o $B/tests/unit/test_main.o $(call lib_of,$(call reverse,$(call needs,$(1))))
	$$(Q)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ -lcmocka $$(LIBS)
endef
$(foreach d,$(DIRS),$(if $(filter $B/tests/unit/$d/%,$(TESTS)),$(eval $(call test_links,$d))))

# Benchmarks: bench/README.md says how to run them.
bench: $B/hpbench $B/hpfair $B/hptenants $B/hpreconcile $B/hpsched $B/hpnodes $B/bench_sched $B/bench_cel $B/bench_crd $B/bench_net $B/bench_rbac $B/bench_seal $B/bench_token
$B/bench_net: $B/bench/bench_net.o $(call lib_of,$(call reverse,$(call needs,agent)))
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/bench_rbac: $B/bench/bench_rbac.o $(call lib_of,$(call reverse,$(call needs,rbac)))
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/bench_token: $B/bench/bench_token.o $(call lib_of,$(call reverse,$(call needs,tenancy)))
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(LIBS)
$B/bench_crd: $B/bench/bench_crd.o $(call lib_of,$(call reverse,$(call needs,api)))
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/bench_seal: $B/bench/bench_seal.o $(call lib_of,$(call reverse,$(call needs,store)))
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/bench_cel: $B/bench/bench_cel.o $(call lib_of,$(call reverse,$(call needs,cel)))
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/bench_sched: $B/bench/bench_sched.o $(call lib_of,$(call reverse,$(call needs,scheduler)))
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/hpsched: $B/bench/hpsched.o $B/bench/threads.o $B/bench/conn.o $B/bench/stream.o $B/libbase.a
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/hpnodes: $B/bench/hpnodes.o $B/bench/conn.o $B/bench/stream.o $B/libbase.a
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/hpreconcile: $B/bench/hpreconcile.o $B/bench/conn.o $B/bench/stream.o $B/libbase.a
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/hpfair: $B/bench/hpfair.o $B/bench/tenant.o $B/bench/conn.o $B/bench/stream.o $B/libbase.a
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/hptenants: $B/bench/hptenants.o $B/bench/tenant.o $B/bench/conn.o $B/bench/stream.o $B/libbase.a
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$B/hpbench: $B/bench/hpbench.o $B/bench/hpbench_watch.o $B/bench/conn.o $B/bench/stream.o $B/libbase.a
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# A fuzz target links with the folders that it includes from and what those need.
fuzz_dirs   = $(filter base $(foreach d,$(shell sed -n 's|^.include "\([a-z]*\)/.*|\1|p' tests/fuzz/fuzz_$(1).c),$(call needs,$d)),$(DIRS))
define fuzz_links
$B/fuzz/$(1): $B/tests/fuzz/fuzz_$(1).o $(call lib_of,$(call reverse,$(call fuzz_dirs,$(1))))
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(ALL_LDFLAGS) -fsanitize=fuzzer -o $$@ $$^ $$(LIBS)
$B/replay/$(1): $B/tests/fuzz/fuzz_$(1).o $B/tests/fuzz/replay.o $(call lib_of,$(call reverse,$(call fuzz_dirs,$(1))))
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach f,$(FUZZ),$(eval $(call fuzz_links,$f)))
fuzz-programs: $(FUZZ:%=$B/fuzz/%)
fuzz-run: fuzz-programs
	$(Q)for f in $(FUZZ); do d=$B/found/$$f; mkdir -p $$d; \
	$B/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
	-artifact_prefix=$$d- $$d tests/fuzz/corpus/$$f >$$d.log 2>&1 || { tail -50 $$d.log; exit 1; }; \
	echo "fuzz $$f: $$(sed -n 's/^stat::number_of_executed_units: *//p' $$d.log) runs"; done
fuzz:
	$(Q)$(MAKE) --no-print-directory O=$O-fuzz CC=clang SAN=address,undefined FUZZING=1 fuzz-run
fuzz-replay: $(FUZZ:%=$B/replay/%)
	$(Q)p=0; n=0; for f in $(FUZZ); do \
	if $B/replay/$$f tests/fuzz/corpus/$$f/*; then p=$$((p + 1)); else n=$$((n + 1)); echo "FAIL fuzz_$$f"; fi; done; \
	echo "$$p passed, $$n failed"; [ $$n = 0 ]

e2e: all
	$(Q)E2E_BUILD=$B tests/e2e/run
golden: all
	$(Q)E2E_BUILD=$B tests/golden/replay $(if $(GOLDEN_K),-k '$(GOLDEN_K)')
history: $B/hostplane
	$(Q)python3 tests/history/test_checker.py 2>&1 | tail -1 | grep -qx OK
	$(Q)E2E_BUILD=$B tests/history/run $(HISTORY)

unit-programs: $(TESTS)
unit: $(DIRS:%=unit-%)

format:
	clang-format -i $(OWN_FILES)
check-format:
	$(Q)clang-format --dry-run -Werror $(OWN_FILES)
check-layers:
	$(Q)tools/check-layers
check-size:
	$(Q)wc -l $(OWN_FILES) | awk '$$2 != "total" && $$1 > 1500 { print $$2 ": " $$1 " lines, split it"; bad = 1 } END { exit bad }'
check-gen:
	$(Q)mkdir -p $B/check-gen && tools/gen-api $B/check-gen && \
	for f in types.c resources.c; do cmp $B/check-gen/$$f api/gen/$$f || exit 1; done
	$(Q)tools/gen-baselayer $B/check-gen && cmp $B/check-gen/baselayer.c vcluster/gen/baselayer.c
	$(Q)tools/gen-unicode $B/check-gen && cmp $B/check-gen/unicode.c base/gen/unicode.c
check: check-format check-layers check-size check-gen unit fuzz-replay
# For editors and clang tools: one entry a source file.
compile_commands.json: Makefile
	$(Q)printf '%s\n' $(SRC) $(TEST_SRC) | awk -v dir="$(CURDIR)" -v cmd='$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS)' \
	'BEGIN { print "[" } { printf "%s{\"directory\": \"%s\", \"file\": \"%s\", \"command\": \"%s -c %s\"}", (NR > 1 ? ",\n" : ""), dir, $$1, cmd, $$1 } END { print "\n]" }' > $@
# Slow; not part of check.
analyze: $(filter-out base/gen/% api/gen/% vcluster/gen/%,$(SRC:%=%.analyzed))
%.analyzed: %
	$(Q)$(CC) $(ALL_CPPFLAGS) -std=gnu11 -O2 -fanalyzer -Werror -c -o /dev/null $<
tidy: compile_commands.json
	clang-tidy -p . $(filter-out base/gen/% api/gen/% vcluster/gen/%,$(SRC))
PREFIX     ?= /usr/local
install: all
	install -D -t $(DESTDIR)$(PREFIX)/bin $(PROGRAMS)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/include/hostplane scheduler/score_plugin.h
clean:
	rm -rf build build-* compile_commands.json
.PHONY: analyze tidy install all e2e golden history fuzz fuzz-run fuzz-programs fuzz-replay bench unit unit-programs format check-format check-layers check-size check-gen check clean
.SECONDARY:
-include $(SRC:%.c=$B/o/%.d) $(TESTS:=.d) $(wildcard $B/tests/fuzz/*.d $B/bench/*.d)
