# The programs, the installer and the tests for Windows, built on Linux.

WINDOWS_BIN := $(BIN)/windows
WINDOWS_GO := GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc $(GO_BUILD) -buildmode=pie
# The addresses are random in all 64 bits and data is never run: that is Go's
# own for PIE, as is that no time is written. Go can't see whether the resources
# have changed; without a build id it always links anew.
WINDOWS_FLAGS = $(STAMP_FLAGS) -buildid= -linkmode=external -extldflags '-Wl,--build-id=none $(basename $@).o'

.PHONY: windows-programs
windows-programs: $(WINDOWS_BIN)/kite-accounts.exe $(WINDOWS_BIN)/kitectl.exe

.PHONY: $(WINDOWS_BIN)/kite-accounts.exe $(WINDOWS_BIN)/kitectl.exe
$(WINDOWS_BIN)/kite-accounts.exe: frontend/dist/index.html
	@build/windows/resources.sh kite-accounts "Kite Accounts" $(basename $@).o
	@$(WINDOWS_GO) -tags $(WINDOW_TAGS) -ldflags "$(WINDOWS_FLAGS) -H windowsgui" -o $@ .

$(WINDOWS_BIN)/kitectl.exe:
	@build/windows/resources.sh kitectl "Command line of Kite Accounts" $(basename $@).o
	@$(WINDOWS_GO) -tags $(LIGHT_TAGS) -ldflags "$(WINDOWS_FLAGS) -checklinkname=0" -o $@ ./cmd/kitectl

.PHONY: package-windows
package-windows: setup-package windows-programs licences ## Build the setup and the portable zip for Windows
	@rm -f $(DIST)/*-windows-amd64-* # of other versions too
	@build/windows/setup.sh $(WINDOWS_BIN) $(DIST)
	@go run -buildvcs=false ./build/windows/portable $(WINDOWS_BIN) $(DIST)
	@cd $(DIST) && ls -l --block-size=K *$(VERSION)-windows-* | awk '{ print $$NF ": " $$5 }'

.PHONY: test-windows
test-windows: package-windows ## Test on wine what Windows gets; says so where wine is absent
	@build/setup/packages.sh windows-tests
	@build/windows/test.sh $(WINDOWS_BIN) $(DIST)
