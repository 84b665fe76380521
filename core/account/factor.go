package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// The second factor (双因素) is TOTP by RFC 6238: six digits of thirty seconds,
// one step early or late is good, and no code is good twice. With it go ten
// recovery codes, each good once, for who has lost the device.
const (
	totpStep      = 30 * time.Second
	totpSkew      = 1
	recoveryCodes = 10
)

// NewSecondFactor makes a secret for a staff account; it holds once
// ConfirmSecondFactor has seen a code of it. url is for the QR code.
func (as *Accounts) NewSecondFactor(issuer string, a Account) (secret, url string, err error) {
	name := a.Name
	if a.Login != nil {
		name = *a.Login
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: name})
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), nil
}

// matching is the step whose code this is, after a step that was used; 0 for
// none. used says that it is the code of a step used before.
func matching(secret, code string, after int64, now time.Time) (step int64, used bool) {
	at := now.Unix() / int64(totpStep/time.Second)
	for s := at - totpSkew; s <= at+totpSkew; s++ {
		want, err := totp.GenerateCode(secret, time.Unix(s*int64(totpStep/time.Second), 0))
		if err != nil || subtle.ConstantTimeCompare([]byte(want), []byte(code)) != 1 {
			continue
		}
		if s > after {
			return s, false
		}
		used = true
	}
	return 0, used
}

// useSecondFactor takes a code, or else a recovery code, of an account. It is
// refused with ErrCredentials, or ErrCodeUsed for a code that was good before.
func (as *Accounts) useSecondFactor(ctx context.Context, tx *store.Tx, a Account, code string) (refused, err error) {
	secret, err := as.seal.Open(a.TOTP, "totp "+a.ID.String())
	if err != nil {
		return nil, err
	}
	code = strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(code))
	step, used := matching(string(secret), code, a.TOTPStep, as.store.Now())
	if used {
		return ErrCodeUsed, nil
	}
	if step > 0 {
		n, err := tx.Exec(ctx, `UPDATE account SET totp_step = ? WHERE id = ? AND totp_step < ?`, step, a.ID, step)
		if err == nil && n == 0 {
			refused = ErrCodeUsed
		}
		return refused, err
	}
	n, err := tx.Exec(ctx, `UPDATE recovery_code SET used_at = ? WHERE account = ? AND digest = ? AND used_at IS NULL`,
		store.At(as.store.Now()), a.ID, as.seal.MAC("recovery", a.ID.String(), code))
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return ErrCredentials, nil
	}
	return nil, audit.Write(ctx, tx, audit.Record{Actor: a.ID, Unit: a.Unit, Action: "account.recovery_code", Object: "account/" + a.ID.String()}, nil)
}

// Prove asks the one who is signed in once more: proof is the password, a code
// of the second factor, or a recovery code, which is used up. It returns
// ErrCredentials, ErrCodeUsed or ErrLocked.
func (as *Accounts) Prove(ctx context.Context, id store.ID, proof string) error {
	a, err := store.Get[Account](ctx, as.store, `SELECT * FROM account WHERE id = ?`, int64(id))
	if err != nil {
		return err
	}
	if as.store.Now().Before(a.LockedUntil.Time) {
		return ErrLocked
	}
	right := proof != "" && checkPassword(a.Password, proof)
	return as.decide(ctx, id, func(ctx context.Context, tx *store.Tx, a Account) (refused, err error) {
		switch {
		case right:
			return nil, nil
		case a.TOTP != nil && proof != "":
			return as.useSecondFactor(ctx, tx, a, proof)
		}
		return ErrCredentials, nil
	})
}

// ConfirmSecondFactor turns the second factor on when code proves the secret,
// and gives new recovery codes, to be shown once. Who has one already proves
// themselves first, see [Accounts.Prove].
func (as *Accounts) ConfirmSecondFactor(ctx context.Context, id store.ID, secret, code string) (recovery []string, err error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(secret))
	if err != nil || len(raw) < 16 { // RFC 4226 §4 R6
		return nil, ErrCredentials
	}
	step, _ := matching(secret, code, 0, as.store.Now())
	if step == 0 {
		return nil, ErrCredentials
	}
	sealed, err := as.seal.Seal([]byte(secret), "totp "+id.String())
	if err != nil {
		return nil, err
	}
	recovery = newRecoveryCodes()
	return recovery, as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE account SET totp = ?, totp_step = ? WHERE id = ?`, sealed, step, id); err != nil {
			return err
		}
		if err := as.putRecoveryCodes(ctx, tx, id, recovery); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: id, Action: "account.second_factor", Object: "account/" + id.String()}, map[string]bool{"on": true})
	})
}

// RenewRecoveryCodes gives new recovery codes in place of those before.
func (as *Accounts) RenewRecoveryCodes(ctx context.Context, id store.ID) (recovery []string, err error) {
	recovery = newRecoveryCodes()
	return recovery, as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := as.putRecoveryCodes(ctx, tx, id, recovery); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: id, Action: "account.recovery_codes", Object: "account/" + id.String()}, nil)
	})
}

// DropSecondFactor takes the second factor and its recovery codes from an
// account, by its owner or for one who has lost them.
func (as *Accounts) DropSecondFactor(ctx context.Context, tx *store.Tx, id store.ID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_code WHERE account = ?`, int64(id)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE account SET totp = NULL, totp_step = 0 WHERE id = ?`, int64(id))
	return err
}

// RecoveryLeft is how many recovery codes are not used yet.
func (as *Accounts) RecoveryLeft(ctx context.Context, id store.ID) (n int, err error) {
	err = as.store.QueryRow(ctx, `SELECT count(*) FROM recovery_code WHERE account = ? AND used_at IS NULL`, int64(id)).Scan(&n)
	return n, err
}

// newRecoveryCodes are of 50 random bits each.
func newRecoveryCodes() []string {
	out := make([]string, recoveryCodes)
	for i := range out {
		raw := make([]byte, 7)
		rand.Read(raw)
		s := strings.ToLower(base32.StdEncoding.EncodeToString(raw))
		out[i] = s[:5] + "-" + s[5:10]
	}
	return out
}

func (as *Accounts) putRecoveryCodes(ctx context.Context, tx *store.Tx, id store.ID, codes []string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_code WHERE account = ?`, int64(id)); err != nil {
		return err
	}
	for _, c := range codes {
		if _, err := tx.Exec(ctx, `INSERT INTO recovery_code (account, digest) VALUES (?, ?)`, int64(id), as.seal.MAC("recovery", id.String(), strings.ReplaceAll(c, "-", ""))); err != nil {
			return err
		}
	}
	return nil
}
