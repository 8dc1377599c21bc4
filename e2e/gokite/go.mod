module github.com/kiteaccounts/kite-accounts/e2e/gokite

go 1.26.0

require (
	github.com/kiteaccounts/kite-accounts v0.0.0
	github.com/zerodha/gokiteconnect/v4 v4.4.0
	golang.org/x/time v0.16.0
)

require (
	github.com/boombuler/barcode v1.0.1-0.20190219062509-6c824513bacc // indirect
	github.com/gocarina/gocsv v0.0.0-20180809181117-b8c38cb1ba36 // indirect
	github.com/google/go-querystring v1.0.0 // indirect
	github.com/pquerna/otp v1.5.0 // indirect
)

replace github.com/kiteaccounts/kite-accounts => ../..
