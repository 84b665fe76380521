package appeals

import (
	"context"
	"math"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/adapter"
	"shanzhi/core/metric"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// lineOf is what a channel got for an indicator.
func lineOf(t testing.TB, q Quality, channel, indicator string) metric.Line {
	t.Helper()
	for _, r := range q.Results {
		for _, l := range r.Lines {
			if r.Unit == channel && l.ID == indicator {
				return l
			}
		}
	}
	t.Fatalf("nothing of %s for %s", channel, indicator)
	return metric.Line{}
}

// The data of channels is judged by what came: which elements it has, how late it
// came, what was refused or came twice; and what lost points can be looked at.
func TestQuality(t *testing.T) { bothStores(t, qualityOf) }

func qualityOf(t *testing.T, h *house) {
	ctx := context.Background()
	city := h.atCity(1, adapter.CityFaults{})
	order := func(late time.Duration, change func(d *adapter.CityData)) string {
		d := adapter.CityData{Text: "西乡街道流塘社区流塘路路灯坏了三天，请尽快修理", Address: "西乡街道流塘路", Item: "C-0302", Phone: "13912345678", Received: adapter.AtCity(h.Store.Now().Add(-late))}
		change(&d)
		no := city.Order(d)
		city.Deliver(ctx)
		return no
	}
	plain := func(*adapter.CityData) {}
	for range 3 {
		order(10*time.Minute, plain)
	}
	order(2*time.Hour, plain)
	bare := order(0, func(d *adapter.CityData) {
		*d = adapter.CityData{Text: "路灯坏了请修"}
	})
	// One comes again twice.
	o, _ := h.cityMatter(t, bare)
	// It was read for its elements, and says no time; what nobody read is no lack.
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO element_version (appeal, seq, at, unit, body) VALUES (?, 1, ?, '', '{"when":[],"where":[]}')`, o.Matter, store.At(h.Store.Now()))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	letter, err := store.Get[CityLetter](ctx, h.Store, `SELECT `+cityLetterColumns+` FROM city_message WHERE no = ?`, o.No)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := h.HearCity(ctx, adapter.CityMessage{ID: letter.Message, No: o.No, Seq: 1, Kind: adapter.CityOrder, At: adapter.AtCity(letter.At.Time), Data: adapter.CityData{Text: "路灯坏了请修"}}); err != nil {
			t.Fatal(err)
		}
	}
	// Another channel with too few for a value, and none with nothing.
	h.file(t, "沙井街道西环路边建筑垃圾堆了一个多星期没有人清运", func(in *Intake) { in.Appellant = vault.Identity{vault.Phone: "13800007777"} })

	period := h.Store.Now().In(h.Zone()).Format("2006-01")
	q, err := h.Quality(ctx, period)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		indicator string
		value     float64
		of        float64
	}{
		{"item", 80, 5}, {"contact", 80, 5}, {"time", 80, 5}, {"place", 80, 5}, {"arrived", 5, 5},
		{"text", math.Round((4+6.0/15)/5*10000) / 100, 5},
		{"delay", 0, 4}, // below the least
		{"clean", math.Round((4+1.0/3)/5*10000) / 100, 5},
	} {
		l := lineOf(t, q, "city", c.indicator)
		if c.indicator == "delay" {
			if l.Value != nil || l.Denominator != c.of {
				t.Errorf("delay of four, of which five are the least: %+v", l)
			}
			continue
		}
		if l.Value == nil || *l.Value != c.value || l.Denominator != c.of {
			t.Errorf("%s: %+v, want %v of %v", c.indicator, l, c.value, c.of)
		}
	}
	order(time.Minute, plain)
	if q, err = h.Quality(ctx, period); err != nil {
		t.Fatal(err)
	}
	if l := lineOf(t, q, "city", "timely"); l.Value == nil || *l.Value != 80 || l.Denominator != 5 {
		t.Errorf("four of the five whose source says when came in time: %+v", l)
	}
	if l := lineOf(t, q, "hotline", "place"); l.Value != nil || l.Denominator != 1 {
		t.Errorf("one appeal is too few: %+v", l)
	}
	for _, r := range q.Results {
		if r.Unit == "board" && (r.Rank != 0 || r.Full != 0) {
			t.Errorf("ranked though nothing came: %+v", r)
		}
		if r.Unit == "city" && (r.Rank != 1 || r.Full == 0) {
			t.Errorf("%+v", r)
		}
	}
	losses, err := h.QualityLosses(ctx, period, "city")
	if err != nil {
		t.Fatal(err)
	}
	mine, total := map[string]int{}, 0.0
	for _, l := range losses {
		mine[l.Indicator]++
		total += l.Points
		if l.Grain == "arrival" && l.Indicator != "timely" && l.Appeal != o.Matter {
			t.Errorf("%+v lost points, and the bare one is %s", l, o.Matter)
		}
	}
	if mine["item"] != 1 || mine["timely"] != 1 || mine["clean"] != 1 || total < 1 || losses[0].Points < losses[len(losses)-1].Points {
		t.Errorf("%v %v", mine, losses)
	}

	// Days: what usually comes on such a weekday, a day with nothing, a burst.
	if _, err := h.qualityAtNight(ctx); err != nil {
		t.Fatal(err)
	}
	for week := range 3 {
		h.ahead.Store(int64(7 * 24 * time.Hour * time.Duration(week)))
		for range 4 {
			h.file(t, "沙井街道西环路边建筑垃圾没有人清运", func(in *Intake) { in.Channel = "board" })
		}
	}
	h.ahead.Store(int64(22 * 24 * time.Hour))
	silent := h.Store.Now().In(h.Zone()).AddDate(0, 0, -1)
	rows, err := h.qualityDays(ctx, silentDay(silent), silentDay(silent).AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Unit != "board" {
			continue
		}
		if r.Facts["count"] != int64(0) || r.Facts["expected"] != 4.0 || r.Facts["silent"] != true || r.Facts["burst"] != false {
			t.Errorf("%v", r.Facts)
		}
	}
	for range 25 {
		h.file(t, "沙井街道西环路边建筑垃圾没有人清运", func(in *Intake) { in.Channel = "board" })
	}
	h.ahead.Add(int64(24 * time.Hour))
	day := silentDay(h.Store.Now().In(h.Zone()).AddDate(0, 0, -1))
	if rows, err = h.qualityDays(ctx, day, day.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	burst := false
	for _, r := range rows {
		burst = burst || r.Unit == "board" && r.Facts["burst"] == true && r.Facts["count"] == int64(25)
	}
	if !burst {
		t.Errorf("%v", rows)
	}
	if _, err := h.qualityAtNight(ctx); err != nil {
		t.Fatal(err)
	}
	if n := h.count(t, `SELECT count(*) FROM channel_quality WHERE channel = 'board' AND length(period) = 10`); n == 0 {
		t.Error("yesterday is not kept")
	}
	if _, err := h.Quality(ctx, "2026-13-45"); err == nil {
		t.Error("a day that is none was judged")
	}
}

func silentDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

func TestQualitySettings(t *testing.T) {
	words := &Words{Channels: []Word{{Code: "city"}}}
	if b, err := readQuality(fstest.MapFS{}, words); err != nil || len(b.Schemes) != 0 {
		t.Fatal(b, err)
	}
	const good = "indicators: [{id: a, name: {zh: A}, unit: '%', grain: arrival, how: ratio, value: has_item}]\nschemes: [{id: q, name: {zh: Q}, groups: [{name: {zh: G}, units: [city]}], items: [{indicator: a, full: 10, target: 100, slope: 1}]}]\n"
	if _, err := readQuality(fstest.MapFS{"appeals/quality.yaml": {Data: []byte(good)}}, words); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ from, to, want string }{
		"a fact that is none":    {"has_item", "has_soul", "has_soul"},
		"a grain that is none":   {"grain: arrival", "grain: order", "order"},
		"a channel that is none": {"[city]", "[pigeon]", "pigeon"},
		"a night that is none":   {"indicators", "night: noon\nindicators", "noon"},
		"no weeks":               {"indicators", "weeks: 0\nindicators", "weeks"},
		"an unknown setting":     {"indicators", "wekes: 1\nindicators", "wekes"},
	} {
		_, err := readQuality(fstest.MapFS{"appeals/quality.yaml": {Data: []byte(strings.Replace(good, c.from, c.to, 1))}}, words)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
