package appeals

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/learn"
	"shanzhi/core/store"
)

// dispatchCase is what is known of an appeal when it is dispatched.
type dispatchCase struct {
	title, text       string
	street, community string
	placeType         string // of the gazetteer: "school"
	kind, channel     string
	class             string
	at                time.Time         // of filing, in the district's zone
	turn              map[string]string // whose turn it is, by rotation
}

// The ranker is two models: which item of the list it is, by what it says and
// where; and which unit has it, by the item, the place and what became of
// earlier ones. The second also learns where practice differs from the list.
var (
	itemSchema = learn.Schema{Text: []string{"title", "text"}, Features: []string{"street", "community", "kind", "channel"}}
	unitSchema = learn.Schema{Text: []string{"title", "text"}, Features: []string{"item", "street", "community", "kind", "channel"}}
)

func (c *dispatchCase) forItem() learn.Example {
	return learn.Example{Text: []string{c.title, c.text}, Features: []string{c.street, c.community, c.kind, c.channel}}
}

func (c *dispatchCase) forUnit(item string) learn.Example {
	return learn.Example{Text: []string{c.title, c.text}, Features: []string{item, c.street, c.community, c.kind, c.channel}}
}

// ranker is the models in office. Without them rules and the words of the list
// still advise.
type ranker struct {
	id         store.ID
	item, unit *learn.Model    // nil where there is none to use
	met        map[string]bool // the items that item knows
	figures    Figures
	err        error // what is wrong with the one in office
}

// usable says that there is a model.
func (r *ranker) usable() bool { return r.item != nil && r.unit != nil }

// trust says how far a unit may be trusted to keep an item at the place in
// question, 0 to 1, and how many accepted returns that rests on.
type trust func(item, unit string) (share float64, returns int)

const (
	// itemsWeighed of an appeal are each asked for their unit.
	itemsWeighed = 5
	leastItem    = 0.02 // a less likely item is not asked
	itemsMixed   = 20   // of the model and of the list each are considered
	unitsWeighed = 8    // for each item
	leastRest    = 1e-3 // always left for a unit that was not thought of
	// ruleWeight is how far the list is believed before practice has been
	// measured.
	ruleWeight = 0.9
	// fallbackShare of what a lead loses by returns goes to the fallback unit
	// (兜底) of the list.
	fallbackShare = 0.6
)

// likely is an item that an appeal may be about.
type likely struct {
	item  *DutyItem
	p     float64
	words []string // that stand in the text and in the list
	why   []learn.Reason
}

// rank weighs units for one case, the likeliest first, each with the item that
// speaks most for it. odd says that the case is like nothing that was learned, and
// that no word of the list for the first item stands in it.
//
// The list decides first: its lead for an item at this place and time has the
// weight with which the list was right lately; the rest goes by what became of
// like appeals. Accepted returns take from both.
func (d *district) rank(r *ranker, c dispatchCase, tree *account.Tree, ask func(items []*DutyItem) (trust, error)) (out []Candidate, odd bool, err error) {
	out, asked, odd, err := d.weigh(r, c, tree)
	if err != nil || len(out) == 0 {
		return out, odd, err
	}
	calibrate(out, r.figures.Sharpness, r.figures.Doubt)
	trusted, err := ask(asked)
	if err != nil {
		return out, odd, err
	}
	for i := range len(out) {
		c := &out[i]
		t, returns := trusted(c.Item, c.Unit)
		if returns == 0 {
			continue
		}
		lost := c.P * (1 - t)
		c.P -= lost
		c.Why = append(c.Why, Reason{"returned", fmt.Sprintf("此类件近期被其退回 %d 次", returns)})
		if c.Fallback == "" || c.Fallback == c.Unit {
			continue
		}
		at := slices.IndexFunc(out, func(o Candidate) bool { return o.Unit == c.Fallback })
		if at < 0 {
			at = len(out)
			out = append(out, Candidate{Item: c.Item, ItemName: c.ItemName, Unit: c.Fallback, UnitName: tree.Name(c.Fallback)})
			c = &out[i]
		}
		out[at].P += lost * fallbackShare
		out[at].Why = append(out[at].Why, Reason{"duty", "职责清单 " + c.Item + " 的兜底单位"})
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Compare(b.P, a.P) })
	return out, odd, nil
}

// calibrate makes probabilities honest: each to the power of sharpness, set
// against the others and against what none of them has, times doubt. A sharpness
// of 0 leaves them alone.
func calibrate(all []Candidate, sharpness, doubt float64) {
	if sharpness == 0 {
		return
	}
	rest, sum := 1.0, 0.0
	for i := range all {
		rest -= all[i].P
		all[i].P = math.Pow(all[i].P, sharpness)
		sum += all[i].P
	}
	sum += doubt * math.Pow(max(rest, leastRest), sharpness)
	for i := range all {
		all[i].P /= sum
	}
}

// weigh is rank before calibration and returns; asked are the items that it
// looked at.
func (d *district) weigh(r *ranker, c dispatchCase, tree *account.Tree) (out []Candidate, asked []*DutyItem, odd bool, err error) {
	out = []Candidate{}
	items, other, odd, err := d.likelyItems(r, &c)
	if err != nil || len(items) == 0 {
		return out, nil, odd, err
	}
	facts := DutyFacts{Street: c.street, Community: c.community, PlaceType: c.placeType, Kind: c.kind, Channel: c.channel, Class: c.class, Text: c.title + " " + c.text, At: c.at, Turn: c.turn}
	best := map[string]*Candidate{} // by unit
	most := map[string]float64{}    // p of best's item and unit
	rest := 1 - other               // of the probability: items too unlikely to be asked
	for _, it := range items {
		code := it.item.Code
		asked = append(asked, it.item)
		rest -= it.p
		duty, ruled := d.duty.Resolve(code, facts, tree)
		weight := 0.0
		if ruled {
			weight = 1
			if r.usable() {
				weight = r.figures.RuleAgreement
			}
		}
		share := map[string]float64{}
		if ruled {
			share[duty.Lead] = weight
		}
		var guess learn.Prediction
		if r.usable() {
			if guess, err = r.unit.Predict(c.forUnit(code), unitsWeighed); err != nil {
				return out, asked, odd, err
			}
			for _, u := range guess.Candidates {
				if _, ok := tree.Unit(u.Label); ok {
					share[u.Label] += (1 - weight) * u.P
				}
			}
		}
		for unit, part := range share {
			p := it.p * part
			if p <= 0 {
				continue
			}
			b := best[unit]
			if b == nil {
				b = &Candidate{Unit: unit, UnitName: tree.Name(unit)}
				best[unit] = b
			}
			b.P += p
			if p <= most[unit] {
				continue
			}
			most[unit] = p
			b.Item, b.ItemName, b.CoUnits, b.Fallback = code, it.item.Name(), nil, ""
			b.Why = itemReasons(it)
			if ruled && unit == duty.Lead {
				b.CoUnits, b.Fallback = duty.CoUnits, duty.Fallback
				b.Why = append(b.Why, Reason{"duty", "职责清单 " + code + "：" + it.item.theme()})
				if duty.Rule.Condition != "" {
					b.Why = append(b.Why, Reason{"duty", duty.Rule.Condition})
				}
			}
			if len(guess.Candidates) > 0 && guess.Candidates[0].Label == unit {
				b.Why = append(b.Why, d.historyReasons(guess.Why)...)
			}
		}
	}
	if r.usable() && rest > leastItem {
		// Whichever of them it is: by the words and the place alone.
		guess, err := r.unit.Predict(c.forUnit(""), unitsWeighed)
		if err != nil {
			return out, asked, odd, err
		}
		for _, u := range guess.Candidates {
			if b := best[u.Label]; b != nil {
				b.P += rest * u.P
			}
		}
	}
	for _, unit := range sortedKeysOf(best) {
		out = append(out, *best[unit])
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Compare(b.P, a.P) })
	return out, asked, odd, nil
}

func sortedKeysOf[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// likelyItems are the items that a case may be about, and the probability that it
// is about something that is not in the list. An item that the model has never
// met, because it is new in the list, is found by its words.
func (d *district) likelyItems(r *ranker, c *dispatchCase) (out []likely, other float64, odd bool, err error) {
	hits := d.duty.match(c.title+" "+c.text, itemsMixed)
	if !r.usable() {
		for _, h := range hits[:min(itemsWeighed, len(hits))] {
			out = append(out, likely{item: h.item, p: h.score, words: h.words})
		}
		return out, 0, len(out) == 0, nil
	}
	guess, err := r.item.Predict(c.forItem(), itemsMixed)
	if err != nil {
		return nil, 0, false, err
	}
	// The list's own words are a second opinion, which weighs what it was lately
	// worth; for an item that is new in the list it is the only one.
	list := r.figures.ListWeight
	at := map[*DutyItem]int{}
	of := func(item *DutyItem) *likely {
		i, ok := at[item]
		if !ok {
			i = len(out)
			at[item] = i
			out = append(out, likely{item: item})
		}
		return &out[i]
	}
	for i, g := range guess.Candidates {
		if item := d.duty.Item(g.Label); item != nil { // else gone from the list
			l := of(item)
			l.p = (1 - list) * g.P
			if i == 0 {
				l.why = guess.Why
			}
		}
	}
	other = guess.POther
	for _, h := range hits {
		l := of(h.item)
		l.words = h.words
		l.p += list * (1 - guess.POther) * h.score
		if !r.met[h.item.Code] {
			l.p += guess.POther * h.score
			other -= guess.POther * h.score
		}
	}
	slices.SortStableFunc(out, func(a, b likely) int { return cmp.Compare(b.p, a.p) })
	out = slices.DeleteFunc(out[:min(itemsWeighed, len(out))], func(l likely) bool { return l.p < leastItem })
	odd = len(out) == 0 || guess.Unknown && len(out[0].words) == 0
	return out, max(other, 0), odd, nil
}

// itemReasons are the words that spoke for an item, and the place where it is
// common.
func itemReasons(it likely) []Reason {
	out := []Reason{}
	if len(it.words) > 0 {
		out = append(out, Reason{"words", strings.Join(it.words, "、")})
	}
	var read []string
	for _, w := range it.why {
		if w.Of == 0 && (slices.Contains(w.Columns, "text") || slices.Contains(w.Columns, "title")) && !slices.Contains(read, w.Text) && len(read) < 4 {
			read = append(read, w.Text)
		}
	}
	if len(read) > 0 {
		out = append(out, Reason{"words", strings.Join(read, "、")})
	}
	return out
}

// historyReasons are what became of earlier appeals of the same item, place and
// channel.
func (d *district) historyReasons(why []learn.Reason) []Reason {
	out := []Reason{}
	for _, w := range why {
		if w.Of == 0 || len(w.Columns) == 0 || len(out) == 2 {
			continue
		}
		var names []string
		for i, v := range strings.Split(w.Text, " × ") {
			if i < len(w.Columns) {
				names = append(names, d.valueName(w.Columns[i], v))
			}
		}
		kind := "history"
		if !slices.Contains(w.Columns, "item") && (slices.Contains(w.Columns, "street") || slices.Contains(w.Columns, "community")) {
			kind = "place"
		}
		out = append(out, Reason{kind, fmt.Sprintf("%s：以往 %d 件中 %d 件由其承办", strings.Join(names, "、"), w.Of, w.Cases)})
	}
	return out
}

// valueName is what people call a value of a column.
func (d *district) valueName(column, value string) string {
	switch column {
	case "item":
		if it := d.duty.Item(value); it != nil {
			return it.Name()
		}
	case "street", "community":
		if p, ok := d.places[value]; ok {
			return p.Name
		}
	case "kind":
		if k, ok := d.words.Kind(value); ok {
			return k.Name.In("zh")
		}
	case "channel":
		if c, ok := d.words.Channel(value); ok {
			return c.Name.In("zh")
		}
	}
	return cmp.Or(value, "未填")
}

// What accepted returns take from a unit's trust: one counts as many kept
// appeals, less the longer ago, in another street, and under another item of the
// same theme.
const (
	returnWeight    = 4.0
	keptAtFirst     = 4.0 // every unit begins with so much trust
	otherStreet     = 0.5
	otherItem       = 0.5
	returnHalfLife  = 90 * 24 * time.Hour
	returnsForgiven = 365 * 24 * time.Hour
	keptCounted     = 50
)

// theme is what an item shares with its siblings: class and group.
func (i *DutyItem) theme() string { return i.L1 + "／" + i.L2 }

// trust reads the accepted returns of items and their siblings, and how many
// each unit kept.
func (s *Service) trust(ctx context.Context, items []*DutyItem, street string) (trust, error) {
	type key struct{ item, unit string }
	type cell struct {
		weight float64
		n      int
		kept   float64
	}
	now := s.Store.Now()
	args := []any{store.At(now.Add(-returnsForgiven))}
	for _, it := range items {
		args = append(args, it.theme())
	}
	rows, err := store.Select[struct {
		Theme, Item, Street, Unit string
		At                        store.Time
	}](ctx, s.Store, `SELECT theme, item, street, unit, at FROM dispatch_return WHERE at >= ? AND theme IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(items)), ", ")+`)`, args...)
	if err != nil {
		return nil, err
	}
	cells := map[key]*cell{}
	for _, r := range rows {
		fresh := math.Exp2(-float64(now.Sub(r.At.Time)) / float64(returnHalfLife))
		for _, it := range items {
			if it.theme() != r.Theme {
				continue
			}
			c := cells[key{it.Code, r.Unit}]
			if c == nil {
				c = &cell{}
				if err := s.Store.QueryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM matter WHERE item = ? AND unit = ? AND state NOT IN ('signing', 'return_request', 'dispatching') LIMIT ?) k`, it.Code, r.Unit, keptCounted).Scan(&c.kept); err != nil {
					return nil, err
				}
				cells[key{it.Code, r.Unit}] = c
			}
			w := fresh
			if r.Street != street {
				w *= otherStreet
			}
			if r.Item != it.Code {
				w *= otherItem
			}
			c.weight += w
			c.n++
		}
	}
	return func(item, unit string) (float64, int) {
		c := cells[key{item, unit}]
		if c == nil {
			return 1, 0
		}
		return (c.kept + keptAtFirst) / (c.kept + keptAtFirst + returnWeight*c.weight), c.n
	}, nil
}

// returned is the effect of an accepted return: the unit loses trust for this
// item and place.
func (s *Service) returned(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	if _, err := tx.Exec(ctx, `UPDATE appeal SET mode = '' WHERE id = ?`, c.Matter.ID); err != nil {
		return err
	}
	item := s.district.Load().duty.Item(c.Before.Item)
	if item == nil || c.Before.Unit == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO dispatch_return (matter, at, theme, item, street, unit) VALUES (?, ?, ?, ?, ?, ?)`, c.Matter.ID, c.Event.At, item.theme(), item.Code, streetOf(c.Before.Place), c.Before.Unit)
	return err
}
