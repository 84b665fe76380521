import { ref } from 'vue'
import { api, body, type Schema } from '@/api/client'
import { language } from '@/i18n'

/** What the district calls its roles; empty until they are known. */
export const roles = ref<Schema['Role'][]>([])

export async function loadRoles() {
  if (!roles.value.length) roles.value = (await body(api.GET('/api/roles'))) as Schema['Role'][]
}

export function roleName(code: string): string {
  const r = roles.value.find((x) => x.code === code)
  return r ? (language.value === 'en' && r.name_en) || r.name : code
}

/** "Chrome · Windows" of what a browser says of itself; its own words when it is none that is known. */
export function device(agent: string): string {
  const first = (names: [RegExp, string][]) => names.find(([re]) => re.test(agent))?.[1]
  const browser = first([[/MicroMessenger/, 'WeChat'], [/Edg\//, 'Edge'], [/HuaweiBrowser/, 'Huawei Browser'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari'], [/curl|Go-http|python|okhttp/i, 'API']])
  const system = first([[/HarmonyOS|OpenHarmony/, 'HarmonyOS'], [/Windows/, 'Windows'], [/iPhone|iPad/, 'iOS'], [/Android/, 'Android'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']])
  return [browser, system].filter(Boolean).join(' · ') || agent.slice(0, 60)
}

/** Whether a password keeps the server's rules, each by itself. */
export function passwordRules(password: string, login: string, old: string, least: number): { rule: 'length' | 'different' | 'login' | 'other'; ok: boolean }[] {
  const chars = [...password]
  return [
    { rule: 'length', ok: chars.length >= least },
    { rule: 'different', ok: new Set(chars).size >= 5 },
    { rule: 'login', ok: !!password && !(login.length > 2 && password.toLowerCase().includes(login)) },
    { rule: 'other', ok: !!password && password !== old },
  ]
}
