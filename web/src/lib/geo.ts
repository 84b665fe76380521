// The district's own outlines, and just enough geometry to draw and ask them.
// All coordinates are WGS-84.
import { call } from '@/api/client'

export type Point = { lon: number; lat: number }
export type Ring = [number, number][]
/** The rings of one area: outer rings and holes together, filled even-odd. */
export interface Area {
  code: string
  name: string
  level: string
  parent?: string
  rings: Ring[]
}

interface Feature {
  properties: Record<string, string>
  geometry: { type: 'Polygon'; coordinates: Ring[] } | { type: 'MultiPolygon'; coordinates: Ring[][] } | null
}

export type Layer = 'boundary' | 'streets' | 'communities'

const layers = new Map<Layer, Promise<Area[]>>()

/** One layer of the base map; a failed reading is tried again at the next call. */
export function areas(layer: Layer): Promise<Area[]> {
  let got = layers.get(layer)
  if (!got) {
    got = call<{ features: Feature[] }>(`/api/map/${layer}.geojson`).then((c) => c.features.flatMap(area))
    got.catch(() => layers.delete(layer))
    layers.set(layer, got)
  }
  return got
}

function area(f: Feature): Area[] {
  if (!f.geometry) return []
  const rings = f.geometry.type === 'Polygon' ? f.geometry.coordinates : f.geometry.coordinates.flat()
  const p = f.properties
  return [{ code: p.code ?? '', name: p.name ?? '', level: p.level ?? '', ...(p.parent ? { parent: p.parent } : {}), rings }]
}

/** Whether a point lies in an area, by the even-odd rule. */
export function inside(p: Point, a: Area): boolean {
  let within = false
  for (const ring of a.rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i]!
      const [xj, yj] = ring[j]!
      if (yi > p.lat !== yj > p.lat && p.lon < ((xj - xi) * (p.lat - yi)) / (yj - yi) + xi) within = !within
    }
  }
  return within
}

const EARTH = 6_371_008.8
const rad = Math.PI / 180

/** Metres between two points, on the sphere. */
export function metres(a: Point, b: Point): number {
  const h = Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(h)))
}

/**
 * A plane for drawing: metres east and south of a centre. Over a district the
 * error is far below a pixel.
 */
export class Plane {
  private readonly kx: number
  private readonly ky = EARTH * rad

  constructor(readonly centre: Point) {
    this.kx = EARTH * rad * Math.cos(centre.lat * rad)
  }

  to(p: Point): { x: number; y: number } {
    return { x: (p.lon - this.centre.lon) * this.kx, y: (this.centre.lat - p.lat) * this.ky }
  }

  from(x: number, y: number): Point {
    return { lon: this.centre.lon + x / this.kx, lat: this.centre.lat - y / this.ky }
  }

  path(a: Area): string {
    return a.rings
      .map(
        (ring) =>
          'M' +
          ring
            .map(([lon, lat]) => {
              const q = this.to({ lon, lat })
              return `${Math.round(q.x)} ${Math.round(q.y)}`
            })
            .join('L') +
          'Z',
      )
      .join('')
  }
}

export interface Box {
  west: number
  south: number
  east: number
  north: number
}

export function bounds(list: Area[]): Box | undefined {
  let box: Box | undefined
  for (const a of list)
    for (const ring of a.rings)
      for (const [lon, lat] of ring) {
        box ??= { west: lon, east: lon, south: lat, north: lat }
        box.west = Math.min(box.west, lon)
        box.east = Math.max(box.east, lon)
        box.south = Math.min(box.south, lat)
        box.north = Math.max(box.north, lat)
      }
  return box
}

/** A point to write a name at: the mean of the largest ring's box and its vertices. */
export function labelAt(a: Area): Point {
  let best: Ring = a.rings[0] ?? []
  let size = -1
  for (const ring of a.rings) {
    let s = 0
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) s += ring[j]![0] * ring[i]![1] - ring[i]![0] * ring[j]![1]
    if (Math.abs(s) > size) [best, size] = [ring, Math.abs(s)]
  }
  let [x, y, twice] = [0, 0, 0]
  for (let i = 0, j = best.length - 1; i < best.length; j = i++) {
    const cross = best[j]![0] * best[i]![1] - best[i]![0] * best[j]![1]
    x += (best[j]![0] + best[i]![0]) * cross
    y += (best[j]![1] + best[i]![1]) * cross
    twice += cross
  }
  if (!twice) return { lon: best[0]?.[0] ?? 0, lat: best[0]?.[1] ?? 0 }
  return { lon: x / (3 * twice), lat: y / (3 * twice) }
}
