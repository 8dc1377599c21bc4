package notify

import (
	"encoding/json"
	"fmt"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// jxa is the script with which macOS' osascript shows a notice, in JavaScript
// for Automation. It reads the words on its input, as data: in its text they
// would be code, and among its arguments other users could read them. See
// "displayNotification" in Apple's Standard Additions.
const jxa = `ObjC.import('Foundation')
function run() {
  const input = $.NSFileHandle.fileHandleWithStandardInput.readDataToEndOfFile
  const notice = JSON.parse(ObjC.unwrap($.NSString.alloc.initWithDataEncoding(input, $.NSUTF8StringEncoding)))
  const app = Application.currentApplication()
  app.includeStandardAdditions = true
  app.displayNotification(notice.body, notice.options)
}`

// jxaInput is what the script reads.
func jxaInput(n kite.Notice) ([]byte, error) {
	options := map[string]string{"withTitle": title(n.Title)}
	if n.Urgent {
		options["soundName"] = "default"
	}
	input, err := json.Marshal(map[string]any{"body": body(n.Body), "options": options})
	if err != nil {
		return nil, fmt.Errorf("write notice: %w", err)
	}
	return input, nil
}
