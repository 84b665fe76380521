package appeals

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/document"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

const reportTag = "reports"

func (s *Service) mountReports(srv *httpapi.Server) {
	manage := httpapi.Roles("supervisor", "leader")
	httpapi.Register(srv, httpapi.Operation{ID: "list-report-kinds", Method: http.MethodGet, Path: "/api/reports/kinds", Tag: reportTag, Access: staff,
		Summary: "The kinds of reports (日报、周报、月报、年报、专报) and meetings of the district"}, s.listReportKinds)
	httpapi.Register(srv, httpapi.Operation{ID: "list-reports", Method: http.MethodGet, Path: "/api/reports", Tag: reportTag, Access: staff,
		Summary: "Reports, the newest period first", Text: "Those that are not issued are seen by supervisors and leaders of the district alone."}, s.listReports)
	httpapi.Register(srv, httpapi.Operation{ID: "make-report", Method: http.MethodPost, Path: "/api/reports", Tag: reportTag, Access: manage, Status: http.StatusCreated, Limit: 20,
		Summary: "Make a report of a period that is over, and freeze it as a draft"}, func(ctx context.Context, in *struct {
		Body struct {
			Kind   string              `json:"kind"`
			Period string              `json:"period" doc:"2026-11-26 (day), 2026-W48, 2026-11, 2026, or 2026-11-01..2026-11-15 (free)" maxLength:"40"`
			About  map[string][]string `json:"about,omitempty" doc:"Of a special report: dimensions (street, item, unit, kind, channel, community) to values"`
		}
	}) (*httpapi.Body[ReportPage], error) {
		r, err := s.MakeReport(ctx, httpapi.Actor(ctx), in.Body.Kind, in.Body.Period, in.Body.About)
		if err != nil {
			return nil, err
		}
		return s.reportPage(ctx, r.ID)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-report", Method: http.MethodGet, Path: "/api/reports/{id}", Tag: reportTag, Access: staff,
		Summary: "One report: its parts as data, each figure with its query, window, data version and rows, its history"}, func(ctx context.Context, in *idInput) (*httpapi.Body[ReportPage], error) {
		return s.reportPage(ctx, in.ID.ID)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-report", Method: http.MethodPost, Path: "/api/reports/{id}/actions", Tag: reportTag, Access: manage,
		Summary: "Review, return, issue, archive, discard or withdraw a report", Text: "Issuing gives it the next number of its kind and year. The steps open to the caller are in the report's `allowed`."}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Action string `json:"action" enum:"review,discard,return,issue,archive,withdraw"`
			Note   string `json:"note,omitempty" maxLength:"500" doc:"Why; discard, return and withdraw need it"`
		}
	}) (*httpapi.Body[ReportPage], error) {
		if _, err := s.ActOnReport(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Action, in.Body.Note); err != nil {
			return nil, err
		}
		return s.reportPage(ctx, in.ID.ID)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "download-report", Method: http.MethodGet, Path: "/api/reports/{id}/file", Tag: reportTag, Access: staff,
		Summary: "A report as DOCX, PDF, Markdown or HTML", Text: "Who takes it out, why and in which form is recorded."}, func(ctx context.Context, in *paperInput) (*download, error) {
		who := httpapi.Actor(ctx)
		r, err := s.seenReport(ctx, in.ID.ID)
		if err != nil {
			return nil, err
		}
		return in.download(r.Title, func(hc huma.Context) error {
			return s.ExportReport(ctx, who, r, document.Format(in.Format), in.purpose(), hc.BodyWriter())
		}), nil
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-report-figures", Method: http.MethodGet, Path: "/api/reports/{id}/figures", Tag: reportTag, Access: staff,
		Summary: "The figures of a report, in the order in which it says them"}, func(ctx context.Context, in *idInput) (*httpapi.Body[[]ReportFigure], error) {
		r, err := s.seenReport(ctx, in.ID.ID)
		return httpapi.Answer(r.Figures, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-report-figure-rows", Method: http.MethodGet, Path: "/api/reports/{id}/figures/{n}/rows", Tag: reportTag, Access: staff,
		Summary: "The appeals behind a figure, the newest first: as they are now, and of the caller's scope alone"}, s.listReportRows)
}

// paperInput asks for a paper in a format.
type paperInput struct {
	ID      httpapi.PathID `path:"id"`
	Format  string         `query:"format" required:"true" enum:"docx,pdf,md,html"`
	Purpose string         `query:"purpose" maxLength:"200" doc:"Why; it is kept with the record of the export"`
}

func (in *paperInput) purpose() string { return cmp.Or(strings.TrimSpace(in.Purpose), "下载") }

// download sends a paper under its title.
func (in *paperInput) download(title string, write func(hc huma.Context) error) *download {
	name := url.PathEscape(strings.NewReplacer("/", "-", `"`, "").Replace(title) + "." + in.Format)
	return &download{ContentType: document.Format(in.Format).Type(), Cache: "no-store", Disposition: fmt.Sprintf(`attachment; filename="paper-%s.%s"; filename*=UTF-8''%s`, in.ID.ID, in.Format, name), Body: func(hc huma.Context) {
		if err := write(hc); err != nil {
			panic(http.ErrAbortHandler) // what was sent is cut off, and must be seen to be
		}
	}}
}

// ReportKinds are the kinds of reports and meetings.
type ReportKinds struct {
	Kinds    []*ReportKind  `json:"kinds"`
	Meetings []*MeetingKind `json:"meetings"`
	May      bool           `json:"may_make" doc:"The caller may make reports"`
}

func (s *Service) listReportKinds(ctx context.Context, _ *struct{}) (*httpapi.Body[ReportKinds], error) {
	b := s.district.Load().reports
	return httpapi.Answer(ReportKinds{Kinds: b.Kinds, Meetings: b.Meetings, May: managesReports(httpapi.Actor(ctx))}, nil)
}

// reportStates are the states as a list is narrowed to them, each by the actions that
// lead to it.
func reportStates(state ReportState) (actions []string) {
	for name, a := range reportActions {
		if a.to == state {
			actions = append(actions, name)
		}
	}
	slices.Sort(actions)
	return actions
}

func (s *Service) listReports(ctx context.Context, in *struct {
	Kind  string `query:"kind" maxLength:"40"`
	State string `query:"state" enum:"draft,reviewed,issued,archived,withdrawn,"`
	Month string `query:"month" doc:"2026-11: those whose period begins in it; 2026 for a year" maxLength:"7"`
	After string `query:"after" doc:"Key of the next page, from the page before"`
	Limit int    `query:"limit" minimum:"0" maximum:"200"`
}) (*httpapi.Body[httpapi.Page[ReportHead]], error) {
	const action = `COALESCE((SELECT e.action FROM report_event e WHERE e.report = r.id ORDER BY e.id DESC LIMIT 1), 'return')` // a draft, as what was returned
	var where []string
	var args []any
	add := func(cond string, more ...any) { where, args = append(where, cond), append(args, more...) }
	are := func(states ...ReportState) {
		var actions []string
		for _, st := range states {
			actions = append(actions, reportStates(st)...)
		}
		add(store.AnyOf(action, len(actions)), store.Args(actions...)...)
	}
	if !managesReports(httpapi.Actor(ctx)) {
		are(ReportIssued, ReportArchived)
	}
	if in.State != "" {
		are(ReportState(in.State))
	}
	if in.Kind != "" {
		if s.district.Load().reports.kind(in.Kind) == nil {
			return nil, httpapi.FailField("kind", "no_such_option")
		}
		add("r.kind = ?", in.Kind)
	}
	if in.Month != "" {
		from, err := time.Parse("2006-01", in.Month)
		to := from.AddDate(0, 1, 0)
		if err != nil {
			from, err = time.Parse("2006", in.Month)
			to = from.AddDate(1, 0, 0)
		}
		if err != nil {
			return nil, httpapi.FailField("month", "not_a_time")
		}
		add("r.from_day >= ? AND r.from_day < ?", from.Format(time.DateOnly), to.Format(time.DateOnly))
	}
	if in.After != "" {
		day, key, _ := strings.Cut(in.After, "_")
		id, err := store.ParseID(key)
		if err != nil {
			return nil, httpapi.FailField("after", "invalid")
		}
		add("(r.to_day, r.id) < (?, ?)", day, id)
	}
	query, limit := `SELECT `+reportColumns+` FROM report r`, cmp.Or(in.Limit, 50)
	if len(where) > 0 {
		query += ` WHERE ` + strings.Join(where, " AND ")
	}
	rows, err := store.Select[reportRow](ctx, s.Store, query+` ORDER BY r.to_day DESC, r.id DESC LIMIT ?`, append(args, limit+1)...)
	page := httpapi.Page[ReportHead]{Items: []ReportHead{}}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = rows[limit-1].ToDay + "_" + store.ID(rows[limit-1].ID).String()
	}
	for _, r := range rows {
		page.Items = append(page.Items, r.head())
	}
	return httpapi.Answer(page, err)
}

// ReportPage is one report, for its screen.
type ReportPage struct {
	Report
	Steps   []ReportStep `json:"steps" doc:"What was done with it, the newest last"`
	Allowed []string     `json:"allowed" doc:"What the caller may do with it now"`
}

// ReportStep is a line of a report's history.
type ReportStep struct {
	Action string     `bun:"action" json:"action" enum:"make,review,discard,return,issue,archive,withdraw"`
	At     store.Time `bun:"at" json:"at"`
	Actor  string     `bun:"actor_name" json:"actor,omitempty" doc:"None: made unattended"`
	Number string     `bun:"number" json:"number,omitempty"`
	Note   string     `bun:"note" json:"note,omitempty"`
}

// seenReport is a report that the caller may see.
func (s *Service) seenReport(ctx context.Context, id store.ID) (Report, error) {
	r, err := s.Report(ctx, id)
	if err == nil && !r.State.public() && !managesReports(httpapi.Actor(ctx)) {
		err = store.ErrNotFound
	}
	return r, err
}

func (s *Service) reportPage(ctx context.Context, id store.ID) (*httpapi.Body[ReportPage], error) {
	r, err := s.seenReport(ctx, id)
	if err != nil {
		return nil, err
	}
	p := ReportPage{Report: r, Allowed: []string{}}
	who := httpapi.Actor(ctx)
	for _, name := range sortedKeysOf(reportActions) {
		if a := reportActions[name]; a.from == r.State && who.HasAny(a.roles...) && who.Scope().All {
			p.Allowed = append(p.Allowed, name)
		}
	}
	p.Steps, err = store.Select[ReportStep](ctx, s.Store, `SELECT 'make' AS action, r.at, COALESCE(c.name, '') AS actor_name, '' AS number, '' AS note, 0 AS id FROM report r LEFT JOIN account c ON c.id = r.actor WHERE r.id = ?
 UNION ALL SELECT e.action, e.at, COALESCE(c.name, '') AS actor_name, e.number, e.note, e.id FROM report_event e LEFT JOIN account c ON c.id = e.actor WHERE e.report = ? ORDER BY 6`, int64(id), int64(id))
	return httpapi.Answer(p, err)
}

func (s *Service) listReportRows(ctx context.Context, in *struct {
	ID    httpapi.PathID `path:"id"`
	N     int            `path:"n" minimum:"0" maximum:"1000000"`
	After string         `query:"after"`
	Limit int            `query:"limit" minimum:"0" maximum:"200"`
}) (*httpapi.Body[httpapi.Page[Row]], error) {
	if _, err := s.seenReport(ctx, in.ID.ID); err != nil {
		return nil, err
	}
	figures, err := s.reportFigures(ctx, in.ID.ID, in.N)
	if err == nil && len(figures) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	var after store.ID
	if in.After != "" {
		if after, err = store.ParseID(in.After); err != nil {
			return nil, httpapi.FailField("after", "invalid")
		}
	}
	limit := cmp.Or(in.Limit, 50)
	rows, err := s.behind(ctx, httpapi.Actor(ctx).Scope(), figures[0].Query, figures[0].Line, after, limit+1)
	page := httpapi.Page[Row]{Items: rows}
	if len(rows) > limit {
		page.Items, page.Next = rows[:limit], rows[limit-1].ID.String()
	}
	return httpapi.Answer(page, err)
}
