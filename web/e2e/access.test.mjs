// The citizen's screens at the size of a phone, looked at by axe-core (WCAG 2.1 A and AA):
// nothing serious stands in the way of who cannot see, hear or point well. A guide is
// printed with a code.
import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { citizen, launch, rawKeys, visitor } from './browser.mjs'
import { serve } from './server.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const shots = process.env.SHOTS
let server, browser
before(async () => {
  ;[server, browser] = await Promise.all([serve(), launch()])
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** What is serious on a page, said by rule, element and reason. */
async function serious(page) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] }))
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} ${n.failureSummary.split('\n')[1]?.trim() ?? ''}`))
}

test('the citizen’s screens have nothing serious in the way', async () => {
  const v = await visitor(browser, server.url, { size: 'phone' })
  const page = v.page
  const items = (await (await v.context.request.get('/api/services/items?q=' + encodeURIComponent('初创企业补贴'))).json()).items
  const item = items[0].id
  const wrong = {}
  const look = async (path, ready) => {
    await page.goto(path)
    await page.locator(ready).filter({ visible: true }).first().waitFor()
    await page.waitForTimeout(400)
    const found = await serious(page)
    if (found.length) wrong[path] = found
  }
  for (const [path, ready] of [
    ['/', 'main, .page, article'], ['/guide', 'input'], [`/guide/${item}`, 'article h1'], ['/subsidies', 'h1, h2'], ['/themes', 'h2, li'], ['/themes/pharmacy', 'h1'], ['/progress', 'input'], ['/cross-region', 'input'], ['/halls', 'h2, li'],
  ])
    await look(path, ready)
  await citizen(v, '13800138041')
  const a = await (await v.context.request.post('/api/services/applications', { data: { item } })).json()
  for (const [path, ready] of [[`/apply/${a.id}`, 'input'], ['/cases', 'main'], ['/licences', 'main'], ['/pickups', 'main'], ['/notices', 'main']]) await look(path, ready)
  assert.deepEqual(wrong, {})
})

test('a guide is printed with a code that leads to what is in force', async () => {
  const v = await visitor(browser, server.url)
  const page = v.page
  const { items } = await (await v.context.request.get('/api/services/items?q=' + encodeURIComponent('食品经营许可'))).json()
  await page.goto(`/guide/${items[0].id}`)
  await page.locator('article h1').waitFor()
  assert.equal(await page.locator('.paper').isVisible(), false)
  await page.emulateMedia({ media: 'print' })
  await page.locator('.paper svg').waitFor()
  for (const gone of ['.go', 'button.print']) for (const x of await page.locator(gone).all()) assert.equal(await x.isVisible(), false, `${gone} on paper`)
  assert.ok(await page.locator('.onpaper li').count(), 'the papers that are needed, without an answer to the questions')
  const pdf = await page.pdf({ format: 'A4', margin: { top: '14mm', bottom: '14mm', left: '16mm', right: '16mm' } })
  assert.ok(pdf.length > 10_000)
  if (shots) {
    await mkdir(shots, { recursive: true })
    await writeFile(`${shots}/guide.pdf`, pdf)
  }
  assert.deepEqual(await rawKeys(page), [])
})
