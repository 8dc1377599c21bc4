package webview

import "os"

func takeStdout() (*os.File, error) { return os.Stdout, nil }
