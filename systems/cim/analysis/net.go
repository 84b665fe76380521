package analysis

import (
	"cmp"
	"slices"
)

// Net is pipes between nodes, by their numbers. It never changes and is safe for concurrent
// use.
type Net struct {
	ends   [][2]int32
	starts []int32 // of the pipes at a node, in at
	at     []int32
}

// NewNet is the net of pipes, each between two of so many nodes; a drain flows from the first
// to the second.
func NewNet(nodes int, pipes [][2]int32) *Net {
	n := &Net{ends: pipes, starts: make([]int32, nodes+1), at: make([]int32, 2*len(pipes))}
	for _, p := range pipes {
		n.starts[p[0]+1]++
		n.starts[p[1]+1]++
	}
	for i := range nodes {
		n.starts[i+1] += n.starts[i]
	}
	fill := slices.Clone(n.starts)
	for i, p := range pipes {
		for _, e := range p {
			n.at[fill[e]] = int32(i)
			fill[e]++
		}
	}
	return n
}

// Pipes are those at a node.
func (n *Net) Pipes(node int32) []int32 { return n.at[n.starts[node]:n.starts[node+1]] }

// Ends are the nodes of a pipe: the first and the second.
func (n *Net) Ends(pipe int32) (a, b int32) { return n.ends[pipe][0], n.ends[pipe][1] }

// Direction is which way a trace goes.
type Direction int8

// The directions.
const (
	Down Direction = iota // with the flow
	Up                    // against it
	Both
)

// Trace is the pipes and nodes that are reached from a node, in the order of reaching them,
// nearest first by the number of pipes. It goes through no node at which stop says so, which
// is reached.
func (n *Net) Trace(from int32, way Direction, stop func(node int32) bool) (nodes, pipes []int32) {
	seen := make([]bool, len(n.starts)-1)
	used := make([]bool, len(n.ends))
	nodes = append(nodes, from)
	seen[from] = true
	for k := 0; k < len(nodes); k++ {
		at := nodes[k]
		if k > 0 && stop != nil && stop(at) {
			continue
		}
		for _, p := range n.Pipes(at) {
			a, b := n.ends[p][0], n.ends[p][1]
			next := b
			if at == b {
				next = a
			}
			if used[p] || way == Down && at != a || way == Up && at != b {
				continue
			}
			used[p] = true
			pipes = append(pipes, p)
			if !seen[next] {
				seen[next] = true
				nodes = append(nodes, next)
			}
		}
	}
	return nodes, pipes
}

// Burst is what a broken pipe under pressure costs: the valves to shut, the pipes that lie dry
// between them, and the nodes that no source reaches any more, those between the valves and
// what was fed by way of them.
type Burst struct {
	Valves, Dry, Cut []int32
}

// Isolate (关阀分析) shuts the valves about a broken pipe, and finds what the sources do not
// reach then.
func (n *Net) Isolate(broken int32, valve func(node int32) bool, sources []int32) Burst {
	var out Burst
	seen := make([]bool, len(n.starts)-1)
	dry := make([]bool, len(n.ends))
	dry[broken] = true
	var todo []int32
	reach := func(node int32) {
		if !seen[node] {
			seen[node] = true
			if valve(node) {
				out.Valves = append(out.Valves, node)
			} else {
				todo = append(todo, node)
			}
		}
	}
	reach(n.ends[broken][0])
	reach(n.ends[broken][1])
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, p := range n.Pipes(at) {
			dry[p] = true
			reach(n.ends[p][0])
			reach(n.ends[p][1])
		}
	}
	fed := make([]bool, len(n.starts)-1)
	for _, s := range sources {
		if !fed[s] && (!seen[s] || valve(s)) {
			fed[s] = true
			todo = append(todo, s)
		}
	}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, p := range n.Pipes(at) {
			if dry[p] {
				continue
			}
			for _, e := range n.ends[p] {
				if !fed[e] {
					fed[e] = true
					todo = append(todo, e)
				}
			}
		}
	}
	for node := range fed {
		if !fed[node] {
			out.Cut = append(out.Cut, int32(node))
		}
	}
	for p, d := range dry {
		if d {
			out.Dry = append(out.Dry, int32(p))
		}
	}
	slices.SortFunc(out.Valves, cmp.Compare)
	return out
}
