package document

import (
	"bytes"
	"strings"
	"testing"
)

// A mark stands on the pages and in the properties of what has pages, and a paper
// without one is as it was.
func TestMark(t *testing.T) {
	d := sample()
	d.Mark = `张三 <西乡> "街道" 2026-11-27 16:05 & 123`
	files, err := parts(write(t, d, DOCX))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"word/header1.xml", "docProps/core.xml"} {
		if !strings.Contains(files[name], "张三 &lt;西乡&gt;") {
			t.Errorf("%s: %s", name, files[name])
		}
	}
	if !strings.Contains(files["word/document.xml"], "headerReference") {
		t.Error("the pages have no header")
	}
	pdf, plain := write(t, d, PDF), write(t, sample(), PDF)
	if len(pdf) <= len(plain) {
		t.Errorf("a marked PDF of %d bytes, a plain one of %d", len(pdf), len(plain))
	}
	if files, err = parts(write(t, sample(), DOCX)); err != nil || files["word/header1.xml"] != "" || bytes.Contains(plain, []byte("/Subject")) {
		t.Error("a plain paper is marked", err)
	}
}
