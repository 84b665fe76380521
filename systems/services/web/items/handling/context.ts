import { inject, type InjectionKey, type Ref } from 'vue'
import type { Handling, Parts, Scope } from './model'

/** What the parts of the editor share. */
export interface Context {
  h: Ref<Handling>
  parts: Ref<Parts | undefined>
  /** What is wrong at a place, in words; '' nothing. */
  wrong: (at: string) => string
  /** How much is wrong at a place and under it. */
  under: (at: string) => number
  /** Shows in the preview where it is asked. */
  show: (kind: Scope | 'materials', field: string) => void
}
export const context: InjectionKey<Context> = Symbol('handling')
export const useContext = () => inject(context)!
