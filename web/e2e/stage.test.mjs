// The stage: the city opens by day and below the ground, what is picked is what the server
// says stands there, a link brings a view back, colours have a legend; where WebGL is missing
// it says so and leads on. Drawn by the processor, so the picture is small.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

const program = process.env.SHANZHI ?? fileURLToPath(new URL('../../bin/shanzhi', import.meta.url))
const picks = process.env.SHANZHI_FULL ? 200 : 20
const viewport = { width: 900, height: 560 }

let server, browser, v, deep
before(async () => {
  server = await serve({ days: 0 })
  await promisify(execFile)(program, ['--data', join(server.dir, 'data'), 'simulate', 'city', '--section', 'demonstration'])
  browser = await launch({ maps: true })
  v = await visitor(browser, server.url, { viewport })
  await staff(v, 'places')
  const b = (await ask('/api/cim')).box
  const near = await ask(`/api/cim/things/nearest?layer=building&lon=${(b[0] + b[2]) / 2}&lat=${(b[1] + b[3]) / 2}&within=5000&count=100`)
  deep = near.items.find((x) => x.detail.deep) ?? near.items[0]
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const ask = async (path) => {
  const res = await v.context.request.get(path)
  assert.equal(res.ok(), true, `${path}: ${res.status()}`)
  return res.json()
}
const middle = (x) => {
  const ring = x.shape.coordinates[0]
  return [ring.slice(0, -1).reduce((n, p) => n + p[0], 0) / (ring.length - 1), ring.slice(0, -1).reduce((n, p) => n + p[1], 0) / (ring.length - 1)]
}
const ready = (page) => until(() => page.evaluate(() => (window.cityStage?.redraw(), window.cityStage?.ready() ?? false)), Boolean, 'the tiles come', 90_000)
/** Straight down on a building, so that what stands at a point of the screen is what stands on it. */
const above = ([lon, lat], height = 420) => `/desk/stage?at=${lon.toFixed(6)},${lat.toFixed(6)},${height},0,-90`

test('what is picked stands where the server says', async () => {
  const { page } = v
  const at = middle(deep)
  await page.goto(`${above(at)}&layers=buildings,terrain,basemap`)
  await ready(page)
  assert.deepEqual(await rawKeys(page), [])
  let seed = 7
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
  let hits = 0
  for (let i = 0; hits < picks && i < picks * 12; i++) {
    const [x, y] = [300 + random() * 420, 60 + random() * 400]
    const got = await page.evaluate(([x, y]) => window.cityStage.pick(x, y), [x, y])
    if (got?.kind !== 'thing') continue
    hits++
    const there = (await ask(`/api/cim/things/at?layer=building&lon=${got.lon}&lat=${got.lat}`)).items
    // A wall is picked at its edge: a hand's breadth beside it the server may see the street.
    if (!there.length) {
      const [nearest] = (await ask(`/api/cim/things/nearest?layer=building&lon=${got.lon}&lat=${got.lat}&within=5&count=1`)).items
      assert.equal(nearest?.code, got.code.slice(0, 19), `at ${got.lon},${got.lat}`)
      assert.ok(nearest.metres < 0.6, `${nearest.metres} m off`)
    } else assert.ok(there.some((t) => t.code === got.code.slice(0, 19)), `${got.code} at ${got.lon},${got.lat}`)
  }
  assert.equal(hits, picks)
})

test('a click opens the page of what is there, its link brings the view back, and a building is taken apart', async () => {
  const { page } = v
  const at = middle(deep)
  const spot = await page.evaluate(([lon, lat, h]) => window.cityStage.screenOf(lon, lat, h), [...at, deep.high])
  const box = await page.locator('.scene').boundingBox()
  await page.mouse.click(box.x + spot.x, box.y + spot.y)
  await page.locator('.picked dl').waitFor()
  const code = await page.locator('.picked .code').innerText()
  assert.equal(code.slice(0, 19), deep.code)
  await page.waitForURL(new RegExp(`pick=${code}`))
  const link = page.url()
  assert.match(link, /at=1\d\d\.\d+,22\./)
  await page.goto('/desk/places')
  await page.goto(link)
  await page.locator('.picked .code', { hasText: code }).waitFor()
  const back = await until(() => page.evaluate(() => window.cityStage?.at()), Boolean, 'the scene opens')
  assert.ok(Math.abs(back.lon - at[0]) < 1e-4 && Math.abs(back.height - 420) < 5, JSON.stringify(back))
  if (!deep.detail.deep) return
  await page.getByRole('button', { name: '楼层拆解' }).click()
  await page.locator('.floors .sheet .unit').first().waitFor()
  const body = await ask(`/api/cim/buildings/${deep.id}`)
  assert.equal(await page.locator('.floors .sheet .unit').count(), body.units.length)
  await page.locator('.floors .x').click()
})

test('colours have a legend that counts what the server told', async () => {
  const { page } = v
  await page.getByRole('tab', { name: '着色' }).click()
  await page.getByLabel('着色依据').selectOption('use')
  await page.locator('.legend li').first().waitFor()
  const counts = await page.locator('.legend b').allInnerTexts()
  const b = (await ask('/api/cim')).box
  const told = await ask(`/api/cim/styles/use?west=${b[0]}&south=${b[1]}&east=${b[2]}&north=${b[3]}`)
  assert.equal(counts.reduce((n, c) => n + Number(c.replace(/\D/g, '')), 0), told.values.length)
  assert.match(page.url(), /style=use|at=/)
  await page.getByRole('button', { name: '恢复本色' }).click()
})

test('below the ground the pipes are seen, and a pit cuts those that the server has there', async () => {
  const { page } = v
  await page.goto(`${above(middle(deep), 300)}&layers=terrain,basemap,pipes&under=0.3`)
  await ready(page)
  assert.equal(await page.getByRole('button', { name: '地下' }).getAttribute('aria-pressed'), 'true')
  await page.getByRole('button', { name: '开挖' }).click()
  await page.locator('section.tool').waitFor()
  const box = await page.locator('.scene').boundingBox()
  for (const [x, y] of [[330, 120], [520, 120], [520, 400], [330, 400]]) {
    await page.mouse.click(box.x + x, box.y + y)
    await page.waitForTimeout(120)
  }
  await page.locator('.scene').focus()
  await page.keyboard.press('Enter')
  await page.locator('section.tool dl').waitFor()
  const volume = Number((await page.locator('section.tool dd').nth(1).innerText()).replace(/[^\d.]/g, ''))
  const area = Number((await page.locator('section.tool dd').nth(0).innerText()).replace(/[^\d.]/g, '').replace(/2$/, ''))
  assert.ok(volume > 1000 && Math.abs(volume / area - 6) < 1.5, `${volume} m³ of ${area} m²`)
  await page.keyboard.press('Escape')
})

test('on the flat map too, and where nothing can be drawn it says so and leads on', async () => {
  const { page } = v
  await page.goto(`/desk/stage?flat=1&at=${middle(deep).map((n) => n.toFixed(6)).join(',')},600,0,-90`)
  await page.locator('.flat canvas').waitFor()
  await page.getByRole('button', { name: '三维场景' }).waitFor()
  assert.deepEqual(v.complaints, [])
  const none = await launch()
  try {
    const w = await visitor(none, server.url, { viewport })
    await staff(w, 'places')
    await w.page.goto('/desk/stage')
    await w.page.getByText('不支持 WebGL 2').waitFor()
    await w.page.getByRole('link', { name: '楼栋列表' }).click()
    await w.page.waitForURL(/desk\/places/)
  } finally {
    await none.close()
  }
})
