import { describe, expect, it } from 'vitest'
import { clauses, cutsFor, groups, spans } from './clauses'

const text = '您好，反映两件事：1、路灯坏了𠮷，请修理；2、油烟扰民，请查处。'

describe('clauses', () => {
  it('are the whole message, counted in characters', () => {
    const all = clauses(text)
    expect(all.map((c) => c.text).join('')).toBe(text)
    expect(all.at(-1)!.to).toBe(Array.from(text).length)
    for (const c of all) expect(Array.from(text).slice(c.from, c.to).join('')).toBe(c.text)
    expect(clauses('')).toEqual([])
  })
  it('become the parts that were proposed, and those that a person makes of them', () => {
    const all = clauses(text)
    const one = Array.from(text).indexOf('1')
    const two = Array.from(text).indexOf('2')
    const cuts = cutsFor(all, [{ from: one, to: two - 1 }, { from: two, to: Array.from(text).length }])
    let made = groups(all, cuts, [])
    expect(made.map((g) => g.text)).toEqual(['您好，反映两件事：', '1、路灯坏了𠮷，请修理；', '2、油烟扰民，请查处。'])
    made[0]!.own = false
    made[1]!.item = '120401'
    expect(spans(made)).toBe(`${one}-${two} 120401;${two}-${Array.from(text).length}`)
    cuts.add(all.at(-1)!.from)
    made = groups(all, cuts, made)
    expect(made.length).toBe(4)
    expect(made[0]!.own).toBe(false)
    expect(made[1]!.item).toBe('120401')
  })
})
