// Accounts and the pack by screen: an administrator makes a person, who changes
// the password and turns the second factor on; the pack is edited, and a wrong
// edit is refused with its line.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { choose, launch, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, admin, person
before(async () => {
  server = await serve()
  browser = await launch()
  admin = await visitor(browser, server.url)
  await staff(admin, 'admin')
  person = await visitor(browser, server.url, { size: 'phone' })
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** The code that an authenticator shows, some steps of thirty seconds on (RFC 6238). */
function totp(secret, steps = 0) {
  const bits = [...secret.replace(/\s/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
  const at = Buffer.alloc(8)
  at.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const sum = createHmac('sha1', key).update(at).digest()
  const from = sum[19] & 15
  return String((sum.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
async function signIn(page, password, code) {
  await page.goto('/desk/sign-in')
  await page.locator('input[name=username]').fill('liu.yang')
  await page.locator('input[name=password]').fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  if (code) {
    await page.locator('input[name=code]').fill(code)
    await page.getByRole('button', { name: '登录', exact: true }).click()
  }
  await page.waitForURL((u) => !u.pathname.endsWith('/sign-in'))
}

let first, secret, recovery
const chosen = 'blue-harbour-2026'

test('an administrator makes a person; the first password is shown once', async () => {
  const { page } = admin
  await page.goto('/desk/accounts')
  await page.locator('[data-login=street]').waitFor()
  await page.getByRole('button', { name: '新建账号' }).click()
  const box = page.getByRole('dialog')
  await box.locator('input[name=login]').fill('Liu Yang')
  await box.locator('input[name=name]').fill('经办人 刘洋')
  await box.getByRole('button', { name: '建立账号' }).click()
  await box.getByText('只能用小写字母').waitFor()
  await box.locator('input[name=login]').fill('liu.yang')
  await choose(page, box.locator('.grant .el-select').first(), '经办人')
  await choose(page, box.locator('.grant .el-select').nth(1), '西乡街道')
  await box.getByRole('button', { name: '建立账号' }).click()
  first = await page.locator('[data-first] output').innerText()
  assert.match(first, /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)
  await page.getByRole('button', { name: '我已告知' }).click()
  const line = page.locator('[data-login="liu.yang"]')
  assert.match(await line.innerText(), /经办人（西乡街道）[\s\S]*未开双因素/)
})

test('the person signs in on a phone, changes the password, and turns the second factor on', async () => {
  const { page } = person
  await signIn(page, first)
  await page.goto('/desk/me')
  const fill = async (old, fresh, again) => {
    await page.locator('input[name=old]').fill(old)
    await page.locator('input[name=new]').fill(fresh)
    await page.locator('input[name=again]').fill(again)
    await page.getByRole('button', { name: '修改密码' }).click()
  }
  await fill(first, chosen, chosen + 'x')
  await page.getByText('两次输入的不一致').waitFor()
  await fill('wrong', chosen, chosen)
  await page.getByText('原密码不正确').waitFor()
  await fill(first, chosen, chosen)
  await page.waitForURL('**/desk/sign-in**')
  await signIn(page, chosen)
  await page.goto('/desk/me')
  await page.getByRole('button', { name: '开启双因素验证' }).click()
  assert.ok((await page.locator('img[alt="双因素验证二维码"]').evaluate((i) => i.decode().then(() => i.naturalWidth))) > 0)
  await page.getByText('不能扫码时').click()
  secret = await page.locator('[data-secret] output').innerText()
  await page.locator('input[name=code]').fill('000000')
  await page.getByRole('button', { name: '确认开启' }).click()
  await page.getByText('验证码不正确').waitFor()
  await page.locator('input[name=code]').fill(totp(secret))
  await page.getByRole('button', { name: '确认开启' }).click()
  await page.locator('.secret ol li').first().waitFor()
  recovery = await page.locator('.secret ol li').allInnerTexts()
  assert.equal(recovery.length, 10)
  await page.getByRole('button', { name: '我已保存' }).click()
  await page.locator('[data-factor]').filter({ hasText: '已开启' }).waitFor()
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 1, 'the phone is too narrow')
})

test('signing in asks for the code, or takes a recovery code once; it is turned off only by who proves themselves', async () => {
  const { page } = person
  await person.context.clearCookies()
  await signIn(page, chosen, totp(secret, 1))
  const other = await visitor(browser, server.url)
  await signIn(other.page, chosen, recovery[0])
  await other.page.goto('/desk/me')
  await other.page.getByText('还剩 9 个恢复码').waitFor()
  await other.page.getByRole('button', { name: '退出其他所有设备' }).click()
  await other.page.locator('.el-message-box').getByRole('button', { name: '确定' }).click()
  await other.page.getByText('只有本机登录').waitFor()
  assert.equal((await person.context.request.get('/api/me')).status(), 401)
  assert.equal((await person.context.request.post('/api/sign-in', { data: { login: 'liu.yang', password: chosen, code: recovery[0] } })).status(), 401)
  await other.page.getByRole('button', { name: '关闭', exact: true }).click()
  await other.page.locator('input[name=proof]').fill('not it')
  await other.page.getByRole('button', { name: '确认关闭' }).click()
  await other.page.getByText('密码或验证码不正确').waitFor()
  await other.page.locator('input[name=proof]').fill(chosen)
  await other.page.getByRole('button', { name: '确认关闭' }).click()
  await other.page.locator('[data-factor]').filter({ hasText: '未开启' }).waitFor()
  await other.close()
})

test('the pack: a wrong edit is refused with its line, a right one is in force and in the history', async () => {
  const { page } = admin
  await page.goto('/desk/pack')
  await page.locator('[data-file="organisation.csv"]').click()
  const cell = page.getByLabel('parent，第 3 行', { exact: true })
  const was = await cell.inputValue()
  await cell.fill('nowhere')
  await cell.blur()
  await page.getByRole('button', { name: '保存并生效' }).click()
  await page.locator('.faults li').filter({ hasText: '第 3 行' }).first().waitFor()
  await page.locator('tr.bad[data-line="3"]').waitFor()
  await cell.fill(was)
  await cell.blur()
  const name = page.getByLabel('short，第 3 行', { exact: true })
  await name.fill('政数局本部')
  await name.blur()
  await page.getByRole('tab', { name: '本次修改' }).click()
  await page.locator('.lines .added').filter({ hasText: '政数局本部' }).waitFor()
  assert.equal(await page.locator('.lines .added, .lines .removed').count(), 2, 'only what was changed is different')
  await page.getByRole('button', { name: '保存并生效' }).click()
  await page.locator('textarea[name=note]').fill('机构改名')
  await page.locator('[data-save]').click()
  await page.getByText('已保存并生效').waitFor()
  await page.getByRole('tab', { name: '历史版本' }).click()
  await page.locator('[data-version=edit]').filter({ hasText: '机构改名' }).filter({ hasText: '系统管理员' }).waitFor()
  await until(async () => (await (await fetch(`${server.url}/api/district`)).json()).units.some((u) => u.short === '政数局本部'), Boolean, 'the new name')

  await page.locator('[data-file="calendars/office.yaml"]').click()
  const text = page.getByLabel('calendars/office.yaml 的内容', { exact: true }) // the note of the save is a textarea too
  await text.fill((await text.inputValue()) + 'nonsense: [\n')
  await page.getByRole('button', { name: '检查', exact: true }).click()
  await page.locator('.faults li').filter({ hasText: /第 \d+ 行/ }).first().waitFor()
})
