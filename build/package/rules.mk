# The packages for Linux, and what goes with every package.

.PHONY: package
package: package-linux package-windows ## Build every package that can be built on Linux into build/dist

.PHONY: package-linux
package-linux: setup-package build

.PHONY: setup-package
setup-package: setup-test
	@build/setup/packages.sh packaging windows
