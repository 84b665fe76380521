// Behind a case: it is archived and its package verified by the command; the province
// refuses its rows, which are repaired and sent again; supervision sees that it was
// decided in no time, asks, and is content with the explanation.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { citizen, launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

const shots = process.env.SHOTS
const program = process.env.SHANZHI ?? fileURLToPath(new URL('../../bin/shanzhi', import.meta.url))
let server, browser, folder
before(async () => {
  server = await serve({ fresh: true })
  browser = await launch()
  folder = await mkdtemp(join(tmpdir(), 'shanzhi-archive-'))
})
after(async () => {
  await browser?.close()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const shot = async (page, name) => shots && (await page.waitForTimeout(400), page.screenshot({ path: `${shots}/${name}.png` }))
const run = (...args) => new Promise((done) => execFile(program, args, (e, stdout, stderr) => done({ code: e?.code ?? 0, stdout, stderr })))

test('a closed case is archived and verified, told to the province, and supervised', async () => {
  const v = await visitor(browser, server.url, { size: 'phone' })
  await citizen(v, '16000000041')
  const key = () => ({ 'Idempotency-Key': crypto.randomUUID() })
  const call = async (who, method, path, data) => {
    const r = await who.context.request.fetch(path, { method, data, headers: key() })
    assert.ok(r.ok(), `${method} ${path}: ${r.status()} ${await r.text()}`)
    return r.status() === 204 ? undefined : r.json()
  }
  const simulator = (kind) => v.context.request.post('/simulator/province/', { form: { kind, code: '11440306MB2D70048K' }, maxRedirects: 0 })
  assert.equal((await simulator('close')).status(), 303)

  const { items } = await call(v, 'GET', '/api/services/items?q=食品经营许可')
  let a = await call(v, 'POST', '/api/services/applications', { item: items[0].id })
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
  const file = async () => (await (await v.context.request.post('/api/files', { headers: { ...key(), 'Content-Type': 'application/octet-stream' }, data: png })).json()).id
  a = await call(v, 'PUT', `/api/services/applications/${a.id}`, {
    version: a.version,
    situation: { kind: 'restaurant', area: 86, chain: false },
    values: { name: '李记', id_no: '11010519491231002X', phone: '16000000041', shop_name: '李记小馆', uscc: '11440306MB2D70048K', address: '宝安区西乡街道流塘路1号', staff: [{ name: '王五', health: true }] },
    files: { business_licence: [await file()], layout: [await file()], rules: [await file()] },
  })
  const sent = await call(v, 'POST', `/api/services/applications/${a.id}/sending`, { version: a.version })
  const people = {}
  for (const login of ['market', 'market-head', 'window', 'archivist', 'inspector']) await staff((people[login] = await visitor(browser, server.url)), login)
  const act = (who, action, form = {}) => call(people[who], 'POST', `/api/services/cases/${sent.case}/actions`, { action, version: 0, form })
  await act('market', 'accept', { points: ['scope', 'plan', 'health'] })
  const [ground] = await call(people.market, 'GET', '/api/services/fee-grounds')
  const { bills } = await call(people.market, 'GET', `/api/services/cases/${sent.case}`)
  for (const b of (bills ?? []).filter((b) => b.state === 'due')) await call(people.market, 'POST', `/api/services/bills/${b.id}/waiver`, { ground: ground.id, reason: '符合减免规定' })
  await act('market', 'propose', { view: 'grant', opinion: '材料齐全，符合条件' })
  await act('market-head', 'grant')
  await act('window', 'deliver', { mode: 'counter', to: '本人' })

  // The archive.
  const keeper = people.archivist.page
  await keeper.goto('/desk/archives')
  const row = keeper.locator('tbody tr', { hasText: '食品经营许可' }).first()
  await until(async () => (await keeper.reload(), await keeper.locator('table, .state').first().waitFor(), await row.count()), (n) => n === 1, 'the package')
  await row.getByRole('button', { name: '校验' }).click()
  await keeper.getByText('清单哈希与记录一致').waitFor()
  await shot(keeper, 'archives')
  await row.getByRole('button', { name: '调阅' }).click()
  await keeper.locator('.el-message-box input').fill('依申请查阅档案')
  const [download] = await Promise.all([keeper.waitForEvent('download'), keeper.locator('.el-message-box').getByRole('button', { name: '确定' }).click()])
  const at = join(folder, 'package.zip')
  await download.saveAs(at)
  const good = await run('archive', 'verify', at, '--json', '--data', join(folder, 'none'))
  assert.equal(good.code, 0, good.stderr)
  const report = JSON.parse(good.stdout)
  assert.ok(report.ok && report.files > 10 && report.key && !report.recorded, good.stdout)
  const raw = await readFile(at)
  raw[raw.indexOf('食品经营许可', raw.indexOf('trace.json'))] ^= 1
  await writeFile(at, raw)
  const bad = await run('archive', 'verify', at, '--json', '--data', join(folder, 'none'))
  assert.equal(bad.code, 1)
  assert.ok(JSON.parse(bad.stdout).problems.some((p) => p.code === 'changed'), bad.stdout)
  await writeFile(at, raw.subarray(0, raw.length - 100))
  assert.match((await run('archive', 'verify', at, '--data', join(folder, 'none'))).stdout, /cut off/)
  assert.deepEqual(await rawKeys(keeper), [])

  // The province.
  const boss = people.inspector.page
  await boss.goto('/desk/province')
  const head = boss.locator('table.rows tr', { hasText: '机构未登记' }).filter({ hasText: '受理信息' }).first()
  await until(async () => (await boss.reload(), await boss.locator('table.rows, .state').first().waitFor(), await head.count()), (n) => n > 0, 'the reject')
  await head.click()
  await boss.locator('aside blockquote', { hasText: '组织机构目录中没有该机构' }).waitFor()
  await boss.locator('aside code', { hasText: 'org_code' }).waitFor()
  await boss.mouse.move(0, 0)
  await shot(boss, 'province-box')
  await simulator('reopen')
  await boss.getByRole('button', { name: '重新上报' }).click()
  await boss.locator('.el-message-box input').fill('机构已由省平台登记')
  await boss.locator('.el-message-box').getByRole('button', { name: '确定' }).click()
  await boss.getByText('已重新排队').waitFor()
  const { no } = await call(people.inspector, 'GET', `/api/services/cases/${sent.case}`)
  await until(() => call(people.inspector, 'GET', '/api/services/province'), (s) => s.waiting === 0, 'the rows are sent')
  const left = (await call(people.inspector, 'GET', '/api/services/province/rejects?state=open&limit=200')).filter((x) => x.no === no)
  assert.deepEqual(left, [], 'what was repaired is back in the box')
  await boss.getByRole('button', { name: '核对' }).click()
  await boss.locator('p.equal', { hasText: '一致' }).waitFor()
  await shot(boss, 'province')
  assert.deepEqual(await rawKeys(boss), [])

  // Supervision.
  await boss.goto('/desk/supervise')
  const fast = boss.locator('tr', { hasText: '审批过快' }).first()
  await until(async () => (await boss.reload(), await boss.locator('table, .state').first().waitFor(), await fast.count()), (n) => n === 1, 'the finding')
  await boss.locator('canvas').last().waitFor()
  await shot(boss, 'supervise')
  await fast.click()
  await boss.locator('.evidence', { hasText: '准予' }).waitFor()
  await boss.getByRole('button', { name: '要求说明' }).click()
  await boss.locator('form.action textarea').fill('提出审查意见后立即决定，请说明审核过程')
  await boss.locator('form.action button[type=submit]').click()
  await boss.getByText('待说明').first().waitFor()
  await shot(boss, 'finding-asked')
  const dept = people['market-head'].page
  await dept.goto('/desk/supervise')
  await dept.locator('tr', { hasText: '审批过快' }).click()
  await dept.getByRole('button', { name: '说明情况' }).click()
  await dept.locator('form.action textarea').first().fill('审查意见提出以前已经会审，会审记录附后')
  await shot(dept, 'finding-explain')
  await dept.locator('form.action button[type=submit]').click()
  await dept.getByText('已说明，待认定').first().waitFor()
  await until(() => boss.getByRole('button', { name: '说明成立，销号' }).count(), (n) => n === 1, 'the explanation')
  await boss.getByRole('button', { name: '说明成立，销号' }).click()
  await boss.locator('form.action textarea').fill('已核对会审记录')
  await boss.locator('form.action button[type=submit]').click()
  await boss.getByText('已销号').first().waitFor()
  await shot(boss, 'finding-closed')
  assert.deepEqual(await rawKeys(boss), [])
  assert.deepEqual(await rawKeys(dept), [])
})
