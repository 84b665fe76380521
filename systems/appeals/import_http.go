package appeals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/pack"
	"shanzhi/core/store"
)

const importTag = "imports"

// importers may bring files in.
var importers = []string{account.RoleAdmin, "supervisor"}

func (s *Service) mountImports(srv *httpapi.Server) {
	may := httpapi.Roles(importers...)
	reads := httpapi.Roles(account.RoleAdmin, "supervisor", "leader", "dispatcher", "reviewer")
	httpapi.Register(srv, httpapi.Operation{ID: "list-profiles", Method: http.MethodGet, Path: "/api/profiles", Tag: importTag, Access: may,
		Summary: "Import profiles (导入方案): those that the program carries, and those made here"}, s.listProfiles)
	httpapi.Register(srv, httpapi.Operation{ID: "get-profile", Method: http.MethodGet, Path: "/api/profiles/{name}", Tag: importTag, Access: may, Summary: "One import profile as YAML"}, s.getProfile)
	httpapi.Register(srv, httpapi.Operation{ID: "put-profile", Method: http.MethodPut, Path: "/api/profiles/{name}", Tag: importTag, Access: may,
		Summary: "Keep an import profile that was made here"}, s.putProfile)
	httpapi.Register(srv, httpapi.Operation{ID: "list-imports", Method: http.MethodGet, Path: "/api/imports", Tag: importTag, Access: may, Summary: "Imports, the newest first, with their progress"}, s.listImports)
	httpapi.Register(srv, httpapi.Operation{ID: "get-import", Method: http.MethodGet, Path: "/api/imports/{id}", Tag: importTag, Access: may, Summary: "One import and how far it is"}, s.getImport)
	httpapi.Register(srv, httpapi.Operation{ID: "cancel-import", Method: http.MethodPost, Path: "/api/imports/{id}/cancel", Tag: importTag, Access: may,
		Summary: "Stop an import; what it brought stays"}, s.cancelImport)
	httpapi.Register(srv, httpapi.Operation{ID: "resume-import", Method: http.MethodPost, Path: "/api/imports/{id}/resume", Tag: importTag, Access: may,
		Summary: "Continue an import that was stopped or failed, where it was"}, s.resumeImport)
	httpapi.Register(srv, httpapi.Operation{ID: "list-asserted-units", Method: http.MethodGet, Path: "/api/imports/units", Tag: importTag, Access: may,
		Summary: "Units that a source spells several ways, proposed for merging"}, s.listAssertedUnits)
	httpapi.Register(srv, httpapi.Operation{ID: "decide-asserted-unit", Method: http.MethodPost, Path: "/api/imports/units", Tag: importTag, Access: may, Status: http.StatusNoContent,
		Summary: "Decide whether spellings are one unit; figures count by it"}, s.decideAssertedUnit)
	httpapi.Register(srv, httpapi.Operation{ID: "count-asserted-late", Method: http.MethodGet, Path: "/api/asserted/late", Tag: importTag, Access: reads,
		Summary: "What a source asserts to have been late, by unit and month"}, s.countAssertedLate)
	httpapi.Register(srv, httpapi.Operation{ID: "list-asserted-categories", Method: http.MethodGet, Path: "/api/asserted/categories", Tag: importTag, Access: reads,
		Summary: "The categories of a source (分类体系)"}, s.listAssertedCategories)

	// The upload and the download stream, which the framework's operations do
	// not; they are described here and checked by mayImport.
	files := func(id, method, path, summary, text string, change func(*huma.Operation)) {
		op := &huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Description: text, Tags: []string{importTag},
			Security: []map[string][]string{{"session": {}}, {"key": {}}}, Extensions: map[string]any{"x-access": importers}, Responses: map[string]*huma.Response{}}
		change(op)
		srv.API.OpenAPI().AddOperation(op)
	}
	registry := srv.API.OpenAPI().Components.Schemas
	answer := func(description string, t reflect.Type) *huma.Response {
		return &huma.Response{Description: description, Content: map[string]*huma.MediaType{"application/json": {Schema: registry.Schema(t, true, "")}}}
	}
	files("start-import", http.MethodPost, "/api/imports", "Upload a file and import it, or look at what would come of it",
		"A form of `file` (or `upload`: the identifier that an earlier look answered), `profile` (a name) or `yaml` (a profile itself), and `dry_run=true` to look only. A look without a profile gives the columns and a draft of one.",
		func(op *huma.Operation) {
			text := &huma.Schema{Type: huma.TypeString}
			op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
				"file": {Type: huma.TypeString, Format: "binary"}, "upload": text, "profile": text, "yaml": text, "dry_run": {Type: huma.TypeString, Enum: []any{"true", "false"}}}}}}}
			op.Responses["200"] = answer("The look", reflect.TypeFor[Preview]())
			op.Responses["201"] = answer("The import, which goes on by itself", reflect.TypeFor[ImportRun]())
		})
	files("get-import-rejects", http.MethodGet, "/api/imports/{id}/rejects", "The refused rows with their lines and reasons, to be corrected and handed in again", "", func(op *huma.Operation) {
		op.Parameters = []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}}
		op.Responses["200"] = &huma.Response{Description: "CSV", Content: map[string]*huma.MediaType{"text/csv": {}}}
	})
	srv.Mux.HandleFunc("POST /api/imports", s.mayImport(srv, s.startImport))
	srv.Mux.HandleFunc("GET /api/imports/{id}/rejects", s.mayImport(srv, s.downloadRejects))
}

// mayImport lets those who may import through.
func (s *Service) mayImport(srv *httpapi.Server, handle func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who := httpapi.Actor(r.Context())
		var err error
		switch {
		case who.IsStranger():
			err = httpapi.Fail(http.StatusUnauthorized, "sign_in")
		case !who.HasAny(importers...):
			err = httpapi.Fail(http.StatusForbidden, "forbidden")
		case !who.Allows(importTag):
			err = httpapi.Fail(http.StatusForbidden, "key_scope", "scope", importTag)
		default:
			err = handle(w, r)
		}
		if err != nil {
			srv.Write(w, r, err)
		}
	}
}

// importForm is the form of an upload.
type importForm struct {
	upload        store.ID // the file, kept here
	profile, yaml string
	dry           bool
}

func (s *Service) startImport(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, who := r.Context(), httpapi.Actor(r.Context())
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	form, run, err := s.readImportForm(ctx, r, who)
	if err != nil {
		return err
	}
	var p *Profile
	var wrong error
	switch {
	case form.yaml != "":
		p, wrong = ReadProfile([]byte(form.yaml))
	case form.profile != "":
		p, wrong = s.Profile(ctx, form.profile)
		if errors.Is(wrong, store.ErrNotFound) {
			wrong = fmt.Errorf("there is no profile %q", form.profile)
		}
	case !form.dry:
		wrong = errors.New("say which profile, or give one as yaml")
	}
	if wrong != nil && !form.dry {
		return httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", wrong.Error())
	}
	file, err := s.openUpload(ctx, run)
	if err != nil {
		return err
	}
	defer file.Close()
	look, err := s.Preview(file, run.FileSize, p, httpapi.Language(r))
	if err != nil {
		return httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", err.Error())
	}
	if form.dry {
		look.Upload = run.ID
		if wrong != nil {
			look.Error = wrong.Error()
		}
		return writeJSON(w, http.StatusOK, look)
	}
	if look.Error != "" {
		return httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", look.Error)
	}
	run.Profile, run.ProfileHash, run.Body, run.Source, run.State = p.Name, p.Hash(), p.Body(), p.Source, runQueued
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE import_run SET profile = ?, profile_hash = ?, body = ?, source = ?, state = ?, held_until = NULL, updated_at = ? WHERE id = ? AND state = 'draft'`,
			run.Profile, run.ProfileHash, run.Body, run.Source, run.State, store.At(s.Store.Now()), run.ID)
		if err == nil && n == 0 {
			return httpapi.Fail(http.StatusConflict, "conflict")
		}
		return err
	})
	if err != nil {
		return err
	}
	s.imports.ring()
	return writeJSON(w, http.StatusCreated, run)
}

func writeJSON(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}

// readImportForm reads the form as it streams in; the file goes straight to its
// sealed place. It returns the run that the file belongs to, a draft.
func (s *Service) readImportForm(ctx context.Context, r *http.Request, who account.Actor) (form importForm, run ImportRun, err error) {
	cut := func(err error) error {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return httpapi.Fail(http.StatusRequestEntityTooLarge, "too_large")
		}
		return httpapi.Fail(http.StatusBadRequest, "file_cut")
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return form, run, httpapi.Fail(http.StatusUnsupportedMediaType, "media_type")
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return form, run, cut(err)
	}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			s.discard(run)
			return form, run, cut(err)
		}
		if part.FormName() == "file" {
			if run.ID != 0 {
				s.discard(run)
				return form, run, httpapi.FailField("file", "too_many_values")
			}
			if run, err = s.keepDraft(ctx, part, who); err != nil {
				s.discard(run)
				return form, run, cut(err)
			}
			continue
		}
		value, err := readPart(part)
		if err != nil {
			s.discard(run)
			return form, run, cut(err)
		}
		switch part.FormName() {
		case "profile":
			form.profile = value
		case "yaml":
			form.yaml = value
		case "dry_run":
			form.dry = value == "true"
		case "upload":
			form.upload, _ = store.ParseID(value)
		}
	}
	switch {
	case run.ID == 0 && form.upload == 0:
		return form, run, httpapi.FailField("file", "required")
	case run.ID == 0:
		run, err = getRun(ctx, s.Store, form.upload)
		if err == nil && (run.State != runDraft || !run.Kept || run.StartedBy != who.Account) {
			err = store.ErrNotFound
		}
		return form, run, err
	}
	return form, run, nil
}

// maxFormField bounds a field of the form: a profile is the longest.
const maxFormField = 256 << 10

func readPart(part *multipart.Part) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(part, maxFormField+1))
	if err == nil && len(raw) > maxFormField {
		err = &http.MaxBytesError{Limit: maxFormField}
	}
	return string(raw), err
}

// keepDraft keeps an uploaded file and the draft of a run that it belongs to.
func (s *Service) keepDraft(ctx context.Context, file io.Reader, who account.Actor) (ImportRun, error) {
	run := ImportRun{ID: s.Store.NewID(), Origin: fromUpload, State: runDraft, Notes: "{}", Kept: true, StartedBy: who.Account, CreatedAt: store.At(s.Store.Now())}
	var err error
	if run.FileSize, run.FileHash, err = s.keepUpload(ctx, run.ID, file); err != nil {
		return run, err
	}
	if run.FileSize == 0 {
		return run, io.ErrUnexpectedEOF
	}
	return run, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return insertRun(ctx, tx, &run, run.CreatedAt)
	})
}

// discard removes the file of an upload that did not come through.
func (s *Service) discard(run ImportRun) {
	if run.ID != 0 {
		_ = s.Files.Place.Remove(context.Background(), uploadKey(run.ID))
	}
}

func (s *Service) downloadRejects(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), httpapi.Actor(r.Context())
	id, _ := store.ParseID(r.PathValue("id"))
	run, err := getRun(ctx, s.Store, id)
	if err != nil {
		return err
	}
	if run.State == runDraft || !run.Kept {
		return store.ErrNotFound
	}
	file, err := s.openUpload(ctx, run)
	if err != nil {
		return err
	}
	defer file.Close()
	// What was refused is shown as it was handed in, so it is written down who
	// took it out.
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "import.rejects", Object: "import/" + run.ID.String()}, map[string]int64{"rows": run.Refused})
	}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="rejects-%s.csv"`, run.ID))
	w.Header().Set("Cache-Control", "no-store")
	if _, err := s.WriteRejects(ctx, run, file, w, httpapi.Language(r)); err != nil {
		panic(http.ErrAbortHandler) // what was sent is cut off, and must be seen to be
	}
	return nil
}

type runList struct {
	After string `query:"after"`
	Limit int    `query:"limit" minimum:"0" maximum:"200"`
}

func (s *Service) listImports(ctx context.Context, in *runList) (*httpapi.Body[httpapi.Page[ImportRun]], error) {
	limit := in.Limit
	if limit == 0 {
		limit = 50
	}
	before := store.ID(1<<63 - 1)
	if in.After != "" {
		var err error
		if before, err = store.ParseID(in.After); err != nil {
			return nil, httpapi.FailField("after", "invalid")
		}
	}
	rows, err := store.Select[ImportRun](ctx, s.Store, `SELECT `+runColumns+` FROM import_run WHERE id < ? AND state <> 'draft' ORDER BY id DESC LIMIT ?`, int64(before), limit+1)
	if err != nil {
		return nil, err
	}
	page := httpapi.Page[ImportRun]{}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = rows[limit-1].ID.String()
	}
	for i := range rows {
		_ = json.Unmarshal([]byte(rows[i].Notes), &rows[i].Odd)
	}
	page.Items = rows
	return httpapi.Answer(page, nil)
}

func (s *Service) getImport(ctx context.Context, in *idInput) (*httpapi.Body[ImportRun], error) {
	run, err := getRun(ctx, s.Store, in.ID.ID)
	if err == nil && run.State == runDraft {
		err = store.ErrNotFound
	}
	return httpapi.Answer(run, err)
}

func (s *Service) cancelImport(ctx context.Context, in *idInput) (*httpapi.Body[ImportRun], error) {
	now := store.At(s.Store.Now())
	return s.turn(ctx, in.ID.ID, "import.cancel", `UPDATE import_run SET state = 'cancelled', ended_at = ?, updated_at = ? WHERE state IN ('queued', 'running') AND id = ?`, now, now)
}

func (s *Service) resumeImport(ctx context.Context, in *idInput) (*httpapi.Body[ImportRun], error) {
	run, err := s.turn(ctx, in.ID.ID, "import.resume", `UPDATE import_run SET state = 'queued', error = '', ended_at = NULL, held_until = NULL, updated_at = ? WHERE state IN ('cancelled', 'failed') AND origin = 'upload' AND kept AND id = ?`,
		store.At(s.Store.Now()))
	s.imports.ring()
	return run, err
}

// turn changes the state of a run by a statement whose last argument is its
// key, and which touches nothing when the run is not in the right state.
func (s *Service) turn(ctx context.Context, id store.ID, action, update string, args ...any) (*httpapi.Body[ImportRun], error) {
	who := httpapi.Actor(ctx)
	var run ImportRun
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if run, err = getRun(ctx, tx, id); err != nil {
			return err
		}
		if run.State == runDraft {
			return store.ErrNotFound
		}
		n, err := tx.Exec(ctx, update, append(args, id)...)
		if err != nil {
			return err
		}
		if n == 0 {
			return httpapi.Fail(http.StatusConflict, "refused_state")
		}
		if err := audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: action, Object: "import/" + id.String()}, nil); err != nil {
			return err
		}
		run, err = getRun(ctx, tx, id)
		return err
	})
	return httpapi.Answer(run, err)
}

// ProfileView is a profile in a list.
type ProfileView struct {
	Name    string    `json:"name"`
	Title   pack.Text `json:"title"`
	Note    pack.Text `json:"note,omitempty"`
	Source  string    `json:"source"`
	Records string    `json:"records" enum:"appeals,categories"`
	Shipped bool      `json:"shipped" doc:"Carried by the program: it cannot be changed, but be kept under another name"`
	Columns []string  `json:"columns" doc:"Columns that it reads"`
	Body    string    `json:"body,omitempty" doc:"YAML"`
}

func viewProfile(p *Profile, shipped, whole bool) ProfileView {
	v := ProfileView{Name: p.Name, Title: p.Title, Note: p.Note, Source: p.Source, Records: p.Records, Shipped: shipped}
	v.Columns, _ = p.columns()
	if whole {
		v.Body = p.Body()
	}
	return v
}

// Profiles are all import profiles: those that the program carries, and those
// made here.
func (s *Service) Profiles(ctx context.Context) (shipped map[string]*Profile, made map[string]*Profile, err error) {
	if shipped, err = ShippedProfiles(); err != nil {
		return nil, nil, err
	}
	bodies, err := store.Select[string](ctx, s.Store, `SELECT body FROM import_profile ORDER BY name`)
	if err != nil {
		return nil, nil, err
	}
	made = map[string]*Profile{}
	for _, body := range bodies {
		p, err := ReadProfile([]byte(body))
		if err != nil {
			continue // made under an older form of profiles: it must be made anew
		}
		made[p.Name] = p
	}
	return shipped, made, nil
}

// Profile finds an import profile by name. It returns store.ErrNotFound.
func (s *Service) Profile(ctx context.Context, name string) (*Profile, error) {
	shipped, made, err := s.Profiles(ctx)
	if err != nil {
		return nil, err
	}
	for _, all := range []map[string]*Profile{shipped, made} {
		if p := all[name]; p != nil {
			return p, nil
		}
	}
	return nil, store.ErrNotFound
}

func (s *Service) listProfiles(ctx context.Context, _ *struct{}) (*httpapi.Body[[]ProfileView], error) {
	shipped, made, err := s.Profiles(ctx)
	if err != nil {
		return nil, err
	}
	out := []ProfileView{}
	for _, p := range shipped {
		out = append(out, viewProfile(p, true, false))
	}
	for _, p := range made {
		out = append(out, viewProfile(p, false, false))
	}
	slices.SortFunc(out, func(a, b ProfileView) int { return strings.Compare(a.Name, b.Name) })
	return httpapi.Answer(out, nil)
}

func (s *Service) getProfile(ctx context.Context, in *struct {
	Name string `path:"name" maxLength:"60"`
}) (*httpapi.Body[ProfileView], error) {
	shipped, err := ShippedProfiles()
	if err != nil {
		return nil, err
	}
	p, err := s.Profile(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(viewProfile(p, shipped[in.Name] != nil, true), nil)
}

func (s *Service) putProfile(ctx context.Context, in *struct {
	Name string `path:"name" maxLength:"60"`
	Body struct {
		Body string `json:"body" maxLength:"200000" doc:"YAML"`
	}
}) (*httpapi.Body[ProfileView], error) {
	shipped, err := ShippedProfiles()
	if err != nil {
		return nil, err
	}
	p, err := ReadProfile([]byte(in.Body.Body))
	switch {
	case err != nil:
		return nil, httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", err.Error())
	case p.Name != in.Name:
		return nil, httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", fmt.Sprintf("profile: it calls itself %q", p.Name))
	case shipped[p.Name] != nil:
		return nil, httpapi.FailDetail(http.StatusConflict, "conflict", fmt.Sprintf("the profile %q is carried by the program: keep yours under another name", p.Name))
	}
	who := httpapi.Actor(ctx)
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO import_profile (name, body, changed_at, changed_by) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
			p.Name, p.Body(), store.At(s.Store.Now()), who.Account); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "import.profile", Object: "profile/" + p.Name}, map[string]string{"hash": p.Hash()})
	})
	return httpapi.Answer(viewProfile(p, false, true), err)
}

func (s *Service) listAssertedUnits(ctx context.Context, in *struct {
	Source string `query:"source" doc:"Only this source"`
}) (*httpapi.Body[[]UnitProposal], error) {
	return httpapi.Answer(s.UnitProposals(ctx, in.Source))
}

func (s *Service) decideAssertedUnit(ctx context.Context, in *struct {
	Body struct {
		Source string   `json:"source" minLength:"1" maxLength:"60"`
		Names  []string `json:"names" minItems:"1" maxItems:"200" doc:"As the source spells them"`
		Into   string   `json:"into,omitempty" maxLength:"200" doc:"The spelling under which they are counted from now on"`
		Unit   string   `json:"unit,omitempty" doc:"The unit of this district that they are, for the imports to come"`
		Accept bool     `json:"accept" doc:"false: they are not the same"`
	}
}) (*httpapi.Empty, error) {
	b, who := in.Body, httpapi.Actor(ctx)
	if b.Accept && b.Into == "" && b.Unit == "" {
		return nil, httpapi.FailField("into", "required")
	}
	if b.Unit != "" {
		if _, ok := s.Dir.Tree().Unit(b.Unit); !ok {
			return nil, httpapi.FailField("unit", "no_such_unit")
		}
	}
	return nil, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, name := range b.Names {
			a := unitAlias{Source: b.Source, Name: name, Canonical: b.Into, Unit: b.Unit, Accepted: b.Accept, DecidedBy: who.Account}
			if a.Canonical == "" {
				a.Canonical = name
			}
			if err := s.decideUnit(ctx, tx, a); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "import.unit", Object: "source/" + b.Source}, b)
	})
}

// sourceOf is the source of a profile, or the name itself where there is none.
func (s *Service) sourceOf(ctx context.Context, profile string) (string, error) {
	p, err := s.Profile(ctx, profile)
	if errors.Is(err, store.ErrNotFound) {
		return profile, nil
	}
	if err != nil {
		return "", err
	}
	return p.Source, nil
}

type sourceInput struct {
	Profile string `query:"profile" required:"true" minLength:"1" maxLength:"60" doc:"A profile, or the source itself"`
}

func (s *Service) countAssertedLate(ctx context.Context, in *sourceInput) (*httpapi.Body[[]LateCount], error) {
	if !httpapi.Actor(ctx).Scope().All {
		return nil, httpapi.Fail(http.StatusForbidden, "forbidden")
	}
	source, err := s.sourceOf(ctx, in.Profile)
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.AssertedLate(ctx, source))
}

// AssertedCategory is one category of a source.
type AssertedCategory struct {
	L1 string `bun:"l1" json:"l1"`
	L2 string `bun:"l2" json:"l2,omitempty"`
	L3 string `bun:"l3" json:"l3,omitempty"`
}

func (s *Service) listAssertedCategories(ctx context.Context, in *sourceInput) (*httpapi.Body[[]AssertedCategory], error) {
	source, err := s.sourceOf(ctx, in.Profile)
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(store.Select[AssertedCategory](ctx, s.Store, `SELECT l1, l2, l3 FROM asserted_category WHERE source = ? ORDER BY l1, l2, l3 LIMIT 10000`, source))
}
