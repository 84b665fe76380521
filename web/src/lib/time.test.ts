import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import '@/messages'
import { setLanguage } from '@/i18n'
import { date, dayOf, limitText, months, quietly, remaining, span, when, working } from './time'

const at = (s: string) => new Date(`${s}+08:00`).getTime()
const H = 3_600_000

beforeEach(() => setLanguage('zh'))

describe('span', () => {
  it.each([
    [0, '不到 1 分钟'],
    [59_000, '不到 1 分钟'],
    [60_000, '1 分钟'],
    [H - 1, '59 分钟'],
    [H, '1 小时'],
    [2 * H + 30 * 60_000, '2 小时 30 分钟'],
    [10 * H + 30 * 60_000, '10 小时'],
    [24 * H, '1 天'],
    [27 * H, '1 天 3 小时'],
    [240 * H + 5 * H, '10 天'],
    [-3 * H, '3 小时'],
  ])('%i ms is %s', (n, text) => expect(span(n)).toBe(text))
  it('counts in English, one and many', () => {
    setLanguage('en')
    expect(span(24 * H)).toBe('1 day')
    expect(span(48 * H)).toBe('2 days')
  })
})

describe('remaining', () => {
  const due = at('2026-11-24T18:00:00')
  it.each([
    ['2026-11-24T09:00:00', 'calm', '剩 9 小时'],
    ['2026-11-24T10:30:00', 'soon', '剩 7 小时 30 分钟'],
    ['2026-11-24T16:00:00', 'near', '剩 2 小时'],
    ['2026-11-24T18:00:00', 'late', '超时 不到 1 分钟'],
    ['2026-11-25T18:00:00', 'late', '超时 1 天'],
  ])('at %s it is %s: %s', (now, urgency, text) => {
    const r = remaining(due, at(now))
    expect([r.urgency, r.text]).toEqual([urgency, text])
  })
  it('is near in the last fifth where the start is known', () => {
    const started = at('2026-11-14T18:00:00')
    expect(remaining(due, at('2026-11-22T17:00:00'), { started }).urgency).toBe('calm')
    expect(remaining(due, at('2026-11-22T19:00:00'), { started }).urgency).toBe('near')
  })
  it('says nothing where there is no deadline', () => expect(remaining(undefined, 0)).toEqual({ left: 0, urgency: 'none', text: '' }))
  it('counts working time where the calendar is known', () => {
    const spans = [[at('2026-11-23T09:00:00'), at('2026-11-23T18:00:00')], [at('2026-11-24T09:00:00'), at('2026-11-24T18:00:00')]] as const
    expect(remaining(due, at('2026-11-23T17:00:00'), { spans }).left).toBe(10 * H)
    expect(working(at('2026-11-24T18:00:00'), at('2026-11-23T17:00:00'), spans)).toBe(-10 * H)
  })
})

describe('days are those of the district', () => {
  it('turns at its midnight', () => {
    expect(dayOf('2026-11-23T15:59:59Z')).toBe('2026-11-23')
    expect(dayOf('2026-11-23T16:00:00Z')).toBe('2026-11-24')
  })
  it('is called today, tomorrow, or by its date, with the year when it is another', () => {
    const now = at('2026-11-24T23:30:00')
    expect(when(at('2026-11-24T00:10:00'), now)).toBe('今天 00:10')
    expect(when(at('2026-11-25T00:10:00'), now)).toBe('明天 00:10')
    expect(when(at('2026-11-23T23:59:00'), now)).toBe('昨天 23:59')
    expect(when(at('2026-12-01T18:00:00'), now)).toBe('12月1日 18:00')
    expect(date(at('2027-01-04T18:00:00'), now)).toBe('2027年1月4日')
    expect(when(undefined, now)).toBe('')
  })
})

it.each([
  ['5wd', '5 个工作日'],
  ['4wh', '4 个工作小时'],
  ['30m', '30 分钟'],
  ['2h', '2 小时'],
  ['1.5d', '1.5 天'],
  ['soon', 'soon'],
  [undefined, ''],
])('a limit of %s reads %s', (limit, text) => expect(limitText(limit)).toBe(text))

describe('months', () => {
  it('begins with the present month of the district, whatever the machine says', () => {
    expect(months(3, at('2026-11-30T23:59:00'))).toEqual(['2026-11', '2026-10', '2026-09'])
    // Eight in the evening of the day before, in Greenwich.
    expect(months(1, at('2026-12-01T04:00:00'))).toEqual(['2026-12'])
  })
  it('goes back over the turn of the year', () => {
    expect(months(4, at('2027-02-28T12:00:00'))).toEqual(['2027-02', '2027-01', '2026-12', '2026-11'])
  })
})

describe('quietly', () => {
  it('does only what came last, and nothing once its screen is gone', () => {
    vi.useFakeTimers()
    const done: string[] = []
    const scope = effectScope()
    const soon = scope.run(() => quietly(250))!
    soon(() => done.push('a'))
    vi.advanceTimersByTime(200)
    soon(() => done.push('b'))
    vi.advanceTimersByTime(249)
    expect(done).toEqual([])
    vi.advanceTimersByTime(1)
    expect(done).toEqual(['b'])
    soon(() => done.push('c'))
    scope.stop()
    vi.advanceTimersByTime(500)
    expect(done).toEqual(['b'])
    vi.useRealTimers()
  })
})
