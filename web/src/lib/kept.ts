// What a device keeps for its user until it is sent: drafts and photos, in
// IndexedDB. Where a browser has none, or forbids it, it is kept while the page
// is open and nothing breaks.
import { openDB, type IDBPDatabase } from 'idb'

const store = 'kept'
let opened: Promise<IDBPDatabase | undefined> | undefined
const memory = new Map<string, unknown>()

function db(): Promise<IDBPDatabase | undefined> {
  opened ??= (typeof indexedDB === 'undefined' ? Promise.resolve(undefined) : openDB('shanzhi', 1, { upgrade: (d) => void d.createObjectStore(store) })).catch(() => undefined)
  return opened
}

/** Keeps a value under a name. Reports whether it will outlive the page. */
export async function hold(name: string, value: unknown): Promise<boolean> {
  const d = await db()
  try {
    if (d) {
      await d.put(store, value, name)
      memory.delete(name)
      return true
    }
  } catch {
    // full, or closed by the browser
  }
  memory.set(name, value)
  return false
}

export async function held<T>(name: string): Promise<T | undefined> {
  if (memory.has(name)) return memory.get(name) as T
  return (await db())?.get(store, name).catch(() => undefined) as Promise<T | undefined>
}

/** All values whose names begin so, in the order of their names. */
export async function allHeld<T>(prefix: string): Promise<T[]> {
  const d = await db()
  const range = typeof IDBKeyRange === 'undefined' ? undefined : IDBKeyRange.bound(prefix, prefix + '\uffff')
  const rows = d && range ? ((await d.getAll(store, range).catch(() => [])) as T[]) : []
  return [...rows, ...[...memory].filter(([k]) => k.startsWith(prefix)).map(([, v]) => v as T)]
}

/** The names that begin so. */
export async function heldNames(prefix: string): Promise<string[]> {
  const d = await db()
  const names = d ? ((await d.getAllKeys(store, IDBKeyRange.bound(prefix, prefix + '\uffff')).catch(() => [])) as string[]) : []
  return [...names, ...[...memory.keys()].filter((k) => k.startsWith(prefix))]
}

/** Forgets all values whose names begin so. */
export async function letGoOf(prefix: string): Promise<void> {
  for (const k of [...memory.keys()]) if (k.startsWith(prefix)) memory.delete(k)
  const d = await db()
  if (d) await d.delete(store, IDBKeyRange.bound(prefix, prefix + '\uffff')).catch(() => undefined)
}
