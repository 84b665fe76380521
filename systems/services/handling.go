package services

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"shanzhi/core/calendar"
	"shanzhi/core/form"
	"shanzhi/core/rule"
)

// Handling is how applications for an item are taken and decided (办理要件): the
// situations (情形) that lead to the exact list of materials, the form, what may pause
// it, what it results in. An item without one is described here and applied for
// elsewhere.
type Handling struct {
	Situation  *form.Sheet     `yaml:"situation" json:"situation,omitempty" doc:"Questions (情形引导) asked before the form"`
	Form       *form.Sheet     `yaml:"form" json:"form"`
	Materials  []*ItemMaterial `yaml:"materials" json:"materials,omitempty"`
	Special    []SpecialKind   `yaml:"special" json:"special,omitempty" doc:"Special procedures (特别程序) that the law allows"`
	Fee        *ItemFee        `yaml:"fee" json:"fee,omitempty"`
	Terms      []*ItemTerm     `yaml:"terms" json:"terms,omitempty" doc:"Time and fee by situation: the first that holds"`
	Licence    *LicenceSpec    `yaml:"licence" json:"licence,omitempty" doc:"What is issued when it is granted"`
	Correct    string          `yaml:"correct" json:"correct,omitempty" doc:"How long the applicant has to correct: 30d when absent"`
	Owe        string          `yaml:"owe" json:"owe,omitempty" doc:"How long what is owed after a tolerant grant (容缺) may take: 10wd when absent"`
	Promise    *ItemPromise    `yaml:"promise" json:"promise,omitempty" doc:"Commitment in place of proof (告知承诺)"`
	Instant    string          `yaml:"instant" json:"instant,omitempty" doc:"The decision pack (秒批决策包); empty where a person decides"`
	Subject    string          `yaml:"subject" json:"subject" enum:"person,enterprise" doc:"Who may apply"`
	Acceptance []AcceptPoint   `yaml:"acceptance" json:"acceptance,omitempty" doc:"What is ticked at the counter (受理标准)"`
	Rebuilt    *ItemRebuilt    `yaml:"rebuilt" json:"rebuilt,omitempty" doc:"What it took before it was rebuilt (流程再造)"`
}

// ItemMaterial is one of the papers of an application (申请材料).
type ItemMaterial struct {
	ID       string    `yaml:"id" json:"id"`
	Name     form.Text `yaml:"name" json:"name"`
	When     string    `yaml:"when" json:"when,omitempty" doc:"Condition over situation and form; always when empty"`
	Source   string    `yaml:"source" json:"source" enum:"applicant,licence,shared,made" doc:"Brought by the applicant, fetched as an e-certificate (电子证照), fetched from another department, made here of the form"`
	Licence  string    `yaml:"licence" json:"licence,omitempty" doc:"Of source licence: its type"`
	Original bool      `yaml:"original" json:"original,omitempty" doc:"The original is looked at"`
	Tolerate bool      `yaml:"tolerate" json:"tolerate,omitempty" doc:"May be brought later (容缺)"`
	Promise  bool      `yaml:"promise" json:"promise,omitempty" doc:"A written commitment may stand for it (告知承诺)"`
	Most     int       `yaml:"most" json:"most,omitempty" doc:"Files: 5 when absent"`
	Accept   form.Text `yaml:"accept" json:"accept,omitempty" doc:"What it must show (受理标准)"`
	Law      string    `yaml:"law" json:"law,omitempty"`
	Format   string    `yaml:"format" json:"format,omitempty" enum:"paper,electronic,both" doc:"材料形式"`
	Copies   int       `yaml:"copies" json:"copies,omitempty"`
	Blank    string    `yaml:"blank" json:"blank,omitempty" doc:"Address of the blank form (空白表格)"`
	Sample   string    `yaml:"sample" json:"sample,omitempty" doc:"Address of a sample (示例样表)"`
	Fill     form.Text `yaml:"fill" json:"fill,omitempty" doc:"填报须知"`

	when *rule.Program
}

// SpecialKind is a special procedure that does not count in the time of the decision
// (行政许可法第四十五条).
type SpecialKind struct {
	Kind string `yaml:"kind" json:"kind" enum:"hearing,tender,auction,inspection,test,quarantine,appraisal,expert_review"`
	Cap  string `yaml:"cap" json:"cap" doc:"How long it may take at most"`
}

// ItemFee is what an application costs.
type ItemFee struct {
	Amount int64     `yaml:"amount" json:"amount" doc:"Fen"`
	Name   form.Text `yaml:"name" json:"name"`
	Basis  string    `yaml:"basis" json:"basis" doc:"The law that allows it"`
}

// LicenceSpec says what is issued.
type LicenceSpec struct {
	Type  string    `yaml:"type" json:"type" doc:"证照类型代码, 21 characters: credit code of the type's owner, and 3 (GB/T 36904-2018)"`
	Name  form.Text `yaml:"name" json:"name"`
	Valid string    `yaml:"valid" json:"valid,omitempty" doc:"How long, as 5y or 12m; for good when empty"`
	Show  []string  `yaml:"show" json:"show,omitempty" doc:"Answers of the form that stand on it"`
	Grant []string  `yaml:"grant" json:"grant,omitempty" doc:"What the decision pack grants that stands on it"`
}

// Promise is the text that an applicant commits to.
type ItemPromise struct {
	Text  form.Text `yaml:"text" json:"text"`
	Check string    `yaml:"check" json:"check" doc:"How soon the authority looks whether it is kept (事后核查)"`
}

// AcceptPoint is one line of an item's acceptance checklist.
type AcceptPoint struct {
	ID  string    `yaml:"id" json:"id"`
	Say form.Text `yaml:"say" json:"say"`
}

var (
	materialID   = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	validSpan    = regexp.MustCompile(`^([1-9]\d?)([ym])$`)
	licenceType  = regexp.MustCompile(`^[0-9A-HJ-NPQRTUWXY]{18}\d{3}$`)
	specialKinds = []string{"hearing", "tender", "auction", "inspection", "test", "quarantine", "appraisal", "expert_review"}
)

// UnmarshalYAML reads a handling and compiles it; the error lists all that is wrong.
func (h *Handling) UnmarshalYAML(decode func(any) error) error {
	if err := decode((*plainHandling)(h)); err != nil {
		return err
	}
	return h.compile().Err() // its sheets were compiled as they were read
}

// UnmarshalJSON reads a handling as it is kept.
func (h *Handling) UnmarshalJSON(raw []byte) error { return h.read(raw, false).Err() }

type plainHandling Handling

// handlingDraft is a handling as it is being written: its sheets need not be sound.
type handlingDraft struct {
	Situation *form.SheetDraft `json:"situation,omitempty"`
	Form      *form.SheetDraft `json:"form"`
	*plainHandling
}

// read reads a handling, compiles it, and says all that is wrong with it. Strict: a field
// that nobody knows is wrong too.
func (h *Handling) read(raw []byte, strict bool) form.FormFaults {
	var wrong form.FormFaults
	d := handlingDraft{plainHandling: (*plainHandling)(h)}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if strict {
		dec.DisallowUnknownFields()
	}
	if err := dec.Decode(&d); err != nil {
		var typ *json.UnmarshalTypeError
		switch name := unknownField.FindStringSubmatch(err.Error()); {
		case errors.As(err, &typ):
			wrong.Add(typ.Field, "shape", typ.Value, "%s does not belong here: %s is expected", typ.Value, typ.Type)
		case name != nil:
			wrong.Add("", "unknown_field", name[1], "there is no field %q", name[1])
		default:
			wrong.Wrong("", "unreadable", err)
		}
		return wrong
	}
	h.Situation, h.Form = (*form.Sheet)(d.Situation), (*form.Sheet)(d.Form)
	if h.Situation != nil {
		wrong.Under("situation", h.Situation.Compile())
	}
	if h.Form != nil {
		wrong.Under("form", h.Form.Compile())
	}
	if slices.ContainsFunc(wrong, func(f form.FormFault) bool {
		return f.Code == "absent" || f.Code == "no_questions" || strings.HasSuffix(f.At, ".type")
	}) {
		return wrong // nothing else can be looked at
	}
	return append(wrong, h.compile()...)
}

var unknownField = regexp.MustCompile(`unknown field "([^"]*)"`)

// compile makes what is not in the sheets ready, and says what is wrong with it.
func (h *Handling) compile() form.FormFaults {
	var wrong form.FormFaults
	if h.Form == nil {
		wrong.Add("form", "required", "", "form is missing")
		return wrong
	}
	if h.Subject == "" {
		h.Subject = "person"
	}
	if !slices.Contains([]string{"person", "enterprise"}, h.Subject) {
		wrong.Add("subject", "no_such_option", h.Subject, "%q is neither person nor enterprise", h.Subject)
	}
	vars := rule.Vars{}
	if h.Situation != nil {
		if h.Situation.Name != "situation" {
			wrong.Add("situation.name", "name", h.Situation.Name, "its name must be situation")
		}
		vars = h.Situation.Vars()
	}
	lang, err := h.Form.Language(vars)
	if err != nil {
		wrong.Wrong("form", "invalid", err)
		return wrong
	}
	seen := map[string]bool{}
	for i, m := range h.Materials {
		at := fmt.Sprintf("materials[%d]", i)
		if m == nil {
			wrong.Add(at, "absent", "", "the material is empty")
			continue
		}
		switch {
		case !materialID.MatchString(m.ID):
			wrong.Add(at+".id", "name", m.ID, "%q is not a name such as id_card", m.ID)
		case seen[m.ID]:
			wrong.Add(at+".id", "twice", m.ID, "%q stands twice", m.ID)
		}
		switch {
		case m.Name["zh"] == "":
			wrong.Add(at+".name", "required", "", "name.zh is missing")
		case !slices.Contains([]string{"applicant", "licence", "shared", "made"}, m.Source):
			wrong.Add(at+".source", "no_such_option", m.Source, "source %q is none of applicant, licence, shared, made", m.Source)
		case (m.Source == "licence") != (m.Licence != ""):
			wrong.Add(at+".licence", "licence_type", m.Licence, "a licence that is fetched has its type, nothing else has")
		}
		seen[m.ID] = true
		if m.When != "" {
			if m.when, err = lang.Condition(m.When); err != nil {
				wrong.Wrong(at+".when", "invalid", err)
			}
		}
	}
	for i, x := range h.Special {
		at := fmt.Sprintf("special[%d]", i)
		if !slices.Contains(specialKinds, x.Kind) {
			wrong.Add(at+".kind", "no_such_option", x.Kind, "%q is none of %s", x.Kind, strings.Join(specialKinds, ", "))
		}
		if _, err := calendar.ParseLimit(x.Cap); err != nil {
			wrong.Wrong(at+".cap", "limit", err)
		}
	}
	for _, x := range []struct{ at, limit string }{{"correct", h.Correct}, {"owe", h.Owe}} {
		if x.limit == "" {
			continue
		}
		if _, err := calendar.ParseLimit(x.limit); err != nil {
			wrong.Wrong(x.at, "limit", err)
		}
	}
	if f := h.Fee; f != nil && !f.valid() {
		wrong.Add("fee", "fee", "", "it has an amount in fen, a name, and the law that allows it")
	}
	h.compileTerms(&wrong)
	if p := h.Promise; p != nil {
		if _, err := calendar.ParseLimit(p.Check); err != nil || p.Text["zh"] == "" {
			wrong.Add("promise", "promise", "", "it has a text, and check, within what time it is looked after")
		}
	}
	if r := h.Rebuilt; r != nil && (r.Source == "" || min(r.Before.Days, float64(r.Before.Steps), float64(r.Before.Papers), float64(r.Before.Trips)) < 0) {
		wrong.Add("rebuilt", "rebuilt", "", "the figures before are not below 0 and have a source")
	}
	if l := h.Licence; l != nil {
		if !licenceType.MatchString(l.Type) || l.Name["zh"] == "" {
			wrong.Add("licence", "licence_type", l.Type, "it has a name and a type of 21 characters")
		}
		if l.Valid != "" && !validSpan.MatchString(l.Valid) {
			wrong.Add("licence.valid", "span", l.Valid, "%q is not a span such as 5y or 12m", l.Valid)
		}
		for _, name := range l.Show {
			if h.Form.Schema.Properties[name] == nil {
				wrong.Add("licence.show", "no_question", name, "the form has no question %q", name)
			}
		}
	}
	return wrong
}

// Needed are the materials that an application needs, by its situation and its form.
func (h *Handling) Needed(situation, values map[string]any, today string) ([]*ItemMaterial, error) {
	facts := h.Form.Facts(values, today)
	if h.Situation != nil {
		maps.Copy(facts, h.Situation.Facts(situation, today))
	}
	out := []*ItemMaterial{}
	for _, m := range h.Materials {
		if m.when != nil {
			yes, err := m.when.Holds(facts)
			if err != nil {
				return nil, err
			}
			if !yes {
				continue
			}
		}
		out = append(out, m)
	}
	return out, nil
}

var readsForm = regexp.MustCompile(`\bform\.`)

// readsForm says whether it depends on the form that a material is needed.
func (m *ItemMaterial) readsForm() bool { return readsForm.MatchString(m.When) }

func (h *Handling) material(id string) *ItemMaterial {
	for _, m := range h.Materials {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// handlingFolder holds one file for each item that is applied for here, by its key.
const handlingFolder = "services/handling"

// readHandling reads how the pack's items are handled, by their keys.
func readHandling(files fs.FS) (map[string]*Handling, error) {
	names, err := fs.Glob(files, handlingFolder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	out := map[string]*Handling{}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		h := &Handling{}
		if err := yaml.UnmarshalWithOptions(raw, h, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, true)))
		}
		out[strings.TrimSuffix(strings.TrimPrefix(name, handlingFolder+"/"), ".yaml")] = h
	}
	return out, nil
}
