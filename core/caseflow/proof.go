package caseflow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// Proof (存证) is the whole story of a matter and of its sub-matters with the record of
// each step, sealed: whoever has it can see, without the house, that nothing of it was
// changed since. Texts in it are masked, as in the events.
type Proof struct {
	No     string        `json:"no"`
	Events []ProvenEvent `json:"events"`
	Audit  audit.Proof   `json:"audit"`
}

// ProvenEvent is an event as it is kept, byte for byte.
type ProvenEvent struct {
	Matter store.ID   `bun:"matter" json:"matter"`
	Seq    int        `bun:"seq" json:"seq"`
	At     store.Time `bun:"at" json:"at"`
	Actor  store.ID   `bun:"actor" json:"actor,omitempty"`
	Unit   string     `bun:"unit" json:"unit,omitempty"`
	Action string     `bun:"action" json:"action"`
	Source string     `bun:"source" json:"source,omitempty"`
	Target string     `bun:"target" json:"target"`
	Data   string     `bun:"data" json:"data" doc:"JSON as it was hashed"`
}

// Prove makes the proof of a matter.
func Prove(ctx context.Context, log *audit.Log, m *Matter) (Proof, error) {
	p := Proof{No: m.No}
	ids, err := store.Select[store.ID](ctx, log.Store, `SELECT id FROM matter WHERE id = ? OR parent = ? ORDER BY id`, m.ID, m.ID)
	if err != nil {
		return p, err
	}
	objects := make([]string, len(ids))
	for i, id := range ids {
		objects[i] = "matter/" + id.String()
	}
	if p.Audit, err = log.Prove(ctx, objects...); err != nil {
		return p, err
	}
	p.Events, err = store.Select[ProvenEvent](ctx, log.Store, `SELECT matter, seq, at, actor, unit, action, source, target, data FROM matter_event WHERE `+store.AnyOf("matter", len(ids))+` ORDER BY matter, seq`, store.Args(ids...)...)
	return p, err
}

// Check says what is wrong with a proof; see [audit.Proof.Check]. unproven counts the
// events without a sealed record: those that are newer than the last seal, that were
// imported, or that were written before records held what their event said.
func (p Proof) Check(key string) (unproven int, problems []string) {
	_, problems = p.Audit.Check(key)
	type step struct {
		object string
		seq    int
	}
	records := map[step]audit.Proven{}
	for _, r := range p.Audit.Records {
		var d auditDetail
		if json.Unmarshal([]byte(r.Detail), &d) == nil && d.Seq > 0 {
			records[step{r.Object, d.Seq}] = r
		}
	}
	for _, e := range p.Events {
		at := step{"matter/" + e.Matter.String(), e.Seq}
		r, ok := records[at]
		var d auditDetail
		if ok {
			_ = json.Unmarshal([]byte(r.Detail), &d)
		}
		if !ok || r.Head == nil || d.Data == "" {
			unproven++
		}
		if !ok {
			continue
		}
		delete(records, at)
		if d.Data != "" && d.Data != dataHash(e.Data) || d.From != e.Source || d.To != e.Target || !r.At.Equal(e.At.Time) || r.Actor != e.Actor || r.Unit != e.Unit {
			problems = append(problems, fmt.Sprintf("event %d of matter %d (%s) is not what was recorded", e.Seq, e.Matter, e.Action))
		}
	}
	for at := range records {
		problems = append(problems, fmt.Sprintf("event %d of %s was recorded and is missing", at.seq, at.object))
	}
	return unproven, problems
}

// auditDetail is what the record of an event holds.
type auditDetail struct {
	Seq  int    `json:"seq"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	Data string `json:"data,omitempty"` // hash of what the event says
}

func dataHash(data string) string {
	sum := sha256.Sum256([]byte(data))
	return hex.EncodeToString(sum[:])
}
