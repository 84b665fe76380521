package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/adapter"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/web"
)

func newServeCommand() *cobra.Command {
	var addr string
	var demo bool
	var days int
	var secure tlsFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the district",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), addr, demo, days, secure, cmd)
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "localhost:8080", "address to serve at")
	cmd.Flags().BoolVar(&demo, "demo", false, "make a demonstration district with sign-ins that everybody knows")
	cmd.Flags().IntVar(&days, "demo-days", 40, "days of past that the demonstration has")
	cmd.Flags().BoolVar(&secure.on, "tls", false, "serve by HTTPS, with a certificate made for this machine where none is given")
	cmd.Flags().StringVar(&secure.cert, "tls-cert", "", "certificate file (PEM)")
	cmd.Flags().StringVar(&secure.key, "tls-key", "", "key file (PEM)")
	return cmd
}

func serve(ctx context.Context, addr string, demo bool, days int, secure tlsFlags, cmd *cobra.Command) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	release, other, err := alone("serve")
	if err != nil {
		return err
	}
	if other != "" {
		return fmt.Errorf("the records are in use by %s; several processes need PostgreSQL", other)
	}
	defer release()
	h, err := openHouse(ctx, log)
	if err != nil {
		return err
	}
	defer h.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lost, err := h.serveAlone(ctx)
	if err != nil {
		return err
	}
	h.Notices.Demo = demo
	signIn := httpapi.SignIn{Vault: h.Vault, SMS: h.Notices.SMS, Dir: h.Dir, Demo: demo, Keys: h.Keys, Address: h.Notices.Address, Providers: providers()}
	if demo {
		if signIn.DemoUser, err = h.demoUsers(ctx); err != nil {
			return err
		}
	}
	srv := httpapi.New(h.Store, h.Accounts, version, log)
	if demo {
		simulator := &adapter.UnifiedIdentitySimulator{Path: "/simulator/identity"}
		srv.Mux.Handle("GET "+simulator.Path, simulator)
		srv.Mux.Handle("POST "+simulator.Path, simulator)
		signIn.Providers = append(signIn.Providers, httpapi.Provider{Name: "simulated", Title: "统一身份认证（模拟）", Citizen: true, Identity: simulator})
	}
	if demo && h.Appeals.City == nil {
		h.simulateCity(ctx, srv)
	}
	if demo {
		h.simulateBackOffice(srv)
	}
	srv.MountSignIn(signIn)
	srv.MountAccounts(h.Dir, func() []httpapi.Role { return *h.Roles.Load() })
	live := &httpapi.Live{}
	srv.MountLive(live)
	srv.MountFiles(h.Files)
	h.Notices.Mount(srv)
	h.Packs.Mount(srv, h.reload)
	h.Retain.Mount(srv)
	go h.follow(ctx)
	var keeping sync.WaitGroup
	keeping.Go(func() { h.Knowledge.Keep(ctx) })
	defer keeping.Wait()
	defer cancel()
	for _, sys := range h.Systems {
		sys.Mount(srv)
	}
	go func() {
		if err := live.Run(ctx, h.Bus); err != nil {
			log.Error("the live updates ended", "error", err)
		}
	}()
	srv.Mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		var one int
		if err := h.Store.QueryRow(r.Context(), `SELECT 1`).Scan(&one); err != nil {
			http.Error(w, "the records do not answer", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	srv.Mux.Handle("GET /", screens())
	if at := os.Getenv("SHANZHI_PPROF"); at != "" {
		go profiles(at, log)
	}
	stream, err := event.OpenStream(ctx, os.Getenv("SHANZHI_NATS"), filepath.Join(flags.data, "stream"), os.Getenv("SHANZHI_NATS_LISTEN"))
	if err != nil {
		return err
	}
	defer stream.Close()
	if err := h.openJobs(ctx); err != nil {
		return err
	}
	if err := h.Jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	defer func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if err := h.Jobs.Stop(stop); err != nil {
			log.Error("jobs under way did not end in time; they will be done again", "error", err)
		}
	}()
	var leading sync.WaitGroup
	leading.Go(func() { h.Store.NewLease("leader").Run(ctx, func(ctx context.Context) { h.lead(ctx, stream) }) })
	defer leading.Wait()
	defer cancel()

	certificate, err := secure.config(h.keysFolder())
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	scheme := "http"
	if certificate != nil {
		l, scheme = tls.NewListener(l, certificate), "https"
	}
	hs := &http.Server{Handler: srv.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "善治 Shanzhi 已启动 / is up: %s://%s\n", scheme, l.Addr())
	if demo {
		fmt.Fprintln(out, "演示账号 / demonstration sign-ins:")
		for _, u := range signIn.DemoUser {
			fmt.Fprintf(out, "  %-14s %-14s %s（%s）\n", u.Login, u.Password, u.Name, u.Role)
		}
		fmt.Fprintln(out, "  市民 citizen:  任意 11 位手机号，验证码显示在页面上 / any mobile number; the code is shown on the page")
	}
	if demo {
		go h.demoRegions(ctx)
		go h.demoOutward(ctx)
		places := make(chan struct{})
		go func() { defer close(places); h.demoPlaces(ctx) }()
		go func() {
			if days > 0 {
				h.demoDistrict(ctx, days, out)
				<-places
				h.demoCity(ctx, out)
			}
		}()
	}
	if demo && days > 0 {
		go h.demoHalls(ctx, min(days, 10))
		go h.demoServices(ctx, min(days, 45))
		go h.demoFleet(ctx, srv.Handler(), min(days, 20))
	}
	done := make(chan error, 1)
	go func() { done <- hs.Serve(l) }()
	select {
	case err := <-done:
		return err
	case err := <-lost:
		return err
	case <-ctx.Done():
	}
	stop, cancelStop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancelStop()
	err = hs.Shutdown(stop)
	cancel()
	leading.Wait()
	if _, serr := h.Audit.Seal(stop); serr != nil {
		err = errors.Join(err, serr)
	}
	return err
}

// providers are the ways to sign in elsewhere that the environment names.
func providers() (out []httpapi.Provider) {
	if issuer := os.Getenv("SHANZHI_OIDC_ISSUER"); issuer != "" {
		out = append(out, httpapi.Provider{Name: "oidc", Title: envOr("SHANZHI_OIDC_TITLE", "单位统一登录"),
			Identity: &adapter.OIDC{IssuerURL: issuer, ClientID: os.Getenv("SHANZHI_OIDC_CLIENT"), ClientSecret: os.Getenv("SHANZHI_OIDC_SECRET")}})
	}
	if person := os.Getenv("SHANZHI_UNIFIED_PERSON"); person != "" {
		out = append(out, httpapi.Provider{Name: "unified", Title: envOr("SHANZHI_UNIFIED_TITLE", "统一身份认证"), Citizen: true,
			Identity: &adapter.UnifiedIdentity{AuthorizeURL: os.Getenv("SHANZHI_UNIFIED_AUTHORIZE"), TokenURL: os.Getenv("SHANZHI_UNIFIED_TOKEN"), PersonURL: person,
				ClientID: os.Getenv("SHANZHI_UNIFIED_CLIENT"), ClientSecret: os.Getenv("SHANZHI_UNIFIED_SECRET")}})
	}
	return out
}

// profiles serves Go's profiles at an address of their own, for whoever asks why
// the program is slow. It is not reachable unless SHANZHI_PPROF names it.
func profiles(addr string, log *slog.Logger) {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	if err := http.ListenAndServe(addr, mux); err != nil {
		log.Error("the profiles cannot be served", "addr", addr, "error", err)
	}
}

// lead does what only one process may: relay events, keep projections, pass
// clocks, seal the audit log. It returns when ctx ends.
func (h *House) lead(ctx context.Context, stream *event.Stream) {
	bus := h.Bus
	bus.Relay(ctx, stream)
	h.Notices.Follow(ctx, h.Jobs)
	var nights sync.WaitGroup
	defer nights.Wait()
	nights.Go(func() { h.nights(ctx) })
	for _, sys := range h.Systems {
		sys.Follow(ctx)
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			bus.Wait()
			return
		case <-tick.C:
			if n, err := h.Engine.Correct(ctx); err != nil && ctx.Err() == nil {
				h.Log.Error("a corrected calendar could not be applied", "error", err)
			} else if n > 0 {
				h.Log.Info("a calendar was corrected", "clocks", n)
			}
			if !h.playing.Load() {
				if _, err := h.Engine.Tick(ctx, h.Store.Now()); err != nil && ctx.Err() == nil {
					h.Log.Error("the clocks could not be read", "error", err)
				}
			}
			if _, err := h.Engine.Settle(ctx); err != nil && ctx.Err() == nil {
				h.Log.Error("what was merged could not follow its carrier", "error", err)
			}
			if _, err := h.Audit.Seal(ctx); err != nil && ctx.Err() == nil {
				h.Log.Error("the audit log could not be sealed", "error", err)
			}
		}
	}
}

// nights does the work of the night, beside the clocks, which may not wait.
func (h *House) nights(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if err := h.Nights.Run(ctx); err != nil && ctx.Err() == nil {
			h.Log.Error("the work of the night could not be done", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// screens serves the built web; paths that are no file are the one page's own.
func screens() http.Handler {
	files, built := web.Files()
	if !built {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "placeholder.html") })
	}
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" {
			name = "index.html"
		}
		if name == "docs" {
			name = "docs.html"
		}
		if _, err := fs.Stat(files, name); err != nil {
			if strings.HasPrefix(name, "api/") || strings.HasPrefix(name, "assets/") {
				http.NotFound(w, r)
				return
			}
			name = "index.html"
		}
		if strings.HasPrefix(name, "assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			server.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, files, name)
	})
}
