package appeals

import (
	"context"
	"time"

	"shanzhi/core/retain"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Attachments are the photos, recordings and files of appeals that have ended: a
// kind of record that the district keeps for so long (see package retain). The
// appeal keeps their references, and so how many there were.
type Attachments struct{ *Service }

// Due implements retain.Kind; a key is an appeal.
func (a Attachments) Due(ctx context.Context, q store.Querier, before time.Time, limit int) ([]retain.Item, error) {
	rows, err := store.Select[struct {
		ID    store.ID
		Since store.Time
	}](ctx, q, `SELECT m.id, m.closed_at AS since FROM matter m JOIN appeal a ON a.id = m.id WHERE NOT m.open AND m.closed_at < ? AND (a.files <> '[]' OR a.reply_files <> '[]')
		AND NOT EXISTS (SELECT 1 FROM retain_hold h WHERE h.matter = m.id AND h.released_at IS NULL) AND NOT EXISTS (SELECT 1 FROM attachment_destroyed d WHERE d.appeal = m.id)
		ORDER BY m.closed_at, m.id LIMIT ?`, store.At(before), limit)
	out := make([]retain.Item, len(rows))
	for i, r := range rows {
		out[i] = retain.Item{Key: r.ID.String(), Since: r.Since}
	}
	return out, err
}

// Destroy implements retain.Kind.
func (a Attachments) Destroy(ctx context.Context, tx *store.Tx, key string, _ vault.Access) error {
	id, err := store.ParseID(key)
	if err != nil {
		return err
	}
	x, err := getAppeal(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, list := range []string{x.Files, x.ReplyFiles} {
		for _, file := range decodeList(list) {
			if err := a.Files.Forget(ctx, tx, file); err != nil {
				return err
			}
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO attachment_destroyed (appeal, at) VALUES (?, ?)`, id, store.At(a.Store.Now()))
	return err
}
