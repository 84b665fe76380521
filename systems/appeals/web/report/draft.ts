// What a citizen is about to report, kept on the device until it is sent: text,
// place, kind and the photos themselves (离线草稿). Sent by itself when the
// network is back, under one key, so that nothing is doubled.
import { reactive, ref, watch } from 'vue'
import { once } from '@/api/client'
import { Problem } from '@/api/problem'
import type { Point } from '@/lib/geo'
import { held, hold, letGoOf } from '@/lib/kept'
import { passing, Photos } from '@/lib/photos'
import { forget, recall } from '@/lib/storage'
import { isCitizen, me, whoAmINow } from '@/state/session'
import { fileAppeal, keep, type Filed } from '../appeal'

export type Secrecy = 'open' | 'confidential' | 'anonymous'

export interface Draft {
  text: string
  address: string
  pin?: Point
  secrecy: Secrecy
  /** Under which the same filing may be sent twice. */
  key: Record<string, string>
  /** Set once it is to be sent: by whom, and under which number. */
  waiting?: { as: string; phone?: string; since: number }
}

const name = 'appeals.draft'
const blank = (): Draft => ({ text: '', address: '', secrecy: 'open', key: once() })

export const draft = reactive<Draft>(blank())
export const photos = new Photos(`${name}.photo`)
/** Whether it was found on the device, and whether the device will keep it. */
export const restored = ref(false)
export const lasting = ref(true)
/** What it waits for, or what became of the last try. */
export const sending = reactive<{ busy: boolean; state: 'network' | 'photos' | 'report' | 'person' | 'refused'; problem?: Problem | undefined }>({ busy: false, state: 'network' })

const some = () => draft.text.trim() !== '' || draft.address.trim() !== '' || photos.items.length > 0

/** Resolves once what the device kept is here. */
export const ready: Promise<void> = (async () => {
  const old = recall<Draft>(name) // as it was kept before photos were
  forget(name)
  const was = (await held<Draft>(name)) ?? old
  await photos.restore()
  if (was && !draft.text) {
    const { text = '', address = '', secrecy = 'open', key = once(), pin, waiting } = was
    Object.assign(draft, { text, address, secrecy, key, ...(pin ? { pin } : {}), ...(waiting ? { waiting } : {}) })
  }
  restored.value = some()
  watch([draft, () => photos.items.length], store, { deep: true })
  if (some()) await store()
})()

async function store() {
  if (some()) lasting.value = await hold(name, JSON.parse(JSON.stringify(draft)))
  else await letGoOf(name)
}

/** Forgets it; resolves once the device has. */
export function clearDraft(): Promise<void> {
  Object.assign(draft, blank())
  delete draft.pin
  delete draft.waiting
  photos.clear()
  restored.value = false
  sending.problem = undefined
  return letGoOf(name)
}

/** What the last filing was answered with, for the page after it. */
export const filed = ref<(Filed & { title: string; signedIn: boolean }) | undefined>()

const who = () => (isCitizen.value && me.value ? me.value.id : '')
export const where = () => ({ ...(draft.address.trim() ? { address: draft.address.trim() } : {}), ...(draft.pin ? { lon: draft.pin.lon, lat: draft.pin.lat } : {}) })

/** Puts it down as finished: it is sent now, or when the network is back. */
export function finish(phone = '') {
  draft.waiting = { as: who(), since: Date.now(), ...(phone ? { phone } : {}) }
  sending.problem = undefined
}

/** Takes it back to be changed. */
export function takeBack() {
  delete draft.waiting
  sending.problem = undefined
}

/**
 * Sends what is finished: the photos in pieces, then the report. What stops it
 * by itself waits for the network; another's account sends nothing of it; what
 * the server refuses goes back to be changed. Reports whether it was sent.
 */
export async function sendDraft(): Promise<boolean> {
  await ready
  if (!draft.waiting || sending.busy) return false
  // Two pages of one browser do not send at once; if they did, the key makes it one report.
  const one = typeof navigator.locks === 'undefined' ? go() : navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? go() : false))
  return await one
}

async function go(): Promise<boolean> {
  sending.busy = true
  sending.problem = undefined
  try {
    sending.state = 'network'
    if (!navigator.onLine) return false
    await whoAmINow()
    if (draft.waiting!.as !== who()) {
      sending.state = 'person'
      return false
    }
    sending.state = 'photos'
    await photos.send()
    sending.state = 'report'
    const { text, secrecy, key } = draft
    const { phone } = draft.waiting!
    const answer = await fileAppeal({ text: text.trim(), secrecy, channel: 'web', ...where(), ...(photos.ids.length ? { files: photos.ids } : {}), ...(phone ? { appellant: { phone } } : {}) }, { ...key })
    const title = text.trim().length > 40 ? `${text.trim().slice(0, 40)}…` : text.trim()
    const signedIn = isCitizen.value && secrecy !== 'anonymous'
    if (!signedIn) keep({ id: answer.id, no: answer.no, code: answer.tracking, title, at: new Date().toISOString() })
    // Gone from the device before the page after it: whoever loads anew finds nothing to send.
    await clearDraft()
    filed.value = { ...answer, title, signedIn }
    return true
  } catch (e) {
    const p = Problem.from(e)
    sending.problem = p
    sending.state = passing(p) ? 'network' : 'refused'
    return false
  } finally {
    sending.busy = false
  }
}

/** Tries whenever the network comes back, and now and then while it seems to be there. */
export function watchNetwork() {
  const go = async () => {
    if (!(await sendDraft())) return
    const { router } = await import('@/router')
    if (!router.currentRoute.value.matched.some((r) => r.meta.staff)) await router.push('/filed')
  }
  addEventListener('online', () => void go())
  setInterval(() => draft.waiting && sending.state === 'network' && navigator.onLine && void go(), 20_000)
  watch(me, () => draft.waiting && sending.state === 'person' && void go())
  void go()
}
