package main

import (
	"context"
	"strings"

	"shanzhi/core/store"
)

// mattersOf tells the map where matters are.
type mattersOf struct{ *House }

// Place implements cim.MatterPlace: of an appeal, as the appellant wrote it.
func (m mattersOf) Place(ctx context.Context, matter store.ID) (words, title string, err error) {
	row, err := store.Get[struct{ Address, Title string }](ctx, m.Store, `SELECT a.address, m.title FROM appeal a JOIN matter m ON m.id = a.id WHERE a.id = ? AND a.secrecy = 'open'`, int64(matter))
	return strings.TrimSpace(row.Address), row.Title, err
}

// demoBuildings is how many buildings the register of the demonstration has.
const demoBuildings = 80

// demoPlaces brings the demonstration a register of buildings, all synthetic.
func (h *House) demoPlaces(ctx context.Context) {
	files, err := h.Packs.Current(ctx)
	if err == nil {
		_, err = h.CIM.Seed(ctx, files, demoBuildings)
	}
	if err != nil && ctx.Err() == nil {
		h.Log.Error("the register of the demonstration could not be made", "error", err)
	}
}
