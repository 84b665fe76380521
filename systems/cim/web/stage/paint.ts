// How values become colours: a legend of at most eight steps or names, and a histogram.
export type Kind = 'category' | 'number' | 'share'
export type Value = string | number

export interface Step {
  /** Of a category its name; of a step its lower bound. */
  key: string
  colour: string
  count: number
  from?: number
  to?: number
}

/** Told apart by those who see few colours too (Okabe and Ito, then two more). */
const names = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#b8a800', '#7a6fd0']
const others = '#8a94a0'
const steps = ['#fef0c7', '#fdd28a', '#fba75b', '#ef7a4b', '#d44c4a', '#a32a56', '#6b1d5a']
/** The states of a unit, as its sheet shows them. */
export const stateColours: Record<string, string> = { in_use: '#0a9a6c', vacant: '#e69f00', planned: '#56b4e9', rising: '#7a6fd0', closed: '#8a94a0', retired: '#b92722' }

export interface Legend {
  steps: Step[]
  colourOf: (v: Value) => string
}

/** A round number below the seventh part of a span: 1, 2 or 5 times a power of ten. */
function round(span: number, parts: number) {
  const raw = span / parts
  const ten = 10 ** Math.floor(Math.log10(raw))
  return ([1, 2, 5, 10].find((m) => m * ten >= raw * 0.999) ?? 10) * ten
}

export function legend(kind: Kind, values: Value[]): Legend {
  if (kind === 'category') {
    const counts = new Map<string, number>()
    for (const v of values) counts.set(String(v), (counts.get(String(v)) ?? 0) + 1)
    const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    const shown = ordered.length > names.length ? ordered.slice(0, names.length - 1) : ordered
    const list: Step[] = shown.map(([key, count], i) => ({ key, count, colour: stateColours[key] ?? names[i]! }))
    const rest = ordered.slice(shown.length).reduce((n, [, c]) => n + c, 0)
    if (rest) list.push({ key: '', count: rest, colour: others })
    const of = new Map(list.map((s) => [s.key, s.colour]))
    return { steps: list, colourOf: (v) => of.get(String(v)) ?? others }
  }
  const numbers = values.map(Number).filter(Number.isFinite)
  if (!numbers.length) return { steps: [], colourOf: () => others }
  const sorted = numbers.sort((a, b) => a - b)
  // A few that stand far out must not make all others one colour.
  const low = kind === 'share' ? 0 : sorted[0]!
  const high = kind === 'share' ? 1 : sorted[Math.floor((sorted.length - 1) * 0.98)]!
  const whole = numbers.every(Number.isInteger)
  let size = high > low ? round(high - low, steps.length) : 1
  if (whole && size < 1) size = 1
  const begin = Math.floor(low / size) * size
  const n = Math.max(1, Math.min(steps.length, Math.ceil((high - begin + (high % size === 0 ? size * 1e-6 : 0)) / size)))
  const at = (v: number) => Math.max(0, Math.min(n - 1, Math.floor((v - begin) / size + 1e-9)))
  const colour = (i: number) => steps[n === 1 ? 3 : Math.round((i * (steps.length - 1)) / (n - 1))]!
  const list: Step[] = Array.from({ length: n }, (_, i) => ({ key: String(i), colour: colour(i), count: 0, from: tidy(begin + i * size), to: tidy(begin + (i + 1) * size) }))
  for (const v of numbers) list[at(v)]!.count++
  if (sorted.at(-1)! > list[n - 1]!.to!) delete list[n - 1]!.to
  return { steps: list, colourOf: (v) => colour(at(Number(v))) }
}

const tidy = (n: number) => Number(n.toPrecision(10))

export interface Bin {
  from: number
  to: number
  count: number
}

/** How many values lie in each of `parts` equal parts of their span. */
export function histogram(values: number[], parts = 24): Bin[] {
  const all = values.filter(Number.isFinite)
  if (!all.length) return []
  let low = Infinity
  let high = -Infinity
  for (const v of all) ((low = Math.min(low, v)), (high = Math.max(high, v)))
  if (low === high) return [{ from: low, to: high, count: all.length }]
  const size = (high - low) / parts
  const bins = Array.from({ length: parts }, (_, i) => ({ from: low + i * size, to: low + (i + 1) * size, count: 0 }))
  for (const v of all) bins[Math.min(parts - 1, Math.floor((v - low) / size))]!.count++
  return bins
}

/** The pipes' colours (CJJ/T 157 follows the usual ones): water blue, rain green-blue, sewage brown. */
export const pipeColours: Record<string, string> = { JS: '#2f7ff0', YS: '#17a2a2', WS: '#a8743a' }
export const useColours: Record<string, string> = { village: '#dcb894', estate: '#e9d3ae', dormitory: '#d9c6c9', factory: '#aab8c8', office: '#9fc6da', school: '#c8d6a4', green: '#b7d3b2', flat: '#ecd9b8', shop: '#e6b3a0', classroom: '#cfdcae', parking: '#b9bec4' }
