package appeals

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// GraphNode is a thing that appeals have to do with.
type GraphNode struct {
	Kind string `json:"kind" enum:"matter,item,unit,street,community,place,enterprise,basis,topic"`
	Key  string `json:"key"`
	Name string `json:"name"`
	N    int    `json:"n" doc:"Appeals that the caller may see and that it shares with the node that was asked for"`
	Open int    `json:"open" doc:"Of them open"`
	Late int    `json:"late" doc:"Of them late"`
	As   string `json:"as,omitempty" doc:"Words by which a list of appeals is searched for it, where no filter narrows to it"`
}

// GraphView is a node and what lies next to it.
type GraphView struct {
	Node       GraphNode   `json:"node"`
	Neighbours []GraphNode `json:"neighbours" doc:"By kind, of each kind those with the most appeals"`
	Newest     []GraphNode `json:"newest" doc:"The newest appeals themselves"`
	More       bool        `json:"more,omitempty" doc:"There are more appeals than were counted: the newest were"`
}

const (
	graphMost     = 3000 // appeals of a node that are counted, the newest
	graphEachKind = 12   // nodes of a kind that are shown
	graphNewest   = 10
)

// graphKinds are the kinds of node in the order in which they are told.
var graphKinds = []string{nodeItem, nodeUnit, nodeStreet, nodeCommunity, nodePlace, nodeEnterprise, nodeBasis, nodeTopic}

// graphRow is an appeal with the edges that are columns of it.
type graphRow struct {
	ID                           store.ID
	No, Title, Item, Unit, Place string
	Open, Late                   bool
}

// graphWhere is the condition of the appeals that have to do with a node.
func (d *district) graphWhere(kind, key string) (where string, args []any, ok bool) {
	switch kind {
	case nodeItem:
		return `m.item = ?`, []any{key}, d.duty.Item(key) != nil
	case nodeUnit:
		return `m.unit = ?`, []any{key}, true
	case nodeStreet:
		return `a.street = ?`, []any{key}, d.places[key].Level == "street"
	case nodeCommunity:
		return `a.street = ? AND a.community = ?`, []any{d.places[key].Parent, key}, d.places[key].Level == "community"
	case nodePlace, nodeEnterprise:
		return `m.id IN (SELECT matter FROM graph_mention WHERE kind = ? AND key = ?)`, []any{kind, key}, true
	case nodeBasis:
		var items []any
		for _, it := range d.duty.Items {
			if slices.Contains(it.basis(), key) {
				items = append(items, it.Code)
			}
		}
		if len(items) == 0 {
			return "", nil, false
		}
		return store.AnyOf("m.item", len(items)), items, true
	case nodeTopic:
		id, err := store.ParseID(key)
		return `m.id IN (SELECT appeal FROM topic_member WHERE topic = ?)`, []any{int64(id)}, err == nil
	case nodeMatter:
		id, err := store.ParseID(key)
		return `m.id = ?`, []any{int64(id)}, err == nil
	}
	return "", nil, false
}

// Neighbours gives a node and what lies next to it through the appeals of the last
// days that an actor may see; 0 days are all. It returns caseflow.ErrNotFound
// where there is no such node, or none of its appeals may be seen.
func (s *Service) Neighbours(ctx context.Context, who account.Actor, kind, key string, days int) (GraphView, error) {
	v := GraphView{Node: GraphNode{Kind: kind, Key: key}, Neighbours: []GraphNode{}, Newest: []GraphNode{}}
	d := s.district.Load()
	where, args, ok := d.graphWhere(kind, key)
	if !ok {
		return v, caseflow.ErrNotFound
	}
	cond, scope := scopeSQL(who.Scope())
	if kind == nodeMatter {
		id, _ := store.ParseID(key)
		if err := s.visible(ctx, s.Store, who, id); err != nil {
			return v, err
		}
		cond, scope, days = "1=1", nil, 0
	}
	args = append(args, scope...)
	since := ""
	if days > 0 {
		since = ` AND m.id >= ?`
		args = append(args, int64(store.IDAt(s.Store.Now().AddDate(0, 0, -days))))
	}
	rows, err := store.Select[graphRow](ctx, s.Store, `SELECT m.id, m.no, m.title, m.item, m.unit, m.place, m.open, m.late FROM matter m JOIN appeal a ON a.id = m.id WHERE m.flow = 'appeal' AND `+where+` AND `+cond+since+` ORDER BY m.id DESC LIMIT ?`, append(args, graphMost+1)...)
	if err != nil {
		return v, err
	}
	if len(rows) == 0 && (days == 0 || kind == nodePlace || kind == nodeEnterprise || kind == nodeTopic) {
		return v, caseflow.ErrNotFound
	}
	if v.More = len(rows) > graphMost; v.More {
		rows = rows[:graphMost]
	}
	type at struct{ kind, key string }
	found := map[at]*GraphNode{}
	count := func(r *graphRow, kind, key, name string) {
		if key == "" || kind == v.Node.Kind && key == v.Node.Key {
			return
		}
		n := found[at{kind, key}]
		if n == nil {
			n = &GraphNode{Kind: kind, Key: key, Name: name}
			found[at{kind, key}] = n
		}
		n.add(r)
	}
	byID := map[store.ID]*graphRow{}
	for i := range rows {
		r := &rows[i]
		byID[r.ID] = r
		v.Node.add(r)
		count(r, nodeItem, r.Item, "")
		count(r, nodeUnit, r.Unit, "")
		if p := d.places[r.Place]; p.Level == "community" {
			count(r, nodeStreet, p.Parent, "")
			count(r, nodeCommunity, r.Place, "")
		} else {
			count(r, nodeStreet, r.Place, "")
		}
		if it := d.duty.Item(r.Item); it != nil {
			for _, b := range it.basis() {
				count(r, nodeBasis, b, b)
			}
		}
		if len(v.Newest) < graphNewest && kind != nodeMatter {
			n := GraphNode{Kind: nodeMatter, Key: r.ID.String(), Name: cmp.Or(r.Title, r.No)}
			n.add(r)
			v.Newest = append(v.Newest, n)
		}
	}
	for chunk := range slices.Chunk(rows, 500) {
		ids := make([]any, len(chunk))
		for i, r := range chunk {
			ids[i] = int64(r.ID)
		}
		spoken, err := store.Select[struct {
			Matter          store.ID
			Kind, Key, Name string
		}](ctx, s.Store, `SELECT matter, kind, key, name FROM graph_mention WHERE `+store.AnyOf("matter", len(ids)), ids...)
		if err != nil {
			return v, err
		}
		for _, m := range spoken {
			count(byID[m.Matter], m.Kind, m.Key, m.Name)
		}
		topics, err := store.Select[struct {
			Appeal, Topic store.ID
			Name          string
		}](ctx, s.Store, `SELECT t.appeal, t.topic, o.name FROM topic_member t JOIN topic o ON o.id = t.topic WHERE `+store.AnyOf("t.appeal", len(ids)), ids...)
		if err != nil {
			return v, err
		}
		for _, m := range topics {
			count(byID[m.Appeal], nodeTopic, m.Topic.String(), m.Name)
		}
	}
	if err := s.nameNode(ctx, &v.Node); err != nil {
		return v, err
	}
	for _, n := range found {
		if n.Name == "" {
			if err := s.nameNode(ctx, n); err != nil {
				return v, err
			}
		}
		if n.Kind == nodePlace || n.Kind == nodeEnterprise {
			n.As = n.Key
		}
		v.Neighbours = append(v.Neighbours, *n)
	}
	slices.SortFunc(v.Neighbours, func(a, b GraphNode) int {
		return cmp.Or(cmp.Compare(slices.Index(graphKinds, a.Kind), slices.Index(graphKinds, b.Kind)), cmp.Compare(b.N, a.N), strings.Compare(a.Key, b.Key))
	})
	shown := map[string]int{}
	v.Neighbours = slices.DeleteFunc(v.Neighbours, func(n GraphNode) bool {
		shown[n.Kind]++
		return shown[n.Kind] > graphEachKind
	})
	return v, nil
}

func (n *GraphNode) add(r *graphRow) {
	n.N++
	if r.Open {
		n.Open++
	}
	if r.Late {
		n.Late++
	}
}

// nameNode fills in what people call a node.
func (s *Service) nameNode(ctx context.Context, n *GraphNode) error {
	d := s.district.Load()
	n.Name = n.Key
	switch n.Kind {
	case nodeItem:
		if it := d.duty.Item(n.Key); it != nil {
			n.Name = it.Name()
		}
	case nodeUnit:
		n.Name = s.Dir.Tree().Name(n.Key)
	case nodeStreet, nodeCommunity:
		n.Name = cmp.Or(d.places[n.Key].Name, n.Key)
		if n.Kind == nodeCommunity {
			n.As = n.Name
		}
	case nodeEnterprise, nodePlace:
		n.As = n.Key
		names, err := store.Select[string](ctx, s.Store, `SELECT name FROM graph_mention WHERE kind = ? AND key = ? GROUP BY name ORDER BY count(*) DESC, name LIMIT 1`, n.Kind, n.Key)
		if err != nil {
			return err
		}
		if len(names) > 0 {
			n.Name = names[0]
		}
	case nodeTopic:
		id, _ := store.ParseID(n.Key)
		return s.Store.QueryRow(ctx, `SELECT name FROM topic WHERE id = ?`, int64(id)).Scan(&n.Name)
	case nodeMatter:
		id, _ := store.ParseID(n.Key)
		return s.Store.QueryRow(ctx, `SELECT COALESCE(NULLIF(title, ''), no) FROM matter WHERE id = ?`, int64(id)).Scan(&n.Name)
	}
	return nil
}

// FindNodes gives nodes by words of their names: of the district's own lists, and
// of what appeals that the actor may see speak of, the most spoken of first.
func (s *Service) FindNodes(ctx context.Context, who account.Actor, q string, days int) ([]GraphNode, error) {
	const most = 8
	d, out := s.district.Load(), []GraphNode{}
	q = strings.TrimSpace(q)
	add := func(kind string, each func(yield func(key, name string) bool)) {
		n := 0
		each(func(key, name string) bool {
			if strings.Contains(name, q) || key == q {
				out = append(out, GraphNode{Kind: kind, Key: key, Name: name})
				n++
			}
			return n < most
		})
	}
	if q != "" {
		add(nodeUnit, func(yield func(key, name string) bool) {
			for _, u := range s.Dir.Tree().All() {
				if !yield(u.Code, s.Dir.Tree().Name(u.Code)) {
					return
				}
			}
		})
		add(nodeItem, func(yield func(key, name string) bool) {
			for _, it := range d.duty.Items {
				if !yield(it.Code, it.Name()) {
					return
				}
			}
		})
		for _, code := range sortedKeysOf(d.places) {
			if p := d.places[code]; p.Level != "district" && strings.Contains(p.Name, q) {
				out = append(out, GraphNode{Kind: p.Level, Key: code, Name: p.Name})
			}
		}
		seen := map[string]bool{}
		add(nodeBasis, func(yield func(key, name string) bool) {
			for _, it := range d.duty.Items {
				for _, b := range it.basis() {
					if !seen[b] {
						seen[b] = true
						if !yield(b, b) {
							return
						}
					}
				}
			}
		})
	}
	cond, args := scopeSQL(who.Scope())
	like := "%" + store.Literal(q) + "%"
	since := int64(0)
	if days > 0 {
		since = int64(store.IDAt(s.Store.Now().AddDate(0, 0, -days)))
	}
	var spoken []GraphNode
	for _, kind := range []string{nodeEnterprise, nodePlace} {
		rows, err := store.Select[GraphNode](ctx, s.Store, `SELECT g.kind, g.key, min(g.name) AS name, count(*) AS n, count(CASE WHEN m.open THEN 1 END) AS open, count(CASE WHEN m.late THEN 1 END) AS late
			FROM graph_mention g JOIN matter m ON m.id = g.matter WHERE g.kind = ? AND (g.name LIKE ? OR g.key LIKE ?) AND g.matter >= ? AND `+cond+` GROUP BY g.kind, g.key ORDER BY n DESC, g.key LIMIT 20`, append([]any{kind, like, like, since}, args...)...)
		if err != nil {
			return nil, err
		}
		spoken = append(spoken, rows...)
	}
	return append(spoken, out...), nil
}

func (s *Service) mountGraph(srv *httpapi.Server) {
	may := httpapi.Roles("dispatcher", "supervisor", "leader", "reviewer", "unit_head", "handler", "admin")
	httpapi.Register(srv, httpapi.Operation{ID: "find-graph-nodes", Method: http.MethodGet, Path: "/api/graph/nodes", Tag: tag, Access: may,
		Summary: "Enterprises, places, items, units and legal bases by their names; without words, what is spoken of most"}, func(ctx context.Context, in *struct {
		Q    string `query:"q" maxLength:"60"`
		Days int    `query:"days" default:"90" minimum:"0" maximum:"3660" doc:"0: all"`
	}) (*httpapi.Body[[]GraphNode], error) {
		return httpapi.Answer(s.FindNodes(ctx, httpapi.Actor(ctx), in.Q, in.Days))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-graph-neighbours", Method: http.MethodGet, Path: "/api/graph/neighbours", Tag: tag, Access: may,
		Summary: "What lies next to a thing through the appeals that the caller may see (图谱)", Text: "Counted over the newest 3,000 appeals of the node in the days that are asked for."}, func(ctx context.Context, in *struct {
		Kind string `query:"kind" required:"true" enum:"matter,item,unit,street,community,place,enterprise,basis,topic"`
		Key  string `query:"key" required:"true" maxLength:"200"`
		Days int    `query:"days" default:"90" minimum:"0" maximum:"3660" doc:"0: all"`
	}) (*httpapi.Body[GraphView], error) {
		v, err := s.Neighbours(ctx, httpapi.Actor(ctx), in.Kind, in.Key, in.Days)
		return httpapi.Answer(v, err)
	})
}
