package knowledge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

const tag = "knowledge"

// Mount adds the API of the knowledge to the edge.
func (s *Service) Mount(srv *httpapi.Server) {
	read, propose := httpapi.Roles(readers...), httpapi.Roles(proposers...)
	httpapi.Register(srv, httpapi.Operation{ID: "ask", Method: http.MethodPost, Path: "/api/ask", Tag: tag, Access: httpapi.Public, Limit: 3000, // a hotline has one address
		Summary: "Ask what the district knows (智能问答)", Text: "Answered by sentences of the source, word for word, with the source; or it is said that it is not known, with what may be done. Staff are also told what is for staff, and solved matters that they may see. What is not known is kept, masked and without who asked."},
		func(ctx context.Context, in *struct {
			Body struct {
				Question string `json:"question" maxLength:"4000"`
				Typing   bool   `json:"typing,omitempty" doc:"It is still being written: nothing of it is kept"`
			}
		}) (*httpapi.Body[Said], error) {
			return httpapi.Answer(s.Ask(ctx, Asked{Question: in.Body.Question, Who: httpapi.Actor(ctx), Typing: in.Body.Typing}))
		})
	httpapi.Register(srv, httpapi.Operation{ID: "list-examples", Method: http.MethodGet, Path: "/api/ask/examples", Tag: tag, Access: httpapi.Public,
		Summary: "Questions for who does not know what to ask"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]string], error) {
			return httpapi.Answer(s.Examples(ctx))
		})
	httpapi.Register(srv, httpapi.Operation{ID: "rate-answer", Method: http.MethodPost, Path: "/api/ask/feedback", Tag: tag, Access: httpapi.Public, Status: http.StatusNoContent, Limit: 120,
		Summary: "Say whether an answer was of use", Text: "What was of no use becomes work for who owns the source. An answer that was not given is not found."},
		func(ctx context.Context, in *struct {
			Body struct {
				Question string `json:"question" maxLength:"4000"`
				Kind     string `json:"kind"`
				ID       string `json:"id"`
				Useful   bool   `json:"useful"`
			}
		}) (*httpapi.Empty, error) {
			b := in.Body
			return nil, s.Feedback(ctx, Asked{Question: b.Question, Who: httpapi.Actor(ctx)}, b.Kind, b.ID, b.Useful)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "read-source", Method: http.MethodGet, Path: "/api/ask/sources/{kind}/{code}", Tag: tag, Access: httpapi.Public, Limit: 600,
		Summary: "The whole text of an entry or duty item in force"},
		func(ctx context.Context, in *struct {
			Kind string `path:"kind"`
			Code string `path:"code"`
		}) (*httpapi.Body[SourceText], error) {
			return httpapi.Answer(s.Read(ctx, httpapi.Actor(ctx), in.Kind, in.Code))
		})
	httpapi.Register(srv, httpapi.Operation{ID: "report-entry", Method: http.MethodPost, Path: "/api/ask/sources/{code}/reports", Tag: tag, Access: httpapi.Public, Status: http.StatusCreated, Limit: 30,
		Summary: "Say what is wrong with an entry (纠错)", Text: "Its owner answers in the limit of the district; who says so is not kept."},
		func(ctx context.Context, in *struct {
			Code string `path:"code"`
			Body struct {
				Text string `json:"text"`
			}
		}) (*httpapi.Body[complained], error) {
			due, err := s.Complain(ctx, httpapi.Actor(ctx), in.Code, in.Body.Text)
			return httpapi.Answer(complained{due}, err)
		})

	httpapi.Register(srv, httpapi.Operation{ID: "list-knowledge", Method: http.MethodGet, Path: "/api/knowledge", Tag: tag, Access: read,
		Summary: "Entries of the knowledge (知识库), by code", Text: "All that answers, and what does not yet of the caller's units."},
		func(ctx context.Context, in *Filter) (*httpapi.Body[httpapi.Page[Article]], error) {
			return httpapi.Answer(s.List(ctx, httpapi.Actor(ctx), *in))
		})
	httpapi.Register(srv, httpapi.Operation{ID: "create-knowledge", Method: http.MethodPost, Path: "/api/knowledge", Tag: tag, Access: propose, Status: http.StatusCreated,
		Summary: "Begin an entry as a draft, or propose one to the unit that would own it"},
		func(ctx context.Context, in *struct {
			Body struct {
				Entry Entry `json:"entry"`
			}
		}) (*httpapi.Body[KnowledgePage], error) {
			e := in.Body.Entry
			e.Code = ""
			id, err := s.Create(ctx, httpapi.Actor(ctx), e)
			if err != nil {
				return nil, problem(err)
			}
			return s.page(ctx, id)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "get-knowledge-standing", Method: http.MethodGet, Path: "/api/knowledge/standing", Tag: tag, Access: read,
		Summary: "How many entries and questions stand where"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[KnowledgeStanding], error) {
			return httpapi.Answer(s.Standing(ctx, httpapi.Actor(ctx)))
		})
	httpapi.Register(srv, httpapi.Operation{ID: "get-knowledge-figures", Method: http.MethodGet, Path: "/api/knowledge/figures", Tag: tag, Access: read,
		Summary: "How asking goes: answered, of use, by what"},
		func(ctx context.Context, in *struct {
			Days int `query:"days" minimum:"1" maximum:"366" default:"30"`
		}) (*httpapi.Body[AskFigures], error) {
			return httpapi.Answer(s.Figures(ctx, max(1, in.Days)))
		})
	httpapi.Register(srv, httpapi.Operation{ID: "export-knowledge", Method: http.MethodGet, Path: "/api/knowledge/file", Tag: tag, Access: read,
		Summary: "Take entries out as CSV or XLSX, narrowed as the list is", Text: "What is taken out can be handed in again. Who takes what out, and why, is recorded."},
		func(ctx context.Context, in *struct {
			Filter
			Format  string `query:"format" enum:"csv,xlsx" default:"xlsx"`
			Purpose string `query:"purpose" maxLength:"200"`
		}) (*httpapi.Download, error) {
			who, purpose := httpapi.Actor(ctx), strings.TrimSpace(in.Purpose)
			if purpose == "" {
				purpose = "知识库导出"
			}
			name := fmt.Sprintf("knowledge-%s.%s", s.Store.Now().In(s.inForce.Load().zone).Format("20060102-1504"), in.Format)
			return httpapi.NewDownload(forms[in.Format].contentType, name, func(w io.Writer) error {
				_, err := s.Export(ctx, who, in.Format, purpose, in.Filter, w)
				return err
			}), nil
		})
	httpapi.Register(srv, httpapi.Operation{ID: "import-knowledge", Method: http.MethodPost, Path: "/api/knowledge/file", Tag: tag, Access: httpapi.Roles(append([]string{account.RoleAdmin}, append(writers, publishers...)...)...), MaxBody: maxFile + 1<<20,
		Summary: "Hand in entries by a CSV or XLSX", Text: "A form of `file`. Good rows become drafts, the others are answered with line and reason."}, s.upload)
	httpapi.Register(srv, httpapi.Operation{ID: "try-knowledge", Method: http.MethodPost, Path: "/api/knowledge/try", Tag: tag, Access: propose, Limit: 120,
		Summary: "Ask as if an entry were published: what a writer tries before"},
		func(ctx context.Context, in *struct {
			Body struct {
				Entry    Entry  `json:"entry"`
				Question string `json:"question" maxLength:"500"`
			}
		}) (*httpapi.Body[Said], error) {
			return httpapi.Answer(s.Try(ctx, in.Body.Entry, in.Body.Question))
		})
	httpapi.Register(srv, httpapi.Operation{ID: "get-knowledge", Method: http.MethodGet, Path: "/api/knowledge/{id}", Tag: tag, Access: read,
		Summary: "One entry: its text, versions, history, reports, uses, and what the caller may do"},
		func(ctx context.Context, in *struct {
			ID httpapi.PathID `path:"id"`
		}) (*httpapi.Body[KnowledgePage], error) {
			return s.page(ctx, in.ID.ID)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-knowledge", Method: http.MethodPost, Path: "/api/knowledge/{id}/actions", Tag: tag, Access: propose,
		Summary: "Write, submit, publish, reject, withdraw, discard or renew an entry, or answer a report", Text: "The actions open to the caller are in the entry's `allowed`. Nobody publishes what they wrote."},
		func(ctx context.Context, in *struct {
			ID   httpapi.PathID `path:"id"`
			Body KnowledgeStep
		}) (*httpapi.Body[KnowledgePage], error) {
			if err := s.Act(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body); err != nil {
				return nil, problem(err)
			}
			return s.page(ctx, in.ID.ID)
		})

	httpapi.Register(srv, httpapi.Operation{ID: "list-questions", Method: http.MethodGet, Path: "/api/questions", Tag: tag, Access: read,
		Summary: "What was asked and not known, or of no use: like ones together, the most asked first", Text: "A unit's people see what was given to their unit."},
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"waiting,open,assigned,dismissed,answered," doc:"waiting (default): open or assigned"`
			Q     string `query:"q"`
			After string `query:"after" doc:"Key of the next page, from the page before"`
			Limit int    `query:"limit" minimum:"0" maximum:"200"`
		}) (*httpapi.Body[httpapi.Page[KnowledgeQuestion]], error) {
			return httpapi.Answer(s.Questions(ctx, httpapi.Actor(ctx), in.State, in.Q, in.After, in.Limit))
		})
	httpapi.Register(srv, httpapi.Operation{ID: "get-question", Method: http.MethodGet, Path: "/api/questions/{id}", Tag: tag, Access: read, Summary: "One question: in which ways it was put, its history"},
		func(ctx context.Context, in *struct {
			ID httpapi.PathID `path:"id"`
		}) (*httpapi.Body[QuestionPage], error) {
			return httpapi.Answer(s.questionPage(ctx, httpapi.Actor(ctx), in.ID.ID))
		})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-question", Method: http.MethodPost, Path: "/api/questions/{id}/actions", Tag: tag, Access: httpapi.Roles(append([]string{account.RoleAdmin}, append(writers, publishers...)...)...),
		Summary: "Give a question to a unit, begin the entry that answers it, return, dismiss or reopen it", Text: "The actions open to the caller are in the question's `allowed`. A question is answered by itself when an entry that was published answers it."},
		func(ctx context.Context, in *struct {
			ID   httpapi.PathID `path:"id"`
			Body QuestionStep
		}) (*httpapi.Body[QuestionPage], error) {
			if err := s.ActOnQuestion(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body); err != nil {
				return nil, problem(err)
			}
			return httpapi.Answer(s.questionPage(ctx, httpapi.Actor(ctx), in.ID.ID))
		})
}

type complained struct {
	Due store.Time `json:"due_at" doc:"Until when its owner answers"`
}

func (s *Service) page(ctx context.Context, id store.ID) (*httpapi.Body[KnowledgePage], error) {
	return httpapi.Answer(s.Page(ctx, httpapi.Actor(ctx), id))
}

func (s *Service) upload(ctx context.Context, in *struct{ RawBody multipart.Form }) (*httpapi.Body[KnowledgeImport], error) {
	files := in.RawBody.File["file"]
	if len(files) != 1 {
		return nil, httpapi.FailField("file", "required")
	}
	if files[0].Size > maxFile {
		return nil, httpapi.FailField("file", "too_large")
	}
	f, err := files[0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return httpapi.Answer(s.Import(ctx, httpapi.Actor(ctx), files[0].Filename, f, files[0].Size))
}

func problem(err error) error {
	switch {
	case errors.Is(err, ErrChanged):
		return httpapi.Fail(http.StatusConflict, "conflict")
	case errors.Is(err, ErrRight):
		return httpapi.Fail(http.StatusForbidden, "refused_right")
	}
	return err
}
