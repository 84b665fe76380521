package services

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"

	"shanzhi/core/store"
	"shanzhi/core/text"
)

// ItemElsewhere is the same item in another list (他区同类事项), beside ours.
type ItemElsewhere struct {
	ID         store.ID `json:"id"`
	Source     string   `json:"source"`
	Name       string   `json:"name"`
	Department string   `json:"department"`
	By         string   `json:"by" enum:"code,name" doc:"What makes it the same: its basic code, or its name"`
	Likeness   float64  `json:"likeness" doc:"Of the names, 0 to 1"`
	Promised   string   `json:"promised,omitempty"`
	Papers     int      `json:"papers" doc:"How many materials it asks for; -1 its list does not say"`
	DaysFewer  *int     `json:"days_fewer,omitempty" doc:"Their promise is so many days shorter than ours; below nothing longer"`
	PaperFewer *int     `json:"papers_fewer,omitempty"`
	Wanting    []string `json:"wanting" doc:"Elements that they tell and we do not"`
	Lacking    []string `json:"lacking" doc:"Elements that we tell and they do not"`
}

// likeEnough is how like two names must be to be shown side by side; a person decides.
const likeEnough = 0.6

// nameProfiles are the names of published items, made again when an item has changed.
type nameProfiles struct {
	mu    sync.Mutex
	stamp store.ID
	all   []nameProfile
}

type nameProfile struct {
	id      store.ID
	source  string
	name    string
	profile text.Profile
}

// itemStamp changes with every event of an item.
func (s *Service) itemStamp(ctx context.Context) (store.ID, error) {
	return store.Get[store.ID](ctx, s.Store, `SELECT COALESCE(max(id), 0) FROM service_item_event`)
}

func (s *Service) nameProfiles(ctx context.Context) ([]nameProfile, error) {
	stamp, err := s.itemStamp(ctx)
	if err != nil {
		return nil, err
	}
	c := &s.items.names
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stamp == stamp && c.all != nil {
		return c.all, nil
	}
	rows, err := store.Select[struct {
		ID           store.ID
		Source, Name string
	}](ctx, s.Store, `SELECT id, source, name FROM service_item WHERE state = 'published'`)
	if err != nil {
		return nil, err
	}
	c.all, c.stamp = make([]nameProfile, 0, len(rows)), stamp
	for _, r := range rows {
		c.all = append(c.all, nameProfile{r.ID, r.Source, r.Name, text.NewProfile(r.Name)})
	}
	return c.all, nil
}

// Elsewhere finds an item in the other lists that were brought in: by basic code, else by
// name, at most five, the nearest first.
func (s *Service) Elsewhere(ctx context.Context, id store.ID) ([]ItemElsewhere, error) {
	ours, err := s.Item(ctx, id, 0)
	if err != nil {
		return nil, err
	}
	own := func(source string) bool {
		return source == ours.Source || (source == "pack" || source == "") && (ours.Source == "pack" || ours.Source == "")
	}
	out := []ItemElsewhere{}
	like := text.NewProfile(ours.Elements.Name)
	if ours.Elements.Basic != "" {
		rows, err := store.Select[struct {
			ID           store.ID
			Source, Name string
		}](ctx, s.Store, `SELECT id, source, name FROM service_item WHERE basic = ? AND state = 'published' AND id <> ? LIMIT 50`, ours.Elements.Basic, int64(id))
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if !own(r.Source) {
				out = append(out, ItemElsewhere{ID: r.ID, Source: r.Source, By: "code", Likeness: text.NewProfile(r.Name).Cosine(like)})
			}
		}
	}
	names, err := s.nameProfiles(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		if own(n.source) || slices.ContainsFunc(out, func(x ItemElsewhere) bool { return x.ID == n.id }) {
			continue
		}
		if l := n.profile.Cosine(like); l >= likeEnough {
			out = append(out, ItemElsewhere{ID: n.id, Source: n.source, By: "name", Likeness: l})
		}
	}
	slices.SortStableFunc(out, func(a, b ItemElsewhere) int {
		return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(b.Likeness, a.Likeness), cmp.Compare(a.ID, b.ID))
	})
	out = out[:min(len(out), 5)]
	for i := range out {
		raw, err := store.Get[string](ctx, s.Store, `SELECT v.elements FROM service_item i JOIN service_item_version v ON v.item = i.id AND v.version = i.version WHERE i.id = ?`, int64(out[i].ID))
		if err != nil {
			return nil, err
		}
		var e ItemElements
		if err := json.Unmarshal([]byte(raw), &e); err != nil {
			return nil, err
		}
		out[i].beside(ours.Elements, e)
	}
	return out, nil
}

// beside compares their elements with ours.
func (x *ItemElsewhere) beside(ours, theirs ItemElements) {
	x.Name, x.Department, x.Promised, x.Papers = theirs.Name, theirs.Department, theirs.Promised.String(), len(theirs.paperNames())
	x.Likeness = float64(int(x.Likeness*100+0.5)) / 100
	if ours.Promised != nil && theirs.Promised != nil && ours.Promised.Unit == theirs.Promised.Unit {
		n := ours.Promised.N - theirs.Promised.N
		x.DaysFewer = &n
	}
	if x.Papers == 0 {
		x.Papers = -1
	} else if n := len(ours.paperNames()); n > 0 {
		fewer := n - x.Papers
		x.PaperFewer = &fewer
	}
	x.Wanting, x.Lacking = []string{}, []string{}
	b := theirs.texts()
	for i, a := range ours.texts() {
		switch {
		case slices.Contains([]string{"sub", "region", "aliases", "url", "checklist", "situation", "english", "form", "papers_when", "terms", "special", "licence", "promise", "handling_rules"}, a.element): // of a list, not of the item
		case a.text == "" && b[i].text != "":
			x.Wanting = append(x.Wanting, a.element)
		case a.text != "" && b[i].text == "":
			x.Lacking = append(x.Lacking, a.element)
		}
	}
}
