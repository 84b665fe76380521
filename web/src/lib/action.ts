import { ref } from 'vue'
import { Problem } from '@/api/problem'
import { drafts } from './drafts'
import { wrongFields, type Values } from './form'

/**
 * What somebody does with a matter by one of its actions: which is open, whether it is on
 * its way, why it was refused, in words or field by field. What is written of it is kept
 * under its draft until it is done.
 */
export function useAction(o: { act: (name: string, form: Values) => Promise<unknown>; draft: (name: string) => string; /** Reads the matter anew where somebody else was first. */ reload: () => Promise<void> }) {
  const open = ref('')
  const busy = ref(false)
  const refused = ref('')
  const found = ref<Record<string, string>>({})
  function begin(name: string) {
    refused.value = ''
    found.value = {}
    open.value = name
  }
  async function send(name: string, form: Values = {}): Promise<boolean> {
    busy.value = true
    refused.value = ''
    found.value = {}
    try {
      await o.act(name, form)
      drafts.delete(o.draft(name))
      open.value = ''
      return true
    } catch (e) {
      const p = Problem.from(e)
      found.value = wrongFields(e)
      refused.value = Object.keys(found.value).length ? '' : p.text
      if (p.status === 409) await o.reload()
      return false
    } finally {
      busy.value = false
    }
  }
  return { open, busy, refused, found, begin, send }
}
