// CesiumJS fetches its workers by address: this puts those that the stage uses (the ground's)
// beside the build, and answers them while developing. The stage makes its own geometry at
// once, without a worker; pictures of stars, moon and water and tables of the poles stay out.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const root = dirname(createRequire(import.meta.url).resolve('@cesium/engine/package.json'))
const workers = ['createVerticesFromQuantizedTerrainMesh', 'upsampleQuantizedTerrainMesh', 'createVerticesFromHeightmap', 'transferTypedArrayTest', 'incrementallyBuildTerrainPicker']

/** Where its files lie, by name below the address. */
const source = (name) => join(root, 'Build', name)

/** @returns {import('vite').Plugin} */
export function cesium() {
  let base
  return {
    name: 'cesium',
    async config() {
      const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
      base = `assets/cesium-${version}/`
      return { define: { CESIUM_FILES: JSON.stringify(`/${base}`) } }
    },
    configureServer(server) {
      server.middlewares.use(`/${base}`, async (req, res, next) => {
        const name = new URL(req.url, 'http://localhost').pathname.slice(1)
        if (!/^Workers\/[\w./-]+$/.test(name) || name.includes('..')) return next()
        const body = await readFile(source(name)).catch(() => undefined)
        if (!body) return next()
        res.setHeader('Content-Type', 'text/javascript')
        res.end(body)
      })
    },
    async generateBundle() {
      const names = new Set(workers.map((w) => `Workers/${w}.js`))
      for (const name of names) {
        const body = await readFile(source(name), 'utf8')
        // A worker's own chunks, and theirs.
        for (const [, chunk] of body.matchAll(/["'`]\.\/([\w-]+\.js)["'`]/g)) names.add(`Workers/${chunk}`)
        this.emitFile({ type: 'asset', fileName: base + name, source: body })
      }
    },
  }
}
