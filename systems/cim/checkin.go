package cim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/place"
	"shanzhi/core/place/address"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/systems/cim/check"
	"shanzhi/systems/cim/ingest"
)

// CheckIn is city data that was handed in (检查入库): it is read and judged by itself, then a second person
// publishes it or sends it back. What it holds is in the city model from then on, each object with
// its source, the day that it shows, and what it took the place of.
type CheckIn struct {
	ID        store.ID          `json:"id"`
	Name      string            `json:"name" doc:"Of the file"`
	Size      int64             `json:"size"`
	Hash      string            `json:"hash" doc:"SHA-256 of the file"`
	CRS       string            `json:"crs" doc:"The reference system as it was given; empty where the file was to say it"`
	Heights   string            `json:"heights"`
	Layer     string            `json:"layer" doc:"Objects of one layer take each other's place"`
	Source    string            `json:"source"`
	Epoch     string            `json:"epoch" doc:"The day that it shows"`
	State     CheckInState      `json:"state" enum:"queued,checking,checked,failed,publishing,published,refused,withdrawn"`
	Stage     string            `json:"stage,omitempty" enum:"reading,judging,keeping,landing,"`
	Done      int64             `json:"done"`
	Total     int64             `json:"total"`
	Report    *check.CityReport `json:"report,omitempty" doc:"Without its findings"`
	Fault     *ingest.FileFault `json:"fault,omitempty" doc:"Why it could not be read"`
	Errors    int               `json:"errors"`
	Warnings  int               `json:"warnings"`
	Notices   int               `json:"notices"`
	Objects   int               `json:"objects"`
	Sound     int               `json:"sound" doc:"Objects without errors"`
	Version   int               `json:"version"`
	Uploader  store.ID          `json:"uploader,omitempty"`
	By        string            `json:"by" doc:"Who handed it in"`
	At        store.Time        `json:"at"`
	CheckedAt store.Time        `json:"checked_at,omitzero"`
	Decider   string            `json:"decider,omitempty"`
	DecidedAt store.Time        `json:"decided_at,omitzero"`
	Reason    string            `json:"reason,omitempty"`
	Added     int               `json:"added"`
	Changed   int               `json:"changed"`
	Unchanged int               `json:"unchanged"`
	May       []string          `json:"may" doc:"What who asks may do now: publish, refuse, withdraw, recheck"`
}

// CheckInState is how a batch stands.
type CheckInState string

// The states. Decided ones are the last.
const (
	CheckInQueued     CheckInState = "queued"     // 待检查
	CheckInChecking   CheckInState = "checking"   // 检查中
	CheckInChecked    CheckInState = "checked"    // 待发布
	CheckInFailed     CheckInState = "failed"     // 读不出
	CheckInPublishing CheckInState = "publishing" // 入库中
	CheckInPublished  CheckInState = "published"  // 已入库
	CheckInRefused    CheckInState = "refused"    // 已退回
	CheckInWithdrawn  CheckInState = "withdrawn"  // 已撤回
)

// may is what an actor may do with a batch. Who handed it in does not publish it or send it back.
func (c *CheckIn) may(who account.Actor) []string {
	own := who.Account == c.Uploader && c.Uploader != 0
	out := []string{}
	switch c.State {
	case CheckInChecked:
		if !own && (c.Report == nil || c.Report.Refused == "") && c.Sound > 0 {
			out = append(out, "publish")
		}
		fallthrough
	case CheckInFailed:
		if !own {
			out = append(out, "refuse")
		}
		out = append(out, "recheck")
		if own {
			out = append(out, "withdraw")
		}
	case CheckInQueued, CheckInChecking:
		if own {
			out = append(out, "withdraw")
		}
	}
	return out
}

// Delivered says of a file that is handed in what it does not say itself.
type Delivered struct {
	Name, CRS, Heights, Layer, Source, Epoch string
}

type checkInRow struct {
	ID        store.ID   `bun:"id"`
	Name      string     `bun:"name"`
	Size      int64      `bun:"size"`
	Hash      string     `bun:"hash"`
	CRS       string     `bun:"crs"`
	Heights   string     `bun:"heights"`
	Layer     string     `bun:"layer"`
	Source    string     `bun:"source"`
	Epoch     string     `bun:"epoch"`
	State     string     `bun:"state"`
	Stage     string     `bun:"stage"`
	Done      int64      `bun:"done"`
	Total     int64      `bun:"total"`
	Report    string     `bun:"report"`
	Fault     string     `bun:"fault"`
	Errors    int        `bun:"errors"`
	Warnings  int        `bun:"warnings"`
	Notices   int        `bun:"notices"`
	Objects   int        `bun:"objects"`
	Sound     int        `bun:"sound"`
	Version   int        `bun:"version"`
	Uploader  *int64     `bun:"uploader"`
	By        *string    `bun:"who"`
	At        store.Time `bun:"at"`
	CheckedAt store.Time `bun:"checked_at"`
	Decider   *string    `bun:"decided_by"`
	DecidedAt store.Time `bun:"decided_at"`
	Reason    string     `bun:"reason"`
	Added     int        `bun:"added"`
	Changed   int        `bun:"changed"`
	Unchanged int        `bun:"unchanged"`
}

const checkInColumns = `SELECT c.id, c.name, c.size, c.hash, c.crs, c.heights, c.layer, c.source, c.epoch, c.state, c.stage, c.done, c.total, c.report, c.fault, c.errors, c.warnings, c.notices,
 c.objects, c.sound, c.version, c.uploader, u.name AS who, c.at, c.checked_at, d.name AS decided_by, c.decided_at, c.reason, c.added, c.changed, c.unchanged
 FROM cim_checkin c LEFT JOIN account u ON u.id = c.uploader LEFT JOIN account d ON d.id = c.decider `

func (r checkInRow) checkIn(who account.Actor) (CheckIn, error) {
	c := CheckIn{ID: r.ID, Name: r.Name, Size: r.Size, Hash: r.Hash, CRS: r.CRS, Heights: r.Heights, Layer: r.Layer, Source: r.Source, Epoch: r.Epoch, State: CheckInState(r.State), Stage: r.Stage, Done: r.Done, Total: r.Total,
		Errors: r.Errors, Warnings: r.Warnings, Notices: r.Notices, Objects: r.Objects, Sound: r.Sound, Version: r.Version, At: r.At, CheckedAt: r.CheckedAt, DecidedAt: r.DecidedAt, Reason: r.Reason, Added: r.Added, Changed: r.Changed, Unchanged: r.Unchanged}
	if r.Uploader != nil {
		c.Uploader = store.ID(*r.Uploader)
	}
	if r.By != nil {
		c.By = *r.By
	}
	if r.Decider != nil {
		c.Decider = *r.Decider
	}
	for raw, into := range map[string]any{r.Report: &c.Report, r.Fault: &c.Fault} {
		if raw != "" {
			if err := json.Unmarshal([]byte(raw), into); err != nil {
				return c, err
			}
		}
	}
	c.May = c.may(who)
	return c, nil
}

// maxDelivery is how long a file may be that is handed in.
const maxDelivery = 1 << 30

func deliveryKey(id store.ID) string { return "checkins/" + id.String() }

// HandIn keeps a file that is handed in, for the check that follows by itself.
func (s *Service) HandIn(ctx context.Context, who account.Actor, d Delivered, file io.Reader) (CheckIn, error) {
	d, err := s.settleDelivered(d)
	if err != nil {
		return CheckIn{}, err
	}
	id := s.Store.NewID()
	tmp, err := s.Files.New()
	if err != nil {
		return CheckIn{}, err
	}
	defer os.Remove(tmp.Name())
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(tmp, sum), io.LimitReader(file, maxDelivery+1))
	switch err = errors.Join(err, tmp.Sync(), tmp.Close()); {
	case err != nil:
		return CheckIn{}, err
	case n > maxDelivery:
		return CheckIn{}, httpapi.FailField("file", "too_large")
	case n == 0:
		return CheckIn{}, httpapi.FailField("file", "required")
	}
	if err := s.Files.Place.Keep(ctx, deliveryKey(id), tmp.Name(), "application/octet-stream"); err != nil {
		return CheckIn{}, err
	}
	var c CheckIn
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		var uploader any
		if who.Account != 0 {
			uploader = int64(who.Account)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO cim_checkin (id, name, size, hash, kept, crs, heights, layer, source, epoch, state, stage, done, total, report, fault, errors, warnings, notices, objects, sound, version, uploader, unit, at, reason, added, changed, unchanged)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', '', 0, 0, '', '', 0, 0, 0, 0, 0, 1, ?, ?, ?, '', 0, 0, 0)`, id, d.Name, n, hex.EncodeToString(sum.Sum(nil)), true, d.CRS, d.Heights, d.Layer, d.Source, d.Epoch, uploader, who.Unit, now); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "cim.hand_in", Object: "checkin/" + id.String()}, map[string]any{"hash": hex.EncodeToString(sum.Sum(nil)), "size": n}); err != nil {
			return err
		}
		if c, err = s.checkIn(ctx, tx, who, id); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, c)
	})
	if err != nil {
		_ = s.Files.Place.Remove(context.WithoutCancel(ctx), deliveryKey(id))
		return c, err
	}
	s.desk.ring()
	return c, nil
}

// settleDelivered refuses what cannot be meant, and fills in what follows from the rest.
func (s *Service) settleDelivered(d Delivered) (Delivered, error) {
	d.Name = path.Base(strings.ReplaceAll(strings.TrimSpace(d.Name), `\`, "/"))
	if d.Name == "." || d.Name == "/" || !utf8.ValidString(d.Name) {
		return d, httpapi.FailField("file", "required")
	}
	if r := []rune(d.Name); len(r) > 120 {
		d.Name = string(r[len(r)-120:])
	}
	d.CRS, d.Heights, d.Source = strings.TrimSpace(d.CRS), strings.TrimSpace(d.Heights), text.Mask(strings.TrimSpace(d.Source))
	if d.Layer = strings.TrimSpace(d.Layer); d.Layer == "" {
		d.Layer = strings.TrimSuffix(d.Name, path.Ext(d.Name))
	}
	if d.Epoch == "" {
		d.Epoch = s.today()
	}
	if err := place.CheckDay(d.Epoch); err != nil {
		return d, problemOf(err)
	}
	rules := s.book.Load().rules
	if _, err := DeliveryOptions(rules, d.CRS, ""); err != nil {
		return d, httpapi.FailDetail(http.StatusUnprocessableEntity, "crs_unknown", err.Error())
	}
	if _, err := DeliveryOptions(rules, "", d.Heights); err != nil {
		return d, httpapi.FailDetail(http.StatusUnprocessableEntity, "heights_unknown", err.Error())
	}
	return d, nil
}

func (s *Service) checkIn(ctx context.Context, q store.Querier, who account.Actor, id store.ID) (CheckIn, error) {
	row, err := store.Get[checkInRow](ctx, q, checkInColumns+`WHERE c.id = ?`, int64(id))
	if err != nil {
		return CheckIn{}, err
	}
	return row.checkIn(who)
}

// CheckIns lists batches, the newest first.
func (s *Service) CheckIns(ctx context.Context, who account.Actor, state string, before store.ID, limit int) ([]CheckIn, error) {
	cond, args := `WHERE (? = '' OR c.state = ?)`, []any{state, state}
	if before != 0 {
		cond, args = cond+` AND c.id < ?`, append(args, int64(before))
	}
	rows, err := store.Select[checkInRow](ctx, s.Store, checkInColumns+cond+` ORDER BY c.id DESC LIMIT ?`, append(args, limit)...)
	out := make([]CheckIn, 0, len(rows))
	for _, r := range rows {
		c, err := r.checkIn(who)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, err
}

// turn moves a batch from one of some states, by the version that the caller saw.
func (s *Service) turn(ctx context.Context, who account.Actor, id store.ID, version int, action, reason, set string, args ...any) (c CheckIn, err error) {
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = s.checkIn(ctx, tx, who, id); err != nil {
			return err
		}
		allowed := false
		for _, m := range c.May {
			allowed = allowed || m == action
		}
		switch {
		case c.Version != version:
			return httpapi.Fail(http.StatusConflict, "conflict")
		case !allowed && (action == "publish" || action == "refuse") && who.Account == c.Uploader:
			return httpapi.Fail(http.StatusForbidden, "checkin_same_person")
		case !allowed && action == "publish" && c.State == CheckInChecked:
			return httpapi.Fail(http.StatusConflict, "checkin_unsound")
		case !allowed:
			return httpapi.Fail(http.StatusConflict, "refused_state")
		}
		now := store.At(s.Store.Now())
		if _, err := tx.Exec(ctx, `UPDATE cim_checkin SET version = version + 1, `+set+` WHERE id = ? AND version = ?`, append(args, id, version)...); err != nil {
			return err
		}
		if action == "publish" || action == "refuse" {
			if _, err := tx.Exec(ctx, `UPDATE cim_checkin SET decider = ?, decided_at = ?, reason = ? WHERE id = ?`, who.Account, now, text.Mask(reason), id); err != nil {
				return err
			}
		}
		if err := audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "cim.checkin_" + action, Object: "checkin/" + id.String(), Reason: text.Mask(reason)}, map[string]any{"errors": c.Errors, "objects": c.Objects}); err != nil {
			return err
		}
		if c, err = s.checkIn(ctx, tx, who, id); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusOK, c)
	})
	if err == nil {
		s.desk.ring()
	}
	return c, err
}

// Decide is what a person does with a batch: publish it, send it back (refuse), take it back (withdraw), or
// have it checked again by another reference system (recheck). With errors what is sound is published only where
// partial says that the rest may stay out.
func (s *Service) Decide(ctx context.Context, who account.Actor, id store.ID, version int, action, reason string, partial bool, crs, heights string) (CheckIn, error) {
	switch action {
	case "publish":
		c, err := s.checkIn(ctx, s.Store, who, id)
		if err != nil {
			return c, err
		}
		if c.Sound < c.Objects && !partial {
			return c, httpapi.Fail(http.StatusConflict, "checkin_partial")
		}
		return s.turn(ctx, who, id, version, action, reason, `state = 'publishing', stage = 'keeping', done = 0, total = objects, added = 0, changed = 0, unchanged = 0`)
	case "refuse":
		if len([]rune(strings.TrimSpace(reason))) < 2 {
			return CheckIn{}, httpapi.FailField("reason", "required")
		}
		return s.turn(ctx, who, id, version, action, reason, `state = 'refused'`)
	case "withdraw":
		return s.turn(ctx, who, id, version, action, reason, `state = 'withdrawn'`)
	case "recheck":
		if _, err := s.settleDelivered(Delivered{Name: "x", CRS: crs, Heights: heights}); err != nil {
			return CheckIn{}, err
		}
		return s.turn(ctx, who, id, version, action, reason, `state = 'queued', crs = ?, heights = ?, report = '', fault = '', errors = 0, warnings = 0, notices = 0, objects = 0, sound = 0`, crs, heights)
	}
	return CheckIn{}, httpapi.FailField("action", "no_such_option")
}

// checkDesk wakes whoever checks what was handed in.
type checkDesk struct {
	once sync.Once
	wake chan struct{}
}

func (d *checkDesk) bell() chan struct{} {
	d.once.Do(func() { d.wake = make(chan struct{}, 1) })
	return d.wake
}

func (d *checkDesk) ring() {
	select {
	case d.bell() <- struct{}{}:
	default:
	}
}

// workCheckIns checks and publishes batches one after another until ctx ends. One process does; what it was at
// when it ended is begun again, and what was being published goes on where it was.
func (s *Service) workCheckIns(ctx context.Context) {
	_ = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE cim_checkin SET state = 'queued' WHERE state = 'checking'`)
		return err
	})
	for ctx.Err() == nil {
		worked, err := s.WorkCheckIn(ctx)
		if err != nil && ctx.Err() == nil {
			s.Log.Error("a batch of city data could not be worked on", "error", err)
		}
		if worked && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.desk.bell():
		case <-time.After(2 * time.Second):
		}
	}
}

// WorkCheckIn works on the batch that has waited longest; worked is false where none waits.
func (s *Service) WorkCheckIn(ctx context.Context) (worked bool, err error) {
	rows, err := store.Select[checkInRow](ctx, s.Store, checkInColumns+`WHERE c.state IN ('queued', 'publishing') ORDER BY c.id LIMIT 1`)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	c, err := rows[0].checkIn(account.Actor{})
	if err != nil {
		return false, err
	}
	if c.State == CheckInPublishing {
		return true, s.publish(ctx, c)
	}
	return true, s.carryCheck(ctx, c)
}

// errTaken: somebody took the batch back meanwhile.
var errTaken = errors.New("cim: the batch was taken back")

// carryCheck reads and judges a batch, and keeps what was found.
func (s *Service) carryCheck(ctx context.Context, c CheckIn) error {
	move := func(from, set string, args ...any) error {
		return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE cim_checkin SET `+set+` WHERE id = ? AND state = ?`, append(args, c.ID, from)...)
			if err == nil && n == 0 {
				return errTaken
			}
			return err
		})
	}
	if err := move("queued", `state = 'checking', stage = 'reading', done = 0, total = 0`); err != nil {
		return ignoreTaken(err)
	}
	work, cancel := context.WithCancel(ctx)
	defer cancel()
	last := time.Now()
	tell := func(stage string, done, total int64) {
		if time.Since(last) < 700*time.Millisecond {
			return
		}
		last = time.Now()
		if errors.Is(move("checking", `stage = ?, done = ?, total = ?`, stage, done, total), errTaken) {
			cancel()
		}
	}
	m, report, err := s.judge(work, c, tell)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if work.Err() != nil {
		return nil // taken back
	}
	var fault *ingest.FileFault
	if errors.As(err, &fault) || err != nil {
		if fault == nil {
			fault = &ingest.FileFault{Code: ingest.FaultBroken, Zh: "读不下去", En: err.Error()}
			s.Log.Error("a batch of city data could not be read", "batch", c.ID, "error", err)
		}
		raw, err := json.Marshal(fault)
		if err != nil {
			return err
		}
		return ignoreTaken(move("checking", `state = 'failed', stage = '', fault = ?, version = version + 1, checked_at = ?`, string(raw), store.At(s.Store.Now())))
	}
	return ignoreTaken(s.keep(ctx, c, m, report, tell, move))
}

func ignoreTaken(err error) error {
	if errors.Is(err, errTaken) {
		return nil
	}
	return err
}

// judge reads the file of a batch and judges it against the district.
func (s *Service) judge(ctx context.Context, c CheckIn, tell func(stage string, done, total int64)) (*ingest.Model, *check.CityReport, error) {
	content, err := s.Files.Place.Open(ctx, deliveryKey(c.ID))
	if err != nil {
		return nil, nil, err
	}
	defer content.Close()
	dir, err := os.MkdirTemp("", "shanzhi-checkin-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, c.Name)
	f, err := os.Create(name)
	if err != nil {
		return nil, nil, err
	}
	_, err = io.Copy(f, content)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, nil, err
	}
	return s.JudgeFile(ctx, name, c.CRS, c.Heights, tell)
}

// JudgeFile reads a file and judges it against the register and the district.
func (s *Service) JudgeFile(ctx context.Context, name, crs, heights string, tell func(stage string, done, total int64)) (*ingest.Model, *check.CityReport, error) {
	b := s.book.Load()
	o, err := DeliveryOptions(b.rules, crs, heights)
	if err != nil {
		return nil, nil, err
	}
	if tell != nil {
		o.Progress = func(done, all int64) { tell("reading", min(done, all), all) }
	}
	d, err := ingest.Open(name, o.Limits)
	if err != nil {
		return nil, nil, err
	}
	defer d.Close()
	m, err := ingest.Read(ctx, d, o)
	if err != nil {
		return nil, nil, err
	}
	known, err := s.known(ctx, m, b.rules)
	if err != nil {
		return nil, nil, err
	}
	ask := check.Asked{Rules: b.rules, Outline: b.outline, Known: known}
	if tell != nil {
		ask.Progress = func(done, all int) { tell("judging", int64(done), int64(all)) }
	}
	report, err := check.Run(ctx, m, ask)
	return m, report, err
}

// known answers from the register: the codes that a model names are read at once.
func (s *Service) known(ctx context.Context, m *ingest.Model, rules *check.Rules) (check.Known, error) {
	x, n, err := s.Index(ctx)
	if err != nil || n == 0 {
		return check.Known{}, err // there is no register yet
	}
	type found struct {
		key int64
		at  *place.Point
	}
	codes := map[string]found{}
	var list []any
	for i := range m.Objects {
		if code := m.Objects[i].Text(rules.CodeFields()...); code != "" {
			if _, again := codes[code]; !again {
				codes[code] = found{}
				list = append(list, code)
			}
		}
	}
	building := map[int64]int64{}
	for at := 0; at < len(list); at += 400 {
		part := list[at:min(at+400, len(list))]
		rows, err := store.Select[struct {
			Value  string
			ID     int64
			Detail string
			Above  *int64
		}](ctx, s.Store, `SELECT c.value, o.id, o.detail, CASE WHEN o.kind = 'unit' THEN CASE WHEN p.kind = 'floor' THEN p.parent ELSE o.parent END END AS above
 FROM place_code c JOIN place_object o ON o.id = c.object LEFT JOIN place_object p ON p.id = o.parent WHERE c.scheme = 'house' AND c.until = '' AND o.until = '' AND `+store.AnyOf("c.value", len(part)), part...)
		if err != nil {
			return check.Known{}, err
		}
		for _, r := range rows {
			f := found{key: r.ID}
			var d place.PlaceDetail
			if json.Unmarshal([]byte(r.Detail), &d) == nil && d.Lon != nil && d.Lat != nil {
				f.at = &place.Point{CRS: place.WGS84, Lon: *d.Lon, Lat: *d.Lat}
			}
			codes[r.Value] = f
			building[r.ID] = r.ID
			if r.Above != nil {
				building[r.ID] = *r.Above
			}
		}
	}
	return check.Known{
		Code: func(code string) (int64, *place.Point, bool) {
			f := codes[code]
			return f.key, f.at, f.key != 0
		},
		BuildingOf: func(key int64) int64 { return building[key] },
		Address: func(words string) (int64, bool, string) {
			match := x.Match(words)
			if match.Level == address.LevelNone {
				return 0, false, ""
			}
			return match.Building, match.Confidence >= address.Sure, match.Address
		},
	}, nil
}

// keepPiece is how many rows one transaction keeps, so that others write in between.
const keepPiece = 400

// keep writes what was read and found, in pieces, and says last that it is there.
func (s *Service) keep(ctx context.Context, c CheckIn, m *ingest.Model, r *check.CityReport, tell func(string, int64, int64), move func(from, set string, args ...any) error) error {
	if err := s.clear(ctx, c.ID); err != nil {
		return err
	}
	var rows [][]any
	flush := func(insert string) error {
		if len(rows) == 0 {
			return nil
		}
		list := rows
		rows = nil
		return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error { return store.InsertRows(ctx, tx, insert, list) })
	}
	const intoFinding = `INSERT INTO cim_finding (checkin, seq, code, severity, object, number, body) VALUES `
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Object, f.Zh, f.En = text.Mask(f.Object), text.Mask(f.Zh), text.Mask(f.En)
		body, err := json.Marshal(f)
		if err != nil {
			return err
		}
		if rows = append(rows, []any{int64(c.ID), i + 1, f.Code, string(f.Severity), f.Object, f.Number, string(body)}); len(rows) >= keepPiece {
			if err := flush(intoFinding); err != nil {
				return err
			}
		}
	}
	if err := flush(intoFinding); err != nil {
		return err
	}
	const intoStaged = `INSERT INTO cim_staged (checkin, number, kind, ext, code, errors, west, south, east, north, low, high, attributes, shapes, hash, place, parent) VALUES `
	objects, sound := 0, 0
	if r.Refused == "" && (m.Frame.Known() || m.Tileset != nil) {
		st := newStager(m, s.book.Load().rules, r)
		total := int64(st.count())
		bytes := 0
		err := st.each(func(x staged) error {
			objects++
			if x.errors == 0 {
				sound++
			}
			if x.heights != nil {
				if err := s.stageGrid(ctx, c, text.Mask(x.ext), x.heights); err != nil {
					return err
				}
			}
			for i, v := range x.box {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					x.box[i] = 0
				}
			}
			rows = append(rows, []any{int64(c.ID), x.number, x.kind, text.Mask(x.ext), x.code, x.errors, x.box[0], x.box[1], x.box[3], x.box[4], x.box[2], x.box[5], x.attributes, x.shapes, x.hash, x.place, text.Mask(x.parent)})
			if bytes += len(x.shapes) + len(x.attributes); len(rows) < keepPiece && bytes < 1<<20 {
				return nil
			}
			bytes = 0
			tell("keeping", int64(objects), total)
			return flush(intoStaged)
		})
		if err == nil {
			err = flush(intoStaged)
		}
		if err != nil {
			return err
		}
	}
	short := *r
	short.Findings = nil
	report, err := json.Marshal(&short)
	if err != nil {
		return err
	}
	return move("checking", `state = 'checked', stage = '', report = ?, errors = ?, warnings = ?, notices = ?, objects = ?, sound = ?, version = version + 1, checked_at = ?`,
		string(report), r.Errors, r.Warnings, r.Notices, objects, sound, store.At(s.Store.Now()))
}

// clear takes away what an earlier check of a batch kept.
func (s *Service) clear(ctx context.Context, id store.ID) error {
	for _, of := range []string{"cim_finding WHERE checkin = ? AND seq", "cim_staged WHERE checkin = ? AND number"} {
		for {
			table, column, _ := strings.Cut(of, " WHERE checkin = ? AND ")
			var most *int64
			if err := s.Store.QueryRow(ctx, `SELECT max(`+column+`) FROM `+table+` WHERE checkin = ?`, int64(id)).Scan(&most); err != nil {
				return err
			}
			if most == nil {
				break
			}
			if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM `+of+` > ?`, id, *most-2000)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// publish brings the sound objects of a batch into the city model, in pieces; it goes on where it was.
func (s *Service) publish(ctx context.Context, c CheckIn) error {
	type row struct {
		Number     int
		Kind       string
		Ext        string
		Code       string
		Parent     string
		West       float64
		South      float64
		East       float64
		North      float64
		Low        float64
		High       float64
		Attributes string
		Shapes     string
		Hash       string
	}
	type standing struct {
		ID   store.ID
		Ext  string
		Hash string
	}
	for next := int(c.Done); ; {
		list, err := store.Select[row](ctx, s.Store, `SELECT number, kind, ext, code, parent, west, south, east, north, low, high, attributes, shapes, hash FROM cim_staged WHERE checkin = ? AND number >= ? AND errors = 0 ORDER BY number LIMIT ?`, int64(c.ID), next, keepPiece)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			now := store.At(s.Store.Now())
			exts, codes := make([]any, len(list)), []any{}
			for i, x := range list {
				exts[i] = x.Ext
				if x.Code != "" {
					codes = append(codes, x.Code)
				}
			}
			there, err := store.Select[standing](ctx, tx, `SELECT id, ext, hash FROM cim_city_object WHERE layer = ? AND until IS NULL AND `+store.AnyOf("ext", len(exts)), append([]any{c.Layer}, exts...)...)
			if err != nil {
				return err
			}
			was := map[string]standing{}
			for _, t := range there {
				was[t.Ext] = t
			}
			places := map[string]int64{}
			if len(codes) > 0 {
				rows, err := store.Select[struct {
					Value  string
					Object int64
				}](ctx, tx, `SELECT value, object FROM place_code WHERE scheme = 'house' AND until = '' AND `+store.AnyOf("value", len(codes)), codes...)
				if err != nil {
					return err
				}
				for _, r := range rows {
					places[r.Value] = r.Object
				}
			}
			var objects, changes [][]any
			added, changed, unchanged := 0, 0, 0
			var decider any
			if err := tx.QueryRow(ctx, `SELECT decider FROM cim_checkin WHERE id = ?`, int64(c.ID)).Scan(&decider); err != nil {
				return err
			}
			seen := map[string]bool{}
			for _, x := range list {
				old, again := was[x.Ext]
				twice := seen[x.Ext] // the first of two of one name stands
				seen[x.Ext] = true
				if twice || again && old.Hash == x.Hash {
					unchanged++
					continue
				}
				id := tx.NewID()
				kind, before := "insert", any(nil)
				if again {
					kind, before = "update", int64(old.ID)
					changed++
					if _, err := tx.Exec(ctx, `UPDATE cim_city_object SET until = ? WHERE id = ?`, now, old.ID); err != nil {
						return err
					}
				} else {
					added++
				}
				var at any
				if p, ok := places[x.Code]; ok {
					at = p
				}
				objects = append(objects, []any{int64(id), c.Layer, x.Ext, x.Kind, x.Code, at, x.West, x.South, x.East, x.North, x.Low, x.High, x.Attributes, x.Shapes, x.Hash, c.Source, c.Epoch, int64(c.ID), now.UnixMicro(), nil, x.Parent})
				changes = append(changes, []any{int64(tx.NewID()), int64(id), c.Layer, x.Ext, kind, before, int64(c.ID), decider, c.Reason, now.UnixMicro()})
			}
			if err := store.InsertRows(ctx, tx, `INSERT INTO cim_city_object (id, layer, ext, kind, code, place, west, south, east, north, low, high, attributes, shapes, hash, source, epoch, checkin, at, until, parent) VALUES `, objects); err != nil {
				return err
			}
			if err := store.InsertRows(ctx, tx, `INSERT INTO cim_city_change (id, object, layer, ext, kind, before, checkin, actor, reason, at) VALUES `, changes); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE cim_checkin SET done = ?, added = added + ?, changed = changed + ?, unchanged = unchanged + ? WHERE id = ? AND state = 'publishing'`, list[len(list)-1].Number+1, added, changed, unchanged, c.ID)
			return err
		}); err != nil {
			return err
		}
		next = list[len(list)-1].Number + 1
	}
	if err := s.land(ctx, c); err != nil {
		return err
	}
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if n, err := tx.Exec(ctx, `UPDATE cim_checkin SET state = 'published', stage = '', version = version + 1 WHERE id = ? AND state = 'publishing'`, c.ID); err != nil || n == 0 {
			return err
		}
		if err := s.finishLanding(ctx, tx, c); err != nil {
			return err
		}
		now, err := s.checkIn(ctx, tx, account.Actor{}, c.ID)
		if err != nil {
			return err
		}
		return s.Bus.Emit(ctx, tx, s.Store.Now(), "cim.published", c.ID.String(), map[string]any{"layer": c.Layer, "added": now.Added, "changed": now.Changed, "unchanged": now.Unchanged, "epoch": c.Epoch})
	})
}

// dropDeliveries removes the files of batches that were decided long enough ago; of those that were sent back
// or taken back what was staged too. Findings and counts stay.
func (s *Service) dropDeliveries(ctx context.Context) (int, error) {
	before := store.At(s.Store.Now().Add(-30 * 24 * time.Hour))
	ids, err := store.Select[store.ID](ctx, s.Store, `SELECT id FROM cim_checkin WHERE kept AND state IN ('published', 'refused', 'withdrawn') AND at < ? LIMIT 500`, before)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := s.Files.Place.Remove(ctx, deliveryKey(id)); err != nil {
			return 0, err
		}
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE cim_checkin SET kept = ? WHERE id = ?`, false, id); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM cim_staged_grid WHERE checkin = ?`, id); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `DELETE FROM cim_staged WHERE checkin = ?`, id)
			return err
		}); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// WaitCheckIn returns a batch when it was checked: by this process, where no other does it.
func (s *Service) WaitCheckIn(ctx context.Context, who account.Actor, id store.ID) (CheckIn, error) {
	for {
		c, err := s.checkIn(ctx, s.Store, who, id)
		if err != nil {
			return c, err
		}
		switch c.State {
		case CheckInQueued:
			if err := s.carryCheck(ctx, c); err != nil {
				return c, err
			}
			continue
		case CheckInChecking:
		default:
			return c, nil
		}
		select {
		case <-ctx.Done():
			return c, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}
