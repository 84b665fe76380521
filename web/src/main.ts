import './theme/tokens.css'
import './theme/base.css'
import './messages'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, language, setLanguage } from './i18n'
import { router } from './router'
import { loadDistrict } from './state/district'
import { startSettings } from './state/settings'
import { systems } from './systems'

startSettings()
setLanguage(language.value)
void loadDistrict().catch(() => undefined) // each screen says so when it needs it

createApp(App).use(i18n).use(router).mount('#app')
for (const s of systems) s.begin?.()
// The shell itself loads without a network; see scripts/sw.js.
if (import.meta.env.PROD && 'serviceWorker' in navigator) void navigator.serviceWorker.register('/sw.js').catch(() => undefined)
