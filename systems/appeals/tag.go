package appeals

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/pack"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/subject"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// Of whom a tag is.
const (
	tagResident   = "resident"
	tagEnterprise = "enterprise"
	tagBuilding   = "building"
)

// Tag is a profile tag (画像标签): what a register of the data platform may say of
// somebody or something.
type Tag struct {
	ID       string    `yaml:"id" json:"id"`
	Of       string    `yaml:"of" json:"of" enum:"resident,enterprise,building"`
	Kind     string    `yaml:"kind" json:"kind" enum:"care,risk,standing"`
	Name     pack.Text `yaml:"name" json:"name"`
	Advise   pack.Text `yaml:"advise" json:"advise" doc:"What is advised where it holds"`
	Purposes []string  `yaml:"purposes" json:"purposes"`
	Fresh    int       `yaml:"fresh" json:"fresh" doc:"Days for which what the register says is fresh"`
}

// TagPurpose is for what tags may be looked at.
type TagPurpose struct {
	ID     string    `yaml:"id" json:"id"`
	Name   pack.Text `yaml:"name" json:"name"`
	Roles  []string  `yaml:"roles" json:"roles" doc:"Who may, over the appeal's unit"`
	Closed bool      `yaml:"closed" json:"closed" doc:"Also when the appeal is closed"`
}

type tagBook struct {
	Source   string       `yaml:"source"`
	Purposes []TagPurpose `yaml:"purposes"`
	Tags     []Tag        `yaml:"tags"`
}

// readTags reads the tags of a pack; a pack without them has none.
func readTags(files fs.FS) (*tagBook, error) {
	const name = "appeals/tags.yaml"
	b := &tagBook{}
	if err := readSettings(files, name, b); err != nil {
		return nil, err
	}
	var wrong []error
	bad := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(name+": "+format, args...)) }
	if len(b.Tags) > 0 && b.Source == "" {
		bad("source is missing")
	}
	seen := map[string]bool{}
	for _, p := range b.Purposes {
		if p.ID == "" || seen["p "+p.ID] || p.Name["zh"] == "" || len(p.Roles) == 0 {
			bad("purposes: %q: a purpose has an id of its own, a name and roles", p.ID)
		}
		seen["p "+p.ID] = true
	}
	for _, t := range b.Tags {
		if t.ID == "" || seen[t.ID] || t.Name["zh"] == "" || t.Fresh < 1 {
			bad("tags: %q: a tag has an id of its own, a name, and fresh of 1 day or more", t.ID)
		}
		seen[t.ID] = true
		if !slices.Contains([]string{tagResident, tagEnterprise, tagBuilding}, t.Of) || !slices.Contains([]string{"care", "risk", "standing"}, t.Kind) {
			bad("tags: %s: of is resident, enterprise or building, kind care, risk or standing", t.ID)
		}
		if len(t.Purposes) == 0 {
			bad("tags: %s: it is for no purpose", t.ID)
		}
		for _, p := range t.Purposes {
			if !seen["p "+p] {
				bad("tags: %s: there is no purpose %q", t.ID, p)
			}
		}
	}
	return b, errors.Join(wrong...)
}

// purposesFor are the purposes for which somebody may look at tags of an appeal.
func (b *tagBook) purposesFor(who account.Actor, m *caseflow.Matter) (out []TagPurpose) {
	for _, p := range b.Purposes {
		if !m.Open && !p.Closed {
			continue
		}
		if slices.ContainsFunc(p.Roles, func(role string) bool {
			return m.Unit != "" && who.Has(role, m.Unit) || m.First != "" && who.Has(role, m.First) || who.Scope().All && who.HasAny(role)
		}) {
			out = append(out, p)
		}
	}
	return out
}

// tagsFor are the tags of somebody that a purpose needs.
func (b *tagBook) tagsFor(of, purpose string) (out []Tag) {
	for _, t := range b.Tags {
		if t.Of == of && slices.Contains(t.Purposes, purpose) {
			out = append(out, t)
		}
	}
	return out
}

// mayTagAppellant says whether the appellant's own tags may be looked at: never of one
// who is anonymous, nor by the unit that is complained of; of one who wants to stay
// unknown to units by the platform alone.
func (s *Service) mayTagAppellant(who account.Actor, m *caseflow.Matter, a *Appeal) bool {
	if m.Applicant == 0 || a.Secrecy == Anonymous {
		return false
	}
	if who.Scope().All {
		return true
	}
	tree := s.Dir.Tree()
	return a.Secrecy == OpenTo && (a.About == "" || !slices.ContainsFunc(who.Grants, func(g account.Grant) bool { return tree.Within(a.About, g.Unit) || tree.Within(g.Unit, a.About) }))
}

// TagChoice is what may be looked at for an appeal, by the caller.
type TagChoice struct {
	Purposes    []TagPurpose `json:"purposes"`
	Tags        []Tag        `json:"tags" doc:"Those of the purposes"`
	Subjects    []string     `json:"subjects" doc:"Of whom there is something to ask: resident, enterprise, building"`
	Enterprises []string     `json:"enterprises" doc:"That the message names"`
	Looks       []TagLook    `json:"looks" doc:"Who looked, the newest first"`
}

// TagChoice says what the caller may look at for an appeal.
func (s *Service) TagChoice(ctx context.Context, who account.Actor, id store.ID) (TagChoice, error) {
	out := TagChoice{Purposes: []TagPurpose{}, Tags: []Tag{}, Subjects: []string{}, Enterprises: []string{}}
	m, a, err := s.seen(ctx, s.Store, who, id)
	if err != nil {
		return out, err
	}
	b := s.district.Load().tags
	out.Purposes = append(out.Purposes, b.purposesFor(who, m)...)
	for _, t := range b.Tags {
		if slices.ContainsFunc(out.Purposes, func(p TagPurpose) bool { return slices.Contains(t.Purposes, p.ID) }) {
			out.Tags = append(out.Tags, t)
		}
	}
	if s.mayTagAppellant(who, m, a) {
		out.Subjects = append(out.Subjects, tagResident)
	}
	out.Subjects = append(out.Subjects, tagEnterprise)
	if a.Lon != nil && a.Lat != nil {
		out.Subjects = append(out.Subjects, tagBuilding)
	}
	names, err := store.Select[string](ctx, s.Store, `SELECT name FROM graph_mention WHERE matter = ? AND kind = 'enterprise' ORDER BY name`, int64(id))
	if err != nil {
		return out, err
	}
	out.Enterprises = append(out.Enterprises, names...)
	out.Looks, err = s.tagLooks(ctx, `l.appeal = ?`, int64(id))
	return out, err
}

// TagAsk asks for the tags of one subject.
type TagAsk struct {
	Subject    string `json:"subject" enum:"resident,enterprise,building"`
	Enterprise string `json:"enterprise,omitempty" maxLength:"100" doc:"Its name or unified social credit code (GB 32100), where it is of one"`
	Purpose    string `json:"purpose"`
	Note       string `json:"note" minLength:"2" maxLength:"200" doc:"Why; the appellant reads it"`
}

// TagSaid is one tag as the register says it.
type TagSaid struct {
	Tag
	Known bool       `json:"known" doc:"Whether the register says anything of it"`
	Holds bool       `json:"holds"`
	AsOf  store.Time `json:"as_of,omitzero"`
	Stale bool       `json:"stale" doc:"What it says is older than it should be"`
}

// TagAnswer is what a look brought. It is shown and not kept.
type TagAnswer struct {
	Look   store.ID  `json:"look"`
	Source string    `json:"source"`
	Tags   []TagSaid `json:"tags"`
}

// AskTags looks at the tags of an appeal's appellant, of an enterprise that it is about or
// of the building where it is. The look is logged before the register is asked; the
// appellant sees that it was.
func (s *Service) AskTags(ctx context.Context, who account.Actor, id store.ID, in TagAsk) (TagAnswer, error) {
	b := s.district.Load().tags
	out := TagAnswer{Source: b.Source, Tags: []TagSaid{}}
	if s.Facts == nil || b.Source == "" {
		return out, httpapi.Fail(http.StatusConflict, "no_tags")
	}
	if in.Enterprise = strings.TrimSpace(in.Enterprise); in.Subject != tagEnterprise {
		in.Enterprise = ""
	}
	tags := b.tagsFor(in.Subject, in.Purpose)
	keys := map[string]string{}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, a, err := s.seen(ctx, tx, who, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(b.Purposes, func(p TagPurpose) bool { return p.ID == in.Purpose })
		if i < 0 {
			return httpapi.FailField("purpose", "unknown")
		}
		if !slices.ContainsFunc(b.purposesFor(who, m), func(p TagPurpose) bool { return p.ID == in.Purpose }) {
			return httpapi.Fail(http.StatusForbidden, "not_your_purpose")
		}
		if len(tags) == 0 {
			return httpapi.FailField("subject", "not_of_purpose")
		}
		reason := b.Purposes[i].Name["zh"] + "：" + text.Mask(in.Note)
		switch in.Subject {
		case tagResident:
			if !s.mayTagAppellant(who, m, a) {
				return httpapi.Fail(http.StatusForbidden, "not_of_appellant")
			}
			own, err := s.Vault.Reveal(ctx, tx, m.Applicant, vault.Access{Actor: who.Account, Unit: who.Unit, Object: "matter/" + id.String(), Reason: "查询画像标签（" + reason + "），身份信息未显示"}, "tags")
			if err != nil {
				return err
			}
			for k, v := range map[string]vault.Kind{"id_no": vault.IDNumber, "name": vault.Name, "phone": vault.Phone} {
				keys[k] = own[v]
			}
			if keys["id_no"] == "" && keys["phone"] == "" {
				return httpapi.Fail(http.StatusConflict, "nothing_to_ask_by")
			}
		case tagEnterprise:
			switch {
			case in.Enterprise == "":
				return httpapi.FailField("enterprise", "required")
			case subject.CheckUSCC(strings.ToUpper(in.Enterprise)) == nil:
				keys["uscc"] = strings.ToUpper(in.Enterprise)
			case len([]rune(in.Enterprise)) < 4 || strings.ContainsAny(in.Enterprise, "0123456789"):
				return httpapi.FailField("enterprise", "not_an_enterprise")
			default:
				keys["name"] = in.Enterprise
			}
		case tagBuilding:
			if a.Lon == nil || a.Lat == nil {
				return httpapi.Fail(http.StatusConflict, "nothing_to_ask_by")
			}
			keys["place"] = fmt.Sprintf("%s %.5f,%.5f", a.Community, *a.Lon, *a.Lat)
		}
		return s.logTags(ctx, tx, &out, who, id, in, tags, reason)
	})
	if err != nil {
		return out, err
	}
	q := rule.FactQuery{Keys: keys, Facts: map[string]string{}, Purpose: in.Purpose}
	for _, t := range tags {
		q.Facts["tag."+t.ID] = "bool"
	}
	said, err := s.Facts.Ask(ctx, b.Source, q)
	outcome, held, receipts := "answered", 0, []string{}
	if err != nil {
		outcome = "failed"
	}
	now := s.Store.Now()
	for _, t := range tags {
		x := TagSaid{Tag: t}
		for _, f := range said {
			if v, ok := f.Value.(bool); ok && f.Name == "tag."+t.ID {
				x.Known, x.Holds, x.AsOf, x.Stale = true, v, store.At(f.AsOf), now.Sub(f.AsOf) > time.Duration(t.Fresh)*24*time.Hour
				if v {
					held++
				}
				if f.Receipt != "" {
					receipts = append(receipts, f.Receipt)
				}
			}
		}
		out.Tags = append(out.Tags, x)
	}
	// What came of it is written even where the caller has gone.
	werr := s.Store.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE tag_look SET outcome = ?, held = ?, receipts = ? WHERE id = ?`, outcome, held, strings.Join(receipts, ","), out.Look)
		return err
	})
	if err != nil {
		return out, errors.Join(httpapi.Fail(http.StatusBadGateway, "tags_failed"), werr)
	}
	return out, werr
}

// logTags writes a look into the log before the register is asked.
func (s *Service) logTags(ctx context.Context, tx *store.Tx, out *TagAnswer, who account.Actor, id store.ID, in TagAsk, tags []Tag, reason string) error {
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.ID
	}
	out.Look = tx.NewID()
	if _, err := tx.Exec(ctx, `INSERT INTO tag_look (id, at, appeal, actor, unit, subject, about, purpose, note, tags, outcome, held, receipts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'asked', 0, '')`,
		out.Look, store.At(s.Store.Now()), id, who.Account, who.Unit, in.Subject, text.Mask(in.Enterprise), in.Purpose, text.Mask(in.Note), strings.Join(names, ",")); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "tags.look", Object: "matter/" + id.String(), Reason: reason},
		map[string]any{"subject": in.Subject, "purpose": in.Purpose, "tags": names})
}

// TagLook is one look at profile tags.
type TagLook struct {
	ID      store.ID   `bun:"id" json:"id"`
	At      store.Time `bun:"at" json:"at"`
	Appeal  store.ID   `bun:"appeal" json:"appeal"`
	No      string     `bun:"no" json:"no"`
	Actor   string     `bun:"actor" json:"actor"`
	Unit    string     `bun:"unit" json:"unit"`
	Subject string     `bun:"subject" json:"subject"`
	About   string     `bun:"about" json:"about,omitempty"`
	Purpose string     `bun:"purpose" json:"purpose"`
	Note    string     `bun:"note" json:"note"`
	Tags    string     `bun:"tags" json:"tags" doc:"Asked for, with commas"`
	Outcome string     `bun:"outcome" json:"outcome" enum:"asked,answered,failed"`
	Held    int        `bun:"held" json:"held"`
}

// tagLooksMost is how many looks one page has.
const tagLooksMost = 100

func (s *Service) tagLooks(ctx context.Context, where string, args ...any) ([]TagLook, error) {
	out, err := store.Select[TagLook](ctx, s.Store, `SELECT l.id, l.at, l.appeal, m.no, COALESCE(c.name, '') AS actor, l.unit, l.subject, l.about, l.purpose, l.note, l.tags, l.outcome, l.held
 FROM tag_look l JOIN matter m ON m.id = l.appeal LEFT JOIN account c ON c.id = l.actor WHERE `+where+` ORDER BY l.id DESC LIMIT ?`, append(args, tagLooksMost)...)
	if out == nil {
		out = []TagLook{}
	}
	return out, err
}

// TagLogFilter narrows the log of looks.
type TagLogFilter struct {
	From    string `query:"from" maxLength:"10" doc:"A day; 30 days ago when absent"`
	To      string `query:"to" maxLength:"10" doc:"A day; today when absent"`
	Purpose string `query:"purpose" maxLength:"40"`
	Subject string `query:"subject" enum:"resident,enterprise,building,"`
	Before  string `query:"before" maxLength:"20" doc:"The id of the last of the page before"`
}

// TagCount is how often one unit looked for one purpose.
type TagCount struct {
	Unit    string `bun:"unit" json:"unit"`
	Purpose string `bun:"purpose" json:"purpose"`
	N       int    `bun:"n" json:"n"`
	Appeals int    `bun:"appeals" json:"appeals"`
	Failed  int    `bun:"failed" json:"failed"`
}

// TagLog is the log of looks in a span of days.
type TagLog struct {
	From     string       `json:"from"`
	To       string       `json:"to"`
	Purposes []TagPurpose `json:"purposes"`
	Tags     []Tag        `json:"tags"`
	Counts   []TagCount   `json:"counts"`
	Looks    []TagLook    `json:"looks" doc:"The newest first, 100 at most"`
}

// TagLog reads the log of looks.
func (s *Service) TagLog(ctx context.Context, in TagLogFilter) (TagLog, error) {
	d := s.district.Load()
	out := TagLog{Purposes: append([]TagPurpose{}, d.tags.Purposes...), Tags: append([]Tag{}, d.tags.Tags...), Counts: []TagCount{}}
	now := s.Store.Now().In(d.zone)
	to, from := now, now.AddDate(0, 0, -30)
	var err error
	for _, x := range []struct {
		name, say string
		into      *time.Time
	}{{"from", in.From, &from}, {"to", in.To, &to}} {
		if x.say == "" {
			continue
		}
		if *x.into, err = time.ParseInLocation(time.DateOnly, x.say, d.zone); err != nil {
			return out, httpapi.FailField(x.name, "not_a_day")
		}
	}
	out.From, out.To = from.Format(time.DateOnly), to.Format(time.DateOnly)
	midnight := func(t time.Time) store.Time {
		return store.At(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, d.zone))
	}
	where, args := `l.at >= ? AND l.at < ?`, []any{midnight(from), midnight(to.AddDate(0, 0, 1))}
	if in.Purpose != "" {
		where, args = where+` AND l.purpose = ?`, append(args, in.Purpose)
	}
	if in.Subject != "" {
		where, args = where+` AND l.subject = ?`, append(args, in.Subject)
	}
	counts, err := store.Select[TagCount](ctx, s.Store, `SELECT l.unit, l.purpose, count(*) AS n, count(DISTINCT l.appeal) AS appeals, sum(CASE WHEN l.outcome = 'failed' THEN 1 ELSE 0 END) AS failed FROM tag_look l WHERE `+where+` GROUP BY l.unit, l.purpose ORDER BY 3 DESC, 1, 2`, args...)
	if err != nil {
		return out, err
	}
	out.Counts = append(out.Counts, counts...)
	if in.Before != "" {
		before, err := store.ParseID(in.Before)
		if err != nil {
			return out, httpapi.FailField("before", "not_an_id")
		}
		where, args = where+` AND l.id < ?`, append(args, int64(before))
	}
	out.Looks, err = s.tagLooks(ctx, where, args...)
	return out, err
}

func (s *Service) mountTags(srv *httpapi.Server) {
	const tag = "profile tags"
	httpapi.Register(srv, httpapi.Operation{ID: "get-tag-choice", Method: http.MethodGet, Path: "/api/appeals/{id}/tags", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "What profile tags (画像标签) the caller may look at for an appeal, for which purposes, and who looked"}, func(ctx context.Context, in *idInput) (*httpapi.Body[TagChoice], error) {
		c, err := s.TagChoice(ctx, httpapi.Actor(ctx), in.ID.ID)
		return httpapi.Answer(c, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "look-at-tags", Method: http.MethodPost, Path: "/api/appeals/{id}/tags", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "Look at the tags of the appellant, of an enterprise or of the building; the look is logged with its purpose", Text: "What is said is not kept. The appellant sees that it was looked at, by which unit and why."}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body TagAsk
	}) (*httpapi.Body[TagAnswer], error) {
		a, err := s.AskTags(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body)
		return httpapi.Answer(a, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-tag-looks", Method: http.MethodGet, Path: "/api/tag-looks", Tag: tag, Access: httpapi.Roles("auditor", "supervisor", account.RoleAdmin),
		Summary: "The log of looks at profile tags (画像标签调用日志), with how often each unit looked for what"}, func(ctx context.Context, in *TagLogFilter) (*httpapi.Body[TagLog], error) {
		l, err := s.TagLog(ctx, *in)
		return httpapi.Answer(l, err)
	})
}
