package appeals

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Part is one of the things that a message asks for (一诉多求): an appeal of its own,
// with its own item, unit and clocks, that is answered and rated by itself.
type Part struct {
	N         int      `bun:"n" json:"n"`
	ID        store.ID `bun:"id" json:"id"`
	No        string   `bun:"no" json:"no"`
	Words     string   `bun:"words" json:"words"`
	From      int      `bun:"starts" json:"from" doc:"Where its words stand in the message, in characters"`
	To        int      `bun:"ends" json:"to"`
	State     string   `bun:"state" json:"state"`
	StateName string   `bun:"-" json:"state_name"`
	Open      bool     `bun:"open" json:"open"`
	Unit      string   `bun:"unit" json:"unit,omitempty"`
	Rated     bool     `bun:"rated" json:"rated,omitempty"`
	Source    store.ID `bun:"source" json:"source"`
}

// ProposedPart is a part that is proposed.
type ProposedPart struct {
	From  int          `json:"from"`
	To    int          `json:"to"`
	Words string       `json:"words"`
	Rule  string       `json:"rule" enum:"number,word" doc:"By what it was told apart"`
	Items []PartAdvice `json:"items" doc:"What dispatch would advise for it, the likeliest first"`
}

// PartAdvice is an item and a unit for a part.
type PartAdvice struct {
	Item     string  `json:"item"`
	ItemName string  `json:"item_name"`
	Unit     string  `json:"unit,omitempty"`
	P        float64 `json:"p"`
}

// DivisionView is a message with its parts as they are, or as they are proposed.
type DivisionView struct {
	Text     string         `json:"text"`
	Parts    []Part         `json:"parts" doc:"Those that it was divided into"`
	Proposed []ProposedPart `json:"proposed" doc:"Nothing where it asks for one thing"`
}

const (
	mostParts = 9
	leastPart = 4 // characters
)

const partColumns = `p.n, p.appeal AS id, m.no, p.words, p.starts, p.ends, m.state, m.open, m.unit, p.source, a.rated_at IS NOT NULL AS rated FROM appeal_part p JOIN matter m ON m.id = p.appeal JOIN appeal a ON a.id = p.appeal`

// partsOf are the parts of the message that an appeal is a part of, itself included;
// none where it is no part.
func (s *Service) partsOf(ctx context.Context, q store.Querier, id store.ID) ([]Part, error) {
	parts, err := store.Select[Part](ctx, q, `SELECT `+partColumns+` WHERE p.undone_at IS NULL AND p.source = (SELECT source FROM appeal_part WHERE appeal = ? AND undone_at IS NULL) ORDER BY p.n`, int64(id))
	f := s.Engine.Flow("appeal")
	for i := range parts {
		if st := f.States[parts[i].State]; st != nil {
			parts[i].StateName = st.Title["zh"]
		}
	}
	return parts, err
}

// partWords are the words of its message that an appeal is about; false where it is
// about all of it.
func partWords(ctx context.Context, q store.Querier, id store.ID) (string, bool, error) {
	words, err := store.Select[string](ctx, q, `SELECT words FROM appeal_part WHERE appeal = ? AND n = 1 AND undone_at IS NULL`, int64(id))
	if err != nil || len(words) == 0 {
		return "", false, err
	}
	return words[0], true, nil
}

// Division proposes how a message that waits to be dispatched is divided: by its
// numbering and the words that bring another thing, each part with what dispatch would
// advise for it. Neighbours that are the same item are one.
func (s *Service) Division(ctx context.Context, who account.Actor, id store.ID) (DivisionView, error) {
	v := DivisionView{Parts: []Part{}, Proposed: []ProposedPart{}}
	if err := s.staffSees(ctx, s.Store, who, id); err != nil {
		return v, err
	}
	m, a, err := s.seen(ctx, s.Store, who, id)
	if err != nil {
		return v, err
	}
	v.Text = a.Text
	if v.Parts, err = s.partsOf(ctx, s.Store, id); err != nil || len(v.Parts) > 0 || m.State != "dispatching" {
		return v, err
	}
	for _, d := range text.Demands(a.Text) {
		p := ProposedPart{Words: a.Text[d.Start:d.End], Rule: d.Rule, From: utf8.RuneCountInString(a.Text[:d.Start]), Items: []PartAdvice{}}
		p.To = p.From + utf8.RuneCountInString(p.Words)
		if p.Items, err = s.advise(ctx, m, a, p.Words); err != nil {
			return v, err
		}
		if n := len(v.Proposed); n > 0 && len(p.Items) > 0 && len(v.Proposed[n-1].Items) > 0 && p.Items[0].Item == v.Proposed[n-1].Items[0].Item && p.Items[0].Item != "" {
			last := &v.Proposed[n-1]
			last.To = p.To
			last.Words = string([]rune(a.Text)[last.From:last.To])
			continue
		}
		v.Proposed = append(v.Proposed, p)
	}
	if len(v.Proposed) < 2 {
		v.Proposed = []ProposedPart{}
	}
	v.Proposed = v.Proposed[:min(mostParts, len(v.Proposed))]
	return v, nil
}

// advise is what dispatch would advise for some words of a message.
func (s *Service) advise(ctx context.Context, m *caseflow.Matter, a *Appeal, words string) ([]PartAdvice, error) {
	of, part := *m, *a
	of.Title, part.Text = firstClause(words), words
	sg, err := s.suggest(ctx, &of, &part)
	out := []PartAdvice{}
	d := s.district.Load()
	for _, c := range sg.Candidates {
		x := PartAdvice{Item: c.Item, Unit: c.Unit, P: c.P}
		if it := d.duty.Item(c.Item); it != nil {
			x.ItemName = it.Name()
		}
		if !slices.ContainsFunc(out, func(y PartAdvice) bool { return y.Item == x.Item }) {
			out = append(out, x)
		}
	}
	return out, err
}

// span is a part as a form gives it: from-to, in characters, and an item if one was
// chosen. 0-31 120401;32-58
var span = regexp.MustCompile(`^(\d{1,5})-(\d{1,5})(?: (\S{1,20}))?$`)

type chosenPart struct {
	from, to int
	words    string
	item     string
}

// chosen reads the parts that a person confirmed. They are in order, do not overlap,
// and hold the message's own words.
func (d *district) chosen(given, message string) ([]chosenPart, error) {
	wrong := func(problem string) ([]chosenPart, error) {
		return nil, &caseflow.Refusal{Code: "form", Fields: map[string]string{"spans": problem}}
	}
	runes := []rune(message)
	var out []chosenPart
	at := 0
	for _, one := range strings.Split(given, ";") {
		m := span.FindStringSubmatch(strings.TrimSpace(one))
		if m == nil {
			return wrong("invalid")
		}
		p := chosenPart{item: m[3]}
		p.from, _ = strconv.Atoi(m[1])
		p.to, _ = strconv.Atoi(m[2])
		switch {
		case p.from < at || p.to <= p.from || p.to > len(runes):
			return wrong("out_of_range")
		case p.item != "" && d.duty.Item(p.item) == nil:
			return wrong("no_such_item")
		}
		p.words, at = strings.TrimSpace(string(runes[p.from:p.to])), p.to
		if utf8.RuneCountInString(p.words) < leastPart {
			return wrong("too_short")
		}
		out = append(out, p)
	}
	if len(out) < 2 || len(out) > mostParts {
		return wrong("parts_number")
	}
	return out, nil
}

// divided makes an appeal of each further part of a message. The message itself stays
// the first part. The clocks of each run from when the message came: that is when the
// citizen asked (the limits count from filing, 受理之日). What belongs to no part is
// told with every one.
func (s *Service) divided(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	source, err := getAppeal(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	var part, carries bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM appeal_part WHERE appeal = ? AND undone_at IS NULL), EXISTS (SELECT 1 FROM matter WHERE merged = ?)`, c.Matter.ID, c.Matter.ID).Scan(&part, &carries); err != nil {
		return err
	}
	if part || carries {
		return &caseflow.Refusal{Code: "guard", Text: caseflow.Text{"zh": "本件是拆分出的一件，或带着并案，不能拆分", "en": "it is a part already, or carries others"}}
	}
	d := s.district.Load()
	parts, err := d.chosen(formText(c.Form, "spans"), source.Text)
	if err != nil {
		return err
	}
	shared := aside([]rune(source.Text), parts)
	division := c.Matter.Vars["divisions"]
	for i, p := range parts {
		id := c.Matter.ID
		if i > 0 {
			if id, err = s.openPart(ctx, tx, c, &source, p, shared, division, i+1); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO appeal_part (source, division, n, appeal, words, starts, ends, at, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			c.Matter.ID, division, i+1, id, p.words, p.from, p.to, c.Event.At, c.Actor.Account); err != nil {
			return err
		}
	}
	return nil
}

// aside is what of a message belongs to none of its parts.
func aside(message []rune, parts []chosenPart) string {
	var rest []string
	at := 0
	for _, p := range append(slices.Clone(parts), chosenPart{from: len(message), to: len(message)}) {
		if t := strings.Trim(string(message[at:p.from]), " \t\r\n，。！？；：、,.!?;:"); utf8.RuneCountInString(t) > 1 {
			rest = append(rest, t)
		}
		at = p.to
	}
	return strings.Join(rest, "。")
}

func (s *Service) openPart(ctx context.Context, tx *store.Tx, c *caseflow.Change, source *Appeal, p chosenPart, shared string, division int64, n int) (store.ID, error) {
	d := s.district.Load()
	a := Appeal{Channel: source.Channel, Kind: source.Kind, Secrecy: source.Secrecy, Text: p.words, Address: source.Address, Lon: source.Lon, Lat: source.Lat, Street: source.Street, Community: source.Community,
		Files: source.Files, About: source.About, Source: "", Synthetic: source.Synthetic, Suggestion: "{}", ReplyFiles: "[]", Asserted: "{}"}
	if shared != "" {
		a.Text = shared + "。\n" + p.words
	}
	var words []string
	for _, e := range d.words.emergencies(p.words) {
		words = append(words, e.Word)
	}
	a.UrgentWords = strings.Join(words, ";")
	// Its key says when the message came, as every appeal's does.
	for try := 0; ; try++ {
		a.ID = store.IDFor(c.Matter.OpenedAt.Time, 1, fmt.Sprintf("part/%d/%d/%d/%d", c.Matter.ID, division, n, try))
		var taken bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM matter WHERE id = ?)`, a.ID).Scan(&taken); err != nil {
			return 0, err
		}
		if !taken {
			break
		}
	}
	if err := insertAppeal(ctx, tx, &a); err != nil {
		return 0, err
	}
	no := fmt.Sprintf("%s-%s%d", c.Matter.No, subLetters["appeal"], n)
	if division > 1 {
		no = fmt.Sprintf("%s.%d", no, division)
	}
	m, err := c.Engine.Open(ctx, tx, caseflow.Opening{Flow: "appeal", Action: "file", ID: a.ID, Actor: c.Actor, At: c.Matter.OpenedAt.Time,
		Matter: caseflow.Matter{No: no, Class: c.Matter.Class, Place: c.Matter.Place, Title: firstClause(p.words), Applicant: c.Matter.Applicant, Item: p.item}})
	if err != nil {
		return 0, err
	}
	return m.ID, nil
}

// rejoined undoes a division, as long as no part has been signed for: the parts end,
// and the message stands for all of itself again.
func (s *Service) rejoined(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	parts, err := s.partsOf(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	if len(parts) == 0 || parts[0].ID != c.Matter.ID {
		return &caseflow.Refusal{Code: "guard", Text: caseflow.Text{"zh": "请在原件上撤销拆分", "en": "undo it at the message itself"}}
	}
	for _, p := range parts[1:] {
		_, err := c.Engine.Do(ctx, tx, caseflow.Command{Matter: p.ID, Action: "rejoin_part", Actor: account.System(s.Dir), At: c.Event.At.Time})
		var r *caseflow.Refusal
		if errors.As(err, &r) {
			return &caseflow.Refusal{Code: "guard", Text: caseflow.Text{"zh": "第" + strconv.Itoa(p.N) + "件已签收或已办理，不能撤销拆分", "en": "part " + strconv.Itoa(p.N) + " has been signed for"}}
		}
		if err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE appeal_part SET undone_at = ? WHERE source = ? AND undone_at IS NULL`, c.Event.At, c.Matter.ID)
	return err
}

// seenParts are the parts of a message that one who asks may know of: the appellant all,
// staff those that they may see.
func (s *Service) seenParts(ctx context.Context, who account.Actor, own *caseflow.Matter, isAppellant bool) ([]Part, error) {
	parts, err := s.partsOf(ctx, s.Store, own.ID)
	if err != nil || isAppellant || who.Scope().All {
		return parts, err
	}
	out := []Part{}
	for _, p := range parts {
		if err := s.visible(ctx, s.Store, who, p.ID); err == nil {
			out = append(out, p)
		} else if !errors.Is(err, caseflow.ErrNotFound) {
			return nil, err
		}
	}
	return out, nil
}

// isPart says whether an appeal is a part of the message that a tracking code opens.
func (s *Service) isPart(ctx context.Context, of, id store.ID) bool {
	var yes bool
	err := s.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM appeal_part WHERE source = ? AND appeal = ? AND undone_at IS NULL)`, int64(of), int64(id)).Scan(&yes)
	return err == nil && yes
}

func (s *Service) mountDivision(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-division", Method: http.MethodGet, Path: "/api/appeals/{id}/division", Tag: tag, Access: httpapi.Roles("dispatcher", "agent", "supervisor"),
		Summary: "The things that a message asks for (一诉多求): its parts, or as which parts it is proposed to divide it", Text: "It is divided by the action `divide`, whose `spans` are the parts as from-to in characters, with an item if one was chosen: `0-31 120401;32-58`."}, func(ctx context.Context, in *idInput) (*httpapi.Body[DivisionView], error) {
		return httpapi.Answer(s.Division(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
}
