package httpapi_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/blob"
)

// tus 1.0.0, as a client sees it.
func TestUploadsInPieces(t *testing.T) {
	onBoth(t, func(w *world) {
		if err := w.s.Migrate(ctx, blob.Room()); err != nil {
			t.Fatal(err)
		}
		w.srv.MountFiles(&blob.Files{Store: w.s, Place: blob.Folder(t.TempDir()), Temp: t.TempDir()})
		server := httptest.NewServer(w.h)
		defer server.Close()
		_, token := w.token("h", "a", account.Grant{Role: "handler", Unit: "a"})
		ask := func(token, method, path string, body io.Reader, headers ...string) *http.Response {
			r, err := http.NewRequest(method, server.URL+path, body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Tus-Resumable", "1.0.0")
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			for i := 0; i < len(headers); i += 2 {
				r.Header.Set(headers[i], headers[i+1])
			}
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			_, _ = io.Copy(io.Discard, res.Body)
			return res
		}
		want := func(what string, res *http.Response, status int, headers ...string) {
			t.Helper()
			if res.StatusCode != status {
				t.Errorf("%s: %d, not %d", what, res.StatusCode, status)
			}
			for i := 0; i < len(headers); i += 2 {
				if got := res.Header.Get(headers[i]); got != headers[i+1] {
					t.Errorf("%s: %s is %q, not %q", what, headers[i], got, headers[i+1])
				}
			}
		}
		photo := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{7}, 9000)...)
		size := strconv.Itoa(len(photo))
		b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
		octets := "application/offset+octet-stream"

		want("what is spoken", ask("", "OPTIONS", "/api/uploads", nil), 204, "Tus-Version", "1.0.0", "Tus-Max-Size", strconv.Itoa(blob.MaxSize))
		want("another version", ask("", "POST", "/api/uploads", nil, "Tus-Resumable", "0.2.2", "Upload-Length", size), 412, "Tus-Version", "1.0.0")
		want("no length", ask("", "POST", "/api/uploads", nil), 400)
		want("too large", ask("", "POST", "/api/uploads", nil, "Upload-Length", strconv.Itoa(blob.MaxSize+1)), 413)
		want("a kind that is not taken", ask("", "POST", "/api/uploads", nil, "Upload-Length", size, "Upload-Metadata", "filetype "+b64("text/html")), 415)
		want("notes that are none", ask("", "POST", "/api/uploads", nil, "Upload-Length", size, "Upload-Metadata", "filetype %%%"), 400)
		want("a place that is none", ask("", "POST", "/api/uploads", nil, "Upload-Length", size, "Upload-Metadata", "capture "+b64(`{"lon":500,"lat":1}`)), 400)

		begun := ask(token, "POST", "/api/uploads", nil, "Upload-Length", size, "Upload-Metadata", "filetype "+b64("image/png")+",capture "+b64(`{"stage":"before","taken":"2026-11-27T08:00:00Z","lon":113.9,"lat":22.5}`))
		want("begun", begun, 201, "Upload-Offset", "0")
		at := begun.Header.Get("Location")
		want("a stranger's look", ask("", "HEAD", at, nil), 404)
		want("another kind of body", ask(token, "PATCH", at, bytes.NewReader(photo[:10]), "Upload-Offset", "0"), 415)
		want("a piece from elsewhere", ask(token, "PATCH", at, bytes.NewReader(photo[5:10]), "Upload-Offset", "5", "Content-Type", octets), 409, "Upload-Offset", "0")

		// The line breaks after 3,000 of the bytes that were announced.
		conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		out := bufio.NewWriter(conn)
		fmt.Fprintf(out, "PATCH %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: %s\r\nContent-Length: %s\r\n\r\n", at, token, octets, size)
		_, _ = out.Write(photo[:3000])
		if err := out.Flush(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
		conn.Close()
		var head *http.Response
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if head = ask(token, "HEAD", at, nil); head.Header.Get("Upload-Offset") != "0" {
				break
			}
		}
		want("after it broke", head, 200, "Upload-Offset", "3000", "Upload-Length", size, "Cache-Control", "no-store", "Upload-File", "")

		done := ask(token, "PATCH", at, bytes.NewReader(photo[3000:]), "Upload-Offset", "3000", "Content-Type", octets)
		want("the rest", done, 204, "Upload-Offset", size)
		id := done.Header.Get("Upload-File")
		want("asked again", ask(token, "HEAD", at, nil), 200, "Upload-File", id)
		res, err := http.Get(server.URL + "/api/files/" + id)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if got, _ := io.ReadAll(res.Body); !bytes.Equal(got, photo) {
			t.Errorf("%d bytes of %s", len(got), size)
		}
		want("captures, of a stranger", ask("", "GET", "/api/captures?ids="+id, nil), 401)
		want("captures", ask(token, "GET", "/api/captures?ids="+id, nil), 200)

		gone := ask("", "POST", "/api/uploads", nil, "Upload-Length", size).Header.Get("Location")
		want("given up", ask("", "DELETE", gone, nil), 204)
		want("it is gone", ask("", "HEAD", gone, nil), 404)
	})
}
