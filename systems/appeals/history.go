package appeals

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"shanzhi/core/audit"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
	"shanzhi/systems/appeals/simulate"
)

// Simulation says which simulated appeals to bring in, with their histories.
type Simulation struct {
	Seed     uint64
	From, To time.Time // local days; To is not included
	PerDay   float64   // 0 is 1,000
	Limit    int       // 0 is all
	// Until is the "now" of the story: what would happen later has not happened.
	Until time.Time
	// Progress is told now and then how many have been brought in.
	Progress func(n int)
	// Gentle leaves room for others between the pieces: the house is open.
	Gentle bool
	// Resume leaves out what an earlier run of the same days has brought in.
	Resume bool
	// Offline drops and rebuilds secondary indexes around the load: nobody else
	// uses the records meanwhile.
	Offline bool
}

// pieces of a bulk load: how many appeals one transaction brings.
const (
	bigPiece     = 1000
	gentlePiece  = 50
	offlinePiece = 4000
)

// Simulate brings a simulated past into the records: every appeal with the
// events and clocks that acting at those times would have made. All of it is
// marked synthetic. The same seed and time give the same records.
func (s *Service) Simulate(ctx context.Context, files fs.FS, o Simulation) (n int, err error) {
	d := s.district.Load()
	cal, err := s.officeCalendar(files)
	if err != nil {
		return 0, err
	}
	gen, err := simulate.New(files, simulate.Options{Seed: o.Seed, From: o.From, To: o.To, PerDay: o.PerDay, Workday: workday(cal)})
	if err != nil {
		return 0, err
	}
	l := &historian{s: s, d: d, seed: o.Seed, until: o.Until, resume: o.Resume, persons: map[int64]store.ID{}, days: map[string]int64{}}
	size := bigPiece
	if o.Gentle {
		size = gentlePiece
	}
	if o.Offline {
		size = offlinePiece
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return searchIndex.MergeAt(ctx, tx, 16) }); err != nil {
			return 0, err
		}
		restore, werr := s.Store.WithoutIndexes(ctx, "matter", "matter_event", "matter_clock", "appeal", "appeal_rating", "vault_lookup")
		if werr != nil {
			return 0, werr
		}
		whole := context.WithoutCancel(ctx) // a load that is stopped leaves an ordered house too
		defer func() {
			err = errors.Join(err, restore(whole), s.Store.Write(whole, func(ctx context.Context, tx *store.Tx) error { return searchIndex.MergeAt(ctx, tx, 4) }))
		}()
	}
	// One core tells the stories while the other writes them down.
	pieces := make(chan []*story, 2)
	failed := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer close(pieces)
		piece := make([]*story, 0, size)
		for told := 0; o.Limit == 0 || told < o.Limit; told++ {
			a, ok := gen.Next()
			if !ok || !a.Time.Before(o.Until) {
				break
			}
			st, err := l.tell(a)
			if err != nil {
				failed <- fmt.Errorf("appeals: simulated appeal %d: %w", a.No, err)
				return
			}
			if piece = append(piece, st); len(piece) == size {
				select {
				case pieces <- piece:
				case <-ctx.Done():
					return
				}
				piece = make([]*story, 0, size)
			}
		}
		if len(piece) > 0 {
			select {
			case pieces <- piece:
			case <-ctx.Done():
			}
		}
	}()
	for piece := range pieces {
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error { return l.write(ctx, tx, piece) }); err != nil {
			return n, err
		}
		if n += len(piece); o.Progress != nil {
			o.Progress(n)
		}
		if o.Gentle {
			time.Sleep(5 * time.Millisecond)
		}
	}
	select {
	case err := <-failed:
		return n, err
	default:
	}
	if err := ctx.Err(); err != nil {
		return n, err
	}
	return n, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := errors.Join(l.reserveNumbers(ctx, tx), askGraph(ctx, tx)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Action: "appeal.simulate", Object: "simulation/" + fmt.Sprint(o.Seed)}, map[string]any{"appeals": n, "from": o.From, "until": o.Until})
	})
}

func (s *Service) officeCalendar(files fs.FS) (*calendar.Calendar, error) {
	raw, err := fs.ReadFile(files, "calendars/"+s.district.Load().manifest.Calendar+".yaml")
	if err != nil {
		return nil, err
	}
	def, err := calendar.ParseDefinition(raw)
	if err != nil {
		return nil, err
	}
	return calendar.New(def)
}

func workday(cal *calendar.Calendar) func(y int, m time.Month, day int) bool {
	return func(y int, m time.Month, day int) bool { return cal.IsWorkingDay(calendar.NewDate(y, m, day)) }
}

// historian turns simulated appeals into records.
type historian struct {
	s       *Service
	d       *district
	seed    uint64
	until   time.Time
	resume  bool
	persons map[int64]store.ID // simulated citizen → vault person; the writer's
	days    map[string]int64   // numbers given by day
}

// story is one simulated appeal, told but not written down.
type story struct {
	past     *caseflow.Past
	appeal   Appeal
	who      simulate.Appellant
	original string // the text as written, where masking took something out
	tokens   string // of its words, see text.IndexTokens
}

func (l *historian) tell(a simulate.Appeal) (*story, error) {
	day := a.Time.In(l.d.zone).Format("20060102")
	l.days[day]++
	st := &story{who: a.Appellant}
	st.appeal = Appeal{ID: store.IDFor(a.Time, time.Millisecond, fmt.Sprintf("%d/%d", l.seed, a.No)), Channel: a.Channel, Kind: a.Kind, Secrecy: Secrecy(a.Secrecy), Text: text.Mask(a.Text),
		Address: text.Mask(a.Location.Address), Files: "[]", ReplyFiles: "[]", Suggestion: "{}", Asserted: "{}", Street: a.Truth.Street, Community: a.Truth.Community, Synthetic: true}
	ap := &st.appeal
	if ap.Text != a.Text {
		st.original = a.Text
	}
	if a.Location.Pinned {
		ap.Lon, ap.Lat = &a.Location.Lon, &a.Location.Lat
	}
	class := Normal
	if it := l.d.duty.Item(a.Truth.Item); it != nil {
		class = it.Urgency
	}
	if a.Truth.Emergency {
		class = Critical
	}
	place := ap.Community
	if place == "" {
		place = ap.Street
	}
	title := text.Mask(a.Title)
	if title == "" {
		title = firstClause(ap.Text)
	}
	var err error
	st.past, err = l.s.Engine.Replay(caseflow.Opening{Flow: "appeal", Action: "file", ID: ap.ID, At: a.Time,
		Matter: caseflow.Matter{No: fmt.Sprintf("%s-%06d", day, l.days[day]), Class: class, Place: place, Title: title}}, course(a, ap), l.until)
	if err != nil {
		return nil, err
	}
	l.settle(st, a)
	st.tokens = text.IndexTokens(strings.Join([]string{st.past.Matter.No, title, ap.Text, ap.Address}, " "))
	return st, nil
}

// course is the steps of a simulated handling.
func course(a simulate.Appeal, ap *Appeal) []caseflow.PastStep {
	c := a.Course
	var steps []caseflow.PastStep
	add := func(at time.Time, action, unit string, form map[string]any) *caseflow.PastStep {
		steps = append(steps, caseflow.PastStep{Action: action, At: at, Unit: unit, Form: form})
		return &steps[len(steps)-1]
	}
	switch {
	case c.Refused != "":
		add(a.Time.Add(20*time.Minute), "refuse", "", map[string]any{"reason": []any{c.Refused}, "reply": "您反映的事项不属于受理范围，建议通过其他法定途径解决。"})
		return steps
	case c.Direct:
		add(c.Replied, "answer", "", map[string]any{"reply": c.Reply.Text})
		return steps
	}
	dispatch := func(at time.Time, unit string) {
		form := map[string]any{"unit": unit, "item": a.Truth.Item, "mode": "manual"}
		if ap.Community != "" {
			form["place"] = ap.Community
		}
		add(at, "dispatch", "", form)
	}
	dispatch(c.Dispatched, c.FirstUnit)
	for i, r := range c.Returns {
		add(r.At, "request_return", r.Unit, map[string]any{"reason": []any{r.Reason}, "basis": "依据职责清单，该事项不属于本单位职责"}).IfOpen = true
		if !r.Upheld {
			add(r.Decided, "reject_return", "", map[string]any{"note": "依据职责清单，应由你单位办理"}).IfOpen = true
			continue
		}
		add(r.Decided, "accept_return", "", nil).IfOpen = true
		next, at := a.Truth.Unit, c.Assigned
		if i+1 < len(c.Returns) {
			next, at = c.Returns[i+1].Unit, r.Decided.Add(time.Minute)
		}
		if at.Before(r.Decided) {
			at = r.Decided.Add(time.Minute)
		}
		dispatch(at, next)
		steps[len(steps)-1].IfOpen = true
	}
	unit := a.Truth.Unit
	add(c.Signed, "sign", unit, nil).IfOpen = true
	if !c.Contacted.IsZero() {
		add(c.Contacted, "contact", unit, map[string]any{"how": "phone", "reached": true}).IfOpen = true
	}
	if !c.Extended.IsZero() {
		add(c.Extended.Add(-time.Hour), "request_extension", unit, map[string]any{"length": "5wd", "reason": "需多部门现场会商"}).IfOpen = true
		add(c.Extended, "approve_extension", unit, map[string]any{"length": "5wd"}).IfOpen = true
	}
	answer := func(replied, next time.Time, reply simulate.Reply) {
		result := map[simulate.Quality]string{simulate.Solved: "solved", simulate.Explained: "cannot", simulate.Formal: "explained"}[reply.Quality]
		add(replied, "reply", unit, map[string]any{"result": result, "reply": text.Mask(reply.Text)}).IfOpen = true
		gap := next.Sub(replied)
		add(replied.Add(gap/5), "approve", unit, nil).IfOpen = true
		p := add(replied.Add(2*gap/5), "pass", "", nil)
		p.IfOpen, p.To = true, "visiting"
	}
	end := c.Closed
	if c.Redo != nil {
		answer(c.Replied, c.Redo.Ordered, c.Reply)
		add(c.Redo.Ordered, "redo", "", map[string]any{"note": "市民表示问题没有解决"}).IfOpen = true
		answer(c.Redo.Replied, end, c.Redo.Reply)
	} else {
		answer(c.Replied, end, c.Reply)
	}
	v := c.Visit
	solved := []string{"no", "partly", "yes"}[min(max(v.Solved, 0), 2)]
	scores := map[string]any{"contacted": v.Contacted, "solved": solved, "result": int64(v.Result), "manner": int64(v.Manner), "speed": int64(v.Speed)}
	switch {
	case !v.Reached:
		for i := range max(v.Attempts, 1) {
			s := add(end.Add(time.Duration(i-v.Attempts)*time.Minute), "unreached", "", map[string]any{"how": "phone"})
			s.IfOpen = true
			if i == max(v.Attempts, 1)-1 {
				s.To, s.At = "closed_unreached", end
			}
		}
	case c.FirstRating >= 4 && c.Redo == nil && v.Solved > 0 && v.Result >= 3:
		s := add(end, "rate", "", scores)
		s.To, s.IfOpen = "closed", true
	default:
		add(end, "visit", "", scores).IfOpen = true
	}
	// Steps are done in the order of their times.
	for i := 1; i < len(steps); i++ {
		if steps[i].At.Before(steps[i-1].At) {
			steps[i].At = steps[i-1].At.Add(time.Second)
		}
	}
	return steps
}

// settle gives the appeal's own row what its events made of it.
func (l *historian) settle(st *story, a simulate.Appeal) {
	ap := &st.appeal
	str := func(e *caseflow.Event, k string) string { return formText(e.Data.Form, k) }
	score := func(e *caseflow.Event, k string) *int {
		if n, ok := e.Data.Form[k].(int64); ok && n > 0 {
			v := int(n)
			return &v
		}
		return nil
	}
	for i := range st.past.Events {
		e := &st.past.Events[i]
		switch e.Action {
		case "dispatch":
			ap.DispatchedAt, ap.Mode = e.At, "manual"
		case "contact":
			if ap.ContactedAt.IsZero() {
				ap.ContactedAt = e.At
			}
		case "reply", "answer":
			ap.RepliedAt, ap.Reply, ap.Result = e.At, str(e, "reply"), str(e, "result")
		case "refuse":
			ap.Reply, ap.Result = str(e, "reply"), "refused"
		case "redo":
			ap.RatedAt, ap.Solved, ap.ScoreResult, ap.ScoreManner, ap.ScoreSpeed = store.Time{}, "", nil, nil, nil
		case "visit", "rate":
			ap.RatedAt, ap.Solved = e.At, str(e, "solved")
			contacted, _ := e.Data.Form["contacted"].(bool)
			ap.Contacted = &contacted
			ap.ScoreResult, ap.ScoreManner, ap.ScoreSpeed = score(e, "result"), score(e, "manner"), score(e, "speed")
		}
	}
}

// ratings are the rows of all ratings in a history.
func (st *story) ratings() (out [][]any) {
	unit := ""
	for _, e := range st.past.Events {
		if u, ok := e.Data.Set["unit"]; ok {
			unit = u
		}
		source := map[string]string{"rate": "citizen", "visit": "visit"}[e.Action]
		if source == "" {
			continue
		}
		f := e.Data.Form
		out = append(out, []any{st.appeal.ID, len(out) + 1, e.At, source, unit, f["solved"], f["contacted"], f["result"], f["manner"], f["speed"]})
	}
	return out
}

func (l *historian) write(ctx context.Context, tx *store.Tx, piece []*story) error {
	if l.resume {
		ids := make([]any, len(piece))
		for i, st := range piece {
			ids[i] = int64(st.appeal.ID)
		}
		have, err := store.Select[store.ID](ctx, tx, `SELECT id FROM matter WHERE `+store.AnyOf("id", len(ids)), ids...)
		if err != nil {
			return err
		}
		if piece = slices.DeleteFunc(slices.Clone(piece), func(st *story) bool { return slices.Contains(have, st.appeal.ID) }); len(piece) == 0 {
			return nil
		}
	}
	pasts := make([]*caseflow.Past, len(piece))
	rows := make([][]any, len(piece))
	var ratings [][]any
	counts := map[tallyKey]int64{}
	for i, st := range piece {
		person, err := l.person(ctx, tx, st.who)
		if err != nil {
			return err
		}
		st.past.Matter.Applicant = person
		if st.original != "" {
			if st.appeal.Original, err = l.s.Vault.PutText(ctx, tx, person, "matter/"+st.appeal.ID.String(), st.original); err != nil {
				return err
			}
		}
		pasts[i], rows[i] = st.past, st.appeal.values()
		ratings = append(ratings, st.ratings()...)
		past(st.past, l.d.zone, func(k tallyKey, n int64) { counts[k] += n })
	}
	if err := caseflow.WritePasts(ctx, tx, pasts); err != nil {
		return err
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO appeal (`+appealColumns+`) VALUES `, rows); err != nil {
		return err
	}
	if len(ratings) > 0 {
		if err := store.InsertRows(ctx, tx, `INSERT INTO appeal_rating (appeal, n, at, source, unit, solved, contacted, result, manner, speed) VALUES `, ratings); err != nil {
			return err
		}
	}
	words := make([]text.Entry, len(piece))
	for i, st := range piece {
		words[i] = text.Entry{ID: st.appeal.ID, Tokens: st.tokens}
	}
	if err := searchIndex.AddAll(ctx, tx, words); err != nil {
		return err
	}
	return writeTallies(ctx, tx, counts)
}

// past is the counts that a whole history makes.
func past(p *caseflow.Past, zone *time.Location, add func(k tallyKey, n int64)) {
	m := &p.Matter
	end := caseflow.Standing{State: m.State, Open: m.Open, Unit: m.Unit, Item: m.Item, Place: m.Place, Late: m.Late}
	h := caseflow.Happened{Seq: 1, Opened: m.OpenedAt, After: end}
	tallies(h, m.UpdatedAt.Time, zone, add)
	if !m.Open {
		open := end
		open.Open, open.Late = true, false
		tallies(caseflow.Happened{Seq: 2, Opened: m.OpenedAt, Before: open, After: end}, m.ClosedAt.Time, zone, func(k tallyKey, n int64) {
			if k.measure == "closed" {
				add(k, n)
			}
		})
	}
}

func (l *historian) person(ctx context.Context, tx *store.Tx, who simulate.Appellant) (store.ID, error) {
	if who.ID == 0 {
		return l.s.Vault.NewPerson(ctx, tx, nil)
	}
	if id, ok := l.persons[who.ID]; ok {
		return id, nil
	}
	if l.resume {
		if known, err := l.s.Vault.Find(ctx, tx, vault.Phone, who.Phone); err != nil || len(known) > 0 {
			if err == nil {
				l.persons[who.ID] = known[0]
				return known[0], nil
			}
			return 0, err
		}
	}
	id, err := l.s.Vault.NewPerson(ctx, tx, vault.Identity{vault.Name: who.Name, vault.Phone: who.Phone, vault.IDNumber: who.IDNumber})
	l.persons[who.ID] = id
	return id, err
}

// reserveNumbers makes sure that no appeal filed from now on gets a number that
// a simulated one has.
func (l *historian) reserveNumbers(ctx context.Context, tx *store.Tx) error {
	today := l.until.In(l.d.zone).Format("20060102")
	if n := l.days[today]; n > 0 {
		return store.ReserveNumbers(ctx, tx, "appeal "+today, n)
	}
	return nil
}
