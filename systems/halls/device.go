package halls

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/calendar"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/systems/halls/kiosk"
)

// DeviceRules are the pack's halls/devices.yaml.
type DeviceRules struct {
	Line struct {
		Late    span `yaml:"late"`
		Offline span `yaml:"offline"`
	} `yaml:"line"`
	Supplies []DeviceSupply `yaml:"supplies"`
	Hot      struct {
		Raise float64 `yaml:"raise"`
		Clear float64 `yaml:"clear"`
	} `yaml:"hot"`
	Faults    []DeviceFault `yaml:"faults"`
	Functions []HallWord    `yaml:"functions"`
	Command   span          `yaml:"command"`
	Repair    struct {
		Respond string `yaml:"respond"`
	} `yaml:"repair"`
	Rollout struct {
		Faults int `yaml:"faults"`
		Least  int `yaml:"least"`
	} `yaml:"rollout"`
	Series []SheetSeries `yaml:"series"`
	Pickup struct {
		Tries  int     `yaml:"tries"`
		Prints int     `yaml:"prints"`
		Days   int     `yaml:"days"`
		Within span    `yaml:"within"`
		Face   float64 `yaml:"face"`
	} `yaml:"pickup"`
	Sign struct { // by identity card
		Most  span `yaml:"most"`
		Tries int  `yaml:"tries"`
	} `yaml:"sign"`
	respond calendar.Limit
}

// DeviceSupply is what a device uses up. The alarm that is raised at Low is cleared at
// Clear, so that it does not flutter.
type DeviceSupply struct {
	HallWord `yaml:",inline"`
	Low      int `yaml:"low" json:"low"`
	Clear    int `yaml:"clear" json:"clear"`
}

// DeviceFault is something that can be wrong with a device.
type DeviceFault struct {
	HallWord `yaml:",inline"`
	Stops    []string `yaml:"stops" json:"stops" doc:"Functions that it cannot offer meanwhile"`
}

// SheetSeries are blank sheets (空白证照) for some types of licences.
type SheetSeries struct {
	HallWord `yaml:",inline"`
	Digits   int      `yaml:"digits" json:"digits"`
	Licences []string `yaml:"licences" json:"licences" doc:"证照类型代码"`
}

// serial is a sheet's number as it stands on it.
func (x *SheetSeries) serial(no int64) string { return fmt.Sprintf("%s%0*d", x.Code, x.Digits, no) }

func defaultDevices() DeviceRules {
	r := DeviceRules{Command: span(10 * time.Minute)}
	r.Line.Late, r.Line.Offline = span(150*time.Second), span(5*time.Minute)
	r.Hot.Raise, r.Hot.Clear = 60, 55
	r.Repair.Respond = "4wh"
	r.Rollout.Faults, r.Rollout.Least = 20, 3
	p := &r.Pickup
	p.Tries, p.Prints, p.Days, p.Within, p.Face = 3, 2, 30, span(5*time.Minute), 0.8
	r.Sign.Most, r.Sign.Tries = span(15*time.Minute), 3
	return r
}

func readDevices(files fs.FS, r *DeviceRules) error {
	*r = defaultDevices()
	if err := pack.Settings(files, "halls/devices.yaml", r); err != nil {
		return err
	}
	var errs []error
	bad := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("halls/devices.yaml: %s", fmt.Sprintf(format, args...)))
		}
	}
	bad(r.Line.Late >= span(time.Minute) && r.Line.Offline > r.Line.Late, "line: a device is late after a minute or more, and offline after that")
	bad(r.Hot.Clear < r.Hot.Raise, "hot: clear must be below raise")
	bad(r.Command >= span(time.Minute), "command: an order stands for a minute or more")
	bad(r.Rollout.Faults >= 1 && r.Rollout.Faults <= 100 && r.Rollout.Least >= 1, "rollout: faults is a percentage, least 1 or more")
	bad(r.Pickup.Tries >= 1 && r.Pickup.Prints >= 1 && r.Pickup.Days >= 1 && r.Pickup.Within > 0 && r.Pickup.Face > 0 && r.Pickup.Face <= 1, "pickup: tries, prints, days and within are 1 or more, face is above 0 and at most 1")
	bad(r.Sign.Most >= span(time.Minute) && r.Sign.Most <= span(time.Hour) && r.Sign.Tries >= 1, "sign: most is a minute to an hour, tries 1 or more")
	word := map[string]bool{}
	known := func(kind string, w HallWord) {
		bad(w.Code != "" && w.Name.In("zh") != "" && !word[kind+w.Code] && !strings.ContainsAny(w.Code, ";:"), "%s: %q needs a code of its own and a name", kind, w.Code)
		word[kind+w.Code] = true
	}
	for _, x := range r.Functions {
		known("functions", x)
	}
	for _, x := range r.Supplies {
		known("supplies", x.HallWord)
		bad(x.Low >= 0 && x.Clear > x.Low, "supplies: %s: clear must be above low", x.Code)
	}
	for _, x := range r.Faults {
		known("faults", x.HallWord)
		for _, f := range x.Stops {
			bad(word["functions"+f], "faults: %s stops %q, which is no function", x.Code, f)
		}
	}
	types := map[string]bool{}
	for _, x := range r.Series {
		known("series", x.HallWord)
		bad(x.Digits >= 4 && x.Digits <= 12, "series: %s: digits is between 4 and 12", x.Code)
		for _, t := range x.Licences {
			bad(!types[t], "series: licences of type %s stand in two series", t)
			types[t] = true
		}
	}
	var err error
	if r.respond, err = calendar.ParseLimit(r.Repair.Respond); err != nil {
		errs = append(errs, fmt.Errorf("halls/devices.yaml: repair: respond: %w", err))
	}
	return errors.Join(errs...)
}

func (r *DeviceRules) supply(code string) *DeviceSupply {
	return find(r.Supplies, func(x *DeviceSupply) bool { return x.Code == code })
}
func (r *DeviceRules) fault(code string) *DeviceFault {
	return find(r.Faults, func(x *DeviceFault) bool { return x.Code == code })
}
func (r *DeviceRules) series(code string) *SheetSeries {
	return find(r.Series, func(x *SheetSeries) bool { return x.Code == code })
}
func (r *DeviceRules) seriesFor(licence string) *SheetSeries {
	return find(r.Series, func(x *SheetSeries) bool { return slices.Contains(x.Licences, licence) })
}

// DeviceLine is whether a device is heard.
type DeviceLine string

// The lines. They follow from when it was heard last; none is kept.
const (
	LineNever   DeviceLine = "never"
	LineOnline  DeviceLine = "online"
	LineLate    DeviceLine = "late"
	LineOffline DeviceLine = "offline"
)

func (r *DeviceRules) line(seen, now time.Time) DeviceLine {
	switch quiet := now.Sub(seen); {
	case seen.IsZero():
		return LineNever
	case quiet < time.Duration(r.Line.Late):
		return LineOnline
	case quiet < time.Duration(r.Line.Offline):
		return LineLate
	}
	return LineOffline
}

// Device is a self-service device (自助终端).
type Device struct {
	ID         store.ID   `bun:"id" json:"id"`
	Code       string     `bun:"code" json:"code"`
	Name       string     `bun:"name" json:"name"`
	Kind       string     `bun:"kind" json:"kind" enum:"kiosk,licence,terminal"`
	Model      string     `bun:"model" json:"model"`
	Serial     string     `bun:"serial" json:"serial" doc:"Of the hardware"`
	Place      string     `bun:"place" json:"place" doc:"Hall or station"`
	Unit       string     `bun:"unit" json:"-"`
	Lon        *float64   `bun:"lon" json:"lon,omitempty"`
	Lat        *float64   `bun:"lat" json:"lat,omitempty"`
	Owner      string     `bun:"owner" json:"owner"`
	Functions  string     `bun:"functions" json:"functions" doc:"By semicolons"`
	Items      string     `bun:"items" json:"items" doc:"Service items by semicolons; empty: all that one may do by oneself (自助办)"`
	State      string     `bun:"state" json:"state" enum:"registered,enrolled,revoked"`
	PublicKey  []byte     `bun:"public_key" json:"-"`
	Counter    int64      `bun:"counter" json:"-"`
	Version    string     `bun:"version" json:"version,omitempty"`
	Locked     bool       `bun:"locked" json:"locked" doc:"As it says itself"`
	Beat       string     `bun:"beat" json:"-"`
	SeenAt     store.Time `bun:"seen_at" json:"seen_at,omitzero"`
	Streak     int        `bun:"streak" json:"-"`
	QueueSeq   int64      `bun:"queue_seq" json:"queue_seq"`
	QueueHash  []byte     `bun:"queue_hash" json:"-"`
	EnrolledAt store.Time `bun:"enrolled_at" json:"enrolled_at,omitzero"`
	CreatedAt  store.Time `bun:"created_at" json:"created_at"`
	Synthetic  bool       `bun:"synthetic" json:"synthetic,omitempty" doc:"Of the demonstration"`
}

const deviceColumns = `id, code, name, kind, model, serial, place, unit, lon, lat, owner, functions, items, state, public_key, counter, version, locked, beat, seen_at, streak, queue_seq, queue_hash, enrolled_at, created_at, synthetic`

func (d *Device) beat() (b kiosk.DeviceBeat) {
	_ = json.Unmarshal([]byte(d.Beat), &b)
	return b
}

// has says whether the device offers a function.
func (d *Device) has(function string) bool { return slices.Contains(list(d.Functions), function) }

func getDevice(ctx context.Context, q store.Querier, id store.ID) (Device, error) {
	return store.Get[Device](ctx, q, `SELECT `+deviceColumns+` FROM hall_device WHERE id = ?`, id)
}

// Roles that see the fleet; operators alone change it.
var (
	fleetRoles = []string{"device_operator", "hall_manager", "station_keeper", "leader"}
	operators  = []string{"device_operator"}
)

// Place is where devices stand: a hall or a park station.
type Place struct {
	Code    string
	Name    Text
	Unit    string
	Station *Station
	Hall    *Hall
}

func (s *Service) placeOf(code string) (Place, bool) {
	b := s.book.Load()
	if h := b.hall(code); h != nil {
		return Place{code, h.Name, h.Unit, nil, h}, true
	}
	if x := b.station(code); x != nil {
		return Place{code, x.Name, x.Unit, x, nil}, true
	}
	return Place{}, false
}

// deviceFor finds a device at whose unit who has one of the roles, or none.
func (s *Service) deviceFor(ctx context.Context, q store.Querier, who account.Actor, id store.ID, roles ...string) (Device, error) {
	d, err := getDevice(ctx, q, id)
	if err != nil {
		return d, err
	}
	for _, r := range roles {
		if who.Has(r, d.Unit) {
			return d, nil
		}
	}
	return d, store.ErrNotFound
}

// DeviceForm is what is written of a device.
type DeviceForm struct {
	Name      string   `json:"name" minLength:"2" maxLength:"60"`
	Kind      string   `json:"kind" enum:"kiosk,licence,terminal"`
	Model     string   `json:"model,omitempty" maxLength:"60"`
	Serial    string   `json:"serial,omitempty" maxLength:"60"`
	Place     string   `json:"place" maxLength:"40"`
	Lon       *float64 `json:"lon,omitempty" minimum:"-180" maximum:"180"`
	Lat       *float64 `json:"lat,omitempty" minimum:"-90" maximum:"90"`
	Owner     string   `json:"owner,omitempty" maxLength:"60"`
	Functions []string `json:"functions" maxItems:"20"`
	Items     []string `json:"items,omitempty" maxItems:"200"`
}

// check says what is wrong with the form, and where the device stands.
func (s *Service) checkDevice(who account.Actor, f *DeviceForm) (Place, error) {
	p, ok := s.placeOf(f.Place)
	if !ok || !slices.ContainsFunc(operators, func(r string) bool { return who.Has(r, p.Unit) }) {
		return p, failField("place")
	}
	for _, x := range f.Functions {
		if find(s.book.Load().devices.Functions, func(w *HallWord) bool { return w.Code == x }) == nil {
			return p, failField("functions")
		}
	}
	if strings.TrimSpace(f.Name) == "" {
		return p, failField("name")
	}
	if (f.Lon == nil) != (f.Lat == nil) {
		return p, failField("lat")
	}
	for _, x := range f.Items {
		if x == "" || strings.Contains(x, ";") {
			return p, failField("items")
		}
	}
	if f.Lon == nil && p.Station != nil {
		f.Lon, f.Lat = &p.Station.Lon, &p.Station.Lat
	}
	return p, nil
}

// PutDevice registers a device, or with an id changes what is written of it.
func (s *Service) PutDevice(ctx context.Context, who account.Actor, id store.ID, f DeviceForm) (Device, error) {
	p, err := s.checkDevice(who, &f)
	if err != nil {
		return Device{}, err
	}
	no := int64(0)
	if id == 0 {
		if no, err = s.Numbers.Next(ctx, System+".device"); err != nil {
			return Device{}, err
		}
	}
	var d Device
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, action := store.At(s.Store.Now()), "changed"
		if id == 0 {
			action = "registered"
			d = Device{ID: tx.NewID(), Code: fmt.Sprintf("ZZ%05d", no), CreatedAt: now, State: "registered"}
			if _, err := tx.Exec(ctx, `INSERT INTO hall_device (`+deviceColumns+`) VALUES (?, ?, '', '', '', '', '', '', NULL, NULL, '', '', '', 'registered', NULL, 0, '', ?, '{}', NULL, 0, 0, NULL, NULL, ?, ?)`, d.ID, d.Code, false, now, false); err != nil {
				return err
			}
		} else if d, err = s.deviceFor(ctx, tx, who, id, operators...); err != nil {
			return err
		}
		d.Name, d.Kind, d.Model, d.Serial, d.Place, d.Unit, d.Lon, d.Lat = strings.TrimSpace(f.Name), f.Kind, f.Model, f.Serial, f.Place, p.Unit, f.Lon, f.Lat
		d.Owner, d.Functions, d.Items = f.Owner, strings.Join(f.Functions, ";"), strings.Join(f.Items, ";")
		if _, err := tx.Exec(ctx, `UPDATE hall_device SET name = ?, kind = ?, model = ?, serial = ?, place = ?, unit = ?, lon = ?, lat = ?, owner = ?, functions = ?, items = ? WHERE id = ?`,
			d.Name, d.Kind, d.Model, d.Serial, d.Place, d.Unit, d.Lon, d.Lat, d.Owner, d.Functions, d.Items, d.ID); err != nil {
			return err
		}
		return s.deviceEvent(ctx, tx, &d, who, action, f)
	})
	return d, err
}

// deviceEvent writes what happened to a device, and for the auditor who did it.
func (s *Service) deviceEvent(ctx context.Context, tx *store.Tx, d *Device, who account.Actor, action string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	now := s.Store.Now()
	if _, err := tx.Exec(ctx, `INSERT INTO hall_device_event (id, device, at, actor, action, data) VALUES (?, ?, ?, ?, ?, ?)`, tx.NewID(), d.ID, store.At(now), orNone(who.Account), action, string(raw)); err != nil {
		return err
	}
	if who.Account == 0 {
		return nil
	}
	return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "halls.device_" + action, Object: "device/" + d.ID.String()}, nil)
}

func orNone(id store.ID) any {
	if id == 0 {
		return nil
	}
	return id
}

// enrolFor is how long a one-time code lets a device enrol.
const enrolFor = 24 * time.Hour

// EnrolmentCode makes the code with which a device enrols, once; codes given before are
// void.
func (s *Service) EnrolmentCode(ctx context.Context, who account.Actor, id store.ID) (code string, until store.Time, err error) {
	code = "KQ-" + rand.Text()[:5] + "-" + rand.Text()[:5]
	until = store.At(s.Store.Now().Add(enrolFor))
	return code, until, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := s.deviceFor(ctx, tx, who, id, operators...)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM hall_device_code WHERE device = ? AND used_at IS NULL`, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO hall_device_code (digest, device, expires_at) VALUES (?, ?, ?)`, s.Keys.MAC("halls.enrol", code), id, until); err != nil {
			return err
		}
		return s.deviceEvent(ctx, tx, &d, who, "code_given", nil)
	})
}

// Enrol lets a device in by its one-time code. A device that had a key before has the new
// one alone, and its queue begins anew.
func (s *Service) Enrol(ctx context.Context, in kiosk.Enrolment) (kiosk.Enrolled, error) {
	var out kiosk.Enrolled
	if len(in.Public) != 32 {
		return out, failField("public")
	}
	box, err := s.boxKey()
	if err != nil {
		return out, err
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		id, err := store.Get[store.ID](ctx, tx, `SELECT device FROM hall_device_code WHERE digest = ? AND used_at IS NULL AND expires_at > ?`, s.Keys.MAC("halls.enrol", strings.ToUpper(strings.TrimSpace(in.Code))), now)
		if err != nil {
			return noDevice(err, "enrol_code")
		}
		d, err := getDevice(ctx, tx, id)
		if err != nil {
			return err
		}
		if d.Serial != "" && in.Serial != "" && in.Serial != d.Serial {
			return fail("enrol_other")
		}
		n, err := tx.Exec(ctx, `UPDATE hall_device_code SET used_at = ? WHERE device = ? AND used_at IS NULL`, now, id)
		if err == nil && n == 0 {
			err = fail("enrol_code")
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE hall_device SET state = 'enrolled', public_key = ?, counter = 0, queue_seq = 0, queue_hash = NULL, serial = ?, enrolled_at = ? WHERE id = ?`, in.Public, cmp.Or(d.Serial, in.Serial), now, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE hall_device_alarm SET cleared_at = ? WHERE device = ? AND code = 'tampered' AND cleared_at IS NULL`, now, id); err != nil {
			return err
		}
		// What the device before it signed stays, under another key of the table.
		if _, err := tx.Exec(ctx, `UPDATE hall_device_entry SET device = -device WHERE device = ?`, id); err != nil {
			return err
		}
		out = kiosk.Enrolled{Device: id.String(), Code: d.Code, Name: d.Name, Place: d.Place, Box: box.PublicKey().Bytes()}
		return s.deviceEvent(ctx, tx, &d, account.Actor{}, "enrolled", map[string]any{"serial": in.Serial})
	})
	return out, err
}

// RevokeDevice takes a device's key back: nothing that it signs is taken any more.
func (s *Service) RevokeDevice(ctx context.Context, who account.Actor, id store.ID, reason string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := s.deviceFor(ctx, tx, who, id, operators...)
		if err != nil {
			return err
		}
		if d.State != "enrolled" {
			return fail("device_state")
		}
		if _, err := tx.Exec(ctx, `UPDATE hall_device SET state = 'revoked', public_key = NULL WHERE id = ?`, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE hall_device_alarm SET cleared_at = ? WHERE device = ? AND cleared_at IS NULL`, store.At(s.Store.Now()), id); err != nil {
			return err
		}
		return s.deviceEvent(ctx, tx, &d, who, "revoked", map[string]any{"reason": reason})
	})
}

// Signature is what a device signs a request with.
type Signature struct {
	Device string `header:"Kiosk-Device" maxLength:"24"`
	Count  string `header:"Kiosk-Count" maxLength:"20" doc:"Higher than that of any request before"`
	Time   string `header:"Kiosk-Time" maxLength:"20" doc:"Unix milliseconds"`
	Sign   string `header:"Kiosk-Signature" maxLength:"120" doc:"Ed25519 over method, path, device, count, time and body"`
}

// signed is a device whose request was found to be its own, and the request's count.
type signed struct {
	Device
	count int64
}

// device says whose request it is. Whether it was taken before, take says.
func (s *Service) device(ctx context.Context, x Signature, method, path string, body []byte) (signed, error) {
	id, err := store.ParseID(x.Device)
	count, cerr := strconv.ParseInt(x.Count, 10, 64)
	at, terr := strconv.ParseInt(x.Time, 10, 64)
	if errors.Join(err, cerr, terr) != nil {
		return signed{}, failDevice("device_unknown")
	}
	d, err := getDevice(ctx, s.Store, id)
	if err != nil {
		return signed{}, noDevice(err, "device_unknown")
	}
	switch off := s.Store.Now().Sub(time.UnixMilli(at)); {
	case d.State == "revoked":
		return signed{}, failDevice("device_revoked")
	case d.State != "enrolled" || !kiosk.VerifyRequest(d.PublicKey, x.Sign, method, path, x.Device, count, at, body):
		return signed{}, failDevice("device_unknown")
	case off.Abs() > kiosk.Drift:
		return signed{}, failDevice("device_clock")
	}
	return signed{d, count}, nil
}

// take counts the request in the transaction of its effects: one that was sent before, or
// was signed by a key that is not the device's any more, is refused.
func (x *signed) take(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, `UPDATE hall_device SET counter = ? WHERE id = ? AND counter < ? AND state = 'enrolled' AND public_key = ?`, x.count, x.ID, x.count, x.PublicKey)
	if err == nil && n == 0 {
		err = failDevice("device_replay")
	}
	return err
}

// alone takes a request that changes nothing else.
func (s *Service) alone(ctx context.Context, x *signed) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return x.take(ctx, tx) })
}

// deviceAt writes a beat's minute into the device's day.
func (s *Service) deviceAt(ctx context.Context, tx *store.Tx, id store.ID, now time.Time) error {
	minute := now.Unix() / 60
	_, err := tx.Exec(ctx, `INSERT INTO hall_device_day (device, day, minutes, last) VALUES (?, ?, 1, ?) ON CONFLICT (device, day) DO UPDATE SET minutes = hall_device_day.minutes + 1, last = excluded.last WHERE hall_device_day.last < excluded.last`, id, s.today(now), minute)
	return err
}

// Beat hears a device: what it says of itself, what became of its orders; it answers
// what is asked of it.
func (s *Service) Beat(ctx context.Context, x signed, b kiosk.DeviceBeat) (kiosk.DeviceHeard, error) {
	r := &s.book.Load().devices
	raw, err := json.Marshal(b)
	if err != nil {
		return kiosk.DeviceHeard{}, err
	}
	var out kiosk.DeviceHeard
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := x.take(ctx, tx); err != nil {
			return err
		}
		now := s.Store.Now()
		d, err := getDevice(ctx, tx, x.ID)
		if err != nil {
			return err
		}
		d.Streak++
		if r.line(d.SeenAt.Time, now) != LineOnline {
			d.Streak = 1
		}
		d.SeenAt = store.At(now)
		if _, err := tx.Exec(ctx, `UPDATE hall_device SET version = ?, locked = ?, beat = ?, seen_at = ?, streak = ? WHERE id = ?`, b.Version, b.Locked, string(raw), d.SeenAt, d.Streak, d.ID); err != nil {
			return err
		}
		if err := s.deviceAt(ctx, tx, d.ID, now); err != nil {
			return err
		}
		if err := s.judge(ctx, tx, &d, &b, r, now); err != nil {
			return err
		}
		for _, a := range b.Acks {
			id, err := store.ParseID(a.Command)
			if err != nil {
				continue
			}
			if _, err := tx.Exec(ctx, `UPDATE hall_device_command SET acked_at = ?, done = ?, note = ? WHERE id = ? AND device = ? AND acked_at IS NULL`, store.At(now), a.Done, a.Note, id, d.ID); err != nil {
				return err
			}
		}
		out = kiosk.DeviceHeard{At: now, Queue: d.QueueSeq, Commands: []kiosk.DeviceOrder{}}
		asked, err := store.Select[DeviceCommand](ctx, tx, `SELECT id, kind, text, expires_at FROM hall_device_command WHERE device = ? AND acked_at IS NULL AND expires_at > ? ORDER BY id`, d.ID, store.At(now))
		if err != nil {
			return err
		}
		for _, c := range asked {
			out.Commands = append(out.Commands, kiosk.DeviceOrder{ID: c.ID.String(), Kind: c.Kind, Text: c.Text, Expires: c.ExpiresAt.Time})
		}
		if len(asked) > 0 {
			if _, err := tx.Exec(ctx, `UPDATE hall_device_command SET sent_at = ? WHERE device = ? AND acked_at IS NULL AND sent_at IS NULL AND expires_at > ?`, store.At(now), d.ID, store.At(now)); err != nil {
				return err
			}
		}
		releases, err := store.Select[DeviceRelease](ctx, tx, releaseQuery)
		out.Wanted = wanted(releases, d.ID, b.Version)
		return err
	})
	return out, err
}

// DeviceAlarm is something that an operator must look at.
type DeviceAlarm struct {
	ID        store.ID   `bun:"id" json:"id"`
	Device    store.ID   `bun:"device" json:"device"`
	Code      string     `bun:"code" json:"code" doc:"offline, hot, tampered, ledger, supply:paper, fault:E101"`
	Value     string     `bun:"value" json:"value,omitempty"`
	Calm      int        `bun:"calm" json:"-"`
	RaisedAt  store.Time `bun:"raised_at" json:"raised_at"`
	ClearedAt store.Time `bun:"cleared_at" json:"cleared_at,omitzero"`
}

const alarmColumns = `id, device, code, value, calm, raised_at, cleared_at`

// calmBeats is after how many beats without it a fault, or the silence of a device, is
// over.
const calmBeats = 2

// judge raises and clears the alarms of a device by what it says of itself.
func (s *Service) judge(ctx context.Context, tx *store.Tx, d *Device, b *kiosk.DeviceBeat, r *DeviceRules, now time.Time) error {
	open, err := store.Select[DeviceAlarm](ctx, tx, `SELECT `+alarmColumns+` FROM hall_device_alarm WHERE device = ? AND cleared_at IS NULL ORDER BY id`, d.ID)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, a := range open {
		have[a.Code] = true
		calm, over := false, false
		kind, name, _ := strings.Cut(a.Code, ":")
		switch kind {
		case "supply":
			n, said := b.Supplies[name]
			x := r.supply(name)
			over = x == nil || said && n >= x.Clear
		case "hot":
			over = b.Temperature <= r.Hot.Clear
		case "fault":
			calm = !slices.Contains(b.Faults, name)
		case "offline":
			calm = true
		}
		switch {
		case over || calm && a.Calm+1 >= calmBeats:
			_, err = tx.Exec(ctx, `UPDATE hall_device_alarm SET cleared_at = ? WHERE id = ?`, store.At(now), a.ID)
		case calm:
			_, err = tx.Exec(ctx, `UPDATE hall_device_alarm SET calm = calm + 1 WHERE id = ?`, a.ID)
		case a.Calm > 0:
			_, err = tx.Exec(ctx, `UPDATE hall_device_alarm SET calm = 0 WHERE id = ?`, a.ID)
		}
		if err != nil {
			return err
		}
	}
	raise := func(code, value string) {
		if err == nil && !have[code] {
			have[code], err = true, s.raise(ctx, tx, d, code, value, now)
		}
	}
	for _, x := range r.Supplies {
		if n, ok := b.Supplies[x.Code]; ok && n <= x.Low {
			raise("supply:"+x.Code, strconv.Itoa(n))
		}
	}
	if b.Temperature >= r.Hot.Raise {
		raise("hot", strconv.FormatFloat(b.Temperature, 'f', 0, 64))
	}
	for _, code := range b.Faults {
		if len(code) <= 20 && !strings.Contains(code, ":") {
			raise("fault:"+code, "")
		}
	}
	return err
}

// raise opens an alarm and tells the operators of the device's unit.
func (s *Service) raise(ctx context.Context, tx *store.Tx, d *Device, code, value string, now time.Time) error {
	fresh, err := s.raiseQuietly(ctx, tx, d, code, value, now)
	if err != nil || !fresh {
		return err
	}
	return s.tellOperators(ctx, tx, d, d.Code, "device_alarm", s.alarmName(code, value).In("zh"))
}

// raiseQuietly is raise, and tells nobody; false where it was raised already.
func (s *Service) raiseQuietly(ctx context.Context, tx *store.Tx, d *Device, code, value string, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO hall_device_alarm (id, device, code, value, calm, raised_at) VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT (device, code) WHERE cleared_at IS NULL DO NOTHING`, tx.NewID(), d.ID, code, value, store.At(now))
	if err != nil || n == 0 {
		return false, err
	}
	return true, s.Bus.Emit(ctx, tx, now, System+".device_alarm", d.ID.String(), map[string]any{"code": code, "value": value})
}

func (s *Service) tellOperators(ctx context.Context, tx *store.Tx, d *Device, no, name, reason string) error {
	p, _ := s.placeOf(d.Place)
	words := map[string]string{"no": no, "title": d.Name, "unit": cmp.Or(p.Name.In("zh"), d.Place), "reason": reason}
	for _, desk := range s.desksAbove("device_operator", d.Unit) {
		if err := s.Notices.Tell(ctx, tx, notice.Note{Name: name, Desk: desk, About: "device/" + d.ID.String(), Link: "/desk/devices/" + d.ID.String(), Words: words}); err != nil {
			return err
		}
	}
	return nil
}

// desksAbove are the desks of a role at a unit and at each above it, where somebody sits.
func (s *Service) desksAbove(role, unit string) (out []string) {
	tree := s.Dir.Tree()
	for unit != "" && len(out) < 8 {
		out = append(out, role+"@"+unit)
		u, ok := tree.Unit(unit)
		if !ok {
			break
		}
		unit = u.Parent
	}
	return out
}

// ClearAlarm ends an alarm that does not end by itself: blank sheets that did not agree,
// once somebody has looked.
func (s *Service) ClearAlarm(ctx context.Context, who account.Actor, device, alarm store.ID, note string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := s.deviceFor(ctx, tx, who, device, operators...)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE hall_device_alarm SET cleared_at = ? WHERE id = ? AND device = ? AND code = 'ledger' AND cleared_at IS NULL`, store.At(s.Store.Now()), alarm, device)
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.deviceEvent(ctx, tx, &d, who, "alarm_cleared", map[string]any{"alarm": alarm, "note": note})
	})
}

// alarmName says an alarm in words.
func (s *Service) alarmName(code, value string) Text {
	r := &s.book.Load().devices
	kind, name, _ := strings.Cut(code, ":")
	switch kind {
	case "supply":
		if x := r.supply(name); x != nil {
			return Text{"zh": x.Name.In("zh") + "不足，剩 " + value, "en": x.Name.In("en") + " low: " + value}
		}
	case "fault":
		if x := r.fault(name); x != nil {
			return Text{"zh": x.Name.In("zh") + "（" + name + "）", "en": x.Name.In("en") + " (" + name + ")"}
		}
		return Text{"zh": "故障 " + name, "en": "Fault " + name}
	case "hot":
		return Text{"zh": "机内温度过高 " + value + "℃", "en": "Hot: " + value + "°C"}
	case "offline":
		return Text{"zh": "离线", "en": "Offline"}
	case "tampered":
		return Text{"zh": "上报记录被改动，已停止接收", "en": "Its records were altered; none are taken"}
	case "ledger":
		return Text{"zh": "空白证照账实不符：" + value, "en": "Blank sheets do not agree: " + value}
	}
	return Text{"zh": code}
}

// manySilent is from how many devices of a unit that fell silent at once their operators
// are told of all of them together: a line is down, not a machine.
const manySilent = 5

// WatchDevices raises the silence of devices, and halts roll-outs that bring faults. It
// says how many fell silent.
func (s *Service) WatchDevices(ctx context.Context, now time.Time) (n int, err error) {
	r := &s.book.Load().devices
	for {
		silent, err := store.Select[Device](ctx, s.Store, `SELECT `+deviceColumns+` FROM hall_device d WHERE state = 'enrolled' AND seen_at < ? AND NOT EXISTS (SELECT 1 FROM hall_device_alarm a WHERE a.device = d.id AND a.code = 'offline' AND a.cleared_at IS NULL) ORDER BY unit, id LIMIT 500`, store.At(now.Add(-time.Duration(r.Line.Offline))))
		if err != nil {
			return n, err
		}
		if len(silent) == 0 {
			return n, s.watchReleases(ctx, r)
		}
		for _, part := range byUnit(silent) {
			if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
				for i := range part {
					d := &part[i]
					fresh, err := s.raiseQuietly(ctx, tx, d, "offline", "", now)
					if err == nil && fresh && len(part) < manySilent {
						err = s.tellOperators(ctx, tx, d, d.Code, "device_alarm", s.alarmName("offline", "").In("zh"))
					}
					if err != nil {
						return err
					}
				}
				if len(part) < manySilent {
					return nil
				}
				return s.tellOperators(ctx, tx, &part[0], fmt.Sprintf("%s 等 %d 台", part[0].Code, len(part)), "device_alarm", s.alarmName("offline", "").In("zh"))
			}); err != nil {
				return n, err
			}
			n += len(part)
		}
	}
}

// byUnit divides devices, which stand by unit, into those of one unit each.
func byUnit(list []Device) (out [][]Device) {
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Unit == list[0].Unit {
			n++
		}
		out, list = append(out, list[:n]), list[n:]
	}
	return out
}
