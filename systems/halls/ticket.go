package halls

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"shanzhi/core/store"
)

// TicketState is where a visit stands, after the states of the Munich and Berlin ZMS.
type TicketState string

// The states. Free is nobody's: a slot, or the next number.
const (
	Free         TicketState = "free"
	Reserved     TicketState = "reserved"     // holds a slot for minutes
	Preconfirmed TicketState = "preconfirmed" // booked for somebody who has yet to confirm
	Confirmed    TicketState = "confirmed"
	Queued       TicketState = "queued"
	Called       TicketState = "called"
	Processing   TicketState = "processing"
	Pending      TicketState = "pending" // must come back with papers
	Parked       TicketState = "parked"  // put aside for a moment, at the hall
	Missed       TicketState = "missed"
	Finished     TicketState = "finished"
	Deleted      TicketState = "deleted"  // cancelled, or its slot was not confirmed
	Archived     TicketState = "archived" // the day ended before it was served
)

// HoldsSlot says that a place of a slot is kept for it.
func (s TicketState) HoldsSlot() bool { return s == Reserved || s == Preconfirmed || s == Confirmed }

// AtWindow says that a window has it.
func (s TicketState) AtWindow() bool { return s == Called || s == Processing }

// Over says that nothing more can become of it.
func (s TicketState) Over() bool { return s == Finished || s == Deleted || s == Archived }

// TicketAction is what can be done with a visit.
type TicketAction string

// Who may do an action: whoever sits at the window, the reception, whose visit it is,
// and the house itself.
type party string

const (
	byClerk     party = "clerk"
	byReception party = "reception"
	byHolder    party = "holder"
	bySystem    party = "system"
)

// ticketLaw is one line of the law of visits.
type ticketLaw struct {
	from []TicketState
	to   []TicketState // the first unless the action says another; none: it stays where it is
	by   []party
	told string // what the event is called
}

// ticketLaws are what may become of a visit; all else is refused.
var ticketLaws = map[TicketAction]ticketLaw{
	"take":       {[]TicketState{Free}, []TicketState{Queued}, []party{byReception, byHolder}, "taken"},
	"reserve":    {[]TicketState{Free}, []TicketState{Reserved}, []party{byReception, byHolder}, "reserved"},
	"preconfirm": {[]TicketState{Reserved}, []TicketState{Preconfirmed}, []party{byReception}, "preconfirmed"},
	"confirm":    {[]TicketState{Reserved, Preconfirmed}, []TicketState{Confirmed}, []party{byReception, byHolder}, "confirmed"},
	"lapse":      {[]TicketState{Reserved, Preconfirmed}, []TicketState{Deleted}, []party{bySystem}, "lapsed"},
	"cancel":     {[]TicketState{Reserved, Preconfirmed, Confirmed, Queued, Missed, Pending}, []TicketState{Deleted}, []party{byReception, byHolder}, "cancelled"},
	"remind":     {[]TicketState{Confirmed}, []TicketState{Confirmed}, []party{bySystem}, "reminded"},
	"check_in":   {[]TicketState{Confirmed}, []TicketState{Queued}, []party{byReception, byHolder}, "checked_in"},
	"no_show":    {[]TicketState{Confirmed}, []TicketState{Archived}, []party{bySystem}, "not_come"},
	"favour":     {[]TicketState{Queued}, []TicketState{Queued}, []party{byReception}, "favoured"},
	"near":       {[]TicketState{Queued}, []TicketState{Queued}, []party{bySystem}, "near"},
	"call":       {[]TicketState{Queued, Parked, Missed}, []TicketState{Called}, []party{byClerk}, "called"},
	"recall":     {[]TicketState{Called}, []TicketState{Called}, []party{byClerk}, "called"},
	"miss":       {[]TicketState{Called}, []TicketState{Missed}, []party{byClerk}, "missed"},
	"rejoin":     {[]TicketState{Missed}, []TicketState{Queued}, []party{byReception, byHolder, byClerk}, "rejoined"},
	"start":      {[]TicketState{Called}, []TicketState{Processing}, []party{byClerk}, "started"},
	"park":       {[]TicketState{Processing}, []TicketState{Parked}, []party{byClerk}, "parked"},
	"pend":       {[]TicketState{Processing}, []TicketState{Pending}, []party{byClerk}, "pending"},
	"come_back":  {[]TicketState{Pending}, []TicketState{Queued}, []party{byReception, byHolder}, "came_back"},
	"transfer":   {[]TicketState{Called, Processing, Parked}, []TicketState{Queued}, []party{byClerk}, "transferred"},
	"next":       {[]TicketState{Processing}, []TicketState{Processing, Queued}, []party{byClerk}, "went_on"},
	"arrange":    {[]TicketState{Queued, Called, Processing, Parked}, nil, []party{byClerk, byReception}, "arranged"},
	"finish":     {[]TicketState{Processing}, []TicketState{Finished}, []party{byClerk}, "finished"},
	"close":      {[]TicketState{Queued, Called, Processing, Parked, Missed, Pending}, []TicketState{Archived}, []party{bySystem}, "closed"},
}

// Leads says whether an action may be done in a state, and where it leads if the
// action itself does not say another.
func (s TicketState) Leads(a TicketAction) (TicketState, bool) {
	law, ok := ticketLaws[a]
	if !ok || !slices.Contains(law.from, s) {
		return s, false
	}
	if len(law.to) == 0 {
		return s, true
	}
	return law.to[0], true
}

// Channel is by what way somebody is served. One queue has them all.
type Channel string

// The channels; the video call itself is another system's.
const (
	Counter Channel = "counter"
	Phone   Channel = "phone"
	Video   Channel = "video"
)

// TicketService is one thing to be done in a visit.
type TicketService struct {
	Kind    string `json:"kind"`
	Item    string `json:"item,omitempty" doc:"Code of a service item"`
	Done    bool   `json:"done,omitempty"`
	Window  string `json:"window,omitempty" readOnly:"true" doc:"Where it was served last"`
	WaitUS  int64  `json:"wait_us,omitempty" readOnly:"true" doc:"Waited for it, µs"`
	ServeUS int64  `json:"serve_us,omitempty" readOnly:"true" doc:"At the window for it, µs"`
}

// asked says that it is as one may ask for it: nothing has been done of it.
func (x TicketService) asked() bool {
	return x == TicketService{Kind: x.Kind, Item: x.Item} && len(x.Item) <= 50
}

// TicketServices are those of a visit, kept as JSON.
type TicketServices []TicketService

// Value implements driver.Valuer.
func (x TicketServices) Value() (driver.Value, error) {
	raw, err := json.Marshal(x)
	return string(raw), err
}

// Scan implements sql.Scanner.
func (x *TicketServices) Scan(src any) error { return store.ScanJSON(src, x) }

// Ticket is a visit. Who it is lies in the vault; Name is masked.
type Ticket struct {
	ID        store.ID       `bun:"id" json:"id"`
	Version   int            `bun:"version" json:"version"`
	Hall      string         `bun:"hall" json:"hall"`
	Day       string         `bun:"day" json:"day"`
	Area      string         `bun:"area" json:"area"`
	No        string         `bun:"no" json:"no,omitempty" doc:"What is called; absent until the person has come"`
	Kind      string         `bun:"kind" json:"kind"`
	Channel   Channel        `bun:"channel" json:"channel" enum:"counter,phone,video"`
	Source    string         `bun:"source" json:"source" enum:"kiosk,phone,reception,call"`
	State     TicketState    `bun:"state" json:"state"`
	Class     string         `bun:"class" json:"class,omitempty" doc:"Of priority"`
	Services  TicketServices `bun:"services" json:"services"`
	Person    store.ID       `bun:"person" json:"-"`
	Name      string         `bun:"name" json:"name,omitempty" doc:"Masked"`
	Slot      store.Time     `bun:"slot" json:"slot,omitzero"`
	Hold      store.Time     `bun:"hold" json:"hold,omitzero" doc:"Confirm the slot until then"`
	Target    string         `bun:"target" json:"target,omitempty"`
	Window    string         `bun:"window_code" json:"window,omitempty"`
	Clerk     store.ID       `bun:"clerk" json:"-"`
	Calls     int            `bun:"calls" json:"calls"`
	Missed    int            `bun:"missed" json:"missed"`
	Reminded  bool           `bun:"reminded" json:"-"`
	Near      bool           `bun:"near" json:"-"`
	QueuedAt  store.Time     `bun:"queued_at" json:"queued_at,omitzero"`
	OrderAt   store.Time     `bun:"order_at" json:"-"`
	CalledAt  store.Time     `bun:"called_at" json:"called_at,omitzero"`
	StartedAt store.Time     `bun:"started_at" json:"started_at,omitzero"`
	EndedAt   store.Time     `bun:"ended_at" json:"ended_at,omitzero"`
	WaitUS    int64          `bun:"wait_us" json:"wait_us" doc:"Waiting time, µs: in the queue until called"`
	WayUS     int64          `bun:"way_us" json:"way_us" doc:"Way time, µs: from the call to the window"`
	ServeUS   int64          `bun:"serve_us" json:"serve_us" doc:"At the window, µs, without what was parked"`
	Est       *int           `bun:"est" json:"est,omitempty" doc:"Seconds of waiting foretold when it was queued first"`
	EstRaw    *int           `bun:"est_raw" json:"-"`
	EstLow    *int           `bun:"est_low" json:"est_low,omitempty"`
	EstHigh   *int           `bun:"est_high" json:"est_high,omitempty"`
	FirstUS   int64          `bun:"first_us" json:"-"`
	BackBy    string         `bun:"back_by" json:"back_by,omitempty" doc:"Last day to come back with papers"`
	TakenAt   store.Time     `bun:"taken_at" json:"taken_at"`
	Synthetic bool           `bun:"synthetic" json:"-"`
}

// Items are the service items of the visit.
func (t *Ticket) Items() []string {
	out := []string{}
	for _, x := range t.Services {
		if x.Item != "" {
			out = append(out, x.Item)
		}
	}
	return out
}

// current is which of the services is being done, or next; -1 for none.
func (t *Ticket) current() int {
	return slices.IndexFunc(t.Services, func(x TicketService) bool { return !x.Done })
}

// arranged are its services with those that are left in another order, with others, or
// with fewer. What is done stays, and so does what a window has begun or is to do alone.
func (t *Ticket) arranged(left []TicketService) (TicketServices, bool) {
	out, was := TicketServices{}, TicketServices{}
	for _, x := range t.Services {
		if x.Done {
			out = append(out, x)
		} else {
			was = append(was, x)
		}
	}
	done := len(out)
	for _, x := range left {
		i := slices.IndexFunc(was, func(o TicketService) bool { return o.Kind == x.Kind && o.Item == x.Item })
		if i >= 0 { // with what it has waited and been served already
			x = was[i]
			was = slices.Delete(was, i, i+1)
		}
		out = append(out, x)
	}
	now := t.current()
	fixed := t.State != Queued || t.Target != ""
	return out, len(left) > 0 && len(out) <= mostServices && (!fixed || now == done && out[done].Kind == t.Services[now].Kind && out[done].Item == t.Services[now].Item)
}

// TicketEvent is one thing that happened to a visit.
type TicketEvent struct {
	Ticket store.ID     `bun:"ticket" json:"-"`
	Seq    int          `bun:"seq" json:"seq"`
	At     store.Time   `bun:"at" json:"at"`
	Actor  store.ID     `bun:"actor" json:"-"`
	Action TicketAction `bun:"action" json:"action"`
	Target TicketState  `bun:"target" json:"state"`
	Data   TicketData   `bun:"data" json:"data"`
}

// TicketData is what an event carries: all that folding needs. No name but masked.
type TicketData struct {
	Hall     string         `json:"hall,omitempty"`
	Day      string         `json:"day,omitempty"`
	Area     string         `json:"area,omitempty"`
	No       string         `json:"no,omitempty"`
	Kind     string         `json:"kind,omitempty"`
	Channel  Channel        `json:"channel,omitempty"`
	Source   string         `json:"source,omitempty"`
	Class    *string        `json:"class,omitempty"`
	Services TicketServices `json:"services,omitempty"`
	Person   store.ID       `json:"person,omitempty"`
	Name     string         `json:"name,omitempty"`
	Slot     store.Time     `json:"slot,omitzero"`
	Hold     store.Time     `json:"hold,omitzero"`
	Order    store.Time     `json:"order,omitzero"`
	Target   string         `json:"target,omitempty"`
	Window   string         `json:"window,omitempty"`
	Clerk    store.ID       `json:"clerk,omitempty"`
	Est      *Estimate      `json:"est,omitempty"`
	BackBy   string         `json:"back_by,omitempty"`
	Reason   string         `json:"reason,omitempty"`

	Synthetic bool `json:"synthetic,omitempty"`
}

// Value implements driver.Valuer.
func (d TicketData) Value() (driver.Value, error) {
	raw, err := json.Marshal(d)
	return string(raw), err
}

// Scan implements sql.Scanner.
func (d *TicketData) Scan(src any) error { return store.ScanJSON(src, d) }

// errLaw says that the law of visits refuses an action.
type errLaw struct {
	state  TicketState
	action TicketAction
}

func (e errLaw) Error() string { return fmt.Sprintf("halls: %s cannot follow %s", e.action, e.state) }

func take[T comparable](into *T, v T) {
	var none T
	if v != none {
		*into = v
	}
}

// apply folds an event into the visit; nothing else changes one.
func (t *Ticket) apply(e TicketEvent) error {
	if t.State == "" {
		t.State = Free
	}
	law, ok := ticketLaws[e.Action]
	stays := ok && len(law.to) == 0
	if !ok || !slices.Contains(law.from, t.State) || stays && e.Target != t.State || !stays && !slices.Contains(law.to, e.Target) {
		return errLaw{t.State, e.Action}
	}
	d, was, current := e.Data, t.State, t.current()
	if was == Free {
		t.ID, t.TakenAt, t.Synthetic = e.Ticket, e.At, d.Synthetic
	}
	take(&t.Hall, d.Hall)
	take(&t.Day, d.Day)
	take(&t.Area, d.Area)
	take(&t.No, d.No)
	take(&t.Kind, d.Kind)
	take(&t.Channel, d.Channel)
	take(&t.Source, d.Source)
	take(&t.Person, d.Person)
	take(&t.Name, d.Name)
	take(&t.Slot, d.Slot)
	if d.Class != nil {
		t.Class = *d.Class
	}
	if d.Services != nil {
		t.Services = slices.Clone(d.Services)
	}
	if d.Est != nil {
		t.EstRaw, t.EstLow, t.Est, t.EstHigh = &d.Est.Raw, &d.Est.Low, &d.Est.Seconds, &d.Est.High
	}
	if stays {
		t.Version++
		return nil
	}
	since := func(from store.Time) int64 {
		if from.IsZero() {
			return 0
		}
		return int64(e.At.Sub(from.Time) / time.Microsecond)
	}
	// What passes is also that of the service that it passes for.
	if current >= 0 && current < len(t.Services) {
		t.Services = slices.Clone(t.Services)
		switch x := &t.Services[current]; {
		case was == Queued && e.Target != Queued:
			x.WaitUS += since(t.QueuedAt)
		case was == Processing:
			x.ServeUS += since(t.StartedAt)
			x.Window = t.Window
		}
	}
	switch {
	case was == Queued && e.Target != Queued:
		t.WaitUS += since(t.QueuedAt)
		if t.CalledAt.IsZero() {
			t.FirstUS = t.WaitUS
		}
	case was == Called && e.Target == Processing:
		t.WayUS += since(t.CalledAt)
	case was == Processing:
		t.ServeUS += since(t.StartedAt)
	}
	t.Hold = d.Hold
	switch e.Target {
	case Queued:
		if was != Queued {
			t.QueuedAt, t.OrderAt, t.Near, t.Calls = e.At, d.Order, false, 0
		}
		if was != Queued || d.Target != "" {
			t.Target = d.Target
		}
	case Called:
		if was != Called {
			t.Calls = 0
		}
		t.Calls++
		t.CalledAt, t.Window, t.Clerk = e.At, d.Window, d.Clerk
	case Processing:
		t.StartedAt = e.At
	case Missed:
		t.Missed++
	case Pending:
		t.BackBy = d.BackBy
	}
	switch e.Action {
	case "remind":
		t.Reminded = true
	case "near":
		t.Near = true
	}
	if e.Target.Over() {
		t.EndedAt = e.At
	}
	t.State = e.Target
	t.Version++
	return nil
}

// foldTicket makes a visit of its events.
func foldTicket(events []TicketEvent) (Ticket, error) {
	var t Ticket
	for _, e := range events {
		if err := t.apply(e); err != nil {
			return t, err
		}
	}
	return t, nil
}
