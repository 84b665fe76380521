import { api, body, type Schema } from '@/api/client'
import { Problem } from '@/api/problem'

export type PlacePage = Schema['PlacePage']
export type Listed = Schema['ListedPlace']
export type Matched = Schema['MatchedAddress']
export type Batch = Schema['AddressBatch']
export type CodeAnswer = Schema['CodeAnswer']
export type AddressMatch = Schema['AddressMatch']
export type Looked = Schema['Looked']

const path = (id: string) => ({ params: { path: { id } } })
const some = (query: Record<string, string | undefined>) => ({ params: { query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) as never } })

export const listPlaces = (query: { q?: string; kind?: string; after?: string }) => body(api.GET('/api/places', some(query)))
export const getPlace = (id: string) => body(api.GET('/api/places/{id}', path(id)))
export type PlaceOrder = Schema['PlaceOrder']
export type Draft = Schema['PlaceDraft']
export type Preview = Schema['PlacePreview']
export type BuildingShape = Schema['BuildingShape']
export const changePlace = (id: string, order: PlaceOrder) => body(api.POST('/api/places/{id}/changes', { ...path(id), body: order }))
export const previewChange = (id: string, order: PlaceOrder) => body(api.POST('/api/places/{id}/preview', { ...path(id), body: order }))
export const createPlace = (entry: { place: Draft; day: string; reason: string }) => body(api.POST('/api/places', { body: entry }))
export const buildingShapes = (id: string) => body(api.GET('/api/cim/buildings/{id}/shapes', path(id)))
export const explainCode = (code: string) => body(api.GET('/api/codes/{code}', { params: { path: { code } } }))
export const purposes = () => body(api.GET('/api/place-purposes', {}))
export const look = (id: string, ask: { day: string; purpose: string; note: string }) => body(api.POST('/api/places/{id}/looks', { ...path(id), body: ask }))
export const matchAddress = (text: string) => body(api.POST('/api/addresses/match', { body: { text } }))
export const batches = () => body(api.GET('/api/addresses/batches', {}))
export const listAddresses = (query: { batch?: string; state?: string; after?: string }) => body(api.GET('/api/addresses', some(query)))
export const review = (id: string, what: { action: 'confirm' | 'correct' | 'nowhere'; object?: string; learn?: boolean }) => body(api.POST('/api/addresses/{id}/review', { ...path(id), body: what }))
export const resultOf = (id: string, format: 'csv' | 'xlsx') => `/api/addresses/batches/${id}/file?format=${format}`

/** Hands in a table of addresses. */
export async function matchTable(file: File): Promise<Batch> {
  const form = new FormData()
  form.append('file', file)
  const { data, error, response } = await api.POST('/api/addresses/batches', { body: form as never, bodySerializer: (b: unknown) => b as FormData })
  if (!response.ok) throw await Problem.of(response, error ?? {})
  return data as Batch
}
