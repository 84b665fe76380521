// A service item lives: written by its department, sent back by its checker, published by
// the bureau; citizens see what is published, a draft of an application keeps its version.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { citizen, launch, rawKeys, staff, visitor } from './browser.mjs'
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

const seen = '年满八十周岁，有本市户籍。没有领过同类津贴。'

async function itemOf(v, words) {
  const { items } = await (await v.context.request.get(`/api/services/items?q=${encodeURIComponent(words)}`)).json()
  return items[0].id
}
async function step(v, name, fill) {
  await v.page.locator('header .do button', { hasText: new RegExp(`^${name}$`) }).click()
  if (fill) {
    await fill(v.page.locator('header form.ask'))
    await v.page.locator('header form.ask button.main').click()
  }
}
const clean = async (v) => {
  assert.deepEqual(v.complaints.filter((c) => !/401|404/.test(c)), [])
  assert.deepEqual(await rawKeys(v.page), [])
}

test('an item is changed by its department, sent back, published by the bureau, and a begun application keeps its version', async () => {
  const person = await visitor(browser, server.url, { size: 'phone' })
  await citizen(person, '16000000021')
  const id = await itemOf(person, '高龄津贴')
  const begun = await (await person.context.request.post('/api/services/applications', { data: { item: id } })).json()
  assert.ok(begun.id, JSON.stringify(begun))

  const editor = await visitor(browser, server.url)
  await staff(editor, 'civil-affairs')
  await editor.page.goto(`/desk/items/${id}?tab=edit`)
  await editor.page.locator('textarea[data-field=conditions]').fill(seen)
  await editor.page.locator('.edit .foot button').click()
  await editor.page.locator('.changes ins').first().waitFor()
  await step(editor, '提交核对')
  await editor.page.getByText('草稿待部门核对').waitFor()
  assert.equal(await editor.page.locator('header .do button', { hasText: /^核对通过$/ }).count(), 0, 'who wrote it may check it')
  await clean(editor)

  const checker = await visitor(browser, server.url)
  await staff(checker, 'civil-affairs-head')
  await checker.page.goto('/desk/items?tab=way')
  await checker.page.locator('.turn', { hasText: '待部门核对' }).waitFor()
  await checker.page.locator('td a', { hasText: '高龄津贴申领' }).click()
  await step(checker, '退回', (f) => f.locator('input').fill('请补上申领渠道'))
  await checker.page.getByText('被退回：请补上申领渠道').waitFor()

  await editor.page.reload()
  await editor.page.getByText('被退回：请补上申领渠道').waitFor()
  await editor.page.locator('textarea[data-field=conditions]').fill(seen + '可在手机上申领。')
  await editor.page.locator('.edit .foot button').click()
  await editor.page.locator('.changes ins', { hasText: '可在手机上申领' }).waitFor()
  await step(editor, '提交核对')
  await editor.page.getByText('草稿待部门核对').waitFor()
  await checker.page.reload()
  await step(checker, '核对通过')
  await checker.page.getByText('已核对，待主管部门发布').waitFor()
  assert.equal(await checker.page.locator('header .do button', { hasText: /^发布$/ }).count(), 0)

  await person.page.goto(`/guide/${id}`)
  await person.page.getByText('未重复享受').waitFor()

  const bureau = await visitor(browser, server.url)
  await staff(bureau, 'items')
  await bureau.page.goto(`/desk/items/${id}?tab=edit`)
  await step(bureau, '发布', async () => {})
  await bureau.page.getByText('第 2 版').first().waitFor()
  await bureau.page.locator('.tabs button', { hasText: '版本差异' }).click()
  await bureau.page.locator('.changes ins').first().waitFor()
  await clean(bureau)

  await person.page.reload()
  await person.page.getByText('可在手机上申领').waitFor()
  await clean(person)
  const kept = await (await person.context.request.get(`/api/services/applications/${begun.id}`)).json()
  assert.equal(kept.item_version, 1, JSON.stringify(kept).slice(0, 300))

  const feed = await (await person.context.request.get('/api/open/services/changes')).json()
  assert.deepEqual(feed.changes.filter((c) => c.item === id).map((c) => [c.change, c.version]), [['published', 1], ['changed', 2]])
})

test('what one needs follows from the situation; found by what people say', async () => {
  const v = await visitor(browser, server.url, { size: 'phone' })
  await v.page.goto('/guide')
  await v.page.locator('input[type=search]').fill('开饭店')
  await v.page.waitForFunction(() => document.querySelectorAll('.guide li').length === 1)
  await v.page.locator('li a', { hasText: '食品经营许可' }).click()
  await v.page.locator('.needs .see').click()
  await v.page.locator('.needs .bad').first().waitFor()
  await v.page.getByText('饮品店').click()
  await v.page.locator('.needs fieldset', { hasText: '连锁' }).getByText('是', { exact: true }).click()
  await v.page.locator('.needs .see').click()
  await v.page.locator('.needs .answer').waitFor()
  const said = await v.page.locator('.needs .answer').innerText()
  for (const part of ['总部授权书', '80.00 元', '3 份', '连锁品牌门店', '5 个工作日']) assert.ok(said.includes(part), `${part} in ${said}`)
  if (process.env.SHOTS) await v.page.screenshot({ path: `${process.env.SHOTS}/phone-needs-term.png`, fullPage: true })
  assert.ok(await v.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is too wide')
  // The subsidy direct line: what each took before, what it takes now, and the guide of one.
  await v.page.goto('/guide')
  await v.page.getByRole('link', { name: '政策补贴直通车' }).click()
  const elder = v.page.locator('.subsidies article', { hasText: '高龄津贴' })
  assert.match(await elder.locator('.meter').innerText(), /30 个工作日[\s\S]*4 份/)
  if (process.env.SHOTS) await v.page.screenshot({ path: `${process.env.SHOTS}/phone-subsidies.png`, fullPage: true })
  assert.ok(await v.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is too wide')
  await elder.getByRole('link').click()
  await v.page.getByRole('heading', { name: '改造前后' }).waitFor()
  await clean(v)
})

test('figures with what they count, by department, down to the rows; flags and the catalogue', async () => {
  const v = await visitor(browser, server.url)
  await staff(v, 'items')
  await v.page.goto('/desk/items?tab=figures')
  await v.page.locator('.cards button', { hasText: '网办率' }).click()
  await v.page.getByText('可网上办理的事项 ÷ 写明是否网办的已发布事项').waitFor()
  await v.page.locator('.behind li').first().waitFor()
  assert.match(await v.page.locator('.cards button', { hasText: '秒批占比' }).innerText(), /3 ÷ 33/)
  await v.page.getByText('四个标准化').waitFor()
  await v.page.goto('/desk/items?flag=instant')
  await v.page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 3)
  await v.page.goto('/desk/items?tab=tree')
  await v.page.locator('.tree nav button', { hasText: '区民政局' }).click()
  await v.page.locator('.tree li a', { hasText: '结婚登记' }).waitFor()
  await clean(v)
})
