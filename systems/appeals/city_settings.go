package appeals

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"shanzhi/core/adapter"
	"shanzhi/core/pack"
)

// citySettings are what a district decides of the exchange with the city platform
// (市平台对接) in its pack, appeals/city.yaml. A pack without the file has the defaults.
type citySettings struct {
	Channel string `yaml:"channel"` // of the appeal that an order becomes; "" is the first
	Skew    string `yaml:"skew"`
	Retry   struct {
		First    string `yaml:"first"`
		Most     string `yaml:"most"`
		Attempts int    `yaml:"attempts"`
	} `yaml:"retry"`
	Reconcile struct {
		At        string   `yaml:"at"`
		Days      int      `yaml:"days"`
		Tolerance string   `yaml:"tolerance"`
		Mend      []string `yaml:"mend"`
	} `yaml:"reconcile"`
}

// cityBook is the settings and the maps of codes, compiled. It never changes.
type cityBook struct {
	citySettings
	skew, first, most, night, tolerance time.Duration

	ours   map[cityCode]string // by the city's code
	theirs map[cityCode]string // by ours
}

type cityCode struct{ kind, code string }

// cityKinds are the kinds of code that a map has, appeals/city_codes.csv.
var cityKinds = []string{"item", "unit", "class", "state", "reason", "result"}

// cityResults are the codes of an outcome that a reply says.
var cityResults = []string{"solved", "partly", "explained", "cannot", "refused"}

func readCity(files fs.FS, d *district) (*cityBook, error) {
	const name, codes = "appeals/city.yaml", "appeals/city_codes.csv"
	b := &cityBook{ours: map[cityCode]string{}, theirs: map[cityCode]string{}}
	b.Skew, b.Retry.First, b.Retry.Most, b.Retry.Attempts = "5m", "15s", "1h", 14
	b.Reconcile.At, b.Reconcile.Days, b.Reconcile.Tolerance = "02:20", 3, "2m"
	if err := readSettings(files, name, &b.citySettings); err != nil {
		return nil, err
	}
	var wrong []error
	bad := func(where, format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...)))
	}
	length := func(what, s string, least time.Duration) time.Duration {
		v, err := time.ParseDuration(s)
		if err != nil || v < least {
			bad(name, "%s: %q is not a length of %s or more, such as 5m", what, s, least)
		}
		return v
	}
	b.skew, b.first, b.most = length("skew", b.Skew, time.Second), length("retry.first", b.Retry.First, time.Second), length("retry.most", b.Retry.Most, time.Second)
	b.tolerance = length("reconcile.tolerance", b.Reconcile.Tolerance, 0)
	if b.Retry.Attempts < 1 || b.Retry.Attempts > 100 {
		bad(name, "retry.attempts: 1 to 100")
	}
	if b.Reconcile.Days < 1 || b.Reconcile.Days > 62 {
		bad(name, "reconcile.days: 1 to 62")
	}
	var err error
	if b.night, err = timeOfDay(b.Reconcile.At); err != nil {
		bad(name, "reconcile.at: %q is not a time of day such as 02:20", b.Reconcile.At)
	}
	for _, kind := range b.Reconcile.Mend {
		if !slices.Contains(cityDifferences, kind) || kind == differOnlyOurs {
			bad(name, "reconcile.mend: %q is none that is mended by itself", kind)
		}
	}
	if b.Channel == "" && len(d.words.Channels) > 0 {
		b.Channel = d.words.Channels[0].Code
	}
	if _, ok := d.words.Channel(b.Channel); !ok {
		bad(name, "channel: there is no channel %q", b.Channel)
	}
	rows, err := pack.Table(files, codes, "kind", "city", "ours")
	if errors.Is(err, fs.ErrNotExist) {
		return b, errors.Join(wrong...)
	}
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		where, theirs := fmt.Sprintf("%s line %d", codes, i+2), cityCode{r["kind"], r["city"]}
		switch {
		case !slices.Contains(cityKinds, r["kind"]):
			bad(where, "kind: %q is none of %v", r["kind"], cityKinds)
		case r["city"] == "" || r["ours"] == "":
			bad(where, "city and ours are needed")
		case b.ours[theirs] != "":
			bad(where, "%s %s stands twice", r["kind"], r["city"])
		case !d.knowsCode(r["kind"], r["ours"]):
			bad(where, "ours: there is no %s %q", r["kind"], r["ours"])
		default:
			b.ours[theirs] = r["ours"]
			// Where several of the city's are one of ours, the first is said.
			if own := (cityCode{r["kind"], r["ours"]}); b.theirs[own] == "" {
				b.theirs[own] = r["city"]
			}
		}
	}
	return b, errors.Join(wrong...)
}

// knowsCode says whether a code of ours stands for something. Units are the
// organisation's to know, which has its own history.
func (d *district) knowsCode(kind, code string) bool {
	switch kind {
	case "item":
		return d.duty.Item(code) != nil
	case "class":
		return slices.Contains(classes, code)
	case "state":
		return slices.Contains(adapter.CityStates, code)
	case "reason":
		return slices.ContainsFunc(d.words.ReturnReasons, func(w Word) bool { return w.Code == code })
	case "result":
		return slices.Contains(cityResults, code)
	}
	return true
}

// state is one of the city's states as both sides mean it; a city that says it in
// the protocol's own words needs no map.
func (b *cityBook) state(code string) (string, bool) {
	if s := b.ours[cityCode{"state", code}]; s != "" {
		return s, true
	}
	return code, slices.Contains(adapter.CityStates, code)
}
