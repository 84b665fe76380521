package appeals

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// ImportRun is one import of a file (导入): how far it is and what came of its
// rows. Read is always Imported + Present + Refused.
type ImportRun struct {
	ID          store.ID         `bun:"id" json:"id"`
	Profile     string           `bun:"profile" json:"profile"`
	ProfileHash string           `bun:"profile_hash" json:"-"`
	Body        string           `bun:"body" json:"-"`
	Source      string           `bun:"source" json:"source"`
	Origin      string           `bun:"origin" json:"origin"`
	FileHash    string           `bun:"file_hash" json:"file_hash" doc:"SHA-256 of the file"`
	FileSize    int64            `bun:"file_size" json:"file_size"`
	Kept        bool             `bun:"kept" json:"kept" doc:"The file lies here, sealed: it can be continued, and its rejects fetched"`
	State       string           `bun:"state" json:"state" enum:"queued,running,done,failed,cancelled"`
	Total       int64            `bun:"total" json:"total" doc:"Rows of the file; 0 until it was looked through"`
	Line        int64            `bun:"line" json:"line" doc:"Line of the file up to which it is done"`
	Read        int64            `bun:"rows_read" json:"read"`
	Imported    int64            `bun:"imported" json:"imported"`
	Present     int64            `bun:"present" json:"present" doc:"Were here already"`
	Refused     int64            `bun:"refused" json:"refused"`
	Notes       string           `bun:"notes" json:"-"`
	Error       string           `bun:"error" json:"error,omitempty"`
	Holder      string           `bun:"holder" json:"-"`
	HeldUntil   store.Time       `bun:"held_until" json:"-"`
	StartedBy   store.ID         `bun:"started_by" json:"started_by,omitempty"`
	CreatedAt   store.Time       `bun:"created_at" json:"created_at,omitzero"`
	UpdatedAt   store.Time       `bun:"updated_at" json:"updated_at,omitzero"`
	EndedAt     store.Time       `bun:"ended_at" json:"ended_at,omitzero"`
	Odd         map[string]int64 `bun:"-" json:"notes,omitempty" doc:"What was odd about rows that were not refused, and how many"`
}

// States of a run.
const (
	runDraft     = "draft" // looked at, not started
	runQueued    = "queued"
	runRunning   = "running"
	runDone      = "done"
	runFailed    = "failed"
	runCancelled = "cancelled"
)

// Origins of a run's file.
const (
	fromFile   = "file"
	fromUpload = "upload"
)

const runColumns = `id, profile, profile_hash, body, source, origin, file_hash, file_size, kept, state, total, line, rows_read, imported, present, refused, notes, error, holder, held_until, started_by, created_at, updated_at, ended_at`

// ErrStopped: the run was cancelled, or another process carries it out.
var ErrStopped = errors.New("the import was stopped by somebody else")

// Import says how to import a file.
type Import struct {
	Profile *Profile
	By      store.ID // account
	// Piece is how many rows one transaction brings; 0 is few enough for others
	// to write in between.
	Piece int
	// Alone says that no other process uses the records: an import that was
	// killed is continued at once, and statistics are gathered at the end.
	Alone bool
	// Progress is told after each piece.
	Progress func(ImportRun)
}

// heldFor is how long a run belongs to a process that says nothing.
const heldFor = 15 * time.Second

// Import brings the rows of a file in as the profile says. The whole file is
// looked through before anything is written: a file that is cut off or cannot
// be read leaves no trace but the run's error. A run that was interrupted
// (same file, same profile) is continued where it was; a row that is there
// already, by its source and number, is left as it is.
//
// It returns the run also with an error.
func (s *Service) Import(ctx context.Context, file io.ReaderAt, size int64, o Import) (ImportRun, error) {
	hash, err := hashFile(ctx, file, size)
	if err != nil {
		return ImportRun{}, err
	}
	run, err := s.beginRun(ctx, ImportRun{Profile: o.Profile.Name, ProfileHash: o.Profile.Hash(), Body: o.Profile.Body(), Source: o.Profile.Source, Origin: fromFile,
		FileHash: hash, FileSize: size, StartedBy: o.By}, o.Alone)
	if err != nil {
		return run, err
	}
	return s.carry(ctx, run, file, o)
}

func hashFile(ctx context.Context, file io.ReaderAt, size int64) (string, error) {
	sum := sha256.New()
	r := io.NewSectionReader(file, 0, size)
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		switch _, err := io.CopyN(sum, r, 4<<20); {
		case errors.Is(err, io.EOF):
			return hex.EncodeToString(sum.Sum(nil)), nil
		case err != nil:
			return "", fmt.Errorf("the file cannot be read: %w", err)
		}
	}
}

func holderName() string {
	raw := make([]byte, 12)
	rand.Read(raw)
	return hex.EncodeToString(raw)
}

// beginRun continues the last run of the same file and profile that did not
// end, where nobody carries it out, or begins a new one.
func (s *Service) beginRun(ctx context.Context, want ImportRun, alone bool) (run ImportRun, err error) {
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		open, err := store.Select[ImportRun](ctx, tx, `SELECT `+runColumns+` FROM import_run WHERE file_hash = ? AND profile_hash = ? AND origin = ? AND state IN ('running', 'failed', 'cancelled') ORDER BY id DESC LIMIT 1`,
			want.FileHash, want.ProfileHash, want.Origin)
		if err != nil {
			return err
		}
		if len(open) == 1 && (alone || !now.Before(open[0].HeldUntil.Time)) {
			run = open[0]
			run.Holder = holderName()
			return takeRun(ctx, tx, &run, now)
		}
		run = want
		run.ID, run.State, run.Notes, run.CreatedAt = tx.NewID(), runRunning, "{}", now
		run.Holder = holderName()
		return insertRun(ctx, tx, &run, now)
	})
	return run, err
}

func insertRun(ctx context.Context, tx *store.Tx, r *ImportRun, now store.Time) error {
	r.UpdatedAt, r.HeldUntil = now, store.At(now.Add(heldFor))
	return store.InsertRows(ctx, tx, `INSERT INTO import_run (`+runColumns+`) VALUES `, [][]any{{r.ID, r.Profile, r.ProfileHash, r.Body, r.Source, r.Origin, r.FileHash, r.FileSize, r.Kept, r.State,
		r.Total, r.Line, r.Read, r.Imported, r.Present, r.Refused, r.Notes, r.Error, r.Holder, r.HeldUntil, r.StartedBy, r.CreatedAt, r.UpdatedAt, r.EndedAt}})
}

func takeRun(ctx context.Context, tx *store.Tx, r *ImportRun, now store.Time) error {
	r.State, r.Error, r.EndedAt, r.HeldUntil = runRunning, "", store.Time{}, store.At(now.Add(heldFor))
	_, err := tx.Exec(ctx, `UPDATE import_run SET state = ?, error = '', ended_at = NULL, holder = ?, held_until = ?, updated_at = ? WHERE id = ?`, r.State, r.Holder, r.HeldUntil, now, r.ID)
	return err
}

// carry carries a run out that this process holds.
func (s *Service) carry(ctx context.Context, run ImportRun, file io.ReaderAt, o Import) (ImportRun, error) {
	im := &importer{s: s, o: o, run: run, file: file, persons: map[string]store.ID{}, before: map[string]int64{}}
	_ = json.Unmarshal([]byte(run.Notes), &im.before)
	if im.o.Piece == 0 {
		im.o.Piece = gentlePiece
	}
	err := im.work(ctx)
	if err == nil {
		err = im.finish(ctx)
	}
	switch {
	case err == nil:
	case errors.Is(err, ErrStopped):
		if now, gerr := getRun(ctx, s.Store, run.ID); gerr == nil {
			im.run = now
		}
	case ctx.Err() != nil:
		// Interrupted, not failed: it stays as it is, for whoever continues.
		err = errors.Join(context.Cause(ctx), im.release(context.WithoutCancel(ctx), runRunning, ""))
	default:
		err = errors.Join(err, im.release(ctx, runFailed, err.Error()))
	}
	return im.run, err
}

func getRun(ctx context.Context, q store.Querier, id store.ID) (ImportRun, error) {
	r, err := store.Get[ImportRun](ctx, q, `SELECT `+runColumns+` FROM import_run WHERE id = ?`, int64(id))
	if err == nil {
		r.Odd = map[string]int64{}
		_ = json.Unmarshal([]byte(r.Notes), &r.Odd)
	}
	return r, err
}

// importer carries out one run.
type importer struct {
	s       *Service
	o       Import
	run     ImportRun
	file    io.ReaderAt
	persons map[string]store.ID // by what the source calls them
	before  map[string]int64    // notes of the part that was done before
	twice   map[string]first    // numbers that the file has more than once
}

// first is where a number stands first in the file, and the content of that row.
type first struct {
	line int
	hash uint64
}

// piece is some rows of the file, in its order, after mapping.
type piece struct {
	records  []*record
	refusals [][]any
	read     int64
	present  int64 // repeated in the file, word for word
	line     int
	notes    map[string]int64
}

func (im *importer) work(ctx context.Context) error {
	if err := im.check(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// One core reads and makes records while the other writes them.
	pieces := make(chan piece, 4)
	failed := make(chan error, 1)
	go func() {
		defer close(pieces)
		failed <- im.read(ctx, pieces)
	}()
	for p := range pieces {
		began := time.Now()
		if err := im.write(ctx, p); err != nil {
			return err
		}
		if im.o.Progress != nil {
			im.o.Progress(im.run)
		}
		if !im.o.Alone {
			time.Sleep(min(time.Since(began), 50*time.Millisecond)) // half of the time is the others'
		}
	}
	return <-failed
}

func (im *importer) open() (*table.Reader, error) {
	return table.NewReader(im.o.Profile.Name, im.file, im.run.FileSize, im.o.Profile.options())
}

// check looks through the whole file: that it can be read to its end, that it
// has the columns, how many rows it has, and which numbers stand in it twice.
func (im *importer) check(ctx context.Context) error {
	t, err := im.open()
	if err != nil {
		return err
	}
	r, err := im.s.read(im.o.Profile, t.Columns(), nil)
	if err != nil {
		if f := t.Format(); !f.Workbook && f.Encoding != "" {
			err = fmt.Errorf("%w (read as %s)", err, f.Encoding)
		}
		return err
	}
	seen := map[string]first{}
	im.twice = map[string]first{}
	total := int64(0)
	for row, err := range t.Rows() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		total++
		if im.o.Profile.Records == recordsCategories {
			continue
		}
		n := r.number(row)
		if n == "" {
			continue
		}
		if f, again := seen[n]; again {
			im.twice[n] = f
		} else {
			seen[n] = first{row.Line, hashRow(row)}
		}
	}
	if total == 0 {
		return errors.New("the file has no rows")
	}
	return im.s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		im.run.Total = total
		return im.hold(ctx, tx, `total = ?`, total)
	})
}

// hold changes the run while this process holds it; it returns ErrStopped when
// it does not any more.
func (im *importer) hold(ctx context.Context, tx *store.Tx, set string, args ...any) error {
	now := im.s.Store.Now()
	args = append(args, store.At(now), store.At(now.Add(heldFor)), im.run.ID, im.run.Holder)
	n, err := tx.Exec(ctx, `UPDATE import_run SET `+set+`, updated_at = ?, held_until = ? WHERE id = ? AND holder = ? AND state = 'running'`, args...)
	if err == nil && n == 0 {
		return ErrStopped
	}
	return err
}

// read makes records of the rows that are not done yet.
func (im *importer) read(ctx context.Context, out chan<- piece) error {
	t, err := im.open()
	if err != nil {
		return err
	}
	aliases, err := im.s.unitAliases(ctx, im.run.Source)
	if err != nil {
		return err
	}
	r, err := im.s.read(im.o.Profile, t.Columns(), aliasesOf(aliases, im.s.Dir.Tree()))
	if err != nil {
		return err
	}
	done := int(im.run.Line)
	p := piece{}
	send := func() bool {
		p.notes = maps.Clone(r.notes)
		select {
		case out <- p:
			p = piece{}
			return true
		case <-ctx.Done():
			return false
		}
	}
	for row, err := range t.Rows() {
		if err != nil {
			return err
		}
		if row.Line <= done {
			continue
		}
		p.read++
		p.line = row.Line
		rec, fault := r.row(row)
		if fault == nil && im.twice != nil && rec.appeal.External != "" {
			if f, ok := im.twice[rec.appeal.External]; ok && f.line != row.Line {
				if f.hash == hashRow(row) {
					p.present++
					rec = nil
				} else {
					fault = &rowFault{"twice", fmt.Sprint(f.line)}
				}
			}
		}
		switch {
		case fault != nil:
			p.refusals = append(p.refusals, []any{im.run.ID, row.Line, fault.Code, fault.Field})
		case rec != nil:
			p.records = append(p.records, rec)
		}
		if int(p.read) >= im.o.Piece && !send() {
			return context.Cause(ctx)
		}
	}
	if p.read > 0 && !send() {
		return context.Cause(ctx)
	}
	return nil
}

// write brings a piece in, with its projections and the progress of the run, in
// one transaction.
func (im *importer) write(ctx context.Context, p piece) error {
	var run ImportRun
	persons := map[string]store.ID{}
	err := im.s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		clear(persons)
		run = im.run
		write := im.writeAppeals
		if im.o.Profile.Records == recordsCategories {
			write = im.writeCategories
		}
		imported, err := write(ctx, tx, p.records, persons)
		if err != nil {
			return err
		}
		if err := store.InsertRows(ctx, tx, `INSERT INTO import_refusal (run, line, code, field) VALUES `, p.refusals); err != nil {
			return err
		}
		run.Line, run.Read, run.Imported, run.Refused = int64(p.line), run.Read+p.read, run.Imported+imported, run.Refused+int64(len(p.refusals))
		run.Present += p.present + int64(len(p.records)) - imported
		run.Odd = maps.Clone(im.before)
		for k, n := range p.notes {
			run.Odd[k] += n
		}
		notes, err := json.Marshal(run.Odd)
		if err != nil {
			return err
		}
		run.Notes = string(notes)
		return im.hold(ctx, tx, `line = ?, rows_read = ?, imported = ?, present = ?, refused = ?, notes = ?`, run.Line, run.Read, run.Imported, run.Present, run.Refused, run.Notes)
	})
	if err == nil {
		im.run = run
		maps.Copy(im.persons, persons)
	}
	return err
}

// writeAppeals writes the records that are not here yet and says how many.
func (im *importer) writeAppeals(ctx context.Context, tx *store.Tx, records []*record, persons map[string]store.ID) (int64, error) {
	if len(records) == 0 {
		return 0, nil
	}
	source := im.run.Source
	if _, err := tx.Exec(ctx, `INSERT INTO import_source (source, imported, ours) VALUES (?, 0, 0) ON CONFLICT (source) DO UPDATE SET imported = import_source.imported`, source); err != nil {
		return 0, err
	}
	numbers := make([]string, len(records))
	for i, rec := range records {
		numbers[i] = rec.appeal.External
	}
	here := map[string]bool{}
	for chunk := range slices.Chunk(numbers, 500) {
		found, err := store.Select[string](ctx, tx, `SELECT external FROM appeal WHERE source = ? AND external <> '' AND `+store.AnyOf("external", len(chunk)), append([]any{source}, store.Args(chunk...)...)...)
		if err != nil {
			return 0, err
		}
		for _, n := range found {
			here[n] = true
		}
	}
	var fresh []*record
	for _, rec := range records {
		if !here[rec.appeal.External] {
			fresh = append(fresh, rec)
		}
	}
	if err := im.identify(ctx, tx, fresh); err != nil {
		return 0, err
	}
	// In the order of their keys: FTS5 writes its buffer out at each step back.
	slices.SortFunc(fresh, func(a, b *record) int { return cmp.Compare(a.appeal.ID, b.appeal.ID) })
	pasts, rows := make([]*caseflow.Past, len(fresh)), make([][]any, len(fresh))
	counts := map[tallyKey]int64{}
	ours := int64(0)
	zone := im.s.district.Load().zone
	for i, rec := range fresh {
		if err := im.keep(ctx, tx, rec, persons); err != nil {
			return 0, err
		}
		pasts[i], rows[i] = rec.past, rec.appeal.values()
		past(rec.past, zone, func(k tallyKey, n int64) { counts[k] += n })
		if rec.ours {
			ours++
		}
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO appeal (`+appealColumns+`) VALUES `, rows); err != nil {
		return 0, err
	}
	if err := caseflow.WritePasts(ctx, tx, pasts); err != nil {
		return 0, err
	}
	words := make([]text.Entry, len(fresh))
	for i, rec := range fresh {
		words[i] = text.Entry{ID: rec.appeal.ID, Tokens: rec.tokens}
	}
	if err := searchIndex.AddAll(ctx, tx, words); err != nil {
		return 0, err
	}
	if err := writeTallies(ctx, tx, counts); err != nil {
		return 0, err
	}
	_, err := tx.Exec(ctx, `UPDATE import_source SET imported = imported + ?, ours = ours + ? WHERE source = ?`, len(fresh), ours, source)
	return int64(len(fresh)), err
}

// identify gives each record its key: at the time of its opening, so that lists
// are in the source's order, and always the same for the same number.
func (im *importer) identify(ctx context.Context, tx *store.Tx, records []*record) error {
	taken := map[store.ID]bool{}
	for try, todo := 0, records; len(todo) > 0; try++ {
		ids := make([]store.ID, len(todo))
		for i, rec := range todo {
			name := im.run.Source + "/" + rec.appeal.External
			if try > 0 {
				name = fmt.Sprintf("%s#%d", name, try)
			}
			rec.appeal.ID = store.IDFor(rec.opened, rec.precise, name)
			ids[i] = rec.appeal.ID
		}
		for chunk := range slices.Chunk(ids, 500) {
			found, err := store.Select[store.ID](ctx, tx, `SELECT id FROM matter WHERE `+store.AnyOf("id", len(chunk)), store.Args(chunk...)...)
			if err != nil {
				return err
			}
			for _, id := range found {
				taken[id] = true
			}
		}
		var again []*record
		for _, rec := range todo {
			if taken[rec.appeal.ID] {
				again = append(again, rec)
			}
			taken[rec.appeal.ID] = true
		}
		todo = again
	}
	return nil
}

// keep gives a record its person, lays the originals in the vault, and makes
// its history.
func (im *importer) keep(ctx context.Context, tx *store.Tx, rec *record, persons map[string]store.ID) (err error) {
	rec.matter.ID = rec.appeal.ID
	if rec.matter.Applicant, err = im.person(ctx, tx, rec, persons); err != nil {
		return err
	}
	object := "matter/" + rec.appeal.ID.String()
	rec.appeal.Original = 0
	if rec.text != "" {
		if rec.appeal.Original, err = im.s.Vault.PutText(ctx, tx, rec.matter.Applicant, object, rec.text); err != nil {
			return err
		}
	}
	assert := rec.assert
	if rec.reply != "" {
		original, err := im.s.Vault.PutText(ctx, tx, rec.matter.Applicant, object, rec.reply)
		if err != nil {
			return err
		}
		assert = maps.Clone(assert)
		assert["reply_original"] = original
	}
	rec.past, err = im.s.Engine.ImportPast(rec.matter, assert)
	return err
}

// person is the vault person of a record: whom the source calls the same, who
// has the same phone, or a new one; none where nothing is known and nothing
// must be kept.
func (im *importer) person(ctx context.Context, tx *store.Tx, rec *record, persons map[string]store.ID) (store.ID, error) {
	if len(rec.who) == 0 && rec.text == "" && rec.reply == "" {
		return 0, nil
	}
	var digest []byte
	if rec.sameAs != "" {
		for _, known := range []map[string]store.ID{persons, im.persons} {
			if id, ok := known[rec.sameAs]; ok {
				return id, nil
			}
		}
		digest = im.s.Keys.MAC("appellant", im.run.Source, rec.sameAs)
		found, err := store.Select[store.ID](ctx, tx, `SELECT person FROM import_appellant WHERE digest = ?`, digest)
		if err != nil {
			return 0, err
		}
		if len(found) == 1 {
			persons[rec.sameAs] = found[0]
			return found[0], nil
		}
	}
	if phone := rec.who[vault.Phone]; phone != "" {
		found, err := im.s.Vault.Find(ctx, tx, vault.Phone, phone)
		if err != nil {
			return 0, err
		}
		if len(found) > 0 {
			return found[0], nil
		}
	}
	id, err := im.s.Vault.NewPerson(ctx, tx, rec.who)
	if err == nil && digest != nil {
		persons[rec.sameAs] = id
		_, err = tx.Exec(ctx, `INSERT INTO import_appellant (digest, person) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING`, digest, id)
	}
	return id, err
}

func (im *importer) writeCategories(ctx context.Context, tx *store.Tx, records []*record, _ map[string]store.ID) (imported int64, err error) {
	for _, rec := range records {
		n, err := tx.Exec(ctx, `INSERT INTO asserted_category (source, l1, l2, l3) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, im.run.Source, rec.levels[0], rec.levels[1], rec.levels[2])
		if err != nil {
			return 0, err
		}
		imported += n
	}
	return imported, nil
}

// manyRows is from how many new rows on the statistics of the tables are
// gathered anew: without them a list of many is slow.
const manyRows = 5000

// finish ends a run that went through: one audit record stands for all of it.
func (im *importer) finish(ctx context.Context) error {
	return im.s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		now := store.At(im.s.Store.Now())
		if err := im.hold(ctx, tx, `state = ?, ended_at = ?`, runDone, now); err != nil {
			return err
		}
		r := im.run
		r.State, r.EndedAt = runDone, now
		if im.o.Alone && r.Imported >= manyRows {
			for _, t := range []string{"matter", "matter_event", "appeal"} {
				if _, err := tx.Exec(ctx, `ANALYZE `+t); err != nil {
					return err
				}
			}
		}
		if err := im.s.Bus.Emit(ctx, tx, now.Time, "import.done", r.ID.String(), map[string]any{"profile": r.Profile, "imported": r.Imported}); err != nil {
			return err
		}
		err := audit.Write(ctx, tx, audit.Record{At: now, Actor: r.StartedBy, Action: "appeal.import", Object: "import/" + r.ID.String()}, map[string]any{
			"file": r.FileHash, "size": r.FileSize, "profile": r.Profile, "profile_hash": r.ProfileHash, "read": r.Read, "imported": r.Imported, "present": r.Present, "refused": r.Refused})
		if err == nil {
			im.run = r
		}
		return err
	})
}

// release lets go of a run that did not go through.
func (im *importer) release(ctx context.Context, state, cause string) error {
	return im.s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(im.s.Store.Now())
		ended := store.Time{}
		if state == runFailed {
			ended = now
		}
		_, err := tx.Exec(ctx, `UPDATE import_run SET state = ?, error = ?, ended_at = ?, held_until = NULL, updated_at = ? WHERE id = ? AND holder = ?`, state, cause, ended, now, im.run.ID, im.run.Holder)
		if err == nil {
			im.run.State, im.run.Error, im.run.EndedAt = state, cause, ended
		}
		return err
	})
}

// WriteRejects writes the refused rows of a run, each with its line and reason,
// in a form that can be corrected and handed in again. It returns how many.
func (s *Service) WriteRejects(ctx context.Context, run ImportRun, file io.ReaderAt, w io.Writer, lang string) (int, error) {
	p, err := ReadProfile([]byte(run.Body))
	if err != nil {
		return 0, err
	}
	t, err := table.NewReader(p.Name, file, run.FileSize, p.options())
	if err != nil {
		return 0, err
	}
	head := [2]string{"行", "退回原因"}
	if lang == "en" {
		head = [2]string{"line", "reason"}
	}
	out, err := table.NewRejects(w, head[0], head[1], t.Columns())
	if err != nil {
		return 0, err
	}
	type refusal struct {
		Line        int
		Code, Field string
	}
	var page []refusal
	last := -1
	for row, err := range t.Rows() {
		if err != nil {
			return out.Count(), err
		}
		if len(page) == 0 {
			if page, err = store.Select[refusal](ctx, s.Store, `SELECT line, code, field FROM import_refusal WHERE run = ? AND line > ? ORDER BY line LIMIT 1000`, int64(run.ID), last); err != nil {
				return out.Count(), err
			}
			if len(page) == 0 {
				break
			}
		}
		if row.Line != page[0].Line {
			continue
		}
		if err := out.Reject(row, (&rowFault{page[0].Code, page[0].Field}).Say(lang)); err != nil {
			return out.Count(), err
		}
		last, page = page[0].Line, page[1:]
	}
	return out.Count(), out.Close()
}
