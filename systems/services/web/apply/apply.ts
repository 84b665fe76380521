import { api, body, type Schema } from '@/api/client'

export type Application = Schema['Application']
export type Sent = Schema['Sent']
export type Needed = Schema['NeededMaterial']

/** A form that is tried before it stands (item editors): the answers go to `run` and come back as an application. */
export interface Trial {
  handling: Schema['Handling']
  run: (a: Pick<Application, 'situation' | 'values' | 'files'> & Partial<Application>, how?: { fill?: boolean; send?: boolean }) => Promise<Application>
}

const path = (id: string) => ({ params: { path: { id } } })

export const begin = (item: string, at?: { applicant: Record<string, string>; consent: boolean }) => body(api.POST('/api/services/applications', { body: { item, ...at } }))
export const getApplication = (id: string) => body(api.GET('/api/services/applications/{id}', path(id)))
export const listDrafts = () => body(api.GET('/api/services/applications', {}))
export const autofill = (id: string, version: number) => body(api.POST('/api/services/applications/{id}/autofill', { ...path(id), body: { version, consent: true } }))
export const send = (id: string, version: number, person: boolean) => body(api.POST('/api/services/applications/{id}/sending', { ...path(id), body: { version, person } }))
export const discard = (id: string) => body(api.DELETE('/api/services/applications/{id}', path(id)))
export const save = (a: Application) => body(api.PUT('/api/services/applications/{id}', { ...path(a.id), body: { version: a.version, situation: a.situation, values: a.values, files: a.files ?? {}, promised: a.promised } }))
