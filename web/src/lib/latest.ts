import { ref, shallowRef, type Ref } from 'vue'
import { Problem } from '@/api/problem'

/**
 * One thing as the server told it last: read, and answered by what is done to
 * it. Answers may overtake one another; only that of the last call is taken.
 */
export interface Latest<T> {
  value: Ref<T | undefined>
  problem: Ref<Problem | undefined>
  /** Reads it; what goes wrong is `problem`, unless something was asked since. */
  load(): Promise<void>
  /** Does something whose answer is the thing as it then is. Reports whether that answer was taken; throws what went wrong. */
  act(ask: () => Promise<T>): Promise<boolean>
  /** Another thing is shown from now on: nothing that was asked before is taken. */
  clear(): void
}

export function useLatest<T>(read: () => Promise<T>): Latest<T> {
  const value = ref() as Ref<T | undefined>
  const problem = shallowRef<Problem>()
  let turn = 0
  let reading = 0 // the turn of a reading that has not answered

  async function load() {
    const mine = (reading = ++turn)
    problem.value = undefined
    try {
      const got = await read()
      if (mine === turn) value.value = got
    } catch (e) {
      if (mine === turn) problem.value = Problem.from(e)
    } finally {
      if (reading === mine) reading = 0
    }
  }
  async function act(ask: () => Promise<T>) {
    const unread = reading
    const mine = ++turn
    try {
      const got = await ask()
      if (mine === turn) value.value = got
      return mine === turn
    } catch (e) {
      // The reading that it overtook is owed.
      if (unread && mine === turn) void load()
      throw e
    }
  }
  function clear() {
    turn++
    value.value = problem.value = undefined
  }
  return { value, problem, load, act, clear }
}
