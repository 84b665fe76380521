package services

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/blob"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/job"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/retain"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/districts"
	"shanzhi/internal/testkit"
)

// caseHouse is this system with the shipped district, whose clock the test sets.
type caseHouse struct {
	*Service
	sim      *adapter.FactSimulator
	mu       sync.Mutex
	now      time.Time
	Accounts *account.Accounts
	staff    map[string]account.Actor
}

func (h *caseHouse) at(t testing.TB, local string) {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", local, districtZone)
	if err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = when
}

func (h *caseHouse) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

var districtZone, _ = time.LoadLocation("Asia/Shanghai")

// houseStaff are the accounts of a case house.
var houseStaff = []struct {
	login, unit string
	roles       []string
}{
	{"window", "dp-zhengshu", []string{"intake_clerk"}}, {"accept", "dp-shijian", []string{"acceptor"}}, {"examine", "dp-shijian", []string{"examiner"}}, {"decide", "dp-shijian", []string{"approver"}},
	{"all", "dp-shijian", []string{"acceptor", "examiner", "approver"}}, {"health", "dp-weijian", []string{"examiner"}}, {"inspector", "dp-zhengshu", []string{"inspector"}}, {"civil", "dp-minzheng", []string{"acceptor", "examiner"}}, {"civil-head", "dp-minzheng", []string{"approver"}},
}

// loaded is a case house with the pack loaded and its staff.
var loaded = testkit.Model{Name: "services", Fill: func(dir, dsn string) error {
	ctx, h := context.Background(), &caseHouse{staff: map[string]account.Actor{}}
	h.now = firstOfSeptember.Add(-time.Hour) // keys are made of the clock
	err := h.start(ctx, dir, dsn)
	for _, c := range houseStaff {
		if err == nil {
			_, err = h.put(ctx, account.Account{Kind: account.Staff, Login: &c.login, Name: c.login, Unit: c.unit}, c.roles...)
		}
	}
	if err == nil {
		err = h.Store.Close()
	}
	return err
}}

var firstOfSeptember = time.Date(2026, 9, 1, 9, 0, 0, 0, districtZone)

func onBothCases(t *testing.T, test func(t *testing.T, h *caseHouse)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, newCaseHouse(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, openCaseHouse(t, loaded.Postgres)) })
}

// newCaseHouse opens a house on a SQLite file in a folder of the test.
func newCaseHouse(t testing.TB) *caseHouse { return openCaseHouse(t, loaded.File) }

func openCaseHouse(t testing.TB, copy func(testing.TB) (dir, dsn string)) *caseHouse {
	t.Helper()
	dir, dsn := copy(t)
	ctx, h := context.Background(), &caseHouse{staff: map[string]account.Actor{}, now: firstOfSeptember}
	if err := h.start(ctx, dir, dsn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Store.Close() })
	for _, c := range houseStaff {
		id, err := store.Get[store.ID](ctx, h.Store, `SELECT id FROM account WHERE login = ?`, c.login)
		if err == nil {
			h.staff[c.login], err = h.Accounts.Actor(ctx, h.Store, id)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *caseHouse) start(ctx context.Context, dir, dsn string) error {
	db, err := store.Open(ctx, dsn, store.Options{Now: h.clock})
	if err != nil {
		return err
	}
	if err := db.Migrate(ctx, audit.Room(), event.Room(), vault.Room(), account.Room(), caseflow.Room(), pack.Room(), httpapi.Room(), blob.Room(), job.Room(), notice.Room(), rule.Room(), retain.Room(), Room()); err != nil {
		return err
	}
	keys, err := vault.OpenKeyring(filepath.Join(dir, "keys"), "")
	if err != nil {
		return err
	}
	v, err := vault.New(db, keys)
	if err != nil {
		return err
	}
	bus, d, book, files := event.NewBus(db, nil), account.NewDirectory(db), calendar.NewBook(), filepath.Join(dir, "files")
	h.sim = &adapter.FactSimulator{Now: db.Now}
	h.Accounts = account.New(db, d, keys)
	h.Service = &Service{Store: db, Bus: bus, Dir: d, Vault: v, Packs: &pack.Packs{Store: db}, Engine: caseflow.New(db, bus, d, book), Book: book, Numbers: store.NewNumbers(db),
		Files: &blob.Files{Store: db, Place: blob.Folder(files), Temp: files}, Keys: keys, Seal: adapter.SealSimulator{Key: make([]byte, 64)},
		Kept: &rule.Records{Store: db, Vault: v}, Facts: rule.NewSources(db.Now, h.sim.Sources()...)}
	h.Rules = &rule.Registry{Store: db, Bus: bus, Zone: h.Zone}
	h.Notices = &notice.Notices{Store: db, Vault: v, Bus: bus, SMS: &adapter.SMSSimulator{}, Desks: h.Engine.Desks}
	h.Packs.Parts = map[string]pack.Part{"services": h.Service}
	baoan, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		return err
	}
	if current, err := h.Packs.Current(ctx); err != nil {
		return err
	} else if current == nil {
		if _, err := h.Packs.Load(ctx, baoan, account.System(d)); err != nil {
			return err
		}
	}
	cals, err := pack.Calendars(baoan)
	if err != nil {
		return err
	}
	for _, c := range cals {
		book.Put(c, true)
	}
	if err := errors.Join(os.MkdirAll(files, 0o755), h.Notices.Reload(baoan), d.Reload(ctx)); err != nil {
		return err
	}
	if err := h.Reload(ctx); err != nil {
		return err
	}
	return h.Register(ctx)
}

func (h *caseHouse) account(t testing.TB, a account.Account, roles ...string) account.Actor {
	t.Helper()
	who, err := h.put(context.Background(), a, roles...)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

func (h *caseHouse) put(ctx context.Context, a account.Account, roles ...string) (who account.Actor, err error) {
	err = h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var grants []account.Grant
		for _, r := range roles {
			grants = append(grants, account.Grant{Role: r, Unit: a.Unit})
		}
		id, err := h.Accounts.Put(ctx, tx, a, "", grants...)
		if err != nil {
			return err
		}
		who, err = h.Accounts.Actor(ctx, tx, id)
		return err
	})
	return who, err
}

func (h *caseHouse) citizen(t testing.TB, name, phone, id string) account.Actor {
	t.Helper()
	var person store.ID
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) (err error) {
		person, err = h.Vault.NewPerson(ctx, tx, vault.Identity{vault.Name: name, vault.Phone: phone, vault.IDNumber: id})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return h.account(t, account.Account{Kind: account.Citizen, Person: person})
}

func (h *caseHouse) item(t testing.TB, key string) store.ID {
	t.Helper()
	id, err := store.Get[store.ID](context.Background(), h.Store, `SELECT id FROM service_item WHERE source = 'pack' AND key = ?`, key)
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return id
}

// photo is a file that was sent.
func (h *caseHouse) photo(t testing.TB, who account.Actor) string {
	t.Helper()
	b, err := h.Files.Put(context.Background(), strings.NewReader("\x89PNG\r\n\x1a\n"+strings.Repeat("x", 100)), -1, who.Account)
	if err != nil {
		t.Fatal(err)
	}
	return b.ID
}

func (h *caseHouse) foodValues() map[string]any {
	return map[string]any{"name": "李记", "id_no": "11010519491231002X", "phone": "13800138000", "shop_name": "李记小馆", "uscc": "11440306MB2D70048K", "address": "宝安区西乡街道流塘路1号", "staff": []any{map[string]any{"name": "王五", "health": true}}}
}

// open sends an application for a food licence and returns its case.
func (h *caseHouse) open(t testing.TB, who account.Actor, files ...string) store.ID {
	t.Helper()
	ctx := context.Background()
	a, err := h.BeginApplication(ctx, who, NewApplication{Item: h.item(t, "food-licence")})
	if err != nil {
		t.Fatal(err)
	}
	sent := map[string][]string{}
	for _, m := range append(files, "business_licence") {
		sent[m] = []string{h.photo(t, who)}
	}
	if a, err = h.SaveApplication(ctx, who, a.ID, ApplicationDraft{Seq: a.Seq, Situation: map[string]any{"kind": "restaurant"}, Values: h.foodValues(), Files: sent}); err != nil {
		t.Fatal(err)
	}
	if len(a.Wrong) > 0 {
		t.Fatalf("the form of the test is wrong: %v", a.Wrong)
	}
	s, err := h.SendApplication(ctx, who, a.ID, a.Seq, false)
	if err != nil {
		t.Fatal(err)
	}
	return s.Case
}

func (h *caseHouse) act(id store.ID, who account.Actor, action string, kv ...any) error {
	form := map[string]any{}
	for i := 0; i < len(kv); i += 2 {
		form[kv[i].(string)] = kv[i+1]
	}
	_, err := h.ActOnCase(context.Background(), who, id, 0, action, form)
	return err
}

func (h *caseHouse) do(t testing.TB, id store.ID, who account.Actor, action string, kv ...any) {
	t.Helper()
	if err := h.act(id, who, action, kv...); err != nil {
		t.Fatalf("%s: %v", action, err)
	}
}

// settle pays or waives all bills.
func (h *caseHouse) settle(t testing.TB, state string) {
	t.Helper()
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE service_bill SET state = ?`, state)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func (h *caseHouse) tick(t testing.TB) {
	t.Helper()
	if _, err := h.Engine.Tick(context.Background(), h.clock()); err != nil {
		t.Fatal(err)
	}
}

// due is when a clock's newest run is due, locally; "" when it never ran.
func (h *caseHouse) due(t testing.TB, id store.ID, clock string) (due string, outcome caseflow.Outcome) {
	t.Helper()
	clocks, err := caseflow.Clocks(context.Background(), h.Store, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clocks {
		if c.Name == clock {
			due, outcome = c.Due.In(districtZone).Format("2006-01-02 15:04"), c.Outcome
		}
	}
	return due, outcome
}

func (h *caseHouse) wantDue(t testing.TB, id store.ID, want map[string]string) {
	t.Helper()
	for _, clock := range slices.Sorted(maps.Keys(want)) {
		if got, outcome := h.due(t, id, clock); got+" "+string(outcome) != want[clock] {
			t.Errorf("%s: %s %s, want %s", clock, got, outcome, want[clock])
		}
	}
}

func (h *caseHouse) verify(t testing.TB, ids ...store.ID) {
	t.Helper()
	for _, id := range ids {
		if wrong, err := h.Engine.Verify(context.Background(), h.Store, id); err != nil || len(wrong) > 0 {
			t.Errorf("folding the events of %s again gives another matter: %v %v", id, wrong, err)
		}
	}
}

func refusal(err error) string {
	var r *caseflow.Refusal
	if !errors.As(err, &r) {
		return fmt.Sprint(err)
	}
	for _, f := range slices.Sorted(maps.Keys(r.Fields)) {
		return r.Code + " " + f + " " + r.Fields[f]
	}
	return r.Code
}

// The law of a case, walked whole: whichever way the flow allows, the external states
// follow each other as they may, and a final external state is a final state.
func TestExternalStatesFollowEachOther(t *testing.T) {
	body, err := flows.ReadFile("flows/case.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := caseflow.Compile(string(body))
	if err != nil {
		t.Fatal(err)
	}
	type at struct {
		state string
		ext   CaseState
	}
	seen, todo, used := map[at]bool{}, []at{{"", 0}}, map[CaseState]bool{}
	for len(todo) > 0 {
		here := todo[0]
		todo = todo[1:]
		for name, a := range f.Actions {
			if here.state == "" != (len(a.From) == 0) || here.state != "" && !slices.Contains(a.From, here.state) {
				continue
			}
			next := at{a.To, here.ext}
			if a.To == "" {
				next.state = here.state
			}
			switch {
			case name == "withdraw" && (here.state == "conveyed" || here.state == "received" || here.state == "correcting" || here.state == "awaiting"):
				next.state = "withdrawn"
			case name == "dissolve" && (here.state == "owing" || here.state == "delivering" || here.state == "granted"):
				next.state = "recalled"
			}
			steps := caseStepsOf(name, here.state, next.state)
			for _, ext := range steps {
				if !slices.Contains(caseNext[next.ext], ext) {
					t.Errorf("%s from %s: external state %d follows %d, which it may not", name, here.state, ext, next.ext)
				}
				next.ext, used[ext] = ext, true
			}
			if st := f.States[next.state]; st.Final != next.ext.Final() && next.state != "delivering" && next.state != "owing" && next.state != "cancelled" {
				t.Errorf("%s leads to %s, final %v, at external state %d, final %v", name, next.state, st.Final, next.ext, next.ext.Final())
			}
			if !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	for ext := CaseReceived; ext <= CaseAskedTakenBack; ext++ {
		if !used[ext] {
			t.Errorf("no case ever comes to external state %d", ext)
		}
	}
	if len(seen) < 18 {
		t.Errorf("only %d standings are reached", len(seen))
	}
}

// A case lives through notice, deemed acceptance, special procedure and extension. Every
// date is computed by hand from the calendar of 2026: Mid-Autumn is 25 to 27 September,
// National Day 1 to 7 October; Saturday 10 October is worked.
func TestTheDatesOfACase(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		h.at(t, "2026-09-23 10:00") // Wednesday
		id := h.open(t, li, "layout", "rules")
		// 24, 28, 29, 30 September, 8 October.
		h.wantDue(t, id, map[string]string{"accept": "2026-10-08 18:00 running"})
		h.at(t, "2026-09-24 15:00")
		h.do(t, id, h.staff["accept"], "notify", "materials", []any{"layout"}, "what", "布局图没有标明清洗区的位置")
		// Thirty natural days end on Saturday 24 October: Monday.
		h.wantDue(t, id, map[string]string{"accept": "2026-10-08 18:00 met", "correct": "2026-10-26 18:00 running"})
		if err := h.act(id, li, "corrected"); refusal(err) != "form materials material_missing" {
			t.Errorf("correcting without the material: %v", err)
		}
		if err := h.SendMaterial(ctx, li, id, "rules", []string{h.photo(t, li)}); err == nil {
			t.Error("a material that nobody asked for was taken")
		}
		h.at(t, "2026-10-09 11:00")
		if err := h.SendMaterial(ctx, li, id, "layout", []string{h.photo(t, li)}); err != nil {
			t.Fatal(err)
		}
		h.do(t, id, li, "corrected")
		// 10 (Saturday), 12, 13, 14, 15 October.
		h.wantDue(t, id, map[string]string{"correct": "2026-10-26 18:00 met", "accept": "2026-10-15 18:00 running"})
		if err := h.act(id, h.staff["accept"], "notify", "materials", []any{"rules"}, "what", "还缺制度第三章的内容"); refusal(err) != "form materials told_once" {
			t.Errorf("a second notice on something else: %v", err)
		}
		h.at(t, "2026-10-15 17:59")
		h.tick(t)
		if d, err := h.Case(ctx, li, id); err != nil || d.State != "received" {
			t.Fatalf("before the fifth day ends: %s %v", d.State, err)
		}
		h.at(t, "2026-10-15 18:01")
		h.tick(t)
		d, err := h.Case(ctx, li, id)
		if err != nil || d.State != "examining" || !d.Deemed || d.Ext != int(CaseExamining) || d.Accepted.In(districtZone).Format("2006-01-02 15:04") != "2026-10-09 11:00" {
			t.Fatalf("deemed: %s %v ext %d accepted %v, %v", d.State, d.Deemed, d.Ext, d.Accepted, err)
		}
		// Legal: 20 working days from 9 October; promised: 10.
		h.wantDue(t, id, map[string]string{"legal": "2026-11-05 18:00 running", "promise": "2026-10-22 18:00 running", "stage": "2026-10-22 18:00 running"})
		h.at(t, "2026-10-20 10:00")
		if err := h.act(id, h.staff["examine"], "special", "kind", "hearing", "length", "5wd", "reason", "听证"); refusal(err) != "form kind not_of_item" {
			t.Errorf("a special procedure that the item has not: %v", err)
		}
		if err := h.act(id, h.staff["examine"], "special", "kind", "inspection", "length", "21wd", "reason", "现场检验"); refusal(err) != "form length above_cap" {
			t.Errorf("longer than its cap: %v", err)
		}
		h.do(t, id, h.staff["examine"], "special", "kind", "inspection", "length", "10wd", "reason", "现场检验")
		h.wantDue(t, id, map[string]string{"special": "2026-11-03 18:00 running"})
		h.at(t, "2026-10-29 10:00")
		h.do(t, id, h.staff["examine"], "special_done", "result", "检验合格")
		// Seven working days did not count: 20 to 23 and 26 to 28 October.
		h.wantDue(t, id, map[string]string{"legal": "2026-11-16 18:00 running", "promise": "2026-11-02 18:00 running", "stage": "2026-11-05 18:00 running"})
		if err := h.act(id, h.staff["decide"], "extend", "length", "11wd", "reason", "案情复杂"); refusal(err) != "form length above_cap" {
			t.Errorf("an extension of eleven days: %v", err)
		}
		h.do(t, id, h.staff["decide"], "extend", "length", "5wd", "reason", "案情复杂")
		h.wantDue(t, id, map[string]string{"legal": "2026-11-23 18:00 running", "promise": "2026-11-09 18:00 running"})
		if err := h.act(id, h.staff["decide"], "extend", "length", "1wd", "reason", "再延"); refusal(err) != "guard" {
			t.Errorf("a second extension: %v", err)
		}
		h.at(t, "2026-11-06 16:00")
		h.do(t, id, h.staff["examine"], "propose", "view", "grant", "opinion", "符合条件")
		h.wantDue(t, id, map[string]string{"stage": "2026-11-05 18:00 missed"})
		if err := h.act(id, h.staff["decide"], "grant"); refusal(err) != "guard" {
			t.Errorf("granted with a fee due: %v", err)
		}
		h.settle(t, "paid")
		h.do(t, id, h.staff["decide"], "grant")
		// Ten working days after Friday 6 November.
		h.wantDue(t, id, map[string]string{"legal": "2026-11-23 18:00 met", "promise": "2026-11-09 18:00 met", "deliver": "2026-11-20 18:00 running"})
		h.do(t, id, h.staff["window"], "deliver", "mode", "counter", "to", "李记")
		if err := h.MakeDuePapers(ctx); err != nil {
			t.Fatal(err)
		}
		d, err = h.Case(ctx, li, id)
		if err != nil || d.State != "granted" || d.Ext != int(CaseGranted) || d.Licence == nil || d.Licence.To != "2031-11-05" {
			t.Fatalf("granted: %+v %v", d.Licence, err)
		}
		var kinds, steps []string
		for _, p := range d.Papers {
			if kinds = append(kinds, p.Kind); !p.Made || p.SHA256 == "" {
				t.Errorf("the document %s was not made", p.No)
			}
		}
		for _, s := range d.Steps {
			steps = append(steps, fmt.Sprint(s.Ext))
		}
		if got := strings.Join(kinds, " "); got != "receipt correction acceptance special extension grant" {
			t.Errorf("documents: %s", got)
		}
		if got := strings.Join(steps, " "); got != "1 6 7 3 8 9 10 11" {
			t.Errorf("external states: %s", got)
		}
		h.verify(t, id)
	})
}

// A corrected calendar may bring a promised day nearer and never moves it against the
// applicant; the legal one follows the calendar.
func TestAPromiseDoesNotMoveAgainstTheApplicant(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		h.at(t, "2026-11-02 10:00")
		id := h.open(t, li, "layout", "rules")
		h.do(t, id, h.staff["accept"], "accept", "points", []any{"scope", "plan", "health"})
		h.wantDue(t, id, map[string]string{"legal": "2026-11-30 18:00 running", "promise": "2026-11-16 18:00 running"})
		d, err := calendar.ParseDefinition([]byte("name: office\nzone: Asia/Shanghai\nkind: working\ndays: [mon, tue, wed, thu, fri]\nshifts: 09:00-12:00, 14:00-18:00\nexceptions:\n  2026-11-05: off typhoon\n"))
		if err != nil {
			t.Fatal(err)
		}
		c, err := calendar.New(d)
		if err != nil {
			t.Fatal(err)
		}
		h.Book.Put(c, true)
		if _, err := h.Engine.Recalendar(context.Background(), "office"); err != nil {
			t.Fatal(err)
		}
		h.wantDue(t, id, map[string]string{"legal": "2026-12-01 18:00 running", "promise": "2026-11-16 18:00 running"})
		h.verify(t, id)
	})
}

// Papers may come later where the item says so (容缺), and what is owed is looked after.
func TestTolerance(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		h.at(t, "2026-11-02 10:00")
		id := h.open(t, li, "layout") // the rules are missing and may come later; the licence was not issued here
		for form, want := range map[string]string{"": "form points all_points", "scope plan": "form points all_points"} {
			var points []any
			for _, p := range strings.Fields(form) {
				points = append(points, p)
			}
			if err := h.act(id, h.staff["accept"], "accept", "points", points); refusal(err) != want {
				t.Errorf("accepted with %q ticked: %v", form, err)
			}
		}
		all := []any{"scope", "plan", "health"}
		if err := h.act(id, h.staff["accept"], "accept", "points", all); refusal(err) != "form owed material_missing" {
			t.Errorf("accepted with a material missing: %v", err)
		}
		if err := h.act(id, h.staff["accept"], "accept", "points", all, "owed", []any{"layout"}); refusal(err) == "" {
			t.Error("what is there was owed")
		}
		h.do(t, id, h.staff["accept"], "accept", "points", all, "owed", []any{"rules"})
		h.do(t, id, h.staff["examine"], "propose", "view", "grant_owing", "opinion", "主要条件符合")
		h.settle(t, "waived")
		if err := h.act(id, h.staff["decide"], "grant"); refusal(err) != "guard" {
			t.Errorf("granted as if nothing were owed: %v", err)
		}
		h.do(t, id, h.staff["decide"], "grant_owing")
		h.wantDue(t, id, map[string]string{"owe": "2026-11-16 18:00 running"})
		if err := h.act(id, h.staff["accept"], "provided"); refusal(err) != "guard" {
			t.Errorf("provided with a paper still owed: %v", err)
		}
		if err := h.act(id, li, "provide"); refusal(err) != "guard" {
			t.Errorf("provided without a paper: %v", err)
		}
		if err := h.SendMaterial(ctx, li, id, "rules", []string{h.photo(t, li)}); err != nil {
			t.Fatal(err)
		}
		h.do(t, id, li, "provide")
		h.do(t, id, h.staff["accept"], "provided")
		h.do(t, id, h.staff["window"], "deliver", "mode", "counter")
		other := h.open(t, li, "layout")
		h.do(t, other, h.staff["accept"], "accept", "points", all, "owed", []any{"rules"})
		h.do(t, other, h.staff["examine"], "propose", "view", "grant_owing", "opinion", "主要条件符合")
		h.settle(t, "waived")
		h.do(t, other, h.staff["decide"], "grant_owing")
		h.at(t, "2026-11-16 18:01")
		h.tick(t)
		d, err := h.Case(ctx, h.staff["decide"], other)
		if err != nil || d.State != "owing" || d.Timeline[len(d.Timeline)-1].Action != "owe_lapsed" {
			t.Fatalf("what was owed and did not come: %s %v", d.State, err)
		}
		h.do(t, other, h.staff["decide"], "revoke", "reason", "逾期未补齐容缺材料，依据第六十九条")
		l, err := h.licenceOf(ctx, h.Store, other)
		if err != nil || l.Status != LicenceRevoked {
			t.Errorf("the licence of a revoked grant is %s, %v", l.Status, err)
		}
		h.verify(t, id, other)
	})
}

// Who takes in, accepts or examines does not decide; who has nothing to do with a case
// sees none of it.
func TestDutiesAreApart(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		li, other := h.citizen(t, "李记", "13800138000", "11010519491231002X"), h.citizen(t, "赵六", "13900139000", "")
		id := h.open(t, li, "layout", "rules")
		for _, who := range []account.Actor{other, h.staff["civil"], h.staff["health"]} {
			if _, err := h.Case(ctx, who, id); !errors.Is(err, caseflow.ErrNotFound) {
				t.Errorf("%s sees a case that is not theirs: %v", who.Name, err)
			}
			if err := h.act(id, who, "accept"); !errors.Is(err, caseflow.ErrNotFound) {
				t.Errorf("%s acts on it: %v", who.Name, err)
			}
		}
		if err := h.act(id, h.staff["window"], "accept"); refusal(err) != "right" {
			t.Errorf("the counter accepts: %v", err)
		}
		h.do(t, id, h.staff["all"], "accept", "points", []any{"scope", "plan", "health"})
		h.do(t, id, h.staff["examine"], "consult", "units", []any{"dp-weijian"}, "question", "请对从业人员健康管理提出意见")
		if err := h.act(id, h.staff["examine"], "propose", "view", "grant", "opinion", "符合"); refusal(err) != "guard" {
			t.Errorf("proposed over an opinion that is not there: %v", err)
		}
		d, err := h.Case(ctx, h.staff["health"], id)
		if err != nil || len(d.Opinions) != 1 {
			t.Fatalf("who is asked sees the case: %v", err)
		}
		if d.Values["id_no"] == h.foodValues()["id_no"] || d.Applicant == nil || d.Applicant.Name == "李记" {
			t.Errorf("personal answers are shown without a reason: %v %v", d.Values["id_no"], d.Applicant)
		}
		h.do(t, d.Opinions[0].ID, h.staff["health"], "answer", "view", "agree", "opinion", "同意，从业人员均有健康证明")
		h.do(t, id, h.staff["examine"], "propose", "view", "grant", "opinion", "符合条件")
		h.settle(t, "paid")
		if err := h.act(id, h.staff["all"], "grant"); refusal(err) != "right" {
			t.Errorf("who accepted decides: %v", err)
		}
		if err := h.act(id, h.staff["civil-head"], "grant"); !errors.Is(err, caseflow.ErrNotFound) {
			t.Errorf("another department decides: %v", err)
		}
		h.do(t, id, h.staff["decide"], "grant")
		h.verify(t, id)
	})
}

// A citizen applies on a phone and holds the licence at once; who asks for a person gets
// one; what does not pass goes to a person with its reasons.
func TestInstantlyGranted(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.at(t, "2026-11-02 10:00")
		ask := decisionHouse{Service: h.Service, sim: h.sim}.elder(t, 0)
		elder := h.citizen(t, "王小兰", "13700137000", ask.Subject["id_no"])
		begin := func() Application {
			t.Helper()
			a, err := h.BeginApplication(ctx, elder, NewApplication{Item: h.item(t, "elder-allowance")})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.Autofill(ctx, elder, a.ID, a.Seq, false); err == nil {
				t.Error("sources were asked without consent")
			}
			if a, err = h.Autofill(ctx, elder, a.ID, a.Seq, true); err != nil {
				t.Fatal(err)
			}
			if a.Values["name"] != "王小兰" || a.Values["phone"] != "13700137000" || a.Sources["name"].Source == "" {
				t.Fatalf("filled in: %v %v", a.Values, a.Sources)
			}
			a.Values["bank"], a.Values["account"], a.Values["name"] = "icbc", "6222020000000000001", "改了的姓名"
			if a, err = h.SaveApplication(ctx, elder, a.ID, ApplicationDraft{Seq: a.Seq, Situation: map[string]any{"who": "self", "account_own": true}, Values: a.Values}); err != nil {
				t.Fatal(err)
			}
			if a.Values["name"] != "王小兰" {
				t.Errorf("what a register says was changed to %v", a.Values["name"])
			}
			return a
		}
		a := begin()
		sent, err := h.SendApplication(ctx, elder, a.ID, a.Seq, false)
		if err != nil || sent.Outcome != "granted" || sent.Licence == 0 || sent.Lane != LaneApprove {
			t.Fatalf("%+v %v", sent, err)
		}
		if _, err := h.SendApplication(ctx, elder, a.ID, a.Seq, false); err == nil {
			t.Error("it was sent twice")
		}
		d, err := h.Case(ctx, elder, sent.Case)
		if err != nil || d.State != "granted" || !d.Automatic || d.Decision == nil || len(d.Steps) != 3 || d.Open {
			t.Fatalf("%+v %v", d.CaseHead, err)
		}
		l, err := h.HeldLicence(ctx, elder, sent.Licence)
		if err != nil || l.Holder != "王小兰" || CheckLicenceIdentifier(l.Identifier) != nil || len(l.Shown) < 4 {
			t.Fatalf("%+v %v", l, err)
		}
		v, err := h.Verify(ctx, l.Token)
		if err != nil || !v.Genuine || !v.Usable || v.Holder == "王小兰" || len(v.Shown) > 0 {
			t.Errorf("the page that verifies it says %+v %v", v, err)
		}
		replay, err := h.Kept.Replay(ctx, must(store.Get[store.ID](ctx, h.Store, `SELECT decision FROM service_case WHERE id = ?`, sent.Case)), nil)
		if err != nil || !replay.Identical {
			t.Errorf("replayed: %+v %v", replay, err)
		}
		if p, err := h.Progress(ctx, sent.No, sent.Code); err != nil || len(p.Timeline) != 2 {
			t.Errorf("progress by number and code: %+v %v", p, err)
		}
		if _, err := h.Progress(ctx, sent.No, "wrong"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("progress by a wrong code: %v", err)
		}
		h.do(t, sent.Case, h.staff["civil-head"], "revoke", "reason", "事后核查发现已迁出本市，依据第六十九条")
		if v, err = h.Verify(ctx, l.Token); err != nil || v.Usable || v.Reason != "revoke" {
			t.Errorf("revoked: %+v %v", v, err)
		}
		if ended, err := h.EndedLicences(ctx, store.Time{}); err != nil || len(ended) != 1 || ended[0].Identifier != l.Identifier {
			t.Errorf("the list of ended licences: %v %v", ended, err)
		}
		// A person, as the law lets one ask.
		a = begin()
		if sent, err = h.SendApplication(ctx, elder, a.ID, a.Seq, true); err != nil || sent.Outcome != "received" || sent.Lane != LaneNone {
			t.Errorf("who asks for a person: %+v %v", sent, err)
		}
		// Somebody of thirty.
		young := h.citizen(t, "孙小小", "13600136000", "440306199001010012")
		a, err = h.BeginApplication(ctx, young, NewApplication{Item: h.item(t, "elder-allowance")})
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]any{"name": "孙小小", "id_no": idNumber("44030619900101001"), "phone": "13600136000", "bank": "icbc", "account": "6222020000000000002"}
		if a, err = h.SaveApplication(ctx, young, a.ID, ApplicationDraft{Seq: a.Seq, Situation: map[string]any{"who": "self", "account_own": true}, Values: values}); err != nil {
			t.Fatal(err)
		}
		if sent, err = h.SendApplication(ctx, young, a.ID, a.Seq, false); err != nil || sent.Outcome != "received" || sent.Lane != LaneHuman {
			t.Fatalf("at thirty: %+v %v", sent, err)
		}
		d, err = h.Case(ctx, h.staff["civil"], sent.Case)
		if err != nil || d.Decision == nil || d.State != "received" || d.Automatic {
			t.Fatalf("the person who decides sees the reasons: %+v %v", d.CaseHead, err)
		}
		h.verify(t, sent.Case)
	})
}

// idNumber is a number with its check character.
func idNumber(body string) string {
	sum := 0
	for i, w := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * w
	}
	return body + "10X98765432"[sum%11:sum%11+1]
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// What is wrong with an application is said field by field, and nothing is lost.
func TestApplicationsThatAreRefused(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		a, err := h.BeginApplication(ctx, li, NewApplication{Item: h.item(t, "food-licence")})
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.SendApplication(ctx, li, a.ID, a.Seq, false)
		said := fmt.Sprintf("%v", problemFields(err))
		for _, want := range []string{"body.situation.kind:required", "body.values.name:required", "body.files.layout:required"} {
			if !strings.Contains(said, want) {
				t.Errorf("an empty application: %s lacks %s", said, want)
			}
		}
		if strings.Contains(said, "body.files.rules") {
			t.Error("what may come later is asked for at once")
		}
		values := h.foodValues()
		values["id_no"], values["colour"] = "11010519491231002Y", "red"
		saved, err := h.SaveApplication(ctx, li, a.ID, ApplicationDraft{Seq: a.Seq, Values: values, Situation: map[string]any{"kind": "bar"}})
		if err != nil || saved.Wrong["values.id_no"] != "not_cn_id" || saved.Wrong["values.colour"] != "unknown" || saved.Wrong["situation.kind"] != "no_such_option" {
			t.Errorf("a draft with faults is kept and says so: %v %v", saved.Wrong, err)
		}
		if _, err := h.SaveApplication(ctx, li, a.ID, ApplicationDraft{Seq: a.Seq}); !errors.Is(err, caseflow.ErrConflict) {
			t.Errorf("saved over another window's: %v", err)
		}
		if _, err := h.SaveApplication(ctx, li, a.ID, ApplicationDraft{Seq: saved.Seq, Files: map[string][]string{"layout": {"nosuchfile"}}}); fmt.Sprint(problemFields(err)) != "[body.files:no_such_file]" {
			t.Errorf("a file that was not sent: %v", err)
		}
		if _, err := h.Application(ctx, h.citizen(t, "赵六", "13900139000", ""), a.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another reads the draft: %v", err)
		}
		if err := h.DiscardApplication(ctx, li, a.ID); err != nil {
			t.Fatal(err)
		}
		if drafts, err := h.Drafts(ctx, li); err != nil || len(drafts) != 0 {
			t.Errorf("a discarded draft is listed: %v %v", drafts, err)
		}
		if _, err := h.BeginApplication(ctx, li, NewApplication{Item: h.item(t, "marriage-registration")}); err == nil {
			t.Error("an item that is not applied for here was")
		}
	})
}

func problemFields(err error) (out []string) {
	var p *httpapi.Problem
	if errors.As(err, &p) {
		for _, e := range p.Errors {
			out = append(out, e.Location+":"+e.Message)
		}
	}
	return out
}

// A document says who, what, when and by which law, and is a PDF that can be read.
func TestPapersCanBeRead(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	h := newCaseHouse(t)
	ctx := context.Background()
	h.at(t, "2026-11-02 10:00")
	li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
	id := h.open(t, li, "layout", "rules")
	h.do(t, id, h.staff["accept"], "reject", "reason", "经营场所不在本区，依据《食品经营许可和备案管理办法》第十二条")
	if err := h.MakeDuePapers(ctx); err != nil {
		t.Fatal(err)
	}
	papers, err := h.papers(ctx, h.Store, id)
	if err != nil || len(papers) != 2 {
		t.Fatalf("%v %v", papers, err)
	}
	m, err := caseflow.Get(ctx, h.Store, id)
	if err != nil {
		t.Fatal(err)
	}
	key := must(store.Get[string](ctx, h.Store, `SELECT file FROM service_document WHERE id = ?`, papers[1].ID))
	pdf, err := h.openFile(ctx, m.Applicant, "document/"+papers[1].ID.String(), key)
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(t.TempDir(), "p.pdf")
	if err := os.WriteFile(at, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", at, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"不予受理决定书", m.No, "李记", "经营场所不在本区", "六十日内申请行政复议", "2026年11月2日", "市场监督管理局宝安监管局"} {
		if !strings.Contains(strings.ReplaceAll(string(out), "\n", ""), want) {
			t.Errorf("the document does not say %s:\n%s", want, out)
		}
	}
	// At rest nobody reads it.
	raw, err := os.ReadFile(filepath.Join(string(h.Files.Place.(blob.Folder)), filepath.FromSlash(key)))
	if err != nil || strings.HasPrefix(string(raw), "%PDF") {
		t.Errorf("the document lies open on disk: %v", err)
	}
}

// The check character of licence identifiers by real ones that are public.
func TestLicenceIdentifiers(t *testing.T) {
	id, err := LicenceIdentifier("11440306MB2D70011T001", "11440306MB2D70011T", "1Z9K", 1)
	if err != nil || CheckLicenceIdentifier(id) != nil {
		t.Fatalf("%s %v %v", id, err, CheckLicenceIdentifier(id))
	}
	for i := range id {
		if id[i] == '.' || i < len(licenceRoot)+1 {
			continue
		}
		wrong := []byte(id)
		if wrong[i] = '0'; id[i] == '0' {
			wrong[i] = '1'
		}
		if CheckLicenceIdentifier(string(wrong)) == nil {
			t.Errorf("%s passes", wrong)
		}
	}
}

func TestValidUntil(t *testing.T) {
	for in, want := range map[string]string{"2026-11-27 5y": "2031-11-26", "2024-02-29 1y": "2025-02-28", "2026-01-31 1m": "2026-02-28", "2026-12-01 12m": "2027-11-30", "2026-11-27 ": ""} {
		day, span, _ := strings.Cut(in, " ")
		from, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := validUntil(from, span); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
