package appeals

import (
	"context"

	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Secrecy is how far the appellant's identity goes (保密级别).
type Secrecy string

// The levels. At none of them does a unit see more than a masked name and a
// relayed contact; what an appeal complains of never sees even that.
const (
	OpenTo       Secrecy = "open"         // 公开给承办单位: masked name, relayed contact
	Confidential Secrecy = "confidential" // 仅平台可见: the platform alone
	Anonymous    Secrecy = "anonymous"    // 匿名: nobody, there is only a tracking code
)

// Appeal is what is particular to an appeal, beside its matter (same ID).
type Appeal struct {
	ID           store.ID   `bun:"id" json:"-"`
	Channel      string     `bun:"channel" json:"channel"`
	Kind         string     `bun:"kind" json:"kind"`
	Secrecy      Secrecy    `bun:"secrecy" json:"secrecy"`
	Text         string     `bun:"text" json:"text"` // masked
	Original     store.ID   `bun:"original" json:"-"`
	Address      string     `bun:"address" json:"address,omitempty"` // masked
	Lon          *float64   `bun:"lon" json:"lon,omitempty"`         // WGS-84
	Lat          *float64   `bun:"lat" json:"lat,omitempty"`
	Street       string     `bun:"street" json:"street,omitempty"`
	Community    string     `bun:"community" json:"community,omitempty"`
	Tracking     []byte     `bun:"tracking" json:"-"`
	Files        string     `bun:"files" json:"-"`
	About        string     `bun:"about" json:"about,omitempty"` // unit complained of
	UrgentWords  string     `bun:"urgent_words" json:"urgent_words,omitempty"`
	Suggestion   string     `bun:"suggestion" json:"-"`
	Mode         string     `bun:"mode" json:"mode,omitempty"`
	DispatchedAt store.Time `bun:"dispatched_at" json:"dispatched_at,omitzero"`
	ContactedAt  store.Time `bun:"contacted_at" json:"contacted_at,omitzero"`
	RepliedAt    store.Time `bun:"replied_at" json:"replied_at,omitzero"`
	Reply        string     `bun:"reply" json:"reply,omitempty"` // masked
	Result       string     `bun:"result" json:"result,omitempty"`
	ReplyFiles   string     `bun:"reply_files" json:"-"`
	Approver     string     `bun:"approver" json:"-"`
	UrgedAt      store.Time `bun:"urged_at" json:"-"`
	RatedAt      store.Time `bun:"rated_at" json:"rated_at,omitzero"`
	Solved       string     `bun:"solved" json:"solved,omitempty"`
	Contacted    *bool      `bun:"contacted" json:"contacted,omitempty"`
	ScoreResult  *int       `bun:"score_result" json:"score_result,omitempty"`
	ScoreManner  *int       `bun:"score_manner" json:"score_manner,omitempty"`
	ScoreSpeed   *int       `bun:"score_speed" json:"score_speed,omitempty"`
	Source       string     `bun:"source" json:"source,omitempty"`     // import profile
	External     string     `bun:"external" json:"external,omitempty"` // the source's own number
	Asserted     string     `bun:"asserted" json:"-"`
	AssertedUnit string     `bun:"asserted_unit" json:"asserted_unit,omitempty"`
	AssertedLate *bool      `bun:"asserted_late" json:"asserted_late,omitempty"`
	AssertedDue  store.Time `bun:"asserted_due" json:"asserted_due,omitzero"`
	Synthetic    bool       `bun:"synthetic" json:"synthetic,omitempty"`
}

// Intake is what is said when an appeal is filed.
type Intake struct {
	Channel   string         // see Words
	Kind      string         // see Words; "" lets the house tell
	Title     string         // "" is made of the text
	Text      string         // 5 to 4,000 characters
	Address   string         // as the citizen writes it
	Lon, Lat  *float64       // WGS-84; a pin
	Secrecy   Secrecy        // "" is open
	Files     []string       // blobs, at most nine
	Appellant vault.Identity // as told to the agent; a citizen who is signed in needs none
	About     string         // the unit complained of
	Class     string         // "" is told from the text and the item
	Item      string         // that the source names; who dispatches decides
	External  string         // the source's own number, with Source
	Source    string
	Synthetic bool
	Proactive bool // nobody's: it was found, not said (未诉先办)
	// Also is what must be written together with the appeal, or not at all.
	Also func(ctx context.Context, tx *store.Tx, filed Filed) error
}

// Filed is what the appellant is told at once.
type Filed struct {
	ID       store.ID   `json:"id"`
	No       string     `json:"no" doc:"The number that people quote"`
	Tracking string     `json:"tracking" doc:"Opens this one appeal without sign-in; shown once"`
	Due      store.Time `json:"due_at,omitzero" doc:"When the citizen is promised an answer"`
	Urgent   []string   `json:"urgent,omitempty" doc:"Numbers to call at once (110, 119, 120), when the text says so"`
}

// Columns of an appeal, in the order of its fields.
const appealColumns = `id, channel, kind, secrecy, text, original, address, lon, lat, street, community, tracking, files, about, urgent_words, suggestion, mode, dispatched_at, contacted_at, replied_at, reply, result, reply_files, approver, urged_at, rated_at, solved, contacted, score_result, score_manner, score_speed, source, external, asserted, asserted_unit, asserted_late, asserted_due, synthetic`

func (a *Appeal) values() []any {
	return []any{a.ID, a.Channel, a.Kind, string(a.Secrecy), a.Text, a.Original, a.Address, a.Lon, a.Lat, a.Street, a.Community, a.Tracking, a.Files, a.About,
		a.UrgentWords, a.Suggestion, a.Mode, a.DispatchedAt, a.ContactedAt, a.RepliedAt, a.Reply, a.Result, a.ReplyFiles, a.Approver, a.UrgedAt, a.RatedAt,
		a.Solved, a.Contacted, a.ScoreResult, a.ScoreManner, a.ScoreSpeed, a.Source, a.External, a.Asserted, a.AssertedUnit, a.AssertedLate, a.AssertedDue, a.Synthetic}
}

// Row is one line of a list of appeals.
type Row struct {
	caseflow.Matter `bun:",extend"`
	Channel         string   `bun:"channel" json:"channel"`
	Kind            string   `bun:"kind" json:"kind"`
	Street          string   `bun:"street" json:"street,omitempty"`
	Community       string   `bun:"community" json:"community,omitempty"`
	Lon             *float64 `bun:"lon" json:"lon,omitempty"`
	Lat             *float64 `bun:"lat" json:"lat,omitempty"`
	UrgentWords     string   `bun:"urgent_words" json:"urgent_words,omitempty"`
	Synthetic       bool     `bun:"synthetic" json:"synthetic,omitempty"`
	UnitName        string   `bun:"-" json:"unit_name"`
	ItemName        string   `bun:"-" json:"item_name"`
	PlaceName       string   `bun:"-" json:"place_name"`
	StateName       string   `bun:"-" json:"state_name"`
}
