package services

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"shanzhi/core/form"
)

// ThemePart is how a member's own form lies in the merged one.
type ThemePart struct {
	When      string            `json:"when,omitempty"`      // whether it is applied for, over the merged form
	Questions map[string]string `json:"questions"`           // "form.x", "situation.x" → the merged question; absent: another member gives it
	Asks      map[string]string `json:"asks,omitempty"`      // of a question that others ask too: when this member does
	Given     map[string]string `json:"given,omitempty"`     // "form.x" → data element that another member may give
	Materials map[string]string `json:"materials,omitempty"` // material → the merged one; absent: another member results in it
}

// use is one member's question within a merged one.
type use struct {
	part     *mergePart
	sheet    *form.Sheet
	name     string // with its scope
	node     *form.SheetNode
	page     *form.SheetPage
	show     string
	required bool
}

// mergePart is a member, or with no key the theme's own situation.
type mergePart struct {
	key    string
	member *ThemeMember
	h      *Handling
	title  string
	out    *ThemePart
	uses   map[string]*use
}

type merger struct {
	v      *ThemeVersion
	parts  []*mergePart
	order  []string          // merged questions
	uses   map[string][]*use // by merged question
	at     map[string]string // element → merged question
	titles map[string]string
	errs   []error
}

// MergeFault is why the forms of a life event do not go together: a screen says it by its
// code, in the reader's language.
type MergeFault struct {
	Code  string `json:"code" enum:"twice,taken,must,unasked,circle,given,produces,type,format,pattern,options,entries,material,other"`
	Item  string `json:"item,omitempty" doc:"Whose form it is"`
	Field string `json:"field,omitempty" doc:"Question, material or element"`
	Other string `json:"other,omitempty"`
	text  string
}

// Error implements error: the same for whoever writes packs.
func (f MergeFault) Error() string { return f.text }

// bad adds a fault of a part's form, about a question, a material or an element.
func (g *merger) bad(code string, p *mergePart, field, other, format string, args ...any) {
	g.errs = append(g.errs, MergeFault{code, cmp.Or(p.title, p.key), field, other, fmt.Sprintf(format, args...)})
}

// mergeFaults are the faults in an error of merging; what is wrong with the theme itself
// has no words of its own.
func mergeFaults(err error) (out []MergeFault) {
	var f MergeFault
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			out = append(out, mergeFaults(e)...)
		}
		return out
	}
	if f, ok := err.(MergeFault); ok {
		return []MergeFault{f}
	}
	if inner := errors.Unwrap(err); inner != nil {
		return mergeFaults(inner)
	}
	f.Code = "other"
	return []MergeFault{f}
}

// merge makes of the members' forms one, by data element: questions of one element are
// one question, whatever they are called; those without an element stay their member's
// own. It is asked where a member that is applied for asks it, and must be answered
// where such a member requires it. The strictest bounds hold.
func (v *ThemeVersion) merge(items map[string]mergingItem) error {
	g := &merger{v: v, uses: map[string][]*use{}, at: map[string]string{}}
	v.Parts = map[string]*ThemePart{}
	if v.Theme.Situation != nil {
		g.parts = append(g.parts, &mergePart{h: &Handling{Situation: v.Theme.Situation}, out: &ThemePart{Questions: map[string]string{}}, uses: map[string]*use{}})
	}
	for _, m := range v.Theme.inOrder() {
		p := &mergePart{key: m.Item, member: m, h: items[m.Item].elements.Handling, title: items[m.Item].Name, out: &ThemePart{Questions: map[string]string{}, Asks: map[string]string{}, Given: map[string]string{}, Materials: map[string]string{}}, uses: map[string]*use{}}
		g.parts = append(g.parts, p)
		v.Parts[m.Item] = p.out
	}
	for _, scope := range []string{"situation", "form"} {
		for _, p := range g.parts {
			g.name(p, scope)
		}
	}
	for _, p := range g.parts {
		if p.member != nil {
			p.out.When = g.rewrite(g.parts[0], p.member.When, nil)
		}
	}
	sheet := &form.Sheet{Schema: &form.SheetNode{Type: "object", Properties: map[string]*form.SheetNode{}}}
	for _, name := range g.order {
		if n := g.node(name); n != nil {
			sheet.Schema.Properties[name] = n
		}
	}
	g.pages(sheet)
	h := &Handling{Form: sheet, Subject: "person"}
	for _, p := range g.parts {
		if p.h.Subject == "enterprise" {
			h.Subject = p.h.Subject
		}
	}
	g.materials(h)
	if len(g.errs) > 0 {
		return fmt.Errorf("its items cannot be merged: %w", errors.Join(g.errs...))
	}
	// Read as it will be kept: that compiles it.
	raw, err := json.Marshal(h)
	if err != nil {
		return err
	}
	merged := &Handling{}
	if err := json.Unmarshal(raw, merged); err != nil {
		return fmt.Errorf("merged: %w", err)
	}
	lang, err := merged.Form.Language(nil)
	if err != nil {
		return err
	}
	for key, p := range v.Parts {
		if p.When == "" {
			continue
		}
		if _, err := lang.Condition(p.When); err != nil {
			return fmt.Errorf("%s.when: %w", key, err)
		}
	}
	days := v.promised()
	v.Elements = &ItemElements{Name: v.Theme.Name["zh"], Aliases: v.Theme.Aliases, Code: v.Theme.Code, Department: v.Theme.Lead, Legal: &ItemDays{jointWithin, "working"}, Promised: &ItemDays{min(days, jointWithin), "working"}, Handling: merged}
	return nil
}

// promised is the longest chain of promised working days.
func (v *ThemeVersion) promised() int {
	var ends func(m *ThemeMember) int
	ends = func(m *ThemeMember) int {
		n := 0
		for _, typ := range m.Consumes {
			for _, p := range v.Theme.makers(typ, m) {
				n = max(n, ends(p))
			}
		}
		if d := cmp.Or(v.Items[m.Item].Promised, v.Items[m.Item].Legal); d != nil {
			n += d.N
		}
		return n
	}
	n := 0
	for _, m := range v.Theme.Members {
		n = max(n, ends(m))
	}
	return n
}

func (g *merger) scopeSheet(p *mergePart, scope string) *form.Sheet {
	if scope == "situation" {
		return p.h.Situation
	}
	return p.h.Form
}

// name gives each question of a part its merged name.
func (g *merger) name(p *mergePart, scope string) {
	sheet := g.scopeSheet(p, scope)
	if sheet == nil {
		return
	}
	elements := map[string]string{}
	for _, page := range sheet.Pages {
		for _, f := range page.Fields {
			q := sheet.Schema.Properties[f.Field]
			full := scope + "." + f.Field
			name := ""
			if q.Element != "" {
				if other := elements[q.Element]; other != "" {
					g.bad("twice", p, q.Title, q.Element, "%s asks %s twice: %s and %s", p.key, q.Element, other, f.Field)
				}
				elements[q.Element] = f.Field
				name = g.at[q.Element]
			}
			if name == "" {
				switch {
				case p.key == "":
					name = f.Field
				case q.Element != "":
					name = slug(q.Element)
				case scope == "situation":
					name = slug(p.key) + "_s_" + f.Field
				default:
					name = slug(p.key) + "_" + f.Field
				}
				if g.uses[name] != nil {
					g.bad("taken", p, q.Title, name, "%s.%s: the name %q is taken", p.key, full, name)
				}
				if q.Element != "" {
					g.at[q.Element] = name
				}
			}
			u := &use{part: p, sheet: sheet, name: full, node: q, page: page, show: f.Show, required: slices.Contains(sheet.Schema.Required, f.Field)}
			if f.Must != "" {
				g.bad("must", p, q.Title, "", "%s.%s: a question with conditions of its own for being required cannot be merged", p.key, full)
			}
			p.uses[full] = u
			if g.uses[name] == nil {
				g.order = append(g.order, name)
			}
			g.uses[name] = append(g.uses[name], u)
			p.out.Questions[full] = name
		}
	}
}

var reference = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\b(form|situation)\.([a-z][a-z0-9_]*)`)

// rewrite says a condition of a part over the merged form. What the part itself would
// not ask counts as not answered, though another asks it.
func (g *merger) rewrite(p *mergePart, text string, within []string) string {
	return reference.ReplaceAllStringFunc(text, func(t string) string {
		m := reference.FindStringSubmatch(t)
		if m[1] == "" {
			return t // a text
		}
		u := p.uses[t]
		if u == nil {
			g.bad("unasked", p, t, text, "%s: the condition %q reads %s, which it does not ask", p.key, text, t)
			return t
		}
		if slices.Contains(within, t) {
			g.bad("circle", p, u.node.Title, "", "%s: whether %s is asked depends on itself", p.key, t)
			return t
		}
		if len(g.givers(u)) > 0 {
			g.bad("given", p, u.node.Title, text, "%s: the condition %q reads %s, which another member gives", p.key, text, t)
		}
		name := p.out.Questions[t]
		own := g.shown(u, append(slices.Clone(within), t))
		if own == "" || len(g.uses[name]) == 1 {
			return "form." + name
		}
		return "(" + own + " ? form." + name + " : " + zero(u.node) + ")"
	})
}

func zero(n *form.SheetNode) string {
	switch n.Type {
	case "integer":
		return "0"
	case "number":
		return "0.0"
	case "boolean":
		return "false"
	case "array":
		if n.Items.Type == "object" {
			return "0"
		}
		return "[]"
	}
	return `""`
}

// shown is when a part's own sheet asks a question.
func (g *merger) shown(u *use, within []string) string {
	var all []string
	for _, cond := range []string{u.page.Show, u.show} {
		if cond != "" {
			all = append(all, "("+g.rewrite(u.part, cond, within)+")")
		}
	}
	return strings.Join(all, " && ")
}

// givers are the members that bring the answer of a question by their result.
func (g *merger) givers(u *use) (out []*mergePart) {
	for _, p := range g.parts {
		if p.member != nil && p != u.part && u.node.Element != "" && p.member.Gives[u.node.Element] != "" {
			out = append(out, p)
		}
	}
	return out
}

// asked is when a question is asked for a part, within the merged form; never says that
// it never is.
func (g *merger) asked(u *use) (cond string, never bool) {
	var all []string
	if u.part.out.When != "" {
		all = append(all, "("+u.part.out.When+")")
	}
	if own := g.shown(u, []string{u.name}); own != "" {
		all = append(all, own)
	}
	for _, p := range g.givers(u) {
		u.part.out.Given[u.name] = u.node.Element
		if !slices.ContainsFunc(p.member.Produces, func(typ string) bool { return slices.Contains(u.part.member.Consumes, typ) }) {
			g.bad("produces", u.part, u.node.Title, p.title, "%s asks for %s, which %s gives, and does not consume its result", u.part.key, u.node.Element, p.key)
		}
		if p.out.When == "" {
			return "", true
		}
		all = append(all, "!("+p.out.When+")")
	}
	return strings.Join(all, " && "), false
}

// either joins conditions of which one must hold; empty is always.
func either(conds []string) string {
	if slices.Contains(conds, "") {
		return ""
	}
	slices.Sort(conds)
	conds = slices.Compact(conds)
	if len(conds) == 1 {
		return conds[0]
	}
	for i, c := range conds {
		conds[i] = "(" + c + ")"
	}
	return strings.Join(conds, " || ")
}

// node is a merged question; nil where it is never asked.
func (g *merger) node(name string) *form.SheetNode {
	var out *form.SheetNode
	for _, u := range g.uses[name] {
		cond, never := g.asked(u)
		if never {
			delete(u.part.out.Questions, u.name)
			continue
		}
		if cond != "" && len(g.uses[name]) > 1 && u.part.member != nil {
			u.part.out.Asks[u.name] = cond
		}
		if out == nil {
			n := *u.node
			out = &n
			continue
		}
		n, who := u.node, u.part.key+" "+u.name
		switch {
		case n.Type != out.Type:
			g.bad("type", u.part, n.Title, "", "%s: %s is of type %s, elsewhere of type %s", who, n.Element, n.Type, out.Type)
			continue
		case n.Format != out.Format && n.Format != "" && out.Format != "":
			g.bad("format", u.part, n.Title, "", "%s: %s has the format %s, elsewhere %s", who, n.Element, n.Format, out.Format)
		case n.Pattern != out.Pattern && n.Pattern != "" && out.Pattern != "":
			g.bad("pattern", u.part, n.Title, "", "%s: %s has another pattern than elsewhere", who, n.Element)
		case !slices.Equal(slices.Sorted(slices.Values(n.Enum)), slices.Sorted(slices.Values(out.Enum))):
			g.bad("options", u.part, n.Title, "", "%s: %s has other options than elsewhere", who, n.Element)
		case n.Type == "array" && !sameShape(n.Items, out.Items):
			g.bad("entries", u.part, n.Title, "", "%s: %s is a list of other entries than elsewhere", who, n.Element)
		}
		out.Format, out.Pattern = cmp.Or(out.Format, n.Format), cmp.Or(out.Pattern, n.Pattern)
		out.MinLength, out.MaxLength = strict(out.MinLength, n.MinLength, true), strict(out.MaxLength, n.MaxLength, false)
		out.Minimum, out.Maximum = strict(out.Minimum, n.Minimum, true), strict(out.Maximum, n.Maximum, false)
		out.MinItems, out.MaxItems = strict(out.MinItems, n.MinItems, true), strict(out.MaxItems, n.MaxItems, false)
		out.Fill, out.Lines = cmp.Or(out.Fill, n.Fill), max(out.Lines, n.Lines)
		out.Edit, out.Personal = out.Edit && n.Edit, out.Personal || n.Personal
		if out.Hint == nil {
			out.Hint = n.Hint
		}
	}
	return out
}

func sameShape(a, b *form.SheetNode) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

// strict is the narrower of two bounds.
func strict[N cmp.Ordered](a, b *N, greater bool) *N {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	if (*a < *b) == greater {
		return b
	}
	return a
}

var titleWord = regexp.MustCompile(`\{(\w+)\}`)

// pages lays the merged questions out: the situations first, then stage by stage; pages
// of one title are one.
func (g *merger) pages(sheet *form.Sheet) {
	byTitle, placed := map[string]*form.SheetPage{}, map[string]bool{}
	for _, scope := range []string{"situation", "form"} {
		for _, p := range g.parts {
			own := g.scopeSheet(p, scope)
			if own == nil {
				continue
			}
			for _, page := range own.Pages {
				to := byTitle[page.Title["zh"]]
				if to == nil {
					to = &form.SheetPage{Name: fmt.Sprintf("p%d", len(byTitle)+1), Title: g.titled(p, scope, page.Title), Say: g.titled(p, scope, page.Say)}
					byTitle[page.Title["zh"]] = to
				}
				for _, f := range page.Fields {
					name, ok := p.out.Questions[scope+"."+f.Field]
					if !ok || placed[name] {
						continue
					}
					placed[name] = true
					to.Fields = append(to.Fields, g.field(sheet, name))
				}
				if len(to.Fields) > 0 && !slices.Contains(sheet.Pages, to) {
					sheet.Pages = append(sheet.Pages, to)
				}
			}
			for _, x := range own.Exits {
				when := "(" + g.rewrite(p, x.When, nil) + ")"
				say := maps.Clone(x.Say)
				if p.out.When != "" {
					when = "(" + p.out.When + ") && " + when
				}
				if p.key != "" {
					for lang := range say {
						say[lang] = p.title + "：" + say[lang]
					}
				}
				sheet.Exits = append(sheet.Exits, &form.SheetExit{When: when, Say: say})
			}
		}
	}
}

func (g *merger) titled(p *mergePart, scope string, title form.Text) form.Text {
	if title == nil {
		return nil
	}
	out := form.Text{}
	for lang, t := range title {
		out[lang] = titleWord.ReplaceAllStringFunc(t, func(w string) string {
			if name, ok := p.out.Questions[scope+"."+w[1:len(w)-1]]; ok {
				return "{" + name + "}"
			}
			return w
		})
	}
	return out
}

func (g *merger) field(sheet *form.Sheet, name string) *form.SheetField {
	var shows, musts []string
	required, asked := 0, 0
	for _, u := range g.uses[name] {
		cond, never := g.asked(u)
		if never {
			continue
		}
		asked++
		shows = append(shows, cond)
		if u.required {
			required++
			musts = append(musts, cond)
		}
	}
	f := &form.SheetField{Field: name, Show: either(shows)}
	switch {
	case required == asked:
		sheet.Schema.Required = append(sheet.Schema.Required, name)
	case required > 0:
		if f.Must = either(musts); f.Must == "" {
			sheet.Schema.Required = append(sheet.Schema.Required, name)
		}
	}
	return f
}

// materials makes one set of the members' materials: those of one licence type, those
// that the theme says are the same, and those of one name are one; what a member results
// in no other asks for.
func (g *merger) materials(h *Handling) {
	same := map[string]string{}
	for _, group := range g.v.Theme.Same {
		for _, ref := range group {
			same[ref] = "same " + group[0]
		}
	}
	at, conds, taken := map[string]*ItemMaterial{}, map[string][]string{}, map[string]bool{}
	var promises []form.Text
	for _, p := range g.parts {
		if p.member == nil {
			continue
		}
		if p.h.Promise != nil {
			promises = append(promises, p.h.Promise.Text)
			if h.Promise == nil {
				h.Promise = &ItemPromise{Check: p.h.Promise.Check}
			}
		}
		for _, m := range p.h.Materials {
			var all []string
			if p.out.When != "" {
				all = append(all, "("+p.out.When+")")
			}
			if m.When != "" {
				all = append(all, "("+g.rewrite(p, m.When, nil)+")")
			}
			made := false
			if m.Licence != "" {
				for _, o := range g.parts {
					if o.member != nil && o != p && slices.Contains(o.member.Produces, m.Licence) {
						if made = made || o.out.When == ""; o.out.When != "" {
							all = append(all, "!("+o.out.When+")")
						}
					}
				}
			}
			if made {
				continue
			}
			key := cmp.Or(same[p.key+"."+m.ID], m.Source+" "+m.Name["zh"])
			if m.Licence != "" {
				key = "licence " + m.Licence
			}
			to := at[key]
			if to == nil {
				n := *m
				if to = &n; taken[to.ID] {
					to.ID = slug(p.key) + "_" + m.ID
				}
				taken[to.ID] = true
				at[key] = to
				h.Materials = append(h.Materials, to)
			} else {
				if to.Source != m.Source {
					g.bad("material", p, m.Name["zh"], to.Name["zh"], "%s: the material %s comes otherwise than elsewhere", p.key, m.ID)
				}
				to.Original, to.Most = to.Original || m.Original, max(cmp.Or(to.Most, 5), cmp.Or(m.Most, 5))
				to.Tolerate, to.Promise = to.Tolerate && m.Tolerate, to.Promise && m.Promise
				to.Accept, to.Law = joinTexts(to.Accept, m.Accept), cmp.Or(to.Law, m.Law)
			}
			conds[key] = append(conds[key], strings.Join(all, " && "))
			p.out.Materials[m.ID] = to.ID
		}
	}
	for key, m := range at {
		m.When = either(conds[key])
	}
	if h.Promise != nil {
		h.Promise.Text = form.Text{}
		for _, t := range promises {
			h.Promise.Text = joinTexts(h.Promise.Text, t)
		}
	}
}

// joinTexts says both, each once.
func joinTexts(a, b form.Text) form.Text {
	out := form.Text{}
	maps.Copy(out, a)
	for lang, t := range b {
		switch {
		case out[lang] == "":
			out[lang] = t
		case !strings.Contains(out[lang], t):
			out[lang] = strings.TrimRight(out[lang], "。.") + map[bool]string{true: "；", false: "; "}[lang == "zh"] + t
		}
	}
	return out
}

// holds says whether a condition over the merged form does; one that is empty does.
func (v *ThemeVersion) holds(when string, values map[string]any, today string) (bool, error) {
	if when == "" {
		return true, nil
	}
	sheet := v.Elements.Handling.Form
	lang, err := sheet.Language(nil)
	if err != nil {
		return false, err
	}
	p, err := lang.Condition(when)
	if err != nil {
		return false, err
	}
	return p.Holds(sheet.Facts(values, today))
}

// Chosen are the members that an application is for, in the order of their stages.
func (v *ThemeVersion) Chosen(values map[string]any, today string) (out []*ThemeMember, err error) {
	for _, m := range v.Theme.inOrder() {
		yes, err := v.holds(v.Parts[m.Item].When, values, today)
		if err != nil {
			return nil, err
		}
		if yes {
			out = append(out, m)
		}
	}
	return out, nil
}

// Split is what a member's own forms say, of the answers of the merged one as it was
// read: each where the member asks for it. given are data elements that other members
// have brought.
func (v *ThemeVersion) Split(key string, values, given map[string]any, today string) (situation, answers map[string]any, err error) {
	p := v.Parts[key]
	out := map[string]map[string]any{"situation": {}, "form": {}}
	put := func(full string, val any) {
		scope, name, _ := strings.Cut(full, ".")
		out[scope][name] = val
	}
	for full, name := range p.Questions {
		val, ok := values[name]
		if !ok {
			continue
		}
		asks, err := v.holds(p.Asks[full], values, today)
		if err != nil {
			return nil, nil, err
		}
		if asks {
			put(full, val)
		}
	}
	for full, element := range p.Given {
		if val, ok := given[element]; ok {
			put(full, val)
		}
	}
	return out["situation"], out["form"], nil
}
