// Package httpapi is the edge: one router, one OpenAPI 3.1 document, sign-in
// and rights before any handler runs, errors as RFC 9457 problems in the
// reader's language, answers that can be asked for twice, and shedding when
// more is asked than can be done.
package httpapi

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "httpapi", Migrations: files}
}

// Server is the edge of one process.
type Server struct {
	Mux      *http.ServeMux
	API      huma.API
	Store    *store.Store
	Accounts *account.Accounts
	Log      *slog.Logger
	// Secure says that the outside speaks TLS, so cookies are sent on it only.
	Secure bool

	sessions actorCache
	limits   limiter
	cross    http.CrossOriginProtection
}

// New makes an edge with no operations.
func New(s *store.Store, accounts *account.Accounts, version string, log *slog.Logger) *Server {
	srv := &Server{Mux: http.NewServeMux(), Store: s, Accounts: accounts, Log: log}
	srv.sessions.entries = map[string]cachedActor{}
	srv.limits.buckets = map[string]*bucket{}
	cfg := huma.DefaultConfig("Shanzhi 善治", version)
	cfg.Info.Description = "The district's platform: civic appeals and what they stand on. Identifiers are decimal strings; times are RFC 3339 in UTC; lists page by key (`after`)."
	cfg.DocsPath = ""
	cfg.OpenAPIPath = "/openapi"
	cfg.SchemasPath = "/schemas"
	cfg.CreateHooks = nil // no $schema links in answers
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "Set by the sign-in operations."},
		"key":     {Type: "http", Scheme: "bearer", Description: "An API key (szk_…), a session token, or the tracking code of one appeal."},
	}
	srv.API = humago.New(srv.Mux, cfg)
	// An instant of the store is an instant; "none" is left out by omitzero.
	srv.API.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[store.Time](), reflect.TypeFor[time.Time]())
	return srv
}

// Access says who may call an operation. What they see is narrowed further by
// their scope.
type Access struct {
	Public bool     // anybody, signed in or not
	Any    bool     // anybody who is signed in
	Roles  []string // holders of one of these roles anywhere
	Scope  string   // what an API key must be for; "" is the operation's first tag
}

// Convenient accesses.
var (
	Public   = Access{Public: true}
	SignedIn = Access{Any: true}
	AnyStaff = Access{Roles: []string{"staff"}}
)

// Roles is the access of those who hold one of the roles.
func Roles(roles ...string) Access { return Access{Roles: roles} }

func (a Access) allows(who account.Actor) bool {
	switch {
	case a.Public:
		return true
	case who.IsStranger():
		return false
	case a.Any:
		return true
	}
	return slices.ContainsFunc(a.Roles, func(role string) bool {
		return role == "staff" && who.Kind != account.Citizen && len(who.Grants) > 0 || who.HasAny(role)
	})
}

// Operation describes one call of the API.
type Operation struct {
	ID      string // verb-noun: "dispatch-appeal"
	Method  string
	Path    string
	Tag     string // the system, and the scope that an API key needs
	Summary string
	Text    string // longer, Markdown
	Access  Access
	Status  int // of success; default 200
	MaxBody int64
	// Limit is how many calls a minute one address may make; 0 does not mind.
	Limit int
}

// Register adds an operation. The handler is called only for those whom the
// operation's access allows; its errors become problems.
func Register[I, O any](s *Server, op Operation, handle func(ctx context.Context, in *I) (*O, error)) {
	h := huma.Operation{OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Text,
		DefaultStatus: op.Status, MaxBodyBytes: op.MaxBody, Tags: []string{op.Tag}}
	if !op.Access.Public {
		h.Security = []map[string][]string{{"session": {}}, {"key": {}}}
	}
	h.Extensions = map[string]any{"x-access": op.Access.describe()}
	h.Errors = []int{http.StatusBadRequest, http.StatusUnprocessableEntity}
	if !op.Access.Public {
		h.Errors = append(h.Errors, http.StatusUnauthorized, http.StatusForbidden)
	}
	h.Middlewares = huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		if p := s.admit(r, op); p != nil {
			p.write(w, r)
			return
		}
		next(ctx)
	}}
	huma.Register(s.API, h, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, op.ID, err)
		}
		return out, nil
	})
}

func (a Access) describe() any {
	switch {
	case a.Public:
		return "public"
	case a.Any:
		return "signed-in"
	}
	return a.Roles
}

// admit decides before the request is read.
func (s *Server) admit(r *http.Request, op Operation) *Problem {
	who := Actor(r.Context())
	if !op.Access.allows(who) {
		if who.IsStranger() {
			return newProblem(http.StatusUnauthorized, "sign_in", nil)
		}
		return newProblem(http.StatusForbidden, "forbidden", nil)
	}
	scope := op.Access.Scope
	if scope == "" {
		scope = op.Tag
	}
	if !op.Access.Public && !who.Allows(scope) {
		return newProblem(http.StatusForbidden, "key_scope", map[string]string{"scope": scope})
	}
	if op.Limit > 0 && !s.limits.allow(op.ID+" "+address(r), op.Limit) {
		p := newProblem(http.StatusTooManyRequests, "too_many", nil)
		p.retryAfter = 60
		return p
	}
	return nil
}

type ctxKey int

const (
	actorKey ctxKey = iota
	requestKey
	trackingKey
	idempotencyKey
)

// Actor is who makes the request; a stranger's is the zero Actor.
func Actor(ctx context.Context) account.Actor {
	a, _ := ctx.Value(actorKey).(account.Actor)
	return a
}

// Tracking is the tracking code that a stranger came with, "" for none.
func Tracking(ctx context.Context) string {
	t, _ := ctx.Value(trackingKey).(string)
	return t
}

// Request says from where a request came: the address and the user agent.
func Request(ctx context.Context) (addr, agent string) {
	r, _ := ctx.Value(requestKey).(*http.Request)
	if r == nil {
		return "", ""
	}
	return address(r), r.UserAgent()
}

// Language is the reader's: "zh" unless English is preferred.
func Language(r *http.Request) string {
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "en") {
		return "en"
	}
	return "zh"
}

const sessionCookie = "shanzhi_session"

// SessionCookie carries a session's token, or ends it when token is "".
func (s *Server) SessionCookie(token string, expires time.Time) string {
	c := http.Cookie{Name: sessionCookie, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.Secure, Expires: expires}
	if token == "" {
		c.MaxAge = -1
	}
	return c.String()
}

// Token is the token that a request came with, from the cookie or the header.
func Token(ctx context.Context) string {
	r, _ := ctx.Value(requestKey).(*http.Request)
	if r == nil {
		return ""
	}
	token, _ := credentials(r)
	return token
}

func credentials(r *http.Request) (token string, byCookie bool) {
	if h, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(h), false
	}
	if c, err := r.Cookie(sessionCookie); err == nil {
		return c.Value, true
	}
	return "", false
}

// maxInside bounds how many calls are being answered at a time: at two thousand
// calls a second the last of them waits a quarter of a second.
const maxInside = 512

// Handler is the whole edge: it finds who asks and guards what every answer
// owes the browser.
func (s *Server) Handler() http.Handler {
	inner := s.cross.Handler(s.Mux)
	var inside atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Beyond what can be answered soon, the newest are sent away at once: all
		// others keep their time. What stays open (live updates) is not counted.
		if strings.HasPrefix(r.URL.Path, "/api/") && !strings.HasSuffix(r.URL.Path, "/live") {
			defer inside.Add(-1)
			if inside.Add(1) > maxInside {
				p := newProblem(http.StatusServiceUnavailable, "busy", nil)
				p.retryAfter = 1
				p.write(w, r)
				return
			}
		}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.Log.Error("a request panicked", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				newProblem(http.StatusInternalServerError, "internal", nil).write(w, r)
			}
		}()
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "SAMEORIGIN")
		h.Set("Content-Security-Policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'self'")
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		ctx := context.WithValue(r.Context(), requestKey, r)
		if token, _ := credentials(r); token != "" {
			who, err := s.actor(ctx, token)
			switch {
			case err == nil:
				ctx = context.WithValue(ctx, actorKey, who)
			case strings.HasPrefix(token, TrackingPrefix):
				ctx = context.WithValue(ctx, trackingKey, token)
			}
		}
		if t := r.Header.Get("X-Tracking-Code"); t != "" {
			ctx = context.WithValue(ctx, trackingKey, t)
		}
		if k := r.Header.Get("Idempotency-Key"); k != "" && r.Method == http.MethodPost {
			if len(k) > 200 {
				newProblem(http.StatusBadRequest, "idempotency_key", nil).write(w, r)
				return
			}
			once := newOnce(Actor(ctx), r, k)
			if s.replay(ctx, w, r, once) {
				return
			}
			ctx = context.WithValue(ctx, idempotencyKey, once)
		}
		inner.ServeHTTP(w, r.WithContext(ctx))
	})
}

// TrackingPrefix begins every tracking code that an anonymous appellant holds.
const TrackingPrefix = "szt_"

func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// actorCache remembers who holds a token for a moment, so that a busy screen
// does not ask the store at every call.
type actorCache struct {
	mu      sync.RWMutex
	entries map[string]cachedActor
}

type cachedActor struct {
	who   account.Actor
	until time.Time
}

// cacheActorsFor is how long a revoked right may still hold.
const cacheActorsFor = 10 * time.Second

func (s *Server) actor(ctx context.Context, token string) (account.Actor, error) {
	now := time.Now()
	s.sessions.mu.RLock()
	c, ok := s.sessions.entries[token]
	s.sessions.mu.RUnlock()
	if ok && now.Before(c.until) {
		return c.who, nil
	}
	var who account.Actor
	var err error
	if strings.HasPrefix(token, account.KeyPrefix) {
		who, err = s.Accounts.KeyActor(ctx, token)
	} else {
		who, err = s.Accounts.SessionActor(ctx, token)
	}
	if err != nil {
		return who, err
	}
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	if len(s.sessions.entries) > 20_000 {
		clear(s.sessions.entries)
	}
	s.sessions.entries[token] = cachedActor{who, now.Add(cacheActorsFor)}
	return who, nil
}

// Forget drops what is remembered of tokens: after a sign-out, or when rights
// have changed.
func (s *Server) Forget() {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	clear(s.sessions.entries)
}

// limiter counts calls a minute by key: a token bucket each.
type limiter struct {
	mu      sync.Mutex
	buckets map[string]*bucket
	salt    []byte
}

type bucket struct {
	tokens float64
	at     time.Time
}

func (l *limiter) allow(key string, perMinute int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if len(l.buckets) > 50_000 {
		clear(l.buckets)
	}
	b := l.buckets[key]
	if b == nil {
		b = &bucket{tokens: float64(perMinute), at: now}
		l.buckets[key] = b
	}
	b.tokens = min(float64(perMinute), b.tokens+now.Sub(b.at).Minutes()*float64(perMinute))
	b.at = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// blind names a caller without saying who: the same within this process alone.
func (l *limiter) blind(key string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.salt == nil {
		l.salt = make([]byte, 32)
		rand.Read(l.salt)
	}
	sum := sha256.Sum256(append(slices.Clone(l.salt), key...))
	return hex.EncodeToString(sum[:16])
}

// Body is an answer with a JSON body.
type Body[T any] struct{ Body T }

// Answer wraps a value as an answer.
func Answer[T any](v T, err error) (*Body[T], error) {
	if err != nil {
		return nil, err
	}
	return &Body[T]{v}, nil
}

// Page is one page of a list that pages by key.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Give it as 'after' to get the next page; absent on the last"`
}

// Empty is an answer without a body.
type Empty struct{}

// PathID is an identifier in a path. What is no identifier is none, and so is
// not found.
type PathID struct {
	Text string
	store.ID
}

// Receiver implements huma.ParamWrapper.
func (p *PathID) Receiver() reflect.Value { return reflect.ValueOf(&p.Text).Elem() }

// OnParamSet implements huma.ParamReactor.
func (p *PathID) OnParamSet(bool, any) { p.ID, _ = store.ParseID(p.Text) }

// Schema implements huma.SchemaProvider.
func (PathID) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Description: "Identifier: a decimal number as a string"}
}
