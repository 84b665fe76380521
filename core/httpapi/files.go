package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"shanzhi/core/blob"
)

// MountFiles adds upload, whole or in pieces, and download. A stranger who files an appeal may send
// photos too, a few a minute.
func (s *Server) MountFiles(f *blob.Files) {
	s.mountUploads(f)
	s.Mux.HandleFunc("POST /api/files", func(w http.ResponseWriter, r *http.Request) {
		if !s.limits.allow("files "+address(r), 60) {
			newProblem(http.StatusTooManyRequests, "too_many", nil).write(w, r)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, blob.MaxSize+1)
		b, err := f.Put(r.Context(), r.Body, r.ContentLength, Actor(r.Context()).Account)
		if err != nil {
			s.Write(w, r, fileFault(err))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(map[string]any{"id": b.ID, "url": "/api/files/" + b.ID, "type": b.Type, "size": b.Size})
	})
	s.Mux.HandleFunc("GET /api/files/{id}", func(w http.ResponseWriter, r *http.Request) {
		b, file, err := f.Get(r.Context(), r.PathValue("id"))
		if err != nil {
			s.Write(w, r, err)
			return
		}
		defer file.Close()
		w.Header().Set("Content-Type", b.Type)
		w.Header().Set("Cache-Control", "private, max-age=86400, immutable")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
		http.ServeContent(w, r, "", time.Time{}, file)
	})
}

// fileFault says to who sent a file why it was not taken.
func fileFault(err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, blob.ErrTooLarge), errors.As(err, &tooLarge):
		return Fail(http.StatusRequestEntityTooLarge, "too_large")
	case errors.Is(err, blob.ErrType):
		return Fail(http.StatusUnsupportedMediaType, "file_type")
	case errors.Is(err, blob.ErrSum):
		return Fail(460, "file_sum") // tus: checksum mismatch
	case errors.Is(err, blob.ErrEmpty):
		return Fail(http.StatusBadRequest, "file_cut")
	case errors.Is(err, blob.ErrVirus):
		return Fail(http.StatusUnprocessableEntity, "file_virus")
	case errors.Is(err, blob.ErrUnknown):
		return Fail(http.StatusServiceUnavailable, "file_unscanned")
	case errors.Is(err, blob.ErrOffset):
		return Fail(http.StatusConflict, "upload_offset")
	case errors.Is(err, blob.ErrTooMany):
		return Fail(http.StatusTooManyRequests, "uploads_waiting")
	case errors.Is(err, blob.ErrCapture):
		return Fail(http.StatusBadRequest, "invalid")
	}
	return err
}
