package services

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// A played month is of cases in every usual state, each of which its events say again,
// none beyond its time without anybody having looked; played once.
func TestADistrictIsPlayed(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.jointStaff(t)
		play := Simulation{Seed: 3, From: time.Date(2026, 9, 1, 0, 0, 0, 0, districtZone), To: time.Date(2026, 9, 24, 12, 0, 0, 0, districtZone), PerDay: 3,
			Turn: func(to time.Time) { h.mu.Lock(); h.now = to; h.mu.Unlock() },
			Citizen: func(_ context.Context, who vault.Identity) (account.Actor, error) {
				return h.citizen(t, who[vault.Name], who[vault.Phone], who[vault.IDNumber]), nil
			},
			Staff: func(_ context.Context, role, unit string) (account.Actor, error) {
				for _, login := range slices.Sorted(maps.Keys(h.staff)) {
					if a := h.staff[login]; login != "all" && a.Has(role, unit) {
						return a, nil
					}
				}
				if role != "intake_clerk" {
					return account.Actor{}, store.ErrNotFound
				}
				login := role + "@" + unit
				h.staff[login] = h.account(t, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: unit}, role)
				return h.staff[login], nil
			},
		}
		made, err := h.Simulate(ctx, play)
		if err != nil {
			t.Fatal(err)
		}
		counts := func(query string) map[string]int {
			rows, err := store.Select[struct {
				K string
				N int
			}](ctx, h.Store, query)
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]int{}
			for _, r := range rows {
				out[r.K] = r.N
			}
			return out
		}
		states := counts(`SELECT state AS k, count(*) AS n FROM matter WHERE flow = 'case' GROUP BY state`)
		sum := 0
		for _, n := range states {
			sum += n
		}
		bags := counts(`SELECT state AS k, count(*) AS n FROM matter WHERE flow = 'bag' GROUP BY state`)
		if bags["checked"]+bags["differing"] == 0 {
			t.Errorf("bags: %v", bags)
		}
		t.Logf("%v; %d cases: %v; items %v", bags, made, states, counts(`SELECT title AS k, count(*) AS n FROM matter WHERE flow = 'case' GROUP BY title`))
		if sum != made || made < 30 || states["granted"] < made/5 || len(states) < 5 {
			t.Errorf("%d cases: %v", made, states)
		}
		if n := len(counts(`SELECT title AS k, count(*) AS n FROM matter WHERE flow = 'case' GROUP BY title`)); n < 8 {
			t.Errorf("only %d items were applied for", n)
		}
		if r := counts(`SELECT state AS k, count(*) AS n FROM service_rating GROUP BY state`); r["rated"] < states["granted"]/4 {
			t.Errorf("ratings: %v", r)
		}
		ids, err := store.Select[store.ID](ctx, h.Store, `SELECT id FROM matter WHERE flow = 'case'`)
		if err != nil {
			t.Fatal(err)
		}
		h.verify(t, ids...)
		for _, id := range ids {
			m, err := caseflow.Get(ctx, h.Store, id)
			if err != nil || m.OpenedAt.Before(play.From) || m.OpenedAt.After(play.To) {
				t.Errorf("%s was opened %s: %v", id, m.OpenedAt, err)
			}
		}
		if again, err := h.Simulate(ctx, play); err != nil || again != 0 {
			t.Errorf("played twice: %d %v", again, err)
		}
	})
}
