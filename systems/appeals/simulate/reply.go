package simulate

import (
	"strconv"
	"strings"
	"time"
)

var (
	greetings = lines("市民您好！\n您好！\n尊敬的市民，您好！\n诉求人您好，\n您好，")
	received  = lines("的诉求收悉，现回复如下：\n的问题已收悉。\n一事，我单位已受理并调查。\n，经调查核实，现答复如下：\n的工单收悉。")
	onSite    = lines("工作人员到现场核查，情况属实。\n工作人员现场查看并走访周边住户。\n执法人员到场检查，所反映问题属实。\n网格员与物业共同到场核实。\n联合社区到现场处置。")
	followUps = lines("后续将每周巡查，防止反弹。\n已列入重点巡查点位，巡查频次每日#次。\n计划于#日后复查。\n请您监督，如有反弹可直接联系我们。\n现场照片已上传。\n已与您电话沟通，您表示认可。")
	answers   = lines("可通过广东政务服务网或者“i深圳”办理，现场办理地址为政务服务大厅%号窗口。\n所需材料包括身份证明、申请表及相关证明原件，#个工作日内办结。\n按现行规定，满足连续居住满#年等条件即可申请。\n目前您的业务已进入审核环节，预计#个工作日内出结果。\n收费标准已在官网公示，无其他费用。\n预约号源每天上午#时放出，如未约到可到现场取号。")
	closings  = lines("感谢您的关注与支持。\n如有疑问，请联系经办人。\n感谢您的反映。\n祝您生活愉快。")
	thanks    = lines("已将您的谢意转达相关人员，我们将继续努力。\n感谢您的肯定，已在单位内部通报表扬。")
	weighed   = lines("您的建议已转规划研究，拟纳入下一年度计划一并论证，预计第#季度答复论证结论。\n经现场勘查，您的建议具备实施条件，计划#个月内完成。\n经论证，该处暂不具备条件，原因是用地不足，已采取替代措施。")

	// empty is what units write that have done nothing (形式办结).
	empty = lines(`您反映的问题已收悉，我单位高度重视，已转相关部门处理，后续将进一步加强巡查管理。感谢您对我们工作的理解与支持。
您好，您反映的情况我们已知悉，将加大监管力度，营造良好环境。感谢您的来电。
经核实，您反映的问题不属于我单位职责，建议您向其他部门反映。
您好，已安排人员跟进处理，请您耐心等待。感谢您的监督。
您反映的问题我单位已组织人员进行研究，下一步将举一反三、长效管理。
已办结。
您好，现场核查时未发现您反映的情况，后续将持续关注。
已责成相关单位加强管理，切实维护群众利益，感谢支持。`)
	denied = lines("\n依据\n根据\n按照")
)

// answer composes the unit's reply to what was reported at from and answered at
// to.
func (g *Generator) answer(it, also *item, place int, kind string, unit int, quality Quality, from, to time.Time, redo bool) string {
	p := &g.page
	p.b, p.r = p.b[:0], g.r
	u := &g.pack.units[unit]
	if quality == Formal && p.r.chance(0.75) {
		// A unit has its favourite phrases, and copies them.
		own := int(hashString(u.code) % uint64(len(empty)))
		if p.r.chance(0.3) {
			own = p.r.IntN(len(empty))
		}
		p.add(empty[own])
		return string(p.b)
	}
	p.any(greetings)
	p.add("您反映")
	if place >= 0 && kind != "consult" && p.r.chance(0.7) {
		p.add(g.pack.places[place].name)
	}
	p.add(it.objects[0])
	p.add(strings.TrimSuffix(it.problems[0], "咨询"))
	p.any(received)
	if quality == Formal {
		p.add(u.short)
		p.add("高度重视，已第一时间安排人员跟进，将持续加强管理，不断提升群众满意度。")
		return string(p.b)
	}
	if redo {
		p.add("针对您不满意的问题，我单位重新核查并由负责人带队处理。")
	}
	switch {
	case kind == "praise":
		p.any(thanks)
	case kind == "consult":
		p.any(answers)
	case kind == "suggestion":
		p.any(weighed)
	default:
		g.dated(p, from, to)
		p.add(u.short)
		p.any(onSite)
		if also != nil {
			p.add("一、")
		}
		g.result(p, it, quality)
		if also != nil {
			p.add("二、关于")
			p.add(also.objects[0])
			p.add(also.problems[0])
			p.add("，")
			g.result(p, also, quality)
		}
	}
	if p.r.chance(0.5) && quality == Solved && kind != "consult" && kind != "praise" {
		p.any(followUps)
	}
	if p.r.chance(0.6) {
		p.any(closings)
	}
	return string(p.b)
}

func (g *Generator) result(p *page, it *item, quality Quality) {
	if quality == Solved {
		p.any(it.theme.actions)
		p.add("。")
		return
	}
	p.any(it.theme.excuses)
	p.add("，")
	p.add(denied[1+p.r.IntN(len(denied)-1)])
	p.add(it.law)
	p.add("，目前无法按您的诉求办理。")
	p.any(it.theme.measures)
	p.add("。")
}

// dated adds a date between report and reply: a unit that did something says
// when.
func (g *Generator) dated(p *page, from, to time.Time) {
	_, m, d := from.Add(time.Duration(p.r.Float64() * float64(to.Sub(from)))).Date()
	p.b = strconv.AppendInt(p.b, int64(m), 10)
	p.add("月")
	p.b = strconv.AppendInt(p.b, int64(d), 10)
	p.add("日，")
}
