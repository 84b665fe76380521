import { api, body, type Schema } from '@/api/client'

export type Head = Schema['ItemHead']
export type Item = Schema['ServiceItem']
export type Elements = Schema['ItemElements']
export type Life = Schema['ItemLife']
export type Change = Schema['ItemChange']
export type Piece = Schema['Piece']
export type Elsewhere = Schema['ItemElsewhere']
export type Needs = Schema['ItemNeeds']
export type Board = Schema['ItemBoard']
export type Figure = Schema['ItemFigure']
export type OnDesk = Schema['ItemOnDesk']
export type Step = 'write' | 'submit' | 'check' | 'return' | 'publish' | 'discard' | 'retire' | 'flag' | 'decline'

export const types = ['01', '05', '07', '08', '09', '10', '20']
export const flags = ['online', 'instant', 'autofill', 'integrated', 'no_meeting', 'citywide', 'cross_region', 'video', 'self_service', 'theme', 'subsidy_line'] as const

export const listItems = (query: Record<string, string | undefined>, after?: string, limit = 50) =>
  body(api.GET('/api/services/items', { params: { query: { ...Object.fromEntries(Object.entries(query).filter(([, v]) => v)), ...(after && { after }), limit } as never } }))

export type Subsidy = Schema['Subsidy']
export const listSubsidies = () => body(api.GET('/api/services/subsidies'))
export const getItem = (id: string, version?: number) => body(api.GET('/api/services/items/{id}', { params: { path: { id }, query: version ? { version } : {} } }))
export const getLife = (id: string) => body(api.GET('/api/services/items/{id}/life', { params: { path: { id } } }))
export const createItem = (elements: Elements) => body(api.POST('/api/services/items', { body: { elements: elements as never } }))
export const act = (id: string, b: { step: Step; seq: number; reason?: string; elements?: Elements; from_day?: string; flag?: Schema['ItemFlagSpan'] }) => body(api.POST('/api/services/items/{id}/actions', { params: { path: { id } }, body: b as never }))
export const compare = (id: string, from: number, to: number) => body(api.GET('/api/services/items/{id}/changes', { params: { path: { id }, query: { from, to } } }))
export const getElsewhere = (id: string) => body(api.GET('/api/services/items/{id}/elsewhere', { params: { path: { id } } }))
export const getNeeds = (id: string, situation: Record<string, unknown>) => body(api.POST('/api/services/items/{id}/needs', { params: { path: { id } }, body: { situation } }))
export const onWay = () => body(api.GET('/api/services/items-on-way'))
export const getBoard = (span: { from?: string; to?: string }) => body(api.GET('/api/services/item-figures', { params: { query: span } }))
export const getRows = (name: string, department: string, span: { from?: string; to?: string }) => body(api.GET('/api/services/item-figures/{name}/rows', { params: { path: { name }, query: { ...span, ...(department && { department }) } } }))
export const getTree = (department: string) => body(api.GET('/api/services/item-tree', { params: { query: { department } } }))

/** A law as it is cited. */
export const cite = (l: Schema['ItemLaw']) => `${l.no || l.article ? `《${l.name}》` : l.name}${l.no ? `（${l.no}）` : ''}${l.article ?? ''}`
