package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/wailsapp/wails/v2/pkg/options"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/logging"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

// reachable is every method that page script can call. A method that appears
// here by accident is a hole; add one knowingly.
var reachable = map[string][]string{
	"AccountService": {
		"Account", "Accounts", "AllowHost", "CreateAccount", "CreateSandboxAccount", "DeleteAccount", "UpdateAccount", "ValidateAccount",
	},
	"SessionService": {
		"CancelLogin", "CheckAll", "Copy", "Credentials", "DismissFailure", "DismissRound", "FocusLogin", "GetSessionToken", "LogInAll",
		"LogInWith", "LogOut", "OpenBrowserLogin", "Reveal", "Round", "SkipLogin", "StopRound", "SubmitRedirect", "TestConnection",
	},
	"DesktopService": {
		"AnswerAutostart", "AnswerClose", "Desktop", "Preferences", "Quit", "SetAutostart", "SetPreferences", "TakeRequest", "TradingDays",
	},
	"ProgramService": {
		"AddClient", "ChangeClient", "Clients", "CommandLine", "CopyClientToken", "ForgetClientToken", "LocalAPI", "RevokeClient",
	},
	"UpdateService":  {"CheckForUpdates", "OpenReleasePage", "SkipRelease", "Updates"},
	"HistoryService": {"AccountCalendar", "DayPicture", "ExportHistory", "History"},
	"SettingsService": {
		"About", "Clock", "CopyText", "CreatePassphraseVault", "DataProblem", "ListPreferences", "OpenLicences", "OpenLink", "OpenVaultWithPassphrase",
		"RetryVault", "SetListPreferences", "StartOver", "UnlockVault", "Vault",
	},
}

func testApp(t *testing.T) (*app, *bytes.Buffer) {
	t.Helper()
	log := &bytes.Buffer{}
	dir, err := datadir.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &app{dir: dir, log: logging.New(log), started: make(chan struct{}), clock: kite.SystemClock{}}, log
}

func TestPage_reaches_these_methods_and_no_others(t *testing.T) {
	a, _ := testApp(t)
	bound := a.options().Bind
	if len(bound) != len(reachable) {
		t.Errorf("%d bound structs", len(bound))
	}
	for _, b := range bound {
		typ := reflect.TypeOf(b)
		var methods []string
		for i := range typ.NumMethod() {
			methods = append(methods, typ.Method(i).Name)
		}
		if want := reachable[typ.Elem().Name()]; !slices.Equal(methods, want) {
			t.Errorf("%s: %q, want %q", typ.Elem().Name(), methods, want)
		}
	}
}

// secretWords are what no field that goes to the page may be called.
var secretWords = []string{"token", "secret", "password", "enctoken"}

func TestPage_gets_no_type_that_could_hold_a_secret(t *testing.T) {
	for _, v := range []any{
		view.LiveAccount{}, view.TestResult{}, view.Credentials{}, view.Vault{}, view.About{}, view.DataProblem{},
		view.Round{}, view.CheckSummary{}, view.Desktop{}, view.TradingDays{}, view.HistoryEntry{}, view.DayPicture{}, view.CalendarDay{},
		kite.Preferences{}, view.LocalAPI{}, view.Client{}, view.CommandLine{}, view.Updates{},
	} {
		eachField(reflect.TypeOf(v), func(f reflect.StructField) {
			for _, word := range secretWords {
				flag := f.Type.Kind() == reflect.Bool && strings.HasPrefix(f.Name, "Has")
				if strings.Contains(strings.ToLower(f.Name), word) && !flag {
					t.Errorf("%T has a field %s", v, f.Name)
				}
			}
		})
	}
}

func eachField(typ reflect.Type, f func(reflect.StructField)) {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice:
		eachField(typ.Elem(), f)
	case reflect.Struct:
		for i := range typ.NumField() {
			f(typ.Field(i))
			eachField(typ.Field(i).Type, f)
		}
	}
}

func TestPanic_in_a_bound_method_answers_and_logs_no_argument(t *testing.T) {
	a, log := testApp(t)
	call := func(secret string) (err error) {
		defer shell{app: a}.guard("Save", &err)
		panic("boom with " + secret)
	}
	err := call("canary-argument")
	if kite.ErrorCode(err) != kite.EINTERNAL {
		t.Errorf("err = %v", err)
	}
	if !strings.Contains(log.String(), "bound method panicked") {
		t.Errorf("log = %s", log)
	}
	kitetest.NoSecretIn(t, "log", log.String(), "canary-argument")
}

func TestErrors_reach_the_page_without_their_cause(t *testing.T) {
	a, _ := testApp(t)
	format := func(err error) string {
		text, _ := a.options().ErrorFormatter(err).(string)
		return text
	}
	cause := kite.Errorf(kite.EINVALID, "A sentence.").WithHint("Do this.").WithField("apiKey").Because(os.ErrPermission)
	if got := format(cause); got != `{"code":"EINVALID","message":"A sentence.","hint":"Do this.","field":"apiKey"}` {
		t.Errorf("got %s", got)
	}
	if got := format(os.ErrPermission); !strings.Contains(got, kite.EINTERNAL) || strings.Contains(got, "permission") {
		t.Errorf("an error of elsewhere: %s", got)
	}
}

func TestPolicy_is_the_same_in_page_and_header(t *testing.T) {
	index, err := os.ReadFile("frontend/index.html")
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	withPolicy(http.NotFoundHandler()).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	header := answer.Header().Get("Content-Security-Policy")
	for _, directive := range strings.Split(header, "; ") {
		if !strings.Contains(strings.Join(strings.Fields(string(index)), " "), directive) {
			t.Errorf("index.html lacks %q", directive)
		}
	}
	for _, needed := range []string{"default-src 'none'", "frame-src 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'none'"} {
		if !strings.Contains(header, needed) {
			t.Errorf("the header lacks %q", needed)
		}
	}
	if strings.Contains(header, "unsafe") {
		t.Errorf("header = %q", header)
	}
}

func TestWindow_is_closed_to_others(t *testing.T) {
	a, _ := testApp(t)
	o := a.options()
	if o.BindingsAllowedOrigins != "" || o.EnableDefaultContextMenu || o.Debug.OpenInspectorOnStartup || o.DisablePanicRecovery {
		t.Errorf("options = %+v", o)
	}
	if o.Logger == nil || o.SingleInstanceLock == nil {
		t.Error("no logger or no single-instance lock")
	}
	var _ *options.App = o
}

func TestInstance_is_one_for_each_data_folder(t *testing.T) {
	a, _ := testApp(t)
	b, _ := testApp(t)
	if a.instanceID() == b.instanceID() || !strings.HasPrefix(a.instanceID(), "io.github.kiteaccounts.KiteAccounts.") {
		t.Errorf("%q and %q", a.instanceID(), b.instanceID())
	}
}

func TestLinks_lead_to_zerodha_only(t *testing.T) {
	for topic, url := range links {
		host := strings.Split(strings.TrimPrefix(url, "https://"), "/")[0]
		if !strings.HasPrefix(url, "https://") || !kite.BrokerHost(host) {
			t.Errorf("%s leads to %s", topic, url)
		}
	}
	a, _ := testApp(t)
	if err := (&SettingsService{shell{app: a}}).OpenLink("https://evil.example"); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("OpenLink = %v", err)
	}
}
