// What changes while one looks: one connection a browser, fanned out to tabs.
import { onScopeDispose, ref, watch } from 'vue'
import { me } from '@/state/session'

export interface Change {
  /** Identifier of the matter; none when changes were missed, and anything may be another. */
  key: string
  /** What happened: "appeal.dispatch". */
  subject: string
}

/** Whether changes arrive at the moment. */
export const live = ref(false)

/** Changes were missed: all that is shown may be old. A change of no matter in particular. */
const everything = '{"key":"","subject":"reset"}'

const listeners = new Set<(c: Change) => void>()
let started = false
let port: MessagePort | undefined

function heard(data: string) {
  let change: Change
  try {
    change = JSON.parse(data) as Change
  } catch {
    return
  }
  for (const f of listeners) f(change)
}

function start() {
  if (started) return
  started = true
  if (typeof SharedWorker === 'function') {
    const worker = new SharedWorker(new URL('./live.worker.ts', import.meta.url), { type: 'module', name: 'shanzhi-live' })
    port = worker.port
    port.onmessage = (m: MessageEvent<{ type: string; data?: string }>) => {
      if (m.data.type === 'change') heard(m.data.data ?? '')
      else if (m.data.type === 'reset') heard(everything)
      else live.value = m.data.type === 'open'
    }
    port.start()
    port.postMessage('here')
    setInterval(() => port?.postMessage('here'), 60_000)
    addEventListener('pagehide', () => port?.postMessage('bye'))
    addEventListener('pageshow', () => port?.postMessage('here'))
    watch(
      () => me.value?.id,
      () => port?.postMessage('again'),
    )
    return
  }
  let source: EventSource | undefined
  let wait = 1000
  const open = () => {
    source = new EventSource('/api/live')
    source.addEventListener('open', () => {
      if (wait > 1000) heard(everything)
      wait = 1000
      live.value = true
    })
    source.addEventListener('change', (e) => heard((e as MessageEvent<string>).data))
    source.addEventListener('reset', () => heard(everything))
    source.addEventListener('error', () => {
      live.value = false
      source?.close()
      setTimeout(open, wait)
      wait = Math.min(wait * 2, 60_000)
    })
  }
  open()
}

/**
 * Calls back when something that the caller may see has changed, as long as
 * the component lives. Changes that come together are told together.
 */
export function onChange(f: (changes: Change[]) => void, within = 250) {
  start()
  let waiting: Change[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const listener = (c: Change) => {
    waiting.push(c)
    timer ??= setTimeout(() => {
      timer = undefined
      const all = waiting
      waiting = []
      f(all)
    }, within)
  }
  listeners.add(listener)
  onScopeDispose(() => {
    listeners.delete(listener)
    clearTimeout(timer)
  })
}
