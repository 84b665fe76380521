package appeals

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/districts"
)

const citySecret = "a secret of both sides"

// atCity connects a house to a simulated city, each calling the other's own
// handler.
func (h *house) atCity(seed uint64, faults adapter.CityFaults) *adapter.CitySimulator {
	srv := httpapi.New(h.Store, h.Accounts, "test", slog.New(slog.DiscardHandler))
	h.Mount(srv)
	down := &adapter.CityPeer{URL: "http://district", Name: "city", Secret: citySecret, Client: &http.Client{Transport: adapter.Inside{Handler: srv.Handler()}}}
	city := adapter.NewCitySimulator(down, citySecret, h.Store.Now, h.Zone(), seed, faults)
	h.City = &adapter.CityPeer{URL: "http://city", Name: "district", Secret: citySecret, Client: &http.Client{Transport: adapter.Inside{Handler: city}}, Now: h.Store.Now}
	return city
}

func (h *house) cityMatter(t testing.TB, no string) (*CityOrder, *caseflow.Matter) {
	t.Helper()
	o, err := h.cityOrder(context.Background(), h.Store, "o.no = ?", no)
	if err != nil || o == nil {
		t.Fatal(no, o, err)
	}
	m, err := caseflow.Get(context.Background(), h.Store, o.Matter)
	if err != nil {
		t.Fatal(err)
	}
	return o, m
}

// agreed holds both sides to the same standing.
func (h *house) agreed(t testing.TB, city *adapter.CitySimulator, no string) {
	t.Helper()
	o, _ := h.cityMatter(t, no)
	theirs, ok := city.Standing(no)
	if found := h.differences(no, o, &theirs); !ok || len(found) > 0 || theirs.Down != o.Down || theirs.Up != o.Up {
		t.Errorf("%s: %+v; ours %+v, theirs %+v", no, found, o, theirs)
	}
}

// An order from being sent down to the city's rating, with its deadline.
func TestCityOrderLife(t *testing.T) { onDesks(t, cityOrderLife) }

func cityOrderLife(t *testing.T, d *deskCast) {
	ctx := context.Background()
	city := d.atCity(1, adapter.CityFaults{})
	soon := adapter.AtCity(d.Store.Now().Add(3 * time.Hour))
	no := city.Order(adapter.CityData{Title: "路灯不亮", Text: "西乡街道流塘社区流塘路路灯坏了，我叫王小明，电话13912345678", Address: "西乡街道流塘路", Item: "C-0301", Class: "normal", Name: "王小明", Phone: "13912345678", Due: soon})
	if n := city.Deliver(ctx); n != 0 {
		t.Fatal(n, "not taken:", city.Refused())
	}
	o, m := d.cityMatter(t, no)
	a, err := getAppeal(ctx, d.Store, m.ID)
	if err != nil || a.Channel != "city" || a.External != no || m.Item == "" || strings.Contains(a.Text, "13912345678") || o.State != adapter.CityDispatched || m.Applicant == 0 {
		t.Fatalf("%+v %+v %+v %v", a, m, o, err)
	}
	if m.TotalDue.Time != soon.Time {
		t.Errorf("the citizen's clock is due %s, the city's deadline is %s", m.TotalDue, soon)
	}
	for _, table := range []string{"city_message", "matter_event", "outbox"} {
		column := map[string]string{"city_message": "body", "matter_event": "data", "outbox": "body"}[table]
		if n := d.count(t, `SELECT count(*) FROM `+table+` WHERE `+column+` LIKE '%13912345678%' OR `+column+` LIKE '%王小明%'`); n != 0 {
			t.Error(table, "keeps who it is")
		}
	}
	if n := d.count(t, `SELECT count(*) FROM city_message WHERE sealed IS NOT NULL`); n != 0 {
		t.Error("the original is kept after it was taken in")
	}
	send := func() {
		t.Helper()
		if _, err := d.SendCity(ctx); err != nil {
			t.Fatal(err)
		}
		d.agreed(t, city, no)
	}

	d.must("dispatcher@platform", m.ID, "dispatch", map[string]any{"unit": "st-xixiang"})
	send()
	if m = d.state(m.ID); !m.DueAt.Before(soon.Add(time.Second)) {
		t.Errorf("the handler sees %s, the city's deadline is %s", m.DueAt, soon)
	}
	// The handling clock itself is the earlier of both: later, the district's own is.
	handle := func() store.Time {
		clocks, err := caseflow.Clocks(ctx, d.Store, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(clocks, func(c caseflow.Clock) bool { return c.Name == "handle" && c.Open() })
		return clocks[i].Due
	}
	if !handle().Equal(soon.Time) {
		t.Errorf("the unit's clock is due %s", handle())
	}
	city.Say(no, adapter.CityDeadline, adapter.CityData{Due: adapter.AtCity(d.Store.Now().AddDate(1, 0, 0))})
	city.Deliver(ctx)
	if own := handle(); own.Before(soon.Time) || own.After(d.Store.Now().AddDate(0, 2, 0)) {
		t.Errorf("with a later deadline of the city's the unit's clock is due %s", own)
	}

	city.Say(no, adapter.CityUrge, adapter.CityData{Note: "请尽快，回电13912345678"})
	city.Deliver(ctx)
	if m = d.state(m.ID); m.Vars["urges"] != 1 || m.State != "signing" {
		t.Errorf("urged: %+v", m)
	}
	d.must("receiver@st-xixiang", m.ID, "sign", nil)
	d.must("handler@st-xixiang", m.ID, "contact", map[string]any{"how": "phone", "reached": true})
	d.must("handler@st-xixiang", m.ID, "reply", map[string]any{"result": "explained", "reply": "经查，该路段路灯因电缆断路熄灭；维修班组更换电缆32米，当晚亮灯，已向诉求人说明"})
	d.must("unit_head@st-xixiang", m.ID, "approve", nil)
	d.must("reviewer@platform", m.ID, "pass", nil)
	send()
	if s, _ := city.Standing(no); s.State != adapter.CityReplied {
		t.Errorf("the city knows %+v", s)
	}
	city.Say(no, adapter.CityRedo, adapter.CityData{Note: "诉求人称仍未修好"})
	city.Deliver(ctx)
	if m = d.state(m.ID); m.State != "handling" || m.Vars["redos"] != 1 {
		t.Errorf("to be redone: %s %v", m.State, m.Vars)
	}
	send()
	d.must("handler@st-xixiang", m.ID, "reply", map[string]any{"result": "explained", "reply": "再次到场，更换灯头两个并通电测试，路段全部亮灯，已电话告知诉求人结果"})
	d.must("receiver@dp-chengguan", d.filed(lamp, "", "dp-chengguan"), "sign", nil) // of another appeal the city hears nothing
	other := d.staff(t, "second head", "st-xixiang", "unit_head")
	if _, err := d.Act(ctx, other, m.ID, 0, []Step{{"approve", nil}}); err != nil {
		t.Fatal(err)
	}
	d.must("reviewer@platform", m.ID, "pass", nil)
	city.Say(no, adapter.CityVisit, adapter.CityData{Solved: "yes", Rating: 5})
	city.Deliver(ctx)
	send()
	o, m = d.cityMatter(t, no)
	if o.State != adapter.CityClosed || o.Rating != 5 || m.State != "closed" {
		t.Errorf("%+v %s", o, m.State)
	}
	ratings, err := ratingsOf(ctx, d.Store, m.ID)
	if err != nil || len(ratings) != 1 || ratings[0].Source != "city" || *ratings[0].Result != 5 {
		t.Errorf("%+v %v", ratings, err)
	}
	if r, err := d.ReconcileCity(ctx, account.System(d.Dir), d.Store.Now().In(d.Zone()).Format(time.DateOnly)); err != nil || r.Differs != 0 || r.Agreed != 1 || r.Theirs != 1 || r.Ours != 1 {
		t.Errorf("%+v %v", r, err)
	}
	d.verified()
}

// A return to the city is asked with a reason of its list, and decided there.
func TestCityReturn(t *testing.T) { onDesks(t, cityReturn) }

func cityReturn(t *testing.T, d *deskCast) {
	ctx := context.Background()
	city := d.atCity(1, adapter.CityFaults{})
	own := d.filed(lamp, "", "")
	if got := d.try("dispatcher@platform", own, "city_return", map[string]any{"reason": []any{"not_duty"}, "basis": reason}); got != "guard" {
		t.Error("an appeal of our own went back to the city:", got)
	}
	var no [2]string
	for i := range no {
		no[i] = city.Order(adapter.CityData{Text: "南山区科技园路灯坏了，请处理", Item: "C-404", ItemName: "没有的事项", Unit: "U-0"})
	}
	city.Deliver(ctx)
	city.Deliver(ctx)
	for i, decides := range []string{adapter.CityAcceptReturn, adapter.CityRefuseReturn} {
		_, m := d.cityMatter(t, no[i])
		d.must("dispatcher@platform", m.ID, "city_return", map[string]any{"reason": []any{"wrong_place"}, "basis": reason})
		if _, err := d.SendCity(ctx); err != nil {
			t.Fatal(err)
		}
		if s, _ := city.Standing(no[i]); s.State != adapter.CityReturning {
			t.Fatalf("%+v", s)
		}
		city.Say(no[i], decides, adapter.CityData{Note: "市平台意见"})
		city.Deliver(ctx)
		d.agreed(t, city, no[i])
		_, m = d.cityMatter(t, no[i])
		if want := []string{"city_returned", "dispatching"}[i]; m.State != want || m.Open != (i == 1) {
			t.Errorf("%s: %s, want %s", decides, m.State, want)
		}
	}
	rec, err := d.City.Order(ctx, no[0])
	if err != nil || rec.State != adapter.CityReturned {
		t.Fatalf("%+v %v", rec, err)
	}
	// Codes without a map hold nothing back, and are work.
	v, err := d.getCity(ctx, nil)
	if err != nil || len(v.Body.Unmapped) != 2 || v.Body.Unmapped[0].N != 2 || !v.Body.Connected || v.Body.Orders != 2 {
		t.Errorf("%+v %v", v.Body, err)
	}
	d.verified()
}

// A report whose code has none of the city's is held until the map has it, and
// what the city refuses lies dead until it is sent again; those after it wait.
func TestCityReportsThatDoNotGetThrough(t *testing.T) { bothStores(t, cityStuck) }

func cityStuck(t *testing.T, h *house) {
	ctx := context.Background()
	city := h.atCity(1, adapter.CityFaults{})
	no := city.Order(adapter.CityData{Text: "南山区科技园路灯坏了，请处理"})
	city.Deliver(ctx)
	_, m := h.cityMatter(t, no)
	book := *h.district.Load().city
	full := book.theirs
	book.theirs = map[cityCode]string{}
	dist := *h.district.Load()
	dist.city = &book
	h.district.p.Store(&dist)
	disp := h.staff(t, "disp", "pf-zhihui", "dispatcher")
	if _, err := h.Act(ctx, disp, m.ID, 0, []Step{{"city_return", map[string]any{"reason": []any{"wrong_place"}, "basis": reason}}}); err != nil {
		t.Fatal(err)
	}
	if n, err := h.SendCity(ctx); err != nil || n != 0 {
		t.Fatal(n, err)
	}
	if n := h.count(t, `SELECT count(*) FROM city_message WHERE state = 'held'`); n != 1 {
		t.Fatal(n, "held")
	}
	if n := h.count(t, `SELECT count(*) FROM city_unmapped WHERE kind = 'reason' AND NOT theirs AND code = 'wrong_place'`); n != 1 {
		t.Error("not noted as work")
	}
	fixed := book
	fixed.theirs = full
	dist2 := dist
	dist2.city = &fixed
	h.district.p.Store(&dist2)
	h.ahead.Store(int64(time.Hour))
	if n, err := h.SendCity(ctx); err != nil || n != 1 {
		t.Fatal("after the map has it:", n, err)
	}
	h.agreed(t, city, no)

	// The city does not answer: later and later, then dead.
	city.SetFaults(adapter.CityFaults{Fail: 1})
	city.Say(no, adapter.CityRefuseReturn, adapter.CityData{})
	city.Deliver(ctx)
	if _, err := h.Act(ctx, disp, m.ID, 0, []Step{{"dispatch", map[string]any{"unit": "st-xixiang"}}}); err != nil {
		t.Fatal(err)
	}
	var waits []time.Duration
	for range book.Retry.Attempts {
		if n, err := h.SendCity(ctx); n != 0 || err != nil {
			t.Fatal(n, err)
		}
		var next store.Time
		if err := h.Store.QueryRow(ctx, `SELECT next_at FROM city_message WHERE kind = 'sign'`).Scan(&next); err != nil {
			t.Fatal(err)
		}
		if !next.IsZero() {
			waits = append(waits, next.Sub(h.Store.Now()).Round(5*time.Second))
			h.ahead.Add(int64(next.Sub(h.Store.Now()) + time.Second))
		}
	}
	if len(waits) != book.Retry.Attempts-1 || waits[0] != 15*time.Second || waits[1] != 30*time.Second || waits[len(waits)-1] != time.Hour {
		t.Error(waits)
	}
	if n := h.count(t, `SELECT count(*) FROM city_message WHERE state = 'dead'`); n != 1 {
		t.Error(n, "dead")
	}
	city.SetFaults(adapter.CityFaults{})
	h.ahead.Add(int64(24 * time.Hour))
	if n, _ := h.SendCity(ctx); n != 0 {
		t.Error("a dead report was sent by itself")
	}
	var id store.ID
	if err := h.Store.QueryRow(ctx, `SELECT id FROM city_message WHERE state = 'dead'`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	in := &idInput{}
	in.ID.ID = id
	if l, err := h.retryCityMessage(ctx, in); err != nil || l.Body.State != citySent {
		t.Fatal(l, err)
	}
	h.agreed(t, city, no)
}

// With whatever faults, in whatever course: after a reconciliation both sides
// agree on every order, and no matter is doubled or lost.
func TestCityReconciliationAgrees(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { cityAgrees(t, newHouse(t), 40) })
	t.Run("postgres", func(t *testing.T) { cityAgrees(t, newServedHouse(t), 8) })
}

func cityAgrees(t *testing.T, h *house, most int) {
	ctx := context.Background()
	city := h.atCity(1, adapter.CityFaults{})
	disp := h.staff(t, "disp", "pf-zhihui", "dispatcher", "agent", "supervisor")
	done := 0
	rapid.Check(t, func(t *rapid.T) {
		if done++; done > most { // each course is a hundred writes
			return
		}
		rate := rapid.SampledFrom([]float64{0, 0.2, 0.5}).Draw(t, "rate")
		skew := rapid.SampledFrom([]time.Duration{0, 70 * time.Second, time.Hour}).Draw(t, "skew")
		city.SetFaults(adapter.AllFaults(rate, skew))
		var orders []string
		for range rapid.IntRange(4, 25).Draw(t, "steps") {
			pick := func() string {
				if len(orders) == 0 {
					orders = append(orders, city.Invent())
				}
				return rapid.SampledFrom(orders).Draw(t, "order")
			}
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0:
				orders = append(orders, city.Invent())
			case 1:
				city.Say(pick(), rapid.SampledFrom([]string{adapter.CityUrge, adapter.CityAdd, adapter.CityRedo, adapter.CityWithdraw, adapter.CityRefuseReturn, adapter.CityAcceptReturn}).Draw(t, "kind"), adapter.CityData{Note: "市平台说明"})
			case 2:
				city.Say(pick(), adapter.CityVisit, adapter.CityData{Solved: "yes", Rating: rapid.IntRange(1, 5).Draw(t, "rating")})
			case 3:
				city.Deliver(ctx)
			case 4:
				_, _ = h.SendCity(ctx)
			case 5:
				city.React()
			default: // the district does something that it may
				o, err := h.cityOrder(ctx, h.Store, "o.no = ?", pick())
				if err != nil || o == nil {
					continue
				}
				for _, s := range []Step{{"dispatch", map[string]any{"unit": "st-xixiang"}}, {"answer", map[string]any{"reply": "已直接答复诉求人，路灯明天修"}}, {"city_return", map[string]any{"reason": []any{"not_duty"}, "basis": reason}}, {"withdraw", map[string]any{}}} {
					if rapid.Bool().Draw(t, s.Action) {
						_, _ = h.Act(ctx, disp, o.Matter, 0, []Step{s})
					}
				}
			}
		}
		// The line is whole again, and the night comes.
		city.SetFaults(adapter.CityFaults{Skew: skew})
		h.ahead.Add(int64(2 * time.Hour))
		day := h.Store.Now().In(h.Zone())
		var sum CityReconciliation
		for back := range 3 {
			r, err := h.ReconcileCity(ctx, account.System(h.Dir), day.AddDate(0, 0, 1-back).Format(time.DateOnly))
			if err != nil || r.Error != "" {
				t.Fatal(r.Error, err)
			}
			sum.Differs += r.Differs
		}
		if sum.Differs != 0 {
			open, _ := store.Select[CityDifference](ctx, h.Store, `SELECT `+cityDifferenceColumns+cityDifferenceTables+` WHERE d.state = 'open'`)
			t.Fatalf("%d differences stand: %+v", sum.Differs, open)
		}
		for _, no := range orders {
			o, err := h.cityOrder(ctx, h.Store, "o.no = ?", no)
			if err != nil || o == nil {
				t.Fatalf("%s is lost: %v", no, err)
			}
			theirs, _ := city.Standing(no)
			if found := h.differences(no, o, &theirs); len(found) > 0 || theirs.Down != o.Down || theirs.Up != o.Up {
				t.Fatalf("%s: %+v ours %+v theirs %+v", no, found, o, theirs)
			}
			var n int
			if err := h.Store.QueryRow(ctx, `SELECT count(*) FROM appeal WHERE source = 'city' AND external = ?`, no).Scan(&n); err != nil || n != 1 {
				t.Fatalf("%s is %d appeals: %v", no, n, err)
			}
			if diff, err := h.Engine.Verify(ctx, h.Store, o.Matter); err != nil || len(diff) > 0 {
				t.Fatalf("%v %v", diff, err)
			}
		}
	})
}

// What differs is classed, kept, and ended by what somebody decides; what was
// decided is not asked again.
func TestCityDifferences(t *testing.T) { bothStores(t, cityDiffers) }

func cityDiffers(t *testing.T, h *house) {
	ctx := context.Background()
	sup := h.staff(t, "sup", "pf-zhihui", "supervisor", "dispatcher")
	city := h.atCity(1, adapter.CityFaults{})
	book := *h.district.Load().city
	book.Reconcile.Mend = nil
	dist := *h.district.Load()
	dist.city = &book
	h.district.p.Store(&dist)
	day := h.Store.Now().In(h.Zone()).Format(time.DateOnly)
	reconcile := func() (CityReconciliation, map[string]CityDifference) {
		t.Helper()
		r, err := h.ReconcileCity(ctx, sup, day)
		if err != nil {
			t.Fatal(err)
		}
		open, err := store.Select[CityDifference](ctx, h.Store, `SELECT `+cityDifferenceColumns+cityDifferenceTables+` WHERE d.state = 'open'`)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]CityDifference{}
		for _, d := range open {
			out[d.No+" "+d.Kind] = d
		}
		return r, out
	}
	text := adapter.CityData{Text: "西乡街道流塘路路灯坏了，请处理", Due: adapter.AtCity(h.Store.Now().AddDate(0, 0, 5))}
	kept, lost, forgotten, withdrawn := city.Order(text), city.Order(text), city.Order(text), city.Order(text)
	city.Deliver(ctx)
	never := city.Order(text)
	lose := func(no, kind string, d adapter.CityData) {
		city.Say(no, kind, d)
		city.SetFaults(adapter.CityFaults{Lose: 1})
		city.Deliver(ctx)
		city.SetFaults(adapter.CityFaults{})
	}
	lose(lost, adapter.CityDeadline, adapter.CityData{Due: adapter.AtCity(h.Store.Now().AddDate(0, 0, 9))})
	lose(lost, adapter.CityVisit, adapter.CityData{Rating: 2})
	lose(withdrawn, adapter.CityWithdraw, adapter.CityData{})
	city.Forget(forgotten)

	r, open := reconcile()
	if r.Theirs != 4 || r.Ours != 4 || r.Agreed != 1 || len(open) != 5 || r.Differs != 5 {
		t.Fatalf("%+v %v", r, open)
	}
	for _, want := range []string{never + " only_theirs", forgotten + " only_ours", lost + " deadline", lost + " rating", withdrawn + " state"} {
		if _, ok := open[want]; !ok {
			t.Errorf("%s is not found: %v", want, open)
		}
	}
	if again, _ := reconcile(); again.Differs != 5 || h.count(t, `SELECT count(*) FROM city_difference`) != 5 {
		t.Error("asked twice for the same:", again.Differs)
	}
	mend := func(what, act, why string) error {
		_, err := h.MendCity(ctx, sup, open[what].ID, act, why)
		return err
	}
	if err := mend(never+" only_theirs", mendResend, ""); err == nil {
		t.Error("sent again what we do not have")
	}
	if err := mend(never+" only_theirs", mendTakeIn, ""); err != nil {
		t.Error(err)
	}
	h.agreed(t, city, never)
	if err := mend(forgotten+" only_ours", mendIgnore, ""); err == nil {
		t.Error("ignored without a reason")
	}
	if err := mend(forgotten+" only_ours", mendIgnore, "市平台确认为测试单"); err != nil {
		t.Error(err)
	}
	if err := mend(forgotten+" only_ours", mendIgnore, "市平台确认为测试单"); err == nil {
		t.Error("decided twice")
	}
	if err := mend(lost+" deadline", mendTakeIn, ""); err != nil {
		t.Error(err)
	}
	h.agreed(t, city, lost)
	if err := mend(withdrawn+" state", mendTheirs, "市平台来电确认撤单"); err != nil {
		t.Error(err)
	}
	if _, m := h.cityMatter(t, withdrawn); m.State != "withdrawn" {
		t.Error("theirs was taken, and the appeal is", m.State)
	}
	if r, open := reconcile(); r.Differs != 0 || len(open) != 0 {
		t.Errorf("decided, and asked again: %+v %v", r, open)
	}
	if n := h.count(t, `SELECT count(*) FROM audit WHERE action LIKE 'city.%'`); n < 4 {
		t.Error(n, "acts on record")
	}
	h.agreed(t, city, kept)
	if n := h.count(t, `SELECT count(*) FROM city_reconciliation`); n != 3 {
		t.Error(n, "lines of reconciliations")
	}
}

// What comes in by the district's end: unsigned, malformed, altered, oversized.
func TestCityBadInput(t *testing.T) {
	h := newHouse(t)
	city := h.atCity(1, adapter.CityFaults{})
	ctx := context.Background()
	peer := city.Peer
	good := func() adapter.CityMessage {
		return adapter.CityMessage{ID: "m1", No: "SZ1", Seq: 1, Kind: adapter.CityOrder, At: adapter.AtCity(h.Store.Now()), Data: adapter.CityData{Text: "路灯坏了，请处理"}}
	}
	for name, c := range map[string]struct {
		change func(m *adapter.CityMessage)
		want   string
	}{
		"no number":               {func(m *adapter.CityMessage) { m.No = "" }, "invalid"},
		"no id":                   {func(m *adapter.CityMessage) { m.ID = "" }, "invalid"},
		"of another kind":         {func(m *adapter.CityMessage) { m.Kind = "sign" }, "invalid"},
		"an order as the second":  {func(m *adapter.CityMessage) { m.Seq = 2 }, "invalid"},
		"an urging as the first":  {func(m *adapter.CityMessage) { m.Kind = adapter.CityUrge }, "invalid"},
		"a rating of six":         {func(m *adapter.CityMessage) { m.Seq, m.Kind, m.Data.Rating = 2, adapter.CityVisit, 6 }, "invalid"},
		"half a place":            {func(m *adapter.CityMessage) { x := 1.0; m.Data.Lon = &x }, "invalid"},
		"too long by far":         {func(m *adapter.CityMessage) { m.Data.Text = strings.Repeat("长", 200_000) }, "too_large"},
		"a text of one character": {func(m *adapter.CityMessage) { m.No, m.Data.Text = "SZ2", "灯" }, ""},
		"a very long text":        {func(m *adapter.CityMessage) { m.No, m.Data.Text = "SZ3", strings.Repeat("长", 9000) }, ""},
		"a place off the earth":   {func(m *adapter.CityMessage) { x := 999.0; m.No, m.Data.Lon, m.Data.Lat = "SZ4", &x, &x }, ""},
		"no phone":                {func(m *adapter.CityMessage) { m.No, m.Data.Phone = "SZ5", "没有电话" }, ""},
		"an unknown secrecy":      {func(m *adapter.CityMessage) { m.No, m.Data.Secrecy = "SZ6", "top" }, ""},
		"words of SQL":            {func(m *adapter.CityMessage) { m.No = "SZ7'; DROP TABLE city_order; --" }, ""},
	} {
		m := good()
		c.change(&m)
		r, err := peer.Send(ctx, m)
		switch {
		case c.want == "" && (err != nil || r.State != "taken"):
			t.Errorf("%s: %+v %v", name, r, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if n := h.count(t, `SELECT count(*) FROM city_message WHERE state = 'failed'`); n != 0 {
		t.Error(n, "could not be taken in")
	}
	if n := h.count(t, `SELECT count(*) FROM appeal WHERE external = 'SZ6' AND secrecy = 'confidential'`); n != 1 {
		t.Error("a secrecy that is not understood is not kept close")
	}
	m := good()
	if _, err := peer.Send(ctx, m); err != nil {
		t.Fatal(err)
	}
	m.Data.Text = "这是另外一件事，与前面不同"
	if _, err := peer.Send(ctx, m); err == nil || !strings.Contains(err.Error(), "seq_taken") {
		t.Error("another message under the same number:", err)
	}
	srv := httpapi.New(h.Store, h.Accounts, "test", slog.New(slog.DiscardHandler))
	h.mountExchange(srv)
	for _, body := range []string{"", "{", `{"id":1}`} {
		w := httptest.NewRecorder()
		srv.Handler().ServeHTTP(w, httptest.NewRequest("POST", "/exchange/v1/messages", strings.NewReader(body)))
		if w.Code != 401 {
			t.Errorf("unsigned %q: %d", body, w.Code)
		}
	}
	h.City = nil
	if _, err := peer.Send(ctx, good()); err == nil {
		t.Error("taken though no city is connected")
	}
}

func TestCitySettings(t *testing.T) {
	base := fstest.MapFS{}
	shipped, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t)
	d := h.district.Load()
	b, err := readCity(base, d)
	if err != nil || b.first != 15*time.Second || b.night != 2*time.Hour+20*time.Minute {
		t.Fatalf("%+v %v", b, err)
	}
	if b, err := readCity(shipped, d); err != nil || len(b.ours) < 30 {
		t.Fatal(len(b.ours), err)
	}
	for name, c := range map[string]struct{ file, text, want string }{
		"an unknown setting":    {"city.yaml", "chanel: x\n", "chanel"},
		"no such channel":       {"city.yaml", "channel: pigeon\n", "pigeon"},
		"a length in words":     {"city.yaml", "skew: soon\n", "skew"},
		"mends what it may not": {"city.yaml", "reconcile: {mend: [only_ours]}\n", "only_ours"},
		"no such kind":          {"city_codes.csv", "kind,city,ours\nmood,1,x\n", "mood"},
		"no such item":          {"city_codes.csv", "kind,city,ours\nitem,1,999999\n", "999999"},
		"twice":                 {"city_codes.csv", "kind,city,ours\nstate,1,signed\nstate,1,closed\n", "twice"},
		"half a line":           {"city_codes.csv", "kind,city,ours\nstate,1,\n", "needed"},
	} {
		_, err := readCity(fstest.MapFS{"appeals/" + c.file: {Data: []byte(c.text)}}, d)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkHearCity(b *testing.B) {
	h := newHouse(b)
	h.atCity(1, adapter.CityFaults{})
	r := rand.New(rand.NewPCG(1, 1))
	for i := range b.N {
		no := fmt.Sprintf("B%d-%d", i, r.Uint32())
		if _, err := h.HearCity(context.Background(), adapter.CityMessage{ID: no, No: no, Seq: 1, Kind: adapter.CityOrder, At: adapter.AtCity(h.Store.Now()), Data: adapter.CityData{Text: "路灯坏了，请处理"}}); err != nil {
			b.Fatal(err)
		}
	}
}
