package cim

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"sync"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/systems/cim/analysis"
)

// AnalysisKind is a question that is reckoned on the server.
type AnalysisKind string

// The kinds.
const (
	SightKind      AnalysisKind = "sight"        // 通视
	ViewshedKind   AnalysisKind = "viewshed"     // 可视域
	SunlightKind   AnalysisKind = "sunlight"     // 日照时数
	ShadowKind     AnalysisKind = "shadow"       // 阴影
	SkylineKind    AnalysisKind = "skyline"      // 天际线
	HeightKind     AnalysisKind = "height_limit" // 限高
	FloodKind      AnalysisKind = "flood"        // 淹没
	ExcavationKind AnalysisKind = "excavation"   // 开挖
	ClearanceKind  AnalysisKind = "clearance"    // 净距
	TraceKind      AnalysisKind = "trace"        // 管网追踪
	BurstKind      AnalysisKind = "burst"        // 爆管、关阀
	IsochroneKind  AnalysisKind = "isochrone"    // 等时圈
	BufferKind     AnalysisKind = "buffer"       // 缓冲区
	CamerasKind    AnalysisKind = "cameras"      // 能看见此处的摄像机
)

// analysisLaw is how a kind is reckoned, and of which layers: who may see all of these may ask it.
type analysisLaw struct {
	layers []Layer
	check  func(*AnalysisInput) error
	run    func(*analysisRun) error
}

var analysisLaws map[AnalysisKind]analysisLaw

func init() { // its functions ask it again
	analysisLaws = map[AnalysisKind]analysisLaw{
		SightKind:      {[]Layer{Buildings, Terrain}, checkSight, (*analysisRun).sight},
		ViewshedKind:   {[]Layer{Buildings, Terrain}, checkViewshed, (*analysisRun).viewshed},
		SunlightKind:   {[]Layer{Buildings}, checkSunlight, (*analysisRun).sunlight},
		ShadowKind:     {[]Layer{Buildings, Terrain}, checkShadow, (*analysisRun).shadow},
		SkylineKind:    {[]Layer{Buildings, Terrain}, checkSkyline, (*analysisRun).skyline},
		HeightKind:     {[]Layer{Buildings, Terrain}, checkHeight, (*analysisRun).heightLimit},
		FloodKind:      {[]Layer{Terrain, Buildings}, checkFlood, (*analysisRun).flood},
		ExcavationKind: {[]Layer{Pipes, Terrain}, checkExcavation, (*analysisRun).excavation},
		ClearanceKind:  {[]Layer{Pipes, Buildings, Terrain}, checkClearance, (*analysisRun).clearance},
		TraceKind:      {[]Layer{Pipes, Buildings}, checkTrace, (*analysisRun).trace},
		BurstKind:      {[]Layer{Pipes, Buildings}, checkBurst, (*analysisRun).burst},
		IsochroneKind:  {[]Layer{Roads, Buildings}, checkIsochrone, (*analysisRun).isochrone},
		BufferKind:     {[]Layer{Buildings, Parcels}, checkBuffer, (*analysisRun).buffer},
		CamerasKind:    {[]Layer{Cameras, Buildings, Terrain}, checkCameras, (*analysisRun).cameras},
	}
}

// AnalysisInput is what an analysis is asked with. What is not given is filled in, and stored so.
type AnalysisInput struct {
	At       *[2]float64  `json:"at,omitempty" doc:"Where: the eye, the water's source, the point; WGS-84"`
	Height   *float64     `json:"height,omitempty" minimum:"-100" maximum:"2000" doc:"Metres above the ground there"`
	To       *[2]float64  `json:"to,omitempty" doc:"What is looked at"`
	ToHeight *float64     `json:"to_height,omitempty" minimum:"-100" maximum:"2000"`
	Line     [][2]float64 `json:"line,omitempty" maxItems:"500" doc:"A planned route, or what a buffer is about"`
	Polygon  [][2]float64 `json:"polygon,omitempty" maxItems:"500" doc:"An area: not closed"`
	Building store.ID     `json:"building,omitempty" doc:"Key of a building"`
	Plan     *PlannedBox  `json:"plan,omitempty" doc:"What is to be built: reckoned with and without"`

	Day     string  `json:"day,omitempty" enum:"great_cold,winter_solstice," doc:"Standard day (GB 50180-2018, 4.0.9)"`
	Year    int     `json:"year,omitempty" minimum:"0" maximum:"2050"`
	Minutes float64 `json:"minutes,omitempty" minimum:"0" maximum:"120" doc:"Of sunlight a step; of an isochrone how long"`
	Hours   float64 `json:"hours,omitempty" minimum:"0" maximum:"8" doc:"That the standard asks"`
	When    string  `json:"when,omitempty" maxLength:"40" doc:"RFC 3339; of a shadow"`

	Reach   float64  `json:"reach,omitempty" minimum:"0" maximum:"5000" doc:"Metres"`
	Cell    float64  `json:"cell,omitempty" minimum:"0" maximum:"100" doc:"Metres a side of what a raster has"`
	Level   *float64 `json:"level,omitempty" minimum:"-100" maximum:"2000" doc:"Of water, or what may stand in an area: metres above the zero of heights"`
	Limit   *float64 `json:"limit,omitempty" minimum:"0" maximum:"1000" doc:"What may stand in an area: metres above its ground"`
	Depth   float64  `json:"depth,omitempty" minimum:"0" maximum:"60" doc:"Of a pit, or of the top of a planned pipe: metres below the ground"`
	Clear   float64  `json:"clear,omitempty" minimum:"0" maximum:"50" doc:"Metres that are to be kept"`
	Width   float64  `json:"width,omitempty" minimum:"0" maximum:"20" doc:"Of a planned pipe, metres across"`
	Class   string   `json:"class,omitempty" enum:"JS,YS,WS,PS,RQ,DL,TX,RL," doc:"Of pipes (CJJ 61)"`
	Way     string   `json:"way,omitempty" enum:"up,down,both," doc:"Against the flow, with it, or both"`
	Mode    string   `json:"mode,omitempty" enum:"walk,cycle,drive," doc:"How one goes along the roads"`
	ByRoads bool     `json:"by_roads,omitempty" doc:"Of a buffer: along the roads"`
}

// PlannedBox is what is to be built.
type PlannedBox struct {
	Outline [][2]float64 `json:"outline" minItems:"3" maxItems:"200"`
	Height  float64      `json:"height" minimum:"1" maximum:"800" doc:"Metres above its ground"`
}

// AnalysisFigure is a number of a result.
type AnalysisFigure struct {
	Code  string  `json:"code"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit,omitempty" doc:"m, m², m³, h, °, %; none: a count"`
}

// AnalysisFeature is a shape of a result: GeoJSON.
type AnalysisFeature struct {
	Type       string         `json:"type" enum:"Feature"`
	Geometry   any            `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

// AnalysisChart is a drawing of numbers.
type AnalysisChart struct {
	Kind   string           `json:"kind" enum:"bar,line,polar"`
	X      string           `json:"x" doc:"Code of what goes along"`
	Y      string           `json:"y"`
	Labels []string         `json:"labels"`
	Series []AnalysisSeries `json:"series"`
}

// AnalysisSeries is numbers by the labels of a chart.
type AnalysisSeries struct {
	Code   string    `json:"code"`
	Values []float64 `json:"values"`
}

// AnalysisResult is what came out.
type AnalysisResult struct {
	Features []AnalysisFeature `json:"features"`
	Chart    *AnalysisChart    `json:"chart,omitempty"`
	Cut      bool              `json:"cut,omitempty" doc:"There are more shapes than are told; the figures count all"`
}

// AnalysisBase is a layer, and its state, of which a result is.
type AnalysisBase struct {
	Layer     Layer  `json:"layer"`
	Version   int64  `json:"version"`
	Epoch     string `json:"epoch"`
	Synthetic bool   `json:"synthetic,omitempty"`
	Tileset   int    `json:"tileset,omitempty" doc:"Version of its tiles in force"`
}

// Analysis is a question with its answer. It never changes once it is done: asked again it is another.
type Analysis struct {
	ID      store.ID         `json:"id"`
	Kind    AnalysisKind     `json:"kind"`
	Name    string           `json:"name"`
	Input   AnalysisInput    `json:"input"`
	State   string           `json:"state" enum:"queued,running,done,failed,cancelled"`
	Done    int64            `json:"done"`
	Total   int64            `json:"total"`
	Engine  int              `json:"engine" doc:"Version of the reckoning"`
	Base    []AnalysisBase   `json:"base"`
	Figures []AnalysisFigure `json:"figures"`
	Result  *AnalysisResult  `json:"result,omitempty" doc:"Of one that is asked for by itself"`
	Hash    string           `json:"hash,omitempty" doc:"SHA-256 of the result: the same inputs on the same state give the same"`
	Fault   string           `json:"fault,omitempty"`
	Rerun   store.ID         `json:"rerun,omitempty" doc:"Of which it is the repetition"`
	Same    *bool            `json:"same,omitempty" doc:"Of a repetition: the same came out"`
	By      string           `json:"by"`
	At      store.Time       `json:"at"`
	Ended   store.Time       `json:"ended,omitzero"`
	Millis  float64          `json:"millis" doc:"That it took"`
	Mine    bool             `json:"mine" doc:"The caller may stop and delete it"`
	actor   store.ID
}

type analysisRow struct {
	ID      store.ID
	Kind    AnalysisKind
	Name    string
	Input   string
	State   string
	Done    int64
	Total   int64
	Engine  int
	Base    string
	Figures string
	Hash    string
	Fault   string
	Rerun   store.ID
	Before  string
	Actor   store.ID
	By      string
	At      store.Time
	Ended   store.Time
	Took    int64
}

const analysisColumns = `SELECT a.id, a.kind, a.name, a.input, a.state, a.done, a.total, a.engine, a.base, a.figures, a.hash, a.fault, a.rerun, coalesce(b.hash, '') AS before, a.actor, coalesce(w.name, '') AS by, a.at, a.ended, a.took
	FROM cim_analysis a LEFT JOIN cim_analysis b ON b.id = a.rerun LEFT JOIN account w ON w.id = a.actor `

func (r analysisRow) analysis(who account.Actor) (Analysis, error) {
	a := Analysis{ID: r.ID, Kind: r.Kind, Name: r.Name, State: r.State, Done: r.Done, Total: r.Total, Engine: r.Engine, Base: []AnalysisBase{}, Figures: []AnalysisFigure{}, Hash: r.Hash, Fault: r.Fault, Rerun: r.Rerun, By: r.By, At: r.At, Ended: r.Ended, Millis: float64(r.Took) / 1000, actor: r.Actor}
	a.Mine = r.Actor == who.Account || who.HasAny(keeperRole)
	if r.Rerun != 0 && r.State == "done" && r.Before != "" {
		same := r.Before == r.Hash
		a.Same = &same
	}
	err := json.Unmarshal([]byte(r.Input), &a.Input)
	if err == nil && r.Base != "" {
		err = json.Unmarshal([]byte(r.Base), &a.Base)
	}
	if err == nil && r.Figures != "" {
		err = json.Unmarshal([]byte(r.Figures), &a.Figures)
	}
	return a, err
}

// mayAnalyse says whether somebody may ask a kind, and see what came of it.
func mayAnalyse(who account.Actor, kind AnalysisKind) bool {
	law, ok := analysisLaws[kind]
	return ok && !slices.ContainsFunc(law.layers, func(l Layer) bool { return !sees(who, l) })
}

// analysisReaders see the analyses of others; all others their own alone.
var analysisReaders = []string{keeperRole, readerRole, "leader"}

// Analyses lists those that somebody may see, the newest first.
func (s *Service) Analyses(ctx context.Context, who account.Actor, kind AnalysisKind, mine bool, before store.ID, limit int) ([]Analysis, error) {
	kinds := []any{}
	for k := range analysisLaws {
		if mayAnalyse(who, k) && (kind == "" || kind == k) {
			kinds = append(kinds, string(k))
		}
	}
	if len(kinds) == 0 {
		return []Analysis{}, nil
	}
	cond, args := `WHERE `+store.AnyOf("a.kind", len(kinds)), kinds
	if mine || !who.HasAny(analysisReaders...) {
		cond, args = cond+` AND a.actor = ?`, append(args, who.Account)
	}
	if before != 0 {
		cond, args = cond+` AND a.id < ?`, append(args, before)
	}
	rows, err := store.Select[analysisRow](ctx, s.Store, analysisColumns+cond+` ORDER BY a.id DESC LIMIT ?`, append(args, limit)...)
	out := make([]Analysis, 0, len(rows))
	for _, r := range rows {
		a, rerr := r.analysis(who)
		if rerr != nil {
			return nil, rerr
		}
		out = append(out, a)
	}
	return out, err
}

// analysisOf is one that somebody may see, without its result.
func (s *Service) analysisOf(ctx context.Context, who account.Actor, id store.ID) (Analysis, error) {
	r, err := store.Get[analysisRow](ctx, s.Store, analysisColumns+`WHERE a.id = ?`, id)
	if err != nil {
		return Analysis{}, err
	}
	if !mayAnalyse(who, r.Kind) || r.Actor != who.Account && !who.HasAny(analysisReaders...) {
		return Analysis{}, store.ErrNotFound
	}
	return r.analysis(who)
}

// AnalysisOf is one with its result.
func (s *Service) AnalysisOf(ctx context.Context, who account.Actor, id store.ID) (Analysis, error) {
	a, err := s.analysisOf(ctx, who, id)
	if err != nil || a.State != "done" {
		return a, err
	}
	packed, err := store.Get[[]byte](ctx, s.Store, `SELECT result FROM cim_analysis WHERE id = ?`, id)
	if err != nil {
		return a, err
	}
	raw, err := unzipped(packed)
	if err != nil {
		return a, err
	}
	a.Result = &AnalysisResult{}
	return a, json.Unmarshal(raw, a.Result)
}

func zipped(raw []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

func unzipped(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// mostWaiting bounds what one person may have under way.
const mostWaiting = 3

// Analyse asks a question. It is reckoned at once, in the background; Analyse waits a while for it.
func (s *Service) Analyse(ctx context.Context, who account.Actor, kind AnalysisKind, name string, in AnalysisInput) (Analysis, error) {
	return s.beginAnalysis(ctx, who, kind, name, in, 0)
}

// Reanalyse asks the same question of the city as it is now.
func (s *Service) Reanalyse(ctx context.Context, who account.Actor, id store.ID) (Analysis, error) {
	a, err := s.analysisOf(ctx, who, id)
	if err != nil {
		return a, err
	}
	return s.beginAnalysis(ctx, who, a.Kind, a.Name, a.Input, a.ID)
}

func (s *Service) beginAnalysis(ctx context.Context, who account.Actor, kind AnalysisKind, name string, in AnalysisInput, rerun store.ID) (Analysis, error) {
	if !mayAnalyse(who, kind) {
		return Analysis{}, store.ErrNotFound
	}
	if err := in.settle(s, kind); err != nil {
		return Analysis{}, err
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return Analysis{}, err
	}
	now, id := store.At(s.Store.Now()), s.Store.NewID()
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := store.Get[int](ctx, tx, `SELECT count(*) FROM cim_analysis WHERE actor = ? AND state IN ('queued', 'running')`, who.Account)
		if err != nil {
			return err
		}
		if n >= mostWaiting {
			return httpapi.Fail(http.StatusTooManyRequests, "analysis_many")
		}
		_, err = tx.Exec(ctx, `INSERT INTO cim_analysis (id, kind, name, input, state, done, total, engine, base, figures, hash, fault, rerun, actor, unit, at, took, beat, stop) VALUES (?, ?, ?, ?, 'queued', 0, 0, ?, '', '', '', '', ?, ?, ?, ?, 0, 0, ?)`,
			id, string(kind), text.Mask(name), string(raw), analysis.Engine, rerun, who.Account, who.Unit, now, false)
		return err
	})
	if err != nil {
		return Analysis{}, err
	}
	done := make(chan error, 1)
	go func() { done <- s.workAnalysis(context.WithoutCancel(ctx), id) }()
	select {
	case err := <-done:
		if err != nil {
			return Analysis{}, err
		}
	case <-time.After(analysisPatience):
	case <-ctx.Done():
	}
	return s.AnalysisOf(context.WithoutCancel(ctx), who, id)
}

// analysisPatience is how long a question is waited for; tests wait less.
var analysisPatience = 2 * time.Second

// StopAnalysis stops one under way.
func (s *Service) StopAnalysis(ctx context.Context, who account.Actor, id store.ID) (Analysis, error) {
	a, err := s.analysisOf(ctx, who, id)
	if err != nil {
		return a, err
	}
	if !a.Mine {
		return a, httpapi.Fail(http.StatusForbidden, "forbidden")
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE cim_analysis SET state = 'cancelled', ended = ? WHERE id = ? AND state = 'queued'`, store.At(s.Store.Now()), id); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE cim_analysis SET stop = ? WHERE id = ? AND state IN ('running', 'cancelled')`, true, id)
		if err == nil && n == 0 {
			return httpapi.Fail(http.StatusConflict, "refused_state")
		}
		return err
	})
	if err == nil {
		s.reckoning.stop(id)
		a, err = s.analysisOf(ctx, who, id)
	}
	return a, err
}

// DropAnalysis deletes one with its result; that there was one is in the audit.
func (s *Service) DropAnalysis(ctx context.Context, who account.Actor, id store.ID) error {
	a, err := s.analysisOf(ctx, who, id)
	if err != nil {
		return err
	}
	if !a.Mine {
		return httpapi.Fail(http.StatusForbidden, "forbidden")
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM cim_analysis WHERE id = ? AND state NOT IN ('queued', 'running')`, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return httpapi.Fail(http.StatusConflict, "refused_state")
		}
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "cim.analysis.drop", Object: "analysis/" + id.String()}, map[string]any{"kind": a.Kind, "hash": a.Hash})
	})
}

// reckoning is what this process works on.
type reckoning struct {
	mu      sync.Mutex
	running map[store.ID]context.CancelFunc
	room    chan struct{}
	city    cityCache
	roads   roadCache
	pipes   pipeCache
	eyes    eyeCache
}

// atOnce is how many analyses a process reckons at a time: each uses all cores.
const atOnce = 2

func (r *reckoning) enter(id store.ID, cancel context.CancelFunc) (leave func()) {
	r.mu.Lock()
	if r.room == nil {
		r.room, r.running = make(chan struct{}, atOnce), map[store.ID]context.CancelFunc{}
	}
	r.running[id] = cancel
	r.mu.Unlock()
	r.room <- struct{}{}
	return func() {
		<-r.room
		r.mu.Lock()
		delete(r.running, id)
		r.mu.Unlock()
	}
}

func (r *reckoning) stop(id store.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if cancel := r.running[id]; cancel != nil {
		cancel()
	}
}

// analysisRun is one that is being reckoned.
type analysisRun struct {
	*Service
	ctx     context.Context
	in      *AnalysisInput
	figures []AnalysisFigure
	out     AnalysisResult
	tell    func(done, total int) error // an error: it was stopped
}

func (r *analysisRun) figure(code string, value float64, unit string) {
	r.figures = append(r.figures, AnalysisFigure{code, rounded(value, 3), unit})
}

func (r *analysisRun) draw(geometry any, said map[string]any) {
	r.out.Features = append(r.out.Features, AnalysisFeature{"Feature", geometry, said})
}

func rounded(v float64, digits int) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	p := math.Pow10(digits)
	return math.Round(v*p) / p
}

var errStopped = errors.New("cim: the analysis was stopped")

// workAnalysis reckons one that waits; where another process has it, it does nothing.
func (s *Service) workAnalysis(ctx context.Context, id store.ID) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer s.reckoning.enter(id, cancel)()
	kept := context.WithoutCancel(ctx)
	claimed := false
	if err := s.Store.Write(kept, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE cim_analysis SET state = 'running', beat = ? WHERE id = ? AND state = 'queued'`, store.At(s.Store.Now()), id)
		claimed = n == 1
		return err
	}); err != nil || !claimed {
		return err
	}
	row, err := store.Get[analysisRow](kept, s.Store, analysisColumns+`WHERE a.id = ?`, id)
	if err != nil {
		return err
	}
	a, err := row.analysis(account.Actor{})
	if err != nil {
		return err
	}
	began, last := time.Now(), time.Now()
	run := &analysisRun{Service: s, ctx: ctx, in: &a.Input}
	run.tell = func(done, total int) error {
		if ctx.Err() != nil {
			return errStopped
		}
		if time.Since(last) < 700*time.Millisecond {
			return nil
		}
		last = time.Now()
		stop := false
		err := s.Store.Write(kept, func(ctx context.Context, tx *store.Tx) (err error) {
			if _, err = tx.Exec(ctx, `UPDATE cim_analysis SET done = ?, total = ?, beat = ? WHERE id = ?`, done, total, store.At(s.Store.Now()), id); err != nil {
				return err
			}
			stop, err = store.Get[bool](ctx, tx, `SELECT stop FROM cim_analysis WHERE id = ?`, id)
			return err
		})
		if err == nil && stop {
			return errStopped
		}
		return err
	}
	base, err := run.reckon(a.Kind)
	state, fault := "done", ""
	var body, figures, basis []byte
	hash := ""
	switch {
	case errors.Is(err, errStopped) || ctx.Err() != nil:
		state = "cancelled"
	case err != nil:
		state, fault = "failed", "internal"
		var p *httpapi.Problem
		if errors.As(err, &p) {
			fault = p.Code
		} else {
			s.Log.Error("an analysis failed", "analysis", id, "kind", a.Kind, "error", err)
		}
	default:
		whole := struct {
			Figures []AnalysisFigure
			AnalysisResult
		}{run.figures, run.out}
		raw, err := json.Marshal(whole)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(raw)
		hash = hex.EncodeToString(sum[:])
		if raw, err = json.Marshal(run.out); err != nil {
			return err
		}
		if body, err = zipped(raw); err != nil {
			return err
		}
		if figures, err = json.Marshal(run.figures); err != nil {
			return err
		}
	}
	if len(base) > 0 {
		if basis, err = json.Marshal(base); err != nil {
			return err
		}
	}
	took := time.Since(began).Microseconds()
	return s.Store.Write(store.Long(kept), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE cim_analysis SET state = ?, fault = ?, base = ?, figures = ?, result = ?, hash = ?, ended = ?, took = ?, done = total WHERE id = ? AND state = 'running'`,
			state, fault, string(basis), string(figures), body, hash, store.At(s.Store.Now()), took, id)
		return err
	})
}

// reckon reckons of one state of the layers: where one changes meanwhile, again.
func (r *analysisRun) reckon(kind AnalysisKind) ([]AnalysisBase, error) {
	law := analysisLaws[kind]
	for range 3 {
		base, err := r.baseOf(law.layers)
		if err != nil {
			return nil, err
		}
		r.figures, r.out = []AnalysisFigure{}, AnalysisResult{Features: []AnalysisFeature{}}
		if err := law.run(r); err != nil {
			return base, err
		}
		after, err := r.baseOf(law.layers)
		if err != nil {
			return nil, err
		}
		if slices.Equal(base, after) {
			return base, nil
		}
	}
	return nil, httpapi.Fail(http.StatusConflict, "analysis_moved")
}

func (s *Service) baseOf(ctx context.Context, layers []Layer) ([]AnalysisBase, error) {
	all, err := store.Select[LayerState](ctx, s.Store, `SELECT code, source, epoch, synthetic, seq, things, at FROM cim_layer ORDER BY code`)
	if err != nil {
		return nil, err
	}
	out := []AnalysisBase{}
	for _, l := range all {
		if !slices.Contains(layers, l.Code) {
			continue
		}
		b := AnalysisBase{Layer: l.Code, Version: l.Seq, Epoch: l.Epoch, Synthetic: l.Synthetic}
		if code := map[Layer]string{Buildings: BuildingTiles, Pipes: PipeTiles, Terrain: TerrainTiles}[l.Code]; code != "" {
			if b.Tileset, err = store.Get[int](ctx, s.Store, `SELECT version FROM cim_tileset WHERE code = ?`, code); err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
		}
		out = append(out, b)
	}
	return out, nil
}

func (r *analysisRun) baseOf(layers []Layer) ([]AnalysisBase, error) {
	return r.Service.baseOf(r.ctx, layers)
}

// workAnalyses takes up what was cut off or never begun, until ctx ends.
func (s *Service) workAnalyses(ctx context.Context) {
	for ctx.Err() == nil {
		// One whose process says nothing for a while has ended with it; a queued one waits for its own process first.
		old := store.At(s.Store.Now().Add(-30 * time.Second))
		_ = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE cim_analysis SET state = 'queued' WHERE state = 'running' AND beat < ?`, old)
			return err
		})
		ids, err := store.Select[store.ID](ctx, s.Store, `SELECT id FROM cim_analysis WHERE state = 'queued' AND at < ? ORDER BY id LIMIT 10`, old)
		for _, id := range ids {
			if err = s.workAnalysis(ctx, id); err != nil {
				break
			}
		}
		if err != nil && ctx.Err() == nil {
			s.Log.Error("analyses could not be taken up", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(15 * time.Second):
		}
	}
}

// lines of input checks

func invalidInput(field string) error { return httpapi.FailField(field, "required") }

// settle fills in what was not given, and refuses what cannot be asked.
func (in *AnalysisInput) settle(s *Service, kind AnalysisKind) error {
	for _, p := range slices.Concat(in.points("at"), in.points("to"), in.Line, in.Polygon) {
		if (Box{p[0], p[1], p[0], p[1]}).Valid() != nil {
			return httpapi.FailField("at", "invalid")
		}
	}
	if in.Plan != nil {
		for _, p := range in.Plan.Outline {
			if (Box{p[0], p[1], p[0], p[1]}).Valid() != nil {
				return httpapi.FailField("plan", "invalid")
			}
		}
	}
	if len(in.Polygon) > 0 && len(in.Polygon) < 3 {
		return httpapi.FailField("polygon", "invalid")
	}
	if len(in.Line) == 1 {
		return httpapi.FailField("line", "invalid")
	}
	if kind == SunlightKind {
		if in.Year == 0 {
			in.Year = s.Store.Now().In(s.zone()).Year()
		}
		sun := s.analysisBook().Sunlight
		in.Day, in.Hours = cmp.Or(in.Day, sun.Day), cmp.Or(in.Hours, sun.Hours)
	}
	return analysisLaws[kind].check(in)
}

func (in *AnalysisInput) points(name string) [][2]float64 {
	p := in.At
	if name == "to" {
		p = in.To
	}
	if p == nil {
		return nil
	}
	return [][2]float64{*p}
}

func orElse(p **float64, v float64) {
	if *p == nil {
		*p = &v
	}
}
