# The packages for Linux, and what goes with every package.

.PHONY: package
package: empty-dist package-linux package-windows sbom checksums ## Build every package that can be built on Linux into build/dist

# What an earlier build or a release left would get into the checksums.
.PHONY: empty-dist
empty-dist:
	@rm -rf $(DIST)

.PHONY: package-linux
package-linux: setup-package build licences ## Build .deb, .rpm and .tar.gz
	@build/package/linux.sh
	@cd $(DIST) && ls -l --block-size=K *.deb *.rpm *-linux-amd64.tar.gz | awk '{ print $$NF ": " $$5 }'

.PHONY: setup-package
setup-package: setup-test
	@build/setup/packages.sh packaging windows

# Refused before anything is built.
.PHONY: only-as-root
only-as-root:
	@[ "$$(id -u)" -eq 0 ] || build/package/test.sh

.PHONY: test-packages
test-packages: only-as-root package ## Prove the packages in a Debian of their own; needs root; RUN=pattern picks some
	@build/setup/packages.sh package-tests
	@build/package/test.sh $(if $(RUN),-run '$(RUN)')

# ---- what goes with every package

THIRDPARTY := go run -buildvcs=false ./build/package/thirdparty
THIRDPARTY_FLAGS = -window-tags $(WINDOW_TAGS) -light-tags $(LIGHT_TAGS) -bundled $(BIN)/bundled.json -version $(VERSION)

# Only the bundler knows which npm packages are in the page.
$(BIN)/bundled.json: frontend/dist/index.html build/package/thirdparty/bundled.mjs
	@mkdir -p $(@D)
	@cd frontend && node --input-type=module - <../build/package/thirdparty/bundled.mjs >$(CURDIR)/$@.part
	@mv $@.part $@

.PHONY: licences
licences: $(BIN)/bundled.json ## Write whose work is in the packages, with licences; fail on one nobody allowed
	@$(THIRDPARTY) licences -o $(DIST)/THIRD-PARTY-LICENSES.txt $(THIRDPARTY_FLAGS)

.PHONY: sbom
sbom: $(BIN)/bundled.json ## Write the same as a CycloneDX bill of materials
	@rm -f $(DIST)/*.cdx.json # of other versions too
	@$(THIRDPARTY) sbom -o $(DIST)/kite-accounts-$(VERSION).cdx.json $(THIRDPARTY_FLAGS)

.PHONY: checksums
checksums: ## Write SHA256SUMS of all else in build/dist
	@cd $(DIST) && find . -type f ! -name SHA256SUMS -printf '%P\0' | LC_ALL=C sort -z | xargs -0r sha256sum >SHA256SUMS
