package services

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// ThemeHead is a theme in a list.
type ThemeHead struct {
	Key     string          `json:"key"`
	Code    string          `json:"code"`
	Name    form.Text       `json:"name"`
	Say     form.Text       `json:"say,omitempty"`
	Aliases []string        `json:"aliases"`
	Sounds  []string        `json:"sounds" doc:"Name and aliases by initials and in pinyin, for search"`
	Lead    string          `json:"lead"`
	Guide   bool            `json:"guide"`
	Policy  string          `json:"policy" enum:"all_or_nothing,independent,ordered"`
	Version int             `json:"version"`
	Stages  []ThemeStage    `json:"stages"`
	Members []ThemeItemView `json:"members"`
	Units   int             `json:"units" doc:"How many departments take part"`
	Meter   ThemeMeter      `json:"meter"`
}

// ThemeItemView is a member of a theme as people read it.
type ThemeItemView struct {
	Key        string    `json:"key"`
	Item       store.ID  `json:"item"`
	Name       string    `json:"name"`
	Stage      string    `json:"stage"`
	Department string    `json:"department"`
	Sometimes  bool      `json:"sometimes" doc:"Only in some situations"`
	After      []string  `json:"after" doc:"Members whose result it waits for"`
	Instant    bool      `json:"instant"`
	Promised   *ItemDays `json:"promised,omitempty"`
	Fee        *ItemFee  `json:"fee,omitempty"`
}

// ThemeMeter is what a theme saves: before as declared, after as the merged form and the
// finished joint matters of this version show.
type ThemeMeter struct {
	Before  ThemeMeasure  `json:"before"`
	After   *ThemeMeasure `json:"after,omitempty" doc:"None of a guide"`
	Source  string        `json:"source" doc:"Of the figures before"`
	Counted int           `json:"counted" doc:"Finished matters of this version that after is measured on; 0: computed from the form, the materials and the promised times"`
}

// ThemeDetail is one theme.
type ThemeDetail struct {
	ThemeHead
	Materials []*ItemMaterial `json:"materials" doc:"The one set, in all situations"`
	Spared    int             `json:"spared" doc:"Materials of the members that nobody is asked for a second time, or at all"`
	Questions int             `json:"questions" doc:"Of the one form"`
	Asked     int             `json:"asked_before" doc:"Of the members' forms together"`
}

// Themes are the themes that are in force, those that can be applied for first.
func (s *Service) Themes(ctx context.Context) ([]ThemeHead, error) {
	keys, err := store.Select[struct{ Key string }](ctx, s.Store, `SELECT key FROM service_theme WHERE state = 'published' ORDER BY key`)
	if err != nil {
		return nil, err
	}
	out := []ThemeHead{}
	for _, k := range keys {
		r, v, err := s.themeNow(ctx, k.Key)
		if err != nil {
			return nil, err
		}
		h, err := s.themeHead(ctx, r, v)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b ThemeHead) int {
		if a.Guide != b.Guide {
			return map[bool]int{false: -1, true: 1}[a.Guide]
		}
		return cmp.Compare(a.Code, b.Code)
	})
	return out, nil
}

func (s *Service) themeHead(ctx context.Context, r themeRow, v *ThemeVersion) (ThemeHead, error) {
	t := v.Theme
	h := ThemeHead{Key: t.Key, Code: t.Code, Name: t.Name, Say: t.Say, Aliases: append([]string{}, t.Aliases...), Lead: t.Lead, Guide: t.Guide, Policy: t.Policy, Version: r.Version, Stages: t.Stages, Members: []ThemeItemView{}}
	units := map[string]bool{}
	for _, m := range t.inOrder() {
		it := v.Items[m.Item]
		x := ThemeItemView{Key: m.Item, Item: it.ID, Name: it.Name, Stage: m.Stage, Department: it.Department, Sometimes: m.When != "", After: []string{}, Instant: it.Instant != "", Promised: it.Promised, Fee: it.Fee}
		for _, p := range t.after(m) {
			x.After = append(x.After, p.Item)
		}
		units[it.Department] = true
		h.Members = append(h.Members, x)
	}
	h.Units = len(units)
	h.Sounds = append([]string{}, text.Sounds(strings.Join(append([]string{t.Name["zh"]}, t.Aliases...), "，"))...)
	var err error
	h.Meter, err = s.themeMeter(ctx, r, v)
	return h, err
}

// ThemeByKey reads one theme; store.ErrNotFound where there is none.
func (s *Service) ThemeByKey(ctx context.Context, key string) (ThemeDetail, error) {
	r, v, err := s.themeNow(ctx, key)
	if err != nil {
		return ThemeDetail{}, err
	}
	d := ThemeDetail{Materials: []*ItemMaterial{}}
	if d.ThemeHead, err = s.themeHead(ctx, r, v); err != nil || v.Elements == nil {
		return d, err
	}
	d.Materials, d.Questions = v.Elements.Handling.Materials, len(v.Elements.Handling.Form.Schema.Properties)
	for _, m := range v.Theme.Members {
		e, err := s.pinned(pinnedItem(v.Items[m.Item].ID, v.Items[m.Item].Version))
		if err != nil {
			return d, err
		}
		h := e.Handling
		d.Spared += len(h.Materials)
		d.Asked += len(h.Form.Schema.Properties)
		if h.Situation != nil {
			d.Asked += len(h.Situation.Schema.Properties)
		}
	}
	d.Spared -= len(d.Materials)
	return d, nil
}

// measuredAtMost is how many finished joint matters a meter reads, the newest.
const measuredAtMost = 500

// themeMeter measures a version of a theme. Days are the median of working days from the
// application to the end; steps are what the applicant did, papers what they brought,
// trips the days on which they stood at a counter: each the mean, rounded up.
func (s *Service) themeMeter(ctx context.Context, r themeRow, v *ThemeVersion) (ThemeMeter, error) {
	m := ThemeMeter{Before: v.Theme.Before, Source: v.Theme.Source}
	if v.Elements == nil {
		return m, nil
	}
	after := takes(v.Elements)
	for _, it := range v.Items {
		after.Trips = max(after.Trips, it.Visits)
	}
	m.After = &after
	done, err := store.Select[finished](ctx, s.Store, `SELECT `+finishedColumns+`
 FROM service_joint j JOIN matter m ON m.id = j.id JOIN service_application a ON a.id = j.application WHERE j.theme = ? AND j.version = ? AND NOT m.open AND m.state IN ('done', 'partly') ORDER BY m.id DESC LIMIT ?`, int64(r.ID), r.Version, measuredAtMost)
	if err != nil {
		return m, err
	}
	return m, s.measure(ctx, &m, done)
}

// takes is what an application takes by what its elements say.
func takes(e *ItemElements) ThemeMeasure {
	out := ThemeMeasure{Steps: 1}
	if e.Promised != nil {
		out.Days = float64(e.Promised.N)
	}
	if e.Visits != nil {
		out.Trips = *e.Visits
	}
	for _, x := range e.Handling.Materials {
		if x.Source == "applicant" || x.Source == "licence" {
			out.Papers++
		}
	}
	return out
}

// finished is a matter that is over, as it is measured.
type finished struct {
	ID             store.ID
	Opened, Closed store.Time
	Channel        string
	Papers         int
}

const finishedColumns = `m.id, m.opened_at AS opened, m.closed_at AS closed, a.channel, (SELECT count(*) FROM service_case_material x WHERE x.matter = m.id AND x.state = 'got') AS papers`

// measure puts in place of what elements say what finished matters took; see themeMeter.
func (s *Service) measure(ctx context.Context, m *ThemeMeter, done []finished) error {
	c := s.casework.Load()
	if c == nil || len(done) == 0 {
		return nil
	}
	cal, err := s.Book.Current(c.office)
	if err != nil {
		return err
	}
	ids := make([]any, len(done))
	var days []int
	papers, trips := 0, 0
	for i, d := range done {
		ids[i] = int64(d.ID)
		days = append(days, cal.WorkingDaysBetween(d.Opened.Time, d.Closed.Time))
		papers += d.Papers
		if d.Channel == "window" {
			trips++
		}
	}
	slices.Sort(days)
	acts, err := store.Select[struct {
		Action string
		At     store.Time
		Of     store.ID
		Form   string
	}](ctx, s.Store, `SELECT e.action, e.at, COALESCE(m.parent, m.id) AS "of", e.data AS form FROM matter_event e JOIN matter m ON m.id = e.matter WHERE e.action IN ('submit', 'take_in', 'corrected', 'provide', 'deliver') AND (`+store.AnyOf("m.id", len(ids))+` OR `+store.AnyOf("m.parent", len(ids))+`)`, append(slices.Clone(ids), ids...)...)
	if err != nil {
		return err
	}
	steps, stood := 0, map[string]bool{}
	for _, a := range acts {
		if a.Action != "deliver" {
			steps++
			continue
		}
		var data caseflow.Data
		if json.Unmarshal([]byte(a.Form), &data) == nil && said(data.Form, "mode") == "counter" {
			stood[a.Of.String()+a.At.In(s.Zone()).Format(time.DateOnly)] = true
		}
	}
	trips += len(stood)
	up := func(n int) int { return (n + len(done) - 1) / len(done) }
	m.Counted = len(done)
	*m.After = ThemeMeasure{Days: float64(days[(len(days)-1)/2]), Steps: up(steps), Papers: up(papers), Trips: up(trips)}
	return nil
}

// BeginTheme begins an application for a theme: one form, one set of materials.
func (s *Service) BeginTheme(ctx context.Context, who account.Actor, key string, in NewApplication) (Application, error) {
	r, v, err := s.themeNow(ctx, key)
	if err != nil {
		return Application{}, err
	}
	if s.casework.Load() == nil || v.Elements == nil {
		return Application{}, httpapi.Fail(http.StatusConflict, "not_applied_here")
	}
	return s.beginDraft(ctx, who, in, applicationRow{Theme: r.ID, Version: r.Version})
}

// JointHead is a joint matter (联办件) in a list.
type JointHead struct {
	ID        store.ID   `bun:"id" json:"id"`
	No        string     `bun:"no" json:"no"`
	Title     string     `bun:"title" json:"title"`
	State     string     `bun:"state" json:"state"`
	StateName form.Text  `bun:"-" json:"state_name"`
	Open      bool       `bun:"open" json:"open"`
	Late      bool       `bun:"late" json:"late"`
	Unit      string     `bun:"unit" json:"unit"`
	Opened    store.Time `bun:"opened_at" json:"opened_at"`
	Closed    store.Time `bun:"closed_at" json:"closed_at,omitzero"`
	DueAt     store.Time `bun:"due_at" json:"due_at,omitzero"`
	Members   int        `bun:"members" json:"members"`
	Granted   int        `bun:"granted" json:"granted"`
}

const jointHeadColumns = `m.id, m.no, m.title, m.state, m.open, m.late, m.unit, m.opened_at, m.closed_at, m.due_at, (SELECT count(*) FROM service_joint_member k WHERE k.joint = m.id) AS members, (SELECT count(*) FROM service_joint_member k WHERE k.joint = m.id AND k.state = 'granted') AS granted`

// Joints lists the joint matters that an actor may see, the newest first.
func (s *Service) Joints(ctx context.Context, who account.Actor, before store.ID, limit int) ([]JointHead, error) {
	cond, args := caseScope(who)
	if before != 0 {
		cond, args = cond+" AND m.id < ?", append(args, int64(before))
	}
	heads, err := store.Select[JointHead](ctx, s.Store, `SELECT `+jointHeadColumns+` FROM matter m WHERE m.system = '`+System+`' AND m.flow = 'joint' AND `+cond+` ORDER BY m.id DESC LIMIT ?`, append(args, limit)...)
	for i := range heads {
		heads[i].StateName = s.stateName("joint", heads[i].State, who.Kind == account.Citizen)
	}
	return heads, err
}

// JointDetail is one joint matter.
type JointDetail struct {
	JointHead
	Theme     string             `json:"theme"`
	ThemeOf   int                `json:"theme_version"`
	Policy    string             `json:"policy" enum:"all_or_nothing,independent,ordered"`
	Stages    []ThemeStage       `json:"stages"`
	Parts     []JointMember      `json:"parts"`
	Materials []CaseMaterial     `json:"materials" doc:"The one set"`
	Clocks    []caseflow.Clock   `json:"clocks"`
	Papers    []Paper            `json:"papers"`
	Timeline  []CaseMoment       `json:"timeline"`
	Applicant *CaseApplicant     `json:"applicant,omitempty"`
	Matter    int                `json:"matter_version" doc:"For the next action"`
	Allowed   []*caseflow.Action `json:"allowed"`
}

// JointMember is a member of a joint matter: who has it, and until when.
type JointMember struct {
	Key       string     `json:"key"`
	Name      string     `json:"name"`
	Stage     string     `json:"stage"`
	State     JointState `json:"state" enum:"waiting,open,granted,denied,withdrawn,dropped"`
	Why       string     `json:"why,omitempty" enum:"producer,stage,all,withdrawn,rejected,"`
	Say       form.Text  `json:"say" doc:"What became of it, and of its licence and its fee, in words"`
	Unit      string     `json:"unit"`
	Case      store.ID   `json:"case,omitempty"`
	No        string     `json:"no"`
	StateName form.Text  `json:"state_name,omitempty"`
	DueAt     store.Time `json:"due_at,omitzero"`
	Late      bool       `json:"late"`
	After     []string   `json:"after" doc:"Names of the members whose result it waits for"`
	Automatic bool       `json:"automatic"`
	Licence   store.ID   `json:"licence,omitempty"`
	Issued    form.Text  `json:"issued,omitempty" doc:"The licence's name"`
	Mine      bool       `json:"mine" doc:"The caller may open its case"`
}

// Joint reads a joint matter for one who may see it; caseflow.ErrNotFound if not.
func (s *Service) Joint(ctx context.Context, who account.Actor, id store.ID) (JointDetail, error) {
	d := JointDetail{Parts: []JointMember{}, Papers: []Paper{}, Timeline: []CaseMoment{}}
	cond, args := caseScope(who)
	heads, err := store.Select[JointHead](ctx, s.Store, `SELECT `+jointHeadColumns+` FROM matter m WHERE m.id = ? AND m.flow = 'joint' AND `+cond, append([]any{int64(id)}, args...)...)
	if err != nil {
		return d, err
	}
	if len(heads) == 0 {
		return d, caseflow.ErrNotFound
	}
	citizen := who.Kind == account.Citizen
	d.JointHead = heads[0]
	d.StateName = s.stateName("joint", d.State, citizen)
	j, err := getJoint(ctx, s.Store, id)
	if err != nil {
		return d, err
	}
	v, err := s.themeVersion(ctx, s.Store, j.Theme, j.Version)
	if err != nil {
		return d, err
	}
	d.Theme, d.ThemeOf, d.Policy, d.Stages = v.Theme.Key, j.Version, v.Theme.Policy, v.Theme.Stages
	if d.Parts, err = s.jointParts(ctx, who, v, id); err != nil {
		return d, err
	}
	if d.Clocks, err = caseflow.Clocks(ctx, s.Store, id); err != nil {
		return d, err
	}
	if d.Papers, err = s.papers(ctx, s.Store, id); err != nil {
		return d, err
	}
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return d, err
	}
	if d.Materials, err = s.caseMaterials(ctx, who, m, id, v.Elements); err != nil {
		return d, err
	}
	var story CaseDetail
	if err := s.caseStory(ctx, &story, m, citizen); err != nil {
		return d, err
	}
	d.Timeline = append(d.Timeline, story.Timeline...)
	if !citizen {
		masked, err := s.Vault.Masked(ctx, s.Store, m.Applicant)
		if err != nil {
			return d, err
		}
		d.Applicant = &CaseApplicant{Name: masked.Name, Phone: masked.Phone}
	}
	d.Matter = m.Version
	allowed, err := s.Engine.Allowed(ctx, s.Store, m, who)
	if err != nil {
		return d, err
	}
	d.Allowed = []*caseflow.Action{}
	for _, a := range allowed {
		asks := *a
		asks.Form = slices.Clone(a.Form)
		for i := range asks.Form {
			f := &asks.Form[i]
			if f.Name == "materials" {
				for _, x := range d.Materials {
					f.Options = append(f.Options, form.Option{Value: x.ID, Title: x.Name})
				}
			}
			if f.Name == "points" {
				for _, p := range d.Parts {
					it := v.Items[p.Key]
					e, err := s.pinned(pinnedItem(it.ID, it.Version))
					if err != nil {
						return d, err
					}
					for _, point := range e.Handling.Acceptance {
						f.Options = append(f.Options, form.Option{Value: p.Key + "." + point.ID, Title: point.Say})
					}
				}
			}
		}
		asks.Form = slices.DeleteFunc(asks.Form, func(f form.Field) bool { return f.Type == "list" && len(f.Options) == 0 })
		d.Allowed = append(d.Allowed, &asks)
	}
	return d, nil
}

func (s *Service) jointParts(ctx context.Context, who account.Actor, v *ThemeVersion, id store.ID) ([]JointMember, error) {
	rows, err := jointMembers(ctx, s.Store, id)
	if err != nil {
		return nil, err
	}
	cond, args := caseScope(who)
	cases, err := store.Select[CaseHead](ctx, s.Store, `SELECT `+caseHeadColumns+caseFrom+`WHERE m.parent = ? AND m.flow = 'case'`, int64(id))
	if err != nil {
		return nil, err
	}
	mine, err := store.Select[struct{ ID store.ID }](ctx, s.Store, `SELECT m.id FROM matter m WHERE m.parent = ? AND `+cond, append([]any{int64(id)}, args...)...)
	if err != nil {
		return nil, err
	}
	out := []JointMember{}
	for _, k := range rows {
		it, m := v.Items[k.Key], v.Theme.member(k.Key)
		p := JointMember{Key: k.Key, Name: it.Name, Stage: m.Stage, State: k.State, Why: k.Why, Case: k.Matter, No: k.No, After: []string{}}
		p.Unit, _ = s.unitOf(it.Department)
		for _, o := range v.Theme.after(m) {
			if slices.ContainsFunc(rows, func(r memberRow) bool { return r.Key == o.Item }) {
				p.After = append(p.After, v.Items[o.Item].Name)
			}
		}
		if i := slices.IndexFunc(cases, func(c CaseHead) bool { return c.ID == k.Matter }); i >= 0 {
			c := cases[i]
			p.StateName, p.DueAt, p.Late, p.Automatic = s.stateName(c.Flow, c.State, who.Kind == account.Citizen), c.DueAt, c.Late, c.Automatic
			p.Mine = slices.ContainsFunc(mine, func(x struct{ ID store.ID }) bool { return x.ID == c.ID })
			if l, err := s.licenceOf(ctx, s.Store, k.Matter); err == nil {
				p.Licence, p.Issued = l.ID, l.Name
			}
		}
		bill, err := store.Select[CaseBill](ctx, s.Store, `SELECT id, amount, name, basis, state, at FROM service_bill WHERE matter = ? ORDER BY id LIMIT 1`, int64(k.Matter))
		if err != nil {
			return nil, err
		}
		p.Say = memberWords(p, v.Theme.Policy, bill)
		out = append(out, p)
	}
	return out, nil
}

// memberWords says to the applicant what became of a member: what is delivered, charged
// and kept.
func memberWords(p JointMember, policy string, bill []CaseBill) form.Text {
	zh, en := "", ""
	switch p.State {
	case JointWaiting:
		zh, en = "等前面的事项办好后自动开始，不用再申请", "begins by itself when what comes before it is done"
		if len(p.After) > 0 {
			zh, en = "等“"+strings.Join(p.After, "”“")+"”办好后自动开始，不用再申请", "begins by itself after "+strings.Join(p.After, ", ")
		}
	case JointOpen:
		zh, en = "正在办理", "under way"
	case JointGranted:
		zh, en = "已准予", "granted"
		switch {
		case p.Issued["zh"] != "":
			zh, en = "已准予，《"+p.Issued["zh"]+"》已签发", "granted; the "+p.Issued["en"]+" is issued"
		case policy == AllOrNothing:
			zh, en = "已准予，待全部事项办成后一并签发", "granted; issued when all are"
		}
	case JointDenied:
		zh, en = "未获准予，理由和救济途径见该事项的决定书；其他已办成的不受影响", "denied; the decision gives the reason and the remedy; what was granted stays"
		if policy == AllOrNothing {
			zh, en = "未获准予，理由和救济途径见该事项的决定书", "denied; the decision gives the reason and the remedy"
		}
	case JointWithdrawn:
		zh, en = "您已撤回", "withdrawn by you"
	case JointDropped:
		zh, en = map[string]string{
			"producer":  "没有开始：它需要的“" + strings.Join(p.After, "”“") + "”没有办成。材料保留在您的申请里，补办时不用重新提交",
			"stage":     "没有开始：前一阶段有事项没有办成。已办成的保留",
			"all":       "终止：本主题须全部办成，其中有事项没有办成，已准予的不交付、不收费",
			"withdrawn": "没有开始：您已整体撤回",
			"rejected":  "没有开始：您的申请整体没有被受理，理由见不予受理决定书；材料保留在您的申请里",
		}[p.Why], map[string]string{
			"producer":  "not begun: what it needs was not granted; your papers are kept",
			"stage":     "not begun: the stage before it failed; what was granted stays",
			"all":       "ended: all must be granted, and one was not; nothing is delivered or charged",
			"withdrawn": "not begun: you withdrew the whole",
			"rejected":  "not begun: the whole was not accepted; the decision gives the reason; your papers are kept",
		}[p.Why]
	}
	for _, b := range bill {
		yuan := fmt.Sprintf("%d.%02d", b.Amount/100, b.Amount%100)
		switch b.State {
		case "due":
			zh, en = zh+"；待缴 "+yuan+" 元", en+"; ¥"+yuan+" due"
		case "paid":
			zh, en = zh+"；已缴 "+yuan+" 元", en+"; ¥"+yuan+" paid"
			if p.State == JointDropped {
				zh, en = zh+"，由窗口退还", en+", to be refunded at the counter"
			}
		case "waived":
			zh, en = zh+"；不收费", en+"; nothing is charged"
		case "refunded":
			zh, en = zh+"；已退 "+yuan+" 元", en+"; ¥"+yuan+" refunded"
		}
	}
	return form.Text{"zh": zh, "en": en}
}

// jointOutcome says what became of each member.
func (s *Service) jointOutcome(ctx context.Context, id store.ID, lang string) (string, error) {
	j, err := getJoint(ctx, s.Store, id)
	if err != nil {
		return "", err
	}
	v, err := s.themeVersion(ctx, s.Store, j.Theme, j.Version)
	if err != nil {
		return "", err
	}
	parts, err := s.jointParts(ctx, account.System(s.Dir), v, id)
	var lines []string
	for i, p := range parts {
		lines = append(lines, fmt.Sprintf("（%d）%s：%s", i+1, p.Name, p.Say[lang]))
	}
	return strings.Join(lines, "；") + "。", err
}

// ActOnJoint does an action with a joint matter.
func (s *Service) ActOnJoint(ctx context.Context, who account.Actor, id store.ID, version int, action string, values map[string]any) (JointDetail, error) {
	err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		cond, args := caseScope(who)
		if _, err := store.Get[int](ctx, tx, `SELECT 1 FROM matter m WHERE m.id = ? AND m.flow = 'joint' AND `+cond, append([]any{int64(id)}, args...)...); err != nil {
			return caseflow.ErrNotFound
		}
		if _, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Version: version, Action: action, Actor: who, Form: values}); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusOK, struct{}{})
	})
	if err != nil {
		return JointDetail{}, err
	}
	return s.Joint(ctx, who, id)
}

// ThemeCandidate is a pair of items that the same people apply for within a month.
type ThemeCandidate struct {
	A       store.ID `json:"a"`
	B       store.ID `json:"b"`
	NameA   string   `json:"name_a"`
	NameB   string   `json:"name_b"`
	Both    int      `json:"both" doc:"Persons who applied for both, not more than 30 days apart"`
	OnlyA   int      `json:"persons_a" doc:"Persons who applied for the first"`
	OnlyB   int      `json:"persons_b"`
	Persons int      `json:"persons" doc:"Persons who applied for anything in the window"`
	Support float64  `json:"support" doc:"both ÷ persons"`
	Lift    float64  `json:"lift" doc:"How many times more often together than by chance: both × persons ÷ (persons_a × persons_b)"`
	Themes  []string `json:"themes" doc:"Themes that hold both already"`
}

// The window of the suggestions.
const (
	suggestDays   = 365
	suggestWithin = 30 * 24 * time.Hour
	suggestLeast  = 3 // persons
)

// SuggestThemes reads the log of applications of the last year: pairs of items that the
// same person applied for within thirty days of each other, the most often first. What
// was applied for as part of a theme does not count.
func (s *Service) SuggestThemes(ctx context.Context) ([]ThemeCandidate, error) {
	since := store.At(s.Store.Now().AddDate(0, 0, -suggestDays))
	const from = ` FROM service_application %s WHERE %s`
	log := func(a string) string {
		return a + `.state = 'sent' AND ` + a + `.item <> 0 AND ` + a + `.joint IS NULL AND ` + a + `.sent_at >= ?`
	}
	persons, err := store.Get[int](ctx, s.Store, `SELECT count(DISTINCT a.person)`+fmt.Sprintf(from, "a", log("a")), since)
	if err != nil {
		return nil, err
	}
	each, err := store.Select[struct {
		Item store.ID
		Name string
		N    int
	}](ctx, s.Store, `SELECT a.item, i.name, count(DISTINCT a.person) AS n FROM service_application a JOIN service_item i ON i.id = a.item WHERE `+log("a")+` GROUP BY a.item, i.name`, since)
	if err != nil {
		return nil, err
	}
	within := store.At(time.Unix(0, 0).Add(suggestWithin))
	pairs, err := store.Select[struct {
		A, B store.ID
		N    int
	}](ctx, s.Store, `SELECT a.item AS a, b.item AS b, count(DISTINCT a.person) AS n FROM service_application a JOIN service_application b ON b.person = a.person AND b.item > a.item AND b.sent_at - a.sent_at BETWEEN ? AND ? WHERE `+log("a")+` AND `+log("b")+` GROUP BY a.item, b.item HAVING count(DISTINCT a.person) >= ? ORDER BY n DESC, a, b LIMIT 100`, store.At(time.Unix(0, 0).Add(-suggestWithin)), within, since, since, suggestLeast)
	if err != nil {
		return nil, err
	}
	themes, err := s.Themes(ctx)
	if err != nil {
		return nil, err
	}
	out := []ThemeCandidate{}
	for _, p := range pairs {
		c := ThemeCandidate{A: p.A, B: p.B, Both: p.N, Persons: persons, Themes: []string{}}
		for _, e := range each {
			switch e.Item {
			case p.A:
				c.NameA, c.OnlyA = e.Name, e.N
			case p.B:
				c.NameB, c.OnlyB = e.Name, e.N
			}
		}
		c.Support = float64(c.Both) / float64(persons)
		c.Lift = float64(c.Both) * float64(persons) / (float64(c.OnlyA) * float64(c.OnlyB))
		for _, t := range themes {
			has := func(item store.ID) bool {
				return slices.ContainsFunc(t.Members, func(m ThemeItemView) bool { return m.Item == item })
			}
			if has(c.A) && has(c.B) {
				c.Themes = append(c.Themes, t.Name["zh"])
			}
		}
		out = append(out, c)
	}
	return out, nil
}
