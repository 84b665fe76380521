package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/bench"
	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/systems/halls"
	"shanzhi/systems/halls/kiosk"
)

func newBenchFleet() *cobra.Command {
	var devices, at, seconds int
	var asJSON bool
	c := &cobra.Command{
		Use:   "fleet",
		Short: "Devices that beat over HTTP, beside what the store alone writes; how soon silence is seen",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if devices < 1 || at < 1 || seconds < 1 {
				return errors.New("devices, at and seconds are 1 or more")
			}
			out, err := benchFleet(cmd.Context(), devices, at, time.Duration(seconds)*time.Second)
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		},
	}
	c.Flags().IntVar(&devices, "devices", 10000, "devices that are registered and enrolled")
	c.Flags().IntVar(&at, "at", 64, "lines at a time")
	c.Flags().IntVar(&seconds, "seconds", 15, "how long")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	return c
}

// benchFleet registers and enrols devices on --data, starts a server, has them beat; then
// writes the same rows by the store alone, and lets half the fleet fall silent.
func benchFleet(ctx context.Context, devices, at int, lasts time.Duration) (bench.FleetResult, error) {
	o := bench.FleetOptions{At: at, For: lasts, Devices: make([]bench.FleetDevice, devices)}
	ids := make([]store.ID, devices)
	h, err := openHouse(ctx, quiet())
	if err != nil {
		return bench.FleetResult{}, err
	}
	var who account.Actor
	login := "bench-devices"
	err = h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		unit := h.Dir.Tree().Root()
		id, err := h.Accounts.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: unit}, "", account.Grant{Role: "device_operator", Unit: unit})
		if err == nil {
			who, err = h.Accounts.Actor(ctx, tx, id)
		}
		return err
	})
	if err != nil {
		return bench.FleetResult{}, errors.Join(err, h.Close())
	}
	err = inParallel(at, devices, func(i int) error {
		d, err := h.Halls.PutDevice(ctx, who, 0, halls.DeviceForm{Name: fmt.Sprintf("一体机 %d", i), Kind: "kiosk", Place: "center", Functions: []string{"apply", "progress", "print"}})
		if err != nil {
			return err
		}
		code, _, err := h.Halls.EnrolmentCode(ctx, who, d.ID)
		if err != nil {
			return err
		}
		public, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			return err
		}
		ids[i], o.Devices[i] = d.ID, bench.FleetDevice{ID: d.ID.String(), Key: key}
		_, err = h.Halls.Enrol(ctx, kiosk.Enrolment{Code: code, Public: public})
		return err
	})
	if cerr := h.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return bench.FleetResult{}, err
	}
	srv, err := startServer(ctx)
	if err != nil {
		return bench.FleetResult{}, err
	}
	o.URL = srv.URL
	out, err := bench.Fleet(ctx, o)
	srv.Stop()
	if err != nil {
		return out, err
	}
	if h, err = openHouse(ctx, quiet()); err != nil {
		return out, err
	}
	defer h.Close()
	if out.Rows, err = h.deviceRows(ctx, ids, at, min(lasts, 10*time.Second)); err != nil {
		return out, err
	}
	out.Share = math.Round(1000*out.PerSec/out.Rows) / 1000
	err = h.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		for _, id := range ids[:devices/2] {
			if _, err := tx.Exec(ctx, `UPDATE hall_device SET seen_at = ? WHERE id = ?`, store.At(h.Store.Now().Add(-time.Hour)), id); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `UPDATE hall_device SET seen_at = ? WHERE seen_at > ? OR seen_at IS NULL`, store.At(h.Store.Now()), store.At(h.Store.Now().Add(-50*time.Minute)))
		return err
	})
	if err != nil {
		return out, err
	}
	began := time.Now()
	out.Silent, err = h.Halls.WatchDevices(ctx, h.Store.Now())
	out.FoundIn = math.Round(float64(time.Since(began).Microseconds())/10) / 100
	return out, err
}

// deviceRows is how many rows a second of devices the store writes, each alone, so many
// callers at a time.
func (h *House) deviceRows(ctx context.Context, ids []store.ID, at int, lasts time.Duration) (float64, error) {
	until, began := time.Now().Add(lasts), time.Now()
	var n, next atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	for range at {
		all.Go(func() {
			for time.Now().Before(until) && failed.Load() == nil {
				id := ids[next.Add(1)%int64(len(ids))]
				if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
					_, err := tx.Exec(ctx, `UPDATE hall_device SET seen_at = ?, streak = streak + 1 WHERE id = ?`, store.At(h.Store.Now()), id)
					return err
				}); err != nil {
					failed.CompareAndSwap(nil, &err)
				}
				n.Add(1)
			}
		})
	}
	all.Wait()
	if e := failed.Load(); e != nil {
		return 0, *e
	}
	return math.Round(float64(n.Load()) / time.Since(began).Seconds()), nil
}

// inParallel does n things, so many at a time, until one fails.
func inParallel(at, n int, do func(i int) error) error {
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	for range at {
		all.Go(func() {
			for failed.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(i); err != nil {
					failed.CompareAndSwap(nil, &err)
				}
			}
		})
	}
	all.Wait()
	if e := failed.Load(); e != nil {
		return *e
	}
	return nil
}
