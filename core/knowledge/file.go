package knowledge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/core/text"
)

// columns are those of a table of entries: the pack's names for programs, and what
// people read. A table that was taken out can be handed in again, and can be a
// pack's file.
var columns = []gate.Column{
	{Name: "code", Title: "编码"}, {Name: "title", Title: "标题"}, {Name: "body", Title: "内容", Class: gate.Free}, {Name: "unit", Title: "责任单位"}, {Name: "category", Title: "分类"},
	{Name: "keywords", Title: "关键词"}, {Name: "legal_basis", Title: "依据"}, {Name: "audience", Title: "范围"}, {Name: "valid_from", Title: "生效日期"}, {Name: "valid_to", Title: "失效日期"},
}

// Forms in which entries leave.
var forms = map[string]struct {
	form        gate.Form
	contentType string
}{
	"csv":  {gate.CSV, "text/csv; charset=utf-8"},
	"xlsx": {gate.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
}

// row is an entry as a line of a table.
func (e Entry) row(zone *time.Location) []any {
	audience := "public"
	if e.Internal {
		audience = "internal"
	}
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(zone).Format(time.DateOnly)
	}
	last := e.To
	if !last.IsZero() {
		last = last.AddDate(0, 0, -1)
	}
	return []any{e.Code, e.Title, e.Body, e.Unit, e.Category, strings.Join(e.Keywords, ";"), e.LegalBasis, audience, day(e.From), day(last)}
}

// Export takes the newest texts of the entries that somebody may see out, through
// the gate.
func (s *Service) Export(ctx context.Context, who account.Actor, format, purpose string, f Filter, w io.Writer) (int64, error) {
	in := s.inForce.Load()
	exit := gate.Gate{Store: s.Store}
	r := gate.Request{Actor: who, Purpose: purpose, What: "knowledge", Form: forms[format].form, Filter: f, Zone: in.zone, Lines: format == "csv"}
	return exit.Export(ctx, r, columns, w, func(ctx context.Context, _ account.Scope, row gate.Row) error {
		f.Limit, f.After = 200, ""
		for {
			page, err := s.List(ctx, who, f)
			if err != nil {
				return err
			}
			for _, a := range page.Items {
				if err := row(a.Entry.row(in.zone)...); err != nil {
					return err
				}
			}
			if f.After = page.Next; f.After == "" {
				return nil
			}
		}
	})
}

// mostRows and maxFile bound a table that is handed in.
const (
	mostRows = 20_000
	maxFile  = 16 << 20
)

// KnowledgeImport is what came of a table.
type KnowledgeImport struct {
	Added    int               `json:"added" doc:"New drafts"`
	Changed  int               `json:"changed" doc:"Entries that have a new draft"`
	Same     int               `json:"same"`
	Rejected []KnowledgeReject `json:"rejected"`
	File     string            `json:"file,omitempty" doc:"The refused rows with line and reason, as CSV: mended, it can be handed in again"`
}

// KnowledgeReject is a row that was refused.
type KnowledgeReject struct {
	Line   int    `json:"line"`
	Field  string `json:"field"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// Import takes a CSV or XLSX of entries as drafts: a code that is there gets a new
// text, another one is a new entry. Good rows are taken, the others answered with
// line and reason; nothing is published by it.
func (s *Service) Import(ctx context.Context, who account.Actor, name string, file io.ReaderAt, size int64) (KnowledgeImport, error) {
	out := KnowledgeImport{Rejected: []KnowledgeReject{}}
	t, err := table.NewReader(name, file, size, table.Options{Trim: true, Unguard: true})
	if err != nil {
		return out, httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", err.Error())
	}
	defer t.Close()
	at := map[string]int{}
	for i, c := range t.Columns() {
		for _, k := range columns {
			if k.Title == c || k.Name == strings.ToLower(text.Normalize(c)) {
				at[k.Name] = i
			}
		}
	}
	for _, need := range []int{1, 2, 3} {
		if _, ok := at[columns[need].Name]; !ok {
			return out, httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", fmt.Sprintf("no column %s (%s); the columns are %s", columns[need].Title, columns[need].Name, strings.Join(t.Columns(), ", ")))
		}
	}
	in := s.inForce.Load()
	units := map[string]string{}
	for _, u := range s.Dir.Tree().All() {
		for _, n := range u.Names() {
			units[n] = u.Code
		}
	}
	var refused bytes.Buffer
	rejects, err := table.NewRejects(&refused, "行号", "原因", t.Columns())
	if err != nil {
		return out, err
	}
	twice := map[string]bool{}
	for n := 0; ; n++ {
		row, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return out, httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", err.Error())
		}
		if n >= mostRows {
			return out, httpapi.FailField("file", "too_many_values")
		}
		e, faults := parse(func(column string) string {
			if i, ok := at[column]; ok && i < len(row.Cells) {
				if v := row.Cells[i]; column != "unit" || units[v] == "" {
					return v
				}
				return units[row.Cells[i]]
			}
			return ""
		}, in.zone)
		// A row without a code is a new entry, and gets one.
		faults = slices.DeleteFunc(faults, func(f fault) bool { return f.field == "code" })
		if len(faults) == 0 && e.Code != "" && twice[e.Code] {
			faults = append(faults, fault{"code", "taken", fmt.Sprintf("code %s stands twice", e.Code)})
		}
		twice[e.Code] = true
		if len(faults) == 0 {
			became, err := s.importOne(ctx, who, e)
			switch p := problemOf(err); {
			case err == nil && became == "added":
				out.Added++
			case err == nil && became == "changed":
				out.Changed++
			case err == nil:
				out.Same++
			case errors.Is(err, ErrRight):
				faults = append(faults, fault{"unit", "refused_right", "not theirs to write, or in review"})
			case p != nil:
				faults = append(faults, *p)
			default:
				return out, err
			}
		}
		for _, f := range faults {
			out.Rejected = append(out.Rejected, KnowledgeReject{row.Line, f.field, f.code, f.text})
		}
		if len(faults) > 0 {
			if err := rejects.Reject(row, faults[0].text); err != nil {
				return out, err
			}
		}
	}
	if err := rejects.Close(); err != nil {
		return out, err
	}
	if rejects.Count() > 0 {
		out.File = refused.String()
	}
	return out, nil
}

// problemOf is a wrong field as a fault; nil where the error is another.
func problemOf(err error) *fault {
	var p *httpapi.Problem
	if !errors.As(err, &p) || len(p.Errors) == 0 {
		return nil
	}
	field := strings.TrimPrefix(p.Errors[0].Location, "body.entry.")
	return &fault{field, p.Errors[0].Message, field + ": " + p.Errors[0].Message}
}

// importOne takes one row: added, changed, or the same as it was.
func (s *Service) importOne(ctx context.Context, who account.Actor, e Entry) (became string, err error) {
	if err := s.checkEntry(&e); err != nil {
		return "", err
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := s.article(ctx, tx, `e.code = ? AND e.code <> ''`, e.Code)
		if errors.Is(err, store.ErrNotFound) {
			became = "added"
			if !writes(who, e.Unit) {
				return ErrRight
			}
			_, err := s.create(ctx, tx, who, e, ofTable)
			return err
		}
		if err != nil {
			return err
		}
		content, err := e.encode()
		if err != nil {
			return err
		}
		if became = "same"; content == a.Content {
			return nil
		}
		if became = "changed"; !slices.Contains(allowed(who, a), doWrite) || !writes(who, e.Unit) {
			return ErrRight
		}
		if err := s.step(ctx, tx, a, who, doWrite, eventData{Origin: ofTable}, &e); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "knowledge.import", Object: "knowledge/" + a.ID.String()}, map[string]any{"version": a.Version})
	})
	return became, err
}
