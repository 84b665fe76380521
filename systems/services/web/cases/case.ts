import { api, body, call, type Schema } from '@/api/client'

export type Head = Schema['CaseHead']
export type Detail = Schema['CaseDetail']
export type Clock = Detail['clocks'] extends (infer C)[] | null ? C : never
export type Action = NonNullable<Detail['allowed']>[number]
export type Licence = Schema['Licence']
export type Verified = Schema['Verified']

const path = (id: string) => ({ params: { path: { id } } })

export const listCases = (query: Record<string, string | boolean | undefined>, before?: string, limit = 50) =>
  body(api.GET('/api/services/cases', { params: { query: { ...Object.fromEntries(Object.entries(query).filter(([, v]) => v)), ...(before && { before }), limit } as never } }))
export const getCase = (id: string) => body(api.GET('/api/services/cases/{id}', path(id)))
export const act = (id: string, version: number, action: string, form: Record<string, unknown> = {}) => body(api.POST('/api/services/cases/{id}/actions', { ...path(id), body: { action, version, form } }))
export const sendMaterial = (id: string, material: string, files: string[]) => body(api.PUT('/api/services/cases/{id}/materials/{material}', { params: { path: { id, material } }, body: { files } }))
export const reveal = (id: string, reason: string) => body(api.POST('/api/services/cases/{id}/reveal', { ...path(id), body: { reason } }))
export const progress = (no: string, code: string) => body(api.GET('/api/services/progress', { params: { query: { no, code } } }))
export const wallet = () => body(api.GET('/api/services/licences', {}))
export const getLicence = (id: string) => body(api.GET('/api/services/licences/{id}', path(id)))
export const verify = (token: string) => call<Verified>(`/api/services/verify/${encodeURIComponent(token)}`)

export const paperLink = (id: string, paper: string) => `/api/services/cases/${id}/papers/${paper}`
export const yuan = (fen: number) => (fen / 100).toFixed(2)
