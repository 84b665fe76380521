// What the screens of halls share: what is heard at once, and how times are said.
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { t } from '@/i18n'
import { recall, remember } from '@/lib/storage'
import type { Schema } from '@/api/client'

/** What is told at once of a hall; it comes by the stream, which OpenAPI does not describe. */
export interface Told {
  ticket: string
  hall: string
  state: Schema['Ticket']['state']
  action: string
  no?: string
  name?: string
  window?: string
  calls?: number
  at: string
}
export type Board = Schema['HallBoard']
export type Desk = Schema['WindowDesk']
export type Mine = Schema['MyTicket']
export type DeskTicket = Schema['DeskTicket']

/** Calls back at each thing that happens in a hall, and when anything may have been missed. Says whether the hall is heard. */
export function useHall(code: Ref<string>, heard: (told: Told | undefined) => void): Ref<boolean> {
  const on = ref(false)
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = 1000
  function close() {
    clearTimeout(timer)
    source?.close()
    on.value = false
  }
  function open() {
    close()
    if (!code.value) return
    source = new EventSource(`/api/halls/${encodeURIComponent(code.value)}/live`)
    source.addEventListener('ready', () => {
      on.value = true
      wait = 1000
      heard(undefined)
    })
    source.addEventListener('told', (e) => heard(JSON.parse((e as MessageEvent<string>).data) as Told))
    source.addEventListener('reset', () => heard(undefined))
    source.addEventListener('error', () => {
      close()
      timer = setTimeout(open, wait)
      wait = Math.min(wait * 2, 30_000)
    })
  }
  watch(code, open, { immediate: true })
  onScopeDispose(close)
  return on
}

/** One call at a time, and one more after it when asked meanwhile. */
export function gathered(work: () => Promise<unknown>): () => void {
  let running = false
  let again = false
  return function ask() {
    if (running) {
      again = true
      return
    }
    running = true
    void work()
      .catch(() => undefined)
      .finally(() => {
        running = false
        if (again) {
          again = false
          ask()
        }
      })
  }
}

/** "约 12 分钟", "不到 1 分钟". */
export function minutes(seconds: number): string {
  return seconds < 60 ? t('halls.under_a_minute') : t('halls.minutes', { n: Math.round(seconds / 60) })
}

/** "5–20 分钟": the band of an estimate. */
export function band(e: Schema['Estimate']): string {
  const [low, high] = [Math.floor(e.low / 60), Math.ceil(e.high / 60)]
  return t('halls.band', { low, high: Math.max(high, low + 1) })
}

/** The hall that this browser was at last. */
export const lastHall = ref(recall<string>('hall') ?? '')
watch(lastHall, (h) => remember('hall', h))

/** Reads a number aloud as the hall's loudspeaker would. */
export function speak(text: string, lang: string) {
  if (typeof speechSynthesis === 'undefined') return
  const u = new SpeechSynthesisUtterance(text)
  u.lang = lang
  u.rate = 0.95
  speechSynthesis.speak(u)
}

/** "A012" as one says it: digit by digit. */
export const spelled = (no: string) => [...no].join(' ')
