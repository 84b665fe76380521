// Packs a PNG tighter, without loss: a browser packs it fast instead.
import { deflateSync, inflateSync } from 'node:zlib'

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
  return n >>> 0
})
const crc = (b) => {
  let c = 0xffffffff
  for (const x of b) c = table[(c ^ x) & 255] ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}
function chunk(type, data) {
  const b = Buffer.alloc(12 + data.length)
  b.writeUInt32BE(data.length)
  b.write(type, 4, 'latin1')
  data.copy(b, 8)
  b.writeUInt32BE(crc(b.subarray(4, 8 + data.length)), 8 + data.length)
  return b
}
const paeth = (a, b, c) => {
  const p = a + b - c
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)]
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
}

/** The same picture in fewer bytes; for pictures of 8 bits a channel, else as it came. */
export function pack(png) {
  let head
  const parts = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at))
    const type = png.toString('latin1', at + 4, at + 8)
    if (type === 'IHDR') head = data
    if (type === 'IDAT') parts.push(data)
  }
  const [w, h, depth, colour, interlaced] = [head.readUInt32BE(0), head.readUInt32BE(4), head[8], head[9], head[12]]
  const size = { 2: 3, 6: 4 }[colour]
  if (depth !== 8 || !size || interlaced) return png
  const line = w * size
  const raw = inflateSync(Buffer.concat(parts))
  const pixels = Buffer.alloc(line * h)
  const value = (filter, a, b, c) => [0, a, b, (a + b) >> 1, 0][filter] + (filter === 4 ? paeth(a, b, c) : 0)
  for (let y = 0; y < h; y++)
    for (let x = 0, f = raw[y * (line + 1)]; x < line; x++) {
      const at = y * line + x
      const a = x >= size ? pixels[at - size] : 0
      const b = y ? pixels[at - line] : 0
      const c = x >= size && y ? pixels[at - line - size] : 0
      pixels[at] = raw[y * (line + 1) + 1 + x] + value(f, a, b, c)
    }
  const tries = ['none', 'least'].map((mode) => filtered(pixels, line, h, size, mode))
  const best = tries.map((t) => deflateSync(t, { level: 9, memLevel: 9 })).sort((a, b) => a.length - b.length)[0]
  const out = Buffer.concat([png.subarray(0, 8), chunk('IHDR', head), chunk('IDAT', best), chunk('IEND', Buffer.alloc(0))])
  return out.length < png.length ? out : png
}

/** The lines with their filters: none, or on each line the one with the least sum. */
function filtered(pixels, line, h, size, mode) {
  const out = Buffer.alloc((line + 1) * h)
  const tried = Array.from({ length: 5 }, () => Buffer.alloc(line))
  for (let y = 0; y < h; y++) {
    const sums = [0, 0, 0, 0, 0]
    for (let x = 0; x < line; x++) {
      const at = y * line + x
      const v = pixels[at]
      const a = x >= size ? pixels[at - size] : 0
      const b = y ? pixels[at - line] : 0
      const c = x >= size && y ? pixels[at - line - size] : 0
      for (const [f, p] of [0, a, b, (a + b) >> 1, paeth(a, b, c)].entries()) {
        const d = (v - p) & 255
        tried[f][x] = d
        sums[f] += d < 128 ? d : 256 - d
      }
    }
    const f = mode === 'none' ? 0 : sums.indexOf(Math.min(...sums))
    out[y * (line + 1)] = f
    tried[f].copy(out, y * (line + 1) + 1)
  }
  return out
}
