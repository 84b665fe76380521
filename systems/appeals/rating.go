package appeals

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// Rating is one rating of an appeal (评价). The first one, given right after the
// unit's reply, and the one of the official visit both stand; none is changed.
type Rating struct {
	N         int        `bun:"n" json:"n"`
	At        store.Time `bun:"at" json:"at"`
	Source    string     `bun:"source" json:"source" enum:"citizen,visit,city"`
	Solved    string     `bun:"solved" json:"solved"`
	Contacted *bool      `bun:"contacted" json:"contacted,omitempty"`
	Result    *int       `bun:"result" json:"result,omitempty"`
	Manner    *int       `bun:"manner" json:"manner,omitempty"`
	Speed     *int       `bun:"speed" json:"speed,omitempty"`
}

const ratingColumns = `n, at, source, solved, contacted, result, manner, speed`

func ratingsOf(ctx context.Context, q store.Querier, appeal store.ID) ([]Rating, error) {
	return store.Select[Rating](ctx, q, `SELECT `+ratingColumns+` FROM appeal_rating WHERE appeal = ? ORDER BY n`, int64(appeal))
}

// keepRating adds a rating to those that were given before.
func (s *Service) keepRating(ctx context.Context, tx *store.Tx, c *caseflow.Change, source string) error {
	_, err := tx.Exec(ctx, `INSERT INTO appeal_rating (appeal, n, at, source, unit, solved, contacted, result, manner, speed) SELECT ?, COALESCE(MAX(n), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ? FROM appeal_rating WHERE appeal = ?`,
		c.Matter.ID, c.Event.At, source, c.Matter.Unit, formText(c.Form, "solved"), c.Form["contacted"], formNumber(c.Form, "result"), formNumber(c.Form, "manner"), formNumber(c.Form, "speed"), c.Matter.ID)
	return err
}

// Alert is an alert of the first rating (初次评价预警): the citizen is dissatisfied,
// calls it unsolved, was never contacted, or is pressed to rate otherwise.
type Alert struct {
	Appeal  store.ID   `bun:"appeal" json:"appeal"`
	At      store.Time `bun:"at" json:"at"`
	Unit    string     `bun:"unit" json:"unit"`
	Reasons string     `bun:"reasons" json:"-"`
	EndedAt store.Time `bun:"ended_at" json:"ended_at,omitzero"`
	Outcome string     `bun:"outcome" json:"outcome,omitempty" doc:"remedied, lapsed, redone, justified, closed, seen"`
	Why     []string   `bun:"-" json:"reasons" doc:"dissatisfied, unsolved, no_contact, pressure"`
	No      string     `bun:"no" json:"no"`
	Title   string     `bun:"title" json:"title"`
	State   string     `bun:"state" json:"state"`
	DueAt   store.Time `bun:"due_at" json:"due_at,omitzero"`
	Ratings []Rating   `bun:"-" json:"ratings"`
}

const (
	whyDissatisfied = "dissatisfied"
	whyUnsolved     = "unsolved"
	whyNoContact    = "no_contact"
	whyPressure     = "pressure"
)

// alert raises the alert that a first rating calls for. A citizen who is content
// but was never spoken to alerts too, though the appeal is closed.
func (s *Service) alert(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	if c.Before.State != "visiting" || c.Matter.Vars["ratings"] > 1 {
		return nil
	}
	var why []string
	if n, ok := c.Form["result"].(int64); ok && n <= int64(s.district.Load().limits.rules.FirstRating.AlertAtOrBelow) {
		why = append(why, whyDissatisfied)
	}
	if solved, _ := c.Form["solved"].(string); solved == "no" {
		why = append(why, whyUnsolved)
	}
	a, err := getAppeal(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	if contacted, said := c.Form["contacted"].(bool); said && !contacted || a.ContactedAt.IsZero() {
		why = append(why, whyNoContact)
	}
	return s.raise(ctx, tx, c, why)
}

// pressed raises the alert of a citizen who is pressed to change a rating.
func (s *Service) pressed(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	return s.raise(ctx, tx, c, []string{whyPressure})
}

func (s *Service) raise(ctx context.Context, tx *store.Tx, c *caseflow.Change, why []string) error {
	if len(why) == 0 {
		return nil
	}
	raw, _ := json.Marshal(why)
	_, err := tx.Exec(ctx, `INSERT INTO appeal_alert (appeal, at, unit, reasons, outcome) VALUES (?, ?, ?, ?, '')`, c.Matter.ID, c.Event.At, c.Matter.Unit, string(raw))
	return err
}

// alertOutcomes say by which action an alert ends, and how.
var alertOutcomes = map[string]string{"remedy": "remedied", "remedy_lapsed": "lapsed", "redo": "redone", "justify": "justified"}

// endAlerts ends the open alerts of an appeal with what was done; a report of
// pressure is ended by the supervisor alone.
func (s *Service) endAlerts(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	outcome, ok := alertOutcomes[c.Event.Action]
	if !ok {
		outcome = "closed"
	}
	if c.Event.Action == "rate" {
		return nil // it has just been raised
	}
	_, err := tx.Exec(ctx, `UPDATE appeal_alert SET ended_at = ?, outcome = ? WHERE appeal = ? AND ended_at IS NULL AND reasons NOT LIKE '%`+whyPressure+`%'`, c.Event.At, outcome, c.Matter.ID)
	return err
}

func (s *Service) mountRatings(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-alerts", Method: http.MethodGet, Path: "/api/alerts", Tag: tag, Access: httpapi.Roles("supervisor", "leader", "dispatcher", "reviewer", "follow_up", "unit_head", "handler"),
		Summary: "Alerts of the first rating (初次评价预警), the newest first"}, s.listAlerts)
	httpapi.Register(srv, httpapi.Operation{ID: "end-alert", Method: http.MethodPost, Path: "/api/alerts/{id}/seen", Tag: tag, Access: httpapi.Roles("supervisor"), Status: http.StatusNoContent,
		Summary: "Mark the alerts of an appeal as seen to, reports of pressure included"}, func(ctx context.Context, in *idInput) (*struct{}, error) {
		return nil, s.seenTo(ctx, httpapi.Actor(ctx), in.ID.ID)
	})
}

// seenTo ends all open alerts of an appeal in a supervisor's name. It returns
// store.ErrNotFound where none is open.
func (s *Service) seenTo(ctx context.Context, who account.Actor, id store.ID) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE appeal_alert SET ended_at = ?, outcome = 'seen' WHERE appeal = ? AND ended_at IS NULL`, store.At(s.Store.Now()), id)
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "alert.seen", Object: "matter/" + id.String()}, nil)
	})
}

// AlertFilter narrows a list of alerts.
type AlertFilter struct {
	Open  string `query:"open" enum:"true,false,"`
	After string `query:"after" doc:"Time of the last, in microseconds"`
}

func (s *Service) listAlerts(ctx context.Context, in *AlertFilter) (*httpapi.Body[httpapi.Page[Alert]], error) {
	out, err := s.Alerts(ctx, httpapi.Actor(ctx), *in)
	return httpapi.Answer(out, err)
}

// Alerts are the alerts that one may see, the newest first.
func (s *Service) Alerts(ctx context.Context, who account.Actor, in AlertFilter) (out httpapi.Page[Alert], err error) {
	cond, args := scopeSQL(who.Scope())
	switch in.Open {
	case "true":
		cond += ` AND l.ended_at IS NULL`
	case "false":
		cond += ` AND l.ended_at IS NOT NULL`
	}
	if !who.HasAny("supervisor", "leader") { // who is accused of pressing does not read the report
		cond += ` AND l.reasons NOT LIKE '%` + whyPressure + `%'`
	}
	if in.After != "" {
		at, err := strconv.ParseInt(in.After, 10, 64)
		if err != nil {
			return out, httpapi.FailField("after", "invalid")
		}
		cond, args = cond+` AND l.at < ?`, append(args, at)
	}
	const page = 50
	all, err := store.Select[Alert](ctx, s.Store, `SELECT l.appeal, l.at, l.unit, l.reasons, l.ended_at, l.outcome, m.no, m.title, m.state, m.due_at FROM appeal_alert l JOIN matter m ON m.id = l.appeal WHERE `+cond+` ORDER BY l.at DESC LIMIT `+strconv.Itoa(page+1), args...)
	if err != nil {
		return out, err
	}
	out.Items = all
	if len(all) > page {
		out.Items = all[:page]
		out.Next = strconv.FormatInt(all[page-1].At.UnixMicro(), 10)
	}
	ids := make([]store.ID, len(out.Items))
	for i := range out.Items {
		a := &out.Items[i]
		ids[i], a.Ratings = a.Appeal, []Rating{}
		a.Why = decodeList(a.Reasons)
	}
	ratings, err := store.Select[struct {
		Rating `bun:",extend"`
		Appeal store.ID `bun:"appeal"`
	}](ctx, s.Store, `SELECT appeal, `+ratingColumns+` FROM appeal_rating WHERE `+store.AnyOf("appeal", len(ids))+` ORDER BY appeal, n`, store.Args(ids...)...)
	for _, r := range ratings {
		for i, id := range ids { // an appeal may have several alerts
			if id == r.Appeal {
				out.Items[i].Ratings = append(out.Items[i].Ratings, r.Rating)
			}
		}
	}
	return out, err
}
