// Points that lie close together in a view, as one (聚合): for what is told point by point.
import type { Box } from './city'

export interface Dot {
  id: string
  lon: number
  lat: number
}

export interface Gathered {
  lon: number
  lat: number
  count: number
  /** Of one that stands alone. */
  id?: string
}

export function gather(dots: Dot[], box: Box, cells = 24): Gathered[] {
  const sums = new Map<number, { lon: number; lat: number; count: number; id: string }>()
  const wide = Math.max(box.east - box.west, 1e-9)
  const tall = Math.max(box.north - box.south, 1e-9)
  for (const d of dots) {
    if (d.lon < box.west || d.lon > box.east || d.lat < box.south || d.lat > box.north) continue
    const x = Math.min(cells - 1, Math.floor(((d.lon - box.west) / wide) * cells))
    const y = Math.min(cells - 1, Math.floor(((d.lat - box.south) / tall) * cells))
    const s = sums.get(y * cells + x)
    if (s) ((s.lon += d.lon), (s.lat += d.lat), s.count++)
    else sums.set(y * cells + x, { lon: d.lon, lat: d.lat, count: 1, id: d.id })
  }
  return [...sums.values()].map((s) => ({ lon: s.lon / s.count, lat: s.lat / s.count, count: s.count, ...(s.count === 1 && { id: s.id }) }))
}
