// Package notice tells people what happened to what concerns them: in their
// inbox at once, and where the district's templates say so by short message, by
// mail to those who asked for it, and to receivers outside that a unit named
// (消息推送). What can wait leaves outside the quiet hours. What is told is a row
// of the records; sending follows it, and what the receiver answered is kept.
//
// Templates are the pack's notices.yaml. Their texts hold no name and no
// number of a person.
package notice

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/goccy/go-yaml"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/event"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "notice", Migrations: files}
}

// Channels. What stands in the inbox is there at once. Mail reaches those who
// asked for it, a webhook who receives for a unit.
const (
	InApp   = "inapp"
	SMS     = "sms"
	Mail    = "mail"
	Webhook = "webhook"
)

var channels = []string{InApp, SMS, Mail, Webhook}

// Template is one notice of the pack.
type Template struct {
	To       string    `yaml:"to"` // who is told: for the reader of the pack
	Channels []string  `yaml:"channels"`
	Urgent   bool      `yaml:"urgent"` // leaves also in the quiet hours
	Title    pack.Text `yaml:"title"`
	Body     pack.Text `yaml:"body"`
}

// Templates are a pack's notices.yaml.
type Templates struct {
	Quiet   Quiet               `yaml:"quiet"`
	Notices map[string]Template `yaml:"notices"`
}

// Quiet are the hours of the night in which no message leaves that can wait,
// in the district's time. Equal bounds are no quiet hours.
type Quiet struct {
	From string `yaml:"from"` // "21:30"
	To   string `yaml:"to"`   // "08:00"
}

// until is when the quiet hours that hold now end; now when none hold.
func (q Quiet) until(now time.Time, zone *time.Location) time.Time {
	from, err1 := time.Parse("15:04", q.From)
	to, err2 := time.Parse("15:04", q.To)
	if err1 != nil || err2 != nil || from.Equal(to) {
		return now
	}
	local := now.In(zone)
	minute := local.Hour()*60 + local.Minute()
	a, b := from.Hour()*60+from.Minute(), to.Hour()*60+to.Minute()
	if a < b && (minute < a || minute >= b) || a > b && minute < a && minute >= b {
		return now
	}
	end := time.Date(local.Year(), local.Month(), local.Day(), to.Hour(), to.Minute(), 0, 0, zone)
	if !end.After(now) {
		end = end.AddDate(0, 0, 1)
	}
	return end
}

// placeholders that a text may hold.
var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

var known = []string{"no", "title", "unit", "due", "link", "reason", "code"}

// ReadTemplates reads and checks a pack's notices.yaml.
func ReadTemplates(files fs.FS) (*Templates, error) {
	raw, err := fs.ReadFile(files, "notices.yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return &Templates{}, nil // a district that tells nobody anything
	}
	if err != nil {
		return nil, fmt.Errorf("notice: %w", err)
	}
	var t Templates
	if err = yaml.UnmarshalWithOptions(raw, &t, yaml.Strict()); err != nil && !bytes.Contains(raw, []byte("\nnotices:")) {
		// The file's first form, which records may still hold: notices alone.
		t = Templates{}
		err = yaml.UnmarshalWithOptions(raw, &t.Notices, yaml.Strict())
	}
	if err != nil {
		return nil, fmt.Errorf("notices.yaml: %s", yaml.FormatError(err, false, true))
	}
	var errs []error
	for _, h := range []string{t.Quiet.From, t.Quiet.To} {
		if _, err := time.Parse("15:04", h); h != "" && err != nil {
			errs = append(errs, fmt.Errorf("notices.yaml: quiet: %q is not a time such as 21:30", h))
		}
	}
	for name, n := range t.Notices {
		if n.Title.In("zh") == "" || n.Body.In("zh") == "" {
			errs = append(errs, fmt.Errorf("notices.yaml: %s: title and body are needed", name))
		}
		for _, c := range n.Channels {
			if !slices.Contains(channels, c) {
				errs = append(errs, fmt.Errorf("notices.yaml: %s: there is no channel %q", name, c))
			}
		}
		for _, texts := range []pack.Text{n.Title, n.Body} {
			for _, s := range texts {
				for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
					if !slices.Contains(known, m[1]) {
						errs = append(errs, fmt.Errorf("notices.yaml: %s: {%s} is not a placeholder; there are %s", name, m[1], strings.Join(known, ", ")))
					}
				}
			}
		}
	}
	return &t, errors.Join(errs...)
}

// Notices tells people.
type Notices struct {
	Store *store.Store
	Vault *vault.Vault
	Bus   *event.Bus
	SMS   adapter.SMS
	Mail  adapter.Mail // none: nobody can ask for mail
	Hook  adapter.Hook // none: no receiver is told
	Keys  *vault.Keyring
	Dir   *account.Directory
	// Accounts says who an account is, for the desks whose notices it gets by mail.
	Accounts *account.Accounts
	Log      *slog.Logger
	// Desks are the desks at which an account sits, as notices name them.
	Desks func(account.Actor) []string
	// Address is the public address of the screens, for links in messages.
	Address string
	// Demo: nothing here is real, so what the simulators took may be looked at.
	Demo bool

	zone       atomic.Pointer[time.Location]
	templates  atomic.Pointer[Templates]
	name       atomic.Pointer[pack.Text] // of the district
	outward    atomic.Pointer[outward]
	wake       chan struct{} // a message waits for the loop that sends; see Follow
	waking     sync.Once
	mailServer patience
	mailboxes  map[store.ID]*patience // of those that could not be written to
}

// quietUntil is when the quiet hours that hold now end; now when none hold.
func (s *Notices) quietUntil(now time.Time) time.Time {
	return s.templates.Load().Quiet.until(now, s.zone.Load())
}

// Check implements pack.Part.
func (s *Notices) Check(files fs.FS) error {
	_, err := ReadTemplates(files)
	return err
}

// Load implements pack.Part: the templates have no tables of their own.
func (s *Notices) Load(context.Context, *store.Tx, fs.FS) error { return nil }

// Reload takes over the templates of the pack in force.
func (s *Notices) Reload(files fs.FS) error {
	t, err := ReadTemplates(files)
	if err != nil {
		return err
	}
	m, err := pack.ReadManifest(files)
	if err != nil {
		return err
	}
	s.zone.Store(m.Zone())
	s.templates.Store(t)
	s.name.Store(&m.Name)
	s.outward.Store(nil) // roles and units may be others
	return nil
}

// Note is one thing to tell one reader.
type Note struct {
	Name    string   // of the template; one that the pack lacks is not told
	Person  store.ID // the vault's reference, or
	Account store.ID // an account, or
	Desk    string   // a desk, whoever sits there
	About   string   // "matter/123"
	Link    string   // path of the screen
	Urgent  bool
	Words   map[string]string // by placeholder
	Due     store.Time        // the placeholder {due}
}

// told is what the row keeps of the texts.
type told struct {
	Title pack.Text `json:"title"`
	Body  pack.Text `json:"body"`
}

// sendSubject is the event that makes a message leave.
const sendSubject = "notice.message"

// Tell writes a notice in the transaction tx.
func (s *Notices) Tell(ctx context.Context, tx *store.Tx, n Note) error {
	t, ok := s.templates.Load().Notices[n.Name]
	if !ok || n.Person == 0 && n.Account == 0 && n.Desk == "" {
		return nil
	}
	id, now := tx.NewID(), s.Store.Now()
	text, err := json.Marshal(told{s.fill(t.Title, n), s.fill(t.Body, n)})
	if err != nil {
		return err
	}
	urgent := n.Urgent || t.Urgent
	if _, err := tx.Exec(ctx, `INSERT INTO notice (id, at, name, person, account, desk, about, link, urgent, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, store.At(now), n.Name, n.Person, n.Account, n.Desk, n.About, n.Link, urgent, string(text)); err != nil {
		return err
	}
	if slices.Contains(t.Channels, SMS) && n.Person != 0 {
		message, err := putMessage(ctx, tx, id, SMS, n.Person, 0)
		if err != nil {
			return err
		}
		if err := s.Bus.Emit(ctx, tx, now, sendSubject, message.String(), struct{}{}); err != nil {
			return err
		}
	}
	if slices.Contains(t.Channels, Mail) && s.Mail != nil {
		if err := s.tellByMail(ctx, tx, id, n, urgent); err != nil {
			return err
		}
	}
	if slices.Contains(t.Channels, Webhook) && s.Hook != nil && n.Desk != "" {
		return s.tellHooks(ctx, tx, id, n, urgent)
	}
	return nil
}

// putOnce is putMessage for one who may read several of the desks that are told the
// same of the same thing: one message is enough.
func (s *Notices) putOnce(ctx context.Context, tx *store.Tx, notice store.ID, channel string, person, hook store.ID, about string) error {
	if about != "" {
		n, err := store.Get[int](ctx, tx, `SELECT count(*) FROM notice_message m JOIN notice n ON n.id = m.notice JOIN notice new ON new.id = ? WHERE m.channel = ? AND m.status = 'waiting' AND m.id >= ?
			AND m.person = ? AND m.hook = ? AND n.about = new.about AND n.name = new.name AND n.text = new.text`, int64(notice), channel, int64(store.IDAt(s.Store.Now().Add(-gather))), int64(person), int64(hook))
		if err != nil || n > 0 {
			return err
		}
	}
	_, err := putMessage(ctx, tx, notice, channel, person, hook)
	tx.OnCommit(s.awake)
	return err
}

// putMessage writes that a notice is to leave by a channel.
func putMessage(ctx context.Context, tx *store.Tx, notice store.ID, channel string, person, hook store.ID) (store.ID, error) {
	id := tx.NewID()
	_, err := tx.Exec(ctx, `INSERT INTO notice_message (id, notice, channel, person, hook, status, receipt) VALUES (?, ?, ?, ?, ?, 'waiting', '')`, id, notice, channel, int64(person), int64(hook))
	return id, err
}

// fill puts the words into a text in each language.
func (s *Notices) fill(texts pack.Text, n Note) pack.Text {
	out := pack.Text{}
	for lang, t := range texts {
		out[lang] = placeholder.ReplaceAllStringFunc(t, func(p string) string {
			switch name := p[1 : len(p)-1]; name {
			case "link":
				return s.Address + n.Link
			case "due":
				if n.Due.IsZero() {
					return "—"
				}
				layout := "1月2日15:04"
				if lang != "zh" {
					layout = "2 Jan 15:04"
				}
				return n.Due.In(s.zone.Load()).Format(layout)
			default:
				return n.Words[name]
			}
		})
	}
	return out
}

// Notice is one notice as its reader sees it.
type Notice struct {
	ID     store.ID   `json:"id"`
	At     store.Time `json:"at"`
	Name   string     `json:"name"`
	Title  pack.Text  `json:"title" doc:"By language"`
	Body   pack.Text  `json:"body" doc:"By language"`
	Link   string     `json:"link"`
	Urgent bool       `json:"urgent"`
	Read   bool       `json:"read"`
}

// Inbox gives the notices of a reader, newest first, below an identifier (0 is
// none), and how many of all are unread, at most 100.
func (s *Notices) Inbox(ctx context.Context, who account.Actor, before store.ID, limit int) (list []Notice, unread int, err error) {
	var upto store.ID
	if upto, err = store.Get[store.ID](ctx, s.Store, `SELECT upto FROM notice_read WHERE account = ?`, int64(who.Account)); err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, 0, err
	}
	if before == 0 {
		before = 1<<63 - 1
	}
	type row struct {
		ID     store.ID
		At     store.Time
		Name   string
		Link   string
		Urgent bool
		Text   string
	}
	const each = `SELECT * FROM (SELECT id, at, name, link, urgent, text FROM notice WHERE %s AND id < ? ORDER BY id DESC LIMIT %d) AS one`
	var parts []string
	var args []any
	add := func(cond string, value any) {
		parts = append(parts, fmt.Sprintf(each, cond, max(limit, 100)))
		args = append(args, value, int64(before))
	}
	add("account = ?", int64(who.Account))
	if who.Person != 0 {
		add("person = ?", int64(who.Person))
	}
	for _, d := range s.Desks(who) {
		add("desk = ? AND desk <> ''", d)
	}
	rows, err := store.Select[row](ctx, s.Store, strings.Join(parts, " UNION ALL ")+fmt.Sprintf(` ORDER BY id DESC LIMIT %d`, max(limit, 100)), args...)
	if err != nil {
		return nil, 0, err
	}
	list = []Notice{}
	for _, r := range rows {
		if r.ID > upto {
			unread++
		}
		if len(list) == limit {
			continue
		}
		var t told
		if err := json.Unmarshal([]byte(r.Text), &t); err != nil {
			return nil, 0, err
		}
		list = append(list, Notice{r.ID, r.At, r.Name, t.Title, t.Body, r.Link, r.Urgent, r.ID <= upto})
	}
	return list, unread, nil
}

// Read marks all notices up to one as read.
func (s *Notices) Read(ctx context.Context, who account.Actor, upto store.ID) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO notice_read (account, upto) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET upto = excluded.upto WHERE notice_read.upto < excluded.upto`, int64(who.Account), int64(upto))
		return err
	})
}
