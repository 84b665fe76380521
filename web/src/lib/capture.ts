// Where and when a photo is taken (拍摄时间地点): the device's clock and receiver
// when it comes in, and the picture's own notes (EXIF) where it has some.
import exifr from 'exifr'
import type { Capture } from '@/api/uploads'
import { metres } from './geo'

/** How long the receiver may search: a photo is not held up for it. */
const PATIENCE = 6000

const round = (n: number) => Math.round(n * 1e6) / 1e6

function position(): Promise<Pick<Capture, 'lon' | 'lat' | 'accuracy'>> {
  return new Promise((done) => {
    if (!navigator.geolocation) return done({})
    navigator.geolocation.getCurrentPosition(
      ({ coords: c }) => done({ lon: round(c.longitude), lat: round(c.latitude), accuracy: Math.round(c.accuracy) }),
      () => done({}),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 15_000 },
    )
  })
}

async function notes(file: File): Promise<Pick<Capture, 'exif_taken' | 'exif_lon' | 'exif_lat'>> {
  if (file.type !== 'image/jpeg') return {}
  const got = (await exifr.parse(file, { pick: ['DateTimeOriginal', 'GPSLatitude', 'GPSLongitude', 'GPSLatitudeRef', 'GPSLongitudeRef'] }).catch(() => undefined)) as { DateTimeOriginal?: Date; latitude?: number; longitude?: number } | undefined
  const at = got?.DateTimeOriginal
  const here = Number.isFinite(got?.latitude) && Number.isFinite(got?.longitude)
  return { ...(at instanceof Date && !Number.isNaN(at.getTime()) ? { exif_taken: at.toISOString() } : {}), ...(here ? { exif_lon: round(got!.longitude!), exif_lat: round(got!.latitude!) } : {}) }
}

export async function captureOf(file: File, stage: 'before' | 'after'): Promise<Capture> {
  const taken = new Date().toISOString()
  const [where, said] = await Promise.all([position(), notes(file)])
  return { stage, taken, ...where, ...said }
}

/** How far the picture's notes are from the device: what is worth a second look, in metres and milliseconds. */
export function differences(c: Capture): { metres?: number; time?: number } {
  const out: ReturnType<typeof differences> = {}
  if (c.lon !== undefined && c.lat !== undefined && c.exif_lon !== undefined && c.exif_lat !== undefined) {
    const m = metres({ lon: c.lon, lat: c.lat }, { lon: c.exif_lon, lat: c.exif_lat })
    if (m > Math.max(100, 2 * (c.accuracy ?? 0))) out.metres = m
  }
  if (c.taken && c.exif_taken) {
    const d = Math.abs(Date.parse(c.taken) - Date.parse(c.exif_taken))
    if (d > 10 * 60_000) out.time = d
  }
  return out
}
