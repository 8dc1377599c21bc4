// Package accountfile reads and writes lists of accounts as CSV (RFC 4180,
// with a header) or as JSON (an array of objects). Fields have the names of
// the product's founding document and of package view: accountName, clientId,
// apiKey, apiSecret, password, accountType, callbackUrl, postbackUrl,
// phoneNumber, sessionLifetimeHours, loginUrl, apiRoot, allowedHosts, slug and
// loginWay. Only the first three and callbackUrl must be there.
//
//	field.go     the fields and what they mean for an account
//	parse.go     the form is found out, bounds
//	csv.go       CSV in both directions
//	json.go      JSON in both directions
//	preview.go   what adding the accounts would do
//
// Files come from outside: size and number of rows are bounded, and no error
// quotes what is in one but names of accounts and of fields.
package accountfile
