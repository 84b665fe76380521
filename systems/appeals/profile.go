package appeals

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"shanzhi/core/pack"
	"shanzhi/core/place"
	"shanzhi/core/table"
	"shanzhi/core/text"
)

//go:embed profiles/*.yaml
var shippedProfiles embed.FS

// Profile says how the rows of somebody's spreadsheet become appeals (导入方案):
// which column is what, in which words, dates and coordinates. A new district's
// file needs a new profile and no code. It never changes once read.
//
// How a field is made of a row is said by a [table.Field].
type Profile struct {
	Name    string    `yaml:"profile" json:"profile"`
	Title   pack.Text `yaml:"title" json:"title"`
	Note    pack.Text `yaml:"note" json:"note,omitempty"`
	Source  string    `yaml:"source" json:"source"`   // an appeal is known by its source and its number there
	Records string    `yaml:"records" json:"records"` // appeals, or categories: the list of them alone

	File struct {
		Encoding  string `yaml:"encoding"`  // WHATWG label; "" is found out
		Delimiter string `yaml:"delimiter"` // one character; "" is found out
		Sheet     string `yaml:"sheet"`
		Header    int    `yaml:"header"` // its line; 0 is found out
		Comment   string `yaml:"comment"`
	} `yaml:"file" json:"-"`
	// District is whose appeals they are. Names of places, units and items of
	// another district are kept as asserted and never given codes of ours.
	District table.Field `yaml:"district" json:"-"`
	Timezone string      `yaml:"timezone" json:"-"` // "" is the district's
	Dates    []string    `yaml:"dates" json:"-"`    // layouts of table.ParseTime
	Absent   []string    `yaml:"absent" json:"-"`   // cells that mean nothing: "-", "无"

	Appeal   appealFields  `yaml:"appeal" json:"-"`
	Category []table.Field `yaml:"category" json:"-"` // the levels, where the records are categories
	zone     *time.Location
	body     []byte
}

// appealFields are the facts of an appeal that a profile can say how to make.
type appealFields struct {
	Number  table.Field `yaml:"number"` // the source's own
	Opened  table.Field `yaml:"opened"`
	Closed  table.Field `yaml:"closed"`
	Due     table.Field `yaml:"due"`
	Channel table.Field `yaml:"channel"`
	Kind    table.Field `yaml:"kind"`
	Urgency table.Field `yaml:"urgency"`
	Secrecy table.Field `yaml:"secrecy"`
	State   table.Field `yaml:"state"`
	Title   table.Field `yaml:"title"`
	Text    table.Field `yaml:"text"`
	Unit    table.Field `yaml:"unit"`
	Item    table.Field `yaml:"item"` // levels joined by ／, or a code
	Late    table.Field `yaml:"late"` // yes, no
	// Synthetic says that the appeal was made up: yes, no. It is shown as such.
	Synthetic table.Field `yaml:"synthetic"`
	Where     struct {
		Street    table.Field `yaml:"street"`
		Community table.Field `yaml:"community"`
		Address   table.Field `yaml:"address"`
		Lon       table.Field `yaml:"lon"`
		Lat       table.Field `yaml:"lat"`
		CRS       place.CRS   `yaml:"crs"`
		// Decimals that a coordinate must have to be one: fewer are rounded to
		// more than a place. Default 3, some 100 m.
		Decimals *int `yaml:"decimals"`
	} `yaml:"where"`
	Reply struct {
		Text   table.Field `yaml:"text"`
		At     table.Field `yaml:"at"`
		Result table.Field `yaml:"result"` // solved, partly, explained, cannot
	} `yaml:"reply"`
	Rating struct {
		At     table.Field `yaml:"at"`
		Solved table.Field `yaml:"solved"` // yes, partly, no
		Result table.Field `yaml:"result"` // 1 to 5
		Manner table.Field `yaml:"manner"`
		Speed  table.Field `yaml:"speed"`
	} `yaml:"rating"`
	// Appellant identifies; all of it goes to the vault and nowhere else.
	Appellant struct {
		ID       table.Field `yaml:"id"` // the source's own, by which two appeals have one appellant
		Name     table.Field `yaml:"name"`
		Phone    table.Field `yaml:"phone"`
		IDNumber table.Field `yaml:"id_number"`
		Email    table.Field `yaml:"email"`
		Address  table.Field `yaml:"address"`
	} `yaml:"appellant"`
	Keep []string `yaml:"keep"` // columns kept as asserted, masked
}

// field is one field of a profile by its name in the file.
type namedField struct {
	name string
	*table.Field
}

// fields are all fields of the profile in the order of the file.
func (p *Profile) fields() []namedField {
	a := &p.Appeal
	all := []namedField{{"district", &p.District},
		{"appeal.number", &a.Number}, {"appeal.opened", &a.Opened}, {"appeal.closed", &a.Closed}, {"appeal.due", &a.Due}, {"appeal.channel", &a.Channel}, {"appeal.kind", &a.Kind},
		{"appeal.urgency", &a.Urgency}, {"appeal.secrecy", &a.Secrecy}, {"appeal.state", &a.State}, {"appeal.title", &a.Title}, {"appeal.text", &a.Text}, {"appeal.unit", &a.Unit},
		{"appeal.item", &a.Item}, {"appeal.late", &a.Late}, {"appeal.synthetic", &a.Synthetic},
		{"appeal.where.street", &a.Where.Street}, {"appeal.where.community", &a.Where.Community}, {"appeal.where.address", &a.Where.Address}, {"appeal.where.lon", &a.Where.Lon}, {"appeal.where.lat", &a.Where.Lat},
		{"appeal.reply.text", &a.Reply.Text}, {"appeal.reply.at", &a.Reply.At}, {"appeal.reply.result", &a.Reply.Result},
		{"appeal.rating.at", &a.Rating.At}, {"appeal.rating.solved", &a.Rating.Solved}, {"appeal.rating.result", &a.Rating.Result}, {"appeal.rating.manner", &a.Rating.Manner}, {"appeal.rating.speed", &a.Rating.Speed},
		{"appeal.appellant.id", &a.Appellant.ID}, {"appeal.appellant.name", &a.Appellant.Name}, {"appeal.appellant.phone", &a.Appellant.Phone}, {"appeal.appellant.id_number", &a.Appellant.IDNumber},
		{"appeal.appellant.email", &a.Appellant.Email}, {"appeal.appellant.address", &a.Appellant.Address}}
	for i := range p.Category {
		all = append(all, namedField{fmt.Sprintf("category[%d]", i), &p.Category[i]})
	}
	return all
}

const (
	recordsAppeals    = "appeals"
	recordsCategories = "categories"
)

var (
	profileName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,59}$`)
	sourceName  = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,59}$`) // no "-": it stands before the number
)

// ReadProfile reads a profile. Nothing in it is passed over: an unknown key, a
// pattern that cannot be read, a column of the wrong form is an error that says
// where.
func ReadProfile(body []byte) (*Profile, error) {
	p := &Profile{Records: recordsAppeals, body: bytes.Clone(body)}
	if err := yaml.UnmarshalWithOptions(body, p, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("profile: %s", strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	var wrong []error
	bad := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf("profile: "+format, args...)) }
	if !profileName.MatchString(p.Name) {
		bad("profile: a name of small letters, digits, - and _ is needed")
	}
	if !sourceName.MatchString(p.Source) {
		bad("source: a name of small letters, digits and _ is needed")
	}
	if p.Title.In("zh") == "" {
		bad("title: is needed")
	}
	if p.Timezone != "" {
		var err error
		if p.zone, err = time.LoadLocation(p.Timezone); err != nil {
			bad("timezone: %q is not known", p.Timezone)
		}
	}
	if n := len([]rune(p.File.Delimiter)); n > 1 {
		bad("file.delimiter: one character")
	}
	known := []string{"ymd", "mdy", "dmy", "excel"}
	for _, l := range p.Dates {
		if !slices.Contains(known, l) && time.Date(2001, 12, 23, 14, 55, 46, 0, time.UTC).Format(l) == l {
			bad("dates: %q is neither one of %s nor a layout of Go's package time", l, strings.Join(known, ", "))
		}
	}
	for i, w := range p.Absent {
		p.Absent[i] = text.Normalize(w)
	}
	need := func(name string, f table.Field) {
		if len(f) == 0 {
			bad("%s: is needed", name)
		}
	}
	oneOf := func(name string, f table.Field, words ...string) {
		for _, v := range f.Outcomes() {
			if !slices.Contains(words, v) {
				bad("%s: %q is none of %s", name, v, strings.Join(words, ", "))
			}
		}
	}
	a := &p.Appeal
	switch p.Records {
	case recordsAppeals:
		need("appeal.number", a.Number)
		need("appeal.opened", a.Opened)
		need("appeal.state", a.State)
		need("appeal.channel", a.Channel)
		need("appeal.kind", a.Kind)
		if len(a.Text) == 0 {
			need("appeal.title", a.Title)
		}
		if (len(a.Where.Lon) == 0) != (len(a.Where.Lat) == 0) || len(a.Where.Lon) > 0 && a.Where.CRS == 0 {
			bad("appeal.where: lon, lat and crs (wgs84, gcj02, bd09, cgcs2000) go together: a coordinate without its system is no place")
		}
		if len(p.Category) > 0 {
			bad("category: belongs to records: categories")
		}
		oneOf("appeal.secrecy", a.Secrecy, string(OpenTo), string(Confidential), string(Anonymous))
		oneOf("appeal.urgency", a.Urgency, classes...)
		oneOf("appeal.late", a.Late, "yes", "no")
		oneOf("appeal.synthetic", a.Synthetic, "yes", "no")
		oneOf("appeal.reply.result", a.Reply.Result, "solved", "partly", "explained", "cannot")
		oneOf("appeal.rating.solved", a.Rating.Solved, "yes", "partly", "no")
		for _, f := range []namedField{{"appeal.rating.result", &a.Rating.Result}, {"appeal.rating.manner", &a.Rating.Manner}, {"appeal.rating.speed", &a.Rating.Speed}} {
			oneOf(f.name, *f.Field, "1", "2", "3", "4", "5")
		}
	case recordsCategories:
		if len(p.Category) == 0 || len(p.Category) > 3 {
			bad("category: one to three levels are needed")
		}
	default:
		bad("records: %q is neither appeals nor categories", p.Records)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return p, nil
}

// Hash tells one content of a profile from another.
func (p *Profile) Hash() string {
	sum := sha256.Sum256(p.body)
	return hex.EncodeToString(sum[:16])
}

// Body is the profile as it was written.
func (p *Profile) Body() string { return string(p.body) }

// options are how the file is read.
func (p *Profile) options() table.Options {
	o := table.Options{Encoding: p.File.Encoding, Sheet: p.File.Sheet, Header: p.File.Header, Comment: p.File.Comment, Trim: true, Unguard: true}
	for _, r := range p.File.Delimiter {
		o.Delimiter = r
	}
	return o
}

// columns are the names of the columns that the profile reads, and whether each
// must be there.
func (p *Profile) columns() (names []string, must map[string]bool) {
	must = map[string]bool{}
	add := func(name string, needed bool) {
		if _, seen := must[name]; !seen {
			names = append(names, name)
		}
		must[name] = must[name] || needed
	}
	for _, f := range p.fields() {
		f.Columns(add)
	}
	for _, k := range p.Appeal.Keep {
		add(strings.TrimSuffix(k, "?"), !strings.HasSuffix(k, "?"))
	}
	return names, must
}

// ShippedProfiles are those that the program carries, by name.
func ShippedProfiles() (map[string]*Profile, error) {
	names, err := fs.Glob(shippedProfiles, "profiles/*.yaml")
	if err != nil {
		return nil, err
	}
	out := map[string]*Profile{}
	for _, name := range names {
		body, err := fs.ReadFile(shippedProfiles, name)
		if err != nil {
			return nil, err
		}
		p, err := ReadProfile(body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if want := strings.TrimSuffix(path.Base(name), ".yaml"); p.Name != want {
			return nil, fmt.Errorf("%s: it calls itself %q", name, p.Name)
		}
		out[p.Name] = p
	}
	return out, nil
}
