package ingest

import (
	"context"
	"testing"

	"shanzhi/internal/testkit"
)

func readFile(t testing.TB, name string, o Options) *Model {
	t.Helper()
	d, err := Open(name, o.Limits)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	m, err := Read(context.Background(), d, o)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return m
}

// Real cities and networks are read whole: counts are those that the files have by another program.
func TestRealFiles(t *testing.T) {
	for _, c := range []struct {
		folder, name, format, declared string
		want                           map[string]int
	}{
		{"city3d", "delft.json", CityJSON, "https://www.opengis.net/def/crs/EPSG/0/7415", map[string]int{"objects": 570, "vertices": 18262, "surfaces": 410, "solid": 160}},
		{"city3d", "zurich_subset_lod2.json", CityJSON, "https://www.opengis.net/def/crs/EPSG/0/2056", map[string]int{"objects": 210, "vertices": 3670, "surfaces": 161}},
		{"city3d", "rotterdam_subset.json", CityJSON, "", map[string]int{"objects": 16, "vertices": 383, "surfaces": 16}},
		{"networks", "ky4.inp", EPANET, "", map[string]int{"nodes": 964, "pipes": 1158}},
		{"networks", "Net3.inp", EPANET, "", map[string]int{"nodes": 97, "pipes": 119}},
		{"networks", "model_full_features.inp", SWMM, "", nil},
		{"geo", "440306.json", GeoJSON, "", map[string]int{"objects": 1}},
	} {
		m := readFile(t, testkit.Shared(t, c.folder, c.name), Options{})
		got := m.Counts()
		if m.Format != c.format || m.Declared != c.declared {
			t.Errorf("%s is %s in %q", c.name, m.Format, m.Declared)
		}
		for k, n := range c.want {
			if got[k] != n {
				t.Errorf("%s: %d %s, want %d", c.name, got[k], k, n)
			}
		}
		t.Log(c.name, got, m.Left, len(m.Faults))
	}
}
