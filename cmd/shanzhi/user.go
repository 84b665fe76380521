package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// quiet is the log of commands that answer on standard output.
func quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}

func newUserCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "Manage those who sign in"}
	var name, unit string
	var roles []string
	var disabled bool
	add := &cobra.Command{
		Use:   "add LOGIN",
		Short: "Add a member of staff, or change one; the password is read from standard input",
		Args:  cobra.ExactArgs(1),
		RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			if unit == "" {
				unit = h.Dir.Tree().Root()
			}
			var grants []account.Grant
			for _, r := range roles {
				role, at, ok := strings.Cut(r, "@")
				if !ok {
					at = unit
				}
				if _, known := h.Dir.Tree().Unit(at); !known {
					return fmt.Errorf("there is no unit %q", at)
				}
				grants = append(grants, account.Grant{Role: role, Unit: at})
			}
			if _, known := h.Dir.Tree().Unit(unit); !known {
				return fmt.Errorf("there is no unit %q", unit)
			}
			password, err := readPassword(cmd)
			if err != nil {
				return err
			}
			if n := len([]rune(password)); n < account.MinPassword {
				return fmt.Errorf("the password has %d characters, at least %d are needed", n, account.MinPassword)
			}
			login := args[0]
			if name == "" {
				name = login
			}
			return h.Store.Write(cmd.Context(), func(ctx context.Context, tx *store.Tx) error {
				id, err := h.Accounts.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: name, Unit: unit, Disabled: disabled}, account.HashPassword(password), grants...)
				if err != nil {
					return err
				}
				return audit.Write(ctx, tx, audit.Record{Action: "account.put", Object: "account/" + id.String(), Reason: "command line"}, grants)
			})
		}),
	}
	add.Flags().StringVar(&name, "name", "", "name as shown")
	add.Flags().StringVar(&unit, "unit", "", "home unit (default: the district)")
	add.Flags().StringSliceVar(&roles, "role", nil, "ROLE or ROLE@UNIT, several by comma")
	add.Flags().BoolVar(&disabled, "disabled", false, "may not sign in")
	cmd.AddCommand(add)
	return cmd
}

func readPassword(cmd *cobra.Command) (string, error) {
	if f, ok := cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(cmd.ErrOrStderr(), "password: ")
		raw, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(cmd.ErrOrStderr())
		return string(raw), err
	}
	line, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}
