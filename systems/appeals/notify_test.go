package appeals

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/job"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// The appellant and the desks are told what concerns them, each once, without
// the number of anybody; what leaves by short message leaves once.
func TestPeopleAreTold(t *testing.T) { bothStores(t, peopleAreTold) }

func peopleAreTold(t *testing.T, h *house) {
	ctx, cancel := context.WithCancel(context.Background())
	defer func() { cancel(); h.Bus.Wait() }()
	q := job.New()
	h.Notices.Handle(q)
	dsn := h.Store.DSN()
	if h.Store.Dialect() == store.SQLite {
		dsn = filepath.Join(h.folder, "jobs.db")
	}
	if err := q.Open(ctx, dsn, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if err := q.Start(ctx); err != nil {
		t.Fatal(err)
	}
	defer q.Stop(context.Background())
	h.Follow(ctx)
	h.Notices.Follow(ctx, q)

	platform := h.Dir.Tree().OfKind(account.Platform)[0]
	agent, dispatcher := h.staff(t, "teller-agent", platform, "agent"), h.staff(t, "teller-dispatcher", platform, "dispatcher")
	street := h.Dir.Tree().OfKind(account.Street)[0]
	receiver, other := h.staff(t, "teller-receiver", street, "receiver"), h.staff(t, "teller-other", h.Dir.Tree().OfKind(account.Street)[1], "receiver")
	const phone = "13800001234"
	filed, err := h.File(ctx, agent, Intake{Channel: "hotline", Kind: "complaint", Text: "路灯坏了三天，请派人来修。", Appellant: vault.Identity{vault.Name: "测试丙", vault.Phone: phone}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Act(ctx, dispatcher, filed.ID, 0, []Step{{Action: "dispatch", Form: map[string]any{"unit": street, "class": "urgent"}}}); err != nil {
		t.Fatal(err)
	}
	if err := h.Bus.Drained(ctx, noticeConsumer); err != nil {
		t.Fatal(err)
	}
	persons, err := h.Vault.Find(ctx, h.Store, vault.Phone, phone)
	if err != nil || len(persons) != 1 {
		t.Fatal(persons, err)
	}
	citizen := account.Actor{Account: 1, Person: persons[0]}
	names := func(who account.Actor) string {
		list, unread, err := h.Notices.Inbox(ctx, who, 0, 50)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		n := 0
		for _, x := range list {
			if !x.Read {
				n++
			}
			out = append(out, x.Name)
			if s := x.Body["zh"] + x.Body["en"]; strings.Contains(s, phone) || strings.Contains(s, "{") || strings.Contains(s, "测试丙") {
				t.Errorf("%s says %q", x.Name, s)
			}
		}
		if n != unread {
			t.Errorf("%d unread in the list, %d counted", n, unread)
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		who  account.Actor
		want string
	}{{citizen, "dispatched accepted"}, {receiver, "assigned_urgent"}, {other, ""}, {agent, ""}} {
		if got := names(c.who); got != c.want {
			t.Errorf("told %q, want %q", got, c.want)
		}
	}
	list, _, _ := h.Notices.Inbox(ctx, receiver, 0, 50)
	if err := h.Notices.Read(ctx, receiver, list[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, unread, _ := h.Notices.Inbox(ctx, receiver, 0, 50); unread != 0 {
		t.Errorf("%d unread after reading", unread)
	}
	// By day the message is sent, by night it waits: the clock is the wall's.
	sms := h.Notices.SMS.(*adapter.SMSSimulator)
	status := ""
	for range 100 {
		if h.Store.QueryRow(ctx, `SELECT status FROM notice_message`).Scan(&status); status == "sent" {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	local := h.Store.Now().In(h.Zone())
	if minute := local.Hour()*60 + local.Minute(); minute > 8*60 && minute < 21*60+29 {
		if got := sms.Sent(); len(got) != 1 || got[0].Phone != phone || status != "sent" {
			t.Errorf("sent %d messages, status %q", len(got), status)
		}
	} else if status != "waiting" {
		t.Errorf("in the quiet hours the message is %q", status)
	}
}
