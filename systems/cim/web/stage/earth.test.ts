import { describe, expect, it } from 'vitest'
import { along, area, crossesItself, crossings, cutBy, distance, gridIn, inside, length, meet, metres, pit, plane, within, type Pipe, type Point } from './earth'

const about: Point = [113.9, 22.57]
const { back } = plane(about)
const at = (x: number, y: number) => back([x, y])
const square = [at(0, 0), at(100, 0), at(100, 50), at(0, 50)]
const pipe = (from: Point, to: Point, low: [number, number], diameter = 0.6): Pipe => ({ id: '1', class: 'WS', diameter, material: 'HDPE', year: 2010, from, to, low })

describe('metres on the Earth', () => {
  // Of the WGS-84 ellipsoid, by Vincenty: a degree of the meridian at the equator and at 60°.
  it('are those of the ellipsoid', () => {
    expect(metres(0).lat).toBeCloseTo(110_574.28, 0)
    expect(metres(0).lon).toBeCloseTo(111_319.49, 1)
    expect(metres(60).lon).toBeCloseTo(55_800, -1)
  })
  it('make distances, lengths and areas', () => {
    expect(distance(at(0, 0), at(30, 40))).toBeCloseTo(50, 3)
    expect(length([at(0, 0), at(30, 40), at(30, 90)])).toBeCloseTo(100, 3)
    expect(area(square)).toBeCloseTo(5000, 1)
    expect(area([...square].reverse())).toBeCloseTo(5000, 1)
    expect(area(square.slice(0, 2))).toBe(0)
  })
})

describe('rings', () => {
  it('hold points, and are told when their sides cross', () => {
    expect(inside(square, at(50, 25))).toBe(true)
    expect(inside(square, at(150, 25))).toBe(false)
    expect(crossesItself(square)).toBe(false)
    expect(crossesItself([square[0]!, square[2]!, square[1]!, square[3]!])).toBe(true)
  })
  it('cut a segment where it lies in them, twice where they are hollow', () => {
    expect(within(square, at(-50, 25), at(150, 25))).toHaveLength(1)
    const u = [at(0, 0), at(100, 0), at(100, 100), at(60, 100), at(60, 40), at(40, 40), at(40, 100), at(0, 100)]
    expect(within(u, at(-10, 70), at(110, 70))).toHaveLength(2)
    expect(within(square, at(10, 10), at(20, 20))).toEqual([[0, 1]])
  })
  it('know where two segments meet', () => {
    expect(meet([0, 0], [2, 2], [0, 2], [2, 0])).toEqual([0.5, 0.5])
    expect(meet([0, 0], [1, 0], [0, 1], [1, 1])).toBeUndefined()
  })
})

describe('a pit', () => {
  it('of level ground has its area by its depth', () => {
    const grid = gridIn(square)
    const p = pit(grid.points.map(() => 12), grid.each, 6)
    expect(p.area).toBeCloseTo(5000, 1)
    expect(p.volume).toBeCloseTo(30_000, 0)
    expect(p.bottom).toBe(6)
  })
  // A slope that stays above the bottom takes out as much as level ground of its mean.
  it('of a slope has the same, below its mean', () => {
    const { to } = plane(about)
    const grid = gridIn(square, 4000)
    const p = pit(grid.points.map((x) => 10 + to(x)[0] * 0.02), grid.each, 6)
    expect(p.volume).toBeCloseTo(30_000, -1)
    expect(p.ground).toBeCloseTo(11, 1)
  })
  it('takes nothing out where the ground lies below its bottom', () => expect(pit([0, 10], 1, 1).volume).toBe(6))
  it('cuts the pipes in it that lie above its bottom', () => {
    const through = cutBy(square, 6, [pipe(at(-50, 25), at(150, 25), [8, 8])])
    expect(through[0]!.length).toBeCloseTo(100, 2)
    expect(cutBy(square, 6, [pipe(at(-50, 25), at(150, 25), [5, 5])])).toEqual([]) // its top at 5.6
    expect(cutBy(square, 5.5, [pipe(at(-50, 25), at(150, 25), [5, 5])])).toHaveLength(1)
    expect(cutBy(square, 6, [pipe(at(-50, 75), at(150, 75), [8, 8])])).toEqual([])
  })
  it('cuts of a pipe that dives only what is above its bottom', () => {
    // Its top comes down from 10 to 2 over the 100 m of the pit: it is at 6 in the middle.
    const [c] = cutBy(square, 6, [pipe(at(0, 25), at(100, 25), [9.4, 1.4])])
    expect(c!.length).toBeCloseTo(50, 1)
    expect(c!.low).toBeCloseTo(5.4, 2)
  })
})

describe('a section', () => {
  it('meets the pipes along its line with their heights there', () => {
    const line = [at(0, 0), at(100, 0), at(100, 100)]
    const got = crossings(line, [pipe(at(110, 40), at(90, 40), [3, 1]), pipe(at(20, -10), at(20, 30), [4, 2]), pipe(at(200, 0), at(300, 0), [1, 1])])
    expect(got.map((c) => Math.round(c.at))).toEqual([20, 140])
    expect(got[0]!.low).toBeCloseTo(3.5, 3)
    expect(got[1]!.low).toBeCloseTo(2, 3)
  })
  it('keeps its corners among its points', () => {
    const got = along([at(0, 0), at(10, 0), at(10, 5)], 4)
    expect(got[0]!.at).toBe(0)
    expect(got.at(-1)!.at).toBeCloseTo(15, 3)
    expect(got.some((p) => Math.abs(p.at - 10) < 1e-3)).toBe(true)
    for (let i = 1; i < got.length; i++) expect(got[i]!.at - got[i - 1]!.at).toBeLessThanOrEqual(4.001)
  })
})
