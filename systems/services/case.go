package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// System is the name under which the engine knows this system's matters.
const System = "service"

// CaseState is the external state of a case (办件状态), as approval systems of the
// province exchange it.
type CaseState int

// The external states.
const (
	CaseReceived       CaseState = 1  // 已接件
	CaseTakenBack      CaseState = 2  // 已撤件
	CaseAccepted       CaseState = 3  // 窗口受理
	CaseRefused        CaseState = 4  // 不受理
	CaseOutOfScope     CaseState = 5  // 不予受理
	CaseCorrecting     CaseState = 6  // 补正开始
	CaseCorrected      CaseState = 7  // 补正结束
	CaseExamining      CaseState = 8  // 部门受理
	CaseSpecial        CaseState = 9  // 特别程序开始
	CaseSpecialDone    CaseState = 10 // 特别程序结束
	CaseGranted        CaseState = 11 // 办结通过
	CaseGrantedOwing   CaseState = 12 // 办结容缺通过
	CaseDenied         CaseState = 13 // 办结不通过
	CaseRecalled       CaseState = 14 // 撤回
	CaseRevoked        CaseState = 15 // 撤销
	CaseAskedTakenBack CaseState = 16 // 撤件待确认
)

// caseNext is which external states may follow each; 0 is before the first.
var caseNext = map[CaseState][]CaseState{
	0:                  {CaseReceived},
	CaseReceived:       {CaseTakenBack, CaseAccepted, CaseRefused, CaseOutOfScope, CaseCorrecting},
	CaseCorrecting:     {CaseCorrected, CaseTakenBack, CaseOutOfScope},
	CaseCorrected:      {CaseAccepted, CaseRefused, CaseOutOfScope, CaseCorrecting, CaseTakenBack},
	CaseAccepted:       {CaseExamining, CaseGranted, CaseAskedTakenBack},
	CaseExamining:      {CaseSpecial, CaseGranted, CaseGrantedOwing, CaseDenied, CaseAskedTakenBack},
	CaseSpecial:        {CaseSpecialDone, CaseAskedTakenBack},
	CaseSpecialDone:    {CaseSpecial, CaseGranted, CaseGrantedOwing, CaseDenied, CaseAskedTakenBack},
	CaseAskedTakenBack: {CaseTakenBack, CaseExamining},
	CaseGranted:        {CaseRecalled, CaseRevoked},
	CaseGrantedOwing:   {CaseGranted, CaseRevoked},
}

// Final says that a case ends in the state, unless the grant is taken back.
func (c CaseState) Final() bool {
	return slices.Contains([]CaseState{CaseTakenBack, CaseRefused, CaseOutOfScope, CaseGranted, CaseGrantedOwing, CaseDenied, CaseRecalled, CaseRevoked}, c)
}

// caseSteps are the external states that an action leads through.
var caseSteps = map[string][]CaseState{
	"submit": {CaseReceived}, "take_in": {CaseReceived}, "collect": {CaseReceived}, "mail": {CaseReceived}, "post_lapse": {CaseTakenBack}, "join_in": {CaseReceived}, "join": {CaseAccepted, CaseExamining}, "instant": {CaseAccepted, CaseGranted},
	"accept": {CaseAccepted, CaseExamining}, "deem": {CaseAccepted, CaseExamining}, "notify": {CaseCorrecting}, "corrected": {CaseCorrected},
	"join_notify": {CaseCorrecting}, "join_corrected": {CaseCorrected}, "join_reject": {CaseOutOfScope},
	"lapse": {CaseOutOfScope}, "reject": {CaseOutOfScope}, "outside": {CaseRefused},
	"special": {CaseSpecial}, "special_done": {CaseSpecialDone},
	"grant": {CaseGranted}, "grant_owing": {CaseGrantedOwing}, "provided": {CaseGranted}, "deny": {CaseDenied},
	"withdrawn": {CaseTakenBack}, "keep": {CaseExamining}, "recall": {CaseRecalled}, "revoke": {CaseRevoked},
}

// caseStepsOf are the external states that an action leads through, where that depends on
// whence it starts and where it ends.
func caseStepsOf(action, source, target string) []CaseState {
	switch {
	case action == "withdraw" && target == "withdrawn":
		return []CaseState{CaseTakenBack}
	case action == "withdraw":
		return []CaseState{CaseAskedTakenBack}
	case action != "dissolve":
		return caseSteps[action]
	}
	switch source {
	case "delivering", "granted":
		return []CaseState{CaseRecalled}
	case "owing":
		return []CaseState{CaseGranted, CaseRecalled}
	case "received", "correcting", "awaiting", "withdrawing":
		return []CaseState{CaseTakenBack}
	}
	return []CaseState{CaseAskedTakenBack, CaseTakenBack}
}

// caseRow is a case beside its matter.
type caseRow struct {
	ID          store.ID   `bun:"id"`
	Application store.ID   `bun:"application"`
	Item        store.ID   `bun:"item"`
	Version     int        `bun:"version"`
	Channel     string     `bun:"channel"`
	Ext         CaseState  `bun:"ext"`
	AcceptedAt  store.Time `bun:"accepted_at"`
	Deemed      bool       `bun:"deemed"`
	Decision    store.ID   `bun:"decision"`
	Automatic   bool       `bun:"automatic"`
	DecidedAt   store.Time `bun:"decided_at"`
	AcceptedBy  store.ID   `bun:"accepted_by"`
	ProposedBy  store.ID   `bun:"proposed_by"`
	Noticed     string     `bun:"noticed"`
}

const caseColumns = `c.id, c.application, c.item, c.version, c.channel, c.ext, c.accepted_at, c.deemed, COALESCE(c.decision, 0) AS decision, c.automatic, c.decided_at, COALESCE(c.accepted_by, 0) AS accepted_by, COALESCE(c.proposed_by, 0) AS proposed_by, c.noticed`

func getCase(ctx context.Context, q store.Querier, id store.ID) (caseRow, error) {
	return store.Get[caseRow](ctx, q, `SELECT `+caseColumns+` FROM service_case c WHERE c.id = ?`, int64(id))
}

// materialRow is a material of a case.
type materialRow struct {
	Material string     `bun:"material"`
	State    string     `bun:"state"`
	Files    string     `bun:"files"`
	Round    int        `bun:"round"`
	At       store.Time `bun:"at"`
}

func materialsOf(ctx context.Context, q store.Querier, matter store.ID) ([]materialRow, error) {
	return store.Select[materialRow](ctx, q, `SELECT material, state, files, round, at FROM service_case_material WHERE matter = ? ORDER BY material`, int64(matter))
}

// pinnedItem is how a matter names the version of an item that it runs under.
func pinnedItem(item store.ID, version int) string {
	return item.String() + "." + strconv.Itoa(version)
}

// pinned reads the elements of a version of an item; they never change.
func (s *Service) pinned(name string) (*ItemElements, error) {
	if strings.HasPrefix(name, "theme:") {
		return s.pinnedThemeElements(name)
	}
	if e, ok := s.versions.Load(name); ok {
		return e.(*ItemElements), nil
	}
	if base, term, ok := strings.Cut(name, "#"); ok {
		return s.pinnedInTerm(base, term)
	}
	item, version, ok := strings.Cut(name, ".")
	id, err := store.ParseID(item)
	n, nerr := strconv.Atoi(version)
	if !ok || err != nil || nerr != nil {
		return nil, fmt.Errorf("services: %q names no version of an item", name)
	}
	raw, err := store.Get[string](context.Background(), s.Store, `SELECT elements FROM service_item_version WHERE item = ? AND version = ?`, int64(id), n)
	if err != nil {
		return nil, err
	}
	e := &ItemElements{}
	if err := json.Unmarshal([]byte(raw), e); err != nil {
		return nil, err
	}
	s.versions.Store(name, e)
	return e, nil
}

// Register brings the system to the engine.
func (s *Service) Register(ctx context.Context) error {
	sys := &caseflow.System{Name: System, Limits: caseLimits{s}, Effects: s.effects(), Facts: s.facts, Mask: s.maskText, Known: s.knownCodes, After: s.happened}
	names, err := fs.Glob(flows, "flows/*.yaml")
	if err != nil {
		return err
	}
	for _, name := range names {
		body, err := fs.ReadFile(flows, name)
		if err != nil {
			return err
		}
		sys.Flows = append(sys.Flows, string(body))
	}
	return s.Engine.Register(ctx, sys)
}

// facts are what the flow's guards read as fact.NAME.
func (s *Service) facts(ctx context.Context, q store.Querier, m *caseflow.Matter) (map[string]any, error) {
	if m.Flow == "bag" {
		n, err := store.Get[int64](ctx, q, `SELECT count(*) FROM service_bag_difference WHERE bag = ? AND way = ''`, int64(m.ID))
		if err != nil {
			return nil, err
		}
		away, err := store.Get[bool](ctx, q, `SELECT region <> '' FROM service_bag WHERE id = ?`, int64(m.ID))
		if errors.Is(err, store.ErrNotFound) { // it is being opened
			err = nil
		}
		return map[string]any{"differences": n, "away": away}, err
	}
	if m.Flow == "joint" {
		return s.jointFacts(ctx, q, m.ID)
	}
	n, err := store.Get[int64](ctx, q, `SELECT count(*) FROM service_case_material WHERE matter = ? AND state = 'owed'`, int64(m.ID))
	return map[string]any{"owed": n}, err
}

// maskText takes personal data out of a text; the original stays with the applicant.
func (s *Service) maskText(ctx context.Context, tx *store.Tx, m *caseflow.Matter, t string) (string, store.ID, error) {
	masked := text.Mask(t)
	if masked == t || m.Applicant == 0 {
		return masked, 0, nil
	}
	ref, err := s.Vault.PutText(ctx, tx, m.Applicant, "matter/"+m.ID.String(), t)
	return masked, ref, err
}

func (s *Service) knownCodes(ctx context.Context, q store.Querier, a *caseflow.Action, f *form.Field, codes []string) (bool, error) {
	if f.Type == "files" {
		return s.Files.Exists(ctx, q, codes)
	}
	return true, nil // materials and points are known by their case: the effects look
}

// refuse says that a field of an action's form is wrong.
func refuse(field, key string) error {
	return &caseflow.Refusal{Code: "form", Fields: map[string]string{field: key}}
}

func saidList(form map[string]any, field string) (out []string) {
	list, _ := form[field].([]any)
	for _, x := range list {
		if w, ok := x.(string); ok {
			out = append(out, w)
		}
	}
	return out
}

func said(form map[string]any, field string) string {
	t, _ := form[field].(string)
	return t
}

// effects are what the flows' actions change beside the matter.
func (s *Service) effects() map[string]caseflow.Effect {
	out := map[string]caseflow.Effect{
		"acceptance_checked": s.acceptanceChecked,
		"noticed":            s.noticed,
		"corrected":          s.corrected,
		"special_begun":      s.specialBegun,
		"special_ended":      nothing,
		"consulted":          s.consulted,
		"proposed": func(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
			_, err := tx.Exec(ctx, `UPDATE service_case SET proposed_by = ? WHERE id = ?`, c.Actor.Account, c.Matter.ID)
			return err
		},
		"rating_excluded":   s.ratingExcluded,
		"rating_again":      s.ratingAgain,
		"extended":          s.extended,
		"apart":             s.apart,
		"paid":              s.paid,
		"nothing_owed":      s.owes(false),
		"something_owed":    s.owes(true),
		"provided_some":     s.providedSome,
		"delivered":         nothing,
		"issue":             s.issue,
		"joint_accepted":    s.jointAccepted,
		"joint_noticed":     s.jointNoticed,
		"joint_corrected":   s.jointCorrected,
		"joint_rejected":    s.jointRejected,
		"joint_extended":    s.jointExtended,
		"joint_withdrawn":   s.jointWithdrawn,
		"licence_recalled":  s.endLicences("recall"),
		"licence_revoked":   s.endLicences("revoke"),
		"licence_cancelled": s.endLicences("cancel"),
	}
	for kind := range paperKinds {
		out["paper_"+kind] = func(ctx context.Context, tx *store.Tx, c *caseflow.Change) error { return s.askPaper(ctx, tx, c, kind) }
	}
	return out
}

func nothing(context.Context, *store.Tx, *caseflow.Change) error { return nil }

// acceptanceChecked holds an acceptance to its checklist (受理标准) and to materials that
// are all there or may come later (容缺).
func (s *Service) acceptanceChecked(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	e, err := s.pinned(c.Matter.Item)
	if err != nil {
		return err
	}
	points := saidList(c.Form, "points")
	for _, p := range e.Handling.Acceptance {
		if !slices.Contains(points, p.ID) {
			return refuse("points", "all_points")
		}
	}
	owed := saidList(c.Form, "owed")
	have, err := materialsOf(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	for _, m := range have {
		switch {
		case m.State != "missing":
		case !slices.Contains(owed, m.Material):
			return refuse("owed", "material_missing")
		case !e.Handling.material(m.Material).Tolerate:
			return refuse("owed", "not_tolerable")
		}
	}
	for _, id := range owed {
		if !slices.ContainsFunc(have, func(m materialRow) bool { return m.Material == id && m.State == "missing" }) {
			return refuse("owed", "no_such_option")
		}
		if _, err := tx.Exec(ctx, `UPDATE service_case_material SET state = 'owed' WHERE matter = ? AND material = ?`, c.Matter.ID, id); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE service_case SET accepted_by = ? WHERE id = ?`, c.Actor.Account, c.Matter.ID)
	return err
}

// noticed keeps what a notice asks for. The law has all of it told at once
// (行政许可法第三十二条第一款第（四）项): a second notice may ask only for what came with the
// correction itself.
func (s *Service) noticed(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	ids := saidList(c.Form, "materials")
	have, err := materialsOf(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	round := int(c.Matter.Vars["notices"])
	for _, id := range ids {
		if err := askAgain(ctx, tx, c.Matter.ID, have, id, round); err != nil {
			return err
		}
	}
	x, err := getCase(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	var rounds [][]string
	if err := json.Unmarshal([]byte(x.Noticed), &rounds); err != nil {
		return err
	}
	raw, err := json.Marshal(append(rounds, ids))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE service_case SET noticed = ? WHERE id = ?`, string(raw), c.Matter.ID)
	return err
}

// askAgain marks a material as asked for by the notice of a round.
func askAgain(ctx context.Context, tx *store.Tx, matter store.ID, have []materialRow, id string, round int) error {
	i := slices.IndexFunc(have, func(m materialRow) bool { return m.Material == id })
	if i < 0 {
		return refuse("materials", "no_such_option")
	}
	if round > 1 && have[i].Round != round-1 {
		return refuse("materials", "told_once")
	}
	_, err := tx.Exec(ctx, `UPDATE service_case_material SET state = 'missing' WHERE matter = ? AND material = ?`, matter, id)
	return err
}

// corrected holds a correction to all that the notice asked for.
func (s *Service) corrected(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	x, err := getCase(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	var rounds [][]string
	if err := json.Unmarshal([]byte(x.Noticed), &rounds); err != nil || len(rounds) == 0 {
		return err
	}
	have, err := materialsOf(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	for _, id := range rounds[len(rounds)-1] {
		if slices.ContainsFunc(have, func(m materialRow) bool { return m.Material == id && m.State == "missing" }) {
			return &caseflow.Refusal{Code: "form", Fields: map[string]string{"materials": "material_missing"}}
		}
	}
	return nil
}

// specialBegun holds a special procedure to those that the item's law names, and to
// their cap.
func (s *Service) specialBegun(_ context.Context, _ *store.Tx, c *caseflow.Change) error {
	e, err := s.pinned(c.Matter.Item)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(e.Handling.Special, func(k SpecialKind) bool { return k.Kind == said(c.Form, "kind") })
	if i < 0 {
		return refuse("kind", "not_of_item")
	}
	cal, err := s.Book.Current(s.casework.Load().office)
	if err != nil {
		return err
	}
	asked, err := calendar.ParseLimit(said(c.Form, "length"))
	if err != nil {
		return refuse("length", "not_a_limit")
	}
	most, err := calendar.ParseLimit(e.Handling.Special[i].Cap)
	if err != nil {
		return err
	}
	if at := c.Event.At.Time; cal.Add(at, asked).After(cal.Add(at, most)) {
		return refuse("length", "above_cap")
	}
	return nil
}

// consulted asks each department by a sub-matter of its own.
func (s *Service) consulted(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	for i, unit := range saidList(c.Form, "units") {
		if unit == c.Matter.Unit {
			return refuse("units", "own_unit")
		}
		if _, err := c.Engine.Open(ctx, tx, caseflow.Opening{Flow: "opinion", Action: "ask", Actor: c.Actor, At: c.Event.At.Time,
			Matter: caseflow.Matter{No: fmt.Sprintf("%s-Y%d%d", c.Matter.No, c.Event.Seq, i+1), Parent: c.Matter.ID, Unit: unit, Asker: c.Matter.Unit, Item: c.Matter.Item, Title: c.Matter.Title},
			Form:   map[string]any{"question": said(c.Form, "question")}}); err != nil {
			return err
		}
	}
	return nil
}

// extended holds an extension to the ten days of 行政许可法第四十二条.
func (s *Service) extended(_ context.Context, _ *store.Tx, c *caseflow.Change) error {
	l, err := calendar.ParseLimit(said(c.Form, "length"))
	switch {
	case err != nil || l.Unit != calendar.WorkingDays:
		return refuse("length", "in_working_days")
	case l.Days > extendAtMost:
		return refuse("length", "above_cap")
	}
	return nil
}

// apart keeps who decides apart from who took in, accepted and examined (审管分离).
func (s *Service) apart(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	x, err := getCase(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	took, err := store.Get[store.ID](ctx, tx, `SELECT COALESCE(actor, 0) FROM matter_event WHERE matter = ? AND seq = 1`, c.Matter.ID)
	if err != nil {
		return err
	}
	if me := c.Actor.Account; me != 0 && (me == x.AcceptedBy || me == x.ProposedBy || me == took) {
		return &caseflow.Refusal{Code: "right", Text: caseflow.Text{"zh": "收件、受理、审查与决定须由不同人员办理", "en": "who took in, accepted or examined a case does not decide it"}}
	}
	return nil
}

// paid holds a grant until what is due was paid or waived.
func (s *Service) paid(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	n, err := store.Get[int](ctx, tx, `SELECT count(*) FROM service_bill WHERE matter = ? AND state = 'due'`, c.Matter.ID)
	if err == nil && n > 0 {
		return &caseflow.Refusal{Code: "guard", Text: caseflow.Text{"zh": "还有费用没有缴纳", "en": "a fee is still due"}}
	}
	return err
}

// owes holds a grant to its kind: with papers owed (容缺) or with none.
func (s *Service) owes(some bool) caseflow.Effect {
	return func(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
		n, err := store.Get[int](ctx, tx, `SELECT count(*) FROM service_case_material WHERE matter = ? AND state IN ('owed', 'missing')`, c.Matter.ID)
		switch {
		case err != nil:
			return err
		case some && n == 0:
			return &caseflow.Refusal{Code: "guard", Text: caseflow.Text{"zh": "材料已经齐全，请选择准予", "en": "nothing is owed: grant it"}}
		case !some && n > 0:
			return &caseflow.Refusal{Code: "guard", Text: caseflow.Text{"zh": "还有材料没有补齐：请容缺准予，或等补齐后再准予", "en": "papers are owed: grant with papers owed, or wait for them"}}
		}
		return nil
	}
}

// providedSome asks that something was brought since the case owed it.
func (s *Service) providedSome(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	n, err := tx.Exec(ctx, `UPDATE service_case_material SET state = 'got' WHERE matter = ? AND state = 'owed' AND files <> '[]'`, c.Matter.ID)
	if err == nil && n == 0 {
		return &caseflow.Refusal{Code: "guard", Text: caseflow.Text{"zh": "请先上传待补的材料", "en": "send the papers first"}}
	}
	return err
}

// after keeps the external state in step, and the times that others ask for.
func (s *Service) after(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	if c.Matter.Flow != "case" {
		return nil
	}
	steps := caseStepsOf(c.Event.Action, c.Event.Source, c.Matter.State)
	if len(steps) == 0 {
		return nil
	}
	x, err := getCase(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	for i, next := range steps {
		if !slices.Contains(caseNext[x.Ext], next) {
			return fmt.Errorf("services: case %s: %s leads from external state %d to %d, which does not follow", c.Matter.No, c.Event.Action, x.Ext, next)
		}
		x.Ext = next
		if _, err := tx.Exec(ctx, `INSERT INTO service_case_step (matter, seq, n, ext, at) VALUES (?, ?, ?, ?, ?)`, c.Matter.ID, c.Event.Seq, i, int(next), c.Event.At); err != nil {
			return err
		}
		switch next {
		case CaseAccepted:
			x.AcceptedAt = c.Event.At
			if c.Event.Action == "deem" {
				x.Deemed = true
				if x.AcceptedAt, err = s.receivedAt(ctx, tx, c.Matter.ID); err != nil {
					return err
				}
			}
			if err := s.bill(ctx, tx, c); err != nil {
				return err
			}
		case CaseTakenBack:
			if err := s.endBills(ctx, tx, c, "withdrawn"); err != nil {
				return err
			}
		case CaseGranted, CaseGrantedOwing, CaseDenied:
			if next == CaseDenied {
				if err := s.endBills(ctx, tx, c, "denied"); err != nil {
					return err
				}
			}
			if x.DecidedAt.IsZero() {
				x.DecidedAt = c.Event.At
			}
			if x.Decision != 0 && !c.Actor.IsSystem() { // what a person came to, beside the pack
				human := rule.Approve
				if next == CaseDenied {
					human = rule.Human
				}
				if err := s.Compare(ctx, tx, x.Decision, human, c.Actor.Account); err != nil {
					return err
				}
			}
		}
	}
	if _, err = tx.Exec(ctx, `UPDATE service_case SET ext = ?, accepted_at = ?, deemed = ?, decided_at = ? WHERE id = ?`, int(x.Ext), x.AcceptedAt, x.Deemed, x.DecidedAt, c.Matter.ID); err != nil {
		return err
	}
	return s.memberMoved(ctx, tx, c)
}

// unitOf finds the unit that answers for an item by what the item calls it.
func (s *Service) unitOf(department string) (string, bool) {
	for _, u := range s.Dir.Tree().All() {
		if u.Code == department || slices.Contains(u.Names(), department) {
			return u.Code, true
		}
	}
	return "", false
}
