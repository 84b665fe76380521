package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/adapter"
	"shanzhi/core/httpapi"
)

func newCityPlatformCommand() *cobra.Command {
	var addr, district, secret, zone string
	var every, skew time.Duration
	var faults float64
	var seed uint64
	cmd := &cobra.Command{
		Use:   "city-platform",
		Short: "Be a simulated city platform (市平台) for a district, with faults",
		Long:  "Sends made-up orders down to a district by the protocol of docs/exchange.md, takes its reports, decides returns and asks appellants. The district needs SHANZHI_CITY_URL and SHANZHI_CITY_SECRET.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if secret == "" {
				return errors.New("--secret, or SHANZHI_CITY_SECRET, is needed: the same at both sides")
			}
			if faults < 0 || faults > 1 {
				return errors.New("--faults lies between 0 and 1")
			}
			loc, err := time.LoadLocation(zone)
			if err != nil {
				return err
			}
			peer := &adapter.CityPeer{URL: district, Name: "city", Secret: secret, Client: &http.Client{Timeout: 10 * time.Second}}
			city := adapter.NewCitySimulator(peer, secret, time.Now, loc, seed, adapter.AllFaults(faults, skew))
			l, err := net.Listen("tcp", addr)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "市平台（模拟）已启动 / the simulated city platform is up: http://%s\n", l.Addr())
			ctx := cmd.Context()
			go city.Live(ctx, every)
			hs := &http.Server{Handler: city, ReadHeaderTimeout: 10 * time.Second}
			done := make(chan error, 1)
			go func() { done <- hs.Serve(l) }()
			select {
			case err := <-done:
				return err
			case <-ctx.Done():
				return hs.Close()
			}
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "localhost:8090", "address to serve at")
	cmd.Flags().StringVar(&district, "district", "http://localhost:8080", "where the district is served")
	cmd.Flags().StringVar(&secret, "secret", os.Getenv("SHANZHI_CITY_SECRET"), "of both sides")
	cmd.Flags().StringVar(&zone, "zone", "Asia/Shanghai", "of the city's calendar")
	cmd.Flags().DurationVar(&every, "every", 30*time.Second, "how often an order is sent down; 0 is only when asked on its page")
	cmd.Flags().Float64Var(&faults, "faults", 0, "how often each fault happens, 0 to 1: twice, out of order, lost, not acknowledged, refused, a wrong code")
	cmd.Flags().DurationVar(&skew, "skew", 0, "by how much its clock is ahead")
	cmd.Flags().Uint64Var(&seed, "seed", uint64(time.Now().UnixNano()), "the same seed gives the same chances")
	return cmd
}

// simulateCity gives a demonstration its city platform, inside the same process:
// /simulator/city/ is its page. It sends an order when somebody asks it to there.
func (h *House) simulateCity(ctx context.Context, srv *httpapi.Server) {
	const at = "/simulator/city"
	secret := rand.Text()
	city := adapter.NewCitySimulator(&adapter.CityPeer{URL: "http://district", Name: "city", Secret: secret, Client: &http.Client{Transport: adapter.Inside{Handler: srv.Handler()}}},
		secret, h.Store.Now, h.Appeals.Zone(), uint64(time.Now().UnixNano()), adapter.CityFaults{})
	h.Appeals.City = &adapter.CityPeer{URL: "http://city", Name: "district", Secret: secret, Client: &http.Client{Transport: adapter.Inside{Handler: city}}, Now: h.Store.Now, Page: at + "/"}
	page := http.StripPrefix(at, city)
	srv.Mux.Handle("GET "+at+"/{$}", page)
	srv.Mux.Handle("POST "+at+"/{$}", page)
	go city.Live(ctx, 0)
}
