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

// AnswersOf makes the index that answers questions (智能问答) of a pack's files
// alone: its knowledge entries and its duty list.
func AnswersOf(files fs.FS) (*answer.Index, error) {
	docs, m, err := packDocuments(files)
	return answer.New(docs, answer.Options{Own: slices.Collect(maps.Values(m.Name))}), err
}

// PackDocuments are the documents of a pack's files alone.
func PackDocuments(files fs.FS) ([]answer.Document, error) {
	docs, _, err := packDocuments(files)
	return docs, err
}

func packDocuments(files fs.FS) (docs []answer.Document, m pack.Manifest, err error) {
	if m, err = pack.ReadManifest(files); err != nil {
		return nil, m, err
	}
	entries, kerr := knowledge.Read(files, m.Zone())
	duty, derr := ReadDuty(files, m.Version)
	units, uerr := pack.Units(files)
	if err := errors.Join(kerr, derr, uerr); err != nil {
		return nil, m, err
	}
	tree := account.NewTree(units)
	for _, d := range dutyDocuments(duty, tree, m.Locale) {
		docs = append(docs, d.Document)
	}
	for _, e := range entries {
		docs = append(docs, e.Document(tree.Name(e.Unit)))
	}
	return docs, m, nil
}

// Told implements knowledge.Source: the duty list in force.
func (s *Service) Told() []knowledge.Document {
	d := s.district.Load()
	return dutyDocuments(d.duty, s.Dir.Tree(), d.manifest.Locale)
}

// SolvedDocument is the kind of document that a solved matter is.
const SolvedDocument = "solved"

// solvedReach is how many solved matters, the newest first, answer.
const solvedReach = 100_000

// solvedSQL is the condition of the matters that the citizen called solved, or, where
// they did not say, their unit. Those that somebody asked to keep to few, and those
// about a unit, are left out.
const solvedSQL = `NOT m.open AND a.reply <> '' AND a.secrecy = 'open' AND a.about = '' AND (a.solved = 'yes' OR a.solved = '' AND a.result = 'solved')`

// SolvedStamp implements knowledge.Source.
func (s *Service) SolvedStamp(ctx context.Context) (string, error) {
	var closed int64 // of the index alone: to count would read every matter
	err := s.Store.QueryRow(ctx, `SELECT COALESCE(max(closed_at), 0) FROM matter WHERE closed_at IS NOT NULL`).Scan(&closed)
	return fmt.Sprint(closed), err
}

// Solved implements knowledge.Source: solved matters with the masked reply, each of
// the unit that has it.
func (s *Service) Solved(ctx context.Context) ([]knowledge.Document, error) {
	rows, err := store.Select[struct {
		No, Title, Text, Reply, Item string
		Unit                         string
	}](ctx, s.Store, `SELECT m.no, m.title, a.text, a.reply, m.item, m.unit FROM matter m JOIN appeal a ON a.id = m.id WHERE m.flow = 'appeal' AND `+solvedSQL+` ORDER BY m.id DESC LIMIT ?`, solvedReach)
	if err != nil {
		return nil, err
	}
	duty, tree := s.district.Load().duty, s.Dir.Tree()
	out := make([]knowledge.Document, 0, len(rows))
	for _, r := range rows {
		d := answer.Document{ID: r.No, Kind: SolvedDocument, Title: r.Title, Text: r.Reply, Also: r.Text, Source: tree.Name(r.Unit), Internal: true}
		if it := duty.Item(r.Item); it != nil {
			d.Keywords = []string{it.L3}
		}
		out = append(out, knowledge.Document{Document: d, Unit: r.Unit})
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
func dutyDocuments(l *DutyList, tree *account.Tree, locale string) []knowledge.Document {
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
	var docs []knowledge.Document
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
			unit := r.Lead
			if _, ok := tree.Unit(unit); !ok {
				unit = ""
			}
			docs = append(docs, knowledge.Document{Unit: unit, LegalBasis: it.LegalBasis, Document: answer.Document{ID: it.Code, Kind: DutyDocument, Title: it.L3, Keywords: it.Keywords, Text: text, Also: it.L2 + "\n" + it.Definition, Source: source,
				From: r.ValidFrom, To: r.ValidTo, Asks: []answer.Ask{answer.Who}}})
			break
		}
	}
	return docs
}
