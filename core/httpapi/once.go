package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/json"

	"net/http"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// once identifies a request that may be sent again: who, what, and the key
// that the client gave it.
type once struct {
	digest []byte
}

func newOnce(who account.Actor, r *http.Request, key string) *once {
	h := sha256.New()
	for _, s := range []string{who.Account.String(), r.Method, r.URL.Path, key} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return &once{h.Sum(nil)}
}

// Once keeps the answer of a request that carries an Idempotency-Key, in the
// transaction of its effects: who sends it again gets this answer, and the
// effects are not repeated. Without a key it does nothing.
func Once(ctx context.Context, tx *store.Tx, status int, answer any) error {
	o, _ := ctx.Value(idempotencyKey).(*once)
	if o == nil {
		return nil
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO http_answer (digest, body, status, at) VALUES (?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING`,
		o.digest, string(body), status, store.At(time.Now()))
	if err == nil && n == 0 {
		return Fail(http.StatusConflict, "conflict")
	}
	return err
}

// replay sends the kept answer of a request, if there is one.
func (s *Server) replay(ctx context.Context, w http.ResponseWriter, r *http.Request, o *once) bool {
	type answer struct {
		Body   string
		Status int
	}
	a, err := store.Get[answer](ctx, s.Store, `SELECT body, status FROM http_answer WHERE digest = ?`, o.digest)
	if err != nil {
		return false
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Idempotent-Replayed", "true")
	w.WriteHeader(a.Status)
	_, _ = w.Write([]byte(a.Body))
	return true
}
