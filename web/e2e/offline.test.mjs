// What phones do without a network: a report that waits and is sent once, a
// photo that goes on where the line broke.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { citizen, launch, photo, rawKeys, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
before(async () => {
  server = await serve()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Waits until the service worker has the shell. */
const shellKept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(async () => { while (!navigator.serviceWorker.controller) await new Promise((r) => setTimeout(r, 50)) }))
const mine = async (context) => (await (await context.request.get('/api/appeals')).json()).items

test('a report written without a network waits, outlives a reload and is sent once', async () => {
  const v = await visitor(browser, server.url, { size: 'phone' })
  const { page, context } = v
  await citizen(v, '13900001111')
  await page.goto('/')
  await shellKept(page)
  await context.setOffline(true)
  await page.reload()
  await page.locator('#what').fill('流塘路 58 号门口的路灯不亮已经三天，晚上很黑，请尽快修复')
  await page.locator('input[type=file]').setInputFiles([photo('1.png'), photo('2.png')])
  await page.locator('.picker li img').nth(1).waitFor()
  assert.equal(await page.locator('.send .kept').innerText(), '草稿已存在本机')
  await page.reload()
  await page.locator('.picker li img').nth(1).waitFor()
  assert.match(await page.locator('#what').inputValue(), /流塘路/)
  await page.locator('.send button').tap()
  await page.locator('[data-waiting]').waitFor()
  assert.equal(await page.locator('[data-waiting]').innerText(), '等网络')
  assert.deepEqual(await rawKeys(page), [])
  assert.equal((await page.evaluate(() => caches.keys().then((ks) => Promise.all(ks.map((k) => caches.open(k).then((c) => c.keys()))).then((all) => all.flat().map((r) => new URL(r.url).pathname).filter((p) => p.startsWith('/api/'))))))
    .filter((p) => p !== '/api/district').length, 0)
  await page.reload()
  await page.locator('[data-waiting]').waitFor()

  // The answer to the first try is lost on its way; the second is the same report.
  let tries = 0
  await page.route('**/api/appeals', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    if (++tries > 1) return route.continue()
    await route.fetch()
    await route.abort('connectionreset')
  })
  await context.setOffline(false)
  await until(() => tries, (n) => n === 1, 'the first try')
  await page.locator('[data-waiting]').waitFor()
  await page.locator('.do .main').tap()
  await page.waitForURL('**/filed')
  assert.equal(tries, 2)
  const items = await mine(context)
  assert.equal(items.length, 1)
  const detail = await (await context.request.get(`/api/appeals/${items[0].id}`)).json()
  assert.equal(detail.files.length, 2)
  await page.goto('/')
  await page.locator('#what').waitFor()
  assert.equal(await page.locator('#what').inputValue(), '')
  assert.equal(await page.evaluate(() => new Promise((done) => { const r = indexedDB.open('shanzhi'); r.onsuccess = () => { const q = r.result.transaction('kept').objectStore('kept').getAllKeys(); q.onsuccess = () => done(q.result.length) } })), 0, 'nothing stays on the device')
  await v.close()
})

test('one tap deletes what waits, and another account does not send it', async () => {
  const v = await visitor(browser, server.url, { size: 'small' })
  const { page, context } = v
  await citizen(v, '13900002222')
  await page.goto('/')
  await shellKept(page)
  await context.setOffline(true)
  await page.locator('#what').fill('小区门口的井盖破损，有人差点摔倒，请尽快处理')
  await page.locator('.send button').tap()
  await page.locator('[data-waiting]').waitFor()
  await context.clearCookies()
  await citizen(v, '13900004444')
  await context.setOffline(false)
  await until(() => page.locator('[data-waiting]').innerText(), (s) => s.includes('另一个登录状态'), 'another person')
  assert.equal((await mine(context)).length, 0)
  await page.locator('[data-forget]').tap()
  await page.locator('#what').waitFor()
  assert.equal(await page.locator('#what').inputValue(), '')
  await v.close()
})

test('a photo that was cut goes on from there: the server sees each byte once', async () => {
  const v = await visitor(browser, server.url, { size: 'phone' })
  const { page, context } = v
  await citizen(v, '13900003333')
  await page.goto('/')
  await page.locator('#what').fill('公园里的健身器材坏了两台，螺丝松动，容易夹手')
  const video = { name: 'clip.mp4', mimeType: 'video/mp4', buffer: mp4(700_000) }
  await page.locator('input[type=file]').setInputFiles(video)
  await page.locator('.picker li video').waitFor()
  // The line breaks after the first pieces, the page is loaded anew.
  const sent = []
  let pieces = 0
  await context.route('**/api/uploads/**', async (route) => {
    const r = route.request()
    if (r.method() !== 'PATCH') return route.continue()
    if (++pieces === 3) return route.abort('connectionreset')
    const body = r.postDataBuffer()
    const res = await route.fetch()
    if (res.ok()) sent.push([Number(r.headers()['upload-offset']), body.length])
    return route.fulfill({ response: res })
  })
  await page.locator('.send button').tap()
  await until(() => pieces, (n) => n >= 3, 'the line broke')
  await page.reload()
  await page.waitForURL('**/filed')
  let at = 0
  for (const [offset, n] of sent) {
    assert.equal(offset, at)
    at += n
  }
  assert.equal(at, 700_000)
  const items = await mine(context)
  const detail = await (await context.request.get(`/api/appeals/${items[0].id}`)).json()
  assert.equal(detail.files.length, 1)
  const file = await (await context.request.get(`/api/files/${detail.files[0].id ?? detail.files[0]}`)).body()
  assert.ok(file.equals(video.buffer))
  await v.close()
})

/** The head of an MP4 and bytes after it. */
function mp4(size) {
  const b = Buffer.alloc(size)
  for (let i = 0; i < size; i++) b[i] = (i * 31) & 255
  Buffer.from([0, 0, 0, 24, ...Buffer.from('ftypmp42'), 0, 0, 0, 0, ...Buffer.from('mp42isom')]).copy(b)
  return b
}
