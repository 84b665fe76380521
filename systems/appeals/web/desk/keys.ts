// The keyboard of the workbench.
import { onScopeDispose } from 'vue'
import type { Action } from '../appeal'

/** Letters that mean something else on the workbench. */
const taken = ['j', 'k', 'x']

/**
 * A letter for each action: a letter of its name's words, its usual next
 * action first. The same actions always get the same letters.
 */
export function letters(actions: readonly Action[]): Map<string, string> {
  const out = new Map<string, string>()
  const used = new Set(taken)
  const order = [...actions].sort((a, b) => Number(b.emphasis === 'primary') - Number(a.emphasis === 'primary') || (a.name < b.name ? -1 : 1))
  for (const a of order) {
    const words = a.name.toLowerCase().split(/[^a-z]+/)
    const wished = [...words.map((w) => w[0] ?? ''), ...words.join(''), ...'abcdefghilmnopqrstuvwyz']
    const letter = wished.find((l) => l && !used.has(l))
    if (!letter) continue
    used.add(letter)
    out.set(a.name, letter)
  }
  return out
}

/** Whether somebody is writing or choosing, so that letters are theirs. */
function busy(e: KeyboardEvent): boolean {
  const el = e.target as HTMLElement | null
  if (!el?.closest) return false
  return !!el.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="listbox"], [role="menu"], .el-popper')
}

/** Handles a key until the component ends; the handler says whether it took it. */
export function onKey(handle: (key: string, e: KeyboardEvent) => boolean | void) {
  const listen = (e: KeyboardEvent) => {
    if (e.defaultPrevented || e.isComposing || e.altKey || e.ctrlKey || e.metaKey || busy(e)) return
    if (handle(e.key, e)) e.preventDefault()
  }
  addEventListener('keydown', listen)
  onScopeDispose(() => removeEventListener('keydown', listen))
}
