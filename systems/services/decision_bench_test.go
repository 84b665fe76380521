package services

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"shanzhi/core/rule"
	"shanzhi/core/store"
)

// What it takes to keep a decision with its facts, by sixteen at a time, on each store; a
// row of a keyed table beside it, in the same run.
func BenchmarkKeepVerdict(b *testing.B) {
	for _, x := range []struct {
		name string
		open func(testing.TB) (dir, dsn string)
	}{{"sqlite", loaded.File}, {"postgres", loaded.Postgres}} {
		h := openCaseHouse(b, x.open)
		ctx := context.Background()
		ask := decisionHouse{Service: h.Service, sim: h.sim}.elder(b, 0)
		who := h.citizen(b, "王小兰", "13700137000", ask.Subject["id_no"])
		ask.Person = who.Person
		v, err := h.InstantApproval(ctx, ask)
		if err != nil || v.Lane != LaneApprove {
			b.Fatalf("%+v %v", v.Lane, err)
		}
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `CREATE TABLE bench_row (id BIGINT PRIMARY KEY, body TEXT NOT NULL)`)
			return err
		}); err != nil {
			b.Fatal(err)
		}
		var n atomic.Int64
		for what, do := range map[string]func(ctx context.Context, tx *store.Tx) error{
			"verdict": func(ctx context.Context, tx *store.Tx) error {
				_, err := h.KeepVerdict(ctx, tx, InstantVerdict{Pack: v.Pack, Version: v.Version, Mode: rule.ModeShadow, Shadow: true, Lane: LaneNone, Decision: v.Decision, Case: v.Case, pack: v.pack, keys: v.keys, person: v.person}, rule.About{Person: who.Person, Object: fmt.Sprintf("bench/%d", n.Add(1))})
				return err
			},
			"row": func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO bench_row (id, body) VALUES (?, ?)`, tx.NewID(), "x")
				return err
			},
		} {
			b.Run(x.name+"/"+what, func(b *testing.B) {
				b.SetParallelism(8) // sixteen on two cores
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := h.Store.Write(ctx, do); err != nil {
							b.Error(err)
							return
						}
					}
				})
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
			})
		}
	}
}
