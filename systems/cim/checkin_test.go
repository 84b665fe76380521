package cim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"shanzhi/core/account"
	"shanzhi/core/blob"
	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/systems/cim/check"
)

// outlineFile is a GeoJSON of buildings, each a code and a corner in metres.
func outlineFile(list map[string][2]float64, more string) string {
	var all []string
	for code, at := range list {
		x, y := 490000+at[0], 2500000+at[1]
		all = append(all, fmt.Sprintf(`{"type":"Feature","id":%q,"properties":{"type":"building","code":%q,"owner":"联系 13912345678"%s},"geometry":{"type":"Polygon","coordinates":[[[%[4]f,%[5]f],[%[6]f,%[5]f],[%[6]f,%[7]f],[%[4]f,%[7]f],[%[4]f,%[5]f]]]}}`, "b"+code[len(code)-3:], code, more, x, y, x+10, y+10))
	}
	return `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4547"}},"features":[` + strings.Join(all, ",") + `]}`
}

// A file is checked by itself, published by a second person, and what it holds has its source and its past.
func TestCheckIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		dir := t.TempDir()
		h.Files = &blob.Files{Store: h.Store, Place: blob.Folder(dir), Temp: dir}
		first, second := h.actor(t, keeperRole), h.actor(t, keeperRole)
		objects, err := h.Places.Objects(ctx, h.Store, `kind = 'building' AND until = '' ORDER BY id LIMIT 2`)
		if err != nil || len(objects) < 2 {
			t.Fatal(err)
		}
		a, b := objects[0].Codes[place.House], objects[1].Codes[place.House]
		hand := func(name, text string, d Delivered) CheckIn {
			t.Helper()
			d.Name = name
			c, err := h.HandIn(ctx, first, d, strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if worked, err := h.WorkCheckIn(ctx); err != nil || !worked {
				t.Fatalf("%v %v", worked, err)
			}
			if c, err = h.checkIn(ctx, h.Store, first, c.ID); err != nil {
				t.Fatal(err)
			}
			return c
		}
		const unknown = "4403069990010199999"
		c := hand("楼栋.geojson", outlineFile(map[string][2]float64{a: {0, 0}, b: {20, 0}, unknown: {40, 0}}, ""), Delivered{Layer: "buildings", Source: "测绘院", Epoch: "2026-11-01"})
		if c.State != CheckInChecked || c.Objects != 3 || c.Sound != 2 || c.Errors != 1 || c.Report.System != "EPSG:4547" {
			t.Fatalf("%+v %+v", c, c.Report)
		}
		// Nobody publishes what they handed in; with errors the rest is published only where that is said.
		if _, err := h.Decide(ctx, first, c.ID, c.Version, "publish", "好", true, "", ""); codeOf(err) != "checkin_same_person" {
			t.Errorf("%v", err)
		}
		if _, err := h.Decide(ctx, first, c.ID, c.Version, "refuse", "不好", false, "", ""); codeOf(err) != "checkin_same_person" {
			t.Errorf("%v", err)
		}
		if _, err := h.Decide(ctx, second, c.ID, c.Version, "publish", "好", false, "", ""); codeOf(err) != "checkin_partial" {
			t.Errorf("%v", err)
		}
		if _, err := h.Decide(ctx, second, c.ID, c.Version+7, "publish", "好", true, "", ""); codeOf(err) != "conflict" {
			t.Errorf("%v", err)
		}
		if _, err := h.Decide(ctx, second, c.ID, c.Version, "refuse", " ", false, "", ""); codeOf(err) == "" {
			t.Error("sent back without a word")
		}
		if _, err := h.Decide(ctx, second, c.ID, c.Version, "publish", "核对无误", true, "", ""); err != nil {
			t.Fatal(err)
		}
		if worked, err := h.WorkCheckIn(ctx); err != nil || !worked {
			t.Fatal(err)
		}
		c, err = h.checkIn(ctx, h.Store, second, c.ID)
		if err != nil || c.State != CheckInPublished || c.Added != 2 || c.Changed != 0 {
			t.Fatalf("%+v %v", c, err)
		}
		if _, err := h.Decide(ctx, second, c.ID, c.Version, "publish", "好", true, "", ""); codeOf(err) != "refused_state" {
			t.Errorf("published twice: %v", err)
		}
		type row struct {
			Ext, Code, Source, Epoch, Attributes, Shapes string
			Place                                        *int64
			West                                         float64
		}
		standing := func() map[string]row {
			list, err := store.Select[row](ctx, h.Store, `SELECT ext, code, source, epoch, attributes, shapes, place, west FROM cim_city_object WHERE layer = 'buildings' AND until IS NULL`)
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]row{}
			for _, r := range list {
				out[r.Code] = r
			}
			return out
		}
		now := standing()
		if len(now) != 2 || now[a].Place == nil || *now[a].Place != int64(objects[0].ID) || now[a].Source != "测绘院" || now[a].Epoch != "2026-11-01" || now[a].West < 113.8 || now[a].West > 114 {
			t.Errorf("%+v", now)
		}
		if strings.Contains(now[a].Attributes, "13912345678") {
			t.Error("a phone number is in the records")
		}
		// Another epoch: one building moved, the other as it was. Its past stays.
		c = hand("楼栋2.geojson", outlineFile(map[string][2]float64{a: {0, 0}, b: {25, 0}}, ""), Delivered{Layer: "buildings", Epoch: "2026-11-20"})
		if c, err = h.Decide(ctx, second, c.ID, c.Version, "publish", "好", false, "", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := h.WorkCheckIn(ctx); err != nil {
			t.Fatal(err)
		}
		if c, err = h.checkIn(ctx, h.Store, second, c.ID); err != nil || c.Added != 0 || c.Changed != 1 || c.Unchanged != 1 {
			t.Errorf("%+v %v", c, err)
		}
		if n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM cim_city_object WHERE layer = 'buildings'`); err != nil || n != 3 || len(standing()) != 2 {
			t.Errorf("%d rows: %v", n, err)
		}
		changes, err := store.Select[string](ctx, h.Store, `SELECT kind FROM cim_city_change ORDER BY id`)
		if err != nil || strings.Join(changes, " ") != "insert insert update" {
			t.Errorf("%v %v", changes, err)
		}
		// Without a system it is not published until somebody says which; then it is.
		bare := strings.Replace(outlineFile(map[string][2]float64{a: {0, 0}}, ""), "EPSG:4547", "", 1)
		c = hand("无坐标系.geojson", bare, Delivered{Layer: "bare"})
		if c.Report.Refused != "crs_undeclared" || c.Objects != 0 {
			t.Errorf("%+v", c.Report)
		}
		if _, err := h.Decide(ctx, second, c.ID, c.Version, "publish", "好", true, "", ""); codeOf(err) != "checkin_unsound" {
			t.Errorf("%v", err)
		}
		if _, err := h.Decide(ctx, second, c.ID, c.Version, "recheck", "", false, "北京54", ""); codeOf(err) != "crs_unknown" {
			t.Errorf("%v", err)
		}
		if c, err = h.Decide(ctx, second, c.ID, c.Version, "recheck", "", false, "gk3/114", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := h.WorkCheckIn(ctx); err != nil {
			t.Fatal(err)
		}
		if c, err = h.checkIn(ctx, h.Store, second, c.ID); err != nil || c.State != CheckInChecked || c.Sound != 1 {
			t.Errorf("%+v %v", c, err)
		}
		// What cannot be read says why.
		c = hand("坏.geojson", `{"type":"FeatureCollection","features":[{`, Delivered{})
		if c.State != CheckInFailed || c.Fault == nil || c.Fault.Zh == "" || c.Fault.Where.Line != 1 {
			t.Errorf("%+v %+v", c, c.Fault)
		}
		if _, err := h.Decide(ctx, first, c.ID, c.Version, "withdraw", "", false, "", ""); err != nil {
			t.Error(err)
		}
		for _, bad := range []Delivered{{Name: ""}, {Name: "x", CRS: "EPSG:1"}, {Name: "x", Heights: "sea"}, {Name: "x", Epoch: "tomorrow"}} {
			if _, err := h.HandIn(ctx, first, bad, strings.NewReader("x")); codeOf(err) == "" {
				t.Errorf("%+v was taken: %v", bad, err)
			}
		}
		if _, err := h.HandIn(ctx, first, Delivered{Name: "x.json"}, strings.NewReader("")); codeOf(err) == "" {
			t.Error("an empty file was taken")
		}
		list, err := h.CheckIns(ctx, second, "published", 0, 10)
		if err != nil || len(list) != 2 {
			t.Errorf("%d published: %v", len(list), err)
		}
		// The place of a finding can be drawn, and the sheet has them all.
		seq, err := store.Get[int](ctx, h.Store, `SELECT min(seq) FROM cim_finding WHERE checkin = ? AND code = 'C02'`, int64(list[1].ID))
		if err != nil {
			t.Fatal(err)
		}
		p, err := h.FindingPlan(ctx, list[1].ID, seq)
		if err != nil || len(p.Objects) == 0 || !p.Objects[0].Own || p.Finding.Code != "C02" {
			t.Fatalf("%+v %v", p, err)
		}
		var side float64
		for _, r := range p.Objects[0].Rings {
			side = max(side, r.At[1][0]-r.At[0][0])
		}
		if side < 9.9 || side > 10.1 {
			t.Errorf("a side of ten metres is drawn as %g", side)
		}
		var sheet bytes.Buffer
		if err := check.WriteGeoJSON(&sheet, h.findingsOf(ctx, list[1].ID)); err != nil || !json.Valid(sheet.Bytes()) || !strings.Contains(sheet.String(), `"C02"`) {
			t.Errorf("%v %s", err, sheet.String())
		}
	})
}

// A check that was cut off is begun again, and a publishing goes on where it was.
func TestCheckInGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *cimHouse) {
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		dir := t.TempDir()
		h.Files = &blob.Files{Store: h.Store, Place: blob.Folder(dir), Temp: dir}
		many := map[string][2]float64{}
		for i := range 900 {
			many[fmt.Sprintf("44030601700101%05d", 10000+i)] = [2]float64{float64(i%30) * 20, float64(i/30) * 20}
		}
		text := strings.ReplaceAll(outlineFile(many, ""), `"code"`, `"number"`)
		for code := range many { // identifiers of their own
			text = strings.Replace(text, `"id":"b`+code[16:]+`"`, `"id":"`+code+`"`, 1)
		}
		c, err := h.HandIn(ctx, account.System(h.dir), Delivered{Name: "m.geojson", Layer: "many"}, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.exec(ctx, `UPDATE cim_checkin SET state = 'checking'`); err != nil {
			t.Fatal(err)
		}
		work := func() {
			run, cancel := context.WithCancel(ctx)
			done := make(chan struct{})
			go func() { h.workCheckIns(run); close(done) }()
			for {
				got, err := h.checkIn(ctx, h.Store, h.actor(t, keeperRole), c.ID)
				if err != nil {
					t.Error(err)
					break
				}
				if c = got; c.State != CheckInQueued && c.State != CheckInChecking && c.State != CheckInPublishing {
					break
				}
			}
			cancel()
			<-done
		}
		work()
		if c.State != CheckInChecked || c.Sound != 900 {
			t.Fatalf("%+v %+v", c, c.Report)
		}
		// As if half of it had been published when the process ended.
		if c, err = h.Decide(ctx, h.actor(t, keeperRole), c.ID, c.Version, "publish", "好", false, "", ""); err != nil {
			t.Fatal(err)
		}
		work()
		if c.State != CheckInPublished || c.Added != 900 {
			t.Fatalf("%+v", c)
		}
		if err := h.exec(ctx, `UPDATE cim_checkin SET state = 'publishing', done = 400, added = 400`); err != nil {
			t.Fatal(err)
		}
		work()
		if n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM cim_city_object WHERE layer = 'many'`); err != nil || n != 900 || c.Unchanged != 500 {
			t.Errorf("%d objects, %d unchanged: %v", n, c.Unchanged, err)
		}
	})
}

func (h *cimHouse) exec(ctx context.Context, query string) error {
	return h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, query)
		return err
	})
}
