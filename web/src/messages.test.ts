// What screens say: the same keys in every language, no key without its
// sentence, and no sentence beside the keys.
import { describe, expect, it } from 'vitest'
import { i18n, languages } from './i18n'

import.meta.glob(['./**/messages.ts', '../../systems/*/web/**/*messages.ts', '../../systems/*/web/**/words.ts'], { eager: true })
const sources = import.meta.glob<string>(['./**/*.{vue,ts}', '../../systems/*/web/**/*.{vue,ts}', '!./**/*.test.ts', '!../../**/*.test.ts', '!./api/schema.d.ts'], { eager: true, query: '?raw', import: 'default' })

type Tree = { [k: string]: Tree | string | (() => string) }
const flat = (t: Tree, at = ''): [string, string][] => Object.entries(t).flatMap(([k, v]) => (typeof v === 'object' && !('type' in v && 'body' in v) ? flat(v as Tree, `${at}${k}.`) : [[`${at}${k}`, String(v)] as [string, string]]))
const all = Object.fromEntries(languages.map((l) => [l, new Map(flat(i18n.global.getLocaleMessage(l) as Tree))]))

describe('messages', () => {
  it('are there at all', () => expect(all.zh!.size).toBeGreaterThan(400))
  it('have the same keys in each language', () => {
    for (const l of languages) expect([...all[l]!.keys()].sort()).toEqual([...all.zh!.keys()].sort())
  })
  it('say something, and take the same values', () => {
    const takes = (s: string) => [...new Set([...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort()
    for (const [k, zh] of all.zh!) {
      const en = all.en!.get(k)!
      expect(zh.trim().length, k).toBeGreaterThan(0)
      expect(en.trim().length, k).toBeGreaterThan(0)
      expect(takes(en), k).toEqual(takes(zh))
    }
  })
  // An "@" by itself begins a linked message, and the whole does not compile.
  it('write an at sign as a literal', () => {
    for (const l of languages) for (const [k, text] of all[l]!) expect(text.replaceAll("{'@'}", '').includes('@'), `${l} ${k}`).toBe(false)
  })
  it('are in their language', () => {
    for (const [k, en] of all.en!) if (!k.startsWith('shell.switch_language')) expect(/\p{Script=Han}/u.test(en), `${k}: ${en}`).toBe(false)
  })
  it('exist wherever a screen asks for one', () => {
    for (const [file, text] of Object.entries(sources)) {
      for (const m of text.matchAll(/(?<![\w.])t\('([\w.]+\w)'/g)) expect(all.zh!.has(m[1]!), `${file}: ${m[1]}`).toBe(true)
      // A key made of parts has at least one message under its beginning.
      for (const m of text.matchAll(/(?<![\w.])te?\(`([\w.]+\.)\$\{/g)) expect([...all.zh!.keys()].some((k) => k.startsWith(m[1]!)), `${file}: ${m[1]}`).toBe(true)
    }
  })
})

it('a template says nothing of its own', () => {
  for (const [file, text] of Object.entries(sources)) {
    if (!file.endsWith('.vue')) continue
    const template = /<template>[\s\S]*<\/template>/.exec(text)?.[0].replace(/<!--[\s\S]*?-->/g, '') ?? ''
    expect(template.match(/[\p{Script=Han}：、，。]+/gu), file).toBeNull()
  }
})
