import { describe, expect, it } from 'vitest'
import { readAt, readView, writeView } from './link'

describe('a view as a link', () => {
  it('comes back as it was', () => {
    const view = { at: { lon: 113.895012, lat: 22.561234, height: 420.5, heading: 20, pitch: -35 }, pick: '4403060170120100003000013', layers: ['buildings', 'pipes', 'camera'], style: 'unit-use', under: 0.35, flat: undefined }
    expect(readView(writeView(view))).toEqual(view)
  })
  it('says nothing of what it does not know', () => expect(writeView({})).toEqual({}))
  it('turns all layers off where it names none', () => expect(readView({ layers: '' }).layers).toEqual([]))
  it('takes no place that is none', () => {
    for (const bad of ['', '1,2,3', '181,0,1,0,0', '0,91,1,0,0', '0,0,x,0,0', '0,0,,0,0', '0,0,1,0,-91', '1,2,3,4,5,6', undefined, 5, ['1']]) expect(readAt(bad), String(bad)).toBeUndefined()
  })
  it('takes no code, style or layer of another form', () => {
    expect(readView({ pick: "1' OR 1=1", style: '../x', layers: 'buildings,<b>,pipes', under: '7' })).toEqual({ at: undefined, pick: undefined, style: undefined, layers: ['buildings', 'pipes'], under: undefined, flat: undefined })
    expect(readView({ pick: '123' }).pick).toBeUndefined()
  })
})
