package services

import (
	"context"
	"encoding/hex"
	"net/http"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// StaffPhone is a phone of staff (工作人员手机号), whose ratings do not count. It is kept
// as a keyed hash, beside what a clerk recognises it by.
type StaffPhone struct {
	Key    string     `bun:"-" json:"key"`
	Hash   []byte     `bun:"phone" json:"-"`
	Masked string     `bun:"masked" json:"masked" doc:"138****8000; empty of what was added before they were kept"`
	By     string     `bun:"by_name" json:"by,omitempty"`
	At     store.Time `bun:"at" json:"at"`
}

// StaffPhones lists them, the newest first.
func (s *Service) StaffPhones(ctx context.Context) ([]StaffPhone, error) {
	rows, err := store.Select[StaffPhone](ctx, s.Store, `SELECT p.phone, p.masked, COALESCE(a.name, '') AS by_name, p.at FROM service_staff_phone p LEFT JOIN account a ON a.id = p.added_by ORDER BY p.at DESC, p.masked LIMIT 5000`)
	for i := range rows {
		rows[i].Key = hex.EncodeToString(rows[i].Hash)
	}
	return rows, err
}

// AddStaffPhones adds phones of staff; those that are there already are left.
func (s *Service) AddStaffPhones(ctx context.Context, who account.Actor, phones []string) (added int, err error) {
	for _, p := range phones {
		if !mobile.MatchString(p) {
			return 0, httpapi.FailField("phones", "not_cn_mobile")
		}
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		added = 0
		now := store.At(s.Store.Now())
		for _, p := range phones {
			n, err := tx.Exec(ctx, `INSERT INTO service_staff_phone (phone, masked, added_by, at) VALUES (?, ?, ?, ?) ON CONFLICT (phone) DO NOTHING`, s.Keys.MAC("staff-phone", p), p[:3]+"****"+p[7:], who.Account, now)
			if err != nil {
				return err
			}
			added += int(n)
		}
		return audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "staff-phone.add", Object: "staff-phones"}, map[string]any{"added": added})
	})
	return added, err
}

// DropStaffPhone takes one out: who left is a citizen again.
func (s *Service) DropStaffPhone(ctx context.Context, who account.Actor, key string) error {
	hash, err := hex.DecodeString(key)
	if err != nil {
		return store.ErrNotFound
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM service_staff_phone WHERE phone = ?`, hash)
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "staff-phone.drop", Object: "staff-phone/" + key[:12]}, nil)
	})
}

func (s *Service) mountStaffPhones(srv *httpapi.Server) {
	clerk := httpapi.Roles("rating_clerk")
	httpapi.Register(srv, httpapi.Operation{ID: "list-staff-phones", Method: http.MethodGet, Path: "/api/services/staff-phones", Tag: tag, Access: clerk,
		Summary: "Phones of staff, masked"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]StaffPhone], error) {
		return httpapi.Answer(s.StaffPhones(ctx))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "add-staff-phones", Method: http.MethodPost, Path: "/api/services/staff-phones", Tag: tag, Access: clerk,
		Summary: "Phones of staff, whose ratings do not count; keyed hashes are kept"}, func(ctx context.Context, in *struct {
		Body struct {
			Phones []string `json:"phones" maxItems:"5000"`
		}
	}) (*httpapi.Body[map[string]int], error) {
		n, err := s.AddStaffPhones(ctx, httpapi.Actor(ctx), in.Body.Phones)
		return httpapi.Answer(map[string]int{"added": n}, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "drop-staff-phone", Method: http.MethodDelete, Path: "/api/services/staff-phones/{key}", Tag: tag, Access: clerk, Status: http.StatusNoContent,
		Summary: "Take a phone of staff out"}, func(ctx context.Context, in *struct {
		Key string `path:"key" minLength:"16" maxLength:"128"`
	}) (*struct{}, error) {
		return nil, s.DropStaffPhone(ctx, httpapi.Actor(ctx), in.Key)
	})
}
