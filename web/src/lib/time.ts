// Times as people read them, in the district's own time zone.
import { onScopeDispose, ref, type Ref } from 'vue'
import { district } from '@/state/district'
import { language, t } from '@/i18n'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export type Instant = string | number | Date

const ms = (at: Instant) => (typeof at === 'number' ? at : new Date(at).getTime())

const zone = () => district.value?.timezone ?? 'Asia/Shanghai'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(at: Instant, options: Intl.DateTimeFormatOptions): string {
  const locale = language.value === 'en' ? 'en-GB' : 'zh-CN'
  const key = locale + zone() + JSON.stringify(options)
  let f = formats.get(key)
  if (!f) formats.set(key, (f = new Intl.DateTimeFormat(locale, { timeZone: zone(), hour12: false, ...options })))
  return f.format(ms(at))
}

/** The calendar day of an instant in the district: "2026-11-24". */
export function dayOf(at: Instant): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone() }).format(ms(at))
}

/** The last `n` calendar months of the district, the present one first: "2026-11". */
export function months(n: number, now: Instant = Date.now()): string[] {
  const [year, month] = dayOf(now).split('-').map(Number)
  return Array.from({ length: n }, (_, i) => new Date(Date.UTC(year!, month! - 1 - i, 1)).toISOString().slice(0, 7))
}

export const clockOf = (at: Instant) => format(at, { hour: '2-digit', minute: '2-digit' })

/** "今天 18:00", "明天 10:00", "12月1日 18:00", "2027年1月4日 18:00". */
export function when(at?: Instant, now: Instant = Date.now()): string {
  if (!at) return ''
  const day = dayOf(at)
  const near: Record<string, string> = {
    [dayOf(ms(now) - DAY)]: t('shell.time.yesterday'),
    [dayOf(now)]: t('shell.time.today'),
    [dayOf(ms(now) + DAY)]: t('shell.time.tomorrow'),
  }
  return `${near[day] ?? date(at, now)} ${clockOf(at)}`
}

/** "12月1日", with the year when it is another than now's. */
export function date(at?: Instant, now: Instant = Date.now()): string {
  if (!at) return ''
  const same = dayOf(at).slice(0, 4) === dayOf(now).slice(0, 4)
  return format(at, { ...(same ? {} : { year: 'numeric' }), month: language.value === 'en' ? 'short' : 'long', day: 'numeric' })
}

/** The whole instant, for titles of elements: "2026/11/24 18:00:05". */
export const exact = (at?: Instant) => (at ? format(at, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }) : '')

/** "3 天 4 小时", "45 分钟": the two largest parts, never more precise than a minute. */
export function span(length: number): string {
  const n = Math.max(0, Math.abs(length))
  const [d, h, m] = [Math.floor(n / DAY), Math.floor((n % DAY) / HOUR), Math.floor((n % HOUR) / MINUTE)]
  const part = (count: number, unit: 'day' | 'hour' | 'minute') => t(`shell.time.${unit}`, { n: count }, count)
  if (d >= 10) return part(d, 'day')
  if (d > 0) return h > 0 ? `${part(d, 'day')} ${part(h, 'hour')}` : part(d, 'day')
  if (h > 0) return m > 0 && h < 10 ? `${part(h, 'hour')} ${part(m, 'minute')}` : part(h, 'hour')
  return m > 0 ? part(m, 'minute') : t('shell.time.under_a_minute')
}

/** "3 天前", "刚刚". */
export function ago(at: Instant, now: Instant = Date.now()): string {
  const n = ms(now) - ms(at)
  return n < MINUTE ? t('shell.time.just_now') : t('shell.time.ago', { span: span(n) })
}

/** How near a deadline is: what decides its colour. */
export type Urgency = 'late' | 'near' | 'soon' | 'calm' | 'none'

/** An instant that opens or closes a stretch of working time. */
export type Spans = readonly (readonly [Instant, Instant])[]

/** The working time between two instants, negative when `to` is before `from`. */
export function working(from: Instant, to: Instant, spans: Spans): number {
  const [a, b] = [ms(from), ms(to)]
  if (b < a) return -working(b, a, spans)
  let sum = 0
  for (const [open, close] of spans) sum += Math.max(0, Math.min(ms(close), b) - Math.max(ms(open), a))
  return sum
}

export interface Remaining {
  /** Milliseconds left, negative when late: working time where the spans are known. */
  left: number
  /** Of the whole time, from 0 to 1 and beyond; absent when the start is not known. */
  share?: number
  urgency: Urgency
  /** "剩 3 小时", "超时 2 天". */
  text: string
}

/**
 * How a deadline stands. With the calendar's spans it counts working time and
 * without them all time. Near is the last fifth of a limit (the ladder's first
 * reminder), or the last two hours where the start is not known.
 */
export function remaining(due: Instant | undefined, now: Instant, o: { started?: Instant; spans?: Spans } = {}): Remaining {
  if (!due) return { left: 0, urgency: 'none', text: '' }
  const between = (a: Instant, b: Instant) => (o.spans?.length ? working(a, b, o.spans) : ms(b) - ms(a))
  const late = ms(due) <= ms(now)
  const left = between(now, due)
  const whole = o.started ? between(o.started, due) : 0
  const share = whole > 0 ? 1 - left / whole : undefined
  let urgency: Urgency = 'calm'
  if (late) urgency = 'late'
  else if (share !== undefined ? share >= 0.8 : left <= 2 * HOUR) urgency = 'near'
  else if (left <= 8 * HOUR) urgency = 'soon'
  const text = t(late ? 'shell.time.late_by' : 'shell.time.left', { span: span(left || ms(due) - ms(now)) })
  return { left, urgency, text, ...(share === undefined ? {} : { share }) }
}

/** A clock for the screens, a step every `every` milliseconds. */
export function useNow(every = 15_000): Ref<number> {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), every)
  onScopeDispose(() => clearInterval(timer))
  return now
}

/** Does what it was given last once `wait` milliseconds passed without another: for what follows typing. Nothing is done after its screen is gone. */
export function quietly(wait: number): (what: () => void) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))
  return (what) => {
    clearTimeout(timer)
    timer = setTimeout(what, wait)
  }
}

/** A limit of a pack as people read it: "5wd" is five working days, "4wh" four working hours. */
export function limitText(limit?: string): string {
  const m = /^(\d+(?:\.\d+)?)(wd|wh|d|h|m)$/.exec(limit ?? '')
  if (!m) return limit ?? ''
  const unit = { wd: 'working_day', wh: 'working_hour', d: 'day', h: 'hour', m: 'minute' }[m[2]!]!
  return t(`shell.time.${unit}`, { n: m[1]! }, Number(m[1]))
}
