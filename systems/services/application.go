package services

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"regexp"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Application is an application (申请) while it is filled in.
type Application struct {
	ID         store.ID              `json:"id"`
	Item       store.ID              `json:"item"`
	Theme      string                `json:"theme,omitempty" doc:"The life event (一件事) that it is for, in place of an item"`
	ItemName   string                `json:"item_name"`
	Version    int                   `json:"item_version"`
	State      string                `json:"state" enum:"draft,sent,discarded"`
	Channel    string                `json:"channel"`
	Seq        int                   `json:"version"`
	Situation  map[string]any        `json:"situation"`
	Values     map[string]any        `json:"values"`
	Sources    map[string]FillSource `json:"sources" doc:"Whence an answer was filled in (秒报)"`
	Files      map[string][]string   `json:"files" doc:"By material"`
	Promised   bool                  `json:"promised" doc:"The commitment was made (告知承诺)"`
	Handling   *Handling             `json:"handling"`
	Needed     []NeededMaterial      `json:"needed" doc:"The exact list of materials, as far as it is known"`
	Wrong      map[string]string     `json:"wrong,omitempty" doc:"By question: what is wrong so far; gaps are not"`
	Exit       form.Text             `json:"exit,omitempty" doc:"The applicant is not eligible, and why"`
	Legal      *ItemDays             `json:"legal,omitempty"`
	Pledged    *ItemDays             `json:"promise_days,omitempty"`
	Fee        *ItemFee              `json:"fee,omitempty"`
	Term       form.Text             `json:"term,omitempty" doc:"The situation that time and fee are of"`
	UpdatedAt  store.Time            `json:"updated_at"`
	KeptUntil  store.Time            `json:"kept_until"`
	Case       store.ID              `json:"case,omitempty"`
	FillFrom   []string              `json:"fill_from" doc:"Whom autofill asks: said before the applicant agrees"`
	Applicant  string                `json:"applicant,omitempty" doc:"Masked: who it is for, where a clerk fills it in"`
	AssistedBy string                `json:"assisted_by,omitempty"`
}

// FillSource is whence an answer was filled in.
type FillSource struct {
	Fact   string    `json:"fact"`
	Source string    `json:"source"`
	AsOf   time.Time `json:"as_of"`
	Edit   bool      `json:"edit,omitempty" doc:"The applicant may change it"`
}

// NeededMaterial is a material as the applicant sees it.
type NeededMaterial struct {
	*ItemMaterial
	State string `json:"state" enum:"missing,got,fetched,made,promised" doc:"fetched: nothing need be brought (免提交)"`
}

// appSaid is what an applicant said: it lies in the vault.
type appSaid struct {
	Situation map[string]any        `json:"situation"`
	Values    map[string]any        `json:"values"`
	Sources   map[string]FillSource `json:"sources"`
	Promised  bool                  `json:"promised"`
	Fetched   map[string]string     `json:"fetched"` // material → the licence that stands for it
	Grant     map[string]Granted    `json:"grant,omitempty"`
}

// Granted is what a decision grants beyond the permission itself.
type Granted struct {
	Say   form.Text `json:"say"`
	Value any       `json:"value"`
}

type applicationRow struct {
	ID         store.ID   `bun:"id"`
	Item       store.ID   `bun:"item"`
	Version    int        `bun:"version"`
	Person     store.ID   `bun:"person"`
	Channel    string     `bun:"channel"`
	AssistedBy store.ID   `bun:"assisted_by"`
	Consent    string     `bun:"consent"`
	State      string     `bun:"state"`
	Seq        int        `bun:"seq"`
	Said       store.ID   `bun:"said"`
	Materials  string     `bun:"materials"`
	UpdatedAt  store.Time `bun:"updated_at"`
	Matter     store.ID   `bun:"matter"`
	Theme      store.ID   `bun:"theme"`
}

// pinned names the version of the item, or of the theme, that it is for.
func (r applicationRow) pinned() string {
	if r.Theme != 0 {
		return pinnedTheme(r.Theme, r.Version)
	}
	return pinnedItem(r.Item, r.Version)
}

const applicationColumns = `a.id, a.item, a.version, a.person, a.channel, COALESCE(a.assisted_by, 0) AS assisted_by, a.consent, a.state, a.seq, a.said, a.materials, a.updated_at, COALESCE(a.matter, 0) AS matter, COALESCE(a.theme, 0) AS theme`

// said reads what an applicant said.
func (s *Service) said(ctx context.Context, q store.Querier, application store.ID) (appSaid, error) {
	var out appSaid
	ref, err := store.Get[store.ID](ctx, q, `SELECT said FROM service_application WHERE id = ?`, int64(application))
	if err != nil {
		return out, err
	}
	raw, err := s.Vault.OwnText(ctx, q, ref)
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal([]byte(raw), &out)
}

// applicationFor reads an application for one who may fill it in: the applicant, or the
// clerk who does it with them.
func (s *Service) applicationFor(ctx context.Context, q store.Querier, who account.Actor, id store.ID) (applicationRow, error) {
	r, err := store.Get[applicationRow](ctx, q, `SELECT `+applicationColumns+` FROM service_application a WHERE a.id = ?`, int64(id))
	if err != nil {
		return r, err
	}
	own := who.Person != 0 && who.Person == r.Person && who.Kind == account.Citizen
	assisted := r.AssistedBy != 0 && r.AssistedBy == who.Account
	if !own && !assisted {
		return r, store.ErrNotFound
	}
	return r, nil
}

var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

// NewApplication begins an application.
type NewApplication struct {
	Item      store.ID          `json:"item"`
	Applicant map[string]string `json:"applicant,omitempty" doc:"At a counter: name, phone, id_number of who stands there"`
	Consent   bool              `json:"consent,omitempty" doc:"At a counter: the applicant agrees that the clerk fills it in with them (辅助申报)"`
}

// BeginApplication begins a draft for an item that is applied for here.
func (s *Service) BeginApplication(ctx context.Context, who account.Actor, in NewApplication) (Application, error) {
	c := s.casework.Load()
	item, err := s.Item(ctx, in.Item, 0)
	if err != nil {
		return Application{}, err
	}
	if c == nil || item.State != ItemPublished || item.Elements.Handling == nil {
		return Application{}, httpapi.Fail(http.StatusConflict, "not_applied_here")
	}
	if _, ok := s.unitOf(item.Elements.Department); !ok {
		return Application{}, httpapi.Fail(http.StatusConflict, "not_applied_here")
	}
	return s.beginDraft(ctx, who, in, applicationRow{Item: in.Item, Version: item.Version})
}

// beginDraft begins a draft for a version of an item or a theme.
func (s *Service) beginDraft(ctx context.Context, who account.Actor, in NewApplication, r applicationRow) (Application, error) {
	channel, clerk := "phone", store.ID(0)
	if who.Kind != account.Citizen {
		channel, clerk = "window", who.Account
		if err := s.checkCounterApplicant(in); err != nil {
			return Application{}, err
		}
	} else if who.Person == 0 {
		return Application{}, httpapi.Fail(http.StatusForbidden, "forbidden")
	}
	raw, err := json.Marshal(appSaid{Situation: map[string]any{}, Values: map[string]any{}, Sources: map[string]FillSource{}, Fetched: map[string]string{}})
	if err != nil {
		return Application{}, err
	}
	now := store.At(s.Store.Now())
	var id store.ID
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		person := who.Person
		if clerk != 0 {
			var err error
			if person, err = s.counterPerson(ctx, tx, in.Applicant); err != nil {
				return err
			}
		}
		id = tx.NewID()
		ref, err := s.Vault.PutText(ctx, tx, person, "application/"+id.String(), string(raw))
		if err != nil {
			return err
		}
		consent := map[string]store.Time{}
		if clerk != 0 {
			consent["assisted"] = now
		}
		agreed, err := json.Marshal(consent)
		if err != nil {
			return err
		}
		var by, theme any
		if clerk != 0 {
			by = clerk
		}
		if r.Theme != 0 {
			theme = r.Theme
		}
		if _, err := tx.Exec(ctx, `INSERT INTO service_application (id, item, version, person, channel, assisted_by, consent, state, seq, said, materials, created_at, updated_at, theme) VALUES (?, ?, ?, ?, ?, ?, ?, 'draft', 1, ?, '{}', ?, ?, ?)`,
			id, int64(r.Item), r.Version, person, channel, by, string(agreed), ref, now, now, theme); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, Application{ID: id, Item: in.Item, Seq: 1, State: "draft"})
	})
	if err != nil {
		return Application{}, err
	}
	return s.Application(ctx, who, id)
}

func (s *Service) checkCounterApplicant(in NewApplication) error {
	switch {
	case !in.Consent:
		return httpapi.FailField("consent", "required")
	case in.Applicant["name"] == "":
		return httpapi.FailField("applicant.name", "required")
	case !mobile.MatchString(in.Applicant["phone"]):
		return httpapi.FailField("applicant.phone", "not_cn_mobile")
	}
	return nil
}

// counterPerson finds who stands at the counter by their phone, or makes them known.
func (s *Service) counterPerson(ctx context.Context, tx *store.Tx, given map[string]string) (store.ID, error) {
	who := vault.Identity{vault.Name: given["name"], vault.Phone: given["phone"], vault.IDNumber: given["id_number"]}
	ids, err := s.Vault.Find(ctx, tx, vault.Phone, given["phone"])
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		known, err := s.Vault.Own(ctx, tx, id)
		if err == nil && (known[vault.Name] == "" || known[vault.Name] == given["name"]) {
			return id, s.Vault.Update(ctx, tx, id, who)
		}
	}
	return s.Vault.NewPerson(ctx, tx, who)
}

// Application reads an application for one who fills it in.
func (s *Service) Application(ctx context.Context, who account.Actor, id store.ID) (Application, error) {
	r, err := s.applicationFor(ctx, s.Store, who, id)
	if err != nil {
		return Application{}, err
	}
	x, err := s.said(ctx, s.Store, id)
	if err != nil {
		return Application{}, err
	}
	return s.showApplication(ctx, r, x)
}

func (s *Service) showApplication(ctx context.Context, r applicationRow, x appSaid) (Application, error) {
	e, err := s.pinned(r.pinned())
	if err != nil {
		return Application{}, err
	}
	a := Application{ID: r.ID, Item: r.Item, ItemName: e.Name, Version: r.Version, State: r.State, Channel: r.Channel, Seq: r.Seq, Situation: x.Situation, Values: x.Values, Sources: x.Sources, Promised: x.Promised, Handling: e.Handling, Legal: e.Legal, Pledged: e.Promised, UpdatedAt: r.UpdatedAt, Case: r.Matter, Needed: []NeededMaterial{}}
	if r.Theme != 0 {
		v, err := s.themeVersion(ctx, s.Store, r.Theme, r.Version)
		if err != nil {
			return a, err
		}
		a.Theme = v.Theme.Key
	}
	if err := json.Unmarshal([]byte(r.Materials), &a.Files); err != nil {
		return a, err
	}
	if c := s.casework.Load(); c != nil {
		cal, err := s.Book.Current(c.office)
		if err != nil {
			return a, err
		}
		a.KeptUntil = store.At(cal.Add(r.UpdatedAt.Time, c.draft))
	}
	if r.AssistedBy != 0 {
		m, err := s.Vault.Masked(ctx, s.Store, r.Person)
		if err != nil {
			return a, err
		}
		a.Applicant = m.Name + " " + m.Phone
	}
	return a, s.comesTo(&a, e, x, r.Theme != 0)
}

// comesTo says what an application comes to as it stands: what is wrong, what is needed,
// how long it takes and what it costs; the time of a life event is not of its situation.
func (s *Service) comesTo(a *Application, e *ItemElements, x appSaid, theme bool) error {
	a.FillFrom = s.fillSources(e)
	check, err := s.check(e.Handling, x, a.Files, true)
	a.Wrong, a.Exit, a.Needed = check.wrong, check.exit, check.needed
	if err != nil || theme {
		return err
	}
	of, n, err := e.inSituation(check.situation, s.today())
	if err != nil {
		return err
	}
	if a.Legal, a.Pledged, a.Fee = of.Legal, of.Promised, of.Handling.Fee; n > 0 {
		a.Term = e.Handling.Terms[n-1].Say
	}
	return nil
}

// checkedApplication is what an application comes to as it stands.
type checkedApplication struct {
	situation, values map[string]any
	wrong             map[string]string
	exit              form.Text
	needed            []NeededMaterial
}

// check reads what was said against the item. A draft may have gaps.
func (s *Service) check(h *Handling, x appSaid, files map[string][]string, draft bool) (checkedApplication, error) {
	out := checkedApplication{wrong: map[string]string{}, needed: []NeededMaterial{}}
	today := s.today()
	if h.Situation != nil {
		f, err := h.Situation.Fill(x.Situation, today, draft)
		if err != nil {
			return out, err
		}
		out.situation = f.Values
		for name, key := range f.Wrong {
			out.wrong["situation."+name] = key
		}
		if f.Exit != nil {
			out.exit = f.Exit.Say
		}
	} else if len(x.Situation) > 0 {
		out.wrong["situation"] = "unknown"
	}
	f, err := h.Form.Fill(x.Values, today, draft)
	if err != nil {
		return out, err
	}
	out.values = f.Values
	for name, key := range f.Wrong {
		out.wrong["values."+name] = key
	}
	if f.Exit != nil && out.exit == nil {
		out.exit = f.Exit.Say
	}
	needed, err := h.Needed(out.situation, out.values, today)
	if err != nil {
		return out, err
	}
	for _, m := range needed {
		n := NeededMaterial{m, "missing"}
		switch {
		case m.Source == "made":
			n.State = "made"
		case m.Source == "shared": // another department's data stands for it (免提交)
			n.State = "fetched"
		case len(files[m.ID]) > 0:
			n.State = "got"
		case x.Fetched[m.ID] != "":
			n.State = "fetched"
		case m.Promise && x.Promised:
			n.State = "promised"
		}
		if n.State == "missing" && !draft && !m.Tolerate {
			out.wrong["files."+m.ID] = "required"
		}
		if len(files[m.ID]) > cmp.Or(m.Most, 5) {
			out.wrong["files."+m.ID] = "too_many_values"
		}
		out.needed = append(out.needed, n)
	}
	for id := range files {
		if h.material(id) == nil {
			out.wrong["files."+id] = "unknown"
		}
	}
	return out, nil
}

// ApplicationDraft is what is saved of an application.
type ApplicationDraft struct {
	Seq       int                 `json:"version"`
	Situation map[string]any      `json:"situation,omitempty"`
	Values    map[string]any      `json:"values,omitempty"`
	Files     map[string][]string `json:"files,omitempty"`
	Promised  bool                `json:"promised,omitempty"`
}

// SaveApplication keeps a draft, gaps and faults and all; ErrConflict where another
// window has saved it since. What was filled in from a source and is not the
// applicant's to change stays as it was.
func (s *Service) SaveApplication(ctx context.Context, who account.Actor, id store.ID, in ApplicationDraft) (Application, error) {
	r, err := s.applicationFor(ctx, s.Store, who, id)
	if err != nil {
		return Application{}, err
	}
	if r.State != "draft" {
		return Application{}, httpapi.Fail(http.StatusConflict, "refused_state")
	}
	x, err := s.said(ctx, s.Store, id)
	if err != nil {
		return Application{}, err
	}
	var all []string
	for _, files := range in.Files {
		all = append(all, files...)
	}
	if ok, err := s.Files.Exists(ctx, s.Store, all); err != nil {
		return Application{}, err
	} else if !ok {
		return Application{}, httpapi.FailField("files", "no_such_file")
	}
	fixed := map[string]any{}
	for name, src := range x.Sources {
		if !src.Edit {
			fixed[name] = x.Values[name]
		}
	}
	x.Situation, x.Values, x.Promised = orEmpty(in.Situation), orEmpty(in.Values), in.Promised
	for name, v := range fixed {
		x.Values[name] = v
	}
	for name := range x.Sources {
		if x.Values[name] == nil {
			delete(x.Sources, name)
		}
	}
	if in.Files == nil {
		in.Files = map[string][]string{}
	}
	if r, err = s.keepApplication(ctx, r, in.Seq, x, in.Files); err != nil {
		return Application{}, err
	}
	return s.showApplication(ctx, r, x)
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func (s *Service) keepApplication(ctx context.Context, r applicationRow, seq int, x appSaid, files map[string][]string) (applicationRow, error) {
	raw, err := json.Marshal(x)
	if err != nil {
		return r, err
	}
	materials, err := json.Marshal(files)
	if err != nil {
		return r, err
	}
	now := store.At(s.Store.Now())
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE service_application SET seq = ?, materials = ?, updated_at = ? WHERE id = ? AND seq = ? AND state = 'draft'`, seq+1, string(materials), now, r.ID, seq)
		if err != nil {
			return err
		}
		if n == 0 {
			return caseflow.ErrConflict
		}
		return s.Vault.Rewrite(ctx, tx, r.Said, r.Person, string(raw))
	})
	r.Seq, r.Materials, r.UpdatedAt = seq+1, string(materials), now
	return r, err
}

// Autofill fills in what the district knows already (秒报): the form's answers that name
// a fact, and the materials that are licences issued here. The applicant agrees to it;
// what was asked of whom, and when, is kept.
func (s *Service) Autofill(ctx context.Context, who account.Actor, id store.ID, seq int, consent bool) (Application, error) {
	if !consent {
		return Application{}, httpapi.FailField("consent", "required")
	}
	r, err := s.applicationFor(ctx, s.Store, who, id)
	if err != nil {
		return Application{}, err
	}
	if r.State != "draft" {
		return Application{}, httpapi.Fail(http.StatusConflict, "refused_state")
	}
	x, err := s.said(ctx, s.Store, id)
	if err != nil {
		return Application{}, err
	}
	e, err := s.pinned(r.pinned())
	if err != nil {
		return Application{}, err
	}
	facts, err := s.knownFacts(ctx, r, x, e)
	if err != nil {
		return Application{}, err
	}
	own, err := s.ownFacts(ctx, r.Person)
	if err != nil {
		return Application{}, err
	}
	maps.Copy(facts, own)
	for name, q := range e.Handling.Form.Schema.Properties {
		got := facts[q.Fill]
		if q.Fill == "" || len(got) == 0 || got[0].Value == nil || x.Values[name] != nil && x.Sources[name].Fact == "" {
			continue
		}
		x.Values[name] = got[0].Value
		x.Sources[name] = FillSource{Fact: q.Fill, Source: got[0].Source, AsOf: got[0].AsOf, Edit: q.Edit}
	}
	if x.Fetched == nil {
		x.Fetched = map[string]string{}
	}
	for _, m := range e.Handling.Materials {
		if m.Source != "licence" {
			continue
		}
		held, err := s.heldOf(ctx, s.Store, r.Person, m.Licence)
		if err != nil {
			return Application{}, err
		}
		if held != "" {
			x.Fetched[m.ID] = held
		}
	}
	var files map[string][]string
	if err := json.Unmarshal([]byte(r.Materials), &files); err != nil {
		return Application{}, err
	}
	if r, err = s.keepApplication(ctx, r, seq, x, files); err != nil {
		return Application{}, err
	}
	if err := s.consent(ctx, r, "autofill"); err != nil {
		return Application{}, err
	}
	return s.showApplication(ctx, r, x)
}

// consent keeps that the applicant agreed to something, and when.
func (s *Service) consent(ctx context.Context, r applicationRow, to string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		raw, err := store.Get[string](ctx, tx, `SELECT consent FROM service_application WHERE id = ?`, r.ID)
		if err != nil {
			return err
		}
		agreed := map[string]store.Time{}
		if err := json.Unmarshal([]byte(raw), &agreed); err != nil {
			return err
		}
		agreed[to] = store.At(s.Store.Now())
		out, err := json.Marshal(agreed)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE service_application SET consent = ? WHERE id = ?`, string(out), r.ID)
		return err
	})
}

// accountSource is the source of what a person's own account says.
const accountSource = "本人账户"

// ownFacts is what a person's own account says.
func (s *Service) ownFacts(ctx context.Context, person store.ID) (rule.Facts, error) {
	who, err := s.Vault.Own(ctx, s.Store, person)
	if err != nil {
		return nil, err
	}
	facts, now := rule.Facts{}, s.Store.Now()
	for name, kind := range map[string]vault.Kind{"person.name": vault.Name, "person.phone": vault.Phone, "person.id_no": vault.IDNumber, "person.address": vault.Address} {
		if who[kind] != "" {
			facts[name] = []rule.Fact{{Value: who[kind], Source: accountSource, AsOf: now}}
		}
	}
	return facts, nil
}

// DiscardApplication drops a draft and what was said in it.
func (s *Service) DiscardApplication(ctx context.Context, who account.Actor, id store.ID) error {
	r, err := s.applicationFor(ctx, s.Store, who, id)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE service_application SET state = 'discarded', materials = '{}', seq = seq + 1 WHERE id = ? AND state = 'draft'`, r.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return httpapi.Fail(http.StatusConflict, "refused_state")
		}
		return s.Vault.Rewrite(ctx, tx, r.Said, r.Person, "{}")
	})
}

// ApplicationHead is an application in a list.
type ApplicationHead struct {
	ID        store.ID   `bun:"id" json:"id"`
	Item      store.ID   `bun:"item" json:"item"`
	ItemName  string     `bun:"name" json:"item_name"`
	UpdatedAt store.Time `bun:"updated_at" json:"updated_at"`
	Theme     store.ID   `bun:"theme" json:"-"`
	Version   int        `bun:"version" json:"-"`
}

// Drafts are what the actor has not sent yet, the newest first.
func (s *Service) Drafts(ctx context.Context, who account.Actor) ([]ApplicationHead, error) {
	cond, arg := "a.person = ? AND a.assisted_by IS NULL", int64(who.Person)
	if who.Kind != account.Citizen {
		cond, arg = "a.assisted_by = ?", int64(who.Account)
	}
	heads, err := store.Select[ApplicationHead](ctx, s.Store, `SELECT a.id, a.item, COALESCE(i.name, '') AS name, a.updated_at, COALESCE(a.theme, 0) AS theme, a.version FROM service_application a LEFT JOIN service_item i ON i.id = a.item WHERE a.state = 'draft' AND `+cond+` ORDER BY a.updated_at DESC LIMIT 100`, arg)
	for i, h := range heads {
		if h.Theme != 0 && err == nil {
			var v *ThemeVersion
			if v, err = s.themeVersion(ctx, s.Store, h.Theme, h.Version); err == nil {
				heads[i].ItemName = v.Theme.Name["zh"]
			}
		}
	}
	return heads, err
}

// Sent is what an application came to when it was sent.
type Sent struct {
	Case    store.ID `json:"case,omitempty"`
	Joint   store.ID `json:"joint,omitempty" doc:"Of a life event: the joint matter (联办件) in place of a case"`
	No      string   `json:"no"`
	Code    string   `json:"code" doc:"With the number it opens the progress to whoever has it"`
	Outcome string   `json:"outcome" enum:"granted,received"`
	Licence store.ID `json:"licence,omitempty"`
	Lane    string   `json:"lane,omitempty" doc:"Of the instant approval: approve, supplement, human, none"`
	Rate    string   `json:"rate,omitempty" doc:"Opens the rating of the case once it is over: it stands on the receipt"`
}

// SendApplication sends an application: it is checked whole, gets its number, and a case
// opens; where its item has a decision pack and the applicant does not ask for a person
// (个人信息保护法第二十四条), it is decided at once.
func (s *Service) SendApplication(ctx context.Context, who account.Actor, id store.ID, seq int, person bool) (Sent, error) {
	return s.sendConveyed(ctx, who, id, seq, person, nil)
}

// sendConveyed sends an application whose papers are yet to be brought to the authority;
// with no conveyance, one that is there when it is sent.
func (s *Service) sendConveyed(ctx context.Context, who account.Actor, id store.ID, seq int, person bool, way *conveyance) (Sent, error) {
	r, err := s.applicationFor(ctx, s.Store, who, id)
	if err != nil {
		return Sent{}, err
	}
	if r.State != "draft" {
		return Sent{}, httpapi.Fail(http.StatusConflict, "refused_state")
	}
	if seq != r.Seq {
		return Sent{}, caseflow.ErrConflict
	}
	switch assisted, err := s.assistedToSend(ctx, s.Store, r.ID); {
	case err != nil:
		return Sent{}, err
	case assisted:
		r.Channel = "assisted"
	}
	if r.Theme != 0 {
		if way != nil {
			return Sent{}, httpapi.Fail(http.StatusConflict, "not_citywide")
		}
		return s.sendTheme(ctx, who, r, seq, person)
	}
	c := s.casework.Load()
	e, err := s.pinned(r.pinned())
	if err != nil {
		return Sent{}, err
	}
	x, files, checked, err := s.checkToSend(ctx, r, e)
	if err != nil {
		return Sent{}, err
	}
	unit, ok := s.unitOf(e.Department)
	if !ok {
		return Sent{}, httpapi.Fail(http.StatusConflict, "not_applied_here")
	}
	_, term, err := e.inSituation(checked.situation, s.today())
	if err != nil {
		return Sent{}, err
	}
	now := s.Store.Now()
	key, err := store.Get[string](ctx, s.Store, `SELECT key FROM service_item WHERE id = ?`, r.Item)
	if err != nil {
		return Sent{}, err
	}
	no, err := s.caseNumber(ctx, c, e, key, now)
	if err != nil {
		return Sent{}, err
	}
	asker := c.Receiving
	if _, ok := s.Dir.Tree().Unit(asker); !ok {
		asker = unit
	}
	if way != nil {
		if way.asker != "" {
			asker = way.asker
		}
		if err := way.check(ctx, e, unit, checked); err != nil {
			return Sent{}, err
		}
	}
	out := Sent{No: no, Code: newToken()[:10], Outcome: "received"}
	verdict, err := s.instantly(ctx, r, x, e, now, person || way != nil && way.action != "")
	if err != nil {
		return Sent{}, err
	}
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		out.Outcome, out.Licence, out.Lane = "received", 0, ""
		n, err := tx.Exec(ctx, `UPDATE service_application SET state = 'sent', seq = seq + 1, sent_at = ?, updated_at = ? WHERE id = ? AND seq = ? AND state = 'draft'`, store.At(now), store.At(now), r.ID, seq)
		if err != nil {
			return err
		}
		if n == 0 {
			return caseflow.ErrConflict
		}
		if _, err := s.assistedToSend(ctx, tx, r.ID); err != nil {
			return err
		}
		if err := s.endAssists(ctx, tx, r.ID, "sent"); err != nil {
			return err
		}
		out.Case = tx.NewID()
		out.Rate = s.RatingLink(ratingCase, out.Case)
		decision, err := s.keepInstant(ctx, tx, verdict, out.Case, who)
		if err != nil {
			return err
		}
		if x.Grant = nil; decision.granted {
			x.Grant = verdict.grants()
		}
		raw, err := json.Marshal(x)
		if err != nil {
			return err
		}
		if err := s.Vault.Rewrite(ctx, tx, r.Said, r.Person, string(raw)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE service_application SET matter = ? WHERE id = ?`, out.Case, r.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO service_case (id, application, item, version, code, channel, ext, deemed, decision, automatic, noticed) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, '[]')`,
			out.Case, r.ID, r.Item, r.Version, s.Keys.MAC("case", out.Code), r.Channel, false, decision.id, decision.granted); err != nil {
			return err
		}
		if err := keepMaterials(ctx, tx, out.Case, checked.needed, files, now); err != nil {
			return err
		}
		action := "submit"
		if r.AssistedBy != 0 {
			action = "take_in"
		}
		if way != nil {
			if way.action != "" {
				action = way.action
			}
			if err := way.keep(ctx, tx, out.Case); err != nil {
				return err
			}
		}
		if _, err := s.Engine.Open(ctx, tx, caseflow.Opening{Flow: "case", Action: action, ID: out.Case, Actor: who, At: now,
			Matter: caseflow.Matter{No: no, Unit: unit, Asker: asker, Item: pinnedTerm(r.pinned(), term), Title: e.Name, Applicant: r.Person, Class: "normal"}}); err != nil {
			return err
		}
		out.Lane = decision.lane
		if decision.granted {
			if _, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: out.Case, Action: "instant", Actor: account.System(s.Dir), At: now}); err != nil {
				return err
			}
			out.Outcome = "granted"
			if l, err := s.licenceOf(ctx, tx, out.Case); err == nil {
				out.Licence = l.ID
			} else if !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, out)
	})
	return out, err
}

// checkToSend reads a draft whole; the error says what is wrong with it.
func (s *Service) checkToSend(ctx context.Context, r applicationRow, e *ItemElements) (x appSaid, files map[string][]string, checked checkedApplication, err error) {
	if x, err = s.said(ctx, s.Store, r.ID); err != nil {
		return x, nil, checked, err
	}
	if err = json.Unmarshal([]byte(r.Materials), &files); err != nil {
		return x, nil, checked, err
	}
	checked, err = s.check(e.Handling, x, files, false)
	switch {
	case err != nil:
	case len(checked.wrong) > 0:
		err = httpapi.FailFields(checked.wrong)
	case checked.exit != nil:
		err = httpapi.FailDetail(http.StatusUnprocessableEntity, "not_eligible", checked.exit["zh"])
	}
	x.Situation, x.Values = orEmpty(checked.situation), orEmpty(checked.values)
	return x, files, checked, err
}

// today is the district's day.
func (s *Service) today() string { return s.Store.Now().In(s.Zone()).Format(time.DateOnly) }
