package services

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/districts"
	"shanzhi/internal/testkit"
)

func (h *caseHouse) packFiles(t testing.TB) fs.FS {
	t.Helper()
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestParseLaw(t *testing.T) {
	for text, want := range map[string]ItemLaw{
		"《中华人民共和国老年人权益保障法》第三十三条":         {"中华人民共和国老年人权益保障法", "", "第三十三条", ""},
		"《国务院关于某制度的意见》（国发〔2015〕52号）":     {"国务院关于某制度的意见", "国发〔2015〕52号", "", ""},
		"《某条例》（粤府令〔2020〕1号）第三条第二款：应当申请。": {"某条例", "粤府令〔2020〕1号", "第三条第二款", "应当申请。"},
		"某局通知": {"某局通知", "", "", ""},
	} {
		if got := ParseLaw(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
	var e ItemElements
	if err := json.Unmarshal([]byte(`{"name":"a","department":"b","laws":["《某法》第一条",{"name":"另法","article":"第二条"}]}`), &e); err != nil || e.Laws[0].Article != "第一条" || e.Laws[1].String() != "《另法》第二条" {
		t.Errorf("%+v (%v)", e.Laws, err)
	}
}

// Laying two texts over each other gives both back, and the shortest way between them is
// never longer than telling them apart whole.
func TestLay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"年", "满", "八十", "周岁", " ", "A4", "，", "\n"}), 0, 30)
		a, b := strings.Join(words.Draw(rt, "a"), ""), strings.Join(words.Draw(rt, "b"), "")
		before, after, last := "", "", ""
		for _, p := range lay(a, b) {
			if p.Op == last || p.Text == "" {
				rt.Fatalf("%q %q: %v", a, b, lay(a, b))
			}
			last = p.Op
			if p.Op != "in" {
				before += p.Text
			}
			if p.Op != "out" {
				after += p.Text
			}
		}
		if before != a || after != b {
			rt.Fatalf("%q → %q, %q → %q", a, before, b, after)
		}
	})
	got := lay("30 个工作日内", "20 个工作日内")
	if len(got) != 3 || got[0] != (Piece{"out", "30"}) || got[1] != (Piece{"in", "20"}) {
		t.Errorf("%v", got)
	}
	long := strings.Repeat("长", 5000)
	if got := lay(long+"一", "二"+long+"三"); len(got) == 0 {
		t.Error("a long text")
	}
}

// A flag counts from its first to its last day, spans of one flag have no day in common,
// and what the list finds is what the item shows.
func TestItemFlags(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		staff := itemStaff(t, h)
		id := freshItem(t, h)
		flag := func(f ItemFlagSpan) error {
			return h.itemStepAs(staff["bureau"], id, ItemAct{Step: ItemFlagged, Flag: &f})
		}
		if err := flag(ItemFlagSpan{"instant", "2026-09-01", "2026-09-30", "第一批"}); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []ItemFlagSpan{{"instant", "2026-09-30", "", "重叠"}, {"instant", "2026-08-01", "", "重叠"}, {"none", "2026-09-01", "", "x"}, {"video", "2026-9-1", "", "x"}, {"video", "2026-09-02", "2026-09-01", "x"}, {"video", "2026-09-02", "", " "}} {
			if err := flag(bad); err == nil {
				t.Errorf("%+v is taken", bad)
			}
		}
		if err := flag(ItemFlagSpan{"instant", "2026-11-01", "", "第二批"}); err != nil {
			t.Fatal(err)
		}
		for day, want := range map[string]bool{"2026-08-31": false, "2026-09-01": true, "2026-09-30": true, "2026-10-01": false, "2026-10-31": false, "2026-11-01": true, "2027-01-01": true} {
			h.at(t, day+" 12:00")
			x, err := h.Item(ctx, id, 0)
			if err != nil || slices.Contains(x.Flags, "instant") != want {
				t.Errorf("%s: %v (%v)", day, x.Flags, err)
			}
			found, err := h.Items(ctx, ItemFilter{Flag: "instant", Limit: 100})
			if err != nil || slices.ContainsFunc(found, func(f ItemHead) bool { return f.ID == id }) != want {
				t.Errorf("%s: the list (%v)", day, err)
			}
		}
		// 网办 is the element's until somebody dates it.
		elder := h.itemID(t, "elder-allowance")
		online := func() bool {
			found, _ := h.Items(ctx, ItemFilter{Flag: "online", Limit: 100})
			x, _ := h.Item(ctx, elder, 0)
			in := slices.ContainsFunc(found, func(f ItemHead) bool { return f.ID == elder })
			if in != slices.Contains(x.Flags, "online") {
				t.Errorf("the list says %v, the item %v", in, x.Flags)
			}
			return in
		}
		if !online() {
			t.Error("the element says that it is online")
		}
		if err := h.itemStepAs(staff["bureau"], elder, ItemAct{Step: ItemFlagged, Flag: &ItemFlagSpan{"online", "2026-01-01", "2026-06-30", "系统停用"}}); err != nil {
			t.Fatal(err)
		}
		if online() {
			t.Error("it ended")
		}
		spans, err := flagSpans(ctx, h.Store, id)
		if err != nil || len(spans) != 2 {
			t.Errorf("the history: %v (%v)", spans, err)
		}
	})
}

// Words that people use find the item, one that nobody uses does not.
func TestItemSynonyms(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		for words, want := range map[string]string{"长者津贴": "", "残障补贴": "困难残疾人生活补贴申领", "跑滴滴": "网络预约出租汽车驾驶员证核发", "开饭店": "食品经营许可（餐饮服务）", "注册公司": "有限责任公司设立登记", "暂住证": "居住证申领", "扯证": "结婚登记", "没有这种事": "", "gljt": "高龄津贴申领", "jiehundengji": "结婚登记", "spjyxk": "食品经营许可（餐饮服务）", "kaicanguan": "食品经营许可（餐饮服务）", "zzqqx": ""} {
			found, err := h.Items(context.Background(), ItemFilter{Words: words, Limit: 5})
			if err != nil || want == "" && len(found) > 0 || want != "" && (len(found) == 0 || found[0].Name != want) {
				t.Errorf("%s: %+v (%v), want %q", words, found, err, want)
			}
		}
	})
	if _, err := readSynonyms(fstest.MapFS{packSynonyms: {Data: []byte("只有一个\n")}}); err == nil {
		t.Error("a group of one is taken")
	}
}

// The figures are what a plain count over the pack's items gives.
func TestItemFigures(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		l := h.lint.Load()
		items, _, err := readPackItems(h.packFiles(t), l)
		if err != nil {
			t.Fatal(err)
		}
		online, known, promised, sum, score := 0, 0, 0, 0, 0
		for _, x := range items {
			if e := x.elements; e.Online != nil {
				known++
				if *e.Online {
					online++
				}
			}
			if e := x.elements; e.Promised != nil {
				promised, sum = promised+1, sum+e.Promised.N
			}
			score += x.score
		}
		day := func(s string) time.Time { d, _ := time.ParseInLocation(time.DateOnly, s, h.Zone()); return d }
		board, err := h.ItemBoard(ctx, day("2026-08-01"), day("2026-10-01"))
		if err != nil {
			t.Fatal(err)
		}
		near := func(id string, num, den, value float64) {
			t.Helper()
			i := slices.IndexFunc(board.Figures, func(f ItemFigure) bool { return f.ID == id })
			f := board.Figures[i]
			if math.Abs(f.Numerator-num) > 0.001 || f.Denominator != den || f.Value == nil || math.Abs(*f.Value-value) > 0.01 || f.Definition["zh"] == "" {
				t.Errorf("%s: %+v, want %v over %v = %v", id, f.Tally, num, den, value)
			}
			sum, n := 0.0, 0.0
			for _, d := range f.By {
				sum, n = sum+d.Numerator, n+d.Denominator
			}
			if math.Abs(sum-num) > 0.001 || n != den {
				t.Errorf("%s by department: %v over %v", id, sum, n)
			}
		}
		// The list of another district is beside ours, not in our figures, nor ours to write.
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := h.landItems(ctx, tx, &ItemProfile{Source: "guangan", State: ItemPublished}, "", 0, []importing{{key: "x", elements: ItemElements{Name: "他区事项", Department: "区民政局", Region: "511602"}, score: 50}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		theirs := h.itemID(t, "x")
		if err := h.itemStepAs(itemStaff(t, h)["editor"], theirs, ItemAct{Step: ItemWrite}); !errors.Is(err, ErrItemDuty) {
			t.Errorf("another district's item is written: %v", err)
		}
		if board, err = h.ItemBoard(ctx, day("2026-08-01"), day("2026-10-01")); err != nil {
			t.Fatal(err)
		}
		n := float64(len(items))
		near("online", float64(online), float64(known), float64(online)/float64(known)*100)
		near("promise", float64(sum), float64(promised), float64(sum)/float64(promised))
		near("lint", float64(score)/100, n, float64(score)/n)
		near("instant", 3, n, 3/n*100)
		rows, err := h.ItemFigureRows(ctx, "instant", "", day("2026-08-01"), day("2026-10-01"), 100)
		ones := 0
		for _, r := range rows {
			if r.Value == 1 {
				ones++
			}
		}
		if err != nil || len(rows) != len(items) || ones != 3 || rows[0].Name == "" {
			t.Errorf("the rows: %d, %d (%v)", len(rows), ones, err)
		}
		if _, err := h.ItemFigureRows(ctx, "none", "", day("2026-08-01"), day("2026-10-01"), 100); err == nil {
			t.Error("a figure that is not there")
		}
		if len(board.Standards) != 4 || board.Standards[0].Score == nil || board.Standards[2].Score != nil {
			t.Errorf("the standards: %+v", board.Standards)
		}
	})
	for text, want := range map[string]string{
		"indicators: [{id: a, name: {zh: 甲}, unit: \"%\", grain: item, how: ratio, value: online}]":                       "says in words",
		"indicators: [{id: a, name: {zh: 甲}, definition: {zh: 乙}, unit: \"%\", grain: thing, how: ratio, value: online}]": "no grain",
		"indicators: [{id: a, name: {zh: 甲}, definition: {zh: 乙}, unit: \"%\", grain: item, how: ratio, value: nothing}]": "nothing",
		"board: [x]": "no figure",
		"indicators: [{id: a, name: {zh: 甲}, definition: {zh: 乙}, unit: 天, grain: item, how: mean, value: materials}]\nstandards: [{id: s, name: {zh: 标}, figures: [a]}]": "not in percent",
	} {
		if _, err := readItemBook(fstest.MapFS{packFigures: {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// How a case went beside its template: who did what, what was skipped, what came twice.
func TestWalkOf(t *testing.T) {
	ev := func(action string, actor int, unit string, points ...any) caseflow.Event {
		e := caseflow.Event{Action: action, Actor: store.ID(actor), Unit: unit}
		if points != nil {
			e.Data.Form = map[string]any{"points": points}
		}
		return e
	}
	straight := []caseflow.Event{ev("take_in", 1, "a"), ev("accept", 2, "b", "x", "y"), ev("propose", 3, "b"), ev("grant", 4, "b")}
	ext := []CaseState{CaseReceived, CaseAccepted, CaseExamining, CaseGranted}
	w := walkOf(straight, ext)
	if !w.apart || !w.decided || !w.accepted || w.ticked != 2 || w.handed != 1 || len(w.skipped)+len(w.repeated) != 0 {
		t.Errorf("straight: %+v", w)
	}
	same := slices.Clone(straight)
	same[3].Actor = 2
	if walkOf(same, ext).apart {
		t.Error("the acceptor decided")
	}
	skipped := walkOf([]caseflow.Event{ev("take_in", 1, "a"), ev("grant", 4, "b")}, []CaseState{CaseReceived, CaseGranted})
	if !slices.Equal(skipped.skipped, []string{"1→11", "accept", "propose"}) {
		t.Errorf("skipped: %v", skipped.skipped)
	}
	twice := walkOf([]caseflow.Event{ev("take_in", 1, "a"), ev("notify", 2, "b"), ev("notify", 2, "b"), ev("accept", 2, "b"), ev("propose", 3, "b"), ev("propose", 3, "b"), ev("deny", 4, "b")}, nil)
	if !slices.Equal(twice.repeated, []string{"notify", "propose"}) {
		t.Errorf("repeated: %v", twice.repeated)
	}
}

// The same item elsewhere is found by its code, then by its name, and compared.
func TestItemElsewhere(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		id := h.itemID(t, "elder-allowance")
		land := func(source, key string, e ItemElements) {
			if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := h.landItems(ctx, tx, &ItemProfile{Source: source, State: ItemPublished}, "", 0, []importing{{key: key, elements: e, score: 50}})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		land("guangan", "a", ItemElements{Name: "高龄津贴申领服务", Department: "某区民政局", Promised: &ItemDays{3, "working"}, Materials: []string{"身份证"}, Hours: "九点到五点"})
		land("guangan", "b", ItemElements{Name: "道路货物运输经营许可", Department: "某区交通局"})
		got, err := h.Elsewhere(ctx, id)
		if err != nil || len(got) != 1 || got[0].By != "name" || *got[0].DaysFewer != -3 || !slices.Contains(got[0].Wanting, "hours") || !slices.Contains(got[0].Lacking, "conditions") || got[0].Papers != 1 {
			t.Fatalf("%+v (%v)", got, err)
		}
	})
}

// What one needs follows from the situation; a wrong answer is told.
func TestItemNeeds(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		id := h.itemID(t, "food-licence")
		ids := func(n ItemNeeds) (out []string) {
			for _, m := range n.Materials {
				out = append(out, m.ID)
			}
			return out
		}
		n, err := h.Needs(ctx, id, map[string]any{"kind": "drinks", "chain": true})
		if err != nil || !slices.Equal(ids(n), []string{"business_licence", "layout", "rules", "brand"}) || n.Fee == nil || n.Fee.Amount != 8000 || n.Promised == nil {
			t.Errorf("a chain: %+v (%v)", n, err)
		}
		if n, err := h.Needs(ctx, id, map[string]any{"kind": "drinks"}); err != nil || slices.Contains(ids(n), "brand") {
			t.Errorf("alone: %v (%v)", ids(n), err)
		}
		for _, bad := range []map[string]any{nil, {"kind": "casino"}, {"kind": "drinks", "no_such": 1}} {
			if n, err := h.Needs(ctx, id, bad); err != nil || len(n.Wrong) == 0 || len(n.Materials) > 0 {
				t.Errorf("%v: %+v (%v)", bad, n, err)
			}
		}
		if _, err := h.Needs(ctx, h.itemID(t, "marriage-registration"), nil); err == nil {
			t.Error("an item that is not applied for here")
		}
		if n, err := h.Needs(ctx, h.itemID(t, "sole-trader-registration"), nil); err != nil || !n.Open {
			t.Errorf("what depends on the form: %+v (%v)", n, err)
		}
	})
}

// The tree holds every item of a department once, by basic code where there is one.
func TestItemTree(t *testing.T) {
	bothStores(t, func(t *testing.T, s *Service) {
		ctx := context.Background()
		p, _ := ShippedItemProfile("guangdong")
		if _, err := s.ImportItems(ctx, ItemImport{Profile: p, Path: testkit.Shared(t, "data", "services", "guangdong_items_200.jsonl")}); err != nil {
			t.Fatal(err)
		}
		st, err := s.Standing(ctx)
		if err != nil {
			t.Fatal(err)
		}
		deep := false
		for _, d := range st.By {
			tree, err := s.ItemTree(ctx, d.Department)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, m := range tree {
				deep = deep || len(m.Subs) > 1
				k := 0
				for _, sub := range m.Subs {
					k += len(sub.Items)
				}
				if k != m.Items {
					t.Errorf("%s: %d items, %d below", m.Name, m.Items, k)
				}
				n += k
			}
			if n != d.Items {
				t.Errorf("%s: %d in the tree, %d in the list", d.Department, n, d.Items)
			}
		}
		if !deep {
			t.Error("no main item has two sub-items")
		}
	})
}

// Plain language: a sentence too long and words of officials are found.
func TestLintLanguage(t *testing.T) {
	l, err := readLint(fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	codes := func(conditions string) (out []string) {
		flaws, _ := l.check(ItemElements{Conditions: conditions})
		for _, f := range flaws {
			if f.Element == "conditions" {
				out = append(out, f.Code)
			}
		}
		return out
	}
	if got := codes("年满八十周岁。有本市户籍。"); len(got) != 0 {
		t.Errorf("plain: %v", got)
	}
	if got := codes(strings.Repeat("申请人应当符合条件", 8) + "。"); !slices.Equal(got, []string{"long_sentence"}) {
		t.Errorf("long: %v", got)
	}
	if got := codes("符合上述条件的，予以受理。"); !slices.Equal(got, []string{"hard_words"}) {
		t.Errorf("hard: %v", got)
	}
	if _, err := readLint(fstest.MapFS{"services/lint.yaml": {Data: []byte("sentence: 3\n")}}); err == nil {
		t.Error("a sentence of three characters")
	}
}
