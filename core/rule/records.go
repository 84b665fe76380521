package rule

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "rule", Migrations: files}
}

// Records keeps decisions so that each can be made again to the same bytes.
type Records struct {
	Store *store.Store
	Vault *vault.Vault
}

// About says whom and what a decision is about, and who asked for it.
type About struct {
	Person store.ID // 0: nobody whom the house knows
	Object string   // "matter/123"; "" when it is only tried
	Actor  store.ID
	Unit   string
}

// Keep records a decision in the transaction of what follows from it.
func (r *Records) Keep(ctx context.Context, tx *store.Tx, p *Pack, c Case, d Decision, zone *time.Location, about About) (store.ID, error) {
	now := store.At(r.Store.Now())
	if _, err := tx.Exec(ctx, `INSERT INTO decision_pack (hash, pack, body, first_at) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`, p.hash, p.ID, p.text, now); err != nil {
		return 0, err
	}
	facts, err := json.Marshal(c)
	if err != nil {
		return 0, err
	}
	if about.Person == 0 {
		if about.Person, err = r.Vault.NewPerson(ctx, tx, vault.Identity{}); err != nil {
			return 0, err
		}
	}
	id := tx.NewID()
	object := "decision/" + id.String()
	factsID, err := r.Vault.PutText(ctx, tx, about.Person, object, string(facts))
	if err != nil {
		return 0, err
	}
	trace := d.Bytes()
	traceID, err := r.Vault.PutText(ctx, tx, about.Person, object, string(trace))
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO decision (id, at, applied_at, zone, object, pack, pack_hash, engine, outcome, facts_hash, trace_hash, person, facts, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, now, store.At(c.At), zone.String(), about.Object, d.Pack, d.PackHash, d.Engine, string(d.Outcome), d.FactsHash, hashOf(trace), about.Person, factsID, traceID); err != nil {
		return 0, err
	}
	return id, audit.Write(ctx, tx, audit.Record{At: now, Actor: about.Actor, Unit: about.Unit, Action: "decision.make", Object: object}, map[string]any{"pack": d.Pack, "pack_hash": d.PackHash, "facts_hash": d.FactsHash, "trace_hash": hashOf(trace), "outcome": d.Outcome, "for": about.Object})
}

func hashOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Replay is a decision made again. It says nothing of the facts.
type Replay struct {
	ID        store.ID   `json:"id"`
	Made      store.Time `json:"made"`
	Pack      string     `json:"pack"`
	PackHash  string     `json:"pack_hash"`
	FactsHash string     `json:"facts_hash"`
	TraceHash string     `json:"trace_hash"`
	Outcome   Outcome    `json:"outcome"`
	Identical bool       `json:"identical"` // the bytes are those that were kept
	// Under another version of the pack: what would have happened.
	Under *Counterfactual `json:"under,omitempty"`
}

// Counterfactual is what another version of a pack would have come to.
type Counterfactual struct {
	PackHash string   `json:"pack_hash"`
	Outcome  Outcome  `json:"outcome"`
	Differs  []string `json:"differs"` // checks that answer otherwise, or that only one of them has
}

// Replay makes a kept decision again from the facts and the pack that it was made of
// and compares the bytes (vault.ErrErased: they were erased with the person); other, where it is given, is a version to try on the facts.
func (r *Records) Replay(ctx context.Context, id store.ID, other *Pack) (Replay, error) {
	row, err := store.Get[struct {
		At, AppliedAt                              store.Time
		Zone, Pack, PackHash, FactsHash, TraceHash string
		Facts, Trace                               store.ID
		Body                                       string
	}](ctx, r.Store, `SELECT d.at, d.applied_at, d.zone, d.pack, d.pack_hash, d.facts_hash, d.trace_hash, d.facts, d.trace, p.body FROM decision d JOIN decision_pack p ON p.hash = d.pack_hash WHERE d.id = ?`, id)
	if err != nil {
		return Replay{}, err
	}
	out := Replay{ID: id, Made: row.At, Pack: row.Pack, PackHash: row.PackHash, FactsHash: row.FactsHash}
	zone, err := time.LoadLocation(row.Zone)
	if err != nil {
		return out, err
	}
	facts, err := r.Vault.OwnText(ctx, r.Store, row.Facts)
	if err != nil {
		return out, err
	}
	trace, err := r.Vault.OwnText(ctx, r.Store, row.Trace)
	if err != nil {
		return out, err
	}
	p, err := ReadPack(strings.NewReader(row.Body))
	if err != nil {
		return out, fmt.Errorf("the pack of the decision cannot be read any more: %w", err)
	}
	var c Case
	if err := json.Unmarshal([]byte(facts), &c); err != nil {
		return out, err
	}
	d := p.Decide(c, zone)
	out.TraceHash, out.Outcome = hashOf(d.Bytes()), d.Outcome
	out.Identical = string(d.Bytes()) == trace && out.TraceHash == row.TraceHash && d.FactsHash == row.FactsHash && p.hash == row.PackHash
	if other == nil {
		return out, nil
	}
	if other.ID != row.Pack {
		return out, fmt.Errorf("the decision was made by %s, not by %s", row.Pack, other.ID)
	}
	what := other.Decide(c, zone)
	out.Under = &Counterfactual{PackHash: other.hash, Outcome: what.Outcome, Differs: []string{}}
	answers := map[string]Answer{}
	for _, x := range d.Checks {
		answers[x.Check] = x.Answer
	}
	for _, x := range what.Checks {
		if answers[x.Check] != x.Answer {
			out.Under.Differs = append(out.Under.Differs, x.Check)
		}
		delete(answers, x.Check)
	}
	out.Under.Differs = append(out.Under.Differs, sortedKeys(answers)...)
	return out, nil
}
