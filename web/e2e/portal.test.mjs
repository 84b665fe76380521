// The district's section: what works is shown, what does not hides itself and comes back.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { citizen, launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, site
let status = 200
before(async () => {
  server = await serve()
  browser = await launch()
  site = createServer((_, res) => res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end('<h1>停车平台</h1>'))
  await new Promise((done) => site.listen(0, '127.0.0.1', done))
})
after(async () => {
  await browser?.close()
  site?.close()
  await server?.stop()
})

test('a resource is made at the desk, seen on the phone, hidden when it does not answer, and back', async () => {
  const address = `http://127.0.0.1:${site.address().port}`
  const v = await visitor(browser, server.url)
  await staff(v, 'portal')
  const desk = v.page
  await desk.goto('/desk/portal')
  await desk.locator('tbody tr').nth(93).waitFor()
  await desk.getByRole('button', { name: '新增资源' }).click()
  const form = desk.locator('.el-dialog form')
  await form.locator('input[name=code]').fill('parking')
  await form.locator('input[name=name]').fill('泊车一点通')
  await form.locator('input[name=owner]').fill('区住房和建设局')
  await form.locator('input[name=aliases]').fill('停车；找车位')
  await form.locator('input[name=url]').fill('javascript:alert(1)')
  await form.locator('input[name=probe]').fill(`${address}/up`)
  await form.locator('input[name=reason]').fill('试点上线')
  await form.getByRole('button', { name: '保存' }).click()
  await form.getByText('应为本站路径').waitFor()
  await form.locator('input[name=url]').fill(address)
  await form.getByRole('button', { name: '保存' }).click()
  const row = desk.locator('tbody tr', { hasText: '泊车一点通' })
  await row.waitFor()
  const probe = async () => {
    await desk.getByRole('button', { name: '立即探测' }).click()
    await desk.locator('[role=status]', { hasText: '正在探测' }).waitFor({ state: 'detached' })
  }
  await probe()
  await row.getByText('显示中').waitFor()

  const p = await visitor(browser, server.url, { size: 'phone' })
  await citizen(p, '16000000041')
  await p.page.goto('/home')
  await p.page.locator('.boards button').nth(7).waitFor()
  assert.equal(await p.page.locator('nav.tabs a').count(), 5)
  await p.page.locator('input[type=search]').fill('找车位')
  await p.page.locator('.list', { hasText: '泊车一点通' }).waitFor()
  const [elsewhere] = await Promise.all([p.context.waitForEvent('page'), p.page.locator('.list button').click()])
  await elsewhere.getByText('停车平台').waitFor()
  assert.ok(await p.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is too wide')
  assert.deepEqual(await rawKeys(p.page), [])

  status = 503
  for (let i = 0; i < 3; i++) await probe()
  await row.getByText('探测不通，已隐藏').waitFor()
  await p.page.reload()
  await p.page.locator('.boards button').nth(7).waitFor()
  await p.page.locator('input[type=search]').fill('找车位')
  await p.page.getByText('没有找到相应的服务').waitFor()
  status = 200
  await until(async () => (await probe(), await desk.reload(), await row.waitFor(), row.innerText()), (t) => t.includes('显示中'), 'it is back', 20_000)
  assert.match(await row.innerText(), /显示中[\s\S]*200 OK[\s\S]*\b1\b/)
  assert.match(await desk.locator('.sums').innerText(), /本月月活\s*\d+/)
  await row.getByRole('button', { name: '下架' }).click()
  await desk.locator('.el-message-box__input input').fill('合同到期')
  await desk.locator('.el-message-box__btns .el-button--primary').click()
  await row.getByText('已下架').waitFor()
})
