package place

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "place", Migrations: files}
}

// Register is what stands in the district and has a code (底账): communities, grids,
// buildings, floors and units. Each has a key that never changes; codes, names and
// what it lies in do, with their days. A code of any day past is resolved to what
// had it then and to what has become of that; see [Register.Resolve].
//
// Its law: on a day a code is of one object at most, and an object has one code at
// most of a scheme. What no longer stands never stands again, and its heirs are
// younger than its end or outlive it, so that nothing becomes itself. A day of a
// change is after the day of the change before it.
type Register struct {
	Store *store.Store
}

// ObjectKind is what kind of thing stands in the register.
type ObjectKind string

// The kinds.
const (
	ObjectStreet    ObjectKind = "street"    // 街道
	ObjectCommunity ObjectKind = "community" // 社区
	ObjectGrid      ObjectKind = "grid"      // 网格
	ObjectBuilding  ObjectKind = "building"  // 楼栋
	ObjectFloor     ObjectKind = "floor"     // 楼层
	ObjectUnit      ObjectKind = "unit"      // 房屋
)

// above are the kinds that a kind may lie in; none at the top.
var above = map[ObjectKind][]ObjectKind{
	ObjectStreet:    {},
	ObjectCommunity: {ObjectStreet},
	ObjectGrid:      {ObjectCommunity},
	ObjectBuilding:  {ObjectGrid, ObjectCommunity, ObjectStreet},
	ObjectFloor:     {ObjectBuilding},
	ObjectUnit:      {ObjectFloor, ObjectBuilding},
}

// ObjectState is how a thing stands in its life.
type ObjectState string

// The states of a building, a floor or a unit.
const (
	Planned ObjectState = "planned" // 规划
	Rising  ObjectState = "rising"  // 在建
	InUse   ObjectState = "in_use"  // 在用
	Vacant  ObjectState = "vacant"  // 空置
	Closed  ObjectState = "closed"  // 停用、查封
	Retired ObjectState = "retired" // 已注销：拆除、分割、合并
)

// stateSteps is the whole law of a life: from where, whereto. Retired is reached by
// retiring, dividing and joining alone.
var stateSteps = map[ObjectState][]ObjectState{
	Planned: {Rising},
	Rising:  {InUse, Vacant},
	InUse:   {Vacant, Closed},
	Vacant:  {InUse, Closed},
	Closed:  {InUse, Vacant},
}

// PlaceDetail is what else is known of an object.
type PlaceDetail struct {
	Address   string   `json:"address,omitempty" doc:"Its standard address (标准地址)"`
	Lon       *float64 `json:"lon,omitempty" doc:"WGS-84"`
	Lat       *float64 `json:"lat,omitempty"`
	Use       string   `json:"use,omitempty" doc:"What it is for (用途)"`
	Area      float64  `json:"area,omitempty" doc:"Square metres"`
	FloorsUp  int      `json:"floors_up,omitempty"`
	FloorsDn  int      `json:"floors_down,omitempty"`
	Floor     int      `json:"floor,omitempty" doc:"Of a floor or unit: from ground 1 up, -1 down; never read from its code"`
	Label     string   `json:"label,omitempty" doc:"What stands on the door: 13A, B1"`
	Built     int      `json:"built,omitempty" doc:"Year"`
	Physical  string   `json:"physical,omitempty" doc:"Of a logical building: the key of the physical one (物理幢)"`
	Synthetic bool     `json:"synthetic,omitempty"`
	Source    string   `json:"source,omitempty" doc:"Whose file entered it; empty where a person did"`
	Epoch     string   `json:"epoch,omitempty" doc:"The day that the file shows"`
}

// Object is a thing as it was on a day.
type Object struct {
	ID     store.ID          `json:"id"`
	Kind   ObjectKind        `json:"kind" enum:"street,community,grid,building,floor,unit"`
	Parent store.ID          `json:"parent,omitempty"`
	Name   string            `json:"name"`
	State  ObjectState       `json:"state" enum:"planned,rising,in_use,vacant,closed,retired"`
	Since  string            `json:"since" doc:"First day"`
	Until  string            `json:"until,omitempty" doc:"First day no more"`
	Seq    int               `json:"version"`
	Codes  map[Scheme]string `json:"codes" doc:"By scheme"`
	Detail PlaceDetail       `json:"detail"`
}

// PlaceDraft is a thing to be.
type PlaceDraft struct {
	Kind   ObjectKind        `json:"kind" enum:"street,community,grid,building,floor,unit"`
	Parent store.ID          `json:"parent,omitempty"`
	Name   string            `json:"name" maxLength:"200"`
	State  ObjectState       `json:"state,omitempty" enum:"planned,rising,in_use,vacant,closed,"`
	Codes  map[Scheme]string `json:"codes,omitempty"`
	Detail PlaceDetail       `json:"detail,omitempty"`
}

// Order is who changes the register, from which day, and why.
type Order struct {
	Who    account.Actor
	Day    string
	Reason string
}

// Refused is a change that the law of the register forbids; Code says which rule.
type Refused struct{ Code, Text string }

func (r *Refused) Error() string { return r.Code + ": " + r.Text }

func refuse(code, format string, args ...any) error {
	return &Refused{code, fmt.Sprintf(format, args...)}
}

// ErrChanged: somebody changed the object since the caller saw it.
var ErrChanged = errors.New("place: somebody changed this first")

var dayForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// CheckDay refuses what is no day.
func CheckDay(day string) error {
	if _, err := time.Parse(time.DateOnly, day); err != nil || !dayForm.MatchString(day) {
		return refuse("not_date", "%q is not a day", day)
	}
	return nil
}

type objectRow struct {
	ID     store.ID `bun:"id"`
	Kind   string   `bun:"kind"`
	Parent *int64   `bun:"parent"`
	Name   string   `bun:"name"`
	State  string   `bun:"state"`
	Since  string   `bun:"since"`
	Until  string   `bun:"until"`
	Seq    int      `bun:"seq"`
	Detail string   `bun:"detail"`
}

const objectColumns = `id, kind, parent, name, state, since, until, seq, detail`

func (r objectRow) object() (o Object, err error) {
	o = Object{ID: r.ID, Kind: ObjectKind(r.Kind), Name: r.Name, State: ObjectState(r.State), Since: r.Since, Until: r.Until, Seq: r.Seq, Codes: map[Scheme]string{}}
	if r.Parent != nil {
		o.Parent = store.ID(*r.Parent)
	}
	return o, json.Unmarshal([]byte(r.Detail), &o.Detail)
}

// Objects reads objects by a condition, with the codes that they have, or had last.
func (r *Register) Objects(ctx context.Context, q store.Querier, cond string, args ...any) ([]Object, error) {
	rows, err := store.Select[objectRow](ctx, q, `SELECT `+objectColumns+` FROM place_object WHERE `+cond, args...)
	if err != nil {
		return nil, err
	}
	out := make([]Object, len(rows))
	at := make(map[store.ID]int, len(rows))
	for i, row := range rows {
		if out[i], err = row.object(); err != nil {
			return nil, err
		}
		at[row.ID] = i
	}
	for ids := range slices.Chunk(rows, 400) {
		args := make([]any, len(ids))
		for i, row := range ids {
			args[i] = int64(row.ID)
		}
		codes, err := store.Select[codeRow](ctx, q, `SELECT scheme, value, since, until, object FROM place_code WHERE `+store.AnyOf("object", len(ids))+` ORDER BY since`, args...)
		if err != nil {
			return nil, err
		}
		for _, c := range codes {
			if o := &out[at[c.Object]]; c.Until == "" || c.Until == o.Until {
				o.Codes[Scheme(c.Scheme)] = c.Value
			}
		}
	}
	return out, nil
}

// Object reads one.
func (r *Register) Object(ctx context.Context, q store.Querier, id store.ID) (Object, error) {
	list, err := r.Objects(ctx, q, `id = ?`, int64(id))
	if err != nil {
		return Object{}, err
	}
	if len(list) == 0 {
		return Object{}, store.ErrNotFound
	}
	return list[0], nil
}

type codeRow struct {
	Scheme string   `bun:"scheme"`
	Value  string   `bun:"value"`
	Since  string   `bun:"since"`
	Until  string   `bun:"until"`
	Object store.ID `bun:"object"`
}

// Create adds a thing to the register.
func (r *Register) Create(ctx context.Context, tx *store.Tx, d PlaceDraft, by Order) (Object, error) {
	if err := CheckDay(by.Day); err != nil {
		return Object{}, err
	}
	return r.create(ctx, tx, d, by, "create")
}

func (r *Register) create(ctx context.Context, tx *store.Tx, d PlaceDraft, by Order, kind string) (Object, error) {
	if d.State == "" {
		d.State = InUse
	}
	o := Object{ID: tx.NewID(), Kind: d.Kind, Parent: d.Parent, Name: strings.TrimSpace(d.Name), State: d.State, Since: by.Day, Codes: map[Scheme]string{}, Detail: d.Detail}
	if _, known := stateSteps[d.State]; !known {
		return o, refuse("no_such_option", "%q is no state to begin with", d.State)
	}
	if o.Name == "" {
		return o, refuse("required", "it has no name")
	}
	if err := r.checkParent(ctx, tx, o, by.Day); err != nil {
		return o, err
	}
	o.Seq = 1
	detail, err := json.Marshal(o.Detail)
	if err != nil {
		return o, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO place_object (id, kind, parent, name, state, since, until, seq, day, sort, detail) VALUES (?, ?, ?, ?, ?, ?, '', 1, ?, ?, ?)`,
		o.ID, string(o.Kind), parentOf(o), o.Name, string(o.State), o.Since, o.Since, o.Detail.Floor, string(detail)); err != nil {
		return o, err
	}
	for scheme, value := range d.Codes {
		if err := r.giveCode(ctx, tx, &o, scheme, value, by.Day); err != nil {
			return o, err
		}
	}
	return o, r.record(ctx, tx, o, by, kind)
}

func parentOf(o Object) any {
	if o.Parent == 0 {
		return nil
	}
	return int64(o.Parent)
}

func (r *Register) checkParent(ctx context.Context, tx *store.Tx, o Object, day string) error {
	may, known := above[o.Kind]
	if !known {
		return refuse("no_such_option", "%q is no kind of the register", o.Kind)
	}
	if o.Parent == 0 {
		if o.Kind == ObjectFloor || o.Kind == ObjectUnit {
			return refuse("no_parent", "a %s lies in something", o.Kind)
		}
		return nil
	}
	p, err := r.Object(ctx, tx, o.Parent)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return refuse("no_parent", "what it lies in is not in the register")
	case err != nil:
		return err
	case !slices.Contains(may, p.Kind):
		return refuse("wrong_parent", "a %s does not lie in a %s", o.Kind, p.Kind)
	case p.Until != "" || p.Since > day:
		return refuse("wrong_parent", "what it lies in does not stand on %s", day)
	}
	return nil
}

// giveCode gives an object a code from a day on.
func (r *Register) giveCode(ctx context.Context, tx *store.Tx, o *Object, scheme Scheme, value, day string) error {
	c, err := codeOf(o.Kind, scheme, value)
	if err != nil {
		return err
	}
	// Days of one code do not overlap, whoever has it.
	taken, err := store.Select[codeRow](ctx, tx, `SELECT scheme, value, since, until, object FROM place_code WHERE scheme = ? AND value = ? AND (until = '' OR until > ?)`, string(scheme), c.Value, day)
	if err != nil {
		return err
	}
	if len(taken) > 0 {
		return refuse("taken", "%s is another's on %s", c, day)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO place_code (scheme, value, since, until, object) VALUES (?, ?, ?, '', ?)`, string(scheme), c.Value, day, o.ID); err != nil {
		return err
	}
	o.Codes[scheme] = c.Value
	return nil
}

// endCodes ends the codes of an object, of one scheme or of all, on a day.
func (r *Register) endCodes(ctx context.Context, tx *store.Tx, o Object, scheme Scheme, day string) error {
	// A code that was given on the day itself was never in force.
	if _, err := tx.Exec(ctx, `DELETE FROM place_code WHERE object = ? AND until = '' AND since >= ? AND (? = '' OR scheme = ?)`, o.ID, day, string(scheme), string(scheme)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE place_code SET until = ? WHERE object = ? AND until = '' AND (? = '' OR scheme = ?)`, day, o.ID, string(scheme), string(scheme))
	return err
}

// record writes the change that made an object what it is.
func (r *Register) record(ctx context.Context, tx *store.Tx, o Object, by Order, kind string) error {
	after, err := json.Marshal(o)
	if err != nil {
		return err
	}
	at := store.At(r.Store.Now())
	if _, err := tx.Exec(ctx, `INSERT INTO place_change (object, seq, day, at, actor, kind, reason, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		o.ID, o.Seq, by.Day, at, by.Who.Account, kind, by.Reason, string(after)); err != nil {
		return err
	}
	if kind == "adopt" || kind == "follow" {
		return nil // its parent's change is in the audit
	}
	return audit.Write(ctx, tx, audit.Record{At: at, Actor: by.Who.Account, Unit: by.Who.Unit, Action: "place." + kind, Object: "place/" + o.ID.String(), Reason: by.Reason}, map[string]any{"seq": o.Seq, "day": by.Day})
}

// standing reads an object that may be changed on a day.
func (r *Register) standing(ctx context.Context, tx *store.Tx, id store.ID, by Order) (Object, error) {
	if err := CheckDay(by.Day); err != nil {
		return Object{}, err
	}
	o, err := r.Object(ctx, tx, id)
	if err != nil {
		return o, err
	}
	if o.Until != "" {
		return o, refuse("retired", "%s stands no more since %s", o.Name, o.Until)
	}
	if by.Day <= o.Since {
		return o, refuse("too_early", "%s stands since %s: a change is after that", o.Name, o.Since)
	}
	return o, nil
}

// put stores an object as a change made it.
func (r *Register) put(ctx context.Context, tx *store.Tx, o *Object, by Order, kind string) error {
	detail, err := json.Marshal(o.Detail)
	if err != nil {
		return err
	}
	var last string
	if err := tx.QueryRow(ctx, `SELECT day FROM place_object WHERE id = ?`, o.ID).Scan(&last); err != nil {
		return err
	}
	if by.Day < last {
		return refuse("too_early", "%s was changed on %s: a change is not before that", o.Name, last)
	}
	n, err := tx.Exec(ctx, `UPDATE place_object SET parent = ?, name = ?, state = ?, until = ?, seq = ?, day = ?, sort = ?, detail = ? WHERE id = ? AND seq = ?`,
		parentOf(*o), o.Name, string(o.State), o.Until, o.Seq+1, by.Day, o.Detail.Floor, string(detail), o.ID, o.Seq)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrChanged
	}
	o.Seq++
	return r.record(ctx, tx, *o, by, kind)
}

// PlaceEdit is what a change makes of an object; nil leaves things as they are.
type PlaceEdit struct {
	Name   *string      `json:"name,omitempty" maxLength:"200"`
	State  *ObjectState `json:"state,omitempty" enum:"planned,rising,in_use,vacant,closed"`
	Parent *store.ID    `json:"parent,omitempty"`
	Detail *PlaceDetail `json:"detail,omitempty"`
	// Codes are new ones by scheme (重新编码); "" ends one.
	Codes map[Scheme]string `json:"codes,omitempty"`
}

// Change changes an object from a day on. A new house code of a building or what
// holds buildings moves the codes of all that lies in it, and so does a new parent.
func (r *Register) Change(ctx context.Context, tx *store.Tx, id store.ID, seq int, e PlaceEdit, by Order) (Object, error) {
	o, err := r.standing(ctx, tx, id, by)
	if err != nil {
		return o, err
	}
	if seq != o.Seq {
		return o, ErrChanged
	}
	if e.Name != nil {
		if o.Name = strings.TrimSpace(*e.Name); o.Name == "" {
			return o, refuse("required", "it has no name")
		}
	}
	if e.State != nil && *e.State != o.State {
		if !slices.Contains(stateSteps[o.State], *e.State) {
			return o, refuse("refused_state", "%s does not become %s", o.State, *e.State)
		}
		o.State = *e.State
	}
	if e.Detail != nil {
		o.Detail = *e.Detail
	}
	was := HouseCode(o.Codes[House])
	if e.Parent != nil && *e.Parent != o.Parent {
		from, err := r.houseOf(ctx, tx, o.Parent)
		if err != nil {
			return o, err
		}
		o.Parent = *e.Parent
		if err := r.checkParent(ctx, tx, o, by.Day); err != nil {
			return o, err
		}
		to, err := r.houseOf(ctx, tx, o.Parent)
		if err != nil {
			return o, err
		}
		if _, given := e.Codes[House]; !given {
			if moved, ok := was.Move(from, to); ok && from != "" && moved != was {
				if moved, err = r.free(ctx, tx, moved, to, by.Day); err != nil {
					return o, err
				}
				e.Codes = withCode(e.Codes, House, string(moved))
			}
		}
	}
	kind := "edit"
	for scheme, value := range e.Codes {
		if o.Codes[scheme] == value {
			continue
		}
		kind = "renumber"
		if err := r.endCodes(ctx, tx, o, scheme, by.Day); err != nil {
			return o, err
		}
		if delete(o.Codes, scheme); value != "" {
			if err := r.giveCode(ctx, tx, &o, scheme, value, by.Day); err != nil {
				return o, err
			}
		}
	}
	if err := r.put(ctx, tx, &o, by, kind); err != nil {
		return o, err
	}
	return o, r.follow(ctx, tx, o.ID, was, HouseCode(o.Codes[House]), by)
}

func withCode(codes map[Scheme]string, scheme Scheme, value string) map[Scheme]string {
	out := map[Scheme]string{scheme: value}
	for s, v := range codes {
		out[s] = v
	}
	return out
}

// houseOf is the house code of an object or of the nearest above that has one.
func (r *Register) houseOf(ctx context.Context, tx *store.Tx, id store.ID) (HouseCode, error) {
	for id != 0 {
		o, err := r.Object(ctx, tx, id)
		if err != nil {
			return "", err
		}
		if c := o.Codes[House]; c != "" {
			return HouseCode(c), nil
		}
		id = o.Parent
	}
	return "", nil
}

// free returns the code where it is free on a day, else the next of its level
// under a prefix.
func (r *Register) free(ctx context.Context, tx *store.Tx, c, under HouseCode, day string) (HouseCode, error) {
	last := ""
	err := tx.QueryRow(ctx, `SELECT coalesce(max(value), '') FROM place_code WHERE scheme = 'house' AND value = ? AND (until = '' OR until > ?)`, string(c), day).Scan(&last)
	if err != nil || last == "" {
		return c, err
	}
	if err := tx.QueryRow(ctx, `SELECT coalesce(max(value), '') FROM place_code WHERE scheme = 'house' AND value > ? AND value < ? AND length(value) = ?`, string(under), string(under)+"9999999999999999999999999", len(c)).Scan(&last); err != nil {
		return "", err
	}
	next := []byte(last)
	for i := len(next) - 1; i >= len(under); i-- {
		if next[i]++; next[i] <= '9' {
			return HouseCode(next), nil
		}
		next[i] = '0'
	}
	return "", refuse("full", "%s has no free number left", under)
}

// follow moves the house codes of all that lies in an object whose own was moved.
func (r *Register) follow(ctx context.Context, tx *store.Tx, id store.ID, from, to HouseCode, by Order) error {
	if from == "" || from == to || len(from) != len(to) {
		return nil
	}
	children, err := r.Objects(ctx, tx, `parent = ? AND until = '' ORDER BY id`, int64(id))
	if err != nil {
		return err
	}
	for _, o := range children {
		was := HouseCode(o.Codes[House])
		moved, ok := was.Move(from, to)
		if !ok {
			if was == "" { // a floor has none, what is on it does
				if err := r.follow(ctx, tx, o.ID, from, to, by); err != nil {
					return err
				}
			}
			continue
		}
		if moved, err = r.free(ctx, tx, moved, to, by.Day); err != nil {
			return err
		}
		if err := r.endCodes(ctx, tx, o, House, by.Day); err != nil {
			return err
		}
		if err := r.giveCode(ctx, tx, &o, House, string(moved), by.Day); err != nil {
			return err
		}
		if err := r.put(ctx, tx, &o, by, "follow"); err != nil {
			return err
		}
		if err := r.follow(ctx, tx, o.ID, was, moved, by); err != nil {
			return err
		}
	}
	return nil
}

// retire ends an object; its heirs come after it.
func (r *Register) retire(ctx context.Context, tx *store.Tx, o *Object, by Order, kind string, heirs ...store.ID) error {
	if err := r.endCodes(ctx, tx, *o, "", by.Day); err != nil {
		return err
	}
	o.State, o.Until = Retired, by.Day
	for _, h := range heirs {
		if _, err := tx.Exec(ctx, `INSERT INTO place_heir (object, heir, day) VALUES (?, ?, ?)`, o.ID, h, by.Day); err != nil {
			return err
		}
	}
	return r.put(ctx, tx, o, by, kind)
}

// Retire ends an object that has no heirs: a house that was pulled down, and all
// that lay in it.
func (r *Register) Retire(ctx context.Context, tx *store.Tx, id store.ID, seq int, by Order) error {
	o, err := r.standing(ctx, tx, id, by)
	if err != nil {
		return err
	}
	if seq != o.Seq {
		return ErrChanged
	}
	return r.retireTree(ctx, tx, o, by, "retire")
}

func (r *Register) retireTree(ctx context.Context, tx *store.Tx, o Object, by Order, kind string) error {
	children, err := r.Objects(ctx, tx, `parent = ? AND until = ''`, int64(o.ID))
	if err != nil {
		return err
	}
	for _, c := range children {
		if err := r.retireTree(ctx, tx, c, by, "follow"); err != nil {
			return err
		}
	}
	return r.retire(ctx, tx, &o, by, kind)
}

// Split divides an object into several of its kind. heirs says which of them each
// thing that lies in it goes to, by its number; where one is left out, it is refused.
func (r *Register) Split(ctx context.Context, tx *store.Tx, id store.ID, seq int, into []PlaceDraft, heirs map[store.ID]int, by Order) ([]Object, error) {
	o, err := r.standing(ctx, tx, id, by)
	switch {
	case err != nil:
		return nil, err
	case seq != o.Seq:
		return nil, ErrChanged
	case len(into) < 2:
		return nil, refuse("too_few", "what is divided becomes two or more")
	}
	children, err := r.Objects(ctx, tx, `parent = ? AND until = '' ORDER BY id`, int64(id))
	if err != nil {
		return nil, err
	}
	for _, c := range children {
		if n, ok := heirs[c.ID]; !ok || n < 0 || n >= len(into) {
			return nil, refuse("left_over", "it is not said where %s goes", c.Name)
		}
	}
	// Its codes are free for the heirs on the day.
	if err := r.endCodes(ctx, tx, o, "", by.Day); err != nil {
		return nil, err
	}
	var out []Object
	var ids []store.ID
	for _, d := range into {
		d.Kind, d.Parent = o.Kind, o.Parent
		if d.State == "" {
			d.State = o.State
		}
		n, err := r.create(ctx, tx, d, by, "split")
		if err != nil {
			return nil, err
		}
		out, ids = append(out, n), append(ids, n.ID)
	}
	if err := r.adopt(ctx, tx, o, children, func(c Object) *Object { return &out[heirs[c.ID]] }, by); err != nil {
		return nil, err
	}
	return out, r.retire(ctx, tx, &o, by, "split", ids...)
}

// Merge joins objects of one kind and parent into a new one, or into one of them
// that stays. What lies in them goes along.
func (r *Register) Merge(ctx context.Context, tx *store.Tx, ids []store.ID, into PlaceDraft, stays store.ID, by Order) (Object, error) {
	var heir Object
	var parts []Object
	seen := map[store.ID]bool{}
	for _, id := range ids {
		o, err := r.standing(ctx, tx, id, by)
		if err != nil {
			return heir, err
		}
		if len(parts) > 0 && (o.Kind != parts[0].Kind || o.Parent != parts[0].Parent) {
			return heir, refuse("wrong_kind", "%s is of another kind, or lies elsewhere", o.Name)
		}
		if seen[id] {
			return heir, refuse("twice", "%s is named twice", o.Name)
		}
		seen[id] = true
		parts = append(parts, o)
	}
	if len(parts) < 2 {
		return heir, refuse("too_few", "two or more are joined")
	}
	if stays != 0 {
		i := slices.IndexFunc(parts, func(o Object) bool { return o.ID == stays })
		if i < 0 {
			return heir, refuse("wrong_kind", "what stays is none of them")
		}
		heir = parts[i]
		parts = slices.Delete(parts, i, i+1)
	} else {
		for _, o := range parts {
			if err := r.endCodes(ctx, tx, o, "", by.Day); err != nil {
				return heir, err
			}
		}
		into.Kind, into.Parent = parts[0].Kind, parts[0].Parent
		var err error
		if heir, err = r.create(ctx, tx, into, by, "merge"); err != nil {
			return heir, err
		}
	}
	for _, o := range parts {
		children, err := r.Objects(ctx, tx, `parent = ? AND until = '' ORDER BY id`, int64(o.ID))
		if err != nil {
			return heir, err
		}
		if err := r.adopt(ctx, tx, o, children, func(Object) *Object { return &heir }, by); err != nil {
			return heir, err
		}
		if err := r.retire(ctx, tx, &o, by, "merge", heir.ID); err != nil {
			return heir, err
		}
	}
	if stays != 0 {
		if err := r.put(ctx, tx, &heir, by, "merge"); err != nil {
			return heir, err
		}
	}
	return heir, nil
}

// adopt moves what lay in an object to its heirs, codes included.
func (r *Register) adopt(ctx context.Context, tx *store.Tx, from Object, children []Object, to func(Object) *Object, by Order) error {
	for _, c := range children {
		heir := to(c)
		was := HouseCode(c.Codes[House])
		c.Parent = heir.ID
		if moved, ok := was.Move(HouseCode(from.Codes[House]), HouseCode(heir.Codes[House])); ok && moved != was {
			var err error
			if moved, err = r.free(ctx, tx, moved, HouseCode(heir.Codes[House]), by.Day); err != nil {
				return err
			}
			if err := r.endCodes(ctx, tx, c, House, by.Day); err != nil {
				return err
			}
			delete(c.Codes, House)
			if err := r.giveCode(ctx, tx, &c, House, string(moved), by.Day); err != nil {
				return err
			}
		}
		if err := r.put(ctx, tx, &c, by, "adopt"); err != nil {
			return err
		}
		now := HouseCode(c.Codes[House])
		if was == "" { // a floor: what is on it has the building's code
			was, now = HouseCode(from.Codes[House]), HouseCode(heir.Codes[House])
		}
		if err := r.follow(ctx, tx, c.ID, was, now, by); err != nil {
			return err
		}
	}
	return nil
}
