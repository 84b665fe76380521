package halls

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/calendar"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Simulation makes a believable past of the halls: synthetic visits by the same law and
// the same rule of who is next, and the last hundred minutes with people still waiting.
type Simulation struct {
	Seed uint64
	Days int // working days before today
	// Live leaves today's queue standing, with windows open, except at these halls.
	Live bool
	Idle []string
}

// simulated is one visit under way in a simulation.
type simulated struct {
	Ticket
	events []TicketEvent
}

func (x *simulated) do(action TicketAction, at time.Time, by store.ID, d TicketData) {
	to, _ := cmp.Or(x.State, Free).Leads(action)
	e := TicketEvent{Ticket: x.ID, Seq: x.Version + 1, At: store.At(at), Actor: by, Action: action, Target: to, Data: d}
	if err := x.apply(e); err != nil {
		panic(err) // the simulation breaks the law that it is to show
	}
	x.events = append(x.events, e)
}

// half hours of a day, and how many of a day's people come in each.
var simulatedRhythm = map[int]float64{18: 6, 19: 9, 20: 11, 21: 10, 22: 7, 23: 4, 24: 2, 25: 2, 26: 2, 27: 4, 28: 8, 29: 9, 30: 8, 31: 6, 32: 5, 33: 4, 34: 2, 35: 1}

// Pieces says which pieces of the demonstration's past are there, with their numbers.
func (s *Service) Pieces(ctx context.Context) (map[string]int64, error) {
	rows, err := store.Select[struct {
		Piece string
		N     int64
	}](ctx, s.Store, `SELECT piece, n FROM hall_simulated`)
	out := map[string]int64{}
	for _, r := range rows {
		out[r.Piece] = r.N
	}
	return out, err
}

// KeepPiece says that a piece is there.
func KeepPiece(ctx context.Context, tx *store.Tx, piece string, n int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO hall_simulated (piece, n) VALUES (?, ?)`, piece, n)
	return err
}

// pieces are those of a simulation that is under way.
type pieces struct {
	s    *Service
	done map[string]int64
}

// once makes a piece in one transaction, unless it is there.
func (p pieces) once(ctx context.Context, piece string, do func(ctx context.Context, tx *store.Tx) error) error {
	if _, had := p.done[piece]; had {
		return nil
	}
	return p.s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if err := do(ctx, tx); err != nil {
			return err
		}
		return KeepPiece(ctx, tx, piece, 0)
	})
}

// visits writes the visits of a day with their histories, in small pieces: the house is open.
func (p pieces) visits(ctx context.Context, day string, all []*simulated) error {
	for i := 0; i*60 < len(all); i++ {
		part := all[i*60 : min(len(all), (i+1)*60)]
		if err := p.once(ctx, fmt.Sprintf("%s/%d", day, i), func(ctx context.Context, tx *store.Tx) error {
			for _, x := range part {
				if err := keepVisit(ctx, tx, x); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// dayRandom makes a hall's day the same whenever it is simulated.
func (o Simulation) dayRandom(hall, day string) *rand.Rand {
	sum := fnv.New64a()
	sum.Write([]byte(hall + " " + day))
	return rand.New(rand.NewPCG(o.Seed, sum.Sum64()))
}

// Simulate brings the simulated past into the records, once, also where it was cut off: it
// then makes the same days again, and writes what is not there yet.
func (s *Service) Simulate(ctx context.Context, o Simulation) (n int, err error) {
	var have bool
	if err := s.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM audit WHERE action = 'halls.simulate')`).Scan(&have); err != nil || have {
		return 0, err
	}
	done, err := s.Pieces(ctx)
	if err != nil {
		return 0, err
	}
	p, b, now := pieces{s, done}, s.book.Load(), s.Store.Now()
	if at, begun := done["begun"]; !begun {
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return KeepPiece(ctx, tx, "begun", now.UnixMicro())
		}); err != nil {
			return 0, err
		}
	} else if begun := time.UnixMicro(at); s.today(begun) == s.today(now) {
		now = begun // the morning that was begun
	}
	var learned []waited
	for _, h := range b.halls {
		clerks, err := s.simulatedClerks(ctx, h)
		if err != nil {
			return n, err
		}
		cal, err := s.Book.Current(h.Calendar)
		if err != nil {
			return n, err
		}
		local := s.local(now)
		midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, b.zone)
		var days []time.Time
		for at := midnight.AddDate(0, 0, -1); len(days) < o.Days; at = at.AddDate(0, 0, -1) {
			if cal.IsWorkingDay(calendar.DateOf(at)) {
				days = append(days, at)
			}
		}
		slices.Reverse(days)
		minutes := 0.0
		for _, k := range h.Kinds {
			minutes += float64(k.Minutes) / float64(len(h.Kinds))
		}
		per := 270 * float64(len(h.Windows)) / math.Max(1, minutes) // six tenths of what the windows can serve
		for _, day := range days {
			random := o.dayRandom(h.Code, day.Format(time.DateOnly))
			d := simulatedDay{s: s, h: h, random: random, clerks: clerks, measure: learn(learned, b.zone, b.rules.Estimate.Least)[h.Code], day: day}
			var came []time.Time
			for half, weight := range simulatedOrder() {
				for range d.poisson(per * weight / 100) {
					came = append(came, day.Add(time.Duration(half)*30*time.Minute+time.Duration(random.Int64N(int64(30*time.Minute)))))
				}
			}
			all := d.run(came, day.Add(24*time.Hour), func(at time.Time) []string {
				return h.plannedWindows(day.Weekday(), at.Sub(day))
			})
			for _, x := range all {
				if x.No != "" && !x.CalledAt.IsZero() {
					learned = append(learned, waited{h.Code, x.Kind, x.TakenAt, x.EstRaw, x.FirstUS, x.ServeUS, string(x.State), x.Services})
				}
			}
			if err := p.visits(ctx, h.Code+"/"+day.Format(time.DateOnly), all); err != nil {
				return n, err
			}
			n += len(all)
		}
		if err := errors.Join(s.simulatedRefusals(ctx, p, h, clerks, days), s.simulatedNoShows(ctx, p, h, days)); err != nil {
			return n, err
		}
		if !o.Live {
			continue
		}
		if _, had := p.done[h.Code+"/open"]; !had {
			if err := s.SetDay(ctx, account.System(s.Dir), h, s.today(now), opening{"00:00", "24:00", "示范环境全天开放"}); err != nil {
				return n, err
			}
			if err := p.once(ctx, h.Code+"/open", func(context.Context, *store.Tx) error { return nil }); err != nil {
				return n, err
			}
		}
		if slices.Contains(o.Idle, h.Code) {
			continue
		}
		if err := s.simulatedRoster(ctx, p, h, clerks, midnight); err != nil {
			return n, err
		}
		open := h.plannedWindows(time.Monday, 10*time.Hour)
		if len(open) > 2 { // the first is for who tries it out
			open = open[1:]
		}
		from := now.Add(-100 * time.Minute)
		if from.Before(midnight) {
			from = midnight
		}
		random := o.dayRandom(h.Code, "today")
		d := simulatedDay{s: s, h: h, random: random, clerks: clerks, measure: learn(learned, b.zone, b.rules.Estimate.Least)[h.Code], day: midnight}
		var came []time.Time
		for range d.poisson(now.Sub(from).Minutes() * float64(len(open)) / 9) {
			came = append(came, from.Add(time.Duration(random.Int64N(int64(now.Sub(from))+1))))
		}
		all := d.run(came, now, func(time.Time) []string { return open })
		if err := p.visits(ctx, h.Code+"/today/"+s.today(now), all); err != nil {
			return n, err
		}
		n += len(all)
		err = p.once(ctx, h.Code+"/sitting", func(ctx context.Context, tx *store.Tx) error {
			for area, next := range d.numbers {
				if _, err := tx.Exec(ctx, `INSERT INTO hall_number (hall, area, day, next) VALUES (?, ?, ?, ?) ON CONFLICT (hall, area, day) DO UPDATE SET next = excluded.next`, h.Code, area, s.today(now), next); err != nil {
					return err
				}
			}
			for _, w := range open {
				if _, err := tx.Exec(ctx, `INSERT INTO hall_sitting (id, hall, window_code, clerk, channels, since) VALUES (?, ?, ?, ?, 'counter', ?)`, tx.NewID(), h.Code, w, clerks[w], store.At(from)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return n, err
		}
	}
	s.measured.mu.Lock()
	s.measured.halls = nil
	s.measured.mu.Unlock()
	return n, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{Action: "halls.simulate", Object: "halls"}, map[string]any{"seed": o.Seed, "visits": n})
	})
}

// simulatedOrder is the rhythm in the order of the day: the same seed gives the same day.
func simulatedOrder() func(yield func(int, float64) bool) {
	return func(yield func(int, float64) bool) {
		for half := range 48 {
			if w := simulatedRhythm[half]; w > 0 && !yield(half, w) {
				return
			}
		}
	}
}

// simulatedClerks are the synthetic clerks of a hall's windows; nobody can sign in as one.
func (s *Service) simulatedClerks(ctx context.Context, h *Hall) (map[string]store.ID, error) {
	out := map[string]store.ID{}
	return out, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, w := range h.Windows {
			login := "sim-" + h.Code + "-" + w.Code
			id, err := s.Accounts.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: fmt.Sprintf("示范窗口员 %s-%s", h.Code, w.Code), Unit: h.Unit}, "", account.Grant{Role: "intake_clerk", Unit: h.Unit})
			if err != nil {
				return err
			}
			out[w.Code] = id
		}
		return nil
	})
}

// simulatedSaid are refusals (否定答复) of the simulation: what was said on which ground,
// and what came of looking at it.
var simulatedSaid = []struct{ said, basis, verdict, note string }{
	{"租赁合同没有备案，暂不能受理住所登记。", "《市场主体登记管理条例》第十一条", "wrong", "该条不要求备案，已联系申请人当日受理，窗口口径已纠正。"},
	{"法定代表人没有到场，也没有委托书，不能办理变更。", "办事指南“申请材料”第2项", "right", "已一次性告知委托书格式，群众次日办成。"},
	{"照片不是近六个月的，请重新拍摄后再来。", "办事指南“材料要求”第4项", "right", "大厅自助拍照机可当场拍，已告知。"},
	{"系统查不到参保记录，请先到原参保地开具凭证。", "社保转移接续办理规程第五条", "wrong", "参保记录可由部门间核验取得，不应要求群众跑动，已改为系统核验。"},
	{"今天的现场勘查名额已满，不能受理。", "内部排班", "", ""},
	{"复印件没有核对原件，请带原件再来。", "办事指南“材料要求”第1项", "", ""},
}

// simulatedRefusals logs refusals at the windows of a hall over the last of some days.
func (s *Service) simulatedRefusals(ctx context.Context, p pieces, h *Hall, clerks map[string]store.ID, days []time.Time) error {
	if len(days) == 0 || len(h.Windows) < 3 {
		return nil
	}
	return p.once(ctx, h.Code+"/refusals", func(ctx context.Context, tx *store.Tx) error {
		for i, x := range simulatedSaid {
			w := h.Windows[i%len(h.Windows)]
			at := days[max(0, len(days)-len(simulatedSaid)+i)].Add(10*time.Hour + time.Duration(17*i)*time.Minute)
			id := tx.NewID()
			if _, err := tx.Exec(ctx, `INSERT INTO hall_refusal (id, hall, window_code, kind, said, basis, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, id, h.Code, w.Code, w.Kinds[i%len(w.Kinds)], x.said, x.basis, clerks[w.Code], store.At(at)); err != nil {
				return err
			}
			if x.verdict == "" {
				continue
			}
			if _, err := tx.Exec(ctx, `INSERT INTO hall_refusal_look (id, refusal, verdict, note, actor, at) VALUES (?, ?, ?, ?, ?, ?)`, tx.NewID(), id, x.verdict, x.note, clerks[h.Windows[len(h.Windows)-1].Code], store.At(at.Add(3*time.Hour))); err != nil {
				return err
			}
		}
		return nil
	})
}

// simulatedNoShows are people of the simulation who booked and did not come: one so often
// that they cannot book.
func (s *Service) simulatedNoShows(ctx context.Context, p pieces, h *Hall, days []time.Time) error {
	kind := find(h.Kinds, func(k *HallKind) bool { return k.Book })
	if kind == nil || len(days) < 3 || h.Code != s.book.Load().halls[0].Code {
		return nil
	}
	most := max(1, s.book.Load().rules.Booking.NoShows)
	return p.once(ctx, h.Code+"/no shows", func(ctx context.Context, tx *store.Tx) error {
		for i, times := range []int{most, most - 1, 1, 1} {
			person, name, err := s.person(ctx, tx, 0, vault.Identity{vault.Name: string(simulatedNames[3*i]) + "小约", vault.Phone: fmt.Sprintf("1600000300%d", i)})
			if err != nil {
				return err
			}
			for j := range min(times, len(days)) {
				slot := days[len(days)-1-j].Add(time.Duration(10+i)*time.Hour + 12*time.Minute)
				x := &simulated{Ticket: Ticket{ID: tx.NewID()}}
				none := ""
				x.do("reserve", slot.AddDate(0, 0, -1), 0, TicketData{Hall: h.Code, Day: slot.Format(time.DateOnly), Area: kind.Area, Kind: kind.Code, Channel: Counter, Source: []string{"phone", "call"}[i%2], Class: &none,
					Services: TicketServices{{Kind: kind.Code}}, Person: person, Name: name, Slot: store.At(slot), Synthetic: true})
				x.do("confirm", slot.AddDate(0, 0, -1).Add(time.Minute), 0, TicketData{})
				x.do("no_show", slot.Add(time.Duration(s.book.Load().rules.Booking.Late)), 0, TicketData{})
				if err := keepVisit(ctx, tx, x); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// simulatedRoster rosters the clerks of the simulation for today and the days after it, as
// the plan has it, but for the first window and an afternoon: a roster has gaps.
func (s *Service) simulatedRoster(ctx context.Context, p pieces, h *Hall, clerks map[string]store.ID, midnight time.Time) error {
	return p.once(ctx, h.Code+"/roster", func(ctx context.Context, tx *store.Tx) error {
		for i := range 3 {
			day := midnight.AddDate(0, 0, i)
			for j, w := range h.Windows {
				plan, err := s.planOf(h, w.Code, day, nil)
				if err != nil {
					return err
				}
				for k, x := range plan {
					if j == 0 || i > 0 && j == 1+i && k == len(plan)-1 {
						continue
					}
					d, err := s.Accounts.PutShiftFor(ctx, tx, account.System(s.Dir), account.Shift{Account: clerks[w.Code], Kind: account.OnDuty, Role: windowRoles[0], Since: x.From, Until: x.To}, func(account.Shift, account.Actor) bool { return true })
					if err != nil {
						return err
					}
					if _, err := tx.Exec(ctx, `INSERT INTO hall_duty (shift, hall, window_code) VALUES (?, ?, ?)`, d.ID, h.Code, w.Code); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// simulatedDay is a hall's day being simulated.
type simulatedDay struct {
	s       *Service
	h       *Hall
	random  *rand.Rand
	clerks  map[string]store.ID
	measure *measure
	day     time.Time
	numbers map[string]int
}

func (d *simulatedDay) poisson(mean float64) int {
	l, k, p := math.Exp(-mean), 0, 1.0
	for {
		if p *= d.random.Float64(); p <= l || k > 10_000 {
			return k
		}
		k++
	}
}

// lasts is how long a kind takes: long ones are rare and very long.
func (d *simulatedDay) lasts(kind string) time.Duration {
	minutes := float64(d.h.kind(kind).Minutes) * 0.8 * math.Exp(0.5*d.random.NormFloat64())
	return time.Duration(math.Max(0.5, minutes) * float64(time.Minute))
}

var simulatedNames = []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张")

// run plays a day: people come, windows that are open call who is next by the rules,
// until the instant until.
func (d *simulatedDay) run(came []time.Time, until time.Time, open func(time.Time) []string) []*simulated {
	slices.SortFunc(came, time.Time.Compare)
	if d.measure == nil {
		d.measure = &measure{}
	}
	d.numbers = map[string]int{}
	rules := &d.s.book.Load().rules
	day := d.day.Format(time.DateOnly)
	var all, queued []*simulated
	type at struct {
		free time.Time
		with *simulated
		end  func(time.Time)
	}
	desks := map[string]*at{}
	var calls []calledOne
	waiting := func() ([]Waiting, []time.Time) {
		w, since := make([]Waiting, len(queued)), make([]time.Time, len(queued))
		for i, x := range queued {
			w[i], since[i] = Waiting{ID: int64(i + 1), Kind: x.Kind, Channel: x.Channel, Class: x.Class, Order: x.OrderAt.Time}, x.QueuedAt.Time
		}
		overtake(w, since, calls, d.h)
		return w, since
	}
	postsNow := func(now time.Time) (out []post) {
		for _, code := range open(now) {
			out = append(out, post{d.h.window(code), []Channel{Counter}, nil, desks[code] != nil && desks[code].with != nil})
		}
		return out
	}
	arrive := func(now time.Time) {
		k := d.h.Kinds[d.random.IntN(len(d.h.Kinds))]
		if k.Code == "stuck" && d.random.IntN(6) > 0 {
			k = d.h.Kinds[0]
		}
		class := ""
		if r := d.random.IntN(100); r < 8 {
			class = "elder"
		} else if r < 10 {
			class = "disabled"
		} else if r < 12 {
			class = "pregnant"
		} else if r < 24 && k.Book {
			class = "booked"
		}
		area := d.h.area(k.Area)
		d.numbers[area.Code] = max(d.numbers[area.Code]+1, area.First)
		w, _ := waiting()
		x := &simulated{}
		x.ID = d.s.Store.NewID()
		me := Waiting{Kind: k.Code, Channel: Counter, Class: class, Order: now}
		data := TicketData{Hall: d.h.Code, Day: day, Area: area.Code, No: fmt.Sprintf("%s%03d", area.Prefix, d.numbers[area.Code]), Kind: k.Code, Channel: Counter,
			Source: []string{"kiosk", "kiosk", "phone", "reception"}[d.random.IntN(4)], Class: &class, Services: TicketServices{{Kind: k.Code}},
			Name: string(simulatedNames[d.random.IntN(len(simulatedNames))]) + "**", Order: store.At(now), Synthetic: true,
			Est: d.measure.foretell(d.h, rules, w, postsNow(now), me, now.In(d.s.book.Load().zone).Hour())}
		x.do("take", now, 0, data)
		all, queued = append(all, x), append(queued, x)
	}
	step := 5 * time.Second
	if len(came) == 0 {
		return nil
	}
	i := 0
	for now := came[0]; now.Before(until); now = now.Add(step) {
		for ; i < len(came) && !came[i].After(now); i++ {
			arrive(came[i])
		}
		ready := open(now)
		for _, code := range slices.Sorted(maps.Keys(desks)) {
			if p := desks[code]; p.with != nil && !p.free.After(now) {
				p.end(p.free)
				p.with = nil
			}
		}
		for _, code := range ready {
			if desks[code] == nil {
				desks[code] = &at{free: now.Add(time.Duration(d.random.IntN(60)) * time.Second)}
			}
			p := desks[code]
			if p.with != nil || p.free.After(now) || len(queued) == 0 {
				continue
			}
			w, _ := waiting()
			n := rules.next(w, d.h.window(code), []Channel{Counter}, nil)
			if n < 0 {
				continue
			}
			x := queued[n]
			queued = slices.Delete(queued, n, n+1)
			clerk := d.clerks[code]
			x.do("call", now, clerk, TicketData{Window: code, Clerk: clerk})
			calls = append(calls, calledOne{x.OrderAt.Time, now, code})
			p.with = x
			if d.random.IntN(100) < 5 { // nobody comes
				p.free = now.Add(80 * time.Second)
				p.end = func(end time.Time) {
					x.do("recall", end.Add(-40*time.Second), clerk, TicketData{Window: code, Clerk: clerk})
					x.do("miss", end, clerk, TicketData{})
				}
				continue
			}
			way := time.Duration(15+d.random.IntN(45)) * time.Second
			lasts := d.lasts(x.Kind)
			p.free = now.Add(way + lasts)
			if start := now.Add(way); start.Before(until) {
				x.do("start", start, clerk, TicketData{})
			}
			p.end = func(end time.Time) {
				done := slices.Clone(x.Services)
				done[0].Done = true
				x.do("finish", end, clerk, TicketData{Services: done})
			}
		}
		if i == len(came) && len(queued) == 0 && !slices.ContainsFunc(keysOf(desks), func(c string) bool { return desks[c].with != nil }) {
			break
		}
		if len(ready) == 0 && i == len(came) && !slices.ContainsFunc(keysOf(desks), func(c string) bool { return desks[c].with != nil }) {
			break // closed: who still waits is not served
		}
	}
	if over := d.day.Add(24 * time.Hour); !until.Before(over) {
		for _, x := range all {
			if _, ok := x.State.Leads("close"); ok {
				x.do("close", over, 0, TicketData{Reason: "day"})
			}
		}
	}
	return all
}

func keysOf[K comparable, V any](m map[K]V) (out []K) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

// keepVisit writes a simulated visit with its history.
func keepVisit(ctx context.Context, tx *store.Tx, x *simulated) error {
	if _, err := tx.Exec(ctx, ticketInsert, append([]any{x.ID}, x.values()...)...); err != nil {
		return err
	}
	for _, e := range x.events {
		if _, err := tx.Exec(ctx, ticketEventInsert, e.Ticket, e.Seq, e.At, e.Actor, e.Action, e.Target, e.Data); err != nil {
			return err
		}
	}
	return nil
}
