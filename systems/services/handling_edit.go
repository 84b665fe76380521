package services

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/rule"
	"shanzhi/core/store"
)

// HandlingLook is a handling that is being written, as the server sees it.
type HandlingLook struct {
	Handling  map[string]any   `json:"handling,omitempty" doc:"As Handling; absent where it could not be read"`
	Text      string           `json:"text" doc:"The same as YAML"`
	Faults    []form.FormFault `json:"faults" doc:"Why it cannot be kept"`
	Changes   []ItemChange     `json:"changes" doc:"How it differs from what stands"`
	TermGaps  []string         `json:"term_gaps" doc:"Situations in which no term holds"`
	TermNever []int            `json:"term_never" doc:"Terms that hold in no situation"`
	Themes    []ThemeFault     `json:"themes" doc:"Life events into which the item would not go any more: it could not be published"`
}

// ThemeFault is a life event whose items do not go together any more.
type ThemeFault struct {
	Theme  string       `json:"theme"`
	Name   form.Text    `json:"name"`
	Faults []MergeFault `json:"faults"`
	Text   string       `json:"text" doc:"The same for whoever writes packs"`
}

// ErrItemTheme says that an item would not go into a life event any more.
var ErrItemTheme = errors.New("services: with it a life event could not be applied for")

// LookAtHandling reads a handling as it is being written, as an object or as YAML, and
// says what is wrong with it. Nothing is kept.
func (s *Service) LookAtHandling(ctx context.Context, id store.ID, given map[string]any, text string) (HandlingLook, error) {
	out := HandlingLook{Faults: form.FormFaults{}, Changes: []ItemChange{}, TermGaps: []string{}, TermNever: []int{}, Themes: []ThemeFault{}}
	x, err := s.Item(ctx, id, 0)
	if err != nil {
		return out, err
	}
	raw, err := json.Marshal(given)
	if given == nil {
		raw, err = yaml.YAMLToJSON([]byte(text))
		var object map[string]any
		if err == nil && json.Unmarshal(raw, &object) != nil {
			err = errors.New("an object is expected: form, materials …")
		}
		if err != nil {
			out.Text = text
			f := form.FormFault{Code: "unreadable", Text: strings.TrimSpace(yaml.FormatError(err, false, false))}
			if m := textAt.FindStringSubmatch(f.Text); m != nil {
				_, _ = fmt.Sscan(m[1], &f.Line)
			}
			out.Faults = append(out.Faults, f)
			return out, nil
		}
	}
	if err != nil {
		return out, err
	}
	h := &Handling{}
	wrong := s.readWritten(h, raw)
	if out.Text = text; given != nil {
		if out.Text, err = handlingYAML(raw); err != nil {
			return out, err
		}
	}
	inLines(out.Text, wrong)
	out.Faults = append(out.Faults, wrong...)
	if len(wrong) == 0 {
		raw, err = json.Marshal(h)
		if err != nil {
			return out, err
		}
		e := x.Elements
		e.Handling = h
		out.Changes = x.Elements.changes(e)
		if none, never, ok := h.termGaps(s.today()); ok {
			out.TermGaps, out.TermNever = append(out.TermGaps, none[:min(len(none), 20)]...), append(out.TermNever, never...)
		}
		if out.Themes, err = s.themeFaults(ctx, s.Store, id, e); err != nil {
			return out, err
		}
	}
	return out, json.Unmarshal(raw, &out.Handling)
}

var textAt = regexp.MustCompile(`^\[(\d+):\d+\]`)

// readWritten reads a handling that somebody writes: beside what the engine refuses, what
// nobody would mean is refused too.
func (s *Service) readWritten(h *Handling, raw []byte) form.FormFaults {
	wrong := h.read(raw, true)
	if len(wrong) > 0 {
		return wrong
	}
	if h.Situation != nil {
		wrong.Under("situation", h.Situation.Review())
	}
	wrong.Under("form", h.Form.Review())
	seen := map[string]bool{}
	for i, p := range h.Acceptance {
		at := fmt.Sprintf("acceptance[%d]", i)
		switch {
		case !materialID.MatchString(p.ID):
			wrong.Add(at+".id", "name", p.ID, "%q is not a name such as plan", p.ID)
		case seen[p.ID]:
			wrong.Add(at+".id", "twice", p.ID, "%q stands twice", p.ID)
		case p.Say["zh"] == "":
			wrong.Add(at+".say", "required", "", "say.zh is missing")
		}
		seen[p.ID] = true
	}
	promised := false
	for i, m := range h.Materials {
		at := fmt.Sprintf("materials[%d]", i)
		promised = promised || m.Promise
		switch {
		case m.Promise && h.Promise == nil:
			wrong.Add(at+".promise", "no_promise", "", "there is no commitment that could stand for it")
		case m.Most < 0 || m.Most > 20:
			wrong.Add(at+".most", "bounds", "", "it has 1 to 20 files")
		case m.Source == "licence" && !licenceType.MatchString(m.Licence):
			wrong.Add(at+".licence", "licence_type", m.Licence, "the type of a licence has 21 characters")
		}
	}
	if h.Promise != nil && !promised {
		wrong.Add("promise", "stands_for_nothing", "", "no material may be replaced by the commitment")
	}
	kinds := map[string]bool{}
	for i, x := range h.Special {
		if kinds[x.Kind] {
			wrong.Add(fmt.Sprintf("special[%d].kind", i), "twice", x.Kind, "%q stands twice", x.Kind)
		}
		kinds[x.Kind] = true
	}
	facts := s.knownFactNames(h)
	for _, name := range slices.Sorted(maps.Keys(h.Form.Schema.Properties)) {
		if q := h.Form.Schema.Properties[name]; q.Fill != "" && len(facts[q.Fill]) == 0 {
			wrong.Add("form.schema."+name+".x-fill", "no_fact", q.Fill, "nobody knows the fact %q", q.Fill)
		}
	}
	return wrong
}

// knownFactNames are the facts that can be filled in (秒报), each with who says it.
func (s *Service) knownFactNames(h *Handling) map[string][]string {
	out := map[string][]string{}
	for _, name := range []string{"person.name", "person.phone", "person.id_no", "person.address"} {
		out[name] = []string{accountSource}
	}
	if h == nil || h.Instant == "" || s.Rules == nil {
		return out
	}
	p, _ := s.Rules.Decides(h.Instant, rule.DateOf(s.Store.Now(), s.Zone()))
	if p == nil {
		return out
	}
	for _, name := range p.FactNames() {
		for _, source := range p.Facts[name].Sources {
			if source != rule.Applicant && !slices.Contains(out[name], source) {
				out[name] = append(out[name], source)
			}
		}
	}
	return out
}

// handlingYAML writes a handling as people write it in a pack, sound or not.
func handlingYAML(raw []byte) (string, error) {
	d := handlingDraft{plainHandling: &plainHandling{}}
	if json.Unmarshal(raw, &d) == nil { // in the order in which its parts are declared
		if ordered, err := json.Marshal(d); err == nil {
			raw = ordered
		}
	}
	var v any
	if err := yaml.UnmarshalWithOptions(raw, &v, yaml.UseOrderedMap()); err != nil {
		return "", err
	}
	var plain func(v any, key string) any
	plain = func(v any, key string) any {
		switch x := v.(type) {
		case yaml.MapSlice:
			for i := range x {
				k, _ := x[i].Key.(string)
				x[i].Value = plain(x[i].Value, k)
			}
		case []any:
			for i := range x {
				if m, ok := x[i].(yaml.MapSlice); ok && key == "fields" && len(m) == 1 && m[0].Key == "field" {
					x[i] = m[0].Value
					continue
				}
				x[i] = plain(x[i], "")
			}
		}
		return v
	}
	out, err := yaml.MarshalWithOptions(plain(v, ""), yaml.Indent(2), yaml.IndentSequence(true))
	return string(out), err
}

var yamlStep = regexp.MustCompile(`^([^.\[]+)?((?:\[\d+\])*)$`)

// inLines finds for each fault the line of the text that it is of, as near as the text
// has it.
func inLines(text string, wrong form.FormFaults) {
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil || len(file.Docs) == 0 {
		return
	}
	for i := range wrong {
		if wrong[i].Code == "unknown_field" {
			if before, _, ok := strings.Cut(text, wrong[i].Detail+":"); ok {
				wrong[i].Line = 1 + strings.Count(before, "\n")
			}
			continue
		}
		node := ast.Node(file.Docs[0].Body)
		for _, step := range strings.Split(wrong[i].At, ".") {
			m := yamlStep.FindStringSubmatch(step)
			if m == nil || node == nil {
				break
			}
			next := childOf(node, m[1])
			if next == nil && m[1] != "" { // the questions of a sheet stand a level deeper
				next = childOf(childOf(node, "properties"), m[1])
			}
			if next == nil {
				break
			}
			node = next
			for _, n := range regexp.MustCompile(`\d+`).FindAllString(m[2], -1) {
				var at int
				_, _ = fmt.Sscan(n, &at)
				if list, ok := node.(*ast.SequenceNode); ok && at < len(list.Values) {
					node = list.Values[at]
				}
			}
		}
		if node != nil && node.GetToken() != nil {
			wrong[i].Line = node.GetToken().Position.Line
			if m, ok := node.(*ast.MappingNode); ok && len(m.Values) > 0 {
				wrong[i].Line = m.Values[0].Key.GetToken().Position.Line
			}
		}
	}
}

func childOf(n ast.Node, key string) ast.Node {
	if key == "" {
		return n
	}
	switch x := n.(type) {
	case *ast.MappingNode:
		for _, v := range x.Values {
			if v.Key.GetToken().Value == key {
				return v.Value
			}
		}
	case *ast.MappingValueNode:
		if x.Key.GetToken().Value == key {
			return x.Value
		}
	}
	return nil
}

// themeFaults are the life events into which an item would not go any more if it were as
// given.
func (s *Service) themeFaults(ctx context.Context, q store.Querier, item store.ID, e ItemElements) ([]ThemeFault, error) {
	out := []ThemeFault{}
	rows, err := store.Select[themeRow](ctx, q, `SELECT `+themeColumns+` FROM service_theme t WHERE t.state = 'published' ORDER BY t.key`)
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		v, err := s.themeVersion(ctx, q, r.ID, r.Version)
		if err != nil {
			return out, err
		}
		mine := ""
		for key, x := range v.Items {
			if x.ID == item {
				mine = key
			}
		}
		if mine == "" {
			continue
		}
		items, err := s.mergingItems(ctx, q, v.Theme)
		if err != nil {
			return out, err
		}
		if _, err := mergeTheme(v.Theme, items); err != nil {
			continue // it does not go together as it is: that is not of this item
		}
		items[mine] = merging(item, items[mine].Version, &e)
		if _, err := mergeTheme(v.Theme, items); err != nil {
			out = append(out, ThemeFault{v.Theme.Key, v.Theme.Name, mergeFaults(err), strings.TrimPrefix(err.Error(), themeFolder+"/"+v.Theme.Key+".yaml: ")})
		}
	}
	return out, nil
}

// ItemTrial is a form that is tried before it stands.
type ItemTrial struct {
	Handling  map[string]any      `json:"handling" doc:"As Handling"`
	Situation map[string]any      `json:"situation,omitempty"`
	Values    map[string]any      `json:"values,omitempty"`
	Files     map[string][]string `json:"files,omitempty"`
	Promised  bool                `json:"promised,omitempty"`
	Fill      bool                `json:"fill,omitempty" doc:"As if autofill (秒报) had been agreed to, with made-up answers"`
	Send      bool                `json:"send,omitempty" doc:"As if it were sent: gaps are wrong"`
}

// sampleFacts stand for what autofill brings, while a form is tried.
var sampleFacts = map[string]any{"person.name": "张示例", "person.phone": "13800000000", "person.id_no": "11010519491231002X", "person.address": "示例街道示例路 1 号"}

// TryHandling shows an application for an item as it would be if a handling stood: what
// is asked, needed, wrong. Nothing is kept.
func (s *Service) TryHandling(ctx context.Context, id store.ID, in ItemTrial) (Application, error) {
	x, err := s.Item(ctx, id, 0)
	if err != nil {
		return Application{}, err
	}
	raw, err := json.Marshal(in.Handling)
	if err != nil {
		return Application{}, err
	}
	e := x.Elements
	st, _, _, err := standingOf(ctx, s.Store, id)
	if err != nil {
		return Application{}, err
	}
	if st.Draft != nil {
		e = st.Draft.Elements
	}
	e.Handling = &Handling{}
	if wrong := e.Handling.read(raw, true); len(wrong) > 0 {
		return Application{}, itemProblem(wrong)
	}
	said := appSaid{Situation: orEmpty(in.Situation), Values: orEmpty(in.Values), Sources: map[string]FillSource{}, Fetched: map[string]string{}, Promised: in.Promised}
	now := s.Store.Now()
	if in.Fill {
		for name, q := range e.Handling.Form.Schema.Properties {
			if v, ok := sampleFacts[q.Fill]; ok {
				said.Values[name] = v
				said.Sources[name] = FillSource{Fact: q.Fill, Source: accountSource, AsOf: now, Edit: q.Edit}
			}
		}
	}
	if in.Files == nil {
		in.Files = map[string][]string{}
	}
	a := Application{Item: id, ItemName: e.Name, Version: x.Version, State: "draft", Channel: "phone", Situation: said.Situation, Values: said.Values, Sources: said.Sources, Files: in.Files, Promised: in.Promised, Handling: e.Handling, Needed: []NeededMaterial{}, UpdatedAt: store.At(now), KeptUntil: store.At(now.Add(30 * 24 * time.Hour))}
	if err := s.comesTo(&a, &e, said, false); err != nil || !in.Send {
		return a, err
	}
	switch whole, err := s.check(e.Handling, said, in.Files, false); {
	case err != nil:
		return a, err
	case len(whole.wrong) > 0:
		return a, httpapi.FailFields(whole.wrong)
	case whole.exit != nil:
		return a, httpapi.FailDetail(http.StatusUnprocessableEntity, "not_eligible", whole.exit["zh"])
	}
	a.State = "sent"
	return a, nil
}

// FormParts are what a form is put together from.
type FormParts struct {
	Elements []FormElement `json:"elements" doc:"Data elements (数据元) that the items of the district ask for"`
	Facts    []FormSource  `json:"facts" doc:"What can be filled in (秒报)"`
	Licences []FormLicence `json:"licences" doc:"Licences that items of the district result in"`
	Formats  []string      `json:"formats"`
	Special  []string      `json:"special" doc:"Kinds of special procedures"`
	Packs    []string      `json:"packs" doc:"Decision packs (秒批决策包)"`
}

// FormElement is a data element with the question that it is asked by most.
type FormElement struct {
	Element  string          `json:"element"`
	Name     string          `json:"name" doc:"Of the question"`
	Question *form.SheetNode `json:"question"`
	Items    []string        `json:"items" doc:"Which ask it"`
}

// FormSource is a fact and who says it.
type FormSource struct {
	Fact    string   `json:"fact"`
	Sources []string `json:"sources"`
}

// FormLicence is a licence that something results in.
type FormLicence struct {
	Type string    `json:"type"`
	Name form.Text `json:"name"`
	Item string    `json:"item"`
}

// FormParts reads them from the items that are applied for here, and for an item from its
// own decision pack.
func (s *Service) FormParts(ctx context.Context, id store.ID) (FormParts, error) {
	out := FormParts{Elements: []FormElement{}, Facts: []FormSource{}, Licences: []FormLicence{}, Formats: form.SheetFormats(), Special: specialKinds, Packs: []string{}}
	x, err := s.Item(ctx, id, 0)
	if err != nil {
		return out, err
	}
	rows, err := store.Select[struct {
		ID      store.ID
		Version int
	}](ctx, s.Store, `SELECT i.id, i.version FROM service_item i JOIN service_item_version v ON v.item = i.id AND v.version = i.version WHERE i.state = 'published' AND i.source IN ('pack', '') AND v.elements LIKE '%"handling":{%' ORDER BY i.id LIMIT 1000`)
	if err != nil {
		return out, err
	}
	found := map[string]*FormElement{}
	weight := map[string]map[string]int{} // element → a way to ask it → how often
	for _, r := range rows {
		e, err := s.pinned(pinnedItem(r.ID, r.Version))
		if err != nil {
			return out, err
		}
		h := e.Handling
		if h == nil {
			continue
		}
		if l := h.Licence; l != nil {
			out.Licences = append(out.Licences, FormLicence{l.Type, l.Name, e.Name})
		}
		for name, q := range h.Form.Schema.Properties {
			if q.Element == "" {
				continue
			}
			f := found[q.Element]
			if f == nil {
				f = &FormElement{Element: q.Element}
				found[q.Element], weight[q.Element] = f, map[string]int{}
			}
			f.Items = append(f.Items, e.Name)
			raw, err := json.Marshal(q)
			if err != nil {
				return out, err
			}
			way := name + " " + string(raw)
			if weight[q.Element][way]++; f.Question == nil || weight[q.Element][way] > weight[q.Element][wayOf(f)] || weight[q.Element][way] == weight[q.Element][wayOf(f)] && way < wayOf(f) {
				f.Name, f.Question = name, q
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		slices.Sort(found[name].Items)
		out.Elements = append(out.Elements, *found[name])
	}
	facts := s.knownFactNames(x.Elements.Handling)
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		out.Facts = append(out.Facts, FormSource{name, facts[name]})
	}
	if s.Rules != nil {
		if out.Packs, err = s.Rules.Packs(ctx); err != nil {
			return out, err
		}
	}
	return out, nil
}

func wayOf(f *FormElement) string {
	raw, _ := json.Marshal(f.Question)
	return f.Name + " " + string(raw)
}

// writtenAnew holds a handling to what is asked of those that are written here; one that
// is as the version that stands has it was taken before.
func (s *Service) writtenAnew(item store.ID, version int, h *Handling) error {
	if h == nil {
		return nil
	}
	raw, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if version > 0 {
		stands, err := s.pinned(pinnedItem(item, version))
		if err != nil {
			return err
		}
		if was, err := json.Marshal(stands.Handling); err != nil || bytes.Equal(was, raw) {
			return err
		}
	}
	return s.readWritten(&Handling{}, raw).Err()
}

func (s *Service) mountHandling(srv *httpapi.Server) {
	const at = "/api/services/items/{id}"
	workers := httpapi.Roles(roleItemEditor, roleItemPublisher)
	httpapi.Register(srv, httpapi.Operation{ID: "look-at-item-handling", Method: http.MethodPost, Path: at + "/handling", Tag: tag, Access: workers, MaxBody: 2 << 20, Limit: 1200,
		Summary: "Read how an item is handled as it is being written, as an object or as YAML: what is wrong and where, how it differs. Nothing is kept"}, func(ctx context.Context, in *struct {
		ItemPath
		Body struct {
			Handling map[string]any `json:"handling,omitempty" doc:"As Handling"`
			Text     string         `json:"text,omitempty" maxLength:"1000000" doc:"YAML, in place of it"`
		}
	}) (*httpapi.Body[HandlingLook], error) {
		return httpapi.Answer(s.LookAtHandling(ctx, in.ID.ID, in.Body.Handling, in.Body.Text))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "try-item-handling", Method: http.MethodPost, Path: at + "/trial", Tag: tag, Access: workers, MaxBody: 2 << 20, Limit: 1200,
		Summary: "An application as it would be if a handling stood. Nothing is kept"}, func(ctx context.Context, in *struct {
		ItemPath
		Body ItemTrial
	}) (*httpapi.Body[Application], error) {
		return httpapi.Answer(s.TryHandling(ctx, in.ID.ID, in.Body))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-item-form-parts", Method: http.MethodGet, Path: at + "/form-parts", Tag: tag, Access: workers,
		Summary: "What a form is put together from: data elements, facts, licences, formats"}, func(ctx context.Context, in *ItemPath) (*httpapi.Body[FormParts], error) {
		return httpapi.Answer(s.FormParts(ctx, in.ID.ID))
	})
}
