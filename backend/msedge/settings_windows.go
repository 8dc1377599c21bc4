package msedge

import "fmt"

// Restrict switches off everything that showing a page doesn't need.
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/concepts/security
func (v *View) Restrict() error {
	first, err := v.o.object(slotGetSettings)
	if err != nil {
		return fmt.Errorf("restrict web view: %w", err)
	}
	defer first.release()
	settings, err := first.as(&idSettings8)
	if err != nil {
		return fmt.Errorf("restrict web view: %w", err)
	}
	defer settings.release()
	for _, slot := range []int{
		slotPutWebMessages, slotPutHostObjects, // no way from the page to this program
		slotPutScriptDialogs, // none is shown, nor answered
		slotPutDevTools, slotPutContextMenus, slotPutStatusBar, slotPutErrorPage,
		slotPutAccelerators, // of the browser: copying and pasting stay
		slotPutZoomControl, slotPutPinchZoom, slotPutSwipe,
		slotPutPasswordSaving, slotPutAutofill,
		slotPutReputation, // SmartScreen would send addresses to Microsoft
	} {
		if err := settings.call(slot, no); err != nil {
			return fmt.Errorf("restrict web view, setting %d: %w", slot, err)
		}
	}
	return v.refuse()
}

// permissionDeny is COREWEBVIEW2_PERMISSION_STATE_DENY.
const permissionDeny = 2

// refuse says no to whatever would lead out of the page.
func (v *View) refuse() error {
	if err := v.RefuseWindows(); err != nil {
		return err
	}
	if err := v.o.follow(slotOnBasicAuth, idBasicAuth, func(a *object) { _ = a.call(slotBasicAuthPutCancel, yes) }); err != nil {
		return fmt.Errorf("refuse passwords: %w", err)
	}
	err := v.o.follow(slotOnClientCert, idClientCert, func(a *object) {
		_ = a.call(slotClientCertPutCancel, yes)
		_ = a.call(slotClientCertPutHandled, yes)
	})
	if err != nil {
		return fmt.Errorf("refuse certificates: %w", err)
	}
	return nil
}

// RefuseWindows says no to new windows, downloads, other programs and
// permissions.
func (v *View) RefuseWindows() error {
	err := v.o.follow(slotOnNewWindow, idNewWindow, func(a *object) { _ = a.call(slotNewWindowPutHandled, yes) })
	if err != nil {
		return fmt.Errorf("refuse windows: %w", err)
	}
	err = v.o.follow(slotOnDownload, idDownload, func(a *object) {
		_ = a.call(slotDownloadPutCancel, yes)
		_ = a.call(slotDownloadPutHandled, yes) // shows nothing
	})
	if err != nil {
		return fmt.Errorf("refuse downloads: %w", err)
	}
	err = v.o.follow(slotOnExternalScheme, idExternalScheme, func(a *object) { _ = a.call(slotSchemePutCancel, yes) })
	if err != nil {
		return fmt.Errorf("refuse programs: %w", err)
	}
	err = v.o.follow(slotOnPermission, idPermission, func(a *object) { _ = a.call(slotPermissionPutState, permissionDeny) })
	if err != nil {
		return fmt.Errorf("refuse permissions: %w", err)
	}
	return nil
}
