// Puts sw.js beside the built page, with what it keeps from the first: the shells
// and the screens that work without a network. All else is kept once it was used.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

const offline = /\/src\/shell\/(PhoneShell|DeskShell|SignIn)\.vue|\/systems\/appeals\/web\/(report|follow|onsite)\//

/** @returns {import('vite').Plugin} */
export function shell() {
  return {
    name: 'shell',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_, bundle) {
      const files = new Set(['/', '/favicon.svg'])
      const chunks = Object.values(bundle).filter((f) => f.type === 'chunk')
      const take = (name) => {
        const f = bundle[name]
        if (!f || files.has(`/${name}`)) return
        files.add(`/${name}`)
        for (const css of f.viteMetadata?.importedCss ?? []) files.add(`/${css}`)
        for (const i of f.imports ?? []) take(i)
      }
      for (const f of chunks) if ((f.isEntry && f.name === 'index') || (f.facadeModuleId && offline.test(f.facadeModuleId))) take(f.fileName)
      const template = await readFile(new URL('./sw.js', import.meta.url), 'utf8')
      const version = createHash('sha256').update(template + Object.keys(bundle).sort().join()).digest('hex').slice(0, 12)
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: template.replace('__VERSION__', version).replace('__FILES__', JSON.stringify([...files])) })
    },
  }
}
