package cim

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// PlacePage is one building or one unit as its page shows it.
type PlacePage struct {
	Object  place.Object        `json:"object"`
	Address string              `json:"address"`
	Above   []place.Object      `json:"above" doc:"What it lies in, the nearest first"`
	Floors  []SheetFloor        `json:"floors,omitempty" doc:"Of a building: its sheet (楼盘表), the highest first"`
	Aliases []place.PlaceAlias  `json:"aliases"`
	Codes   []place.DatedCode   `json:"codes" doc:"All it has and had"`
	History []place.PlaceChange `json:"history"`
	From    []place.Object      `json:"from" doc:"What it came from"`
	Became  []place.Object      `json:"became" doc:"What has become of it, where it stands no more"`
	Links   []place.PlaceLink   `json:"links" doc:"Enterprises, houses and matters that are linked; persons are asked for with a purpose"`
	Persons int                 `json:"persons" doc:"How many persons are linked now"`
	Grid    string              `json:"grid,omitempty" doc:"BeiDou grid code (GB/T 39409-2020) of level 8"`
	Keeper  bool                `json:"keeper" doc:"The caller may change it"`
	Reader  bool                `json:"reader" doc:"The caller may ask who was where"`
}

// SheetFloor is a floor of a building's sheet.
type SheetFloor struct {
	Floor place.Object `json:"floor"`
	Units []SheetUnit  `json:"units"`
}

// SheetUnit is a unit of it.
type SheetUnit struct {
	ID    store.ID          `json:"id"`
	Name  string            `json:"name"`
	State place.ObjectState `json:"state"`
	Code  string            `json:"code,omitempty"`
	Use   string            `json:"use,omitempty"`
	Area  float64           `json:"area,omitempty"`
	Links int               `json:"links" doc:"How many are linked now"`
}

// Page returns the page of a place.
func (s *Service) Page(ctx context.Context, who account.Actor, id store.ID) (p PlacePage, err error) {
	err = s.Store.Snapshot(ctx, func(ctx context.Context, q store.Querier) error { p, err = s.page(ctx, q, who, id); return err })
	return p, err
}

func (s *Service) page(ctx context.Context, q store.Querier, who account.Actor, id store.ID) (p PlacePage, err error) {
	if p.Object, err = s.Places.Object(ctx, q, id); err != nil {
		return p, err
	}
	p.Above, p.From, p.Became, p.Links = []place.Object{}, []place.Object{}, []place.Object{}, []place.PlaceLink{}
	for up := p.Object.Parent; up != 0; {
		o, err := s.Places.Object(ctx, q, up)
		if err != nil {
			return p, err
		}
		p.Above = append(p.Above, o)
		up = o.Parent
	}
	if p.Address = p.Object.Detail.Address; p.Address == "" {
		for _, o := range p.Above {
			if o.Kind == place.ObjectBuilding {
				p.Address = o.Detail.Address + p.Object.Name
			}
		}
	}
	if p.Aliases, err = s.Places.Aliases(ctx, q, id); err != nil {
		return p, err
	}
	if p.Codes, err = s.Places.Past(ctx, q, id); err != nil {
		return p, err
	}
	if p.History, err = s.Places.History(ctx, q, id); err != nil {
		return p, err
	}
	var actors []store.ID
	for _, h := range p.History {
		actors = append(actors, h.Actor)
	}
	names, err := account.Names(ctx, q, actors...)
	if err != nil {
		return p, err
	}
	for i, h := range p.History {
		p.History[i].By = names[h.Actor]
	}
	from, err := s.Places.Forebears(ctx, q, id)
	if err != nil {
		return p, err
	}
	p.From = append(p.From, from...)
	if p.Object.Until != "" {
		became, _, err := s.Places.Heirs(ctx, q, id)
		if err != nil {
			return p, err
		}
		p.Became = append(p.Became, became...)
	}
	links, err := s.Places.Links(ctx, q, id, "", place.PartyEnterprise, place.PartyHouse, place.PartyMatter)
	if err != nil {
		return p, err
	}
	p.Links = append(p.Links, links...)
	now, err := s.Places.Links(ctx, q, id, s.today())
	if err != nil {
		return p, err
	}
	count := map[store.ID]int{}
	for _, l := range now {
		if count[l.Object]++; l.Kind == place.PartyPerson {
			p.Persons++
		}
	}
	if p.Object.Kind == place.ObjectBuilding {
		if p.Floors, err = s.sheet(ctx, q, id, count); err != nil {
			return p, err
		}
	}
	if d := p.Object.Detail; d.Lon != nil && d.Lat != nil {
		if c, err := place.NewBeiDou(place.Point{CRS: place.WGS84, Lon: *d.Lon, Lat: *d.Lat}, 8); err == nil {
			p.Grid = c.String()
		}
	}
	p.Keeper, p.Reader = who.HasAny(keeperRole), who.HasAny(readerRole)
	return p, nil
}

func (s *Service) sheet(ctx context.Context, q store.Querier, building store.ID, links map[store.ID]int) ([]SheetFloor, error) {
	floors, err := s.Places.Objects(ctx, q, `parent = ? AND kind = 'floor' AND until = '' ORDER BY sort DESC, id`, int64(building))
	if err != nil {
		return nil, err
	}
	// By what they lie in alone: an index of all units by their kind would be read instead.
	in := []any{int64(building)}
	for _, f := range floors {
		in = append(in, int64(f.ID))
	}
	units, err := s.Places.Objects(ctx, q, store.AnyOf("parent", len(in))+` AND until = '' ORDER BY name, id`, in...)
	units = slices.DeleteFunc(units, func(o place.Object) bool { return o.Kind != place.ObjectUnit })
	if err != nil {
		return nil, err
	}
	out := make([]SheetFloor, 0, len(floors)+1)
	at := map[store.ID]int{}
	for _, f := range floors {
		at[f.ID] = len(out)
		out = append(out, SheetFloor{f, []SheetUnit{}})
	}
	var loose []SheetUnit
	for _, u := range units {
		unit := SheetUnit{u.ID, u.Name, u.State, u.Codes[place.House], u.Detail.Use, u.Detail.Area, links[u.ID]}
		if i, ok := at[u.Parent]; ok {
			out[i].Units = append(out[i].Units, unit)
		} else {
			loose = append(loose, unit)
		}
	}
	if len(loose) > 0 {
		out = append(out, SheetFloor{place.Object{Kind: place.ObjectFloor}, loose})
	}
	return out, nil
}

// ListedPlace is a place in a list.
type ListedPlace struct {
	ID      store.ID          `json:"id"`
	Kind    place.ObjectKind  `json:"kind"`
	Name    string            `json:"name"`
	Address string            `json:"address"`
	State   place.ObjectState `json:"state"`
	Code    string            `json:"code,omitempty"`
	Use     string            `json:"use,omitempty"`
	Floors  int               `json:"floors,omitempty"`
	Until   string            `json:"until,omitempty"`
}

// Find lists buildings, and what else has a code, by words of a name or address, or
// by a code or the beginning of one.
func (s *Service) Find(ctx context.Context, words, kind string, after store.ID, limit int) ([]ListedPlace, error) {
	words = store.Literal(words)
	cond, args := `id > ? AND (? = '' OR kind = ?)`, []any{int64(after), kind, kind}
	switch {
	case words == "":
		cond += ` AND until = ''`
	case len(words) >= 6 && strings.Trim(words, "0123456789") == "":
		cond += ` AND id IN (` + place.CodesFrom + `)`
		args = append(args, words, words+":")
	default:
		cond += ` AND until = '' AND (name LIKE ? OR detail LIKE ? OR id IN (SELECT object FROM place_alias WHERE until IS NULL AND name LIKE ?))`
		args = append(args, "%"+words+"%", "%"+words+"%", "%"+words+"%")
	}
	list, err := s.Places.Objects(ctx, s.Store, cond+` ORDER BY id LIMIT ?`, append(args, limit)...)
	out := make([]ListedPlace, 0, len(list))
	for _, o := range list {
		l := ListedPlace{ID: o.ID, Kind: o.Kind, Name: o.Name, Address: o.Detail.Address, State: o.State, Code: o.Codes[place.House], Use: o.Detail.Use, Floors: o.Detail.FloorsUp, Until: o.Until}
		out = append(out, l)
	}
	return out, err
}

// Occupant is who was at a place on a day, masked.
type Occupant struct {
	Link  place.PlaceLink `json:"link"`
	Where string          `json:"where" doc:"The unit"`
	Name  string          `json:"name" doc:"Masked"`
	Phone string          `json:"phone,omitempty" doc:"Masked"`
}

// Looked is the answer to who was where.
type Looked struct {
	Look      store.ID   `json:"look"`
	Day       string     `json:"day"`
	Occupants []Occupant `json:"occupants"`
}

// Look says who was at a place on a day, for a purpose of the district's list. The
// look is recorded with the answer, whatever it is, and each person can see that
// they were looked at; what is shown of a person is masked.
func (s *Service) Look(ctx context.Context, who account.Actor, id store.ID, day, purpose, note string) (Looked, error) {
	a, err := s.ask(day, purpose, note)
	if err != nil {
		return Looked{}, err
	}
	return s.look(ctx, who, a, id, func(ctx context.Context, tx *store.Tx) ([]place.PlaceLink, error) {
		if _, err := s.Places.Object(ctx, tx, id); err != nil {
			return nil, err
		}
		return s.Places.Links(ctx, tx, id, a.day, place.PartyPerson, place.PartyEnterprise)
	})
}

// Whereabouts says where a person, by identity number or phone, or an enterprise was
// on a day: for a purpose, recorded as Look is, also where nobody is known by it.
func (s *Service) Whereabouts(ctx context.Context, who account.Actor, kind, key, day, purpose, note string) (Looked, error) {
	a, err := s.ask(day, purpose, note)
	if err != nil {
		return Looked{}, err
	}
	return s.look(ctx, who, a, 0, func(ctx context.Context, tx *store.Tx) (out []place.PlaceLink, err error) {
		parties := []string{key}
		if kind == string(place.PartyPerson) {
			parties = nil
			for _, by := range []vault.Kind{vault.IDNumber, vault.Phone} {
				persons, err := s.Vault.Find(ctx, tx, by, key)
				if err != nil {
					return nil, err
				}
				for _, p := range persons {
					parties = append(parties, p.String())
				}
			}
		}
		for _, party := range parties {
			links, err := s.Places.Whereabouts(ctx, tx, place.PartyKind(kind), party, a.day)
			if err != nil {
				return nil, err
			}
			out = append(out, links...)
		}
		return out, nil
	})
}

// asking is a look that may be taken.
type asking struct {
	day, note string
	purpose   LookPurpose
}

// ask checks what a look is for.
func (s *Service) ask(day, purpose, note string) (a asking, err error) {
	if day == "" {
		day = s.today()
	}
	if place.CheckDay(day) != nil || day > s.today() {
		return a, httpapi.FailField("day", "not_date")
	}
	purposes := s.book.Load().purposes
	i := slices.IndexFunc(purposes, func(p LookPurpose) bool { return p.Code == purpose })
	if i < 0 {
		return a, httpapi.FailField("purpose", "no_such_option")
	}
	if n := purposes[i].Days; n > 0 && day < s.Store.Now().In(s.zone()).AddDate(0, 0, -n).Format(time.DateOnly) {
		return a, httpapi.FailField("day", "out_of_range")
	}
	if len([]rune(strings.TrimSpace(note))) < 2 {
		return a, httpapi.Fail(http.StatusUnprocessableEntity, "no_reason")
	}
	return asking{day, text.Mask(note), purposes[i]}, nil
}

// look records a look with what it found.
func (s *Service) look(ctx context.Context, who account.Actor, a asking, id store.ID, find func(ctx context.Context, tx *store.Tx) ([]place.PlaceLink, error)) (out Looked, err error) {
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		out = Looked{Look: tx.NewID(), Day: a.day, Occupants: []Occupant{}}
		links, err := find(ctx, tx)
		if err != nil {
			return err
		}
		now := store.At(s.Store.Now())
		for _, l := range links {
			o, err := s.Places.At(ctx, tx, l.Object, a.day)
			if err != nil {
				return err
			}
			x := Occupant{Link: l, Where: o.Name, Name: l.Label}
			if id == 0 {
				if x.Where, err = s.addressOf(ctx, tx, o); err != nil {
					return err
				}
			}
			if l.Kind == place.PartyPerson {
				person, err := store.ParseID(l.Party)
				if err != nil {
					return err
				}
				m, err := s.Vault.Masked(ctx, tx, person)
				if err != nil {
					return err
				}
				if x.Name, x.Phone = m.Name, m.Phone; !m.Erased.IsZero() {
					continue
				}
				x.Link.Party = ""
				if err := s.Vault.Note(ctx, tx, person, vault.Access{Actor: who.Account, Unit: who.Unit, Object: "place/" + id.String(), Reason: a.purpose.Name["zh"] + "：" + a.note}, "whereabouts"); err != nil {
					return err
				}
			}
			out.Occupants = append(out.Occupants, x)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO cim_look (id, object, day, purpose, note, found, actor, unit, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, out.Look, id, a.day, a.purpose.Code, a.note, len(out.Occupants), who.Account, who.Unit, now); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "cim.look", Object: "place/" + id.String(), Reason: a.note}, map[string]any{"purpose": a.purpose.Code, "day": a.day, "found": len(out.Occupants)})
	})
	return out, err
}

// addressOf is the standard address of an object, or of the building that it lies in
// and its name.
func (s *Service) addressOf(ctx context.Context, q store.Querier, o place.Object) (string, error) {
	name := o.Name
	for o.Detail.Address == "" && o.Parent != 0 {
		var err error
		if o, err = s.Places.Object(ctx, q, o.Parent); err != nil {
			return "", err
		}
	}
	if o.Name == name {
		return o.Detail.Address, nil
	}
	return o.Detail.Address + name, nil
}

// LinkPerson links a person of the vault, new there, to a place.
func (s *Service) LinkPerson(ctx context.Context, tx *store.Tx, who vault.Identity, l place.PlaceLink, by place.Order) (place.PlaceLink, error) {
	var person store.ID
	var err error
	if id := who[vault.IDNumber]; id != "" {
		known, err := s.Vault.Find(ctx, tx, vault.IDNumber, id)
		if err != nil {
			return l, err
		}
		if len(known) > 0 {
			person = known[0]
		}
	}
	if person == 0 {
		if person, err = s.Vault.NewPerson(ctx, tx, who); err != nil {
			return l, err
		}
	}
	l.Kind, l.Party, l.Label = place.PartyPerson, person.String(), vault.MaskName(who[vault.Name])
	return s.Places.Begin(ctx, tx, l, by)
}

// followMatters links what was filed to the building that its words name, where
// the match is sure. Told twice, it links once.
func (s *Service) followMatters(ctx context.Context, events []event.Event) error {
	for _, e := range events {
		var h caseflow.Happened
		if json.Unmarshal(e.Body, &h) != nil || h.Seq != 1 || h.No == "" {
			continue
		}
		matter, err := store.ParseID(e.Key)
		if err != nil {
			continue
		}
		words, title, err := s.Matters.Place(ctx, matter)
		if err != nil || words == "" {
			continue
		}
		x, n, err := s.Index(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		m := said(x.Match(words))
		if !m.Sure {
			continue
		}
		day := h.Opened.In(s.zone()).Format(time.DateOnly)
		err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := s.Places.Begin(ctx, tx, place.PlaceLink{Object: m.Object, Kind: place.PartyMatter, Party: matter.String(), Role: "happened", Label: h.No + " " + title, Source: "appeals", Confidence: m.Confidence, Since: day}, place.Order{Who: account.System(s.Dir), Day: day, Reason: "地址匹配"})
			return err
		})
		var refused *place.Refused
		if err != nil && !errors.As(err, &refused) {
			return err
		}
	}
	return nil
}
