package services

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"shanzhi/core/store"
)

// OpenItem is a published item as anybody may take it away (公开清单).
type OpenItem struct {
	ID       store.ID     `json:"id"`
	Version  int          `json:"version"`
	Since    store.Time   `json:"since" doc:"When this version was published"`
	Flags    []string     `json:"flags"`
	Elements ItemElements `json:"elements"`
}

// open takes out of the elements what is the house's own affair: how applications are
// decided inside. What an applicant needs stays.
func (e ItemElements) open() ItemElements {
	if h := e.Handling; h != nil {
		e.Papers, e.Handling = h.Materials, nil
		if h.Fee != nil {
			e.Fees = append(e.Fees, ItemCharge{Name: h.Fee.Name["zh"], Amount: fmt.Sprintf("%.2f 元", float64(h.Fee.Amount)/100), Basis: h.Fee.Basis})
		}
	}
	return e
}

// WriteOpenItems writes every published item, one JSON object a line, page by page by key.
func (s *Service) WriteOpenItems(ctx context.Context, w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	day := s.today()
	for after := store.ID(0); ; {
		page, err := store.Select[struct {
			ID       store.ID
			Version  int
			At       store.Time
			Elements string
		}](ctx, s.Store, `SELECT i.id, i.version, v.at, v.elements FROM service_item i JOIN service_item_version v ON v.item = i.id AND v.version = i.version WHERE i.state = 'published' AND i.id > ? ORDER BY i.id LIMIT 500`, int64(after))
		if err != nil {
			return err
		}
		for _, x := range page {
			after = x.ID
			o := OpenItem{ID: x.ID, Version: x.Version, Since: x.At}
			if err := json.Unmarshal([]byte(x.Elements), &o.Elements); err != nil {
				return err
			}
			if o.Flags, err = s.flagsOn(ctx, x.ID, o.Elements, day); err != nil {
				return err
			}
			o.Elements = o.Elements.open()
			if err := enc.Encode(o); err != nil {
				return err
			}
		}
		if len(page) < 500 {
			return nil
		}
	}
}

// OpenItemChange is what befell the public list.
type OpenItemChange struct {
	Item    store.ID   `json:"item"`
	Change  string     `json:"change" enum:"published,changed,retired"`
	Version int        `json:"version"`
	At      store.Time `json:"at"`
}

// OpenItemChanges is a page of the change feed.
type OpenItemChanges struct {
	Changes []OpenItemChange `json:"changes"`
	Cursor  string           `json:"cursor" doc:"Ask with it for what comes after; the same where nothing did"`
	More    bool             `json:"more"`
}

// OpenChanges are the changes after a cursor, in the order of their commits. The cursor ""
// is before all.
func (s *Service) OpenChanges(ctx context.Context, cursor string, limit int) (OpenItemChanges, error) {
	out := OpenItemChanges{Changes: []OpenItemChange{}, Cursor: cursor}
	var tx, id int64
	if cursor != "" {
		a, b, ok := strings.Cut(cursor, "-")
		var err, err2 error
		if tx, err = strconv.ParseInt(a, 10, 64); ok && err == nil {
			id, err2 = strconv.ParseInt(b, 10, 64)
		}
		if !ok || err != nil || err2 != nil || tx < 0 || id < 0 {
			return out, wrongElement("after", "invalid")
		}
	}
	rows, err := store.Select[struct {
		Item, ID store.ID
		Tx       int64
		Step     ItemStep
		Version  int
		Data     string
		At       store.Time
	}](ctx, s.Store, `SELECT item, id, tx, step, version, data, at FROM service_item_event WHERE step IN ('bring', 'effect', 'retire') AND (tx, id) > (?, ?) AND `+s.Store.Dialect().Settled("tx")+` ORDER BY tx, id LIMIT ?`, tx, id, limit+1)
	if err != nil {
		return out, err
	}
	if len(rows) > limit {
		rows, out.More = rows[:limit], true
	}
	for _, r := range rows {
		out.Cursor = fmt.Sprintf("%d-%d", r.Tx, int64(r.ID))
		c := OpenItemChange{r.Item, "changed", r.Version, r.At}
		switch {
		case r.Step == ItemRetire:
			c.Change = "retired"
		case r.Step == ItemBring && r.Data != "{}":
			continue // brought as a draft
		case r.Version == 1:
			c.Change = "published"
		}
		out.Changes = append(out.Changes, c)
	}
	return out, nil
}
