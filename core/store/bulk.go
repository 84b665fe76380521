package store

import (
	"context"
	"database/sql/driver"
	"strings"
)

// bulkRows is how many rows one statement of a bulk load writes.
const bulkRows = 40

// InsertRows inserts rows, many with one statement.
func InsertRows(ctx context.Context, tx *Tx, insert string, rows [][]any) error {
	return UpsertRows(ctx, tx, insert, "", rows)
}

// UpsertRows is InsertRows that says after the values, by an ON CONFLICT
// clause, what becomes of a row that is there. No two of rows have one key.
func UpsertRows(ctx context.Context, tx *Tx, insert, conflict string, rows [][]any) error {
	for len(rows) > 0 {
		n := min(bulkRows, len(rows))
		one := "(?" + strings.Repeat(",?", len(rows[0])-1) + ")"
		args := make([]any, 0, n*len(rows[0]))
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if _, err := tx.Exec(ctx, insert+one+strings.Repeat(","+one, n-1)+" "+conflict, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Plain is a row of values as drivers take them, made where there is time for it.
func Plain(values ...any) ([]any, error) {
	for i, v := range values {
		var err error
		if values[i], err = driver.DefaultParameterConverter.ConvertValue(v); err != nil {
			return nil, err
		}
	}
	return values, nil
}

type longKey struct{}

// Long marks a write that is known to take long (a bulk load, a pack): it is
// not reported. Other writers wait behind it all the same, so it is cut into
// pieces of a few hundredths of a second wherever others are at work.
func Long(ctx context.Context) context.Context { return context.WithValue(ctx, longKey{}, true) }

// WithoutIndexes drops the secondary indexes of tables for a bulk load and
// returns what makes them again, with fresh statistics. Unique ones stay: they
// guard the data. Only for a load that nobody else is waiting behind. If the
// program ends in between, the next Migrate makes them again.
func (s *Store) WithoutIndexes(ctx context.Context, tables ...string) (restore func(context.Context) error, err error) {
	query := `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE%' AND ` + AnyOf("tbl_name", len(tables))
	if s.dialect == Postgres {
		query = `SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = current_schema() AND indexdef NOT LIKE 'CREATE UNIQUE%' AND ` + AnyOf("tablename", len(tables))
	}
	err = s.Write(Long(ctx), func(ctx context.Context, tx *Tx) error {
		indexes, err := Select[index](ctx, tx, query, Args(tables...)...)
		if err != nil {
			return err
		}
		for _, x := range indexes {
			if _, err := tx.Exec(ctx, `INSERT INTO store_dropped (name, sql) VALUES (?, ?)`, x.Name, x.SQL); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `DROP INDEX `+x.Name); err != nil {
				return err
			}
		}
		return nil
	})
	return func(ctx context.Context) error {
		if err := s.restoreIndexes(ctx); err != nil {
			return err
		}
		return s.Analyze(ctx, tables...)
	}, err
}

type index struct{ Name, SQL string }

// restoreIndexes makes the indexes again that a bulk load has dropped.
func (s *Store) restoreIndexes(ctx context.Context) error {
	dropped, err := Select[index](ctx, s, `SELECT name, sql FROM store_dropped ORDER BY name`)
	if err != nil {
		return err
	}
	for _, x := range dropped {
		if err := s.Write(Long(ctx), func(ctx context.Context, tx *Tx) error {
			if _, err := tx.Exec(ctx, x.SQL); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `DELETE FROM store_dropped WHERE name = ?`, x.Name)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// Analyze takes fresh statistics of tables, from a sample, as a bulk load ends: without
// them a list was 190 times slower on PostgreSQL.
func (s *Store) Analyze(ctx context.Context, tables ...string) error {
	return s.Write(Long(ctx), func(ctx context.Context, tx *Tx) error {
		if s.dialect == SQLite {
			if _, err := tx.Exec(ctx, `PRAGMA analysis_limit = 1000`); err != nil {
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
}
