import { computed } from 'vue'
import { createI18n } from 'vue-i18n'
import { remember, recall } from '@/lib/storage'

/** Languages of the screens. Chinese is the default and the fallback. */
export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]

interface Tree {
  [key: string]: string | Tree
}
/** The same keys with other sentences: what a translation of T must be. */
export type Translation<T> = { [K in keyof T]: T[K] extends string ? string : Translation<T[K]> }

/** Messages of one feature, under one name, in every language. */
export interface Messages<T extends Tree = Tree> {
  name: string
  zh: T
  en: Translation<T>
}

export const i18n = createI18n({
  legacy: false,
  locale: initial(),
  fallbackLocale: 'zh',
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
  messages: { zh: {}, en: {} } as Record<Language, Record<string, Tree>>,
})

function initial(): Language {
  const kept = recall<Language>('language')
  if (kept && languages.includes(kept)) return kept
  return typeof navigator !== 'undefined' && navigator.language.startsWith('en') ? 'en' : 'zh'
}

/** Adds a feature's messages; a feature's folder calls it where it is loaded. */
export function addMessages<T extends Tree>(m: Messages<T>): Messages<T> {
  i18n.global.mergeLocaleMessage('zh', { [m.name]: m.zh })
  i18n.global.mergeLocaleMessage('en', { [m.name]: m.en })
  return m
}

export const language = computed(() => i18n.global.locale.value as Language)

export function setLanguage(to: Language) {
  i18n.global.locale.value = to
  remember('language', to)
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en'
}

export const t = i18n.global.t

/** A text that the server sends in several languages, in the reader's. */
export function say(text?: Record<string, string> | null): string {
  if (!text) return ''
  return text[language.value] || text.zh || Object.values(text)[0] || ''
}
