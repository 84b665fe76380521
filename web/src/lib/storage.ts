// What a browser remembers for its user. Storage may be full, blocked or
// absent; then nothing is remembered, and nothing breaks.

const prefix = 'shanzhi.'

export function remember(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

export function recall<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(prefix + key)
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

export function forget(key: string) {
  try {
    localStorage.removeItem(prefix + key)
  } catch {
    // nothing was remembered
  }
}
