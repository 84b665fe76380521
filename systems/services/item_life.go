package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// ItemStep is what is done with an item.
type ItemStep string

// The steps. What is published is never changed: writing makes a draft beside it.
const (
	ItemBring   ItemStep = "bring"   // by an import or the pack
	ItemWrite   ItemStep = "write"   // by its department
	ItemSubmit  ItemStep = "submit"  // to be checked
	ItemCheck   ItemStep = "check"   // by another of its department (部门核对)
	ItemReturn  ItemStep = "return"  // to who wrote it
	ItemDiscard ItemStep = "discard" // the draft
	ItemPublish ItemStep = "publish" // by the bureau (主管部门发布), from a day
	ItemEffect  ItemStep = "effect"  // the day has come: a new version stands
	ItemRetire  ItemStep = "retire"  // by the bureau
	ItemFlagged ItemStep = "flag"    // see ItemFlagSpan
	ItemOffer   ItemStep = "offer"   // by an import or the pack, while somebody here writes: beside what they write
	ItemDecline ItemStep = "decline" // what was offered is put aside
)

// Who works on items.
const (
	roleItemEditor    = "item_editor"
	roleItemPublisher = "item_publisher"
)

// The errors of a step.
var (
	ErrItemMoved  = errors.New("services: the item was changed since it was read")
	ErrItemStep   = errors.New("services: the item is not at a point for this step")
	ErrItemDuty   = errors.New("services: the step is not the actor's")
	ErrItemPerson = errors.New("services: who wrote an item neither checks nor publishes it, and who checked it does not publish it")
	ErrItemBase   = errors.New("services: another version was published since the draft was begun")
	ErrItemReason = errors.New("services: the step needs a reason")
)

// ItemOnWay is what is on its way beside what is published.
type ItemOnWay struct {
	Item     store.ID     `json:"-"`
	Base     int          `json:"base" doc:"Version that it changes; 0 it is a new item"`
	State    ItemState    `json:"state" enum:"draft,submitted,checked,scheduled"`
	Elements ItemElements `json:"elements"`
	Writers  []store.ID   `json:"-"`
	Checker  store.ID     `json:"-"`
	FromDay  string       `json:"from_day,omitempty"`
	Returned string       `json:"returned,omitempty" doc:"Why it was sent back"`
	At       store.Time   `json:"at"`
	By       store.ID     `json:"-"`
}

// itemEvent is one thing that befell an item.
type itemEvent struct {
	Item    store.ID   `bun:"item"`
	Seq     int        `bun:"seq"`
	At      store.Time `bun:"at"`
	Actor   store.ID   `bun:"actor"`
	Step    ItemStep   `bun:"step"`
	Version int        `bun:"version"`
	Reason  string     `bun:"reason"`
	Data    string     `bun:"data"`
}

// itemEventData is what an event carries beside its columns.
type itemEventData struct {
	Elements *ItemElements `json:"elements,omitempty"`
	FromDay  string        `json:"from_day,omitempty"`
	State    ItemState     `json:"state,omitempty"` // in which an import brought it, where not published
	Flag     *ItemFlagSpan `json:"flag,omitempty"`
}

// itemStanding is an item's state as its events make it: what stands, and what is on its way.
type itemStanding struct {
	State   ItemState // of what stands; draft where nothing was published yet
	Version int
	Draft   *ItemOnWay
	Offered string // hash of what its source offers beside the draft; "" nothing
}

// apply adds an event; the caches in the store are what it makes of all of them.
func (st *itemStanding) apply(ev itemEvent) error {
	var data itemEventData
	if err := json.Unmarshal([]byte(ev.Data), &data); err != nil {
		return err
	}
	d := st.Draft
	if d != nil && slices.Contains([]ItemStep{ItemSubmit, ItemCheck, ItemReturn, ItemPublish}, ev.Step) {
		d.At, d.By = ev.At, ev.Actor
	}
	switch ev.Step {
	case ItemBring:
		st.State, st.Version = ItemPublished, ev.Version
		if data.State != "" {
			st.State = data.State
		}
		st.Offered = ""
	case ItemOffer:
		st.Offered = data.Elements.hash()
	case ItemDecline:
		st.Offered = ""
	case ItemWrite:
		if data.Elements.hash() == st.Offered {
			st.Offered = "" // it was taken
		}
		if d == nil {
			d = &ItemOnWay{Item: ev.Item}
			st.Draft = d
		}
		d.Base, d.State, d.Elements, d.At, d.By, d.Checker, d.FromDay = st.Version, ItemDraft, *data.Elements, ev.At, ev.Actor, 0, ""
		if ev.Actor != 0 && !slices.Contains(d.Writers, ev.Actor) {
			d.Writers = append(d.Writers, ev.Actor)
		}
	case ItemSubmit:
		d.State, d.Returned = ItemSubmitted, ""
	case ItemCheck:
		d.State, d.Checker = ItemChecked, ev.Actor
	case ItemReturn:
		d.State, d.Returned, d.Checker, d.FromDay = ItemDraft, ev.Reason, 0, ""
	case ItemPublish:
		d.State, d.FromDay = ItemScheduled, data.FromDay
	case ItemEffect:
		st.State, st.Version, st.Draft = ItemPublished, ev.Version, nil
	case ItemDiscard:
		st.Draft = nil
	case ItemRetire:
		st.State = ItemRetired
	}
	return nil
}

// itemRule is the law of a step: from which states of the draft ("" none), by whom.
type itemRule struct {
	from   []ItemState
	roles  []string // an editor's holds for the item's own department alone
	reason bool
}

var itemRules = map[ItemStep]itemRule{
	ItemWrite:   {from: []ItemState{"", ItemDraft}, roles: []string{roleItemEditor}},
	ItemSubmit:  {from: []ItemState{ItemDraft}, roles: []string{roleItemEditor}},
	ItemCheck:   {from: []ItemState{ItemSubmitted}, roles: []string{roleItemEditor}},
	ItemReturn:  {from: []ItemState{ItemSubmitted, ItemChecked, ItemScheduled}, roles: []string{roleItemEditor, roleItemPublisher}, reason: true},
	ItemPublish: {from: []ItemState{ItemChecked}, roles: []string{roleItemPublisher}},
	ItemDiscard: {from: []ItemState{ItemDraft}, roles: []string{roleItemEditor}, reason: true},
	ItemRetire:  {from: []ItemState{""}, roles: []string{roleItemPublisher}, reason: true},
	ItemDecline: {from: []ItemState{"", ItemDraft}, roles: []string{roleItemEditor}, reason: true},
	ItemFlagged: {from: []ItemState{"", ItemDraft, ItemSubmitted, ItemChecked, ItemScheduled}, roles: []string{roleItemPublisher}},
}

// may says whether the actor may do a step with an item of a department; nil they may.
func (st itemStanding) may(step ItemStep, who account.Actor, unit string) error {
	rule, ok := itemRules[step]
	state := ItemState("")
	if st.Draft != nil {
		state = st.Draft.State
	}
	switch {
	case !ok || !slices.Contains(rule.from, state), step == ItemDecline && st.Offered == "", step == ItemRetire && st.State != ItemPublished, step == ItemFlagged && st.State != ItemPublished:
		return ErrItemStep
	}
	editor := slices.Contains(rule.roles, roleItemEditor) && unit != "" && who.Has(roleItemEditor, unit)
	publisher := slices.Contains(rule.roles, roleItemPublisher) && who.HasAny(roleItemPublisher)
	if step == ItemReturn && state != ItemSubmitted {
		editor = false // what was checked is the bureau's to send back
	}
	if step == ItemReturn && state == ItemSubmitted {
		publisher = false
	}
	if !editor && !publisher {
		return ErrItemDuty
	}
	if d := st.Draft; d != nil {
		wrote := slices.Contains(d.Writers, who.Account)
		if (step == ItemCheck || step == ItemPublish) && wrote || step == ItemPublish && d.Checker == who.Account {
			return ErrItemPerson
		}
	}
	return nil
}

// draftOf reads what is on its way of an item.
func draftOf(ctx context.Context, q store.Querier, item store.ID) (d ItemOnWay, found bool, err error) {
	row, err := store.Get[struct {
		Base              int
		State             ItemState
		Elements, Writers string
		Checker, By       store.ID
		FromDay, Returned string
		At                store.Time
	}](ctx, q, `SELECT base, state, elements, writers, COALESCE(checker, 0) AS checker, COALESCE(by, 0) AS by, from_day, returned, at FROM service_item_draft WHERE item = ?`, int64(item))
	if errors.Is(err, store.ErrNotFound) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	d = ItemOnWay{Item: item, Base: row.Base, State: row.State, Checker: row.Checker, FromDay: row.FromDay, Returned: row.Returned, At: row.At, By: row.By}
	return d, true, errors.Join(json.Unmarshal([]byte(row.Elements), &d.Elements), json.Unmarshal([]byte(row.Writers), &d.Writers))
}

// itemHome is whose an item is.
type itemHome struct{ Department, Source, Region string }

// unitOfItem is the unit whose editors write an item; "" where it is none of ours: the list
// of another district has departments of the same names.
func (s *Service) unitOfItem(home itemHome) string {
	if !s.ours(home) {
		return ""
	}
	unit, _ := s.unitOf(home.Department)
	return unit
}

// ours says whether an item is this district's: made here, of its pack, or of its region.
func (s *Service) ours(home itemHome) bool {
	code := s.items.code.Load()
	return home.Source == "" || home.Source == "pack" || home.Region == "" || code == nil || *code == "" || strings.HasPrefix(home.Region, *code)
}

// standingOf reads an item's standing from the caches.
func standingOf(ctx context.Context, q store.Querier, item store.ID) (st itemStanding, seq int, home itemHome, err error) {
	row, err := store.Get[struct {
		State                      ItemState
		Version, Seq               int
		Department, Source, Region string
		Offered                    string
	}](ctx, q, `SELECT state, version, seq, department, source, region, offered FROM service_item WHERE id = ?`, int64(item))
	if err != nil {
		return st, 0, home, err
	}
	st = itemStanding{State: row.State, Version: row.Version, Offered: row.Offered}
	d, found, err := draftOf(ctx, q, item)
	if found {
		st.Draft = &d
	}
	return st, row.Seq, itemHome{row.Department, row.Source, row.Region}, err
}

// itemChange is a step with all that it carries.
type itemChange struct {
	item     store.ID
	actor    store.ID
	step     ItemStep
	seq      int
	reason   string
	elements *ItemElements
	fromDay  string
	flag     *ItemFlagSpan
}

// itemStep writes a step: the event first, then the caches that it makes. Rights were
// looked at before.
func (s *Service) itemStep(ctx context.Context, tx *store.Tx, c itemChange) (itemStanding, error) {
	st, seq, _, err := standingOf(ctx, tx, c.item)
	if err != nil {
		return st, err
	}
	if seq != c.seq {
		return st, ErrItemMoved
	}
	// Of two at once, the second waits here and finds the item moved.
	switch n, err := tx.Exec(ctx, `UPDATE service_item SET seq = ? WHERE id = ? AND seq = ?`, seq+1, c.item, seq); {
	case err != nil:
		return st, err
	case n == 0:
		return st, ErrItemMoved
	}
	now := store.At(s.Store.Now())
	version := st.Version
	if c.step == ItemEffect {
		if st.Draft.Base != st.Version {
			return st, ErrItemBase
		}
		version++
	}
	data, err := json.Marshal(itemEventData{Elements: c.elements, FromDay: c.fromDay, Flag: c.flag})
	if err != nil {
		return st, err
	}
	before := st.Draft
	ev := itemEvent{c.item, seq + 1, now, c.actor, c.step, version, c.reason, string(data)}
	if _, err := tx.Exec(ctx, `INSERT INTO service_item_event (item, seq, id, tx, at, actor, step, version, reason, data) VALUES (?, ?, ?, `+tx.Dialect().Position()+`, ?, ?, ?, ?, ?, ?)`,
		ev.Item, ev.Seq, tx.NewID(), ev.At, ev.Actor, string(ev.Step), ev.Version, ev.Reason, ev.Data); err != nil {
		return st, err
	}
	if err := st.apply(ev); err != nil {
		return st, err
	}
	if _, err := tx.Exec(ctx, `UPDATE service_item SET state = ?, version = ?, offered = ? WHERE id = ?`, string(st.State), st.Version, st.Offered, c.item); err != nil {
		return st, err
	}
	switch c.step {
	case ItemEffect:
		if err := s.landDraft(ctx, tx, before, version, now); err != nil {
			return st, err
		}
	case ItemRetire:
		if _, err := tx.Exec(ctx, `UPDATE service_item SET changed_at = ? WHERE id = ?`, now, c.item); err != nil {
			return st, err
		}
	case ItemFlagged:
		if err := putFlag(ctx, tx, c.item, *c.flag, now, c.actor); err != nil {
			return st, err
		}
	}
	if err := s.putDraft(ctx, tx, c.item, st.Draft); err != nil {
		return st, err
	}
	return st, audit.Write(ctx, tx, audit.Record{Actor: c.actor, Action: "services.item_" + string(c.step), Object: "item/" + c.item.String(), Reason: c.reason}, map[string]any{"seq": ev.Seq, "version": ev.Version, "from_day": c.fromDay})
}

// putDraft writes the cache of what is on its way.
func (s *Service) putDraft(ctx context.Context, tx *store.Tx, item store.ID, d *ItemOnWay) error {
	if _, err := tx.Exec(ctx, `DELETE FROM service_item_draft WHERE item = ?`, item); err != nil || d == nil {
		return err
	}
	raw, err := json.Marshal(d.Elements)
	if err != nil {
		return err
	}
	writers, err := json.Marshal(append([]store.ID{}, d.Writers...))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO service_item_draft (item, base, state, hash, elements, writers, checker, from_day, returned, at, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		item, d.Base, string(d.State), d.Elements.hash(), string(raw), string(writers), d.Checker, d.FromDay, d.Returned, d.At, d.By)
	return err
}

// landDraft makes of a draft the version that stands.
func (s *Service) landDraft(ctx context.Context, tx *store.Tx, d *ItemOnWay, version int, now store.Time) error {
	e, hash := d.Elements, d.Elements.hash()
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO service_item_version (item, version, hash, elements, at, by, origin, from_day) VALUES (?, ?, ?, ?, ?, ?, '', ?)`, d.Item, version, hash, string(raw), now, d.By, d.FromDay); err != nil {
		return err
	}
	_, score := s.lint.Load().check(e)
	if _, err := tx.Exec(ctx, `UPDATE service_item SET changed_at = ?, `+setColumns+` WHERE id = ?`, append(append([]any{now}, e.columns(hash, score)...), d.Item)...); err != nil {
		return err
	}
	return itemSearch.Put(ctx, tx, d.Item, e.words())
}

// ItemAct is a step that somebody asks for.
type ItemAct struct {
	Step     ItemStep
	Seq      int // of the item as the caller saw it
	Reason   string
	Elements *ItemElements
	FromDay  string
	Flag     *ItemFlagSpan
}

// CreateItem begins an item that nobody knew before, as a draft of the actor's own
// department.
func (s *Service) CreateItem(ctx context.Context, who account.Actor, e ItemElements) (id store.ID, err error) {
	if unit, ours := s.unitOf(e.Department); !ours || !who.Has(roleItemEditor, unit) {
		return 0, ErrItemDuty
	}
	if err := e.valid(); err != nil {
		return 0, err
	}
	if err := s.writtenAnew(0, 0, e.Handling); err != nil {
		return 0, err
	}
	return id, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id = tx.NewID()
		_, score := s.lint.Load().check(e)
		args := append([]any{id, "", id.String(), 0, string(ItemDraft), store.At(s.Store.Now()), 0, ""}, e.columns(e.hash(), score)...)
		if _, err := tx.Exec(ctx, `INSERT INTO service_item (id, source, key, version, state, changed_at, seq, brought, `+elementColumns+`) VALUES (?`+strings.Repeat(", ?", len(args)-1)+`)`, args...); err != nil {
			return err
		}
		_, err := s.itemStep(ctx, tx, itemChange{item: id, actor: who.Account, step: ItemWrite, elements: &e})
		return err
	})
}

// ActOnItem does a step. Returns ErrItemMoved, ErrItemStep, ErrItemDuty, ErrItemPerson,
// ErrItemBase or ErrItemReason where it may not be done.
func (s *Service) ActOnItem(ctx context.Context, who account.Actor, item store.ID, act ItemAct) error {
	act.Reason = text.Mask(strings.TrimSpace(act.Reason))
	if act.Step == ItemWrite || act.Step == ItemSubmit || act.Step == ItemPublish {
		if err := s.soundToStep(ctx, item, act); err != nil {
			return err
		}
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		st, seq, home, err := standingOf(ctx, tx, item)
		if err != nil {
			return err
		}
		switch {
		case seq != act.Seq:
			return ErrItemMoved
		case itemRules[act.Step].reason && act.Reason == "":
			return ErrItemReason
		}
		if err := st.may(act.Step, who, s.unitOfItem(home)); err != nil {
			return err
		}
		c := itemChange{item: item, actor: who.Account, step: act.Step, seq: act.Seq, reason: act.Reason}
		switch act.Step {
		case ItemWrite:
			if act.Elements == nil || act.Elements.Department != home.Department {
				return wrongElement("department", "not_own")
			}
			if err := act.Elements.valid(); err != nil {
				return err
			}
			c.elements = act.Elements
		case ItemPublish:
			if st.Draft.Base != st.Version {
				return ErrItemBase
			}
			c.fromDay = act.FromDay
			if c.fromDay == "" {
				c.fromDay = s.today()
			}
			if _, err := time.Parse(time.DateOnly, c.fromDay); err != nil || c.fromDay < s.today() {
				return wrongElement("from_day", "in_the_past")
			}
		case ItemFlagged:
			if act.Flag == nil {
				return wrongElement("flag", "required")
			}
			if err := act.Flag.valid(); err != nil {
				return err
			}
			c.flag = act.Flag
		}
		if _, err := s.itemStep(ctx, tx, c); err != nil {
			return err
		}
		if act.Step == ItemPublish && c.fromDay <= s.today() {
			_, err := s.itemStep(ctx, tx, itemChange{item: item, actor: who.Account, step: ItemEffect, seq: seq + 1})
			return err
		}
		return nil
	})
}

// soundToStep holds what is written to the engine, and what goes on its way to the life
// events that the item is of.
func (s *Service) soundToStep(ctx context.Context, item store.ID, act ItemAct) error {
	st, _, _, err := standingOf(ctx, s.Store, item)
	if err != nil {
		return err
	}
	if act.Step == ItemWrite {
		if act.Elements == nil {
			return nil // refused later
		}
		return s.writtenAnew(item, st.Version, act.Elements.Handling)
	}
	if st.Draft == nil {
		return nil
	}
	wrong, err := s.themeFaults(ctx, s.Store, item, st.Draft.Elements)
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("%w: %s", ErrItemTheme, wrong[0].Name["zh"])
	}
	return err
}

// TakeEffect makes the versions stand whose day has come. One whose item has moved since
// goes back to who wrote it.
func (s *Service) TakeEffect(ctx context.Context) (n int, err error) {
	due, err := store.Select[store.ID](ctx, s.Store, `SELECT item FROM service_item_draft WHERE state = 'scheduled' AND from_day <= ? ORDER BY item LIMIT 500`, s.today())
	for _, item := range due {
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			st, seq, _, err := standingOf(ctx, tx, item)
			if err != nil || st.Draft == nil || st.Draft.State != ItemScheduled || st.Draft.FromDay > s.today() {
				return err
			}
			c := itemChange{item: item, step: ItemEffect, seq: seq}
			wrong, err := s.themeFaults(ctx, tx, item, st.Draft.Elements)
			switch {
			case err != nil:
				return err
			case st.Draft.Base != st.Version:
				c.step, c.reason = ItemReturn, "base"
			case len(wrong) > 0: // a life event was changed since it was published
				c.step, c.reason = ItemReturn, "theme "+wrong[0].Name["zh"]
			}
			_, err = s.itemStep(ctx, tx, c)
			return err
		}); err != nil {
			return n, err
		}
		n++
	}
	return n, err
}

// followItems makes versions stand on their day.
func (s *Service) followItems(ctx context.Context) {
	if err := s.soundItems(ctx); err != nil && ctx.Err() == nil {
		s.warn("items are not found by their sound yet", "error", err)
	}
	for {
		if _, err := s.TakeEffect(ctx); err != nil && ctx.Err() == nil && s.Log != nil {
			s.Log.Error("versions of items whose day has come were not published", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Minute):
		}
	}
}

// CheckItem rebuilds an item's standing from its events and says where the caches differ.
func (s *Service) CheckItem(ctx context.Context, item store.ID) (wrong []string, err error) {
	events, err := itemEvents(ctx, s.Store, item)
	if err != nil {
		return nil, err
	}
	st := itemStanding{State: ItemDraft}
	for _, ev := range events {
		if err := st.apply(ev); err != nil {
			return nil, err
		}
	}
	have, seq, _, err := standingOf(ctx, s.Store, item)
	if err != nil {
		return nil, err
	}
	if have.State != st.State || have.Version != st.Version || seq != len(events) {
		wrong = append(wrong, fmt.Sprintf("the item stands %s, version %d, event %d; its events make %s, %d, %d", have.State, have.Version, seq, st.State, st.Version, len(events)))
	}
	if have.Offered != st.Offered {
		wrong = append(wrong, fmt.Sprintf("%q is offered; the events make %q", have.Offered, st.Offered))
	}
	a, err1 := json.Marshal(have.Draft)
	b, err2 := json.Marshal(st.Draft)
	if string(a) != string(b) || have.Draft != nil && (have.Draft.Checker != st.Draft.Checker || !slices.Equal(have.Draft.Writers, st.Draft.Writers)) {
		wrong = append(wrong, fmt.Sprintf("the draft is %s; the events make %s", a, b))
	}
	return wrong, errors.Join(err1, err2)
}

func itemEvents(ctx context.Context, q store.Querier, item store.ID) ([]itemEvent, error) {
	return store.Select[itemEvent](ctx, q, `SELECT item, seq, at, COALESCE(actor, 0) AS actor, step, version, reason, data FROM service_item_event WHERE item = ? ORDER BY seq`, int64(item))
}

// elementFault says which elements are wrong.
type elementFault map[string]string

func (f elementFault) Error() string {
	return fmt.Sprintf("services: wrong elements: %v", map[string]string(f))
}

func wrongElement(field, code string) error { return elementFault{field: code} }

// valid says what of the elements cannot be kept. What is merely wanting is the lint's.
func (e ItemElements) valid() error {
	wrong := elementFault{}
	if strings.TrimSpace(e.Name) == "" {
		wrong["name"] = "required"
	}
	if e.Type != "" && itemTypes[e.Type] == "" {
		wrong["type"] = "no_such_option"
	}
	if e.Code != "" {
		if _, err := ParseItemCode(e.Code); err != nil {
			wrong["code"] = "item_code"
		}
	}
	if e.Basic != "" && CheckBasicCode(e.Basic) != nil {
		wrong["basic"] = "item_code"
	}
	for name, d := range map[string]*ItemDays{"legal": e.Legal, "promised": e.Promised} {
		if d != nil && (d.N < 0 || d.N > 3650 || d.Unit != "working" && d.Unit != "calendar") {
			wrong[name] = "invalid"
		}
	}
	if e.Visits != nil && (*e.Visits < 0 || *e.Visits > 99) {
		wrong["visits"] = "invalid"
	}
	if e.URL != "" && !strings.HasPrefix(e.URL, "https://") && !strings.HasPrefix(e.URL, "http://") {
		wrong["url"] = "invalid"
	}
	for _, l := range e.Laws {
		if strings.TrimSpace(l.Name) == "" {
			wrong["laws"] = "required"
		}
	}
	for _, p := range e.Papers {
		if p.Name["zh"] == "" {
			wrong["papers"] = "required"
		}
	}
	if raw, err := json.Marshal(e); err != nil || len(raw) > 1<<20 {
		wrong["elements"] = "too_long"
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}
