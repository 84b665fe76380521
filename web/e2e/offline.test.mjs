// What phones do without a network: a report that waits and is sent once, a
// photo that goes on where the line broke.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { citizen, launch, photo, rawKeys, staff, until, visitor } from './browser.mjs'
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
/** All that the page's store holds, as text. */
const onDevice = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        const r = indexedDB.open('shanzhi')
        r.onsuccess = () => {
          const q = r.result.transaction('kept').objectStore('kept').getAll()
          q.onsuccess = () => done(JSON.stringify(q.result))
        }
      }),
  )
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
  assert.equal(await onDevice(page), '[]', 'nothing stays on the device')
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
  await page.locator('input[type=file]').setInputFiles(video)
  await page.locator('.picker li video').waitFor()
  await until(() => pieces, (n) => n >= 3, 'the line broke')
  await page.reload()
  await page.locator('.picker li video').waitFor()
  await page.locator('.send button').tap()
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

/** An appeal that a unit's handler has. Returns its identifier, and how others act on it. */
async function handled(text) {
  const v = await visitor(browser, server.url)
  await citizen(v, '13900005555')
  const { id } = await (await v.context.request.post('/api/appeals', { data: { text, address: '西乡街道流塘路 58 号', lon: 113.8782, lat: 22.5801 } })).json()
  await v.close()
  const unit = (await fetch(`${server.url}/api/district`).then((r) => r.json())).units.find((u) => u.short === '西乡街道').code
  const act = async (login, ...steps) => {
    const v = await visitor(browser, server.url)
    await staff(v, login)
    const res = await v.context.request.post(`/api/appeals/${id}/actions`, { data: { steps } })
    assert.ok(res.ok(), await res.text())
    await v.close()
  }
  await act('dispatcher', { action: 'dispatch', form: { unit, mode: 'manual' } })
  await act('street', { action: 'sign' })
  return { id, act }
}
const here = { geolocation: { latitude: 22.5801, longitude: 113.8782, accuracy: 15 }, permissions: ['geolocation'] }

test('a handler takes evidence and fixes it on the spot without a network; it is sent in order', async () => {
  const { id } = await handled('流塘路 58 号门口的垃圾桶三天没有清运，气味很大，请尽快清理')
  const v = await visitor(browser, server.url, { size: 'phone', ...here })
  const { page, context } = v
  await staff(v, 'street')
  await page.goto('/desk/onsite')
  await page.locator(`a[href="/desk/onsite/${id}"]`).tap()
  await page.locator('.text').waitFor()
  await shellKept(page)
  assert.deepEqual(await rawKeys(page), [])
  await context.setOffline(true)
  await page.goto('/desk/onsite')
  assert.equal(await page.locator('[data-net]').innerText(), '没有网络')
  await page.locator(`a[href="/desk/onsite/${id}"]`).tap()
  assert.match(await page.locator('.text').innerText(), /垃圾桶/)
  const kept = await onDevice(page)
  assert.doesNotMatch(kept, /1390000|139\*|appellant/, 'nothing of who appealed')

  await page.locator('[data-act=contact]').tap()
  await page.locator('.choices label', { hasText: '上门' }).tap()
  await page.locator('.choices label', { hasText: '是' }).first().tap()
  await page.locator('[data-put]').tap()
  await page.locator('[data-job]').waitFor()
  for (const stage of ['before', 'after']) {
    await page.locator(`[data-stage=${stage}] input[type=file]`).setInputFiles(photo(`${stage}.png`))
    await page.locator(`[data-stage=${stage}] img`).waitFor()
  }
  assert.match(await page.locator('[data-stage=before] small').first().innerText(), /±15 米/)
  await page.locator('[data-act=fix_on_site]').tap()
  await page.locator('textarea').fill('现场已清运垃圾 4 桶并冲洗地面，已约定每日两次清运')
  await until(() => onDevice(page), (s) => s.includes('已清运'), 'the draft')
  await page.reload()
  await page.locator('[data-act=fix_on_site]').waitFor()
  assert.match(await page.locator('textarea').inputValue(), /已清运/, 'what is written outlives a reload')
  await page.locator('[data-put]').tap()
  await until(() => page.locator('[data-job]').count(), (n) => n === 2, 'both wait')
  assert.match(await page.locator('[data-job]').first().innerText(), /等网络/)

  await context.setOffline(false)
  await until(() => page.locator('[data-job]').count(), (n) => n === 0, 'both are sent')
  const d = await (await context.request.get(`/api/appeals/${id}`)).json()
  assert.deepEqual(d.timeline.filter((m) => ['contact', 'fix_on_site'].includes(m.action)).map((m) => m.action), ['contact', 'fix_on_site'])
  assert.equal(d.reply_files.length, 2)
  const { items } = await (await context.request.get(`/api/captures?ids=${d.reply_files.join(',')}`)).json()
  assert.deepEqual(items.map((c) => c.stage).sort(), ['after', 'before'])
  assert.ok(items.every((c) => Math.abs(c.lon - 113.8782) < 1e-4 && c.accuracy === 15 && Date.parse(c.received) >= Date.parse(c.taken)))

  // At sign-out the matters leave the device.
  await page.goto('/desk/onsite')
  await page.locator('[data-net]').waitFor()
  await page.evaluate(() => fetch('/api/sign-out', { method: 'POST' }))
  await page.reload()
  await page.waitForURL('**/desk/sign-in**')
  await until(() => onDevice(page), (s) => s === '[]', 'nothing stays')
  await v.close()
})

test('what was taken back meanwhile is told, and nothing is lost', async () => {
  const { id, act } = await handled('流塘路口的路灯连续三晚不亮，晚上出行不便，请修复')
  const v = await visitor(browser, server.url, { size: 'small', ...here })
  const { page, context } = v
  await staff(v, 'street')
  await page.goto(`/desk/onsite/${id}`)
  await page.locator('.text').waitFor()
  await shellKept(page)
  await context.setOffline(true)
  await page.locator('[data-act=reply]').tap()
  await page.locator('.choices label', { hasText: '已解决' }).tap()
  await page.locator('textarea').first().fill('路灯线路已修复，今晚现场确认亮灯正常')
  await page.locator('[data-put]').tap()
  await page.locator('[data-job=waiting]').waitFor()
  const other = (await fetch(`${server.url}/api/district`).then((r) => r.json())).units.find((u) => u.short === '新安街道').code
  await act('dispatcher', { action: 'redispatch', form: { unit: other, note: '属新安街道管辖' } })
  await context.setOffline(false)
  await page.locator('[data-job=unsent]').waitFor()
  assert.match(await page.locator('[data-job=unsent]').innerText(), /没有发出：这一件离线期间有变化，现在是“待签收”/)
  await page.locator('[data-job=unsent] summary').tap()
  assert.match(await page.locator('[data-job=unsent]').innerText(), /路灯线路已修复/)
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 1)
  await v.close()
})

/** The head of an MP4 and bytes after it. */
function mp4(size) {
  const b = Buffer.alloc(size)
  for (let i = 0; i < size; i++) b[i] = (i * 31) & 255
  Buffer.from([0, 0, 0, 24, ...Buffer.from('ftypmp42'), 0, 0, 0, 0, ...Buffer.from('mp42isom')]).copy(b)
  return b
}
