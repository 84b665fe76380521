export const accepted = 'image/jpeg,image/png,image/webp,video/mp4'
export const mostBytes = 20 << 20

export const fileURL = (id: string) => `/api/files/${encodeURIComponent(id)}`
