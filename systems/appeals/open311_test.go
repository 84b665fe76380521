package appeals

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/internal/testkit"
)

// schemas are the published JSON schemas of GeoReport v2.
func schemas(t *testing.T) func(name string, body []byte) error {
	t.Helper()
	folder := filepath.Dir(testkit.Shared(t, "open311", "schema", "georeport-v2", "request.json"))
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4)
	c.AssertFormat()
	return func(name string, body []byte) error {
		schema, err := c.Compile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		if err != nil {
			return err
		}
		return schema.Validate(v)
	}
}

// call311 is a call of Open311: its status, type and body.
func (e *edge) call311(path string) (int, string, []byte) {
	e.t.Helper()
	res, err := http.Get(e.url + "/open311/v2/" + path)
	if err != nil {
		e.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Content-Type"), raw
}

func (e *edge) post311(format string, fields ...string) (int, []byte) {
	e.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return e.send("", "POST", "/open311/v2/requests."+format, "application/x-www-form-urlencoded; charset=utf-8", strings.NewReader(form.Encode()))
}

// requests reads an answer as JSON.
func requestsIn(t testing.TB, raw []byte) (out []map[string]any) {
	t.Helper()
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return out
}

// elements are the paths of the elements of a document, and an error where it is
// not well-formed.
func elements(raw []byte) (paths []string, err error) {
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.Strict = true
	var at []string
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return paths, nil
		}
		if err != nil {
			return nil, err
		}
		switch v := tok.(type) {
		case xml.StartElement:
			at = append(at, v.Name.Local)
			if p := strings.Join(at, "/"); !slices.Contains(paths, p) {
				paths = append(paths, p)
			}
		case xml.EndElement:
			at = at[:len(at)-1]
		}
	}
}

// leaves are the values of a document in their order, each as "name=value".
// What is empty is the same whether it is null, an empty list or an empty element.
func leaves(t testing.TB, format string, raw []byte) (out []string) {
	t.Helper()
	if format == "xml" {
		d := xml.NewDecoder(bytes.NewReader(raw))
		name, text, leaf := "", "", false
		for {
			tok, err := d.Token()
			if err == io.EOF {
				return out
			}
			if err != nil {
				t.Fatal(err)
			}
			switch v := tok.(type) {
			case xml.StartElement:
				name, text, leaf = v.Name.Local, "", true
			case xml.CharData:
				text += string(v)
			case xml.EndElement:
				if leaf {
					out = append(out, name+"="+text)
				}
				leaf = false
			}
		}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var walk func(name string)
	walk = func(name string) {
		tok, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		switch tok {
		case json.Delim('['):
			if !d.More() {
				out = append(out, name+"=")
			}
			for d.More() {
				walk(strings.TrimSuffix(name, "s"))
			}
			_, _ = d.Token()
		case json.Delim('{'):
			for d.More() {
				key, _ := d.Token()
				walk(key.(string))
			}
			_, _ = d.Token()
		case nil:
			out = append(out, name+"=")
		default:
			out = append(out, fmt.Sprintf("%s=%v", name, tok))
		}
	}
	walk("")
	return out
}

const requestElements = "service_request_id status status_notes service_name service_code description agency_responsible service_notice requested_datetime updated_datetime expected_datetime address address_id zipcode lat long media_url"

func TestOpen311AnswersFitTheStandard(t *testing.T) { bothStores(t, open311Answers) }

func open311Answers(t *testing.T, h *house) {
	h.cast(t)
	e := h.serve(t)
	valid := schemas(t)
	for _, c := range []struct {
		path, schema string
		xml          string // the paths of its elements below the root
	}{
		{"services", "services.json", "services: service service/service_code service/service_name service/description service/metadata service/type service/keywords service/group"},
		{"services/1101", "service-definition.json", "service_definition: service_code attributes attributes/attribute attributes/attribute/variable attributes/attribute/code attributes/attribute/datatype attributes/attribute/required attributes/attribute/datatype_description attributes/attribute/order attributes/attribute/description attributes/attribute/values attributes/attribute/values/value attributes/attribute/values/value/key attributes/attribute/values/value/name"},
		{"services/other", "service-definition.json", "service_definition: service_code attributes"},
		{"requests", "requests.json", "service_requests: request request/" + strings.ReplaceAll(requestElements, " ", " request/")},
		{"requests?start_date=2021-02-01T00:00:00Z&end_date=2021-04-01T00:00:00%2B08:00", "requests.json", ""},
		{"discovery", "", "discovery: changeset contact key_service endpoints endpoints/endpoint endpoints/endpoint/specification endpoints/endpoint/url endpoints/endpoint/changeset endpoints/endpoint/type endpoints/endpoint/formats endpoints/endpoint/formats/format"},
	} {
		name, query, _ := strings.Cut(c.path, "?")
		status, kind, raw := e.call311(name + ".json?" + query)
		if status != 200 || kind != "application/json; charset=utf-8" {
			t.Errorf("%s: %d %s %s", c.path, status, kind, raw)
		}
		if c.schema != "" {
			if err := valid(c.schema, raw); err != nil {
				t.Errorf("%s: %v\n%.500s", c.path, err, raw)
			}
		}
		if len(raw) < 10 {
			t.Errorf("%s: nothing to check: %s", c.path, raw)
		}
		said := leaves(t, "json", raw)
		status, kind, raw = e.call311(name + ".xml?" + query)
		paths, err := elements(raw)
		if status != 200 || kind != "text/xml; charset=utf-8" || err != nil || !bytes.HasPrefix(raw, []byte(`<?xml version="1.0" encoding="utf-8"?>`)) {
			t.Errorf("%s: %d %s %v\n%.300s", c.path, status, kind, err, raw)
		}
		if same := leaves(t, "xml", raw); !slices.Equal(same, said) && len(said) > 1 {
			t.Errorf("%s: XML says\n%v\nand JSON\n%v", c.path, same, said)
		}
		if root, below, ok := strings.Cut(c.xml, ": "); ok {
			want := []string{root}
			for _, p := range strings.Fields(below) {
				want = append(want, root+"/"+p)
			}
			if !slices.Equal(paths, want) {
				t.Errorf("%s:\n got %v\nwant %v", c.path, paths, want)
			}
		}
	}
	// A service's code leads to its definition, and every item of the duty list is
	// in one service.
	_, _, raw := e.call311("services.json")
	services := requestsIn(t, raw)
	items := 0
	for _, v := range services {
		_, _, raw := e.call311("services/" + v["service_code"].(string) + ".json")
		var def serviceDefinition
		if err := json.Unmarshal(raw, &def); err != nil || def.Code != v["service_code"] || len(def.Attributes) > 0 != v["metadata"].(bool) {
			t.Fatalf("%v: %s", v, raw)
		}
		for _, a := range def.Attributes {
			items += len(a.Values)
			if len(a.Values) > 100 {
				t.Errorf("service %s has %d values: nobody chooses among so many", def.Code, len(a.Values))
			}
		}
	}
	if duty := h.district.Load().duty; items != len(duty.Items) || len(services) > 400 {
		t.Errorf("%d items in %d services, the list has %d", items, len(services), len(duty.Items))
	}
}

// What is filed comes back as it was said, is an appeal like any other, and no
// URL of it is ever fetched.
func TestOpen311FilesAndFollows(t *testing.T) { bothStores(t, open311FilesAndFollows) }

func open311FilesAndFollows(t *testing.T, h *house) {
	e := h.serve(t)
	valid := schemas(t)
	var fetched atomic.Int64
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { fetched.Add(1) }))
	defer trap.Close()
	media := trap.URL + "/photo.jpg"
	key := e.as("agent", "open311")
	status, raw := e.post311("json", "api_key", key, "jurisdiction_id", "baoan", "service_code", "1101", "attribute[item]", "110101", "lat", "22.592101", "long", "113.864102", "address_string", "西乡街道某路5号1203室",
		"first_name", "金丝雀", "last_name", "欧阳", "phone", canaryPhone, "email", "canary@example.com", "description", "路边摊占道，请打我电话"+canaryPhone+" <b>快</b>", "media_url", media, "device_id", "tt222111")
	filed := requestsIn(t, raw)
	if status != 200 || len(filed) != 1 || filed[0]["service_request_id"] == "" {
		t.Fatalf("%d %s", status, raw)
	}
	id := filed[0]["service_request_id"].(string)
	get := func() map[string]any {
		t.Helper()
		status, _, raw := e.call311("requests/" + id + ".json")
		if err := valid("requests.json", raw); status != 200 || err != nil {
			t.Fatalf("%d %v %s", status, err, raw)
		}
		return requestsIn(t, raw)[0]
	}
	r := get()
	for field, want := range map[string]any{"status": "open", "service_code": "1101", "service_name": "占道经营", "lat": 22.5921, "long": 113.8641, "address": "西乡街道某路5号", "media_url": media, "zipcode": nil, "agency_responsible": nil} {
		if r[field] != want {
			t.Errorf("%s is %v, want %v", field, r[field], want)
		}
	}
	if d, _ := r["description"].(string); !strings.HasPrefix(d, "路边摊占道，请打我电话*** <b>快</b>") {
		t.Errorf("description %q", d)
	}
	requested, err := time.Parse(time.RFC3339, r["requested_datetime"].(string))
	if err != nil || time.Since(requested) > time.Minute || !strings.HasSuffix(r["requested_datetime"].(string), "+08:00") {
		t.Errorf("requested %v %v", r["requested_datetime"], err)
	}
	matter, _ := store.ParseID(id)
	d, err := h.Detail(context.Background(), account.System(h.Dir), matter)
	if err != nil || d.State != "dispatching" || d.Row.Channel != "web" || d.Row.Street != "xixiang" || d.Appellant == nil || d.Appellant.Phone != "139****5678" {
		t.Errorf("%+v %v", d, err)
	}
	if want := w3(d.TotalDue, h.Zone()); r["expected_datetime"] != want {
		t.Errorf("expected %v, the citizen is promised %s", r["expected_datetime"], want)
	}
	if n := h.count(t, `SELECT count(*) FROM open311_request WHERE item = '110101' AND media_url = ?`, media); n != 1 {
		t.Errorf("%d rows keep what the client said", n)
	}
	// The number that people quote is a token.
	status, _, raw = e.call311("tokens/" + d.No + ".json")
	if got := requestsIn(t, raw); status != 200 || got[0]["service_request_id"] != id || got[0]["token"] != d.No {
		t.Errorf("%d %s", status, raw)
	}
	// Dispatched: the unit is responsible; the item decides the service from now on.
	act := func(action string, form map[string]any) {
		t.Helper()
		if _, err := h.Act(context.Background(), account.System(h.Dir), matter, 0, []Step{{action, form}}); err != nil {
			t.Fatal(err)
		}
	}
	act("dispatch", map[string]any{"unit": "st-xixiang", "item": h.district.Load().duty.Items[900].Code})
	if r = get(); r["agency_responsible"] != "宝安区西乡街道办事处" || r["service_code"] == "1101" || r["status_notes"] != "已转办理单位" {
		t.Errorf("dispatched: %v", r)
	}
	// Merged into another: closed, and it says with which.
	other := h.fileOne(t, Intake{Text: "同一处路边摊占道经营"}, "st-xixiang")
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		return h.Engine.Merge(ctx, tx, matter, other.ID, account.System(h.Dir), "同一件事")
	}); err != nil {
		t.Fatal(err)
	}
	if r = get(); r["status"] != "closed" || !strings.Contains(r["status_notes"].(string), other.No) {
		t.Errorf("merged: %v", r)
	}
	_, _, raw = e.call311("requests.json?status=closed")
	if got := requestsIn(t, raw); len(got) != 1 || got[0]["service_request_id"] != id {
		t.Errorf("closed: %s", raw)
	}
	_, _, raw = e.call311("requests.json?status=open")
	if got := requestsIn(t, raw); len(got) != 1 || got[0]["service_request_id"] != other.ID.String() {
		t.Errorf("open: %s", raw)
	}
	// A photo may say it all; a community's code is a place.
	status, raw = e.post311("xml", "api_key", key, "service_code", "1101", "address_id", "xixiang-laodong", "media_url", "https://example.com/a.jpg")
	if paths, err := elements(raw); status != 200 || err != nil || !slices.Equal(paths, []string{"service_requests", "service_requests/request", "service_requests/request/service_request_id", "service_requests/request/service_notice", "service_requests/request/account_id"}) {
		t.Errorf("%d %v %s", status, err, raw)
	}
	// Something burns: whom to call is said at once.
	if _, raw = e.post311("json", "api_key", key, "service_code", "other", "address_string", "西乡", "description", "楼下着火了，火很大"); !strings.Contains(string(raw), "119") {
		t.Errorf("no number to call: %s", raw)
	}
	if fetched.Load() != 0 {
		t.Error("the server fetched the client's URL")
	}
	if strings.Contains(h.Store.DSN(), "://") {
		return // its files are PostgreSQL's
	}
	if err := h.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{canaryPhone, "canary@example.com", "金丝雀"} {
		if found := grepFolder(t, h.folder, c); len(found) > 0 {
			t.Errorf("%s stands in clear in %v", c, found)
		}
	}
}

// What was said in confidence is counted and placed, and no word of it is shown.
func TestOpen311KeepsSecrets(t *testing.T) {
	h := newHouse(t)
	open, secret, anonymous := h.cast(t)
	e := h.serve(t)
	for _, format := range []string{"json", "xml"} {
		_, _, raw := e.call311("requests." + format)
		for _, c := range []string{canaryPhone, canaryName, "金丝雀", "139****", "排污", "匿名反映", "1203", "夜里"} {
			if bytes.Contains(raw, []byte(c)) {
				t.Errorf("%s: %s is in the answer", format, c)
			}
		}
	}
	_, _, raw := e.call311("requests.json?service_request_id=" + open.ID.String() + "," + secret.ID.String() + "," + anonymous.ID.String())
	got := requestsIn(t, raw)
	if len(got) != 3 {
		t.Fatalf("%s", raw)
	}
	for _, r := range got {
		hidden := r["service_request_id"] != open.ID.String()
		if (r["description"] == nil) != hidden || (r["lat"] == nil) != hidden {
			t.Errorf("hidden %v: %v", hidden, r)
		}
		if r["service_code"] == "" || r["requested_datetime"] == nil {
			t.Errorf("%v", r)
		}
	}
}

func TestOpen311PagesAndNarrows(t *testing.T) { bothStores(t, open311PagesAndNarrows) }

func open311PagesAndNarrows(t *testing.T, h *house) {
	raw := readShared(t, "us311", "baltimore_2000.csv")
	h.bring(t, "baltimore", raw)
	e := h.serve(t)
	type span struct{ from, to time.Time }
	from := time.Date(2018, 4, 1, 0, 0, 0, 0, time.UTC)
	zone, _ := time.LoadLocation("America/New_York")
	want := func(s span) (n int) {
		for _, r := range csvRows(t, raw) {
			at, err := time.ParseInLocation("01/02/2006 03:04:05 PM", r["CreatedDate"], zone)
			if err != nil {
				t.Fatal(err)
			}
			if !at.Before(s.from) && !at.After(s.to) {
				n++
			}
		}
		return n
	}
	query := func(q url.Values) []map[string]any {
		t.Helper()
		status, _, raw := e.call311("requests.json?" + q.Encode())
		if status != 200 {
			t.Fatalf("%v: %d %s", q, status, raw)
		}
		return requestsIn(t, raw)
	}
	for _, days := range []int{1, 7, 90} {
		s := span{from, from.AddDate(0, 0, days)}
		if got := query(url.Values{"start_date": {s.from.Format(time.RFC3339)}, "end_date": {s.to.Format(time.RFC3339)}}); len(got) != min(1000, want(s)) {
			t.Errorf("%d days: %d, the file has %d", days, len(got), want(s))
		}
	}
	// Only one end: 90 days from there.
	if got, w := query(url.Values{"start_date": {from.Format(time.RFC3339)}}), want(span{from, from.AddDate(0, 0, 90)}); len(got) != w {
		t.Errorf("from alone: %d, want %d", len(got), w)
	}
	if got, w := query(url.Values{"end_date": {from.Format(time.RFC3339)}}), want(span{from.AddDate(0, 0, -90), from}); len(got) != w {
		t.Errorf("to alone: %d, want %d", len(got), w)
	}
	if got := query(nil); len(got) != 0 {
		t.Errorf("the last 90 days have %d of 2018", len(got))
	}
	// Pages together are the whole, in order, and none twice.
	whole := query(url.Values{"start_date": {from.Format(time.RFC3339)}})
	var together []map[string]any
	for page := 1; ; page++ {
		got := query(url.Values{"start_date": {from.Format(time.RFC3339)}, "page": {fmt.Sprint(page)}, "page_size": {"50"}})
		together = append(together, got...)
		if len(got) < 50 {
			break
		}
	}
	if fmt.Sprint(together) != fmt.Sprint(whole) {
		t.Errorf("%d by pages, %d at once", len(together), len(whole))
	}
	for i := 1; i < len(whole); i++ {
		if whole[i]["requested_datetime"].(string) > whole[i-1]["requested_datetime"].(string) {
			t.Fatal("not the newest first")
		}
	}
	// Due dates of the source are what is expected; its agency is responsible.
	due := 0
	for _, r := range whole {
		if r["expected_datetime"] != nil {
			due++
		}
		if r["agency_responsible"] == nil || r["service_code"] != "other" {
			t.Fatalf("%v", r)
		}
	}
	if due == 0 {
		t.Error("no due date of Baltimore is shown")
	}
	if got := query(url.Values{"start_date": {from.Format(time.RFC3339)}, "service_code": {"1101,1102"}}); len(got) != 0 {
		t.Errorf("%d of Baltimore are of our services", len(got))
	}
	if got := query(url.Values{"start_date": {from.Format(time.RFC3339)}, "service_code": {"1101", "other"}}); len(got) != len(whole) {
		t.Errorf("other: %d of %d", len(got), len(whole))
	}
}

func TestOpen311Errors(t *testing.T) {
	h := newHouse(t)
	e := h.serve(t)
	key, elsewhere := e.as("agent", "open311"), e.as("agent", "appeals")
	isFaults := func(what, format string, raw []byte, status int, want string) {
		t.Helper()
		var f faults
		if format == "json" {
			if err := json.Unmarshal(raw, &f); err != nil {
				t.Errorf("%s: %v in %s", what, err, raw)
			}
		} else {
			var list faultList
			if err := xml.Unmarshal(raw, &list); err != nil {
				t.Errorf("%s: %v in %s", what, err, raw)
			}
			f = list.Errors
		}
		if len(f) == 0 || f[0].Code != status || !strings.Contains(f.Error(), want) {
			t.Errorf("%s: %v; want %d %q", what, f, status, want)
		}
	}
	for _, c := range []struct {
		path   string
		status int
		want   string
	}{
		{"services/nothing", 404, "service_code nothing was not found"},
		{"services?jurisdiction_id=sfgov.org", 404, "jurisdiction_id"},
		{"requests/123", 404, "service_request_id"},
		{"requests/abc", 404, "service_request_id"},
		{"requests?service_request_id=1,2", 404, "service_request_id"},
		{"requests?service_code=nothing", 404, "service_code"},
		{"requests?start_date=yesterday", 400, "start_date"},
		{"requests?start_date=2026-13-01T00:00:00Z", 400, "start_date"},
		{"requests?start_date=2026-01-01T00:00:00", 400, "zone"},
		{"requests?start_date=2026-01-01T00:00:00Z&end_date=2025-12-01T00:00:00Z", 400, "before"},
		{"requests?start_date=2026-01-01T00:00:00Z&end_date=2026-05-01T00:00:00Z", 400, "90 days"},
		{"requests?status=solved", 400, "status"},
		{"requests?page=0", 400, "page"},
		{"requests?page_size=1001", 400, "page_size"},
		{"tokens/nothing", 404, "token"},
		{"tokens/", 400, "token"},
		{"nothing", 404, "no such resource"},
		{"services/1101/more", 404, "service_code"},
	} {
		for _, format := range []string{"json", "xml"} {
			name, query, _ := strings.Cut(c.path, "?")
			status, _, raw := e.call311(name + "." + format + "?" + query)
			if status != c.status {
				t.Errorf("%s: %d %s; want %d", c.path, status, raw, c.status)
			}
			isFaults(c.path, format, raw, c.status, c.want)
		}
	}
	if status, kind, raw := e.call311("services.yaml"); status != 400 || kind != "text/xml; charset=utf-8" || !bytes.Contains(raw, []byte("<code>400</code>")) {
		t.Errorf("services.yaml: %d %s %s", status, kind, raw)
	}
	place := []string{"lat", "22.59", "long", "113.86"}
	good := append([]string{"api_key", key, "service_code", "1101", "description", "路边摊占道经营"}, place...)
	with := func(change ...string) []string {
		out := slices.Clone(good)
		for i := 0; i+1 < len(change); i += 2 {
			found := false
			for j := 0; j+1 < len(out); j += 2 {
				if out[j] == change[i] {
					out[j+1], found = change[i+1], true
				}
			}
			if !found {
				out = append(out, change[i], change[i+1])
			}
		}
		return out
	}
	for _, c := range []struct {
		fields []string
		status int
		want   string
	}{
		{with("api_key", ""), 403, "api_key was not provided"},
		{with("api_key", "xyz"), 403, "invalid api_key"},
		{with("api_key", account.KeyPrefix+"xyz"), 403, "invalid api_key"},
		{with("api_key", elsewhere), 403, "not for open311"},
		{with("service_code", ""), 400, "service_code was not provided"},
		{with("service_code", "nothing"), 404, "service_code nothing was not found"},
		{with("jurisdiction_id", "sfgov.org"), 404, "jurisdiction_id"},
		{with("lat", "", "long", ""), 400, "a location was not provided"},
		{with("long", ""), 400, "go together"},
		{with("lat", "north"), 400, "degrees"},
		{with("lat", "NaN"), 400, "degrees"},
		{with("lat", "91"), 400, "degrees"},
		{with("lat", "", "long", "", "address_id", "mars"), 400, "address_id"},
		{with("attribute[item]", "nothing"), 400, "attribute[item]"},
		{with("attribute[item]", "120101"), 400, "attribute[item]"},
		{with("description", strings.Repeat("长", 4001)), 400, "4000"},
		{with("email", "not an address"), 400, "email"},
		{with("phone", "call me"), 400, "phone"},
		{with("media_url", "file:///etc/passwd"), 400, "media_url"},
		{with("media_url", "http://user:pw@host/"), 400, "media_url"},
		{with("address_string", strings.Repeat("长", 301)), 400, "address_string"},
	} {
		for _, format := range []string{"json", "xml"} {
			status, raw := e.post311(format, c.fields...)
			if status != c.status {
				t.Errorf("%v: %d %s; want %d", c.fields, status, raw, c.status)
			}
			isFaults(c.want, format, raw, c.status, c.want)
		}
	}
	// All that is wrong is said at once.
	_, raw := e.post311("json", with("lat", "north", "email", "x", "phone", "y")...)
	var f faults
	if err := json.Unmarshal(raw, &f); err != nil || len(f) != 3 {
		t.Errorf("%s", raw)
	}
	if status, raw := e.send("", "POST", "/open311/v2/requests.json", "application/json", strings.NewReader("{}")); status != 400 {
		t.Errorf("JSON: %d %s", status, raw)
	}
	if status, _ := e.send("", "POST", "/open311/v2/services.json", "application/x-www-form-urlencoded", nil); status != 404 {
		t.Errorf("posting services: %d", status)
	}
	if n := h.count(t, `SELECT count(*) FROM appeal`); n != 0 {
		t.Errorf("%d appeals came of wrong calls", n)
	}
	if status, raw := e.post311("json", good...); status != 200 {
		t.Errorf("%d %s", status, raw)
	}
}

// A client that names no format in the path gets the one that it prefers.
func TestOpen311NegotiatesTheFormat(t *testing.T) {
	e := newHouse(t).serve(t)
	for _, c := range []struct{ accept, kind string }{
		{"", "text/xml"}, {"*/*", "text/xml"}, {"application/json", "application/json"}, {"text/xml", "text/xml"}, {"application/xml", "text/xml"},
		{"text/xml;q=0.5, application/json", "application/json"}, {"application/json;q=0.1, text/xml;q=0.2", "text/xml"}, {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/xml"},
		{"application/*", "application/json"}, {"application/json;q=0, */*;q=0.1", "text/xml"}, {"image/png", ""}, {"application/json;q=x", ""}, {";;", ""},
	} {
		req, _ := http.NewRequest("GET", e.url+"/open311/v2/services", nil)
		if c.accept != "" {
			req.Header.Set("Accept", c.accept)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		kind, status := c.kind, 200
		if kind == "" {
			kind, status = "text/xml", 400
		}
		if got := res.Header.Get("Content-Type"); res.StatusCode != status || got != kind+"; charset=utf-8" || res.Header.Get("Vary") != "Accept" {
			t.Errorf("%q: %d %s vary %q", c.accept, res.StatusCode, got, res.Header.Get("Vary"))
		}
	}
}

// A call that is sent again with the same Idempotency-Key files nothing more and
// gets the first answer, in either format; another client's key is its own.
func TestOpen311FilesOnce(t *testing.T) { bothStores(t, open311FilesOnce) }

func open311FilesOnce(t *testing.T, h *house) {
	e := h.serve(t)
	post := func(key, once, format string) (int, []byte) {
		form := url.Values{"api_key": {e.as(key, "open311")}, "service_code": {"other"}, "address_string": {"西乡街道"}, "description": {"楼下着火了，火很大"}}
		req, _ := http.NewRequest("POST", e.url+"/open311/v2/requests."+format, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if once != "" {
			req.Header.Set("Idempotency-Key", once)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Error(err)
			return 0, nil
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		return res.StatusCode, raw
	}
	e.as("agent", "open311")
	e.as("dispatcher", "open311")
	const callers = 16
	answers := make(chan string, callers)
	for range callers {
		go func() {
			status, raw := post("agent", "k1", "json")
			answers <- fmt.Sprintf("%d %s", status, raw)
		}()
	}
	first := <-answers
	for range callers - 1 {
		if got := <-answers; got != first {
			t.Errorf("%s, and first %s", got, first)
		}
	}
	if !strings.HasPrefix(first, "200 ") || !strings.Contains(first, "119") {
		t.Error(first)
	}
	_, filed, _ := strings.Cut(first, " ")
	if status, raw := post("agent", "k1", "xml"); status != 200 || !slices.Equal(leaves(t, "xml", raw), leaves(t, "json", []byte(filed))) {
		t.Errorf("%d %s; first %s", status, raw, first)
	}
	for i, c := range [][2]string{{"dispatcher", "k1"}, {"agent", "k2"}, {"agent", ""}, {"agent", ""}} {
		if status, _ := post(c[0], c[1], "json"); status != 200 {
			t.Error(status)
		}
		if n := h.count(t, `SELECT count(*) FROM appeal`); n != int64(i+2) {
			t.Errorf("%v: %d appeals, want %d", c, n, i+2)
		}
	}
}

// A district whose codes are not built by levels, or that wants another level,
// gets services all the same.
func TestOpen311Catalogues(t *testing.T) {
	words := &Words{Channels: []Word{{Code: "web"}, {Code: "api"}}}
	list := func(codes ...string) *DutyList {
		var rows []map[string]string
		for i, c := range codes {
			rows = append(rows, map[string]string{"code": c, "l1": fmt.Sprintf("L%d", i/4), "l2": fmt.Sprintf("M%d", i/2), "l3": fmt.Sprintf("N%d", i), "urgency": "normal", "handle_class": "general", "keywords": "灯;井盖"})
		}
		l, err := NewDutyList("1", rows, nil)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for _, c := range []struct {
		settings string
		duty     *DutyList
		want     string
	}{
		{"", list("0101", "0102", "0201", "0202"), "01 02 other"},
		{"level: 1", list("0101", "0102", "0201", "0202", "1101", "1102", "1201", "1202"), "0 1 other"},
		{"level: 3", list("0101", "0102"), "0101 0102 other"},
		{"", list("a", "b", "c", "d"), "s s other"}, // made of the names
		{"", list("0101", "0201", "0102", "0202"), "s s other"},
		{"", list(), "other"},
	} {
		files := fstest.MapFS{}
		if c.settings != "" {
			files["appeals/open311.yaml"] = &fstest.MapFile{Data: []byte(c.settings)}
		}
		cat, err := readCatalogue(files, c.duty, words)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		seen := map[string]bool{}
		for _, v := range cat.services {
			if seen[v.code] {
				t.Errorf("%s stands twice", v.code)
			}
			seen[v.code] = true
			if len(v.code) == 9 && v.code[0] == 's' {
				got = append(got, "s")
			} else {
				got = append(got, v.code)
			}
			for _, it := range v.items {
				if cat.of(it.Code, "") != v {
					t.Errorf("%s is of another service", it.Code)
				}
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: %v, want %s", c.settings, got, c.want)
		}
		if cat.of("", "").code != otherService || cat.of("unknown", cat.services[0].code).code != otherService || cat.of("", cat.services[0].code) != cat.services[0] {
			t.Error("what is not classified is of the wrong service")
		}
	}
	for settings, want := range map[string]string{"level: 4": "level", "channel: pigeon": "pigeon", "type: toy": "type", "levels: 2": "levels"} {
		files := fstest.MapFS{"appeals/open311.yaml": &fstest.MapFile{Data: []byte(settings)}}
		if _, err := readCatalogue(files, list("0101"), words); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", settings, err)
		}
	}
}

func TestDoorlessAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"西乡街道某花园3栋1203室": "西乡街道某花园3栋", "某路5号2单元301": "某路5号", "某花园3栋1203": "某花园3栋", "某路5号2单元301室": "某路5号", "某大厦A座B1502房": "某大厦A座", "107国道与宝安大道交汇处": "107国道与宝安大道交汇处",
		"3016 THORNDALE AVE Apt 4B": "3016 THORNDALE AVE", "": "", "固戍一路88号": "固戍一路88号",
	} {
		if got := doorless(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if got := fullName("三", "张"); got != "张三" {
		t.Error(got)
	}
	if got := fullName("john", "smith"); got != "john smith" {
		t.Error(got)
	}
}
