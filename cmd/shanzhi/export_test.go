package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shanzhi/internal/testkit"
)

func TestExportCommand(t *testing.T) {
	t.Parallel()
	file := testkit.Shared(t, "us311", "baltimore_2000.csv")
	stores(t, func(t *testing.T, data string, more ...string) {
		folder := t.TempDir()
		base := append([]string{"--data", data}, more...)
		if _, bad, err := run(t, "", append(base, "import", "appeals", "--profile", "baltimore", file, "--json")...); err != nil {
			t.Fatal(bad, err)
		}
		out, bad, err := run(t, "", append(base, "export", "appeals", "--format", "csv", "--source", "baltimore")...)
		if err != nil {
			t.Fatal(bad, err)
		}
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil || len(rows) != 2001 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		// The newest first, as the list has them.
		opened := 0
		for i, name := range rows[0] {
			if name == "opened_at" {
				opened = i
			}
		}
		for i := 2; i < len(rows); i++ {
			if rows[i][opened] > rows[i-1][opened] {
				t.Fatalf("%s comes after %s", rows[i][opened], rows[i-1][opened])
			}
		}
		geo := filepath.Join(folder, "a.geojson")
		out, bad, err = run(t, "", append(base, "export", "appeals", "--format", "geojson", "--open-data", "--out", geo, "--json", "--since", "2018-01-01", "--until", "2019-01-01")...)
		if err != nil {
			t.Fatal(bad, err)
		}
		var said struct{ Rows int }
		var features struct{ Features []any }
		raw, _ := os.ReadFile(geo)
		if err := json.Unmarshal([]byte(out), &said); err != nil || json.Unmarshal(raw, &features) != nil || said.Rows == 0 || said.Rows >= 2000 || len(features.Features) != said.Rows {
			t.Errorf("%d said, %d features, %v", said.Rows, len(features.Features), err)
		}
		if _, bad, err := run(t, "", append(base, "export", "appeals", "--format", "xlsx", "--out", filepath.Join(folder, "a.xlsx"))...); err != nil {
			t.Error(bad, err)
		}
		if len(more) > 0 {
			return // what is refused below is refused alike, whichever store it is
		}
		for _, c := range []struct {
			args []string
			want string
		}{
			{[]string{"--format", "pdf"}, "no export format"}, {nil, "format"}, {[]string{"--format", "csv", "--since", "x"}, "is not a day"}, {[]string{"--format", "csv", "--unit", "x"}, "no unit"},
			{[]string{"--format", "csv", "--state", "x"}, "no state"}, {[]string{"--format", "csv", "--json"}, "--out"}, {[]string{"--format", "csv", "--purpose", " "}, "purpose"},
			{[]string{"--format", "csv", "--out", filepath.Join(folder, "no", "where.csv")}, "no such file"},
		} {
			if _, bad, err := run(t, "", append(base, append([]string{"export", "appeals"}, c.args...)...)...); err == nil || !strings.Contains(bad, c.want) || strings.Count(strings.TrimSpace(bad), "\n") > 0 {
				t.Errorf("%v: %v %q; want %q", c.args, err, bad, c.want)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(folder, ".export-*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}
