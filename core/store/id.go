package store

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// ID is a time-ordered 64-bit key: 41 bits of milliseconds since
// 2000-01-01T00:00Z (enough until 2069, and old enough for the records that a
// district brings along), 10 bits of the node that made it, 12 bits of a counter.
// Zero means "none". It is a number in the database and a decimal string
// outside it, because JavaScript cannot hold 64 bits.
type ID int64

const (
	nodeBits = 10
	seqBits  = 12
	idEpoch  = 946684800000 // 2000-01-01T00:00:00Z in milliseconds
)

// ParseID reads the decimal form of an ID. The empty string is not an ID.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("%q is not an identifier: expected a positive decimal number", s)
	}
	return ID(n), nil
}

// IDAt is the smallest ID that could have been made at t: the bound of a
// search by time.
func IDAt(t time.Time) ID {
	return ID(max(0, t.UnixMilli()-idEpoch) << (nodeBits + seqBits))
}

// IDFor is the ID of something that came from elsewhere: at t, spread over the
// precision with which t is known (a day, a second), always the same for the
// same name. It may rarely be taken: then ask again with another name.
func IDFor(t time.Time, precision time.Duration, name string) ID {
	sum := sha256.Sum256([]byte(name))
	n := binary.BigEndian.Uint64(sum[:8])
	ms := max(1, precision.Milliseconds())
	return IDAt(t) + ID(n%uint64(ms))<<(nodeBits+seqBits) | ID(binary.BigEndian.Uint32(sum[8:12])&(1<<(nodeBits+seqBits)-1))
}

// Time is when the ID was made, to the millisecond.
func (id ID) Time() time.Time {
	return time.UnixMilli(int64(id)>>(nodeBits+seqBits) + idEpoch).UTC()
}

// IDTime is the SQL of when the IDs of a column were made: microseconds, as Time is
// stored, to the millisecond.
func IDTime(column string) string {
	return fmt.Sprintf("((%s >> %d) * 1000 + %d)", column, nodeBits+seqBits, idEpoch*1000)
}

func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// MarshalText makes an ID a string in JSON; none is the empty string.
func (id ID) MarshalText() ([]byte, error) {
	if id == 0 {
		return nil, nil
	}
	return strconv.AppendInt(nil, int64(id), 10), nil
}

// UnmarshalText is the inverse of MarshalText.
func (id *ID) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*id = 0
		return nil
	}
	v, err := ParseID(string(b))
	*id = v
	return err
}

// Value stores none as NULL, so that foreign keys and partial indexes work.
func (id ID) Value() (driver.Value, error) {
	if id == 0 {
		return nil, nil
	}
	return int64(id), nil
}

// Scan reads a stored ID; NULL is none.
func (id *ID) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*id = 0
	case int64:
		*id = ID(v)
	default:
		return fmt.Errorf("store: cannot read an ID from %T", src)
	}
	return nil
}

// idGen makes IDs that only ever grow, also when the clock steps back.
type idGen struct {
	mu   sync.Mutex
	node int64
	last int64 // milliseconds and counter, without the node
	now  func() time.Time
}

// next returns an ID greater than all that this generator gave before.
func (g *idGen) next() ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	tick := (g.now().UnixMilli() - idEpoch) << seqBits
	if tick <= g.last {
		tick = g.last + 1 // a full counter borrows from the next millisecond
	}
	g.last = tick
	ms, seq := tick>>seqBits, tick&(1<<seqBits-1)
	return ID(ms<<(nodeBits+seqBits) | g.node<<seqBits | seq)
}

// raise makes sure that the next ID is greater than floor.
func (g *idGen) raise(floor ID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	tick := int64(floor)>>(nodeBits+seqBits)<<seqBits | int64(floor)&(1<<seqBits-1)
	g.last = max(g.last, tick)
}
