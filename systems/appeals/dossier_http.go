package appeals

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/document"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// DossierMatch is a file that an appeal may belong to, and why.
type DossierMatch struct {
	DossierHead
	About string  `json:"about"`
	Score float64 `json:"score" doc:"0 to 1: the weighted sum of the terms"`
	Terms []Term  `json:"terms"`
	Like  string  `json:"like" doc:"Number of the appeal in it that is the most alike"`
}

// DossierOf is the file of an appeal, or those that it may belong to.
type DossierOf struct {
	In      *DossierHead   `json:"in,omitempty"`
	Letter  *Letter        `json:"letter,omitempty" doc:"Of the file that it is in, where its conclusion stands"`
	Matches []DossierMatch `json:"matches"`
}

// DossierOf tells in which file an appeal is, and if it is in none which one it is
// like: by its words against those of the appeals in it, place and appellant. Time
// has no weight: the same matter comes back after years.
func (s *Service) DossierOf(ctx context.Context, who account.Actor, id store.ID) (DossierOf, error) {
	out := DossierOf{Matches: []DossierMatch{}}
	if err := s.staffSees(ctx, s.Store, who, id); err != nil {
		return out, err
	}
	m, a, err := s.seen(ctx, s.Store, who, id)
	if err != nil {
		return out, err
	}
	in, err := store.Select[DossierHead](ctx, s.Store, `SELECT `+dossierColumns+` FROM dossier d WHERE d.id IN (`+inDossier+`)`, int64(id))
	if err != nil {
		return out, err
	}
	if len(in) > 0 {
		out.In = &in[0]
		l, err := s.letterOf(ctx, s.Store, in[0].ID)
		if err == nil && in[0].State.Stands() {
			out.Letter, out.In.Number = &l, l.Number
		} else if errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		return out, err
	}
	cond, args := dossierScope(who)
	rows, err := store.Select[struct {
		relatedRow `bun:",extend"`
		Dossier    store.ID `bun:"dossier"`
	}](ctx, s.Store, `SELECT `+rowColumns+`, a.text, x.dossier FROM dossier d JOIN dossier_appeal x ON x.dossier = d.id AND x.removed IS NULL JOIN appeal a ON a.id = x.appeal JOIN matter m ON m.id = a.id WHERE a.street = ? AND `+cond+` ORDER BY a.id DESC LIMIT ?`,
		append(append([]any{a.Street}, args...), relatedRows)...)
	if err != nil {
		return out, err
	}
	names := s.district.Load().without(a.Street)
	mine := text.NewProfile(names.Replace(m.Title + " " + a.Text))
	best := map[store.ID]DossierMatch{}
	for _, r := range rows {
		words := mine.Cosine(text.NewProfile(names.Replace(r.Title + " " + r.Text)))
		where, _, near := nearness(a, &r.relatedRow)
		if words < leastWords || !near {
			continue
		}
		caller := 0.0
		if m.Applicant != 0 && m.Applicant == r.Applicant {
			caller = 1
		}
		x := DossierMatch{Like: r.No, Terms: []Term{{"text", 0.55, words}, {"place", 0.3, where}, {"caller", 0.15, caller}}}
		for _, t := range x.Terms {
			x.Score += t.Weight * t.Value
		}
		if x.Score >= leastRelated && x.Score > best[r.Dossier].Score {
			best[r.Dossier] = x
		}
	}
	for id, x := range best {
		if x.DossierHead, err = s.dossierHead(ctx, s.Store, who, id); err != nil {
			return out, err
		}
		if err := s.Store.QueryRow(ctx, `SELECT about FROM dossier WHERE id = ?`, int64(id)).Scan(&x.About); err != nil {
			return out, err
		}
		if data, _, err := s.issued(ctx, s.Store, id, 0); err == nil && x.State.Stands() {
			x.Number = data.Number
		}
		out.Matches = append(out.Matches, x)
	}
	slices.SortFunc(out.Matches, func(a, b DossierMatch) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	out.Matches = out.Matches[:min(3, len(out.Matches))]
	return out, nil
}

// LetterView is a conclusion letter as an appellant reads it: of their own appeal, and
// without a word of who else appealed.
type LetterView struct {
	Title      string     `json:"title"`
	Number     string     `json:"number"`
	No         string     `json:"no" doc:"Of the appeal"`
	Unit       string     `json:"unit"`
	At         store.Time `json:"at"`
	About      string     `json:"about"`
	Facts      string     `json:"facts"`
	Basis      string     `json:"basis"`
	Conclusion string     `json:"conclusion"`
	Remedy     string     `json:"remedy"`
	Until      string     `json:"until,omitempty" doc:"Last day on which a review may be asked for; counted from when the appellant read it"`
	Read       store.Time `json:"read_at,omitzero"`
}

// delivered is the newest letter that went to the appellant of an appeal;
// store.ErrNotFound where none did.
func (s *Service) delivered(ctx context.Context, q store.Querier, m *caseflow.Matter) (store.ID, LetterView, error) {
	l, err := store.Get[struct {
		ID, Dossier                            store.ID
		Unit, Facts, Basis, Conclusion, Remedy string
		ReadAt                                 store.Time
	}](ctx, q, `SELECT l.id, l.dossier, d.unit, l.facts, l.basis, l.conclusion, l.remedy, v.read_at FROM dossier_delivery v JOIN dossier_letter l ON l.id = v.letter JOIN dossier d ON d.id = l.dossier WHERE v.appeal = ? ORDER BY l.id DESC LIMIT 1`, int64(m.ID))
	if err != nil {
		return 0, LetterView{}, err
	}
	data, at, err := s.issued(ctx, q, l.Dossier, l.ID)
	v := LetterView{Title: s.district.Load().reports.letter().Title, Number: data.Number, No: m.No, Unit: s.Dir.Tree().Name(l.Unit), At: at, About: m.Title, Facts: l.Facts, Basis: l.Basis, Conclusion: l.Conclusion, Remedy: l.Remedy, Read: l.ReadAt}
	if !l.ReadAt.IsZero() {
		v.Until = l.ReadAt.In(s.Zone()).AddDate(0, 0, remedyDays).Format(time.DateOnly)
	}
	return l.ID, v, err
}

// ReadLetter gives the appellant the letter of their appeal, and keeps when they
// first read it.
func (s *Service) ReadLetter(ctx context.Context, who account.Actor, id store.ID) (LetterView, error) {
	var v LetterView
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, _, err := s.seen(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if who.Person == 0 || who.Person != m.Applicant {
			return caseflow.ErrNotFound
		}
		letter, _, err := s.delivered(ctx, tx, m)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE dossier_delivery SET read_at = ? WHERE letter = ? AND appeal = ? AND read_at IS NULL`, store.At(s.Store.Now()), letter, id); err != nil {
			return err
		}
		_, v, err = s.delivered(ctx, tx, m)
		return err
	})
	return v, err
}

// Paper is the letter as it leaves the house (GB/T 9704-2012).
func (v LetterView) Paper(zone *time.Location) document.Doc {
	d := document.Doc{Title: v.Title, Subtitle: v.Number}
	say := func(heading, body string) {
		d.Blocks = append(d.Blocks, document.Heading{Level: 1, Text: heading})
		for _, p := range strings.Split(body, "\n") {
			if p = strings.TrimSpace(p); p != "" {
				d.Blocks = append(d.Blocks, document.Paragraph(p))
			}
		}
	}
	d.Blocks = append(d.Blocks, document.Paragraph("诉求人："), document.Paragraph("您反映的“"+v.About+"”（编号"+v.No+"）收悉。经调查核实，现将办理结论告知如下。"))
	say("查明的事实", v.Facts)
	say("法律依据", v.Basis)
	say("办理结论", v.Conclusion)
	say("救济途径", v.Remedy)
	day := "（尚未签发）"
	if !v.At.IsZero() {
		day = v.At.In(zone).Format("2006年1月2日")
	}
	d.Blocks = append(d.Blocks, document.Paragraph(v.Unit), document.Paragraph(day))
	return d
}

// ExportLetter writes the letter of a file for staff; it is recorded at the gate.
func (s *Service) ExportLetter(ctx context.Context, who account.Actor, d Dossier, f document.Format, purpose string, w io.Writer) error {
	if d.Letter == nil {
		return store.ErrNotFound
	}
	v := LetterView{Title: s.district.Load().reports.letter().Title, Number: d.Letter.Number, No: d.No, Unit: s.Dir.Tree().Name(d.Unit), At: d.Letter.IssuedAt, About: d.Title, Facts: d.Letter.Facts, Basis: d.Letter.Basis, Conclusion: d.Letter.Conclusion, Remedy: d.Letter.Remedy}
	exit := gate.Gate{Store: s.Store}
	return exit.Paper(ctx, gate.Request{Actor: who, Purpose: purpose, What: "letter", Form: gate.Form(f), Zone: s.Zone(), Filter: map[string]any{"dossier": d.ID, "hash": d.Letter.Hash}}, w, func(w io.Writer, _ account.Scope, mark string) error {
		paper := v.Paper(s.Zone())
		paper.Mark = mark
		return writePaper(paper, w, f)
	})
}

func (s *Service) mountDossiers(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-dossiers", Method: http.MethodGet, Path: "/api/dossiers", Tag: tag, Access: staff,
		Summary: "Repeat-appeal files (重复诉求档案), the newest first; a unit sees those that it answers for"}, func(ctx context.Context, in *struct {
		State string `query:"state" enum:"open,drafted,concluded,archived,"`
		Q     string `query:"q" maxLength:"80"`
		After string `query:"after"`
		Limit int    `query:"limit" minimum:"0" maximum:"100"`
	}) (*httpapi.Body[httpapi.Page[DossierHead]], error) {
		var before store.ID
		var err error
		if in.After != "" {
			if before, err = store.ParseID(in.After); err != nil {
				return nil, httpapi.FailField("after", "invalid")
			}
		}
		limit := cmp.Or(in.Limit, 50)
		rows, err := s.Dossiers(ctx, httpapi.Actor(ctx), in.State, in.Q, before, limit+1)
		page := httpapi.Page[DossierHead]{Items: rows}
		if len(rows) > limit {
			page.Items, page.Next = rows[:limit], rows[limit-1].ID.String()
		}
		return httpapi.Answer(page, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "open-dossier", Method: http.MethodPost, Path: "/api/dossiers", Tag: tag, Access: httpapi.Roles("supervisor"), Status: http.StatusCreated,
		Summary: "Open a file over appeals about one and the same matter"}, func(ctx context.Context, in *struct{ Body NewDossier }) (*httpapi.Body[Dossier], error) {
		who := httpapi.Actor(ctx)
		id, err := s.OpenDossier(ctx, who, in.Body)
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Dossier(ctx, who, id))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-dossier", Method: http.MethodGet, Path: "/api/dossiers/{id}", Tag: tag, Access: staff,
		Summary: "One file: its appeals, what they cost, what happened, the letter, and what the caller may do"}, func(ctx context.Context, in *idInput) (*httpapi.Body[Dossier], error) {
		return httpapi.Answer(s.Dossier(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-dossier", Method: http.MethodPost, Path: "/api/dossiers/{id}/actions", Tag: tag, Access: httpapi.Roles("supervisor", "dispatcher", "leader", "handler", "unit_head"),
		Summary: "Add and remove appeals; draft, issue, archive the conclusion letter; record reviews; reopen", Text: "Who drafted a letter does not issue it. Issuing sends it to the appellant of each appeal."}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body DossierStep
	}) (*httpapi.Body[Dossier], error) {
		who := httpapi.Actor(ctx)
		if err := s.ActOnDossier(ctx, who, in.ID.ID, in.Body); err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Dossier(ctx, who, in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "download-conclusion", Method: http.MethodGet, Path: "/api/dossiers/{id}/file", Tag: tag, Access: staff,
		Summary: "The conclusion letter of a file as DOCX, PDF, Markdown or HTML", Text: "Who takes it out, why and in which form is recorded."}, func(ctx context.Context, in *paperInput) (*download, error) {
		who := httpapi.Actor(ctx)
		d, err := s.Dossier(ctx, who, in.ID.ID)
		if err == nil && d.Letter == nil {
			err = store.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		return in.download(d.Title, func(hc huma.Context) error {
			return s.ExportLetter(ctx, who, d, document.Format(in.Format), in.purpose(), hc.BodyWriter())
		}), nil
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-appeal-dossier", Method: http.MethodGet, Path: "/api/appeals/{id}/dossier", Tag: tag, Access: staff,
		Summary: "In which file an appeal is, or which files it is like, with the terms of each score"}, func(ctx context.Context, in *idInput) (*httpapi.Body[DossierOf], error) {
		return httpapi.Answer(s.DossierOf(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "read-letter", Method: http.MethodPost, Path: "/api/appeals/{id}/letter", Tag: tag, Access: httpapi.Public,
		Summary: "The conclusion letter that went to the appellant, by the appellant; the first reading begins its term"}, func(ctx context.Context, in *idInput) (*httpapi.Body[LetterView], error) {
		who, err := s.withTracking(ctx, in.ID.ID)
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.ReadLetter(ctx, who, in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "download-letter", Method: http.MethodGet, Path: "/api/appeals/{id}/letter/file", Tag: tag, Access: httpapi.SignedIn,
		Summary: "The conclusion letter that went to the appellant, as a paper, by the appellant"}, func(ctx context.Context, in *struct {
		ID     httpapi.PathID `path:"id"`
		Format string         `query:"format" enum:"pdf,docx," doc:"pdf when absent"`
	}) (*download, error) {
		v, err := s.ReadLetter(ctx, httpapi.Actor(ctx), in.ID.ID)
		if err != nil {
			return nil, err
		}
		p := paperInput{ID: in.ID, Format: cmp.Or(in.Format, "pdf")}
		return p.download(v.Title, func(hc huma.Context) error {
			return writePaper(v.Paper(s.Zone()), hc.BodyWriter(), document.Format(p.Format))
		}), nil
	})
}
