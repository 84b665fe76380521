package knowledge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/calendar"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const head = "code,title,body,unit,category,keywords,legal_basis,audience,valid_from,valid_to\n"

// district is a small pack: two bureaus, a hotline, five entries.
func district() fstest.MapFS {
	files := fstest.MapFS{}
	for name, body := range map[string]string{
		"pack.yaml":             "id: d\nversion: \"1\"\nname: {zh: 试验区}\nlocale: zh-CN\ntimezone: Asia/Shanghai\ncalendar: office\n",
		"organisation.csv":      "code,name,parent,kind\nd,试验区,,district\npf,指挥中心,d,platform\nrs,人力资源局,d,department\nga,公安分局,d,department\n",
		"calendars/office.yaml": "name: office\nzone: Asia/Shanghai\nkind: working\ndays: [mon, tue, wed, thu, fri]\nshifts: 09:00-12:00, 14:00-18:00\n",
		"knowledge.yaml":        "review: 100d\nreport_limit: 5wd\nexamples: [居住证需要什么材料]\n",
		"notices.yaml": "notices:\n" + func() (s string) {
			for _, n := range []string{"knowledge_proposed", "knowledge_submitted", "knowledge_published", "knowledge_rejected", "knowledge_wrong", "knowledge_wrong_late", "knowledge_review", "knowledge_expiry", "knowledge_asked"} {
				s += "  " + n + ": {to: unit, channels: [inapp], title: {zh: 知识}, body: {zh: \"{title}{reason}\"}}\n"
			}
			return s
		}(),
		"knowledge.csv": head +
			"K1,居住证办理条件和材料,连续居住登记满十二个月的，可以申领居住证。所需材料：本人居民身份证、居住证明。居住证工本费20元。,ga,证件,居住证;暂住证,《居住证暂行条例》第二条,public,2026-01-01,\n" +
			"K2,拖欠工资投诉,用人单位不按时足额发工资的，可以拨打12333向劳动保障监察机构投诉。监察机构60日内办结。,rs,劳动,欠薪;讨薪,,public,,\n" +
			"K3,坐席口径：欠薪来电,接到欠薪来电应当记录单位名称、人数和金额，十人以上按紧急登记。,pf,口径,欠薪来电,,internal,,\n" +
			"K4,高温津贴发放,每年6月至10月高温天气作业的劳动者可以领取高温津贴，每月300元。,rs,劳动,高温津贴,,public,,2026-10-31\n" +
			"K5,护照换发,护照可以在出入境办证大厅申请换发，7个工作日内办结。护照工本费120元。,ga,证件,护照,,public,,\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(body)}
	}
	return files
}

type house struct {
	*Service
	t        testing.TB
	accounts *account.Accounts
	now      *atomic.Int64
	cast     map[string]account.Actor
}

// who is somebody with a role at a unit: "handler@rs", with a number for a second one.
func (h *house) who(name string) account.Actor {
	h.t.Helper()
	if a, ok := h.cast[name]; ok {
		return a
	}
	desk, _, _ := strings.Cut(name, "#")
	role, unit, _ := strings.Cut(desk, "@")
	var who account.Actor
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		login := name
		id, err := h.accounts.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: name, Unit: unit}, "", account.Grant{Role: role, Unit: unit})
		if err != nil {
			return err
		}
		who, err = h.accounts.Actor(ctx, tx, id)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	h.cast[name] = who
	return who
}

var opened = time.Date(2026, 9, 1, 2, 0, 0, 0, time.UTC) // a Tuesday, ten in the morning

func newHouse(t testing.TB, dsn string) *house {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	if dsn == "" {
		dsn = filepath.Join(dir, "shanzhi.db")
	}
	h := &house{t: t, now: new(atomic.Int64), cast: map[string]account.Actor{}}
	h.now.Store(opened.UnixMicro())
	log := slog.New(slog.DiscardHandler)
	st, err := store.Open(ctx, dsn, store.Options{Log: log, Now: func() time.Time { return time.UnixMicro(h.now.Add(1)) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	if err := st.Migrate(ctx, audit.Room(), event.Room(), vault.Room(), account.Room(), pack.Room(), httpapi.Room(), notice.Room(), Room()); err != nil {
		t.Fatal(err)
	}
	keys, err := vault.OpenKeyring(filepath.Join(dir, "keys"), vault.International)
	if err != nil {
		t.Fatal(err)
	}
	d := account.NewDirectory(st)
	bus := event.NewBus(st, log)
	h.accounts = account.New(st, d, keys)
	h.Service = &Service{Store: st, Dir: d, Packs: &pack.Packs{Store: st}, Book: calendar.NewBook(), Bus: bus, Log: log, Notices: &notice.Notices{Store: st, Bus: bus}}
	h.Packs.Parts = map[string]pack.Part{"knowledge": h.Service}
	h.load(district())
	return h
}

// load loads a pack as the house does.
func (h *house) load(files fs.FS) {
	h.t.Helper()
	ctx := context.Background()
	cals, err := pack.Calendars(files)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, c := range cals {
		h.Book.Put(c, true)
	}
	if _, err := h.Packs.Load(ctx, files, account.System(h.Dir)); err != nil {
		h.t.Fatal(err)
	}
	if err := errors.Join(h.Notices.Reload(files), h.Dir.Reload(ctx), h.Reload(ctx)); err != nil {
		h.t.Fatal(err)
	}
}

func bothStores(t *testing.T, test func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newHouse(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, newHouse(t, testkit.Postgres(t))) })
}

func (h *house) code(code string) *Article {
	h.t.Helper()
	a, err := h.article(context.Background(), h.Store, `e.code = ?`, code)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// do does a step as somebody, on the entry as it is.
func (h *house) do(who account.Actor, code string, step KnowledgeStep) error {
	h.t.Helper()
	a := h.code(code)
	step.Seq = a.Seq
	return h.Act(context.Background(), who, a.ID, step)
}

func (h *house) must(who account.Actor, code string, steps ...KnowledgeStep) {
	h.t.Helper()
	for _, s := range steps {
		if err := h.do(who, code, s); err != nil {
			h.t.Fatalf("%s of %s: %v", s.Action, code, err)
		}
	}
}

func (h *house) ask(who account.Actor, question string) Said {
	h.t.Helper()
	if _, err := h.toldNow(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	a, err := h.Ask(context.Background(), Asked{Question: question, Who: who})
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func (h *house) notices(name string) (n int) {
	h.t.Helper()
	if err := h.Store.QueryRow(context.Background(), `SELECT count(*) FROM notice WHERE name = ?`, name).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// Every state, every action, every role: what the table does not name is refused.
func TestWhoMayDoWhatInWhichState(t *testing.T) {
	h := newHouse(t, "")
	const author = "handler@rs"
	may := map[string]map[string]string{ // state, action: roles
		Draft:     {doSubmit: "owner head reviewer supervisor admin author", doWrite: "owner head reviewer supervisor admin author", doDiscard: "owner head reviewer supervisor admin author"},
		Review:    {doPublish: "reviewer supervisor", doReject: "reviewer supervisor", doRecall: "owner head reviewer supervisor admin author"},
		Published: {doWrite: "owner head reviewer supervisor admin author", doRenew: "owner head reviewer supervisor admin author", doWithdraw: "head reviewer supervisor"},
		Expired:   {doWrite: "owner head reviewer supervisor admin author", doWithdraw: "head reviewer supervisor"},
		Withdrawn: {doWrite: "owner head reviewer supervisor admin author"},
	}
	cast := map[string]account.Actor{"author": h.who(author), "owner": h.who("receiver@rs"), "head": h.who("unit_head@rs"), "reviewer": h.who("reviewer@pf"), "supervisor": h.who("supervisor@pf"), "admin": h.who("admin@d"),
		"other": h.who("handler@ga"), "other head": h.who("unit_head@ga"), "agent": h.who("agent@pf"), "leader": h.who("leader@d"), "dispatcher": h.who("dispatcher@pf"), "far reviewer": h.who("reviewer@ga"), "stranger": {}}
	actions := []string{doWrite, doSubmit, doRecall, doPublish, doReject, doWithdraw, doDiscard, doRenew, doSettle}
	raw, _ := json.Marshal([]store.ID{cast["author"].Account})
	for _, state := range []string{Draft, Review, Published, Expired, Withdrawn} {
		a := &Article{State: state, Entry: Entry{Unit: "rs"}, RawAuthors: string(raw)}
		if state == Published || state == Expired {
			a.Live = 1
		}
		for name, who := range cast {
			got := allowed(who, a)
			for _, action := range actions {
				want := slices.Contains(strings.Fields(may[state][action]), name)
				if slices.Contains(got, action) != want {
					t.Errorf("%s: %s %s: %v, want %v", state, name, action, !want, want)
				}
			}
		}
	}
	// Nobody publishes what they wrote, whatever their role.
	raw, _ = json.Marshal([]store.ID{cast["reviewer"].Account})
	a := &Article{State: Review, Entry: Entry{Unit: "rs"}, RawAuthors: string(raw)}
	if got := allowed(cast["reviewer"], a); slices.Contains(got, doPublish) {
		t.Error("a reviewer publishes their own text")
	}
	if got := allowed(cast["supervisor"], a); !slices.Contains(got, doPublish) {
		t.Error("another may not publish it")
	}
	// While it answers it can be withdrawn, also with a correction under way.
	a = &Article{State: Draft, Live: 1, Reports: 1, Entry: Entry{Unit: "rs"}, RawAuthors: "[]"}
	if got := allowed(cast["head"], a); !slices.Contains(got, doWithdraw) || !slices.Contains(got, doSettle) {
		t.Errorf("the owner's head: %v", got)
	}
}

// An entry's life: written, looked at by another, published, corrected while it
// goes on answering, withdrawn; the cache is what its events and texts make.
func TestLifeOfAnEntry(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		writer, reviewer, citizen := h.who("handler@rs"), h.who("reviewer@pf"), account.Actor{}
		const question = "失业保险金怎么申请"
		if a := h.ask(citizen, question); a.Known {
			t.Fatalf("known before: %+v", a)
		}
		e := Entry{Title: "失业保险金申领", Body: "失业前缴费满一年的，可以向人力资源局申请失业保险金。联系电话13812345678。", Unit: "rs", Keywords: []string{"失业保险金", "失业金"}}
		id, err := h.Create(ctx, writer, e)
		if err != nil {
			t.Fatal(err)
		}
		a, err := h.seen(ctx, writer, id)
		if err != nil || a.State != Draft || strings.Contains(a.Body, "13812345678") {
			t.Fatalf("%+v %v", a, err)
		}
		code := a.Code
		if _, err := h.seen(ctx, h.who("handler@ga"), id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another unit sees the draft: %v", err)
		}
		if h.ask(citizen, question).Known {
			t.Error("a draft answers")
		}
		h.must(writer, code, KnowledgeStep{Action: doSubmit})
		if n := h.notices("knowledge_submitted"); n != 1 {
			t.Errorf("%d told of what waits", n)
		}
		if err := h.do(writer, code, KnowledgeStep{Action: doPublish}); !errors.Is(err, ErrRight) {
			t.Errorf("the writer publishes: %v", err)
		}
		if err := h.do(reviewer, code, KnowledgeStep{Action: doReject}); err == nil {
			t.Error("rejected without a reason")
		}
		h.must(reviewer, code, KnowledgeStep{Action: doReject, Note: "请写明材料"})
		e.Body = "失业前缴费满一年的，可以申请失业保险金。所需材料：本人居民身份证。"
		h.must(writer, code, KnowledgeStep{Action: doWrite, Entry: &e}, KnowledgeStep{Action: doSubmit})
		h.must(reviewer, code, KnowledgeStep{Action: doPublish})
		if got := h.ask(citizen, question); !got.Known || got.Source.ID != code || got.Source.Since.IsZero() {
			t.Fatalf("published and not known: %+v", got)
		}
		a = h.code(code)
		if want := opened.AddDate(0, 0, 99); a.ReviewDue.Before(want) || a.ReviewDue.After(want.AddDate(0, 0, 6)) {
			t.Errorf("to be looked through at %v", a.ReviewDue)
		}
		if h.notices("knowledge_published") != 1 || h.notices("knowledge_rejected") != 1 {
			t.Error("its author was not told")
		}
		// A correction is a draft; what was published goes on answering.
		e.Body = "失业保险金可以在网上申请，材料免交。"
		h.must(writer, code, KnowledgeStep{Action: doWrite, Entry: &e})
		if got := h.ask(citizen, question); !got.Known || strings.Contains(got.Answer, "免交") {
			t.Errorf("while a correction is written: %+v", got)
		}
		h.must(writer, code, KnowledgeStep{Action: doDiscard})
		if a = h.code(code); a.State != Published || a.Version != 2 || strings.Contains(a.Body, "免交") {
			t.Errorf("after the correction was dropped: %+v", a)
		}
		h.must(writer, code, KnowledgeStep{Action: doRenew}, KnowledgeStep{Action: doWrite, Entry: &e}, KnowledgeStep{Action: doSubmit})
		stale := KnowledgeStep{Action: doPublish, Seq: 1}
		if err := h.Act(ctx, reviewer, id, stale); !errors.Is(err, ErrChanged) {
			t.Errorf("what was seen before is published: %v", err)
		}
		h.must(reviewer, code, KnowledgeStep{Action: doPublish})
		if a = h.code(code); a.Live != 4 || a.Version != 4 {
			t.Errorf("%+v", a)
		}
		h.rebuilds()
		h.must(reviewer, code, KnowledgeStep{Action: doWithdraw, Note: "政策到期"})
		if h.ask(citizen, question).Known || h.code(code).State != Withdrawn {
			t.Error("withdrawn and known")
		}
		h.rebuilds()
	})
}

// rebuilds folds all events anew and compares with what is kept.
func (h *house) rebuilds() {
	h.t.Helper()
	if wrong, err := h.Verify(context.Background()); err != nil || len(wrong) > 0 {
		h.t.Errorf("the events make something else of %v, %v", wrong, err)
	}
}

// A kept state that its events do not make is found.
func TestVerifyFindsWhatWasEdited(t *testing.T) {
	h := newHouse(t, "")
	ctx := context.Background()
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE knowledge_entry SET live_content = replace(live_content, '20元', '200元') WHERE code = 'K1'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if wrong, err := h.Verify(ctx); err != nil || !slices.Equal(wrong, []string{"K1"}) {
		t.Errorf("%v %v", wrong, err)
	}
}

// A text that has outlived its last day answers nobody; one not yet in force either.
func TestEntriesExpire(t *testing.T) {
	h := newHouse(t, "")
	question := "高温津贴每月多少"
	if a := h.ask(account.Actor{}, question); !a.Known || a.Source.ID != "K4" {
		t.Fatalf("%+v", a)
	}
	h.now.Store(time.Date(2026, 10, 31, 15, 59, 0, 0, time.UTC).UnixMicro()) // its last day
	if !h.ask(account.Actor{}, question).Known {
		t.Error("it does not hold on its last day")
	}
	h.now.Store(time.Date(2026, 10, 31, 16, 0, 1, 0, time.UTC).UnixMicro())
	if h.ask(account.Actor{}, question).Known {
		t.Error("expired and known")
	}
	if a := h.code("K4"); a.State != Expired {
		t.Errorf("it is %s", a.State)
	}
	page, err := h.List(context.Background(), h.who("reviewer@pf"), Filter{State: Expired})
	if err != nil || len(page.Items) != 1 {
		t.Errorf("%+v %v", page, err)
	}
}

// What a pack says again: a new entry comes in, an untouched one follows it, an
// edited or withdrawn one stays, and one that it has no more stays.
func TestLoadingAPackAgain(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		writer, reviewer := h.who("handler@ga"), h.who("reviewer@pf")
		e := h.code("K1").Entry
		e.Body = "这里改过的内容，居住证当场可取。"
		h.must(writer, "K1", KnowledgeStep{Action: doWrite, Entry: &e}, KnowledgeStep{Action: doSubmit})
		h.must(reviewer, "K1", KnowledgeStep{Action: doPublish})
		h.must(reviewer, "K2", KnowledgeStep{Action: doWithdraw, Note: "内容有误"})
		next := district()
		lines := strings.Split(string(next["knowledge.csv"].Data), "\n")
		body := strings.Join([]string{lines[0], strings.Replace(lines[1], "20元", "30元", 1), strings.Replace(lines[2], "60日", "30日", 1), lines[3], strings.Replace(lines[4], "300元", "400元", 1), "K9,出租屋登记,房屋租赁合同订立后三十日内办理登记。,ga,,,,public,,"}, "\n") + "\n"
		next["knowledge.csv"] = &fstest.MapFile{Data: []byte(body)}
		h.load(next)
		h.load(next) // once more changes nothing
		for code, want := range map[string]struct {
			state, has string
			version    int
		}{"K1": {Published, "当场可取", 2}, "K2": {Withdrawn, "60日", 1}, "K3": {Published, "十人以上", 1}, "K4": {Published, "400元", 2}, "K5": {Published, "120元", 1}, "K9": {Published, "三十日内", 1}} {
			a := h.code(code)
			if a.State != want.state || !strings.Contains(a.Body, want.has) || a.Version != want.version {
				t.Errorf("%s: %s, version %d, %s; want %+v", code, a.State, a.Version, a.Body, want)
			}
		}
		h.rebuilds()
	})
}

// Who is told what: a stranger nothing internal, staff the internal ones too.
func TestWhatIsForStaffIsForStaff(t *testing.T) {
	h := newHouse(t, "")
	ctx := context.Background()
	const question = "接到欠薪来电坐席怎么登记口径"
	if a := h.ask(account.Actor{}, question); a.Known && a.Source.ID == "K3" || strings.Contains(string(mustJSON(a)), "坐席口径") {
		t.Errorf("a stranger: %+v", a)
	}
	if a := h.ask(h.who("agent@pf"), question); !a.Known || a.Source.ID != "K3" || a.Source.Article == 0 {
		t.Errorf("staff: %+v", a)
	}
	if _, err := h.Read(ctx, account.Actor{}, Kind, "K3"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger reads it: %v", err)
	}
	if w, err := h.Read(ctx, h.who("agent@pf"), Kind, "K3"); err != nil || w.Text == "" {
		t.Errorf("%+v %v", w, err)
	}
	if _, err := h.Complain(ctx, account.Actor{}, "K3", "写错了吧"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger reports it: %v", err)
	}
	page, err := h.List(ctx, account.Actor{}, Filter{})
	if err != nil || len(page.Items) != 0 {
		t.Errorf("a stranger lists %d, %v", len(page.Items), err)
	}
}

func mustJSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// A reader's report: masked, due after working days, answered by the owner once.
func TestReportsOfErrors(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		due, err := h.Complain(ctx, account.Actor{}, "K2", "电话打不通，我的手机13812345678")
		if err != nil {
			t.Fatal(err)
		}
		// Five working days after Tuesday the 1st: Tuesday the 8th, at close.
		if want := time.Date(2026, 9, 8, 10, 0, 0, 0, time.UTC); !due.Equal(want) {
			t.Errorf("due %v, want %v", due, want)
		}
		if _, err := h.Complain(ctx, account.Actor{}, "K2", " "); err == nil {
			t.Error("a report of nothing is taken")
		}
		owner := h.who("handler@rs")
		p, err := h.Page(ctx, owner, h.code("K2").ID)
		if err != nil || len(p.Wrong) != 1 || strings.Contains(p.Wrong[0].Text, "13812345678") || !slices.Contains(p.Article.Allowed, doSettle) {
			t.Fatalf("%+v %v", p, err)
		}
		// Told once, also where a day was missed.
		for i, at := range []time.Time{due.Add(40 * time.Hour), due.Add(41 * time.Hour)} {
			h.now.Store(at.UnixMicro())
			if r, err := h.Remind(ctx); err != nil || r.Reports != 1-i || h.notices("knowledge_wrong_late") != 1 {
				t.Errorf("late: %+v %v", r, err)
			}
		}
		settle := KnowledgeStep{Action: doSettle, Report: p.Wrong[0].ID, Outcome: "unfounded", Note: "电话正常"}
		if err := h.do(h.who("handler@ga"), "K2", settle); !errors.Is(err, ErrRight) {
			t.Errorf("another unit answers: %v", err)
		}
		h.must(owner, "K2", settle)
		if err := h.do(owner, "K2", settle); !errors.Is(err, ErrRight) {
			t.Errorf("answered twice: %v", err)
		}
		h.rebuilds()
	})
}

// A reader who says that something is wrong does not keep its author from saving what
// they were writing; another author does.
func TestReportsDoNotMoveAnEntry(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		owner, seen := h.who("handler@rs"), h.code("K2")
		if _, err := h.Complain(ctx, account.Actor{}, "K2", "电话打不通"); err != nil {
			t.Fatal(err)
		}
		e := seen.Entry
		e.Body += "（更正）"
		if err := h.Act(ctx, owner, seen.ID, KnowledgeStep{Action: doWrite, Seq: seen.Seq, Entry: &e}); err != nil {
			t.Errorf("written before the report: %v", err)
		}
		if err := h.Act(ctx, owner, seen.ID, KnowledgeStep{Action: doWrite, Seq: seen.Seq, Entry: &e}); !errors.Is(err, ErrChanged) {
			t.Errorf("written before another text: %v", err)
		}
		if err := h.Act(ctx, owner, seen.ID, KnowledgeStep{Action: doWrite, Seq: seen.Seq + 9, Entry: &e}); !errors.Is(err, ErrChanged) {
			t.Errorf("of what is not yet: %v", err)
		}
		h.rebuilds()
	})
}

// What answered is counted, also where the records could not be written at first.
func TestUsesWaitForTheRecords(t *testing.T) {
	h := newHouse(t, "")
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	h.uses.add(Kind, "K1")
	if err := h.flushUses(gone); err == nil {
		t.Fatal("it was written")
	}
	h.uses.add(Kind, "K1")
	if err := h.flushUses(context.Background()); err != nil {
		t.Fatal(err)
	}
	said, err := store.Get[int](context.Background(), h.Store, `SELECT said FROM knowledge_use WHERE id = 'K1'`)
	if err != nil || said != 2 {
		t.Errorf("%d %v", said, err)
	}
}

// What is soon to be looked through or to expire is told once to its owner.
func TestReminders(t *testing.T) {
	h := newHouse(t, "")
	ctx := context.Background()
	for _, c := range []struct {
		at             time.Time
		review, expiry int
	}{
		{opened, 0, 0},
		{time.Date(2026, 10, 20, 2, 0, 0, 0, time.UTC), 0, 1}, // K4 ends with October
		{time.Date(2026, 10, 21, 2, 0, 0, 0, time.UTC), 0, 0},
		{time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC), 4, 0},
		{time.Date(2026, 12, 2, 2, 0, 0, 0, time.UTC), 0, 0},
	} {
		h.now.Store(c.at.UnixMicro())
		if r, err := h.Remind(ctx); err != nil || r.Review != c.review || r.Expiry != c.expiry {
			t.Errorf("%v: %+v %v", c.at, r, err)
		}
	}
	h.must(h.who("handler@ga"), "K1", KnowledgeStep{Action: doRenew})
	if a := h.code("K1"); a.ReviewDue.Before(time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("renewed until %v", a.ReviewDue)
	}
}

// What was not known becomes work and ends by itself: likes together, masked, given
// to a unit, written, published, asked again, answered.
func TestUnknownQuestionsBecomeWork(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		steward, writer := h.who("supervisor@pf"), h.who("unit_head@rs")
		for _, q := range []string{"社区长者饭堂在哪里", "长者饭堂在哪里？", "请问社区长者饭堂怎么去，我电话13812345678", "流浪猫可以领养吗"} {
			if a := h.ask(account.Actor{}, q); a.Known || len(a.Next) != 2 || a.Next[0].Kind != "file" || a.Next[1].Phone != "12345" {
				t.Fatalf("%q: %+v", q, a)
			}
		}
		for _, q := range []string{"", "？？", "北京的居住证怎么办"} {
			if a := h.ask(account.Actor{}, q); a.Known {
				t.Errorf("%q: %+v", q, a)
			}
		}
		if a, err := h.Ask(ctx, Asked{Question: "打字到一半的问题会不会留下", Typing: true}); err != nil || a.Known {
			t.Errorf("%+v %v", a, err)
		}
		page, err := h.Questions(ctx, steward, "", "", "", 0)
		if err != nil || len(page.Items) != 2 || page.Items[0].Asked != 3 {
			t.Fatalf("%+v %v", page.Items, err)
		}
		q := page.Items[0]
		if p, err := h.questionPage(ctx, steward, q.ID); err != nil || len(p.Wordings) != 3 || bytes.Contains(mustJSON(p), []byte("13812345678")) {
			t.Errorf("%+v %v", p, err)
		}
		if _, err := h.questionPage(ctx, writer, q.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a unit sees what was not given to it: %v", err)
		}
		act := func(who account.Actor, step QuestionStep) error {
			now, err := h.question(ctx, h.Store, account.System(h.Dir), q.ID)
			if err != nil {
				t.Fatal(err)
			}
			step.Seq = now.Seq
			return h.ActOnQuestion(ctx, who, q.ID, step)
		}
		for _, bad := range []QuestionStep{{Action: doAssign, Unit: "none"}, {Action: doDismiss}} {
			if err := act(steward, bad); err == nil {
				t.Errorf("%+v is taken", bad)
			}
		}
		if err := act(h.who("leader@d"), QuestionStep{Action: doAssign, Unit: "rs"}); !errors.Is(err, ErrRight) {
			t.Errorf("a leader assigns: %v", err)
		}
		for _, step := range []struct {
			who  account.Actor
			step QuestionStep
		}{{steward, QuestionStep{Action: doAssign, Unit: "ga"}}, {h.who("handler@ga"), QuestionStep{Action: doReturn, Note: "不属我局"}}, {steward, QuestionStep{Action: doAssign, Unit: "rs"}}, {writer, QuestionStep{Action: doDraft}}} {
			if err := act(step.who, step.step); err != nil {
				t.Fatalf("%+v: %v", step.step, err)
			}
		}
		now, err := h.question(ctx, h.Store, writer, q.ID)
		if err != nil || now.Entry == 0 || now.State != "assigned" {
			t.Fatalf("%+v %v", now, err)
		}
		a, err := h.seen(ctx, writer, now.Entry)
		if err != nil || a.Title != "社区长者饭堂在哪里" {
			t.Fatalf("%+v %v", a, err)
		}
		e := a.Entry
		if err := h.do(writer, a.Code, KnowledgeStep{Action: doSubmit}); err == nil {
			t.Error("an entry without a text is submitted")
		}
		e.Body, e.Keywords = "社区长者饭堂设在各社区党群服务中心一楼，每日11:00至13:00开放。", []string{"长者饭堂", "老人饭堂"}
		h.must(writer, a.Code, KnowledgeStep{Action: doWrite, Entry: &e}, KnowledgeStep{Action: doSubmit})
		if said, err := h.Try(ctx, e, "长者饭堂在哪里"); err != nil || !said.Known || !strings.Contains(said.Answer, "党群服务中心") {
			t.Errorf("tried: %+v %v", said, err)
		}
		h.must(h.who("reviewer@pf"), a.Code, KnowledgeStep{Action: doPublish})
		if err := h.settle(ctx); err != nil {
			t.Fatal(err)
		}
		if now, err = h.question(ctx, h.Store, steward, q.ID); err != nil || now.State != "answered" {
			t.Errorf("published, and the question is %+v %v", now, err)
		}
		if other := page.Items[1]; true {
			if o, err := h.question(ctx, h.Store, steward, other.ID); err != nil || o.State != "open" {
				t.Errorf("what nothing answers is %+v %v", o, err)
			}
		}
		if got := h.ask(account.Actor{}, "长者饭堂在哪里"); !got.Known || got.Source.ID != a.Code {
			t.Errorf("%+v", got)
		}
	})
}

// "没用" becomes work too, and only a newer text of the source or another one ends it.
func TestAnswersOfNoUseBecomeWork(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		q := Asked{Question: "护照工本费多少"}
		if a := h.ask(q.Who, q.Question); !a.Known || a.Source.ID != "K5" {
			t.Fatalf("%+v", a)
		}
		if err := h.Feedback(ctx, q, Kind, "K1", false); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an answer that was not given is called useless: %v", err)
		}
		for _, useful := range []bool{true, false, false} {
			if err := h.Feedback(ctx, q, Kind, "K5", useful); err != nil {
				t.Fatal(err)
			}
		}
		steward := h.who("reviewer@pf")
		open := func() []KnowledgeQuestion {
			page, err := h.Questions(ctx, steward, "", "", "", 0)
			if err != nil {
				t.Fatal(err)
			}
			return page.Items
		}
		if all := open(); len(all) != 1 || all[0].Useless != 2 || all[0].Source != "knowledge/K5" || all[0].State != "assigned" || all[0].Unit != "ga" || all[0].Entry != h.code("K5").ID {
			t.Fatalf("%+v", all)
		}
		if err := h.settle(ctx); err != nil || len(open()) != 1 {
			t.Errorf("the same text ends it: %v", err)
		}
		e := h.code("K5").Entry
		e.Body = "护照工本费120元，缴费后7个工作日内办结，可以邮寄到家，邮费自理。"
		h.must(h.who("handler@ga"), "K5", KnowledgeStep{Action: doWrite, Entry: &e}, KnowledgeStep{Action: doSubmit})
		h.must(steward, "K5", KnowledgeStep{Action: doPublish})
		if err := h.settle(ctx); err != nil {
			t.Fatal(err)
		}
		if all := open(); len(all) != 0 {
			t.Errorf("the newer text does not end it: %+v", all)
		}
		if err := h.flushUses(ctx); err != nil {
			t.Fatal(err)
		}
		f, err := h.Figures(ctx, 30)
		if err != nil || f.Known != 1 || f.Useful != 1 || f.Useless != 2 || len(f.Entries) != 1 || f.Entries[0].Title != "护照换发" {
			t.Errorf("%+v %v", f, err)
		}
	})
}

// A table that was taken out can be handed in again; bad rows are answered with
// line and reason, and nothing is published by it.
func TestTablesOfEntries(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		admin := h.who("admin@d")
		for _, format := range []string{"csv", "xlsx"} {
			var out bytes.Buffer
			n, err := h.Export(ctx, admin, format, "核对", Filter{}, &out)
			if err != nil || n != 5 {
				t.Fatalf("%s: %d %v", format, n, err)
			}
			got, err := h.Import(ctx, admin, "k."+format, bytes.NewReader(out.Bytes()), int64(out.Len()))
			if err != nil || got.Same != 5 || got.Added+got.Changed+len(got.Rejected) != 0 {
				t.Errorf("%s handed in again: %+v %v", format, got, err)
			}
		}
		body := "编码,标题,内容,责任单位,范围,失效日期\n" +
			"K5,护照换发,护照七个工作日内办结，工本费已调整。,公安分局,公开,\n" +
			",新事一则,新条目的内容在这里。,rs,,2027-01-31\n" +
			"K8,,没有标题的内容。,rs,,\n" +
			"K7,单位不对,内容内容内容。,no-such,,\n" +
			"K6,日期不对,内容内容内容。,rs,,31/12/2026\n" +
			"K5,护照换发,同一编码又一次。,ga,,\n"
		got, err := h.Import(ctx, admin, "k.csv", strings.NewReader(body), int64(len(body)))
		if err != nil || got.Added != 1 || got.Changed != 1 || len(got.Rejected) != 4 || !strings.Contains(got.File, "K8") {
			t.Fatalf("%+v %v", got, err)
		}
		for i, want := range []struct {
			line  int
			field string
		}{{4, "title"}, {5, "unit"}, {6, "valid_to"}, {7, "code"}} {
			if r := got.Rejected[i]; r.Line != want.line || r.Field != want.field || r.Reason == "" {
				t.Errorf("%+v, want %+v", r, want)
			}
		}
		if a := h.code("K5"); a.State != Draft || a.Live != 1 || a.Unit != "ga" {
			t.Errorf("%+v", a)
		}
		if got, err := h.Import(ctx, h.who("handler@rs"), "k.csv", strings.NewReader(body), int64(len(body))); err != nil || got.Added != 1 || got.Changed != 0 {
			t.Errorf("who writes for one unit: %+v %v", got, err)
		}
		for _, bad := range []string{"", "a,b\n1,2\n", "\x00\x01\x02"} {
			if _, err := h.Import(ctx, admin, "k.csv", strings.NewReader(bad), int64(len(bad))); err == nil {
				t.Errorf("%q is taken", bad)
			}
		}
		if _, err := h.Export(ctx, account.NewActor(h.Dir, account.Account{Kind: account.Citizen}), "csv", "x", Filter{}, &bytes.Buffer{}); err == nil {
			t.Error("a stranger takes it out")
		}
	})
}

// Bad settings say what is wrong.
func TestSettings(t *testing.T) {
	for body, want := range map[string]string{
		"":                              "",
		"review: 0d\n":                  "review",
		"remind_at: 8 o'clock\n":        "remind_at",
		"refresh: 1s\n":                 "refresh",
		"likeness: 2\n":                 "likeness",
		"examples: [一]\n":               "examples 1",
		"nonsense: 1\n":                 "nonsense",
		"report_limit: five days\n":     "limit",
		"call: \"\"\nreview: 1wd\n":     "",
		"review: 30d\nremind_at: 09:00": "",
	} {
		_, err := ReadSettings(fstest.MapFS{SettingsFile: {Data: []byte(body)}})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", body, err, want)
		}
	}
}

// Sixteen ask and give feedback at once, and nothing is lost.
func TestManyAskAtOnce(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		done := make(chan error)
		for range 16 {
			go func() {
				_, err := h.Ask(ctx, Asked{Question: "流浪猫可以领养吗"})
				done <- err
			}()
		}
		for range 16 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		page, err := h.Questions(ctx, h.who("reviewer@pf"), "", "", "", 0)
		sum := 0
		for _, q := range page.Items {
			sum += q.Asked
		}
		if err != nil || sum != 16 || len(page.Items) != 1 {
			t.Errorf("%d of 16 are kept as %d, %v", sum, len(page.Items), err)
		}
	})
}
