package services

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Rejected is a row that the province would not take (退回数据).
type Rejected struct {
	ID     store.ID   `bun:"id" json:"id"`
	Table  string     `bun:"tab" json:"table"`
	GUID   string     `bun:"guid" json:"row_guid"`
	Type   string     `bun:"err_type" json:"err_type"`
	Said   string     `bun:"said" json:"said" doc:"What the province said"`
	Unit   string     `bun:"unit" json:"unit,omitempty"`
	At     store.Time `bun:"at" json:"at"`
	State  string     `bun:"state" json:"state" enum:"open,resent,marked"`
	Reason string     `bun:"reason" json:"reason,omitempty"`
	By     string     `bun:"by_name" json:"by,omitempty"`
	Done   store.Time `bun:"done_at" json:"done_at,omitzero"`
	Kind   string     `bun:"kind" json:"kind" enum:"case,licence,item," doc:"What the row tells; empty: no row of ours"`
	About  store.ID   `bun:"about" json:"about,omitempty"`
	No     string     `bun:"no" json:"no,omitempty" doc:"Of the case or licence"`
	Title  string     `bun:"title" json:"title,omitempty"`
	Case   store.ID   `bun:"case_id" json:"case,omitempty"`

	RowID store.ID `bun:"row_id" json:"-"`
}

// RejectedRow is one with all that was sent of it.
type RejectedRow struct {
	Rejected
	Data     map[string]string `json:"data,omitempty" doc:"As it was sent, but for personal data"`
	Now      map[string]string `json:"now,omitempty" doc:"As it would be sent now"`
	Versions []SentVersion     `json:"versions"`
	Others   int               `json:"others" doc:"Open rejects about the same thing, which are sent again with it"`
}

// SentVersion is one version of a row.
type SentVersion struct {
	Version int        `bun:"version" json:"version"`
	Op      string     `bun:"op" json:"cd_operation"`
	At      store.Time `bun:"at" json:"cd_time"`
	State   string     `bun:"state" json:"state" enum:"queued,sent,rejected,dropped"`
	Batch   store.ID   `bun:"batch" json:"cd_batch,omitempty"`
	SentAt  store.Time `bun:"sent_at" json:"sent_at,omitzero"`
}

const rejectedFrom = ` FROM service_province_reject x LEFT JOIN service_province_row r ON r.id = x.row_id LEFT JOIN service_licence l ON r.kind = 'licence' AND l.id = r.about
 LEFT JOIN matter m ON m.id = CASE WHEN r.kind = 'case' THEN r.about ELSE l.matter END LEFT JOIN service_item i ON r.kind = 'item' AND i.id = r.about LEFT JOIN account a ON a.id = x.actor `
const rejectedColumns = `x.id, x.tab, x.guid, x.err_type, x.said, x.unit, x.at, x.state, x.reason, x.done_at, COALESCE(x.row_id, 0) AS row_id, COALESCE(a.name, '') AS by_name, COALESCE(r.kind, '') AS kind, COALESCE(r.about, 0) AS about, COALESCE(l.no, m.no, i.key, '') AS no, COALESCE(i.name, m.title, '') AS title, COALESCE(m.id, 0) AS case_id`

// provinceScope is which rejects somebody sees: who supervises all, a department's own
// staff those of its rows, its editors of items those about items.
func provinceScope(who account.Actor) (string, []any) {
	if who.HasAny("inspector") {
		return "1=1", nil
	}
	var own []string
	for _, role := range []string{"acceptor", "approver"} {
		own = append(own, who.UnitsWith(role)...)
	}
	editing := who.UnitsWith(roleItemEditor)
	conds, args := []string{"1=0"}, []any{}
	if len(own) > 0 {
		conds, args = append(conds, store.AnyOf("x.unit", len(own))), append(args, store.Args(own...)...)
	}
	if len(editing) > 0 {
		conds, args = append(conds, "EXISTS (SELECT 1 FROM service_province_row o WHERE o.id = x.row_id AND o.kind = 'item') AND "+store.AnyOf("x.unit", len(editing))), append(args, store.Args(editing...)...)
	}
	return "(" + strings.Join(conds, " OR ") + ")", args
}

// RejectFilter narrows the box.
type RejectFilter struct {
	State, Type, Unit, Table string
	Before                   store.ID
	Limit                    int
}

// Rejects lists the box (退回箱), the newest first.
func (s *Service) Rejects(ctx context.Context, who account.Actor, f RejectFilter) ([]Rejected, error) {
	cond, args := provinceScope(who)
	conds := []string{cond}
	add := func(c string, a ...any) { conds, args = append(conds, c), append(args, a...) }
	for column, v := range map[string]string{"x.state": f.State, "x.err_type": f.Type, "x.unit": f.Unit, "x.tab": f.Table} {
		if v != "" {
			add(column+" = ?", v)
		}
	}
	if f.Before != 0 {
		add("x.id < ?", int64(f.Before))
	}
	list, err := store.Select[Rejected](ctx, s.Store, `SELECT `+rejectedColumns+rejectedFrom+`WHERE `+strings.Join(conds, " AND ")+` ORDER BY x.id DESC LIMIT ?`, append(args, f.Limit)...)
	for i := range list {
		list[i].Unit = s.Dir.Tree().Name(list[i].Unit)
	}
	return list, err
}

func (s *Service) reject(ctx context.Context, q store.Querier, who account.Actor, id store.ID) (Rejected, error) {
	cond, args := provinceScope(who)
	return store.Get[Rejected](ctx, q, `SELECT `+rejectedColumns+rejectedFrom+`WHERE x.id = ? AND `+cond, append([]any{int64(id)}, args...)...)
}

// Reject opens one.
func (s *Service) Reject(ctx context.Context, who account.Actor, id store.ID) (RejectedRow, error) {
	x, err := s.reject(ctx, s.Store, who, id)
	out := RejectedRow{Rejected: x, Versions: []SentVersion{}}
	if err != nil || x.RowID == 0 {
		return out, err
	}
	out.Unit = s.Dir.Tree().Name(out.Unit)
	body, err := store.Get[string](ctx, s.Store, `SELECT body FROM service_province_row WHERE id = ?`, x.RowID)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal([]byte(body), &out.Data); err != nil {
		return out, err
	}
	if out.Versions, err = store.Select[SentVersion](ctx, s.Store, `SELECT version, op, at, state, COALESCE(batch, 0) AS batch, sent_at FROM service_province_row WHERE tab = ? AND guid = ? ORDER BY version DESC LIMIT 50`, x.Table, x.GUID); err != nil {
		return out, err
	}
	rows, err := s.retold(ctx, s.Store, x.Kind, x.About)
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		if r.tab == x.Table && r.guid() == x.GUID {
			out.Now = r.data
		}
	}
	// The rated never see the rater: this row names the case.
	delete(out.Data, "satisfaction")
	delete(out.Now, "satisfaction")
	out.Others, err = store.Get[int](ctx, s.Store, `SELECT count(*) FROM service_province_reject x JOIN service_province_row r ON r.id = x.row_id WHERE x.state = 'open' AND x.id <> ? AND r.kind = ? AND r.about = ?`, x.ID, x.Kind, x.About)
	return out, err
}

// ActOnReject ends a reject: by sending the row again as it is now, after its cause was
// repaired, and with it all of the same thing that did not pass either; or by marking it,
// with a reason, as one that is not sent again.
func (s *Service) ActOnReject(ctx context.Context, who account.Actor, id store.ID, act, reason string) error {
	return s.endReject(ctx, who, id, act, reason, func(ctx context.Context, tx *store.Tx) error { return httpapi.Once(ctx, tx, http.StatusNoContent, nil) })
}

func (s *Service) endReject(ctx context.Context, who account.Actor, id store.ID, act, reason string, then func(context.Context, *store.Tx) error) error {
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		x, err := s.reject(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if x.State != "open" {
			return httpapi.Fail(http.StatusConflict, "refused_state")
		}
		now := store.At(s.Store.Now())
		done := func(id store.ID, state string) error {
			_, err := tx.Exec(ctx, `UPDATE service_province_reject SET state = ?, reason = ?, actor = ?, done_at = ? WHERE id = ? AND state = 'open'`, state, text.Mask(reason), who.Account, now, id)
			return err
		}
		if act == "mark" {
			if strings.TrimSpace(reason) == "" {
				return httpapi.FailField("reason", "required")
			}
			if _, err := tx.Exec(ctx, `UPDATE service_province_row SET state = 'dropped' WHERE id = ? AND state = 'rejected'`, x.RowID); err != nil {
				return err
			}
			if err := done(x.ID, "marked"); err != nil {
				return err
			}
		} else {
			if x.RowID == 0 {
				return httpapi.Fail(http.StatusConflict, "no_row")
			}
			rows, err := s.retold(ctx, tx, x.Kind, x.About)
			if err != nil {
				return err
			}
			open, err := store.Select[Rejected](ctx, tx, `SELECT x.id, x.tab, x.guid FROM service_province_reject x JOIN service_province_row r ON r.id = x.row_id WHERE x.state = 'open' AND r.kind = ? AND r.about = ?`, x.Kind, x.About)
			if err != nil {
				return err
			}
			sent := map[string]bool{}
			for _, o := range open {
				sent[o.Table+" "+o.GUID] = true
			}
			for _, r := range rows { // in their order: what others refer to comes first
				if sent[r.tab+" "+r.guid()] {
					if err := s.tell(ctx, tx, now, true, r); err != nil {
						return err
					}
				}
			}
			for _, o := range open {
				if err := done(o.ID, "resent"); err != nil {
					return err
				}
			}
		}
		if err := audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "province." + act, Object: "reject/" + id.String(), Reason: reason}, map[string]any{"table": x.Table, "row_guid": x.GUID}); err != nil {
			return err
		}
		return then(ctx, tx)
	})
}

// ResendRejects sends again all that is open of a kind, once its common cause was repaired,
// of the units that the caller sees. It returns how many rejects that ended.
func (s *Service) ResendRejects(ctx context.Context, who account.Actor, f RejectFilter, reason string) (int, error) {
	f.State, f.Limit = "open", 200
	done := 0
	for f.Before = 0; ; {
		list, err := s.Rejects(ctx, who, f)
		if err != nil || len(list) == 0 {
			return done, err
		}
		for _, x := range list {
			f.Before = x.ID
			if x.Kind == "" {
				continue // no row of ours
			}
			var p *httpapi.Problem
			switch err := s.endReject(ctx, who, x.ID, "resend", reason, nothingMore); {
			case err == nil:
				done++
			case errors.As(err, &p) && p.Code == "refused_state":
				done++ // it went with another of the same case
			default:
				return done, err
			}
		}
	}
}

func nothingMore(context.Context, *store.Tx) error { return nil }

// ProvinceDay is a day that was compared with the province (对账).
type ProvinceDay struct {
	Day         string               `json:"day"`
	At          store.Time           `json:"at"`
	Tables      []ProvinceTableDay   `json:"tables"`
	Differences []ProvinceDifference `json:"differences"`
	More        int                  `json:"more,omitempty" doc:"Differences beyond those that are listed"`
}

// ProvinceTableDay is one table of it.
type ProvinceTableDay struct {
	Table    string `json:"table"`
	Here     int    `json:"here"`
	There    int    `json:"there"`
	Equal    bool   `json:"equal"`
	Waiting  int    `json:"waiting" doc:"Not sent yet"`
	Rejected int    `json:"rejected" doc:"In the box"`
}

// ProvinceDifference is a row that the sides do not have alike.
type ProvinceDifference struct {
	Table string   `json:"table"`
	GUID  string   `json:"row_guid"`
	What  string   `json:"what" enum:"missing_there,missing_here,differs"`
	No    string   `json:"no,omitempty"`
	Case  store.ID `json:"case,omitempty"`
	Sent  bool     `json:"sent_again"`
}

// listedAtMost is how many differences of a day are listed.
const listedAtMost = 500

// ReconcileProvince compares a day with the province, table by table, row by row where
// they differ, and sends again what the province has not, or has otherwise.
func (s *Service) ReconcileProvince(ctx context.Context, day string) (ProvinceDay, error) {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return ProvinceDay{}, httpapi.FailField("day", "invalid")
	}
	if s.Province == nil {
		return ProvinceDay{}, httpapi.Fail(http.StatusConflict, "no_province")
	}
	out := ProvinceDay{Day: day, At: store.At(s.Store.Now()), Tables: []ProvinceTableDay{}, Differences: []ProvinceDifference{}}
	theirs, err := s.Province.Day(ctx, day)
	if err != nil {
		s.warn("the province gave no list of a day", "day", day, "error", err)
		return out, httpapi.Fail(http.StatusBadGateway, "province_failed")
	}
	found := 0
	for _, table := range adapter.ProvinceTables {
		rows, err := store.Select[toldRow](ctx, s.Store, `SELECT `+toldColumns+` FROM service_province_row r WHERE r.day = ? AND r.tab = ? ORDER BY r.id`, day, table)
		if err != nil {
			return out, err
		}
		t := ProvinceTableDay{Table: table}
		mine, hashes := map[string]toldRow{}, []string{}
		for _, r := range rows {
			switch r.State {
			case rowQueued:
				t.Waiting++
			case rowRejected, rowDropped:
				t.Rejected++
			default:
				mine[r.Hash] = r
				hashes = append(hashes, r.Hash)
			}
		}
		here, there := adapter.CountProvince(table, hashes), adapter.ProvinceCount{}
		for _, x := range theirs {
			if x.Table == table {
				there = x
			}
		}
		t.Here, t.There, t.Equal = here.N, there.N, here.N == there.N && (here.N == 0 || here.Hash == there.Hash)
		out.Tables = append(out.Tables, t)
		if t.Equal {
			continue
		}
		differences, err := s.compareRows(ctx, day, table, rows, mine)
		if err != nil {
			return out, err
		}
		found += len(differences)
		for _, d := range differences {
			if len(out.Differences) < listedAtMost {
				out.Differences = append(out.Differences, d)
			}
		}
	}
	out.More = found - len(out.Differences)
	raw, err := json.Marshal(out)
	if err != nil {
		return out, err
	}
	return out, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO service_province_day (day, at, body, open) VALUES (?, ?, ?, ?) ON CONFLICT (day) DO UPDATE SET at = excluded.at, body = excluded.body, open = excluded.open`, day, out.At, string(raw), found)
		return err
	})
}

// compareRows finds the rows of a table and day that differ, and queues again what is
// missing there.
func (s *Service) compareRows(ctx context.Context, day, table string, rows []toldRow, mine map[string]toldRow) ([]ProvinceDifference, error) {
	lines, err := s.Province.Lines(ctx, day, table)
	if err != nil {
		s.warn("the province gave no list of a table", "day", day, "table", table, "error", err)
		return nil, httpapi.Fail(http.StatusBadGateway, "province_failed")
	}
	had, ofGUID, known := map[string]bool{}, map[string]bool{}, map[string]toldRow{}
	for _, r := range rows {
		known[r.GUID] = r
	}
	var out []ProvinceDifference
	for _, l := range lines {
		had[l.Hash], ofGUID[l.GUID] = true, true
	}
	var again []toldRow
	for hash, r := range mine {
		if !had[hash] {
			d := ProvinceDifference{Table: table, GUID: r.GUID, What: "missing_there", Sent: true}
			if ofGUID[r.GUID] {
				d.What = "differs"
			}
			again, out = append(again, r), append(out, d)
		}
	}
	for _, l := range lines {
		if _, ok := mine[l.Hash]; ok {
			continue
		}
		r, ours := known[l.GUID]
		if ours && (r.State == rowQueued || slices.ContainsFunc(rows, func(x toldRow) bool { return x.Hash == l.Hash })) {
			continue // it came while it was waiting or is in the box
		}
		if !slices.ContainsFunc(out, func(d ProvinceDifference) bool { return d.GUID == l.GUID }) {
			out = append(out, ProvinceDifference{Table: table, GUID: l.GUID, What: "missing_here"})
		}
	}
	slices.SortFunc(again, func(a, b toldRow) int { return int(a.ID - b.ID) })
	slices.SortFunc(out, func(a, b ProvinceDifference) int { return strings.Compare(a.GUID+a.What, b.GUID+b.What) })
	for i := range out {
		if r, ok := known[out[i].GUID]; ok && r.Kind == aboutCase {
			out[i].Case = r.About
			if out[i].No, err = store.Get[string](ctx, s.Store, `SELECT no FROM matter WHERE id = ?`, int64(r.About)); err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
		}
	}
	for part := range slices.Chunk(again, 200) {
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, r := range part {
				if _, err := tx.Exec(ctx, `UPDATE service_province_row SET state = 'queued', batch = NULL, sent_at = NULL WHERE id = ? AND state = 'sent'`, r.ID); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ReconcileProvinceNightly compares yesterday, and of the week before the days that
// differed when they were last compared.
func (s *Service) ReconcileProvinceNightly(ctx context.Context) (any, error) {
	if s.Province == nil || s.province.Load() == nil {
		return nil, nil
	}
	now := s.Store.Now().In(s.Zone())
	days, err := store.Select[string](ctx, s.Store, `SELECT day FROM service_province_day WHERE open > 0 AND day >= ?`, now.AddDate(0, 0, -8).Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	if yesterday := now.AddDate(0, 0, -1).Format(time.DateOnly); !slices.Contains(days, yesterday) {
		days = append(days, yesterday)
	}
	found := map[string]int{}
	for _, day := range days {
		d, err := s.ReconcileProvince(ctx, day)
		if err != nil {
			return found, err
		}
		found[day] = len(d.Differences) + d.More
	}
	return found, nil
}

// ProvinceStanding is how the telling stands.
type ProvinceStanding struct {
	Connected bool             `json:"connected"`
	Waiting   int              `json:"waiting" doc:"Rows that were not taken yet"`
	Oldest    store.Time       `json:"oldest,omitzero" doc:"Since when the oldest of them waits"`
	Failing   string           `json:"failing,omitempty" doc:"Why the batch whose turn it is was not taken"`
	NextAt    store.Time       `json:"next_at,omitzero" doc:"When it is tried again"`
	Within    int              `json:"within_minutes" doc:"What is sent later was not sent in time"`
	Sent      int              `json:"sent" doc:"Of the rows of the last seven days, those that were taken"`
	InTime    int              `json:"in_time" doc:"Of them, those within that time"`
	Median    float64          `json:"median_minutes"`
	Rejected  int              `json:"rejected" doc:"Of the rows of the last seven days, those that did not pass"`
	Open      int              `json:"open" doc:"Open in the box, of whatever day"`
	ByType    []ProvinceGroup  `json:"by_type" doc:"Of those that are open"`
	ByUnit    []ProvinceGroup  `json:"by_unit"`
	Tables    []ProvinceTotals `json:"tables" doc:"Rows of the last seven days"`
	Days      []ProvinceDone   `json:"days" doc:"That were compared, the newest first"`
}

// ProvinceGroup counts open rejects.
type ProvinceGroup struct {
	Key  string `bun:"key" json:"key"`
	Name string `bun:"-" json:"name,omitempty"`
	N    int    `bun:"n" json:"n"`
}

// ProvinceTotals counts the rows of a table by state.
type ProvinceTotals struct {
	Table    string `bun:"tab" json:"table"`
	Queued   int    `bun:"queued" json:"queued"`
	Sent     int    `bun:"sent" json:"sent"`
	Rejected int    `bun:"rejected" json:"rejected"`
	Dropped  int    `bun:"dropped" json:"dropped"`
}

// ProvinceDone is a day that was compared.
type ProvinceDone struct {
	Day  string     `bun:"day" json:"day"`
	At   store.Time `bun:"at" json:"at"`
	Open int        `bun:"open" json:"differences"`
}

// Telling is how the telling stands, for one who sees the box.
func (s *Service) Telling(ctx context.Context, who account.Actor) (ProvinceStanding, error) {
	out := ProvinceStanding{Connected: s.Province != nil, ByType: []ProvinceGroup{}, ByUnit: []ProvinceGroup{}, Tables: []ProvinceTotals{}, Days: []ProvinceDone{}}
	rules := s.province.Load()
	if rules == nil {
		return out, nil
	}
	out.Within = int(rules.within.Minutes())
	from := s.Store.Now().In(s.Zone()).AddDate(0, 0, -6).Format(time.DateOnly)
	if err := s.Store.QueryRow(ctx, `SELECT count(*), MIN(at) FROM service_province_row WHERE state = 'queued'`).Scan(&out.Waiting, &out.Oldest); err != nil {
		return out, err
	}
	open, err := store.Select[struct {
		Error  string
		NextAt store.Time
	}](ctx, s.Store, `SELECT error, next_at FROM service_province_batch WHERE state = 'open' AND error <> '' ORDER BY id LIMIT 1`)
	if err != nil {
		return out, err
	}
	for _, b := range open {
		out.Failing, out.NextAt = b.Error, b.NextAt
	}
	if err := s.Store.QueryRow(ctx, `SELECT count(*), count(CASE WHEN sent_at - at <= ? THEN 1 END), count(CASE WHEN state IN ('rejected', 'dropped') THEN 1 END) FROM service_province_row WHERE day >= ? AND sent_at IS NOT NULL`, rules.within.Microseconds(), from).Scan(&out.Sent, &out.InTime, &out.Rejected); err != nil {
		return out, err
	}
	if out.Sent > 0 {
		mid, err := store.Get[int64](ctx, s.Store, `SELECT sent_at - at FROM service_province_row WHERE day >= ? AND sent_at IS NOT NULL ORDER BY 1 LIMIT 1 OFFSET ?`, from, out.Sent/2)
		if err != nil {
			return out, err
		}
		out.Median = float64(mid/int64(time.Second/time.Microsecond)) / 60
	}
	cond, args := provinceScope(who)
	if out.ByType, err = store.Select[ProvinceGroup](ctx, s.Store, `SELECT err_type AS key, count(*) AS n FROM service_province_reject x WHERE state = 'open' AND `+cond+` GROUP BY err_type ORDER BY 2 DESC, 1`, args...); err != nil {
		return out, err
	}
	if out.ByUnit, err = store.Select[ProvinceGroup](ctx, s.Store, `SELECT unit AS key, count(*) AS n FROM service_province_reject x WHERE state = 'open' AND `+cond+` GROUP BY unit ORDER BY 2 DESC, 1`, args...); err != nil {
		return out, err
	}
	for i := range out.ByUnit {
		out.ByUnit[i].Name = s.Dir.Tree().Name(out.ByUnit[i].Key)
		out.Open += out.ByUnit[i].N
	}
	tables, err := store.Select[ProvinceTotals](ctx, s.Store, `SELECT tab, count(CASE WHEN state = 'queued' THEN 1 END) AS queued, count(CASE WHEN state = 'sent' THEN 1 END) AS sent, count(CASE WHEN state = 'rejected' THEN 1 END) AS rejected, count(CASE WHEN state = 'dropped' THEN 1 END) AS dropped FROM service_province_row WHERE day >= ? GROUP BY tab`, from)
	if err != nil {
		return out, err
	}
	for _, name := range adapter.ProvinceTables {
		if i := slices.IndexFunc(tables, func(t ProvinceTotals) bool { return t.Table == name }); i >= 0 {
			out.Tables = append(out.Tables, tables[i])
		} else {
			out.Tables = append(out.Tables, ProvinceTotals{Table: name})
		}
	}
	out.Days, err = store.Select[ProvinceDone](ctx, s.Store, `SELECT day, at, open FROM service_province_day ORDER BY day DESC LIMIT 31`)
	return out, err
}

// ComparedDay is a day as it was last compared; store.ErrNotFound.
func (s *Service) ComparedDay(ctx context.Context, day string) (d ProvinceDay, err error) {
	raw, err := store.Get[string](ctx, s.Store, `SELECT body FROM service_province_day WHERE day = ?`, day)
	if err == nil {
		err = json.Unmarshal([]byte(raw), &d)
	}
	return d, err
}
