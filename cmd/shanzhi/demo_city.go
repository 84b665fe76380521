package main

import (
	"context"
	"fmt"
	"io"

	"shanzhi/core/account"
	"shanzhi/systems/cim"
)

// demoCity brings the demonstration a section of the made-up city, when all else of it is made:
// in short transactions, resting between them, and the tiles of it.
func (h *House) demoCity(ctx context.Context, out io.Writer) {
	files, err := h.Packs.Current(ctx)
	if err != nil {
		return
	}
	section, err := cim.DemonstrationSection(files)
	if err != nil || len(section) == 0 { // the pack has none
		return
	}
	loaded, err := h.CIM.LoadCity(ctx, files, cim.CityLoad{Seed: 1, Section: section, Gently: true})
	if err == nil {
		err = h.CIM.PublishAll(ctx, account.System(h.Dir), "示范数据（合成）", nil)
	}
	if err != nil && ctx.Err() == nil {
		h.Log.Error("the city of the demonstration could not be made", "error", err)
	}
	if n := loaded.Counts["buildings"]; n > 0 {
		fmt.Fprintf(out, "示范城市已生成：%d 栋、%d 户（均为合成）/ the city of the demonstration is made: %d synthetic buildings, %d units\n", n, loaded.Counts["units"], n, loaded.Counts["units"])
	}
}
