// Shanzhi (善治) is the platform that a city district runs itself on. This is
// the whole program: one binary, one data folder, one file a subcommand.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set by the build.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer profile()()
	if err := newCommand().ExecuteContext(ctx); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "shanzhi: "+strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; "))
		os.Exit(1)
	}
}

func newCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "shanzhi",
		Short:         "善治: the platform that a city district runs itself on",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&flags.data, "data", envOr("SHANZHI_DATA", "data"), "folder of the records, files and streams")
	root.PersistentFlags().StringVar(&flags.database, "database", os.Getenv("SHANZHI_DATABASE"), "DSN of the records: a file, or postgres://… (default: shanzhi.db in the data folder)")
	root.PersistentFlags().StringVar(&flags.keys, "keys", os.Getenv("SHANZHI_KEYS"), "folder of the keys, outside the data folder (default: the data folder's name with .keys)")
	root.AddCommand(newServeCommand(), newUserCommand(), newAuditCommand(), newPackCommand(), newKeyCommand(), newBenchCommand(), newSimulateCommand(), newImportCommand(), newExportCommand(), newBackupCommand(), newRestoreCommand(), newDoctorCommand(), newLearnCommand(), newTopicsCommand(), newAskCommand(), newClosingCommand(), newReportCommand(), newDecideCommand(), newArchiveCommand(), newCustodyCommand(), newKioskCommand(), newCityCommand(), newAddressCommand(), newCodeCommand(), newGeoCommand())
	return root
}

// flags are those that every subcommand takes.
var flags struct {
	data, database, keys string
}

func envOr(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

// profile writes a CPU profile of the run where SHANZHI_CPUPROFILE names a file.
func profile() (stop func()) {
	name := os.Getenv("SHANZHI_CPUPROFILE")
	if name == "" {
		return func() {}
	}
	f, err := os.Create(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, "shanzhi: "+err.Error())
		return func() {}
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return func() {}
	}
	return func() { pprof.StopCPUProfile(); f.Close() }
}
