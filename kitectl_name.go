package main

import "runtime"

// kitectlName is the other program's file name, beside this one.
var kitectlName = map[bool]string{true: "kitectl.exe", false: "kitectl"}[runtime.GOOS == "windows"]
