package services

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/form"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// subjectOf are the keys by which sources are asked about an application: who the
// applicant is, and what the form says by data elements that are keys.
func (s *Service) subjectOf(ctx context.Context, q store.Querier, person store.ID, h *Handling, values map[string]any) (map[string]string, error) {
	who, err := s.Vault.Own(ctx, q, person)
	if err != nil {
		return nil, err
	}
	out := map[string]string{"name": who[vault.Name], "phone": who[vault.Phone], "id_no": who[vault.IDNumber]}
	for name, question := range h.Form.Schema.Properties {
		_, key, ok := strings.Cut(question.Element, ".")
		if v := asText(values[name]); ok && v != "" && (out[key] == "" || key == "id_no" || key == "name") {
			out[key] = v
		}
	}
	return out, nil
}

// instantly asks the decision pack of an item; LaneNone where it has none or the
// applicant asks for a person.
func (s *Service) instantly(ctx context.Context, r applicationRow, x appSaid, e *ItemElements, at time.Time, person bool) (InstantVerdict, error) {
	if e.Handling.Instant == "" || person {
		return InstantVerdict{Lane: LaneNone}, nil
	}
	subject, err := s.subjectOf(ctx, s.Store, r.Person, e.Handling, x.Values)
	if err != nil {
		return InstantVerdict{}, err
	}
	return s.InstantApproval(ctx, InstantAsk{Item: e.Handling.Instant, Application: r.ID, Person: r.Person, Subject: subject, Form: e.Handling.toldBy(x.Values), At: at})
}

// toldBy are the answers of a form by their names, and by the data elements that they are:
// packs ask for these.
func (h *Handling) toldBy(values map[string]any) map[string]any {
	out := maps.Clone(values)
	for name, question := range h.Form.Schema.Properties {
		if v, ok := values[name]; ok && question.Element != "" {
			out[question.Element] = v
		}
	}
	return out
}

// keptInstant is a verdict as it was kept.
type keptInstant struct {
	id      any // none: no pack judged
	granted bool
	lane    string
}

func (s *Service) keepInstant(ctx context.Context, tx *store.Tx, v InstantVerdict, matter store.ID, who account.Actor) (keptInstant, error) {
	id, err := s.KeepVerdict(ctx, tx, v, rule.About{Person: v.person, Object: "matter/" + matter.String(), Actor: who.Account, Unit: who.Unit})
	if errors.Is(err, rule.ErrClosed) {
		return keptInstant{lane: LaneNone}, nil
	}
	if err != nil || id == 0 {
		return keptInstant{lane: LaneNone}, err
	}
	return keptInstant{int64(id), v.Lane == LaneApprove, v.Lane}, nil
}

// grants is what the decision grants, with what it is called.
func (v InstantVerdict) grants() map[string]Granted {
	if v.Lane != LaneApprove || len(v.Decision.Grant) == 0 {
		return nil
	}
	out := map[string]Granted{}
	for _, g := range v.pack.Grant {
		out[g.Name] = Granted{form.Text(g.Say), v.Decision.Grant[g.Name]}
	}
	return out
}

// knownFacts asks the sources of an item's decision pack for what a form can be filled
// in with.
func (s *Service) knownFacts(ctx context.Context, r applicationRow, x appSaid, e *ItemElements) (rule.Facts, error) {
	now := s.Store.Now()
	p, _ := s.Rules.Decides(e.Handling.Instant, rule.DateOf(now, s.Zone()))
	if e.Handling.Instant == "" || p == nil {
		return rule.Facts{}, nil
	}
	subject, err := s.subjectOf(ctx, s.Store, r.Person, e.Handling, x.Values)
	if err != nil {
		return nil, err
	}
	return s.Facts.Gather(ctx, p, subject, nil, now).Facts, nil
}

// fillSources are those whom autofill asks for an item: the sources of its decision pack.
func (s *Service) fillSources(e *ItemElements) []string {
	out := []string{}
	p, _ := s.Rules.Decides(e.Handling.Instant, rule.DateOf(s.Store.Now(), s.Zone()))
	if e.Handling.Instant == "" || p == nil {
		return out
	}
	for _, name := range p.FactNames() {
		for _, source := range p.Facts[name].Sources {
			if source != rule.Applicant && !slices.Contains(out, source) {
				out = append(out, source)
			}
		}
	}
	return out
}
