package services

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// PersonList is a register that lists persons, for searches for those who meet a pack's
// conditions (免申即享).
type PersonList interface {
	Name() string
	// Page gives the keys of some persons after one (""), and after which the next page
	// begins; "" at the end.
	Page(ctx context.Context, after string, n int) (persons []map[string]string, next string, err error)
}

// BenefitScan is a search for those who meet a pack's conditions without having applied.
type BenefitScan struct {
	ID      store.ID         `bun:"id" json:"id"`
	Pack    string           `bun:"pack" json:"pack"`
	Version int              `bun:"version" json:"version"`
	At      store.Time       `bun:"at" json:"at"`
	By      store.ID         `bun:"by" json:"-"`
	Source  string           `bun:"source" json:"source"`
	Reason  string           `bun:"reason" json:"reason"`
	Seen    int              `bun:"seen" json:"seen"`
	Offered int              `bun:"offered" json:"offered"`
	Had     int              `bun:"had" json:"had" doc:"Were offered it already, have it, or want no offers"`
	Raw     string           `bun:"reasons" json:"-"`
	Reasons []DecisionReason `bun:"-" json:"reasons" doc:"Why the others were not offered it, counted without whom"`
	Ended   store.Time       `bun:"ended_at" json:"ended_at,omitzero"`
	Failed  string           `bun:"failed" json:"failed,omitempty"`
}

const scanColumns = `id, pack, version, at, by, source, reason, seen, offered, had, reasons, ended_at, failed`

// BeginScan asks for a search; it runs beside, and its row tells how far it is. One at a
// time a pack: scan_running.
func (s *Service) BeginScan(ctx context.Context, who account.Actor, pack, reason string) (store.ID, error) {
	if s.Persons == nil {
		return 0, httpapi.Fail(http.StatusConflict, "no_person_list")
	}
	p, v := s.Rules.InForce(pack, rule.DateOf(s.Store.Now(), s.Zone()))
	if p == nil {
		return 0, store.ErrNotFound
	}
	var id store.ID
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var running bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM benefit_scan WHERE pack = ? AND ended_at IS NULL)`, pack).Scan(&running); err != nil {
			return err
		}
		if running {
			return httpapi.Fail(http.StatusConflict, "scan_running")
		}
		id = tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO benefit_scan (id, pack, version, at, by, source, reason, seen, offered, had, reasons, failed) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '[]', '')`,
			id, pack, v.Version, store.At(s.Store.Now()), who.Account, s.Persons.Name(), reason); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "benefit.scan", Object: "decision_pack/" + pack, Reason: reason}, map[string]any{"version": v.Version, "source": s.Persons.Name()})
	})
	return id, err
}

// Scans are the searches of a pack, the newest first.
func (s *Service) Scans(ctx context.Context, pack string) ([]BenefitScan, error) {
	out, err := store.Select[BenefitScan](ctx, s.Store, `SELECT `+scanColumns+` FROM benefit_scan WHERE pack = ? ORDER BY id DESC LIMIT 20`, pack)
	for i := range out {
		err = errors.Join(err, json.Unmarshal([]byte(out[i].Raw), &out[i].Reasons))
	}
	return out, err
}

// scanPage is how many persons are judged between two writes.
const scanPage = 100

// RunScans runs the searches that have not ended. One that is cut off begins again and
// offers nobody anything twice.
func (s *Service) RunScans(ctx context.Context) error {
	scans, err := store.Select[BenefitScan](ctx, s.Store, `SELECT `+scanColumns+` FROM benefit_scan WHERE ended_at IS NULL ORDER BY id`)
	if err != nil || s.Persons == nil {
		return err
	}
	for _, b := range scans {
		reasons := map[DecisionReason]int{}
		if err := s.runScan(ctx, &b, reasons); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				return s.writeScan(ctx, tx, &b, reasons, true, err.Error())
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// runScan counts in b and reasons, which hold what was written when it fails.
func (s *Service) runScan(ctx context.Context, b *BenefitScan, reasons map[DecisionReason]int) error {
	p, v := s.Rules.InForce(b.Pack, rule.DateOf(s.Store.Now(), s.Zone()))
	if p == nil || v.Version != b.Version {
		return errors.New("the version is not in force any more")
	}
	b.Seen, b.Offered, b.Had = 0, 0, 0
	for after := ""; ; {
		persons, next, err := s.Persons.Page(ctx, after, scanPage)
		if err != nil {
			return err
		}
		var offers []eligible
		for _, keys := range persons {
			e, why := s.eligible(ctx, p, keys)
			if e != nil {
				offers = append(offers, *e)
			}
			for _, r := range why {
				reasons[r]++
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			again := *b
			again.Seen += len(persons)
			for _, e := range offers {
				made, err := s.offer(ctx, tx, again, p, e)
				if err != nil {
					return err
				}
				if made {
					again.Offered++
				} else {
					again.Had++
				}
			}
			if err := s.writeScan(ctx, tx, &again, reasons, next == "", ""); err != nil {
				return err
			}
			tx.OnCommit(func() { *b = again })
			return nil
		}); err != nil {
			return err
		}
		if after = next; after == "" {
			return nil
		}
	}
}

func (s *Service) writeScan(ctx context.Context, tx *store.Tx, b *BenefitScan, reasons map[DecisionReason]int, ended bool, failed string) error {
	list := []DecisionReason{}
	for r, n := range reasons {
		r.N = n
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b DecisionReason) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Check, b.Check), cmp.Compare(a.Fact, b.Fact))
	})
	raw, err := json.Marshal(list)
	if err != nil {
		return err
	}
	var at store.Time
	if ended {
		at = store.At(s.Store.Now())
	}
	_, err = tx.Exec(ctx, `UPDATE benefit_scan SET seen = ?, offered = ?, had = ?, reasons = ?, ended_at = ?, failed = ? WHERE id = ?`, b.Seen, b.Offered, b.Had, string(raw), at, failed, b.ID)
	return err
}

// eligible is somebody who meets the conditions, but for what only they can say.
type eligible struct {
	Keys  map[string]string `json:"keys"`
	Case  rule.Case         `json:"case"`
	Grant map[string]any    `json:"grant,omitempty"`
	Needs []string          `json:"needs,omitempty"`
}

// eligible judges somebody who has not applied: no check may fail, and what is missing
// may only be what the applicant says.
func (s *Service) eligible(ctx context.Context, p *rule.Pack, keys map[string]string) (*eligible, []DecisionReason) {
	at := s.Store.Now()
	got := s.Facts.GatherOnly(ctx, p, keys, func(string) bool { return true }, at)
	c := rule.Case{At: s.Store.Now(), Facts: got.Facts}
	d := p.Decide(c, s.Zone())
	e := &eligible{Keys: rule.Keys(keys), Case: c, Grant: d.Grant}
	var why []DecisionReason
	for _, r := range d.Checks {
		if r.Answer == rule.Pass {
			continue
		}
		n := len(why)
		for _, f := range r.Facts {
			switch {
			case f.Why == "":
			case r.Answer == rule.Missing && slices.Contains(p.Facts[f.Fact].Sources, rule.Applicant):
				e.Needs = append(e.Needs, f.Fact)
			default:
				why = append(why, DecisionReason{Check: r.Check, Fact: f.Fact, Why: f.Why})
			}
		}
		if r.Answer == rule.Fail && len(why) == n {
			why = append(why, DecisionReason{Check: r.Check, Why: string(rule.Fail)})
		}
	}
	if len(why) > 0 || d.Why != "" {
		return nil, why
	}
	slices.Sort(e.Needs)
	e.Needs = slices.Compact(e.Needs)
	return e, nil
}

// offer offers somebody what they meet the conditions of; false where they have been
// offered it, or want no offers.
func (s *Service) offer(ctx context.Context, tx *store.Tx, b BenefitScan, p *rule.Pack, e eligible) (bool, error) {
	persons, err := s.Vault.Find(ctx, tx, vault.IDNumber, e.Keys["id_no"])
	if err != nil {
		return false, err
	}
	if len(persons) > 0 {
		ids := make([]any, len(persons))
		for i, id := range persons {
			ids[i] = int64(id)
		}
		theirs := store.AnyOf("person", len(ids))
		var no bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM benefit_opt_out WHERE (pack = '' OR pack = ?) AND `+theirs+`) OR EXISTS (SELECT 1 FROM benefit_offer WHERE pack = ? AND `+theirs+`)`,
			slices.Concat([]any{p.ID}, ids, []any{p.ID}, ids)...).Scan(&no); err != nil || no {
			return false, err
		}
	} else {
		id, err := s.Vault.NewPerson(ctx, tx, vault.Identity{vault.Name: e.Keys["name"], vault.IDNumber: e.Keys["id_no"]})
		if err != nil {
			return false, err
		}
		persons = []store.ID{id}
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return false, err
	}
	id := tx.NewID()
	sealed, err := s.Vault.PutText(ctx, tx, persons[0], "benefit_offer/"+id.String(), string(raw))
	if err != nil {
		return false, err
	}
	item := cmp.Or(p.Item, p.ID)
	if _, err := tx.Exec(ctx, `INSERT INTO benefit_offer (id, scan, pack, item, person, at, sealed, needs, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'offered')`, id, b.ID, p.ID, item, persons[0], store.At(s.Store.Now()), sealed, strings.Join(e.Needs, " ")); err != nil {
		return false, err
	}
	return true, s.Bus.Emit(ctx, tx, s.Store.Now(), "benefit.offered", id.String(), map[string]any{"pack": p.ID, "item": item})
}

// BenefitOffer is what is offered to a person.
type BenefitOffer struct {
	ID          store.ID   `bun:"id" json:"id"`
	Pack        string     `bun:"pack" json:"pack"`
	Item        string     `bun:"item" json:"item"`
	Person      store.ID   `bun:"person" json:"-"`
	At          store.Time `bun:"at" json:"at"`
	Sealed      store.ID   `bun:"sealed" json:"-"`
	RawNeeds    string     `bun:"needs" json:"-"`
	State       string     `bun:"state" json:"state" enum:"offered,confirmed,declined,expired"`
	Answered    store.Time `bun:"answered_at" json:"answered_at,omitzero"`
	Application store.ID   `bun:"application" json:"application,omitempty"`
	// Name and what is granted, for its person.
	Name  map[string]string `bun:"-" json:"name,omitempty"`
	Grant map[string]any    `bun:"-" json:"grant,omitempty"`
	Needs []string          `bun:"-" json:"needs" doc:"Facts that the applicant still has to say"`
	Keys  map[string]string `bun:"-" json:"-"`
}

const offerColumns = `id, pack, item, person, at, sealed, needs, state, answered_at, application`

// ScanOffers are what a search offered, the newest first, without whom.
func (s *Service) ScanOffers(ctx context.Context, scan, before store.ID, limit int) ([]BenefitOffer, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	out, err := store.Select[BenefitOffer](ctx, s.Store, `SELECT `+offerColumns+` FROM benefit_offer WHERE scan = ? AND id < ? ORDER BY id DESC LIMIT ?`, int64(scan), int64(before), limit)
	for i := range out {
		out[i].Needs = strings.Fields(out[i].RawNeeds)
	}
	return out, err
}

// samePerson are the vault's entries of a person: their own, and those with the same
// identity number.
func (s *Service) samePerson(ctx context.Context, person store.ID) ([]store.ID, error) {
	if person == 0 {
		return nil, nil
	}
	own, err := s.Vault.Own(ctx, s.Store, person)
	if err != nil {
		return nil, err
	}
	out := []store.ID{person}
	if n := own[vault.IDNumber]; n != "" {
		more, err := s.Vault.Find(ctx, s.Store, vault.IDNumber, n)
		if err != nil {
			return nil, err
		}
		for _, id := range more {
			if id != person {
				out = append(out, id)
			}
		}
	}
	return out, nil
}

// OffersTo are what is offered to a person, the newest first, with what it gives.
func (s *Service) OffersTo(ctx context.Context, person store.ID) ([]BenefitOffer, error) {
	ids, err := s.samePerson(ctx, person)
	if err != nil || len(ids) == 0 {
		return []BenefitOffer{}, err
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = int64(id)
	}
	out, err := store.Select[BenefitOffer](ctx, s.Store, `SELECT `+offerColumns+` FROM benefit_offer WHERE `+store.AnyOf("person", len(args))+` ORDER BY id DESC LIMIT 50`, args...)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if err := s.openOffer(ctx, &out[i]); err != nil && !errors.Is(err, vault.ErrErased) {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) openOffer(ctx context.Context, o *BenefitOffer) error {
	o.Needs = strings.Fields(o.RawNeeds)
	if p, _ := s.Rules.InForce(o.Pack, rule.DateOf(s.Store.Now(), s.Zone())); p != nil {
		o.Name = p.Name
	}
	text, err := s.Vault.OwnText(ctx, s.Store, o.Sealed)
	if err != nil {
		return err
	}
	var e eligible
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return err
	}
	o.Grant, o.Keys = e.Grant, e.Keys
	return nil
}

// Offer is one of them, with the keys of its person, for the application that it becomes;
// store.ErrNotFound.
func (s *Service) Offer(ctx context.Context, id store.ID) (BenefitOffer, error) {
	o, err := store.Get[BenefitOffer](ctx, s.Store, `SELECT `+offerColumns+` FROM benefit_offer WHERE id = ?`, int64(id))
	if err != nil {
		return o, err
	}
	return o, s.openOffer(ctx, &o)
}

// TakeOffer ties an offer to the application that it became.
func (s *Service) TakeOffer(ctx context.Context, tx *store.Tx, offer, application store.ID) error {
	n, err := tx.Exec(ctx, `UPDATE benefit_offer SET application = ? WHERE id = ? AND application IS NULL`, application, offer)
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	return err
}

// AnswerOffer is a person's answer: confirm, decline, or opt out of all offers of the
// pack (opt_out) or of any (opt_out_all). What is confirmed becomes an application by the
// event benefit.confirmed.
func (s *Service) AnswerOffer(ctx context.Context, who account.Actor, id store.ID, answer string) error {
	persons, err := s.samePerson(ctx, who.Person)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		o, err := store.Get[BenefitOffer](ctx, tx, `SELECT `+offerColumns+` FROM benefit_offer WHERE id = ?`, int64(id))
		switch {
		case err != nil:
			return err
		case !slices.Contains(persons, o.Person):
			return store.ErrNotFound
		case o.State != "offered":
			return httpapi.Fail(http.StatusConflict, "offer_answered")
		}
		now := store.At(s.Store.Now())
		state, subject := "declined", "benefit.declined"
		switch answer {
		case "confirm":
			state, subject = "confirmed", "benefit.confirmed"
		case "opt_out", "opt_out_all":
			pack := o.Pack
			if answer == "opt_out_all" {
				pack = ""
			}
			for _, p := range persons {
				if _, err := tx.Exec(ctx, `INSERT INTO benefit_opt_out (person, pack, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, p, pack, now); err != nil {
					return err
				}
			}
		case "decline":
		default:
			return httpapi.FailField("answer", "no_such_option")
		}
		if _, err := tx.Exec(ctx, `UPDATE benefit_offer SET state = ?, answered_at = ? WHERE id = ?`, state, now, o.ID); err != nil {
			return err
		}
		return s.Bus.Emit(ctx, tx, s.Store.Now(), subject, id.String(), map[string]any{"pack": o.Pack, "item": o.Item, "person": who.Person})
	})
}

// followScans runs searches as they are asked for, until ctx ends.
func (s *Service) followScans(ctx context.Context) {
	for {
		if err := s.RunScans(ctx); err != nil && ctx.Err() == nil && s.Log != nil {
			s.Log.Error("a search for benefits could not be run", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(2 * time.Second):
		}
	}
}
