import { ref, watch } from 'vue'
import { recall, remember } from '@/lib/storage'

/** How the screens look, kept in this browser. */
export const theme = ref<'light' | 'dark' | 'auto'>(recall('theme') ?? 'auto')
export const largeType = ref<boolean>(recall('large-type') ?? false)

const night = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : undefined

export const isDark = ref(false)

function apply() {
  isDark.value = theme.value === 'dark' || (theme.value === 'auto' && !!night?.matches)
  const root = document.documentElement
  root.dataset.theme = isDark.value ? 'dark' : 'light'
  root.classList.toggle('dark', isDark.value)
  root.dataset.type = largeType.value ? 'large' : 'normal'
}

export function startSettings() {
  apply()
  night?.addEventListener('change', apply)
  watch([theme, largeType], () => {
    remember('theme', theme.value)
    remember('large-type', largeType.value)
    apply()
  })
}
