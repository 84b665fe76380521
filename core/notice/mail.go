package notice

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"html"
	"net/http"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/httpapi"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Levels of a mail reader: which of their notices leave by mail.
const (
	MailAll    = "all"
	MailUrgent = "urgent"
	MailOff    = "off"
)

// MailReader is how mail reaches an account (邮件提醒).
type MailReader struct {
	Offered bool       `json:"offered" doc:"Whether the district sends mail"`
	Address string     `json:"address" doc:"Masked; empty until one was confirmed"`
	Level   string     `json:"level" enum:"all,urgent,off"`
	Bounced string     `json:"bounced,omitempty" doc:"Why the mail server refuses the address; nothing is sent to it"`
	Asked   string     `json:"asked,omitempty" doc:"Masked address that waits for its code"`
	Until   store.Time `json:"until,omitzero" doc:"Until when the code counts"`
}

// readerRow is its row.
type readerRow struct {
	Account, Person        store.ID
	Masked, Level, Bounced string
	Asked                  []byte
	AskedMasked            string
	Code                   []byte
	CodeUntil, CodeAt      store.Time
	Tries                  int
}

// Codes sent to addresses: ten minutes (mail is slower than a short message),
// five tries, one a minute.
const (
	codeFor   = 10 * time.Minute
	codeTries = 5
	codeEvery = time.Minute
)

// MaskMail keeps the first letter of the mailbox and its host: z***@example.org.
func MaskMail(address string) string {
	box, host, ok := strings.Cut(address, "@")
	if !ok || box == "" {
		return ""
	}
	for _, first := range box {
		return string(first) + "***@" + host
	}
	return ""
}

// readMailbox checks a mailbox without a name around it (RFC 5322 addr-spec).
func readMailbox(s string) (string, bool) {
	a, err := netmail.ParseAddress(strings.TrimSpace(s))
	if err != nil || a.Name != "" || len(a.Address) > 254 || !strings.Contains(a.Address[strings.LastIndex(a.Address, "@"):], ".") {
		return "", false
	}
	return a.Address, true
}

// Reader gives how mail reaches an account.
func (s *Notices) Reader(ctx context.Context, q store.Querier, id store.ID) (MailReader, error) {
	r, err := readerOf(ctx, q, id)
	out := MailReader{Offered: s.Mail != nil, Address: r.Masked, Level: r.Level, Bounced: r.Bounced}
	if r.CodeUntil.After(s.Store.Now()) {
		out.Asked, out.Until = r.AskedMasked, r.CodeUntil
	}
	return out, err
}

func readerOf(ctx context.Context, q store.Querier, id store.ID) (readerRow, error) {
	r, err := store.Get[readerRow](ctx, q, `SELECT * FROM notice_mail WHERE account = ?`, int64(id))
	if errors.Is(err, store.ErrNotFound) {
		return readerRow{Account: id, Level: MailOff}, nil
	}
	return r, err
}

// AskMail begins to change the address of an account: a code goes to it. The
// address that counted before counts until the code is said.
func (s *Notices) AskMail(ctx context.Context, who account.Actor, address string) (code string, err error) {
	if s.Mail == nil {
		return "", httpapi.Fail(http.StatusConflict, "no_mail")
	}
	address, ok := readMailbox(address)
	if !ok {
		return "", httpapi.FailField("address", "not_mailbox")
	}
	code = account.SixDigits()
	sealed, err := s.Keys.Seal([]byte(address), mailBound(who.Account))
	if err != nil {
		return "", err
	}
	now := s.Store.Now()
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := readerOf(ctx, tx, who.Account)
		if err != nil {
			return err
		}
		if !r.CodeAt.IsZero() && now.Sub(r.CodeAt.Time) < codeEvery {
			return account.ErrTooSoon
		}
		_, err = tx.Exec(ctx, `INSERT INTO notice_mail (account, masked, level, bounced, asked, asked_masked, code, code_until, code_at, tries) VALUES (?, '', ?, '', ?, ?, ?, ?, ?, 0)
			ON CONFLICT (account) DO UPDATE SET asked = excluded.asked, asked_masked = excluded.asked_masked, code = excluded.code, code_until = excluded.code_until, code_at = excluded.code_at, tries = 0`,
			int64(who.Account), MailOff, sealed, MaskMail(address), s.Keys.MAC("mail", address, code), store.At(now.Add(codeFor)), store.At(now))
		return err
	})
	if err != nil {
		return "", err
	}
	district := s.districtName()
	_, err = s.Mail.Send(ctx, address, adapter.Letter{ID: "code." + strconv.FormatInt(now.UnixMicro(), 36) + "." + who.Account.String(),
		Subject: district + " 邮箱验证码 " + code, Text: "验证码 " + code + "，十分钟内有效，用于确认接收" + district + "的邮件提醒。不是您本人操作的，请不必理会。\n\n" + code + " confirms this address; it counts for ten minutes.\n"})
	switch {
	case adapter.IsRefused(err):
		return "", httpapi.FailField("address", "no_such_mailbox")
	case err != nil:
		s.Log.Error("a code could not be sent by mail", "error", err)
		return "", httpapi.Fail(http.StatusBadGateway, "mail_failed")
	}
	return code, nil
}

func mailBound(id store.ID) string { return "notice_mail/" + id.String() }

// ConfirmMail takes over the address whose code is said. Who had none before gets
// what is urgent.
func (s *Notices) ConfirmMail(ctx context.Context, who account.Actor, code string) error {
	var refused error
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		refused = nil
		r, err := readerOf(ctx, tx, who.Account)
		if err != nil {
			return err
		}
		if r.Asked == nil || r.Tries >= codeTries || s.Store.Now().After(r.CodeUntil.Time) {
			refused = httpapi.FailField("code", "code_over")
			return nil
		}
		address, err := s.Keys.Open(r.Asked, mailBound(who.Account))
		if err != nil {
			return err
		}
		if subtle.ConstantTimeCompare(r.Code, s.Keys.MAC("mail", string(address), code)) != 1 {
			refused = httpapi.FailField("code", "wrong_code")
			_, err := tx.Exec(ctx, `UPDATE notice_mail SET tries = tries + 1 WHERE account = ?`, int64(who.Account))
			return err
		}
		// A citizen's address is theirs in the vault; of staff the vault has this alone.
		person := cmp.Or(who.Person, r.Person)
		known := vault.Identity{vault.Email: string(address)}
		if person == 0 {
			person, err = s.Vault.NewPerson(ctx, tx, known)
		} else {
			err = s.Vault.Update(ctx, tx, person, known)
		}
		if err != nil {
			return err
		}
		level := r.Level
		if level == MailOff {
			level = MailUrgent
		}
		_, err = tx.Exec(ctx, `UPDATE notice_mail SET person = ?, masked = asked_masked, level = ?, bounced = '', asked = NULL, asked_masked = '', code = NULL, code_until = NULL WHERE account = ?`, person, level, int64(who.Account))
		return err
	})
	if err == nil && refused == nil {
		_, err = s.renewOutward(ctx)
	}
	return errors.Join(err, refused)
}

// SetMail says which notices of an account leave by mail.
func (s *Notices) SetMail(ctx context.Context, id store.ID, level string) error {
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := readerOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.Person == 0 {
			if level == MailOff {
				return nil
			}
			return httpapi.Fail(http.StatusConflict, "no_address")
		}
		_, err = tx.Exec(ctx, `UPDATE notice_mail SET level = ? WHERE account = ?`, level, int64(id))
		return err
	})
	if err == nil {
		_, err = s.renewOutward(ctx)
	}
	return err
}

// tellByMail writes a letter for each reader whom the notice reaches by mail.
func (s *Notices) tellByMail(ctx context.Context, tx *store.Tx, notice store.ID, n Note, urgent bool) error {
	var persons []store.ID
	switch {
	case n.Desk != "":
		out, err := s.readOutward(ctx)
		if err != nil {
			return err
		}
		for _, r := range out.mail[n.Desk] {
			if urgent || r.level == MailAll {
				persons = append(persons, r.person)
			}
		}
	default:
		by, id := "account", n.Account
		if n.Person != 0 {
			by, id = "person", n.Person
		}
		var err error
		if persons, err = store.Select[store.ID](ctx, tx, `SELECT person FROM notice_mail WHERE `+by+` = ? AND person IS NOT NULL AND bounced = '' AND (level = 'all' OR level = 'urgent' AND ?)`, int64(id), urgent); err != nil {
			return err
		}
	}
	for _, p := range persons {
		if err := s.putOnce(ctx, tx, notice, Mail, p, 0, n.About); err != nil {
			return err
		}
	}
	return nil
}

// gather is how long what is not urgent waits for what comes after it: a minute's
// notices are one letter.
const gather = time.Minute

// lettersAtOnce is how many messages one look takes up.
const lettersAtOnce = 500

// letterRow is a message that leaves by mail.
type letterRow struct {
	ID, Person store.ID
	At         store.Time
	Urgent     bool
	Link, Text string
}

// mailDown is after how many letters in a row that could not leave the server is
// taken for down. Fewer are a mailbox's own trouble (full, greylisted), which holds up
// no other.
const mailDown = 3

// patience is how often in a row something failed, and before when it is left alone.
type patience struct {
	fails int
	after time.Time
}

func (p *patience) failed(now time.Time) {
	p.fails++
	p.after = now.Add(backoff(p.fails))
}

// mailWaiting sends the letters that may leave now. What waits for one reader is
// one letter.
func (s *Notices) mailWaiting(ctx context.Context) error {
	now := s.Store.Now()
	if s.Mail == nil || now.Before(s.mailServer.after) {
		return nil
	}
	rows, err := store.Select[letterRow](ctx, s.Store, `SELECT m.id, m.person, n.at, n.urgent, n.link, n.text FROM notice_message m JOIN notice n ON n.id = m.notice
		WHERE m.channel = 'mail' AND m.status = 'waiting' AND (n.urgent OR ? AND n.at <= ?) ORDER BY m.id LIMIT `+strconv.Itoa(lettersAtOnce), !s.quietUntil(now).After(now), store.At(now.Add(-gather)))
	if err != nil {
		return err
	}
	var readers []store.ID
	of := map[store.ID][]letterRow{}
	for _, r := range rows {
		if of[r.Person] == nil {
			readers = append(readers, r.Person)
		}
		of[r.Person] = append(of[r.Person], r)
	}
	var failed []error // in a row
	for _, person := range readers {
		box := s.mailboxes[person]
		if box != nil && now.Before(box.after) {
			continue
		}
		if err := s.sendLetter(ctx, person, of[person]); err != nil {
			if box == nil {
				box = &patience{}
				if s.mailboxes == nil {
					s.mailboxes = map[store.ID]*patience{}
				}
				s.mailboxes[person] = box
			}
			box.failed(now)
			if failed = append(failed, err); len(failed) == mailDown || ctx.Err() != nil {
				s.mailServer.failed(now)
				return errors.Join(failed...)
			}
			continue
		}
		delete(s.mailboxes, person)
		s.mailServer, failed = patience{}, nil
	}
	return errors.Join(failed...)
}

// sendLetter sends what waits for one reader. Its error is the mail server's that
// may pass.
func (s *Notices) sendLetter(ctx context.Context, person store.ID, rows []letterRow) error {
	all := func(status, receipt string) error {
		done := make([]became, len(rows))
		for i, r := range rows {
			done[i] = became{r.ID, status, receipt}
		}
		return s.keep(ctx, done)
	}
	who, err := s.Vault.Own(ctx, s.Store, person)
	switch {
	case errors.Is(err, vault.ErrErased), err == nil && who[vault.Email] == "":
		return all("none", "")
	case err != nil:
		return err
	}
	id, err := store.Get[store.ID](ctx, s.Store, `SELECT account FROM notice_mail WHERE person = ? ORDER BY account LIMIT 1`, int64(person))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	letter, err := s.letter(rows, id)
	if err != nil {
		return err
	}
	receipt, err := s.Mail.Send(ctx, who[vault.Email], letter)
	switch {
	case adapter.IsRefused(err):
		// An address that the server does not know is not asked again.
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE notice_mail SET bounced = ? WHERE person = ?`, clip(err.Error()), int64(person))
			return err
		}); err != nil {
			return err
		}
		if _, err := s.renewOutward(ctx); err != nil {
			return err
		}
		return all("refused", err.Error())
	case err != nil:
		return errors.Join(err, s.again(ctx, err, rows[0].ID, rows[len(rows)-1].ID, `channel = 'mail' AND person = ?`, int64(person)))
	}
	return all("sent", receipt)
}

// letter writes one letter of all that waits for a reader.
func (s *Notices) letter(rows []letterRow, reader store.ID) (adapter.Letter, error) {
	district := s.districtName()
	l := adapter.Letter{ID: "notice." + rows[0].ID.String()}
	var plain, page strings.Builder
	page.WriteString(`<div style="max-width:560px;margin:0 auto;font:16px/1.6 sans-serif;color:#1d2129">`)
	for i, r := range rows {
		var t told
		if err := unmarshal(r.Text, &t); err != nil {
			return adapter.Letter{}, err
		}
		title, body, link := t.Title.In("zh"), s.without(t.Body.In("zh"), r.Link), s.absolute(r.Link)
		if i == 0 {
			l.Subject = "【" + district + "】" + title
		}
		fmt.Fprintf(&plain, "%s\n%s\n", title, body)
		fmt.Fprintf(&page, `<div style="padding:16px 0;border-bottom:1px solid #e5e6eb"><b>%s</b><p style="margin:8px 0">%s</p>`, html.EscapeString(title), html.EscapeString(body))
		if link != "" {
			fmt.Fprintf(&plain, "%s\n", link)
			fmt.Fprintf(&page, `<a href="%s" style="color:#1d5fd1">查看</a>`, html.EscapeString(link))
		}
		plain.WriteString("\n")
		page.WriteString(`</div>`)
	}
	if len(rows) > 1 {
		l.Subject += fmt.Sprintf(" 等%d条消息", len(rows))
	}
	foot := "您在" + district + "开启了邮件提醒，可在“消息”里更改或关闭。请勿直接回复。"
	fmt.Fprintf(&plain, "--\n%s\n", foot)
	fmt.Fprintf(&page, `<p style="color:#6b7280;font-size:13px">%s</p></div>`, html.EscapeString(foot))
	l.Text, l.HTML = plain.String(), page.String()
	if s.Address != "" && reader != 0 {
		l.Unsubscribe = s.Address + "/api/mail/unsubscribe?token=" + s.unsubscribeToken(reader)
	}
	return l, nil
}

// absolute is a link for a letter: none where the house does not know its address.
func (s *Notices) absolute(path string) string {
	if s.Address == "" || path == "" {
		return ""
	}
	return s.Address + path
}

// without is a text without the address that its placeholder {link} became: it stands
// beside the text, or nowhere where the house does not know its own.
func (s *Notices) without(body, path string) string {
	if path != "" {
		body = strings.ReplaceAll(body, s.Address+path, "")
	}
	return strings.TrimSpace(body)
}

func (s *Notices) districtName() string {
	if n := s.name.Load(); n != nil {
		return pack.Text(*n).In("zh")
	}
	return ""
}

// unsubscribeToken lets whoever has one of the reader's letters end them, and
// nothing else.
func (s *Notices) unsubscribeToken(id store.ID) string {
	raw := binary.BigEndian.AppendUint64(nil, uint64(id))
	return base64.RawURLEncoding.EncodeToString(append(raw, s.Keys.MAC("unsubscribe", id.String())[:16]...))
}

// Unsubscribe ends the letters of the reader whose token it is (RFC 8058).
func (s *Notices) Unsubscribe(ctx context.Context, token string) error {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 24 {
		return store.ErrNotFound
	}
	id := store.ID(binary.BigEndian.Uint64(raw))
	if subtle.ConstantTimeCompare(raw[8:], s.Keys.MAC("unsubscribe", id.String())[:16]) != 1 {
		return store.ErrNotFound
	}
	return s.SetMail(ctx, id, MailOff)
}
