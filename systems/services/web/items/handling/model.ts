// How an item is handled (办理要件) while it is being written: what its editor does to it.
import { api, body, type Schema } from '@/api/client'
import type { Question, Sheet } from '@/lib/sheet'
import type { Application, Trial } from '../../apply/apply'

export type Handling = Schema['Handling']
export type Fault = Schema['FormFault']
export type Look = Schema['HandlingLook']
export type Parts = Schema['FormParts']
export type Term = Schema['ItemTerm']
export type Material = Schema['ItemMaterial']
export type Text = Record<string, string>
export type Scope = 'situation' | 'form'

const at = (id: string) => ({ params: { path: { id } } })
export const lookAt = (id: string, handling: Handling) => body(api.POST('/api/services/items/{id}/handling', { ...at(id), body: { handling: handling as never } }))
export const lookAtText = (id: string, text: string) => body(api.POST('/api/services/items/{id}/handling', { ...at(id), body: { text } }))
export const getParts = (id: string) => body(api.GET('/api/services/items/{id}/form-parts', at(id)))
export const tryOut = (id: string, handling: Handling): Trial['run'] => async (a, how = {}) => (await body(api.POST('/api/services/items/{id}/trial', { ...at(id), body: { handling: handling as never, situation: a.situation, values: a.values, files: a.files ?? {}, promised: !!a.promised, ...how } }))) as Application

export const copy = <T>(v: T): T => JSON.parse(JSON.stringify(v)) as T

/** Puts what is said; what is said no more is absent. */
export function put(o: object, key: string, v: unknown) {
  const at = o as Record<string, unknown>
  if (v === '' || v === undefined || v === null || v === false || (Array.isArray(v) && !v.length) || (typeof v === 'number' && Number.isNaN(v))) delete at[key]
  else at[key] = v
}

/** What a question asks for, as an editor thinks of it: type and format in one. */
export const kinds = ['text', 'lines', 'integer', 'number', 'boolean', 'choice', 'choices', 'date', 'cn-id', 'uscc', 'cn-mobile', 'file', 'files', 'group'] as const
export type Kind = (typeof kinds)[number]

export function kindOf(q: Question): Kind {
  switch (q.type) {
    case 'integer':
    case 'number':
    case 'boolean':
      return q.type
    case 'array':
      return q.items?.type === 'object' ? 'group' : q.items?.format === 'file' ? 'files' : 'choices'
  }
  if (q.enum) return 'choice'
  if (q.format && (kinds as readonly string[]).includes(q.format)) return q.format as Kind
  return (q['x-lines'] ?? 1) > 1 ? 'lines' : 'text'
}

const ofKind = ['type', 'format', 'enum', 'x-enum', 'items', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'pattern', 'x-lines'] as const
const twoOptions = () => ({ enum: ['a', 'b'], 'x-enum': { a: { zh: '选项一' }, b: { zh: '选项二' } } })

/** Makes a question ask for another kind of answer; what the kinds share stays. */
export function become(q: Question, kind: Kind) {
  const was = copy(q)
  for (const k of ofKind) delete (q as unknown as Record<string, unknown>)[k]
  const options = was.enum ? { enum: was.enum, 'x-enum': was['x-enum'] } : was.items?.enum ? { enum: was.items.enum, 'x-enum': was.items['x-enum'] } : twoOptions()
  const base: Record<Kind, object> = {
    text: { type: 'string', maxLength: was.maxLength ?? 100 },
    lines: { type: 'string', maxLength: 1000, 'x-lines': 4 },
    integer: { type: 'integer' },
    number: { type: 'number' },
    boolean: { type: 'boolean' },
    choice: { type: 'string', ...options },
    choices: { type: 'array', maxItems: options.enum.length, items: { type: 'string', ...options } },
    date: { type: 'string', format: 'date' },
    'cn-id': { type: 'string', format: 'cn-id' },
    uscc: { type: 'string', format: 'uscc' },
    'cn-mobile': { type: 'string', format: 'cn-mobile' },
    file: { type: 'string', format: 'file' },
    files: { type: 'array', maxItems: 5, items: { type: 'string', format: 'file' } },
    group: { type: 'array', minItems: 1, maxItems: 10, items: { type: 'object', required: ['name'], 'x-order': ['name'], properties: { name: { type: 'string', title: '姓名', maxLength: 50 } } } },
  }
  Object.assign(q, base[kind])
}

export const questionsOf = (s: Sheet) => (s.schema.properties ??= {})
const free = (have: object, name: string) => {
  let out = name
  for (let n = 2; out in have; n++) out = `${name}_${n}`
  return out
}

/** Asks something new on a page; its name is what conditions call it. */
export function ask(s: Sheet, page: number, name: string, q: Question, after?: string): string {
  const all = questionsOf(s)
  const own = free(all, name)
  all[own] = q
  const fields = (s.pages![page]!.fields ??= [])
  const i = after ? fields.findIndex((f) => f.field === after) + 1 : fields.length
  fields.splice(i, 0, { field: own })
  return own
}

export function drop(h: Handling, scope: Scope, name: string) {
  const s = h[scope]!
  delete questionsOf(s)[name]
  put(s.schema, 'required', (s.schema.required ?? []).filter((n) => n !== name))
  for (const p of s.pages ?? []) p.fields = (p.fields ?? []).filter((f) => f.field !== name)
  if (scope === 'form' && h.licence) put(h.licence, 'show', (h.licence.show ?? []).filter((n) => n !== name))
}

export function duplicate(h: Handling, scope: Scope, page: number, name: string): string {
  const s = h[scope]!
  const twin = ask(s, page, name, copy(questionsOf(s)[name]!), name)
  delete questionsOf(s)[twin]!['x-element'] // two questions of one element are one
  if (s.schema.required?.includes(name)) s.schema.required.push(twin)
  const was = s.pages![page]!.fields!.find((f) => f.field === name)!
  Object.assign(s.pages![page]!.fields!.find((f) => f.field === twin)!, { ...was, field: twin })
  return twin
}

/** Every condition of a handling, with what it is of. */
export function conditions(h: Handling): { at: string; read: () => string | undefined; write: (v: string) => void }[] {
  const out: ReturnType<typeof conditions> = []
  const of = (at: string, o: object, key: string) => out.push({ at, read: () => (o as Record<string, string | undefined>)[key], write: (v) => put(o, key, v) })
  for (const scope of ['situation', 'form'] as const) {
    const s = h[scope]
    for (const [i, p] of (s?.pages ?? []).entries()) {
      of(`${scope}.pages[${i}].show`, p, 'show')
      for (const f of p.fields ?? []) for (const k of ['show', 'must']) of(`${scope}.pages[${i}].${f.field}.${k}`, f, k)
    }
    for (const [i, x] of (s?.exits ?? []).entries()) of(`${scope}.exits[${i}].when`, x, 'when')
  }
  for (const [i, m] of (h.materials ?? []).entries()) of(`materials[${i}].when`, m, 'when')
  for (const [i, x] of (h.terms ?? []).entries()) of(`terms[${i}].when`, x, 'when')
  return out
}

/** Gives a question another name, everywhere that it is read. */
export function rename(h: Handling, scope: Scope, old: string, name: string) {
  const s = h[scope]!
  const all = questionsOf(s)
  if (!name || name === old || name in all) return
  s.schema.properties = Object.fromEntries(Object.entries(all).map(([k, q]) => [k === old ? name : k, q]))
  const swap = (list?: string[] | null) => list?.map((n) => (n === old ? name : n))
  put(s.schema, 'required', swap(s.schema.required))
  for (const p of s.pages ?? []) {
    for (const f of p.fields ?? []) if (f.field === old) f.field = name
    for (const text of [p.title, p.say]) for (const l of Object.keys(text ?? {})) text![l] = text![l]!.replaceAll(`{${old}}`, `{${name}}`)
  }
  if (scope === 'form' && h.licence) put(h.licence, 'show', swap(h.licence.show))
  const read = new RegExp(`\\b${scope}\\.${old}\\b`, 'g')
  for (const c of conditions(h)) {
    const text = c.read()
    if (text && read.test(text)) c.write(text.replace(read, `${scope}.${name}`))
  }
}

export function move<T>(list: T[], i: number, by: number) {
  const j = i + by
  if (j < 0 || j >= list.length) return
  const [x] = list.splice(i, 1)
  list.splice(j, 0, x!)
}

/** A handling with nothing in it but a first question. */
export const blank = (): Handling => ({ subject: 'person', form: { schema: { type: 'object', required: ['name'], properties: { name: { type: 'string', title: '姓名', maxLength: 50 } } }, pages: [{ name: 'person', title: { zh: '申请人', en: 'Applicant' }, fields: [{ field: 'name' }] }] } }) as Handling
export const blankSituation = (): Sheet => ({ name: 'situation', schema: { type: 'object', properties: { kind: { type: 'string', title: '属于哪种情形', ...twoOptions() } } }, pages: [{ name: 'situation', title: { zh: '先了解您的情况', en: 'Your situation' }, fields: [{ field: 'kind' }] }] }) as Sheet
export const freePage = (s: Sheet) => {
  let n = (s.pages ?? []).length + 1
  while ((s.pages ?? []).some((p) => p.name === `page${n}`)) n++
  return { name: `page${n}`, title: { zh: `第 ${n} 页` }, fields: [] }
}
