package appeals

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

const tag = "appeals"

var staff = httpapi.AnyStaff

// Mount adds the API of this system to the edge.
func (s *Service) Mount(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-district", Method: http.MethodGet, Path: "/api/district", Tag: tag, Access: httpapi.Public,
		Summary: "The district's names, places, words and flows: what screens need before anything else"}, s.getDistrict)
	httpapi.Register(srv, httpapi.Operation{ID: "file-appeal", Method: http.MethodPost, Path: "/api/appeals", Tag: tag, Access: httpapi.Public, Status: http.StatusCreated, Limit: 20000,
		Summary: "File an appeal (登记诉求)", Text: "A stranger may file; the answer's tracking code opens that one appeal. An agent names the appellant."}, s.fileAppeal)
	httpapi.Register(srv, httpapi.Operation{ID: "list-appeals", Method: http.MethodGet, Path: "/api/appeals", Tag: tag, Access: httpapi.SignedIn,
		Summary: "List what the caller may see, newest first or by deadline"}, s.listAppeals)
	httpapi.Register(srv, httpapi.Operation{ID: "list-queue", Method: http.MethodGet, Path: "/api/queue", Tag: tag, Access: staff,
		Summary: "What waits at the caller's desks, the nearest deadline first"}, s.listQueue)
	httpapi.Register(srv, httpapi.Operation{ID: "list-map-points", Method: http.MethodGet, Path: "/api/appeals/points", Tag: tag, Access: staff,
		Summary: "Where appeals are: the dots of a map, narrowed as the list is"}, s.mapPoints)
	httpapi.Register(srv, httpapi.Operation{ID: "get-appeal", Method: http.MethodGet, Path: "/api/appeals/{id}", Tag: tag, Access: httpapi.Public,
		Summary: "One appeal: text, clocks, timeline, and what the caller may do with it now", Text: "A stranger gives the tracking code in `X-Tracking-Code`."}, s.getAppealPage)
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-appeal", Method: http.MethodPost, Path: "/api/appeals/{id}/actions", Tag: tag, Access: httpapi.Public,
		Summary: "Do one action, or several that belong together, all or none", Text: "The actions open to the caller are in the appeal's `allowed`."}, s.act)
	httpapi.Register(srv, httpapi.Operation{ID: "track-appeal", Method: http.MethodGet, Path: "/api/track/{code}", Tag: tag, Access: httpapi.Public, Limit: 120,
		Summary: "Find an appeal by its tracking code"}, s.track)
	httpapi.Register(srv, httpapi.Operation{ID: "suggest-dispatch", Method: http.MethodGet, Path: "/api/appeals/{id}/suggestion", Tag: tag, Access: httpapi.Roles("dispatcher", "agent", "supervisor"),
		Summary: "Items and units proposed for an appeal, with reasons"}, s.getSuggestion)
	httpapi.Register(srv, httpapi.Operation{ID: "assign-appeal", Method: http.MethodPost, Path: "/api/appeals/{id}/assignee", Tag: tag, Access: staff,
		Summary: "Give an appeal to a person of the unit, or back to the unit"}, s.assign)
	httpapi.Register(srv, httpapi.Operation{ID: "reveal-appellant", Method: http.MethodPost, Path: "/api/appeals/{id}/reveal", Tag: tag, Access: httpapi.Roles("agent", "follow_up", "supervisor", "dispatcher"),
		Summary: "See who the appellant is, with a reason that they can read"}, s.reveal)
	httpapi.Register(srv, httpapi.Operation{ID: "call-appellant", Method: http.MethodPost, Path: "/api/appeals/{id}/call", Tag: tag, Access: httpapi.Roles("receiver", "handler", "unit_head", "agent", "follow_up"), Limit: 60,
		Summary: "Lend a number through which the appellant can be called without being seen"}, s.call)
	httpapi.Register(srv, httpapi.Operation{ID: "list-looks", Method: http.MethodGet, Path: "/api/me/looks", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Who looked at the caller's personal data, when and why"}, s.looks)
	httpapi.Register(srv, httpapi.Operation{ID: "find-similar", Method: http.MethodPost, Path: "/api/appeals/similar", Tag: tag, Access: httpapi.Public, Limit: 600,
		Summary: "Open appeals nearby that say the same: offered as \"me too\" before one files"}, s.similar)
	httpapi.Register(srv, httpapi.Operation{ID: "join-appeal", Method: http.MethodPost, Path: "/api/appeals/{id}/followers", Tag: tag, Access: httpapi.Roles(account.RoleCitizen),
		Summary: "Join an appeal as one more who reports the same"}, s.join)
	httpapi.Register(srv, httpapi.Operation{ID: "get-board", Method: http.MethodGet, Path: "/api/board", Tag: tag, Access: httpapi.Roles("leader", "supervisor", "dispatcher", "reviewer", "admin"),
		Summary: "The leader's board: figures with their definitions and the way to their rows"}, s.board)
	httpapi.Register(srv, httpapi.Operation{ID: "find-caller", Method: http.MethodGet, Path: "/api/callers", Tag: tag, Access: httpapi.Roles("agent"),
		Summary: "Who calls, masked, and what they filed before: found by the exact number, and recorded"}, s.findCaller)
	httpapi.Register(srv, httpapi.Operation{ID: "list-filters", Method: http.MethodGet, Path: "/api/filters", Tag: tag, Access: staff, Summary: "The caller's saved filters"}, s.listFilters)
	httpapi.Register(srv, httpapi.Operation{ID: "put-filter", Method: http.MethodPut, Path: "/api/filters/{name}", Tag: tag, Access: staff, Status: http.StatusNoContent,
		Summary: "Keep a filter under a name; an empty query removes it"}, s.putFilter)
	httpapi.Register(srv, httpapi.Operation{ID: "list-unit-staff", Method: http.MethodGet, Path: "/api/units/{unit}/staff", Tag: tag, Access: staff, Summary: "Who works for a unit: for assigning"}, s.listStaff)
	srv.Mux.HandleFunc("GET /api/map/{layer}", s.mapLayer(srv))
	s.mountImports(srv)
	s.mountExports(srv)
	s.mountProof(srv)
	s.mountDispatch(srv)
	s.mountOpen311(srv)
	s.mountDuty(srv)
	s.mountTopics(srv)
	s.mountLeads(srv)
	s.mountHandover(srv)
	s.mountWall(srv)
	s.mountRulings(srv)
	s.mountSupervision(srv)
	s.mountRatings(srv)
	s.mountRelated(srv)
	s.mountNotes(srv)
	s.mountDossiers(srv)
	s.mountDivision(srv)
	s.mountAssess(srv)
	s.mountFigures(srv)
	s.mountReports(srv)
	s.mountMeetings(srv)
	s.mountClosing(srv)
	s.mountElements(srv)
	s.mountHelper(srv)
	s.mountGraph(srv)
	s.mountExchange(srv)
	s.mountQuality(srv)
	s.mountTags(srv)
	httpapi.Register(srv, httpapi.Operation{ID: "list-items", Method: http.MethodGet, Path: "/api/duty/items", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Items of the duty list, by words or code"}, s.listItems)
}

type districtView struct {
	ID        string                    `json:"id"`
	Name      map[string]string         `json:"name"`
	Locale    string                    `json:"locale"`
	Timezone  string                    `json:"timezone"`
	Watermark bool                      `json:"watermark,omitempty" doc:"Desk screens carry who looks and when"`
	Synthetic map[string]string         `json:"synthetic,omitempty" doc:"Said on every screen: this is no real data"`
	Places    []Place                   `json:"places"`
	Units     []account.Unit            `json:"units"`
	Words     *Words                    `json:"words"`
	Flows     map[string]*caseflow.Flow `json:"flows"`
	Classes   []string                  `json:"classes"`
	Duty      string                    `json:"duty" doc:"Version of the duty list in force"`
	Ladder    []LadderLevel             `json:"ladder" doc:"The levels of supervision (督办), from the lowest"`
	Preparing int64                     `json:"preparing,omitempty" doc:"While a demonstration is being made: thousandths that are there"`
}

// LadderLevel is a step of the ladder of supervision as people read it.
type LadderLevel struct {
	Level string            `json:"level"`
	Name  map[string]string `json:"name"`
}

func (s *Service) getDistrict(ctx context.Context, _ *struct{}) (*httpapi.Body[districtView], error) {
	d := s.district.Load()
	v := districtView{ID: d.manifest.ID, Name: d.manifest.Name, Locale: d.manifest.Locale, Timezone: d.manifest.Timezone, Synthetic: d.manifest.Synthetic, Watermark: d.manifest.Watermark,
		Words: d.words, Classes: classes, Duty: d.duty.Version, Preparing: s.preparing.Load(), Flows: map[string]*caseflow.Flow{}}
	for _, p := range d.places {
		v.Places = append(v.Places, p)
	}
	slices.SortFunc(v.Places, func(a, b Place) int { return compare(a.Code, b.Code) })
	v.Units = s.Dir.Tree().All()
	for _, name := range append([]string{"appeal"}, subFlows...) {
		v.Flows[name] = s.Engine.Flow(name)
	}
	for _, step := range d.limits.rules.Ladder {
		v.Ladder = append(v.Ladder, LadderLevel{step.Level, step.Name})
	}
	return &httpapi.Body[districtView]{Body: v}, nil
}

func compare(a, b string) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

type fileInput struct {
	Body struct {
		Channel   string            `json:"channel,omitempty" doc:"Code of a channel; 'web' when absent"`
		Kind      string            `json:"kind,omitempty" doc:"Code of a kind"`
		Title     string            `json:"title,omitempty"`
		Text      string            `json:"text" doc:"5 to 4,000 characters"`
		Address   string            `json:"address,omitempty" doc:"As the citizen writes it; a pin or nothing is also fine"`
		Lon       *float64          `json:"lon,omitempty" doc:"WGS-84"`
		Lat       *float64          `json:"lat,omitempty"`
		Secrecy   Secrecy           `json:"secrecy,omitempty" enum:"open,confidential,anonymous"`
		Files     []string          `json:"files,omitempty"`
		Appellant map[string]string `json:"appellant,omitempty" doc:"name, phone, id_number, address: as told to an agent, or by a stranger who wants to be called"`
		About     string            `json:"about,omitempty" doc:"Unit complained of: it will not see the appellant"`
		Class     string            `json:"class,omitempty" doc:"Urgency, by an agent"`
	}
}

func (s *Service) fileAppeal(ctx context.Context, in *fileInput) (*httpapi.Body[Filed], error) {
	b := in.Body
	who := httpapi.Actor(ctx)
	it := Intake{Channel: b.Channel, Kind: b.Kind, Title: b.Title, Text: b.Text, Address: b.Address, Lon: b.Lon, Lat: b.Lat, Secrecy: b.Secrecy, Files: b.Files, About: b.About}
	if it.Channel == "" {
		it.Channel = "web"
	}
	if who.HasAny("agent", "dispatcher") {
		it.Class = b.Class
	}
	it.Appellant = vault.Identity{}
	for k, v := range b.Appellant {
		switch kind := vault.Kind(k); kind {
		case vault.Name, vault.Phone, vault.IDNumber, vault.Email, vault.Address:
			it.Appellant[kind] = v
		default:
			return nil, httpapi.FailField("appellant."+k, "unknown")
		}
	}
	filed, err := s.File(ctx, who, it)
	return httpapi.Answer(filed, err)
}

// ListInput narrows a list of appeals; an export is narrowed by the same.
type ListInput struct {
	Q           string   `query:"q" doc:"Words: all must be there"`
	Major       string   `query:"major" enum:"true,false," doc:"On the board of what leaders watch (重大件)"`
	Watched     string   `query:"watched" enum:"true,false," doc:"Watched by the caller (关注)"`
	Near        string   `query:"near" enum:"true,false," doc:"Handling due within 24 hours"`
	ClosedSince string   `query:"closed_since" doc:"Date from which it was closed"`
	DueSince    string   `query:"due_since" doc:"Date from which its handling limit ended"`
	DueUntil    string   `query:"due_until" doc:"Date before which its handling limit ended, or now"`
	RatedSince  string   `query:"rated_since" doc:"Date from which it was rated"`
	State       []string `query:"state" doc:"States of the flow"`
	Open        string   `query:"open" enum:"true,false,"`
	Late        string   `query:"late" enum:"true,false,"`
	Unit        string   `query:"unit" doc:"Code of a unit; includes what lies below it"`
	Alone       string   `query:"alone" enum:"true,false," doc:"The unit alone, not what lies below it"`
	Street      string   `query:"street"`
	Item        string   `query:"item" doc:"Code of a duty item, or its beginning"`
	Class       string   `query:"class"`
	Kind        string   `query:"kind"`
	Source      string   `query:"source" doc:"Where it was imported from"`
	Since       string   `query:"since" doc:"Date (2026-11-01) from which, in the district's time"`
	Until       string   `query:"until" doc:"Date before which"`
	Order       string   `query:"order" enum:"newest,due," doc:"newest (default) or due"`
	After       string   `query:"after" doc:"Key of the next page, from the page before"`
	Limit       int      `query:"limit" minimum:"0" maximum:"200"`
}

func (in *ListInput) filter(who account.Actor, now time.Time, zone *time.Location) (Filter, error) {
	f := Filter{Q: in.Q, Near: in.Near == "true", Major: in.Major == "true", State: in.State, Unit: in.Unit, Alone: in.Alone == "true", Street: in.Street, Item: in.Item, Class: in.Class, Kind: in.Kind, Source: in.Source, After: in.After, Limit: in.Limit,
		ByDue: in.Order == "due" && in.Q == ""} // words are found newest first
	if in.Watched == "true" {
		f.Watched = who.Account
	}
	for _, b := range []struct {
		s    string
		into **bool
	}{{in.Open, &f.Open}, {in.Late, &f.Late}} {
		if b.s != "" {
			v := b.s == "true"
			*b.into = &v
		}
	}
	for field, b := range map[string]struct {
		s    string
		into *store.ID
	}{"since": {in.Since, &f.Since}, "until": {in.Until, &f.Until}} {
		if b.s == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, b.s, zone)
		if err != nil {
			return f, httpapi.FailField(field, "not_a_time")
		}
		*b.into = store.IDAt(t)
	}
	for field, b := range map[string]struct {
		s    string
		into *time.Time
	}{"closed_since": {in.ClosedSince, &f.ClosedSince}, "due_since": {in.DueSince, &f.DueSince}, "due_until": {in.DueUntil, &f.DueUntil}, "rated_since": {in.RatedSince, &f.RatedSince}} {
		if b.s == "" {
			continue
		}
		if b.s == "now" {
			*b.into = now
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, b.s, zone)
		if err != nil {
			return f, httpapi.FailField(field, "not_a_time")
		}
		*b.into = t
	}
	return f, nil
}

func (s *Service) listAppeals(ctx context.Context, in *ListInput) (*httpapi.Body[httpapi.Page[Row]], error) {
	f, err := in.filter(httpapi.Actor(ctx), s.Store.Now(), s.district.Load().zone)
	if err != nil {
		return nil, err
	}
	return s.page(ctx, f)
}

func (s *Service) page(ctx context.Context, f Filter) (*httpapi.Body[httpapi.Page[Row]], error) {
	rows, next, err := s.list(ctx, httpapi.Actor(ctx).Scope(), f)
	if errors.Is(err, errBadKey) {
		return nil, httpapi.FailField("after", "invalid")
	}
	return httpapi.Answer(httpapi.Page[Row]{Items: rows, Next: next}, err)
}

func (s *Service) listQueue(ctx context.Context, in *struct {
	ListInput
	Mine bool `query:"mine" doc:"Only what is assigned to the caller"`
}) (*httpapi.Body[httpapi.Page[Row]], error) {
	who := httpapi.Actor(ctx)
	f, err := in.filter(httpapi.Actor(ctx), s.Store.Now(), s.district.Load().zone)
	if err != nil {
		return nil, err
	}
	f.Desks = s.Engine.Desks(who)
	f.ByDue = in.Order != "newest" && f.Q == ""
	if in.Mine {
		f.Assignee = who.Account
	}
	return s.page(ctx, f)
}

// MapPoint is where an appeal is, with as much of it as a dot on a map shows.
type MapPoint struct {
	ID    store.ID `json:"id"`
	No    string   `json:"no"`
	Title string   `json:"title"`
	Lon   float64  `json:"lon" doc:"WGS-84"`
	Lat   float64  `json:"lat"`
	Class string   `json:"class"`
	State string   `json:"state"`
	Unit  string   `json:"unit,omitempty"`
	Late  bool     `json:"late"`
	// Around says that nobody gave a point.
	Around bool `json:"around,omitempty" doc:"The middle of its community: no point was given"`
}

// MapPoints are the newest points of a filter.
type MapPoints struct {
	Points   []MapPoint `json:"points"`
	Unplaced int        `json:"unplaced" doc:"How many of those looked at have neither a point nor a community"`
	More     bool       `json:"more" doc:"There are older ones that were not looked at"`
}

// mapRows bounds the rows that one map looks at.
const mapRows = 5000

func (s *Service) mapPoints(ctx context.Context, in *ListInput) (*httpapi.Body[MapPoints], error) {
	f, err := in.filter(httpapi.Actor(ctx), s.Store.Now(), s.district.Load().zone)
	if err != nil {
		return nil, err
	}
	f.Limit, f.ByDue = 200, false
	out, places := MapPoints{Points: []MapPoint{}}, s.district.Load().places
	for looked := 0; ; looked += f.Limit {
		rows, next, err := s.list(ctx, httpapi.Actor(ctx).Scope(), f)
		if errors.Is(err, errBadKey) {
			return nil, httpapi.FailField("after", "invalid")
		}
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			p := MapPoint{ID: r.ID, No: r.No, Title: r.Title, Class: r.Class, State: r.State, Unit: r.Unit, Late: r.Late}
			if r.Lon != nil && r.Lat != nil {
				p.Lon, p.Lat = *r.Lon, *r.Lat
			} else if c, ok := places[r.Community]; ok && c.Lon != 0 {
				p.Lon, p.Lat, p.Around = c.Lon, c.Lat, true
			} else {
				out.Unplaced++
				continue
			}
			out.Points = append(out.Points, p)
		}
		if f.After = next; next == "" || looked+f.Limit >= mapRows {
			out.More = next != ""
			return httpapi.Answer(out, nil)
		}
	}
}

type idInput struct {
	ID httpapi.PathID `path:"id"`
}

// Detail is one page a matter: everything on it.
type Detail struct {
	Row
	Appeal    Appeal             `json:"appeal"`
	Files     []string           `json:"files"`
	Reply     []string           `json:"reply_files"`
	Appellant *Contact           `json:"appellant,omitempty" doc:"Absent where the caller may not know even that"`
	Call      bool               `json:"call" doc:"Whether the caller may call the appellant through a lent number"`
	Clocks    []caseflow.Clock   `json:"clocks"`
	Timeline  []Moment           `json:"timeline"`
	Allowed   []*caseflow.Action `json:"allowed" doc:"What the engine will accept from the caller now"`
	CoTasks   []CoTask           `json:"co_tasks,omitempty"`
	Appointed *Appointment       `json:"appointment,omitempty" doc:"The newest appointment with the citizen (预约)"`
	Parts     []Part             `json:"parts,omitempty" doc:"The parts of its message (一诉多求), itself included"`
	Watching  bool               `json:"watching,omitempty" doc:"Whether the caller watches it (关注)"`
	Letter    string             `json:"letter,omitempty" doc:"Number of the conclusion letter that went to the appellant, who reads it by read-letter"`
	Followers int                `json:"followers" doc:"How many more report the same"`
	Ratings   []Rating           `json:"ratings,omitempty" doc:"All that were given, the first one first"`
	Alerts    []string           `json:"alerts,omitempty" doc:"Why an alert is open"`
	Ruling    *Ruling            `json:"ruling,omitempty" doc:"The ruling that binds"`
	Major     bool               `json:"major,omitempty" doc:"On the board of what leaders watch"`
	Carries   int                `json:"carries,omitempty" doc:"How many appeals are handled with it (并案)"`
	CarriedBy string             `json:"carried_by,omitempty" doc:"Number of the appeal that carries it"`
}

// Contact is what may be shown of the appellant without a reason.
type Contact struct {
	Name    string  `json:"name"`
	Phone   string  `json:"phone"`
	Secrecy Secrecy `json:"secrecy"`
	Reveal  bool    `json:"reveal" doc:"Whether the caller may ask to see more, with a reason"`
}

// Moment is one event of the timeline as people read it.
type Moment struct {
	Seq    int            `json:"seq"`
	At     store.Time     `json:"at,omitzero"`
	Action string         `json:"action"`
	Title  caseflow.Text  `json:"title"`
	Unit   string         `json:"unit,omitempty"`
	Actor  string         `json:"actor,omitempty"`
	From   string         `json:"from,omitempty"`
	To     string         `json:"to,omitempty"`
	Form   map[string]any `json:"form,omitempty"`
	Item   string         `json:"item_name,omitempty" doc:"What people call the item that the form names"`
	For    string         `json:"for,omitempty" doc:"Who delegated the role to the actor"`
	Mark   *caseflow.Mark `json:"mark,omitempty"`
}

func (s *Service) getAppealPage(ctx context.Context, in *idInput) (*httpapi.Body[Detail], error) {
	who, err := s.withTracking(ctx, in.ID.ID)
	if err != nil {
		return nil, err
	}
	d, err := s.Detail(ctx, who, in.ID.ID)
	return httpapi.Answer(d, err)
}

// withTracking is the caller; a stranger with the tracking code of this appeal
// acts as its appellant.
func (s *Service) withTracking(ctx context.Context, id store.ID) (account.Actor, error) {
	who := httpapi.Actor(ctx)
	code := httpapi.Tracking(ctx)
	if code == "" {
		if who.IsStranger() {
			return who, httpapi.Fail(http.StatusUnauthorized, "sign_in")
		}
		return who, nil
	}
	found, person, err := s.byTracking(ctx, code)
	if err != nil || found != id && !s.isPart(ctx, found, id) {
		return who, errors.Join(caseflow.ErrNotFound)
	}
	return account.NewActor(s.Dir, account.Account{Kind: account.Citizen, Person: person}, account.Grant{Role: account.RoleCitizen}), nil
}

func (s *Service) byTracking(ctx context.Context, code string) (id, person store.ID, err error) {
	err = s.Store.QueryRow(ctx, `SELECT a.id, m.applicant FROM appeal a JOIN matter m ON m.id = a.id WHERE a.tracking = ?`, s.Keys.MAC("tracking", code)).Scan(&id, &person)
	if err != nil {
		return 0, 0, caseflow.ErrNotFound
	}
	return id, person, nil
}

func (s *Service) track(ctx context.Context, in *struct {
	Code string `path:"code"`
}) (*httpapi.Body[Filed], error) {
	id, _, err := s.byTracking(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(Filed{ID: id, No: m.No, Tracking: in.Code, Due: m.TotalDue}, nil)
}

// Detail is the page of one appeal for one who asks. What they may not see is
// absent from it.
func (s *Service) Detail(ctx context.Context, who account.Actor, id store.ID) (Detail, error) {
	var d Detail
	if err := s.visible(ctx, s.Store, who, id); err != nil {
		return d, err
	}
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return d, err
	}
	own := m
	if m.Parent != 0 { // a co-task shows the appeal that it helps with
		if own, err = caseflow.Get(ctx, s.Store, m.Parent); err != nil {
			return d, err
		}
	}
	if d.Appeal, err = getAppeal(ctx, s.Store, own.ID); err != nil {
		return d, err
	}
	a := &d.Appeal
	rows := []Row{{Matter: *m, Channel: a.Channel, Kind: a.Kind, Street: a.Street, Community: a.Community, Lon: a.Lon, Lat: a.Lat, UrgentWords: a.UrgentWords, Synthetic: a.Synthetic}}
	s.name(rows)
	d.Row = rows[0]
	_ = json.Unmarshal([]byte(a.Files), &d.Files)
	_ = json.Unmarshal([]byte(a.ReplyFiles), &d.Reply)
	isAppellant := who.Person != 0 && who.Person == own.Applicant
	d.Call = s.mayCall(who, own, a)
	if d.Appellant, err = s.contact(ctx, who, own, a); err != nil {
		return d, err
	}
	if isAppellant && a.Original != 0 {
		if text, err := s.Vault.OwnText(ctx, s.Store, a.Original); err == nil {
			a.Text = text
		}
	}
	if d.Clocks, err = caseflow.Clocks(ctx, s.Store, id); err != nil {
		return d, err
	}
	events, err := caseflow.Events(ctx, s.Store, id)
	if err != nil {
		return d, err
	}
	outside := isAppellant || who.Kind == account.Citizen
	d.Timeline = s.timeline(ctx, m, events, outside)
	if isAppellant && m.Parent == 0 {
		if err := s.carriedStory(ctx, &d, m, events); err != nil {
			return d, err
		}
	}
	if outside {
		d.Clocks = slices.DeleteFunc(d.Clocks, func(c caseflow.Clock) bool { return c.Name != "total" })
		if a.About != "" && !isAppellant {
			a.About = ""
		}
		if s.replyHidden(m) {
			a.Reply, a.Result, d.Reply = "", "", nil
		}
	}
	if d.Allowed, err = s.Engine.Allowed(ctx, s.Store, m, who); err != nil {
		return d, err
	}
	if d.Allowed = s.askEvidence(m, d.Allowed); d.Allowed == nil {
		d.Allowed = []*caseflow.Action{}
	}
	if !outside {
		if d.CoTasks, err = s.coTasks(ctx, own.ID); err != nil {
			return d, err
		}
	}
	if err := s.Store.QueryRow(ctx, `SELECT (SELECT count(*) FROM appeal_follower WHERE appeal = ?), EXISTS (SELECT 1 FROM appeal_watch WHERE account = ? AND appeal = ?)`, int64(own.ID), int64(who.Account), int64(own.ID)).Scan(&d.Followers, &d.Watching); err != nil {
		return d, err
	}
	if !outside || isAppellant {
		if d.Parts, err = s.seenParts(ctx, who, own, isAppellant); err != nil {
			return d, err
		}
	}
	return d, s.more(ctx, &d, own, isAppellant, outside)
}

// more adds what hangs on an appeal. Who rated reads the ratings; another citizen
// does not.
func (s *Service) more(ctx context.Context, d *Detail, own *caseflow.Matter, isAppellant, outside bool) (err error) {
	if !outside || isAppellant {
		if d.Ratings, err = ratingsOf(ctx, s.Store, own.ID); err != nil {
			return err
		}
		if _, l, err := s.delivered(ctx, s.Store, own); err == nil {
			d.Letter = l.Number
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if own.Vars["appointments"] > 0 {
			a, err := appointmentOf(ctx, s.Store, own.ID)
			if err != nil {
				return err
			}
			d.Appointed = &a
		}
	}
	if outside {
		return nil
	}
	if own.Merged != 0 {
		m, err := caseflow.Get(ctx, s.Store, own.Merged)
		if err != nil {
			return err
		}
		d.CarriedBy = m.No
	}
	d.Major = own.Vars["major"] > own.Vars["major_ended"]
	if own.Vars["rulings"] > 0 {
		r, err := s.lastRuling(ctx, s.Store, own.ID)
		if err == nil {
			d.Ruling = &r
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	reasons, err := store.Select[string](ctx, s.Store, `SELECT reasons FROM appeal_alert WHERE appeal = ? AND ended_at IS NULL AND reasons NOT LIKE '%`+whyPressure+`%'`, own.ID)
	if err != nil {
		return err
	}
	for _, r := range reasons {
		var why []string
		_ = json.Unmarshal([]byte(r), &why)
		d.Alerts = append(d.Alerts, why...)
	}
	return s.Store.QueryRow(ctx, `SELECT count(*) FROM matter WHERE merged = ?`, own.ID).Scan(&d.Carries)
}

// replyHidden says that the newest reply has not passed review, so the
// appellant does not see it yet.
func (s *Service) replyHidden(m *caseflow.Matter) bool {
	return slices.Contains([]string{"unit_review", "platform_review", "handling", "extension_review"}, m.State)
}

// contact is what one may know of the appellant: the platform's own people see
// a masked name and phone; a unit sees them for open appeals that are not about
// it; a citizen sees nothing of another.
func (s *Service) contact(ctx context.Context, who account.Actor, m *caseflow.Matter, a *Appeal) (*Contact, error) {
	if m.Applicant == 0 {
		return nil, nil
	}
	mine := who.Person != 0 && who.Person == m.Applicant
	platform := who.Scope().All
	tree := s.Dir.Tree()
	concerned := a.About != "" && slices.ContainsFunc(who.Grants, func(g account.Grant) bool { return tree.Within(a.About, g.Unit) || tree.Within(g.Unit, a.About) })
	switch {
	case mine:
	case who.Kind == account.Citizen, a.Secrecy == Anonymous, concerned && !platform:
		return nil, nil
	case !platform && a.Secrecy != OpenTo:
		return nil, nil
	}
	p, err := s.Vault.Masked(ctx, s.Store, m.Applicant)
	if err != nil {
		return nil, err
	}
	return &Contact{Name: p.Name, Phone: p.Phone, Secrecy: a.Secrecy, Reveal: platform && who.HasAny("agent", "follow_up", "supervisor", "dispatcher") && a.Secrecy != Anonymous}, nil
}

// timeline is the events as people read them. Outside the house only what the
// flow marks as public is told, and of that not who did it.
func (s *Service) timeline(ctx context.Context, m *caseflow.Matter, events []caseflow.Event, outside bool) []Moment {
	f := s.Engine.Flow(m.Flow)
	tree := s.Dir.Tree()
	names := map[store.ID]string{}
	called := func(id store.ID) string {
		if _, ok := names[id]; !ok && id != 0 {
			var name string
			_ = s.Store.QueryRow(ctx, `SELECT name FROM account WHERE id = ? AND kind <> 'citizen'`, int64(id)).Scan(&name)
			names[id] = name
		}
		return names[id]
	}
	out := []Moment{}
	for _, e := range events {
		action := f.Actions[e.Action]
		if outside && (action == nil || !action.Public) {
			continue
		}
		mo := Moment{Seq: e.Seq, At: e.At, Action: e.Action, From: e.Source, To: e.Target, Form: e.Data.Form, Mark: e.Data.Mark}
		switch {
		case action != nil:
			mo.Title = action.Title
		default:
			mo.Title = engineTitles[e.Action]
		}
		if e.Unit != "" {
			mo.Unit = tree.Name(e.Unit)
		}
		if outside {
			mo.Form = publicForm(e)
		} else {
			mo.Actor, mo.For = called(e.Actor), called(e.Data.For)
			if it := s.district.Load().duty.Item(formText(e.Data.Form, "item")); it != nil {
				mo.Item = it.Name()
			}
		}
		out = append(out, mo)
	}
	return out
}

var engineTitles = map[string]caseflow.Text{
	caseflow.Imported:       {"zh": "导入", "en": "Imported"},
	caseflow.Marked:         {"zh": "时限提醒", "en": "A clock passed a mark"},
	caseflow.Recalendared:   {"zh": "日历更正，时限重算", "en": "Calendar corrected"},
	caseflow.Merge:          {"zh": "并案", "en": "Merged"},
	caseflow.Absorb:         {"zh": "并入一件", "en": "Another was merged into it"},
	caseflow.Split:          {"zh": "拆分", "en": "Split"},
	caseflow.Release:        {"zh": "拆出一件", "en": "Another was split from it"},
	caseflow.Bound:          {"zh": "以市平台时限为准", "en": "The city's deadline binds"},
	caseflow.Assign:         {"zh": "指派", "en": "Assigned"},
	caseflow.CloseWithOther: {"zh": "随主件办结", "en": "Closed with the other"},
	caseflow.Follow:         {"zh": "随主件答复", "en": "Answered with the other"},
	"note":                  {"zh": "内部备注", "en": "Internal note"}, // of flows before notes stood beside the events
}

// publicForm is what of a form the citizen sees: what was said to them.
func publicForm(e caseflow.Event) map[string]any {
	show := map[string][]string{"progress": {"note", "files"}, "refuse": {"reply"}, "refer_conclusion": {"reply", "basis"}, "answer": {"reply"}, "add": {"note", "files"}, "urge": {"note"}, "rate": {"solved", "result", "manner", "speed", "note", "contacted"},
		"suspend": {"reason", "until"}, "remedy": {"note", "files"}, "justify": {"reply", "basis"}, "report_pressure": {"note"}, "answer_mass": {"note"}, "approve_extension": {"length"}, "contact": {"how", "reached"}, "three_way": {"unit", "started", "minutes", "outcome"},
		"appoint": {"how", "from", "until", "where", "purpose"}, "move_appointment": {"from", "until", "by", "reason"}, "miss_appointment": {"by", "reason"}, "reopen": {"note"}, "withdraw": {"note"}}
	out := map[string]any{}
	for _, k := range show[e.Action] {
		if v, ok := e.Data.Form[k]; ok {
			out[k] = v
		}
	}
	return out
}

type actInput struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		Version int    `json:"version,omitempty" doc:"What the caller saw; another's action since then is a conflict"`
		Steps   []Step `json:"steps" minItems:"1" maxItems:"5"`
	}
}

func (s *Service) act(ctx context.Context, in *actInput) (*httpapi.Body[caseflow.Matter], error) {
	who, err := s.withTracking(ctx, in.ID.ID)
	if err != nil {
		return nil, err
	}
	m, err := s.Act(ctx, who, in.ID.ID, in.Body.Version, in.Body.Steps)
	if err != nil {
		return nil, err
	}
	return &httpapi.Body[caseflow.Matter]{Body: *m}, nil
}

func (s *Service) assign(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		Version int      `json:"version,omitempty"`
		To      store.ID `json:"to" doc:"An account of the unit; empty gives it back to the unit"`
	}
}) (*httpapi.Body[caseflow.Matter], error) {
	who := httpapi.Actor(ctx)
	var m *caseflow.Matter
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if err := s.visible(ctx, tx, who, in.ID.ID); err != nil {
			return err
		}
		if in.Body.To != 0 {
			to, err := s.Accounts.Actor(ctx, tx, in.Body.To)
			if err != nil {
				return httpapi.FailField("to", "no_such_person")
			}
			held, err := caseflow.Get(ctx, tx, in.ID.ID)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(to.Grants, func(g account.Grant) bool { return s.Dir.Tree().Within(held.Unit, g.Unit) }) {
				return httpapi.FailField("to", "no_such_person")
			}
		}
		m, err = s.Engine.Assign(ctx, tx, in.ID.ID, in.Body.Version, who, in.Body.To)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &httpapi.Body[caseflow.Matter]{Body: *m}, nil
}

func (s *Service) reveal(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"2" maxLength:"300"`
	}
}) (*httpapi.Body[map[string]string], error) {
	who := httpapi.Actor(ctx)
	out := map[string]string{}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, a, err := s.seen(ctx, tx, who, in.ID.ID)
		if err != nil {
			return err
		}
		c, err := s.contact(ctx, who, m, a)
		if err != nil {
			return err
		}
		if c == nil || !c.Reveal {
			return httpapi.Fail(http.StatusForbidden, "forbidden")
		}
		by := vault.Access{Actor: who.Account, Unit: who.Unit, Object: "matter/" + in.ID.ID.String(), Reason: in.Body.Reason}
		id, err := s.Vault.Reveal(ctx, tx, m.Applicant, by)
		if err != nil {
			return err
		}
		for k, v := range id {
			out[string(k)] = v
		}
		if a.Original != 0 {
			if out["text"], err = s.Vault.RevealText(ctx, tx, a.Original, by); err != nil {
				return err
			}
		}
		unit := s.Dir.Tree().Name(who.Unit)
		return s.Notices.Tell(ctx, tx, notice.Note{Name: "revealed", Person: m.Applicant, About: by.Object, Link: "/looks", Words: map[string]string{"no": m.No, "unit": unit, "reason": text.Mask(in.Body.Reason)}})
	})
	return httpapi.Answer(out, err)
}

// LookView is one sight of a person's data as that person reads it.
type LookView struct {
	At     store.Time `json:"at,omitzero"`
	Unit   string     `json:"unit"`
	No     string     `json:"no,omitempty"`
	What   string     `json:"what"`
	Reason string     `json:"reason"`
}

func (s *Service) looks(ctx context.Context, _ *struct{}) (*httpapi.Body[[]LookView], error) {
	who := httpapi.Actor(ctx)
	out := []LookView{}
	if who.Person == 0 {
		return httpapi.Answer(out, nil)
	}
	looks, err := s.Vault.Looks(ctx, who.Person)
	for _, l := range looks {
		v := LookView{At: l.At, Unit: s.Dir.Tree().Name(l.Unit), What: l.What, Reason: l.Reason}
		if id, err := store.ParseID(l.Object[len("matter/"):]); err == nil {
			_ = s.Store.QueryRow(ctx, `SELECT no FROM matter WHERE id = ?`, int64(id)).Scan(&v.No)
		}
		out = append(out, v)
	}
	return httpapi.Answer(out, err)
}

func (s *Service) join(ctx context.Context, in *idInput) (*httpapi.Body[Filed], error) {
	who := httpapi.Actor(ctx)
	var filed Filed
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, err := caseflow.Get(ctx, tx, in.ID.ID)
		if err != nil {
			return err
		}
		if !m.Open || m.Flow != "appeal" {
			return caseflow.ErrNotFound
		}
		filed = Filed{ID: m.ID, No: m.No, Due: m.TotalDue}
		if m.Applicant == who.Person {
			return nil
		}
		_, err = tx.Exec(ctx, `INSERT INTO appeal_follower (appeal, person, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, m.ID, who.Person, store.At(s.Store.Now()))
		return err
	})
	return httpapi.Answer(filed, err)
}
