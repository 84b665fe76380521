import { describe, expect, it } from 'vitest'
import { differences } from './capture'

describe('where and when a photo was taken', () => {
  const here = { taken: '2026-11-27T08:00:00Z', lon: 113.88, lat: 22.55, accuracy: 20 }
  it('agrees within what the device can tell', () => {
    expect(differences({ ...here, exif_taken: '2026-11-27T07:58:00Z', exif_lon: 113.8804, exif_lat: 22.5502 })).toEqual({})
    expect(differences(here)).toEqual({})
  })
  it('tells a picture from another day and another place', () => {
    const d = differences({ ...here, exif_taken: '2026-11-20T08:00:00Z', exif_lon: 113.9, exif_lat: 22.55 })
    expect(d.time).toBe(7 * 24 * 3600_000)
    expect(d.metres).toBeGreaterThan(1900)
  })
  it('asks no more of the place than the receiver could', () => expect(differences({ ...here, accuracy: 2000, exif_lon: 113.9, exif_lat: 22.55 })).toEqual({}))
})
