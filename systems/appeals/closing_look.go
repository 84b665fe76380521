package appeals

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"net/http"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/systems/appeals/closing"
)

// Findings of a second look (回头看).
const (
	foundReal     = "real"     // it was handled as the reply says
	foundFormal   = "formal"   // it was closed in form only
	foundRecurred = "recurred" // it was handled, and is there again
)

// Look is a closed matter that is looked at again.
type Look struct {
	ID       store.ID   `bun:"id" json:"id"`
	Matter   store.ID   `bun:"matter" json:"matter"`
	No       string     `bun:"no" json:"no"`
	Title    string     `bun:"title" json:"title"`
	Unit     string     `bun:"unit" json:"unit"`
	Place    string     `bun:"place" json:"place"`
	Item     string     `bun:"item" json:"item"`
	ItemName string     `bun:"-" json:"item_name"`
	Why      string     `bun:"why" json:"why" enum:"sample,verdict"`
	Reply    string     `bun:"reply" json:"reply"`
	Drawn    store.Time `bun:"drawn_at" json:"drawn_at,omitzero"`
	Due      store.Time `bun:"due_at" json:"due_at,omitzero"`
	Score    *int       `bun:"score" json:"score,omitempty"`
	Finding  string     `bun:"finding" json:"finding,omitempty"`
	Note     string     `bun:"note" json:"note,omitempty"`
	Done     store.Time `bun:"done_at" json:"done_at,omitzero"`
}

// drawn says whether a matter is in the sample of a day: by the hash of both, so
// that it is the same whoever draws and how often.
func drawn(day string, id store.ID, share float64) bool {
	h := sha256.Sum256([]byte("second-look/" + day + "/" + id.String()))
	return float64(binary.BigEndian.Uint64(h[:])>>11)/(1<<53) < share
}

// drawLooks draws, of what was closed on a local day, the pack's share and all
// whose verdict asks for it. It may be run again.
func (s *Service) drawLooks(ctx context.Context, day time.Time) (int, error) {
	settings := s.district.Load().closing
	if settings == nil {
		return 0, nil
	}
	day = day.In(s.Zone())
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, s.Zone())
	name := from.Format(time.DateOnly)
	type row struct {
		ID      store.ID `bun:"id"`
		Verdict string   `bun:"verdict"`
	}
	rows, err := store.Select[row](ctx, s.Store, `SELECT m.id, COALESCE((SELECT j.verdict FROM closing_judgment j WHERE j.matter = m.id ORDER BY j.id DESC LIMIT 1), '') AS verdict
		FROM matter m JOIN appeal a ON a.id = m.id WHERE m.closed_at >= ? AND m.closed_at < ? AND m.flow = 'appeal' AND m.state IN ('closed', 'closed_unreached') AND a.reply <> '' ORDER BY m.id`, store.At(from), store.At(from.AddDate(0, 0, 1)))
	if err != nil {
		return 0, err
	}
	n := 0
	for len(rows) > 0 {
		piece := rows[:min(500, len(rows))]
		rows = rows[len(piece):]
		err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			added := 0
			for _, r := range piece {
				why := "sample"
				switch {
				case r.Verdict == closing.SecondLook || r.Verdict == closing.Block:
					why = "verdict"
				case !drawn(name, r.ID, settings.SecondLook.Share):
					continue
				}
				now := s.Store.Now()
				k, err := tx.Exec(ctx, `INSERT INTO closing_look (id, matter, day, why, drawn_at, due_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (matter, day) DO NOTHING`,
					tx.NewID(), r.ID, name, why, store.At(now), store.At(now.AddDate(0, 0, settings.SecondLook.Days)))
				if err != nil {
					return err
				}
				added += int(k)
			}
			n += added
			return nil
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// looksAtNight draws for the days since the last that was drawn, a week at most.
func (s *Service) looksAtNight(ctx context.Context) (any, error) {
	n := 0
	for back := 7; back >= 1; back-- {
		k, err := s.drawLooks(ctx, s.Store.Now().AddDate(0, 0, -back))
		if n += k; err != nil {
			return nil, err
		}
	}
	return map[string]int{"drawn": n}, nil
}

// maxLooks bounds one list of them.
const maxLooks = 200

// lookList lists second looks: those that wait, the soonest due first, or those
// done, the newest first.
func (s *Service) lookList(ctx context.Context, who account.Actor, done bool) ([]Look, error) {
	cond, args := scopeSQL(who.Scope())
	state, order := `f.look IS NULL`, `l.due_at, l.id`
	if done {
		state, order = `f.look IS NOT NULL`, `f.at DESC`
	}
	rows, err := store.Select[Look](ctx, s.Store, `SELECT l.id, l.matter, m.no, m.title, m.unit, m.place, m.item, l.why, a.reply, l.drawn_at, l.due_at,
		(SELECT j.score FROM closing_judgment j WHERE j.matter = m.id ORDER BY j.id DESC LIMIT 1) AS score, COALESCE(f.finding, '') AS finding, COALESCE(f.note, '') AS note, f.at AS done_at
		FROM closing_look l JOIN matter m ON m.id = l.matter JOIN appeal a ON a.id = l.matter LEFT JOIN closing_finding f ON f.look = l.id WHERE `+state+` AND `+cond+` ORDER BY `+order+` LIMIT ?`, append(args, maxLooks)...)
	d := s.district.Load()
	for i := range rows {
		if it := d.duty.Item(rows[i].Item); it != nil {
			rows[i].ItemName = it.L3
		}
	}
	return rows, err
}

type findInput struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		Finding string   `json:"finding" enum:"real,formal,recurred"`
		Note    string   `json:"note" maxLength:"1000" doc:"What was seen; needed unless the finding is real"`
		Files   []string `json:"files,omitempty" doc:"Photos of the place, at most nine"`
	}
}

// find records what a second look found. A look is found once; a second person
// who is late is told.
func (s *Service) find(ctx context.Context, in *findInput) (*httpapi.Empty, error) {
	who := httpapi.Actor(ctx)
	b := in.Body
	if b.Finding != foundReal && len([]rune(b.Note)) < 5 {
		return nil, httpapi.FailField("note", "too_short")
	}
	if len(b.Files) > maxFiles {
		return nil, httpapi.FailField("files", "too_many_values")
	}
	if err := s.checkFiles(ctx, b.Files, "no_such_option"); err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var matter store.ID
		if err := tx.QueryRow(ctx, `SELECT matter FROM closing_look WHERE id = ?`, in.ID.ID).Scan(&matter); err != nil {
			return store.ErrNotFound
		}
		m, _, err := s.seen(ctx, tx, who, matter)
		if err != nil {
			return err
		}
		note, _, err := s.maskText(ctx, tx, m, b.Note)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `INSERT INTO closing_finding (look, at, account, finding, note, files) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (look) DO NOTHING`,
			in.ID.ID, store.At(s.Store.Now()), who.Account, b.Finding, note, encodeList(b.Files))
		if err != nil {
			return err
		}
		if n == 0 {
			return httpapi.Fail(http.StatusConflict, "looked_already")
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "closing.look", Object: "matter/" + matter.String()}, map[string]string{"finding": b.Finding})
	})
}
