// The service worker: the built screens load without a network (离线打开). It
// keeps what was built and the district's public names, and no other answer of
// the API: nothing personal lies in it. Made by scripts/shell.mjs.
const name = 'shell-__VERSION__'
const first = __FILES__

addEventListener('install', (e) => e.waitUntil(caches.open(name).then((c) => c.addAll(first)).then(() => skipWaiting())))

addEventListener('activate', (e) =>
  e.waitUntil(
    (async () => {
      for (const old of await caches.keys()) if (old !== name && old.startsWith('shell-')) await caches.delete(old)
      await clients.claim()
    })(),
  ),
)

/** What the network says, and what it said last where it does not answer in time. */
async function fresh(request, key, wait) {
  const cache = await caches.open(name)
  const asked = fetch(request).then((res) => {
    if (res.ok) void cache.put(key, res.clone())
    return res
  })
  asked.catch(() => undefined)
  const late = new Promise((done) => setTimeout(done, wait))
  const got = await Promise.race([asked.catch(() => undefined), late])
  return got ?? (await cache.match(key)) ?? asked
}

addEventListener('fetch', (e) => {
  const { request } = e
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate') {
    // All pages but the API's own are the one page.
    if (!/^\/(api|docs|openapi|schemas|simulator|healthz)\b/.test(url.pathname)) e.respondWith(fresh(new Request('/', { credentials: 'same-origin' }), '/', 4000))
    return
  }
  if (url.pathname.startsWith('/assets/') || url.pathname === '/favicon.svg')
    e.respondWith(
      caches.match(request).then(
        (got) =>
          got ??
          fetch(request).then(async (res) => {
            if (res.ok) await (await caches.open(name)).put(request, res.clone())
            return res
          }),
      ),
    )
  else if (url.pathname === '/api/district') e.respondWith(fresh(request, '/api/district', 4000))
})
