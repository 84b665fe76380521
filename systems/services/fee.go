package services

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/pack"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// feeRules are a district's rules of fees (收费规则): services/fees.yaml. What is charged,
// and by which law, stands with each item (行政许可法第五十八、五十九条).
type feeRules struct {
	Exemptions []FeeExemption `yaml:"exemptions"`
	Refunds    []struct {
		When  string `yaml:"when"` // withdrawn, denied
		Basis string `yaml:"basis"`
	} `yaml:"refunds"`
}

// FeeExemption is a ground on which a fee is waived (减免情形).
type FeeExemption struct {
	ID    string    `yaml:"id" json:"id"`
	Name  form.Text `yaml:"name" json:"name"`
	Basis string    `yaml:"basis" json:"basis"`
	// When holds of a situation and a form by which nobody need ask; it counts for the
	// items that have what it reads.
	When string `yaml:"when" json:"-"`
}

const packFees = "services/fees.yaml"

func readFees(files fs.FS) (*feeRules, error) {
	f := &feeRules{}
	if err := pack.Settings(files, packFees, f); err != nil {
		return nil, err
	}
	var errs []error
	seen := map[string]bool{}
	for i, x := range f.Exemptions {
		if x.ID == "" || seen[x.ID] || x.Name["zh"] == "" || x.Basis == "" {
			errs = append(errs, fmt.Errorf("%s: exemptions[%d]: it has an id of its own, a name and its basis", packFees, i))
		}
		seen[x.ID] = true
	}
	for i, r := range f.Refunds {
		if r.When != "withdrawn" && r.When != "denied" || r.Basis == "" {
			errs = append(errs, fmt.Errorf("%s: refunds[%d]: when is withdrawn or denied, and it has a basis", packFees, i))
		}
	}
	return f, errors.Join(errs...)
}

// States of a bill.
const (
	billDue       = "due"
	billPaid      = "paid"
	billWaived    = "waived"
	billVoid      = "void"      // the case ended before it was paid
	billRefunding = "refunding" // the platform is asked to pay it back
	billRefunded  = "refunded"
)

// billNext is which states may follow each.
var billNext = map[string][]string{
	"":            {billDue},
	billDue:       {billPaid, billWaived, billVoid},
	billPaid:      {billRefunding},
	billVoid:      {billPaid}, // it was paid while the case ended: and goes back
	billWaived:    {billPaid}, // likewise
	billRefunding: {billRefunded},
}

// billChange is one thing that happens to a bill.
type billChange struct {
	state, ground, reason, receipt string
	actor                          store.ID
	at                             store.Time
}

type billRow struct {
	ID     store.ID `bun:"id"`
	Matter store.ID `bun:"matter"`
	Amount int64    `bun:"amount"`
	Name   string   `bun:"name"`
	Basis  string   `bun:"basis"`
	State  string   `bun:"state"`
}

const billRowSQL = `SELECT id, matter, amount, name, basis, state FROM service_bill`

func getBill(ctx context.Context, q store.Querier, id store.ID) (billRow, error) {
	return store.Get[billRow](ctx, q, billRowSQL+` WHERE id = ?`, int64(id))
}

// changeBill is the one way in which a bill's state changes; refused_state where the
// state may not follow.
func (s *Service) changeBill(ctx context.Context, tx *store.Tx, b billRow, c billChange) error {
	if !slices.Contains(billNext[b.State], c.state) {
		return httpapi.Fail(http.StatusConflict, "refused_state")
	}
	if _, err := tx.Exec(ctx, `INSERT INTO service_bill_event (bill, seq, at, actor, state, ground, reason, receipt, amount) SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, ?, ?, ?, ?, ?, ? FROM service_bill_event WHERE bill = ?`,
		b.ID, c.at, c.actor, c.state, c.ground, text.Mask(c.reason), c.receipt, b.Amount, b.ID); err != nil {
		return err
	}
	if err := s.archiveDue(ctx, tx, b.Matter); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE service_bill SET state = ?, reason = CASE WHEN ? <> '' THEN ? ELSE reason END, receipt = CASE WHEN ? <> '' THEN ? ELSE receipt END, settled_at = ? WHERE id = ? AND state = ?`,
		c.state, c.reason, text.Mask(c.reason), c.receipt, c.receipt, c.at, b.ID, b.State)
	if err == nil && n == 0 {
		err = caseflow.ErrConflict
	}
	if err != nil || c.state == billRefunding {
		if err == nil {
			_, err = tx.Exec(ctx, `UPDATE service_payment SET next_at = ?, tries = 0 WHERE bill = ?`, c.at, b.ID)
		}
		return err
	}
	if c.state == billPaid || c.state == billRefunded {
		_, err = tx.Exec(ctx, `UPDATE service_payment SET next_at = NULL, error = '' WHERE bill = ?`, b.ID)
	}
	return err
}

// bill writes the bill of an item that costs something, at its acceptance; waived at once
// where an exemption holds of what the applicant said.
func (s *Service) bill(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	e, err := s.pinned(c.Matter.Item)
	if err != nil || e.Handling.Fee == nil {
		return err
	}
	f := e.Handling.Fee
	name, err := json.Marshal(f.Name)
	if err != nil {
		return err
	}
	b := billRow{ID: tx.NewID(), Matter: c.Matter.ID, Amount: f.Amount, Name: string(name), Basis: f.Basis}
	if _, err := tx.Exec(ctx, `INSERT INTO service_bill (id, matter, amount, name, basis, state, reason, at) VALUES (?, ?, ?, ?, ?, '', '', ?)`, b.ID, b.Matter, b.Amount, b.Name, b.Basis, c.Event.At); err != nil {
		return err
	}
	if err := s.changeBill(ctx, tx, b, billChange{state: billDue, at: c.Event.At}); err != nil {
		return err
	}
	x, err := s.exempt(ctx, tx, c.Matter.ID, e.Handling)
	if err != nil || x == nil {
		return err
	}
	b.State = billDue
	return s.changeBill(ctx, tx, b, billChange{state: billWaived, ground: x.ID, reason: x.Basis, at: c.Event.At})
}

// exempt finds the exemption that holds of a case by itself; none where none does.
func (s *Service) exempt(ctx context.Context, q store.Querier, id store.ID, h *Handling) (*FeeExemption, error) {
	x, err := getCase(ctx, q, id)
	if err != nil {
		return nil, err
	}
	told, err := s.said(ctx, q, x.Application)
	if err != nil {
		return nil, err
	}
	vars := rule.Vars{}
	facts := h.Form.Facts(told.Values, s.today())
	if h.Situation != nil {
		vars = h.Situation.Vars()
		for k, v := range h.Situation.Facts(told.Situation, s.today()) {
			facts[k] = v
		}
	}
	lang, err := h.Form.Language(vars)
	if err != nil {
		return nil, err
	}
	exemptions := s.fees.Load().Exemptions
	for i, e := range exemptions {
		if e.When == "" {
			continue
		}
		when, err := lang.Condition(e.When)
		if err != nil {
			continue // it reads what this item does not ask
		}
		if yes, err := when.Holds(facts); err == nil && yes {
			return &exemptions[i], nil
		}
	}
	return nil, nil
}

// endBills ends the bills of a case that ends without a grant: what is due is void, what
// was paid goes back where the district's rules say so.
func (s *Service) endBills(ctx context.Context, tx *store.Tx, c *caseflow.Change, how string) error {
	bills, err := store.Select[billRow](ctx, tx, `SELECT id, matter, amount, name, basis, state FROM service_bill WHERE matter = ? AND state IN ('due', 'paid')`, c.Matter.ID)
	if err != nil {
		return err
	}
	for _, b := range bills {
		change := billChange{state: billVoid, at: c.Event.At}
		if b.State == billPaid {
			if change.reason = s.refundBasis(how); change.reason == "" {
				continue
			}
			change.state = billRefunding
		}
		if err := s.changeBill(ctx, tx, b, change); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) refundBasis(how string) string {
	for _, r := range s.fees.Load().Refunds {
		if r.When == how {
			return r.Basis
		}
	}
	return ""
}

// billFor reads a bill for one who may see its case.
func (s *Service) billFor(ctx context.Context, q store.Querier, who account.Actor, id store.ID) (billRow, *caseflow.Matter, error) {
	b, err := getBill(ctx, q, id)
	if err != nil {
		return b, nil, err
	}
	cond, args := caseScope(who)
	if _, err := store.Get[int](ctx, q, `SELECT 1 FROM matter m WHERE m.id = ? AND `+cond, append([]any{int64(b.Matter)}, args...)...); err != nil {
		return b, nil, store.ErrNotFound
	}
	m, err := caseflow.Get(ctx, q, b.Matter)
	return b, m, err
}

// PayPage is where a bill is paid.
type PayPage struct {
	Page      string `json:"page"`
	Simulated bool   `json:"simulated" doc:"No money moves"`
}

// PayBill opens an order for a bill at the payment platform, once, and says where it is
// paid.
func (s *Service) PayBill(ctx context.Context, who account.Actor, id store.ID) (PayPage, error) {
	b, m, err := s.billFor(ctx, s.Store, who, id)
	if err != nil {
		return PayPage{}, err
	}
	if b.State != billDue {
		return PayPage{}, httpapi.Fail(http.StatusConflict, "refused_state")
	}
	if s.Pay == nil {
		return PayPage{}, httpapi.Fail(http.StatusConflict, "no_payment")
	}
	var name form.Text
	if err := json.Unmarshal([]byte(b.Name), &name); err != nil {
		return PayPage{}, err
	}
	now := s.Store.Now()
	o := adapter.PayOrder{No: "F" + b.ID.String(), Amount: b.Amount, Title: name["zh"], Basis: b.Basis, Back: s.address() + "/cases/" + m.ID.String()}
	page, err := s.Pay.Order(ctx, o)
	if err != nil {
		s.warn("an order could not be opened at the payment platform", "bill", b.ID, "error", err)
		return PayPage{}, httpapi.Fail(http.StatusBadGateway, "payment_failed")
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO service_payment (bill, no, amount, page, asked_at, tries, next_at, error) VALUES (?, ?, ?, ?, ?, 0, ?, '') ON CONFLICT (bill) DO UPDATE SET page = excluded.page, asked_at = excluded.asked_at, tries = 0, next_at = excluded.next_at`,
			b.ID, o.No, o.Amount, page, store.At(now), store.At(now.Add(payAskAfter)))
		return err
	})
	return PayPage{page, s.Pay.Simulated()}, err
}

func (s *Service) address() string {
	if s.Notices == nil {
		return ""
	}
	return s.Notices.Address
}

func (s *Service) warn(what string, args ...any) {
	if s.Log != nil {
		s.Log.Warn(what, args...)
	}
}

// payAskAfter is how long the platform's call is waited for before it is asked; payAskMost
// bounds the pauses between, and payAskFor how long an order is asked about.
const (
	payAskAfter = 30 * time.Second
	payAskMost  = 30 * time.Minute
	payAskFor   = 72 * time.Hour
)

// settled takes over how the platform says that an order stands.
func (s *Service) settled(ctx context.Context, state adapter.PayState) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := store.Get[store.ID](ctx, tx, `SELECT bill FROM service_payment WHERE no = ?`, state.No)
		if err != nil {
			return err
		}
		b, err := getBill(ctx, tx, id)
		if err != nil {
			return err
		}
		now := store.At(s.Store.Now())
		switch {
		case state.Amount != b.Amount:
			return httpapi.Fail(http.StatusConflict, "other_amount")
		case state.State == adapter.PayPaid && (b.State == billDue || b.State == billVoid || b.State == billWaived):
			if err := s.changeBill(ctx, tx, b, billChange{state: billPaid, receipt: state.Receipt, at: now}); err != nil || b.State == billDue {
				return err
			}
			b.State = billPaid // nothing was due any more
			return s.changeBill(ctx, tx, b, billChange{state: billRefunding, reason: "已减免或办件已结束", at: now})
		case state.State == adapter.PayRefunded && b.State == billRefunding:
			return s.changeBill(ctx, tx, b, billChange{state: billRefunded, receipt: state.Receipt, at: now})
		}
		return nil // told before
	})
}

// AskPayments asks the platform about the orders that it has not told of, and for the
// refunds that are due. One that fails waits for its next time.
func (s *Service) AskPayments(ctx context.Context) error {
	if s.Pay == nil {
		return nil
	}
	now := s.Store.Now()
	due, err := store.Select[struct {
		Bill    store.ID
		No      string
		State   string
		Reason  string
		Tries   int
		AskedAt store.Time
	}](ctx, s.Store, `SELECT p.bill, p.no, b.state, b.reason, p.tries, p.asked_at FROM service_payment p JOIN service_bill b ON b.id = p.bill WHERE p.next_at <= ? ORDER BY p.next_at LIMIT 100`, store.At(now))
	if err != nil {
		return err
	}
	for _, d := range due {
		var state adapter.PayState
		var err error
		if d.State == billRefunding {
			state, err = s.Pay.Refund(ctx, d.No, d.Reason)
		} else {
			state, err = s.Pay.State(ctx, d.No)
		}
		if err == nil {
			err = s.settled(ctx, state)
		}
		failed := ""
		if err != nil {
			failed = text.Mask(err.Error())
			s.warn("the payment platform could not be asked", "order", d.No, "error", err)
		}
		var next any
		if d.State == billRefunding || now.Sub(d.AskedAt.Time) < payAskFor {
			next = store.At(now.Add(min(payAskAfter<<min(d.Tries, 10), payAskMost)))
		}
		if werr := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE service_payment SET tries = tries + 1, error = ?, next_at = CASE WHEN next_at IS NULL THEN NULL ELSE CAST(? AS BIGINT) END WHERE bill = ?`, failed, next, d.Bill)
			return err
		}); werr != nil {
			return werr
		}
	}
	_, err = 0, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM service_pay_call WHERE at < ?`, store.At(now.Add(-2*adapter.PaySkew)))
		return err
	})
	return err
}

// HearPayment takes a call of the platform. Its signature and time were looked at; the
// same call a second time is refused.
func (s *Service) HearPayment(ctx context.Context, signature string, state adapter.PayState) error {
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO service_pay_call (signature, at) VALUES (?, ?) ON CONFLICT (signature) DO NOTHING`, signature, store.At(s.Store.Now()))
		if err == nil && n == 0 {
			err = httpapi.Fail(http.StatusConflict, "replayed")
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.settled(ctx, state)
}

// WaiveBill waives what is due on a ground of the district's rules.
func (s *Service) WaiveBill(ctx context.Context, who account.Actor, id store.ID, ground, reason string) error {
	exemptions := s.fees.Load().Exemptions
	i := slices.IndexFunc(exemptions, func(e FeeExemption) bool { return e.ID == ground })
	if i < 0 {
		return httpapi.FailField("ground", "no_such_option")
	}
	return s.actOnBill(ctx, who, id, "bill.waive", billChange{state: billWaived, ground: ground, reason: exemptions[i].Basis + "：" + reason}, "acceptor", "approver")
}

// RefundBill asks the platform to pay back what was paid, by decision of who decides.
func (s *Service) RefundBill(ctx context.Context, who account.Actor, id store.ID, reason string) error {
	return s.actOnBill(ctx, who, id, "bill.refund", billChange{state: billRefunding, reason: reason}, "approver")
}

func (s *Service) actOnBill(ctx context.Context, who account.Actor, id store.ID, action string, c billChange, roles ...string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		b, m, err := s.billFor(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(roles, func(r string) bool { return who.Has(r, m.Unit) }) {
			return store.ErrNotFound
		}
		c.actor, c.at = who.Account, store.At(s.Store.Now())
		if err := s.changeBill(ctx, tx, b, c); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{At: c.at, Actor: who.Account, Unit: who.Unit, Action: action, Object: "bill/" + id.String(), Reason: text.Mask(c.reason)}, nil); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusNoContent, nil)
	})
}

// PayDay is a day's reconciliation with the platform (对账).
type PayDay struct {
	Day         string          `json:"day"`
	Here        int             `json:"here" doc:"Payments and refunds in our records"`
	There       int             `json:"there" doc:"In the platform's statement"`
	Paid        int64           `json:"paid" doc:"Fen, by our records"`
	Refunded    int64           `json:"refunded"`
	Differences []PayDifference `json:"differences"`
}

// PayDifference is where both sides differ.
type PayDifference struct {
	No     string   `json:"no"`
	Kind   string   `json:"kind" enum:"paid,refunded"`
	What   string   `json:"what" enum:"missing_here,missing_there,amount,unknown"`
	Here   int64    `json:"here"`
	There  int64    `json:"there"`
	Case   store.ID `json:"case,omitempty"`
	CaseNo string   `json:"case_no,omitempty"`
	Mended bool     `json:"mended" doc:"The platform was asked again, and it is taken over"`
}

// ReconcilePayments compares a day of ours with the platform's statement. What the
// platform has and we do not is asked for by its number and taken over; the rest is for
// people.
func (s *Service) ReconcilePayments(ctx context.Context, day string) (PayDay, error) {
	out := PayDay{Day: day, Differences: []PayDifference{}}
	from, err := time.ParseInLocation(time.DateOnly, day, s.Zone())
	if err != nil {
		return out, httpapi.FailField("day", "invalid")
	}
	if s.Pay == nil {
		return out, httpapi.Fail(http.StatusConflict, "no_payment")
	}
	there, err := s.Pay.Statement(ctx, day)
	if err != nil {
		return out, httpapi.Fail(http.StatusBadGateway, "payment_failed")
	}
	type line struct {
		No     string
		Kind   string
		Amount int64
	}
	here, err := store.Select[line](ctx, s.Store, `SELECT p.no, e.state AS kind, e.amount FROM service_bill_event e JOIN service_payment p ON p.bill = e.bill WHERE e.state IN ('paid', 'refunded') AND e.at >= ? AND e.at < ? ORDER BY p.no, e.seq`, store.At(from), store.At(from.AddDate(0, 0, 1)))
	if err != nil {
		return out, err
	}
	out.Here, out.There = len(here), len(there)
	ours := map[string]int64{}
	for _, l := range here {
		ours[l.No+" "+l.Kind] = l.Amount
		if l.Kind == billPaid {
			out.Paid += l.Amount
		} else {
			out.Refunded += l.Amount
		}
	}
	for _, l := range there {
		key := l.No + " " + l.Kind
		amount, have := ours[key]
		delete(ours, key)
		d := PayDifference{No: l.No, Kind: l.Kind, Here: amount, There: l.Amount}
		switch {
		case have && amount == l.Amount:
			continue
		case have:
			d.What = "amount"
		default:
			d.What = "missing_here"
			state, err := s.Pay.State(ctx, l.No)
			if err == nil {
				err = s.settled(ctx, state)
			}
			if d.Mended = err == nil; errors.Is(err, store.ErrNotFound) {
				d.What = "unknown" // an order that nobody here opened
			}
		}
		out.Differences = append(out.Differences, d)
	}
	for key, amount := range ours {
		no, kind, _ := strings.Cut(key, " ")
		out.Differences = append(out.Differences, PayDifference{No: no, Kind: kind, What: "missing_there", Here: amount})
	}
	slices.SortFunc(out.Differences, func(a, b PayDifference) int { return cmp.Or(cmp.Compare(a.No, b.No), cmp.Compare(a.Kind, b.Kind)) })
	for i := range out.Differences {
		d := &out.Differences[i]
		about, err := store.Get[struct {
			ID store.ID
			No string
		}](ctx, s.Store, `SELECT m.id, m.no FROM service_payment p JOIN service_bill b ON b.id = p.bill JOIN matter m ON m.id = b.matter WHERE p.no = ?`, d.No)
		if err == nil {
			d.Case, d.CaseNo = about.ID, about.No
		} else if !errors.Is(err, store.ErrNotFound) {
			return out, err
		}
	}
	return out, nil
}
