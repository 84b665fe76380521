package appeals

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/job"
	"shanzhi/core/store"
)

func TestBands(t *testing.T) {
	d := defaultDispatch() // auto 0.95, suggest 0.6, never critical
	for _, c := range []struct {
		p, auto float64
		class   string
		want    string
	}{
		{0.599, 0.97, Normal, "manual"},
		{0.6, 0.97, Normal, "suggest"},
		{0.969, 0.97, Normal, "suggest"}, // the model was not right often enough from here
		{0.97, 0.97, Normal, "auto"},
		{0.94, 0.9, Normal, "suggest"}, // the district asks for more
		{0.95, 0.9, Normal, "auto"},
		{1, 0, Normal, "suggest"},      // no model that has shown it
		{1, 0.97, Critical, "suggest"}, // a person sees it
		{0, 0, Normal, "manual"},
	} {
		if got := d.band(c.p, c.auto, c.class); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestReadDispatch(t *testing.T) {
	read := func(body string) (DispatchSettings, error) {
		return ReadDispatch(fstest.MapFS{"appeals/dispatch.yaml": {Data: []byte(body)}})
	}
	d, err := read("auto: {enabled: true, delay: 2m}\ntraining: {at: \"03:15\"}\n")
	if err != nil || !d.Auto.Enabled || d.Auto.delay != 2*time.Minute || d.Training.at != 3*time.Hour+15*time.Minute || d.Bands.Suggest != 0.6 {
		t.Errorf("%+v %v", d, err)
	}
	if d, err := ReadDispatch(fstest.MapFS{}); err != nil || d.Auto.Enabled {
		t.Errorf("a pack without the file: %+v %v", d, err)
	}
	for body, want := range map[string]string{
		"bands: {auto: 0.5}":                 "suggest ≤ auto",
		"bands: {auto: 1.2}":                 "suggest ≤ auto",
		"bands: {suggest: 0}":                "0 < suggest",
		"auto: {precision: 2}":               "auto.precision",
		"auto: {cases: 0}":                   "auto.cases",
		"auto: {never: [low]}":               `"low" is not an urgency`,
		"auto: {delay: soon}":                "auto.delay",
		"training: {at: 25:99}":              "training.at",
		"training: {rows: 1}":                "training",
		"automatic: true":                    "automatic",
		"bands: {auto: 9}\nauto: {delay: x}": "auto.delay", // all faults are named
	} {
		if _, err := read(body); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// theme is a kind of appeal in the tests, with the item that it is dispatched under.
var themes = []struct{ item, unit, text string }{
	{"110101", "st-xixiang", "流动摊贩占用人行道，行人只能走到马路上"},
	{"150101", "en-shuiwu", "家里水龙头没有水，自来水停水一整天"},
	{"210101", "dp-renli", "工厂拖欠工资三个月，老板一直不给说法"},
	{"160410", "dp-shijian", "写字楼电梯困人，物业迟迟没有救援"},
	{"120101", "dp-jiaotong", "机动车道路面坑槽破损，车辆颠簸严重"},
}

// file files an appeal in Xixiang and returns it with its row.
func (h *house) file(t testing.TB, said string, change func(*Intake)) (*caseflow.Matter, *Appeal) {
	t.Helper()
	lon, lat := 113.8641234, 22.5921234
	in := Intake{Channel: "hotline", Kind: "complaint", Text: said, Lon: &lon, Lat: &lat}
	if change != nil {
		change(&in)
	}
	filed, err := h.File(context.Background(), account.System(h.Dir), in)
	if err != nil {
		t.Fatal(err)
	}
	return h.look(t, filed.ID)
}

func (h *house) look(t testing.TB, id store.ID) (*caseflow.Matter, *Appeal) {
	t.Helper()
	m, err := caseflow.Get(context.Background(), h.Store, id)
	if err != nil {
		t.Fatal(err)
	}
	a, err := getAppeal(context.Background(), h.Store, id)
	if err != nil {
		t.Fatal(err)
	}
	return m, &a
}

func (h *house) do(t testing.TB, who account.Actor, id store.ID, action string, form map[string]any) {
	t.Helper()
	if _, err := h.Act(context.Background(), who, id, 0, []Step{{action, form}}); err != nil {
		t.Fatalf("%s: %v", action, err)
	}
}

func (h *house) suggested(t testing.TB, m *caseflow.Matter, a *Appeal) Suggestion {
	t.Helper()
	sg, err := h.suggest(context.Background(), m, a)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range sg.Candidates {
		if c.P < 0 || c.P > 1 || i > 0 && c.P > sg.Candidates[i-1].P || c.UnitName == "" || len(c.Why) == 0 {
			t.Fatalf("%+v", sg)
		}
	}
	return sg
}

// past files and dispatches n appeals of each theme, ending now, an hour apart.
func (h *house) past(t testing.TB, n int) {
	t.Helper()
	ctx := context.Background()
	var ids []store.ID
	for i := range n * len(themes) {
		th := themes[i%len(themes)]
		m, _ := h.file(t, fmt.Sprintf("%s。%s", th.text, []string{"请尽快处理", "希望有人管", "已经第三次反映", "谢谢"}[i/len(themes)%4]), nil)
		h.do(t, account.System(h.Dir), m.ID, "dispatch", map[string]any{"unit": th.unit, "item": th.item})
		ids = append(ids, m.ID)
	}
	now := h.Store.Now()
	if err := h.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		for i, id := range ids {
			if _, err := tx.Exec(ctx, `UPDATE appeal SET dispatched_at = ? WHERE id = ?`, store.At(now.Add(-time.Duration(len(ids)-i)*time.Hour)), id); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// later files and dispatches n appeals of each theme after what a model has seen
// that learned from past.
func (h *house) later(t testing.TB, n int) {
	t.Helper()
	h.past(t, n)
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE appeal SET dispatched_at = dispatched_at + ? WHERE id IN (SELECT id FROM appeal WHERE dispatched_at IS NOT NULL ORDER BY id DESC LIMIT ?)`, (200 * time.Hour).Microseconds(), n*len(themes))
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// settle has the district decide otherwise about dispatch.
func (h *house) settle(change func(*DispatchSettings)) {
	d := *h.district.Load()
	change(&d.dispatch)
	h.district.p.Store(&d)
}

func small(d *DispatchSettings) { d.Training.Least, d.Auto.Cases = 40, 10 }

func (h *house) train(t testing.TB) DispatchModel {
	t.Helper()
	m, err := h.TrainDispatch(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// With no history at all the list and its words advise, never by itself.
func TestDispatchColdStart(t *testing.T) {
	h := newHouse(t)
	if _, err := h.TrainDispatch(context.Background()); !errors.Is(err, ErrTooFewCases) {
		t.Errorf("trained on nothing: %v", err)
	}
	m, a := h.file(t, themes[1].text, nil)
	sg := h.suggested(t, m, a)
	if sg.Model != 0 || sg.Band == "auto" || len(sg.Candidates) == 0 || sg.Candidates[0].Unit != "en-shuiwu" || sg.Unlisted {
		t.Errorf("%+v", sg)
	}
	m, a = h.file(t, "阿弥陀佛阿弥陀佛", nil)
	if sg := h.suggested(t, m, a); !sg.Unlisted || sg.Band != "manual" || len(sg.Candidates) != 0 {
		t.Errorf("what is in no list: %+v", sg)
	}
	if id, err := h.DispatchFault(context.Background()); id != 0 || err != nil {
		t.Errorf("%v %v", id, err)
	}
}

// A return that was accepted lowers the unit for the item and the place at once,
// says so, and after some another unit stands first; elsewhere it weighs less.
func TestReturnLowersTheUnit(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		unit := h.staff(t, "water", "en-shuiwu", "receiver", "handler")
		desk := h.staff(t, "desk", h.Dir.Tree().Root(), "dispatcher")
		ask := func() Suggestion {
			m, a := h.file(t, themes[1].text, nil)
			return h.suggested(t, m, a)
		}
		p := func(sg Suggestion, unit string) float64 {
			for _, c := range sg.Candidates {
				if c.Unit == unit {
					return c.P
				}
			}
			return 0
		}
		item := ask().Candidates[0].Item
		last := p(ask(), "en-shuiwu")
		for i := range 3 {
			m, _ := h.file(t, themes[1].text, nil)
			h.do(t, account.System(h.Dir), m.ID, "dispatch", map[string]any{"unit": "en-shuiwu", "item": item})
			h.do(t, unit, m.ID, "request_return", map[string]any{"reason": []any{"not_duty"}, "basis": "三定方案第三条，不属于本单位职责"})
			if now := p(ask(), "en-shuiwu"); math.Abs(now-last) > 1e-6 {
				t.Errorf("asking for a return, not yet accepted, moved it from %v to %v", last, now)
			}
			h.do(t, desk, m.ID, "accept_return", nil)
			sg := ask()
			now := p(sg, "en-shuiwu")
			if now >= last {
				t.Errorf("return %d: from %v to %v", i+1, last, now)
			}
			at := slices.IndexFunc(sg.Candidates, func(c Candidate) bool { return c.Unit == "en-shuiwu" })
			if !slices.Contains(sg.Candidates[at].Why, Reason{"returned", fmt.Sprintf("此类件近期被其退回 %d 次", i+1)}) {
				t.Errorf("the return is no reason: %+v", sg.Candidates[at])
			}
			last = now
			if _, a := h.look(t, m.ID); a.Mode != "" {
				t.Errorf("a returned appeal keeps its mode %q", a.Mode)
			}
		}
		if sg := ask(); sg.Candidates[0].Unit != "dp-shuiwu" { // the fallback of the list
			t.Errorf("after three returns: %+v", sg.Candidates)
		}
		here, err := h.trust(context.Background(), []*DutyItem{h.district.Load().duty.Item(item)}, "xixiang")
		if err != nil {
			t.Fatal(err)
		}
		there, err := h.trust(context.Background(), []*DutyItem{h.district.Load().duty.Item(item)}, "shajing")
		if err != nil {
			t.Fatal(err)
		}
		a, n := here(item, "en-shuiwu")
		b, _ := there(item, "en-shuiwu")
		if c, _ := here(item, "dp-shuiwu"); n != 3 || a >= b || b >= 1 || c != 1 {
			t.Errorf("trust here %v after %d returns, in another street %v, in another unit %v", a, n, b, c)
		}
	})
}

// A night's training, its comparison, its roll-back, and a damaged file.
func TestDispatchModels(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	h.settle(small)
	h.past(t, 24)
	first := h.train(t)
	if first.Status != "champion" || first.Cases != 120 || first.Measured.Cases != 12 || first.Measured.Top1 < 0.9 || first.Measured.RuleAgreement < 0.7 {
		t.Fatalf("%+v", first)
	}
	m, a := h.file(t, "电梯困人了，物业不管", nil)
	sg := h.suggested(t, m, a)
	if sg.Model != first.ID || sg.Candidates[0].Unit != "dp-shijian" || sg.Candidates[0].Item != "160410" || sg.Band == "manual" {
		t.Errorf("%+v", sg)
	}
	if err := h.addSimilar(ctx, &sg, m, a); err != nil || !slices.ContainsFunc(sg.Reasons, func(r Reason) bool { return r.Kind == "similar" }) ||
		!slices.ContainsFunc(sg.Reasons, func(r Reason) bool { return r.Kind == "words" }) {
		t.Errorf("%v %+v", err, sg.Reasons)
	}

	if _, err := h.TrainDispatch(ctx); !errors.Is(err, ErrTooFewCases) {
		t.Errorf("trained again on nothing new: %v", err)
	}
	h.later(t, 4)
	second := h.train(t)
	if second.Status != "champion" || !strings.Contains(second.Reason, "no worse") {
		t.Fatalf("an equal one is newer and must be promoted: %+v", second)
	}
	if sg := h.suggested(t, m, a); sg.Model != second.ID {
		t.Errorf("the running house advises by %v", sg.Model)
	}

	// A training that went wrong: the past has been relabelled, the latest is right.
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE matter SET unit = CASE unit WHEN 'dp-shijian' THEN 'dp-renli' WHEN 'dp-renli' THEN 'en-shuiwu' WHEN 'en-shuiwu' THEN 'dp-shijian' ELSE unit END WHERE unit <> ''`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	h.past(t, 8)
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE appeal SET dispatched_at = dispatched_at + ? WHERE id IN (SELECT id FROM appeal WHERE dispatched_at IS NOT NULL ORDER BY id DESC LIMIT 40)`, (400 * time.Hour).Microseconds())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	third := h.train(t)
	if third.Status != "refused" || third.Reason == "" {
		t.Errorf("a worse challenger: %+v", third)
	}
	if sg := h.suggested(t, m, a); sg.Model != second.ID {
		t.Errorf("a refused model advises: %v", sg.Model)
	}

	back, err := h.RollBack(ctx, account.System(h.Dir), 0)
	if err != nil || back.ID != first.ID {
		t.Fatalf("%+v %v", back, err)
	}
	if sg := h.suggested(t, m, a); sg.Model != first.ID {
		t.Errorf("after the roll-back %v advises", sg.Model)
	}
	models, err := h.DispatchModels(ctx)
	if err != nil || len(models) != 3 {
		t.Fatalf("%+v %v", models, err)
	}
	status := map[store.ID]string{}
	for _, m := range models {
		status[m.ID] = m.Status
	}
	if status[first.ID] != "champion" || status[second.ID] != "past" || status[third.ID] != "refused" {
		t.Errorf("%v", status)
	}
	if _, err := h.RollBack(ctx, account.System(h.Dir), 12345); !errors.Is(err, ErrNoModel) {
		t.Errorf("an unknown model: %v", err)
	}

	// The model in office is damaged: the house opens, files, advises, and says so.
	body, err := store.Get[[]byte](ctx, h.Store, `SELECT body FROM dispatch_model_body WHERE model = ? AND what = 'unit'`, first.ID)
	if err != nil {
		t.Fatal(err)
	}
	body[len(body)/2] ^= 1
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE dispatch_model_body SET body = ? WHERE model = ? AND what = 'unit'`, body, first.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	n := h.again(t)
	m, a = n.file(t, themes[1].text, nil)
	if sg := n.suggested(t, m, a); sg.Model != 0 || sg.Band == "auto" || len(sg.Candidates) == 0 || sg.Candidates[0].Unit != "en-shuiwu" {
		t.Errorf("with a damaged model: %+v", sg)
	}
	if id, err := n.DispatchFault(ctx); id != first.ID || err == nil || !strings.Contains(err.Error(), "roll") {
		t.Errorf("the doctor says %v of %v", err, id)
	}
	if _, err := n.RollBack(ctx, account.System(n.Dir), second.ID); err != nil {
		t.Errorf("back from the damaged one: %v", err)
	}
	if _, err := n.RollBack(ctx, account.System(n.Dir), first.ID); err == nil {
		t.Error("a damaged model came into office")
	}
	if sg := n.suggested(t, m, a); sg.Model != second.ID {
		t.Errorf("%v advises", sg.Model)
	}

	e := h.serve(t)
	var list []DispatchModel
	e.json(e.as("supervisor", ""), http.MethodGet, "/api/dispatch/models", nil, &list, http.StatusOK)
	if len(list) != 3 || list[2].Measured.Cases != 12 {
		t.Errorf("%+v", list)
	}
	office := "/api/dispatch/models/" + third.ID.String() + "/office"
	e.json(e.as("supervisor", ""), http.MethodPost, office, nil, nil, http.StatusForbidden)
	e.json(e.as("admin", ""), http.MethodPost, office, nil, nil, http.StatusOK)
	e.json(e.as("admin", ""), http.MethodPost, "/api/dispatch/models/99/office", nil, nil, http.StatusNotFound)
	var sug Suggestion
	e.json(e.as("dispatcher", ""), http.MethodGet, "/api/appeals/"+m.ID.String()+"/suggestion", nil, &sug, http.StatusOK)
	if sug.Model != third.ID || sug.P != sug.Candidates[0].P || len(sug.Reasons) == 0 || sug.Duty == "" {
		t.Errorf("%+v", sug)
	}
}

// Where few appeals are dispatched, and some of those learned from went back, the
// night waits for more: its work is done, its record says why, the champion stays.
// What a model has learned from is never what it is compared on.
func TestNightWaitsForNewCases(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		h.settle(small)
		h.past(t, 8)
		first := h.train(t)
		unit, desk := h.staff(t, "water", "en-shuiwu", "receiver", "handler"), h.staff(t, "desk", h.Dir.Tree().Root(), "dispatcher")
		ids, err := store.Select[store.ID](ctx, h.Store, `SELECT id FROM matter WHERE unit = 'en-shuiwu' ORDER BY id LIMIT 4`)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			h.do(t, unit, id, "request_return", map[string]any{"reason": []any{"not_duty"}, "basis": "三定方案第三条，不属于本单位职责"})
			h.do(t, desk, id, "accept_return", nil)
		}
		night := func(n int) job.Standing {
			t.Helper()
			nights := &job.Nights{Store: h.Store, Zone: h.Zone, Log: slog.New(slog.DiscardHandler)}
			name := fmt.Sprint("night", n)
			nights.Add(job.Night{Name: name, Work: h.trainAtNight})
			if err := nights.Run(ctx); err != nil { // writes its due time down
				t.Fatal(err)
			}
			if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE job_night SET due_at = 1 WHERE name = ?`, name)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if err := nights.Run(ctx); err != nil {
				t.Fatal(err)
			}
			standings, err := job.Standings(ctx, h.Store)
			if err != nil {
				t.Fatal(err)
			}
			return standings[slices.IndexFunc(standings, func(s job.Standing) bool { return s.Name == name })]
		}
		h.later(t, 1) // 5 new beside 36 of the 40 that were learned from
		s := night(1)
		if s.Failed() || !strings.Contains(s.Result, "5 of 10 since the last training") || s.Due.Before(h.Store.Now().Add(time.Minute)) {
			t.Errorf("with five new cases the night ends as %q", s.Result)
		}
		if champion, err := h.champion(ctx); err != nil || champion.ID != first.ID {
			t.Errorf("%+v is in office, %v", champion, err)
		}
		h.later(t, 1)
		if s = night(2); s.Failed() || strings.Contains(s.Result, "waiting") {
			t.Errorf("with ten new cases the night ends as %q", s.Result)
		}
		models, err := h.DispatchModels(ctx)
		if err != nil || len(models) != 2 || models[0].Cases != 46 || models[0].Measured.Cases != 10 {
			t.Errorf("%+v %v", models, err)
		}
	})
}

// By itself only where the district and the figures allow it, only what is sure,
// and in the name of the house.
func TestDispatchByItself(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	h.settle(small)
	h.past(t, 24)
	h.train(t)
	h.settle(func(d *DispatchSettings) {
		small(d)
		d.Auto.Enabled, d.Auto.delay = true, 0
		d.Bands.Auto = 0.7
	})
	champion, err := h.champion(ctx)
	if err != nil {
		t.Fatal(err)
	}
	figures := func(auto float64) {
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE dispatch_model SET figures = ? WHERE id = ?`, fmt.Sprintf(`{"rule_agreement": 0.95, "auto_from": %v}`, auto), champion.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.rankers.now = nil
	}
	sure := themes[2].text + "。请尽快处理"
	plain, _ := h.file(t, sure, nil)
	about, _ := h.file(t, sure, func(in *Intake) { in.About = "dp-renli" })
	danger, _ := h.file(t, sure+"现场起火了", nil)
	odd, _ := h.file(t, "阿弥陀佛阿弥陀佛", nil)
	time.Sleep(5 * time.Millisecond)

	figures(0) // it has not shown that it may
	if _, n, err := h.dispatchSure(ctx, 0); n != 0 || err != nil {
		t.Errorf("%d looked at, %v", n, err)
	}
	figures(0.7)
	last, n, err := h.dispatchSure(ctx, 0)
	if n != 4 || err != nil || last != odd.ID {
		t.Errorf("%d looked at up to %v, %v", n, last, err)
	}
	m, a := h.look(t, plain.ID)
	if m.State != "signing" || m.Unit != "dp-renli" || m.Item != "210101" || a.Mode != "auto" || !strings.Contains(a.Suggestion, `"band":"auto"`) {
		t.Errorf("%+v mode %s %s", m, a.Mode, a.Suggestion)
	}
	events, err := caseflow.Events(ctx, h.Store, plain.ID)
	if err != nil || events[1].Action != "dispatch" || events[1].Actor != 0 {
		t.Errorf("%+v %v", events, err)
	}
	for name, id := range map[string]store.ID{"an appeal about the unit": about.ID, "danger": danger.ID, "not in the list": odd.ID} {
		if m, _ := h.look(t, id); m.State != "dispatching" {
			t.Errorf("%s was dispatched by itself", name)
		}
	}
	if _, n, err := h.dispatchSure(ctx, last); n != 0 || err != nil {
		t.Errorf("looked again: %d %v", n, err)
	}
}

func BenchmarkSuggest(b *testing.B) {
	h := newHouse(b)
	h.settle(small)
	h.past(b, 24)
	h.train(b)
	m, a := h.file(b, themes[3].text, nil)
	for b.Loop() {
		h.suggested(b, m, a)
	}
}

// Calibration keeps the order and leaves room for what none of them is.
func TestCalibrate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Candidate
		left := 1.0
		for range rapid.IntRange(1, 8).Draw(t, "n") {
			p := left * rapid.Float64Range(0.01, 0.99).Draw(t, "share")
			left -= p
			all = append(all, Candidate{P: p})
		}
		slices.SortStableFunc(all, func(a, b Candidate) int { return cmp.Compare(b.P, a.P) })
		calibrate(all, rapid.Float64Range(0.5, 3).Draw(t, "sharpness"), rapid.Float64Range(0.01, 1.5).Draw(t, "doubt"))
		sum := 0.0
		for i, c := range all {
			sum += c.P
			if !(c.P >= 0) || i > 0 && c.P > all[i-1].P {
				t.Fatalf("%+v", all)
			}
		}
		if sum > 1 {
			t.Fatalf("adds up to %v", sum)
		}
	})
	// Sharper than it was right: a first unit at 0.5 that is right nine times in
	// ten is called so afterwards.
	var weighed [][]Candidate
	var cases []dispatched
	for i := range 200 {
		weighed = append(weighed, []Candidate{{Unit: "a", P: 0.5}, {Unit: "b", P: 0.1}, {Unit: "c", P: 0.1}})
		unit := "a"
		if i%10 == 0 {
			unit = "b"
		}
		cases = append(cases, dispatched{unit: unit})
	}
	s, q := fitCalibration(weighed, cases)
	all := slices.Clone(weighed[0])
	calibrate(all, s, q)
	if math.Abs(all[0].P-0.9) > 0.05 {
		t.Errorf("calibrated to %v by %v and %v", all[0].P, s, q)
	}
}

// match finds what a search for every word of every item finds.
func TestMatchFindsEveryWord(t *testing.T) {
	l := newHouse(t).district.Load().duty
	for _, th := range themes {
		said := th.text + "，工地夜间施工，路灯不亮"
		hits := l.match(said, len(l.Items))
		got := map[*DutyItem]int{}
		for _, h := range hits {
			got[h.item] = len(h.words)
		}
		for _, it := range l.Items {
			want := map[string]bool{}
			for _, k := range it.Keywords {
				if strings.Contains(said, k) {
					want[k] = true
				}
			}
			if len(want) != got[it] {
				t.Fatalf("%s in %q: %d words, want %v", it.Code, said, got[it], want)
			}
		}
	}
}
