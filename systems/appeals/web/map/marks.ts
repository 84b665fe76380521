import { call, type Schema } from '@/api/client'

/** Where the open appeals are that one may see. */
export const openPoints = async () => (await call<Schema['MapPoints']>('/api/appeals/points?open=true')).points ?? []
