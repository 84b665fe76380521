package appeals

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"shanzhi/core/account"
	"shanzhi/core/vault"
)

// fileOne files an appeal and dispatches it to a unit, "" to none.
func (h *house) fileOne(t testing.TB, in Intake, unit string) Filed {
	t.Helper()
	if in.Channel == "" {
		in.Channel = "hotline"
	}
	filed, err := h.File(context.Background(), h.agent(t), in)
	if err != nil {
		t.Fatal(err)
	}
	if unit != "" {
		if _, err := h.Act(context.Background(), account.System(h.Dir), filed.ID, 0, []Step{{"dispatch", map[string]any{"unit": unit, "item": "110101"}}}); err != nil {
			t.Fatal(err)
		}
	}
	return filed
}

func (h *house) agent(t testing.TB) account.Actor { return h.staff(t, "agent", "pf-zhihui", "agent") }

const (
	canaryPhone = "13912345678"
	canaryName  = "欧阳金丝雀"
)

// cast is a district with an open, a confidential, an anonymous and an imported
// appeal, and the canary in all of them.
func (h *house) cast(t testing.TB) (open, secret, anonymous Filed) {
	t.Helper()
	lon, lat := 113.8641234, 22.5921234
	who := vault.Identity{vault.Name: canaryName, vault.Phone: canaryPhone}
	said := func(what string) string { return what + "，我是" + canaryName + "，电话" + canaryPhone }
	open = h.fileOne(t, Intake{Text: said("西乡街道路灯不亮"), Address: "西乡街道某花园3栋1203室，" + canaryPhone, Kind: "complaint", Lon: &lon, Lat: &lat, Appellant: who}, "st-xixiang")
	secret = h.fileOne(t, Intake{Text: said("举报某厂夜里排污"), Secrecy: Confidential, Kind: "report", Lon: &lon, Lat: &lat, Appellant: who}, "dp-chengguan")
	anonymous = h.fileOne(t, Intake{Text: said("匿名反映占道经营"), Secrecy: Anonymous, Kind: "complaint"}, "")
	content := "no,at,text\nX1,2021-03-01,\"=cmd|' /C calc'!A0 " + said("旧事") + "\"\n"
	if run, err := importBytes(context.Background(), h.Service, mustProfile(t, smallProfile), []byte(content), Import{Alone: true}); err != nil || run.Imported != 1 {
		t.Fatal(run, err)
	}
	return open, secret, anonymous
}

func TestExportsWithoutTheCanary(t *testing.T) {
	h := newHouse(t)
	_, secret, anonymous := h.cast(t)
	who := account.System(h.Dir)
	for _, format := range []string{"csv", "xlsx", "geojson", "open311"} {
		for _, e := range []Export{{}, {Open: true}, {Open: true, Text: true}} {
			e.Format, e.Purpose = format, "检查"
			var b bytes.Buffer
			n, err := h.Export(context.Background(), who, e, &b)
			if err != nil {
				t.Fatal(format, err)
			}
			out := b.String()
			if format == "xlsx" {
				out = sheetText(t, b.Bytes())
			}
			isOpen := e.Open || format == "open311"
			if want := int64(4); isOpen && n != 2 || !isOpen && n != want {
				t.Errorf("%s open %v: %d appeals", format, isOpen, n)
			}
			for _, c := range []string{canaryPhone, "金丝雀", canaryPhone[3:]} {
				if strings.Contains(out, c) {
					t.Errorf("%s %+v: %s left:\n%s", format, e, c, out)
				}
			}
			for _, f := range []Filed{secret, anonymous} {
				if isOpen && (strings.Contains(out, f.No) || strings.Contains(out, f.ID.String())) {
					t.Errorf("%s: a secret appeal is in open data", format)
				}
			}
			if isOpen && (strings.Contains(out, "appellant") || strings.Contains(out, "诉求人") || strings.Contains(out, "1203") || strings.Contains(out, "113.8641") || strings.Contains(out, "139*") || strings.Contains(out, "欧") && !e.Text) {
				t.Errorf("%s %+v: what open data has not:\n%s", format, e, out)
			}
			if texts := strings.Contains(out, "路灯不亮"); texts == (isOpen && !e.Text) {
				t.Errorf("%s %+v: texts %v", format, e, texts)
			}
			if format == "csv" && !isOpen && !strings.Contains(out, "139****5678") {
				t.Errorf("the platform does not see the masked phone:\n%s", out)
			}
		}
	}
	if n := h.count(t, `SELECT count(*) FROM audit WHERE action = 'export.end' AND reason = '检查'`); n != 12 {
		t.Errorf("%d exports are recorded", n)
	}
}

func sheetText(t testing.TB, raw []byte) string {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	rows, err := x.GetRows(x.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(rows)
}

// The bulk form has the fields of its specification, in order, with dates that
// name their zone.
func TestBulkFormOfGeoReport(t *testing.T) {
	h := newHouse(t)
	open, _, _ := h.cast(t)
	var b bytes.Buffer
	if _, err := h.Export(context.Background(), account.System(h.Dir), Export{Format: "open311", Purpose: "开放", Text: true}, &b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split("service_request_id,requested_datetime,updated_datetime,closed_date,status_description,status_notes,source,service_name,service_subtype,description,agency_responsible,address,lat,long", ",")
	if !slices.Equal(rows[0], want) {
		t.Fatalf("%q", rows[0])
	}
	r := rows[1]
	if r[0] != open.ID.String() || r[3] != "" || r[4] != "open" || r[7] == "" || r[12] != "22.592" || r[13] != "113.864" {
		t.Errorf("%q", r)
	}
	if at, err := time.Parse(time.RFC3339, r[1]); err != nil || !strings.HasSuffix(r[1], "+08:00") || time.Since(at) > time.Hour {
		t.Errorf("requested_datetime %q %v", r[1], err)
	}
	if rows[2][4] != "closed" || !strings.HasPrefix(rows[2][3], "2021-03-01T00:00:00+08:00") || !strings.HasPrefix(rows[2][9], "'=cmd") {
		t.Errorf("%q", rows[2])
	}
}

// Over HTTP each sees what the list shows them, narrowed by the same filter,
// and more than one page of it.
func TestExportOverHTTP(t *testing.T) { bothStores(t, exportOverHTTP) }

func exportOverHTTP(t *testing.T, h *house) {
	h.cast(t)
	if _, err := importBytes(context.Background(), h.Service, mustProfile(t, smallProfile), sheet(450), Import{Alone: true}); err != nil {
		t.Fatal(err)
	}
	e := h.serve(t)
	get := func(key string, query ...string) (int, string) {
		v := url.Values{}
		for i := 0; i+1 < len(query); i += 2 {
			v.Add(query[i], query[i+1])
		}
		status, raw := e.send(key, "GET", "/api/exports/appeals?"+v.Encode(), "", nil)
		return status, string(raw)
	}
	numbers := func(body string) (out []string) {
		t.Helper()
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil {
			t.Fatalf("%v in %.300s", err, body)
		}
		for _, r := range rows[1:] {
			out = append(out, r[0])
		}
		return out
	}
	admin := e.as(account.RoleAdmin, "")
	_, all := get(admin, "format", "csv", "purpose", "年报")
	if got := numbers(all); len(got) != 454 {
		t.Fatalf("%d appeals", len(got))
	} else if unique := slices.Compact(slices.Sorted(slices.Values(got))); len(unique) != 454 {
		t.Errorf("%d different", len(unique))
	}
	for _, c := range []struct {
		query []string
		want  int
	}{
		{[]string{"source", "small"}, 451}, {[]string{"open", "true"}, 3}, {[]string{"unit", "st-xixiang"}, 1}, {[]string{"state", "signing"}, 2}, {[]string{"since", "2021-03-28", "until", "2021-03-29"}, 16},
		{[]string{"q", "路灯不亮", "source", "small"}, 450}, {[]string{"source", "nothing"}, 0},
	} {
		if status, body := get(admin, append(c.query, "format", "csv")...); status != 200 || len(numbers(body)) != c.want {
			t.Errorf("%v: %d, %d appeals; want %d", c.query, status, len(numbers(body)), c.want)
		}
	}
	// A street's handler takes out what the street has, and sees the person of an
	// open appeal masked; of another unit's nothing.
	_, mine := get(e.as("handler", ""), "format", "csv")
	if got := numbers(mine); len(got) != 1 || !strings.Contains(mine, "139****5678") || strings.Contains(mine, canaryPhone) {
		t.Errorf("the street's: %s", mine)
	}
	_, geo := get(admin, "format", "geojson", "open_data", "true")
	var v struct{ Features []any }
	if err := json.Unmarshal([]byte(geo), &v); err != nil || len(v.Features) != 452 {
		t.Errorf("%d features, %v", len(v.Features), err)
	}
	for _, c := range []struct {
		key    string
		query  []string
		status int
	}{{"", []string{"format", "csv"}, 401}, {admin, []string{"format", "pdf"}, 422}, {admin, nil, 422}, {admin, []string{"format", "csv", "since", "yesterday"}, 422}, {e.as(account.RoleAdmin, "imports"), []string{"format", "csv"}, 403}} {
		if status, body := get(c.key, c.query...); status != c.status {
			t.Errorf("%v: %d %s; want %d", c.query, status, body, c.status)
		}
	}
	if n := h.count(t, `SELECT count(*) FROM audit WHERE action = 'export.end' AND reason = '年报' AND detail LIKE '%"rows":454%'`); n != 1 {
		t.Errorf("%d records of the first export", n)
	}
}

// Above the pack's bound another person must approve a download, which then leaves
// once, as it was asked for.
func TestDownloadsThatNeedApproval(t *testing.T) {
	h := newHouse(t)
	h.cast(t)
	if _, err := importBytes(context.Background(), h.Service, mustProfile(t, smallProfile), sheet(30), Import{Alone: true}); err != nil {
		t.Fatal(err)
	}
	d := *h.district.Load()
	d.manifest.Downloads.ApproveOver = 20
	h.district.p.Store(&d)
	e := h.serve(t)
	who, other := e.as(account.RoleAdmin, ""), e.as("supervisor", "")
	call := func(key, method, path, body string) (int, string) {
		kind := ""
		if body != "" {
			kind = "application/json"
		}
		status, raw := e.send(key, method, path, kind, strings.NewReader(body))
		return status, string(raw)
	}
	const path = "/api/exports/appeals?format=csv&source=small"
	if status, body := call(who, "GET", path, ""); status != 403 || !strings.Contains(body, "needs_approval") {
		t.Fatalf("%d %s", status, body)
	}
	for _, small := range []string{"/api/exports/appeals?format=csv&source=nothing", "/api/exports/appeals?format=csv&source=small&open_data=true"} {
		if status, body := call(who, "GET", small, ""); status != 200 {
			t.Errorf("%s: %d %s", small, status, body)
		}
	}
	if status, _ := call(who, "POST", "/api/exports/appeals/requests?format=csv&source=nothing", `{"reason": "季度分析需要"}`); status != 409 {
		t.Errorf("one that needs none: %d", status)
	}
	if status, _ := call(who, "POST", "/api/exports/appeals/requests?format=csv&source=small", `{"reason": "x"}`); status != 422 {
		t.Errorf("without a reason: %d", status)
	}
	status, body := call(who, "POST", "/api/exports/appeals/requests?format=csv&source=small", `{"reason": "季度分析需要"}`)
	var asked struct{ ID, Path, State string }
	if err := json.Unmarshal([]byte(body), &asked); err != nil || status != 201 || asked.State != "asked" {
		t.Fatalf("%d %s (%v)", status, body, err)
	}
	if status, _ := call(who, "GET", asked.Path, ""); status != 403 {
		t.Errorf("before it is approved: %d", status)
	}
	if status, body := call(who, "POST", "/api/downloads/"+asked.ID+"/decision", `{"approve": true, "note": "自己同意"}`); status != 403 {
		t.Errorf("one's own: %d %s", status, body)
	}
	if status, body := call(other, "POST", "/api/downloads/"+asked.ID+"/decision", `{"approve": true, "note": "同意下载"}`); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	if status, _ := call(other, "GET", asked.Path, ""); status != 403 {
		t.Errorf("by who approved it: %d", status)
	}
	if status, _ := call(who, "GET", strings.Replace(asked.Path, "source=small", "open=true", 1), ""); status != 409 {
		t.Errorf("something else: %d", status)
	}
	if status, body := call(who, "GET", asked.Path, ""); status != 200 || strings.Count(body, "\n") < 30 {
		t.Errorf("%d %.200s", status, body)
	}
	if status, _ := call(who, "GET", asked.Path, ""); status != 409 {
		t.Errorf("a second time: %d", status)
	}
}
