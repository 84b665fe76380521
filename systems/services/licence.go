package services

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/subject"
	"shanzhi/core/vault"
)

// Licence is an electronic licence (电子证照) that was issued here.
type Licence struct {
	ID         store.ID      `json:"id"`
	Identifier string        `json:"identifier" doc:"证照标识, GB/T 36904-2018"`
	Type       string        `json:"type" doc:"证照类型代码"`
	Name       form.Text     `json:"name"`
	No         string        `json:"no"`
	Issuer     string        `json:"issuer"`
	Holder     string        `json:"holder" doc:"Masked, but to the holder"`
	From       string        `json:"from"`
	To         string        `json:"to,omitempty" doc:"Absent: for good"`
	Status     LicenceStatus `json:"status" enum:"valid,suspended,recalled,revoked,cancelled,replaced,expired"`
	Case       store.ID      `json:"case,omitempty"`
	Token      string        `json:"token,omitempty" doc:"Of the page that verifies it: /verify/{token}"`
	Shown      []LicenceLine `json:"shown,omitempty" doc:"What stands on it: for the holder alone"`
	IssuedAt   store.Time    `json:"issued_at"`
	Seq        int           `json:"version"`
}

// LicenceLine is one line of a licence.
type LicenceLine struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// LicenceStatus is how a licence stands.
type LicenceStatus string

// The statuses. Expired is not kept: it follows from the day.
const (
	LicenceValid     LicenceStatus = "valid"
	LicenceSuspended LicenceStatus = "suspended"
	LicenceRecalled  LicenceStatus = "recalled"
	LicenceRevoked   LicenceStatus = "revoked"
	LicenceCancelled LicenceStatus = "cancelled"
	LicenceReplaced  LicenceStatus = "replaced"
	LicenceExpired   LicenceStatus = "expired"
)

// licenceActions is the whole law of a licence: from which statuses, whereto.
var licenceActions = map[string]struct {
	from []LicenceStatus
	to   LicenceStatus
}{
	"suspend": {[]LicenceStatus{LicenceValid}, LicenceSuspended},
	"resume":  {[]LicenceStatus{LicenceSuspended}, LicenceValid},
	"recall":  {[]LicenceStatus{LicenceValid, LicenceSuspended}, LicenceRecalled},
	"revoke":  {[]LicenceStatus{LicenceValid, LicenceSuspended}, LicenceRevoked},
	"cancel":  {[]LicenceStatus{LicenceValid, LicenceSuspended}, LicenceCancelled},
	"replace": {[]LicenceStatus{LicenceValid, LicenceSuspended}, LicenceReplaced},
}

// licenceRoot is the object identifier under which electronic licences are known.
const licenceRoot = "1.2.156.3005.2"

// LicenceIdentifier makes the identifier of a licence (证照标识, GB/T 36904-2018): the
// type's code, the issuer's code, a serial, a version of three digits and the check
// character over them by ISO 7064 MOD 37,36.
func LicenceIdentifier(typ, issuer, serial string, version int) (string, error) {
	v := fmt.Sprintf("%03d", version)
	check, err := subject.Mod3736(typ + issuer + serial + v)
	if err != nil {
		return "", err
	}
	return strings.Join([]string{licenceRoot, typ, issuer, serial, v, string(check)}, "."), nil
}

// CheckLicenceIdentifier says what is wrong with an identifier; nil is nothing.
func CheckLicenceIdentifier(id string) error {
	rest, ok := strings.CutPrefix(id, licenceRoot+".")
	parts := strings.Split(rest, ".")
	if !ok || len(parts) != 5 || len(parts[0]) != 21 || len(parts[3]) != 3 || len(parts[4]) != 1 {
		return fmt.Errorf("%q is no identifier of a licence", id)
	}
	check, err := subject.Mod3736(strings.Join(parts[:4], ""))
	if err != nil {
		return err
	}
	if parts[4][0] != check {
		return fmt.Errorf("the check character of %s is %c, not %s", id, check, parts[4])
	}
	return nil
}

type licenceRow struct {
	ID         store.ID   `bun:"id"`
	Identifier string     `bun:"identifier"`
	Token      string     `bun:"token"`
	Type       string     `bun:"type"`
	Name       string     `bun:"name"`
	No         string     `bun:"no"`
	Issuer     string     `bun:"issuer"`
	Matter     store.ID   `bun:"matter"`
	Person     store.ID   `bun:"person"`
	Holder     string     `bun:"holder"`
	Shown      store.ID   `bun:"shown"`
	From       string     `bun:"from_day"`
	To         string     `bun:"to_day"`
	Status     string     `bun:"status"`
	Seq        int        `bun:"seq"`
	IssuedAt   store.Time `bun:"issued_at"`
}

const licenceColumns = `l.id, l.identifier, l.token, l.type, l.name, l.no, l.issuer, l.matter, l.person, l.holder, l.shown, l.from_day, l.to_day, l.status, l.seq, l.issued_at`

func (s *Service) licence(r licenceRow) Licence {
	l := Licence{ID: r.ID, Identifier: r.Identifier, Type: r.Type, No: r.No, Issuer: r.Issuer, Holder: r.Holder, From: r.From, To: r.To, Status: LicenceStatus(r.Status), Case: r.Matter, Token: r.Token, IssuedAt: r.IssuedAt, Seq: r.Seq}
	_ = json.Unmarshal([]byte(r.Name), &l.Name)
	if u, ok := s.Dir.Tree().Unit(r.Issuer); ok {
		l.Issuer = u.Name
	}
	if l.Status == LicenceValid && r.To != "" && s.today() > r.To {
		l.Status = LicenceExpired
	}
	return l
}

// licenceOf is the licence that a case resulted in; store.ErrNotFound where there is none.
func (s *Service) licenceOf(ctx context.Context, q store.Querier, matter store.ID) (Licence, error) {
	r, err := store.Get[licenceRow](ctx, q, `SELECT `+licenceColumns+` FROM service_licence l WHERE l.matter = ? ORDER BY l.version DESC LIMIT 1`, int64(matter))
	return s.licence(r), err
}

// issue makes the licence of a case that is granted, in the transaction of the grant;
// that of a joint matter whose members stand or fall together waits for the last of them.
func (s *Service) issue(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	if held, err := s.heldBack(ctx, tx, c.Matter); err != nil || held {
		return err
	}
	return s.issueLicence(ctx, tx, c)
}

func (s *Service) issueLicence(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	e, err := s.pinned(c.Matter.Item)
	if err != nil || e.Handling.Licence == nil {
		return err
	}
	spec := e.Handling.Licence
	x, err := getCase(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	app, err := s.said(ctx, tx, x.Application)
	if err != nil {
		return err
	}
	who, err := s.Vault.Own(ctx, tx, c.Matter.Applicant)
	if err != nil {
		return err
	}
	holder := cmp.Or(who[vault.Name], asText(app.Values["name"]))
	lines := []LicenceLine{{"持证人", holder}}
	for _, name := range spec.Show {
		q := e.Handling.Form.Schema.Properties[name]
		v := asText(app.Values[name])
		if t := q.EnumTitles[v]["zh"]; t != "" {
			v = t
		}
		if v != "" {
			lines = append(lines, LicenceLine{q.Title, v})
		}
	}
	for _, name := range spec.Grant {
		if g, ok := app.Grant[name]; ok {
			lines = append(lines, grantLine(name, g))
		}
	}
	raw, err := json.Marshal(lines)
	if err != nil {
		return err
	}
	id := tx.NewID()
	shown, err := s.Vault.PutText(ctx, tx, c.Matter.Applicant, "licence/"+id.String(), string(raw))
	if err != nil {
		return err
	}
	body := s.casework.Load().Bodies[c.Matter.Unit]
	if body == "" {
		return fmt.Errorf("services: the pack's %s has no credit code of %s, which issues licences", packCasework, c.Matter.Unit)
	}
	serial := strings.ToUpper(strconv.FormatUint(uint64(id), 36))
	identifier, err := LicenceIdentifier(spec.Type, body, serial, 1)
	if err != nil {
		return err
	}
	day := c.Event.At.In(s.Zone())
	name, err := json.Marshal(spec.Name)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO service_licence (id, identifier, token, type, name, no, issuer, matter, item, person, holder, shown, version, from_day, to_day, status, seq, issued_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, 'valid', 1, ?)`,
		id, identifier, newToken(), spec.Type, string(name), day.Format("2006")+serial, c.Matter.Unit, c.Matter.ID, x.Item, c.Matter.Applicant, vault.MaskName(holder), shown, day.Format(time.DateOnly), validUntil(day, spec.Valid), c.Event.At); err != nil {
		return err
	}
	return s.licenceEvent(ctx, tx, id, 1, c.Event.At, c.Actor, "issue", "")
}

// grantLine is what a decision grants as a licence says it; names that end in _fen are
// sums of money.
func grantLine(name string, g Granted) LicenceLine {
	l := LicenceLine{cmp.Or(g.Say["zh"], name), asText(g.Value)}
	fen, err := strconv.ParseFloat(l.Value, 64)
	if strings.HasSuffix(name, "_fen") && err == nil {
		l.Title, l.Value = strings.TrimSuffix(l.Title, "（分）"), fmt.Sprintf("%.2f 元", fen/100)
	}
	return l
}

// newToken is what opens the page that verifies a licence: 96 bits, so that nobody
// finds one by trying.
func newToken() string {
	raw := make([]byte, 12)
	rand.Read(raw)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))
}

// validUntil is the last day on which a licence is valid: the day before the same day
// of the month in which its span ends, or that month's last day; "" for good.
func validUntil(from time.Time, span string) string {
	m := validSpan.FindStringSubmatch(span)
	if m == nil {
		return ""
	}
	n, _ := strconv.Atoi(m[1])
	if m[2] == "y" {
		n *= 12
	}
	first := time.Date(from.Year(), from.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1)
	day := min(from.Day(), last.Day()+1) - 1
	return first.AddDate(0, 0, day-1).Format(time.DateOnly)
}

func (s *Service) licenceEvent(ctx context.Context, tx *store.Tx, licence store.ID, seq int, at store.Time, who account.Actor, kind, reason string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO service_licence_event (licence, seq, at, actor, kind, reason) VALUES (?, ?, ?, ?, ?, ?)`, licence, seq, at, who.Account, kind, reason); err != nil {
		return err
	}
	if err := s.licenceChanged(ctx, tx, licence, at); err != nil {
		return err
	}
	object := "licence/" + licence.String()
	if err := s.Bus.Emit(ctx, tx, at.Time, System+".licence_"+kind, licence.String(), map[string]any{"kind": kind}); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Record{At: at, Actor: who.Account, Unit: who.Unit, Action: "licence." + kind, Object: object, Reason: reason}, map[string]any{"seq": seq})
}

// endLicences ends the licences of a case whose grant is taken back.
func (s *Service) endLicences(action string) caseflow.Effect {
	return func(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
		ids, err := store.Select[store.ID](ctx, tx, `SELECT id FROM service_licence WHERE matter = ? AND status IN ('valid', 'suspended')`, c.Matter.ID)
		for _, id := range ids {
			if err == nil {
				err = s.changeLicence(ctx, tx, c.Actor, id, 0, action, said(c.Event.Data.Form, "reason"))
			}
		}
		return err
	}
}

func (s *Service) changeLicence(ctx context.Context, tx *store.Tx, who account.Actor, id store.ID, seq int, action, reason string) error {
	r, err := store.Get[licenceRow](ctx, tx, `SELECT `+licenceColumns+` FROM service_licence l WHERE l.id = ?`, int64(id))
	if err != nil {
		return err
	}
	law, ok := licenceActions[action]
	switch {
	case seq != 0 && seq != r.Seq:
		return caseflow.ErrConflict
	case !ok || !slices.Contains(law.from, LicenceStatus(r.Status)):
		return httpapi.Fail(409, "refused_state")
	}
	if _, err := tx.Exec(ctx, `UPDATE service_licence SET status = ?, seq = ? WHERE id = ? AND seq = ?`, string(law.to), r.Seq+1, r.ID, r.Seq); err != nil {
		return err
	}
	return s.licenceEvent(ctx, tx, r.ID, r.Seq+1, store.At(s.Store.Now()), who, action, reason)
}

// ActOnLicence suspends a licence or lets it be used again; what ends it is an action
// of its case.
func (s *Service) ActOnLicence(ctx context.Context, who account.Actor, id store.ID, seq int, action, reason string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		unit, err := store.Get[string](ctx, tx, `SELECT issuer FROM service_licence WHERE id = ?`, int64(id))
		if err != nil {
			return err
		}
		if !who.Has("approver", unit) {
			return store.ErrNotFound
		}
		if err := s.changeLicence(ctx, tx, who, id, seq, action, reason); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, 204, nil)
	})
}

// Wallet is what a person holds, the newest first.
func (s *Service) Wallet(ctx context.Context, who account.Actor) ([]Licence, error) {
	out := []Licence{}
	if who.Person == 0 {
		return out, nil
	}
	rows, err := store.Select[licenceRow](ctx, s.Store, `SELECT `+licenceColumns+` FROM service_licence l WHERE l.person = ? ORDER BY l.id DESC LIMIT 200`, int64(who.Person))
	for _, r := range rows {
		out = append(out, s.licence(r))
	}
	return out, err
}

// HeldLicence is a licence as its holder sees it.
func (s *Service) HeldLicence(ctx context.Context, who account.Actor, id store.ID) (Licence, error) {
	r, err := store.Get[licenceRow](ctx, s.Store, `SELECT `+licenceColumns+` FROM service_licence l WHERE l.id = ? AND l.person = ?`, int64(id), int64(who.Person))
	if err != nil {
		return Licence{}, err
	}
	l := s.licence(r)
	raw, err := s.Vault.OwnText(ctx, s.Store, r.Shown)
	if err != nil {
		return l, err
	}
	if err := json.Unmarshal([]byte(raw), &l.Shown); err != nil {
		return l, err
	}
	l.Holder = l.Shown[0].Value
	return l, nil
}

// Verified is what the page that verifies a licence says to whoever scans it.
type Verified struct {
	Licence
	Genuine bool       `json:"genuine" doc:"The identifier verifies and it was issued here"`
	Usable  bool       `json:"usable" doc:"It is valid today"`
	Reason  string     `json:"reason,omitempty" doc:"Why it is not: the last event"`
	At      store.Time `json:"at" doc:"When this was said"`
}

// Verify answers for a licence by the token of its QR code, or by its identifier.
func (s *Service) Verify(ctx context.Context, token string) (Verified, error) {
	r, err := store.Get[licenceRow](ctx, s.Store, `SELECT `+licenceColumns+` FROM service_licence l WHERE l.token = ? OR l.identifier = ?`, token, token)
	if err != nil {
		return Verified{}, err
	}
	l := s.licence(r)
	l.Case, l.ID, l.Token = 0, 0, ""
	v := Verified{Licence: l, Genuine: CheckLicenceIdentifier(r.Identifier) == nil, Usable: l.Status == LicenceValid, At: store.At(s.Store.Now())}
	if l.Status != LicenceValid && l.Status != LicenceExpired {
		v.Reason, err = store.Get[string](ctx, s.Store, `SELECT kind FROM service_licence_event WHERE licence = ? ORDER BY seq DESC LIMIT 1`, r.ID)
	}
	return v, err
}

// Ended is one line of the list of licences that are not valid any more (撤销清单).
type Ended struct {
	Identifier string     `bun:"identifier" json:"identifier"`
	Kind       string     `bun:"kind" json:"kind"`
	At         store.Time `bun:"at" json:"at"`
	Seq        int        `bun:"seq" json:"-"`
}

// EndedLicences lists what became of licences since a moment, for those who keep a list
// of their own: at most 1000, the oldest first.
func (s *Service) EndedLicences(ctx context.Context, since store.Time) ([]Ended, error) {
	if since.IsZero() {
		since = store.At(time.Unix(0, 0))
	}
	return store.Select[Ended](ctx, s.Store, `SELECT l.identifier, e.kind, e.at, e.seq FROM service_licence_event e JOIN service_licence l ON l.id = e.licence WHERE e.kind <> 'issue' AND e.at > ? ORDER BY e.at, e.licence, e.seq LIMIT 1000`, since)
}

func asText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}
