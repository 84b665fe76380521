package gate_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/gate"
	"shanzhi/core/store"
)

func open(t *testing.T) *store.Store {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "x.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Migrate(ctx, audit.Room(), account.Room()); err != nil {
		t.Fatal(err)
	}
	return s
}

var columns = []gate.Column{{Name: "no", Title: "编号"}, {Name: "text", Title: "内容", Class: gate.Free}, {Name: "name", Title: "姓名", Class: gate.Name}, {Name: "phone", Title: "电话", Class: gate.Phone},
	{Name: "address", Class: gate.Internal}, {Name: "lon", Class: gate.Longitude}, {Name: "lat", Class: gate.Latitude}, {Name: "at"}}

const canary = "13912345678"

func rows(_ context.Context, _ account.Scope, row gate.Row) error {
	lon, lat := 113.8841234, 22.5561234
	at := store.At(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	// The caller forgot to mask: the gate does not.
	if err := row("A1", "我是欧阳金丝雀，电话"+canary, "欧阳金丝雀", canary, "某花园，电话"+canary, &lon, &lat, at); err != nil {
		return err
	}
	return row("=1+1", "@SUM(A1)", "", "", "", (*float64)(nil), (*float64)(nil), store.Time{})
}

func export(t *testing.T, s *store.Store, r gate.Request) (string, int64) {
	t.Helper()
	if r.Actor.Kind == "" {
		r.Actor = account.System(account.NewDirectory(s))
	}
	r.Purpose, r.What = "检查", "things"
	r.Zone = time.FixedZone("CST", 8*3600)
	var b bytes.Buffer
	g := gate.Gate{Store: s}
	n, err := g.Export(context.Background(), r, columns, &b, rows)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), n
}

func TestPersonsLeaveMaskedOrNotAtAll(t *testing.T) {
	s := open(t)
	for _, form := range []gate.Form{gate.CSV, gate.XLSX, gate.GeoJSON, gate.JSON} {
		for _, r := range []gate.Request{{Form: form}, {Form: form, Open: true}, {Form: form, Open: true, Free: true}} {
			out, n := export(t, s, r)
			if form == gate.XLSX {
				out = cells(t, out)
			}
			if n != 2 {
				t.Errorf("%s: %d rows", form, n)
			}
			for _, secret := range []string{canary, "金丝雀"} {
				if strings.Contains(out, secret) {
					t.Errorf("%+v: %s in\n%s", r, secret, out)
				}
			}
			if has := strings.Contains(out, "139****5678"); has == r.Open {
				t.Errorf("%+v: a masked phone is there: %v\n%s", r, has, out)
			}
			if r.Open && (strings.Contains(out, "某花园") || strings.Contains(out, "113.8841")) {
				t.Errorf("%+v: a doorstep left\n%s", r, out)
			}
			if r.Open && !strings.Contains(out, "113.884") {
				t.Errorf("%+v: no place left\n%s", r, out)
			}
		}
	}
}

func cells(t *testing.T, workbook string) string {
	t.Helper()
	x, err := excelize.OpenReader(strings.NewReader(workbook))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	all, err := x.GetRows(x.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range all {
		out = append(out, strings.Join(r, "\t"))
	}
	return strings.Join(out, "\n")
}

func TestNoFormulaLeaves(t *testing.T) {
	s := open(t)
	out, _ := export(t, s, gate.Request{Form: gate.CSV, Lines: true})
	all, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if all[0][0] != "no" || all[2][0] != "'=1+1" || all[2][1] != "'@SUM(A1)" {
		t.Errorf("%q", all)
	}
	if out, _ = export(t, s, gate.Request{Form: gate.CSV}); !strings.HasPrefix(out, "\ufeff编号,内容,姓名") {
		t.Errorf("for people: %q", out)
	}
}

func TestGeoJSONIsWhole(t *testing.T) {
	out, _ := export(t, open(t), gate.Request{Form: gate.GeoJSON})
	var v struct {
		Type     string
		Features []struct {
			Type       string
			Geometry   *struct{ Coordinates [2]float64 }
			Properties map[string]any
		}
	}
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if v.Type != "FeatureCollection" || len(v.Features) != 2 || v.Features[0].Geometry.Coordinates != [2]float64{113.8841234, 22.5561234} || v.Features[1].Geometry != nil ||
		v.Features[0].Properties["at"] != "2026-01-02T11:04:05+08:00" || v.Features[1].Properties["at"] != nil {
		t.Errorf("%s", out)
	}
	if _, has := v.Features[0].Properties["lon"]; has {
		t.Error("the coordinates stand twice")
	}
}

// Who takes what out, why and how much is recorded before and after, without
// what they searched for being somebody's number.
func TestExportsAreRecorded(t *testing.T) {
	s := open(t)
	ctx := context.Background()
	g := gate.Gate{Store: s}
	who := account.System(account.NewDirectory(s))
	r := gate.Request{Actor: who, Purpose: "专报", What: "things", Form: gate.CSV, Filter: map[string]string{"q": canary}}
	var out bytes.Buffer
	begun := func(context.Context, account.Scope, gate.Row) error {
		var n int
		if err := s.QueryRow(ctx, `SELECT count(*) FROM audit WHERE action = 'export.begin'`).Scan(&n); err != nil || n != 1 {
			t.Errorf("%d records before the first byte, %v", n, err)
		}
		if out.Len() != 0 {
			t.Error("bytes left before")
		}
		return nil
	}
	if _, err := g.Export(ctx, r, columns, &out, begun); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if n, err := g.Export(ctx, r, columns, &out, func(_ context.Context, _ account.Scope, row gate.Row) error {
		return errors.Join(row("A", "", "", "", "", nil, nil, nil), broken)
	}); !errors.Is(err, broken) || n != 1 {
		t.Errorf("%d %v", n, err)
	}
	type record struct{ Action, Object, Reason, Detail string }
	all, err := store.Select[record](ctx, s, `SELECT action, object, reason, detail FROM audit ORDER BY id`)
	if err != nil || len(all) != 4 {
		t.Fatalf("%v %v", all, err)
	}
	if all[0].Object != all[1].Object || all[0].Object == all[2].Object || all[1].Action != "export.end" || !strings.Contains(all[1].Detail, `"rows":0`) || all[0].Reason != "专报" ||
		!strings.Contains(all[3].Detail, `"rows":1`) || !strings.Contains(all[3].Detail, "cut off") || !strings.Contains(all[0].Detail, `"q":"139****5678"`) {
		t.Errorf("%v", all)
	}
	for _, c := range []struct {
		change func(*gate.Request)
		want   error
	}{{func(r *gate.Request) { r.Purpose = " " }, gate.ErrPurpose}, {func(r *gate.Request) { r.Actor = account.NewActor(account.NewDirectory(s), account.Account{}) }, gate.ErrScope}} {
		refused := r
		c.change(&refused)
		out.Reset()
		if _, err := g.Export(ctx, refused, columns, &out, rows); !errors.Is(err, c.want) || out.Len() > 0 {
			t.Errorf("%v, %d bytes; want %v", err, out.Len(), c.want)
		}
	}
	if _, err := g.Export(ctx, r, columns, &out, func(_ context.Context, _ account.Scope, row gate.Row) error { return row("short") }); err == nil {
		t.Error("a row of the wrong length left")
	}
}
