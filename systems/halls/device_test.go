package halls

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/blob"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/systems/halls/kiosk"
)

// machine is a device in a test: its key, its count, its queue.
type machine struct {
	*house
	t     testing.TB
	id    store.ID
	key   ed25519.PrivateKey
	count int64
	box   []byte
	last  *kiosk.QueueEntry
}

func (h *house) operator(t testing.TB) account.Actor {
	return h.staff(t, "operator", "baoan", "device_operator")
}

// device registers and enrols a device.
func (h *house) device(t testing.TB, who account.Actor, place string) *machine {
	t.Helper()
	ctx := context.Background()
	d, err := h.PutDevice(ctx, who, 0, DeviceForm{Name: "一体机", Kind: "kiosk", Place: place, Functions: []string{"apply", "licence", "print"}})
	if err != nil {
		t.Fatal(err)
	}
	code, _, err := h.EnrolmentCode(ctx, who, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	public, key, _ := ed25519.GenerateKey(nil)
	in, err := h.Enrol(ctx, kiosk.Enrolment{Code: code, Public: public})
	if err != nil {
		t.Fatal(err)
	}
	return &machine{house: h, t: t, id: d.ID, key: key, box: in.Box}
}

// sign signs a request of the device at the house's time.
func (m *machine) sign(path string, body []byte) Signature {
	m.count++
	at := m.Store.Now().UnixMilli()
	return Signature{m.id.String(), strconv.FormatInt(m.count, 10), strconv.FormatInt(at, 10), kiosk.SignRequest(m.key, "POST", path, m.id.String(), m.count, at, body)}
}

func (m *machine) signed() signed {
	m.t.Helper()
	x, err := m.house.Service.device(context.Background(), m.sign("/x", nil), "POST", "/x", nil)
	if err != nil {
		m.t.Fatal(err)
	}
	return x
}

func (m *machine) beat(b kiosk.DeviceBeat) kiosk.DeviceHeard {
	m.t.Helper()
	out, err := m.Beat(context.Background(), m.signed(), b)
	if err != nil {
		m.t.Fatal(err)
	}
	return out
}

// entry writes one of the device's queue.
func (m *machine) entry(kind string, data any, sealed any) kiosk.QueueEntry {
	m.t.Helper()
	var box []byte
	if sealed != nil {
		raw, _ := json.Marshal(sealed)
		var err error
		if box, err = kiosk.Seal(m.box, raw); err != nil {
			m.t.Fatal(err)
		}
	}
	e, err := kiosk.NewEntry(m.key, m.last, m.Store.Now(), kind, data, box)
	if err != nil {
		m.t.Fatal(err)
	}
	m.last = &e
	return e
}

func (m *machine) hand(entries ...kiosk.QueueEntry) error {
	_, err := m.TakeEntries(context.Background(), m.signed(), entries)
	return err
}

func (m *machine) alarms() (open []string) {
	m.t.Helper()
	open, err := store.Select[string](context.Background(), m.Store, `SELECT code FROM hall_device_alarm WHERE device = ? AND cleared_at IS NULL ORDER BY code`, m.id)
	if err != nil {
		m.t.Fatal(err)
	}
	return open
}

var full = map[string]int{"paper": 500, "toner": 90, "sheets": 50, "cards": 50}

// A device enrols once by its code; what it did not sign, what was altered, what was sent
// before, what a revoked key signs, and what comes with a wrong clock is refused.
func TestADeviceIsItsKey(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		who := h.operator(t)
		d, err := h.PutDevice(ctx, who, 0, DeviceForm{Name: "一体机", Kind: "kiosk", Place: "park-xinan", Functions: []string{"apply"}, Serial: "SN1"})
		if err != nil || d.Lon == nil {
			t.Fatalf("%+v %v", d, err)
		}
		for _, f := range []DeviceForm{{Name: "x y", Kind: "kiosk", Place: "nowhere"}, {Name: "x y", Kind: "kiosk", Place: "center", Functions: []string{"fly"}}, {Name: " ", Kind: "kiosk", Place: "center"}} {
			if _, err := h.PutDevice(ctx, who, 0, f); err == nil {
				t.Errorf("%+v was registered", f)
			}
		}
		street := h.staff(t, "street-operator", "st-xixiang", "device_operator")
		if _, err := h.PutDevice(ctx, street, 0, DeviceForm{Name: "一体机", Kind: "kiosk", Place: "park-xinan"}); err == nil {
			t.Error("another street's operator registered a device")
		}
		old, _, _ := h.EnrolmentCode(ctx, who, d.ID)
		c, _, _ := h.EnrolmentCode(ctx, who, d.ID)
		public, key, _ := ed25519.GenerateKey(nil)
		for what, in := range map[string]kiosk.Enrolment{"an older code": {Code: old, Public: public}, "no code": {Code: "KQ-AAAAA-AAAAA", Public: public}, "another machine": {Code: c, Public: public, Serial: "SN2"}, "no key": {Code: c}} {
			if _, err := h.Enrol(ctx, in); err == nil {
				t.Errorf("enrolled by %s", what)
			}
		}
		if _, err := h.Enrol(ctx, kiosk.Enrolment{Code: strings.ToLower(c), Public: public, Serial: "SN1"}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Enrol(ctx, kiosk.Enrolment{Code: c, Public: public}); code(err) != "enrol_code" {
			t.Errorf("a code twice: %v", err)
		}
		m := &machine{house: h, t: t, id: d.ID, key: key}
		body := []byte(`{"version":"1"}`)
		good := m.sign("/p", body)
		if _, err := h.Service.device(ctx, good, "POST", "/p", body); err != nil {
			t.Fatal(err)
		}
		_, other, _ := ed25519.GenerateKey(nil)
		count := func(x Signature, n string) Signature { x.Count = n; return x }
		for what, try := range map[string]struct {
			x    Signature
			path string
			body []byte
			want string
		}{
			"another body":  {good, "/p", []byte(`{"version":"2"}`), "device_unknown"},
			"another path":  {good, "/q", body, "device_unknown"},
			"another count": {count(good, "99"), "/p", body, "device_unknown"},
			"another key":   {(&machine{house: h, t: t, id: d.ID, key: other}).sign("/p", body), "/p", body, "device_unknown"},
			"nobody":        {Signature{"7", "1", good.Time, good.Sign}, "/p", body, "device_unknown"},
			"nothing":       {Signature{}, "/p", body, "device_unknown"},
		} {
			if _, err := h.Service.device(ctx, try.x, "POST", try.path, try.body); code(err) != try.want {
				t.Errorf("%s: %v", what, err)
			}
		}
		x, _ := h.Service.device(ctx, good, "POST", "/p", body)
		if _, err := h.Beat(ctx, x, kiosk.DeviceBeat{Version: "1", Supplies: full}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Beat(ctx, x, kiosk.DeviceBeat{Version: "1"}); code(err) != "device_replay" {
			t.Errorf("a request twice: %v", err)
		}
		late := m.sign("/p", body)
		h.pass(6 * time.Minute)
		if _, err := h.Service.device(ctx, late, "POST", "/p", body); code(err) != "device_clock" {
			t.Errorf("six minutes old: %v", err)
		}
		before := m.signed()
		if err := h.RevokeDevice(ctx, who, d.ID, "机器被盗"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Beat(ctx, before, kiosk.DeviceBeat{}); code(err) != "device_replay" {
			t.Errorf("signed before the key was taken back: %v", err)
		}
		if _, err := h.Service.device(ctx, m.sign("/p", body), "POST", "/p", body); code(err) != "device_revoked" {
			t.Errorf("a revoked key: %v", err)
		}
	})
}

// Alarms are raised at low and cleared at clear, once each; silence is raised by the clock
// and over after two beats.
func TestAlarmsDoNotFlutter(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		who := h.operator(t)
		m := h.device(t, who, "center")
		say := func(paper int, hot float64, faults ...string) []string {
			h.pass(time.Minute)
			m.beat(kiosk.DeviceBeat{Version: "1", Supplies: map[string]int{"paper": paper, "toner": 90, "sheets": 20, "cards": 20}, Temperature: hot, Faults: faults})
			return m.alarms()
		}
		for i, c := range []struct {
			paper  int
			hot    float64
			faults []string
			want   []string
		}{
			{200, 40, nil, nil},
			{50, 40, nil, []string{"supply:paper"}},
			{51, 60, nil, []string{"hot", "supply:paper"}},
			{99, 56, []string{"E101"}, []string{"fault:E101", "hot", "supply:paper"}},
			{100, 55, nil, []string{"fault:E101"}},
			{51, 59, []string{"E101"}, []string{"fault:E101"}}, // it came again: calm begins anew
			{51, 59, nil, []string{"fault:E101"}},
			{51, 59, nil, nil},
		} {
			if got := say(c.paper, c.hot, c.faults...); !slices.Equal(got, c.want) {
				t.Errorf("step %d: %v, want %v", i, got, c.want)
			}
		}
		var n int
		_ = h.Store.QueryRow(ctx, `SELECT count(*) FROM notice WHERE name = 'device_alarm' AND desk = 'device_operator@baoan'`).Scan(&n)
		if n != 3 {
			t.Errorf("told %d times, want 3", n)
		}
		h.pass(4 * time.Minute)
		_ = h.Tick(ctx)
		if got := m.alarms(); len(got) > 0 {
			t.Errorf("late is not offline: %v", got)
		}
		h.pass(2 * time.Minute)
		for range 2 {
			if err := h.Tick(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if got := m.alarms(); !slices.Equal(got, []string{"offline"}) {
			t.Errorf("offline: %v", got)
		}
		if got := say(200, 40); !slices.Equal(got, []string{"offline"}) {
			t.Errorf("one beat ended the silence: %v", got)
		}
		if got := say(200, 40); len(got) > 0 {
			t.Errorf("two beats did not: %v", got)
		}
		var minutes int
		_ = h.Store.QueryRow(ctx, `SELECT sum(minutes) FROM hall_device_day WHERE device = ?`, m.id).Scan(&minutes)
		if minutes != 10 {
			t.Errorf("heard in %d minutes, want 10", minutes)
		}
	})
}

// An order is sent at the next beat, acknowledged once, and void after its time.
func TestOrdersAreAcknowledgedOrExpire(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		who := h.operator(t)
		m := h.device(t, who, "center")
		m.beat(kiosk.DeviceBeat{Version: "1", Supplies: full})
		if _, err := h.OrderDevice(ctx, who, m.id, "lock", "", " "); err == nil {
			t.Error("an order without a reason")
		}
		if _, err := h.OrderDevice(ctx, who, m.id, "message", "", "通知"); err == nil {
			t.Error("a message without words")
		}
		c, err := h.OrderDevice(ctx, who, m.id, "lock", "", "夜间关闭")
		if err != nil || c.State != "waiting" {
			t.Fatal(c, err)
		}
		if got := m.beat(kiosk.DeviceBeat{Version: "1", Supplies: full}).Commands; len(got) != 1 || got[0].Kind != "lock" {
			t.Fatalf("%+v", got)
		}
		if got := m.beat(kiosk.DeviceBeat{Version: "1", Locked: true, Supplies: full, Acks: []kiosk.OrderAck{{Command: c.ID.String(), Done: true}, {Command: "x"}}}).Commands; len(got) != 0 {
			t.Errorf("sent again after it was acknowledged: %+v", got)
		}
		if _, err := h.OrderDevice(ctx, who, m.id, "restart", "", "卡顿"); err != nil {
			t.Fatal(err)
		}
		h.pass(10 * time.Minute)
		if got := m.beat(kiosk.DeviceBeat{Version: "1", Supplies: full}).Commands; len(got) != 0 {
			t.Errorf("an order that is over: %+v", got)
		}
		in := struct {
			Done *bool
			Note string
		}{}
		_ = h.Store.QueryRow(ctx, `SELECT done, note FROM hall_device_command WHERE id = ?`, c.ID).Scan(&in.Done, &in.Note)
		if in.Done == nil || !*in.Done {
			t.Errorf("%+v", in)
		}
		if _, err := h.OrderDevice(ctx, h.staff(t, "other", "st-xixiang", "device_operator"), m.id, "lock", "", "误"); err == nil {
			t.Error("another unit's operator locked it")
		}
	})
}

// A version reaches its share of devices and no other; it halts by itself on faults, and
// is not taken from those who run it.
func TestARollOutHaltsOnFaults(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		who := h.operator(t)
		if err := h.Release(ctx, h.staff(t, "part", "st-xixiang", "device_operator"), "2.0", 10, false, ""); code(err) != "fleet_wide" {
			t.Errorf("a street released to the fleet: %v", err)
		}
		if err := h.Release(ctx, who, "2.0", 50, false, ""); err != nil {
			t.Fatal(err)
		}
		if err := h.Release(ctx, who, "2.0", 40, false, ""); err == nil {
			t.Error("a share fell")
		}
		all, _ := h.Releases(ctx, h.Store)
		n := 0
		for i := range store.ID(2000) {
			if wanted(all, i+1, "1.0") == "2.0" {
				n++
			}
		}
		if n < 900 || n > 1100 {
			t.Errorf("%d of 2000 devices at 50%%", n)
		}
		for i := range 3 {
			m := h.device(t, who, "center")
			b := kiosk.DeviceBeat{Version: "2.0", Supplies: full}
			if i == 0 {
				b.Faults = []string{"E101"}
			}
			m.beat(b)
		}
		if err := h.Tick(ctx); err != nil {
			t.Fatal(err)
		}
		if all, _ = h.Releases(ctx, h.Store); all[0].State != "halted" || all[0].Running != 3 || all[0].Faulty != 1 {
			t.Fatalf("%+v", all)
		}
		for i := range store.ID(200) {
			if w := wanted(all, i+1, "1.0"); w != "" {
				t.Fatalf("a halted version went on: %q", w)
			}
		}
		if wanted(all, 1, "2.0") != "2.0" {
			t.Error("taken from who runs it")
		}
		if err := h.Release(ctx, who, "2.0", 60, false, ""); err == nil {
			t.Error("went on without a reason")
		}
		if err := h.Release(ctx, who, "2.0", 60, false, "固件已修"); err != nil {
			t.Fatal(err)
		}
	})
}

// A repair goes by its law, and is late when nobody took it in working time.
func TestRepair(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		who := h.operator(t)
		m := h.device(t, who, "center")
		h.set(time.Date(2026, 11, 27, 17, 0, 0, 0, friday.Location())) // Friday, an hour before the end
		r, err := h.AskRepair(ctx, who, m.id, "卡纸")
		if err != nil || r.Late {
			t.Fatal(r, err)
		}
		if _, err := h.AskRepair(ctx, who, m.id, "再报"); code(err) != "repair_open" {
			t.Errorf("twice: %v", err)
		}
		if d := h.local(r.RespondBy.Time); d.Weekday() != time.Monday {
			t.Errorf("to respond by %s", d)
		}
		for _, a := range []string{"mend", "check", "again"} {
			if _, err := h.ActOnRepair(ctx, who, r.ID, 0, a, "x"); code(err) != "repair_state" {
				t.Errorf("%s at first: %v", a, err)
			}
		}
		h.set(r.RespondBy.Add(time.Minute))
		for _, step := range []struct{ action, state string }{{"take", "taken"}, {"mend", "mended"}, {"again", "taken"}, {"mend", "mended"}, {"check", "checked"}} {
			if r, err = h.ActOnRepair(ctx, who, r.ID, r.Seq, step.action, "已处理"); err != nil || r.State != step.state {
				t.Fatal(step, r, err)
			}
		}
		if !r.Late {
			t.Error("it was taken late")
		}
	})
}

// The queue of a device is taken in its order and each entry once; what was altered,
// left out or slipped in is noticed, and nothing more is taken.
func TestTheQueueCannotBeAltered(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		who := h.operator(t)
		visits := func() (n int) {
			_ = h.Store.QueryRow(ctx, `SELECT count(*) FROM hall_visit`).Scan(&n)
			return n
		}
		m := h.device(t, who, "park-xinan")
		a, b := m.entry(kiosk.Visit, kiosk.VisitEntry{Function: "apply"}, nil), m.entry(kiosk.Visit, kiosk.VisitEntry{Function: "print", Grade: 5}, nil)
		if err := m.hand(a, b); err != nil {
			t.Fatal(err)
		}
		c := m.entry(kiosk.CallBack, struct{}{}, kiosk.Asked{Phone: "16000000077", What: "想办营业执照，电话16000000077"})
		if err := m.hand(a, b, c); err != nil || visits() != 2 {
			t.Fatalf("sent again: %d visits, %v", visits(), err)
		}
		calls, _ := h.HelpCalls(ctx, "park-xinan")
		if len(calls) != 1 || calls[0].Phone != "160****0077" || strings.Contains(calls[0].What, "16000000077") {
			t.Errorf("%+v", calls)
		}
		keeper := h.staff(t, "keeper", "st-xinan", "station_keeper")
		if got, err := h.TakeCall(ctx, keeper, calls[0].ID); err != nil || got.Phone != "16000000077" {
			t.Errorf("%+v %v", got, err)
		}
		for what, spoil := range map[string]func(x *machine, e kiosk.QueueEntry) []kiosk.QueueEntry{
			"altered": func(_ *machine, e kiosk.QueueEntry) []kiosk.QueueEntry {
				e.Data = []byte(`{"function":"apply","grade":1}`)
				return []kiosk.QueueEntry{e}
			},
			"left out": func(x *machine, _ kiosk.QueueEntry) []kiosk.QueueEntry {
				return []kiosk.QueueEntry{x.entry(kiosk.Visit, kiosk.VisitEntry{}, nil)}
			},
			"rewritten": func(x *machine, _ kiosk.QueueEntry) []kiosk.QueueEntry {
				x.last = nil
				return []kiosk.QueueEntry{x.entry(kiosk.Visit, kiosk.VisitEntry{Function: "other"}, nil)}
			},
			"not its own": func(x *machine, e kiosk.QueueEntry) []kiosk.QueueEntry {
				_, x.key, _ = ed25519.GenerateKey(nil)
				return []kiosk.QueueEntry{e}
			},
		} {
			x := h.device(t, who, "center")
			if err := x.hand(x.entry(kiosk.Visit, kiosk.VisitEntry{Function: "apply"}, nil)); err != nil {
				t.Fatal(err)
			}
			if what == "not its own" {
				e := x.entry(kiosk.Visit, kiosk.VisitEntry{}, nil)
				_, other, _ := ed25519.GenerateKey(nil)
				e.Sig = ed25519.Sign(other, e.Hash)
				if err := x.hand(e); code(err) != "queue_altered" {
					t.Errorf("%s: %v", what, err)
				}
				continue
			}
			n := visits()
			if err := x.hand(spoil(x, x.entry(kiosk.Visit, kiosk.VisitEntry{Function: "apply"}, nil))...); code(err) != "queue_altered" || visits() != n {
				t.Errorf("%s: %v", what, err)
			}
			if !slices.Contains(x.alarms(), "tampered") {
				t.Errorf("%s raised nothing", what)
			}
			if err := x.hand(); code(err) != "queue_altered" {
				t.Errorf("%s: more was taken: %v", what, err)
			}
		}
	})
}

// ---- Blank sheets

// Whatever is done with blank sheets, received = in stock + at devices + used + wasted +
// returned, each serial is in one place, and the events make the rows.
func TestEveryBlankSheetIsAccountedFor(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		who := h.operator(t)
		devices := []*machine{h.device(t, who, "center"), h.device(t, who, "center")}
		h.Files = &blob.Files{Store: h.Store}
		photo := "0123456789abcdef0123456789abcdef"
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO blob (id, hash, size, type, owner, at) VALUES (?, ?, 1, 'image/png', 0, ?)`, photo, []byte{1}, store.At(h.Store.Now()))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		base := int64(0)
		rapid.Check(t, func(rt *rapid.T) {
			base += 1000
			steps := rapid.IntRange(5, 25).Draw(rt, "steps")
			for range steps {
				from := base + rapid.Int64Range(1, 30).Draw(rt, "from")
				mv := SheetMove{Series: "YZ", From: from, To: from + rapid.Int64Range(0, 12).Draw(rt, "n"), Action: rapid.SampledFrom([]string{"receive", "receive", "issue", "issue", "load", "load", "unload", "recall", "waste", "return"}).Draw(rt, "action"),
					Unit: "dp-zhengshu", Device: devices[rapid.IntRange(0, 1).Draw(rt, "device")].id, Reason: "试", Photo: photo}
				err := h.MoveSheets(ctx, who, mv)
				if c := code(err); err != nil && !slices.Contains([]string{"sheet_double", "sheet_unknown", "sheet_state"}, c) {
					rt.Fatal(mv, err)
				}
				if rapid.Bool().Draw(rt, "print") {
					d := devices[rapid.IntRange(0, 1).Draw(rt, "printer")]
					no, err := store.Get[int64](ctx, h.Store, `SELECT no FROM hall_sheet WHERE device = ? AND state = 'loaded' AND no > ? ORDER BY no LIMIT 1`, d.id, base)
					if err == nil {
						end := rapid.SampledFrom([]string{"use", "waste"}).Draw(rt, "end")
						if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
							if err := moveSheet(ctx, tx, "YZ", no, d.id, 0, "begin", "", h.Store.Now()); err != nil {
								return err
							}
							return moveSheet(ctx, tx, "YZ", no, d.id, 0, end, "", h.Store.Now())
						}); err != nil {
							rt.Fatal(err)
						}
					}
				}
			}
			stocks, err := h.SheetStocks(ctx, h.Store, account.Scope{All: true})
			if err != nil {
				rt.Fatal(err)
			}
			for _, x := range stocks {
				if x.Received != x.Stock+x.Devices+x.Used+x.Wasted+x.Returned {
					rt.Fatalf("%+v", x)
				}
			}
			events, err := store.Select[sheetMoved](ctx, h.Store, `SELECT `+sheetMovedColumns+` FROM hall_sheet_event WHERE from_no > ? ORDER BY id`, base)
			if err != nil {
				rt.Fatal(err)
			}
			made, err := foldSheets(events)
			if err != nil {
				rt.Fatal(err)
			}
			rows, err := store.Select[sheetRow](ctx, h.Store, `SELECT `+sheetColumns+` FROM hall_sheet WHERE no > ?`, base)
			if err != nil {
				rt.Fatal(err)
			}
			if len(rows) != len(made["YZ"]) {
				rt.Fatalf("%d rows, %d of events", len(rows), len(made["YZ"]))
			}
			for _, r := range rows {
				if made["YZ"][r.No] != r.State {
					rt.Fatalf("%d is %s, by its events %s", r.No, r.State, made["YZ"][r.No])
				}
			}
			for _, d := range devices {
				dev, _ := getDevice(ctx, h.Store, d.id)
				days, err := h.Reconcile(ctx, h.Store, &dev, "2026-11-27")
				if err != nil {
					rt.Fatal(err)
				}
				var at int
				_ = h.Store.QueryRow(ctx, `SELECT count(*) FROM hall_sheet WHERE device = ? AND state IN ('device', 'loaded', 'printing')`, d.id).Scan(&at)
				if len(days) > 0 && days[0].Closing != at {
					rt.Fatalf("closing %d, %d are there", days[0].Closing, at)
				}
			}
		})
		for what, mv := range map[string]SheetMove{
			"no series":        {Series: "XX", From: 1, To: 2, Action: "receive", Unit: "dp-zhengshu"},
			"backwards":        {Series: "YZ", From: 9, To: 2, Action: "receive", Unit: "dp-zhengshu"},
			"too many":         {Series: "YZ", From: 1, To: 99999, Action: "receive", Unit: "dp-zhengshu"},
			"too long":         {Series: "YZ", From: 999999999, To: 999999999, Action: "receive", Unit: "dp-zhengshu"},
			"no unit":          {Series: "YZ", From: 1, To: 2, Action: "receive", Unit: "nowhere"},
			"waste unshown":    {Series: "YZ", From: 1, To: 2, Action: "waste", Reason: "破损"},
			"waste for naught": {Series: "YZ", From: 1, To: 2, Action: "waste", Photo: photo},
			"printing by hand": {Series: "YZ", From: 1, To: 2, Action: "nothing"},
		} {
			if err := h.MoveSheets(ctx, who, mv); err == nil {
				t.Errorf("%s was done", what)
			}
		}
	})
}

// ---- Self-pickup

// licences is one licence, as another system has it.
type licences struct{ paper LicencePaper }

func (l *licences) LicenceToCollect(_ context.Context, id store.ID) (LicencePaper, error) {
	if id != l.paper.ID {
		return LicencePaper{}, store.ErrNotFound
	}
	return l.paper, nil
}

// pick is a pickup in a test: a holder with a licence, a device with sheets.
type pick struct {
	*machine
	who      account.Actor
	holder   account.Actor
	licences *licences
	Pickup
}

const holderID, agentID = "440306199001011233", "11010519491231002X"

func (h *house) pick(t testing.TB) *pick {
	t.Helper()
	ctx := context.Background()
	who := h.operator(t)
	m := h.device(t, who, "center")
	h.Files = &blob.Files{Store: h.Store}
	for _, mv := range []SheetMove{{Series: "YZ", From: 1, To: 10, Action: "receive", Unit: "dp-zhengshu"}, {Series: "YZ", From: 1, To: 5, Action: "issue", Device: m.id}, {Series: "YZ", From: 1, To: 4, Action: "load"}} {
		if err := h.MoveSheets(ctx, who, mv); err != nil {
			t.Fatal(err)
		}
	}
	holder := h.citizen(t, "张三", "16000000071")
	l := &licences{LicencePaper{ID: 77, Case: 78, Person: holder.Person, Type: "11440306MB2D70048K001", No: "2026X", Name: Text{"zh": "营业执照"}, Usable: true, Holder: "张三", IDNumber: holderID, Lines: []kiosk.PrintLine{{Title: "持证人", Value: "张三"}}}}
	h.Licences, h.Faces = l, adapter.FaceSimulator{}
	p, err := h.OpenPickup(ctx, holder, 77)
	if err != nil {
		t.Fatal(err)
	}
	return &pick{m, who, holder, l, p}
}

func (p *pick) check(name, id, face string) (PickupFound, error) {
	return p.CheckPickup(context.Background(), p.signed(), Presented{Code: p.Code, Name: name, IDNumber: id, Portrait: kiosk.Portrait(id), Live: kiosk.Portrait(face)})
}

func (p *pick) print() (kiosk.PrintJob, error) {
	return p.PrintPickup(context.Background(), p.signed(), p.ID)
}

func (p *pick) state() (state string, sheets map[string]int) {
	ctx := context.Background()
	_ = p.Store.QueryRow(ctx, `SELECT state FROM hall_pickup WHERE id = ?`, p.ID).Scan(&state)
	sheets = map[string]int{}
	type count struct {
		State string
		N     int
	}
	rows, _ := store.Select[count](ctx, p.Store, `SELECT state, count(*) AS n FROM hall_sheet GROUP BY state`)
	for _, r := range rows {
		sheets[r.State] = r.N
	}
	return state, sheets
}

func (p *pick) said(kind string, job kiosk.PrintJob, reason string, photos ...[]byte) kiosk.QueueEntry {
	var sealed any
	if len(photos) > 0 {
		sealed = kiosk.Photos{Photos: photos}
	}
	return p.entry(kind, kiosk.SheetEntry{Pickup: job.Pickup, Series: job.Series, No: job.No, Reason: reason}, sealed)
}

// The holder picks the licence up, once; both photos are kept under the holder's key and
// end after 90 days.
func TestPickupByTheHolder(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		p := h.pick(t)
		if _, err := h.OpenPickup(ctx, p.holder, 77); code(err) != "pickup_have" {
			t.Errorf("two codes: %v", err)
		}
		if _, err := h.OpenPickup(ctx, h.citizen(t, "李四", "16000000072"), 77); err == nil {
			t.Error("somebody else's licence")
		}
		found, err := p.check("张三", holderID, holderID)
		if err != nil || found.Agent || found.Holder != "张*" {
			t.Fatal(found, err)
		}
		job, err := p.print()
		if err != nil || job.No != 1 || job.Serial != "YZ00000001" {
			t.Fatal(job, err)
		}
		if _, err := p.print(); code(err) != "pickup_state" {
			t.Errorf("printed twice at once: %v", err)
		}
		if err := p.hand(p.said(kiosk.PrintBegun, job, ""), p.said(kiosk.Printed, job, ""), p.said(kiosk.Taken, job, "", []byte("one"), []byte("two"))); err != nil {
			t.Fatal(err)
		}
		state, sheets := p.state()
		if state != "picked" || sheets["used"] != 1 || sheets["loaded"] != 3 || len(p.alarms()) != 0 {
			t.Errorf("%s %v %v", state, sheets, p.alarms())
		}
		if _, err := p.check("张三", holderID, holderID); code(err) != "pickup_had" {
			t.Errorf("picked up twice: %v", err)
		}
		photo, err := h.EvidencePhoto(ctx, p.who, p.ID, 1, "核对领取")
		if err != nil || string(photo) != "two" {
			t.Errorf("%q %v", photo, err)
		}
		if _, err := h.EvidencePhoto(ctx, p.who, p.ID, 0, " "); err != vault.ErrNoReason {
			t.Errorf("without a reason: %v", err)
		}
		if looks, _ := h.Vault.Looks(ctx, p.holder.Person); len(looks) != 1 {
			t.Errorf("the holder sees %d looks", len(looks))
		}
		d, _ := getDevice(ctx, h.Store, p.machine.id)
		if days, err := h.Reconcile(ctx, h.Store, &d, "2026-11-27"); err != nil || len(days) != 1 || !days[0].Agrees || days[0].Issued != 5 || days[0].Used != 1 || days[0].Closing != 4 {
			t.Errorf("%+v %v", days, err)
		}
		if err := h.CountSheets(ctx, p.who, d.ID, "YZ", 3); err != nil {
			t.Fatal(err)
		}
		if days, _ := h.Reconcile(ctx, h.Store, &d, "2026-11-27"); days[0].Agrees || *days[0].Counted != 3 {
			t.Errorf("one is missing: %+v", days)
		}
		// The device says that it printed one again: a double.
		if err := p.hand(p.said(kiosk.Printed, job, "")); err != nil {
			t.Fatal(err)
		}
		if days, _ := h.Reconcile(ctx, h.Store, &d, "2026-11-27"); !slices.Equal(days[0].Doubles, []string{"YZ00000001"}) || !slices.Contains(p.alarms(), "ledger") {
			t.Errorf("%+v %v", days, p.alarms())
		}
		k := Evidence{h.Service}
		due := func(after time.Duration) int {
			items, err := k.Due(ctx, h.Store, h.Store.Now().Add(after).AddDate(0, 0, -90), 10)
			if err != nil {
				t.Fatal(err)
			}
			return len(items)
		}
		if due(89*24*time.Hour) != 0 || due(91*24*time.Hour) != 1 {
			t.Error("the photos end after 90 days, no earlier")
		}
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return k.Destroy(ctx, tx, "78", vault.Access{}) }); err != nil || due(91*24*time.Hour) != 0 {
			t.Error("not destroyed", err)
		}
	})
}

// Somebody else is refused, the third time it is locked; a face that is not the card's
// counts; the agent whom the holder named may, until the day.
func TestPickupByWhom(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		p := h.pick(t)
		if _, err := p.CheckPickup(ctx, p.signed(), Presented{Code: "00000000", Name: "张三", IDNumber: holderID}); code(err) != "pickup_code" {
			t.Errorf("a wrong code: %v", err)
		}
		if _, err := h.NameAgent(ctx, p.holder, p.ID, "王五", "123", 3); err == nil {
			t.Error("an agent without a number")
		}
		if _, err := p.check("王五", agentID, agentID); code(err) != "pickup_person" {
			t.Errorf("nobody named them: %v", err)
		}
		if got, err := h.NameAgent(ctx, p.holder, p.ID, "王五", agentID, 3); err != nil || got.AgentName != "王*" {
			t.Fatal(got, err)
		}
		if found, err := p.check("王五", agentID, agentID); err != nil || !found.Agent {
			t.Errorf("the agent: %+v %v", found, err)
		}
		h.pass(73 * time.Hour)
		if _, err := p.check("王五", agentID, agentID); code(err) != "pickup_person" {
			t.Errorf("the agent after their days: %v", err)
		}
		if _, err := p.check("张三", holderID, agentID); code(err) != "pickup_locked" {
			t.Errorf("another face, the third time: %v", err)
		}
		if _, err := p.check("张三", holderID, holderID); code(err) != "pickup_locked" {
			t.Errorf("locked: %v", err)
		}
		var told int
		_ = h.Store.QueryRow(ctx, `SELECT count(*) FROM notice WHERE name = 'pickup_locked' AND person = ?`, p.holder.Person).Scan(&told)
		if told != 1 {
			t.Errorf("the holder was told %d times", told)
		}
		if err := h.CancelPickup(ctx, h.citizen(t, "李四", "16000000072"), p.ID); err == nil {
			t.Error("somebody else cancelled it")
		}
		if err := h.CancelPickup(ctx, p.holder, p.ID); err != nil {
			t.Fatal(err)
		}
		again, err := h.OpenPickup(ctx, p.holder, 77)
		if err != nil || again.Code == p.Code {
			t.Fatal(again, err)
		}
		p.Pickup = again
		p.licences.paper.Usable = false
		if _, err := p.check("张三", holderID, holderID); code(err) != "pickup_revoked" {
			t.Errorf("a revoked licence: %v", err)
		}
		p.licences.paper.Usable = true
		if _, err := p.check("张三", holderID, holderID); err != nil {
			t.Fatal(err)
		}
		p.licences.paper.Usable = false
		if _, err := p.print(); code(err) != "pickup_revoked" {
			t.Errorf("revoked between check and print: %v", err)
		}
		p.licences.paper.Usable = true
		h.pass(6 * time.Minute)
		if _, err := p.print(); code(err) != "pickup_again" {
			t.Errorf("six minutes after the check: %v", err)
		}
		if _, err := p.check("张三", holderID, holderID); err != nil {
			t.Fatal(err)
		}
		other := h.device(t, p.who, "center")
		if _, err := h.PrintPickup(ctx, other.signed(), p.ID); code(err) != "pickup_state" {
			t.Errorf("printed at another device: %v", err)
		}
	})
}

// A sheet that a power cut spoilt is wasted, and the licence printed once more on the
// next; a second waste sends its holder to a window.
func TestPickupAfterAPowerCut(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		p := h.pick(t)
		for i := range 2 {
			if _, err := p.check("张三", holderID, holderID); err != nil {
				t.Fatal(err)
			}
			job, err := p.print()
			if err != nil || job.No != int64(i+1) {
				t.Fatal(job, err)
			}
			if err := p.hand(p.said(kiosk.PrintBegun, job, ""), p.said(kiosk.Wasted, job, "power_cut", []byte("photo"))); err != nil {
				t.Fatal(err)
			}
			state, sheets := p.state()
			if want := []string{"ready", "counter"}[i]; state != want || sheets["wasted"] != i+1 || sheets["printing"] != 0 {
				t.Fatalf("%s %v", state, sheets)
			}
		}
		if _, err := p.check("张三", holderID, holderID); code(err) != "pickup_counter" {
			t.Errorf("a third sheet: %v", err)
		}
		var n int
		_ = h.Store.QueryRow(context.Background(), `SELECT count(*) FROM hall_pickup_evidence WHERE kind = 'wasted'`).Scan(&n)
		if n != 2 {
			t.Errorf("%d photos of wasted sheets", n)
		}
	})
}

func TestPackOfDevices(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{"halls/devices.yaml", "late: 150s, offline: 5m", "late: 150s, offline: 1m", "line:"},
		{"halls/devices.yaml", "low: 50, clear: 100", "low: 50, clear: 50", "clear must be above low"},
		{"halls/devices.yaml", "stops: [licence]}", "stops: [fly]}", `stops "fly"`},
		{"halls/devices.yaml", "[11440306MB2D70048K002]", "[11440306MB2D70048K001]", "two series"},
		{"halls/devices.yaml", "respond: 4wh", "respond: soon", "respond"},
		{"halls/stations.csv", "st-xinan", "st-none", `line 2: there is no unit "st-none"`},
		{"halls/stations.csv", "park-xixiang", "park-xinan", "line 3: a station has a code of its own"},
		{"halls/stations.csv", "113.9003", "east", "degrees"},
		{"halls/stations.csv", ",hall,", ",moon,", `no calendar "moon"`},
	} {
		files := baoanFiles(t)
		files[c.file].Data = []byte(strings.Replace(string(files[c.file].Data), c.old, c.new, 1))
		if _, err := readBook(files); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q: %v", c.file, c.new, err)
		}
	}
	b, err := readBook(baoanFiles(t))
	if err != nil || len(b.stations) != 10 {
		t.Fatal(err, len(b.stations))
	}
}

// A line that is down is told once for all devices behind it; a machine by its name.
func TestSilenceOfManyIsToldOnce(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		who := h.operator(t)
		var fleet []*machine
		for range manySilent {
			fleet = append(fleet, h.device(t, who, "center"))
		}
		alone := h.device(t, who, "park-xinan")
		if x, y := alone.signed().Unit, fleet[0].signed().Unit; x == y {
			t.Skip("both places are of one unit")
		}
		for _, m := range append(fleet, alone) {
			m.beat(kiosk.DeviceBeat{Version: "1.0", Supplies: full, Temperature: 30})
		}
		h.pass(time.Hour)
		told := func() int {
			n, err := store.Get[int](ctx, h.Store, `SELECT count(DISTINCT about) FROM notice WHERE name = 'device_alarm'`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n, err := h.WatchDevices(ctx, h.Store.Now()); err != nil || n != manySilent+1 || told() != 2 {
			t.Errorf("%d silent, of %d devices it was told: %v", n, told(), err)
		}
		for _, m := range append(fleet, alone) {
			if got := m.alarms(); !slices.Contains(got, "offline") {
				t.Errorf("%s: %v", m.id, got)
			}
		}
		if n, err := h.WatchDevices(ctx, h.Store.Now()); err != nil || n != 0 || told() != 2 {
			t.Errorf("again: %d, %d told: %v", n, told(), err)
		}
	})
}
