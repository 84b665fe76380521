package gate

import (
	"context"
	"errors"
	"io"
	"strings"

	"shanzhi/core/account"
)

// Paper lets a paper out that was made before: who takes which one, why and in
// which form is recorded as an export is. What it holds must be masked when it is
// made.
func (g *Gate) Paper(ctx context.Context, r Request, w io.Writer, write func(w io.Writer, scope account.Scope) error) (err error) {
	if strings.TrimSpace(r.Purpose) == "" {
		return ErrPurpose
	}
	scope := r.Actor.Scope()
	if scope.Empty() {
		return ErrScope
	}
	id, err := g.record(ctx, r, "export.begin", 0, detail{Form: r.Form, Filter: r.filter()})
	if err != nil {
		return err
	}
	defer func() {
		d := detail{Form: r.Form}
		if err != nil {
			d.Failed = "cut off"
		}
		_, rerr := g.record(context.WithoutCancel(ctx), r, "export.end", id, d)
		err = errors.Join(err, rerr)
	}()
	return write(w, scope)
}
