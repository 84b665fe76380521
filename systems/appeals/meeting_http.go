package appeals

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/document"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

func (s *Service) mountMeetings(srv *httpapi.Server) {
	manage := httpapi.Roles("supervisor", "leader")
	httpapi.Register(srv, httpapi.Operation{ID: "list-meetings", Method: http.MethodGet, Path: "/api/meetings", Tag: reportTag, Access: manage,
		Summary: "Meetings (日调度、周盘点、月分析), the newest first"}, s.listMeetings)
	httpapi.Register(srv, httpapi.Operation{ID: "make-meeting", Method: http.MethodPost, Path: "/api/meetings", Tag: reportTag, Access: manage, Status: http.StatusCreated,
		Summary: "Make the pack of a meeting of today", Text: "Of one kind and day there is one: who asks again gets it."}, func(ctx context.Context, in *struct {
		Body struct {
			Kind string `json:"kind"`
		}
	}) (*httpapi.Body[Meeting], error) {
		who := httpapi.Actor(ctx)
		id, err := s.MakeMeeting(ctx, who, in.Body.Kind, s.Store.Now().In(s.Zone()))
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Meeting(ctx, who, id))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-meeting", Method: http.MethodGet, Path: "/api/meetings/{id}", Tag: reportTag, Access: manage,
		Summary: "One meeting with its pack: reports, figures, tasks that return, minutes"}, func(ctx context.Context, in *idInput) (*httpapi.Body[Meeting], error) {
		return httpapi.Answer(s.Meeting(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "write-meeting-minute", Method: http.MethodPost, Path: "/api/meetings/{id}/minutes", Tag: reportTag, Access: manage, Status: http.StatusCreated,
		Summary: "Add to what is written of a meeting (会议记录); it is masked and never changed"}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Text string `json:"text" maxLength:"5000"`
		}
	}) (*httpapi.Body[Meeting], error) {
		who := httpapi.Actor(ctx)
		if err := s.WriteMinute(ctx, who, in.ID.ID, in.Body.Text); err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Meeting(ctx, who, in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "give-meeting-task", Method: http.MethodPost, Path: "/api/meetings/{id}/tasks", Tag: reportTag, Access: manage, Status: http.StatusCreated,
		Summary: "Give a unit a task; it returns at the next meeting of the kind until it is done"}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body TaskStep
	}) (*httpapi.Body[Meeting], error) {
		who := httpapi.Actor(ctx)
		if _, err := s.GiveTask(ctx, who, in.ID.ID, in.Body); err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Meeting(ctx, who, in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "download-meeting", Method: http.MethodGet, Path: "/api/meetings/{id}/file", Tag: reportTag, Access: manage,
		Summary: "A meeting's pack as DOCX, PDF, Markdown or HTML", Text: "Who takes it out, why and in which form is recorded."}, func(ctx context.Context, in *paperInput) (*download, error) {
		who := httpapi.Actor(ctx)
		m, err := s.Meeting(ctx, who, in.ID.ID)
		if err != nil {
			return nil, err
		}
		return in.download(m.Title, func(hc huma.Context) error {
			return s.ExportMeeting(ctx, who, m, document.Format(in.Format), in.purpose(), hc.BodyWriter())
		}), nil
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-meeting-tasks", Method: http.MethodGet, Path: "/api/meeting-tasks", Tag: reportTag, Access: staff,
		Summary: "Tasks of meetings: those of the caller's units, or all for who manages meetings", Text: "Open ones by their day, so that late ones come first; ended ones the newest first."}, s.listMeetingTasks)
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-meeting-task", Method: http.MethodPost, Path: "/api/meeting-tasks/{id}/actions", Tag: reportTag, Access: httpapi.Roles("supervisor", "leader", "handler", "receiver", "unit_head"),
		Summary: "Report on a task, end it, drop it, move its day, or open it again", Text: "The steps open to the caller are in the task's `allowed`."}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Action   string `json:"action" enum:"report,done,drop,move,reopen"`
			Version  int64  `json:"version" doc:"Of the task as the caller saw it"`
			Note     string `json:"note,omitempty" maxLength:"1000" doc:"What was done, or why; done alone goes without"`
			Until    string `json:"until,omitempty" doc:"move: local day, included"`
			Finished bool   `json:"finished,omitempty" doc:"report: the unit is done with it"`
		}
	}) (*httpapi.Body[MeetingTask], error) {
		who, b := httpapi.Actor(ctx), in.Body
		if err := s.ActOnTask(ctx, who, in.ID.ID, b.Version, b.Action, TaskStep{Note: b.Note, Until: b.Until, Finished: b.Finished}); err != nil {
			return nil, err
		}
		now, err := s.meetingTasks(ctx, who, `k.id = ?`, int64(in.ID.ID))
		if err == nil && len(now) == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(now[0], nil)
	})
}

func (s *Service) listMeetings(ctx context.Context, in *struct {
	Kind  string `query:"kind" maxLength:"40"`
	After string `query:"after" doc:"Key of the next page, from the page before"`
	Limit int    `query:"limit" minimum:"0" maximum:"200"`
}) (*httpapi.Body[httpapi.Page[MeetingHead]], error) {
	if !managesReports(httpapi.Actor(ctx)) {
		return nil, httpapi.Fail(http.StatusForbidden, "refused_right")
	}
	where, args := `1=1`, []any{}
	if in.Kind != "" {
		where, args = `g.kind = ?`, append(args, in.Kind)
	}
	if in.After != "" {
		day, key, _ := strings.Cut(in.After, "_")
		id, err := store.ParseID(key)
		if err != nil {
			return nil, httpapi.FailField("after", "invalid")
		}
		where, args = where+` AND (g.day, g.id) < (?, ?)`, append(args, day, id)
	}
	limit := cmp.Or(in.Limit, 50)
	rows, err := store.Select[MeetingHead](ctx, s.Store, `SELECT `+meetingColumns+` WHERE `+where+` ORDER BY g.day DESC, g.id DESC LIMIT ?`, append(args, limit+1)...)
	page := httpapi.Page[MeetingHead]{Items: rows}
	if len(rows) > limit {
		page.Items, page.Next = rows[:limit], rows[limit-1].Day+"_"+rows[limit-1].ID.String()
	}
	return httpapi.Answer(page, err)
}

func (s *Service) listMeetingTasks(ctx context.Context, in *struct {
	State string `query:"state" enum:"open,ended," default:"open"`
	Kind  string `query:"kind" maxLength:"40"`
	After string `query:"after" doc:"Key of the next page, from the page before"`
	Limit int    `query:"limit" minimum:"0" maximum:"200"`
}) (*httpapi.Body[httpapi.Page[MeetingTask]], error) {
	where, args := `k.state = 'open'`, []any{}
	order := `k.until, k.id`
	if in.State == "ended" {
		where, order = `k.state <> 'open'`, `k.id DESC`
	}
	if in.Kind != "" {
		where, args = where+` AND k.kind = ?`, append(args, in.Kind)
	}
	if in.After != "" {
		day, key, _ := strings.Cut(in.After, "_")
		id, err := store.ParseID(key)
		if err != nil {
			return nil, httpapi.FailField("after", "invalid")
		}
		if in.State == "ended" {
			where, args = where+` AND k.id < ?`, append(args, id)
		} else {
			where, args = where+` AND (k.until, k.id) > (?, ?)`, append(args, day, id)
		}
	}
	limit := cmp.Or(in.Limit, 50)
	tasks, err := s.meetingTasks(ctx, httpapi.Actor(ctx), where+` ORDER BY `+order+` LIMIT ?`, append(args, limit+1)...)
	page := httpapi.Page[MeetingTask]{Items: tasks}
	if len(tasks) > limit {
		page.Items, page.Next = tasks[:limit], taskKey(tasks[limit-1])
	}
	return httpapi.Answer(page, err)
}
