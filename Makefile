# make demo walks through the life of a pair in a box; make test proves that it
# all holds. Both install what they lack from Debian's packages when run as
# root, without starting any server, and otherwise say what to install.

GO ?= go
RUN ?= 1000000
FOR ?= 10m

.PHONY: demo test build deb check race fuzz fuzz-short bench torture soak clean

# Only root can log in over SSH to replicate, make networks, and boot a container.
ifeq ($(shell id -u),0)
CHANNEL = needs-sshd needs-ssh needs-rsync
NETWORK = needs-ip needs-nft needs-sipp
MACHINE = needs-systemd-nspawn needs-mmdebstrap
endif

demo: needs-postgresql $(CHANNEL) build
	@bin/pairbox --hotpair bin/hotpair demo

build:
	@CGO_ENABLED=0 $(GO) build -o bin/ ./cmd/...

# bin/hotpair_VERSION_ARCH.deb, for this machine's architecture.
deb:
	@GO=$(GO) .ci/deb/build

test: check race

# Format, vet, staticcheck, dead code, module files.
check:
	@test -z "$$(gofmt -l .)" || { echo "gofmt:"; gofmt -l .; exit 1; }
	$(GO) mod tidy -diff
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@dead="$$($(GO) tool deadcode -test ./...)"; test -z "$$dead" || { echo "$$dead"; exit 1; }

# Every test under the race detector, with the real components. Many of them wait
# for a daemon, so several go on at a time.
race: needs-gcc needs-strace needs-lintian needs-postgresql needs-kamailio needs-chromium needs-promtool needs-ansible-playbook needs-aiosmtpd needs-msmtp $(CHANNEL) $(NETWORK) $(MACHINE)
	$(GO) test -race -parallel 4 -timeout 30m ./...

# Every fuzzer there is, as package:name.
FUZZERS = $(shell grep -rE --include='*_test.go' -o '^func Fuzz[A-Za-z]+' . | sed -E 's,^\./(.*)/[^/]*:func ,\1:,' | sort)

# A million executions of each fuzzer; RUN=N for another number.
fuzz:
	@for f in $(FUZZERS); do \
		echo "$$f"; $(GO) test ./$${f%%:*} -run '^$$' -fuzz "^$${f##*:}$$" -fuzztime $(RUN)x -fuzzminimizetime 5x || exit 1; \
	done

fuzz-short:
	@$(MAKE) --no-print-directory fuzz RUN=5000

# Ratios against what a user would otherwise use, in one run. HOTPAIR_BENCH_USERS
# and HOTPAIR_BENCH_FILES make it smaller.
bench: needs-ansible-playbook needs-time needs-postgresql needs-kamailio $(CHANNEL)
	$(GO) test ./cmd/hotpair -run '^$$' -bench 'Plan|Phones|Watch' -benchtime 10x -timeout 2h
	$(GO) test ./cmd/hotpair -run '^$$' -bench Dashboard -benchtime 4x -timeout 1h
	$(GO) test ./cmd/hotpair ./resources/replicate/files -run '^$$' -bench 'Replicate|Directories' -benchtime 5x -timeout 2h

# Killed, cut and fed with errors at every single step; CI takes samples.
torture: needs-strace needs-postgresql needs-kamailio $(CHANNEL) $(NETWORK)
	HOTPAIR_TORTURE=1 $(GO) test ./cmd/hotpair -run 'TestKilled|TestErrors|Cut|TestAPairOnANetwork|TestFailover$$|TestPartitionsHeal' -v -timeout 3h
	HOTPAIR_TORTURE=1 $(GO) test ./resources/replicate/... -run 'Cut|OddRows' -v -timeout 2h
	HOTPAIR_TORTURE=1 $(GO) test ./resources/probe -run 'Lossy' -v -timeout 10m

# A pair lives for as long as FOR says, such as FOR=24h; fails where memory,
# descriptors, goroutines or child processes of a daemon grow.
soak: needs-postgresql needs-kamailio $(CHANNEL) $(NETWORK)
	HOTPAIR_SOAK=$(FOR) $(GO) test ./cmd/hotpair -run 'TestSoak$$' -v -count 1 -timeout 0

clean:
	rm -rf bin

PACKAGE_gcc = gcc libc6-dev
PACKAGE_strace = strace
PACKAGE_time = time
PACKAGE_postgresql = postgresql
PACKAGE_sshd = openssh-server
PACKAGE_ssh = openssh-client
PACKAGE_rsync = rsync
PACKAGE_ip = iproute2
PACKAGE_nft = nftables
PACKAGE_ansible-playbook = ansible-core
PACKAGE_kamailio = kamailio
PACKAGE_chromium = chromium
PACKAGE_sipp = sip-tester
PACKAGE_promtool = prometheus
PACKAGE_lintian = lintian
PACKAGE_systemd-nspawn = systemd-container
PACKAGE_mmdebstrap = mmdebstrap
PACKAGE_aiosmtpd = python3-aiosmtpd
PACKAGE_msmtp = msmtp

# What must not start when the machine does, only because a test needed it.
UNITS_sshd = ssh.service ssh.socket
UNITS_kamailio = kamailio.service
UNITS_promtool = prometheus.service

needs-postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || $(MAKE) --no-print-directory install-postgresql

needs-sshd:
	@test -x /usr/sbin/sshd || $(MAKE) --no-print-directory install-sshd

needs-kamailio:
	@test -x /usr/sbin/kamailio || $(MAKE) --no-print-directory install-kamailio

needs-aiosmtpd:
	@/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || $(MAKE) --no-print-directory install-aiosmtpd

needs-%:
	@command -v $* >/dev/null || $(MAKE) --no-print-directory install-$*

# Debian's packages start their servers, unless this file says no
# (/usr/share/doc/init-system-helpers/README.policy-rc.d.gz).
POLICY = /usr/sbin/policy-rc.d

install-%:
	@if [ "$$(id -u)" = 0 ]; then \
		if [ ! -e $(POLICY) ]; then \
			trap 'rm -f $(POLICY)' EXIT; trap 'exit 130' INT TERM; \
			printf '#!/bin/sh\nexit 101\n' >$(POLICY) && chmod 755 $(POLICY); \
		fi; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGE_$*); } >/dev/null || exit; \
		if command -v systemctl >/dev/null; then \
			for unit in $(UNITS_$*); do systemctl --quiet disable $$unit 2>/dev/null || true; done; \
		fi; \
	else \
		echo "$* is needed: sudo apt-get install $(PACKAGE_$*)"; exit 1; \
	fi
