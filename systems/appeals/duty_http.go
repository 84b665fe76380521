package appeals

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

const dutyTag = "duty"

// maxDutyFile bounds an uploaded table.
const maxDutyFile = 32 << 20

func (s *Service) mountDuty(srv *httpapi.Server) {
	may := httpapi.Roles(account.RoleAdmin, "duty_editor")
	reads := httpapi.Roles(account.RoleAdmin, "duty_editor", "dispatcher", "supervisor", "arbitrator", "reviewer", "leader")
	httpapi.Register(srv, httpapi.Operation{ID: "list-duty-versions", Method: http.MethodGet, Path: "/api/duty/versions", Tag: dutyTag, Access: reads,
		Summary: "Versions of the duty list (职责清单): drafts, what is in force, what was and will be"}, s.listDutyVersions)
	httpapi.Register(srv, httpapi.Operation{ID: "copy-duty-version", Method: http.MethodPost, Path: "/api/duty/versions", Tag: dutyTag, Access: may, Status: http.StatusCreated,
		Summary: "Make a draft by copying a version"}, s.copyDuty)
	httpapi.Register(srv, httpapi.Operation{ID: "upload-duty-version", Method: http.MethodPost, Path: "/api/duty/uploads", Tag: dutyTag, Access: may, Status: http.StatusCreated, MaxBody: 2*maxDutyFile + 1<<20,
		Summary: "Make a draft of uploaded tables, or put them into a draft",
		Text:    "`items` and `rules` are CSV in any encoding or XLSX with the columns of the download; the one that is not given is taken from the version `from` (default: the one in force). With `draft` and its `hash` that draft gets the content. An answer that refuses names the wrong rows."}, s.uploadDuty)
	httpapi.Register(srv, httpapi.Operation{ID: "get-duty-version", Method: http.MethodGet, Path: "/api/duty/versions/{id}", Tag: dutyTag, Access: reads, Summary: "One version of the duty list"}, s.getDuty)
	httpapi.Register(srv, httpapi.Operation{ID: "drop-duty-version", Method: http.MethodDelete, Path: "/api/duty/versions/{id}", Tag: dutyTag, Access: may, Status: http.StatusNoContent,
		Summary: "Remove a draft, or take back a version that is not in force yet"}, s.dropDuty)
	httpapi.Register(srv, httpapi.Operation{ID: "list-duty-rows", Method: http.MethodGet, Path: "/api/duty/versions/{id}/items", Tag: dutyTag, Access: reads,
		Summary: "Items of a version with the rules for each, by words, code or unit"}, s.listDutyItems)
	httpapi.Register(srv, httpapi.Operation{ID: "put-duty-item", Method: http.MethodPut, Path: "/api/duty/versions/{id}/items/{code}", Tag: dutyTag, Access: may,
		Summary: "Put an item and the rules for it alone into a draft; without `item` it is removed"}, s.putDutyItem)
	httpapi.Register(srv, httpapi.Operation{ID: "diff-duty-version", Method: http.MethodGet, Path: "/api/duty/versions/{id}/diff", Tag: dutyTag, Access: reads,
		Summary: "What is different from another version, field by field"}, s.diffDuty)
	httpapi.Register(srv, httpapi.Operation{ID: "check-duty-version", Method: http.MethodGet, Path: "/api/duty/versions/{id}/check", Tag: dutyTag, Access: reads,
		Summary: "Gaps and overlaps of a version, as of a day"}, s.getDutyCheck)
	httpapi.Register(srv, httpapi.Operation{ID: "replay-duty-version", Method: http.MethodGet, Path: "/api/duty/versions/{id}/replay", Tag: dutyTag, Access: reads,
		Summary: "What a version would have made of past appeals: which would go to another unit", Text: "Nothing is changed. A long past comes in parts: `next` says where to go on."}, s.getDutyReplay)
	httpapi.Register(srv, httpapi.Operation{ID: "publish-duty-version", Method: http.MethodPost, Path: "/api/duty/versions/{id}/publish", Tag: dutyTag, Access: may,
		Summary: "Put a draft in force from a time on"}, s.publishDuty)
	httpapi.Register(srv, httpapi.Operation{ID: "download-duty-version", Method: http.MethodGet, Path: "/api/duty/versions/{id}/file", Tag: dutyTag, Access: reads,
		Summary: "A version as XLSX or CSV: its items or its rules", Text: "What is downloaded can be uploaded again and is the same."}, s.downloadDuty)
	httpapi.Register(srv, httpapi.Operation{ID: "get-duty-reason", Method: http.MethodGet, Path: "/api/appeals/{id}/duty", Tag: dutyTag, Access: httpapi.AnyStaff,
		Summary: "By which version and rule of the duty list an appeal was dispatched"}, s.getDutyReason)
}

type dutyInput struct {
	ID httpapi.PathID `path:"id"`
}

func (s *Service) listDutyVersions(ctx context.Context, _ *struct{}) (*httpapi.Body[[]DutyVersion], error) {
	all, err := s.DutyVersions(ctx)
	if all == nil {
		all = []DutyVersion{}
	}
	return httpapi.Answer(all, err)
}

func (s *Service) getDuty(ctx context.Context, in *dutyInput) (*httpapi.Body[DutyVersion], error) {
	return httpapi.Answer(s.dutyVersion(ctx, in.ID.ID))
}

func (s *Service) dropDuty(ctx context.Context, in *dutyInput) (*httpapi.Empty, error) {
	return nil, s.DropDuty(ctx, httpapi.Actor(ctx), in.ID.ID)
}

// dutyFrom is the version named, or the one in force now.
func (s *Service) dutyFrom(ctx context.Context, said string) (store.ID, *keptDuty, error) {
	id, err := store.ParseID(said)
	if said == "" {
		var v DutyVersion
		if v, err = s.DutyAt(ctx, s.Store.Now()); err != nil {
			return 0, nil, err
		}
		id = v.ID
	} else if err != nil {
		return 0, nil, store.ErrNotFound
	}
	kept, err := s.dutyList(ctx, id)
	return id, kept, err
}

func (s *Service) copyDuty(ctx context.Context, in *struct {
	Body struct {
		From string `json:"from,omitempty" doc:"Identifier of a version; the one in force when absent"`
		Name string `json:"name" maxLength:"100"`
		Note string `json:"note,omitempty" maxLength:"1000"`
	}
}) (*httpapi.Body[DutyVersion], error) {
	id, kept, err := s.dutyFrom(ctx, in.Body.From)
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.NewDutyDraft(ctx, httpapi.Actor(ctx), DutyVersion{Name: in.Body.Name, Note: in.Body.Note, Origin: dutyOfCopy, Parent: id}, kept.content))
}

type dutyUpload struct {
	RawBody multipart.Form
}

func (s *Service) uploadDuty(ctx context.Context, in *dutyUpload) (*httpapi.Body[DutyVersion], error) {
	value := func(name string) string {
		if v := in.RawBody.Value[name]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	base := value("from")
	if v := value("draft"); v != "" {
		base = v
	}
	if len(in.RawBody.File["items"])+len(in.RawBody.File["rules"]) == 0 {
		return nil, httpapi.FailField("items", "required")
	}
	id, kept, err := s.dutyFrom(ctx, base)
	if err != nil {
		return nil, err
	}
	content := kept.content
	for _, part := range []struct {
		dutyPart
		into *dutyTable
	}{{dutyItems, &content.items}, {dutyRules, &content.rules}} {
		files := in.RawBody.File[part.name]
		if len(files) == 0 {
			continue
		}
		if len(files) > 1 || files[0].Size > maxDutyFile {
			return nil, httpapi.FailField(part.name, "too_many_values")
		}
		f, err := files[0].Open()
		if err != nil {
			return nil, err
		}
		*part.into, err = part.read(f, files[0].Size)
		f.Close()
		if err != nil {
			return nil, dutyFault(err)
		}
	}
	if value("draft") != "" {
		return httpapi.Answer(s.ChangeDutyDraft(ctx, httpapi.Actor(ctx), id, value("hash"), content))
	}
	return httpapi.Answer(s.NewDutyDraft(ctx, httpapi.Actor(ctx), DutyVersion{Name: value("name"), Note: value("note"), Origin: dutyOfUpload, Parent: id}, content))
}

// DutyItemView is an item with the rules that are asked for it, the first that
// holds decides.
type DutyItemView struct {
	Item  DutyRow        `json:"item"`
	Rules []DutyRuleView `json:"rules"`
}

// DutyRuleView is a rule as people read it.
type DutyRuleView struct {
	Row          DutyRow `json:"row"`
	LeadName     string  `json:"lead_name" doc:"'street' and 'community' stand for the unit whose place it is"`
	FallbackName string  `json:"fallback_name,omitempty"`
}

func (s *Service) listDutyItems(ctx context.Context, in *struct {
	ID    httpapi.PathID `path:"id"`
	Q     string         `query:"q" doc:"Words, or the beginning of a code"`
	Unit  string         `query:"unit" doc:"Code of a unit that is responsible in some case"`
	After string         `query:"after" doc:"Key of the next page"`
	Limit int            `query:"limit" minimum:"0" maximum:"200"`
}) (*httpapi.Body[httpapi.Page[DutyItemView]], error) {
	kept, err := s.dutyList(ctx, in.ID.ID)
	if err != nil {
		return nil, err
	}
	if in.Limit == 0 {
		in.Limit = 50
	}
	tree := s.Dir.Tree()
	name := func(code string) string {
		if code == "" || code == "street" || code == "community" {
			return code
		}
		return tree.Name(code)
	}
	rows := kept.content.rules.records()
	row := map[*DutyRule]DutyRow{}
	for i, r := range kept.list.Rules {
		row[r] = rows[i]
	}
	q := strings.ToLower(strings.TrimSpace(in.Q))
	out := httpapi.Page[DutyItemView]{Items: []DutyItemView{}}
	page := 0
	if in.After != "" {
		if page = slices.IndexFunc(kept.list.Items, func(it *DutyItem) bool { return it.Code == in.After }) + 1; page == 0 {
			return nil, httpapi.FailField("after", "out_of_range")
		}
	}
	columns := kept.content.items
	for i := page; i < len(kept.list.Items); i++ {
		it := kept.list.Items[i]
		if q != "" && !strings.HasPrefix(it.Code, q) && !strings.Contains(strings.ToLower(it.L1+" "+it.L2+" "+it.L3+" "+strings.Join(it.Keywords, " ")), q) {
			continue
		}
		rules := kept.list.rulesOf(it.Code)
		if in.Unit != "" && !slices.ContainsFunc(rules, func(r *DutyRule) bool {
			return r.Lead == in.Unit || r.Fallback == in.Unit || slices.Contains(r.CoUnits, in.Unit)
		}) {
			continue
		}
		if len(out.Items) == in.Limit {
			out.Next = out.Items[len(out.Items)-1].Item["code"]
			break
		}
		v := DutyItemView{Item: dutyTable{columns.columns, columns.rows[i : i+1]}.records()[0], Rules: []DutyRuleView{}}
		for _, r := range rules {
			v.Rules = append(v.Rules, DutyRuleView{row[r], name(r.Lead), name(r.Fallback)})
		}
		out.Items = append(out.Items, v)
	}
	return httpapi.Answer(out, nil)
}

func (s *Service) putDutyItem(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Code string         `path:"code"`
	Body struct {
		Hash  string    `json:"hash" doc:"Of the draft as the caller saw it"`
		Item  DutyRow   `json:"item,omitempty"`
		Rules []DutyRow `json:"rules,omitempty" doc:"All rules for this item alone"`
	}
}) (*httpapi.Body[DutyVersion], error) {
	kept, err := s.dutyList(ctx, in.ID.ID)
	if err != nil {
		return nil, err
	}
	rows := []DutyRow{}
	if in.Body.Item != nil {
		in.Body.Item["code"] = in.Code
		rows = append(rows, in.Body.Item)
	}
	for _, r := range in.Body.Rules {
		r["item"] = in.Code
	}
	content := kept.content
	if content.items, err = dutyItems.replace(content.items, "code", in.Code, rows); err == nil {
		content.rules, err = dutyRules.replace(content.rules, "item", in.Code, in.Body.Rules)
	}
	if err != nil {
		return nil, dutyFault(err)
	}
	return httpapi.Answer(s.ChangeDutyDraft(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Hash, content))
}

// replace puts rows in place of those with a value in a column, where the first
// of these stood, or at the end.
func (p dutyPart) replace(t dutyTable, column, value string, rows []DutyRow) (dutyTable, error) {
	at := slices.Index(t.columns, column)
	out := dutyTable{columns: t.columns}
	put := func() {
		for _, r := range rows {
			line := make([]string, len(t.columns))
			for i, c := range t.columns {
				line[i] = r[c]
			}
			out.rows = append(out.rows, line)
		}
		rows = nil
	}
	for _, r := range t.rows {
		if r[at] == value {
			put()
			continue
		}
		out.rows = append(out.rows, r)
	}
	put()
	return p.canonical(out)
}

// DutyDiff is the difference between two versions.
type DutyDiff struct {
	Against DutyVersion    `json:"against"`
	Counts  map[string]int `json:"counts" doc:"By 'item added', 'rule changed' and so on"`
	Changes []DutyChange   `json:"changes" doc:"The first 1,000"`
}

// maxDutyChanges bounds an answer; the counts are of all.
const maxDutyChanges = 1000

func (s *Service) diffDuty(ctx context.Context, in *struct {
	ID      httpapi.PathID `path:"id"`
	Against string         `query:"against" doc:"Identifier of the older version; the one in force when absent"`
}) (*httpapi.Body[DutyDiff], error) {
	id, from, err := s.dutyFrom(ctx, in.Against)
	if err != nil {
		return nil, err
	}
	to, err := s.dutyList(ctx, in.ID.ID)
	if err != nil {
		return nil, err
	}
	out := DutyDiff{Counts: map[string]int{}, Changes: from.content.Diff(to.content)}
	if out.Against, err = s.dutyVersion(ctx, id); err != nil {
		return nil, err
	}
	for _, c := range out.Changes {
		out.Counts[c.What+" "+c.Kind]++
	}
	out.Changes = slices.Clip(out.Changes[:min(maxDutyChanges, len(out.Changes))])
	if out.Changes == nil {
		out.Changes = []DutyChange{}
	}
	return httpapi.Answer(out, nil)
}

// day reads a day or a time; "" is now.
func (s *Service) dutyTime(field, said string) (time.Time, error) {
	if said == "" {
		return s.Store.Now(), nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, said, s.Zone()); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, said)
	if err != nil {
		return t, httpapi.FailField(field, "not_a_time")
	}
	return t, nil
}

func (s *Service) getDutyCheck(ctx context.Context, in *struct {
	ID httpapi.PathID `path:"id"`
	At string         `query:"at" doc:"Day or time; now when absent"`
}) (*httpapi.Body[[]Fault], error) {
	at, err := s.dutyTime("at", in.At)
	if err != nil {
		return nil, err
	}
	kept, err := s.dutyList(ctx, in.ID.ID)
	if err != nil {
		return nil, err
	}
	faults, err := s.checkDuty(ctx, kept.list, at)
	if faults == nil {
		faults = []Fault{}
	}
	return httpapi.Answer(faults, err)
}

func (s *Service) getDutyReplay(ctx context.Context, in *struct {
	ID httpapi.PathID `path:"id"`
	ListInput
	Against string `query:"against" doc:"Identifier of the version to compare with; the one in force when absent"`
}) (*httpapi.Body[DutyReplay], error) {
	_, from, err := s.dutyFrom(ctx, in.Against)
	if err != nil {
		return nil, err
	}
	to, err := s.dutyList(ctx, in.ID.ID)
	if err != nil {
		return nil, err
	}
	f, err := in.filter(httpapi.Actor(ctx), s.Store.Now(), s.Zone())
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.replayDuty(ctx, httpapi.Actor(ctx).Scope(), f, from.list, to.list))
}

func (s *Service) publishDuty(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		Hash   string `json:"hash" doc:"Of the draft as the caller saw it"`
		From   string `json:"from,omitempty" doc:"Day or time from which it is in force; at once when absent"`
		Accept bool   `json:"accept,omitempty" doc:"The remarks of the check were seen"`
	}
}) (*httpapi.Body[DutyVersion], error) {
	from, err := s.dutyTime("from", in.Body.From)
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.PublishDuty(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Hash, from, in.Body.Accept))
}

func (s *Service) downloadDuty(ctx context.Context, in *struct {
	ID     httpapi.PathID `path:"id"`
	Part   string         `query:"part" required:"true" enum:"items,rules"`
	Format string         `query:"format" required:"true" enum:"xlsx,csv"`
}) (*httpapi.Download, error) {
	kept, err := s.dutyList(ctx, in.ID.ID)
	if err != nil {
		return nil, err
	}
	part, t := dutyItems, kept.content.items
	if in.Part == dutyRules.name {
		part, t = dutyRules, kept.content.rules
	}
	who := httpapi.Actor(ctx)
	f := exportFormats[in.Format]
	return httpapi.NewDownload(f.contentType, fmt.Sprintf("duty-%s-%s.%s", part.name, in.ID.Text, f.extension), func(w io.Writer) error {
		return s.exportDuty(ctx, who, part, t, f.form, in.ID.String(), w)
	}), nil
}

// exportDuty writes one table of a version through the gate.
func (s *Service) exportDuty(ctx context.Context, who account.Actor, part dutyPart, t dutyTable, form gate.Form, version string, w io.Writer) error {
	columns := make([]gate.Column, len(t.columns))
	for i, c := range t.columns {
		columns[i] = gate.Column{Name: c, Title: part.title(c)}
	}
	exit := gate.Gate{Store: s.Store}
	_, err := exit.Export(ctx, gate.Request{Actor: who, Purpose: "职责清单导出", What: "duty_" + part.name, Form: form, Filter: map[string]string{"version": version}, Zone: s.Zone()}, columns, w,
		func(_ context.Context, _ account.Scope, row gate.Row) error {
			values := make([]any, len(t.columns))
			for _, r := range t.rows {
				for i, v := range r {
					values[i] = v
				}
				if err := row(values...); err != nil {
					return err
				}
			}
			return nil
		})
	return err
}

func (s *Service) getDutyReason(ctx context.Context, in *idInput) (*httpapi.Body[DutyReason], error) {
	if err := s.visible(ctx, s.Store, httpapi.Actor(ctx), in.ID.ID); err != nil {
		return nil, err
	}
	out, err := s.dutyReason(ctx, in.ID.ID)
	if errors.Is(err, store.ErrNotFound) {
		err = httpapi.Fail(http.StatusNotFound, "not_found")
	}
	return httpapi.Answer(out, err)
}
