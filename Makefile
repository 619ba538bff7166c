# The front door. Meson is the build; each target is one script. `make help` lists them.
.PHONY: build demo test bench fuzz sanitize mpi torture aarch64 install clean help
.DEFAULT_GOAL := build

build: ## build build/kedge and the library
	@scripts/build

demo: ## train the published autoencoders over 60 seeds and draw them
	@scripts/demo

test: ## every check of a change: two compilers, tests, sanitizers, fuzz corpora, installation
	@scripts/test

bench: ## measure the speed (and the ratio to a PyTorch loop, where PyTorch is installed)
	@scripts/bench

fuzz: ## each fuzz target for TIME seconds (default 60)
	@TIME=$(or $(TIME),60) scripts/fuzz

sanitize: ## the unit tests under AddressSanitizer and UndefinedBehaviorSanitizer, those with threads under ThreadSanitizer
	@scripts/sanitize
	@scripts/sanitize thread

mpi: ## build with MPI in build-mpi and test sweeps among 2 and 4 ranks
	@scripts/mpi

torture: ## kill sweeps at N random moments (default 100) and compare what comes of them
	@scripts/torture $(N)

aarch64: ## cross-compile for aarch64 and run the unit tests under qemu-user
	@scripts/aarch64

install: build ## install under PREFIX (default /usr/local), below DESTDIR if set
	@meson install -C build --no-rebuild

clean: ## remove everything that was built (runs/ stays)
	@rm -rf build build-gcc build-clang build-asan build-tsan build-fuzz build-mpi build-aarch64

help: ## this list
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 18
