package halls

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hpke"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
	"shanzhi/systems/halls/kiosk"
)

// failDevice is told to a device that is not let in.
func failDevice(code string) error { return httpapi.Fail(http.StatusUnauthorized, code) }

// noDevice names what was not found.
func noDevice(err error, code string) error {
	switch {
	case !errors.Is(err, store.ErrNotFound):
		return err
	case code == "device_unknown":
		return failDevice(code)
	}
	return fail(code)
}

// boxKey opens what devices sealed.
func (s *Service) boxKey() (hpke.PrivateKey, error) {
	return kiosk.BoxKey(s.Keys.MAC("halls.kiosk_box"))
}

// TakeEntries takes what a device did, in its order and each once: what was taken before
// is passed over, what does not follow is not taken. A chain that was altered raises an
// alarm, and nothing more is taken until the device is enrolled anew. It returns how far
// the queue was taken.
func (s *Service) TakeEntries(ctx context.Context, x signed, entries []kiosk.QueueEntry) (int64, error) {
	box, err := s.boxKey()
	if err != nil {
		return 0, err
	}
	var upto int64
	altered := false
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		altered = false
		if err := x.take(ctx, tx); err != nil {
			return err
		}
		d, err := getDevice(ctx, tx, x.ID)
		if err != nil {
			return err
		}
		upto = d.QueueSeq
		var cut bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM hall_device_alarm WHERE device = ? AND code = 'tampered' AND cleared_at IS NULL AND raised_at >= ?)`, d.ID, d.EnrolledAt).Scan(&cut); err != nil {
			return err
		}
		if cut {
			return fail("queue_altered")
		}
		now := s.Store.Now()
		for i := range entries {
			e := &entries[i]
			if e.Seq <= upto {
				was, err := store.Get[[]byte](ctx, tx, `SELECT hash FROM hall_device_entry WHERE device = ? AND seq = ?`, d.ID, e.Seq)
				if err != nil {
					return err
				}
				if bytes.Equal(was, e.Hash) {
					continue
				}
				altered = true
			} else {
				altered = e.Seq != upto+1 || e.Check(d.PublicKey, d.QueueHash) != nil
			}
			if altered {
				if err := s.raise(ctx, tx, &d, "tampered", strconv.FormatInt(e.Seq, 10), now); err != nil {
					return err
				}
				break
			}
			note, err := s.hear(ctx, tx, &d, e, box)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO hall_device_entry (device, seq, at, kind, data, hash, sig, note, came_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, d.ID, e.Seq, e.At, e.Kind, string(e.Data), e.Hash, e.Sig, note, store.At(now)); err != nil {
				return err
			}
			if note != "" {
				if err := s.raise(ctx, tx, &d, "ledger", fmt.Sprintf("%s #%d: %s", e.Kind, e.Seq, note), now); err != nil {
					return err
				}
			}
			upto, d.QueueHash = e.Seq, e.Hash
		}
		_, err = tx.Exec(ctx, `UPDATE hall_device SET queue_seq = ?, queue_hash = ? WHERE id = ?`, upto, d.QueueHash, d.ID)
		return err
	})
	if err == nil && altered {
		err = fail("queue_altered")
	}
	return upto, err
}

// hear does what an entry says; it returns why it had no effect.
func (s *Service) hear(ctx context.Context, tx *store.Tx, d *Device, e *kiosk.QueueEntry, box hpke.PrivateKey) (string, error) {
	var plain []byte
	if len(e.Sealed) > 0 {
		var err error
		if plain, err = kiosk.Open(box, e.Sealed); err != nil {
			return "sealed", nil
		}
	}
	at := time.UnixMilli(e.At)
	switch e.Kind {
	case kiosk.PrintBegun:
		return "", nil
	case kiosk.Printed, kiosk.Wasted, kiosk.Taken:
		return s.hearSheet(ctx, tx, d, e, plain)
	case kiosk.Visit:
		var v kiosk.VisitEntry
		if json.Unmarshal(e.Data, &v) != nil || v.Grade < 0 || v.Grade > 5 {
			return "data", nil
		}
		_, err := tx.Exec(ctx, `INSERT INTO hall_visit (id, place, device, day, at, function, item, helped, grade, synthetic) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, tx.NewID(), d.Place, d.ID, s.today(at), store.At(at), clip(v.Function, 40), clip(v.Item, 60), v.Helped, v.Grade, d.Synthetic)
		return "", err
	case kiosk.CallBack:
		var in kiosk.Asked
		if json.Unmarshal(plain, &in) != nil || !strings.HasPrefix(in.Phone, "1") || len(in.Phone) != 11 {
			return "data", nil
		}
		return "", s.call(ctx, tx, d, "call_back", in.What, in.Phone)
	}
	return "kind", nil
}

func clip(s string, n int) string {
	r := []rune(s)
	return string(r[:min(len(r), n)])
}

// HelpCall is somebody at a device who asks for help, or to be called back.
type HelpCall struct {
	ID     store.ID   `bun:"id" json:"id"`
	Place  string     `bun:"place" json:"place"`
	Device store.ID   `bun:"device" json:"device"`
	Kind   string     `bun:"kind" json:"kind" enum:"help,call_back"`
	What   string     `bun:"what" json:"what" doc:"Masked"`
	Person store.ID   `bun:"person" json:"-"`
	Phone  string     `bun:"phone" json:"phone,omitempty" doc:"Masked, but to who takes it"`
	At     store.Time `bun:"at" json:"at"`
	DoneAt store.Time `bun:"done_at" json:"done_at,omitzero"`
}

// call writes that somebody needs a person, and tells the helpers of the place.
func (s *Service) call(ctx context.Context, tx *store.Tx, d *Device, kind, what, phone string) error {
	now := s.Store.Now()
	var person store.ID
	if phone != "" {
		var err error
		if person, err = s.Vault.NewPerson(ctx, tx, vault.Identity{vault.Phone: phone}); err != nil {
			return err
		}
	}
	id := tx.NewID()
	if _, err := tx.Exec(ctx, `INSERT INTO hall_call (id, place, device, kind, what, person, phone, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, id, d.Place, d.ID, kind, text.Mask(clip(what, 200)), orNone(person), vault.MaskPhone(phone), store.At(now)); err != nil {
		return err
	}
	p, _ := s.placeOf(d.Place)
	words := map[string]string{"no": d.Code, "title": d.Name, "unit": cmp.Or(p.Name.In("zh"), d.Place), "reason": text.Mask(clip(what, 40))}
	for _, role := range []string{"station_keeper", "greeter"} {
		for _, desk := range s.desksAbove(role, d.Unit) {
			if err := s.Notices.Tell(ctx, tx, notice.Note{Name: "station_" + kind, Desk: desk, About: "call/" + id.String(), Link: "/desk/stations", Words: words}); err != nil {
				return err
			}
		}
	}
	return nil
}

// CallHelper calls the helper of a place to a device (呼叫帮办). A video call, where the
// district has one, is asked of another system by the same event.
func (s *Service) CallHelper(ctx context.Context, x signed, what string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := x.take(ctx, tx); err != nil {
			return err
		}
		var open bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM hall_call WHERE device = ? AND kind = 'help' AND done_at IS NULL AND at > ?)`, x.ID, store.At(s.Store.Now().Add(-3*time.Minute))).Scan(&open); err != nil || open {
			return err
		}
		if err := s.call(ctx, tx, &x.Device, "help", what, ""); err != nil {
			return err
		}
		return s.Bus.Emit(ctx, tx, s.Store.Now(), System+".help_called", x.ID.String(), map[string]any{"place": x.Place})
	})
}

// HelpCalls are those of a place, the open first.
func (s *Service) HelpCalls(ctx context.Context, place string) ([]HelpCall, error) {
	rows, err := store.Select[HelpCall](ctx, s.Store, `SELECT id, place, device, kind, what, COALESCE(person, 0) AS person, phone, at, done_at FROM hall_call WHERE place = ? ORDER BY CASE WHEN done_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT 60`, place)
	return append([]HelpCall{}, rows...), err
}

// TakeCall says that the caller dealt with it, and gives the phone to call, which is
// recorded.
func (s *Service) TakeCall(ctx context.Context, who account.Actor, id store.ID) (HelpCall, error) {
	var c HelpCall
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if c, err = store.Get[HelpCall](ctx, tx, `SELECT id, place, device, kind, what, COALESCE(person, 0) AS person, phone, at, done_at FROM hall_call WHERE id = ?`, id); err != nil {
			return err
		}
		p, ok := s.placeOf(c.Place)
		if !ok || !slices.ContainsFunc(stationRoles, func(r string) bool { return who.Has(r, p.Unit) }) {
			return store.ErrNotFound
		}
		if !c.DoneAt.IsZero() {
			return fail("call_taken")
		}
		c.DoneAt = store.At(s.Store.Now())
		n, err := tx.Exec(ctx, `UPDATE hall_call SET done_at = ?, done_by = ? WHERE id = ? AND done_at IS NULL`, c.DoneAt, who.Account, id)
		if err == nil && n == 0 {
			err = fail("call_taken")
		}
		if err != nil || c.Person == 0 {
			return err
		}
		shown, err := s.Vault.Reveal(ctx, tx, c.Person, vault.Access{Actor: who.Account, Unit: who.Unit, Reason: "自助终端留言回电", Object: "call/" + id.String()}, vault.Phone)
		c.Phone = shown[vault.Phone]
		return err
	})
	return c, err
}

// Face is what the face of a device in its browser needs.
type Face struct {
	Device    string     `json:"device"`
	Code      string     `json:"code"`
	Name      string     `json:"name"`
	Place     string     `json:"place"`
	PlaceName Text       `json:"place_name"`
	Hall      string     `json:"hall,omitempty" doc:"Where numbers are taken"`
	Key       string     `json:"key,omitempty" doc:"Of the hall's kiosk"`
	Phone     string     `json:"phone,omitempty"`
	Functions []HallWord `json:"functions"`
	Items     []FaceItem `json:"items"`
	Series    []string   `json:"series" doc:"Types of licences that it has blank sheets for"`
}

// FaceItem is a service item that one may do by oneself at the device.
type FaceItem struct {
	ID   string `json:"id"`
	Code string `json:"code"`
	Name string `json:"name"`
}

// SelfItems is what halls ask of the system that keeps service items: those that are
// flagged to be done at devices (自助办) on a day.
type SelfItems interface {
	SelfServiceItems(ctx context.Context, day string) ([]FaceItem, error)
}

// FaceOf is what a device offers now.
func (s *Service) FaceOf(ctx context.Context, x signed) (Face, error) {
	p, ok := s.placeOf(x.Place)
	if !ok {
		return Face{}, store.ErrNotFound
	}
	out := Face{Device: x.ID.String(), Code: x.Code, Name: x.Name, Place: x.Place, PlaceName: p.Name, Functions: []HallWord{}, Items: []FaceItem{}, Series: []string{}}
	if p.Hall != nil {
		out.Hall, out.Key, out.Phone = p.Hall.Code, s.kioskKey(p.Hall.Code), p.Hall.Phone
	} else {
		out.Phone = p.Station.Phone
	}
	for _, f := range s.book.Load().devices.Functions {
		if x.has(f.Code) && (f.Code != "ticket" || p.Hall != nil) {
			out.Functions = append(out.Functions, f)
		}
	}
	var err error
	if out.Items, err = s.itemsOf(ctx, &x.Device); err != nil {
		return out, err
	}
	out.Series, err = store.Select[string](ctx, s.Store, `SELECT DISTINCT series FROM hall_sheet WHERE device = ? AND state = 'loaded' ORDER BY series`, x.ID)
	if out.Series == nil {
		out.Series = []string{}
	}
	return out, err
}

// itemsOf are the items that may be done at a device: those that are flagged so, and
// that it was given, if it was given any.
func (s *Service) itemsOf(ctx context.Context, d *Device) ([]FaceItem, error) {
	out := []FaceItem{}
	if s.Items == nil || !d.has("apply") {
		return out, nil
	}
	all, err := s.Items.SelfServiceItems(ctx, s.today(s.Store.Now()))
	given := list(d.Items)
	for _, i := range all {
		if len(given) == 0 || slices.Contains(given, i.Code) {
			out = append(out, i)
		}
	}
	return out, err
}
