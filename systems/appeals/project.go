package appeals

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// searchIndex finds appeals by their words.
var searchIndex = text.Index{Table: "appeal_search"}

// Consumers are the followers of events that keep the projections: counts for
// the board, words for the search.
const (
	tallyConsumer  = "appeals.tally"
	searchConsumer = "appeals.search"
)

// Follow starts the projections; they end with ctx.
func (s *Service) Follow(ctx context.Context) {
	s.Bus.Follow(ctx, tallyConsumer, s.tally)
	s.Bus.Follow(ctx, searchConsumer, s.index)
	s.Bus.Follow(ctx, noticeConsumer, s.notify)
	s.Bus.Follow(ctx, closingConsumer, s.closings)
	s.Bus.Forward(ctx, elementConsumer, s.readNew)
	go s.remakeIndex(ctx)
	go s.remakeGraph(ctx)
	go s.workImports(ctx)
	go s.dispatchByItself(ctx)
	s.followTopics(ctx)
	s.followLeads(ctx)
	go s.judgeClosings(ctx)
	go s.remindAppointments(ctx)
	go s.sendToCity(ctx)
}

// tallyKey is one count of the board.
type tallyKey struct{ measure, day, dim, key string }

// tallies are the changes of counts that one event makes.
func tallies(h caseflow.Happened, at time.Time, zone *time.Location, add func(k tallyKey, n int64)) {
	day := func(t time.Time) string { return t.In(zone).Format(time.DateOnly) }
	dims := func(st caseflow.Standing, each func(dim, key string)) {
		each("all", "")
		each("street", streetOf(st.Place))
		each("unit", st.Unit)
		each("item", st.Item)
	}
	if h.Seq == 1 {
		dims(h.After, func(dim, key string) { add(tallyKey{"filed", day(h.Opened.Time), dim, key}, 1) })
	}
	// What is filed under a unit or an item is known only later: the count moves
	// with it.
	if h.Seq > 1 {
		for _, d := range []struct{ dim, from, to string }{{"unit", h.Before.Unit, h.After.Unit}, {"item", h.Before.Item, h.After.Item}, {"street", streetOf(h.Before.Place), streetOf(h.After.Place)}} {
			if d.from != d.to {
				add(tallyKey{"filed", day(h.Opened.Time), d.dim, d.from}, -1)
				add(tallyKey{"filed", day(h.Opened.Time), d.dim, d.to}, 1)
			}
		}
	}
	if h.Before.Open {
		dims(h.Before, func(dim, key string) {
			add(tallyKey{"open", "", dim, key}, -1)
			if h.Before.Late {
				add(tallyKey{"late", "", dim, key}, -1)
			}
		})
		add(tallyKey{"open", "", "state", h.Before.State}, -1)
	}
	if h.After.Open {
		dims(h.After, func(dim, key string) {
			add(tallyKey{"open", "", dim, key}, 1)
			if h.After.Late {
				add(tallyKey{"late", "", dim, key}, 1)
			}
		})
		add(tallyKey{"open", "", "state", h.After.State}, 1)
	}
	if h.Before.Open && !h.After.Open {
		dims(h.After, func(dim, key string) { add(tallyKey{"closed", day(at), dim, key}, 1) })
	}
	if !h.Before.Open && h.After.Open && h.Seq > 1 { // reopened: it is not closed any more
		dims(h.Before, func(dim, key string) { add(tallyKey{"closed", day(h.Closed.Time), dim, key}, -1) })
	}
}

// streetOf is the street of a place: a community's code begins with it.
func streetOf(place string) string {
	street, _, _ := strings.Cut(place, "-")
	return street
}

func (s *Service) tally(ctx context.Context, tx *store.Tx, events []event.Event) error {
	zone := s.district.Load().zone
	changes := map[tallyKey]int64{}
	for _, e := range events {
		if !strings.HasPrefix(e.Subject, System+".") {
			continue
		}
		var h caseflow.Happened
		if err := json.Unmarshal(e.Body, &h); err != nil {
			return err
		}
		if h.Flow != "appeal" {
			continue
		}
		tallies(h, e.At.Time, zone, func(k tallyKey, n int64) { changes[k] += n })
	}
	return writeTallies(ctx, tx, changes)
}

func writeTallies(ctx context.Context, tx *store.Tx, changes map[tallyKey]int64) error {
	keys := make([]tallyKey, 0, len(changes))
	for k, n := range changes {
		if n != 0 {
			keys = append(keys, k)
		}
	}
	// One order for all writers, so that two of them never wait for each other.
	slices.SortFunc(keys, func(a, b tallyKey) int {
		return strings.Compare(a.measure+"\x00"+a.day+"\x00"+a.dim+"\x00"+a.key, b.measure+"\x00"+b.day+"\x00"+b.dim+"\x00"+b.key)
	})
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{k.measure, k.day, k.dim, k.key, changes[k]}
	}
	return store.UpsertRows(ctx, tx, `INSERT INTO appeal_tally (measure, day, dim, key, n) VALUES `,
		`ON CONFLICT (measure, day, dim, key) DO UPDATE SET n = appeal_tally.n + excluded.n`, rows)
}

// index makes new appeals found by their number, title, text and address.
func (s *Service) index(ctx context.Context, tx *store.Tx, events []event.Event) error {
	for _, e := range events {
		if e.Subject != System+".file" && e.Subject != System+"."+caseflow.Imported {
			continue
		}
		id, err := store.ParseID(e.Key)
		if err != nil {
			continue
		}
		words, err := searchText(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := searchIndex.Put(ctx, tx, id, words); err != nil {
			return err
		}
	}
	return nil
}

// remakePiece is how many appeals one transaction of remakeIndex puts in.
const remakePiece = 200

// remakeIndex makes the index of words again where a migration asks for it,
// while the house is open, oldest appeals first.
func (s *Service) remakeIndex(ctx context.Context) {
	for {
		done := false
		err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			var next store.ID
			err := tx.QueryRow(ctx, `SELECT next FROM search_remake`).Scan(&next)
			if errors.Is(err, sql.ErrNoRows) {
				done = true
				return nil
			}
			if err != nil {
				return err
			}
			ids, err := store.Select[store.ID](ctx, tx, `SELECT id FROM appeal WHERE id > ? ORDER BY id LIMIT ?`, int64(next), remakePiece)
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				_, err := tx.Exec(ctx, `DELETE FROM search_remake`)
				return err
			}
			for _, id := range ids {
				words, err := searchText(ctx, tx, id)
				if err != nil {
					return err
				}
				if err := searchIndex.Put(ctx, tx, id, words); err != nil {
					return err
				}
			}
			_, err = tx.Exec(ctx, `UPDATE search_remake SET next = ?`, int64(ids[len(ids)-1]))
			return err
		})
		pause := 5 * time.Millisecond
		switch {
		case done || ctx.Err() != nil:
			return
		case err != nil:
			slog.Error("the index of words could not be made again; tried again in a minute", "error", err)
			pause = time.Minute
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

func searchText(ctx context.Context, q store.Querier, id store.ID) (string, error) {
	var no, title, body, address, external string
	err := q.QueryRow(ctx, `SELECT m.no, m.title, a.text, a.address, a.external FROM matter m JOIN appeal a ON a.id = m.id WHERE m.id = ?`, int64(id)).Scan(&no, &title, &body, &address, &external)
	return strings.Join([]string{no, external, title, body, address}, " "), err
}
