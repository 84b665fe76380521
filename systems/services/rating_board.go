package services

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// RatingFigures are how ratings stand. What is excluded is in Excluded alone.
type RatingFigures struct {
	Key        string      `json:"key,omitempty"`
	Name       string      `json:"name,omitempty"`
	Events     int         `json:"events" doc:"Visits and cases whose time to rate is over or that are rated"`
	Active     int         `json:"active" doc:"Rated by the person"`
	Grades     map[int]int `json:"grades" doc:"Active, by grade"`
	Defaulted  int         `json:"defaulted" doc:"Silence, which counts as the default grade"`
	Excluded   int         `json:"excluded"`
	Good       *float64    `json:"good" doc:"好评率: active of grades 3 to 5 / active; absent of none"`
	GoodAll    *float64    `json:"good_with_defaults" doc:"(active of grades 3 to 5 + defaulted) / (active + defaulted)"`
	ActiveRate *float64    `json:"active_rate" doc:"主动评价率: active / events"`
	Hidden     bool        `json:"hidden,omitempty" doc:"Too few rated for their figures to name nobody"`
}

func (f *RatingFigures) add(state string, grade int, excluded string) {
	switch {
	case state != ratingRated && state != ratingDefaulted:
		return
	case excluded != "":
		f.Excluded++
		return
	}
	f.Events++
	if state == ratingDefaulted {
		f.Defaulted++
		return
	}
	f.Active++
	f.Grades[grade]++
}

func (f *RatingFigures) rates() {
	share := func(n, of int) *float64 {
		if of == 0 {
			return nil
		}
		x := float64(n) / float64(of)
		return &x
	}
	good := f.Grades[3] + f.Grades[4] + f.Grades[5]
	f.Good, f.GoodAll, f.ActiveRate = share(good, f.Active), share(good+f.Defaulted, f.Active+f.Defaulted), share(f.Active, f.Events)
}

// RatingBoard is the figures of a span of days, in all and by group.
type RatingBoard struct {
	From   string          `json:"from"`
	To     string          `json:"to"`
	All    RatingFigures   `json:"all"`
	By     []RatingFigures `json:"by"`
	Groups int             `json:"groups" doc:"Figures of fewer are hidden from the rated"`
	Rows   bool            `json:"rows" doc:"The caller may see the ratings behind the figures"`
}

// ratingAll are the roles that see each rating, without who gave it; everybody else is
// among the rated.
var ratingAll = []string{"rating_clerk", "inspector"}

// RatingFilter narrows ratings to days of the district and a group.
type RatingFilter struct {
	From, To string
	By       string // unit, item, window
	Key      string
	Kind     string
	Grade    int
	Excluded bool
	Before   store.ID
	Limit    int
}

// span reads the days; from today's month where none are given.
func (s *Service) ratingSpan(f *RatingFilter) (from, to time.Time, err error) {
	now := s.Store.Now().In(s.Zone())
	if f.From == "" {
		f.From = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, s.Zone()).Format(time.DateOnly)
	}
	if f.To == "" {
		f.To = now.Format(time.DateOnly)
	}
	from, err = time.ParseInLocation(time.DateOnly, f.From, s.Zone())
	to, terr := time.ParseInLocation(time.DateOnly, f.To, s.Zone())
	if err != nil || terr != nil || to.Before(from) {
		return from, to, httpapi.FailField("from", "invalid")
	}
	return from, to.AddDate(0, 0, 1), nil
}

// RatingBoard counts ratings. The rated get whole months that are over alone, so that no
// two answers differ by one rating, and no figure of a group that is too small, nor one
// from which that could be reckoned.
func (s *Service) RatingBoard(ctx context.Context, who account.Actor, f RatingFilter) (RatingBoard, error) {
	rules := s.ratings.Load()
	if rules == nil {
		return RatingBoard{}, store.ErrNotFound
	}
	all := who.HasAny(ratingAll...)
	if !all && f.From == "" && f.To == "" {
		now := s.Store.Now().In(s.Zone())
		first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, s.Zone())
		f.From, f.To = first.AddDate(0, -1, 0).Format(time.DateOnly), first.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	from, to, err := s.ratingSpan(&f)
	if err != nil {
		return RatingBoard{}, err
	}
	if !all && (from.Day() != 1 || !to.Equal(from.AddDate(0, 1, 0)) || to.After(s.Store.Now())) {
		return RatingBoard{}, httpapi.Fail(http.StatusForbidden, "whole_months")
	}
	conds, args := []string{"r.rateable_at >= ?", "r.rateable_at < ?", "r.n = 1"}, []any{store.At(from), store.At(to)}
	if !all {
		units := []string{}
		for _, role := range []string{"acceptor", "examiner", "approver", "intake_clerk", "hall_manager"} {
			units = append(units, who.UnitsWith(role)...)
		}
		if units = slices.Compact(slices.Sorted(slices.Values(units))); len(units) > 0 && !who.HasAny("leader") {
			conds, args = append(conds, store.AnyOf("r.unit", len(units))), append(args, store.Args(units...)...)
		}
	}
	group := map[string]string{"": "r.unit", "unit": "r.unit", "item": "r.title", "window": "r.hall || ' ' || r.place"}[f.By]
	if group == "" || !all && f.By == "window" { // a window is one person
		return RatingBoard{}, httpapi.FailField("by", "no_such_option")
	}
	rows, err := store.Select[struct {
		Key      string
		State    string
		Grade    int
		Excluded string
		N        int
	}](ctx, s.Store, `SELECT `+group+` AS key, r.state, COALESCE(r.grade, 0) AS grade, r.excluded, count(*) AS n FROM service_rating r WHERE `+strings.Join(conds, " AND ")+` GROUP BY 1, 2, 3, 4`, args...)
	if err != nil {
		return RatingBoard{}, err
	}
	out := RatingBoard{From: f.From, To: f.To, All: RatingFigures{Grades: map[int]int{}}, By: []RatingFigures{}, Groups: rules.Groups, Rows: all}
	by := map[string]*RatingFigures{}
	for _, r := range rows {
		g := by[r.Key]
		if g == nil {
			g = &RatingFigures{Key: r.Key, Name: r.Key, Grades: map[int]int{}}
			if u, ok := s.Dir.Tree().Unit(r.Key); ok {
				g.Name = u.Name
			}
			by[r.Key] = g
		}
		for range r.N {
			g.add(r.State, r.Grade, r.Excluded)
			out.All.add(r.State, r.Grade, r.Excluded)
		}
	}
	for _, g := range by {
		g.rates()
		out.By = append(out.By, *g)
	}
	out.All.rates()
	slices.SortFunc(out.By, func(a, b RatingFigures) int {
		return cmp.Or(cmp.Compare(b.Active, a.Active), cmp.Compare(a.Key, b.Key))
	})
	if !all {
		hideSmall(&out)
	}
	return out, nil
}

// hideSmall takes away the figures of groups with fewer active ratings than the bound.
// The next greater go with them until what is hidden in all is no smaller than the bound:
// else the whole less what is shown would tell it.
func hideSmall(b *RatingBoard) {
	hide := func(f *RatingFigures) {
		*f = RatingFigures{Key: f.Key, Name: f.Name, Grades: map[int]int{}, Hidden: true}
	}
	hidden := 0
	for i := len(b.By) - 1; i >= 0; i-- { // the smallest first
		f := &b.By[i]
		if f.Active >= b.Groups && (hidden == 0 || hidden >= b.Groups) {
			break
		}
		if hidden += f.Active; f.Active == 0 && f.Events == 0 {
			continue
		}
		if hidden == 0 {
			f.Excluded = 0
			continue // nobody rated: there is nobody to know
		}
		hide(f)
	}
	if b.All.Active < b.Groups {
		hide(&b.All)
	}
	b.All.Excluded = 0
}

// RatedRow is one rating behind the figures, without who gave it.
type RatedRow struct {
	ID       store.ID       `json:"id"`
	Kind     string         `json:"kind"`
	Unit     string         `json:"unit"`
	Title    string         `json:"title"`
	Hall     string         `json:"hall,omitempty"`
	Window   string         `json:"window,omitempty"`
	Day      string         `json:"day" doc:"On which it was rated"`
	State    string         `json:"state"`
	Grade    int            `json:"grade"`
	Answers  map[string]int `json:"answers"`
	Comment  string         `json:"comment,omitempty"`
	Channel  string         `json:"channel,omitempty"`
	Excluded string         `json:"excluded,omitempty" doc:"Why it does not count: soon, burst, staff, unfounded"`
	Bad      store.ID       `json:"bad,omitempty" doc:"The matter of a bad one"`
}

func (s *Service) ratedRow(r ratingRow) RatedRow {
	out := RatedRow{ID: r.ID, Kind: r.Kind, Unit: r.Unit, Title: r.Title, Hall: r.Hall, Window: r.Place, State: r.State, Grade: r.Grade, Comment: r.Comment, Channel: r.Channel, Excluded: r.Excluded, Bad: r.Matter, Answers: map[string]int{}, Day: r.RatedAt.In(s.Zone()).Format(time.DateOnly)}
	_ = unmarshal(r.Answers, &out.Answers)
	return out
}

// Ratings lists the ratings behind figures, the newest first, for who sees all; never
// those of which they are the rated.
func (s *Service) Ratings(ctx context.Context, who account.Actor, f RatingFilter) ([]RatedRow, error) {
	from, to, err := s.ratingSpan(&f)
	if err != nil {
		return nil, err
	}
	conds, args := []string{"r.rateable_at >= ?", "r.rateable_at < ?", "r.n = 1", "r.state IN ('rated', 'defaulted')", "COALESCE(r.clerk, 0) <> ?"}, []any{store.At(from), store.At(to), who.Account}
	add := func(c string, a any) { conds, args = append(conds, c), append(args, a) }
	if column := map[string]string{"unit": "r.unit", "item": "r.title", "window": "r.hall || ' ' || r.place"}[f.By]; f.Key != "" && column != "" {
		add(column+" = ?", f.Key)
	}
	if f.Grade != 0 {
		conds = append(conds, "r.state = 'rated'")
		add("r.grade = ?", f.Grade)
	}
	if f.Excluded {
		conds = append(conds, "r.excluded <> ''")
	}
	if f.Before != 0 {
		add("r.id < ?", int64(f.Before))
	}
	rows, err := store.Select[ratingRow](ctx, s.Store, `SELECT `+ratingColumns+` FROM service_rating r WHERE `+strings.Join(conds, " AND ")+` ORDER BY r.id DESC LIMIT ?`, append(args, f.Limit)...)
	out := []RatedRow{}
	for _, r := range rows {
		out = append(out, s.ratedRow(r))
	}
	return out, err
}

// BadRating is a bad rating being handled (差评).
type BadRating struct {
	ID      store.ID           `json:"id"`
	No      string             `json:"no"`
	Unit    string             `json:"unit"`
	State   string             `json:"state"`
	Name    map[string]string  `json:"state_name"`
	Open    bool               `json:"open"`
	Late    bool               `json:"late"`
	DueAt   store.Time         `json:"due_at,omitzero"`
	Version int                `json:"version"`
	What    string             `json:"what,omitempty" doc:"What is to be put right"`
	Rating  *RatedRow          `json:"rating,omitempty" doc:"To those who are not rated"`
	Again   int                `json:"again,omitempty" doc:"The grade after it was put right"`
	Call    bool               `json:"call" doc:"The caller may see whom to call, with a reason"`
	Story   []CaseMoment       `json:"story"`
	Allowed []*caseflow.Action `json:"allowed"`
}

// badScope is which bad ratings an actor sees: who handles ratings all; the head of the
// rated unit what was found true, and no sooner.
func badScope(who account.Actor) (string, []any) {
	if who.HasAny(ratingAll...) {
		return "1=1", nil
	}
	units := who.UnitsWith("approver")
	if len(units) == 0 {
		return "1=0", nil
	}
	return store.AnyOf("m.unit", len(units)) + " AND m.state NOT IN ('calling', 'verifying') AND EXISTS (SELECT 1 FROM matter_event e WHERE e.matter = m.id AND e.action = 'uphold')", store.Args(units...)
}

// BadRatings lists them, the nearest deadline first, or one.
func (s *Service) BadRatings(ctx context.Context, who account.Actor, open bool, one store.ID) ([]BadRating, error) {
	cond, args := badScope(who)
	query := `SELECT m.id FROM matter m WHERE m.system = '` + System + `' AND m.flow = 'bad_rating' AND ` + cond
	if one != 0 {
		query, args = query+` AND m.id = ?`, append(args, int64(one))
	} else {
		query, args = query+` AND m.open = ?`, append(args, open)
	}
	ids, err := store.Select[store.ID](ctx, s.Store, query+` ORDER BY m.due_at, m.id DESC LIMIT 200`, args...)
	if err != nil {
		return nil, err
	}
	out := []BadRating{}
	for _, id := range ids {
		b, err := s.badRating(ctx, who, id)
		if err != nil {
			return nil, err
		}
		if b != nil {
			out = append(out, *b)
		}
	}
	return out, nil
}

// badRating is one; none where the actor is the one rated.
func (s *Service) badRating(ctx context.Context, who account.Actor, id store.ID) (*BadRating, error) {
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return nil, err
	}
	rows, err := store.Select[ratingRow](ctx, s.Store, `SELECT `+ratingColumns+` FROM service_rating r WHERE r.matter = ? ORDER BY r.n`, int64(id))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	rated, err := s.isRated(ctx, who, rows[0])
	if err != nil {
		return nil, err
	}
	all := who.HasAny(ratingAll...)
	if rated && all {
		return nil, nil
	}
	b := &BadRating{ID: id, No: m.No, Unit: m.Unit, State: m.State, Name: s.stateName(m.Flow, m.State, false), Open: m.Open, Late: m.Late, DueAt: m.DueAt, Version: m.Version, Story: []CaseMoment{}}
	if !all {
		b.No = "" // it would lead to when it was rated
	}
	if u, ok := s.Dir.Tree().Unit(m.Unit); ok {
		b.Unit = u.Name
	}
	if all {
		row := s.ratedRow(rows[0])
		b.Rating, b.Call = &row, who.Has("rating_clerk", m.Asker) && rows[0].Person != 0
		if len(rows) > 1 {
			b.Again = rows[1].Grade
		}
	}
	events, err := caseflow.Events(ctx, s.Store, id)
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx, events)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		if e.Action == "uphold" {
			b.What = said(e.Data.Form, "what")
		}
		a := s.Engine.Flow(m.Flow).Actions[e.Action]
		if a == nil || !all && slices.Contains([]string{"open", "call", "rerated", "close", "lapse"}, e.Action) {
			continue
		}
		b.Story = append(b.Story, CaseMoment{Seq: e.Seq, At: e.At, Action: e.Action, Title: a.Title, Unit: e.Unit, Actor: names[e.Actor], Form: e.Data.Form})
	}
	b.Allowed, err = s.Engine.Allowed(ctx, s.Store, m, who)
	if b.Allowed == nil {
		b.Allowed = []*caseflow.Action{}
	}
	return b, err
}

// isRated says that the actor is one of those who are rated: the clerk at the window, or
// somebody who worked on the case.
func (s *Service) isRated(ctx context.Context, who account.Actor, r ratingRow) (bool, error) {
	if r.Clerk == who.Account {
		return true, nil
	}
	if r.Kind != ratingCase {
		return false, nil
	}
	n, err := store.Get[int](ctx, s.Store, `SELECT count(*) FROM matter_event WHERE matter = ? AND actor = ?`, int64(r.Object), who.Account)
	return n > 0, err
}

// ActOnBadRating does an action with one.
func (s *Service) ActOnBadRating(ctx context.Context, who account.Actor, id store.ID, version int, action string, values map[string]any) (BadRating, error) {
	if _, err := s.oneBad(ctx, who, id); err != nil {
		return BadRating{}, err
	}
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Version: version, Action: action, Actor: who, Form: values})
		if err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusOK, m)
	}); err != nil {
		return BadRating{}, err
	}
	return s.oneBad(ctx, who, id)
}

func (s *Service) oneBad(ctx context.Context, who account.Actor, id store.ID) (BadRating, error) {
	list, err := s.BadRatings(ctx, who, false, id)
	if err == nil && len(list) == 0 {
		err = caseflow.ErrNotFound
	}
	if err != nil {
		return BadRating{}, err
	}
	return list[0], nil
}

// CallRater says whom to call back about a bad rating, with a reason that they can read.
func (s *Service) CallRater(ctx context.Context, who account.Actor, id store.ID, reason string) (RevealedApplicant, error) {
	out := RevealedApplicant{Identity: map[string]string{}, Values: map[string]any{}}
	b, err := s.oneBad(ctx, who, id)
	if err != nil {
		return out, err
	}
	if !b.Call {
		return out, httpapi.Fail(http.StatusForbidden, "forbidden")
	}
	return out, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := getRating(ctx, tx, b.Rating.ID)
		if err != nil {
			return err
		}
		identity, err := s.Vault.Reveal(ctx, tx, r.Person, vault.Access{Actor: who.Account, Unit: who.Unit, Object: "rating/" + r.ID.String(), Reason: reason}, vault.Name, vault.Phone)
		for k, v := range identity {
			out.Identity[string(k)] = v
		}
		return err
	})
}
