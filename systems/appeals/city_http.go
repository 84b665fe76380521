package appeals

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// mountExchange adds the district's end of the protocol, which the city platform
// calls (docs/exchange.md), and the API of the screens.
func (s *Service) mountExchange(srv *httpapi.Server) {
	srv.Mux.HandleFunc("POST /exchange/v1/messages", s.cityCalls(srv, s.hearCity))
	srv.Mux.HandleFunc("GET /exchange/v1/orders", s.cityCalls(srv, s.listForCity))
	srv.Mux.HandleFunc("GET /exchange/v1/orders/{no}", s.cityCalls(srv, s.orderForCity))
	const tag = "city"
	read := httpapi.Roles("dispatcher", "supervisor", "leader", account.RoleAdmin)
	act := httpapi.Roles("dispatcher", "supervisor", account.RoleAdmin)
	httpapi.Register(srv, httpapi.Operation{ID: "get-city", Method: http.MethodGet, Path: "/api/city", Tag: tag, Access: read,
		Summary: "How the exchange with the city platform (市平台) stands: what waits, what lies dead, codes without a map"}, s.getCity)
	httpapi.Register(srv, httpapi.Operation{ID: "list-city-orders", Method: http.MethodGet, Path: "/api/city/orders", Tag: tag, Access: read,
		Summary: "Orders of the city's, the newest first"}, s.listCityOrders)
	httpapi.Register(srv, httpapi.Operation{ID: "list-city-messages", Method: http.MethodGet, Path: "/api/city/messages", Tag: tag, Access: read,
		Summary: "Messages of the exchange in both directions, masked, the newest first"}, s.listCityMessages)
	httpapi.Register(srv, httpapi.Operation{ID: "retry-city-message", Method: http.MethodPost, Path: "/api/city/messages/{id}/retry", Tag: tag, Access: act,
		Summary: "Send a message again, or take one in again"}, s.retryCityMessage)
	httpapi.Register(srv, httpapi.Operation{ID: "list-city-reconciliations", Method: http.MethodGet, Path: "/api/city/reconciliations", Tag: tag, Access: read,
		Summary: "Reconciliations (对账), the newest first"}, s.listReconciliations)
	httpapi.Register(srv, httpapi.Operation{ID: "reconcile-city", Method: http.MethodPost, Path: "/api/city/reconciliations", Tag: tag, Access: act, Status: http.StatusCreated,
		Summary: "Compare a day with the city's list now"}, s.reconcileCity)
	httpapi.Register(srv, httpapi.Operation{ID: "list-city-differences", Method: http.MethodGet, Path: "/api/city/differences", Tag: tag, Access: read,
		Summary: "What differs between both sides, and the acts that mend it"}, s.listDifferences)
	httpapi.Register(srv, httpapi.Operation{ID: "mend-city-difference", Method: http.MethodPost, Path: "/api/city/differences/{id}/actions", Tag: tag, Access: act,
		Summary: "Mend a difference: take in, resend, take theirs, or ignore with a reason"}, s.mendDifference)
	httpapi.Register(srv, httpapi.Operation{ID: "get-appeal-city", Method: http.MethodGet, Path: "/api/appeals/{id}/city", Tag: tag, Access: staff,
		Summary: "An appeal as the city's order: both deadlines, and what was said in both directions"}, s.getAppealCity)
}

// cityCalls admits none but the city platform.
func (s *Service) cityCalls(srv *httpapi.Server, answer func(r *http.Request, body []byte) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now := s.Store.Now()
		adapter.CityClock(w.Header(), now)
		w.Header().Set("Cache-Control", "no-store")
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, adapter.CityBody))
		if err != nil {
			adapter.AnswerCity(w, http.StatusRequestEntityTooLarge, adapter.CityRefusal{Code: "too_large", Text: "a message is at most 256 KiB"})
			return
		}
		if s.City == nil {
			adapter.AnswerCity(w, http.StatusUnauthorized, adapter.CityRefusal{Code: "wrong_signature", Text: "no city platform is connected"})
			return
		}
		if no := adapter.VerifyCity(r, body, s.City.Secret, now, s.district.Load().city.skew); no != nil {
			adapter.AnswerCity(w, no.Status, no)
			return
		}
		out, err := answer(r, body)
		var no *adapter.CityRefusal
		switch {
		case err == nil:
			adapter.AnswerCity(w, http.StatusOK, out)
		case errors.As(err, &no):
			adapter.AnswerCity(w, no.Status, no)
		case errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrClosed):
			w.Header().Set("Retry-After", "1")
			adapter.AnswerCity(w, http.StatusServiceUnavailable, adapter.CityRefusal{Code: "busy", Text: "try again shortly"})
		default:
			srv.Log.Error("a call of the city platform failed", "path", r.URL.Path, "error", err)
			adapter.AnswerCity(w, http.StatusInternalServerError, adapter.CityRefusal{Code: "internal", Text: "it has been recorded; try again"})
		}
	}
}

func (s *Service) hearCity(r *http.Request, body []byte) (any, error) {
	var m adapter.CityMessage
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, &adapter.CityRefusal{Status: http.StatusBadRequest, Code: "invalid", Text: "no message in JSON"}
	}
	if wrong := m.Check(true); wrong != "" {
		return nil, &adapter.CityRefusal{Status: http.StatusBadRequest, Code: "invalid", Text: wrong}
	}
	receipt, err := s.HearCity(r.Context(), m)
	if errors.Is(err, ErrCityAltered) {
		err = &adapter.CityRefusal{Status: http.StatusConflict, Code: "seq_taken", Text: "another message has this number"}
	}
	return receipt, err
}

func (o *CityOrder) line(book *cityBook) adapter.CityLine {
	at := func(t store.Time) adapter.CityTime { return adapter.AtCity(t.Time) }
	return adapter.CityLine{No: o.No, CityStanding: adapter.CityStanding{State: cmp.Or(book.theirs[cityCode{"state", o.State}], o.State), SentAt: at(o.Sent), DueAt: at(o.Due), SignedAt: at(o.Signed), RepliedAt: at(o.Replied), ClosedAt: at(o.Closed),
		Rating: o.Rating, Down: o.Down, Up: o.Up}}
}

func (s *Service) listForCity(r *http.Request, _ []byte) (any, error) {
	d := s.district.Load()
	day := r.URL.Query().Get("day")
	from, err := time.ParseInLocation(time.DateOnly, day, d.zone)
	if err != nil {
		return nil, &adapter.CityRefusal{Status: http.StatusBadRequest, Code: "invalid", Text: "day: such as 2026-11-26"}
	}
	until := store.At(from.AddDate(0, 0, 1))
	own, err := store.Select[CityOrder](r.Context(), s.Store, `SELECT `+cityOrderColumns+` FROM city_order o WHERE o.sent_at >= ? AND o.sent_at < ? OR o.changed_at >= ? AND o.changed_at < ? ORDER BY o.no`, store.At(from), until, store.At(from), until)
	list := adapter.CityList{Day: day, Counts: map[string]int{}, Orders: []adapter.CityLine{}}
	for i := range own {
		line := own[i].line(d.city)
		list.Counts[line.State]++
		list.Orders = append(list.Orders, line)
	}
	return list, err
}

func (s *Service) orderForCity(r *http.Request, _ []byte) (any, error) {
	o, err := s.cityOrder(r.Context(), s.Store, "o.no = ?", r.PathValue("no"))
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, &adapter.CityRefusal{Status: http.StatusNotFound, Code: "no_such_order", Text: "there is no such order here"}
	}
	book := s.district.Load().city
	_, up, err := cityLetters(r.Context(), s.Store, o.No)
	for i := range up {
		up[i].Data.Reason = book.theirs[cityCode{"reason", up[i].Data.Reason}]
		up[i].Data.Result = book.theirs[cityCode{"result", up[i].Data.Result}]
	}
	return adapter.CityRecord{CityLine: o.line(book), Said: up}, err
}

// CityStandingView is how the exchange stands.
type CityStandingView struct {
	Connected bool                `json:"connected"`
	Simulator string              `json:"simulator,omitempty" doc:"Where the simulated city can be looked at; absent for a real one"`
	Queued    int                 `json:"queued" doc:"Reports on their way"`
	Held      int                 `json:"held" doc:"Reports with a code that has none of the city's"`
	Dead      int                 `json:"dead" doc:"Reports that the city refused, or that were tried too often"`
	Failed    int                 `json:"failed" doc:"The city's messages that could not be taken in"`
	Waiting   int                 `json:"waiting" doc:"The city's messages that wait for one before them"`
	Open      int                 `json:"open" doc:"Differences that nobody has decided"`
	Orders    int                 `json:"orders"`
	Unmapped  []CityUnmapped      `json:"unmapped" doc:"Codes that the map lacks still"`
	Last      *CityReconciliation `json:"last,omitempty"`
}

// CityUnmapped is a code that came without a map.
type CityUnmapped struct {
	Kind   string     `bun:"kind" json:"kind"`
	Theirs bool       `bun:"theirs" json:"theirs" doc:"The city's code; else one of ours"`
	Code   string     `bun:"code" json:"code"`
	Name   string     `bun:"name" json:"name,omitempty"`
	No     string     `bun:"no" json:"no" doc:"The order that it came with last"`
	First  store.Time `bun:"first_at" json:"first_at"`
	Last   store.Time `bun:"last_at" json:"last_at"`
	N      int        `bun:"n" json:"n"`
}

func (s *Service) getCity(ctx context.Context, _ *struct{}) (*httpapi.Body[CityStandingView], error) {
	v := CityStandingView{Connected: s.City != nil, Unmapped: []CityUnmapped{}}
	if s.City != nil {
		v.Simulator = s.City.Page
	}
	type count struct {
		State string
		N     int
	}
	counts, err := store.Select[count](ctx, s.Store, `SELECT state, count(*) AS n FROM city_message WHERE state IN ('queued', 'held', 'dead', 'failed', 'waiting') GROUP BY state`)
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		*map[string]*int{cityQueued: &v.Queued, cityHeld: &v.Held, cityDead: &v.Dead, cityFailed: &v.Failed, cityWaiting: &v.Waiting}[c.State] = c.N
	}
	if err := s.Store.QueryRow(ctx, `SELECT (SELECT count(*) FROM city_difference WHERE state = 'open'), (SELECT count(*) FROM city_order)`).Scan(&v.Open, &v.Orders); err != nil {
		return nil, err
	}
	all, err := store.Select[CityUnmapped](ctx, s.Store, `SELECT kind, theirs, code, name, no, first_at, last_at, n FROM city_unmapped ORDER BY last_at DESC LIMIT 500`)
	if err != nil {
		return nil, err
	}
	book := s.district.Load().city
	for _, u := range all {
		maps := book.theirs
		if u.Theirs {
			maps = book.ours
		}
		if maps[cityCode{u.Kind, u.Code}] == "" {
			v.Unmapped = append(v.Unmapped, u)
		}
	}
	last, err := store.Select[CityReconciliation](ctx, s.Store, `SELECT `+cityReconciliationColumns+` FROM city_reconciliation ORDER BY id DESC LIMIT 1`)
	if len(last) > 0 {
		v.Last = &last[0]
		v.Last.Counts = json.RawMessage(v.Last.Raw)
	}
	return httpapi.Answer(v, err)
}

// keyed is a page of rows by their keys, the newest first.
func keyed[T any](rows []T, limit int, key func(*T) string) httpapi.Page[T] {
	p := httpapi.Page[T]{Items: rows}
	if len(rows) > limit {
		p.Items, p.Next = rows[:limit], key(&rows[limit-1])
	}
	return p
}

const cityPage = 50

func (s *Service) listCityOrders(ctx context.Context, in *struct {
	State string `query:"state" enum:"dispatched,signed,returning,returned,replied,closed,withdrawn,"`
	No    string `query:"no" maxLength:"80" doc:"The city's number, or how it begins"`
	After string `query:"after"`
}) (*httpapi.Body[httpapi.Page[CityOrder]], error) {
	where, args := []string{"1=1"}, []any{}
	if in.State != "" {
		where, args = append(where, "o.state = ?"), append(args, in.State)
	}
	if no := store.Literal(in.No); no != "" {
		where, args = append(where, "o.no LIKE ?"), append(args, no+"%")
	}
	if in.After != "" {
		after, err := store.ParseID(in.After)
		if err != nil {
			return nil, httpapi.FailField("after", "invalid")
		}
		where, args = append(where, "o.matter < ?"), append(args, int64(after))
	}
	rows, err := store.Select[CityOrder](ctx, s.Store, `SELECT `+cityOrderColumns+`, m.no AS own_no, m.title, m.state AS own_state, m.total_due AS own_due, m.unit,
		(SELECT count(*) FROM city_message x WHERE x.no = o.no AND x.state NOT IN ('taken', 'sent')) AS waiting
		FROM city_order o JOIN matter m ON m.id = o.matter WHERE `+strings.Join(where, " AND ")+` ORDER BY o.matter DESC LIMIT ?`, append(args, cityPage+1)...)
	return httpapi.Answer(keyed(rows, cityPage, func(o *CityOrder) string { return o.Matter.String() }), err)
}

func (s *Service) listCityMessages(ctx context.Context, in *struct {
	Show  string `query:"show" enum:"all,stuck,down,up" default:"all" doc:"stuck: what is not through, and needs or may need somebody"`
	No    string `query:"no" maxLength:"80"`
	After string `query:"after"`
}) (*httpapi.Body[httpapi.Page[CityLetter]], error) {
	where, args := []string{"1=1"}, []any{}
	switch in.Show {
	case "stuck":
		where = append(where, "state IN ('dead', 'held', 'failed', 'waiting') OR state = 'queued' AND tries > 0")
	case "down":
		where = append(where, "down")
	case "up":
		where = append(where, "NOT down")
	}
	if in.No != "" {
		where, args = append(where, "no = ?"), append(args, in.No)
	}
	if in.After != "" {
		after, err := store.ParseID(in.After)
		if err != nil {
			return nil, httpapi.FailField("after", "invalid")
		}
		where, args = append(where, "id < ?"), append(args, int64(after))
	}
	rows, err := store.Select[CityLetter](ctx, s.Store, `SELECT `+cityLetterColumns+` FROM city_message WHERE (`+strings.Join(where, ") AND (")+`) ORDER BY id DESC LIMIT ?`, append(args, cityPage+1)...)
	for i := range rows {
		rows[i].Says = rows[i].message().Data
	}
	return httpapi.Answer(keyed(rows, cityPage, func(l *CityLetter) string { return l.ID.String() }), err)
}

func (s *Service) retryCityMessage(ctx context.Context, in *idInput) (*httpapi.Body[CityLetter], error) {
	who := httpapi.Actor(ctx)
	get := func() (CityLetter, error) {
		return store.Get[CityLetter](ctx, s.Store, `SELECT `+cityLetterColumns+` FROM city_message WHERE id = ?`, int64(in.ID.ID))
	}
	l, err := get()
	if err != nil {
		return nil, err
	}
	if slices.Contains([]string{cityTaken, citySent}, l.State) {
		return nil, httpapi.Fail(http.StatusConflict, "conflict")
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if !l.Down {
			if _, err := tx.Exec(ctx, `UPDATE city_message SET state = 'queued', tries = 0, next_at = ? WHERE id = ? AND state <> 'sent'`, store.At(s.Store.Now()), l.ID); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "city.retry", Object: "city_order/" + l.No}, map[string]any{"message": l.Message})
	})
	if err != nil {
		return nil, err
	}
	if l.Down {
		err = s.takeCity(ctx, l.No)
	} else if s.City != nil {
		_, err = s.SendCity(ctx)
	}
	if err != nil {
		return nil, err
	}
	l, err = get()
	l.Says = l.message().Data
	return httpapi.Answer(l, err)
}

func (s *Service) listReconciliations(ctx context.Context, in *struct {
	After string `query:"after"`
}) (*httpapi.Body[httpapi.Page[CityReconciliation]], error) {
	after := store.ID(1<<63 - 1)
	if in.After != "" {
		var err error
		if after, err = store.ParseID(in.After); err != nil {
			return nil, httpapi.FailField("after", "invalid")
		}
	}
	rows, err := store.Select[CityReconciliation](ctx, s.Store, `SELECT `+cityReconciliationColumns+` FROM city_reconciliation WHERE id < ? ORDER BY id DESC LIMIT ?`, int64(after), cityPage+1)
	for i := range rows {
		rows[i].Counts = json.RawMessage(rows[i].Raw)
	}
	return httpapi.Answer(keyed(rows, cityPage, func(r *CityReconciliation) string { return r.ID.String() }), err)
}

func (s *Service) reconcileCity(ctx context.Context, in *struct {
	Body struct {
		Day string `json:"day" minLength:"10" maxLength:"10" doc:"2026-11-26"`
	}
}) (*httpapi.Body[CityReconciliation], error) {
	r, err := s.ReconcileCity(ctx, httpapi.Actor(ctx), in.Body.Day)
	if errors.Is(err, ErrNoCity) {
		return nil, httpapi.Fail(http.StatusConflict, "city_absent")
	}
	if err != nil && r.Error != "" {
		return nil, httpapi.FailDetail(http.StatusConflict, "city_refused", r.Error)
	}
	return httpapi.Answer(r, err)
}

func (s *Service) listDifferences(ctx context.Context, in *struct {
	State string `query:"state" enum:"open,mended,ignored" default:"open"`
	After string `query:"after"`
}) (*httpapi.Body[httpapi.Page[CityDifference]], error) {
	after := store.ID(1<<63 - 1)
	if in.After != "" {
		var err error
		if after, err = store.ParseID(in.After); err != nil {
			return nil, httpapi.FailField("after", "invalid")
		}
	}
	rows, err := store.Select[CityDifference](ctx, s.Store, `SELECT `+cityDifferenceColumns+cityDifferenceTables+` WHERE d.state = ? AND d.id < ? ORDER BY d.id DESC LIMIT ?`, cmp.Or(in.State, "open"), int64(after), cityPage+1)
	who := httpapi.Actor(ctx)
	for i := range rows {
		rows[i].Allowed = []string{}
		if rows[i].State == "open" && who.HasAny("dispatcher", "supervisor", account.RoleAdmin) {
			rows[i].Allowed = mends[rows[i].Kind]
		}
	}
	return httpapi.Answer(keyed(rows, cityPage, func(d *CityDifference) string { return d.ID.String() }), err)
}

func (s *Service) mendDifference(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		Act    string `json:"act" enum:"take_in,resend,take_theirs,ignore"`
		Reason string `json:"reason,omitempty" maxLength:"300" doc:"take_theirs and ignore need it"`
	}
}) (*httpapi.Body[CityDifference], error) {
	x, err := s.MendCity(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Act, strings.TrimSpace(in.Body.Reason))
	if err != nil {
		return nil, err
	}
	x.Allowed = []string{}
	return httpapi.Answer(*x, nil)
}

// AppealCity is an appeal as the city's order.
type AppealCity struct {
	Order    *CityOrder   `json:"order,omitempty" doc:"Absent: the appeal is none of the city's"`
	Messages []CityLetter `json:"messages"`
}

func (s *Service) getAppealCity(ctx context.Context, in *idInput) (*httpapi.Body[AppealCity], error) {
	if err := s.visible(ctx, s.Store, httpapi.Actor(ctx), in.ID.ID); err != nil {
		return nil, err
	}
	v := AppealCity{Messages: []CityLetter{}}
	var err error
	if v.Order, err = s.cityOrder(ctx, s.Store, "o.matter = ?", in.ID.ID); err != nil || v.Order == nil {
		return httpapi.Answer(v, err)
	}
	v.Messages, err = store.Select[CityLetter](ctx, s.Store, `SELECT `+cityLetterColumns+` FROM city_message WHERE no = ? ORDER BY at, id LIMIT 200`, v.Order.No)
	for i := range v.Messages {
		v.Messages[i].Says = v.Messages[i].message().Data
		v.Messages[i].Says.Name, v.Messages[i].Says.Phone = "", "" // who may see these sees them at the appellant
	}
	return httpapi.Answer(v, err)
}
