package rule

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
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
	Mode   string        // how the pack was used: ModeOn, ModeCanary, ModeShadow; "" when it is only tried
	Took   time.Duration // from the asking for facts to the decision
}

// Keep records a decision in the transaction of what follows from it.
func (r *Records) Keep(ctx context.Context, tx *store.Tx, p *Pack, c Case, d Decision, zone *time.Location, about About) (store.ID, error) {
	now := store.At(r.Store.Now())
	if _, err := tx.Exec(ctx, `INSERT INTO decision_pack (hash, pack, body, first_at) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`, p.hash, p.ID, p.text, now); err != nil {
		return 0, err
	}
	facts, err := appendCase(nil, c)
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
	if _, err := tx.Exec(ctx, `INSERT INTO decision (id, at, applied_at, zone, object, pack, pack_hash, engine, outcome, facts_hash, trace_hash, person, facts, trace, mode, took) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, now, store.At(c.At), zone.String(), about.Object, d.Pack, d.PackHash, d.Engine, string(d.Outcome), d.FactsHash, hashOf(trace), about.Person, factsID, traceID, about.Mode, about.Took.Microseconds()); err != nil {
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

// Keep keeps what a pack came to of an application: under the row of its mode where it
// approves (ErrClosed), and counted.
func (g *Registry) Keep(ctx context.Context, tx *store.Tx, r *Records, p *Pack, c Case, d Decision, zone *time.Location, about About) (store.ID, error) {
	if d.Outcome == Approve && (about.Mode == ModeOn || about.Mode == ModeCanary) {
		if err := g.admit(ctx, tx, p.ID); err != nil {
			return 0, err
		}
	}
	id, err := r.Keep(ctx, tx, p, c, d, zone, about)
	if err != nil {
		return 0, err
	}
	counts := []Count{{Kind: countOutcome, Key: string(d.Outcome)}}
	for _, x := range d.Checks {
		if x.Answer == Pass {
			continue
		}
		n := len(counts)
		for _, f := range x.Facts {
			if f.Why != "" {
				counts = append(counts, Count{Kind: countCheck, Key: x.Check, Sub: f.Fact + " " + f.Why})
			}
		}
		if len(counts) == n { // it was answered, and is not so
			counts = append(counts, Count{Kind: countCheck, Key: x.Check, Sub: string(x.Answer)})
		}
	}
	return id, g.Tally(ctx, tx, p.ID, about.Mode, counts)
}

// Count is one of what is counted by day, without whom.
type Count struct{ Kind, Key, Sub string }

// Kinds of counts that every pack has: what it came to, and why it did not approve.
const (
	countOutcome = "outcome"
	countCheck   = "check"
)

// Tally counts one more of each.
func (g *Registry) Tally(ctx context.Context, tx *store.Tx, pack, mode string, counts []Count) error {
	rows, seen := [][]any{}, map[Count]bool{}
	for _, c := range counts {
		if !seen[c] {
			seen[c] = true
			rows = append(rows, []any{pack, g.today(), mode, c.Kind, c.Key, c.Sub, 1})
		}
	}
	// In one order, so that no two writers wait for each other.
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(fmt.Sprint(a...), fmt.Sprint(b...)) })
	return store.UpsertRows(ctx, tx, `INSERT INTO decision_tally (pack, day, mode, kind, key, sub, n) VALUES `, `ON CONFLICT (pack, day, mode, kind, key, sub) DO UPDATE SET n = decision_tally.n + 1`, rows)
}

// Compare keeps what a person decided of the same case afterwards, and names the event
// where the two differ: decision.overturned, when an approval that was given did not
// stand; decision.shadow_differs. store.ErrNotFound.
func (g *Registry) Compare(ctx context.Context, tx *store.Tx, decision store.ID, human Outcome, by store.ID) (event string, err error) {
	d, err := store.Get[struct{ Outcome, Mode string }](ctx, tx, `SELECT outcome, mode FROM decision WHERE id = ?`, decision)
	if err != nil {
		return "", err
	}
	if human != Approve && human != Supplement && human != Human {
		return "", fmt.Errorf("rule: %q is no outcome", human)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO decision_human (id, decision, at, by, outcome) VALUES (?, ?, ?, ?, ?)`, tx.NewID(), decision, store.At(g.Store.Now()), by, string(human)); err != nil {
		return "", err
	}
	switch mine := Outcome(d.Outcome) == Approve; {
	case mine == (human == Approve):
	case d.Mode == ModeShadow:
		event = "decision.shadow_differs"
	case mine:
		event = "decision.overturned"
	}
	return event, nil
}
