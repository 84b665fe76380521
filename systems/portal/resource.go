package portal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/pack"
	"shanzhi/core/store"
)

// PortalBoard is what resources stand together under (板块).
type PortalBoard struct {
	Code string            `json:"code"`
	Name map[string]string `json:"name"`
	Icon string            `json:"icon" doc:"Name of a lucide icon"`
}

// Resource is a service of the district or the city (资源).
type Resource struct {
	Code     string            `json:"code"`
	Board    string            `json:"board"`
	Place    int               `json:"place" doc:"In its board"`
	Name     map[string]string `json:"name"`
	Aliases  []string          `json:"aliases,omitempty" doc:"What people call it (俗称)"`
	Owner    string            `json:"owner" doc:"Who answers for it"`
	Scope    string            `json:"scope" enum:"district,city"`
	URL      string            `json:"url" doc:"A path of this house, or an https address"`
	Auth     string            `json:"auth" enum:"none,signed_in" doc:"Whether one must be signed in"`
	Pass     bool              `json:"pass,omitempty" doc:"Who is signed in is carried along by a pass (登录票据)"`
	Audience string            `json:"audience" enum:"all,person,enterprise"`
	Probe    string            `json:"probe,omitempty" doc:"Address by which it is looked whether it works; never, when empty"`
	From     string            `json:"from,omitempty" doc:"First day"`
	To       string            `json:"to,omitempty" doc:"Last day"`
}

// ResourceState is whether somebody wants a resource shown.
type ResourceState string

// The states.
const (
	ResourceShown   ResourceState = "shown"
	ResourceStopped ResourceState = "stopped" // 下架
)

// resourceSteps is the whole law of a resource: from where, whereto.
var resourceSteps = map[string][2]ResourceState{"stop": {ResourceShown, ResourceStopped}, "start": {ResourceStopped, ResourceShown}}

// Check says by code what is wrong with a resource, field by field.
func (r *Resource) Check(boards []PortalBoard) map[string]string {
	wrong := map[string]string{}
	if !resourceCode.MatchString(r.Code) {
		wrong["code"] = "invalid"
	}
	if !slices.ContainsFunc(boards, func(b PortalBoard) bool { return b.Code == r.Board }) {
		wrong["board"] = "no_such_option"
	}
	if strings.TrimSpace(r.Name["zh"]) == "" {
		wrong["name"] = "required"
	}
	if strings.TrimSpace(r.Owner) == "" {
		wrong["owner"] = "required"
	}
	if !insidePath(r.URL) && !outside(r.URL) {
		wrong["url"] = "not_an_address"
	}
	if r.Probe != "" && !outside(r.Probe) {
		wrong["probe"] = "not_an_address"
	}
	if r.Pass && (r.Auth != "signed_in" || !outside(r.URL)) {
		wrong["pass"] = "pass_needs_sign_in"
	}
	for field, v := range map[string][2]string{"scope": {r.Scope, "district city"}, "auth": {r.Auth, "none signed_in"}, "audience": {r.Audience, "all person enterprise"}} {
		if !slices.Contains(strings.Fields(v[1]), v[0]) {
			wrong[field] = "no_such_option"
		}
	}
	for field, day := range map[string]string{"from": r.From, "to": r.To} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			wrong[field] = "not_date"
		}
	}
	if r.From != "" && r.To != "" && r.To < r.From {
		wrong["to"] = "out_of_range"
	}
	return wrong
}

var resourceCode = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,39}$`)

// insidePath says that an address is a path of this house.
func insidePath(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") && !strings.Contains(s, "\\")
}

// outside says that an address is one of the web.
func outside(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

const (
	packBoards    = "portal/boards.csv"
	packResources = "portal/resources.csv"
)

// readPack reads the pack's boards and resources; none where it has no portal.
func readPack(files fs.FS) (boards []PortalBoard, resources []Resource, err error) {
	if _, err := fs.Stat(files, packBoards); err != nil {
		return nil, nil, nil
	}
	rows, err := pack.Table(files, packBoards, "code", "name", "name_en", "icon")
	if err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		boards = append(boards, PortalBoard{r["code"], map[string]string{"zh": r["name"], "en": r["name_en"]}, r["icon"]})
	}
	if rows, err = pack.Table(files, packResources, "code", "board", "place", "name", "name_en", "aliases", "owner", "scope", "url", "auth", "audience", "probe"); err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for i, row := range rows {
		place, err := strconv.Atoi(row["place"])
		if err != nil {
			return nil, nil, fmt.Errorf("%s line %d: place: %q is no number", packResources, i+2, row["place"])
		}
		r := Resource{Code: row["code"], Board: row["board"], Place: place, Name: map[string]string{"zh": row["name"], "en": row["name_en"]}, Owner: row["owner"], Scope: row["scope"], URL: row["url"], Auth: row["auth"], Audience: row["audience"], Probe: row["probe"], From: row["from"], To: row["to"]}
		for _, a := range strings.FieldsFunc(row["aliases"], func(c rune) bool { return c == ';' || c == '；' }) {
			r.Aliases = append(r.Aliases, strings.TrimSpace(a))
		}
		for field, key := range r.Check(boards) {
			return nil, nil, fmt.Errorf("%s line %d: %s: %s", packResources, i+2, field, key)
		}
		if seen[r.Code] {
			return nil, nil, fmt.Errorf("%s line %d: %s stands twice", packResources, i+2, r.Code)
		}
		seen[r.Code] = true
		resources = append(resources, r)
	}
	return boards, resources, nil
}

func (r Resource) body() (raw, hash string) {
	b, err := json.Marshal(r)
	if err != nil {
		panic(err) // words and numbers
	}
	sum := sha256.Sum256(b)
	return string(b), hex.EncodeToString(sum[:16])
}

// landResources takes over the resources of the pack: new ones, and those whose row has
// changed since. What was edited here and stands the same in the pack stays.
func (s *Service) landResources(ctx context.Context, tx *store.Tx, list []Resource) error {
	type had struct {
		Code, PackHash string
		Seq            int
	}
	rows, err := store.Select[had](ctx, tx, `SELECT code, pack_hash, seq FROM portal_resource`)
	if err != nil {
		return err
	}
	now := store.At(s.Store.Now())
	for _, r := range list {
		raw, hash := r.body()
		i := slices.IndexFunc(rows, func(h had) bool { return h.Code == r.Code })
		switch {
		case i < 0:
			if _, err := tx.Exec(ctx, `INSERT INTO portal_resource (code, board, place, body, pack_hash, state, seq, changed_at) VALUES (?, ?, ?, ?, ?, 'shown', 1, ?)`, r.Code, r.Board, r.Place, raw, hash, now); err != nil {
				return err
			}
			err = s.resourceEvent(ctx, tx, r.Code, 1, now, account.System(nil), "pack", "", raw)
		case rows[i].PackHash != hash:
			if _, err := tx.Exec(ctx, `UPDATE portal_resource SET board = ?, place = ?, body = ?, pack_hash = ?, seq = ?, changed_at = ? WHERE code = ?`, r.Board, r.Place, raw, hash, rows[i].Seq+1, now, r.Code); err != nil {
				return err
			}
			err = s.resourceEvent(ctx, tx, r.Code, rows[i].Seq+1, now, account.System(nil), "pack", "", raw)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) resourceEvent(ctx context.Context, tx *store.Tx, code string, seq int, at store.Time, who account.Actor, kind, reason, body string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO portal_resource_event (code, seq, at, actor, kind, reason, body) VALUES (?, ?, ?, ?, ?, ?, ?)`, code, seq, at, who.Account, kind, reason, body); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Record{At: at, Actor: who.Account, Unit: who.Unit, Action: "portal." + kind, Object: "resource/" + code, Reason: reason}, map[string]any{"seq": seq})
}

// ListedResource is a resource as the desk sees it.
type ListedResource struct {
	Resource
	State   ResourceState `json:"state" enum:"shown,stopped"`
	Hidden  bool          `json:"hidden" doc:"It does not answer, so nobody sees it"`
	Visible bool          `json:"visible" doc:"Citizens see it today"`
	Seq     int           `json:"version"`
	Secret  bool          `json:"secret" doc:"It can redeem passes"`
	Probed  *ProbeResult  `json:"probed,omitempty"`
	Clicks  int           `json:"clicks" doc:"In the last thirty days"`
	Changed store.Time    `json:"changed_at"`
}

type resourceRow struct {
	Code    string     `bun:"code"`
	Body    string     `bun:"body"`
	State   string     `bun:"state"`
	Seq     int        `bun:"seq"`
	Secret  bool       `bun:"has_secret"`
	Changed store.Time `bun:"changed_at"`
	At      store.Time `bun:"at"`
	OK      *bool      `bun:"ok"`
	Said    *string    `bun:"said"`
	MS      *int       `bun:"ms"`
	Failed  *int       `bun:"failed"`
	Hidden  *bool      `bun:"hidden"`
	Since   store.Time `bun:"since"`
}

// Resources lists all resources as the desk sees them, by board and place.
func (s *Service) Resources(ctx context.Context) ([]ListedResource, error) {
	rows, err := store.Select[resourceRow](ctx, s.Store, `SELECT r.code, r.body, r.state, r.seq, (r.secret IS NOT NULL) AS has_secret, r.changed_at, p.at, p.ok, p.said, p.ms, p.failed, p.hidden, p.since
 FROM portal_resource r LEFT JOIN portal_probe p ON p.code = r.code ORDER BY r.board, r.place, r.code`)
	out := make([]ListedResource, 0, len(rows))
	for _, r := range rows {
		l := ListedResource{State: ResourceState(r.State), Seq: r.Seq, Secret: r.Secret, Changed: r.Changed}
		if err := json.Unmarshal([]byte(r.Body), &l.Resource); err != nil {
			return nil, err
		}
		if r.OK != nil {
			l.Probed = &ProbeResult{At: r.At, OK: *r.OK, Said: *r.Said, MS: *r.MS, Failed: *r.Failed, Since: r.Since}
			l.Hidden = *r.Hidden && l.Probe != ""
		}
		l.Visible = l.State == ResourceShown && !l.Hidden && l.onDay(s.today())
		out = append(out, l)
	}
	return out, err
}

// countClicks adds to resources how often they were opened in the last thirty days: for
// the desk alone, since the section itself is read by everybody.
func (s *Service) countClicks(ctx context.Context, list []ListedResource) error {
	since := s.Store.Now().In(s.zone()).AddDate(0, 0, -30).Format(time.DateOnly)
	rows, err := store.Select[struct {
		Code string
		N    int
	}](ctx, s.Store, `SELECT code, CAST(sum(n) AS BIGINT) AS n FROM portal_click WHERE day >= ? GROUP BY code`, since)
	for _, r := range rows {
		if i := slices.IndexFunc(list, func(l ListedResource) bool { return l.Code == r.Code }); i >= 0 {
			list[i].Clicks = r.N
		}
	}
	return err
}

func (r Resource) onDay(day string) bool {
	return (r.From == "" || r.From <= day) && (r.To == "" || day <= r.To)
}

// PutResource makes a resource or changes one; ErrConflict where another did since.
func (s *Service) PutResource(ctx context.Context, who account.Actor, r Resource, seq int, reason string) error {
	if wrong := r.Check(s.boards()); len(wrong) > 0 {
		return httpapi.FailFields(wrong)
	}
	raw, _ := r.body()
	now := store.At(s.Store.Now())
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if seq == 0 {
			n, err := tx.Exec(ctx, `INSERT INTO portal_resource (code, board, place, body, pack_hash, state, seq, changed_at) VALUES (?, ?, ?, ?, '', 'shown', 1, ?) ON CONFLICT (code) DO NOTHING`, r.Code, r.Board, r.Place, raw, now)
			if err != nil {
				return err
			}
			if n == 0 {
				return httpapi.FailField("code", "taken")
			}
		} else {
			n, err := tx.Exec(ctx, `UPDATE portal_resource SET board = ?, place = ?, body = ?, seq = ?, changed_at = ? WHERE code = ? AND seq = ?`, r.Board, r.Place, raw, seq+1, now, r.Code, seq)
			if err != nil {
				return err
			}
			if n == 0 {
				return caseflow.ErrConflict
			}
		}
		if err := s.resourceEvent(ctx, tx, r.Code, seq+1, now, who, "edit", reason, raw); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, 204, nil)
	})
}

// ActOnResource stops a resource or shows it again.
func (s *Service) ActOnResource(ctx context.Context, who account.Actor, code string, seq int, action, reason string) error {
	step, ok := resourceSteps[action]
	if !ok {
		return httpapi.FailField("action", "no_such_option")
	}
	now := store.At(s.Store.Now())
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := store.Get[struct {
			State string
			Seq   int
		}](ctx, tx, `SELECT state, seq FROM portal_resource WHERE code = ?`, code)
		switch {
		case err != nil:
			return err
		case row.Seq != seq:
			return caseflow.ErrConflict
		case ResourceState(row.State) != step[0]:
			return httpapi.Fail(409, "refused_state")
		}
		if _, err := tx.Exec(ctx, `UPDATE portal_resource SET state = ?, seq = ?, changed_at = ? WHERE code = ?`, string(step[1]), seq+1, now, code); err != nil {
			return err
		}
		if err := s.resourceEvent(ctx, tx, code, seq+1, now, who, action, reason, ""); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, 204, nil)
	})
}
