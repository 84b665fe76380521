package halls

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"shanzhi/districts"
)

// What is wrong with a pack's halls is told by file and line; a pack without halls has none.
func TestPackOfHalls(t *testing.T) {
	baoan := baoanFiles(t)
	b, err := readBook(baoan)
	if err != nil || len(b.halls) != 3 || len(b.halls[0].Windows) != 8 {
		t.Fatalf("%+v %v", b, err)
	}
	for _, c := range []struct{ file, old, new, want string }{
		{"halls/halls.csv", "dp-zhengshu", "dp-none", `halls/halls.csv line 2: there is no unit "dp-none"`},
		{"halls/halls.csv", ",hall,", ",moon,", `there is no calendar "moon"`},
		{"halls/areas.csv", "A,1,499", "A,9,1", "halls/areas.csv line 2"},
		{"halls/kinds.csv", "center,general,permit", "center,nowhere,permit", "halls/kinds.csv line 3"},
		{"halls/windows.csv", "counter;phone;video", "counter;pigeon", `no channel "pigeon"`},
		{"halls/plan.csv", "mon;tue", "someday;tue", `"someday" is no day`},
		{"halls/rules.yaml", "to_days: 14", "to_days: 61", "between 2 and 60"},
		{"halls/rules.yaml", "overtaken_at_most: 5", "overtaken_at_most: 0", "overtaken_at_most"},
		{"halls/rules.yaml", "limit: 3", "limt: 3", "limt"},
		{"halls/stuck.yaml", "complex: 5wd", "complex: soon", "limits: complex"},
		{"halls/startup.yaml", "price: 24000", "price: -1", "price that is not negative"},
	} {
		bad := fstest.MapFS{}
		for k, v := range baoan {
			bad[k] = v
		}
		bad[c.file] = &fstest.MapFile{Data: []byte(strings.Replace(string(baoan[c.file].Data), c.old, c.new, 1))}
		if _, err := readBook(bad); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q: %v", c.file, c.new, err)
		}
	}
	for name := range baoan {
		if strings.HasPrefix(name, "halls/") {
			delete(baoan, name)
		}
	}
	if b, err := readBook(baoan); err != nil || len(b.halls) != 0 {
		t.Errorf("a pack without halls: %v", err)
	}
}

// baoanFiles are the shipped pack's, each a copy that may be spoilt.
func baoanFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	baoan := fstest.MapFS{}
	if err := fs.WalkDir(districts.FS, "baoan", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(districts.FS, path)
		baoan[strings.TrimPrefix(path, "baoan/")] = &fstest.MapFile{Data: raw}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return baoan
}
