# The programs, the installer and the tests for Windows, built on Linux.

.PHONY: package-windows
package-windows: setup-package
