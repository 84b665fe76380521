package main

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/systems/halls"
	"shanzhi/systems/services"
)

// demoPassword is everybody's in a demonstration; no account with it is made
// outside one.
const demoPassword = "shanzhi-demo"

type demoUser struct {
	login, name, role string
	unit              string
	roles             []string
	group             string // "" appeals
}

// demoCast is who works in the demonstration district.
var demoCast = []demoUser{
	{"agent", "话务员 林小雨", "话务员 agent", "pf-zhihui", []string{"agent"}, ""},
	{"dispatcher", "分拨员 陈志远", "分拨员 dispatcher", "pf-zhihui", []string{"dispatcher"}, ""},
	{"street", "西乡街道经办 黄海", "街道经办人 handler of a street", "st-xixiang", []string{"receiver", "handler"}, ""},
	{"street-head", "西乡街道审核 梁敏", "街道审核 unit head", "st-xixiang", []string{"unit_head"}, ""},
	{"department", "城管局经办 何军", "部门经办人 handler of a department", "dp-chengguan", []string{"receiver", "handler"}, ""},
	{"department-head", "城管局审核 罗琳", "部门审核 unit head", "dp-chengguan", []string{"unit_head"}, ""},
	{"reviewer", "平台审核 吴倩", "平台审核员 reviewer", "pf-zhihui", []string{"reviewer"}, ""},
	{"follow-up", "回访员 周婷", "回访员 follow-up agent", "pf-zhihui", []string{"follow_up"}, ""},
	{"supervisor", "督办员 郑凯", "督办员 supervisor", "pf-zhihui", []string{"supervisor"}, ""},
	{"arbitrator", "裁决员 方怡", "裁决员 arbitrator", "pf-zhihui", []string{"arbitrator"}, ""},
	{"leader", "区领导", "领导 leader", "baoan", []string{"leader"}, ""},
	{"duty", "清单管理员 邓洁", "清单管理员 duty-list editor", "pf-zhihui", []string{"duty_editor"}, ""},
	{"admin", "系统管理员", "管理员 administrator", "baoan", []string{"admin", "auditor"}, ""},
	{"window", "综合窗口 苏小敏", "综合窗口 intake clerk", "dp-zhengshu", []string{"intake_clerk"}, "services"},
	{"street-window", "西乡街道便民服务中心 伍晴", "西乡街道收件员 intake clerk of a street", "st-xixiang", []string{"intake_clerk"}, "services"},
	{"civil-affairs", "民政局审查 叶青", "民政审查员 examiner of civil affairs", "dp-minzheng", []string{"acceptor", "examiner", "item_editor"}, "services"},
	{"civil-affairs-head", "民政局决定人 谢岚", "民政决定人 approver of civil affairs", "dp-minzheng", []string{"approver", "item_editor"}, "services"},
	{"market", "市监局审查 彭涛", "市监审查员 examiner of market regulation", "dp-shijian", []string{"acceptor", "examiner", "item_editor"}, "services"},
	{"market-head", "市监局决定人 曾颖", "市监决定人 approver of market regulation", "dp-shijian", []string{"approver", "item_editor"}, "services"},
	{"police", "公安分局审查 卫平", "公安审查员 examiner of the police", "dp-gongan", []string{"acceptor", "examiner"}, "services"},
	{"police-head", "公安分局决定人 武强", "公安决定人 approver of the police", "dp-gongan", []string{"approver"}, "services"},
	{"signboards", "城管局审查 简宁", "城管审查员 examiner of city management", "dp-chengguan", []string{"acceptor", "examiner"}, "services"},
	{"signboards-head", "城管局决定人 匡正", "城管决定人 approver of city management", "dp-chengguan", []string{"approver"}, "services"},
	{"insurance", "医保分局审查 安然", "医保审查员 examiner of health insurance", "dp-yibao", []string{"acceptor", "examiner"}, "services"},
	{"insurance-head", "医保分局决定人 康宁", "医保决定人 approver of health insurance", "dp-yibao", []string{"approver"}, "services"},
	{"health", "卫健局审查 白芷", "卫健审查员 examiner of health", "dp-weijian", []string{"acceptor", "examiner"}, "services"},
	{"jobs", "人力局审查 梁实", "人力资源审查员 examiner of human resources", "dp-renli", []string{"acceptor", "examiner", "item_editor"}, "services"},
	{"jobs-head", "人力局决定人 单雯", "人力资源决定人 approver of human resources", "dp-renli", []string{"approver", "item_editor"}, "services"},
	{"transport", "交通局审查 路遥", "交通审查员 examiner of transport", "dp-jiaotong", []string{"acceptor", "examiner"}, "services"},
	{"transport-head", "交通局决定人 车前", "交通决定人 approver of transport", "dp-jiaotong", []string{"approver"}, "services"},
	{"items", "事项审核员 江雪", "事项审核员 item publisher", "dp-zhengshu", []string{"item_publisher"}, "services"},
	{"rule-author", "规则作者 沈默", "规则作者 rule author", "dp-zhengshu", []string{"rule_author"}, "services"},
	{"rule-reviewer", "规则复核员 潘磊", "规则复核员 rule reviewer", "dp-zhengshu", []string{"rule_reviewer"}, "services"},
	{"rule-lawyer", "法制审核员 钟律", "法制审核员 legal reviewer", "dp-sifa", []string{"rule_lawyer"}, "services"},
	{"rule-publisher", "规则发布员 田野", "规则发布员 rule publisher", "dp-zhengshu", []string{"rule_publisher"}, "services"},
	{"hall", "大厅管理员 莫兰", "大厅管理员 hall manager", "dp-zhengshu", []string{"hall_manager", "greeter"}, "services"},
	{"stuck", "办不成事专员 石坚", "办不成事专员 stuck-case clerk", "dp-zhengshu", []string{"stuck_clerk"}, "services"},
	{"devices", "设备运维 丁铁", "自助设备运维 device operator", "baoan", []string{"device_operator"}, "services"},
	{"station", "园区站点员 温馨", "园区站点员 station keeper", "baoan", []string{"station_keeper", "greeter"}, "services"},
	{"rating", "好差评专员 柳眉", "好差评专员 rating clerk", "dp-zhengshu", []string{"rating_clerk"}, "services"},
	{"portal", "门户运营 骆青", "门户运营 portal editor", "dp-zhengshu", []string{"portal_editor"}, "services"},
	{"archivist", "档案员 季文", "档案员 archivist", "baoan", []string{"archivist"}, "services"},
	{"places", "块数据管理员 柯图", "块数据管理员 place keeper", "pf-zhihui", []string{"place_keeper", "place_reader"}, ""},
	{"places-second", "块数据审核员 蓝岚", "块数据审核员 second place keeper", "pf-zhihui", []string{"place_keeper", "place_reader"}, ""},
	{"inspector", "电子监察员 严明", "电子监察员 inspector", "dp-zhengshu", []string{"inspector"}, "services"},
}

// demoUsers makes the demonstration's sign-ins.
func (h *House) demoUsers(ctx context.Context) ([]httpapi.DemoUser, error) {
	var users []httpapi.DemoUser
	var logins []any
	for _, c := range demoCast {
		users = append(users, httpapi.DemoUser{Login: c.login, Password: demoPassword, Name: c.name, Role: c.role, Group: cmp.Or(c.group, "appeals")})
		logins = append(logins, c.login)
	}
	var have int
	if err := h.Store.QueryRow(ctx, `SELECT count(*) FROM account WHERE `+store.AnyOf("login", len(logins)), logins...).Scan(&have); err != nil || have == len(logins) {
		return users, err
	}
	hash := account.HashPassword(demoPassword)
	return users, h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, c := range demoCast {
			login := c.login
			var grants []account.Grant
			for _, r := range c.roles {
				grants = append(grants, account.Grant{Role: r, Unit: c.unit})
			}
			if _, err := h.Accounts.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: c.name, Unit: c.unit}, hash, grants...); err != nil {
				return err
			}
		}
		return nil
	})
}

// demoDistrict makes the demonstration's past while the house is open already,
// once, and says how far it is.
func (h *House) demoDistrict(ctx context.Context, days int, out io.Writer) {
	h.Appeals.Preparing(1) // who asks meanwhile is told
	n, err := h.makeDemo(ctx, days, out)
	h.Appeals.Preparing(0)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		h.Log.Error("the demonstration district could not be made", "error", err)
	case n > 0:
		fmt.Fprintf(out, "示范数据已生成：%d 件（均为合成）/ the demonstration district is made: %d synthetic appeals\n", n, n)
	}
}

// demoRegions brings the demonstration its agreements with other regions, all synthetic.
func (h *House) demoRegions(ctx context.Context) {
	regions, err := h.Services.Regions(ctx)
	if err != nil || len(regions) > 0 {
		return
	}
	var list bytes.Buffer
	if err = h.Services.RegionSeed(ctx, &list); err == nil && list.Len() > 0 {
		_, err = h.Services.ImportRegions(ctx, account.System(h.Dir), &list, true)
	}
	if err != nil && ctx.Err() == nil {
		h.Log.Error("the agreements of the demonstration could not be made", "error", err)
	}
}

// demoHalls makes the past of the halls of the demonstration, and a morning with people
// waiting; one hall is left quiet for who tries it out.
func (h *House) demoHalls(ctx context.Context, days int) {
	if _, err := h.Halls.Simulate(ctx, halls.Simulation{Seed: 1, Days: days, Live: true, Idle: []string{"startup"}}); err != nil && ctx.Err() == nil {
		h.Log.Error("the halls of the demonstration could not be made", "error", err)
	}
}

// demoServices plays the past of government services and of what halls handle: the same services under a clock of
// its own. The house's clocks rest meanwhile, since they would take what is being played
// for long overdue.
func (h *House) demoServices(ctx context.Context, days int) {
	h.playing.Store(true)
	defer h.playing.Store(false)
	var n int
	p, err := h.past(ctx)
	if err == nil {
		n, err = h.playServices(ctx, p, days)
	}
	if err == nil {
		err = h.playHalls(ctx, p)
	}
	if err != nil && ctx.Err() == nil {
		h.Log.Error("the services of the demonstration could not be played", "error", err)
	}
	if n > 0 {
		h.Log.Info("the services of the demonstration are played", "cases", n)
	}
}

func (h *House) playServices(ctx context.Context, p *past, days int) (int, error) {
	files := *h.Files
	files.Store = p.store
	s := &services.Service{Store: p.store, Packs: h.Packs, Bus: h.Bus, Dir: h.Dir, Vault: p.vault, Notices: p.notices, Kept: &rule.Records{Store: p.store, Vault: p.vault},
		Facts: rule.NewSources(p.store.Now, (&adapter.FactSimulator{Now: p.store.Now}).Sources()...), Engine: p.engine, Book: h.Book, Numbers: store.NewNumbers(p.store), Files: &files, Keys: h.Keys, Seal: h.sealer(), Log: h.Log}
	s.Rules = &rule.Registry{Store: p.store, Bus: h.Bus, Zone: s.Zone}
	if err := errors.Join(s.Reload(ctx), s.Register(ctx)); err != nil {
		return 0, err
	}
	today := p.now.In(s.Zone())
	from := time.Date(today.Year(), today.Month(), today.Day()-days, 0, 0, 0, 0, s.Zone())
	return s.Simulate(ctx, services.Simulation{Seed: 1, From: from, To: p.now, PerDay: 8, Turn: p.turn, Citizen: p.citizen, Staff: p.staff, Actor: p.actor})
}

// makeDemo returns how many appeals it made; none where there are some already.
func (h *House) makeDemo(ctx context.Context, days int, out io.Writer) (int, error) {
	var have bool
	if err := h.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM audit WHERE action = 'appeal.simulate')`).Scan(&have); err != nil || have {
		return 0, err
	}
	o, err := h.simulation(1, "", "", 1000, 1)
	if err != nil {
		return 0, err
	}
	o.Gentle, o.Limit = true, 0
	begun, resume, err := h.demoBegun(ctx, demoDays{o.To.AddDate(0, 0, -days), o.To})
	if err != nil {
		return 0, err
	}
	o.From, o.To, o.Resume = begun.From.In(o.To.Location()), begun.To.In(o.To.Location()), resume
	expected, shown := days*1100, 0
	o.Progress = func(n int) {
		h.Appeals.Preparing(int64(min(999, n*1000/expected)))
		if tenth := n * 10 / expected; tenth > shown && tenth < 10 {
			shown = tenth
			fmt.Fprintf(out, "正在生成示范数据 / making the demonstration district: %d%%\n", tenth*10)
		}
	}
	n, err := h.simulate(ctx, o)
	if err == nil && n > 0 {
		err = h.demoReports(ctx)
	}
	return n, err
}

// demoReports makes the reports that the past of the demonstration would have, those
// of more than three days ago issued.
func (h *House) demoReports(ctx context.Context) error {
	if _, err := h.Appeals.MakeDueReports(ctx); err != nil {
		return err
	}
	type made struct {
		ID store.ID
		To string
	}
	all, err := store.Select[made](ctx, h.Store, `SELECT id, to_day AS "to" FROM report ORDER BY to_day, id`)
	if err != nil {
		return err
	}
	before := h.Store.Now().AddDate(0, 0, -3).Format(time.DateOnly)
	for _, step := range []struct{ login, action string }{{"supervisor", "review"}, {"leader", "issue"}} {
		id, err := store.Get[store.ID](ctx, h.Store, `SELECT id FROM account WHERE login = ?`, step.login)
		if err != nil {
			return err
		}
		who, err := h.Accounts.Actor(ctx, h.Store, id)
		if err != nil {
			return err
		}
		for _, r := range all {
			if r.To > before {
				continue
			}
			if _, err := h.Appeals.ActOnReport(ctx, who, r.ID, step.action, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// demoDays are the days of a demonstration.
type demoDays struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// demoBegun are the days of a demonstration that was stopped half made, which
// goes on with them, else those given, which it keeps.
func (h *House) demoBegun(ctx context.Context, days demoDays) (_ demoDays, resume bool, err error) {
	var begun string
	err = h.Store.QueryRow(ctx, `SELECT detail FROM audit WHERE action = 'appeal.demonstration' ORDER BY id DESC LIMIT 1`).Scan(&begun)
	if errors.Is(err, sql.ErrNoRows) {
		return days, false, h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return audit.Write(ctx, tx, audit.Record{Action: "appeal.demonstration", Object: "simulation/1"}, days)
		})
	}
	if err == nil {
		err = json.Unmarshal([]byte(begun), &days)
	}
	return days, true, err
}

// demoOutward names a receiver for a street of the demonstration, and has two of its
// people get mail: simulators take both.
func (h *House) demoOutward(ctx context.Context) {
	who := func(login string) (account.Actor, error) {
		id, err := store.Get[store.ID](ctx, h.Store, `SELECT id FROM account WHERE login = ?`, login)
		if err != nil {
			return account.Actor{}, err
		}
		return h.Accounts.Actor(ctx, h.Store, id)
	}
	admin, err := who("admin")
	if err == nil {
		var hooks []notice.Hook
		if hooks, err = h.Notices.Hooks(ctx, admin); err == nil && len(hooks) == 0 {
			_, _, err = h.Notices.PutHook(ctx, admin, 0, notice.HookForm{Unit: "st-xixiang", Name: "西乡街道指挥中心群", Format: adapter.HookWeCom, URL: "https://robot.example.org/cgi-bin/webhook/send?key=demo", Live: true})
		}
	}
	for _, login := range []string{"street-head", "supervisor"} {
		if err != nil {
			break
		}
		var actor account.Actor
		if actor, err = who(login); err != nil {
			break
		}
		var mine notice.MailReader
		if mine, err = h.Notices.Reader(ctx, h.Store, actor.Account); err != nil || mine.Address != "" || mine.Asked != "" {
			continue
		}
		var code string
		if code, err = h.Notices.AskMail(ctx, actor, login+"@example.gov.cn"); err == nil {
			err = h.Notices.ConfirmMail(ctx, actor, code)
		}
	}
	if err != nil && ctx.Err() == nil {
		h.Log.Error("what leaves the demonstration could not be set", "error", err)
	}
}
