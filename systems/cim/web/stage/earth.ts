// Geometry of a small piece of the city, in metres about a point: good to some kilometres.
export type Point = [lon: number, lat: number]
export type Flat = [x: number, y: number]

const equator = 6378137
const flattening = 1 / 298.257223563
const rad = Math.PI / 180

/** Metres of a degree at a latitude (WGS-84). */
export function metres(lat: number) {
  const e2 = flattening * (2 - flattening)
  const s = Math.sin(lat * rad)
  const w = Math.sqrt(1 - e2 * s * s)
  return { lon: (equator * Math.cos(lat * rad) * rad) / w, lat: (equator * (1 - e2) * rad) / (w * w * w) }
}

/** Takes degrees to metres about a point, east and north, and back. */
export function plane(about: Point) {
  const m = metres(about[1])
  return {
    to: ([lon, lat]: Point): Flat => [(lon - about[0]) * m.lon, (lat - about[1]) * m.lat],
    back: ([x, y]: Flat): Point => [about[0] + x / m.lon, about[1] + y / m.lat],
  }
}

export function distance(a: Point, b: Point) {
  const [x, y] = plane([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]).to(a)
  return 2 * Math.hypot(x, y)
}

export const length = (line: Point[]) => line.slice(1).reduce((n, p, i) => n + distance(line[i]!, p), 0)

/** Square metres within a ring, closed or not. */
export function area(ring: Point[]) {
  if (ring.length < 3) return 0
  const { to } = plane(ring[0]!)
  const flat = ring.map(to)
  return Math.abs(flat.reduce((n, [x, y], i) => n + x * flat[(i + 1) % flat.length]![1] - flat[(i + 1) % flat.length]![0] * y, 0)) / 2
}

export function inside(ring: Point[], [x, y]: Point) {
  let is = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i]!
    const [bx, by] = ring[j]!
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) is = !is
  }
  return is
}

/** Whether a ring's sides cross each other. */
export function crossesItself(ring: Point[]) {
  const n = ring.length
  for (let i = 0; i < n; i++)
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue
      if (meet(ring[i]!, ring[(i + 1) % n]!, ring[j]!, ring[(j + 1) % n]!)) return true
    }
  return false
}

/** Where two segments meet: the shares of each; nothing where they do not, or are parallel. */
export function meet(a: Point, b: Point, c: Point, d: Point): [number, number] | undefined {
  const rx = b[0] - a[0]
  const ry = b[1] - a[1]
  const sx = d[0] - c[0]
  const sy = d[1] - c[1]
  const cross = rx * sy - ry * sx
  if (Math.abs(cross) < 1e-18) return
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? [t, u] : undefined
}

export const bounds = (points: Point[], margin = 0) => ({
  west: Math.min(...points.map((p) => p[0])) - margin,
  south: Math.min(...points.map((p) => p[1])) - margin,
  east: Math.max(...points.map((p) => p[0])) + margin,
  north: Math.max(...points.map((p) => p[1])) + margin,
})

/** Points of a regular grid within a ring, about `most` of them, and the square metres that each stands for. */
export function gridIn(ring: Point[], most = 400): { points: Point[]; each: number } {
  const whole = area(ring)
  if (!whole) return { points: [], each: 0 }
  const box = bounds(ring)
  const m = metres((box.south + box.north) / 2)
  const step = Math.max(0.5, Math.sqrt(whole / most))
  const points: Point[] = []
  for (let y = box.south + step / m.lat / 2; y < box.north; y += step / m.lat) for (let x = box.west + step / m.lon / 2; x < box.east; x += step / m.lon) if (inside(ring, [x, y])) points.push([x, y])
  if (!points.length) points.push(ring[0]!)
  return { points, each: whole / points.length }
}

export interface Pit {
  area: number
  /** Mean height of the ground before, and of the flat bottom, metres. */
  ground: number
  bottom: number
  /** Cubic metres taken out. Ground below the bottom is not filled. */
  volume: number
}

/** A pit with a flat bottom, so deep below the mean ground; `heights` are the ground's at the points of [gridIn]. */
export function pit(heights: number[], each: number, depth: number): Pit {
  const ground = heights.reduce((n, h) => n + h, 0) / Math.max(1, heights.length)
  const bottom = ground - depth
  return { area: each * heights.length, ground, bottom, volume: heights.reduce((n, h) => n + Math.max(0, h - bottom) * each, 0) }
}

/** A pipe between two wells, with the heights of its invert (管底); its diameter in metres. */
export interface Pipe {
  id: string
  class: string
  diameter: number
  material: string
  year: number
  from: Point
  to: Point
  low: [number, number]
}

export interface Cut {
  pipe: Pipe
  /** Metres of it within the pit. */
  length: number
  /** Height of its invert there, the lowest. */
  low: number
}

/** The shares of a segment that lie in a ring, in order. */
export function within(ring: Point[], a: Point, b: Point): [number, number][] {
  const cuts = [0, 1]
  for (let i = 0; i < ring.length; i++) {
    const m = meet(a, b, ring[i]!, ring[(i + 1) % ring.length]!)
    if (m) cuts.push(m[0])
  }
  cuts.sort((x, y) => x - y)
  const out: [number, number][] = []
  for (let i = 1; i < cuts.length; i++) {
    const [f, t] = [cuts[i - 1]!, cuts[i]!]
    const mid = (f + t) / 2
    if (t > f && inside(ring, [a[0] + (b[0] - a[0]) * mid, a[1] + (b[1] - a[1]) * mid])) out.push([f, t])
  }
  return out
}

/** The pipes that a pit cuts: those that run through it with their top above its bottom. */
export function cutBy(ring: Point[], bottom: number, pipes: Pipe[]): Cut[] {
  const out: Cut[] = []
  for (const pipe of pipes) {
    const whole = distance(pipe.from, pipe.to)
    let metresIn = 0
    let low = Infinity
    for (const [f, t] of within(ring, pipe.from, pipe.to)) {
      const at = (s: number) => pipe.low[0] + (pipe.low[1] - pipe.low[0]) * s
      // Of a pipe that dives below the bottom only the part above it is cut.
      const top = (s: number) => at(s) + pipe.diameter - bottom
      let [a, b] = [f, t]
      if (top(a) <= 0 && top(b) <= 0) continue
      const cross = top(a) === top(b) ? a : a + ((b - a) * top(a)) / (top(a) - top(b))
      if (top(a) <= 0) a = cross
      if (top(b) <= 0) b = cross
      metresIn += (b - a) * whole
      low = Math.min(low, at(a), at(b))
    }
    if (metresIn > 0) out.push({ pipe, length: metresIn, low })
  }
  return out.sort((a, b) => b.pipe.diameter - a.pipe.diameter || (a.pipe.id < b.pipe.id ? -1 : 1))
}

export interface Crossing {
  pipe: Pipe
  /** Metres along the line. */
  at: number
  low: number
}

/** The pipes that a line crosses, along it. */
export function crossings(line: Point[], pipes: Pipe[]): Crossing[] {
  const out: Crossing[] = []
  let begun = 0
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1]!, line[i]!]
    const long = distance(a, b)
    for (const pipe of pipes) {
      const m = meet(a, b, pipe.from, pipe.to)
      if (m) out.push({ pipe, at: begun + m[0] * long, low: pipe.low[0] + (pipe.low[1] - pipe.low[0]) * m[1] })
    }
    begun += long
  }
  return out.sort((a, b) => a.at - b.at)
}

/** Points along a line, the ends and corners among them, no farther than `step` metres apart. */
export function along(line: Point[], step: number): { point: Point; at: number }[] {
  const out: { point: Point; at: number }[] = []
  let begun = 0
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1]!, line[i]!]
    const long = distance(a, b)
    const n = Math.max(1, Math.ceil(long / step))
    for (let k = i === 1 ? 0 : 1; k <= n; k++) out.push({ point: [a[0] + ((b[0] - a[0]) * k) / n, a[1] + ((b[1] - a[1]) * k) / n], at: begun + (long * k) / n })
    begun += long
  }
  return out
}
