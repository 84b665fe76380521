// Each screen for itself: every route in both languages and sizes, the
// keyboard, saved filters, bulk work, import, export, strangers, and what one
// is told when something is wrong.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { choose, citizen, launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
const filed = []

before(async () => {
  server = await serve({ days: 1 })
  browser = await launch()
  await until(() => fetch(`${server.url}/api/district`).then((r) => r.json()).then((d) => d.preparing), (p) => !p, 'the demonstration', 60_000)
  for (const text of ['新安街道海滨社区占道经营，晚上烧烤摊油烟很大', '西乡街道麻布社区路面坑洼积水，行人容易摔倒', '福永街道怀德社区广场舞声音太大，晚上十点还在跳']) {
    // A server that is busy says so, and is asked again.
    const file = () => fetch(`${server.url}/api/appeals`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text, appellant: { phone: '13700001111' } }) })
    const res = await until(file, (r) => r.status === 201, 'filing')
    filed.push(await res.json())
  }
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const as = async (login, options = {}) => {
  const v = await visitor(browser, server.url, options)
  if (login) await (/^1\d{10}$/.test(login) ? citizen(v, login) : staff(v, login))
  return v
}
/** Nobody signed in is asked who they are; that answer is no fault. */
const faults = (v) => v.complaints.filter((c) => !/\/api\/me(\s|$)/.test(c) && !/WebGL|3D|GPU/i.test(c))

/** Controls that a screen reader could not name. */
const nameless = (page) =>
  page.evaluate(() => {
    const name = (e) => (e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.title || e.innerText || e.placeholder || [...(e.labels ?? [])].map((l) => l.innerText).join('') || e.querySelector('img[alt],svg[aria-label]')?.outerHTML || '').trim()
    return [...document.querySelectorAll('button, a[href], input:not([type=hidden]), textarea, select')].filter((e) => e.checkVisibility() && !name(e)).map((e) => e.outerHTML.slice(0, 160))
  })

async function sound(v, path, what) {
  await v.page.goto(path)
  // Live updates hold a request open, so quiet is: what was asked for has come.
  await until(() => v.page.evaluate(() => !!document.querySelector('h1, h2, form, .state, .lead') && !document.querySelector('.skeleton')), Boolean, `${what} ${path}`)
  await v.page.waitForTimeout(300)
  assert.deepEqual(await rawKeys(v.page), [], `${what} ${path}: untranslated`)
  assert.deepEqual(await nameless(v.page), [], `${what} ${path}: controls without a name`)
  const over = await v.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(over <= 1, `${what} ${path}: ${over} px too wide`)
  assert.deepEqual(faults(v), [], `${what} ${path}`)
}

test('each screen of each role: no raw key, no fault, nothing too wide, every control named, in both languages', async () => {
  const routes = {
    dispatcher: ['/desk', '/desk/appeals', `/desk/appeals/${filed[0].id}`, '/desk/map', '/desk/duty', '/desk/rulings'],
    agent: ['/desk/intake'],
    supervisor: ['/desk/imports', '/board', '/desk/supervision', '/desk/assessment', '/desk/figures', '/desk/topics', '/desk/closing', '/desk/roster', '/desk/leads', '/desk/leads?tab=figures', '/desk/handover', '/desk/reports', '/desk/reports?tab=meetings', '/desk/reports?tab=tasks', '/wall'],
    admin: ['/desk/me', '/desk/accounts', '/desk/pack', '/desk/duty/versions'],
  }
  for (const language of ['zh-CN', 'en-US']) {
    const desk = await as(null, { language })
    await sound(desk, '/desk/sign-in', language)
    for (const [login, paths] of Object.entries(routes)) {
      await staff(desk, login)
      for (const path of paths) await sound(desk, path, `${login} ${language}`)
    }
    await desk.close()
    // The longest words on the smallest phone: English at 320 px, Chinese at 390.
    const size = language === 'en-US' ? 'small' : 'phone'
    const v = await as('13700001111', { language, size })
    for (const path of ['/', '/appeals', `/appeals/${filed[0].id}`, '/track', '/looks', '/notices', '/public', '/nowhere']) await sound(v, path, `${size} ${language}`)
    await v.close()
  }
})

test('the language is switched in place and kept', async () => {
  const v = await as('dispatcher')
  await v.page.goto('/desk')
  await v.page.locator('h1', { hasText: '我的待办' }).waitFor()
  await v.page.getByRole('button', { name: 'Switch to English' }).click()
  await v.page.locator('h1', { hasText: 'My queue' }).waitFor()
  await v.page.reload()
  await v.page.locator('h1', { hasText: 'My queue' }).waitFor()
  assert.equal(await v.page.evaluate(() => document.documentElement.lang), 'en')
  await v.close()
})

test('the queue by keyboard alone: move, search, help, dispatch by form and by suggestion', async () => {
  const v = await as('dispatcher')
  const { page } = v
  const key = (k) => page.keyboard.press(k)
  await page.goto('/desk')
  await page.locator('.row').nth(2).waitFor()
  await page.locator('.matter h2').waitFor()
  const current = () => page.locator('.row.current').getAttribute('data-id')
  const first = await current()
  await key('j')
  await until(current, (id) => id !== first, 'j')
  await key('k')
  await until(current, (id) => id === first, 'k')
  await key('?')
  await page.getByRole('dialog').getByText('采纳第 1、2、3 条分拨建议').waitFor()
  await key('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })

  await key('/')
  await page.keyboard.insertText('广场舞声音太大')
  await key('Enter')
  await page.locator('.row').filter({ hasText: filed[2].no }).waitFor()
  await until(() => page.locator('.row').count(), (n) => n === 1, 'found')
  await until(() => page.locator('.matter .no').innerText(), (no) => no.includes(filed[2].no), 'opened')
  await page.locator('.suggest li').first().waitFor()
  await key('1')
  await page.locator('.el-message').filter({ hasText: '分拨完成' }).waitFor()
  await until(() => page.locator('.row').count(), (n) => n === 0, 'it left the queue')

  await key('/')
  await key('Control+A')
  await page.keyboard.insertText('占道经营')
  await key('Enter')
  await until(() => page.locator('.matter .no').innerText(), (no) => no.includes(filed[0].no), 'opened')
  await key('d')
  await page.locator('[data-field=unit] input').waitFor()
  await until(() => page.evaluate(() => !!document.activeElement?.closest('[data-field=unit]')), Boolean, 'the first field has the focus')
  await page.keyboard.type('新安街道')
  await page.locator('.el-select-dropdown__item:visible').filter({ hasText: '新安街道' }).first().waitFor()
  await key('ArrowDown')
  await key('Enter')
  await key('Control+Enter')
  await page.locator('.matter .state').filter({ hasText: '待签收' }).or(page.getByText('没有符合条件的诉求')).first().waitFor()
  const now = await (await v.context.request.get(`/api/appeals/${filed[0].id}`)).json()
  assert.equal(now.state, 'signing')
  assert.match(now.unit_name, /新安街道/)
  await v.close()
})

test('filters are linked, kept under a name and taken away', async () => {
  const v = await as('dispatcher')
  const { page } = v
  await page.goto('/desk/appeals?late=true&state=handling')
  await page.locator('.chips .on').filter({ hasText: '办理中' }).waitFor()
  await page.locator('.row').first().or(page.getByText('没有符合条件的诉求')).first().waitFor()
  for (const s of await page.locator('.row .state').allInnerTexts()) assert.equal(s, '办理中')
  await page.getByRole('button', { name: '常用筛选' }).click()
  await page.getByPlaceholder('把当前筛选存为').fill('超期办理中')
  await page.keyboard.press('Enter')
  await page.locator('.saved .load').filter({ hasText: '超期办理中' }).waitFor()
  await page.goto('/desk')
  await page.getByRole('button', { name: '常用筛选' }).click()
  await page.locator('.saved .load').filter({ hasText: '超期办理中' }).click()
  await page.waitForURL(/\/desk\/appeals\?.*late=true/)
  await page.getByRole('button', { name: '常用筛选' }).click()
  await page.locator('.saved .x').click()
  await page.getByText('还没有保存的筛选').waitFor()
  await v.close()
})

test('several are signed at once, and the list is exported as it is narrowed', async () => {
  // Two of its own: what the demonstration has in hand depends on the hour.
  const d = await as('dispatcher')
  for (const text of ['西乡街道流塘社区路灯不亮，晚上看不清', '西乡街道麻布社区垃圾桶满溢，没有清运']) {
    const { id } = await (await d.context.request.post('/api/appeals', { data: { text, channel: 'web' } })).json()
    await d.context.request.post(`/api/appeals/${id}/actions`, { data: { steps: [{ action: 'dispatch', form: { unit: 'st-xixiang' } }] } })
  }
  await d.close()
  const v = await as('street')
  const { page } = v
  await page.goto('/desk?state=signing')
  await page.locator('.row').nth(1).waitFor()
  await page.locator('.row .tick').nth(0).click()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.locator('.bulk [data-action=sign]').click()
  await page.locator('.bulk').or(page.locator('.matter')).first().waitFor()
  await page.locator('.row').first().waitFor()

  await page.goto('/desk/appeals?open=true')
  await page.locator('.row').first().waitFor()
  await page.locator('.export').click()
  await page.getByText('CSV', { exact: true }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.el-dialog .el-button--primary').click()])
  const csv = await readFile(await download.path(), 'utf8')
  assert.match(csv.split('\n')[0], /\bno\b.*\bstate\b/)
  assert.ok(csv.trim().split('\n').length > 1)
  await v.close()
})

test('a file nobody knows is mapped by hand, tried, imported; its refused row comes back with the reason', async () => {
  const v = await as('supervisor')
  const { page } = v
  await page.goto('/desk/imports')
  const csv = '单号,登记时间,描述,状态\nE2E-1,2026-11-01 09:00,测试路灯不亮请尽快修理,已办\nE2E-2,2026-11-02 10:00,测试垃圾没有清运请处理,在办\nE2E-3,不是日期,测试井盖破损请更换新的,在办\n'
  await page.locator('input[type=file]').setInputFiles({ name: 'unknown.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await choose(page, page.locator('[data-fact=text] .el-select').first(), '描述')
  await choose(page, page.locator('[data-fact=state] .el-select').first(), '状态')
  const pairs = page.locator('[data-fact=state] .pair')
  await choose(page, pairs.nth(0).locator('.el-select'), '已办结')
  await choose(page, pairs.nth(1).locator('.el-select'), '办理中')
  await page.getByText('可导入 2 行，会被拒绝 1 行').waitFor()
  assert.match(await page.locator('.look .refused').innerText(), /4/)
  await page.getByRole('button', { name: '开始导入' }).click()
  const run = page.locator('[data-run]').first()
  await until(() => run.getAttribute('data-state').catch(() => ''), (s) => s === 'done', 'the import', 20_000)
  assert.match(await run.innerText(), /导入 2[\s\S]*拒绝 1/)
  const [download] = await Promise.all([page.waitForEvent('download'), run.getByRole('link').click()])
  assert.match(await readFile(await download.path(), 'utf8'), /E2E-3/)
  await v.close()
})

test('a stranger sees nothing of the desk, and of an appeal only with its code', async () => {
  const v = await as(null)
  const { page } = v
  for (const path of ['/desk', '/desk/appeals', `/desk/appeals/${filed[0].id}`, '/board', '/desk/imports']) {
    await page.goto(path)
    await page.waitForURL(/\/desk\/sign-in/)
    assert.ok(!(await page.content()).includes(filed[0].no), path)
  }
  for (const path of ['/api/appeals', '/api/queue', '/api/board', `/api/appeals/${filed[0].id}`, '/api/appeals/points', '/api/callers?phone=13700001111', '/api/imports']) assert.equal((await v.context.request.get(path)).status(), 401, path)
  await page.goto(`/appeals/${filed[0].id}`)
  await page.getByRole('link', { name: '登录' }).waitFor()
  assert.ok(!(await page.content()).includes('占道经营'))
  // Signing in leads to where one wanted to go.
  await page.goto('/desk/appeals?late=true')
  await page.waitForURL(/sign-in/)
  await page.locator('input').nth(0).fill('dispatcher')
  await page.locator('input').nth(1).fill('not the password')
  await page.keyboard.press('Enter')
  await page.locator('[role=alert]').filter({ hasText: /\S/ }).first().waitFor()
  await page.locator('input').nth(1).fill('shanzhi-demo')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/desk\/appeals\?.*late=true/)
  await v.close()
  const c = await as('13700009999')
  await c.page.goto(`/appeals/${filed[0].id}`)
  await c.page.getByText('没有').first().waitFor()
  assert.ok(!(await c.page.content()).includes('占道经营'), 'another citizen')
  await c.close()
})

test('too little, too much and a wrong code are said where they are; nothing written is lost when the server is away', async () => {
  const v = await as(null, { size: 'small' })
  const { page } = v
  await page.goto('/')
  const send = page.getByRole('button', { name: '提交' })
  await send.tap()
  await page.getByText('请再多写几个字').waitFor()
  await page.locator('#what').fill('长'.repeat(4001))
  await send.tap()
  await page.getByText('最多 4000 个字').waitFor()
  await page.locator('#what').fill('断网测试：沙井街道蚝一社区路灯坏了一个星期')
  await page.locator('input[type=tel]').fill('13700002222')
  await page.locator('input[autocomplete=one-time-code]').fill('000000')
  await send.tap()
  await page.locator('.code .bad').waitFor()
  await page.locator('input[autocomplete=one-time-code]').fill('')

  await server.stop({ keep: true })
  await send.tap()
  await page.locator('[data-waiting]', { hasText: '等网络' }).waitFor()
  assert.match(await page.locator('.waiting blockquote').innerText(), /断网测试/)
  await server.start()
  await page.reload()
  // What waited outlives the page, and is sent by itself.
  await page.getByRole('heading', { name: '已收到' }).waitFor()
  await v.close()
})
