package cim

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/place"
	"shanzhi/core/place/address"
	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/core/text"
)

// AddressMatch is what an address was found to mean.
type AddressMatch struct {
	Text       string                `json:"text"`
	Parts      []address.AddressPart `json:"parts"`
	Level      string                `json:"level" enum:"room,building,none"`
	Object     store.ID              `json:"object,omitempty" doc:"The unit, or the building"`
	Address    string                `json:"address,omitempty"`
	Confidence float64               `json:"confidence"`
	Sure       bool                  `json:"sure" doc:"It stands without a person's look"`
	How        string                `json:"how,omitempty"`
	NoSuchRoom string                `json:"no_such_room,omitempty"`
	Candidates []Rival               `json:"candidates"`
}

// Rival is a building that an address may mean.
type Rival struct {
	Object  store.ID `json:"object"`
	Address string   `json:"address"`
	Score   float64  `json:"score"`
}

// MatchAddress finds what an address means in the register.
func (s *Service) MatchAddress(ctx context.Context, words string) (AddressMatch, error) {
	x, _, err := s.Index(ctx)
	if err != nil {
		return AddressMatch{}, err
	}
	out := said(x.Match(words))
	out.Text, out.Parts = words, address.Shipped().Parse(words)
	return out, nil
}

func said(m address.Match) AddressMatch {
	out := AddressMatch{Level: m.Level, Address: m.Address, Confidence: m.Confidence, How: m.How, NoSuchRoom: m.NoSuchRoom, Candidates: []Rival{}}
	switch m.Level {
	case address.LevelRoom:
		out.Object = store.ID(m.Room)
	case address.LevelBuilding:
		out.Object = store.ID(m.Building)
	}
	out.Sure = m.Level != address.LevelNone && m.Confidence >= address.Sure && m.NoSuchRoom == ""
	for _, c := range m.Candidates {
		out.Candidates = append(out.Candidates, Rival{store.ID(c.Building), c.Address, c.Score})
	}
	return out
}

// AddressBatch is a table of addresses that was matched (批量).
type AddressBatch struct {
	ID      store.ID   `json:"id"`
	Name    string     `json:"name" doc:"Of the file"`
	State   string     `json:"state" enum:"running,done"`
	Field   string     `json:"field" doc:"The column that has the address"`
	Total   int        `json:"total"`
	Matched int        `json:"matched" doc:"Sure at once"`
	Review  int        `json:"review" doc:"Wait for a person"`
	At      store.Time `json:"at"`
	DoneAt  store.Time `json:"done_at,omitzero"`
}

// MatchedAddress is an address of a batch.
type MatchedAddress struct {
	ID         store.ID   `json:"id"`
	Batch      store.ID   `json:"batch"`
	Line       int        `json:"line"`
	Text       string     `json:"text" doc:"Masked"`
	State      string     `json:"state" enum:"matched,review,confirmed,corrected,nowhere"`
	Object     store.ID   `json:"object,omitempty"`
	Address    string     `json:"address,omitempty"`
	Level      string     `json:"level"`
	Confidence float64    `json:"confidence"`
	How        string     `json:"how,omitempty"`
	Candidates []Rival    `json:"candidates"`
	DecidedAt  store.Time `json:"decided_at,omitzero"`
	Note       string     `json:"note,omitempty"`
}

const (
	maxAddressFile = 32 << 20
	maxAddressRows = 200_000
)

// addressColumns are names that columns of addresses have.
var addressFields = []string{"地址", "标准地址", "详细地址", "住址", "居住地址", "address", "addr"}

// MatchTable matches a table of addresses: the column that is named, or the first
// whose name says that it has addresses. Of the table the lines and the addresses,
// masked, are kept, and nothing else of it.
func (s *Service) MatchTable(ctx context.Context, who account.Actor, name, field string, file io.ReaderAt, size int64) (AddressBatch, error) {
	r, err := table.NewReader(name, file, size, table.Options{Trim: true})
	if err != nil {
		return AddressBatch{}, httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", err.Error())
	}
	defer r.Close()
	at := -1
	for i, c := range r.Columns() {
		plain := strings.ToLower(strings.TrimSpace(c))
		if field != "" && c == field || field == "" && slices.ContainsFunc(addressFields, func(f string) bool { return plain == f || strings.HasSuffix(plain, f) }) {
			at = i
			break
		}
	}
	if at < 0 {
		return AddressBatch{}, httpapi.FailDetail(http.StatusUnprocessableEntity, "no_address_column", strings.Join(r.Columns(), "、"))
	}
	x, _, err := s.Index(ctx)
	if err != nil {
		return AddressBatch{}, err
	}
	b := AddressBatch{ID: s.Store.NewID(), Name: text.Mask(name), State: "done", Field: r.Columns()[at], At: store.At(s.Store.Now())}
	var rows [][]any
	for row, err := range r.Rows() {
		if err != nil {
			return AddressBatch{}, httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", err.Error())
		}
		if at >= len(row.Cells) || strings.TrimSpace(row.Cells[at]) == "" {
			continue
		}
		if b.Total++; b.Total > maxAddressRows {
			return AddressBatch{}, httpapi.FailField("file", "too_large")
		}
		m := said(x.Match(row.Cells[at]))
		state := "review"
		if m.Sure {
			state = "matched"
			b.Matched++
		} else {
			b.Review++
		}
		var object any
		if m.Object != 0 {
			object = int64(m.Object)
		}
		candidates, err := json.Marshal(m.Candidates)
		if err != nil {
			return AddressBatch{}, err
		}
		rows = append(rows, []any{int64(s.Store.NewID()), int64(b.ID), row.Line, text.Mask(row.Cells[at]), state, object, m.Level, m.Confidence, m.How, string(candidates), ""})
	}
	b.DoneAt = store.At(s.Store.Now())
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO cim_batch (id, name, state, field, total, matched, review, actor, at, done_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			b.ID, b.Name, b.State, b.Field, b.Total, b.Matched, b.Review, who.Account, b.At, b.DoneAt); err != nil {
			return err
		}
		if err := store.InsertRows(ctx, tx, `INSERT INTO cim_address (id, batch, line, text, state, object, level, confidence, how, candidates, note) VALUES `, rows); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{At: b.At, Actor: who.Account, Unit: who.Unit, Action: "cim.batch", Object: "batch/" + b.ID.String()}, map[string]any{"rows": b.Total}); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, b)
	})
	return b, err
}

// Batches lists the newest batches.
func (s *Service) Batches(ctx context.Context) ([]AddressBatch, error) {
	rows, err := store.Select[batchRow](ctx, s.Store, batchColumns+`ORDER BY id DESC LIMIT 100`)
	out := make([]AddressBatch, len(rows))
	for i, r := range rows {
		out[i] = r.batch()
	}
	return out, err
}

// Addresses lists addresses of a batch (of all by 0) in a state ("" any), in their
// order, after a line or a key.
func (s *Service) Addresses(ctx context.Context, batch store.ID, state string, after store.ID, limit int) ([]MatchedAddress, error) {
	cond, args := `WHERE a.id > ?`, []any{int64(after)}
	if batch != 0 {
		cond, args = cond+` AND a.batch = ?`, append(args, int64(batch))
	}
	if state != "" {
		cond, args = cond+` AND a.state = ?`, append(args, state)
	}
	rows, err := store.Select[addressRow](ctx, s.Store, addressColumns+cond+` ORDER BY a.id LIMIT ?`, append(args, limit)...)
	out := make([]MatchedAddress, 0, len(rows))
	for _, r := range rows {
		m, err := r.matched()
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, err
}

// Review decides an address that was not sure: confirm what was found, correct it
// to another object, or say that it is nowhere in the register. With learn the
// register keeps the words as another name of the building.
func (s *Service) Review(ctx context.Context, who account.Actor, id store.ID, action string, object store.ID, learn bool, note string) error {
	now := store.At(s.Store.Now())
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := store.Get[addressRow](ctx, tx, addressColumns+`WHERE a.id = ?`, int64(id))
		if err != nil {
			return err
		}
		if row.State != "review" {
			return httpapi.Fail(http.StatusConflict, "conflict")
		}
		state := map[string]string{"confirm": "confirmed", "correct": "corrected", "nowhere": "nowhere"}[action]
		switch action {
		case "confirm":
			if row.Object == nil {
				return httpapi.FailField("action", "nothing_to_confirm")
			}
			object = store.ID(*row.Object)
		case "correct":
			if object == 0 {
				return httpapi.FailField("object", "required")
			}
		case "nowhere":
			object = 0
		}
		var to any
		level := address.LevelNone
		if object != 0 {
			o, err := s.Places.Object(ctx, tx, object)
			if err != nil {
				return err
			}
			if o.Until != "" || o.Kind != place.ObjectBuilding && o.Kind != place.ObjectUnit {
				return httpapi.FailField("object", "no_such_option")
			}
			to, level = int64(object), address.LevelBuilding
			if o.Kind == place.ObjectUnit {
				level = address.LevelRoom
			}
			if learn {
				building := o
				for building.Kind != place.ObjectBuilding {
					if building, err = s.Places.Object(ctx, tx, building.Parent); err != nil {
						return err
					}
				}
				if alias := nameOf(row.Text); alias != "" {
					if err := s.Places.Learn(ctx, tx, building.ID, alias, "review", place.Order{Who: who, Day: s.today(), Reason: note}); err != nil {
						return problemOf(err)
					}
				}
			}
		}
		n, err := tx.Exec(ctx, `UPDATE cim_address SET state = ?, object = ?, level = ?, actor = ?, decided_at = ?, note = ? WHERE id = ? AND state = 'review'`, state, to, level, who.Account, now, text.Mask(note), id)
		if err != nil {
			return err
		}
		if n == 0 {
			return httpapi.Fail(http.StatusConflict, "conflict")
		}
		if _, err := tx.Exec(ctx, `UPDATE cim_batch SET review = review - 1 WHERE id = ?`, row.Batch); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "cim." + action, Object: "address/" + id.String(), Reason: text.Mask(note)}, map[string]any{"object": object}); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusNoContent, nil)
	})
	return err
}

// nameOf is the part of an address that names a building: from the estate or the
// road to the building's number, without what is above, the room, or a person.
func nameOf(words string) string {
	building, _ := address.SplitRoom(words)
	var out strings.Builder
	for _, p := range address.Shipped().Parse(building) {
		switch p.Label {
		case address.Country, address.Prov, address.City, address.District, address.Town, address.Community, address.Person, address.Assist, address.RoomNo, address.FloorNo:
		default:
			out.WriteString(p.Text)
		}
	}
	if name := strings.Trim(out.String(), "-—_ ，,"); len([]rune(name)) >= 3 && !strings.Contains(name, "*") {
		return name
	}
	return ""
}

// WriteResult writes the result of a batch: line, address, what it was brought to.
func (s *Service) WriteResult(ctx context.Context, batch store.ID, w table.Writer) error {
	var after store.ID
	for {
		list, err := s.Addresses(ctx, batch, "", after, 1000)
		if err != nil {
			return err
		}
		for _, m := range list {
			code := ""
			if m.Object != 0 {
				o, err := s.Places.Object(ctx, s.Store, m.Object)
				if err != nil {
					return err
				}
				code = o.Codes[place.House]
			}
			if err := w.Write(m.Line, m.Text, stateWords[m.State], m.Address, code, fmt.Sprintf("%.2f", m.Confidence), m.How, m.Note); err != nil {
				return err
			}
			after = m.ID
		}
		if len(list) < 1000 {
			return w.Close()
		}
	}
}

var (
	resultColumns = []string{"行", "地址", "结果", "标准地址", "房屋编码", "把握", "依据", "备注"}
	stateWords    = map[string]string{"matched": "已匹配", "review": "待复核", "confirmed": "已确认", "corrected": "已更正", "nowhere": "不在库"}
)
