package pack

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// PackVersion is one form that a file had (版本).
type PackVersion struct {
	ID    store.ID   `bun:"id" json:"id"`
	Path  string     `bun:"path" json:"path"`
	Hash  string     `bun:"hash" json:"hash"`
	Size  int64      `bun:"size" json:"size"`
	Kind  string     `bun:"kind" json:"kind" enum:"load,edit"`
	Note  string     `bun:"note" json:"note,omitempty"`
	Actor string     `bun:"actor" json:"actor,omitempty" doc:"Who saved it; absent for the house itself"`
	At    store.Time `bun:"at" json:"at"`
}

const maxHistory = 100

// History gives the forms that a file had, newest first, before a version when
// it is not 0; at most a hundred.
func (p *Packs) History(ctx context.Context, path string, before store.ID) ([]PackVersion, error) {
	if before == 0 {
		before = store.ID(1<<63 - 1)
	}
	return store.Select[PackVersion](ctx, p.Store, `SELECT v.id, v.path, v.hash, length(v.body) AS size, v.kind, v.note, COALESCE(a.name, '') AS actor, v.at
 FROM pack_version v LEFT JOIN account a ON a.id = v.actor WHERE v.path = ? AND v.id < ? ORDER BY v.id DESC LIMIT `+strconv.Itoa(maxHistory), path, int64(before))
}

func (p *Packs) keepVersion(ctx context.Context, tx *store.Tx, name string, body []byte, kind, note string, who account.Actor) error {
	_, err := tx.Exec(ctx, `INSERT INTO pack_version (id, path, body, hash, kind, note, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		tx.NewID(), name, body, hash(body), kind, note, who.Account, store.At(p.Store.Now()))
	return err
}

// PackFault is one thing that is wrong with a pack, and where.
type PackFault struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty" doc:"The first line is 1; absent when it is not one line's"`
	Text string `json:"text"`
}

var (
	inFile = regexp.MustCompile(`^([\w./-]+\.(?:csv|ya?ml|geojson))(?::| line | )`)
	atLine = regexp.MustCompile(`\bline (\d+)\b|\[(\d+):\d+\]`)
)

// Faults takes apart what Check found: each fault by itself, with its file
// and its line where it names them.
func Faults(err error) []PackFault {
	if w := (*Wrong)(nil); errors.As(err, &w) {
		err = w.error
	}
	if err == nil {
		return []PackFault{}
	}
	if m, ok := err.(interface{ Unwrap() []error }); ok {
		var out []PackFault
		for _, e := range m.Unwrap() {
			for _, f := range Faults(e) {
				if !slices.Contains(out, f) { // two parts may have read the same file
					out = append(out, f)
				}
			}
		}
		return out
	}
	p := PackFault{Text: strings.TrimSpace(err.Error())}
	if m := inFile.FindStringSubmatch(p.Text); m != nil {
		p.File = m[1]
	}
	if m := atLine.FindStringSubmatch(p.Text); m != nil {
		p.Line, _ = strconv.Atoi(m[1] + m[2])
	}
	return []PackFault{p}
}
