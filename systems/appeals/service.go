package appeals

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/blob"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/language"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
	"shanzhi/systems/appeals/closing"
)

//go:embed flows/*.yaml
var flows embed.FS

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this system.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "appeals", Migrations: files}
}

// System is the name under which the engine knows this system's matters.
const System = "appeal"

// Service is the use cases of civic appeals.
type Service struct {
	Store    *store.Store
	Engine   *caseflow.Engine
	Vault    *vault.Vault
	Accounts *account.Accounts
	Dir      *account.Directory
	Bus      *event.Bus
	Packs    *pack.Packs
	Numbers  *store.Numbers
	Files    *blob.Files
	Keys     account.Sealer
	Notices  *notice.Notices
	Relay    adapter.Relay
	Audit    *audit.Log         // what proofs are made of
	Facts    *rule.Sources      // where profile tags are asked; nil: nowhere
	Polisher *language.Polisher // nil: no language model

	district  inForce
	preparing atomic.Int64 // thousandths of the demonstration that are made; 0 when none is being made
	imports   importDesk
	rankers   rankers
	shelf     dutyShelf
	topics    topicDesk
	leads     leadDesk
	reporting sync.Mutex // held while a report is read

	LeadSources []LeadSource      // other systems whose events are leads
	City        *adapter.CityPeer // the city platform (市平台); nil: none is connected
}

// Preparing tells screens how much of a demonstration is made, in thousandths.
func (s *Service) Preparing(thousandths int64) { s.preparing.Store(thousandths) }

// district is what the pack in force says, compiled.
type district struct {
	manifest  pack.Manifest
	zone      *time.Location
	limits    *Limits
	words     *Words
	duty      *DutyList
	places    map[string]Place
	locate    *locator
	dispatch  DispatchSettings
	rotations map[string]*rotation
	assess    *assessBook
	topics    TopicSettings
	leads     LeadSettings
	reports   *reportBook
	open311   *catalogue
	city      *cityBook
	quality   *qualityBook
	tags      *tagBook
	closing   *closing.Settings // nil where the pack has none: nothing is judged
	from      time.Time         // when its duty list takes over
	next      *district         // the same under the next one, if that is published
}

// Place is a street or a community of the district.
type Place struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	NameEN string  `json:"name_en,omitempty"`
	Level  string  `json:"level"` // district, street, community
	Parent string  `json:"parent,omitempty"`
	Lon    float64 `json:"lon"`
	Lat    float64 `json:"lat"`
}

// Check implements pack.Part.
func (s *Service) Check(files fs.FS) error {
	_, err := compileDistrict(files)
	return err
}

// Reload takes over what the pack in force says now.
func (s *Service) Reload(ctx context.Context) error {
	files, err := s.Packs.Current(ctx)
	if err != nil {
		return err
	}
	if files == nil {
		return errors.New("appeals: no district pack is loaded")
	}
	d, err := compileDistrict(files)
	if err != nil {
		return err
	}
	if d, err = s.underDuty(ctx, d, files); err != nil {
		return err
	}
	s.district.now = s.Store.Now
	s.district.p.Store(d)
	return nil
}

func compileDistrict(files fs.FS) (*district, error) {
	m, err := pack.ReadManifest(files)
	if err != nil {
		return nil, err
	}
	d := &district{manifest: m, zone: m.Zone()}
	var lerr, werr, derr, perr, gerr, serr, rerr, aerr, cerr, terr, berr error
	d.limits, lerr = ReadLimits(files, "", m.Calendar)
	d.words, werr = ReadWords(files)
	d.duty, derr = ReadDuty(files, m.Version)
	d.places, perr = readPlaces(files)
	d.locate, gerr = newLocator(files)
	d.dispatch, serr = ReadDispatch(files)
	d.topics, terr = ReadTopics(files)
	d.rotations, rerr = readRotations(files)
	d.assess, aerr = readIndicators(files)
	d.closing, cerr = closing.Read(files)
	d.reports, berr = readReports(files, m.Calendar)
	if err := errors.Join(lerr, werr, derr, perr, gerr, serr, rerr, aerr, cerr, terr, berr); err != nil {
		return nil, err
	}
	if d.leads, err = ReadLeads(files, d.words); err != nil {
		return nil, err
	}
	if d.open311, err = readCatalogue(files, d.duty, d.words); err != nil {
		return nil, err
	}
	if d.city, err = readCity(files, d); err != nil {
		return nil, err
	}
	if d.quality, err = readQuality(files, d.words); err != nil {
		return nil, err
	}
	if d.tags, err = readTags(files); err != nil {
		return nil, err
	}
	cals, err := pack.Calendars(files)
	if err != nil {
		return nil, err
	}
	d.limits.working = map[string]bool{}
	for _, c := range cals {
		d.limits.working[c.Name()] = c.Kind() == calendar.Working
	}
	d.limits.handleClass = d.duty.handleClass
	return d, nil
}

func readPlaces(files fs.FS) (map[string]Place, error) {
	rows, err := pack.Table(files, "places.csv", "code", "name", "level", "parent", "lon", "lat")
	if err != nil {
		return nil, err
	}
	out := map[string]Place{}
	for i, r := range rows {
		p := Place{Code: r["code"], Name: r["name"], NameEN: r["name_en"], Level: r["level"], Parent: r["parent"]}
		if _, err := fmt.Sscan(r["lon"]+" "+r["lat"], &p.Lon, &p.Lat); err != nil {
			return nil, fmt.Errorf("places.csv line %d: %s: lon and lat must be numbers", i+2, p.Code)
		}
		out[p.Code] = p
	}
	return out, nil
}

// Register brings the system to the engine.
func (s *Service) Register(ctx context.Context) error {
	names, err := fs.Glob(flows, "flows/*.yaml")
	if err != nil {
		return err
	}
	sys := &caseflow.System{Name: System, Limits: limitsOf{s}, Effects: s.effects(), Facts: s.facts, Mask: s.maskText, Known: s.knownCodes, After: s.after, Followed: s.followed}
	for _, name := range names {
		body, err := fs.ReadFile(flows, name)
		if err != nil {
			return err
		}
		sys.Flows = append(sys.Flows, string(body))
	}
	return s.Engine.Register(ctx, sys)
}

// knownCodes answers whether what a form names is there.
func (s *Service) knownCodes(ctx context.Context, q store.Querier, a *caseflow.Action, f *form.Field, codes []string) (bool, error) {
	d := s.district.Load()
	known := func(string) bool { return true }
	switch f.Type {
	case "item":
		known = func(code string) bool { return d.duty.Item(code) != nil }
	case "place":
		known = func(code string) bool { _, ok := d.places[code]; return ok }
	case "class":
		known = func(code string) bool { return slices.Contains(classes, code) }
	case "list":
		known = func(code string) bool {
			if a.Name == "refuse" {
				return slices.ContainsFunc(d.words.Refusals, func(r Refusal) bool { return r.Code == code })
			}
			return slices.ContainsFunc(d.words.ReturnReasons, func(w Word) bool { return w.Code == code })
		}
	case "files":
		return s.Files.Exists(ctx, q, codes)
	}
	return !slices.ContainsFunc(codes, func(code string) bool { return !known(code) }), nil
}

// photos is how many photos prove that an item was handled (佐证要求): those from
// before and after are two.
func (i *DutyItem) photos() int {
	if i == nil {
		return 0
	}
	return map[string]int{"photo": 1, "before_after": 2}[i.Evidence]
}

// checkEvidence holds a reply to having no blank left of its draft, and one that
// says that something was done to the photos that its item asks for. Who explains
// why it cannot be done has nothing to show.
func (s *Service) checkEvidence(_ context.Context, _ *store.Tx, c *caseflow.Change) error {
	if len(text.Blanks(formText(c.Form, "reply"))) > 0 {
		return &caseflow.Refusal{Code: "form", Fields: map[string]string{"reply": "blanks"}}
	}
	files, _ := c.Form["files"].([]any)
	result, _ := c.Form["result"].(string)
	if done := result == "solved" || result == "partly"; done && len(files) < s.district.Load().duty.Item(c.Matter.Item).photos() {
		return &caseflow.Refusal{Code: "form", Fields: map[string]string{"files": "evidence"}}
	}
	return nil
}

// checkFixed holds what was fixed on the spot to photos from before and after.
func (s *Service) checkFixed(_ context.Context, _ *store.Tx, c *caseflow.Change) error {
	if files, _ := c.Form["files"].([]any); len(files) < 2 {
		return &caseflow.Refusal{Code: "form", Fields: map[string]string{"files": "before_after"}}
	}
	return nil
}

// askEvidence says at the photos of a reply how many are asked for.
func (s *Service) askEvidence(m *caseflow.Matter, allowed []*caseflow.Action) []*caseflow.Action {
	n := s.district.Load().duty.Item(m.Item).photos()
	if n == 0 {
		return allowed
	}
	hint := caseflow.Text{"zh": "该事项须附现场照片；结果为解释说明或依法无法解决的除外", "en": "The item asks for a photo of the place, unless the outcome is an explanation"}
	if n == 2 {
		hint = caseflow.Text{"zh": "该事项须附办理前、办理后照片，至少两张；结果为解释说明或依法无法解决的除外", "en": "The item asks for photos from before and after, two at least, unless the outcome is an explanation"}
	}
	for i, a := range allowed {
		if !slices.Contains(a.Effects, "evidence") {
			continue
		}
		asks := *a
		asks.Form = slices.Clone(a.Form)
		for j := range asks.Form {
			if asks.Form[j].Type == "files" {
				asks.Form[j].Hint = hint
			}
		}
		allowed[i] = &asks
	}
	return allowed
}

// limitsOf asks the limits in force at each call.
type limitsOf struct{ s *Service }

func (l limitsOf) Clock(m *caseflow.Matter, clock string, form map[string]any) (caseflow.ClockStart, bool) {
	return l.s.district.Load().limits.Clock(m, clock, form)
}

func (l limitsOf) Numbers(m *caseflow.Matter) map[string]any {
	return l.s.district.Load().limits.Numbers(m)
}

// facts are what the flow's guards read as fact.NAME.
func (s *Service) facts(ctx context.Context, q store.Querier, m *caseflow.Matter) (map[string]any, error) {
	switch m.Flow {
	case "appeal":
	case "objection":
		r, err := s.lastRuling(ctx, q, m.Parent)
		return map[string]any{"arbitrator": r.Arbitrator.String()}, err
	default:
		return nil, nil
	}
	a, err := getAppeal(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	since := func(t store.Time) float64 {
		if t.IsZero() {
			return 1e6 // never
		}
		return s.Store.Now().Sub(t.Time).Hours()
	}
	d := s.district.Load()
	visit := true
	if k, ok := d.words.Kind(a.Kind); ok {
		visit = k.Visit
	}
	if it := d.duty.Item(m.Item); it != nil {
		visit = visit && it.Visit
	}
	fallback := ""
	if m.Vars["rulings"] > 0 {
		r, err := s.lastRuling(ctx, q, m.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		fallback = r.Fallback
	}
	holder, _ := s.Dir.Tree().Unit(m.Unit)
	facts := map[string]any{"street": holder.Kind == account.Street || holder.Kind == account.Community, "fallback": fallback, "visit": visit, "reachable": m.Applicant != 0 && a.Secrecy != Anonymous, "rated": !a.RatedAt.IsZero(),
		"hours_since_urge": since(a.UrgedAt), "hours_since_dispatch": since(a.DispatchedAt), "last_approver": a.Approver, "city": a.Source == citySource}
	facts["concluded"] = false
	if m.State == "dispatching" {
		if facts["concluded"], err = concluded(ctx, q, m.ID); err != nil {
			return nil, err
		}
	}
	return facts, s.closingFacts(ctx, q, m, facts)
}

// maskKnown masks by form and, beyond that, what is known of the appellant word
// for word: their own name and numbers, wherever they stand.
func maskKnown(t string, who vault.Identity) string {
	for kind, value := range who {
		if utf8.RuneCountInString(value) < 2 {
			continue
		}
		masked := vault.MaskName(value)
		if kind == vault.Phone {
			masked = vault.MaskPhone(value)
		} else if kind != vault.Name {
			masked = strings.Repeat("*", utf8.RuneCountInString(value))
		}
		t = strings.ReplaceAll(t, value, masked)
	}
	return text.Mask(t)
}

// maskText takes personal data out of a text; where there was some, the
// original is kept under the appellant's own key.
func (s *Service) maskText(ctx context.Context, tx *store.Tx, m *caseflow.Matter, t string) (string, store.ID, error) {
	var who vault.Identity
	if m.Applicant != 0 {
		var err error
		if who, err = s.Vault.Own(ctx, tx, m.Applicant); err != nil && !errors.Is(err, vault.ErrErased) {
			return "", 0, err
		}
	}
	masked := maskKnown(t, who)
	if masked == t || m.Applicant == 0 {
		return masked, 0, nil
	}
	ref, err := s.Vault.PutText(ctx, tx, m.Applicant, "matter/"+m.ID.String(), t)
	return masked, ref, err
}

// maxFiles bounds the photos and videos of one filing.
const maxFiles = 9

// checkFiles says by a code that a form names a file that was not sent. That the
// store could not be asked is no fault of the form.
func (s *Service) checkFiles(ctx context.Context, files []string, code string) error {
	ok, err := s.Files.Exists(ctx, s.Store, files)
	if err == nil && !ok {
		err = httpapi.FailField("files", code)
	}
	return err
}

// File takes an appeal. It is masked, placed, given an urgency and a number,
// and stands on the dispatchers' desk; its citizen's clock runs. It returns a
// Refusal-like problem that names each wrong field.
func (s *Service) File(ctx context.Context, who account.Actor, in Intake) (Filed, error) {
	d := s.district.Load()
	if err := s.checkIntake(d, &in); err != nil {
		return Filed{}, err
	}
	if err := s.checkFiles(ctx, in.Files, "no_such_option"); err != nil {
		return Filed{}, err
	}
	now := s.Store.Now()
	no, err := s.number(ctx, d, now)
	if err != nil {
		return Filed{}, err
	}
	raw := make([]byte, 15)
	rand.Read(raw)
	tracking := httpapi.TrackingPrefix + strings.ToLower(base32.StdEncoding.EncodeToString(raw))
	identity, err := s.known(ctx, who, in)
	if err != nil {
		return Filed{}, err
	}
	a := Appeal{Channel: in.Channel, Kind: in.Kind, Secrecy: in.Secrecy, Text: maskKnown(in.Text, identity), Address: maskKnown(in.Address, identity), Lon: in.Lon, Lat: in.Lat,
		Tracking: s.Keys.MAC("tracking", tracking), Files: encodeList(in.Files), About: in.About, Source: in.Source, External: in.External, Synthetic: in.Synthetic,
		Suggestion: "{}", ReplyFiles: "[]", Asserted: "{}"}
	spot := d.locate.find(in.Lon, in.Lat, in.Address+" "+in.Title+" "+in.Text)
	a.Street, a.Community = spot.Street, spot.Community
	class := in.Class
	filed := Filed{No: no, Tracking: tracking}
	if urgent := d.words.emergencies(in.Title + " " + in.Text); len(urgent) > 0 {
		var words []string
		for _, e := range urgent {
			words = append(words, e.Word)
			if !slices.Contains(filed.Urgent, e.Number) {
				filed.Urgent = append(filed.Urgent, e.Number)
			}
		}
		a.UrgentWords = strings.Join(words, ";")
		if class == "" {
			class = urgent[0].Urgency
		}
	}
	if class == "" {
		class = Normal
	}
	title := maskKnown(in.Title, identity)
	if title == "" {
		title = firstClause(a.Text)
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		person, err := s.appellant(ctx, tx, who, in)
		if err != nil {
			return err
		}
		a.ID = tx.NewID()
		object := "matter/" + a.ID.String()
		a.Original = 0
		if a.Text != in.Text && person != 0 {
			if a.Original, err = s.Vault.PutText(ctx, tx, person, object, in.Text); err != nil {
				return err
			}
		}
		if err := insertAppeal(ctx, tx, &a); err != nil {
			return err
		}
		place := a.Community
		if place == "" {
			place = a.Street
		}
		m, err := s.Engine.Open(ctx, tx, caseflow.Opening{Flow: "appeal", Action: "file", ID: a.ID, Actor: who, At: now,
			Matter: caseflow.Matter{No: no, Class: class, Item: in.Item, Place: place, Title: title, Applicant: person}})
		if err != nil {
			return err
		}
		filed.ID, filed.Due = m.ID, m.TotalDue
		if in.Also != nil {
			if err := in.Also(ctx, tx, filed); err != nil {
				return err
			}
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, filed)
	})
	return filed, err
}

func (s *Service) checkIntake(d *district, in *Intake) error {
	in.Text, in.Title, in.Address = text.Clean(in.Text), text.Clean(in.Title), text.Clean(in.Address)
	if in.Secrecy == "" {
		in.Secrecy = OpenTo
	}
	if in.Kind == "" {
		in.Kind = "other"
	}
	switch n := utf8.RuneCountInString(in.Text); {
	case n < 5:
		return httpapi.FailField("text", "too_short")
	case n > 4000:
		return httpapi.FailField("text", "too_long")
	}
	if utf8.RuneCountInString(in.Title) > 100 {
		return httpapi.FailField("title", "too_long")
	}
	if utf8.RuneCountInString(in.Address) > 300 {
		return httpapi.FailField("address", "too_long")
	}
	if !slices.Contains([]Secrecy{OpenTo, Confidential, Anonymous}, in.Secrecy) {
		return httpapi.FailField("secrecy", "no_such_option")
	}
	if _, ok := d.words.Channel(in.Channel); !ok {
		return httpapi.FailField("channel", "no_such_option")
	}
	if _, ok := d.words.Kind(in.Kind); !ok {
		return httpapi.FailField("kind", "no_such_option")
	}
	if (in.Lon == nil) != (in.Lat == nil) {
		return httpapi.FailField("lon", "required")
	}
	if in.Lon != nil && (*in.Lon < -180 || *in.Lon > 180 || *in.Lat < -90 || *in.Lat > 90) {
		return httpapi.FailField("lon", "out_of_range")
	}
	if len(in.Files) > maxFiles {
		return httpapi.FailField("files", "too_many_values")
	}
	if in.Class != "" && !slices.Contains(classes, in.Class) {
		return httpapi.FailField("class", "no_such_option")
	}
	if in.About != "" {
		if _, ok := s.Dir.Tree().Unit(in.About); !ok {
			return httpapi.FailField("about", "no_such_unit")
		}
	}
	if p := in.Appellant[vault.Phone]; p != "" && !isPhone(p) {
		return httpapi.FailField("appellant.phone", "not_a_phone")
	}
	return nil
}

// isPhone accepts what can be dialled: 7 to 15 digits (ITU-T E.164 §6.2), with
// the usual separators.
func isPhone(s string) bool {
	n := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			n++
		case !strings.ContainsRune("+- ()", r):
			return false
		}
	}
	return n >= 7 && n <= 15
}

// known is all that is known of who files: what the vault has of a citizen who
// is signed in, and what is said now.
func (s *Service) known(ctx context.Context, who account.Actor, in Intake) (vault.Identity, error) {
	all := vault.Identity{}
	if who.Person != 0 {
		own, err := s.Vault.Own(ctx, s.Store, who.Person)
		if err != nil && !errors.Is(err, vault.ErrErased) {
			return nil, err
		}
		maps.Copy(all, own)
	}
	maps.Copy(all, in.Appellant)
	return all, nil
}

// appellant is the vault person of who files: the citizen who is signed in, the
// person whom the agent names (found by phone or new), or for an anonymous
// appeal a person of whom nothing is known.
func (s *Service) appellant(ctx context.Context, tx *store.Tx, who account.Actor, in Intake) (store.ID, error) {
	if in.Proactive {
		return 0, nil
	}
	if in.Secrecy == Anonymous {
		return s.Vault.NewPerson(ctx, tx, nil)
	}
	if who.Person != 0 {
		return who.Person, nil
	}
	persons, err := s.Vault.Find(ctx, tx, vault.Phone, in.Appellant[vault.Phone])
	if err != nil {
		return 0, err
	}
	if len(persons) > 0 {
		return persons[0], s.Vault.Update(ctx, tx, persons[0], in.Appellant)
	}
	return s.Vault.NewPerson(ctx, tx, in.Appellant)
}

// number is what people quote: the day and a running number, 20261123-000042.
func (s *Service) number(ctx context.Context, d *district, now time.Time) (string, error) {
	day := now.In(d.zone).Format("20060102")
	n, err := s.Numbers.Next(ctx, "appeal "+day)
	return fmt.Sprintf("%s-%06d", day, n), err
}

// firstClause makes a title of a text: its beginning, up to the first pause
// after a few words.
func firstClause(t string) string {
	runes := []rune(strings.Join(strings.Fields(t), " "))
	for i, r := range runes {
		if i >= 8 && strings.ContainsRune("，。！？；,.!?;", r) || i >= 28 {
			return string(runes[:i])
		}
	}
	return string(runes)
}

// Step is one action of a command.
type Step struct {
	Action string         `json:"action" maxLength:"40"`
	Form   map[string]any `json:"form,omitempty"`
}

// Act does one action, or several that belong together (sign and reply), all
// or none. version is what the caller saw; 0 does not mind.
func (s *Service) Act(ctx context.Context, who account.Actor, id store.ID, version int, steps []Step) (*caseflow.Matter, error) {
	var m *caseflow.Matter
	if err := s.judgeBefore(ctx, who, id, steps); err != nil {
		return nil, err
	}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := s.visible(ctx, tx, who, id); err != nil {
			return err
		}
		v := version
		for _, step := range steps {
			var err error
			if m, err = s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Version: v, Action: step.Action, Actor: who, Form: step.Form}); err != nil {
				return err
			}
			v = m.Version
		}
		return httpapi.Once(ctx, tx, http.StatusOK, m)
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// effects are what the flow's actions change of the appeal's own row.
func (s *Service) effects() map[string]caseflow.Effect {
	set := func(columns string, values func(c *caseflow.Change) []any) caseflow.Effect {
		return func(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
			_, err := tx.Exec(ctx, `UPDATE appeal SET `+columns+` WHERE id = ?`, append(values(c), c.Matter.ID)...)
			return err
		}
	}
	text := func(c *caseflow.Change, field string) string { return formText(c.Event.Data.Form, field) }
	answers := func(source string) caseflow.Effect {
		newest := set(`rated_at = ?, solved = ?, contacted = ?, score_result = ?, score_manner = ?, score_speed = ?`, func(c *caseflow.Change) []any {
			return []any{c.Event.At, text(c, "solved"), c.Form["contacted"], formNumber(c.Form, "result"), formNumber(c.Form, "manner"), formNumber(c.Form, "speed")}
		})
		return func(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
			return errors.Join(newest(ctx, tx, c), s.keepRating(ctx, tx, c, source))
		}
	}
	none := func(context.Context, *store.Tx, *caseflow.Change) error { return nil }
	return map[string]caseflow.Effect{
		"dispatched": both(set(`dispatched_at = ?, mode = ?`, func(c *caseflow.Change) []any {
			mode := text(c, "mode")
			if mode == "" {
				mode = "manual"
			}
			return []any{c.Event.At, mode}
		}), s.tookTurn),
		"open_co_tasks":     s.openCoTasks,
		"returned":          s.returned,
		"contacted":         set(`contacted_at = COALESCE(contacted_at, ?)`, func(c *caseflow.Change) []any { return []any{c.Event.At} }),
		"appointed":         s.appointed,
		"appointment_moved": s.appointmentMoved,
		"appointment_ended": s.appointmentEnded,
		"called_together":   s.calledTogether,
		"replied": set(`replied_at = ?, reply = ?, result = ?, reply_files = ?`, func(c *caseflow.Change) []any {
			return []any{c.Event.At, text(c, "reply"), text(c, "result"), encodeAny(c.Form["files"])}
		}),
		"fixed_on_site": both(s.checkFixed, set(`replied_at = ?, contacted_at = COALESCE(contacted_at, ?), reply = ?, result = 'solved', reply_files = ?`, func(c *caseflow.Change) []any {
			return []any{c.Event.At, c.Event.At, text(c, "reply"), encodeAny(c.Form["files"])}
		})),
		"divided":             s.divided,
		"rejoined":            s.rejoined,
		"referred":            s.referred,
		"refused":             set(`reply = ?, result = 'refused'`, func(c *caseflow.Change) []any { return []any{text(c, "reply")} }),
		"approved":            set(`approver = ?`, func(c *caseflow.Change) []any { return []any{c.Actor.Account.String()} }),
		"visited":             answers("visit"),
		"city_visited":        answers("city"),
		"rated":               both(answers("citizen"), s.alert),
		"pressed":             s.pressed,
		"disputed":            s.disputed,
		"ruled":               s.ruled,
		"ruling_contested":    s.rulingContested,
		"ruling_overturned":   s.rulingOverturned,
		"departments_called":  s.callDepartments,
		"supervised":          s.supervise,
		"score_excluded":      s.scoreExcluded,
		"flagged_major":       s.flagMajor,
		"unflagged_major":     s.unflagMajor,
		"redone":              both(s.secondDissatisfied, set(`rated_at = ?, solved = ?, score_result = NULL, score_manner = NULL, score_speed = NULL`, func(*caseflow.Change) []any { return []any{nil, ""} })),
		"reopened":            set(`rated_at = ?, solved = ?, score_result = NULL, score_manner = NULL, score_speed = NULL`, func(*caseflow.Change) []any { return []any{nil, ""} }),
		"urged":               set(`urged_at = ?`, func(c *caseflow.Change) []any { return []any{c.Event.At} }),
		"unreached":           none,
		"answered":            none,
		"extension_requested": s.checkExtension,
		"extension_checked":   s.checkExtension,
		"evidence":            s.checkEvidence,
		"objected":            s.objected,
	}
}

// both are two effects, one after the other.
func both(a, b caseflow.Effect) caseflow.Effect {
	return func(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
		if err := a(ctx, tx, c); err != nil {
			return err
		}
		return b(ctx, tx, c)
	}
}

// checkExtension holds an extension to the pack's greatest length.
func (s *Service) checkExtension(_ context.Context, _ *store.Tx, c *caseflow.Change) error {
	limits := s.district.Load().limits
	length, _ := c.Form["length"].(string)
	if most := limits.rules.Extension.MaxLength; limits.span(length) > limits.span(most) || limits.span(length) <= 0 {
		return &caseflow.Refusal{Code: "form", Fields: map[string]string{"length": "out_of_range"}}
	}
	return nil
}

// openCoTasks asks each co-unit (协办单位) by a sub-matter with its own clock.
func (s *Service) openCoTasks(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	var form map[string]any
	if c.Event.Action == "ask_co" {
		form = map[string]any{"note": c.Event.Data.Form["note"]}
	}
	return s.openUnits(ctx, tx, c, "co_units", "co_task", "ask", form)
}

func encodeList(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	raw, _ := json.Marshal(list)
	return string(raw)
}

func decodeList(s string) []string {
	out := []string{}
	_ = json.Unmarshal([]byte(s), &out)
	return out
}

// formText and formNumber are fields of a form; "" and nil where they are absent.
func formText(form map[string]any, field string) string {
	v, _ := form[field].(string)
	return v
}

func formNumber(form map[string]any, field string) any {
	if n, ok := form[field].(int64); ok {
		return n
	}
	return nil
}

func encodeAny(v any) string {
	if v == nil {
		return "[]"
	}
	raw, _ := json.Marshal(v)
	return string(raw)
}

// Zone is the district's time zone.
func (s *Service) Zone() *time.Location { return s.district.Load().zone }
