package services

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"shanzhi/core/audit"
	"shanzhi/core/parallel"
	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/core/text"
)

// ItemImport says what to bring in.
type ItemImport struct {
	Profile *ItemProfile
	Path    string
	Rejects io.Writer // refused rows as CSV: line, code, field, what stands there; nil for none
	Actor   store.ID
	// Progress is told how many rows were read.
	Progress func(read int)
}

// ItemsImported accounts for every row of a file: read = imported + changed + present +
// refused.
type ItemsImported struct {
	Profile  string         `json:"profile"`
	Read     int            `json:"read"`
	Imported int            `json:"imported"` // new here
	Changed  int            `json:"changed"`  // a new version of what was here
	Present  int            `json:"present"`  // as it was
	Refused  int            `json:"refused"`
	Reasons  map[string]int `json:"reasons,omitempty"` // of the refused, by code
	Notes    map[string]int `json:"notes,omitempty"`   // cells that could not be read and were left out
	// What the whole file promises: over items that tell both times in the same days.
	Timed     int            `json:"timed"`
	LegalDays int            `json:"legal_days"`
	DaysSaved int            `json:"days_saved"`
	Score     float64        `json:"score"` // mean of the standardisation checks
	Flaws     map[string]int `json:"flaws"`
	Rejects   string         `json:"rejects,omitempty"`
}

// itemRow is one row as it was read.
type itemRow struct {
	line    int
	cell    func(column string) string
	columns map[string]bool // nil where rows have their own
}

// importAtOnce is how many rows one transaction takes.
const importAtOnce = 500

// longest bounds one element, in bytes.
const longest = 64 << 10

// ImportItems brings in a list of items. It can be done again: what is there as it
// stands is left, what has changed gets a new version, and the rest is refused with its
// reason. Elements that cannot be read are left out and counted as notes.
func (s *Service) ImportItems(ctx context.Context, in ItemImport) (out ItemsImported, err error) {
	p := in.Profile
	out = ItemsImported{Profile: p.Name, Reasons: map[string]int{}, Notes: map[string]int{}, Flaws: map[string]int{}}
	f, err := os.Open(in.Path)
	if err != nil {
		return out, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return out, err
	}
	origin := hex.EncodeToString(h.Sum(nil))
	rejects, err := table.NewCSV(cmp.Or[io.Writer](in.Rejects, io.Discard), []string{"line", "code", "field", "value"}, table.CSVOptions{})
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, rejects.Close()) }()
	refuse := func(line int, code, field, value string) error {
		out.Refused++
		out.Reasons[code]++
		return rejects.Write(line, code, field, clip(value, 200))
	}
	seen := map[string]int{}
	// One batch is written while the next is read.
	type written struct {
		landed
		err error
	}
	var batch []importing
	var writing chan written
	wait := func() error {
		if writing == nil {
			return nil
		}
		w := <-writing
		writing = nil
		out.Imported, out.Changed, out.Present = out.Imported+w.imported, out.Changed+w.changed, out.Present+w.present
		return w.err
	}
	flush := func() error {
		if err := wait(); err != nil || len(batch) == 0 {
			return err
		}
		full, done := batch, make(chan written, 1)
		batch, writing = make([]importing, 0, importAtOnce), done
		go func() {
			c, err := s.putItems(ctx, p, origin, in.Actor, full)
			done <- written{c, err}
		}()
		if in.Progress != nil {
			in.Progress(out.Read)
		}
		return nil
	}
	scores := 0
	each := func(row itemRow, broken error) error {
		out.Read++
		if broken != nil {
			return refuse(row.line, "unreadable", "", broken.Error())
		}
		key, e, fault := p.read(row, out.Notes)
		if fault != nil {
			return refuse(row.line, fault.code, fault.field, fault.value)
		}
		if first, twice := seen[key]; twice {
			return refuse(row.line, "twice", "key", fmt.Sprintf("%s, line %d", key, first))
		}
		seen[key] = row.line
		flaws, score := s.lint.Load().check(e)
		for _, x := range flaws {
			out.Flaws[x.Code]++
		}
		scores += score
		if n := e.daysSaved(); n != nil {
			out.Timed++
			out.LegalDays += e.Legal.N
			out.DaysSaved += *n
		}
		batch = append(batch, importing{key: key, elements: e, score: score})
		if len(batch) >= importAtOnce {
			return flush()
		}
		return nil
	}
	info, err := f.Stat()
	if err != nil {
		return out, err
	}
	if err = errors.Join(p.each(filepath.Base(in.Path), f, info.Size(), each), flush(), wait()); err != nil {
		return out, err
	}
	if n := len(seen); n > 0 {
		out.Score = float64(scores*10/n) / 10
	}
	return out, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{Actor: in.Actor, Action: "services.import_items", Object: "file/" + origin}, map[string]any{"profile": p.Name, "read": out.Read, "imported": out.Imported, "changed": out.Changed, "present": out.Present, "refused": out.Refused})
	})
}

func clip(s string, most int) string {
	r := []rune(s)
	return string(r[:min(len(r), most)])
}

// each reads the rows of a file in the profile's format.
func (p *ItemProfile) each(name string, src io.ReaderAt, size int64, each func(itemRow, error) error) error {
	if p.Format == "jsonl" {
		return eachJSON(io.NewSectionReader(src, 0, size), each)
	}
	return p.eachTable(name, src, size, each)
}

// eachJSON reads one JSON object a line. A list in it is its elements, line by line.
func eachJSON(r io.Reader, each func(itemRow, error) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<20), 16<<20)
	line := 0
	for sc.Scan() {
		line++
		raw := bytes.TrimPrefix(bytes.TrimSpace(sc.Bytes()), []byte("\ufeff"))
		if len(raw) == 0 {
			continue
		}
		var cells map[string]any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&cells); err != nil || cells == nil {
			if err == nil {
				err = errors.New("an object of JSON is expected")
			}
			if err := each(itemRow{line: line}, err); err != nil {
				return err
			}
			continue
		}
		if err := each(itemRow{line: line, cell: func(c string) string { return cellOf(cells[c]) }}, nil); err != nil {
			return err
		}
	}
	return sc.Err()
}

func cellOf(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case json.Number:
		return x.String()
	case bool:
		return strconv.FormatBool(x)
	case []any:
		parts := make([]string, 0, len(x))
		for _, e := range x {
			if s := cellOf(e); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, "\n")
	}
	return ""
}

func (p *ItemProfile) eachTable(name string, src io.ReaderAt, size int64, each func(itemRow, error) error) error {
	t, err := table.NewReader(name, src, size, table.Options{Trim: true, Unguard: true})
	if err != nil {
		return err
	}
	at := map[string]int{}
	for i, c := range t.Columns() {
		at[text.Normalize(c)] = i
	}
	var missing []string
	for _, f := range p.fields() {
		f.Columns(func(name string, needed bool) {
			if _, ok := at[text.Normalize(name)]; !ok && needed && !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
		})
	}
	if len(missing) > 0 {
		return fmt.Errorf("the file has no column %s; it has %s", strings.Join(missing, ", "), strings.Join(t.Columns(), ", "))
	}
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		cell := func(c string) string {
			if i, ok := at[text.Normalize(c)]; ok && i < len(row.Cells) {
				return row.Cells[i]
			}
			return ""
		}
		if err := each(itemRow{line: row.Line, cell: cell}, nil); err != nil {
			return err
		}
	}
}

// fields are all fields of the profile.
func (p *ItemProfile) fields() []table.Field {
	i := &p.Item
	return []table.Field{i.Key, i.Code, i.Basic, i.Name, i.Catalog, i.Sub, i.Aliases, i.Type, i.Department, i.Body, i.Region, i.Level, i.Objects, i.Themes, i.Legal, i.Promised, i.Visits, i.Online, i.Express, i.Bookable, i.Conditions, i.Materials, i.Laws, i.Place, i.Phone, i.Complaints, i.URL, i.Partners, i.Platform, i.SourceState, i.Kind, i.Hours, i.Centre, i.NameEN}
}

type rowFault struct{ code, field, value string }

// read makes the elements of a row.
func (p *ItemProfile) read(row itemRow, notes map[string]int) (key string, e ItemElements, fault *rowFault) {
	cell := func(c string) string {
		v := sanitise(row.cell(c))
		if slices.Contains(p.Absent, v) {
			return ""
		}
		return v
	}
	get := func(name string, f table.Field) string {
		v, _, err := f.Read(cell)
		if err != nil {
			notes[name]++
		}
		if len(v) > longest {
			notes[name]++
			return ""
		}
		return v
	}
	list := func(name string, f table.Field, cut string) (out []string) {
		for _, part := range strings.FieldsFunc(get(name, f), func(r rune) bool { return r == '\n' || strings.ContainsRune(cut, r) }) {
			if part = strings.TrimSpace(part); part != "" && !slices.Contains(p.Absent, part) {
				out = append(out, part)
			}
		}
		return out
	}
	yes := func(name string, f table.Field) *bool {
		v := get(name, f)
		if v == "" {
			return nil
		}
		b := v == "yes"
		return &b
	}
	days := func(name string, f table.Field) *ItemDays {
		v := get(name, f)
		if v == "" {
			return nil
		}
		d, ok := ParseDays(v)
		if !ok {
			notes[name]++
			return nil
		}
		return &d
	}
	i := &p.Item
	e = ItemElements{Name: get("name", i.Name), Catalog: get("catalog", i.Catalog), Sub: get("sub", i.Sub), Aliases: list("aliases", i.Aliases, ",，;；、"), Code: get("code", i.Code), Basic: get("basic", i.Basic),
		Type: get("type", i.Type), Department: get("department", i.Department), Body: get("body", i.Body), Region: get("region", i.Region), Level: get("level", i.Level),
		Objects: list("objects", i.Objects, "；;"), Themes: list("themes", i.Themes, "；;"), Legal: days("legal", i.Legal), Promised: days("promised", i.Promised),
		Online: yes("online", i.Online), Express: yes("express", i.Express), Bookable: yes("bookable", i.Bookable), Conditions: get("conditions", i.Conditions), Materials: list("materials", i.Materials, "；;"),
		Laws: parseLaws(list("laws", i.Laws, "；;")), Place: get("place", i.Place), Phone: get("phone", i.Phone), Complaints: get("complaints", i.Complaints), URL: get("url", i.URL), Partners: get("partners", i.Partners),
		Platform: get("platform", i.Platform), SourceState: get("source_state", i.SourceState), Kind: get("kind", i.Kind), Hours: get("hours", i.Hours), Centre: get("centre", i.Centre)}
	if v := get("name_en", i.NameEN); v != "" {
		e.English = &ItemEnglish{Name: v}
	}
	if v := get("visits", i.Visits); v != "" {
		if n, err := strconv.Atoi(v); err == nil && n >= 0 && n < 100 {
			e.Visits = &n
		} else {
			notes["visits"]++
		}
	}
	if c, err := ParseItemCode(e.Code); err == nil {
		e.Body = cmp.Or(e.Body, c.Body)
		e.Basic = cmp.Or(e.Basic, c.Basic)
	}
	if e.Promised != nil && e.Kind == "" {
		e.Kind = "promised"
		if e.Promised.N == 0 {
			e.Kind = "at_once"
		}
	}
	key = get("key", i.Key)
	switch {
	case key == "":
		return key, e, &rowFault{"no_key", "key", e.Name}
	case len(key) > 200:
		return key, e, &rowFault{"key_too_long", "key", key}
	case e.Name == "":
		return key, e, &rowFault{"no_name", "name", key}
	case e.Department == "":
		return key, e, &rowFault{"no_department", "department", key}
	}
	return key, e, nil
}

// importing is an item on its way in.
type importing struct {
	key      string
	elements ItemElements
	score    int

	ready  bool // hash and tokens are made
	hash   string
	tokens string
}

// prepare makes what takes long, outside the transaction.
func (b *importing) prepare() {
	if !b.ready {
		b.ready, b.hash, b.tokens = true, b.elements.hash(), text.IndexTokens(b.elements.words())
	}
}

// putItems writes a batch: new ones, and new versions of those that have changed.
func (s *Service) putItems(ctx context.Context, p *ItemProfile, origin string, actor store.ID, batch []importing) (c landed, err error) {
	parallel.Each(len(batch), 25, func(i int) { batch[i].prepare() })
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = s.landItems(ctx, tx, p, origin, actor, batch)
		return err
	})
	return c, err
}

// landed is what became of a batch.
type landed struct{ imported, changed, present int }

// landItems is putItems within a transaction. What was published or retired here since
// the source brought it last is not written over: what the source has changed becomes a
// draft beside it. Nor is what somebody writes here: beside that it is offered, for them
// to take or to put aside.
func (s *Service) landItems(ctx context.Context, tx *store.Tx, p *ItemProfile, origin string, actor store.ID, batch []importing) (c landed, err error) {
	keys := make([]any, 0, len(batch)+1)
	keys = append(keys, p.Source)
	for _, b := range batch {
		keys = append(keys, b.key)
	}
	have, err := store.Select[struct {
		ID           store.ID
		Key          string
		Version, Seq int
		State        ItemState
		Hash         string
		Brought      string
	}](ctx, tx, `SELECT id, key, version, seq, state, hash, brought FROM service_item WHERE source = ? AND `+store.AnyOf("key", len(batch)), keys...)
	if err != nil {
		return c, err
	}
	known := map[string]int{}
	for i, h := range have {
		known[h.Key] = i
	}
	writing, err := s.writtenHere(ctx, tx, p.Source, keys[1:])
	if err != nil {
		return c, err
	}
	position, err := store.Get[int64](ctx, tx, `SELECT `+tx.Dialect().Position())
	if err != nil {
		return c, err
	}
	now, brought := store.At(s.Store.Now()), "{}"
	if p.State != ItemPublished {
		brought = `{"state":"` + string(p.State) + `"}`
	}
	var rows, versions, events [][]any
	var words []text.Entry
	for _, b := range batch {
		b.prepare()
		e, hash := b.elements, b.hash
		raw, err := json.Marshal(e)
		if err != nil {
			return c, err
		}
		i, is := known[b.key]
		if !is {
			id := tx.NewID()
			rows = append(rows, append([]any{id, p.Source, b.key, 1, string(p.State), now, 1, hash}, e.columns(hash, b.score)...))
			versions = append(versions, []any{id, 1, hash, string(raw), now, actor, origin})
			events = append(events, []any{id, 1, tx.NewID(), position, now, actor, string(ItemBring), 1, "", brought})
			words = append(words, text.Entry{ID: id, Tokens: b.tokens})
			c.imported++
			continue
		}
		h := have[i]
		switch {
		case h.Hash == hash || h.Brought == hash:
			c.present++
		case writing[h.ID]:
			if _, err := tx.Exec(ctx, `UPDATE service_item SET brought = ? WHERE id = ?`, hash, h.ID); err != nil {
				return c, err
			}
			if _, err := s.itemStep(ctx, tx, itemChange{item: h.ID, actor: actor, step: ItemOffer, seq: h.Seq, elements: &e, reason: p.Source}); err != nil {
				return c, err
			}
			c.changed++
		case h.State == ItemRetired || h.Brought != "" && h.Brought != h.Hash:
			if _, err := tx.Exec(ctx, `UPDATE service_item SET brought = ? WHERE id = ?`, hash, h.ID); err != nil {
				return c, err
			}
			if _, err := s.itemStep(ctx, tx, itemChange{item: h.ID, actor: actor, step: ItemWrite, seq: h.Seq, elements: &e, reason: p.Source}); err != nil {
				return c, err
			}
			c.changed++
		default:
			if _, err := tx.Exec(ctx, `UPDATE service_item SET version = ?, state = ?, changed_at = ?, seq = ?, brought = ?, `+setColumns+` WHERE id = ?`,
				append(append([]any{h.Version + 1, string(p.State), now, h.Seq + 1, hash}, e.columns(hash, b.score)...), h.ID)...); err != nil {
				return c, err
			}
			versions = append(versions, []any{h.ID, h.Version + 1, hash, string(raw), now, actor, origin})
			events = append(events, []any{h.ID, h.Seq + 1, tx.NewID(), position, now, actor, string(ItemBring), h.Version + 1, "", brought})
			if err := itemSearch.Put(ctx, tx, h.ID, e.words()); err != nil {
				return c, err
			}
			c.changed++
		}
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO service_item (id, source, key, version, state, changed_at, seq, brought, `+elementColumns+`) VALUES `, rows); err != nil {
		return c, err
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO service_item_version (item, version, hash, elements, at, by, origin) VALUES `, versions); err != nil {
		return c, err
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO service_item_event (item, seq, id, tx, at, actor, step, version, reason, data) VALUES `, events); err != nil {
		return c, err
	}
	return c, itemSearch.AddAll(ctx, tx, words)
}

// writtenHere are the items of a source that somebody here writes, or that are on their
// way to be published.
func (s *Service) writtenHere(ctx context.Context, tx *store.Tx, source string, keys []any) (map[store.ID]bool, error) {
	ids, err := store.Select[store.ID](ctx, tx, `SELECT d.item FROM service_item_draft d JOIN service_item i ON i.id = d.item WHERE (d.writers <> '[]' OR d.state <> 'draft') AND i.source = ? AND `+store.AnyOf("i.key", len(keys)), append([]any{source}, keys...)...)
	out := map[store.ID]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// What stands in an item's own row of its elements, for lists.
const (
	elementColumns = `hash, name, type, department, region, code, basic, catalog, online, score, saved`
	setColumns     = `hash = ?, name = ?, type = ?, department = ?, region = ?, code = ?, basic = ?, catalog = ?, online = ?, score = ?, saved = ?`
)

func (e ItemElements) columns(hash string, score int) []any {
	return []any{hash, e.Name, e.Type, e.Department, e.Region, e.Code, e.Basic, e.Catalog, e.Online, score, e.daysSaved()}
}

// words are what an item is found by.
func (e ItemElements) words() string {
	return strings.Join(append([]string{e.Name, e.Catalog, e.Sub, e.Code, e.Department, text.Pinyin(strings.Join(append([]string{e.Name}, e.Aliases...), "，"))}, e.Aliases...), " ")
}
