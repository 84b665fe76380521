package appeals

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/language"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Solved is a matter that was solved before, as it may help with another.
type Solved struct {
	ID       store.ID   `json:"id"`
	No       string     `json:"no"`
	Title    string     `json:"title"`
	Reply    string     `json:"reply" doc:"Masked"`
	Unit     string     `json:"unit"`
	UnitName string     `json:"unit_name"`
	Item     bool       `json:"same_item"`
	Score    float64    `json:"score" doc:"How alike the words are, 0 to 1"`
	Result   *int       `json:"rating,omitempty" doc:"The citizen's satisfaction with the result, 1 to 5"`
	Days     float64    `json:"days" doc:"From filing to closing"`
	Closed   store.Time `json:"closed_at,omitzero"`
}

// DutyAid is what the duty list says of the matter's item.
type DutyAid struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	Definition string   `json:"definition,omitempty"`
	Includes   []string `json:"includes,omitempty"`
	Excludes   []string `json:"excludes,omitempty"`
	Basis      []string `json:"basis,omitempty" doc:"Laws and rules that it rests on"`
	Photos     int      `json:"photos,omitempty" doc:"How many photos its reply needs"`
}

// Helper is what helps to handle a matter (办件助手).
type Helper struct {
	Similar []Solved `json:"similar"`
	Duty    *DutyAid `json:"duty,omitempty"`
	Draft   string   `json:"draft" doc:"A reply to edit: what is not known is 【】, and it cannot be sent before that is filled in"`
	Blanks  int      `json:"blanks"`
	From    []string `json:"from,omitempty" doc:"Numbers of the solved matters that the draft takes up"`
	Model   bool     `json:"model" doc:"Whether a language model can better its wording"`
}

const (
	helperRows = 300 // solved matters that are compared, of the same item and of its group
	helperMost = 5
	helperLike = 0.12 // how alike one must be at least
)

// Help gathers what helps an actor to handle a matter that they may see.
func (s *Service) Help(ctx context.Context, who account.Actor, id store.ID) (Helper, error) {
	out := Helper{Similar: []Solved{}, Model: s.Polisher.On()}
	m, a, err := s.seen(ctx, s.Store, who, id)
	if err != nil {
		return out, err
	}
	d := s.district.Load()
	item := d.duty.Item(m.Item)
	if item != nil {
		out.Duty = &DutyAid{Code: item.Code, Name: item.Name(), Definition: item.Definition, Includes: item.Includes, Excludes: item.Excludes, Basis: item.basis(), Photos: item.photos()}
	}
	if out.Similar, err = s.solvedLike(ctx, who, m, a); err != nil {
		return out, err
	}
	e, err := s.elements(ctx, s.Store, id)
	if err != nil {
		return out, err
	}
	events, err := caseflow.Events(ctx, s.Store, id)
	if err != nil {
		return out, err
	}
	out.Draft, out.From = d.draftReply(a, &e, item, events, out.Similar)
	out.Blanks = len(text.Blanks(out.Draft))
	return out, nil
}

// basis are the laws that an item rests on.
func (i *DutyItem) basis() []string { return parts(i.LegalBasis) }

// solvedLike are the solved matters that say much the same, of those that the actor
// may see: those of the same item first, then the alike, then the better rated.
func (s *Service) solvedLike(ctx context.Context, who account.Actor, m *caseflow.Matter, a *Appeal) ([]Solved, error) {
	type row struct {
		ID                             store.ID
		No, Title, Text, Reply, Street string
		Item, Unit                     string
		Result                         *int
		OpenedAt, ClosedAt             store.Time
	}
	d := s.district.Load()
	cond, scope := scopeSQL(who.Scope())
	read := func(where string, args ...any) ([]row, error) {
		return store.Select[row](ctx, s.Store, `SELECT m.id, m.no, m.title, m.item, m.unit, m.opened_at, m.closed_at, a.text, a.reply, a.street, a.score_result AS result FROM matter m JOIN appeal a ON a.id = m.id
			WHERE m.flow = 'appeal' AND `+where+` AND m.id <> ? AND `+solvedSQL+` AND `+cond+` ORDER BY m.id DESC LIMIT ?`, slices.Concat(args, []any{m.ID}, scope, []any{helperRows})...)
	}
	var rows []row
	if m.Item != "" {
		var err error
		if rows, err = read(`m.item = ?`, m.Item); err != nil {
			return nil, err
		}
		if it := d.duty.Item(m.Item); it != nil && len(rows) < helperMost {
			var kin []any
			for _, o := range d.duty.Items {
				if o.theme() == it.theme() && o.Code != it.Code && len(kin) < mostAmong {
					kin = append(kin, o.Code)
				}
			}
			if len(kin) > 0 {
				more, err := read(store.AnyOf("m.item", len(kin)), kin...)
				if err != nil {
					return nil, err
				}
				rows = append(rows, more...)
			}
		}
	}
	names := d.without(a.Street)
	mine := text.NewProfile(names.Replace(m.Title + " " + a.Text))
	out := []Solved{}
	told := map[string]bool{} // the same reply twice helps no more
	for _, r := range rows {
		v := Solved{ID: r.ID, No: r.No, Title: r.Title, Reply: r.Reply, Unit: r.Unit, UnitName: s.Dir.Tree().Name(r.Unit), Item: r.Item == m.Item, Result: r.Result, Closed: r.ClosedAt,
			Days: r.ClosedAt.Sub(r.OpenedAt.Time).Hours() / 24, Score: mine.Cosine(text.NewProfile(d.without(r.Street).Replace(r.Title + " " + r.Text)))}
		if v.Score >= helperLike {
			out = append(out, v)
		}
	}
	slices.SortStableFunc(out, func(a, b Solved) int {
		if a.Item != b.Item {
			if a.Item {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.Score+rated(b.Result), a.Score+rated(a.Result))
	})
	out = slices.DeleteFunc(out, func(v Solved) bool {
		twice := told[v.Reply]
		told[v.Reply] = true
		return twice
	})
	return out[:min(helperMost, len(out))], nil
}

// rated is what a rating adds to likeness: a good one a little, a bad one takes.
func rated(result *int) float64 {
	if result == nil {
		return 0
	}
	return 0.04 * float64(*result-3)
}

// draftReply puts a reply together of what is known: the matter by its elements,
// what the records say was done and told to the citizen, each wish by itself, what
// was done in like matters as a proposal, and the item's law. It claims nothing
// else: what is not known is a blank.
func (d *district) draftReply(a *Appeal, e *Elements, item *DutyItem, events []caseflow.Event, similar []Solved) (draft string, from []string) {
	words := func(kind text.ElementKind) (out []string) {
		for _, v := range e.of(string(kind)) {
			out = append(out, v.Text)
		}
		return out
	}
	first := func(list []string) string {
		if len(list) == 0 {
			return ""
		}
		return list[0]
	}
	var b strings.Builder
	about := first(words(text.Where)) + cmp.Or(first(words(text.What)), "的有关问题")
	fmt.Fprintf(&b, "您好！您反映%s，现逐项答复如下：\n一、核查情况。", about)
	looked := false
	for _, ev := range events {
		day := ev.At.In(d.zone).Format("1月2日")
		switch ev.Action {
		case "contact":
			if reached, _ := ev.Data.Form["reached"].(bool); reached {
				fmt.Fprintf(&b, "%s，经办人与您取得联系。", day)
			}
		case "three_way":
			fmt.Fprintf(&b, "%s，经办人与您三方通话。", day)
		case "keep_appointment":
			fmt.Fprintf(&b, "%s，经办人按预约与您见面或通话。", day)
		case "progress": // the citizen has read it already
			if note := strings.TrimRight(formText(ev.Data.Form, "note"), "。 \n"); note != "" {
				fmt.Fprintf(&b, "%s，%s。", day, note)
				looked = true
			}
		}
	}
	if !looked {
		b.WriteString("【几月几日】，【谁】到现场核查，【核查看到的情况】。")
	}
	b.WriteString("\n二、办理结果。")
	proposal, of := bestAction(similar)
	if of != "" {
		from = append(from, of)
	}
	wishes := slices.DeleteFunc(words(text.Wanted), anyWish.MatchString)
	if len(wishes) == 0 {
		wishes = []string{cmp.Or(first(words(text.What)), "您的诉求")}
	}
	for i, w := range wishes[:min(4, len(wishes))] {
		number := ""
		if len(wishes) > 1 {
			number = fmt.Sprintf("（%d）", i+1)
		}
		what := "采取了什么措施、何时、结果如何"
		if i == 0 && proposal != "" {
			what = "采取的措施和结果，可参照同类件写实：" + proposal
		}
		fmt.Fprintf(&b, "%s关于“%s”：【%s】。", number, w, what)
	}
	if item != nil && len(item.basis()) > 0 {
		fmt.Fprintf(&b, "\n三、依据。%s【第几条】。", strings.Join(item.basis(), "、"))
	}
	fmt.Fprintf(&b, "\n如有疑问，请联系经办人【姓名、电话】。")
	return b.String(), from
}

var (
	// anyWish asks for no more than to be looked after.
	anyWish = regexp.MustCompile(`^(?:诉求：|市民)?(?:希望|要求|麻烦|盼|请)?(?:相关|有关)?(?:部门|单位)?(?:尽快|依法|予以|协助|严肃|管一管|管管)*(?:核实|核查|查处|处理|回复|解决|答复|给予|研究|，|、|并|和)*(?:我|市民|处理结果|结果)?$`)
	// doing are the words of a reply that say that something was done.
	doing = regexp.MustCompile(`责令|清理|清运|修复|维修|更换|疏通|拆除|整改|处罚|立案|约谈|退还|退款|补发|恢复|安装|加装|增设|查处|检查|劝离|暂扣|封堵|消杀|清洗|调解|协调|填补|加固|修剪|清除|停工|关停|施划`)
	// particular is what is of the other matter alone: numbers, dates, and what has them.
	particular = regexp.MustCompile(`[0-9０-９]|您反映|收悉|《`)
	sentence   = regexp.MustCompile(`[^。！？；\n]+`)
)

// bestAction is the sentence of the best rated like reply that says what was done,
// without anything that is particular to that matter; "" where none is.
func bestAction(similar []Solved) (words, no string) {
	best := slices.Clone(similar)
	slices.SortStableFunc(best, func(a, b Solved) int { return cmp.Compare(rated(b.Result), rated(a.Result)) })
	for _, s := range best {
		for _, line := range sentence.FindAllString(s.Reply, -1) {
			if !doing.MatchString(line) {
				continue
			}
			var kept []string
			for _, c := range strings.FieldsFunc(line, func(r rune) bool { return r == '，' || r == ',' || r == '：' }) {
				if c = strings.TrimSpace(c); c != "" && !particular.MatchString(c) && !strings.ContainsAny(c, "【】*") {
					kept = append(kept, c)
				}
			}
			if words := strings.Join(kept, "，"); doing.MatchString(words) && utf8.RuneCountInString(words) <= 80 {
				return words, s.No
			}
		}
	}
	return "", ""
}

// mostPolished bounds a text that a model is asked to better, as a reply is bounded.
const mostPolished = 3000

// PolishReply has a model better the wording of a draft of a reply.
func (s *Service) PolishReply(ctx context.Context, who account.Actor, id store.ID, draft string) (language.Polished, error) {
	h, err := s.Help(ctx, who, id)
	if err != nil {
		return language.Polished{}, err
	}
	switch n := utf8.RuneCountInString(strings.TrimSpace(draft)); {
	case n == 0:
		return language.Polished{}, httpapi.FailField("text", "required")
	case n > mostPolished:
		return language.Polished{}, httpapi.FailField("text", "too_long")
	}
	_, a, err := s.seen(ctx, s.Store, who, id)
	if err != nil {
		return language.Polished{}, err
	}
	var names []string
	for _, u := range s.Dir.Tree().All() {
		names = append(names, s.Dir.Tree().Name(u.Code))
	}
	return s.Polisher.Polish(ctx, who, language.Ask{For: "reply", Object: "matter/" + id.String(), Instruction: "这是政府部门给市民的答复，语气诚恳、简明。", Text: draft, Sources: []string{a.Text, h.Draft}, Names: names})
}

func (s *Service) mountHelper(srv *httpapi.Server) {
	may := httpapi.Roles("handler", "unit_head", "receiver", "agent", "dispatcher")
	httpapi.Register(srv, httpapi.Operation{ID: "get-helper", Method: http.MethodGet, Path: "/api/appeals/{id}/helper", Tag: tag, Access: may,
		Summary: "What helps to handle an appeal (办件助手): like matters that were solved, its item and law, a draft of a reply"}, func(ctx context.Context, in *idInput) (*httpapi.Body[Helper], error) {
		h, err := s.Help(ctx, httpapi.Actor(ctx), in.ID.ID)
		return httpapi.Answer(h, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "polish-reply", Method: http.MethodPost, Path: "/api/appeals/{id}/helper/polish", Tag: tag, Access: may, Limit: 60,
		Summary: "Have a language model better the wording of a draft", Text: "The draft comes back as it was, with the reason, where there is no model, it fails, or it adds anything."}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Text string `json:"text" doc:"At most 3,000 characters"`
		}
	}) (*httpapi.Body[language.Polished], error) {
		p, err := s.PolishReply(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Text)
		return httpapi.Answer(p, err)
	})
}
