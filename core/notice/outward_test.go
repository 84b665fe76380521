package notice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const notices = `
quiet: {from: "21:30", to: "08:00"}
notices:
  assigned: {to: unit, channels: [inapp, mail, webhook], title: {zh: 新工单待签收}, body: {zh: "{no}待签收。{link}"}}
  inner: {to: unit, channels: [inapp], title: {zh: 内部}, body: {zh: 内部}}
  slip: {to: unit, urgent: true, channels: [inapp, mail, webhook], title: {zh: 红牌}, body: {zh: "{no}超期"}}
  accepted: {to: appellant, channels: [inapp, sms, mail], title: {zh: 诉求已受理}, body: {zh: "{no}已受理"}}
  hook_silent: {to: who made it, channels: [inapp], title: {zh: 推送失败}, body: {zh: "{title}：{reason}"}}
`

// house is what notices need, at ten in the morning of a Friday.
type house struct {
	*Notices
	t    *testing.T
	ctx  context.Context
	now  *atomic.Int64
	mail *slowMail
	hook *adapter.HookSimulator
}

// slowMail is a simulator that is down when told.
type slowMail struct {
	adapter.MailSimulator
	down atomic.Bool
}

func (m *slowMail) Send(ctx context.Context, to string, l adapter.Letter) (string, error) {
	if m.down.Load() {
		return "", errors.New("connection refused")
	}
	if strings.HasPrefix(to, "full@") {
		return "", errors.New("452 4.2.2 mailbox full")
	}
	return m.MailSimulator.Send(ctx, to, l)
}

func onBoth(t *testing.T, test func(h *house)) {
	t.Run("sqlite", func(t *testing.T) { test(newHouse(t, filepath.Join(t.TempDir(), "shanzhi.db"))) })
	t.Run("postgres", func(t *testing.T) { test(newHouse(t, testkit.Postgres(t))) })
}

func newHouse(t *testing.T, dsn string) *house {
	t.Helper()
	h := &house{t: t, ctx: context.Background(), now: new(atomic.Int64), mail: &slowMail{}, hook: &adapter.HookSimulator{}}
	h.now.Store(time.Date(2026, 11, 27, 2, 0, 0, 0, time.UTC).UnixMicro())
	log := slog.New(slog.DiscardHandler)
	s, err := store.Open(h.ctx, dsn, store.Options{Log: log, Now: func() time.Time { return time.UnixMicro(h.now.Add(1)) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Migrate(h.ctx, audit.Room(), event.Room(), vault.Room(), account.Room(), httpapi.Room(), Room()); err != nil {
		t.Fatal(err)
	}
	keys, err := vault.OpenKeyring(t.TempDir(), vault.International)
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(s, keys)
	if err != nil {
		t.Fatal(err)
	}
	dir := account.NewDirectory(s)
	h.Notices = &Notices{Store: s, Vault: v, Keys: keys, Dir: dir, Accounts: account.New(s, dir, keys), Bus: event.NewBus(s, log), Log: log, SMS: &adapter.SMSSimulator{}, Mail: h.mail, Hook: h.hook, Address: "https://example.org",
		Desks: func(a account.Actor) (out []string) {
			for _, g := range a.Grants {
				out = append(out, g.Role+"@"+g.Unit)
			}
			return out
		}}
	h.write(func(ctx context.Context, tx *store.Tx) error {
		for _, u := range []account.Unit{{Code: "d", Name: "区", Kind: account.District}, {Code: "a", Name: "甲", Parent: "d", Kind: account.Street}, {Code: "b", Name: "乙", Parent: "d", Kind: account.Street}} {
			if _, err := account.PutUnit(ctx, tx, u); err != nil {
				return err
			}
		}
		return nil
	})
	files := fstest.MapFS{"notices.yaml": {Data: []byte(notices)}, "pack.yaml": {Data: []byte("id: t\nversion: \"1\"\nname: {zh: 宝安区}\nlocale: zh\ntimezone: Asia/Shanghai\n")}}
	if err := errors.Join(dir.Reload(h.ctx), h.Reload(files)); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) write(f func(ctx context.Context, tx *store.Tx) error) {
	h.t.Helper()
	if err := h.Store.Write(h.ctx, f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) pass(d time.Duration) { h.now.Add(d.Microseconds()) }

// who is somebody who holds a role at a unit.
func (h *house) who(role, unit string) (a account.Actor) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *store.Tx) error {
		login := fmt.Sprintf("%s@%s-%d", role, unit, h.now.Load())
		id, err := h.Accounts.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: unit}, "", account.Grant{Role: role, Unit: unit})
		if err == nil {
			a, err = h.Accounts.Actor(ctx, tx, id)
		}
		return err
	})
	return a
}

func (h *house) tell(notes ...Note) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *store.Tx) error {
		for _, n := range notes {
			if err := h.Tell(ctx, tx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// reads makes an account get mail.
func (h *house) reads(who account.Actor, address, level string) {
	h.t.Helper()
	h.pass(time.Minute)
	code, err := h.AskMail(h.ctx, who, address)
	if err == nil {
		err = h.ConfirmMail(h.ctx, who, code)
	}
	if err == nil {
		err = h.SetMail(h.ctx, who.Account, level)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// letters are those that came since the last look, codes left out.
func (h *house) letters() (out []string) {
	for _, m := range h.mail.Sent() {
		if !strings.Contains(m.Subject, "验证码") {
			out = append(out, m.To+" "+m.Subject)
		}
	}
	return out
}

func (h *house) deliver() { h.t.Helper(); _ = h.Deliver(h.ctx) }

func (h *house) same(what string, got, want []string) {
	h.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		h.t.Errorf("%s:\n%v, want\n%v", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (h *house) standing(channel string) (out []string) {
	h.t.Helper()
	list, err := h.Receipts(h.ctx, Wanted{Channel: channel}, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range list {
		out = append(out, r.To+" "+r.Title.In("zh")+" "+r.Status)
	}
	return out
}

func TestMailReachesWhoAskedForIt(t *testing.T) {
	onBoth(t, func(h *house) {
		head, clerk, other := h.who("handler", "a"), h.who("handler", "a"), h.who("handler", "b")
		h.reads(head, "head@example.org", MailAll)
		h.reads(clerk, "clerk@example.org", MailUrgent)
		h.reads(other, "other@example.org", MailAll)
		h.tell(Note{Name: "assigned", Desk: "handler@a", Words: map[string]string{"no": "1"}, Link: "/desk/1"}, Note{Name: "inner", Desk: "handler@a"})
		h.deliver()
		h.same("what can wait is gathered for a minute", h.letters(), nil)
		h.tell(Note{Name: "slip", Desk: "handler@a", Words: map[string]string{"no": "2"}}, Note{Name: "assigned", Account: other.Account})
		h.deliver()
		h.same("what is urgent leaves at once", h.letters(), []string{"head@example.org 【宝安区】红牌", "clerk@example.org 【宝安区】红牌"})
		h.tell(Note{Name: "assigned", Desk: "handler@a", Words: map[string]string{"no": "3"}})
		h.pass(2 * time.Minute)
		h.deliver()
		h.same("a minute's notices are one letter", h.letters()[2:], []string{"head@example.org 【宝安区】新工单待签收 等2条消息", "other@example.org 【宝安区】新工单待签收"})
		h.pass(2 * time.Minute)
		h.deliver()
		if n := len(h.letters()); n != 4 {
			t.Errorf("%d letters: one was sent twice", n)
		}
		last := h.mail.Sent()[len(h.mail.Sent())-2]
		for _, want := range []string{"1待签收", "3待签收", "https://example.org/desk/1", "邮件提醒"} {
			if !strings.Contains(last.Text, want) || !strings.Contains(last.HTML, want) {
				t.Errorf("%q is not in both texts: %s\n%s", want, last.Text, last.HTML)
			}
		}
		if n := strings.Count(last.Text, "/desk/1"); n != 1 {
			t.Errorf("the link stands %d times: %s", n, last.Text)
		}
		for _, r := range h.standing(Mail) {
			if !strings.HasSuffix(r, "sent") || !strings.Contains(r, "***@example.org") {
				t.Errorf("receipt: %s", r)
			}
		}
		// Who is disabled gets nothing more.
		h.write(func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE account SET disabled = ? WHERE id = ?`, true, int64(head.Account))
			return err
		})
		h.pass(2 * time.Minute)
		h.deliver()
		h.tell(Note{Name: "slip", Desk: "handler@a"})
		h.deliver()
		h.same("to who is left", h.letters()[4:], []string{"clerk@example.org 【宝安区】红牌"})
	})
}

func TestMailOfACitizen(t *testing.T) {
	onBoth(t, func(h *house) {
		var who account.Actor
		h.write(func(ctx context.Context, tx *store.Tx) error {
			person, err := h.Vault.NewPerson(ctx, tx, vault.Identity{vault.Phone: "16000000001"})
			if err != nil {
				return err
			}
			id, err := h.Accounts.Put(ctx, tx, account.Account{Kind: account.Citizen, Name: "市民", Person: person}, "")
			who = account.Actor{Account: id, Person: person, Kind: account.Citizen}
			return err
		})
		accepted := Note{Name: "accepted", Person: who.Person, Words: map[string]string{"no": "7"}}
		h.tell(accepted)
		h.reads(who, "Zhang@example.org", MailAll)
		h.tell(accepted)
		h.pass(2 * time.Minute)
		h.deliver()
		h.same("from when they asked", h.letters(), []string{"Zhang@example.org 【宝安区】诉求已受理"})
		// In the vault it is theirs, and goes with it.
		own, err := h.Vault.Own(h.ctx, h.Store, who.Person)
		if err != nil || own[vault.Email] != "Zhang@example.org" || own[vault.Phone] != "16000000001" {
			t.Errorf("%v %v", own, err)
		}
		// The letter's own way out.
		token := h.mail.Sent()[1].Unsubscribe
		token = token[strings.Index(token, "token=")+6:]
		for _, bad := range []string{"", "x", token[:len(token)-1] + "A", "AAAA" + token[4:]} {
			if err := h.Unsubscribe(h.ctx, bad); !errors.Is(err, store.ErrNotFound) && bad != token {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if err := h.Unsubscribe(h.ctx, token); err != nil {
			t.Fatal(err)
		}
		if r, err := h.Reader(h.ctx, h.Store, who.Account); err != nil || r.Level != MailOff || r.Address != "Z***@example.org" {
			t.Errorf("%+v %v", r, err)
		}
		if err := h.SetMail(h.ctx, who.Account, MailAll); err != nil {
			t.Fatal(err)
		}
		h.tell(accepted)
		h.write(func(ctx context.Context, tx *store.Tx) error {
			return h.Vault.Erase(ctx, tx, who.Person, vault.Access{Reason: "本人要求", Object: "person"})
		})
		h.pass(2 * time.Minute)
		h.deliver()
		if n := len(h.letters()); n != 1 {
			t.Errorf("%d letters: an erased person was written to", n)
		}
	})
}

func TestAnAddressIsConfirmed(t *testing.T) {
	onBoth(t, func(h *house) {
		who := h.who("handler", "a")
		field := func(err error, want string) {
			t.Helper()
			var p *httpapi.Problem
			if !errors.As(err, &p) || p.Code != want && (len(p.Errors) == 0 || p.Errors[0].Message != want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
		for _, bad := range []string{"", "zhang", "zhang@", "@example.org", "张三 <zhang@example.org>", "zhang@example.org, b@example.org", "zhang@localhost", "a@example.org\r\nBcc: b@example.org"} {
			_, err := h.AskMail(h.ctx, who, bad)
			field(err, "not_mailbox")
		}
		field(h.SetMail(h.ctx, who.Account, MailAll), "no_address")
		code, err := h.AskMail(h.ctx, who, "zhang@example.org")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.AskMail(h.ctx, who, "zhang@example.org"); !errors.Is(err, account.ErrTooSoon) {
			t.Errorf("twice in a minute: %v", err)
		}
		wrong := "000000"
		if code == wrong {
			wrong = "111111"
		}
		for range codeTries {
			field(h.ConfirmMail(h.ctx, who, wrong), "wrong_code")
		}
		field(h.ConfirmMail(h.ctx, who, code), "code_over")
		h.pass(time.Minute)
		if code, err = h.AskMail(h.ctx, who, "zhang@example.org"); err != nil {
			t.Fatal(err)
		}
		h.pass(codeFor)
		field(h.ConfirmMail(h.ctx, who, code), "code_over")
		if r, err := h.Reader(h.ctx, h.Store, who.Account); err != nil || r.Asked != "" || r.Level != MailOff {
			t.Errorf("%+v %v", r, err)
		}
		h.reads(who, "zhang@example.org", MailAll)
		// Another address counts only when it was confirmed.
		h.pass(time.Minute)
		if code, err = h.AskMail(h.ctx, who, "new@example.org"); err != nil {
			t.Fatal(err)
		}
		h.tell(Note{Name: "slip", Account: who.Account})
		h.deliver()
		if err := h.ConfirmMail(h.ctx, who, code); err != nil {
			t.Fatal(err)
		}
		h.tell(Note{Name: "slip", Account: who.Account})
		h.deliver()
		h.same("where they went", h.letters(), []string{"zhang@example.org 【宝安区】红牌", "new@example.org 【宝安区】红牌"})
		h.pass(time.Minute)
		_, err = h.AskMail(h.ctx, who, "a@nobody.example")
		field(err, "no_such_mailbox")
		h.Mail = nil
		_, err = h.AskMail(h.ctx, who, "zhang@example.org")
		field(err, "no_mail")
	})
}

func TestMailWaits(t *testing.T) {
	onBoth(t, func(h *house) {
		who := h.who("handler", "a")
		h.reads(who, "zhang@example.org", MailAll)
		h.pass(12 * time.Hour) // ten at night
		h.tell(Note{Name: "assigned", Account: who.Account})
		h.pass(time.Hour)
		h.deliver()
		h.same("in the quiet hours", h.letters(), nil)
		h.tell(Note{Name: "slip", Account: who.Account})
		h.deliver()
		h.same("but what is urgent", h.letters(), []string{"zhang@example.org 【宝安区】红牌"})
		h.pass(9 * time.Hour)
		h.mail.down.Store(true)
		h.deliver()
		h.mail.down.Store(false)
		h.deliver()
		h.same("a server that failed is left alone for a while", h.letters()[1:], nil)
		if r := h.standing(Mail); !strings.HasSuffix(r[1], "waiting") {
			t.Errorf("%v", r)
		}
		h.pass(6 * time.Second)
		h.deliver()
		h.same("then tried again", h.letters()[1:], []string{"zhang@example.org 【宝安区】新工单待签收"})

		// A mailbox that there is no more.
		h.write(func(ctx context.Context, tx *store.Tx) error {
			person, err := store.Get[store.ID](ctx, tx, `SELECT person FROM notice_mail WHERE account = ?`, int64(who.Account))
			if err != nil {
				return err
			}
			return h.Vault.Update(ctx, tx, person, vault.Identity{vault.Email: "zhang@nobody.example"})
		})
		h.tell(Note{Name: "slip", Account: who.Account})
		h.deliver()
		h.tell(Note{Name: "slip", Account: who.Account})
		h.deliver()
		if r := h.standing(Mail); len(r) != 3 || !strings.HasSuffix(r[0], "refused") {
			t.Errorf("a refused address is written to again: %v", r)
		}
		if r, err := h.Reader(h.ctx, h.Store, who.Account); err != nil || !strings.Contains(r.Bounced, "no such mailbox") {
			t.Errorf("%+v %v", r, err)
		}
		// Three days are enough.
		h.reads(who, "zhang@example.org", MailAll)
		h.mail.down.Store(true)
		h.tell(Note{Name: "slip", Account: who.Account})
		h.deliver()
		h.pass(73 * time.Hour)
		h.deliver()
		list, err := h.Receipts(h.ctx, Wanted{Status: "trouble"}, 10)
		if err != nil || len(list) != 2 || list[0].Status != "expired" || list[0].Tries != 1 || !strings.Contains(list[0].Said, "connection refused") {
			t.Fatalf("%+v %v", list, err)
		}
		h.mail.down.Store(false)
		h.pass(time.Hour)
		before := len(h.letters())
		if err := h.Again(h.ctx, list[0].ID); err != nil {
			t.Fatal(err)
		}
		h.deliver()
		h.same("sent again by hand", h.letters()[before:], []string{"zhang@example.org 【宝安区】红牌"})
		if err := h.Again(h.ctx, list[0].ID); err == nil {
			t.Error("the same was sent again twice")
		}
	})
}

func TestAFullMailboxHoldsUpNoOther(t *testing.T) {
	onBoth(t, func(h *house) {
		full, other := h.who("handler", "a"), h.who("handler", "b")
		h.write(func(ctx context.Context, tx *store.Tx) error { // it took the code, and then was full
			person, err := h.Vault.NewPerson(ctx, tx, vault.Identity{vault.Email: "full@example.org"})
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO notice_mail (account, person, masked, level, bounced, asked_masked, tries) VALUES (?, ?, 'f***@example.org', 'all', '', '', 0)`, int64(full.Account), person)
			return err
		})
		h.reads(other, "other@example.org", MailAll)
		for range 4 {
			h.tell(Note{Name: "slip", Account: full.Account}, Note{Name: "slip", Account: other.Account})
			h.deliver()
		}
		h.same("the other's", h.letters(), []string{"other@example.org 【宝安区】红牌", "other@example.org 【宝安区】红牌", "other@example.org 【宝安区】红牌", "other@example.org 【宝安区】红牌"})
		tries := func() int {
			t.Helper()
			list, err := h.Receipts(h.ctx, Wanted{Status: "waiting"}, 10)
			if err != nil || len(list) != 4 {
				t.Fatalf("%+v %v", list, err)
			}
			return list[3].Tries
		}
		if n := tries(); n != 1 {
			t.Errorf("a full mailbox was tried %d times within seconds", n)
		}
		h.pass(6 * time.Second)
		h.deliver()
		h.deliver()
		if n := tries(); n != 2 {
			t.Errorf("then tried again %d times", n)
		}
	})
}

func TestReceivers(t *testing.T) {
	onBoth(t, func(h *house) {
		admin, street := h.who("admin", "d"), h.who("admin", "a")
		form := func(unit, name, at string) HookForm {
			return HookForm{Unit: unit, Name: name, Format: adapter.HookStandard, URL: at, Live: true}
		}
		make := func(f HookForm) Hook {
			t.Helper()
			hook, secret, err := h.PutHook(h.ctx, admin, 0, f)
			if err != nil || f.Format == adapter.HookStandard && len(secret) < 20 {
				t.Fatalf("%q %v", secret, err)
			}
			return hook
		}
		whole := make(form("d", "区平台", "https://all.example.org/hook?key=K1"))
		slips := form("a", "甲街道群", "https://robot.example.org/send?key=K2")
		slips.Format, slips.Urgent = adapter.HookWeCom, true
		make(slips)
		named := form("b", "乙系统", "https://b.example.org/x")
		named.Names = []string{"slip"}
		make(named)
		roles := form("a", "审核", "https://c.example.org/x")
		roles.Roles = []string{"reviewer"}
		make(roles)
		h.tell(Note{Name: "assigned", Desk: "handler@a", About: "matter/1", Link: "/desk/1", Words: map[string]string{"no": "1"}}, Note{Name: "slip", Desk: "handler@a"}, Note{Name: "slip", Desk: "handler@b"}, Note{Name: "assigned", Desk: "handler@b"},
			Note{Name: "assigned", Desk: "receiver@a", About: "matter/1", Link: "/desk/1", Words: map[string]string{"no": "1"}}, Note{Name: "assigned", Desk: "reviewer@a"}, Note{Name: "inner", Desk: "handler@a"}, Note{Name: "assigned", Desk: "dispatcher@platform"}, Note{Name: "slip", Account: admin.Account})
		h.deliver()
		var got []string
		for _, m := range h.hook.Sent() {
			got = append(got, strings.SplitN(strings.TrimPrefix(m.URL, "https://"), ".", 2)[0])
		}
		h.same("each receiver its own, in order", got, []string{"all", "all", "all", "all", "all", "all", "robot", "b", "c"})
		if first := h.hook.Sent()[0].Body; !strings.Contains(first, `"type":"assigned"`) || !strings.Contains(first, `"about":"matter/1"`) || !strings.Contains(first, "https://example.org/desk/1") {
			t.Errorf("%s", first)
		}

		// Who may.
		list, err := h.Hooks(h.ctx, street)
		if err != nil || len(list) != 2 {
			t.Errorf("a street's administrator sees %d: %v", len(list), err)
		}
		if _, _, err := h.PutHook(h.ctx, street, whole.ID, form("a", "x", "https://x.example.org")); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another's receiver was changed: %v", err)
		}
		if err := h.DropHook(h.ctx, street, whole.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another's receiver was dropped: %v", err)
		}
		for _, f := range []HookForm{form("b", "x", "https://x.example.org"), form("nowhere", "x", "https://x.example.org"), form("a", "x", "ftp://x.example.org"), form("a", "x", "x"), form("a", "x", "https://user:pass@x.example.org"), form("a", "x", "http://127.0.0.1/"), form("a", "x", "http://localhost:8080/"), {Unit: "a", Name: "x", Format: adapter.HookWeCom, URL: "https://x.example.org", Names: []string{"fax"}}} {
			if _, _, err := h.PutHook(h.ctx, street, 0, f); err == nil {
				t.Errorf("taken: %+v", f)
			}
		}
		// The address and the secret lie sealed.
		raw, err := store.Get[hookRow](h.ctx, h.Store, `SELECT * FROM notice_hook WHERE id = ?`, int64(whole.ID))
		if err != nil || strings.Contains(string(raw.Sealed), "K1") || strings.Contains(fmt.Sprintf("%+v", raw.hook()), "K1") {
			t.Errorf("%+v %v", raw, err)
		}
		// Changed without its address, it keeps it.
		keep := form("d", "区平台二", "")
		if _, secret, err := h.PutHook(h.ctx, admin, whole.ID, keep); err != nil || secret != "" {
			t.Errorf("%q %v", secret, err)
		}
		if said, ok, err := h.TryHook(h.ctx, admin, whole.ID); err != nil || !ok || !strings.Contains(h.hook.Sent()[9].URL, "K1") {
			t.Errorf("%s %v %v", said, ok, err)
		}
	})
}

func TestASilentReceiver(t *testing.T) {
	onBoth(t, func(h *house) {
		admin := h.who("admin", "d")
		put := func(id store.ID, name, at string) Hook {
			t.Helper()
			hook, _, err := h.PutHook(h.ctx, admin, id, HookForm{Unit: "d", Name: name, Format: adapter.HookStandard, URL: at, Live: true})
			if err != nil {
				t.Fatal(err)
			}
			return hook
		}
		silent := put(0, "不通", "https://a.example.org/?answer=503")
		put(0, "通", "https://b.example.org/")
		h.tell(Note{Name: "slip", Desk: "handler@a"}, Note{Name: "assigned", Desk: "handler@b"})
		h.deliver()
		h.deliver()
		if n := len(h.hook.Sent()); n != 2 {
			t.Errorf("a silent receiver holds up another: %d", n)
		}
		for range 12 {
			h.pass(11 * time.Minute)
			h.deliver()
		}
		list, unread, err := h.Inbox(h.ctx, admin, 0, 10)
		if err != nil || unread != 1 || !strings.Contains(list[0].Body.In("zh"), "不通：adapter: the receiver answered 503") {
			t.Errorf("who keeps it is told once: %d %+v %v", unread, list, err)
		}
		hooks, err := h.Hooks(h.ctx, admin)
		if err != nil || hooks[0].Failures != 13 || hooks[0].FailedSince.IsZero() {
			t.Errorf("%+v %v", hooks[0], err)
		}
		h.same("what waits, waits in order", h.standing(Webhook), []string{"通 新工单待签收 sent", "不通 新工单待签收 waiting", "通 红牌 sent", "不通 红牌 waiting"})
		put(silent.ID, "不通", "https://c.example.org/") // mended
		h.deliver()
		if sent := h.hook.Sent(); len(sent) != 4 || !strings.Contains(sent[2].Body, "红牌") || !strings.Contains(sent[3].Body, "新工单") {
			t.Errorf("%d sent", len(sent))
		}
		// What a receiver refuses is not asked again; the next one is.
		put(silent.ID, "拒收", "https://c.example.org/?answer=410")
		h.tell(Note{Name: "slip", Desk: "handler@a"})
		h.deliver()
		h.pass(time.Hour)
		h.deliver()
		if r := h.standing(Webhook); !strings.HasSuffix(r[1], "refused") || !strings.HasSuffix(r[0], "sent") {
			t.Errorf("%v", r)
		}
		h.tell(Note{Name: "slip", Desk: "handler@a"})
		if err := h.DropHook(h.ctx, admin, silent.ID); err != nil {
			t.Fatal(err)
		}
		h.deliver()
		tallies, err := h.Tallies(h.ctx, h.Store.Now().AddDate(0, 0, -1))
		if err != nil || fmt.Sprint(tallies) != "[{webhook none 1} {webhook refused 1} {webhook sent 6}]" {
			t.Errorf("%v %v", tallies, err)
		}
	})
}

// slowHook answers after four seconds.
type slowHook struct {
	adapter.HookSimulator
	h *house
}

func (s *slowHook) Post(ctx context.Context, to adapter.HookTarget, m adapter.HookMessage) (string, error) {
	if strings.Contains(to.URL, "slow") {
		s.h.pass(4 * time.Second)
	}
	return s.HookSimulator.Post(ctx, to, m)
}

func TestASlowReceiverLeavesTimeForOthers(t *testing.T) {
	onBoth(t, func(h *house) {
		slow := &slowHook{h: h}
		h.Hook = slow
		admin := h.who("admin", "d")
		for _, name := range []string{"slow", "quick"} {
			if _, _, err := h.PutHook(h.ctx, admin, 0, HookForm{Unit: "d", Name: name, Format: adapter.HookStandard, URL: "https://" + name + ".example.org/", Live: true}); err != nil {
				t.Fatal(err)
			}
		}
		for range 5 {
			h.tell(Note{Name: "slip", Desk: "handler@a"})
		}
		count := func() (slowly, quickly int) {
			for _, m := range slow.Sent() {
				if strings.Contains(m.URL, "slow") {
					slowly++
				} else {
					quickly++
				}
			}
			return
		}
		h.deliver()
		if a, b := count(); a != 2 || b != 5 {
			t.Errorf("in one look %d slowly, %d quickly", a, b)
		}
		h.deliver()
		h.deliver()
		if a, b := count(); a != 5 || b != 5 {
			t.Errorf("in the end %d slowly, %d quickly", a, b)
		}
	})
}

func TestWaitsBetweenTries(t *testing.T) {
	for n, want := range map[int]time.Duration{0: 5 * time.Second, 1: 5 * time.Second, 2: 10 * time.Second, 3: 20 * time.Second, 7: 320 * time.Second, 8: 10 * time.Minute, 1000: 10 * time.Minute} {
		if got := backoff(n); got != want {
			t.Errorf("after %d failures %v, want %v", n, got, want)
		}
	}
}
