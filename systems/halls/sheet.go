package halls

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/systems/halls/kiosk"
)

// SheetState is where a blank sheet (空白证照) is. Each is accounted for by its serial:
// what was received is in stock, at a device, used, wasted or returned, always.
type SheetState string

// The states.
const (
	SheetInStock  SheetState = "stock"    // in the unit's safe
	SheetDevice   SheetState = "device"   // at a device, in its box
	SheetLoaded   SheetState = "loaded"   // in its tray
	SheetPrinting SheetState = "printing" // taken by a print that has not ended
	SheetUsed     SheetState = "used"
	SheetWasted   SheetState = "wasted"
	SheetReturned SheetState = "returned" // to who issued it
)

// sheetLaws are what may become of a sheet; all else is refused.
var sheetLaws = map[string]struct {
	from []SheetState
	to   SheetState
}{
	"receive": {nil, SheetInStock},
	"issue":   {[]SheetState{SheetInStock}, SheetDevice},
	"load":    {[]SheetState{SheetDevice}, SheetLoaded},
	"unload":  {[]SheetState{SheetLoaded}, SheetDevice},
	"recall":  {[]SheetState{SheetDevice}, SheetInStock},
	"begin":   {[]SheetState{SheetLoaded}, SheetPrinting},
	"use":     {[]SheetState{SheetPrinting}, SheetUsed},
	"void":    {[]SheetState{SheetUsed}, SheetWasted}, // printed, and never taken out
	"waste":   {[]SheetState{SheetInStock, SheetDevice, SheetLoaded, SheetPrinting}, SheetWasted},
	"return":  {[]SheetState{SheetInStock, SheetDevice}, SheetReturned},
}

// mostSheets is how many one step may move.
const mostSheets = 2000

// SheetMove is a step with a range of serials.
type SheetMove struct {
	Series string   `json:"series" maxLength:"20"`
	From   int64    `json:"from" minimum:"1"`
	To     int64    `json:"to" minimum:"1"`
	Action string   `json:"action" enum:"receive,issue,load,unload,recall,waste,return"`
	Unit   string   `json:"unit,omitempty" maxLength:"40" doc:"receive: whose stock it is"`
	Device store.ID `json:"device,omitempty" doc:"issue: to which"`
	Reason string   `json:"reason,omitempty" maxLength:"200"`
	Photo  string   `json:"photo,omitempty" maxLength:"64" doc:"waste: a file that shows it"`
}

// sheetRow is a sheet.
type sheetRow struct {
	Series string     `bun:"series"`
	No     int64      `bun:"no"`
	Unit   string     `bun:"unit"`
	State  SheetState `bun:"state"`
	Device store.ID   `bun:"device"`
	Pickup store.ID   `bun:"pickup"`
}

const sheetColumns = `series, no, unit, state, COALESCE(device, 0) AS device, COALESCE(pickup, 0) AS pickup`

// MoveSheets does a step with each serial of a range, or with none.
func (s *Service) MoveSheets(ctx context.Context, who account.Actor, m SheetMove) error {
	series := s.book.Load().devices.series(m.Series)
	law, ok := sheetLaws[m.Action]
	switch {
	case series == nil:
		return failField("series")
	case !ok:
		return failField("action")
	case m.From < 1 || m.To < m.From || m.To-m.From >= mostSheets || len(fmt.Sprint(m.To)) > series.Digits:
		return failField("to")
	case m.Action == "waste" && (strings.TrimSpace(m.Reason) == "" || m.Photo == ""):
		return failField("photo") // whoever wastes one by hand shows it
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := s.Store.Now()
		unit, device, of := m.Unit, store.ID(0), store.ID(0) // of: whose account it moves
		if m.Photo != "" {
			if known, err := s.Files.Exists(ctx, tx, []string{m.Photo}); err != nil {
				return err
			} else if !known {
				return failField("photo")
			}
		}
		if m.Action == "receive" {
			if _, ok := s.Dir.Tree().Unit(unit); !ok || !who.Has("device_operator", unit) {
				return failField("unit")
			}
			if have, err := store.Get[int64](ctx, tx, `SELECT count(*) FROM hall_sheet WHERE series = ? AND no BETWEEN ? AND ?`, m.Series, m.From, m.To); err != nil {
				return err
			} else if have > 0 {
				return fail("sheet_double")
			}
			rows := make([][]any, 0, m.To-m.From+1)
			for no := m.From; no <= m.To; no++ {
				rows = append(rows, []any{m.Series, no, unit, string(SheetInStock)})
			}
			if err := store.InsertRows(ctx, tx, `INSERT INTO hall_sheet (series, no, unit, state) VALUES `, rows); err != nil {
				return err
			}
		} else {
			rows, err := store.Select[sheetRow](ctx, tx, `SELECT `+sheetColumns+` FROM hall_sheet WHERE series = ? AND no BETWEEN ? AND ? ORDER BY no`, m.Series, m.From, m.To)
			if err != nil {
				return err
			}
			if int64(len(rows)) != m.To-m.From+1 {
				return fail("sheet_unknown")
			}
			unit, device = rows[0].Unit, rows[0].Device
			of = device
			for _, r := range rows {
				if !slices.Contains(law.from, r.State) || r.Device != device || r.Unit != unit {
					return fail("sheet_state")
				}
			}
			if !who.Has("device_operator", unit) {
				return store.ErrNotFound
			}
			if m.Action == "issue" {
				d, err := s.deviceFor(ctx, tx, who, m.Device, operators...)
				if err != nil {
					return err
				}
				device, of = d.ID, d.ID
			}
			if m.Action == "recall" || m.Action == "return" {
				device = 0
			}
			n, err := tx.Exec(ctx, `UPDATE hall_sheet SET state = ?, device = ? WHERE series = ? AND no BETWEEN ? AND ? AND `+store.AnyOf("state", len(law.from)), append([]any{string(law.to), orNone(device), m.Series, m.From, m.To}, texts(law.from)...)...)
			if err == nil && n != int64(len(rows)) {
				err = fail("sheet_state")
			}
			if err != nil {
				return err
			}
		}
		if err := sheetEvent(ctx, tx, sheetMoved{m.Series, m.From, m.To, m.Action, unit, of, 0, 0, m.Reason, m.Photo, who.Account, store.At(now)}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "halls.sheet_" + m.Action, Object: "sheets/" + m.Series, Reason: m.Reason}, map[string]any{"from": m.From, "to": m.To})
	})
}

func texts[T ~string](list []T) []any {
	out := make([]any, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return out
}

// sheetMoved is one step as it is kept.
type sheetMoved struct {
	Series string     `bun:"series" json:"series"`
	From   int64      `bun:"from_no" json:"from"`
	To     int64      `bun:"to_no" json:"to"`
	Action string     `bun:"action" json:"action"`
	Unit   string     `bun:"unit" json:"-"`
	Device store.ID   `bun:"device" json:"device,omitempty"`
	Pickup store.ID   `bun:"pickup" json:"-"`
	N      int        `bun:"n" json:"n,omitempty"`
	Reason string     `bun:"reason" json:"reason,omitempty"`
	Photo  string     `bun:"photo" json:"photo,omitempty"`
	Actor  store.ID   `bun:"actor" json:"-"`
	At     store.Time `bun:"at" json:"at"`
}

const sheetMovedColumns = `series, from_no, to_no, action, unit, COALESCE(device, 0) AS device, COALESCE(pickup, 0) AS pickup, n, reason, photo, COALESCE(actor, 0) AS actor, at`

func sheetEvent(ctx context.Context, tx *store.Tx, e sheetMoved) error {
	_, err := tx.Exec(ctx, `INSERT INTO hall_sheet_event (id, series, from_no, to_no, action, unit, device, pickup, n, reason, photo, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		tx.NewID(), e.Series, e.From, e.To, e.Action, e.Unit, orNone(e.Device), orNone(e.Pickup), e.N, e.Reason, e.Photo, orNone(e.Actor), e.At)
	return err
}

// moveSheet does a step with the one sheet of a print.
func moveSheet(ctx context.Context, tx *store.Tx, series string, no int64, device, pickup store.ID, action, reason string, at time.Time) error {
	law := sheetLaws[action]
	r, err := store.Get[sheetRow](ctx, tx, `SELECT `+sheetColumns+` FROM hall_sheet WHERE series = ? AND no = ? AND device = ?`, series, no, device)
	if err != nil {
		return noDevice(err, "sheet_unknown")
	}
	args := append([]any{string(law.to), orNone(pickup), series, no}, texts(law.from)...)
	n, err := tx.Exec(ctx, `UPDATE hall_sheet SET state = ?, pickup = ? WHERE series = ? AND no = ? AND `+store.AnyOf("state", len(law.from)), args...)
	if err == nil && n == 0 {
		err = fail("sheet_state")
	}
	if err != nil {
		return err
	}
	return sheetEvent(ctx, tx, sheetMoved{series, no, no, action, r.Unit, device, pickup, 0, reason, "", 0, store.At(at)})
}

// SheetStock is how the sheets of a series stand at a unit.
type SheetStock struct {
	Series   string `bun:"series" json:"series"`
	Unit     string `bun:"unit" json:"unit"`
	UnitName string `bun:"-" json:"unit_name"`
	Received int    `bun:"received" json:"received"`
	Stock    int    `bun:"stock" json:"stock"`
	Devices  int    `bun:"devices" json:"devices" doc:"At devices: in the box, in the tray, in a print"`
	Used     int    `bun:"used" json:"used"`
	Wasted   int    `bun:"wasted" json:"wasted"`
	Returned int    `bun:"returned" json:"returned"`
	Next     int64  `bun:"next" json:"next" doc:"Lowest serial in stock; 0 none"`
	Last     int64  `bun:"last" json:"last" doc:"Highest serial ever received"`
}

// SheetStocks are the stocks that a scope may see.
func (s *Service) SheetStocks(ctx context.Context, q store.Querier, sc account.Scope) ([]SheetStock, error) {
	rows, err := store.Select[SheetStock](ctx, q, `SELECT series, unit, count(*) AS received,
		count(CASE WHEN state = 'stock' THEN 1 END) AS stock, count(CASE WHEN state IN ('device', 'loaded', 'printing') THEN 1 END) AS devices,
		count(CASE WHEN state = 'used' THEN 1 END) AS used, count(CASE WHEN state = 'wasted' THEN 1 END) AS wasted, count(CASE WHEN state = 'returned' THEN 1 END) AS returned,
		COALESCE(min(CASE WHEN state = 'stock' THEN no END), 0) AS next, max(no) AS last FROM hall_sheet GROUP BY series, unit ORDER BY series, unit`)
	out := []SheetStock{}
	for _, r := range rows {
		if sc.All || slices.Contains(sc.Units, r.Unit) {
			r.UnitName = s.Dir.Tree().Name(r.Unit)
			out = append(out, r)
		}
	}
	return out, err
}

// foldSheets makes the sheets out of their events: the rows must be equal.
func foldSheets(events []sheetMoved) (map[string]map[int64]SheetState, error) {
	out := map[string]map[int64]SheetState{}
	for _, e := range events {
		law, ok := sheetLaws[e.Action]
		if !ok { // a count
			continue
		}
		if out[e.Series] == nil {
			out[e.Series] = map[int64]SheetState{}
		}
		for no := e.From; no <= e.To; no++ {
			was, have := out[e.Series][no]
			if law.from == nil && have || law.from != nil && !slices.Contains(law.from, was) {
				return nil, fmt.Errorf("halls: %s of %s %d, which is %q", e.Action, e.Series, no, was)
			}
			out[e.Series][no] = law.to
		}
	}
	return out, nil
}

// SheetDay is the account of a device's blank sheets for one day (对账).
type SheetDay struct {
	Device  store.ID `json:"device"`
	Day     string   `json:"day"`
	Series  string   `json:"series"`
	Opening int      `json:"opening" doc:"At the device when the day began"`
	Issued  int      `json:"issued"`
	Used    int      `json:"used"`
	Wasted  int      `json:"wasted"`
	Back    int      `json:"back" doc:"Recalled or returned"`
	Closing int      `json:"closing" doc:"opening + issued − used − wasted − back"`
	Counted *int     `json:"counted,omitempty" doc:"As many as somebody found there, the last time that day"`
	Gaps    []string `json:"gaps" doc:"Serials that were passed over: below one that was used, and neither used nor wasted"`
	Doubles []string `json:"doubles" doc:"Serials that the device says it printed more than once, or that it never had"`
	Open    []string `json:"open" doc:"Serials of prints that did not end"`
	Agrees  bool     `json:"agrees"`
}

// CountSheets writes how many sheets somebody found at a device.
func (s *Service) CountSheets(ctx context.Context, who account.Actor, device store.ID, series string, n int) error {
	if s.book.Load().devices.series(series) == nil {
		return failField("series")
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := s.deviceFor(ctx, tx, who, device, "device_operator", "station_keeper")
		if err != nil {
			return err
		}
		return sheetEvent(ctx, tx, sheetMoved{series, 0, 0, "count", d.Unit, device, 0, n, "", "", who.Account, store.At(s.Store.Now())})
	})
}

// Reconcile makes the account of a device's sheets for a local day, of what was moved by
// hand and of what the device itself signed.
func (s *Service) Reconcile(ctx context.Context, q store.Querier, d *Device, day string) ([]SheetDay, error) {
	from, err := time.ParseInLocation(time.DateOnly, day, s.book.Load().zone)
	if err != nil {
		return nil, failField("day")
	}
	lo, hi := store.At(from), store.At(from.AddDate(0, 0, 1))
	events, err := store.Select[sheetMoved](ctx, q, `SELECT `+sheetMovedColumns+` FROM hall_sheet_event WHERE device = ? AND at < ? ORDER BY at, id`, d.ID, hi)
	if err != nil {
		return nil, err
	}
	type entry struct {
		Kind, Data string
		At         int64
	}
	said, err := store.Select[entry](ctx, q, `SELECT kind, data, at FROM hall_device_entry WHERE device = ? AND kind IN ('printed', 'wasted') AND at < ? ORDER BY seq`, d.ID, hi.UnixMilli())
	if err != nil {
		return nil, err
	}
	days := map[string]*SheetDay{}
	of := func(series string) *SheetDay {
		x := days[series]
		if x == nil {
			x = &SheetDay{Device: d.ID, Day: day, Series: series, Gaps: []string{}, Doubles: []string{}, Open: []string{}}
			days[series] = x
		}
		return x
	}
	at := map[string]map[int64]SheetState{} // by series: what this device had
	for _, e := range events {
		x := of(e.Series)
		today := !e.At.Before(lo.Time)
		n := int(e.To - e.From + 1)
		if e.Action == "count" {
			if today {
				x.Counted = &e.N
			}
			continue
		}
		if at[e.Series] == nil {
			at[e.Series] = map[int64]SheetState{}
		}
		for no := e.From; no <= e.To; no++ {
			at[e.Series][no] = sheetLaws[e.Action].to
		}
		if e.Action == "void" && today {
			x.Used -= n
			x.Wasted += n
		}
		sign, bin := 0, (*int)(nil)
		switch e.Action {
		case "issue":
			sign, bin = 1, &x.Issued
		case "use":
			sign, bin = -1, &x.Used
		case "waste":
			sign, bin = -1, &x.Wasted
		case "recall", "return":
			sign, bin = -1, &x.Back
		default:
			continue
		}
		if today {
			*bin += n
		} else {
			x.Opening += sign * n
		}
	}
	ended := map[string]map[string]int{}
	for _, e := range said {
		var x kiosk.SheetEntry
		if json.Unmarshal([]byte(e.Data), &x) != nil {
			continue
		}
		if ended[x.Series] == nil {
			ended[x.Series] = map[string]int{}
		}
		end := e.Kind + strconv.FormatInt(x.No, 10)
		ended[x.Series][end]++
		if _, had := at[x.Series][x.No]; e.At >= lo.UnixMilli() && (!had || ended[x.Series][end] > 1) {
			of(x.Series).Doubles = append(of(x.Series).Doubles, s.serialOf(x.Series, x.No))
		}
	}
	out := []SheetDay{}
	for series, x := range days {
		x.Closing = x.Opening + x.Issued - x.Used - x.Wasted - x.Back
		highest := int64(0)
		for no, state := range at[series] {
			if state == SheetUsed {
				highest = max(highest, no)
			}
		}
		for no, state := range at[series] {
			if no < highest && (state == SheetLoaded || state == SheetDevice) {
				x.Gaps = append(x.Gaps, s.serialOf(series, no))
			}
			if state == SheetPrinting {
				x.Open = append(x.Open, s.serialOf(series, no))
			}
		}
		slices.Sort(x.Gaps)
		slices.Sort(x.Open)
		x.Agrees = len(x.Gaps)+len(x.Doubles)+len(x.Open) == 0 && (x.Counted == nil || *x.Counted == x.Closing)
		out = append(out, *x)
	}
	slices.SortFunc(out, func(a, b SheetDay) int { return strings.Compare(a.Series, b.Series) })
	return out, nil
}

// serialOf is a sheet's number as it stands on it.
func (s *Service) serialOf(series string, no int64) string {
	if x := s.book.Load().devices.series(series); x != nil {
		return x.serial(no)
	}
	return fmt.Sprintf("%s%d", series, no)
}
