// Package archive makes and checks the packages (归档信息包) in which what is closed is
// kept for the archives: a ZIP of files, a manifest with the SHA-256 of each, and a
// signature over the manifest.
//
// A package of the same contents has the same bytes: its entries are sorted, carry one
// fixed time and are not compressed. [Check] needs nothing but the package: that every
// file is there and unchanged, that there is nothing more, and who signed.
package archive

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Format is what packages of this kind say of themselves.
const Format = "shanzhi-archive/1"

// The entries of a package that its manifest does not list.
const (
	ManifestName  = "manifest.json"
	SignatureName = "signature.json"
)

// Bounds of a package: what is beyond is refused unread.
const (
	MaxFiles    = 5000
	MaxBytes    = int64(2 << 30) // of all files together
	maxManifest = int64(16 << 20)
)

// PackageElement is one element of the metadata (元数据): its name in the standard, and what it is.
type PackageElement struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// File is a file of a package.
type File struct {
	Path    string // slashes, relative
	Title   string
	Kind    string // what it is of the matter: form, material, paper, …
	Content []byte
}

// Entry is a file as the manifest lists it.
type Entry struct {
	Path   string `json:"path"`
	Title  string `json:"title"`
	Kind   string `json:"kind"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Manifest lists what is in a package.
type Manifest struct {
	Format string           `json:"format"`
	No     string           `json:"no"` // 档号
	Title  string           `json:"title"`
	Meta   []PackageElement `json:"meta"`
	Files  []Entry          `json:"files"`
}

// Signature is over the SHA-256 of the manifest, by Ed25519. Both are hexadecimal.
type Signature struct {
	Key       string `json:"key"`
	Signature string `json:"signature"`
}

// stamp is the time that every entry carries: the earliest that a ZIP can say.
var stamp = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Write writes a package and returns the SHA-256 of its manifest, in hexadecimal. No
// two files may have one path.
func Write(w io.Writer, no, title string, meta []PackageElement, files []File, key ed25519.PrivateKey) (string, error) {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	m := Manifest{Format: Format, No: no, Title: title, Meta: meta, Files: []Entry{}}
	total := int64(0)
	for i, f := range files {
		if what := unsafe(f.Path); what != "" || f.Path == ManifestName || f.Path == SignatureName {
			return "", fmt.Errorf("archive: %q cannot be the path of a file: %s", f.Path, cmp.Or(what, "the package has it itself"))
		}
		if i > 0 && files[i-1].Path == f.Path {
			return "", fmt.Errorf("archive: %s stands twice", f.Path)
		}
		total += int64(len(f.Content))
		m.Files = append(m.Files, Entry{f.Path, f.Title, f.Kind, int64(len(f.Content)), Sum(f.Content)})
	}
	if len(files) > MaxFiles || total > MaxBytes {
		return "", fmt.Errorf("archive: %d files of %d bytes are more than a package holds", len(files), total)
	}
	manifest, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(manifest)
	signature, err := json.Marshal(Signature{hex.EncodeToString(key.Public().(ed25519.PublicKey)), hex.EncodeToString(ed25519.Sign(key, sum[:]))})
	if err != nil {
		return "", err
	}
	z := zip.NewWriter(w)
	for _, f := range append([]File{{Path: ManifestName, Content: manifest}, {Path: SignatureName, Content: signature}}, files...) {
		head := &zip.FileHeader{Name: f.Path, Method: zip.Store, Modified: stamp}
		head.SetMode(0o644)
		e, err := z.CreateHeader(head)
		if err == nil {
			_, err = e.Write(f.Content)
		}
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum[:]), z.Close()
}

// Sum is the SHA-256 of a content, in hexadecimal.
func Sum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// PackageFault is one thing that is wrong with a package.
type PackageFault struct {
	Code string `json:"code"` // unreadable, unsafe, too_large, manifest, missing, changed, extra, twice, signature, record, element
	Path string `json:"path,omitempty"`
	Text string `json:"text"`
}

// PackageReport is what a check finds.
type PackageReport struct {
	No       string           `json:"no,omitempty"`
	Title    string           `json:"title,omitempty"`
	Files    int              `json:"files"`
	Bytes    int64            `json:"bytes"`
	Manifest string           `json:"manifest_sha256,omitempty"`
	Key      string           `json:"key,omitempty"` // that signed it
	Meta     []PackageElement `json:"meta,omitempty"`
	Problems []PackageFault   `json:"problems"`
}

func (r *PackageReport) bad(code, at, format string, args ...any) {
	r.Problems = append(r.Problems, PackageFault{code, at, fmt.Sprintf(format, args...)})
}

// Check looks at a package of so many bytes. key is the public key that must have signed
// it, in hexadecimal; with "" the package's own is believed.
func Check(ra io.ReaderAt, size int64, key string) PackageReport {
	r := PackageReport{Problems: []PackageFault{}}
	z, err := zip.NewReader(ra, size)
	if err != nil {
		r.bad("unreadable", "", "it is no whole ZIP file: %v; it may have been cut off", err)
		return r
	}
	entries, packed := map[string]*zip.File{}, uint64(0)
	for _, f := range z.File {
		packed += f.CompressedSize64
		switch what := unsafe(f.Name); {
		case what != "":
			r.bad("unsafe", clip(f.Name), "the name of an entry is not safe to unpack: %s", what)
		case !f.Mode().IsRegular():
			r.bad("unsafe", f.Name, "it is no plain file")
		case entries[f.Name] != nil:
			r.bad("twice", f.Name, "two entries have this name")
		default:
			entries[f.Name] = f
		}
	}
	switch {
	case len(z.File) > MaxFiles+2:
		r.bad("too_large", "", "it has %d entries, and a package has %d at most", len(z.File), MaxFiles)
	case packed > uint64(size):
		r.bad("too_large", "", "its entries lie over each other: they claim %d bytes of a file of %d", packed, size)
	}
	if len(r.Problems) > 0 {
		return r // nothing of such a file is read
	}
	manifest, err := read(entries[ManifestName], maxManifest)
	if err != nil {
		r.bad("manifest", ManifestName, "the manifest cannot be read: %v", err)
		return r
	}
	var m Manifest
	if err := decodeManifest(manifest, &m); err != nil {
		r.bad("manifest", ManifestName, "the manifest cannot be read: %v", err)
		return r
	}
	if m.Format != Format {
		r.bad("manifest", ManifestName, "it says to be %q, not %s", clip(m.Format), Format)
		return r
	}
	r.No, r.Title, r.Meta, r.Files, r.Manifest = m.No, m.Title, m.Meta, len(m.Files), Sum(manifest)
	total := int64(0)
	for _, e := range m.Files {
		if e.Bytes < 0 || e.Bytes > MaxBytes || total+e.Bytes > MaxBytes {
			r.bad("too_large", clip(e.Path), "the manifest claims more than %d bytes", MaxBytes)
			return r
		}
		total += e.Bytes
	}
	r.signed(entries[SignatureName], key)
	listed := map[string]bool{ManifestName: true, SignatureName: true}
	for _, e := range m.Files {
		f := entries[e.Path]
		switch {
		case listed[e.Path]:
			r.bad("twice", clip(e.Path), "the manifest lists it twice")
		case f == nil:
			r.bad("missing", clip(e.Path), "the manifest lists it, and it is not there")
		default:
			n, sum, err := digest(f, e.Bytes)
			r.Bytes += n
			switch {
			case err != nil:
				r.bad("changed", e.Path, "it cannot be read: %v", err)
			case n != e.Bytes:
				r.bad("changed", e.Path, "it has other than the %d bytes that the manifest says", e.Bytes)
			case sum != e.SHA256:
				r.bad("changed", e.Path, "its SHA-256 is %s, and the manifest says %s", sum, clip(e.SHA256))
			}
		}
		listed[e.Path] = true
	}
	for _, f := range z.File {
		if !listed[f.Name] {
			r.bad("extra", f.Name, "it is there, and the manifest does not list it")
		}
	}
	return r
}

func decodeManifest(raw []byte, m *Manifest) error {
	strict := json.NewDecoder(bytes.NewReader(raw))
	strict.DisallowUnknownFields()
	return strict.Decode(m)
}

func (r *PackageReport) signed(f *zip.File, want string) {
	raw, err := read(f, 4096)
	var s Signature
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil {
		r.bad("signature", SignatureName, "the signature cannot be read: %v", err)
		return
	}
	key, kerr := hex.DecodeString(s.Key)
	sig, serr := hex.DecodeString(s.Signature)
	sum, _ := hex.DecodeString(r.Manifest)
	if kerr != nil || serr != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, sum, sig) {
		r.bad("signature", SignatureName, "the signature is not over this manifest")
		return
	}
	r.Key = s.Key
	if want != "" && !strings.EqualFold(want, s.Key) {
		r.bad("signature", SignatureName, "it was signed by the key %s, not by %s", s.Key, clip(want))
	}
}

// read reads an entry of at most so many bytes.
func read(f *zip.File, most int64) ([]byte, error) {
	if f == nil {
		return nil, fmt.Errorf("it is not there")
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, most+1))
	if err == nil && int64(len(raw)) > most {
		err = fmt.Errorf("it is larger than %d bytes", most)
	}
	return raw, err
}

// digest reads an entry that should have want bytes, and no more than one beyond: what
// unpacks to more than was promised is not unpacked.
func digest(f *zip.File, want int64) (int64, string, error) {
	in, err := f.Open()
	if err != nil {
		return 0, "", err
	}
	defer in.Close()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(in, want+1))
	return n, hex.EncodeToString(h.Sum(nil)), err
}

// unsafe says why a name is not one to unpack; "" it is.
func unsafe(name string) string {
	switch {
	case name == "" || len(name) > 240 || !utf8.ValidString(name):
		return "it is empty, too long or no text"
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '\\' || r == ':' || r == 0x7f }):
		return "it has a backslash, a colon or a control character"
	case strings.HasPrefix(name, "/") || path.Clean(name) != name || name == "." || name == ".." || strings.HasPrefix(name, "../"):
		return "it leads out of the folder, or is no plain path"
	}
	return ""
}

func clip(s string) string {
	r := []rune(strings.ToValidUTF8(s, "?"))
	return string(r[:min(len(r), 120)])
}
