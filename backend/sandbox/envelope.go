package sandbox

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
)

// problem is a failure in Kite's form:
// https://kite.trade/docs/connect/v3/exceptions/.
type problem struct {
	status    int
	errorType string
	message   string
}

var (
	badToken      = problem{http.StatusForbidden, "TokenException", "Incorrect `api_key` or `access_token`."}
	usedToken     = problem{http.StatusForbidden, "TokenException", "Token is invalid or has expired."}
	badChecksum   = problem{http.StatusBadRequest, "InputException", "Invalid `checksum`."}
	badAPIKey     = problem{http.StatusBadRequest, "InputException", "Invalid `api_key`."}
	notEnabled    = problem{http.StatusBadRequest, "InputException", "The user is not enabled for the app."}
	tooMany       = problem{http.StatusTooManyRequests, "NetworkException", "Too many requests"}
	noRoute       = problem{http.StatusNotFound, "GeneralException", "Route not found"}
	noPermission  = problem{http.StatusForbidden, "PermissionException", "Insufficient permission for that call."}
	upstreamError = problem{http.StatusBadGateway, "DataException", "Error parsing response from the OMS."}
)

// invalid refuses a parameter.
func invalid(name string) problem {
	return problem{http.StatusBadRequest, "InputException", "Invalid `" + name + "`."}
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, p problem) {
	s.send(w, r, p.status, map[string]any{"status": "error", "message": p.message, "data": nil, "error_type": p.errorType})
}

func (s *Server) succeed(w http.ResponseWriter, r *http.Request, data any) {
	s.send(w, r, http.StatusOK, map[string]any{"status": "success", "data": data})
}

// send writes JSON, gzipped if the client takes that, as Kite does.
func (s *Server) send(w http.ResponseWriter, r *http.Request, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	var out io.Writer = w
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		zipped := startZip(w)
		defer endZip(zipped)
		out = zipped
	}
	w.WriteHeader(status)
	if err := json.NewEncoder(out).Encode(body); err != nil {
		s.log.Debug("answer not sent", "error", err)
	}
}

// zippers are used again: making one costs more than most answers.
var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func startZip(w io.Writer) *gzip.Writer {
	z, _ := zippers.Get().(*gzip.Writer)
	z.Reset(w)
	return z
}

// endZip ends what was written; an error is that the client went away.
func endZip(z *gzip.Writer) {
	_ = z.Close()
	zippers.Put(z)
}
