// Regenerates the typed client: openapi.json from the server at $SHANZHI_URL,
// when given, and src/api/schema.d.ts from openapi.json.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import openapi, { astToString } from 'openapi-typescript'

const spec = fileURLToPath(new URL('../openapi.json', import.meta.url))
const types = fileURLToPath(new URL('../src/api/schema.d.ts', import.meta.url))

if (process.env.SHANZHI_URL) {
  const res = await fetch(new URL('/openapi.json', process.env.SHANZHI_URL))
  if (!res.ok) throw new Error(`${process.env.SHANZHI_URL}/openapi.json answers ${res.status}`)
  await writeFile(spec, JSON.stringify(sorted(await res.json()), null, 1) + '\n')
}
/** The same document with its keys in order, so that a difference shows what changed. */
function sorted(v) {
  if (Array.isArray(v)) return v.map(sorted)
  if (!v || typeof v !== 'object') return v
  return Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])]))
}
const head = '// Made by `npm run api` from openapi.json. Do not edit.\n'
await writeFile(types, head + astToString(await openapi(await readFile(spec, 'utf8'))))
