package msedge

import "golang.org/x/sys/windows"

// Where methods are in the tables of WebView2's interfaces, and the ids of
// those interfaces, as in WebView2.idl of Microsoft's SDK. A derived interface
// (ICoreWebView2_4 and so on) goes on where the one before it ends.
// Reference: https://learn.microsoft.com/en-us/microsoft-edge/webview2/reference/win32/
const (
	// ICoreWebView2Environment and its 10.
	slotCreateResponse              = 4
	slotCreateControllerOptions     = 20
	slotCreateControllerWithOptions = 21

	// ICoreWebView2ControllerOptions.
	slotPutProfileName = 4
	slotPutInPrivate   = 6

	// ICoreWebView2Controller and its 4.
	slotPutIsVisible       = 4
	slotPutBounds          = 6
	slotMoveFocus          = 12
	slotOnMoveFocus        = 13
	slotOnAcceleratorKey   = 19
	slotPositionChanged    = 23
	slotCloseController    = 24
	slotGetView            = 25
	slotPutAllowDrop       = 37
	slotKeyGetKind         = 3 // of the event's argument
	slotKeyGetVirtualKey   = 4
	slotKeyPutHandled      = 8
	slotFocusGetReason     = 3
	slotFocusPutHandled    = 5
	slotGetSettings        = 3 // ICoreWebView2 and its _4, _5, _10, _14, _18, _22
	slotGetSource          = 4
	slotNavigate           = 5
	slotOnStarting         = 7
	slotOnLoading          = 9
	slotOnCompleted        = 15
	slotOnFrameStarting    = 17
	slotOnPermission       = 23
	slotOnProcessFailed    = 25
	slotExecuteScript      = 29
	slotCallProtocol       = 36
	slotProtocolReceiver   = 42
	slotOnNewWindow        = 44
	slotOnResource         = 55
	slotOnDownload         = 75
	slotOnClientCert       = 77
	slotOnBasicAuth        = 97
	slotOnCertificateError = 106
	slotOnExternalScheme   = 117
	slotAddFilter          = 123
	slotOnProtocolEvent    = 3 // of the receiver

	// The events' arguments.
	slotStartingGetURI        = 3
	slotStartingGetRedirected = 5
	slotStartingGetHeaders    = 6
	slotStartingPutCancel     = 8
	slotStartingGetID         = 9
	slotHeadersContains       = 5
	slotLoadingGetErrorPage   = 3
	slotCompletedGetSuccess   = 3
	slotCompletedGetError     = 4
	slotCompletedGetID        = 5
	slotCompletedGetStatus    = 6
	slotResourceGetRequest    = 3
	slotResourcePutResponse   = 5
	slotRequestGetURI         = 3
	slotProtocolGetJSON       = 3
	slotFailedGetKind         = 3
	slotCertificateGetURI     = 4
	slotCertificatePutAction  = 7
	slotPermissionPutState    = 7
	slotNewWindowPutHandled   = 6
	slotDownloadPutCancel     = 5
	slotDownloadPutHandled    = 9
	slotBasicAuthPutCancel    = 7
	slotClientCertPutCancel   = 11
	slotClientCertPutHandled  = 13
	slotSchemePutCancel       = 7
)

// The switches of ICoreWebView2Settings and its 3, 4, 5, 6 and 8.
const (
	slotPutWebMessages    = 6
	slotPutScriptDialogs  = 8
	slotPutStatusBar      = 10
	slotPutDevTools       = 12
	slotPutContextMenus   = 14
	slotPutHostObjects    = 16
	slotPutZoomControl    = 18
	slotPutErrorPage      = 20
	slotPutAccelerators   = 24
	slotPutPasswordSaving = 26
	slotPutAutofill       = 28
	slotPutPinchZoom      = 30
	slotPutSwipe          = 32
	slotPutReputation     = 36
)

func id(text string) windows.GUID {
	g, err := windows.GUIDFromString(text)
	if err != nil {
		panic(err) // a constant of this file
	}
	return g
}

var (
	idUnknown = id("{00000000-0000-0000-C000-000000000046}")

	idOptions          = id("{2FDE08A8-1E9A-4766-8C05-95A9CEB9D1C5}") // ICoreWebView2EnvironmentOptions
	idOptionsExclusive = id("{FF85C98A-1BA7-4A6B-90C8-2B752C89E9E2}") // its 2
	idOptionsCrashes   = id("{4A5C436E-A9E3-4A2E-89C3-910D3513F5CC}") // its 3

	idEnvironment10 = id("{EE0EB9DF-6F12-46CE-B53F-3F47B9C928E0}")
	idController4   = id("{97D418D5-A426-4E49-A151-E1A10F327D9E}")
	idView22        = id("{DB75DFC7-A857-4632-A398-6969DDE26C0A}")
	idSettings8     = id("{9E6B0E8F-86AD-4E81-8147-A9B5EDB68650}")
	idCompleted2    = id("{FDF8B738-EE1E-4DB2-A329-8D7D7B74D792}") // ICoreWebView2NavigationCompletedEventArgs2

	// Handlers: ICoreWebView2…CompletedHandler and ICoreWebView2…EventHandler.
	idEnvironmentMade  = id("{4E8A3389-C9D8-4BD2-B6B5-124FEE6CC14D}")
	idControllerMade   = id("{6C4819F3-C9B7-4260-8127-C9F5BDE7F68C}")
	idScriptDone       = id("{49511172-CC67-4BCA-9923-137112F4C4CC}")
	idProtocolDone     = id("{5C4889F0-5EF6-4C5A-952C-D8F1B92D0574}")
	idProtocolEvent    = id("{E2FDA4BE-5456-406C-A261-3D452138362C}")
	idStarting         = id("{9ADBE429-F36D-432B-9DDC-F8881FBD76E3}")
	idLoading          = id("{364471E7-F2BE-4910-BDBA-D72077D51C4B}")
	idCompleted        = id("{D33A35BF-1C49-4F98-93AB-006E0533FE1C}")
	idResource         = id("{AB00B74C-15F1-4646-80E8-E76341D25D71}")
	idPermission       = id("{15E1C6A3-C72A-4DF3-91D7-D097FBEC6BFD}")
	idProcessFailed    = id("{79E0AEA4-990B-42D9-AA1D-0FCC2E5BC7F1}")
	idNewWindow        = id("{D4C185FE-C81C-4989-97AF-2D3FA7AB5651}")
	idDownload         = id("{EFEDC989-C396-41CA-83F7-07F845A55724}")
	idClientCert       = id("{D7175BA2-BCC3-11EB-8529-0242AC130003}")
	idBasicAuth        = id("{58B4D6C2-18D4-497E-B39B-9A96533FA278}")
	idCertificateError = id("{969B3A26-D85E-4795-8199-FEF57344DA22}")
	idExternalScheme   = id("{74F712E0-8165-43A9-A13F-0CCE597E75DF}")
	idAcceleratorKey   = id("{B29C7E28-FA79-41A8-8E44-65811C76DCB2}")
	idMoveFocus        = id("{69035451-6DC7-4CB8-9BCE-B2BD70AD289F}")
)
