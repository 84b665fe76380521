package place

import (
	"context"
	"strings"
	"unicode"

	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// PlaceAlias is another name of an object, or another way to write its address.
type PlaceAlias struct {
	Object store.ID   `json:"object"`
	Name   string     `json:"name"`
	Source string     `json:"source" enum:"register,review"`
	At     store.Time `json:"at"`
}

// aliasForm is a name as it is compared.
func aliasForm(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, name))
}

// Learn keeps another name of an object; one that was withdrawn holds again.
func (r *Register) Learn(ctx context.Context, tx *store.Tx, id store.ID, name, source string, by Order) error {
	form := aliasForm(name)
	if form == "" || len(form) > 600 {
		return refuse("required", "the name is empty, or longer than one is")
	}
	at := store.At(r.Store.Now())
	if _, err := tx.Exec(ctx, `INSERT INTO place_alias (object, form, name, source, at, actor) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (object, form) DO UPDATE SET until = NULL`, id, form, strings.TrimSpace(name), source, at, by.Who.Account); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Record{At: at, Actor: by.Who.Account, Unit: by.Who.Unit, Action: "place.alias", Object: "place/" + id.String(), Reason: by.Reason}, nil)
}

// Unlearn withdraws a name.
func (r *Register) Unlearn(ctx context.Context, tx *store.Tx, id store.ID, name string, by Order) error {
	at := store.At(r.Store.Now())
	n, err := tx.Exec(ctx, `UPDATE place_alias SET until = ? WHERE object = ? AND form = ? AND until IS NULL`, at, id, aliasForm(name))
	if err != nil {
		return err
	}
	if n == 0 {
		return store.ErrNotFound
	}
	return audit.Write(ctx, tx, audit.Record{At: at, Actor: by.Who.Account, Unit: by.Who.Unit, Action: "place.alias_end", Object: "place/" + id.String(), Reason: by.Reason}, nil)
}

// Aliases returns the names that hold, of one object or, by 0, of all.
func (r *Register) Aliases(ctx context.Context, q store.Querier, id store.ID) ([]PlaceAlias, error) {
	cond, args := "", []any{}
	if id != 0 {
		cond, args = ` AND object = ?`, append(args, int64(id))
	}
	return store.Select[PlaceAlias](ctx, q, `SELECT object, name, source, at FROM place_alias WHERE until IS NULL`+cond+` ORDER BY object, at`, args...)
}
