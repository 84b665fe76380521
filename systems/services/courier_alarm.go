package services

import (
	"context"
	"slices"

	"shanzhi/core/adapter"
	"shanzhi/core/calendar"
	"shanzhi/core/store"
)

// What the courier took and was expected to bring has not come (应到未到): whoever waits
// for it is told once, and it stands as late until it comes, comes back, or is given up.

// parcelTaken are what the courier says from when it has a parcel.
var parcelTaken = []any{adapter.CourierPicked, adapter.CourierTransit, adapter.CourierDelayed}

// parcelDue is when a parcel that the courier took at an instant is expected.
func (s *Service) parcelDue(taken store.Time) (store.Time, bool) {
	r := s.citywide.Load()
	if r == nil || r.Courier == nil || r.Courier.Expected == "" || taken.IsZero() {
		return store.Time{}, false
	}
	cal, err := s.Book.Current(s.casework.Load().office)
	limit, lerr := calendar.ParseLimit(r.Courier.Expected)
	if err != nil || lerr != nil {
		return store.Time{}, false
	}
	return store.At(cal.Add(taken.Time, limit)), true
}

// AlarmParcels tells of parcels that are late.
func (s *Service) AlarmParcels(ctx context.Context) error {
	rows, err := store.Select[struct {
		ID    store.ID
		Taken store.Time
	}](ctx, s.Store, `SELECT k.id, min(e.at) AS taken FROM service_parcel k JOIN service_parcel_event e ON e.parcel = k.id AND `+store.AnyOf("e.kind", len(parcelTaken))+` WHERE k.matter IS NOT NULL AND k.state IN ('picked', 'transit', 'delayed', 'lost') AND NOT EXISTS (SELECT 1 FROM service_parcel_alarm a WHERE a.parcel = k.id) GROUP BY k.id ORDER BY k.id LIMIT 1000`, parcelTaken...)
	if err != nil {
		return err
	}
	now := s.Store.Now()
	for _, r := range rows {
		due, ok := s.parcelDue(r.Taken)
		if !ok || !now.After(due.Time) {
			continue
		}
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			k, err := store.Get[parcelRow](ctx, tx, `SELECT `+parcelColumns+` FROM service_parcel k WHERE k.id = ?`, int64(r.ID))
			if err != nil || !slices.Contains([]string{"picked", "transit", "delayed", "lost"}, k.State) {
				return err
			}
			n, err := tx.Exec(ctx, `INSERT INTO service_parcel_alarm (id, parcel, due_at, at, outcome) VALUES (?, ?, ?, ?, '') ON CONFLICT (parcel) DO NOTHING`, tx.NewID(), k.ID, due, store.At(now))
			if err != nil || n == 0 {
				return err
			}
			return s.tellOfParcel(ctx, tx, k, "parcel_late")
		}); err != nil {
			return err
		}
	}
	return nil
}

// closeParcelAlarm ends the alarm of a parcel that comes to rest.
func (s *Service) closeParcelAlarm(ctx context.Context, tx *store.Tx, k *parcelRow, at store.Time) error {
	if !slices.Contains([]string{"delivered", "returned", "void"}, k.State) {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE service_parcel_alarm SET closed_at = ?, outcome = ? WHERE parcel = ? AND closed_at IS NULL`, at, k.State, k.ID)
	return err
}
