package services

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/event"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// keep judges and keeps an application as application.go does.
func (h decisionHouse) keep(t testing.TB, ask InstantAsk, object string) (store.ID, InstantVerdict) {
	t.Helper()
	v, err := h.InstantApproval(context.Background(), ask)
	if err != nil {
		t.Fatal(err)
	}
	var id store.ID
	if err := h.Store.Write(store.Long(context.Background()), func(ctx context.Context, tx *store.Tx) error {
		person, err := h.Vault.NewPerson(ctx, tx, vault.Identity{vault.Name: ask.Subject["name"], vault.IDNumber: ask.Subject["id_no"]})
		if err != nil {
			return err
		}
		id, err = h.KeepVerdict(ctx, tx, v, rule.About{Person: person, Object: object})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return id, v
}

func (h decisionHouse) subjects(t testing.TB, subject string) (keys []string) {
	t.Helper()
	after := event.Event{}
	for {
		events, err := h.Bus.After(context.Background(), after, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return keys
		}
		for _, e := range events {
			if e.Subject == subject {
				keys = append(keys, e.Key)
			}
		}
		after = events[len(events)-1]
	}
}

// The night finds a fact that has become another, once, and nothing where a source is
// silent; an erased person's approval is looked at no more.
func TestReverify(t *testing.T) {
	onBothHouses(t, func(t *testing.T, h decisionHouse) {
		ctx := context.Background()
		a, b := h.elder(t, 0), h.elder(t, 1)
		first, _ := h.keep(t, a, "application/1")
		second, _ := h.keep(t, b, "application/2")
		look := func() Reverified {
			t.Helper()
			got, err := h.Reverify(ctx, h.Store.Now())
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := look(); got.Approvals != 2 || got.Facts != 4 || got.Changed != 0 || got.Silent != 0 {
			t.Errorf("nothing has changed: %+v", got)
		}
		h.sim.Tell("医保信息", "", "", adapter.FactDown)
		if got := look(); got.Silent != 2 || got.Changed != 0 {
			t.Errorf("a silent source: %+v", got)
		}
		h.sim.Forget()
		h.sim.Tell("", "person.alive", a.Subject["id_no"], adapter.FactConflict) // both registers say so
		h.ahead.Add(int64(time.Minute))
		if got := look(); got.Changed != 1 {
			t.Errorf("one has died: %+v", got)
		}
		look()
		if keys := h.subjects(t, "decision.fact_changed"); !slices.Equal(keys, []string{first.String()}) {
			t.Errorf("told of %v", keys)
		}
		f, err := h.DecisionFiguresOf(ctx, "elder-allowance", rule.DateOf(h.Store.Now(), h.Zone()), rule.DateOf(h.Store.Now(), h.Zone()))
		if err != nil || f.Watched.Live != 2 || f.Watched.Changed != 1 {
			t.Errorf("%+v %v", f.Watched, err)
		}
		row, err := h.Kept.One(ctx, h.Store, second)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return h.Vault.Erase(ctx, tx, row.Person, vault.Access{Reason: "本人要求"})
		}); err != nil {
			t.Fatal(err)
		}
		if got := look(); got.Erased != 1 {
			t.Errorf("erased: %+v", got)
		}
		if got := look(); got.Approvals != 1 {
			t.Errorf("an erased one is looked at: %+v", got)
		}
	})
}

// A figure counts real applications alone; what a human touched is not automatic; small
// groups are hidden, and one that the others would tell with them.
func TestDecisionFigures(t *testing.T) {
	onBothHouses(t, func(t *testing.T, h decisionHouse) {
		ctx := context.Background()
		var ids []store.ID
		for i := range 3 {
			id, _ := h.keep(t, h.elder(t, i), fmt.Sprint("application/", i))
			ids = append(ids, id)
		}
		ask := h.elder(t, 3)
		ask.Form = map[string]any{"name": "另一人"}
		h.keep(t, ask, "application/9") // to be supplemented
		h.keep(t, h.elder(t, 4), "")    // tried: no application
		for id, human := range map[store.ID]rule.Outcome{ids[0]: rule.Human, ids[1]: rule.Approve} {
			if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return h.Compare(ctx, tx, id, human, 7) }); err != nil {
				t.Fatal(err)
			}
		}
		today := rule.DateOf(h.Store.Now(), h.Zone())
		f, err := h.DecisionFiguresOf(ctx, "elder-allowance", today, today)
		if err != nil {
			t.Fatal(err)
		}
		if f.Automatic.N != 1 || f.Automatic.Of != 4 || f.Overturned.N != 1 || f.Overturned.Of != 3 || f.Supplement.N != 1 || f.MedianMS == nil {
			t.Errorf("%+v", f)
		}
		if len(f.Reasons) != 1 || f.Reasons[0] != (DecisionReason{Check: "name", Why: "FAIL", N: 1}) {
			t.Errorf("%+v", f.Reasons)
		}
		for _, g := range append(f.Ages, f.Origins...) {
			if !g.Hidden || g.N != 0 || g.Share != nil {
				t.Errorf("a small group is told: %+v", g)
			}
		}
	})
	got := suppress(map[string][2]int{"80-89": {40, 50}, "90+": {3, 4}, "70-79": {10, 20}}, 10)
	raw, _ := json.Marshal(got)
	if string(raw) != `[{"group":"70-79","hidden":true},{"group":"80-89","n":50,"share":80},{"group":"90+","hidden":true}]` {
		t.Errorf("%s", raw)
	}
}

// The night makes decisions again; one whose record was changed is an alarm on record and
// in the publishers' inbox.
func TestReplayNightly(t *testing.T) {
	onBothHouses(t, func(t *testing.T, h decisionHouse) {
		ctx := context.Background()
		var publisher store.ID
		accounts := account.New(h.Store, h.Dir, nil)
		if err := h.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) (err error) {
			login := "publisher"
			publisher, err = accounts.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: "田野"}, "", account.Grant{Role: rule.RolePublisher, Unit: "baoan"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		id, _ := h.keep(t, h.elder(t, 0), "application/1")
		if got, err := h.ReplayNightly(ctx); err != nil || got.Tried != 1 || len(got.Wrong) > 0 {
			t.Fatalf("%+v %v", got, err)
		}
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE decision SET trace_hash = ? WHERE id = ?`, strings.Repeat("0", 64), id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got, err := h.ReplayNightly(ctx); err == nil || !slices.Equal(got.Wrong, []store.ID{id}) {
			t.Errorf("%+v %v", got, err)
		}
		var told int
		if err := h.Store.QueryRow(ctx, `SELECT count(*) FROM notice WHERE account = ? AND name = 'decision_alarm'`, publisher).Scan(&told); err != nil || told != 1 {
			t.Errorf("%d told (%v)", told, err)
		}
		if len(h.subjects(t, "decision.alarm")) != 1 {
			t.Error("no event")
		}
	})
}

// What another version would have come to, without changing anything.
func TestWhatIf(t *testing.T) {
	h := newDecisionHouse(t, filepath.Join(t.TempDir(), "s.db"))
	ctx := context.Background()
	h.keep(t, h.elder(t, 0), "application/1")
	h.keep(t, h.elder(t, 1), "application/2")
	p, _ := h.Rules.InForce("elder-allowance", rule.DateOf(h.Store.Now(), h.Zone()))
	v, _ := h.Rules.Version(ctx, h.Store, "elder-allowance", 1)
	body, _, err := h.Rules.Texts(ctx, h.Store, v)
	if err != nil {
		t.Fatal(err)
	}
	strict, err := rule.ReadPack(strings.NewReader(strings.Replace(body, `expr: "age >= params.min_age"`, `expr: "age >= 120"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	from, to := h.Store.Now().Add(-time.Hour), h.Store.Now().Add(time.Hour)
	if got, err := h.Kept.WhatIf(ctx, p, from, to, 100); err != nil || got.Tried != 2 || got.Same != 2 {
		t.Errorf("itself: %+v %v", got, err)
	}
	got, err := h.Kept.WhatIf(ctx, strict, from, to, 100)
	if err != nil || got.Changes["approve human"] != 2 || len(got.Differs) != 2 || !slices.Equal(got.Differs[0].Checks, []string{"age"}) {
		t.Errorf("%+v %v", got, err)
	}
	if changes := rule.Compare(p, strict); len(changes) != 1 || changes[0].Kind != "check" || changes[0].Key != "age" {
		t.Errorf("%+v", changes)
	}
}

// Officers see a trace without the personal facts and what was computed of them.
func TestMask(t *testing.T) {
	h := newDecisionHouse(t, filepath.Join(t.TempDir(), "s.db"))
	id, v := h.keep(t, h.elder(t, 0), "application/1")
	page, err := h.DecidedOf(context.Background(), id, true)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := json.Marshal(page)
	for _, secret := range []string{"王小兰", fmt.Sprint(v.Case.Facts["person.birth_date"][0].Value), fmt.Sprintf(`"age":%v`, v.Decision.Derived["age"])} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("the masked trace tells %s", secret)
		}
	}
	if !strings.Contains(string(raw), rule.Hidden) {
		t.Error("nothing is hidden")
	}
	open, err := h.DecidedOf(context.Background(), id, false)
	if raw, _ := json.Marshal(open); err != nil || !strings.Contains(string(raw), "王小兰") {
		t.Errorf("the person's own: %v", err)
	}
}

// Those who meet the conditions are offered them once; who answered, or wants none, is
// left alone; what is confirmed is an event that becomes an application.
func TestOffers(t *testing.T) {
	onBothHouses(t, func(t *testing.T, h decisionHouse) {
		ctx := context.Background()
		list := adapter.PersonListSimulator{Region: "440306", Size: 260}
		h.Persons = list
		who := account.NewActor(h.Dir, account.Account{ID: 5}, account.Grant{Role: rule.RolePublisher})
		scan := func() BenefitScan {
			t.Helper()
			if _, err := h.BeginScan(ctx, who, "elder-allowance", "免申即享"); err != nil {
				t.Fatal(err)
			}
			if _, err := h.BeginScan(ctx, who, "elder-allowance", "再来"); err == nil {
				t.Error("two at a time")
			}
			if err := h.RunScans(ctx); err != nil {
				t.Fatal(err)
			}
			all, err := h.Scans(ctx, "elder-allowance")
			if err != nil {
				t.Fatal(err)
			}
			return all[0]
		}
		got := scan()
		if got.Seen != 260 || got.Offered == 0 || got.Failed != "" || got.Ended.IsZero() || len(got.Reasons) == 0 || got.Reasons[0].Check != "age" {
			t.Fatalf("%+v", got)
		}
		offers, err := h.ScanOffers(ctx, got.ID, 0, 200)
		if err != nil || len(offers) != got.Offered || !slices.Equal(offers[0].Needs, []string{"application.name"}) {
			t.Fatalf("%d %+v %v", len(offers), offers[0], err)
		}
		if again := scan(); again.Offered != 0 || again.Had != got.Offered {
			t.Errorf("offered twice: %+v", again)
		}
		mine, err := h.OffersTo(ctx, offers[0].Person)
		if err != nil || len(mine) != 1 || mine[0].Keys["id_no"] == "" || mine[0].Name["zh"] == "" {
			t.Fatalf("%+v %v", mine, err)
		}
		citizen := account.NewActor(h.Dir, account.Account{ID: 9, Kind: account.Citizen, Person: offers[0].Person})
		if err := h.AnswerOffer(ctx, citizen, offers[1].ID, "confirm"); err == nil {
			t.Error("answered another's offer")
		}
		if err := h.AnswerOffer(ctx, citizen, offers[0].ID, "confirm"); err != nil {
			t.Fatal(err)
		}
		if err := h.AnswerOffer(ctx, citizen, offers[0].ID, "decline"); err == nil {
			t.Error("answered twice")
		}
		if keys := h.subjects(t, "benefit.confirmed"); !slices.Equal(keys, []string{offers[0].ID.String()}) {
			t.Errorf("%v", keys)
		}
		out := account.NewActor(h.Dir, account.Account{ID: 10, Kind: account.Citizen, Person: offers[1].Person})
		if err := h.AnswerOffer(ctx, out, offers[1].ID, "opt_out_all"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.BeginScan(ctx, who, "elder-transit-card", "另一项"); err != nil {
			t.Fatal(err)
		}
		if err := h.RunScans(ctx); err != nil {
			t.Fatal(err)
		}
		if more, _ := h.OffersTo(ctx, offers[1].Person); len(more) != 1 {
			t.Errorf("who wants none is offered %d", len(more))
		}
	})
}

func TestDecisionSettings(t *testing.T) {
	for text, want := range map[string]string{
		"modes: {x: {mode: maybe}}": "none of off", "modes: {x: {mode: canary}}": "a share is", "suppress_under: 0": "suppress_under", "surprise: 1": "surprise",
	} {
		if _, err := readDecisionSettings(fstest.MapFS{packDecisions: {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if d, err := readDecisionSettings(fstest.MapFS{}); err != nil || d.SuppressUnder != 10 || len(d.Modes) != 0 {
		t.Errorf("%+v %v", d, err)
	}
}
