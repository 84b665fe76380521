package store

import (
	"strconv"
	"strings"
)

// Dialect is which of the two stores is behind a DSN.
type Dialect int

// The two stores.
const (
	SQLite Dialect = iota
	Postgres
)

func (d Dialect) String() string {
	if d == Postgres {
		return "postgres"
	}
	return "sqlite"
}

// rebind turns "?" into "$1", "$2", … for PostgreSQL. A "?" inside a quoted
// string or identifier is left as it is.
func (d Dialect) rebind(query string) string {
	if d == SQLite || !strings.Contains(query, "?") {
		return query
	}
	var b strings.Builder
	b.Grow(len(query) + 16)
	n, quote := 0, byte(0)
	for i := 0; i < len(query); i++ {
		c := query[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '?':
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// Position is the SQL expression for the transaction part of a commit
// position, stored beside the row's ID. On SQLite the one writer gives IDs in
// commit order, so the ID alone is the position.
func (d Dialect) Position() string {
	if d == Postgres {
		return "pg_current_xact_id()::text::bigint"
	}
	return "0"
}

// Settled is the SQL condition, over a column that was filled with
// [Dialect.Position], that no transaction still running can commit a row
// before this one.
func (d Dialect) Settled(column string) string {
	if d == Postgres {
		return column + " < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
	}
	return "1=1"
}

// AnyOf is the SQL condition that column is one of n arguments.
func AnyOf(column string, n int) string {
	if n == 0 {
		return "1=0"
	}
	return column + " IN (?" + strings.Repeat(",?", n-1) + ")"
}

// Literal is what somebody typed, without what LIKE would read as a pattern and
// without blanks around it.
func Literal(words string) string { return strings.TrimSpace(wild.Replace(words)) }

var wild = strings.NewReplacer("%", "", "_", "")

// Args makes an argument list of values of one type.
func Args[T any](values ...T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}
