package appeals

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Candidate is one unit proposed for an appeal, with the item that speaks most
// for it, and the reasons.
type Candidate struct {
	Item     string   `json:"item,omitempty"`
	ItemName string   `json:"item_name,omitempty"`
	Unit     string   `json:"unit"`
	UnitName string   `json:"unit_name"`
	CoUnits  []string `json:"co_units,omitempty"`
	Fallback string   `json:"fallback,omitempty"`
	P        float64  `json:"p" doc:"How sure that it is this unit, from 0 to 1; calibrated where a model gave it"`
	Why      []Reason `json:"why"`
}

// Reason is one reason for a candidate.
type Reason struct {
	Kind string `json:"kind" doc:"words, duty, history, place, returned, similar, graph"`
	Text string `json:"text"`
}

// Suggestion is what a dispatcher is advised.
type Suggestion struct {
	Candidates []Candidate `json:"candidates"`
	Band       string      `json:"band" enum:"auto,suggest,manual" doc:"auto: sure enough to dispatch by itself; suggest: shown first; manual: not in the list, or not sure"`
	P          float64     `json:"p" doc:"Of the first candidate"`
	Unlisted   bool        `json:"unlisted" doc:"It looks like nothing in the duty list (不在清单)"`
	Reasons    []Reason    `json:"reasons" doc:"Of the first candidate, and what keeps it from a better band"`
	Class      string      `json:"class"`
	Duty       string      `json:"duty" doc:"Version of the duty list"`
	Model      store.ID    `json:"model,omitempty" doc:"The model that advised; absent where rules and words alone did"`
}

func (s *Service) getSuggestion(ctx context.Context, in *idInput) (*httpapi.Body[Suggestion], error) {
	m, a, err := s.seen(ctx, s.Store, httpapi.Actor(ctx), in.ID.ID)
	if err != nil {
		return nil, err
	}
	sg, err := s.suggest(ctx, m, a)
	if err == nil {
		err = errors.Join(s.addSimilar(ctx, &sg, m, a), s.addTies(ctx, &sg, m))
	}
	return httpapi.Answer(sg, err)
}

// suggest proposes units for an appeal that waits to be dispatched.
func (s *Service) suggest(ctx context.Context, m *caseflow.Matter, a *Appeal) (Suggestion, error) {
	if words, part, err := partWords(ctx, s.Store, m.ID); err != nil {
		return Suggestion{}, err
	} else if part {
		of, own := *m, *a
		m, a = &of, &own
		m.Title, a.Text = firstClause(words), words
	}
	d, tree := s.district.Load(), s.Dir.Tree()
	r := s.ranker(ctx)
	c := dispatchCase{title: m.Title, text: a.Text, street: a.Street, community: a.Community, placeType: d.locate.kind(m.Title + " " + a.Text + " " + a.Address), kind: a.Kind, channel: a.Channel, class: m.Class, at: m.OpenedAt.In(d.zone)}
	turns, err := s.turns(ctx)
	if err != nil {
		return Suggestion{}, err
	}
	c.turn = whoseTurn(turns)
	all, odd, err := d.rank(r, c, tree, func(items []*DutyItem) (trust, error) { return s.trust(ctx, items, a.Street) })
	out := Suggestion{Candidates: all, Reasons: []Reason{}, Class: m.Class, Duty: d.duty.Version, Model: r.id}
	if err != nil {
		return out, err
	}
	auto := r.figures.AutoFrom
	if odd {
		auto = 0
	}
	// An appeal about a unit is not given to that unit, nor to one below it,
	// without a person's decision.
	if n := len(out.Candidates); a.About != "" {
		out.Candidates = slices.DeleteFunc(out.Candidates, func(c Candidate) bool { return tree.Within(c.Unit, a.About) })
		if len(out.Candidates) < n {
			auto = 0
			out.Reasons = append(out.Reasons, Reason{"duty", "被反映的单位不承办：" + tree.Name(a.About)})
		}
	}
	out.Candidates = out.Candidates[:min(3, len(out.Candidates))]
	if len(out.Candidates) > 0 {
		out.P = out.Candidates[0].P
		out.Reasons = append(slices.Clone(out.Candidates[0].Why), out.Reasons...)
	}
	out.Band = d.dispatch.band(out.P, auto, m.Class)
	out.Unlisted = odd && out.Band == "manual"
	return out, nil
}

// addSimilar adds to the first candidate up to three of its earlier appeals of
// the same item that say much the same.
func (s *Service) addSimilar(ctx context.Context, sg *Suggestion, m *caseflow.Matter, a *Appeal) error {
	if len(sg.Candidates) == 0 || sg.Candidates[0].Item == "" {
		return nil
	}
	first := &sg.Candidates[0]
	rows, err := store.Select[struct{ No, Title, Text string }](ctx, s.Store, `SELECT m.no, m.title, a.text FROM matter m JOIN appeal a ON a.id = m.id
		WHERE m.item = ? AND m.unit = ? AND m.flow = 'appeal' AND m.id <> ? AND m.state NOT IN ('dispatching', 'return_request') AND a.secrecy <> 'confidential' ORDER BY m.id DESC LIMIT 60`,
		first.Item, first.Unit, m.ID)
	if err != nil {
		return err
	}
	mine := text.NewProfile(m.Title + " " + a.Text)
	type near struct {
		score float64
		what  string
	}
	var found []near
	for _, r := range rows {
		if score := mine.Cosine(text.NewProfile(r.Title + " " + r.Text)); score >= 0.3 {
			found = append(found, near{score, r.No + " " + r.Title})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(b.score, a.score) })
	for _, n := range found[:min(3, len(found))] {
		first.Why = append(first.Why, Reason{"similar", n.what})
		sg.Reasons = append(sg.Reasons, Reason{"similar", n.what})
	}
	return nil
}

type hit struct {
	item  *DutyItem
	words []string
	score float64
}

// keyword is a word of the list with the items that it belongs to.
type keyword struct {
	word  string
	runes int
	items []*DutyItem
}

// indexKeywords orders the words of a list by their first rune, so that a text is
// searched once for all of them.
func indexKeywords(items []*DutyItem) map[rune][]*keyword {
	byWord := map[string]*keyword{}
	out := map[rune][]*keyword{}
	for _, it := range items {
		for _, w := range it.Keywords {
			k := byWord[w]
			if k == nil {
				first, _ := utf8.DecodeRuneInString(w)
				k = &keyword{word: w, runes: utf8.RuneCountInString(w)}
				byWord[w] = k
				out[first] = append(out[first], k)
			}
			if !slices.Contains(k.items, it) {
				k.items = append(k.items, it)
			}
		}
	}
	return out
}

// match finds the items whose words stand in a text. A longer word counts for
// more.
func (l *DutyList) match(t string, most int) []hit {
	found := map[*keyword]bool{}
	at := map[*DutyItem]int{}
	var hits []hit
	for i, r := range t {
		for _, k := range l.keywords[r] {
			if found[k] || !strings.HasPrefix(t[i:], k.word) {
				continue
			}
			found[k] = true
			for _, it := range k.items {
				h, ok := at[it]
				if !ok {
					h = len(hits)
					at[it] = h
					hits = append(hits, hit{item: it})
				}
				hits[h].words = append(hits[h].words, k.word)
				hits[h].score += float64(k.runes * k.runes)
			}
		}
	}
	total := 0.0
	for _, h := range hits {
		total += h.score * h.score
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
