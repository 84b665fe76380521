package appeals

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

func wordsIn(values []ElementValue) string {
	var out []string
	for _, v := range values {
		out = append(out, v.Text)
	}
	return strings.Join(out, "|")
}

// What an appeal says is read as it comes in, corrected by people, and a
// correction stands over every later reading.
func TestElements(t *testing.T) { bothStores(t, elementsLife) }

func elementsLife(t *testing.T, h *house) {
	ctx, cancel := context.WithCancel(context.Background())
	defer func() { cancel(); h.Bus.Wait() }()
	h.Bus.Forward(ctx, elementConsumer, h.readNew)
	m, a := h.file(t, "您好，昨晚11点西乡街道前进二路旁边深圳市鸿运达电子有限公司偷排废水，臭得睡不着。希望环保部门查处。我叫王建国，电话13812345678", nil)
	soon, done := context.WithTimeout(ctx, 20*time.Second)
	defer done()
	if err := h.Bus.Drained(soon, elementConsumer); err != nil {
		t.Fatal(err)
	}
	if n := h.count(t, `SELECT count(*) FROM element_version WHERE appeal = ?`, m.ID); n != 1 {
		t.Fatalf("%d versions after filing", n)
	}
	dispatcher, handler := h.staff(t, "el-dispatcher", "pf-zhihui", "dispatcher"), h.staff(t, "el-handler", "st-xixiang", "handler")
	e, err := h.Elements(ctx, dispatcher, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]string{"who": "深圳市鸿运达电子有限公司", "where": "西乡街道前进二路旁边", "when": "昨晚11点", "wanted": "希望环保部门查处"} {
		if got := wordsIn(e.of(kind)); got != want {
			t.Errorf("%s: %q", kind, got)
		}
	}
	runes := []rune(a.Text)
	for _, r := range e.Rows {
		for _, v := range r.Values {
			if v.To > v.From && string(runes[v.From:v.To]) != v.Text {
				t.Errorf("%s: %q does not stand at %d", r.Kind, v.Text, v.From)
			}
			if strings.Contains(v.Text, "13812345678") || strings.Contains(v.Text, "王建国") {
				t.Errorf("%s names somebody: %q", r.Kind, v.Text)
			}
		}
	}
	if when := e.of("when"); when[0].Since.IsZero() || when[0].Since.Time.In(h.Zone()).Hour() != 23 || !when[0].Until.Before(m.OpenedAt.Time) {
		t.Errorf("last night at eleven is %+v", when)
	}
	if !e.Correct || e.Version != 1 {
		t.Errorf("%+v", e)
	}
	// Who has nothing to do with it sees nothing, and corrects nothing.
	if _, err := h.Elements(ctx, handler, m.ID); !errors.Is(err, caseflow.ErrNotFound) {
		t.Errorf("a unit that does not have it: %v", err)
	}
	if err := h.CorrectElements(ctx, handler, m.ID, 1, map[string][]string{"where": {"别处"}}); !errors.Is(err, caseflow.ErrNotFound) {
		t.Errorf("a unit that does not have it corrects: %v", err)
	}
	if err := h.CorrectElements(ctx, dispatcher, m.ID, 1, map[string][]string{"where": {"前进二路", "联系人李小红13987654321"}, "who": {}}); err != nil {
		t.Fatal(err)
	}
	if e, err = h.Elements(ctx, dispatcher, m.ID); err != nil || e.Version != 2 {
		t.Fatalf("%+v %v", e, err)
	}
	if got := wordsIn(e.of("where")); !strings.HasPrefix(got, "前进二路|") || strings.Contains(got, "13987654321") {
		t.Errorf("corrected to %q", got)
	}
	if where := e.of("where")[0]; string(runes[where.From:where.To]) != "前进二路" {
		t.Errorf("what a person says is not found in the text: %+v", where)
	}
	for _, r := range e.Rows {
		if corrected := r.Kind == "where" || r.Kind == "who"; corrected != (r.By == "el-dispatcher") || corrected != (r.Seq == 2) {
			t.Errorf("%s is said by %q in %d", r.Kind, r.By, r.Seq)
		}
	}
	if len(e.of("who")) != 0 || h.count(t, `SELECT count(*) FROM graph_mention WHERE matter = ? AND kind = 'enterprise'`, m.ID) != 0 {
		t.Error("a person said that there is none")
	}
	// The second of two is told; the same again changes nothing.
	if err := h.CorrectElements(ctx, dispatcher, m.ID, 1, map[string][]string{"where": {"西乡村"}}); !errors.Is(err, caseflow.ErrConflict) {
		t.Errorf("an old version: %v", err)
	}
	if err := h.CorrectElements(ctx, dispatcher, m.ID, 2, map[string][]string{"who": {}}); err != nil || h.count(t, `SELECT count(*) FROM element_version WHERE appeal = ?`, m.ID) != 2 {
		t.Errorf("said already: %v", err)
	}
	// A later reading stands beside, not over.
	err = h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return putElements(ctx, tx, m.ID, 3, store.At(h.Store.Now()), account.Actor{}, ElementSet{"where": {{Text: "机器"}}, "what": {{Text: "机器"}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if e, err = h.Elements(ctx, dispatcher, m.ID); err != nil || !strings.HasPrefix(wordsIn(e.of("where")), "前进二路") || wordsIn(e.of("what")) != "机器" {
		t.Errorf("%+v %v", e.Rows, err)
	}
	for field, words := range map[string]map[string][]string{
		"words.colour": {"colour": {"红"}}, "words.what": {"what": {""}}, "words.title": {"title": {}}, "words.who": {"who": strings.Split("一二三四五六七八九", "")}, "words.when": {"when": {strings.Repeat("长", 301)}},
	} {
		var p *httpapi.Problem
		if err := h.CorrectElements(ctx, dispatcher, m.ID, 3, words); !errors.As(err, &p) || len(p.Errors) != 1 || p.Errors[0].Location != "body."+field {
			t.Errorf("%s: %v", field, err)
		}
	}
	// Making the graph again keeps what people said.
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM graph_mention`); err != nil {
			return err
		}
		return askGraph(ctx, tx)
	}); err != nil {
		t.Fatal(err)
	}
	for {
		n, err := h.remakeGraphPiece(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	if h.count(t, `SELECT count(*) FROM graph_mention WHERE matter = ? AND kind = 'enterprise'`, m.ID) != 0 || h.count(t, `SELECT count(*) FROM graph_mention WHERE matter = ? AND kind = 'place'`, m.ID) == 0 || h.count(t, `SELECT count(*) FROM graph_remake`) != 0 {
		t.Error("made again, the graph is another")
	}
	// Other rules ask for it again, the same ones do not.
	for _, rules := range []int{graphRules, graphRules + 1} {
		err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE graph_made SET rules = ?`, rules); err != nil {
				return err
			}
			return h.graphOutdated(ctx, tx)
		})
		if err != nil || h.count(t, `SELECT count(*) FROM graph_remake`) != int64(rules-graphRules) {
			t.Errorf("made by rules %d: %v", rules, err)
		}
	}
}

// Of each kind a person's newest stands, else the newest reading, whatever came
// before and after.
func TestElementsStand(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var versions []ElementVersion
		want := map[string]string{}
		byHand := map[string]bool{}
		for seq := 1; seq <= rapid.IntRange(0, 12).Draw(r, "n"); seq++ {
			v := ElementVersion{Seq: seq, Set: ElementSet{}}
			if rapid.Bool().Draw(r, "person") {
				v.Actor, v.By = 7, "某人"
			}
			for _, kind := range elementKinds {
				if !rapid.Bool().Draw(r, kind) {
					continue
				}
				said := rapid.StringN(0, 3, -1).Draw(r, "said")
				v.Set[kind] = []ElementValue{{Text: said}}
				if v.Actor != 0 || !byHand[kind] {
					want[kind], byHand[kind] = said, byHand[kind] || v.Actor != 0
				}
			}
			versions = append([]ElementVersion{v}, versions...)
		}
		e := standing(versions)
		for _, row := range e.Rows {
			said, has := want[row.Kind]
			if has != (len(row.Values) == 1) || has && row.Values[0].Text != said || byHand[row.Kind] != (row.By != "") {
				r.Fatalf("%s: %+v, not %q", row.Kind, row, said)
			}
		}
	})
}

// Spellings of one enterprise are one node; what somebody is, is none.
func TestEnterpriseKey(t *testing.T) {
	d := newHouse(t).district.Load()
	for _, same := range [][]string{
		{"深圳市鸿运达电子有限公司", "鸿运达电子有限公司", "深圳市宝安区鸿运达电子公司", "鸿运达电子", "深圳鸿运达电子（集团）有限公司"},
		{"顺通快递公司", "顺通快递"},
		{"一家王记烧烤店", "王记烧烤店"},
		{"锦绣花园物业", "锦绣花园物业公司"},
	} {
		for _, s := range same[1:] {
			if a, b := d.enterpriseKey(same[0]), d.enterpriseKey(s); a != b || a == "" {
				t.Errorf("%s is %q, %s is %q", same[0], a, s, b)
			}
		}
	}
	for _, s := range []string{"物业", "一家餐饮店", "某公司", "有限公司", "房东", "", "公司", "网约车司机", "曾联系物业", "贵单位", "学科培训机构", "请问企业", "强行清退租客", "剧本杀店", "房地产中介", "劳务派遣公司", "公办幼儿园", "五金加工厂", "托管机构", "外卖商家", "糖水店", "锂电池厂", "建议延长开放图书馆"} {
		if k := d.enterpriseKey(s); k != "" {
			t.Errorf("%s is a node: %q", s, k)
		}
	}
	if d.enterpriseKey("鸿运达电子有限公司") == d.enterpriseKey("鸿运来电子有限公司") {
		t.Error("two names are one")
	}
}

// The reading is pure and quick, whatever the text.
func TestReadElementsOfAnything(t *testing.T) {
	d := newHouse(t).district.Load()
	for _, s := range []string{"", "？", strings.Repeat("宝安大道", 1000), strings.Repeat("😀", 500)} {
		set := d.readElements("题", s, time.Now())
		if len(set) != len(text.ElementKinds)+2 {
			t.Errorf("%.20s: %v", s, set)
		}
	}
}
