// What an editor does to a form leaves it whole: names, conditions, pages.
import { describe, expect, it } from 'vitest'
import { readable } from '@/lib/sheet'
import { ask, become, blank, conditions, copy, drop, duplicate, freePage, kindOf, kinds, move, put, questionsOf, rename, type Handling } from './model'

const form = (): Handling => {
  const h = blank()
  h.situation = { name: 'situation', schema: { type: 'object', properties: { big: { type: 'boolean', title: '大' } } }, pages: [{ name: 'p', title: { zh: '页' }, fields: [{ field: 'big' }] }] } as Handling['situation']
  ask(h.form, 0, 'phone', { type: 'string', title: '电话' })
  h.form.pages![0]!.fields![1]!.show = 'form.name != "" && form.name_2 != form.name'
  h.form.pages![0]!.title = { zh: '{name}的信息' }
  h.form.exits = [{ when: 'form.name == "x"', say: { zh: '不行' } }]
  h.materials = [{ id: 'a', name: { zh: '甲' }, source: 'applicant', when: 'situation.big || form.name == ""' }] as Handling['materials']
  h.terms = [{ when: 'situation.big', say: { zh: '大' }, free: true }]
  h.licence = { type: 'x', name: { zh: '证' }, show: ['name', 'phone'] } as Handling['licence']
  return h
}

describe('a handling', () => {
  it('takes another name of a question wherever it is read, and no other', () => {
    const h = form()
    rename(h, 'form', 'name', 'who')
    expect(Object.keys(questionsOf(h.form))).toEqual(['who', 'phone'])
    expect(h.form.schema.required).toEqual(['who'])
    expect(h.form.pages![0]!.fields!.map((f) => f.field)).toEqual(['who', 'phone'])
    expect(h.form.pages![0]!.fields![1]!.show).toBe('form.who != "" && form.name_2 != form.who')
    expect(h.form.pages![0]!.title.zh).toBe('{who}的信息')
    expect(h.form.exits![0]!.when).toBe('form.who == "x"')
    expect(h.materials![0]!.when).toBe('situation.big || form.who == ""')
    expect(h.licence!.show).toEqual(['who', 'phone'])
    rename(h, 'situation', 'big', 'large')
    expect(h.terms![0]!.when).toBe('situation.large')
    const before = copy(h)
    rename(h, 'form', 'who', 'phone') // there is one
    rename(h, 'form', 'who', '')
    expect(h).toEqual(before)
  })
  it('drops and doubles a question with all that is of it', () => {
    const h = form()
    questionsOf(h.form).name!['x-element'] = 'person.name'
    expect(duplicate(h, 'form', 0, 'name')).toBe('name_2')
    expect(questionsOf(h.form).name_2).toEqual({ type: 'string', title: '姓名', maxLength: 50 })
    expect(h.form.schema.required).toEqual(['name', 'name_2'])
    expect(h.form.pages![0]!.fields!.map((f) => f.field)).toEqual(['name', 'name_2', 'phone'])
    drop(h, 'form', 'name')
    expect(h.form.schema.required).toEqual(['name_2'])
    expect(h.form.pages![0]!.fields!.map((f) => f.field)).toEqual(['name_2', 'phone'])
    expect(h.licence!.show).toEqual(['phone'])
  })
  it('asks for each kind of answer, from any other', () => {
    for (const a of kinds)
      for (const b of kinds) {
        const q = { type: 'string', title: '问' }
        become(q, a)
        expect(kindOf(q)).toBe(a)
        become(q, b)
        expect(kindOf(q), `${a} to ${b}`).toBe(b)
        expect(q.title).toBe('问')
      }
    const q = { type: 'string', title: '问', enum: ['x'], 'x-enum': { x: { zh: '甲' } } }
    become(q, 'choices')
    expect((q as { items?: unknown }).items).toEqual({ type: 'string', enum: ['x'], 'x-enum': { x: { zh: '甲' } } })
    become(q, 'choice')
    expect(q.enum).toEqual(['x'])
  })
  it('lists its conditions, names pages apart, moves, and leaves out what is empty', () => {
    const h = form()
    expect(conditions(h).filter((c) => c.read()).map((c) => c.at)).toEqual(['form.pages[0].phone.show', 'form.exits[0].when', 'materials[0].when', 'terms[0].when'])
    expect(conditions(h).filter((c) => c.read()).every((c) => readable(c.read()!))).toBe(true)
    expect(readable('form.name &&')).toBe(false)
    h.form.pages!.push({ ...freePage(h.form), name: 'page3' })
    expect(freePage(h.form).name).toBe('page4')
    const list = [1, 2, 3]
    move(list, 0, -1)
    move(list, 2, 1)
    move(list, 2, -1)
    expect(list).toEqual([1, 3, 2])
    const o: Record<string, unknown> = { a: 1 }
    for (const v of ['', undefined, null, false, [], NaN]) put(o, 'a', v)
    expect(o).toEqual({})
    put(o, 'a', 0)
    expect(o).toEqual({ a: 0 })
  })
})
