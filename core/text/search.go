package text

import (
	"context"
	"slices"
	"strings"

	"shanzhi/core/store"
)

// Index is full-text search over one table, the same on both stores: FTS5 on
// SQLite, a tsvector on PostgreSQL, over the same tokens (IndexTokens), so that
// both find the same. Its migration makes the table:
//
//	--:sqlite CREATE VIRTUAL TABLE NAME USING fts5(tokens, content='', contentless_delete=1, tokenize="ascii", detail=none);
//	--:postgres CREATE TABLE NAME (rowid BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL);
//	--:postgres CREATE INDEX NAME_tokens ON NAME USING GIN (tokens);
type Index struct{ Table string }

// Value is the SQL that makes what the index keeps of an SQL expression of
// tokens (see IndexTokens).
func (x Index) Value(q store.Querier, tokens string) string {
	if q.Dialect() == store.Postgres {
		return "to_tsvector('simple', " + tokens + ")"
	}
	return tokens
}

// Entry is a record that is new in an index.
type Entry struct {
	ID     store.ID
	Tokens string // see IndexTokens
}

// entriesAtOnce is how many a statement adds on PostgreSQL. SQLite keeps a
// journal for every statement of several rows, which costs more than it saves.
const entriesAtOnce = 200

// AddAll makes many records found at once; none was in the index before.
func (x Index) AddAll(ctx context.Context, tx *store.Tx, entries []Entry) error {
	if tx.Dialect() != store.Postgres {
		for _, e := range entries {
			if _, err := tx.Exec(ctx, `INSERT INTO `+x.Table+` (rowid, tokens) VALUES (?, ?)`, int64(e.ID), e.Tokens); err != nil {
				return err
			}
		}
		return nil
	}
	for chunk := range slices.Chunk(entries, entriesAtOnce) {
		args := make([]any, 0, 2*len(chunk))
		for _, e := range chunk {
			args = append(args, int64(e.ID), e.Tokens)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO `+x.Table+` (rowid, tokens) SELECT id, to_tsvector('simple', words) FROM (VALUES (?::bigint, ?::text)`+strings.Repeat(`, (?::bigint, ?::text)`, len(chunk)-1)+`) AS v (id, words)`, args...); err != nil {
			return err
		}
	}
	return nil
}

// MergeAt says from how many pieces of about one size on SQLite merges them into
// one while records are added: 4 as it comes, up to 16 for a bulk load, which then
// merges less often. PostgreSQL has no such pieces.
func (x Index) MergeAt(ctx context.Context, tx *store.Tx, pieces int) error {
	if tx.Dialect() == store.Postgres {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO `+x.Table+` (`+x.Table+`, rank) VALUES ('automerge', ?)`, pieces)
	return err
}

// Put makes a record found by a text, in place of what it was found by before.
func (x Index) Put(ctx context.Context, tx *store.Tx, id store.ID, text string) error {
	tokens := IndexTokens(text)
	if tx.Dialect() == store.Postgres {
		_, err := tx.Exec(ctx, `INSERT INTO `+x.Table+` (rowid, tokens) VALUES (?, to_tsvector('simple', ?)) ON CONFLICT (rowid) DO UPDATE SET tokens = excluded.tokens`, int64(id), tokens)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT OR REPLACE INTO `+x.Table+` (rowid, tokens) VALUES (?, ?)`, int64(id), tokens)
	return err
}

// Find gives the identifiers of records that hold all words of a query, newest
// first, below an identifier, at most limit. A query without a word finds
// nothing.
func (x Index) Find(ctx context.Context, q store.Querier, query string, before store.ID, limit int) ([]store.ID, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	if q.Dialect() == store.Postgres {
		match := MatchTS(query)
		if match == "" {
			return nil, nil
		}
		return x.walk(ctx, q, match, before, limit)
	}
	match := MatchFTS5(query)
	if match == "" {
		return nil, nil
	}
	return store.Select[store.ID](ctx, q, `SELECT rowid FROM `+x.Table+` WHERE `+x.Table+` MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`, match, int64(before), limit)
}

// walk goes back in time by growing steps, so that a common word does not make
// PostgreSQL sort all that hold it.
func (x Index) walk(ctx context.Context, q store.Querier, match string, before store.ID, limit int) ([]store.ID, error) {
	var newest store.ID
	if err := q.QueryRow(ctx, `SELECT COALESCE(max(rowid), 0) FROM `+x.Table+` WHERE rowid < ?`, int64(before)).Scan(&newest); err != nil || newest == 0 {
		return nil, err
	}
	var out []store.ID
	top := newest + 1
	for step := int64(31*24*3600*1000) << 22; top > 0 && len(out) < limit; step *= 4 {
		bottom := store.ID(max(0, int64(top)-step))
		if step <= 0 {
			bottom = 0
		}
		ids, err := store.Select[store.ID](ctx, q, `SELECT rowid FROM `+x.Table+` WHERE tokens @@ to_tsquery('simple', ?) AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?`,
			match, int64(top), int64(bottom), limit-len(out))
		if err != nil {
			return nil, err
		}
		out = append(out, ids...)
		top = bottom
	}
	return out, nil
}
