package services

import (
	"context"
	"fmt"
	"time"

	"shanzhi/core/store"
)

// ArchiveHealth says how archiving stands, for operators; an error where a case could not
// be archived for a day.
func (s *Service) ArchiveHealth(ctx context.Context) (string, error) {
	if s.archiving.Load() == nil {
		return "the pack archives nothing", nil
	}
	var made, due, stuck int
	if err := s.Store.QueryRow(ctx, `SELECT (SELECT count(*) FROM service_archive WHERE destroyed_at IS NULL), count(*), count(CASE WHEN d.error <> '' AND m.closed_at < ? THEN 1 END) FROM service_archive_due d JOIN matter m ON m.id = d.matter`, store.At(s.Store.Now().Add(-24*time.Hour))).Scan(&made, &due, &stuck); err != nil {
		return "", err
	}
	say := fmt.Sprintf("%d packages, %d cases wait", made, due)
	if stuck > 0 {
		return say, fmt.Errorf("%s; %d of them for more than a day: shanzhi archive list says why", say, stuck)
	}
	return say, nil
}

// ProvinceHealth says how the telling of the province stands, for operators; an error where
// rows have waited for a day.
func (s *Service) ProvinceHealth(ctx context.Context) (string, error) {
	if s.province.Load() == nil {
		return "the pack tells it nothing", nil
	}
	var waiting, open int
	var oldest store.Time
	if err := s.Store.QueryRow(ctx, `SELECT count(*), MIN(at), (SELECT count(*) FROM service_province_reject WHERE state = 'open') FROM service_province_row WHERE state = 'queued'`).Scan(&waiting, &oldest, &open); err != nil {
		return "", err
	}
	say := fmt.Sprintf("%d rows wait, %d rejects are open", waiting, open)
	switch {
	case s.Province == nil:
		return "not connected (SHANZHI_PROVINCE_URL); " + say, nil
	case waiting > 0 && s.Store.Now().Sub(oldest.Time) > 24*time.Hour:
		return say, fmt.Errorf("%s, the oldest row since %s", say, oldest.In(s.Zone()).Format("2006-01-02 15:04"))
	}
	return say, nil
}
