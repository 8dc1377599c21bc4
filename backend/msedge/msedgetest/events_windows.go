package msedgetest

// raise calls the handler that was added by a method.
func (v *View) raise(added string, args *object) {
	handler, is := v.handlers[added]
	if !is {
		panic("msedgetest: nobody added a handler by " + added)
	}
	invoke(handler, 0, args.address())
}

// Start begins a navigation of the page or of a frame and says whether it was
// cancelled.
func (v *View) Start(uri string, redirected, hasBody, frame bool) (cancelled bool) {
	var cancel int
	id, isRedirected, has := uint64(7), number(redirected), number(hasBody)
	headers := newObject(methods{"Contains": func(_, _ uintptr, out *int32) uintptr {
		*out = has
		return 0
	}}, "ICoreWebView2HttpRequestHeaders")
	added := "AddNavigationStarting"
	if frame {
		added = "AddFrameNavigationStarting"
	}
	v.raise(added, newObject(methods{
		"GetUri": giveText(&uri), "GetIsRedirected": give(&isRedirected), "GetRequestHeaders": giveObject(headers),
		"PutCancel": take(&cancel), "GetNavigationId": give(&id),
	}, "ICoreWebView2NavigationStartingEventArgs"))
	return cancel == 1
}

func number(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

// Pause holds a request, told as JSON, and returns the method of the protocol
// by which it was answered.
func (v *View) Pause(parameters string) (answer string) {
	v.protocol = ""
	v.raise("AddDevToolsProtocolEventReceived", newObject(methods{"GetParameterObjectAsJson": giveText(&parameters)}, "ICoreWebView2DevToolsProtocolEventReceivedEventArgs"))
	return v.protocol
}

// Load shows a page, or the browser's own page about an error.
func (v *View) Load(uri string, isError bool) {
	v.source = uri
	n := number(isError)
	v.raise("AddContentLoading", newObject(methods{"GetIsErrorPage": give(&n)}, "ICoreWebView2ContentLoadingEventArgs"))
}

// Complete ends the navigation that began last.
func (v *View) Complete(success bool, webError, status int32) {
	id, n := uint64(7), number(success)
	v.raise("AddNavigationCompleted", newObject(methods{
		"GetIsSuccess": give(&n), "GetWebErrorStatus": give(&webError), "GetNavigationId": give(&id), "GetHttpStatusCode": give(&status),
	}, "ICoreWebView2NavigationCompletedEventArgs2"))
}

// Request is one of a page; it returns the status that it was answered with, 0
// if it goes to the network.
func (v *View) Request(uri string) (status int) {
	request := newObject(methods{"GetUri": giveText(&uri)}, "ICoreWebView2WebResourceRequest")
	v.raise("AddWebResourceRequested", newObject(methods{
		"GetRequest": giveObject(request),
		"PutResponse": func(_ uintptr, response *object) uintptr {
			status = answered[response]
			return 0
		},
	}, "ICoreWebView2WebResourceRequestedEventArgs"))
	return status
}

// Certificate is one that isn't trusted; it returns the action that was
// chosen.
func (v *View) Certificate(uri string) (action int) {
	v.raise("AddServerCertificateErrorDetected", newObject(methods{"GetRequestUri": giveText(&uri), "PutAction": take(&action)},
		"ICoreWebView2ServerCertificateErrorDetectedEventArgs"))
	return action
}

// Fail ends a process of that kind.
func (v *View) Fail(kind int32) {
	v.raise("AddProcessFailed", newObject(methods{"GetProcessFailedKind": give(&kind)}, "ICoreWebView2ProcessFailedEventArgs"))
}

// Press presses a key in the page and says whether it was taken.
func (v *View) Press(key int32) (taken bool) {
	var handled int
	down := int32(0)
	v.raise("AddAcceleratorKeyPressed", newObject(methods{"GetKeyEventKind": give(&down), "GetVirtualKey": give(&key), "PutHandled": take(&handled)},
		"ICoreWebView2AcceleratorKeyPressedEventArgs"))
	return handled == 1
}

// Refusals asks for everything that a page may ask for, and returns what was
// said to each; nothing if nobody follows it.
func (v *View) Refusals() map[string]int {
	said := map[string]int{}
	ask := func(added, table string, setters ...string) {
		if v.handlers[added] == 0 {
			return
		}
		values := make([]int, len(setters))
		m := methods{}
		for i, s := range setters {
			m[s] = take(&values[i])
		}
		v.raise(added, newObject(m, table))
		for i, s := range setters {
			said[added+" "+s] = values[i]
		}
	}
	ask("AddNewWindowRequested", "ICoreWebView2NewWindowRequestedEventArgs", "PutHandled")
	ask("AddPermissionRequested", "ICoreWebView2PermissionRequestedEventArgs", "PutState")
	ask("AddDownloadStarting", "ICoreWebView2DownloadStartingEventArgs", "PutCancel", "PutHandled")
	ask("AddLaunchingExternalUriScheme", "ICoreWebView2LaunchingExternalUriSchemeEventArgs", "PutCancel")
	ask("AddBasicAuthenticationRequested", "ICoreWebView2BasicAuthenticationRequestedEventArgs", "PutCancel")
	ask("AddClientCertificateRequested", "ICoreWebView2ClientCertificateRequestedEventArgs", "PutCancel", "PutHandled")
	return said
}
