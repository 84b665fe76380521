// What a citizen is about to report, kept in the browser until it is sent.
import { reactive, ref, watch } from 'vue'
import { once } from '@/api/client'
import type { Point } from '@/lib/geo'
import { forget, recall, remember } from '@/lib/storage'
import type { Filed } from '../appeal'

export type Secrecy = 'open' | 'confidential' | 'anonymous'

export interface Draft {
  text: string
  address: string
  pin?: Point
  files: string[]
  secrecy: Secrecy
  /** Under which the same filing may be sent twice. */
  key: Record<string, string>
}

const name = 'appeals.draft'

const blank = (): Draft => ({ text: '', address: '', files: [], secrecy: 'open', key: once() })

export const draft = reactive<Draft>({ ...blank(), ...recall<Draft>(name) })

export const restored = ref(draft.text.trim() !== '')

watch(draft, (d) => (d.text.trim() || d.address.trim() || d.files.length ? remember(name, d) : forget(name)), { deep: true })

export function clearDraft() {
  Object.assign(draft, blank())
  delete draft.pin
  restored.value = false
  forget(name)
}

/** What the last filing was answered with, for the page after it. */
export const filed = ref<(Filed & { title: string; signedIn: boolean }) | undefined>()
