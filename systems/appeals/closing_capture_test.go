package appeals

import (
	"bytes"
	"context"
	"testing"
	"time"

	"shanzhi/core/blob"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

// A photo made small on a phone says nothing of itself any more; what it said,
// and what the phone said, came beside it and is what the signals judge by.
func TestPhotosAreJudgedByWhatCameBesideThem(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		s, ctx := d.Service, context.Background()
		at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
		lon, lat, elon, elat := 113.88, 22.55, 113.90, 22.60
		send := func(c *blob.Capture) string {
			t.Helper()
			content := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{7}, 600)...)
			u, err := s.Files.Begin(ctx, int64(len(content)), nil, c, 0, "s")
			if err != nil {
				t.Fatal(err)
			}
			if u, err = s.Files.Append(ctx, u.ID, 0, 0, bytes.NewReader(content)); err != nil {
				t.Fatal(err)
			}
			return u.Blob
		}
		ids := []string{
			send(nil),
			send(&blob.Capture{Stage: "before", Taken: store.At(at), Lon: &lon, Lat: &lat}),
			send(&blob.Capture{Stage: "after", Taken: store.At(at.Add(time.Hour)), Lon: &lon, Lat: &lat, ExifTaken: store.At(at.Add(-48 * time.Hour)), ExifLon: &elon, ExifLat: &elat}),
		}
		got, err := s.photosOf(ctx, time.UTC, &caseflow.Matter{ID: 1}, &Appeal{ReplyFiles: encodeList(ids)})
		if err != nil || len(got) != 3 {
			t.Fatalf("%+v %v", got, err)
		}
		if got[0].Lon != nil || !got[0].Taken.IsZero() {
			t.Errorf("nothing was said of the first: %+v", got[0])
		}
		if p := got[1]; p.Lon == nil || *p.Lon != lon || *p.Lat != lat || !p.Taken.Equal(at) {
			t.Errorf("by the device: %+v", p)
		}
		if p := got[2]; p.Lon == nil || *p.Lon != elon || *p.Lat != elat || !p.Taken.Equal(at.Add(-48*time.Hour)) {
			t.Errorf("by the picture's own notes: %+v", p)
		}
	})
}
