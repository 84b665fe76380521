package appeals

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// CityReconciliation is one comparison of a day with the city's list (对账).
type CityReconciliation struct {
	ID      store.ID        `bun:"id" json:"id"`
	At      store.Time      `bun:"at" json:"at"`
	Actor   store.ID        `bun:"actor" json:"actor,omitempty" doc:"Absent: the house, at night"`
	Day     string          `bun:"day" json:"day"`
	Theirs  int             `bun:"theirs" json:"theirs" doc:"Orders in the city's list"`
	Ours    int             `bun:"ours" json:"ours"`
	Agreed  int             `bun:"agreed" json:"agreed"`
	Differs int             `bun:"differs" json:"differs" doc:"Differences that stand open after it"`
	Mended  int             `bun:"mended" json:"mended" doc:"Set right by itself"`
	Counts  json.RawMessage `bun:"-" json:"counts" doc:"By state: theirs and ours"`
	Raw     string          `bun:"counts" json:"-"`
	Error   string          `bun:"error" json:"error,omitempty" doc:"Why the city's list could not be had"`
}

const cityReconciliationColumns = `id, at, actor, day, theirs, ours, agreed, differs, mended, counts, error`

// Kinds of difference.
const (
	differOnlyTheirs = "only_theirs"
	differOnlyOurs   = "only_ours"
	differState      = "state"
	differDeadline   = "deadline"
	differRating     = "rating"
	differTime       = "time"
	differMessages   = "messages" // one side has not had what the other said, though it changes nothing that is compared
)

var cityDifferences = []string{differOnlyTheirs, differOnlyOurs, differState, differDeadline, differRating, differTime, differMessages}

// CityDifference is what differed between both sides' records of an order.
type CityDifference struct {
	ID      store.ID   `bun:"id" json:"id"`
	No      string     `bun:"no" json:"no"`
	Kind    string     `bun:"kind" json:"kind" enum:"only_theirs,only_ours,state,deadline,rating,time,messages"`
	Day     string     `bun:"day" json:"day"`
	Theirs  string     `bun:"theirs" json:"theirs"`
	Ours    string     `bun:"ours" json:"ours"`
	Found   store.Time `bun:"found_at" json:"found_at"`
	Last    store.Time `bun:"last_at" json:"last_at"`
	State   string     `bun:"state" json:"state" enum:"open,mended,ignored"`
	Act     string     `bun:"act" json:"act,omitempty"`
	Reason  string     `bun:"reason" json:"reason,omitempty"`
	Actor   store.ID   `bun:"actor" json:"actor,omitempty"`
	Ended   store.Time `bun:"ended_at" json:"ended_at,omitzero"`
	Appeal  store.ID   `bun:"matter" json:"appeal,omitempty"`
	OwnNo   string     `bun:"own_no" json:"own_no,omitempty"`
	Title   string     `bun:"title" json:"title,omitempty"`
	Allowed []string   `bun:"-" json:"allowed"`
}

const cityDifferenceColumns = `d.id, d.no, d.kind, d.day, d.theirs, d.ours, d.found_at, d.last_at, d.state, d.act, d.reason, d.actor, d.ended_at, o.matter, COALESCE(m.no, '') AS own_no, COALESCE(m.title, '') AS title`
const cityDifferenceTables = ` FROM city_difference d LEFT JOIN city_order o ON o.no = d.no LEFT JOIN matter m ON m.id = o.matter`

// Acts that mend a difference.
const (
	mendTakeIn = "take_in"     // ask for what we lack, and take it in
	mendResend = "resend"      // send again what they lack
	mendTheirs = "take_theirs" // bring the appeal to what the city says
	mendIgnore = "ignore"
)

// mends are the acts that fit a kind of difference, the usual one first.
var mends = map[string][]string{
	differOnlyTheirs: {mendTakeIn, mendIgnore},
	differOnlyOurs:   {mendTheirs, mendIgnore},
	differState:      {mendTakeIn, mendResend, mendTheirs, mendIgnore},
	differDeadline:   {mendTakeIn, mendIgnore},
	differRating:     {mendTakeIn, mendIgnore},
	differTime:       {mendResend, mendIgnore},
	differMessages:   {mendTakeIn, mendResend, mendIgnore},
}

// reconcileCityAtNight compares the last days.
func (s *Service) reconcileCityAtNight(ctx context.Context) (any, error) {
	if s.City == nil {
		return nil, nil
	}
	d := s.district.Load()
	now := s.Store.Now().In(d.zone)
	var all []error
	sum := map[string]int{}
	for back := d.city.Reconcile.Days; back >= 0; back-- {
		r, err := s.ReconcileCity(ctx, account.System(s.Dir), now.AddDate(0, 0, -back).Format(time.DateOnly))
		all = append(all, err)
		sum["orders"], sum["differs"], sum["mended"] = sum["orders"]+r.Ours, sum["differs"]+r.Differs, sum["mended"]+r.Mended
	}
	return sum, errors.Join(all...)
}

// ErrNoCity: no city platform is connected.
var ErrNoCity = errors.New("appeals: no city platform is connected")

// ReconcileCity compares both sides' records of a day (2026-11-26), sets right what
// the pack lets it, and keeps what still differs for somebody to decide. What was
// decided is not asked again as long as both sides say the same as then.
func (s *Service) ReconcileCity(ctx context.Context, who account.Actor, day string) (CityReconciliation, error) {
	r := CityReconciliation{Day: day, At: store.At(s.Store.Now()), Actor: who.Account}
	if s.City == nil {
		return r, ErrNoCity
	}
	d := s.district.Load()
	from, err := time.ParseInLocation(time.DateOnly, day, d.zone)
	if err != nil {
		return r, httpapi.FailField("day", "invalid")
	}
	// What is only on its way is no difference.
	if _, err := s.SendCity(ctx); err != nil {
		return r, err
	}
	list, err := s.City.List(ctx, day)
	if err != nil {
		r.Error = err.Error()
		return r, errors.Join(err, s.keepReconciliation(ctx, &r, nil))
	}
	until := from.AddDate(0, 0, 1)
	own, err := store.Select[CityOrder](ctx, s.Store, `SELECT `+cityOrderColumns+` FROM city_order o WHERE o.sent_at >= ? AND o.sent_at < ? OR o.changed_at >= ? AND o.changed_at < ?`,
		store.At(from), store.At(until), store.At(from), store.At(until))
	if err != nil {
		return r, err
	}
	type count struct {
		Theirs int `json:"theirs"`
		Ours   int `json:"ours"`
	}
	counts := map[string]*count{}
	of := func(state string) *count {
		if counts[state] == nil {
			counts[state] = &count{}
		}
		return counts[state]
	}
	lines := map[string]*adapter.CityStanding{}
	for i := range list.Orders {
		line := &list.Orders[i]
		lines[line.No] = &line.CityStanding
		state, _ := d.city.state(line.State)
		of(state).Theirs++
	}
	for _, o := range own {
		if _, ok := lines[o.No]; !ok {
			lines[o.No] = nil
		}
		of(o.State).Ours++
	}
	r.Theirs, r.Ours = len(list.Orders), len(own)
	raw, _ := json.Marshal(counts)
	r.Raw = string(raw)
	var open []CityDifference
	for _, no := range slices.Sorted(maps.Keys(lines)) {
		found, mended, err := s.compareCity(ctx, no, lines[no])
		if err != nil {
			r.Error = cmp.Or(r.Error, err.Error()) // the others are compared all the same
			continue
		}
		r.Mended += mended
		if len(found) == 0 {
			r.Agreed++
		}
		open = append(open, found...)
	}
	return r, s.keepReconciliation(ctx, &r, open)
}

// compareCity compares one order, mends what the pack lets it, and compares again.
// theirs is nil where it is not in their list of the day: then it is asked for.
func (s *Service) compareCity(ctx context.Context, no string, theirs *adapter.CityStanding) (open []CityDifference, mended int, err error) {
	book := s.district.Load().city
	for again := false; ; again = true {
		if theirs == nil {
			rec, err := s.City.Order(ctx, no)
			switch {
			case err == nil:
				theirs = &rec.CityStanding
			case !errors.Is(err, adapter.ErrNoCityOrder):
				return nil, 0, err
			}
		}
		o, err := s.cityOrder(ctx, s.Store, "o.no = ?", no)
		if err != nil {
			return nil, 0, err
		}
		found := s.differences(no, o, theirs)
		if again {
			return found, max(mended-len(found), 0), nil
		}
		if !slices.ContainsFunc(found, func(d CityDifference) bool { return slices.Contains(book.Reconcile.Mend, d.Kind) }) {
			return found, 0, nil
		}
		mended = len(found)
		if err := s.alignCity(ctx, no, true, true); err != nil {
			return nil, 0, err
		}
		theirs = nil
	}
}

// differences are what differs between an order here and there; either may be
// absent.
func (s *Service) differences(no string, o *CityOrder, theirs *adapter.CityStanding) (out []CityDifference) {
	book := s.district.Load().city
	add := func(kind, t, ours string) {
		out = append(out, CityDifference{No: no, Kind: kind, Theirs: t, Ours: ours})
	}
	switch {
	case o == nil && theirs == nil:
		return nil
	case o == nil:
		add(differOnlyTheirs, theirs.State, "")
		return out
	case theirs == nil:
		add(differOnlyOurs, "", o.State)
		return out
	}
	if state, known := book.state(theirs.State); !known || state != o.State {
		add(differState, theirs.State, o.State)
	}
	say := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	apart := func(a adapter.CityTime, b store.Time) bool {
		if a.IsZero() || b.IsZero() {
			return a.IsZero() != b.IsZero()
		}
		return a.Sub(b.Time).Abs() > book.tolerance
	}
	if apart(theirs.DueAt, o.Due) {
		add(differDeadline, say(theirs.DueAt.Time), say(o.Due.Time))
	}
	if theirs.Rating != o.Rating {
		add(differRating, strconv.Itoa(theirs.Rating), strconv.Itoa(o.Rating))
	}
	for _, t := range []struct {
		name   string
		theirs adapter.CityTime
		ours   store.Time
	}{{"signed", theirs.SignedAt, o.Signed}, {"replied", theirs.RepliedAt, o.Replied}, {"closed", theirs.ClosedAt, o.Closed}} {
		if apart(t.theirs, t.ours) {
			add(differTime, t.name+" "+say(t.theirs.Time), t.name+" "+say(t.ours.Time))
			break
		}
	}
	// A city that does not count its messages says 0.
	if len(out) == 0 && theirs.Down > 0 && (theirs.Down != o.Down || theirs.Up != o.Up) {
		add(differMessages, fmt.Sprintf("%d/%d", theirs.Down, theirs.Up), fmt.Sprintf("%d/%d", o.Down, o.Up))
	}
	return out
}

// alignCity takes in what the city has said of an order and is not here, and sends
// again what it lacks of ours.
func (s *Service) alignCity(ctx context.Context, no string, takeIn, resend bool) error {
	rec, err := s.City.Order(ctx, no)
	if err != nil {
		return err
	}
	if takeIn {
		for _, m := range rec.Said {
			if wrong := m.Check(true); wrong != "" || m.No != no {
				return fmt.Errorf("the city's message %s cannot be read: %s", m.ID, wrong)
			}
			if _, err := s.HearCity(ctx, m); err != nil {
				return err
			}
		}
	}
	if !resend {
		return nil
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE city_message SET state = 'queued', next_at = ?, tries = 0 WHERE NOT down AND no = ? AND seq > ?`, store.At(s.Store.Now()), no, rec.Up)
		return err
	})
	if err == nil {
		_, err = s.SendCity(ctx)
	}
	return err
}

// keepReconciliation keeps the line of a reconciliation and its open differences:
// those that are gone were mended.
func (s *Service) keepReconciliation(ctx context.Context, r *CityReconciliation, open []CityDifference) error {
	if r.Raw == "" {
		r.Raw = "{}"
	}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		standing, err := store.Select[CityDifference](ctx, tx, `SELECT `+cityDifferenceColumns+cityDifferenceTables+` WHERE d.state = 'open' AND d.day = ?`, r.Day)
		if err != nil {
			return err
		}
		if r.Error == "" {
			for _, had := range standing {
				if !slices.ContainsFunc(open, func(x CityDifference) bool { return x.No == had.No && x.Kind == had.Kind }) {
					if _, err := tx.Exec(ctx, `UPDATE city_difference SET state = 'mended', act = 'gone', ended_at = ? WHERE id = ?`, now, had.ID); err != nil {
						return err
					}
				}
			}
		}
		r.Differs = 0
		for _, x := range open {
			var decided bool
			if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM city_difference WHERE no = ? AND kind = ? AND theirs = ? AND ours = ? AND (state = 'ignored' OR act = ?))`, x.No, x.Kind, x.Theirs, x.Ours, mendTheirs).Scan(&decided); err != nil {
				return err
			}
			if decided {
				continue
			}
			r.Differs++
			if _, err := tx.Exec(ctx, `INSERT INTO city_difference (id, no, kind, day, theirs, ours, found_at, last_at, state, act, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', '', '')
				ON CONFLICT (no, kind) WHERE state = 'open' DO UPDATE SET theirs = excluded.theirs, ours = excluded.ours, last_at = excluded.last_at`, tx.NewID(), x.No, x.Kind, r.Day, x.Theirs, x.Ours, now, now); err != nil {
				return err
			}
		}
		r.ID = tx.NewID()
		_, err = tx.Exec(ctx, `INSERT INTO city_reconciliation (`+cityReconciliationColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.ID, r.At, r.Actor, r.Day, r.Theirs, r.Ours, r.Agreed, r.Differs, r.Mended, r.Raw, r.Error)
		return err
	})
	r.Counts = json.RawMessage(r.Raw)
	return err
}

// MendCity does one act on a difference. It is gone when both sides agree then;
// taking what the city says, and ignoring with a reason, end it in any case.
func (s *Service) MendCity(ctx context.Context, who account.Actor, id store.ID, act, reason string) (*CityDifference, error) {
	x, err := store.Get[CityDifference](ctx, s.Store, `SELECT `+cityDifferenceColumns+cityDifferenceTables+` WHERE d.id = ?`, int64(id))
	if err != nil {
		return nil, err
	}
	if x.State != "open" || !slices.Contains(mends[x.Kind], act) {
		return nil, caseflow.ErrConflict
	}
	if (act == mendIgnore || act == mendTheirs) && len([]rune(reason)) < 4 {
		return nil, httpapi.FailField("reason", "too_short")
	}
	if s.City == nil && act != mendIgnore {
		return nil, httpapi.Fail(409, "city_absent")
	}
	state := "mended"
	switch act {
	case mendIgnore:
		state = "ignored"
	case mendTakeIn, mendResend:
		if err := s.alignCity(ctx, x.No, act == mendTakeIn, act == mendResend); err != nil {
			return nil, httpapi.FailDetail(409, "city_refused", err.Error())
		}
		left, _, err := s.compareCity(ctx, x.No, nil)
		if err != nil {
			return nil, httpapi.FailDetail(409, "city_refused", err.Error())
		}
		if slices.ContainsFunc(left, func(d CityDifference) bool { return d.Kind == x.Kind }) {
			state = "open"
		}
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if act == mendTheirs {
			if err := s.followCity(ctx, tx, &x, reason); err != nil {
				return err
			}
		}
		now := store.Time{}
		if state != "open" {
			now = store.At(s.Store.Now())
		}
		n, err := tx.Exec(ctx, `UPDATE city_difference SET state = ?, act = ?, reason = ?, actor = ?, ended_at = ? WHERE id = ? AND state = 'open'`, state, act, reason, who.Account, now, id)
		if err == nil && n == 0 {
			err = caseflow.ErrConflict
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "city." + act, Object: "city_order/" + x.No, Reason: reason}, map[string]string{"kind": x.Kind, "theirs": x.Theirs, "ours": x.Ours, "state": state})
	})
	x.State, x.Act, x.Reason = state, act, reason
	return &x, err
}

// followCity does with the appeal what the city's state of it means.
func (s *Service) followCity(ctx context.Context, tx *store.Tx, x *CityDifference, reason string) error {
	book := s.district.Load().city
	theirs, _ := book.state(x.Theirs)
	if x.Kind == differOnlyOurs {
		theirs = adapter.CityWithdrawn
	}
	actions := map[string][]string{adapter.CityWithdrawn: {"city_withdraw"}, adapter.CityReturned: {"city_take_back"},
		adapter.CitySigned: {"city_redo", "city_again"}, adapter.CityDispatched: {"city_redo", "city_again", "city_keep"}}[theirs]
	m, err := caseflow.Get(ctx, tx, x.Appeal)
	if err != nil {
		return err
	}
	for _, name := range actions {
		if a := s.Engine.Flow(m.Flow).Actions[name]; a != nil && slices.Contains(a.From, m.State) && m.Merged == 0 {
			_, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: m.ID, Action: name, Actor: account.System(s.Dir), Form: map[string]any{"note": "对账：" + reason}})
			return err
		}
	}
	if theirs == adapter.CityWithdrawn && !m.Open {
		return nil // it has ended already
	}
	return httpapi.Fail(409, "city_not_possible")
}
