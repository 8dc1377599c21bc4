package webview

import (
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/msedge"
)

// events leads what WebView2 tells to the browser's decisions.
func (p *page) events() msedge.Events {
	return msedge.Events{
		Starting: func(s msedge.Starting) bool {
			if !s.Frame {
				p.uris[s.ID] = s.URI
			}
			return p.browser.start(s.URI, s.Redirected, s.HasBody)
		},
		Loading: p.browser.commit,
		Completed: func(c msedge.Completed) {
			uri := p.uris[c.ID]
			delete(p.uris, c.ID)
			p.browser.completed(uri, endingOf(c.Success, c.Error, c.Status))
		},
		Resource:         p.browser.allowRequest,
		CertificateError: p.certificateError,
		ProcessFailed: func(kind int32) {
			if p.browser.processFailed(kind) {
				p.window.later(p.browserGone) // not while its event is being told
			}
		},
	}
}

// certificateError tells of the page's certificate, not of its resources'. By
// Microsoft's page the navigation has been completed with that error by now; if
// not, it may count as cancelled afterwards.
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/reference/win32/icorewebview2_14#add_servercertificateerrordetected
func (p *page) certificateError(uri string) {
	for _, navigation := range p.uris {
		if address, _, _ := strings.Cut(navigation, "#"); address == uri || navigation == uri {
			p.browser.tlsFailed(uri)
			return
		}
	}
}

func (p *page) keys() msedge.Keys {
	return msedge.Keys{
		Pressed: func(key uint32) bool {
			if key != vkEscape {
				return false
			}
			p.window.close()
			return true
		},
		Left: func(bool) { _, _, _ = procSetFocus.Call(uintptr(p.window.bar.again)) },
	}
}
