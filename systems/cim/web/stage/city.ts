import { api, body, type Schema } from '@/api/client'

export type CityState = Schema['CityState']
export type Tileset = Schema['TilesetState']
export type Style = Schema['Style']
export type StyleValues = Schema['StyleValues']
export type Cluster = Schema['Cluster']
export type Body = Schema['BuildingBody']
export type Solid = Schema['BuildingSolid']
export type Thing = Schema['CityThing']

export interface Box {
  west: number
  south: number
  east: number
  north: number
}

export const getCity = () => body(api.GET('/api/cim', {}))
export const tilesets = () => body(api.GET('/api/cim/tilesets', {}))
export const styles = () => body(api.GET('/api/cim/styles', {}))
export const styleValues = (name: string, box: Box) => body(api.GET('/api/cim/styles/{name}', { params: { path: { name }, query: box } }))
export const clusters = (layer: 'camera' | 'pole' | 'station', box: Box, cells = 24) => body(api.GET('/api/cim/clusters', { params: { query: { layer, ...box, cells } } }))
export const bodyOf = (id: string) => body(api.GET('/api/cim/buildings/{id}', { params: { path: { id } } }))
export const thingsAt = (lon: number, lat: number) => body(api.GET('/api/cim/things/at', { params: { query: { layer: 'building', lon, lat } } }))
export const things = (layer: Thing['layer'], box: Box, limit = 1000) => body(api.GET('/api/cim/things', { params: { query: { layer: layer as 'building', ...box, limit } } }))
/** Where the building stands that is nearest to the middle of a box. */
export async function heartOf(b: Box): Promise<[number, number] | undefined> {
  const at = { lon: (b.west + b.east) / 2, lat: (b.south + b.north) / 2 }
  const got = await body(api.GET('/api/cim/things/nearest', { params: { query: { layer: 'building', ...at, within: 5000, count: 1 } } }))
  const shape = got.items?.[0]?.shape as { coordinates?: [number, number][][] } | undefined
  return shape?.coordinates?.[0]?.[0]
}
export const pipesIn = (box: Box) => body(api.GET('/api/cim/pipes', { params: { query: { ...box, limit: 10_000 } } }))

/** What the register holds under a code now: its key and kind; nothing where it holds none. */
export async function holderOf(code: string) {
  const answer = await body(api.GET('/api/codes/{code}', { params: { path: { code } } }))
  for (const r of answer.register ?? []) for (const h of r.holdings ?? []) for (const now of h.now ?? []) return now
  return undefined
}

export type Board = Schema['Storyboard']
export const listBoards = () => body(api.GET('/api/cim/storyboards', {}))
export const dropBoard = (id: string, version: number) => body(api.DELETE('/api/cim/storyboards/{id}', { params: { path: { id }, query: { version } } }))

/** Makes a storyboard, or with its id and version changes it. */
export const saveBoard = ({ id, version, title, shared = false, shots }: { id?: string; version?: number; title: string; shared?: boolean; shots: NonNullable<Board['shots']> }) =>
  id && version ? body(api.PUT('/api/cim/storyboards/{id}', { params: { path: { id } }, body: { title, shared, shots, version } })) : body(api.POST('/api/cim/storyboards', { body: { title, shared, shots } }))
