package archive

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))

var some = []File{
	{"trace.json", "办理过程", "trace", []byte(`{"events":[]}`)},
	{"papers/01-receipt.pdf", "收件凭证", "paper", []byte("%PDF-1.7 receipt")},
	{"form/application.json", "申请表", "form", []byte(`{"answers":[]}`)},
}

func pack(t testing.TB, files ...File) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := Write(&b, "B001-ZF·2026-D30-BA20260901000001", "食品经营许可", []PackageElement{{"保管期限", "30年"}}, files, key); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func check(raw []byte, want string) PackageReport {
	return Check(bytes.NewReader(raw), int64(len(raw)), want)
}

func codes(r PackageReport) string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, p.Code+" "+p.Path)
	}
	return strings.Join(out, ", ")
}

// redo unpacks a package, lets change change its entries, and packs it again as anybody could.
func redo(t testing.TB, raw []byte, change func(name string, content []byte) (string, []byte), more ...File) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	put := func(name string, content []byte) {
		e, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		e.Write(content)
	}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, _ := io.ReadAll(in)
		if name, content := change(f.Name, content); name != "" {
			put(name, content)
		}
	}
	for _, f := range more {
		put(f.Path, f.Content)
	}
	w.Close()
	return b.Bytes()
}

func same(name string, content []byte) (string, []byte) { return name, content }

func TestPackageOfTheSameContentsHasTheSameBytes(t *testing.T) {
	turned := []File{some[2], some[0], some[1]}
	if !bytes.Equal(pack(t, some...), pack(t, turned...)) {
		t.Error("the order in which files came shows")
	}
	r := check(pack(t, some...), hex.EncodeToString(key.Public().(ed25519.PublicKey)))
	if len(r.Problems) > 0 || r.Files != 3 || r.No != "B001-ZF·2026-D30-BA20260901000001" || r.Manifest == "" {
		t.Errorf("a good package: %+v", r)
	}
}

func TestWhatIsWrongWithAPackageIsSaid(t *testing.T) {
	good := pack(t, some...)
	for name, x := range map[string]struct {
		raw  []byte
		want string
	}{
		"packed anew":       {redo(t, good, same), ""},
		"a file is missing": {redo(t, good, func(n string, c []byte) (string, []byte) { return map[bool]string{false: n}[n == "trace.json"], c }), "missing trace.json"},
		"a file is changed": {redo(t, good, func(n string, c []byte) (string, []byte) {
			if n == "trace.json" {
				c = bytes.Replace(c, []byte("[]"), []byte("[1"), 1)
			}
			return n, c
		}), "changed trace.json"},
		"a file is longer": {redo(t, good, func(n string, c []byte) (string, []byte) {
			if n == "trace.json" {
				c = append(c, ' ')
			}
			return n, c
		}), "changed trace.json"},
		"one more file":    {redo(t, good, same, File{Path: "papers/02.pdf", Content: []byte("x")}), "extra papers/02.pdf"},
		"two of one name":  {redo(t, good, same, File{Path: "trace.json", Content: []byte("x")}), "twice trace.json"},
		"a way out":        {redo(t, good, same, File{Path: "../../etc/passwd", Content: []byte("x")}), "unsafe ../../etc/passwd"},
		"an absolute path": {redo(t, good, same, File{Path: "/etc/passwd", Content: []byte("x")}), "unsafe /etc/passwd"},
		"a Windows path":   {redo(t, good, same, File{Path: `c:\x`, Content: []byte("x")}), `unsafe c:\x`},
		"a folder":         {redo(t, good, same, File{Path: "papers/"}), "unsafe papers/"},
		"no manifest":      {redo(t, good, func(n string, c []byte) (string, []byte) { return map[bool]string{false: n}[n == ManifestName], c }), "manifest manifest.json"},
		"no signature":     {redo(t, good, func(n string, c []byte) (string, []byte) { return map[bool]string{false: n}[n == SignatureName], c }), "signature signature.json"},
		"another manifest": {redo(t, good, func(n string, c []byte) (string, []byte) {
			return n, bytes.Replace(c, []byte("食品"), []byte("药品"), 1)
		}), "signature signature.json"},
		"a bomb": {redo(t, good, func(n string, c []byte) (string, []byte) {
			return n, map[bool][]byte{true: make([]byte, 64<<20), false: c}[n == "trace.json"]
		}), "changed trace.json"},
		"a manifest of zero": {redo(t, good, func(n string, c []byte) (string, []byte) {
			return n, map[bool][]byte{true: make([]byte, maxManifest+1), false: c}[n == ManifestName]
		}), "manifest manifest.json"},
		"cut off": {good[:len(good)-10], "unreadable "},
		"nothing": {nil, "unreadable "},
		"no ZIP":  {[]byte("善治"), "unreadable "},
	} {
		t.Run(name, func(t *testing.T) {
			if got := codes(check(x.raw, "")); got != x.want {
				t.Errorf("%q, want %q", got, x.want)
			}
		})
	}
	if got := codes(check(good, strings.Repeat("00", 32))); got != "signature signature.json" {
		t.Errorf("another's key: %q", got)
	}
	// A manifest that promises more than a package may hold.
	lie := redo(t, good, func(n string, c []byte) (string, []byte) {
		if n == ManifestName {
			var m Manifest
			if err := json.Unmarshal(c, &m); err != nil {
				t.Fatal(err)
			}
			m.Files[0].Bytes = MaxBytes + 1
			c, _ = json.Marshal(m)
		}
		return n, c
	})
	if got := codes(check(lie, "")); !strings.HasPrefix(got, "too_large") {
		t.Errorf("a lying manifest: %q", got)
	}
}

// Entries that lie over each other, by which a small file unpacks to petabytes.
func TestEntriesThatLieOverEachOther(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range 3 {
		e, _ := w.CreateRaw(&zip.FileHeader{Name: fmt.Sprint(i), Method: zip.Store, CompressedSize64: 1 << 30, UncompressedSize64: 1 << 30})
		e.Write([]byte("x"))
	}
	w.Close()
	if got := codes(check(b.Bytes(), "")); got != "too_large " {
		t.Errorf("%q", got)
	}
}

// Whichever byte of a package changes, the check sees it or what is read is the same.
func TestNoChangedByteGoesUnseen(t *testing.T) {
	good := pack(t, some...)
	was := check(good, hex.EncodeToString(key.Public().(ed25519.PublicKey)))
	rapid.Check(t, func(t *rapid.T) {
		raw := bytes.Clone(good)
		at := rapid.IntRange(0, len(raw)-1).Draw(t, "at")
		raw[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		got := check(raw, was.Key)
		if len(got.Problems) == 0 && (got.Manifest != was.Manifest || got.Bytes != was.Bytes || got.Files != was.Files) {
			t.Fatalf("byte %d: another package passes: %+v", at, got)
		}
	})
}

func TestPathsThatCannotBeWritten(t *testing.T) {
	for _, p := range []string{"", "../x", "/x", "a//b", `a\b`, ManifestName, SignatureName, "a/../b"} {
		if _, err := Write(io.Discard, "", "", nil, []File{{Path: p}}, key); err == nil {
			t.Errorf("%q is written", p)
		}
	}
	if _, err := Write(io.Discard, "", "", nil, []File{{Path: "a"}, {Path: "a"}}, key); err == nil {
		t.Error("two of one path are written")
	}
}
