package appeals

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/document"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

const noise = "西乡街道流塘社区流塘公园旁广场舞音响每晚扰民到十点半，影响孩子睡觉"

// A file over one matter: opened by a supervisor over appeals of several people,
// concluded by a letter that another person issues, read by each appellant alone;
// what comes again with nothing new is answered by it, and counted apart.
func TestDossier(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		supervisor, second, dispatcher, leader := d.as("supervisor@platform"), d.staff(t, "supervisor2", "pf-zhihui", "supervisor"), d.as("dispatcher@platform"), d.as("leader@baoan")
		head, other := d.as("unit_head@st-xixiang"), d.as("unit_head@st-xinan")
		file := func(text, name, phone string) store.ID {
			return d.fileOne(t, Intake{Text: text, Address: "西乡街道流塘社区", Appellant: vault.Identity{vault.Name: name, vault.Phone: phone}}, "st-xixiang").ID
		}
		a, b := file(noise, "欧阳建国", "13800000001"), file(noise+"，请管一管", "司马秀英", "13800000002")
		again := file("流塘公园广场舞音响又吵到半夜", "欧阳建国", "13800000001")
		in := NewDossier{Title: "流塘公园广场舞噪音", About: "流塘公园北门广场每晚广场舞音响扰民，电话13800000001反映", Unit: "st-xixiang", Appeals: []store.ID{a, b}, Reason: "一年内反复反映"}
		for who, actor := range map[string]account.Actor{"dispatcher": dispatcher, "unit head": head, "citizen": d.citizen(a)} {
			if _, err := d.OpenDossier(ctx, actor, in); code(err) != "refused_right" {
				t.Errorf("the %s opens a file: %v", who, err)
			}
		}
		for want, change := range map[string]func(*NewDossier){
			"title:too_short": func(n *NewDossier) { n.Title = "噪音" }, "about:too_short": func(n *NewDossier) { n.About = "短" }, "unit:no_such_unit": func(n *NewDossier) { n.Unit = "none" },
			"appeals:required": func(n *NewDossier) { n.Appeals = nil }, "appeals:invalid": func(n *NewDossier) { n.Appeals = []store.ID{a, a} }, "not_found": func(n *NewDossier) { n.Appeals = []store.ID{77} },
		} {
			bad := in
			change(&bad)
			if _, err := d.OpenDossier(ctx, supervisor, bad); code(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		id, err := d.OpenDossier(ctx, supervisor, in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.OpenDossier(ctx, supervisor, NewDossier{Title: "又一份档案", About: "同一件事不能在两份档案中", Unit: "st-xixiang", Appeals: []store.ID{a}, Reason: "重复"}); code(err) != "appeals:in_a_file" {
			t.Errorf("an appeal in two files: %v", err)
		}
		get := func(who account.Actor) Dossier {
			t.Helper()
			x, err := d.Dossier(ctx, who, id)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		step := func(who account.Actor, in DossierStep) string {
			in.Version = d.count(t, `SELECT seq FROM dossier WHERE id = ?`, id)
			return code(d.ActOnDossier(ctx, who, id, in))
		}
		x := get(head)
		if len(x.Appeals) != 2 || x.Sum.Appellants != 2 || x.Appeals[0].Voice != 1 || x.Appeals[1].Voice != 2 || strings.Contains(x.About, "13800000001") {
			t.Errorf("the file: %+v", x)
		}
		if raw, _ := json.Marshal(x); strings.Contains(string(raw), "建国") || strings.Contains(string(raw), "秀英") {
			t.Error("the file says who appealed")
		}
		for _, who := range []account.Actor{other, d.citizen(a)} {
			if _, err := d.Dossier(ctx, who, id); code(err) != "not_found" {
				t.Errorf("%s reads the file: %v", who.Kind, err)
			}
			if list, err := d.Dossiers(ctx, who, "", "", 0, 10); err != nil || len(list) != 0 {
				t.Errorf("%s lists %d files: %v", who.Kind, len(list), err)
			}
		}
		// It is offered for the next one like it, and for nothing else.
		of, err := d.DossierOf(ctx, dispatcher, again)
		if err != nil || len(of.Matches) != 1 || of.Matches[0].ID != id || of.In != nil {
			t.Errorf("offered: %+v %v", of, err)
		}
		if of, err = d.DossierOf(ctx, dispatcher, d.filed("西乡街道流塘社区井盖破损，请尽快更换", "13800000009", "st-xixiang")); err != nil || len(of.Matches) != 0 {
			t.Errorf("offered for another matter: %+v %v", of, err)
		}
		if got := step(supervisor, DossierStep{Action: "remove", Appeals: []store.ID{a, b}, Note: "都不是"}); got != "appeals:all" {
			t.Errorf("an empty file: %s", got)
		}
		if got := step(dispatcher, DossierStep{Action: "add", Appeals: []store.ID{again}, Note: "同一广场舞噪音"}); got != "" {
			t.Fatal(got)
		}
		if got := step(supervisor, DossierStep{Action: "remove", Appeals: []store.ID{again}, Note: "先放一放"}); got != "" {
			t.Fatal(got)
		}
		// The letter: basis with its clause; who drafted it does not issue it.
		letter := DossierStep{Action: "draft", Facts: "经三次现场检测，音响在晚上九点后超过限值4分贝。", Basis: "《中华人民共和国噪声污染防治法》第六十四条", Conclusion: "已划定活动区域并约定九点前结束，噪声已达标。"}
		bad := letter
		bad.Basis = "有关规定"
		if got := step(supervisor, bad); got != "basis:needs_clause" {
			t.Errorf("a basis without a clause: %s", got)
		}
		if got := step(other, letter); got != "not_found" {
			t.Errorf("another unit drafts: %s", got)
		}
		if got := step(leader, DossierStep{Action: "issue"}); got != "refused_state" {
			t.Errorf("issued without a letter: %s", got)
		}
		if got := step(supervisor, letter); got != "" {
			t.Fatal(got)
		}
		if got := step(supervisor, DossierStep{Action: "issue"}); got != "drafted_by_you" {
			t.Errorf("issued by who drafted it: %s", got)
		}
		if got := step(head, DossierStep{Action: "issue"}); got != "refused_right" {
			t.Errorf("issued by the unit: %s", got)
		}
		if got := step(second, DossierStep{Action: "return", Note: "事实部分补充检测报告编号"}); got != "" {
			t.Fatal(got)
		}
		letter.Facts += "检测报告编号BA-2026-118。"
		if got := step(head, letter); got != "" {
			t.Fatal(got)
		}
		if err := d.ActOnDossier(ctx, leader, id, DossierStep{Action: "issue", Version: 1}); !errors.Is(err, caseflow.ErrConflict) {
			t.Errorf("issued on what was seen long ago: %v", err)
		}
		if got := step(leader, DossierStep{Action: "issue"}); got != "" {
			t.Fatal(got)
		}
		x = get(supervisor)
		if x.State != DossierConcluded || x.Letter.Sent != 2 || x.Letter.Read != 0 || !strings.HasPrefix(x.Number, "宝民诉结〔") || !strings.HasSuffix(x.Number, "〕1号") {
			t.Errorf("issued: %+v, letter %+v", x.DossierHead, x.Letter)
		}
		for _, appeal := range []store.ID{a, b} {
			if n := d.told(account.Actor{Account: 1, Person: d.state(appeal).Applicant}, "conclusion"); n != 1 {
				t.Errorf("told of the letter %d times", n)
			}
		}
		// Each appellant reads their own; the term runs from then, and the paper says nobody.
		page, err := d.Detail(ctx, d.citizen(a), a)
		if err != nil || page.Letter != x.Number {
			t.Errorf("the appellant's page: %q %v", page.Letter, err)
		}
		if _, err := d.ReadLetter(ctx, d.citizen(b), a); code(err) != "not_found" {
			t.Errorf("another's letter: %v", err)
		}
		if _, err := d.ReadLetter(ctx, supervisor, a); code(err) != "not_found" {
			t.Errorf("the supervisor reads as the appellant: %v", err)
		}
		v, err := d.ReadLetter(ctx, d.citizen(a), a)
		if want := d.Store.Now().In(d.Zone()).AddDate(0, 0, 30).Format(time.DateOnly); err != nil || v.Until != want || v.No != d.state(a).No || !strings.Contains(v.Remedy, "30日内") {
			t.Errorf("read: %+v %v", v, err)
		}
		d.ahead.Add(int64(48 * time.Hour))
		if later, err := d.ReadLetter(ctx, d.citizen(a), a); err != nil || later.Until != v.Until {
			t.Errorf("the term began again: %+v %v", later, err)
		}
		var paper bytes.Buffer
		if err := v.Paper(d.Zone()).Write(&paper, document.Markdown); err != nil || !strings.Contains(paper.String(), v.Number) || !strings.Contains(paper.String(), d.state(a).No) || strings.Contains(paper.String(), d.state(b).No) {
			t.Errorf("the paper: %v %s", err, paper.String())
		}
		for _, f := range []document.Format{document.PDF, document.DOCX} {
			paper.Reset()
			if err := d.ExportLetter(ctx, head, x, f, "送达", &paper); err != nil || paper.Len() < 1000 {
				t.Errorf("%s: %d bytes, %v", f, paper.Len(), err)
			}
		}
		// What comes again: not before it is in the file, and not without a person's word.
		next := d.fileOne(t, Intake{Text: noise + "，到底管不管", Address: "西乡街道流塘社区", Appellant: vault.Identity{vault.Phone: "13800000001"}}, "").ID
		refer := map[string]any{"no_new_fact": true, "compared": "时间、地点、声源与已结论的三件相同，无新材料", "reply": "您反映的事项已作出办理结论意见书，没有新的事实和理由的不再受理。", "basis": "《信访工作条例》第三十六条"}
		if got := d.try("dispatcher@platform", next, "refer_conclusion", refer); got != "guard" {
			t.Errorf("referred to no file: %s", got)
		}
		if of, err = d.DossierOf(ctx, dispatcher, next); err != nil || len(of.Matches) != 1 || of.Matches[0].Number != x.Number {
			t.Errorf("offered with its letter: %+v %v", of.Matches, err)
		}
		if got := step(dispatcher, DossierStep{Action: "add", Appeals: []store.ID{next}, Note: "同一事项"}); got != "" {
			t.Fatal(got)
		}
		for field, v := range map[string]any{"no_new_fact": false, "basis": "按照有关规定办理", "compared": "同上"} {
			form := map[string]any{}
			for k, v := range refer {
				form[k] = v
			}
			form[field] = v
			if got := d.try("dispatcher@platform", next, "refer_conclusion", form); got != map[string]string{"no_new_fact": "guard", "basis": "form", "compared": "form"}[field] {
				t.Errorf("%s %v: %s", field, v, got)
			}
		}
		if got := d.try("agent@platform", next, "refer_conclusion", refer); got != "right" {
			t.Errorf("a unit refers: %s", got)
		}
		if m := d.must("dispatcher@platform", next, "refer_conclusion", refer); m.State != "closed_direct" || m.Open {
			t.Errorf("referred: %s", m.State)
		}
		page, err = d.Detail(ctx, d.citizen(next), next)
		if err != nil || page.Letter != x.Number || page.Appeal.Result != "referred" {
			t.Errorf("the appellant's page after that: %q %q %v", page.Letter, page.Appeal.Result, err)
		}
		for _, m := range page.Timeline {
			if m.Action == "refer_conclusion" && (m.Form["compared"] != nil || m.Form["basis"] == nil) {
				t.Errorf("the appellant reads %v", m.Form)
			}
		}
		// Counted apart, and nothing is hidden.
		day := d.Store.Now().In(d.Zone())
		figures, err := d.Figures(ctx, account.Scope{All: true}, FigureQuery{Grain: "appeals", Measures: []string{"count"}, By: []string{"repeat"}, From: day.AddDate(0, 0, -5).Format(time.DateOnly), To: day.AddDate(0, 0, 1).Format(time.DateOnly)})
		counted := map[string]float64{}
		for _, r := range figures.Rows {
			counted[r.By["repeat"]] = *r.Values["count"]
		}
		if all := float64(d.count(t, `SELECT count(*) FROM matter WHERE flow = 'appeal'`)); err != nil || counted["referred"] != 1 || counted["yes"] != 2 || counted["no"]+3 != all {
			t.Errorf("counted %v of %v: %v", counted, all, err)
		}
		// Remedies: one after the other; a changed conclusion stands no more.
		if got := step(supervisor, DossierStep{Action: "recheck", Organ: "市信访局", Number: "复核1号", Day: "2026-01-01", Note: "维持"}); got != "refused_state" {
			t.Errorf("a second review before the first: %s", got)
		}
		if got := step(second, DossierStep{Action: "archive"}); got != "" {
			t.Fatal(got)
		}
		if got := step(supervisor, DossierStep{Action: "review", Organ: "区人民政府", Number: "宝府复查〔2026〕3号", Day: "2099-01-01", Note: "维持"}); got != "day:not_yet" {
			t.Errorf("a review of tomorrow: %s", got)
		}
		if got := step(supervisor, DossierStep{Action: "review", Organ: "区人民政府", Number: "宝府复查〔2026〕3号", Day: "2026-01-01", Note: "维持原结论"}); got != "" {
			t.Fatal(got)
		}
		if x = get(supervisor); x.Level != "review" || !x.State.Stands() {
			t.Errorf("upheld: %+v", x.DossierHead)
		}
		if got := step(supervisor, DossierStep{Action: "recheck", Organ: "市信访局", Number: "复核1号", Day: "2026-01-01", Note: "撤销结论，重新办理", Changed: true}); got != "" {
			t.Fatal(got)
		}
		if x = get(supervisor); x.State != DossierOpen || x.Level != "conclusion" {
			t.Errorf("changed: %+v", x.DossierHead)
		}
		if yes, err := concluded(ctx, d.Store, next); err != nil || yes {
			t.Errorf("a changed conclusion stands: %v", err)
		}
		// The law of states, whole: what leads nowhere is refused.
		for action, law := range dossierActions {
			for _, state := range []DossierState{DossierOpen, DossierDrafted, DossierConcluded, DossierArchived} {
				allowed := false
				for _, from := range law.from {
					allowed = allowed || from == state
				}
				if got := d.mayDossier(supervisor, action, DossierHead{State: state, Unit: "st-xixiang"}); got != allowed {
					t.Errorf("%s from %s: %v", action, state, got)
				}
			}
		}
		d.verified()
	})
}
