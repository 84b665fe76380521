package services

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/districts"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func bothStores(t *testing.T, test func(t *testing.T, s *Service)) {
	for name, dsn := range map[string]func() string{
		"sqlite": func() string { return filepath.Join(t.TempDir(), "s.db") }, "postgres": func() string { return testkit.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(context.Background(), dsn(), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			if err := db.Migrate(context.Background(), audit.Room(), Room()); err != nil {
				t.Fatal(err)
			}
			s := &Service{Store: db}
			l, err := readLint(fstest.MapFS{})
			if err != nil {
				t.Fatal(err)
			}
			s.lint.Store(l)
			test(t, s)
		})
	}
}

func TestParseDays(t *testing.T) {
	for text, want := range map[string]ItemDays{
		"30(工作日)": {30, "working"}, "1（工作日）": {1, "working"}, "5个工作日": {5, "working"}, "20": {20, "working"}, "20日": {20, "working"},
		"15(自然日)": {15, "calendar"}, "60天": {60, "calendar"}, "即办": {0, "working"}, " 7 (工作日) ": {7, "working"},
	} {
		if got, ok := ParseDays(text); !ok || got != want {
			t.Errorf("%q: %+v %v, want %+v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "无", "按规定", "30(小时)", "-1", "99999", "3个月", "5-10(工作日)"} {
		if got, ok := ParseDays(text); ok {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func TestSanitise(t *testing.T) {
	for text, want := range map[string]string{
		"a&amp;amp;lt;b&gt;": "a", "一<br/>二</p>三": "一\n二\n三", "<div class=\"x\">内容</div>": "内容", "\tA\u0000B\u200b\ufeff  C\u3000D ": "AB C D",
		"年龄<18岁": "年龄<18岁", "a\r\n\r\n\n b": "a\nb", "x &nbsp; y": "x y", "5 < 6 且 7 > 3": "5 < 6 且 7 > 3",
	} {
		if got := sanitise(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestItemCode(t *testing.T) {
	c, err := ParseItemCode("12441500196720244T3442199806003")
	if err != nil || c != (ItemCode{"12441500196720244T", "3", "442199806003", ""}) {
		t.Errorf("%+v (%v)", c, err)
	}
	if c, err := ParseItemCode("11440000006939801C244010300100101"); err != nil || c.Sub != "01" {
		t.Errorf("%+v (%v)", c, err)
	}
	for _, code := range []string{"", "12441500196720244T344219980600", "12441500196720245T3442199806003", "12441500196720244T9442199806003", "12441500196720244T344219980600a", "实施编码实施编码实施编码"} {
		if _, err := ParseItemCode(code); err == nil {
			t.Errorf("%q is taken", code)
		}
	}
}

// Each check of the standardisation finds what it is for, and nothing in a good item.
func TestLint(t *testing.T) {
	l, err := readLint(fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	no, yes, one := false, true, 1
	good := ItemElements{Name: "某许可", Code: "12441500196720244T3442199806003", Basic: "442199806003", Type: "01", Department: "某局", Legal: &ItemDays{20, "working"}, Promised: &ItemDays{5, "working"}, Online: &yes, Conditions: "年满十八周岁", Laws: parseLaws([]string{"某法第一条"}), Phone: "0755-12345", Place: "某大厅", Materials: []string{"申请表"}}
	if flaws, score := l.check(good); len(flaws) != 0 || score != 100 {
		t.Errorf("a good item: %+v %d", flaws, score)
	}
	found := map[string]bool{}
	for code, spoil := range map[string]func(e *ItemElements){
		"no_code": func(e *ItemElements) { e.Code = "" }, "bad_code": func(e *ItemElements) { e.Code = "x" }, "basic_differs": func(e *ItemElements) { e.Basic = "442199806004" }, "no_type": func(e *ItemElements) { e.Type = "" },
		"no_legal_days": func(e *ItemElements) { e.Legal = nil }, "promise_over_legal": func(e *ItemElements) { e.Promised = &ItemDays{21, "working"} }, "no_promise": func(e *ItemElements) { e.Promised = nil },
		"no_conditions": func(e *ItemElements) { e.Conditions = "" }, "no_law": func(e *ItemElements) { e.Laws = nil }, "visits": func(e *ItemElements) { e.Visits = &one }, "not_online": func(e *ItemElements) { e.Online = &no },
		"no_phone": func(e *ItemElements) { e.Phone = "" }, "no_place_nor_online": func(e *ItemElements) { e.Place, e.Online = "", nil }, "vague_material": func(e *ItemElements) { e.Materials = []string{"法律法规规定的其他材料"} },
		"held_certificate": func(e *ItemElements) { e.Materials = []string{"申请人身份证复印件"} }, "repeated_material": func(e *ItemElements) { e.Materials = []string{"表", "表"} },
		"long_sentence": func(e *ItemElements) { e.Conditions = strings.Repeat("申请人应当符合条件", 8) }, "hard_words": func(e *ItemElements) { e.Conditions = "符合上述条件" }, "no_checklist": func(e *ItemElements) { e.Handling = &Handling{} },
		"term_gap": func(e *ItemElements) { e.Handling = termed(t, "situation.big") },
		"term_never": func(e *ItemElements) {
			e.Handling = termed(t, "true")
			e.Handling.Terms = append(e.Handling.Terms, &ItemTerm{})
		},
	} {
		e := good
		spoil(&e)
		flaws, score := l.check(e)
		if !slices.ContainsFunc(flaws, func(f ItemFlaw) bool { return f.Code == code }) || score > 100-l.Weights[code] {
			t.Errorf("%s is not found: %+v %d", code, flaws, score)
		}
		if len(flaws) != 1 {
			t.Errorf("%s: found beside it: %+v", code, flaws)
		}
		found[code] = true
	}
	for _, code := range lintCodes {
		if !found[code] {
			t.Errorf("%s is not tried", code)
		}
	}
	for _, text := range []string{"weights: {no_such: 1}", "weights: {no_law: 101}", "other: 1"} {
		if _, err := readLint(fstest.MapFS{"services/lint.yaml": {Data: []byte(text)}}); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}

func write(t *testing.T, name, body string) string {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every row is accounted for, whatever is in it; the same file again changes nothing;
// what has changed is a new version, and the old one stays.
func TestImportItems(t *testing.T) {
	bothStores(t, func(t *testing.T, s *Service) {
		ctx := context.Background()
		p, err := ShippedItemProfile("guangdong")
		if err != nil {
			t.Fatal(err)
		}
		row := `{"TASK_CODE":"12441500196720244T3442199806003","TASK_NAME":"水费&amp;lt;查询","DEPT_NAME":"水务局","TASK_TYPE_TEXT":"公共服务","handle_time":"30(工作日)","handle_time_limit":"7(工作日)","material_intro":["申请表","<b>身份证</b>"],"matter_daily":"查水费,水费单","ONLINECHECK":"1","LIMIT_SCENE_NUM":"0"}`
		body := "\ufeff" + row + "\n" + `{"TASK_CODE":"x1","DEPT_NAME":"水务局","TASK_TYPE_TEXT":"公共服务"}` + "\n" + `not json` + "\n\n" + `[1]` + "\n" +
			`{"TASK_CODE":"12441500196720244T3442199806003","TASK_NAME":"又一个","DEPT_NAME":"水务局","TASK_TYPE_TEXT":"公共服务"}` + "\n" + `{"TASK_NAME":"无编码","DEPT_NAME":"水务局","TASK_TYPE_TEXT":"公共服务"}` + "\n" +
			`{"TASK_CODE":"x2","TASK_NAME":"怪","DEPT_NAME":"水务局","TASK_TYPE_TEXT":"天书","handle_time":"三个月","LIMIT_SCENE_NUM":"很多"}` + "\n" + `{"TASK_CODE":"x3","TASK_NAME":"无部门","DEPT_NAME":"无","TASK_TYPE_TEXT":"公共服务"}` + "\n"
		path := write(t, "items.jsonl", body)
		var rejects bytes.Buffer
		out, err := s.ImportItems(ctx, ItemImport{Profile: p, Path: path, Rejects: &rejects})
		if err != nil {
			t.Fatal(err)
		}
		if out.Read != 8 || out.Imported != 2 || out.Refused != 6 || out.Present+out.Changed != 0 {
			t.Errorf("%+v", out)
		}
		for code, n := range map[string]int{"no_name": 1, "unreadable": 2, "twice": 1, "no_key": 1, "no_department": 1} {
			if out.Reasons[code] != n {
				t.Errorf("%s: %d, want %d", code, out.Reasons[code], n)
			}
		}
		if lines := strings.Count(rejects.String(), "\n"); lines != 7 || !strings.Contains(rejects.String(), "6,twice,key") {
			t.Errorf("the rejects:\n%s", rejects.String())
		}
		if out.Notes["type"] != 1 || out.Notes["legal"] != 1 || out.Notes["visits"] != 1 {
			t.Errorf("what could not be read: %v", out.Notes)
		}
		if out.Timed != 1 || out.LegalDays != 30 || out.DaysSaved != 23 {
			t.Errorf("the time saved: %+v", out)
		}
		again, err := s.ImportItems(ctx, ItemImport{Profile: p, Path: path})
		if err != nil || again.Imported+again.Changed != 0 || again.Present != 2 || again.Refused != 6 {
			t.Errorf("again: %+v (%v)", again, err)
		}
		found, err := s.Items(ctx, ItemFilter{Words: "水费单", Limit: 10})
		if err != nil || len(found) != 1 || found[0].Name != "水费<查询" {
			t.Fatalf("by what people call it: %+v (%v)", found, err)
		}
		x, err := s.Item(ctx, found[0].ID, 0)
		if err != nil || x.Version != 1 || !slices.Equal(x.Elements.Materials, []string{"申请表", "身份证"}) || *x.DaysSaved != 23 || x.Elements.Body != "12441500196720244T" {
			t.Errorf("%+v (%v)", x, err)
		}
		changed, err := s.ImportItems(ctx, ItemImport{Profile: p, Path: write(t, "new.jsonl", strings.Replace(row, "7(工作日)", "5(工作日)", 1))})
		if err != nil || changed.Changed != 1 {
			t.Fatalf("%+v (%v)", changed, err)
		}
		if x, err := s.Item(ctx, found[0].ID, 0); err != nil || x.Version != 2 || *x.DaysSaved != 25 {
			t.Errorf("the newest: %+v (%v)", x, err)
		}
		if x, err := s.Item(ctx, found[0].ID, 1); err != nil || x.Version != 1 || *x.DaysSaved != 23 {
			t.Errorf("the first stays: %+v (%v)", x, err)
		}
		if _, err := s.ImportItems(ctx, ItemImport{Profile: p, Path: filepath.Join(t.TempDir(), "none")}); err == nil {
			t.Error("a file that is not there is taken")
		}
		g, err := ShippedItemProfile("guangan")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.ImportItems(ctx, ItemImport{Profile: g, Path: write(t, "x.csv", "a,b\n1,2\n")}); err == nil || !strings.Contains(err.Error(), "no column") {
			t.Errorf("a file of other columns: %v", err)
		}
	})
}

// The lists of Guangdong and Guang'an come in whole, and the time saved is what a plain
// reading of the file gives.
func TestImportRealItems(t *testing.T) {
	path := testkit.Shared(t, "data", "services", "guangdong_items_200.jsonl")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	days := regexp.MustCompile(`^(\d+)\((工作日|自然日)\)$`)
	legal, saved, timed, rows := 0, 0, 0, 0
	for sc := bufio.NewScanner(f); ; {
		sc.Buffer(nil, 1<<22)
		if !sc.Scan() {
			break
		}
		rows++
		var x struct {
			Legal    string `json:"handle_time"`
			Promised string `json:"handle_time_limit"`
		}
		if err := json.Unmarshal(sc.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		a, b := days.FindStringSubmatch(x.Legal), days.FindStringSubmatch(x.Promised)
		if a == nil || b == nil || a[2] != b[2] {
			continue
		}
		n, _ := strconv.Atoi(a[1])
		m, _ := strconv.Atoi(b[1])
		timed, legal, saved = timed+1, legal+n, saved+n-m
	}
	bothStores(t, func(t *testing.T, s *Service) {
		ctx := context.Background()
		p, _ := ShippedItemProfile("guangdong")
		out, err := s.ImportItems(ctx, ItemImport{Profile: p, Path: path})
		if err != nil || out.Read != rows || out.Imported != rows || out.Timed != timed || out.LegalDays != legal || out.DaysSaved != saved || timed < 50 {
			t.Errorf("%+v, the file says %d rows, %d timed, %d days, %d saved (%v)", out, rows, timed, legal, saved, err)
		}
		g, _ := ShippedItemProfile("guangan")
		out, err = s.ImportItems(ctx, ItemImport{Profile: g, Path: testkit.Shared(t, "data", "services", "guangan_items_1135.csv")})
		if err != nil || out.Read != 1135 || out.Imported+out.Refused != 1135 || out.Imported < 1100 {
			t.Errorf("%+v (%v)", out, err)
		}
		st, err := s.Standing(ctx)
		if err != nil || st.Items != rows+out.Imported || st.DaysSaved != saved || st.Types["01"] == 0 {
			t.Errorf("%+v (%v)", st, err)
		}
		found, err := s.Items(ctx, ItemFilter{Words: "食品经营许可", Limit: 20})
		if err != nil || len(found) == 0 || !strings.Contains(found[0].Name, "食品") {
			t.Errorf("%+v (%v)", found, err)
		}
	})
}

// The shipped district's items are whole; a pack with a row that is not is refused.
func TestPackItems(t *testing.T) {
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	l, err := readLint(files)
	if err != nil {
		t.Fatal(err)
	}
	items, _, err := readPackItems(files, l)
	if err != nil || len(items) < 20 {
		t.Fatalf("%d items (%v)", len(items), err)
	}
	for _, x := range items {
		if x.elements.Promised == nil || x.elements.Conditions == "" || len(x.elements.Laws) == 0 || len(x.elements.Aliases) == 0 {
			t.Errorf("%s wants something: %+v", x.key, x.elements)
		}
	}
	for text, want := range map[string]string{
		"key,name,type,department\na,,公共服务,某局\n":               "line 2: no_name",
		"key,name,type,department\na,甲,公共服务,某局\na,乙,公共服务,某局\n": "line 3: a stands twice",
		"key,name,type,department\na,甲,天书,某局\n":                "type cannot be read",
		"key,name\na,甲\n": "no column",
	} {
		if _, _, err := readPackItems(fstest.MapFS{"services/items.csv": {Data: []byte(text)}}, l); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q in it", text, err, want)
		}
	}
	// An item that nobody answers for is a fault of the pack.
	if err := packDepartments(files, items); err != nil {
		t.Error(err)
	}
	org, err := fs.ReadFile(files, "organisation.csv")
	if err != nil {
		t.Fatal(err)
	}
	gone := fstest.MapFS{"organisation.csv": {Data: bytes.ReplaceAll(org, []byte("区民政局"), []byte("区乡政局"))}, packItems: {Data: []byte("key,name,type,department\na,甲,公共服务,区民政局\nb,乙,公共服务,区水务局\n")}}
	if err := (&Service{}).Check(gone); err == nil || !strings.Contains(err.Error(), `a: department: organisation.csv has no "区民政局"`) || strings.Contains(err.Error(), "b: department") {
		t.Errorf("a department that is no unit: %v", err)
	}
	bothStores(t, func(t *testing.T, s *Service) {
		ctx := context.Background()
		for range 2 {
			if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return s.Load(ctx, tx, files) }); err != nil {
				t.Fatal(err)
			}
		}
		st, err := s.Standing(ctx)
		if err != nil || st.Items != len(items) {
			t.Errorf("%+v, %d items in the pack (%v)", st, len(items), err)
		}
		found, err := s.Items(ctx, ItemFilter{Words: "老人补贴", Limit: 5})
		if err != nil || len(found) == 0 || found[0].Name != "高龄津贴申领" {
			t.Errorf("by what people call it: %+v (%v)", found, err)
		}
	})
}
