import { api, body, type Schema } from '@/api/client'

export type Desk = Schema['CitywideDesk']
export type BagHead = Schema['BagHead']
export type Bag = Schema['BagView']
export type BagAct = Schema['BagAct']
export type Waiting = Schema['WaitingPapers']
export type Papers = Schema['CasePapers']
export type Parcel = Schema['ParcelView']
export type Parcels = Schema['ParcelDesk']
export type Region = Schema['RegionHead']
export type Pair = Schema['Pair']
export type Agreement = Schema['Agreement']
export type Flaw = Schema['AgreementFlaw']
export type Errand = Schema['Errand']
export type Week = Schema['CitywideWeek']
export type WeekRow = Schema['WeekRow']
export type Assist = Schema['Assist']
export type Piece = Schema['PieceSaid']

const path = (id: string) => ({ params: { path: { id } } })
const asked = (query: Record<string, string | undefined>) => ({ params: { query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) as never } })

export const citywideDesk = () => body(api.GET('/api/services/citywide-desk', {}))
export const collect = (id: string, said: Schema['Collection']) => body(api.POST('/api/services/applications/{id}/collection', { ...path(id), body: said }))
export const packBag = (to: string, cases: string[]) => body(api.POST('/api/services/bags', { body: { to, cases } }))
export const findBag = (no: string) => body(api.GET('/api/services/bag-of', { params: { query: { no } } }))
export const getBag = (id: string) => body(api.GET('/api/services/bags/{id}', path(id)))
export const actOnBag = (id: string, act: BagAct) => body(api.POST('/api/services/bags/{id}/actions', { ...path(id), body: act }))
export const settle = (id: string, difference: string, way: string, note: string) => body(api.POST('/api/services/bags/{id}/differences/{difference}', { params: { path: { id, difference } }, body: { way: way as never, note } }))
export const whereabouts = (id: string) => body(api.GET('/api/services/cases/{id}/whereabouts', path(id)))

export const mail = (id: string, version: number, pieces: Piece[]) => body(api.POST('/api/services/applications/{id}/mailing', { ...path(id), body: { version, pieces } }))
export const sendFromRegion = (id: string, said: Schema['RegionSending']) => body(api.POST('/api/services/applications/{id}/region-sending', { ...path(id), body: said }))
export const reconcileParcels = (day: string) => body(api.POST('/api/services/courier-days/{day}', { params: { path: { day } } }))
export const label = (id: string, address = '', grams = 0) => body(api.POST('/api/services/cases/{id}/label', { ...path(id), body: { address, grams } }))
export const parcels = () => body(api.GET('/api/services/parcels', {}))
export const scanParcel = (waybill: string) => body(api.POST('/api/services/parcels', { body: { waybill } }))
export const matchParcel = (id: string, no: string) => body(api.POST('/api/services/parcels/{id}/match', { ...path(id), body: { no } }))
export const compareParcel = (id: string, found: string[], extra: string) => body(api.POST('/api/services/parcels/{id}/contents', { ...path(id), body: { found, extra } }))
export const choose = (id: string, choice: 'rest' | 'give_back' | 'go_on') => body(api.POST('/api/services/parcels/{id}/choice', { ...path(id), body: { choice } }))

export const listRegions = () => body(api.GET('/api/services/regions', {}))
export const crossRegion = (q: string, region: string, direction: string) => body(api.GET('/api/services/cross-region', asked({ q, region, direction })))
export const listAgreements = () => body(api.GET('/api/services/agreements', {}))
export const listPairs = (id: string, q: string) => body(api.GET('/api/services/agreements/{id}/pairs', { params: { path: { id }, query: q ? { q } : {} } }))
export const changeAgreement = (id: string, said: Schema['AgreementChange']) => body(api.PUT('/api/services/agreements/{id}', { ...path(id), body: said }))
export const importAgreements = (csv: string) => body(api.POST('/api/services/agreement-imports', { body: { csv } }))
export const flaws = () => body(api.GET('/api/services/agreement-flaws', {}))
export const listErrands = () => body(api.GET('/api/services/errands', {}))
export const takeErrand = (said: Schema['NewErrand']) => body(api.POST('/api/services/errands', { body: said }))
export const actOnErrand = (id: string, version: number, action: string, form: Record<string, unknown>) => body(api.POST('/api/services/errands/{id}/actions', { ...path(id), body: { action, version, form } }))

export const week = (day: string, by: string) => body(api.GET('/api/services/citywide-week', asked({ week: day, by })))
export const weekRows = (day: string, by: string, key: string) => body(api.GET('/api/services/citywide-week/rows', { params: { query: { week: day, by: by as never, key } } }))

export const openAssist = (id: string) => body(api.POST('/api/services/applications/{id}/assistance', path(id)))
export const assistOf = (id: string) => body(api.GET('/api/services/applications/{id}/assistance', path(id)))
export const joinAssist = (code: string) => body(api.POST('/api/services/assistance', { body: { code } }))
export const getAssist = (id: string) => body(api.GET('/api/services/assistance/{id}', path(id)))
export const typeAssist = (id: string, version: number, situation: Record<string, unknown>, values: Record<string, unknown>) => body(api.POST('/api/services/assistance/{id}/answers', { ...path(id), body: { version, situation, values } }))
export const confirmAssist = (id: string, version: number) => body(api.POST('/api/services/assistance/{id}/confirmation', { ...path(id), body: { version } }))
export const endAssist = (id: string) => body(api.DELETE('/api/services/assistance/{id}', path(id)))
export const packRegionBag = (region: string, errands: string[]) => body(api.POST('/api/services/region-bags', { body: { region, errands } }))
export const newSignCode = () => body(api.POST('/api/services/sign-codes', {}))
