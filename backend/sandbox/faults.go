package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Faults are what can be made to go wrong, switched by POST /_sandbox/faults
// with this JSON. The zero value is a Kite that works.
type Faults struct {
	LatencyMillis int `json:"latency_ms"` // before every API answer

	// API is one of "", "429", "500", "502", "503", "html", "captive", "garbage",
	// "empty", "drop", "drop-after", "endless", "redirect", "permission".
	API string `json:"api"`
	// APIPath limits API to paths with this prefix.
	APIPath string `json:"api_path"`

	OtherUser       string `json:"other_user"`    // the grant names this user instead
	OtherAPIKey     string `json:"other_api_key"` // the grant names this key instead
	LoginTimeSkewMs int64  `json:"login_time_skew_ms"`

	// Redirect is one of "", "no-state", "foreign-state", "two-tokens", "no-token",
	// "error", "no-status", "extra-path", "lookalike-host", "other-host", "other-scheme", "js", "meta", "post".
	Redirect string `json:"redirect"`
	// Login is one of "", "hang", "error", "garbage", "foreign-resource".
	Login string `json:"login"`
	// ResourceHost is what "foreign-resource" asks for.
	ResourceHost string `json:"resource_host"`
}

func (s *Server) faults() Faults {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}

// SetFaults switches faults.
func (s *Server) SetFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

func (s *Server) handleFaults(w http.ResponseWriter, r *http.Request) {
	var f Faults
	if err := json.NewDecoder(r.Body).Decode(&f); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.SetFaults(f)
	w.WriteHeader(http.StatusNoContent)
}

// broken answers with the API fault, if one is on; false if the call goes on.
func (s *Server) broken(w http.ResponseWriter, r *http.Request) bool {
	f := s.faults()
	time.Sleep(time.Duration(f.LatencyMillis) * time.Millisecond)
	if f.API == "" || !strings.HasPrefix(r.URL.Path, f.APIPath) || f.API == "drop-after" {
		return false
	}
	switch f.API {
	case "429":
		w.Header().Set("Retry-After", "1")
		s.fail(w, r, tooMany)
	case "500":
		s.fail(w, r, problem{http.StatusInternalServerError, "GeneralException", "Something went wrong"})
	case "502":
		s.fail(w, r, upstreamError)
	case "503":
		s.fail(w, r, problem{http.StatusServiceUnavailable, "NetworkException", "Service unavailable"})
	case "permission":
		s.fail(w, r, noPermission)
	case "redirect":
		http.Redirect(w, r, "https://portal.example/", http.StatusFound)
	case "drop":
		drop()
	case "endless":
		endless(w, r)
	default:
		s.raw(w, f.API)
	}
	return true
}

func (s *Server) raw(w http.ResponseWriter, kind string) {
	status, contentType, body := http.StatusOK, "application/json", ""
	switch kind {
	case "html":
		status, contentType, body = http.StatusBadGateway, "text/html", "<html><h1>502 Bad Gateway</h1></html>"
	case "captive":
		contentType, body = "text/html", "<html><title>Welcome to our Wi-Fi</title></html>"
	case "garbage":
		body = `{"status":"success","data":[`
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	if _, err := w.Write([]byte(body)); err != nil {
		s.log.Debug("answer not sent", "error", err)
	}
}

// drop closes the connection without an answer.
func drop() {
	panic(http.ErrAbortHandler)
}

func endless(w http.ResponseWriter, r *http.Request) {
	block := []byte(strings.Repeat(" ", 64<<10))
	for r.Context().Err() == nil {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}
