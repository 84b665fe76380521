package appeals

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/learn"
	"shanzhi/core/store"
)

// Figures say how a pair of models did on appeals that it had not learned from,
// ranked as dispatch ranks them, with the list and without returns.
type Figures struct {
	Cases int     `json:"cases"`
	Top1  float64 `json:"top1"` // share whose unit stood first
	Top3  float64 `json:"top3"`
	Item  float64 `json:"item"` // share whose item was right
	ECE   float64 `json:"ece"`  // of the first unit's probability
	Odd   float64 `json:"odd"`  // share that was like nothing learned
	// RuleAgreement is the share of appeals that went to the lead of the list for
	// their item, ten of the usual share added.
	RuleAgreement float64 `json:"rule_agreement"`
	// ListWeight is what the words of the list are worth beside the model in
	// telling the item, 0 to 1.
	ListWeight float64 `json:"list_weight"`
	// Sharpness and Doubt make the probabilities honest, see calibrate.
	Sharpness float64 `json:"sharpness"`
	Doubt     float64 `json:"doubt"`
	// AutoFrom is the probability from which the first unit was right often
	// enough to dispatch by itself; 0 where there is none. AutoCoverage of the
	// cases lie above it.
	AutoFrom      float64 `json:"auto_from"`
	AutoCoverage  float64 `json:"auto_coverage"`
	AutoPrecision float64 `json:"auto_precision"`
}

// DispatchModel is one entry of the registry.
type DispatchModel struct {
	ID        store.ID   `bun:"id" json:"id"`
	Status    string     `bun:"status" json:"status" enum:"champion,past,refused"`
	TrainedAt store.Time `bun:"trained_at" json:"trained_at"`
	Cases     int64      `bun:"cases" json:"cases"`
	Until     store.Time `bun:"until" json:"until"`
	ItemHash  string     `bun:"item_hash" json:"item_hash"`
	UnitHash  string     `bun:"unit_hash" json:"unit_hash"`
	Figures   string     `bun:"figures" json:"-"`
	Reason    string     `bun:"reason" json:"reason"`
	ChangedAt store.Time `bun:"changed_at" json:"changed_at"`
	ChangedBy store.ID   `bun:"changed_by" json:"changed_by,omitempty"`

	Measured Figures `bun:"-" json:"figures"`
}

const modelColumns = `id, status, trained_at, cases, until, item_hash, unit_hash, figures, reason, changed_at, COALESCE(changed_by, 0) AS changed_by`

// bodiesKept is how many models keep what they learned, the newest; the entries of
// the others stay.
const bodiesKept = 8

var (
	// ErrTooFewCases: there is too little to learn from, or to compare with.
	ErrTooFewCases = errors.New("too few dispatched appeals")
	// ErrNoModel: there is no such model, or none before the one in office.
	ErrNoModel = errors.New("there is no such model")
	// ErrModelChanged: another model came into office meanwhile.
	ErrModelChanged = errors.New("another model came into office meanwhile")
)

// rankers holds the models in office in this process: what came of loading
// those of an entry.
type rankers struct {
	mu  sync.Mutex
	id  store.ID
	now *ranker
}

// ranker is the models in office. A damaged model leaves it without any, and
// with the reason: dispatch then goes on by rules and words.
func (s *Service) ranker(ctx context.Context) *ranker {
	champion, err := s.champion(ctx)
	if err != nil {
		return &ranker{err: err}
	}
	s.rankers.mu.Lock()
	defer s.rankers.mu.Unlock()
	if s.rankers.now == nil || s.rankers.id != champion.ID {
		s.rankers.id, s.rankers.now = champion.ID, s.loadRanker(ctx, champion)
	}
	return s.rankers.now
}

// champion is the entry in office; its ID is 0 where there is none.
func (s *Service) champion(ctx context.Context) (DispatchModel, error) {
	rows, err := s.models(ctx, s.Store, `WHERE status = 'champion'`)
	if err != nil || len(rows) == 0 {
		return DispatchModel{}, err
	}
	return rows[0], nil
}

// models reads entries of the registry, the newest first.
func (s *Service) models(ctx context.Context, q store.Querier, where string, args ...any) ([]DispatchModel, error) {
	rows, err := store.Select[DispatchModel](ctx, q, `SELECT `+modelColumns+` FROM dispatch_model `+where+` ORDER BY id DESC`, args...)
	for i := range rows {
		if err := json.Unmarshal([]byte(rows[i].Figures), &rows[i].Measured); err != nil {
			return nil, err
		}
	}
	return rows, err
}

// DispatchModels is the registry, the newest first.
func (s *Service) DispatchModels(ctx context.Context) ([]DispatchModel, error) {
	return s.models(ctx, s.Store, ``)
}

func (s *Service) loadRanker(ctx context.Context, m DispatchModel) *ranker {
	r := &ranker{id: m.ID}
	if m.ID == 0 {
		return r
	}
	load := func(what, hash string, schema learn.Schema) (*learn.Model, error) {
		name := "the " + what + " model of " + m.ID.String()
		body, err := store.Get[[]byte](ctx, s.Store, `SELECT body FROM dispatch_model_body WHERE model = ? AND what = ?`, m.ID, what)
		if errors.Is(err, store.ErrNotFound) {
			return nil, errors.New(name + " is not kept")
		}
		if err != nil {
			return nil, err
		}
		model, err := learn.Decode(body, name)
		switch {
		case err != nil:
			return nil, err
		case model.Meta.Hash != hash:
			return nil, errors.New(name + " is another than the one that came into office")
		case !reflect.DeepEqual(model.Meta.Schema, schema):
			return nil, errors.New(name + " reads other columns than this program has")
		}
		return model, nil
	}
	item, ierr := load("item", m.ItemHash, itemSchema)
	unit, uerr := load("unit", m.UnitHash, unitSchema)
	if r.err = errors.Join(ierr, uerr); r.err != nil {
		return &ranker{err: r.err}
	}
	r.take(item, unit)
	r.figures = m.Measured
	return r
}

func (r *ranker) take(item, unit *learn.Model) {
	r.item, r.unit, r.met = item, unit, map[string]bool{}
	for _, l := range item.Labels() {
		r.met[l] = true
	}
}

// DispatchFault says which model is in office, 0 where none is, and what keeps it
// from advising.
func (s *Service) DispatchFault(ctx context.Context) (model store.ID, err error) {
	champion, err := s.champion(ctx)
	if err != nil {
		return 0, err
	}
	if err := s.loadRanker(ctx, champion).err; err != nil {
		return champion.ID, fmt.Errorf("model %s cannot be used, rules and words advise: %w; go back to another with: shanzhi learn rollback", champion.ID, err)
	}
	return champion.ID, nil
}

// dispatched is an appeal with the item and the unit that it came to.
type dispatched struct {
	dispatchCase
	item, unit string
	known      time.Time // when it was dispatched
}

// pastCases reads the newest appeals that a unit has, at most limit, in the order
// in which they were dispatched.
func (s *Service) pastCases(ctx context.Context, limit int) ([]dispatched, error) {
	const piece = 5000
	d := s.district.Load()
	var out []dispatched
	before := store.ID(1<<63 - 1)
	for len(out) < limit {
		rows, err := store.Select[struct {
			ID                                                                        store.ID
			Title, Item, Unit, Class, Text, Address, Kind, Channel, Street, Community string
			OpenedAt, DispatchedAt                                                    store.Time
		}](ctx, s.Store, `SELECT m.id, m.title, m.item, m.unit, m.class, m.opened_at, a.text, a.address, a.kind, a.channel, a.street, a.community, a.dispatched_at FROM matter m JOIN appeal a ON a.id = m.id
			WHERE m.id < ? AND m.flow = 'appeal' AND m.item <> '' AND m.unit <> '' AND m.state NOT IN ('dispatching', 'return_request') ORDER BY m.id DESC LIMIT ?`, before, min(piece, limit-len(out)))
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			known := r.DispatchedAt.Time
			if known.IsZero() {
				known = r.OpenedAt.Time
			}
			out = append(out, dispatched{dispatchCase{title: r.Title, text: r.Text, street: r.Street, community: r.Community, placeType: d.locate.kind(r.Title + " " + r.Text + " " + r.Address), kind: r.Kind, channel: r.Channel, class: r.Class, at: r.OpenedAt.In(d.zone)}, r.Item, r.Unit, known})
			before = r.ID
		}
		if len(rows) < piece {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b dispatched) int { return a.known.Compare(b.known) })
	return out, nil
}

// examples are the cases as the two models learn them.
func examples(cases []dispatched) (item, unit []learn.Example) {
	for _, c := range cases {
		i, u := c.forItem(), c.forUnit(c.item)
		i.Label, i.Time, u.Label, u.Time = c.item, c.known, c.unit, c.known
		item, unit = append(item, i), append(unit, u)
	}
	return item, unit
}

// TrainDispatch does a night's learning: a challenger learns from all but the
// latest appeals, both answer these, and the better comes into office. Then it is
// told what became of them. It returns ErrTooFewCases where there is nothing to
// learn from yet, and the entry otherwise, whether it was promoted or refused.
func (s *Service) TrainDispatch(ctx context.Context) (DispatchModel, error) {
	d, tree := s.district.Load(), s.Dir.Tree()
	set := d.dispatch
	champion, err := s.champion(ctx)
	if err != nil {
		return DispatchModel{}, err
	}
	office := s.loadRanker(ctx, champion)
	cases, err := s.pastCases(ctx, set.Training.Rows)
	if err != nil {
		return DispatchModel{}, err
	}
	if len(cases) < set.Training.Least {
		return DispatchModel{}, fmt.Errorf("%w: %d of %d", ErrTooFewCases, len(cases), set.Training.Least)
	}
	// What the model in office has not seen, or else the latest tenth.
	cut := len(cases) - max(len(cases)/10, 1)
	if office.usable() {
		cut = len(cases)
		for cut > 0 && cases[cut-1].known.After(champion.Until.Time) {
			cut--
		}
		if cut < set.Training.Least {
			cut = max(cut, len(cases)/2) // it is old, and what it has not seen is nearly all; or some that it saw went back
		}
		if n, least := len(cases)-cut, min(set.Auto.Cases, set.Training.Least); n < least {
			return DispatchModel{}, fmt.Errorf("%w: %d of %d since the last training", ErrTooFewCases, n, least)
		}
	}
	early, latest := cases[:cut], cases[cut:]
	challenger := &ranker{}
	itemsEarly, unitsEarly := examples(early)
	options := learn.Options{Seed: 1, Workers: 1, MaxWeights: 1 << 21, Now: s.Store.Now()}
	options.Schema = itemSchema
	item, err := learn.Train(ctx, itemsEarly, options)
	if err != nil {
		return DispatchModel{}, err
	}
	options.Schema = unitSchema
	unit, err := learn.Train(ctx, unitsEarly, options)
	if err != nil {
		return DispatchModel{}, err
	}
	challenger.take(item, unit)
	if challenger.figures, err = d.measure(ctx, challenger, latest, tree); err != nil {
		return DispatchModel{}, err
	}
	entry := DispatchModel{Status: "champion", TrainedAt: store.At(options.Now), Cases: int64(len(cases)), Until: store.At(cases[len(cases)-1].known), Measured: challenger.figures,
		Reason: "the first model", ChangedAt: store.At(options.Now)}
	itemsLatest, unitsLatest := examples(latest)
	if office.usable() {
		byItem, err := learn.Compare(ctx, office.item, item, itemsLatest)
		if err != nil {
			return entry, err
		}
		byUnit, err := learn.Compare(ctx, office.unit, unit, unitsLatest)
		if err != nil {
			return entry, err
		}
		entry.Reason = "item: " + byItem.Reason + "; unit: " + byUnit.Reason
		if !byItem.Promote || !byUnit.Promote {
			entry.Status = "refused"
		}
	} else if champion.ID != 0 {
		entry.Reason = "the one in office could not be used: " + fmt.Sprint(office.err)
	}
	for i := range latest {
		if err := errors.Join(item.Observe(itemsLatest[i]), unit.Observe(unitsLatest[i])); err != nil {
			return entry, err
		}
	}
	return s.register(ctx, champion.ID, entry, item, unit)
}

// measure has a ranker answer cases and says how good the answers were.
func (d *district) measure(ctx context.Context, r *ranker, cases []dispatched, tree *account.Tree) (Figures, error) {
	f := Figures{Cases: len(cases), RuleAgreement: ruleWeight}
	agreed, ruled := 10*ruleWeight, 10.0
	for _, c := range cases {
		duty, ok := d.duty.Resolve(c.item, DutyFacts{Street: c.street, Community: c.community, PlaceType: c.placeType, Kind: c.kind, Channel: c.channel, Class: c.class, Text: c.title + " " + c.text, At: c.at}, tree)
		if ok {
			ruled++
			if duty.Lead == c.unit {
				agreed++
			}
		}
	}
	f.RuleAgreement = agreed / ruled
	var err error
	if f.ListWeight, err = d.weighList(ctx, r, cases); err != nil {
		return f, err
	}
	r.figures = f
	share := 1 / float64(max(len(cases), 1))
	weighed, strange := make([][]Candidate, len(cases)), make([]bool, len(cases))
	for i, c := range cases {
		if err := ctx.Err(); err != nil {
			return f, err
		}
		all, _, odd, err := d.weigh(r, c.dispatchCase, tree)
		if err != nil {
			return f, err
		}
		weighed[i], strange[i] = all, odd
		if odd {
			f.Odd += share
		}
	}
	f.Sharpness, f.Doubt = fitCalibration(weighed, cases)
	r.figures = f
	type outcome struct {
		p          float64
		right, odd bool
	}
	var outcomes []outcome
	for i, c := range cases {
		all := weighed[i]
		calibrate(all, f.Sharpness, f.Doubt)
		at := slices.IndexFunc(all, func(x Candidate) bool { return x.Unit == c.unit })
		if at == 0 {
			f.Top1 += share
		}
		if at >= 0 && at < 3 {
			f.Top3 += share
		}
		o := outcome{right: at == 0, odd: strange[i]}
		if len(all) > 0 {
			o.p = all[0].P
			if all[0].Item == c.item {
				f.Item += share
			}
		}
		outcomes = append(outcomes, o)
	}
	slices.SortStableFunc(outcomes, func(a, b outcome) int { return cmp.Compare(b.p, a.p) })
	const groups = 10
	for g := range groups {
		off := 0.0
		for _, o := range outcomes[len(outcomes)*g/groups : len(outcomes)*(g+1)/groups] {
			off += o.p
			if o.right {
				off--
			}
		}
		f.ECE += max(off, -off) * share
	}
	n, right := 0, 0
	for _, o := range outcomes {
		if o.p < d.dispatch.Bands.Auto {
			break
		}
		if o.odd {
			continue
		}
		n++
		if o.right {
			right++
		}
		if precision := float64(right) / float64(n); n >= d.dispatch.Auto.Cases && precision >= d.dispatch.Auto.Precision {
			f.AutoFrom, f.AutoCoverage, f.AutoPrecision = o.p, float64(n)*share, precision
		}
	}
	return f, nil
}

// fitCalibration finds the sharpness and the doubt under which the right units of
// cases are likeliest.
func fitCalibration(weighed [][]Candidate, cases []dispatched) (sharpness, doubt float64) {
	best := math.Inf(-1)
	var all []Candidate
	for _, s := range []float64{0.5, 0.7, 0.85, 1, 1.2, 1.5, 2, 2.5, 3} {
		for _, q := range []float64{0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1, 1.5} {
			gain := 0.0
			for i := range cases {
				all = append(all[:0], weighed[i]...)
				calibrate(all, s, q)
				p := 1.0 // that it is none of them
				for _, c := range all {
					p -= c.P
				}
				for _, c := range all {
					if c.Unit == cases[i].unit {
						p = c.P
					}
				}
				gain += math.Log(max(p, 1e-6))
			}
			if gain > best {
				best, sharpness, doubt = gain, s, q
			}
		}
	}
	return sharpness, doubt
}

// weighList finds the weight of the list's words under which the right items of
// cases are likeliest.
func (d *district) weighList(ctx context.Context, r *ranker, cases []dispatched) (float64, error) {
	const slip = 1e-4 // an item that neither names
	weights := []float64{0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}
	gain := make([]float64, len(weights))
	for _, c := range cases {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		guess, err := r.item.Predict(c.forItem(), itemsMixed)
		if err != nil {
			return 0, err
		}
		model, list := 0.0, 0.0
		for _, g := range guess.Candidates {
			if g.Label == c.item {
				model = g.P
			}
		}
		for _, h := range d.duty.match(c.title+" "+c.text, itemsMixed) {
			if h.item.Code == c.item {
				list = h.score * (1 - guess.POther)
			}
		}
		for i, w := range weights {
			gain[i] += math.Log((1-w)*model + w*list + slip)
		}
	}
	best := 0
	for i := range gain {
		if gain[i] > gain[best] {
			best = i
		}
	}
	return weights[best], nil
}

// register writes a new model down; a champion takes office from the one that was
// there when it was trained.
func (s *Service) register(ctx context.Context, from store.ID, m DispatchModel, item, unit *learn.Model) (DispatchModel, error) {
	figures, err := json.Marshal(m.Measured)
	if err != nil {
		return m, err
	}
	m.Figures = string(figures)
	m.ID = s.Store.NewID()
	itemBody, itemHash, err := item.Encode()
	if err != nil {
		return m, err
	}
	unitBody, unitHash, err := unit.Encode()
	if err != nil {
		return m, err
	}
	m.ItemHash, m.UnitHash = itemHash, unitHash
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if m.Status == "champion" {
			if err := s.vacate(ctx, tx, from, m.ChangedAt, "model "+m.ID.String()+" took over", 0); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO dispatch_model (id, status, trained_at, cases, until, item_hash, unit_hash, figures, reason, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			m.ID, m.Status, m.TrainedAt, m.Cases, m.Until, m.ItemHash, m.UnitHash, m.Figures, m.Reason, m.ChangedAt); err != nil {
			return err
		}
		for what, body := range map[string][]byte{"item": itemBody, "unit": unitBody} {
			if _, err := tx.Exec(ctx, `INSERT INTO dispatch_model_body (model, what, body) VALUES (?, ?, ?)`, m.ID, what, body); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM dispatch_model_body WHERE model NOT IN (SELECT id FROM dispatch_model WHERE status = 'champion') AND model NOT IN (SELECT id FROM dispatch_model ORDER BY id DESC LIMIT ?)`, bodiesKept); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Action: "dispatch.model." + m.Status, Object: "dispatch_model/" + m.ID.String(), Reason: m.Reason}, m.Measured)
	})
	return m, err
}

// vacate takes the office from a model, which must hold it; 0 is nobody.
func (s *Service) vacate(ctx context.Context, tx *store.Tx, from store.ID, at store.Time, reason string, by store.ID) error {
	holder, err := s.models(ctx, tx, `WHERE status = 'champion'`)
	if err != nil {
		return err
	}
	if len(holder) == 0 && from == 0 {
		return nil
	}
	if len(holder) == 0 || holder[0].ID != from {
		return ErrModelChanged
	}
	_, err = tx.Exec(ctx, `UPDATE dispatch_model SET status = 'past', reason = ?, changed_at = ?, changed_by = ? WHERE id = ?`, reason, at, idOrNull(by), from)
	return err
}

func idOrNull(id store.ID) any {
	if id == 0 {
		return nil
	}
	return id
}

// RollBack brings an earlier model into office again; id 0 is the newest that
// was there before. What it learned must be good. The next night may bring a newer one.
func (s *Service) RollBack(ctx context.Context, who account.Actor, id store.ID) (DispatchModel, error) {
	champion, err := s.champion(ctx)
	if err != nil {
		return DispatchModel{}, err
	}
	where, args := `WHERE status = 'past'`, []any(nil)
	if id != 0 {
		where, args = `WHERE id = ? AND status <> 'champion'`, []any{id}
	}
	rows, err := s.models(ctx, s.Store, where, args...)
	if err != nil {
		return DispatchModel{}, err
	}
	if len(rows) == 0 {
		return DispatchModel{}, ErrNoModel
	}
	m := rows[0]
	if err := s.loadRanker(ctx, m).err; err != nil {
		return m, err
	}
	m.Status, m.Reason, m.ChangedAt, m.ChangedBy = "champion", "rolled back", store.At(s.Store.Now()), who.Account
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := s.vacate(ctx, tx, champion.ID, m.ChangedAt, "rolled back to model "+m.ID.String(), who.Account); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE dispatch_model SET status = 'champion', reason = ?, changed_at = ?, changed_by = ? WHERE id = ?`, m.Reason, m.ChangedAt, idOrNull(who.Account), m.ID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "dispatch.model.rollback", Object: "dispatch_model/" + m.ID.String()}, map[string]string{"from": champion.ID.String()})
	})
	return m, err
}

// trainAtNight is the night's work: what became of it, too few cases included.
func (s *Service) trainAtNight(ctx context.Context) (any, error) {
	m, err := s.TrainDispatch(ctx)
	if errors.Is(err, ErrTooFewCases) {
		return map[string]string{"waiting": err.Error()}, nil
	}
	if err != nil {
		return nil, err
	}
	return map[string]any{"model": m.ID, "status": m.Status, "reason": m.Reason, "figures": m.Measured}, nil
}
