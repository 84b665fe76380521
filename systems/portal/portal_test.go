package portal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/districts"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type portalHouse struct {
	*Service
	ahead atomic.Int64
	dir   *account.Directory
}

func onBoth(t *testing.T, test func(t *testing.T, h *portalHouse)) {
	for name, dsn := range map[string]func() string{
		"sqlite": func() string { return filepath.Join(t.TempDir(), "p.db") }, "postgres": func() string { return testkit.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			h := &portalHouse{}
			ctx := context.Background()
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			db, err := store.Open(ctx, dsn(), store.Options{Now: func() time.Time {
				return time.Date(2026, 11, 27, 2, 0, 0, 0, time.UTC).Add(time.Duration(h.ahead.Load()))
			}})
			must(err)
			t.Cleanup(func() { db.Close() })
			must(db.Migrate(ctx, audit.Room(), event.Room(), vault.Room(), account.Room(), caseflow.Room(), pack.Room(), httpapi.Room(), Room()))
			keys, err := vault.OpenKeyring(t.TempDir(), "")
			must(err)
			v, err := vault.New(db, keys)
			must(err)
			h.dir = account.NewDirectory(db)
			h.Service = &Service{Store: db, Packs: &pack.Packs{Store: db}, Bus: event.NewBus(db, nil), Vault: v, Keys: keys, Log: slog.New(slog.DiscardHandler)}
			h.Packs.Parts = map[string]pack.Part{"portal": h.Service}
			baoan, err := fs.Sub(districts.FS, "baoan")
			must(err)
			_, err = h.Packs.Load(ctx, baoan, account.System(h.dir))
			must(err)
			must(h.Reload(ctx))
			test(t, h)
		})
	}
}

func (h *portalHouse) citizen(t testing.TB, name string) account.Actor {
	t.Helper()
	var person store.ID
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) (err error) {
		person, err = h.Vault.NewPerson(ctx, tx, vault.Identity{vault.Name: name})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return account.NewActor(h.dir, account.Account{Kind: account.Citizen, Person: person, ID: person})
}

func (h *portalHouse) one(t testing.TB, code string) ListedResource {
	t.Helper()
	list, err := h.Resources(context.Background())
	if err == nil {
		err = h.countClicks(context.Background(), list)
	}
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(r ListedResource) bool { return r.Code == code })
	if i < 0 {
		t.Fatalf("there is no %s", code)
	}
	return list[i]
}

// The seed: eight boards, 53 resources of the district and 41 of the city.
func TestTheShippedSection(t *testing.T) {
	onBoth(t, func(t *testing.T, h *portalHouse) {
		list, err := h.Resources(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		boards := map[string]bool{}
		for _, r := range list {
			count[r.Scope]++
			boards[r.Board] = true
		}
		if count["district"] != 53 || count["city"] != 41 || len(boards) != 8 {
			t.Errorf("%v in %d boards", count, len(boards))
		}
	})
}

// One hiccup hides nothing, one lucky answer shows nothing: whatever the probes say, a
// resource is hidden after three failures in a row and until two good answers in a row.
func TestHidingByProbes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, history := seen{}, []bool{}
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			ok := rapid.Bool().Draw(t, "ok")
			x, history = x.after(ok), append(history, ok)
			// The law, told from the whole history.
			hidden, failed, passed := false, 0, 0
			for _, ok := range history {
				if ok {
					passed, failed = passed+1, 0
				} else {
					failed, passed = failed+1, 0
				}
				if failed >= 3 {
					hidden = true
				} else if passed >= 2 {
					hidden = false
				}
			}
			if x.hidden != hidden {
				t.Fatalf("after %v hidden is %v, want %v", history, x.hidden, hidden)
			}
		}
	})
}

func TestProbesHideWhatDoesNotAnswer(t *testing.T) {
	var status atomic.Int64
	status.Store(200)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(status.Load())) }))
	defer site.Close()
	onBoth(t, func(t *testing.T, h *portalHouse) {
		ctx := context.Background()
		status.Store(200)
		editor := account.NewActor(h.dir, account.Account{Kind: account.Staff, ID: 7})
		if err := h.PutResource(ctx, editor, Resource{Code: "parking", Board: "home", Place: 5, Name: map[string]string{"zh": "停车"}, Owner: "区住建局", Scope: "district", URL: site.URL, Auth: "none", Audience: "all", Probe: site.URL + "/up"}, 0, "新增"); err != nil {
			t.Fatal(err)
		}
		step := func(code int, visible bool) {
			t.Helper()
			status.Store(int64(code))
			if err := h.ProbeAll(ctx); err != nil {
				t.Fatal(err)
			}
			if got := h.one(t, "parking").Visible; got != visible {
				t.Errorf("after %d it is visible %v", code, got)
			}
		}
		step(200, true)
		step(500, true)
		step(503, true)
		step(500, false)
		step(200, false)
		step(404, false)
		step(401, false) // asks to be signed in: it works
		step(200, true)
		if n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM outbox WHERE subject IN ('portal.resource_hidden', 'portal.resource_back')`); err == nil && n != 2 {
			t.Errorf("%d events tell of it", n)
		}
	})
}

// Stopping and showing: every state × action, conflict by version.
func TestResourcesAreStoppedAndShown(t *testing.T) {
	onBoth(t, func(t *testing.T, h *portalHouse) {
		ctx := context.Background()
		who := account.NewActor(h.dir, account.Account{Kind: account.Staff, ID: 7})
		r := h.one(t, "home-01")
		for i, c := range []struct {
			action string
			want   string
		}{{"start", "refused_state"}, {"stop", ""}, {"stop", "refused_state"}, {"start", ""}, {"hide", "invalid"}} {
			r = h.one(t, "home-01")
			err := h.ActOnResource(ctx, who, "home-01", r.Seq, c.action, "试")
			var p *httpapi.Problem
			errors.As(err, &p)
			if (err == nil) != (c.want == "") || p != nil && p.Code != c.want {
				t.Errorf("%d: %s: %v, want %q", i, c.action, err, c.want)
			}
			if now := h.one(t, "home-01"); now.Visible != (now.State == ResourceShown) {
				t.Errorf("%d: %s and visible %v", i, now.State, now.Visible)
			}
		}
		if err := h.ActOnResource(ctx, who, "home-01", r.Seq-1, "stop", "试"); !errors.Is(err, caseflow.ErrConflict) {
			t.Errorf("over another's change: %v", err)
		}
		// A resource is seen on its days alone.
		x := h.one(t, "home-02")
		for days, visible := range map[string]bool{"2026-11-28 ": false, " 2026-11-26": false, "2026-11-27 2026-11-27": true, " ": true} {
			x.Resource.From, x.Resource.To, _ = strings.Cut(days, " ")
			if err := h.PutResource(ctx, who, x.Resource, h.one(t, "home-02").Seq, "改期"); err != nil {
				t.Fatal(err)
			}
			if got := h.one(t, "home-02").Visible; got != visible {
				t.Errorf("%q: visible %v", days, got)
			}
		}
		// What was edited here stays when the pack is loaded again as it was.
		x.Resource.Name = map[string]string{"zh": "改过的名字"}
		if err := h.PutResource(ctx, who, x.Resource, h.one(t, "home-02").Seq, "改名"); err != nil {
			t.Fatal(err)
		}
		_, list, err := readPack(must(fs.Sub(districts.FS, "baoan")))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error { return h.landResources(ctx, tx, list) }); err != nil {
			t.Fatal(err)
		}
		if got := h.one(t, "home-02").Name["zh"]; got != "改过的名字" {
			t.Errorf("the pack took back what was edited: %s", got)
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestResourcesThatAreRefused(t *testing.T) {
	good := Resource{Code: "ok", Board: "home", Name: map[string]string{"zh": "好"}, Owner: "区", Scope: "city", URL: "https://a.cn/x", Auth: "none", Audience: "all"}
	boards := []PortalBoard{{Code: "home"}}
	if wrong := good.Check(boards); len(wrong) > 0 {
		t.Fatalf("%v", wrong)
	}
	for want, change := range map[string]func(r *Resource){
		"code:invalid":            func(r *Resource) { r.Code = "A b" },
		"board:no_such_option":    func(r *Resource) { r.Board = "none" },
		"name:required":           func(r *Resource) { r.Name = nil },
		"owner:required":          func(r *Resource) { r.Owner = " " },
		"url:not_an_address":      func(r *Resource) { r.URL = "javascript:alert(1)" },
		"probe:not_an_address":    func(r *Resource) { r.Probe = "/inside" },
		"pass:pass_needs_sign_in": func(r *Resource) { r.Pass = true },
		"scope:no_such_option":    func(r *Resource) { r.Scope = "nation" },
		"from:not_date":           func(r *Resource) { r.From = "2026-02-30" },
		"to:out_of_range":         func(r *Resource) { r.From, r.To = "2026-02-02", "2026-02-01" },
	} {
		r := good
		change(&r)
		wrong := r.Check(boards)
		if got := slices.Collect(maps.Keys(wrong)); len(got) != 1 || got[0]+":"+wrong[got[0]] != want {
			t.Errorf("want %s, got %v", want, wrong)
		}
	}
	for _, bad := range []string{"//evil.example", `/\evil.example`, "http://user@host/", "ftp://a.cn"} {
		r := good
		r.URL = bad
		if r.Check(boards)["url"] == "" {
			t.Errorf("%s is taken for an address", bad)
		}
	}
}

// Visitors are counted by their definition: distinct in the month, once a day, and months
// cannot be told to be one visitor's. A month that is over keeps its sums alone.
func TestVisitors(t *testing.T) {
	onBoth(t, func(t *testing.T, h *portalHouse) {
		ctx := context.Background()
		a := h.citizen(t, "王小兰")
		stranger := account.Actor{}
		var wait sync.WaitGroup
		for range 16 {
			wait.Add(1)
			go func() {
				defer wait.Done()
				if err := h.Visit(ctx, a, "", "home-01"); err != nil {
					t.Error(err)
				}
			}()
		}
		wait.Wait()
		for _, device := range []string{"d1", "d2", "d1", ""} {
			if err := h.Visit(ctx, stranger, device, ""); err != nil {
				t.Fatal(err)
			}
		}
		// A visit that could not be written is counted the next time.
		if err := h.Visit(ctx, stranger, "d3", "nothing"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a first visit by what is not there: %v", err)
		}
		if err := h.Visit(ctx, stranger, "d3", ""); err != nil {
			t.Fatal(err)
		}
		if err := h.Visit(ctx, stranger, "d1", "nothing"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a click on what is not there: %v", err)
		}
		h.ahead.Store(int64(24 * time.Hour))
		if err := h.Visit(ctx, a, "", ""); err != nil {
			t.Fatal(err)
		}
		st, err := h.Standing(ctx)
		if err != nil || st.Months[0].Active != 4 || st.Months[0].Days != 5 || h.one(t, "home-01").Clicks != 16 {
			t.Errorf("%+v, %d clicks, %v", st.Months, h.one(t, "home-01").Clicks, err)
		}
		h.ahead.Store(int64(5 * 24 * time.Hour)) // December
		if err := h.Visit(ctx, a, "", ""); err != nil {
			t.Fatal(err)
		}
		if n, err := h.CloseMonths(ctx); err != nil || n != 1 {
			t.Fatalf("%d months were closed: %v", n, err)
		}
		if n, err := h.CloseMonths(ctx); err != nil || n != 0 {
			t.Fatalf("closed again: %d %v", n, err)
		}
		st, err = h.Standing(ctx)
		if err != nil || len(st.Months) != 2 || fmt.Sprint(st.Months) != "[{2026-12 1 1} {2026-11 4 5}]" {
			t.Errorf("%+v %v", st.Months, err)
		}
	})
}

// A pass opens once, within a minute, to the resource that it was made for, and says no
// more than who it is there.
func TestPasses(t *testing.T) {
	onBoth(t, func(t *testing.T, h *portalHouse) {
		ctx := context.Background()
		editor := account.NewActor(h.dir, account.Account{Kind: account.Staff, ID: 7})
		make := func(code string) (secret string) {
			t.Helper()
			if err := h.PutResource(ctx, editor, Resource{Code: code, Board: "home", Name: map[string]string{"zh": code}, Owner: "区", Scope: "district", URL: "https://r.example/?a=1", Auth: "signed_in", Audience: "all", Pass: true}, 0, "新增"); err != nil {
				t.Fatal(err)
			}
			secret, err := h.NewSecret(ctx, editor, code, 1)
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		one, two := make("res-one"), make("res-two")
		who := h.citizen(t, "王小兰")
		ticket := func(code string) string {
			t.Helper()
			address, err := h.Pass(ctx, who, code)
			if err != nil {
				t.Fatal(err)
			}
			_, ticket, ok := strings.Cut(address, "https://r.example/?a=1&ticket=")
			if !ok {
				t.Fatalf("the address is %s", address)
			}
			return ticket
		}
		k := ticket("res-one")
		if _, err := h.Redeem(ctx, k, two); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another resource redeems it: %v", err)
		}
		var won atomic.Int64
		var wait sync.WaitGroup
		for range 16 {
			wait.Add(1)
			go func() {
				defer wait.Done()
				if _, err := h.Redeem(ctx, k, one); err == nil {
					won.Add(1)
				}
			}()
		}
		wait.Wait()
		if won.Load() != 1 {
			t.Errorf("the pass opened %d times", won.Load())
		}
		a, err := h.Redeem(ctx, ticket("res-one"), one)
		b, berr := h.Redeem(ctx, ticket("res-one"), one)
		c, cerr := h.Redeem(ctx, ticket("res-two"), two)
		if err := errors.Join(err, berr, cerr); err != nil || a.Subject != b.Subject || a.Subject == c.Subject || a.Name != "王**" {
			t.Errorf("%+v %+v %+v %v", a, b, c, err)
		}
		late := ticket("res-one")
		h.ahead.Store(int64(passLife + time.Second))
		if _, err := h.Redeem(ctx, late, one); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a minute later: %v", err)
		}
		if _, err := h.Pass(ctx, who, "home-01"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a pass for what takes none: %v", err)
		}
	})
}
