// Forms that the server describes: an action's fields, what is filled in, and
// what is wrong with it. The checks are the server's own, done early.
import type { Schema } from '@/api/client'
import { Problem } from '@/api/problem'
import { t } from '@/i18n'

export type Field = Schema['Field']
export type Values = Record<string, unknown>

const lists = ['units', 'files', 'list']

/** What a form starts with: `given` where it fits, else nothing filled in. */
export function start(fields: Field[] | null | undefined, given: Values = {}): Values {
  const out: Values = {}
  for (const f of fields ?? []) {
    if (given[f.name] !== undefined) out[f.name] = given[f.name]
    else if (lists.includes(f.type)) out[f.name] = []
    else if (f.type === 'choice' && f.required && f.options?.length === 1) out[f.name] = f.options[0]!.value
    else out[f.name] = f.type === 'bool' || f.type === 'number' ? undefined : ''
  }
  return out
}

const empty = (v: unknown) => v === undefined || v === null || (typeof v === 'string' && v.trim() === '') || (Array.isArray(v) && v.length === 0)

/** How many characters the server counts: code points, not code units. */
export const characters = (s: string) => [...s].length

/** What is wrong with each field, in the reader's language. */
export function check(fields: Field[] | null | undefined, values: Values): Record<string, string> {
  const wrong: Record<string, string> = {}
  for (const f of fields ?? []) {
    const v = values[f.name]
    if (empty(v)) {
      if (f.required) wrong[f.name] = t('shell.form.required')
      continue
    }
    if (typeof v === 'string') {
      const n = characters(v.trim())
      if (f.min && n < f.min) wrong[f.name] = t('shell.form.too_short', { n: f.min })
      else if (n > (f.max || 4000)) wrong[f.name] = t('shell.form.too_long', { n: f.max || 4000 })
      else if (f.type === 'limit' && !/^[1-9]\d{0,3}(wd|wh|d|h|m)$/.test(v)) wrong[f.name] = t('shell.form.not_a_limit')
    } else if (typeof v === 'number') {
      if (!Number.isInteger(v) || v < (f.min ?? 0) || (f.max && v > f.max)) wrong[f.name] = t('shell.form.out_of_range')
    } else if (Array.isArray(v) && f.max && v.length > f.max) wrong[f.name] = t('shell.form.too_many', { n: f.max })
  }
  return wrong
}

/** The form as it is sent: what is not filled in is left out. */
export function filled(fields: Field[] | null | undefined, values: Values): Values {
  const out: Values = {}
  for (const f of fields ?? []) {
    let v = values[f.name]
    if (empty(v)) continue
    if (typeof v === 'string') v = v.trim()
    if (f.type === 'time') v = new Date(v as string).toISOString()
    out[f.name] = v
  }
  return out
}

/** A refusal of the server by field; what belongs to no field is left to its text. */
export function wrongFields(e: unknown): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [path, message] of Object.entries(Problem.from(e).fields)) out[path.replace(/^(steps\[\d+\]\.)?form\./, '')] = message
  return out
}
