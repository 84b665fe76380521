// What leaves the house: mail to who asked for it, a unit's own receivers, and the
// receipts of both.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cast, choose, launch, rawKeys, seen, until } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, c
before(async () => {
  server = await serve()
  browser = await launch()
  c = await cast(browser, server.url, ['admin', 'dispatcher', 'street', 'supervisor', '13811110001'])
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Confirms an address on a page that has the form of 邮件提醒. */
async function confirm(page, address) {
  await page.locator('input[name=address]').fill('name@')
  await page.getByRole('button', { name: '发送验证码' }).click()
  await page.locator('.wrong', { hasText: '完整的邮箱地址' }).waitFor()
  await page.locator('input[name=address]').fill(address)
  await page.getByRole('button', { name: '发送验证码' }).click()
  const code = (await page.getByText(/验证码 \d{6}/).innerText()).match(/\d{6}/)[0]
  await page.locator('input[name=code]').fill(code === '000000' ? '111111' : '000000')
  await page.getByRole('button', { name: '确认', exact: true }).click()
  await page.locator('.wrong', { hasText: '验证码不正确' }).waitFor()
  await page.locator('input[name=code]').fill(code)
  await page.getByRole('button', { name: '确认', exact: true }).click()
  await page.getByText('邮箱已验证').waitFor()
}

test('a supervised order reaches the handler’s mailbox and the street’s robot; the receipts say so', seen(() => c, async () => {
  const s = c.page('street')
  await s.goto('/desk/me')
  await confirm(s, 'huanghai@example.gov.cn')
  await s.getByText('h***@example.gov.cn').waitFor()
  assert.ok(await s.getByRole('radio', { name: '仅紧急消息' }).isChecked())
  await s.locator('.mail').scrollIntoViewIfNeeded()
  await c.shot(s, 'mail-desk')

  const a = c.page('admin')
  await a.goto('/desk/hooks')
  await a.getByRole('button', { name: '新增接收方' }).click()
  const form = a.locator('.account-box form')
  await form.locator('input[name=name]').fill('西乡街道指挥系统')
  await choose(a, form.locator('.el-select').first(), '西乡街道')
  await choose(a, form.locator('.el-select').nth(1), '业务系统')
  await form.locator('input[name=url]').fill('http://127.0.0.1:8080/')
  await form.getByRole('button', { name: '保存' }).click()
  await form.locator('.wrong', { hasText: '本机' }).waitFor()
  await form.locator('input[name=url]').fill('https://street.example.org/hook')
  await c.shot(a, 'hook-form')
  await form.getByRole('button', { name: '保存' }).click()
  await a.getByText('只显示这一次').waitFor()
  await c.shot(a, 'hook-secret')
  await a.getByRole('button', { name: '已保存好' }).click()
  const row = a.locator('.hook', { hasText: '西乡街道指挥系统' })
  await row.getByRole('button', { name: '测试' }).click()
  await c.done(a, '对方已收下')
  await row.locator('.tag', { hasText: '正常' }).waitFor()
  await c.shot(a, 'hooks')
  assert.deepEqual(await rawKeys(a), [])

  const { id } = await c.post('13811110001', '/api/appeals', { text: '西乡街道流塘社区流塘路路灯不亮，请尽快修理', address: '西乡街道流塘路 58 号' })
  await c.act('dispatcher', id, 'dispatch', { unit: 'st-xixiang' })
  await c.act('supervisor', id, 'supervise', { note: '今天之内修好' })

  const v = c.page('supervisor')
  await v.goto('/desk/receipts?channel=mail')
  await until(async () => (await v.reload(), await v.locator('tbody tr', { hasText: '督办单' }).filter({ hasText: 'h***@example.gov.cn' }).filter({ hasText: '已送达' }).count()), (n) => n === 1, 'the letter’s receipt')
  await v.getByRole('button', { name: '推送', exact: true }).click()
  await v.locator('tbody tr', { hasText: '西乡街道指挥系统' }).filter({ hasText: '已送达' }).first().waitFor()
  await c.shot(v, 'receipts')
  assert.equal(await v.getByText('模拟器收到的').count(), 0, 'what simulators took is the administrator’s to see')
  assert.deepEqual(await rawKeys(v), [])

  await a.goto('/desk/receipts?tab=simulated')
  await a.locator('.took li', { hasText: '督办单' }).filter({ hasText: '今天之内修好' }).first().waitFor()
  await c.shot(a, 'simulated')
  assert.equal(await a.getByText('huanghai@').count(), 0, 'an address is shown in full')

  // Taken away by whom it disturbs.
  await s.goto('/desk/me')
  await s.getByRole('radio', { name: '不发邮件' }).check()
  await s.getByText('已保存').waitFor()
  await a.goto('/desk/hooks')
  await a.locator('.hook', { hasText: '西乡街道指挥系统' }).getByRole('button', { name: '删除' }).click()
  await a.locator('.el-message-box').getByRole('button', { name: '删除' }).click()
  await c.done(a, '已删除')
  assert.equal(await a.locator('.hook', { hasText: '西乡街道指挥系统' }).count(), 0)
}))

test('a citizen asks for mail on the phone', seen(() => c, async () => {
  const p = c.page('13811110001')
  await p.goto('/notices')
  await p.getByRole('link', { name: '邮件提醒' }).click()
  await c.shot(p, 'phone-mail-ask')
  await confirm(p, 'citizen@example.org')
  await p.getByRole('radio', { name: '全部消息' }).check()
  await p.getByText('已保存').waitFor()
  await c.shot(p, 'phone-mail')
  await p.reload()
  await p.getByText('c***@example.org').waitFor()
  assert.ok(await p.getByRole('radio', { name: '全部消息' }).isChecked())
  assert.deepEqual(await rawKeys(p), [])
}))
