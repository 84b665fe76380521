package archive

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var someCase = Encapsulation{
	Unit: "宝安区民政局", At: time.Date(2026, 9, 4, 11, 0, 0, 0, time.UTC), No: "BA20260901000001", Serial: 1, Secret: "限制", Fonds: "深圳市宝安区政务服务",
	Acts:   []EncapsulatedAct{{"1", "p1", "收件", "2026-09-01T10:00:00+08:00", "", ""}, {"2", "p2", "准予 <许可>", "2026-09-04T10:00:00+08:00", "行政许可法第三十八条", "现场 & 材料符合"}},
	Agents: []EncapsulatedAgent{{"p1", "单位", "区政数局", "11440306MB2D704187"}, {"p2", "个人", "谢岚", ""}},
}

func encapsulate(t testing.TB, x Encapsulation, files ...File) []byte {
	t.Helper()
	meta := []PackageElement{{"全宗号", "B001"}, {"立档单位名称", "宝安区民政局"}, {"年度", "2026"}, {"保管期限", "30年"}, {"责任者", "宝安区民政局"}, {"日期", "20260904"}, {"事项名称", "食品经营许可"}}
	var p, b bytes.Buffer
	if _, err := Write(&p, "B001-ZF·2026-D30-BA20260901000001", "食品经营许可", meta, files, key); err != nil {
		t.Fatal(err)
	}
	if err := WriteEncapsulation(&b, bytes.NewReader(p.Bytes()), int64(p.Len()), x, key); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func checkXML(raw []byte, want string) PackageReport {
	return CheckEncapsulation(bytes.NewReader(raw), int64(len(raw)), want)
}

func TestEncapsulationOfAPackage(t *testing.T) {
	files := append([]File{{"catalogue.pdf", "归档目录", "catalogue", []byte("%PDF-1.7 catalogue")}, {"empty.json", "空", "form", nil}}, some...)
	raw := encapsulate(t, someCase, files...)
	own := hex.EncodeToString(key.Public().(ed25519.PublicKey))
	r := checkXML(raw, own)
	if len(r.Problems) > 0 || r.Files != len(files) || r.No != "B001-ZF·2026-D30-BA20260901000001" || r.Title != "食品经营许可" || r.Key != own || len(r.Manifest) != 64 {
		t.Errorf("%+v", r)
	}
	if !bytes.Equal(raw, encapsulate(t, someCase, files...)) {
		t.Error("the same package gives other bytes")
	}
	for _, want := range []string{"<聚合层次>文件</聚合层次>", "<室编件号>1</室编件号>", "<文档主从声明>主文档</文档主从声明>\n<题名>归档目录</题名>", "准予 &lt;许可&gt;", "现场 &amp; 材料符合", base64.StdEncoding.EncodeToString([]byte("%PDF-1.7 receipt")), "<附注>事项名称：食品经营许可</附注>"} {
		if !bytes.Contains(raw, []byte(want)) {
			t.Errorf("it has no %s", want)
		}
	}
	if !IsEncapsulation(raw) || IsEncapsulation([]byte("PK\x03\x04")) {
		t.Error("it is not known from a package")
	}
	// The schema says the same as the table by which it is checked.
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Log("xmllint is not installed: the schema is not asked")
		return
	}
	name := filepath.Join(t.TempDir(), "a.xml")
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(lint, "--noout", "--huge", "--schema", "testdata/eep.xsd", name).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// What is wrong with an encapsulation is found and said.
func TestEncapsulationThatIsNotWhole(t *testing.T) {
	raw := string(encapsulate(t, someCase, some...))
	replace := func(old, new string) string {
		t.Helper()
		if !strings.Contains(raw, old) {
			t.Fatalf("there is no %s", old)
		}
		return strings.Replace(raw, old, new, 1)
	}
	cut := func(from, to string) string {
		i := strings.Index(raw, from)
		j := strings.Index(raw, to)
		return raw[:i] + raw[j+len(to):]
	}
	for what, x := range map[string]struct{ raw, want string }{
		"cut off":                  {raw[:len(raw)/2], "unreadable"},
		"no XML":                   {"PK", "unreadable"},
		"another root":             {strings.ReplaceAll(raw, "电子文件封装包", "封装"), "element"},
		"another namespace":        {replace(eepSpace, "urn:x"), "element"},
		"a type of its own":        {replace("<电子文件封装包", "<!DOCTYPE a [<!ENTITY x SYSTEM \"/etc/passwd\">]>\n<电子文件封装包"), "unsafe"},
		"another version":          {replace(`eep版本="2009"`, `eep版本="2010"`), "element"},
		"no title":                 {cut("<题名>食品经营许可", "</题名>\n"), "element"},
		"an order":                 {replace("<版本>2009</版本>", ""), "element"},
		"unknown element":          {replace("<版本>", "<颜色>红</颜色><版本>"), "element"},
		"text between":             {replace("<来源>", "<来源>深圳"), "element"},
		"a word of its own":        {replace("<业务状态>历史行为", "<业务状态>想做"), "element"},
		"no year":                  {replace("<年度>2026", "<年度>丙午"), "element"},
		"a number below 1":         {replace("<室编件号>1<", "<室编件号>0<"), "element"},
		"a changed title":          {replace("<题名>食品经营许可", "<题名>食品经营不许可"), "signature"},
		"a changed file":           {replace(base64.StdEncoding.EncodeToString([]byte("%PDF-1.7 receipt")), base64.StdEncoding.EncodeToString([]byte("%PDF-1.7 RECEIPT"))), "changed"},
		"a file that is no Base64": {replace(base64.StdEncoding.EncodeToString([]byte("%PDF-1.7 receipt")), "?"), "changed"},
		"another size":             {replace("<计算机文件大小>16<", "<计算机文件大小>17<"), "changed"},
		"a file that leads out":    {replace("<计算机文件名>papers/01-receipt.pdf", "<计算机文件名>../../etc/passwd"), "unsafe"},
		"an identifier twice":      {replace("<文档标识符>修改0-文档2", "<文档标识符>修改0-文档1"), "twice"},
		"somebody who is nobody":   {replace("<机构人员标识符>p1", "<机构人员标识符>p9"), "missing"},
		"another's lock":           {replace("<被锁定签名标识符>修改0-签名1", "<被锁定签名标识符>修改0-签名9"), "missing"},
	} {
		r := checkXML([]byte(x.raw), "")
		if !strings.Contains(codes(r), x.want) {
			t.Errorf("%s: %v, want %s", what, r.Problems, x.want)
		}
	}
	// By another key, or by none.
	if r := checkXML([]byte(raw), strings.Repeat("0", 64)); !strings.Contains(codes(r), "signature") {
		t.Errorf("another key: %v", r.Problems)
	}
	unsigned := cut("<电子签名块>", "</锁定签名>\n")
	if r := checkXML([]byte(unsigned), ""); len(r.Problems) > 0 || r.Key != "" {
		t.Errorf("one without a signature: %v", r.Problems)
	}
	if r := checkXML([]byte(unsigned), strings.Repeat("0", 64)); !strings.Contains(codes(r), "signature") {
		t.Errorf("one without a signature that must have one: %v", r.Problems)
	}
	// A package that is not whole is not encapsulated.
	p := pack(t, some...)
	p = bytes.Replace(p, []byte("%PDF-1.7 receipt"), []byte("%PDF-1.7 RECEIPT"), 1)
	if err := WriteEncapsulation(&bytes.Buffer{}, bytes.NewReader(p), int64(len(p)), someCase, key); err == nil {
		t.Error("a package that is not whole was encapsulated")
	}
}

// No byte of what is signed can change unseen, and nothing that comes in makes the check fall.
func TestEncapsulationUnderAnyChange(t *testing.T) {
	raw := encapsulate(t, someCase, some...)
	begin, end := bytes.Index(raw, []byte("<被签名对象")), bytes.Index(raw, []byte("</被签名对象>"))
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(begin, end).Draw(t, "at")
		b := byte(rapid.IntRange(0, 255).Draw(t, "byte"))
		if raw[i] == b {
			return
		}
		changed := bytes.Clone(raw)
		changed[i] = b
		if r := checkXML(changed, ""); len(r.Problems) == 0 {
			t.Fatalf("byte %d as %q passes", i, b)
		}
		n := rapid.IntRange(0, len(raw)-2).Draw(t, "cut")
		if r := checkXML(raw[:n], ""); len(r.Problems) == 0 {
			t.Fatalf("cut at %d it passes", n)
		}
	})
}
