package closing

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// File is where a pack has its settings. A pack without it judges nothing.
const File = "appeals/closing.yaml"

// Settings are what a district decides about formal-only closing.
type Settings struct {
	Thresholds struct {
		Block      int `yaml:"block"`
		SecondLook int `yaml:"second_look"`
	} `yaml:"thresholds"`
	SecondLook struct {
		Share float64 `yaml:"share"`
		Days  int     `yaml:"days"`
	} `yaml:"second_look"`
	Clocks struct {
		Quick      string  `yaml:"quick"`
		LateShare  float64 `yaml:"late_share"`
		Bulk       int     `yaml:"bulk"`
		BulkWithin string  `yaml:"bulk_within"`
		Again      string  `yaml:"again"`
	} `yaml:"clocks"`
	Photos struct {
		Distance float64 `yaml:"distance_m"`
		Before   string  `yaml:"before"`
	} `yaml:"photos"`
	Template struct {
		Alike float64 `yaml:"alike"`
		Bits  int     `yaml:"bits"`
		Least int     `yaml:"least"`
	} `yaml:"template"`
	Weights  map[string]int      `yaml:"weights"`
	Items    map[string]Override `yaml:"items"`
	Answered []string            `yaml:"answered_kinds"`
	Thanks   []string            `yaml:"thanks_kinds"`
	Words    map[string][]string `yaml:"words"`
	Facts    map[string][]string `yaml:"facts"`

	Quick, BulkWithin, Again, PhotoBefore time.Duration `yaml:"-"`

	words, facts map[string]*regexp.Regexp
}

// Override is what an item, or all items whose codes begin with its, do
// differently.
type Override struct {
	Block   *int           `yaml:"block"`
	Weights map[string]int `yaml:"weights"`
}

// lists are the words and facts that a pack may name.
var (
	wordLists = []string{"courtesy", "topic", "signature", "forward", "will", "process", "claim", "filler", "refusal", "reason", "difficult", "refer", "decides", "demand", "thanks"}
	factLists = []string{"date", "figure", "basis", "phone", "place", "person", "act"}
)

// Read reads the settings of a pack; nil where it has none. The error names all
// that is wrong.
func Read(files fs.FS) (*Settings, error) {
	raw, err := fs.ReadFile(files, File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return Parse(raw)
}

// Parse reads settings.
func Parse(raw []byte) (*Settings, error) {
	var s Settings
	if err := yaml.UnmarshalWithOptions(bytes.TrimSpace(raw), &s, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %w", File, err)
	}
	var wrong []error
	bad := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s: %s", File, fmt.Sprintf(format, args...)))
	}
	if t := s.Thresholds; !(0 < t.SecondLook && t.SecondLook <= t.Block && t.Block <= 100) {
		bad("thresholds: 0 < second_look ≤ block ≤ 100 does not hold for %d and %d", t.SecondLook, t.Block)
	}
	if s.SecondLook.Share < 0 || s.SecondLook.Share > 1 {
		bad("second_look.share %v is not between 0 and 1", s.SecondLook.Share)
	}
	if s.SecondLook.Days < 1 {
		bad("second_look.days must be 1 or more")
	}
	if s.Clocks.LateShare <= 0 || s.Clocks.LateShare > 1 {
		bad("clocks.late_share %v is not between 0 and 1", s.Clocks.LateShare)
	}
	if s.Clocks.Bulk < 2 {
		bad("clocks.bulk must be 2 or more")
	}
	for _, d := range []struct {
		name, text string
		into       *time.Duration
	}{{"clocks.quick", s.Clocks.Quick, &s.Quick}, {"clocks.bulk_within", s.Clocks.BulkWithin, &s.BulkWithin}, {"clocks.again", s.Clocks.Again, &s.Again}, {"photos.before", s.Photos.Before, &s.PhotoBefore}} {
		v, err := span(d.text)
		if err != nil || v <= 0 {
			bad("%s: %q is not a length of time such as 10m, 2h or 30d", d.name, d.text)
		}
		*d.into = v
	}
	if s.Photos.Distance <= 0 {
		bad("photos.distance_m must be over 0")
	}
	if t := s.Template; t.Alike <= 0 || t.Alike > 1 || t.Bits < 0 || t.Bits > 64 || t.Least < 1 {
		bad("template: alike lies between 0 and 1, bits between 0 and 64, least is 1 or more")
	}
	weigh := func(where string, weights map[string]int) {
		for _, code := range slices.Sorted(maps.Keys(weights)) {
			if _, ok := sentences[code]; !ok {
				bad("%s.%s: there is no such signal", where, code)
			}
			if w := weights[code]; w < 0 || w > 100 {
				bad("%s.%s: %d is not between 0 and 100", where, code, w)
			}
		}
	}
	weigh("weights", s.Weights)
	for _, code := range slices.Sorted(maps.Keys(s.Items)) {
		o := s.Items[code]
		weigh("items."+code, o.Weights)
		if o.Block != nil && (*o.Block < s.Thresholds.SecondLook || *o.Block > 100) {
			bad("items.%s.block: %d is not between second_look and 100", code, *o.Block)
		}
	}
	compile := func(where string, lists map[string][]string, known []string) map[string]*regexp.Regexp {
		out := map[string]*regexp.Regexp{}
		for _, name := range slices.Sorted(maps.Keys(lists)) {
			if !slices.Contains(known, name) {
				bad("%s.%s: there is no such list", where, name)
				continue
			}
			for i, p := range lists[name] {
				if re, err := regexp.Compile(p); err != nil {
					bad("%s.%s[%d]: %v", where, name, i, err)
				} else if re.MatchString("") {
					bad("%s.%s[%d]: %q is found in nothing", where, name, i, p)
				}
			}
			if re, err := regexp.Compile("(?i:" + strings.Join(lists[name], "|") + ")"); err == nil && len(lists[name]) > 0 {
				out[name] = re
			}
		}
		return out
	}
	s.words = compile("words", s.Words, wordLists)
	s.facts = compile("facts", s.Facts, factLists)
	return &s, errors.Join(wrong...)
}

// span reads 10m, 2h, 30d.
func span(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}

// weight is what a signal weighs for an item: the longest beginning of its code
// that says so, or else what the district says.
func (s *Settings) weight(item, code string) int {
	for n := len(item); n > 0; n-- {
		if o, ok := s.Items[item[:n]]; ok {
			if w, ok := o.Weights[code]; ok {
				return w
			}
		}
	}
	return s.Weights[code]
}

// Block is the score from which a reply to an item does not pass.
func (s *Settings) Block(item string) int {
	for n := len(item); n > 0; n-- {
		if o, ok := s.Items[item[:n]]; ok && o.Block != nil {
			return *o.Block
		}
	}
	return s.Thresholds.Block
}

// Verdict is what a score means for an item.
func (s *Settings) Verdict(item string, score int) string {
	switch {
	case score >= s.Block(item):
		return Block
	case score >= s.Thresholds.SecondLook:
		return SecondLook
	}
	return Pass
}

// in says whether a list has something in t.
func (s *Settings) in(list, t string) bool {
	re := s.words[list]
	return re != nil && re.MatchString(t)
}

func (s *Settings) fact(list, t string) bool {
	re := s.facts[list]
	return re != nil && re.MatchString(t)
}
