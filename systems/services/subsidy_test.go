package services

import (
	"context"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// The direct line has the items that carry its flag and say what they took before, measured
// by what they say and, once cases are over, by those.
func TestSubsidyLine(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		list, err := h.Subsidies(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, x := range list {
			names = append(names, x.Name)
			before, after := x.Meter.Before, *x.Meter.After
			if x.Meter.Source == "" || x.Meter.Counted != 0 || after.Papers >= before.Papers || after.Steps >= before.Steps || after.Trips >= before.Trips || after.Days >= before.Days {
				t.Errorf("%s takes %+v, before %+v", x.Name, after, before)
			}
		}
		if strings.Join(names, " ") == "" || len(list) != 3 {
			t.Fatalf("%d items: %v", len(list), names)
		}
		if err := h.itemStepAs(h.staff["inspector"], h.itemID(t, "food-licence"), ItemAct{Step: ItemFlagged}); err == nil {
			t.Error("an inspector puts a flag")
		}

		x, err := h.Item(ctx, h.itemID(t, "food-licence"), 0)
		if err != nil {
			t.Fatal(err)
		}
		handling := *x.Elements.Handling
		handling.Rebuilt = &ItemRebuilt{Before: ThemeMeasure{Days: 30, Steps: 9, Papers: 9, Trips: 4}, Source: "试"}
		x.Elements.Handling = &handling
		said, err := h.itemMeter(ctx, x)
		if err != nil || said.Counted != 0 || said.After.Days != float64(x.Elements.Promised.N) || said.After.Steps != 1 {
			t.Fatalf("%+v %+v %v", said, said.After, err)
		}
		papers := 0
		for _, m := range handling.Materials {
			if m.Source == "applicant" || m.Source == "licence" {
				papers++
			}
		}
		if said.After.Papers != papers || papers == 0 {
			t.Errorf("%d papers, it asks for %d", said.After.Papers, papers)
		}
		if shown, err := h.shownMeter(ctx, x); err != nil || shown.Counted != 0 {
			t.Fatalf("%+v %v", shown, err)
		}
		who := h.citizen(t, "周小满", "13600000071", "440306199001011239")
		h.closed(t, who)
		measured, err := h.itemMeter(ctx, x)
		if err != nil || measured.Counted != 1 || measured.After.Steps < 1 || measured.Before != said.Before {
			t.Errorf("%+v %+v %v", measured, measured.After, err)
		}
		shown, err := h.shownMeter(ctx, x)
		if err != nil || shown.Counted != 1 { // days have passed since it was measured
			t.Errorf("shown: %+v %v", shown, err)
		}
		handling.Rebuilt.Before.Days = 31
		if again, err := h.shownMeter(ctx, x); err != nil || again.Before.Days != 30 {
			t.Errorf("measured again at once: %+v %v", again, err)
		}
	})
}

// Figures without a source, or below nothing, are refused.
func TestRebuiltIsChecked(t *testing.T) {
	const form = "form: {schema: {type: object, properties: {a: {type: string, title: 甲}}}, pages: [{name: p, title: {zh: 页}, fields: [a]}]}\n"
	for text, want := range map[string]string{
		"rebuilt: {before: {days: 1, steps: 1, papers: 1, trips: 1}, source: 试}":  "",
		"rebuilt: {before: {days: 1, steps: 1, papers: 1, trips: 1}}":             "rebuilt",
		"rebuilt: {before: {days: 1, steps: -1, papers: 1, trips: 1}, source: 试}": "rebuilt",
	} {
		var h Handling
		err := yaml.Unmarshal([]byte(form+text), &h)
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
