package appeals

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"unicode/utf8"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// HandoverEntry is one line of the log between shifts (交接班日志): a note, an open
// item that carries to the next shift until a later entry ends it, that entry, or
// the confirmation of the shift that took over. No entry is ever changed.
type HandoverEntry struct {
	ID     store.ID   `bun:"id" json:"id"`
	At     store.Time `bun:"at" json:"at"`
	Shift  string     `bun:"shift" json:"shift"`
	Actor  store.ID   `bun:"actor" json:"actor"`
	Author string     `bun:"author" json:"author"`
	Kind   string     `bun:"kind" json:"kind" enum:"note,open,done,confirm"`
	About  store.ID   `bun:"about" json:"about,omitempty"`
	Text   string     `bun:"text" json:"text"`
}

// NewHandover is an entry as its author writes it.
type NewHandover struct {
	Shift string   `json:"shift" minLength:"1" maxLength:"40" doc:"Day and name: 2026-11-27 早班"`
	Kind  string   `json:"kind" enum:"note,open,done,confirm"`
	About store.ID `json:"about,omitempty" doc:"done: the open item that it ends; confirm: the last entry that was read"`
	Text  string   `json:"text,omitempty" maxLength:"1000"`
}

// Handover is the log as its screens show it.
type Handover struct {
	Open      []HandoverEntry `json:"open" doc:"Items that no entry has ended, the oldest first"`
	Entries   []HandoverEntry `json:"entries" doc:"The newest first"`
	Confirmed store.ID        `json:"confirmed,omitempty" doc:"The last entry that a shift confirmed to have read"`
}

const handoverColumns = `h.id, h.at, h.shift, h.actor, COALESCE(c.name, '') AS author, h.kind, h.about, h.text FROM handover_entry h LEFT JOIN account c ON c.id = h.actor`

// WriteHandover appends an entry.
func (s *Service) WriteHandover(ctx context.Context, actor store.ID, in NewHandover) error {
	in.Shift, in.Text = text.Mask(text.Clean(in.Shift)), text.Mask(text.Clean(in.Text))
	n := utf8.RuneCountInString(in.Text)
	switch {
	case in.Shift == "" || utf8.RuneCountInString(in.Shift) > 40:
		return httpapi.FailField("shift", "required")
	case n > 1000:
		return httpapi.FailField("text", "too_long")
	case n < 2 && (in.Kind == "note" || in.Kind == "open"):
		return httpapi.FailField("text", "too_short")
	case (in.Kind == "done" || in.Kind == "confirm") != (in.About != 0):
		return httpapi.FailField("about", "required")
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if in.About != 0 {
			var kind string
			var ended bool
			err := tx.QueryRow(ctx, `SELECT kind, EXISTS (SELECT 1 FROM handover_entry d WHERE d.about = h.id AND d.kind = 'done') FROM handover_entry h WHERE id = ?`, in.About).Scan(&kind, &ended)
			if errors.Is(err, sql.ErrNoRows) || err == nil && in.Kind == "done" && kind != "open" {
				return httpapi.FailField("about", "no_such_option")
			}
			if err != nil {
				return err
			}
			if in.Kind == "done" && ended {
				return httpapi.Fail(http.StatusConflict, "conflict")
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO handover_entry (id, at, shift, actor, kind, about, text) VALUES (?, ?, ?, ?, ?, ?, ?)`, tx.NewID(), store.At(s.Store.Now()), in.Shift, actor, in.Kind, in.About, in.Text)
		return err
	})
}

// Handover is the log as it stands.
func (s *Service) Handover(ctx context.Context) (Handover, error) {
	h := Handover{}
	var err error
	if h.Open, err = store.Select[HandoverEntry](ctx, s.Store, `SELECT `+handoverColumns+` WHERE h.kind = 'open' AND NOT EXISTS (SELECT 1 FROM handover_entry d WHERE d.about = h.id AND d.kind = 'done') ORDER BY h.id LIMIT 200`); err != nil {
		return h, err
	}
	if h.Entries, err = store.Select[HandoverEntry](ctx, s.Store, `SELECT `+handoverColumns+` ORDER BY h.id DESC LIMIT 100`); err != nil {
		return h, err
	}
	last, err := store.Select[store.ID](ctx, s.Store, `SELECT about FROM handover_entry WHERE kind = 'confirm' ORDER BY id DESC LIMIT 1`)
	if len(last) > 0 {
		h.Confirmed = last[0]
	}
	return h, err
}

func (s *Service) mountHandover(srv *httpapi.Server) {
	may := httpapi.Roles("dispatcher", "supervisor", "reviewer", "follow_up", "agent", "leader")
	httpapi.Register(srv, httpapi.Operation{ID: "get-handover", Method: http.MethodGet, Path: "/api/handover", Tag: tag, Access: may,
		Summary: "The log between shifts (交接班): what is open, what was written"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[Handover], error) {
		if !httpapi.Actor(ctx).Scope().All {
			return nil, httpapi.Fail(http.StatusForbidden, "refused_right")
		}
		return httpapi.Answer(s.Handover(ctx))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "write-handover", Method: http.MethodPost, Path: "/api/handover", Tag: tag, Access: may,
		Summary: "Write into the log, end an open item, or confirm what was read"}, func(ctx context.Context, in *struct{ Body NewHandover }) (*httpapi.Body[Handover], error) {
		who := httpapi.Actor(ctx)
		if !who.Scope().All {
			return nil, httpapi.Fail(http.StatusForbidden, "refused_right")
		}
		if err := s.WriteHandover(ctx, who.Account, in.Body); err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Handover(ctx))
	})
}
