// The screens of the systems, and of the core rooms that have some. The shell
// finds them; it names none.
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import type { Me } from '@/state/session'

export interface Entry {
  to: string
  /** In each language. */
  title: Record<string, string>
  icon: Component
  /** Shown to holders of one of these roles; to all when absent. */
  roles?: string[]
  order: number
}

/** A field of work (业务) whose entries stand together in the desk's rail. */
export interface Area {
  title: Record<string, string>
  icon: Component
  order: number
  /** Whose work it is; the entries of others' work do not crowd their rail. */
  roles: string[]
}

/** Points of a system that stand on the map of the city, with the rights of who looks. */
export interface Marks {
  layer: string
  title: Record<string, string>
  colour: string
  roles?: string[]
  load: () => Promise<{ id: string; lon: number; lat: number }[]>
  /** The page of one. */
  to: (id: string) => string
}

/** What a system's web/index.ts exports as its default. */
export interface SystemWeb {
  name: string
  /** Absent: its entries stand in every area. */
  area?: Area
  /** For citizens, below "/": one column, large and plain. */
  phone?: RouteRecordRaw[]
  tabs?: Entry[]
  /** Stands on the first page of who is signed in. */
  home?: Component
  /** For staff, below "/desk": dense, by keyboard. */
  desk?: RouteRecordRaw[]
  menu?: Entry[]
  /** Pages that take the whole screen; they need a staff sign-in unless their meta says staff: false. */
  screens?: RouteRecordRaw[]
  marks?: Marks[]
  /** Begins what goes on whatever page is shown. */
  begin?: () => void
  /** Where someone lands after signing in, when this system knows. */
  landing?: (me: Me) => string | undefined
}

const found = import.meta.glob<{ default: SystemWeb }>(['../../systems/*/web/index.ts', './*/index.ts'], { eager: true })

export const systems: SystemWeb[] = Object.keys(found)
  .sort()
  .map((path) => found[path]!.default)

const inOrder = (entries: Entry[]) => entries.sort((a, b) => a.order - b.order)

export const marks: Marks[] = systems.flatMap((s) => s.marks ?? [])
export const homes = systems.flatMap((s) => (s.home ? [s.home] : []))
export const tabs = inOrder(systems.flatMap((s) => s.tabs ?? []))

/** The desk's entries by area; those of no area stand in all of them. */
export const areas = systems.flatMap((s) => (s.area ? [{ name: s.name, ...s.area, menu: inOrder(s.menu ?? []) }] : [])).sort((a, b) => a.order - b.order)
export const everywhere = inOrder(systems.flatMap((s) => (s.area ? [] : (s.menu ?? []))))

export function landing(me: Me): string {
  for (const s of systems) {
    const to = s.landing?.(me)
    if (to) return to
  }
  return '/desk'
}
