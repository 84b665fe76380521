package services

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// conveyance is how the papers of an application get to the authority, where they are not
// there when it is sent.
type conveyance struct {
	action string // of the flow, which opens the case
	asker  string // the office that collects; '' as usual
	check  func(ctx context.Context, e *ItemElements, owner string, checked checkedApplication) error
	keep   func(ctx context.Context, tx *store.Tx, matter store.ID) error
}

// PieceSaid is a paper that an office takes in, or that an applicant is going to send.
type PieceSaid struct {
	Material string `json:"material" maxLength:"60"`
	Form     string `json:"form" enum:"original,copy"`
	Copies   int    `json:"copies" minimum:"1" maximum:"99"`
}

// checkPieces holds papers to the exact list of materials of an application: each is on it,
// none stands twice, and what must be seen in the original is there in it.
func checkPieces(needed []NeededMaterial, pieces []PieceSaid) error {
	if len(pieces) == 0 {
		return httpapi.FailField("pieces", "required")
	}
	seen := map[PieceSaid]bool{}
	for _, p := range pieces {
		key := PieceSaid{Material: p.Material, Form: p.Form}
		switch {
		case !slices.ContainsFunc(needed, func(n NeededMaterial) bool { return n.ID == p.Material && n.Source == "applicant" }):
			return httpapi.FailField("pieces", "no_such_option")
		case p.Form != "original" && p.Form != "copy" || p.Copies < 1 || p.Copies > 99 || seen[key]:
			return httpapi.FailField("pieces", "invalid")
		}
		seen[key] = true
	}
	for _, n := range needed {
		if n.Original && n.State == "got" && !seen[PieceSaid{Material: n.ID, Form: "original"}] {
			return httpapi.FailField("pieces", "original_needed")
		}
	}
	return nil
}

// Collection is an application that an office collects for the authority (异地收件): what
// of the checklist it ticked, by form alone, and the papers that it took in.
type Collection struct {
	Version int         `json:"version" doc:"Of the application"`
	Points  []string    `json:"points" doc:"The authority's checklist (受理标准), as it was looked through by form"`
	Pieces  []PieceSaid `json:"pieces" maxItems:"60"`
}

// collectingUnit is the office at which an actor collects for others; ” where they sit
// with the comprehensive windows, or at no counter.
func (s *Service) collectingUnit(who account.Actor) string {
	c := s.casework.Load()
	for _, u := range who.UnitsWith("intake_clerk") {
		if c != nil && u != c.Receiving {
			return u
		}
	}
	return ""
}

// Collect takes an application in for an authority that sits elsewhere. The case is
// received only when the papers are with the authority, or should be.
func (s *Service) Collect(ctx context.Context, who account.Actor, id store.ID, in Collection) (Sent, error) {
	r, origin := s.citywide.Load(), s.collectingUnit(who)
	if r == nil || origin == "" {
		return Sent{}, httpapi.Fail(http.StatusConflict, "not_citywide")
	}
	a, err := s.applicationFor(ctx, s.Store, who, id)
	if err != nil {
		return Sent{}, err
	}
	limit := ""
	return s.sendConveyed(ctx, who, id, in.Version, true, &conveyance{action: "collect", asker: origin,
		check: func(ctx context.Context, e *ItemElements, owner string, checked checkedApplication) error {
			limit = r.way(owner)
			flags, err := s.flagsOn(ctx, a.Item, *e, s.today())
			switch {
			case err != nil:
				return err
			case owner == origin || !slices.Contains(flags, "citywide"):
				return httpapi.Fail(http.StatusConflict, "not_citywide")
			}
			for _, p := range e.Handling.Acceptance {
				if !slices.Contains(in.Points, p.ID) {
					return httpapi.FailField("points", "all_points")
				}
			}
			return checkPieces(checked.needed, in.Pieces)
		},
		keep: func(ctx context.Context, tx *store.Tx, matter store.ID) error {
			return s.keepCollection(ctx, tx, who, matter, origin, "", in.Points, in.Pieces, limit)
		}})
}

// keepCollection keeps what an office took in for a case; region is the partner's, where
// it was one of theirs.
func (s *Service) keepCollection(ctx context.Context, tx *store.Tx, who account.Actor, matter store.ID, origin, region string, points []string, pieces []PieceSaid, limit string) error {
	raw, err := json.Marshal(points)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO service_collection (matter, origin, region, points, at, by, limit_text) VALUES (?, ?, ?, ?, ?, ?, ?)`, matter, origin, region, string(raw), store.At(s.Store.Now()), who.Account, limit); err != nil {
		return err
	}
	return s.takePieces(ctx, tx, who, matter, pieces, atCounter)
}

// takePieces begins the papers of a case at a place.
func (s *Service) takePieces(ctx context.Context, tx *store.Tx, who account.Actor, matter store.ID, pieces []PieceSaid, place string) error {
	for _, p := range pieces {
		id := tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO service_piece (id, matter, material, form, copies, place, seq) VALUES (?, ?, ?, ?, ?, '', 0)`, id, matter, p.Material, p.Form, p.Copies); err != nil {
			return err
		}
		if err := s.movePiece(ctx, tx, who, pieceRow{ID: id}, place, 0); err != nil {
			return err
		}
	}
	return nil
}

type pieceRow struct {
	ID       store.ID `bun:"id"`
	Matter   store.ID `bun:"matter"`
	Material string   `bun:"material"`
	Form     string   `bun:"form"`
	Copies   int      `bun:"copies"`
	Place    string   `bun:"place"`
	Bag      store.ID `bun:"bag"`
	Seq      int      `bun:"seq"`
}

const pieceColumns = `p.id, p.matter, p.material, p.form, p.copies, p.place, COALESCE(p.bag, 0) AS bag, p.seq`

// movePiece is the one way in which a paper changes its place; refused_state where the
// place may not follow.
func (s *Service) movePiece(ctx context.Context, tx *store.Tx, who account.Actor, p pieceRow, place string, bag store.ID) error {
	if !slices.Contains(pieceNext[p.Place], place) {
		return httpapi.Fail(http.StatusConflict, "refused_state")
	}
	var in any
	if bag != 0 {
		in = int64(bag)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO service_piece_move (piece, seq, at, place, bag, by) VALUES (?, ?, ?, ?, ?, ?)`, p.ID, p.Seq+1, store.At(s.Store.Now()), place, in, who.Account); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE service_piece SET place = ?, bag = ?, seq = ? WHERE id = ?`, place, in, p.Seq+1, p.ID)
	return err
}
