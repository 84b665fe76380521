package services

import (
	"context"

	"shanzhi/core/store"
)

// courierRules are how papers come and results go by courier (快递申报、寄递结果).
type courierRules struct{}

func (r *courierRules) check() error { return nil }

// ParcelView is a parcel as its case shows it.
type ParcelView struct {
	Waybill string `json:"waybill"`
}

func (s *Service) caseParcels(ctx context.Context, id store.ID) (in, out *ParcelView, err error) {
	return nil, nil, nil
}
