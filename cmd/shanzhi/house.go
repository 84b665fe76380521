package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/blob"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/job"
	"shanzhi/core/knowledge"
	lang "shanzhi/core/language"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/retain"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/systems/appeals"
	"shanzhi/systems/cim"
	"shanzhi/systems/halls"
	"shanzhi/systems/portal"
	"shanzhi/systems/services"
)

// House is the opened house: every core room and every system, wired.
type House struct {
	Store     *store.Store
	Keys      *vault.Keyring
	Vault     *vault.Vault
	Dir       *account.Directory
	Accounts  *account.Accounts
	Bus       *event.Bus
	Book      *calendar.Book
	Engine    *caseflow.Engine
	Packs     *pack.Packs
	Numbers   *store.Numbers
	Files     *blob.Files
	Audit     *audit.Log
	Jobs      *job.Queue
	Nights    *job.Nights
	Notices   *notice.Notices
	Appeals   *appeals.Service
	Knowledge *knowledge.Service
	Retain    *retain.Service
	Decisions *rule.Records
	Services  *services.Service
	Halls     *halls.Service
	Portal    *portal.Service
	CIM       *cim.Service
	Systems   map[string]system
	playing   atomic.Bool                    // a past is being played: the clocks rest
	Roles     atomic.Pointer[[]httpapi.Role] // of the pack in force
	seen      atomic.Pointer[string]         // the stamp of what was taken over last
	Log       *slog.Logger
}

// withHouse runs a subcommand in the opened house.
func withHouse(run func(cmd *cobra.Command, args []string, h *House) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		h, err := openHouse(cmd.Context(), quiet())
		if err != nil {
			return err
		}
		defer h.Close()
		return run(cmd, args, h)
	}
}

// openHouse opens the records, brings the tables to their newest form, loads
// the district's pack where none is in force yet, and registers the systems.
func openHouse(ctx context.Context, log *slog.Logger) (_ *House, err error) {
	h := &House{Log: log}
	defer func() {
		if err != nil {
			h.Close()
		}
	}()
	dsn := flags.database
	if dsn == "" {
		dsn = filepath.Join(flags.data, "shanzhi.db")
	}
	if h.Store, err = store.Open(ctx, dsn, store.Options{Log: log}); err != nil {
		return nil, err
	}
	if err = h.Store.Migrate(ctx, rooms()...); err != nil {
		return nil, err
	}
	if h.Keys, err = vault.OpenKeyring(h.keysFolder(), vault.Suite(envOr("SHANZHI_SUITE", string(vault.International)))); err != nil {
		return nil, err
	}
	if h.Vault, err = vault.New(h.Store, h.Keys); err != nil {
		return nil, err
	}
	h.Decisions = &rule.Records{Store: h.Store, Vault: h.Vault}
	seed, err := h.Keys.Secret("audit")
	if err != nil {
		return nil, err
	}
	heads := audit.File(filepath.Join(flags.data, "audit", "heads.jsonl"))
	h.Audit = &audit.Log{Store: h.Store, Key: ed25519.NewKeyFromSeed(seed), Outside: heads}
	h.Dir = account.NewDirectory(h.Store)
	h.Accounts = account.New(h.Store, h.Dir, h.Keys)
	h.Bus = event.NewBus(h.Store, log)
	h.Book = calendar.NewBook()
	h.Numbers = store.NewNumbers(h.Store)
	files := filepath.Join(flags.data, "files")
	h.Files = &blob.Files{Store: h.Store, Place: blob.Folder(files), Temp: files}
	if at := os.Getenv("SHANZHI_CLAMD"); at != "" {
		if h.Files.Scan, err = adapter.NewClam(at); err != nil {
			return nil, err
		}
	}
	if at := os.Getenv("SHANZHI_S3"); at != "" {
		if h.Files.Place, err = blob.OpenS3(ctx, at, os.Getenv("SHANZHI_S3_KEY"), os.Getenv("SHANZHI_S3_SECRET")); err != nil {
			return nil, err
		}
		shared := audit.Shared{Files: h.Files}
		if err = shared.Adopt(ctx, heads); err != nil {
			return nil, err
		}
		h.Audit.Outside = shared
	}
	h.Packs = &pack.Packs{Store: h.Store, Parts: map[string]pack.Part{}}
	h.Engine = caseflow.New(h.Store, h.Bus, h.Dir, h.Book)
	h.Notices = &notice.Notices{Store: h.Store, Vault: h.Vault, Keys: h.Keys, Dir: h.Dir, Accounts: h.Accounts, Bus: h.Bus, Log: log, SMS: smsOf(), Desks: h.Engine.Desks, Address: strings.TrimSuffix(os.Getenv("SHANZHI_URL"), "/")}
	if h.Notices.Mail, err = mailOf(); err != nil {
		return nil, err
	}
	if h.Notices.Hook, err = hookOf(); err != nil {
		return nil, err
	}
	h.Jobs = job.New()
	h.Notices.Handle(h.Jobs)
	h.Systems = h.systems()
	h.Nights = &job.Nights{Store: h.Store, Zone: h.Appeals.Zone, Log: log}
	h.Nights.Add(job.Night{Name: "blob.sweep", At: 4 * time.Hour, Work: func(ctx context.Context) (any, error) { return nil, h.Files.Sweep(ctx) }})
	h.Packs.Parts["notices"] = h.Notices
	h.Packs.Parts["retention"] = h.Retain
	for name, sys := range h.Systems {
		h.Packs.Parts[name] = sys
	}
	if err = h.loadPack(ctx); err != nil {
		return nil, err
	}
	if err = h.reload(ctx); err != nil {
		return nil, err
	}
	for name, sys := range h.Systems {
		if err = sys.Register(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		sys.Nights(h.Nights)
	}
	h.Retain.Nights(h.Nights)
	return h, nil
}

// keysFolder is where the keys lie: never in the data folder.
func (h *House) keysFolder() string {
	if flags.keys != "" {
		return flags.keys
	}
	return filepath.Clean(flags.data) + ".keys"
}

// smsOf is the gateway that SHANZHI_SMS_URL and SHANZHI_SMS_KEY name, else the
// simulator.
func smsOf() adapter.SMS {
	if at := os.Getenv("SHANZHI_SMS_URL"); at != "" {
		return &adapter.SMSGateway{URL: at, Key: os.Getenv("SHANZHI_SMS_KEY"), Client: &http.Client{Timeout: 20 * time.Second}}
	}
	return &adapter.SMSSimulator{}
}

// mailOf is the mail server that SHANZHI_SMTP, SHANZHI_SMTP_PASSWORD and
// SHANZHI_MAIL_FROM name, else the simulator.
func mailOf() (adapter.Mail, error) {
	if at := os.Getenv("SHANZHI_SMTP"); at != "" {
		return adapter.NewSMTP(at, os.Getenv("SHANZHI_SMTP_PASSWORD"), os.Getenv("SHANZHI_MAIL_FROM"))
	}
	return &adapter.MailSimulator{}, nil
}

// hookOf tells receivers outside as SHANZHI_HOOKS says: "direct", or by the proxy
// that it names; else the simulator does.
func hookOf() (adapter.Hook, error) {
	switch by := os.Getenv("SHANZHI_HOOKS"); by {
	case "":
		return &adapter.HookSimulator{}, nil
	case "direct":
		return adapter.NewHTTPHook("")
	default:
		return adapter.NewHTTPHook(by)
	}
}

// relayOf is the gateway that SHANZHI_RELAY_URL and SHANZHI_RELAY_KEY name, else
// the simulator.
func relayOf() adapter.Relay {
	if at := os.Getenv("SHANZHI_RELAY_URL"); at != "" {
		return &adapter.RelayGateway{URL: at, Key: os.Getenv("SHANZHI_RELAY_KEY"), Client: &http.Client{Timeout: 20 * time.Second}}
	}
	return &adapter.RelaySimulator{}
}

// factsOf are the registers that decision packs ask: by the gateway that
// SHANZHI_FACTS_URL and SHANZHI_FACTS_KEY name, else simulated.
func factsOf(st *store.Store) *rule.Sources {
	if at := os.Getenv("SHANZHI_FACTS_URL"); at != "" {
		sources := rule.NewSources(st.Now)
		client := &http.Client{Timeout: 20 * time.Second}
		sources.Other = func(name string) rule.FactSource {
			return &adapter.FactGateway{URL: at, Key: os.Getenv("SHANZHI_FACTS_KEY"), Source: name, Client: client}
		}
		return sources
	}
	return rule.NewSources(st.Now, (&adapter.FactSimulator{Now: st.Now}).Sources()...)
}

// sealer is the sealing service that SHANZHI_SEAL_URL and SHANZHI_SEAL_KEY name, else the
// simulator, whose seals prove nothing outside this house.
func (h *House) sealer() adapter.Sealer {
	if at := os.Getenv("SHANZHI_SEAL_URL"); at != "" {
		return adapter.SealService{URL: at, Key: os.Getenv("SHANZHI_SEAL_KEY"), Client: &http.Client{Timeout: 30 * time.Second}}
	}
	return adapter.SealSimulator{Key: h.Audit.Key}
}

// personsOf lists persons: nobody where the gateway of facts is real, since that lists
// none; else simulated ones.
func personsOf() services.PersonList {
	if os.Getenv("SHANZHI_FACTS_URL") != "" {
		return nil
	}
	return adapter.PersonListSimulator{Region: "440306", Size: 20000}
}

// payOf is the payment platform that SHANZHI_PAY_URL and SHANZHI_PAY_SECRET name; nil
// where they name none.
func payOf(st *store.Store) adapter.Pay {
	at, secret := os.Getenv("SHANZHI_PAY_URL"), os.Getenv("SHANZHI_PAY_SECRET")
	if at == "" || secret == "" {
		return nil
	}
	return &adapter.PayPlatform{URL: at, Secret: secret, Client: &http.Client{Timeout: 20 * time.Second}, Now: st.Now}
}

// provinceOf is the province's platform that SHANZHI_PROVINCE_URL and
// SHANZHI_PROVINCE_SECRET name; nil where they name none.
func provinceOf(st *store.Store) adapter.Province {
	at, secret := os.Getenv("SHANZHI_PROVINCE_URL"), os.Getenv("SHANZHI_PROVINCE_SECRET")
	if at == "" || secret == "" {
		return nil
	}
	return adapter.ProvincePlatform{CityPeer: &adapter.CityPeer{URL: at, Name: envOr("SHANZHI_PROVINCE_NAME", "district"), Secret: secret, Client: &http.Client{Timeout: 60 * time.Second}, Now: st.Now}}
}

// cityOf is the city platform that SHANZHI_CITY_URL and SHANZHI_CITY_SECRET name;
// nil where they name none.
func cityOf(st *store.Store) *adapter.CityPeer {
	at, secret := os.Getenv("SHANZHI_CITY_URL"), os.Getenv("SHANZHI_CITY_SECRET")
	if at == "" || secret == "" {
		return nil
	}
	return &adapter.CityPeer{URL: at, Name: envOr("SHANZHI_CITY_NAME", "district"), Secret: secret, Client: &http.Client{Timeout: 20 * time.Second}, Now: st.Now}
}

// polisherOf betters texts by the model that SHANZHI_LLM_URL, SHANZHI_LLM_KEY and
// SHANZHI_LLM_MODEL name; by none where they name none. "simulator" is one that
// adds nothing.
func polisherOf(st *store.Store) *lang.Polisher {
	p := &lang.Polisher{Store: st, Name: os.Getenv("SHANZHI_LLM_MODEL")}
	switch at := os.Getenv("SHANZHI_LLM_URL"); at {
	case "":
	case "simulator":
		p.Model, p.Name = &adapter.LLMSimulator{}, at
	default:
		p.Model = &adapter.ChatCompletions{URL: at, Key: os.Getenv("SHANZHI_LLM_KEY"), Model: p.Name, Client: &http.Client{Timeout: 20 * time.Second}}
	}
	return p
}

// openJobs opens the jobs beside the records.
func (h *House) openJobs(ctx context.Context) error {
	dsn := filepath.Join(flags.data, "jobs.db")
	if h.Store.Dialect() == store.Postgres {
		dsn = h.Store.DSN()
	}
	return h.Jobs.Open(ctx, dsn, h.Log)
}

// loadPack brings the shipped pack into force where none is.
func (h *House) loadPack(ctx context.Context) error {
	current, err := h.Packs.Current(ctx)
	if err != nil || current != nil {
		return err
	}
	files, err := packAt(envOr("SHANZHI_PACK", "baoan"))
	if err != nil {
		return err
	}
	_, err = h.Packs.Load(ctx, files, account.System(h.Dir))
	return err
}

// reload takes over what the pack in force says: calendars, organisation, and
// what each system reads of it.
func (h *House) reload(ctx context.Context) error {
	stamp, err := h.stamp(ctx) // before what it stands for is read
	if err != nil {
		return err
	}
	files, err := h.Packs.Current(ctx)
	if err != nil {
		return err
	}
	cals, err := pack.Calendars(files)
	if err != nil {
		return err
	}
	roles, err := readRoles(files)
	if err != nil {
		return err
	}
	if err := caseflow.UseCalendars(ctx, h.Store, h.Book, cals); err != nil {
		return err
	}
	if err := h.Notices.Reload(files); err != nil {
		return err
	}
	if err := h.Dir.Reload(ctx); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(h.Systems)) { // who tells before who asks them: appeals, knowledge
		sys := h.Systems[name]
		if err := sys.Reload(ctx); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	h.Roles.Store(&roles)
	h.seen.Store(&stamp)
	return nil
}

// stamp changes when what reload takes over does.
func (h *House) stamp(ctx context.Context) (string, error) {
	changed, err := h.Packs.Stamp(ctx)
	stamps := []string{changed.String()}
	for _, name := range slices.Sorted(maps.Keys(h.Systems)) {
		s, serr := h.Systems[name].Stamp(ctx)
		stamps, err = append(stamps, s), errors.Join(err, serr)
	}
	return strings.Join(stamps, ";"), err
}

// follow takes over what other processes change of the pack, and of what the
// systems keep beside it, until ctx ends.
func (h *House) follow(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(2 * time.Second):
		}
		stamp, err := h.stamp(ctx)
		if err != nil || stamp == *h.seen.Load() {
			continue
		}
		if err := h.reload(ctx); err != nil {
			h.Log.Error("what another process has changed could not be taken over", "error", err)
		}
	}
}

// readRoles are the roles of a pack.
func readRoles(files fs.FS) ([]httpapi.Role, error) {
	rows, err := pack.Table(files, "roles.csv", "code", "name", "name_en", "description")
	out := []httpapi.Role{}
	for _, r := range rows {
		out = append(out, httpapi.Role{Code: r["code"], Name: r["name"], NameEN: r["name_en"], Description: r["description"]})
	}
	return out, err
}

// Close closes what was opened.
func (h *House) Close() error {
	var errs []error
	if h.Bus != nil {
		h.Bus.Wait()
	}
	if h.Store != nil {
		errs = append(errs, h.Store.Close())
	}
	return errors.Join(errs...)
}
