import { api, body, type Schema } from '@/api/client'

export type Board = Schema['SupervisionBoard']
export type Finding = Schema['Finding']
export type Detail = Schema['FindingDetail']
export type Heat = Schema['ItemHeat']
export const heatKinds = ['supplements', 'trips', 'overdue', 'withdrawn', 'refused'] as const
export type HeatKind = (typeof heatKinds)[number]

const path = (id: string) => ({ params: { path: { id } } })
export const board = () => body(api.GET('/api/services/supervision', {}))
export const findings = (query: Record<string, string | number | boolean | undefined>) => body(api.GET('/api/services/findings', { params: { query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) as never } }))
export const getFinding = (id: string) => body(api.GET('/api/services/findings/{id}', path(id)))
export const actOnFinding = (id: string, version: number, action: string, form: Record<string, unknown>) => body(api.POST('/api/services/findings/{id}/actions', { ...path(id), body: { action, version, form } }))
export const heat = (days: number) => body(api.GET('/api/services/supervision/items', { params: { query: { days } } }))
export const heatCases = (id: string, kind: HeatKind, days: number) => body(api.GET('/api/services/supervision/items/{id}/cases', { params: { path: { id }, query: { kind, days } } }))

/** How many of a trouble on a hundred cases. */
export const rate = (h: Heat, kind: HeatKind) => (h.cases ? Math.round((1000 * h[kind]) / h.cases) / 10 : 0)
