// A view of the city as an address: where one stands, what is picked, which layers are on.
export interface At {
  lon: number
  lat: number
  /** Metres above the zero of heights. */
  height: number
  /** Degrees: from north by east, and from level down below zero. */
  heading: number
  pitch: number
}

export interface View {
  at?: At | undefined
  /** Code of a unit (25 digits) or building (19). */
  pick?: string | undefined
  /** Those that are on; what a link does not say is as it is by default. */
  layers?: string[] | undefined
  style?: string | undefined
  /** Below the ground: how much of it is seen, 0 to 1. */
  under?: number | undefined
  flat?: boolean | undefined
}

const between = (n: number, low: number, high: number) => Number.isFinite(n) && n >= low && n <= high

/** Reads `lon,lat,height,heading,pitch`; nothing where it is no place on Earth. */
export function readAt(text: unknown): At | undefined {
  if (typeof text !== 'string') return
  const parts = text.split(',')
  const [lon, lat, height, heading, pitch] = parts.map(Number) as [number, number, number, number, number]
  if (parts.length !== 5 || parts.some((p) => !p.trim())) return
  if (!between(lon, -180, 180) || !between(lat, -90, 90) || !between(height, -2000, 5e7) || !between(heading, -360, 360) || !between(pitch, -90, 90)) return
  return { lon, lat, height, heading, pitch }
}

export const writeAt = (a: At) => [a.lon.toFixed(6), a.lat.toFixed(6), a.height.toFixed(1), a.heading.toFixed(1), a.pitch.toFixed(1)].map(Number).join(',')

export function readView(q: Record<string, unknown>): View {
  const text = (k: string, form: RegExp) => (typeof q[k] === 'string' && form.test(q[k] as string) ? (q[k] as string) : undefined)
  const under = Number(text('under', /^[\d.]+$/))
  return {
    at: readAt(q.at),
    pick: text('pick', /^(\d{19}|\d{25})$/),
    layers: typeof q.layers === 'string' ? q.layers.split(',').filter((x) => /^[a-z_-]+$/.test(x)) : undefined,
    style: text('style', /^[a-z-]{1,40}$/),
    under: between(under, 0, 1) ? under : undefined,
    flat: q.flat === '1' || undefined,
  }
}

export function writeView(v: View): Record<string, string> {
  return {
    ...(v.at && { at: writeAt(v.at) }),
    ...(v.pick && { pick: v.pick }),
    ...(v.layers && { layers: v.layers.join(',') }),
    ...(v.style && { style: v.style }),
    ...(v.under !== undefined && { under: String(v.under) }),
    ...(v.flat && { flat: '1' }),
  }
}
