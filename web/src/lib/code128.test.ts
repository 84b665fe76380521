import { describe, expect, it } from 'vitest'
import { bars, symbols } from './code128'

/** Reads bars again: the widths between edges, symbol by symbol, with the check. */
function read(list: { at: number; wide: number }[]): string | undefined {
  const end = list.at(-1)!.at + list.at(-1)!.wide
  const dark = Array.from({ length: end }, (_, m) => list.some((b) => m >= b.at && m < b.at + b.wide))
  // 11 modules a symbol, 13 of the stop.
  expect((end - 13) % 11).toBe(0)
  const seen = new Map<string, number>()
  for (let v = 0; v < 95; v++) {
    const one = bars(String.fromCharCode(v + 32))
    const symbol = Array.from({ length: 11 }, (_, m) => one.some((b) => 11 + m >= b.at && 11 + m < b.at + b.wide))
    seen.set(symbol.map(Number).join(''), v)
  }
  const cells = dark.map(Number).join('')
  expect(cells.slice(-13)).toBe('1100011101011')
  let out = ''
  for (let i = 11; i < end - 24; i += 11) {
    const v = seen.get(cells.slice(i, i + 11))
    if (v === undefined) return undefined
    out += String.fromCharCode(v + 32)
  }
  return out
}

describe('Code 128', () => {
  it('reads as what was written', () => {
    for (const text of ['DL26000012K', 'EK123456785CN', 'A', 'a b~']) expect(read(bars(text))).toBe(text)
  })
  it('has the check of the standard', () => {
    // 104 + 1·48 + 2·42 + 3·42 + 4·17 + 5·18 + 6·19 + 7·35 = 879 = 8·103 + 55
    expect(symbols('PJJ123C')!.at(-2)).toBe(55)
  })
  it('takes digits in pairs', () => {
    expect(symbols('123456')).toEqual([105, 12, 34, 56, (105 + 12 + 68 + 168) % 103, 106])
    expect(symbols('12345')!.length).toBe(8)
  })
  it('refuses what it has no symbol for', () => {
    expect(symbols('')).toBeUndefined()
    expect(symbols('袋')).toBeUndefined()
    expect(bars('é')).toEqual([])
  })
})
