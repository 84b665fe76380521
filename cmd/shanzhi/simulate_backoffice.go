package main

import (
	"crypto/rand"
	"net/http"

	"shanzhi/core/adapter"
	"shanzhi/core/httpapi"
	"shanzhi/systems/services"
)

// simulateBackOffice stands in for the outside services of the back office that are not
// connected: the payment platform, with a page on which one pays with a click, and the
// province, with a page on which one closes a body.
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
}
