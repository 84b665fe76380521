package services

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// Where a bag goes from one member of staff to another, both sign by being signed in
// (双人签名交接): who is at the screen by their own session, the other by a code that their
// session gives them, good once and for minutes. Neither can sign for both; no slip is
// photographed. Who has no account signs the slip as ever.

// SignCode is a code by which somebody signs for a bag at another's screen (交接码).
type SignCode struct {
	Code  string     `json:"code"`
	Until store.Time `json:"until"`
}

// signCodeDigits are many enough that nobody finds one in the minutes that it is good for.
const signCodeDigits = 8

// NewSignCode gives the caller a code; the one before is good no more.
func (s *Service) NewSignCode(ctx context.Context, who account.Actor) (SignCode, error) {
	r := s.citywide.Load()
	if r == nil || r.signFor == 0 {
		return SignCode{}, store.ErrNotFound
	}
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
	if err != nil {
		return SignCode{}, err
	}
	now := s.Store.Now()
	out := SignCode{Code: fmt.Sprintf("%0*d", signCodeDigits, n), Until: store.At(now.Add(r.signFor))}
	return out, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		// What was signed stands in the chain; the codes themselves are nothing to keep.
		if _, err := tx.Exec(ctx, `DELETE FROM service_handover_code WHERE account = ?`, who.Account); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO service_handover_code (id, account, code, made_at, expires_at) VALUES (?, ?, ?, ?, ?)`, tx.NewID(), who.Account, s.Keys.MAC("handover", out.Code), store.At(now), out.Until)
		return err
	})
}

// signer is whoever gave the code, once; sign_code where it is none, or the caller's own.
func (s *Service) signer(ctx context.Context, tx *store.Tx, who account.Actor, code string) (account.Account, error) {
	code = strings.Join(strings.Fields(code), "")
	now := store.At(s.Store.Now())
	row, err := store.Get[struct {
		ID, Account store.ID
	}](ctx, tx, `SELECT id, account FROM service_handover_code WHERE code = ? AND used_at IS NULL AND expires_at > ? ORDER BY id DESC LIMIT 1`, s.Keys.MAC("handover", code), now)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return account.Account{}, err
	}
	if err != nil || row.Account == who.Account {
		return account.Account{}, httpapi.FailField("code", "sign_code")
	}
	if _, err := tx.Exec(ctx, `UPDATE service_handover_code SET used_at = ? WHERE id = ?`, now, row.ID); err != nil {
		return account.Account{}, err
	}
	return store.Get[account.Account](ctx, tx, `SELECT * FROM account WHERE id = ?`, int64(row.Account))
}

// badgeOf is how a member of staff stands in a holder: by their sign-in name, which is
// their staff number.
func badgeOf(a account.Account) string {
	if a.Login != nil && badgeForm.MatchString(*a.Login) {
		return *a.Login
	}
	return a.ID.String()
}

// signing is the carrier of a holder that signs in, or nil.
func (r *citywideRules) signing(holder string) *Carrier {
	code, _, _ := strings.Cut(strings.TrimPrefix(holder, "carrier:"), "#")
	for i := range r.Carriers {
		if c := &r.Carriers[i]; c.Code == code && c.SignsIn && strings.HasPrefix(holder, "carrier:") {
			return c
		}
	}
	return nil
}

// signHandOver fills in who signs for a bag that changes hands with in, and who has it then.
func (s *Service) signHandOver(ctx context.Context, tx *store.Tx, who account.Actor, b *bagRow, in BagAct, l *CustodyLink) error {
	r, me := s.citywide.Load(), "account:"+who.Account.String()
	own, err := store.Get[account.Account](ctx, tx, `SELECT * FROM account WHERE id = ?`, int64(who.Account))
	if err != nil {
		return err
	}
	// Who gives: the caller, who hands it over; else whoever has it; of one who signs in,
	// that person.
	giver := b.Holder
	if in.Action == "hand_over" && !strings.HasPrefix(b.Holder, "carrier:") {
		giver = me
	}
	if c := r.signing(b.Holder); c != nil {
		holder := b.Holder == "carrier:"+c.Code+"#"+badgeOf(own)
		switch {
		case in.Action == "hand_over" && !holder:
			return httpapi.Fail(http.StatusConflict, "not_holder")
		case in.Action == "hand_over":
			giver = me
		default: // they stand beside whoever receives it
			other, err := s.signer(ctx, tx, who, in.Code)
			if err != nil {
				return err
			}
			if b.Holder != "carrier:"+c.Code+"#"+badgeOf(other) {
				return httpapi.Fail(http.StatusConflict, "not_holder")
			}
			giver = "account:" + other.ID.String()
		}
	}
	l.FromSign = giver
	if in.Action != "hand_over" {
		l.ToSign = me
		return nil
	}
	l.To = "carrier:" + in.Carrier + "#" + in.Badge
	l.ToSign = l.To
	if c := r.signing(l.To); c != nil {
		other, err := s.signer(ctx, tx, who, in.Code)
		if err != nil {
			return err
		}
		l.To, l.ToSign = "carrier:"+c.Code+"#"+badgeOf(other), "account:"+other.ID.String()
	}
	return nil
}

// signLength reads how long a code is good.
func signLength(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err == nil && (d < time.Minute || d > 30*time.Minute) {
		err = errors.New("it is between 1m and 30m")
	}
	return d, err
}
