package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/bench"
	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/systems/services"
)

// newBenchApply makes `shanzhi bench apply`.
func newBenchApply() *cobra.Command {
	var n, rate int
	var asJSON bool
	c := &cobra.Command{
		Use:   "apply",
		Short: "Whole applications that are approved at once: sent, judged, case, licence and paper written, at a rate and as many as it can",
		Args:  cobra.NoArgs,
		RunE: withHouse(func(cmd *cobra.Command, _ []string, h *House) error {
			out, err := benchApply(cmd.Context(), h, n, rate)
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		}),
	}
	c.Flags().IntVar(&n, "n", 2000, "applications of each part")
	c.Flags().IntVar(&rate, "rate", 200, "applications a second, of the first part")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

type applyReport struct {
	Item       string         `json:"item"`
	Rate       int            `json:"rate"`
	P50        float64        `json:"p50_ms"`
	P95        float64        `json:"p95_ms"` // from sending to the case written, at the rate
	P99        float64        `json:"p99_ms"`
	Most       float64        `json:"most_per_second"`
	Drafts     float64        `json:"drafts_per_second"` // begun, filled in and saved, before
	Outcomes   map[string]int `json:"outcomes"`
	Lanes      map[string]int `json:"lanes"`
	StoreLimit float64        `json:"store_limit_per_second"` // durable writes of the store alone, on the same disk, as many at a time
	Ratio      float64        `json:"writes_to_store_limit"`  // an application sent is one write
	Cores      int            `json:"cores"`
}

// applyAtOnce is how many send at a time when as many as possible are sent.
const applyAtOnce = 32

func benchApply(ctx context.Context, h *House, n, rate int) (applyReport, error) {
	s := h.Services
	out := applyReport{Item: "elder-allowance", Rate: rate, Outcomes: map[string]int{}, Lanes: map[string]int{}, Cores: runtime.NumCPU()}
	item, err := store.Get[store.ID](ctx, h.Store, `SELECT id FROM service_item WHERE source = 'pack' AND key = ?`, out.Item)
	if err != nil {
		return out, err
	}
	// The cap of a day is of the district; here as many are approved as are sent.
	publisher := "bench-publisher"
	mode, err := s.Rules.ModeOf(ctx, h.Store, out.Item)
	if err != nil {
		return out, err
	}
	var who account.Actor
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		unit := h.Dir.Tree().Root()
		id, err := h.Accounts.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &publisher, Name: publisher, Unit: unit}, "", account.Grant{Role: rule.RolePublisher, Unit: unit})
		if err != nil {
			return err
		}
		who, err = h.Accounts.Actor(ctx, tx, id)
		return err
	}); err != nil {
		return out, err
	}
	if mode.Cap != 0 {
		mode.Cap = 0
		if err := s.Rules.SetMode(ctx, who, rule.ModeChange{Mode: mode, Reason: "measuring"}); err != nil {
			return out, err
		}
	}
	persons := adapter.PersonListSimulator{Region: "440306", Size: 20000}
	type draft struct {
		who account.Actor
		id  store.ID
		seq int
	}
	made := make([]draft, 0, 2*n)
	began := time.Now()
	offset := int(time.Now().UnixMilli() % 1e7) // another run is of others
	for i := 0; len(made) < 2*n; i++ {
		keys := persons.Person((offset + i) % persons.Size)
		if born, _ := strconv.Atoi(keys["id_no"][6:10]); born > 1943 {
			continue
		}
		phone := fmt.Sprintf("161%08d", (offset+i)%1e8)
		var who account.Actor
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			person, err := h.Vault.NewPerson(ctx, tx, vault.Identity{vault.Name: keys["name"], vault.IDNumber: keys["id_no"], vault.Phone: phone})
			if err != nil {
				return err
			}
			id, err := h.Accounts.Put(ctx, tx, account.Account{Kind: account.Citizen, Person: person}, "")
			if err != nil {
				return err
			}
			who, err = h.Accounts.Actor(ctx, tx, id)
			return err
		}); err != nil {
			return out, err
		}
		a, err := s.BeginApplication(ctx, who, services.NewApplication{Item: item})
		if err != nil {
			return out, err
		}
		if a, err = s.SaveApplication(ctx, who, a.ID, services.ApplicationDraft{Seq: a.Seq, Situation: map[string]any{"who": "self", "account_own": true},
			Values: map[string]any{"name": keys["name"], "id_no": keys["id_no"], "phone": phone, "bank": "icbc", "account": "6222021234567890123"}}); err != nil {
			return out, err
		}
		if len(a.Wrong) > 0 {
			return out, fmt.Errorf("the form is wrong: %v", a.Wrong)
		}
		made = append(made, draft{who, a.ID, a.Seq})
	}
	out.Drafts = float64(len(made)) / time.Since(began).Seconds()
	var mu sync.Mutex
	var wait sync.WaitGroup
	var took []time.Duration
	var failed error
	send := func(d draft) {
		began := time.Now()
		sent, err := s.SendApplication(ctx, d.who, d.id, d.seq, false)
		mu.Lock()
		defer mu.Unlock()
		failed = errors.Join(failed, err)
		took = append(took, time.Since(began))
		out.Outcomes[sent.Outcome]++
		out.Lanes[sent.Lane]++
	}
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for _, d := range made[:n] {
		<-tick.C
		wait.Go(func() { send(d) })
	}
	wait.Wait()
	if failed != nil {
		return out, failed
	}
	slices.Sort(took)
	ms := func(share int) float64 { return float64(took[len(took)*share/100].Microseconds()) / 1000 }
	out.P50, out.P95, out.P99 = ms(50), ms(95), ms(99)
	next := make(chan draft)
	began = time.Now()
	for range applyAtOnce {
		wait.Go(func() {
			for d := range next {
				send(d)
			}
		})
	}
	for _, d := range made[n:] {
		next <- d
	}
	close(next)
	wait.Wait()
	if failed != nil {
		return out, failed
	}
	out.Most = float64(n) / time.Since(began).Seconds()
	probe := filepath.Join(flags.data, "limit.db")
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			os.Remove(probe + suffix)
		}
	}()
	if out.StoreLimit, err = bench.StoreLimit(ctx, probe, applyAtOnce, 3*time.Second); err != nil {
		return out, err
	}
	if out.StoreLimit > 0 {
		out.Ratio = out.Most / out.StoreLimit
	}
	return out, nil
}
