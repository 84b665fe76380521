package pack_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// words is a part that reads one file of its own.
type words struct {
	loaded  []string
	between func() // runs once, while a pack is checked
}

func (w *words) Check(files fs.FS) error {
	if f := w.between; f != nil {
		w.between = nil
		f()
	}
	_, err := pack.Table(files, "words.csv", "code", "name")
	return err
}

func (w *words) Load(_ context.Context, _ *store.Tx, files fs.FS) error {
	rows, err := pack.Table(files, "words.csv", "code", "name")
	w.loaded = nil
	for _, r := range rows {
		w.loaded = append(w.loaded, r["name"])
	}
	return err
}

var good = map[string]string{
	"pack.yaml":             "id: test\nversion: \"1\"\nname: {zh: 测试区, en: Test}\nlocale: zh-CN\ntimezone: Asia/Shanghai\ncalendar: office\n",
	"organisation.csv":      "code,name,parent,kind,valid_from\nd,区,,district,\ns,街道,d,street,2020-01-01\n",
	"calendars/office.yaml": "name: office\nzone: Asia/Shanghai\nkind: round_the_clock\n",
	"words.csv":             "code,name\na,甲\n\"b\",\"乙,\n二\"\n",
	"README.md":             "not loaded\n",
}

func files(changed map[string]string) fstest.MapFS {
	all := maps.Clone(good)
	maps.Copy(all, changed)
	out := fstest.MapFS{}
	for name, text := range all {
		if text != "absent" {
			out[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return out
}

type world struct {
	*testing.T
	s *store.Store
	p *pack.Packs
	w *words
}

var ctx = context.Background()

func onBoth(t *testing.T, contract func(w *world)) {
	run := func(t *testing.T, dsn string) {
		s, err := store.Open(ctx, dsn, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if err := s.Migrate(ctx, audit.Room(), account.Room(), pack.Room()); err != nil {
			t.Fatal(err)
		}
		part := &words{}
		contract(&world{t, s, &pack.Packs{Store: s, Parts: map[string]pack.Part{"words": part}}, part})
	}
	t.Run("sqlite", func(t *testing.T) { run(t, filepath.Join(t.TempDir(), "test.db")) })
	t.Run("postgres", func(t *testing.T) { run(t, testkit.Postgres(t)) })
}

func (w *world) load(changed map[string]string) []pack.Change {
	w.Helper()
	changes, err := w.p.Load(ctx, files(changed), account.Actor{})
	if err != nil {
		w.Fatal(err)
	}
	return changes
}

func (w *world) text(name string) string {
	w.Helper()
	current, err := w.p.Current(ctx)
	if err != nil {
		w.Fatal(err)
	}
	body, err := fs.ReadFile(current, name)
	if err != nil {
		w.Fatal(err)
	}
	return string(body)
}

func TestAPackIsCheckedWhole(t *testing.T) {
	p := &pack.Packs{Parts: map[string]pack.Part{"words": &words{}}}
	if err := p.Check(files(nil)); err != nil {
		t.Fatalf("a good pack: %v", err)
	}
	org := good["organisation.csv"]
	for _, c := range []struct {
		what, file, text, want string
		line                   int
	}{
		{"no manifest", "pack.yaml", "absent", "pack.yaml", 0},
		{"not YAML", "pack.yaml", "id: test\nname: [\n", "pack.yaml", 2},
		{"no name", "pack.yaml", "id: test\nversion: \"1\"\n", "id, version and name", 0},
		{"an unknown zone", "pack.yaml", strings.Replace(good["pack.yaml"], "Asia/Shanghai", "Mars/Olympus", 1), "Mars/Olympus", 0},
		{"a calendar that is not there", "pack.yaml", strings.Replace(good["pack.yaml"], "calendar: office", "calendar: none", 1), `no calendar "none"`, 0},
		{"no calendar", "calendars/office.yaml", "absent", "calendars: there is none", 0},
		{"another name", "calendars/office.yaml", strings.Replace(good["calendars/office.yaml"], "name: office", "name: other", 1), `want "office"`, 0},
		{"no organisation", "organisation.csv", "absent", "organisation.csv", 0},
		{"no column", "organisation.csv", "code,name\n", `column "parent" is missing`, 0},
		{"no parent", "organisation.csv", org + "x,甲,nowhere,street,\n", "its parent nowhere is not there", 4},
		{"twice", "organisation.csv", org + "s,甲,d,street,\n", "stands twice", 4},
		{"no kind", "organisation.csv", org + "x,甲,d,empire,\n", `"empire" is not a kind`, 4},
		{"no day", "organisation.csv", org + "x,甲,d,street,soon\n", `"soon" is not a date`, 4},
		{"no name", "organisation.csv", org + "x,,d,street,\n", "code and name are needed", 4},
		{"two districts", "organisation.csv", org + "x,甲,,district,\n", "2 units without a parent", 0},
		{"a cell too many", "organisation.csv", org + "x,甲,d,street,,,\n", "wrong number of fields", 4},
		{"a quote left open", "words.csv", "code,name\na,\"甲\n", "words.csv", 2},
		{"empty", "words.csv", "", "words.csv", 0},
	} {
		err := p.Check(files(map[string]string{c.file: c.text}))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
			continue
		}
		if c.line > 0 && !slices.ContainsFunc(pack.Faults(err), func(f pack.PackFault) bool { return f.File == c.file && f.Line == c.line }) {
			t.Errorf("%s: %+v, want line %d of %s", c.what, pack.Faults(err), c.line, c.file)
		}
	}
	err := p.Check(files(map[string]string{"words.csv": "code\n", "organisation.csv": org + "x,甲,nowhere,empire,\n"}))
	if got := pack.Faults(err); len(got) != 3 {
		t.Errorf("all faults at once: %+v", got)
	}
	if got := pack.Faults(nil); got == nil || len(got) > 0 {
		t.Errorf("no fault is %v", got)
	}
}

func TestLoadingIsADifference(t *testing.T) {
	onBoth(t, func(w *world) {
		if fresh, err := w.p.Current(ctx); err != nil || fresh != nil {
			w.Fatalf("a new house has %v (%v)", fresh, err)
		}
		if got := w.load(nil); len(got) != 4 || got[0].Kind != "new" {
			w.Errorf("first: %v", got)
		}
		if !slices.Equal(w.w.loaded, []string{"甲", "乙,\n二"}) {
			w.Errorf("loaded %q", w.w.loaded)
		}
		if got := w.load(nil); len(got) != 0 {
			w.Errorf("again: %v", got)
		}
		// A bad pack changes nothing.
		if _, err := w.p.Load(ctx, files(map[string]string{"words.csv": "code\n"}), account.Actor{}); err == nil || w.text("words.csv") != good["words.csv"] {
			w.Errorf("a bad pack: %v", err)
		}
		// What was edited here is kept and told; what was not is brought.
		edited := "code,name\na,改\n"
		if err := w.p.Put(ctx, pack.Edit{Path: "words.csv", Body: []byte(edited)}, account.Actor{}); err != nil {
			w.Fatal(err)
		}
		org := good["organisation.csv"] + "x,新街道,d,street,2026-01-01\n"
		got := w.load(map[string]string{"words.csv": "code,name\na,新\n", "organisation.csv": org})
		if want := []pack.Change{{Path: "organisation.csv", Kind: "changed"}, {Path: "words.csv", Kind: "edited"}}; !slices.Equal(got, want) {
			w.Errorf("difference: %v, want %v", got, want)
		}
		if w.text("words.csv") != edited || w.text("organisation.csv") != org {
			w.Error("what was edited is lost, or what was not is not brought")
		}
		list, err := w.p.Files(ctx)
		if err != nil || len(list) != 4 || !slices.ContainsFunc(list, func(f pack.File) bool { return f.Path == "words.csv" && f.Edited }) {
			w.Errorf("files: %+v %v", list, err)
		}
	})
}

func TestAnEditIsCheckedAndKept(t *testing.T) {
	onBoth(t, func(w *world) {
		w.load(nil)
		var who account.Actor
		if err := w.s.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			login := "admin"
			who.Account, err = account.New(w.s, account.NewDirectory(w.s), nil).Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: "管理员"}, "")
			return err
		}); err != nil {
			w.Fatal(err)
		}
		put := func(name, text, base, note string) error {
			return w.p.Put(ctx, pack.Edit{Path: name, Body: []byte(text), Base: base, Note: note}, who)
		}
		var wrong *pack.Wrong
		if err := put("words.csv", "code\n", "", ""); !errors.As(err, &wrong) || w.text("words.csv") != good["words.csv"] {
			w.Errorf("a wrong edit: %v", err)
		}
		for _, none := range []string{"none.csv", "../pack.yaml", ""} {
			if err := put(none, "x", "", ""); !errors.Is(err, store.ErrNotFound) {
				w.Errorf("a file %q that is not there: %v", none, err)
			}
		}
		history := func() []pack.PackVersion {
			w.Helper()
			list, err := w.p.History(ctx, "words.csv", 0)
			if err != nil {
				w.Fatal(err)
			}
			return list
		}
		first := history()
		if len(first) != 1 || first[0].Kind != "load" || first[0].Note != "1" || first[0].Actor != "" {
			w.Fatalf("after the load: %+v", first)
		}
		if err := put("words.csv", "code,name\na,改一\n", first[0].Hash, "按文件"); err != nil {
			w.Fatal(err)
		}
		if err := put("words.csv", "code,name\na,改二\n", first[0].Hash, ""); !errors.Is(err, pack.ErrStale) {
			w.Errorf("over somebody else's edit: %v", err)
		}
		if err := put("words.csv", "code,name\na,改一\n", "", ""); err != nil { // the same again is no version
			w.Fatal(err)
		}
		if err := put("words.csv", "code,name\na,改二\n", "", ""); err != nil {
			w.Fatal(err)
		}
		list := history()
		if len(list) != 3 || list[1].Note != "按文件" || list[1].Kind != "edit" || list[1].Actor != "管理员" || list[2] != first[0] {
			w.Errorf("history: %+v", list)
		}
		if older, err := w.p.History(ctx, "words.csv", list[1].ID); err != nil || len(older) != 1 || older[0].ID != first[0].ID {
			w.Errorf("before the first edit: %+v %v", older, err)
		}
		if !slices.Equal(w.w.loaded, []string{"改二"}) {
			w.Errorf("in force: %v", w.w.loaded)
		}
		if files, old, err := w.p.Try(ctx, "words.csv", []byte("code,name\nz,试\n")); err != nil || files == nil || string(old) != "code,name\na,改二\n" || w.text("words.csv") != string(old) {
			w.Errorf("trying keeps nothing: %v", err)
		}
		if n, err := store.Get[int](ctx, w.s, `SELECT count(*) FROM audit WHERE action = 'pack.edit'`); err != nil || n != 2 {
			w.Errorf("%d edits in the audit log: %v", n, err)
		}
	})
}

// Of two who edit the same form at once, one is told.
func TestTwoEditAtOnce(t *testing.T) {
	onBoth(t, func(w *world) {
		w.load(nil)
		list, _ := w.p.History(ctx, "words.csv", 0)
		results := make(chan error, 4)
		for i := range 4 {
			go func() {
				results <- w.p.Put(ctx, pack.Edit{Path: "words.csv", Body: []byte("code,name\na," + strings.Repeat("甲", i+2) + "\n"), Base: list[0].Hash}, account.Actor{})
			}()
		}
		kept := 0
		for range 4 {
			if err := <-results; err == nil {
				kept++
			} else if !errors.Is(err, pack.ErrStale) {
				w.Errorf("told: %v", err)
			}
		}
		if kept != 1 {
			w.Errorf("%d edits of the same form are kept", kept)
		}
	})
}

// A file that was edited while another was checked stays as it was edited, and so
// does what is made of it.
func TestAnotherFileIsEditedWhileOneIsChecked(t *testing.T) {
	onBoth(t, func(w *world) {
		w.load(nil)
		w.w.between = func() {
			if err := w.p.Put(ctx, pack.Edit{Path: "words.csv", Body: []byte("code,name\na,新\n")}, account.Actor{}); err != nil {
				w.Error(err)
			}
		}
		edit := pack.Edit{Path: "organisation.csv", Body: []byte(good["organisation.csv"] + "t,二街道,d,street,2020-01-01\n")}
		if err := w.p.Put(ctx, edit, account.Actor{}); !errors.Is(err, pack.ErrStale) {
			w.Errorf("told: %v", err)
		}
		if !slices.Equal(w.w.loaded, []string{"新"}) {
			w.Errorf("in force: %v", w.w.loaded)
		}
		if err := w.p.Put(ctx, edit, account.Actor{}); err != nil {
			w.Errorf("once more: %v", err)
		}
		if !slices.Equal(w.w.loaded, []string{"新"}) || !strings.Contains(w.text("organisation.csv"), "二街道") {
			w.Errorf("in force: %v", w.w.loaded)
		}
	})
}
