package appeals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/event"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

func (h *house) lead(t testing.TB, who account.Actor, in NewLead) *Lead {
	t.Helper()
	if in.Source == "" {
		in.Source = "patrol"
	}
	l, _, err := h.AddLead(context.Background(), who, in)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A lead from being found to the figures, and what each may do.
func TestLeadLife(t *testing.T) { bothStores(t, leadLife) }

func leadLife(t *testing.T, h *house) {
	ctx := context.Background()
	disp, sup := h.staff(t, "d", "pf-zhihui", "dispatcher"), h.staff(t, "s", "pf-zhihui", "supervisor")
	street, other, dept := h.staff(t, "x", "st-xixiang", "handler"), h.staff(t, "y", "st-xinan", "receiver"), h.staff(t, "z", "dp-chengguan", "handler")

	// Taken once, masked, placed and guessed.
	in := NewLead{Source: "patrol", External: "A1", Text: "西乡街道流塘路井盖破损，联系人13812345678", Files: nil}
	a, fresh, err := h.AddLead(ctx, disp, in)
	if err != nil || !fresh || a.State != "found" || strings.Contains(a.Text+a.Title, "13812345678") || a.Street == "" || a.Item == "" {
		t.Fatalf("%+v %v %v", a, fresh, err)
	}
	again, fresh, err := h.AddLead(ctx, disp, in)
	if err != nil || fresh || again.ID != a.ID {
		t.Fatalf("told twice: %+v %v %v", again, fresh, err)
	}
	if n := h.count(t, `SELECT count(*) FROM lead_event WHERE data LIKE '%13812345678%'`); n != 0 {
		t.Error("the event keeps a phone number")
	}

	// Agents of a street speak of their place, and see no other.
	own := h.lead(t, street, NewLead{Text: "路面积水影响通行"})
	if p := h.district.Load().places[own.Street]; !strings.Contains(p.Name, "西乡") {
		t.Errorf("placed at %+v", p)
	}
	if _, err := h.seenLead(ctx, street, own.ID); err != nil {
		t.Error(err)
	}
	for _, who := range []account.Actor{other, dept} {
		if _, err := h.seenLead(ctx, who, own.ID); !errors.Is(err, ErrNoLead) {
			t.Errorf("%s sees it: %v", who.Name, err)
		}
	}
	if _, _, err := h.AddLead(ctx, other, NewLead{Source: "patrol", Text: "西乡街道流塘社区路灯不亮"}); !errors.Is(err, ErrLeadRight) {
		t.Error("told of another street:", err)
	}
	if err := h.ActOnLead(ctx, street, own.ID, LeadStep{Action: leadVerify, Version: own.Version}); !errors.Is(err, ErrLeadRight) {
		t.Error("who found it verified it:", err)
	}

	// Each step of each state: what is not allowed is refused.
	must := func(id store.ID, step LeadStep) {
		t.Helper()
		l, _ := getLead(ctx, h.Store, id)
		step.Version = l.Version
		if err := h.ActOnLead(ctx, sup, id, step); err != nil {
			t.Fatal(step.Action, err)
		}
	}
	if err := h.ActOnLead(ctx, sup, a.ID, LeadStep{Action: leadRefuse, Version: a.Version}); err == nil {
		t.Error("refused without a reason")
	}
	must(a.ID, LeadStep{Action: leadVerify})
	if err := h.ActOnLead(ctx, sup, a.ID, LeadStep{Action: leadFile, Version: a.Version}); !errors.Is(err, ErrLeadChanged) {
		t.Error("filed by an old sight:", err)
	}
	must(a.ID, LeadStep{Action: leadFile})
	a, _ = getLead(ctx, h.Store, a.ID)
	m, ap := h.look(t, a.Appeal)
	if a.State != "filed" || m.Applicant != 0 || !m.Open || m.State != "dispatching" || ap.Channel != "grid" || ap.Source != leadSource || ap.External != a.ID.String() {
		t.Fatalf("%+v %+v %+v", a, m, ap)
	}
	if err := h.ActOnLead(ctx, sup, a.ID, LeadStep{Action: leadFile, Version: a.Version}); !errors.Is(err, ErrLeadRight) {
		t.Error("filed twice:", err)
	}
	if n := h.count(t, `SELECT count(*) FROM appeal WHERE source = 'lead'`); n != 1 {
		t.Error(n, "appeals of one lead")
	}

	// What an open appeal says already is merged into it.
	open, _ := h.file(t, "西乡街道丽湖花园旁边的混凝土搅拌站夜里噪音太大", nil)
	same := h.lead(t, disp, NewLead{Text: "丽湖花园旁边混凝土搅拌站夜里噪音太大", Lon: ptr(113.8641234), Lat: ptr(22.5921234)})
	cs, err := h.leadCandidates(ctx, disp, same)
	if err != nil || len(cs) == 0 || cs[0].ID != open.ID {
		t.Fatalf("%+v %v", cs, err)
	}
	if err := h.ActOnLead(ctx, sup, same.ID, LeadStep{Action: leadMerge, Version: same.Version, Into: 1}); err == nil {
		t.Error("merged into what is not there")
	}
	must(same.ID, LeadStep{Action: leadMerge, Into: open.ID})

	no := h.lead(t, disp, NewLead{Source: "media", Text: "网传某小区停水，未说明地点"})
	must(no.ID, LeadStep{Action: leadRefuse, Note: "谣言，已辟谣"})
	must(no.ID, LeadStep{Action: leadReopen, Note: "又有人说"})
	must(no.ID, LeadStep{Action: leadCorrect, Item: a.Item, Place: a.Street, Title: "停水"})
	must(no.ID, LeadStep{Action: leadRefuse, Note: "核实不属实"})

	// A citizen complains of the same ten days later; before it, and of another item, does not count.
	h.ahead.Store(int64(10 * 24 * time.Hour))
	for i, item := range []string{a.Item, "110101"} {
		c, _ := h.file(t, "流塘路井盖还是坏的，请处理", func(in *Intake) {
			in.Lon, in.Lat, in.Address = nil, nil, "西乡街道流塘路"
			in.Appellant = vault.Identity{vault.Phone: fmt.Sprintf("1380000777%d", i)}
		})
		if _, err := h.Act(ctx, account.System(h.Dir), c.ID, 0, []Step{{"dispatch", map[string]any{"unit": "st-xixiang", "item": item}}}); err != nil {
			t.Fatal(err)
		}
	}
	figs, err := h.LeadFigures(ctx, disp, 365)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(figs, func(f LeadFigures) bool { return f.Source == "patrol" })
	if f := figs[i]; f.Found != 3 || f.Filed != 1 || f.Merged != 1 || f.Waiting != 1 || *f.Hit != 1 || f.Followed != 1 || *f.Days < 9.9 || *f.Days > 10.1 || f.Solved != nil {
		t.Errorf("%+v days %v", f, f.Days)
	}
	i = slices.IndexFunc(figs, func(f LeadFigures) bool { return f.Source == "media" })
	if f := figs[i]; f.Refused != 1 || *f.Hit != 0 || f.Days != nil {
		t.Errorf("%+v", f)
	}
	if figs, _ := h.LeadFigures(ctx, other, 365); len(figs) != 0 {
		t.Errorf("another street sees %+v", figs)
	}

	// All that is kept of a lead follows from its events.
	for _, id := range []store.ID{a.ID, same.ID, no.ID, own.ID} {
		events, err := h.leadEvents(ctx, h.Store, id)
		if err != nil {
			t.Fatal(err)
		}
		var made Lead
		for _, e := range events {
			if err := made.apply(e); err != nil {
				t.Fatal(err)
			}
		}
		kept, _ := getLead(ctx, h.Store, id)
		if !reflect.DeepEqual(made.values()[1:18], kept.values()[1:18]) || made.Appeal != kept.Appeal || !made.Found.Equal(kept.Found.Time) {
			t.Errorf("%+v\nis not what its events make:\n%+v", kept, made)
		}
	}
}

func ptr[T any](v T) *T { return &v }

// Whatever is wrong with a lead is named.
func TestBadLeads(t *testing.T) {
	h := newHouse(t)
	ctx, disp := context.Background(), h.staff(t, "d", "pf-zhihui", "dispatcher")
	good := NewLead{Source: "patrol", Text: "西乡街道路灯不亮"}
	for field, change := range map[string]func(*NewLead){
		"source":     func(l *NewLead) { l.Source = " " },
		"text":       func(l *NewLead) { l.Text = "短" },
		"title":      func(l *NewLead) { l.Title = strings.Repeat("长", 101) },
		"address":    func(l *NewLead) { l.Address = strings.Repeat("长", 301) },
		"external":   func(l *NewLead) { l.External = strings.Repeat("x", 201) },
		"lon":        func(l *NewLead) { l.Lon = ptr(113.8) },
		"place":      func(l *NewLead) { l.Place = "nowhere" },
		"item":       func(l *NewLead) { l.Item = "nothing" },
		"link":       func(l *NewLead) { l.Link = "javascript:alert(1)" },
		"files":      func(l *NewLead) { l.Files = []string{"123"} },
		"confidence": func(l *NewLead) { l.Confidence = ptr(1.5) },
		"found_at":   func(l *NewLead) { l.Found = time.Now().Add(time.Hour) },
	} {
		in := good
		change(&in)
		if _, _, err := h.AddLead(ctx, disp, in); err == nil || !isFieldProblem(err) && !strings.Contains(err.Error(), "invalid") {
			t.Errorf("%s: %v", field, err)
		}
	}
	in := good
	in.Source = forecastSource
	if _, _, err := h.AddLead(ctx, disp, in); err == nil {
		t.Error("somebody told a forecast")
	}
	if n := h.count(t, `SELECT count(*) FROM lead`); n != 0 {
		t.Error(n, "bad leads were kept")
	}
}

func TestLeadTable(t *testing.T) {
	h := newHouse(t)
	ctx, disp := context.Background(), h.staff(t, "d", "pf-zhihui", "dispatcher")
	file := "编号,内容,经度,纬度,社区,可信度,发现时间\n1,西乡街道路灯不亮,113.86,22.59,,80%,2026-01-02 08:00\n2,短,,,,,\n3,路面塌陷一处,abc,,,,\n4,路面塌陷一处,,,火星社区,,\n5,路面塌陷一处,,,,,明天\n1,西乡街道路灯不亮,,,,,\n6,垃圾堆放,113.86,,,,\n7,垃圾堆放无人清理,,,流塘社区,0.9,\n"
	got, err := h.AddLeads(ctx, disp, "patrol", "a.csv", strings.NewReader(file), int64(len(file)))
	want := []LeadReject{{3, "text", "too_short"}, {4, "lon", "not_a_number"}, {5, "place", "no_such_place"}, {6, "found_at", "not_a_time"}, {8, "text", "too_short"}}
	if err != nil || got.Added != 2 || got.Twice != 1 || !slices.Equal(got.Rejected, want) {
		t.Fatalf("%+v %v", got, err)
	}
	if got, err = h.AddLeads(ctx, disp, "patrol", "a.csv", strings.NewReader(file), int64(len(file))); err != nil || got.Added != 0 || got.Twice != 3 {
		t.Errorf("handed in again: %+v %v", got, err)
	}
	for _, bad := range []string{"", "a,b\n1,2\n", "PK\x03\x04broken"} {
		if _, err := h.AddLeads(ctx, disp, "patrol", "a", strings.NewReader(bad), int64(len(bad))); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

const rssFeed = `<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>
<item><title>宝安大道积水 &amp; 拥堵</title><link>https://example.org/1</link><guid>g1</guid><description>&lt;p&gt;西乡街道&lt;b&gt;积水&lt;/b&gt;约 30 厘米&lt;/p&gt;</description><pubDate>Mon, 05 Jan 2026 08:00:00 +0800</pubDate></item>
<item><title>公园花展开幕</title><link>https://example.org/2</link><guid>g2</guid></item>
<item><title>路面积水</title><link>javascript:alert(1)</link><pubDate>soon</pubDate></item>
</channel></rss>`

const atomFeed = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>积水严重</title><link rel="self" href="https://example.org/s"/><link href="https://example.org/a"/><id>a1</id><summary>新安街道积水</summary><updated>2026-01-05T08:00:00Z</updated></entry></feed>`

func TestLeadFeeds(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	asked := 0
	inner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked++; fmt.Fprint(w, rssFeed) }))
	defer inner.Close()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/rss":
			fmt.Fprint(w, rssFeed)
		case "/atom":
			fmt.Fprint(w, atomFeed)
		case "/html":
			fmt.Fprint(w, "<html><body>no feed</body></html>")
		case "/huge":
			fmt.Fprint(w, strings.Repeat("x", feedBytes+10))
		case "/within":
			http.Redirect(w, r, inner.URL, http.StatusFound)
		default:
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	defer srv.Close()
	d := *h.district.Load()
	for _, p := range []string{"/rss", "/atom", "/html", "/huge", "/gone", "/within"} {
		d.leads.Feeds = append(d.leads.Feeds, LeadFeed{Source: "media", URL: srv.URL + p, Words: []string{"积水"}, Confidence: 0.4})
	}
	h.district.p.Store(&d)
	for range 2 {
		h.PollFeeds(ctx)
	}
	rows, err := store.Select[Lead](ctx, h.Store, `SELECT `+leadColumns+` FROM lead l ORDER BY l.id`)
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d leads %v", len(rows), err)
	}
	if r := rows[0]; r.Title != "宝安大道积水 & 拥堵" || !strings.Contains(r.Text, "西乡街道 积水 约 30 厘米") || r.Link != "https://example.org/1" || r.Confidence != 0.4 || r.Found.In(d.zone).Hour() != 8 {
		t.Errorf("%+v", r)
	}
	if r := rows[1]; r.Link != "" {
		t.Errorf("%+v", r)
	}
	if r := rows[2]; r.Link != "https://example.org/a" {
		t.Errorf("%+v", r)
	}
	wrong := 0
	for _, st := range h.leads.feeds {
		if st.Error != "" {
			wrong++
		}
	}
	if wrong != 4 || asked != 0 {
		t.Errorf("%+v; a feed led within %d times", h.leads.feeds, asked)
	}
}

// floodSource is another system's events as a house would wire them.
type floodSource struct{}

func (floodSource) Lead(subject, key string, body json.RawMessage) (NewLead, bool) {
	var b struct{ Where string }
	if subject != "flood.alarm" || json.Unmarshal(body, &b) != nil {
		return NewLead{}, false
	}
	return NewLead{Source: "flood", External: key, Text: b.Where}, true
}

func TestLeadsOfEvents(t *testing.T) {
	h := newHouse(t)
	h.LeadSources = []LeadSource{floodSource{}}
	events := []event.Event{{Subject: "flood.alarm", Key: "7", Body: json.RawMessage(`{"where":"西乡街道流塘社区积水三十厘米"}`)}, {Subject: "flood.alarm", Key: "8", Body: json.RawMessage(`{"where":"x"}`)}, {Subject: "other", Key: "9"}}
	for range 2 {
		if err := h.leadsOf(context.Background(), events); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.count(t, `SELECT count(*) FROM lead WHERE source = 'flood' AND external = '7'`); n != 1 || h.count(t, `SELECT count(*) FROM lead`) != 1 {
		t.Error(n)
	}
}

// poisson draws a count by Knuth's method.
func poisson(r *rand.Rand, mean float64) int {
	n, least := 0, math.Exp(-mean)
	for p := r.Float64(); p > least; p *= r.Float64() {
		n++
	}
	return n
}

// What comes back is found, and noise is not.
func TestSeasonal(t *testing.T) {
	set := defaultLeads().Forecast
	r := rand.New(rand.NewPCG(1, 2))
	series := func(base, peak float64, years ...int) []int {
		w := make([]int, 3*seasonWeeks)
		for i := range w {
			w[i] = poisson(r, base)
		}
		for _, y := range years {
			w[len(w)-y*seasonWeeks] = poisson(r, peak)
		}
		return w
	}
	hits, alarms, once, old := 0, 0, 0, 0
	const n = 400
	for i := range n {
		base := []float64{0.2, 1, 3, 8}[i%4]
		count := func(at *int, w []int) {
			if _, ok := seasonal(w, set); ok {
				*at++
			}
		}
		count(&hits, series(base, 12+5*base, 1, 2, 3))
		count(&alarms, series(base, 0))
		count(&once, series(base, 12+5*base, 1))
		count(&old, series(base, 12+5*base, 2, 3))
	}
	t.Logf("of %d series: %d hits, %d false alarms, %d of one year alone, %d of what ended", n, hits, alarms, once, old)
	if hits < n*85/100 || alarms > n/100 || once > n/50 || old > n/50 {
		t.Error(hits, alarms, once, old)
	}
	if _, ok := seasonal(series(1, 30, 1)[2*seasonWeeks:], set); ok {
		t.Error("one year's history is enough")
	}
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SliceOfN(rapid.IntRange(0, 500), 0, 4*seasonWeeks).Draw(t, "weeks")
		a, ok := seasonal(w, set)
		b, again := seasonal(w, set)
		if ok != again || !reflect.DeepEqual(a, b) || ok && !(a.Low <= a.Expected && a.Expected <= a.High && a.Low > a.Usual) {
			t.Fatal(a, b, ok, again)
		}
	})
}

func TestForecastLeads(t *testing.T) { bothStores(t, forecastLeads) }

func forecastLeads(t *testing.T, h *house) {
	ctx := context.Background()
	item := h.district.Load().duty.Items[0].Code
	m, _ := h.file(t, "西乡街道流塘社区路面积水", nil)
	zone := h.district.Load().zone
	local := h.Store.Now().In(zone)
	next := time.Date(local.Year(), local.Month(), local.Day()+7-(int(local.Weekday())+6)%7, 12, 0, 0, 0, zone)
	err := h.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE matter SET item = ? WHERE id = ?`, item, m.ID); err != nil {
			return err
		}
		copyAt := func(at time.Time) error {
			id := tx.NewID()
			if _, err := tx.Exec(ctx, `INSERT INTO matter SELECT `+replaced(ctx, tx, "matter", map[string]string{"id": "?", "no": "?", "opened_at": "?"})+` FROM matter WHERE id = ?`, id, id.String(), store.At(at), m.ID); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO appeal SELECT `+replaced(ctx, tx, "appeal", map[string]string{"id": "?", "tracking": "NULL"})+` FROM appeal WHERE id = ?`, id, m.ID)
			return err
		}
		for week := 1; week <= 2*seasonWeeks; week++ {
			n := 1
			if week%seasonWeeks == 0 {
				n = 20
			}
			for range n {
				if err := copyAt(next.AddDate(0, 0, -7*week)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	n, err := h.ForecastLeads(ctx)
	if err != nil || n != 1 {
		t.Fatal(n, err)
	}
	l, err := store.Get[Lead](ctx, h.Store, `SELECT `+leadColumns+` FROM lead l`)
	var e Expectation
	if err != nil || json.Unmarshal([]byte(l.RawReason), &e) != nil || l.Item != item || e.Expected != 20 || e.Usual != 1 || len(e.Years) != 2 && len(e.Years) != 3 || l.Confidence <= 0.5 {
		t.Errorf("%+v %+v %v", l, e, err)
	}
	if n, err := h.ForecastLeads(ctx); err != nil || n != 0 {
		t.Error("the same week gave", n, err)
	}
}

// replaced are the columns of a table with some put in place of their own.
func replaced(ctx context.Context, q store.Querier, table string, with map[string]string) string {
	rows, err := q.Query(ctx, `SELECT * FROM `+table+` WHERE 1=0`)
	if err != nil {
		return err.Error()
	}
	defer rows.Close()
	names, _ := rows.Columns()
	for i, n := range names {
		if v, ok := with[n]; ok {
			names[i] = v
		}
	}
	return strings.Join(names, ", ")
}

func TestReadLeads(t *testing.T) {
	words := &Words{Channels: []Word{{Code: "phone"}}}
	l, err := ReadLeads(fstest.MapFS{}, words)
	if err != nil || len(l.Feeds) != 0 || l.channelOf("x") != "phone" || l.Forecast.Years != 2 {
		t.Errorf("%+v %v", l, err)
	}
	for _, bad := range []string{"poll: 1s", "channel: none", "channels: {a: none}", "feeds: [{source: a, url: 'file:///etc/passwd'}]", "feeds: [{source: forecast, url: 'http://a/'}]", "forecast: {years: 9}", "unknown: 1", "advance: 0", "forecast: {night: noon}"} {
		if _, err := ReadLeads(fstest.MapFS{"appeals/leads.yaml": {Data: []byte(bad)}}, words); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

func TestHandover(t *testing.T) { bothStores(t, handover) }

func handover(t *testing.T, h *house) {
	ctx, who := context.Background(), h.staff(t, "d", "pf-zhihui", "dispatcher")
	write := func(in NewHandover) error { return h.WriteHandover(ctx, who.Account, in) }
	for _, bad := range []NewHandover{{Shift: "", Kind: "note", Text: "交班"}, {Shift: "早", Kind: "note"}, {Shift: "早", Kind: "open", Text: "跟进", About: 5}, {Shift: "早", Kind: "done"}, {Shift: "早", Kind: "done", About: 5}} {
		if write(bad) == nil {
			t.Errorf("%+v was written", bad)
		}
	}
	if err := errors.Join(write(NewHandover{Shift: "早", Kind: "note", Text: "一切正常"}), write(NewHandover{Shift: "早", Kind: "open", Text: "跟进积水，联系13812345678"})); err != nil {
		t.Fatal(err)
	}
	l, err := h.Handover(ctx)
	if err != nil || len(l.Open) != 1 || len(l.Entries) != 2 || strings.Contains(l.Open[0].Text, "13812345678") || l.Open[0].Author != "d" {
		t.Fatalf("%+v %v", l, err)
	}
	if write(NewHandover{Shift: "晚", Kind: "done", About: l.Entries[1].ID}) == nil {
		t.Error("a note was ended")
	}
	open := l.Open[0].ID
	if err := errors.Join(write(NewHandover{Shift: "晚", Kind: "confirm", About: open}), write(NewHandover{Shift: "晚", Kind: "done", About: open, Text: "已处理"})); err != nil {
		t.Fatal(err)
	}
	if write(NewHandover{Shift: "晚", Kind: "done", About: open}) == nil {
		t.Error("ended twice")
	}
	if l, err = h.Handover(ctx); err != nil || len(l.Open) != 0 || len(l.Entries) != 4 || l.Confirmed != open {
		t.Errorf("%+v %v", l, err)
	}
}

func TestQueueAges(t *testing.T) { bothStores(t, queueAges) }

func queueAges(t *testing.T, h *house) {
	ctx := context.Background()
	for _, days := range []int{0, 2, 5, 9} {
		h.ahead.Store(int64(time.Duration(days) * 24 * time.Hour))
		h.file(t, "西乡街道流塘社区路灯不亮", nil)
	}
	h.ahead.Store(int64(9*24*time.Hour + time.Hour))
	got, err := h.QueueAges(ctx)
	if err != nil || len(got) != 1 || got[0].State != "dispatching" || got[0].Ages != [4]int64{1, 0, 1, 2} {
		t.Errorf("%+v %v", got, err)
	}
}
