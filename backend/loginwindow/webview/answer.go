package webview

import (
	"encoding/json"
	"fmt"
)

// readScript gives the text of a page that is JSON or plain text, for web views
// that don't give a page's source; null for any other page. One more character
// than is taken shows that there were too many.
var readScript = fmt.Sprintf(`(function () {
  var type = document.contentType
  if (type !== 'application/json' && type !== 'text/plain') return null
  return document.body ? document.body.textContent.slice(0, %d) : null
})()`, maxAnswer+1)

// scriptAnswer is the text in the JSON that a script gave; nil if it gave none.
// The page may have made it up.
func scriptAnswer(result string) []byte {
	var text *string
	if json.Unmarshal([]byte(result), &text) != nil || text == nil {
		return nil
	}
	return []byte(*text)
}
