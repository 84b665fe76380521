package services

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/document"
	"shanzhi/core/event"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

//go:embed papers.yaml
var papersFile embed.FS

// paperKind is a kind of document (文书): numbered in the transition that asks for it,
// made and sealed right after.
type paperKind struct {
	Title string   `yaml:"title"`
	Short string   `yaml:"short"` // in its number
	Lines []string `yaml:"lines"` // paragraphs; one whose {words} are all empty is left out
}

// paperKinds are the documents of a case, by kind.
var paperKinds = func() map[string]*paperKind {
	raw, err := papersFile.ReadFile("papers.yaml")
	kinds := map[string]*paperKind{}
	if err == nil {
		err = yaml.UnmarshalWithOptions(raw, &kinds, yaml.Strict())
	}
	if err != nil {
		panic(err) // it is part of the program
	}
	return kinds
}()

// Paper is a document of a case.
type Paper struct {
	ID     store.ID   `bun:"id" json:"id"`
	Kind   string     `bun:"kind" json:"kind"`
	Title  string     `bun:"-" json:"title"`
	No     string     `bun:"no" json:"no"`
	At     store.Time `bun:"at" json:"at"`
	Made   bool       `bun:"made" json:"made" doc:"It can be fetched"`
	SHA256 string     `bun:"sha256" json:"sha256,omitempty"`
}

// askPaper numbers a document in the transaction of the transition that it belongs to
// (行政许可法第三十二条第二款: a dated, sealed receipt).
func (s *Service) askPaper(ctx context.Context, tx *store.Tx, c *caseflow.Change, kind string) error {
	n, err := store.Get[int](ctx, tx, `SELECT count(*) FROM service_document WHERE matter = ? AND kind = ?`, c.Matter.ID, kind)
	if err != nil {
		return err
	}
	no := fmt.Sprintf("%s〔%s〕%s号", paperKinds[kind].Short, c.Event.At.In(s.Zone()).Format("2006"), c.Matter.No)
	if n > 0 {
		no = strings.TrimSuffix(no, "号") + fmt.Sprintf("-%d号", n+1)
	}
	data, err := json.Marshal(c.Event.Data.Form)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO service_document (id, matter, seq, kind, no, at, data) VALUES (?, ?, ?, ?, ?, ?, ?)`, tx.NewID(), c.Matter.ID, c.Event.Seq, kind, no, c.Event.At, string(data))
	return err
}

const paperConsumer = "services.papers"

// makePapers makes what transitions have asked for. It is woken by the events of cases
// and asks the rows, so that what was left undone is done the next time.
func (s *Service) makePapers(ctx context.Context, events []event.Event) error {
	if s.Resting != nil && s.Resting() || !slices.ContainsFunc(events, func(e event.Event) bool { return strings.HasPrefix(e.Subject, System+".") }) {
		return nil
	}
	return s.MakeDuePapers(ctx)
}

type duePaper struct {
	ID     store.ID   `bun:"id"`
	Matter store.ID   `bun:"matter"`
	Seq    int        `bun:"seq"`
	Kind   string     `bun:"kind"`
	No     string     `bun:"no"`
	At     store.Time `bun:"at"`
	Data   string     `bun:"data"`
}

// MakeDuePapers makes every document that is not made yet. One that fails is left for
// the next time and does not keep the others.
func (s *Service) MakeDuePapers(ctx context.Context) error {
	var after store.ID
	var failed error
	for {
		due, err := store.Select[duePaper](ctx, s.Store, `SELECT id, matter, seq, kind, no, at, data FROM service_document WHERE made_at IS NULL AND id > ? ORDER BY id LIMIT 50`, int64(after))
		if err != nil || len(due) == 0 {
			return errors.Join(err, failed)
		}
		for _, d := range due {
			after = d.ID
			if err := s.makePaper(ctx, d); err != nil {
				failed = errors.Join(failed, fmt.Errorf("services: document %s: %w", d.No, err))
			}
		}
	}
}

func (s *Service) makePaper(ctx context.Context, d duePaper) error {
	m, err := caseflow.Get(ctx, s.Store, d.Matter)
	if err != nil {
		return err
	}
	words, err := s.paperWords(ctx, m, d)
	if errors.Is(err, vault.ErrErased) {
		return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE service_document SET made_at = ? WHERE id = ?`, store.At(s.Store.Now()), d.ID)
			return err
		})
	}
	if err != nil {
		return err
	}
	kind := paperKinds[d.Kind]
	unit, _ := s.Dir.Tree().Unit(m.Unit)
	doc := document.Doc{Title: kind.Title, Subtitle: d.No}
	for _, line := range kind.Lines {
		if said, any := fillWords(line, words); any {
			doc.Blocks = append(doc.Blocks, document.Paragraph(said))
		}
	}
	note := ""
	if s.Seal.Simulated() {
		note = "示范专用"
	}
	doc.Blocks = append(doc.Blocks, &document.Sign{Lines: []string{unit.Name, chineseDay(d.At.In(s.Zone()))}, Seal: unit.Name, Note: note})
	codes, err := s.paperCodes(ctx, m, d)
	if err != nil {
		return err
	}
	if len(codes) > 0 {
		doc.Blocks = append(doc.Blocks, codes)
	}
	var buf bytes.Buffer
	if err := doc.Write(&buf, document.PDF); err != nil {
		return err
	}
	sealed, receipt, err := s.Seal.Seal(ctx, m.Unit, buf.Bytes())
	if err != nil {
		return err
	}
	sum := sha256.Sum256(sealed)
	file, err := s.keepFile(ctx, m.Applicant, "document/"+d.ID.String(), sealed)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE service_document SET file = ?, sha256 = ?, receipt = ?, made_at = ? WHERE id = ?`, file, hex.EncodeToString(sum[:]), receipt, store.At(s.Store.Now()), d.ID)
		return err
	})
}

// keepFile keeps a file that names a person, closed under their key.
func (s *Service) keepFile(ctx context.Context, person store.ID, what string, plain []byte) (key string, err error) {
	closed, err := s.Vault.Seal(ctx, s.Store, person, what, plain)
	if err != nil {
		return "", err
	}
	tmp, err := s.Files.New()
	if err != nil {
		return "", err
	}
	defer tmp.Close()
	if _, err = tmp.Write(closed); err == nil {
		err = tmp.Sync()
	}
	if err != nil {
		return "", err
	}
	key = "services/" + what
	return key, s.Files.Place.Keep(ctx, key, tmp.Name(), "application/octet-stream")
}

// openFile opens what keepFile kept.
func (s *Service) openFile(ctx context.Context, person store.ID, what, key string) ([]byte, error) {
	content, err := s.Files.Place.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	closed, err := io.ReadAll(content)
	if err != nil {
		return nil, err
	}
	return s.Vault.Unseal(ctx, s.Store, person, what, closed)
}

// paperWords are what the lines of a document may say.
func (s *Service) paperWords(ctx context.Context, m *caseflow.Matter, d duePaper) (map[string]string, error) {
	e, err := s.pinned(m.Item)
	if err != nil {
		return nil, err
	}
	var x caseRow
	if m.Flow == "case" {
		if x, err = getCase(ctx, s.Store, m.ID); err != nil {
			return nil, err
		}
	}
	who, err := s.Vault.Own(ctx, s.Store, m.Applicant)
	if err != nil {
		return nil, err
	}
	unit, _ := s.Dir.Tree().Unit(m.Unit)
	clocks, err := caseflow.Clocks(ctx, s.Store, m.ID)
	if err != nil {
		return nil, err
	}
	var form map[string]any
	if err := json.Unmarshal([]byte(d.Data), &form); err != nil {
		return nil, err
	}
	words := map[string]string{"applicant": cmp.Or(who[vault.Name], "申请人"), "item": e.Name, "unit": unit.Name, "no": m.No, "day": chineseDay(d.At.In(s.Zone())), "phone": e.Phone, "law": lawWords(e.Laws, "、"), "received": chineseDay(m.OpenedAt.In(s.Zone()))}
	for _, c := range clocks {
		if c.Open() {
			words[c.Name+"_due"] = chineseDay(c.Due.In(s.Zone()))
		}
	}
	if err := s.collectionWords(ctx, m, d, clocks, words); err != nil {
		return nil, err
	}
	if x.Deemed {
		words["deemed"] = "自收到申请材料之日起即为受理"
	}
	if m.Flow == "joint" {
		if words["outcome"], err = s.jointOutcome(ctx, m.ID, "zh"); err != nil {
			return nil, err
		}
	}
	for name, v := range form {
		switch v := v.(type) {
		case string:
			words["form."+name] = v
			if ref := form[name+"_original"]; ref != nil {
				if id, err := store.ParseID(fmt.Sprint(ref)); err == nil {
					if t, err := s.Vault.OwnText(ctx, s.Store, id); err == nil {
						words["form."+name] = t
					}
				}
			}
			if l, err := calendar.ParseLimit(v); err == nil && (name == "length") {
				words["form."+name] = sayLimit(l)
			}
		case []any:
			var names []string
			for _, id := range v {
				if mt := e.Handling.material(fmt.Sprint(id)); mt != nil {
					names = append(names, mt.Name["zh"])
				}
			}
			words["form."+name] = strings.Join(names, "、")
		}
	}
	if kind, ok := specialNames[words["form.kind"]]; ok {
		words["form.kind"] = kind
	}
	have, err := materialsOf(ctx, s.Store, m.ID)
	if err != nil {
		return nil, err
	}
	var got, owed []string
	for _, mr := range have {
		mt := e.Handling.material(mr.Material)
		if mt == nil {
			continue
		}
		switch mr.State {
		case "owed":
			owed = append(owed, mt.Name["zh"])
		case "missing":
		default:
			got = append(got, mt.Name["zh"])
		}
	}
	words["materials"], words["owed"] = strings.Join(got, "、"), strings.Join(owed, "、")
	if l, err := s.licenceOf(ctx, s.Store, m.ID); err == nil {
		words["licence"], words["licence_no"] = l.Name["zh"], l.No
		words["from"], words["to"] = l.From, cmp.Or(l.To, "长期")
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	return words, nil
}

var specialNames = map[string]string{"hearing": "听证", "tender": "招标", "auction": "拍卖", "inspection": "检验", "test": "检测", "quarantine": "检疫", "appraisal": "鉴定", "expert_review": "专家评审"}

func sayLimit(l calendar.Limit) string {
	switch l.Unit {
	case calendar.WorkingDays:
		return fmt.Sprintf("%d个工作日", l.Days)
	case calendar.NaturalDays:
		return fmt.Sprintf("%d日", l.Days)
	}
	return l.Time.String()
}

var wordPart = regexp.MustCompile(`\{[a-z_.]+\}`)

// fillWords puts words into a line; any is false where it has words and all are empty.
func fillWords(line string, words map[string]string) (out string, any bool) {
	parts, said := 0, 0
	out = wordPart.ReplaceAllStringFunc(line, func(p string) string {
		parts++
		w := words[p[1:len(p)-1]]
		if w != "" {
			said++
		}
		return w
	})
	return out, parts == 0 || said > 0
}

func chineseDay(t time.Time) string { return t.Format("2006年1月2日") }

// Papers lists the documents of a case, in the order in which they were asked for.
func (s *Service) papers(ctx context.Context, q store.Querier, matter store.ID) ([]Paper, error) {
	list, err := store.Select[Paper](ctx, q, `SELECT id, kind, no, at, (file IS NOT NULL) AS made, COALESCE(sha256, '') AS sha256 FROM service_document WHERE matter = ? ORDER BY id`, int64(matter))
	for i := range list {
		list[i].Title = paperKinds[list[i].Kind].Title
	}
	return list, err
}
