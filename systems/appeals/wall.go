package appeals

import (
	"context"
	"net/http"
	"slices"
	"time"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// QueueAge is how many open appeals of a state have been open how long: under a
// day, up to three, up to seven, longer.
type QueueAge struct {
	State string   `json:"state"`
	Late  int64    `json:"late"`
	Ages  [4]int64 `json:"ages" doc:"Under 1 day, 1 to 3, 3 to 7, longer"`
}

// QueueAges is the queue of the command centre's wall (指挥中心大屏), the largest
// state first.
func (s *Service) QueueAges(ctx context.Context) ([]QueueAge, error) {
	now := s.Store.Now()
	args := []any{}
	for _, days := range []int{1, 3, 7} {
		args = append(args, store.At(now.Add(-time.Duration(days)*24*time.Hour)))
	}
	rows, err := store.Select[struct {
		State string
		Band  int
		N     int64
		Late  int64
	}](ctx, s.Store, `SELECT state, CASE WHEN opened_at > ? THEN 0 WHEN opened_at > ? THEN 1 WHEN opened_at > ? THEN 2 ELSE 3 END AS band, count(*) AS n, count(CASE WHEN late THEN 1 END) AS late
		FROM matter WHERE system = '`+System+`' AND open AND flow = 'appeal' AND merged IS NULL GROUP BY 1, 2`, args...)
	out := []QueueAge{}
	at := map[string]int{}
	for _, r := range rows {
		i, ok := at[r.State]
		if !ok {
			i = len(out)
			at[r.State] = i
			out = append(out, QueueAge{State: r.State})
		}
		out[i].Ages[r.Band] += r.N
		out[i].Late += r.Late
	}
	sum := func(q QueueAge) int64 { return q.Ages[0] + q.Ages[1] + q.Ages[2] + q.Ages[3] }
	slices.SortFunc(out, func(a, b QueueAge) int {
		if sum(a) != sum(b) {
			return int(sum(b) - sum(a))
		}
		return compare(a.State, b.State)
	})
	return out, err
}

func (s *Service) mountWall(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-queue-ages", Method: http.MethodGet, Path: "/api/queue/ages", Tag: tag, Access: httpapi.Roles("leader", "supervisor", "dispatcher", "reviewer", "admin"),
		Summary: "Open appeals by state and age, for the wall of the command centre"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]QueueAge], error) {
		if !httpapi.Actor(ctx).Scope().All {
			return nil, httpapi.Fail(http.StatusForbidden, "refused_right")
		}
		return httpapi.Answer(s.QueueAges(ctx))
	})
}
