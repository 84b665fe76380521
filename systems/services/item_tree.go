package services

import (
	"cmp"
	"context"
	"slices"

	"shanzhi/core/store"
)

// ItemMain is a main item (主项) with its sub-items.
type ItemMain struct {
	Key   string    `json:"key"`
	Name  string    `json:"name"`
	Items int       `json:"items"`
	Subs  []ItemSub `json:"subs"`
}

// ItemSub is a sub-item (子项) with the items that people apply for (业务办理项).
type ItemSub struct {
	Key   string     `json:"key"`
	Name  string     `json:"name"`
	Items []ItemHead `json:"items"`
}

// ItemTree is the catalogue of a department: 主项, 子项, 业务办理项. Basic codes tell them
// apart (2 region, 2 type, 5 main item, 3 sub-item), and the catalogue's name where an
// item has none.
func (s *Service) ItemTree(ctx context.Context, department string) ([]ItemMain, error) {
	rows, err := store.Select[struct {
		ItemHead
		Basic   string `bun:"basic"`
		Catalog string `bun:"catalog"`
	}](ctx, s.Store, `SELECT `+headColumns+`, i.basic, i.catalog FROM service_item i WHERE i.state = 'published' AND i.department = ? ORDER BY i.basic, i.catalog, i.code, i.id LIMIT 5000`, department)
	if err != nil {
		return nil, err
	}
	out := []ItemMain{}
	at := map[string]int{}
	for _, r := range rows {
		main, sub := cmp.Or(r.Catalog, r.Name), ""
		if CheckBasicCode(r.Basic) == nil {
			main, sub = r.Basic[:9], r.Basic[9:]
		}
		i, is := at[main]
		if !is {
			i = len(out)
			at[main] = i
			out = append(out, ItemMain{Key: main, Name: cmp.Or(r.Catalog, r.Name), Subs: []ItemSub{}})
		}
		m := &out[i]
		m.Items++
		j := slices.IndexFunc(m.Subs, func(x ItemSub) bool { return x.Key == sub })
		if j < 0 {
			j = len(m.Subs)
			m.Subs = append(m.Subs, ItemSub{Key: sub, Name: r.Name})
		}
		m.Subs[j].Items = append(m.Subs[j].Items, r.ItemHead)
	}
	return out, nil
}
