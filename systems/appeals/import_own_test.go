package appeals

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/core/vault"
)

// The columns of the 21-column sheet, as they are known.
const sheet21 = "工单编号,类型,问题分类,标签,标题,主要内容,状态,来电人,电话/账号,被反映区,街乡镇,办理结果,回复内容,受理方式,办结时间,企业名称,是否解决,是否满意,工单性质,村社区,小区点位\n"

// A district's own sheet gets its own codes: places, unit, item, desk; who
// called goes to the vault.
func TestOwnSheetGetsOurCodes(t *testing.T) {
	h := newHouse(t)
	const canary, name = "13987654321", "欧阳金丝雀"
	content := "\ufeff" + sheet21 +
		"20230405-0001,投诉,市容环卫->占道经营->流动摊贩、水果车、早餐车占用人行道,占道,摊贩占道,我是" + name + "，电话" + canary + "，西乡街道路边摊占道,已办结," + name + "," + canary + ",宝安区,西乡街道,已解决,您好" + name + "，已清理,电话,2023-04-07 10:00:00,,是,满意,主办,,\n" +
		"20230406-0002,咨询,社保,,怎么办社保卡,怎么办社保卡？需要什么材料,办理中," + name + "," + canary + ",深圳市宝安区,西乡,,,微信,,,,,主办,,\n" +
		"20230407-0003,投诉,噪音,,工地噪音,夜里施工,办结,,user_88317,海淀区,西乡街道,,,电话,2023-04-09 09:00:00,某某公司,否,不满意,协办,和平社区,\n" +
		"没有日期,投诉,噪音,,工地噪音,夜里施工,办理中,,,宝安区,,,,电话,,,,,主办,,\n"
	run := h.bring(t, "hotline21", []byte(content))
	if run.Imported != 3 || run.Refused != 1 {
		t.Fatalf("%+v", run)
	}
	ctx := context.Background()
	get := func(number string) (*caseflow.Matter, Appeal) {
		t.Helper()
		a, err := store.Get[Appeal](ctx, h.Store, `SELECT `+appealColumns+` FROM appeal WHERE source = 'hotline21' AND external = ?`, number)
		if err != nil {
			t.Fatal(err)
		}
		m, err := caseflow.Get(ctx, h.Store, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		return m, a
	}
	m, a := get("20230405-0001")
	if a.Street != "xixiang" || m.Item != "110101" || m.State != "closed" || a.Kind != "complaint" || a.Solved != "yes" || *a.ScoreResult != 5 || a.Result != "solved" {
		t.Errorf("first: %+v %+v", m, a)
	}
	if got := m.OpenedAt.In(h.Zone()).Format("2006-01-02"); got != "2023-04-05" || !strings.Contains(a.Asserted, `"opened_from":"工单编号"`) {
		t.Errorf("opened %s, asserted %s", got, a.Asserted)
	}
	for _, v := range []string{a.Text, a.Reply, m.Title, a.Asserted} {
		if strings.Contains(v, canary) || strings.Contains(v, name) {
			t.Errorf("in clear: %s", v)
		}
	}
	who, err := h.Vault.Own(ctx, h.Store, m.Applicant)
	if err != nil || who[vault.Name] != name || who[vault.Phone] != canary {
		t.Errorf("the vault has %v, %v", who, err)
	}
	if word, err := h.Vault.OwnText(ctx, h.Store, a.Original); err != nil || !strings.Contains(word, canary) {
		t.Errorf("the original: %q, %v", word, err)
	}
	// The same phone is the same person; an open appeal without a unit stands on
	// the dispatchers' desk, not on nobody's.
	second, b := get("20230406-0002")
	if second.Applicant != m.Applicant || second.State != "dispatching" || second.Desk != "dispatcher@platform" || b.Street != "xixiang" || b.Kind != "consult" || b.Channel != "wechat" {
		t.Errorf("second: %+v %+v", second, b)
	}
	// Another district's keeps its names.
	third, c := get("20230407-0003")
	if c.Street != "" || c.Community != "" || third.Place != "" || !strings.Contains(c.Asserted, "和平社区") || *c.ScoreResult != 2 || c.Solved != "no" {
		t.Errorf("third: %+v %+v", third, c)
	}
	if err := h.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{canary, name, "user_88317"} {
		if found := grepFolder(t, h.folder, secret); len(found) > 0 {
			t.Errorf("%s stands in clear in %v", secret, found)
		}
	}
}

// Units are found by any of their names, with or without the district before
// them, and by what was decided here.
func TestOwnUnitsAreFoundByName(t *testing.T) {
	h := newHouse(t)
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		return h.decideUnit(ctx, tx, unitAlias{Source: "small", Name: "城管那边", Canonical: "城管那边", Unit: "dp-chengguan", Accepted: true})
	}); err != nil {
		t.Fatal(err)
	}
	aliases, err := h.unitAliases(context.Background(), "small")
	if err != nil {
		t.Fatal(err)
	}
	p := mustProfile(t, strings.Replace(smallProfile, "state: closed", "state: handling", 1)+"  unit: \"{unit}\"\n")
	r, err := h.read(p, []string{"no", "at", "text", "unit"}, aliasesOf(aliases, h.Dir.Tree()))
	if err != nil {
		t.Fatal(err)
	}
	u, _ := h.Dir.Tree().Unit("dp-chengguan")
	for _, name := range append(u.Names(), "城管那边", "深圳市"+u.Name, " "+u.Name+" ") {
		if got := r.unit(name); got != "dp-chengguan" {
			t.Errorf("%q is %q", name, got)
		}
	}
	for _, name := range []string{"", "局", "火星管理局", "宝安区"} {
		if got := r.unit(name); got != "" && got != "baoan" {
			t.Errorf("%q is %q", name, got)
		}
	}
	// One that is found is on its desk; our own spellings are proposed for it.
	content := "no,at,text,unit\n1,2023-01-01,路灯不亮了," + u.Name + "\n2,2023-01-01,路灯又不亮,宝安城管局\n3,2023-01-01,路灯还不亮,火星管理局\n"
	run, err := importBytes(context.Background(), h.Service, p, []byte(content), Import{Alone: true})
	if err != nil || run.Imported != 3 {
		t.Fatal(run, err)
	}
	if n := h.count(t, `SELECT count(*) FROM matter WHERE unit = 'dp-chengguan' AND state = 'handling' AND desk = 'handler@dp-chengguan'`); n < 1 {
		t.Errorf("%d on the unit's desk", n)
	}
	proposals, err := h.UnitProposals(context.Background(), "small")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(fmt.Sprint(proposals), "dp-chengguan") {
		t.Errorf("proposals: %+v", proposals)
	}
}

func TestUnitNamesTakenApart(t *testing.T) {
	group := func(names ...string) string {
		var in []AssertedUnit
		for i, n := range names {
			in = append(in, AssertedUnit{Name: n, Count: int64(100 - i)})
		}
		var out []string
		for _, g := range groupUnits(in) {
			var list []string
			for _, u := range g {
				list = append(list, u.Name)
			}
			out = append(out, strings.Join(list, "="))
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"坪山区城市管理局", "城市管理局", "城管局"}, "坪山区城市管理局=城市管理局=城管局"},
		{[]string{"城建办公室（坪山街道办事处）", "坪山街道城建办", "城建办"}, "城建办公室（坪山街道办事处）=坪山街道城建办=城建办"},
		{[]string{"城建办（坑梓街道办事处）", "城建办（龙田街道办事处）", "城建办"}, "城建办（坑梓街道办事处） 城建办（龙田街道办事处） 城建办"},
		{[]string{"第一执法大队", "第二执法大队"}, "第一执法大队 第二执法大队"},
		{[]string{"沙田社区", "沙坣社区"}, "沙田社区 沙坣社区"},
		{[]string{"广东移动深圳公司", "广东移动深圳分公司"}, "广东移动深圳公司=广东移动深圳分公司"},
		{[]string{"Department of Sanitation", "department of  sanitation"}, "Department of Sanitation=department of  sanitation"},
		{nil, ""},
	} {
		if got := group(c.names...); got != c.want {
			t.Errorf("%v\n got %s\nwant %s", c.names, got, c.want)
		}
	}
}

// A new district's sheet needs a profile and no code; the draft that is made of
// its columns is nearly one.
func TestDraftOfANewDistrictsSheet(t *testing.T) {
	h := newHouse(t)
	content := []byte("工单编号;来电时间;标题;主要内容;承办单位;所属街道;来电人;联系电话\nX1;2024/3/5 9:05;路灯;路灯不亮很久了;某局;某街;张三;13900001111\n")
	look, err := h.Preview(bytes.NewReader(content), int64(len(content)), nil, "zh")
	if err != nil {
		t.Fatal(err)
	}
	p, err := ReadProfile([]byte(look.Draft))
	if err != nil {
		t.Fatalf("%v\n%s", err, look.Draft)
	}
	run, err := importBytes(context.Background(), h.Service, p, content, Import{Alone: true})
	if err != nil || run.Imported != 1 {
		t.Fatalf("%+v %v\n%s", run, err, look.Draft)
	}
	a, err := store.Get[Appeal](context.Background(), h.Store, `SELECT `+appealColumns+` FROM appeal`)
	if err != nil || a.External != "X1" || a.AssertedUnit != "某局" || a.Text != "路灯不亮很久了" {
		t.Errorf("%+v %v\n%s", a, err, look.Draft)
	}
}

// A workbook is as good as text: its dates are dates, in the district's time.
func TestWorkbookIsImported(t *testing.T) {
	h := newHouse(t)
	var b bytes.Buffer
	x, err := table.NewXLSX(&b, []string{"no", "at", "text"}, table.XLSXOptions{Zone: h.Zone()})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2024, 3, 5, 1, 2, 3, 0, time.UTC)
	if err := errors.Join(x.Write("X1", at, "路灯不亮"), x.Write("X2", table.Day(at), "井盖丢失"), x.Write("X3", "昨天", "说不清"), x.Close()); err != nil {
		t.Fatal(err)
	}
	run, err := importBytes(context.Background(), h.Service, mustProfile(t, smallProfile), b.Bytes(), Import{Alone: true})
	if err != nil || run.Imported != 2 || run.Refused != 1 {
		t.Fatalf("%+v %v", run, err)
	}
	type opening struct{ OpenedAt store.Time }
	got, err := store.Select[opening](context.Background(), h.Store, `SELECT m.opened_at FROM matter m JOIN appeal a ON a.id = m.id ORDER BY a.external`)
	if err != nil || len(got) != 2 || !got[0].OpenedAt.Equal(at) || !got[1].OpenedAt.Equal(time.Date(2024, 3, 5, 0, 0, 0, 0, h.Zone())) {
		t.Errorf("%v %v", got, err)
	}
}
