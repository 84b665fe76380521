import { expect, it } from 'vitest'
import { isoWeek, lastDay, periodOf } from './window'

it('names the weeks of ISO 8601', () => {
  for (const [day, name, first] of [['2026-01-01', '2026-W01', '2025-12-29'], ['2027-01-03', '2026-W53', '2026-12-28'], ['2026-11-23', '2026-W48', '2026-11-23'], ['2026-11-29', '2026-W48', '2026-11-23']] as const) {
    expect(isoWeek(day)).toMatchObject({ name, first })
  }
})
it('ends months and years on their last day', () => {
  expect(periodOf('month', '2026-02-11')).toEqual({ name: '2026-02', first: '2026-02-01', last: '2026-02-28' })
  expect(periodOf('month', '2026-12-31').last).toBe('2026-12-31')
  expect(periodOf('year', '2026-02-11').last).toBe('2026-12-31')
  expect(periodOf('free', '2026-02-11', '2026-02-12').name).toBe('2026-02-11..2026-02-12')
  expect(lastDay('2026-03-01')).toBe('2026-02-28')
})
