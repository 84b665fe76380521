import { api, body, type Schema } from '@/api/client'

export type Head = Schema['ItemHead']
export type Item = Schema['ServiceItem']

export const types = ['01', '05', '07', '08', '09', '10', '20']

export const listItems = (query: Record<string, string | undefined>, after?: string, limit = 50) =>
  body(api.GET('/api/services/items', { params: { query: { ...Object.fromEntries(Object.entries(query).filter(([, v]) => v)), ...(after && { after }), limit } as never } }))

export const getItem = (id: string, version?: number) => body(api.GET('/api/services/items/{id}', { params: { path: { id }, query: version ? { version } : {} } }))
