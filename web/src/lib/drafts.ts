import type { Values } from '@/lib/form'

/** What is being written, by matter and action, until it is sent or the window closes. */
export const drafts = new Map<string, Values>()
