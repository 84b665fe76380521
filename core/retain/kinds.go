package retain

import (
	"context"
	"time"

	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// The kinds that core itself keeps.
const (
	KindIdentity = "identity"    // 诉求人身份: who somebody is, of whose matters the last has ended
	KindOriginal = "original"    // 原文: what somebody wrote word for word, of a matter that has ended
	KindNotice   = "notice"      // 通知
	KindSession  = "session"     // 登录会话
	KindAnswer   = "idempotency" // 幂等应答
)

// held is the condition that nothing of matter m is destroyed.
const held = `EXISTS (SELECT 1 FROM retain_hold h WHERE h.matter = m.id AND h.released_at IS NULL)`

// CoreKinds are the kinds of core.
func CoreKinds(v *vault.Vault) map[string]Kind {
	return map[string]Kind{KindIdentity: identity{v}, KindOriginal: original{}, KindNotice: rows{"notice", "at"}, KindSession: rows{"session", "expires_at"}, KindAnswer: rows{"http_answer", "at"}}
}

// heldBy says whether a hold stands against a key of a kind, in the transaction
// that would destroy it.
func heldBy(ctx context.Context, tx *store.Tx, kind, key string) (yes bool, err error) {
	id, _ := store.ParseID(key)
	switch kind {
	case KindIdentity:
		err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM matter m WHERE m.applicant = ? AND (m.open OR `+held+`))`, int64(id)).Scan(&yes)
	case KindOriginal:
		err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM vault_text t JOIN retain_hold h ON t.object = 'matter/' || h.matter AND h.released_at IS NULL WHERE t.id = ?)`, int64(id)).Scan(&yes)
	case KindNotice, KindSession, KindAnswer:
	default: // a system's own: its keys are matters
		err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM matter m WHERE m.id = ? AND (m.open OR `+held+`))`, int64(id)).Scan(&yes)
	}
	return yes, err
}

// identity are persons without an account, all of whose matters ended.
type identity struct{ vault *vault.Vault }

// Due implements Kind.
func (identity) Due(ctx context.Context, q store.Querier, before time.Time, limit int) ([]Item, error) {
	rows, err := store.Select[struct {
		ID    store.ID
		Since store.Time
	}](ctx, q, `SELECT p.id, MAX(m.closed_at) AS since FROM vault_person p JOIN matter m ON m.applicant = p.id
		WHERE p.erased_at IS NULL AND p.created_at < ? AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person = p.id AND NOT a.disabled)
		AND NOT EXISTS (SELECT 1 FROM matter m WHERE m.applicant = p.id AND (m.open OR m.closed_at IS NULL OR m.closed_at >= ? OR `+held+`))
		GROUP BY p.id ORDER BY 2, 1 LIMIT ?`, store.At(before), store.At(before), limit)
	out := make([]Item, len(rows))
	for i, r := range rows {
		out[i] = Item{r.ID.String(), r.Since}
	}
	return out, err
}

// Destroy implements Kind: the person's key is gone, and all that it sealed with it.
func (k identity) Destroy(ctx context.Context, tx *store.Tx, key string, by vault.Access) error {
	id, err := store.ParseID(key)
	if err != nil {
		return err
	}
	return k.vault.Erase(ctx, tx, id, by)
}

// original are texts of matters that ended, as they were written.
type original struct{}

// Due implements Kind.
func (original) Due(ctx context.Context, q store.Querier, before time.Time, limit int) ([]Item, error) {
	rows, err := store.Select[struct {
		ID    store.ID
		Since store.Time
	}](ctx, q, `SELECT t.id, m.closed_at AS since FROM matter m JOIN vault_text t ON t.person = m.applicant AND t.object = 'matter/' || m.id
		WHERE NOT m.open AND m.closed_at < ? AND NOT `+held+` ORDER BY m.closed_at, t.id LIMIT ?`, store.At(before), limit)
	out := make([]Item, len(rows))
	for i, r := range rows {
		out[i] = Item{r.ID.String(), r.Since}
	}
	return out, err
}

// Destroy implements Kind.
func (original) Destroy(ctx context.Context, tx *store.Tx, key string, _ vault.Access) error {
	id, err := store.ParseID(key)
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM vault_text WHERE id = ?`, id)
	}
	return err
}

// rows are those of a table that only time ends; a key is a day, so that a list
// of a million is short.
type rows struct{ table, at string }

const microsADay = int64(24 * time.Hour / time.Microsecond)

// Due implements Kind.
func (k rows) Due(ctx context.Context, q store.Querier, before time.Time, limit int) ([]Item, error) {
	days, err := store.Select[int64](ctx, q, `SELECT DISTINCT `+k.at+` / 86400000000 AS day FROM `+k.table+` WHERE `+k.at+` < ? ORDER BY 1 LIMIT ?`, before.UnixMicro()/microsADay*microsADay, limit)
	out := make([]Item, len(days))
	for i, d := range days {
		at := time.UnixMicro(d * microsADay).UTC()
		out[i] = Item{at.Format(time.DateOnly), store.At(at)}
	}
	return out, err
}

// Destroy implements Kind.
func (k rows) Destroy(ctx context.Context, tx *store.Tx, key string, _ vault.Access) error {
	day, err := time.Parse(time.DateOnly, key)
	if err != nil {
		return err
	}
	if k.table == "notice" {
		if _, err := tx.Exec(ctx, `DELETE FROM notice_message WHERE notice IN (SELECT id FROM notice WHERE at >= ? AND at < ?)`, store.At(day), store.At(day.AddDate(0, 0, 1))); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `DELETE FROM `+k.table+` WHERE `+k.at+` >= ? AND `+k.at+` < ?`, store.At(day), store.At(day.AddDate(0, 0, 1)))
	return err
}
