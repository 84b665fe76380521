package gate_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/gate"
	"shanzhi/core/store"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// A download that needs it leaves once, within a day, as it was approved, by another
// than who asked; of two fetches at once one is let out.
func TestApprovals(t *testing.T) {
	for name, dsn := range map[string]func() string{
		"sqlite": func() string { return filepath.Join(t.TempDir(), "g.db") }, "postgres": func() string { return testkit.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			var ahead atomic.Int64
			s, err := store.Open(ctx, dsn(), store.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.Migrate(ctx, audit.Room(), account.Room(), gate.Room()); err != nil {
				t.Fatal(err)
			}
			p := &gate.Approvals{Store: s}
			who, other, third := account.Actor{Account: 11, Unit: "a"}, account.Actor{Account: 12, Unit: "b"}, account.Actor{Account: 13}
			path := func(id store.ID) string { return "/api/x?request=" + id.String() }
			if _, err := p.Ask(ctx, who, "appeals", gate.CSV, "q", path, 5000, "  啊 "); !errors.Is(err, gate.ErrReason) {
				t.Errorf("without a reason: %v", err)
			}
			ask := func() store.ID {
				t.Helper()
				d, err := p.Ask(ctx, who, "appeals", gate.CSV, "q", path, 5000, "季度分析需要，联系13912345678")
				if err != nil || d.State != "asked" || d.Path != path(d.ID) || d.Reason == "季度分析需要，联系13912345678" {
					t.Fatalf("%+v (%v)", d, err)
				}
				return d.ID
			}
			id := ask()
			give := func() error { return nil }
			if err := p.Fetch(ctx, who, id, "q", give); !errors.Is(err, gate.ErrApproval) {
				t.Errorf("before it is approved: %v", err)
			}
			if _, err := p.Decide(ctx, who, id, true, "自己同意"); !errors.Is(err, gate.ErrOwn) {
				t.Errorf("one's own: %v", err)
			}
			if d, err := p.Decide(ctx, other, id, true, "同意下载"); err != nil || d.State != "approved" {
				t.Fatalf("%+v (%v)", d, err)
			}
			if _, err := p.Decide(ctx, third, id, false, "不同意了"); !errors.Is(err, gate.ErrDecided) {
				t.Errorf("twice: %v", err)
			}
			if err := p.Fetch(ctx, other, id, "q", give); !errors.Is(err, gate.ErrApproval) {
				t.Errorf("by another: %v", err)
			}
			if err := p.Fetch(ctx, who, id, "more", give); !errors.Is(err, gate.ErrOther) {
				t.Errorf("something else: %v", err)
			}
			cut := errors.New("cut off")
			if err := p.Fetch(ctx, who, id, "q", func() error { return cut }); !errors.Is(err, cut) {
				t.Errorf("cut off: %v", err)
			}
			var out atomic.Int64
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					if err := p.Fetch(ctx, who, id, "q", func() error { out.Add(1); return nil }); err != nil && !errors.Is(err, gate.ErrOver) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if out.Load() != 1 {
				t.Errorf("it left %d times", out.Load())
			}
			id = ask()
			if _, err := p.Decide(ctx, other, id, true, "同意下载"); err != nil {
				t.Fatal(err)
			}
			ahead.Store(int64(gate.FetchWithin + time.Second))
			if err := p.Fetch(ctx, who, id, "q", give); !errors.Is(err, gate.ErrOver) {
				t.Errorf("a day later: %v", err)
			}
			id = ask()
			if d, err := p.Decide(ctx, other, id, false, "范围太大"); err != nil || d.State != "refused" || d.Note != "范围太大" {
				t.Errorf("%+v (%v)", d, err)
			}
			if err := p.Fetch(ctx, who, id, "q", give); !errors.Is(err, gate.ErrOver) {
				t.Errorf("refused: %v", err)
			}
			if mine, err := p.List(ctx, who); err != nil || len(mine) != 3 {
				t.Errorf("%d of one's own (%v)", len(mine), err)
			}
			if mine, err := p.List(ctx, third); err != nil || len(mine) != 0 {
				t.Errorf("%d of others' (%v)", len(mine), err)
			}
		})
	}
}
