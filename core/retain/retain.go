// Package retain ends what need not be kept any longer (保存期限与销毁).
//
// The district's pack says how long each kind of record is kept and on what ground
// in law, retention.yaml. Every night the house lists what is due; a person approves
// the list, and only then is it destroyed: who somebody is by destroying their key
// (package vault), the rest by deleting it. Matters, their history and every figure
// stay. What is held (保全), for a dispute or a court, is not destroyed, whatever was
// approved (《个人信息保护法》第十九条、第四十七条;《数据安全法》第二十七条).
package retain

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/job"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "retain", Migrations: files}
}

// Item is one thing that is due.
type Item struct {
	Key   string     `bun:"key" json:"key"` // a reference
	Since store.Time `bun:"since" json:"since"`
}

// Kind is a kind of record that ends.
type Kind interface {
	// Due lists what ended before a time and is not held, the oldest first.
	Due(ctx context.Context, q store.Querier, before time.Time, limit int) ([]Item, error)
	// Destroy ends one that Due has just listed again, in tx.
	Destroy(ctx context.Context, tx *store.Tx, key string, by vault.Access) error
}

// Rule says how long a kind is kept.
type Rule struct {
	Kind  string    `yaml:"kind" json:"kind"`
	Name  pack.Text `yaml:"name" json:"name"`
	Years int       `yaml:"years" json:"years,omitempty"`
	Days  int       `yaml:"days" json:"days,omitempty"`
	Basis string    `yaml:"basis" json:"basis" doc:"The ground in law"`
}

// before is what must have ended earlier to be due now.
func (r Rule) before(now time.Time) time.Time { return now.AddDate(-r.Years, 0, -r.Days) }

type settings struct {
	Night string `yaml:"night"`
	Rules []Rule `yaml:"rules"`

	night time.Duration
}

// Service is the use cases.
type Service struct {
	Store *store.Store
	Packs *pack.Packs
	Kinds map[string]Kind
}

const (
	minDays = 1    // for which a rule keeps anything
	most    = 5000 // items of one list
	refrain = 30   // days in which a refused list is not made again
)

func read(files fs.FS, kinds map[string]Kind) (*settings, error) {
	const name = "retention.yaml"
	s := &settings{Night: "04:40"}
	if err := pack.Settings(files, name, s); err != nil {
		return nil, err
	}
	var wrong []error
	bad := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...)))
	}
	var err error
	if s.night, err = pack.TimeOfDay(s.Night); err != nil {
		bad("night: %q is not a time of day such as 04:40", s.Night)
	}
	seen := map[string]bool{}
	for _, r := range s.Rules {
		switch {
		case kinds[r.Kind] == nil:
			bad("rules: there is no kind %q", r.Kind)
		case seen[r.Kind]:
			bad("rules: %s stands twice", r.Kind)
		case r.Years < 0 || r.Days < 0 || r.Years*365+r.Days < minDays || r.Years > 100:
			bad("rules: %s: years and days must come to a day or more", r.Kind)
		case (r.Kind == KindSession) && r.Years*365+r.Days < 180:
			bad("rules: %s: logs are kept six months at least (《网络安全法》第二十一条)", r.Kind)
		case r.Basis == "" || len(r.Name) == 0:
			bad("rules: %s: name and basis are needed", r.Kind)
		}
		seen[r.Kind] = true
	}
	return s, errors.Join(wrong...)
}

// Check implements pack.Part.
func (s *Service) Check(files fs.FS) error {
	_, err := read(files, s.Kinds)
	return err
}

// Load implements pack.Part: the rules are read where they lie.
func (s *Service) Load(context.Context, *store.Tx, fs.FS) error { return nil }

func (s *Service) settings(ctx context.Context) (*settings, error) {
	files, err := s.Packs.Current(ctx)
	if err != nil {
		return nil, err
	}
	return read(files, s.Kinds)
}

// Nights adds the listing of every night.
func (s *Service) Nights(n *job.Nights) {
	at := 4*time.Hour + 40*time.Minute
	if set, err := s.settings(context.Background()); err == nil {
		at = set.night
	}
	n.Add(job.Night{Name: "retain.list", At: at, Work: func(ctx context.Context) (any, error) { return s.List(ctx) }})
}

// Batch is a list of what is due of a kind.
type Batch struct {
	ID        store.ID   `bun:"id" json:"id"`
	Kind      string     `bun:"kind" json:"kind"`
	At        store.Time `bun:"at" json:"at"`
	Cutoff    store.Time `bun:"cutoff" json:"cutoff"`
	N         int        `bun:"n" json:"n"`
	State     string     `bun:"state" json:"state" enum:"proposed,running,done,refused"`
	Destroyed int        `bun:"destroyed" json:"destroyed"`
	Kept      int        `bun:"kept" json:"kept" doc:"Held, or not due any more, when their turn came"`
	Actor     store.ID   `bun:"actor" json:"actor,omitempty"`
	By        string     `bun:"by_name" json:"by,omitempty"`
	Reason    string     `bun:"reason" json:"reason,omitempty"`
	Ended     store.Time `bun:"ended_at" json:"ended_at,omitzero"`
}

const batchColumns = `b.id, b.kind, b.at, b.cutoff, b.n, b.state, b.destroyed, b.kept, b.actor, b.reason, b.ended_at`

// List makes the list of each rule anew: what is due and nobody has decided. It
// destroys nothing. It returns how many are due, by kind.
func (s *Service) List(ctx context.Context) (map[string]int, error) {
	set, err := s.settings(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for _, r := range set.Rules {
		now := s.Store.Now()
		before := r.before(now)
		due, err := s.Kinds[r.Kind].Due(ctx, s.Store, before, most)
		if err != nil {
			return out, fmt.Errorf("retain: %s: %w", r.Kind, err)
		}
		out[r.Kind] = len(due)
		err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			var wait bool
			if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM retain_batch WHERE kind = ? AND (state = 'running' OR state = 'refused' AND ended_at > ?))`, r.Kind, store.At(now.AddDate(0, 0, -refrain))).Scan(&wait); err != nil || wait {
				return err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM retain_item WHERE batch IN (SELECT id FROM retain_batch WHERE kind = ? AND state = 'proposed')`, r.Kind); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM retain_batch WHERE kind = ? AND state = 'proposed'`, r.Kind); err != nil || len(due) == 0 {
				return err
			}
			id := tx.NewID()
			if _, err := tx.Exec(ctx, `INSERT INTO retain_batch (id, kind, at, cutoff, n, state, destroyed, kept, reason) VALUES (?, ?, ?, ?, ?, 'proposed', 0, 0, '')`, id, r.Kind, store.At(now), store.At(before), len(due)); err != nil {
				return err
			}
			rows := make([][]any, len(due))
			for i, d := range due {
				rows[i] = []any{id, d.Key, d.Since}
			}
			for part := range slices.Chunk(rows, 300) {
				if err := store.InsertRows(ctx, tx, `INSERT INTO retain_item (batch, key, since) VALUES `, part); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// Errors of decisions.
var (
	ErrDecided  = errors.New("retain: it was decided already")
	ErrNoReason = errors.New("retain: a decision needs its reason")
)

// Decide approves a list, which destroys what is on it, or refuses it. Each item
// is looked at again when its turn comes: what is held by then, or not due any
// more, is kept. A run that was cut off goes on with the next call.
func (s *Service) Decide(ctx context.Context, who account.Actor, id store.ID, approve bool, reason string) (Batch, error) {
	if utf8.RuneCountInString(strings.TrimSpace(reason)) < 4 {
		return Batch{}, ErrNoReason
	}
	b, err := s.batch(ctx, id)
	if err != nil {
		return b, err
	}
	if b.State != "proposed" && !(b.State == "running" && approve) {
		return b, ErrDecided
	}
	state, action := "refused", "retain.refuse"
	if approve {
		state, action = "running", "retain.approve"
	}
	now := store.At(s.Store.Now())
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		ended := now
		if approve {
			ended = store.Time{}
		}
		n, err := tx.Exec(ctx, `UPDATE retain_batch SET state = ?, actor = ?, reason = ?, ended_at = ? WHERE id = ? AND state = ?`, state, who.Account, reason, ended, id, b.State)
		if err == nil && n == 0 {
			err = ErrDecided
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: action, Object: "retain/" + id.String(), Reason: reason}, map[string]any{"kind": b.Kind, "n": b.N})
	})
	if err != nil || !approve {
		b.State, b.Reason = state, reason
		return b, err
	}
	if err := s.run(ctx, who, b, reason); err != nil {
		return b, err
	}
	return s.batch(ctx, id)
}

func (s *Service) batch(ctx context.Context, id store.ID) (Batch, error) {
	return store.Get[Batch](ctx, s.Store, `SELECT `+batchColumns+`, COALESCE(a.name, '') AS by_name FROM retain_batch b LEFT JOIN account a ON a.id = b.actor WHERE b.id = ?`, int64(id))
}

// run destroys what a list has left, each in a transaction of its own.
func (s *Service) run(ctx context.Context, who account.Actor, b Batch, reason string) error {
	ctx = context.WithoutCancel(ctx)
	kind := s.Kinds[b.Kind]
	items, err := store.Select[Item](ctx, s.Store, `SELECT key, since FROM retain_item WHERE batch = ? ORDER BY since, key`, b.ID)
	if err != nil {
		return err
	}
	// Of what was listed, what is due still: a hold, or new business, keeps it.
	due, err := kind.Due(ctx, s.Store, b.Cutoff.Time, 4*most)
	if err != nil {
		return err
	}
	still := map[string]bool{}
	for _, d := range due {
		still[d.Key] = true
	}
	by := vault.Access{Actor: who.Account, Unit: who.Unit, Object: "retain/" + b.ID.String(), Reason: reason}
	for _, it := range items {
		err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			column := "kept"
			if still[it.Key] {
				held, err := heldBy(ctx, tx, b.Kind, it.Key)
				if err != nil {
					return err
				}
				if !held {
					column = "destroyed"
					if err := kind.Destroy(ctx, tx, it.Key, by); err != nil {
						return err
					}
				}
			}
			if _, err := tx.Exec(ctx, `DELETE FROM retain_item WHERE batch = ? AND key = ?`, b.ID, it.Key); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE retain_batch SET `+column+` = `+column+` + 1 WHERE id = ?`, b.ID)
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE retain_batch SET state = 'done', ended_at = ? WHERE id = ?`, store.At(s.Store.Now()), b.ID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "retain.done", Object: "retain/" + b.ID.String(), Reason: reason}, map[string]any{"kind": b.Kind})
	})
}

// Hold is a matter of which nothing is destroyed.
type Hold struct {
	ID       store.ID   `bun:"id" json:"id"`
	Matter   store.ID   `bun:"matter" json:"matter"`
	No       string     `bun:"no" json:"no"`
	Title    string     `bun:"title" json:"title"`
	At       store.Time `bun:"at" json:"at"`
	By       string     `bun:"by_name" json:"by"`
	Reason   string     `bun:"reason" json:"reason"`
	Released store.Time `bun:"released_at" json:"released_at,omitzero"`
	Release  string     `bun:"release" json:"release,omitempty"`
}

// ErrHeld: the matter is held already.
var ErrHeld = errors.New("retain: the matter is held already")

// PutHold holds a matter, by the number that people quote.
func (s *Service) PutHold(ctx context.Context, who account.Actor, no, reason string) error {
	if utf8.RuneCountInString(strings.TrimSpace(reason)) < 4 {
		return ErrNoReason
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		matter, err := store.Get[store.ID](ctx, tx, `SELECT id FROM matter WHERE no = ?`, strings.TrimSpace(no))
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `INSERT INTO retain_hold (id, matter, at, actor, reason, release) VALUES (?, ?, ?, ?, ?, '') ON CONFLICT (matter) WHERE released_at IS NULL DO NOTHING`, tx.NewID(), matter, store.At(s.Store.Now()), who.Account, reason)
		if err == nil && n == 0 {
			err = ErrHeld
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "retain.hold", Object: "matter/" + matter.String(), Reason: reason}, nil)
	})
}

// ReleaseHold ends a hold.
func (s *Service) ReleaseHold(ctx context.Context, who account.Actor, id store.ID, reason string) error {
	if utf8.RuneCountInString(strings.TrimSpace(reason)) < 4 {
		return ErrNoReason
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE retain_hold SET released_at = ?, released_by = ?, release = ? WHERE id = ? AND released_at IS NULL`, store.At(s.Store.Now()), who.Account, reason, id)
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "retain.release", Object: "hold/" + id.String(), Reason: reason}, nil)
	})
}
