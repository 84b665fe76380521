import { computed, ref, watch } from 'vue'
import { onBeforeRouteLeave, useRoute, useRouter } from 'vue-router'
import { quietly } from './time'

/**
 * The search box of a list whose address says what is searched: what is typed
 * goes into the address once the typing rests, and an address that comes from
 * elsewhere (back, a link) goes into the box. The list asks for `asked`.
 */
export function useSearch() {
  const route = useRoute()
  const router = useRouter()
  const asked = computed(() => String(route.query.q ?? ''))
  const typed = ref(asked.value)
  const rest = quietly(250)
  let sent = asked.value
  // Who leaves while the typing rests is not called back.
  let left = false
  onBeforeRouteLeave(() => void (left = true))
  watch(typed, (v) => {
    left = false
    rest(() => {
      if (left) return
      sent = v.trim()
      if (sent !== asked.value) void router.replace({ query: { ...route.query, q: sent || undefined } })
    })
  })
  // What the box itself sent comes back while more is typed already.
  watch(asked, (v) => {
    if (v !== sent) typed.value = sent = v
  })
  return { typed, asked }
}
