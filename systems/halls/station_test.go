package halls

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/systems/halls/kiosk"
)

// A station is open by its calendar; a device counts as working while it can be heard and
// nothing stops it; a helper is there in their shift, and at one place only.
func TestStations(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		who := h.operator(t)
		m := h.device(t, who, "park-xinan")
		m.beat(kiosk.DeviceBeat{Version: "1", Supplies: full})
		at := func(code string) StationHead {
			t.Helper()
			all, err := h.Stations(ctx, account.Actor{})
			if err != nil || len(all) != 10 {
				t.Fatal(len(all), err)
			}
			for _, x := range all {
				if x.Code == code {
					return x
				}
			}
			t.Fatal(code)
			return StationHead{}
		}
		if x := at("park-xinan"); !x.Open || x.Devices != 1 || x.Working != 1 || x.Helper || x.Mine {
			t.Errorf("%+v", x)
		}
		if x := at("park-fuhai"); !x.Open || !x.Round {
			t.Errorf("round the clock: %+v", x)
		}
		m.beat(kiosk.DeviceBeat{Version: "1", Supplies: full, Faults: []string{"E103"}})
		licences := func() int {
			for _, f := range at("park-xinan").Functions {
				if f.Code == "licence" {
					return f.Working
				}
			}
			return -1
		}
		if x := at("park-xinan"); x.Working != 1 || licences() != 0 {
			t.Errorf("a wrong blank sheet stops licences alone: %+v", x)
		}
		m.beat(kiosk.DeviceBeat{Version: "1", Supplies: full, Locked: true})
		if x := at("park-xinan"); x.Working != 0 {
			t.Errorf("locked: %+v", x)
		}
		keeper := h.staff(t, "keeper", "st-xinan", "station_keeper")
		helper := h.staff(t, "helper", "st-xinan", "greeter")
		x, err := h.stationFor(keeper, "park-xinan", "station_keeper")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.stationFor(keeper, "park-xixiang", "station_keeper"); err == nil {
			t.Error("another street's station")
		}
		now := h.Store.Now()
		if _, err := h.PutShift(ctx, keeper, x, h.staff(t, "stranger", "st-xixiang", "greeter").Account, now, now.Add(time.Hour)); err == nil {
			t.Error("who does not work there was put on")
		}
		if _, err := h.PutShift(ctx, keeper, x, helper.Account, now, now); err == nil {
			t.Error("a shift of nothing")
		}
		shift, err := h.PutShift(ctx, keeper, x, helper.Account, now.Add(-time.Hour), now.Add(3*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.PutShift(ctx, keeper, x, helper.Account, now, now.Add(time.Hour)); code(err) != "overlaps" {
			t.Errorf("at two at once: %v", err)
		}
		if !at("park-xinan").Helper {
			t.Error("nobody helps")
		}
		if err := h.LogHelp(ctx, helper, x, StationHelp{Kind: "assisted", Minutes: 12, Grade: 5}); err != nil {
			t.Fatal(err)
		}
		if err := m.hand(m.entry(kiosk.Visit, kiosk.VisitEntry{Function: "apply", Item: "a", Grade: 4}, nil), m.entry(kiosk.Visit, kiosk.VisitEntry{Function: "apply", Item: "b", Helped: true}, nil), m.entry(kiosk.Visit, kiosk.VisitEntry{Function: "print", Grade: 2}, nil)); err != nil {
			t.Fatal(err)
		}
		if err := h.CallHelper(ctx, m.signed(), "不会用"); err != nil {
			t.Fatal(err)
		}
		if err := h.CallHelper(ctx, m.signed(), "再按一次"); err != nil {
			t.Fatal(err)
		}
		if calls, _ := h.HelpCalls(ctx, "park-xinan"); len(calls) != 1 {
			t.Errorf("pressed twice, called %d times", len(calls))
		}
		h.pass(9 * time.Minute)
		month, err := h.StationMonth(ctx, x, "2026-11")
		if err != nil {
			t.Fatal(err)
		}
		if month.Visits != 4 || month.Self != 2 || *month.SelfShare != 0.5 || month.Items != 2 || month.Assisted != 1 || month.Hours != 4 || month.Grades != 3 || *month.Content < 0.66 || *month.Content > 0.67 || month.Devices != 1 {
			t.Errorf("%+v %v %v", month, *month.SelfShare, *month.Content)
		}
		if month.Availability == nil || *month.Availability < 0.1 || *month.Availability > 0.12 {
			t.Errorf("heard in 1 of 9 minutes: %v", month.Availability)
		}
		for format, head := range map[string]string{"pdf": "%PDF", "docx": "PK", "xlsx": "PK", "csv": "\uFEFF站点"} {
			var out bytes.Buffer
			if err := h.WriteMonths(&out, format, "2026-11", "试", []StationMonth{month}); err != nil || !strings.HasPrefix(out.String(), head) {
				t.Errorf("%s: %v", format, err)
			}
		}
		if _, err := h.StationMonth(ctx, x, "November"); err == nil {
			t.Error("no month")
		}
		if list, err := h.StationMonths(ctx, keeper, "2026-11", ""); err != nil || len(list) != 1 {
			t.Errorf("a street's keeper sees %d stations, %v", len(list), err)
		}
		if err := h.EndShift(ctx, x, shift.ID); err != nil || at("park-xinan").Helper {
			t.Errorf("taken back: %v", err)
		}
		if err := h.EndShift(ctx, x, store.ID(1)); err == nil {
			t.Error("a shift that is not there")
		}
		h.set(time.Date(2026, 11, 28, 10, 0, 0, 0, friday.Location())) // Saturday
		if s := at("park-xinan"); s.Open || h.local(s.Opens.Time).Weekday() != time.Monday || s.Working != 0 {
			t.Errorf("on Saturday: %+v", s)
		}
	})
}
