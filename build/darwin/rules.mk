# The disk image for macOS, which only a Mac can make.

.PHONY: package-darwin
package-darwin: ## Build the disk image for macOS into build/dist; on a Mac only
	@build/darwin/bundle.sh
	@$(MAKE) -s --no-print-directory licences sbom
	@GO_BUILD="$(GO_BUILD)" STAMP_FLAGS="$(STAMP_FLAGS)" WINDOW_TAGS=$(WINDOW_TAGS) build/darwin/bundle.sh $(DIST)
