package appeals

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// edge is this system served over HTTP.
type edge struct {
	*house
	t   testing.TB
	url string
	key map[string]string
}

func (h *house) serve(t testing.TB) *edge {
	t.Helper()
	srv := httpapi.New(h.Store, h.Accounts, "test", slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	h.Mount(srv)
	web := httptest.NewServer(srv.Handler())
	t.Cleanup(web.Close)
	return &edge{house: h, t: t, url: web.URL, key: map[string]string{}}
}

// as gives the API key of somebody with a role; scopes "" is all.
func (e *edge) as(role, scopes string) string {
	e.t.Helper()
	name := role + " " + scopes
	if k := e.key[name]; k != "" {
		return k
	}
	unit := e.Dir.Tree().Root()
	if role == "handler" {
		unit = "st-xixiang"
	}
	who := e.staff(e.t, strings.ReplaceAll(name, " ", "-"), unit, role)
	if scopes == "" {
		scopes = "*"
	}
	err := e.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) (err error) {
		_, e.key[name], err = e.Accounts.NewKey(ctx, tx, who.Account, "test", strings.Fields(scopes), time.Now().Add(24*time.Hour)) // tests run ahead of the clock
		return err
	})
	if err != nil {
		e.t.Fatal(err)
	}
	return e.key[name]
}

func (e *edge) send(key, method, path, contentType string, body io.Reader) (int, []byte) {
	e.t.Helper()
	req, err := http.NewRequest(method, e.url+path, body)
	if err != nil {
		e.t.Fatal(err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	req.Header.Set("Accept-Language", "en")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		e.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	return res.StatusCode, raw
}

// json calls and decodes the answer into out, which must be of the status.
func (e *edge) json(key, method, path string, in, out any, status int) {
	e.t.Helper()
	var body io.Reader
	kind := ""
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			e.t.Fatal(err)
		}
		body, kind = bytes.NewReader(raw), "application/json"
	}
	got, raw := e.send(key, method, path, kind, body)
	if got != status {
		e.t.Fatalf("%s %s: %d %s, want %d", method, path, got, raw, status)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			e.t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
}

// form posts an upload.
func (e *edge) form(key string, file []byte, fields ...string) (int, []byte) {
	e.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	if file != nil {
		part, _ := w.CreateFormFile("file", "张三的投诉.csv")
		_, _ = part.Write(file)
	}
	_ = w.Close()
	return e.send(key, "POST", "/api/imports", w.FormDataContentType(), &b)
}

func decode[T any](t testing.TB, status int, raw []byte, want int) (v T) {
	t.Helper()
	if status != want {
		t.Fatalf("%d %s; want %d", status, raw, want)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return v
}

func TestImportOverHTTP(t *testing.T) {
	h := newHouse(t)
	e := h.serve(t)
	admin := e.as(account.RoleAdmin, "")
	content := append(sheet(120), []byte("A00003,2021-03-04,打我电话13912345678\n")...)

	// A look without a profile: the columns, and a draft to begin with.
	status, raw := e.form(admin, content, "dry_run", "true")
	look := decode[Preview](t, status, raw, 200)
	if len(look.Columns) != 3 || look.Columns[2].Name != "text" || look.Format.Encoding != "utf-8" || look.Upload == 0 || !strings.Contains(look.Draft, `number: "{no}"`) && !strings.Contains(look.Draft, "profile:") {
		t.Errorf("look: %+v", look)
	}
	if _, err := ReadProfile([]byte(look.Draft)); err != nil && !strings.Contains(err.Error(), "is needed") {
		t.Errorf("the draft is no profile: %v\n%s", err, look.Draft)
	}
	// The same file with a profile that does not fit, then with one that does.
	status, raw = e.form(admin, nil, "upload", look.Upload.String(), "dry_run", "true", "yaml", strings.Replace(smallProfile, "{at}", "{date}", 1))
	if bad := decode[Preview](t, status, raw, 200); !strings.Contains(bad.Error, "no column date") || len(bad.Columns) != 3 {
		t.Errorf("a profile that does not fit: %+v", bad)
	}
	status, raw = e.form(admin, nil, "upload", look.Upload.String(), "dry_run", "true", "yaml", "profile: [")
	if bad := decode[Preview](t, status, raw, 200); bad.Error == "" {
		t.Error("a profile that cannot be read was looked through")
	}
	status, raw = e.form(admin, nil, "upload", look.Upload.String(), "dry_run", "true", "yaml", smallProfile)
	look = decode[Preview](t, status, raw, 200)
	if look.Error != "" || len(look.Rows) != previewRows || look.Rows[0].Number != "A00000" || look.Looked != 121 || bytes.Contains(raw[bytes.Index(raw, []byte(`"rows"`)):], []byte("13912345678")) {
		t.Errorf("look: %s", raw)
	}
	if h.count(t, `SELECT count(*) FROM appeal`) != 0 {
		t.Error("a look wrote appeals")
	}

	// The operator keeps the profile, and the import goes on by itself.
	e.json(admin, "PUT", "/api/profiles/small", map[string]string{"body": smallProfile}, nil, 200)
	e.json(admin, "PUT", "/api/profiles/other", map[string]string{"body": smallProfile}, nil, 422)
	e.json(admin, "PUT", "/api/profiles/pingshan", map[string]string{"body": strings.Replace(smallProfile, "small", "pingshan", 1)}, nil, 409)
	var profiles []ProfileView
	e.json(admin, "GET", "/api/profiles", nil, &profiles, 200)
	if len(profiles) != 10 {
		t.Errorf("%d profiles", len(profiles))
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { h.workImports(ctx); close(done) }()
	defer func() { stop(); <-done }()
	status, raw = e.form(admin, nil, "upload", look.Upload.String(), "profile", "small")
	run := decode[ImportRun](t, status, raw, 201)
	for deadline := time.Now().Add(20 * time.Second); run.State != runDone && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		e.json(admin, "GET", "/api/imports/"+run.ID.String(), nil, &run, 200)
	}
	if run.State != runDone || run.Read != 121 || run.Imported != 120 || run.Refused != 1 || run.Total != 121 {
		t.Fatalf("%+v", run)
	}
	status, raw = e.send(admin, "GET", "/api/imports/"+run.ID.String()+"/rejects", "", nil)
	if status != 200 || !bytes.Contains(raw, []byte("the same number as line 5")) || bytes.Count(raw, []byte("\n")) != 2 {
		t.Errorf("rejects: %d %s", status, raw)
	}
	// What was refused is personal, and lies here sealed.
	if found := grepFolder(t, h.folder, "13912345678"); len(found) > 0 {
		t.Errorf("in clear in %v", found)
	}
	var list httpapi.Page[ImportRun]
	e.json(admin, "GET", "/api/imports", nil, &list, 200)
	if len(list.Items) != 1 || list.Items[0].ID != run.ID {
		t.Errorf("list: %+v", list)
	}
	// A second time all are present, and the file, of which nothing was refused
	// but what was, is kept for its rejects only.
	status, raw = e.form(admin, sheet(120), "profile", "small")
	run = decode[ImportRun](t, status, raw, 201)
	for deadline := time.Now().Add(20 * time.Second); (run.State != runDone || run.Kept) && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		e.json(admin, "GET", "/api/imports/"+run.ID.String(), nil, &run, 200)
	}
	if run.Present != 120 || run.Kept {
		t.Errorf("again: %+v", run)
	}
	e.json(admin, "POST", "/api/imports/"+run.ID.String()+"/cancel", nil, nil, 409)
	e.json(admin, "POST", "/api/imports/"+run.ID.String()+"/resume", nil, nil, 409)
	e.json(admin, "GET", "/api/imports/123", nil, nil, 404)

	// What is wrong with a request is said, and nothing is left of it.
	for _, c := range []struct {
		file   []byte
		fields []string
		status int
		want   string
	}{
		{nil, []string{"profile", "small"}, 422, "file"},
		{sheet(3), nil, 422, "say which profile"},
		{sheet(3), []string{"profile", "nothing"}, 422, "there is no profile"},
		{sheet(3), []string{"profile", "pingshan"}, 422, "no column"},
		{sheet(3), []string{"yaml", "profile: ["}, 422, "profile:"},
		{[]byte{}, []string{"profile", "small"}, 400, "file_cut"},
		{nil, []string{"upload", "77", "profile", "small"}, 404, "not_found"},
	} {
		status, raw := e.form(admin, c.file, c.fields...)
		if status != c.status || !bytes.Contains(raw, []byte(c.want)) {
			t.Errorf("%v: %d %s; want %d %s", c.fields, status, raw, c.status, c.want)
		}
	}
	// An upload that is cut off in the middle.
	cut := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nno,at,text\nA1,2021"
	if status, raw := e.send(admin, "POST", "/api/imports", "multipart/form-data; boundary=x", strings.NewReader(cut)); status != 400 || !bytes.Contains(raw, []byte("file_cut")) {
		t.Errorf("cut: %d %s", status, raw)
	}
	if status, _ := e.send(admin, "POST", "/api/imports", "text/csv", bytes.NewReader(sheet(1))); status != 415 {
		t.Errorf("no form: %d", status)
	}

	// Those who may not, and a key that is for something else.
	for _, c := range []struct {
		key    string
		status int
	}{{"", 401}, {e.as("dispatcher", ""), 403}, {e.as("handler", ""), 403}, {e.as(account.RoleAdmin, "appeals"), 403}, {e.as("supervisor", "imports"), 200}} {
		for _, path := range []string{"/api/imports", "/api/profiles", "/api/imports/units"} {
			if status, raw := e.send(c.key, "GET", path, "", nil); status != c.status {
				t.Errorf("GET %s: %d %s; want %d", path, status, raw, c.status)
			}
		}
		if status, _ := e.form(c.key, sheet(1)); c.status != 200 && status != c.status {
			t.Errorf("POST: %d; want %d", status, c.status)
		}
	}
}

// An import that the house left in the middle goes on at the next start.
func TestUploadedImportGoesOnAfterARestart(t *testing.T) {
	h := newHouse(t)
	e := h.serve(t)
	status, raw := e.form(e.as(account.RoleAdmin, ""), sheet(2000), "yaml", smallProfile)
	run := decode[ImportRun](t, status, raw, 201)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { h.workImports(ctx); close(done) }()
	for h.count(t, `SELECT rows_read FROM import_run WHERE id = ?`, int64(run.ID)) < 100 {
		time.Sleep(time.Millisecond)
	}
	stop()
	<-done
	half, err := getRun(context.Background(), h.Store, run.ID)
	if err != nil || half.State != runRunning || half.Read >= 2000 {
		t.Fatalf("%+v %v", half, err)
	}
	// As after a crash: nobody let go of the run.
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE import_run SET held_until = ? WHERE id = ?`, store.At(time.Now().Add(time.Hour)), run.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	h2 := h.again(t)
	ctx, stop = context.WithCancel(context.Background())
	done = make(chan struct{})
	go func() { h2.workImports(ctx); close(done) }()
	for deadline := time.Now().Add(30 * time.Second); half.State != runDone && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if half, err = getRun(context.Background(), h2.Store, run.ID); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	<-done
	if half.State != runDone || half.Imported != 2000 || half.Present != 0 || h2.count(t, `SELECT count(*) FROM appeal`) != 2000 {
		t.Errorf("%+v", half)
	}
}

func TestUnitSpellingsAreProposedAndDecided(t *testing.T) {
	raw := readShared(t, "appeals", "pingshan_2018_first6000.csv")
	h := newHouse(t)
	h.bring(t, "pingshan", raw)
	e := h.serve(t)
	admin := e.as(account.RoleAdmin, "")
	var proposals []UnitProposal
	e.json(admin, "GET", "/api/imports/units?source=pingshan", nil, &proposals, 200)
	groups := map[string]string{} // name → head
	for _, p := range proposals {
		if p.Unit != "" {
			t.Errorf("%s of Pingshan is proposed to be our %s", p.Names[0].Name, p.Unit)
		}
		for _, n := range p.Names {
			groups[n.Name] = p.Names[0].Name
		}
	}
	for _, same := range [][2]string{
		{"六联社区（坪山街道办事处）", "六联社区"}, {"龙田社区（龙田街道办事处）", "龙田社区"}, {"坪山街道综合执法队（坪山街道办事处）", "坪山街道综合执法队"},
		{"城市管理办公室（马峦街道办事处）", ""}, {"市规土委坪山管理局", "市规划国土委坪山管理局"}, {"消防安全管理委员会办公室", "消防安全委员会办公室"}, {"石井社区工作站（石井街道办事处）", "石井社区工作站"},
	} {
		if groups[same[0]] != same[1] {
			t.Errorf("%s goes with %q, want %q", same[0], groups[same[0]], same[1])
		}
	}
	for _, apart := range [][2]string{{"沙田社区", "沙坣社区"}, {"坪山街道综合执法队", "龙田街道综合执法队"}, {"城建办（坑梓街道办事处）", "城建办（龙田街道办事处）"}, {"教育局", "民政局"}, {"区指挥中心", "区测试责任单位一"}} {
		if a, b := groups[apart[0]], groups[apart[1]]; a != "" && a == b {
			t.Errorf("%s and %s are proposed to be one", apart[0], apart[1])
		}
	}
	decide := map[string]any{"source": "pingshan", "names": []string{"六联社区（坪山街道办事处）"}, "into": "六联社区", "accept": true}
	e.json(admin, "POST", "/api/imports/units", decide, nil, 204)
	e.json(admin, "POST", "/api/imports/units", map[string]any{"source": "pingshan", "names": []string{"龙田社区（龙田街道办事处）"}, "accept": false}, nil, 204)
	e.json(admin, "POST", "/api/imports/units", map[string]any{"source": "pingshan", "names": []string{"x"}, "unit": "nowhere", "accept": true}, nil, 422)
	e.json(admin, "POST", "/api/imports/units", map[string]any{"source": "pingshan", "names": []string{"x"}, "accept": true}, nil, 422)
	e.json(admin, "GET", "/api/imports/units", nil, &proposals, 200)
	said := map[string]string{}
	for _, p := range proposals {
		for _, n := range p.Names {
			said[n.Name] = n.Said
		}
	}
	if said["六联社区（坪山街道办事处）"] != "accepted" || said["龙田社区（龙田街道办事处）"] != "rejected" {
		t.Errorf("decided: %v", said)
	}
	var late []LateCount
	e.json(e.as("leader", ""), "GET", "/api/asserted/late?profile=pingshan", nil, &late, 200)
	for _, c := range late {
		if c.Unit == "六联社区（坪山街道办事处）" {
			t.Error("what was merged is counted apart")
		}
	}
	e.json(e.as("handler", ""), "GET", "/api/asserted/late?profile=pingshan", nil, nil, 403)
}
