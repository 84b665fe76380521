package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Parameters of argon2id: the second choice of RFC 9106 §4 (64 MiB, 3 passes),
// on one lane because two cores serve everyone.
const (
	argonMemory = 64 * 1024 // KiB
	argonPasses = 3
	argonLanes  = 1
)

// maxFailures locks an account for lockFor; both follow GB/T 22239-2019
// 8.1.4.1 (a limit on failed sign-ins).
const (
	maxFailures = 5
	lockFor     = 15 * time.Minute
)

// MinPassword is the least length of a password that people choose.
const MinPassword = 10

// hashing is done by few at a time: each takes 64 MiB.
var hashing = make(chan struct{}, 2)

// HashPassword makes the PHC string of a password.
func HashPassword(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	return phc(password, salt)
}

func phc(password string, salt []byte) string {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	sum := argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonLanes, 32)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", argonMemory, argonPasses, argonLanes, enc.EncodeToString(salt), enc.EncodeToString(sum))
}

func checkPassword(stored, password string) bool {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(phc(password, salt)), []byte(stored)) == 1
}

// decoy is checked when there is no such account, so that the time taken does
// not say whether there is one.
var decoy = sync.OnceValue(func() string { return HashPassword("no one's password") })

// SignInPassword checks name, password and, for those who have one, the second
// factor. Five failures lock the account for a quarter of an hour.
func (as *Accounts) SignInPassword(ctx context.Context, login, password, code string) (Account, error) {
	a, err := store.Get[Account](ctx, as.store, `SELECT * FROM account WHERE login = ?`, strings.ToLower(strings.TrimSpace(login)))
	if err != nil || a.Password == "" {
		checkPassword(decoy(), password)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return Account{}, err
		}
		return Account{}, ErrCredentials
	}
	if as.store.Now().Before(a.LockedUntil.Time) {
		return Account{}, ErrLocked
	}
	if !checkPassword(a.Password, password) {
		return Account{}, as.failed(ctx, a)
	}
	if a.Disabled {
		return Account{}, ErrDisabled
	}
	if a.TOTP != nil && code == "" {
		return Account{}, ErrSecondFactor
	}
	if err := as.decide(ctx, a.ID, func(ctx context.Context, tx *store.Tx, now Account) (refused, err error) {
		if now.TOTP != nil {
			if refused, err = as.useSecondFactor(ctx, tx, now, code); err != nil || refused != nil {
				return refused, err
			}
		}
		if now.Failures == 0 {
			return nil, nil
		}
		return nil, as.Unlock(ctx, tx, a.ID)
	}); err != nil {
		return Account{}, err
	}
	return a, nil
}

// decide lets use judge an account as it stands in the write: of guesses made
// side by side none counts once they have locked it. What use wrote stays when it
// refuses; ErrCredentials is counted as a failure.
func (as *Accounts) decide(ctx context.Context, id store.ID, use func(ctx context.Context, tx *store.Tx, a Account) (refused, err error)) error {
	var a Account
	var refused error
	err := as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if a, err = store.Get[Account](ctx, tx, `SELECT * FROM account WHERE id = ?`, int64(id)); err != nil {
			return err
		}
		if as.store.Now().Before(a.LockedUntil.Time) {
			refused = ErrLocked
			return nil
		}
		refused, err = use(ctx, tx, a)
		return err
	})
	if err == nil && errors.Is(refused, ErrCredentials) {
		refused = as.failed(ctx, a)
	}
	return errors.Join(err, refused)
}

// failed counts a failure and answers ErrCredentials. The count is taken where
// it is kept, so that guesses made side by side are all counted.
func (as *Accounts) failed(ctx context.Context, a Account) error {
	until := store.At(as.store.Now().Add(lockFor))
	err := as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, fmt.Sprintf(`UPDATE account SET failures = failures + 1, locked_until = CASE WHEN (failures + 1) %% %d = 0 THEN CAST(? AS BIGINT) ELSE locked_until END WHERE id = ?`, maxFailures), until, a.ID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: a.ID, Unit: a.Unit, Action: "account.failed", Object: "account/" + a.ID.String()}, nil)
	})
	if err != nil {
		return err
	}
	return ErrCredentials
}

// Codes sent to phones: six digits, five minutes, five tries, one a minute.
const (
	codeFor   = 5 * time.Minute
	codeTries = 5
	codeEvery = time.Minute
)

// SixDigits makes a one-time code.
func SixDigits() string {
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000)) // it never fails
	return fmt.Sprintf("%06d", n)
}

// NewCode makes a one-time code for a phone. The caller sends it.
func (as *Accounts) NewCode(ctx context.Context, phone string) (code string, err error) {
	code = SixDigits()
	digest := as.seal.MAC("phone", phone)
	err = as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := as.store.Now()
		var sent store.Time
		if err := tx.QueryRow(ctx, `SELECT sent_at FROM sign_in_code WHERE digest = ?`, digest).Scan(&sent); err == nil && now.Sub(sent.Time) < codeEvery {
			return ErrTooSoon
		}
		_, err := tx.Exec(ctx, `INSERT INTO sign_in_code (digest, code, expires_at, tries, sent_at) VALUES (?, ?, ?, 0, ?)
			ON CONFLICT (digest) DO UPDATE SET code = excluded.code, expires_at = excluded.expires_at, tries = 0, sent_at = excluded.sent_at`,
			digest, as.seal.MAC("code", phone, code), store.At(now.Add(codeFor)), store.At(now))
		return err
	})
	return code, err
}

// SignInCode checks a code sent to a phone and gives the citizen's account,
// made at the first sign-in.
func (as *Accounts) SignInCode(ctx context.Context, v *vault.Vault, phone, code string) (Account, error) {
	digest := as.seal.MAC("phone", phone)
	var result error
	err := as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		result = ErrCredentials
		var want []byte
		var expires store.Time
		var tries int
		if err := tx.QueryRow(ctx, `SELECT code, expires_at, tries FROM sign_in_code WHERE digest = ?`, digest).Scan(&want, &expires, &tries); err != nil {
			return nil
		}
		if tries >= codeTries || as.store.Now().After(expires.Time) {
			return nil
		}
		if subtle.ConstantTimeCompare(want, as.seal.MAC("code", phone, code)) != 1 {
			_, err := tx.Exec(ctx, `UPDATE sign_in_code SET tries = tries + 1 WHERE digest = ?`, digest)
			return err
		}
		result = nil
		_, err := tx.Exec(ctx, `DELETE FROM sign_in_code WHERE digest = ?`, digest)
		return err
	})
	if err := errors.Join(err, result); err != nil {
		return Account{}, err
	}
	return as.CitizenByPhone(ctx, v, vault.Identity{vault.Phone: phone}, "")
}

// CitizenByPhone finds the citizen's account by phone, or makes it. external
// is "issuer subject" when an outside identity vouches for the person.
func (as *Accounts) CitizenByPhone(ctx context.Context, v *vault.Vault, who vault.Identity, external string) (Account, error) {
	var id store.ID
	err := as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		persons, err := v.Find(ctx, tx, vault.Phone, who[vault.Phone])
		if err != nil {
			return err
		}
		for _, p := range persons {
			if tx.QueryRow(ctx, `SELECT id FROM account WHERE person = ?`, p).Scan(&id) == nil {
				if external != "" {
					if err := v.Update(ctx, tx, p, who); err != nil {
						return err
					}
					_, err = tx.Exec(ctx, `UPDATE account SET external = ?, name = ? WHERE id = ?`, external, vault.MaskName(who[vault.Name]), id)
				}
				return err
			}
		}
		var person store.ID
		if len(persons) > 0 {
			person = persons[0] // known from a call to 12345: the same person now signs in
		} else if person, err = v.NewPerson(ctx, tx, who); err != nil {
			return err
		}
		a := Account{Kind: Citizen, Name: vault.MaskPhone(who[vault.Phone]), Person: person}
		if name := who[vault.Name]; name != "" {
			a.Name = vault.MaskName(name)
		}
		if external != "" {
			a.External = &external
		}
		id, err = as.Put(ctx, tx, a, "")
		return err
	})
	if err != nil {
		return Account{}, err
	}
	return store.Get[Account](ctx, as.store, `SELECT * FROM account WHERE id = ?`, id)
}

// CitizenByCard finds the account of whom an identity card was issued to, or makes it. An
// account of the same number under another name is not theirs.
func (as *Accounts) CitizenByCard(ctx context.Context, v *vault.Vault, name, number string) (a Account, err error) {
	err = as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		persons, err := v.Find(ctx, tx, vault.IDNumber, number)
		if err != nil {
			return err
		}
		var person store.ID
		for _, p := range persons {
			who, err := v.Own(ctx, tx, p)
			if errors.Is(err, vault.ErrErased) || err == nil && who[vault.Name] != name {
				continue
			}
			if err != nil {
				return err
			}
			person = p
			found, err := store.Select[Account](ctx, tx, `SELECT * FROM account WHERE person = ?`, p)
			if err != nil {
				return err
			}
			if len(found) > 0 {
				if a = found[0]; a.Disabled {
					return ErrDisabled
				}
				return nil
			}
		}
		if person == 0 {
			if person, err = v.NewPerson(ctx, tx, vault.Identity{vault.Name: name, vault.IDNumber: number}); err != nil {
				return err
			}
		}
		id, err := as.Put(ctx, tx, Account{Kind: Citizen, Name: vault.MaskName(name), Person: person}, "")
		if err == nil {
			a, err = store.Get[Account](ctx, tx, `SELECT * FROM account WHERE id = ?`, int64(id))
		}
		return err
	})
	return a, err
}

// SignInExternal gives the account that an outside identity (OIDC) vouches
// for; staff must have been linked to it by login or external id before.
func (as *Accounts) SignInExternal(ctx context.Context, issuer, subject, login string) (Account, error) {
	external := issuer + " " + subject
	a, err := store.Get[Account](ctx, as.store, `SELECT * FROM account WHERE external = ?`, external)
	if errors.Is(err, store.ErrNotFound) && login != "" {
		a, err = store.Get[Account](ctx, as.store, `SELECT * FROM account WHERE login = ? AND external IS NULL`, strings.ToLower(login))
		if err == nil {
			err = as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE account SET external = ? WHERE id = ?`, external, a.ID)
				return err
			})
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return Account{}, ErrCredentials
	}
	if err == nil && a.Disabled {
		return Account{}, ErrDisabled
	}
	return a, err
}

// sessionFor is how long a session lasts without a new sign-in.
const sessionFor = 12 * time.Hour

// NewSession begins a session and returns its token, which is kept only as a hash.
func (as *Accounts) NewSession(ctx context.Context, a Account, agent, address string) (token string, expires time.Time, err error) {
	return as.NewSessionFor(ctx, a, agent, address, sessionFor)
}

// NewSessionFor is NewSession for a session that lasts so long.
func (as *Accounts) NewSessionFor(ctx context.Context, a Account, agent, address string, lasts time.Duration) (token string, expires time.Time, err error) {
	raw := make([]byte, 32)
	rand.Read(raw)
	token = base64.RawURLEncoding.EncodeToString(raw)
	sum := sha256.Sum256([]byte(token))
	now := as.store.Now()
	expires = now.Add(lasts)
	err = as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO session (token, account, created_at, expires_at, agent, address) VALUES (?, ?, ?, ?, ?, ?)`,
			sum[:], a.ID, store.At(now), store.At(expires), clip(agent, 200), address); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: store.At(now), Actor: a.ID, Unit: a.Unit, Action: "account.sign_in", Object: "account/" + a.ID.String()}, nil)
	})
	return token, expires, err
}

// SessionActor gives who holds a token. It returns ErrCredentials when the
// token is unknown or has expired.
func (as *Accounts) SessionActor(ctx context.Context, token string) (Actor, error) {
	sum := sha256.Sum256([]byte(token))
	id, err := store.Get[store.ID](ctx, as.store, `SELECT account FROM session WHERE token = ? AND expires_at > ?`, sum[:], store.At(as.store.Now()))
	if errors.Is(err, store.ErrNotFound) {
		return Actor{}, ErrCredentials
	}
	if err != nil {
		return Actor{}, err
	}
	return as.Actor(ctx, as.store, id)
}

// EndSession signs a token out.
func (as *Accounts) EndSession(ctx context.Context, token string) error {
	sum := sha256.Sum256([]byte(token))
	return as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM session WHERE token = ?`, sum[:])
		return err
	})
}

// EndSessions signs an account out everywhere.
func (as *Accounts) EndSessions(ctx context.Context, tx *store.Tx, id store.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE account = ?`, id)
	return err
}

// KeyPrefix begins every API key, so that a leaked one is recognised.
const KeyPrefix = "szk_"

// NewKey makes an API key for an account; it is shown once.
func (as *Accounts) NewKey(ctx context.Context, tx *store.Tx, account store.ID, name string, scopes []string, expires time.Time) (id store.ID, key string, err error) {
	raw := make([]byte, 24)
	rand.Read(raw)
	key = KeyPrefix + base64.RawURLEncoding.EncodeToString(raw)
	sum := sha256.Sum256([]byte(key))
	id = tx.NewID()
	_, err = tx.Exec(ctx, `INSERT INTO api_key (id, secret, account, name, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id, sum[:], account, name, strings.Join(scopes, " "), store.At(as.store.Now()), store.At(expires))
	return id, key, err
}

// KeyActor gives who holds an API key.
func (as *Accounts) KeyActor(ctx context.Context, key string) (Actor, error) {
	sum := sha256.Sum256([]byte(key))
	type row struct {
		Account store.ID
		Scopes  string
	}
	k, err := store.Get[row](ctx, as.store, `SELECT account, scopes FROM api_key WHERE secret = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)`, sum[:], store.At(as.store.Now()))
	if errors.Is(err, store.ErrNotFound) {
		return Actor{}, ErrCredentials
	}
	if err != nil {
		return Actor{}, err
	}
	a, err := as.Actor(ctx, as.store, k.Account)
	a.Scopes = strings.Fields(k.Scopes)
	return a, err
}

func clip(s string, n int) string {
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}
