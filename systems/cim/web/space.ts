import { api, body, type Schema } from '@/api/client'

export type Space = Schema['Space']
export type Stock = Schema['SpaceStock']
export type House = Schema['SpaceBuilding']
export type SpacePage = Schema['SpacePage']
export type Match = Schema['SpaceMatch']
export type Board = Schema['UpdateBoard']
export type Change = Schema['CityChange']
export type Filter = Record<string, string | number | undefined>

const some = (query: Filter) => ({ params: { query: Object.fromEntries(Object.entries(query).filter(([, v]) => v !== undefined && v !== '')) as never } })

export const spaces = (query: Filter) => body(api.GET('/api/cim/spaces', some(query)))
export const stock = (query: Filter) => body(api.GET('/api/cim/space-stock', some(query)))
export const houses = (query: Filter) => body(api.GET('/api/cim/space-buildings', some(query)))
export const space = (code: string) => body(api.GET('/api/cim/spaces/{code}', { params: { path: { code } } }))
export const board = () => body(api.GET('/api/cim/update', {}))
export const changes = () => body(api.GET('/api/cim/changes', { params: { query: { limit: 50 } } }))

/** Fen a m² and month, as yuan. */
export const yuan = (fen?: number) => (fen ? (fen / 100).toFixed(1) : '—')
export const metres2 = (n?: number) => ((n ?? 0) >= 1e4 ? `${((n ?? 0) / 1e4).toFixed(2)} 万` : Math.round(n ?? 0).toLocaleString())
export const share = (a?: number, b?: number) => (b ? `${((100 * (a ?? 0)) / b).toFixed(1)}%` : '—')
