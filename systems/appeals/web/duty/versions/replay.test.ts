import { describe, expect, it } from 'vitest'
import { add } from './replay'

const move = (from: string, to: string, count: number) => ({ from, to, count, from_name: from, to_name: to, sample: [{ id: `${from}${to}${count}` }] as never })
const part = (looked: number, moves: ReturnType<typeof move>[]) => ({ looked, same: looked - 3, moved: 1, gained: 1, lost: 1, touched_items: 2, moves })

describe('a replay in parts', () => {
  it('adds counts and keeps the newest samples', () => {
    const sum = add(add(undefined, part(10, [move('a', 'b', 1), move('', 'b', 1)])), part(20, [move('a', 'b', 5), move('b', '', 2)]))
    expect(sum).toMatchObject({ looked: 30, same: 24, moved: 2, gained: 2, lost: 2, touched_items: 2 })
    expect(sum.moves?.map((m) => [m.from, m.to, m.count])).toEqual([['a', 'b', 6], ['b', '', 2], ['', 'b', 1]])
    expect(sum.moves?.[0]?.sample?.[0]?.id).toBe('ab1')
  })
})
