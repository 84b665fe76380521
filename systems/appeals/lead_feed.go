package appeals

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/text/encoding/htmlindex"

	"shanzhi/core/account"
	"shanzhi/core/event"
	"shanzhi/core/store"
)

// leadDesk remembers how each feed was read last.
type leadDesk struct {
	mu    sync.Mutex
	feeds map[string]FeedStanding
}

// FeedStanding is how a feed was read last, by this process.
type FeedStanding struct {
	Source string     `json:"source"`
	At     store.Time `json:"at"`
	Added  int        `json:"added"`
	Error  string     `json:"error,omitempty"`
}

// Bounds of a feed.
const (
	feedBytes = 2 << 20
	feedItems = 200
	feedTime  = 20 * time.Second
)

// feedDoc is RSS 2.0, RSS 1.0 or Atom (RFC 4287), as far as leads read them.
type feedDoc struct {
	XMLName xml.Name
	Channel []feedItem `xml:"channel>item"`
	Items   []feedItem `xml:"item"`
	Entries []feedItem `xml:"entry"`
}

type feedItem struct {
	Title string `xml:"title"`
	Links []struct {
		Href string `xml:"href,attr"`
		Rel  string `xml:"rel,attr"`
		Text string `xml:",chardata"`
	} `xml:"link"`
	GUID        string `xml:"guid"`
	ID          string `xml:"id"`
	Description string `xml:"description"`
	Summary     string `xml:"summary"`
	Content     string `xml:"content"`
	PubDate     string `xml:"pubDate"`
	Published   string `xml:"published"`
	Updated     string `xml:"updated"`
	Date        string `xml:"date"`
}

var tags = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)

// plainText takes the markup out of what a feed holds.
func plainText(s string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(html.UnescapeString(s), " "))), " ")
}

// readFeed reads the items of a feed as leads; those without a word of the feed's
// are left out.
func readFeed(raw []byte, f LeadFeed, now time.Time, zone *time.Location) ([]NewLead, error) {
	dec := xml.NewDecoder(bytes.NewReader(raw))
	dec.Strict = false
	dec.Entity = xml.HTMLEntity
	dec.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		e, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return e.NewDecoder().Reader(r), nil
	}
	var doc feedDoc
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("not a feed: %w", err)
	}
	if !slices.Contains([]string{"rss", "RDF", "feed"}, doc.XMLName.Local) {
		return nil, fmt.Errorf("not a feed: its root is <%s>", doc.XMLName.Local)
	}
	var out []NewLead
	for _, it := range slices.Concat(doc.Channel, doc.Items, doc.Entries) {
		if len(out) == feedItems {
			break
		}
		first := func(of ...string) string {
			for _, v := range of {
				if v = strings.TrimSpace(v); v != "" {
					return v
				}
			}
			return ""
		}
		title, body := plainText(it.Title), plainText(first(it.Description, it.Summary, it.Content))
		said := strings.TrimSpace(title + "。" + body)
		if len(f.Words) > 0 && !slices.ContainsFunc(f.Words, func(w string) bool { return strings.Contains(said, w) }) {
			continue
		}
		in := NewLead{Source: f.Source, Title: cutRunes(title, 100), Text: cutRunes(said, 4000), Found: now}
		if f.Confidence > 0 {
			in.Confidence = &f.Confidence
		}
		for _, l := range it.Links {
			if link := first(l.Href, l.Text); in.Link == "" && (l.Rel == "" || l.Rel == "alternate") && len(link) <= 500 && (strings.HasPrefix(link, "http://") || strings.HasPrefix(link, "https://")) {
				in.Link = link
			}
		}
		sum := sha256.Sum256([]byte(first(it.GUID, it.ID, in.Link, said)))
		in.External = hex.EncodeToString(sum[:16])
		at := first(it.PubDate, it.Published, it.Updated, it.Date)
		for _, layout := range []string{time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", time.RFC3339, "2006-01-02 15:04:05", time.DateOnly} {
			if t, err := time.ParseInLocation(layout, at, zone); err == nil && !t.After(now) && t.Year() >= 2000 {
				in.Found = t
				break
			}
		}
		out = append(out, in)
	}
	return out, nil
}

func cutRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// feedClient reads a feed at the host that the pack names, wherever that is. Led on
// to another host, it goes to public addresses alone: a feed on the internet must
// not reach what stands within. Where a proxy leads out, the proxy decides.
func feedClient(feed *url.URL) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	if out, err := http.ProxyFromEnvironment(&http.Request{URL: feed}); out != nil || err != nil {
		return &http.Client{Transport: transport}
	}
	port := cmp.Or(feed.Port(), map[string]string{"http": "80", "https": "443"}[feed.Scheme])
	own := net.JoinHostPort(feed.Hostname(), port)
	transport.Proxy = nil
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		d := net.Dialer{Timeout: feedTime}
		if address != own {
			d.Control = publicOnly
		}
		return d.DialContext(ctx, network, address)
	}
	return &http.Client{Transport: transport}
}

// publicOnly refuses a connection to an address that is not public.
func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if ip := at.Addr().Unmap(); !ip.IsGlobalUnicast() || ip.IsPrivate() || netip.MustParsePrefix("100.64.0.0/10").Contains(ip) {
		return fmt.Errorf("the feed leads to %s, which is not public", ip)
	}
	return nil
}

// pollFeed reads one feed and takes what is new in it.
func (s *Service) pollFeed(ctx context.Context, f LeadFeed) (added int, err error) {
	ctx, cancel := context.WithTimeout(ctx, feedTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("User-Agent", "shanzhi (leads)")
	res, err := feedClient(req.URL).Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the feed answers %s", res.Status)
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, feedBytes+1))
	if err != nil {
		return 0, err
	}
	if len(raw) > feedBytes {
		return 0, fmt.Errorf("the feed is larger than %d bytes", feedBytes)
	}
	leads, err := readFeed(raw, f, s.Store.Now(), s.district.Load().zone)
	if err != nil {
		return 0, err
	}
	var wrong []error
	for _, in := range leads {
		_, fresh, err := s.AddLead(ctx, account.System(s.Dir), in)
		if fresh {
			added++
		}
		wrong = append(wrong, err)
	}
	return added, errors.Join(wrong...)
}

// PollFeeds reads the feeds of the pack once.
func (s *Service) PollFeeds(ctx context.Context) {
	for _, f := range s.district.Load().leads.Feeds {
		added, err := s.pollFeed(ctx, f)
		st := FeedStanding{Source: f.Source, At: store.At(s.Store.Now()), Added: added}
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			st.Error = err.Error()
			slog.Warn("a feed of leads could not be read", "source", f.Source, "error", err)
		}
		s.leads.mu.Lock()
		if s.leads.feeds == nil {
			s.leads.feeds = map[string]FeedStanding{}
		}
		s.leads.feeds[f.URL] = st
		s.leads.mu.Unlock()
	}
}

// leadConsumer follows what other systems tell.
const leadConsumer = "appeals.leads"

// followLeads starts the feeds and the leads of other systems' events.
func (s *Service) followLeads(ctx context.Context) {
	if len(s.LeadSources) > 0 {
		s.Bus.Forward(ctx, leadConsumer, s.leadsOf)
	}
	go func() {
		tick := time.NewTicker(time.Minute)
		defer tick.Stop()
		var last time.Time
		for ; ctx.Err() == nil; wait(ctx, tick.C) {
			if l := s.district.Load().leads; len(l.Feeds) > 0 && time.Since(last) >= l.poll {
				last = time.Now()
				s.PollFeeds(ctx)
			}
		}
	}()
}

// leadsOf takes the leads of events. What a source tells wrongly is logged and
// left out: it would be wrong again.
func (s *Service) leadsOf(ctx context.Context, events []event.Event) error {
	for _, e := range events {
		for _, source := range s.LeadSources {
			in, ok := source.Lead(e.Subject, e.Key, e.Body)
			if !ok {
				continue
			}
			_, _, err := s.AddLead(ctx, account.System(s.Dir), in)
			if isFieldProblem(err) {
				slog.Warn("an event was no lead that can be taken", "subject", e.Subject, "key", e.Key, "error", err)
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}
