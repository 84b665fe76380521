// What an appeal says (诉求要素), asked for once by all that show it.
import { shallowRef, watch } from 'vue'
import { api, body, type Schema } from '@/api/client'

export type Elements = Schema['Elements']
export type ElementRow = Schema['ElementRow']

const shown = shallowRef<{ id: string; of?: Elements }>({ id: '' })

/** The elements of the appeal that `id` names; undefined until they are there. */
export function useElements(id: () => string) {
  watch(
    id,
    async (now) => {
      if (shown.value.id === now) return
      shown.value = { id: now }
      const of = await body(api.GET('/api/appeals/{id}/elements', { params: { path: { id: now } } })).catch(() => undefined)
      if (of && shown.value.id === now) shown.value = { id: now, of }
    },
    { immediate: true },
  )
  /** Says what one kind is, in place of what was read or said before. */
  async function correct(kind: string, values: string[]) {
    const { id: at, of } = shown.value
    if (!of) return
    try {
      const now = await body(api.PUT('/api/appeals/{id}/elements', { params: { path: { id: at } }, body: { version: of.version, words: { [kind]: values } } }))
      if (shown.value.id === at) shown.value = { id: at, of: now }
    } catch (e) {
      // Somebody may have been faster: what stands now is shown beside what was written.
      const now = await body(api.GET('/api/appeals/{id}/elements', { params: { path: { id: at } } })).catch(() => undefined)
      if (now && shown.value.id === at) shown.value = { id: at, of: now }
      throw e
    }
  }
  const row = (kind: string) => shown.value.of?.rows?.find((r) => r.kind === kind)
  return { shown, correct, row }
}
