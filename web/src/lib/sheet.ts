// Sheets (申请表): which questions are asked, as a function of the answers alone. The
// server decides the same way (core/form/sheet.go); both are held to the cases of
// core/form/testdata/sheets.json.
import { Environment } from '@marcbachmann/cel-js'
import type { Schema } from '@/api/client'
import { language, t } from '@/i18n'

export type Sheet = Schema['Sheet']
export type Question = Schema['SheetNode']
export type Page = Schema['SheetPage']
export type Answers = Record<string, unknown>

const day = /^(\d{4})-(\d{2})-(\d{2})$/

/** Full years from one day to another; where a month has no such day, its last day is the day (民法典第二百零二条). */
export function years(from: string, to: string): number {
  const a = day.exec(from)
  const b = day.exec(to)
  if (!a || !b) return 0
  const last = new Date(Date.UTC(Number(b[1]), Number(a[2]), 0)).getUTCDate()
  const before = Number(b[2]) < Number(a[2]) || (b[2] === a[2] && Number(b[3]) < Math.min(Number(a[3]), last))
  return Number(b[1]) - Number(a[1]) - (before ? 1 : 0)
}

const environment = new Environment({ unlistedVariablesAreDyn: true }).registerFunction('years(string, string): int', (a: string, b: string) => BigInt(years(a, b)))
const compiled = new Map<string, (facts: Answers) => unknown>()

function holds(condition: string, facts: Answers): boolean {
  let run = compiled.get(condition)
  if (!run) compiled.set(condition, (run = environment.parse(condition)))
  return run(facts) === true
}

/** Whether this reader can read a condition at all: what the server takes and it does not would break the form in a browser. */
export function readable(condition: string): boolean {
  try {
    environment.parse(condition)
    return true
  } catch {
    return false
  }
}

/** The answers as conditions read them: what was not answered is empty. */
function facts(sheet: Sheet, values: Answers, today: string): Answers {
  const out: Answers = {}
  for (const [name, q] of Object.entries(sheet.schema.properties ?? {})) {
    const v = values[name]
    switch (q.type) {
      case 'integer':
        out[name] = BigInt(Math.trunc(Number(v) || 0))
        break
      case 'number':
        out[name] = Number(v) || 0
        break
      case 'boolean':
        out[name] = v === true
        break
      case 'array':
        out[name] = q.items?.type === 'object' ? BigInt(Array.isArray(v) ? v.length : 0) : ((v as string[]) ?? [])
        break
      default:
        out[name] = typeof v === 'string' ? v : ''
    }
  }
  return { [sheet.name || 'form']: out, today }
}

export const empty = (v: unknown) => v === undefined || v === null || (typeof v === 'string' && v.trim() === '') || (Array.isArray(v) && v.length === 0)

export interface Way {
  /** The pages that are shown, each with the questions that are asked on it. */
  pages: { page: Page; fields: string[] }[]
  asked: string[]
  /** Those that must be answered. */
  required: string[]
  /** The answers that count. */
  values: Answers
  /** Why whoever fills it in is not eligible. */
  exit?: Record<string, string>
}

/** The way through a sheet. What is hidden counts as not answered, which may hide more. */
export function way(sheet: Sheet, answers: Answers, today: string): Way {
  const values = Object.fromEntries(Object.entries(answers).filter(([name, v]) => sheet.schema.properties?.[name] && !empty(v)))
  for (;;) {
    const known = facts(sheet, values, today)
    const pages = (sheet.pages ?? [])
      .filter((p) => !p.show || holds(p.show, known))
      .map((page) => ({ page, fields: (page.fields ?? []).filter((f) => !f.show || holds(f.show, known)).map((f) => f.field) }))
      .filter((p) => p.fields.length)
    const asked = pages.flatMap((p) => p.fields)
    const hidden = Object.keys(values).filter((name) => !asked.includes(name))
    for (const name of hidden) delete values[name]
    if (hidden.length) continue
    const sound = Object.fromEntries(Object.entries(values).filter(([name, v]) => !fault(sheet.schema.properties![name]!, v)))
    const out = (sheet.exits ?? []).find((x) => holds(x.when, facts(sheet, sound, today)))
    const must = (sheet.pages ?? []).flatMap((p) => (p.fields ?? []).filter((f) => f.must && holds(f.must, facts(sheet, sound, today))).map((f) => f.field))
    return { pages, asked, required: [...(sheet.schema.required ?? []), ...must], values, ...(out && { exit: out.say }) }
  }
}

export const titleOf = (q: Question) => (language.value === 'en' && q['x-title-en']) || q.title || ''

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const usccAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

const formats: Record<string, (s: string) => boolean> = {
  date: (s) => day.test(s) && new Date(`${s}T00:00:00Z`).toISOString().startsWith(s),
  'cn-id': (s) => /^[1-8]\d{16}[\dXx]$/.test(s) && formats.date!(`${s.slice(6, 10)}-${s.slice(10, 12)}-${s.slice(12, 14)}`) && '10X98765432'[weights.reduce((sum, w, i) => sum + w * Number(s[i]), 0) % 11] === s[17]!.toUpperCase(),
  uscc: (s) => {
    if (s.length !== 18 || [...s].some((c) => !usccAlphabet.includes(c))) return false
    let sum = 0
    for (let i = 0, w = 1; i < 17; i++, w = (w * 3) % 31) sum += usccAlphabet.indexOf(s[i]!) * w
    return usccAlphabet[(31 - (sum % 31)) % 31] === s[17]
  },
  'cn-mobile': (s) => /^1[3-9]\d{9}$/.test(s),
  file: (s) => /^[\w-]{8,64}$/.test(s),
}

/** What is wrong with one answer, as a message key; '' is nothing. The server has the last word. */
export function fault(q: Question, v: unknown): string {
  if (empty(v)) return ''
  switch (q.type) {
    case 'string': {
      const s = String(v).trim()
      if (q.enum?.length && !q.enum.includes(s)) return 'no_such_option'
      if (q.minLength && [...s].length < q.minLength) return 'too_short'
      if ([...s].length > (q.maxLength ?? 2000)) return 'too_long'
      if (q.format) {
        try {
          if (!formats[q.format]?.(s)) return `not_${q.format.replace('-', '_')}`
        } catch {
          return `not_${q.format.replace('-', '_')}`
        }
      }
      return q.pattern && !new RegExp(q.pattern).test(s) ? 'invalid' : ''
    }
    case 'integer':
    case 'number':
      if (typeof v !== 'number' || (q.type === 'integer' && !Number.isInteger(v))) return 'not_a_number'
      return (q.minimum !== undefined && v < q.minimum) || (q.maximum !== undefined && v > q.maximum) ? 'out_of_range' : ''
    case 'array':
      if (!Array.isArray(v)) return 'not_a_list'
      return q.maxItems !== undefined && v.length > q.maxItems ? 'too_many_values' : ''
  }
  return ''
}

/** What is wrong on a page: by question, or list.entry.question, in the reader's language. */
export function faults(sheet: Sheet, fields: string[], answers: Answers, required = sheet.schema.required): Record<string, string> {
  const out: Record<string, string> = {}
  const say = (at: string, key: string) => key && (out[at] = t(`shell.sheet.${key}`))
  for (const name of fields) {
    const q = sheet.schema.properties![name]!
    const v = answers[name]
    if (empty(v)) {
      if (required?.includes(name)) say(name, 'required')
      continue
    }
    say(name, fault(q, v))
    if (q.type === 'array' && q.items?.type === 'object')
      for (const [i, entry] of (v as Answers[]).entries())
        for (const [inner, iq] of Object.entries(q.items.properties ?? {})) say(`${name}.${i}.${inner}`, empty(entry[inner]) ? (q.items.required?.includes(inner) ? 'required' : '') : fault(iq, entry[inner]))
  }
  return out
}

/** A title in which {question} stands for its answer. */
export const filledTitle = (text: string, sheet: Sheet, answers: Answers) => text.replace(/\{(\w+)\}/g, (_, name: string) => shown(sheet.schema.properties?.[name], answers[name]))

/** An answer as people read it. */
export function shown(q: Question | undefined, v: unknown): string {
  if (!q || empty(v)) return ''
  const option = (s: unknown) => q['x-enum']?.[String(s)]?.[language.value] ?? q['x-enum']?.[String(s)]?.zh ?? q.items?.['x-enum']?.[String(s)]?.[language.value] ?? q.items?.['x-enum']?.[String(s)]?.zh ?? String(s)
  if (q.type === 'boolean') return t(v ? 'shell.yes' : 'shell.no')
  if (Array.isArray(v)) {
    if (q.items?.type === 'object') return v.map((entry: Answers) => (q.items!['x-order'] ?? []).map((n) => shown(q.items!.properties?.[n], entry[n])).filter(Boolean).join(' ')).join('；')
    return v.map(option).join('、')
  }
  return option(v)
}
