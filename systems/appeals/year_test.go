package appeals

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/job"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/districts"
	"shanzhi/internal/testkit"
	"shanzhi/systems/appeals/simulate"
)

// The end of a month in summer is played through: appeals come, storms too, and
// everyone who has a desk does one of the things that they may do. After that every
// figure of every report of that time is what the events say.
func TestAMonthPlayedThrough(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 7, 20, 0, 0, 0, 0, shanghai)
	least := 12
	if testkit.Full() {
		from, least = time.Date(2026, 7, 1, 0, 0, 0, 0, shanghai), 28
	}
	playBoth(t, from, time.Date(2026, 8, 3, 9, 0, 0, 0, shanghai), 3, least)
}

// The same for a year with its holidays.
func TestAYearPlayedThrough(t *testing.T) {
	testkit.Slow(t)
	playBoth(t, time.Date(2026, 1, 1, 0, 0, 0, 0, shanghai), time.Date(2027, 1, 10, 9, 0, 0, 0, shanghai), 4, 290)
}

var shanghai = time.FixedZone("CST", 8*3600)

func playBoth(t *testing.T, from, to time.Time, perDay float64, reports int) {
	test := func(dsn func(testing.TB) string) func(t *testing.T) {
		return func(t *testing.T) {
			dir := t.TempDir()
			h, err := openHouse(context.Background(), dir, cmp.Or(dsn(t), filepath.Join(dir, "shanzhi.db")), time.Until(from))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { h.Store.Close() })
			p := newPlay(t, h, from, to, perDay)
			p.through(to)
			p.verified()
			p.everyReport(reports)
		}
	}
	t.Run("sqlite", test(func(testing.TB) string { return "" }))
	t.Run("postgres", test(testkit.Postgres))
}

// play is a district with people who do by lot what they may.
type play struct {
	*deskCast
	lot    *rand.Rand
	gen    *simulate.Generator
	next   *simulate.Appeal
	truth  map[store.ID]*simulate.Appeal
	rows   map[store.ID]Appeal // of which the place, the kind and the channel are read: they never change
	units  []string
	nights *job.Nights
	did    map[string]int
}

func newPlay(t *testing.T, h *house, from, to time.Time, perDay float64) *play {
	p := &play{deskCast: &deskCast{h, t, map[string]account.Actor{}}, lot: rand.New(rand.NewPCG(7, 11)), truth: map[store.ID]*simulate.Appeal{}, rows: map[store.ID]Appeal{}, did: map[string]int{}}
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	cal, err := h.officeCalendar(files)
	if err != nil {
		t.Fatal(err)
	}
	if p.gen, err = simulate.New(files, simulate.Options{Seed: 5, From: from, To: to, PerDay: perDay, Scale: simulate.Scale{Storms: perDay / 400}, Workday: workday(cal)}); err != nil {
		t.Fatal(err)
	}
	tree := h.Dir.Tree()
	for _, u := range tree.All() {
		if u.Kind == account.Street || u.Kind == account.Department {
			p.units = append(p.units, u.Code)
		}
	}
	p.nights = &job.Nights{Store: h.Store, Zone: h.Zone, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))}
	h.Nights(p.nights)
	ctx, cancel := context.WithCancel(context.Background())
	h.Bus.Follow(ctx, tallyConsumer, h.tally)
	t.Cleanup(func() { cancel(); h.Bus.Wait() })
	return p
}

// through plays until a moment.
func (p *play) through(to time.Time) {
	ctx := context.Background()
	for day := p.Store.Now().In(shanghai); ; day = day.AddDate(0, 0, 1) {
		for _, at := range []string{"00:10", "02:40", "03:40", "04:20", "06:31", "09:05", "14:30", "17:45"} {
			clock, _ := timeOfDay(at)
			now := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, shanghai).Add(clock)
			if now.After(to) {
				return
			}
			if now.Before(p.Store.Now()) {
				continue
			}
			p.ahead.Store(int64(time.Until(now)))
			if _, err := p.Engine.Tick(ctx, now); err != nil {
				p.t.Fatal(err)
			}
			if _, err := p.Engine.Settle(ctx); err != nil {
				p.t.Fatal(err)
			}
			p.file(now)
			if err := p.Bus.Drained(ctx, tallyConsumer); err != nil {
				p.t.Fatal(err)
			}
			if err := p.nights.Run(ctx); err != nil {
				p.t.Fatal(err)
			}
			if now.Hour() >= 9 {
				p.work(now)
			}
		}
	}
}

// file files what citizens have said by a moment.
func (p *play) file(now time.Time) {
	for {
		if p.next == nil {
			a, ok := p.gen.Next()
			if !ok {
				return
			}
			p.next = &a
		}
		a := p.next
		if a.Time.After(now) {
			return
		}
		p.next = nil
		in := Intake{Channel: a.Channel, Kind: a.Kind, Title: a.Title, Text: a.Text, Secrecy: Secrecy(a.Secrecy), Address: a.Location.Address}
		if a.Location.Pinned {
			in.Lon, in.Lat = &a.Location.Lon, &a.Location.Lat
		}
		if a.Appellant.ID != 0 {
			in.Appellant = vault.Identity{vault.Name: a.Appellant.Name, vault.Phone: a.Appellant.Phone}
		}
		filed, err := p.File(context.Background(), account.System(p.Dir), in)
		if err != nil {
			p.t.Fatalf("%+v: %v", in, err)
		}
		p.truth[filed.ID] = a
	}
}

// chances are how often an action is chosen beside others of a desk; 1 is usual.
var chances = map[string]float64{"dispatch": 20, "answer": .5, "refuse": .4, "sign": 8, "contact": 2, "reply": 8, "request_extension": .4, "approve": 8, "approve_extension": 4, "pass": 8, "visit": 5, "rate": 6, "remedy": 4, "resume": 4,
	"withdraw": .2, "note": .05, "progress": .3, "dispute": 5, "rule": 3, "redispatch": .2, "whistle": .05, "ask_co": .05, "mark_major": .1, "supervise": .3, "urge": .2, "add": .1, "suspend": .15, "revise": .5, "send_back": .3, "justify": .3, "reopen": .02, "report_pressure": .02}

// work lets everybody who has something before them do one thing, or leave it.
func (p *play) work(now time.Time) {
	ctx := context.Background()
	all, err := store.Select[caseflow.Matter](ctx, p.Store, `SELECT `+caseflow.MatterColumns+` FROM matter WHERE open OR closed_at > ? ORDER BY id`, store.At(now.AddDate(0, 0, -4)))
	if err != nil {
		p.t.Fatal(err)
	}
	for i := range all {
		m := &all[i]
		chance := p.lot.Float64()
		switch {
		case m.Open && m.Merged == 0 && chance < .45:
			role, unit, _ := strings.Cut(m.Desk, "@")
			if p.lot.IntN(4) == 0 && role == "handler" {
				role = "unit_head" // of the same unit
			}
			p.act(m, p.as(role+"@"+unit))
		case chance < .53 && m.Flow == "appeal" && (m.Open || p.lot.IntN(5) == 0):
			p.act(m, p.citizen(m.ID))
		case chance < .54 && m.Flow == "appeal":
			p.act(m, p.as([]string{"supervisor@platform", "dispatcher@platform", "leader@platform"}[p.lot.IntN(3)]))
		case chance < .56 && m.Unit != "" && !m.Open:
			p.act(m, p.as("unit_head@"+m.Unit))
		case chance < .57 && m.Open && m.Flow == "appeal":
			p.merge(m, all)
		case chance < .59 && m.Merged != 0:
			err := p.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				return p.Engine.Split(ctx, tx, m.ID, p.as("dispatcher@platform"), "核实后不是同一件事")
			})
			p.refusedOrDone("split", err)
		}
	}
}

// merge lets an appeal carry a few others that a unit has too.
func (p *play) merge(m *caseflow.Matter, all []caseflow.Matter) {
	var others []store.ID
	for _, o := range all {
		if o.Flow == "appeal" && o.Open && o.ID != m.ID && o.Merged == 0 && o.Unit == m.Unit && len(others) < 1+p.lot.IntN(4) {
			others = append(others, o.ID)
		}
	}
	n, err := p.Merge(context.Background(), p.as("dispatcher@platform"), m.ID, others, "同一事件，多人反映")
	p.did["merged"] += n
	p.refusedOrDone("merge", err)
}

func (p *play) refusedOrDone(what string, err error) {
	p.t.Helper()
	var r *caseflow.Refusal
	switch {
	case errors.As(err, &r):
		p.did["refused "+what]++
	case err != nil:
		p.t.Fatalf("%s: %v", what, err)
	default:
		p.did[what]++
	}
}

// act does one of the things that somebody may do with a matter, by lot.
func (p *play) act(m *caseflow.Matter, who account.Actor) {
	p.t.Helper()
	ctx := context.Background()
	may, err := p.Engine.Allowed(ctx, p.Store, m, who)
	if err != nil {
		p.t.Fatal(err)
	}
	sum := 0.0
	weight := func(a *caseflow.Action) float64 {
		if w, ok := chances[a.Name]; ok {
			return w
		}
		return 1
	}
	for _, a := range may {
		sum += weight(a)
	}
	at := p.lot.Float64() * sum
	for _, a := range may {
		if at -= weight(a); at >= 0 {
			continue
		}
		_, err := p.Act(ctx, who, m.ID, 0, []Step{{a.Name, p.fill(m, a)}})
		if a.Name == "approve" && err != nil { // another head has to, after a redo
			_, err = p.Act(ctx, p.second(m.Unit), m.ID, 0, []Step{{a.Name, nil}})
		}
		p.refusedOrDone(a.Name, err)
		return
	}
}

// second is another head of a unit.
func (p *play) second(unit string) account.Actor {
	login := "unit_head_2@" + unit
	if _, ok := p.who[login]; !ok {
		p.who[login] = p.staff(p.t, login, unit, "unit_head")
	}
	return p.who[login]
}

// picture is a file that no other is like.
func (p *play) picture() string {
	p.t.Helper()
	raw := fmt.Sprintf("\x89PNG\r\n\x1a\nphoto %d", p.lot.Uint64())
	b, err := p.Files.Put(context.Background(), strings.NewReader(raw), int64(len(raw)), 0)
	if err != nil {
		p.t.Fatal(err)
	}
	return b.ID
}

// fill fills the form of an action so that its fields are right, if not its sense.
func (p *play) fill(m *caseflow.Matter, a *caseflow.Action) map[string]any {
	p.t.Helper()
	out, truth := map[string]any{}, p.truth[m.ID]
	one := func(list []string) string { return list[p.lot.IntN(len(list))] }
	words := func(f form.Field) string {
		if a.Name == "reply" && f.Name == "reply" && truth != nil {
			return cmp.Or(truth.Course.Reply.Text, "经工作人员11月3日到现场核实，已清理完毕并向您电话说明，您表示认可。") + fmt.Sprintf("本次办理编号%d。", p.lot.IntN(1e6))
		}
		return "经核实，情况属实，依据职责清单和有关规定处理，详见附件说明。"
	}
	for _, f := range a.Form {
		if !f.Required && f.Name != "files" && f.Name != "item" && p.lot.IntN(8) > 0 {
			continue
		}
		switch f.Type {
		case "text":
			out[f.Name] = words(f)
		case "choice":
			out[f.Name] = f.Options[p.lot.IntN(len(f.Options))].Value
		case "bool":
			out[f.Name] = p.lot.IntN(5) > 0
		case "number":
			out[f.Name] = int64(f.Min + p.lot.IntN(max(1, f.Max-f.Min+1)))
		case "unit":
			out[f.Name] = one(p.units)
			if truth != nil && truth.Truth.Unit != "" && p.lot.IntN(5) > 0 {
				out[f.Name] = truth.Truth.Unit
			}
		case "units":
			out[f.Name] = []any{one(p.units)}
		case "item":
			if truth != nil && truth.Truth.Item != "" {
				out[f.Name] = truth.Truth.Item
			}
		case "class":
			out[f.Name] = one(classes)
		case "place":
			continue // where it is is known from the start
		case "files":
			out[f.Name] = []any{p.picture(), p.picture()}
		case "limit":
			out[f.Name] = "5wd"
		case "time":
			out[f.Name] = p.Store.Now().AddDate(0, 0, 3).Format(time.RFC3339)
		case "list":
			if a.Name == "refuse" {
				out[f.Name] = []any{p.district.Load().words.Refusals[0].Code}
			} else {
				out[f.Name] = []any{p.district.Load().words.ReturnReasons[0].Code}
			}
		}
	}
	return out
}

// fate is what the events of an appeal say of it at a moment, by rules written down
// here once more and apart from the product's.
type fate struct {
	truth               *simulate.Appeal
	street              string
	unit, item, channel string
	kind                string
	opened, closed      time.Time
	open                bool
	rated               time.Time
	solved              string
	score               float64 // 0 is none
	due                 []*dueFate
}

// dueFate is one run of the clock of handling.
type dueFate struct {
	unit      string
	start     caseflow.ClockStart
	clock     calendar.Clock
	adopted   map[store.ID]time.Time
	due, read time.Time
	outcome   string // running, paused, met, missed, void
}

// fateOf folds the events of an appeal up to a moment.
func (p *play) fateOf(events []caseflow.Event, until time.Time) *fate {
	first := events[0]
	a, ok := p.rows[first.Matter]
	if !ok {
		var err error
		if a, err = getAppeal(context.Background(), p.Store, first.Matter); err != nil {
			p.t.Fatal(err)
		}
		p.rows[first.Matter] = a
	}
	f := &fate{truth: p.truth[first.Matter], opened: first.At.Time, street: a.Street, kind: a.Kind, channel: a.Channel}
	in := func(word, list string) bool { return slices.Contains(strings.Fields(list), word) }
	for _, e := range events {
		if e.At.After(until) {
			break
		}
		if v, ok := e.Data.Set["unit"]; ok {
			f.unit = v
		}
		if v, ok := e.Data.Set["item"]; ok {
			f.item = v
		}
		was := f.open
		f.open = !in(e.Target, "closed closed_justified closed_unreached closed_direct refused withdrawn")
		if was && !f.open {
			f.closed = e.At.Time
		} else if f.open {
			f.closed = time.Time{}
		}
		switch e.Action {
		case "rate", "visit":
			f.rated, f.score = e.At.Time, 0
			f.solved, _ = e.Data.Form["solved"].(string)
			f.score, _ = e.Data.Form["result"].(float64)
		case "redo", "reopen":
			f.rated, f.solved, f.score = time.Time{}, "", 0
		}
		did := cmp.Or(e.Data.As, e.Action)
		var k *dueFate
		if n := len(f.due); n > 0 && in(f.due[n-1].outcome, "running paused") {
			k = f.due[n-1]
		}
		again := in(did, "dispatch redispatch send_back redo reopen rule engage_fallback") && e.Data.Start["handle"].Limit != ""
		if k != nil {
			end := func(outcome string) {
				if n := len(k.clock.Pauses); n > 0 && k.clock.Pauses[n-1].To.IsZero() {
					k.clock.Pauses[n-1].To = e.At.Time
				}
				p.read(k, e.At.Time)
				k.outcome = outcome
			}
			switch {
			case in(did, "accept_return redispatch rule engage_fallback") || in(e.Action, "follow_other close_with_other"):
				end("void")
			case in(did, "approve fix_on_site") || !f.open || again:
				end("met")
				if e.At.After(k.due) {
					k.outcome = "missed"
				}
			case did == "suspend":
				k.clock.Pauses = append(k.clock.Pauses, calendar.Pause{From: e.At.Time})
				k.outcome = "paused"
			case did == "resume" && k.outcome == "paused":
				k.clock.Pauses[len(k.clock.Pauses)-1].To = e.At.Time
				k.outcome = "running"
			}
			if by := e.Data.Extend["handle"]; by != "" {
				l, err := calendar.ParseLimit(by)
				if err != nil {
					p.t.Fatal(err)
				}
				k.clock.Extensions = append(k.clock.Extensions, l)
			}
			if due, ok := e.Data.Adopt["handle"]; ok && e.Action == "absorb" {
				k.adopted[e.Data.Other] = due.Time
			}
			if e.Action == "release" {
				delete(k.adopted, e.Data.Other)
			}
			if in(k.outcome, "running paused") {
				p.read(k, e.At.Time)
			}
		}
		if again && f.open {
			k = &dueFate{unit: f.unit, start: e.Data.Start["handle"], adopted: map[store.ID]time.Time{}, outcome: "running", clock: calendar.Clock{Start: e.At.Time}}
			var err error
			if k.clock.Limit, err = calendar.ParseLimit(k.start.Limit); err != nil {
				p.t.Fatal(err)
			}
			p.read(k, e.At.Time)
			f.due = append(f.due, k)
		}
	}
	return f
}

// read says when a clock runs out, as it was known at a moment.
func (p *play) read(k *dueFate, at time.Time) {
	cal, err := p.cals.Version(k.start.Calendar, k.start.Version)
	if err != nil {
		p.t.Fatal(err)
	}
	k.due = cal.Read(k.clock, at).Due
	for _, other := range k.adopted {
		if other.Before(k.due) {
			k.due = other
		}
	}
}

// everyReport holds each figure of each report to the events.
func (p *play) everyReport(least int) {
	p.t.Helper()
	ctx := context.Background()
	p.t.Logf("done: %v", p.did)
	for _, need := range []string{"dispute", "merge", "split", "rate", "visit", "suspend", "request_return"} {
		if p.did[need] == 0 {
			p.t.Errorf("nobody did %s: the play tests less than it says", need)
		}
	}
	events, err := store.Select[caseflow.Event](ctx, p.Store, `SELECT e.matter, e.seq, e.at, e.action, e.source, e.target, e.data FROM matter_event e JOIN matter m ON m.id = e.matter WHERE m.flow = 'appeal' ORDER BY e.matter, e.seq`)
	if err != nil {
		p.t.Fatal(err)
	}
	var stories [][]caseflow.Event
	for _, e := range events {
		if e.Seq == 1 {
			stories = append(stories, nil)
		}
		stories[len(stories)-1] = append(stories[len(stories)-1], e)
	}
	ids, err := store.Select[store.ID](ctx, p.Store, `SELECT id FROM report ORDER BY id`)
	if err != nil || len(ids) < least {
		p.t.Fatalf("%d reports, want %d or more: %v", len(ids), least, err)
	}
	figures, wrong, kinds := 0, 0, map[string]int{}
	for _, id := range ids {
		r, err := p.Report(ctx, id)
		if err != nil {
			p.t.Fatal(err)
		}
		kinds[r.Kind]++
		fates := make([]*fate, 0, len(stories))
		for _, s := range stories {
			if !s[0].At.After(r.At.Time) {
				fates = append(fates, p.fateOf(s, r.At.Time))
			}
		}
		for _, f := range r.Figures {
			figures++
			if want := recount(fates, f); (want == nil) != (f.Value == nil) || want != nil && math.Abs(*want-*f.Value) > 0.0051 {
				if wrong++; wrong < 20 {
					p.t.Errorf("%s %s: %s (%+v %v) is %s, the events say %s", r.Kind, r.Period, f.Name, f.Query, f.Line, sayValue(f.Value), sayValue(want))
				}
			}
		}
	}
	p.t.Logf("%d appeals, %d events, %d figures of %d reports %v, %d wrong", len(stories), len(events), figures, len(ids), kinds, wrong)
}

// recount is a figure of a report, counted one by one.
func recount(fates []*fate, f ReportFigure) *float64 {
	q := f.Query
	from, _ := time.ParseInLocation(time.DateOnly, q.From, shanghai)
	to, _ := time.ParseInLocation(time.DateOnly, q.To, shanghai)
	within := func(at time.Time) bool { return !at.IsZero() && !at.Before(from) && at.Before(to) }
	var n, base float64
	var closed, hours, ratings, content, marked, solved float64
	for _, x := range fates {
		if q.Grain == "due" {
			for _, k := range x.due {
				if unit, ok := f.Line["unit"]; ok && unit != k.unit || !within(k.due) || k.outcome == "void" || k.outcome == "paused" {
					continue
				}
				base++
				if k.outcome == "met" {
					n++
				}
			}
			continue
		}
		at := map[string]time.Time{"": x.opened, "filed": x.opened, "closed": x.closed, "rated": x.rated}[q.On]
		fits := within(at)
		local := at.In(shanghai)
		for dim, value := range map[string]string{"street": x.street, "unit": x.unit, "item": x.item, "kind": x.kind, "channel": x.channel, "day": local.Format(time.DateOnly), "month": local.Format("2006-01")} {
			if want, ok := f.Line[dim]; ok && want != value {
				fits = false
			}
		}
		if !fits {
			continue
		}
		n++
		if !x.open {
			closed++
			hours += x.closed.Sub(x.opened).Hours()
		}
		if x.score > 0 {
			ratings++
			content += map[bool]float64{true: 1}[x.score >= 4] + map[bool]float64{true: 0.6}[x.score == 3]
			if x.solved != "" {
				marked++
				solved += map[string]float64{"yes": 1, "partly": 0.5}[x.solved]
			}
		}
	}
	of := func(n, base float64) *float64 {
		if base == 0 {
			return nil
		}
		v := n / base
		return &v
	}
	late := base - n
	switch q.Grain + "." + q.Measures[0] {
	case "appeals.count", "due.on_time":
		return &n
	case "appeals.satisfied":
		return of(content*100, ratings)
	case "appeals.solved":
		return of(solved*100, marked)
	case "appeals.rated":
		return of(ratings*100, closed)
	case "appeals.hours":
		return of(hours, closed)
	case "due.due":
		return &base
	case "due.late":
		return &late
	case "due.rate":
		return of(n*100, base)
	}
	panic(fmt.Sprintf("%s of %s is not counted", q.Measures[0], q.Grain))
}
