package halls

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/systems/halls/kiosk"
)

func (s *Service) mountDevices(srv *httpapi.Server) {
	fleet, operate := httpapi.Roles(fleetRoles...), httpapi.Roles(operators...)
	op := func(id, method, path, summary string, a httpapi.Access, limit int) httpapi.Operation {
		return httpapi.Operation{ID: id, Method: method, Path: path, Tag: tag, Access: a, Summary: summary, Limit: limit}
	}
	httpapi.Register(srv, op("list-devices", http.MethodGet, "/api/devices", "Self-service devices (自助终端) that the caller may see, with how they stand", fleet, 0), s.listDevices)
	httpapi.Register(srv, op("register-device", http.MethodPost, "/api/devices", "Register a device", operate, 0), s.registerDevice)
	httpapi.Register(srv, op("get-device", http.MethodGet, "/api/devices/{id}", "One device: what it says of itself, alarms, orders, repairs, its history, its blank sheets", fleet, 0), s.getDeviceOf)
	httpapi.Register(srv, op("change-device", http.MethodPut, "/api/devices/{id}", "Change what is written of a device", operate, 0), s.changeDevice)
	httpapi.Register(srv, op("give-enrolment-code", http.MethodPost, "/api/devices/{id}/enrolment", "Make the one-time code by which a device enrols; it is shown once", operate, 0), s.giveCode)
	httpapi.Register(srv, op("revoke-device", http.MethodPost, "/api/devices/{id}/revoke", "Take a device's key back", operate, 0), s.revokeDevice)
	httpapi.Register(srv, op("order-device", http.MethodPost, "/api/devices/{id}/orders", "Lock, unlock, restart a device, or have it show a message, with the reason", operate, 0), s.orderDevice)
	httpapi.Register(srv, op("clear-device-alarm", http.MethodPost, "/api/devices/{id}/alarms/{other}/clear", "End an alarm of blank sheets that did not agree, once somebody has looked", operate, 0), s.clearAlarm)
	httpapi.Register(srv, op("ask-repair", http.MethodPost, "/api/devices/{id}/repairs", "Ask for repair (报修)", httpapi.Roles("device_operator", "hall_manager", "station_keeper"), 0), s.askRepair)
	httpapi.Register(srv, op("act-on-repair", http.MethodPost, "/api/repairs/{id}/act", "Take a repair, say that it is mended, check it", operate, 0), s.actOnRepair)
	httpapi.Register(srv, op("list-releases", http.MethodGet, "/api/device-releases", "Versions that devices are to run, the newest first, and how they do", fleet, 0), func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]DeviceRelease], error) {
		out, err := s.Releases(ctx, s.Store)
		return httpapi.Answer(append([]DeviceRelease{}, out...), err)
	})
	httpapi.Register(srv, op("release-version", http.MethodPost, "/api/device-releases", "Let a share of the fleet run a version, or halt it", operate, 0), s.releaseVersion)
	httpapi.Register(srv, op("list-sheets", http.MethodGet, "/api/sheets", "Blank sheets (空白证照) by series and unit: received = in stock + at devices + used + wasted + returned", fleet, 0), func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]SheetStock], error) {
		return httpapi.Answer(s.SheetStocks(ctx, s.Store, httpapi.Actor(ctx).Scope()))
	})
	httpapi.Register(srv, op("move-sheets", http.MethodPost, "/api/sheets/moves", "Receive, issue, load, recall, waste or return a range of blank sheets", operate, 0), func(ctx context.Context, in *struct{ Body SheetMove }) (*httpapi.Empty, error) {
		return &httpapi.Empty{}, s.MoveSheets(ctx, httpapi.Actor(ctx), in.Body)
	})
	httpapi.Register(srv, op("count-sheets", http.MethodPost, "/api/devices/{id}/count", "Write how many blank sheets were found at a device", httpapi.Roles("device_operator", "station_keeper"), 0), s.countSheets)
	httpapi.Register(srv, op("reconcile-sheets", http.MethodGet, "/api/devices/{id}/sheets", "The account of a device's blank sheets for a day (对账): gaps, doubles, prints that did not end", fleet, 0), s.reconcileSheets)
	httpapi.Register(srv, op("see-pickup-photo", http.MethodPost, "/api/pickups/{id}/photos/{n}", "See one photo of an unattended hand-over, with a reason that the holder can read", operate, 0), s.seePhoto)

	citizen := httpapi.Roles(account.RoleCitizen)
	httpapi.Register(srv, op("list-pickups", http.MethodGet, "/api/pickups", "The caller's licences that are to be picked up at a device (自助领证), with their codes", citizen, 0), func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]Pickup], error) {
		return httpapi.Answer(s.OwnPickups(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, op("open-pickup", http.MethodPost, "/api/pickups", "Make the code with which one of the caller's licences is picked up", citizen, 60), func(ctx context.Context, in *struct {
		Body struct {
			Licence store.ID `json:"licence"`
		}
	}) (*httpapi.Body[Pickup], error) {
		return httpapi.Answer(s.OpenPickup(ctx, httpapi.Actor(ctx), in.Body.Licence))
	})
	httpapi.Register(srv, op("name-pickup-agent", http.MethodPut, "/api/pickups/{id}/agent", "Say whom the holder sends (授权经办人)", citizen, 60), func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Name     string `json:"name" maxLength:"60"`
			IDNumber string `json:"id_number" maxLength:"40"`
			Days     int    `json:"days" minimum:"1" maximum:"30"`
		}
	}) (*httpapi.Body[Pickup], error) {
		return httpapi.Answer(s.NameAgent(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Name, in.Body.IDNumber, in.Body.Days))
	})
	httpapi.Register(srv, op("cancel-pickup", http.MethodPost, "/api/pickups/{id}/cancel", "Take a pickup's code back", citizen, 60), func(ctx context.Context, in *struct {
		ID httpapi.PathID `path:"id"`
	}) (*httpapi.Empty, error) {
		return &httpapi.Empty{}, s.CancelPickup(ctx, httpapi.Actor(ctx), in.ID.ID)
	})

	httpapi.Register(srv, op("enrol-kiosk", http.MethodPost, kioskPath+"enrol", "A device enrols by its one-time code with the public half of its own key", httpapi.Public, 30), func(ctx context.Context, in *struct{ Body kiosk.Enrolment }) (*httpapi.Body[kiosk.Enrolled], error) {
		return httpapi.Answer(s.Enrol(ctx, in.Body))
	})
	said(s, srv, "beat", "A device says each minute how it is, and hears what is asked of it", s.Beat)
	said(s, srv, "entries", "A device hands over what it did, in its order, each once", func(ctx context.Context, x signed, in struct {
		Entries []kiosk.QueueEntry `json:"entries" maxItems:"200"`
	}) (kiosk.DeviceHeard, error) {
		n, err := s.TakeEntries(ctx, x, in.Entries)
		return kiosk.DeviceHeard{At: s.Store.Now(), Queue: n, Commands: []kiosk.DeviceOrder{}}, err
	})
	said(s, srv, "face", "What a device offers now", func(ctx context.Context, x signed, _ struct{}) (Face, error) {
		if err := s.alone(ctx, &x); err != nil {
			return Face{}, err
		}
		return s.FaceOf(ctx, x)
	})
	said(s, srv, "help", "Somebody at a device calls its helper", func(ctx context.Context, x signed, in struct {
		What string `json:"what,omitempty" maxLength:"200"`
	}) (struct {
		Called bool `json:"called"`
	}, error) {
		err := s.CallHelper(ctx, x, in.What)
		return struct {
			Called bool `json:"called"`
		}{err == nil}, err
	})
	said(s, srv, "sign", "Sign in who stands at a device by the identity card that it read (刷身份证)", func(ctx context.Context, x signed, in CardShown) (CardSession, error) {
		return s.SignByCard(ctx, x, in, srv.SessionCookie)
	})
	said(s, srv, "check", "Whether who stands at a device may have the licence of a code: the holder, or the agent whom the holder named", s.CheckPickup)
	said(s, srv, "print", "Take the next blank sheet for the licence of who was checked", func(ctx context.Context, x signed, in struct {
		Pickup store.ID `json:"pickup"`
	}) (kiosk.PrintJob, error) {
		return s.PrintPickup(ctx, x, in.Pickup)
	})
}

// kioskPath is where devices are heard: each request is signed over its whole path.
const kioskPath = "/api/kiosk/"

// KioskSaid is a signed request.
type KioskSaid[I any] struct {
	Signature
	RawBody []byte
	Body    I
}

// said registers what a device may say.
func said[I, O any](s *Service, srv *httpapi.Server, name, summary string, do func(ctx context.Context, x signed, in I) (O, error)) {
	httpapi.Register(srv, httpapi.Operation{ID: "kiosk-" + name, Method: http.MethodPost, Path: kioskPath + name, Tag: tag, Access: httpapi.Public, Summary: summary, MaxBody: 8 << 20,
		Text: "Signed by the device's key over method, path, device, count, time and body; see package systems/halls/kiosk."}, func(ctx context.Context, in *KioskSaid[I]) (*httpapi.Body[O], error) {
		x, err := s.device(ctx, in.Signature, http.MethodPost, kioskPath+name, in.RawBody)
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(do(ctx, x, in.Body))
	})
}

// DeviceNow is a device as it stands now.
type DeviceNow struct {
	Device
	PlaceName Text           `json:"place_name"`
	Line      DeviceLine     `json:"line" enum:"never,online,late,offline"`
	Alarms    []DeviceAlarm  `json:"alarms" doc:"Open"`
	Supplies  map[string]int `json:"supplies"`
	Hot       float64        `json:"temperature"`
	Waiting   int            `json:"waiting" doc:"Entries that it has still to hand over"`
	Repair    string         `json:"repair,omitempty" doc:"State of its open repair"`
	Wanted    string         `json:"wanted,omitempty"`
}

// Fleet is the devices that the caller may see, and the words that are used of them.
type Fleet struct {
	Devices   []DeviceNow    `json:"devices"`
	Functions []HallWord     `json:"functions"`
	Supplies  []DeviceSupply `json:"supplies"`
	Faults    []DeviceFault  `json:"faults"`
	Series    []SheetSeries  `json:"series"`
	Places    []FleetPlace   `json:"places"`
	Operates  bool           `json:"operates" doc:"The caller may change them"`
}

// FleetPlace is where devices may stand.
type FleetPlace struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
	Unit string `json:"unit"`
}

func (s *Service) deviceNow(d Device, alarms []DeviceAlarm, repairs map[store.ID]string, releases []DeviceRelease, now time.Time) DeviceNow {
	p, _ := s.placeOf(d.Place)
	b := d.beat()
	out := DeviceNow{Device: d, PlaceName: p.Name, Line: s.book.Load().devices.line(d.SeenAt.Time, now), Alarms: []DeviceAlarm{}, Supplies: b.Supplies, Hot: b.Temperature, Waiting: b.Waiting, Repair: repairs[d.ID], Wanted: wanted(releases, d.ID, d.Version)}
	for _, a := range alarms {
		if a.Device == d.ID {
			out.Alarms = append(out.Alarms, a)
		}
	}
	if out.Supplies == nil {
		out.Supplies = map[string]int{}
	}
	return out
}

// sees says whether who holds one of the roles over a unit.
func sees(who account.Actor, unit string, roles ...string) bool {
	return slices.ContainsFunc(roles, func(r string) bool { return who.Has(r, unit) })
}

func (s *Service) listDevices(ctx context.Context, in *struct {
	Place string `query:"place" maxLength:"40"`
}) (*httpapi.Body[Fleet], error) {
	who, now, r := httpapi.Actor(ctx), s.Store.Now(), &s.book.Load().devices
	out := Fleet{Devices: []DeviceNow{}, Functions: append([]HallWord{}, r.Functions...), Supplies: append([]DeviceSupply{}, r.Supplies...), Faults: append([]DeviceFault{}, r.Faults...), Series: append([]SheetSeries{}, r.Series...), Places: []FleetPlace{}, Operates: who.HasAny(operators...)}
	rows, err := store.Select[Device](ctx, s.Store, `SELECT `+deviceColumns+` FROM hall_device WHERE ? = '' OR place = ? ORDER BY code`, in.Place, in.Place)
	if err != nil {
		return nil, err
	}
	alarms, err := store.Select[DeviceAlarm](ctx, s.Store, `SELECT `+alarmColumns+` FROM hall_device_alarm WHERE cleared_at IS NULL ORDER BY id`)
	if err != nil {
		return nil, err
	}
	open, err := store.Select[Repair](ctx, s.Store, `SELECT `+repairColumns+` FROM hall_repair WHERE state IN ('asked', 'taken', 'mended')`)
	if err != nil {
		return nil, err
	}
	repairs := map[store.ID]string{}
	for _, x := range open {
		repairs[x.Device] = x.State
	}
	releases, err := store.Select[DeviceRelease](ctx, s.Store, releaseQuery)
	if err != nil {
		return nil, err
	}
	for _, d := range rows {
		if sees(who, d.Unit, fleetRoles...) {
			out.Devices = append(out.Devices, s.deviceNow(d, alarms, repairs, releases, now))
		}
	}
	b := s.book.Load()
	for _, h := range b.halls {
		if sees(who, h.Unit, fleetRoles...) {
			out.Places = append(out.Places, FleetPlace{h.Code, h.Name, h.Unit})
		}
	}
	for _, x := range b.stations {
		if sees(who, x.Unit, fleetRoles...) {
			out.Places = append(out.Places, FleetPlace{x.Code, x.Name, x.Unit})
		}
	}
	return httpapi.Answer(out, nil)
}

func (s *Service) registerDevice(ctx context.Context, in *struct{ Body DeviceForm }) (*httpapi.Body[Device], error) {
	return httpapi.Answer(s.PutDevice(ctx, httpapi.Actor(ctx), 0, in.Body))
}

func (s *Service) changeDevice(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body DeviceForm
}) (*httpapi.Body[Device], error) {
	return httpapi.Answer(s.PutDevice(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body))
}

// DeviceLog is one thing that happened to a device.
type DeviceLog struct {
	At     store.Time `bun:"at" json:"at"`
	By     string     `bun:"by_name" json:"by,omitempty"`
	Action string     `bun:"action" json:"action"`
}

// DeviceDay is how much of a day a device was heard.
type DeviceDay struct {
	Day     string `bun:"day" json:"day"`
	Minutes int    `bun:"minutes" json:"minutes"`
}

// DevicePickup is a licence that was printed at a device, or is.
type DevicePickup struct {
	ID     store.ID   `bun:"id" json:"id"`
	Name   Text       `bun:"-" json:"name"`
	Text   string     `bun:"name" json:"-"`
	No     string     `bun:"no" json:"no"`
	State  string     `bun:"state" json:"state"`
	Prints int        `bun:"prints" json:"prints"`
	Photos int        `bun:"photos" json:"photos"`
	Series string     `bun:"series" json:"-"`
	Sheet  int64      `bun:"sheet" json:"-"`
	Serial string     `bun:"-" json:"serial,omitempty"`
	At     store.Time `bun:"checked_at" json:"at"`
}

// DeviceFile is everything of one device.
type DeviceFile struct {
	DeviceNow
	Told     []DeviceAlarm   `json:"told" doc:"Alarms of the last time, the newest first"`
	Names    map[string]Text `json:"names" doc:"Alarms in words, by code"`
	Orders   []DeviceCommand `json:"orders"`
	Repairs  []Repair        `json:"repairs"`
	Log      []DeviceLog     `json:"log"`
	Days     []DeviceDay     `json:"days" doc:"Minutes heard, of the last 30 days"`
	Sheets   map[string]int  `json:"sheets" doc:"Blank sheets by state"`
	Next     string          `json:"next_sheet,omitempty" doc:"Serial that is printed on next"`
	Pickups  []DevicePickup  `json:"pickups"`
	Operates bool            `json:"operates"`
}

func (s *Service) getDeviceOf(ctx context.Context, in *struct {
	ID httpapi.PathID `path:"id"`
}) (*httpapi.Body[DeviceFile], error) {
	who, now := httpapi.Actor(ctx), s.Store.Now()
	d, err := s.deviceFor(ctx, s.Store, who, in.ID.ID, fleetRoles...)
	if err != nil {
		return nil, err
	}
	out := DeviceFile{Names: map[string]Text{}, Sheets: map[string]int{}, Operates: sees(who, d.Unit, operators...)}
	if out.Told, err = store.Select[DeviceAlarm](ctx, s.Store, `SELECT `+alarmColumns+` FROM hall_device_alarm WHERE device = ? ORDER BY id DESC LIMIT 40`, d.ID); err != nil {
		return nil, err
	}
	var open []DeviceAlarm
	for _, a := range out.Told {
		out.Names[a.Code] = s.alarmName(a.Code, a.Value)
		if a.ClearedAt.IsZero() {
			open = append(open, a)
		}
	}
	if out.Orders, err = store.Select[DeviceCommand](ctx, s.Store, `SELECT c.id, c.device, c.kind, c.text, c.reason, a.name AS by_name, c.at, c.expires_at, c.sent_at, c.acked_at, c.done, c.note FROM hall_device_command c JOIN account a ON a.id = c.actor WHERE c.device = ? ORDER BY c.id DESC LIMIT 20`, d.ID); err != nil {
		return nil, err
	}
	for i := range out.Orders {
		out.Orders[i].stand(now)
	}
	if out.Repairs, err = store.Select[Repair](ctx, s.Store, `SELECT `+repairColumns+` FROM hall_repair WHERE device = ? ORDER BY id DESC LIMIT 20`, d.ID); err != nil {
		return nil, err
	}
	repairs := map[store.ID]string{}
	for i := range out.Repairs {
		out.Repairs[i].stand(now)
		if x := out.Repairs[i]; x.State != "checked" && x.State != "dropped" {
			repairs[d.ID] = x.State
		}
	}
	releases, err := store.Select[DeviceRelease](ctx, s.Store, releaseQuery)
	if err != nil {
		return nil, err
	}
	out.DeviceNow = s.deviceNow(d, open, repairs, releases, now)
	if out.Log, err = store.Select[DeviceLog](ctx, s.Store, `SELECT e.at, COALESCE(a.name, '') AS by_name, e.action FROM hall_device_event e LEFT JOIN account a ON a.id = e.actor WHERE e.device = ? ORDER BY e.id DESC LIMIT 30`, d.ID); err != nil {
		return nil, err
	}
	if out.Days, err = store.Select[DeviceDay](ctx, s.Store, `SELECT day, minutes FROM hall_device_day WHERE device = ? AND day >= ? ORDER BY day`, d.ID, s.today(now.AddDate(0, 0, -29))); err != nil {
		return nil, err
	}
	type count struct {
		State string
		N     int
	}
	counts, err := store.Select[count](ctx, s.Store, `SELECT state, count(*) AS n FROM hall_sheet WHERE device = ? GROUP BY state`, d.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		out.Sheets[c.State] = c.N
	}
	if next, err := store.Select[sheetRow](ctx, s.Store, `SELECT `+sheetColumns+` FROM hall_sheet WHERE device = ? AND state = 'loaded' ORDER BY series, no LIMIT 1`, d.ID); err != nil {
		return nil, err
	} else if len(next) > 0 {
		out.Next = s.serialOf(next[0].Series, next[0].No)
	}
	if out.Pickups, err = store.Select[DevicePickup](ctx, s.Store, `SELECT p.id, p.name, p.no, p.state, p.prints, p.series, p.sheet, p.checked_at, (SELECT count(*) FROM hall_pickup_evidence e WHERE e.pickup = p.id) AS photos FROM hall_pickup p WHERE p.device = ? ORDER BY p.checked_at DESC LIMIT 20`, d.ID); err != nil {
		return nil, err
	}
	for i := range out.Pickups {
		x := &out.Pickups[i]
		_ = json.Unmarshal([]byte(x.Text), &x.Name)
		if x.Sheet != 0 {
			x.Serial = s.serialOf(x.Series, x.Sheet)
		}
	}
	return httpapi.Answer(out, nil)
}

// EnrolmentCode is a one-time code, shown once.
type EnrolmentCode struct {
	Code  string     `json:"code"`
	Until store.Time `json:"until"`
}

func (s *Service) giveCode(ctx context.Context, in *struct {
	ID httpapi.PathID `path:"id"`
}) (*httpapi.Body[EnrolmentCode], error) {
	code, until, err := s.EnrolmentCode(ctx, httpapi.Actor(ctx), in.ID.ID)
	return httpapi.Answer(EnrolmentCode{code, until}, err)
}

// DeviceReason is a reason.
type DeviceReason struct {
	Reason string `json:"reason" minLength:"2" maxLength:"200"`
}

func (s *Service) revokeDevice(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body DeviceReason
}) (*httpapi.Empty, error) {
	return &httpapi.Empty{}, s.RevokeDevice(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Reason)
}

func (s *Service) orderDevice(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		DeviceReason
		Kind string `json:"kind" enum:"lock,unlock,restart,message"`
		Text string `json:"text,omitempty" maxLength:"120"`
	}
}) (*httpapi.Body[DeviceCommand], error) {
	return httpapi.Answer(s.OrderDevice(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Kind, in.Body.Text, in.Body.Reason))
}

func (s *Service) clearAlarm(ctx context.Context, in *struct {
	ID    httpapi.PathID `path:"id"`
	Other httpapi.PathID `path:"other"`
	Body  DeviceReason
}) (*httpapi.Empty, error) {
	return &httpapi.Empty{}, s.ClearAlarm(ctx, httpapi.Actor(ctx), in.ID.ID, in.Other.ID, in.Body.Reason)
}

func (s *Service) askRepair(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		What string `json:"what" minLength:"2" maxLength:"300"`
	}
}) (*httpapi.Body[Repair], error) {
	return httpapi.Answer(s.AskRepair(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.What))
}

func (s *Service) actOnRepair(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		Action  string `json:"action" enum:"take,mend,check,again,drop"`
		Version int    `json:"version,omitempty"`
		Note    string `json:"note,omitempty" maxLength:"300"`
	}
}) (*httpapi.Body[Repair], error) {
	return httpapi.Answer(s.ActOnRepair(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Version, in.Body.Action, in.Body.Note))
}

func (s *Service) releaseVersion(ctx context.Context, in *struct {
	Body struct {
		Version string `json:"version" minLength:"1" maxLength:"40"`
		Share   int    `json:"share" minimum:"1" maximum:"100"`
		Halt    bool   `json:"halt,omitempty"`
		Reason  string `json:"reason,omitempty" maxLength:"200"`
	}
}) (*httpapi.Empty, error) {
	return &httpapi.Empty{}, s.Release(ctx, httpapi.Actor(ctx), in.Body.Version, in.Body.Share, in.Body.Halt, in.Body.Reason)
}

func (s *Service) countSheets(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		Series string `json:"series" maxLength:"20"`
		N      int    `json:"n" minimum:"0" maximum:"100000"`
	}
}) (*httpapi.Empty, error) {
	return &httpapi.Empty{}, s.CountSheets(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Series, in.Body.N)
}

func (s *Service) reconcileSheets(ctx context.Context, in *struct {
	ID  httpapi.PathID `path:"id"`
	Day string         `query:"day" maxLength:"10"`
}) (*httpapi.Body[[]SheetDay], error) {
	d, err := s.deviceFor(ctx, s.Store, httpapi.Actor(ctx), in.ID.ID, fleetRoles...)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Day) == "" {
		in.Day = s.today(s.Store.Now())
	}
	return httpapi.Answer(s.Reconcile(ctx, s.Store, &d, in.Day))
}

// PickupPhoto is a photo of a hand-over.
type PickupPhoto struct {
	Photo []byte `json:"photo"`
}

func (s *Service) seePhoto(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	N    int            `path:"n" minimum:"0" maximum:"20"`
	Body DeviceReason
}) (*httpapi.Body[PickupPhoto], error) {
	photo, err := s.EvidencePhoto(ctx, httpapi.Actor(ctx), in.ID.ID, in.N, in.Body.Reason)
	return httpapi.Answer(PickupPhoto{photo}, err)
}
