/// <reference types="vite/client" />
import 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** The field of work that a desk page belongs to. */
    area?: string | undefined
    /** Needs a staff sign-in. */
    staff?: boolean
    /** Of the window, in each language. */
    title?: Record<string, string>
    /** The phone's page has its own top, with a way back. */
    back?: string
  }
}

/** Where CesiumJS finds its workers; see scripts/cesium.mjs. */
declare global {
  const CESIUM_FILES: string
}
