package cim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/blob"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/pack"
	"shanzhi/core/place"
	"shanzhi/core/place/address"
	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/core/vault"
	"shanzhi/districts"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type cimHouse struct {
	*Service
	dir   *account.Directory
	files fs.FS
	keys  *vault.Keyring
	ahead atomic.Int64
}

// seeded is a house with a register of two dozen buildings.
var seeded = testkit.Model{Name: "cim", Fill: func(dir, dsn string) error {
	ctx := context.Background()
	h, err := openCIM(ctx, dir, dsn, -time.Hour) // keys are made of the clock
	if err != nil {
		return err
	}
	n, err := h.Seed(ctx, h.files, 24)
	if again, aerr := h.Seed(ctx, h.files, 24); err == nil && (n < 500 || aerr != nil || again != 0) {
		err = fmt.Errorf("%d things were made up, then %d: %w", n, again, aerr)
	}
	return errors.Join(err, h.Store.Close())
}}

// onBoth opens a copy of it on each store.
func onBoth(t *testing.T, test func(t *testing.T, h *cimHouse)) {
	for name, copy := range map[string]func(testing.TB) (dir, dsn string){"sqlite": seeded.File, "postgres": seeded.Postgres} {
		t.Run(name, func(t *testing.T) {
			dir, dsn := copy(t)
			h, err := openCIM(context.Background(), dir, dsn, 0)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { h.Store.Close() })
			test(t, h)
		})
	}
}

func openCIM(ctx context.Context, dir, dsn string, ahead time.Duration) (*cimHouse, error) {
	h := &cimHouse{}
	h.ahead.Store(int64(ahead))
	db, err := store.Open(ctx, dsn, store.Options{Now: func() time.Time {
		return time.Date(2026, 11, 27, 2, 0, 0, 0, time.UTC).Add(time.Duration(h.ahead.Load()))
	}})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, audit.Room(), event.Room(), vault.Room(), account.Room(), caseflow.Room(), pack.Room(), httpapi.Room(), place.Room(), Room()); err != nil {
		return nil, err
	}
	keys, err := vault.OpenKeyring(filepath.Join(dir, "keys"), "")
	if err != nil {
		return nil, err
	}
	v, err := vault.New(db, keys)
	if err != nil {
		return nil, err
	}
	h.keys = keys
	h.dir = account.NewDirectory(db)
	h.Service = &Service{Store: db, Packs: &pack.Packs{Store: db}, Bus: event.NewBus(db, nil), Dir: h.dir, Vault: v, Places: &place.Register{Store: db}, Files: &blob.Files{Store: db, Place: blob.Folder(filepath.Join(dir, "files")), Temp: filepath.Join(dir, "files")}, Log: slog.New(slog.DiscardHandler)}
	h.Packs.Parts = map[string]pack.Part{"cim": h.Service}
	if h.files, err = fs.Sub(districts.FS, "baoan"); err != nil {
		return nil, err
	}
	if current, err := h.Packs.Current(ctx); err != nil {
		return nil, err
	} else if current == nil {
		if _, err := h.Packs.Load(ctx, h.files, account.System(h.dir)); err != nil {
			return nil, err
		}
	}
	return h, h.Reload(ctx)
}

// A seeding that was cut off again and again ends as one that was not; a register that is
// not made up is left alone.
func TestSeedGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, whole *cimHouse) {
		ctx := context.Background()
		dsn := filepath.Join(t.TempDir(), "c.db")
		if strings.HasPrefix(whole.Store.DSN(), "postgres:") {
			dsn = testkit.Postgres(t)
		}
		h, err := openCIM(ctx, t.TempDir(), dsn, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { h.Store.Close() })
		cut := 0
		for wait := time.Millisecond; ; wait += wait / 2 {
			short, cancel := context.WithTimeout(ctx, wait)
			_, err := h.Seed(short, h.files, 24)
			cancel()
			if err == nil {
				break
			}
			if cut++; short.Err() == nil {
				t.Fatal(err)
			}
		}
		if cut == 0 {
			t.Error("it was never cut off")
		}
		for _, of := range []string{"place_object", "place_code", "place_change", "place_link", "cim_batch", "cim_address"} {
			n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM `+of)
			want, werr := store.Get[int](ctx, whole.Store, `SELECT count(*) FROM `+of)
			if err != nil || werr != nil || n != want || n == 0 {
				t.Errorf("%s: %d rows, want %d: %v %v", of, n, want, err, werr)
			}
		}
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, _, err := h.Places.Enter(ctx, tx, 0, []place.Entry{{PlaceDraft: place.PlaceDraft{Kind: place.ObjectStreet, Name: "真街道"}}}, place.Order{Who: account.System(h.dir), Day: "2026-01-01", Reason: "登记"})
			if err == nil {
				_, err = tx.Exec(ctx, `DELETE FROM cim_address`)
			}
			if err == nil {
				_, err = tx.Exec(ctx, `DELETE FROM cim_batch`)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n, err := h.Seed(ctx, h.files, 24); n != 0 || err != nil {
			t.Errorf("beside a real street %d things were made up: %v", n, err)
		}
		if n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM cim_batch`); n != 0 || err != nil {
			t.Errorf("beside a real street %d batches: %v", n, err)
		}
	})
}

func (h *cimHouse) actor(t testing.TB, roles ...string) account.Actor {
	var grants []account.Grant
	for _, r := range roles {
		grants = append(grants, account.Grant{Role: r, Unit: "pf-zhihui"})
	}
	return account.NewActor(h.dir, account.Account{Kind: account.Staff, ID: h.Store.NewID(), Name: "柯图", Unit: "pf-zhihui"}, grants...)
}

func codeOf(err error) string {
	var p *httpapi.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// The stores differ in nothing.
func TestTheRegisterOnBothStores(t *testing.T) {
	onBoth(t, func(t *testing.T, h *cimHouse) {
		for _, part := range []struct {
			name string
			test func(*testing.T, *cimHouse)
		}{{"one building one page", oneBuildingOnePage}, {"who was where", whoWasWhere}, {"tables and review", tablesAndReview}, {"matching follows the register", matchingFollowsTheRegister}, {"matters are linked", mattersAreLinked}} {
			t.Run(part.name, func(t *testing.T) { part.test(t, h) })
		}
	})
}

// One building, one page; the made-up register keeps its law, and what was joined
// still answers to its old code.
func oneBuildingOnePage(t *testing.T, h *cimHouse) {
	ctx := context.Background()
	who := h.actor(t, keeperRole)
	list, err := h.Find(ctx, "", "building", 0, 50)
	if err != nil || len(list) < 20 {
		t.Fatalf("%d buildings: %v", len(list), err)
	}
	p, err := h.Page(ctx, who, list[0].ID)
	if err != nil || len(p.Floors) == 0 || len(p.Floors[0].Units) == 0 || len(p.Above) < 2 || len(p.Codes) == 0 || len(p.History) == 0 || !p.Keeper || p.Reader {
		t.Fatalf("%+v %v", p, err)
	}
	if len(p.From) != 1 {
		t.Errorf("it came from %+v", p.From)
	} else {
		res, err := h.Places.Resolve(ctx, h.Store, place.Code{Scheme: place.House, Value: h.oldCode(t, p.From[0].ID)}, "")
		if err != nil || len(res.Holdings) != 1 || len(res.Holdings[0].Now) != 1 || res.Holdings[0].Now[0].ID != list[0].ID {
			t.Errorf("%+v %v", res, err)
		}
	}
	unit, err := h.Page(ctx, who, p.Floors[0].Units[0].ID)
	if err != nil || unit.Address == "" || !strings.HasSuffix(unit.Address, unit.Object.Name) || len(unit.Object.Codes[place.House]) != 25 {
		t.Errorf("%+v %v", unit, err)
	}
	if by, err := h.Find(ctx, unit.Object.Codes[place.House][:19], "unit", 0, 50); err != nil || len(by) == 0 {
		t.Errorf("by the beginning of a code %d were found: %v", len(by), err)
	}
	if problems, err := h.Places.Problems(ctx, h.Store); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}

func (h *cimHouse) oldCode(t *testing.T, id store.ID) string {
	past, err := h.Places.Past(context.Background(), h.Store, id)
	if err != nil || len(past) == 0 {
		t.Fatal(err)
	}
	return past[0].Code.Value
}

// Who was where: for a purpose of the list, with a reason, masked, recorded, and seen
// by the person; on the day, and not before or after.
func whoWasWhere(t *testing.T, h *cimHouse) {
	ctx := context.Background()
	keeper, reader := h.actor(t, keeperRole), h.actor(t, readerRole)
	list, err := h.Find(ctx, "", "unit", 0, 1)
	if err != nil || len(list) != 1 {
		t.Fatal(err)
	}
	unit := list[0].ID
	var l place.PlaceLink
	err = h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		l, err = h.LinkPerson(ctx, tx, vault.Identity{vault.Name: "欧阳小明", vault.Phone: "16098765432"}, place.PlaceLink{Object: unit, Role: "tenant", Source: "租赁备案", Confidence: 0.9, Since: "2026-11-01"}, place.Order{Who: keeper, Day: "2026-11-01", Reason: "备案"})
		if err != nil {
			return err
		}
		l, err = h.Places.End(ctx, tx, l.ID, l.Seq, false, place.Order{Who: keeper, Day: "2026-11-20", Reason: "退租"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	person, _ := store.ParseID(l.Party)
	has := func(day string) bool {
		t.Helper()
		out, err := h.Look(ctx, reader, unit, day, "epidemic", "密接排查")
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, o := range out.Occupants {
			if o.Link.ID == l.ID {
				found = true
				if strings.Contains(o.Name, "小明") || strings.Contains(o.Phone, "98765432") || o.Link.Party != "" {
					t.Errorf("%+v is not masked", o)
				}
			}
		}
		return found
	}
	if has("2026-10-31") || !has("2026-11-01") || !has("2026-11-19") || has("2026-11-20") {
		t.Error("the tenant was not there from the first to the day before the last")
	}
	where, err := h.Whereabouts(ctx, reader, "person", "16098765432", "2026-11-10", "epidemic", "流调")
	if err != nil || len(where.Occupants) != 1 || where.Occupants[0].Link.ID != l.ID || !strings.Contains(where.Occupants[0].Where, "宝安区") {
		t.Errorf("%+v %v", where, err)
	}
	if where, err := h.Whereabouts(ctx, reader, "person", "16000000000", "", "visit", "走访"); err != nil || len(where.Occupants) != 0 {
		t.Errorf("%+v %v", where, err)
	}
	looks, err := h.Vault.Looks(ctx, person)
	if err != nil || len(looks) != 3 || !strings.Contains(looks[1].Reason, "密接排查") || looks[0].What != "whereabouts" {
		t.Errorf("the person sees %+v: %v", looks, err)
	}
	var logged int
	if err := h.Store.QueryRow(ctx, `SELECT count(*) FROM cim_look`).Scan(&logged); err != nil || logged != 6 {
		t.Errorf("%d looks are recorded: %v", logged, err)
	}
	for what, bad := range map[string][3]string{"a purpose that is none": {"2026-11-27", "gossip", "好奇"}, "no reason": {"2026-11-27", "visit", " "}, "a day to come": {"2026-11-28", "visit", "走访"}, "too long ago": {"2026-01-01", "visit", "走访"}, "no day": {"27.11.", "visit", "走访"}} {
		if _, err := h.Look(ctx, reader, unit, bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("%s was answered", what)
		}
	}
	// Nothing of the person lies outside the vault.
	for _, q := range []string{`SELECT count(*) FROM place_link WHERE label LIKE '%小明%'`, `SELECT count(*) FROM place_link_event WHERE after LIKE '%小明%' OR after LIKE '%98765432%'`, `SELECT count(*) FROM audit WHERE detail LIKE '%小明%'`} {
		var n int
		if err := h.Store.QueryRow(ctx, q).Scan(&n); err != nil || n > 0 {
			t.Errorf("%s: %d %v", q, n, err)
		}
	}
}

// A table is matched; what is not sure waits, is decided once, and is learned.
func tablesAndReview(t *testing.T, h *cimHouse) {
	ctx := context.Background()
	keeper := h.actor(t, keeperRole)
	list, err := h.Find(ctx, "", "building", 0, 50)
	if err != nil {
		t.Fatal(err)
	}
	one, other := list[1], list[2]
	text := "姓名,电话,详细地址\n张三,13800138000," + one.Address + "\n李四,13800138001,红楼东门三号大院5栋\n王五,13800138002,\n"
	b, err := h.MatchTable(ctx, keeper, "名册.csv", "", strings.NewReader(text), int64(len(text)))
	if err != nil || b.Total != 2 || b.Matched != 1 || b.Review != 1 || b.Field != "详细地址" {
		t.Fatalf("%+v %v", b, err)
	}
	waiting, err := h.Addresses(ctx, b.ID, "review", 0, 10)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%+v %v", waiting, err)
	}
	w := waiting[0]
	if err := h.Review(ctx, keeper, w.ID, "confirm", 0, true, ""); w.Object == 0 && err == nil {
		t.Error("nothing was confirmed")
	}
	if err := h.Review(ctx, keeper, w.ID, "correct", other.ID, true, "现场核实"); err != nil {
		t.Fatal(err)
	}
	if err := h.Review(ctx, keeper, w.ID, "nowhere", 0, false, ""); codeOf(err) != "conflict" {
		t.Errorf("it was decided twice: %v", err)
	}
	m, err := h.MatchAddress(ctx, "红楼东门三号大院5栋")
	if err != nil || m.Object != other.ID || !m.Sure {
		t.Errorf("the register did not learn: %+v %v", m, err)
	}
	// Of the table nothing but addresses is kept.
	var n int
	if err := h.Store.QueryRow(ctx, `SELECT count(*) FROM cim_address WHERE text LIKE '%张三%' OR text LIKE '%1380013%' OR candidates LIKE '%张三%'`).Scan(&n); err != nil || n > 0 {
		t.Errorf("%d rows hold more than addresses: %v", n, err)
	}
	var out bytes.Buffer
	csv, err := table.NewCSV(&out, resultColumns, table.CSVOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.WriteResult(ctx, b.ID, csv); err != nil || strings.Count(out.String(), "\n") != 3 || !strings.Contains(out.String(), "已更正") || !strings.Contains(out.String(), other.Code) {
		t.Errorf("%s %v", out.String(), err)
	}
	for what, bad := range map[string]string{"no column of addresses": "a,b\n1,2\n", "nothing": ""} {
		if _, err := h.MatchTable(ctx, keeper, "x.csv", "", strings.NewReader(bad), int64(len(bad))); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
}

// A building that is renamed, divided or retired is matched as it is now.
func matchingFollowsTheRegister(t *testing.T, h *cimHouse) {
	ctx := context.Background()
	list, err := h.Find(ctx, "", "building", 0, 50)
	if err != nil {
		t.Fatal(err)
	}
	b := list[3]
	if m, err := h.MatchAddress(ctx, b.Address); err != nil || m.Object != b.ID || !m.Sure {
		t.Fatalf("%+v %v", m, err)
	}
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return h.Places.Retire(ctx, tx, b.ID, 1, place.Order{Who: h.actor(t, keeperRole), Day: "2026-11-20", Reason: "拆除"})
	}); err != nil {
		t.Fatal(err)
	}
	if m, err := h.MatchAddress(ctx, b.Address); err != nil || m.Object == b.ID {
		t.Errorf("what was pulled down was found: %+v %v", m, err)
	}
}

// Matters are linked to the buildings that they name, once.
func mattersAreLinked(t *testing.T, h *cimHouse) {
	ctx := context.Background()
	list, err := h.Find(ctx, "", "building", 0, 50)
	if err != nil {
		t.Fatal(err)
	}
	h.Matters = fixedPlace(list[4].Address)
	e := []event.Event{{Subject: "appeals.file", Key: "4711", Body: []byte(`{"seq":1,"no":"BA1","opened":"2026-11-26T10:00:00Z"}`)}, {Subject: "x", Key: "no", Body: []byte(`?`)}}
	for range 2 {
		if err := h.followMatters(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	p, err := h.Page(ctx, h.actor(t, readerRole), list[4].ID)
	if err != nil || len(p.Links) == 0 {
		t.Fatalf("%+v %v", p.Links, err)
	}
	n := 0
	for _, l := range p.Links {
		if l.Kind == place.PartyMatter && l.Party == "4711" && l.Since == "2026-11-26" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the matter is linked %d times", n)
	}
}

type fixedPlace string

func (p fixedPlace) Place(context.Context, store.ID) (string, string, error) {
	return string(p), "路灯不亮", nil
}

// A pack's purposes are checked, with the line.
func TestPurposesOfThePack(t *testing.T) {
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	b, err := readBook(files)
	if err != nil || len(b.purposes) < 3 || len(b.district.above) != 3 || b.district.above[2] != "宝安区" {
		t.Fatalf("%+v %v", b, err)
	}
	if name, ok := b.divisions.Name(place.Code{Scheme: place.Grid, Value: "440306011"}); !ok || name != "新安街道" {
		t.Errorf("the grid's 440306011 is %q", name)
	}
	if err := problemOf(&place.Refused{Code: "taken", Text: "x"}); codeOf(err) != "place_taken" {
		t.Errorf("%v", err)
	}
}

// Every address of a made-up register is its own, down to each room.
func TestEveryAddressFindsItself(t *testing.T) {
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	made, err := MakeUp(files, 1500)
	if err != nil {
		t.Fatal(err)
	}
	x := made.Index(address.Shipped())
	key := int64(len(made.Buildings))
	for i, b := range made.Buildings {
		if m := x.Match(b.Address); m.Level != address.LevelBuilding || m.Building != int64(i) || m.Confidence < address.Sure {
			t.Errorf("%s is %+v", b.Address, m)
		}
		for f := 1; f <= b.Floors; f++ {
			for u := 1; u <= b.Units; u++ {
				if (f+u)%7 == 0 {
					if m := x.Match(b.Address + b.Label(f, u) + "室"); m.Room != key || m.Level != address.LevelRoom {
						t.Errorf("%s%s is %+v", b.Address, b.Label(f, u), m)
					}
				}
				key++
			}
		}
	}
	if again, err := MakeUp(files, 1500); err != nil || again.Buildings[77] != made.Buildings[77] {
		t.Error("it is made up otherwise the second time")
	}
}
