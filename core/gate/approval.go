package gate

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "gate", Migrations: files}
}

// Approvals are downloads that another person must approve (下载审批): asked for with a
// reason, approved or refused by somebody else, fetched once within a day.
type Approvals struct {
	Store   *store.Store
	Notices *notice.Notices // nil: nobody is told
}

// FetchWithin is how long an approved download waits.
const FetchWithin = 24 * time.Hour

// approvers may decide on downloads, where they work for the whole district.
var approvers = []string{"supervisor", account.RoleAdmin}

// MayApprove says whether somebody decides on downloads of others.
func MayApprove(who account.Actor) bool { return who.HasAny(approvers...) && who.Scope().All }

// DownloadRequest is a download that is asked for.
type DownloadRequest struct {
	ID      store.ID   `bun:"id" json:"id"`
	Actor   store.ID   `bun:"actor" json:"actor"`
	By      string     `bun:"by_name" json:"by"`
	Unit    string     `bun:"unit" json:"unit"`
	What    string     `bun:"what" json:"what"`
	Form    string     `bun:"form" json:"form"`
	Path    string     `bun:"path" json:"path" doc:"Where it is fetched once it is approved"`
	Rows    int64      `bun:"n" json:"rows" doc:"Rows when it was asked for: at least so many"`
	Reason  string     `bun:"reason" json:"reason"`
	At      store.Time `bun:"at" json:"at"`
	State   string     `bun:"state" json:"state" enum:"asked,approved,refused,fetched"`
	Decider string     `bun:"decider_name" json:"decider,omitempty"`
	Decided store.Time `bun:"decided_at" json:"decided_at,omitzero"`
	Note    string     `bun:"note" json:"note,omitempty"`
	Until   store.Time `bun:"until" json:"until,omitzero"`
	Fetched store.Time `bun:"fetched_at" json:"fetched_at,omitzero"`
}

const requestColumns = `d.id, d.actor, COALESCE(a.name, '') AS by_name, d.unit, d.what, d.form, d.path, d.n, d.reason, d.at, d.state, COALESCE(b.name, '') AS decider_name, d.decided_at, d.note, d.until, d.fetched_at`
const requestTables = ` FROM gate_download d LEFT JOIN account a ON a.id = d.actor LEFT JOIN account b ON b.id = d.decider`

// Errors of approvals.
var (
	ErrApproval = errors.New("gate: somebody else must approve this download first")
	ErrReason   = errors.New("gate: a reason of some words is needed")
	ErrOwn      = errors.New("gate: nobody approves their own download")
	ErrDecided  = errors.New("gate: it was decided already")
	ErrOver     = errors.New("gate: it was fetched, or its time is over")
	ErrOther    = errors.New("gate: this is not what was approved")
)

func reason(s string) (string, error) {
	s = text.Mask(text.Clean(s))
	if n := utf8.RuneCountInString(strings.TrimSpace(s)); n < 4 || n > 300 {
		return "", ErrReason
	}
	return s, nil
}

// Ask asks for a download of what; asked is by what it is known again when it is
// fetched, path where it is.
func (p *Approvals) Ask(ctx context.Context, who account.Actor, what string, form Form, asked any, path func(id store.ID) string, rows int64, why string) (DownloadRequest, error) {
	why, err := reason(why)
	if err != nil {
		return DownloadRequest{}, err
	}
	raw, err := json.Marshal(asked)
	if err != nil {
		return DownloadRequest{}, err
	}
	var id store.ID
	err = p.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id = tx.NewID()
		now := store.At(p.Store.Now())
		if _, err := tx.Exec(ctx, `INSERT INTO gate_download (id, actor, unit, what, form, asked, path, n, reason, at, state, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'asked', '')`,
			id, who.Account, who.Unit, what, string(form), string(raw), path(id), rows, why, now); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "download.ask", Object: "download/" + id.String(), Reason: why}, map[string]any{"what": what, "form": form, "rows": rows, "filter": text.Mask(string(raw))}); err != nil {
			return err
		}
		return p.tell(ctx, tx, notice.Note{Name: "download_asked", Desk: "supervisor@" + approvalDesk, Words: map[string]string{"unit": who.UnitName(), "reason": why}}, id)
	})
	if err != nil {
		return DownloadRequest{}, err
	}
	return p.Get(ctx, id)
}

// approvalDesk is where requests are decided.
const approvalDesk = "platform"

func (p *Approvals) tell(ctx context.Context, tx *store.Tx, n notice.Note, id store.ID) error {
	if p.Notices == nil {
		return nil
	}
	n.About, n.Link = "download/"+id.String(), "/desk/downloads"
	return p.Notices.Tell(ctx, tx, n)
}

// Get reads a request.
func (p *Approvals) Get(ctx context.Context, id store.ID) (DownloadRequest, error) {
	return store.Get[DownloadRequest](ctx, p.Store, `SELECT `+requestColumns+requestTables+` WHERE d.id = ?`, int64(id))
}

// List lists the newest requests: one's own, and those of all for who decides.
func (p *Approvals) List(ctx context.Context, who account.Actor) ([]DownloadRequest, error) {
	where, args := ` WHERE d.actor = ?`, []any{who.Account}
	if MayApprove(who) {
		where, args = ``, nil
	}
	return store.Select[DownloadRequest](ctx, p.Store, `SELECT `+requestColumns+requestTables+where+` ORDER BY CASE d.state WHEN 'asked' THEN 0 ELSE 1 END, d.id DESC LIMIT 200`, args...)
}

// Decide approves or refuses somebody else's request.
func (p *Approvals) Decide(ctx context.Context, who account.Actor, id store.ID, approve bool, note string) (DownloadRequest, error) {
	note, err := reason(note)
	if err != nil {
		return DownloadRequest{}, err
	}
	d, err := p.Get(ctx, id)
	switch {
	case err != nil:
		return d, err
	case d.Actor == who.Account:
		return d, ErrOwn
	case d.State != "asked":
		return d, ErrDecided
	}
	err = p.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := p.Store.Now()
		state, until := "refused", store.Time{}
		if approve {
			state, until = "approved", store.At(now.Add(FetchWithin))
		}
		n, err := tx.Exec(ctx, `UPDATE gate_download SET state = ?, decider = ?, decided_at = ?, note = ?, until = ? WHERE id = ? AND state = 'asked'`, state, who.Account, store.At(now), note, until, id)
		if err == nil && n == 0 {
			err = ErrDecided
		}
		if err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{At: store.At(now), Actor: who.Account, Unit: who.Unit, Action: "download." + state, Object: "download/" + id.String(), Reason: note}, nil); err != nil {
			return err
		}
		return p.tell(ctx, tx, notice.Note{Name: "download_" + state, Account: d.Actor, Due: until, Words: map[string]string{"reason": note}}, id)
	})
	if err != nil {
		return d, err
	}
	return p.Get(ctx, id)
}

// Ready says whether Fetch would let it out now.
func (p *Approvals) Ready(ctx context.Context, who account.Actor, id store.ID, asked any) error {
	raw, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	var was, state string
	var actor store.ID
	var until store.Time
	err = p.Store.QueryRow(ctx, `SELECT asked, actor, state, until FROM gate_download WHERE id = ?`, int64(id)).Scan(&was, &actor, &state, &until)
	switch {
	case err != nil || actor != who.Account:
		return errors.Join(ErrApproval, err)
	case was != string(raw):
		return ErrOther
	case state == "asked":
		return ErrApproval
	case state != "approved" || !p.Store.Now().Before(until.Time):
		return ErrOver
	}
	return nil
}

// Fetch lets an approved download out, once: asked must be what was approved. give
// writes it; what is cut off may be fetched again.
func (p *Approvals) Fetch(ctx context.Context, who account.Actor, id store.ID, asked any, give func() error) error {
	if err := p.Ready(ctx, who, id, asked); err != nil {
		return err
	}
	mark := func(state, from string, at store.Time) error {
		return p.Store.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE gate_download SET state = ?, fetched_at = ? WHERE id = ? AND state = ? AND until > ?`, state, at, id, from, store.At(p.Store.Now()))
			if err == nil && n == 0 {
				err = ErrOver
			}
			return err
		})
	}
	if err := mark("fetched", "approved", store.At(p.Store.Now())); err != nil {
		return err
	}
	if err := give(); err != nil {
		return errors.Join(err, mark("approved", "fetched", store.Time{}))
	}
	return nil
}
