package notice

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// Hook is a receiver outside that is told what the desks of a unit, and of those
// below it, are told (消息推送): the unit's own system, or the robot of its group.
type Hook struct {
	ID          store.ID           `json:"id"`
	Unit        string             `json:"unit"`
	Name        string             `json:"name"`
	Format      adapter.HookFormat `json:"format" enum:"standard,wecom,dingtalk,feishu"`
	Host        string             `json:"host" doc:"Of the address; the address itself is not shown again"`
	Roles       []string           `json:"roles" doc:"Of whose desks; empty are all"`
	Names       []string           `json:"names" doc:"Which notices; empty are all"`
	Urgent      bool               `json:"urgent" doc:"Only what is urgent"`
	Live        bool               `json:"live"`
	Failures    int                `json:"failures" doc:"One after the other, up to now"`
	FailedSince store.Time         `json:"failed_since,omitzero"`
	Said        string             `json:"said" doc:"What it answered last"`
	SaidAt      store.Time         `json:"said_at,omitzero"`
	MadeAt      store.Time         `json:"made_at"`
}

// HookForm is what is written of a receiver.
type HookForm struct {
	Unit   string             `json:"unit" minLength:"1" maxLength:"40"`
	Name   string             `json:"name" minLength:"1" maxLength:"60"`
	Format adapter.HookFormat `json:"format" enum:"standard,wecom,dingtalk,feishu"`
	URL    string             `json:"url,omitempty" maxLength:"1000" doc:"Empty leaves it as it is"`
	Secret string             `json:"secret,omitempty" maxLength:"200" doc:"A robot's; empty leaves it as it is. Of the standard format the house makes it"`
	Roles  []string           `json:"roles,omitempty" maxItems:"30"`
	Names  []string           `json:"names,omitempty" maxItems:"200"`
	Urgent bool               `json:"urgent,omitempty"`
	Live   bool               `json:"live"`
}

// hookRow is its row.
type hookRow struct {
	ID           store.ID
	Unit, Name   string
	Format       adapter.HookFormat
	Host         string
	Sealed       []byte
	Roles, Names string
	Urgent, Live bool
	Failures     int
	FailedSince  store.Time
	Said         string
	SaidAt       store.Time
	MadeBy       store.ID
	MadeAt       store.Time
}

func (r hookRow) hook() Hook {
	h := Hook{ID: r.ID, Unit: r.Unit, Name: r.Name, Format: r.Format, Host: r.Host, Roles: []string{}, Names: []string{}, Urgent: r.Urgent, Live: r.Live, Failures: r.Failures, FailedSince: r.FailedSince, Said: r.Said, SaidAt: r.SaidAt, MadeAt: r.MadeAt}
	_ = json.Unmarshal([]byte(r.Roles), &h.Roles)
	_ = json.Unmarshal([]byte(r.Names), &h.Names)
	return h
}

// sealedTarget is what of a receiver nobody reads again.
type sealedTarget struct {
	URL    string `json:"url"`
	Secret string `json:"secret"`
}

func hookBound(id store.ID) string { return "notice_hook/" + id.String() }

// target opens where a receiver is reached.
func (s *Notices) target(r hookRow) (adapter.HookTarget, error) {
	raw, err := s.Keys.Open(r.Sealed, hookBound(r.ID))
	if err != nil {
		return adapter.HookTarget{}, err
	}
	var t sealedTarget
	err = json.Unmarshal(raw, &t)
	return adapter.HookTarget{URL: t.URL, Format: r.Format, Secret: t.Secret}, err
}

// Hooks gives the receivers of the units that the caller administers.
func (s *Notices) Hooks(ctx context.Context, who account.Actor) ([]Hook, error) {
	rows, err := store.Select[hookRow](ctx, s.Store, `SELECT * FROM notice_hook ORDER BY id`)
	if err != nil {
		return nil, err
	}
	out := []Hook{}
	for _, r := range rows {
		if who.Has(account.RoleAdmin, r.Unit) {
			out = append(out, r.hook())
		}
	}
	return out, nil
}

// ownHook gives a receiver that the caller administers.
func (s *Notices) ownHook(ctx context.Context, q store.Querier, who account.Actor, id store.ID) (hookRow, error) {
	r, err := store.Get[hookRow](ctx, q, `SELECT * FROM notice_hook WHERE id = ?`, int64(id))
	if err == nil && !who.Has(account.RoleAdmin, r.Unit) {
		err = store.ErrNotFound
	}
	return r, err
}

// checkHook says what is wrong with a form.
func (s *Notices) checkHook(who account.Actor, f HookForm, isNew bool) (host string, err error) {
	wrong := map[string]string{}
	if _, ok := s.Dir.Tree().Unit(f.Unit); !ok || !who.Has(account.RoleAdmin, f.Unit) {
		wrong["unit"] = "no_such_unit"
	}
	if f.URL != "" || isNew {
		u, err := url.Parse(f.URL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
			wrong["url"] = "not_url"
		} else if at, err := netip.ParseAddr(u.Hostname()); u.Hostname() == "localhost" || err == nil && adapter.Inward(at) {
			wrong["url"] = "inward_url"
		} else {
			host = u.Host
		}
	}
	templates := s.templates.Load().Notices
	if slices.ContainsFunc(f.Names, func(n string) bool { _, ok := templates[n]; return !ok }) {
		wrong["names"] = "no_such_option"
	}
	if len(wrong) > 0 {
		return "", httpapi.FailFields(wrong)
	}
	return host, nil
}

// PutHook makes a receiver (id 0) or changes one. Of the standard format it gives
// the secret by which the receiver knows the house, once, when it is made.
func (s *Notices) PutHook(ctx context.Context, who account.Actor, id store.ID, f HookForm) (out Hook, secret string, err error) {
	host, err := s.checkHook(who, f, id == 0)
	if err != nil {
		return Hook{}, "", err
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, action := hookRow{ID: id}, "notice.hook_changed"
		var t sealedTarget
		if id == 0 {
			row, action = hookRow{ID: tx.NewID(), MadeBy: who.Account, MadeAt: store.At(s.Store.Now())}, "notice.hook_made"
		} else {
			if row, err = s.ownHook(ctx, tx, who, id); err != nil {
				return err
			}
			had, err := s.target(row)
			if err != nil {
				return err
			}
			t = sealedTarget{had.URL, had.Secret}
			if f.Format != row.Format && f.URL == "" {
				return httpapi.FailField("url", "required") // another kind of receiver is at another place
			}
			if f.Format != row.Format {
				t.Secret = ""
			}
		}
		if f.URL != "" {
			t.URL, row.Host = f.URL, host
		}
		switch {
		case f.Format == adapter.HookStandard && t.Secret == "":
			raw := make([]byte, 24)
			rand.Read(raw)
			t.Secret = adapter.HookSecret + base64.StdEncoding.EncodeToString(raw)
			secret = t.Secret
		case f.Format != adapter.HookStandard && f.Secret != "":
			t.Secret = f.Secret
		}
		row.Unit, row.Name, row.Format, row.Urgent, row.Live = f.Unit, strings.TrimSpace(f.Name), f.Format, f.Urgent, f.Live
		roles, _ := json.Marshal(append([]string{}, f.Roles...))
		names, _ := json.Marshal(append([]string{}, f.Names...))
		row.Roles, row.Names = string(roles), string(names)
		raw, _ := json.Marshal(t)
		if row.Sealed, err = s.Keys.Seal(raw, hookBound(row.ID)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO notice_hook (id, unit, name, format, host, sealed, roles, names, urgent, live, failures, said, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?, ?)
			ON CONFLICT (id) DO UPDATE SET unit = excluded.unit, name = excluded.name, format = excluded.format, host = excluded.host, sealed = excluded.sealed, roles = excluded.roles, names = excluded.names,
			urgent = excluded.urgent, live = excluded.live, failures = 0, failed_since = NULL`,
			row.ID, row.Unit, row.Name, string(row.Format), row.Host, row.Sealed, row.Roles, row.Names, row.Urgent, row.Live, row.MadeBy, row.MadeAt); err != nil {
			return err
		}
		if row, err = store.Get[hookRow](ctx, tx, `SELECT * FROM notice_hook WHERE id = ?`, int64(row.ID)); err != nil {
			return err
		}
		out = row.hook()
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: action, Object: "notice_hook/" + row.ID.String()}, out)
	})
	if err == nil {
		_, err = s.renewOutward(ctx)
	}
	return out, secret, err
}

// DropHook takes a receiver away; what still waits for it is not sent.
func (s *Notices) DropHook(ctx context.Context, who account.Actor, id store.ID) error {
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := s.ownHook(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM notice_hook WHERE id = ?`, int64(id)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE notice_message SET status = 'none' WHERE hook = ? AND channel = 'webhook' AND status = 'waiting'`, int64(id)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "notice.hook_dropped", Object: "notice_hook/" + id.String()}, row.hook())
	})
	if err == nil {
		_, err = s.renewOutward(ctx)
	}
	return err
}

// TryHook tells a receiver at once that it was tried, and gives its answer.
func (s *Notices) TryHook(ctx context.Context, who account.Actor, id store.ID) (said string, ok bool, err error) {
	row, err := s.ownHook(ctx, s.Store, who, id)
	if err != nil {
		return "", false, err
	}
	if s.Hook == nil {
		return "", false, httpapi.Fail(http.StatusConflict, "no_hooks")
	}
	to, err := s.target(row)
	if err != nil {
		return "", false, err
	}
	now := s.Store.Now()
	said, err = s.Hook.Post(ctx, to, adapter.HookMessage{ID: "try_" + strconv.FormatInt(now.UnixMicro(), 10), Type: "try", At: now, Title: "连通性测试", Body: s.districtName() + " → " + row.Name})
	if ok = err == nil; !ok {
		said = err.Error()
	}
	return said, ok, s.hookSaid(ctx, row, said, ok)
}

// outward are the readers outside the inbox, by what they read: kept in memory,
// because each notice asks.
type outward struct {
	at    time.Time
	mail  map[string][]mailReader // by desk
	hooks []Hook
}

type mailReader struct {
	person store.ID
	level  string
}

// outwardFor is how long what an account may do counts here after it changed. The loop
// that sends renews it then, so that no notice waits for it; a process that does not send
// renews it itself, later.
const outwardFor = time.Minute

func (s *Notices) readOutward(ctx context.Context) (*outward, error) {
	if o := s.outward.Load(); o != nil && s.Store.Now().Sub(o.at) < 2*outwardFor {
		return o, nil
	}
	return s.renewOutward(ctx)
}

// renewOutward reads them anew.
func (s *Notices) renewOutward(ctx context.Context) (*outward, error) {
	now := s.Store.Now()
	out := &outward{at: now, mail: map[string][]mailReader{}}
	rows, err := store.Select[hookRow](ctx, s.Store, `SELECT * FROM notice_hook WHERE live ORDER BY id`)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		out.hooks = append(out.hooks, r.hook())
	}
	readers, err := store.Select[readerRow](ctx, s.Store, `SELECT m.* FROM notice_mail m JOIN account a ON a.id = m.account WHERE m.person IS NOT NULL AND m.level <> 'off' AND m.bounced = '' AND a.kind = 'staff' AND NOT a.disabled`)
	if err != nil {
		return nil, err
	}
	for _, r := range readers {
		who, err := s.Accounts.Actor(ctx, s.Store, r.Account)
		if err != nil {
			return nil, err
		}
		for _, d := range s.Desks(who) {
			out.mail[d] = append(out.mail[d], mailReader{r.Person, r.Level})
		}
	}
	s.outward.Store(out)
	return out, nil
}

// reads says whether a receiver is told what a desk is told.
func (s *Notices) reads(h Hook, n Note, urgent bool) bool {
	role, unit, _ := strings.Cut(n.Desk, "@")
	tree := s.Dir.Tree()
	if unit == "platform" || unit == "district" {
		unit = tree.Root()
	}
	return (urgent || !h.Urgent) && tree.Within(unit, h.Unit) &&
		(len(h.Roles) == 0 || slices.Contains(h.Roles, role)) && (len(h.Names) == 0 || slices.Contains(h.Names, n.Name))
}

func (s *Notices) tellHooks(ctx context.Context, tx *store.Tx, notice store.ID, n Note, urgent bool) error {
	out, err := s.readOutward(ctx)
	if err != nil {
		return err
	}
	for _, h := range out.hooks {
		if !s.reads(h, n, urgent) {
			continue
		}
		if err := s.putOnce(ctx, tx, notice, Webhook, 0, h.ID, n.About); err != nil {
			return err
		}
	}
	return nil
}

// postsAtOnce is how many messages of one receiver one look takes up, and postsFor how
// long: who answers slowly does not keep the others from theirs.
const (
	postsAtOnce = 100
	postsFor    = 5 * time.Second
)

// hookWaiting tells receivers what waits for them, each in the order in which it
// came. A receiver that fails is asked again later and later, and holds up no other.
func (s *Notices) hookWaiting(ctx context.Context) error {
	if s.Hook == nil {
		return nil
	}
	now := s.Store.Now()
	hooks, err := store.Select[hookRow](ctx, s.Store, `SELECT * FROM notice_hook WHERE live AND id IN (SELECT hook FROM notice_message WHERE channel = 'webhook' AND status = 'waiting') ORDER BY id`)
	if err != nil {
		return err
	}
	quiet := s.quietUntil(now).After(now)
	var failed []error
	for _, h := range hooks {
		if h.Failures > 0 && now.Before(h.SaidAt.Add(backoff(h.Failures))) {
			continue
		}
		// A robot speaks to people, who sleep; a system does not.
		failed = append(failed, s.postWaiting(ctx, h, quiet && h.Format != adapter.HookStandard))
	}
	return errors.Join(failed...)
}

func (s *Notices) postWaiting(ctx context.Context, h hookRow, urgentOnly bool) error {
	type message struct {
		ID, Notice  store.ID
		At          store.Time
		Name        string
		Desk, About string
		Link        string
		Urgent      bool
		Text        string
	}
	rows, err := store.Select[message](ctx, s.Store, `SELECT m.id, m.notice, n.at, n.name, n.desk, n.about, n.link, n.urgent, n.text FROM notice_message m JOIN notice n ON n.id = m.notice
		WHERE m.channel = 'webhook' AND m.status = 'waiting' AND m.hook = ? AND (n.urgent OR ?) ORDER BY m.id LIMIT `+strconv.Itoa(postsAtOnce), int64(h.ID), !urgentOnly)
	if err != nil || len(rows) == 0 {
		return err
	}
	to, err := s.target(h)
	if err != nil {
		return err
	}
	var done []became
	until := s.Store.Now().Add(postsFor)
	for _, m := range rows {
		if s.Store.Now().After(until) {
			s.awake()
			break
		}
		var t told
		if err := unmarshal(m.Text, &t); err != nil {
			return err
		}
		said, err := s.Hook.Post(ctx, to, adapter.HookMessage{ID: m.ID.String(), Type: m.Name, At: m.At.Time, Desk: m.Desk, About: m.About, Link: s.absolute(m.Link), Urgent: m.Urgent, Title: t.Title.In("zh"), Body: s.without(t.Body.In("zh"), m.Link)})
		status := "sent"
		switch {
		case adapter.IsRefused(err):
			status, said = "refused", err.Error()
		case err != nil:
			if ctx.Err() != nil {
				return errors.Join(ctx.Err(), s.keep(context.WithoutCancel(ctx), done))
			}
			return errors.Join(s.keep(ctx, done), s.again(ctx, err, m.ID, m.ID, `hook = ?`, int64(h.ID)), s.hookSaid(ctx, h, err.Error(), false))
		}
		done = append(done, became{id: m.ID, status: status, receipt: said})
		if status == "refused" { // the next will be refused as well: slower, and seen
			return errors.Join(s.keep(ctx, done), s.hookSaid(ctx, h, said, false))
		}
	}
	return errors.Join(s.keep(ctx, done), s.hookSaid(ctx, h, done[len(done)-1].receipt, true))
}

// hookSilent is after how many failures in a row its administrators are told.
const hookSilent = 5

// hookSaid keeps what a receiver answered, and tells who keeps it when it is silent.
func (s *Notices) hookSaid(ctx context.Context, h hookRow, said string, ok bool) error {
	if ok && h.Failures == 0 && h.Said == said {
		return nil
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		if ok {
			_, err := tx.Exec(ctx, `UPDATE notice_hook SET failures = 0, failed_since = NULL, said = ?, said_at = ? WHERE id = ?`, clip(said), now, int64(h.ID))
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE notice_hook SET failures = failures + 1, failed_since = COALESCE(failed_since, ?), said = ?, said_at = ? WHERE id = ?`, now, clip(said), now, int64(h.ID)); err != nil {
			return err
		}
		if h.Failures+1 != hookSilent {
			return nil
		}
		return s.Tell(ctx, tx, Note{Name: "hook_silent", Account: h.MadeBy, About: "notice_hook/" + h.ID.String(), Link: "/desk/hooks", Words: map[string]string{"title": h.Name, "reason": clip(said)}})
	})
}
