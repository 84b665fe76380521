import { describe, expect, it } from 'vitest'
import { KeysetList } from './keyset'

const row = (id: string) => ({ id })
const ids = (l: KeysetList<{ id: string }>) => l.items.map((x) => x.id).join('')

describe('a list by key', () => {
  it('reads page after page, and a row once', async () => {
    const pages: Record<string, { items: { id: string }[]; next?: string }> = { '': { items: [row('a'), row('b')], next: 'k' }, k: { items: [row('b'), row('c')] } }
    const l = new KeysetList(async (after) => pages[after ?? '']!)
    await l.reload()
    expect([ids(l), l.done]).toEqual(['ab', false])
    await l.more()
    expect([ids(l), l.done]).toEqual(['abc', true])
    await l.more()
    expect(ids(l)).toBe('abc')
  })

  it('marks what came since, but not at first', async () => {
    let items = [row('b')]
    const l = new KeysetList(async () => ({ items }))
    await l.reload()
    expect(l.fresh.size).toBe(0)
    items = [row('a'), row('b')]
    await l.reload(true)
    expect([...l.fresh]).toEqual(['a'])
  })

  it('heeds the newest question only', async () => {
    const answers: ((v: { items: { id: string }[] }) => void)[] = []
    const l = new KeysetList(() => new Promise<{ items: { id: string }[] }>((done) => answers.push(done)))
    const [first, second] = [l.reload(), l.reload()]
    answers[1]!({ items: [row('new')] })
    answers[0]!({ items: [row('old')] })
    await Promise.all([first, second])
    expect(ids(l)).toBe('new')
  })

  it('keeps what stands when reading again fails', async () => {
    let fail = false
    const l = new KeysetList(async () => {
      if (fail) throw new TypeError('Failed to fetch')
      return { items: [row('a')] }
    })
    await l.reload()
    fail = true
    await l.reload(true)
    expect([ids(l), l.problem]).toEqual(['a', undefined])
    await l.reload()
    expect([ids(l), l.problem?.code]).toEqual(['', 'offline'])
  })

  it('takes a row out and says which is next', async () => {
    const l = new KeysetList(async () => ({ items: ['a', 'b', 'c'].map(row) }))
    await l.reload()
    expect(l.drop('b')?.id).toBe('c')
    expect(l.drop('c')?.id).toBe('a')
    expect(l.drop('x')).toBeUndefined()
  })
})
