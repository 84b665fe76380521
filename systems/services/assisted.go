package services

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// assistRules are how a clerk may help to fill in (辅助申报) under the applicant's own
// sign-in.
type assistRules struct {
	Code    string `yaml:"code"`    // how long the applicant's code opens a session
	Session string `yaml:"session"` // how long a session lasts
}

func (r assistRules) check() error {
	var errs []error
	for name, limit := range map[string]string{"code": r.Code, "session": r.Session} {
		if l, err := calendar.ParseLimit(limit); err != nil || l.Unit != calendar.Elapsed || l.Time <= 0 {
			errs = append(errs, fmt.Errorf(packCitywide+": assist.%s: %q is no time such as 10m", name, limit))
		}
	}
	return errors.Join(errs...)
}

// length is a limit of the pack that was looked at when it was read.
func assistLength(limit string) time.Duration { return calendar.MustLimit(limit).Time }

// Assist is a session in which a clerk helps an applicant to fill in one application
// (辅助申报): the applicant opens it on their own phone with a code, either ends it, and
// what the clerk typed is sent only when the applicant has confirmed it there.
type Assist struct {
	ID          store.ID      `json:"id"`
	Application store.ID      `json:"application"`
	ItemName    string        `json:"item_name"`
	State       string        `json:"state" enum:"waiting,joined,ended"`
	Code        string        `json:"code,omitempty" doc:"Shown to the applicant once, when it is opened"`
	CodeUntil   store.Time    `json:"code_until,omitzero"`
	Until       store.Time    `json:"until,omitzero"`
	Unit        string        `json:"unit,omitempty" doc:"Where the clerk sits"`
	EndedBy     string        `json:"ended_by,omitempty" enum:"applicant,clerk,time,sent,"`
	Version     int           `json:"version" doc:"Of the application"`
	Typed       []AssistField `json:"typed" doc:"What the clerk typed; to the applicant with the answers"`
	Unconfirmed int           `json:"unconfirmed"`
	Log         []AssistEvent `json:"log"`
	// To the clerk:
	Form      *form.Sheet    `json:"form,omitempty"`
	Situation *form.Sheet    `json:"situation_form,omitempty"`
	Values    map[string]any `json:"values,omitempty" doc:"Personal answers are masked: the clerk sees that they are there"`
	Situated  map[string]any `json:"situation,omitempty"`
	Filled    []string       `json:"filled,omitempty" doc:"Questions that have an answer"`
	Fixed     []string       `json:"fixed,omitempty" doc:"Answers from a source, which nobody changes"`
	Materials []AssistPaper  `json:"materials,omitempty"`
}

// AssistField is a question that the clerk answered.
type AssistField struct {
	Field string    `json:"field"`
	Title form.Text `json:"title"`
	Value any       `json:"value,omitempty" doc:"To the applicant alone"`
	// Question is what it answers, by which a list is read.
	Question  *form.SheetNode `json:"question,omitempty" doc:"To the applicant alone"`
	At        store.Time      `json:"at"`
	Confirmed bool            `json:"confirmed"`
}

// AssistPaper is a material as the clerk sees it: whether it is there, not what it shows.
type AssistPaper struct {
	ID    string    `json:"id"`
	Name  form.Text `json:"name"`
	State string    `json:"state"`
}

// AssistEvent is a line of a session's log: names of questions, no answers.
type AssistEvent struct {
	At     store.Time `bun:"at" json:"at"`
	Who    string     `bun:"who" json:"who" enum:"applicant,clerk,house"`
	Kind   string     `bun:"kind" json:"kind" enum:"open,join,look,type,confirm,end"`
	Detail string     `bun:"detail" json:"detail,omitempty"`
}

type assistRow struct {
	ID          store.ID   `bun:"id"`
	Application store.ID   `bun:"application"`
	Person      store.ID   `bun:"person"`
	OpenedAt    store.Time `bun:"opened_at"`
	CodeUntil   store.Time `bun:"code_until"`
	Until       store.Time `bun:"until"`
	Clerk       store.ID   `bun:"clerk"`
	Unit        string     `bun:"unit"`
	EndedAt     store.Time `bun:"ended_at"`
	EndedBy     string     `bun:"ended_by"`
	Fields      string     `bun:"fields"`
	Confirmed   string     `bun:"confirmed"`
	Seq         int        `bun:"seq"`
}

const assistColumns = `h.id, h.application, h.person, h.opened_at, h.code_until, h.until, COALESCE(h.clerk, 0) AS clerk, h.unit, h.ended_at, h.ended_by, h.fields, h.confirmed, h.seq`

// state is how a session stands at a moment. Its times end it, whether or not anybody
// looked.
func (r assistRow) state(now time.Time) (state, endedBy string) {
	switch {
	case !r.EndedAt.IsZero():
		return "ended", r.EndedBy
	case r.Clerk == 0 && now.After(r.CodeUntil.Time), r.Clerk != 0 && now.After(r.Until.Time):
		return "ended", "time"
	case r.Clerk == 0:
		return "waiting", ""
	}
	return "joined", ""
}

func (r assistRow) typed() (fields, confirmed map[string]store.Time, err error) {
	if err = json.Unmarshal([]byte(r.Fields), &fields); err == nil {
		err = json.Unmarshal([]byte(r.Confirmed), &confirmed)
	}
	return fields, confirmed, err
}

func (s *Service) assistLog(ctx context.Context, tx *store.Tx, session store.ID, who, kind, detail string) error {
	_, err := tx.Exec(ctx, `INSERT INTO service_assist_event (session, seq, at, who, kind, detail) SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, ?, ?, ? FROM service_assist_event WHERE session = ?`, session, store.At(s.Store.Now()), who, kind, detail, session)
	return err
}

// OpenAssist opens a session on the applicant's phone for one application, and ends the
// one before it.
func (s *Service) OpenAssist(ctx context.Context, who account.Actor, application store.ID) (Assist, error) {
	rules := s.citywide.Load()
	a, err := s.applicationFor(ctx, s.Store, who, application)
	switch {
	case err != nil:
		return Assist{}, err
	case rules == nil || who.Kind != account.Citizen || a.State != "draft" || a.Theme != 0:
		return Assist{}, httpapi.Fail(http.StatusConflict, "refused_state")
	}
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
	if err != nil {
		return Assist{}, err
	}
	code, now := fmt.Sprintf("%08d", n), s.Store.Now()
	var id store.ID
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := s.endAssists(ctx, tx, application, "applicant"); err != nil {
			return err
		}
		id = tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO service_assist (id, application, person, code, opened_at, code_until, until, unit, ended_by, fields, confirmed, seq) VALUES (?, ?, ?, ?, ?, ?, ?, '', '', '{}', '{}', 1)`,
			id, application, who.Person, s.Keys.MAC("assist", code), store.At(now), store.At(now.Add(assistLength(rules.Assist.Code))), store.At(now.Add(assistLength(rules.Assist.Code)))); err != nil {
			return err
		}
		return s.assistLog(ctx, tx, id, "applicant", "open", "")
	})
	if err != nil {
		return Assist{}, err
	}
	out, err := s.assistFor(ctx, who, id)
	out.Code = code
	return out, err
}

// endAssists ends the sessions of an application that go on; what was typed and is not
// confirmed stays to be confirmed.
func (s *Service) endAssists(ctx context.Context, tx *store.Tx, application store.ID, by string) error {
	open, err := store.Select[assistRow](ctx, tx, `SELECT `+assistColumns+` FROM service_assist h WHERE h.application = ? AND h.ended_at IS NULL`, int64(application))
	if err != nil {
		return err
	}
	for _, r := range open {
		ended := by
		if _, timed := r.state(s.Store.Now()); timed != "" {
			ended = timed
		}
		if _, err := tx.Exec(ctx, `UPDATE service_assist SET ended_at = ?, ended_by = ?, seq = seq + 1 WHERE id = ?`, store.At(s.Store.Now()), ended, r.ID); err != nil {
			return err
		}
		who := map[string]string{"time": "house", "sent": "applicant"}[ended]
		if who == "" {
			who = ended
		}
		if err := s.assistLog(ctx, tx, r.ID, who, "end", ended); err != nil {
			return err
		}
	}
	return nil
}

// JoinAssist lets a clerk into a session by the code on the applicant's phone, once.
func (s *Service) JoinAssist(ctx context.Context, who account.Actor, code string) (Assist, error) {
	rules := s.citywide.Load()
	units := who.UnitsWith("intake_clerk")
	if rules == nil || len(units) == 0 {
		return Assist{}, httpapi.Fail(http.StatusForbidden, "forbidden")
	}
	now := s.Store.Now()
	var id store.ID
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := store.Get[assistRow](ctx, tx, `SELECT `+assistColumns+` FROM service_assist h WHERE h.code = ? AND h.ended_at IS NULL`, s.Keys.MAC("assist", strings.TrimSpace(code)))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if state, _ := r.state(now); err != nil || state != "waiting" || r.Person == who.Person && who.Person != 0 {
			return httpapi.FailField("code", "assist_code")
		}
		id = r.ID
		if _, err := tx.Exec(ctx, `UPDATE service_assist SET clerk = ?, unit = ?, joined_at = ?, until = ?, seq = seq + 1 WHERE id = ?`, who.Account, units[0], store.At(now), store.At(now.Add(assistLength(rules.Assist.Session))), r.ID); err != nil {
			return err
		}
		if err := s.assistLog(ctx, tx, r.ID, "clerk", "join", units[0]); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: store.At(now), Actor: who.Account, Unit: who.Unit, Action: "assist.join", Object: "application/" + r.Application.String()}, nil)
	})
	if err != nil {
		return Assist{}, err
	}
	return s.assistFor(ctx, who, id)
}

// assistFor reads a session for the applicant, or for the clerk while it goes on.
func (s *Service) assistFor(ctx context.Context, who account.Actor, id store.ID) (Assist, error) {
	r, err := store.Get[assistRow](ctx, s.Store, `SELECT `+assistColumns+` FROM service_assist h WHERE h.id = ?`, int64(id))
	if err != nil {
		return Assist{}, err
	}
	own := who.Person != 0 && who.Person == r.Person && who.Kind == account.Citizen
	clerk := r.Clerk != 0 && r.Clerk == who.Account
	if !own && !clerk {
		return Assist{}, store.ErrNotFound
	}
	a, err := store.Get[applicationRow](ctx, s.Store, `SELECT `+applicationColumns+` FROM service_application a WHERE a.id = ?`, r.Application)
	if err != nil {
		return Assist{}, err
	}
	e, err := s.pinned(a.pinned())
	if err != nil {
		return Assist{}, err
	}
	out := Assist{ID: r.ID, Application: r.Application, ItemName: e.Name, CodeUntil: r.CodeUntil, Until: r.Until, Unit: r.Unit, Version: a.Seq, Typed: []AssistField{}}
	out.State, out.EndedBy = r.state(s.Store.Now())
	x, err := s.said(ctx, s.Store, r.Application)
	if err != nil {
		return out, err
	}
	fields, confirmed, err := r.typed()
	if err != nil {
		return out, err
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		f := AssistField{Field: name, Title: form.Text{"zh": name}, At: fields[name], Confirmed: !confirmed[name].Before(fields[name].Time)}
		kind, q, _ := strings.Cut(name, ".")
		node, value := e.Handling.Form.Schema.Properties[q], x.Values[q]
		if kind == "situation" && e.Handling.Situation != nil {
			node, value = e.Handling.Situation.Schema.Properties[q], x.Situation[q]
		}
		if node != nil {
			f.Title = form.Text{"zh": node.Title, "en": node.TitleEN}
		}
		if own {
			f.Value, f.Question = value, node
		}
		if !f.Confirmed {
			out.Unconfirmed++
		}
		out.Typed = append(out.Typed, f)
	}
	if out.Log, err = store.Select[AssistEvent](ctx, s.Store, `SELECT at, who, kind, detail FROM service_assist_event WHERE session = ? ORDER BY seq`, r.ID); err != nil {
		return out, err
	}
	if !clerk || out.State != "joined" {
		return out, nil
	}
	// The clerk sees no more than the filling in needs: what is personal is masked, what
	// was uploaded is there or not.
	out.Form, out.Situation, out.Situated = e.Handling.Form, e.Handling.Situation, x.Situation
	out.Values = maskAnswers(e.Handling.Form.Schema, x.Values)
	for name := range x.Values {
		out.Filled = append(out.Filled, name)
	}
	slices.Sort(out.Filled)
	for name, src := range x.Sources {
		if !src.Edit {
			out.Fixed = append(out.Fixed, name)
		}
	}
	slices.Sort(out.Fixed)
	var files map[string][]string
	if err := json.Unmarshal([]byte(a.Materials), &files); err != nil {
		return out, err
	}
	checked, err := s.check(e.Handling, x, files, true)
	for _, m := range checked.needed {
		out.Materials = append(out.Materials, AssistPaper{m.ID, m.Name, m.State})
	}
	return out, err
}

// Assist reads a session for one of its two sides.
func (s *Service) Assist(ctx context.Context, who account.Actor, id store.ID) (Assist, error) {
	return s.assistFor(ctx, who, id)
}

// AssistOf is the newest session of an application, for its applicant.
func (s *Service) AssistOf(ctx context.Context, who account.Actor, application store.ID) (Assist, error) {
	id, err := store.Get[store.ID](ctx, s.Store, `SELECT id FROM service_assist WHERE application = ? ORDER BY id DESC LIMIT 1`, int64(application))
	if err != nil {
		return Assist{}, err
	}
	return s.assistFor(ctx, who, id)
}

// keptEntry says, in an entry that the clerk sends, which one it was: what they do not see
// of it, and did not type anew, stays.
const keptEntry = "@"

// typedEntries lays what a clerk typed of a repeating group over what is there. Where it
// cannot be, at and code say what is wrong.
func typedEntries(q *form.SheetNode, before, typed any) (out any, at, code string) {
	list, ok := typed.([]any)
	if typed != nil && !ok {
		return nil, "", "not_a_list"
	}
	if q.MaxItems != nil && len(list) > *q.MaxItems {
		return nil, "", "too_many_values"
	}
	had, _ := before.([]any)
	taken := map[int]bool{}
	entries := make([]any, 0, len(list))
	for i, x := range list {
		at := fmt.Sprintf(".%d", i)
		given, ok := x.(map[string]any)
		if !ok {
			return nil, at, "not_a_list"
		}
		entry := map[string]any{}
		if n, is := given[keptEntry]; is {
			f, _ := n.(float64)
			k := int(f)
			if float64(k) != f || k < 0 || k >= len(had) || taken[k] {
				return nil, at, "unknown"
			}
			taken[k] = true
			if was, ok := had[k].(map[string]any); ok {
				maps.Copy(entry, was)
			}
		}
		for name, v := range given {
			switch {
			case name == keptEntry:
				continue
			case q.Items.Properties[name] == nil:
				return nil, at + "." + name, "unknown"
			}
			entry[name] = v
			if v == nil {
				delete(entry, name)
			}
		}
		entries = append(entries, entry)
	}
	return entries, "", ""
}

// TypeAssist is what the clerk types: the answers given change, the others stay; of a
// repeating group each entry, and what the clerk does not see of it stays. Each is marked as
// assisted before it is written.
func (s *Service) TypeAssist(ctx context.Context, who account.Actor, id store.ID, version int, situation, values map[string]any) (Assist, error) {
	r, err := store.Get[assistRow](ctx, s.Store, `SELECT `+assistColumns+` FROM service_assist h WHERE h.id = ? AND h.clerk = ?`, int64(id), int64(who.Account))
	if err != nil {
		return Assist{}, err
	}
	if state, _ := r.state(s.Store.Now()); state != "joined" {
		return Assist{}, httpapi.Fail(http.StatusConflict, "assist_ended")
	}
	a, err := store.Get[applicationRow](ctx, s.Store, `SELECT `+applicationColumns+` FROM service_application a WHERE a.id = ?`, r.Application)
	if err != nil {
		return Assist{}, err
	}
	e, err := s.pinned(a.pinned())
	if err != nil {
		return Assist{}, err
	}
	x, err := s.said(ctx, s.Store, r.Application)
	if err != nil {
		return Assist{}, err
	}
	if a.State != "draft" {
		return Assist{}, httpapi.Fail(http.StatusConflict, "refused_state")
	}
	var typed []string
	x.Situation, x.Values = orEmpty(x.Situation), orEmpty(x.Values)
	for name, v := range values {
		src, filled := x.Sources[name]
		switch {
		case e.Handling.Form.Schema.Properties[name] == nil:
			return Assist{}, httpapi.FailField("values."+name, "unknown")
		case filled && !src.Edit:
			return Assist{}, httpapi.FailField("values."+name, "fixed_by_source")
		}
		if q := e.Handling.Form.Schema.Properties[name]; q.Type == "array" && q.Items.Type == "object" {
			var at, code string
			if v, at, code = typedEntries(q, x.Values[name], v); code != "" {
				return Assist{}, httpapi.FailField("values."+name+at, code)
			}
		}
		x.Values[name] = v
		delete(x.Sources, name)
		typed = append(typed, "values."+name)
	}
	for name, v := range situation {
		if e.Handling.Situation == nil || e.Handling.Situation.Schema.Properties[name] == nil {
			return Assist{}, httpapi.FailField("situation."+name, "unknown")
		}
		x.Situation[name] = v
		typed = append(typed, "situation."+name)
	}
	if len(typed) == 0 {
		return s.assistFor(ctx, who, id)
	}
	slices.Sort(typed)
	var files map[string][]string
	if err := json.Unmarshal([]byte(a.Materials), &files); err != nil {
		return Assist{}, err
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := store.Get[assistRow](ctx, tx, `SELECT `+assistColumns+` FROM service_assist h WHERE h.id = ? AND h.ended_at IS NULL`, r.ID)
		if err != nil {
			return httpapi.Fail(http.StatusConflict, "assist_ended")
		}
		if n, err := store.Get[int](ctx, tx, `SELECT seq FROM service_application WHERE id = ?`, r.Application); err != nil || n != version {
			return caseflow.ErrConflict
		}
		fields, _, err := now.typed()
		if err != nil {
			return err
		}
		for _, f := range typed {
			fields[f] = store.At(s.Store.Now())
		}
		raw, err := json.Marshal(fields)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE service_assist SET fields = ?, seq = seq + 1 WHERE id = ?`, string(raw), r.ID); err != nil {
			return err
		}
		return s.assistLog(ctx, tx, r.ID, "clerk", "type", strings.Join(typed, " "))
	})
	if err != nil {
		return Assist{}, err
	}
	if _, err := s.keepApplication(ctx, a, version, x, files); err != nil {
		return Assist{}, err
	}
	return s.assistFor(ctx, who, id)
}

// ConfirmAssist is the applicant saying on their own phone that what the clerk typed is
// what they mean; version is what they saw.
func (s *Service) ConfirmAssist(ctx context.Context, who account.Actor, id store.ID, version int) (Assist, error) {
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := store.Get[assistRow](ctx, tx, `SELECT `+assistColumns+` FROM service_assist h WHERE h.id = ?`, int64(id))
		if err != nil || who.Kind != account.Citizen || who.Person == 0 || who.Person != r.Person {
			return store.ErrNotFound
		}
		n, err := store.Get[int](ctx, tx, `SELECT seq FROM service_application WHERE id = ? AND state = 'draft'`, r.Application)
		if err != nil || n != version {
			return caseflow.ErrConflict
		}
		fields, _, err := r.typed()
		if err != nil {
			return err
		}
		confirmed := map[string]store.Time{}
		for f := range fields {
			confirmed[f] = store.At(s.Store.Now())
		}
		raw, err := json.Marshal(confirmed)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE service_assist SET confirmed = ?, seq = seq + 1 WHERE id = ?`, string(raw), r.ID); err != nil {
			return err
		}
		return s.assistLog(ctx, tx, r.ID, "applicant", "confirm", fmt.Sprint(len(fields)))
	})
	if err != nil {
		return Assist{}, err
	}
	return s.assistFor(ctx, who, id)
}

// EndAssist ends a session by either side.
func (s *Service) EndAssist(ctx context.Context, who account.Actor, id store.ID) (Assist, error) {
	by := "clerk"
	if who.Kind == account.Citizen {
		by = "applicant"
	}
	v, err := s.assistFor(ctx, who, id)
	if err != nil {
		return v, err
	}
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return s.endAssists(ctx, tx, v.Application, by) }); err != nil {
		return v, err
	}
	return s.assistFor(ctx, who, id)
}

// assistedToSend holds an application to what the applicant confirmed, and says whether a
// clerk helped with it.
func (s *Service) assistedToSend(ctx context.Context, q store.Querier, application store.ID) (assisted bool, err error) {
	rows, err := store.Select[assistRow](ctx, q, `SELECT `+assistColumns+` FROM service_assist h WHERE h.application = ? ORDER BY h.id`, int64(application))
	if err != nil {
		return false, err
	}
	for _, r := range rows {
		fields, confirmed, err := r.typed()
		if err != nil {
			return false, err
		}
		for f, at := range fields {
			if assisted = true; confirmed[f].Before(at.Time) {
				return true, httpapi.Fail(http.StatusConflict, "assist_unconfirmed")
			}
		}
	}
	return assisted, nil
}

func (s *Service) mountAssist(srv *httpapi.Server) {
	citizen := httpapi.Roles(account.RoleCitizen)
	both := httpapi.Roles(account.RoleCitizen, "intake_clerk")
	httpapi.Register(srv, httpapi.Operation{ID: "open-assist", Method: http.MethodPost, Path: "/api/services/applications/{id}/assistance", Tag: tag, Access: citizen, Limit: 30,
		Summary: "Let a clerk help with one application (辅助申报): a code for the counter, limited in time"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[Assist], error) {
		return httpapi.Answer(s.OpenAssist(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-assist-of", Method: http.MethodGet, Path: "/api/services/applications/{id}/assistance", Tag: tag, Access: citizen,
		Summary: "The newest session of an application: what the clerk typed, what is to be confirmed, the log"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[Assist], error) {
		return httpapi.Answer(s.AssistOf(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "join-assist", Method: http.MethodPost, Path: "/api/services/assistance", Tag: tag, Access: httpapi.Roles("intake_clerk"), Limit: 20,
		Summary: "Join a session by the code on the applicant's phone"}, func(ctx context.Context, in *struct {
		Body struct {
			Code string `json:"code" minLength:"8" maxLength:"8"`
		}
	}) (*httpapi.Body[Assist], error) {
		return httpapi.Answer(s.JoinAssist(ctx, httpapi.Actor(ctx), in.Body.Code))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-assist", Method: http.MethodGet, Path: "/api/services/assistance/{id}", Tag: tag, Access: both,
		Summary: "A session, for one of its two sides"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[Assist], error) {
		return httpapi.Answer(s.Assist(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "type-assist", Method: http.MethodPost, Path: "/api/services/assistance/{id}/answers", Tag: tag, Access: httpapi.Roles("intake_clerk"),
		Summary: "What the clerk types: each answer is marked as assisted"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Version   int            `json:"version"`
			Situation map[string]any `json:"situation,omitempty"`
			Values    map[string]any `json:"values,omitempty"`
		}
	}) (*httpapi.Body[Assist], error) {
		return httpapi.Answer(s.TypeAssist(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Version, in.Body.Situation, in.Body.Values))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "confirm-assist", Method: http.MethodPost, Path: "/api/services/assistance/{id}/confirmation", Tag: tag, Access: citizen,
		Summary: "The applicant confirms on their own phone what the clerk typed"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Version int `json:"version" doc:"Of the application, as it was seen"`
		}
	}) (*httpapi.Body[Assist], error) {
		return httpapi.Answer(s.ConfirmAssist(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Version))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "end-assist", Method: http.MethodDelete, Path: "/api/services/assistance/{id}", Tag: tag, Access: both,
		Summary: "End a session, by either side"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[Assist], error) {
		return httpapi.Answer(s.EndAssist(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
}
