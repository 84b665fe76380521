// An import profile (导入方案) as an operator makes it in the browser: which
// column is what. The file that comes of it is the YAML that the server reads.

/** How one fact is made: of a column, by a table of its contents if one is given, or the same text for each row. */
export interface Plan {
  column: string
  text: string
  values: { from: string; to: string }[]
  otherwise: string
}

export interface Model {
  name: string
  title: string
  source: string
  /** Whose appeals they are; none: this district's. */
  district: string
  dates: string
  absent: string
  crs: string
  plans: Record<string, Plan>
}

/** The facts of an appeal that can be planned here, in the order of the file. `words` are those of a vocabulary. */
export const facts = [
  { name: 'number', required: true },
  { name: 'opened', required: true },
  { name: 'closed' },
  { name: 'due' },
  { name: 'title' },
  { name: 'text', required: true },
  { name: 'state', required: true, words: 'state' },
  { name: 'channel', required: true, words: 'channel' },
  { name: 'kind', required: true, words: 'kind' },
  { name: 'urgency', words: 'class' },
  { name: 'unit' },
  { name: 'item' },
  { name: 'where.street' },
  { name: 'where.community' },
  { name: 'where.address' },
  { name: 'where.lon' },
  { name: 'where.lat' },
  { name: 'reply.text' },
  { name: 'reply.at' },
  { name: 'appellant.name' },
  { name: 'appellant.phone' },
  { name: 'appellant.id' },
] as const satisfies { name: string; required?: boolean; words?: string }[]

const nothing = (): Plan => ({ column: '', text: '', values: [], otherwise: '' })

/** Whether a column's name can stand in a pattern. */
export const nameable = (column: string) => column.trim() !== '' && !/[{}[\]"\\]/.test(column)

/** Reads the draft that the server makes of a file's columns. */
export function read(draft: string): Model {
  const m: Model = { name: 'my-profile', title: '', source: 'my_source', district: '', dates: 'ymd', absent: '', crs: 'WGS-84', plans: Object.fromEntries(facts.map((f) => [f.name, nothing()])) }
  const take = (name: string, value: string) => {
    const plan = m.plans[name]
    if (!plan) return
    const column = /^"\{(.+)\}"$/.exec(value.trim())
    if (column) plan.column = column[1]!
    else plan.text = value.trim().replace(/^"|"$/g, '')
  }
  for (const line of draft.split('\n')) {
    const group = /^ {2}(\w+): \{(.*)\}$/.exec(line)
    if (group) {
      for (const pair of group[2]!.matchAll(/(\w+): ("\{.+?\}"|[^,]+)/g)) take(`${group[1]}.${pair[1]}`, pair[2]!)
      continue
    }
    const flat = /^ {2}(\w+): (.+)$/.exec(line)
    if (flat) take(flat[1]!, flat[2]!)
  }
  return m
}

const quoted = (s: string) => JSON.stringify(s)

function field(p: Plan): string | undefined {
  if (!p.column) return p.text ? quoted(p.text) : undefined
  const from = quoted(`{${p.column}}`)
  const values = p.values.filter((v) => v.from.trim() && v.to)
  if (!values.length && !p.otherwise) return from
  const table = values.map((v) => `${quoted(v.from.trim())}: ${quoted(v.to)}`).join(', ')
  return `{from: ${from}, values: {${table}}${p.otherwise ? `, otherwise: ${quoted(p.otherwise)}` : ''}}`
}

/** Writes the profile as the server reads it. */
export function write(m: Model): string {
  const lines = [`profile: ${quoted(m.name.trim())}`, `title: {zh: ${quoted(m.title.trim() || m.name.trim())}}`, `source: ${quoted(m.source.trim())}`]
  if (m.district.trim()) lines.push(`district: ${quoted(m.district.trim())}`)
  lines.push(`dates: [${m.dates}]`)
  const absent = m.absent.split(/[\s,，、]+/).filter(Boolean)
  if (absent.length) lines.push(`absent: [${absent.map(quoted).join(', ')}]`)
  lines.push('appeal:')
  const groups = new Map<string, string[]>()
  for (const f of facts) {
    const value = field(m.plans[f.name]!)
    if (value === undefined) continue
    const [group, inner] = f.name.split('.') as [string, string | undefined]
    if (!inner) lines.push(`  ${f.name}: ${value}`)
    else groups.set(group, [...(groups.get(group) ?? []), `    ${inner}: ${value}`])
  }
  for (const [group, inner] of groups) {
    lines.push(`  ${group}:`, ...inner)
    if (group === 'where' && m.plans['where.lon']!.column) lines.push(`    crs: ${m.crs}`)
  }
  return lines.join('\n') + '\n'
}

/** The facts that a profile cannot do without and that are not planned yet. */
export const missing = (m: Model): string[] => facts.filter((f) => 'required' in f && f.required && field(m.plans[f.name]!) === undefined).map((f) => f.name)

/** The profile that reads the most of a file's columns, if nearly all that it reads are there: some may be absent. */
export function fitting<P extends { columns: string[] | null }>(profiles: P[], columns: string[]): P | undefined {
  const there = new Set(columns)
  const share = (p: P) => (p.columns ?? []).filter((c) => there.has(c)).length
  return profiles.filter((p) => p.columns?.length && share(p) >= 0.85 * p.columns.length).sort((a, b) => share(b) - share(a) || a.columns!.length - b.columns!.length)[0]
}
