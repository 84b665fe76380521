package rule

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/event"
	"shanzhi/core/store"
)

// Registry keeps the versions of decision packs and how each pack is used. What is in
// force is held in memory and taken over from the records by Reload.
type Registry struct {
	Store *store.Store
	Bus   *event.Bus
	Zone  func() *time.Location
	// Told is called in the transaction of each step of a version.
	Told func(ctx context.Context, tx *store.Tx, v Version, e VersionEvent) error

	shelf atomic.Pointer[shelf]
	read  sync.Map // hash to *Pack
}

// shelf is what was published, and how it is used.
type shelf struct {
	versions map[string][]Version // by pack, the newest first; drafts are not here
	modes    map[string]Mode
}

// Reload takes over what the records say now.
func (g *Registry) Reload(ctx context.Context) error {
	rows, err := store.Select[versionRow](ctx, g.Store, `SELECT `+versionColumns+` FROM decision_version WHERE published_at IS NOT NULL ORDER BY pack, version DESC`)
	if err != nil {
		return err
	}
	sh := &shelf{versions: map[string][]Version{}, modes: map[string]Mode{}}
	for _, r := range rows {
		v, err := r.version()
		if err != nil {
			return err
		}
		if _, err := g.Pack(ctx, v.Hash); err != nil {
			return fmt.Errorf("rule: version %d of %s: %w", v.Version, v.Pack, err)
		}
		sh.versions[v.Pack] = append(sh.versions[v.Pack], v)
	}
	modes, err := store.Select[Mode](ctx, g.Store, `SELECT `+modeColumns+` FROM decision_mode`)
	for _, m := range modes {
		sh.modes[m.Pack] = m
	}
	if err == nil {
		g.shelf.Store(sh)
	}
	return err
}

// Stamp changes when what Reload takes over does.
func (g *Registry) Stamp(ctx context.Context) (string, error) {
	var versions, modes int64
	err := g.Store.QueryRow(ctx, `SELECT (SELECT COALESCE(sum(seq), 0) FROM decision_version), (SELECT COALESCE(sum(seq), 0) FROM decision_mode)`).Scan(&versions, &modes)
	return fmt.Sprint(versions, " ", modes), err
}

// Pack is the compiled pack of a hash; store.ErrNotFound.
func (g *Registry) Pack(ctx context.Context, hash string) (*Pack, error) {
	if p, ok := g.read.Load(hash); ok {
		return p.(*Pack), nil
	}
	body, err := textOf(ctx, g.Store, "decision_pack", hash)
	if err != nil {
		return nil, err
	}
	p, err := ReadPack(strings.NewReader(body))
	if err == nil {
		g.read.Store(hash, p)
	}
	return p, err
}

func textOf(ctx context.Context, q store.Querier, table, hash string) (body string, err error) {
	return store.Get[string](ctx, q, `SELECT body FROM `+table+` WHERE hash = ?`, hash)
}

// covers says whether a version is in force on a day.
func (g *Registry) covers(v Version, p *Pack, day Date) bool {
	return !day.Before(p.Effective.From.Time) && (p.Effective.Until.IsZero() || day.Before(p.Effective.Until.Time)) &&
		(v.State == VersionPublished || !v.Retired.IsZero() && day.Before(DateOf(v.Retired.Time, g.Zone()).Time))
}

// InForce is the version of a pack that is in force on a day: of those published whose
// days hold it, the newest. nil where there is none.
func (g *Registry) InForce(pack string, day Date) (*Pack, *Version) {
	for _, v := range g.shelf.Load().versions[pack] {
		if p, ok := g.read.Load(v.Hash); ok && g.covers(v, p.(*Pack), day) {
			return p.(*Pack), &v
		}
	}
	return nil, nil
}

// Decides is the pack that decides an item on a day: the one that names the item, else
// the one of its name. nil where there is none.
func (g *Registry) Decides(item string, day Date) (*Pack, *Version) {
	sh := g.shelf.Load()
	for _, name := range sortedKeys(sh.versions) {
		if p, v := g.InForce(name, day); p != nil && p.Item == item {
			return p, v
		}
	}
	if p, v := g.InForce(item, day); p != nil && (p.Item == "" || p.Item == item) {
		return p, v
	}
	return nil, nil
}

// Packs names the packs that there are, drafts among them.
func (g *Registry) Packs(ctx context.Context) ([]string, error) {
	return store.Select[string](ctx, g.Store, `SELECT DISTINCT pack FROM decision_version ORDER BY pack`)
}

// Versions are those of a pack, the newest first.
func (g *Registry) Versions(ctx context.Context, q store.Querier, pack string) ([]Version, error) {
	rows, err := store.Select[versionRow](ctx, q, `SELECT `+versionColumns+` FROM decision_version WHERE pack = ? ORDER BY version DESC`, pack)
	if err != nil {
		return nil, err
	}
	out := make([]Version, len(rows))
	for i, r := range rows {
		if out[i], err = r.version(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Version is one of them; store.ErrNotFound.
func (g *Registry) Version(ctx context.Context, q store.Querier, pack string, n int) (Version, error) {
	r, err := store.Get[versionRow](ctx, q, `SELECT `+versionColumns+` FROM decision_version WHERE pack = ? AND version = ?`, pack, n)
	if err != nil {
		return Version{}, err
	}
	return r.version()
}

// Texts are the pack and the cases of a version as they were written.
func (g *Registry) Texts(ctx context.Context, q store.Querier, v Version) (body, cases string, err error) {
	if body, err = textOf(ctx, q, "decision_pack", v.Hash); err != nil {
		return "", "", err
	}
	cases, err = textOf(ctx, q, "decision_cases", v.CasesHash)
	return body, cases, err
}

// Events are the steps of a pack's versions, the newest first.
func (g *Registry) Events(ctx context.Context, q store.Querier, pack string) ([]VersionEvent, error) {
	rows, err := store.Select[struct {
		VersionEvent `bun:",embed"`
		Raw          string `bun:"data"`
	}](ctx, q, `SELECT pack, version, seq, at, actor, unit, step, reason, data FROM decision_version_event WHERE pack = ? ORDER BY id DESC`, pack)
	if err != nil {
		return nil, err
	}
	out := make([]VersionEvent, len(rows))
	for i, r := range rows {
		out[i] = r.VersionEvent
		if err := json.Unmarshal([]byte(r.Raw), &out[i].Data); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Gate reads a pack and its cases and tries one against the other. What cannot be read
// is an error that says where.
func (g *Registry) Gate(body, cases string) (*Pack, Trial, error) {
	p, err := ReadPack(strings.NewReader(body))
	if err != nil {
		return nil, Trial{}, err
	}
	x, err := ReadExamples(strings.NewReader(cases))
	if err != nil {
		return p, Trial{}, fmt.Errorf("cases: %w", err)
	}
	t, err := p.Try(x, g.Zone())
	if err != nil {
		return p, t, fmt.Errorf("cases: %w", err)
	}
	return p, t, nil
}

// limits of what one person may write.
const maxText = 256 << 10

// Draft begins a version of a pack, or a pack, and returns its number. Only one draft of
// a pack is open at a time: ErrStep.
func (g *Registry) Draft(ctx context.Context, who account.Actor, pack, body, cases, reason string) (n int, err error) {
	if !who.HasAny(RoleAuthor) {
		return 0, ErrDuty
	}
	if !packID.MatchString(pack) {
		return 0, fmt.Errorf("%w: %q is not a name such as elder-allowance", ErrNotReady, pack)
	}
	if err := fits(pack, body, cases); err != nil {
		return 0, err
	}
	err = g.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		all, err := g.Versions(ctx, tx, pack)
		if err != nil {
			return err
		}
		n = 1
		for _, v := range all {
			n = max(n, v.Version+1)
			if v.State == VersionDraft || v.State == VersionReviewed || v.State == VersionLawful {
				return ErrStep
			}
		}
		return g.step(ctx, tx, Version{Pack: pack, Version: n, State: VersionDraft}, who, StepWrite, reason, stepData{}, body, cases)
	})
	return n, err
}

// fits says whether a text may be kept as a version of a pack. It may be unfinished.
func fits(pack, body, cases string) error {
	if len(body) > maxText || len(cases) > 4*maxText {
		return fmt.Errorf("%w: the text is too long", ErrNotReady)
	}
	if p, err := ReadPack(strings.NewReader(body)); err == nil && p.ID != pack {
		return fmt.Errorf("%w: the text is of the pack %s, not of %s", ErrNotReady, p.ID, pack)
	}
	return nil
}

// VersionAct is what one does with a version as one saw it.
type VersionAct struct {
	Step   VersionStep
	Seq    int64
	Reason string
	Body   string // StepWrite
	Cases  string
}

// Act does a step. It returns store.ErrNotFound, ErrMoved, ErrStep, ErrDuty,
// ErrSamePerson, ErrReason (return and retire say why) or ErrNotReady, with the trial
// that a version has to pass for review and for publication.
func (g *Registry) Act(ctx context.Context, who account.Actor, pack string, n int, a VersionAct) (*Trial, error) {
	seen, err := g.Version(ctx, g.Store, pack, n)
	if err != nil {
		return nil, err
	}
	if err := seen.May(who.Account, who.HasAny, a.Step); err != nil {
		return nil, err
	}
	if (a.Step == StepReturn || a.Step == StepRetire) && len([]rune(strings.TrimSpace(a.Reason))) < 2 {
		return nil, ErrReason
	}
	var data stepData
	var trial *Trial
	switch a.Step {
	case StepWrite:
		if err := fits(pack, a.Body, a.Cases); err != nil {
			return nil, err
		}
	case StepReview, StepPublish:
		body, cases, err := g.Texts(ctx, g.Store, seen)
		if err != nil {
			return nil, err
		}
		_, t, err := g.Gate(body, cases)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNotReady, err)
		}
		trial = &t
		if !t.Ready() {
			return trial, ErrNotReady
		}
		if a.Step == StepPublish {
			data.Trial = trial
		}
	}
	return trial, g.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err := g.Version(ctx, tx, pack, n)
		switch {
		case err != nil:
			return err
		case v.Seq != a.Seq || v.Seq != seen.Seq:
			return ErrMoved
		}
		return g.step(ctx, tx, v, who, a.Step, strings.TrimSpace(a.Reason), data, a.Body, a.Cases)
	})
}

// step writes an event and what it makes of its version.
func (g *Registry) step(ctx context.Context, tx *store.Tx, v Version, who account.Actor, step VersionStep, reason string, data stepData, body, cases string) error {
	now := store.At(g.Store.Now())
	if step == StepWrite || step == stepLoad {
		data.Hash, data.CasesHash = hashOf([]byte(body)), hashOf([]byte(cases))
		for table, text := range map[string][2]string{"decision_pack": {data.Hash, body}, "decision_cases": {data.CasesHash, cases}} {
			if _, err := tx.Exec(ctx, `INSERT INTO `+table+` (hash, pack, body, first_at) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`, text[0], v.Pack, text[1], now); err != nil {
				return err
			}
		}
	}
	e := VersionEvent{Pack: v.Pack, Version: v.Version, Seq: v.Seq + 1, At: now, Actor: who.Account, Unit: who.Unit, Step: step, Reason: reason, Data: data}
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO decision_version_event (id, pack, version, seq, at, actor, unit, step, reason, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		tx.NewID(), e.Pack, e.Version, e.Seq, e.At, e.Actor, e.Unit, string(e.Step), e.Reason, string(raw)); err != nil {
		return err
	}
	v = v.fold(e)
	row, err := v.row()
	if err != nil {
		return err
	}
	if err := store.UpsertRows(ctx, tx, `INSERT INTO decision_version (`+versionColumns+`) VALUES `, `ON CONFLICT (pack, version) DO UPDATE SET state = excluded.state, seq = excluded.seq, hash = excluded.hash, cases_hash = excluded.cases_hash, origin = excluded.origin,
 authors = excluded.authors, reviewer = excluded.reviewer, lawyer = excluded.lawyer, publisher = excluded.publisher, trial = excluded.trial, changed_at = excluded.changed_at, published_at = excluded.published_at, retired_at = excluded.retired_at`, [][]any{row}); err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "decision." + string(step), Object: "decision_pack/" + v.Pack, Reason: reason}, map[string]any{"version": v.Version, "hash": v.Hash, "cases_hash": v.CasesHash}); err != nil {
		return err
	}
	if g.Told != nil {
		if err := g.Told(ctx, tx, v, e); err != nil {
			return err
		}
	}
	return g.emit(ctx, tx, "decision.version", v.Pack, map[string]any{"version": v.Version, "step": step, "state": v.State})
}

func (g *Registry) emit(ctx context.Context, tx *store.Tx, subject, key string, body any) error {
	if g.Bus == nil {
		return nil
	}
	return g.Bus.Emit(ctx, tx, g.Store.Now(), subject, key, body)
}

// Adopt takes over packs that come with the house, NAME.yaml with NAME.cases.yaml beside
// it: one that the records do not have as published, one whose text is newer as a draft
// that four people still look at. How a pack is used at first is asked of begin.
func (g *Registry) Adopt(ctx context.Context, files fs.FS, origin string, begin func(pack string) Mode) error {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return err
	}
	for _, name := range names {
		id, _ := strings.CutSuffix(name, ".yaml")
		if strings.HasSuffix(id, ".cases") {
			continue
		}
		body, err := fs.ReadFile(files, name)
		cases, cerr := fs.ReadFile(files, id+".cases.yaml")
		if err = errors.Join(err, cerr); err != nil {
			return err
		}
		hash := hashOf(body)
		all, err := g.Versions(ctx, g.Store, id)
		if err != nil {
			return err
		}
		open := false
		for _, v := range all {
			open = open || v.State != VersionPublished && v.State != VersionRetired
		}
		known, err := store.Select[int](ctx, g.Store, `SELECT 1 FROM decision_version_event WHERE pack = ? AND data LIKE ? LIMIT 1`, id, "%"+hash+"%")
		if err != nil {
			return err
		}
		if len(known) > 0 || open {
			continue
		}
		p, trial, err := g.Gate(string(body), string(cases))
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		case p.ID != id || !trial.Ready():
			return fmt.Errorf("%s: %w: %+v", name, ErrNotReady, trial)
		}
		if err := g.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			now, err := g.Versions(ctx, tx, id)
			if err != nil || len(now) != len(all) {
				return err // another process was faster
			}
			if len(all) > 0 {
				return g.step(ctx, tx, Version{Pack: id, Version: all[0].Version + 1}, account.Actor{}, StepWrite, origin, stepData{Origin: origin}, string(body), string(cases))
			}
			if err := g.step(ctx, tx, Version{Pack: id, Version: 1}, account.Actor{}, stepLoad, origin, stepData{Origin: origin, Trial: &trial}, string(body), string(cases)); err != nil {
				return err
			}
			return g.setMode(ctx, tx, account.Actor{}, Mode{Pack: id}, begin(id), origin, "")
		}); err != nil {
			return err
		}
	}
	return nil
}

// Verify names the versions and modes that their events make something else of.
func (g *Registry) Verify(ctx context.Context) (wrong []string, err error) {
	packs, err := g.Packs(ctx)
	if err != nil {
		return nil, err
	}
	for _, pack := range packs {
		all, err := g.Versions(ctx, g.Store, pack)
		if err != nil {
			return nil, err
		}
		events, err := g.Events(ctx, g.Store, pack)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(events, func(a, b VersionEvent) int {
			return cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(a.Seq, b.Seq))
		})
		made := map[int]Version{}
		for _, e := range events {
			made[e.Version] = made[e.Version].fold(e)
		}
		for _, v := range all {
			have, err := v.row()
			want, werr := made[v.Version].row()
			if err = errors.Join(err, werr); err != nil {
				return nil, err
			}
			if fmt.Sprint(have) != fmt.Sprint(want) {
				wrong = append(wrong, fmt.Sprintf("%s/%d", pack, v.Version))
			}
		}
		m, err := g.ModeOf(ctx, g.Store, pack)
		if err != nil {
			return nil, err
		}
		list, err := g.ModeEvents(ctx, g.Store, pack)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 && !list[0].same(m) {
			wrong = append(wrong, pack+"/mode")
		}
	}
	return wrong, nil
}
