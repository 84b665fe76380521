package services

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"shanzhi/core/form"
	"shanzhi/core/store"
)

// Theme is a life event (一件事一次办) as a district's pack has it: items of several
// departments that people need together, applied for by one form with one set of
// materials. What one of them results in, another never asks for.
type Theme struct {
	Key       string         `yaml:"-" json:"key"`
	Code      string         `yaml:"code" json:"code"`
	Lead      string         `yaml:"lead" json:"lead" doc:"Unit that leads (牵头部门)"`
	Name      form.Text      `yaml:"name" json:"name"`
	Say       form.Text      `yaml:"say" json:"say,omitempty"`
	Aliases   []string       `yaml:"aliases" json:"aliases,omitempty"`
	Guide     bool           `yaml:"guide" json:"guide,omitempty" doc:"Described alone: not all of it is applied for here"`
	Policy    string         `yaml:"policy" json:"policy" enum:"all_or_nothing,independent,ordered" doc:"What becomes of the others when one is denied"`
	Stages    []ThemeStage   `yaml:"stages" json:"stages"`
	Situation *form.Sheet    `yaml:"situation" json:"situation,omitempty"`
	Members   []*ThemeMember `yaml:"members" json:"members"`
	Same      [][]string     `yaml:"same" json:"same,omitempty" doc:"Materials that are one: ITEM.MATERIAL"`
	Before    ThemeMeasure   `yaml:"before" json:"before" doc:"As declared: each item for itself"`
	Source    string         `yaml:"source" json:"source" doc:"Of the figures before"`
}

// ThemeStage is a stage of a theme.
type ThemeStage struct {
	Name  string    `yaml:"name" json:"name"`
	Title form.Text `yaml:"title" json:"title"`
}

// ThemeMember is an item of a theme.
type ThemeMember struct {
	Item     string   `yaml:"item" json:"item"`
	Stage    string   `yaml:"stage" json:"stage"`
	When     string   `yaml:"when" json:"when,omitempty" doc:"Condition over the theme's situation; always when empty"`
	Consumes []string `yaml:"consumes" json:"consumes,omitempty" doc:"Types of licences that must be there first"`
	Produces []string `yaml:"produces" json:"produces,omitempty" doc:"Types of licences; the item's own when empty"`
	// Gives are data elements that the result brings, which nobody is asked for then:
	// element → the rule that makes it (see givers).
	Gives map[string]string `yaml:"gives" json:"gives,omitempty"`
}

// ThemeMeasure is how much an event of life takes (减时间、减环节、减材料、减跑动).
type ThemeMeasure struct {
	Days   float64 `yaml:"days" json:"days" doc:"Working days from the first application to the last decision"`
	Steps  int     `yaml:"steps" json:"steps" doc:"Times that the applicant has to do something"`
	Papers int     `yaml:"papers" json:"papers" doc:"Papers that the applicant brings"`
	Trips  int     `yaml:"trips" json:"trips" doc:"Visits to a counter"`
}

// The policies.
const (
	AllOrNothing = "all_or_nothing"
	Independent  = "independent"
	Ordered      = "ordered"
)

// jointWithin is how long a joint procedure may take, and jointExtend what it may be
// extended by (行政许可法第四十二条第二款), working days.
const (
	jointWithin = 45
	jointExtend = 15
)

// ThemeVersion is a theme with the versions of its items and what they merge to. It
// never changes: a joint matter keeps the one it began under.
type ThemeVersion struct {
	Theme    *Theme                `json:"theme"`
	Items    map[string]ThemeItem  `json:"items"`
	Parts    map[string]*ThemePart `json:"parts,omitempty"`
	Elements *ItemElements         `json:"elements,omitempty"` // as one item; none of a guide
}

// ThemeItem is the version of an item that a theme was merged of.
type ThemeItem struct {
	ID         store.ID  `json:"id"`
	Version    int       `json:"version"`
	Name       string    `json:"name"`
	Department string    `json:"department"`
	Legal      *ItemDays `json:"legal,omitempty"`
	Promised   *ItemDays `json:"promised,omitempty"`
	Visits     int       `json:"visits"`
	Handled    bool      `json:"handled"`
	Licence    string    `json:"licence,omitempty"`
	Instant    string    `json:"instant,omitempty"`
	Fee        *ItemFee  `json:"fee,omitempty"`
}

// themeFolder holds one file a theme, by its key.
const themeFolder = "services/themes"

// readThemes reads the pack's themes and checks each alone.
func readThemes(files fs.FS) ([]*Theme, error) {
	names, err := fs.Glob(files, themeFolder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	var out []*Theme
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		t := &Theme{Key: strings.TrimSuffix(strings.TrimPrefix(name, themeFolder+"/"), ".yaml")}
		if err := yaml.UnmarshalWithOptions(raw, t, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, true)))
		}
		out = append(out, t)
	}
	return out, nil
}

// item names how a theme's items are found while it is merged.
type mergingItem struct {
	ThemeItem
	elements *ItemElements
}

// check holds a theme to its items: stages, chains of licences, policy.
func (t *Theme) check(items map[string]mergingItem, bad func(string, ...any)) {
	stage := map[string]int{}
	for i, st := range t.Stages {
		if st.Name == "" || st.Title["zh"] == "" {
			bad("stages[%d]: it has a name and a title", i)
		}
		stage[st.Name] = i
	}
	switch {
	case t.Name["zh"] == "" || t.Code == "" || t.Lead == "":
		bad("code, lead and name.zh are needed")
	case !slices.Contains([]string{AllOrNothing, Independent, Ordered}, t.Policy):
		bad("policy: %q is none of %s, %s, %s", t.Policy, AllOrNothing, Independent, Ordered)
	case len(t.Members) < 2:
		bad("members: a theme has two at least")
	case t.Source == "" || t.Before.Steps <= 0:
		bad("before: figures have a source")
	}
	if t.Situation != nil && t.Situation.Name != "situation" {
		bad("situation: its name must be situation")
	}
	seen := map[string]bool{}
	for i, m := range t.Members {
		at := fmt.Sprintf("members[%d] (%s)", i, m.Item)
		if _, ok := stage[m.Stage]; !ok {
			bad("%s: there is no stage %q", at, m.Stage)
		}
		x, ok := items[m.Item]
		switch {
		case !ok:
			bad("%s: the pack has no such item", at)
			continue
		case seen[m.Item]:
			bad("%s: it stands twice", at)
		case !t.Guide && !x.Handled:
			bad("%s: it is not applied for here; make the theme a guide", at)
		}
		seen[m.Item] = true
		if len(m.Produces) == 0 && x.Licence != "" {
			m.Produces = []string{x.Licence}
		}
		for element, how := range m.Gives {
			if givers[how] == nil {
				bad("%s: gives.%s: %q is none of %s", at, element, how, strings.Join(slices.Sorted(maps.Keys(givers)), ", "))
			}
		}
	}
	for i, m := range t.Members {
		at := fmt.Sprintf("members[%d] (%s)", i, m.Item)
		for _, typ := range m.Consumes {
			makers := t.makers(typ, m)
			if len(makers) == 0 {
				bad("%s: nobody produces the licence %s that it consumes", at, typ)
			}
			for _, p := range makers {
				if stage[p.Stage] > stage[m.Stage] {
					bad("%s: %s, which it waits for, is of a later stage", at, p.Item)
				}
			}
			if t.Policy == AllOrNothing {
				bad("%s: where all stand or fall together no result is there before the others, so none can be consumed", at)
			}
		}
		if t.waits(m, m, map[*ThemeMember]bool{}) {
			bad("%s: it waits for itself", at)
		}
	}
	for _, group := range t.Same {
		for _, ref := range group {
			key, id, _ := strings.Cut(ref, ".")
			if x, ok := items[key]; !ok || !seen[key] || x.Handled && x.elements.Handling.material(id) == nil {
				bad("same: there is no material %q", ref)
			}
		}
	}
}

// makers are the other members that result in a type of licence.
func (t *Theme) makers(typ string, but *ThemeMember) (out []*ThemeMember) {
	for _, m := range t.Members {
		if m != but && slices.Contains(m.Produces, typ) {
			out = append(out, m)
		}
	}
	return out
}

// waits says that a member waits, by others or itself, for another.
func (t *Theme) waits(m, of *ThemeMember, seen map[*ThemeMember]bool) bool {
	for _, typ := range m.Consumes {
		for _, p := range t.makers(typ, m) {
			if p == of {
				return true
			}
			if !seen[p] {
				seen[p] = true
				if t.waits(p, of, seen) {
					return true
				}
			}
		}
	}
	return false
}

// after are the members whose result another waits for; those that they wait for
// themselves are not named again.
func (t *Theme) after(m *ThemeMember) (out []*ThemeMember) {
	for _, typ := range m.Consumes {
		out = append(out, t.makers(typ, m)...)
	}
	return slices.DeleteFunc(slices.Clone(out), func(p *ThemeMember) bool {
		return slices.ContainsFunc(out, func(q *ThemeMember) bool { return q != p && t.waits(q, p, map[*ThemeMember]bool{}) })
	})
}

// inOrder are the members in the order of their stages.
func (t *Theme) inOrder() []*ThemeMember {
	out := slices.Clone(t.Members)
	slices.SortStableFunc(out, func(a, b *ThemeMember) int { return cmp.Compare(t.stage(a.Stage), t.stage(b.Stage)) })
	return out
}

func (t *Theme) stage(name string) int {
	return slices.IndexFunc(t.Stages, func(s ThemeStage) bool { return s.Name == name })
}

func (t *Theme) member(key string) *ThemeMember {
	i := slices.IndexFunc(t.Members, func(m *ThemeMember) bool { return m.Item == key })
	if i < 0 {
		return nil
	}
	return t.Members[i]
}

// mergeTheme checks a theme and merges its items. Of a guide there is nothing to merge.
func mergeTheme(t *Theme, items map[string]mergingItem) (*ThemeVersion, error) {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf(themeFolder+"/"+t.Key+".yaml: "+format, args...))
	}
	t.check(items, bad)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	v := &ThemeVersion{Theme: t, Items: map[string]ThemeItem{}}
	for _, m := range t.Members {
		v.Items[m.Item] = items[m.Item].ThemeItem
	}
	if t.Guide {
		return v, nil
	}
	if err := v.merge(items); err != nil {
		return nil, fmt.Errorf(themeFolder+"/"+t.Key+".yaml: %w", err)
	}
	return v, nil
}

// packThemes checks the themes of a pack against its own items.
func packThemes(files fs.FS, l *lint) error {
	themes, err := readThemes(files)
	if err != nil || len(themes) == 0 {
		return err
	}
	list, _, err := readPackItems(files, l)
	if err != nil {
		return err
	}
	items := map[string]mergingItem{}
	for i := range list {
		items[list[i].key] = merging(0, 1, &list[i].elements)
	}
	var errs []error
	for _, t := range themes {
		_, err := mergeTheme(t, items)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func merging(id store.ID, version int, e *ItemElements) mergingItem {
	legal, promised := e.longest() // the situation is not known yet
	x := mergingItem{ThemeItem{ID: id, Version: version, Name: e.Name, Department: e.Department, Legal: legal, Promised: promised, Handled: e.Handling != nil}, e}
	if e.Visits != nil {
		x.Visits = *e.Visits
	}
	if h := e.Handling; h != nil {
		x.Instant, x.Fee = h.Instant, h.Fee
		if h.Licence != nil {
			x.Licence = h.Licence.Type
		}
	}
	return x
}

// unmergeable says that the items of a theme do not go into one form.
type unmergeable struct {
	theme string
	err   error
}

func (e *unmergeable) Error() string { return "theme " + e.theme + ": " + e.err.Error() }

func (e *unmergeable) Unwrap() error { return e.err }

// mergingItems are the items of a theme as they stand; check says which are not there.
func (s *Service) mergingItems(ctx context.Context, q store.Querier, t *Theme) (map[string]mergingItem, error) {
	items := map[string]mergingItem{}
	for _, m := range t.Members {
		row, err := store.Get[struct {
			ID       store.ID
			Version  int
			Elements string
		}](ctx, q, `SELECT i.id, i.version, v.elements FROM service_item i JOIN service_item_version v ON v.item = i.id AND v.version = i.version WHERE i.source = 'pack' AND i.key = ? AND i.state = 'published'`, m.Item)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		e := &ItemElements{}
		if err := json.Unmarshal([]byte(row.Elements), e); err != nil {
			return nil, err
		}
		items[m.Item] = merging(row.ID, row.Version, e)
	}
	return items, nil
}

// landThemes keeps the themes that have changed, or whose items have, as new versions.
// Those that are gone are retired.
func (s *Service) landThemes(ctx context.Context, tx *store.Tx, themes []*Theme) error {
	now := store.At(s.Store.Now())
	for _, t := range themes {
		items, err := s.mergingItems(ctx, tx, t)
		if err != nil {
			return err
		}
		v, err := mergeTheme(t, items)
		if err != nil {
			return &unmergeable{t.Key, err}
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(raw)
		hash := hex.EncodeToString(sum[:16])
		have, err := store.Get[themeRow](ctx, tx, `SELECT `+themeColumns+` FROM service_theme t WHERE t.key = ?`, t.Key)
		switch {
		case errors.Is(err, store.ErrNotFound):
			have = themeRow{ID: tx.NewID()}
			if _, err := tx.Exec(ctx, `INSERT INTO service_theme (id, key, state, version, hash, changed_at) VALUES (?, ?, 'published', 1, ?, ?)`, have.ID, t.Key, hash, now); err != nil {
				return err
			}
		case err != nil:
			return err
		case have.Hash == hash && have.State == "published":
			continue
		default:
			if _, err := tx.Exec(ctx, `UPDATE service_theme SET state = 'published', version = version + 1, hash = ?, changed_at = ? WHERE id = ?`, hash, now, have.ID); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO service_theme_version (theme, version, hash, body, at) VALUES (?, ?, ?, ?, ?)`, have.ID, have.Version+1, hash, string(raw), now); err != nil {
			return err
		}
	}
	return nil
}

// loadThemes takes over the themes of a pack.
func (s *Service) loadThemes(ctx context.Context, tx *store.Tx, files fs.FS) error {
	themes, err := readThemes(files)
	if err != nil {
		return err
	}
	if err := s.landThemes(ctx, tx, themes); err != nil {
		return err
	}
	keys := []any{store.At(s.Store.Now())}
	gone := ""
	for _, t := range themes {
		keys = append(keys, t.Key)
	}
	if len(themes) > 0 {
		gone = ` AND NOT ` + store.AnyOf("key", len(themes))
	}
	_, err = tx.Exec(ctx, `UPDATE service_theme SET state = 'retired', changed_at = ? WHERE state = 'published'`+gone, keys...)
	return err
}

type themeRow struct {
	ID      store.ID `bun:"id"`
	Key     string   `bun:"key"`
	State   string   `bun:"state"`
	Version int      `bun:"version"`
	Hash    string   `bun:"hash"`
}

const themeColumns = `t.id, t.key, t.state, t.version, t.hash`

// pinnedTheme is how a matter names the version of a theme that it runs under.
func pinnedTheme(theme store.ID, version int) string {
	return "theme:" + theme.String() + "." + strconv.Itoa(version)
}

// themeVersion reads a version of a theme; it never changes.
func (s *Service) themeVersion(ctx context.Context, q store.Querier, theme store.ID, version int) (*ThemeVersion, error) {
	name := pinnedTheme(theme, version)
	if v, ok := s.versions.Load(name); ok {
		return v.(*ThemeVersion), nil
	}
	raw, err := store.Get[string](ctx, q, `SELECT body FROM service_theme_version WHERE theme = ? AND version = ?`, int64(theme), version)
	if err != nil {
		return nil, err
	}
	v := &ThemeVersion{}
	if err := json.Unmarshal([]byte(raw), v); err != nil {
		return nil, err
	}
	s.versions.Store(name, v)
	return v, nil
}

// pinnedThemeElements are a theme's version as one item.
func (s *Service) pinnedThemeElements(name string) (*ItemElements, error) {
	theme, version, _ := strings.Cut(strings.TrimPrefix(name, "theme:"), ".")
	id, err := store.ParseID(theme)
	n, nerr := strconv.Atoi(version)
	if err != nil || nerr != nil {
		return nil, fmt.Errorf("services: %q names no version of a theme", name)
	}
	v, err := s.themeVersion(context.Background(), s.Store, id, n)
	if err != nil {
		return nil, err
	}
	if v.Elements == nil {
		return nil, fmt.Errorf("services: the theme %s is a guide", v.Theme.Key)
	}
	return v.Elements, nil
}

// themeNow is the newest version of a theme, merged anew where an item of it has changed
// since; store.ErrNotFound where there is none. Where its items do not go together any
// more, the version that stands goes on with theirs of then.
func (s *Service) themeNow(ctx context.Context, key string) (themeRow, *ThemeVersion, error) {
	for {
		r, err := store.Get[themeRow](ctx, s.Store, `SELECT `+themeColumns+` FROM service_theme t WHERE t.key = ? AND t.state = 'published'`, key)
		if err != nil {
			return r, nil, err
		}
		v, err := s.themeVersion(ctx, s.Store, r.ID, r.Version)
		if err != nil {
			return r, nil, err
		}
		var ids, pins []any
		for _, x := range v.Items {
			ids = append(ids, int64(x.ID))
			pins = append(pins, int64(x.ID), x.Version)
		}
		pairs := strings.TrimSuffix(strings.Repeat("(id = ? AND version = ?) OR ", len(ids)), " OR ")
		stale, err := store.Get[int](ctx, s.Store, `SELECT count(*) FROM service_item WHERE state = 'published' AND `+store.AnyOf("id", len(ids))+` AND NOT (`+pairs+`)`, append(ids, pins...)...)
		if err != nil || stale == 0 {
			return r, v, err
		}
		err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error { return s.landThemes(ctx, tx, []*Theme{v.Theme}) })
		var un *unmergeable
		if errors.As(err, &un) {
			s.warn("a theme stays as it was: its items do not go together any more", "theme", key, "error", un.err)
			return r, v, nil
		}
		if err != nil {
			return r, nil, err
		}
	}
}

var elementName = regexp.MustCompile(`[^a-z0-9]+`)

func slug(name string) string {
	return strings.Trim(elementName.ReplaceAllString(strings.ToLower(name), "_"), "_")
}
