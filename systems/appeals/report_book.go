package appeals

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/paulmach/orb"

	"shanzhi/core/calendar"
	"shanzhi/core/document"
	"shanzhi/core/httpapi"
	"shanzhi/core/pack"
	"shanzhi/core/place"
)

// reportBook is the pack's reports.yaml: what reports say, and when they are made.
type reportBook struct {
	Rules struct {
		Change float64 `yaml:"change"` // percent that a change must reach to be called one
		Least  float64 `yaml:"least"`  // sample that it must rest on, in both windows
	} `yaml:"rules"`
	Number   string                   `yaml:"number"`
	Letter   letterKind               `yaml:"letter"`
	Figures  map[string]*reportSource `yaml:"figures"`
	Kinds    []*ReportKind            `yaml:"kinds"`
	Meetings []*MeetingKind           `yaml:"meetings"`

	calendar *calendar.Calendar
	streets  []streetShape
}

// streetShape is a street on the plane of a report's map.
type streetShape struct {
	document.Area
	code string
}

// reportSource is a figure that reports may say.
type reportSource struct {
	Name    string `yaml:"name"`
	Unit    string `yaml:"unit"`
	Grain   string `yaml:"grain"`
	Measure string `yaml:"measure"`
	On      string `yaml:"on"`
	N       string `yaml:"n"`
	Means   string `yaml:"means"` // its definition, for readers
}

// ReportKind is a kind of report (日报、周报、月报、年报、专报).
type ReportKind struct {
	ID     string       `yaml:"id" json:"id"`
	Name   pack.Text    `yaml:"name" json:"name"`
	Title  string       `yaml:"title" json:"title"`
	Short  string       `yaml:"short" json:"-"`
	Window string       `yaml:"window" json:"window" enum:"day,week,month,year,free"`
	Day    int          `yaml:"day" json:"day,omitempty"`
	At     string       `yaml:"at" json:"at,omitempty"`
	Parts  []reportPart `yaml:"parts" json:"-"`
	at     time.Duration
}

type reportPart struct {
	When    string   `yaml:"when"`
	Heading string   `yaml:"heading"`
	Text    string   `yaml:"text"`
	Table   string   `yaml:"table"`
	Chart   string   `yaml:"chart"`
	Map     string   `yaml:"map"`
	By      string   `yaml:"by"`
	Columns []string `yaml:"columns"`
	Of      string   `yaml:"of"`
	Line    bool     `yaml:"line"`
	Share   bool     `yaml:"share"`
	Limit   int      `yaml:"limit"`
	Losses  *struct {
		Scheme string `yaml:"scheme"`
		Last   int    `yaml:"last"`
	} `yaml:"losses"`
}

// letterKind is how a district names and numbers its conclusion letters (办理结论意见书).
type letterKind struct {
	Title  string `yaml:"title"`
	Short  string `yaml:"short"`
	Review string `yaml:"review"` // the organ that reviews them (复查机关)
}

func (b *reportBook) letter() letterKind {
	return letterKind{cmp.Or(b.Letter.Title, "办理结论意见书"), cmp.Or(b.Letter.Short, "结"), cmp.Or(b.Letter.Review, "原办理机关、单位的上一级机关、单位")}
}

// remedy is what a letter says of the remedies.
func (b *reportBook) remedy() string {
	return fmt.Sprintf("如不服本意见，可以自收到本意见书之日起%d日内，依照《信访工作条例》第三十五条，书面请求%s复查；对复查意见不服的，可以自收到复查意见之日起%d日内，依照该条例第三十六条，请求复查机关的上一级机关复核。逾期未请求复查、复核，或者复核之后仍以同一事实和理由提出的，不再受理。有新的事实或者理由的，可以重新提出。", remedyDays, b.letter().Review, remedyDays)
}

// placeholder is {figure}, {figure:mom}, {figure:yoy}, {figure:day} or
// {figure:dimension:count}.
var placeholder = regexp.MustCompile(`\{([a-z_]+)(?::([a-z_]+)(?::(\d+))?)?\}`)

// readReports reads the pack's reports, where it has any, and says what in them can
// never be made.
func readReports(files fs.FS, working string) (*reportBook, error) {
	const name = "appeals/reports.yaml"
	b := &reportBook{}
	raw, err := fs.ReadFile(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	if err := yaml.UnmarshalWithOptions(raw, b, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
	}
	cals, err := pack.Calendars(files)
	if err != nil {
		return nil, err
	}
	for _, c := range cals {
		if c.Name() == working {
			b.calendar = c
		}
	}
	if b.streets, err = readStreetShapes(files); err != nil {
		return nil, err
	}
	if err := b.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

func (b *reportBook) check() error {
	for id, f := range b.Figures {
		g, ok := figureGrains[f.Grain]
		switch {
		case !ok || f.Grain != "appeals" && f.Grain != "due" || g.measures[f.Measure].sql == "":
			return fmt.Errorf("figures.%s: there is no measure %q of grain %q", id, f.Measure, f.Grain)
		case f.On != "" && g.window[f.On] == "":
			return fmt.Errorf("figures.%s: on: %q is no moment of an appeal", id, f.On)
		}
		if f.N != "" && b.Figures[f.N] == nil {
			return fmt.Errorf("figures.%s: n: there is no figure %q", id, f.N)
		}
	}
	dims := figureGrains["appeals"].dims
	says := func(id, dim string) bool { return figureGrains[b.Figures[id].Grain].dims[dim].sql != "" }
	for _, k := range b.Kinds {
		if !slices.Contains([]string{"day", "week", "month", "year", "free"}, k.Window) {
			return fmt.Errorf("kinds.%s: there is no window %q", k.ID, k.Window)
		}
		if k.At != "" {
			var err error
			if k.at, err = timeOfDay(k.At); err != nil {
				return fmt.Errorf("kinds.%s.at: %q is not a time of day such as 06:30", k.ID, k.At)
			}
		}
		for i, p := range k.Parts {
			known := func(ids ...string) error {
				for _, id := range ids {
					if id != "" && b.Figures[id] == nil {
						return fmt.Errorf("kinds.%s.parts[%d]: there is no figure %q", k.ID, i, id)
					}
				}
				return nil
			}
			if err := known(append(slices.Clone(p.Columns), p.When, p.Of)...); err != nil {
				return err
			}
			if p.By != "" && dims[p.By].sql == "" {
				return fmt.Errorf("kinds.%s.parts[%d]: there is no dimension %q", k.ID, i, p.By)
			}
			for _, id := range append(slices.Clone(p.Columns), p.Of) {
				if id != "" && p.By != "" && !says(id, p.By) {
					return fmt.Errorf("kinds.%s.parts[%d]: %s is not known by %s", k.ID, i, id, p.By)
				}
			}
			if p.Map != "" && len(b.streets) == 0 {
				return fmt.Errorf("kinds.%s.parts[%d]: a map needs the pack's streets.geojson", k.ID, i)
			}
			for _, m := range placeholder.FindAllStringSubmatch(p.Text, -1) {
				if err := known(m[1]); err != nil {
					return err
				}
				if m[3] != "" && !says(m[1], m[2]) || m[3] == "" && !slices.Contains([]string{"", "mom", "yoy", "day"}, m[2]) {
					return fmt.Errorf("kinds.%s.parts[%d]: %s cannot be said", k.ID, i, m[0])
				}
			}
			if rest := placeholder.ReplaceAllString(p.Text, ""); strings.ContainsAny(rest, "{}") {
				return fmt.Errorf("kinds.%s.parts[%d]: a brace that is no figure: %q", k.ID, i, p.Text)
			}
		}
	}
	return b.checkMeetings()
}

// readStreetShapes lays the outlines of the streets on a plane, in tenths of a point
// of a map of the width of a page; a pack may have none.
func readStreetShapes(files fs.FS) ([]streetShape, error) {
	raw, err := fs.ReadFile(files, "streets.geojson")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	areas, err := place.ReadAreas(bytes.NewReader(raw), place.AreaSource{CRS: place.WGS84, Scheme: "pack", CodeProperty: "code"})
	if err != nil {
		return nil, fmt.Errorf("streets.geojson: %w", err)
	}
	places, err := readPlaces(files)
	if err != nil {
		return nil, err
	}
	var whole orb.MultiPolygon
	for _, a := range areas {
		whole = append(whole, a.Shape...)
	}
	box := whole.Bound()
	flat := math.Cos(box.Center().Lat() * math.Pi / 180)
	scale := 440 / math.Max((box.Right()-box.Left())*flat, 1e-9)
	at := func(lon, lat float64) [2]float64 {
		round := func(v float64) float64 { return math.Round(v*scale*10) / 10 }
		return [2]float64{round((lon - box.Left()) * flat), round(box.Top() - lat)}
	}
	var out []streetShape
	for _, a := range areas {
		x := streetShape{code: a.Code.Value}
		middle := a.Shape.Bound().Center()
		x.At = at(middle.Lon(), middle.Lat())
		if p, ok := places[x.code]; ok {
			x.At = at(p.Lon, p.Lat)
		}
		for _, polygon := range a.Shape {
			for _, ring := range polygon {
				var points [][2]float64
				for _, p := range ring {
					if q := at(p.Lon(), p.Lat()); len(points) == 0 || math.Hypot(q[0]-points[len(points)-1][0], q[1]-points[len(points)-1][1]) >= 0.5 {
						points = append(points, q)
					}
				}
				if len(points) > 2 {
					x.Rings = append(x.Rings, points)
				}
			}
		}
		out = append(out, x)
	}
	return out, nil
}

func (b *reportBook) kind(id string) *ReportKind {
	i := slices.IndexFunc(b.Kinds, func(k *ReportKind) bool { return k.ID == id })
	if i < 0 {
		return nil
	}
	return b.Kinds[i]
}

func (b *reportBook) isWorking(day time.Time) bool {
	if b.calendar == nil {
		return true
	}
	return b.calendar.IsWorking(time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, day.Location()))
}

// days are the local days of a period of a kind: from is included, to is not. A day
// that follows days of rest takes them in, so that the dailies leave no day out.
func (b *reportBook) days(k *ReportKind, period string, zone *time.Location) (from, to time.Time, err error) {
	bad := httpapi.FailField("period", "not_a_time")
	switch k.Window {
	case "day":
		day, err := time.ParseInLocation(time.DateOnly, period, zone)
		if err != nil {
			return from, to, bad
		}
		for from = day; !b.isWorking(from) && day.Sub(from) < 20*24*time.Hour; {
			from = from.AddDate(0, 0, -1)
		}
		return from, day.AddDate(0, 0, 1), nil
	case "week":
		year, week, ok := strings.Cut(period, "-W")
		y, err1 := strconv.Atoi(year)
		w, err2 := strconv.Atoi(week)
		if !ok || err1 != nil || err2 != nil {
			return from, to, bad
		}
		// The 4th of January lies in the first week (ISO 8601).
		first := time.Date(y, 1, 4, 0, 0, 0, 0, zone)
		from = first.AddDate(0, 0, -(int(first.Weekday())+6)%7+7*(w-1))
		if gy, gw := from.ISOWeek(); gy != y || gw != w {
			return from, to, bad
		}
		return from, from.AddDate(0, 0, 7), nil
	case "month":
		if from, err = time.ParseInLocation("2006-01", period, zone); err != nil {
			return from, to, bad
		}
		return from, from.AddDate(0, 1, 0), nil
	case "year":
		if from, err = time.ParseInLocation("2006", period, zone); err != nil {
			return from, to, bad
		}
		return from, from.AddDate(1, 0, 0), nil
	}
	a, z, _ := strings.Cut(period, "..")
	if from, err = time.ParseInLocation(time.DateOnly, a, zone); err != nil {
		return from, to, bad
	}
	if to, err = time.ParseInLocation(time.DateOnly, z, zone); err != nil || to.Before(from) {
		return from, to, bad
	}
	if to.Sub(from) >= document.MostDays*24*time.Hour {
		return from, to, httpapi.FailField("period", "out_of_range")
	}
	return from, to.AddDate(0, 0, 1), nil
}

// before is the window that a change is told against: the one before (环比), or the
// same a year earlier (同比).
func (k *ReportKind) before(from, to time.Time, year bool) (time.Time, time.Time) {
	switch {
	case year && k.Window == "week":
		return from.AddDate(0, 0, -364), to.AddDate(0, 0, -364)
	case year || k.Window == "year":
		return from.AddDate(-1, 0, 0), to.AddDate(-1, 0, 0)
	case k.Window == "month":
		return from.AddDate(0, -1, 0), from
	}
	n := int(to.Sub(from).Hours()/24 + 0.5)
	return from.AddDate(0, 0, -n), from
}

// dues are the periods of a kind whose report should have been made by now, the
// newest few: what was missed while the house was closed is caught up.
func (b *reportBook) dues(k *ReportKind, now time.Time) (out []string) {
	if k.At == "" {
		return nil
	}
	due := func(day time.Time) bool { return !day.Add(k.at).After(now) }
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	switch k.Window {
	case "day":
		for day := today.AddDate(0, 0, -14); !day.After(today); day = day.AddDate(0, 0, 1) {
			if b.isWorking(day) && due(day) {
				out = append(out, day.AddDate(0, 0, -1).Format(time.DateOnly))
			}
		}
	case "week":
		made := today.AddDate(0, 0, -(int(today.Weekday())-k.Day+7)%7)
		for i := -3; i <= 0; i++ {
			if day := made.AddDate(0, 0, 7*i); due(day) {
				y, w := day.AddDate(0, 0, -7).ISOWeek()
				out = append(out, fmt.Sprintf("%d-W%02d", y, w))
			}
		}
	case "month":
		for i := -2; i <= 0; i++ {
			if day := time.Date(today.Year(), today.Month()+time.Month(i), k.Day, 0, 0, 0, 0, now.Location()); due(day) {
				out = append(out, time.Date(day.Year(), day.Month()-1, 1, 0, 0, 0, 0, day.Location()).Format("2006-01"))
			}
		}
	case "year":
		if due(time.Date(today.Year(), 1, k.Day, 0, 0, 0, 0, now.Location())) {
			out = append(out, strconv.Itoa(today.Year()-1))
		}
	}
	return out
}

// hours are the times of day at which reports are made, the first one first.
func (b *reportBook) hours() (out []time.Duration) {
	for _, k := range b.Kinds {
		if k.At != "" && !slices.Contains(out, k.at) {
			out = append(out, k.at)
		}
	}
	slices.Sort(out)
	return out
}

// change says how a figure moved. 上升 and 下降 are said only of a change that is
// great enough and rests on enough, in both windows.
func (b *reportBook) change(word, unit string, now, before *float64, n, nBefore float64) string {
	switch {
	case now == nil || before == nil || *before == 0:
		return word + "无可比数据"
	case n < b.Rules.Least || nBefore < b.Rules.Least:
		return word + "基数较小，不作升降判断"
	}
	delta := (*now - *before) / *before * 100
	size := strings.TrimPrefix(sayNumber(delta, 1), "-") + "%"
	if unit == "%" {
		size = strings.TrimPrefix(sayNumber(*now-*before, 2), "-") + "个百分点"
	}
	switch {
	case delta >= b.Rules.Change:
		return word + "上升" + size
	case delta <= -b.Rules.Change:
		return word + "下降" + size
	}
	return word + "基本持平"
}

// sayNumber writes a number with thousands apart and at most some decimals.
func sayNumber(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, part, has := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if part = strings.TrimRight(part, "0"); has && part != "" {
		whole += "." + part
	}
	return sign + whole
}
