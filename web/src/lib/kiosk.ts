// A self-service device's own browser: the agent beside it answers below /local/, and
// nothing of whoever stood there stays when they are gone.
import { Problem } from '@/api/problem'
import { api, type Schema } from '@/api/client'
import { letGoOf } from '@/lib/kept'
import { me } from '@/state/session'

export type KioskFace = Schema['Face']
export interface KioskStatus {
  online: boolean
  locked: boolean
  message?: string
  broken?: string
  code: string
  name: string
  place: string
  version: string
  waiting: number
  faults: string[]
  face?: KioskFace
  simulate?: boolean
}

/** What the agent says; undefined where this browser is no device's. */
export async function kioskStatus(): Promise<KioskStatus | undefined> {
  const res = await fetch('/local/status', { headers: { Accept: 'application/json' } }).catch(() => undefined)
  if (!res?.ok || !res.headers.get('Content-Type')?.includes('json')) return undefined
  return (await res.json()) as KioskStatus
}

/** Asks something of the machine. */
export async function machine<T>(what: string, body: unknown = {}): Promise<T> {
  let res: Response
  try {
    res = await fetch(`/local/${what}`, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify(body) })
  } catch {
    throw Problem.offline()
  }
  if (!res.ok) throw await Problem.of(res)
  return (await res.json()) as T
}

/** Ends the session and forgets all that whoever stood here wrote. */
export async function wipe() {
  // The agent forgets the session at once, also while the line is down, and ends it when it can.
  await machine('wipe').catch(() => api.POST('/api/sign-out').catch(() => undefined))
  me.value = null
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('shanzhi.') && !key.startsWith('shanzhi.kiosk')) localStorage.removeItem(key)
    sessionStorage.clear()
  } catch {
    // nothing was remembered
  }
  await letGoOf('').catch(() => undefined)
}
