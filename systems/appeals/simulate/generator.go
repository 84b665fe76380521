package simulate

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// Options say which stream to generate.
type Options struct {
	Seed uint64
	// From and To bound the stream: the local days from that of From up to, not
	// including, that of To, in the pack's time zone.
	From, To time.Time
	// PerDay is the mean number of appeals a day without mass events; 0 means
	// 1,000.
	PerDay float64
	Scale  Scale
	// Workday tells whether a date is worked, holidays and make-up days
	// included; nil means Monday to Friday.
	Workday func(year int, month time.Month, day int) bool
}

// Scale multiplies parts of the simulation; 0 means 1, a negative number none.
type Scale struct {
	Storms  float64 // appeals that storms and typhoons bring
	Backlog float64 // how often units are late
}

// Generator generates one stream of appeals. It is not safe for concurrent use.
type Generator struct {
	r       random
	pack    *pack
	work    *worktime
	people  population
	perDay  float64
	storms  float64
	backlog float64
	page    page

	tables   [13][parts][2]*alias // items by month, part of the day and workday or off
	hours    [2]*alias
	channels [parts]*alias
	crowd    *alias // communities
	roads    [][]int
	direct   map[string]bool

	co           map[coKey][]string
	lowPlaces    []int
	eventItems   [][]*item
	eventWeights []*alias
	events       []*event

	day, end int // indexes in work
	queue    []moment
	next     int
	no       int64

	recent []matter // ring of matters that others may report too
	head   int

	today    []float64 // appeals of each unit on the running day
	usual    []float64
	pressure []float64 // today's load over the usual
}

// coKey names the co-units of a rule in a community, or -1 without place.
type coKey struct {
	rule      *rule
	community int
}

// moment is an appeal that is to come: of an event, or an ordinary one.
type moment struct {
	at    int64
	event *event
}

// matter is what an appeal is about, for those who report it again.
type matter struct {
	item    *item
	place   int
	at      orb.Point
	first   int64 // No
	no      int64 // No of the last appeal
	citizen int64
	when    int64
	topic   string
}

// New reads the pack in fsys (a folder such as districts/baoan) and prepares a
// stream. Its errors say which file or option is wrong.
func New(fsys fs.FS, o Options) (*Generator, error) {
	p, err := readPack(fsys)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(p.zone)
	if err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	if !o.From.Before(o.To) {
		return nil, errors.New("simulate: From must be before To")
	}
	if o.PerDay < 0 || math.IsNaN(o.PerDay) || math.IsInf(o.PerDay, 0) {
		return nil, fmt.Errorf("simulate: PerDay is %v", o.PerDay)
	}
	if o.PerDay == 0 {
		o.PerDay = 1000
	}
	if o.Workday == nil {
		o.Workday = func(y int, m time.Month, d int) bool {
			wd := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Weekday()
			return wd != time.Saturday && wd != time.Sunday
		}
	}
	scale := func(v float64) float64 {
		if v == 0 {
			return 1
		}
		return max(v, 0)
	}
	g := &Generator{r: newRandom(o.Seed, 0), pack: p, perDay: o.PerDay,
		storms: scale(o.Scale.Storms), backlog: scale(o.Scale.Backlog),
		work:   newWorktime(midnight(o.From.In(zone)), midnight(o.To.In(zone)), o.Workday),
		people: newPopulation(o.Seed, len(p.communities), o.PerDay),
		direct: map[string]bool{}, co: map[coKey][]string{}}
	g.day = g.work.index(midnight(o.From.In(zone)).Unix())
	g.end = g.work.index(midnight(o.To.In(zone)).Unix())
	g.settle()
	g.weigh()
	return g, nil
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// settle gives places, communities and units what the pack leaves open. It
// follows from their codes, not from the seed: the district is the same one in
// every stream.
func (g *Generator) settle() {
	p := g.pack
	byStreet := make([][]int, len(p.streets))
	for i := range p.communities {
		c := &p.communities[i]
		r := newRandom(hashString(c.code), 0)
		c.weight = 0.4 + 1.2*r.Float64()
		byStreet[c.street] = append(byStreet[c.street], i)
		bound := c.area.Bound()
		for try := 0; try < 2000 && len(c.inside) < 24; try++ {
			pt := orb.Point{bound.Min[0] + r.Float64()*(bound.Max[0]-bound.Min[0]), bound.Min[1] + r.Float64()*(bound.Max[1]-bound.Min[1])}
			if contains(c.area, pt) {
				c.inside = append(c.inside, round(pt))
			}
		}
		if len(c.inside) == 0 {
			c.inside = append(c.inside, p.places[c.places[0]].at)
		}
	}
	g.roads = make([][]int, len(p.communities))
	var water []orb.Point
	for i := range p.places {
		pl := &p.places[i]
		switch pl.kind {
		case "road":
			g.roads[pl.community] = append(g.roads[pl.community], i)
		case "river":
			water = append(water, pl.at)
		}
		r := newRandom(hashString(pl.name), uint64(pl.community))
		pl.around = append(pl.around, pl.at)
		for try := 0; try < 16 && len(pl.around) < 6; try++ {
			pt := round(orb.Point{pl.at[0] + 0.0012*r.NormFloat64(), pl.at[1] + 0.0010*r.NormFloat64()})
			if contains(p.communities[pl.community].area, pt) {
				pl.around = append(pl.around, pt)
			}
		}
	}
	for i := range p.communities {
		c := &p.communities[i]
		for _, n := range byStreet[c.street] {
			if n != i || len(byStreet[c.street]) == 1 {
				c.neighbours = append(c.neighbours, n)
			}
		}
		if len(g.roads[i]) == 0 {
			g.roads[i] = c.places
		}
	}
	for i := range p.places {
		pl := &p.places[i]
		for _, w := range water {
			if dx, dy := (pl.at[0]-w[0])*103, (pl.at[1]-w[1])*111; dx*dx+dy*dy < 0.8*0.8 { // km
				pl.low = true
			}
		}
		if pl.low && pl.kind != "river" && pl.kind != "hospital" {
			g.lowPlaces = append(g.lowPlaces, i)
		}
	}
	for i := range p.units {
		u := &p.units[i]
		r := newRandom(hashString(u.code), 1)
		u.late = 0.02 + 0.12*r.Float64()*r.Float64()
		u.formal = 0.03 + 0.25*r.Float64()*r.Float64()
		u.returns = 0.005 + 0.05*r.Float64()*r.Float64()
	}
	g.today, g.usual, g.pressure = make([]float64, len(p.units)), make([]float64, len(p.units)), make([]float64, len(p.units))
	for i := range g.pressure {
		g.pressure[i] = 1
	}
	g.recent = make([]matter, 0, min(max(int(g.perDay*7), 200), 200_000))
}

// weigh prepares every draw by weight.
func (g *Generator) weigh() {
	p := g.pack
	all := newSpots(p)
	habitOf := make([]*habit, len(p.items))
	for i, it := range p.items {
		it.theme, it.spots = themeOf(it), spotsOf(it, all)
		it.business = matches(it, business)
		habitOf[i] = it.habit()
	}
	for m := time.January; m <= time.December; m++ {
		for pt := range parts {
			for off := range 2 {
				weights := make([]float64, len(p.items))
				for i, it := range p.items {
					weights[i] = it.frequency * habitOf[i].factor(pt, off == 1, m)
				}
				g.tables[m][pt][off] = newAlias(weights)
			}
		}
	}
	for off := range hours {
		g.hours[off] = newAlias(hours[off][:])
	}
	for pt := range parts {
		weights := make([]float64, len(p.channels))
		for i, c := range p.channels {
			weights[i] = c.share
			g.direct[c.code] = formalChannel(c.code) && c.code == "hotline"
			if pt == night && c.code == "hotline" {
				weights[i] /= 2
			}
			if (pt == night || pt == evening) && (c.code == "window" || c.code == "letter" || c.code == "congress") {
				weights[i] = 0
			}
		}
		g.channels[pt] = newAlias(weights)
	}
	weights := make([]float64, len(p.communities))
	for i := range p.communities {
		weights[i] = p.communities[i].weight
	}
	g.crowd = newAlias(weights)
	for i := range eventKinds {
		var items []*item
		var weights []float64
		for _, it := range p.items {
			if it.kinds[0] == "consult" && eventKinds[i].name != "admission" {
				continue
			}
			if matches(it, eventKinds[i].words) {
				items = append(items, it)
				weights = append(weights, it.frequency)
			}
		}
		g.eventItems = append(g.eventItems, items)
		g.eventWeights = append(g.eventWeights, newAlias(weights))
	}
}

// formalChannel reports whether somebody else writes the citizen's words down.
func formalChannel(code string) bool {
	switch code {
	case "hotline", "city", "police110", "grid", "congress", "window", "media", "device":
		return true
	}
	return false
}

// plan fills the queue with the appeals of the next day; false at the end.
func (g *Generator) plan() bool {
	if g.day >= g.end {
		return false
	}
	for u := range g.today {
		// A slow mean of each unit's day, and how far today is above it.
		if g.usual[u] == 0 {
			g.usual[u] = g.today[u]
		}
		g.usual[u] += 0.03 * (g.today[u] - g.usual[u])
		load := 1.0
		if g.usual[u] > 0 {
			load = (g.today[u] + 1) / (g.usual[u] + 1)
		}
		g.pressure[u] += 0.4 * (load - g.pressure[u])
		g.today[u] = 0
	}
	g.begin(g.day)
	start, stop := g.work.starts[g.day], g.work.starts[g.day+1]
	off := 0
	if !g.work.work[g.day] {
		off = 1
	}
	g.queue, g.next = g.queue[:0], 0
	for range g.r.poisson(g.perDay * g.work.volume(g.day)) {
		t := start + int64(g.hours[off].draw(g.r))*3600 + g.r.Int64N(3600)
		g.queue = append(g.queue, moment{at: min(t, stop-1)})
	}
	live := g.events[:0]
	for _, e := range g.events {
		for len(e.times) > 0 && e.times[0] < stop {
			g.queue = append(g.queue, moment{at: e.times[0], event: e})
			e.times = e.times[1:]
		}
		if len(e.times) > 0 {
			live = append(live, e)
		}
	}
	clear(g.events[len(live):])
	g.events = live
	slices.SortStableFunc(g.queue, func(a, b moment) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return 0
	})
	g.day++
	return true
}

// Next returns the next appeal in the order of time; false after the last.
func (g *Generator) Next() (Appeal, bool) {
	for g.next == len(g.queue) {
		if !g.plan() {
			return Appeal{}, false
		}
	}
	m := g.queue[g.next]
	g.next++
	g.no++
	return g.appeal(m), true
}

// appeal invents one appeal.
func (g *Generator) appeal(m moment) Appeal {
	r := g.r
	when := g.time(m.at)
	pt := partOf(when.Hour())
	a := Appeal{No: g.no, Time: when, Synthetic: true, Note: Note}
	about, also := g.choice(m, when, pt, &a)
	it, tr := about.item, &a.Truth
	tr.Item, tr.Topic, tr.Frequent = it.code, about.topic, g.people.isFrequent(about.citizen)

	a.Kind = it.kinds[0]
	if len(it.kinds) > 1 && r.chance(0.25) {
		a.Kind = r.of(it.kinds[1:])
	}
	a.Channel = g.channel(it, about.place, a.Kind, pt)
	citizen := g.people.person(about.citizen)
	a.Appellant = citizen
	switch n := r.Float64(); {
	case n < 0.04, n < 0.16 && a.Kind == "report":
		a.Secrecy, a.Appellant = Anonymous, Appellant{}
	case n < 0.22:
		a.Secrecy = Confidential
	default:
		a.Secrecy = Open
		if r.chance(0.06) {
			a.Appellant.IDNumber = g.people.identity(citizen.ID)
		}
	}

	s := script{item: it, also: also, place: about.place, kind: a.Kind, when: when, citizen: citizen, recurs: tr.Recurs, truth: tr}
	switch {
	case formalChannel(a.Channel):
		s.style = formal
	case r.chance(0.22):
		s.style = terse
	}
	if len(it.triggers) > 0 && r.chance(0.06) {
		s.trigger = r.of(it.triggers)
	}
	a.Title, a.Text = g.write(&s)
	if it.urgency == "critical" {
		for _, w := range g.pack.emergency {
			if strings.Contains(a.Text, w) {
				tr.Emergency = true
				break
			}
		}
	}
	g.locate(&a, about)
	if also != nil {
		unit, _ := g.dispatch(&a, also, about.place)
		tr.Also = []Demand{{also.code, g.pack.units[unit].code}}
		tr.Keywords = nil
	}
	unit, rule := g.dispatch(&a, it, about.place)
	tr.Unit, tr.CoUnits = g.pack.units[unit].code, g.coUnits(rule, about.place)
	g.today[unit]++
	g.course(&a, it, also, about.place, unit, m.at)
	g.remember(about, &a, m.at)
	return a
}

// channel draws a channel through which such an appeal may come.
func (g *Generator) channel(it *item, place int, kind string, pt part) string {
	for range 8 {
		code := g.pack.channels[g.channels[pt].draw(g.r)].code
		fits := true
		switch code {
		case "device", "grid": // they see things, in places
			fits = place >= 0 && it.evidence != "none" && kind != "suggestion"
		case "police110", "media", "congress":
			fits = kind != "consult" && kind != "praise"
		case "enterprise":
			fits = it.business
		}
		if fits {
			return code
		}
	}
	return g.pack.channels[0].code
}

// choice decides what the appeal is about: an event, a matter already reported,
// or a new one; and who reports it.
func (g *Generator) choice(m moment, when time.Time, pt part, a *Appeal) (matter, *item) {
	r := g.r
	about := matter{place: -1, first: g.no, when: m.at}
	if e := m.event; e != nil {
		about.item = e.items[e.weight.draw(r)]
		about.topic = e.topic
		if len(e.places) > 0 {
			about.place = e.places[int(float64(len(e.places))*r.Float64()*r.Float64())]
		} else {
			about.place = about.item.spots.draw(r, about.item.needsPlace)
		}
		key := about.place
		if e.shared {
			key = 0
		}
		if first, ok := e.first[key]; ok {
			about.first = first
		} else {
			e.first[key] = g.no
		}
		about.citizen = g.someone(about.place)
		about.at = g.point(about.place)
		a.Truth.Matter = about.first
		return about, nil
	}
	if n := len(g.recent); n > 0 {
		switch x := r.Float64(); {
		case x < 0.055: // another person reports the same, mostly soon after
			old := g.recent[(g.head+n-1-int(float64(n)*r.Float64()*r.Float64()*r.Float64()))%n]
			if old.item.kinds[0] != "consult" && old.item.kinds[0] != "praise" && old.place >= 0 {
				old.citizen = g.someone(old.place)
				a.Truth.Matter = old.first
				return old, nil
			}
		case x < 0.085: // the same person again
			old := g.recent[r.IntN(n)]
			if old.item.kinds[0] != "praise" {
				a.Truth.Matter, a.Truth.RepeatOf = old.first, old.no
				a.Truth.Recurs = old.item.kinds[0] != "consult" && m.at-old.when > 5*86400
				return old, nil
			}
		}
	}
	off := 0
	if !g.work.work[g.work.day(m.at)] {
		off = 1
	}
	about.item = g.pack.items[g.tables[when.Month()][pt][off].draw(r)]
	about.place = about.item.spots.draw(r, about.item.needsPlace)
	about.at = g.point(about.place)
	about.citizen = g.someone(about.place)
	a.Truth.Matter = g.no
	// Two demands in one text: both of things that happen at such a place.
	if about.place >= 0 && about.item.kinds[0] != "consult" && r.chance(0.12) {
		for range 12 {
			other := g.pack.items[g.tables[when.Month()][pt][off].draw(r)]
			if other != about.item && other.spots == about.item.spots && (other.kinds[0] == "complaint" || other.kinds[0] == "help") {
				return about, other
			}
		}
	}
	return about, nil
}

// someone returns a citizen who may report what happens at a place: mostly one
// who lives there.
func (g *Generator) someone(place int) int64 {
	if place >= 0 && g.r.chance(0.75) {
		return g.people.resident(g.r, g.pack.places[place].community)
	}
	return g.people.resident(g.r, g.crowd.draw(g.r))
}

// point returns where at the place it happens.
func (g *Generator) point(place int) orb.Point {
	if place < 0 {
		return orb.Point{}
	}
	pl := &g.pack.places[place]
	return pl.around[g.r.IntN(len(pl.around))]
}

// locate fills in the true place and what the appellant gave of it.
func (g *Generator) locate(a *Appeal, about matter) {
	if about.place < 0 {
		return
	}
	r := g.r
	pl := &g.pack.places[about.place]
	c := &g.pack.communities[pl.community]
	tr := &a.Truth
	tr.Street, tr.Community = g.pack.streets[c.street].code, c.code
	tr.Place, tr.PlaceType = pl.name, pl.kind
	tr.Lon, tr.Lat = about.at[0], about.at[1]

	given := r.Float64()
	if given < 0.55 && !formalChannel(a.Channel) || given < 0.2 {
		pin := round(orb.Point{about.at[0] + 0.0003*r.NormFloat64(), about.at[1] + 0.0003*r.NormFloat64()})
		if r.chance(0.04) { // the phone was elsewhere, or its positioning was
			pin = c.inside[r.IntN(len(c.inside))]
		}
		a.Location.Pinned, a.Location.Lon, a.Location.Lat = true, pin[0], pin[1]
	}
	if given > 0.35 && given < 0.87 {
		a.Location.Address = g.address(about.place, tr.WrongPlace)
	}
}

// dispatch applies the pack's rules for the item to the true facts: it returns
// the lead unit and the rule, and sets the keywords that the rules ask for.
func (g *Generator) dispatch(a *Appeal, it *item, place int) (int, *rule) {
	tr := &a.Truth
	f := facts{placeType: tr.PlaceType, street: tr.Street, community: tr.Community, hour: a.Time.Hour(), weekday: (int(a.Time.Weekday())+6)%7 + 1, kind: a.Kind}
	for _, w := range it.triggers {
		if strings.Contains(a.Text, w) || strings.Contains(a.Title, w) {
			tr.Keywords = append(tr.Keywords, w)
		}
	}
	if len(tr.Keywords) > 0 {
		f.keywords = strings.Join(tr.Keywords, "\n")
	}
	rule := it.decide(f)
	if lead := g.office(rule.lead, place); lead >= 0 {
		return lead, rule
	}
	return rule.fallback, rule
}

// office returns the unit, or the office of the place that stands for one; -1
// when there is none.
func (g *Generator) office(unit, place int) int {
	if unit >= 0 {
		return unit
	}
	if place < 0 {
		return -1
	}
	c := &g.pack.communities[g.pack.places[place].community]
	if unit == communityOffice {
		return c.office
	}
	return g.pack.streets[c.street].office
}

// coUnits returns the co-units of a rule at a place, remembered so that appeals
// share them.
func (g *Generator) coUnits(rule *rule, place int) []string {
	if len(rule.co) == 0 {
		return nil
	}
	key := coKey{rule, -1}
	if place >= 0 {
		key.community = g.pack.places[place].community
	}
	list, ok := g.co[key]
	if !ok {
		for _, u := range rule.co {
			if u = g.office(u, place); u >= 0 {
				list = append(list, g.pack.units[u].code)
			}
		}
		g.co[key] = list
	}
	return list
}

// remember keeps a new matter for those who will report it again.
func (g *Generator) remember(about matter, a *Appeal, at int64) {
	about.no = a.No
	about.when = at
	switch {
	case a.Truth.Matter != a.No:
	case len(g.recent) < cap(g.recent):
		g.recent = append(g.recent, about)
	default:
		g.recent[g.head] = about
		g.head = (g.head + 1) % len(g.recent)
	}
}

func (g *Generator) otherStreet(street int) int {
	n := len(g.pack.streets)
	if n == 1 {
		return street
	}
	return (street + 1 + g.r.IntN(n-1)) % n
}

func (g *Generator) someRoad(community int) int {
	return g.roads[community][g.r.IntN(len(g.roads[community]))]
}

func round(p orb.Point) orb.Point {
	return orb.Point{math.Round(p[0]*1e6) / 1e6, math.Round(p[1]*1e6) / 1e6}
}
