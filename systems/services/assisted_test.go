package services

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanzhi/core/form"
	"shanzhi/core/store"
)

// Assisted filling: opened by the applicant, one application, limited in time; the clerk
// sees no personal answers, and nothing that they typed is sent unconfirmed.
func TestAssisted(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.at(t, "2026-09-01 09:00")
		me, clerk := h.citizen(t, "李记", "13800138000", "11010519491231002X"), h.street(t)
		a := h.drafted(t, me)
		if _, err := h.OpenAssist(ctx, h.citizen(t, "王五", "13800138001", "110105194912310038"), a.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another's application: %v", err)
		}
		old, err := h.OpenAssist(ctx, me, a.ID)
		if err != nil || len(old.Code) != 8 || old.State != "waiting" {
			t.Fatalf("%+v %v", old, err)
		}
		open, err := h.OpenAssist(ctx, me, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.JoinAssist(ctx, clerk, old.Code); err == nil {
			t.Error("an ended code was taken")
		}
		if _, err := h.JoinAssist(ctx, h.staff["accept"], open.Code); problemOf(err) != "forbidden" {
			t.Errorf("who decides helped to fill in: %v", err)
		}
		s, err := h.JoinAssist(ctx, clerk, open.Code)
		if err != nil || s.State != "joined" {
			t.Fatalf("%+v %v", s, err)
		}
		if _, err := h.JoinAssist(ctx, h.staff["window"], open.Code); err == nil {
			t.Error("a second clerk joined")
		}
		for _, secret := range []string{"李记", "11010519491231002X", "13800138000", "王五"} {
			if strings.Contains(strings.ReplaceAll(fmt.Sprint(s.Values), "李记小馆", ""), secret) {
				t.Errorf("the clerk sees %s: %v", secret, s.Values)
			}
		}
		if s.Values["shop_name"] != "李记小馆" || len(s.Materials) == 0 {
			t.Errorf("the clerk sees too little: %+v", s.Values)
		}
		if _, err := h.TypeAssist(ctx, clerk, s.ID, s.Version, nil, map[string]any{"nothing": 1}); problemOf(err) != "invalid" {
			t.Errorf("an unknown question: %v", err)
		}
		if s, err = h.TypeAssist(ctx, clerk, s.ID, s.Version, nil, map[string]any{"address": "宝安区西乡街道流塘路2号"}); err != nil || s.Unconfirmed != 1 || s.Typed[0].Value != nil {
			t.Fatalf("%+v %v", s, err)
		}
		if _, err := h.SendApplication(ctx, me, a.ID, s.Version, false); problemOf(err) != "assist_unconfirmed" {
			t.Errorf("sent unconfirmed: %v", err)
		}
		if _, err := h.SendApplication(ctx, clerk, a.ID, s.Version, false); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the clerk sent it: %v", err)
		}
		mine, err := h.AssistOf(ctx, me, a.ID)
		if err != nil || mine.Typed[0].Value != "宝安区西乡街道流塘路2号" || mine.Form != nil {
			t.Fatalf("%+v %v", mine, err)
		}
		if _, err := h.ConfirmAssist(ctx, me, s.ID, s.Version-1); err == nil {
			t.Error("what was not seen was confirmed")
		}
		if mine, err = h.ConfirmAssist(ctx, me, s.ID, mine.Version); err != nil || mine.Unconfirmed != 0 {
			t.Fatalf("%+v %v", mine, err)
		}
		h.at(t, "2026-09-01 09:05")
		if s, err = h.TypeAssist(ctx, clerk, s.ID, s.Version, map[string]any{"area": 80}, nil); err != nil || s.Unconfirmed != 1 {
			t.Fatalf("typed again: %+v %v", s, err)
		}
		h.at(t, "2026-09-01 09:40") // the session has run out
		if _, err := h.TypeAssist(ctx, clerk, s.ID, s.Version, map[string]any{"area": 90}, nil); problemOf(err) != "assist_ended" {
			t.Errorf("typed after the end: %v", err)
		}
		if mine, err = h.ConfirmAssist(ctx, me, s.ID, s.Version); err != nil || mine.State != "ended" || mine.EndedBy != "time" {
			t.Fatalf("%+v %v", mine, err)
		}
		sent, err := h.SendApplication(ctx, me, a.ID, mine.Version, false)
		if err != nil {
			t.Fatal(err)
		}
		if ch, err := store.Get[string](ctx, h.Store, `SELECT channel FROM service_case WHERE id = ?`, int64(sent.Case)); err != nil || ch != "assisted" {
			t.Errorf("channel %s %v", ch, err)
		}
		if mine, err = h.AssistOf(ctx, me, a.ID); err != nil || len(mine.Log) != 7 {
			t.Errorf("log: %+v %v", mine.Log, err)
		}
		// Ended by the clerk; a code that ran out.
		b := h.drafted(t, me)
		if open, err = h.OpenAssist(ctx, me, b.ID); err != nil {
			t.Fatal(err)
		}
		h.at(t, "2026-09-01 09:51")
		if _, err := h.JoinAssist(ctx, clerk, open.Code); err == nil {
			t.Error("a code that ran out was taken")
		}
		if open, err = h.OpenAssist(ctx, me, b.ID); err != nil {
			t.Fatal(err)
		}
		if s, err = h.JoinAssist(ctx, clerk, open.Code); err != nil {
			t.Fatal(err)
		}
		if s, err = h.EndAssist(ctx, clerk, s.ID); err != nil || s.State != "ended" || s.EndedBy != "clerk" || s.Values != nil {
			t.Errorf("%+v %v", s, err)
		}
	})
}

// A clerk fills in a repeating group: entries are added, changed and moved, what they do
// not see of an entry stays, and the applicant confirms the list.
func TestAssistedWithARepeatingGroup(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.at(t, "2026-09-01 09:00")
		me, clerk := h.citizen(t, "李记", "13800138000", "11010519491231002X"), h.street(t)
		a, err := h.BeginApplication(ctx, me, NewApplication{Item: h.item(t, "drug-retail-licence")})
		if err != nil {
			t.Fatal(err)
		}
		people := []any{map[string]any{"name": "王药师", "certificate": "YS1"}, map[string]any{"name": "赵药师", "certificate": "YS2"}}
		if a, err = h.SaveApplication(ctx, me, a.ID, ApplicationDraft{Seq: a.Seq, Values: map[string]any{"pharmacists": people}}); err != nil {
			t.Fatal(err)
		}
		open, err := h.OpenAssist(ctx, me, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		s, err := h.JoinAssist(ctx, clerk, open.Code)
		if err != nil {
			t.Fatal(err)
		}
		if said := fmt.Sprint(s.Values); strings.Contains(said, "王药师") || !strings.Contains(said, "YS1") {
			t.Errorf("the clerk sees %s", said)
		}
		for code, list := range map[string]any{
			"values.pharmacists not_a_list":       "x",
			"values.pharmacists.0 not_a_list":     []any{"x"},
			"values.pharmacists.0.colour unknown": []any{map[string]any{"colour": "red"}},
			"values.pharmacists.0 unknown":        []any{map[string]any{"@": 2.0}},
			"values.pharmacists.1 unknown":        []any{map[string]any{"@": 0.0}, map[string]any{"@": 0.0}},
			"values.pharmacists too_many_values":  make([]any, 21),
		} {
			if _, err := h.TypeAssist(ctx, clerk, s.ID, s.Version, nil, map[string]any{"pharmacists": list}); fieldOf(err) != code {
				t.Errorf("%v: %q, want %q", list, fieldOf(err), code)
			}
		}
		// The second comes first with another number, the first is gone, one is new.
		if s, err = h.TypeAssist(ctx, clerk, s.ID, s.Version, nil, map[string]any{"pharmacists": []any{map[string]any{"@": 1.0, "certificate": "YS22"}, map[string]any{"name": "孙药师", "certificate": "YS3"}}}); err != nil || s.Unconfirmed != 1 {
			t.Fatalf("%+v %v", s, err)
		}
		mine, err := h.AssistOf(ctx, me, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(mine.Typed[0].Value); got != "[map[certificate:YS22 name:赵药师] map[certificate:YS3 name:孙药师]]" || mine.Typed[0].Question == nil {
			t.Errorf("the applicant sees %s", got)
		}
		if s.Typed[0].Value != nil || s.Typed[0].Question != nil {
			t.Errorf("the clerk sees %+v", s.Typed[0])
		}
		if _, err := h.SendApplication(ctx, me, a.ID, mine.Version, false); problemOf(err) != "assist_unconfirmed" {
			t.Errorf("sent unconfirmed: %v", err)
		}
		if mine, err = h.ConfirmAssist(ctx, me, s.ID, mine.Version); err != nil || mine.Unconfirmed != 0 {
			t.Errorf("%+v %v", mine, err)
		}
	})
}

// Whatever a clerk does with the entries of a group, what they did not see of an entry is
// that entry's own.
func TestEntriesKeepWhatIsNotSeen(t *testing.T) {
	most := 6
	q := &form.SheetNode{Type: "array", MaxItems: &most, Items: &form.SheetNode{Type: "object", Properties: map[string]*form.SheetNode{"name": {Type: "string", Personal: true}, "no": {Type: "string"}}}}
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 5).Draw(rt, "n")
		before := []any{}
		for i := range n {
			before = append(before, map[string]any{"name": fmt.Sprint("人", i), "no": fmt.Sprint(i)})
		}
		order := rapid.Permutation([]int{0, 1, 2, 3, 4}).Draw(rt, "order")
		typed := []any{}
		for _, k := range order {
			if k < n && rapid.Bool().Draw(rt, "kept") {
				typed = append(typed, map[string]any{"@": float64(k), "no": rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "no")})
			}
		}
		out, _, code := typedEntries(q, before, typed)
		if code != "" {
			rt.Fatal(code)
		}
		for i, x := range out.([]any) {
			k := int(typed[i].(map[string]any)["@"].(float64))
			if e := x.(map[string]any); e["name"] != fmt.Sprint("人", k) || e["no"] != typed[i].(map[string]any)["no"] || e["@"] != nil {
				rt.Fatalf("%v of %v", e, typed[i])
			}
		}
	})
}
