package appeals

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"mime"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Bounds that the specification sets.
const (
	open311Days  = 90   // the span of a query, and its default
	open311Rows  = 1000 // of an answer
	open311Text  = 4000 // characters of a description
	open311Pages = 1000 // of the pagination extension
	open311Codes = 50   // service codes in one query
	open311Form  = 64 << 10
	open311Scope = "open311" // that an API key needs
)

// optional is a text that may be nothing: null in JSON, an empty element in XML.
type optional string

// MarshalJSON implements json.Marshaler.
func (o optional) MarshalJSON() ([]byte, error) {
	if o == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(o))
}

// degrees is a coordinate that may be nothing.
type degrees struct{ at *float64 }

// open311Decimals round a coordinate to some 10 m: anybody may read the answers.
const open311Decimals = 4

func (d degrees) String() string {
	if d.at == nil {
		return ""
	}
	return strconv.FormatFloat(*d.at, 'f', -1, 64)
}

func round(v *float64) degrees {
	if v == nil {
		return degrees{}
	}
	scale := math.Pow10(open311Decimals)
	r := math.Round(*v*scale) / scale
	return degrees{&r}
}

// MarshalJSON implements json.Marshaler.
func (d degrees) MarshalJSON() ([]byte, error) { return json.Marshal(d.at) }

// MarshalXML implements xml.Marshaler.
func (d degrees) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(d.String(), start)
}

type serviceList struct {
	XMLName  xml.Name      `xml:"services" json:"-"`
	Services []serviceView `xml:"service"`
}

type serviceView struct {
	Code        string   `xml:"service_code" json:"service_code"`
	Name        string   `xml:"service_name" json:"service_name"`
	Description optional `xml:"description" json:"description"`
	Metadata    bool     `xml:"metadata" json:"metadata"`
	Type        string   `xml:"type" json:"type"`
	Keywords    optional `xml:"keywords" json:"keywords"`
	Group       optional `xml:"group" json:"group"`
}

type serviceDefinition struct {
	XMLName    xml.Name        `xml:"service_definition" json:"-"`
	Code       string          `xml:"service_code" json:"service_code"`
	Attributes []attributeView `xml:"attributes>attribute" json:"attributes"`
}

type attributeView struct {
	Variable    bool             `xml:"variable" json:"variable"`
	Code        string           `xml:"code" json:"code"`
	Datatype    string           `xml:"datatype" json:"datatype"`
	Required    bool             `xml:"required" json:"required"`
	Hint        optional         `xml:"datatype_description" json:"datatype_description"`
	Order       int              `xml:"order" json:"order"`
	Description string           `xml:"description" json:"description"`
	Values      []attributeValue `xml:"values>value" json:"values"`
}

type attributeValue struct {
	Key  string `xml:"key" json:"key"`
	Name string `xml:"name" json:"name"`
}

// requestList is a list of requests in any of the forms that calls answer.
type requestList[T any] struct {
	XMLName  xml.Name `xml:"service_requests" json:"-"`
	Requests []T      `xml:"request"`
}

type requestView struct {
	ID          string   `xml:"service_request_id" json:"service_request_id"`
	Status      string   `xml:"status" json:"status"`
	StatusNotes optional `xml:"status_notes" json:"status_notes"`
	ServiceName optional `xml:"service_name" json:"service_name"`
	ServiceCode string   `xml:"service_code" json:"service_code"`
	Description optional `xml:"description" json:"description"`
	Agency      optional `xml:"agency_responsible" json:"agency_responsible"`
	Notice      optional `xml:"service_notice" json:"service_notice"`
	Requested   string   `xml:"requested_datetime" json:"requested_datetime"`
	Updated     optional `xml:"updated_datetime" json:"updated_datetime"`
	Expected    optional `xml:"expected_datetime" json:"expected_datetime"`
	Address     optional `xml:"address" json:"address"`
	AddressID   optional `xml:"address_id" json:"address_id"`
	Zip         optional `xml:"zipcode" json:"zipcode"`
	Lat         degrees  `xml:"lat" json:"lat"`
	Long        degrees  `xml:"long" json:"long"`
	Media       optional `xml:"media_url" json:"media_url"`
}

type requestFiled struct {
	ID      string   `xml:"service_request_id" json:"service_request_id"`
	Notice  optional `xml:"service_notice" json:"service_notice"`
	Account optional `xml:"account_id" json:"account_id"`
}

type requestToken struct {
	ID    string `xml:"service_request_id" json:"service_request_id"`
	Token string `xml:"token" json:"token"`
}

type discoveryView struct {
	XMLName    xml.Name       `xml:"discovery" json:"-"`
	Changeset  string         `xml:"changeset" json:"changeset"`
	Contact    string         `xml:"contact" json:"contact"`
	KeyService string         `xml:"key_service" json:"key_service"`
	Endpoints  []endpointView `xml:"endpoints>endpoint" json:"endpoints"`
}

type endpointView struct {
	Specification string   `xml:"specification" json:"specification"`
	URL           string   `xml:"url" json:"url"`
	Changeset     string   `xml:"changeset" json:"changeset"`
	Type          string   `xml:"type" json:"type"`
	Formats       []string `xml:"formats>format" json:"formats"`
}

// fault is an error as the specification has it: 404 for what does not exist,
// 403 for a wrong or missing key, 400 for anything else.
type fault struct {
	Code        int    `xml:"code" json:"code"`
	Description string `xml:"description" json:"description"`
}

// faults are all that is wrong with one call.
type faults []fault

func (f faults) Error() string {
	var out []string
	for _, x := range f {
		out = append(out, fmt.Sprintf("%d %s", x.Code, x.Description))
	}
	return strings.Join(out, "; ")
}

func wrong(code int, format string, args ...any) error {
	return faults{{code, fmt.Sprintf(format, args...)}}
}

type faultList struct {
	XMLName xml.Name `xml:"errors" json:"-"`
	Errors  faults   `xml:"error"`
}

func (s *Service) mountOpen311(srv *httpapi.Server) {
	handle := func(w http.ResponseWriter, r *http.Request) {
		path, format := r.PathValue("path"), ""
		if i := strings.LastIndexByte(path, '.'); i > strings.LastIndexByte(path, '/') {
			path, format = path[:i], path[i+1:]
		}
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		if format == "" {
			h.Set("Vary", "Accept")
			format = accepted311(r.Header.Values("Accept"))
		}
		if r.Method == http.MethodGet {
			h.Set("Access-Control-Allow-Origin", "*") // nothing in an answer is anybody's own
		}
		answer, err := s.answer311(srv, r, path, format)
		status := http.StatusOK
		if err != nil {
			var f faults
			switch {
			case errors.As(err, &f):
				status = f[0].Code
			case errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrClosed):
				h.Set("Retry-After", "1")
				status, f = http.StatusServiceUnavailable, faults{{http.StatusServiceUnavailable, "busy: try again shortly"}}
			default:
				srv.Log.Error("an Open311 call failed", "path", path, "error", err)
				status, f = http.StatusBadRequest, faults{{http.StatusBadRequest, "general service error; it has been recorded"}}
			}
			answer = faultList{Errors: f}
		}
		write311(w, status, format, answer)
	}
	srv.Mux.HandleFunc("GET /open311/v2/{path...}", handle)
	srv.Mux.HandleFunc("POST /open311/v2/{path...}", handle)
}

// accepted311 is the format that a client prefers who names none in the path:
// XML where it does not mind, "" where it wants neither.
func accepted311(accept []string) string {
	if len(accept) == 0 {
		return "xml"
	}
	best, most := "", 0.0
	for _, v := range strings.Split(strings.Join(accept, ","), ",") {
		kind, params, err := mime.ParseMediaType(v)
		if err != nil {
			continue
		}
		q := 1.0
		if params["q"] != "" {
			if q, err = strconv.ParseFloat(params["q"], 64); err != nil {
				continue
			}
		}
		format := map[string]string{"application/json": "json", "text/json": "json", "application/*": "json", "text/xml": "xml", "application/xml": "xml", "text/*": "xml", "*/*": "xml"}[kind]
		if format != "" && q > most {
			best, most = format, q
		}
	}
	return best
}

// write311 writes an answer as JSON where that was asked for, else as XML, which
// every client reads. By the Spark convention a list's JSON has no name.
func write311(w http.ResponseWriter, status int, format string, answer any) {
	if format == "json" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		switch v := answer.(type) {
		case serviceList:
			answer = v.Services
		case requestList[requestView]:
			answer = v.Requests
		case requestList[requestFiled]:
			answer = v.Requests
		case requestList[requestToken]:
			answer = v.Requests
		case faultList:
			answer = v.Errors
		}
		_ = json.NewEncoder(w).Encode(answer)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`<?xml version="1.0" encoding="utf-8"?>` + "\n"))
	_ = xml.NewEncoder(w).Encode(answer)
}

func (s *Service) answer311(srv *httpapi.Server, r *http.Request, path, format string) (any, error) {
	if format != "xml" && format != "json" {
		return nil, wrong(http.StatusBadRequest, "the format %q is not offered: XML and JSON are, by .xml and .json or by Accept", clipped(format))
	}
	d := s.district.Load()
	kind, id, deep := strings.Cut(path, "/")
	if r.Method == http.MethodPost {
		if path != "requests" {
			return nil, wrong(http.StatusNotFound, "nothing can be posted here but requests")
		}
		return s.file311(r, d)
	}
	if err := jurisdiction(d, r.URL.Query()); err != nil {
		return nil, err
	}
	switch {
	case path == "discovery":
		return s.discovery311(srv, r, d)
	case path == "services":
		return services311(d), nil
	case path == "requests":
		return s.requests311(r.Context(), d, r.URL.Query())
	case !deep || id == "" && kind != "tokens":
		return nil, wrong(http.StatusNotFound, "there is no such resource")
	case kind == "services":
		return definition311(d, id)
	case kind == "requests":
		list, err := s.find311(r.Context(), d, []string{id})
		if err == nil && len(list.Requests) == 0 {
			err = wrong(http.StatusNotFound, "service_request_id %s was not found", clipped(id))
		}
		return list, err
	case kind == "tokens":
		return s.token311(r.Context(), id)
	}
	return nil, wrong(http.StatusNotFound, "there is no such resource")
}

// clipped is a part of a request as an error may repeat it.
func clipped(s string) string {
	runes := []rune(s)
	if len(runes) > 60 {
		runes = append(runes[:60], '…')
	}
	return gate.Public(string(runes))
}

// jurisdiction checks the optional argument: this server has one, by the
// district's identifier.
func jurisdiction(d *district, q url.Values) error {
	if j := q.Get("jurisdiction_id"); j != "" && j != d.manifest.ID {
		return wrong(http.StatusNotFound, "jurisdiction_id %s was not found: this server is for %s", clipped(j), d.manifest.ID)
	}
	return nil
}

func services311(d *district) serviceList {
	out := serviceList{Services: []serviceView{}}
	for _, v := range d.open311.services {
		out.Services = append(out.Services, serviceView{Code: v.code, Name: v.name, Description: optional(v.describe()), Metadata: v.asks, Type: "realtime", Keywords: optional(v.keywords()), Group: optional(v.group)})
	}
	return out
}

// itemAttribute is the attribute by which a client names an item of the duty list.
const itemAttribute = "item"

func definition311(d *district, code string) (any, error) {
	v := d.open311.byCode[code]
	if v == nil {
		return nil, wrong(http.StatusNotFound, "service_code %s was not found", clipped(code))
	}
	out := serviceDefinition{Code: v.code, Attributes: []attributeView{}}
	if v.asks {
		a := attributeView{Variable: true, Code: itemAttribute, Datatype: "singlevaluelist", Order: 1, Description: "具体事项（可不选） / which item, if you know", Values: []attributeValue{}}
		for _, it := range v.items {
			a.Values = append(a.Values, attributeValue{it.Code, it.L3})
		}
		out.Attributes = append(out.Attributes, a)
	}
	return out, nil
}

func (s *Service) discovery311(srv *httpapi.Server, r *http.Request, d *district) (any, error) {
	var changed store.Time
	if err := s.Store.QueryRow(r.Context(), `SELECT max(changed_at) FROM pack_file`).Scan(&changed); err != nil {
		return nil, err
	}
	scheme := "http"
	if srv.Secure || r.TLS != nil {
		scheme = "https"
	}
	at := w3(changed, d.zone)
	platform := d.manifest.Name.In("zh")
	tree := s.Dir.Tree()
	if p := tree.OfKind(account.Platform); len(p) > 0 {
		platform = tree.Name(p[0])
	}
	text := func(said map[string]string, otherwise string) string {
		if v := said["zh"]; v != "" {
			return v
		}
		return otherwise
	}
	set := d.open311.settings
	return discoveryView{Changeset: at, Contact: text(set.Contact, "请联系"+platform), KeyService: text(set.KeyService, "接口密钥由"+platform+"的系统管理员发放，范围须含 "+open311Scope),
		Endpoints: []endpointView{{Specification: "http://wiki.open311.org/GeoReport_v2", URL: scheme + "://" + r.Host + "/open311/v2", Changeset: at, Type: set.Type, Formats: []string{"text/xml", "application/json"}}}}, nil
}

// token311 finds a request by a token. Requests are filed at once, so none is
// ever answered in place of an identifier; the number that people quote (编号)
// serves as one.
func (s *Service) token311(ctx context.Context, token string) (any, error) {
	if token == "" {
		return nil, wrong(http.StatusBadRequest, "the token was not provided")
	}
	ids, err := store.Select[store.ID](ctx, s.Store, `SELECT id FROM matter WHERE no = ? AND flow = 'appeal'`, token)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, wrong(http.StatusNotFound, "token %s was not found", clipped(token))
	}
	return requestList[requestToken]{Requests: []requestToken{{ids[0].String(), token}}}, nil
}

// row311 is an appeal with what a public answer needs of it.
type row311 struct {
	Row          `bun:",extend"`
	Text         string     `bun:"text"`
	Address      string     `bun:"address"`
	Secrecy      Secrecy    `bun:"secrecy"`
	AssertedUnit string     `bun:"asserted_unit"`
	AssertedDue  store.Time `bun:"asserted_due"`
	Chosen       string     `bun:"chosen"`
	Media        string     `bun:"media"`
	Carrier      string     `bun:"carrier"` // number of the matter that carries it
}

const (
	columns311 = rowColumns + `, a.text, a.address, a.secrecy, a.asserted_unit, a.asserted_due, COALESCE(o.service_code, '') AS chosen, COALESCE(o.media_url, '') AS media, COALESCE(c.no, '') AS carrier`
	tables311  = ` FROM matter m JOIN appeal a ON a.id = m.id LEFT JOIN open311_request o ON o.appeal = m.id LEFT JOIN matter c ON c.id = m.merged WHERE m.flow = 'appeal'`
)

// find311 finds requests by their identifiers.
func (s *Service) find311(ctx context.Context, d *district, ids []string) (list requestList[requestView], err error) {
	list.Requests = []requestView{}
	var args []any
	for _, v := range ids {
		if id, err := store.ParseID(strings.TrimSpace(v)); err == nil {
			args = append(args, int64(id))
		}
	}
	if len(args) == 0 {
		return list, nil
	}
	rows, err := store.Select[row311](ctx, s.Store, `SELECT `+columns311+tables311+` AND `+store.AnyOf("m.id", len(args))+` ORDER BY m.id DESC`, args...)
	if err != nil {
		return list, err
	}
	return s.show311(d, rows), nil
}

// requests311 answers a query for several requests.
func (s *Service) requests311(ctx context.Context, d *district, q url.Values) (any, error) {
	if ids := listed(q, "service_request_id"); len(ids) > 0 { // overrides all other arguments
		if len(ids) > open311Rows {
			return nil, wrong(http.StatusBadRequest, "service_request_id: at most %d", open311Rows)
		}
		list, err := s.find311(ctx, d, ids)
		if err == nil && len(list.Requests) == 0 {
			err = wrong(http.StatusNotFound, "service_request_id %s was not found", clipped(strings.Join(ids, ",")))
		}
		return list, err
	}
	var bad faults
	fail := func(code int, format string, args ...any) {
		bad = append(bad, fault{code, fmt.Sprintf(format, args...)})
	}
	var where strings.Builder
	var args []any
	add := func(cond string, a ...any) {
		where.WriteString(" AND " + cond)
		args = append(args, a...)
	}
	from, to := s.window311(q, fail)
	// Keys are made at the time of opening or, where a source knows only the day,
	// within the day after it.
	add("m.id >= ? AND m.id < ? AND m.opened_at >= ? AND m.opened_at <= ?", int64(store.IDAt(from)), int64(store.IDAt(to.Add(25*time.Hour))), store.At(from), store.At(to))
	d.open311.narrow(listed(q, "service_code"), add, fail)
	switch states := listed(q, "status"); {
	case slices.ContainsFunc(states, func(v string) bool { return v != "open" && v != "closed" }):
		fail(http.StatusBadRequest, "status: open or closed")
	case slices.Contains(states, "open") && !slices.Contains(states, "closed"):
		add("m.open AND m.merged IS NULL")
	case slices.Contains(states, "closed") && !slices.Contains(states, "open"):
		add("(NOT m.open OR m.merged IS NOT NULL)")
	}
	number := func(name string, otherwise, most int) int {
		v := q.Get(name)
		if v == "" {
			return otherwise
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > most {
			fail(http.StatusBadRequest, "%s: a number from 1 to %d", name, most)
			return otherwise
		}
		return n
	}
	size := number("page_size", open311Rows, open311Rows)
	page := number("page", 1, open311Pages)
	if len(bad) > 0 {
		return nil, bad
	}
	rows, err := store.Select[row311](ctx, s.Store, `SELECT `+columns311+tables311+where.String()+` ORDER BY m.id DESC LIMIT ? OFFSET ?`, append(args, size, (page-1)*size)...)
	if err != nil {
		return nil, err
	}
	return s.show311(d, rows), nil
}

// listed are the values of an argument, given several times or separated by commas.
func listed(q url.Values, name string) []string {
	var out []string
	for _, v := range q[name] {
		for _, p := range strings.Split(v, ",") {
			if p = strings.TrimSpace(p); p != "" {
				out = append(out, p)
			}
		}
	}
	return out
}

// window311 is the time that a query spans: 90 days at most, the latest by default.
func (s *Service) window311(q url.Values, fail func(int, string, ...any)) (from, to time.Time) {
	read := func(name string) time.Time {
		v := strings.ReplaceAll(q.Get(name), " ", "+") // a "+" that nobody escaped
		if v == "" {
			return time.Time{}
		}
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
			if t, err := time.Parse(layout, v); err == nil {
				return t
			}
		}
		fail(http.StatusBadRequest, "%s: a time with its zone is expected, such as 2026-01-31T08:00:00+08:00 or 2026-01-31T00:00:00Z", name)
		return time.Time{}
	}
	const span = open311Days * 24 * time.Hour
	from, to = read("start_date"), read("end_date")
	switch {
	case from.IsZero() && to.IsZero():
		to = s.Store.Now()
		from = to.Add(-span)
	case from.IsZero():
		from = to.Add(-span)
	case to.IsZero():
		to = from.Add(span)
	case to.Before(from):
		fail(http.StatusBadRequest, "end_date lies before start_date")
	case to.Sub(from) > span:
		fail(http.StatusBadRequest, "start_date and end_date may not span more than %d days", open311Days)
	}
	return from, to
}

// narrow narrows a query to some services.
func (c *catalogue) narrow(codes []string, add func(string, ...any), fail func(int, string, ...any)) {
	if len(codes) > open311Codes {
		fail(http.StatusBadRequest, "service_code: at most %d", open311Codes)
		return
	}
	var ors []string
	var args []any
	for _, code := range codes {
		v := c.byCode[code]
		switch {
		case v == nil:
			fail(http.StatusNotFound, "service_code %s was not found", clipped(code))
			continue
		case code == otherService:
			ors = append(ors, "(m.item = '' AND (o.service_code IS NULL OR o.service_code = ?))")
			args = append(args, code)
			continue
		case v.prefix:
			ors = append(ors, "m.item LIKE ?")
			args = append(args, code+"%")
		default:
			ors = append(ors, store.AnyOf("m.item", len(v.items)))
			for _, it := range v.items {
				args = append(args, it.Code)
			}
		}
		ors = append(ors, "(m.item = '' AND o.service_code = ?)")
		args = append(args, code)
	}
	if len(ors) > 0 {
		add("("+strings.Join(ors, " OR ")+")", args...)
	}
}

// show311 is appeals as anybody may see them. What was filed in confidence or
// anonymously shows its kind, its state and its community, and no word of it.
func (s *Service) show311(d *district, rows []row311) requestList[requestView] {
	out := requestList[requestView]{Requests: []requestView{}}
	plain := make([]Row, len(rows))
	for i := range rows {
		plain[i] = rows[i].Row
	}
	s.name(plain)
	for i := range rows {
		r, row := &rows[i], &plain[i]
		service := d.open311.of(r.Item, r.Chosen)
		v := requestView{ID: r.ID.String(), Status: publicStatus(row), StatusNotes: optional(s.notes311(row, r.Carrier)), ServiceName: optional(service.name), ServiceCode: service.code,
			Agency: optional(agency(row.UnitName, r.AssertedUnit)), Requested: w3(r.OpenedAt, d.zone), Updated: optional(w3(changed(row), d.zone)), AddressID: optional(r.Place), Address: optional(row.PlaceName)}
		if due := r.TotalDue; !due.IsZero() {
			v.Expected = optional(w3(due, d.zone))
		} else {
			v.Expected = optional(w3(r.AssertedDue, d.zone))
		}
		if r.Secrecy == OpenTo {
			v.Description = optional(cut(gate.Public(r.Text), open311Text))
			if address := doorless(gate.Public(r.Address)); address != "" {
				v.Address = optional(address)
			}
			v.Lat, v.Long, v.Media = round(r.Lat), round(r.Lon), optional(r.Media)
		}
		out.Requests = append(out.Requests, v)
	}
	return out
}

// notes311 is the state as the public reads it.
func (s *Service) notes311(r *Row, carrier string) string {
	note := r.StateName
	if f := s.Engine.Flow(r.Flow); f != nil && f.States[r.State] != nil && f.States[r.State].Public["zh"] != "" {
		note = f.States[r.State].Public["zh"]
	}
	if r.Merged != 0 {
		note = "已并入 " + carrier + " 一并办理"
	}
	if r.Synthetic {
		note += "（合成数据）"
	}
	return note
}

func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

// rooms are the parts of an address below the building: whose home it is.
var rooms = regexp.MustCompile(`[0-9一二三四五六七八九十]+\s*单元\s*[A-Za-z]?\d{0,4}\s*(?:室|房|户)?|[A-Za-z]?\d{1,4}\s*(?:室|房|户)|(?i:\b(?:apt|unit|room|suite)\.?\s*#?\w+)`)

// flats are numbers that follow a building.
var flats = regexp.MustCompile(`(栋|座|幢|号楼)\s*[A-Za-z]?\d{2,4}`)

// doorless is an address without the door.
func doorless(s string) string {
	return strings.TrimSpace(flats.ReplaceAllString(rooms.ReplaceAllString(s, ""), "$1"))
}

// file311 files a request.
func (s *Service) file311(r *http.Request, d *district) (any, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/x-www-form-urlencoded" {
		return nil, wrong(http.StatusBadRequest, "the body must be application/x-www-form-urlencoded")
	}
	r.Body = http.MaxBytesReader(nil, r.Body, open311Form)
	if err := r.ParseForm(); err != nil {
		return nil, wrong(http.StatusBadRequest, "the form cannot be read: it is cut off, malformed or longer than %d bytes", open311Form)
	}
	q := r.Form
	who, err := s.key311(r.Context(), q.Get("api_key"))
	if err != nil {
		return nil, err
	}
	if err := jurisdiction(d, q); err != nil {
		return nil, err
	}
	in, extra, bad := s.intake311(d, q)
	if len(bad) > 0 {
		return nil, bad
	}
	extra.account = who.Account
	if k := r.Header.Get("Idempotency-Key"); k != "" {
		extra.once = s.Keys.MAC("open311", who.Account.String(), k)
		if list, err := s.again311(r.Context(), extra.once); err != nil || len(list.Requests) > 0 {
			return list, err
		}
	}
	in.Also = func(ctx context.Context, tx *store.Tx, filed Filed) error {
		n, err := tx.Exec(ctx, `INSERT INTO open311_request (appeal, service_code, item, media_url, key_account, once, notice) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			filed.ID, extra.service, extra.item, extra.media, extra.account, extra.once, notice311(filed.Urgent))
		if err == nil && n == 0 {
			err = errAgain
		}
		return err
	}
	filed, err := s.File(bare{r.Context()}, who, in)
	var p *httpapi.Problem
	var refusal *caseflow.Refusal
	switch {
	case errors.As(err, &p) && p.Status < 500:
		said := faults{}
		for _, e := range p.Errors {
			said = append(said, fault{http.StatusBadRequest, strings.TrimPrefix(e.Location, "body.") + ": " + e.Message})
		}
		if len(said) == 0 {
			said = faults{{http.StatusBadRequest, p.Code}}
		}
		return nil, said
	case errors.As(err, &refusal):
		return nil, wrong(http.StatusBadRequest, "%s", refusal.Error())
	case errors.Is(err, errAgain):
		return s.again311(r.Context(), extra.once)
	case err != nil:
		return nil, err
	}
	return requestList[requestFiled]{Requests: []requestFiled{{ID: filed.ID.String(), Notice: optional(notice311(filed.Urgent))}}}, nil
}

// notice311 says whom to call at once when something is urgent.
func notice311(numbers []string) string {
	if len(numbers) == 0 {
		return ""
	}
	return "如情况紧急，请立即拨打 " + strings.Join(numbers, "、")
}

// errAgain is that another call with the same Idempotency-Key was first.
var errAgain = errors.New("appeals: filed before")

// again311 is the first answer to a call that carries an Idempotency-Key, in the
// form that is asked for now; empty when it is the first.
func (s *Service) again311(ctx context.Context, once []byte) (list requestList[requestFiled], err error) {
	type row struct {
		Appeal store.ID
		Notice string
	}
	rows, err := store.Select[row](ctx, s.Store, `SELECT appeal, notice FROM open311_request WHERE once = ?`, once)
	for _, r := range rows {
		list.Requests = append(list.Requests, requestFiled{ID: r.Appeal.String(), Notice: optional(r.Notice)})
	}
	return list, err
}

// bare is a request's context without what the edge put into it: an answer that
// the edge keeps for an Idempotency-Key is not of the standard's form.
type bare struct{ context.Context }

func (bare) Value(any) any { return nil }

// key311 is whose API key it is.
func (s *Service) key311(ctx context.Context, key string) (account.Actor, error) {
	if key == "" {
		return account.Actor{}, wrong(http.StatusForbidden, "api_key was not provided: can't proceed with create_request")
	}
	who, err := s.Accounts.KeyActor(ctx, key)
	switch {
	case errors.Is(err, account.ErrCredentials), errors.Is(err, account.ErrDisabled), errors.Is(err, store.ErrNotFound):
		return who, wrong(http.StatusForbidden, "invalid api_key received: can't proceed with create_request")
	case err != nil:
		return who, err
	case !who.Allows(open311Scope):
		return who, wrong(http.StatusForbidden, "this api_key is not for %s", open311Scope)
	}
	return who, nil
}

// said311 is what a client says beyond what an appeal holds.
type said311 struct {
	service, item, media string
	account              store.ID
	once                 []byte // keyed hash of account and Idempotency-Key; nil without one
}

// intake311 makes an intake of a form, or says all that is wrong with it.
func (s *Service) intake311(d *district, q url.Values) (in Intake, extra said311, bad faults) {
	fail := func(code int, format string, args ...any) {
		bad = append(bad, fault{code, fmt.Sprintf(format, args...)})
	}
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	in = Intake{Channel: d.open311.settings.Channel, Text: get("description"), Appellant: vault.Identity{}}

	code := get("service_code")
	service := d.open311.byCode[code]
	switch {
	case code == "":
		fail(http.StatusBadRequest, "service_code was not provided")
	case service == nil:
		fail(http.StatusNotFound, "service_code %s was not found", clipped(code))
	default:
		extra.service = code
		if values := append(q["attribute["+itemAttribute+"]"], q["attribute["+itemAttribute+"][]"]...); len(values) > 0 && values[0] != "" {
			it := service.item(values[0])
			if len(values) > 1 || it == nil {
				fail(http.StatusBadRequest, "attribute[%s]: one of the values of service %s is expected", itemAttribute, code)
			} else {
				extra.item = it.Code
			}
		}
	}

	lat, long := get("lat"), get("long")
	in.Address = get("address_string")
	switch place := get("address_id"); {
	case (lat == "") != (long == ""):
		fail(http.StatusBadRequest, "lat and long go together")
	case lat != "":
		y, err1 := strconv.ParseFloat(lat, 64)
		x, err2 := strconv.ParseFloat(long, 64)
		if err1 != nil || err2 != nil || !(y >= -90 && y <= 90) || !(x >= -180 && x <= 180) {
			fail(http.StatusBadRequest, "lat and long: degrees of WGS-84 are expected")
		} else {
			in.Lat, in.Lon = &y, &x
		}
	case in.Address == "" && place == "":
		fail(http.StatusBadRequest, "a location was not provided: lat and long, address_string or address_id")
	case in.Address == "":
		if _, ok := d.places[place]; !ok {
			fail(http.StatusBadRequest, "address_id %s was not found: the code of a street or community is expected", clipped(place))
		}
		in.Address = d.placeName(place)
	}
	if utf8.RuneCountInString(in.Address) > 300 {
		fail(http.StatusBadRequest, "address_string: at most 300 characters")
	}

	if utf8.RuneCountInString(in.Text) > open311Text {
		fail(http.StatusBadRequest, "description: at most %d characters", open311Text)
	} else if !utf8.ValidString(in.Text) {
		fail(http.StatusBadRequest, "description: UTF-8 is expected")
	}
	if service != nil && utf8.RuneCountInString(in.Text) < 5 { // a photo may say it all
		kind := service.name
		if it := service.item(extra.item); it != nil {
			kind += "：" + it.L3
		}
		in.Text = strings.TrimSpace("【" + kind + "】" + in.Text)
	}

	if email := get("email"); email != "" {
		if at, err := mail.ParseAddress(email); err != nil || at.Address != email {
			fail(http.StatusBadRequest, "email: not an address")
		}
		in.Appellant[vault.Email] = email
	}
	if phone := get("phone"); phone != "" {
		if !isPhone(phone) {
			fail(http.StatusBadRequest, "phone: 7 to 15 digits are expected")
		}
		in.Appellant[vault.Phone] = phone
	}
	if name := fullName(get("first_name"), get("last_name")); name != "" {
		if utf8.RuneCountInString(name) > 100 {
			fail(http.StatusBadRequest, "first_name and last_name: at most 100 characters")
		}
		in.Appellant[vault.Name] = name
	}
	if extra.media = get("media_url"); extra.media != "" {
		u, err := url.Parse(extra.media)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(extra.media) > 2000 {
			fail(http.StatusBadRequest, "media_url: an http or https URL is expected")
		}
	}
	return in, extra, bad
}

// fullName puts the family name first where names are Chinese.
func fullName(first, last string) string {
	for _, r := range first + last {
		if r >= 0x2E80 {
			return last + first
		}
	}
	return strings.TrimSpace(first + " " + last)
}
