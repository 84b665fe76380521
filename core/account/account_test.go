package account_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const password = "blue-harbour-2026"

var hash = sync.OnceValue(func() string { return account.HashPassword(password) })

type world struct {
	*testing.T
	s   *store.Store
	as  *account.Accounts
	dir *account.Directory
	mu  sync.Mutex
	now time.Time
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func onBoth(t *testing.T, contract func(w *world)) {
	run := func(t *testing.T, dsn string) {
		w := &world{T: t, now: time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)}
		var err error
		if w.s, err = store.Open(context.Background(), dsn, store.Options{Now: w.clock}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { w.s.Close() })
		if err := w.s.Migrate(context.Background(), audit.Room(), vault.Room(), account.Room()); err != nil {
			t.Fatal(err)
		}
		keys, err := vault.OpenKeyring(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		w.dir = account.NewDirectory(w.s)
		w.as = account.New(w.s, w.dir, keys)
		contract(w)
	}
	t.Run("sqlite", func(t *testing.T) { run(t, filepath.Join(t.TempDir(), "test.db")) })
	t.Run("postgres", func(t *testing.T) { run(t, testkit.Postgres(t)) })
}

func (w *world) must(fn func(ctx context.Context, tx *store.Tx) error) {
	w.Helper()
	if err := w.s.Write(context.Background(), fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) staff(login string, grants ...account.Grant) (id store.ID) {
	w.Helper()
	w.must(func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.as.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: "st"}, hash(), grants...)
		return err
	})
	return id
}

func (w *world) signIn(login, pw, code string, want error) account.Account {
	w.Helper()
	a, err := w.as.SignInPassword(context.Background(), login, pw, code)
	if !errors.Is(err, want) || want == nil && err != nil {
		w.Errorf("%s signs in: %v, want %v", login, err, want)
	}
	if err != nil && a.ID != 0 {
		w.Errorf("a refused sign-in gives the account %d", a.ID)
	}
	return a
}

// secondFactor turns it on and gives its secret and its recovery codes.
func (w *world) secondFactor(id store.ID) (secret string, recovery []string) {
	w.Helper()
	secret, url, err := w.as.NewSecondFactor("Shanzhi", account.Account{Name: "x"})
	if err != nil || !strings.HasPrefix(url, "otpauth://totp/") {
		w.Fatal(url, err)
	}
	if recovery, err = w.as.ConfirmSecondFactor(context.Background(), id, secret, w.code(secret, 0)); err != nil {
		w.Fatal(err)
	}
	return secret, recovery
}

func (w *world) code(secret string, steps int) string {
	w.Helper()
	code, err := totp.GenerateCode(secret, w.clock().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		w.Fatal(err)
	}
	return code
}

func TestPasswordsAreArgon2id(t *testing.T) {
	if h := hash(); !strings.HasPrefix(h, "$argon2id$v=19$m=65536,t=3,p=1$") || strings.Contains(h, password) || account.HashPassword(password) == h {
		t.Errorf("a password is kept as %s", h)
	}
	onBoth(t, func(w *world) {
		w.staff("li.wei")
		w.signIn(" Li.Wei ", password, "", nil)
		w.signIn("li.wei", password+" ", "", account.ErrCredentials)
		w.signIn("li.wei", "", "", account.ErrCredentials)
		w.signIn("nobody", password, "", account.ErrCredentials)
		w.signIn("' OR 1=1 --", password, "", account.ErrCredentials)
		w.must(func(ctx context.Context, tx *store.Tx) error { // a service has no password, so none opens it
			login := "svc"
			_, err := w.as.Put(ctx, tx, account.Account{Kind: account.Service, Login: &login, Name: "svc"}, "")
			return err
		})
		w.signIn("svc", "", "", account.ErrCredentials)
	})
}

func TestFailuresLock(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.staff("li.wei")
		for range 4 {
			w.signIn("li.wei", "wrong", "", account.ErrCredentials)
		}
		w.signIn("li.wei", password, "", nil) // and the count begins anew
		for range 5 {
			w.signIn("li.wei", "wrong", "", account.ErrCredentials)
		}
		w.signIn("li.wei", password, "", account.ErrLocked)
		if err := w.as.ChangePassword(context.Background(), id, password, "another-password"); !errors.Is(err, account.ErrLocked) {
			w.Errorf("who is signed in guesses on: %v", err)
		}
		w.pass(14*time.Minute + 59*time.Second)
		w.signIn("li.wei", password, "", account.ErrLocked)
		w.pass(2 * time.Second)
		w.signIn("li.wei", password, "", nil)

		// Guesses made side by side are all counted.
		var guesses sync.WaitGroup
		for range 8 {
			guesses.Go(func() { _, _ = w.as.SignInPassword(context.Background(), "li.wei", "wrong", "") })
		}
		guesses.Wait()
		w.signIn("li.wei", password, "", account.ErrLocked)
		w.must(func(ctx context.Context, tx *store.Tx) error { return w.as.Unlock(ctx, tx, id) })
		w.signIn("li.wei", password, "", nil)
	})
}

func TestSecondFactor(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.staff("li.wei")
		secret, recovery := w.secondFactor(id)
		w.signIn("li.wei", password, "", account.ErrSecondFactor)
		w.signIn("li.wei", "wrong", w.code(secret, 1), account.ErrCredentials)
		w.signIn("li.wei", password, w.code(secret, 0), account.ErrCodeUsed) // it proved the secret
		w.pass(90 * time.Second)
		w.signIn("li.wei", password, w.code(secret, -2), account.ErrCredentials) // two steps late
		w.signIn("li.wei", password, w.code(secret, 2), account.ErrCredentials)  // two steps early
		w.signIn("li.wei", password, w.code(secret, -1), nil)
		w.signIn("li.wei", password, w.code(secret, -1), account.ErrCodeUsed)
		w.signIn("li.wei", password, w.code(secret, 1), nil)
		w.signIn("li.wei", password, w.code(secret, 0), account.ErrCodeUsed) // older than the last
		for _, bad := range []string{"abcdef", "١٢٣٤٥٦", strings.Repeat("9", 5000)} {
			w.signIn("li.wei", password, bad, account.ErrCredentials)
			w.must(func(ctx context.Context, tx *store.Tx) error { return w.as.Unlock(ctx, tx, id) })
		}

		if len(recovery) != 10 {
			w.Fatalf("recovery codes: %v", recovery)
		}
		w.signIn("li.wei", password, strings.ToUpper(recovery[0]), nil)
		w.signIn("li.wei", password, recovery[0], account.ErrCredentials)
		w.signIn("li.wei", password, strings.ReplaceAll(recovery[1], "-", ""), nil)
		if n, err := w.as.RecoveryLeft(context.Background(), id); err != nil || n != 8 {
			w.Errorf("%d left: %v", n, err)
		}
		kept, err := store.Select[string](context.Background(), w.s, `SELECT password FROM account`)
		if err != nil || strings.Contains(strings.Join(kept, ""), recovery[2]) {
			w.Errorf("kept plain (%v)", err)
		}
		if _, err := w.as.RenewRecoveryCodes(context.Background(), id); err != nil {
			w.Fatal(err)
		}
		w.signIn("li.wei", password, recovery[2], account.ErrCredentials)

		// Another's code is no code, and a short secret is none.
		other := w.staff("wang.fang")
		_, theirs := w.secondFactor(other)
		w.signIn("li.wei", password, theirs[0], account.ErrCredentials)
		if _, err := w.as.ConfirmSecondFactor(context.Background(), id, "AAAA", w.code("AAAA", 0)); !errors.Is(err, account.ErrCredentials) {
			w.Errorf("a secret of 20 bits is taken: %v", err)
		}
		w.must(func(ctx context.Context, tx *store.Tx) error { return w.as.Unlock(ctx, tx, id) })
		w.must(func(ctx context.Context, tx *store.Tx) error { return w.as.DropSecondFactor(ctx, tx, id) })
		w.signIn("li.wei", password, "", nil)
		if n, _ := w.as.RecoveryLeft(context.Background(), id); n != 0 {
			w.Errorf("%d recovery codes outlive the second factor", n)
		}
	})
}

// The same code sent by many at once is good for one.
func TestACodeIsGoodOnce(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.staff("li.wei")
		_, recovery := w.secondFactor(id)
		var mu sync.Mutex
		good := 0
		var tries sync.WaitGroup
		for range 4 {
			tries.Go(func() {
				if _, err := w.as.SignInPassword(context.Background(), "li.wei", password, recovery[0]); err == nil {
					mu.Lock()
					good++
					mu.Unlock()
				}
			})
		}
		tries.Wait()
		if good != 1 {
			w.Errorf("a recovery code was good %d times", good)
		}
	})
}

func TestProof(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.staff("li.wei")
		secret, recovery := w.secondFactor(id)
		for _, c := range []struct {
			proof string
			want  error
		}{{password, nil}, {"", account.ErrCredentials}, {"wrong", account.ErrCredentials}, {w.code(secret, 0), account.ErrCodeUsed}, {w.code(secret, 1), nil}, {recovery[0], nil}, {recovery[0], account.ErrCredentials}} {
			if err := w.as.Prove(context.Background(), id, c.proof); !errors.Is(err, c.want) || c.want == nil && err != nil {
				w.Errorf("%q: %v, want %v", c.proof, err, c.want)
			}
		}
		for range 2 {
			_ = w.as.Prove(context.Background(), id, "wrong")
		}
		if err := w.as.Prove(context.Background(), id, password); !errors.Is(err, account.ErrLocked) {
			w.Errorf("a screen left open lets one guess: %v", err)
		}
	})
}

func TestAPasswordIsChanged(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.staff("li.wei")
		token, _, err := w.as.NewSession(context.Background(), account.Account{ID: id}, "agent", "::1")
		if err != nil {
			w.Fatal(err)
		}
		for _, c := range []struct {
			old, new string
			want     error
		}{
			{"wrong", "a-good-password", account.ErrCredentials},
			{password, "九个字的密码不够长", account.ErrTooShort},
			{password, password, account.ErrSame},
			{password, "aaaaaaaaaaaaaaa", account.ErrSimple},
			{password, "my-LI.WEI-2026", account.ErrSimple},
			{password, "十个字的密码刚刚够长了吧", nil},
		} {
			if err := w.as.ChangePassword(context.Background(), id, c.old, c.new); !errors.Is(err, c.want) || c.want == nil && err != nil {
				w.Errorf("to %q: %v, want %v", c.new, err, c.want)
			}
		}
		if _, err := w.as.SessionActor(context.Background(), token); !errors.Is(err, account.ErrCredentials) {
			w.Errorf("a session outlives its password: %v", err)
		}
		w.signIn("li.wei", password, "", account.ErrCredentials)
	})
}

func TestSessionsAndKeysExpire(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		id := w.staff("li.wei", account.Grant{Role: "handler", Unit: "st"})
		tokens := make([]string, 3)
		for i := range tokens {
			tokens[i], _, _ = w.as.NewSession(ctx, account.Account{ID: id}, strings.Repeat("字", 300), "::1")
			w.pass(time.Minute)
		}
		list, err := w.as.Sessions(ctx, id, tokens[0])
		if err != nil || len(list) != 3 || !list[2].Current || list[0].Current || strings.Contains(tokens[0], list[2].ID) {
			w.Fatalf("sessions: %+v %v", list, err)
		}
		open := func(i int) bool { _, err := w.as.SessionActor(ctx, tokens[i]); return err == nil }
		if err := w.as.EndOthers(ctx, id, tokens[0], list[0].ID); err != nil || open(2) || !open(1) || !open(0) {
			w.Errorf("one was to end: %v", err)
		}
		if err := w.as.EndOthers(ctx, id, tokens[0], list[2].ID); !errors.Is(err, store.ErrNotFound) {
			w.Errorf("the own one is ended: %v", err)
		}
		if err := w.as.EndOthers(ctx, w.staff("wang.fang"), "", list[1].ID); !errors.Is(err, store.ErrNotFound) || !open(1) {
			w.Errorf("another's is ended: %v", err)
		}
		if err := w.as.EndOthers(ctx, id, tokens[0], ""); err != nil || open(1) || !open(0) {
			w.Errorf("the others were to end: %v", err)
		}
		var key string
		w.must(func(ctx context.Context, tx *store.Tx) (err error) {
			_, key, err = w.as.NewKey(ctx, tx, id, "k", []string{"appeals"}, w.clock().Add(24*time.Hour))
			return err
		})
		a, err := w.as.KeyActor(ctx, key)
		if err != nil || !a.Allows("appeals") || a.Allows("account") || a.Allows("*") || !a.Has("handler", "st") {
			w.Errorf("a key is %+v: %v", a, err)
		}
		w.pass(12 * time.Hour)
		if open(0) {
			w.Error("a session lasts longer than half a day")
		}
		w.pass(12*time.Hour + time.Second)
		if _, err := w.as.KeyActor(ctx, key); !errors.Is(err, account.ErrCredentials) {
			w.Errorf("a key outlives its day: %v", err)
		}
		w.must(func(ctx context.Context, tx *store.Tx) error { // a role that has ended is none
			_, err := tx.Exec(ctx, `UPDATE role_grant SET valid_to = ? WHERE account = ?`, store.At(w.clock()), id)
			return err
		})
		if a, err := w.as.Actor(ctx, w.s, id); err != nil || a.HasAny("handler") {
			w.Errorf("a role outlives its end: %+v %v", a.Grants, err)
		}
	})
}

func TestAccountsAreListedByState(t *testing.T) {
	onBoth(t, func(w *world) {
		ids := map[string]store.ID{}
		for _, l := range []string{"a1", "a2", "a3", "a4"} {
			ids[l] = w.staff(l, account.Grant{Role: "handler", Unit: "st"})
		}
		w.secondFactor(ids["a1"])
		for range 5 {
			w.signIn("a2", "wrong", "", account.ErrCredentials)
		}
		w.must(func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE account SET disabled = ? WHERE id = ?`, true, ids["a3"])
			return err
		})
		for state, want := range map[string][]string{"": {"a1", "a2", "a3", "a4"}, "active": {"a1", "a2", "a4"}, "locked": {"a2"}, "disabled": {"a3"}, "no_second_factor": {"a2", "a4"}, "service": nil} {
			var got []string
			for after := ""; ; { // a page of one
				list, err := w.as.List(context.Background(), []string{"st"}, "", state, after, 1)
				if err != nil {
					w.Fatal(err)
				}
				if len(list) == 0 {
					break
				}
				if len(list[0].Grants) != 1 {
					w.Errorf("%s has %v", list[0].Login, list[0].Grants)
				}
				after = list[0].Login
				got = append(got, after)
			}
			if !slices.Equal(got, want) {
				w.Errorf("%q lists %v, want %v", state, got, want)
			}
		}
		if list, err := w.as.List(context.Background(), []string{"elsewhere"}, "", "", "", 10); err != nil || len(list) > 0 {
			w.Errorf("another unit's: %v %v", list, err)
		}
		if list, err := w.as.List(context.Background(), []string{"st"}, "%_", "", "", 10); err != nil || len(list) != 4 {
			w.Errorf("signs of a pattern are left out: %d %v", len(list), err)
		}
	})
}

// A role holds at its unit and below, and nowhere else; the scope is exactly
// the units below the grants, or all for a district-wide role at the root.
func TestARoleHoldsInItsSubtree(t *testing.T) {
	s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "test.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(context.Background(), audit.Room(), account.Room()); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 25).Draw(t, "units")
		units := make([]account.Unit, n)
		parent := make([]int, n)
		name := func(i int) string { return "u" + string(rune('a'+i)) }
		for i := range units {
			units[i] = account.Unit{Code: name(i), Name: name(i), Kind: account.Department}
			if i == 0 {
				units[i].Kind = account.District
				continue
			}
			parent[i] = rapid.IntRange(0, i-1).Draw(t, "parent")
			units[i].Parent = name(parent[i])
		}
		dir := account.NewDirectory(s)
		if err := s.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `DELETE FROM org_unit`); err != nil {
				return err
			}
			for _, u := range units {
				if _, err := account.PutUnit(ctx, tx, u); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := dir.Reload(context.Background()); err != nil {
			t.Fatal(err)
		}
		below := func(i, top int) bool { // by walking up, as one would by hand
			for ; i != top; i = parent[i] {
				if i == 0 {
					return false
				}
			}
			return true
		}
		roles := []string{"handler", "admin", "citizen"}
		type grant struct {
			role string
			unit int
		}
		var held []grant
		var grants []account.Grant
		for range rapid.IntRange(0, 4).Draw(t, "grants") {
			g := grant{rapid.SampledFrom(roles).Draw(t, "role"), rapid.IntRange(0, n-1).Draw(t, "unit")}
			held = append(held, g)
			grants = append(grants, account.Grant{Role: g.role, Unit: name(g.unit)})
		}
		a := account.NewActor(dir, account.Account{ID: 1, Kind: account.Staff}, grants...)
		scope := a.Scope()
		all := slices.Contains(held, grant{"admin", 0})
		if scope.All != all {
			t.Fatalf("%v sees all: %v", held, scope.All)
		}
		for i := range units {
			for _, role := range roles {
				want := slices.ContainsFunc(held, func(g grant) bool { return g.role == role && below(i, g.unit) })
				if got := a.Has(role, name(i)); got != want {
					t.Fatalf("%v is %s at %s: %v, want %v", held, role, name(i), got, want)
				}
			}
			want := slices.ContainsFunc(held, func(g grant) bool { return g.role != "citizen" && below(i, g.unit) })
			if got := slices.Contains(scope.Units, name(i)); !all && got != want {
				t.Fatalf("%v sees %s: %v, want %v", held, name(i), got, want)
			}
		}
		if a.Has("admin", "nowhere") || a.Has("admin", "") {
			t.Fatal("a role holds where there is no unit")
		}
	})
}

func TestCodesToPhones(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		keys, err := vault.OpenKeyring(w.TempDir(), "")
		if err != nil {
			w.Fatal(err)
		}
		v, err := vault.New(w.s, keys)
		if err != nil {
			w.Fatal(err)
		}
		const phone = "16012345678"
		code, err := w.as.NewCode(ctx, phone)
		if err != nil || len(code) != 6 {
			w.Fatal(code, err)
		}
		if _, err := w.as.NewCode(ctx, phone); !errors.Is(err, account.ErrTooSoon) {
			w.Errorf("a second code at once: %v", err)
		}
		if _, err := w.as.SignInCode(ctx, v, "16000000001", code); !errors.Is(err, account.ErrCredentials) {
			w.Errorf("another phone's code: %v", err)
		}
		a, err := w.as.SignInCode(ctx, v, phone, code)
		if err != nil || a.Name != "160****5678" || a.Kind != account.Citizen {
			w.Errorf("signed in: %+v %v", a, err)
		}
		if _, err := w.as.SignInCode(ctx, v, phone, code); !errors.Is(err, account.ErrCredentials) {
			w.Errorf("a code is good twice: %v", err)
		}
		w.pass(2 * time.Minute)
		code, _ = w.as.NewCode(ctx, phone)
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		for range 5 {
			_, _ = w.as.SignInCode(ctx, v, phone, wrong)
		}
		if _, err := w.as.SignInCode(ctx, v, phone, code); !errors.Is(err, account.ErrCredentials) {
			w.Errorf("guessed at: %v", err)
		}
		w.pass(2 * time.Minute)
		code, _ = w.as.NewCode(ctx, phone)
		w.pass(5*time.Minute + time.Second)
		if _, err := w.as.SignInCode(ctx, v, phone, code); !errors.Is(err, account.ErrCredentials) {
			w.Errorf("an old code is good: %v", err)
		}
		w.pass(2 * time.Minute)
		code, _ = w.as.NewCode(ctx, phone)
		if again, err := w.as.SignInCode(ctx, v, phone, code); err != nil || again.ID != a.ID {
			w.Errorf("the same person is another account: %v %v", again.ID, err)
		}
	})
}
