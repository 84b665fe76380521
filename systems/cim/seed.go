package cim

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/core/subject"
	"shanzhi/core/vault"
)

// Seed brings an empty register a made-up one of a pack's names, with rooms, a few
// who live and work there, a building that was divided and addresses that wait for
// a person. All of it is synthetic. Where it was cut off it goes on; a register that is
// not made up is left alone.
func (s *Service) Seed(ctx context.Context, files fs.FS, buildings int) (int, error) {
	standing, err := store.Select[struct{ Name, Detail string }](ctx, s.Store, `SELECT name, detail FROM place_object WHERE kind = 'street'`)
	if err != nil {
		return 0, err
	}
	have := map[string]bool{}
	for _, x := range standing {
		if !strings.Contains(x.Detail, `"synthetic":true`) {
			return 0, nil
		}
		have[x.Name] = true
	}
	made, err := MakeUp(files, buildings)
	if err != nil || len(made.Buildings) == 0 || len(made.Division) != 6 {
		return 0, err
	}
	r := rand.New(rand.NewPCG(1, 2))
	day := s.Store.Now().In(s.zone()).AddDate(-3, 0, 0).Format("2006-01-02")
	system := account.System(s.Dir)
	by := place.Order{Who: system, Day: day, Reason: "示范数据（合成）"}
	streets := map[string]*place.Entry{}
	var order []string
	communities := map[string]int{}
	for _, m := range made.Buildings {
		st := streets[m.Street]
		if st == nil {
			st = &place.Entry{PlaceDraft: place.PlaceDraft{Kind: place.ObjectStreet, Name: m.Street, Codes: map[place.Scheme]string{place.House: s.streetCode(made.Division, m.Street, len(streets))}, Detail: place.PlaceDetail{Synthetic: true}}}
			streets[m.Street] = st
			order = append(order, m.Street)
		}
		at, ok := communities[m.Community]
		if !ok {
			at = len(st.Inside)
			communities[m.Community] = at
			st.Inside = append(st.Inside, place.Entry{PlaceDraft: place.PlaceDraft{Kind: place.ObjectCommunity, Name: m.Community, Codes: map[place.Scheme]string{place.House: fmt.Sprintf("%s%03d", st.Codes[place.House], at+1)}, Detail: place.PlaceDetail{Synthetic: true}}})
		}
		c := &st.Inside[at]
		lon, lat := m.Lon, m.Lat
		code := fmt.Sprintf("%s01%05d", c.Codes[place.House], len(c.Inside)+1)
		b := place.Entry{PlaceDraft: place.PlaceDraft{Kind: place.ObjectBuilding, Name: m.Name, Codes: map[place.Scheme]string{place.House: code}, Detail: place.PlaceDetail{Address: m.Address, Use: m.Use, FloorsUp: m.Floors, Built: 1990 + r.IntN(34), Synthetic: true}}}
		if lon != 0 {
			b.Detail.Lon, b.Detail.Lat = &lon, &lat
		}
		for f := 1; f <= m.Floors; f++ {
			floor := place.Entry{PlaceDraft: place.PlaceDraft{Kind: place.ObjectFloor, Name: fmt.Sprintf("%d层", f), Detail: place.PlaceDetail{Floor: f, Label: fmt.Sprint(f)}}}
			for u := 1; u <= m.Units; u++ {
				unit := place.Entry{PlaceDraft: place.PlaceDraft{Kind: place.ObjectUnit, Name: m.Label(f, u), Codes: map[place.Scheme]string{place.House: fmt.Sprintf("%s%06d", code, (f-1)*m.Units+u)}, Detail: place.PlaceDetail{Floor: f, Use: m.Use, Area: float64(40 + r.IntN(90))}}}
				if m.Use == "factory" {
					unit.Detail.Area *= 8
				}
				if r.IntN(9) == 0 {
					unit.State = place.Vacant
				}
				floor.Inside = append(floor.Inside, unit)
			}
			b.Inside = append(b.Inside, floor)
		}
		c.Inside = append(c.Inside, b)
	}
	total := 0
	for _, name := range order {
		if have[name] {
			continue
		}
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			_, n, err := s.Places.Enter(ctx, tx, 0, []place.Entry{*streets[name]}, by)
			total += n
			return err
		}); err != nil {
			return total, err
		}
	}
	for _, step := range []struct {
		done string // rows of it
		do   func() error
	}{
		{`place_link`, func() error { return s.seedLinks(ctx, system, day, r) }},
		{`place_change WHERE kind = 'merge'`, func() error { return s.seedPast(ctx, system) }},
		{`cim_batch`, func() error { return s.seedAddresses(ctx, system, made) }},
	} {
		var done bool
		if err := s.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM `+step.done+`)`).Scan(&done); err != nil {
			return total, err
		}
		if done {
			continue
		}
		if err := step.do(); err != nil {
			return total, err
		}
	}
	return total, nil
}

// streetCode is the street's statistics code where the pack has it.
func (s *Service) streetCode(division, street string, n int) string {
	if b := s.book.Load(); b != nil {
		for v := range 1000 {
			code := fmt.Sprintf("%s%03d", division, v)
			if name, ok := b.divisions.Name(place.Code{Scheme: place.Statistics, Value: code + "000"}); ok && name == street {
				return code
			}
		}
	}
	return fmt.Sprintf("%s%03d", division, 900+n)
}

func (s *Service) seedLinks(ctx context.Context, who account.Actor, day string, r *rand.Rand) error {
	units, err := store.Select[struct {
		ID     store.ID
		Detail string
	}](ctx, s.Store, `SELECT id, detail FROM place_object WHERE kind = 'unit' AND state = 'in_use' ORDER BY id LIMIT 1200`)
	if err != nil {
		return err
	}
	surnames, given := []rune("赵钱孙李周吴郑王冯陈"), []rune("伟芳娜敏静丽强磊洋艳")
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		for i, u := range units {
			if i%12 != 0 {
				continue
			}
			l := place.PlaceLink{Object: u.ID, Source: "网格采集（合成）", Confidence: 0.8 + float64(r.IntN(20))/100, Since: day}
			by := place.Order{Who: who, Day: day, Reason: "示范数据（合成）"}
			if strings.Contains(u.Detail, "factory") {
				uscc, err := subject.MakeUSCC("91", "440306", int64(i+1))
				if err != nil {
					return err
				}
				l.Kind, l.Party, l.Role, l.Label, l.Source = place.PartyEnterprise, uscc, "tenant", fmt.Sprintf("示范企业%d有限公司（合成）", i+1), "商事登记（合成）"
				if _, err := s.Places.Begin(ctx, tx, l, by); err != nil {
					return err
				}
				continue
			}
			l.Role = []string{"resident", "owner", "tenant"}[r.IntN(3)]
			name := string(surnames[r.IntN(10)]) + string(given[r.IntN(10)])
			if _, err := s.LinkPerson(ctx, tx, vault.Identity{vault.Name: name, vault.Phone: fmt.Sprintf("160%08d", 10000+i)}, l, by); err != nil {
				return err
			}
		}
		return nil
	})
}

// seedPast gives a building a past: it had another number, and one was joined to it.
func (s *Service) seedPast(ctx context.Context, who account.Actor) error {
	ids, err := store.Select[store.ID](ctx, s.Store, `SELECT b.id FROM place_object b WHERE b.kind = 'building' AND (SELECT count(*) FROM place_object x WHERE x.parent = b.parent) >= 3 ORDER BY b.id LIMIT 2`)
	if err != nil || len(ids) < 2 {
		return err
	}
	on := func(years int) string { return s.Store.Now().In(s.zone()).AddDate(-years, 0, 0).Format("2006-01-02") }
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		o, err := s.Places.Object(ctx, tx, ids[0])
		if err != nil {
			return err
		}
		renamed := o.Name + "（原A座）"
		if o, err = s.Places.Change(ctx, tx, o.ID, o.Seq, place.PlaceEdit{Name: &renamed}, place.Order{Who: who, Day: on(2), Reason: "门楼牌更换（合成）"}); err != nil {
			return err
		}
		other, err := s.Places.Object(ctx, tx, ids[1])
		if err != nil || other.Parent != o.Parent {
			return err
		}
		_, err = s.Places.Merge(ctx, tx, []store.ID{o.ID, other.ID}, place.PlaceDraft{}, o.ID, place.Order{Who: who, Day: on(1), Reason: "裙楼连通，并为一幢（合成）"})
		return err
	})
}

// seedAddresses hands in a table of addresses, some of which are not sure.
func (s *Service) seedAddresses(ctx context.Context, who account.Actor, made *Registered) error {
	var b strings.Builder
	b.WriteString("序号,地址\n")
	for i, m := range made.Buildings {
		if i%3 != 0 || i > 150 {
			continue
		}
		room := m.Label(1+i%m.Floors, 1)
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "%d,%s%s\n", i, m.Address, room)
		case 1:
			fmt.Fprintf(&b, "%d,%s%s室\n", i, m.Street+m.Name, room)
		case 2: // no such room
			fmt.Fprintf(&b, "%d,%s9999\n", i, m.Name)
		default: // no number
			fmt.Fprintf(&b, "%d,%s附近\n", i, m.Street+strings.TrimRight(strings.TrimSuffix(m.Name, "栋"), "0123456789"))
		}
	}
	text := b.String()
	_, err := s.MatchTable(ctx, who, "示范地址（合成）.csv", "", strings.NewReader(text), int64(len(text)))
	return err
}
