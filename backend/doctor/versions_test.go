package doctor_test

import (
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/doctor"
)

func TestCheckVersions(t *testing.T) {
	for _, c := range []struct {
		versions doctor.Versions
		level    doctor.Level
		mentions string
	}{
		{doctor.Versions{Own: "1.2.3", Parts: []string{"SQLite 3"}}, doctor.OK, "kitectl 1.2.3, SQLite 3."},
		{doctor.Versions{Own: "1.2.3", Window: "1.2.3", Parts: []string{"SQLite 3"}}, doctor.OK, "kitectl 1.2.3, kite-accounts 1.2.3, SQLite 3."},
		{doctor.Versions{Own: "1.2.3", Window: "1.2.4"}, doctor.Problem, "different versions: kitectl 1.2.3, kite-accounts 1.2.4."},
		{doctor.Versions{Own: "1.2.3", Window: "1.2.3+1.gabcdef0"}, doctor.Problem, "different versions"},
	} {
		expect(t, doctor.CheckVersions(c.versions), c.level, c.mentions)
	}
}
