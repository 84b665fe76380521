package adapter

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// CityFaults are how often the simulated city, or the line to it, does what such
// lines do, each from 0 to 1.
type CityFaults struct {
	Duplicate float64 // a message is sent twice
	Reorder   float64 // messages overtake each other
	Lose      float64 // a message is thought sent and never was: only a reconciliation finds it
	LostAck   float64 // what was taken is not acknowledged, in either direction
	Fail      float64 // the city answers 500 and has taken nothing
	Wrong     float64 // an order carries an item code that no map knows
	Skew      time.Duration
}

// AllFaults is the same rate of every fault.
func AllFaults(rate float64, skew time.Duration) CityFaults {
	return CityFaults{rate, rate, rate, rate, rate, rate, skew}
}

// CitySimulator behaves like the city platform: it makes orders, sends them down,
// takes reports, answers returns, visits appellants, and has faults. All that it
// says is synthetic.
type CitySimulator struct {
	Peer   *CityPeer // to the district
	Secret string
	Now    func() time.Time
	Zone   *time.Location

	mu     sync.Mutex
	rand   *rand.Rand
	faults CityFaults
	orders map[string]*simulatedOrder
	queue  []CityMessage
	refuse []string // what the district refused for good
	n      int
}

type simulatedOrder struct {
	down, up []CityMessage
	changed  time.Time
}

// NewCitySimulator makes a city whose chances follow from seed.
func NewCitySimulator(peer *CityPeer, secret string, now func() time.Time, zone *time.Location, seed uint64, faults CityFaults) *CitySimulator {
	c := &CitySimulator{Peer: peer, Secret: secret, Zone: zone, rand: rand.New(rand.NewPCG(seed, 1)), faults: faults, orders: map[string]*simulatedOrder{}}
	c.Now = func() time.Time { return now().Add(c.Faults().Skew) }
	if peer != nil {
		peer.Now = c.Now
	}
	return c
}

// Faults are those it has now.
func (c *CitySimulator) Faults() CityFaults {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.faults
}

// SetFaults changes them.
func (c *CitySimulator) SetFaults(f CityFaults) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = f
}

func (c *CitySimulator) chance(p float64) bool { return p > 0 && c.rand.Float64() < p }

// Order makes an order and queues it. It returns its number.
func (c *CitySimulator) Order(d CityData) string {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	if c.chance(c.faults.Wrong) {
		d.Item, d.ItemName = "C-404", "没有对照的事项"
	}
	no := fmt.Sprintf("SZ%s%05d", now.In(c.Zone).Format("060102150405"), c.n)
	c.say(now, no, CityOrder, d)
	return no
}

// Say queues a message about an order.
func (c *CitySimulator) Say(no, kind string, d CityData) {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.say(now, no, kind, d)
}

func (c *CitySimulator) say(now time.Time, no, kind string, d CityData) {
	o := c.orders[no]
	if o == nil {
		o = &simulatedOrder{}
		c.orders[no] = o
	}
	seen := FoldCity(o.down, o.up).Up
	m := CityMessage{ID: fmt.Sprintf("city-%s-%d", no, len(o.down)+1), No: no, Seq: len(o.down) + 1, Seen: seen, Kind: kind, At: AtCity(now), Data: d}
	o.down, o.changed = append(o.down, m), now
	c.queue = append(c.queue, m)
}

// Deliver sends what is queued, once each, with the faults. What the district did
// not acknowledge stays queued. It returns how many stay.
func (c *CitySimulator) Deliver(ctx context.Context) int {
	c.mu.Lock()
	queue := c.queue
	c.queue = nil
	if c.chance(c.faults.Reorder) {
		c.rand.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	}
	c.mu.Unlock()
	for _, m := range queue {
		c.mu.Lock()
		lost, twice, deaf := c.chance(c.faults.Lose), c.chance(c.faults.Duplicate), c.chance(c.faults.LostAck)
		c.mu.Unlock()
		if lost {
			continue
		}
		_, err := c.Peer.Send(ctx, m)
		if twice {
			_, err = c.Peer.Send(ctx, m)
		}
		var no *CityRefusal
		c.mu.Lock()
		switch {
		case err == nil && !deaf:
		case errors.As(err, &no) && no.Lasting():
			c.refuse = append(c.refuse, m.ID+": "+err.Error())
		default:
			c.queue = append(c.queue, m)
		}
		c.mu.Unlock()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.queue)
}

// Refused is what the district would not take.
func (c *CitySimulator) Refused() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.refuse)
}

// Standing is how an order stands at the city; false where it has none of that
// number.
func (c *CitySimulator) Standing(no string) (CityStanding, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.orders[no]
	if o == nil {
		return CityStanding{}, false
	}
	return FoldCity(o.down, o.up), true
}

// Lines are all orders and how they stand, the newest first.
func (c *CitySimulator) Lines() []CityLine {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []CityLine{}
	for no, o := range c.orders {
		out = append(out, CityLine{no, FoldCity(o.down, o.up)})
	}
	slices.SortFunc(out, func(a, b CityLine) int { return cmp.Compare(b.No, a.No) })
	return out
}

// Forget loses an order, as a city does whose records were put back to yesterday.
func (c *CitySimulator) Forget(no string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.orders, no)
	c.queue = slices.DeleteFunc(c.queue, func(m CityMessage) bool { return m.No == no })
}

// React answers what the district reported: returns are decided, appellants of
// what was replied are asked, some of it is to be done again.
func (c *CitySimulator) React() {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, no := range sortedOrders(c.orders) {
		o := c.orders[no]
		switch s := FoldCity(o.down, o.up); s.State {
		case CityReturning:
			if c.rand.IntN(3) > 0 {
				c.say(now, no, CityAcceptReturn, CityData{Note: "同意退回，另行派单"})
			} else {
				c.say(now, no, CityRefuseReturn, CityData{Note: "经核实属区级职责，请继续办理"})
			}
		case CityReplied, CityClosed:
			if s.Rating != 0 {
				continue
			}
			rating := 1 + c.rand.IntN(5)
			solved := "yes"
			if rating < 3 {
				solved = "no"
			}
			c.say(now, no, CityVisit, CityData{Solved: solved, Rating: rating, Note: "市平台电话回访"})
			if rating == 1 {
				c.say(now, no, CityRedo, CityData{Note: "诉求人表示问题未解决，请重新办理"})
			}
		case CitySigned, CityDispatched:
			if s.Down < 3 && c.rand.IntN(200) == 0 {
				c.say(now, no, CityUrge, CityData{Note: "诉求人再次来电，请加快办理"})
			}
		}
	}
}

func sortedOrders(m map[string]*simulatedOrder) []string {
	out := make([]string, 0, len(m))
	for no := range m {
		out = append(out, no)
	}
	slices.Sort(out)
	return out
}

// simulatedSayings are what citizens tell the simulated city.
var simulatedSayings = []CityData{
	{Title: "路灯不亮", Text: "西乡街道流塘社区流塘路靠近流塘公园一段路灯坏了三天，晚上看不清路，希望尽快修好。", Address: "西乡街道流塘路", Item: "C-0301", ItemName: "路灯照明"},
	{Title: "夜间施工噪音", Text: "新安街道海滨广场旁边工地凌晨一点还在施工，影响周围居民休息，请有关部门处理。", Address: "新安街道海滨广场", Item: "C-0502", ItemName: "施工噪声"},
	{Title: "井盖破损", Text: "福永街道白石厦社区永和路路口井盖破损，电动车经过很危险。", Address: "福永街道永和路", Item: "C-0302", ItemName: "井盖设施"},
	{Title: "垃圾堆放", Text: "沙井街道蚝四社区西环路边建筑垃圾堆了一个多星期没有人清运，灰尘很大。", Address: "沙井街道西环路", Item: "C-0401", ItemName: "垃圾清运"},
	{Title: "占道经营", Text: "松岗街道楼岗社区松白路天桥下晚上流动摊贩占道经营，行人走不过去。", Address: "松岗街道松白路", Item: "C-0402", ItemName: "占道经营"},
}

// Invent makes an order of a made-up citizen, due in five days.
func (c *CitySimulator) Invent() string {
	c.mu.Lock()
	d := simulatedSayings[c.rand.IntN(len(simulatedSayings))]
	phone := fmt.Sprintf("1600%07d", c.rand.IntN(10_000_000)) // 1600 is no operator's
	c.mu.Unlock()
	now := c.Now()
	d.Name, d.Phone, d.Class, d.Secrecy = "模拟市民", phone, "normal", "open"
	d.Received, d.Due = AtCity(now.Add(-20*time.Minute)), AtCity(now.AddDate(0, 0, 5))
	return c.Order(d)
}

// Live makes an order every so often, 0 for never, sends what is queued and answers what was
// reported, until ctx ends.
func (c *CitySimulator) Live(ctx context.Context, every time.Duration) {
	next := time.Now()
	for tick := time.NewTicker(time.Second); ; {
		if every > 0 && !time.Now().Before(next) {
			c.Invent()
			next = next.Add(every)
		}
		c.React()
		c.Deliver(ctx)
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// ServeHTTP is the city's end of the protocol, and at / a page to look at.
func (c *CitySimulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" {
		c.page(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, CityBody))
	if err != nil {
		AnswerCity(w, http.StatusRequestEntityTooLarge, CityRefusal{Code: "too_large", Text: err.Error()})
		return
	}
	now := c.Now()
	CityClock(w.Header(), now)
	if no := VerifyCity(r, body, c.Secret, now, 5*time.Minute); no != nil {
		AnswerCity(w, no.Status, no)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/exchange/v1")
	switch {
	case r.Method == http.MethodPost && path == "/messages":
		c.take(w, body, now)
	case r.Method == http.MethodGet && path == "/orders":
		c.list(w, r.URL.Query().Get("day"))
	case r.Method == http.MethodGet && strings.HasPrefix(path, "/orders/"):
		o := c.orders[strings.TrimPrefix(path, "/orders/")]
		if o == nil {
			AnswerCity(w, http.StatusNotFound, CityRefusal{Code: "no_such_order", Text: "there is no such order"})
			return
		}
		AnswerCity(w, http.StatusOK, CityRecord{CityLine{o.down[0].No, FoldCity(o.down, o.up)}, o.down})
	default:
		AnswerCity(w, http.StatusNotFound, CityRefusal{Code: "no_such_call", Text: r.URL.Path})
	}
}

func (c *CitySimulator) take(w http.ResponseWriter, body []byte, now time.Time) {
	if c.chance(c.faults.Fail) {
		AnswerCity(w, http.StatusInternalServerError, CityRefusal{Code: "internal", Text: "simulated fault"})
		return
	}
	var m CityMessage
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&m); err != nil {
		AnswerCity(w, http.StatusBadRequest, CityRefusal{Code: "invalid", Text: err.Error()})
		return
	}
	if wrong := m.Check(false); wrong != "" {
		AnswerCity(w, http.StatusBadRequest, CityRefusal{Code: "invalid", Text: wrong})
		return
	}
	o := c.orders[m.No]
	if o == nil {
		AnswerCity(w, http.StatusNotFound, CityRefusal{Code: "no_such_order", Text: m.No})
		return
	}
	receipt := CityReceipt{ID: m.ID, State: "taken"}
	switch i := slices.IndexFunc(o.up, func(x CityMessage) bool { return x.ID == m.ID }); {
	case i >= 0:
		receipt.State = "repeated"
	case slices.ContainsFunc(o.up, func(x CityMessage) bool { return x.Seq == m.Seq }):
		AnswerCity(w, http.StatusConflict, CityRefusal{Code: "seq_taken", Text: "another message has this number"})
		return
	default:
		o.up, o.changed = append(o.up, m), now
		if FoldCity(o.down, o.up).Up < m.Seq {
			receipt.State = "waiting"
		}
	}
	if c.chance(c.faults.LostAck) {
		panic(http.ErrAbortHandler)
	}
	AnswerCity(w, http.StatusOK, receipt)
}

func (c *CitySimulator) list(w http.ResponseWriter, day string) {
	l := CityList{Day: day, Counts: map[string]int{}, Orders: []CityLine{}}
	on := func(t time.Time) bool { return t.In(c.Zone).Format(time.DateOnly) == day }
	for _, no := range sortedOrders(c.orders) {
		o := c.orders[no]
		if on(o.changed) || on(o.down[0].At.Time) {
			s := FoldCity(o.down, o.up)
			l.Counts[s.State]++
			l.Orders = append(l.Orders, CityLine{no, s})
		}
	}
	AnswerCity(w, http.StatusOK, l)
}

var cityPage = template.Must(template.New("").Parse(`<!doctype html><meta charset="utf-8"><title>市平台（模拟）</title>
<style>body{font:14px/1.6 system-ui;margin:32px auto;max-width:1100px;color:#1c2733}table{border-collapse:collapse;width:100%}td,th{text-align:start;padding:6px 10px;border-bottom:1px solid #dde3ea}button{margin-inline-end:4px}</style>
<h1>市平台（模拟）</h1><p>全部为合成数据。排队 {{.Queue}} 条；被拒 {{len .Refused}} 条。</p>
<form method="post"><button name="kind" value="invent">派一单</button></form>
<table><tr><th>编号<th>状态<th>期限<th>评价<th>下行/上行<th></tr>
{{range .Orders}}<tr><td>{{.No}}<td>{{.State}}<td>{{.DueAt}}<td>{{if .Rating}}{{.Rating}}{{end}}<td>{{.Down}}/{{.Up}}<td><form method="post"><input type="hidden" name="no" value="{{.No}}"><button name="kind" value="urge">催办</button><button name="kind" value="redo">重办</button><button name="kind" value="withdraw">撤单</button></form></tr>{{end}}
</table>{{range .Refused}}<p>{{.}}</p>{{end}}`))

// page is for people who try the simulator out.
func (c *CitySimulator) page(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		switch kind, no := r.FormValue("kind"), r.FormValue("no"); kind {
		case "invent":
			c.Invent()
		case CityUrge, CityRedo, CityWithdraw:
			if _, ok := c.Standing(no); ok {
				c.Say(no, kind, CityData{Note: "市平台操作员（模拟）"})
			}
		}
		w.Header().Set("Location", "./") // wherever the page is mounted
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	lines := c.Lines()
	c.mu.Lock()
	queue := len(c.queue)
	c.mu.Unlock()
	_ = cityPage.Execute(w, map[string]any{"Orders": lines[:min(len(lines), 200)], "Queue": queue, "Refused": c.Refused()})
}
