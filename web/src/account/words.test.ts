import { expect, it } from 'vitest'
import { device, passwordRules } from './words'

it('names a browser and its system', () => {
  expect(device('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0')).toBe('Edge · Windows')
  expect(device('Mozilla/5.0 (Linux; Android 12; HarmonyOS; ALN-AL00) AppleWebKit/537.36 Chrome/114.0 HuaweiBrowser/15 Mobile Safari/537.36')).toBe('Huawei Browser · HarmonyOS')
  expect(device('something else')).toBe('something else')
})

it('says which rules a password keeps', () => {
  const broken = (p: string, old = '') => passwordRules(p, 'admin', old, 10).filter((r) => !r.ok).map((r) => r.rule)
  expect(broken('a-good-password')).toEqual([])
  expect(broken('short1')).toEqual(['length'])
  expect(broken('aaaaaaaaaaaa')).toEqual(['different'])
  expect(broken('my-Admin-2026')).toEqual(['login'])
  expect(broken('a-good-password', 'a-good-password')).toEqual(['other'])
  expect(broken('')).toHaveLength(4)
})
