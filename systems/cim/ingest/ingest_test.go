package ingest

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"shanzhi/core/place"
	"shanzhi/systems/cim/tiles"
)

func gbk(t testing.TB, s string) []byte {
	t.Helper()
	out, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func le(values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		if s, ok := v.(string); ok {
			b.WriteString(s)
			continue
		}
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	return b.Bytes()
}

func be(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }

// shapeFiles is a layer of one polygon with a hole, with attributes in GBK.
func shapeFiles(t testing.TB) map[string][]byte {
	outer := []float64{0, 0, 0, 10, 10, 10, 10, 0, 0, 0} // clockwise
	hole := []float64{2, 2, 4, 2, 4, 4, 2, 4, 2, 2}
	body := le(uint32(5), 0., 0., 10., 10., uint32(2), uint32(10), uint32(0), uint32(5))
	for _, r := range [][]float64{outer, hole} {
		for i := 0; i < len(r); i += 2 {
			body = append(body, le(490000+r[i], 2500000+r[i+1])...)
		}
	}
	shp := make([]byte, 100)
	copy(shp, be(9994))
	shp = append(append(append(shp, be(1)...), be(uint32(len(body)/2))...), body...)
	name := gbk(t, "楼栋名称")
	field := make([]byte, 32)
	copy(field, name)
	field[11], field[16] = 'C', 20
	number := make([]byte, 32)
	copy(number, "CENGSHU")
	number[11], number[16] = 'N', 4
	dbf := make([]byte, 32)
	binary.LittleEndian.PutUint32(dbf[4:], 1)
	binary.LittleEndian.PutUint16(dbf[8:], 32+64+1)
	binary.LittleEndian.PutUint16(dbf[10:], 25)
	dbf = append(append(append(dbf, field...), number...), 0x0d)
	cell := append(gbk(t, "流塘花园3栋"), bytes.Repeat([]byte(" "), 20)...)[:20]
	dbf = append(append(append(dbf, ' '), cell...), "  12"...)
	prj := `PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
	return map[string][]byte{"楼栋.shp": shp, "楼栋.dbf": dbf, "楼栋.prj": []byte(prj)}
}

func TestShapefile(t *testing.T) {
	files := shapeFiles(t)
	check := func(m *Model) {
		t.Helper()
		o := m.Objects[0]
		if o.Text("楼栋名称") != "流塘花园3栋" || o.Attributes["CENGSHU"] != 12. || len(o.Shapes) != 1 || len(o.Shapes[0].Shells[0]) != 1 || len(o.Shapes[0].Shells[0][0].Rings) != 2 || o.Shapes[0].Shells[0][0].Unclosed {
			t.Errorf("%+v", o)
		}
		lon, lat, _ := m.Frame.ToWGS84(490000, 2500000, 0)
		want, _ := place.ParseFrame("EPSG:4547")
		x, y, _ := want.ToWGS84(490000, 2500000, 0)
		if math.Abs(lon-x)+math.Abs(lat-y) > 1e-9 {
			t.Errorf("%g %g", lon, lat)
		}
	}
	check(readFile(t, filepath.Join(write(t, files), "楼栋.shp"), Options{}))
	// In a zip whose names are in GBK, as Windows writes them.
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	for name, body := range files {
		f, err := w.CreateHeader(&zip.FileHeader{Name: string(gbk(t, name)), NonUTF8: true, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write(body)
	}
	_ = w.Close()
	check(readFile(t, filepath.Join(write(t, map[string][]byte{"a.zip": z.Bytes()}), "a.zip"), Options{}))
	// UTF-8 by its .cpg, and characters that are none.
	files["楼栋.cpg"] = []byte("UTF-8")
	if m := readFile(t, filepath.Join(write(t, files), "楼栋.shp"), Options{}); len(m.Faults) != 1 || m.Faults[0].Code != FaultText {
		t.Errorf("%+v", m.Faults)
	}
}

func TestGeoPackage(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.gpkg")
	db, err := sql.Open("sqlite", name)
	if err != nil {
		t.Fatal(err)
	}
	ring := le(uint8(1), uint32(3), uint32(1), uint32(4), 113.9, 22.6, 113.91, 22.6, 113.91, 22.61, 113.9, 22.6)
	blob := append(le("GP", uint8(0), uint8(1), uint32(4490)), ring...)
	for _, q := range []string{
		`CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT)`,
		`CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT)`, `CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER)`,
		`CREATE TABLE "地块" (fid INTEGER PRIMARY KEY, geom BLOB, 用途 TEXT)`, `INSERT INTO gpkg_spatial_ref_sys VALUES ('x', 4490, 'EPSG', 4490, '')`,
		`INSERT INTO gpkg_contents VALUES ('地块', 'features'), ('evil', 'features')`, `INSERT INTO gpkg_geometry_columns VALUES ('地块', 'geom', 4490), ('evil', 'geom', 4490)`,
		`CREATE VIEW evil AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS geom FROM n`,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec(`INSERT INTO "地块" VALUES (7, ?, '工业')`, blob); err != nil {
		t.Fatal(err)
	}
	db.Close()
	m := readFile(t, name, Options{})
	if len(m.Objects) != 1 || m.Objects[0].ID != "7" || m.Objects[0].Text("用途") != "工业" || m.Frame.Name != "EPSG:4490" || m.Left["views"] != 1 || m.Objects[0].Shapes[0].Faces() != 1 {
		t.Errorf("%+v %v", m.Objects, m.Left)
	}
}

// Tables of pipes as surveyors hand them over: GBK, names of their own, X north, depths to the top or the bottom.
func TestPipeTables(t *testing.T) {
	dir := write(t, map[string][]byte{
		"JSPOINT.csv": gbk(t, "物探点号,X,Y,地面高程,特征,附属物,井深\nJ1,2500000.5,490000.25,10.5,弯头,,\nJ2,2500030,490000,10.4,,阀门井,1.6\n"),
		"JSLINE.csv":  gbk(t, "起点点号,终点点号,起点埋深,终点埋深,管径,材质,流向\nJ1,J2,1.2,1.3,DN300,球墨铸铁,\n"),
		"YSPOINT.csv": gbk(t, "物探点号,X,Y,地面高程,特征,附属物,井深\nY1,2500000,490010,10.5,,检查井,2\nY2,2500030,490010,10.2,出水口,,\n"),
		"YSLINE.csv":  gbk(t, "起点点号,终点点号,起点埋深,终点埋深,管径,材质,流向\nY2,Y1,1.9,1.8,1000X800,砼,1\n"),
	})
	m := readFile(t, dir, Options{})
	n := m.Net
	if m.Format != PipeTables || len(n.Nodes) != 4 || len(n.Pipes) != 2 || n.Nodes[0].At != (Vec{490000.25, 2500000.5, 10.5}) {
		t.Fatalf("%+v", n)
	}
	js, ys := n.Pipes[0], n.Pipes[1]
	if js.Class != "JS" || math.Abs(js.Bottom[0]-(10.5-1.2-0.3)) > 1e-9 || js.Diameter != 0.3 || js.A != 0 || js.B != 1 {
		t.Errorf("of a pressure pipe the depth is to its top: %+v", js)
	}
	// Of a drain the depth is to its bottom; its flow was given from the end to the beginning.
	if ys.From != "Y1" || ys.To != "Y2" || math.Abs(ys.Bottom[0]-(10.5-1.8)) > 1e-9 || math.Abs(ys.Bottom[1]-(10.2-1.9)) > 1e-9 || ys.Diameter != 1 || ys.Height != 0.8 {
		t.Errorf("%+v", ys)
	}
	// Names of a district's own.
	dir = write(t, map[string][]byte{"a.csv": []byte("甲,乙,丙\nP1,10,20\n")})
	m = readFile(t, dir, Options{Columns: Columns{Point: map[string][]string{"id": {"甲"}, "x": {"乙"}, "y": {"丙"}}, EastFirst: true}})
	if m.Net.Nodes[0].At != (Vec{10, 20, 0}) {
		t.Errorf("%+v", m.Net.Nodes)
	}
	// What is wrong in a row is told with its line, and the rest is read.
	m = readFile(t, write(t, map[string][]byte{"WSPoint.csv": []byte("点号,X,Y,地面高程\nA,1,2,高\nA,1,2,3\n,4,5,6\n")}), Options{})
	codes := ""
	for _, f := range m.Faults {
		codes += f.Code + ":" + string(rune('0'+f.Where.Line)) + " "
	}
	if codes != "bad_number:2 missing_part:4 repeated_id:3 " {
		t.Error(codes)
	}
}

func TestModelsThatWereDrawn(t *testing.T) {
	m := readFile(t, filepath.Join(write(t, map[string][]byte{"a.obj": []byte("# crs EPSG:4547\nv 490000 2500000 1\nv 490010 2500000 1\nv 490010 2500010 1\nv 490000 2500010 4\no roof\nf 1/1 2/2 3/3\nf -4 -2 -1\n")}), "a.obj"), Options{})
	if len(m.Objects) != 1 || m.Objects[0].ID != "roof" || m.Objects[0].Shapes[0].Faces() != 2 || m.Frame.Name != "EPSG:4547" {
		t.Errorf("%+v", m.Objects)
	}
	head := `{"asset":{"version":"2.0"},"scenes":[{"nodes":[0]}],"nodes":[{"name":"house","mesh":0,"translation":[5,6,7]}],"meshes":[{"primitives":[{"attributes":{"POSITION":0},"indices":1}]}],"accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3"},{"bufferView":1,"componentType":5123,"count":3,"type":"SCALAR"}],"bufferViews":[{"buffer":0,"byteLength":36},{"buffer":0,"byteOffset":36,"byteLength":6}],"buffers":[{"byteLength":44}]}`
	for len(head)%4 != 0 {
		head += " "
	}
	bin := le(float32(0), float32(0), float32(0), float32(1), float32(0), float32(0), float32(0), float32(2), float32(0), uint16(0), uint16(1), uint16(2), uint16(0))
	glb := le("glTF", uint32(2), uint32(20+len(head)+8+len(bin)), uint32(len(head)), "JSON", head, uint32(len(bin)), "BIN\x00")
	glb = append(glb, bin...)
	m = readFile(t, filepath.Join(write(t, map[string][]byte{"a.glb": glb}), "a.glb"), Options{})
	if m.Objects[0].ID != "house" || m.Vertices[2] != (Vec{5, -7, 8}) { // y up becomes z up
		t.Errorf("%+v %v", m.Objects, m.Vertices)
	}
}

func TestGrids(t *testing.T) {
	m := readFile(t, filepath.Join(write(t, map[string][]byte{"a.asc": []byte("ncols 3\nnrows 2\nxllcorner 490000\nyllcorner 2500000\ncellsize 5\nNODATA_value -9999\n1 2 3\n4 -9999 6\n")}), "a.asc"), Options{})
	g := m.Grids[0]
	if g.Columns != 3 || g.North != 2500010 || g.Voids != 1 || g.Low != 1 || g.High != 6 || g.Z[3] != 4 {
		t.Errorf("%+v", g)
	}
	// A GeoTIFF of floating point, deflated, with the predictor of differences of bytes.
	z := []float32{1.5, 2.5, 100.25, -3}
	var rows []byte
	for y := range 2 {
		row := make([]byte, 8)
		for x := range 2 {
			b := binary.BigEndian.AppendUint32(nil, math.Float32bits(z[2*y+x]))
			for k := range 4 {
				row[2*k+x] = b[k]
			}
		}
		for i := 7; i > 0; i-- {
			row[i] -= row[i-1]
		}
		rows = append(rows, row...)
	}
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	_, _ = w.Write(rows)
	_ = w.Close()
	data := packed.Bytes()
	at := uint32(8 + 2 + 12*13 + 4)
	scale := le(10., 10., 0.)
	tie := le(0., 0., 0., 490000., 2500020., 0.)
	keys := le(uint16(1), uint16(1), uint16(0), uint16(1), uint16(3072), uint16(0), uint16(1), uint16(4547))
	extra := append(append(append([]byte{}, scale...), tie...), keys...)
	dataAt := at + uint32(len(extra))
	entry := func(tag, kind uint16, count, value uint32) []byte { return le(tag, kind, count, value) }
	tif := le("II", uint16(42), uint32(8), uint16(13))
	for _, e := range [][]byte{entry(256, 3, 1, 2), entry(257, 3, 1, 2), entry(258, 3, 1, 32), entry(259, 3, 1, 8), entry(273, 4, 1, dataAt), entry(277, 3, 1, 1), entry(278, 3, 1, 2), entry(279, 4, 1, uint32(len(data))), entry(317, 3, 1, 3), entry(339, 3, 1, 3), entry(33550, 12, 3, at), entry(33922, 12, 6, at+24), entry(34735, 3, 8, at+72)} {
		tif = append(tif, e...)
	}
	tif = append(append(append(tif, 0, 0, 0, 0), extra...), data...)
	m = readFile(t, filepath.Join(write(t, map[string][]byte{"a.tif": tif}), "a.tif"), Options{})
	if g := m.Grids[0]; g.Z[0] != 1.5 || g.Z[2] != 100.25 || g.Z[3] != -3 || g.West != 490000 || g.North != 2500020 || m.Frame.Name != "EPSG:4547" {
		t.Errorf("%+v %s", g, m.Frame.Name)
	}
}

func TestLAS(t *testing.T) {
	head := make([]byte, 375)
	copy(head, "LASF")
	head[24], head[25], head[104] = 1, 4, 0x80|7
	binary.LittleEndian.PutUint16(head[94:], 375)
	binary.LittleEndian.PutUint64(head[247:], 5_000_000_000)
	for i, x := range []float64{490010, 490000, 2500010, 2500000, 40, 1} {
		binary.LittleEndian.PutUint64(head[179+8*i:], math.Float64bits(x))
	}
	m := readFile(t, filepath.Join(write(t, map[string][]byte{"a.laz": head}), "a.laz"), Options{})
	if c := m.Clouds[0]; c.Count != 5_000_000_000 || !c.Compressed || c.Format != 7 || c.Low != (Vec{490000, 2500000, 1}) {
		t.Errorf("%+v", c)
	}
}

// A tileset of an explicit tree is verified, and stands where it was told to.
func TestTileset(t *testing.T) {
	b3dm := func(n int) []byte {
		glb := le("glTF", uint32(2), uint32(28), uint32(8), "JSON", `{"a":1} `)
		return append(le("b3dm", uint32(1), uint32(28+len(glb)), uint32(0), uint32(0), uint32(0), uint32(0)), glb...)
	}
	tree := `{"asset":{"version":"1.1"},"geometricError":100,"root":{"boundingVolume":{"box":[0,0,10,100,0,0,0,100,0,0,0,10]},"geometricError":50,"refine":"REPLACE","children":[%s]}}`
	child := `{"boundingVolume":{"box":[0,0,10,50,0,0,0,50,0,0,0,10]},"geometricError":10,"content":{"uri":"a.b3dm"}}`
	files := map[string][]byte{"tileset.json": []byte(strings.Replace(tree, "%s", child, 1)), "a.b3dm": b3dm(0)}
	m := readFile(t, write(t, files), Options{})
	if len(m.Faults) != 0 || m.Tileset.Tiles != 2 || m.Tileset.Contents != 1 {
		t.Fatalf("%+v %+v", m.Faults, m.Tileset)
	}
	moved, err := Reroot(files["tileset.json"], m.Tileset, 113.9, 22.6, 30, 90)
	if err != nil {
		t.Fatal(err)
	}
	files["tileset.json"] = moved
	m = readFile(t, write(t, files), Options{})
	at := m.Tileset.Middle
	if len(m.Faults) != 0 || math.Abs(at[0]-113.9) > 1e-8 || math.Abs(at[1]-22.6) > 1e-8 || math.Abs(at[2]-40) > 1e-6 {
		t.Errorf("%+v %v", m.Faults, at)
	}
	// Turned by a right angle, what was north is east.
	var out struct{ Root struct{ Transform []float64 } }
	if err := json.Unmarshal(moved, &out); err != nil {
		t.Fatal(err)
	}
	p := tiles.NewPlane(113.9, 22.6, 30).On(tiles.Vec(matrix(out.Root.Transform).on(Vec{0, 10, 0})))
	if math.Abs(p[0]-10) > 1e-6 || math.Abs(p[1]) > 1e-6 {
		t.Errorf("north lies at %v", p)
	}
	again, err := Reroot(moved, m.Tileset, 114, 22.7, 5, 0)
	if err != nil {
		t.Fatal(err)
	}
	files["tileset.json"] = again
	if m = readFile(t, write(t, files), Options{}); math.Abs(m.Tileset.Middle[0]-114) > 1e-8 || math.Abs(m.Tileset.Middle[1]-22.7) > 1e-8 {
		t.Errorf("%v", m.Tileset.Middle)
	}
	for want, bad := range map[string]string{
		"tiles_missing": strings.Replace(child, "a.b3dm", "none.b3dm", 1), "tiles_error": strings.Replace(child, `"geometricError":10`, `"geometricError":60`, 1), "tiles_outside": strings.Replace(child, "[0,0,10,50", "[80,0,10,50", 1),
		"tiles_uri": strings.Replace(child, "a.b3dm", "../../secret", 1), "tiles_circle": strings.Replace(child, "a.b3dm", "tileset.json", 1), "tiles_volume": strings.Replace(child, `"box"`, `"bx"`, 1),
	} {
		files["tileset.json"] = []byte(strings.Replace(tree, "%s", bad, 1))
		if m := readFile(t, write(t, files), Options{}); len(m.Faults) == 0 || m.Faults[0].Code != want {
			t.Errorf("%s: %+v", want, m.Faults)
		}
	}
	files["tileset.json"] = []byte(strings.Replace(tree, "%s", child, 1))
	files["a.b3dm"] = b3dm(0)[:40]
	if m := readFile(t, write(t, files), Options{}); len(m.Faults) != 1 || m.Faults[0].Code != "tiles_content" {
		t.Errorf("%+v", m.Faults)
	}
}

// CityJSONSeq, templates, and heights brought over the zero of 1985.
func TestCityJSON(t *testing.T) {
	seq := `{"type":"CityJSON","version":"2.0","transform":{"scale":[0.01,0.01,0.01],"translate":[490000,2500000,0]},"metadata":{"referenceSystem":"EPSG:4547"},"CityObjects":{},"vertices":[]}
{"type":"CityJSONFeature","id":"a","CityObjects":{"a":{"type":"Building","geometry":[{"type":"MultiSurface","lod":"2","boundaries":[[[0,1,2]]],"semantics":{"surfaces":[{"type":"RoofSurface"}],"values":[0]}}]}},"vertices":[[0,0,100],[1000,0,100],[0,1000,100]]}
{"type":"CityJSONFeature","id":"b","CityObjects":{"b":{"type":"Building","geometry":[{"type":"MultiSurface","lod":"2","boundaries":[[[0,1,9]]]}]}},"vertices":[[0,0,100],[1000,0,100],[0,1000,100]]}
`
	h, err := ParseHeights("local:0.5")
	if err != nil {
		t.Fatal(err)
	}
	m := readFile(t, filepath.Join(write(t, map[string][]byte{"a.city.jsonl": []byte(seq)}), "a.city.jsonl"), Options{Heights: h})
	if m.Format != CityJSONL || len(m.Objects) != 2 || m.Objects[0].Shapes[0].Shells[0][0].Semantic != "RoofSurface" || len(m.Faults) != 1 || m.Faults[0].Code != FaultRefers || m.Faults[0].Object != "b" || m.Faults[0].Where.Line != 3 {
		t.Errorf("%+v %+v", m.Objects, m.Faults)
	}
	before := m.Vertices[1]
	if err := m.Settle(); err != nil {
		t.Fatal(err)
	}
	at, ok := m.Degrees(m.Vertices[1])
	if w := m.AsWritten(m.Vertices[1]); !ok || math.Abs(at[2]-1.5) > 1e-9 || math.Abs(w[0]-before[0])+math.Abs(w[1]-before[1]) > 1e-6 {
		t.Errorf("%v %v %v", at, w, before)
	}
	instance := `{"type":"CityJSON","version":"2.0","CityObjects":{"t":{"type":"SolitaryVegetationObject","geometry":[{"type":"GeometryInstance","template":0,"boundaries":[0],"transformationMatrix":[2,0,0,0,0,2,0,0,0,0,2,0,0,0,0,1]}]}},"vertices":[[100,200,5]],"geometry-templates":{"templates":[{"type":"MultiSurface","lod":"2","boundaries":[[[0,1,2]]]}],"vertices-templates":[[0,0,0],[1,0,0],[0,1,0]]}}`
	m = readFile(t, filepath.Join(write(t, map[string][]byte{"a.json": []byte(instance)}), "a.json"), Options{})
	if len(m.Faults) != 0 || m.Vertices[2] != (Vec{102, 200, 5}) {
		t.Errorf("%v %+v", m.Vertices, m.Faults)
	}
}

// Each bad input says what is wrong and where; nothing is read half.
func TestBadInputs(t *testing.T) {
	var bomb bytes.Buffer
	w := zip.NewWriter(&bomb)
	f, _ := w.Create("a.csv")
	_, _ = f.Write(make([]byte, 8<<20))
	_ = w.Close()
	var climb bytes.Buffer
	w = zip.NewWriter(&climb)
	_, _ = w.Create("../../etc/passwd")
	_ = w.Close()
	var nested bytes.Buffer
	w = zip.NewWriter(&nested)
	_, _ = w.Create("inner.zip")
	_ = w.Close()
	var mixed bytes.Buffer
	w = zip.NewWriter(&mixed)
	for n, body := range map[string]string{"a.geojson": `{"type":"FeatureCollection","features":[]}`, "b.asc": "ncols 1\n"} {
		f, _ := w.Create(n)
		_, _ = f.Write([]byte(body))
	}
	_ = w.Close()
	for _, c := range []struct {
		name, body, code string
		line             int
	}{
		{"a.json", "", FaultNothing, 0}, {"a.json", "{", FaultCut, 0}, {"a.xyz", "hello", FaultUnknown, 0}, {"a.json", `{"name":"x"}`, FaultUnknown, 0},
		{"a.json", `{"type":"CityJSON","version":"3.0","CityObjects":{},"vertices":[]}`, FaultSupport, 1}, {"a.json", `{"type":"CityJSON","version":"2.0","CityObjects":{"a":{"type":"Building","geometry":[{"type":"Solid","lod":"1","boundaries":[[0]]}]}},"vertices":[]}`, FaultBroken, 1},
		{"a.json", "{\"type\":\"CityJSON\",\"version\":\"2.0\",\n\"CityObjects\":{\"a\":{\"type\":7}}}", FaultBroken, 2}, {"a.json", `{"type":"CityJSON","CityObjects":{"a":{"type":"Building"}}}`, FaultMissing, 1},
		{"a.json", `{"type":"CityJSON","version":"2.0","CityObjects":{"a":{"type":"B","geometry":[{"type":"MultiSurface","lod":"1","boundaries":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}]}},"vertices":[]}`, FaultBroken, 1},
		{"a.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[1]]]}}]}`, FaultBroken, 1},
		{"a.geojson", "{\"type\":\"FeatureCollection\",\"features\":[\n{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Circle\"}}]}", FaultBroken, 2},
		{"a.geojson", `{"type":"Point","coordinates":[1,2]} x`, FaultBroken, 1}, {"a.geojson", `{"type":"Point","coordinates":[1e999,2]}`, FaultBroken, 0},
		{"a.shp", string(append(be(9994), make([]byte, 96)...)) + "\x00\x00\x00\x01\x7f\xff\xff\xff", FaultBroken, 0}, {"a.shp", "nonsense", FaultBroken, 0},
		{"a.gpkg", "SQLite format 3\x00" + strings.Repeat("x", 4000), FaultBroken, 0}, {"a.obj", "v 1 2\n", FaultBroken, 1}, {"a.obj", "v 1 2 3\nf 1 2 9\n", FaultRefers, 2},
		{"a.glb", "glTF\x02\x00\x00\x00\xff\xff\xff\xff\x00\x00\x00\x00JSON", FaultCut, 0}, {"a.asc", "ncols 3\nnrows 2\ncellsize 1\nxllcorner 0\nyllcorner 0\n1 2 3\n4 x 6\n", FaultNumber, 7}, {"a.asc", "ncols 3\nnrows 2\ncellsize 1\n1 2 3", FaultCut, 4}, {"a.asc", "ncols 999999999\nnrows 999999999\ncellsize 1\n1", FaultBroken, 4},
		{"a.tif", "II*\x00\xff\xff\xff\x7f", FaultBroken, 0}, {"a.las", "LASF", FaultCut, 0}, {"a.csv", "甲,乙\n1,2\n", FaultColumns, 0}, {"a.inp", "[PIPES]\n", FaultNothing, 0}, {"a.inp", "junk\n[PIPES]\n a b c 1 1\n", FaultBroken, 1},
		{"a.zip", bomb.String(), FaultLimit, 0}, {"a.zip", climb.String(), FaultBroken, 0}, {"a.zip", nested.String(), FaultSupport, 0}, {"a.zip", mixed.String(), FaultUnknown, 0}, {"a.zip", "PK\x03\x04 broken", FaultBroken, 0},
	} {
		err := tryRead(write(t, map[string][]byte{c.name: []byte(c.body)})+"/"+c.name, Limits{})
		var f *FileFault
		if !errors.As(err, &f) || f.Code != c.code || f.Zh == "" || f.En == "" || c.line > 0 && f.Where.Line != c.line {
			t.Errorf("%s %.60q: %v (%+v), want %s at line %d", c.name, c.body, err, f, c.code, c.line)
		}
	}
	var over *FileFault
	if err := tryRead(write(t, map[string][]byte{"a.obj": []byte("v 1 2 3\nv 1 2 3\nv 1 2 4\n")})+"/a.obj", Limits{Vertices: 2}); !errors.As(err, &over) || over.Code != FaultLimit {
		t.Errorf("%v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	d, err := Open(write(t, map[string][]byte{"a.obj": []byte("v 1 2 3\n")})+"/a.obj", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Read(ctx, d, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func tryRead(name string, l Limits) error {
	d, err := Open(name, l)
	if err != nil {
		return err
	}
	defer d.Close()
	m, err := Read(context.Background(), d, Options{Limits: l})
	if err == nil {
		_ = m.Settle()
	}
	return err
}

// Whatever is handed in, nothing panics: good files with bytes changed, cut off and doubled.
func TestNothingPanics(t *testing.T) {
	seeds := map[string][]byte{}
	for name, body := range shapeFiles(t) {
		seeds[name] = body
	}
	seeds["a.json"] = []byte(`{"type":"CityJSON","version":"2.0","transform":{"scale":[1,1,1],"translate":[0,0,0]},"CityObjects":{"a":{"type":"Building","geometry":[{"type":"Solid","lod":"2","boundaries":[[[[0,1,2]],[[0,2,3]],[[0,3,1]],[[1,3,2]]]],"semantics":{"surfaces":[{"type":"RoofSurface"}],"values":[[0,null,0,0]]}}]}},"vertices":[[0,0,0],[1,0,0],[0,1,0],[0,0,1]]}`)
	seeds["a.geojson"] = []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":{"type":"GeometryCollection","geometries":[{"type":"MultiPolygon","coordinates":[[[[1,2],[3,4],[5,6],[1,2]]]]},{"type":"LineString","coordinates":[[1,2,3],[4,5,6]]}]}}]}`)
	seeds["a.obj"] = []byte("v 1 2 3\nv 4 5 6\nv 7 8 10\nf 1 2 3\nl 1 2\n")
	seeds["a.asc"] = []byte("ncols 2\nnrows 2\nxllcenter 0\nyllcenter 0\ncellsize 1\n1 2 3 4\n")
	seeds["a.inp"] = []byte("[JUNCTIONS]\nA 1\nB 2\n[CONDUITS]\nC A B 10 0.01 0 0\n[XSECTIONS]\nC CIRCULAR 1 0 0 0\n[COORDINATES]\nA 1 2\nB 3 4\n[VERTICES]\nC 2 3\n")
	seeds["a.csv"] = []byte("点号,X,Y,地面高程\nA,1,2,3\n")
	seeds["a.las"] = append([]byte("LASF"), make([]byte, 400)...)
	seeds["a.las"][24], seeds["a.las"][25], seeds["a.las"][94] = 1, 2, 227
	seeds["tileset.json"] = []byte(`{"asset":{"version":"1.0"},"geometricError":1,"root":{"boundingVolume":{"region":[1,0,1.1,0.1,0,10]},"geometricError":1,"refine":"ADD","children":[{"boundingVolume":{"sphere":[1,2,3,4]},"geometricError":0}]}}`)
	seeds["a.tif"] = append([]byte("II*\x00\x08\x00\x00\x00\x03\x00"), le(uint16(256), uint16(3), uint32(1), uint32(2), uint16(257), uint16(3), uint32(1), uint32(2), uint16(258), uint16(3), uint32(1), uint32(16), uint32(0))...)
	state := uint64(20261127)
	next := func(n int) int {
		state = state*6364136223846793005 + 1442695040888963407
		return int(state>>33) % max(n, 1)
	}
	dir := t.TempDir()
	for name, seed := range seeds {
		for range 80 {
			body := bytes.Clone(seed)
			for range 1 + next(4) {
				switch at := next(len(body)); next(4) {
				case 0:
					body[at%len(body)] = byte(next(256))
				case 1:
					body = body[:at+1]
				case 2:
					body = append(body[:at:at], append(bytes.Clone(body[at/2:at]), body[at:]...)...)
				default:
					body[at%len(body)] ^= 1 << next(8)
				}
				if len(body) == 0 {
					body = []byte{0}
				}
			}
			file := filepath.Join(dir, name)
			if err := os.WriteFile(file, body, 0o644); err != nil {
				t.Fatal(err)
			}
			if ext := filepath.Ext(name); ext == ".dbf" || ext == ".prj" {
				if err := os.WriteFile(filepath.Join(dir, "楼栋.shp"), seeds["楼栋.shp"], 0o644); err != nil {
					t.Fatal(err)
				}
				file = filepath.Join(dir, "楼栋.shp")
			}
			if name == "tileset.json" { // alone in a folder
				file = filepath.Join(dir, "t", name)
				_ = os.MkdirAll(filepath.Dir(file), 0o755)
				_ = os.WriteFile(file, body, 0o644)
			}
			_ = tryRead(file, Limits{Cells: 1 << 20, Vertices: 1 << 16})
		}
	}
}

func FuzzWKB(f *testing.F) {
	f.Add(le(uint8(1), uint32(3), uint32(1), uint32(4), 1., 2., 3., 4., 5., 6., 1., 2.))
	f.Add(le(uint8(1), uint32(1007), uint32(2), uint8(1), uint32(1001), 1., 2., 3., uint8(0)))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := &reading{ctx: context.Background(), m: &Model{}, o: Options{Limits: Limits{}.withDefaults()}}
		g := wkb{r: r, b: b}
		_ = g.geometry(&Object{}, 0)
	})
}

func FuzzBoundaries(f *testing.F) {
	f.Add([]byte("[[[0,1,2]]]"), 3)
	f.Add([]byte("[[null,1],null]"), 0)
	f.Fuzz(func(t *testing.T, b []byte, deep int) {
		n := nested{text: b, nulls: deep == 0}
		_, _ = n.parse(deep % 6)
	})
}

func FuzzWKT(f *testing.F) {
	f.Add(`GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]]]`)
	f.Fuzz(func(t *testing.T, s string) { _, _ = frameOfWKT(s) })
}
