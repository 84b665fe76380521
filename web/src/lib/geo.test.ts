import { describe, expect, it } from 'vitest'
import { bounds, inside, labelAt, metres, Plane, type Area } from './geo'

const square = (w: number, s: number, e: number, n: number): [number, number][] => [[w, s], [e, s], [e, n], [w, n], [w, s]]
const area: Area = { code: 'x', name: 'x', level: 'street', rings: [square(113.8, 22.5, 113.9, 22.6), square(113.84, 22.54, 113.86, 22.56)] }

describe('geometry', () => {
  it('knows inside, outside and holes', () => {
    expect(inside({ lon: 113.81, lat: 22.51 }, area)).toBe(true)
    expect(inside({ lon: 113.85, lat: 22.55 }, area)).toBe(false)
    expect(inside({ lon: 113.95, lat: 22.55 }, area)).toBe(false)
  })
  it('measures a degree of latitude', () => expect(metres({ lon: 113.9, lat: 22 }, { lon: 113.9, lat: 23 })).toBeCloseTo(111_195, -1))
  it('comes back from the plane', () => {
    const p = new Plane({ lon: 113.9, lat: 22.6 })
    const q = p.to({ lon: 113.95, lat: 22.55 })
    const back = p.from(q.x, q.y)
    expect(back.lon).toBeCloseTo(113.95, 9)
    expect(back.lat).toBeCloseTo(22.55, 9)
    expect(q.y).toBeGreaterThan(0) // south is down
  })
  it('writes a name in the middle of the largest ring', () => {
    const l = labelAt(area)
    expect(l.lon).toBeCloseTo(113.85, 6)
    expect(l.lat).toBeCloseTo(22.55, 6)
    expect(bounds([area])).toEqual({ west: 113.8, south: 22.5, east: 113.9, north: 22.6 })
  })
})
