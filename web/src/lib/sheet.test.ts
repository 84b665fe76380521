import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fault, faults, way, years, type Question, type Sheet } from './sheet'

const book = JSON.parse(readFileSync('../core/form/testdata/sheets.json', 'utf8')) as {
  sheet: Sheet
  cases: { values: Record<string, unknown>; today: string; asked: string[]; exit?: string }[]
}

describe('sheets', () => {
  it.each(book.cases)('asks as the server does: $values', ({ values, today, asked, exit }) => {
    const w = way(book.sheet, values, today)
    expect(w.asked).toEqual(asked)
    expect(w.exit?.zh).toBe(exit)
  })

  it.each([
    ['cn-id', '11010519491231002X', ''],
    ['cn-id', '110105194912310021', 'not_cn_id'],
    ['cn-id', '110105194902300028', 'not_cn_id'],
    ['uscc', '11440306MB2D70048K', ''],
    ['uscc', '11440306MB2D70048L', 'not_uscc'],
    ['cn-mobile', '13800138000', ''],
    ['cn-mobile', '12800138000', 'not_cn_mobile'],
    ['date', '2026-02-30', 'not_date'],
  ])('%s %s: %s', (format, value, want) => expect(fault({ type: 'string', format } as Question, value)).toBe(want))

  it('names each gap on a page', () => {
    expect(Object.keys(faults(book.sheet, ['kind', 'born', 'children'], { children: [{ name: '甲' }, {}], born: '2026-13-01' }))).toEqual(['kind', 'born', 'children.1.name'])
  })

  it('counts full years as the law does', () => {
    expect(years('1944-02-29', '2024-02-28')).toBe(79)
    expect(years('1944-02-29', '2024-02-29')).toBe(80)
    expect(years('1944-02-29', '2025-02-27')).toBe(80)
    expect(years('1944-02-29', '2025-02-28')).toBe(81)
  })
})
