package appeals

// figureDefinitions say of each measure what it counts (口径), for who reads it.
var figureDefinitions = map[string]map[string][2]string{
	"appeals": {
		"count":        {"时间窗内的诉求件数；并入他件的也计，拆分出的每一项各计一件", "Appeals in the window; what another carries counts, and so does each part of a divided message"},
		"messages":     {"市民来件数；一件拆分为几项的只计一次", "Messages as citizens sent them: one that was divided counts once"},
		"open":         {"其中现在仍未办结的", "Those not closed as of now"},
		"closed":       {"其中现在已办结的，含不予受理与撤回", "Those closed as of now, the refused and the withdrawn included"},
		"late":         {"其中现在仍未办结且已超过办理时限的", "Those still open and past their limit"},
		"persons":      {"不同诉求人的人数；没有留下身份的不计", "Different appellants; who left no identity is not counted"},
		"solved":       {"（已解决 ×1 + 部分解决 ×0.5）÷ 有效评价（答了是否解决并打了分的）", "Solved (1) and partly solved (0.5) over valid ratings: those with an answer and a score"},
		"satisfied":    {"（4–5 分 ×1 + 3 分 ×0.6）÷ 有满意度评分的", "4–5 (1) and 3 (0.6) over all that have a score"},
		"rated":        {"有满意度评分的 ÷ 已办结的", "Those with a score over those closed"},
		"hours":        {"从登记到办结的自然小时，已办结件的平均", "Hours from filing to closing, mean over the closed"},
		"auto":         {"由系统自动分拨的 ÷ 已分拨的", "Dispatched by itself over all dispatched"},
		"confidential": {"要求保密或匿名的 ÷ 全部", "Confidential or anonymous over all"},
	},
	"events": {
		"count":   {"时间窗内发生的办理动作次数", "What was done in the window, each time"},
		"matters": {"涉及的不同诉求件数", "Different appeals to which it was done"},
		"actors":  {"操作过的不同工作人员人数", "Different people who did it"},
	},
	"open": {
		"open": {"各日末未办结件数之和；看某一日请按日分组", "Open at the end of each day, added up; for one day ask by day"},
		"late": {"各日末未办结且超期件数之和", "Open and late at the end of each day, added up"},
		"aged": {"各日末登记超过 14 天仍未办结件数之和", "Open at the end of each day and filed over 14 days before, added up"},
		"mean": {"各日末未办结件数 ÷ 天数", "Open at the end of each day, over the days"},
	},
	"due": {
		"due":     {"办理时限（含经批准的延期）在时间窗内到期的次数；退回、改派而作废的不计", "Handling limits, approved extensions included, that ended in the window; those that ended with a return do not count"},
		"on_time": {"其中在时限内办结的", "Those handled within the limit"},
		"late":    {"其中超过时限的，到期仍未办结的计入", "Those past the limit, the unfinished included"},
		"rate":    {"时限内办结 ÷ 到期", "Handled within the limit over all that were due"},
	},
}
