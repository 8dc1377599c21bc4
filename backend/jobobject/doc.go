// Package jobobject limits Windows' job objects, by which processes end with
// the one that started them:
// https://learn.microsoft.com/en-us/windows/win32/procthread/job-objects
package jobobject
