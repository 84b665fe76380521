package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/subject"
)

// jointRow is a joint matter (联办件) beside its matter.
type jointRow struct {
	ID          store.ID `bun:"id"`
	Application store.ID `bun:"application"`
	Theme       store.ID `bun:"theme"`
	Version     int      `bun:"version"`
	Person      bool     `bun:"person"`
	AcceptedBy  store.ID `bun:"accepted_by"`
}

const jointColumns = `j.id, j.application, j.theme, j.version, j.person, COALESCE(j.accepted_by, 0) AS accepted_by`

// JointState is how a member of a joint matter stands.
type JointState string

// The states of members.
const (
	JointWaiting   JointState = "waiting"   // for what it consumes, or its stage
	JointOpen      JointState = "open"      // its case is with its department
	JointGranted   JointState = "granted"   //
	JointDenied    JointState = "denied"    // or not accepted
	JointWithdrawn JointState = "withdrawn" // by the applicant
	JointDropped   JointState = "dropped"   // it came to nothing by the others; see why
)

// memberRow is a member of a joint matter.
type memberRow struct {
	Joint       store.ID   `bun:"joint"`
	Key         string     `bun:"key"`
	N           int        `bun:"n"`
	Item        store.ID   `bun:"item"`
	Version     int        `bun:"version"`
	No          string     `bun:"no"`
	Code        []byte     `bun:"code"`
	State       JointState `bun:"state"`
	Why         string     `bun:"why"`
	Application store.ID   `bun:"application"`
	Matter      store.ID   `bun:"matter"`
	Judge       bool       `bun:"judge"`
}

const memberColumns = `k.joint, k.key, k.n, k.item, k.version, k.no, k.code, k.state, k.why, COALESCE(k.application, 0) AS application, COALESCE(k.matter, 0) AS matter, k.judge`

func getJoint(ctx context.Context, q store.Querier, id store.ID) (jointRow, error) {
	return store.Get[jointRow](ctx, q, `SELECT `+jointColumns+` FROM service_joint j WHERE j.id = ?`, int64(id))
}

func jointMembers(ctx context.Context, q store.Querier, id store.ID) ([]memberRow, error) {
	return store.Select[memberRow](ctx, q, `SELECT `+memberColumns+` FROM service_joint_member k WHERE k.joint = ? ORDER BY k.n`, int64(id))
}

// givers make the data elements that a registration gives: the credit code (统一社会信用代码,
// GB 32100) of a new enterprise or sole trader. The first two characters tell them apart.
var givers = map[string]*giver{
	"enterprise_code": {"91", form.Text{"zh": "统一社会信用代码", "en": "Credit code"}},
	"trader_code":     {"92", form.Text{"zh": "统一社会信用代码", "en": "Credit code"}},
}

type giver struct {
	kind string
	say  form.Text
}

// sendTheme sends the application for a theme: a joint matter opens, and with it the
// cases of those members that wait for nobody.
func (s *Service) sendTheme(ctx context.Context, who account.Actor, r applicationRow, seq int, person bool) (Sent, error) {
	c := s.casework.Load()
	v, err := s.themeVersion(ctx, s.Store, r.Theme, r.Version)
	if err != nil {
		return Sent{}, err
	}
	x, files, checked, err := s.checkToSend(ctx, r, v.Elements)
	if err != nil {
		return Sent{}, err
	}
	chosen, err := v.Chosen(checked.values, s.today())
	if err != nil {
		return Sent{}, err
	}
	if len(chosen) == 0 {
		return Sent{}, httpapi.FailDetail(http.StatusUnprocessableEntity, "not_eligible", "按您的选择，没有需要办理的事项")
	}
	if _, ok := s.Dir.Tree().Unit(v.Theme.Lead); !ok {
		return Sent{}, httpapi.Fail(http.StatusConflict, "not_applied_here")
	}
	now := s.Store.Now()
	out := Sent{Code: newToken()[:10], Outcome: "received"}
	if out.No, err = s.caseNumber(ctx, c, v.Elements, v.Theme.Key, now); err != nil {
		return Sent{}, err
	}
	x.Grant = map[string]Granted{}
	var rows []memberRow
	for i, m := range chosen {
		it := v.Items[m.Item]
		e, err := s.pinned(pinnedItem(it.ID, it.Version))
		if err != nil {
			return Sent{}, err
		}
		unit, ok := s.unitOf(it.Department)
		if !ok {
			return Sent{}, httpapi.Fail(http.StatusConflict, "not_applied_here")
		}
		row := memberRow{Key: m.Item, N: i + 1, Item: it.ID, Version: it.Version, State: JointWaiting, Judge: it.Instant != "" && !person}
		if row.No, err = s.caseNumber(ctx, c, e, m.Item, now); err != nil {
			return Sent{}, err
		}
		row.Code = s.Keys.MAC("case", newToken()[:10])
		for element, how := range m.Gives {
			n, err := s.Numbers.Next(ctx, "credit code")
			if err != nil {
				return Sent{}, err
			}
			code, err := subject.MakeUSCC(givers[how].kind, c.region(unit), n)
			if err != nil {
				return Sent{}, err
			}
			x.Grant[m.Item+"/"+element] = Granted{givers[how].say, code}
		}
		rows = append(rows, row)
	}
	asker := c.Receiving
	if _, ok := s.Dir.Tree().Unit(asker); !ok {
		asker = v.Theme.Lead
	}
	raw, err := json.Marshal(x)
	if err != nil {
		return Sent{}, err
	}
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE service_application SET state = 'sent', seq = seq + 1, sent_at = ?, updated_at = ? WHERE id = ? AND seq = ? AND state = 'draft'`, store.At(now), store.At(now), r.ID, seq)
		if err != nil {
			return err
		}
		if n == 0 {
			return caseflow.ErrConflict
		}
		if err := s.Vault.Rewrite(ctx, tx, r.Said, r.Person, string(raw)); err != nil {
			return err
		}
		out.Joint = tx.NewID()
		if _, err := tx.Exec(ctx, `UPDATE service_application SET matter = ? WHERE id = ?`, out.Joint, r.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO service_joint (id, application, theme, version, person, seq) VALUES (?, ?, ?, ?, ?, 1)`, out.Joint, r.ID, r.Theme, r.Version, person); err != nil {
			return err
		}
		if err := keepMaterials(ctx, tx, out.Joint, checked.needed, files, now); err != nil {
			return err
		}
		action := "submit"
		if r.AssistedBy != 0 {
			action = "take_in"
		}
		if _, err := s.Engine.Open(ctx, tx, caseflow.Opening{Flow: "joint", Action: action, ID: out.Joint, Actor: who, At: now,
			Matter: caseflow.Matter{No: out.No, Unit: v.Theme.Lead, Asker: asker, Item: pinnedTheme(r.Theme, r.Version), Title: v.Elements.Name, Applicant: r.Person, Class: "normal"}}); err != nil {
			return err
		}
		for _, k := range rows {
			if _, err := tx.Exec(ctx, `INSERT INTO service_joint_member (joint, key, n, item, version, no, code, state, why, judge) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?)`, out.Joint, k.Key, k.N, k.Item, k.Version, k.No, k.Code, string(k.State), k.Judge); err != nil {
				return err
			}
		}
		if err := s.settleJoint(ctx, tx, out.Joint, now); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, out)
	})
	if err != nil {
		return out, err
	}
	if err := s.JudgeDueMembers(ctx); err != nil && s.Log != nil { // what fails is judged by the follower
		s.Log.Warn("members of a joint matter could not be judged", "joint", out.Joint, "error", err)
	}
	return out, nil
}

// region is the administrative division in the credit code of a unit.
func (c *casework) region(unit string) string {
	if code := c.Bodies[unit]; len(code) == 18 {
		return code[2:8]
	}
	return "000000"
}

// keepMaterials keeps how the materials of a new case stand.
func keepMaterials(ctx context.Context, tx *store.Tx, matter store.ID, needed []NeededMaterial, files map[string][]string, at time.Time) error {
	for _, m := range needed {
		list, err := json.Marshal(append([]string{}, files[m.ID]...))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO service_case_material (matter, material, state, files, round, at) VALUES (?, ?, ?, ?, 0, ?)`, matter, m.ID, m.State, string(list), store.At(at)); err != nil {
			return err
		}
	}
	return nil
}

// openMember opens the case of a member: its own form out of the joint one, with what
// the others have brought.
func (s *Service) openMember(ctx context.Context, tx *store.Tx, j jointRow, joint *caseflow.Matter, v *ThemeVersion, rows []memberRow, k memberRow, at time.Time) error {
	e, err := s.pinned(pinnedItem(k.Item, k.Version))
	if err != nil {
		return err
	}
	r, err := store.Get[applicationRow](ctx, tx, `SELECT `+applicationColumns+` FROM service_application a WHERE a.id = ?`, int64(j.Application))
	if err != nil {
		return err
	}
	all, err := s.said(ctx, tx, j.Application)
	if err != nil {
		return err
	}
	given := map[string]any{}
	x := appSaid{Sources: map[string]FillSource{}, Promised: all.Promised, Fetched: map[string]string{}, Grant: map[string]Granted{}}
	for _, o := range rows {
		for element := range v.Theme.member(o.Key).Gives {
			g, ok := all.Grant[o.Key+"/"+element]
			switch {
			case !ok:
			case o.Key == k.Key:
				x.Grant[element[strings.LastIndex(element, ".")+1:]] = g
			case o.State == JointGranted:
				given[element] = g.Value
			}
		}
	}
	situation, values, err := v.Split(k.Key, all.Values, given, at.In(s.Zone()).Format(time.DateOnly))
	if err != nil {
		return err
	}
	part := v.Parts[k.Key]
	for full, name := range part.Questions {
		if src, ok := all.Sources[name]; ok && strings.HasPrefix(full, "form.") {
			x.Sources[strings.TrimPrefix(full, "form.")] = src
		}
	}
	var joined map[string][]string
	if err := json.Unmarshal([]byte(r.Materials), &joined); err != nil {
		return err
	}
	files := map[string][]string{}
	for own, merged := range part.Materials {
		if len(joined[merged]) > 0 {
			files[own] = joined[merged]
		}
	}
	for _, m := range e.Handling.Materials {
		if m.Source != "licence" {
			continue
		}
		held, err := s.heldOf(ctx, tx, r.Person, m.Licence)
		if err != nil {
			return err
		}
		if held != "" {
			x.Fetched[m.ID] = held
		}
	}
	x.Situation, x.Values = situation, values
	checked, err := s.check(e.Handling, x, files, false)
	if err != nil {
		return err
	}
	x.Situation, x.Values = orEmpty(checked.situation), orEmpty(checked.values)
	raw, err := json.Marshal(x)
	if err != nil {
		return err
	}
	materials, err := json.Marshal(files)
	if err != nil {
		return err
	}
	_, term, err := e.inSituation(checked.situation, at.In(s.Zone()).Format(time.DateOnly))
	if err != nil {
		return err
	}
	app, matter, now := tx.NewID(), tx.NewID(), store.At(at)
	ref, err := s.Vault.PutText(ctx, tx, r.Person, "application/"+app.String(), string(raw))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO service_application (id, item, version, person, channel, assisted_by, consent, state, seq, said, materials, created_at, updated_at, sent_at, matter, joint) VALUES (?, ?, ?, ?, ?, NULL, '{}', 'sent', 1, ?, ?, ?, ?, ?, ?, ?)`,
		app, k.Item, k.Version, r.Person, r.Channel, ref, string(materials), now, now, now, matter, j.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO service_case (id, application, item, version, code, channel, ext, deemed, automatic, noticed) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, '[]')`,
		matter, app, k.Item, k.Version, k.Code, r.Channel, false, false); err != nil {
		return err
	}
	if err := keepMaterials(ctx, tx, matter, checked.needed, files, at); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE service_joint_member SET state = 'open', application = ?, matter = ? WHERE joint = ? AND key = ?`, app, matter, j.ID, k.Key); err != nil {
		return err
	}
	unit, ok := s.unitOf(e.Department)
	if !ok {
		return fmt.Errorf("services: no unit answers for %s", e.Name)
	}
	house := account.System(s.Dir)
	if _, err := s.Engine.Open(ctx, tx, caseflow.Opening{Flow: "case", Action: "join_in", ID: matter, Actor: house, At: at,
		Matter: caseflow.Matter{No: k.No, Parent: j.ID, Unit: unit, Asker: joint.Asker, Item: pinnedTerm(pinnedItem(k.Item, k.Version), term), Title: e.Name, Applicant: r.Person, Class: "normal"}}); err != nil {
		return err
	}
	if joint.State == "running" && !k.Judge {
		return s.joinMember(ctx, tx, j, matter, at)
	}
	return nil
}

// joinMember accepts a member's case as part of the one acceptance of the joint matter.
// What may come later is owed (容缺).
func (s *Service) joinMember(ctx context.Context, tx *store.Tx, j jointRow, matter store.ID, at time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE service_case_material SET state = 'owed' WHERE matter = ? AND state = 'missing'`, matter); err != nil {
		return err
	}
	if j.AcceptedBy != 0 {
		if _, err := tx.Exec(ctx, `UPDATE service_case SET accepted_by = ? WHERE id = ?`, j.AcceptedBy, matter); err != nil {
			return err
		}
	}
	_, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: matter, Action: "join", Actor: account.System(s.Dir), At: at})
	return err
}

// heldOf is the identifier of a valid licence of a type that a person holds; empty for none.
func (s *Service) heldOf(ctx context.Context, q store.Querier, person store.ID, typ string) (string, error) {
	held, err := store.Get[string](ctx, q, `SELECT identifier FROM service_licence WHERE person = ? AND type = ? AND status = 'valid' AND (to_day = '' OR to_day >= ?) ORDER BY id DESC LIMIT 1`, int64(person), typ, s.today())
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return held, err
}

// memberMoved keeps a member in step with its case, and then the whole.
func (s *Service) memberMoved(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	if c.Matter.Parent == 0 || c.Before.State == c.Matter.State {
		return nil
	}
	var to JointState
	switch c.Matter.State {
	case "delivering", "owing", "granted":
		to = JointGranted
	case "denied", "rejected", "outside":
		to = JointDenied
	case "withdrawn":
		to = JointWithdrawn
	default:
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE service_joint_member SET state = ?, judge = FALSE WHERE joint = ? AND matter = ? AND state = 'open'`, string(to), c.Matter.Parent, c.Matter.ID)
	if err != nil || n == 0 {
		return err
	}
	return s.settleJoint(ctx, tx, c.Matter.Parent, c.Event.At.Time)
}

// fate is what the policy makes of a member while it waits or runs.
type fate struct {
	key  string
	why  string // not empty: it comes to nothing
	open bool   // what it waits for is there
}

// jointFate is the law of a joint matter: what becomes next of one of its members, by
// how the others stand. ok is false where nothing is to be done.
func jointFate(t *Theme, rows []memberRow) (f fate, ok bool) {
	state := map[string]JointState{}
	failed := -1 // the earliest stage with a member that came to nothing
	for _, r := range rows {
		state[r.Key] = r.State
		if st := t.stage(t.member(r.Key).Stage); (r.State == JointDenied || r.State == JointWithdrawn || r.State == JointDropped) && (failed < 0 || st < failed) {
			failed = st
		}
	}
	if t.Policy == AllOrNothing && failed >= 0 {
		for _, r := range rows {
			if r.State == JointWaiting || r.State == JointOpen || r.State == JointGranted {
				return fate{key: r.Key, why: "all"}, true
			}
		}
		return f, false
	}
	for _, r := range rows {
		if r.State != JointWaiting {
			continue
		}
		m := t.member(r.Key)
		if t.Policy == Ordered && failed >= 0 && failed < t.stage(m.Stage) {
			return fate{key: r.Key, why: "stage"}, true
		}
		ready := true
		for _, typ := range m.Consumes {
			asked, made, hope := false, false, false
			for _, p := range t.makers(typ, m) {
				if st, is := state[p.Item]; is {
					asked = true
					made = made || st == JointGranted
					hope = hope || st == JointWaiting || st == JointOpen
				}
			}
			switch {
			case !asked || made: // the applicant has it already, or it is there now
			case hope:
				ready = false
			default:
				return fate{key: r.Key, why: "producer"}, true
			}
		}
		if t.Policy == Ordered {
			for _, o := range rows {
				if t.stage(t.member(o.Key).Stage) < t.stage(m.Stage) && (o.State == JointWaiting || o.State == JointOpen) {
					ready = false
				}
			}
		}
		if ready {
			return fate{key: r.Key, open: true}, true
		}
	}
	return f, false
}

// settleJoint does what follows of how the members stand: opens those whose turn it is,
// ends those that have come to nothing, and at last the whole.
func (s *Service) settleJoint(ctx context.Context, tx *store.Tx, id store.ID, at time.Time) error {
	// Two members that are decided at once are settled one after the other.
	if _, err := tx.Exec(ctx, `UPDATE service_joint SET seq = seq + 1 WHERE id = ?`, id); err != nil {
		return err
	}
	j, err := getJoint(ctx, tx, id)
	if err != nil {
		return err
	}
	v, err := s.themeVersion(ctx, tx, j.Theme, j.Version)
	if err != nil {
		return err
	}
	for {
		joint, err := caseflow.Get(ctx, tx, id)
		if err != nil || !joint.Open {
			return err
		}
		rows, err := jointMembers(ctx, tx, id)
		if err != nil {
			return err
		}
		f, ok := jointFate(v.Theme, rows)
		if !ok {
			return s.finishJoint(ctx, tx, v, rows, at)
		}
		k := rows[slices.IndexFunc(rows, func(r memberRow) bool { return r.Key == f.key })]
		if f.open {
			if err := s.openMember(ctx, tx, j, joint, v, rows, k, at); err != nil {
				return err
			}
			continue
		}
		if err := s.dropMember(ctx, tx, k, f.why, at); err != nil {
			return err
		}
	}
}

// dropMember ends a member that came to nothing by the others: its case is dissolved,
// what is due for it is not charged.
func (s *Service) dropMember(ctx context.Context, tx *store.Tx, k memberRow, why string, at time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE service_joint_member SET state = 'dropped', why = ?, judge = FALSE WHERE joint = ? AND key = ?`, why, k.Joint, k.Key); err != nil || k.Matter == 0 {
		return err
	}
	due, err := store.Select[billRow](ctx, tx, billRowSQL+` WHERE matter = ? AND state = ?`, k.Matter, billDue)
	if err != nil {
		return err
	}
	for _, b := range due {
		if err := s.changeBill(ctx, tx, b, billChange{state: billWaived, reason: "联办未成，不收费", at: store.At(at)}); err != nil {
			return err
		}
	}
	_, err = s.Engine.Do(ctx, tx, caseflow.Command{Matter: k.Matter, Action: "dissolve", Actor: account.System(s.Dir), At: at})
	return err
}

// jointEnd is how a joint matter ends, by how its members have; empty while one still may
// come to something.
func jointEnd(rows []memberRow) string {
	n := map[JointState]int{}
	for _, r := range rows {
		n[r.State]++
	}
	switch {
	case n[JointWaiting]+n[JointOpen] > 0:
		return ""
	case n[JointGranted] == len(rows):
		return "finish"
	case n[JointGranted] > 0:
		return "finish_partly"
	case n[JointDenied] == 0:
		return "finish_withdrawn"
	}
	return "finish_denied"
}

func (s *Service) finishJoint(ctx context.Context, tx *store.Tx, v *ThemeVersion, rows []memberRow, at time.Time) error {
	end := jointEnd(rows)
	if end == "" {
		return nil
	}
	if v.Theme.Policy == AllOrNothing && end == "finish" { // held back until now
		for _, k := range rows {
			m, err := caseflow.Get(ctx, tx, k.Matter)
			if err != nil {
				return err
			}
			if err := s.issueLicence(ctx, tx, &caseflow.Change{Engine: s.Engine, Actor: account.System(s.Dir), Matter: m, Event: &caseflow.Event{At: store.At(at)}}); err != nil {
				return err
			}
		}
	}
	_, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: rows[0].Joint, Action: end, Actor: account.System(s.Dir), At: at})
	return err
}

// heldBack says that the licence of a case waits until all members are granted.
func (s *Service) heldBack(ctx context.Context, tx *store.Tx, m *caseflow.Matter) (bool, error) {
	if m.Parent == 0 {
		return false, nil
	}
	return s.heldBackOf(ctx, tx, m.Parent)
}

// heldBackOf says that all members of a joint matter stand or fall together.
func (s *Service) heldBackOf(ctx context.Context, q store.Querier, joint store.ID) (bool, error) {
	j, err := getJoint(ctx, q, joint)
	if err != nil {
		return false, err
	}
	v, err := s.themeVersion(ctx, q, j.Theme, j.Version)
	if err != nil {
		return false, err
	}
	return v.Theme.Policy == AllOrNothing, nil
}

// jointAccepted accepts every member's case that nobody has dealt with yet: one
// acceptance for all. Those that come later are accepted when they open.
func (s *Service) jointAccepted(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	j, err := getJoint(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	rows, err := jointMembers(ctx, tx, j.ID)
	if err != nil {
		return err
	}
	if !c.Actor.IsSystem() {
		points := saidList(c.Form, "points")
		for _, k := range rows {
			e, err := s.pinned(pinnedItem(k.Item, k.Version))
			if err != nil {
				return err
			}
			for _, p := range e.Handling.Acceptance {
				if !slices.Contains(points, k.Key+"."+p.ID) {
					return refuse("points", "all_points")
				}
			}
		}
	}
	if j.AcceptedBy = c.Actor.Account; j.AcceptedBy != 0 {
		if _, err := tx.Exec(ctx, `UPDATE service_joint SET accepted_by = ? WHERE id = ?`, j.AcceptedBy, j.ID); err != nil {
			return err
		}
	}
	for _, k := range rows {
		if k.Matter == 0 || k.State != JointOpen || k.Judge {
			continue
		}
		m, err := caseflow.Get(ctx, tx, k.Matter)
		if err != nil {
			return err
		}
		if m.State == "received" {
			if err := s.joinMember(ctx, tx, j, k.Matter, c.Event.At.Time); err != nil {
				return err
			}
		}
	}
	return nil
}

// jointExtended holds an extension to the fifteen days of 行政许可法第四十二条第二款.
func (s *Service) jointExtended(_ context.Context, _ *store.Tx, c *caseflow.Change) error {
	l, err := calendar.ParseLimit(said(c.Form, "length"))
	switch {
	case err != nil || l.Unit != calendar.WorkingDays:
		return refuse("length", "in_working_days")
	case l.Days > jointExtend:
		return refuse("length", "above_cap")
	}
	return nil
}

// jointWithdrawn withdraws the whole: what waits is not opened, what runs is withdrawn
// as any case, what was granted stays.
func (s *Service) jointWithdrawn(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	if _, err := tx.Exec(ctx, `UPDATE service_joint_member SET state = 'dropped', why = 'withdrawn', judge = FALSE WHERE joint = ? AND state = 'waiting'`, c.Matter.ID); err != nil {
		return err
	}
	rows, err := jointMembers(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	for _, k := range rows {
		if k.State != JointOpen {
			continue
		}
		m, err := caseflow.Get(ctx, tx, k.Matter)
		if err != nil {
			return err
		}
		if m.State == "withdrawing" {
			continue
		}
		if _, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: k.Matter, Action: "withdraw", Actor: c.Actor, Form: c.Form, At: c.Event.At.Time}); err != nil {
			return err
		}
	}
	return s.settleJoint(ctx, tx, c.Matter.ID, c.Event.At.Time)
}

const jointConsumer = "services.joints"

// judgeMembers asks the decision packs of members that have opened. It is woken by the
// events of cases and asks the rows, so that what was left undone is done the next time.
func (s *Service) judgeMembers(ctx context.Context, events []event.Event) error {
	if !slices.ContainsFunc(events, func(e event.Event) bool { return strings.HasPrefix(e.Subject, System+".") }) {
		return nil
	}
	return s.JudgeDueMembers(ctx)
}

// JudgeDueMembers judges every member that waits for its decision pack; one that is
// granted may open others, which are judged too. One that fails is left for the next time.
func (s *Service) JudgeDueMembers(ctx context.Context) error {
	var failed error
	tried := map[store.ID]bool{}
	for {
		due, err := store.Select[memberRow](ctx, s.Store, `SELECT `+memberColumns+` FROM service_joint_member k WHERE k.judge AND k.state = 'open' ORDER BY k.joint, k.n LIMIT 200`)
		if err != nil {
			return errors.Join(err, failed)
		}
		due = slices.DeleteFunc(due, func(k memberRow) bool { return tried[k.Matter] })
		if len(due) == 0 {
			return failed
		}
		for _, k := range due {
			tried[k.Matter] = true
			if err := s.judgeMember(ctx, k); err != nil {
				failed = errors.Join(failed, fmt.Errorf("services: member %s: %w", k.No, err))
			}
		}
	}
}

// judgeMember decides a member's case instantly, or leaves it to people.
func (s *Service) judgeMember(ctx context.Context, k memberRow) error {
	r, err := store.Get[applicationRow](ctx, s.Store, `SELECT `+applicationColumns+` FROM service_application a WHERE a.id = ?`, int64(k.Application))
	if err != nil {
		return err
	}
	e, err := s.pinned(pinnedItem(k.Item, k.Version))
	if err != nil {
		return err
	}
	x, err := s.said(ctx, s.Store, k.Application)
	if err != nil {
		return err
	}
	now := s.Store.Now()
	verdict, err := s.instantly(ctx, r, x, e, now, false)
	if err != nil {
		return err
	}
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE service_joint_member SET judge = FALSE WHERE joint = ? AND key = ? AND judge`, k.Joint, k.Key)
		if err != nil || n == 0 {
			return err
		}
		m, err := caseflow.Get(ctx, tx, k.Matter)
		if err != nil || m.State != "received" {
			return err
		}
		decision, err := s.keepInstant(ctx, tx, verdict, k.Matter, account.System(s.Dir))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE service_case SET decision = ?, automatic = ? WHERE id = ?`, decision.id, decision.granted, k.Matter); err != nil {
			return err
		}
		if !decision.granted {
			j, err := getJoint(ctx, tx, k.Joint)
			if err != nil {
				return err
			}
			joint, err := caseflow.Get(ctx, tx, k.Joint)
			if err != nil || joint.State != "running" {
				return err
			}
			return s.joinMember(ctx, tx, j, k.Matter, now)
		}
		grants := verdict.grants()
		if len(grants) > 0 {
			if x.Grant == nil {
				x.Grant = map[string]Granted{}
			}
			maps.Copy(x.Grant, grants)
			raw, err := json.Marshal(x)
			if err != nil {
				return err
			}
			if err := s.Vault.Rewrite(ctx, tx, r.Said, r.Person, string(raw)); err != nil {
				return err
			}
		}
		_, err = s.Engine.Do(ctx, tx, caseflow.Command{Matter: k.Matter, Action: "instant", Actor: account.System(s.Dir), At: now})
		return err
	})
}
