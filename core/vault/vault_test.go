package vault_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type world struct {
	*testing.T
	s    *store.Store
	v    *vault.Vault
	keys *vault.Keyring
	dir  string
}

// onBoth runs a contract on both stores, with both suites of algorithms.
func onBoth(t *testing.T, contract func(w *world)) {
	run := func(dsn string, suite vault.Suite) func(t *testing.T) {
		return func(t *testing.T) {
			s, err := store.Open(context.Background(), dsn, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			if err := s.Migrate(context.Background(), audit.Room(), vault.Room()); err != nil {
				t.Fatal(err)
			}
			w := &world{T: t, s: s, dir: t.TempDir()}
			if w.keys, err = vault.OpenKeyring(w.dir, suite); err != nil {
				t.Fatal(err)
			}
			w.reopen()
			contract(w)
		}
	}
	t.Run("sqlite", run(filepath.Join(t.TempDir(), "test.db"), vault.International))
	t.Run("postgres", func(t *testing.T) { run(testkit.Postgres(t), vault.SM)(t) })
}

// reopen is a vault that remembers no key of a person.
func (w *world) reopen() {
	w.Helper()
	v, err := vault.New(w.s, w.keys)
	if err != nil {
		w.Fatal(err)
	}
	w.v = v
}

func (w *world) write(fn func(ctx context.Context, tx *store.Tx) error) error {
	return w.s.Write(context.Background(), fn)
}

func (w *world) must(fn func(ctx context.Context, tx *store.Tx) error) {
	w.Helper()
	if err := w.write(fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) person(who vault.Identity) (id store.ID) {
	w.Helper()
	w.must(func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.v.NewPerson(ctx, tx, who)
		return err
	})
	return id
}

func (w *world) find(kind vault.Kind, value string) []store.ID {
	w.Helper()
	ids, err := w.v.Find(context.Background(), w.s, kind, value)
	if err != nil {
		w.Fatal(err)
	}
	return ids
}

func (w *world) count(query string, args ...any) (n int) {
	w.Helper()
	if err := w.s.QueryRow(context.Background(), query, args...).Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

// everything is all that the tables of the vault hold, as bytes.
func (w *world) everything() []byte {
	w.Helper()
	var out bytes.Buffer
	for _, q := range []string{`SELECT sealed FROM vault_field`, `SELECT sealed FROM vault_text`, `SELECT digest FROM vault_lookup`, `SELECT wrapped_key FROM vault_person WHERE wrapped_key IS NOT NULL`} {
		rows, err := store.Select[[]byte](context.Background(), w.s, q)
		if err != nil {
			w.Fatal(err)
		}
		for _, r := range rows {
			out.Write(r)
		}
	}
	texts, err := store.Select[string](context.Background(), w.s, `SELECT masked_name || masked_phone FROM vault_person`)
	if err != nil {
		w.Fatal(err)
	}
	out.WriteString(strings.Join(texts, ""))
	return out.Bytes()
}

var zhang = vault.Identity{vault.Name: "张三丰", vault.Phone: "+86 160-1234-5678", vault.IDNumber: "11010519491231002x", vault.Address: "西乡街道流塘路 58 号"}

func TestAPersonIsFoundByKeyedHashOnly(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.person(zhang)
		other := w.person(vault.Identity{vault.Name: "张三丰", vault.Phone: "16000000001"})
		for _, c := range []struct {
			kind  vault.Kind
			value string
			want  []store.ID
		}{
			{vault.Phone, "16012345678", []store.ID{id}},
			{vault.Phone, "0086 160 1234 5678", []store.ID{id}},
			{vault.IDNumber, "11010519491231002X", []store.ID{id}},
			{vault.Name, " 张三丰 ", []store.ID{id, other}},
			{vault.Phone, "1601234567", nil},                // a part finds nothing
			{vault.Name, "张三", nil},                         // nor a beginning
			{vault.Phone, "", nil},                          // nor nothing
			{vault.Address, "西乡街道流塘路 58 号", nil},            // an address is not looked up by
			{vault.Name, "16012345678", nil},                // a phone is no name
			{vault.Phone, "' OR 1=1 --", nil},               // nor a trick
			{vault.Email, "zhang@example.org", nil},         // nor what is not known
			{vault.Kind("text"), "西乡街道流塘路 58 号", nil},       // nor an unknown kind
			{vault.IDNumber, "110105194912310020", nil},     // nor a near number
			{vault.Phone, strings.Repeat("1", 10_000), nil}, // nor a long one
		} {
			if got := w.find(c.kind, c.value); !slices.Equal(got, c.want) {
				w.Errorf("%s %.30q finds %v, want %v", c.kind, c.value, got, c.want)
			}
		}
		held := w.everything()
		for _, plain := range []string{"张三丰", "12345678", "1101051949", "流塘路"} {
			if bytes.Contains(held, []byte(plain)) {
				w.Errorf("%q stands in the records", plain)
			}
		}
		// The hash is keyed: other keys find nothing.
		keys, err := vault.OpenKeyring(w.TempDir(), "")
		if err != nil {
			w.Fatal(err)
		}
		stranger, err := vault.New(w.s, keys)
		if err != nil {
			w.Fatal(err)
		}
		if ids, err := stranger.Find(context.Background(), w.s, vault.Phone, "16012345678"); err != nil || len(ids) > 0 {
			w.Errorf("without the key %v is found (%v)", ids, err)
		}
		if _, err := stranger.Own(context.Background(), w.s, id); err == nil {
			w.Error("without the master key a person is read")
		}
	})
}

func TestAnOriginalNeedsAReasonAndIsLogged(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.person(zhang)
		by := vault.Access{Actor: 7, Unit: "st-xixiang", Object: "matter/9"}
		var text store.ID
		w.must(func(ctx context.Context, tx *store.Tx) (err error) {
			text, err = w.v.PutText(ctx, tx, id, "matter/9", "我是张三丰，住流塘路")
			return err
		})
		for _, reason := range []string{"", "  \n"} {
			by.Reason = reason
			if err := w.write(func(ctx context.Context, tx *store.Tx) error {
				_, err := w.v.Reveal(ctx, tx, id, by)
				return err
			}); !errors.Is(err, vault.ErrNoReason) {
				w.Errorf("for the reason %q: %v", reason, err)
			}
			if err := w.write(func(ctx context.Context, tx *store.Tx) error {
				_, err := w.v.RevealText(ctx, tx, text, by)
				return err
			}); !errors.Is(err, vault.ErrNoReason) {
				w.Errorf("the text for the reason %q: %v", reason, err)
			}
		}
		if n := w.count(`SELECT count(*) FROM vault_reveal`); n != 0 {
			w.Errorf("%d looks are logged that did not happen", n)
		}
		by.Reason = "核实地址"
		w.must(func(ctx context.Context, tx *store.Tx) error {
			who, err := w.v.Reveal(ctx, tx, id, by, vault.Phone)
			if err == nil && who[vault.Address] != zhang[vault.Address] {
				w.Errorf("revealed: %v", who)
			}
			return err
		})
		w.must(func(ctx context.Context, tx *store.Tx) error {
			said, err := w.v.RevealText(ctx, tx, text, by)
			if said != "我是张三丰，住流塘路" {
				w.Errorf("revealed: %q", said)
			}
			return err
		})
		// A look that was not committed was not one.
		failed := errors.New("afterwards")
		_ = w.write(func(ctx context.Context, tx *store.Tx) error {
			_, _ = w.v.Reveal(ctx, tx, id, by)
			return failed
		})
		looks, err := w.v.Looks(context.Background(), id)
		if err != nil || len(looks) != 2 || looks[0].What != "text" || looks[1].What != "phone" || looks[0].Reason != "核实地址" || looks[0].Unit != "st-xixiang" || looks[0].Object != "matter/9" {
			w.Errorf("the person sees %+v (%v)", looks, err)
		}
		if n := w.count(`SELECT count(*) FROM audit WHERE action = 'vault.reveal' AND reason = '核实地址'`); n != 2 {
			w.Errorf("%d looks stand in the audit log, want 2", n)
		}
	})
}

func TestErasingLeavesTheCounts(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.person(zhang)
		var text store.ID
		w.must(func(ctx context.Context, tx *store.Tx) (err error) {
			text, err = w.v.PutText(ctx, tx, id, "matter/9", "原话")
			return err
		})
		sealed, err := store.Get[[]byte](context.Background(), w.s, `SELECT sealed FROM vault_text WHERE id = ?`, text)
		if err != nil {
			w.Fatal(err)
		}
		if err := w.write(func(ctx context.Context, tx *store.Tx) error { return w.v.Erase(ctx, tx, id, vault.Access{}) }); !errors.Is(err, vault.ErrNoReason) {
			w.Errorf("erased for no reason: %v", err)
		}
		w.must(func(ctx context.Context, tx *store.Tx) error {
			return w.v.Erase(ctx, tx, id, vault.Access{Actor: 7, Reason: "本人申请"})
		})
		for _, again := range []bool{false, true} { // the key is forgotten here, and is nowhere
			if again {
				w.reopen()
			}
			if _, err := w.v.Own(context.Background(), w.s, id); !errors.Is(err, vault.ErrErased) {
				w.Errorf("an erased person is read: %v", err)
			}
			if _, err := w.v.OwnText(context.Background(), w.s, text); !errors.Is(err, vault.ErrErased) {
				w.Errorf("an erased person's words are read: %v", err)
			}
		}
		if err := w.write(func(ctx context.Context, tx *store.Tx) error {
			return w.v.Update(ctx, tx, id, vault.Identity{vault.Phone: "16000000009"})
		}); !errors.Is(err, vault.ErrErased) {
			w.Errorf("an erased person is changed: %v", err)
		}
		if got := w.find(vault.Phone, "16012345678"); len(got) > 0 {
			w.Errorf("an erased person is found: %v", got)
		}
		if w.count(`SELECT count(*) FROM vault_person`) != 1 || w.count(`SELECT count(*) FROM vault_text`) != 1 {
			w.Error("the counts have changed")
		}
		m, err := w.v.Masked(context.Background(), w.s, id)
		if err != nil || m.Name != "" || m.Phone != "" || m.Erased.IsZero() {
			w.Errorf("of an erased person is shown %+v (%v)", m, err)
		}
		if bytes.Contains(sealed, []byte("原话")) {
			w.Error("the words stand in the records")
		}
	})
}

func TestKeysRotate(t *testing.T) {
	onBoth(t, func(w *world) {
		old := w.person(zhang)
		before, err := filepath.Glob(filepath.Join(w.dir, "master-*.json"))
		if err != nil || len(before) != 1 {
			w.Fatalf("keys: %v %v", before, err)
		}
		if _, err := w.keys.Rotate(); err != nil {
			w.Fatal(err)
		}
		fresh := w.person(vault.Identity{vault.Name: "李四"})
		read := func(when string, ids ...store.ID) {
			w.Helper()
			w.reopen()
			for _, id := range ids {
				if who, err := w.v.Own(context.Background(), w.s, id); err != nil || who[vault.Name] == "" {
					w.Errorf("%s: person %d: %v %v", when, id, who, err)
				}
			}
		}
		read("after the rotation", old, fresh)
		if got := w.find(vault.Phone, "16012345678"); len(got) != 1 {
			w.Errorf("after the rotation %v is found", got)
		}
		if left, err := w.v.Rewrap(context.Background()); err != nil || left != 0 {
			w.Fatalf("%d left: %v", left, err)
		}
		if err := os.Remove(before[0]); err != nil {
			w.Fatal(err)
		}
		if w.keys, err = vault.OpenKeyring(w.dir, vault.International); err != nil {
			w.Fatal(err)
		}
		read("without the old key", old, fresh)
	})
}

// A sealed value is tied to where it lies: moved to another person it does not open.
func TestASealedValueCannotBeMoved(t *testing.T) {
	onBoth(t, func(w *world) {
		a, b := w.person(zhang), w.person(vault.Identity{vault.Name: "李四", vault.Phone: "16000000002"})
		w.must(func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE vault_person SET wrapped_key = (SELECT wrapped_key FROM vault_person WHERE id = ?) WHERE id = ?`, a, b); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE vault_field SET sealed = (SELECT sealed FROM vault_field WHERE person = ? AND kind = 'name') WHERE person = ? AND kind = 'phone'`, a, a)
			return err
		})
		w.reopen()
		for _, id := range []store.ID{a, b} {
			if who, err := w.v.Own(context.Background(), w.s, id); err == nil {
				w.Errorf("what was moved opens: %v", who)
			}
		}
	})
}

func TestAPersonIsUpdated(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.person(zhang)
		w.must(func(ctx context.Context, tx *store.Tx) error {
			return w.v.Update(ctx, tx, id, vault.Identity{vault.Phone: "16000000003", vault.Name: ""})
		})
		if len(w.find(vault.Phone, "16012345678")) > 0 || len(w.find(vault.Phone, "16000000003")) != 1 || len(w.find(vault.Name, "张三丰")) != 1 {
			w.Error("the old phone finds, or the new one or the name does not")
		}
		m, err := w.v.Masked(context.Background(), w.s, id)
		if err != nil || m.Name != "张**" || m.Phone != "160****0003" {
			w.Errorf("shown: %+v %v", m, err)
		}
	})
}

func TestBadKeys(t *testing.T) {
	dir := t.TempDir()
	if _, err := vault.OpenKeyring(dir, "rot13"); err == nil {
		t.Error("an unknown suite is taken")
	}
	if err := os.WriteFile(filepath.Join(dir, "master-x.json"), []byte(`{"id":"x","secret":"AAAA"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.OpenKeyring(dir, ""); err == nil || !strings.Contains(err.Error(), "master-x.json") {
		t.Errorf("a damaged key: %v", err)
	}
	keys, err := vault.OpenKeyring(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Secret("../x"); err == nil {
		t.Error("a secret outside the folder")
	}
	sealed, err := keys.Seal([]byte("x"), "here")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Open(sealed, "there"); err == nil {
		t.Error("a small secret opens elsewhere")
	}
	if _, err := keys.Open(nil, "here"); err == nil {
		t.Error("nothing opens")
	}
}

func TestMasks(t *testing.T) {
	for in, want := range map[string]string{"": "", "张": "张*", "张三": "张*", "欧阳小明": "欧***", "Ann Example-Longname": "A***"} {
		if got := vault.MaskName(in); got != want {
			t.Errorf("%q is masked %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"": "", "12345": "*****", "+86 160 1234 5678": "160****5678"} {
		if got := vault.MaskPhone(in); got != want {
			t.Errorf("%q is masked %q, want %q", in, got, want)
		}
	}
}
