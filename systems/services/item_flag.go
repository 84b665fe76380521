package services

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"shanzhi/core/store"
)

// itemFlags are the flags (能力标识) that an item may carry: ways of applying that do not
// exclude each other.
var itemFlags = []string{
	"online",       // 网办
	"instant",      // 秒批
	"autofill",     // 秒报
	"integrated",   // 秒报秒批一体化
	"no_meeting",   // 不见面审批
	"citywide",     // 全市域通办
	"cross_region", // 跨区域通办
	"video",        // 可视办
	"self_service", // 自助办
	"theme",        // 一件事
	"subsidy_line", // 政策补贴直通车
}

// ItemFlagSpan is a flag for a time.
type ItemFlagSpan struct {
	Flag  string `json:"flag" bun:"flag" enum:"online,instant,autofill,integrated,no_meeting,citywide,cross_region,video,self_service,theme,subsidy_line"`
	From  string `json:"from" bun:"from_day" doc:"First day"`
	To    string `json:"to,omitempty" bun:"to_day" doc:"Last day; it goes on when absent"`
	Basis string `json:"basis" bun:"basis" maxLength:"300" doc:"On what ground: a list, a notice, a decision"`
}

func (f ItemFlagSpan) valid() error {
	_, err := time.Parse(time.DateOnly, f.From)
	_, terr := time.Parse(time.DateOnly, f.To)
	switch {
	case !slices.Contains(itemFlags, f.Flag):
		return wrongElement("flag", "no_such_option")
	case err != nil:
		return wrongElement("from", "not_a_time")
	case f.To != "" && (terr != nil || f.To < f.From):
		return wrongElement("to", "not_a_time")
	case strings.TrimSpace(f.Basis) == "":
		return wrongElement("basis", "required")
	}
	return nil
}

func (f ItemFlagSpan) overlaps(g ItemFlagSpan) bool {
	return (g.To == "" || f.From <= g.To) && (f.To == "" || g.From <= f.To)
}

// putFlag writes a span, or the new end of one that begins on the same day. Two spans of
// one flag have no day in common.
func putFlag(ctx context.Context, tx *store.Tx, item store.ID, f ItemFlagSpan, now store.Time, by store.ID) error {
	have, err := flagSpans(ctx, tx, item)
	if err != nil {
		return err
	}
	for _, g := range have {
		if g.Flag == f.Flag && g.From != f.From && f.overlaps(g) {
			return wrongElement("from", "flag_overlaps")
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO service_item_flag (item, flag, from_day, to_day, basis, at, by) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (item, flag, from_day) DO UPDATE SET to_day = excluded.to_day, basis = excluded.basis, at = excluded.at, by = excluded.by`,
		item, f.Flag, f.From, f.To, f.Basis, now, by)
	return err
}

// flagSpans are all spans of an item, the newest first.
func flagSpans(ctx context.Context, q store.Querier, item store.ID) ([]ItemFlagSpan, error) {
	return store.Select[ItemFlagSpan](ctx, q, `SELECT flag, from_day, to_day, basis FROM service_item_flag WHERE item = ? ORDER BY flag, from_day DESC`, int64(item))
}

// flagsIn are the flags of a day. Where nobody has dated 网办, the element says it.
func flagsIn(spans []ItemFlagSpan, e ItemElements, day string) []string {
	out, dated := []string{}, false
	for _, f := range spans {
		dated = dated || f.Flag == "online"
		if f.From <= day && (f.To == "" || day <= f.To) && !slices.Contains(out, f.Flag) {
			out = append(out, f.Flag)
		}
	}
	if !dated && e.Online != nil && *e.Online {
		out = append(out, "online")
	}
	slices.SortFunc(out, func(a, b string) int { return slices.Index(itemFlags, a) - slices.Index(itemFlags, b) })
	return out
}

func (s *Service) flagsOn(ctx context.Context, item store.ID, e ItemElements, day string) ([]string, error) {
	spans, err := flagSpans(ctx, s.Store, item)
	return flagsIn(spans, e, day), err
}

// flagged is the SQL condition that item i has a flag on a day; it mirrors flagsIn.
func flagged(flag, day string) (string, []any) {
	const active = `EXISTS (SELECT 1 FROM service_item_flag f WHERE f.item = i.id AND f.flag = ? AND f.from_day <= ? AND (f.to_day = '' OR f.to_day >= ?))`
	if flag != "online" {
		return active, []any{flag, day, day}
	}
	return `(` + active + ` OR i.online AND NOT EXISTS (SELECT 1 FROM service_item_flag f WHERE f.item = i.id AND f.flag = 'online'))`, []any{flag, day, day}
}

const packFlags = "services/flags.csv"

// readPackFlags reads the pack's flags: item,flag,from,to,basis, by the item's key.
func readPackFlags(files fs.FS, keys map[string]bool) (map[string][]ItemFlagSpan, error) {
	f, err := files.Open(packFlags)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = 5
	out := map[string][]ItemFlagSpan{}
	for n := 1; ; n++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", packFlags, err)
		}
		if n == 1 {
			continue
		}
		span := ItemFlagSpan{row[1], row[2], row[3], row[4]}
		if !keys[row[0]] {
			return nil, fmt.Errorf("%s: line %d: the pack has no item %s", packFlags, n, row[0])
		}
		if err := span.valid(); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", packFlags, n, err)
		}
		if slices.ContainsFunc(out[row[0]], func(g ItemFlagSpan) bool { return g.Flag == span.Flag && g.overlaps(span) }) {
			return nil, fmt.Errorf("%s: line %d: %s of %s overlaps another line", packFlags, n, span.Flag, row[0])
		}
		out[row[0]] = append(out[row[0]], span)
	}
}

// loadFlags writes the pack's flags of items that have none yet: after the first load the
// database is the truth.
func (s *Service) loadFlags(ctx context.Context, tx *store.Tx, files fs.FS, items []importing) error {
	keys := map[string]bool{}
	for _, x := range items {
		keys[x.key] = true
	}
	flags, err := readPackFlags(files, keys)
	if err != nil || len(flags) == 0 {
		return err
	}
	rows, err := store.Select[struct {
		ID  store.ID
		Key string
		Seq int
	}](ctx, tx, `SELECT id, key, seq FROM service_item i WHERE source = 'pack' AND NOT EXISTS (SELECT 1 FROM service_item_flag f WHERE f.item = i.id) ORDER BY id`)
	if err != nil {
		return err
	}
	for _, x := range rows {
		for i, span := range flags[x.Key] {
			if _, err := s.itemStep(ctx, tx, itemChange{item: x.ID, step: ItemFlagged, seq: x.Seq + i, flag: &span}); err != nil {
				return err
			}
		}
	}
	return nil
}
