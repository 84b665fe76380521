package services

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"pgregory.net/rapid"

	"shanzhi/core/store"
)

// Time and fee of the food licence by situation: in the guide, on the application before
// it is sent, on the case's clock, and on the bill.
func TestTimeAndFeeFollowTheSituation(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		item := h.item(t, "food-licence")
		for _, c := range []struct {
			name      string
			situation map[string]any
			days      int
			fee       int64
			due       string // of an acceptance on Wednesday 14 October 2026
		}{
			{"others", map[string]any{"kind": "restaurant", "area": 120.0}, 10, 8000, "2026-10-28 18:00 running"},
			{"large", map[string]any{"kind": "restaurant", "area": 1001.0}, 15, 16000, "2026-11-04 18:00 running"},
			{"not larger than the bound", map[string]any{"kind": "restaurant", "area": 1000.0}, 10, 8000, "2026-10-28 18:00 running"},
			{"small drinks", map[string]any{"kind": "drinks", "area": 50.0}, 7, 0, "2026-10-23 18:00 running"},
			{"drinks, no area said", map[string]any{"kind": "drinks"}, 10, 8000, "2026-10-28 18:00 running"},
			{"the first that holds", map[string]any{"kind": "drinks", "area": 40.0, "chain": true}, 5, 8000, "2026-10-21 18:00 running"},
		} {
			t.Run(c.name, func(t *testing.T) {
				h.at(t, "2026-10-14 10:00")
				amount := func(f *ItemFee) int64 {
					if f == nil {
						return 0
					}
					return f.Amount
				}
				n, err := h.Needs(ctx, item, c.situation)
				if err != nil || n.Promised.N != c.days || amount(n.Fee) != c.fee || n.Legal.N != 20 || n.Term["zh"] == "" {
					t.Errorf("the guide says %+v %+v, %v", n.Promised, n.Fee, err)
				}
				a, err := h.BeginApplication(ctx, li, NewApplication{Item: item})
				if err != nil {
					t.Fatal(err)
				}
				if a, err = h.SaveApplication(ctx, li, a.ID, ApplicationDraft{Seq: a.Seq, Situation: c.situation, Values: h.foodValues(), Files: map[string][]string{"layout": {h.photo(t, li)}, "rules": {h.photo(t, li)}, "business_licence": {h.photo(t, li)}}}); err != nil {
					t.Fatal(err)
				}
				if a.Pledged.N != c.days || amount(a.Fee) != c.fee {
					t.Errorf("the application says %+v %+v", a.Pledged, a.Fee)
				}
				s, err := h.SendApplication(ctx, li, a.ID, a.Seq, true)
				if err != nil {
					t.Fatal(err)
				}
				owed := []any{}
				if c.situation["chain"] == true {
					owed = append(owed, "brand")
				}
				kv := []any{"points", []any{"scope", "plan", "health"}}
				if len(owed) > 0 {
					kv = append(kv, "owed", owed)
				}
				if c.name == "others" { // a new version of the item promises less; the case keeps its own
					h.newTerms(t, item, 3)
				}
				h.do(t, s.Case, h.staff["accept"], "accept", kv...)
				h.wantDue(t, s.Case, map[string]string{"promise": c.due})
				bills, err := store.Select[billRow](ctx, h.Store, billRowSQL+` WHERE matter = ?`, int64(s.Case))
				if err != nil || (c.fee == 0) != (len(bills) == 0) || c.fee > 0 && bills[0].Amount != c.fee {
					t.Errorf("billed %+v, %v", bills, err)
				}
				h.verify(t, s.Case)
				if c.name == "others" {
					h.newTerms(t, item, 0)
				}
			})
		}
		if _, err := h.pinned("1.1#x"); err == nil {
			t.Error("a term that is no number was read")
		}
		if _, err := h.pinned(pinnedTerm(pinnedItem(item, 1), 9)); err == nil {
			t.Error("a term that the item does not have was read")
		}
	})
}

// newTerms gives an item a next version whose last term promises n days; 0 gives it its
// first version again.
func (h *caseHouse) newTerms(t testing.TB, item store.ID, n int) {
	t.Helper()
	ctx := context.Background()
	err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if n == 0 {
			_, err := tx.Exec(ctx, `UPDATE service_item SET version = 1 WHERE id = ?`, item)
			return err
		}
		raw, err := store.Get[string](ctx, tx, `SELECT elements FROM service_item_version WHERE item = ? AND version = 1`, item)
		if err != nil {
			return err
		}
		e := &ItemElements{}
		if err := json.Unmarshal([]byte(raw), e); err != nil {
			return err
		}
		e.Handling.Terms[len(e.Handling.Terms)-1].Promised.N = n
		out, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO service_item_version (item, version, hash, elements, at, by, origin) SELECT item, 2, 'x', ?, at, by, origin FROM service_item_version WHERE version = 1 AND item = ?`, string(out), item); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE service_item SET version = 2 WHERE id = ?`, item)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

const termHandling = `
subject: person
situation:
  name: situation
  schema:
    type: object
    required: [kind]
    properties:
      kind: {type: string, title: 种类, enum: [a, b], x-enum: {a: {zh: 甲}, b: {zh: 乙}}}
      big: {type: boolean, title: 大型}
      size: {type: integer, title: 面积, minimum: 1, maximum: 10}
  pages: [{name: p, title: {zh: 页}, fields: [kind, big, size]}]
form:
  schema: {type: object, properties: {name: {type: string, title: 姓名}}}
  pages: [{name: p, title: {zh: 页}, fields: [name]}]
`

// The lint walks the situations: where none matches, and what never does.
func TestLintSeesSituationsThatNoTermMatches(t *testing.T) {
	for terms, want := range map[string]string{
		`[{when: situation.big, say: {zh: 大}, promised: {n: 9, unit: working}}, {say: {zh: 其他}, free: true}]`:                                                                                    "",
		`[{when: 'situation.kind == "a"', say: {zh: 甲}, promised: {n: 9, unit: working}}, {when: 'situation.kind == "b" && situation.size > 3', say: {zh: 乙}, promised: {n: 5, unit: working}}]`: "种类=b",
		`[{when: 'situation.size >= 1 || situation.size < 1', say: {zh: 全}, promised: {n: 9, unit: working}}, {when: situation.big, say: {zh: 轮不到}, promised: {n: 5, unit: working}}]`:           "轮不到",
		`[{when: situation.size > 10, say: {zh: 超出上限}, promised: {n: 9, unit: working}}, {say: {zh: 其他}, promised: {n: 5, unit: working}}]`:                                                      "超出上限",
	} {
		h := &Handling{}
		if err := yaml.UnmarshalWithOptions([]byte(termHandling+"terms: "+terms), h, yaml.Strict()); err != nil {
			t.Fatalf("%s: %v", terms, err)
		}
		flaws, _ := (&lint{Weights: map[string]int{"term_gap": 3, "term_never": 5}, Sentence: 60}).check(ItemElements{Handling: h})
		var got []string
		for _, f := range flaws {
			got = append(got, f.Detail)
		}
		if said := strings.Join(got, ";"); want == "" && said != "" || !strings.HasPrefix(said, want) {
			t.Errorf("%s: %q, want %q", terms, said, want)
		}
	}
}

func TestTermsThatAreRefused(t *testing.T) {
	for terms, want := range map[string]string{
		`[{say: {zh: 其他}, free: true}, {when: situation.big, say: {zh: 大}, free: true}]`:                       "only the last",
		`[{when: 'form.name == ""', say: {zh: 大}, free: true}]`:                                                "terms[0].when",
		`[{when: situation.big, free: true}]`:                                                                  "say.zh",
		`[{when: situation.big, say: {zh: 大}}]`:                                                                "says nothing",
		`[{when: situation.big, say: {zh: 大}, promised: {n: 9, unit: working}, legal: {n: 8, unit: working}}]`: "more days than the law",
		`[{when: situation.big, say: {zh: 大}, promised: {n: 9, unit: weeks}}]`:                                 "terms[0].promised",
		`[{when: situation.big, say: {zh: 大}, free: true, fee: {amount: 1, name: {zh: 费}, basis: 法}}]`:         "is free",
		`[{when: situation.big, say: {zh: 大}, fee: {amount: 1, name: {zh: 费}}}]`:                               "terms[0].fee",
		`[{when: situation.huge, say: {zh: 大}, free: true}]`:                                                   "terms[0].when",
	} {
		err := yaml.UnmarshalWithOptions([]byte(termHandling+"terms: "+terms), &Handling{}, yaml.Strict())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", terms, err, want)
		}
	}
}

// termed is a handling with one term.
func termed(t testing.TB, when string) *Handling {
	t.Helper()
	h := &Handling{}
	if err := yaml.Unmarshal([]byte(termHandling+"acceptance: [{id: a, say: {zh: 项}}]\nterms: [{when: "+when+", say: {zh: 大}, free: true}]"), h); err != nil {
		t.Fatal(err)
	}
	return h
}

// Of any terms and any situation, time and fee are those of the first term that holds, and
// what it does not say is the item's; no situation takes longer than the longest that is
// told before one is known; where the lint finds nothing, nothing is promised beyond what
// the law allows.
func TestTheFirstTermThatHolds(t *testing.T) {
	type guard struct {
		text  string
		holds func(kind string, big bool, size int) bool
	}
	guards := []guard{
		{"situation.big", func(_ string, big bool, _ int) bool { return big }}, {"!situation.big", func(_ string, big bool, _ int) bool { return !big }},
		{`situation.kind == "a"`, func(kind string, _ bool, _ int) bool { return kind == "a" }}, {"situation.size > 5", func(_ string, _ bool, size int) bool { return size > 5 }},
		{`situation.kind == "b" && situation.size <= 3`, func(kind string, _ bool, size int) bool { return kind == "b" && size <= 3 }}, {"situation.size > 99", func(string, bool, int) bool { return false }},
		{"", func(string, bool, int) bool { return true }},
	}
	rapid.Check(t, func(rt *rapid.T) {
		days := func(name string) *ItemDays {
			if rapid.Bool().Draw(rt, name+" said") {
				return &ItemDays{rapid.IntRange(0, 40).Draw(rt, name), "working"}
			}
			return nil
		}
		text := termHandling + "acceptance: [{id: a, say: {zh: 项}}]\nterms:\n"
		var terms []ItemTerm
		var held []guard
		n := rapid.IntRange(1, 5).Draw(rt, "terms")
		for i := range n {
			g := rapid.SampledFrom(guards[:len(guards)-1]).Draw(rt, "guard")
			if i == n-1 && rapid.Bool().Draw(rt, "otherwise") {
				g = guards[len(guards)-1]
			}
			x := ItemTerm{Legal: days("legal"), Promised: days("promised")}
			switch rapid.IntRange(0, 2).Draw(rt, "fee") {
			case 0:
				x.Free = true
			case 1:
				x.Fee = &ItemFee{Amount: int64(rapid.IntRange(1, 9000).Draw(rt, "fen"))}
			}
			if x.Legal == nil && x.Promised == nil && !x.Free && x.Fee == nil {
				x.Free = true
			}
			if x.Legal != nil && x.Promised != nil && x.Promised.N > x.Legal.N {
				x.Promised.N = x.Legal.N
			}
			line := "  - {say: {zh: 情形}"
			if g.text != "" {
				line += ", when: '" + g.text + "'"
			}
			for name, d := range map[string]*ItemDays{"legal": x.Legal, "promised": x.Promised} {
				if d != nil {
					line += fmt.Sprintf(", %s: {n: %d, unit: working}", name, d.N)
				}
			}
			if x.Free {
				line += ", free: true"
			}
			if x.Fee != nil {
				line += fmt.Sprintf(", fee: {amount: %d, name: {zh: 费}, basis: 法}", x.Fee.Amount)
			}
			text += line + "}\n"
			terms, held = append(terms, x), append(held, g)
		}
		h := &Handling{}
		if err := yaml.UnmarshalWithOptions([]byte(text), h, yaml.Strict()); err != nil {
			rt.Fatalf("%s\n%v", text, err)
		}
		h.Fee = &ItemFee{Amount: 77}
		e := &ItemElements{Legal: &ItemDays{rapid.IntRange(0, 40).Draw(rt, "the item's legal"), "working"}, Handling: h}
		e.Promised = &ItemDays{rapid.IntRange(0, e.Legal.N).Draw(rt, "the item's promise"), "working"}
		flaws, _ := (&lint{Weights: map[string]int{"promise_over_legal": 5}, Sentence: 60}).check(*e)
		legal, promised := e.longest()
		over := false
		for _, kind := range []string{"a", "b"} {
			for _, big := range []bool{false, true} {
				for size := 1; size <= 10; size++ {
					want := 0
					for i := len(held) - 1; i >= 0; i-- {
						if held[i].holds(kind, big, size) {
							want = i + 1
						}
					}
					of, got, err := e.inSituation(map[string]any{"kind": kind, "big": big, "size": float64(size)}, "2026-11-27")
					if err != nil || got != want {
						rt.Fatalf("%s %v %d: term %d, want %d (%v)\n%s", kind, big, size, got, want, err, text)
					}
					expect := ItemTerm{Legal: e.Legal, Promised: e.Promised, Fee: h.Fee}
					if want > 0 {
						x := terms[want-1]
						if x.Legal != nil {
							expect.Legal = x.Legal
						}
						if x.Promised != nil {
							expect.Promised = x.Promised
						}
						if x.Fee != nil || x.Free {
							expect.Fee = x.Fee
						}
					}
					fee := func(f *ItemFee) int64 {
						if f == nil {
							return 0
						}
						return f.Amount
					}
					if *of.Legal != *expect.Legal || *of.Promised != *expect.Promised || fee(of.Handling.Fee) != fee(expect.Fee) {
						rt.Fatalf("%s %v %d: %v %v %d, want %v %v %d\n%s", kind, big, size, of.Legal, of.Promised, fee(of.Handling.Fee), expect.Legal, expect.Promised, fee(expect.Fee), text)
					}
					if of.Legal.N > legal.N || of.Promised.N > promised.N {
						rt.Fatalf("%v %v is longer than the longest %v %v\n%s", of.Legal, of.Promised, legal, promised, text)
					}
					over = over || of.Promised.N > of.Legal.N
				}
			}
		}
		if over && len(flaws) == 0 {
			rt.Fatalf("more is promised than the law allows and nothing is said\n%s, item %v %v", text, e.Legal, e.Promised)
		}
	})
}

// A member of a life event keeps the time and the fee of the situation that the one form
// says, split for it.
func TestTheTermOfAMember(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		h.jointStaff(t)
		me := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		for area, want := range map[float64]struct {
			due string
			fen int64
		}{1200: {"15", 16000}, 80: {"10", 8000}} {
			h.at(t, "2026-10-14 10:00")
			sent := h.openTheme(t, me, "restaurant", map[string]any{"kind": "have", "food_licence_s_kind": "restaurant", "food_licence_s_area": area, "enterprise_uscc": h.foodValues()["uscc"], "food_licence_staff": []any{map[string]any{"name": "张厨", "health": true}}})
			d, parts := h.joint(t, h.staff["accept"], sent.Joint)
			m, ok := parts["food-licence"]
			if !ok || m.Case == 0 {
				t.Fatalf("%s: %+v", states(parts), d.Allowed)
			}
			pinned, err := store.Get[string](t.Context(), h.Store, `SELECT item FROM matter WHERE id = ?`, int64(m.Case))
			if err != nil {
				t.Fatal(err)
			}
			e, err := h.pinned(pinned)
			if err != nil || fmt.Sprint(e.Promised.N) != want.due || e.Handling.Fee == nil || e.Handling.Fee.Amount != want.fen {
				t.Errorf("%v m²: %s: %+v %+v (%v)", area, pinned, e.Promised, e.Handling.Fee, err)
			}
		}
	})
}
