package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mit is what most works have; its copyright line differs.
func mit(t *testing.T, owner string) text {
	t.Helper()
	body, err := os.ReadFile("../../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	return text{"LICENSE", tidy("Copyright (c) " + owner + "\n" + string(body))}
}

func TestLicencesAreKnownByTheirWords(t *testing.T) {
	p := part{Name: "one", Version: "v1", Texts: []text{mit(t, "Somebody"), {"NOTICE", "This is by Somebody.\n"}}}
	if err := p.identify(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(p.Licences, []string{"MIT"}) {
		t.Errorf("licences are %v", p.Licences)
	}
	if err := check([]part{p}); err != nil {
		t.Error(err)
	}
}

func TestWordsOfNoLicenceFail(t *testing.T) {
	p := part{Name: "two", Version: "v2", Texts: []text{mit(t, "Somebody"), {"LICENSE.extra", "You may use this on Sundays and must pay on Mondays.\n"}}}
	err := p.identify()
	if err == nil || !strings.Contains(err.Error(), "two v2: LICENSE.extra") {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatNobodyAllowedFails(t *testing.T) {
	body := []text{{"LICENSE", "words\n"}}
	for name, p := range map[string]part{
		"no text":                       {Licences: []string{"MIT"}},
		"no licence":                    {Texts: body},
		"copyleft":                      {Licences: []string{"GPL-3.0"}, Texts: body},
		"copyleft beside a permissive":  {Licences: []string{"AGPL-3.0", "MIT"}, Texts: body},
		"somebody else's own exception": {Licences: []string{"MPL-2.0"}, Texts: body},
	} {
		p.Name, p.Version = name, "v3"
		if err := check([]part{{Name: "good", Licences: []string{"MIT"}, Texts: body}, p}); err == nil || !strings.Contains(err.Error(), name+" v3") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	excepted := part{Name: "github.com/hashicorp/errwrap", Licences: []string{"MPL-2.0"}, Texts: body}
	if err := check([]part{excepted}); err != nil {
		t.Errorf("the exception is refused: %v", err)
	}
}

func TestTextsOfAFolder(t *testing.T) {
	dir := t.TempDir()
	for file, body := range map[string]string{
		"LICENSE.md": "\ufeffone \r\ntwo\r\n\r\n", "license.go": "package x", "README": "no", "in/NOTICE": "three",
		"in/deep/COPYING": "four", "other/LICENCE": "five", "THIRD-PARTY-LICENSE": "of its build",
	} {
		path := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found, err := texts(dir, withParents([]string{filepath.Join("in", "deep")}))
	if err != nil {
		t.Fatal(err)
	}
	want := []text{{"LICENSE.md", "one\ntwo\n"}, {"in/NOTICE", "three\n"}, {"in/deep/COPYING", "four\n"}}
	if !slices.Equal(found, want) {
		t.Errorf("texts are %q, not %q", found, want)
	}
}
