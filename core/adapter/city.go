package adapter

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// The city platform (市平台) sends orders down to the district and is told what
// became of them. Both sides speak the protocol of docs/exchange.md: JSON over
// HTTP, every message signed, stamped with a time, numbered within its order, and
// safe to send again.

// CityMessage is one message about one order.
type CityMessage struct {
	ID   string   `json:"id"`   // the same for the same message, however often it is sent
	No   string   `json:"no"`   // the city's number of the order
	Seq  int      `json:"seq"`  // of the sender's messages about this order, from 1 without a gap
	Seen int      `json:"seen"` // the last of the other side's messages that the sender had taken in
	Kind string   `json:"kind"`
	At   CityTime `json:"at,omitzero"`
	Data CityData `json:"data,omitzero"`
}

// Kinds of message that the city sends down.
const (
	CityOrder        = "order"         // 派单: an order, always the first
	CityUrge         = "urge"          // 催办
	CityAdd          = "add"           // 补充
	CityRedo         = "redo"          // 退回重办
	CityWithdraw     = "withdraw"      // 撤单
	CityVisit        = "visit"         // 回访: what the city asked the appellant, and the rating
	CityDeadline     = "deadline"      // 时限调整
	CityAcceptReturn = "accept_return" // 同意退单
	CityRefuseReturn = "refuse_return" // 驳回退单
)

// Kinds of message that the district sends up.
const (
	CitySign     = "sign"     // 签收
	CityReturn   = "return"   // 申请退单
	CityProgress = "progress" // 进展
	CityReply    = "reply"    // 答复
	CityClose    = "close"    // 办结
	CityReopen   = "reopen"   // the district works on it again
)

var (
	cityDown = []string{CityOrder, CityUrge, CityAdd, CityRedo, CityWithdraw, CityVisit, CityDeadline, CityAcceptReturn, CityRefuseReturn}
	cityUp   = []string{CitySign, CityReturn, CityProgress, CityReply, CityClose, CityReopen}
)

// CityData is what a message says. Codes are the city's own.
type CityData struct {
	Title    string   `json:"title,omitempty"`
	Text     string   `json:"text,omitempty"`
	Address  string   `json:"address,omitempty"`
	Lon      *float64 `json:"lon,omitempty"` // degrees, WGS-84
	Lat      *float64 `json:"lat,omitempty"`
	Item     string   `json:"item,omitempty"`
	ItemName string   `json:"item_name,omitempty"`
	Unit     string   `json:"unit,omitempty"`
	UnitName string   `json:"unit_name,omitempty"`
	Class    string   `json:"class,omitempty"`
	Secrecy  string   `json:"secrecy,omitempty"` // open, confidential, anonymous
	Name     string   `json:"name,omitempty"`    // of the appellant
	Phone    string   `json:"phone,omitempty"`
	Received CityTime `json:"received,omitzero"` // when the city took it from the appellant
	Due      CityTime `json:"due,omitzero"`      // order, deadline: the city's deadline
	Note     string   `json:"note,omitempty"`
	Reason   string   `json:"reason,omitempty"` // return: a code
	Result   string   `json:"result,omitempty"` // reply, close: a code
	Reply    string   `json:"reply,omitempty"`
	Own      string   `json:"own,omitempty"`    // sign: the district's number
	Solved   string   `json:"solved,omitempty"` // visit: yes, partly, no
	Rating   int      `json:"rating,omitempty"` // visit: 1 to 5
}

// IsZero lets an empty one be left out.
func (d CityData) IsZero() bool { return d == CityData{} }

// CityTime is an instant of the protocol: RFC 3339, to the second.
type CityTime struct{ time.Time }

// AtCity is an instant as the protocol says it.
func AtCity(t time.Time) CityTime {
	if t.IsZero() {
		return CityTime{}
	}
	return CityTime{t.UTC().Truncate(time.Second)}
}

// Check says what is wrong with a message of one side, "" for nothing.
func (m *CityMessage) Check(down bool) string {
	kinds := cityUp
	if down {
		kinds = cityDown
	}
	switch {
	case m.ID == "" || len(m.ID) > 80:
		return "id: 1 to 80 bytes"
	case m.No == "" || len(m.No) > 80:
		return "no: 1 to 80 bytes"
	case m.Seq < 1 || m.Seq > 10_000 || m.Seen < 0:
		return "seq: from 1; seen: from 0"
	case !slices.Contains(kinds, m.Kind):
		return "kind: " + strings.Join(kinds, ", ")
	case down && (m.Kind == CityOrder) != (m.Seq == 1):
		return "kind: an order is the first message, and no other is"
	case m.At.IsZero():
		return "at: an instant"
	case m.Kind == CityVisit && (m.Data.Rating < 1 || m.Data.Rating > 5):
		return "data.rating: 1 to 5"
	case m.Kind == CityDeadline && m.Data.Due.IsZero():
		return "data.due: an instant"
	case (m.Data.Lon == nil) != (m.Data.Lat == nil):
		return "data.lon, data.lat: both or none"
	}
	return ""
}

// States of an order between both sides.
const (
	CityDispatched = "dispatched" // 已下派
	CitySigned     = "signed"     // 已签收, being handled
	CityReturning  = "returning"  // 退单审核中
	CityReturned   = "returned"   // 已退单
	CityReplied    = "replied"    // 已答复
	CityClosed     = "closed"     // 已办结
	CityWithdrawn  = "withdrawn"  // 已撤单
)

// CityStates are the states, in the order of an order's life.
var CityStates = []string{CityDispatched, CitySigned, CityReturning, CityReturned, CityReplied, CityClosed, CityWithdrawn}

// CityStanding is how an order stands, by the messages of both sides.
type CityStanding struct {
	State     string   `json:"state"`
	SentAt    CityTime `json:"sent_at,omitzero"`
	DueAt     CityTime `json:"due_at,omitzero"`
	SignedAt  CityTime `json:"signed_at,omitzero"`
	RepliedAt CityTime `json:"replied_at,omitzero"`
	ClosedAt  CityTime `json:"closed_at,omitzero"`
	Rating    int      `json:"rating,omitempty"`
	Down      int      `json:"down"` // messages of the city's that are in it
	Up        int      `json:"up"`   // messages of the district's
}

// FoldCity is how an order stands after messages of the city (down) and of the
// district (up), in whatever order and however often they came: each side's are
// taken by their numbers, up to the first gap, and a report stands after those
// commands that its sender had seen. So both sides that have the same messages
// find the same.
func FoldCity(down, up []CityMessage) CityStanding {
	down, up = inTurn(down), inTurn(up)
	s := CityStanding{Down: len(down), Up: len(up)}
	i := 0
	reports := func(seen int) {
		for ; i < len(up) && up[i].Seen <= seen; i++ {
			s.report(&up[i])
		}
	}
	for k := range down {
		reports(k)
		s.command(&down[k])
	}
	reports(len(down))
	s.Up = i // one that has seen what is not here yet waits for it
	return s
}

// inTurn sorts messages by number, each once, up to the first gap.
func inTurn(all []CityMessage) []CityMessage {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b CityMessage) int { return cmp.Compare(a.Seq, b.Seq) })
	all = slices.CompactFunc(all, func(a, b CityMessage) bool { return a.Seq == b.Seq })
	for i := range all {
		if all[i].Seq != i+1 {
			return all[:i]
		}
	}
	return all
}

func (s *CityStanding) command(m *CityMessage) {
	switch m.Kind {
	case CityOrder:
		s.State, s.SentAt, s.DueAt = CityDispatched, m.At, m.Data.Due
	case CityDeadline:
		s.DueAt = m.Data.Due
	case CityRedo:
		s.State, s.RepliedAt, s.ClosedAt, s.Rating = CitySigned, CityTime{}, CityTime{}, 0
	case CityWithdraw:
		s.State = CityWithdrawn
	case CityVisit:
		s.Rating = m.Data.Rating
	case CityAcceptReturn:
		s.State = CityReturned
	case CityRefuseReturn:
		if s.State == CityReturning {
			s.State = s.held()
		}
	}
}

func (s *CityStanding) report(m *CityMessage) {
	if s.State == CityWithdrawn || s.State == CityReturned {
		return // it is not theirs any more
	}
	switch m.Kind {
	case CitySign:
		if s.SignedAt.IsZero() {
			s.SignedAt = m.At
		}
		s.State = CitySigned
	case CityReturn:
		s.State = CityReturning
	case CityReply:
		s.State, s.RepliedAt = CityReplied, m.At
	case CityClose:
		s.State, s.ClosedAt = CityClosed, m.At
	case CityReopen:
		s.State, s.RepliedAt, s.ClosedAt = CitySigned, CityTime{}, CityTime{}
	}
}

func (s *CityStanding) held() string {
	if s.SignedAt.IsZero() {
		return CityDispatched
	}
	return CitySigned
}

// CityLine is an order in the list of a day.
type CityLine struct {
	No string `json:"no"`
	CityStanding
}

// CityList is one side's list of a day: what was sent down or changed on it.
type CityList struct {
	Day    string         `json:"day"` // 2026-11-26, of the city's calendar
	Counts map[string]int `json:"counts"`
	Orders []CityLine     `json:"orders"`
}

// CityRecord is all that the side that is asked has said of an order.
type CityRecord struct {
	CityLine
	Said []CityMessage `json:"said"`
}

// CityReceipt answers a message.
type CityReceipt struct {
	ID    string `json:"id"`
	State string `json:"state"` // taken, waiting (for one before it), repeated
}

// CityRefusal is an answer that is no success.
type CityRefusal struct {
	Status int    `json:"-"`
	Code   string `json:"code"`
	Text   string `json:"text"`
}

func (r *CityRefusal) Error() string {
	return fmt.Sprintf("%d %s: %s", r.Status, r.Code, r.Text)
}

// Lasting says that sending the same again is no use.
func (r *CityRefusal) Lasting() bool {
	return r.Status >= 400 && r.Status < 500 && !slices.Contains([]int{401, 408, 425, 429}, r.Status)
}

// ErrNoCityOrder: the other side has no order of that number.
var ErrNoCityOrder = errors.New("adapter: the other side has no such order")

const (
	citySender    = "X-Exchange-Sender"
	cityStamp     = "X-Exchange-Time"      // seconds since 1970
	citySignature = "X-Exchange-Signature" // hex of HMAC-SHA256
)

// CityBody bounds a message, in bytes.
const CityBody = 256 << 10

func citySign(secret, sender, stamp, method, path string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	sum := sha256.Sum256(body)
	fmt.Fprintf(mac, "%s\n%s\n%s\n%s\n%x", sender, stamp, method, path, sum)
	return mac.Sum(nil)
}

// VerifyCity says why a request is not the other side's: wrong_signature, or
// clock_skew where its time lies further than skew from now. The answer to the
// latter must tell the time here, by [CityClock].
func VerifyCity(r *http.Request, body []byte, secret string, now time.Time, skew time.Duration) *CityRefusal {
	got, err := hex.DecodeString(r.Header.Get(citySignature))
	stamp := r.Header.Get(cityStamp)
	if secret == "" || err != nil || !hmac.Equal(got, citySign(secret, r.Header.Get(citySender), stamp, r.Method, r.URL.RequestURI(), body)) {
		return &CityRefusal{http.StatusUnauthorized, "wrong_signature", "the signature does not fit"}
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || time.Unix(seconds, 0).Sub(now).Abs() > skew {
		return &CityRefusal{http.StatusUnauthorized, "clock_skew", "the time lies too far from ours, which the answer's " + cityStamp + " tells"}
	}
	return nil
}

// CityClock tells the other side the time here.
func CityClock(h http.Header, now time.Time) { h.Set(cityStamp, strconv.FormatInt(now.Unix(), 10)) }

// AnswerCity writes an answer of the protocol.
func AnswerCity(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

// CityPeer calls the other side. One is made for each side that speaks.
type CityPeer struct {
	URL    string // of the other side, without /exchange/v1
	Name   string // of this side
	Secret string
	Client *http.Client
	Now    func() time.Time
	Page   string // where a simulated city can be looked at; "" for a real one

	ahead atomic.Int64 // by how much the other side's clock is, in seconds, as it has told
}

func (p *CityPeer) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	for try := 0; ; try++ {
		req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(p.URL, "/")+path, bytes.NewReader(body))
		if err != nil {
			return err
		}
		stamp := strconv.FormatInt(p.Now().Unix()+p.ahead.Load(), 10)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(citySender, p.Name)
		req.Header.Set(cityStamp, stamp)
		req.Header.Set(citySignature, hex.EncodeToString(citySign(p.Secret, p.Name, stamp, method, req.URL.RequestURI(), body)))
		res, err := p.Client.Do(req)
		if err != nil {
			return err
		}
		raw, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
		res.Body.Close()
		if err != nil {
			return err
		}
		if res.StatusCode < 300 {
			if err := json.Unmarshal(raw, out); err != nil {
				return fmt.Errorf("adapter: the other side's answer cannot be read: %w", err)
			}
			return nil
		}
		no := &CityRefusal{Status: res.StatusCode}
		if json.Unmarshal(raw, no) != nil || no.Code == "" {
			no.Code, no.Text = "unclear", http.StatusText(res.StatusCode)
		}
		if theirs, err := strconv.ParseInt(res.Header.Get(cityStamp), 10, 64); err == nil && no.Code == "clock_skew" && try == 0 {
			p.ahead.Store(theirs - p.Now().Unix())
			continue
		}
		return no
	}
}

// Send sends a message. A *CityRefusal says whether sending it again is of use;
// any other error leaves open whether it came.
func (p *CityPeer) Send(ctx context.Context, m CityMessage) (CityReceipt, error) {
	var r CityReceipt
	err := p.call(ctx, http.MethodPost, "/exchange/v1/messages", m, &r)
	return r, err
}

// List asks for the other side's list of a day.
func (p *CityPeer) List(ctx context.Context, day string) (CityList, error) {
	var l CityList
	err := p.call(ctx, http.MethodGet, "/exchange/v1/orders?day="+url.QueryEscape(day), nil, &l)
	return l, err
}

// Order asks what the other side says of an order; ErrNoCityOrder where it knows
// of none.
func (p *CityPeer) Order(ctx context.Context, no string) (CityRecord, error) {
	var r CityRecord
	err := p.call(ctx, http.MethodGet, "/exchange/v1/orders/"+url.PathEscape(no), nil, &r)
	var refusal *CityRefusal
	if errors.As(err, &refusal) && refusal.Code == "no_such_order" {
		err = ErrNoCityOrder
	}
	return r, err
}

// Inside is a transport to a handler in this program, for simulators.
type Inside struct{ http.Handler }

// RoundTrip implements http.RoundTripper.
func (i Inside) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &insideAnswer{head: http.Header{}, status: http.StatusOK}
	broken := func() (broken bool) {
		defer func() {
			if p := recover(); p != nil {
				if p != http.ErrAbortHandler {
					panic(p)
				}
				broken = true
			}
		}()
		i.ServeHTTP(w, r)
		return false
	}()
	if broken {
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{StatusCode: w.status, Header: w.head, Body: io.NopCloser(&w.body), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

type insideAnswer struct {
	head   http.Header
	status int
	body   bytes.Buffer
}

func (a *insideAnswer) Header() http.Header         { return a.head }
func (a *insideAnswer) WriteHeader(status int)      { a.status = status }
func (a *insideAnswer) Write(b []byte) (int, error) { return a.body.Write(b) }
