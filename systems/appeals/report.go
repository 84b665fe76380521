package appeals

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/document"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Report is a report as it was frozen when it was made.
type Report struct {
	ReportHead
	Position store.ID            `json:"position" doc:"How far the records went: the data version"`
	Hash     string              `json:"hash"`
	About    map[string][]string `json:"about,omitempty" doc:"Of a special report: what it is narrowed to"`
	Body     []ReportBlock       `json:"body"`
	Figures  []ReportFigure      `json:"figures"`
}

// ReportHead is a report in a list.
type ReportHead struct {
	ID     store.ID    `json:"id"`
	Kind   string      `json:"kind"`
	Period string      `json:"period"`
	From   string      `json:"from" doc:"Local day, included"`
	To     string      `json:"to" doc:"Local day, not included"`
	At     store.Time  `json:"at"`
	Title  string      `json:"title"`
	State  ReportState `json:"state"`
	Number string      `json:"number,omitempty"`
}

// ReportBlock is a part of a report: a heading, what is said, a table, a chart or a
// map.
type ReportBlock struct {
	Heading string          `json:"heading,omitempty"`
	Text    string          `json:"text,omitempty" doc:"Of reports made before their texts named their figures"`
	Said    []ReportSpan    `json:"said,omitempty" doc:"A paragraph"`
	Table   *document.Table `json:"table,omitempty"`
	Cells   [][]int         `json:"cells,omitempty" doc:"Of a table: the place in figures of what each cell says, -1 where it says none"`
	Chart   *document.Chart `json:"chart,omitempty"`
	Map     *document.Map   `json:"map,omitempty"`
	Points  []int           `json:"points,omitempty" doc:"Of a chart or map: the place in figures of each value"`
}

// ReportSpan is a stretch of a sentence.
type ReportSpan struct {
	Text    string `json:"text"`
	Figure  *int   `json:"figure,omitempty" doc:"Place in figures of what it says"`
	Against *int   `json:"against,omitempty" doc:"Of a change: place in figures of what it is told against"`
}

// ReportFigure is one figure of a report: what it was, asked how, of which data.
type ReportFigure struct {
	Figure   string            `json:"figure"`
	Name     string            `json:"name"`
	Unit     string            `json:"unit,omitempty"`
	Means    string            `json:"means,omitempty" doc:"Its definition"`
	Value    *float64          `json:"value" doc:"None where the denominator is nothing"`
	Query    FigureQuery       `json:"query"`
	Line     map[string]string `json:"line,omitempty" doc:"Which line of the query's answer it is"`
	Position store.ID          `json:"position"`
	Rows     string            `json:"rows,omitempty" doc:"Path of the list behind it, where a list can say it"`
}

// ReportState is how far a report has come.
type ReportState string

// The states, in their order.
const (
	ReportDraft    ReportState = "draft"
	ReportReviewed ReportState = "reviewed" // 已审核
	ReportIssued   ReportState = "issued"   // 已签发: it has its number
	ReportArchived ReportState = "archived" // 已归档
	// A draft that nobody wants, or an issued one that was wrong, which keeps its number.
	ReportWithdrawn ReportState = "withdrawn" // 已撤回
)

// reportActions is the whole law of a report's states: what leads where, and who may.
var reportActions = map[string]struct {
	from, to ReportState
	roles    []string
}{
	"review":   {ReportDraft, ReportReviewed, []string{"supervisor"}},
	"discard":  {ReportDraft, ReportWithdrawn, []string{"supervisor"}},
	"return":   {ReportReviewed, ReportDraft, []string{"leader"}},
	"issue":    {ReportReviewed, ReportIssued, []string{"leader"}},
	"archive":  {ReportIssued, ReportArchived, []string{"supervisor"}},
	"withdraw": {ReportIssued, ReportWithdrawn, []string{"leader"}},
}

// reportReasons are the actions that say why.
var reportReasons = []string{"return", "discard", "withdraw"}

// public says whether everybody who works in the district may read it.
func (s ReportState) public() bool { return s == ReportIssued || s == ReportArchived }

// managesReports says whether an actor sees reports that are not issued, and may make
// them.
func managesReports(who account.Actor) bool {
	return who.IsSystem() || who.Scope().All && who.HasAny("supervisor", "leader")
}

// DraftReport makes a report of a period that is over, and keeps nothing of it. A
// special report is narrowed by about: dimensions of appeals to their values. What is
// read is of one moment, so that the figures of a report agree with each other.
func (s *Service) DraftReport(ctx context.Context, who account.Actor, kind, period string, about map[string][]string) (Report, error) {
	if !managesReports(who) {
		return Report{}, httpapi.Fail(403, "forbidden")
	}
	book := s.district.Load().reports
	k := book.kind(kind)
	if k == nil {
		return Report{}, httpapi.FailField("kind", "no_such_option")
	}
	names, err := s.aboutNames(k, about)
	if err != nil {
		return Report{}, err
	}
	from, to, err := book.days(k, period, s.Zone())
	if err != nil {
		return Report{}, err
	}
	if to.After(s.Store.Now()) {
		return Report{}, httpapi.FailField("period", "period_not_over")
	}
	r := Report{About: about, Body: []ReportBlock{}, ReportHead: ReportHead{Kind: kind, Period: period, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), At: store.At(s.Store.Now()), State: ReportDraft,
		Title: k.Title + "（" + strings.Join(append(names, periodName(k, period, from, to)), "，") + "）"}}
	m := &reportMaker{s: s, book: book, kind: k, from: from, to: to, where: about, kept: map[string]int{}, asked: map[string][]FigureRow{}}
	s.reporting.Lock() // a snapshot keeps a connection: one at a time
	err = s.Store.Snapshot(ctx, func(ctx context.Context, q store.Querier) (err error) {
		m.read = q
		if m.position, err = dataPosition(ctx, q); err != nil {
			return err
		}
		for _, p := range k.Parts {
			blocks, err := m.part(ctx, p)
			if err != nil {
				return fmt.Errorf("appeals: report %s of %s: %w", kind, period, err)
			}
			r.Body = append(r.Body, blocks...)
		}
		return nil
	})
	s.reporting.Unlock()
	if err != nil {
		return Report{}, err
	}
	r.Position = m.position
	r.Figures = m.figures
	raw, err := json.Marshal(struct {
		Body    []ReportBlock
		Figures []ReportFigure
	}{r.Body, r.Figures})
	if err != nil {
		return Report{}, err
	}
	sum := sha256.Sum256(raw)
	r.Hash = hex.EncodeToString(sum[:16])
	return r, nil
}

// MakeReport makes a report and freezes it as a draft.
func (s *Service) MakeReport(ctx context.Context, who account.Actor, kind, period string, about map[string][]string) (Report, error) {
	r, err := s.DraftReport(ctx, who, kind, period, about)
	if err != nil {
		return Report{}, err
	}
	body, _ := json.Marshal(r.Body)
	narrowed, _ := json.Marshal(about)
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		r.ID = tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO report (id, kind, period, about, from_day, to_day, at, actor, title, body, position, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			r.ID, r.Kind, r.Period, string(narrowed), r.From, r.To, r.At, who.Account, r.Title, string(body), r.Position, r.Hash); err != nil {
			return err
		}
		var lines [][]any
		for i, f := range r.Figures {
			query, _ := json.Marshal(f.Query)
			line, _ := json.Marshal(f.Line)
			lines = append(lines, []any{r.ID, i, f.Figure, f.Name, f.Unit, f.Means, f.Value, string(query), string(line), f.Position, f.Rows})
		}
		for part := range slices.Chunk(lines, 500) {
			if err := store.InsertRows(ctx, tx, `INSERT INTO report_figure (report, n, figure, name, unit, means, value, query, line, position, path) VALUES `, part); err != nil {
				return err
			}
		}
		if who.IsSystem() {
			if err := s.tellReport(ctx, tx, r.ReportHead, "make", ""); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "report.make", Object: "report/" + r.ID.String()}, map[string]any{"kind": kind, "period": period, "hash": r.Hash})
	})
	return r, err
}

func periodName(k *ReportKind, period string, from, to time.Time) string {
	switch k.Window {
	case "month":
		return from.Format("2006年1月")
	case "year":
		return period + "年"
	case "day":
		if to.Sub(from) <= 25*time.Hour { // a Monday's tells of the days of rest too
			return from.Format("2006年1月2日")
		}
	}
	return from.Format("2006年1月2日") + "至" + to.AddDate(0, 0, -1).Format("1月2日")
}

// aboutNames checks what a special report is narrowed to, and says it in words.
func (s *Service) aboutNames(k *ReportKind, about map[string][]string) (names []string, err error) {
	bad := httpapi.FailField("about", "no_such_option")
	if len(about) > 0 && k.Window != "free" {
		return nil, bad
	}
	for _, dim := range sortedKeysOf(about) {
		if len(about[dim]) == 0 || len(about[dim]) > 20 {
			return nil, bad
		}
		var some []string
		for _, value := range about[dim] {
			by := map[string]string{dim: value}
			if _, ok := figureGrains["due"].dims[dim]; !ok || s.figureNames(by)[dim] == "" {
				return nil, bad
			}
			some = append(some, s.figureNames(by)[dim])
		}
		names = append(names, strings.Join(some, "、"))
	}
	return names, nil
}

// reportRow is a report as it is stored; its state is its last event's.
type reportRow struct {
	ID                                  int64
	Kind, Period, FromDay, ToDay, Title string
	At                                  store.Time
	Action, Number                      *string
}

const reportColumns = `r.id, r.kind, r.period, r.from_day, r.to_day, r.title, r.at, (SELECT e.action FROM report_event e WHERE e.report = r.id ORDER BY e.id DESC LIMIT 1) AS action, (SELECT e.number FROM report_event e WHERE e.report = r.id AND e.number <> '' ORDER BY e.id DESC LIMIT 1) AS number`

func (x reportRow) head() ReportHead {
	h := ReportHead{ID: store.ID(x.ID), Kind: x.Kind, Period: x.Period, From: x.FromDay, To: x.ToDay, At: x.At, Title: x.Title, State: ReportDraft}
	if x.Action != nil {
		h.State = reportActions[*x.Action].to
	}
	if x.Number != nil {
		h.Number = *x.Number
	}
	return h
}

// Report reads a report.
func (s *Service) Report(ctx context.Context, id store.ID) (Report, error) {
	row, err := store.Get[struct {
		reportRow
		About, Body, Hash string
		Position          store.ID
	}](ctx, s.Store, `SELECT `+reportColumns+`, r.about, r.body, r.position, r.hash FROM report r WHERE r.id = ?`, int64(id))
	if err != nil {
		return Report{}, err
	}
	r := Report{ReportHead: row.head(), Position: row.Position, Hash: row.Hash}
	if err := json.Unmarshal([]byte(row.About), &r.About); err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(row.Body), &r.Body); err != nil {
		return r, err
	}
	r.Figures, err = s.reportFigures(ctx, id, -1)
	return r, err
}

// reportFigures are the figures of a report; n is the place of the one that is asked
// for, -1 for all.
func (s *Service) reportFigures(ctx context.Context, id store.ID, n int) ([]ReportFigure, error) {
	figures, err := store.Select[struct {
		Figure, Name, Unit, Means, Query, Line, Path string
		Value                                        *float64
		Position                                     store.ID
	}](ctx, s.Store, `SELECT figure, name, unit, means, value, query, line, position, path FROM report_figure WHERE report = ? AND (n = ? OR ? < 0) ORDER BY n`, int64(id), n, n)
	out := make([]ReportFigure, len(figures))
	for i, f := range figures {
		x := &out[i]
		*x = ReportFigure{Figure: f.Figure, Name: f.Name, Unit: f.Unit, Means: f.Means, Value: f.Value, Position: f.Position, Rows: f.Path}
		if err := json.Unmarshal([]byte(f.Query), &x.Query); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(f.Line), &x.Line); err != nil {
			return nil, err
		}
	}
	return out, err
}

// ActOnReport reviews, returns, issues, archives or withdraws a report. Issuing gives it the
// next number of its kind and year: none is left out.
func (s *Service) ActOnReport(ctx context.Context, who account.Actor, id store.ID, action, note string) (Report, error) {
	a, ok := reportActions[action]
	if !ok {
		return Report{}, httpapi.FailField("action", "no_such_option")
	}
	r, err := s.Report(ctx, id)
	if err != nil {
		return r, err
	}
	note = text.Mask(text.Clean(note))
	switch {
	case !who.HasAny(a.roles...) || !who.Scope().All:
		return r, httpapi.Fail(403, "refused_right")
	case note == "" && slices.Contains(reportReasons, action):
		return r, httpapi.FailField("note", "required")
	}
	book := s.district.Load().reports
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		// Two who act at once take turns on PostgreSQL too.
		if _, err := tx.Exec(ctx, `UPDATE report SET hash = hash WHERE id = ?`, int64(id)); err != nil {
			return err
		}
		row, err := store.Get[reportRow](ctx, tx, `SELECT `+reportColumns+` FROM report r WHERE r.id = ?`, int64(id))
		if err != nil {
			return err
		}
		if row.head().State != a.from {
			return httpapi.Fail(409, "conflict")
		}
		number := ""
		if action == "issue" {
			year, short := r.To[:4], r.Kind
			if day, err := time.Parse(time.DateOnly, r.To); err == nil {
				year = day.AddDate(0, 0, -1).Format("2006")
			}
			if k := book.kind(r.Kind); k != nil {
				short = k.Short
			}
			if number, err = book.number(ctx, tx, "report/"+r.Kind, short, year); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO report_event (id, report, action, at, actor, number, note) VALUES (?, ?, ?, ?, ?, ?, ?)`, tx.NewID(), id, action, store.At(s.Store.Now()), who.Account, number, note); err != nil {
			return err
		}
		if err := s.tellReport(ctx, tx, r.ReportHead, action, note); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "report." + action, Object: "report/" + id.String()}, map[string]any{"number": number})
	})
	if err != nil {
		return r, err
	}
	return s.Report(ctx, id)
}

// number is the next number of a series of papers in a year: none is left out.
func (b *reportBook) number(ctx context.Context, tx *store.Tx, series, short, year string) (string, error) {
	var n int64
	err := tx.QueryRow(ctx, `INSERT INTO store_number (name, next) VALUES (?, 2) ON CONFLICT (name) DO UPDATE SET next = store_number.next + 1 RETURNING next`, series+"/"+year).Scan(&n)
	return strings.NewReplacer("{short}", short, "{year}", year, "{n}", strconv.FormatInt(n-1, 10)).Replace(cmp.Or(b.Number, "{short}〔{year}〕{n}号")), err
}

// tellReport tells those whose turn it is after a step of a report.
func (s *Service) tellReport(ctx context.Context, tx *store.Tx, r ReportHead, action, note string) error {
	desk := map[string]string{"make": "supervisor@platform", "return": "supervisor@platform", "review": "leader@platform"}[action]
	return s.Notices.Tell(ctx, tx, notice.Note{Name: "report_" + action, Desk: desk, About: "report/" + r.ID.String(), Link: "/desk/reports/" + r.ID.String(), Words: map[string]string{"title": r.Title, "reason": note}})
}

// text is a paragraph's words.
func (b ReportBlock) text() string {
	var all strings.Builder
	all.WriteString(b.Text)
	for _, x := range b.Said {
		all.WriteString(x.Text)
	}
	return all.String()
}

// Paper is the report as it leaves the house.
func (r Report) Paper() document.Doc {
	title, window, _ := strings.Cut(r.Title, "（") // the window stands below
	d := document.Doc{Title: title, Subtitle: strings.TrimSpace(strings.TrimSuffix(window, "）") + "　" + r.Number)}
	for _, b := range r.Body {
		switch {
		case b.Heading != "":
			d.Blocks = append(d.Blocks, document.Heading{Level: 1, Text: b.Heading})
		case b.Text != "" || len(b.Said) > 0:
			d.Blocks = append(d.Blocks, document.Paragraph(b.text()))
		case b.Table != nil:
			d.Blocks = append(d.Blocks, b.Table)
		case b.Chart != nil:
			d.Blocks = append(d.Blocks, b.Chart)
		case b.Map != nil:
			d.Blocks = append(d.Blocks, b.Map)
		}
	}
	return d
}

// ExportReport writes a report in a format; it is recorded at the gate.
func (s *Service) ExportReport(ctx context.Context, who account.Actor, r Report, f document.Format, purpose string, w io.Writer) error {
	exit := gate.Gate{Store: s.Store}
	return exit.Paper(ctx, gate.Request{Actor: who, Purpose: purpose, What: "report", Form: gate.Form(f), Zone: s.Zone(), Filter: map[string]any{"report": r.ID, "hash": r.Hash}}, w, func(w io.Writer, scope account.Scope, mark string) error {
		if !r.State.public() && !(scope.All && managesReports(who)) {
			return gate.ErrScope
		}
		d := r.Paper()
		d.Mark = mark
		return writePaper(d, w, f)
	})
}

// writePaper writes a paper; what its fonts lack is told to the operator.
func writePaper(d document.Doc, w io.Writer, f document.Format) error {
	if n := d.Missing(); n > 0 && (f == document.PDF || f == document.DOCX) {
		slog.Warn("characters that the paper's fonts do not have were set as boxes", "paper", d.Title, "characters", n)
	}
	return d.Write(w, f)
}

// MakeDueReports makes the reports that are due and not made, and then the packs of
// today's meetings, which look at them.
func (s *Service) MakeDueReports(ctx context.Context) (any, error) {
	book, made := s.district.Load().reports, []string{}
	now := s.Store.Now().In(s.Zone())
	for _, k := range book.Kinds {
		for _, period := range book.dues(k, now) {
			_, to, err := book.days(k, period, s.Zone())
			if err != nil {
				return nil, err
			}
			var have, any bool
			if err := s.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM report WHERE kind = ? AND period = ?), EXISTS (SELECT 1 FROM matter WHERE id < ?)`, k.ID, period, int64(store.IDAt(to))).Scan(&have, &any); err != nil {
				return nil, err
			}
			if have || !any { // before the first appeal there is nothing to report
				continue
			}
			if _, err := s.MakeReport(ctx, account.System(s.Dir), k.ID, period, nil); err != nil {
				return nil, err
			}
			made = append(made, k.ID+" "+period)
		}
	}
	meetings, err := s.makeTodaysMeetings(ctx)
	return map[string]any{"made": made, "meetings": meetings}, err
}
