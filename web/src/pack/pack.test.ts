import { describe, expect, it } from 'vitest'
import { format, parse } from './csv'
import { diff, near } from './diff'

describe('csv', () => {
  const text = 'code,name,note\na,"甲, 乙","说 ""好"""\n\nb,丙,"两\n行"\nc,丁,\n'
  it('reads quotes, commas, lines inside cells, and says where each row begins', () => {
    const s = parse(text)
    expect(s.head).toEqual(['code', 'name', 'note'])
    expect(s.rows.map((r) => r.cells)).toEqual([['a', '甲, 乙', '说 "好"'], ['b', '丙', '两\n行'], ['c', '丁', '']])
    expect(s.rows.map((r) => r.line)).toEqual([2, 4, 6])
  })
  it('leaves alone what is not touched, byte-order mark and line ends too', () => {
    for (const t of ['a,b\n1,2\n', '\ufeffa,b\r\n1,"2"\r\n', 'a\n']) expect(format(parse(t))).toBe(t)
    const s = parse('a,b\n"1",2\n3,4\n')
    s.rows[1] = { cells: ['3', 'x,"y"'], line: 3 }
    expect(format(s)).toBe('a,b\n"1",2\n3,"x,""y"""\n')
    expect(parse(format(s)).rows[1]!.cells).toEqual(['3', 'x,"y"'])
  })
})

describe('diff', () => {
  const made = (before: string, after: string) => diff(before, after)
  const old = (c: ReturnType<typeof diff>) => c.filter((x) => x.kind !== 'added').map((x) => x.text)
  const fresh = (c: ReturnType<typeof diff>) => c.filter((x) => x.kind !== 'removed').map((x) => x.text)
  it('holds both texts, whatever they are', () => {
    let seed = 7
    const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n
    for (let i = 0; i < 400; i++) {
      const text = () => Array.from({ length: random(12) }, () => 'abcd'[random(4)]).join('\n')
      const [a, b] = [text(), text()]
      const c = made(a, b)
      expect(old(c).join('\n'), `${JSON.stringify(a)} → ${JSON.stringify(b)}`).toBe(a)
      expect(fresh(c).join('\n'), `${JSON.stringify(a)} → ${JSON.stringify(b)}`).toBe(b)
    }
  })
  it('is small, with the right lines', () => {
    const c = made('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nfive\n6\n7\n8\n9\nten\n')
    expect(c.filter((x) => x.kind !== 'same')).toEqual([{ kind: 'removed', text: '5', line: 5 }, { kind: 'added', text: 'five', line: 5 }, { kind: 'added', text: 'ten', line: 10 }])
    expect(near(c, 1).map((g) => g.map((x) => x.text))).toEqual([['4', '5', 'five', '6'], ['9', 'ten']])
  })
})
