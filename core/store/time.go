package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Time is an instant as it is stored: microseconds since 1970 in UTC, in a
// BIGINT on both stores, so that order, equality and indexes agree. The zero
// instant is NULL.
type Time struct{ time.Time }

// At makes a storable instant of t, to the microsecond.
func At(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{t.UTC().Truncate(time.Microsecond)}
}

// Value implements driver.Valuer.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UnixMicro(), nil
}

// Scan implements sql.Scanner.
func (t *Time) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*t = Time{}
	case int64:
		*t = Time{time.UnixMicro(v).UTC()}
	default:
		return fmt.Errorf("store: cannot read an instant from %T", src)
	}
	return nil
}
