package appeals

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// leadTag is the scope of an API key by which others tell of leads.
const leadTag = "leads"

// maxLeadFile bounds a table of leads, in bytes.
const maxLeadFile = 8 << 20

func (s *Service) mountLeads(srv *httpapi.Server) {
	read := httpapi.Roles("dispatcher", "supervisor", "leader", "handler", "receiver", account.RoleAdmin)
	add := httpapi.Roles("dispatcher", "supervisor", "handler", "receiver", account.RoleAdmin)
	httpapi.Register(srv, httpapi.Operation{ID: "list-leads", Method: http.MethodGet, Path: "/api/leads", Tag: leadTag, Access: read,
		Summary: "Leads (未诉先办线索), the newest first", Text: "Handlers and receivers see the leads of the place that their unit serves."}, s.listLeads)
	httpapi.Register(srv, httpapi.Operation{ID: "add-lead", Method: http.MethodPost, Path: "/api/leads", Tag: leadTag, Access: add,
		Summary: "Tell of a lead", Text: "The same source and external number give the lead that is there already, with `new` false. A key needs the scope `leads`."}, s.addLead)
	httpapi.Register(srv, httpapi.Operation{ID: "upload-leads", Method: http.MethodPost, Path: "/api/leads/file", Tag: leadTag, Access: add, MaxBody: maxLeadFile + 1<<20,
		Summary: "Tell of leads by a CSV or XLSX", Text: "A form of `file` and `source`. Good rows are taken, the others answered with line and reason."}, s.uploadLeads)
	httpapi.Register(srv, httpapi.Operation{ID: "get-lead-figures", Method: http.MethodGet, Path: "/api/leads/figures", Tag: leadTag, Access: read,
		Summary: "What leads came to, by source: hits, days before the first complaint, solved"}, s.leadFigures)
	httpapi.Register(srv, httpapi.Operation{ID: "get-lead", Method: http.MethodGet, Path: "/api/leads/{id}", Tag: leadTag, Access: read,
		Summary: "One lead: what it says, open appeals that say the same, its history"}, s.getLeadPage)
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-lead", Method: http.MethodPost, Path: "/api/leads/{id}/actions", Tag: leadTag, Access: httpapi.Roles("dispatcher", "supervisor"),
		Summary: "Verify, file, refuse, merge, correct or reopen a lead", Text: "The steps open to the caller are in the lead's `allowed`."}, s.actOnLead)
}

type leadList struct {
	State  string `query:"state" enum:"waiting,all,found,verified,filed,merged,refused" default:"waiting" doc:"waiting: found or verified"`
	Source string `query:"source"`
	Street string `query:"street"`
	Q      string `query:"q" doc:"Words of title, text or address"`
	After  string `query:"after" doc:"Key of the next page, from the page before"`
	Limit  int    `query:"limit" minimum:"0" maximum:"500"`
}

func (s *Service) listLeads(ctx context.Context, in *leadList) (*httpapi.Body[httpapi.Page[Lead]], error) {
	cond, args := s.leadScope(httpapi.Actor(ctx)).sql()
	where := []string{cond}
	states := []string{in.State}
	if in.State == "waiting" || in.State == "" {
		states = []string{"found", "verified"}
	}
	if in.State != "all" {
		where, args = append(where, store.AnyOf("l.state", len(states))), append(args, store.Args(states...)...)
	}
	if in.Source != "" {
		where, args = append(where, "l.source = ?"), append(args, in.Source)
	}
	if in.Street != "" {
		where, args = append(where, "l.street = ?"), append(args, in.Street)
	}
	if q := store.Literal(in.Q); q != "" {
		where, args = append(where, "(l.title LIKE ? OR l.text LIKE ? OR l.address LIKE ?)"), append(args, "%"+q+"%", "%"+q+"%", "%"+q+"%")
	}
	if in.After != "" {
		after, err := store.ParseID(in.After)
		if err != nil {
			return nil, httpapi.FailField("after", "invalid")
		}
		where, args = append(where, "l.id < ?"), append(args, int64(after))
	}
	limit := cmp.Or(in.Limit, 50)
	rows, err := store.Select[Lead](ctx, s.Store, `SELECT `+leadColumns+` FROM lead l WHERE `+strings.Join(where, " AND ")+` ORDER BY l.id DESC LIMIT ?`, append(args, limit+1)...)
	if err != nil {
		return nil, err
	}
	page := httpapi.Page[Lead]{Items: rows}
	if len(rows) > limit {
		page.Items, page.Next = rows[:limit], rows[limit-1].ID.String()
	}
	return httpapi.Answer(page, s.nameLeads(ctx, page.Items))
}

// nameLeads fills in what is read of leads.
func (s *Service) nameLeads(ctx context.Context, leads []Lead) error {
	d := s.district.Load()
	at := map[store.ID][]int{}
	for i := range leads {
		l := &leads[i]
		l.Files = decodeList(l.RawFiles)
		if l.RawReason != "" {
			l.Reason = json.RawMessage(l.RawReason)
		}
		if it := d.duty.Item(l.Item); it != nil {
			l.ItemName = it.Name()
		}
		l.PlaceName = d.placeName(cmp.Or(l.Community, l.Street))
		if l.Appeal != 0 {
			at[l.Appeal] = append(at[l.Appeal], i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	ids := make([]store.ID, 0, len(at))
	for id := range at {
		ids = append(ids, id)
	}
	rows, err := store.Select[struct {
		ID        store.ID
		No, State string
	}](ctx, s.Store, `SELECT id, no, state FROM matter WHERE `+store.AnyOf("id", len(ids)), store.Args(ids...)...)
	for _, r := range rows {
		for _, i := range at[r.ID] {
			leads[i].AppealNo, leads[i].AppealState = r.No, r.State
		}
	}
	return err
}

// LeadPage is one lead, for its screen.
type LeadPage struct {
	Lead       Lead        `json:"lead"`
	New        bool        `json:"new,omitempty" doc:"It was not there before"`
	Candidates []Related   `json:"candidates" doc:"Open appeals that say the same, the likeliest first"`
	Events     []LeadEvent `json:"events"`
	Allowed    []string    `json:"allowed"`
}

func (s *Service) leadPage(ctx context.Context, id store.ID) (*httpapi.Body[LeadPage], error) {
	who := httpapi.Actor(ctx)
	l, err := s.seenLead(ctx, who, id)
	if err != nil {
		return nil, leadProblem(err)
	}
	p := LeadPage{Allowed: s.leadActions(who, l), Candidates: []Related{}}
	if slices.Contains(p.Allowed, leadMerge) {
		if p.Candidates, err = s.leadCandidates(ctx, who, l); err != nil {
			return nil, err
		}
	}
	if p.Events, err = s.leadEvents(ctx, s.Store, id); err != nil {
		return nil, err
	}
	one := []Lead{*l}
	err = s.nameLeads(ctx, one)
	p.Lead = one[0]
	return httpapi.Answer(p, err)
}

func (s *Service) getLeadPage(ctx context.Context, in *idInput) (*httpapi.Body[LeadPage], error) {
	return s.leadPage(ctx, in.ID.ID)
}

func (s *Service) addLead(ctx context.Context, in *struct{ Body NewLead }) (*httpapi.Body[LeadPage], error) {
	l, fresh, err := s.AddLead(ctx, httpapi.Actor(ctx), in.Body)
	if err != nil {
		return nil, leadProblem(err)
	}
	if !s.leadScope(httpapi.Actor(ctx)).has(l.Street, l.Community) {
		return nil, httpapi.FailField("external", "taken")
	}
	p, err := s.leadPage(ctx, l.ID)
	if err == nil {
		p.Body.New = fresh
	}
	return p, err
}

func (s *Service) uploadLeads(ctx context.Context, in *struct{ RawBody multipart.Form }) (*httpapi.Body[LeadTable], error) {
	files := in.RawBody.File["file"]
	if len(files) != 1 {
		return nil, httpapi.FailField("file", "required")
	}
	if files[0].Size > maxLeadFile {
		return nil, httpapi.FailField("file", "too_large")
	}
	source := ""
	if v := in.RawBody.Value["source"]; len(v) > 0 {
		source = strings.TrimSpace(v[0])
	}
	if source == "" {
		return nil, httpapi.FailField("source", "required")
	}
	f, err := files[0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return httpapi.Answer(s.AddLeads(ctx, httpapi.Actor(ctx), source, files[0].Filename, f, files[0].Size))
}

func (s *Service) actOnLead(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body LeadStep
}) (*httpapi.Body[LeadPage], error) {
	if err := s.ActOnLead(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body); err != nil {
		return nil, leadProblem(err)
	}
	return s.leadPage(ctx, in.ID.ID)
}

// LeadStanding is the figures of leads and how feeds were read last.
type LeadStanding struct {
	Days    int            `json:"days"`
	Sources []LeadFigures  `json:"sources"`
	Feeds   []FeedStanding `json:"feeds"`
}

func (s *Service) leadFigures(ctx context.Context, in *struct {
	Days int `query:"days" minimum:"1" maximum:"1100" default:"365"`
}) (*httpapi.Body[LeadStanding], error) {
	out := LeadStanding{Days: cmp.Or(in.Days, 365), Feeds: []FeedStanding{}}
	var err error
	out.Sources, err = s.LeadFigures(ctx, httpapi.Actor(ctx), out.Days)
	s.leads.mu.Lock()
	for _, url := range sortedKeysOf(s.leads.feeds) {
		out.Feeds = append(out.Feeds, s.leads.feeds[url])
	}
	s.leads.mu.Unlock()
	return httpapi.Answer(out, err)
}

func leadProblem(err error) error {
	switch {
	case errors.Is(err, ErrNoLead):
		return httpapi.Fail(http.StatusNotFound, "not_found")
	case errors.Is(err, ErrLeadChanged):
		return httpapi.Fail(http.StatusConflict, "conflict")
	case errors.Is(err, ErrLeadRight):
		return httpapi.Fail(http.StatusForbidden, "refused_right")
	}
	return err
}

// isFieldProblem says that what was told is wrong, and would be again.
func isFieldProblem(err error) bool {
	var p *httpapi.Problem
	return errors.As(err, &p) && p.Status == http.StatusUnprocessableEntity
}
