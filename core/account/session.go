package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// Session is one place where an account is signed in, as its owner sees it.
type Session struct {
	ID      string     `json:"id"`
	Since   store.Time `json:"since"`
	Expires store.Time `json:"expires"`
	Agent   string     `json:"agent" doc:"What the browser says of itself"`
	Address string     `json:"address"`
	Current bool       `json:"current" doc:"The one that asks"`
}

// sessionID names a session without giving its token: the beginning of the
// hash that is kept of it.
func sessionID(hash []byte) string { return hex.EncodeToString(hash[:8]) }

// Sessions lists where an account is signed in now, newest first; token is the
// one who asks.
func (as *Accounts) Sessions(ctx context.Context, id store.ID, token string) ([]Session, error) {
	type row struct {
		Token     []byte
		CreatedAt store.Time
		ExpiresAt store.Time
		Agent     string
		Address   string
	}
	rows, err := store.Select[row](ctx, as.store, `SELECT token, created_at, expires_at, agent, address FROM session WHERE account = ? AND expires_at > ? ORDER BY created_at DESC LIMIT 200`, int64(id), store.At(as.store.Now()))
	own := sha256.Sum256([]byte(token))
	out := make([]Session, len(rows))
	for i, r := range rows {
		out[i] = Session{ID: sessionID(r.Token), Since: r.CreatedAt, Expires: r.ExpiresAt, Agent: r.Agent, Address: r.Address, Current: string(r.Token) == string(own[:])}
	}
	return out, err
}

// EndOthers signs an account out everywhere but where token is, or only there
// where the session named is, when it is not "". It returns store.ErrNotFound
// when there is no such session.
func (as *Accounts) EndOthers(ctx context.Context, id store.ID, token, only string) error {
	own := sha256.Sum256([]byte(token))
	return as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		held, err := store.Select[[]byte](ctx, tx, `SELECT token FROM session WHERE account = ? AND token <> ?`, int64(id), own[:])
		if err != nil {
			return err
		}
		ended := 0
		for _, hash := range held {
			if only != "" && sessionID(hash) != only {
				continue
			}
			if _, err := tx.Exec(ctx, `DELETE FROM session WHERE token = ?`, hash); err != nil {
				return err
			}
			ended++
		}
		if only != "" && ended == 0 {
			return store.ErrNotFound
		}
		return audit.Write(ctx, tx, audit.Record{Actor: id, Action: "account.sign_out", Object: "account/" + id.String()}, map[string]int{"sessions": ended})
	})
}
