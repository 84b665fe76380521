// Photos made small before they leave the phone.

/** Longest side, in pixels, and quality of what is sent: legible evidence, some 300 KB. */
const SIDE = 1920
const QUALITY = 0.82

/**
 * A photo no larger than it needs to be: scaled to 1,920 pixels, re-encoded as
 * JPEG, which also drops the camera's notes of where and by whom. What the
 * browser cannot read, and what is small already, is given back as it came.
 */
export async function shrink(file: File): Promise<File> {
  if (!file.type.startsWith('image/') || file.type === 'image/gif') return file
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return file
  }
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const pen = canvas.getContext('2d')
  if (!pen) return file
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
  if (!blob || (blob.size >= file.size && file.type === 'image/jpeg')) return file
  return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' })
}
