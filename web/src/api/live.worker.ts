/// <reference lib="webworker" />
// One connection to the server for all tabs of a browser. It is open while a
// tab listens and opens itself again after a break, later each time.
export {}

interface SharedScope {
  onconnect: ((e: MessageEvent) => void) | null
}

const tabs = new Map<MessagePort, number>()
let source: EventSource | undefined
let wait = 1000
let timer: ReturnType<typeof setTimeout> | undefined

function tell(message: unknown) {
  for (const port of tabs.keys()) port.postMessage(message)
}

function open() {
  if (source || !tabs.size) return
  source = new EventSource('/api/live')
  source.addEventListener('open', () => {
    if (wait > 1000) tell({ type: 'reset' }) // what changed meanwhile was missed
    wait = 1000
    tell({ type: 'open' })
  })
  source.addEventListener('reset', () => tell({ type: 'reset' }))
  source.addEventListener('change', (e) => tell({ type: 'change', data: (e as MessageEvent<string>).data }))
  source.addEventListener('error', () => {
    source?.close()
    source = undefined
    tell({ type: 'closed' })
    clearTimeout(timer)
    timer = setTimeout(open, wait)
    wait = Math.min(wait * 2, 60_000)
  })
}

// A tab that was closed says nothing: it is let go when it has not been heard for a while.
setInterval(() => {
  for (const [port, heard] of tabs) if (Date.now() - heard > 150_000) tabs.delete(port)
  if (!tabs.size) {
    source?.close()
    source = undefined
  }
}, 30_000)

;(self as unknown as SharedScope).onconnect = (e) => {
  const port = e.ports[0]!
  tabs.set(port, Date.now())
  port.onmessage = (m: MessageEvent<'here' | 'bye' | 'again'>) => {
    if (m.data === 'bye') tabs.delete(port)
    else tabs.set(port, Date.now())
    if (m.data === 'again') {
      // Somebody else has signed in: what they may see is another.
      source?.close()
      source = undefined
      wait = 1000
    }
    open()
  }
  port.start()
  open()
  if (source?.readyState === EventSource.OPEN) port.postMessage({ type: 'open' })
}
