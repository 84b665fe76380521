package services

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"shanzhi/core/caseflow"
	"shanzhi/core/document"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// paperToken opens what may be known of a document to whoever holds it; it cannot be made
// from the document's key.
func (s *Service) paperToken(id store.ID) string {
	return id.String() + "." + base64.RawURLEncoding.EncodeToString(s.Keys.MAC("paper", id.String())[:12])
}

// paperCodes are the codes on a document: it can be verified, so can the licence that it
// tells of, and a receipt leads to the one rating. A house that does not know its own
// address has none: nobody could follow them.
func (s *Service) paperCodes(ctx context.Context, m *caseflow.Matter, d duePaper) (document.Codes, error) {
	if s.Notices == nil || s.Notices.Address == "" {
		return nil, nil
	}
	at := s.Notices.Address
	codes := document.Codes{{Text: at + "/paper/" + s.paperToken(d.ID), Label: "扫码核验本文书"}}
	switch {
	case (d.Kind == "receipt" || d.Kind == "collection") && m.Flow == "case" && s.ratings.Load() != nil:
		codes = append(codes, document.Code{Text: at + "/rate/" + s.RatingLink(ratingCase, m.ID) + "?via=qr", Label: "办结后扫码评价"})
	case strings.HasPrefix(d.Kind, "grant"):
		token, err := store.Select[string](ctx, s.Store, `SELECT token FROM service_licence WHERE matter = ? ORDER BY version DESC LIMIT 1`, m.ID)
		if err != nil {
			return nil, err
		}
		for _, x := range token {
			codes = append(codes, document.Code{Text: at + "/verify/" + x, Label: "扫码核验证照"})
		}
	}
	return codes, nil
}

// PaperCheck is what whoever holds a document may know of it.
type PaperCheck struct {
	Title  string     `json:"title"`
	No     string     `json:"no"`
	Unit   string     `json:"unit"`
	At     store.Time `json:"at"`
	SHA256 string     `json:"sha256,omitempty" doc:"Of the file as it was sealed; absent until it is made, or where it was erased"`
}

// CheckPaper reads a document for whoever has the code on it.
func (s *Service) CheckPaper(ctx context.Context, token string) (PaperCheck, error) {
	key, _, _ := strings.Cut(token, ".")
	id, err := store.ParseID(key)
	if err != nil || token != s.paperToken(id) {
		return PaperCheck{}, store.ErrNotFound
	}
	r, err := store.Get[struct {
		Kind, No, Unit, Sha256 string
		At                     store.Time
	}](ctx, s.Store, `SELECT d.kind, d.no, m.unit, d.at, COALESCE(d.sha256, '') AS sha256 FROM service_document d JOIN matter m ON m.id = d.matter WHERE d.id = ?`, int64(id))
	if err != nil {
		return PaperCheck{}, err
	}
	out := PaperCheck{Title: paperKinds[r.Kind].Title, No: r.No, Unit: r.Unit, At: r.At, SHA256: r.Sha256}
	if u, ok := s.Dir.Tree().Unit(r.Unit); ok {
		out.Unit = u.Name
	}
	return out, nil
}

func (s *Service) mountPaperCheck(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "verify-paper", Method: http.MethodGet, Path: "/api/services/papers/{token}", Tag: tag, Access: httpapi.Public, Limit: 120,
		Summary: "Whether a document is genuine, by the code on it: what it is, its number, who issued it, and the hash of its file"}, func(ctx context.Context, in *struct {
		Token string `path:"token" maxLength:"60"`
	}) (*httpapi.Body[PaperCheck], error) {
		return httpapi.Answer(s.CheckPaper(ctx, in.Token))
	})
}
