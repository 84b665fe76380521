import { describe, expect, it } from 'vitest'
import { join, rowsOf, type GraphNode, type View } from './graph'

const node = (kind: GraphNode['kind'], key: string, n = 1): GraphNode => ({ kind, key, name: key, n, open: 0, late: 0 })
const view = (middle: GraphNode, ...neighbours: GraphNode[]): View => ({ node: middle, neighbours, newest: [] })

describe('the graph', () => {
  it('keeps what was opened and draws a line once', () => {
    const first = join([], [], view(node('enterprise', 'e'), node('unit', 'u', 3), node('item', 'i')))
    const both = join(first.nodes, first.edges, view(node('unit', 'u', 9), node('enterprise', 'e', 3), node('item', 'j')))
    expect(both.nodes.map((n) => n.id).sort()).toEqual(['enterprise:e', 'item:i', 'item:j', 'unit:u'])
    expect(both.edges).toHaveLength(3)
    expect(both.nodes.find((n) => n.id === 'unit:u')!.n).toBe(9)
  })
  it('draws a few of each kind, and never too many', () => {
    const many = Array.from({ length: 30 }, (_, i) => node('item', String(i)))
    expect(join([], [], view(node('unit', 'u'), ...many)).nodes).toHaveLength(5)
    let g = join([], [], view(node('unit', 'u0'), ...many))
    for (let i = 1; i < 60; i++) g = join(g.nodes, g.edges, view(node('unit', `u${i}`), ...many.map((n) => node('item', `${i}-${n.key}`))))
    expect(g.nodes.length).toBeLessThanOrEqual(90)
    const ids = new Set(g.nodes.map((n) => n.id))
    expect(g.edges.every((e) => ids.has(e.from) && ids.has(e.to))).toBe(true)
  })
  it('knows where the appeals are', () => {
    expect(rowsOf(node('item', '110101'), '2026-11-01')).toBe('/desk/appeals?item=110101&since=2026-11-01')
    expect(rowsOf({ ...node('enterprise', '鸿运达'), as: '鸿运达' })).toBe(`/desk/appeals?q=${encodeURIComponent('鸿运达')}`)
    expect(rowsOf(node('matter', '7'))).toBe('/desk/appeals/7')
    expect(rowsOf(node('basis', '《法》'))).toBeUndefined()
  })
})
