package store

import (
	"context"
	"sync"
)

// Numbers gives running numbers by name, for what people quote. They are
// unique and grow; a number leased by a process that ended is left out.
type Numbers struct {
	store *Store
	mu    sync.Mutex
	have  map[string][2]int64 // next, end
}

// numberBlock is how many numbers a process leases at a time.
const numberBlock = 100

// NewNumbers makes the source of numbers of this process.
func NewNumbers(s *Store) *Numbers { return &Numbers{store: s, have: map[string][2]int64{}} }

// Next gives the next number of a name, from 1. It writes now and then, so it
// must not be called inside Write.
func (n *Numbers) Next(ctx context.Context, name string) (int64, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	block := n.have[name]
	if block[0] == block[1] {
		var next int64
		err := n.store.Write(ctx, func(ctx context.Context, tx *Tx) error {
			return tx.QueryRow(ctx, `INSERT INTO store_number (name, next) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next = store_number.next + ? RETURNING next`,
				name, 1+numberBlock, numberBlock).Scan(&next)
		})
		if err != nil {
			return 0, err
		}
		block = [2]int64{next - numberBlock, next}
	}
	n.have[name] = [2]int64{block[0] + 1, block[1]}
	return block[0], nil
}

// ReserveNumbers keeps the numbers up to and including n from being given.
func ReserveNumbers(ctx context.Context, tx *Tx, name string, n int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO store_number (name, next) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next = CASE WHEN store_number.next > excluded.next THEN store_number.next ELSE excluded.next END`, name, n+1)
	return err
}
