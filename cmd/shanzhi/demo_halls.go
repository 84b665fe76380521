package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/core/subject"
	"shanzhi/core/vault"
	"shanzhi/systems/halls"
)

// demoStuck is a synthetic stuck case (办不成事) of the demonstration: what happened to it
// by now follows from when it was reported and how long it takes.
type demoStuck struct {
	back   int // working days ago
	online bool
	scope  string
	text   string
	grade  string // "" nobody has graded it
	unit   string
	takes  int // working days until it is concluded; 0 it never is
	reply  string
	cause  string
	fix    string
	again  bool // was not done the first time
}

var demoStucks = []demoStuck{
	{39, false, "trips", "办餐饮店的场地变更跑了三趟，每次都说缺一份材料，一次性告知单上没有写。", "complex", "dp-shijian", 3, "已与申请人当面核清，三份材料改为系统核验，变更已办结。", "guide_wrong", "场地变更的办事指南补齐材料清单，并取消两份可以核验的证明。", false},
	{34, true, "no_result", "老年人津贴申请提交一个月了，系统一直显示审核中，没有人联系。", "complex", "dp-minzheng", 4, "因户籍数据未同步卡在核验，已人工核对并发放。", "data_gap", "户籍数据改为每日同步，核验不通过当天转人工。", false},
	{31, false, "passed_on", "楼下门店招牌的审批，城管让我找街道，街道又让我找城管。", "special", "dp-chengguan", 6, "经会审明确由城管局受理，招牌设置已备案。", "duty_unclear", "明确门店招牌由区城管局受理、街道协助查勘，写入职责清单。", false},
	{27, false, "refused", "残疾人补贴说要提供单位证明，我是灵活就业，没有单位，窗口就不收件。", "simple", "", 0, "依规定灵活就业人员不需要单位证明，已当场收件。", "hidden_term", "取消“单位证明”，改为本人承诺。", false},
	{23, true, "trips", "网约车证换证，预约的时间到了窗口却说系统没有我的号。", "complex", "dp-jiaotong", 3, "预约数据未推送到窗口，已补录并办结。", "data_gap", "", true},
	{19, false, "conduct", "窗口只说“办不了”就叫下一位，没有告诉我差什么。", "simple", "", 0, "已向群众致歉并出具一次性告知单，当日办结。", "conduct", "窗口说“不行”必须出具书面告知，纳入当周抽查。", false},
	{16, true, "trips", "开药店的事项，指南写五份材料，到窗口变成八份。", "special", "dp-shijian", 8, "经会审，按指南五份材料受理，许可证已发。", "guide_wrong", "药店开办指南与受理系统的材料项统一，由同一版本生成。", false},
	{12, false, "no_result", "公司迁址后社保账户一直转不过来，两个部门都说是对方的系统。", "hard", "dp-shebao", 9, "经领导小组协调，两边系统完成对账，账户已转入。", "data_gap", "", false},
	{9, false, "refused", "门店改造的消防备案，窗口说要先有营业执照，办执照又说要先有消防备案。", "complex", "dp-xiaofang", 0, "", "", "", false},
	{6, true, "no_result", "医保异地备案提交后没有短信也没有结果。", "complex", "dp-yibao", 4, "备案已生效，短信通道故障已修复。", "", "", false},
	{4, false, "passed_on", "加装电梯的意见征询，住建和街道都说不归自己管。", "complex", "dp-zhujian", 0, "", "", "", false},
	{2, false, "trips", "个体户注销，税务清税证明打印三次都被退回。", "special", "dp-shijian", 7, "", "", "", false},
	{1, true, "refused", "孩子入学的居住证明，窗口不认电子证照，要求回去打印盖章。", "complex", "dp-jiaoyu", 4, "", "", "", false},
	{0, true, "trips", "公积金提取跑了两趟，都因为系统打不开没有办成。", "", "", 0, "", "", "", false},
}

// demoStep is one step of the play. It answers the matter that it made, 0 none.
type demoStep struct {
	at   time.Time
	name string
	do   func(context.Context) (store.ID, error)
	had  func(matter store.ID) // it was done before the play was cut off
}

// playHalls plays the stuck cases and the start-up packs of the halls, once; where it was
// cut off it goes on after the last step that was done.
func (h *House) playHalls(ctx context.Context, p *past) error {
	var have bool
	if err := h.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM audit WHERE action = 'halls.play')`).Scan(&have); err != nil || have {
		return err
	}
	s := &halls.Service{Store: p.store, Engine: p.engine, Vault: p.vault, Accounts: h.Accounts, Dir: h.Dir, Book: h.Book, Bus: h.Bus, Packs: h.Packs, Numbers: store.NewNumbers(p.store), Notices: p.notices, Keys: h.Keys, Files: h.Files}
	if err := errors.Join(s.Reload(ctx), s.Register(ctx)); err != nil {
		return err
	}
	cal, err := h.Book.Current("hall")
	if err != nil {
		return err
	}
	done, err := s.Pieces(ctx)
	if err != nil {
		return err
	}
	keep := func(piece string, n int64) error {
		return h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return halls.KeepPiece(ctx, tx, piece, n) })
	}
	if at, begun := done["play"]; begun {
		p.now = time.UnixMicro(at)
	} else if err := keep("play", p.now.UnixMicro()); err != nil {
		return err
	}
	// back is half past nine of so many working days ago.
	back := func(n int) time.Time {
		local := p.now.In(h.Services.Zone())
		at := time.Date(local.Year(), local.Month(), local.Day(), 9, 30, 0, 0, local.Location())
		for ; n > 0; n-- {
			for at = at.AddDate(0, 0, -1); !cal.IsWorkingDay(calendar.DateOf(at)); {
				at = at.AddDate(0, 0, -1)
			}
		}
		return at
	}
	var steps []demoStep
	for i, x := range demoStucks {
		more, err := p.stuckSteps(ctx, s, i, x, back)
		if err != nil {
			return err
		}
		steps = append(steps, more...)
	}
	more, err := p.packSteps(ctx, s, back)
	if err != nil {
		return err
	}
	steps = append(steps, more...)
	slices.SortStableFunc(steps, func(a, b demoStep) int { return a.at.Compare(b.at) })
	for _, x := range steps {
		if x.at.After(p.now) {
			break
		}
		if n, had := done["play/"+x.name]; had {
			if x.had != nil {
				x.had(store.ID(n))
			}
			continue
		}
		p.turn(x.at)
		if err := ctx.Err(); err != nil {
			return err
		}
		made, err := x.do(ctx)
		var refused *caseflow.Refusal
		if errors.Is(err, store.ErrNotFound) {
			return nil // a district without these halls
		} else if err != nil && !(len(done) > 0 && errors.As(err, &refused)) { // the step at which it was cut off may be done
			return err
		}
		if err := keep("play/"+x.name, int64(made)); err != nil {
			return err
		}
	}
	p.turn(p.now)
	return h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{Action: "halls.play", Object: "halls"}, map[string]any{"stuck": len(demoStucks)})
	})
}

// stuckSteps are the course of one stuck case; those after now are not played.
func (p *past) stuckSteps(ctx context.Context, s *halls.Service, i int, x demoStuck, back func(int) time.Time) ([]demoStep, error) {
	clerk, err := p.staff(ctx, "stuck_clerk", "dp-zhengshu")
	if err != nil {
		return nil, err
	}
	handler := clerk
	if x.unit != "" {
		if handler, err = p.staff(ctx, "handler", x.unit); err != nil {
			return nil, err
		}
	}
	who := vault.Identity{vault.Name: "办事人" + fmt.Sprint(i+1), vault.Phone: fmt.Sprintf("160000020%02d", i)}
	var m *caseflow.Matter
	at := back(x.back).Add(time.Duration(7*i) * time.Minute)
	if x.back == 0 {
		at = p.now.Add(-40 * time.Minute)
	}
	steps := []demoStep{{at, fmt.Sprintf("stuck/%d", i), func(ctx context.Context) (_ store.ID, err error) {
		in, by := halls.Stuck{Hall: "center", Scope: x.scope, Text: x.text, Who: who}, clerk
		if x.online {
			in.Who = nil
			if by, err = p.citizen(ctx, who); err != nil {
				return 0, err
			}
		}
		if m, err = s.Report(ctx, by, in); err != nil {
			return 0, err
		}
		return m.ID, nil
	}, func(id store.ID) { m = &caseflow.Matter{ID: id} }}}
	day := x.back // working days ago of the next step
	then := func(days int, after time.Duration, by account.Actor, action string, form map[string]any) {
		day -= days
		if days > 0 {
			at = back(max(day, 0)).Add(time.Duration(7*i) * time.Minute)
		}
		if at = at.Add(after); day < 0 {
			at = p.now.Add(time.Hour)
		}
		steps = append(steps, demoStep{at, fmt.Sprintf("stuck/%d/%d", i, len(steps)), func(ctx context.Context) (store.ID, error) {
			return 0, s.ActOnMatter(ctx, by, "stuck", m.ID, 0, action, form)
		}, nil})
	}
	if x.grade == "" {
		return steps, nil
	}
	if x.online {
		then(0, 25*time.Minute, clerk, "accept", nil)
	}
	then(0, 15*time.Minute, clerk, "grade", map[string]any{"grade": x.grade})
	if x.grade == "simple" {
		then(0, 30*time.Minute, clerk, "settle", map[string]any{"reply": x.reply})
	} else {
		then(0, 10*time.Minute, clerk, "send", map[string]any{"unit": x.unit, "note": "请当天联系反映人，核清卡点并一次办成。"})
		then(0, 90*time.Minute, handler, "contact", map[string]any{"note": "已电话联系反映人，核对了办理经过。"})
		if x.grade == "special" || x.grade == "hard" {
			then(2, time.Hour, clerk, "review", map[string]any{"note": "联席会审意见：按现行规定可以办理，由责任单位限期办结。"})
			x.takes -= 2
		}
		if x.grade == "hard" {
			then(1, time.Hour, clerk, "lead", map[string]any{"note": "领导小组意见：两部门当周完成对账，先办后补手续。"})
			x.takes--
		}
		if x.takes <= 0 {
			return steps, nil
		}
		conclude := map[string]any{"reply": cmp.Or(x.reply, "已按会审意见办理，结果已告知反映人。")}
		then(x.takes, 2*time.Hour, handler, "conclude", conclude)
		if x.again {
			then(0, time.Hour, clerk, "feedback", map[string]any{"done": "no", "note": "反映人说当天去了仍然没有办成。"})
			then(0, 10*time.Minute, clerk, "again", map[string]any{"note": "反馈仍未办成，请重新核对预约数据。"})
			then(2, time.Hour, handler, "conclude", conclude)
		}
	}
	then(1, time.Hour, clerk, "feedback", map[string]any{"done": "yes"})
	if x.cause == "" {
		return steps, nil
	}
	verify := map[string]any{"cause": []any{x.cause}, "note": "电话回访，情况属实。"}
	if x.fix != "" {
		verify["fix"] = x.fix
	}
	then(1, time.Hour, clerk, "verify", verify)
	then(1, time.Hour, clerk, "record", nil)
	return steps, nil
}

// packSteps are the start-up packs: what came into stock, what a count found, and who was
// given one.
func (p *past) packSteps(ctx context.Context, s *halls.Service, back func(int) time.Time) (steps []demoStep, err error) {
	who, err := p.staff(ctx, "hall_manager", "dp-zhengshu")
	if err != nil {
		return nil, err
	}
	h := &halls.Hall{}
	h.Code = "startup"
	const pack = "gift"
	stock := func(n, delta int, reason, note string) {
		steps = append(steps, demoStep{back(n), fmt.Sprintf("stock/%d", n), func(ctx context.Context) (store.ID, error) {
			return 0, s.StockPacks(ctx, who, h, pack, delta, reason, note)
		}, nil})
	}
	stock(40, 60, "received", "首批到货")
	stock(20, -2, "counted", "月度盘点：两套印章盒破损")
	stock(5, 40, "received", "补货")
	for i := range 18 {
		at := back(38 - 2*i).Add(time.Duration(30+13*i) * time.Minute)
		code, err := subject.MakeUSCC("91", "440306", int64(70001+i))
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("示范%s%s有限公司", []string{"云帆", "海纳", "新程", "启明", "众合", "凤凰"}[i%6], []string{"科技", "餐饮管理", "贸易"}[i%3])
		steps = append(steps, demoStep{at, fmt.Sprintf("pack/%d", i), func(ctx context.Context) (store.ID, error) {
			_, err := s.GivePack(ctx, who, h, pack, code, name, at.AddDate(0, 0, -3-i%5).Format(time.DateOnly))
			return 0, err
		}, nil})
	}
	return steps, nil
}
