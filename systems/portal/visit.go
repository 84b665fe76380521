package portal

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// Visit says that the section was opened, and by which resource it was left.
//
// Who visits is a keyed hash of the person, or of the device where nobody is signed in,
// and of the month: days of one month can be told to be one visitor's, months cannot.
func (s *Service) Visit(ctx context.Context, who account.Actor, device, resource string) error {
	now := s.Store.Now().In(s.zone())
	day, month := now.Format(time.DateOnly), now.Format("2006-01")
	var key []byte
	switch {
	case who.Kind == account.Citizen && who.Person != 0:
		key = s.Keys.MAC("portal", month, "person", who.Person.String())
	case device != "":
		key = s.Keys.MAC("portal", month, "device", device)
	}
	if len(key) > 16 {
		key = key[:16]
	}
	// Whoever came today already is not written again.
	first := key != nil && s.first(day, string(key))
	if !first && resource == "" {
		return nil
	}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if first {
			if _, err := tx.Exec(ctx, `INSERT INTO portal_active (day, who) VALUES (?, ?) ON CONFLICT DO NOTHING`, day, key); err != nil {
				return err
			}
		}
		if resource == "" {
			return nil
		}
		if _, err := store.Get[int](ctx, tx, `SELECT 1 FROM portal_resource WHERE code = ?`, resource); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO portal_click (code, day, n) VALUES (?, ?, 1) ON CONFLICT (code, day) DO UPDATE SET n = portal_click.n + 1`, resource, day)
		return err
	})
	if err == nil && first {
		s.remember(day, string(key))
	}
	return err
}

// mostToday bounds the visitors of a day that are remembered; beyond it the table tells.
const mostToday = 400_000

func (s *Service) first(day, key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.day != day {
		s.day, s.came = day, map[string]struct{}{}
	}
	_, came := s.came[key]
	return !came
}

// remember keeps that a visitor of a day is written.
func (s *Service) remember(day, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.day == day && len(s.came) < mostToday {
		s.came[key] = struct{}{}
	}
}

// PortalMonth is how a month was.
type PortalMonth struct {
	Month  string `bun:"month" json:"month"`
	Active int64  `bun:"active" json:"active" doc:"月活: distinct persons and devices that opened the section in the month"`
	Days   int64  `bun:"days" json:"days" doc:"Person-days: each counted once a day"`
}

// PortalDay is how a day was.
type PortalDay struct {
	Day    string `bun:"day" json:"day"`
	Active int64  `bun:"active" json:"active"`
}

// PortalStanding is how the section stands.
type PortalStanding struct {
	Months    []PortalMonth `json:"months" doc:"The last thirteen, the newest first; a large one is counted every few minutes"`
	Days      []PortalDay   `json:"days" doc:"The last thirty-one"`
	Resources int           `json:"resources"`
	Visible   int           `json:"visible"`
	Hidden    int           `json:"hidden"`
	Stopped   int           `json:"stopped"`
}

// Standing counts visitors and resources.
func (s *Service) Standing(ctx context.Context) (PortalStanding, error) {
	now := s.Store.Now().In(s.zone())
	out := PortalStanding{Months: []PortalMonth{}, Days: []PortalDay{}}
	list, err := s.Resources(ctx)
	if err != nil {
		return out, err
	}
	for _, r := range list {
		out.Resources++
		switch {
		case r.State == ResourceStopped:
			out.Stopped++
		case r.Hidden:
			out.Hidden++
		case r.Visible:
			out.Visible++
		}
	}
	if out.Days, err = store.Select[PortalDay](ctx, s.Store, `SELECT day, count(*) AS active FROM portal_active WHERE day > ? GROUP BY day ORDER BY day`, now.AddDate(0, 0, -31).Format(time.DateOnly)); err != nil {
		return out, err
	}
	this, err := s.thisMonth(ctx, now)
	if err != nil {
		return out, err
	}
	kept, err := store.Select[PortalMonth](ctx, s.Store, `SELECT month, active, days FROM portal_month WHERE month < ? ORDER BY month DESC LIMIT 12`, this.Month)
	out.Months = append([]PortalMonth{this}, kept...)
	return out, err
}

// Counting a large month takes seconds: what took longer than countFast is shown for
// countKeep times as long.
const (
	countFast = 100 * time.Millisecond
	countKeep = 100
)

// thisMonth counts the month that goes on, or says what was counted lately.
func (s *Service) thisMonth(ctx context.Context, now time.Time) (PortalMonth, error) {
	name := now.Format("2006-01")
	s.counting.Lock()
	defer s.counting.Unlock()
	if s.counted.Month == name && now.Before(s.countedUntil) {
		return s.counted, nil
	}
	began := time.Now()
	m, err := s.month(ctx, s.Store, name)
	if took := time.Since(began); err == nil && took > countFast {
		s.counted, s.countedUntil = m, now.Add(countKeep*took)
	}
	return m, err
}

// month counts a month from its rows.
func (s *Service) month(ctx context.Context, q store.Querier, month string) (PortalMonth, error) {
	m := PortalMonth{Month: month}
	err := q.QueryRow(ctx, `SELECT count(DISTINCT who), count(*) FROM portal_active WHERE day >= ? AND day <= ?`, month+"-01", month+"-31").Scan(&m.Active, &m.Days)
	return m, err
}

// CloseMonths sums the months that are over and drops their rows, with passes that were
// not used; it is night work.
func (s *Service) CloseMonths(ctx context.Context) (closed int, err error) {
	now := s.Store.Now().In(s.zone())
	this := now.Format("2006-01")
	months, err := store.Select[string](ctx, s.Store, `SELECT DISTINCT substr(day, 1, 7) AS month FROM portal_active WHERE day < ? ORDER BY 1`, this+"-01")
	if err != nil {
		return 0, err
	}
	for _, month := range months {
		m, err := s.month(ctx, s.Store, month)
		if err != nil {
			return closed, err
		}
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO portal_month (month, active, days) VALUES (?, ?, ?) ON CONFLICT (month) DO NOTHING`, m.Month, m.Active, m.Days); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `DELETE FROM portal_active WHERE day >= ? AND day <= ?`, month+"-01", month+"-31")
			return err
		}); err != nil {
			return closed, err
		}
		closed++
	}
	return closed, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM portal_pass WHERE at < ?`, store.At(now.AddDate(0, 0, -30)))
		return err
	})
}

// passLife is how long a pass opens.
const passLife = time.Minute

// Pass makes a pass (登录票据) that carries the actor to a resource elsewhere, once, and
// returns the address with it.
func (s *Service) Pass(ctx context.Context, who account.Actor, code string) (address string, err error) {
	list, err := s.Resources(ctx)
	if err != nil {
		return "", err
	}
	for _, r := range list {
		if r.Code != code || !r.Visible || !r.Pass || !r.Secret {
			continue
		}
		ticket := newToken()
		err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO portal_pass (id, code, person, at) VALUES (?, ?, ?, ?)`, s.Keys.MAC("pass", ticket), code, who.Person, store.At(s.Store.Now()))
			return err
		})
		sep := "?"
		if strings.Contains(r.URL, "?") {
			sep = "&"
		}
		return r.URL + sep + "ticket=" + ticket, err
	}
	return "", store.ErrNotFound
}

// Passed is who came with a pass, as the resource may know them.
type Passed struct {
	Subject string `json:"subject" doc:"The same for the same person at this resource, another at each other"`
	Name    string `json:"name" doc:"Masked"`
}

// Redeem answers a resource who came with a pass: once, within a minute, to that resource
// alone; store.ErrNotFound otherwise.
func (s *Service) Redeem(ctx context.Context, ticket, secret string) (Passed, error) {
	var out Passed
	now := s.Store.Now()
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := store.Get[struct {
			Code   string
			Person store.ID
		}](ctx, tx, `SELECT p.code, p.person FROM portal_pass p JOIN portal_resource r ON r.code = p.code WHERE p.id = ? AND r.secret = ? AND p.used_at IS NULL AND p.at > ?`,
			s.Keys.MAC("pass", ticket), s.Keys.MAC("resource", secret), store.At(now.Add(-passLife)))
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE portal_pass SET used_at = ? WHERE id = ? AND used_at IS NULL`, store.At(now), s.Keys.MAC("pass", ticket))
		if err != nil {
			return err
		}
		if n == 0 {
			return store.ErrNotFound
		}
		who, err := s.Vault.Masked(ctx, tx, row.Person)
		if err != nil {
			return err
		}
		out = Passed{hex.EncodeToString(s.Keys.MAC("subject", row.Code, row.Person.String()))[:32], who.Name}
		return nil
	})
	return out, err
}

// NewSecret gives a resource the secret by which it redeems passes; it is shown once.
func (s *Service) NewSecret(ctx context.Context, who account.Actor, code string, seq int) (string, error) {
	secret := newToken() + newToken()
	now := store.At(s.Store.Now())
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE portal_resource SET secret = ?, seq = ?, changed_at = ? WHERE code = ? AND seq = ?`, s.Keys.MAC("resource", secret), seq+1, now, code, seq)
		if err != nil {
			return err
		}
		if n == 0 {
			return httpapi.Fail(409, "conflict")
		}
		return s.resourceEvent(ctx, tx, code, seq+1, now, who, "secret", "", "")
	})
	return secret, err
}
