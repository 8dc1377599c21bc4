package darwin_test

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/autostart"
)

// The script runs on a Mac whose tools are stand-ins: each notes how it was
// called, and leaves an empty file where the real one leaves its work.

type mac struct {
	t            *testing.T
	root, system string
	env          []string
}

const standIn = `#!/bin/bash
{ printf '%s' "${0##*/}"; [ "${0##*/}" != go ] || printf ' %s %s %s' "$GOOS/$GOARCH" "$CC" "$MACOSX_DEPLOYMENT_TARGET"; printf ' %s' "$@"; echo; } >>"$CALLS"
while [ $# -gt 0 ]; do
  case $1 in -o | -output | --output | --out) : >"$2" ;; *.dmg) : >"$1" ;; esac
  shift
done
`

func newMac(t *testing.T) *mac {
	t.Helper()
	m := &mac{t: t, root: t.TempDir(), system: "Darwin"}
	bin := filepath.Join(m.root, "bin")
	for _, name := range []string{"go", "clang", "lipo", "sips", "iconutil", "plutil", "codesign", "hdiutil", "xcrun"} {
		m.write("bin/"+name, standIn, 0o755)
	}
	for _, name := range []string{"bundle.sh", "Info.plist.in", "icon.png"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m.write("build/darwin/"+name, string(text), 0o755)
	}
	for _, name := range []string{"LICENSE", "dist/THIRD-PARTY-LICENSES.txt", "dist/kite-accounts-1.2.3+4.gabcdef0.cdx.json"} {
		m.write(name, name, 0o644)
	}
	m.env = []string{
		"PATH=" + bin + ":/usr/bin:/bin", "CALLS=" + filepath.Join(m.root, "calls"),
		"VERSION=1.2.3+4.gabcdef0", "GO_BUILD=go build -trimpath", "STAMP_FLAGS=-s -X main.version=1.2.3", "WINDOW_TAGS=desktop,production",
	}
	return m
}

func (m *mac) write(name, text string, mode os.FileMode) {
	m.t.Helper()
	path := filepath.Join(m.root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	// A process that another test starts meanwhile would have the file open for
	// writing until it becomes its own program, and nobody can run such a file.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		m.t.Fatal(err)
	}
}

// run runs the script and returns what it said and which calls it made.
func (m *mac) run(args ...string) (said string, calls []string, err error) {
	m.t.Helper()
	m.write("bin/uname", "#!/bin/bash\necho "+m.system+"\n", 0o755)
	cmd := exec.CommandContext(m.t.Context(), "/bin/bash", append([]string{filepath.Join(m.root, "build/darwin/bundle.sh")}, args...)...) //nolint:gosec // the script of this folder
	cmd.Env = m.env
	out, err := cmd.CombinedOutput()
	made, _ := os.ReadFile(filepath.Join(m.root, "calls")) // none made
	return string(out), strings.Split(strings.TrimSpace(string(made)), "\n"), err
}

func (m *mac) make(env ...string) (calls []string) {
	m.t.Helper()
	m.env = append(m.env, env...)
	said, calls, err := m.run("dist")
	if err != nil {
		m.t.Fatalf("%v: %s", err, said)
	}
	return calls
}

func TestBundle_refuses_where_it_can_not_be_made(t *testing.T) {
	t.Parallel()
	m := newMac(t)
	m.system = "Linux"
	if said, calls, err := m.run("dist"); err == nil || !strings.Contains(said, "only be made on a Mac") || calls[0] != "" {
		t.Errorf("on Linux: %v, %q, calls %q", err, said, calls)
	}
	m.system = "Darwin"
	if err := os.Remove(filepath.Join(m.root, "bin/iconutil")); err != nil {
		t.Fatal(err)
	}
	if said, calls, err := m.run("dist"); err == nil || !strings.Contains(said, "iconutil is needed") || calls[0] != "" {
		t.Errorf("without a tool: %v, %q, calls %q", err, said, calls)
	}
}

func TestBundle_only_looks_if_not_told_where(t *testing.T) {
	t.Parallel()
	if said, calls, err := newMac(t).run(); err != nil || calls[0] != "" {
		t.Errorf("%v, %q, calls %q", err, said, calls)
	}
}

func TestBundle_has_both_programs_for_both_kinds_of_mac(t *testing.T) {
	t.Parallel()
	m := newMac(t)
	calls := m.make()
	for _, want := range []string{
		"go darwin/amd64 clang -arch x86_64 12.0 build -trimpath -buildmode=pie -tags desktop,production -ldflags -s -X main.version=1.2.3 -buildid= -o build/bin/darwin/kite-accounts-amd64 .",
		"go darwin/arm64 clang -arch arm64 12.0 build -trimpath -buildmode=pie -ldflags -s -X main.version=1.2.3 -buildid= -o build/bin/darwin/kitectl-arm64 ./cmd/kitectl",
	} {
		if !slices.Contains(calls, want) {
			t.Errorf("no call %q in\n%s", want, strings.Join(calls, "\n"))
		}
	}
	for _, file := range []string{
		"MacOS/kite-accounts", "MacOS/kitectl", "Resources/icon.icns", "Resources/LICENSE.txt", "Resources/THIRD-PARTY-LICENSES.txt",
		"Resources/kite-accounts-1.2.3+4.gabcdef0.cdx.json",
	} {
		if _, err := os.Stat(filepath.Join(m.root, "build/bin/darwin/image/Kite Accounts.app/Contents", file)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(m.root, "dist/kite-accounts-1.2.3+4.gabcdef0-macos-universal.dmg")); err != nil {
		t.Error(err)
	}
}

func TestBundle_property_list(t *testing.T) {
	t.Parallel()
	m := newMac(t)
	m.make()
	text, err := os.ReadFile(filepath.Join(m.root, "build/bin/darwin/image/Kite Accounts.app/Contents/Info.plist"))
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Keys    []string `xml:"dict>key"`
		Strings []string `xml:"dict>string"`
	}
	if err := xml.Unmarshal(text, &read); err != nil || strings.Contains(string(text), "@") {
		t.Fatalf("%v:\n%s", err, text)
	}
	for key, want := range map[string]string{
		"CFBundleIdentifier": autostart.ID, "CFBundleExecutable": "kite-accounts", "CFBundleShortVersionString": "1.2.3",
		"CFBundleVersion": "1.2.3", "LSMinimumSystemVersion": "12.0", "CFBundlePackageType": "APPL",
	} {
		if !strings.Contains(string(text), "<key>"+key+"</key>\n\t<string>"+want+"</string>") {
			t.Errorf("%s isn't %s", key, want)
		}
	}
	if slices.Contains(read.Keys, "LSMultipleInstancesProhibited") || slices.Contains(read.Keys, "LSUIElement") {
		t.Error("window, agent and login window are processes of the one bundle, and only the agent stays out of the Dock")
	}
}

// signatures are the calls that sign, in order.
func signatures(calls []string) (signed []string) {
	for _, call := range calls {
		if strings.Contains(call, "--sign ") {
			signed = append(signed, call)
		}
	}
	return signed
}

func TestBundle_is_signed_from_the_inside_out_and_hardened(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env    []string
		as     string
		images int // signed disk images
	}{
		"by nobody":      {as: "--sign - "},
		"by a developer": {env: []string{"SIGN_IDENTITY=Developer ID Application: Someone"}, as: "--timestamp --sign Developer ID Application: Someone ", images: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := newMac(t).make(c.env...)
			signed := signatures(calls)
			if len(signed) != 2+c.images || !strings.HasSuffix(signed[0], "/MacOS/kitectl") || !strings.HasSuffix(signed[1], "/Kite Accounts.app") {
				t.Fatalf("signed %q", signed)
			}
			for _, call := range signed[:2] {
				if !strings.Contains(call, "--options runtime ") || !strings.Contains(call, c.as) || strings.Contains(call, "entitlements") {
					t.Errorf("signed by %q", call)
				}
			}
			if strings.Contains(strings.Join(calls, "\n"), "notarytool") {
				t.Error("Apple was asked without a key")
			}
		})
	}
}

func TestBundle_is_notarised_with_a_key(t *testing.T) {
	t.Parallel()
	calls := newMac(t).make("SIGN_IDENTITY=Somebody", "NOTARY_KEY=/tmp/key.p8", "NOTARY_KEY_ID=K", "NOTARY_ISSUER=I")
	dmg := "dist/kite-accounts-1.2.3+4.gabcdef0-macos-universal.dmg"
	want := []string{
		"xcrun notarytool submit " + dmg + " --key /tmp/key.p8 --key-id K --issuer I --wait",
		"xcrun stapler staple " + dmg,
	}
	if got := calls[max(0, len(calls)-2):]; !slices.Equal(got, want) {
		t.Errorf("last calls %q", got)
	}
}

func TestBundle_that_apple_refused_is_none(t *testing.T) {
	t.Parallel()
	m := newMac(t)
	// A verdict, whichever, is a success of notarytool.
	m.write("bin/xcrun", "#!/bin/bash\n[ \"$1\" = notarytool ] || exit 65\n", 0o755)
	m.env = append(m.env, "SIGN_IDENTITY=Somebody", "NOTARY_KEY=/tmp/key.p8", "NOTARY_KEY_ID=K", "NOTARY_ISSUER=I")
	if said, _, err := m.run("dist"); err == nil {
		t.Errorf("made: %s", said)
	}
}

func TestIdentity_no_secret_is_an_argument(t *testing.T) {
	t.Parallel()
	m := newMac(t)
	text, err := os.ReadFile("identity.sh")
	if err != nil {
		t.Fatal(err)
	}
	m.write("identity.sh", string(text), 0o755)
	m.write("bin/security", `#!/bin/bash
echo "security $*" >>"$CALLS"
case $1 in
  import) cat "$2" >>"$CALLS.imported" ;;
  find-identity) echo '  1) 0123ABCD "Developer ID Application: Someone"'; echo '     1 valid identities found' ;;
esac
`, 0o755)
	for name, c := range map[string]struct{ env, want []string }{
		"none": {},
		"both": {[]string{"SIGNING_PEM=pem-hidden", "NOTARY_P8=p8-hidden"}, []string{"SIGN_IDENTITY=0123ABCD", "NOTARY_KEY=" + m.root + "/keys/notary.p8"}},
	} {
		cmd := exec.CommandContext(t.Context(), "/bin/bash", filepath.Join(m.root, "identity.sh"), filepath.Join(m.root, "keys")) //nolint:gosec // the script of this folder
		cmd.Env = append(slices.Clone(m.env), c.env...)
		out, err := cmd.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != strings.Join(c.want, "\n") {
			t.Errorf("%s: %v, %q", name, err, out)
		}
	}
	calls, err := os.ReadFile(filepath.Join(m.root, "calls"))
	if err != nil || strings.Contains(string(calls), "hidden") {
		t.Errorf("%v: %s", err, calls)
	}
	if imported, err := os.ReadFile(filepath.Join(m.root, "calls.imported")); err != nil || string(imported) != "pem-hidden\n" {
		t.Errorf("imported %q, %v", imported, err)
	}
	if _, err := os.Stat(filepath.Join(m.root, "keys/identity.pem")); err == nil {
		t.Error("the identity's file is left")
	}
}
