// Asking: a known question is answered with its source; an unknown one goes on as
// an appeal and becomes work; its owner writes, another publishes, and it is known.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { choose, launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
before(async () => {
  server = await serve({ days: 0 })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const quiet = (v) => v.complaints.filter((c) => !/\/api\/me(\s|$)|WebGL|3D|GPU/i.test(c))
const put = async (page, question) => {
  await page.getByLabel('您的问题').fill(question)
  await page.getByRole('button', { name: '提问' }).click()
}

test('asked, not known, filed, written, published, known', async () => {
  const v = await visitor(browser, server.url, { size: 'phone' })
  await v.page.goto('/ask')
  await v.page.getByRole('button', { name: '护照工本费多少' }).click()
  await v.page.locator('.turn').getByText('120元').waitFor()
  await v.page.locator('.source').getByText('护照和港澳通行证换发').waitFor()
  await v.page.getByRole('button', { name: '有用' }).click()
  await v.page.getByText('已记下').waitFor()
  await v.page.getByRole('button', { name: '看全文' }).click()
  await v.page.getByText('内容有误').click()
  await v.page.getByLabel('哪里不对').fill('地址已经搬了')
  await v.page.getByRole('button', { name: '提交纠错' }).click()
  await v.page.getByText(/已转给责任单位/).waitFor()
  await v.page.getByRole('button', { name: '关闭' }).click()
  const question = '西乡社区长者饭堂在哪里'
  await put(v.page, question)
  await v.page.getByText('没有把握').or(v.page.getByText('还没有这方面')).waitFor()
  assert.equal(await v.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
  assert.deepEqual(await rawKeys(v.page), [])
  await v.page.getByRole('button', { name: '提交诉求' }).click()
  await v.page.locator('#what').waitFor()
  assert.equal(await v.page.locator('#what').inputValue(), question)
  assert.deepEqual(quiet(v), [])

  const s = await visitor(browser, server.url)
  await staff(s, 'supervisor')
  await s.page.goto('/desk/knowledge?tab=questions')
  await s.page.getByRole('heading', { name: question }).waitFor()
  await s.page.getByRole('button', { name: '交给单位' }).click()
  await choose(s.page, s.page.locator('.why .el-select'), '西乡街道')
  await s.page.getByRole('button', { name: '确定' }).click()
  await s.page.getByText('交由西乡').first().waitFor()
  assert.deepEqual(quiet(s), [])
  await s.close()

  const w = await visitor(browser, server.url)
  await staff(w, 'street')
  await w.page.goto('/desk/knowledge?tab=questions')
  await w.page.getByRole('button', { name: '起草条目' }).click()
  await w.page.getByLabel('标题').waitFor()
  assert.equal(await w.page.getByLabel('标题').inputValue(), question)
  await w.page.getByRole('textbox', { name: /^内容/ }).fill('西乡各社区长者饭堂设在社区党群服务中心一楼，每日11:00至13:00开放。')
  await w.page.getByLabel('关键词').fill('长者饭堂；老人饭堂')
  await w.page.getByLabel('试问').fill('长者饭堂在哪里')
  await w.page.getByRole('button', { name: '试一试' }).click()
  await w.page.getByText('答得上').waitFor()
  await w.page.getByRole('button', { name: '保存并提交审核' }).click()
  await w.page.locator('.facts').getByText('待审核').waitFor()
  assert.equal(await w.page.getByRole('button', { name: '审核发布' }).count(), 0)
  assert.deepEqual(await rawKeys(w.page), [])
  assert.deepEqual(quiet(w), [])
  const url = w.page.url()

  const r = await visitor(browser, server.url)
  await staff(r, 'reviewer')
  await r.page.goto(url)
  await r.page.getByRole('button', { name: '审核发布' }).click()
  await r.page.locator('.facts').getByText('已发布', { exact: true }).waitFor()
  const answered = () => r.context.request.get('/api/questions?state=answered').then((x) => x.json())
  await until(answered, (p) => p.items?.some((q) => q.text === question), 'the question answers itself')
  await r.page.goto('/desk/knowledge')
  await r.page.getByRole('button', { name: /被纠错/ }).click()
  await r.page.getByRole('link', { name: '护照和港澳通行证换发' }).waitFor()
  await r.page.getByRole('button', { name: '使用情况' }).click()
  await r.page.getByText('作答最多').waitFor()
  assert.deepEqual(await rawKeys(r.page), [])
  assert.deepEqual(quiet(r), [])
  await r.close()
  await w.close()

  await v.page.goto('/ask')
  await put(v.page, question)
  await v.page.locator('.turn').getByText('党群服务中心').waitFor()
  await v.close()
})

test('the hotline is answered as it writes', async () => {
  const v = await visitor(browser, server.url)
  await staff(v, 'agent')
  await v.page.goto('/desk/intake')
  await v.page.getByPlaceholder(/./).and(v.page.locator('textarea')).first().fill('公司拖欠工资来电坐席怎么登记口径')
  await v.page.locator('.known').getByText('内部').waitFor()
  assert.equal(await v.page.locator('.known').getByRole('button', { name: '用作答复' }).count(), 0)
  await v.page.locator('textarea').first().fill('市民问护照工本费多少')
  await v.page.locator('.known').getByText('120元').waitFor()
  await v.page.getByRole('button', { name: '用作答复' }).click()
  assert.match(await v.page.locator('textarea').nth(1).inputValue(), /120元/)
  const kept = (await v.context.request.get('/api/questions').then((x) => x.json())).items
  assert.ok(!kept.some((q) => /拖欠|护照/.test(q.text)), 'what was being written is kept')
  assert.deepEqual(quiet(v), [])
  await v.close()
})
