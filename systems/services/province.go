package services

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/caseflow"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// provinceRules are how this district tells the province (数据上报): services/province.yaml.
type provinceRules struct {
	Within string `yaml:"within"` // what is sent later was not sent in time
	First  string `yaml:"first"`  // pause after the first failure; twice as long after each
	Most   string `yaml:"most"`
	Batch  int    `yaml:"batch"` // rows
	Night  string `yaml:"night"`

	within, first, most, night time.Duration
}

const packProvince = "services/province.yaml"

// readProvince reads the rules; nil where the pack has none: the province is told nothing.
func readProvince(files fs.FS) (*provinceRules, error) {
	if !pack.Has(files, packProvince) {
		return nil, nil
	}
	r := &provinceRules{Within: "15m", First: "10s", Most: "10m", Batch: 100, Night: "02:20"}
	if err := pack.Settings(files, packProvince, r); err != nil {
		return nil, err
	}
	var errs []error
	for name, x := range map[string]struct {
		say string
		to  *time.Duration
	}{"within": {r.Within, &r.within}, "first": {r.First, &r.first}, "most": {r.Most, &r.most}} {
		d, err := time.ParseDuration(x.say)
		if err != nil || d <= 0 {
			errs = append(errs, fmt.Errorf("%s: %s: %q is no time such as 15m", packProvince, name, x.say))
		}
		*x.to = d
	}
	if r.Batch < 1 || r.Batch > 1000 {
		errs = append(errs, fmt.Errorf("%s: batch: 1 to 1000 rows", packProvince))
	}
	var err error
	if r.night, err = pack.TimeOfDay(r.Night); err != nil {
		errs = append(errs, fmt.Errorf("%s: night: %q is not a time of day such as 02:20", packProvince, r.Night))
	}
	return r, errors.Join(errs...)
}

// Kinds of what a row tells.
const (
	aboutCase    = "case"
	aboutLicence = "licence"
	aboutItem    = "item"
)

// States of a row.
const (
	rowQueued   = "queued"
	rowSent     = "sent"
	rowRejected = "rejected"
	rowDropped  = "dropped" // it is not sent again, for a reason that stands with its reject
)

// told is a row as it is now, to be sent where it differs from what was sent last.
type told struct {
	tab, key  string // key: what the row is, within its table
	data      map[string]string
	forget    bool // cd_operation D
	fixed     bool // it never changes
	person    store.ID
	unit      string
	kind      string
	about     store.ID
	itemValue int
	was       string // row_guid of one that is forgotten and whose key is no more known
}

// guid is the row's row_guid: it follows from what the row is, and never changes.
func (t told) guid() string {
	if t.was != "" {
		return t.was
	}
	sum := sha256.Sum256([]byte(t.tab + "\x00" + t.key))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // RFC 9562: a UUID of version 8
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// tell queues rows about one thing that differ from what was queued last, in the transaction
// of what changed them; with again those too that do not differ.
func (s *Service) tell(ctx context.Context, tx *store.Tx, at store.Time, again bool, rows ...told) error {
	if len(rows) == 0 {
		return nil
	}
	type queued struct {
		Tab, GUID, Op, Body string
		Version             int
		At                  store.Time
	}
	had, err := store.Select[queued](ctx, tx, `SELECT tab, guid, op, body, version, at FROM service_province_row WHERE kind = ? AND about = ? ORDER BY version`, rows[0].kind, rows[0].about)
	if err != nil {
		return err
	}
	newest := map[string]queued{}
	for _, q := range had {
		newest[q.Tab+" "+q.GUID] = q
	}
	var fresh [][]any
	for _, r := range rows {
		guid := r.guid()
		was, known := newest[r.tab+" "+guid]
		raw, err := json.Marshal(r.data)
		if err != nil {
			return err
		}
		op, version, when := "I", 1, at
		switch {
		case !known && r.forget:
			continue
		case known && !again && (r.fixed || was.Body == string(raw) && (was.Op == "D") == r.forget):
			continue
		case known:
			version = was.Version + 1
			if was.Op != "D" {
				op = "U"
			}
			// cd_time is to the second, and orders the versions of a row.
			if next := was.At.Truncate(time.Second).Add(time.Second); again && when.Before(next) {
				when = store.At(next)
			}
		}
		if r.forget {
			op = "D"
		}
		sent := adapter.ProvinceRow{Table: r.tab, GUID: guid, Op: op, At: adapter.AtCity(when.Time), Data: r.data}
		fresh = append(fresh, []any{tx.NewID(), r.tab, guid, version, op, r.kind, r.about, r.person, r.unit, r.itemValue, string(raw), sent.Hash(), when, when.In(s.Zone()).Format(time.DateOnly), rowQueued})
	}
	return store.InsertRows(ctx, tx, `INSERT INTO service_province_row (id, tab, guid, version, op, kind, about, person, unit, src, body, hash, at, day, state) VALUES `, fresh)
}

// happened runs in the transaction of every event of this system's matters.
func (s *Service) happened(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	if c.Matter.Flow == "finding" {
		return s.findingMoved(ctx, tx, c.Matter)
	}
	if err := s.after(ctx, tx, c); err != nil || c.Matter.Flow != "case" {
		return err
	}
	if !c.Matter.Open {
		if err := s.archiveDue(ctx, tx, c.Matter.ID); err != nil {
			return err
		}
	}
	if s.province.Load() == nil {
		return nil
	}
	rows, err := s.caseTold(ctx, tx, c.Matter, []caseflow.Event{*c.Event}, map[store.ID]string{c.Actor.Account: c.Actor.Name})
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, c.Event.At, false, rows...)
}

// licenceChanged follows what happens to a licence.
func (s *Service) licenceChanged(ctx context.Context, tx *store.Tx, id store.ID, at store.Time) error {
	r, err := store.Get[licenceRow](ctx, tx, `SELECT `+licenceColumns+` FROM service_licence l WHERE l.id = ?`, int64(id))
	if err != nil {
		return err
	}
	if err := s.archiveDue(ctx, tx, r.Matter); err != nil || s.province.Load() == nil {
		return err
	}
	return s.tell(ctx, tx, at, false, s.licenceTold(r))
}

func (s *Service) provinceTime(t store.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(s.Zone()).Format(time.DateTime)
}

// bodyOf is the credit code of a unit.
func (s *Service) bodyOf(unit string) string {
	if c := s.casework.Load(); c != nil {
		return c.Bodies[unit]
	}
	return ""
}

// caseTold are the rows of a case as it is now, its steps of the events given.
func (s *Service) caseTold(ctx context.Context, q store.Querier, m *caseflow.Matter, events []caseflow.Event, names map[store.ID]string) ([]told, error) {
	x, err := getCase(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	e, err := s.pinned(m.Item)
	if err != nil {
		return nil, err
	}
	key, err := store.Get[string](ctx, q, `SELECT key FROM service_item WHERE id = ?`, int64(x.Item))
	if err != nil {
		return nil, err
	}
	due, err := caseflow.DueByClock(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	of := func(tab, key string, data map[string]string) told {
		data["project_no"] = m.No
		return told{tab: tab, key: m.No + key, data: data, unit: m.Unit, kind: aboutCase, about: m.ID}
	}
	head := of(adapter.ProvinceCase, "", map[string]string{
		"project_name": e.Name, "org_code": s.bodyOf(m.Unit), "org_name": s.Dir.Tree().Name(m.Unit), "task_code": cmp.Or(e.Code, key), "task_version": strconv.Itoa(x.Version), "apply_type": x.Channel,
		"receive_date": s.provinceTime(m.OpenedAt), "accept_date": s.provinceTime(x.AcceptedAt), "promise_date": s.provinceTime(due["promise"]), "anticipate_date": s.provinceTime(due["legal"]),
		"project_state": strconv.Itoa(int(x.Ext)), "is_deemed": provinceFlag(x.Deemed)})
	head.person = m.Applicant
	if x.Deemed && x.AcceptedAt.Before(m.OpenedAt.Time) {
		head.data["accept_date"] = head.data["receive_date"]
	}
	rows := []told{head}
	materials, err := materialsOf(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range materials {
		spec := e.Handling.material(r.Material)
		if spec == nil {
			continue
		}
		var files []string
		if err := json.Unmarshal([]byte(r.Files), &files); err != nil {
			return nil, err
		}
		rows = append(rows, of(adapter.ProvinceMaterial, "/"+r.Material, map[string]string{"material_name": spec.Name["zh"], "get_type": r.State, "get_num": strconv.Itoa(len(files)), "get_time": s.provinceTime(r.At)}))
	}
	flow := s.Engine.Flow(m.Flow)
	for _, ev := range events {
		a := flow.Actions[ev.Action]
		if a == nil {
			continue // marks and the like are the house's own
		}
		opinion := ""
		for _, field := range []string{"opinion", "reason", "what", "result", "note", "where"} {
			if opinion = said(ev.Data.Form, field); opinion != "" {
				break
			}
		}
		who := ""
		if ev.Unit != "" {
			who = names[ev.Actor]
		}
		step := of(adapter.ProvinceStep, "/"+strconv.Itoa(ev.Seq), map[string]string{"process_name": a.Title["zh"], "event_name": ev.Action, "event_start_time": s.provinceTime(ev.At), "event_end_time": s.provinceTime(ev.At),
			"handle_user": who, "handle_dept": s.Dir.Tree().Name(ev.Unit), "opinion": text.Mask(opinion), "serial": strconv.Itoa(ev.Seq)})
		step.fixed = true
		rows = append(rows, step)
	}
	special, err := s.specialTold(ctx, q, m, of)
	if err != nil {
		return nil, err
	}
	rows = append(rows, special...)
	if x.Ext.Final() || !x.DecidedAt.IsZero() {
		result := of(adapter.ProvinceResult, "/result", map[string]string{"result_type": strconv.Itoa(int(x.Ext)), "result_date": s.provinceTime(cmp.Or(x.DecidedAt, m.ClosedAt)), "is_delivery_results": provinceFlag(m.State == "granted")})
		if result.data["result_date"] == "" {
			result.data["result_date"] = s.provinceTime(m.UpdatedAt)
		}
		grades, err := store.Select[int](ctx, q, `SELECT grade FROM service_rating WHERE kind = ? AND object = ? AND n = 1 AND state = 'rated' AND excluded = '' AND grade IS NOT NULL`, ratingCase, m.ID)
		if err != nil {
			return nil, err
		}
		if result.data["satisfaction"] = ""; len(grades) > 0 { // what counts of what somebody said; silence is none
			result.data["satisfaction"] = strconv.Itoa(grades[0])
		}
		if l, err := s.licenceOf(ctx, q, m.ID); err == nil {
			result.data["result_cetr_no"] = l.No
		} else if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		rows = append(rows, result)
	}
	return rows, nil
}

func provinceFlag(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

// specialTold are the special procedures of a case, each from its beginning to its end.
func (s *Service) specialTold(ctx context.Context, q store.Querier, m *caseflow.Matter, of func(string, string, map[string]string) told) (rows []told, err error) {
	events, err := store.Select[caseflow.Event](ctx, q, `SELECT seq, at, action, data FROM matter_event WHERE matter = ? AND action IN ('special', 'special_done') ORDER BY seq`, m.ID)
	for _, ev := range events {
		if ev.Action == "special" {
			kind := said(ev.Data.Form, "kind")
			rows = append(rows, of(adapter.ProvinceSpecial, "/special/"+strconv.Itoa(ev.Seq), map[string]string{"procedure_type": kind, "procedure_name": specialNames[kind], "reason": said(ev.Data.Form, "reason"), "start_time": s.provinceTime(ev.At), "end_time": "", "result": ""}))
		} else if n := len(rows); n > 0 {
			rows[n-1].data["end_time"], rows[n-1].data["result"] = s.provinceTime(ev.At), said(ev.Data.Form, "result")
		}
	}
	return rows, err
}

func (s *Service) licenceTold(r licenceRow) told {
	name := struct {
		ZH string `json:"zh"`
	}{}
	_ = json.Unmarshal([]byte(r.Name), &name)
	return told{tab: adapter.ProvinceLicence, key: r.Identifier, person: r.Person, unit: r.Issuer, kind: aboutLicence, about: r.ID, data: map[string]string{
		"certificate_source_id": r.Identifier, "certificate_type_code": r.Type, "certificate_name": name.ZH, "certificate_no": r.No, "issue_dept": s.Dir.Tree().Name(r.Issuer), "issue_dept_code": s.bodyOf(r.Issuer),
		"issue_date": s.provinceTime(r.IssuedAt), "valid_from": r.From, "valid_to": r.To, "certificate_state": r.Status}}
}

// itemTold are the rows of a version of an item.
func (s *Service) itemTold(id store.ID, key string, version int, e *ItemElements, retired bool) []told {
	unit, _ := s.unitOf(e.Department)
	code := cmp.Or(e.Code, key)
	days := func(d *ItemDays) (string, string) {
		if d == nil {
			return "", ""
		}
		return strconv.Itoa(d.N), d.Unit
	}
	of := func(tab, more string, data map[string]string) told {
		data["task_code"] = code
		return told{tab: tab, key: code + more, data: data, forget: retired, unit: unit, kind: aboutItem, about: id, itemValue: version}
	}
	legal, legalUnit := days(e.Legal)
	promised, promisedUnit := days(e.Promised)
	flag := func(b *bool) string { return provinceFlag(b != nil && *b) }
	visits := ""
	if e.Visits != nil {
		visits = strconv.Itoa(*e.Visits)
	}
	rows := []told{
		of(adapter.ProvinceItem, "", map[string]string{"catalog_code": e.Basic, "task_name": e.Name, "task_type": e.Type, "task_version": strconv.Itoa(version), "dept_name": e.Department, "dept_code": cmp.Or(e.Body, s.bodyOf(unit)), "use_level": e.Level, "project_type": e.Kind, "power_source": e.Power,
			"anticipate_day": legal, "anticipate_type": legalUnit, "promise_day": promised, "promise_type": promisedUnit, "accept_condition": e.Conditions, "by_law": lawWords(e.Laws, "、"), "limit_scene_num": visits, "link_way": e.Phone, "supervise_way": e.Complaints, "transact_addr": e.Place, "transact_time": e.Hours}),
		of(adapter.ProvinceItemMore, "", map[string]string{"is_online": flag(e.Online), "is_express": flag(e.Express), "is_schedule": flag(e.Bookable), "other_dept": e.Partners, "is_entry_center": provinceFlag(e.Centre != "")}),
	}
	papers := e.Papers
	if e.Handling != nil {
		papers = e.Handling.Materials
	}
	for i, m := range papers {
		rows = append(rows, of(adapter.ProvinceItemNeed, "/"+m.ID, map[string]string{"material_name": m.Name["zh"], "source_type": m.Source, "material_format": m.Format, "page_num": strconv.Itoa(m.Copies), "is_need": provinceFlag(m.When == ""), "accept_stand": m.Accept["zh"], "by_law": m.Law, "order_num": strconv.Itoa(i + 1)}))
	}
	for i, f := range e.Fees {
		rows = append(rows, of(adapter.ProvinceItemFee, "/fee/"+f.Name, map[string]string{"fee_name": f.Name, "fee_stand": f.Amount, "by_law": f.Basis, "order_num": strconv.Itoa(i + 1)}))
	}
	if h := e.Handling; h != nil && h.Fee != nil {
		rows = append(rows, of(adapter.ProvinceItemFee, "/fee", map[string]string{"fee_name": h.Fee.Name["zh"], "fee_stand": fmt.Sprintf("%d.%02d 元", h.Fee.Amount/100, h.Fee.Amount%100), "by_law": h.Fee.Basis, "order_num": strconv.Itoa(len(e.Fees) + 1)}))
	}
	for i, q := range e.Questions {
		rows = append(rows, of(adapter.ProvinceItemAsk, "/question/"+q.Q, map[string]string{"question": q.Q, "answer": q.A, "order_num": strconv.Itoa(i + 1)}))
	}
	if e.Basic != "" { // each item tells its own line of the catalogue, by the code that it has there
		rows = append(rows, told{tab: adapter.ProvinceCatalog, key: e.Basic + "/" + code, forget: retired, unit: unit, kind: aboutItem, about: id, itemValue: version,
			data: map[string]string{"catalog_code": e.Basic, "local_catalog_code": code, "task_name": cmp.Or(e.Catalog, e.Name), "task_type": e.Type, "task_version": strconv.Itoa(version), "use_level": e.Level, "by_law": lawWords(e.Laws, "、")}})
	}
	return rows
}

// TellItems queues what is new of the items that this district keeps itself; those that
// came from the province it has. It returns how many.
func (s *Service) TellItems(ctx context.Context) (n int, err error) {
	if s.province.Load() == nil {
		return 0, nil
	}
	for {
		due, err := store.Select[struct {
			ID       store.ID
			Key      string
			Version  int
			State    string
			Elements string
		}](ctx, s.Store, `SELECT i.id, i.key, i.version, i.state, v.elements FROM service_item i JOIN service_item_version v ON v.item = i.id AND v.version = i.version WHERE i.source IN ('', 'pack') AND i.state IN ('published', 'retired')
 AND NOT EXISTS (SELECT 1 FROM service_province_row r WHERE r.kind = 'item' AND r.about = i.id AND r.tab = ? AND r.src = i.version AND (r.op = 'D') = (i.state = 'retired')) AND (i.state = 'published' OR EXISTS (SELECT 1 FROM service_province_row r WHERE r.kind = 'item' AND r.about = i.id)) ORDER BY i.id LIMIT 50`, adapter.ProvinceItem)
		if err != nil || len(due) == 0 {
			return n, err
		}
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			for _, d := range due {
				e := &ItemElements{}
				if err := json.Unmarshal([]byte(d.Elements), e); err != nil {
					return err
				}
				rows := s.itemTold(d.ID, d.Key, d.Version, e, d.State == "retired")
				gone, err := itemGone(ctx, tx, rows)
				if err != nil {
					return err
				}
				if err := s.tell(ctx, tx, store.At(s.Store.Now()), true, append(rows, gone...)...); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return n, err
		}
		n += len(due)
	}
}

// itemGone are the rows that were told of an item and that its version has no more: a
// material, a fee or a question that was taken out.
func itemGone(ctx context.Context, q store.Querier, rows []told) (gone []told, err error) {
	had, err := store.Select[struct{ Tab, GUID, Op, Body string }](ctx, q, `SELECT tab, guid, op, body FROM service_province_row WHERE kind = ? AND about = ? ORDER BY version DESC`, aboutItem, rows[0].about)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.guid()] = true
	}
	for _, h := range had {
		if seen[h.GUID] {
			continue
		}
		if seen[h.GUID] = true; h.Op == "D" {
			continue
		}
		r := told{tab: h.Tab, was: h.GUID, forget: true, unit: rows[0].unit, kind: aboutItem, about: rows[0].about, itemValue: rows[0].itemValue}
		if err := json.Unmarshal([]byte(h.Body), &r.data); err != nil {
			return nil, err
		}
		gone = append(gone, r)
	}
	return gone, nil
}

// toldRow is a row as it is kept.
type toldRow struct {
	ID      store.ID   `bun:"id"`
	Tab     string     `bun:"tab"`
	GUID    string     `bun:"guid"`
	Version int        `bun:"version"`
	Op      string     `bun:"op"`
	Kind    string     `bun:"kind"`
	About   store.ID   `bun:"about"`
	Person  store.ID   `bun:"person"`
	Unit    string     `bun:"unit"`
	Body    string     `bun:"body"`
	Hash    string     `bun:"hash"`
	At      store.Time `bun:"at"`
	State   string     `bun:"state"`
	Batch   store.ID   `bun:"batch"`
	SentAt  store.Time `bun:"sent_at"`
}

const toldColumns = `r.id, r.tab, r.guid, r.version, r.op, r.kind, r.about, COALESCE(r.person, 0) AS person, r.unit, r.body, r.hash, r.at, r.state, COALESCE(r.batch, 0) AS batch, r.sent_at`

// SendProvince sends what is queued, in the order in which it happened, and takes in what
// the province would not have. While the province does not answer, everything waits.
func (s *Service) SendProvince(ctx context.Context) error {
	rules := s.province.Load()
	if rules == nil || s.Province == nil {
		return nil
	}
	if _, err := s.TellItems(ctx); err != nil {
		return err
	}
	for {
		b, err := s.nextBatch(ctx, rules)
		if err != nil {
			return err
		}
		if b.ID == 0 {
			break
		}
		if ok, err := s.sendBatch(ctx, rules, b); err != nil || !ok {
			return err
		}
	}
	return s.TakeRejects(ctx)
}

type batchRow struct {
	ID     store.ID   `bun:"id"`
	Tries  int        `bun:"tries"`
	NextAt store.Time `bun:"next_at"`
}

// sendOrder is items before the cases that refer to them, and then as it happened.
const sendOrder = `CASE r.kind WHEN 'item' THEN 0 ELSE 1 END, r.id`

// nextBatch is the batch whose turn it is: the oldest that the province has not answered,
// else a new one of what is queued, with no row twice: a reject then names the version that
// it means. None (0) where nothing is, or it is too early.
func (s *Service) nextBatch(ctx context.Context, rules *provinceRules) (batchRow, error) {
	open, err := store.Select[batchRow](ctx, s.Store, `SELECT id, tries, next_at FROM service_province_batch WHERE state = 'open' ORDER BY id LIMIT 1`)
	if err != nil {
		return batchRow{}, err
	}
	now := store.At(s.Store.Now())
	if len(open) > 0 {
		if open[0].NextAt.After(now.Time) {
			return batchRow{}, nil
		}
		return open[0], nil
	}
	var b batchRow
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		b = batchRow{ID: tx.NewID(), NextAt: now}
		n, err := tx.Exec(ctx, `UPDATE service_province_row SET batch = ? WHERE id IN (SELECT r.id FROM service_province_row r WHERE r.state = 'queued' AND r.batch IS NULL
 AND NOT EXISTS (SELECT 1 FROM service_province_row p WHERE p.tab = r.tab AND p.guid = r.guid AND p.version < r.version AND p.state = 'queued') ORDER BY `+sendOrder+` LIMIT ?)`, b.ID, rules.Batch)
		if err != nil || n == 0 {
			b.ID = 0
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO service_province_batch (id, n, state, tries, at, next_at, error) VALUES (?, ?, 'open', 0, ?, ?, '')`, b.ID, n, now, now)
		return err
	})
	return b, err
}

// sendBatch sends a batch; ok is false where the province did not take it now.
func (s *Service) sendBatch(ctx context.Context, rules *provinceRules, b batchRow) (ok bool, err error) {
	rows, err := store.Select[toldRow](ctx, s.Store, `SELECT `+toldColumns+` FROM service_province_row r WHERE r.batch = ? ORDER BY `+sendOrder, b.ID)
	if err != nil {
		return false, err
	}
	out := adapter.ProvinceBatch{No: b.ID.String()}
	for _, r := range rows {
		sent, err := s.rowToSend(ctx, r)
		if err != nil {
			return false, err
		}
		out.Rows = append(out.Rows, sent)
	}
	_, err = s.Province.Send(ctx, out)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	now := store.At(s.Store.Now())
	var no *adapter.CityRefusal
	return err == nil || errors.As(err, &no) && no.Lasting(), s.Store.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		switch {
		case err == nil:
			if _, err := tx.Exec(ctx, `UPDATE service_province_row SET state = 'sent', sent_at = ? WHERE batch = ?`, now, b.ID); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE service_province_batch SET state = 'sent', sent_at = ?, next_at = NULL, tries = tries + 1, error = '' WHERE id = ?`, now, b.ID)
			return err
		case no == nil || !no.Lasting():
			wait := min(rules.first<<min(b.Tries, 20), rules.most)
			_, err := tx.Exec(ctx, `UPDATE service_province_batch SET tries = tries + 1, next_at = ?, error = ? WHERE id = ?`, store.At(now.Add(wait)), err.Error(), b.ID)
			return err
		}
		// One row may spoil a batch: each is sent alone, and the one goes to the box.
		if _, err := tx.Exec(ctx, `UPDATE service_province_batch SET state = 'refused', next_at = NULL, tries = tries + 1, error = ? WHERE id = ?`, no.Error(), b.ID); err != nil {
			return err
		}
		if len(rows) == 1 {
			return s.putReject(ctx, tx, adapter.ProvinceReject{Type: no.Code, Table: rows[0].Tab, GUID: rows[0].GUID, Said: no.Text, At: adapter.AtCity(now.Time)}, &rows[0])
		}
		for _, r := range rows {
			alone := tx.NewID()
			if _, err := tx.Exec(ctx, `INSERT INTO service_province_batch (id, n, state, tries, at, next_at, error) VALUES (?, 1, 'open', 0, ?, ?, '')`, alone, now, now); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE service_province_row SET batch = ? WHERE id = ?`, alone, r.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// personalColumns are where the data of a person goes, by table.
var personalColumns = map[string]map[string]vault.Kind{
	adapter.ProvinceCase:    {"applyer_name": vault.Name, "applyer_page_code": vault.IDNumber},
	adapter.ProvinceLicence: {"holder_name": vault.Name, "holder_code": vault.IDNumber},
}

// rowToSend is a row as it is sent: with the data of its person, which is kept in the
// vault alone. Of one who was erased it has none.
func (s *Service) rowToSend(ctx context.Context, r toldRow) (adapter.ProvinceRow, error) {
	out := adapter.ProvinceRow{Table: r.Tab, GUID: r.GUID, Op: r.Op, Batch: r.Batch.String(), At: adapter.AtCity(r.At.Time)}
	if err := json.Unmarshal([]byte(r.Body), &out.Data); err != nil {
		return out, err
	}
	columns := personalColumns[r.Tab]
	if r.Person == 0 || len(columns) == 0 {
		return out, nil
	}
	who, err := s.Vault.Own(ctx, s.Store, r.Person)
	if err != nil && !errors.Is(err, vault.ErrErased) {
		return out, err
	}
	for column, kind := range columns {
		out.Data[column] = who[kind]
	}
	if r.Kind == aboutCase { // what the form says of who applies, where the account does not
		x, err := getCase(ctx, s.Store, r.About)
		if err != nil {
			return out, err
		}
		if told, err := s.said(ctx, s.Store, x.Application); err == nil {
			out.Data["applyer_name"] = cmp.Or(out.Data["applyer_name"], asText(told.Values["name"]))
			out.Data["applyer_page_code"] = cmp.Or(out.Data["applyer_page_code"], asText(told.Values["id_no"]))
		}
	}
	if r.Kind == aboutLicence && out.Data["holder_name"] == "" {
		if out.Data["holder_name"], err = store.Get[string](ctx, s.Store, `SELECT holder FROM service_licence WHERE id = ?`, int64(r.About)); err != nil {
			return out, err
		}
	}
	return out, nil
}

// TakeRejects takes in what the province would not take, each once.
func (s *Service) TakeRejects(ctx context.Context) error {
	for {
		after, err := store.Get[int64](ctx, s.Store, `SELECT COALESCE(MAX(theirs), 0) FROM service_province_reject`)
		if err != nil {
			return err
		}
		list, err := s.Province.Rejects(ctx, after)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, x := range list {
			if x.ID <= after {
				continue // it was told twice
			}
			if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				rows, err := store.Select[toldRow](ctx, tx, `SELECT `+toldColumns+` FROM service_province_row r WHERE r.tab = ? AND r.guid = ? ORDER BY r.version DESC`, x.Table, x.GUID)
				if err != nil {
					return err
				}
				var row *toldRow
				for i := range rows {
					if rows[i].Batch.String() == x.Batch || row == nil {
						row = &rows[i]
					}
				}
				return s.putReject(ctx, tx, x, row)
			}); err != nil {
				return err
			}
			after = x.ID
		}
	}
}

// putReject puts a reject into the box; one that names no row of ours too. What was sent
// of the row since then stands or falls by itself.
func (s *Service) putReject(ctx context.Context, tx *store.Tx, x adapter.ProvinceReject, row *toldRow) error {
	var theirs any
	if x.ID > 0 {
		theirs = x.ID
	}
	id, unit, reject := store.ID(0), "", tx.NewID()
	if row != nil {
		id, unit = row.ID, row.Unit
	}
	n, err := tx.Exec(ctx, `INSERT INTO service_province_reject (id, theirs, tab, guid, row_id, unit, err_type, said, at, state, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', '') ON CONFLICT (theirs) DO NOTHING`,
		reject, theirs, x.Table, x.GUID, id, unit, x.Type, text.Mask(x.Said), store.At(s.Store.Now()))
	if err != nil || n == 0 || row == nil {
		return err
	}
	if _, err = tx.Exec(ctx, `UPDATE service_province_row SET state = 'rejected' WHERE id = ?`, row.ID); err != nil || s.Notices == nil {
		return err
	}
	// Who mends is told once, of the first that lies open in their box.
	about, role := "r.kind <> 'item'", "acceptor"
	if row.Kind == aboutItem {
		about, role = "r.kind = 'item'", roleItemEditor
	}
	var open int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM service_province_reject x JOIN service_province_row r ON r.id = x.row_id WHERE x.unit = ? AND x.state = 'open' AND `+about, unit).Scan(&open); err != nil || open > 1 {
		return err
	}
	return s.Notices.Tell(ctx, tx, notice.Note{Name: "province_rejected", Desk: role + "@" + unit, About: "reject/" + reject.String(), Link: "/desk/province?id=" + reject.String(), Words: map[string]string{"reason": text.Mask(x.Said)}})
}

// tellSatisfaction tells the province what an applicant said of a case that it knows.
func (s *Service) tellSatisfaction(ctx context.Context, tx *store.Tx, matter store.ID, at store.Time) error {
	if s.province.Load() == nil {
		return nil
	}
	m, err := caseflow.Get(ctx, tx, matter)
	if err != nil {
		return err
	}
	rows, err := s.caseTold(ctx, tx, m, nil, nil)
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, at, false, slices.DeleteFunc(rows, func(r told) bool { return r.tab != adapter.ProvinceResult })...)
}

// retold are the rows about one thing as they are now.
func (s *Service) retold(ctx context.Context, q store.Querier, kind string, about store.ID) ([]told, error) {
	switch kind {
	case aboutCase:
		m, err := caseflow.Get(ctx, q, about)
		if err != nil {
			return nil, err
		}
		events, err := caseflow.Events(ctx, q, about)
		if err != nil {
			return nil, err
		}
		var staff []store.ID
		for _, e := range events {
			if e.Unit != "" && !slices.Contains(staff, e.Actor) {
				staff = append(staff, e.Actor)
			}
		}
		names, err := account.Names(ctx, q, staff...)
		if err != nil {
			return nil, err
		}
		return s.caseTold(ctx, q, m, events, names)
	case aboutLicence:
		r, err := store.Get[licenceRow](ctx, q, `SELECT `+licenceColumns+` FROM service_licence l WHERE l.id = ?`, int64(about))
		return []told{s.licenceTold(r)}, err
	}
	r, err := store.Get[struct {
		Key, State, Elements string
		Version              int
	}](ctx, q, `SELECT i.key, i.state, i.version, v.elements FROM service_item i JOIN service_item_version v ON v.item = i.id AND v.version = i.version WHERE i.id = ?`, int64(about))
	if err != nil {
		return nil, err
	}
	e := &ItemElements{}
	if err := json.Unmarshal([]byte(r.Elements), e); err != nil {
		return nil, err
	}
	return s.itemTold(about, r.Key, r.Version, e, r.State == "retired"), nil
}
