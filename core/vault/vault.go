// Package vault keeps who someone is, apart from what is done for them.
//
// Everything else in the house holds a reference to a person and masked text.
// Here the originals lie, sealed under a key that each person has of their own;
// that key is wrapped by a master key whose file lies outside the data folder.
// Erasing a person destroys the key: the references and the counts stay, the
// content is gone, also from every backup whose keys are not with it
// (《个人信息保护法》第四十七条).
//
// A person is found by phone, number or name only by exact keyed hash. To see
// an original needs a reason, which is recorded, and which the person
// concerned can read (《个人信息保护法》第四十四、四十五条).
package vault

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"shanzhi/core/audit"
	"shanzhi/core/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "vault", Migrations: files}
}

// Kind says what a sealed value is.
type Kind string

// The kinds that identify a person. Those with true can be looked up by.
const (
	Name     Kind = "name"
	Phone    Kind = "phone"
	IDNumber Kind = "id_number" // GB 11643 citizen identification number
	Email    Kind = "email"
	Address  Kind = "address"
)

var lookedUp = map[Kind]bool{Name: true, Phone: true, IDNumber: true, Email: true}

// Identity is what is known of a person. Empty values are not known.
type Identity map[Kind]string

// Errors.
var (
	// ErrErased: the person's key was destroyed.
	ErrErased = errors.New("vault: this person's data was erased")
	// ErrNoReason: an original was asked for without saying why.
	ErrNoReason = errors.New("vault: a reason is needed to see personal data")
)

// Vault is the store of persons.
type Vault struct {
	store  *store.Store
	keys   *Keyring
	lookup []byte

	mu   sync.Mutex
	open map[store.ID]personKey // keys of persons in use, bounded
}

type personKey struct {
	suite  Suite
	secret []byte
}

// New opens the vault over a store and a folder of keys.
func New(s *store.Store, keys *Keyring) (*Vault, error) {
	lookup, err := keys.Secret("lookup")
	if err != nil {
		return nil, err
	}
	return &Vault{store: s, keys: keys, lookup: lookup, open: map[store.ID]personKey{}}, nil
}

// normalise makes equal what people write differently.
func normalise(kind Kind, value string) string {
	value = strings.TrimSpace(value)
	switch kind {
	case Phone:
		value = strings.NewReplacer(" ", "", "-", "").Replace(value)
		value = strings.TrimPrefix(strings.TrimPrefix(value, "+86"), "0086")
	case IDNumber, Email:
		value = strings.ToUpper(value)
	}
	return value
}

func (v *Vault) digest(kind Kind, value string) []byte {
	mac := v.keys.suite.mac(v.lookup)
	mac.Write([]byte(kind))
	mac.Write([]byte{0})
	mac.Write([]byte(normalise(kind, value)))
	return mac.Sum(nil)
}

// bound ties a sealed value to where it lies, so that it cannot be moved.
func bound(person store.ID, what string) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(person)), what...)
}

// NewPerson keeps a person and what is known of them.
func (v *Vault) NewPerson(ctx context.Context, tx *store.Tx, who Identity) (store.ID, error) {
	id := tx.NewID()
	master, err := v.keys.master("")
	if err != nil {
		return 0, err
	}
	key := personKey{suite: master.Suite, secret: make([]byte, 32)}
	rand.Read(key.secret)
	wrapped, err := master.Suite.seal(master.Secret, key.secret, bound(id, "key"))
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO vault_person (id, suite, key_id, wrapped_key, masked_name, masked_phone, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id, string(key.suite), master.ID, wrapped, MaskName(who[Name]), MaskPhone(who[Phone]), store.At(v.store.Now())); err != nil {
		return 0, err
	}
	for kind, value := range who {
		if err := v.put(ctx, tx, id, key, kind, value, true); err != nil {
			return 0, err
		}
	}
	tx.OnCommit(func() { v.remember(id, key) })
	return id, nil
}

func (v *Vault) put(ctx context.Context, tx *store.Tx, id store.ID, key personKey, kind Kind, value string, isNew bool) error {
	value = strings.TrimSpace(value)
	if value == "" {
		return nil
	}
	sealed, err := key.suite.seal(key.secret, []byte(value), bound(id, string(kind)))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO vault_field (person, kind, sealed) VALUES (?, ?, ?) ON CONFLICT (person, kind) DO UPDATE SET sealed = excluded.sealed`,
		id, string(kind), sealed); err != nil {
		return err
	}
	if !lookedUp[kind] {
		return nil
	}
	if !isNew {
		if _, err := tx.Exec(ctx, `DELETE FROM vault_lookup WHERE person = ? AND kind = ?`, id, string(kind)); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO vault_lookup (kind, digest, person) VALUES (?, ?, ?)`, string(kind), v.digest(kind, value), id)
	return err
}

// Update changes what is known of a person; an empty value is left as it is.
func (v *Vault) Update(ctx context.Context, tx *store.Tx, person store.ID, who Identity) error {
	key, err := v.key(ctx, tx, person)
	if err != nil {
		return err
	}
	for kind, value := range who {
		if err := v.put(ctx, tx, person, key, kind, value, false); err != nil {
			return err
		}
	}
	if name := who[Name]; name != "" {
		if _, err := tx.Exec(ctx, `UPDATE vault_person SET masked_name = ? WHERE id = ?`, MaskName(name), person); err != nil {
			return err
		}
	}
	if phone := who[Phone]; phone != "" {
		if _, err := tx.Exec(ctx, `UPDATE vault_person SET masked_phone = ? WHERE id = ?`, MaskPhone(phone), person); err != nil {
			return err
		}
	}
	return nil
}

// Find gives the persons with exactly this value, oldest first.
func (v *Vault) Find(ctx context.Context, q store.Querier, kind Kind, value string) ([]store.ID, error) {
	if !lookedUp[kind] || normalise(kind, value) == "" {
		return nil, nil
	}
	return store.Select[store.ID](ctx, q, `SELECT person FROM vault_lookup WHERE kind = ? AND digest = ? ORDER BY person`, string(kind), v.digest(kind, value))
}

// Reachable says of which persons a phone or an address of mail is known.
func (v *Vault) Reachable(ctx context.Context, q store.Querier, persons []store.ID) (map[store.ID]bool, error) {
	out := map[store.ID]bool{}
	for part := range slices.Chunk(persons, 500) {
		known, err := store.Select[store.ID](ctx, q, `SELECT DISTINCT person FROM vault_field WHERE kind IN ('phone', 'email') AND `+store.AnyOf("person", len(part)), store.Args(part...)...)
		if err != nil {
			return nil, err
		}
		for _, p := range known {
			out[p] = true
		}
	}
	return out, nil
}

// Masked is what may be shown of a person without a reason.
type Masked struct {
	ID     store.ID   `bun:"id" json:"id"`
	Name   string     `bun:"masked_name" json:"name"`   // "张**"
	Phone  string     `bun:"masked_phone" json:"phone"` // "138****5678"
	Erased store.Time `bun:"erased_at" json:"-"`
}

// Masked gives what may be shown of a person.
func (v *Vault) Masked(ctx context.Context, q store.Querier, person store.ID) (Masked, error) {
	return store.Get[Masked](ctx, q, `SELECT id, masked_name, masked_phone, erased_at FROM vault_person WHERE id = ?`, person)
}

// PutText keeps word for word what a person wrote and returns its reference.
// object says what it belongs to, "matter/123".
func (v *Vault) PutText(ctx context.Context, tx *store.Tx, person store.ID, object, text string) (store.ID, error) {
	key, err := v.key(ctx, tx, person)
	if err != nil {
		return 0, err
	}
	id := tx.NewID()
	sealed, err := key.suite.seal(key.secret, []byte(text), bound(person, id.String()))
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO vault_text (id, person, object, sealed) VALUES (?, ?, ?, ?)`, id, person, object, sealed)
	return id, err
}

// Access says who wants to see an original, of what, and why.
type Access struct {
	Actor  store.ID // account
	Unit   string
	Object string // "matter/123"
	Reason string
}

// Reveal gives the identity of a person and records who saw it and why.
func (v *Vault) Reveal(ctx context.Context, tx *store.Tx, person store.ID, by Access, kinds ...Kind) (Identity, error) {
	if err := v.record(ctx, tx, person, by, kinds); err != nil {
		return nil, err
	}
	return v.Own(ctx, tx, person)
}

// RevealText gives word for word what a person wrote and records who saw it.
func (v *Vault) RevealText(ctx context.Context, tx *store.Tx, text store.ID, by Access) (string, error) {
	var person store.ID
	if err := tx.QueryRow(ctx, `SELECT person FROM vault_text WHERE id = ?`, text).Scan(&person); err != nil {
		return "", err
	}
	if err := v.record(ctx, tx, person, by, []Kind{"text"}); err != nil {
		return "", err
	}
	return v.OwnText(ctx, tx, text)
}

// Note records that somebody was told something of a person that is no original,
// such as where they were on a day.
func (v *Vault) Note(ctx context.Context, tx *store.Tx, person store.ID, by Access, what Kind) error {
	return v.record(ctx, tx, person, by, []Kind{what})
}

func (v *Vault) record(ctx context.Context, tx *store.Tx, person store.ID, by Access, kinds []Kind) error {
	if strings.TrimSpace(by.Reason) == "" {
		return ErrNoReason
	}
	what := "identity"
	if len(kinds) > 0 {
		names := make([]string, len(kinds))
		for i, k := range kinds {
			names[i] = string(k)
		}
		what = strings.Join(names, ",")
	}
	if _, err := tx.Exec(ctx, `INSERT INTO vault_reveal (id, person, actor, unit, object, what, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		tx.NewID(), person, by.Actor, by.Unit, by.Object, what, by.Reason, store.At(v.store.Now())); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Record{At: store.At(v.store.Now()), Actor: by.Actor, Unit: by.Unit, Action: "vault.reveal", Object: by.Object, Reason: by.Reason},
		map[string]any{"person": person, "what": what})
}

// Own gives the identity of a person to the person, or to a rule of the system
// that must use it (a message to their phone) without showing it to anyone.
func (v *Vault) Own(ctx context.Context, q store.Querier, person store.ID) (Identity, error) {
	key, err := v.key(ctx, q, person)
	if err != nil {
		return nil, err
	}
	type field struct {
		Kind   string
		Sealed []byte
	}
	fields, err := store.Select[field](ctx, q, `SELECT kind, sealed FROM vault_field WHERE person = ?`, person)
	if err != nil {
		return nil, err
	}
	who := Identity{}
	for _, f := range fields {
		plain, err := key.suite.open(key.secret, f.Sealed, bound(person, f.Kind))
		if err != nil {
			return nil, fmt.Errorf("vault: a field of person %d cannot be opened: %w", person, err)
		}
		who[Kind(f.Kind)] = string(plain)
	}
	return who, nil
}

// OwnText is RevealText for the person who wrote it; see Own.
func (v *Vault) OwnText(ctx context.Context, q store.Querier, text store.ID) (string, error) {
	var person store.ID
	var sealed []byte
	if err := q.QueryRow(ctx, `SELECT person, sealed FROM vault_text WHERE id = ?`, text).Scan(&person, &sealed); err != nil {
		return "", err
	}
	key, err := v.key(ctx, q, person)
	if err != nil {
		return "", err
	}
	plain, err := key.suite.open(key.secret, sealed, bound(person, text.String()))
	return string(plain), err
}

// Look is one sight of a person's data by somebody else.
type Look struct {
	ID     store.ID   `bun:"id" json:"id"`
	At     store.Time `bun:"at" json:"at"`
	Actor  store.ID   `bun:"actor" json:"-"`
	Unit   string     `bun:"unit" json:"unit"`
	Object string     `bun:"object" json:"object"`
	What   string     `bun:"what" json:"what"`
	Reason string     `bun:"reason" json:"reason"`
}

// Looks gives who looked at a person's data, newest first: for the person.
func (v *Vault) Looks(ctx context.Context, person store.ID) ([]Look, error) {
	return store.Select[Look](ctx, v.store, `SELECT id, at, actor, unit, object, what, reason FROM vault_reveal WHERE person = ? ORDER BY id DESC LIMIT 200`, person)
}

// Erase destroys a person's key. What it sealed can never be read again; the
// references elsewhere, and so the counts, stay.
func (v *Vault) Erase(ctx context.Context, tx *store.Tx, person store.ID, by Access) error {
	if strings.TrimSpace(by.Reason) == "" {
		return ErrNoReason
	}
	if _, err := tx.Exec(ctx, `UPDATE vault_person SET wrapped_key = NULL, masked_name = '', masked_phone = '', erased_at = ? WHERE id = ?`,
		store.At(v.store.Now()), person); err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM vault_lookup WHERE person = ?`, `DELETE FROM vault_field WHERE person = ?`} {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return err
		}
	}
	tx.OnCommit(func() { v.forget(person) })
	return audit.Write(ctx, tx, audit.Record{At: store.At(v.store.Now()), Actor: by.Actor, Unit: by.Unit, Action: "vault.erase", Object: "person/" + person.String(), Reason: by.Reason}, nil)
}

// Rewrap moves the keys of persons that other master keys wrap to the current
// one, a batch at a time, and says how many are left.
func (v *Vault) Rewrap(ctx context.Context) (left int, err error) {
	current, err := v.keys.master("")
	if err != nil {
		return 0, err
	}
	type row struct {
		ID         store.ID
		KeyID      string
		WrappedKey []byte
	}
	err = v.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := store.Select[row](ctx, tx, `SELECT id, key_id, wrapped_key FROM vault_person WHERE key_id <> ? AND wrapped_key IS NOT NULL LIMIT 200`, current.ID)
		if err != nil {
			return err
		}
		for _, r := range rows {
			old, err := v.keys.master(r.KeyID)
			if err != nil {
				return err
			}
			secret, err := old.Suite.open(old.Secret, r.WrappedKey, bound(r.ID, "key"))
			if err != nil {
				return fmt.Errorf("vault: the key of person %d cannot be opened: %w", r.ID, err)
			}
			wrapped, err := current.Suite.seal(current.Secret, secret, bound(r.ID, "key"))
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE vault_person SET key_id = ?, wrapped_key = ? WHERE id = ?`, current.ID, wrapped, r.ID); err != nil {
				return err
			}
		}
		return tx.QueryRow(ctx, `SELECT count(*) FROM vault_person WHERE key_id <> ? AND wrapped_key IS NOT NULL`, current.ID).Scan(&left)
	})
	return left, err
}

// maxOpenKeys bounds the keys of persons that are kept open in memory.
const maxOpenKeys = 20_000

// remember keeps a person's key open. Where several processes share the
// database an erasure by another must be seen, so there no key is kept.
func (v *Vault) remember(person store.ID, key personKey) {
	if v.store.Dialect() != store.SQLite {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.open) >= maxOpenKeys {
		clear(v.open)
	}
	v.open[person] = key
}

func (v *Vault) forget(person store.ID) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.open, person)
}

func (v *Vault) key(ctx context.Context, q store.Querier, person store.ID) (personKey, error) {
	v.mu.Lock()
	key, ok := v.open[person]
	v.mu.Unlock()
	if ok {
		return key, nil
	}
	var suite, id string
	var wrapped []byte
	if err := q.QueryRow(ctx, `SELECT suite, key_id, wrapped_key FROM vault_person WHERE id = ?`, person).Scan(&suite, &id, &wrapped); err != nil {
		return personKey{}, fmt.Errorf("vault: person %d: %w", person, err)
	}
	if wrapped == nil {
		return personKey{}, ErrErased
	}
	master, err := v.keys.master(id)
	if err != nil {
		return personKey{}, err
	}
	secret, err := master.Suite.open(master.Secret, wrapped, bound(person, "key"))
	if err != nil {
		return personKey{}, fmt.Errorf("vault: the key of person %d cannot be opened with master key %s: %w", person, id, err)
	}
	key = personKey{suite: Suite(suite), secret: secret}
	v.remember(person, key)
	return key, nil
}

// MaskName keeps the first character: 张三 → 张*, 欧阳小明 → 欧***.
func MaskName(name string) string {
	r := []rune(strings.TrimSpace(name))
	if len(r) == 0 {
		return ""
	}
	return string(r[0]) + strings.Repeat("*", min(max(len(r)-1, 1), 3))
}

// MaskPhone keeps the first three and last four digits: 138****5678.
func MaskPhone(phone string) string {
	p := normalise(Phone, phone)
	if len(p) < 8 {
		return strings.Repeat("*", len(p))
	}
	return p[:3] + strings.Repeat("*", len(p)-7) + p[len(p)-4:]
}

// Seal closes a content under a person's key, to be kept outside the vault: whoever
// finds it cannot read it, and erasing the person erases it. what is bound to it:
// it opens as that alone.
func (v *Vault) Seal(ctx context.Context, q store.Querier, person store.ID, what string, plain []byte) ([]byte, error) {
	key, err := v.key(ctx, q, person)
	if err != nil {
		return nil, err
	}
	return key.suite.seal(key.secret, plain, bound(person, what))
}

// Unseal opens what Seal closed; ErrErased where the person was erased.
func (v *Vault) Unseal(ctx context.Context, q store.Querier, person store.ID, what string, sealed []byte) ([]byte, error) {
	key, err := v.key(ctx, q, person)
	if err != nil {
		return nil, err
	}
	return key.suite.open(key.secret, sealed, bound(person, what))
}

// Rewrite replaces what a person wrote: a draft that is written on.
func (v *Vault) Rewrite(ctx context.Context, tx *store.Tx, id, person store.ID, text string) error {
	key, err := v.key(ctx, tx, person)
	if err != nil {
		return err
	}
	sealed, err := key.suite.seal(key.secret, []byte(text), bound(person, id.String()))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE vault_text SET sealed = ? WHERE id = ? AND person = ?`, sealed, id, person)
	return err
}
