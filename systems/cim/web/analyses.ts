import { api, body, type Schema } from '@/api/client'

export type Analysis = Schema['Analysis']
export type Input = Schema['AnalysisInput']
export type Kind = NonNullable<Analysis['kind']>
export type Feature = Schema['AnalysisFeature']
export type Chart = Schema['AnalysisChart']
export type P = [number, number]

const path = (id: string) => ({ params: { path: { id } } })

export const kinds = () => body(api.GET('/api/cim/analysis-kinds', {}))
export const analyses = (query: { kind?: string; mine?: boolean; before?: string }) => body(api.GET('/api/cim/analyses', { params: { query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) as never } }))
export const analysis = (id: string) => body(api.GET('/api/cim/analyses/{id}', path(id)))
export const begin = (kind: string, name: string, input: Input) => body(api.POST('/api/cim/analyses', { body: { kind: kind as never, name, input } }))
export const rerun = (id: string) => body(api.POST('/api/cim/analyses/{id}/rerun', path(id)))
export const stop = (id: string) => body(api.POST('/api/cim/analyses/{id}/stop', path(id)))
export const drop = (id: string) => body(api.DELETE('/api/cim/analyses/{id}', path(id)))
export const city = () => body(api.GET('/api/cim', {}))
export const exportOf = (id: string, format: 'geojson' | 'csv') => `/api/cim/analyses/${id}/export?format=${format}`

export const moving = (a: Analysis) => a.state === 'queued' || a.state === 'running'
export const shareOf = (a: Analysis) => (a.total > 0 ? Math.min(100, Math.round((100 * a.done) / a.total)) : 0)

/** What a kind is asked with: places on the map, and numbers. */
export interface Asked {
  /** What is chosen on the map, in this order. */
  places: ('at' | 'to' | 'line' | 'polygon' | 'building')[]
  /** One of these is enough. */
  either?: boolean
  numbers: { name: 'height' | 'to_height' | 'reach' | 'cell' | 'depth' | 'level' | 'limit' | 'clear' | 'width' | 'minutes' | 'hours'; of?: number; unit: string }[]
  choices?: { name: 'day' | 'class' | 'way' | 'mode'; of: string[] }[]
  when?: boolean
}

export const asked: Record<string, Asked> = {
  sight: { places: ['at', 'to'], numbers: [{ name: 'height', of: 1.6, unit: 'm' }, { name: 'to_height', of: 1.6, unit: 'm' }] },
  viewshed: { places: ['at'], numbers: [{ name: 'height', of: 1.6, unit: 'm' }, { name: 'reach', of: 500, unit: 'm' }] },
  sunlight: { places: ['building', 'polygon'], either: true, numbers: [{ name: 'hours', unit: 'h' }, { name: 'minutes', unit: 'min' }], choices: [{ name: 'day', of: ['great_cold', 'winter_solstice'] }] },
  shadow: { places: ['at', 'building'], either: true, numbers: [{ name: 'reach', of: 200, unit: 'm' }], when: true },
  skyline: { places: ['at'], numbers: [{ name: 'height', of: 1.6, unit: 'm' }, { name: 'reach', of: 2000, unit: 'm' }] },
  height_limit: { places: ['polygon'], numbers: [{ name: 'limit', of: 60, unit: 'm' }] },
  flood: { places: ['at'], numbers: [{ name: 'depth', of: 0.5, unit: 'm' }, { name: 'reach', of: 1500, unit: 'm' }] },
  excavation: { places: ['polygon'], numbers: [{ name: 'depth', of: 4, unit: 'm' }, { name: 'clear', of: 1, unit: 'm' }] },
  clearance: { places: ['line'], numbers: [{ name: 'depth', of: 1.2, unit: 'm' }, { name: 'width', of: 0.3, unit: 'm' }], choices: [{ name: 'class', of: ['JS', 'YS', 'WS', 'RQ', 'DL', 'TX', 'RL'] }] },
  trace: { places: ['at'], numbers: [], choices: [{ name: 'class', of: ['', 'JS', 'YS', 'WS'] }, { name: 'way', of: ['down', 'up', 'both'] }] },
  burst: { places: ['at'], numbers: [] },
  isochrone: { places: ['at'], numbers: [{ name: 'minutes', of: 15, unit: 'min' }], choices: [{ name: 'mode', of: ['walk', 'cycle', 'drive'] }] },
  buffer: { places: ['at', 'line', 'polygon'], either: true, numbers: [{ name: 'reach', of: 500, unit: 'm' }] },
  cameras: { places: ['at'], numbers: [{ name: 'height', of: 1.6, unit: 'm' }] },
}

/** All places of a GeoJSON geometry. */
export function placesOf(g: unknown): P[] {
  const out: P[] = []
  const walk = (c: unknown) => {
    if (!Array.isArray(c)) return
    if (typeof c[0] === 'number') out.push([c[0], c[1] as number])
    else c.forEach(walk)
  }
  walk((g as { coordinates?: unknown } | undefined)?.coordinates)
  return out
}
