/// <reference types="vite/client" />
import 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Needs a staff sign-in. */
    staff?: boolean
    /** Of the window, in each language. */
    title?: Record<string, string>
    /** The phone's page has its own top, with a way back. */
    back?: string
  }
}
