// The graph as the screen builds it up: what was opened stays, and new nodes come to it.
import type { Schema } from '@/api/client'

export type GraphNode = Schema['GraphNode']
export type View = Schema['GraphView']
export interface Node extends GraphNode {
  id: string
}
export interface Edge {
  from: string
  to: string
  n: number
}
export const idOf = (n: { kind: string; key: string }) => `${n.kind}:${n.key}`

/** How many neighbours of a kind are drawn, and how many nodes in all before the oldest go. */
const drawn = 4
const most = 90

/** Adds a view to what is drawn already; what was drawn first goes first when it is too much. */
export function join(nodes: Node[], edges: Edge[], v: View): { nodes: Node[]; edges: Edge[] } {
  const middle: Node = { ...v.node, id: idOf(v.node) }
  const perKind = new Map<string, number>()
  const near = (v.neighbours ?? []).filter((n) => {
    const k = (perKind.get(n.kind) ?? 0) + 1
    perKind.set(n.kind, k)
    return k <= drawn
  })
  const all = new Map(nodes.map((n) => [n.id, n]))
  for (const n of [middle, ...near.map((n) => ({ ...n, id: idOf(n) }))]) {
    all.delete(n.id)
    all.set(n.id, n)
  }
  const key = (a: string, b: string) => (a < b ? `${a}|${b}` : `${b}|${a}`)
  const lines = new Map(edges.map((e) => [key(e.from, e.to), e]))
  for (const n of near) lines.set(key(middle.id, idOf(n)), { from: middle.id, to: idOf(n), n: n.n })
  const kept = [...all.values()].slice(-most)
  const ids = new Set(kept.map((n) => n.id))
  return { nodes: kept, edges: [...lines.values()].filter((e) => ids.has(e.from) && ids.has(e.to)) }
}

/** Where the appeals of a node are listed; undefined where no list narrows to it. */
export function rowsOf(n: GraphNode, since?: string): string | undefined {
  if (n.kind === 'matter') return `/desk/appeals/${n.key}`
  if (n.kind === 'topic') return `/desk/topics/${n.key}`
  const narrow: Record<string, string> | undefined = ['item', 'unit', 'street'].includes(n.kind) ? { [n.kind]: n.key } : n.as ? { q: n.as } : undefined
  return narrow && `/desk/appeals?${new URLSearchParams({ ...narrow, ...(since ? { since } : {}) })}`
}
