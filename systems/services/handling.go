package services

import (
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
	type plain Handling
	if err := decode((*plain)(h)); err != nil {
		return err
	}
	return h.compile()
}

// UnmarshalJSON reads a handling as it is kept.
func (h *Handling) UnmarshalJSON(raw []byte) error {
	type plain Handling
	if err := json.Unmarshal(raw, (*plain)(h)); err != nil {
		return err
	}
	return h.compile()
}

func (h *Handling) compile() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if h.Form == nil {
		return errors.New("form is missing")
	}
	if h.Subject == "" {
		h.Subject = "person"
	}
	if !slices.Contains([]string{"person", "enterprise"}, h.Subject) {
		bad("subject: %q is neither person nor enterprise", h.Subject)
	}
	vars := rule.Vars{}
	if h.Situation != nil {
		if h.Situation.Name != "situation" {
			bad("situation: its name must be situation")
		}
		vars = h.Situation.Vars()
	}
	lang, err := h.Form.Language(vars)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, m := range h.Materials {
		at := fmt.Sprintf("materials[%d]", i)
		switch {
		case !materialID.MatchString(m.ID):
			bad("%s: %q is not a name such as id_card", at, m.ID)
		case seen[m.ID]:
			bad("%s: %q stands twice", at, m.ID)
		case m.Name["zh"] == "":
			bad("%s: name.zh is missing", at)
		case !slices.Contains([]string{"applicant", "licence", "shared", "made"}, m.Source):
			bad("%s: source %q is none of applicant, licence, shared, made", at, m.Source)
		case (m.Source == "licence") != (m.Licence != ""):
			bad("%s: a licence that is fetched has its type, nothing else has", at)
		}
		seen[m.ID] = true
		if m.When != "" {
			if m.when, err = lang.Condition(m.When); err != nil {
				bad("%s.when: %v", at, err)
			}
		}
	}
	for i, x := range h.Special {
		if !slices.Contains(specialKinds, x.Kind) {
			bad("special[%d]: %q is none of %s", i, x.Kind, strings.Join(specialKinds, ", "))
		}
		if _, err := calendar.ParseLimit(x.Cap); err != nil {
			bad("special[%d].cap: %v", i, err)
		}
	}
	for at, limit := range map[string]string{"correct": h.Correct, "owe": h.Owe} {
		if limit == "" {
			continue
		}
		if _, err := calendar.ParseLimit(limit); err != nil {
			bad("%s: %v", at, err)
		}
	}
	if f := h.Fee; f != nil && !f.valid() {
		bad("fee: it has an amount in fen, a name, and the law that allows it")
	}
	h.compileTerms(bad)
	if p := h.Promise; p != nil {
		if _, err := calendar.ParseLimit(p.Check); err != nil || p.Text["zh"] == "" {
			bad("promise: it has a text, and check, within what time it is looked after")
		}
	}
	if l := h.Licence; l != nil {
		if !licenceType.MatchString(l.Type) || l.Name["zh"] == "" {
			bad("licence: it has a name and a type of 21 characters")
		}
		if l.Valid != "" && !validSpan.MatchString(l.Valid) {
			bad("licence.valid: %q is not a span such as 5y or 12m", l.Valid)
		}
		for _, name := range l.Show {
			if h.Form.Schema.Properties[name] == nil {
				bad("licence.show: the form has no question %q", name)
			}
		}
	}
	return errors.Join(errs...)
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
