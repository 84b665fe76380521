package halls

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/calendar"
	"shanzhi/core/document"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/table"
)

// Station is a park station (园区政务服务站): devices and a helper where people work.
type Station struct {
	Code     string  `json:"code"`
	Name     Text    `json:"name"`
	Unit     string  `json:"unit"`
	Host     string  `json:"host" doc:"Who gives the room"`
	Address  string  `json:"address"`
	Lon      float64 `json:"lon"`
	Lat      float64 `json:"lat"`
	Calendar string  `json:"-"`
	Phone    string  `json:"phone,omitempty"`
	Demo     bool    `json:"demonstration,omitempty" doc:"Not a real station"`
}

var stationRoles = []string{"station_keeper", "greeter", "hall_manager"}

func (b *book) station(code string) *Station {
	return find(b.stations, func(x *Station) bool { return x.Code == code })
}

func readStations(files fs.FS, b *book, units []account.Unit, calendars []*calendar.Calendar) error {
	const name = "halls/stations.csv"
	rows, err := pack.Table(files, name, "code", "name", "unit", "host", "address", "lon", "lat", "calendar")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var errs []error
	for i, r := range rows {
		at := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("%s line %d: %s", name, i+2, fmt.Sprintf(format, args...)))
		}
		x := Station{Code: r["code"], Name: names(r), Unit: r["unit"], Host: r["host"], Address: r["address"], Calendar: r["calendar"], Phone: r["phone"], Demo: r["demonstration"] == "yes"}
		var err1, err2 error
		x.Lon, err1 = strconv.ParseFloat(r["lon"], 64)
		x.Lat, err2 = strconv.ParseFloat(r["lat"], 64)
		if err1 != nil || err2 != nil || math.Abs(x.Lat) > 90 || math.Abs(x.Lon) > 180 {
			at("lon and lat are degrees")
		}
		if x.Code == "" || x.Name.In("zh") == "" || b.station(x.Code) != nil || b.hall(x.Code) != nil {
			at("a station has a code of its own, which is no hall's, and a name")
		}
		if !slices.ContainsFunc(units, func(u account.Unit) bool { return u.Code == x.Unit }) {
			at("there is no unit %q", x.Unit)
		}
		if !slices.ContainsFunc(calendars, func(c *calendar.Calendar) bool { return c.Name() == x.Calendar }) {
			at("there is no calendar %q", x.Calendar)
		}
		b.stations = append(b.stations, x)
	}
	return errors.Join(errs...)
}

// stationFor finds a station at whose unit who has one of the roles, or none.
func (s *Service) stationFor(who account.Actor, code string, roles ...string) (*Station, error) {
	x := s.book.Load().station(code)
	if x == nil {
		return nil, store.ErrNotFound
	}
	for _, r := range roles {
		if who.Has(r, x.Unit) {
			return x, nil
		}
	}
	return nil, store.ErrNotFound
}

// openStation says whether a station is open at an instant, by its calendar, and when
// that changes next.
func (s *Service) openStation(x *Station, at time.Time) (open bool, round bool, next time.Time, err error) {
	cal, err := s.Book.Current(x.Calendar)
	if err != nil {
		return false, false, time.Time{}, err
	}
	if cal.Kind() == calendar.RoundTheClock {
		return true, true, time.Time{}, nil
	}
	if open = cal.IsWorking(at); !open {
		return false, false, cal.NextWorking(at), nil
	}
	return true, false, time.Time{}, nil
}

// StationHead is a station as the public sees it.
type StationHead struct {
	Station
	Open      bool           `json:"open"`
	Round     bool           `json:"round" doc:"Open round the clock"`
	Opens     store.Time     `json:"opens,omitzero" doc:"When it opens next, where it is closed"`
	Devices   int            `json:"devices" doc:"That may be used"`
	Working   int            `json:"working" doc:"Of those, that can be heard and have no fault that stops them"`
	Functions []StationOffer `json:"functions"`
	Items     []FaceItem     `json:"items" doc:"Service items that one may do there by oneself"`
	Helper    bool           `json:"helper" doc:"Somebody helps there now"`
	Mine      bool           `json:"mine,omitempty" doc:"The caller works there"`
}

// StationOffer is something that may be done at a station, and at how many devices now.
type StationOffer struct {
	HallWord
	Working int `json:"working"`
}

// offers are the functions that a device can offer now.
func (s *Service) offers(d *Device, alarms []DeviceAlarm, now time.Time) (out []string) {
	r := &s.book.Load().devices
	if d.State != "enrolled" || d.Locked || !slices.Contains([]DeviceLine{LineOnline, LineLate}, r.line(d.SeenAt.Time, now)) {
		return nil
	}
	for _, f := range list(d.Functions) {
		stopped := slices.ContainsFunc(alarms, func(a DeviceAlarm) bool {
			code, ok := strings.CutPrefix(a.Code, "fault:")
			x := r.fault(code)
			return ok && a.Device == d.ID && x != nil && slices.Contains(x.Stops, f)
		})
		if !stopped {
			out = append(out, f)
		}
	}
	return out
}

// Stations are all of them as they stand now.
func (s *Service) Stations(ctx context.Context, who account.Actor) ([]StationHead, error) {
	now, b := s.Store.Now(), s.book.Load()
	devices, err := store.Select[Device](ctx, s.Store, `SELECT `+deviceColumns+` FROM hall_device WHERE state = 'enrolled' ORDER BY id`)
	if err != nil {
		return nil, err
	}
	alarms, err := store.Select[DeviceAlarm](ctx, s.Store, `SELECT `+alarmColumns+` FROM hall_device_alarm WHERE cleared_at IS NULL`)
	if err != nil {
		return nil, err
	}
	helped, err := store.Select[string](ctx, s.Store, `SELECT DISTINCT station FROM hall_shift WHERE from_at <= ? AND to_at > ? AND ended_at IS NULL`, store.At(now), store.At(now))
	if err != nil {
		return nil, err
	}
	out := []StationHead{}
	for i := range b.stations {
		x := StationHead{Station: b.stations[i], Functions: []StationOffer{}, Items: []FaceItem{}, Helper: slices.Contains(helped, b.stations[i].Code)}
		var next time.Time
		if x.Open, x.Round, next, err = s.openStation(&x.Station, now); err != nil {
			return nil, err
		}
		if !next.IsZero() {
			x.Opens = store.At(next)
		}
		can := map[string]int{}
		for j := range devices {
			d := &devices[j]
			if d.Place != x.Code {
				continue
			}
			x.Devices++
			offers := s.offers(d, alarms, now)
			if len(offers) > 0 {
				x.Working++
			}
			for _, f := range list(d.Functions) {
				can[f] += 0
			}
			for _, f := range offers {
				can[f]++
			}
			items, err := s.itemsOf(ctx, d)
			if err != nil {
				return nil, err
			}
			for _, it := range items {
				if !slices.Contains(x.Items, it) {
					x.Items = append(x.Items, it)
				}
			}
		}
		for _, f := range b.devices.Functions {
			if n, ok := can[f.Code]; ok {
				x.Functions = append(x.Functions, StationOffer{f, n})
			}
		}
		if !who.IsStranger() {
			_, err := s.stationFor(who, x.Code, append([]string{"device_operator"}, stationRoles...)...)
			x.Mine = err == nil
		}
		out = append(out, x)
	}
	return out, nil
}

// StationShift is when somebody helps at a station (帮办排班).
type StationShift struct {
	ID      store.ID   `bun:"id" json:"id"`
	Station string     `bun:"station" json:"station"`
	Account store.ID   `bun:"account" json:"account"`
	Name    string     `bun:"name" json:"name"`
	From    store.Time `bun:"from_at" json:"from"`
	To      store.Time `bun:"to_at" json:"to"`
}

// Shifts are those of a station that reach into a span.
func (s *Service) Shifts(ctx context.Context, station string, from, to time.Time) ([]StationShift, error) {
	rows, err := store.Select[StationShift](ctx, s.Store, `SELECT h.id, h.station, h.account, a.name, h.from_at, h.to_at FROM hall_shift h JOIN account a ON a.id = h.account WHERE h.station = ? AND h.from_at < ? AND h.to_at > ? AND h.ended_at IS NULL ORDER BY h.from_at, h.id`, station, store.At(to), store.At(from))
	return append([]StationShift{}, rows...), err
}

// PutShift has somebody help at a station; nobody is at two at once.
func (s *Service) PutShift(ctx context.Context, who account.Actor, station *Station, helper store.ID, from, to time.Time) (StationShift, error) {
	x := StationShift{Station: station.Code, Account: helper, From: store.At(from), To: store.At(to)}
	if !to.After(from) || to.Sub(from) > 16*time.Hour {
		return x, failField("to")
	}
	h, err := s.Accounts.Actor(ctx, s.Store, helper)
	if err != nil || !slices.ContainsFunc([]string{"greeter", "station_keeper"}, func(r string) bool { return h.Has(r, station.Unit) }) {
		return x, failField("account")
	}
	x.Name = h.Name
	return x, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var clash bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM hall_shift WHERE account = ? AND from_at < ? AND to_at > ? AND ended_at IS NULL)`, helper, x.To, x.From).Scan(&clash); err != nil {
			return err
		}
		if clash {
			return fail("overlaps")
		}
		x.ID = tx.NewID()
		_, err := tx.Exec(ctx, `INSERT INTO hall_shift (id, station, account, from_at, to_at, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?)`, x.ID, x.Station, helper, x.From, x.To, who.Account, store.At(s.Store.Now()))
		return err
	})
}

// EndShift takes a shift back.
func (s *Service) EndShift(ctx context.Context, station *Station, id store.ID) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE hall_shift SET ended_at = ? WHERE id = ? AND station = ? AND ended_at IS NULL`, store.At(s.Store.Now()), id, station.Code)
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		return err
	})
}

// StationHelp is one thing that a helper did.
type StationHelp struct {
	ID      store.ID   `bun:"id" json:"id,omitempty"`
	Kind    string     `bun:"kind" json:"kind" enum:"assisted,guided,filed"`
	Item    string     `bun:"item" json:"item,omitempty" maxLength:"60"`
	Minutes int        `bun:"minutes" json:"minutes" minimum:"1" maximum:"480"`
	Grade   int        `bun:"grade" json:"grade,omitempty" minimum:"0" maximum:"5" doc:"As the person said"`
	By      string     `bun:"by_name" json:"by,omitempty"`
	At      store.Time `bun:"at" json:"at,omitzero"`
}

// LogHelp writes what a helper did.
func (s *Service) LogHelp(ctx context.Context, who account.Actor, station *Station, h StationHelp) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := s.Store.Now()
		_, err := tx.Exec(ctx, `INSERT INTO hall_help (id, station, day, at, kind, item, minutes, grade, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, tx.NewID(), station.Code, s.today(now), store.At(now), h.Kind, strings.TrimSpace(h.Item), h.Minutes, h.Grade, who.Account)
		return err
	})
}

// HelpLog is what was done at a station, the newest first.
func (s *Service) HelpLog(ctx context.Context, station string, limit int) ([]StationHelp, error) {
	rows, err := store.Select[StationHelp](ctx, s.Store, `SELECT h.id, h.kind, h.item, h.minutes, h.grade, a.name AS by_name, h.at FROM hall_help h JOIN account a ON a.id = h.actor WHERE h.station = ? ORDER BY h.id DESC LIMIT ?`, station, limit)
	return append([]StationHelp{}, rows...), err
}

// StationMonth is a station's month (月报).
type StationMonth struct {
	Station      string         `json:"station"`
	Name         Text           `json:"name"`
	Month        string         `json:"month"`
	Visits       int            `json:"visits" doc:"Uses of its devices, and services of its helpers"`
	Self         int            `json:"self" doc:"Of those, at a device without a helper"`
	SelfShare    *float64       `json:"self_share" doc:"self / visits; absent of none"`
	Functions    map[string]int `json:"functions" doc:"Uses by function"`
	Items        int            `json:"items" doc:"Different service items that were applied for"`
	Assisted     int            `json:"assisted"`
	Guided       int            `json:"guided"`
	Filed        int            `json:"filed"`
	Hours        float64        `json:"hours" doc:"Of helpers, by their shifts"`
	Grades       int            `json:"grades" doc:"Times that somebody said how content they were"`
	Content      *float64       `json:"content" doc:"Share of those who gave 4 or 5"`
	Devices      int            `json:"devices"`
	Availability *float64       `json:"availability" doc:"Minutes in which its devices were heard / minutes since they were there"`
	Alarms       int            `json:"alarms" doc:"Raised"`
	Repairs      int            `json:"repairs"`
	Received     int            `json:"sheets_issued" doc:"Blank sheets brought to its devices"`
	Used         int            `json:"sheets_used"`
	Wasted       int            `json:"sheets_wasted"`
	Left         int            `json:"sheets_left" doc:"At its devices now"`
}

// Month makes the figures of a station's month.
func (s *Service) StationMonth(ctx context.Context, x *Station, month string) (StationMonth, error) {
	out := StationMonth{Station: x.Code, Name: x.Name, Month: month, Functions: map[string]int{}}
	from, err := time.ParseInLocation("2006-01", month, s.book.Load().zone)
	if err != nil {
		return out, failField("month")
	}
	to := from.AddDate(0, 1, 0)
	lo, hi := from.Format(time.DateOnly), to.Format(time.DateOnly)
	type use struct {
		Function string
		N, Self  int
		Grades   int
		Content  int
	}
	uses, err := store.Select[use](ctx, s.Store, `SELECT function, count(*) AS n, count(CASE WHEN NOT helped THEN 1 END) AS self, count(CASE WHEN grade > 0 THEN 1 END) AS grades, count(CASE WHEN grade >= 4 THEN 1 END) AS content FROM hall_visit WHERE place = ? AND day >= ? AND day < ? GROUP BY function ORDER BY 1`, x.Code, lo, hi)
	if err != nil {
		return out, err
	}
	content := 0
	for _, u := range uses {
		out.Functions[u.Function] = u.N
		out.Visits += u.N
		out.Self += u.Self
		out.Grades += u.Grades
		content += u.Content
	}
	helps, err := store.Select[use](ctx, s.Store, `SELECT kind AS function, count(*) AS n, count(CASE WHEN grade > 0 THEN 1 END) AS grades, count(CASE WHEN grade >= 4 THEN 1 END) AS content FROM hall_help WHERE station = ? AND day >= ? AND day < ? GROUP BY kind`, x.Code, lo, hi)
	if err != nil {
		return out, err
	}
	for _, u := range helps {
		switch u.Function {
		case "assisted":
			out.Assisted = u.N
		case "guided":
			out.Guided = u.N
		case "filed":
			out.Filed = u.N
		}
		out.Visits += u.N
		out.Grades += u.Grades
		content += u.Content
	}
	share := func(n, of float64) *float64 {
		if of <= 0 {
			return nil
		}
		v := n / of
		return &v
	}
	out.SelfShare, out.Content = share(float64(out.Self), float64(out.Visits)), share(float64(content), float64(out.Grades))
	if err := s.Store.QueryRow(ctx, `SELECT count(DISTINCT item) FROM hall_visit WHERE place = ? AND day >= ? AND day < ? AND item <> ''`, x.Code, lo, hi).Scan(&out.Items); err != nil {
		return out, err
	}
	shifts, err := s.Shifts(ctx, x.Code, from, to)
	if err != nil {
		return out, err
	}
	for _, h := range shifts {
		a, b := h.From.Time, h.To.Time
		if a.Before(from) {
			a = from
		}
		if b.After(to) {
			b = to
		}
		out.Hours += b.Sub(a).Hours()
	}
	devices, err := store.Select[Device](ctx, s.Store, `SELECT `+deviceColumns+` FROM hall_device WHERE place = ? AND state <> 'registered'`, x.Code)
	if err != nil {
		return out, err
	}
	out.Devices = len(devices)
	heard, there := 0.0, 0.0
	now := s.Store.Now()
	for _, d := range devices {
		var minutes int
		if err := s.Store.QueryRow(ctx, `SELECT COALESCE(CAST(sum(minutes) AS BIGINT), 0) FROM hall_device_day WHERE device = ? AND day >= ? AND day < ?`, d.ID, lo, hi).Scan(&minutes); err != nil {
			return out, err
		}
		a, b := d.EnrolledAt.Time, now
		if a.Before(from) {
			a = from
		}
		if b.After(to) {
			b = to
		}
		if m := math.Max(0, b.Sub(a).Minutes()); m > 0 {
			there += m
			heard += math.Min(float64(minutes), math.Ceil(m))
		}
		var n int
		if err := s.Store.QueryRow(ctx, `SELECT count(*) FROM hall_device_alarm WHERE device = ? AND raised_at >= ? AND raised_at < ?`, d.ID, store.At(from), store.At(to)).Scan(&n); err != nil {
			return out, err
		}
		out.Alarms += n
		if err := s.Store.QueryRow(ctx, `SELECT count(*) FROM hall_repair WHERE device = ? AND asked_at >= ? AND asked_at < ?`, d.ID, store.At(from), store.At(to)).Scan(&n); err != nil {
			return out, err
		}
		out.Repairs += n
		var issued, used, wasted, left int
		if err := s.Store.QueryRow(ctx, `SELECT COALESCE(CAST(sum(CASE WHEN action = 'issue' THEN to_no - from_no + 1 ELSE 0 END) AS BIGINT), 0), COALESCE(CAST(sum(CASE WHEN action = 'use' THEN to_no - from_no + 1 ELSE 0 END) AS BIGINT), 0), COALESCE(CAST(sum(CASE WHEN action = 'waste' THEN to_no - from_no + 1 ELSE 0 END) AS BIGINT), 0) FROM hall_sheet_event WHERE device = ? AND at >= ? AND at < ?`, d.ID, store.At(from), store.At(to)).Scan(&issued, &used, &wasted); err != nil {
			return out, err
		}
		if err := s.Store.QueryRow(ctx, `SELECT count(*) FROM hall_sheet WHERE device = ? AND state IN ('device', 'loaded', 'printing')`, d.ID).Scan(&left); err != nil {
			return out, err
		}
		out.Received, out.Used, out.Wasted, out.Left = out.Received+issued, out.Used+used, out.Wasted+wasted, out.Left+left
	}
	out.Availability = share(math.Min(heard, there), there)
	return out, nil
}

// monthColumns are those of the report, and monthRow is a station's line of it.
var monthColumns = []string{"站点", "服务人次", "自助", "自助率", "办理事项", "协助", "引导", "代办", "帮办时数", "满意率", "设备", "在线率", "告警", "报修", "空白证发放", "用", "废", "余"}

func percent(v *float64) string {
	if v == nil {
		return "—"
	}
	return strconv.FormatFloat(math.Round(*v*1000)/10, 'f', -1, 64) + "%"
}

func (m *StationMonth) row() []any {
	return []any{m.Name.In("zh"), m.Visits, m.Self, percent(m.SelfShare), m.Items, m.Assisted, m.Guided, m.Filed, math.Round(m.Hours*10) / 10, percent(m.Content), m.Devices, percent(m.Availability), m.Alarms, m.Repairs, m.Received, m.Used, m.Wasted, m.Left}
}

// WriteMonths writes the report of some stations' month as a paper (docx, pdf) or a
// table (xlsx, csv).
func (s *Service) WriteMonths(w io.Writer, format, month, mark string, months []StationMonth) error {
	switch format {
	case "xlsx", "csv":
		var t table.Writer
		var err error
		if format == "csv" {
			t, err = table.NewCSV(w, monthColumns, table.CSVOptions{BOM: true})
		} else {
			t, err = table.NewXLSX(w, monthColumns, table.XLSXOptions{Sheet: month, Mark: mark})
		}
		for _, m := range months {
			if err == nil {
				err = t.Write(m.row()...)
			}
		}
		if err != nil {
			return err
		}
		return t.Close()
	}
	at, err := time.ParseInLocation("2006-01", month, s.book.Load().zone)
	if err != nil {
		return failField("month")
	}
	doc := document.Doc{Title: "园区政务服务站月报", Subtitle: at.Format("2006年1月"), Mark: mark}
	for _, m := range months {
		if len(months) > 1 {
			doc.Blocks = append(doc.Blocks, document.Heading{Level: 1, Text: m.Name.In("zh")})
		} else {
			doc.Title = m.Name.In("zh") + "月报"
		}
		rows := [][]string{}
		for i, v := range m.row()[1:] {
			rows = append(rows, []string{monthColumns[i+1], fmt.Sprint(v)})
		}
		doc.Blocks = append(doc.Blocks, &document.Table{Head: []string{"指标", "数值"}, Rows: rows})
		if len(m.Functions) > 0 {
			c := &document.Chart{Caption: "设备使用次数（按功能）"}
			for _, f := range s.book.Load().devices.Functions {
				if n := m.Functions[f.Code]; n > 0 {
					c.Names, c.Values = append(c.Names, f.Name.In("zh")), append(c.Values, float64(n))
				}
			}
			if len(c.Names) > 0 {
				doc.Blocks = append(doc.Blocks, c)
			}
		}
	}
	doc.Blocks = append(doc.Blocks, document.Heading{Level: 1, Text: "口径"}, document.Paragraph("服务人次为设备使用次数与帮办服务次数之和；自助率为未经帮办的设备使用次数占服务人次之比；在线率为设备有心跳的分钟数占在册分钟数之比；满意率为评价4、5分者占已评价者之比。空白证以序号逐张核算。"))
	return doc.Write(w, document.Format(format))
}
