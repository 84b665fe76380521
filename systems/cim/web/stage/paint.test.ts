import { describe, expect, it } from 'vitest'
import { gather } from './gather'
import { histogram, legend } from './paint'

describe('a legend', () => {
  it('of names has the most frequent first, and one colour for all beyond eight', () => {
    const values = 'abcdefghij'.split('').flatMap((c, i) => Array.from({ length: 20 - i }, () => c))
    const l = legend('category', values)
    expect(l.steps).toHaveLength(8)
    expect(l.steps[0]).toMatchObject({ key: 'a', count: 20 })
    expect(l.steps[7]).toMatchObject({ key: '', count: 13 + 12 + 11 })
    expect(l.colourOf('a')).toBe(l.steps[0]!.colour)
    expect(l.colourOf('j')).toBe(l.steps[7]!.colour)
  })
  it('keeps the colours of states', () => expect(legend('category', ['vacant', 'in_use', 'in_use']).colourOf('vacant')).toBe('#e69f00'))
  it('of numbers has round steps that count each value once', () => {
    const values = Array.from({ length: 100 }, (_, i) => i)
    const l = legend('number', values)
    expect(l.steps.length).toBeLessThanOrEqual(7)
    expect(l.steps.reduce((n, s) => n + s.count, 0)).toBe(100)
    expect(l.steps[0]!.from).toBe(0)
    for (const s of l.steps) expect(s.from! % 20).toBe(0)
    for (const v of values) expect(l.colourOf(v)).toBe(l.steps.find((s) => v >= s.from! && (s.to === undefined || v < s.to))!.colour)
  })
  it('lets a few that stand far out share the last step', () => {
    const l = legend('number', [...Array.from({ length: 99 }, (_, i) => i % 10), 10_000])
    expect(l.steps.at(-1)!.to).toBeUndefined()
    expect(l.steps[0]!.to).toBeLessThanOrEqual(5)
  })
  it('of shares goes from nothing to all', () => {
    const l = legend('share', [0, 0.1, 1])
    expect(l.steps[0]!.from).toBe(0)
    expect(l.steps.at(-1)!.to).toBe(1)
  })
  it('stands without values, and with one', () => {
    expect(legend('number', []).steps).toEqual([])
    expect(legend('number', [5]).steps).toHaveLength(1)
    expect(legend('category', []).colourOf('x')).toMatch(/^#/)
  })
})

describe('a histogram', () => {
  it('counts each value once, the highest too', () => {
    const bins = histogram([0, 1, 2, 3, 4, 10], 5)
    expect(bins.map((b) => b.count)).toEqual([2, 2, 1, 0, 1])
  })
  it('of one value is one bin, of none none', () => {
    expect(histogram([3, 3])).toEqual([{ from: 3, to: 3, count: 2 }])
    expect(histogram([NaN])).toEqual([])
  })
})

describe('points gathered', () => {
  const box = { west: 0, south: 0, east: 10, north: 10 }
  it('are one where they lie close, themselves where alone, and absent outside', () => {
    const got = gather([{ id: 'a', lon: 1, lat: 1 }, { id: 'b', lon: 1.2, lat: 1.2 }, { id: 'c', lon: 9, lat: 9 }, { id: 'd', lon: 11, lat: 1 }], box, 4)
    expect(got).toEqual([{ lon: 1.1, lat: 1.1, count: 2 }, { lon: 9, lat: 9, count: 1, id: 'c' }])
  })
})
