package appeals

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"shanzhi/core/pack"
)

// Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2) lets programs of
// others file appeals here and follow them. A service is a class of the duty
// list; the items in it are the values of its one attribute.

// open311Settings are what a district may say of it in appeals/open311.yaml; the
// file may be absent.
type open311Settings struct {
	Level      int       `yaml:"level"`       // of the duty list that makes the services: 1, 2 (default) or 3
	Channel    string    `yaml:"channel"`     // of what is filed; default "web"
	Type       string    `yaml:"type"`        // production (default) or test
	Contact    pack.Text `yaml:"contact"`     // for discovery
	KeyService pack.Text `yaml:"key_service"` // how to get a key
}

// catalogue is the services that Open311 offers, made of one version of the
// duty list. It never changes.
type catalogue struct {
	settings open311Settings
	services []*service311
	byCode   map[string]*service311
	byItem   map[string]*service311
}

// service311 is one kind of request.
type service311 struct {
	code   string
	name   string
	group  string
	items  []*DutyItem
	prefix bool // the code begins the codes of all its items, and of no other
	asks   bool // its items are values to choose from
}

// otherService is what is not in the list, and what is not classified yet.
const otherService = "other"

func readCatalogue(files fs.FS, duty *DutyList, words *Words) (*catalogue, error) {
	const name = "appeals/open311.yaml"
	c := &catalogue{settings: open311Settings{Level: 2, Channel: "web", Type: "production"}, byCode: map[string]*service311{}, byItem: map[string]*service311{}}
	raw, err := fs.ReadFile(files, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil {
		if err := yaml.UnmarshalWithOptions(raw, &c.settings, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
		}
		if _, ok := words.Channel(c.settings.Channel); !ok {
			return nil, fmt.Errorf("%s: channel: there is no channel %q", name, c.settings.Channel)
		}
	}
	if c.settings.Level < 1 || c.settings.Level > 3 {
		return nil, fmt.Errorf("%s: level: 1, 2 or 3", name)
	}
	if c.settings.Type != "production" && c.settings.Type != "test" {
		return nil, fmt.Errorf("%s: type: production or test", name)
	}
	c.group(duty)
	return c, nil
}

// group makes the services. Their codes are the beginnings of the items' codes
// where those are built by levels, so that they stay the same when an item is
// added; else they are made of the names.
func (c *catalogue) group(duty *DutyList) {
	levels := c.settings.Level
	byPath := map[string]*service311{}
	for _, it := range duty.Items {
		path := strings.Join([]string{it.L1, it.L2, it.L3}[:levels], "\x00")
		s := byPath[path]
		if s == nil {
			s = &service311{name: []string{it.L1, it.L2, it.L3}[levels-1], group: it.L1, asks: levels < 3}
			byPath[path] = s
			c.services = append(c.services, s)
		}
		s.items = append(s.items, it)
	}
	n := prefixLength(byPath)
	for path, s := range byPath {
		switch {
		case levels == 3 && len(s.items) == 1:
			s.code = s.items[0].Code
		case n > 0:
			s.code, s.prefix = s.items[0].Code[:n], true
		default:
			h := fnv.New32a()
			_, _ = h.Write([]byte(path))
			s.code = fmt.Sprintf("s%08x", h.Sum32())
		}
	}
	slices.SortFunc(c.services, func(a, b *service311) int { return compare(a.code, b.code) })
	c.services = append(c.services, &service311{code: otherService, name: "其他", group: "其他"})
	for _, s := range c.services {
		c.byCode[s.code] = s
		for _, it := range s.items {
			c.byItem[it.Code] = s
		}
	}
}

// prefixLength is the least number of characters of an item's code that tell its
// service from all others; 0 where the codes are not built so.
func prefixLength(groups map[string]*service311) int {
	shortest := 0
	for _, s := range groups {
		for _, it := range s.items {
			if shortest == 0 || len(it.Code) < shortest {
				shortest = len(it.Code)
			}
		}
	}
search:
	for n := 1; n <= shortest; n++ {
		owner := map[string]*service311{}
		for _, s := range groups {
			prefix := s.items[0].Code[:n]
			if owner[prefix] != nil {
				continue search
			}
			for _, it := range s.items {
				if it.Code[:n] != prefix {
					return 0 // and longer ones differ too
				}
			}
			owner[prefix] = s
		}
		return n
	}
	return 0
}

// of is the service of an item, or of what a client chose, or the one for all else.
func (c *catalogue) of(item, chosen string) *service311 {
	if s := c.byItem[item]; s != nil {
		return s
	}
	if s := c.byCode[chosen]; s != nil && item == "" {
		return s
	}
	return c.byCode[otherService]
}

// item finds an item among the values of a service's attribute.
func (s *service311) item(code string) *DutyItem {
	i := slices.IndexFunc(s.items, func(it *DutyItem) bool { return it.Code == code })
	if i < 0 {
		return nil
	}
	return s.items[i]
}

// describe is what a service is for: some of its items.
func (s *service311) describe() string {
	if len(s.items) == 0 {
		return "不在以上各类之中的诉求 / anything that is not listed above"
	}
	const most = 3
	var names []string
	for _, it := range s.items[:min(most, len(s.items))] {
		names = append(names, it.L3)
	}
	if len(s.items) > most {
		return fmt.Sprintf("%s 等 %d 项", strings.Join(names, "；"), len(s.items))
	}
	return strings.Join(names, "；")
}

// keywords are words by which a service is found.
func (s *service311) keywords() string {
	const most = 12
	var out []string
	for _, it := range s.items {
		for _, k := range it.Keywords {
			if k = strings.ReplaceAll(k, ",", " "); !slices.Contains(out, k) {
				if out = append(out, k); len(out) == most {
					return strings.Join(out, ", ")
				}
			}
		}
	}
	return strings.Join(out, ", ")
}
