package services

import (
	"context"
	"net/http"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// Bags for other regions (跨域转送): what was taken in here for a region's authority goes
// there in a bag with its own chain. The partner has no seat here: that it has the bag is
// what its receipt says, and the chain keeps the receipt's number.

func regionHolder(code string) string { return "region:" + code }

// papersOf are the papers that an errand was taken in with, one by one.
func papersOf(said string) (out []string) {
	for _, p := range strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune("、，,；;\n", r) }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// PackRegionBag begins a bag with the papers of errands for one region.
func (s *Service) PackRegionBag(ctx context.Context, who account.Actor, region string, errands []store.ID) (BagView, error) {
	units := who.UnitsWith("intake_clerk")
	if len(units) == 0 || s.citywide.Load() == nil {
		return BagView{}, httpapi.Fail(http.StatusConflict, "not_citywide")
	}
	if len(errands) == 0 {
		return BagView{}, httpapi.FailField("errands", "required")
	}
	name, err := s.regionName(ctx, region)
	if err != nil {
		return BagView{}, err
	}
	serial, err := s.Numbers.Next(ctx, "bag")
	if err != nil {
		return BagView{}, err
	}
	no := bagNumber(s.Store.Now().In(s.Zone()).Year(), serial)
	var id store.ID
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		id = tx.NewID()
		b := bagRow{ID: id, No: no, Destination: regionHolder(region), Region: region}
		for i, e := range errands {
			m, err := caseflow.Get(ctx, tx, e)
			if err != nil {
				return httpapi.FailField("errands", "no_such_option")
			}
			there, err := store.Get[string](ctx, tx, `SELECT region FROM service_region_case WHERE matter = ? AND direction = 'out'`, int64(e))
			if err != nil || m.Flow != "errand" || there != region || m.State != "taken" || !who.Has("intake_clerk", m.Asker) || i > 0 && m.Asker != b.Origin {
				return httpapi.FailField("errands", "no_such_option")
			}
			b.Origin = m.Asker
		}
		if _, err := s.Engine.Open(ctx, tx, caseflow.Opening{Flow: "bag", Action: "pack", ID: id, Actor: who, Matter: caseflow.Matter{No: no, Unit: b.Origin, Asker: b.Origin, Title: "材料袋 → " + name}}); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO service_bag (id, no, origin, destination, region, holder, seals, list, list_hash, links, head) VALUES (?, ?, ?, ?, ?, '', '[]', '[]', '', 0, '')`, id, no, b.Origin, b.Destination, region); err != nil {
			return err
		}
		for _, e := range errands {
			if err := s.bagErrand(ctx, tx, who, b.ID, e); err != nil {
				return err
			}
		}
		if err := s.link(ctx, tx, who, &b, CustodyLink{Kind: "pack", To: unitHolder(b.Origin)}); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, map[string]string{"id": id.String()})
	})
	if err != nil {
		return BagView{}, err
	}
	return s.Bag(ctx, who, id)
}

// bagErrand puts the papers of an errand into a bag: those that it was taken in with, or
// what came out of another bag.
func (s *Service) bagErrand(ctx context.Context, tx *store.Tx, who account.Actor, bag, errand store.ID) error {
	pieces := func() ([]pieceRow, error) {
		return store.Select[pieceRow](ctx, tx, `SELECT `+pieceColumns+` FROM service_piece p WHERE p.matter = ? ORDER BY p.id`, int64(errand))
	}
	have, err := pieces()
	if err != nil {
		return err
	}
	if len(have) == 0 {
		taken, err := caseflow.EventOf(ctx, tx, errand, 1)
		if err != nil {
			return err
		}
		var said []PieceSaid
		for _, p := range papersOf(asText(taken.Data.Form["papers"])) {
			said = append(said, PieceSaid{Material: p, Form: "original", Copies: 1})
		}
		if err := s.takePieces(ctx, tx, who, errand, said, atCounter); err != nil {
			return err
		}
		if have, err = pieces(); err != nil {
			return err
		}
	}
	for _, p := range have {
		if p.Place != atCounter { // it is in another bag
			return httpapi.FailField("errands", "no_such_option")
		}
		if err := s.movePiece(ctx, tx, who, p, inBag, bag); err != nil {
			return err
		}
	}
	return nil
}

// sendErrands says of each errand in a bag that left that it was sent with it.
func (s *Service) sendErrands(ctx context.Context, tx *store.Tx, who account.Actor, b *bagRow) error {
	ids, err := store.Select[store.ID](ctx, tx, `SELECT DISTINCT p.matter FROM service_piece p JOIN matter m ON m.id = p.matter WHERE p.bag = ? AND m.flow = 'errand' AND m.state = 'taken' ORDER BY p.matter`, int64(b.ID))
	for _, id := range ids {
		if _, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Action: "send", Actor: who, Form: map[string]any{"waybill": b.No}}); err != nil {
			return err
		}
	}
	return err
}

func (s *Service) mountRegionBags(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "pack-region-bag", Method: http.MethodPost, Path: "/api/services/region-bags", Tag: tag, Access: httpapi.Roles("intake_clerk"), Status: http.StatusCreated,
		Summary: "Begin a bag for another region with the papers of errands for it"}, func(ctx context.Context, in *struct {
		Body struct {
			Region  string     `json:"region" maxLength:"12"`
			Errands []store.ID `json:"errands" maxItems:"100"`
		}
	}) (*httpapi.Body[BagView], error) {
		return httpapi.Answer(s.PackRegionBag(ctx, httpapi.Actor(ctx), in.Body.Region, in.Body.Errands))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "new-sign-code", Method: http.MethodPost, Path: "/api/services/sign-codes", Tag: tag, Access: httpapi.AnyStaff, Limit: 30, Status: http.StatusCreated,
		Summary: "A code by which the caller signs for a bag at another's screen (交接码), once and for minutes"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[SignCode], error) {
		return httpapi.Answer(s.NewSignCode(ctx, httpapi.Actor(ctx)))
	})
}
