package services

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"shanzhi/core/form"
	"shanzhi/core/rule"
	"shanzhi/core/subject"
)

// answered is an answer that a question takes.
func answered(q *form.SheetNode, n int, id string) any {
	switch {
	case len(q.Enum) > 0:
		return q.Enum[0]
	case q.Type == "boolean":
		return false
	case q.Type == "integer" || q.Type == "number":
		return 1
	case q.Type == "array":
		return []any{answered(q.Items, n, id)}
	case q.Type == "object":
		out := map[string]any{}
		for name, sub := range q.Properties {
			out[name] = answered(sub, n, id)
		}
		return out
	case q.Format == "cn-id":
		return id
	case q.Format == "cn-mobile":
		return fmt.Sprintf("137%08d", n)
	case q.Format == "uscc":
		body := fmt.Sprintf("91440306MA5%06d", n)
		for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
			if subject.CheckUSCC(body+string(c)) == nil {
				return body + string(c)
			}
		}
		panic("no credit code")
	case q.Format == "date":
		return "2026-06-20"
	case q.Pattern != "":
		return "622202000000"
	}
	return "宝安区西乡街道流塘路一号"
}

// Whoever meets its conditions gets by phone, at once, what a shipped pack decides by
// itself; a pack that only looks on (shadow) leaves it to a person.
func TestEveryShippedPackCanBeAppliedFor(t *testing.T) {
	h := newCaseHouse(t)
	ctx := context.Background()
	h.at(t, "2026-11-02 10:00")
	born := map[string]int{"elder-allowance": 1940, "elder-transit-card": 1955}
	names, err := fs.Glob(Decisions, "decisions/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range names {
		key, is := strings.CutSuffix(strings.TrimPrefix(name, "decisions/"), ".yaml")
		if !is || strings.HasSuffix(key, ".cases") {
			continue
		}
		t.Run(key, func(t *testing.T) {
			mode, err := h.Rules.ModeOf(ctx, h.Store, key)
			if err != nil {
				t.Fatal(err)
			}
			item, err := h.Item(ctx, h.item(t, key), 0)
			if err != nil || item.Elements.Handling == nil {
				t.Fatalf("no form: %v", err)
			}
			handling := item.Elements.Handling
			year := born[key]
			if year == 0 {
				year = 1998
			}
			lanes := map[string]int{}
			for range 120 {
				n++
				h.later(time.Second)
				id := idNumber(fmt.Sprintf("440306%d0101%03d", year, n%1000))
				who := h.citizen(t, "王小兰", fmt.Sprintf("137%08d", n), id)
				situation, values, files := map[string]any{}, map[string]any{}, map[string][]string{}
				if handling.Situation != nil {
					for name, q := range handling.Situation.Schema.Properties {
						situation[name] = answered(q, n, id)
					}
				}
				for name, q := range handling.Form.Schema.Properties {
					values[name] = answered(q, n, id)
				}
				values["name"] = "王小兰"
				needed, err := handling.Needed(situation, values, "2026-11-02")
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range needed {
					if m.Source == "applicant" || m.Source == "licence" {
						files[m.ID] = []string{h.photo(t, who)}
					}
				}
				a, err := h.BeginApplication(ctx, who, NewApplication{Item: item.ID})
				if err != nil {
					t.Fatal(err)
				}
				if a, err = h.SaveApplication(ctx, who, a.ID, ApplicationDraft{Seq: a.Seq, Situation: situation, Values: values, Files: files}); err != nil || len(a.Wrong) > 0 {
					t.Fatalf("%v %v", a.Wrong, err)
				}
				sent, err := h.SendApplication(ctx, who, a.ID, a.Seq, false)
				if err != nil {
					t.Fatalf("%v %v", problemFields(err), err)
				}
				lanes[sent.Lane]++
				if mode.Mode == rule.ModeShadow {
					if sent.Outcome != "received" {
						t.Fatalf("a shadow decided: %+v", sent)
					}
					return
				}
				if sent.Outcome == "granted" {
					if (handling.Licence != nil) != (sent.Licence != 0) {
						t.Errorf("granted: %+v", sent)
					}
					h.verify(t, sent.Case)
					return
				}
			}
			t.Errorf("nobody of 120 was granted it: %v", lanes)
		})
	}
	if want := []string{"startup-subsidy", "flexible-work-insurance-subsidy"}; !slices.Contains(names, "decisions/"+want[0]+".yaml") || !slices.Contains(names, "decisions/"+want[1]+".yaml") {
		t.Error("the packs of the subsidy direct line are gone")
	}
}
