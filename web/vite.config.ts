import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
// @ts-expect-error it is plain JavaScript
import { shell } from './scripts/shell.mjs'
// @ts-expect-error it is plain JavaScript
import { cesium } from './scripts/cesium.mjs'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Clears what an earlier build left in dist, but for the committed placeholder. */
function clean(): Plugin {
  return {
    name: 'clean-dist',
    apply: 'build',
    async buildStart() {
      for (const old of ['assets', 'index.html', 'docs.html', 'favicon.svg', 'sw.js']) await rm(here(`./dist/${old}`), { recursive: true, force: true })
    },
  }
}

// The systems' screens live outside this folder and find their packages here.
const packages = ['vue', 'vue-router', 'vue-i18n', 'element-plus', 'vant', 'echarts', 'maplibre-gl', '@cesium/engine', 'pmtiles', '@mapbox/vector-tile', 'pbf', 'openapi-fetch', 'lucide-vue-next', 'vitest']

export default defineConfig({
  root: here('.'),
  plugins: [vue(), Components({ dts: false, dirs: [], resolvers: [ElementPlusResolver({ importStyle: 'css' })] }), clean(), cesium(), shell()],
  resolve: { alias: { '@': here('./src'), '@systems': here('../systems') }, dedupe: packages },
  define: {
    __VUE_OPTIONS_API__: true, // Element Plus and Vant are written with it
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: false,
  },
  build: { emptyOutDir: false, target: 'es2022', cssCodeSplit: true, chunkSizeWarningLimit: 4500, reportCompressedSize: false,
    rolldownOptions: { input: { index: here('./index.html'), docs: here('./docs.html') } },
  },
  worker: { format: 'es' },
  server: {
    fs: { allow: [here('..')] },
    proxy: { '/api': process.env.SHANZHI_URL ?? 'http://127.0.0.1:8080' },
  },
  test: {
    environment: 'happy-dom',
    dir: here('..'),
    include: ['web/src/**/*.test.ts', 'systems/*/web/**/*.test.ts'],
    environmentOptions: { happyDOM: { url: 'http://localhost/' } },
  },
})
