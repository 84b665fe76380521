package halls

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/retain"
	"shanzhi/core/store"
	"shanzhi/core/subject"
	"shanzhi/core/vault"
	"shanzhi/systems/halls/kiosk"
)

// Licences is what halls ask of the system that issues licences: cmd/shanzhi wires it.
type Licences interface {
	// LicenceToCollect is a licence with who holds it and what is printed on it, in
	// clear; store.ErrNotFound where there is none.
	LicenceToCollect(ctx context.Context, id store.ID) (LicencePaper, error)
}

// LicencePaper is a licence as it is printed. It is never kept.
type LicencePaper struct {
	ID, Case, Person store.ID
	Type, No, Token  string
	Name             Text
	Usable           bool   // valid today
	Holder, IDNumber string // the holder: of an enterprise, its legal representative (法定代表人)
	Lines            []kiosk.PrintLine
}

// Faces compares two pictures of a face: how alike they are, from 0 to 1.
type Faces interface {
	Alike(ctx context.Context, card, live []byte) (float64, error)
}

// Pickup is a licence that waits to be picked up at a device (自助领证).
type Pickup struct {
	ID         store.ID   `bun:"id" json:"id"`
	Digest     []byte     `bun:"digest" json:"-"`
	Sealed     []byte     `bun:"sealed" json:"-"`
	Code       string     `bun:"-" json:"code,omitempty" doc:"For the holder alone"`
	Licence    store.ID   `bun:"licence" json:"licence"`
	Case       store.ID   `bun:"matter" json:"-"`
	Person     store.ID   `bun:"person" json:"-"`
	Type       string     `bun:"type" json:"-"`
	NameText   string     `bun:"name" json:"-"`
	Name       Text       `bun:"-" json:"name"`
	No         string     `bun:"no" json:"no"`
	State      string     `bun:"state" json:"state" enum:"ready,checked,printing,printed,picked,locked,counter,cancelled"`
	Seq        int        `bun:"seq" json:"version"`
	Tries      int        `bun:"tries" json:"tries" doc:"Times that somebody else tried"`
	Prints     int        `bun:"prints" json:"prints"`
	Device     store.ID   `bun:"device" json:"-"`
	Series     string     `bun:"series" json:"-"`
	Sheet      int64      `bun:"sheet" json:"-"`
	ByAgent    bool       `bun:"by_agent" json:"by_agent"`
	CheckedAt  store.Time `bun:"checked_at" json:"-"`
	PickedAt   store.Time `bun:"picked_at" json:"picked_at,omitzero"`
	ExpiresAt  store.Time `bun:"expires_at" json:"expires_at"`
	AgentMAC   []byte     `bun:"agent_mac" json:"-"`
	AgentName  string     `bun:"agent_name" json:"agent,omitempty" doc:"Masked: whom the holder sends (经办人)"`
	AgentText  store.ID   `bun:"agent_text" json:"-"`
	AgentUntil store.Time `bun:"agent_until" json:"agent_until,omitzero"`
	At         store.Time `bun:"at" json:"at"`
}

const pickupColumns = `id, digest, sealed, licence, matter, person, type, name, no, state, seq, tries, prints, COALESCE(device, 0) AS device, series, sheet, by_agent, checked_at, picked_at, expires_at, agent_mac, agent_name, COALESCE(agent_text, 0) AS agent_text, agent_until, at`

// pickupLaws are what may become of a pickup; all else is refused.
var pickupLaws = map[string]struct {
	from []string
	to   string
}{
	"name_agent": {[]string{"ready"}, "ready"},
	"cancel":     {[]string{"ready", "locked", "counter"}, "cancelled"},
	"check":      {[]string{"ready", "checked"}, "checked"},
	"refuse":     {[]string{"ready", "checked"}, "ready"}, // somebody else
	"lock":       {[]string{"ready", "checked"}, "locked"},
	"print":      {[]string{"checked"}, "printing"},
	"printed":    {[]string{"printing"}, "printed"},
	"waste":      {[]string{"printing", "printed"}, "ready"},
	"give_up":    {[]string{"printing", "printed"}, "counter"}, // as many sheets as it may have were wasted
	"picked":     {[]string{"printed"}, "picked"},
}

// act does one action with a pickup: history first, then the row. change sets what else
// is different.
func (s *Service) actPickup(ctx context.Context, tx *store.Tx, p *Pickup, who account.Actor, device store.ID, action string, data any, change func(*Pickup)) error {
	law, ok := pickupLaws[action]
	if !ok || !slices.Contains(law.from, p.State) {
		return fail("pickup_state")
	}
	was, now := p.Seq, s.Store.Now()
	p.State, p.Seq = law.to, p.Seq+1
	if change != nil {
		change(p)
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE hall_pickup SET state = ?, seq = ?, tries = ?, prints = ?, device = ?, series = ?, sheet = ?, by_agent = ?, checked_at = ?, picked_at = ?, agent_mac = ?, agent_name = ?, agent_text = ?, agent_until = ? WHERE id = ? AND seq = ?`,
		p.State, p.Seq, p.Tries, p.Prints, orNone(p.Device), p.Series, p.Sheet, p.ByAgent, p.CheckedAt, p.PickedAt, p.AgentMAC, p.AgentName, orNone(p.AgentText), p.AgentUntil, p.ID, was)
	if err == nil && n == 0 {
		err = httpapi.Fail(409, "conflict")
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO hall_pickup_event (pickup, seq, at, actor, device, action, data) VALUES (?, ?, ?, ?, ?, ?, ?)`, p.ID, p.Seq, store.At(now), orNone(who.Account), orNone(device), action, string(raw)); err != nil {
		return err
	}
	return s.Bus.Emit(ctx, tx, now, System+".pickup_"+action, p.ID.String(), map[string]any{"licence": p.Licence, "state": p.State})
}

func (s *Service) pickup(p Pickup) Pickup {
	_ = json.Unmarshal([]byte(p.NameText), &p.Name)
	return p
}

// OpenPickup makes the code with which the holder picks a licence up at a device, once.
func (s *Service) OpenPickup(ctx context.Context, who account.Actor, licence store.ID) (Pickup, error) {
	paper, err := s.Licences.LicenceToCollect(ctx, licence)
	if err != nil {
		return Pickup{}, err
	}
	r := &s.book.Load().devices
	switch {
	case who.Person == 0 || paper.Person != who.Person:
		return Pickup{}, store.ErrNotFound
	case !paper.Usable:
		return Pickup{}, fail("pickup_revoked")
	case r.seriesFor(paper.Type) == nil:
		return Pickup{}, fail("pickup_none")
	case paper.IDNumber == "":
		return Pickup{}, fail("pickup_unnamed")
	}
	name, err := json.Marshal(paper.Name)
	if err != nil {
		return Pickup{}, err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
	if err != nil {
		return Pickup{}, err
	}
	code := fmt.Sprintf("%08d", n.Int64())
	var p Pickup
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := s.Store.Now()
		id := tx.NewID()
		sealed, err := s.Keys.Seal([]byte(code), "pickup/"+id.String())
		if err != nil {
			return err
		}
		p = Pickup{ID: id, Digest: s.pickupDigest(code), Sealed: sealed, Code: code, Licence: licence, Case: paper.Case, Person: paper.Person, Type: paper.Type, NameText: string(name), Name: paper.Name, No: paper.No, State: "ready", Seq: 1, ExpiresAt: store.At(now.AddDate(0, 0, r.Pickup.Days)), At: store.At(now)}
		made, err := tx.Exec(ctx, `INSERT INTO hall_pickup (id, digest, sealed, licence, matter, person, type, name, no, state, seq, tries, prints, series, sheet, by_agent, expires_at, agent_name, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'ready', 1, 0, 0, '', 0, ?, ?, '', ?) ON CONFLICT (licence) WHERE state <> 'cancelled' DO NOTHING`,
			id, p.Digest, sealed, licence, p.Case, p.Person, p.Type, p.NameText, p.No, false, p.ExpiresAt, p.At)
		if err == nil && made == 0 {
			err = fail("pickup_have")
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO hall_pickup_event (pickup, seq, at, actor, action, data) VALUES (?, 1, ?, ?, 'open', '{}')`, id, p.At, orNone(who.Account)); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, 200, p)
	})
	return p, err
}

func (s *Service) pickupDigest(code string) []byte { return s.Keys.MAC("halls.pickup", code) }

// OwnPickups are the caller's, the newest first, with their codes.
func (s *Service) OwnPickups(ctx context.Context, who account.Actor) ([]Pickup, error) {
	out := []Pickup{}
	if who.Person == 0 {
		return out, nil
	}
	rows, err := store.Select[Pickup](ctx, s.Store, `SELECT `+pickupColumns+` FROM hall_pickup WHERE person = ? ORDER BY id DESC LIMIT 50`, int64(who.Person))
	for _, p := range rows {
		if p.State == "ready" || p.State == "checked" {
			code, err := s.Keys.Open(p.Sealed, "pickup/"+p.ID.String())
			if err != nil {
				return nil, err
			}
			p.Code = string(code)
		}
		out = append(out, s.pickup(p))
	}
	return out, err
}

func (s *Service) ownPickup(ctx context.Context, q store.Querier, who account.Actor, id store.ID) (Pickup, error) {
	p, err := store.Get[Pickup](ctx, q, `SELECT `+pickupColumns+` FROM hall_pickup WHERE id = ?`, id)
	if err == nil && (who.Person == 0 || p.Person != who.Person) {
		err = store.ErrNotFound
	}
	return p, err
}

// NameAgent says whom the holder sends (授权经办人): the last one named holds.
func (s *Service) NameAgent(ctx context.Context, who account.Actor, id store.ID, name, idNumber string, days int) (Pickup, error) {
	name, idNumber = strings.TrimSpace(name), strings.ToUpper(strings.TrimSpace(idNumber))
	if name == "" {
		return Pickup{}, failField("name")
	}
	if subject.CheckIDNumber(idNumber) != nil {
		return Pickup{}, httpapi.FailField("id_number", "not_cn_id")
	}
	var p Pickup
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if p, err = s.ownPickup(ctx, tx, who, id); err != nil {
			return err
		}
		raw, _ := json.Marshal(map[string]string{"name": name, "id_number": idNumber})
		said, err := s.Vault.PutText(ctx, tx, p.Person, "pickup/"+id.String(), string(raw))
		if err != nil {
			return err
		}
		return s.actPickup(ctx, tx, &p, who, 0, "name_agent", map[string]any{"days": days}, func(p *Pickup) {
			p.AgentMAC, p.AgentName, p.AgentText = s.Keys.MAC("halls.pickup_agent", name, idNumber), vault.MaskName(name), said
			p.AgentUntil = store.At(s.Store.Now().AddDate(0, 0, days))
		})
	})
	return s.pickup(p), err
}

// CancelPickup takes the code back; another may be made.
func (s *Service) CancelPickup(ctx context.Context, who account.Actor, id store.ID) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := s.ownPickup(ctx, tx, who, id)
		if err != nil {
			return err
		}
		return s.actPickup(ctx, tx, &p, who, 0, "cancel", nil, nil)
	})
}

// Presented is who stands at a device: the code they have, what their card says, and
// what the camera sees.
type Presented struct {
	Code     string `json:"code" minLength:"6" maxLength:"64"`
	Name     string `json:"name" minLength:"1" maxLength:"60" doc:"As the card says"`
	IDNumber string `json:"id_number" minLength:"6" maxLength:"40"`
	Portrait []byte `json:"portrait" doc:"On the card; it is not kept"`
	Live     []byte `json:"live" doc:"Of the camera; it is not kept"`
}

// PickupFound is what somebody who was found to be entitled sees.
type PickupFound struct {
	Pickup string   `json:"pickup"`
	Name   Text     `json:"name"`
	No     string   `json:"no"`
	Holder string   `json:"holder" doc:"Masked"`
	Agent  bool     `json:"agent" doc:"Who stands there is the agent (经办人)"`
	Alike  *float64 `json:"alike,omitempty"`
}

// CheckPickup says whether who stands at a device may have the licence: its holder (of an
// enterprise the legal representative), or the agent whom the holder named. Somebody else
// is refused and counted; the third time it is locked, and the holder is told.
func (s *Service) CheckPickup(ctx context.Context, x signed, in Presented) (PickupFound, error) {
	r := &s.book.Load().devices
	var out PickupFound
	if err := s.alone(ctx, &x); err != nil {
		return out, err
	}
	if !x.has("licence") {
		return out, fail("pickup_none")
	}
	p, err := store.Get[Pickup](ctx, s.Store, `SELECT `+pickupColumns+` FROM hall_pickup WHERE digest = ?`, s.pickupDigest(strings.TrimSpace(in.Code)))
	if err != nil {
		return out, noDevice(err, "pickup_code")
	}
	now := s.Store.Now()
	switch {
	case p.State == "picked":
		return out, fail("pickup_had")
	case p.State == "locked":
		return out, fail("pickup_locked")
	case p.State == "counter":
		return out, fail("pickup_counter")
	case p.State == "printing" || p.State == "printed":
		return out, fail("pickup_busy")
	case p.State == "cancelled" || now.After(p.ExpiresAt.Time):
		return out, fail("pickup_code")
	}
	paper, err := s.Licences.LicenceToCollect(ctx, p.Licence)
	if err != nil {
		return out, err
	}
	if !paper.Usable {
		return out, fail("pickup_revoked")
	}
	name, number := strings.TrimSpace(in.Name), strings.ToUpper(strings.TrimSpace(in.IDNumber))
	holder := name == paper.Holder && number == strings.ToUpper(paper.IDNumber)
	agent := !holder && len(p.AgentMAC) > 0 && now.Before(p.AgentUntil.Time) && slices.Equal(p.AgentMAC, s.Keys.MAC("halls.pickup_agent", name, number))
	why, alike := "pickup_person", 0.0
	if holder || agent {
		why = ""
		if s.Faces != nil {
			if alike, err = s.Faces.Alike(ctx, in.Portrait, in.Live); err != nil {
				return out, httpapi.Fail(503, "pickup_face_off")
			}
			out.Alike = &alike
			if alike < r.Pickup.Face {
				why = "pickup_face"
			}
		}
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err = store.Get[Pickup](ctx, tx, `SELECT `+pickupColumns+` FROM hall_pickup WHERE id = ?`, p.ID)
		if err != nil {
			return err
		}
		if why == "" {
			return s.actPickup(ctx, tx, &p, account.Actor{}, x.ID, "check", map[string]any{"agent": agent, "alike": alike}, func(p *Pickup) {
				p.Device, p.ByAgent, p.CheckedAt = x.ID, agent, store.At(now)
			})
		}
		action := "refuse"
		if p.Tries+1 >= r.Pickup.Tries {
			action = "lock"
		}
		if err := s.actPickup(ctx, tx, &p, account.Actor{}, x.ID, action, map[string]any{"why": why}, func(p *Pickup) { p.Tries++ }); err != nil {
			return err
		}
		if action == "lock" {
			why = "pickup_locked"
			return s.tellHolder(ctx, tx, &p, "pickup_locked")
		}
		return nil
	})
	if err == nil && why != "" {
		err = fail(why)
	}
	if err != nil {
		return PickupFound{}, err
	}
	out.Pickup, out.Name, out.No, out.Holder, out.Agent = p.ID.String(), paper.Name, paper.No, vault.MaskName(paper.Holder), agent
	return out, nil
}

func (s *Service) tellHolder(ctx context.Context, tx *store.Tx, p *Pickup, name string) error {
	title := s.pickup(*p).Name.In("zh")
	return s.Notices.Tell(ctx, tx, notice.Note{Name: name, Person: p.Person, About: "pickup/" + p.ID.String(), Link: "/pickups", Words: map[string]string{"no": p.No, "title": title, "unit": s.placeName(ctx, tx, p.Device)}})
}

func (s *Service) placeName(ctx context.Context, q store.Querier, device store.ID) string {
	d, err := getDevice(ctx, q, device)
	if err != nil {
		return ""
	}
	p, _ := s.placeOf(d.Place)
	return p.Name.In("zh")
}

// PrintPickup takes the next blank sheet of the tray for the licence of who was checked
// at this device a moment ago, and answers what is to be printed on it.
func (s *Service) PrintPickup(ctx context.Context, x signed, id store.ID) (kiosk.PrintJob, error) {
	r := &s.book.Load().devices
	var job kiosk.PrintJob
	p, err := store.Get[Pickup](ctx, s.Store, `SELECT `+pickupColumns+` FROM hall_pickup WHERE id = ?`, id)
	if err != nil {
		return job, err
	}
	paper, err := s.Licences.LicenceToCollect(ctx, p.Licence)
	if err != nil {
		return job, err
	}
	series := r.seriesFor(paper.Type)
	if series == nil {
		return job, fail("pickup_none")
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := x.take(ctx, tx); err != nil {
			return err
		}
		now := s.Store.Now()
		if p, err = store.Get[Pickup](ctx, tx, `SELECT `+pickupColumns+` FROM hall_pickup WHERE id = ?`, id); err != nil {
			return err
		}
		switch {
		case !paper.Usable:
			return fail("pickup_revoked")
		case p.State != "checked" || p.Device != x.ID:
			return fail("pickup_state")
		case now.Sub(p.CheckedAt.Time) > time.Duration(r.Pickup.Within):
			return fail("pickup_again")
		case p.Prints >= r.Pickup.Prints:
			return fail("pickup_counter")
		}
		var no int64
		no, err = store.Get[int64](ctx, tx, `SELECT no FROM hall_sheet WHERE device = ? AND series = ? AND state = 'loaded' ORDER BY no LIMIT 1`, x.ID, series.Code)
		if err != nil {
			return noDevice(err, "sheets_none")
		}
		if err := moveSheet(ctx, tx, series.Code, no, x.ID, p.ID, "begin", "", now); err != nil {
			return err
		}
		job = kiosk.PrintJob{Pickup: id.String(), Series: series.Code, No: no, Serial: series.serial(no), Title: paper.Name.In("zh"), Lines: paper.Lines, Token: paper.Token}
		return s.actPickup(ctx, tx, &p, account.Actor{}, x.ID, "print", map[string]any{"serial": job.Serial}, func(p *Pickup) {
			p.Series, p.Sheet = series.Code, no
			p.Prints++
		})
	})
	return job, err
}

// hearSheet takes what a device says of a print: begun, ended well, wasted, taken. It
// returns why it had no effect, for the account to show.
func (s *Service) hearSheet(ctx context.Context, tx *store.Tx, d *Device, e *kiosk.QueueEntry, sealed []byte) (why string, err error) {
	var in kiosk.SheetEntry
	if json.Unmarshal(e.Data, &in) != nil {
		return "data", nil
	}
	id, err := store.ParseID(in.Pickup)
	if err != nil {
		return "pickup", nil
	}
	p, err := store.Get[Pickup](ctx, tx, `SELECT `+pickupColumns+` FROM hall_pickup WHERE id = ?`, id)
	if errors.Is(err, store.ErrNotFound) {
		return "pickup", nil
	}
	if err != nil {
		return "", err
	}
	if p.Device != d.ID || p.Series != in.Series || p.Sheet != in.No {
		return "other sheet", nil
	}
	now, r := s.Store.Now(), &s.book.Load().devices
	step := func(sheet, action string, change func(*Pickup)) error {
		if !slices.Contains(pickupLaws[action].from, p.State) {
			why = "state " + p.State
			return nil
		}
		if sheet != "" {
			if row, err := store.Get[sheetRow](ctx, tx, `SELECT `+sheetColumns+` FROM hall_sheet WHERE series = ? AND no = ?`, in.Series, in.No); err != nil {
				return err
			} else if !slices.Contains(sheetLaws[sheet].from, row.State) {
				why = "sheet " + string(row.State)
				return nil
			}
			if err := moveSheet(ctx, tx, in.Series, in.No, d.ID, p.ID, sheet, in.Reason, now); err != nil {
				return err
			}
		}
		return s.actPickup(ctx, tx, &p, account.Actor{}, d.ID, action, map[string]any{"serial": s.serialOf(in.Series, in.No), "reason": in.Reason}, change)
	}
	switch e.Kind {
	case kiosk.Printed:
		err = step("use", "printed", nil)
	case kiosk.Wasted:
		action := "waste"
		if p.Prints >= r.Pickup.Prints {
			action = "give_up"
		}
		sheet := "waste"
		if p.State == "printed" {
			sheet = "void"
		}
		err = step(sheet, action, func(p *Pickup) { p.Series, p.Sheet = "", 0 })
		if err == nil && why == "" && action == "give_up" {
			err = s.tellHolder(ctx, tx, &p, "pickup_counter")
		}
		if err == nil && why == "" {
			err = s.keepEvidence(ctx, tx, &p, "wasted", sealed, in.Log)
		}
	case kiosk.Taken:
		err = step("", "picked", func(p *Pickup) { p.PickedAt = store.At(now) })
		if err == nil && why == "" {
			err = s.keepEvidence(ctx, tx, &p, "taken", sealed, in.Log)
		}
		if err == nil && why == "" {
			err = s.tellHolder(ctx, tx, &p, "pickup_picked")
		}
	}
	return why, err
}

// keepEvidence seals photos under the holder's key.
func (s *Service) keepEvidence(ctx context.Context, tx *store.Tx, p *Pickup, kind string, plain, log []byte) error {
	var photos kiosk.Photos
	if len(plain) == 0 || json.Unmarshal(plain, &photos) != nil {
		return nil
	}
	for _, photo := range photos.Photos {
		id, sum := tx.NewID(), sha256.Sum256(photo)
		sealed, err := s.Vault.Seal(ctx, tx, p.Person, "evidence/"+id.String(), photo)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO hall_pickup_evidence (id, pickup, matter, person, kind, sealed, sum, log, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, p.ID, p.Case, p.Person, kind, sealed, sum[:], append([]byte{}, log...), store.At(s.Store.Now())); err != nil {
			return err
		}
	}
	return nil
}

// Evidence is the retain.Kind of photos that no one attended: a key is a pickup.
type Evidence struct{ *Service }

// Due implements retain.Kind.
func (k Evidence) Due(ctx context.Context, q store.Querier, before time.Time, limit int) ([]retain.Item, error) {
	rows, err := store.Select[retain.Item](ctx, q, `SELECT CAST(e.matter AS TEXT) AS key, max(e.at) AS since FROM hall_pickup_evidence e WHERE NOT EXISTS (SELECT 1 FROM retain_hold h WHERE h.matter = e.matter AND h.released_at IS NULL) AND NOT EXISTS (SELECT 1 FROM matter m WHERE m.id = e.matter AND m.open)
		GROUP BY e.matter HAVING max(e.at) < ? ORDER BY 2, 1 LIMIT ?`, store.At(before), limit)
	return rows, err
}

// Destroy implements retain.Kind.
func (Evidence) Destroy(ctx context.Context, tx *store.Tx, key string, _ vault.Access) error {
	id, err := store.ParseID(key)
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM hall_pickup_evidence WHERE matter = ?`, id)
	}
	return err
}

// EvidencePhoto is one photo of a pickup, for who may look at it with a reason that the
// holder can see.
func (s *Service) EvidencePhoto(ctx context.Context, who account.Actor, id store.ID, n int, reason string) ([]byte, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, vault.ErrNoReason
	}
	type row struct {
		ID, Pickup, Person, Device store.ID
		Sealed                     []byte
	}
	rows, err := store.Select[row](ctx, s.Store, `SELECT e.id, e.pickup, e.person, COALESCE(p.device, 0) AS device, e.sealed FROM hall_pickup_evidence e JOIN hall_pickup p ON p.id = e.pickup WHERE e.pickup = ? ORDER BY e.id`, id)
	if err != nil {
		return nil, err
	}
	if n < 0 || n >= len(rows) {
		return nil, store.ErrNotFound
	}
	if _, err := s.deviceFor(ctx, s.Store, who, rows[n].Device, operators...); err != nil {
		return nil, err
	}
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := s.Vault.Reveal(ctx, tx, rows[n].Person, vault.Access{Actor: who.Account, Unit: who.Unit, Reason: reason, Object: "pickup/" + id.String()}, "photo")
		return err
	}); err != nil {
		return nil, err
	}
	return s.Vault.Unseal(ctx, s.Store, rows[n].Person, "evidence/"+rows[n].ID.String(), rows[n].Sealed)
}
