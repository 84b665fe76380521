import { api, body, type Schema } from '@/api/client'
import { recall, remember } from '@/lib/storage'

export type Resource = Schema['Resource']
export type ListedResource = Schema['ListedResource']
export type Board = Schema['PortalBoard']

const path = (code: string) => ({ params: { path: { code } } })

export const section = () => body(api.GET('/api/portal', {}))
export const resources = () => body(api.GET('/api/portal/resources', {}))
export const standing = () => body(api.GET('/api/portal/standing', {}))
export const put = (resource: Resource, version: number, reason: string) => body(api.PUT('/api/portal/resources/{code}', { ...path(resource.code), body: { resource, version, reason } }))
export const act = (code: string, action: 'stop' | 'start', version: number, reason: string) => body(api.POST('/api/portal/resources/{code}/actions', { ...path(code), body: { action, version, reason } }))
export const secret = (code: string, version: number) => body(api.POST('/api/portal/resources/{code}/secret', { ...path(code), body: { version } })) as Promise<{ secret: string }>
export const probeNow = () => body(api.POST('/api/portal/probes', {}))
export const pass = (code: string) => body(api.POST('/api/portal/resources/{code}/passes', path(code))) as Promise<{ url: string }>

/** What stands for this browser where nobody is signed in: made once, told to nobody else. */
function device(): string {
  let id = recall<string>('device')
  if (!id) remember('device', (id = crypto.randomUUID?.() ?? Math.random().toString(36).slice(2)))
  return id
}
/** Says that the section was opened, or left by a resource; nobody waits for it. */
export const visit = (resource?: string) => void api.POST('/api/portal/visits', { body: { device: device(), ...(resource && { resource }) } }).catch(() => undefined)
