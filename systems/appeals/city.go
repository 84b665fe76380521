package appeals

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// citySource marks the appeals that are orders of the city platform (市平台); their
// External is the city's number.
const citySource = "city"

// CityOrder is an order of the city's: which appeal it is, and how it stands
// between both sides. It follows from its messages.
type CityOrder struct {
	No       string     `bun:"no" json:"no"`
	Matter   store.ID   `bun:"matter" json:"id" doc:"The appeal"`
	State    string     `bun:"state" json:"state" enum:"dispatched,signed,returning,returned,replied,closed,withdrawn"`
	Sent     store.Time `bun:"sent_at" json:"sent_at,omitzero"`
	Due      store.Time `bun:"due_at" json:"due_at,omitzero" doc:"The city's deadline"`
	Signed   store.Time `bun:"signed_at" json:"signed_at,omitzero"`
	Replied  store.Time `bun:"replied_at" json:"replied_at,omitzero"`
	Closed   store.Time `bun:"closed_at" json:"closed_at,omitzero"`
	Rating   int        `bun:"rating" json:"rating,omitempty" doc:"That the city's visit brought, 1 to 5"`
	Down     int        `bun:"down" json:"down"`
	Up       int        `bun:"up" json:"up"`
	Bound    store.Time `bun:"bound" json:"-"`
	Changed  store.Time `bun:"changed_at" json:"changed_at"`
	OwnNo    string     `bun:"own_no" json:"own_no"`
	Title    string     `bun:"title" json:"title"`
	OwnState string     `bun:"own_state" json:"own_state"`
	OwnDue   store.Time `bun:"own_due" json:"own_due,omitzero" doc:"The district's deadline, or the city's where that is earlier"`
	Unit     string     `bun:"unit" json:"unit,omitempty"`
	Waiting  int        `bun:"waiting" json:"waiting,omitempty" doc:"Messages that are not through, in either direction"`
}

const cityOrderColumns = `o.no, o.matter, o.state, o.sent_at, o.due_at, o.signed_at, o.replied_at, o.closed_at, o.rating, o.down, o.up, o.bound, o.changed_at`

// States of a message. Those of the city's that wait for one before them, and
// those that could not be taken in, are tried again when something comes.
const (
	cityWaiting = "waiting"
	cityFailed  = "failed"
	cityTaken   = "taken"
	cityQueued  = "queued"
	cityHeld    = "held" // a code has none of the city's
	citySent    = "sent"
	cityDead    = "dead" // refused, or tried too often
)

// CityLetter is a message of the exchange as it is kept.
type CityLetter struct {
	ID      store.ID         `bun:"id" json:"id"`
	Down    bool             `bun:"down" json:"down" doc:"From the city"`
	Message string           `bun:"message" json:"message"`
	No      string           `bun:"no" json:"no"`
	Seq     int              `bun:"seq" json:"seq"`
	Seen    int              `bun:"seen" json:"-"`
	Kind    string           `bun:"kind" json:"kind"`
	At      store.Time       `bun:"at" json:"at"`
	Came    store.Time       `bun:"came_at" json:"came_at"`
	Body    string           `bun:"body" json:"-"`
	Sealed  []byte           `bun:"sealed" json:"-"`
	Digest  []byte           `bun:"digest" json:"-"`
	State   string           `bun:"state" json:"state" enum:"waiting,failed,taken,queued,held,sent,dead"`
	Tries   int              `bun:"tries" json:"tries"`
	Next    store.Time       `bun:"next_at" json:"next_at,omitzero"`
	Done    store.Time       `bun:"done_at" json:"done_at,omitzero"`
	Error   string           `bun:"error" json:"error,omitempty"`
	Repeats int              `bun:"repeats" json:"repeats,omitempty"`
	Says    adapter.CityData `bun:"-" json:"says"`
}

const cityLetterColumns = `id, down, message, no, seq, seen, kind, at, came_at, body, sealed, digest, state, tries, next_at, done_at, error, repeats`

// message is the letter as the protocol has it, masked.
func (l *CityLetter) message() adapter.CityMessage {
	m := adapter.CityMessage{ID: l.Message, No: l.No, Seq: l.Seq, Seen: l.Seen, Kind: l.Kind, At: adapter.AtCity(l.At.Time)}
	_ = json.Unmarshal([]byte(l.Body), &m.Data)
	return m
}

// cityMasked is what a message says without persons.
func cityMasked(d adapter.CityData) string {
	known := vault.Identity{vault.Name: d.Name, vault.Phone: d.Phone}
	for _, s := range []*string{&d.Title, &d.Text, &d.Address, &d.Note, &d.Reply} {
		*s = maskKnown(*s, known)
	}
	if d.Secrecy == string(Anonymous) {
		d.Name, d.Phone = "", ""
	}
	if d.Name != "" {
		d.Name = vault.MaskName(d.Name)
	}
	if d.Phone != "" {
		d.Phone = vault.MaskPhone(d.Phone)
	}
	raw, _ := json.Marshal(d)
	return string(raw)
}

func (s *Service) cityOrder(ctx context.Context, q store.Querier, where string, arg any) (*CityOrder, error) {
	o, err := store.Get[CityOrder](ctx, q, `SELECT `+cityOrderColumns+` FROM city_order o WHERE `+where, arg)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &o, err
}

// cityLetters are the messages of an order that count for how it stands here: all
// of ours, and those of the city's that were taken in.
func cityLetters(ctx context.Context, q store.Querier, no string) (down, up []adapter.CityMessage, err error) {
	all, err := store.Select[CityLetter](ctx, q, `SELECT `+cityLetterColumns+` FROM city_message WHERE no = ? ORDER BY seq`, no)
	for i := range all {
		switch m := all[i].message(); {
		case !all[i].Down:
			up = append(up, m)
		case all[i].State == cityTaken:
			down = append(down, m)
		}
	}
	return down, up, err
}

// standCity sets an order's row to what its messages say.
func (s *Service) standCity(ctx context.Context, tx *store.Tx, no string) (adapter.CityStanding, error) {
	down, up, err := cityLetters(ctx, tx, no)
	if err != nil {
		return adapter.CityStanding{}, err
	}
	f := adapter.FoldCity(down, up)
	at := func(t adapter.CityTime) store.Time { return store.At(t.Time) }
	_, err = tx.Exec(ctx, `UPDATE city_order SET state = ?, sent_at = ?, due_at = ?, signed_at = ?, replied_at = ?, closed_at = ?, rating = ?, down = ?, up = ?, changed_at = ? WHERE no = ?`,
		f.State, at(f.SentAt), at(f.DueAt), at(f.SignedAt), at(f.RepliedAt), at(f.ClosedAt), f.Rating, f.Down, f.Up, store.At(s.Store.Now()), no)
	return f, err
}

// Errors of the exchange.
var (
	// ErrCityAltered: a message with this number says something else than before.
	ErrCityAltered = errors.New("appeals: another message of the city's has this number")
	errCityTaken   = errors.New("appeals: another process took it in")
)

// HearCity takes a message of the city's: it is kept before anything else is
// done, taken in when its turn is, and once. The receipt says taken, waiting or
// repeated.
func (s *Service) HearCity(ctx context.Context, m adapter.CityMessage) (adapter.CityReceipt, error) {
	r := adapter.CityReceipt{ID: m.ID}
	raw, err := json.Marshal(m.Data)
	if err != nil {
		return r, err
	}
	digest := s.Keys.MAC("city", m.No, m.Kind, string(raw))
	sealed, err := s.Keys.Seal(raw, "city/"+m.No)
	if err != nil {
		return r, err
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		r.State = cityWaiting
		n, err := tx.Exec(ctx, `INSERT INTO city_message (`+cityLetterColumns+`) VALUES (?, TRUE, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, NULL, NULL, '', 0) ON CONFLICT (down, no, seq) DO NOTHING`,
			tx.NewID(), m.ID, m.No, m.Seq, m.Seen, m.Kind, store.At(m.At.Time), store.At(s.Store.Now()), cityMasked(m.Data), sealed, digest)
		if err != nil || n == 1 {
			return err
		}
		r.State = "repeated"
		had, err := store.Get[CityLetter](ctx, tx, `SELECT `+cityLetterColumns+` FROM city_message WHERE down AND no = ? AND seq = ?`, m.No, m.Seq)
		if err != nil {
			return err
		}
		if !slices.Equal(had.Digest, digest) {
			return ErrCityAltered
		}
		_, err = tx.Exec(ctx, `UPDATE city_message SET repeats = repeats + 1 WHERE id = ?`, had.ID)
		return err
	})
	if err != nil {
		return r, err
	}
	// It is ours now, whatever becomes of taking it in.
	if err := s.takeCity(ctx, m.No); err != nil {
		return r, err
	}
	var taken bool
	err = s.Store.QueryRow(ctx, `SELECT state = 'taken' FROM city_message WHERE down AND no = ? AND seq = ?`, m.No, m.Seq).Scan(&taken)
	if taken && r.State != "repeated" {
		r.State = cityTaken
	}
	return r, err
}

// takeCity takes in the messages of an order whose turn it is.
func (s *Service) takeCity(ctx context.Context, no string) error {
	for {
		o, err := s.cityOrder(ctx, s.Store, "o.no = ?", no)
		if err != nil {
			return err
		}
		next := 1
		if o != nil {
			next = o.Down + 1
		}
		l, err := store.Get[CityLetter](ctx, s.Store, `SELECT `+cityLetterColumns+` FROM city_message WHERE down AND no = ? AND seq = ? AND state <> 'taken'`, no, next)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		m := l.message()
		raw, err := s.Keys.Open(l.Sealed, "city/"+no)
		if err == nil {
			err = json.Unmarshal(raw, &m.Data)
		}
		if err != nil {
			return fmt.Errorf("message %s of the city's: %w", l.Message, err)
		}
		if o == nil {
			err = s.takeOrder(ctx, &l, m)
		} else {
			err = s.takeCommand(ctx, o, &l, m)
		}
		switch {
		case errors.Is(err, errCityTaken):
			continue
		case errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrClosed), ctx.Err() != nil:
			return err
		case err != nil:
			said := text.Mask(err.Error())
			return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE city_message SET state = 'failed', error = ?, tries = tries + 1 WHERE id = ? AND state <> 'taken'`, said, l.ID)
				return err
			})
		}
	}
}

// cityTook marks a message as taken in; what it said of persons goes with that.
func cityTook(ctx context.Context, tx *store.Tx, l *CityLetter, now time.Time, note string) error {
	n, err := tx.Exec(ctx, `UPDATE city_message SET state = 'taken', sealed = NULL, done_at = ?, error = ? WHERE id = ? AND state <> 'taken'`, store.At(now), note, l.ID)
	if err == nil && n == 0 {
		err = errCityTaken
	}
	return err
}

// takeOrder files an order as an appeal. A code without a map keeps nothing back:
// it becomes work for who keeps the maps, and the dispatcher decides meanwhile.
func (s *Service) takeOrder(ctx context.Context, l *CityLetter, m adapter.CityMessage) error {
	d := s.district.Load()
	data := m.Data
	in := Intake{Channel: d.city.Channel, Title: text.Clean(data.Title), Text: text.Clean(data.Text), Address: text.Clean(data.Address), Lon: data.Lon, Lat: data.Lat,
		Secrecy: Secrecy(data.Secrecy), Source: citySource, External: m.No, Appellant: vault.Identity{}}
	// Nothing that the city says may fail on its form.
	in.Text = fitted("【市平台派单 "+m.No+"】", in.Text, 5, 4000)
	in.Title, in.Address = fitted("", in.Title, 0, 100), fitted("", in.Address, 0, 300)
	if !slices.Contains([]Secrecy{OpenTo, Confidential, Anonymous}, in.Secrecy) {
		in.Secrecy = OpenTo
		if data.Secrecy != "" {
			in.Secrecy = Confidential // what is not understood is kept close
		}
	}
	if in.Lon != nil && in.Lat != nil && !(*in.Lon >= -180 && *in.Lon <= 180 && *in.Lat >= -90 && *in.Lat <= 90) {
		in.Lon, in.Lat = nil, nil
	}
	if in.Secrecy != Anonymous {
		if data.Name != "" {
			in.Appellant[vault.Name] = data.Name
		}
		if isPhone(data.Phone) {
			in.Appellant[vault.Phone] = data.Phone
		}
	}
	type missing struct{ kind, code, name string }
	var unmapped []missing
	mapped := func(kind, code, name string) string {
		if code == "" {
			return ""
		}
		own := d.city.ours[cityCode{kind, code}]
		if own == "" {
			unmapped = append(unmapped, missing{kind, code, name})
		}
		return own
	}
	in.Item, in.Class = mapped("item", data.Item, data.ItemName), mapped("class", data.Class, "")
	mapped("unit", data.Unit, data.UnitName)
	in.Also = func(ctx context.Context, tx *store.Tx, filed Filed) error {
		now := s.Store.Now()
		n, err := tx.Exec(ctx, `INSERT INTO city_order (no, matter, state, rating, down, up, changed_at) VALUES (?, ?, 'dispatched', 0, 0, 0, ?) ON CONFLICT (no) DO NOTHING`, m.No, filed.ID, store.At(now))
		if err == nil && n == 0 {
			err = errCityTaken
		}
		if err != nil {
			return err
		}
		if err := cityTook(ctx, tx, l, now, ""); err != nil {
			return err
		}
		for _, u := range unmapped {
			if err := s.noteUnmapped(ctx, tx, u.kind, true, u.code, u.name, m.No); err != nil {
				return err
			}
		}
		if _, err := s.standCity(ctx, tx, m.No); err != nil {
			return err
		}
		matter, err := caseflow.Get(ctx, tx, filed.ID)
		if err != nil {
			return err
		}
		return s.bindCity(ctx, tx, matter, m.No)
	}
	_, err := s.File(ctx, account.System(s.Dir), in)
	return err
}

// fitted is a text made as long as a form needs, and no longer.
func fitted(prefix, t string, least, most int) string {
	if utf8.RuneCountInString(t) < least {
		t = prefix + t
	}
	if r := []rune(t); len(r) > most {
		t = string(r[:most-1]) + "…"
	}
	return t
}

// bindCity binds the running clocks of a matter to the city's deadline: whoever
// handles it sees the earlier of both.
func (s *Service) bindCity(ctx context.Context, tx *store.Tx, m *caseflow.Matter, no string) error {
	o, err := s.cityOrder(ctx, tx, "o.no = ?", no)
	if err != nil || o == nil || o.Due.IsZero() || !m.Open {
		return err
	}
	return s.Engine.Bind(ctx, tx, m, account.System(s.Dir), o.Due.Time, "total", "handle")
}

// cityActions are what a command of the city's does to the appeal.
var cityActions = map[string][]string{
	adapter.CityUrge:         {"city_urge"},
	adapter.CityAdd:          {"city_add"},
	adapter.CityRedo:         {"city_redo", "city_again"},
	adapter.CityWithdraw:     {"city_withdraw"},
	adapter.CityVisit:        {"city_visit"},
	adapter.CityAcceptReturn: {"city_take_back"},
	adapter.CityRefuseReturn: {"city_keep"},
}

// takeCommand does what the city says of an order that is here. What cannot be
// done as the appeal stands is noted with the message: the city has the last word
// on its order, and the appeal its own history.
func (s *Service) takeCommand(ctx context.Context, o *CityOrder, l *CityLetter, m adapter.CityMessage) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, note := s.Store.Now(), ""
		if err := cityTook(ctx, tx, l, now, ""); err != nil {
			return err
		}
		if _, err := s.standCity(ctx, tx, m.No); err != nil {
			return err
		}
		matter, err := caseflow.Get(ctx, tx, o.Matter)
		if err != nil {
			return err
		}
		form := map[string]any{}
		if m.Data.Note != "" {
			form["note"] = fitted("", text.Clean(m.Data.Note), 0, 1000)
		}
		if m.Kind == adapter.CityVisit {
			form["result"], form["contacted"], form["solved"] = int64(m.Data.Rating), true, cmp.Or(m.Data.Solved, "partly")
			if !slices.Contains([]string{"yes", "partly", "no"}, m.Data.Solved) {
				form["solved"] = "partly"
			}
		}
		if m.Kind == adapter.CityDeadline {
			return s.bindCity(ctx, tx, matter, m.No)
		}
		flow := s.Engine.Flow(matter.Flow)
		i := slices.IndexFunc(cityActions[m.Kind], func(name string) bool {
			a := flow.Actions[name]
			return a != nil && slices.Contains(a.From, matter.State) && (matter.Merged == 0 || a.Carried)
		})
		if i < 0 {
			note = "noted: " + matter.State
			_, err := tx.Exec(ctx, `UPDATE city_message SET error = ? WHERE id = ?`, note, l.ID)
			return err
		}
		_, err = s.Engine.Do(ctx, tx, caseflow.Command{Matter: o.Matter, Action: cityActions[m.Kind][i], Actor: account.System(s.Dir), Form: form})
		return err
	})
}

// noteUnmapped keeps a code that no map knows.
func (s *Service) noteUnmapped(ctx context.Context, tx *store.Tx, kind string, theirs bool, code, name, no string) error {
	now := store.At(s.Store.Now())
	_, err := tx.Exec(ctx, `INSERT INTO city_unmapped (kind, theirs, code, name, no, first_at, last_at, n) VALUES (?, ?, ?, ?, ?, ?, ?, 1)
		ON CONFLICT (kind, theirs, code) DO UPDATE SET n = city_unmapped.n + 1, last_at = excluded.last_at, no = excluded.no, name = excluded.name`, kind, theirs, code, name, no, now, now)
	return err
}

// cityReports say which report an action of the flow makes.
var cityReports = map[string]string{"dispatch": adapter.CitySign, "rule": adapter.CitySign, "city_return": adapter.CityReturn, "progress": adapter.CityProgress, "redo": adapter.CityReopen, "reopen": adapter.CityReopen}

// tellCity queues what the city must be told of an event of its order, in the
// event's own transaction, and binds the clocks that it started.
func (s *Service) tellCity(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	o, err := s.cityOrder(ctx, tx, "o.matter = ?", c.Matter.ID)
	if err != nil || o == nil {
		return err
	}
	action := cmp.Or(c.Event.Data.As, c.Event.Action)
	d := s.district.Load()
	report := func(kind string, data adapter.CityData) error { return s.report(ctx, tx, o, c.Event.At, kind, data) }
	unit := adapter.CityData{Unit: d.city.theirs[cityCode{"unit", c.Matter.Unit}], UnitName: s.Dir.Tree().Name(c.Matter.Unit)}
	a := s.Engine.Flow(c.Matter.Flow).Actions[action]
	answers := a != nil && a.Answers
	kind := cityReports[action]
	if c.Matter.Unit != "" && unit.Unit == "" && (answers || kind != "") {
		if err := s.noteUnmapped(ctx, tx, "unit", false, c.Matter.Unit, unit.UnitName, o.No); err != nil {
			return err
		}
	}
	closes := c.Before.Open && !c.Matter.Open && action != "city_withdraw" && action != "city_take_back"
	if (answers || closes || kind == adapter.CitySign) && o.Signed.IsZero() {
		sign := unit
		sign.Own = c.Matter.No
		if err := report(adapter.CitySign, sign); err != nil {
			return err
		}
	}
	switch kind {
	case "", adapter.CitySign:
	case adapter.CityReturn:
		reasons, _ := c.Form["reason"].([]any)
		if err := report(kind, adapter.CityData{Reason: strings.TrimSpace(fmt.Sprint(reasons...)), Note: formText(c.Event.Data.Form, "basis")}); err != nil {
			return err
		}
	default:
		says := unit
		says.Note = formText(c.Event.Data.Form, "note")
		if err := report(kind, says); err != nil {
			return err
		}
	}
	if answers || action == caseflow.CloseWithOther {
		x, err := getAppeal(ctx, tx, c.Matter.ID)
		if err != nil {
			return err
		}
		if x.Reply != "" && (action != caseflow.CloseWithOther || o.Replied.IsZero()) {
			says := unit
			says.Reply, says.Result = x.Reply, x.Result
			if err := report(adapter.CityReply, says); err != nil {
				return err
			}
		}
	}
	if closes {
		if err := report(adapter.CityClose, adapter.CityData{Note: c.Matter.State}); err != nil {
			return err
		}
	}
	if c.Event.Data.Start["handle"].Limit != "" || c.Event.Data.Start["total"].Limit != "" {
		return s.bindCity(ctx, tx, c.Matter, o.No)
	}
	return nil
}

// report queues a message to the city.
func (s *Service) report(ctx context.Context, tx *store.Tx, o *CityOrder, at store.Time, kind string, data adapter.CityData) error {
	var last int
	if err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(seq), 0) FROM city_message WHERE NOT down AND no = ?`, o.No).Scan(&last); err != nil {
		return err
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	id := tx.NewID()
	now := store.At(s.Store.Now())
	if _, err := tx.Exec(ctx, `INSERT INTO city_message (`+cityLetterColumns+`) VALUES (?, FALSE, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, 'queued', 0, ?, NULL, '', 0)`,
		id, "district-"+id.String(), o.No, last+1, o.Down, kind, at, now, string(raw), s.Keys.MAC("city", o.No, kind, string(raw)), now); err != nil {
		return err
	}
	_, err = s.standCity(ctx, tx, o.No)
	return err
}
