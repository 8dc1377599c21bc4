package localapi_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/kiteaccounts/kite-accounts/backend/localapi"
)

var document = sync.OnceValues(func() (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(localapi.OpenAPI)
	if err == nil {
		err = doc.Validate(loader.Context)
	}
	return doc, err
})

func mustDocument(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// documented finds what the document says of a request, nil if nothing.
func documented(doc *openapi3.T, method, path string) (*routers.Route, map[string]string) {
	segments := strings.Split(path, "/")
	for template, item := range doc.Paths.Map() {
		parts := strings.Split(template, "/")
		operation := item.GetOperation(method)
		if operation == nil || len(parts) > len(segments) || (len(parts) < len(segments) && parts[len(parts)-1] != "{path}") {
			continue
		}
		params, fits := map[string]string{}, true
		for i, part := range parts {
			if strings.HasPrefix(part, "{") {
				params[strings.Trim(part, "{}")], fits = segments[i], fits && segments[i] != ""
			} else {
				fits = fits && part == segments[i]
			}
		}
		if fits {
			return &routers.Route{Spec: doc, Path: template, PathItem: item, Method: method, Operation: operation}, params
		}
	}
	return nil, nil
}

// described is a transport that holds what passes to the document: answers,
// and requests that were accepted.
type described struct{ t testing.TB }

func (d described) RoundTrip(r *http.Request) (*http.Response, error) {
	d.t.Helper()
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(sent))
		if len(sent) == 0 {
			r.Body = http.NoBody
		}
	}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(r)
	if err != nil {
		return resp, err
	}
	if route, params := documented(mustDocument(d.t), r.Method, r.URL.Path); route != nil {
		check := r.Clone(r.Context())
		check.Body = io.NopCloser(bytes.NewReader(sent))
		d.check(&openapi3filter.RequestValidationInput{
			Request: check, PathParams: params, Route: route, Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
		}, resp)
	}
	return resp, nil
}

func (d described) check(request *openapi3filter.RequestValidationInput, resp *http.Response) {
	d.t.Helper()
	if resp.StatusCode < http.StatusBadRequest {
		if err := openapi3filter.ValidateRequest(request.Request.Context(), request); err != nil {
			d.t.Errorf("accepted, though the document has it otherwise: %v", err)
		}
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: resp.StatusCode, Header: resp.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			d.t.Error(err)
		}
		_ = resp.Body.Close()
		resp.Body = io.NopCloser(bytes.NewReader(body))
		input.SetBodyBytes(body)
	} else {
		input.Options.ExcludeResponseBody = true
	}
	if err := openapi3filter.ValidateResponse(request.Request.Context(), input); err != nil {
		d.t.Errorf("%s %s: %d isn't as the document has it: %v", request.Request.Method, request.Route.Path, resp.StatusCode, err)
	}
}

func TestDocument_has_every_route_and_no_other(t *testing.T) {
	var served, written []string
	for _, route := range localapi.Routes() {
		method, path, _ := strings.Cut(route, " ")
		switch path {
		case "/kite/{name}/{path...}":
			for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
				served = append(served, method+" /kite/{name}/{path}")
			}
		case "/kite/{name}": // the same without a path
		default:
			served = append(served, method+" "+path)
		}
	}
	for path, item := range mustDocument(t).Paths.Map() {
		for method := range item.Operations() {
			written = append(written, method+" "+path)
		}
	}
	slices.Sort(served)
	slices.Sort(written)
	if !slices.Equal(served, written) {
		t.Errorf("served  %q\nwritten %q", served, written)
	}
}

func TestDocument_is_served(t *testing.T) {
	b := newBench(t)
	_, token := b.client("Reader")
	if got := b.get("/v1/openapi.yaml", token); got.status != 200 || got.body != string(localapi.OpenAPI) || got.header.Get("Content-Type") != "application/yaml" {
		t.Errorf("%d, %d bytes", got.status, len(got.body))
	}
}
