// What was asked since the page was opened: it stays while its reader looks
// elsewhere, and is kept nowhere.
import { ref } from 'vue'
import type { Said } from './ask'

export interface Turn {
  question: string
  said?: Said
  problem?: string
  rated?: boolean
}

export const thread = ref<Turn[]>([])
