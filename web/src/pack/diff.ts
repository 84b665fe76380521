// The difference of two texts, line by line.

export interface Change {
  kind: 'same' | 'removed' | 'added'
  text: string
  /** Its line, in the text before for what is removed, else in the text after. */
  line: number
}

/** The most steps that are searched before the rest is told as removed and added. */
const most = 2000

/** Lines as they change from one text to the other, all of them, in order (Myers' O(ND)). */
export function diff(before: string, after: string): Change[] {
  const lines = (s: string) => (s === '' ? [] : s.replace(/\r?\n$/, '').split(/\r?\n/))
  const [a, b] = [lines(before), lines(after)]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const [n, m] = [a.length - head - tail, b.length - head - tail]
  const out: Change[] = []
  for (let i = 0; i < head; i++) out.push({ kind: 'same', text: b[i]!, line: i + 1 })
  out.push(...middle(a.slice(head, head + n), b.slice(head, head + m)).map((c) => ({ ...c, line: c.line + head })))
  for (let i = 0; i < tail; i++) out.push({ kind: 'same', text: b[b.length - tail + i]!, line: b.length - tail + i + 1 })
  return out
}

function middle(a: string[], b: string[]): Change[] {
  const removed = (i: number): Change => ({ kind: 'removed', text: a[i]!, line: i + 1 })
  const added = (j: number): Change => ({ kind: 'added', text: b[j]!, line: j + 1 })
  const all = () => [...a.map((_, i) => removed(i)), ...b.map((_, j) => added(j))]
  let far = new Map<number, number>([[1, 0]])
  const steps: Map<number, number>[] = []
  for (let d = 0; d <= a.length + b.length; d++) {
    if (d > most) return all()
    steps.push(new Map(far))
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && (far.get(k - 1) ?? -1) < (far.get(k + 1) ?? -1)) ? far.get(k + 1)! : far.get(k - 1)! + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      far.set(k, x)
      if (x < a.length || x - k < b.length) continue
      return back(d, k)
    }
    far = new Map([...far].filter(([k]) => Math.abs(k) <= d + 1))
  }
  return []

  function back(d: number, k: number): Change[] {
    const out: Change[] = []
    let x = a.length
    for (; d >= 0; d--) {
      const reached = steps[d]!
      const down = k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1))
      const from = down ? k + 1 : k - 1
      const fromX = reached.get(from) ?? 0
      const began = down ? fromX : fromX + 1
      while (x > began && x > 0) {
        x--
        out.push({ kind: 'same', text: b[x - k]!, line: x - k + 1 })
      }
      if (d === 0) break
      out.push(down ? added(fromX - from) : removed(fromX))
      x = fromX
      k = from
    }
    return out.reverse()
  }
}

/** Only what changes, each with a few lines around it; a gap is where `line` jumps. */
export function near(changes: Change[], around = 2): Change[][] {
  const out: Change[][] = []
  let last = -1
  changes.forEach((c, i) => {
    if (c.kind === 'same') return
    const from = Math.max(i - around, last + 1)
    const to = Math.min(i + around, changes.length - 1)
    if (out.length && from <= last + 1) out.at(-1)!.push(...changes.slice(last + 1, to + 1))
    else out.push(changes.slice(from, to + 1))
    last = Math.max(last, to)
  })
  return out
}
