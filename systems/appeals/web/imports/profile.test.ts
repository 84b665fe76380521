import { describe, expect, it } from 'vitest'
import { fitting, missing, nameable, read, write } from './profile'

// As the server drafts it of a file's columns.
const draft = `profile: my-profile
title: {zh: 我的导入方案}
source: my_source
dates: [ymd]
appeal:
  number: "{留言编号}"
  opened: "{留言时间}"
  title: "{留言主题}"
  state: dispatching
  channel: web
  kind: other
  where: {street: "{街道}", address: "{地址, 门牌}"}
  appellant: {id: "{留言用户}"}
`

describe('a profile made in the browser', () => {
  it('begins with the draft', () => {
    const m = read(draft)
    expect(m.plans.number!.column).toBe('留言编号')
    expect(m.plans.state).toMatchObject({ column: '', text: 'dispatching' })
    expect(m.plans['where.address']!.column).toBe('地址, 门牌')
    expect(m.plans['appellant.id']!.column).toBe('留言用户')
    expect(missing(m)).toEqual(['text'])
  })

  it('is written as the server reads it', () => {
    const m = read(draft)
    Object.assign(m, { name: 'street-hall', title: '街道 "大厅"', source: 'hall', absent: '- 无', dates: 'dmy', district: '坪山区' })
    m.plans.text!.column = '内容'
    Object.assign(m.plans.state!, { column: '状态', text: '', values: [{ from: '已办', to: 'closed' }, { from: '', to: 'handling' }, { from: '在办', to: '' }], otherwise: 'handling' })
    m.plans['where.lon']!.column = 'X'
    m.crs = 'GCJ-02'
    expect(missing(m)).toEqual([])
    expect(write(m)).toBe(`profile: "street-hall"
title: {zh: "街道 \\"大厅\\""}
source: "hall"
district: "坪山区"
dates: [dmy]
absent: ["-", "无"]
appeal:
  number: "{留言编号}"
  opened: "{留言时间}"
  title: "{留言主题}"
  text: "{内容}"
  state: {from: "{状态}", values: {"已办": "closed"}, otherwise: "handling"}
  channel: "web"
  kind: "other"
  where:
    street: "{街道}"
    address: "{地址, 门牌}"
    lon: "{X}"
    crs: GCJ-02
  appellant:
    id: "{留言用户}"
`)
  })

  it('leaves out a column whose name would be read as a pattern', () => {
    expect(['编号', 'a b'].every(nameable)).toBe(true)
    expect(['{x}', 'a[b]', '"', ' ', 'a\\b'].some(nameable)).toBe(false)
  })

  it('is proposed where nearly all that it reads is there', () => {
    const p = (name: string, ...columns: string[]) => ({ name, columns })
    const all = [p('small', 'a', 'b'), p('large', 'a', 'b', 'c', 'd', 'e', 'f', 'maybe'), p('other', 'x', 'y')]
    expect(fitting(all, ['a', 'b', 'c', 'd', 'e', 'f'])?.name).toBe('large')
    expect(fitting(all, ['a', 'b', 'q'])?.name).toBe('small')
    expect(fitting(all, ['a', 'x'])).toBeUndefined()
  })
})
