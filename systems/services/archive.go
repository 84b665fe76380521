package services

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/archive"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/document"
	"shanzhi/core/form"
	"shanzhi/core/pack"
	"shanzhi/core/retain"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// A case that is closed is archived (电子归档, DA/T 85-2019): form, materials, documents,
// opinions, the whole trace, decision, fees, delivery and licence, in one package of
// package archive. The names of the metadata are those of DA/T 46-2009; documents are PDF,
// as DA/T 47-2009 asks of what is kept long.

// archiveRules are how a district archives (归档规则): services/archive.yaml.
type archiveRules struct {
	Fonds struct {
		No   string `yaml:"no"`   // 全宗号
		Name string `yaml:"name"` // 全宗名称
	} `yaml:"fonds"`
	Category string         `yaml:"category"` // 类别号
	Number   string         `yaml:"number"`   // 档号: {fonds} {category} {year} {keep} {no}
	Classes  []archiveClass `yaml:"classes"`
}

// archiveClass says how long what it fits is kept (保管期限); the first that fits counts.
type archiveClass struct {
	Ends  []string `yaml:"ends"`  // final states; any, when empty
	Types []string `yaml:"types"` // of items; any, when empty
	Items []string `yaml:"items"` // keys; any, when empty
	Keep  string   `yaml:"keep"`
}

// archiveKeeps are the terms that archives know (保管期限), with the code that each has in
// a number, and years; 0 is for good.
var archiveKeeps = map[string]struct {
	code, name string
	years      int
}{"permanent": {"Y", "永久", 0}, "30y": {"D30", "30年", 30}, "10y": {"D10", "10年", 10}}

const packArchive = "services/archive.yaml"

var archiveNumberPart = regexp.MustCompile(`\{(fonds|category|year|keep|no)\}`)

// readArchive reads the rules; nil where the pack has none: nothing is archived here.
func readArchive(files fs.FS) (*archiveRules, error) {
	if !pack.Has(files, packArchive) {
		return nil, nil
	}
	r := &archiveRules{}
	if err := pack.Settings(files, packArchive, r); err != nil {
		return nil, err
	}
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf(packArchive+": "+format, args...))
	}
	if r.Fonds.No == "" || r.Fonds.Name == "" || r.Category == "" {
		bad("fonds.no, fonds.name and category are needed")
	}
	if rest := archiveNumberPart.ReplaceAllString(r.Number, ""); strings.ContainsAny(rest, "{}/\\") || !strings.Contains(r.Number, "{no}") {
		bad("number: %q must have {no}, and beside it {fonds}, {category}, {year} and {keep} alone", r.Number)
	}
	for i, c := range r.Classes {
		if _, ok := archiveKeeps[c.Keep]; !ok {
			bad("classes[%d]: keep is permanent, 30y or 10y", i)
		}
	}
	if n := len(r.Classes); n == 0 || len(r.Classes[n-1].Ends)+len(r.Classes[n-1].Types)+len(r.Classes[n-1].Items) > 0 {
		bad("classes: the last one fits everything")
	}
	return r, errors.Join(errs...)
}

func (r *archiveRules) class(end, typ, key string) string {
	fits := func(list []string, x string) bool { return len(list) == 0 || slices.Contains(list, x) }
	for _, c := range r.Classes {
		if fits(c.Ends, end) && fits(c.Types, typ) && fits(c.Items, key) {
			return c.Keep
		}
	}
	return "permanent" // not reached: the last class fits everything
}

// archiveDue says that a case is to be archived: it was closed, or changed after that.
func (s *Service) archiveDue(ctx context.Context, tx *store.Tx, matter store.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO service_archive_due (matter, tries, next_at, error) SELECT m.id, 0, ?, '' FROM matter m WHERE m.id = ? AND m.system = '`+System+`' AND m.flow = 'case' AND NOT m.open
 ON CONFLICT (matter) DO UPDATE SET next_at = excluded.next_at, tries = 0`, store.At(s.Store.Now()), matter)
	return err
}

// Archived is an archive package of a case.
type Archived struct {
	ID        store.ID   `bun:"id" json:"id"`
	Case      store.ID   `bun:"matter" json:"case"`
	CaseNo    string     `bun:"case_no" json:"case_no"`
	Title     string     `bun:"title" json:"title"`
	Unit      string     `bun:"unit" json:"unit"`
	Version   int        `bun:"version" json:"version"`
	Newest    bool       `bun:"newest" json:"newest"`
	No        string     `bun:"no" json:"no" doc:"档号"`
	Bytes     int64      `bun:"bytes" json:"bytes"`
	Files     int        `bun:"files" json:"files"`
	SHA256    string     `bun:"sha256" json:"sha256"`
	Manifest  string     `bun:"manifest" json:"manifest_sha256"`
	Keep      string     `bun:"keep" json:"keep" enum:"permanent,30y,10y"`
	Until     store.Time `bun:"until_at" json:"until,omitzero"`
	At        store.Time `bun:"at" json:"at"`
	Held      bool       `bun:"held" json:"held" doc:"Nothing of the case is destroyed (保全)"`
	Destroyed store.Time `bun:"destroyed_at" json:"destroyed_at,omitzero"`
	Key       store.ID   `bun:"key" json:"-"`
	File      string     `bun:"file" json:"-"`
}

const archivedColumns = `a.id, a.matter, m.no AS case_no, m.title, m.unit, a.version, (NOT EXISTS (SELECT 1 FROM service_archive b WHERE b.matter = a.matter AND b.version > a.version)) AS newest, a.no, a.bytes, a.files, a.sha256, a.manifest, a.keep, a.until_at, a.at, a.destroyed_at, a.key, a.file`

// ArchiveDue is a case that waits to be archived.
type ArchiveDue struct {
	Case   store.ID   `bun:"matter" json:"case"`
	CaseNo string     `bun:"case_no" json:"case_no"`
	Title  string     `bun:"title" json:"title"`
	Unit   string     `bun:"unit" json:"unit"`
	Tries  int        `bun:"tries" json:"tries"`
	NextAt store.Time `bun:"next_at" json:"next_at"`
	Error  string     `bun:"error" json:"error,omitempty" doc:"Why it could not be done yet"`
}

// errArchiveWaits says that something of the case is still being made.
var errArchiveWaits = errors.New("something of the case is still being made")

// archiveRetry bounds the pauses between tries.
const (
	archiveFirst = 10 * time.Second
	archiveMost  = time.Hour
)

// MakeDueArchives archives what is due. One case that fails is tried again later and
// does not keep the others.
func (s *Service) MakeDueArchives(ctx context.Context) error {
	rules := s.archiving.Load()
	if rules == nil || s.ArchiveKey == nil {
		return nil
	}
	var failed error
	for {
		due, err := store.Select[ArchiveDue](ctx, s.Store, `SELECT matter, tries, next_at, error FROM service_archive_due WHERE next_at <= ? ORDER BY next_at, matter LIMIT 20`, store.At(s.Store.Now()))
		if err != nil || len(due) == 0 {
			return errors.Join(err, failed)
		}
		for _, d := range due {
			err := s.archiveCase(ctx, rules, d.Case)
			if err == nil {
				continue
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if !errors.Is(err, errArchiveWaits) {
				failed = errors.Join(failed, fmt.Errorf("services: case %s cannot be archived: %w", d.Case, err))
			}
			wait := archiveFirst << min(d.Tries, 9)
			if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, uerr := tx.Exec(ctx, `UPDATE service_archive_due SET tries = tries + 1, next_at = ?, error = ? WHERE matter = ?`, store.At(s.Store.Now().Add(min(wait, archiveMost))), err.Error(), d.Case)
				return uerr
			}); err != nil {
				return err
			}
		}
	}
}

// SweepArchives finds what is closed and was never archived: cases of before there were
// archives. It returns how many.
func (s *Service) SweepArchives(ctx context.Context) (n int64, err error) {
	if s.archiving.Load() == nil {
		return 0, nil
	}
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = tx.Exec(ctx, `INSERT INTO service_archive_due (matter, tries, next_at, error) SELECT m.id, 0, ?, '' FROM matter m JOIN service_case c ON c.id = m.id WHERE NOT m.open AND NOT EXISTS (SELECT 1 FROM service_archive a WHERE a.matter = m.id)
 AND NOT EXISTS (SELECT 1 FROM service_archive_due d WHERE d.matter = m.id)`, store.At(s.Store.Now()))
		return err
	})
	return n, err
}

func (s *Service) archiveCase(ctx context.Context, rules *archiveRules, id store.ID) error {
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return err
	}
	version, err := store.Get[int](ctx, s.Store, `SELECT COALESCE(MAX(version), 0) + 1 FROM service_archive WHERE matter = ?`, int64(id))
	if err != nil {
		return err
	}
	p, err := s.archivePackage(ctx, rules, m, version)
	if err != nil {
		return err
	}
	var raw bytes.Buffer
	manifest, err := archive.Write(&raw, p.no, p.title, p.meta, p.files, s.ArchiveKey)
	if err != nil {
		return err
	}
	had, err := store.Select[string](ctx, s.Store, `SELECT manifest FROM service_archive WHERE matter = ? ORDER BY version DESC LIMIT 1`, int64(id))
	if err != nil {
		return err
	}
	if len(had) > 0 { // asked for again, and nothing changed but its version
		same, err := s.archivePackage(ctx, rules, m, version-1)
		if err != nil {
			return err
		}
		if was, err := archive.Write(io.Discard, same.no, same.title, same.meta, same.files, s.ArchiveKey); err != nil || was == had[0] {
			return errors.Join(err, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM service_archive_due WHERE matter = ?`, id)
				return err
			}))
		}
	}
	// A key of its own: who the applicant is may have to be erased before the archive may
	// be destroyed, and the archive be destroyed without the applicant.
	var key store.ID
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		key, err = s.Vault.NewPerson(ctx, tx, vault.Identity{})
		return err
	}); err != nil {
		return err
	}
	row := s.Store.NewID()
	what := "archive/" + row.String()
	file, err := s.keepFile(ctx, key, what, raw.Bytes())
	if err != nil {
		return err
	}
	sum := archive.Sum(raw.Bytes())
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		v, err := store.Get[int](ctx, tx, `SELECT version FROM matter WHERE id = ?`, id)
		if err != nil {
			return err
		}
		if v != m.Version {
			return errArchiveWaits // it went on meanwhile
		}
		if _, err := tx.Exec(ctx, `INSERT INTO service_archive (id, matter, version, no, key, file, bytes, files, sha256, manifest, keep, until_at, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			row, id, version, p.no, key, file, raw.Len(), len(p.files), sum, manifest, p.keep, p.until, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM service_archive_due WHERE matter = ?`, id); err != nil {
			return err
		}
		if err := s.Bus.Emit(ctx, tx, now.Time, System+".archived", id.String(), map[string]any{"no": p.no}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: now, Action: "archive.make", Object: "matter/" + id.String()}, map[string]any{"no": p.no, "manifest_sha256": manifest, "sha256": sum, "keep": p.keep, "files": len(p.files)})
	})
	if err != nil {
		_ = s.Files.Place.Remove(ctx, file)
	}
	return err
}

// archivePacked is what a package is made of.
type archivePacked struct {
	no, title, keep string
	until           store.Time
	meta            []archive.PackageElement
	files           []archive.File
}

func (p *archivePacked) add(at, title, kind string, content []byte) {
	p.files = append(p.files, archive.File{Path: at, Title: title, Kind: kind, Content: content})
}

func (p *archivePacked) json(at, title, kind string, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	p.add(at, title, kind, b.Bytes())
	return err
}

// archiveAnswer is an answer of a form with its label.
type archiveAnswer struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Value  any    `json:"value"`
	Said   string `json:"said"` // as people read it
	Source string `json:"source,omitempty"`
}

// archiveStep is an event in the trace. Each hash is over the hash before and the step.
type archiveStep struct {
	Seq    int             `json:"seq"`
	At     string          `json:"at"`
	Action string          `json:"action"`
	Title  string          `json:"title"`
	Unit   string          `json:"unit"`
	Actor  string          `json:"actor"`
	From   string          `json:"from"`
	To     string          `json:"to"`
	Said   []archiveAnswer `json:"said,omitempty"`
	Event  json.RawMessage `json:"event"` // as it is kept
	Hash   string          `json:"hash"`
}

// archivePackage gathers a case. What it makes follows from the case alone: no clock of
// today is asked, so that the same case gives the same bytes.
func (s *Service) archivePackage(ctx context.Context, rules *archiveRules, m *caseflow.Matter, version int) (*archivePacked, error) {
	if m.Open || m.ClosedAt.IsZero() {
		return nil, errArchiveWaits
	}
	var waits bool
	if err := s.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM service_document WHERE matter = ? AND made_at IS NULL) OR EXISTS (SELECT 1 FROM service_bill WHERE matter = ? AND state IN ('due', 'refunding'))`, m.ID, m.ID).Scan(&waits); err != nil {
		return nil, err
	}
	if waits {
		return nil, errArchiveWaits
	}
	x, err := getCase(ctx, s.Store, m.ID)
	if err != nil {
		return nil, err
	}
	e, err := s.pinned(m.Item)
	if err != nil {
		return nil, err
	}
	key, err := store.Get[string](ctx, s.Store, `SELECT key FROM service_item WHERE id = ?`, int64(x.Item))
	if err != nil {
		return nil, err
	}
	closed := m.ClosedAt.In(s.Zone())
	p := &archivePacked{title: e.Name + "（" + m.No + "）", keep: rules.class(m.State, e.Type, key)}
	term := archiveKeeps[p.keep]
	if term.years > 0 { // 档案保管期限: from the first of January after the year of closing
		p.until = store.At(time.Date(closed.Year()+1+term.years, 1, 1, 0, 0, 0, 0, s.Zone()))
	}
	p.no = strings.NewReplacer("{fonds}", rules.Fonds.No, "{category}", rules.Category, "{year}", strconv.Itoa(closed.Year()), "{keep}", term.code, "{no}", m.No).Replace(rules.Number)
	if version > 1 {
		p.no += "-" + strconv.Itoa(version)
	}
	answers, err := s.archiveForm(ctx, p, m, x, e)
	if err != nil {
		return nil, err
	}
	if err := s.archiveMaterials(ctx, p, m, e); err != nil {
		return nil, err
	}
	if err := s.archivePapers(ctx, p, m); err != nil {
		return nil, err
	}
	steps, err := s.archiveTrace(ctx, p, m)
	if err != nil {
		return nil, err
	}
	if err := s.archiveOutcome(ctx, p, m, x); err != nil {
		return nil, err
	}
	p.meta = s.archiveMeta(rules, p, m, x, e, version, term.name)
	if err := p.json("metadata.json", "元数据", "metadata", p.meta); err != nil {
		return nil, err
	}
	return p, archiveCover(p, answers, steps)
}

// archiveMeta are the elements that describe the package, by their names in DA/T 46-2009.
func (s *Service) archiveMeta(rules *archiveRules, p *archivePacked, m *caseflow.Matter, x caseRow, e *ItemElements, version int, keep string) []archive.PackageElement {
	unit := s.Dir.Tree().Name(m.Unit)
	day := func(t store.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(s.Zone()).Format("20060102")
	}
	state := s.stateName(m.Flow, m.State, false)["zh"]
	all := []archive.PackageElement{
		{Name: "聚合层次", Value: "案卷"}, {Name: "全宗号", Value: rules.Fonds.No}, {Name: "全宗名称", Value: rules.Fonds.Name}, {Name: "立档单位名称", Value: unit}, {Name: "类别号", Value: rules.Category},
		{Name: "年度", Value: m.ClosedAt.In(s.Zone()).Format("2006")}, {Name: "档号", Value: p.no}, {Name: "保管期限", Value: keep}, {Name: "题名", Value: p.title}, {Name: "责任者", Value: unit},
		{Name: "日期", Value: day(m.ClosedAt)}, {Name: "版本", Value: strconv.Itoa(version)},
		{Name: "事项名称", Value: e.Name}, {Name: "事项编码", Value: e.Code}, {Name: "事项类型", Value: e.Type}, {Name: "事项版本", Value: strconv.Itoa(x.Version)}, {Name: "办件编号", Value: m.No},
		{Name: "收件日期", Value: day(m.OpenedAt)}, {Name: "受理日期", Value: day(x.AcceptedAt)}, {Name: "决定日期", Value: day(x.DecidedAt)}, {Name: "办结日期", Value: day(m.ClosedAt)}, {Name: "办理结果", Value: state},
	}
	return slices.DeleteFunc(all, func(el archive.PackageElement) bool { return el.Value == "" })
}

func (s *Service) archiveForm(ctx context.Context, p *archivePacked, m *caseflow.Matter, x caseRow, e *ItemElements) ([]archiveAnswer, error) {
	told, err := s.said(ctx, s.Store, x.Application)
	if errors.Is(err, vault.ErrErased) {
		return nil, p.json("form/application.json", "申请表", "form", map[string]any{"erased": "申请人的信息在归档以前已依法删除"})
	}
	if err != nil {
		return nil, err
	}
	who, err := s.Vault.Own(ctx, s.Store, m.Applicant)
	if err != nil {
		return nil, err
	}
	var answers []archiveAnswer
	if e.Handling.Situation != nil {
		answers = sheetAnswers(e.Handling.Situation, told.Situation, nil)
	}
	asked := sheetAnswers(e.Handling.Form, told.Values, told.Sources)
	all := append(slices.Clone(answers), asked...)
	return all, p.json("form/application.json", "申请表", "form", map[string]any{"applicant": who, "channel": x.Channel, "situation": answers, "answers": asked, "promised": told.Promised, "fetched": told.Fetched})
}

// sheetAnswers are the answers of a sheet in the order in which they are asked.
func sheetAnswers(sheet *form.Sheet, values map[string]any, sources map[string]FillSource) (out []archiveAnswer) {
	for _, page := range sheet.Pages {
		for _, f := range page.Fields {
			v, ok := values[f.Field]
			q := sheet.Schema.Properties[f.Field]
			if !ok || q == nil || slices.ContainsFunc(out, func(a archiveAnswer) bool { return a.Name == f.Field }) {
				continue
			}
			out = append(out, archiveAnswer{f.Field, cmp.Or(q.Title, f.Field), v, sheetWords(q, v), sources[f.Field].Source})
		}
	}
	return out
}

// sheetWords is an answer as people read it.
func sheetWords(q *form.SheetNode, v any) string {
	switch v := v.(type) {
	case string:
		return cmp.Or(q.EnumTitles[v]["zh"], v)
	case bool:
		if v {
			return "是"
		}
		return "否"
	case []any:
		var parts []string
		for _, one := range v {
			entry, ok := one.(map[string]any)
			if !ok || q.Items == nil {
				if q.Items != nil {
					parts = append(parts, sheetWords(q.Items, one))
				}
				continue
			}
			var said []string
			order := q.Items.Order
			if len(order) == 0 {
				order = slices.Sorted(maps.Keys(q.Items.Properties))
			}
			for _, name := range order {
				if sub := q.Items.Properties[name]; sub != nil && entry[name] != nil {
					said = append(said, cmp.Or(sub.Title, name)+"："+sheetWords(sub, entry[name]))
				}
			}
			parts = append(parts, strings.Join(said, "，"))
		}
		return strings.Join(parts, "；")
	}
	return asText(v)
}

var archiveSuffix = map[string]string{"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "video/mp4": "mp4", "video/webm": "webm", "application/pdf": "pdf"}

func (s *Service) archiveMaterials(ctx context.Context, p *archivePacked, m *caseflow.Matter, e *ItemElements) error {
	rows, err := materialsOf(ctx, s.Store, m.ID)
	if err != nil {
		return err
	}
	type listed struct {
		Material string   `json:"material"`
		Name     string   `json:"name"`
		State    string   `json:"state"`
		Round    int      `json:"round"`
		Files    []string `json:"files"`
		Gone     []string `json:"gone,omitempty"` // destroyed before it was archived
	}
	all := []listed{}
	for _, r := range rows {
		l := listed{Material: r.Material, Name: r.Material, State: r.State, Round: r.Round, Files: []string{}}
		if spec := e.Handling.material(r.Material); spec != nil {
			l.Name = spec.Name["zh"]
		}
		var ids []string
		if err := json.Unmarshal([]byte(r.Files), &ids); err != nil {
			return err
		}
		for i, id := range ids {
			b, content, err := s.Files.Get(ctx, id)
			if errors.Is(err, store.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
				l.Gone = append(l.Gone, id)
				continue
			}
			if err != nil {
				return err
			}
			raw, err := io.ReadAll(content)
			content.Close()
			if err != nil {
				return err
			}
			at := path.Join("materials", fmt.Sprintf("%s-%d.%s", r.Material, i+1, cmp.Or(archiveSuffix[b.Type], "bin")))
			p.add(at, l.Name, "material", raw)
			l.Files = append(l.Files, at)
		}
		all = append(all, l)
	}
	return p.json("materials/list.json", "材料清单", "material", all)
}

func (s *Service) archivePapers(ctx context.Context, p *archivePacked, m *caseflow.Matter) error {
	rows, err := store.Select[struct {
		ID                   store.ID
		Kind, No             string
		At                   store.Time
		File, SHA256, Sealed string
	}](ctx, s.Store, `SELECT id, kind, no, at, COALESCE(file, '') AS file, COALESCE(sha256, '') AS sha256, COALESCE(receipt, '') AS sealed FROM service_document WHERE matter = ? ORDER BY id`, int64(m.ID))
	if err != nil {
		return err
	}
	type listed struct {
		No, Title, At, Path, SHA256, Seal string
	}
	all := []listed{}
	for i, r := range rows {
		l := listed{No: r.No, Title: paperKinds[r.Kind].Title, At: s.archiveTime(r.At), SHA256: r.SHA256, Seal: r.Sealed}
		if r.File != "" {
			raw, err := s.openFile(ctx, m.Applicant, "document/"+r.ID.String(), r.File)
			switch {
			case errors.Is(err, vault.ErrErased):
			case err != nil:
				return err
			default:
				if archive.Sum(raw) != r.SHA256 {
					return fmt.Errorf("document %s is not what was made: its SHA-256 is another", r.No)
				}
				l.Path = fmt.Sprintf("papers/%02d-%s.pdf", i+1, r.Kind)
				p.add(l.Path, l.Title+" "+r.No, "paper", raw)
			}
		}
		all = append(all, l)
	}
	return p.json("papers/list.json", "文书清单", "paper", all)
}

func (s *Service) archiveTime(t store.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(s.Zone()).Format(time.RFC3339)
}

// archiveTrace is all that happened, the opinions asked of others included, each step
// chained to the one before.
func (s *Service) archiveTrace(ctx context.Context, p *archivePacked, m *caseflow.Matter) ([]archiveStep, error) {
	steps, err := s.archiveSteps(ctx, m)
	if err != nil {
		return nil, err
	}
	if err := p.json("trace.json", "办理过程", "trace", map[string]any{"events": steps, "hash": "SHA-256 of the hash before, a line feed, and event"}); err != nil {
		return nil, err
	}
	subs, err := store.Select[store.ID](ctx, s.Store, `SELECT id FROM matter WHERE parent = ? AND flow = 'opinion' ORDER BY id`, int64(m.ID))
	if err != nil {
		return nil, err
	}
	type opinion struct {
		No    string        `json:"no"`
		Unit  string        `json:"unit"`
		Steps []archiveStep `json:"events"`
	}
	type own struct {
		Seq  int             `json:"seq"`
		At   string          `json:"at"`
		By   string          `json:"by"`
		Unit string          `json:"unit"`
		What string          `json:"what"`
		Said []archiveAnswer `json:"said"`
	}
	asked, said := []opinion{}, []own{}
	for _, id := range subs {
		o, err := caseflow.Get(ctx, s.Store, id)
		if err != nil {
			return nil, err
		}
		list, err := s.archiveSteps(ctx, o)
		if err != nil {
			return nil, err
		}
		asked = append(asked, opinion{o.No, s.Dir.Tree().Name(o.Unit), list})
	}
	for _, st := range steps {
		if st.Actor != "" && len(st.Said) > 0 {
			said = append(said, own{st.Seq, st.At, st.Actor, st.Unit, st.Title, st.Said})
		}
	}
	return steps, p.json("opinions.json", "办理意见", "opinion", map[string]any{"own": said, "others": asked})
}

func (s *Service) archiveSteps(ctx context.Context, m *caseflow.Matter) ([]archiveStep, error) {
	events, err := caseflow.Events(ctx, s.Store, m.ID)
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx, events)
	if err != nil {
		return nil, err
	}
	flow := s.Engine.Flow(m.Flow)
	out, before := []archiveStep{}, ""
	for _, ev := range events {
		raw, err := json.Marshal(ev)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(append([]byte(before+"\n"), raw...))
		before = hex.EncodeToString(sum[:])
		st := archiveStep{Seq: ev.Seq, At: s.archiveTime(ev.At), Action: ev.Action, Title: ev.Action, Unit: s.Dir.Tree().Name(ev.Unit), Actor: names[ev.Actor], From: ev.Source, To: ev.Target, Event: raw, Hash: before}
		if a := flow.Actions[ev.Action]; a != nil {
			st.Title = a.Title["zh"]
			for _, f := range a.Form {
				v, ok := ev.Data.Form[f.Name]
				if !ok {
					continue
				}
				t, err := s.archiveWords(ctx, &f, v, ev.Data.Form)
				if err != nil {
					return nil, err
				}
				st.Said = append(st.Said, archiveAnswer{Name: f.Name, Title: f.Title["zh"], Value: v, Said: t})
			}
		}
		out = append(out, st)
	}
	return out, nil
}

// archiveWords is what an action's form says, as it was written where that is still there.
func (s *Service) archiveWords(ctx context.Context, f *form.Field, v any, all map[string]any) (string, error) {
	t, ok := v.(string)
	if !ok {
		return asText(v), nil
	}
	for _, o := range f.Options {
		if o.Value == t {
			return o.Title["zh"], nil
		}
	}
	ref, ok := all[f.Name+"_original"]
	if !ok {
		return t, nil
	}
	id, err := store.ParseID(fmt.Sprint(ref))
	if err != nil {
		return t, nil
	}
	full, err := s.Vault.OwnText(ctx, s.Store, id)
	if errors.Is(err, vault.ErrErased) || errors.Is(err, store.ErrNotFound) {
		return t, nil
	}
	return full, err
}

// archiveOutcome is decision, fees, delivery and licence.
func (s *Service) archiveOutcome(ctx context.Context, p *archivePacked, m *caseflow.Matter, x caseRow) error {
	if x.Decision != 0 {
		dec, err := s.Kept.Trace(ctx, x.Decision)
		if err == nil {
			facts, ferr := s.Kept.Facts(ctx, x.Decision)
			if ferr != nil {
				return ferr
			}
			if err := p.json("decision.json", "秒批决定", "decision", map[string]any{"decision": dec, "facts": json.RawMessage(facts), "automatic": x.Automatic}); err != nil {
				return err
			}
		} else if !errors.Is(err, vault.ErrErased) && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	bills, err := store.Select[struct {
		Seq                                 int
		At                                  store.Time
		Name, Basis, State, Reason, Receipt string
		Amount                              int64
	}](ctx, s.Store, `SELECT e.seq, e.at, b.name, b.basis, e.state, e.reason, e.receipt, e.amount FROM service_bill b JOIN service_bill_event e ON e.bill = b.id WHERE b.matter = ? ORDER BY b.id, e.seq`, int64(m.ID))
	if err != nil {
		return err
	}
	if len(bills) > 0 {
		if err := p.json("fees.json", "收费记录", "fee", bills); err != nil {
			return err
		}
	}
	events, err := caseflow.Events(ctx, s.Store, m.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		if e.Action == "deliver" {
			if err := p.json("delivery.json", "送达记录", "delivery", map[string]any{"at": s.archiveTime(e.At), "mode": said(e.Data.Form, "mode"), "to": said(e.Data.Form, "to"), "unit": s.Dir.Tree().Name(e.Unit)}); err != nil {
				return err
			}
		}
	}
	rows, err := store.Select[licenceRow](ctx, s.Store, `SELECT `+licenceColumns+` FROM service_licence l WHERE l.matter = ? ORDER BY l.id`, int64(m.ID))
	if err != nil {
		return err
	}
	for i, r := range rows {
		events, err := store.Select[struct {
			Seq          int
			At           store.Time
			Kind, Reason string
		}](ctx, s.Store, `SELECT seq, at, kind, reason FROM service_licence_event WHERE licence = ? ORDER BY seq`, r.ID)
		if err != nil {
			return err
		}
		out := map[string]any{"identifier": r.Identifier, "type": r.Type, "no": r.No, "issuer": s.Dir.Tree().Name(r.Issuer), "from": r.From, "to": r.To, "status": r.Status, "issued_at": s.archiveTime(r.IssuedAt), "events": events}
		shown, err := s.Vault.OwnText(ctx, s.Store, r.Shown)
		switch {
		case err == nil:
			out["shown"] = json.RawMessage(shown)
		case !errors.Is(err, vault.ErrErased):
			return err
		}
		if err := p.json(fmt.Sprintf("licences/%02d.json", i+1), "证照 "+r.No, "licence", out); err != nil {
			return err
		}
	}
	return nil
}

// archiveCover is a paper with which a person reads the package without a program.
func archiveCover(p *archivePacked, answers []archiveAnswer, steps []archiveStep) error {
	meta := &document.Table{Head: []string{"项目", "内容"}, Widths: []float64{1, 3}, Words: true}
	for _, e := range p.meta {
		meta.Rows = append(meta.Rows, []string{e.Name, e.Value})
	}
	doc := document.Doc{Title: "政务服务办件归档目录", Subtitle: p.no, Blocks: []document.Block{document.Heading{Level: 1, Text: "归档信息"}, meta}}
	if len(answers) > 0 {
		t := &document.Table{Head: []string{"问题", "回答"}, Widths: []float64{1, 3}, Words: true}
		for _, a := range answers {
			t.Rows = append(t.Rows, []string{a.Title, a.Said})
		}
		doc.Blocks = append(doc.Blocks, document.Heading{Level: 1, Text: "申请表"}, t)
	}
	trace := &document.Table{Head: []string{"序号", "时间", "环节", "经办", "意见"}, Widths: []float64{0.6, 1.6, 1.4, 1.6, 3}, Words: true}
	for _, st := range steps {
		var words []string
		for _, a := range st.Said {
			words = append(words, a.Title+"："+a.Said)
		}
		trace.Rows = append(trace.Rows, []string{strconv.Itoa(st.Seq), strings.ReplaceAll(st.At[:min(16, len(st.At))], "T", " "), st.Title, strings.TrimSpace(st.Unit + " " + st.Actor), strings.Join(words, "；")})
	}
	doc.Blocks = append(doc.Blocks, document.Heading{Level: 1, Text: "办理过程"}, trace)
	list := &document.Table{Head: []string{"文件", "名称", "SHA-256"}, Widths: []float64{1.6, 1.6, 2.4}, Words: true}
	sorted := slices.Clone(p.files)
	slices.SortFunc(sorted, func(a, b archive.File) int { return cmp.Compare(a.Path, b.Path) })
	for _, f := range sorted {
		list.Rows = append(list.Rows, []string{f.Path, f.Title, archive.Sum(f.Content)})
	}
	doc.Blocks = append(doc.Blocks, document.Heading{Level: 1, Text: "文件目录"}, list)
	var b bytes.Buffer
	if err := doc.Write(&b, document.PDF); err != nil {
		return err
	}
	p.add("catalogue.pdf", "归档目录", "catalogue", b.Bytes())
	return nil
}

// archiveRole is who keeps the archives (档案员).
const archiveRole = "archivist"

// unitsOf are the units over which an actor holds a role; all is the whole district.
func (s *Service) unitsOf(who account.Actor, role string) (units []string, all bool) {
	all = true
	for _, u := range s.Dir.Tree().All() {
		if who.Has(role, u.Code) {
			units = append(units, u.Code)
		} else {
			all = false
		}
	}
	return units, all
}

// archiveScope is which packages an actor may see: an archivist those of their units; who
// supervises and who audits all.
func (s *Service) archiveScope(who account.Actor) (string, []any) {
	if who.IsSystem() || who.HasAny("inspector", "auditor") {
		return "1=1", nil
	}
	units, all := s.unitsOf(who, archiveRole)
	switch {
	case all:
		return "1=1", nil
	case len(units) == 0:
		return "1=0", nil
	}
	return store.AnyOf("m.unit", len(units)), store.Args(units...)
}

// ArchiveFilter narrows the list of packages.
type ArchiveFilter struct {
	Words  string // of the number of the case, or of the package
	Unit   string
	Keep   string
	Before store.ID
	Limit  int
}

// Archives lists packages, the newest first.
func (s *Service) Archives(ctx context.Context, who account.Actor, f ArchiveFilter) ([]Archived, error) {
	cond, args := s.archiveScope(who)
	conds := []string{cond}
	add := func(c string, a ...any) { conds, args = append(conds, c), append(args, a...) }
	if f.Words != "" {
		like := "%" + store.Literal(f.Words) + "%"
		add("(m.no LIKE ? OR a.no LIKE ? OR m.title LIKE ?)", like, like, like)
	}
	if f.Unit != "" {
		add("m.unit = ?", f.Unit)
	}
	if f.Keep != "" {
		add("a.keep = ?", f.Keep)
	}
	if f.Before != 0 {
		add("a.id < ?", int64(f.Before))
	}
	return s.archived(ctx, `WHERE `+strings.Join(conds, " AND ")+` ORDER BY a.id DESC LIMIT ?`, append(args, f.Limit)...)
}

func (s *Service) archived(ctx context.Context, where string, args ...any) ([]Archived, error) {
	list, err := store.Select[Archived](ctx, s.Store, `SELECT `+archivedColumns+`, (EXISTS (SELECT 1 FROM retain_hold h WHERE h.matter = a.matter AND h.released_at IS NULL)) AS held FROM service_archive a JOIN matter m ON m.id = a.matter `+where, args...)
	for i := range list {
		list[i].Unit = s.Dir.Tree().Name(list[i].Unit)
	}
	return list, err
}

// ArchivesDue lists the cases that wait to be archived, the longest first.
func (s *Service) ArchivesDue(ctx context.Context, who account.Actor) ([]ArchiveDue, error) {
	cond, args := s.archiveScope(who)
	list, err := store.Select[ArchiveDue](ctx, s.Store, `SELECT d.matter, m.no AS case_no, m.title, m.unit, d.tries, d.next_at, d.error FROM service_archive_due d JOIN matter m ON m.id = d.matter WHERE `+cond+` ORDER BY d.matter LIMIT 200`, args...)
	for i := range list {
		list[i].Unit = s.Dir.Tree().Name(list[i].Unit)
	}
	return list, err
}

// ArchiveOf finds the newest package of a case, by the number of the case or of the
// package; store.ErrNotFound.
func (s *Service) ArchiveOf(ctx context.Context, no string) (Archived, error) {
	list, err := s.archived(ctx, `WHERE m.no = ? OR a.no = ? ORDER BY a.version DESC LIMIT 1`, no, no)
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Archived{}, err
	}
	return list[0], nil
}

// TakeArchive opens a package for one who may, with the reason, which is recorded.
func (s *Service) TakeArchive(ctx context.Context, who account.Actor, id store.ID, reason string) (Archived, []byte, error) {
	cond, args := s.archiveScope(who)
	list, err := s.archived(ctx, `WHERE a.id = ? AND `+cond, append([]any{int64(id)}, args...)...)
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Archived{}, nil, err
	}
	a := list[0]
	if !a.Destroyed.IsZero() {
		return a, nil, ErrArchiveDestroyed
	}
	raw, err := s.OpenArchive(ctx, a)
	if err != nil {
		return a, nil, err
	}
	return a, raw, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "archive.take", Object: "matter/" + a.Case.String(), Reason: reason}, map[string]any{"no": a.No, "manifest_sha256": a.Manifest})
	})
}

// TakeEncapsulation is TakeArchive as one XML file of DA/T 48-2009 (电子文件封装包).
func (s *Service) TakeEncapsulation(ctx context.Context, who account.Actor, id store.ID, reason string) (Archived, []byte, error) {
	rules := s.archiving.Load()
	if rules == nil || s.ArchiveKey == nil {
		return Archived{}, nil, store.ErrNotFound
	}
	a, raw, err := s.TakeArchive(ctx, who, id, reason)
	if err != nil {
		return a, nil, err
	}
	x := archive.Encapsulation{Unit: a.Unit, At: a.At.In(s.Zone()), No: a.CaseNo, Serial: archiveSerial(a.CaseNo), Secret: "限制", Fonds: rules.Fonds.Name}
	if x.Acts, x.Agents, err = archiveActs(raw); err != nil {
		return a, nil, err
	}
	for i := range x.Agents {
		if unit, ok := s.unitOf(x.Agents[i].Name); ok && x.Agents[i].Kind == "单位" {
			x.Agents[i].Code = s.bodyOf(unit)
		}
	}
	var b bytes.Buffer
	err = archive.WriteEncapsulation(&b, bytes.NewReader(raw), int64(len(raw)), x, s.ArchiveKey)
	return a, b.Bytes(), err
}

// archiveSerial is the number of a record in its office (室编件号): the digits of the
// case's number.
func archiveSerial(no string) int {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, no)
	n, err := strconv.Atoi(digits[max(0, len(digits)-18):])
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// archiveActs are what was done and who did it, as the trace of a package says.
func archiveActs(raw []byte) (acts []archive.EncapsulatedAct, agents []archive.EncapsulatedAgent, err error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, nil, err
	}
	f, err := z.Open("trace.json")
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	var trace struct {
		Events []archiveStep `json:"events"`
	}
	if err := json.NewDecoder(f).Decode(&trace); err != nil {
		return nil, nil, err
	}
	known := map[string]string{}
	agent := func(kind, name string) string {
		key := kind + name
		if known[key] == "" {
			known[key] = "机构人员" + strconv.Itoa(len(agents)+1)
			agents = append(agents, archive.EncapsulatedAgent{ID: known[key], Kind: kind, Name: name})
		}
		return known[key]
	}
	for _, st := range trace.Events {
		who := ""
		switch {
		case st.Actor != "" && st.Unit != "":
			who = agent("个人", st.Unit+" "+st.Actor)
			agent("单位", st.Unit)
		case st.Unit != "":
			who = agent("单位", st.Unit)
		case st.Actor != "":
			who = agent("个人", st.Actor)
		default:
			who = agent("单位", "政务服务系统")
		}
		var told []string
		for _, a := range st.Said {
			told = append(told, a.Title+"："+a.Said)
		}
		acts = append(acts, archive.EncapsulatedAct{ID: "业务" + strconv.Itoa(st.Seq), Agent: who, What: st.Title, At: st.At, Told: strings.Join(told, "；")})
	}
	return acts, agents, nil
}

// ErrArchiveDestroyed: the package was destroyed when its term had ended.
var ErrArchiveDestroyed = errors.New("services: the package was destroyed when its term had ended")

// OpenArchive opens a package for a check of the house.
func (s *Service) OpenArchive(ctx context.Context, a Archived) ([]byte, error) {
	return s.openFile(ctx, a.Key, "archive/"+a.ID.String(), a.File)
}

// CheckArchive checks a package in the store: that it opens, that it is whole, that it is
// what was recorded, and that this house signed it.
func (s *Service) CheckArchive(ctx context.Context, a Archived) archive.PackageReport {
	key := ""
	if s.ArchiveKey != nil {
		key = hex.EncodeToString(s.ArchiveKey.Public().(ed25519.PublicKey))
	}
	raw, err := s.OpenArchive(ctx, a)
	if err != nil {
		return archive.PackageReport{No: a.No, Problems: []archive.PackageFault{{Code: "unreadable", Text: "it cannot be opened: " + err.Error()}}}
	}
	r := archive.Check(bytes.NewReader(raw), int64(len(raw)), key)
	return RecordedArchive(r, a, archive.Sum(raw))
}

// RecordedArchive adds to a report where a package is not what was recorded of it.
func RecordedArchive(r archive.PackageReport, a Archived, sum string) archive.PackageReport {
	if r.Manifest != a.Manifest {
		r.Problems = append(r.Problems, archive.PackageFault{Code: "record", Path: archive.ManifestName, Text: fmt.Sprintf("its manifest is not the one that was recorded, %s", a.Manifest)})
	} else if sum != a.SHA256 {
		r.Problems = append(r.Problems, archive.PackageFault{Code: "record", Text: fmt.Sprintf("its bytes are not those that were recorded, %s", a.SHA256)})
	}
	return r
}

// ArchiveRetention are packages whose term has ended: a kind of record that the district
// destroys by a list that a person approves (see package retain). A package that is for
// good never is due.
type ArchiveRetention struct{ *Service }

// Due implements retain.Kind; a key is a case, whose newest package counts.
func (r ArchiveRetention) Due(ctx context.Context, q store.Querier, before time.Time, limit int) ([]retain.Item, error) {
	rows, err := store.Select[struct {
		ID    store.ID
		Since store.Time
	}](ctx, q, `SELECT m.id, MAX(a.until_at) AS since FROM service_archive a JOIN matter m ON m.id = a.matter WHERE a.destroyed_at IS NULL
 AND NOT EXISTS (SELECT 1 FROM service_archive b WHERE b.matter = m.id AND b.destroyed_at IS NULL AND (b.until_at IS NULL OR b.until_at >= ?))
 AND NOT EXISTS (SELECT 1 FROM retain_hold h WHERE h.matter = m.id AND h.released_at IS NULL) GROUP BY m.id ORDER BY 2, 1 LIMIT ?`, store.At(before), limit)
	out := make([]retain.Item, len(rows))
	for i, x := range rows {
		out[i] = retain.Item{Key: x.ID.String(), Since: x.Since}
	}
	return out, err
}

// Destroy implements retain.Kind: the keys of the packages are gone, and the files with
// them; that they were, and their hashes, stays.
func (r ArchiveRetention) Destroy(ctx context.Context, tx *store.Tx, key string, by vault.Access) error {
	id, err := store.ParseID(key)
	if err != nil {
		return err
	}
	rows, err := store.Select[Archived](ctx, tx, `SELECT id, key, file FROM service_archive WHERE matter = ? AND destroyed_at IS NULL`, int64(id))
	if err != nil {
		return err
	}
	for _, a := range rows {
		if err := r.Vault.Erase(ctx, tx, a.Key, by); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE service_archive SET destroyed_at = ?, file = '' WHERE id = ?`, store.At(r.Store.Now()), a.ID); err != nil {
			return err
		}
		clean, file := context.WithoutCancel(ctx), a.File
		tx.OnCommit(func() { _ = r.Files.Place.Remove(clean, file) })
	}
	return nil
}
