package knowledge

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/calendar"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/job"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "knowledge", Migrations: files}
}

// Service keeps the entries and answers out of them.
type Service struct {
	Store   *store.Store
	Dir     *account.Directory
	Packs   *pack.Packs
	Book    *calendar.Book
	Bus     *event.Bus
	Notices *notice.Notices
	Log     *slog.Logger
	// Sources are the systems that tell what they know beside the entries.
	Sources []Source

	inForce atomic.Pointer[inForce]
	shelf   shelf
	uses    uses
	likes   likes
}

// inForce is what the pack in force says.
type inForce struct {
	Settings
	manifest pack.Manifest
	zone     *time.Location
}

// Check implements pack.Part.
func (s *Service) Check(files fs.FS) error {
	m, err := pack.ReadManifest(files)
	if err != nil {
		return err
	}
	_, err = Read(files, m.Zone())
	_, serr := ReadSettings(files)
	return errors.Join(err, serr)
}

// Load implements pack.Part. An entry that the records lack comes in published:
// who loads a pack answers for it. One that nobody has touched here since it was
// loaded takes the pack's new text; one that was edited, withdrawn or is being
// worked on here stays as it is, whatever the pack says now; one that the pack has
// no more stays too, until its owner withdraws it.
func (s *Service) Load(ctx context.Context, tx *store.Tx, files fs.FS) error {
	m, err := pack.ReadManifest(files)
	if err != nil {
		return err
	}
	entries, err := Read(files, m.Zone())
	if err != nil {
		return err
	}
	set, err := ReadSettings(files)
	if err != nil {
		return err
	}
	for _, e := range entries {
		content, err := e.encode()
		if err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(content))
		hash := hex.EncodeToString(sum[:16])
		a, err := s.article(ctx, tx, `e.code = ?`, e.Code)
		switch {
		case errors.Is(err, store.ErrNotFound):
			a = &Article{ID: tx.NewID(), Code: e.Code, RawAuthors: "[]"}
		case err != nil:
			return err
		case a.PackHash == hash || a.PackHash == "" || a.Version != a.Live:
			continue
		default:
			origin, err := store.Get[string](ctx, tx, `SELECT origin FROM knowledge_version WHERE entry = ? AND version = ?`, int64(a.ID), a.Version)
			if err != nil {
				return err
			}
			if origin != ofPack {
				continue
			}
		}
		due := store.At(s.after(m, set.Review))
		if err := s.step(ctx, tx, a, account.System(s.Dir), didLoad, eventData{Origin: ofPack, Hash: hash, ReviewDue: due}, &e); err != nil {
			return err
		}
	}
	return nil
}

// Reload takes over what the pack in force says now. Records that are older than
// their pack's knowledge are given it.
func (s *Service) Reload(ctx context.Context) error {
	files, err := s.Packs.Current(ctx)
	if err != nil {
		return err
	}
	if files == nil {
		return errors.New("knowledge: no district pack is loaded")
	}
	m, err := pack.ReadManifest(files)
	if err != nil {
		return err
	}
	set, err := ReadSettings(files)
	if err != nil {
		return err
	}
	s.inForce.Store(&inForce{set, m, m.Zone()})
	var have int
	if err := s.Store.QueryRow(ctx, `SELECT count(*) FROM knowledge_entry`).Scan(&have); err != nil {
		return err
	}
	if have == 0 {
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error { return s.Load(ctx, tx, files) }); err != nil {
			return err
		}
	}
	s.shelf.stale()
	return nil
}

// Stamp changes when what answers does.
func (s *Service) Stamp(ctx context.Context) (string, error) {
	var n, last int64
	err := s.Store.QueryRow(ctx, `SELECT count(*), COALESCE(max(published_at), 0) FROM knowledge_entry WHERE live > 0`).Scan(&n, &last)
	return fmt.Sprint(n, " ", last), err
}

// Register is asked of every part of the house; this one has no flow.
func (s *Service) Register(context.Context) error { return nil }

// Nights adds the check of what is kept, and the reminders.
func (s *Service) Nights(n *job.Nights) {
	n.Add(job.Night{Name: "knowledge.verify", At: 2*time.Hour + 50*time.Minute, Work: func(ctx context.Context) (any, error) {
		wrong, err := s.Verify(ctx)
		if len(wrong) > 0 {
			err = errors.Join(err, fmt.Errorf("knowledge: the events make something else of %s", strings.Join(wrong, ", ")))
		}
		return map[string]int{"wrong": len(wrong)}, err
	}})
	n.Add(job.Night{Name: "knowledge.remind", At: s.inForce.Load().remindAt, Work: func(ctx context.Context) (any, error) { return s.Remind(ctx) }})
}

// after is when a limit that begins now ends, by the district's calendar.
func (s *Service) after(m pack.Manifest, l calendar.Limit) time.Time {
	cal, err := s.Book.Current(m.Calendar)
	if err != nil { // the book is filled after the first pack is loaded: days as they come
		return s.Store.Now().Add(l.Time).AddDate(0, 0, l.Days)
	}
	return cal.Add(s.Store.Now(), l)
}

// KnowledgeStep is what a person does with an entry.
type KnowledgeStep struct {
	Action  string   `json:"action" enum:"write,submit,recall,publish,reject,withdraw,discard,renew,settle"`
	Seq     int64    `json:"seq" doc:"Of the entry as the caller saw it"`
	Note    string   `json:"note,omitempty" maxLength:"500" doc:"Why; reject, withdraw and settle need it"`
	Entry   *Entry   `json:"entry,omitempty" doc:"write: the new text"`
	Report  store.ID `json:"report,omitempty" doc:"settle: the report that is answered"`
	Outcome string   `json:"outcome,omitempty" enum:"corrected,unfounded," doc:"settle"`
}

// Bounds of a text, in characters.
const (
	maxTitle    = 80
	maxBody     = 4000
	maxKeywords = 30
	maxBasis    = 300
	maxNote     = 500
)

// checkEntry holds a text to what an entry must be. Personal data has no place in
// it: it is masked, so that nobody is told of another.
func (s *Service) checkEntry(e *Entry) error {
	mask := func(p *string) { *p = strings.TrimSpace(text.Mask(text.Clean(*p))) }
	for _, p := range []*string{&e.Title, &e.Body, &e.Category, &e.LegalBasis} {
		mask(p)
	}
	for i := range e.Keywords {
		mask(&e.Keywords[i])
	}
	e.Keywords = slices.DeleteFunc(e.Keywords, func(k string) bool { return k == "" })
	long := utf8.RuneCountInString
	switch {
	case long(e.Title) < 2:
		return httpapi.FailField("entry.title", "too_short")
	case long(e.Title) > maxTitle:
		return httpapi.FailField("entry.title", "too_long")
	case long(e.Body) < 5:
		return httpapi.FailField("entry.body", "too_short")
	case long(e.Body) > maxBody:
		return httpapi.FailField("entry.body", "too_long")
	case long(e.Category) > 40:
		return httpapi.FailField("entry.category", "too_long")
	case long(e.LegalBasis) > maxBasis:
		return httpapi.FailField("entry.legal_basis", "too_long")
	case len(e.Keywords) > maxKeywords:
		return httpapi.FailField("entry.keywords", "too_many_values")
	case slices.ContainsFunc(e.Keywords, func(k string) bool { return long(k) > 20 || strings.ContainsAny(k, ";；") }):
		return httpapi.FailField("entry.keywords", "too_long")
	case !e.To.IsZero() && !e.From.Before(e.To):
		return httpapi.FailField("entry.valid_to", "out_of_range")
	}
	if _, ok := s.Dir.Tree().Unit(e.Unit); !ok {
		return httpapi.FailField("entry.unit", "no_such_unit")
	}
	return nil
}

// Create begins an entry as a draft. Anybody of the proposing roles may, for any
// unit; its owner's people go on with it. question is what it is to answer, 0 for
// none.
func (s *Service) Create(ctx context.Context, who account.Actor, e Entry) (store.ID, error) {
	if !who.HasAny(proposers...) {
		return 0, ErrRight
	}
	if err := s.checkEntry(&e); err != nil {
		return 0, err
	}
	var id store.ID
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = s.create(ctx, tx, who, e, ofPerson)
		return err
	})
	return id, err
}

func (s *Service) create(ctx context.Context, tx *store.Tx, who account.Actor, e Entry, origin string) (store.ID, error) {
	id := tx.NewID()
	if e.Code == "" {
		n := 0
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM knowledge_entry`).Scan(&n); err != nil {
			return 0, err
		}
		for taken := 1; taken > 0; n++ {
			e.Code = fmt.Sprintf("N%04d", n+1)
			if err := tx.QueryRow(ctx, `SELECT count(*) FROM knowledge_entry WHERE code = ?`, e.Code).Scan(&taken); err != nil {
				return 0, err
			}
		}
	}
	a := &Article{ID: id, Code: e.Code, RawAuthors: "[]"}
	if err := s.step(ctx, tx, a, who, doWrite, eventData{Origin: origin}, &e); err != nil {
		return 0, err
	}
	if !writes(who, e.Unit) {
		if err := s.tell(ctx, tx, a, "knowledge_proposed", "unit_head@"+e.Unit, 0, ""); err != nil {
			return 0, err
		}
	}
	return id, audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "knowledge.create", Object: "knowledge/" + id.String()}, map[string]any{"code": e.Code, "unit": e.Unit})
}

// Act does one step with an entry. It returns ErrChanged, ErrRight,
// store.ErrNotFound, or a problem that names the wrong field.
func (s *Service) Act(ctx context.Context, who account.Actor, id store.ID, step KnowledgeStep) error {
	seen, err := s.seen(ctx, who, id)
	if err != nil {
		return err
	}
	if err := unmoved(ctx, s.Store, seen, step.Seq); err != nil {
		return err
	}
	if !slices.Contains(allowed(who, seen), step.Action) {
		return ErrRight
	}
	step.Note = text.Mask(text.Clean(step.Note))
	d := eventData{Note: step.Note}
	var content *Entry
	switch n := utf8.RuneCountInString(step.Note); {
	case n > maxNote:
		return httpapi.FailField("note", "too_long")
	case n < 2 && slices.Contains([]string{doReject, doWithdraw, doSettle}, step.Action):
		return httpapi.FailField("note", "required")
	}
	in := s.inForce.Load()
	switch step.Action {
	case doWrite:
		if step.Entry == nil {
			return httpapi.FailField("entry", "required")
		}
		e := *step.Entry
		e.Code = seen.Code // stays for good
		if err := s.checkEntry(&e); err != nil {
			return err
		}
		if e.Unit != seen.Unit && !writes(who, e.Unit) {
			return httpapi.FailField("entry.unit", "refused_right")
		}
		content, d.Origin = &e, ofPerson
	case doSubmit:
		e := seen.Entry
		if err := s.checkEntry(&e); err != nil {
			return err
		}
	case doPublish, doRenew:
		d.ReviewDue = store.At(s.after(in.manifest, in.Review))
	case doSettle:
		if step.Outcome == "" {
			return httpapi.FailField("outcome", "required")
		}
		d.Report, d.Outcome = step.Report, step.Outcome
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := s.article(ctx, tx, `e.id = ?`, int64(id))
		if err != nil {
			return err
		}
		if err := unmoved(ctx, tx, a, step.Seq); err != nil {
			return err
		}
		if step.Action == doSettle {
			n, err := tx.Exec(ctx, `UPDATE knowledge_report SET done_at = ?, done_by = ?, outcome = ?, note = ? WHERE id = ? AND entry = ? AND done_at IS NULL`,
				store.At(s.Store.Now()), who.Account, step.Outcome, step.Note, step.Report, id)
			if err != nil {
				return err
			}
			if n == 0 {
				return httpapi.FailField("report", "no_such_option")
			}
		}
		by := a.authors()
		if err := s.step(ctx, tx, a, who, step.Action, d, content); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "knowledge." + step.Action, Object: "knowledge/" + id.String(), Reason: step.Note}, map[string]any{"version": a.Version}); err != nil {
			return err
		}
		switch step.Action {
		case doSubmit:
			err = s.tell(ctx, tx, a, "knowledge_submitted", "reviewer@platform", 0, "")
		case doPublish, doReject:
			name := map[string]string{doPublish: "knowledge_published", doReject: "knowledge_rejected"}[step.Action]
			for _, author := range by {
				err = errors.Join(err, s.tell(ctx, tx, a, name, "", author, step.Note))
			}
		}
		if step.Action == doPublish || step.Action == doWithdraw {
			err = errors.Join(err, s.Bus.Emit(ctx, tx, s.Store.Now(), "knowledge."+step.Action, id.String(), map[string]any{"code": a.Code, "version": a.Version, "unit": a.Unit, "internal": a.Internal}))
		}
		return err
	})
	if err == nil && (step.Action == doPublish || step.Action == doWithdraw) {
		s.shelf.stale() // and what was not known is asked again
	}
	return err
}

// unmoved says that nobody has done anything with an article since one saw it. What
// readers said is wrong with it meanwhile changes nothing of it: a stranger must not
// keep its author from saving. ErrChanged.
func unmoved(ctx context.Context, q store.Querier, a *Article, seen int64) error {
	if a.Seq == seen {
		return nil
	}
	var moved bool
	if err := q.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM knowledge_event WHERE about = ? AND seq > ? AND kind <> ?)`, int64(a.ID), seen, didReport).Scan(&moved); err != nil {
		return err
	}
	if moved || seen > a.Seq {
		return ErrChanged
	}
	return nil
}

// KnowledgeReport is what a reader says is wrong with an entry (纠错).
type KnowledgeReport struct {
	ID      store.ID   `bun:"id" json:"id"`
	Entry   store.ID   `bun:"entry" json:"entry"`
	Code    string     `bun:"code" json:"code"`
	Title   string     `bun:"title" json:"title"`
	Unit    string     `bun:"unit" json:"unit"`
	Version int        `bun:"version" json:"version"`
	At      store.Time `bun:"at" json:"at"`
	Text    string     `bun:"text" json:"text"`
	Due     store.Time `bun:"due_at" json:"due_at"`
	Done    store.Time `bun:"done_at" json:"done_at,omitzero"`
	Outcome string     `bun:"outcome" json:"outcome,omitempty" enum:"corrected,unfounded,"`
	Note    string     `bun:"note" json:"note,omitempty"`
}

// Complain keeps what a reader says is wrong with an entry in force, masked and
// without who says so, and tells its owner, who has a limit to answer in.
func (s *Service) Complain(ctx context.Context, who account.Actor, code, said string) (store.Time, error) {
	said = text.Mask(text.Clean(said))
	switch n := utf8.RuneCountInString(said); {
	case n < 2:
		return store.Time{}, httpapi.FailField("text", "too_short")
	case n > maxNote:
		return store.Time{}, httpapi.FailField("text", "too_long")
	}
	in := s.inForce.Load()
	due := store.At(s.after(in.manifest, in.ReportLimit))
	return due, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := s.article(ctx, tx, `e.code = ? AND e.live > 0`, code)
		if err != nil {
			return err
		}
		if live := a.liveEntry(); live == nil || live.Internal && !isStaff(who) {
			return store.ErrNotFound
		}
		id := tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO knowledge_report (id, entry, version, at, text, due_at, outcome, note) VALUES (?, ?, ?, ?, ?, ?, '', '')`, id, a.ID, a.Live, store.At(s.Store.Now()), said, due); err != nil {
			return err
		}
		if err := s.step(ctx, tx, a, account.Actor{}, didReport, eventData{Report: id, Note: said}, nil); err != nil {
			return err
		}
		return s.tell(ctx, tx, a, "knowledge_wrong", "unit_head@"+a.Unit, 0, said, due)
	})
}

func isStaff(who account.Actor) bool {
	return who.IsSystem() || who.Kind != account.Citizen && len(who.Grants) > 0
}

// tell writes a notice about an entry to a desk or an account.
func (s *Service) tell(ctx context.Context, tx *store.Tx, a *Article, name, desk string, to store.ID, reason string, due ...store.Time) error {
	n := notice.Note{Name: name, Desk: desk, Account: to, About: "knowledge/" + a.ID.String(), Link: "/desk/knowledge/" + a.ID.String(),
		Words: map[string]string{"no": a.Code, "title": a.Title, "unit": s.Dir.Tree().Name(a.Unit), "reason": reason}}
	if len(due) > 0 {
		n.Due = due[0]
	}
	return s.Notices.Tell(ctx, tx, n)
}

// Reminded is what came of a round of reminders.
type Reminded struct {
	Review  int `json:"review"`
	Expiry  int `json:"expiry"`
	Reports int `json:"reports"`
}

// Remind tells the owners of entries that are soon to be looked through or expire,
// once for each day due, and the supervisors, once, of reports whose limit has passed.
func (s *Service) Remind(ctx context.Context) (out Reminded, err error) {
	in := s.inForce.Load()
	now := s.Store.Now()
	var wrong []error
	ahead := store.At(s.after(in.manifest, in.Ahead))
	soon, err := store.Select[Article](ctx, s.Store, `SELECT `+articleColumns+` FROM knowledge_entry e WHERE e.live > 0 AND (e.review_due <= ? OR e.valid_to <= ?) ORDER BY e.id`, ahead, ahead)
	if err != nil {
		return out, err
	}
	for i := range soon {
		a := &soon[i]
		live := a.liveEntry()
		if err := a.open(now); err != nil || live == nil { // the others are told all the same
			wrong = append(wrong, fmt.Errorf("knowledge: %s cannot be read: %w", a.Code, cmp.Or(err, store.ErrNotFound)))
			continue
		}
		due, name, count := a.ReviewDue, "knowledge_review", &out.Review
		if to := store.At(live.To); !to.IsZero() && (due.IsZero() || to.Before(due.Time)) {
			due, name, count = to, "knowledge_expiry", &out.Expiry
		}
		if due.IsZero() || due.Equal(a.Reminded.Time) || a.State == Expired && !a.Reminded.IsZero() {
			continue
		}
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE knowledge_entry SET reminded = ? WHERE id = ?`, due, a.ID); err != nil {
				return err
			}
			return errors.Join(s.tell(ctx, tx, a, name, "unit_head@"+a.Unit, 0, "", due), s.tell(ctx, tx, a, name, "handler@"+a.Unit, 0, "", due))
		}); err != nil {
			return out, err
		}
		*count++
	}
	late, err := store.Select[KnowledgeReport](ctx, s.Store, reportQuery+` WHERE r.done_at IS NULL AND r.due_at <= ? AND r.late_at IS NULL ORDER BY r.id`, store.At(now))
	if err != nil {
		return out, err
	}
	for _, r := range late {
		a := &Article{ID: r.Entry, Code: r.Code, Entry: Entry{Title: r.Title, Unit: r.Unit}}
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE knowledge_report SET late_at = ? WHERE id = ?`, store.At(now), r.ID); err != nil {
				return err
			}
			return s.tell(ctx, tx, a, "knowledge_wrong_late", "supervisor@platform", 0, r.Text, r.Due)
		}); err != nil {
			return out, err
		}
		out.Reports++
	}
	return out, errors.Join(wrong...)
}

const reportQuery = `SELECT r.id, r.entry, e.code, e.title, e.unit, r.version, r.at, r.text, r.due_at, r.done_at, r.outcome, r.note FROM knowledge_report r JOIN knowledge_entry e ON e.id = r.entry`
