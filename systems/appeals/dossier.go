package appeals

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Dossier is a repeat-appeal file (重复诉求档案): what was said, done and concluded
// about one and the same matter, whoever said it.
type Dossier struct {
	DossierHead
	About   string          `json:"about"`
	Appeals []DossierAppeal `json:"appeals" doc:"Those in it, the first one first"`
	Events  []DossierEvent  `json:"events"`
	Letter  *Letter         `json:"letter,omitempty" doc:"The newest"`
	Sum     DossierSum      `json:"sum"`
	Allowed []string        `json:"allowed" doc:"What the caller may do with it now"`
}

// DossierHead is a file in a list.
type DossierHead struct {
	ID     store.ID     `bun:"id" json:"id"`
	No     string       `bun:"no" json:"no"`
	Title  string       `bun:"title" json:"title"`
	Unit   string       `bun:"unit" json:"unit"`
	State  DossierState `bun:"state" json:"state" enum:"open,drafted,concluded,archived"`
	Level  string       `bun:"level" json:"level" enum:"conclusion,review,recheck" doc:"How far remedies went: none, reviewed (复查), reviewed again (复核)"`
	Seq    int64        `bun:"seq" json:"version"`
	At     store.Time   `bun:"at" json:"at"`
	Count  int          `bun:"n" json:"count" doc:"Appeals in it"`
	Number string       `bun:"number" json:"number,omitempty" doc:"Of the letter that stands"`
}

// DossierState is how far a file has come.
type DossierState string

// The states.
const (
	DossierOpen      DossierState = "open"
	DossierDrafted   DossierState = "drafted"   // a letter waits to be issued
	DossierConcluded DossierState = "concluded" // 已作结论
	DossierArchived  DossierState = "archived"  // 已归档
)

// Stands says whether a conclusion stands, by which an appeal with nothing new may be
// answered.
func (s DossierState) Stands() bool { return s == DossierConcluded || s == DossierArchived }

// dossierActions is the whole law of a file: from where, whereto ("" stays), who may,
// and whether a reason must be given. At "unit" the unit that answers for it may too.
var dossierActions = map[string]struct {
	from   []DossierState
	to     DossierState
	roles  []string
	unit   []string
	reason bool
}{
	"add":     {[]DossierState{DossierOpen, DossierDrafted, DossierConcluded, DossierArchived}, "", []string{"supervisor", "dispatcher"}, nil, true},
	"remove":  {[]DossierState{DossierOpen, DossierDrafted, DossierConcluded, DossierArchived}, "", []string{"supervisor"}, nil, true},
	"entrust": {[]DossierState{DossierOpen, DossierDrafted}, "", []string{"supervisor"}, nil, true},
	"draft":   {[]DossierState{DossierOpen, DossierDrafted}, DossierDrafted, []string{"supervisor"}, []string{"handler", "unit_head"}, false},
	"return":  {[]DossierState{DossierDrafted}, DossierOpen, []string{"supervisor", "leader"}, nil, true},
	"issue":   {[]DossierState{DossierDrafted}, DossierConcluded, []string{"supervisor", "leader"}, nil, false},
	"archive": {[]DossierState{DossierConcluded}, DossierArchived, []string{"supervisor"}, nil, false},
	"reopen":  {[]DossierState{DossierConcluded, DossierArchived}, DossierOpen, []string{"supervisor"}, nil, true},
	// 复查, 复核: what the organ above found; one that changes the conclusion opens the file.
	"review":  {[]DossierState{DossierConcluded, DossierArchived}, "", []string{"supervisor"}, nil, true},
	"recheck": {[]DossierState{DossierConcluded, DossierArchived}, "", []string{"supervisor"}, nil, true},
}

// remedyDays is how long after they got it the appellant may ask the organ above to
// review a conclusion, and after its opinion to review again (《信访工作条例》第三十五条、
// 第三十六条). After that, or the second review, the same facts are taken up no more
// (同条例第三十六条第三款).
const remedyDays = 30

// Letter is a conclusion letter (办理结论意见书). It says the appellant's request, the
// facts, the opinion and its basis in law (《信访工作条例》第三十二条), and the remedies.
type Letter struct {
	ID         store.ID   `bun:"id" json:"id"`
	At         store.Time `bun:"at" json:"at"`
	Actor      store.ID   `bun:"actor" json:"-"`
	By         string     `bun:"actor_name" json:"by" doc:"Who drafted it"`
	Facts      string     `bun:"facts" json:"facts"`
	Basis      string     `bun:"basis" json:"basis"`
	Conclusion string     `bun:"conclusion" json:"conclusion"`
	Remedy     string     `bun:"remedy" json:"remedy"`
	Hash       string     `bun:"hash" json:"hash"`
	Number     string     `bun:"-" json:"number,omitempty"`
	IssuedAt   store.Time `bun:"-" json:"issued_at,omitzero"`
	Sent       int        `bun:"sent" json:"sent" doc:"To how many appeals it went"`
	Read       int        `bun:"read" json:"read" doc:"By how many appellants it was read"`
}

// DossierAppeal is an appeal in a file. Nothing in it says who said it.
type DossierAppeal struct {
	ID         store.ID   `bun:"id" json:"id"`
	No         string     `bun:"no" json:"no"`
	Title      string     `bun:"title" json:"title"`
	State      string     `bun:"state" json:"state"`
	Open       bool       `bun:"open" json:"open"`
	Unit       string     `bun:"unit" json:"unit,omitempty"`
	Opened     store.Time `bun:"opened_at" json:"opened_at"`
	Closed     store.Time `bun:"closed_at" json:"closed_at,omitzero"`
	Result     string     `bun:"result" json:"result,omitempty"`
	Reply      string     `bun:"reply" json:"reply,omitempty"`
	Solved     string     `bun:"solved" json:"solved,omitempty"`
	Rating     *int       `bun:"score_result" json:"rating,omitempty"`
	Rulings    int        `bun:"rulings" json:"rulings"`
	Contacts   int        `bun:"contacts" json:"contacts"`
	Steps      int        `bun:"steps" json:"steps" doc:"What staff did with it"`
	Voice      int        `bun:"-" json:"voice,omitempty" doc:"The same number is the same appellant, within this file alone"`
	Applicant  store.ID   `bun:"applicant" json:"-"`
	ReplyState string     `bun:"-" json:"-"`
}

// DossierSum is what the matter has cost so far.
type DossierSum struct {
	Appellants int     `json:"appellants"`
	Days       int     `json:"days" doc:"From the first appeal to the last"`
	Hours      float64 `json:"hours" doc:"From filing to closing, of all closed ones"`
	Steps      int     `json:"steps"`
	Contacts   int     `json:"contacts"`
	Rulings    int     `json:"rulings"`
	Units      int     `json:"units"`
	Referred   int     `json:"referred" doc:"Answered by the standing conclusion"`
}

// DossierEvent is what happened to a file.
type DossierEvent struct {
	Seq   int64       `json:"seq"`
	At    store.Time  `json:"at"`
	Actor string      `json:"actor"`
	Unit  string      `json:"unit,omitempty"`
	Kind  string      `json:"kind"`
	Data  DossierData `json:"data"`
}

// DossierData is what is said at an event of a file.
type DossierData struct {
	Note    string     `json:"note,omitempty"`
	Appeals []store.ID `json:"appeals,omitempty"`
	Nos     []string   `json:"nos,omitempty"`
	Unit    string     `json:"unit,omitempty"`
	Letter  store.ID   `json:"letter,omitempty"`
	Number  string     `json:"number,omitempty" doc:"Of the letter, or of the other organ's opinion"`
	Organ   string     `json:"organ,omitempty" doc:"Who reviewed"`
	Day     string     `json:"day,omitempty" doc:"Of that opinion"`
	Changed bool       `json:"changed,omitempty" doc:"The conclusion was not upheld"`
}

// NewDossier is what a file begins with.
type NewDossier struct {
	Title   string     `json:"title" minLength:"4" maxLength:"100"`
	About   string     `json:"about" minLength:"10" maxLength:"1000" doc:"Which matter it is: what makes two appeals the same"`
	Unit    string     `json:"unit" doc:"Who answers for it"`
	Appeals []store.ID `json:"appeals" minItems:"1" maxItems:"200"`
	Reason  string     `json:"reason" minLength:"2" maxLength:"500"`
}

// DossierStep is something to do with a file.
type DossierStep struct {
	Action     string     `json:"action" enum:"add,remove,entrust,draft,return,issue,archive,reopen,review,recheck"`
	Version    int64      `json:"version" doc:"What the caller saw; another's action since then is a conflict"`
	Note       string     `json:"note,omitempty" maxLength:"500" doc:"Why"`
	Appeals    []store.ID `json:"appeals,omitempty" maxItems:"200" doc:"Of add and remove"`
	Unit       string     `json:"unit,omitempty" doc:"Of entrust"`
	Facts      string     `json:"facts,omitempty" maxLength:"3000" doc:"Of draft"`
	Basis      string     `json:"basis,omitempty" maxLength:"1000" doc:"Of draft: the law with its clause"`
	Conclusion string     `json:"conclusion,omitempty" maxLength:"2000" doc:"Of draft"`
	Organ      string     `json:"organ,omitempty" maxLength:"100" doc:"Of review and recheck"`
	Number     string     `json:"number,omitempty" maxLength:"60" doc:"Of review and recheck"`
	Day        string     `json:"day,omitempty" doc:"Of review and recheck"`
	Changed    bool       `json:"changed,omitempty" doc:"Of review and recheck: the conclusion was not upheld"`
}

const (
	mostInDossier  = 1000
	dossierColumns = `d.id, d.no, d.title, d.unit, d.state, d.level, d.seq, d.at, (SELECT count(*) FROM dossier_appeal x WHERE x.dossier = d.id AND x.removed IS NULL) AS n`
	inDossier      = `SELECT x.dossier FROM dossier_appeal x WHERE x.appeal = ? AND x.removed IS NULL`
)

// managesDossiers says whether an actor sees every file: who works on all of the
// district's appeals. A unit sees those that it answers for.
func managesDossiers(who account.Actor) bool {
	return who.Kind != account.Citizen && who.Scope().All
}

func dossierScope(who account.Actor) (string, []any) {
	sc := who.Scope()
	switch {
	case managesDossiers(who):
		return "1=1", nil
	case who.Kind == account.Citizen || len(sc.Units) == 0:
		return "1=0", nil
	}
	return store.AnyOf("d.unit", len(sc.Units)), store.Args(sc.Units...)
}

// Dossiers lists files, the newest first, that the actor may see.
func (s *Service) Dossiers(ctx context.Context, who account.Actor, state, q string, before store.ID, limit int) ([]DossierHead, error) {
	cond, args := dossierScope(who)
	if state != "" {
		cond, args = cond+" AND d.state = ?", append(args, state)
	}
	if q = strings.TrimSpace(q); q != "" {
		like := "%" + store.Literal(q) + "%"
		cond, args = cond+" AND (d.title LIKE ? OR d.no LIKE ? OR d.about LIKE ?)", append(args, like, like, like)
	}
	if before != 0 {
		cond, args = cond+" AND d.id < ?", append(args, int64(before))
	}
	heads, err := store.Select[DossierHead](ctx, s.Store, `SELECT `+dossierColumns+` FROM dossier d WHERE `+cond+` ORDER BY d.id DESC LIMIT ?`, append(args, limit)...)
	for i := range heads {
		if heads[i].State.Stands() && err == nil {
			var data DossierData
			if data, _, err = s.issued(ctx, s.Store, heads[i].ID, 0); err == nil {
				heads[i].Number = data.Number
			}
		}
	}
	return heads, err
}

// issued is the issue of a letter: what was said and when; store.ErrNotFound where
// it was not issued. Of a file, where letter is 0, it is that of its newest.
func (s *Service) issued(ctx context.Context, q store.Querier, dossier, letter store.ID) (data DossierData, at store.Time, err error) {
	e, err := store.Get[struct {
		At   store.Time
		Data string
	}](ctx, q, `SELECT at, data FROM dossier_event WHERE dossier = ? AND kind = 'issue' AND (letter = ? OR CAST(? AS BIGINT) = 0) ORDER BY seq DESC LIMIT 1`, int64(dossier), int64(letter), int64(letter))
	if err == nil {
		err = json.Unmarshal([]byte(e.Data), &data)
	}
	return data, e.At, err
}

func (s *Service) dossierHead(ctx context.Context, q store.Querier, who account.Actor, id store.ID) (DossierHead, error) {
	cond, args := dossierScope(who)
	return store.Get[DossierHead](ctx, q, `SELECT `+dossierColumns+` FROM dossier d WHERE d.id = ? AND `+cond, append([]any{int64(id)}, args...)...)
}

// Dossier reads a file for one who may see it; store.ErrNotFound if not.
func (s *Service) Dossier(ctx context.Context, who account.Actor, id store.ID) (Dossier, error) {
	d := Dossier{Events: []DossierEvent{}, Allowed: []string{}}
	var err error
	if d.DossierHead, err = s.dossierHead(ctx, s.Store, who, id); err != nil {
		return d, err
	}
	if err = s.Store.QueryRow(ctx, `SELECT about FROM dossier WHERE id = ?`, int64(id)).Scan(&d.About); err != nil {
		return d, err
	}
	if d.Appeals, err = store.Select[DossierAppeal](ctx, s.Store, `SELECT m.id, m.no, m.title, m.state, m.open, m.unit, m.opened_at, m.closed_at, m.applicant, a.result, a.reply, a.solved, a.score_result,
 (SELECT count(*) FROM appeal_ruling r WHERE r.appeal = m.id) AS rulings,
 (SELECT count(*) FROM matter_event e WHERE e.matter = m.id AND e.action IN ('contact', 'three_way', 'keep_appointment')) AS contacts,
 (SELECT count(*) FROM matter_event e JOIN account c ON c.id = e.actor WHERE e.matter = m.id AND c.kind = 'staff') AS steps
 FROM dossier_appeal x JOIN matter m ON m.id = x.appeal JOIN appeal a ON a.id = m.id WHERE x.dossier = ? AND x.removed IS NULL ORDER BY m.opened_at, m.id`, int64(id)); err != nil {
		return d, err
	}
	d.sum(s)
	events, err := store.Select[struct {
		Seq         int64
		At          store.Time
		Actor, Unit string
		Kind, Data  string
	}](ctx, s.Store, `SELECT e.seq, e.at, COALESCE(c.name, '') AS actor, e.unit, e.kind, e.data FROM dossier_event e LEFT JOIN account c ON c.id = e.actor WHERE e.dossier = ? ORDER BY e.seq`, int64(id))
	if err != nil {
		return d, err
	}
	for _, e := range events {
		x := DossierEvent{Seq: e.Seq, At: e.At, Actor: e.Actor, Unit: e.Unit, Kind: e.Kind}
		if err := json.Unmarshal([]byte(e.Data), &x.Data); err != nil {
			return d, err
		}
		d.Events = append(d.Events, x)
	}
	l, err := s.letterOf(ctx, s.Store, id)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	} else if err == nil {
		d.Letter = &l
		d.Number = l.Number
	}
	for _, name := range sortedKeysOf(dossierActions) {
		if s.mayDossier(who, name, d.DossierHead) && (name != "issue" || d.Letter == nil || d.Letter.Actor != who.Account) && (name != "recheck" || d.Level == "review") && (name != "review" || d.Level == "conclusion") {
			d.Allowed = append(d.Allowed, name)
		}
	}
	return d, err
}

// sum counts what the matter has cost, and tells appellants apart without naming them.
func (d *Dossier) sum(s *Service) {
	voices, units := map[store.ID]int{}, map[string]bool{}
	var first, last time.Time
	for i := range d.Appeals {
		a := &d.Appeals[i]
		if a.Applicant != 0 {
			if voices[a.Applicant] == 0 {
				voices[a.Applicant] = len(voices) + 1
			}
			a.Voice = voices[a.Applicant]
		}
		if first.IsZero() || a.Opened.Before(first) {
			first = a.Opened.Time
		}
		if a.Opened.After(last) {
			last = a.Opened.Time
		}
		if !a.Closed.IsZero() {
			d.Sum.Hours += a.Closed.Sub(a.Opened.Time).Hours()
		}
		if a.Result == "referred" {
			d.Sum.Referred++
		}
		if a.Unit != "" {
			units[a.Unit] = true
		}
		if a.Open && s.replyHidden(&caseflow.Matter{State: a.State}) {
			a.Reply, a.Result = "", ""
		}
		d.Sum.Steps, d.Sum.Contacts, d.Sum.Rulings = d.Sum.Steps+a.Steps, d.Sum.Contacts+a.Contacts, d.Sum.Rulings+a.Rulings
	}
	d.Sum.Appellants, d.Sum.Units = len(voices), len(units)
	d.Sum.Days = int(last.Sub(first).Hours() / 24)
}

func (s *Service) mayDossier(who account.Actor, action string, d DossierHead) bool {
	a := dossierActions[action]
	if !slices.Contains(a.from, d.State) {
		return false
	}
	if who.Scope().All && who.HasAny(a.roles...) {
		return true
	}
	return slices.ContainsFunc(a.unit, func(role string) bool { return who.Has(role, d.Unit) })
}

// letterOf is the newest letter of a file, with its number where it was issued;
// ErrNotFound where none was drafted.
func (s *Service) letterOf(ctx context.Context, q store.Querier, dossier store.ID) (Letter, error) {
	l, err := store.Get[Letter](ctx, q, `SELECT l.id, l.at, l.actor, COALESCE(c.name, '') AS actor_name, l.facts, l.basis, l.conclusion, l.remedy, l.hash,
 (SELECT count(*) FROM dossier_delivery v WHERE v.letter = l.id) AS sent, (SELECT count(*) FROM dossier_delivery v WHERE v.letter = l.id AND v.read_at IS NOT NULL) AS read
 FROM dossier d JOIN dossier_letter l ON l.id = d.letter LEFT JOIN account c ON c.id = l.actor WHERE d.id = ?`, int64(dossier))
	if err != nil {
		return l, err
	}
	data, at, err := s.issued(ctx, q, dossier, l.ID)
	if errors.Is(err, store.ErrNotFound) {
		return l, nil
	}
	l.Number, l.IssuedAt = data.Number, at
	return l, err
}

// OpenDossier opens a file over appeals about the same matter.
func (s *Service) OpenDossier(ctx context.Context, who account.Actor, in NewDossier) (store.ID, error) {
	in.Title, in.About, in.Reason = text.Mask(text.Clean(in.Title)), text.Mask(text.Clean(in.About)), text.Mask(text.Clean(in.Reason))
	if !who.Scope().All || !who.HasAny("supervisor") {
		return 0, httpapi.Fail(403, "refused_right")
	}
	for field, v := range map[string]struct {
		t    string
		n, m int
	}{"title": {in.Title, 4, 100}, "about": {in.About, 10, 1000}, "reason": {in.Reason, 2, 500}} {
		if n := utf8.RuneCountInString(v.t); n < v.n {
			return 0, httpapi.FailField(field, "too_short")
		} else if n > v.m {
			return 0, httpapi.FailField(field, "too_long")
		}
	}
	if _, ok := s.Dir.Tree().Unit(in.Unit); !ok {
		return 0, httpapi.FailField("unit", "no_such_unit")
	}
	now := s.Store.Now()
	day := now.In(s.Zone()).Format("2006")
	n, err := s.Numbers.Next(ctx, "dossier "+day)
	if err != nil {
		return 0, err
	}
	var id store.ID
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		id = tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO dossier (id, no, title, about, unit, state, level, seq, at) VALUES (?, ?, ?, ?, ?, ?, 'conclusion', 1, ?)`, id, fmt.Sprintf("CF%s-%05d", day, n), in.Title, in.About, in.Unit, string(DossierOpen), store.At(now)); err != nil {
			return err
		}
		data := DossierData{Note: in.Reason, Unit: in.Unit, Appeals: in.Appeals}
		if err := s.putIn(ctx, tx, who, id, 1, &data); err != nil {
			return err
		}
		return s.dossierEvent(ctx, tx, who, id, 1, "open", data)
	})
	return id, err
}

// putIn puts appeals that the actor may see into a file.
func (s *Service) putIn(ctx context.Context, tx *store.Tx, who account.Actor, id store.ID, seq int64, data *DossierData) error {
	if len(data.Appeals) == 0 {
		return httpapi.FailField("appeals", "required")
	}
	var have int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM dossier_appeal WHERE dossier = ? AND removed IS NULL`, int64(id)).Scan(&have); err != nil {
		return err
	}
	if have+len(data.Appeals) > mostInDossier {
		return httpapi.FailField("appeals", "too_many_values")
	}
	for i, appeal := range data.Appeals {
		if slices.Contains(data.Appeals[:i], appeal) {
			return httpapi.FailField("appeals", "invalid")
		}
		if err := s.staffSees(ctx, tx, who, appeal); err != nil {
			return err
		}
		m, err := caseflow.Get(ctx, tx, appeal)
		if err != nil {
			return err
		}
		other, err := store.Select[store.ID](ctx, tx, inDossier, int64(appeal))
		if err != nil {
			return err
		}
		if len(other) > 0 {
			return httpapi.FailField("appeals", "in_a_file")
		}
		data.Nos = append(data.Nos, m.No)
		if _, err := tx.Exec(ctx, `INSERT INTO dossier_appeal (dossier, appeal, seq) VALUES (?, ?, ?)`, id, appeal, seq); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) dossierEvent(ctx context.Context, tx *store.Tx, who account.Actor, id store.ID, seq int64, kind string, data DossierData) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO dossier_event (dossier, seq, at, actor, unit, kind, letter, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, id, seq, store.At(s.Store.Now()), int64(who.Account), who.Unit, kind, data.Letter, string(raw)); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "dossier." + kind, Object: "dossier/" + id.String()}, data)
}

// clause is what names a place in a law.
var clause = regexp.MustCompile(`(?i)第[〇零一二三四五六七八九十百千\d]+条|§|\b(section|article|clause)\s*\d`)

// ActOnDossier does something with a file. Who drafted a letter does not issue it.
func (s *Service) ActOnDossier(ctx context.Context, who account.Actor, id store.ID, in DossierStep) error {
	a, ok := dossierActions[in.Action]
	if !ok {
		return httpapi.FailField("action", "no_such_option")
	}
	in.Note = text.Mask(text.Clean(in.Note))
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		// Two who act at once take turns on PostgreSQL too.
		if _, err := tx.Exec(ctx, `UPDATE dossier SET seq = seq WHERE id = ?`, int64(id)); err != nil {
			return err
		}
		d, err := s.dossierHead(ctx, tx, who, id)
		switch {
		case err != nil:
			return err
		case d.Seq != in.Version:
			return caseflow.ErrConflict
		case !slices.Contains(a.from, d.State):
			return httpapi.Fail(409, "refused_state")
		case !s.mayDossier(who, in.Action, d):
			return httpapi.Fail(403, "refused_right")
		case a.reason && utf8.RuneCountInString(in.Note) < 2:
			return httpapi.FailField("note", "required")
		}
		state, level, unit, seq := cmp.Or(a.to, d.State), d.Level, d.Unit, d.Seq+1
		data := DossierData{Note: in.Note}
		var letter store.ID
		switch in.Action {
		case "add":
			data.Appeals = in.Appeals
			err = s.putIn(ctx, tx, who, id, seq, &data)
		case "remove":
			err = s.takeOut(ctx, tx, id, seq, in.Appeals, &data)
		case "entrust":
			if _, ok := s.Dir.Tree().Unit(in.Unit); !ok {
				return httpapi.FailField("unit", "no_such_unit")
			}
			unit, data.Unit = in.Unit, in.Unit
		case "draft":
			letter, err = s.draftLetter(ctx, tx, who, id, in)
			data.Letter = letter
		case "issue":
			err = s.issueLetter(ctx, tx, who, d, &data)
		case "review", "recheck":
			if err = s.reviewed(d, in, &data); err == nil {
				level = in.Action
				if data.Changed {
					state, level = DossierOpen, "conclusion"
				}
			}
		case "reopen":
			level = "conclusion" // new facts begin anew
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE dossier SET state = ?, level = ?, unit = ?, seq = ?, letter = COALESCE(?, letter) WHERE id = ?`, string(state), level, unit, seq, letter, id); err != nil {
			return err
		}
		return s.dossierEvent(ctx, tx, who, id, seq, in.Action, data)
	})
}

func (s *Service) takeOut(ctx context.Context, tx *store.Tx, id store.ID, seq int64, appeals []store.ID, data *DossierData) error {
	if len(appeals) == 0 {
		return httpapi.FailField("appeals", "required")
	}
	for _, appeal := range appeals {
		n, err := tx.Exec(ctx, `UPDATE dossier_appeal SET removed = ? WHERE dossier = ? AND appeal = ? AND removed IS NULL`, seq, id, appeal)
		if err != nil {
			return err
		}
		if n == 0 {
			return httpapi.FailField("appeals", "invalid")
		}
		m, err := caseflow.Get(ctx, tx, appeal)
		if err != nil {
			return err
		}
		data.Appeals, data.Nos = append(data.Appeals, appeal), append(data.Nos, m.No)
	}
	var left bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM dossier_appeal WHERE dossier = ? AND removed IS NULL)`, int64(id)).Scan(&left); err != nil {
		return err
	}
	if !left {
		return httpapi.FailField("appeals", "all")
	}
	return nil
}

func (s *Service) draftLetter(ctx context.Context, tx *store.Tx, who account.Actor, id store.ID, in DossierStep) (store.ID, error) {
	facts, basis, conclusion := text.Mask(text.Clean(in.Facts)), text.Mask(text.Clean(in.Basis)), text.Mask(text.Clean(in.Conclusion))
	switch {
	case utf8.RuneCountInString(facts) < 10:
		return 0, httpapi.FailField("facts", "too_short")
	case utf8.RuneCountInString(conclusion) < 10:
		return 0, httpapi.FailField("conclusion", "too_short")
	case !clause.MatchString(basis):
		return 0, httpapi.FailField("basis", "needs_clause")
	}
	remedy := s.district.Load().reports.remedy()
	sum := sha256.Sum256([]byte(strings.Join([]string{facts, basis, conclusion, remedy}, "\x00")))
	letter := tx.NewID()
	_, err := tx.Exec(ctx, `INSERT INTO dossier_letter (id, dossier, at, actor, facts, basis, conclusion, remedy, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, letter, id, store.At(s.Store.Now()), int64(who.Account), facts, basis, conclusion, remedy, hex.EncodeToString(sum[:16]))
	return letter, err
}

// issueLetter gives the letter its number and sends it to the appellant of each
// appeal in the file.
func (s *Service) issueLetter(ctx context.Context, tx *store.Tx, who account.Actor, d DossierHead, data *DossierData) error {
	l, err := s.letterOf(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	if l.Actor == who.Account {
		return httpapi.Fail(403, "drafted_by_you")
	}
	book := s.district.Load().reports
	if data.Number, err = book.number(ctx, tx, "letter", book.letter().Short, s.Store.Now().In(s.Zone()).Format("2006")); err != nil {
		return err
	}
	data.Letter = l.ID
	appeals, err := store.Select[store.ID](ctx, tx, `SELECT appeal FROM dossier_appeal WHERE dossier = ? AND removed IS NULL ORDER BY appeal`, int64(d.ID))
	if err != nil {
		return err
	}
	for _, appeal := range appeals {
		if err := s.deliver(ctx, tx, l.ID, appeal, true); err != nil {
			return err
		}
	}
	return nil
}

// deliver sends a letter to the appellant of an appeal: each learns of their own alone.
func (s *Service) deliver(ctx context.Context, tx *store.Tx, letter, appeal store.ID, tell bool) error {
	m, err := caseflow.Get(ctx, tx, appeal)
	if err != nil || m.Applicant == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO dossier_delivery (letter, appeal, sent_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, letter, appeal, store.At(s.Store.Now())); err != nil || !tell {
		return err
	}
	return s.Notices.Tell(ctx, tx, notice.Note{Name: "conclusion", Person: m.Applicant, About: "matter/" + m.ID.String(), Link: "/appeals/" + m.ID.String(), Words: map[string]string{"no": m.No, "title": m.Title}})
}

// reviewed checks what is said of the opinion of the organ above.
func (s *Service) reviewed(d DossierHead, in DossierStep, data *DossierData) error {
	if before := map[string]string{"review": "conclusion", "recheck": "review"}[in.Action]; d.Level != before {
		return httpapi.Fail(409, "refused_state")
	}
	organ, number := text.Mask(text.Clean(in.Organ)), text.Clean(in.Number)
	day, err := time.ParseInLocation(time.DateOnly, in.Day, s.Zone())
	switch {
	case utf8.RuneCountInString(organ) < 2:
		return httpapi.FailField("organ", "required")
	case number == "":
		return httpapi.FailField("number", "required")
	case err != nil:
		return httpapi.FailField("day", "not_a_time")
	case day.After(s.Store.Now()):
		return httpapi.FailField("day", "not_yet")
	}
	data.Organ, data.Number, data.Day, data.Changed = organ, number, in.Day, in.Changed
	return nil
}

// referred answers an appeal by the conclusion that stands in its file: a person has
// compared them and confirms that nothing is new.
func (s *Service) referred(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	id, err := store.Get[store.ID](ctx, tx, inDossier, int64(c.Matter.ID))
	if err != nil {
		return err
	}
	if !clause.MatchString(formText(c.Form, "basis")) {
		return &caseflow.Refusal{Code: "form", Fields: map[string]string{"basis": "needs_clause"}}
	}
	data, _, err := s.issued(ctx, tx, id, 0)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE appeal SET replied_at = ?, reply = ?, result = 'referred' WHERE id = ?`, c.Event.At, formText(c.Event.Data.Form, "reply"), c.Matter.ID); err != nil {
		return err
	}
	if err := s.deliver(ctx, tx, data.Letter, c.Matter.ID, false); err != nil {
		return err
	}
	var seq int64
	if err := tx.QueryRow(ctx, `UPDATE dossier SET seq = seq + 1 WHERE id = ? RETURNING seq`, int64(id)).Scan(&seq); err != nil {
		return err
	}
	return s.dossierEvent(ctx, tx, c.Actor, id, seq, "refer", DossierData{Appeals: []store.ID{c.Matter.ID}, Nos: []string{c.Matter.No}, Note: formText(c.Event.Data.Form, "compared"), Letter: data.Letter, Number: data.Number})
}

// concluded says whether an appeal is in a file whose conclusion stands.
func concluded(ctx context.Context, q store.Querier, appeal store.ID) (yes bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM dossier_appeal x JOIN dossier d ON d.id = x.dossier WHERE x.appeal = ? AND x.removed IS NULL AND d.state IN ('concluded', 'archived'))`, int64(appeal)).Scan(&yes)
	return yes, err
}
