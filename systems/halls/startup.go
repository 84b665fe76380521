package halls

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/core/subject"
)

// PackStock is a start-up pack with what is there of it.
type PackStock struct {
	StartupPack
	Value int64 `json:"value" doc:"What one pack saves an enterprise, in fen"`
	Stock int   `json:"stock"`
	Given int   `json:"given" doc:"Ever, at this hall"`
	Saved int64 `json:"saved" doc:"By what was given, at the prices of their day, in fen"`
}

// PackStocks are the packs of a hall.
func (s *Service) PackStocks(ctx context.Context, h *Hall) ([]PackStock, error) {
	out := []PackStock{}
	for _, p := range s.book.Load().startup.Packs {
		x := PackStock{StartupPack: p, Value: p.value()}
		if err := s.Store.QueryRow(ctx, `SELECT COALESCE(CAST(sum(delta) AS BIGINT), 0) FROM hall_pack_stock WHERE hall = ? AND pack = ?`, h.Code, p.Code).Scan(&x.Stock); err != nil {
			return nil, err
		}
		if err := s.Store.QueryRow(ctx, `SELECT count(*), COALESCE(CAST(sum(fen) AS BIGINT), 0) FROM hall_pack_grant WHERE hall = ? AND pack = ?`, h.Code, p.Code).Scan(&x.Given, &x.Saved); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// StockPacks writes what came, or what a count found too much or missing.
func (s *Service) StockPacks(ctx context.Context, who account.Actor, h *Hall, code string, delta int, reason, note string) error {
	if s.pack(code) == nil {
		return store.ErrNotFound
	}
	if delta == 0 || reason == "received" && delta < 0 {
		return failField("delta")
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := moveStock(ctx, tx, h.Code, code, delta, reason, note, who.Account, s.Store.Now()); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "halls.pack_stock", Object: "hall/" + h.Code + "/" + code}, map[string]any{"delta": delta, "reason": reason})
	})
}

// moveStock changes a stock that may not fall below nothing. The row of the hall's number
// of the pack is its lock on a store with several writers.
func moveStock(ctx context.Context, tx *store.Tx, hall, pack string, delta int, reason, note string, by store.ID, now time.Time) error {
	if _, err := tx.Exec(ctx, `INSERT INTO hall_number (hall, area, day, next) VALUES (?, ?, 'stock', 0) ON CONFLICT (hall, area, day) DO UPDATE SET next = hall_number.next + 1`, hall, pack); err != nil {
		return err
	}
	var have int
	if err := tx.QueryRow(ctx, `SELECT COALESCE(CAST(sum(delta) AS BIGINT), 0) FROM hall_pack_stock WHERE hall = ? AND pack = ?`, hall, pack).Scan(&have); err != nil {
		return err
	}
	if have+delta < 0 {
		return fail("stock_out")
	}
	_, err := tx.Exec(ctx, `INSERT INTO hall_pack_stock (id, hall, pack, delta, reason, note, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, tx.NewID(), hall, pack, delta, reason, note, by, store.At(now))
	return err
}

func (s *Service) pack(code string) *StartupPack {
	return find(s.book.Load().startup.Packs, func(p *StartupPack) bool { return p.Code == code })
}

// PackGrant is a pack that an enterprise was given.
type PackGrant struct {
	ID   store.ID   `bun:"id" json:"id"`
	Hall string     `bun:"hall" json:"hall"`
	Pack string     `bun:"pack" json:"pack"`
	USCC string     `bun:"uscc" json:"uscc"`
	Name string     `bun:"name" json:"name"`
	Fen  int64      `bun:"fen" json:"fen"`
	By   string     `bun:"by_name" json:"by"`
	At   store.Time `bun:"at" json:"at"`
}

// GivePack gives an enterprise its pack, once: a second time says when and where it had
// the first. It takes one from the stock of the hall.
func (s *Service) GivePack(ctx context.Context, who account.Actor, h *Hall, code, uscc, name, licensed string) (PackGrant, error) {
	var g PackGrant
	p := s.pack(code)
	if p == nil {
		return g, store.ErrNotFound
	}
	uscc = strings.ToUpper(strings.TrimSpace(uscc))
	if subject.CheckUSCC(uscc) != nil {
		return g, failField("uscc")
	}
	if name = strings.TrimSpace(name); name == "" {
		return g, failField("name")
	}
	now := s.Store.Now()
	if licensed != "" {
		day, err := time.ParseInLocation(time.DateOnly, licensed, s.book.Load().zone)
		if err != nil || day.After(now) {
			return g, failField("licensed")
		}
		if p.ValidDays > 0 && now.After(day.AddDate(0, 0, p.ValidDays+1)) {
			return g, fail("pack_late")
		}
	} else if p.ValidDays > 0 {
		return g, failField("licensed")
	}
	contents, err := json.Marshal(p.Contents)
	if err != nil {
		return g, err
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		g = PackGrant{ID: tx.NewID(), Hall: h.Code, Pack: code, USCC: uscc, Name: name, Fen: p.value(), By: who.Name, At: store.At(now)}
		n, err := tx.Exec(ctx, `INSERT INTO hall_pack_grant (id, hall, pack, uscc, name, contents, fen, licensed, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pack, uscc) DO NOTHING`,
			g.ID, g.Hall, g.Pack, g.USCC, g.Name, string(contents), g.Fen, licensed, who.Account, g.At)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail("pack_had")
		}
		if err := moveStock(ctx, tx, h.Code, code, -1, "given", g.ID.String(), who.Account, now); err != nil {
			return err
		}
		return s.Bus.Emit(ctx, tx, now, System+".pack_given", g.ID.String(), map[string]any{"pack": code, "uscc": uscc, "fen": g.Fen})
	})
	return g, err
}

// PackGrants are those of a hall, the newest first.
func (s *Service) PackGrants(ctx context.Context, h *Hall, after store.ID, limit int) ([]PackGrant, error) {
	query, args := `SELECT g.id, g.hall, g.pack, g.uscc, g.name, g.fen, a.name AS by_name, g.at FROM hall_pack_grant g JOIN account a ON a.id = g.actor WHERE g.hall = ?`, []any{h.Code}
	if after != 0 {
		query, args = query+" AND g.id < ?", append(args, after)
	}
	return store.Select[PackGrant](ctx, s.Store, query+" ORDER BY g.id DESC LIMIT ?", append(args, limit)...)
}
