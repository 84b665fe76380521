package rule

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// Ways in which a pack is used (启用方式).
const (
	ModeOff    = "off"    // 停用: people decide
	ModeShadow = "shadow" // 影子: it judges beside the people who decide, and nobody sees it
	ModeCanary = "canary" // 灰度: it decides a share of the applications
	ModeOn     = "on"     // 启用
)

// Mode is how a pack is used.
type Mode struct {
	Pack     string     `bun:"pack" json:"pack"`
	Mode     string     `bun:"mode" json:"mode" enum:"off,shadow,canary,on"`
	Share    int        `bun:"share" json:"share" doc:"Percent of the applications, while canary"`
	Cap      int        `bun:"cap" json:"cap" doc:"Approvals a day; 0 no cap"`
	Stopped  bool       `bun:"stopped" json:"stopped" doc:"The kill switch (紧急停用)"`
	Seq      int64      `bun:"seq" json:"seq"`
	Changed  store.Time `bun:"changed_at" json:"changed_at,omitzero"`
	Day      string     `bun:"day" json:"-"`
	Approved int        `bun:"approved" json:"-"`
}

const modeColumns = `pack, mode, share, cap, stopped, seq, changed_at, day, approved`

// Why a pack does not decide an application.
const (
	NotNone     = "no_pack"       // none is in force for the item
	NotOff      = "off"           // nobody has switched it on
	NotStopped  = "stopped"       // the kill switch
	NotShadow   = "shadow"        // it only looks on
	NotInCanary = "not_in_canary" // the application is not of the share
	NotOverCap  = "over_cap"      // enough for the day
)

// ErrClosed: between the judging and the keeping the pack was switched off, or the day's
// cap was reached: the case goes on as if there were no pack.
var ErrClosed = errors.New("rule: the pack does not decide any more")

// takes says whether the pack decides an application; else why not. What only looks on
// says so too. An application is in the canary's share or not for good: by a hash of
// itself, so that asking again changes nothing, and whoever was in a share is in every
// larger one.
func (m Mode) takes(application string, day string) (why string) {
	switch {
	case m.Stopped:
		return NotStopped
	case m.Mode == ModeShadow:
		return NotShadow
	case m.Mode == ModeCanary:
		sum := sha256.Sum256([]byte(m.Pack + " " + application))
		if int(binary.BigEndian.Uint32(sum[:4])%10000) >= m.Share*100 {
			return NotInCanary
		}
	case m.Mode != ModeOn:
		return NotOff
	}
	if m.Cap > 0 && m.Day == day && m.Approved >= m.Cap {
		return NotOverCap
	}
	return ""
}

// Takes says whether a pack decides an application now; else why not.
func (g *Registry) Takes(ctx context.Context, pack, application string) (mode, why string, err error) {
	m := g.shelf.Load().modes[pack]
	if m.Cap > 0 && m.Mode != ModeOff && !m.Stopped { // what was approved today others count too
		if m, err = g.ModeOf(ctx, g.Store, pack); err != nil {
			return "", "", err
		}
	}
	why = m.takes(application, g.today())
	if why == NotInCanary { // the others are looked at as in the shadow
		return ModeShadow, why, nil
	}
	return m.Mode, why, nil
}

func (g *Registry) today() string {
	return DateOf(g.Store.Now(), g.Zone()).Format(time.DateOnly)
}

// admit counts an approval that is about to be kept, under the row of the pack's mode:
// ErrClosed where it decides no more.
func (g *Registry) admit(ctx context.Context, tx *store.Tx, pack string) error {
	day := g.today()
	n, err := tx.Exec(ctx, `UPDATE decision_mode SET approved = CASE WHEN day = ? THEN approved + 1 ELSE 1 END, day = ? WHERE pack = ? AND NOT stopped AND mode IN ('on', 'canary') AND (cap = 0 OR day <> ? OR approved < cap)`, day, day, pack, day)
	if err == nil && n == 0 {
		err = ErrClosed
	}
	return err
}

// ModeOf is how a pack is used; off where nobody has said.
func (g *Registry) ModeOf(ctx context.Context, q store.Querier, pack string) (Mode, error) {
	m, err := store.Get[Mode](ctx, q, `SELECT `+modeColumns+` FROM decision_mode WHERE pack = ?`, pack)
	if errors.Is(err, store.ErrNotFound) {
		return Mode{Pack: pack, Mode: ModeOff}, nil
	}
	return m, err
}

// ModeEvent is a change of how a pack is used.
type ModeEvent struct {
	Seq     int64           `bun:"seq" json:"seq"`
	At      store.Time      `bun:"at" json:"at"`
	Actor   store.ID        `bun:"actor" json:"actor,omitempty"`
	Unit    string          `bun:"unit" json:"unit,omitempty"`
	Mode    string          `bun:"mode" json:"mode" enum:"off,shadow,canary,on"`
	Share   int             `bun:"share" json:"share"`
	Cap     int             `bun:"cap" json:"cap"`
	Stopped bool            `bun:"stopped" json:"stopped"`
	Reason  string          `bun:"reason" json:"reason"`
	RawFind string          `bun:"found" json:"-"`
	Found   json.RawMessage `bun:"-" json:"found,omitempty" doc:"What the shadow had found by then"`
}

func (e ModeEvent) same(m Mode) bool {
	return e.Seq == m.Seq && e.Mode == m.Mode && e.Share == m.Share && e.Cap == m.Cap && e.Stopped == m.Stopped
}

// ModeEvents are the changes of how a pack is used, the newest first.
func (g *Registry) ModeEvents(ctx context.Context, q store.Querier, pack string) ([]ModeEvent, error) {
	out, err := store.Select[ModeEvent](ctx, q, `SELECT seq, at, actor, unit, mode, share, cap, stopped, reason, found FROM decision_mode_event WHERE pack = ? ORDER BY seq DESC`, pack)
	for i := range out {
		if out[i].RawFind != "" {
			out[i].Found = json.RawMessage(out[i].RawFind)
		}
	}
	return out, err
}

// Stoppers are the roles that may pull the kill switch: who sees harm stops it, and only
// the publisher starts it again.
var Stoppers = []string{RolePublisher, RoleLawyer, RoleReviewer, "inspector", account.RoleAdmin}

// Shadow is what a pack came to beside the people who decided.
type Shadow struct {
	Cases     int     `json:"cases" doc:"That both have decided"`
	Waiting   int     `json:"waiting" doc:"That people have not decided yet"`
	Agree     int     `json:"agree"`
	Differ    int     `json:"differ"`
	False     int     `json:"false_approvals" doc:"Approved by the pack and not by people"`
	Missed    int     `json:"missed" doc:"Approved by people and not by the pack: it only costs time"`
	Days      int     `json:"days" doc:"Since the first"`
	Disagrees float64 `json:"disagreement" doc:"Share of the cases that the pack would have approved and people did not, of those both decided"`
	Enough    bool    `json:"enough" doc:"Long or much enough, with no false approval"`
}

// ShadowNeeds is what a shadow has to show before a pack decides.
type ShadowNeeds struct {
	Days  int `yaml:"days" json:"days"`
	Cases int `yaml:"cases" json:"cases"`
}

// ShadowOf is what a pack's shadow has found since it became one, or at all.
func (g *Registry) ShadowOf(ctx context.Context, q store.Querier, pack string, needs ShadowNeeds) (Shadow, error) {
	var s Shadow
	var first store.Time
	rows, err := store.Select[struct {
		Mine  string `bun:"mine"`
		Human string `bun:"human"`
		N     int    `bun:"n"`
	}](ctx, q, `SELECT d.outcome AS mine, COALESCE(h.outcome, '') AS human, count(*) AS n FROM decision d LEFT JOIN decision_human h ON h.id = (SELECT max(x.id) FROM decision_human x WHERE x.decision = d.id)
 WHERE d.pack = ? AND d.mode = 'shadow' GROUP BY d.outcome, COALESCE(h.outcome, '')`, pack)
	if err != nil {
		return s, err
	}
	if err := q.QueryRow(ctx, `SELECT min(at) FROM decision WHERE pack = ? AND mode = 'shadow'`, pack).Scan(&first); err != nil {
		return s, err
	}
	for _, r := range rows {
		mine, human := Outcome(r.Mine) == Approve, Outcome(r.Human) == Approve
		switch {
		case r.Human == "":
			s.Waiting += r.N
			continue
		case mine == human:
			s.Agree += r.N
		case mine:
			s.False += r.N
		default:
			s.Missed += r.N
		}
		s.Cases += r.N
	}
	s.Differ = s.False + s.Missed
	if s.Cases > 0 {
		s.Disagrees = float64(s.False) / float64(s.Cases)
	}
	if !first.IsZero() {
		s.Days = int(g.Store.Now().Sub(first.Time) / (24 * time.Hour))
	}
	s.Enough = s.False == 0 && s.Cases > 0 && (s.Days >= needs.Days || s.Cases >= needs.Cases)
	return s, nil
}

// ErrShadow: the shadow has not shown enough; who goes on all the same says so.
var ErrShadow = errors.New("rule: the shadow has not shown enough")

// ModeChange is what one makes of how a pack is used, as one saw it.
type ModeChange struct {
	Mode
	Reason  string
	Despite bool // it decides though its shadow has not shown enough
	Needs   ShadowNeeds
}

// SetMode changes how a pack is used. It returns ErrMoved, ErrDuty, ErrReason, ErrStep
// (nothing of the pack is published, or the change is none) or ErrShadow.
func (g *Registry) SetMode(ctx context.Context, who account.Actor, c ModeChange) error {
	c.Reason = strings.TrimSpace(c.Reason)
	if len([]rune(c.Reason)) < 2 {
		return ErrReason
	}
	if c.Share < 0 || c.Share > 100 || c.Cap < 0 || c.Mode.Mode == ModeCanary && c.Share == 0 {
		return fmt.Errorf("%w: a share is 1 to 100 percent, a cap 0 or more", ErrStep)
	}
	return g.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		was, err := g.ModeOf(ctx, tx, c.Pack)
		switch {
		case err != nil:
			return err
		case was.Seq != c.Seq:
			return ErrMoved
		}
		next := c.Mode
		stop := next.Stopped && !was.Stopped && next.Mode == was.Mode && next.Share == was.Share && next.Cap == was.Cap
		switch {
		case stop && who.HasAny(Stoppers...):
		case !who.HasAny(RolePublisher):
			return ErrDuty
		case next.Mode == was.Mode && next.Share == was.Share && next.Cap == was.Cap && next.Stopped == was.Stopped:
			return ErrStep
		}
		found := ""
		if next.Mode != ModeOff {
			var published bool
			if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM decision_version WHERE pack = ? AND state = 'published')`, c.Pack).Scan(&published); err != nil {
				return err
			}
			if !published {
				return ErrStep
			}
		}
		decides := func(m Mode) bool { return m.Mode == ModeCanary || m.Mode == ModeOn }
		if decides(next) && !decides(was) {
			s, err := g.ShadowOf(ctx, tx, c.Pack, c.Needs)
			if err != nil {
				return err
			}
			if !s.Enough && !c.Despite {
				return ErrShadow
			}
			raw, err := json.Marshal(s)
			if err != nil {
				return err
			}
			found = string(raw)
		}
		return g.setMode(ctx, tx, who, was, next, c.Reason, found)
	})
}

func (g *Registry) setMode(ctx context.Context, tx *store.Tx, who account.Actor, was, next Mode, reason, found string) error {
	now := store.At(g.Store.Now())
	next.Pack, next.Seq = was.Pack, was.Seq+1
	if next.Mode == "" {
		next.Mode = ModeOff
	}
	if _, err := tx.Exec(ctx, `INSERT INTO decision_mode_event (id, pack, seq, at, actor, unit, mode, share, cap, stopped, reason, found) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		tx.NewID(), next.Pack, next.Seq, now, who.Account, who.Unit, next.Mode, next.Share, next.Cap, next.Stopped, reason, found); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO decision_mode (pack, mode, share, cap, stopped, seq, changed_at, day, approved) VALUES (?, ?, ?, ?, ?, ?, ?, '', 0)
 ON CONFLICT (pack) DO UPDATE SET mode = excluded.mode, share = excluded.share, cap = excluded.cap, stopped = excluded.stopped, seq = excluded.seq, changed_at = excluded.changed_at`,
		next.Pack, next.Mode, next.Share, next.Cap, next.Stopped, next.Seq, now); err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "decision.mode", Object: "decision_pack/" + next.Pack, Reason: reason}, map[string]any{"mode": next.Mode, "share": next.Share, "cap": next.Cap, "stopped": next.Stopped}); err != nil {
		return err
	}
	return g.emit(ctx, tx, "decision.mode", next.Pack, map[string]any{"mode": next.Mode, "share": next.Share, "cap": next.Cap, "stopped": next.Stopped})
}
