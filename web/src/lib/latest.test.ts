import { describe, expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import { useLatest } from './latest'

/** Answers that come when they are told to. */
function asked<T>() {
  const open: { yes: (v: T) => void; no: (e: unknown) => void }[] = []
  return { ask: () => new Promise<T>((yes, no) => open.push({ yes, no })), open }
}

describe('the latest of a thing', () => {
  it('takes the answer to the last reading, whichever comes first', async () => {
    const { ask, open } = asked<string>()
    const it = useLatest(ask)
    const both = [it.load(), it.load()]
    open[1]!.yes('new')
    open[0]!.yes('old')
    await Promise.all(both)
    expect(it.value.value).toBe('new')
  })
  it('takes no answer about what is not shown any more', async () => {
    const { ask, open } = asked<string>()
    const it = useLatest(ask)
    const did = it.act(ask)
    it.clear()
    const read = it.load()
    open[1]!.yes('second')
    await read
    open[0]!.yes('first')
    expect(await did).toBe(false)
    expect(it.value.value).toBe('second')
  })
  it('keeps a late failure to itself', async () => {
    const { ask, open } = asked<string>()
    const it = useLatest(ask)
    const both = [it.load(), it.load()]
    open[1]!.yes('there')
    open[0]!.no(new Problem(500, 'internal', ''))
    await Promise.all(both)
    expect(it.problem.value).toBeUndefined()
  })
  it('reads again when what overtook a reading fails', async () => {
    const { ask, open } = asked<string>()
    const it = useLatest(ask)
    void it.load()
    const did = it.act(ask)
    open[1]!.no(new Problem(409, 'conflict', ''))
    await expect(did).rejects.toThrow()
    open[0]!.yes('before')
    open[2]!.yes('after')
    await new Promise((r) => setTimeout(r))
    expect(it.value.value).toBe('after')
  })
})
