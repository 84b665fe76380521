import { expect, test } from 'vitest'
import { pieces } from './marks'

test('spans are counted in characters, may overlap and lie outside', () => {
  expect(pieces('', [{ from: 0, to: 3 }])).toEqual([])
  expect(pieces('已收悉', [])).toEqual([{ text: '已收悉', marked: false }])
  expect(pieces('𠀀高度重视', [{ from: 1, to: 3 }, { from: 2, to: 4 }, { from: 9, to: 12 }])).toEqual([
    { text: '𠀀', marked: false },
    { text: '高度重', marked: true },
    { text: '视', marked: false },
  ])
})
