package appeals

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/store"
	"shanzhi/systems/appeals/closing"
)

// closingConsumer follows the events after which a reply is judged.
const closingConsumer = "appeals.closing"

// judgedAfter are the actions after which what is known of a closing is new.
var judgedAfter = map[string]bool{"reply": true, "fix_on_site": true, "visit": true, "rate": true}

// closings notes which replies are to be judged.
func (s *Service) closings(ctx context.Context, tx *store.Tx, events []event.Event) error {
	if s.district.Load().closing == nil {
		return nil
	}
	for _, e := range events {
		action, ours := strings.CutPrefix(e.Subject, System+".")
		if !ours || !judgedAfter[action] {
			continue
		}
		var h caseflow.Happened
		if json.Unmarshal(e.Body, &h) != nil || h.Flow != "appeal" || h.Action != action {
			continue
		}
		id, err := store.ParseID(e.Key)
		if err != nil {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO closing_due (matter, at) VALUES (?, ?) ON CONFLICT (matter) DO UPDATE SET at = excluded.at`, id, store.At(s.Store.Now())); err != nil {
			return err
		}
	}
	return nil
}

const (
	judgePoll  = 2 * time.Second
	judgePiece = 50
	// judgeReach is how far back replies are judged that nobody judged, such as
	// those of an import or a demonstration, and judgeMost how many of them.
	judgeReach = 31 * 24 * time.Hour
	judgeMost  = 5000
	// judgeLook is how long none of those is looked for once there was none.
	judgeLook = time.Minute
)

// judgeClosings judges what waits, until ctx ends, and when nothing waits what
// was replied lately and never judged.
func (s *Service) judgeClosings(ctx context.Context) {
	tick := time.NewTicker(judgePoll)
	defer tick.Stop()
	var looked time.Time // when nothing was found that nobody judged
	for back := 0; ctx.Err() == nil; wait(ctx, tick.C) {
		for ctx.Err() == nil {
			n, err := s.judgeDue(ctx)
			if err == nil && n == 0 && back < judgeMost && time.Since(looked) >= judgeLook {
				if n, err = s.judgeOlder(ctx); err == nil && n == 0 {
					looked = time.Now()
				}
				back += n
			}
			if err != nil {
				if ctx.Err() == nil {
					slog.Error("replies could not be judged and will be again", "error", err)
				}
				break
			}
			if n < judgePiece {
				break
			}
		}
	}
}

// judgeDue judges a piece of what waits and returns how many that were.
func (s *Service) judgeDue(ctx context.Context) (int, error) {
	type due struct {
		Matter store.ID   `bun:"matter"`
		At     store.Time `bun:"at"`
	}
	list, err := store.Select[due](ctx, s.Store, `SELECT matter, at FROM closing_due ORDER BY at LIMIT ?`, judgePiece)
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		began := time.Now()
		if err := s.judge(ctx, d.Matter); err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, caseflow.ErrNotFound) {
			return 0, err
		}
		err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM closing_due WHERE matter = ? AND at = ?`, d.Matter, d.At)
			return err
		})
		if err != nil {
			return 0, err
		}
		rest(ctx, time.Since(began))
	}
	return len(list), nil
}

// rest leaves room for those who wait for an answer: a judgment is all
// computation, and a reviewer who is faster has it made at once.
func rest(ctx context.Context, worked time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(min(3*worked, 200*time.Millisecond)):
	}
}

// judgeOlder judges a piece of the latest replies that nobody judged.
func (s *Service) judgeOlder(ctx context.Context) (int, error) {
	if s.district.Load().closing == nil {
		return 0, nil
	}
	from := store.At(s.Store.Now().Add(-judgeReach))
	ids, err := store.Select[store.ID](ctx, s.Store, `SELECT m.id FROM matter m JOIN appeal a ON a.id = m.id WHERE m.closed_at > ? AND m.flow = 'appeal' AND a.reply <> '' AND a.result <> 'refused' AND a.dispatched_at IS NOT NULL AND a.replied_at IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM closing_judgment j WHERE j.matter = m.id) ORDER BY m.closed_at DESC LIMIT ?`, from, judgePiece)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		began := time.Now()
		if err := s.judge(ctx, id); err != nil {
			return 0, err
		}
		rest(ctx, time.Since(began))
	}
	return len(ids), nil
}

// judge gathers what is known of a reply, judges it and keeps the judgment where
// it is another than the last.
func (s *Service) judge(ctx context.Context, id store.ID) error {
	settings := s.district.Load().closing
	if settings == nil {
		return nil
	}
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return err
	}
	a, err := getAppeal(ctx, s.Store, id)
	if err != nil || a.RepliedAt.IsZero() {
		return err
	}
	c, photos, err := s.gatherClosing(ctx, settings, m, &a)
	if err != nil {
		return err
	}
	j := closing.Judge(settings, c)
	raw, err := json.Marshal(j)
	if err != nil {
		return err
	}
	codes := " "
	for _, sg := range j.Signals {
		codes += sg.Code + " "
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, p := range photos {
			if _, err := tx.Exec(ctx, `INSERT INTO closing_photo (blob, matter, hash, print, taken, lon, lat) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (blob, matter) DO NOTHING`, p.Blob, p.Matter, p.Hash, p.Print, p.Taken, p.Lon, p.Lat); err != nil {
				return err
			}
		}
		var last string
		err := tx.QueryRow(ctx, `SELECT judgment FROM closing_judgment WHERE matter = ? AND replied_at = ? ORDER BY id DESC LIMIT 1`, id, a.RepliedAt).Scan(&last)
		if err != nil && !errors.Is(err, sql.ErrNoRows) || last == string(raw) {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO closing_judgment (id, matter, replied_at, at, unit, item, score, verdict, codes, judgment) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			tx.NewID(), id, a.RepliedAt, store.At(s.Store.Now()), m.Unit, m.Item, j.Score, j.Verdict, codes, string(raw))
		return err
	})
}

// judgeBefore judges, before a reviewer passes a reply, what has not been judged
// yet: the gate never opens because the follower is behind.
func (s *Service) judgeBefore(ctx context.Context, who account.Actor, id store.ID, steps []Step) error {
	reviews := func(st Step) bool { return st.Action == "pass" || st.Action == "object" }
	if who.Kind != account.Staff || !slices.ContainsFunc(steps, reviews) {
		return nil
	}
	stands, err := s.closingOf(ctx, s.Store, id)
	if err != nil || stands.ID != 0 {
		return err
	}
	err = s.judge(ctx, id)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, caseflow.ErrNotFound) {
		return nil // the action says so
	}
	return err
}

// closingStanding is the newest judgment of a matter's newest reply, and what became of
// the unit's objection to it. An objection is to a reply: it stands when the same
// reply is judged again.
type closingStanding struct {
	ID        store.ID   `bun:"id"`
	At        store.Time `bun:"at"`
	Score     int        `bun:"score"`
	Verdict   string     `bun:"verdict"`
	Judgment  string     `bun:"judgment"`
	Objection string     `bun:"objection"` // "", object, uphold, overrule
	Objector  string     `bun:"objector"`
}

// ofReply is the condition that an objection (o) is to the reply of a judgment (j).
const ofReply = `o.judgment IN (SELECT x.id FROM closing_judgment x WHERE x.matter = j.matter AND x.replied_at = j.replied_at)`

// closingOf returns nothing where the newest reply was not judged.
func (s *Service) closingOf(ctx context.Context, q store.Querier, id store.ID) (closingStanding, error) {
	c, err := store.Get[closingStanding](ctx, q, `SELECT j.id, j.at, j.score, j.verdict, j.judgment,
		COALESCE((SELECT o.step FROM closing_objection o WHERE `+ofReply+` ORDER BY o.id DESC LIMIT 1), '') AS objection,
		COALESCE((SELECT CAST(o.account AS TEXT) FROM closing_objection o WHERE `+ofReply+` AND o.step = 'object' ORDER BY o.id LIMIT 1), '') AS objector
		FROM closing_judgment j JOIN appeal a ON a.id = j.matter AND a.replied_at = j.replied_at WHERE j.matter = ? ORDER BY j.id DESC LIMIT 1`, int64(id))
	if errors.Is(err, store.ErrNotFound) {
		return closingStanding{}, nil
	}
	return c, err
}

// blocks says whether the reply may not pass.
func (c closingStanding) blocks() bool { return c.Verdict == closing.Block && c.Objection != "uphold" }

// closingFacts are what the flow's guards read of the judgment.
func (s *Service) closingFacts(ctx context.Context, q store.Querier, m *caseflow.Matter, facts map[string]any) error {
	facts["formal"], facts["objection"], facts["objector"] = false, "", ""
	if m.State != "platform_review" {
		return nil
	}
	c, err := s.closingOf(ctx, q, m.ID)
	facts["formal"], facts["objection"], facts["objector"] = c.blocks(), c.Objection, c.Objector
	return err
}

// objected keeps a step of an objection beside the judgment that it is about.
func (s *Service) objected(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	stands, err := s.closingOf(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	step := map[string]string{"object": "object", "uphold_objection": "uphold", "overrule_objection": "overrule"}[c.Event.Action]
	reason, _ := c.Event.Data.Form["reason"].(string)
	_, err = tx.Exec(ctx, `INSERT INTO closing_objection (id, matter, judgment, at, step, account, unit, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		tx.NewID(), c.Matter.ID, stands.ID, c.Event.At, step, c.Actor.Account, c.Event.Unit, reason)
	return err
}
