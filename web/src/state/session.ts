import { computed, ref, watch } from 'vue'
import { api, body, onSignedOut, type Schema } from '@/api/client'
import { forget, recall, remember } from '@/lib/storage'

export type Me = Schema['Me']

/** Who is signed in: undefined is not asked yet, null is nobody. */
export const me = ref<Me | null | undefined>(undefined)

export const isStaff = computed(() => !!me.value && me.value.kind !== 'citizen')
export const isCitizen = computed(() => me.value?.kind === 'citizen')

/** Whether the caller holds one of the roles, anywhere. */
export function has(...roles: string[]): boolean {
  return (me.value?.roles ?? []).some((g) => roles.includes(g.role))
}

/** Without a network, who was signed in here last is taken to be so still, for a day. The server decides anew when it is back. */
const DAY = 24 * 3600_000
function lastKnown(): Me | undefined {
  const kept = recall<{ me: Me; at: number }>('me')
  return kept && Date.now() - kept.at < DAY ? kept.me : undefined
}
let answered = false
watch(me, (m) => {
  if (m && answered) remember('me', { me: m, at: Date.now() })
  else if (m === null) forget('me')
})

let asking: Promise<Me | null> | undefined

/** Asks the server once who is signed in. */
export function whoAmI(): Promise<Me | null> {
  if (me.value !== undefined) return Promise.resolve(me.value)
  asking ??= whoAmINow().finally(() => (asking = undefined))
  return asking
}

/** Asks the server again, for what one holds may have changed; when no answer comes, what was known stays. */
export function whoAmINow(): Promise<Me | null> {
  return api
    .GET('/api/me')
    .then((r) => ((answered = true), me.value = r.data ?? (r.response.status === 401 ? null : (me.value ?? null))))
    .catch(() => (me.value ??= lastKnown() ?? undefined) ?? null)
}

export async function signIn(login: string, password: string, code?: string): Promise<Me> {
  const s = await body(api.POST('/api/sign-in', { body: { login, password, ...(code ? { code } : {}) } }))
  answered = true
  return (me.value = s.me)
}

/** Sends a code to a phone; in a demonstration the answer says which. */
export async function sendCode(phone: string): Promise<string | undefined> {
  return (await body(api.POST('/api/sign-in/code', { body: { phone } }))).demo_code
}

export async function signInByPhone(phone: string, code: string): Promise<Me> {
  const s = await body(api.POST('/api/sign-in/phone', { body: { phone, code } }))
  answered = true
  return (me.value = s.me)
}

export async function signOut() {
  await api.POST('/api/sign-out').catch(() => undefined)
  me.value = null
}

onSignedOut(() => {
  me.value = null
})
