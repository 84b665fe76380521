package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Served by HTTPS with a certificate of its own making, which it keeps.
func TestServeTLS(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	if _, stderr, err := run(t, "", "--data", data, "serve", "--tls-cert", "x.crt"); err == nil || !strings.Contains(stderr, "belong together") {
		t.Errorf("half a certificate: %v %s", err, stderr)
	}
	addr := freeAddress(t)
	cmd := program(t.Context(), "--data", data, "serve", "--tls", "--addr", addr)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	var res *http.Response
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		roots := x509.NewCertPool()
		if raw, err := os.ReadFile(data + ".keys/tls.crt"); err == nil && roots.AppendCertsFromPEM(raw) {
			c := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
			if res, err = c.Get("https://" + addr + "/healthz"); err == nil {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("it did not come up")
		}
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != 200 || string(body) != "ok\n" {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	before, _ := os.ReadFile(data + ".keys/tls.crt")
	if err := ownCertificate(data+".keys/tls.crt", data+".keys/tls.key"); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.ReadFile(data + ".keys/tls.crt"); string(before) != string(after) {
		t.Error("the certificate is made anew at each start: phones would warn each time")
	}
	if info, err := os.Stat(data + ".keys/tls.key"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key is readable by others: %v %v", info, err)
	}
}
