package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/systems/services"
)

// newBenchItems makes `shanzhi bench items`.
func newBenchItems() *cobra.Command {
	var n int
	var asJSON bool
	c := &cobra.Command{
		Use:   "items",
		Short: "Search of service items, by official words, by what people say, by sound; and their figures",
		Args:  cobra.NoArgs,
		RunE: withHouse(func(cmd *cobra.Command, _ []string, h *House) error {
			out, err := benchItems(cmd.Context(), h, n)
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		}),
	}
	c.Flags().IntVar(&n, "n", 400, "searches of each kind")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

type itemsReport struct {
	Items    int                `json:"items"`
	P50      map[string]float64 `json:"p50_ms"`
	P95      map[string]float64 `json:"p95_ms"`
	Greatest map[string]float64 `json:"greatest_ms"`
	Figures  float64            `json:"figures_first_ms"` // made anew
	Again    float64            `json:"figures_again_ms"` // nothing has changed since
}

// benchItems searches the items that the house has; bring in as many as are to be searched.
func benchItems(ctx context.Context, h *House, n int) (itemsReport, error) {
	out := itemsReport{P50: map[string]float64{}, P95: map[string]float64{}, Greatest: map[string]float64{}}
	st, err := h.Services.Standing(ctx)
	if err != nil {
		return out, err
	}
	out.Items = st.Items
	for kind, words := range map[string][]string{
		"official": {"食品经营许可", "高龄津贴", "结婚登记", "许可", "排水", "道路运输", "实验动物", "价格"}, "said": {"开饭店", "跑滴滴", "老人补贴", "扯证", "暂住证", "注册公司"}, "nothing": {"没有这种事", "飞船牌照"}, "pinyin": {"spjyxk", "gljt", "jiehundengji", "xuke", "xk", "daoluyunshu", "dj"}, "department": {"科学技术厅", "民政局", "发展和改革"},
	} {
		took := make([]float64, 0, n)
		for i := range n {
			begun := time.Now()
			if _, err := h.Services.Items(ctx, services.ItemFilter{Words: words[i%len(words)], Limit: 50}); err != nil {
				return out, err
			}
			took = append(took, float64(time.Since(begun).Microseconds())/1000)
		}
		if len(took) == 0 {
			return out, fmt.Errorf("-n must be 1 or more")
		}
		slices.Sort(took)
		out.P50[kind], out.P95[kind], out.Greatest[kind] = took[len(took)/2], took[len(took)*95/100], took[len(took)-1]
	}
	for _, into := range []*float64{&out.Figures, &out.Again} {
		begun := time.Now()
		if _, err := h.Services.ItemBoard(ctx, begun.AddDate(0, 0, -90), begun); err != nil {
			return out, err
		}
		*into = float64(time.Since(begun).Milliseconds())
	}
	return out, nil
}
