package appeals

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/pack"
	"shanzhi/core/store"
)

// DutyVersion is one version of the duty list (职责清单). One is in force at any
// time: the published one with the latest time from which it is in force. What
// is dispatched at a time is dispatched by the version in force then, and keeps
// that reason.
type DutyVersion struct {
	ID          store.ID   `bun:"id" json:"id"`
	Name        string     `bun:"name" json:"name"`
	Note        string     `bun:"note" json:"note,omitempty"`
	State       string     `bun:"state" json:"state" enum:"draft,published,withdrawn"`
	Origin      string     `bun:"origin" json:"origin" enum:"pack,upload,copy"`
	Parent      store.ID   `bun:"parent" json:"parent,omitempty" doc:"The version that it was made from"`
	Hash        string     `bun:"hash" json:"hash" doc:"Of its content"`
	Items       int        `bun:"item_count" json:"items"`
	Rules       int        `bun:"rule_count" json:"rules"`
	InForce     store.Time `bun:"in_force" json:"in_force,omitzero" doc:"From when on; absent of a draft"`
	CreatedAt   store.Time `bun:"created_at" json:"created_at,omitzero"`
	CreatedBy   store.ID   `bun:"created_by" json:"-"`
	ChangedAt   store.Time `bun:"changed_at" json:"changed_at,omitzero"`
	PublishedAt store.Time `bun:"published_at" json:"published_at,omitzero"`
	PublishedBy store.ID   `bun:"published_by" json:"-"`
	Until       store.Time `bun:"-" json:"until,omitzero" doc:"When the next takes over, if one is published"`
	Current     bool       `bun:"-" json:"current" doc:"In force now"`
}

// States and origins of a version.
const (
	dutyDraft     = "draft"
	dutyPublished = "published"
	dutyWithdrawn = "withdrawn"

	dutyOfPack   = "pack"
	dutyOfUpload = "upload"
	dutyOfCopy   = "copy"
)

const dutyColumns = `id, name, note, state, origin, parent, hash, item_count, rule_count, in_force, created_at, created_by, changed_at, published_at, published_by`

// inForce is what the pack and the duty list say now. A duty list that was
// published for a later time takes over at that time by itself.
type inForce struct {
	p   atomic.Pointer[district]
	now func() time.Time
}

// Load is the district as it is now; nil before the first Store.
func (f *inForce) Load() *district {
	d := f.p.Load()
	for d != nil && d.next != nil && !f.now().Before(d.next.from) {
		f.p.CompareAndSwap(d, d.next)
		d = f.p.Load()
	}
	return d
}

// withDuty is the district under another duty list.
func (d *district) withDuty(l *DutyList, files fs.FS) (*district, error) {
	n := *d
	n.duty, n.next = l, nil
	limits := *d.limits
	limits.handleClass = l.handleClass
	n.limits = &limits
	var err error
	n.open311, err = readCatalogue(files, l, n.words)
	return &n, err
}

func (l *DutyList) handleClass(code string) string {
	if it := l.Item(code); it != nil {
		return it.HandleClass
	}
	return "general"
}

// underDuty puts the versions that are published on top of what the pack says.
// A house that has none yet goes by the pack's own list.
func (s *Service) underDuty(ctx context.Context, d *district, files fs.FS) (*district, error) {
	versions, err := s.dutyPublished(ctx)
	if err != nil {
		return nil, err
	}
	now := s.Store.Now()
	var next *district
	for _, v := range versions { // the latest first
		kept, err := s.dutyList(ctx, v.ID)
		if err != nil {
			return nil, err
		}
		n, err := d.withDuty(kept.list, files)
		if err != nil {
			return nil, err
		}
		n.from, n.next = v.InForce.Time, next
		if next = n; !n.from.After(now) {
			return n, nil
		}
	}
	d.next = next
	return d, nil
}

// dutyPublished are the published versions, the latest in force first.
func (s *Service) dutyPublished(ctx context.Context) ([]DutyVersion, error) {
	return store.Select[DutyVersion](ctx, s.Store, `SELECT `+dutyColumns+` FROM duty_version WHERE state = 'published' ORDER BY in_force DESC`)
}

// DutyVersions are all versions: drafts, then what is published, the latest first.
func (s *Service) DutyVersions(ctx context.Context) ([]DutyVersion, error) {
	all, err := store.Select[DutyVersion](ctx, s.Store, `SELECT `+dutyColumns+` FROM duty_version ORDER BY CASE state WHEN 'draft' THEN 0 ELSE 1 END, COALESCE(in_force, 0) DESC, id DESC`)
	if err != nil {
		return nil, err
	}
	now := s.Store.Now()
	var next store.Time
	found := false
	for i := range all {
		v := &all[i]
		if v.State != dutyPublished {
			continue
		}
		v.Until, next = next, v.InForce
		if !found && !v.InForce.After(now) {
			v.Current, found = true, true
		}
	}
	return all, nil
}

func (s *Service) dutyVersion(ctx context.Context, id store.ID) (DutyVersion, error) {
	all, err := s.DutyVersions(ctx)
	if err != nil {
		return DutyVersion{}, err
	}
	i := slices.IndexFunc(all, func(v DutyVersion) bool { return v.ID == id })
	if i < 0 {
		return DutyVersion{}, store.ErrNotFound
	}
	return all[i], nil
}

// DutyAt is the version that was or will be in force at a time.
func (s *Service) DutyAt(ctx context.Context, t time.Time) (DutyVersion, error) {
	versions, err := s.dutyPublished(ctx)
	if err != nil {
		return DutyVersion{}, err
	}
	for _, v := range versions {
		if !v.InForce.After(t) {
			return v, nil
		}
	}
	return DutyVersion{}, store.ErrNotFound
}

// keptDuty is a version ready to be asked.
type keptDuty struct {
	hash    string
	content DutyContent
	list    *DutyList
}

// dutyShelf keeps versions that were asked lately in memory.
type dutyShelf struct {
	mu    sync.Mutex
	kept  map[store.ID]*keptDuty
	order []store.ID
}

// dutyShelved is how many versions lie in memory.
const dutyShelved = 6

// dutyList is a version by its identifier.
func (s *Service) dutyList(ctx context.Context, id store.ID) (*keptDuty, error) {
	type row struct {
		Hash         string
		Items, Rules []byte
	}
	hash, err := store.Get[string](ctx, s.Store, `SELECT hash FROM duty_version WHERE id = ?`, int64(id))
	if err != nil {
		return nil, err
	}
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	if k := s.shelf.kept[id]; k != nil && k.hash == hash {
		return k, nil
	}
	r, err := store.Get[row](ctx, s.Store, `SELECT hash, items, rules FROM duty_version WHERE id = ?`, int64(id))
	if err != nil {
		return nil, err
	}
	k := &keptDuty{hash: r.Hash}
	if k.content.items, err = unpackDuty(r.Items); err != nil {
		return nil, err
	}
	if k.content.rules, err = unpackDuty(r.Rules); err != nil {
		return nil, err
	}
	if k.list, err = k.content.list(id.String()); err != nil {
		return nil, err
	}
	s.shelf.put(id, k)
	return k, nil
}

func (h *dutyShelf) put(id store.ID, k *keptDuty) {
	if h.kept == nil {
		h.kept = map[store.ID]*keptDuty{}
	}
	if h.kept[id] == nil {
		if h.order = append(h.order, id); len(h.order) > dutyShelved {
			delete(h.kept, h.order[0])
			h.order = h.order[1:]
		}
	}
	h.kept[id] = k
}

// Load implements pack.Part: the pack's first duty list is in force from the
// beginning; a later one is proposed as a draft, and what is in force, which may
// have been edited here since, stays.
func (s *Service) Load(ctx context.Context, tx *store.Tx, files fs.FS) error {
	hash, err := packDutyHash(files)
	if err != nil {
		return err
	}
	var known, versions int
	if err := tx.QueryRow(ctx, `SELECT count(CASE WHEN pack_hash = ? THEN 1 END), count(*) FROM duty_version`, hash).Scan(&known, &versions); err != nil || known > 0 {
		return err
	}
	c, _, err := packDuty(files)
	if err != nil {
		return err
	}
	m, err := pack.ReadManifest(files)
	if err != nil {
		return err
	}
	v := DutyVersion{Name: "配置包 " + m.Version, Origin: dutyOfPack, State: dutyDraft}
	if versions == 0 {
		v.State, v.InForce, v.PublishedAt = dutyPublished, store.At(earliest), store.At(s.Store.Now())
	}
	return s.insertDuty(ctx, tx, &v, c, hash)
}

func (s *Service) insertDuty(ctx context.Context, tx *store.Tx, v *DutyVersion, c DutyContent, packHash string) error {
	now := store.At(s.Store.Now())
	v.ID, v.Hash, v.Items, v.Rules, v.CreatedAt, v.ChangedAt = tx.NewID(), c.hash(), len(c.items.rows), len(c.rules.rows), now, now
	return store.InsertRows(ctx, tx, `INSERT INTO duty_version (`+dutyColumns+`, pack_hash, items, rules) VALUES `, [][]any{{v.ID, v.Name, v.Note, v.State, v.Origin, v.Parent, v.Hash, v.Items, v.Rules, v.InForce,
		v.CreatedAt, v.CreatedBy, v.ChangedAt, v.PublishedAt, v.PublishedBy, packHash, c.items.pack(), c.rules.pack()}})
}

// dutyFault is an error that says in words what is wrong with a list.
func dutyFault(err error) error {
	lines := strings.Split(err.Error(), "\n")
	if len(lines) > maxDutyErrors {
		lines = append(lines[:maxDutyErrors], fmt.Sprintf("and %d more", len(lines)-maxDutyErrors))
	}
	return httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", strings.Join(lines, "\n"))
}

// NewDutyDraft makes a draft of a content. It returns a problem that names the
// wrong rows where it is no list.
func (s *Service) NewDutyDraft(ctx context.Context, who account.Actor, v DutyVersion, c DutyContent) (DutyVersion, error) {
	if v.Name = strings.TrimSpace(v.Name); v.Name == "" || utf8.RuneCountInString(v.Name) > 100 {
		return v, httpapi.FailField("name", "required")
	}
	if _, err := c.list(""); err != nil {
		return v, dutyFault(err)
	}
	v.State, v.CreatedBy = dutyDraft, who.Account
	err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if err := s.insertDuty(ctx, tx, &v, c, ""); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "duty.draft", Object: "duty/" + v.ID.String()}, map[string]any{"origin": v.Origin, "parent": v.Parent, "hash": v.Hash}); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, v)
	})
	return v, err
}

// ChangeDutyDraft gives a draft another content, if it is still as the caller saw
// it (hash).
func (s *Service) ChangeDutyDraft(ctx context.Context, who account.Actor, id store.ID, hash string, c DutyContent) (DutyVersion, error) {
	if _, err := c.list(""); err != nil {
		return DutyVersion{}, dutyFault(err)
	}
	items, rules, now := c.items.pack(), c.rules.pack(), store.At(s.Store.Now())
	err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE duty_version SET hash = ?, items = ?, rules = ?, item_count = ?, rule_count = ?, changed_at = ? WHERE id = ? AND state = 'draft' AND hash = ?`,
			c.hash(), items, rules, len(c.items.rows), len(c.rules.rows), now, id, hash)
		if err == nil && n == 0 {
			err = httpapi.Fail(http.StatusConflict, "conflict")
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "duty.change", Object: "duty/" + id.String()}, map[string]any{"from": hash, "to": c.hash()})
	})
	if err != nil {
		return DutyVersion{}, err
	}
	return s.dutyVersion(ctx, id)
}

// checkDuty checks a version as of a time.
func (s *Service) checkDuty(ctx context.Context, l *DutyList, at time.Time) ([]Fault, error) {
	tree, err := s.Dir.TreeAt(ctx, at)
	if err != nil {
		return nil, err
	}
	d := s.district.Load()
	c := DutyCheck{Tree: tree, Ever: s.Dir.Tree(), At: at, Words: d.words}
	for _, p := range d.places {
		c.Places = append(c.Places, p)
	}
	slices.SortFunc(c.Places, func(a, b Place) int { return compare(a.Code, b.Code) })
	return l.Check(c), nil
}

// PublishDuty puts a draft in force from a time on, now at the earliest: what
// was dispatched before keeps its reason. A draft with hard faults is refused;
// the others must have been seen (accept).
func (s *Service) PublishDuty(ctx context.Context, who account.Actor, id store.ID, hash string, from time.Time, accept bool) (DutyVersion, error) {
	kept, err := s.dutyList(ctx, id)
	if err != nil {
		return DutyVersion{}, err
	}
	if now := s.Store.Now(); from.Before(now) {
		from = now
	}
	faults, err := s.checkDuty(ctx, kept.list, from)
	if err != nil {
		return DutyVersion{}, err
	}
	hard := 0
	for _, f := range faults {
		if f.Hard {
			hard++
		}
	}
	switch {
	case kept.hash != hash:
		return DutyVersion{}, httpapi.Fail(http.StatusConflict, "conflict")
	case hard > 0:
		return DutyVersion{}, httpapi.Fail(http.StatusUnprocessableEntity, "duty_hard", "n", fmt.Sprint(hard))
	case len(faults) > 0 && !accept:
		return DutyVersion{}, httpapi.Fail(http.StatusUnprocessableEntity, "duty_faults", "n", fmt.Sprint(len(faults)))
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		var draft, taken bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM duty_version WHERE id = ? AND state = 'draft'), EXISTS (SELECT 1 FROM duty_version WHERE state = 'published' AND in_force = ?)`, id, store.At(from)).Scan(&draft, &taken); err != nil {
			return err
		}
		if draft && taken {
			return httpapi.FailField("from", "duty_taken")
		}
		n, err := tx.Exec(ctx, `UPDATE duty_version SET state = 'published', in_force = ?, published_at = ?, published_by = ?, changed_at = ? WHERE id = ? AND state = 'draft' AND hash = ?`, store.At(from), now, who.Account, now, id, hash)
		if err == nil && n == 0 {
			err = httpapi.Fail(http.StatusConflict, "conflict")
		}
		if err != nil {
			return err
		}
		if err := s.Bus.Emit(ctx, tx, now.Time, "duty.published", id.String(), map[string]any{"in_force": store.At(from)}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "duty.publish", Object: "duty/" + id.String()}, map[string]any{"hash": hash, "in_force": from, "faults": len(faults)})
	})
	if err != nil {
		return DutyVersion{}, err
	}
	if err := s.Reload(ctx); err != nil {
		return DutyVersion{}, err
	}
	return s.dutyVersion(ctx, id)
}

// DropDuty removes a draft, or takes back a published version that is not in
// force yet. What has been in force stays for ever.
func (s *Service) DropDuty(ctx context.Context, who account.Actor, id store.ID) error {
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		action := "duty.drop"
		n, err := tx.Exec(ctx, `DELETE FROM duty_version WHERE id = ? AND state = 'draft'`, id)
		if err == nil && n == 0 {
			action = "duty.withdraw"
			n, err = tx.Exec(ctx, `UPDATE duty_version SET state = 'withdrawn', changed_at = ? WHERE id = ? AND state = 'published' AND in_force > ?`, now, id, now)
		}
		if err != nil {
			return err
		}
		if n == 0 {
			if _, err := store.Get[int64](ctx, tx, `SELECT id FROM duty_version WHERE id = ?`, id); err != nil {
				return err
			}
			return httpapi.Fail(http.StatusConflict, "duty_in_force")
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: action, Object: "duty/" + id.String()}, nil)
	})
	if err != nil {
		return err
	}
	return s.Reload(ctx)
}

// Stamp changes when what is published of the duty list does: what Reload takes
// over beside the pack.
func (s *Service) Stamp(ctx context.Context) (string, error) {
	var n, last int64
	err := s.Store.QueryRow(ctx, `SELECT count(*), COALESCE(max(changed_at), 0) FROM duty_version WHERE state <> 'draft'`).Scan(&n, &last)
	return fmt.Sprint(n, " ", last), err
}

// DutyReason is by what an appeal was dispatched.
type DutyReason struct {
	Version  DutyVersion `json:"version" doc:"The one in force when it was dispatched"`
	Item     string      `json:"item"`
	ItemName string      `json:"item_name"`
	Rule     *DutyRule   `json:"rule,omitempty" doc:"Absent where no rule of it decides"`
	Lead     string      `json:"lead,omitempty" doc:"Who is responsible by it"`
	LeadName string      `json:"lead_name,omitempty"`
	Follows  bool        `json:"follows" doc:"The appeal was given to the unit that the rule names"`
}

// dutyReason finds the reason of an appeal, whatever is in force today.
func (s *Service) dutyReason(ctx context.Context, id store.ID) (DutyReason, error) {
	type row struct {
		Row        `bun:",extend"`
		Text       string
		Address    string
		Dispatched store.Time
	}
	r, err := store.Get[row](ctx, s.Store, `SELECT `+rowColumns+`, a.text, a.address, a.dispatched_at AS dispatched`+rowTables+` WHERE m.id = ?`, int64(id))
	if err != nil {
		return DutyReason{}, err
	}
	if r.Item == "" || r.Dispatched.IsZero() {
		return DutyReason{}, store.ErrNotFound
	}
	v, err := s.DutyAt(ctx, r.Dispatched.Time)
	if err != nil {
		return DutyReason{}, err
	}
	kept, err := s.dutyList(ctx, v.ID)
	if err != nil {
		return DutyReason{}, err
	}
	out := DutyReason{Version: v, Item: r.Item, ItemName: r.Item}
	if it := kept.list.Item(r.Item); it != nil {
		out.ItemName = it.Name()
	}
	if duty, ok := kept.list.Resolve(r.Item, s.district.Load().dutyFacts(&r.Row, r.Text, r.Address), s.Dir.Tree()); ok {
		out.Rule, out.Lead, out.LeadName, out.Follows = duty.Rule, duty.Lead, s.Dir.Tree().Name(duty.Lead), duty.Lead == r.Unit
	}
	return out, nil
}

// dutyFacts are the facts of an appeal as dispatch reads them.
func (d *district) dutyFacts(r *Row, text, address string) DutyFacts {
	return DutyFacts{Street: r.Street, Community: r.Community, PlaceType: d.locate.kind(r.Title + " " + text + " " + address), Kind: r.Kind, Channel: r.Channel, Class: r.Class, Text: r.Title + " " + text, At: r.OpenedAt.In(d.zone)}
}
