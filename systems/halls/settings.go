package halls

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/calendar"
	"shanzhi/core/pack"
)

// Text is what people read, by language.
type Text = pack.Text

// book is what the pack in force says of halls.
type book struct {
	zone     *time.Location
	calendar string // the district's own
	halls    []*Hall
	rules    QueueRules
	stuck    StuckRules
	startup  StartupRules
	devices  DeviceRules
	stations []Station
}

func (b *book) hall(code string) *Hall {
	for _, h := range b.halls {
		if h.Code == code {
			return h
		}
	}
	return nil
}

// Priority is a class of people who come before others (优先).
type Priority struct {
	Code  string `yaml:"code" json:"code"`
	Name  Text   `yaml:"name" json:"name"`
	Ahead span   `yaml:"ahead" json:"-"`
	Self  bool   `yaml:"self" json:"self" doc:"One may say so oneself"`
}

// span is a length of time, written as 10m.
type span time.Duration

// UnmarshalText reads it.
func (s *span) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err == nil && d < 0 {
		err = errors.New("a length of time is not negative")
	}
	*s = span(d)
	return err
}

// QueueRules are how the halls queue: the pack's halls/rules.yaml.
type QueueRules struct {
	Priorities      []Priority `yaml:"priorities"`
	OvertakenAtMost int        `yaml:"overtaken_at_most"`
	Call            struct {
		Limit int `yaml:"limit"`
		Near  int `yaml:"near"`
	} `yaml:"call"`
	Missed struct {
		Times  int  `yaml:"times"`
		Behind int  `yaml:"behind"`
		Within span `yaml:"within"`
	} `yaml:"missed"`
	PendingDays int `yaml:"pending_days"`
	Booking     struct {
		Slot       span `yaml:"slot"`
		FromDays   int  `yaml:"from_days"`
		ToDays     int  `yaml:"to_days"`
		Hold       span `yaml:"hold"`
		Preconfirm span `yaml:"preconfirm"`
		Share      int  `yaml:"share"`
		PerPerson  int  `yaml:"per_person"`
		Early      span `yaml:"early"`
		Late       span `yaml:"late"`
		Remind     span `yaml:"remind"`
		NoShows    int  `yaml:"no_shows"`
		NoShowDays int  `yaml:"no_show_days"`
	} `yaml:"booking"`
	Estimate struct {
		Days  int `yaml:"days"`
		Least int `yaml:"least"`
	} `yaml:"estimate"`
}

// defaultRules hold where a pack says nothing: call limit 3, a hold of five minutes and
// slots of twelve, as ZMS has them.
func defaultRules() QueueRules {
	r := QueueRules{OvertakenAtMost: 5, PendingDays: 10}
	r.Call.Limit, r.Call.Near = 3, 3
	r.Missed.Times, r.Missed.Behind, r.Missed.Within = 2, 3, span(time.Hour)
	b := &r.Booking
	b.Slot, b.ToDays, b.Hold, b.Preconfirm, b.Share, b.PerPerson = span(12*time.Minute), 14, span(5*time.Minute), span(2*time.Hour), 60, 2
	b.Early, b.Late, b.Remind, b.NoShows, b.NoShowDays = span(30*time.Minute), span(15*time.Minute), span(time.Hour), 3, 60
	r.Estimate.Days, r.Estimate.Least = 30, 20
	return r
}

func (r *QueueRules) ahead(class string) time.Duration {
	for _, p := range r.Priorities {
		if p.Code == class {
			return time.Duration(p.Ahead)
		}
	}
	return 0
}

func (r *QueueRules) class(code string) *Priority {
	return find(r.Priorities, func(p *Priority) bool { return p.Code == code })
}

func (r *QueueRules) check() error {
	var errs []error
	bad := func(ok bool, what string) {
		if !ok {
			errs = append(errs, fmt.Errorf("halls/rules.yaml: %s", what))
		}
	}
	b := r.Booking
	bad(r.OvertakenAtMost >= 1, "overtaken_at_most must be 1 or more: else nobody has priority")
	bad(r.Call.Limit >= 1 && r.Call.Limit <= 10, "call.limit is between 1 and 10")
	bad(r.Missed.Times >= 1, "missed.times must be 1 or more")
	bad(b.Slot >= span(time.Minute) && b.Slot <= span(4*time.Hour), "booking.slot is between 1m and 4h")
	bad(b.FromDays >= 0 && b.ToDays >= max(2, b.FromDays) && b.ToDays <= 60, "booking.to_days is between 2 and 60 and not before from_days")
	bad(b.Share >= 0 && b.Share <= 100, "booking.share is a percentage")
	bad(b.PerPerson >= 1, "booking.per_person must be 1 or more")
	bad(b.Hold > 0 && b.Preconfirm > 0, "booking.hold and preconfirm must be longer than nothing")
	for i, p := range r.Priorities {
		bad(p.Code != "" && p.Name.In("zh") != "", fmt.Sprintf("priority %d needs a code and a name", i+1))
		bad(time.Duration(p.Ahead) <= 2*time.Hour, fmt.Sprintf("priority %s: ahead is at most 2h", p.Code))
	}
	return errors.Join(errs...)
}

// readBook reads what a pack says of halls; a pack without halls has none.
func readBook(files fs.FS) (*book, error) {
	m, err := pack.ReadManifest(files)
	if err != nil {
		return nil, err
	}
	b := &book{zone: m.Zone(), calendar: m.Calendar, rules: defaultRules()}
	if err := pack.Settings(files, "halls/rules.yaml", &b.rules); err != nil {
		return nil, err
	}
	if err := errors.Join(b.rules.check(), readStuck(files, &b.stuck), readStartup(files, &b.startup), readDevices(files, &b.devices)); err != nil {
		return nil, err
	}
	rows, err := pack.Table(files, "halls/halls.csv", "code", "name", "unit", "calendar")
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	units, err := pack.Units(files)
	if err != nil {
		return nil, err
	}
	calendars, err := pack.Calendars(files)
	if err != nil {
		return nil, err
	}
	var errs []error
	for i, r := range rows {
		at := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("halls/halls.csv line %d: %s", i+2, fmt.Sprintf(format, args...)))
		}
		h := &Hall{Code: r["code"], Name: names(r), Unit: r["unit"], Calendar: r["calendar"], Address: r["address"], Phone: r["phone"], Areas: []HallArea{}, Kinds: []HallKind{}, Windows: []HallWindow{}}
		if h.Code == "" || h.Name.In("zh") == "" || b.hall(h.Code) != nil {
			at("a hall has a code of its own and a name")
		}
		if !slices.ContainsFunc(units, func(u account.Unit) bool { return u.Code == h.Unit }) {
			at("there is no unit %q", h.Unit)
		}
		if !slices.ContainsFunc(calendars, func(c *calendar.Calendar) bool { return c.Name() == h.Calendar }) {
			at("there is no calendar %q", h.Calendar)
		}
		b.halls = append(b.halls, h)
	}
	errs = append(errs, b.each(files, "areas.csv", []string{"hall", "code", "name", "prefix", "first", "last"}, func(h *Hall, r map[string]string) error {
		a := HallArea{Code: r["code"], Name: names(r), Prefix: r["prefix"]}
		var err1, err2 error
		a.First, err1 = strconv.Atoi(r["first"])
		a.Last, err2 = strconv.Atoi(r["last"])
		clash := func(o *HallArea) bool { return o.Code == a.Code || o.Prefix == a.Prefix }
		if err1 != nil || err2 != nil || a.First < 1 || a.Last < a.First || a.Last > 9999 || a.Code == "" || find(h.Areas, clash) != nil {
			return errors.New("an area has a code and a prefix of its own, and numbers from first to last up to 9999")
		}
		h.Areas = append(h.Areas, a)
		return nil
	}), b.each(files, "kinds.csv", []string{"hall", "area", "code", "name", "minutes", "book"}, func(h *Hall, r map[string]string) error {
		k := HallKind{Code: r["code"], Area: r["area"], Name: names(r), Book: r["book"] == "yes", Items: list(r["items"])}
		var err error
		if k.Minutes, err = strconv.Atoi(r["minutes"]); err != nil || k.Minutes < 1 || k.Minutes > 480 {
			return fmt.Errorf("%q is not a number of minutes", r["minutes"])
		}
		if h.area(k.Area) == nil || h.kind(k.Code) != nil || k.Code == "" {
			return errors.New("a kind has a code of its own and an area of its hall")
		}
		h.Kinds = append(h.Kinds, k)
		return nil
	}), b.each(files, "windows.csv", []string{"hall", "code", "area", "name", "sort", "kinds", "channels"}, func(h *Hall, r map[string]string) error {
		w := HallWindow{Code: r["code"], Area: r["area"], Name: names(r), Sort: r["sort"], Kinds: list(r["kinds"])}
		if slices.Equal(w.Kinds, []string{"*"}) {
			w.Kinds = nil
			for _, k := range h.Kinds {
				w.Kinds = append(w.Kinds, k.Code)
			}
		}
		for _, k := range w.Kinds {
			if h.kind(k) == nil {
				return fmt.Errorf("there is no kind %q in %s", k, h.Code)
			}
		}
		for _, c := range list(r["channels"]) {
			if ch := Channel(c); ch != Counter && ch != Phone && ch != Video {
				return fmt.Errorf("there is no channel %q", c)
			}
			w.Channels = append(w.Channels, Channel(c))
		}
		if w.Code == "" || h.window(w.Code) != nil || h.area(w.Area) == nil || len(w.Channels) == 0 || w.Sort != "comprehensive" && w.Sort != "special" {
			return errors.New("a window has a code of its own, an area, channels, and is comprehensive or special")
		}
		h.Windows = append(h.Windows, w)
		return nil
	}), b.each(files, "plan.csv", []string{"hall", "days", "from", "to", "windows"}, func(h *Hall, r map[string]string) error {
		p := planned{windows: list(r["windows"])}
		var err1, err2 error
		p.from, err1 = pack.TimeOfDay(r["from"])
		p.to, err2 = pack.TimeOfDay(r["to"])
		if err1 != nil || err2 != nil || p.to <= p.from {
			return errors.New("from and to are times such as 09:00, one after the other")
		}
		for _, d := range list(r["days"]) {
			i := slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, d)
			if i < 0 {
				return fmt.Errorf("%q is no day such as mon", d)
			}
			p.days = append(p.days, time.Weekday(i))
		}
		for _, w := range p.windows {
			if h.window(w) == nil {
				return fmt.Errorf("there is no window %q in %s", w, h.Code)
			}
		}
		h.plan = append(h.plan, p)
		return nil
	}))
	errs = append(errs, readStations(files, b, units, calendars))
	return b, errors.Join(errs...)
}

// each reads a table of the pack's halls, row by row.
func (b *book) each(files fs.FS, name string, columns []string, row func(h *Hall, r map[string]string) error) error {
	rows, err := pack.Table(files, "halls/"+name, columns...)
	if err != nil {
		return err
	}
	var errs []error
	for i, r := range rows {
		h := b.hall(r["hall"])
		err := fmt.Errorf("there is no hall %q", r["hall"])
		if h != nil {
			err = row(h, r)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("halls/%s line %d: %w", name, i+2, err))
		}
	}
	return errors.Join(errs...)
}

func names(r map[string]string) Text {
	t := Text{"zh": r["name"]}
	if r["name_en"] != "" {
		t["en"] = r["name_en"]
	}
	return t
}

// list reads words that stand apart by semicolons.
func list(text string) []string {
	out := []string{}
	for _, w := range strings.Split(text, ";") {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// HallWord is a word of a list that the pack has, with its name.
type HallWord struct {
	Code string `yaml:"code" json:"code"`
	Name Text   `yaml:"name" json:"name"`
}

// StuckScope is what the stuck-case window takes, or where one is told to go instead.
type StuckScope struct {
	HallWord `yaml:",inline"`
	In       bool `yaml:"in" json:"in"`
	Guide    Text `yaml:"guide" json:"guide,omitempty"`
}

// StuckRules are the pack's halls/stuck.yaml.
type StuckRules struct {
	Contact string            `yaml:"contact"`
	Limits  map[string]string `yaml:"limits"` // by grade
	Remind  map[string]string `yaml:"remind"` // by clock: the share of it after which whoever has the case is reminded
	Scopes  []StuckScope      `yaml:"scopes"`
	Causes  []HallWord        `yaml:"causes"`
}

// grades of a stuck case (简单、复杂、特殊、疑难).
var grades = []string{"simple", "complex", "special", "hard"}

func readStuck(files fs.FS, s *StuckRules) error {
	*s = StuckRules{Contact: "0d midnight", Limits: map[string]string{"simple": "0d midnight", "complex": "5wd", "special": "10wd", "hard": "20wd"}}
	if err := pack.Settings(files, "halls/stuck.yaml", s); err != nil {
		return err
	}
	_, err := calendar.ParseLimit(s.Contact)
	errs := []error{err}
	for _, g := range grades {
		if _, err := calendar.ParseLimit(s.Limits[g]); err != nil {
			errs = append(errs, fmt.Errorf("halls/stuck.yaml: limits: %s: %w", g, err))
		}
	}
	for clock, share := range s.Remind {
		n, ok := strings.CutSuffix(share, "%")
		if p, err := strconv.Atoi(n); clock != "contact" && clock != "handle" || !ok || err != nil || p < 1 || p > 99 {
			errs = append(errs, fmt.Errorf("halls/stuck.yaml: remind: %s: contact or handle, after 1%% to 99%% of it", clock))
		}
	}
	for _, x := range s.Scopes {
		if x.Code == "" || x.Name.In("zh") == "" || !x.In && x.Guide.In("zh") == "" {
			errs = append(errs, fmt.Errorf("halls/stuck.yaml: scope %q needs a name, and where it is not taken, a guide", x.Code))
		}
	}
	return errors.Join(errs...)
}

// StartupRules are the pack's halls/startup.yaml.
type StartupRules struct {
	Packs []StartupPack `yaml:"packs"`
}

// StartupPack is what a new enterprise is given (大礼包).
type StartupPack struct {
	HallWord  `yaml:",inline"`
	Contents  []StartupContent `yaml:"contents" json:"contents"`
	ValidDays int              `yaml:"valid_days" json:"valid_days,omitempty" doc:"Days after the licence in which it may be had; 0 any"`
}

// StartupContent is one thing in it.
type StartupContent struct {
	HallWord `yaml:",inline"`
	Price    int64 `yaml:"price" json:"price" doc:"What the enterprise saves, in fen"`
}

// value is what the enterprise saves, in fen.
func (p *StartupPack) value() (fen int64) {
	for _, c := range p.Contents {
		fen += c.Price
	}
	return fen
}

func readStartup(files fs.FS, s *StartupRules) error {
	if err := pack.Settings(files, "halls/startup.yaml", s); err != nil {
		return err
	}
	for _, p := range s.Packs {
		if p.Code == "" || p.Name.In("zh") == "" || len(p.Contents) == 0 {
			return fmt.Errorf("halls/startup.yaml: pack %q needs a name and contents", p.Code)
		}
		for _, c := range p.Contents {
			if c.Code == "" || c.Price < 0 {
				return fmt.Errorf("halls/startup.yaml: pack %s: a thing has a code and a price that is not negative", p.Code)
			}
		}
	}
	return nil
}
