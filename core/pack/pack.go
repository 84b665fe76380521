// Package pack brings a district: its organisation, places, calendars, duty
// list, limits and words, as data in a folder. A pack is checked whole before
// anything of it is loaded; loading is a difference that is shown first. After
// the first load the database is the truth: a file that was edited in the
// browser since is not overwritten but reported.
package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing/fstest"
	"time"

	"github.com/goccy/go-yaml"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/calendar"
	"shanzhi/core/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "pack", Migrations: files}
}

// Text is what people read, by language.
type Text map[string]string

// In gives the text in a language, else in Chinese, else in any.
func (t Text) In(lang string) string {
	for _, l := range []string{lang, "zh", "en"} {
		if t[l] != "" {
			return t[l]
		}
	}
	for _, s := range t {
		return s
	}
	return ""
}

// Manifest is a pack's pack.yaml.
type Manifest struct {
	ID        string `yaml:"id" json:"id"`
	Version   string `yaml:"version" json:"version"`
	Name      Text   `yaml:"name" json:"name"`
	Locale    string `yaml:"locale" json:"locale"`
	Timezone  string `yaml:"timezone" json:"timezone"`
	Synthetic Text   `yaml:"synthetic" json:"synthetic,omitempty"` // said on every screen when given
	Watermark bool   `yaml:"watermark" json:"watermark,omitempty"` // who looks at a screen stands faintly over it
	Calendar  string `yaml:"calendar" json:"-"`                    // used where a limit names none
	Downloads struct {
		ApproveOver int `yaml:"approve_over" json:"approve_over"` // rows above which somebody else approves a download; 0 never
	} `yaml:"downloads" json:"-"`
	Division struct {
		Scheme string `yaml:"scheme" json:"scheme"`
		Code   string `yaml:"code" json:"code"`
	} `yaml:"division" json:"division"`
}

// Zone is the district's time zone.
func (m Manifest) Zone() *time.Location {
	z, err := time.LoadLocation(m.Timezone)
	if err != nil {
		return time.UTC // Check has refused a pack with an unknown zone
	}
	return z
}

// Part is what a system reads of a pack.
type Part interface {
	// Check finds all that is wrong with the system's files, and nothing else.
	Check(files fs.FS) error
	// Load brings the system's files into its tables.
	Load(ctx context.Context, tx *store.Tx, files fs.FS) error
}

// Packs loads packs into a store.
type Packs struct {
	Store *store.Store
	Parts map[string]Part // by folder
}

// ReadManifest reads pack.yaml.
func ReadManifest(files fs.FS) (Manifest, error) {
	var m Manifest
	raw, err := fs.ReadFile(files, "pack.yaml")
	if err != nil {
		return m, fmt.Errorf("pack: %w", err)
	}
	if err := yaml.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("pack.yaml: %s", yaml.FormatError(err, false, true))
	}
	if m.ID == "" || m.Version == "" || m.Name.In("zh") == "" {
		return m, errors.New("pack.yaml: id, version and name are needed")
	}
	if _, err := time.LoadLocation(m.Timezone); err != nil || m.Timezone == "" {
		return m, fmt.Errorf("pack.yaml: timezone %q is not known", m.Timezone)
	}
	return m, nil
}

// Table reads a CSV file of a pack: rows as maps by column name. Every column
// of want must be there; each error names the line.
func Table(files fs.FS, name string, want ...string) ([]map[string]string, error) {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	head = slices.Clone(head)
	for _, w := range want {
		if !slices.Contains(head, w) {
			return nil, fmt.Errorf("%s: column %q is missing", name, w)
		}
	}
	var rows []map[string]string
	for {
		rec, err := r.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		row := make(map[string]string, len(head))
		for i, v := range rec {
			row[head[i]] = v
		}
		rows = append(rows, row)
	}
}

// Units reads organisation.csv.
func Units(files fs.FS) ([]account.Unit, error) {
	rows, err := Table(files, "organisation.csv", "code", "name", "parent", "kind")
	if err != nil {
		return nil, err
	}
	kinds := []account.UnitKind{account.District, account.Platform, account.Department, account.Street, account.Community, account.Enterprise}
	known := map[string]bool{}
	var wrong []error
	units := make([]account.Unit, len(rows))
	for i, r := range rows {
		u := account.Unit{Code: r["code"], Name: r["name"], NameEN: r["name_en"], Short: r["short"], Parent: r["parent"], Kind: account.UnitKind(r["kind"]), Place: r["place"], Aliases: r["aliases"]}
		at := fmt.Sprintf("organisation.csv line %d: %s", i+2, u.Code)
		if u.Code == "" || u.Name == "" {
			wrong = append(wrong, fmt.Errorf("%s: code and name are needed", at))
		}
		if known[u.Code] {
			wrong = append(wrong, fmt.Errorf("%s stands twice", at))
		}
		known[u.Code] = true
		if !slices.Contains(kinds, u.Kind) {
			wrong = append(wrong, fmt.Errorf("%s: %q is not a kind of unit", at, u.Kind))
		}
		for field, into := range map[string]*store.Time{"valid_from": &u.ValidFrom, "valid_to": &u.ValidTo} {
			if r[field] == "" {
				continue
			}
			t, err := time.Parse(time.DateOnly, r[field])
			if err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %s %q is not a date", at, field, r[field]))
			}
			*into = store.At(t)
		}
		units[i] = u
	}
	roots := 0
	for i, u := range units {
		if u.Parent == "" {
			roots++
		} else if !known[u.Parent] {
			wrong = append(wrong, fmt.Errorf("organisation.csv line %d: %s: its parent %s is not there", i+2, u.Code, u.Parent))
		}
	}
	if roots != 1 {
		wrong = append(wrong, fmt.Errorf("organisation.csv: %d units without a parent, one is needed: the district itself", roots))
	}
	return units, errors.Join(wrong...)
}

// Calendars reads calendars/*.yaml.
func Calendars(files fs.FS) ([]*calendar.Calendar, error) {
	names, err := fs.Glob(files, "calendars/*.yaml")
	if err != nil {
		return nil, err
	}
	var out []*calendar.Calendar
	var wrong []error
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		c, err := compiledCalendar(string(raw))
		if err == nil {
			if want := strings.TrimSuffix(path.Base(name), ".yaml"); c.Name() != want {
				err = fmt.Errorf("its name is %q, want %q", c.Name(), want)
			}
			out = append(out, c)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
		}
	}
	if len(out) == 0 && len(wrong) == 0 {
		wrong = append(wrong, errors.New("calendars: there is none"))
	}
	return out, errors.Join(wrong...)
}

// calendars are those compiled so far, by their text: each system reads its pack's, one
// covers a hundred years, and none ever changes.
var calendars sync.Map

func compiledCalendar(text string) (*calendar.Calendar, error) {
	if c, ok := calendars.Load(text); ok {
		return c.(*calendar.Calendar), nil
	}
	def, err := calendar.ParseDefinition([]byte(text))
	if err != nil {
		return nil, err
	}
	c, err := calendar.New(def)
	if err == nil {
		calendars.Store(text, c)
	}
	return c, err
}

// Check finds all that is wrong with a pack.
func (p *Packs) Check(files fs.FS) error {
	m, err := ReadManifest(files)
	_, uerr := Units(files)
	cals, cerr := Calendars(files)
	if err == nil && cerr == nil && !slices.ContainsFunc(cals, func(c *calendar.Calendar) bool { return c.Name() == m.Calendar }) {
		cerr = fmt.Errorf("pack.yaml: there is no calendar %q", m.Calendar)
	}
	wrong := []error{err, uerr, cerr}
	for _, name := range p.names() {
		wrong = append(wrong, p.Parts[name].Check(files))
	}
	return errors.Join(wrong...)
}

func (p *Packs) names() []string {
	var names []string
	for n := range p.Parts {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Change is one file in which a pack differs from what is in force.
type Change struct {
	Path string `json:"path"`
	Kind string `json:"kind"` // "new", "changed", "edited" (here, since it was loaded: kept as it is)
}

type storedFile struct {
	Path string
	Body []byte
	Base string
	Hash string
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

func (p *Packs) stored(ctx context.Context, q store.Querier) (map[string]storedFile, error) {
	rows, err := store.Select[storedFile](ctx, q, `SELECT path, body, base, hash FROM pack_file`)
	if err != nil {
		return nil, err
	}
	out := map[string]storedFile{}
	for _, r := range rows {
		out[r.Path] = r
	}
	return out, nil
}

// Current is the pack in force as files; nil when none was loaded yet.
func (p *Packs) Current(ctx context.Context) (fs.FS, error) {
	rows, err := p.stored(ctx, p.Store)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	out := fstest.MapFS{}
	for name, r := range rows {
		out[name] = &fstest.MapFile{Data: r.Body}
	}
	return out, nil
}

// Diff says what loading a pack would change.
func (p *Packs) Diff(ctx context.Context, q store.Querier, files fs.FS) ([]Change, error) {
	have, err := p.stored(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []Change
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, ".md") {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		switch old, ok := have[name]; {
		case !ok:
			out = append(out, Change{name, "new"})
		case old.Base == hash(body):
		case old.Base != old.Hash:
			out = append(out, Change{name, "edited"})
		default:
			out = append(out, Change{name, "changed"})
		}
		return nil
	})
	return out, err
}

// Load checks a pack and brings what is new or changed in it into force. Files
// that were edited here since they were loaded are kept, and reported.
func (p *Packs) Load(ctx context.Context, files fs.FS, who account.Actor) ([]Change, error) {
	if err := p.Check(files); err != nil {
		return nil, err
	}
	m, err := ReadManifest(files)
	if err != nil {
		return nil, err
	}
	var changes []Change
	err = p.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if changes, err = p.Diff(ctx, tx, files); err != nil {
			return err
		}
		touched := false
		for _, c := range changes {
			if c.Kind == "edited" {
				continue
			}
			touched = true
			body, err := fs.ReadFile(files, c.Path)
			if err != nil {
				return err
			}
			if err := putFile(ctx, tx, c.Path, body, hash(body), p.Store.Now()); err != nil {
				return err
			}
			if err := p.keepVersion(ctx, tx, c.Path, body, "load", m.Version, who); err != nil {
				return err
			}
		}
		if !touched {
			return nil
		}
		list, _ := json.Marshal(changes)
		if _, err := tx.Exec(ctx, `INSERT INTO pack_load (id, pack, version, loaded_at, actor, changes) VALUES (?, ?, ?, ?, ?, ?)`,
			tx.NewID(), m.ID, m.Version, store.At(p.Store.Now()), who.Account, string(list)); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{Actor: who.Account, Action: "pack.load", Object: "pack/" + m.ID}, map[string]any{"version": m.Version, "files": len(changes)}); err != nil {
			return err
		}
		return p.apply(ctx, tx, files)
	})
	return changes, err
}

// Wrong is all that is wrong with a pack that was to be put into force.
type Wrong struct{ error }

// Unwrap gives what is wrong.
func (w *Wrong) Unwrap() error { return w.error }

// ErrStale is that a file was changed since it was read.
var ErrStale = errors.New("pack: the file was changed by somebody else")

// Try checks the whole pack in force with one file of it changed, and gives the
// pack as it would be and the file as it is.
func (p *Packs) Try(ctx context.Context, name string, body []byte) (files fs.FS, old []byte, err error) {
	current, err := p.Current(ctx)
	if err != nil {
		return nil, nil, err
	}
	all, _ := current.(fstest.MapFS)
	if all[name] == nil {
		return nil, nil, store.ErrNotFound
	}
	old = all[name].Data
	all[name] = &fstest.MapFile{Data: body}
	if err := p.Check(all); err != nil {
		return nil, old, &Wrong{err}
	}
	return all, old, nil
}

// Edit is a file of the pack as somebody wants it.
type Edit struct {
	Path string
	Body []byte
	Base string // hash of the form that it was made from; "" does not mind
	Note string // why
}

// Put changes one file of the pack in force, after checking the whole pack with
// the change in it. It is how an operator edits limits, words or a calendar. It
// returns [Wrong], or ErrStale when the file is another than the edit's base, or
// when another file was changed while the pack was checked.
func (p *Packs) Put(ctx context.Context, e Edit, who account.Actor) error {
	files, old, err := p.Try(ctx, e.Path, e.Body)
	if err != nil {
		return err
	}
	was := hash(old)
	if e.Base != "" && e.Base != was {
		return ErrStale
	}
	if was == hash(e.Body) {
		return nil
	}
	return p.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := p.unchanged(ctx, tx, files, e.Path); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE pack_file SET body = ?, hash = ?, changed_at = ? WHERE path = ? AND hash = ?`, e.Body, hash(e.Body), store.At(p.Store.Now()), e.Path, was)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrStale
		}
		if err := p.keepVersion(ctx, tx, e.Path, e.Body, "edit", e.Note, who); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "pack.edit", Object: "pack/" + e.Path, Reason: e.Note}, map[string]string{"from": was, "to": hash(e.Body)}); err != nil {
			return err
		}
		return p.apply(ctx, tx, files)
	})
}

// unchanged says, with ErrStale, when a file besides edited is another than in
// files: what was checked together would not be what is in force. Every row is
// touched, so that of edits of two files side by side one waits for the other.
func (p *Packs) unchanged(ctx context.Context, tx *store.Tx, files fs.FS, edited string) error {
	if _, err := tx.Exec(ctx, `UPDATE pack_file SET hash = hash`); err != nil {
		return err
	}
	now, err := p.stored(ctx, tx)
	if err != nil {
		return err
	}
	for name, f := range now {
		if body, err := fs.ReadFile(files, name); name != edited && (err != nil || hash(body) != f.Hash) {
			return ErrStale
		}
	}
	return nil
}

func putFile(ctx context.Context, tx *store.Tx, name string, body []byte, base string, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO pack_file (path, body, base, hash, changed_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (path) DO UPDATE SET body = excluded.body, base = excluded.base, hash = excluded.hash, changed_at = excluded.changed_at`,
		name, body, base, base, store.At(now))
	return err
}

// apply brings the files into the tables that are made of them.
func (p *Packs) apply(ctx context.Context, tx *store.Tx, files fs.FS) error {
	units, err := Units(files)
	if err != nil {
		return err
	}
	for _, u := range units {
		if _, err := account.PutUnit(ctx, tx, u); err != nil {
			return err
		}
	}
	for _, name := range p.names() {
		if err := p.Parts[name].Load(ctx, tx, files); err != nil {
			return fmt.Errorf("pack: %s: %w", name, err)
		}
	}
	return nil
}
