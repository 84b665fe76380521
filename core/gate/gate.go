// Package gate is the one exit (出口): every export, report and push of data
// leaves the house through it.
//
// [Gate.Export] writes down who takes what out, why, by which filter and in
// which form, before the first byte leaves, and afterwards how many rows went;
// it hands the caller the actor's scope, and it decides by the class of each
// column what leaves at all: persons leave masked, and open data (开放数据) leaves
// without them, with places rounded. Tables that a spreadsheet program opens are
// guarded against formulas (see package table).
package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// Class is what a column holds, and so in which form it leaves.
type Class uint8

// The classes.
const (
	Plain     Class = iota // leaves as it is
	Free                   // free text: masked as it leaves; open data has it only when asked for
	Name                   // of a person: leaves masked; open data has none
	Phone                  // of a person: leaves masked; open data has none
	Internal               // how the house works, or a doorstep: open data has none
	Longitude              // degrees, WGS-84: rounded in open data
	Latitude
)

// openDecimals round a coordinate in open data to some 100 m: a place, no doorstep.
const openDecimals = 3

// Column is one column of what leaves.
type Column struct {
	Name  string // for programs
	Title string // for people; "" is the name
	Class Class
}

// Form is how a table is written.
type Form string

// The forms.
const (
	CSV     Form = "csv"
	XLSX    Form = "xlsx"
	GeoJSON Form = "geojson" // a FeatureCollection (RFC 7946)
	JSON    Form = "json"    // an array of objects
)

// Request says who takes what out, and why.
type Request struct {
	Actor   account.Actor
	Purpose string // in words; needed
	What    string // "appeals"
	Form    Form
	Filter  any  // what narrowed it, kept with the record; personal data in it is masked
	Open    bool // open data: without persons
	Free    bool // open data with its free texts, masked
	Zone    *time.Location
	// Lines is how programs read it: names for titles, no byte order mark.
	Lines bool
}

// Errors.
var (
	// ErrPurpose: nothing leaves without a reason.
	ErrPurpose = errors.New("gate: an export needs a purpose")
	// ErrScope: the actor may see nothing of it.
	ErrScope = errors.New("gate: nothing of it may be seen by this account")
)

// Gate is the exit of one house.
type Gate struct{ Store *store.Store }

// Row takes one row of what leaves: a value for each column. A value is a
// string, an integer, a float or a pointer to one, a bool or a pointer to one,
// a store.Time or nil.
type Row func(values ...any) error

// Export writes what rows gives to w and returns how many rows left. rows is
// given the scope in which it must read.
//
// Nothing is written to w when the request is refused. An error in the middle
// leaves w cut off, which the caller must make visible; the record says how many
// rows had left.
func (g *Gate) Export(ctx context.Context, r Request, columns []Column, w io.Writer, rows func(ctx context.Context, scope account.Scope, row Row) error) (n int64, err error) {
	err = g.pass(ctx, r, &n, func(scope account.Scope, mark string) error {
		return r.write(ctx, columns, mark, w, &n, func(row Row) error { return rows(ctx, scope, row) })
	})
	return n, err
}

// Paper lets a paper out that was made before: who takes which one, why and in
// which form is recorded as an export is. What it holds must be masked when it is
// made.
// Its pages carry mark.
func (g *Gate) Paper(ctx context.Context, r Request, w io.Writer, write func(w io.Writer, scope account.Scope, mark string) error) error {
	return g.pass(ctx, r, nil, func(scope account.Scope, mark string) error { return write(w, scope, mark) })
}

// mark says on what leaves who took it out, when, and under which number of the
// record (水印).
func (r Request) mark(id store.ID, at time.Time) string {
	if r.Zone != nil {
		at = at.In(r.Zone)
	}
	who := strings.Join(slices.DeleteFunc([]string{r.Actor.Name, r.Actor.UnitName()}, func(s string) bool { return s == "" }), " ")
	return fmt.Sprintf("%s %s %s", who, at.Format("2006-01-02 15:04"), id)
}

// pass lets out what take gives, on record before and after. rows is how many
// rows left, where rows leave.
func (g *Gate) pass(ctx context.Context, r Request, rows *int64, take func(scope account.Scope, mark string) error) (err error) {
	scope := r.Actor.Scope()
	if strings.TrimSpace(r.Purpose) == "" {
		return ErrPurpose
	}
	if scope.Empty() {
		return ErrScope
	}
	id, err := g.record(ctx, r, "export.begin", 0, detail{Form: r.Form, Filter: r.filter(), Open: r.Open, Free: r.Free})
	if err != nil {
		return err
	}
	defer func() {
		failed := ""
		if err != nil {
			failed = "cut off"
		}
		_, rerr := g.record(context.WithoutCancel(ctx), r, "export.end", id, detail{Form: r.Form, Open: r.Open, Rows: rows, Failed: failed})
		err = errors.Join(err, rerr)
	}()
	return take(scope, r.mark(id, g.Store.Now()))
}

// write writes the rows that rows gives, of the columns that leave, and counts
// them in n.
func (r Request) write(ctx context.Context, columns []Column, mark string, w io.Writer, n *int64, rows func(Row) error) error {
	leaves := make([]bool, len(columns))
	var kept []Column
	for i, c := range columns {
		if leaves[i] = r.lets(c.Class); leaves[i] {
			kept = append(kept, c)
		}
	}
	out, err := newWriter(r, kept, mark, w)
	if err != nil {
		return err
	}
	values := make([]any, 0, len(kept))
	err = rows(func(row ...any) error {
		if len(row) != len(columns) {
			return fmt.Errorf("gate: a row of %d values for %d columns", len(row), len(columns))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		values = values[:0]
		for i, v := range row {
			if leaves[i] {
				values = append(values, r.form(columns[i].Class, v))
			}
		}
		if err := out.Write(values...); err != nil {
			return err
		}
		*n++
		return nil
	})
	return errors.Join(err, out.Close())
}

// remains are the digits and letters that masking leaves of a number, by which
// those who work here recognise it. The public need not.
var remains = regexp.MustCompile(`[0-9A-Za-z]*\*{2,}[0-9A-Za-z]*`)

// Public is a free text as anybody may read it: without personal data, and
// without what masking leaves of a number.
func Public(s string) string { return remains.ReplaceAllString(text.Mask(s), "***") }

// lets says whether a column of a class leaves at all.
func (r Request) lets(c Class) bool {
	if !r.Open {
		return true
	}
	switch c {
	case Name, Phone, Internal:
		return false
	case Free:
		return r.Free
	}
	return true
}

// form is the value as it leaves.
func (r Request) form(c Class, v any) any {
	switch p := v.(type) {
	case *float64:
		if v = any(nil); p != nil {
			v = *p
		}
	case *int:
		if v = any(nil); p != nil {
			v = *p
		}
	case *bool:
		if v = any(nil); p != nil {
			v = *p
		}
	case store.Time:
		if v = any(nil); !p.IsZero() {
			v = p.Time
		}
	}
	switch c {
	case Free, Internal:
		if s, ok := v.(string); ok {
			if r.Open {
				return Public(s)
			}
			return text.Mask(s)
		}
	case Name:
		return vault.MaskName(fmt.Sprint(orEmpty(v)))
	case Phone:
		return vault.MaskPhone(fmt.Sprint(orEmpty(v)))
	case Longitude, Latitude:
		if f, ok := v.(float64); ok && r.Open {
			scale := math.Pow10(openDecimals)
			return math.Round(f*scale) / scale
		}
	}
	return v
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// detail is what the record of an export says.
type detail struct {
	Form   Form            `json:"form"`
	Filter json.RawMessage `json:"filter,omitempty"`
	Open   bool            `json:"open,omitempty"`
	Free   bool            `json:"free,omitempty"`
	Rows   *int64          `json:"rows,omitempty"`
	Failed string          `json:"failed,omitempty"`
}

// filter is the filter as the record keeps it: somebody may have searched for a
// name or a number.
func (r Request) filter() json.RawMessage {
	raw, err := json.Marshal(r.Filter)
	if err != nil || r.Filter == nil {
		return nil
	}
	masked := json.RawMessage(text.Mask(string(raw)))
	if !json.Valid(masked) {
		return json.RawMessage(`"masked"`)
	}
	return masked
}

func (g *Gate) record(ctx context.Context, r Request, action string, begin store.ID, d detail) (id store.ID, err error) {
	err = g.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		object := r.What
		if id = begin; id == 0 {
			id = tx.NewID()
		}
		object += "/" + id.String()
		return audit.Write(ctx, tx, audit.Record{At: store.At(g.Store.Now()), Actor: r.Actor.Account, Unit: r.Actor.Unit, Action: action, Object: object, Reason: text.Mask(r.Purpose)}, d)
	})
	return id, err
}
