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

// play is a month that can be played in a house, and played on.
func (h *caseHouse) play(t testing.TB) Simulation {
	people := map[string]account.Actor{}
	return Simulation{Seed: 3, From: time.Date(2026, 9, 1, 0, 0, 0, 0, districtZone), To: time.Date(2026, 9, 24, 12, 0, 0, 0, districtZone), PerDay: 3,
		Turn: func(to time.Time) { h.mu.Lock(); h.now = to; h.mu.Unlock() },
		Citizen: func(_ context.Context, who vault.Identity) (account.Actor, error) {
			phone := who[vault.Phone]
			if _, ok := people[phone]; !ok {
				people[phone] = h.citizen(t, who[vault.Name], phone, who[vault.IDNumber])
			}
			return people[phone], nil
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
		Actor: func(ctx context.Context, id store.ID) (account.Actor, error) {
			return h.Accounts.Actor(ctx, h.Store, id)
		},
	}
}

// A played month is of cases in every usual state, each of which its events say again,
// none beyond its time without anybody having looked; played once.
func TestADistrictIsPlayed(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.jointStaff(t)
		play := h.play(t)
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

// A play that was cut off again and again goes on to its end, with the days with which it
// began: applications of every week, cases that were open go their way, papers that
// waited or were on their way arrive.
func TestAPlayGoesOn(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.jointStaff(t)
		play := h.play(t)
		made, cut, to := 0, 0, play.To
		for {
			// It is cut off after so many turns of its clock; each time it is asked later.
			turns := 0
			short, cancel := context.WithCancel(ctx)
			turn := play.Turn
			one := play
			one.Turn = func(at time.Time) {
				if turn(at); turns > 60 {
					cancel()
				}
				turns++
			}
			if cut > 0 {
				one.From, one.To = one.From.AddDate(0, 0, 3*cut), one.To.AddDate(0, 0, 3*cut)
			}
			n, err := h.Simulate(short, one)
			cancel()
			made += n
			if err == nil {
				break
			}
			if cut++; short.Err() == nil || cut > 60 {
				t.Fatalf("cut off %d times: %v", cut, err)
			}
		}
		if cut < 3 {
			t.Errorf("it was cut off %d times only", cut)
		}
		cases, err := store.Select[struct {
			ID    store.ID
			State string
			Open  bool
			At    store.Time
		}](ctx, h.Store, `SELECT id, state, open, opened_at AS at FROM matter WHERE flow = 'case' ORDER BY id`)
		if err != nil {
			t.Fatal(err)
		}
		weeks, closed := map[int]int{}, 0
		for _, m := range cases {
			if m.At.After(to) || m.At.Before(play.From) {
				t.Errorf("%s was opened %s", m.ID, m.At)
			}
			weeks[int(m.At.Sub(play.From)/(7*24*time.Hour))]++
			if h.verify(t, m.ID); !m.Open {
				closed++
			}
		}
		if len(cases) < 30 || weeks[0] == 0 || weeks[1] == 0 || weeks[2] == 0 || closed < len(cases)/3 {
			t.Errorf("%d cases, %d made, by weeks %v, %d closed", len(cases), made, weeks, closed)
		}
		bags, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM matter WHERE flow = 'bag' AND state IN ('checked', 'differing', 'opened')`)
		if err != nil || bags == 0 {
			t.Errorf("%d bags arrived: %v", bags, err)
		}
		if n, err := h.Simulate(ctx, play); n != 0 || err != nil {
			t.Errorf("played again: %d %v", n, err)
		}
	})
}
