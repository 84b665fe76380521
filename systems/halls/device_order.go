package halls

import (
	"context"
	"encoding/binary"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// DeviceCommand is an order to a device: by whom, why, and what became of it.
type DeviceCommand struct {
	ID        store.ID   `bun:"id" json:"id"`
	Device    store.ID   `bun:"device" json:"-"`
	Kind      string     `bun:"kind" json:"kind" enum:"lock,unlock,restart,message"`
	Text      string     `bun:"text" json:"text,omitempty"`
	Reason    string     `bun:"reason" json:"reason"`
	By        string     `bun:"by_name" json:"by"`
	At        store.Time `bun:"at" json:"at"`
	ExpiresAt store.Time `bun:"expires_at" json:"expires_at"`
	SentAt    store.Time `bun:"sent_at" json:"sent_at,omitzero"`
	AckedAt   store.Time `bun:"acked_at" json:"acked_at,omitzero"`
	Done      *bool      `bun:"done" json:"done,omitempty"`
	Note      string     `bun:"note" json:"note,omitempty"`
	State     string     `bun:"-" json:"state" enum:"waiting,sent,done,failed,expired"`
}

// stand says how an order stands; it is not kept.
func (c *DeviceCommand) stand(now time.Time) {
	switch {
	case c.Done != nil && *c.Done:
		c.State = "done"
	case c.Done != nil:
		c.State = "failed"
	case !now.Before(c.ExpiresAt.Time):
		c.State = "expired"
	case !c.SentAt.IsZero():
		c.State = "sent"
	default:
		c.State = "waiting"
	}
}

// OrderDevice asks something of a device. It hears of it at its next beat; after some
// minutes the order is void, so that a machine that comes back in the night does not do
// what was meant for noon.
func (s *Service) OrderDevice(ctx context.Context, who account.Actor, id store.ID, kind, text, reason string) (DeviceCommand, error) {
	var c DeviceCommand
	text, reason = strings.TrimSpace(text), strings.TrimSpace(reason)
	if reason == "" {
		return c, failField("reason")
	}
	if kind == "message" && text == "" {
		return c, failField("text")
	}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := s.deviceFor(ctx, tx, who, id, operators...)
		if err != nil {
			return err
		}
		if d.State != "enrolled" {
			return fail("device_state")
		}
		now := s.Store.Now()
		c = DeviceCommand{ID: tx.NewID(), Device: id, Kind: kind, Text: text, Reason: reason, By: who.Name, At: store.At(now), ExpiresAt: store.At(now.Add(time.Duration(s.book.Load().devices.Command)))}
		c.stand(now)
		if _, err := tx.Exec(ctx, `INSERT INTO hall_device_command (id, device, kind, text, reason, actor, at, expires_at, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')`, c.ID, id, kind, text, reason, who.Account, c.At, c.ExpiresAt); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "halls.device_order", Object: "device/" + id.String(), Reason: reason}, map[string]any{"kind": kind})
	})
	return c, err
}

// DeviceRelease is a version that a share of the fleet is to run.
type DeviceRelease struct {
	ID      store.ID   `bun:"id" json:"id"`
	Version string     `bun:"version" json:"version"`
	Share   int        `bun:"share" json:"share" doc:"Of a hundred devices"`
	State   string     `bun:"state" json:"state" enum:"rolling,halted"`
	Reason  string     `bun:"reason" json:"reason,omitempty"`
	At      store.Time `bun:"at" json:"at"`
	Running int        `bun:"-" json:"running" doc:"Devices that run it"`
	Faulty  int        `bun:"-" json:"faulty" doc:"Of those, with a fault since it was released"`
}

const releaseQuery = `SELECT id, version, share, state, reason, at FROM hall_device_release ORDER BY id DESC`

// bucket spreads devices over a hundred, anew for each release.
func bucket(release, device store.ID) int {
	h := fnv.New64a()
	_ = binary.Write(h, binary.BigEndian, [2]int64{int64(release), int64(device)})
	return int(h.Sum64() % 100)
}

// wanted is the version that a device is to run: the newest release that has reached it.
// One that was halted goes no further, and is not taken from those that run it.
func wanted(newestFirst []DeviceRelease, device store.ID, runs string) string {
	for _, r := range newestFirst {
		if r.Version == runs || r.State == "rolling" && bucket(r.ID, device) < r.Share {
			return r.Version
		}
	}
	return ""
}

// Release lets a share of the fleet run a version; a share only grows, unless it is
// halted. It goes on after a halt only with a reason.
func (s *Service) Release(ctx context.Context, who account.Actor, version string, share int, halt bool, reason string) error {
	version, reason = strings.TrimSpace(version), strings.TrimSpace(reason)
	if !who.Has("device_operator", s.Dir.Tree().Root()) {
		return httpapi.Fail(http.StatusForbidden, "fleet_wide")
	}
	if version == "" || strings.ContainsAny(version, " \t") {
		return failField("version")
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		have, err := store.Select[DeviceRelease](ctx, tx, releaseQuery)
		if err != nil {
			return err
		}
		state := "rolling"
		if halt {
			state = "halted"
		}
		if r := find(have, func(r *DeviceRelease) bool { return r.Version == version }); r != nil {
			switch {
			case (halt || r.State == "halted") && reason == "":
				return failField("reason")
			case !halt && share < r.Share:
				return failField("share")
			case halt:
				share = r.Share
			}
			if _, err := tx.Exec(ctx, `UPDATE hall_device_release SET share = ?, state = ?, reason = ? WHERE id = ?`, share, state, reason, r.ID); err != nil {
				return err
			}
		} else if halt {
			return store.ErrNotFound
		} else if _, err := tx.Exec(ctx, `INSERT INTO hall_device_release (id, version, share, state, reason, actor, at) VALUES (?, ?, ?, 'rolling', ?, ?, ?)`, tx.NewID(), version, share, reason, who.Account, now); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "halls.device_release", Object: "release/" + version, Reason: reason}, map[string]any{"share": share, "halt": halt})
	})
}

// Releases are all of them, the newest first, with how they do.
func (s *Service) Releases(ctx context.Context, q store.Querier) ([]DeviceRelease, error) {
	out, err := store.Select[DeviceRelease](ctx, q, releaseQuery)
	for i := range out {
		r := &out[i]
		if err == nil {
			err = q.QueryRow(ctx, `SELECT count(*), count(CASE WHEN EXISTS (SELECT 1 FROM hall_device_alarm a WHERE a.device = d.id AND a.code LIKE 'fault:%' AND a.raised_at >= ?) THEN 1 END) FROM hall_device d WHERE d.state = 'enrolled' AND d.version = ?`, r.At, r.Version).Scan(&r.Running, &r.Faulty)
		}
	}
	return out, err
}

// watchReleases halts a roll-out that brings faults.
func (s *Service) watchReleases(ctx context.Context, rules *DeviceRules) error {
	all, err := s.Releases(ctx, s.Store)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.State != "rolling" || r.Running < rules.Rollout.Least || r.Faulty*100 < r.Running*rules.Rollout.Faults {
			continue
		}
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE hall_device_release SET state = 'halted', reason = 'faults' WHERE id = ? AND state = 'rolling' AND reason = ?`, r.ID, r.Reason)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// Repair is a request for repair (报修).
type Repair struct {
	ID        store.ID   `bun:"id" json:"id"`
	Device    store.ID   `bun:"device" json:"device"`
	State     string     `bun:"state" json:"state" enum:"asked,taken,mended,checked,dropped"`
	Seq       int        `bun:"seq" json:"version"`
	What      string     `bun:"what" json:"what"`
	RespondBy store.Time `bun:"respond_by" json:"respond_by" doc:"Somebody must have taken it by then"`
	AskedAt   store.Time `bun:"asked_at" json:"asked_at"`
	TakenAt   store.Time `bun:"taken_at" json:"taken_at,omitzero"`
	MendedAt  store.Time `bun:"mended_at" json:"mended_at,omitzero"`
	CheckedAt store.Time `bun:"checked_at" json:"checked_at,omitzero"`
	Late      bool       `bun:"-" json:"late" doc:"Was not taken in time"`
	Can       []string   `bun:"-" json:"can" doc:"What may be done with it now"`
}

const repairColumns = `id, device, state, seq, what, respond_by, asked_at, taken_at, mended_at, checked_at`

// repairLaws are what may become of a repair; all else is refused.
var repairLaws = []struct {
	action string
	from   []string
	to     string
}{
	{"take", []string{"asked"}, "taken"},
	{"mend", []string{"taken"}, "mended"},
	{"check", []string{"mended"}, "checked"},
	{"again", []string{"mended"}, "taken"}, // it was not mended
	{"drop", []string{"asked", "taken"}, "dropped"},
}

func (r *Repair) stand(now time.Time) {
	taken := r.TakenAt.Time
	if taken.IsZero() && r.State != "dropped" {
		taken = now
	}
	r.Late = taken.After(r.RespondBy.Time)
	r.Can = []string{}
	for _, l := range repairLaws {
		if slices.Contains(l.from, r.State) {
			r.Can = append(r.Can, l.action)
		}
	}
}

// AskRepair opens a repair of a device; one that is open already goes on.
func (s *Service) AskRepair(ctx context.Context, who account.Actor, device store.ID, what string) (Repair, error) {
	var r Repair
	if what = strings.TrimSpace(what); what == "" {
		return r, failField("what")
	}
	due, err := s.respondBy(s.Store.Now())
	if err != nil {
		return r, err
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := s.deviceFor(ctx, tx, who, device, "device_operator", "hall_manager", "station_keeper")
		if err != nil {
			return err
		}
		var open bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM hall_repair WHERE device = ? AND state IN ('asked', 'taken', 'mended'))`, device).Scan(&open); err != nil {
			return err
		}
		if open {
			return fail("repair_open")
		}
		now := store.At(s.Store.Now())
		r = Repair{ID: tx.NewID(), Device: device, State: "asked", Seq: 1, What: what, RespondBy: store.At(due), AskedAt: now}
		r.stand(now.Time)
		if _, err := tx.Exec(ctx, `INSERT INTO hall_repair (id, device, state, seq, what, respond_by, asked_at) VALUES (?, ?, 'asked', 1, ?, ?, ?)`, r.ID, device, what, r.RespondBy, now); err != nil {
			return err
		}
		if err := repairEvent(ctx, tx, r.ID, 1, now, who, "ask", what); err != nil {
			return err
		}
		return s.tellOperators(ctx, tx, &d, d.Code, "device_repair", what)
	})
	return r, err
}

func (s *Service) respondBy(now time.Time) (time.Time, error) {
	name := "hall"
	if b := s.book.Load(); b.calendar != "" {
		name = b.calendar
	}
	cal, err := s.Book.Current(name)
	if err != nil {
		return time.Time{}, err
	}
	return cal.Add(now, s.book.Load().devices.respond), nil
}

func repairEvent(ctx context.Context, tx *store.Tx, id store.ID, seq int, at store.Time, who account.Actor, action, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO hall_repair_event (repair, seq, at, actor, action, note) VALUES (?, ?, ?, ?, ?, ?)`, id, seq, at, orNone(who.Account), action, note)
	return err
}

// ActOnRepair moves a repair on.
func (s *Service) ActOnRepair(ctx context.Context, who account.Actor, id store.ID, seq int, action, note string) (Repair, error) {
	var r Repair
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if r, err = store.Get[Repair](ctx, tx, `SELECT `+repairColumns+` FROM hall_repair WHERE id = ?`, id); err != nil {
			return err
		}
		if _, err := s.deviceFor(ctx, tx, who, r.Device, operators...); err != nil {
			return err
		}
		to := ""
		for _, l := range repairLaws {
			if l.action == action && slices.Contains(l.from, r.State) {
				to = l.to
			}
		}
		if to == "" || seq != 0 && seq != r.Seq {
			return fail("repair_state")
		}
		if note = strings.TrimSpace(note); note == "" && action != "take" {
			return failField("note")
		}
		now := store.At(s.Store.Now())
		was := r.Seq
		r.State, r.Seq = to, r.Seq+1
		switch action {
		case "take":
			r.TakenAt = now
		case "mend":
			r.MendedAt = now
		case "check":
			r.CheckedAt = now
		case "again":
			r.MendedAt = store.Time{}
		}
		r.stand(now.Time)
		n, err := tx.Exec(ctx, `UPDATE hall_repair SET state = ?, seq = ?, taken_at = ?, taken_by = CASE WHEN ? = 'take' THEN ? ELSE taken_by END, mended_at = ?, checked_at = ? WHERE id = ? AND seq = ?`, r.State, r.Seq, r.TakenAt, action, int64(who.Account), r.MendedAt, r.CheckedAt, id, was)
		if err == nil && n == 0 {
			err = fail("repair_state")
		}
		if err != nil {
			return err
		}
		return repairEvent(ctx, tx, id, r.Seq, now, who, action, note)
	})
	return r, err
}
