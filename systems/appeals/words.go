package appeals

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"shanzhi/core/pack"
)

// Word is one entry of a vocabulary: a code and what people read.
type Word struct {
	Code   string    `json:"code"`
	Name   pack.Text `json:"name"`
	Detail string    `json:"detail,omitempty"`
}

// Kind is a kind of appeal (诉求类型).
type Kind struct {
	Word
	HandleClass string `json:"handle_class"`
	Visit       bool   `json:"visit"`
}

// Refusal is a ground for not accepting an appeal (不予受理情形), with its basis
// and where the citizen can go instead.
type Refusal struct {
	Word
	Basis       string `json:"basis"`
	Alternative string `json:"alternative"`
	Text        string `json:"text"`
}

// Emergency is a word that means that somebody else must come at once.
type Emergency struct {
	Word    string `json:"word"`
	Number  string `json:"number"` // 110, 119, 120, 122
	Urgency string `json:"urgency"`
}

// Words are the vocabularies of the district's pack.
type Words struct {
	Channels      []Word      `json:"channels"`
	Kinds         []Kind      `json:"kinds"`
	ReturnReasons []Word      `json:"return_reasons"`
	Refusals      []Refusal   `json:"refusals"`
	Emergencies   []Emergency `json:"-"`
}

// ReadWords reads the vocabularies of a pack's files.
func ReadWords(files fs.FS) (*Words, error) {
	w := &Words{}
	var wrong []error
	table := func(name string, each func(r map[string]string, word Word), want ...string) {
		rows, err := pack.Table(files, "appeals/"+name, want...)
		if err != nil {
			wrong = append(wrong, err)
			return
		}
		seen := map[string]bool{}
		for i, r := range rows {
			code := r["code"]
			if code == "" {
				code = r["word"]
			}
			if code == "" || seen[code] {
				wrong = append(wrong, fmt.Errorf("appeals/%s line %d: code %q is empty or stands twice", name, i+2, code))
			}
			seen[code] = true
			each(r, Word{Code: code, Name: pack.Text{"zh": r["name"], "en": r["name_en"]}, Detail: r["description"]})
		}
	}
	table("channels.csv", func(_ map[string]string, word Word) { w.Channels = append(w.Channels, word) }, "code", "name")
	table("kinds.csv", func(r map[string]string, word Word) {
		w.Kinds = append(w.Kinds, Kind{word, r["handle_class"], r["visit"] != "n"})
	}, "code", "name", "handle_class", "visit")
	table("return_reasons.csv", func(_ map[string]string, word Word) { w.ReturnReasons = append(w.ReturnReasons, word) }, "code", "name")
	table("refusals.csv", func(r map[string]string, word Word) {
		w.Refusals = append(w.Refusals, Refusal{word, r["basis"], r["alternative"], r["text"]})
	}, "code", "name", "basis", "alternative")
	table("emergency_words.csv", func(r map[string]string, _ Word) {
		w.Emergencies = append(w.Emergencies, Emergency{r["word"], r["number"], r["urgency"]})
	}, "word", "number", "urgency")
	return w, errors.Join(wrong...)
}

// Kind finds a kind by code.
func (w *Words) Kind(code string) (Kind, bool) {
	i := slices.IndexFunc(w.Kinds, func(k Kind) bool { return k.Code == code })
	if i < 0 {
		return Kind{}, false
	}
	return w.Kinds[i], true
}

// Channel finds a channel by code.
func (w *Words) Channel(code string) (Word, bool) {
	i := slices.IndexFunc(w.Channels, func(c Word) bool { return c.Code == code })
	if i < 0 {
		return Word{}, false
	}
	return w.Channels[i], true
}

// Emergencies finds the emergency words in a text, the most urgent first.
func (w *Words) emergencies(text string) []Emergency {
	var out []Emergency
	for _, e := range w.Emergencies {
		if strings.Contains(text, e.Word) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b Emergency) int { return slices.Index(classes, a.Urgency) - slices.Index(classes, b.Urgency) })
	return out
}
