package appeals

import (
	"context"
	"slices"
	"strings"

	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Candidate is one item and unit proposed for an appeal, with its reasons.
type Candidate struct {
	Item     string   `json:"item,omitempty"`
	ItemName string   `json:"item_name,omitempty"`
	Unit     string   `json:"unit"`
	UnitName string   `json:"unit_name"`
	CoUnits  []string `json:"co_units,omitempty"`
	Fallback string   `json:"fallback,omitempty"`
	P        float64  `json:"p" doc:"How sure, from 0 to 1; calibrated where a model gave it"`
	Why      []Reason `json:"why"`
}

// Reason is one reason for a candidate.
type Reason struct {
	Kind string `json:"kind" doc:"words, duty, history, place"`
	Text string `json:"text"`
}

// Suggestion is what a dispatcher is advised.
type Suggestion struct {
	Candidates []Candidate `json:"candidates"`
	Band       string      `json:"band" enum:"auto,suggest,manual" doc:"auto: sure enough to dispatch by itself; suggest: shown first; manual: not in the list, or not sure"`
	Class      string      `json:"class"`
	Duty       string      `json:"duty" doc:"Version of the duty list"`
}

func (s *Service) getSuggestion(ctx context.Context, in *idInput) (*httpapi.Body[Suggestion], error) {
	if err := s.visible(ctx, s.Store, httpapi.Actor(ctx), in.ID.ID); err != nil {
		return nil, err
	}
	m, err := caseflow.Get(ctx, s.Store, in.ID.ID)
	if err != nil {
		return nil, err
	}
	a, err := getAppeal(ctx, s.Store, in.ID.ID)
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.suggest(m, &a), nil)
}

// suggest proposes items by the words of the list, and the unit that the list
// makes responsible for each at this place and time.
func (s *Service) suggest(m *caseflow.Matter, a *Appeal) Suggestion {
	d := s.district.Load()
	words := m.Title + " " + a.Text
	facts := DutyFacts{Street: a.Street, Community: a.Community, Kind: a.Kind, Channel: a.Channel, Class: m.Class, Text: words, At: m.OpenedAt.In(d.zone)}
	out := Suggestion{Candidates: []Candidate{}, Band: "manual", Class: m.Class, Duty: d.duty.Version}
	for _, hit := range d.duty.match(words, 3) {
		duty, ok := d.duty.Resolve(hit.item.Code, facts, s.Dir.Tree())
		if !ok {
			continue
		}
		c := Candidate{Item: hit.item.Code, ItemName: hit.item.Name(), Unit: duty.Lead, UnitName: s.Dir.Tree().Name(duty.Lead), CoUnits: duty.CoUnits, Fallback: duty.Fallback, P: hit.score,
			Why: []Reason{{"words", strings.Join(hit.words, "、")}, {"duty", "职责清单 " + hit.item.Code + "：" + hit.item.L1 + "／" + hit.item.L2}}}
		if duty.Rule.Condition != "" {
			c.Why = append(c.Why, Reason{"duty", duty.Rule.Condition})
		}
		out.Candidates = append(out.Candidates, c)
	}
	if len(out.Candidates) > 0 && out.Candidates[0].P >= 0.6 {
		out.Band = "suggest"
	}
	return out
}

type hit struct {
	item  *DutyItem
	words []string
	score float64
}

// match finds the items whose words stand in a text. A longer and rarer word
// counts for more.
func (l *DutyList) match(t string, most int) []hit {
	var hits []hit
	total := 0.0
	for _, it := range l.Items {
		var h hit
		for _, k := range it.Keywords {
			if strings.Contains(t, k) {
				h.words = append(h.words, k)
				n := float64(len([]rune(k)))
				h.score += n * n
			}
		}
		if h.score > 0 {
			h.item = it
			total += h.score * h.score
			hits = append(hits, h)
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return compare(a.item.Code, b.item.Code)
	})
	for i := range hits {
		hits[i].score = hits[i].score * hits[i].score / total
	}
	return hits[:min(most, len(hits))]
}

func (s *Service) listItems(ctx context.Context, in *struct {
	Q     string `query:"q" doc:"Words or the beginning of a code"`
	Limit int    `query:"limit" minimum:"0" maximum:"200"`
}) (*httpapi.Body[[]*DutyItem], error) {
	list := s.district.Load().duty
	if in.Limit == 0 {
		in.Limit = 20
	}
	out := []*DutyItem{}
	q := strings.TrimSpace(in.Q)
	if q != "" {
		for _, it := range list.Items {
			if strings.HasPrefix(it.Code, q) || strings.Contains(it.L3, q) {
				out = append(out, it)
			}
			if len(out) >= in.Limit {
				break
			}
		}
		if len(out) == 0 {
			for _, h := range list.match(q, in.Limit) {
				out = append(out, h.item)
			}
		}
	} else {
		out = list.Items[:min(in.Limit, len(list.Items))]
	}
	return httpapi.Answer(out, nil)
}

// SimilarAppeal is an open appeal that says the same nearby, without a word
// about who said it.
type SimilarAppeal struct {
	ID       store.ID   `json:"id"`
	No       string     `json:"no"`
	Title    string     `json:"title"`
	Place    string     `json:"place"`
	Metres   *int       `json:"metres,omitempty"`
	Score    float64    `json:"score"`
	OpenedAt store.Time `json:"opened_at,omitzero"`
	State    string     `json:"state"`
}

// Radius and window in which an open appeal may be the same (默认 250 米、30 天).
const (
	similarMetres = 250.0
	similarDays   = 30
)

func (s *Service) similar(ctx context.Context, in *struct {
	Body struct {
		Text    string   `json:"text" maxLength:"4000"`
		Address string   `json:"address,omitempty" maxLength:"300"`
		Lon     *float64 `json:"lon,omitempty"`
		Lat     *float64 `json:"lat,omitempty"`
	}
}) (*httpapi.Body[[]SimilarAppeal], error) {
	d := s.district.Load()
	b := in.Body
	at := d.locate.find(b.Lon, b.Lat, b.Address+" "+b.Text)
	out := []SimilarAppeal{}
	if at.Street == "" {
		return httpapi.Answer(out, nil)
	}
	since := store.IDAt(s.Store.Now().AddDate(0, 0, -similarDays))
	rows, err := store.Select[struct {
		Row  `bun:",extend"`
		Text string
	}](ctx, s.Store, `SELECT `+rowColumns+`, a.text FROM appeal a JOIN matter m ON m.id = a.id WHERE a.street = ? AND a.id >= ? AND m.open AND m.merged IS NULL AND a.secrecy <> 'confidential' ORDER BY a.id DESC LIMIT 300`, at.Street, int64(since))
	if err != nil {
		return nil, err
	}
	mine := text.NewProfile(b.Text)
	for _, r := range rows {
		score := mine.Cosine(text.NewProfile(r.Title + " " + r.Text))
		v := SimilarAppeal{ID: r.ID, No: r.No, Title: r.Title, Place: d.placeName(r.Place), OpenedAt: r.OpenedAt, State: r.State}
		if b.Lon != nil && r.Lon != nil {
			m := place.Distance(place.Point{CRS: place.WGS84, Lon: *b.Lon, Lat: *b.Lat}, place.Point{CRS: place.WGS84, Lon: *r.Lon, Lat: *r.Lat})
			if m > similarMetres {
				continue
			}
			n := int(m)
			v.Metres = &n
			score += 0.2 * (1 - m/similarMetres)
		}
		if v.Score = min(score, 1); v.Score >= 0.3 {
			out = append(out, v)
		}
	}
	slices.SortStableFunc(out, func(a, b SimilarAppeal) int {
		if a.Score > b.Score {
			return -1
		}
		if a.Score < b.Score {
			return 1
		}
		return 0
	})
	return httpapi.Answer(out[:min(5, len(out))], nil)
}

// DutyFaults checks the duty list in force for gaps, overlaps and dead rules.
func (s *Service) DutyFaults() []Fault { return s.district.Load().duty.Faults(s.Dir.Tree()) }
