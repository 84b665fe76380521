import { api, body, type Schema } from '@/api/client'
import { Problem } from '@/api/problem'

export type CheckIn = Schema['CheckIn']
export type Finding = Schema['CityFinding']
export type Plan = Schema['FindingPlan']
export type Action = 'publish' | 'refuse' | 'withdraw' | 'recheck'

const path = (id: string) => ({ path: { id } })

export const checkIns = (query: { state?: string; before?: string }) => body(api.GET('/api/city/checkins', { params: { query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) as never } }))
export const checkIn = (id: string) => body(api.GET('/api/city/checkins/{id}', { params: path(id) }))
export const findings = (id: string, query: { code?: string; severity?: string; after?: number }) => body(api.GET('/api/city/checkins/{id}/findings', { params: { ...path(id), query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) as never } }))
export const plan = (id: string, seq: number) => body(api.GET('/api/city/checkins/{id}/findings/{seq}/plan', { params: { path: { id, seq } } }))
export const decide = (id: string, what: { action: Action; version: number; reason?: string; partial?: boolean; crs?: string; heights?: string }) => body(api.POST('/api/city/checkins/{id}/decision', { params: path(id), body: what }))
export const sheet = (id: string, format: 'csv' | 'xlsx' | 'geojson', lang: string) => `/api/city/checkins/${id}/sheet?format=${format}&lang=${lang}`

/** Hands in a file with what it does not say itself. */
export async function handIn(file: File, said: Record<string, string>): Promise<CheckIn> {
  const form = new FormData()
  for (const [k, v] of Object.entries(said)) if (v) form.append(k, v)
  form.append('file', file)
  const { data, error, response } = await api.POST('/api/city/checkins', { body: form as never, bodySerializer: (b: unknown) => b as FormData })
  if (!response.ok) throw await Problem.of(response, error ?? {})
  return data as CheckIn
}

/** States that change by themselves. */
export const moving = (c: CheckIn) => ['queued', 'checking', 'publishing'].includes(c.state)
export const share = (c: CheckIn) => (c.total > 0 ? Math.min(100, Math.round((100 * c.done) / c.total)) : 0)
export const size = (n: number) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} KB` : `${(n / 1e6).toFixed(1)} MB`)
