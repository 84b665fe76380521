package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/systems/halls/kiosk"
)

func newKioskCommand() *cobra.Command {
	c := &cobra.Command{Use: "kiosk", Short: "Self-service devices"}
	var server, code, listen, runs string
	var simulate bool
	var every time.Duration
	run := &cobra.Command{
		Use:   "run",
		Short: "Run the agent of a device: it says how the device is, takes orders, keeps its queue and serves its browser",
		Long: `Run beside the browser of a self-service device (自助终端). The first time, --code is the
one-time code from the devices desk: the device makes a key of its own, which never leaves
--data. The browser opens http://ADDRESS/kiosk/PLACE. What the device did while the line
was down lies signed in --data and is handed over when it is back; after a power cut a
sheet that was in the printer is wasted.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !simulate {
				return errors.New("this build drives no hardware yet: give --simulate, or build in a kiosk.Machine")
			}
			a := &kiosk.Agent{Server: strings.TrimSuffix(server, "/"), Dir: flags.data, Machine: kiosk.NewSimulated(), Version: version, Every: every, Log: slog.Default()}
			if runs != "" {
				a.Version = runs
			}
			if err := a.Open(cmd.Context(), code); err != nil {
				return err
			}
			face, err := a.Handler()
			if err != nil {
				return err
			}
			at, err := net.Listen("tcp", listen)
			if err != nil {
				return err
			}
			srv := &http.Server{Handler: face, ReadHeaderTimeout: 10 * time.Second}
			go func() { _ = srv.Serve(at) }()
			defer srv.Shutdown(context.WithoutCancel(cmd.Context()))
			fmt.Fprintf(cmd.OutOrStdout(), "自助终端 %s：http://%s%s\n", a.Code(), at.Addr(), a.Path())
			return a.Run(cmd.Context())
		},
	}
	run.Flags().StringVar(&server, "server", "http://127.0.0.1:8080", "address of the house")
	run.Flags().StringVar(&code, "code", "", "one-time enrolment code")
	run.Flags().StringVar(&listen, "listen", "127.0.0.1:8099", "where the device's own browser finds the agent")
	run.Flags().StringVar(&runs, "runs", "", "software version that the device says it runs (default: this program's)")
	run.Flags().BoolVar(&simulate, "simulate", false, "a simulated printer, card reader and camera")
	run.Flags().DurationVar(&every, "every", time.Minute, "between beats")
	c.AddCommand(run)
	return c
}
