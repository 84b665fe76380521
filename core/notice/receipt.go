package notice

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Receipt is what became of a notice that left the house (回执).
type Receipt struct {
	ID      store.ID   `json:"id"`
	At      store.Time `json:"at"`
	Channel string     `json:"channel" enum:"sms,mail,webhook"`
	Name    string     `json:"name" doc:"Of the template"`
	Title   pack.Text  `json:"title" doc:"By language"`
	About   string     `json:"about"`
	To      string     `json:"to" doc:"Masked phone or mailbox, or the receiver's name"`
	Status  string     `json:"status" enum:"waiting,sent,failed,refused,expired,none"`
	Said    string     `json:"said" doc:"What the operator, the mail server or the receiver answered"`
	SentAt  store.Time `json:"sent_at,omitzero"`
	Tries   int        `json:"tries"`
}

// Wanted narrows a list of receipts.
type Wanted struct {
	Channel string
	Status  string
	About   string
	Before  store.ID
}

// Receipts lists what left, newest first.
func (s *Notices) Receipts(ctx context.Context, w Wanted, limit int) ([]Receipt, error) {
	cond, args := []string{"m.id < ?"}, []any{int64(w.Before)}
	if w.Before == 0 {
		args[0] = int64(1<<63 - 1)
	}
	add := func(c string, v any) { cond, args = append(cond, c), append(args, v) }
	if w.Channel != "" {
		add("m.channel = ?", w.Channel)
	}
	switch w.Status {
	case "":
	case "trouble": // the index of what failed
		cond = append(cond, "m.status IN ('failed', 'refused', 'expired')")
	default:
		add("m.status = ?", w.Status)
	}
	if w.About != "" {
		add("n.about = ?", w.About)
	}
	type row struct {
		ID, Person, Hook      store.ID
		Channel, Name, About  string
		Status, Receipt, Text string
		SentAt                store.Time
		Tries                 int
		HookName              string
	}
	rows, err := store.Select[row](ctx, s.Store, `SELECT m.id, m.person, COALESCE(m.hook, 0) AS hook, m.channel, n.name, n.about, m.status, m.receipt, n.text, m.sent_at, m.tries, COALESCE(h.name, '') AS hook_name
		FROM notice_message m JOIN notice n ON n.id = m.notice LEFT JOIN notice_hook h ON h.id = m.hook
		WHERE `+strings.Join(cond, " AND ")+fmt.Sprintf(` ORDER BY m.id DESC LIMIT %d`, limit), args...)
	if err != nil {
		return nil, err
	}
	out := make([]Receipt, len(rows))
	for i, r := range rows {
		var t told
		if err := unmarshal(r.Text, &t); err != nil {
			return nil, err
		}
		c := Receipt{ID: r.ID, At: store.At(r.ID.Time()), Channel: r.Channel, Name: r.Name, Title: t.Title, About: r.About, Status: r.Status, Said: r.Receipt, SentAt: r.SentAt, Tries: r.Tries}
		switch r.Channel {
		case SMS:
			m, err := s.Vault.Masked(ctx, s.Store, r.Person)
			if err != nil {
				return nil, err
			}
			c.To = m.Phone
		case Mail:
			masked, err := store.Select[string](ctx, s.Store, `SELECT masked FROM notice_mail WHERE person = ? ORDER BY account LIMIT 1`, int64(r.Person))
			if err != nil {
				return nil, err
			}
			c.To = strings.Join(masked, "")
		case Webhook:
			c.To = r.HookName
		}
		out[i] = c
	}
	return out, nil
}

// Tally is how many messages of a channel became what.
type Tally struct {
	Channel string `json:"channel"`
	Status  string `json:"status"`
	N       int    `json:"n"`
}

// Tallies counts what was written since a time, by channel and by what became of it.
func (s *Notices) Tallies(ctx context.Context, since time.Time) ([]Tally, error) {
	return store.Select[Tally](ctx, s.Store, `SELECT channel, status, count(*) AS n FROM notice_message WHERE id >= ? GROUP BY channel, status ORDER BY channel, status`, int64(store.IDAt(since)))
}

// Again sends once more what failed, was refused, or waited too long.
func (s *Notices) Again(ctx context.Context, id store.ID) error {
	who := httpapi.Actor(ctx)
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		type row struct {
			Channel, Status      string
			Person, Notice, Hook store.ID
		}
		m, err := store.Get[row](ctx, tx, `SELECT channel, status, person, notice, COALESCE(hook, 0) AS hook FROM notice_message WHERE id = ?`, int64(id))
		if err != nil {
			return err
		}
		if !slices.Contains([]string{"failed", "refused", "expired"}, m.Status) {
			return httpapi.Fail(http.StatusConflict, "not_failed")
		}
		if m.Channel == Mail {
			if _, err := tx.Exec(ctx, `UPDATE notice_mail SET bounced = '' WHERE person = ?`, int64(m.Person)); err != nil {
				return err
			}
		}
		// Waiting is counted from when a message was written: it is written anew.
		next, err := putMessage(ctx, tx, m.Notice, m.Channel, m.Person, m.Hook)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE notice_message SET status = 'none', receipt = ? WHERE id = ?`, "→ "+next.String(), int64(id)); err != nil {
			return err
		}
		if m.Channel == SMS {
			if err := s.Bus.Emit(ctx, tx, s.Store.Now(), sendSubject, next.String(), struct{}{}); err != nil {
				return err
			}
		}
		tx.OnCommit(s.awake)
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "notice.again", Object: "notice_message/" + id.String()}, nil)
	})
	if err == nil { // an address that was refused counts again
		_, err = s.renewOutward(ctx)
	}
	return err
}

// Simulated is what the simulators took, newest first: for a demonstration, where
// nothing leaves the house.
type Simulated struct {
	SMS  []SimulatedMessage `json:"sms"`
	Mail []SimulatedMessage `json:"mail"`
	Hook []SimulatedMessage `json:"hook"`
}

// SimulatedMessage is one message as it would have left.
type SimulatedMessage struct {
	At      store.Time `json:"at"`
	To      string     `json:"to"`
	Subject string     `json:"subject,omitempty"`
	Text    string     `json:"text"`
}

// Simulated gives what the simulators that stand for a channel took.
func (s *Notices) Simulated() Simulated {
	out := Simulated{[]SimulatedMessage{}, []SimulatedMessage{}, []SimulatedMessage{}}
	if sim, ok := s.SMS.(*adapter.SMSSimulator); ok {
		for _, m := range sim.Sent() {
			out.SMS = append(out.SMS, SimulatedMessage{At: store.At(m.At), To: vault.MaskPhone(m.Phone), Text: m.Text})
		}
	}
	if sim, ok := s.Mail.(*adapter.MailSimulator); ok {
		for _, m := range sim.Sent() {
			out.Mail = append(out.Mail, SimulatedMessage{At: store.At(m.At), To: MaskMail(m.To), Subject: m.Subject, Text: m.Text})
		}
	}
	if sim, ok := s.Hook.(*adapter.HookSimulator); ok {
		for _, m := range sim.Sent() {
			u, err := url.Parse(m.URL)
			if err != nil {
				continue
			}
			out.Hook = append(out.Hook, SimulatedMessage{At: store.At(m.At), To: u.Host, Subject: string(m.Format), Text: m.Body})
		}
	}
	for _, list := range [][]SimulatedMessage{out.SMS, out.Mail, out.Hook} {
		slices.Reverse(list)
	}
	return out
}
