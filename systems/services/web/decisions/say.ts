import { language } from '@/i18n'

/** A value as people read it; money whose name says that it is in fen is yuan. */
export function plain(v: unknown, name = ''): string {
  if (typeof v === 'boolean') return language.value === 'en' ? (v ? 'yes' : 'no') : v ? '是' : '否'
  if (Array.isArray(v)) return v.length ? v.join('、') : language.value === 'en' ? 'none' : '无'
  if (typeof v === 'number' && /(^|_)fen$/.test(name)) return new Intl.NumberFormat(language.value === 'en' ? 'en' : 'zh-CN', { style: 'currency', currency: 'CNY' }).format(v / 100)
  return String(v ?? '')
}

/** The facts of a case as its author wrote them, with those of the cases that it is like. */
export function whole(cases: { name: string; like?: string; facts?: Record<string, unknown>; at?: string }[], name: string): { at: string; facts: Record<string, unknown> } {
  const one = cases.find((c) => c.name === name)
  if (!one) return { at: '', facts: {} }
  const like = one.like ? whole(cases, one.like) : { at: '', facts: {} }
  return { at: one.at || like.at, facts: { ...like.facts, ...one.facts } }
}
