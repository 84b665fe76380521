package services

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// CaseHead is a case in a list.
type CaseHead struct {
	ID        store.ID   `bun:"id" json:"id"`
	No        string     `bun:"no" json:"no"`
	Title     string     `bun:"title" json:"title"`
	Flow      string     `bun:"flow" json:"flow" enum:"case,opinion,joint"`
	State     string     `bun:"state" json:"state"`
	StateName form.Text  `bun:"-" json:"state_name"`
	Ext       int        `bun:"ext" json:"ext" doc:"External state (办件状态), 1..16"`
	Unit      string     `bun:"unit" json:"unit"`
	Open      bool       `bun:"open" json:"open"`
	Late      bool       `bun:"late" json:"late"`
	Channel   string     `bun:"channel" json:"channel"`
	Automatic bool       `bun:"automatic" json:"automatic" doc:"Decided by a decision pack alone (秒批)"`
	Opened    store.Time `bun:"opened_at" json:"opened_at"`
	Closed    store.Time `bun:"closed_at" json:"closed_at,omitzero"`
	DueAt     store.Time `bun:"due_at" json:"due_at,omitzero"`
	Parent    store.ID   `bun:"parent" json:"parent,omitempty"`
}

const caseHeadColumns = `m.id, m.no, m.title, m.flow, m.state, m.unit, m.open, m.late, m.opened_at, m.closed_at, m.due_at, COALESCE(m.parent, 0) AS parent, COALESCE(c.ext, 0) AS ext, COALESCE(c.channel, '') AS channel, COALESCE(c.automatic, FALSE) AS automatic`
const caseFrom = ` FROM matter m LEFT JOIN service_case c ON c.id = m.id `

// ofCases are the matters of cases, of the opinions on them, and of what joins them; a bad
// rating is none.
const ofCases = "m.system = '" + System + "' AND m.flow IN ('case', 'opinion', 'joint')"

// caseRoles are those who work on the cases of their unit.
var caseRoles = []string{"acceptor", "examiner", "approver"}

// caseScope is which cases an actor may see: the applicant their own; who works on cases
// those of their units and those that their units are asked about; a counter those that
// it took in; who supervises all.
func caseScope(who account.Actor) (string, []any) {
	if who.Kind == account.Citizen {
		if who.Person == 0 {
			return "1=0", nil
		}
		return "m.applicant = ?", []any{int64(who.Person)}
	}
	if who.HasAny("inspector", "leader") {
		return "1=1", nil
	}
	var own []string
	for _, role := range caseRoles {
		own = append(own, who.UnitsWith(role)...)
	}
	var conds []string
	var args []any
	if own = slices.Compact(slices.Sorted(slices.Values(own))); len(own) > 0 {
		in := store.Args(own...)
		conds = append(conds, store.AnyOf("m.unit", len(own)), `EXISTS (SELECT 1 FROM matter o WHERE o.parent = m.id AND `+store.AnyOf("o.unit", len(own))+`)`)
		args = append(args, in...)
		args = append(args, in...)
	}
	if counters := who.UnitsWith("intake_clerk"); len(counters) > 0 {
		conds = append(conds, store.AnyOf("m.asker", len(counters)))
		args = append(args, store.Args(counters...)...)
	}
	if len(conds) == 0 {
		return "1=0", nil
	}
	return "(" + strings.Join(conds, " OR ") + ")", args
}

// CaseFilter narrows a list of cases.
type CaseFilter struct {
	Mine   bool // at the actor's desks, the nearest deadline first
	No     string
	State  string
	Item   store.ID
	Unit   string
	Open   *bool
	Late   bool
	Before store.ID
	Limit  int
}

// Cases lists the cases that an actor may see, the newest first, or what waits at their
// desks.
func (s *Service) Cases(ctx context.Context, who account.Actor, f CaseFilter) ([]CaseHead, error) {
	cond, args := caseScope(who)
	conds := []string{ofCases, cond}
	add := func(c string, a ...any) { conds, args = append(conds, c), append(args, a...) }
	order := "m.id DESC"
	if f.Mine {
		desks := s.Engine.Desks(who)
		if len(desks) == 0 {
			return []CaseHead{}, nil
		}
		desks = append(desks, askerDesks(who)...)
		add(store.AnyOf("m.desk", len(desks)), store.Args(desks...)...)
		order = "m.due_at, m.id"
	} else if who.Kind != account.Citizen {
		add("m.flow IN ('case', 'joint')")
	}
	if who.Kind == account.Citizen {
		add("m.flow = 'case'")
	}
	if f.No != "" {
		add("m.no LIKE ?", "%"+store.Literal(f.No)+"%")
	}
	if f.State != "" {
		add("m.state = ?", f.State)
	}
	if f.Item != 0 {
		add("c.item = ?", int64(f.Item))
	}
	if f.Unit != "" {
		add("m.unit = ?", f.Unit)
	}
	if f.Open != nil {
		add("m.open = ?", *f.Open)
	}
	if f.Late {
		add("m.late")
	}
	if f.Before != 0 {
		add("m.id < ?", int64(f.Before))
	}
	heads, err := store.Select[CaseHead](ctx, s.Store, `SELECT `+caseHeadColumns+caseFrom+`WHERE `+strings.Join(conds, " AND ")+` ORDER BY `+order+` LIMIT ?`, append(args, f.Limit)...)
	for i := range heads {
		heads[i].StateName = s.stateName(heads[i].Flow, heads[i].State, who.Kind == account.Citizen)
	}
	return heads, err
}

// askerDesks are the desks of the counters that took cases in.
func askerDesks(who account.Actor) (out []string) {
	for range who.UnitsWith("intake_clerk") {
		out = append(out, "intake_clerk@asker")
	}
	return out
}

func (s *Service) stateName(flow, state string, public bool) form.Text {
	f := s.Engine.Flow(flow)
	if f == nil || f.States[state] == nil {
		return form.Text{"zh": state}
	}
	if st := f.States[state]; public && len(st.Public) > 0 {
		return st.Public
	}
	return f.States[state].Title
}

// CaseDetail is one page a case.
type CaseDetail struct {
	CaseHead
	Item      store.ID              `json:"item"`
	Version   int                   `json:"item_version"`
	Handling  *Handling             `json:"handling"`
	Deemed    bool                  `json:"deemed" doc:"Accepted because nobody said otherwise in time (逾期视为受理)"`
	Accepted  store.Time            `json:"accepted_at,omitzero" doc:"From which acceptance counts"`
	Decided   store.Time            `json:"decided_at,omitzero"`
	Clocks    []caseflow.Clock      `json:"clocks" doc:"The applicant sees those that the law gives them"`
	Materials []CaseMaterial        `json:"materials"`
	Situation map[string]any        `json:"situation,omitempty"`
	Values    map[string]any        `json:"values,omitempty" doc:"What the form says; personal answers are masked, but to the applicant"`
	Sources   map[string]FillSource `json:"sources,omitempty"`
	Applicant *CaseApplicant        `json:"applicant,omitempty"`
	Papers    []Paper               `json:"papers"`
	Steps     []CaseStep            `json:"steps" doc:"External states that it went through"`
	Timeline  []CaseMoment          `json:"timeline"`
	Opinions  []CaseOpinion         `json:"opinions,omitempty"`
	Bills     []CaseBill            `json:"bills,omitempty"`
	Licence   *Licence              `json:"licence,omitempty"`
	Decision  *rule.Decision        `json:"decision,omitempty" doc:"Of the decision pack, explained"`
	DecidedBy store.ID              `json:"decision_id,omitempty"`
	Matter    int                   `json:"matter_version" doc:"For the next action"`
	Question  string                `json:"question,omitempty" doc:"Of an opinion: what is asked"`
	Allowed   []*caseflow.Action    `json:"allowed"`
}

// CaseMaterial is a material of a case.
type CaseMaterial struct {
	*ItemMaterial
	State string     `json:"state" enum:"got,fetched,made,promised,owed,missing"`
	Files []string   `json:"files"`
	At    store.Time `json:"at"`
	Send  bool       `json:"send" doc:"The caller may bring it now"`
}

// CaseApplicant is what may be shown of the applicant without a reason.
type CaseApplicant struct {
	Name   string `json:"name"`
	Phone  string `json:"phone"`
	Reveal bool   `json:"reveal" doc:"The caller may see more, with a reason"`
}

// CaseStep is an external state that a case came to.
type CaseStep struct {
	Ext int        `bun:"ext" json:"ext"`
	At  store.Time `bun:"at" json:"at"`
}

// CaseMoment is an event of a case as people read it.
type CaseMoment struct {
	Seq    int            `json:"seq"`
	At     store.Time     `json:"at"`
	Action string         `json:"action"`
	Title  form.Text      `json:"title"`
	Unit   string         `json:"unit,omitempty"`
	Actor  string         `json:"actor,omitempty" doc:"Absent to the applicant"`
	Form   map[string]any `json:"form,omitempty"`
	Mark   *caseflow.Mark `json:"mark,omitempty"`
}

// CaseOpinion is another department's.
type CaseOpinion struct {
	ID     store.ID   `json:"id"`
	Unit   string     `json:"unit"`
	State  string     `json:"state"`
	View   string     `json:"view,omitempty"`
	Text   string     `json:"text,omitempty"`
	Asked  string     `json:"asked"`
	DueAt  store.Time `json:"due_at,omitzero"`
	Closed store.Time `json:"closed_at,omitzero"`
}

// CaseBill is a bill of a case.
type CaseBill struct {
	ID     store.ID   `bun:"id" json:"id"`
	Amount int64      `bun:"amount" json:"amount" doc:"Fen"`
	Name   form.Text  `bun:"-" json:"name"`
	Basis  string     `bun:"basis" json:"basis"`
	State  string     `bun:"state" json:"state" enum:"due,paid,waived,void,refunding,refunded"`
	Raw    string     `bun:"name" json:"-"`
	At     store.Time `bun:"at" json:"at"`
	Reason string     `bun:"reason" json:"reason,omitempty" doc:"Of a waiver or a refund"`
	Waive  bool       `bun:"-" json:"waive" doc:"The caller may waive it now"`
	Refund bool       `bun:"-" json:"refund" doc:"The caller may have it paid back now"`
}

// publicClocks are those that an applicant is told of.
var publicClocks = []string{"transit", "post", "accept", "correct", "legal", "promise", "special", "deliver", "owe"}

// Case reads a case for one who may see it; caseflow.ErrNotFound if not.
func (s *Service) Case(ctx context.Context, who account.Actor, id store.ID) (CaseDetail, error) {
	d := CaseDetail{Papers: []Paper{}, Timeline: []CaseMoment{}, Materials: []CaseMaterial{}, Steps: []CaseStep{}}
	cond, args := caseScope(who)
	heads, err := store.Select[CaseHead](ctx, s.Store, `SELECT `+caseHeadColumns+caseFrom+`WHERE m.id = ? AND m.flow <> 'joint' AND `+ofCases+` AND `+cond, append([]any{int64(id)}, args...)...)
	if err != nil {
		return d, err
	}
	if len(heads) == 0 {
		return d, caseflow.ErrNotFound
	}
	d.CaseHead = heads[0]
	applicant := who.Kind == account.Citizen
	d.StateName = s.stateName(d.Flow, d.State, applicant)
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return d, err
	}
	d.Matter = m.Version
	of := id // an opinion shows the case that it is asked about
	if m.Flow == "opinion" {
		of = m.Parent
		if events, err := caseflow.Events(ctx, s.Store, id); err == nil && len(events) > 0 {
			d.Question = said(events[0].Data.Form, "question")
		}
	}
	x, err := getCase(ctx, s.Store, of)
	if err != nil {
		return d, err
	}
	e, err := s.pinned(m.Item)
	if err != nil {
		return d, err
	}
	d.Item, d.Version, d.Handling = x.Item, x.Version, e.Handling
	d.Deemed, d.Accepted, d.Decided, d.Ext = x.Deemed, x.AcceptedAt, x.DecidedAt, int(x.Ext)
	if d.Clocks, err = caseflow.Clocks(ctx, s.Store, id); err != nil {
		return d, err
	}
	if applicant {
		d.Clocks = slices.DeleteFunc(d.Clocks, func(c caseflow.Clock) bool { return !slices.Contains(publicClocks, c.Name) })
	}
	if d.Papers, err = s.papers(ctx, s.Store, of); err != nil {
		return d, err
	}
	if d.Steps, err = store.Select[CaseStep](ctx, s.Store, `SELECT ext, at FROM service_case_step WHERE matter = ? ORDER BY seq, n`, int64(of)); err != nil {
		return d, err
	}
	if d.Materials, err = s.caseMaterials(ctx, who, m, of, e); err != nil {
		return d, err
	}
	if err := s.caseSaid(ctx, &d, who, x, e); err != nil {
		return d, err
	}
	if err := s.caseStory(ctx, &d, m, applicant); err != nil {
		return d, err
	}
	if !applicant {
		if d.Opinions, err = s.opinions(ctx, of); err != nil {
			return d, err
		}
	}
	if d.Bills, err = store.Select[CaseBill](ctx, s.Store, `SELECT id, amount, name, basis, state, at, reason FROM service_bill WHERE matter = ? ORDER BY id`, int64(of)); err != nil {
		return d, err
	}
	for i := range d.Bills {
		b := &d.Bills[i]
		_ = json.Unmarshal([]byte(b.Raw), &b.Name)
		b.Waive = b.State == billDue && (who.Has("acceptor", d.Unit) || who.Has("approver", d.Unit))
		b.Refund = b.State == billPaid && who.Has("approver", d.Unit)
	}
	if l, err := s.licenceOf(ctx, s.Store, of); err == nil {
		d.Licence = &l
	} else if !errors.Is(err, store.ErrNotFound) {
		return d, err
	}
	if d.Allowed, err = s.Engine.Allowed(ctx, s.Store, m, who); err != nil {
		return d, err
	}
	d.Allowed = s.askOptions(d.Allowed, &d)
	return d, nil
}

func (s *Service) caseMaterials(ctx context.Context, who account.Actor, m *caseflow.Matter, of store.ID, e *ItemElements) ([]CaseMaterial, error) {
	rows, err := materialsOf(ctx, s.Store, of)
	if err != nil {
		return nil, err
	}
	out := []CaseMaterial{}
	for _, r := range rows {
		spec := e.Handling.material(r.Material)
		if spec == nil {
			continue
		}
		c := CaseMaterial{ItemMaterial: spec, State: r.State, At: r.At, Files: []string{}, Send: s.maySend(who, m, r)}
		if err := json.Unmarshal([]byte(r.Files), &c.Files); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b CaseMaterial) int {
		return cmp.Compare(slices.Index(e.Handling.Materials, a.ItemMaterial), slices.Index(e.Handling.Materials, b.ItemMaterial))
	})
	return out, nil
}

// maySend says whether the actor may bring a material now: what a notice asked for while
// it is to be corrected, and what is owed.
func (s *Service) maySend(who account.Actor, m *caseflow.Matter, r materialRow) bool {
	party := who.Person != 0 && who.Person == m.Applicant || who.Has("intake_clerk", m.Asker)
	if !party || !m.Open {
		return false
	}
	return m.State == "correcting" && (r.State == "missing" || r.Round == int(m.Vars["notices"])) || r.State == "owed"
}

// caseSaid shows what the form says. To staff, personal answers and texts are masked.
func (s *Service) caseSaid(ctx context.Context, d *CaseDetail, who account.Actor, x caseRow, e *ItemElements) error {
	m, err := caseflow.Get(ctx, s.Store, x.ID)
	if err != nil {
		return err
	}
	own := who.Person != 0 && who.Person == m.Applicant
	told, err := s.said(ctx, s.Store, x.Application)
	switch {
	case errors.Is(err, vault.ErrErased):
		return nil
	case err != nil:
		return err
	}
	d.Situation, d.Sources = told.Situation, told.Sources
	if d.Values = told.Values; !own {
		d.Values = maskAnswers(e.Handling.Form.Schema, told.Values)
		masked, err := s.Vault.Masked(ctx, s.Store, m.Applicant)
		if err != nil {
			return err
		}
		d.Applicant = &CaseApplicant{masked.Name, masked.Phone, mayReveal(who, m)}
	}
	if x.Decision != 0 {
		dec, err := s.Kept.Trace(ctx, x.Decision)
		switch {
		case errors.Is(err, vault.ErrErased), errors.Is(err, store.ErrNotFound):
			return nil
		case err != nil:
			return err
		}
		if !own {
			p, err := s.Rules.Pack(ctx, dec.PackHash)
			if err != nil {
				return err
			}
			dec = p.Mask(dec)
		}
		d.Decision, d.DecidedBy = &dec, x.Decision
	}
	return nil
}

// mayReveal says who may see an applicant's data with a reason: who works on the case.
func mayReveal(who account.Actor, m *caseflow.Matter) bool {
	return slices.ContainsFunc(caseRoles, func(role string) bool { return who.Has(role, m.Unit) }) || who.Has("intake_clerk", m.Asker)
}

// maskAnswers is the answers of a form as staff read them without a reason.
func maskAnswers(n *form.SheetNode, values map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range values {
		q := n.Properties[name]
		if q == nil {
			continue
		}
		if list, ok := v.([]any); ok && q.Items != nil && q.Items.Type == "object" {
			entries := []any{}
			for _, entry := range list {
				if m, ok := entry.(map[string]any); ok {
					entries = append(entries, maskAnswers(q.Items, m))
				}
			}
			out[name] = entries
			continue
		}
		if t, ok := v.(string); ok && q.Personal {
			v = maskAnswer(q, t)
		}
		out[name] = v
	}
	return out
}

func maskAnswer(q *form.SheetNode, t string) string {
	r := []rune(t)
	switch {
	case q.Format == "cn-mobile":
		return vault.MaskPhone(t)
	case strings.HasSuffix(q.Element, ".name"):
		return vault.MaskName(t)
	case len(r) > 8:
		return string(r[:3]) + strings.Repeat("*", len(r)-5) + string(r[len(r)-2:])
	}
	return strings.Repeat("*", len(r))
}

func (s *Service) caseStory(ctx context.Context, d *CaseDetail, m *caseflow.Matter, applicant bool) error {
	events, err := caseflow.Events(ctx, s.Store, m.ID)
	if err != nil {
		return err
	}
	flow := s.Engine.Flow(m.Flow)
	names, err := s.names(ctx, events)
	if err != nil {
		return err
	}
	for _, ev := range events {
		a := flow.Actions[ev.Action]
		x := CaseMoment{Seq: ev.Seq, At: ev.At, Action: ev.Action, Title: form.Text{"zh": ev.Action}, Mark: ev.Data.Mark, Form: ev.Data.Form}
		switch {
		case a != nil:
			x.Title = a.Title
			if applicant && !a.Public {
				continue
			}
		case applicant:
			continue // marks and the like are the house's own
		case ev.Action == caseflow.Marked:
			x.Title = form.Text{"zh": "时限提醒", "en": "Time mark"}
		case ev.Action == caseflow.Recalendared:
			x.Title = form.Text{"zh": "日历更正，重新计算时限", "en": "Recomputed: the calendar was corrected"}
		}
		if u, ok := s.Dir.Tree().Unit(ev.Unit); ok {
			x.Unit = u.Name
		}
		if !applicant {
			x.Actor = names[ev.Actor]
		}
		d.Timeline = append(d.Timeline, x)
	}
	return nil
}

// names are those of the staff who acted: an applicant acts for no unit.
func (s *Service) names(ctx context.Context, events []caseflow.Event) (map[store.ID]string, error) {
	var staff []store.ID
	for _, e := range events {
		if e.Unit != "" && !slices.Contains(staff, e.Actor) {
			staff = append(staff, e.Actor)
		}
	}
	return account.Names(ctx, s.Store, staff...)
}

func (s *Service) opinions(ctx context.Context, of store.ID) ([]CaseOpinion, error) {
	rows, err := store.Select[struct {
		ID     store.ID
		Unit   string
		State  string
		DueAt  store.Time
		Closed store.Time
	}](ctx, s.Store, `SELECT id, unit, state, due_at, closed_at AS closed FROM matter WHERE parent = ? AND flow = 'opinion' ORDER BY id`, int64(of))
	if err != nil {
		return nil, err
	}
	out := []CaseOpinion{}
	for _, r := range rows {
		o := CaseOpinion{ID: r.ID, Unit: r.Unit, State: r.State, DueAt: r.DueAt, Closed: r.Closed}
		events, err := caseflow.Events(ctx, s.Store, r.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			switch e.Action {
			case "ask":
				o.Asked = said(e.Data.Form, "question")
			case "answer":
				o.View, o.Text = said(e.Data.Form, "view"), said(e.Data.Form, "opinion")
			}
		}
		out = append(out, o)
	}
	return out, nil
}

// askOptions gives the lists of the actions' forms what can be chosen in this case.
func (s *Service) askOptions(allowed []*caseflow.Action, d *CaseDetail) []*caseflow.Action {
	if allowed == nil {
		return []*caseflow.Action{}
	}
	for i, a := range allowed {
		asks := *a
		asks.Form = slices.Clone(a.Form)
		for j := range asks.Form {
			f := &asks.Form[j]
			switch {
			case f.Type == "list" && f.Name == "points":
				for _, p := range d.Handling.Acceptance {
					f.Options = append(f.Options, form.Option{Value: p.ID, Title: p.Say})
				}
			case f.Type == "list" && f.Name == "owed":
				for _, m := range d.Materials {
					if m.State == "missing" && m.Tolerate {
						f.Options = append(f.Options, form.Option{Value: m.ID, Title: m.Name})
					}
				}
			case f.Type == "list" && f.Name == "materials":
				for _, m := range d.Materials {
					f.Options = append(f.Options, form.Option{Value: m.ID, Title: m.Name})
				}
			case f.Type == "choice" && f.Name == "kind" && a.Name == "special":
				f.Options = slices.DeleteFunc(slices.Clone(f.Options), func(o form.Option) bool {
					return !slices.ContainsFunc(d.Handling.Special, func(k SpecialKind) bool { return k.Kind == o.Value })
				})
			}
		}
		asks.Form = slices.DeleteFunc(asks.Form, func(f form.Field) bool {
			return (f.Type == "list" || f.Name == "kind" && a.Name == "special") && len(f.Options) == 0
		})
		allowed[i] = &asks
	}
	return slices.DeleteFunc(allowed, func(a *caseflow.Action) bool { return a.Name == "special" && len(d.Handling.Special) == 0 })
}

// ActOnCase does an action with a case, or with an opinion that is asked of a unit.
func (s *Service) ActOnCase(ctx context.Context, who account.Actor, id store.ID, version int, action string, values map[string]any) (*caseflow.Matter, error) {
	var m *caseflow.Matter
	if of, err := store.Get[store.ID](ctx, s.Store, `SELECT COALESCE(parent, 0) FROM matter WHERE id = ?`, int64(id)); err == nil && of != 0 {
		ctx = store.Long(ctx) // others of a joint matter may open with it
	}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		cond, args := caseScope(who)
		if _, err := store.Get[int](ctx, tx, `SELECT 1 FROM matter m WHERE m.id = ? AND `+ofCases+` AND `+cond, append([]any{int64(id)}, args...)...); err != nil {
			return caseflow.ErrNotFound
		}
		var err error
		if m, err = s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Version: version, Action: action, Actor: who, Form: values}); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusOK, m)
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// SendMaterial brings files for a material that a notice asked for, or that is owed; of a
// joint matter it goes to its members with the correction.
func (s *Service) SendMaterial(ctx context.Context, who account.Actor, id store.ID, material string, files []string) error {
	cond, args := caseScope(who)
	if ok, err := s.Files.Exists(ctx, s.Store, files); err != nil || !ok {
		return cmp.Or(err, httpapi.FailField("files", "no_such_file"))
	}
	raw, err := json.Marshal(files)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := store.Get[int](ctx, tx, `SELECT 1 FROM matter m WHERE m.id = ? AND m.flow IN ('case', 'joint') AND `+cond, append([]any{int64(id)}, args...)...); err != nil {
			return caseflow.ErrNotFound
		}
		m, err := caseflow.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		rows, err := materialsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(r materialRow) bool { return r.Material == material })
		switch {
		case i < 0:
			return httpapi.FailField("material", "no_such_option")
		case !s.maySend(who, m, rows[i]):
			return httpapi.Fail(http.StatusConflict, "refused_state")
		}
		e, err := s.pinned(m.Item)
		if err != nil {
			return err
		}
		if most := cmp.Or(e.Handling.material(material).Most, 5); len(files) == 0 || len(files) > most {
			return httpapi.FailField("files", "too_many_values")
		}
		state, round := rows[i].State, rows[i].Round
		if state != "owed" {
			state, round = "got", int(m.Vars["notices"])
		}
		if _, err := tx.Exec(ctx, `UPDATE service_case_material SET files = ?, state = ?, round = ?, at = ? WHERE matter = ? AND material = ?`, string(raw), state, round, store.At(s.Store.Now()), id, material); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusNoContent, nil)
	})
}

// CaseProgress is what whoever has a case's number and code may know of it.
type CaseProgress struct {
	No       string             `json:"no"`
	Title    string             `json:"title"`
	State    form.Text          `json:"state"`
	Ext      int                `json:"ext"`
	Unit     string             `json:"unit"`
	Opened   store.Time         `json:"opened_at"`
	DueAt    store.Time         `json:"due_at,omitzero"`
	Closed   store.Time         `json:"closed_at,omitzero"`
	Timeline []CaseProgressStep `json:"timeline"`
}

// CaseProgressStep is one public event.
type CaseProgressStep struct {
	At    store.Time `json:"at"`
	Title form.Text  `json:"title"`
}

// Progress answers for a case by its number and code, to a stranger; store.ErrNotFound
// where they do not fit together.
func (s *Service) Progress(ctx context.Context, no, code string) (CaseProgress, error) {
	id, err := store.Get[store.ID](ctx, s.Store, `SELECT c.id FROM service_case c JOIN matter m ON m.id = c.id WHERE c.code = ? AND m.no = ?`, s.Keys.MAC("case", code), no)
	if err != nil {
		return CaseProgress{}, err
	}
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return CaseProgress{}, err
	}
	x, err := getCase(ctx, s.Store, id)
	if err != nil {
		return CaseProgress{}, err
	}
	p := CaseProgress{No: m.No, Title: m.Title, State: s.stateName(m.Flow, m.State, true), Ext: int(x.Ext), Opened: m.OpenedAt, DueAt: m.DueAt, Closed: m.ClosedAt, Timeline: []CaseProgressStep{}}
	if u, ok := s.Dir.Tree().Unit(m.Unit); ok {
		p.Unit = u.Name
	}
	events, err := caseflow.Events(ctx, s.Store, id)
	if err != nil {
		return p, err
	}
	flow := s.Engine.Flow(m.Flow)
	for _, e := range events {
		if a := flow.Actions[e.Action]; a != nil && a.Public {
			p.Timeline = append(p.Timeline, CaseProgressStep{e.At, a.Title})
		}
	}
	return p, nil
}
