package services

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"shanzhi/core/account"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/store"
	"shanzhi/core/subject"
)

// Custody (材料交接) is what happens to papers between the office that collects them and the
// authority that decides (异地收件属地受理): bags (材料袋), and hand by hand a chain of links,
// each over the hash of the one before. Receiving is not accepting: see
// docs/decisions/017-clocks-of-papers.md for which clock starts when.

// citywideRules are how this district's offices collect for each other (全市域通办规则):
// services/citywide.yaml.
type citywideRules struct {
	Transit   string            `yaml:"transit"`    // agreed from collection to the authority
	Ways      map[string]string `yaml:"ways"`       // unit → its own limit
	LateEntry string            `yaml:"late_entry"` // how long after it happened a link may be entered
	Bag       map[string]string `yaml:"bag"`        // dispatch, transit, open, check, settle
	Ladder    []struct {        // of each of those clocks
		Level string   `yaml:"level"`
		Share string   `yaml:"share"`
		After string   `yaml:"after"`
		Tell  []string `yaml:"tell"` // asker, holder, inspector, leader
	} `yaml:"ladder"`
	Carriers []Carrier         `yaml:"carriers"`
	Errand   map[string]string `yaml:"errand"` // send, hand: of what is taken in for other regions
	Post     string            `yaml:"post"`   // in which the applicant has to post the papers
	Assist   assistRules       `yaml:"assist"` // 辅助申报
	Courier  *courierRules     `yaml:"courier"`
	SignCode string            `yaml:"sign_code"` // how long a code of who signs in for a bag is good

	marks   []caseflow.MarkAt
	late    calendar.Limit
	signFor time.Duration
}

// Carrier is who may carry bags.
type Carrier struct {
	Code    string    `yaml:"code" json:"code"`
	Name    form.Text `yaml:"name" json:"name"`
	SignsIn bool      `yaml:"signs_in" json:"signs_in" doc:"Is staff, who sign by a code of their own session"`
}

const packCitywide = "services/citywide.yaml"

var bagClocks = []string{"dispatch", "transit", "open", "check", "settle"}

// readCitywide reads the rules; nil where the pack has none: nobody collects for others.
func readCitywide(files fs.FS) (*citywideRules, error) {
	raw, err := fs.ReadFile(files, packCitywide)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r := &citywideRules{}
	if err := yaml.UnmarshalWithOptions(raw, r, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", packCitywide, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf(packCitywide+": "+format, args...))
	}
	limit := func(name, text string) calendar.Limit {
		l, err := calendar.ParseLimit(text)
		if err != nil {
			bad("%s: %v", name, err)
		}
		return l
	}
	limit("transit", r.Transit)
	for unit, l := range r.Ways {
		limit("ways."+unit, l)
	}
	// A link that is entered late may move the beginning of the clock back, and never to
	// where the law has spoken already (行政许可法第三十二条: five days).
	if r.late = limit("late_entry", r.LateEntry); r.late.Unit != calendar.WorkingDays || r.late.Days >= 5 {
		bad("late_entry: it counts working days, fewer than 5")
	}
	for _, c := range bagClocks {
		limit("bag."+c, r.Bag[c])
	}
	for name, l := range r.Errand {
		limit("errand."+name, l)
	}
	if r.Post != "" {
		limit("post", r.Post)
	}
	due := false
	for i, m := range r.Ladder {
		if m.After != "" {
			limit(fmt.Sprintf("ladder[%d].after", i), m.After)
		}
		for _, to := range m.Tell {
			if !slices.Contains([]string{"asker", "holder", "inspector", "leader"}, to) {
				bad("ladder[%d].tell: %q is none of asker, holder, inspector, leader", i, to)
			}
		}
		due = due || m.Level == caseflow.Due
		r.marks = append(r.marks, caseflow.MarkAt{Level: m.Level, Share: m.Share, After: m.After})
	}
	if !due {
		bad("ladder: it has no level %s", caseflow.Due)
	}
	if r.signFor, err = signLength(r.SignCode); err != nil {
		bad("sign_code: %v", err)
	}
	seen := map[string]bool{}
	for i, c := range r.Carriers {
		if c.SignsIn && r.signFor == 0 {
			bad("carriers[%d]: who signs in needs sign_code", i)
		}
		if c.Code == "" || seen[c.Code] || c.Name["zh"] == "" || strings.ContainsAny(c.Code, ":#") {
			bad("carriers[%d]: it has a code of its own and a name", i)
		}
		seen[c.Code] = true
	}
	errs = append(errs, r.Assist.check(), r.Courier.check())
	return r, errors.Join(errs...)
}

func (r *citywideRules) carrier(code string) bool {
	return slices.ContainsFunc(r.Carriers, func(c Carrier) bool { return c.Code == code })
}

// way is the limit agreed between an office and an authority.
func (r *citywideRules) way(unit string) string {
	if l := r.Ways[unit]; l != "" {
		return l
	}
	return r.Transit
}

// Where a paper is. It is in one place at any time.
const (
	atCounter  = "counter"  // of the office that collected it
	inBag      = "bag"      // sealed or not, with whoever has the bag
	atOwner    = "owner"    // with the authority
	unfound    = "lost"     // not in the bag when it was opened, or lost with it
	givenBack  = "returned" // to the applicant
	inPost     = "post"     // the applicant sends it
	holderLost = "lost"     // nobody is known to have the bag
)

// pieceNext is which places may follow each.
var pieceNext = map[string][]string{
	"":        {atCounter, inPost},
	atCounter: {inBag, givenBack},
	inBag:     {atCounter, atOwner, unfound},
	inPost:    {atOwner, unfound, givenBack},
	unfound:   {inBag, atOwner, inPost},
	atOwner:   {givenBack},
}

// CustodyLink is one link of a bag's chain.
type CustodyLink struct {
	Bag       store.ID   `bun:"bag" json:"bag"`
	Seq       int        `bun:"seq" json:"seq"`
	Kind      string     `bun:"kind" json:"kind" enum:"pack,seal,unseal,unpack,hand_over,receive,acknowledge,open,check,settle,lose,find"`
	At        store.Time `bun:"at" json:"at" doc:"When it happened"`
	EnteredAt store.Time `bun:"entered_at" json:"entered_at"`
	By        store.ID   `bun:"by" json:"by,omitempty"`
	From      string     `bun:"from_holder" json:"from" doc:"unit:CODE, carrier:CODE#BADGE or region:CODE"`
	To        string     `bun:"to_holder" json:"to"`
	FromSign  string     `bun:"from_sign" json:"from_sign,omitempty"`
	ToSign    string     `bun:"to_sign" json:"to_sign,omitempty"`
	Place     string     `bun:"place" json:"place,omitempty"`
	Seal      string     `bun:"seal" json:"seal,omitempty" enum:"intact,broken,"`
	Photo     string     `bun:"photo" json:"photo,omitempty"`
	PhotoHash string     `bun:"photo_hash" json:"photo_hash,omitempty" doc:"SHA-256"`
	ListHash  string     `bun:"list_hash" json:"list_hash,omitempty" doc:"Of the list of contents as it was sealed"`
	Note      string     `bun:"note" json:"note,omitempty"`
	Prev      string     `bun:"prev" json:"prev"`
	Hash      string     `bun:"hash" json:"hash"`
}

// digest is SHA-256 over the link without its hash, and so over the whole chain before it.
func (l CustodyLink) digest() string {
	l.Hash = ""
	l.At, l.EnteredAt = store.At(l.At.UTC()), store.At(l.EnteredAt.UTC())
	raw, _ := json.Marshal(l) // it holds nothing that cannot be encoded
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// changesHands are the kinds of links at which a bag goes from one holder to another.
var changesHands = []string{"hand_over", "receive", "acknowledge", "lose", "find"}

// checkChain says what is wrong with a chain: gaps, changed links, a bag in two hands.
func checkChain(chain []CustodyLink) (wrong []string) {
	bad := func(l CustodyLink, format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("link %d (%s): "+format, append([]any{l.Seq, l.Kind}, args...)...))
	}
	prev := CustodyLink{}
	for i, l := range chain {
		switch {
		case l.Seq != i+1:
			bad(l, "a link before it is missing")
		case l.Prev != prev.Hash:
			bad(l, "it does not follow the link before it")
		}
		if l.Hash != l.digest() {
			bad(l, "it was changed after it was written")
		}
		if l.From != prev.To {
			bad(l, "it was with %q, not with %q", prev.To, l.From)
		}
		if i > 0 && !slices.Contains(changesHands, l.Kind) && l.From != l.To {
			bad(l, "it changes hands without a hand-over")
		}
		if l.At.Before(prev.At.Time) {
			bad(l, "it lies before the link before it")
		}
		if l.At.After(l.EnteredAt.Time) {
			bad(l, "it was entered before it happened")
		}
		if slices.Contains([]string{"hand_over", "receive", "acknowledge"}, l.Kind) && (l.FromSign == "" || l.ToSign == "") {
			bad(l, "both sides must sign")
		}
		if strings.HasPrefix(l.FromSign, "account:") && l.FromSign == l.ToSign {
			bad(l, "one signed for both sides")
		}
		prev = l
	}
	return wrong
}

func unitHolder(unit string) string { return "unit:" + unit }

// bagNumber is the number of a bag with its check character (ISO 7064 MOD 37,36).
func bagNumber(year int, serial int64) string {
	body := fmt.Sprintf("DL%02d%06d", year%100, serial)
	c, _ := subject.Mod3736(body)
	return body + string(c)
}

// checkBagNumber says whether a number that somebody typed or scanned can be one.
func checkBagNumber(no string) bool {
	if len(no) < 11 || !strings.HasPrefix(no, "DL") {
		return false
	}
	c, err := subject.Mod3736(no[:len(no)-1])
	return err == nil && no[len(no)-1] == c
}

// receiptCounts is from when a case counts as received by the authority: from when it got
// the papers, and at the latest from when it should have (行政许可法第三十二条 counts from
// receipt; what the offices agree on among themselves may not cost the applicant time).
func receiptCounts(received, ought time.Time) time.Time {
	if ought.IsZero() || !received.IsZero() && received.Before(ought) {
		return received
	}
	return ought
}

// oughtBy is the last moment at which papers that are due by then come in time: it lies on
// the day that was agreed, and counts as a receipt of that day.
func oughtBy(due time.Time) time.Time { return due.Add(-time.Second) }

// conveyedFrom is from when the clock of acceptance of a conveyed case begins to count.
func (s *Service) conveyedFrom(m *caseflow.Matter, form map[string]any) (store.Time, error) {
	var received, ought time.Time
	if at := said(form, "at"); at != "" {
		var err error
		if received, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return store.Time{}, err
		}
	}
	var due store.Time
	err := s.Store.QueryRow(context.Background(), `SELECT due_at FROM matter_clock WHERE matter = ? AND clock = 'transit' ORDER BY n DESC LIMIT 1`, m.ID).Scan(&due)
	if err == nil {
		ought = oughtBy(due.Time)
	} else if !errors.Is(err, sql.ErrNoRows) {
		return store.Time{}, err
	}
	return store.At(receiptCounts(received, ought)), nil
}

// custodyClock says how long the clocks of papers on their way run; ok is false for the
// clocks of others.
func (s *Service) custodyClock(m *caseflow.Matter, clock string, form map[string]any, start caseflow.ClockStart) (_ caseflow.ClockStart, runs, ok bool) {
	r := s.citywide.Load()
	switch {
	case m.Flow == "bag" && r != nil:
		start.Limit, start.Marks = r.Bag[clock], r.marks
		return start, start.Limit != "", true
	case m.Flow == "errand" && r != nil:
		start.Limit, start.Marks = r.Errand[clock], r.marks
		return start, start.Limit != "", true
	case m.Flow == "case" && clock == "transit" && r != nil:
		start.Limit, start.Marks = r.way(m.Unit), r.marks
		return start, true, true
	case m.Flow == "case" && clock == "post" && r != nil:
		start.Limit = r.Post
		return start, start.Limit != "", true
	case m.Flow == "case" && clock == "accept" && (m.State == "conveyed" || said(form, "at") != ""):
		from, err := s.conveyedFrom(m, form)
		start.Limit, start.From = acceptWithin, from
		return start, err == nil, true
	}
	return start, false, false
}

// bagScope is which bags an actor may see: those of their office on either side; who
// supervises all.
func bagScope(who account.Actor) (string, []any) {
	if who.HasAny("inspector", "leader") {
		return "1=1", nil
	}
	var units []string
	for _, role := range []string{"intake_clerk", "acceptor", "examiner"} {
		units = append(units, who.UnitsWith(role)...)
	}
	units = slices.Compact(slices.Sorted(slices.Values(units)))
	if who.Kind != account.Staff || len(units) == 0 {
		return "1=0", nil
	}
	return "(" + store.AnyOf("b.origin", len(units)) + " OR " + store.AnyOf("b.destination", len(units)) + ")", append(store.Args(units...), store.Args(units...)...)
}
