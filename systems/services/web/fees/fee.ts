import { api, body } from '@/api/client'

const path = (id: string) => ({ params: { path: { id } } })
export const payBill = (id: string) => body(api.POST('/api/services/bills/{id}/payment', path(id)))
export const waiveBill = (id: string, ground: string, reason: string) => body(api.POST('/api/services/bills/{id}/waiver', { ...path(id), body: { ground, reason } }))
export const refundBill = (id: string, reason: string) => body(api.POST('/api/services/bills/{id}/refund', { ...path(id), body: { reason } }))
export const feeGrounds = () => body(api.GET('/api/services/fee-grounds', {}))
export const reconcile = (day: string) => body(api.POST('/api/services/pay-days/{day}', { params: { path: { day } } }))
