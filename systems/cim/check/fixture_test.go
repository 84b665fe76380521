package check

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shanzhi/core/place"
	"shanzhi/systems/cim/ingest"
)

// rulesOf are the rules of the standards, with no pack.
func rulesOf(t testing.TB) *Rules {
	t.Helper()
	r, err := NewRules(Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// judgeText writes a file and judges it.
func judgeText(t testing.TB, name, text string, crs string) *CityReport {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return judgeFile(t, file, crs, Known{})
}

func judgeFile(t testing.TB, file, crs string, known Known) *CityReport {
	t.Helper()
	r := rulesOf(t)
	var o ingest.Options
	var err error
	if crs != "" {
		if o.Frame, err = ingest.ParseFrame(crs); err != nil {
			t.Fatal(err)
		}
	}
	d, err := ingest.Open(file, ingest.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	m, err := ingest.Read(context.Background(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	report, err := Run(context.Background(), m, Asked{Rules: r, Known: known})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func codesOf(r *CityReport, but ...string) (out []string) {
	for _, c := range r.Codes {
		if !slices.Contains(but, c.Code) {
			out = append(out, c.Code)
		}
	}
	return out
}

// ring3 is a ring of a surface, in metres.
type ring3 [][3]float64

// city makes a CityJSON of one building with one geometry.
func city(kind, lod string, shells [][][]ring3) string {
	var vertices [][3]int64
	at := map[[3]int64]int{}
	index := func(p [3]float64) int {
		v := [3]int64{int64(p[0]*10000 + 0.5), int64(p[1]*10000 + 0.5), int64(p[2]*10000 + 0.5)}
		if _, ok := at[v]; !ok {
			at[v] = len(vertices)
			vertices = append(vertices, v)
		}
		return at[v]
	}
	var boundaries [][][][]int
	for _, shell := range shells {
		var s [][][]int
		for _, face := range shell {
			var f [][]int
			for _, r := range face {
				list := []int{}
				for _, p := range r {
					list = append(list, index(p))
				}
				f = append(f, list)
			}
			s = append(s, f)
		}
		boundaries = append(boundaries, s)
	}
	var b any = boundaries
	if kind != "Solid" {
		b = boundaries[0]
	}
	raw, _ := json.Marshal(map[string]any{"type": "CityJSON", "version": "2.0", "metadata": map[string]any{"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/4547"},
		"transform":   map[string]any{"scale": []float64{0.0001, 0.0001, 0.0001}, "translate": []float64{490000, 2500000, 0}},
		"CityObjects": map[string]any{"b1": map[string]any{"type": "Building", "geometry": []any{map[string]any{"type": kind, "lod": lod, "boundaries": b}}}}, "vertices": vertices})
	return string(raw)
}

// box is the shell of a box, looking outwards.
func box(x0, y0, z0, x1, y1, z1 float64) [][]ring3 {
	p := func(x, y, z float64) [3]float64 { return [3]float64{x, y, z} }
	return [][]ring3{
		{{p(x0, y0, z0), p(x0, y1, z0), p(x1, y1, z0), p(x1, y0, z0)}},
		{{p(x0, y0, z1), p(x1, y0, z1), p(x1, y1, z1), p(x0, y1, z1)}},
		{{p(x0, y0, z0), p(x1, y0, z0), p(x1, y0, z1), p(x0, y0, z1)}},
		{{p(x1, y0, z0), p(x1, y1, z0), p(x1, y1, z1), p(x1, y0, z1)}},
		{{p(x1, y1, z0), p(x0, y1, z0), p(x0, y1, z1), p(x1, y1, z1)}},
		{{p(x0, y1, z0), p(x0, y0, z0), p(x0, y0, z1), p(x0, y1, z1)}},
	}
}

func reversed(shell [][]ring3) [][]ring3 {
	out := [][]ring3{}
	for _, f := range shell {
		var g []ring3
		for _, r := range f {
			r = slices.Clone(r)
			slices.Reverse(r)
			g = append(g, r)
		}
		out = append(out, g)
	}
	return out
}

// flatFace is one level surface with rings.
func flatFace(rings ...ring3) string { return city("MultiSurface", "2", [][][]ring3{{rings}}) }

func square(x, y, size, z float64) ring3 {
	return ring3{{x, y, z}, {x + size, y, z}, {x + size, y + size, z}, {x, y + size, z}}
}

func back(r ring3) ring3 { r = slices.Clone(r); slices.Reverse(r); return r }

// Of each code of geometry: a file that has exactly that fault, and a neighbour that is right.
func TestEachGeometryCode(t *testing.T) {
	roof := func(z float64) ring3 { // a surface whose fourth corner is raised
		return ring3{{0, 0, 5}, {10, 0, 5}, {10, 10, 5}, {0, 10, 5 + z}}
	}
	hole := back(square(3, 3, 2, 5))
	whole := box(0, 0, 0, 10, 8, 6)
	open := whole[:5]
	turned := append(slices.Clone(whole[:5]), reversed(whole[5:])...)
	dented := slices.Clone(whole) // a spike through the opposite wall
	spike := [3]float64{14, 4, 3}
	dented[5] = []ring3{{{0, 8, 0}, {0, 0, 0}, spike}}
	dented = append(dented, []ring3{{{0, 0, 0}, {0, 0, 6}, spike}}, []ring3{{{0, 0, 6}, {0, 8, 6}, spike}}, []ring3{{{0, 8, 6}, {0, 8, 0}, spike}})
	dentIn := slices.Clone(whole)
	pit := [3]float64{4, 4, 3}
	dentIn[5] = []ring3{{{0, 8, 0}, {0, 0, 0}, pit}}
	dentIn = append(dentIn, []ring3{{{0, 0, 0}, {0, 0, 6}, pit}}, []ring3{{{0, 0, 6}, {0, 8, 6}, pit}}, []ring3{{{0, 8, 6}, {0, 8, 0}, pit}})
	fold := ring3{{0, 0, 5}, {4, 0, 5}, {4, 0.04, 5.009}, {0, 0.04, 5.009}, {0, 0.08, 5}, {4, 0.08, 5}, {4, 4, 5}, {0, 4, 5}}
	_ = fold
	for _, c := range []struct{ code, wrong, right string }{
		{"101", flatFace(ring3{{0, 0, 5}, {10, 0, 5}}), flatFace(ring3{{0, 0, 5}, {10, 0, 5}, {10, 10, 5}})},
		{"102", flatFace(ring3{{0, 0, 5}, {10, 0, 5}, {10, 0.0005, 5}, {10, 10, 5}, {0, 10, 5}}), flatFace(ring3{{0, 0, 5}, {10, 0, 5}, {10, 0.0025, 5}, {10, 10, 5}, {0, 10, 5}})},
		{"104", flatFace(ring3{{0, 0, 5}, {10, 10, 5}, {10, 0, 5}, {0, 10, 5}, {-5, 5, 5}}), flatFace(ring3{{0, 0, 5}, {10, 0, 5}, {10, 10, 5}, {0, 10, 5}, {-5, 5, 5}})},
		{"201", flatFace(square(0, 0, 10, 5), back(square(8, 8, 4, 5))), flatFace(square(0, 0, 10, 5), hole)},
		{"202", flatFace(square(0, 0, 10, 5), hole, hole), flatFace(square(0, 0, 10, 5), hole, back(square(6, 6, 2, 5)))},
		{"203", flatFace(roof(0.05)), flatFace(roof(0.01))},
		{"205", flatFace(square(0, 0, 10, 5), ring3{{5, 0, 5}, {2, 5, 5}, {5, 10, 5}, {8, 5, 5}}), flatFace(square(0, 0, 10, 5), ring3{{5, 0, 5}, {2, 5, 5}, {5, 9, 5}, {8, 5, 5}})},
		{"206", flatFace(square(0, 0, 10, 5), back(square(20, 3, 2, 5))), flatFace(square(0, 0, 10, 5), hole)},
		{"207", flatFace(square(0, 0, 20, 5), back(square(2, 2, 10, 5)), back(square(4, 4, 2, 5))), flatFace(square(0, 0, 20, 5), back(square(2, 2, 10, 5)), back(square(14, 4, 2, 5)))},
		{"208", flatFace(square(0, 0, 10, 5), square(3, 3, 2, 5)), flatFace(square(0, 0, 10, 5), hole)},
		{"301", city("Solid", "2", [][][]ring3{whole[:3]}), city("Solid", "2", [][][]ring3{whole})},
		{"302", city("Solid", "2", [][][]ring3{open}), city("Solid", "2", [][][]ring3{whole})},
		{"303", city("Solid", "2", [][][]ring3{append(slices.Clone(whole), box(10, 8, 0, 20, 16, 6)...)}), city("Solid", "2", [][][]ring3{whole})},
		{"305", city("Solid", "2", [][][]ring3{append(slices.Clone(whole), box(30, 0, 0, 40, 8, 6)...)}), city("Solid", "2", [][][]ring3{whole})},
		{"306", city("Solid", "2", [][][]ring3{dented}), city("Solid", "2", [][][]ring3{dentIn})},
		{"307", city("Solid", "2", [][][]ring3{turned}), city("Solid", "2", [][][]ring3{whole})},
		{"401", city("Solid", "2", [][][]ring3{whole, reversed(box(6, 2, 2, 14, 4, 4))}), city("Solid", "2", [][][]ring3{whole, reversed(box(2, 2, 2, 4, 4, 4))})},
		{"402", city("Solid", "2", [][][]ring3{whole, reversed(box(2, 2, 2, 4, 4, 4)), reversed(box(2, 2, 2, 4, 4, 4))}), city("Solid", "2", [][][]ring3{whole, reversed(box(2, 2, 2, 4, 4, 4)), reversed(box(6, 2, 2, 8, 4, 4))})},
		{"403", city("Solid", "2", [][][]ring3{whole, reversed(box(20, 2, 2, 24, 4, 4))}), city("Solid", "2", [][][]ring3{whole, reversed(box(2, 2, 2, 4, 4, 4))})},
		{"405", city("Solid", "2", [][][]ring3{reversed(whole)}), city("Solid", "2", [][][]ring3{whole})},
	} {
		t.Run(c.code, func(t *testing.T) {
			r := judgeText(t, "wrong.json", c.wrong, "")
			if got := codesOf(r, "R02", "C04", "H01"); !slices.Equal(got, []string{c.code}) {
				t.Errorf("the wrong one has %v: %+v", got, r.Findings)
			}
			for _, f := range r.Findings {
				if f.Code == c.code && (f.Object != "b1" || f.Zh == "" || f.En == "" || f.At == nil && c.code != "101" || f.Where.Path != "/CityObjects/b1") {
					t.Errorf("the finding does not say where: %+v", f)
				}
			}
			if r := judgeText(t, "right.json", c.right, ""); len(codesOf(r, "R02", "C04", "H01")) > 0 {
				t.Errorf("the right one has %+v", r.Findings)
			}
		})
	}
}

// A surface that is flat within the tolerance and folded all the same is told by its parts.
func TestFoldedSurface(t *testing.T) {
	r := rulesOf(t)
	r.Plane = 0.5
	m := &ingest.Model{Plain: true, Vertices: []Vec{{0, 0, 0}, {10, 0, 0}, {10, 1, 0.4}, {10, 2, 0}, {0, 2, 0}, {0, 1, 0.4}}}
	j := &judge{findings: findings{m: m, rules: r}, number: -1}
	j.snap()
	if _, ok := j.face(&ingest.Face{Rings: [][]int32{{0, 1, 2, 3, 4, 5}}}, ""); ok || len(j.list) != 1 || j.list[0].Code != "204" {
		t.Errorf("%+v", j.list)
	}
}

// A polygon whose ring does not end where it began, and one that does.
func TestUnclosedRing(t *testing.T) {
	file := func(end string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[113.9,22.6],[113.901,22.6],[113.901,22.601]` + end + `]]}}]}`
	}
	if got := codesOf(judgeText(t, "a.geojson", file(""), "wgs84")); !slices.Equal(got, []string{"103"}) {
		t.Error(got)
	}
	if got := codesOf(judgeText(t, "a.geojson", file(",[113.9,22.6]"), "wgs84")); got != nil {
		t.Error(got)
	}
}

// buildings makes a GeoJSON of outlines with attributes, in metres of EPSG:4547.
func buildings(list ...string) string {
	return `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4547"}},"features":[` + strings.Join(list, ",") + `]}`
}

func outlineOf(id, code string, x, y, size float64, more string) string {
	return fmt.Sprintf(`{"type":"Feature","id":%q,"properties":{"type":"building","code":%q%s},"geometry":{"type":"Polygon","coordinates":[[[%[4]f,%[5]f],[%[6]f,%[5]f],[%[6]f,%[7]f],[%[4]f,%[7]f],[%[4]f,%[5]f]]]}}`, id, code, more, 490000+x, 2500000+y, 490000+x+size, 2500000+y+size)
}

const (
	codeA = "4403060170010100001"
	codeB = "4403060170010100002"
)

// Each rule of buildings, beside a neighbour that keeps it.
func TestBuildings(t *testing.T) {
	known := Known{Code: func(code string) (int64, *place.Point, bool) {
		return map[string]int64{codeA: 1, codeB: 2}[code], nil, code == codeA || code == codeB
	}, BuildingOf: func(k int64) int64 { return k }, Address: func(words string) (int64, bool, string) {
		return map[string]int64{"甲楼": 1, "乙楼": 2}[words], true, words
	}}
	a := outlineOf("a", codeA, 0, 0, 10, "")
	for _, c := range []struct {
		code         string
		wrong, right []string
	}{
		{"D01", []string{a, outlineOf("b", codeB, 0, 0, 10, "")}, []string{a, outlineOf("b", codeB, 10, 0, 10, "")}},
		{"D02", []string{a, outlineOf("b", codeB, 8, 0, 10, "")}, []string{a, outlineOf("b", codeB, 10, 0, 10, "")}},
		{"C01", []string{a, outlineOf("b", codeA, 20, 0, 10, "")}, []string{a, outlineOf("b", codeB, 20, 0, 10, "")}},
		{"C02", []string{outlineOf("b", "4403060170010100009", 0, 0, 10, "")}, []string{a}},
		{"C03", []string{outlineOf("b", "440306017001010", 0, 0, 10, "")}, []string{a}},
		{"C04", []string{a, outlineOf("b", "", 20, 0, 10, "")}, []string{a, outlineOf("b", codeB, 20, 0, 10, "")}},
		{"A01", []string{outlineOf("a", codeA, 0, 0, 10, `,"address":"乙楼"`)}, []string{outlineOf("a", codeA, 0, 0, 10, `,"address":"甲楼"`)}},
		{"A02", []string{outlineOf("a", codeA, 0, 0, 10, `,"address":"不存在的楼"`)}, []string{outlineOf("a", codeA, 0, 0, 10, `,"address":"甲楼"`)}},
		{"609", []string{a, `{"type":"Feature","id":"x","properties":{},"geometry":null}`}, []string{a}},
	} {
		t.Run(c.code, func(t *testing.T) {
			for i, list := range [][]string{c.wrong, c.right} {
				file := filepath.Join(t.TempDir(), "b.geojson")
				if err := os.WriteFile(file, []byte(buildings(list...)), 0o644); err != nil {
					t.Fatal(err)
				}
				r := judgeFile(t, file, "", known)
				if got := codesOf(r); i == 0 && !slices.Equal(got, []string{c.code}) || i == 1 && got != nil {
					t.Errorf("%d: %v %+v", i, got, r.Findings)
				}
			}
		})
	}
}

// Heights and storeys, levels of detail.
func TestPlausible(t *testing.T) {
	solid := func(tall float64, attributes, lod string) string {
		text := city("Solid", lod, [][][]ring3{box(0, 0, 0, 10, 8, tall)})
		return strings.Replace(text, `"type":"Building"`, `"attributes":{"code":"`+codeA+`"`+attributes+`},"type":"Building"`, 1)
	}
	lean := box(0, 0, 0, 10, 8, 6)
	top := [][3]float64{{0, 0, 6}, {10, 0, 9}, {10, 8, 9}, {0, 8, 6}}
	lean[1] = []ring3{top}
	lean[2] = []ring3{{{0, 0, 0}, {10, 0, 0}, {10, 0, 9}, {0, 0, 6}}}
	lean[3] = []ring3{{{10, 0, 0}, {10, 8, 0}, {10, 8, 9}, {10, 0, 9}}}
	lean[4] = []ring3{{{10, 8, 0}, {0, 8, 0}, {0, 8, 6}, {10, 8, 9}}}
	for _, c := range []struct{ code, wrong, right string }{
		{"H01", solid(1, "", "2"), solid(12, "", "2")},
		{"H02", solid(12, `,"storeysAboveGround":9`, "2"), solid(12, `,"storeysAboveGround":4`, "2")},
		{"H03", solid(12, `,"measuredHeight":30`, "2"), solid(12, `,"measuredHeight":12.5`, "2")},
		{"L01", solid(12, "", "high"), solid(12, "", "2.2")},
		{"L02", strings.Replace(city("Solid", "1", [][][]ring3{lean}), `"type":"Building"`, `"attributes":{"code":"`+codeA+`"},"type":"Building"`, 1), solid(12, "", "1")},
	} {
		if got := codesOf(judgeText(t, "w.json", c.wrong, ""), "R02"); !slices.Equal(got, []string{c.code}) {
			t.Errorf("%s: %v", c.code, got)
		}
		if got := codesOf(judgeText(t, "r.json", c.right, ""), "R02"); got != nil {
			t.Errorf("%s, right: %v", c.code, got)
		}
	}
}

// A file without a reference system is refused for import, and judged as far as that can be.
func TestUndeclared(t *testing.T) {
	text := strings.Replace(city("Solid", "2", [][][]ring3{box(0, 0, 0, 10, 8, 6)[:5]}), "https://www.opengis.net/def/crs/EPSG/0/4547", "", 1)
	r := judgeText(t, "a.json", text, "")
	if r.Refused != "crs_undeclared" || !slices.Contains(codesOf(r), "R01") || !slices.Contains(codesOf(r), "302") {
		t.Errorf("%v %+v", codesOf(r), r.Refused)
	}
	r = judgeText(t, "a.geojson", `{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[113.9,22.6]}}`, "")
	if r.Refused != "crs_undeclared" {
		t.Errorf("GeoJSON of no system: %+v", r)
	}
	if r := judgeText(t, "a.json", text, "EPSG:4547"); r.Refused != "" || r.System != "EPSG:4547" {
		t.Errorf("%+v", r)
	}
}
