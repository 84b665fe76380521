// A self-service device in a park: enrolled, watched, locked; a form filled in at it and
// forgotten; a licence picked up at it, its sheet accounted for, through a jam and a power
// cut; the station on a phone.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import { citizen, launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

const program = process.env.SHANZHI ?? fileURLToPath(new URL('../../bin/shanzhi', import.meta.url))
const shots = process.env.SHOTS
const shot = async (page, name) => shots && (await mkdir(shots, { recursive: true }), await page.waitForTimeout(300), await page.screenshot({ path: `${shots}/${name}.png` }))
let server, browser, dir
const agents = []

/** The agent of a device, beside its browser. */
async function agent(code, folder) {
  const child = spawn(program, ['kiosk', 'run', '--server', server.url, '--data', join(dir, folder), '--simulate', '--every', '500ms', '--listen', '127.0.0.1:0', '--runs', '1.0', ...(code ? ['--code', code] : [])], { stdio: ['ignore', 'pipe', 'pipe'] })
  agents.push(child)
  let said = ''
  for (const s of [child.stdout, child.stderr]) s.on('data', (d) => (said += d))
  const at = await until(() => /(http:\/\/[\d.]+:\d+)(\/kiosk\S+)/.exec(said) ?? (child.exitCode !== null && said), (m) => m, 'the agent came up', 10_000)
  if (typeof at === 'string') throw new Error(at)
  const local = async (what, body = {}) => {
    const res = await fetch(`${at[1]}/local/${what}`, { method: 'POST', body: JSON.stringify(body) })
    return { status: res.status, ...(await res.json()) }
  }
  const kill = (signal = 'SIGKILL') => new Promise((done) => (child.exitCode !== null ? done() : (child.once('exit', done), child.kill(signal))))
  return { url: at[1], path: at[2], local, kill, set: (x) => local('simulate', x) }
}

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shanzhi-kiosk-'))
  ;[server, browser] = await Promise.all([serve(), launch()])
})
after(async () => {
  for (const a of agents) if (a.exitCode === null) a.kill('SIGKILL')
  await browser?.close()
  await server?.stop()
  if (dir) await rm(dir, { recursive: true, force: true })
})

const ID = '44030619900101121X'
const other = '11010519491231002X'
const fits = async (page) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${page.url()} is too wide`)

test('a device is watched, used and accounted for', async () => {
  const op = await visitor(browser, server.url)
  await staff(op, 'devices')
  const api = async (method, path, data) => {
    const res = await op.context.request[method](path, data ? { data } : {})
    assert.ok(res.ok(), `${path}: ${await res.text()}`)
    return res.status() === 204 ? undefined : res.json().catch(() => undefined)
  }
  const o = op.page

  // Registered at the desk, enrolled by its one-time code.
  await o.goto('/desk/devices')
  await o.getByText('还没有设备').waitFor()
  await o.getByRole('button', { name: '登记设备' }).click()
  await o.locator('form.add').getByLabel('名称').fill('园区一体机')
  await o.locator('form.add').getByLabel('位置').selectOption('park-xinan')
  for (const f of ['申请办理', '查进度', '领取证照', '打印办事指南']) await o.locator('fieldset').getByText(f, { exact: true }).click()
  await shot(o, 'devices-register')
  await o.getByRole('button', { name: '保存' }).click()
  await o.getByRole('button', { name: '生成登记码' }).click()
  const code = await o.locator('.code b').innerText()
  await shot(o, 'device-code')
  const device = new URL(o.url()).pathname.split('/').at(-1)
  let a = await agent(code, 'one')
  await assert.rejects(agent(code, 'two'), /enrol_code/)
  await o.locator('header .tag', { hasText: '在线' }).waitFor()

  // Blank sheets: received, issued, loaded.
  await o.goto('/desk/sheets')
  await o.getByText('还没有空白证照入库').waitFor()
  await o.getByLabel('止号').fill('20')
  await o.locator('form .main').click()
  await o.getByText('账平').waitFor()
  for (const [action, to] of [['issue', 6], ['load', 6]]) await api('post', '/api/sheets/moves', { series: 'YZ', from: 1, to, action, device })
  await shot(o, 'sheets')

  // It runs low, and its operator is told; enough paper ends it.
  await a.set({ supplies: { paper: 30 } })
  await o.goto('/desk/devices')
  await o.locator('tbody .tag.bad', { hasText: '打印纸 30' }).waitFor()
  await shot(o, 'devices')
  await until(async () => (await api('get', '/api/notices')).items.map((n) => n.name), (names) => names.includes('device_alarm'), 'the operator is told')
  await a.set({ supplies: { paper: 300 } })
  await o.locator('tbody .tag.bad').waitFor({ state: 'detached' })

  // The face in the device's browser: locked and unlocked from afar.
  const k = await visitor(browser, a.url, { viewport: { width: 1080, height: 1400 } })
  let p = k.page
  await p.goto(a.path)
  await p.getByText('请点选要办的业务').waitFor()
  await shot(p, 'face-home')
  await o.goto(`/desk/devices/${device}`)
  await o.getByLabel('原因').fill('夜间检修')
  await o.getByRole('button', { name: '下发' }).click()
  await p.getByText('本机暂停服务').waitFor()
  await o.locator('.tag.ok', { hasText: '已执行' }).waitFor()
  await shot(p, 'face-locked')
  await o.locator('main select').first().selectOption('unlock')
  await o.getByLabel('原因').fill('检修完成')
  await o.getByRole('button', { name: '下发' }).click()
  await p.getByText('请点选要办的业务').waitFor()
  await shot(o, 'device')

  // Help is called, and whoever keeps the station hears of it.
  await p.getByRole('button', { name: '呼叫帮办' }).click()
  await p.getByText('已呼叫帮办人员').waitFor()
  await p.getByRole('button', { name: '高对比' }).click()
  await p.getByRole('button', { name: '大字' }).click()
  await shot(p, 'face-contrast')
  await p.getByRole('button', { name: '高对比' }).click()
  await p.getByRole('button', { name: '大字' }).click()

  // A form in kiosk mode: two questions a page, and nothing stays.
  await p.locator('[data-tile=apply]').click()
  for (const d of '16000000091') await p.locator('.keys button', { hasText: d }).first().click()
  await p.getByRole('button', { name: '获取验证码' }).click()
  await p.getByText('演示验证码').waitFor()
  await shot(p, 'face-sign')
  await p.getByRole('button', { name: '登录并继续' }).click()
  await p.locator('.items button', { hasText: '个体工商户' }).click()
  const next = () => p.getByRole('button', { name: '下一步' }).click()
  await p.getByRole('button', { name: '不用，我自己填' }).click()
  await p.getByLabel('经营者姓名').fill('张三')
  await p.getByLabel('身份证号').fill(ID)
  assert.equal(await p.locator('.field').count(), 2)
  await shot(p, 'face-form')
  await next()
  await p.getByLabel('联系电话').focus()
  for (const d of '16000000091') await p.locator('.keys button', { hasText: d }).first().click()
  await shot(p, 'face-form-keys')
  await next()
  await p.getByLabel('字号名称').fill('宝安区新安小满早餐店')
  await p.getByLabel('经营场所').fill('新安街道示范路10号101')
  await next()
  await p.locator('[data-field=home]').getByLabel('否').check()
  await p.getByLabel('餐饮服务').check()
  await shot(p, 'face-form-choice')
  await next()
  await p.locator('.promise input').check()
  await next()
  await p.locator('h2', { hasText: '核对并提交' }).waitFor()
  await shot(p, 'face-check')
  await p.getByRole('button', { name: '提交申请' }).click()
  await p.locator('.done dd').first().waitFor()
  await shot(p, 'face-done')
  const no = await p.locator('.done dd').first().innerText()
  const session = (await k.context.cookies()).map((c) => `${c.name}=${c.value}`).join('; ')
  await p.getByRole('button', { name: '完成，清除并返回首页' }).click()
  await p.getByText('请点选要办的业务').waitFor()
  await until(async () => (await k.context.request.get('/api/me')).status(), (s) => s === 401, 'signed out')
  await until(() => fetch(`${server.url}/api/me`, { headers: { Cookie: session } }).then((r) => r.status), (x) => x === 401, 'the session has ended')
  const left = await p.evaluate(async () => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), await indexedDB.databases()]))
  assert.ok(!left.includes('16000000091') && !left.includes('张三'), left)
  await p.goBack().catch(() => undefined)
  assert.ok(!(await p.evaluate(() => document.body.innerText)).includes('宝安区新安小满早餐店'), 'what was written came back')

  // Who walks away is asked, and then forgotten.
  await p.evaluate(() => localStorage.setItem('shanzhi.kiosk.idle', '2'))
  await p.goto(a.path)
  await p.locator('[data-tile=call_back]').click()
  await p.locator('.keys button', { hasText: '1' }).first().click()
  await p.getByText('您还在吗').waitFor()
  await shot(p, 'face-idle')
  await p.getByText('请点选要办的业务').waitFor()
  await p.evaluate(() => localStorage.removeItem('shanzhi.kiosk.idle'))
  await p.goto(a.path)

  // By identity card: another face is refused, one's own signs in, and who walks away is
  // signed out.
  await p.evaluate(() => localStorage.setItem('shanzhi.kiosk.idle', '3'))
  await p.goto(a.path)
  await a.set({ card: { name: '赵六', id_number: other }, stands: ID })
  await p.locator('[data-tile=apply]').click()
  const byCard = p.getByRole('button', { name: '刷身份证登录' })
  await byCard.waitFor()
  await shot(p, 'face-card')
  await byCard.click()
  await p.getByText('人证比对未通过').waitFor()
  await a.set({ card: { name: '赵六', id_number: other } })
  await byCard.click()
  await p.locator('.items button').first().waitFor()
  const who = await (await k.context.request.get('/api/me')).json()
  assert.equal(who.kind, 'citizen')
  assert.ok(!JSON.stringify(who).includes(other) && !who.name.includes('赵六'), 'masked')
  await p.getByText('请点选要办的业务').waitFor()
  await until(async () => (await k.context.request.get('/api/me')).status(), (s) => s === 401, 'signed out by itself')
  await p.evaluate(() => localStorage.removeItem('shanzhi.kiosk.idle'))
  await p.goto(a.path)

  // It is decided at once, and its holder makes a code on the phone.
  const holder = await visitor(browser, server.url, { size: 'phone' })
  await citizen(holder, '16000000091')
  const mine = (await (await holder.context.request.get('/api/services/cases')).json()).cases.find((c) => c.no === no)
  assert.equal(mine.state, 'granted')
  const h = holder.page
  await h.goto('/pickups')
  await h.getByRole('button', { name: '生成领证码' }).click()
  await h.locator('.code strong').waitFor()
  await h.getByRole('button', { name: '让别人代领' }).click()
  await h.getByLabel('姓名').fill('王五')
  await h.getByLabel('身份证号').fill('110105194912310020')
  await h.getByRole('button', { name: '确认授权' }).click()
  await h.locator('.wrong').waitFor()
  await h.getByLabel('身份证号').fill(other)
  await h.getByRole('button', { name: '确认授权' }).click()
  await h.getByText('已授权 王*').waitFor()
  await shot(h, 'phone-pickup')
  await fits(h)
  const pickup = (await h.locator('.code strong').innerText()).replace(' ', '')

  // Somebody else is refused; the holder's sheet jams, and is printed once more.
  await p.getByText('请点选要办的业务').waitFor()
  await p.locator('[data-tile=licence]').click()
  for (const d of pickup) await p.locator('.keys button', { hasText: d }).first().click()
  await shot(p, 'face-pickup-code')
  await next()
  await p.getByRole('button', { name: '开始核验' }).click()
  await p.getByText('没有读到证件').waitFor()
  await a.set({ card: { name: '李四', id_number: other } })
  await p.getByRole('button', { name: '开始核验' }).click()
  await p.getByText('证件与领证人不符').waitFor()
  await shot(p, 'face-refused')
  await a.set({ card: { name: '张三', id_number: ID }, fail: 'paper_jam' })
  await p.getByRole('button', { name: '开始核验' }).click()
  await p.getByText('核验通过').waitFor()
  await shot(p, 'face-found')
  await p.getByRole('button', { name: '打印证照' }).click()
  await p.getByText('已作废登记').waitFor()
  await shot(p, 'face-spoilt')
  const states = async () => (await api('get', `/api/devices/${device}`)).sheets
  await until(states, (s) => s.wasted === 1 && s.loaded === 5, 'the jammed sheet is wasted')

  // The line goes: it says so, and takes a number to call back; nothing personal in clear.
  await server.stop({ keep: true })
  await p.getByText('网络中断，正在重新连接').first().waitFor()
  await p.getByRole('button', { name: '返回' }).click()
  await p.locator('[data-tile=call_back]').waitFor()
  assert.ok(await p.locator('[data-tile=apply]').isDisabled())
  await shot(p, 'face-offline')
  await p.locator('[data-tile=call_back]').click()
  for (const d of '16000000095') await p.locator('.keys button', { hasText: d }).first().click()
  await p.getByRole('button', { name: '提交' }).click()
  await p.getByText('网络恢复后工作人员会给您回电').waitFor()
  const disk = await readFile(join(dir, 'one', 'queue.jsonl'), 'utf8')
  assert.ok(!disk.includes('16000000095') && !disk.includes('张三') && disk.includes('call_back'), 'what lies on the disk')
  await server.start()
  await p.getByRole('button', { name: '完成' }).click()
  await until(async () => (await api('get', `/api/devices/${device}`)).waiting, (n) => n === 0, 'the queue is handed over')

  // Sent by the holder, the agent picks it up; the power goes in the middle of the print.
  await a.set({ mended: true, card: { name: '王五', id_number: other }, slow_ms: 20_000 })
  const found = await a.local('check', { code: pickup })
  assert.ok(found.agent, JSON.stringify(found))
  const printing = a.local('print', { pickup: found.pickup }).catch(() => undefined)
  await until(states, (s) => s.printing === 1, 'a sheet is in the printer')
  await until(async () => (await readFile(join(dir, 'one', 'queue.jsonl'), 'utf8')).split('\n').filter((l) => l.includes('"print_begun"')).length, (n) => n === 2, 'it is written down')
  await a.kill()
  await printing
  a = await agent('', 'one')
  await until(states, (s) => s.wasted === 2 && !s.printing && s.loaded === 4, 'the spoilt sheet is wasted')
  await a.set({ card: { name: '王五', id_number: other } })
  assert.equal((await a.local('check', { code: pickup })).code, 'pickup_counter', 'two sheets, no third')

  // A new code, and at last the holder holds it.
  await h.goto('/pickups')
  await h.getByText('请到窗口领取').waitFor()
  h.once('dialog', (d) => d.accept())
  await h.getByRole('button', { name: '取消领证码' }).click()
  await h.getByRole('button', { name: '生成领证码' }).click()
  await h.locator('.code strong').waitFor()
  const again = (await h.locator('.code strong').innerText()).replace(' ', '')
  const k2 = await visitor(browser, a.url, { viewport: { width: 1080, height: 1400 } })
  p = k2.page
  await p.goto(a.path)
  await p.locator('[data-tile=licence]:not(:disabled)').click()
  for (const d of again) await p.locator('.keys button', { hasText: d }).first().click()
  await p.getByRole('button', { name: '下一步' }).click()
  await a.set({ card: { name: '张三', id_number: ID } })
  await p.getByRole('button', { name: '开始核验' }).click()
  await p.getByRole('button', { name: '打印证照' }).click()
  await p.getByText('请取走证照').waitFor()
  await p.getByText('YZ00000003').waitFor()
  await shot(p, 'face-taken')
  await p.getByRole('button', { name: '很满意' }).click()
  await p.getByText('请点选要办的业务').waitFor()
  await until(states, (s) => s.used === 1 && s.wasted === 2 && s.loaded === 3, 'every sheet is accounted for')
  const [stock] = await api('get', '/api/sheets')
  assert.equal(stock.received, stock.stock + stock.devices + stock.used + stock.wasted + stock.returned)
  const account = await api('get', `/api/devices/${device}/sheets`)
  assert.ok(account[0].agrees && account[0].used === 1 && account[0].wasted === 2 && account[0].closing === 3, JSON.stringify(account))
  await h.reload()
  await h.getByText('已领取').first().waitFor()
  assert.equal((await (async () => (await a.set({ card: { name: '张三', id_number: ID } }), a.local('check', { code: again })))()).code, 'pickup_had')
  await o.goto(`/desk/devices/${device}`)
  await o.getByText('账实相符').waitFor()
  await o.getByLabel('查看事由').fill('核对领取影像')
  await o.getByRole('button', { name: '影像 2' }).first().click()
  await o.locator('.shots img').nth(1).waitFor()
  await o.getByText('账实相符').scrollIntoViewIfNeeded()
  await shot(o, 'device-sheets')
  assert.deepEqual(await rawKeys(o), [])
  assert.deepEqual(await rawKeys(p), [])

  // The station: its keeper answers, its month is written, and anybody finds it.
  const keeper = await visitor(browser, server.url)
  await staff(keeper, 'station')
  const s = keeper.page
  await s.goto('/desk/stations')
  await s.getByText('留言回电').first().waitFor()
  await s.locator('tr', { hasText: '留言回电' }).getByRole('button', { name: '去处理' }).click()
  await s.getByText('请拨打 16000000095').waitFor()
  await s.getByRole('button', { name: '排班' }).isVisible()
  await s.getByLabel('帮办员').selectOption({ index: 0 })
  await s.getByLabel('从').fill('00:00')
  await s.getByLabel('到', { exact: true }).fill('15:59')
  await s.getByRole('button', { name: '排班' }).click()
  await s.locator('section', { hasText: '帮办排班' }).locator('tbody tr').first().waitFor()
  await s.getByRole('button', { name: '登记', exact: true }).click()
  await s.getByText('已登记').first().waitFor()
  await shot(s, 'station-desk')
  const file = await keeper.context.request.get(`/api/station-months/${new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 7)}/file?format=pdf`)
  assert.equal(file.headers()['content-type'], 'application/pdf')
  assert.deepEqual(await rawKeys(s), [])
  const v = await visitor(browser, server.url, { size: 'phone' })
  await v.page.goto('/stations')
  await v.page.locator('[data-station=park-xinan]', { hasText: '设备 1/1 可用' }).waitFor()
  await fits(v.page)
  await shot(v.page, 'phone-stations')
  assert.deepEqual(await rawKeys(v.page), [])
  assert.ok(existsSync(join(dir, 'one', 'device.key')))
})
