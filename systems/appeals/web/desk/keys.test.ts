import { expect, it } from 'vitest'
import type { Action } from '../appeal'
import { letters } from './keys'

const a = (name: string, emphasis?: string) => ({ name, by: [], form: [], from: [], title: {}, to: '', ...(emphasis ? { emphasis } : {}) }) as Action

it('gives each action a letter of its own, the likeliest first, and never one that moves the list', () => {
  const l = letters([a('request_return'), a('reply', 'primary'), a('redispatch'), a('note'), a('kick')])
  expect(l.get('reply')).toBe('r')
  expect(new Set(l.values()).size).toBe(5)
  expect([...l.values()].filter((letter) => 'jkx'.includes(letter))).toEqual([])
})

it('gives the same letters in any order', () => {
  const actions = ['sign', 'suspend', 'supervise', 'send_back'].map((n) => a(n))
  expect([...letters([...actions].reverse())].sort()).toEqual([...letters(actions)].sort())
})
