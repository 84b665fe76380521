package store

import (
	"context"
	"strings"
)

// bulkRows is how many rows one statement of a bulk load writes.
const bulkRows = 40

// InsertRows inserts rows, many with one statement.
func InsertRows(ctx context.Context, tx *Tx, insert string, rows [][]any) error {
	for len(rows) > 0 {
		n := min(bulkRows, len(rows))
		one := "(?" + strings.Repeat(",?", len(rows[0])-1) + ")"
		args := make([]any, 0, n*len(rows[0]))
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if _, err := tx.Exec(ctx, insert+one+strings.Repeat(","+one, n-1), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

type longKey struct{}

// Long marks a write that is known to take long (a bulk load, a pack): it is
// not reported. Other writers wait behind it all the same, so it is cut into
// pieces of a few hundredths of a second wherever others are at work.
func Long(ctx context.Context) context.Context { return context.WithValue(ctx, longKey{}, true) }

// WithoutIndexes drops the secondary indexes of tables for a bulk load and
// returns what makes them again, with fresh statistics. Unique ones stay: they
// guard the data. Only for a load that nobody else is waiting behind.
func (s *Store) WithoutIndexes(ctx context.Context, tables ...string) (restore func(context.Context) error, err error) {
	type index struct{ Name, SQL string }
	query := `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE%' AND ` + AnyOf("tbl_name", len(tables))
	if s.dialect == Postgres {
		query = `SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = current_schema() AND indexdef NOT LIKE 'CREATE UNIQUE%' AND ` + AnyOf("tablename", len(tables))
	}
	indexes, err := Select[index](ctx, s, query, Args(tables...)...)
	if err != nil {
		return nil, err
	}
	err = s.Write(Long(ctx), func(ctx context.Context, tx *Tx) error {
		for _, x := range indexes {
			if _, err := tx.Exec(ctx, `DROP INDEX `+x.Name); err != nil {
				return err
			}
		}
		return nil
	})
	return func(ctx context.Context) error {
		return s.Write(Long(ctx), func(ctx context.Context, tx *Tx) error {
			for _, x := range indexes {
				if _, err := tx.Exec(ctx, x.SQL); err != nil {
					return err
				}
			}
			for _, t := range tables {
				if _, err := tx.Exec(ctx, `ANALYZE `+t); err != nil {
					return err
				}
			}
			return nil
		})
	}, err
}
