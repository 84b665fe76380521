package appeals

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Lead is what may need handling though nobody has appealed (线索): found →
// verified by a person → filed as an appeal of nobody's (主动立案), or refused with
// a reason, or merged into an open appeal that says the same. It carries no
// person: its text is masked and the original is not kept.
type Lead struct {
	ID          store.ID        `bun:"id" json:"id"`
	Source      string          `bun:"source" json:"source"`
	External    string          `bun:"external" json:"external"`
	State       string          `bun:"state" json:"state" enum:"found,verified,filed,merged,refused"`
	Version     int64           `bun:"seq" json:"version"`
	Title       string          `bun:"title" json:"title"`
	Text        string          `bun:"text" json:"text"`
	Address     string          `bun:"address" json:"address,omitempty"`
	Lon         *float64        `bun:"lon" json:"lon,omitempty"`
	Lat         *float64        `bun:"lat" json:"lat,omitempty"`
	Street      string          `bun:"street" json:"street,omitempty"`
	Community   string          `bun:"community" json:"community,omitempty"`
	Item        string          `bun:"item" json:"item,omitempty"`
	ItemP       float64         `bun:"item_p" json:"item_p" doc:"How sure the guess of the item is; 1 where a person or the source named it"`
	Confidence  float64         `bun:"confidence" json:"confidence" doc:"How sure the source is, from 0 to 1"`
	Link        string          `bun:"link" json:"link,omitempty"`
	RawFiles    string          `bun:"files" json:"-"`
	Files       []string        `bun:"-" json:"files"`
	RawReason   string          `bun:"reason" json:"-"`
	Reason      json.RawMessage `bun:"-" json:"reason,omitempty" doc:"The numbers behind a forecast"`
	Found       store.Time      `bun:"found_at" json:"found_at"`
	Appeal      store.ID        `bun:"appeal" json:"appeal,omitempty" doc:"Filed as it, or merged into it"`
	AppealNo    string          `bun:"-" json:"appeal_no,omitempty"`
	AppealState string          `bun:"-" json:"appeal_state,omitempty"`
	ItemName    string          `bun:"-" json:"item_name,omitempty"`
	PlaceName   string          `bun:"-" json:"place_name,omitempty"`
}

// LeadEvent is one step of a lead's history, never changed.
type LeadEvent struct {
	Seq       int64           `bun:"seq" json:"seq"`
	At        store.Time      `bun:"at" json:"at"`
	Actor     store.ID        `bun:"actor" json:"actor,omitempty"`
	ActorName string          `bun:"actor_name" json:"actor_name,omitempty"`
	Unit      string          `bun:"unit" json:"unit,omitempty"`
	Kind      string          `bun:"kind" json:"kind" enum:"found,correct,verify,file,refuse,merge,reopen"`
	Raw       string          `bun:"data" json:"-"`
	Data      json.RawMessage `bun:"-" json:"data"`
}

// Kinds of events, and the steps of the same names.
const (
	leadFound   = "found"
	leadCorrect = "correct"
	leadVerify  = "verify"
	leadFile    = "file"
	leadRefuse  = "refuse"
	leadMerge   = "merge"
	leadReopen  = "reopen"
)

// leadSource marks the appeals that leads became; External is the lead.
const leadSource = "lead"

// LeadStep is what a person does with a lead.
type LeadStep struct {
	Action  string   `json:"action" enum:"correct,verify,file,refuse,merge,reopen"`
	Version int64    `json:"version" doc:"Of the lead as the caller saw it"`
	Note    string   `json:"note,omitempty" maxLength:"500" doc:"Why; refuse and reopen need it"`
	Into    store.ID `json:"into,omitempty" doc:"merge: the open appeal that says the same"`
	Item    string   `json:"item,omitempty" doc:"correct: the duty item"`
	Place   string   `json:"place,omitempty" doc:"correct: a street or community"`
	Title   string   `json:"title,omitempty" maxLength:"100" doc:"correct"`
}

// leadData is what an event keeps: the step, and what came of it.
type leadData struct {
	LeadStep
	Lead      *Lead    `json:"lead,omitempty"`
	Reason    string   `json:"reason,omitempty"`
	Appeal    store.ID `json:"appeal,omitempty"`
	No        string   `json:"no,omitempty"`
	Street    string   `json:"street,omitempty"`
	Community string   `json:"community,omitempty"`
}

// Errors of leads.
var (
	ErrNoLead      = errors.New("appeals: there is no such lead")
	ErrLeadChanged = errors.New("appeals: the lead was changed by somebody else")
	ErrLeadRight   = errors.New("appeals: this is not theirs to do with the lead")
)

// leadScope is which leads an actor may see: all, or those of the places that
// their unit serves.
type leadScope struct {
	all    bool
	places []string
}

func (s *Service) leadScope(who account.Actor) (sc leadScope) {
	if who.IsSystem() || who.Scope().All && who.HasAny("dispatcher", "supervisor", "leader", account.RoleAdmin) {
		return leadScope{all: true}
	}
	d := s.district.Load()
	for _, role := range []string{"handler", "receiver"} {
		for _, code := range who.UnitsWith(role) {
			u, _ := s.Dir.Tree().Unit(code)
			if p, ok := d.places[u.Place]; ok && p.Level != "district" && !slices.Contains(sc.places, u.Place) {
				sc.places = append(sc.places, u.Place)
			}
		}
	}
	return sc
}

// sql is the scope as a condition over the table lead (alias l).
func (sc leadScope) sql() (string, []any) {
	if sc.all {
		return "1=1", nil
	}
	if len(sc.places) == 0 {
		return "1=0", nil
	}
	in := store.Args(sc.places...)
	return "(" + store.AnyOf("l.street", len(in)) + " OR " + store.AnyOf("l.community", len(in)) + ")", append(slices.Clone(in), in...)
}

func (sc leadScope) has(street, community string) bool {
	return sc.all || slices.Contains(sc.places, street) || slices.Contains(sc.places, community)
}

// leadActions are the steps open to an actor, the usual next one first. Only the
// platform verifies: who found a lead does not say that it is so.
func (s *Service) leadActions(who account.Actor, l *Lead) []string {
	if !who.HasAny("dispatcher", "supervisor") || !who.Scope().All {
		return []string{}
	}
	switch l.State {
	case "found":
		return []string{leadVerify, leadFile, leadMerge, leadRefuse, leadCorrect}
	case "verified":
		return []string{leadFile, leadMerge, leadRefuse, leadCorrect}
	case "refused", "merged":
		return []string{leadReopen}
	}
	return []string{}
}

const leadColumns = `l.id, l.source, l.external, l.state, l.seq, l.title, l.text, l.address, l.lon, l.lat, l.street, l.community, l.item, l.item_p, l.confidence, l.link, l.files, l.reason, l.found_at, l.appeal`

func (l *Lead) values() []any {
	return []any{l.ID, l.Source, l.External, l.State, l.Version, l.Title, l.Text, l.Address, l.Lon, l.Lat, l.Street, l.Community, l.Item, l.ItemP, l.Confidence, l.Link, l.RawFiles, l.RawReason, l.Found, l.Appeal}
}

func getLead(ctx context.Context, q store.Querier, id store.ID) (*Lead, error) {
	l, err := store.Get[Lead](ctx, q, `SELECT `+leadColumns+` FROM lead l WHERE l.id = ?`, int64(id))
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNoLead
	}
	return &l, err
}

func (s *Service) seenLead(ctx context.Context, who account.Actor, id store.ID) (*Lead, error) {
	l, err := getLead(ctx, s.Store, id)
	if err == nil && !s.leadScope(who).has(l.Street, l.Community) {
		return nil, ErrNoLead
	}
	return l, err
}

// apply folds an event into a lead: all of it follows from its events.
func (l *Lead) apply(e LeadEvent) error {
	var d leadData
	if err := json.Unmarshal([]byte(e.Raw), &d); err != nil {
		return err
	}
	switch e.Kind {
	case leadFound:
		*l = *d.Lead
		l.State, l.RawFiles, l.RawReason = "found", encodeList(l.Files), d.Reason
		l.Files, l.Reason = nil, nil
	case leadCorrect:
		if d.Item != "" {
			l.Item, l.ItemP = d.Item, 1
		}
		if d.Place != "" {
			l.Street, l.Community = d.Street, d.Community
		}
		if d.Title != "" {
			l.Title = d.Title
		}
	case leadVerify:
		l.State = "verified"
	case leadFile:
		l.State, l.Appeal = "filed", d.Appeal
	case leadMerge:
		l.State, l.Appeal = "merged", d.Into
	case leadRefuse:
		l.State = "refused"
	case leadReopen:
		l.State, l.Appeal = "found", 0
	}
	l.Version = e.Seq
	return nil
}

// leadEvent appends an event, folds it in and keeps what came of it.
func (s *Service) leadEvent(ctx context.Context, tx *store.Tx, l *Lead, who account.Actor, kind string, d leadData) error {
	d.Action, d.Version = kind, 0
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	e := LeadEvent{Seq: l.Version + 1, At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Kind: kind, Raw: string(raw)}
	if _, err := tx.Exec(ctx, `INSERT INTO lead_event (lead, seq, at, actor, unit, kind, data) VALUES (?, ?, ?, ?, ?, ?, ?)`, l.ID, e.Seq, e.At, e.Actor, e.Unit, e.Kind, e.Raw); err != nil {
		return err
	}
	if err := l.apply(e); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE lead SET state = ?, seq = ?, title = ?, street = ?, community = ?, item = ?, item_p = ?, appeal = ? WHERE id = ?`,
		l.State, l.Version, l.Title, l.Street, l.Community, l.Item, l.ItemP, l.Appeal, l.ID)
	return err
}

func (s *Service) leadEvents(ctx context.Context, q store.Querier, id store.ID) ([]LeadEvent, error) {
	es, err := store.Select[LeadEvent](ctx, q, `SELECT `+stepColumns+` FROM lead_event e LEFT JOIN account c ON c.id = e.actor WHERE e.lead = ? ORDER BY e.seq`, int64(id))
	for i := range es {
		es[i].Data = json.RawMessage(es[i].Raw)
	}
	return es, err
}

// ActOnLead does one step. Errors: ErrNoLead, ErrLeadChanged, ErrLeadRight, and a
// problem that names the wrong field.
func (s *Service) ActOnLead(ctx context.Context, who account.Actor, id store.ID, step LeadStep) error {
	seen, err := s.seenLead(ctx, who, id)
	if err != nil {
		return err
	}
	if seen.Version != step.Version {
		return ErrLeadChanged
	}
	if !slices.Contains(s.leadActions(who, seen), step.Action) {
		return ErrLeadRight
	}
	data, err := s.checkLeadStep(ctx, who, step)
	if err != nil {
		return err
	}
	keep := func(ctx context.Context, tx *store.Tx) error {
		l, err := getLead(ctx, tx, id)
		if err != nil {
			return err
		}
		if l.Version != step.Version {
			return ErrLeadChanged
		}
		if step.Action == leadMerge {
			m, err := caseflow.Get(ctx, tx, step.Into)
			if err != nil {
				return err
			}
			if !m.Open || m.Merged != 0 || m.Flow != "appeal" {
				return httpapi.FailField("into", "no_such_option")
			}
			data.No = m.No
		}
		if err := s.leadEvent(ctx, tx, l, who, step.Action, data); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "lead." + step.Action, Object: "lead/" + id.String(), Reason: data.Note}, map[string]any{"appeal": seen.Appeal, "into": step.Into})
	}
	if step.Action != leadFile {
		return s.Store.Write(ctx, keep)
	}
	d := s.district.Load()
	in := Intake{Channel: d.leads.channelOf(seen.Source), Title: seen.Title, Text: seen.Text, Address: seen.Address, Lon: seen.Lon, Lat: seen.Lat, Secrecy: Anonymous, Proactive: true,
		Files: decodeList(seen.RawFiles), Source: leadSource, External: id.String()}
	if in.Address == "" && in.Lon == nil {
		place := seen.Community
		if place == "" {
			place = seen.Street
		}
		in.Address = d.placeName(place)
	}
	in.Also = func(ctx context.Context, tx *store.Tx, filed Filed) error {
		data.Appeal, data.No = filed.ID, filed.No
		return keep(ctx, tx)
	}
	_, err = s.File(ctx, who, in)
	if err != nil {
		// The other of two who file at once meets the first one's appeal.
		if now, lerr := getLead(ctx, s.Store, id); lerr == nil && now.Version != step.Version {
			return ErrLeadChanged
		}
	}
	return err
}

func (s *Service) checkLeadStep(ctx context.Context, who account.Actor, step LeadStep) (leadData, error) {
	d := s.district.Load()
	step.Note, step.Title = text.Mask(text.Clean(step.Note)), text.Mask(text.Clean(step.Title))
	data := leadData{LeadStep: LeadStep{Note: step.Note}}
	if n := utf8.RuneCountInString(step.Note); n > 500 {
		return data, httpapi.FailField("note", "too_long")
	} else if n < 2 && (step.Action == leadRefuse || step.Action == leadReopen) {
		return data, httpapi.FailField("note", "required")
	}
	switch step.Action {
	case leadMerge:
		if err := s.visible(ctx, s.Store, who, step.Into); err != nil {
			return data, httpapi.FailField("into", "no_such_option")
		}
		data.Into = step.Into
	case leadCorrect:
		if step.Item != "" && d.duty.Item(step.Item) == nil {
			return data, httpapi.FailField("item", "no_such_item")
		}
		if step.Place != "" {
			at, ok := d.spotOf(step.Place)
			if !ok {
				return data, httpapi.FailField("place", "no_such_place")
			}
			data.Street, data.Community = at.Street, at.Community
		}
		if utf8.RuneCountInString(step.Title) > 100 {
			return data, httpapi.FailField("title", "too_long")
		}
		if step.Item == "" && step.Place == "" && step.Title == "" {
			return data, httpapi.FailField("item", "required")
		}
		data.Item, data.Place, data.Title = step.Item, step.Place, step.Title
	}
	return data, nil
}

// spotOf is a street or a community by its code.
func (d *district) spotOf(code string) (spot, bool) {
	p, ok := d.places[code]
	switch {
	case ok && p.Level == "street":
		return spot{Street: code}, true
	case ok && p.Level == "community":
		return spot{Street: p.Parent, Community: code}, true
	}
	return spot{}, false
}

// leadCandidates are open appeals that say the same as a lead, weighed as related
// appeals are.
func (s *Service) leadCandidates(ctx context.Context, who account.Actor, l *Lead) ([]Related, error) {
	out := []Related{}
	if l.Street == "" {
		return out, nil
	}
	cond, args := scopeSQL(who.Scope())
	rows, err := store.Select[relatedRow](ctx, s.Store, `SELECT `+rowColumns+`, a.text FROM appeal a JOIN matter m ON m.id = a.id WHERE a.street = ? AND a.id >= ? AND m.flow = 'appeal' AND m.open AND m.merged IS NULL AND `+cond+` ORDER BY a.id DESC LIMIT ?`,
		append(append([]any{l.Street, int64(store.IDAt(l.Found.AddDate(0, 0, -relatedDays)))}, args...), relatedRows)...)
	if err != nil {
		return out, err
	}
	d := s.district.Load()
	names := d.without(l.Street)
	mine := text.NewProfile(names.Replace(l.Title + " " + l.Text))
	m, a := &caseflow.Matter{OpenedAt: l.Found}, &Appeal{Street: l.Street, Community: l.Community, Lon: l.Lon, Lat: l.Lat}
	for _, r := range rows {
		if c, ok := d.relate(m, a, mine, text.NewProfile(names.Replace(r.Title+" "+r.Text)), &r); ok {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Related) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(5, len(out))], nil
}
