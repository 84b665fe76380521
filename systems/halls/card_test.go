package halls

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/systems/halls/kiosk"
)

// Who stands at a device signs in by the card that it read and signed: a card that is good
// and a face that is its own open the session of the account of that number and name, for a
// quarter of an hour; all else opens none.
func TestSignInByIdentityCard(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		cards := &adapter.IDCardSimulator{}
		h.Faces, h.Cards = adapter.FaceSimulator{}, cards
		who := h.operator(t)
		m := h.device(t, who, "park-xinan")
		const number, lost = "44030619900101121X", "11010519491231002X"
		var token string
		cookie := func(v string, _ time.Time) string { token = v; return "session=" + v }
		sign := func(name, id, face string) (CardSession, error) {
			return h.SignByCard(ctx, m.signed(), CardShown{Name: name, IDNumber: id, Portrait: kiosk.Portrait(strings.ToUpper(id)), Live: kiosk.Portrait(face)}, cookie)
		}
		// Known by phone and by number, under the name on the card.
		var known, impostor store.ID
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			for _, x := range []struct {
				to   *store.ID
				name string
			}{{&impostor, "张三"}, {&known, "王小兰"}} {
				if *x.to, err = h.Vault.NewPerson(ctx, tx, vault.Identity{vault.Name: x.name, vault.IDNumber: number}); err != nil {
					return err
				}
				if _, err = h.Accounts.Put(ctx, tx, account.Account{Kind: account.Citizen, Name: x.name, Person: *x.to}, ""); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		in, err := sign(" 王小兰 ", "44030619900101121x", number)
		if err != nil || in.Cookie != "session="+token || in.Name == "" {
			t.Fatalf("%+v %v", in, err)
		}
		me, err := h.Accounts.SessionActor(ctx, token)
		if err != nil || me.Person != known || me.Kind != account.Citizen {
			t.Errorf("signed in as %+v %v, want the person %s", me, err, known)
		}
		if !in.Expires.Equal(h.Store.Now().Add(15 * time.Minute)) {
			t.Errorf("until %s", in.Expires)
		}
		if n, _ := store.Get[int](ctx, h.Store, `SELECT count(*) FROM notice WHERE name = 'card_signed' AND person = ?`, known); n != 1 {
			t.Errorf("its holder was told %d times", n)
		}
		h.pass(15*time.Minute + time.Second)
		if _, err := h.Accounts.SessionActor(ctx, token); !errors.Is(err, account.ErrCredentials) {
			t.Errorf("after a quarter of an hour: %v", err)
		}
		// Somebody new has an account from then on, and the same one again.
		token = ""
		if _, err := sign("李新", idOf("44030619700101001"), idOf("44030619700101001")); err != nil {
			t.Fatal(err)
		}
		first, _ := h.Accounts.SessionActor(ctx, token)
		if _, err := sign("李新", idOf("44030619700101001"), idOf("44030619700101001")); err != nil {
			t.Fatal(err)
		}
		if again, err := h.Accounts.SessionActor(ctx, token); err != nil || first.Person == 0 || again.Account != first.Account {
			t.Errorf("the second time: %+v, the first %+v (%v)", again, first, err)
		}
		// What opens nothing.
		cards.Tell(lost, adapter.IDCardLost)
		for what, x := range map[string]struct{ name, id, face, want string }{
			"a lost card":     {"李记", lost, lost, "card_lost"},
			"no number":       {"李记", "440306199001011211", "x", "card_unknown"},
			"no name":         {"  ", number, number, "card_unknown"},
			"somebody else's": {"王小兰", number, lost, "pickup_face"},
		} {
			token = ""
			if _, err := sign(x.name, x.id, x.face); code(err) != x.want || token != "" {
				t.Errorf("%s: %v %q, want %s", what, err, token, x.want)
			}
		}
		cards.Down(true)
		if _, err := sign("王小兰", number, number); code(err) != "card_off" {
			t.Errorf("while the register is down: %v", err)
		}
		cards.Down(false)
		// After three refused faces the card itself is locked, also for its holder and at
		// another device, and the holder is told once; an hour later it is not.
		for range 2 {
			_, _ = sign("王小兰", number, lost)
		}
		m = h.device(t, who, "center")
		if _, err := sign("王小兰", number, number); code(err) != "card_locked" {
			t.Errorf("after three refused faces: %v", err)
		}
		if n, _ := store.Get[int](ctx, h.Store, `SELECT count(*) FROM notice WHERE name = 'card_locked' AND person = ?`, known); n != 1 {
			t.Errorf("its holder was told %d times that it is locked", n)
		}
		h.pass(time.Hour + time.Second)
		if _, err := sign("王小兰", number, number); err != nil {
			t.Errorf("an hour later: %v", err)
		}
		// A request that was sent before, one that the device did not sign, a device that
		// does not take applications, one that is locked, one whose key was taken back.
		x := m.signed()
		shown := CardShown{Name: "王小兰", IDNumber: number, Portrait: kiosk.Portrait(number), Live: kiosk.Portrait(number)}
		if _, err := h.SignByCard(ctx, x, shown, cookie); err != nil {
			t.Fatal(err)
		}
		if _, err := h.SignByCard(ctx, x, shown, cookie); code(err) != "device_replay" {
			t.Errorf("sent twice: %v", err)
		}
		if _, err := h.Service.device(ctx, m.sign("/api/kiosk/sign", []byte(`{"name":"王小兰"}`)), "POST", "/api/kiosk/sign", []byte(`{"name":"张三"}`)); code(err) != "device_unknown" {
			t.Errorf("altered on its way: %v", err)
		}
		x = m.signed()
		x.Functions = "print"
		if _, err := h.SignByCard(ctx, x, shown, cookie); code(err) != "card_none" {
			t.Errorf("a device that takes no applications: %v", err)
		}
		x = m.signed()
		x.Locked = true
		if _, err := h.SignByCard(ctx, x, shown, cookie); code(err) != "device_locked" {
			t.Errorf("a device that is locked: %v", err)
		}
		// Nothing of a card is kept.
		rows, err := store.Select[struct{ Digest []byte }](ctx, h.Store, `SELECT digest FROM hall_card_sign`)
		if err != nil || len(rows) == 0 {
			t.Fatal(err)
		}
		for _, r := range rows {
			if string(r.Digest) == number || len(r.Digest) < 16 {
				t.Error("the number is kept")
			}
		}
	})
}

// idOf is a number with its check character.
func idOf(body string) string {
	sum := 0
	for i, w := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * w
	}
	return body + "10X98765432"[sum%11:sum%11+1]
}
