package httpapi

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"shanzhi/core/blob"
	"shanzhi/core/store"
)

// tusVersion and tusExtensions are what is spoken here of the tus protocol 1.0.0
// (https://tus.io/protocols/resumable-upload).
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,expiration,termination"
)

// mountUploads adds uploads in pieces (断点续传) after tus 1.0.0. Beside what
// the protocol says: the metadata "sha256" (hex) is held against the whole,
// "capture" (JSON) is where and when a photo was taken, and the header
// Upload-File names the file once it is whole.
func (s *Server) mountUploads(f *blob.Files) {
	handle := func(pattern string, perMinute int, do func(w http.ResponseWriter, r *http.Request) error) {
		s.Mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Tus-Resumable", tusVersion)
			w.Header().Set("Cache-Control", "no-store")
			if r.Method != http.MethodOptions && r.Header.Get("Tus-Resumable") != tusVersion {
				w.Header().Set("Tus-Version", tusVersion)
				newProblem(http.StatusPreconditionFailed, "tus_version", nil).write(w, r)
				return
			}
			if perMinute > 0 && !s.limits.allow("uploads "+r.Method+" "+address(r), perMinute) {
				newProblem(http.StatusTooManyRequests, "too_many", nil).write(w, r)
				return
			}
			if err := do(w, r); err != nil {
				s.Write(w, r, fileFault(err))
			}
		})
	}
	tell := func(w http.ResponseWriter, u blob.Upload) {
		h := w.Header()
		h.Set("Upload-Offset", strconv.FormatInt(u.Offset, 10))
		h.Set("Upload-Expires", u.Until.UTC().Format(http.TimeFormat))
		if u.Blob != "" {
			h.Set("Upload-File", u.Blob)
		}
	}
	handle("OPTIONS /api/uploads", 0, func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Tus-Version", tusVersion)
		w.Header().Set("Tus-Extension", tusExtensions)
		w.Header().Set("Tus-Max-Size", strconv.Itoa(blob.MaxSize))
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
	handle("POST /api/uploads", 120, func(w http.ResponseWriter, r *http.Request) error {
		size, err := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
		if err != nil {
			return Fail(http.StatusBadRequest, "invalid")
		}
		meta, err := tusMetadata(r.Header.Get("Upload-Metadata"))
		if err != nil {
			return Fail(http.StatusBadRequest, "invalid")
		}
		if t := meta["filetype"]; t != "" && !slices.Contains(blob.Types, t) {
			return blob.ErrType
		}
		sum, err := hex.DecodeString(meta["sha256"])
		if err != nil {
			return blob.ErrSum
		}
		var capture *blob.Capture
		if c := meta["capture"]; c != "" {
			capture = new(blob.Capture)
			if err := json.Unmarshal([]byte(c), capture); err != nil {
				return blob.ErrCapture
			}
			capture.Blob, capture.Received = "", store.Time{}
		}
		who := Actor(r.Context())
		sender := "account " + who.Account.String()
		if who.IsStranger() {
			sender = "address " + s.limits.blind(address(r))
		}
		u, err := f.Begin(r.Context(), size, sum, capture, who.Account, sender)
		if err != nil {
			return err
		}
		tell(w, u)
		w.Header().Set("Location", "/api/uploads/"+u.ID)
		w.WriteHeader(http.StatusCreated)
		return nil
	})
	handle("HEAD /api/uploads/{id}", 600, func(w http.ResponseWriter, r *http.Request) error {
		u, err := f.Upload(r.Context(), r.PathValue("id"), Actor(r.Context()).Account)
		if err != nil {
			return err
		}
		tell(w, u)
		w.Header().Set("Upload-Length", strconv.FormatInt(u.Size, 10))
		w.WriteHeader(http.StatusOK)
		return nil
	})
	handle("PATCH /api/uploads/{id}", 1200, func(w http.ResponseWriter, r *http.Request) error {
		if r.Header.Get("Content-Type") != "application/offset+octet-stream" {
			return Fail(http.StatusUnsupportedMediaType, "media_type")
		}
		offset, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
		if err != nil || offset < 0 {
			return Fail(http.StatusBadRequest, "invalid")
		}
		u, err := f.Append(r.Context(), r.PathValue("id"), Actor(r.Context()).Account, offset, r.Body)
		if u.ID != "" {
			tell(w, u)
		}
		if err == nil {
			w.WriteHeader(http.StatusNoContent)
		}
		return err
	})
	handle("DELETE /api/uploads/{id}", 120, func(w http.ResponseWriter, r *http.Request) error {
		err := f.Cancel(r.Context(), r.PathValue("id"), Actor(r.Context()).Account)
		if err == nil {
			w.WriteHeader(http.StatusNoContent)
		}
		return err
	})
	Register(s, Operation{ID: "file-captures", Method: http.MethodGet, Path: "/api/captures", Tag: "files", Summary: "Where and when photos were taken",
		Text:   "拍摄时间地点: what the senders' devices and the pictures' own notes said, beside when the whole file was received. Files of which nothing was said are left out.",
		Access: AnyStaff},
		func(ctx context.Context, in *struct {
			IDs []string `query:"ids" maxItems:"50" doc:"Files"`
		}) (*Body[Page[blob.Capture]], error) {
			got, err := f.Captures(ctx, s.Store, in.IDs)
			return Answer(Page[blob.Capture]{Items: got}, err)
		})
}

// tusMetadata reads "key base64,key base64"; a key alone has no value.
func tusMetadata(header string) (map[string]string, error) {
	meta := map[string]string{}
	if header == "" {
		return meta, nil
	}
	if len(header) > 4096 {
		return nil, errors.New("httpapi: upload metadata is too long")
	}
	for pair := range strings.SplitSeq(header, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		raw, err := base64.StdEncoding.DecodeString(value)
		if err != nil || key == "" {
			return nil, errors.New("httpapi: upload metadata is not key and base64")
		}
		meta[key] = string(raw)
	}
	return meta, nil
}
