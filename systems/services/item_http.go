package services

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// itemProblem is what the caller is told of an error of items.
func itemProblem(err error) error {
	var wrong elementFault
	var faults form.FormFaults
	switch {
	case errors.As(err, &faults):
		fields := map[string]string{}
		for _, f := range faults {
			fields["handling."+f.At] = f.Text
		}
		return httpapi.FailFields(fields)
	case errors.Is(err, ErrItemTheme):
		return httpapi.FailDetail(http.StatusConflict, "item_theme", strings.TrimPrefix(err.Error(), ErrItemTheme.Error()+": "))
	case errors.As(err, &wrong):
		return httpapi.FailFields(wrong)
	case errors.Is(err, ErrItemMoved):
		return httpapi.Fail(http.StatusConflict, "conflict")
	case errors.Is(err, ErrItemStep):
		return httpapi.Fail(http.StatusConflict, "item_step")
	case errors.Is(err, ErrItemBase):
		return httpapi.Fail(http.StatusConflict, "item_base")
	case errors.Is(err, ErrItemDuty):
		return httpapi.Fail(http.StatusForbidden, "refused_right")
	case errors.Is(err, ErrItemPerson):
		return httpapi.Fail(http.StatusForbidden, "item_same_person")
	case errors.Is(err, ErrItemReason):
		return httpapi.FailField("reason", "required")
	}
	return err
}

// ItemPath names an item.
type ItemPath struct {
	ID httpapi.PathID `path:"id"`
}

// ItemLife is how an item lives: what stands, what is on its way, what befell it.
type ItemLife struct {
	Item    ServiceItem       `json:"item"`
	Seq     int               `json:"seq" doc:"To be sent with a step"`
	Draft   *ItemOnWay        `json:"draft,omitempty"`
	Changes []ItemChange      `json:"changes" doc:"What the draft changes of what stands"`
	Offer   *ItemOffered      `json:"offer,omitempty" doc:"What its source brought while it was being written here"`
	Flaws   []ItemFlaw        `json:"flaws" doc:"Of the draft"`
	Score   int               `json:"score" doc:"Of the draft"`
	Steps   []ItemStep        `json:"steps" doc:"What the caller may do"`
	Why     map[string]string `json:"why" doc:"Steps that are due and not the caller's, and why"`
	Writers []string          `json:"writers" doc:"Who wrote the draft"`
	Flags   []ItemFlagSpan    `json:"flags" doc:"All there were, the newest first"`
	Events  []ItemHappened    `json:"events" doc:"The newest first"`
}

// ItemOffered is what an item's source brought beside what is written here.
type ItemOffered struct {
	Source   string       `json:"source"`
	At       store.Time   `json:"at"`
	Elements ItemElements `json:"elements"`
	Changes  []ItemChange `json:"changes" doc:"What it says otherwise than the draft, or than what stands"`
}

// ItemHappened is an event as it is told.
type ItemHappened struct {
	Seq     int           `json:"seq"`
	At      store.Time    `json:"at"`
	By      string        `json:"by,omitempty" doc:"Nobody: an import, the pack, or the day that came"`
	Step    ItemStep      `json:"step"`
	Version int           `json:"version"`
	Reason  string        `json:"reason,omitempty"`
	FromDay string        `json:"from_day,omitempty"`
	Flag    *ItemFlagSpan `json:"flag,omitempty"`
}

// ItemLife reads it as somebody sees it.
func (s *Service) ItemLife(ctx context.Context, who account.Actor, id store.ID) (ItemLife, error) {
	out := ItemLife{Changes: []ItemChange{}, Flaws: []ItemFlaw{}, Steps: []ItemStep{}, Why: map[string]string{}, Writers: []string{}, Events: []ItemHappened{}}
	x, err := s.Item(ctx, id, 0)
	if err != nil {
		return out, err
	}
	out.Item = x
	st, seq, home, err := standingOf(ctx, s.Store, id)
	if err != nil {
		return out, err
	}
	out.Seq, out.Draft = seq, st.Draft
	if d := st.Draft; d != nil {
		before := x.Elements
		if x.Version == 0 {
			before = ItemElements{}
		}
		out.Changes = before.changes(d.Elements)
		out.Flaws, out.Score = s.lint.Load().check(d.Elements)
	}
	unit := s.unitOfItem(home)
	for _, step := range []ItemStep{ItemWrite, ItemSubmit, ItemCheck, ItemReturn, ItemPublish, ItemDiscard, ItemRetire, ItemFlagged, ItemDecline} {
		switch err := st.may(step, who, unit); {
		case err == nil:
			out.Steps = append(out.Steps, step)
		case errors.Is(err, ErrItemPerson):
			out.Why[string(step)] = "item_same_person"
		}
	}
	if out.Flags, err = flagSpans(ctx, s.Store, id); err != nil {
		return out, err
	}
	events, err := store.Select[struct {
		itemEvent
		By string `bun:"who"`
	}](ctx, s.Store, `SELECT e.item, e.seq, e.at, COALESCE(e.actor, 0) AS actor, e.step, e.version, e.reason, e.data, COALESCE(a.name, '') AS who FROM service_item_event e LEFT JOIN account a ON a.id = e.actor WHERE e.item = ? ORDER BY e.seq DESC LIMIT 200`, int64(id))
	if err != nil {
		return out, err
	}
	for _, ev := range events {
		var data itemEventData
		if err := json.Unmarshal([]byte(ev.Data), &data); err != nil {
			return out, err
		}
		if ev.Step == ItemOffer && out.Offer == nil && st.Offered != "" && data.Elements.hash() == st.Offered {
			beside := x.Elements
			if st.Draft != nil {
				beside = st.Draft.Elements
			}
			out.Offer = &ItemOffered{ev.Reason, ev.At, *data.Elements, beside.changes(*data.Elements)}
		}
		out.Events = append(out.Events, ItemHappened{ev.Seq, ev.At, ev.By, ev.Step, ev.Version, ev.Reason, data.FromDay, data.Flag})
		if st.Draft != nil && ev.Step == ItemWrite && ev.By != "" && !slices.Contains(out.Writers, ev.By) && slices.Contains(st.Draft.Writers, ev.Actor) {
			out.Writers = append(out.Writers, ev.By)
		}
	}
	return out, nil
}

// ItemOnDesk is an item that is on its way.
type ItemOnDesk struct {
	ID         store.ID   `bun:"id" json:"id"`
	Name       string     `bun:"name" json:"name"`
	Department string     `bun:"department" json:"department"`
	Version    int        `bun:"version" json:"version" doc:"That stands; 0 it is new"`
	State      ItemState  `bun:"state" json:"state"`
	FromDay    string     `bun:"from_day" json:"from_day,omitempty"`
	Returned   string     `bun:"returned" json:"returned,omitempty"`
	At         store.Time `bun:"at" json:"at"`
	Writers    string     `bun:"writers" json:"-"`
	Source     string     `bun:"source" json:"-"`
	Region     string     `bun:"region" json:"-"`
	Checker    store.ID   `bun:"checker" json:"-"`
	Turn       bool       `bun:"-" json:"turn" doc:"The next step is the caller's"`
}

// ItemsOnDesk are all items on their way, those whose turn is the caller's first.
func (s *Service) ItemsOnDesk(ctx context.Context, who account.Actor) ([]ItemOnDesk, error) {
	rows, err := store.Select[ItemOnDesk](ctx, s.Store, `SELECT i.id, i.name, i.department, i.source, i.region, i.version, d.state, d.from_day, d.returned, d.at, d.writers, COALESCE(d.checker, 0) AS checker FROM service_item_draft d JOIN service_item i ON i.id = d.item ORDER BY d.at DESC LIMIT 500`)
	if err != nil {
		return nil, err
	}
	mine, others := []ItemOnDesk{}, []ItemOnDesk{}
	for _, r := range rows {
		d := &ItemOnWay{State: r.State, Checker: r.Checker}
		if err := json.Unmarshal([]byte(r.Writers), &d.Writers); err != nil {
			return nil, err
		}
		unit := s.unitOfItem(itemHome{Department: r.Department, Source: r.Source, Region: r.Region})
		next := map[ItemState]ItemStep{ItemDraft: ItemSubmit, ItemSubmitted: ItemCheck, ItemChecked: ItemPublish}[r.State]
		if r.Turn = next != "" && (itemStanding{State: ItemPublished, Draft: d}).may(next, who, unit) == nil; r.Turn {
			mine = append(mine, r)
		} else {
			others = append(others, r)
		}
	}
	return append(mine, others...), nil
}

// FigureSpan is from which day to which cases are counted.
type FigureSpan struct {
	From string `query:"from" maxLength:"10" doc:"Cases that began from this day; 90 days ago when absent"`
	To   string `query:"to" maxLength:"10" doc:"To this day; today when absent"`
}

func (s *Service) span(in FigureSpan) (from, to time.Time, err error) {
	now := s.Store.Now().In(s.Zone())
	to = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, s.Zone())
	from = to.AddDate(0, 0, -89)
	if in.From != "" {
		if from, err = time.ParseInLocation(time.DateOnly, in.From, s.Zone()); err != nil {
			return from, to, httpapi.FailField("from", "not_a_time")
		}
	}
	if in.To != "" {
		if to, err = time.ParseInLocation(time.DateOnly, in.To, s.Zone()); err != nil {
			return from, to, httpapi.FailField("to", "not_a_time")
		}
	}
	if to.Before(from) || to.Sub(from) > 400*24*time.Hour {
		return from, to, httpapi.FailField("to", "not_a_time")
	}
	return from, to.AddDate(0, 0, 1), nil
}

func (s *Service) mountItems(srv *httpapi.Server) {
	const at = "/api/services/items"
	workers := httpapi.Roles(roleItemEditor, roleItemPublisher)
	elements := func(m map[string]any) (*ItemElements, error) {
		if m == nil {
			return nil, nil
		}
		var h *Handling
		if m["handling"] != nil {
			raw, err := json.Marshal(m["handling"])
			if err != nil {
				return nil, err
			}
			h = &Handling{}
			if wrong := h.read(raw, true); len(wrong) > 0 {
				return nil, itemProblem(wrong)
			}
			m = maps.Clone(m)
			delete(m, "handling")
		}
		raw, err := json.Marshal(m)
		if err != nil {
			return nil, err
		}
		e := ItemElements{Handling: h}
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.DisallowUnknownFields()
		if err := d.Decode(&e); err != nil {
			return nil, httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", err.Error())
		}
		return &e, nil
	}
	httpapi.Register(srv, httpapi.Operation{ID: "create-service-item", Method: http.MethodPost, Path: at, Tag: tag, Access: httpapi.Roles(roleItemEditor), Status: http.StatusCreated, MaxBody: 2 << 20,
		Summary: "Begin a new item of one's own department, as a draft"}, func(ctx context.Context, in *struct {
		Body struct {
			Elements map[string]any `json:"elements" doc:"As ItemElements"`
		}
	}) (*httpapi.Body[ItemLife], error) {
		e, err := elements(in.Body.Elements)
		if err != nil {
			return nil, err
		}
		if e == nil {
			return nil, itemProblem(wrongElement("elements", "required"))
		}
		who := httpapi.Actor(ctx)
		id, err := s.CreateItem(ctx, who, *e)
		if err != nil {
			return nil, itemProblem(err)
		}
		return httpapi.Answer(s.ItemLife(ctx, who, id))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-service-items-on-way", Method: http.MethodGet, Path: "/api/services/items-on-way", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "Items that are being changed: whose turn is the caller's first"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]ItemOnDesk], error) {
		return httpapi.Answer(s.ItemsOnDesk(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-service-item-life", Method: http.MethodGet, Path: at + "/{id}/life", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "What stands of an item, what is on its way and how they differ, what the caller may do, what befell it"}, func(ctx context.Context, in *ItemPath) (*httpapi.Body[ItemLife], error) {
		return httpapi.Answer(s.ItemLife(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-service-item", Method: http.MethodPost, Path: at + "/{id}/actions", Tag: tag, Access: workers, MaxBody: 2 << 20,
		Summary: "Write, submit, check, return, publish, discard or retire an item, date a flag, or put aside what its source offers", Text: "Writing makes a draft beside what is published. Its department writes and checks, the bureau publishes; they are three people."}, func(ctx context.Context, in *struct {
		ItemPath
		Body struct {
			Step     ItemStep       `json:"step" enum:"write,submit,check,return,publish,discard,retire,flag,decline"`
			Seq      int            `json:"seq" doc:"Of the item as the caller saw it"`
			Reason   string         `json:"reason,omitempty" maxLength:"500"`
			Elements map[string]any `json:"elements,omitempty" doc:"write: as ItemElements"`
			FromDay  string         `json:"from_day,omitempty" maxLength:"10" doc:"publish: from which day; at once when absent"`
			Flag     *ItemFlagSpan  `json:"flag,omitempty" doc:"flag"`
		}
	}) (*httpapi.Body[ItemLife], error) {
		e, err := elements(in.Body.Elements)
		if err != nil {
			return nil, err
		}
		who := httpapi.Actor(ctx)
		if err := s.ActOnItem(ctx, who, in.ID.ID, ItemAct{in.Body.Step, in.Body.Seq, in.Body.Reason, e, in.Body.FromDay, in.Body.Flag}); err != nil {
			return nil, itemProblem(err)
		}
		return httpapi.Answer(s.ItemLife(ctx, who, in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "compare-service-item-versions", Method: http.MethodGet, Path: at + "/{id}/changes", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "Element by element, how a version of an item differs from another"}, func(ctx context.Context, in *struct {
		ItemPath
		From int `query:"from" minimum:"1" required:"true"`
		To   int `query:"to" minimum:"1" required:"true"`
	}) (*httpapi.Body[[]ItemChange], error) {
		a, err := s.Item(ctx, in.ID.ID, in.From)
		if err != nil {
			return nil, err
		}
		b, err := s.Item(ctx, in.ID.ID, in.To)
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(a.Elements.changes(b.Elements), nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-service-item-elsewhere", Method: http.MethodGet, Path: at + "/{id}/elsewhere", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "The same item in other lists, beside ours: fewer days, fewer materials, elements that are missing"}, func(ctx context.Context, in *ItemPath) (*httpapi.Body[[]ItemElsewhere], error) {
		return httpapi.Answer(s.Elsewhere(ctx, in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-service-item-needs", Method: http.MethodPost, Path: at + "/{id}/needs", Tag: tag, Access: httpapi.Public, Limit: 600,
		Summary: "What one needs in a situation (情形引导): exactly which materials, how long, what fee. Nothing is kept"}, func(ctx context.Context, in *struct {
		ItemPath
		Body struct {
			Situation map[string]any `json:"situation,omitempty"`
		}
	}) (*httpapi.Body[ItemNeeds], error) {
		return httpapi.Answer(s.Needs(ctx, in.ID.ID, in.Body.Situation))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-service-item-tree", Method: http.MethodGet, Path: "/api/services/item-tree", Tag: tag, Access: httpapi.Public, Limit: 600,
		Summary: "The catalogue of a department: main items (主项), sub-items (子项), what is applied for (业务办理项)"}, func(ctx context.Context, in *struct {
		Department string `query:"department" required:"true" maxLength:"100"`
	}) (*httpapi.Body[[]ItemMain], error) {
		return httpapi.Answer(s.ItemTree(ctx, in.Department))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-service-item-figures", Method: http.MethodGet, Path: "/api/services/item-figures", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "Figures of items with numerator, denominator and definition, and the four standardisations (四个标准化), by department"}, func(ctx context.Context, in *FigureSpan) (*httpapi.Body[ItemBoard], error) {
		from, to, err := s.span(*in)
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.ItemBoard(ctx, from, to))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-service-item-figure-rows", Method: http.MethodGet, Path: "/api/services/item-figures/{name}/rows", Tag: tag, Access: httpapi.Roles(figureReaders...),
		Summary: "The rows behind a figure, those that lower it first"}, func(ctx context.Context, in *struct {
		FigureSpan
		Name       string `path:"name" maxLength:"60"`
		Department string `query:"department" maxLength:"100"`
		Limit      int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	}) (*httpapi.Body[[]ItemFigureRow], error) {
		from, to, err := s.span(in.FigureSpan)
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.ItemFigureRows(ctx, in.Name, in.Department, from, to, in.Limit))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "download-open-service-items", Method: http.MethodGet, Path: "/api/open/services/items", Tag: tag, Access: httpapi.Public, Limit: 12,
		Summary: "Every published item as open data, one JSON object a line"}, func(ctx context.Context, _ *struct{}) (*httpapi.Download, error) {
		return httpapi.NewDownload("application/x-ndjson; charset=utf-8", "service-items.jsonl", func(w io.Writer) error { return s.WriteOpenItems(ctx, w) }), nil
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-open-service-item-changes", Method: http.MethodGet, Path: "/api/open/services/changes", Tag: tag, Access: httpapi.Public, Limit: 600,
		Summary: "What was published, changed and retired after a cursor, in order; poll with the cursor of the answer"}, func(ctx context.Context, in *struct {
		After string `query:"after" maxLength:"50" doc:"Cursor of the page before; absent from the beginning"`
		Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	}) (*httpapi.Body[OpenItemChanges], error) {
		out, err := s.OpenChanges(ctx, in.After, in.Limit)
		return httpapi.Answer(out, itemProblem(err))
	})
}
