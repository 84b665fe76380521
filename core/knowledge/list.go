package knowledge

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// Filter narrows a list of entries.
type Filter struct {
	State    string `query:"state" enum:"draft,review,published,expired,withdrawn,due,wrong," doc:"due: soon to be looked through or to expire; wrong: with open reports"`
	Unit     string `query:"unit" doc:"Code of a unit; includes what lies below it"`
	Category string `query:"category"`
	Audience string `query:"audience" enum:"public,internal,"`
	Q        string `query:"q" doc:"Words of title or text, or a code"`
	After    string `query:"after" doc:"Key of the next page, from the page before"`
	Limit    int    `query:"limit" minimum:"0" maximum:"200"`
}

// List is the entries that somebody may see, by code.
func (s *Service) List(ctx context.Context, who account.Actor, f Filter) (httpapi.Page[Article], error) {
	in, now := s.inForce.Load(), store.At(s.Store.Now())
	cond, args := scopeSQL(who)
	where := []string{cond}
	add := func(cond string, more ...any) { where, args = append(where, cond), append(args, more...) }
	switch f.State {
	case "":
	case Expired:
		add(`e.state = 'published' AND e.valid_to <= ?`, now)
	case Published:
		add(`e.state = 'published' AND (e.valid_to IS NULL OR e.valid_to > ?)`, now)
	case "due":
		ahead := store.At(s.after(in.manifest, in.Ahead))
		add(`e.live > 0 AND (e.review_due <= ? OR e.valid_to <= ?)`, ahead, ahead)
	case "wrong":
		add(`EXISTS (SELECT 1 FROM knowledge_report r WHERE r.entry = e.id AND r.done_at IS NULL)`)
	default:
		add(`e.state = ?`, f.State)
	}
	if f.Unit != "" {
		under := s.Dir.Tree().Subtree(f.Unit)
		add(store.AnyOf("e.unit", len(under)), store.Args(under...)...)
	}
	if f.Category != "" {
		add(`e.category = ?`, f.Category)
	}
	if f.Audience != "" {
		add(`e.internal = ?`, f.Audience == "internal")
	}
	if strings.TrimSpace(f.Q) != "" {
		like := "%" + store.Literal(f.Q) + "%"
		add(`(e.code LIKE ? OR e.title LIKE ? OR e.content LIKE ?)`, like, like, like)
	}
	if f.After != "" {
		add(`e.code > ?`, f.After)
	}
	limit := cmp.Or(f.Limit, 50)
	rows, err := store.Select[Article](ctx, s.Store, `SELECT `+articleColumns+` FROM knowledge_entry e WHERE `+strings.Join(where, " AND ")+` ORDER BY e.code LIMIT ?`, append(args, limit+1)...)
	page := httpapi.Page[Article]{Items: rows}
	if err != nil {
		return page, err
	}
	if len(rows) > limit {
		page.Items, page.Next = rows[:limit], rows[limit-1].Code
	}
	for i := range page.Items {
		a := &page.Items[i]
		if err := a.open(s.Store.Now()); err != nil {
			return page, err
		}
		a.UnitName, a.Allowed = s.Dir.Tree().Name(a.Unit), allowed(who, a)
	}
	return page, nil
}

// KnowledgeStanding is how many entries stand where, for whom they may be seen by.
type KnowledgeStanding struct {
	States     map[string]int `json:"states"`
	Categories []string       `json:"categories"`
	Questions  int            `json:"questions" doc:"Open and assigned questions that the caller may see"`
}

// Standing counts the entries that somebody may see.
func (s *Service) Standing(ctx context.Context, who account.Actor) (KnowledgeStanding, error) {
	out := KnowledgeStanding{States: map[string]int{}, Categories: []string{}}
	in, now := s.inForce.Load(), store.At(s.Store.Now())
	ahead := store.At(s.after(in.manifest, in.Ahead))
	cond, args := scopeSQL(who)
	rows, err := store.Select[struct {
		State, Category    string
		N, Old, Due, Wrong int
	}](ctx, s.Store, `SELECT e.state, e.category, count(*) AS n, sum(CASE WHEN e.state = 'published' AND e.valid_to <= ? THEN 1 ELSE 0 END) AS old,
 sum(CASE WHEN e.live > 0 AND (e.review_due <= ? OR e.valid_to <= ?) THEN 1 ELSE 0 END) AS due,
 sum(CASE WHEN EXISTS (SELECT 1 FROM knowledge_report r WHERE r.entry = e.id AND r.done_at IS NULL) THEN 1 ELSE 0 END) AS wrong
 FROM knowledge_entry e WHERE `+cond+` GROUP BY e.state, e.category`, append([]any{now, ahead, ahead}, args...)...)
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		out.States[""] += r.N
		out.States[r.State] += r.N
		out.States["due"] += r.Due
		out.States["wrong"] += r.Wrong
		if r.State == Published {
			out.States[Published] -= r.Old
			out.States[Expired] += r.Old
		}
		if r.Category != "" && !slices.Contains(out.Categories, r.Category) {
			out.Categories = append(out.Categories, r.Category)
		}
	}
	slices.Sort(out.Categories)
	cond, args = questionScope(who)
	err = s.Store.QueryRow(ctx, `SELECT count(*) FROM knowledge_question q WHERE q.state IN ('open', 'assigned') AND `+cond, args...).Scan(&out.Questions)
	return out, err
}

// KnowledgePage is one entry, for its screen.
type KnowledgePage struct {
	Article Article           `json:"article"`
	LiveNow *Entry            `json:"live_now,omitempty" doc:"The text that answers, where the newest is another"`
	Texts   []KnowledgeText   `json:"texts" doc:"Its versions, the newest first"`
	Events  []KnowledgeEvent  `json:"events"`
	Wrong   []KnowledgeReport `json:"wrong" doc:"What readers say is wrong with it, the newest first"`
	Said    int               `json:"said" doc:"How often it answered in the last 30 days"`
	Useful  int               `json:"useful"`
	Useless int               `json:"useless"`
	Allowed []string          `json:"allowed"`
}

// Page is one entry with its history, as somebody may see it.
func (s *Service) Page(ctx context.Context, who account.Actor, id store.ID) (p KnowledgePage, err error) {
	a, err := s.seen(ctx, who, id)
	if err != nil {
		return p, err
	}
	a.UnitName = s.Dir.Tree().Name(a.Unit)
	a.Allowed = allowed(who, a)
	p.Article = *a
	if a.Live > 0 && a.Live != a.Version {
		p.LiveNow = a.liveEntry()
	}
	if p.Texts, err = s.texts(ctx, id); err != nil {
		return p, err
	}
	if p.Events, err = s.events(ctx, id); err != nil {
		return p, err
	}
	if p.Wrong, err = store.Select[KnowledgeReport](ctx, s.Store, reportQuery+` WHERE r.entry = ? ORDER BY r.id DESC LIMIT 100`, int64(id)); err != nil {
		return p, err
	}
	err = s.Store.QueryRow(ctx, `SELECT CAST(COALESCE(sum(said), 0) AS BIGINT), CAST(COALESCE(sum(useful), 0) AS BIGINT), CAST(COALESCE(sum(useless), 0) AS BIGINT) FROM knowledge_use WHERE kind = ? AND id = ? AND day >= ?`, Kind, a.Code, s.daysAgo(30)).Scan(&p.Said, &p.Useful, &p.Useless)
	return p, err
}

func (s *Service) daysAgo(n int) string {
	return s.Store.Now().In(s.inForce.Load().zone).AddDate(0, 0, -n).Format(time.DateOnly)
}

// Questions are what was asked and not known, the most asked first.
func (s *Service) Questions(ctx context.Context, who account.Actor, state, q, after string, limit int) (httpapi.Page[KnowledgeQuestion], error) {
	cond, args := questionScope(who)
	where := []string{cond}
	add := func(cond string, more ...any) { where, args = append(where, cond), append(args, more...) }
	switch state {
	case "", "waiting":
		add(`q.state IN ('open', 'assigned')`)
	default:
		add(`q.state = ?`, state)
	}
	if strings.TrimSpace(q) != "" {
		add(`q.text LIKE ?`, "%"+store.Literal(q)+"%")
	}
	if n, id, ok := strings.Cut(after, "-"); after != "" {
		asked, err := strconv.Atoi(n)
		last, lerr := store.ParseID(id)
		if !ok || err != nil || lerr != nil {
			return httpapi.Page[KnowledgeQuestion]{}, httpapi.FailField("after", "invalid")
		}
		add(`(q.asked < ? OR q.asked = ? AND q.id < ?)`, asked, asked, int64(last))
	}
	limit = cmp.Or(limit, 50)
	rows, err := store.Select[KnowledgeQuestion](ctx, s.Store, `SELECT `+questionColumns+` FROM knowledge_question q WHERE `+strings.Join(where, " AND ")+` ORDER BY q.asked DESC, q.id DESC LIMIT ?`, append(args, limit+1)...)
	page := httpapi.Page[KnowledgeQuestion]{Items: rows}
	if len(rows) > limit {
		last := rows[limit-1]
		page.Items, page.Next = rows[:limit], strconv.Itoa(last.Asked)+"-"+last.ID.String()
	}
	for i := range page.Items {
		s.nameQuestion(who, &page.Items[i])
	}
	return page, err
}

// QuestionPage is one question, for its screen.
type QuestionPage struct {
	Question KnowledgeQuestion `json:"question"`
	Wordings []Wording         `json:"wordings" doc:"In which ways it was put, the newest first"`
	Events   []KnowledgeEvent  `json:"events"`
}

func (s *Service) questionPage(ctx context.Context, who account.Actor, id store.ID) (p QuestionPage, err error) {
	q, err := s.question(ctx, s.Store, who, id)
	if err != nil {
		return p, err
	}
	p.Question = *q
	if p.Wordings, err = s.wordings(ctx, id); err != nil {
		return p, err
	}
	p.Events, err = s.events(ctx, id)
	return p, err
}

// AskFigures are how asking goes.
type AskFigures struct {
	Days    int         `json:"days"`
	Asked   int         `json:"asked" doc:"Questions that were put: answered and not known"`
	Known   int         `json:"known" doc:"Of these, answered"`
	Useful  int         `json:"useful" doc:"Answers that a reader called of use"`
	Useless int         `json:"useless" doc:"Answers that a reader called of no use"`
	ByDay   []AskDay    `json:"by_day"`
	Entries []SourceUse `json:"entries" doc:"What answered most, the most first"`
	Unused  int         `json:"unused" doc:"Entries in force that answered nobody"`
}

// AskDay is one day's questions.
type AskDay struct {
	Day   string `bun:"day" json:"day"`
	Asked int    `bun:"asked" json:"asked"`
	Known int    `bun:"known" json:"known"`
}

// SourceUse is how often one source answered.
type SourceUse struct {
	Kind    string   `bun:"kind" json:"kind"`
	ID      string   `bun:"id" json:"id"`
	Said    int      `bun:"said" json:"said"`
	Useful  int      `bun:"useful" json:"useful"`
	Useless int      `bun:"useless" json:"useless"`
	Title   string   `bun:"-" json:"title"`
	Article store.ID `bun:"-" json:"article,omitempty"`
}

// Figures counts the last days.
func (s *Service) Figures(ctx context.Context, days int) (out AskFigures, err error) {
	out = AskFigures{Days: days, ByDay: []AskDay{}}
	since := s.daysAgo(days - 1)
	if err = s.Store.QueryRow(ctx, `SELECT CAST(COALESCE(sum(said), 0) AS BIGINT), CAST(COALESCE(sum(CASE WHEN kind <> '' THEN said ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(sum(useful), 0) AS BIGINT), CAST(COALESCE(sum(useless), 0) AS BIGINT) FROM knowledge_use WHERE day >= ?`, since).
		Scan(&out.Asked, &out.Known, &out.Useful, &out.Useless); err != nil {
		return out, err
	}
	if out.ByDay, err = store.Select[AskDay](ctx, s.Store, `SELECT day, CAST(sum(said) AS BIGINT) AS asked, CAST(sum(CASE WHEN kind <> '' THEN said ELSE 0 END) AS BIGINT) AS known FROM knowledge_use WHERE day >= ? GROUP BY day ORDER BY day`, since); err != nil {
		return out, err
	}
	if out.Entries, err = store.Select[SourceUse](ctx, s.Store, `SELECT kind, id, CAST(sum(said) AS BIGINT) AS said, CAST(sum(useful) AS BIGINT) AS useful, CAST(sum(useless) AS BIGINT) AS useless FROM knowledge_use WHERE day >= ? AND kind <> '' GROUP BY kind, id ORDER BY sum(said) DESC, kind, id LIMIT 50`, since); err != nil {
		return out, err
	}
	x, err := s.told(ctx)
	if err != nil {
		return out, err
	}
	for i := range out.Entries {
		u := &out.Entries[i]
		if u.Title = u.ID; x.of[u.Kind+"/"+u.ID] != nil {
			d := x.of[u.Kind+"/"+u.ID]
			u.Title, u.Article = d.Title, d.Article
		}
	}
	err = s.Store.QueryRow(ctx, `SELECT count(*) FROM knowledge_entry e WHERE e.live > 0 AND NOT EXISTS (SELECT 1 FROM knowledge_use u WHERE u.kind = ? AND u.id = e.code AND u.day >= ? AND u.said > 0)`, Kind, since).Scan(&out.Unused)
	return out, err
}
