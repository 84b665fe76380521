package services

import (
	"context"
	"encoding/json"

	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// CollectedLicence is a licence as it is printed for whoever may collect it: in clear,
// for another system that checks who that is. It is never kept.
type CollectedLicence struct {
	Licence
	Person   store.ID
	Usable   bool
	FullName string // the holder's: of an enterprise, who applied as its legal representative
	IDNumber string
	Lines    []LicenceLine
}

// LicenceToCollect is a licence that was issued here, with who holds it.
func (s *Service) LicenceToCollect(ctx context.Context, id store.ID) (CollectedLicence, error) {
	r, err := store.Get[licenceRow](ctx, s.Store, `SELECT `+licenceColumns+` FROM service_licence l WHERE l.id = ?`, int64(id))
	if err != nil {
		return CollectedLicence{}, err
	}
	out := CollectedLicence{Licence: s.licence(r), Person: r.Person}
	out.Usable = out.Status == LicenceValid
	raw, err := s.Vault.OwnText(ctx, s.Store, r.Shown)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal([]byte(raw), &out.Lines); err != nil {
		return out, err
	}
	who, err := s.Vault.Own(ctx, s.Store, r.Person)
	if err != nil {
		return out, err
	}
	out.FullName, out.IDNumber = who[vault.Name], who[vault.IDNumber]
	x, err := getCase(ctx, s.Store, r.Matter)
	if err != nil {
		return out, err
	}
	app, err := s.said(ctx, s.Store, x.Application)
	if err != nil {
		return out, err
	}
	item, err := store.Get[string](ctx, s.Store, `SELECT item FROM matter WHERE id = ?`, int64(r.Matter))
	if err != nil {
		return out, err
	}
	e, err := s.pinned(item)
	if err != nil {
		return out, err
	}
	// What was said by data element stands for what the person never said of themselves.
	for name, question := range e.Handling.Form.Schema.Properties {
		v := asText(app.Values[name])
		switch {
		case v == "":
		case question.Element == "person.name" && out.FullName == "":
			out.FullName = v
		case question.Element == "person.id_no" && out.IDNumber == "":
			out.IDNumber = v
		}
	}
	return out, nil
}

// SelfServiceItem is an item that may be done at a device.
type SelfServiceItem struct {
	ID   store.ID `bun:"id"`
	Code string   `bun:"code"`
	Name string   `bun:"name"`
}

// SelfServiceItems are the published items that are flagged 自助 on a day and applied for
// here.
func (s *Service) SelfServiceItems(ctx context.Context, day string) ([]SelfServiceItem, error) {
	is, args := flagged("self_service", day)
	rows, err := store.Select[SelfServiceItem](ctx, s.Store, `SELECT i.id, i.key AS code, i.name FROM service_item i WHERE i.state = 'published' AND `+is+` ORDER BY i.name, i.id`, args...)
	out := rows[:0]
	for _, r := range rows {
		if item, err := s.Item(ctx, r.ID, 0); err == nil && item.Elements.Handling != nil {
			out = append(out, r)
		}
	}
	return out, err
}
