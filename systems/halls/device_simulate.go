package halls

import (
	"context"
	"math/rand/v2"
	"time"

	"shanzhi/core/store"
)

// SimulateVisits gives a device of the demonstration a believable past: synthetic uses on
// the days before an instant, and the minutes in which it was heard.
func (s *Service) SimulateVisits(ctx context.Context, device store.ID, seed uint64, days int, until time.Time) error {
	random := rand.New(rand.NewPCG(seed, 41))
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		d, err := getDevice(ctx, tx, device)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE hall_device SET synthetic = ? WHERE id = ?`, true, d.ID); err != nil {
			return err
		}
		functions := list(d.Functions)
		for day := 1; day <= days; day++ {
			at := until.AddDate(0, 0, -day)
			var rows [][]any
			for range 6 + random.IntN(18) {
				when := at.Add(time.Hour + time.Duration(random.Int64N(int64(9*time.Hour))))
				grade := 0
				if random.IntN(3) > 0 {
					grade = []int{5, 5, 5, 4, 4, 3, 2}[random.IntN(7)]
				}
				f := functions[random.IntN(len(functions))]
				row, err := store.Plain(tx.NewID(), d.Place, d.ID, s.today(when), store.At(when), f, "", random.IntN(4) == 0, grade, true)
				if err != nil {
					return err
				}
				rows = append(rows, row)
			}
			if err := store.InsertRows(ctx, tx, `INSERT INTO hall_visit (id, place, device, day, at, function, item, helped, grade, synthetic) VALUES `, rows); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO hall_device_day (device, day, minutes, last) VALUES (?, ?, ?, ?)`, d.ID, s.today(at), 1440-random.IntN(90), at.Unix()/60); err != nil {
				return err
			}
		}
		return nil
	})
}
