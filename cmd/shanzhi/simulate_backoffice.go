package main

import (
	"crypto/rand"
	"encoding/json"
	"net/http"

	"shanzhi/core/adapter"
	"shanzhi/core/httpapi"
	"shanzhi/systems/services"
)

// simulateBackOffice stands in for the outside services of the back office that are not
// connected: the payment platform, with a page on which one pays with a click, the
// province, with a page on which one closes a body, and a courier that carries nothing.
func (h *House) simulateBackOffice(srv *httpapi.Server) {
	if h.Services.Pay == nil {
		pay := adapter.NewPaySimulator("/simulator/pay", rand.Text(), h.Store.Now, h.Appeals.Zone())
		pay.Back, pay.Callback = adapter.Inside{Handler: srv.Mux}, services.PayCallback
		srv.Mux.Handle("GET "+pay.Path+"/{no}", pay)
		srv.Mux.Handle("POST "+pay.Path+"/{no}", pay)
		h.Services.Pay = pay.Platform()
	}
	if h.Services.Province == nil {
		const at = "/simulator/province"
		province := adapter.NewProvinceSimulator(rand.Text(), h.Store.Now, h.Appeals.Zone(), 1, adapter.ProvinceFaults{})
		page := http.StripPrefix(at, province)
		srv.Mux.Handle("GET "+at+"/{$}", page)
		srv.Mux.Handle("POST "+at+"/{$}", page)
		h.Services.Province = province.Platform()
	}
	if h.Services.Courier == nil {
		courier := adapter.NewCourierSimulator(h.Store.Now, h.Appeals.Zone())
		h.Services.Courier = courier
		// What befalls a parcel of the simulator is said by whoever tries it out.
		srv.Mux.HandleFunc("POST /simulator/courier/{waybill}", func(w http.ResponseWriter, r *http.Request) {
			var e adapter.CourierEvent
			if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(&e); err != nil || !adapter.CheckWaybill(r.PathValue("waybill")) {
				http.Error(w, "no such event", http.StatusBadRequest)
				return
			}
			courier.Happen(r.PathValue("waybill"), adapter.CourierEvent{Kind: e.Kind, At: e.At, Place: e.Place, Grams: e.Grams, Signed: e.Signed})
			w.WriteHeader(http.StatusNoContent)
		})
	}
}
