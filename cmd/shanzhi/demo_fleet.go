package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/store"
	"shanzhi/systems/halls"
	"shanzhi/systems/halls/kiosk"
)

// demoFleet is the devices of the demonstration: a simulated one at each station, with the
// agent that a real one has, speaking to this house by the same door; and their past.
func (h *House) demoFleet(ctx context.Context, edge http.Handler, days int) {
	if err := h.makeFleet(ctx, edge, days); err != nil && ctx.Err() == nil {
		h.Log.Error("the devices of the demonstration could not be made", "error", err)
	}
}

func (h *House) makeFleet(ctx context.Context, edge http.Handler, days int) error {
	id, err := store.Get[store.ID](ctx, h.Store, `SELECT id FROM account WHERE login = 'devices'`)
	if err != nil {
		return err
	}
	who, err := h.Accounts.Actor(ctx, h.Store, id)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: adapter.Inside{Handler: edge}}
	all, err := h.Halls.Stations(ctx, account.Actor{})
	if err != nil {
		return err
	}
	for i, x := range all {
		m := kiosk.NewSimulated()
		if i == 3 {
			m.Set(kiosk.Setting{Supplies: map[string]int{"paper": 35}})
		}
		a := &kiosk.Agent{Server: "http://house.internal", Dir: filepath.Join(flags.data, "demo-kiosks", x.Code), Machine: m, Version: version, Client: client, Log: h.Log}
		err := a.Open(ctx, "")
		if errors.Is(err, kiosk.ErrNotEnrolled) {
			var code string
			if code, err = h.demoDevice(ctx, who, x, i, days); err == nil {
				err = a.Open(ctx, code)
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", x.Code, err)
		}
		go func() { _ = a.Run(ctx) }()
	}
	return nil
}

// demoDevice registers a station's device, brings it blank sheets, and gives it a past.
func (h *House) demoDevice(ctx context.Context, who account.Actor, x halls.StationHead, i, days int) (code string, err error) {
	functions := []string{"apply", "progress", "print"}
	if i%2 == 0 {
		functions = append(functions, "licence")
	}
	d, err := h.Halls.PutDevice(ctx, who, 0, halls.DeviceForm{Name: "园区自助一体机（示范）", Kind: "kiosk", Model: "模拟终端", Place: x.Code, Owner: x.Host, Functions: functions})
	if err != nil {
		return "", err
	}
	if code, _, err = h.Halls.EnrolmentCode(ctx, who, d.ID); err != nil {
		return "", err
	}
	if i%2 == 0 {
		from := int64(900000 + i*100)
		for _, mv := range []halls.SheetMove{{Action: "receive", Unit: x.Unit}, {Action: "issue", Device: d.ID}, {Action: "load"}} {
			mv.Series, mv.From, mv.To = "YZ", from+1, from+30
			if err := h.Halls.MoveSheets(ctx, who, mv); err != nil {
				return "", err
			}
		}
	}
	return code, h.Halls.SimulateVisits(ctx, d.ID, uint64(i+1), days, h.Store.Now().Truncate(24*time.Hour))
}
