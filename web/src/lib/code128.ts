// Code 128 (GB/T 18347): what scanners at counters read. Set B for all, set C where a text
// is of digits in pairs.

// The widths of bars and spaces of each symbol, by value; the last is the stop.
const WIDTHS =
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112'.split(
    ' ',
  )
const [START_B, START_C, STOP] = [104, 105, 106]

/** The symbols of a text with their check and stop; none of what the set does not have. */
export function symbols(text: string): number[] | undefined {
  if (!text || !/^[\x20-\x7e]+$/.test(text)) return undefined
  const pairs = /^(\d\d)+$/.test(text)
  const values = pairs ? text.match(/\d\d/g)!.map(Number) : [...text].map((c) => c.charCodeAt(0) - 32)
  const start = pairs ? START_C : START_B
  const check = values.reduce((sum, v, i) => sum + v * (i + 1), start) % 103
  return [start, ...values, check, STOP]
}

/** Where the bars stand and how wide they are, in modules, without the quiet margins. */
export function bars(text: string): { at: number; wide: number }[] {
  const out: { at: number; wide: number }[] = []
  let at = 0
  for (const s of symbols(text) ?? []) {
    ;[...WIDTHS[s]!].forEach((w, i) => {
      if (i % 2 === 0) out.push({ at, wide: Number(w) })
      at += Number(w)
    })
  }
  return out
}
