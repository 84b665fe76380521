// The base map under the city: vector tiles of one PMTiles archive, drawn on canvases in the
// theme's colours, so that it needs no network and no pictures.
import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import { PMTiles } from 'pmtiles'

export interface GroundColours {
  land: string
  water: string
  parcel: string
  line: string
  road: string
  casing: string
  building: string
}

export const groundColours = (dark: boolean): GroundColours =>
  dark ? { land: '#18222d', water: '#0e2233', parcel: '#1d2935', line: '#3b4b5e', road: '#3a4858', casing: '#10181f', building: '#263442' } : { land: '#eef1f2', water: '#c4dcea', parcel: '#e5eae4', line: '#c3ccd6', road: '#ffffff', casing: '#cfd6dd', building: '#dcdfe3' }

const widths: Record<string, number> = { arterial: 40, secondary: 24, local: 12 }

/** Draws a tile, whole or the part of it at `sub` of a deeper level. */
export class GroundTiles {
  private archive: PMTiles
  private decoded = new Map<string, Promise<VectorTile | undefined>>()
  constructor(
    url: string,
    public colours: GroundColours,
    private deepest = 15,
    private size = 512,
  ) {
    this.archive = new PMTiles(url)
  }

  private tile(z: number, x: number, y: number) {
    const key = `${z}/${x}/${y}`
    let got = this.decoded.get(key)
    if (!got) {
      got = this.archive.getZxy(z, x, y).then((r) => (r ? new VectorTile(new PbfReader(new Uint8Array(r.data))) : undefined))
      this.decoded.set(key, got)
      if (this.decoded.size > 96) this.decoded.delete(this.decoded.keys().next().value!)
      got.catch(() => this.decoded.delete(key))
    }
    return got
  }

  async draw(z: number, x: number, y: number): Promise<HTMLCanvasElement> {
    const over = Math.max(0, z - this.deepest)
    const parts = 2 ** over
    const tile = await this.tile(z - over, Math.floor(x / parts), Math.floor(y / parts))
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = this.size
    const g = canvas.getContext('2d')!
    g.fillStyle = this.colours.land
    g.fillRect(0, 0, this.size, this.size)
    if (!tile) return canvas
    const scale = (extent: number) => (this.size * parts) / extent
    const metre = (this.size * 2 ** z) / 40_075_017 / 0.923 // pixels of a metre at the latitude of 22.6°
    g.translate(-(x % parts) * this.size, -(y % parts) * this.size)
    const path = (f: VectorTileFeature, close: boolean) => {
      const k = scale(f.extent)
      g.beginPath()
      for (const ring of f.loadGeometry()) {
        ring.forEach((p, i) => (i ? g.lineTo(p.x * k, p.y * k) : g.moveTo(p.x * k, p.y * k)))
        if (close) g.closePath()
      }
    }
    const each = (name: string, f: (x: VectorTileFeature) => void) => {
      const layer = tile.layers[name]
      for (let i = 0; layer && i < layer.length; i++) f(layer.feature(i))
    }
    const fill = (name: string, colour: string) => each(name, (f) => f.type === 3 && (path(f, true), (g.fillStyle = colour), g.fill('evenodd')))
    fill('land', this.colours.land)
    fill('parcel', this.colours.parcel)
    fill('water', this.colours.water)
    each('boundary', (f) => (path(f, f.type === 3), (g.strokeStyle = this.colours.line), (g.lineWidth = 1.5), g.stroke()))
    g.lineJoin = g.lineCap = 'round'
    for (const casing of [true, false])
      each('road', (f) => {
        const wide = Math.max(z < 13 ? 0.8 : 1.4, (widths[String(f.properties.class)] ?? 8) * metre)
        if (casing && wide < 3) return
        path(f, false)
        g.strokeStyle = casing ? this.colours.casing : wide < 3 ? this.colours.casing : this.colours.road
        g.lineWidth = casing ? wide + 2 : wide
        g.stroke()
      })
    fill('building', this.colours.building)
    return canvas
  }
}
