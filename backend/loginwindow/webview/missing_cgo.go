//go:build linux || darwin

package webview

// watchMissing reports the hosts of images, scripts, styles and the like that
// didn't load.
const watchMissing = `addEventListener('error', function (event) {
  var element = event.target
  var address = element && (element.src || element.href || element.data)
  if (typeof address !== 'string') return
  try { webkit.messageHandlers.missing.postMessage(new URL(address, location.href).hostname) } catch (e) {}
}, true)`
