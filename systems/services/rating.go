package services

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// ratingRules are a district's rules of ratings (好差评): services/ratings.yaml.
type ratingRules struct {
	Wait    string `yaml:"wait"`
	Default int    `yaml:"default"`
	Again   string `yaml:"again"`
	Groups  int    `yaml:"groups"`
	Call    string `yaml:"call"`
	Rectify string `yaml:"rectify"`
	Burst   struct {
		Most   int    `yaml:"most"`
		Within string `yaml:"within"`
	} `yaml:"burst"`
	Soon string        `yaml:"soon"`
	Sets []RatingSet   `yaml:"sets"`
	Mend []MendElement `yaml:"mend"`

	wait, again  calendar.Limit
	within, soon time.Duration
}

// RatingSet is a version of the indicators that are asked for (评价指标).
type RatingSet struct {
	Name       string            `yaml:"name" json:"name" enum:"online,offline"`
	Version    int               `yaml:"version" json:"version"`
	Indicators []RatingIndicator `yaml:"indicators" json:"indicators"`
}

// RatingIndicator is one question beside the whole (整体满意度).
type RatingIndicator struct {
	ID   string    `yaml:"id" json:"id"`
	Name form.Text `yaml:"name" json:"name"`
}

const packRatings = "services/ratings.yaml"

// readRatings reads the rules of ratings; nil where the pack has none: nothing is rated.
func readRatings(files fs.FS) (*ratingRules, error) {
	if !pack.Has(files, packRatings) {
		return nil, nil
	}
	r := &ratingRules{}
	err := pack.Settings(files, packRatings, r)
	if err != nil {
		return nil, err
	}
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf(packRatings+": "+format, args...))
	}
	for name, limit := range map[string]string{"wait": r.Wait, "again": r.Again, "call": r.Call, "rectify": r.Rectify} {
		if _, err := calendar.ParseLimit(limit); err != nil {
			bad("%s: %v", name, err)
		}
	}
	r.wait, _ = calendar.ParseLimit(r.Wait)
	r.again, _ = calendar.ParseLimit(r.Again)
	if r.within, err = time.ParseDuration(r.Burst.Within); err != nil || r.Burst.Most < 1 {
		bad("burst: it has most, from 1, and within")
	}
	if r.soon, err = time.ParseDuration(r.Soon); err != nil {
		bad("soon: %v", err)
	}
	if r.Default < 3 || r.Default > 5 {
		bad("default: 3 to 5: silence is no complaint")
	}
	if r.Groups < 2 {
		bad("groups: from 2")
	}
	for _, name := range []string{"online", "offline"} {
		if r.set(name) == nil {
			bad("sets: %s is missing", name)
		}
	}
	checkMends(r.Mend, bad)
	seen := map[string]bool{}
	for _, s := range r.Sets {
		key := fmt.Sprint(s.Name, s.Version)
		if s.Version < 1 || len(s.Indicators) == 0 || seen[key] {
			bad("sets: %s %d: a version of its own, from 1, with indicators", s.Name, s.Version)
		}
		seen[key] = true
	}
	return r, errors.Join(errs...)
}

// set is the newest version of a set.
func (r *ratingRules) set(name string) (out *RatingSet) {
	for i := range r.Sets {
		if s := &r.Sets[i]; s.Name == name && (out == nil || s.Version > out.Version) {
			out = s
		}
	}
	return out
}

// Kinds of what is rated.
const (
	ratingVisit = "visit" // 一次一评
	ratingCase  = "case"  // 一事一评
)

// States of a rating.
const (
	ratingEarly     = "early" // of a link alone: what it is about is not over
	ratingOpen      = "open"
	ratingRated     = "rated"
	ratingDefaulted = "defaulted" // nobody rated in time (默认评价)
	ratingLapsed    = "lapsed"    // of a rating again: none came
)

// goodFrom is the least grade that is good: 基本满意. What is below is bad (差评).
const goodFrom = 3

type ratingRow struct {
	ID         store.ID   `bun:"id"`
	Kind       string     `bun:"kind"`
	Object     store.ID   `bun:"object"`
	N          int        `bun:"n"`
	Person     store.ID   `bun:"person"`
	Unit       string     `bun:"unit"`
	Item       string     `bun:"item"`
	Title      string     `bun:"title"`
	Hall       string     `bun:"hall"`
	Place      string     `bun:"place"`
	Clerk      store.ID   `bun:"clerk"`
	RateableAt store.Time `bun:"rateable_at"`
	DueAt      store.Time `bun:"due_at"`
	State      string     `bun:"state"`
	Grade      int        `bun:"grade"`
	Answers    string     `bun:"answers"`
	Comment    string     `bun:"comment"`
	Channel    string     `bun:"channel"`
	RatedAt    store.Time `bun:"rated_at"`
	Excluded   string     `bun:"excluded"`
	Matter     store.ID   `bun:"matter"`
}

const ratingColumns = `r.id, r.kind, r.object, r.n, COALESCE(r.person, 0) AS person, r.unit, r.item, r.title, r.hall, r.place, COALESCE(r.clerk, 0) AS clerk, r.rateable_at, r.due_at, r.state, COALESCE(r.grade, 0) AS grade, r.answers, r.comment, r.channel, r.rated_at, r.excluded, COALESCE(r.matter, 0) AS matter`

func getRating(ctx context.Context, q store.Querier, id store.ID) (ratingRow, error) {
	return store.Get[ratingRow](ctx, q, `SELECT `+ratingColumns+` FROM service_rating r WHERE r.id = ?`, int64(id))
}

// ratingToken opens the page of one rating to whoever has it; it cannot be made from the
// rating's key.
func (s *Service) ratingToken(id store.ID) string {
	return id.String() + "." + base64.RawURLEncoding.EncodeToString(s.Keys.MAC("rating", id.String())[:12])
}

// RatingLink opens the rating of a visit or a case to whoever has it, from before there
// is one: it stands on receipts (扫码评价).
func (s *Service) RatingLink(kind string, object store.ID) string {
	key := kind + "-" + object.String()
	return key + "." + base64.RawURLEncoding.EncodeToString(s.Keys.MAC("rating", key)[:12])
}

// linked is what a link is about; false where it is none, or forged.
func (s *Service) linked(token string) (kind string, object store.ID, ok bool) {
	key, _, _ := strings.Cut(token, ".")
	kind, rest, ok := strings.Cut(key, "-")
	object, err := store.ParseID(rest)
	return kind, object, ok && err == nil && token == s.RatingLink(kind, object)
}

func (s *Service) ratingOf(ctx context.Context, q store.Querier, token string) (ratingRow, error) {
	if kind, object, ok := s.linked(token); ok {
		return store.Get[ratingRow](ctx, q, `SELECT `+ratingColumns+` FROM service_rating r WHERE r.kind = ? AND r.object = ? ORDER BY r.n DESC LIMIT 1`, kind, object)
	}
	key, _, _ := strings.Cut(token, ".")
	id, err := store.ParseID(key)
	if err != nil || token != s.ratingToken(id) {
		return ratingRow{}, store.ErrNotFound
	}
	return getRating(ctx, q, id)
}

// ticketFinished is what a hall tells of a visit that is over.
type ticketFinished struct {
	Ticket store.ID   `json:"ticket"`
	Hall   string     `json:"hall"`
	Name   form.Text  `json:"name"`
	Window string     `json:"window"`
	Clerk  store.ID   `json:"clerk"`
	Items  []string   `json:"items"`
	Person store.ID   `json:"person"`
	At     store.Time `json:"at"`
}

// rateableEnds are the ends of a case that are rated: what the applicant took back is not.
var rateableEnds = []string{"granted", "denied", "rejected", "outside"}

const ratingConsumer = "services.ratings"

// inviteRatings makes what happened rateable, once each, and tells whose it was.
func (s *Service) inviteRatings(ctx context.Context, tx *store.Tx, events []event.Event) error {
	if s.ratings.Load() == nil {
		return nil
	}
	for _, e := range events {
		switch {
		case e.Subject == "halls.ticket_finished":
			var t ticketFinished
			if json.Unmarshal(e.Body, &t) != nil || t.Ticket == 0 {
				continue
			}
			unit, err := store.Get[string](ctx, tx, `SELECT unit FROM account WHERE id = ?`, t.Clerk)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			r := ratingRow{Kind: ratingVisit, Object: t.Ticket, N: 1, Person: t.Person, Unit: unit, Title: t.Name["zh"], Hall: t.Hall, Place: t.Window, Clerk: t.Clerk, RateableAt: e.At}
			if r.Title == "" {
				r.Title = "窗口服务"
			}
			if err := s.invite(ctx, tx, r); err != nil {
				return err
			}
		case strings.HasPrefix(e.Subject, System+"."):
			var h caseflow.Happened
			if json.Unmarshal(e.Body, &h) != nil || h.Flow != "case" || !h.Before.Open && h.Seq > 1 || h.After.Open || !slices.Contains(rateableEnds, h.After.State) {
				continue
			}
			id, err := store.ParseID(e.Key)
			if err != nil {
				continue
			}
			m, err := caseflow.Get(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := s.invite(ctx, tx, ratingRow{Kind: ratingCase, Object: id, N: 1, Person: m.Applicant, Unit: m.Unit, Item: m.Item, Title: m.Title, RateableAt: e.At}); err != nil {
				return err
			}
		}
	}
	return nil
}

// invite makes one thing rateable; nothing where it is already.
func (s *Service) invite(ctx context.Context, tx *store.Tx, r ratingRow) error {
	rules := s.ratings.Load()
	cal, err := s.Book.Current(s.casework.Load().office)
	if err != nil {
		return err
	}
	wait, name := rules.wait, "rating_invited"
	if r.N > 1 {
		wait, name = rules.again, "rating_invited_again"
	}
	r.ID = tx.NewID()
	n, err := tx.Exec(ctx, `INSERT INTO service_rating (id, kind, object, n, person, unit, item, title, hall, place, clerk, rateable_at, due_at, state, answers, comment, form, form_v, channel, excluded, matter) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', '{}', '', '', 0, '', '', ?) ON CONFLICT (kind, object, n) DO NOTHING`,
		r.ID, r.Kind, r.Object, r.N, r.Person, r.Unit, r.Item, r.Title, r.Hall, r.Place, r.Clerk, r.RateableAt, store.At(cal.Add(r.RateableAt.Time, wait)), r.Matter)
	if err != nil || n == 0 || r.Person == 0 || s.Notices == nil {
		return err
	}
	return s.Notices.Tell(ctx, tx, notice.Note{Name: name, Person: r.Person, About: "rating/" + r.ID.String(), Link: "/rate/" + s.ratingToken(r.ID), Words: map[string]string{"title": r.Title}, Due: store.At(cal.Add(r.RateableAt.Time, wait))})
}

// RatingPage is what whoever rates sees.
type RatingPage struct {
	Kind    string     `json:"kind" enum:"visit,case"`
	Title   string     `json:"title"`
	Unit    string     `json:"unit"`
	Hall    string     `json:"hall,omitempty"`
	Window  string     `json:"window,omitempty"`
	At      store.Time `json:"at"`
	DueAt   store.Time `json:"due_at"`
	State   string     `json:"state" enum:"early,open,rated,defaulted,lapsed" doc:"Early: it is not over yet"`
	Grade   int        `json:"grade,omitempty"`
	Again   bool       `json:"again" doc:"After a bad rating was put right"`
	Default int        `json:"default" doc:"The grade that silence counts as; 0 none"`
	Set     RatingSet  `json:"set"`
}

func (s *Service) ratingSet(r ratingRow) *RatingSet {
	if r.Kind == ratingVisit {
		return s.ratings.Load().set("offline")
	}
	return s.ratings.Load().set("online")
}

// RatingPage reads a rating for whoever has its token.
func (s *Service) RatingPage(ctx context.Context, token string) (RatingPage, error) {
	rules := s.ratings.Load()
	r, err := s.ratingOf(ctx, s.Store, token)
	if err == nil && rules == nil {
		err = store.ErrNotFound
	}
	if kind, _, ok := s.linked(token); ok && rules != nil && errors.Is(err, store.ErrNotFound) {
		return RatingPage{Kind: kind, State: ratingEarly, Set: *s.ratingSet(ratingRow{Kind: kind})}, nil
	}
	if err != nil {
		return RatingPage{}, err
	}
	p := RatingPage{Kind: r.Kind, Title: r.Title, Hall: r.Hall, Window: r.Place, At: r.RateableAt, DueAt: r.DueAt, State: r.State, Grade: r.Grade, Again: r.N > 1, Set: *s.ratingSet(r)}
	if r.N == 1 {
		p.Default = rules.Default
	}
	if u, ok := s.Dir.Tree().Unit(r.Unit); ok {
		p.Unit = u.Name
	}
	return p, nil
}

// ServiceRating is what somebody says.
type ServiceRating struct {
	Grade   int            `json:"grade" minimum:"1" maximum:"5" doc:"整体满意度: 5 非常满意 4 满意 3 基本满意 2 不满意 1 非常不满意"`
	Answers map[string]int `json:"answers,omitempty" doc:"RatingIndicator → 1..5"`
	Comment string         `json:"comment,omitempty" maxLength:"500"`

	Channel string `json:"-"`
	Device  string `json:"-"` // what the ratings of one device have in common
}

// Rate takes a rating, the one and only of what it is about.
func (s *Service) Rate(ctx context.Context, token string, in ServiceRating) error {
	r, err := s.ratingOf(ctx, s.Store, token)
	if err != nil {
		return err
	}
	return s.rate(ctx, r, in)
}

func (s *Service) rate(ctx context.Context, r ratingRow, in ServiceRating) error {
	rules := s.ratings.Load()
	if rules == nil {
		return store.ErrNotFound
	}
	set := s.ratingSet(r)
	if in.Grade < 1 || in.Grade > 5 {
		return httpapi.FailField("grade", "no_such_option")
	}
	for id, n := range in.Answers {
		if n < 1 || n > 5 || !slices.ContainsFunc(set.Indicators, func(x RatingIndicator) bool { return x.ID == id }) {
			return httpapi.FailField("answers."+id, "no_such_option")
		}
	}
	if in.Answers == nil {
		in.Answers = map[string]int{}
	}
	answers, err := json.Marshal(in.Answers)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		var device any
		if in.Device != "" {
			device = s.Keys.MAC("rating-device", in.Device)
		}
		why, err := s.suspicion(ctx, tx, r, in, device, now.Time)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE service_rating SET state = 'rated', grade = ?, answers = ?, comment = ?, form = ?, form_v = ?, channel = ?, device = ?, rated_at = ?, excluded = ? WHERE id = ? AND state = 'open' AND due_at > ?`,
			in.Grade, string(answers), text.Mask(in.Comment), set.Name, set.Version, in.Channel, device, now, why, r.ID, now)
		if err != nil {
			return err
		}
		if n == 0 {
			return httpapi.Fail(http.StatusConflict, "rated_already")
		}
		if r.N > 1 {
			_, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: r.Matter, Action: "rerated", Actor: account.System(s.Dir), At: now.Time})
			return err
		}
		if r.Kind == ratingCase {
			if err := s.tellSatisfaction(ctx, tx, r.Object, now); err != nil {
				return err
			}
		}
		if in.Grade >= goodFrom {
			return httpapi.Once(ctx, tx, http.StatusNoContent, nil)
		}
		asker := s.casework.Load().Receiving
		m, err := s.Engine.Open(ctx, tx, caseflow.Opening{Flow: "bad_rating", Action: "open", Actor: account.System(s.Dir), At: now.Time,
			Matter: caseflow.Matter{No: "CP" + r.ID.String(), Unit: r.Unit, Asker: asker, Item: r.Item, Title: "差评处理", Class: "normal"}})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE service_rating SET matter = ? WHERE id = ?`, m.ID, r.ID); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusNoContent, nil)
	})
}

// suspicion says why a rating does not count (防刷评); ” it does. It is kept and shown
// with the reason, and a bad one is looked at all the same.
func (s *Service) suspicion(ctx context.Context, tx *store.Tx, r ratingRow, in ServiceRating, device any, now time.Time) (string, error) {
	rules := s.ratings.Load()
	if now.Sub(r.RateableAt.Time) < rules.soon {
		return "soon", nil
	}
	if r.Person != 0 {
		who, err := s.Vault.Own(ctx, tx, r.Person)
		if err != nil && !errors.Is(err, vault.ErrErased) {
			return "", err
		}
		if phone := who[vault.Phone]; phone != "" {
			n, err := store.Get[int](ctx, tx, `SELECT count(*) FROM service_staff_phone WHERE phone = ?`, s.Keys.MAC("staff-phone", phone))
			if err != nil {
				return "", err
			}
			if n > 0 {
				return "staff", nil
			}
		}
	}
	if device == nil || in.Channel == "device" && in.Grade < goodFrom {
		return "", nil // who complains at a busy window is heard
	}
	n, err := store.Get[int](ctx, tx, `SELECT count(*) FROM service_rating WHERE device = ? AND rated_at > ?`, device, store.At(now.Add(-rules.within)))
	if err == nil && n >= rules.Burst.Most {
		return "burst", nil
	}
	return "", err
}

// DefaultRatings gives the default to what nobody rated in time; a rating again lapses.
func (s *Service) DefaultRatings(ctx context.Context) error {
	rules := s.ratings.Load()
	if rules == nil {
		return nil
	}
	now := store.At(s.Store.Now())
	for {
		var n int64
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			n, err = tx.Exec(ctx, `UPDATE service_rating SET state = CASE WHEN n = 1 THEN 'defaulted' ELSE 'lapsed' END, grade = CASE WHEN n = 1 THEN CAST(? AS INT) END, rated_at = due_at WHERE id IN (SELECT id FROM service_rating WHERE state = 'open' AND due_at <= ? ORDER BY due_at LIMIT 200)`, rules.Default, now)
			return err
		}); err != nil || n < 200 {
			return err
		}
	}
}

// ratingExcluded takes a rating out of the figures: it was found wrong.
func (s *Service) ratingExcluded(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	if _, err := tx.Exec(ctx, `UPDATE service_rating SET excluded = 'unfounded' WHERE matter = ? AND n = 1`, c.Matter.ID); err != nil {
		return err
	}
	rated, err := store.Select[store.ID](ctx, tx, `SELECT object FROM service_rating WHERE matter = ? AND n = 1 AND kind = ?`, c.Matter.ID, ratingCase)
	if err != nil || len(rated) == 0 {
		return err
	}
	return s.tellSatisfaction(ctx, tx, rated[0], c.Event.At)
}

// ratingAgain asks who rated badly to rate again what was put right.
func (s *Service) ratingAgain(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	r, err := store.Get[ratingRow](ctx, tx, `SELECT `+ratingColumns+` FROM service_rating r WHERE r.matter = ? AND r.n = 1`, c.Matter.ID)
	if err != nil {
		return err
	}
	r.N, r.RateableAt = 2, c.Event.At
	return s.invite(ctx, tx, r)
}
