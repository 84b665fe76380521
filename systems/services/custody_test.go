package services

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// street is a clerk of a street's hall, who collects for others.
func (h *caseHouse) street(t testing.TB) account.Actor {
	t.Helper()
	if _, ok := h.staff["street"]; !ok {
		login := "street"
		h.staff[login] = h.account(t, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: "st-xixiang"}, "intake_clerk")
	}
	return h.staff["street"]
}

// drafted is an application for a food licence that is ready to be sent, at a counter or
// the applicant's own.
func (h *caseHouse) drafted(t testing.TB, who account.Actor) Application {
	t.Helper()
	ctx := context.Background()
	in := NewApplication{Item: h.item(t, "food-licence")}
	if who.Kind != account.Citizen {
		in.Applicant, in.Consent = map[string]string{"name": "李记", "phone": "13800138000"}, true
	}
	a, err := h.BeginApplication(ctx, who, in)
	if err != nil {
		t.Fatal(err)
	}
	sent := map[string][]string{}
	for _, m := range []string{"business_licence", "layout", "rules"} {
		sent[m] = []string{h.photo(t, who)}
	}
	if a, err = h.SaveApplication(ctx, who, a.ID, ApplicationDraft{Seq: a.Seq, Situation: map[string]any{"kind": "restaurant"}, Values: h.foodValues(), Files: sent}); err != nil {
		t.Fatal(err)
	}
	return a
}

var foodPoints = []string{"scope", "plan", "health"}

// collected is a case that the street's hall has collected, with two papers.
func (h *caseHouse) collected(t testing.TB) store.ID {
	t.Helper()
	who := h.street(t)
	a := h.drafted(t, who)
	s, err := h.Collect(context.Background(), who, a.ID, Collection{Version: a.Seq, Points: foodPoints, Pieces: []PieceSaid{{"layout", "original", 1}, {"rules", "copy", 2}}})
	if err != nil {
		t.Fatal(err)
	}
	return s.Case
}

func (h *caseHouse) bag(t testing.TB, cases ...store.ID) BagView {
	t.Helper()
	v, err := h.PackBag(context.Background(), h.street(t), "dp-shijian", cases)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (h *caseHouse) actBag(t testing.TB, who account.Actor, id store.ID, in BagAct) BagView {
	t.Helper()
	v, err := h.ActOnBag(context.Background(), who, id, in)
	if err != nil {
		t.Fatalf("%s: %v", in.Action, err)
	}
	return v
}

func pieceIDs(v BagView) (ids []store.ID) {
	for _, p := range v.Contents {
		ids = append(ids, p.ID)
	}
	return ids
}

// A bag travels: the clock of its case begins when the authority has it, not when the
// street collected it, nor when the bag was opened.
func TestBagTravels(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.at(t, "2026-09-01 09:00") // Tuesday
		street, owner := h.street(t), h.staff["accept"]
		one, two := h.collected(t), h.collected(t)
		h.wantDue(t, one, map[string]string{"transit": "2026-09-03 18:00 running"})
		if due, _ := h.due(t, one, "accept"); due != "" {
			t.Errorf("collecting began the clock of acceptance: %s", due)
		}
		if err := h.act(one, owner, "accept", "points", []any{"scope", "plan", "health"}); refusal(err) != "state" {
			t.Errorf("what is not received was accepted: %v", err)
		}
		v := h.bag(t, one, two)
		if !checkBagNumber(v.No) || checkBagNumber(v.No[:len(v.No)-1]+"?") {
			t.Errorf("bag number %s", v.No)
		}
		photo := h.photo(t, street)
		for _, wrong := range []struct {
			in   BagAct
			want string
		}{
			{BagAct{Action: "seal"}, "seals"}, {BagAct{Action: "seal", Seals: []string{"A1"}}, "seals"}, {BagAct{Action: "seal", Seals: []string{"S-0001", "S-0001"}}, "seals"},
			{BagAct{Action: "hand_over", Carrier: "nobody", Badge: "A12"}, "carrier"}, {BagAct{Action: "hand_over", Carrier: "ems", Badge: "王小明"}, "carrier"}, {BagAct{Action: "hand_over", Carrier: "ems", Badge: "A12", Seal: "intact"}, "photo"},
			{BagAct{Action: "receive", Photo: photo}, "seal"}, {BagAct{Action: "receive", Photo: "nope", Seal: "intact"}, "photo"}, {BagAct{Action: "lose"}, "note"},
		} {
			if _, err := h.ActOnBag(ctx, street, v.ID, wrong.in); err == nil || !strings.Contains(fmt.Sprint(problemFields(err)), wrong.want) {
				t.Errorf("%+v: %v", wrong.in, err)
			}
		}
		v = h.actBag(t, street, v.ID, BagAct{Action: "seal", Seals: []string{"S-0001"}})
		h.at(t, "2026-09-01 11:00")
		v = h.actBag(t, street, v.ID, BagAct{Action: "hand_over", Carrier: "exchange", Badge: "V07", Seal: "intact", Photo: photo})
		if v.Holder != "carrier:exchange#V07" || v.State != "transit" {
			t.Errorf("after the hand-over: %+v", v.BagHead)
		}
		h.at(t, "2026-09-02 10:00")
		if _, err := h.ActOnBag(ctx, street, v.ID, BagAct{Action: "receive", Seal: "intact", Photo: photo}); refusal(err) != "right" {
			t.Errorf("the sender received the bag: %v", err)
		}
		v = h.actBag(t, owner, v.ID, BagAct{Action: "receive", Seal: "intact", Photo: photo})
		for _, id := range []store.ID{one, two} {
			h.wantDue(t, id, map[string]string{"transit": "2026-09-03 18:00 met", "accept": "2026-09-09 18:00 running"})
		}
		h.at(t, "2026-09-04 10:00") // opened late: the clock stands
		v = h.actBag(t, owner, v.ID, BagAct{Action: "open", Seal: "intact"})
		found := pieceIDs(v)[1:]
		v = h.actBag(t, owner, v.ID, BagAct{Action: "check", Found: found, Extra: []ExtraSaid{{"一把钥匙 13800138000"}}})
		if v.State != "differing" || len(v.Found) != 2 || v.Found[0].Kind != "missing" || v.Found[0].Case != one || strings.Contains(v.Found[1].What, "13800138000") {
			t.Fatalf("differences: %s %+v", v.State, v.Found)
		}
		h.wantDue(t, one, map[string]string{"accept": "2026-09-09 18:00 running"})
		told, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM notice WHERE name = 'custody_missing' AND about = ?`, "matter/"+one.String())
		if err != nil || told != 1 {
			t.Errorf("the applicant was told %d times of the missing paper: %v", told, err)
		}
		if _, err := h.SettleDifference(ctx, owner, v.ID, v.Found[0].ID, "give_back", "不对"); err == nil {
			t.Error("a missing paper was given back")
		}
		if _, err := h.SettleDifference(ctx, street, v.ID, v.Found[0].ID, "found", "找到了"); err == nil {
			t.Error("the sender settled a difference")
		}
		v, err = h.SettleDifference(ctx, owner, v.ID, v.Found[0].ID, "ask", "确已遗失，请申请人补")
		if err != nil {
			t.Fatal(err)
		}
		if v, err = h.SettleDifference(ctx, owner, v.ID, v.Found[1].ID, "give_back", "退回街道"); err != nil || v.State != "checked" {
			t.Fatalf("all settled: %s %v", v.State, err)
		}
		h.do(t, one, owner, "notify", "materials", []any{"layout"}, "what", "请补交布局图")
		h.do(t, two, owner, "accept", "points", []any{"scope", "plan", "health"})
		links, broken, err := h.VerifyBag(ctx, v.No)
		if err != nil || links != 7 || len(broken) > 0 {
			t.Errorf("verify: %d %v %v", links, broken, err)
		}
		p, err := h.CasePapers(ctx, owner, one)
		if err != nil || p.Way != "collect" || p.Ground != "received" || len(p.Moves) != 6 || p.Moves[2].To != "carrier:exchange" {
			t.Errorf("where the papers are: %+v %v", p, err)
		}
		if _, err := h.CasePapers(ctx, h.staff["civil"], one); err != caseflow.ErrNotFound {
			t.Errorf("another authority reads it: %v", err)
		}
		if _, err := h.Bag(ctx, h.staff["civil"], v.ID); err == nil {
			t.Error("another authority reads the bag")
		}
		h.verify(t, one, two, v.ID)
	})
}

// problemOf is the code of an error.
func problemOf(err error) string {
	var p *httpapi.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return fmt.Sprint(err)
}

// fieldOf is the first field that an answer refuses, and why.
func fieldOf(err error) string {
	var p *httpapi.Problem
	if !errors.As(err, &p) || len(p.Errors) == 0 {
		return fmt.Sprint(err)
	}
	return strings.TrimPrefix(p.Errors[0].Location, "body.") + " " + p.Errors[0].Message
}

// A bag that does not come: what should have been received counts as received, is deemed
// accepted, and its arrival afterwards changes nothing.
func TestBagNeverComes(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		h.at(t, "2026-09-01 09:00")
		street := h.street(t)
		id := h.collected(t)
		v := h.bag(t, id)
		photo := h.photo(t, street)
		h.actBag(t, street, v.ID, BagAct{Action: "seal", Seals: []string{"S-0001"}})
		h.actBag(t, street, v.ID, BagAct{Action: "hand_over", Carrier: "ems", Badge: "E1", Seal: "intact", Photo: photo})
		h.at(t, "2026-09-02 17:00")
		h.actBag(t, street, v.ID, BagAct{Action: "lose", Note: "邮政查无此袋"})
		h.at(t, "2026-09-04 09:00")
		h.tick(t)
		h.wantDue(t, id, map[string]string{"transit": "2026-09-03 18:00 missed", "accept": "2026-09-10 18:00 running"})
		h.at(t, "2026-09-11 09:00")
		h.tick(t)
		m, err := caseflow.Get(context.Background(), h.Store, id)
		if err != nil || m.State != "examining" {
			t.Fatalf("deemed accepted: %+v %v", m, err)
		}
		clocks, err := caseflow.Clocks(context.Background(), h.Store, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range clocks {
			if c.Name == "legal" && c.Started.In(districtZone).Format("2006-01-02 15:04") != "2026-09-03 17:59" {
				t.Errorf("the legal clock counts from %s", c.Started)
			}
		}
		h.actBag(t, street, v.ID, BagAct{Action: "find", Carrier: "ems", Badge: "E2"})
		v = h.actBag(t, h.staff["accept"], v.ID, BagAct{Action: "receive", Seal: "intact", Photo: photo})
		v = h.actBag(t, h.staff["accept"], v.ID, BagAct{Action: "open", Seal: "broken", Note: "封签断裂"})
		v = h.actBag(t, h.staff["accept"], v.ID, BagAct{Action: "check", Found: pieceIDs(v)})
		if v.State != "differing" || v.Found[0].Kind != "broken_seal" {
			t.Errorf("a broken seal is no difference: %s %+v", v.State, v.Found)
		}
		h.verify(t, id, v.ID)
	})
}

// What a street may collect: an item of the citywide list, of another authority, with its
// whole checklist and papers of its own list.
func TestWhatMayBeCollected(t *testing.T) {
	h := newCaseHouse(t)
	ctx, who := context.Background(), h.street(t)
	a := h.drafted(t, who)
	for name, c := range map[string]struct {
		points []string
		pieces []PieceSaid
	}{
		"no checklist": {nil, []PieceSaid{{"layout", "copy", 1}}}, "no papers": {foodPoints, nil}, "unknown paper": {foodPoints, []PieceSaid{{"passport", "copy", 1}}},
		"fetched, not brought": {foodPoints, []PieceSaid{{"business_licence", "copy", 1}}}, "no copies": {foodPoints, []PieceSaid{{"layout", "copy", 0}}}, "twice": {foodPoints, []PieceSaid{{"layout", "copy", 1}, {"layout", "copy", 2}}}, "other form": {foodPoints, []PieceSaid{{"layout", "scan", 1}}},
	} {
		if _, err := h.Collect(ctx, who, a.ID, Collection{Version: a.Seq, Points: c.points, Pieces: c.pieces}); err == nil {
			t.Errorf("%s: collected", name)
		}
	}
	if _, err := h.Collect(ctx, h.staff["window"], a.ID, Collection{Version: a.Seq, Points: foodPoints, Pieces: []PieceSaid{{"layout", "copy", 1}}}); err == nil {
		t.Error("the comprehensive windows collect for their own house")
	}
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM service_item_flag WHERE flag = 'citywide'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Collect(ctx, who, a.ID, Collection{Version: a.Seq, Points: foodPoints, Pieces: []PieceSaid{{"layout", "copy", 1}}}); problemOf(err) != "not_citywide" {
		t.Errorf("an item that is not on the list: %v", err)
	}
}

// Every state of a bag by every action: this table is the law, the flow has to be it.
func TestBagStatesByActions(t *testing.T) {
	body, err := flows.ReadFile("flows/bag.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := caseflow.Compile(string(body))
	if err != nil {
		t.Fatal(err)
	}
	law := map[string]map[string]string{
		"":          {"pack": "packing"},
		"packing":   {"seal": "sealed", "unpack": "emptied"},
		"sealed":    {"unseal": "packing", "hand_over": "transit", "receive": "arrived", "acknowledge": "checked", "lose": "lost"},
		"transit":   {"hand_over": "transit", "receive": "arrived", "acknowledge": "checked", "lose": "lost"},
		"lost":      {"find": "transit"},
		"arrived":   {"open": "opened"},
		"opened":    {"check": "checked"}, // differing where something differs
		"differing": {"settle": "checked"},
		"checked":   {}, "emptied": {},
	}
	for state := range f.States {
		if law[state] == nil {
			t.Errorf("the table has no state %s", state)
		}
	}
	for state, row := range law {
		for name, a := range f.Actions {
			may := slices.Contains(a.From, state) || state == "" && len(a.From) == 0
			switch want, ok := row[name]; {
			case may != ok:
				t.Errorf("%s in %q: %v, want %v", name, state, may, ok)
			case ok && a.To != want:
				t.Errorf("%s in %q leads to %s, want %s", name, state, a.To, want)
			}
		}
	}
}

// Whatever is done with a bag in whatever order, by whomever: the chain has no gap and one
// holder at a time, each paper is in exactly one place, and the clock of acceptance counts
// from the receipt or from when it should have been, the earlier.
func TestCustodyHolds(t *testing.T) {
	h := newCaseHouse(t)
	ctx, street, owner := context.Background(), h.street(t), h.staff["accept"]
	photo := h.photo(t, street)
	day := 0
	rapid.Check(t, func(rt *rapid.T) {
		day++
		start := time.Date(2026, 3, 2, 9, 0, 0, 0, districtZone).AddDate(0, 0, 7*(day%20))
		h.mu.Lock()
		h.now = start
		h.mu.Unlock()
		id := h.collected(t)
		clocks, err := caseflow.Clocks(ctx, h.Store, id)
		if err != nil {
			rt.Fatal(err)
		}
		ought := oughtBy(clocks[0].Due.Time)
		v := h.bag(t, id)
		var received time.Time
		for range rapid.IntRange(1, 14).Draw(rt, "steps") {
			minutes := rapid.IntRange(0, 900).Draw(rt, "minutes") // what draws may end the run: not under a lock
			h.mu.Lock()
			h.now = h.now.Add(time.Duration(minutes) * time.Minute)
			now := h.now
			h.mu.Unlock()
			if rapid.Bool().Draw(rt, "tick") {
				h.tick(t)
			}
			in := BagAct{Action: rapid.SampledFrom([]string{"seal", "unseal", "hand_over", "hand_over", "receive", "receive", "open", "check", "lose", "find", "unpack", "add"}).Draw(rt, "action"), Seal: rapid.SampledFrom([]string{"intact", "broken"}).Draw(rt, "seal"), Photo: photo, Note: "说明一下", Seals: []string{"S-0001"}, Cases: []store.ID{id}}
			if in.Action == "hand_over" || in.Action == "find" {
				in.Carrier, in.Badge = "ems", "E1"
			}
			if rapid.Bool().Draw(rt, "late") { // it happened before it is entered
				in.At = store.At(now.Add(-time.Duration(rapid.IntRange(0, 3000).Draw(rt, "ago")) * time.Minute))
			}
			if in.Action == "check" && rapid.Bool().Draw(rt, "whole") {
				in.Found = pieceIDs(v)
			}
			who := street
			if rapid.Bool().Draw(rt, "owner") {
				who = owner
			}
			got, err := h.ActOnBag(ctx, who, v.ID, in)
			if err != nil {
				continue
			}
			if v = got; in.Action == "receive" {
				if received = now; !in.At.IsZero() {
					received = in.At.Time
				}
			}
		}
		if _, wrong, err := h.VerifyBag(ctx, v.No); err != nil || len(wrong) > 0 {
			rt.Fatalf("chain: %v %v", wrong, err)
		}
		pieces, err := store.Select[pieceRow](ctx, h.Store, `SELECT `+pieceColumns+` FROM service_piece p WHERE p.matter = ?`, int64(id))
		if err != nil {
			rt.Fatal(err)
		}
		for _, p := range pieces {
			if (p.Place == inBag || p.Place == unfound && v.State == "lost") != (p.Bag == v.ID) {
				rt.Fatalf("bag %s: a paper is at %s, in bag %d", v.State, p.Place, p.Bag)
			}
		}
		h.tick(t)
		if clocks, err = caseflow.Clocks(ctx, h.Store, id); err != nil {
			rt.Fatal(err)
		}
		var began time.Time
		for _, c := range clocks {
			if c.Name == "accept" && c.Outcome != caseflow.Void {
				began = c.Started.Time
			}
		}
		var law time.Time
		if now := h.clock(); !received.IsZero() || !now.Before(clocks[0].Due.Time) {
			law = receiptCounts(received, ought)
			if law.After(now) {
				law = time.Time{}
			}
		}
		if !began.Equal(law) {
			rt.Fatalf("the clock counts from %s, the law from %s (received %s, ought %s)", began, law, received, ought)
		}
		h.verify(t, id, v.ID)
	})
}

// A change of any link, of the list or of a paper's place is seen.
func TestTamperIsSeen(t *testing.T) {
	ctx := context.Background()
	sent := func(h *caseHouse) BagView {
		street := h.street(t)
		v := h.bag(t, h.collected(t))
		h.actBag(t, street, v.ID, BagAct{Action: "seal", Seals: []string{"S-0001"}})
		return h.actBag(t, street, v.ID, BagAct{Action: "hand_over", Carrier: "ems", Badge: "E1", Seal: "intact", Photo: h.photo(t, street)})
	}
	h := newCaseHouse(t)
	for _, change := range []string{
		`UPDATE service_custody SET to_sign = 'carrier:ems#E9' WHERE bag = ? AND seq = 3`, `UPDATE service_custody SET seal = 'broken' WHERE bag = ? AND seq = 2`, `DELETE FROM service_custody WHERE bag = ? AND seq = 3`, `DELETE FROM service_custody WHERE bag = ? AND seq = 2`,
		`UPDATE service_bag SET list = '[]' WHERE id = ?`, `UPDATE service_bag SET holder = 'unit:st-xixiang' WHERE id = ?`, `UPDATE service_piece SET place = 'owner' WHERE bag = ?`,
	} {
		v := sent(h)
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, change, v.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, wrong, err := h.VerifyBag(ctx, v.No); err != nil || len(wrong) == 0 {
			t.Errorf("%s: not seen: %v", change, err)
		}
	}
	v := sent(h)
	// Somebody who recomputes the hashes is seen by the audit log.
	chain, err := h.chain(ctx, h.Store, v.ID)
	if err != nil {
		t.Fatal(err)
	}
	last := chain[2]
	last.ToSign = "carrier:ems#E9"
	last.Hash = last.digest()
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE service_custody SET to_sign = ?, hash = ? WHERE bag = ? AND seq = 3`, last.ToSign, last.Hash, v.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE service_bag SET head = ? WHERE id = ?`, last.Hash, v.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, wrong, err := h.VerifyBag(ctx, v.No); err != nil || len(wrong) != 1 {
		t.Errorf("recomputed hashes: %v %v", wrong, err)
	}
}

// A bag that nobody receives, or opens late, is told up the ladder, each step once.
func TestCustodyAlarms(t *testing.T) {
	h := newCaseHouse(t)
	ctx, street := context.Background(), h.street(t)
	h.at(t, "2026-09-01 09:00")
	v := h.bag(t, h.collected(t))
	photo := h.photo(t, street)
	h.actBag(t, street, v.ID, BagAct{Action: "seal", Seals: []string{"S-0001"}})
	h.actBag(t, street, v.ID, BagAct{Action: "hand_over", Carrier: "ems", Badge: "E1", Seal: "intact", Photo: photo})
	told := func(desk string) int {
		t.Helper()
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			events, err := store.Select[event.Event](ctx, tx, `SELECT subject, key, body, at FROM outbox WHERE subject LIKE 'service.%' ORDER BY id`)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM notice`); err != nil {
				return err
			}
			return h.tellCases(ctx, tx, events)
		}); err != nil {
			t.Fatal(err)
		}
		n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM notice WHERE name = 'custody_late' AND desk = ? AND about = ?`, desk, "matter/"+v.ID.String())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	h.at(t, "2026-09-02 18:30") // due at the close of the next working day
	h.tick(t)
	h.tick(t)
	if a, b, c := told("intake_clerk@st-xixiang"), told("acceptor@dp-shijian"), told("inspector@dp-zhengshu"); a != 1 || b != 1 || c != 0 {
		t.Errorf("at the due: %d %d %d", a, b, c)
	}
	h.at(t, "2026-09-04 18:30")
	h.tick(t)
	if b, c, l := told("acceptor@dp-shijian"), told("inspector@dp-zhengshu"), told("leader@"+h.Dir.Tree().Root()); b != 2 || c != 2 || l != 1 {
		t.Errorf("up the ladder: %d %d %d", b, c, l)
	}
}
