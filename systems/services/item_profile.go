package services

import (
	"embed"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"

	"shanzhi/core/pack"
	"shanzhi/core/table"
)

//go:embed profiles/*.yaml
var shippedProfiles embed.FS

// ItemProfile says how the rows of a list of items become items (事项导入方案): which
// column is what element, in which words. A new province's list needs a new profile
// and no code. How an element is made of a row is said by a [table.Field].
type ItemProfile struct {
	Name   string    `yaml:"profile"`
	Title  pack.Text `yaml:"title"`
	Note   pack.Text `yaml:"note"`
	Source string    `yaml:"source"`
	Format string    `yaml:"format"` // jsonl, or table: CSV in any encoding, or XLSX
	Absent []string  `yaml:"absent"` // cells that mean nothing: 无
	State  ItemState `yaml:"state"`  // published where the source has published them
	Item   struct {
		Key         table.Field `yaml:"key"` // what the source knows it by
		Code        table.Field `yaml:"code"`
		Basic       table.Field `yaml:"basic"`
		Name        table.Field `yaml:"name"`
		Catalog     table.Field `yaml:"catalog"`
		Sub         table.Field `yaml:"sub"`
		Aliases     table.Field `yaml:"aliases"`
		Type        table.Field `yaml:"type"`
		Department  table.Field `yaml:"department"`
		Body        table.Field `yaml:"body"`
		Region      table.Field `yaml:"region"`
		Level       table.Field `yaml:"level"`
		Objects     table.Field `yaml:"objects"`
		Themes      table.Field `yaml:"themes"`
		Legal       table.Field `yaml:"legal"`
		Promised    table.Field `yaml:"promised"`
		Visits      table.Field `yaml:"visits"`
		Online      table.Field `yaml:"online"`
		Express     table.Field `yaml:"express"`
		Bookable    table.Field `yaml:"bookable"`
		Conditions  table.Field `yaml:"conditions"`
		Materials   table.Field `yaml:"materials"`
		Laws        table.Field `yaml:"laws"`
		Place       table.Field `yaml:"place"`
		Phone       table.Field `yaml:"phone"`
		Complaints  table.Field `yaml:"complaints"`
		URL         table.Field `yaml:"url"`
		Partners    table.Field `yaml:"partners"`
		Platform    table.Field `yaml:"platform"`
		SourceState table.Field `yaml:"source_state"`
		Kind        table.Field `yaml:"kind"`
		Hours       table.Field `yaml:"hours"`
		Centre      table.Field `yaml:"centre"`
		NameEN      table.Field `yaml:"name_en"`
	} `yaml:"item"`
}

// ReadItemProfile reads a profile; what is not known in it is an error that says where.
func ReadItemProfile(body []byte) (*ItemProfile, error) {
	p := &ItemProfile{}
	if err := yaml.UnmarshalWithOptions(body, p, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("profile: %s", strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("profile: "+format, args...)) }
	if p.Name == "" || p.Source == "" || p.Title.In("zh") == "" {
		bad("profile, source and title are needed")
	}
	if p.Format != "jsonl" && p.Format != "table" {
		bad("format: %q is neither jsonl nor table", p.Format)
	}
	if p.State != ItemDraft && p.State != ItemPublished {
		bad("state: %q is neither draft nor published", p.State)
	}
	for name, f := range map[string]table.Field{"key": p.Item.Key, "name": p.Item.Name, "department": p.Item.Department} {
		if len(f) == 0 {
			bad("item.%s: is needed", name)
		}
	}
	for _, v := range p.Item.Type.Outcomes() {
		if itemTypes[v] == "" {
			bad("item.type: %q is no type of items", v)
		}
	}
	for _, v := range p.Item.Kind.Outcomes() {
		if v != "at_once" && v != "promised" {
			bad("item.kind: %q is neither at_once nor promised", v)
		}
	}
	for name, f := range map[string]table.Field{"online": p.Item.Online, "express": p.Item.Express, "bookable": p.Item.Bookable} {
		for _, v := range f.Outcomes() {
			if !slices.Contains([]string{"yes", "no"}, v) {
				bad("item.%s: %q is neither yes nor no", name, v)
			}
		}
	}
	return p, errors.Join(errs...)
}

// ShippedItemProfile is one that the program carries.
func ShippedItemProfile(name string) (*ItemProfile, error) {
	body, err := fs.ReadFile(shippedProfiles, "profiles/"+name+".yaml")
	if err != nil {
		names, _ := fs.Glob(shippedProfiles, "profiles/*.yaml")
		for i := range names {
			names[i] = strings.TrimSuffix(strings.TrimPrefix(names[i], "profiles/"), ".yaml")
		}
		return nil, fmt.Errorf("there is no profile %q; there are %s", name, strings.Join(names, ", "))
	}
	return ReadItemProfile(body)
}

var (
	breaks = regexp.MustCompile(`(?i)<\s*(br|/p|/div|/li|/tr)\s*/?\s*>`)
	tags   = regexp.MustCompile(`</?[a-zA-Z!][^<>]*>`)
	spaces = regexp.MustCompile(`[ \t\x{00a0}\x{3000}]+`)
	lines  = regexp.MustCompile(`\n[ \n]+`)
)

// sanitise takes out of a cell what item lists carry by accident: HTML, encoded once or
// twice, control characters, tabs, runs of spaces. Lines stay.
func sanitise(s string) string {
	if strings.ContainsAny(s, "&<") {
		for range 3 { // "&amp;amp;lt;" was seen
			next := html.UnescapeString(s)
			if next == s {
				break
			}
			s = next
		}
		s = tags.ReplaceAllString(breaks.ReplaceAllString(s, "\n"), "")
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r':
			return '\n'
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r == '\ufeff', r >= '\u200b' && r <= '\u200f', r == '\ufffd':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(lines.ReplaceAllString(spaces.ReplaceAllString(s, " "), "\n"))
}
