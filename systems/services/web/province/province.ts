import { api, body, type Schema } from '@/api/client'

export type Standing = Schema['ProvinceStanding']
export type Rejected = Schema['Rejected']
export type Row = Schema['RejectedRow']
export type Day = Schema['ProvinceDay']

const some = (query: Record<string, string | undefined>) => ({ params: { query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) as never } })
export const standing = () => body(api.GET('/api/services/province', {}))
export const rejects = (query: { state?: string; err_type?: string; unit?: string; before?: string }) => body(api.GET('/api/services/province/rejects', some(query)))
export const reject = (id: string) => body(api.GET('/api/services/province/rejects/{id}', { params: { path: { id } } }))
export const actOnReject = (id: string, act: 'resend' | 'mark', reason: string) => body(api.POST('/api/services/province/rejects/{id}/actions', { params: { path: { id } }, body: { act, reason } }))
export const resendAll = (err_type: string, reason: string) => body(api.POST('/api/services/province/rejects/resending', { body: { err_type, reason } }))
export const compared = (day: string) => body(api.GET('/api/services/province/days/{day}', { params: { path: { day } } }))
export const compare = (day: string) => body(api.POST('/api/services/province/days/{day}', { params: { path: { day } } }))
