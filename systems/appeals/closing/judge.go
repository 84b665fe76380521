package closing

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"shanzhi/core/text"
)

// sentences say what each signal means.
var sentences = map[string]Text{
	"no_reply":             {"zh": "答复只有收悉、感谢等客套话，没有任何办理内容", "en": "The reply only says that the message was received, or thanks"},
	"only_will":            {"zh": "只说将研究、将加强，没有已做的事、时间、数字或依据", "en": "It only says what will be studied or strengthened: nothing done, no date, no figure, no basis"},
	"only_forwarded":       {"zh": "只说已转交或已记录，没有办理单位的结论，也没有办理途径", "en": "It was only passed on or put on file: no finding, no way on"},
	"bare_claim":           {"zh": "称已解决或已处理，但没有一项可核实的事实", "en": "It claims that all is done without one fact that can be checked"},
	"empty_words":          {"zh": "都是套话，没有回应诉求的实质内容", "en": "General talk that says nothing of the matter"},
	"off_topic":            {"zh": "答复内容与诉求不是一件事", "en": "It speaks of something else"},
	"bare_referral":        {"zh": "让市民另找他处，没有说明理由、依据或联系途径", "en": "It sends the citizen elsewhere without a reason or a way to get there"},
	"thin":                 {"zh": "实质内容很少", "en": "It says little"},
	"unanswered":           {"zh": "有诉求没有逐项答复", "en": "Some demands have no answer"},
	"template":             {"zh": "与本单位对其他诉求的答复几乎相同", "en": "Nearly the same text as replies to other matters"},
	"no_contact":           {"zh": "没有联系市民的记录", "en": "No contact with the citizen is on record"},
	"contact_contradicted": {"zh": "联系记录与通话记录或市民的说法不符", "en": "The record of a contact is contradicted by the exchange or by the citizen"},
	"no_photo":             {"zh": "缺少事项要求的现场照片", "en": "Photos that the item asks for are missing"},
	"photo_elsewhere":      {"zh": "照片拍摄地点不在现场", "en": "A photo was taken elsewhere"},
	"photo_time":           {"zh": "照片拍摄时间不在办理期间", "en": "A photo was not taken while the matter was handled"},
	"photo_reused":         {"zh": "照片在其他诉求中用过", "en": "A photo was used for another matter"},
	"quick_close":          {"zh": "签收后很快就办结，来不及办理", "en": "Closed too soon after signing to have been handled"},
	"bulk_close":           {"zh": "在时限末尾批量答复", "en": "One of many replies given at the end of their time"},
	"promise_no_task":      {"zh": "承诺了时间，但没有后续任务", "en": "A date is promised and no task stands behind it"},
	"said_unsolved":        {"zh": "答复称已解决，市民说没有解决", "en": "The reply says solved, the citizen says not"},
	"again":                {"zh": "同一地点同一事项短期内再次出现", "en": "The same place and item came back soon"},
}

// Codes are the signals' codes, sorted.
func Codes() []string {
	var out []string
	for c := range sentences {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// Sentence is what a signal means, in words.
func Sentence(code string) Text { return sentences[code] }

// proofs are the signals that speak of something false. An honest refusal does
// not outweigh them.
var proofs = []string{"contact_contradicted", "photo_elsewhere", "photo_time", "photo_reused"}

const (
	// Under nothing a reply says nothing, under bare hardly anything, from full on
	// enough.
	nothing, bare, full = 6, 14, 36
	// direct is what an answer gains that speaks of what was asked in so many
	// words; twice at most.
	direct = 12
	// unlike is how many bits of their fingerprints two whole replies may differ
	// in to be compared at all.
	unlike = 22
	// sameQuestion is how alike two appeals are that may get one answer.
	sameQuestion = 0.6
)

// Judge judges one closing.
func Judge(s *Settings, c Case) Judgment { return s.judge(s.prepare(c), nil) }

// JudgeAll judges closings of one unit or file, each beside the others.
func JudgeAll(s *Settings, cases []Case) []Judgment {
	ready := make([]*prepared, len(cases))
	for i, c := range cases {
		ready[i] = s.prepare(c)
	}
	out := make([]Judgment, len(cases))
	for i, p := range ready {
		out[i] = s.judge(p, ready)
	}
	return out
}

// prepared is a case with its reply taken apart, made once.
type prepared struct {
	Case
	clauses []clause
	body    string // the reply without courtesies
	long    int    // runes of it
	print   uint64
	profile text.Profile
	ask     text.Profile
}

func (s *Settings) prepare(c Case) *prepared {
	p := &prepared{Case: c, clauses: s.read(c.Reply.Text, newTold(c.Title+"\n"+c.Text))}
	for _, cl := range p.clauses {
		if cl.kind != courtesy {
			p.body += cl.text + "\n"
		}
	}
	p.long = len(plain(p.body))
	p.print, p.profile, p.ask = text.Fingerprint(p.body), text.NewProfile(p.body), text.NewProfile(c.Text)
	return p
}

func (s *Settings) judge(p *prepared, beside []*prepared) Judgment {
	j := Judgment{Signals: []Signal{}}
	c := p.Case
	add := func(code string, share float64, evidence ...Evidence) {
		w := int(math.Round(float64(s.weight(c.Item, code)) * share))
		if w <= 0 {
			return
		}
		if len(evidence) > maxEvidence {
			evidence = evidence[:maxEvidence]
		}
		j.Signals = append(j.Signals, Signal{Code: code, Weight: w, Text: sentences[code], Evidence: evidence})
	}
	s.said(p, &j, add)
	s.repeated(p, beside, add)
	s.recorded(&c, p, add)
	if j.Honest {
		j.Signals = slices.DeleteFunc(j.Signals, func(sg Signal) bool { return !slices.Contains(proofs, sg.Code) })
	}
	for _, sg := range j.Signals {
		j.Score += sg.Weight
	}
	j.Score = min(100, j.Score)
	slices.SortStableFunc(j.Signals, func(a, b Signal) int { return cmp.Compare(b.Weight, a.Weight) })
	j.Verdict = s.Verdict(c.Item, j.Score)
	return j
}

// maxEvidence bounds what one signal shows.
const maxEvidence = 6

type adder func(code string, share float64, evidence ...Evidence)

// said looks at the words of the reply.
func (s *Settings) said(p *prepared, j *Judgment, add adder) {
	asked := s.demands(p.Title, p.Text)
	if p.asksNothing(s, asked) {
		if len(plain(p.Reply.Text)) == 0 {
			add("no_reply", 1)
		}
		return
	}
	worths, credit := 0.0, 0.0
	weight := map[kind]int{}
	of := map[kind][]Evidence{}
	for _, c := range p.clauses {
		worths += c.worth
		if c.kind == substance && c.copied >= grams && c.worth > 0 && s.in("decides", c.text) {
			credit = min(2*direct, credit+direct)
		}
		weight[c.kind] += len(plain(c.text))
		of[c.kind] = append(of[c.kind], quote(c))
	}
	worths += credit
	j.Answers = s.answers(asked, p.clauses)
	j.Honest = s.honest(p, worths)
	whole := Evidence{Of: "reply", Quote: p.Reply.Text, From: 0, To: len([]rune(p.Reply.Text))}
	switch {
	case weight[forward]+weight[will]+weight[process]+weight[claim]+weight[filler]+weight[refer]+weight[substance]+weight[topic] == 0:
		add("no_reply", 1, whole)
	case worths < full:
		code, k := "thin", substance
		for _, o := range []struct {
			code string
			kind kind
		}{{"only_will", will}, {"only_forwarded", forward}, {"bare_claim", claim}, {"empty_words", filler}, {"bare_referral", refer}} {
			if weight[o.kind] > weight[k] || weight[o.kind] > 0 && k == substance && weight[substance] == 0 {
				code, k = o.code, o.kind
			}
		}
		if code == "thin" && weight[substance] == 0 {
			code, k = "only_will", process
		}
		switch {
		case worths < nothing && code == "thin":
			add("empty_words", 1, of[k]...)
		case worths < nothing:
			add(code, 1, of[k]...)
		default:
			add("thin", min(1, (full-worths)/(full-bare)), of[k]...)
		}
	case s.elsewhere(p):
		add("off_topic", 1, whole)
	}
	if worths >= full {
		var open []Evidence
		for _, a := range j.Answers {
			if a.Clause == nil {
				open = append(open, a.Demand)
			}
		}
		if n := len(j.Answers); n > 1 && 2*len(open) >= n {
			add("unanswered", float64(len(open))/float64(n), open...)
		}
	}
}

// asksNothing says that an appeal only thanks.
func (p *prepared) asksNothing(s *Settings, asked []clause) bool {
	return slices.Contains(s.Thanks, p.Kind) || p.Kind == "" && len(asked) == 0 && s.in("thanks", p.Title)
}

// elsewhere says that a long reply has not three characters in a row in common
// with the appeal. Words alone cannot tell more, so it only asks for a second
// look.
func (s *Settings) elsewhere(p *prepared) bool {
	copied := 0
	for _, c := range p.clauses {
		if c.kind != courtesy {
			copied += c.copied
		}
	}
	return copied == 0 && p.long >= 60
}

// honest says whether the reply is a lawful refusal (依法无法解决): it says no, and
// gives a basis or a concrete reason.
func (s *Settings) honest(p *prepared, worths float64) bool {
	if worths < bare {
		return false
	}
	for i, c := range p.clauses {
		if !s.in("refusal", c.text) || c.kind != substance && c.kind != refer {
			continue
		}
		if p.Reply.Result == "cannot" && s.fact("basis", p.Reply.Basis) {
			return true
		}
		for k := max(0, i-3); k <= min(len(p.clauses)-1, i+2); k++ {
			o := p.clauses[k]
			if o.facts["basis"] || o.kind == substance && s.in("reason", o.text) && o.novel >= 5 {
				return true
			}
		}
	}
	return false
}

// repeated compares the reply with others.
func (s *Settings) repeated(p *prepared, beside []*prepared, add adder) {
	if p.long < s.Template.Least {
		return
	}
	var same []Evidence
	look := func(o *prepared) {
		if o.ID == p.ID || len(same) > maxEvidence || o.long < s.Template.Least {
			return
		}
		d := text.Distance(p.print, o.print)
		if d > s.Template.Bits && (d > 16 || p.profile.Cosine(o.profile) < s.Template.Alike) {
			return
		}
		if p.ask.Cosine(o.ask) >= sameQuestion {
			return
		}
		same = append(same, Evidence{Of: "record", Ref: o.ID, Quote: o.body})
	}
	for _, o := range beside {
		look(o)
	}
	whole := text.Fingerprint(p.Reply.Text)
	for _, o := range p.Others {
		// Two replies whose matter is the same differ little as a whole; taking one
		// apart costs a thousand times what this does.
		if text.Distance(whole, text.Fingerprint(o.Reply)) > unlike {
			continue
		}
		look(s.prepare(Case{ID: o.ID, Text: o.Appeal, Reply: Reply{Text: o.Reply}}))
	}
	if len(same) > 0 {
		add("template", 1, same...)
	}
}

// recorded looks at what the records know.
func (s *Settings) recorded(c *Case, p *prepared, add adder) {
	handled := !slices.Contains(s.Answered, c.Kind)
	record := func(format string, args ...any) Evidence {
		return Evidence{Of: "record", Quote: fmt.Sprintf(format, args...)}
	}
	if k := c.Contacts; k != nil {
		switch {
		case k.Denied && k.Recorded > 0:
			add("contact_contradicted", 1, record("citizen"))
		case k.Calls != nil && *k.Calls == 0 && k.Reached > 0:
			add("contact_contradicted", 1, record("0 / %d", k.Reached))
		case handled && k.Recorded == 0:
			add("no_contact", 1)
		}
	}
	if f := c.Photos; f != nil {
		if done := c.Reply.Result == "solved" || c.Reply.Result == "partly"; done && len(f.Files) < f.Asked {
			add("no_photo", 1, record("%d / %d", len(f.Files), f.Asked))
		}
		var away, wrong, used []Evidence
		for _, ph := range f.Files {
			e := Evidence{Of: "record", Ref: ph.ID}
			if ph.Where != nil && c.Place != nil {
				if m := metres(*ph.Where, *c.Place); m > s.Photos.Distance {
					e.Quote = fmt.Sprintf("%.0f m", m)
					away = append(away, e)
				}
			}
			if !ph.Taken.IsZero() && !c.Opened.IsZero() && (ph.Taken.Before(c.Opened.Add(-s.PhotoBefore)) || !c.Reply.At.IsZero() && ph.Taken.After(c.Reply.At.Add(s.PhotoBefore))) {
				e.Quote = ph.Taken.Format(time.RFC3339)
				wrong = append(wrong, e)
			}
			if ph.Before != "" {
				used = append(used, Evidence{Of: "record", Ref: ph.ID, Quote: ph.Before})
			}
		}
		for _, found := range []struct {
			code string
			list []Evidence
		}{{"photo_elsewhere", away}, {"photo_time", wrong}, {"photo_reused", used}} {
			if len(found.list) > 0 {
				add(found.code, 1, found.list...)
			}
		}
	}
	if t := c.Timing; t != nil {
		if handled && !t.Signed.IsZero() && !t.Replied.IsZero() && t.Replied.Sub(t.Signed) < s.Quick {
			add("quick_close", 1, record("%s", t.Replied.Sub(t.Signed).Round(time.Second)))
		}
		if !t.Start.IsZero() && t.Due.After(t.Start) && len(t.Late)+1 >= s.Clocks.Bulk && s.Late(t.Start, t.Due, t.Replied) {
			list := []Evidence{}
			for _, no := range t.Late {
				list = append(list, Evidence{Of: "record", Ref: no})
			}
			add("bulk_close", 1, list...)
		}
	}
	if c.Tasks != nil && *c.Tasks == 0 {
		var promised []Evidence
		for _, cl := range p.clauses {
			if cl.kind == will && cl.facts["date"] {
				promised = append(promised, quote(cl))
			}
		}
		if len(promised) > 0 {
			add("promise_no_task", 1, promised...)
		}
	}
	if c.Reply.Result == "solved" && c.Solved == "no" {
		add("said_unsolved", 1)
	}
	if len(c.Again) > 0 {
		var list []Evidence
		for _, no := range c.Again {
			list = append(list, Evidence{Of: "record", Ref: no})
		}
		add("again", 1, list...)
	}
}

// Late says whether a reply was given in the end of its clock, and not after it.
func (s *Settings) Late(start, due, at time.Time) bool {
	share := at.Sub(start).Seconds() / due.Sub(start).Seconds()
	return share >= s.Clocks.LateShare && share <= 1
}

// metres is the distance of two places that are near each other.
func metres(a, b Point) float64 {
	const earth = 6_371_000 // IUGG mean radius
	lat := (a.Lat + b.Lat) / 2 * math.Pi / 180
	x := (b.Lon - a.Lon) * math.Pi / 180 * math.Cos(lat)
	y := (b.Lat - a.Lat) * math.Pi / 180
	return earth * math.Hypot(x, y)
}
