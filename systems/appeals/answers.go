package appeals

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/answer"
	"shanzhi/core/knowledge"
	"shanzhi/core/pack"
	"shanzhi/core/store"
)

// knowledgeFile is what a district's pack knows when it is loaded first.
const knowledgeFile = "appeals/knowledge.csv"

// readKnowledge reads a pack's knowledge entries (知识条目). Each must belong to a
// unit of the pack.
func readKnowledge(files fs.FS, m pack.Manifest) ([]knowledge.Entry, error) {
	entries, err := knowledge.Read(files, knowledgeFile, m.Zone())
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	units, err := pack.Units(files)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, u := range units {
		known[u.Code] = true
	}
	var wrong []error
	for _, e := range entries {
		if !known[e.Unit] {
			wrong = append(wrong, fmt.Errorf("%s: %s: there is no unit %s", knowledgeFile, e.Code, e.Unit))
		}
	}
	return entries, errors.Join(wrong...)
}

// AnswersOf makes the index that answers questions (智能问答) of a pack's files
// alone: its knowledge entries and its duty list.
func AnswersOf(files fs.FS) (*answer.Index, error) {
	docs, m, err := packDocuments(files)
	return answer.New(docs, own(m)), err
}

// PackDocuments are the documents of a pack's files alone.
func PackDocuments(files fs.FS) ([]answer.Document, error) {
	docs, _, err := packDocuments(files)
	return docs, err
}

func packDocuments(files fs.FS) ([]answer.Document, pack.Manifest, error) {
	m, err := pack.ReadManifest(files)
	if err != nil {
		return nil, m, err
	}
	entries, kerr := readKnowledge(files, m)
	duty, derr := ReadDuty(files, m.Version)
	units, uerr := pack.Units(files)
	if err := errors.Join(kerr, derr, uerr); err != nil {
		return nil, m, err
	}
	return documentsIn(&district{manifest: m, knowledge: entries, duty: duty}, account.NewTree(units)), m, nil
}

// Answers makes the index that answers questions of what is in force, and, for
// staff alone, of the solved matters that the one who asks may see.
func (s *Service) Answers(ctx context.Context, who account.Actor) (*answer.Index, error) {
	solved, err := s.solvedDocuments(ctx, who)
	if err != nil {
		return nil, err
	}
	d := s.district.Load()
	return answer.New(append(documentsIn(d, s.Dir.Tree()), solved...), own(d.manifest)), nil
}

// own names the district, so that a question about another can be told.
func own(m pack.Manifest) answer.Options {
	return answer.Options{Own: slices.Collect(maps.Values(m.Name))}
}

func documentsIn(d *district, tree *account.Tree) []answer.Document {
	docs := dutyDocuments(d.duty, tree, d.manifest.Locale)
	for _, e := range d.knowledge {
		docs = append(docs, e.Document(tree.Name(e.Unit)))
	}
	return docs
}

// SolvedDocument is the kind of document that a solved matter is.
const SolvedDocument = "solved"

// solvedReach is how many solved matters, the newest first, answer.
const solvedReach = 100_000

// solvedSQL is the condition of a matter whose reply may be shown beside another's.
const solvedSQL = `NOT m.open AND a.reply <> '' AND a.secrecy = 'open' AND a.about = '' AND (a.solved = 'yes' OR a.solved = '' AND a.result = 'solved')`

// solvedDocuments are the matters that the citizen called solved, or, where they
// did not say, their unit, with the masked reply. Those that somebody asked to
// keep to few, and those about a unit, are left out.
func (s *Service) solvedDocuments(ctx context.Context, who account.Actor) ([]answer.Document, error) {
	type solved struct {
		No, Title, Text, Reply, Item string
		Unit                         string
	}
	cond, args := scopeSQL(who.Scope())
	rows, err := store.Select[solved](ctx, s.Store, `SELECT m.no, m.title, a.text, a.reply, m.item, m.unit FROM matter m JOIN appeal a ON a.id = m.id
 WHERE m.flow = ? AND `+solvedSQL+` AND `+cond+` ORDER BY m.id DESC LIMIT ?`,
		append(append([]any{System}, args...), solvedReach)...)
	if err != nil {
		return nil, err
	}
	duty, tree := s.district.Load().duty, s.Dir.Tree()
	out := make([]answer.Document, 0, len(rows))
	for _, r := range rows {
		d := answer.Document{ID: r.No, Kind: SolvedDocument, Title: r.Title, Text: r.Reply, Also: r.Text, Source: tree.Name(r.Unit), Internal: true}
		if it := duty.Item(r.Item); it != nil {
			d.Keywords = []string{it.L3}
		}
		out = append(out, d)
	}
	return out, nil
}

// DutyDocument is the kind of document that a duty item is.
const DutyDocument = "duty"

// dutyWords say whose an item is.
var dutyWords = struct{ lead, fallback, street, community, basis pack.Text }{
	lead:      pack.Text{"zh": "“%s”由%s负责。", "en": "%q is the duty of %s."},
	fallback:  pack.Text{"zh": "职责有争议的，由%s兜底。", "en": " Where that is disputed, %s takes it."},
	street:    pack.Text{"zh": "事发地街道办事处", "en": "the office of the street where it is"},
	community: pack.Text{"zh": "事发地社区工作站", "en": "the office of the community where it is"},
	basis:     pack.Text{"zh": "职责清单 %s", "en": "duty list %s"},
}

// dutyDocuments are the items of a duty list as they answer whose a thing is. An
// item whose unit is known by a condition alone answers nothing.
func dutyDocuments(l *DutyList, tree *account.Tree, locale string) []answer.Document {
	lang, _, _ := strings.Cut(locale, "-")
	name := func(unit string) string {
		switch unit {
		case "street":
			return dutyWords.street.In(lang)
		case "community":
			return dutyWords.community.In(lang)
		}
		if _, ok := tree.Unit(unit); !ok {
			return ""
		}
		return tree.Name(unit)
	}
	var docs []answer.Document
	for _, it := range l.Items {
		for _, r := range l.rulesOf(it.Code) {
			lead := name(r.Lead)
			if r.when != nil || lead == "" {
				continue
			}
			text := fmt.Sprintf(dutyWords.lead.In(lang), it.Name(), lead)
			if f := name(r.Fallback); f != "" && f != lead {
				text += fmt.Sprintf(dutyWords.fallback.In(lang), f)
			}
			source := fmt.Sprintf(dutyWords.basis.In(lang), it.Code)
			if it.LegalBasis != "" {
				source += "；" + it.LegalBasis
			}
			docs = append(docs, answer.Document{ID: it.Code, Kind: DutyDocument, Title: it.L3, Keywords: it.Keywords, Text: text, Also: it.L2 + "\n" + it.Definition, Source: source,
				From: r.ValidFrom, To: r.ValidTo, Asks: []answer.Ask{answer.Who}})
			break
		}
	}
	return docs
}
