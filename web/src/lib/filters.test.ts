import { describe, expect, it } from 'vitest'
import { active, fromQuery, toQuery } from './filters'

const spec = { q: 'text', state: 'list', late: 'flag' } as const

describe('filters', () => {
  it.each([
    [{}, {}],
    [{ q: '路灯', state: 'handling,signing', late: 'true' }, { q: '路灯', state: ['handling', 'signing'], late: true }],
    [{ late: 'false' }, { late: false }],
    [{ late: 'perhaps', q: '', other: 'x' }, {}],
    [{ state: ['a,b', 'b'] }, { state: ['a', 'b'] }],
  ])('%j reads as %j', (query, filter) => expect(fromQuery(spec, query)).toEqual(filter))

  it('is the same after a way through the address', () => {
    const f = { q: 'a&b=c', state: ['x', 'y'], late: false }
    expect(fromQuery(spec, toQuery(spec, f) as Record<string, string>)).toEqual(f)
    expect(active(spec, f)).toBe(3)
    expect(active(spec, { state: [], q: '' })).toBe(0)
  })
})
