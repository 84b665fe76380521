package caseflow

import (
	"context"

	"shanzhi/core/form"
	"shanzhi/core/rule"
	"shanzhi/core/store"
)

// condition is a guard or a check.
type condition struct{ *rule.Program }

// readForm checks what was given against what the action asks for. The refusal
// names every wrong field with a message key.
func (c *step) readForm(ctx context.Context, q store.Querier) error {
	read, wrong, err := form.Read(ctx, c.action.Form, c.form, func(ctx context.Context, f *form.Field, codes []string) (bool, error) {
		if f.Type == "unit" || f.Type == "units" {
			for _, code := range codes {
				if _, ok := c.engine.dir.Tree().Unit(code); !ok {
					return false, nil
				}
			}
			return true, nil
		}
		if c.system.Known == nil {
			return true, nil
		}
		return c.system.Known(ctx, q, c.action, f, codes)
	})
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return &Refusal{Code: "form", Fields: wrong}
	}
	c.form = read
	return nil
}
