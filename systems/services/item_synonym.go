package services

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"shanzhi/core/store"
	"shanzhi/core/text"
)

// synonyms are words that people use for others (俗称): services/synonyms.csv, a group a
// line, the official word first.
type synonyms struct{ groups [][]string }

const packSynonyms = "services/synonyms.csv"

func readSynonyms(files fs.FS) (*synonyms, error) {
	out := &synonyms{}
	f, err := files.Open(packSynonyms)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	for n := 1; ; n++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", packSynonyms, err)
		}
		var group []string
		for _, w := range row {
			if w = text.Normalize(w); w != "" && !slices.Contains(group, w) {
				group = append(group, w)
			}
		}
		if len(group) < 2 {
			return nil, fmt.Errorf("%s: line %d: a group has two words or more", packSynonyms, n)
		}
		out.groups = append(out.groups, group)
	}
}

// soundAtMost bounds what one way of reading letters as pinyin finds: two of them stand in
// thousands of names.
const soundAtMost = 200

// sayings bounds the ways in which a query is asked.
const sayings = 6

// ways are the query itself, and with one of its words said otherwise.
func (y *synonyms) ways(query string) []string {
	query = text.Normalize(query)
	out := []string{query}
	if y == nil {
		return out
	}
	for _, g := range y.groups {
		// The longest word of the group that the query has is what is said otherwise.
		said := ""
		for _, w := range g {
			if len(w) > len(said) && strings.Contains(query, w) {
				said = w
			}
		}
		if said == "" {
			continue
		}
		for _, w := range g {
			if way := strings.Replace(query, said, w, 1); !slices.Contains(out, way) && len(out) < sayings {
				out = append(out, way)
			}
		}
	}
	return out
}

// findItems are the items that hold the words of a query, or of one that says the same, or
// whose names sound so (拼音).
func (s *Service) findItems(ctx context.Context, query string) (ids []store.ID, err error) {
	ways := s.items.synonyms.Load().ways(query)
	written := len(ways)
	for i, way := range append(ways, text.PinyinQueries(query)...) {
		most := foundAtMost - len(ids)
		if i >= written {
			most = min(most, soundAtMost)
		}
		found, err := itemSearch.Find(ctx, s.Store, way, 0, most)
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		if len(ids) >= foundAtMost {
			break
		}
	}
	return ids, nil
}

// soundItems makes the items of a house found by their sound that were not when they were
// written. The newest is written last, so one that is cut short begins anew.
func (s *Service) soundItems(ctx context.Context) error {
	type row struct {
		ID       store.ID
		Elements string
	}
	const from = `SELECT i.id, v.elements FROM service_item i JOIN service_item_version v ON v.item = i.id AND v.version = i.version `
	words := func(r row) (string, string, error) {
		e := &ItemElements{}
		err := json.Unmarshal([]byte(r.Elements), e)
		return e.words(), text.Pinyin(e.Name), err
	}
	newest, err := store.Select[row](ctx, s.Store, from+`ORDER BY i.id DESC LIMIT 1`)
	if err != nil || len(newest) == 0 {
		return err
	}
	_, sound, err := words(newest[0])
	if err != nil || sound == "" {
		return err
	}
	found, err := itemSearch.Find(ctx, s.Store, sound, newest[0].ID+1, 1)
	if err != nil || len(found) == 1 && found[0] == newest[0].ID {
		return err
	}
	for after := store.ID(0); ; {
		rows, err := store.Select[row](ctx, s.Store, from+`WHERE i.id > ? ORDER BY i.id LIMIT 50`, int64(after))
		if err != nil || len(rows) == 0 {
			return err
		}
		err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			for _, r := range rows {
				said, _, err := words(r)
				if err != nil {
					return err
				}
				if err := itemSearch.Put(ctx, tx, r.ID, said); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		after = rows[len(rows)-1].ID
	}
}
