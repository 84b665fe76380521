package appeals

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/account"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// Export says what of the appeals is taken out, why, and in which form.
type Export struct {
	Purpose string
	Format  string // csv, xlsx, geojson, open311 (the bulk form of GeoReport)
	Filter  Filter
	Said    any  // the filter as it was asked for, for the record
	Open    bool // open data: without persons, secret appeals and doorsteps
	Text    bool // open data with its texts, masked
}

// exportFormats are the forms in which appeals leave.
var exportFormats = map[string]struct {
	form        gate.Form
	contentType string
	extension   string
	columns     []exportColumn
	bulk        bool // for programs, and always open data
}{
	"csv":     {gate.CSV, "text/csv; charset=utf-8", "csv", exportColumns, false},
	"xlsx":    {gate.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", exportColumns, false},
	"geojson": {gate.GeoJSON, "application/geo+json", "geojson", exportColumns, false},
	"open311": {gate.CSV, "text/csv; charset=utf-8", "csv", bulkColumns, true},
}

// exported is one appeal on its way out.
type exported struct {
	Row
	*Appeal
	item    *DutyItem
	contact *Contact
	zone    *time.Location
	channel string
	kind    string
}

type exportColumn struct {
	gate.Column
	value func(x *exported) any
}

// exportColumns are the columns of a table of appeals.
var exportColumns = []exportColumn{
	{gate.Column{Name: "no", Title: "编号"}, func(x *exported) any { return x.No }},
	{gate.Column{Name: "channel", Title: "渠道"}, func(x *exported) any { return x.channel }},
	{gate.Column{Name: "kind", Title: "类型"}, func(x *exported) any { return x.kind }},
	{gate.Column{Name: "channel_code", Title: "渠道代码"}, func(x *exported) any { return x.Appeal.Channel }},
	{gate.Column{Name: "kind_code", Title: "类型代码"}, func(x *exported) any { return x.Appeal.Kind }},
	{gate.Column{Name: "class", Title: "紧急程度"}, func(x *exported) any { return x.Class }},
	{gate.Column{Name: "state", Title: "状态代码"}, func(x *exported) any { return x.State }},
	{gate.Column{Name: "state_name", Title: "状态"}, func(x *exported) any { return x.StateName }},
	{gate.Column{Name: "open", Title: "在办"}, func(x *exported) any { return x.Open }},
	{gate.Column{Name: "late", Title: "超期"}, func(x *exported) any { return x.Late }},
	{gate.Column{Name: "title", Title: "标题", Class: gate.Free}, func(x *exported) any { return x.Title }},
	{gate.Column{Name: "text", Title: "内容", Class: gate.Free}, func(x *exported) any { return x.Appeal.Text }},
	{gate.Column{Name: "item", Title: "事项代码"}, func(x *exported) any { return x.Item }},
	{gate.Column{Name: "l1", Title: "一级分类"}, func(x *exported) any { return level(x.item, 1) }},
	{gate.Column{Name: "l2", Title: "二级分类"}, func(x *exported) any { return level(x.item, 2) }},
	{gate.Column{Name: "l3", Title: "三级分类"}, func(x *exported) any { return level(x.item, 3) }},
	{gate.Column{Name: "unit", Title: "承办单位代码"}, func(x *exported) any { return x.Unit }},
	{gate.Column{Name: "unit_name", Title: "承办单位"}, func(x *exported) any { return x.UnitName }},
	{gate.Column{Name: "street", Title: "街道代码"}, func(x *exported) any { return x.Row.Street }},
	{gate.Column{Name: "community", Title: "社区代码"}, func(x *exported) any { return x.Row.Community }},
	{gate.Column{Name: "place", Title: "街道社区"}, func(x *exported) any { return x.PlaceName }},
	{gate.Column{Name: "address", Title: "地址", Class: gate.Internal}, func(x *exported) any { return x.Address }},
	{gate.Column{Name: "lon", Title: "经度", Class: gate.Longitude}, func(x *exported) any { return x.Row.Lon }},
	{gate.Column{Name: "lat", Title: "纬度", Class: gate.Latitude}, func(x *exported) any { return x.Row.Lat }},
	{gate.Column{Name: "opened_at", Title: "登记时间"}, func(x *exported) any { return x.OpenedAt }},
	{gate.Column{Name: "due_at", Title: "答复期限"}, func(x *exported) any { return promised(x) }},
	{gate.Column{Name: "dispatched_at", Title: "分拨时间"}, func(x *exported) any { return x.DispatchedAt }},
	{gate.Column{Name: "contacted_at", Title: "首次联系时间"}, func(x *exported) any { return x.ContactedAt }},
	{gate.Column{Name: "replied_at", Title: "答复时间"}, func(x *exported) any { return x.RepliedAt }},
	{gate.Column{Name: "closed_at", Title: "办结时间"}, func(x *exported) any { return x.ClosedAt }},
	{gate.Column{Name: "result", Title: "办理结果"}, func(x *exported) any { return x.Result }},
	{gate.Column{Name: "reply", Title: "答复内容", Class: gate.Free}, func(x *exported) any { return x.Reply }},
	{gate.Column{Name: "solved", Title: "是否解决"}, func(x *exported) any { return x.Solved }},
	{gate.Column{Name: "score_result", Title: "结果评分"}, func(x *exported) any { return x.ScoreResult }},
	{gate.Column{Name: "score_manner", Title: "态度评分"}, func(x *exported) any { return x.ScoreManner }},
	{gate.Column{Name: "score_speed", Title: "速度评分"}, func(x *exported) any { return x.ScoreSpeed }},
	{gate.Column{Name: "source", Title: "来源"}, func(x *exported) any { return x.Source }},
	{gate.Column{Name: "external", Title: "来源编号"}, func(x *exported) any { return x.External }},
	{gate.Column{Name: "asserted_unit", Title: "来源所称单位"}, func(x *exported) any { return x.AssertedUnit }},
	{gate.Column{Name: "asserted_due", Title: "来源所称期限"}, func(x *exported) any { return x.AssertedDue }},
	{gate.Column{Name: "asserted_late", Title: "来源所称超期"}, func(x *exported) any { return x.AssertedLate }},
	{gate.Column{Name: "secrecy", Title: "保密级别", Class: gate.Internal}, func(x *exported) any { return string(x.Secrecy) }},
	{gate.Column{Name: "appellant_name", Title: "诉求人", Class: gate.Name}, func(x *exported) any { return x.person().Name }},
	{gate.Column{Name: "appellant_phone", Title: "联系电话", Class: gate.Phone}, func(x *exported) any { return x.person().Phone }},
	{gate.Column{Name: "synthetic", Title: "合成数据"}, func(x *exported) any { return x.Row.Synthetic }},
}

// bulkColumns are the fields of the GeoReport Bulk Data Specification, in its
// order and by its names; those that it makes optional may be absent.
var bulkColumns = []exportColumn{
	{gate.Column{Name: "service_request_id"}, func(x *exported) any { return x.Row.ID.String() }},
	{gate.Column{Name: "requested_datetime"}, func(x *exported) any { return w3(x.OpenedAt, x.zone) }},
	{gate.Column{Name: "updated_datetime"}, func(x *exported) any { return w3(changed(&x.Row), x.zone) }},
	{gate.Column{Name: "closed_date"}, func(x *exported) any { return w3(x.ClosedAt, x.zone) }},
	{gate.Column{Name: "status_description"}, func(x *exported) any { return publicStatus(&x.Row) }},
	{gate.Column{Name: "status_notes"}, func(x *exported) any { return x.StateName }},
	{gate.Column{Name: "source"}, func(x *exported) any { return x.channel }},
	{gate.Column{Name: "service_name"}, func(x *exported) any { return level(x.item, 2) }},
	{gate.Column{Name: "service_subtype"}, func(x *exported) any { return level(x.item, 3) }},
	{gate.Column{Name: "description", Class: gate.Free}, func(x *exported) any { return x.Appeal.Text }},
	{gate.Column{Name: "agency_responsible"}, func(x *exported) any { return agency(x.UnitName, x.AssertedUnit) }},
	{gate.Column{Name: "address"}, func(x *exported) any { return x.PlaceName }},
	{gate.Column{Name: "lat", Class: gate.Latitude}, func(x *exported) any { return x.Row.Lat }},
	{gate.Column{Name: "long", Class: gate.Longitude}, func(x *exported) any { return x.Row.Lon }},
}

func (x *exported) person() Contact {
	if x.contact == nil {
		return Contact{}
	}
	return *x.contact
}

func level(it *DutyItem, n int) string {
	if it == nil {
		return ""
	}
	return []string{it.L1, it.L2, it.L3}[n-1]
}

// promised is when the citizen is promised an answer: by our clock, or by what
// the source of an imported appeal says.
func promised(x *exported) store.Time {
	if x.TotalDue.IsZero() {
		return x.AssertedDue
	}
	return x.TotalDue
}

// changed is when an appeal was last changed; of one that is closed, when it was.
func changed(r *Row) store.Time {
	if !r.ClosedAt.IsZero() {
		return r.ClosedAt
	}
	return r.UpdatedAt
}

// publicStatus is the one of two states that the public knows: an appeal that
// another one carries is closed for itself.
func publicStatus(r *Row) string {
	if r.Open && r.Merged == 0 {
		return "open"
	}
	return "closed"
}

func agency(unit, asserted string) string {
	if unit == "" {
		return asserted
	}
	return unit
}

// w3 is an instant as W3C's note on dates has it (a profile of ISO 8601), with
// the district's offset.
func w3(t store.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.RFC3339)
}

// exportPage is how many appeals are read at a time: the greatest page of a list.
const exportPage = 200

// Export takes appeals out by a filter, the newest first, through the gate. It
// returns how many left.
func (s *Service) Export(ctx context.Context, who account.Actor, e Export, w io.Writer) (int64, error) {
	f, ok := exportFormats[e.Format]
	if !ok {
		return 0, fmt.Errorf("there is no export format %q: csv, xlsx, geojson or open311", e.Format)
	}
	d := s.district.Load()
	e.Open = e.Open || f.bulk
	columns := make([]gate.Column, len(f.columns))
	for i, c := range f.columns {
		columns[i] = c.Column
	}
	exit := gate.Gate{Store: s.Store}
	request := gate.Request{Actor: who, Purpose: e.Purpose, What: "appeals", Form: f.form, Filter: e.Said, Open: e.Open, Free: e.Text, Zone: d.zone, Lines: f.form != gate.XLSX}
	return exit.Export(ctx, request, columns, w, func(ctx context.Context, scope account.Scope, row gate.Row) error {
		values := make([]any, len(f.columns))
		return s.eachExported(ctx, who, scope, e, d, func(x *exported) error {
			for i, c := range f.columns {
				values[i] = c.value(x)
			}
			return row(values...)
		})
	})
}

// eachExported gives every appeal of a filter, page by page: no reading of the
// records lasts long, however many there are.
func (s *Service) eachExported(ctx context.Context, who account.Actor, scope account.Scope, e Export, d *district, give func(x *exported) error) error {
	filter := e.Filter
	filter.Limit, filter.ByDue = exportPage, false
	for {
		rows, next, err := s.list(ctx, scope, filter)
		if err != nil {
			return err
		}
		ids := make([]store.ID, len(rows))
		for i := range rows {
			ids[i] = rows[i].ID
		}
		details, err := store.Select[Appeal](ctx, s.Store, `SELECT `+appealColumns+` FROM appeal WHERE `+store.AnyOf("id", len(ids)), store.Args(ids...)...)
		if err != nil {
			return err
		}
		byID := make(map[store.ID]*Appeal, len(details))
		for i := range details {
			byID[details[i].ID] = &details[i]
		}
		for i := range rows {
			a := byID[rows[i].ID]
			if a == nil || e.Open && a.Secrecy != OpenTo {
				continue
			}
			x := &exported{Row: rows[i], Appeal: a, item: d.duty.Item(rows[i].Item), zone: d.zone, channel: a.Channel, kind: a.Kind}
			if c, ok := d.words.Channel(a.Channel); ok {
				x.channel = c.Name.In("zh")
			}
			if k, ok := d.words.Kind(a.Kind); ok {
				x.kind = k.Name.In("zh")
			}
			if !e.Open {
				if x.contact, err = s.contact(ctx, who, &rows[i].Matter, a); err != nil {
					return err
				}
			}
			if err := give(x); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		filter.After = next
	}
}

// ExportInput is a list as it is taken out.
type ExportInput struct {
	ListInput
	Format  string `query:"format" required:"true" enum:"csv,xlsx,geojson,open311" doc:"open311 is the bulk form of GeoReport, always open data"`
	Open    string `query:"open_data" enum:"true,false," doc:"Without persons, secret appeals and doorsteps"`
	Text    string `query:"text" enum:"true,false," doc:"Open data with its texts, masked"`
	Purpose string `query:"purpose" maxLength:"200" doc:"Why; it is kept with the record of the export"`
	Request string `query:"request" doc:"The approved request that it is fetched by, where one is needed"`
}

// download is a file that is made while it is sent.
type download = httpapi.Download

func (s *Service) mountExports(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "export-appeals", Method: http.MethodGet, Path: "/api/exports/appeals", Tag: tag, Access: staff,
		Summary: "Take appeals out as CSV, XLSX, GeoJSON or the bulk form of Open311; narrowed as the list is",
		Text:    "Who takes what out, why, by which filter and how much is recorded. An answer that is cut off is no whole export. Above the pack's bound of rows another person must approve it first (下载审批): needs_approval."}, s.exportAppeals)
	httpapi.Register(srv, httpapi.Operation{ID: "ask-export", Method: http.MethodPost, Path: "/api/exports/appeals/requests", Tag: tag, Access: staff, Status: http.StatusCreated,
		Summary: "Ask that an export above the bound may leave; narrowed as the export is"}, s.askExport)
	gate.Mount(srv, s.approvals())
}

// exportOf is an export as it was asked for over HTTP.
func (s *Service) exportOf(who account.Actor, in *ExportInput) (Export, error) {
	if who.Scope().Empty() {
		return Export{}, httpapi.Fail(http.StatusForbidden, "forbidden")
	}
	filter, err := in.filter(who, s.Store.Now(), s.Zone())
	return Export{Purpose: cmp.Or(strings.TrimSpace(in.Purpose), "列表导出"), Format: in.Format, Filter: filter, Said: in.ListInput, Open: in.Open == "true", Text: in.Text == "true"}, err
}

// askedFor is by what an export that was approved is known again.
func (in *ExportInput) askedFor() any {
	return struct {
		ListInput
		Format, OpenData, Text string
	}{in.ListInput, in.Format, in.Open, in.Text}
}

// overBound counts the rows of an export up to one more than leave without another
// person's word (下载审批); 0 where none is needed. Open data needs none.
func (s *Service) overBound(ctx context.Context, who account.Actor, e Export) (rows int64, err error) {
	bound := s.district.Load().manifest.Downloads.ApproveOver
	if bound == 0 || e.Open || exportFormats[e.Format].bulk {
		return 0, nil
	}
	f := e.Filter
	f.Limit, f.ByDue = exportPage, false
	for {
		page, next, err := s.list(ctx, who.Scope(), f)
		if err != nil {
			return 0, err
		}
		if rows += int64(len(page)); rows > int64(bound) {
			return rows, nil
		}
		if next == "" {
			return 0, nil
		}
		f.After = next
	}
}

func (s *Service) exportAppeals(ctx context.Context, in *ExportInput) (*httpapi.Download, error) {
	who := httpapi.Actor(ctx)
	e, err := s.exportOf(who, in)
	if err != nil {
		return nil, err
	}
	give := func(w io.Writer) error {
		_, err := s.Export(ctx, who, e, w)
		return err
	}
	if in.Request == "" {
		over, err := s.overBound(ctx, who, e)
		if err != nil {
			return nil, err
		}
		if over > 0 {
			return nil, httpapi.Fail(http.StatusForbidden, "needs_approval", "n", strconv.Itoa(s.district.Load().manifest.Downloads.ApproveOver))
		}
	} else {
		id, err := store.ParseID(in.Request)
		if err != nil {
			return nil, httpapi.FailField("request", "invalid")
		}
		approved, plain := s.approvals(), give
		if err := approved.Ready(ctx, who, id, in.askedFor()); err != nil {
			return nil, gate.Problem(err)
		}
		give = func(w io.Writer) error {
			return approved.Fetch(ctx, who, id, in.askedFor(), func() error { return plain(w) })
		}
	}
	f := exportFormats[in.Format]
	name := fmt.Sprintf("appeals-%s.%s", s.Store.Now().In(s.Zone()).Format("20060102-1504"), f.extension)
	return httpapi.NewDownload(f.contentType, name, give), nil
}

func (s *Service) approvals() *gate.Approvals {
	return &gate.Approvals{Store: s.Store, Notices: s.Notices}
}

// askInput is an export with the reason why it should leave.
type askInput struct {
	ExportInput
	Body struct {
		Reason string `json:"reason" maxLength:"300" doc:"Why; whoever decides reads it. Needed where approval is"`
	}
	query string
}

// Resolve implements huma.Resolver: the path is fetched as it was asked for.
func (in *askInput) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	in.query = u.RawQuery
	return nil
}

func (s *Service) askExport(ctx context.Context, in *askInput) (*httpapi.Body[gate.DownloadRequest], error) {
	who := httpapi.Actor(ctx)
	e, err := s.exportOf(who, &in.ExportInput)
	if err != nil {
		return nil, err
	}
	over, err := s.overBound(ctx, who, e)
	if err != nil {
		return nil, err
	}
	if over == 0 {
		return nil, httpapi.Fail(http.StatusConflict, "needs_no_approval")
	}
	path := func(id store.ID) string { return "/api/exports/appeals?" + in.query + "&request=" + id.String() }
	d, err := s.approvals().Ask(ctx, who, "appeals", exportFormats[in.Format].form, in.askedFor(), path, over, in.Body.Reason)
	return httpapi.Answer(d, gate.Problem(err))
}
