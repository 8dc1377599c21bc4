package msedge

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Starting is a navigation that begins, or goes on after a redirect.
type Starting struct {
	URI        string
	Redirected bool
	HasBody    bool   // it has a Content-Type: a form is sent by POST
	ID         uint64 // the same after a redirect
	Frame      bool   // of a frame, not of the page
}

// Completed is how a navigation of the page ended.
type Completed struct {
	ID      uint64
	Success bool
	Error   int32 // COREWEBVIEW2_WEB_ERROR_STATUS
	Status  int32 // of HTTP; 0 if there was none
}

// Events are what a View tells and asks, from the message loop. Those that are
// nil aren't followed.
type Events struct {
	Starting  func(Starting) (allowed bool)
	Loading   func(uri string) // a page, no error page, begins to be shown
	Completed func(Completed)
	// Resource is asked about the requests of pages, frames and workers for
	// file:, http: and https:, no others, and about all of these only if it is
	// followed before the page's navigation. What isn't allowed is answered
	// with 403.
	// https://learn.microsoft.com/en-us/microsoft-edge/webview2/reference/win32/icorewebview2_22#addwebresourcerequestedfilterwithrequestsourcekinds
	Resource func(uri string) (allowed bool)
	// CertificateError is told of a certificate that isn't trusted, after the
	// request was cancelled; of a page's own after Completed, whose Error says it
	// too.
	// https://learn.microsoft.com/en-us/microsoft-edge/webview2/reference/win32/icorewebview2_14#add_servercertificateerrordetected
	CertificateError func(uri string)
	ProcessFailed    func(kind int32) // COREWEBVIEW2_PROCESS_FAILED_KIND
}

// follow registers for an event whose handler gets its argument.
func (o *object) follow(slot int, id windows.GUID, f func(args *object)) error {
	var token int64 // would take it back
	return o.call(slot, newHandler(id, func(_, args uintptr) { f(objectAt(args)) }), uintptr(unsafe.Pointer(&token)))
}

// Follow calls the events' functions from now on. Environment is where answers
// to refused requests are made; it may be nil without Resource.
func (v *View) Follow(e *Environment, events Events) error {
	follow := []struct {
		wanted bool
		slot   int
		id     windows.GUID
		f      func(*object)
	}{
		{events.Starting != nil, slotOnStarting, idStarting, func(a *object) { starting(a, false, events.Starting) }},
		{events.Starting != nil, slotOnFrameStarting, idStarting, func(a *object) { starting(a, true, events.Starting) }},
		{events.Loading != nil, slotOnLoading, idLoading, func(a *object) { v.loading(a, events.Loading) }},
		{events.Completed != nil, slotOnCompleted, idCompleted, func(a *object) { completed(a, events.Completed) }},
		{events.Resource != nil, slotOnResource, idResource, func(a *object) { resource(e, a, events.Resource) }},
		{events.CertificateError != nil, slotOnCertificateError, idCertificateError, func(a *object) { certificate(a, events.CertificateError) }},
		{events.ProcessFailed != nil, slotOnProcessFailed, idProcessFailed, func(a *object) { failed(a, events.ProcessFailed) }},
	}
	for _, f := range follow {
		if !f.wanted {
			continue
		}
		if err := v.o.follow(f.slot, f.id, f.f); err != nil {
			return fmt.Errorf("follow web view's event %d: %w", f.slot, err)
		}
	}
	if events.Resource == nil {
		return nil
	}
	// All contexts, and all sources: documents, frames of other origins,
	// shared and service workers.
	if err := v.o.withText(slotAddFilter, "*", 0, 0xffffffff); err != nil {
		return fmt.Errorf("filter requests: %w", err)
	}
	return nil
}

func starting(args *object, frame bool, allowed func(Starting) bool) {
	s := Starting{Frame: frame}
	var err error
	if s.URI, err = args.text(slotStartingGetURI); err != nil {
		_ = args.call(slotStartingPutCancel, yes)
		return
	}
	redirected, _ := args.number(slotStartingGetRedirected)
	s.Redirected = redirected != 0
	s.ID, _ = args.long(slotStartingGetID)
	if headers, err := args.object(slotStartingGetHeaders); err == nil && headers != nil {
		var has int32
		_ = headers.withText(slotHeadersContains, "Content-Type", uintptr(unsafe.Pointer(&has)))
		s.HasBody = has != 0
		headers.release()
	}
	if !allowed(s) {
		_ = args.call(slotStartingPutCancel, yes)
	}
}

func (v *View) loading(args *object, f func(string)) {
	if isError, err := args.number(slotLoadingGetErrorPage); err != nil || isError != 0 {
		return
	}
	if uri, err := v.Source(); err == nil {
		f(uri)
	}
}

func completed(args *object, f func(Completed)) {
	var c Completed
	success, _ := args.number(slotCompletedGetSuccess)
	c.Success = success != 0
	c.Error, _ = args.number(slotCompletedGetError)
	c.ID, _ = args.long(slotCompletedGetID)
	if second, err := args.as(&idCompleted2); err == nil {
		c.Status, _ = second.number(slotCompletedGetStatus)
		second.release()
	}
	f(c)
}

func resource(e *Environment, args *object, allowed func(string) bool) {
	request, err := args.object(slotResourceGetRequest)
	if err != nil {
		refuse(e, args)
		return
	}
	defer request.release()
	if uri, err := request.text(slotRequestGetURI); err != nil || !allowed(uri) {
		refuse(e, args)
	}
}

// refuse answers a request itself. Reason and headers aren't left out: without
// them some runtimes never finish the request.
func refuse(e *Environment, args *object) {
	reason, _ := windows.UTF16PtrFromString("Forbidden")
	headers, _ := windows.UTF16PtrFromString("Content-Type: text/plain")
	var response *object
	err := e.o.call(slotCreateResponse, 0, 403, uintptr(unsafe.Pointer(reason)), uintptr(unsafe.Pointer(headers)), uintptr(unsafe.Pointer(&response)))
	if err == nil {
		_ = args.call(slotResourcePutResponse, uintptr(unsafe.Pointer(response)))
		response.release()
	}
}

// certificateCancel is COREWEBVIEW2_SERVER_CERTIFICATE_ERROR_ACTION_CANCEL.
const certificateCancel = 1

func certificate(args *object, f func(string)) {
	_ = args.call(slotCertificatePutAction, certificateCancel)
	if uri, err := args.text(slotCertificateGetURI); err == nil {
		f(uri)
	}
}

func failed(args *object, f func(int32)) {
	if kind, err := args.number(slotFailedGetKind); err == nil {
		f(kind)
	}
}
