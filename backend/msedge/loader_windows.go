package msedge

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// ErrNoRuntime says that Microsoft's WebView2 Runtime isn't installed.
var ErrNoRuntime = errors.New("WebView2 Runtime isn't installed") //nolint:staticcheck // a product's name

// EntryPoint is the address of the function of the runtime that makes an
// environment, CreateWebViewEnvironmentWithOptionsInternal: the one that
// Microsoft's WebView2Loader calls.
type EntryPoint uintptr

// runtimeKey is where Microsoft's updater notes the Evergreen Runtime, with its
// folder in the value EBWebView. Microsoft's page tells the runtime's id and a
// key beside this one, Clients, which has its version alone:
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/concepts/distribution.
// This key and its value are known from go-webview2's loader.
const runtimeKey = `Software\Microsoft\EdgeUpdate\ClientState\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}`

// Installed finds the runtime, that of the computer before that of the user,
// and loads it.
func Installed() (EntryPoint, error) {
	path, err := library()
	if err != nil {
		return 0, err
	}
	// Its parts come from its own folder or from Windows, never from the current
	// folder or PATH, which the altered search path would end with.
	// https://learn.microsoft.com/en-us/windows/win32/api/libloaderapi/nf-libloaderapi-loadlibraryexw
	dll, err := windows.LoadLibraryEx(path, 0, windows.LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR|windows.LOAD_LIBRARY_SEARCH_SYSTEM32)
	if err != nil {
		return 0, fmt.Errorf("load WebView2: %w", err)
	}
	address, err := windows.GetProcAddress(dll, "CreateWebViewEnvironmentWithOptionsInternal")
	if err != nil {
		return 0, fmt.Errorf("load WebView2: %w", err)
	}
	return EntryPoint(address), nil
}

// library is the path of the runtime's library.
func library() (string, error) {
	architecture, known := map[string]string{"amd64": "x64", "arm64": "arm64", "386": "x86"}[runtime.GOARCH]
	if !known {
		return "", ErrNoRuntime
	}
	for _, root := range []registry.Key{registry.LOCAL_MACHINE, registry.CURRENT_USER} {
		folder, err := installFolder(root)
		if err != nil || !filepath.IsAbs(folder) {
			continue
		}
		path := filepath.Join(folder, "EBWebView", architecture, "EmbeddedBrowserWebView.dll")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", ErrNoRuntime
}

func installFolder(root registry.Key) (string, error) {
	key, err := registry.OpenKey(root, runtimeKey, registry.QUERY_VALUE|registry.WOW64_32KEY)
	if err != nil {
		return "", err
	}
	defer key.Close() //nolint:errcheck // it was only read
	folder, _, err := key.GetStringValue("EBWebView")
	return folder, err
}

// overrides are all variables by which somebody could make the runtime another
// one: with other arguments, another folder, or a debugger, for which every page
// would wait. The registry (Software\Policies\Microsoft\Edge\WebView2) is asked
// only if they don't exist, which go-webview2's loader found to be so for each
// of them alone, so all are set to nothing.
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/reference/win32/webview2-idl#createcorewebview2environmentwithoptions
var overrides = []string{
	"WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS", "WEBVIEW2_BROWSER_EXECUTABLE_FOLDER", "WEBVIEW2_USER_DATA_FOLDER",
	"WEBVIEW2_CHANNEL_SEARCH_KIND", "WEBVIEW2_RELEASE_CHANNELS",
	"WEBVIEW2_WAIT_FOR_SCRIPT_DEBUGGER", "WEBVIEW2_PIPE_FOR_SCRIPT_DEBUGGER",
}

func withoutOverrides() error {
	for _, name := range overrides {
		if err := os.Setenv(name, ""); err != nil {
			return fmt.Errorf("clear %s: %w", name, err)
		}
	}
	return os.Setenv("WEBVIEW2_RELEASE_CHANNEL_PREFERENCE", "0")
}
