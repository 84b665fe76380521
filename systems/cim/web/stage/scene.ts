// The scene: the one file that knows CesiumJS. It is loaded when the stage opens, and by no
// other page. It draws when something changed, not sixty times a second.
import {
  ApproximateTerrainHeights,
  BoundingSphere,
  buildModuleUrl,
  Cartesian2,
  Cartesian3,
  Cartographic,
  Cesium3DTileColorBlendMode,
  Cesium3DTileFeature,
  Cesium3DTileset,
  CesiumTerrainProvider,
  CesiumWidget,
  ClippingPlane,
  ClippingPlaneCollection,
  ClippingPolygon,
  ClippingPolygonCollection,
  Color,
  Credit,
  CreditDisplay,
  ColorGeometryInstanceAttribute,
  DirectionalLight,
  EasingFunction,
  Ellipsoid,
  EllipsoidTerrainProvider,
  Event,
  GeometryInstance,
  HeadingPitchRange,
  HorizontalOrigin,
  ImageryLayer,
  Ion,
  LabelCollection,
  LabelStyle,
  Material,
  Math as Angle,
  Matrix4,
  NearFarScalar,
  PerInstanceColorAppearance,
  PolygonGeometry,
  PolygonHierarchy,
  PolylineCollection,
  Primitive,
  Rectangle,
  RequestScheduler,
  sampleTerrainMostDetailed,
  SplitDirection,
  Transforms,
  VerticalOrigin,
  WebMercatorTilingScheme,
  BillboardCollection,
  type ImageryProvider,
} from '@cesium/engine'
import { GroundTiles, groundColours } from './ground'
import type { At } from './link'
import { pipeColours, useColours } from './paint'
import type { Box, Solid } from './city'
import type { Point } from './earth'

declare module '@cesium/engine' {
  // It is there, though its types do not say so.
  export const ApproximateTerrainHeights: { initialize(): Promise<void> }
}

// Its type does not say this of it.
;(buildModuleUrl as unknown as { setBaseUrl(url: string): void }).setBaseUrl(CESIUM_FILES)
Ion.defaultAccessToken = ''
// The sun needs no tables of how the Earth's pole moves: without them it is right to a second of arc.
Transforms.computeIcrfToFixedMatrix = () => undefined as never
// Nothing is draped on the ground, so how high that is about is not fetched; nor is a picture of a maker.
ApproximateTerrainHeights.initialize = async () => undefined
CreditDisplay.cesiumCredit = new Credit('CesiumJS')
RequestScheduler.maximumRequestsPerServer = 12

export type Layer = 'buildings' | 'pipes' | 'terrain' | 'basemap'

/** What was picked: a thing of a tile, a solid of the opened building, or a mark on the map. */
export type Picked =
  | { kind: 'thing'; layer: 'buildings' | 'pipes'; code: string; floor: number; use: string; area: number; diameter: number; lon: number; lat: number; height: number }
  | { kind: 'solid'; code: string; floor: number }
  | { kind: 'mark'; mark: Mark }

export interface Mark {
  layer: string
  lon: number
  lat: number
  height: number
  count: number
  /** Where one stands alone. */
  id?: string | undefined
  code?: string | undefined
  colour: string
}

const hidden = new Color(0, 0, 0, 0)
const highlight = '#ffd400'

export class Scene {
  readonly widget: CesiumWidget
  private sets = new Map<string, { url: string; set: Cesium3DTileset; layer: 'buildings' | 'pipes' }>()
  private other?: Cesium3DTileset | undefined // the other version, across the wipe
  private base?: ImageryLayer | undefined
  private baseUrl = ''
  private baseAlpha = 1
  private colours?: { unit: boolean; of: Map<string, string> } | undefined
  private painted = new WeakMap<object, number>()
  private turn = 1
  private picked = ''
  private dark = false
  private marks: BillboardCollection
  private words: LabelCollection
  private drawn: PolylineCollection
  private points: BillboardCollection
  private opened?: { code: string; floors: { floor: number; primitive: Primitive; middle: Cartesian3 }[]; pulled?: number | undefined; gap: number } | undefined
  private clipped = { polygons: undefined as Point[] | undefined, above: undefined as number | undefined }
  private icons = new Map<string, HTMLCanvasElement>()
  readonly moved = new Event<() => void>()
  readonly failed = new Event<(e: Error) => void>()
  private middle: Point
  private gone = false
  private light = false

  constructor(host: HTMLElement, box: number[], options: { dark: boolean; light?: boolean }) {
    this.middle = [(box[0]! + box[2]!) / 2, (box[1]! + box[3]!) / 2]
    const credits = document.createElement('div')
    this.widget = new CesiumWidget(host, {
      baseLayer: false,
      terrainProvider: new EllipsoidTerrainProvider(),
      skyBox: false,
      skyAtmosphere: false,
      requestRenderMode: true,
      maximumRenderTimeChange: Infinity,
      showRenderLoopErrors: false,
      creditContainer: credits,
      creditViewport: credits,
      msaaSamples: options.light ? 1 : 4,
      contextOptions: { webgl: { alpha: false, preserveDrawingBuffer: true, failIfMajorPerformanceCaveat: false } },
    })
    this.light = Boolean(options.light)
    if (options.light) this.widget.resolutionScale = 0.75
    const { scene } = this.widget
    scene.moon = undefined as never
    scene.sun = undefined as never
    scene.fog.enabled = true
    scene.globe.showGroundAtmosphere = false
    scene.globe.depthTestAgainstTerrain = true
    scene.globe.tileCacheSize = 200
    scene.globe.maximumScreenSpaceError = options.light ? 4 : 2.5
    scene.screenSpaceCameraController.minimumZoomDistance = 3
    scene.screenSpaceCameraController.maximumZoomDistance = 120_000
    scene.pickTranslucentDepth = true
    scene.light = new DirectionalLight({ direction: this.lightOver(this.middle), intensity: 1.5 })
    this.marks = scene.primitives.add(new BillboardCollection({ scene }))
    this.words = scene.primitives.add(new LabelCollection({ scene }))
    this.drawn = scene.primitives.add(new PolylineCollection())
    this.points = scene.primitives.add(new BillboardCollection({ scene }))
    this.theme(options.dark)
    scene.camera.percentageChanged = 0.02
    scene.camera.moveEnd.addEventListener(() => this.moved.raiseEvent())
    scene.camera.changed.addEventListener(() => this.keepLight())
    scene.renderError.addEventListener((_: unknown, e: Error) => this.failed.raiseEvent(e))
    this.fly({ lon: this.middle[0], lat: box[1]! - (box[3]! - box[1]!) * 0.35, height: 3500, heading: 0, pitch: -38 }, true)
  }

  /** Light from the south-east, half up, wherever one stands. */
  private lightOver([lon, lat]: Point) {
    const frame = Transforms.eastNorthUpToFixedFrame(Cartesian3.fromDegrees(lon, lat))
    return Matrix4.multiplyByPointAsVector(frame, Cartesian3.normalize(new Cartesian3(-0.5, 0.62, -0.95), new Cartesian3()), new Cartesian3())
  }
  private keepLight() {
    const c = this.widget.camera.positionCartographic
    ;(this.widget.scene.light as DirectionalLight).direction = this.lightOver([Angle.toDegrees(c.longitude), Angle.toDegrees(c.latitude)])
  }

  redraw = () => !this.gone && this.widget.scene.requestRender()

  destroy() {
    this.gone = true
    this.widget.destroy()
  }

  theme(dark: boolean) {
    this.dark = dark
    const c = groundColours(dark)
    this.widget.scene.backgroundColor = Color.fromCssColorString(dark ? '#0c1219' : '#dfe8f0')
    this.widget.scene.globe.baseColor = Color.fromCssColorString(c.land)
    this.widget.scene.fog.density = 2e-5
    if (this.baseUrl) this.showBase(this.baseUrl, true)
    this.turn++
    this.repaint()
  }

  // ---- layers

  async terrain(url: string) {
    try {
      this.widget.terrainProvider = await CesiumTerrainProvider.fromUrl(url.replace(/\/layer\.json$/, ''))
    } catch (e) {
      this.failed.raiseEvent(e as Error)
    }
    this.redraw()
  }

  showBase(url: string | undefined, again = false) {
    const { imageryLayers } = this.widget
    if (this.base && (again || url !== this.baseUrl)) {
      imageryLayers.remove(this.base, true)
      this.base = undefined
    }
    this.baseUrl = url ?? ''
    if (!url || this.base) return
    const tiles = new GroundTiles(url, groundColours(this.dark))
    const scheme = new WebMercatorTilingScheme()
    // What CesiumJS asks of a provider of pictures, and no more.
    const provider = {
      tilingScheme: scheme,
      rectangle: Rectangle.fromDegrees(this.middle[0] - 0.6, this.middle[1] - 0.5, this.middle[0] + 0.6, this.middle[1] + 0.5),
      tileWidth: 512,
      tileHeight: 512,
      minimumLevel: 8,
      maximumLevel: 18,
      hasAlphaChannel: false,
      errorEvent: new Event(),
      getTileCredits: () => undefined,
      requestImage: (x: number, y: number, level: number) => tiles.draw(level, x, y),
      pickFeatures: () => undefined,
    }
    this.base = new ImageryLayer(provider as unknown as ImageryProvider, { alpha: this.baseAlpha })
    imageryLayers.add(this.base)
    this.redraw()
  }

  async tileset(layer: 'buildings' | 'pipes', url: string | undefined) {
    const had = this.sets.get(layer)
    if (had?.url === url) return
    if (had) {
      this.widget.scene.primitives.remove(had.set)
      this.sets.delete(layer)
    }
    if (!url) return this.redraw()
    const set = await this.load(layer, url)
    if (this.gone) return
    this.sets.set(layer, { url, set, layer })
    this.clip()
    this.redraw()
  }

  private async load(layer: 'buildings' | 'pipes', url: string) {
    const set = await Cesium3DTileset.fromUrl(url, { maximumScreenSpaceError: this.light ? 20 : 12, cacheBytes: 256 << 20, maximumCacheOverflowBytes: 128 << 20, skipLevelOfDetail: false, dynamicScreenSpaceError: true, preloadWhenHidden: false })
    set.colorBlendMode = Cesium3DTileColorBlendMode.REPLACE
    // As light from all sides as from the sun's: no side of a house is black.
    set.imageBasedLighting.sphericalHarmonicCoefficients = [new Cartesian3(0.4, 0.41, 0.43), ...Array.from({ length: 8 }, () => new Cartesian3())]
    set.tileVisible.addEventListener((tile) => this.paint(layer, tile.content))
    set.tileLoad.addEventListener(this.redraw)
    this.widget.scene.primitives.add(set)
    return set
  }

  show(layer: Layer, on: boolean) {
    if (layer === 'basemap') {
      if (this.base) this.base.show = on
    } else if (layer === 'terrain') this.widget.scene.globe.show = on
    else {
      const s = this.sets.get(layer)
      if (s) s.set.show = on
    }
    this.redraw()
  }

  private alphas: Record<string, number> = { buildings: 1, pipes: 1 }
  opacity(layer: Layer, alpha: number) {
    if (layer === 'basemap') {
      this.baseAlpha = alpha
      if (this.base) this.base.alpha = alpha
    } else if (layer === 'terrain') this.under(alpha < 1 ? alpha : undefined)
    else {
      this.alphas[layer] = alpha
      this.turn++
    }
    this.redraw()
  }

  /** Every tile of what is shown has come. */
  ready() {
    return this.widget.scene.globe.tilesLoaded && [...this.sets.values()].every((s) => !s.set.show || s.set.tilesLoaded)
  }

  // ---- colours

  /** Colours buildings or units by code; nothing takes the colours away. */
  colour(by?: { unit: boolean; of: Map<string, string> }) {
    this.colours = by
    this.turn++
    this.redraw()
  }

  private paint(layer: 'buildings' | 'pipes', content: { featuresLength: number; getFeature(i: number): Cesium3DTileFeature; innerContents?: unknown[] | undefined }) {
    if (this.painted.get(content) === this.turn) return
    this.painted.set(content, this.turn)
    for (let i = 0; i < content.featuresLength; i++) {
      const f = content.getFeature(i)
      const code = String(f.getProperty('code') ?? '')
      const building = code.slice(0, 19)
      let css: string
      if (layer === 'pipes') css = pipeColours[String(f.getProperty('use'))] ?? '#98a3ad'
      else if (this.colours) css = (this.colours.unit ? this.colours.of.get(code) : this.colours.of.get(building)) ?? (this.dark ? '#46525f' : '#c9cfd6')
      else css = useColours[String(f.getProperty('use'))] ?? '#cfd5db'
      if (layer === 'buildings' && this.picked && (code === this.picked || building === this.picked || code === this.picked.slice(0, 19))) css = highlight
      const away = layer === 'buildings' && this.opened && building === this.opened.code
      f.color = away ? hidden : Color.fromCssColorString(css).withAlpha(this.alphas[layer]!)
      f.show = !away
    }
  }

  private repaint() {
    this.turn++
    this.redraw()
  }

  mark(code: string) {
    if (code === this.picked) return
    this.picked = code
    this.repaint()
    for (const f of this.opened?.floors ?? []) this.tint(f.primitive)
  }

  // ---- picking

  pick(x: number, y: number): Picked | undefined {
    const { scene } = this.widget
    const got = scene.pick(new Cartesian2(x, y))
    if (!got) return
    if (got instanceof Cesium3DTileFeature) {
      const layer = [...this.sets.values()].find((s) => s.set === got.tileset)?.layer ?? 'buildings'
      const p = scene.pickPosition(new Cartesian2(x, y))
      const c = p && Cartographic.fromCartesian(p)
      return {
        kind: 'thing',
        layer,
        code: String(got.getProperty('code')),
        floor: Number(got.getProperty('floor') ?? 0),
        use: String(got.getProperty('use') ?? ''),
        area: Number(got.getProperty('area') ?? 0),
        diameter: Number(got.getProperty('diameter') ?? 0),
        lon: c ? Angle.toDegrees(c.longitude) : NaN,
        lat: c ? Angle.toDegrees(c.latitude) : NaN,
        height: c?.height ?? NaN,
      }
    }
    const id = got.id as { mark?: Mark; solid?: Solid } | undefined
    if (id?.mark) return { kind: 'mark', mark: id.mark }
    if (id?.solid) return { kind: 'solid', code: id.solid.code, floor: id.solid.floor ?? 0 }
    return
  }

  /** The point of the ground, or of what stands on it, under a point of the screen. */
  pointAt(x: number, y: number, groundOnly = false): { point: Point; height: number } | undefined {
    const { scene } = this.widget
    const at = new Cartesian2(x, y)
    let p = groundOnly ? undefined : scene.pickPosition(at)
    if (!p) {
      const ray = scene.camera.getPickRay(at)
      p = ray && scene.globe.pick(ray, scene)
    }
    p ??= scene.camera.pickEllipsoid(at, Ellipsoid.WGS84)!
    if (!p) return
    const c = Cartographic.fromCartesian(p)
    return { point: [Angle.toDegrees(c.longitude), Angle.toDegrees(c.latitude)], height: c.height }
  }

  /** Where a place of the Earth is on the screen. */
  screenOf(lon: number, lat: number, height: number) {
    const p = this.widget.scene.cartesianToCanvasCoordinates(Cartesian3.fromDegrees(lon, lat, height))
    return p && { x: p.x, y: p.y }
  }

  async heights(points: Point[]): Promise<number[]> {
    const provider = this.widget.terrainProvider
    if (!(provider instanceof CesiumTerrainProvider)) return points.map(() => 0)
    const got = await sampleTerrainMostDetailed(provider, points.map(([lon, lat]) => Cartographic.fromDegrees(lon, lat)))
    return got.map((c) => c.height ?? 0)
  }

  // ---- the camera

  at(): At {
    const { camera } = this.widget
    const c = camera.positionCartographic
    return { lon: Angle.toDegrees(c.longitude), lat: Angle.toDegrees(c.latitude), height: c.height, heading: Angle.toDegrees(camera.heading) % 360, pitch: Angle.toDegrees(camera.pitch) }
  }

  fly(a: At, now = false, done?: () => void) {
    const to = { destination: Cartesian3.fromDegrees(a.lon, a.lat, a.height), orientation: { heading: Angle.toRadians(a.heading), pitch: Angle.toRadians(a.pitch), roll: 0 } }
    if (now) {
      this.widget.camera.setView(to)
      this.redraw()
      done?.()
    } else this.widget.camera.flyTo({ ...to, duration: 1.2, easingFunction: EasingFunction.CUBIC_IN_OUT, ...(done && { complete: done }) })
  }

  /** Looks at a place from so far. */
  look(lon: number, lat: number, height: number, range: number, now = false) {
    const heading = this.widget.camera.heading
    this.widget.camera.flyToBoundingSphere(new BoundingSphere(Cartesian3.fromDegrees(lon, lat, height), 1), { duration: now ? 0 : 1, offset: new HeadingPitchRange(heading, Angle.toRadians(-35), range) })
    this.redraw()
  }

  /** A step by keyboard: along, across, turned, nearer. */
  step(what: 'forward' | 'back' | 'left' | 'right' | 'turn-left' | 'turn-right' | 'up' | 'down' | 'nearer' | 'farther') {
    const { camera } = this.widget
    const a = this.at()
    const pace = Math.max(5, Math.abs(a.height) * 0.12)
    const heading = camera.heading
    const go = (ahead: number, aside: number) => {
      const m = 111_320
      this.fly({ ...a, lat: a.lat + (ahead * Math.cos(heading) - aside * Math.sin(heading)) / m, lon: a.lon + (ahead * Math.sin(heading) + aside * Math.cos(heading)) / (m * Math.cos(Angle.toRadians(a.lat))) }, true)
    }
    switch (what) {
      case 'forward': return go(pace, 0)
      case 'back': return go(-pace, 0)
      case 'left': return go(0, -pace)
      case 'right': return go(0, pace)
      case 'turn-left': return this.fly({ ...a, heading: a.heading - 8 }, true)
      case 'turn-right': return this.fly({ ...a, heading: a.heading + 8 }, true)
      case 'up': return this.fly({ ...a, pitch: Math.min(60, a.pitch + 5) }, true)
      case 'down': return this.fly({ ...a, pitch: Math.max(-90, a.pitch - 5) }, true)
      case 'nearer': camera.moveForward(pace * 1.4); return this.redraw()
      case 'farther': camera.moveBackward(pace * 1.4); return this.redraw()
    }
  }

  north() {
    this.fly({ ...this.at(), heading: 0 })
  }

  /** The box of the ground that is seen, no wider than `most` degrees. */
  box(most = 0.5): Box {
    const { scene, canvas, camera } = this.widget
    const seen: Point[] = []
    for (const [fx, fy] of [[0.02, 0.98], [0.98, 0.98], [0.02, 0.45], [0.98, 0.45], [0.5, 0.6], [0.02, 0.15], [0.98, 0.15]] as const) {
      const p = camera.pickEllipsoid(new Cartesian2(canvas.clientWidth * fx, canvas.clientHeight * fy), scene.globe.ellipsoid)
      const c = p && Cartographic.fromCartesian(p)
      if (c) seen.push([Angle.toDegrees(c.longitude), Angle.toDegrees(c.latitude)])
    }
    const a = this.at()
    if (!seen.length) seen.push([a.lon, a.lat])
    const [cx, cy] = [seen.reduce((n, p) => n + p[0], 0) / seen.length, seen.reduce((n, p) => n + p[1], 0) / seen.length]
    const far = Math.min(most, Math.max(0.004, Math.max(...seen.map((p) => Math.max(Math.abs(p[0] - cx), Math.abs(p[1] - cy))))))
    return { west: cx - far, south: cy - far, east: cx + far, north: cy + far }
  }

  // ---- marks: cameras, poles, appeals

  showMarks(list: Mark[]) {
    this.marks.removeAll()
    for (const m of list) {
      this.marks.add({ position: Cartesian3.fromDegrees(m.lon, m.lat, m.height + 4), image: this.icon(m) as never, id: { mark: m }, verticalOrigin: m.count > 1 ? VerticalOrigin.CENTER : VerticalOrigin.BOTTOM, disableDepthTestDistance: m.count > 1 ? 1e9 : 1500, scaleByDistance: new NearFarScalar(500, 0.5, 12_000, 0.4) })
    }
    this.redraw()
  }

  /** A circle with its number, or a pin, drawn at twice its size. */
  private icon(m: Mark) {
    const label = m.count > 1 ? (m.count > 9999 ? `${Math.round(m.count / 1000)}k` : String(m.count)) : ''
    const key = m.colour + label
    let canvas = this.icons.get(key)
    if (canvas) return canvas
    canvas = document.createElement('canvas')
    const size = label ? 52 + Math.min(36, Math.log10(m.count) * 14) : 34
    canvas.width = canvas.height = size
    const g = canvas.getContext('2d')!
    g.beginPath()
    g.arc(size / 2, size / 2, size / 2 - 3, 0, 7)
    g.fillStyle = m.colour
    g.globalAlpha = label ? 0.9 : 1
    g.fill()
    g.globalAlpha = 1
    g.lineWidth = 4
    g.strokeStyle = '#fff'
    g.stroke()
    if (label) {
      g.fillStyle = '#fff'
      g.font = `600 ${label.length > 3 ? 20 : 24}px system-ui, sans-serif`
      g.textAlign = 'center'
      g.textBaseline = 'middle'
      g.fillText(label, size / 2, size / 2 + 1)
    }
    if (this.icons.size > 600) this.icons.clear()
    this.icons.set(key, canvas)
    return canvas
  }

  // ---- a building taken apart

  /** Takes a building apart: its floors with their units as solids of their own, in its place. */
  open(code: string, floors: { floor: number; solids: (Solid & { colour: string })[] }[]) {
    this.close()
    const { primitives } = this.widget.scene
    this.opened = {
      code,
      gap: 0,
      floors: floors.map(({ floor, solids }) => {
        const all = solids.flatMap((s) => (s.outline ?? []) as Point[])
        const middle = Cartesian3.fromDegrees(all.reduce((n, p) => n + p[0], 0) / all.length, all.reduce((n, p) => n + p[1], 0) / all.length, solids[0]!.from)
        const primitive = new Primitive({
          asynchronous: false,
          releaseGeometryInstances: false,
          appearance: new PerInstanceColorAppearance({ flat: false, translucent: false, closed: true }),
          geometryInstances: solids.map(
            (s) =>
              new GeometryInstance({
                id: { solid: s },
                geometry: new PolygonGeometry({ polygonHierarchy: new PolygonHierarchy(Cartesian3.fromDegreesArray(((s.outline ?? []) as number[][]).flat())), height: s.from + 0.04, extrudedHeight: s.to - 0.25, vertexFormat: PerInstanceColorAppearance.VERTEX_FORMAT }),
                attributes: { color: ColorGeometryInstanceAttribute.fromColor(Color.fromCssColorString(s.code === this.picked ? highlight : s.colour)) },
              }),
          ),
        })
        primitives.add(primitive)
        return { floor, primitive, middle }
      }),
    }
    this.repaint()
  }

  private tint(primitive: Primitive) {
    for (const i of (primitive.geometryInstances ?? []) as GeometryInstance[]) {
      const s = (i.id as { solid: Solid & { colour: string } }).solid
      const a = primitive.getGeometryInstanceAttributes(i.id)
      if (a) a.color = ColorGeometryInstanceAttribute.toValue(Color.fromCssColorString(s.code === this.picked ? highlight : s.colour), a.color)
    }
    this.redraw()
  }

  /** Moves the floors apart by metres, and one of them out to the side. */
  explode(gap: number, pulled?: number, only = false) {
    if (!this.opened) return
    const ground = this.opened.floors.findIndex((f) => f.floor >= 1)
    this.opened.floors.forEach((f, i) => {
      const frame = Transforms.eastNorthUpToFixedFrame(f.middle)
      const move = new Cartesian3(0, 0, (i - Math.max(0, ground)) * gap)
      if (f.floor === pulled) move.x += Math.max(20, gap * 4)
      const offset = Matrix4.multiplyByPointAsVector(frame, move, new Cartesian3())
      f.primitive.modelMatrix = Matrix4.fromTranslation(offset)
      f.primitive.show = !only || pulled === undefined || f.floor === pulled
    })
    this.redraw()
  }

  close() {
    if (!this.opened) return
    for (const f of this.opened.floors) this.widget.scene.primitives.remove(f.primitive)
    this.opened = undefined
    this.repaint()
  }

  /** Shows nothing of the city but the opened building. */
  isolate(on: boolean) {
    for (const s of this.sets.values()) s.set.show = !on
    this.redraw()
  }

  // ---- below the ground, cuts

  /** Makes the ground so much seen, 0 to 1, and lets the camera below it; nothing makes it solid. */
  under(alpha: number | undefined) {
    const { globe, screenSpaceCameraController } = this.widget.scene
    screenSpaceCameraController.enableCollisionDetection = alpha === undefined
    globe.translucency.enabled = alpha !== undefined
    globe.translucency.frontFaceAlpha = alpha ?? 1
    globe.translucency.backFaceAlpha = alpha ?? 1
    globe.undergroundColor = Color.fromCssColorString(this.dark ? '#0a0f15' : '#46413a')
    globe.depthTestAgainstTerrain = alpha === undefined
    this.redraw()
  }

  /** Cuts a hole into the ground; nothing closes it. */
  hole(ring: Point[] | undefined) {
    this.clipped.polygons = ring
    this.clip()
  }

  /** Cuts buildings off above a height; nothing makes them whole. */
  cutAbove(height: number | undefined) {
    this.clipped.above = height
    this.clip()
  }

  private clip() {
    const { globe } = this.widget.scene
    const ring = this.clipped.polygons
    const polygons = () => (ring ? new ClippingPolygonCollection({ polygons: [new ClippingPolygon({ positions: Cartesian3.fromDegreesArray(ring.flat()) })] }) : new ClippingPolygonCollection())
    if (ring || globe.clippingPolygons?.length) globe.clippingPolygons = polygons()
    const set = this.sets.get('buildings')?.set
    if (set) {
      const above = this.clipped.above
      if (above !== undefined) {
        const frame = Transforms.eastNorthUpToFixedFrame(Cartesian3.fromDegrees(...this.middle))
        const inverse = Matrix4.inverseTransformation((set as unknown as { clippingPlanesOriginMatrix: Matrix4 }).clippingPlanesOriginMatrix, new Matrix4())
        set.clippingPlanes = new ClippingPlaneCollection({ planes: [new ClippingPlane(new Cartesian3(0, 0, -1), above)], modelMatrix: Matrix4.multiply(inverse, frame, new Matrix4()), edgeWidth: 1, edgeColor: Color.fromCssColorString('#d44c4a') })
      } else if (set.clippingPlanes?.length) set.clippingPlanes = new ClippingPlaneCollection()
    }
    this.redraw()
  }

  // ---- two versions beside each other

  async wipe(url: string | undefined, at = 0.5) {
    const { scene } = this.widget
    const set = this.sets.get('buildings')?.set
    if (this.other) scene.primitives.remove(this.other)
    this.other = undefined
    if (set) set.splitDirection = url ? SplitDirection.LEFT : SplitDirection.NONE
    if (url) {
      this.other = await this.load('buildings', url)
      this.other.splitDirection = SplitDirection.RIGHT
      this.split(at)
    }
    this.redraw()
  }

  split(at: number) {
    this.widget.scene.splitPosition = at
    this.redraw()
  }

  // ---- what a tool draws

  draw(line: { point: Point; height: number }[], closed = false, words: { point: Point; height: number; text: string }[] = []) {
    this.drawn.removeAll()
    this.points.removeAll()
    this.words.removeAll()
    const at = line.map((p) => Cartesian3.fromDegrees(p.point[0], p.point[1], p.height + 0.6))
    if (at.length > 1) this.drawn.add({ positions: closed && at.length > 2 ? [...at, at[0]!] : at, width: 3, material: Material.fromType('Color', { color: Color.fromCssColorString('#ff5a1f') }) })
    for (const p of at) this.points.add({ position: p, image: this.dot() as never, disableDepthTestDistance: 1e9 })
    for (const w of words) this.words.add({ position: Cartesian3.fromDegrees(w.point[0], w.point[1], w.height + 1), text: w.text, font: '600 26px system-ui, sans-serif', scale: 0.5, style: LabelStyle.FILL_AND_OUTLINE, fillColor: Color.WHITE, outlineColor: Color.fromCssColorString('#10181f'), outlineWidth: 6, horizontalOrigin: HorizontalOrigin.LEFT, pixelOffset: new Cartesian2(10, -10), disableDepthTestDistance: 1e9 })
    this.redraw()
  }

  private dot() {
    const key = 'dot'
    let c = this.icons.get(key)
    if (!c) {
      c = document.createElement('canvas')
      c.width = c.height = 14
      const g = c.getContext('2d')!
      g.beginPath()
      g.arc(7, 7, 5, 0, 7)
      g.fillStyle = '#ff5a1f'
      g.fill()
      g.lineWidth = 2
      g.strokeStyle = '#fff'
      g.stroke()
      this.icons.set(key, c)
    }
    return c
  }

  picture() {
    this.widget.scene.render()
    return this.widget.canvas.toDataURL('image/png')
  }
}
