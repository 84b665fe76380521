import { beforeEach, describe, expect, it } from 'vitest'
import '@/messages'
import { Problem } from '@/api/problem'
import { setLanguage } from '@/i18n'
import { characters, check, filled, start, wrongFields, type Field } from './form'

const f = (name: string, type: string, more: Partial<Field> = {}): Field => ({ name, type, title: { zh: name }, ...more }) as Field

beforeEach(() => setLanguage('zh'))

describe('check', () => {
  it.each([
    [f('a', 'text', { required: true }), '  ', '必填'],
    [f('a', 'text', { required: true }), 'x', undefined],
    [f('a', 'text', { min: 5 }), '四个字呀', '至少 5 个字'],
    [f('a', 'text', { max: 3 }), '😀😀😀', undefined],
    [f('a', 'text', { max: 3 }), '😀😀😀😀', '最多 3 个字'],
    [f('a', 'text'), '长'.repeat(4001), '最多 4000 个字'],
    [f('a', 'bool', { required: true }), false, undefined],
    [f('a', 'bool', { required: true }), undefined, '必填'],
    [f('a', 'number', { min: 1, max: 5 }), 6, '超出范围'],
    [f('a', 'number', { min: 1, max: 5 }), 2.5, '超出范围'],
    [f('a', 'limit'), '5wd', undefined],
    [f('a', 'limit'), '4wh', undefined],
    [f('a', 'limit'), '0d', '时限格式不对，例如 5wd、2h'],
    [f('a', 'units', { max: 1 }), ['x', 'y'], '最多 1 项'],
    [f('a', 'files', { required: true }), [], '必填'],
  ])('%j with %j says %s', (field, value, says) => expect(check([field], { a: value })).toEqual(says ? { a: says } : {}))
})

it('sends only what is filled in, trimmed', () => {
  const fields = [f('a', 'text'), f('b', 'text'), f('c', 'bool'), f('d', 'list'), f('e', 'number')]
  expect(filled(fields, { a: ' x ', b: ' ', c: false, d: [], e: 0, other: 1 })).toEqual({ a: 'x', c: false, e: 0 })
})

it('starts with what is known, and with a choice that is none', () => {
  expect(start([f('a', 'choice', { required: true, options: [{ value: 'only', title: {} }] }), f('b', 'units'), f('c', 'text')], { c: 'given' })).toEqual({ a: 'only', b: [], c: 'given' })
})

it('counts what a reader counts', () => expect(characters('a😀字')).toBe(3))

it('finds the field that the server refused', () => {
  const p = new Problem(422, 'invalid', 'x', '', { 'steps[0].form.reply': 'too short', 'form.unit': 'no such unit', version: 'old' })
  expect(wrongFields(p)).toEqual({ reply: 'too short', unit: 'no such unit', version: 'old' })
})
