// City data is handed in with faults, seen, published by a second person and then drawn on the building's page;
// a keeper divides and enters places from there.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cast, launch, until } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, as, building
before(async () => {
  server = await serve({ days: 0 })
  browser = await launch()
  as = await cast(browser, server.url, ['places', 'places-second'])
  const some = await until(() => as.get('places', '/api/places?kind=building&limit=3'), (p) => p.items?.length, 'the register is made')
  building = some.items[0]
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Two houses: one by its code, one whose outline crosses itself. */
const file = () => {
  const [x, y] = [490000, 2500000]
  const at = (list) => ({ type: 'Polygon', coordinates: [[...list, list[0]].map(([a, b]) => [x + a, y + b])] })
  const house = (id, properties, geometry) => ({ type: 'Feature', id, properties: { type: 'building', ...properties }, geometry })
  return Buffer.from(JSON.stringify({ type: 'FeatureCollection', crs: { type: 'name', properties: { name: 'EPSG:4547' } }, features: [
    house('good', { code: building.code, floors: 5 }, at([[0, 0], [24, 0], [24, 10], [10, 10], [10, 18], [0, 18]])),
    house('crossed', { floors: 3 }, at([[40, 0], [60, 12], [60, 0], [40, 12]])),
  ] }))
}

test('a file with faults is checked, a second person publishes it, and the page of the building shows it', async () => {
  const page = as.page('places')
  await page.goto('/desk/city/checkins')
  await page.getByRole('button', { name: '提交数据' }).click()
  await page.locator('input[type=file]').setInputFiles({ name: '西乡楼栋.geojson', mimeType: 'application/geo+json', buffer: file() })
  await page.getByLabel('来源单位').fill('测绘院')
  await as.shot(page, 'checkin-hand')
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await page.waitForURL(/checkins\/\d+$/)
  await page.getByText('待发布').first().waitFor()
  const finding = page.locator('article', { has: page.locator('.code.error') }).first()
  await finding.click()
  await page.locator('aside svg').first().waitFor()
  await as.shot(page, 'checkin-findings')
  const sheet = page.waitForEvent('download')
  await page.getByRole('link', { name: 'XLSX' }).click()
  assert.match((await sheet).suggestedFilename(), /\.xlsx$/)
  assert.equal(await page.getByRole('button', { name: '发布入库' }).count(), 0, 'who handed it in publishes it')

  const second = as.page('places-second')
  await second.goto(new URL(page.url()).pathname)
  await second.getByRole('button', { name: '发布入库' }).click()
  await second.getByText('我确认有错误的要素留在外面').click()
  await second.getByRole('dialog').getByRole('button', { name: '发布入库' }).click()
  await second.getByText('已入库').first().waitFor()
  await second.goto(`/desk/places/${building.id}`)
  await second.locator('.shape').getByText('测绘院').first().waitFor()
  await second.locator('.shape').getByText('× 高 15.0 米').first().waitFor()
  await as.shot(second, 'place-shape')
  assert.deepEqual(as.people['places-second'].complaints, [])
})

test('a keeper enters a unit and sees what a division would do before it is done', async () => {
  const page = as.page('places')
  await page.goto(`/desk/places/${building.id}`)
  await page.getByRole('button', { name: '变更', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '登记下级' }).click()
  await dialog.locator('select').first().selectOption('unit')
  await dialog.locator('[data-field=draft-name]').fill('9901')
  await dialog.locator('[data-field=reason]').fill('补登')
  await dialog.getByRole('button', { name: '登记', exact: true }).click()
  await page.getByRole('heading', { name: /9901/ }).waitFor()
  await page.goto(`/desk/places/${building.id}`)
  await page.getByRole('button', { name: '变更', exact: true }).click()
  await dialog.getByRole('button', { name: '分割', exact: true }).click()
  await dialog.locator('[data-field=reason]').fill('分割为两栋')
  await dialog.getByRole('button', { name: '预览', exact: true }).click()
  await dialog.getByText('将会这样变化').waitFor()
  await as.shot(page, 'place-split')
  await dialog.getByRole('button', { name: '确认变更' }).click()
  const heirs = async () => (await as.get('places', `/api/codes/${building.code}`)).register[0].holdings[0].now.length
  await until(heirs, (n) => n === 2, 'the old code leads to both')
})
