package services

import (
	"cmp"
	"container/heap"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/subject"
	"shanzhi/core/vault"
)

// Simulation plays the days of a demonstration: people apply, officers accept, notify,
// examine, decide and deliver, and some are rated, all by the operations that people use.
// The service is one under a clock of its own, which Turn moves.
type Simulation struct {
	Seed     uint64
	From, To time.Time
	PerDay   int // applications of a working day
	Turn     func(to time.Time)
	// Citizen makes an account of a simulated person; Staff finds who holds a role over a
	// unit, store.ErrNotFound where nobody does.
	Citizen func(ctx context.Context, who vault.Identity) (account.Actor, error)
	Staff   func(ctx context.Context, role, unit string) (account.Actor, error)
	// Actor is who has an account; of one that was cut off.
	Actor func(ctx context.Context, id store.ID) (account.Actor, error)
}

// A step of the play, at its time; of two at once the one that was thought of first.
type playStep struct {
	at time.Time
	n  int
	do func(ctx context.Context) error
}

type playQueue []playStep

func (q playQueue) Len() int           { return len(q) }
func (q playQueue) Less(i, j int) bool { return cmp.Or(q[i].at.Compare(q[j].at), q[i].n-q[j].n) < 0 }
func (q playQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *playQueue) Push(x any)        { *q = append(*q, x.(playStep)) }
func (q *playQueue) Pop() any {
	x := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return x
}

type casePlay struct {
	s      *Service
	o      Simulation
	random *rand.Rand
	queue  playQueue
	n      int
	people []account.Actor
	items  []store.ID
	staff  map[string]account.Actor
	views  map[store.ID]string // what an examiner proposed
	owed   map[store.ID][]any  // materials that may come later
	bags   map[way][]store.ID  // cases whose papers wait for a bag
	made   int
}

// playItems are how often the items that are applied for here are, by their keys; others
// count 1.
var playItems = map[string]int{"elder-allowance": 9, "food-licence": 8, "sole-trader-registration": 6, "signboard-filing": 5, "disabled-living-allowance": 3, "prepackaged-food-filing": 3}

// Simulate plays the simulation, once; where it was cut off it goes on from the last that
// happened, with the days with which it began. It says how many cases it made.
func (s *Service) Simulate(ctx context.Context, o Simulation) (int, error) {
	if s.casework.Load() == nil {
		return 0, nil
	}
	var ended bool
	if err := s.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM audit WHERE action = 'services.simulated')`).Scan(&ended); err != nil || ended {
		return 0, err
	}
	from, err := s.playBegun(ctx, &o)
	if err != nil {
		return 0, err
	}
	p := &casePlay{s: s, o: o, random: rand.New(rand.NewPCG(o.Seed, 44)), staff: map[string]account.Actor{}, views: map[store.ID]string{}, owed: map[store.ID][]any{}, bags: map[way][]store.ID{}}
	o.Turn(o.From)
	if err := p.cast(ctx); err != nil {
		return 0, err
	}
	if from.After(o.From) {
		o.Turn(from)
		p.random = rand.New(rand.NewPCG(o.Seed, uint64(from.UnixMicro())))
		if err := p.goOn(ctx); err != nil {
			return 0, err
		}
	}
	cal, err := s.Book.Current(s.casework.Load().office)
	if err != nil {
		return 0, err
	}
	for day := o.From; day.Before(o.To); day = day.AddDate(0, 0, 1) {
		many := o.PerDay/2 + p.random.IntN(o.PerDay+1)
		if !cal.IsWorking(cal.NextWorking(day.Add(8*time.Hour))) || cal.NextWorking(day.Add(10*time.Hour)).Sub(day) > 24*time.Hour {
			many = p.random.IntN(max(1, o.PerDay/3)) // the phone is open on free days too
		}
		for range many {
			if at := day.Add(time.Duration(8*3600+p.random.IntN(13*3600)) * time.Second); at.After(from) {
				p.at(at, p.apply)
			}
		}
		for h := 1; h <= 24; h += 4 {
			at := day.Add(time.Duration(h) * time.Hour)
			if !at.After(from) {
				continue
			}
			p.at(at, func(ctx context.Context) error { _, err := s.Engine.Tick(ctx, at); return err })
		}
	}
	for p.queue.Len() > 0 {
		next := heap.Pop(&p.queue).(playStep)
		if next.at.After(o.To) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return p.made, err
		}
		o.Turn(next.at)
		// What the law or a rule refuses in the play, or nobody is there for, is not done; the
		// play goes on.
		var refused *caseflow.Refusal
		var problem *httpapi.Problem
		err := next.do(ctx)
		if err == nil {
			err = s.MakeDuePapers(ctx) // each at its time
		}
		if err != nil && !errors.As(err, &refused) && !errors.As(err, &problem) && !errors.Is(err, caseflow.ErrConflict) && !errors.Is(err, store.ErrNotFound) {
			return p.made, err
		}
	}
	o.Turn(o.To)
	return p.made, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{Action: "services.simulated", Object: "services"}, map[string]any{"made": p.made})
	})
}

// playBegun says from when the play is to be played, and keeps its days when it begins:
// one that was cut off has those with which it began.
func (s *Service) playBegun(ctx context.Context, o *Simulation) (from time.Time, err error) {
	kept, err := store.Select[string](ctx, s.Store, `SELECT detail FROM audit WHERE action = 'services.simulate' ORDER BY id LIMIT 1`)
	if err != nil {
		return from, err
	}
	if len(kept) == 0 {
		return o.From, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return audit.Write(ctx, tx, audit.Record{Action: "services.simulate", Object: "services"}, map[string]any{"from": store.At(o.From), "to": store.At(o.To)})
		})
	}
	var days struct{ From, To store.Time }
	if err := json.Unmarshal([]byte(kept[0]), &days); err != nil {
		return from, err
	}
	o.From, o.To = days.From.In(o.From.Location()), days.To.In(o.To.Location())
	var last store.Time
	err = s.Store.QueryRow(ctx, `SELECT MAX(e.at) FROM matter_event e JOIN matter m ON m.id = e.matter WHERE m.system = '`+System+`' AND e.at <= ?`, store.At(o.To)).Scan(&last)
	if err != nil || last.IsZero() || last.Before(o.From) {
		return o.From, err
	}
	return last.In(o.From.Location()), nil
}

// goOn thinks of what is next of all that was open when the play was cut off: cases, and
// papers that waited for a bag or were on their way.
func (p *casePlay) goOn(ctx context.Context) error {
	open, err := store.Select[struct {
		ID, Actor   store.ID
		Flow, State string
		Asker, Unit string
	}](ctx, p.s.Store, `SELECT m.id, m.flow, m.state, m.asker, m.unit, (SELECT e.actor FROM matter_event e WHERE e.matter = m.id ORDER BY e.seq LIMIT 1) AS actor FROM matter m WHERE m.system = '`+System+`' AND m.flow IN ('case', 'bag') AND m.open AND m.opened_at >= ? AND m.opened_at <= ? ORDER BY m.id`, store.At(p.o.From), store.At(p.o.To))
	if err != nil {
		return err
	}
	away := map[store.ID]bool{} // its papers are not there yet
	pieces, err := store.Select[struct {
		Matter store.ID
		Place  string
	}](ctx, p.s.Store, `SELECT DISTINCT matter, place FROM service_piece WHERE place IN ('counter', 'bag')`)
	if err != nil {
		return err
	}
	waits := map[store.ID]bool{}
	for _, x := range pieces {
		away[x.Matter], waits[x.Matter] = true, x.Place == "counter"
	}
	for _, m := range open {
		who, err := p.o.Actor(ctx, m.Actor)
		if errors.Is(err, store.ErrNotFound) {
			continue
		} else if err != nil {
			return err
		}
		if m.Flow == "bag" {
			p.bagGoesOn(who, m.ID, m.State, m.Unit)
			continue
		}
		if waits[m.ID] {
			w := way{m.Asker, m.Unit}
			if p.bags[w] = append(p.bags[w], m.ID); len(p.bags[w]) == 1 {
				p.at(p.office(nil, 0.1, 0.5), func(ctx context.Context) error { return p.carry(ctx, who, w) })
			}
		}
		if away[m.ID] {
			continue
		}
		if err := p.remember(ctx, m.ID); err != nil {
			return err
		}
		if err := p.next(ctx, who, m.ID); err != nil {
			return err
		}
	}
	return nil
}

// bagGoesOn thinks of what is next of a bag.
func (p *casePlay) bagGoesOn(clerk account.Actor, bag store.ID, state, to string) {
	cases := func(ctx context.Context) ([]store.ID, error) {
		return store.Select[store.ID](ctx, p.s.Store, `SELECT DISTINCT matter FROM service_piece WHERE bag = ? ORDER BY matter`, bag)
	}
	switch state {
	case "packing", "sealed":
		p.at(p.office(nil, 0.1, 0.5), func(ctx context.Context) error {
			all, err := cases(ctx)
			if err != nil {
				return err
			}
			return p.send(ctx, clerk, to, bag, state, all)
		})
	case "transit":
		p.at(p.office(nil, 0.1, 0.8), func(ctx context.Context) error {
			all, err := cases(ctx)
			if err != nil {
				return err
			}
			return p.arrive(ctx, clerk, to, bag, all)
		})
	case "arrived":
		p.at(p.office(nil, 0.02, 0.2), func(ctx context.Context) error {
			owner, err := p.officer(ctx, "acceptor", to)
			if err != nil {
				return err
			}
			return p.look(ctx, owner, bag)
		})
	}
}

// remember brings back what was thought of a case: what its examiner proposed, and what
// may come later.
func (p *casePlay) remember(ctx context.Context, id store.ID) error {
	proposed, err := store.Select[caseflow.Event](ctx, p.s.Store, `SELECT seq, at, action, data FROM matter_event WHERE matter = ? AND action = 'propose' ORDER BY seq DESC LIMIT 1`, id)
	if err != nil {
		return err
	}
	for _, e := range proposed {
		p.views[id] = said(e.Data.Form, "view")
	}
	m, err := caseflow.Get(ctx, p.s.Store, id)
	if err != nil {
		return err
	}
	e, err := p.s.pinned(m.Item)
	if err != nil {
		return err
	}
	rows, err := materialsOf(ctx, p.s.Store, id)
	for _, r := range rows {
		spec := e.Handling.material(r.Material)
		if spec != nil && spec.Tolerate && spec.When == "" && (spec.Source == "applicant" || spec.Source == "licence") && r.Files == "[]" {
			p.owed[id] = append(p.owed[id], r.Material)
		}
	}
	return err
}

// cast finds what may be applied for, and makes the people who apply.
func (p *casePlay) cast(ctx context.Context) error {
	rows, err := store.Select[struct {
		ID  store.ID
		Key string
	}](ctx, p.s.Store, `SELECT id, key FROM service_item WHERE source = 'pack' AND state = 'published' ORDER BY key`)
	if err != nil {
		return err
	}
	for _, r := range rows {
		item, err := p.s.Item(ctx, r.ID, 0)
		if err != nil {
			return err
		}
		if item.Elements.Handling == nil {
			continue
		}
		for range max(1, playItems[r.Key]) {
			p.items = append(p.items, r.ID)
		}
	}
	list := adapter.PersonListSimulator{Region: "440306", Size: 20000}
	for i := range 60 {
		x := list.Person(p.random.IntN(list.Size))
		who, err := p.o.Citizen(ctx, vault.Identity{vault.Name: x["name"], vault.IDNumber: x["id_no"], vault.Phone: fmt.Sprintf("160%08d", 20000000+i)})
		if err != nil {
			return err
		}
		p.people = append(p.people, who)
	}
	return nil
}

func (p *casePlay) at(t time.Time, do func(ctx context.Context) error) {
	p.n++
	heap.Push(&p.queue, playStep{t, p.n, do})
}

// office is a moment of working time that many days later, and some hours, for an item
// that ten days are promised of; what is promised sooner is done sooner, mostly.
func (p *casePlay) office(e *ItemElements, days, spread float64) time.Time {
	pace := 1.0
	if e != nil && e.Promised != nil && !p.chance(0.04) {
		pace = min(1, max(0.04, float64(e.Promised.N)/10))
	}
	t := p.s.Store.Now().Add(time.Duration((days + spread*p.random.Float64()) * pace * 24 * float64(time.Hour)))
	cal, err := p.s.Book.Current(p.s.casework.Load().office)
	if err != nil {
		return t
	}
	if open := cal.NextWorking(t); open.After(t) {
		return open.Add(time.Duration(p.random.IntN(7*3600)) * time.Second / 2)
	}
	return t
}

func (p *casePlay) chance(of float64) bool { return p.random.Float64() < of }

// apply sends an application of somebody, from their phone or, for another office, at a
// street's counter.
func (p *casePlay) apply(ctx context.Context) error {
	who, item := p.people[p.random.IntN(len(p.people))], p.items[p.random.IntN(len(p.items))]
	own, err := p.s.Vault.Own(ctx, p.s.Store, who.Person)
	if err != nil {
		return err
	}
	begin, collects := NewApplication{Item: item}, false
	if p.s.citywide.Load() != nil && p.chance(0.4) {
		x, err := p.s.Item(ctx, item, 0)
		if err != nil {
			return err
		}
		flags, err := p.s.flagsOn(ctx, item, x.Elements, p.s.today())
		if err != nil {
			return err
		}
		collects = slices.Contains(flags, "citywide")
	}
	if collects {
		streets := p.s.Dir.Tree().OfKind(account.Street)
		if len(streets) == 0 {
			return nil
		}
		if who, err = p.officer(ctx, "intake_clerk", streets[p.random.IntN(min(3, len(streets)))]); err != nil {
			return err
		}
		begin.Applicant, begin.Consent = map[string]string{"name": own[vault.Name], "phone": own[vault.Phone], "id_number": own[vault.IDNumber]}, true
	}
	a, err := p.s.BeginApplication(ctx, who, begin)
	if err != nil {
		return err
	}
	h := a.Handling
	if a, err = p.s.Autofill(ctx, who, a.ID, a.Seq, true); err != nil {
		return err
	}
	d := ApplicationDraft{Situation: map[string]any{}, Values: map[string]any{}, Files: map[string][]string{}, Promised: h.Promise != nil && p.chance(0.5)}
	if h.Situation != nil {
		p.answer(h.Situation.Schema, d.Situation, own)
	}
	p.answer(h.Form.Schema, d.Values, own)
	maps.Copy(d.Values, a.Values)
	lacks := p.chance(0.12) // a paper is not there
	owed := []any{}
	for _, m := range h.Materials {
		if m.Source != "applicant" && m.Source != "licence" {
			continue
		}
		if m.Tolerate && lacks && m.When == "" {
			owed = append(owed, m.ID)
			continue
		}
		b, err := p.s.Files.Put(ctx, strings.NewReader(fmt.Sprintf("\x89PNG\r\n\x1a\n%s of %s", m.ID, a.ID)), -1, who.Account)
		if err != nil {
			return err
		}
		d.Files[m.ID] = []string{b.ID}
	}
	d.Seq = a.Seq
	if a, err = p.s.SaveApplication(ctx, who, a.ID, d); err != nil {
		return err
	}
	if collects {
		return p.collect(ctx, who, a)
	}
	sent, err := p.s.SendApplication(ctx, who, a.ID, a.Seq, p.chance(0.03))
	if err != nil {
		return errors.Join(err, p.s.DiscardApplication(ctx, who, a.ID))
	}
	p.made++
	p.owed[sent.Case] = owed
	return p.next(ctx, who, sent.Case)
}

// way is from which office to which.
type way struct{ from, to string }

// collect takes an application in for another authority; its papers wait for the day's bag.
func (p *casePlay) collect(ctx context.Context, clerk account.Actor, a Application) error {
	c := Collection{Version: a.Seq, Points: []string{}, Pieces: []PieceSaid{}}
	for _, x := range a.Handling.Acceptance {
		c.Points = append(c.Points, x.ID)
	}
	for _, x := range a.Handling.Materials {
		if x.Source == "applicant" && len(a.Files[x.ID]) > 0 {
			c.Pieces = append(c.Pieces, PieceSaid{x.ID, []string{"original", "copy"}[p.random.IntN(2)], 1})
		}
	}
	sent, err := p.s.Collect(ctx, clerk, a.ID, c)
	if err != nil {
		return errors.Join(err, p.s.DiscardApplication(ctx, clerk, a.ID))
	}
	p.made++
	m, err := caseflow.Get(ctx, p.s.Store, sent.Case)
	if err != nil {
		return err
	}
	w := way{m.Asker, m.Unit}
	if p.bags[w] = append(p.bags[w], sent.Case); len(p.bags[w]) == 1 {
		p.at(p.office(nil, 0.1, 0.5), func(ctx context.Context) error { return p.carry(ctx, clerk, w) })
	}
	return nil
}

// carry sends a bag with the papers that wait on a way, and has it received, opened and
// looked through.
func (p *casePlay) carry(ctx context.Context, clerk account.Actor, w way) error {
	cases := p.bags[w]
	delete(p.bags, w)
	v, err := p.s.PackBag(ctx, clerk, w.to, cases)
	if err != nil {
		return err
	}
	return p.send(ctx, clerk, w.to, v.ID, "packing", cases)
}

// bagPhoto is a picture of a bag.
func (p *casePlay) bagPhoto(ctx context.Context, bag store.ID, by account.Actor) (string, error) {
	photo, err := p.s.Files.Put(ctx, strings.NewReader("\x89PNG\r\n\x1a\nbag "+bag.String()), -1, by.Account)
	return photo.ID, err
}

// send seals a bag and hands it over.
func (p *casePlay) send(ctx context.Context, clerk account.Actor, to string, bag store.ID, state string, cases []store.ID) error {
	photo, err := p.bagPhoto(ctx, bag, clerk)
	if err != nil {
		return err
	}
	acts := []BagAct{{Action: "seal", Seals: []string{fmt.Sprintf("F%06d", p.random.IntN(1e6))}}, {Action: "hand_over", Carrier: "exchange", Badge: fmt.Sprintf("V%02d", 1+p.random.IntN(9)), Seal: "intact", Photo: photo}}
	if state == "sealed" {
		acts = acts[1:]
	}
	for _, in := range acts {
		if _, err := p.s.ActOnBag(ctx, clerk, bag, in); err != nil {
			return err
		}
	}
	p.at(p.office(nil, 0.2, 1.4), func(ctx context.Context) error { return p.arrive(ctx, clerk, to, bag, cases) })
	return nil
}

// arrive has a bag received by the authority, and its cases go on.
func (p *casePlay) arrive(ctx context.Context, clerk account.Actor, to string, bag store.ID, cases []store.ID) error {
	owner, err := p.officer(ctx, "acceptor", to)
	if err != nil {
		return err
	}
	photo, err := p.bagPhoto(ctx, bag, owner)
	if err != nil {
		return err
	}
	if _, err := p.s.ActOnBag(ctx, owner, bag, BagAct{Action: "receive", Seal: "intact", Photo: photo}); err != nil {
		return err
	}
	for _, id := range cases {
		if err := p.next(ctx, clerk, id); err != nil {
			return err
		}
	}
	p.at(p.office(nil, 0.02, 0.2), func(ctx context.Context) error { return p.look(ctx, owner, bag) })
	return nil
}

// look opens a bag and looks through it; now and then a paper is not there.
func (p *casePlay) look(ctx context.Context, owner account.Actor, bag store.ID) error {
	v, err := p.s.ActOnBag(ctx, owner, bag, BagAct{Action: "open", Seal: "intact"})
	if err != nil {
		return err
	}
	found := []store.ID{}
	for _, x := range v.Contents {
		found = append(found, x.ID)
	}
	if len(found) > 1 && p.chance(0.1) {
		found = found[1:]
	}
	if v, err = p.s.ActOnBag(ctx, owner, bag, BagAct{Action: "check", Found: found}); err != nil {
		return err
	}
	for _, d := range v.Found {
		p.at(p.office(nil, 0.3, 2), func(ctx context.Context) error {
			_, err := p.s.SettleDifference(ctx, owner, bag, d.ID, "found", "已在街道窗口找到，随下一袋送到")
			return err
		})
	}
	return nil
}

// answer gives each question of a form something that somebody might say.
func (p *casePlay) answer(schema *form.SheetNode, into map[string]any, own vault.Identity) {
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		into[name] = p.say(schema.Properties[name], own)
	}
}

var playShops = []string{"老街小馆", "晨光便利店", "海雅茶饮", "宝兴五金", "流塘糕点", "新安鲜果", "福海餐厅", "沙井蚝庄", "松岗文具", "燕罗粮油", "航城药房", "石岩面馆"}

func (p *casePlay) say(q *form.SheetNode, own vault.Identity) any {
	switch q.Element {
	case "person.name":
		return own[vault.Name]
	case "enterprise.name":
		return "宝安区" + playShops[p.random.IntN(len(playShops))]
	case "child.name", "spouse.name", "agent.name", "member.name", "staff.name":
		return adapter.PersonListSimulator{Region: "440306"}.Person(p.random.IntN(20000))["name"]
	case "child.birth_certificate":
		return fmt.Sprintf("T44%07d", p.random.IntN(1e7))
	}
	switch q.Type {
	case "boolean":
		return p.chance(0.7)
	case "integer", "number":
		low, high := 20.0, 120.0
		if q.Minimum != nil {
			low = max(low, *q.Minimum)
		}
		if q.Maximum != nil {
			low, high = min(low, *q.Maximum), min(high, *q.Maximum)
		}
		return low + float64(p.random.IntN(int(max(1, high-low+1))))
	case "array":
		if q.Items.Type != "object" {
			return []any{q.Items.Enum[p.random.IntN(len(q.Items.Enum))]}
		}
		entry := map[string]any{}
		p.answer(q.Items, entry, own)
		return []any{entry}
	}
	switch {
	case len(q.Enum) > 0:
		return q.Enum[p.random.IntN(len(q.Enum))]
	case q.Pattern != "":
		number := fmt.Sprintf("62284800%010d", p.random.IntN(1e10))
		if ok, err := regexp.MatchString(q.Pattern, number); err != nil || !ok {
			return number[:12]
		}
		return number
	}
	switch q.Format {
	case "cn-id":
		return own[vault.IDNumber]
	case "cn-mobile":
		return own[vault.Phone]
	case "uscc":
		code, err := subject.MakeUSCC("92", "440306", p.random.Int64N(1e8))
		if err != nil {
			return ""
		}
		return code
	case "date":
		return p.s.Store.Now().AddDate(0, 0, -3-p.random.IntN(20)).Format(time.DateOnly)
	}
	return fmt.Sprintf("宝安区西乡街道流塘路%d号", 1+p.random.IntN(180))
}

// officer is who holds a role over a unit.
func (p *casePlay) officer(ctx context.Context, role, unit string) (account.Actor, error) {
	key := role + "@" + unit
	if who, ok := p.staff[key]; ok {
		return who, nil
	}
	who, err := p.o.Staff(ctx, role, unit)
	if err == nil {
		p.staff[key] = who
	}
	return who, err
}

// next thinks of what happens to a case next, and when.
func (p *casePlay) next(ctx context.Context, who account.Actor, id store.ID) error {
	m, err := caseflow.Get(ctx, p.s.Store, id)
	if err != nil {
		return err
	}
	then := func(role, action string, at time.Time, values map[string]any) {
		p.at(at, func(ctx context.Context) error {
			by := who
			if unit := map[bool]string{true: m.Asker, false: m.Unit}[role == "intake_clerk"]; role != "" {
				var err error
				if by, err = p.officer(ctx, role, unit); errors.Is(err, store.ErrNotFound) {
					return nil // nobody sits there: its clocks go on
				} else if err != nil {
					return err
				}
			}
			if action == "grant" || action == "grant_owing" {
				if err := p.pay(ctx, id); err != nil {
					return err
				}
			}
			if _, err := p.s.ActOnCase(ctx, by, id, 0, action, values); err != nil {
				return err
			}
			return p.next(ctx, who, id)
		})
	}
	e, err := p.s.pinned(m.Item)
	if err != nil {
		return err
	}
	switch m.State {
	case "received":
		switch roll := p.random.Float64(); {
		case roll < 0.03:
			then("", "withdraw", p.office(e, 0.5, 2), map[string]any{"reason": "计划有变，暂不办理"})
		case roll < 0.14 && m.Vars["notices"] == 0:
			if list := e.Handling.Materials; len(list) > 0 {
				then("acceptor", "notify", p.office(e, 0.3, 3), map[string]any{"materials": []any{list[p.random.IntN(len(list))].ID}, "what": "所附材料不清晰，请重新拍照上传，四角完整、文字可辨"})
			}
		case roll < 0.15:
			then("acceptor", "reject", p.office(e, 0.5, 3), map[string]any{"reason": "申请事项不符合办理条件，依据《行政许可法》第三十二条第一款第（一）项不予受理"})
		case roll < 0.18: // nobody looks at it: it is deemed accepted
			p.at(p.office(nil, 9, 3), func(ctx context.Context) error { return p.next(ctx, who, id) })
		default:
			points := []any{}
			for _, a := range e.Handling.Acceptance {
				points = append(points, a.ID)
			}
			then("acceptor", "accept", p.office(e, 0.1, 3), map[string]any{"points": points, "owed": p.owed[id]})
		}
	case "correcting":
		if p.chance(0.9) {
			then("", "corrected", p.office(nil, 0.5, 8), map[string]any{"note": "已重新上传"})
		}
	case "examining":
		switch {
		case p.chance(0.05) && len(e.Handling.Special) > 0:
			then("examiner", "special", p.office(e, 0.5, 2), map[string]any{"kind": e.Handling.Special[0].Kind, "length": "10wd", "reason": "需要现场核查"})
		case p.chance(0.02):
			then("", "withdraw", p.office(e, 1, 3), map[string]any{"reason": "另行申请"})
		default:
			view := "grant"
			switch {
			case p.chance(0.05):
				view = "deny"
			case len(p.owed[id]) > 0:
				view = "grant_owing"
			}
			p.views[id] = view
			then("examiner", "propose", p.office(e, 0.5, 5), map[string]any{"view": view, "opinion": map[string]string{"grant": "材料齐全，符合条件", "grant_owing": "符合条件，容缺材料待补", "deny": "现场条件不符合要求"}[view]})
		}
	case "special":
		then("examiner", "special_done", p.office(nil, 3, 9), map[string]any{"result": "核查完毕，符合要求"})
	case "deciding":
		view := p.views[id]
		switch {
		case p.chance(0.03):
			then("approver", "send_back", p.office(e, 0.2, 1), map[string]any{"reason": "请补充审查意见的依据"})
		case p.chance(0.03):
			then("approver", "extend", p.office(e, 0.2, 1), map[string]any{"length": "5wd", "reason": "需要进一步核实"})
		case view == "deny":
			then("approver", "deny", p.office(e, 0.2, 2), map[string]any{"reason": "经审查，现场条件不符合相应规定，依据《行政许可法》第三十八条不予许可；可依法申请行政复议或提起诉讼"})
		default:
			then("approver", view, p.office(e, 0.2, 2), map[string]any{"opinion": "准予"})
		}
	case "owing":
		p.at(p.office(nil, 1, 10), func(ctx context.Context) error {
			if err := p.bring(ctx, who, id); err != nil {
				return err
			}
			then("acceptor", "provided", p.office(e, 0.1, 2), nil)
			return nil
		})
	case "withdrawing":
		then("acceptor", "withdrawn", p.office(e, 0.2, 2), nil)
	case "delivering":
		mode := []string{"electronic", "electronic", "counter", "post", "kiosk"}[p.random.IntN(5)]
		then("intake_clerk", "deliver", p.office(e, 0.2, 3), map[string]any{"mode": mode, "to": map[string]string{"post": fmt.Sprintf("EMS%010d", p.random.IntN(1e10))}[mode]})
	default:
		if slices.Contains(rateableEnds, m.State) && p.chance(0.5) {
			p.at(p.s.Store.Now().Add(time.Duration(2+p.random.IntN(60))*time.Hour), func(ctx context.Context) error { return p.rate(ctx, m) })
		}
	}
	return nil
}

// bring brings what a case is owed (容缺补交).
func (p *casePlay) bring(ctx context.Context, who account.Actor, id store.ID) error {
	for _, m := range p.owed[id] {
		b, err := p.s.Files.Put(ctx, strings.NewReader(fmt.Sprintf("\x89PNG\r\n\x1a\n%v of %s, later", m, id)), -1, who.Account)
		if err != nil {
			return err
		}
		if err := p.s.SendMaterial(ctx, who, id, m.(string), []string{b.ID}); err != nil {
			return err
		}
	}
	_, err := p.s.ActOnCase(ctx, who, id, 0, "provide", nil)
	return err
}

// pay pays what is due of a case, as at a counter.
func (p *casePlay) pay(ctx context.Context, id store.ID) error {
	return p.s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		due, err := store.Select[billRow](ctx, tx, billRowSQL+` WHERE matter = ? AND state = ?`, id, billDue)
		for _, b := range due {
			err = errors.Join(err, p.s.changeBill(ctx, tx, b, billChange{state: billPaid, receipt: fmt.Sprintf("SIM%012d", p.random.IntN(1e12)), at: store.At(p.s.Store.Now())}))
		}
		return err
	})
}

var playWords = map[int][]string{1: {"跑了三趟，每次说的材料都不一样", "电话一直没人接"}, 2: {"等的时间太长", "办事指南写得看不懂"}, 3: {"还可以", ""}, 4: {"比以前快了", ""}, 5: {"很快，不用跑", "工作人员很耐心", "", ""}}

// rate rates what has ended.
func (p *casePlay) rate(ctx context.Context, m *caseflow.Matter) error {
	if p.s.ratings.Load() == nil {
		return nil
	}
	r := ratingRow{Kind: ratingCase, Object: m.ID, N: 1, Person: m.Applicant, Unit: m.Unit, Item: m.Item, Title: m.Title, RateableAt: m.ClosedAt}
	err := p.s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return p.s.invite(ctx, tx, r) })
	if err != nil {
		return err
	}
	if r, err = store.Get[ratingRow](ctx, p.s.Store, `SELECT `+ratingColumns+` FROM service_rating r WHERE r.kind = ? AND r.object = ? AND r.n = 1`, ratingCase, int64(m.ID)); err != nil {
		return err
	}
	grade := 5
	switch roll := p.random.Float64(); {
	case m.State == "denied" && roll < 0.25 || roll < 0.025:
		grade = 1 + p.random.IntN(2)
	case roll < 0.04:
		grade = 3
	case roll < 0.14:
		grade = 4
	}
	in := ServiceRating{Grade: grade, Answers: map[string]int{}, Comment: playWords[grade][p.random.IntN(len(playWords[grade]))], Channel: []string{"app", "qr", "sms"}[p.random.IntN(3)]}
	for _, x := range p.s.ratingSet(r).Indicators {
		in.Answers[x.ID] = max(1, grade-p.random.IntN(2))
	}
	return p.s.rate(ctx, r, in)
}
