package services

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"shanzhi/core/adapter"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// PayCallback is where the payment platform calls.
const PayCallback = "/pay/v1/callback"

func (s *Service) mountFees(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "pay-bill", Method: http.MethodPost, Path: "/api/services/bills/{id}/payment", Tag: tag, Access: applicants,
		Summary: "Open an order for a bill (缴费); the answer says where it is paid"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[PayPage], error) {
		return httpapi.Answer(s.PayBill(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "waive-bill", Method: http.MethodPost, Path: "/api/services/bills/{id}/waiver", Tag: tag, Access: httpapi.Roles("acceptor", "approver"), Status: http.StatusNoContent,
		Summary: "Waive a bill (减免) on one of the district's grounds"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Ground string `json:"ground" maxLength:"40"`
			Reason string `json:"reason" minLength:"2" maxLength:"300"`
		}
	}) (*struct{}, error) {
		return nil, s.WaiveBill(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Ground, in.Body.Reason)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "refund-bill", Method: http.MethodPost, Path: "/api/services/bills/{id}/refund", Tag: tag, Access: httpapi.Roles("approver"), Status: http.StatusNoContent,
		Summary: "Pay a bill back (退费); the payment platform is asked until it has"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Reason string `json:"reason" minLength:"2" maxLength:"300"`
		}
	}) (*struct{}, error) {
		return nil, s.RefundBill(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Reason)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-fee-grounds", Method: http.MethodGet, Path: "/api/services/fee-grounds", Tag: tag, Access: httpapi.Roles("acceptor", "approver"),
		Summary: "Grounds on which a fee is waived"}, func(context.Context, *struct{}) (*httpapi.Body[[]FeeExemption], error) {
		return httpapi.Answer(append([]FeeExemption{}, s.fees.Load().Exemptions...), nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "reconcile-payments", Method: http.MethodPost, Path: "/api/services/pay-days/{day}", Tag: tag, Access: httpapi.Roles("inspector"),
		Summary: "Compare a day with the payment platform's statement (对账); what it has and we have not is taken over"}, func(ctx context.Context, in *struct {
		Day string `path:"day" maxLength:"10"`
	}) (*httpapi.Body[PayDay], error) {
		return httpapi.Answer(s.ReconcilePayments(ctx, in.Day))
	})
	srv.Mux.HandleFunc("POST "+PayCallback, func(w http.ResponseWriter, r *http.Request) {
		if status, answer := s.hearPayment(w, r); answer != nil {
			adapter.AnswerCity(w, status, answer)
		} else {
			w.WriteHeader(http.StatusNoContent)
		}
	})
}

// hearPayment answers a call of the payment platform in its protocol.
func (s *Service) hearPayment(w http.ResponseWriter, r *http.Request) (int, *adapter.PayRefusal) {
	if s.Pay == nil {
		return http.StatusNotFound, &adapter.PayRefusal{Code: "no_payment"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, adapter.PayBody))
	if err != nil {
		return http.StatusRequestEntityTooLarge, &adapter.PayRefusal{Code: "too_large"}
	}
	if no := s.Pay.Verify(r, body); no != nil {
		return no.Status, no
	}
	var state adapter.PayState
	if err := json.Unmarshal(body, &state); err != nil || state.No == "" {
		return http.StatusBadRequest, &adapter.PayRefusal{Code: "invalid", Text: "no, state, amount"}
	}
	err = s.HearPayment(r.Context(), adapter.PaySignature(r), state)
	var p *httpapi.Problem
	switch {
	case err == nil:
		return http.StatusNoContent, nil
	case errors.Is(err, store.ErrNotFound):
		return http.StatusNotFound, adapter.ErrNoPayOrder
	case errors.As(err, &p):
		return p.Status, &adapter.PayRefusal{Code: p.Code, Text: p.Detail}
	}
	s.warn("a call of the payment platform failed", "error", err)
	return http.StatusInternalServerError, &adapter.PayRefusal{Code: "internal"}
}
