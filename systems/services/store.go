package services

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"shanzhi/core/store"
	"shanzhi/core/text"
)

// itemSearch finds items by their words.
var itemSearch = text.Index{Table: "service_item_search"}

// ItemHead is an item in a list.
type ItemHead struct {
	ID         store.ID   `bun:"id" json:"id"`
	Name       string     `bun:"name" json:"name"`
	Type       string     `bun:"type" json:"type"`
	Department string     `bun:"department" json:"department"`
	Region     string     `bun:"region" json:"region,omitempty"`
	Code       string     `bun:"code" json:"code,omitempty"`
	State      ItemState  `bun:"state" json:"state"`
	Version    int        `bun:"version" json:"version"`
	Online     *bool      `bun:"online" json:"online,omitempty"`
	Score      int        `bun:"score" json:"score"`
	Saved      *int       `bun:"saved" json:"days_saved,omitempty"`
	ChangedAt  store.Time `bun:"changed_at" json:"changed_at"`
}

const headColumns = `i.id, i.name, i.type, i.department, i.region, i.code, i.state, i.version, i.online, i.score, i.saved, i.changed_at`

// ItemFilter narrows a list of items.
type ItemFilter struct {
	Words      string
	Type       string
	Department string
	Online     *bool
	Flag       string
	States     []ItemState // none: published alone
	After      store.ID
	Limit      int
}

// foundAtMost is how many items one search ranks.
const foundAtMost = 400

// Items lists items: by words the best first, else in their order by key.
func (s *Service) Items(ctx context.Context, f ItemFilter) ([]ItemHead, error) {
	if len(f.States) == 0 {
		f.States = []ItemState{ItemPublished}
	}
	states := make([]any, len(f.States))
	for i, st := range f.States {
		states[i] = string(st)
	}
	conds, args := []string{store.AnyOf("i.state", len(states))}, states
	if f.Type != "" {
		conds, args = append(conds, "i.type = ?"), append(args, f.Type)
	}
	if f.Department != "" {
		conds, args = append(conds, "i.department = ?"), append(args, f.Department)
	}
	if f.Online != nil {
		conds, args = append(conds, "i.online = ?"), append(args, *f.Online)
	}
	if f.Flag != "" {
		cond, more := flagged(f.Flag, s.today())
		conds, args = append(conds, cond), append(args, more...)
	}
	query := `SELECT ` + headColumns + ` FROM service_item i WHERE `
	if words := strings.TrimSpace(f.Words); words != "" {
		ids, err := s.findItems(ctx, words)
		if err != nil || len(ids) == 0 {
			return []ItemHead{}, err
		}
		found := make([]any, len(ids))
		for i, id := range ids {
			found[i] = int64(id)
		}
		rows, err := store.Select[ItemHead](ctx, s.Store, query+strings.Join(append(conds, store.AnyOf("i.id", len(ids))), " AND "), append(args, found...)...)
		if err != nil {
			return nil, err
		}
		rank(rows, words)
		return rows[:min(len(rows), f.Limit)], nil
	}
	if f.After != 0 {
		conds, args = append(conds, "i.id > ?"), append(args, int64(f.After))
	}
	return store.Select[ItemHead](ctx, s.Store, query+strings.Join(conds, " AND ")+` ORDER BY i.id LIMIT ?`, append(args, f.Limit)...)
}

// rank puts the items whose name is nearest to the words first: the name itself, then
// one that begins with them, then one that holds them, the shorter first.
func rank(rows []ItemHead, words string) {
	words = text.Normalize(words)
	near := func(h ItemHead) int {
		name := text.Normalize(h.Name)
		switch {
		case name == words:
			return 0
		case strings.HasPrefix(name, words):
			return 1
		case strings.Contains(name, words):
			return 2
		}
		return 3
	}
	slices.SortStableFunc(rows, func(a, b ItemHead) int {
		return cmp.Or(cmp.Compare(near(a), near(b)), cmp.Compare(len(a.Name), len(b.Name)), cmp.Compare(a.ID, b.ID))
	})
}

type itemRead struct {
	ID                      store.ID
	Source, Key, State      string
	Newest, Version         int
	Hash, Elements, FromDay string
	At                      store.Time
}

// Item reads an item, a version of it, or with 0 the newest. One that was never published
// is read as it is being drafted.
func (s *Service) Item(ctx context.Context, id store.ID, version int) (ServiceItem, error) {
	row, err := store.Get[itemRead](ctx, s.Store, `SELECT i.id, i.source, i.key, i.state, i.version AS newest, v.version, v.hash, v.elements, v.from_day, v.at FROM service_item i JOIN service_item_version v ON v.item = i.id AND v.version = CASE WHEN ? = 0 THEN i.version ELSE ? END WHERE i.id = ?`, version, version, int64(id))
	if errors.Is(err, store.ErrNotFound) && version == 0 {
		row, err = store.Get[itemRead](ctx, s.Store, `SELECT i.id, i.source, i.key, i.state, 0 AS newest, 0 AS version, d.hash, d.elements, d.from_day, d.at FROM service_item i JOIN service_item_draft d ON d.item = i.id WHERE i.id = ? AND i.version = 0`, int64(id))
	}
	if err != nil {
		return ServiceItem{}, err
	}
	x := ServiceItem{ID: row.ID, Source: row.Source, Key: row.Key, Version: row.Version, Newest: row.Newest, State: ItemState(row.State), Hash: row.Hash, ChangedAt: row.At, FromDay: row.FromDay}
	if err := json.Unmarshal([]byte(row.Elements), &x.Elements); err != nil {
		return x, err
	}
	x.Flaws, x.Score = s.lint.Load().check(x.Elements)
	x.DaysSaved = x.Elements.daysSaved()
	x.Flags, err = s.flagsOn(ctx, x.ID, x.Elements, s.today())
	return x, err
}

// ItemsStanding is how the items stand, in all and by department.
type ItemsStanding struct {
	Items     int                 `json:"items"`
	Online    int                 `json:"online" doc:"Of those published that say so"`
	Known     int                 `json:"online_known" doc:"How many say whether they are"`
	Timed     int                 `json:"timed" doc:"How many tell both times in the same days"`
	DaysSaved int                 `json:"days_saved"`
	Score     float64             `json:"score" doc:"Mean of the standardisation checks"`
	Types     map[string]int      `json:"types"`
	By        []ItemsOfDepartment `json:"by" doc:"By department, the lowest score first"`
}

// ItemsOfDepartment is a department's.
type ItemsOfDepartment struct {
	Department string  `bun:"department" json:"department"`
	Items      int     `bun:"items" json:"items"`
	Online     int     `bun:"online" json:"online"`
	Known      int     `bun:"known" json:"online_known"`
	Timed      int     `bun:"timed" json:"timed"`
	DaysSaved  int     `bun:"saved" json:"days_saved"`
	Score      float64 `bun:"score" json:"score"`
}

// Standing counts the published items.
func (s *Service) Standing(ctx context.Context) (ItemsStanding, error) {
	out := ItemsStanding{Types: map[string]int{}}
	var err error
	out.By, err = store.Select[ItemsOfDepartment](ctx, s.Store, `SELECT department, count(*) AS items, count(CASE WHEN online THEN 1 END) AS online, count(online) AS known, count(saved) AS timed, COALESCE(CAST(sum(saved) AS BIGINT), 0) AS saved, CAST(avg(score) AS DOUBLE PRECISION) AS score
 FROM service_item WHERE state = 'published' GROUP BY department ORDER BY 7, 1`)
	if err != nil {
		return out, err
	}
	points := 0.0
	for i := range out.By {
		b := &out.By[i]
		out.Items, out.Online, out.Known, out.Timed, out.DaysSaved = out.Items+b.Items, out.Online+b.Online, out.Known+b.Known, out.Timed+b.Timed, out.DaysSaved+b.DaysSaved
		points += b.Score * float64(b.Items)
		b.Score = float64(int(b.Score*10+0.5)) / 10
	}
	if out.Items > 0 {
		out.Score = float64(int(points/float64(out.Items)*10+0.5)) / 10
	}
	types, err := store.Select[struct {
		Type string
		N    int
	}](ctx, s.Store, `SELECT type, count(*) AS n FROM service_item WHERE state = 'published' GROUP BY type`)
	for _, t := range types {
		out.Types[t.Type] = t.N
	}
	return out, err
}
