package archive

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/big"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A package can be handed over as one XML file, the encapsulation (电子文件封装包, EEP) of
// DA/T 48-2009 基于XML的电子文件封装规范: every file of it in Base64, what describes it by
// the elements of DA/T 46-2009, what happened (业务实体) and who did it (机构人员实体), and
// a signature over all of that.

// The words that the standard fixes.
const (
	eepSpace  = "http://www.saac.gov.cn/standards/ERM/encapsulation"
	eepFormat = "本EEP根据中华人民共和国档案行业标准DA/T 48-2009《基于XML的电子文件封装规范》生成"
	eepYear   = "2009"
	eepKind   = "原始型"
	eepKindIs = "本封装包包含电子文件数据及其元数据，原始封装，未经修改"

	eepRule = "对“被签名对象”元素自起始标签至结束标签的UTF-8字节序列求SHA-256，对所得32字节按RFC 8032作Ed25519签名；“锁定签名”对“签名结果”的64字节同样签名"
	eepSign = "Ed25519"
	eepCode = "“编码数据”是计算机文件的Base64编码（RFC 2045），“反编码关键字”给出编码和扩展名"
)

// Encapsulation is what an encapsulation says beside the package that is in it.
type Encapsulation struct {
	Unit   string // 封装包创建单位
	At     time.Time
	No     string // of the record in its office (电子文件号)
	Serial int    // 室编件号, from 1
	Secret string // 密级: 公开, 限制, …
	Fonds  string // 全宗名称
	Acts   []EncapsulatedAct
	Agents []EncapsulatedAgent
}

// EncapsulatedAct is something that was done (业务实体).
type EncapsulatedAct struct {
	ID    string
	Agent string // whose EncapsulatedAgent.ID it is
	What  string
	At    string
	Basis string
	Told  string
}

// EncapsulatedAgent is who did something (机构人员实体).
type EncapsulatedAgent struct {
	ID   string
	Kind string // 单位, 内设机构, 个人
	Name string
	Code string // 组织机构代码, of a body
}

// eepModel is the content of each element that has elements: their names in their order,
// with ? where it may be absent, * where it may be absent or stand many times, + where it
// stands once or many times. What is not in it has text. (DA/T 48-2009, 附录A; the
// modified type (修改型) is not made here and not read.)
var eepModel = map[string][]string{
	"电子文件封装包":  {"封装包格式描述", "版本", "被签名对象", "电子签名块?", "锁定签名?"},
	"被签名对象":    {"封装包类型", "封装包类型描述", "封装包创建时间", "封装包创建单位", "封装内容"},
	"封装内容":     {"文件实体块", "业务实体块", "机构人员实体块"},
	"文件实体块":    {"文件实体", "文件实体关系*"},
	"文件实体":     {"聚合层次", "来源", "电子文件号", "档号", "内容描述", "形式特征", "存储位置", "权限管理", "信息系统描述*", "附注*", "文件数据"},
	"来源":       {"档案馆名称?", "档案馆代码?", "全宗名称?", "立档单位名称"},
	"档号":       {"全宗号?", "目录号?", "年度", "保管期限", "机构或问题?", "类别号?", "室编案卷号?", "馆编案卷号?", "室编件号", "馆编件号?", "页号?"},
	"内容描述":     {"题名", "并列题名?", "副题名?", "说明题名文字?", "主题词*", "关键词?", "人名?", "摘要?", "分类号?", "文件编号?", "责任者", "日期", "文种?", "紧急程度?", "主送?", "抄送?", "密级", "保密期限?"},
	"形式特征":     {"文件组合类型", "页数?", "语种?", "稿本?"},
	"存储位置":     {"当前位置?", "脱机载体编号+", "脱机载体存址*", "缩微号?"},
	"权限管理":     {"知识产权说明?", "授权*", "控制标识?"},
	"授权":       {"授权对象", "授权行为"},
	"文件数据":     {"文档+"},
	"文档":       {"文档标识符", "文档序号?", "文档主从声明?", "题名?", "文档数据+"},
	"文档数据":     {"编码+"},
	"编码":       {"电子属性", "数字化属性?", "编码描述", "反编码关键字", "编码数据"},
	"电子属性":     {"格式信息?", "计算机文件名", "计算机文件大小", "文档创建程序?"},
	"数字化属性":    {"数字化对象形态?", "扫描分辨率", "扫描色彩模式", "图像压缩方案?"},
	"文件实体关系":   {"文件标识符", "被关联文件标识符", "关系类型?", "关系?", "关系描述?"},
	"业务实体块":    {"业务实体+"},
	"业务实体":     {"业务标识符", "机构人员标识符", "文件标识符", "业务状态", "业务行为", "行为时间", "行为依据?", "行为描述?"},
	"机构人员实体块":  {"机构人员实体+", "机构人员实体关系*"},
	"机构人员实体":   {"机构人员标识符", "机构人员类型?", "机构人员名称", "组织机构代码?", "个人职位?"},
	"机构人员实体关系": {"机构人员标识符", "被关联机构人员标识符", "关系类型?", "关系?", "关系描述?"},
	"电子签名块":    {"电子签名+"},
	"电子签名":     {"签名标识符", "签名规则", "签名时间?", "签名人?", "签名结果", "证书块+", "签名算法标识"},
	"证书块":      {"证书+", "证书引证?"},
	"锁定签名":     {"被锁定签名标识符", "签名规则", "签名时间?", "签名人?", "签名结果", "证书块+", "签名算法标识"},
}

// eepWords are the elements whose text is one of a few.
var eepWords = map[string][]string{
	"封装包格式描述": {eepFormat}, "版本": {eepYear}, "封装包类型": {eepKind}, "封装包类型描述": {eepKindIs}, "聚合层次": {"文件"}, "文件组合类型": {"单件", "组合文件"},
	"文档主从声明": {"主文档", "附属文档"}, "业务状态": {"历史行为", "计划任务"}, "机构人员类型": {"单位", "内设机构", "个人"}, "扫描色彩模式": {"黑白二值", "灰度", "彩色"},
}

var eepTypes = map[string]string{".pdf": "application/pdf", ".json": "application/json", ".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".gif": "image/gif", ".mp4": "video/mp4", ".webm": "video/webm"}

// eepWriter writes elements; its first error stays.
type eepWriter struct {
	w   io.Writer
	err error
}

func (e *eepWriter) raw(s string) {
	if e.err == nil {
		_, e.err = io.WriteString(e.w, s)
	}
}

func (e *eepWriter) text(name, value string) {
	e.raw("<" + name + ">")
	if e.err == nil {
		e.err = xml.EscapeText(e.w, []byte(value))
	}
	e.raw("</" + name + ">\n")
}

// may is text, or nothing where there is none.
func (e *eepWriter) may(name, value string) {
	if value != "" {
		e.text(name, value)
	}
}

func (e *eepWriter) in(name string, inner func()) { e.inAs(name, "", inner) }

func (e *eepWriter) inAs(name, attribute string, inner func()) {
	e.raw("<" + name + attribute + ">\n")
	inner()
	e.raw("</" + name + ">\n")
}

// WriteEncapsulation writes a package of so many bytes as an encapsulation, signed with
// key. A package that is not whole is refused. The same package gives the same bytes.
func WriteEncapsulation(w io.Writer, ra io.ReaderAt, size int64, x Encapsulation, key ed25519.PrivateKey) error {
	r := Check(ra, size, "")
	if len(r.Problems) > 0 {
		return fmt.Errorf("archive: the package is not whole: %s %s: %s", r.Problems[0].Code, r.Problems[0].Path, r.Problems[0].Text)
	}
	z, err := zip.NewReader(ra, size)
	if err != nil {
		return err
	}
	m, err := manifestOf(z)
	if err != nil {
		return err
	}
	if x.Serial < 1 || len(x.Acts) == 0 || len(x.Agents) == 0 {
		return errors.New("archive: an encapsulation has a number from 1, what was done, and who did it")
	}
	certificate, err := eepCertificate(x.Unit, key)
	if err != nil {
		return err
	}
	e := &eepWriter{w: w}
	e.raw(xml.Header + `<电子文件封装包 xmlns="` + eepSpace + `">` + "\n")
	e.text("封装包格式描述", eepFormat)
	e.text("版本", eepYear)
	digest := sha256.New()
	e.w = io.MultiWriter(w, digest)
	e.raw(`<被签名对象 eep版本="` + eepYear + `">` + "\n")
	e.text("封装包类型", eepKind)
	e.text("封装包类型描述", eepKindIs)
	e.text("封装包创建时间", x.At.Format("2006-01-02T15:04:05"))
	e.text("封装包创建单位", x.Unit)
	e.in("封装内容", func() {
		e.in("文件实体块", func() { e.in("文件实体", func() { e.record(z, m, r, x) }) })
		e.in("业务实体块", func() {
			for _, a := range x.Acts {
				e.in("业务实体", func() {
					e.text("业务标识符", a.ID)
					e.text("机构人员标识符", a.Agent)
					e.text("文件标识符", m.No)
					e.text("业务状态", "历史行为")
					e.text("业务行为", a.What)
					e.text("行为时间", a.At)
					e.may("行为依据", a.Basis)
					e.may("行为描述", a.Told)
				})
			}
		})
		e.in("机构人员实体块", func() {
			for _, a := range x.Agents {
				e.in("机构人员实体", func() {
					e.text("机构人员标识符", a.ID)
					e.may("机构人员类型", a.Kind)
					e.text("机构人员名称", a.Name)
					e.may("组织机构代码", a.Code)
				})
			}
		})
	})
	e.raw("</被签名对象>")
	e.w = w
	if e.err != nil {
		return e.err
	}
	e.raw("\n")
	signature := ed25519.Sign(key, digest.Sum(nil))
	end := func(signature []byte) {
		e.text("签名规则", eepRule)
		e.text("签名人", x.Unit)
		e.text("签名结果", base64.StdEncoding.EncodeToString(signature))
		e.in("证书块", func() { e.text("证书", base64.StdEncoding.EncodeToString(certificate)) })
		e.text("签名算法标识", eepSign)
	}
	e.in("电子签名块", func() {
		e.in("电子签名", func() {
			e.text("签名标识符", "修改0-签名1")
			end(signature)
		})
	})
	e.in("锁定签名", func() {
		e.text("被锁定签名标识符", "修改0-签名1")
		sum := sha256.Sum256(signature)
		end(ed25519.Sign(key, sum[:]))
	})
	e.raw("</电子文件封装包>\n")
	return e.err
}

// record is the record (文件实体) and its files.
func (e *eepWriter) record(z *zip.Reader, m Manifest, r PackageReport, x Encapsulation) {
	meta := map[string]string{}
	for _, el := range m.Meta {
		meta[el.Name] = el.Value
	}
	e.text("聚合层次", "文件")
	e.in("来源", func() {
		e.may("全宗名称", x.Fonds)
		e.text("立档单位名称", meta["立档单位名称"])
	})
	e.text("电子文件号", x.No)
	e.in("档号", func() {
		e.may("全宗号", meta["全宗号"])
		e.text("年度", meta["年度"])
		e.text("保管期限", meta["保管期限"])
		e.may("类别号", meta["类别号"])
		e.text("室编件号", strconv.Itoa(x.Serial))
	})
	e.in("内容描述", func() {
		e.text("题名", m.Title)
		e.may("文件编号", m.No)
		e.text("责任者", meta["责任者"])
		e.text("日期", meta["日期"])
		e.text("密级", x.Secret)
	})
	e.in("形式特征", func() {
		e.text("文件组合类型", "组合文件")
		e.text("语种", "汉语")
	})
	e.in("存储位置", func() { e.text("脱机载体编号", "无") })
	e.in("权限管理", func() { e.text("控制标识", "调阅须说明理由并记入审计") })
	e.text("信息系统描述", Format)
	for _, el := range m.Meta {
		switch el.Name {
		case "聚合层次", "全宗号", "全宗名称", "立档单位名称", "类别号", "年度", "档号", "保管期限", "题名", "责任者", "日期":
		default:
			e.text("附注", el.Name+"："+el.Value)
		}
	}
	e.text("附注", "归档信息包清单SHA-256："+r.Manifest)
	files := slices.Clone(m.Files)
	slices.SortStableFunc(files, func(a, b Entry) int { // what a person reads comes first
		main := func(x Entry) int {
			if x.Kind == "catalogue" {
				return 0
			}
			return 1
		}
		return main(a) - main(b)
	})
	e.in("文件数据", func() {
		for i, f := range files {
			id, kind := fmt.Sprintf("修改0-文档%d", i+1), "附属文档"
			if i == 0 {
				kind = "主文档"
			}
			e.in("文档", func() {
				e.text("文档标识符", id)
				e.text("文档序号", strconv.Itoa(i+1))
				e.text("文档主从声明", kind)
				e.text("题名", f.Title)
				e.inAs("文档数据", ` 文档数据ID="`+id+`-文档数据1"`, func() {
					e.inAs("编码", ` 编码ID="`+id+`-文档数据1-编码1"`, func() { e.file(z, f, id+"-文档数据1-编码1-编码数据") })
				})
			})
		}
	})
}

func (e *eepWriter) file(z *zip.Reader, f Entry, id string) {
	e.in("电子属性", func() {
		e.text("格式信息", "MIME媒体类型："+eepType(f.Path)+"；SHA-256："+f.SHA256)
		e.text("计算机文件名", f.Path)
		e.text("计算机文件大小", strconv.FormatInt(f.Bytes, 10))
	})
	e.text("编码描述", eepCode)
	e.text("反编码关键字", eepKeyword(f.Path))
	e.raw(`<编码数据 编码数据ID="` + id + `">`)
	if e.err == nil {
		var in io.ReadCloser
		if in, e.err = z.Open(f.Path); e.err == nil {
			code := base64.NewEncoder(base64.StdEncoding, e.w)
			if _, e.err = io.Copy(code, in); e.err == nil {
				e.err = code.Close()
			}
			in.Close()
		}
	}
	e.raw("</编码数据>\n")
}

func eepType(name string) string {
	if t := eepTypes[path.Ext(name)]; t != "" {
		return t
	}
	return "application/octet-stream"
}

func eepKeyword(name string) string { return "base64-" + strings.TrimPrefix(path.Ext(name), ".") }

// eepCertificate is a certificate of the key that the house made itself. The same key and
// name give the same bytes.
func eepCertificate(unit string, key ed25519.PrivateKey) ([]byte, error) {
	t := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: clip(unit)}, NotBefore: stamp, NotAfter: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), KeyUsage: x509.KeyUsageDigitalSignature}
	return x509.CreateCertificate(nil, t, t, key.Public(), key)
}

func manifestOf(z *zip.Reader) (m Manifest, err error) {
	f, err := z.Open(ManifestName)
	if err != nil {
		return m, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxManifest))
	if err != nil {
		return m, err
	}
	return m, decodeManifest(raw, &m)
}

// IsEncapsulation says whether something begins as an encapsulation does, and not as a
// package.
func IsEncapsulation(begin []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(begin, []byte("\ufeff")), " \r\n\t"), []byte("<"))
}

// eepOpen is an element that is being read.
type eepOpen struct {
	name  string
	at    int // in its model
	n     int // of the element at `at`
	text  strings.Builder
	begin int64
}

// CheckEncapsulation looks at an encapsulation of so many bytes, which need not be of this
// house: that its elements are those of DA/T 48-2009 in their order, that every file is as
// large and has the hash that it says, that names refer to what is there, and that the
// signature is over what is signed. key is the public key that must have signed it, in
// hexadecimal; with "" its own certificate is believed. One without a signature is whole,
// and has no key.
func CheckEncapsulation(ra io.ReaderAt, size int64, key string) PackageReport {
	r := PackageReport{Problems: []PackageFault{}}
	if size > 2*MaxBytes {
		r.bad("too_large", "", "it has more than %d bytes", 2*MaxBytes)
		return r
	}
	c := &eepCheck{r: &r, ids: map[string]bool{}, agents: map[string]bool{}}
	d := xml.NewDecoder(io.NewSectionReader(ra, 0, size))
	d.Strict = true
	var stack []*eepOpen
	for {
		before := d.InputOffset()
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			r.bad("unreadable", "", "it is no whole XML file: %v; it may have been cut off", err)
			return r
		}
		switch tok := tok.(type) {
		case xml.Directive:
			r.bad("unsafe", "", "it declares a type of its own")
			return r
		case xml.StartElement:
			name := tok.Name.Local
			if tok.Name.Space != eepSpace {
				r.bad("element", clip(name), "it is not of %s", eepSpace)
				return r
			}
			if len(stack) == 0 && name != "电子文件封装包" {
				r.bad("element", clip(name), "it is no 电子文件封装包")
				return r
			}
			if len(stack) > 0 && !stack[len(stack)-1].next(name, &r) || len(stack) > 32 {
				return r
			}
			stack = append(stack, &eepOpen{name: name, begin: before})
			c.open(tok)
		case xml.CharData:
			if len(stack) > 0 {
				o := stack[len(stack)-1]
				if _, has := eepModel[o.name]; !has {
					o.text.Write(tok)
				} else if len(bytes.TrimSpace(tok)) > 0 {
					r.bad("element", o.name, "it has text beside its elements")
				}
			}
		case xml.EndElement:
			o := stack[len(stack)-1]
			o.end(&r)
			stack = stack[:len(stack)-1]
			parent := ""
			if len(stack) > 0 {
				parent = stack[len(stack)-1].name
			}
			c.close(o, parent, ra, d.InputOffset())
		}
		if len(r.Problems) > 100 {
			return r
		}
	}
	if c.digest == nil && len(r.Problems) == 0 {
		r.bad("unreadable", "", "it is no XML file of an encapsulation")
		return r
	}
	c.finish(key)
	return r
}

// next takes an element as the next of what is open.
func (o *eepOpen) next(name string, r *PackageReport) bool {
	model, has := eepModel[o.name]
	for i := o.at; has && i < len(model); i++ {
		want := strings.TrimRight(model[i], "?*+")
		many := strings.HasSuffix(model[i], "*") || strings.HasSuffix(model[i], "+")
		n := 0
		if i == o.at {
			n = o.n
		}
		if want == name && (n == 0 || many) {
			o.at, o.n = i, n+1
			return true
		}
		if n == 0 && (want == model[i] || strings.HasSuffix(model[i], "+")) {
			r.bad("element", o.name, "it must have %s before %s", want, clip(name))
			return false
		}
	}
	r.bad("element", o.name, "%s does not belong here", clip(name))
	return false
}

// end says what is missing of an element that ends.
func (o *eepOpen) end(r *PackageReport) {
	model := eepModel[o.name]
	for i := o.at; i < len(model); i++ {
		want := strings.TrimRight(model[i], "?*+")
		if (i > o.at || o.n == 0) && (want == model[i] || strings.HasSuffix(model[i], "+")) {
			r.bad("element", o.name, "it has no %s", want)
			return
		}
	}
	if words, ok := eepWords[o.name]; ok && !slices.Contains(words, o.text.String()) {
		r.bad("element", o.name, "%q is none of %s", clip(o.text.String()), strings.Join(words, ", "))
	}
}

// eepCheck is what is known of an encapsulation while it is read.
type eepCheck struct {
	r          *PackageReport
	ids        map[string]bool // xs:ID
	agents     map[string]bool
	asked      []string // agents that acts name
	file       Entry
	keyword    string
	digest     []byte
	signatures []eepSigned
	one        eepSigned
}

type eepSigned struct {
	id, locks  string
	value, key []byte
}

func (c *eepCheck) id(v string) {
	if v == "" || c.ids[v] {
		c.r.bad("twice", clip(v), "an identifier is empty or stands twice")
	}
	c.ids[v] = true
}

func (c *eepCheck) open(tok xml.StartElement) {
	want := map[string]string{"被签名对象": "eep版本", "文档数据": "文档数据ID", "编码": "编码ID", "编码数据": "编码数据ID"}[tok.Name.Local]
	for _, a := range tok.Attr {
		switch {
		case a.Name.Local == "xmlns" || a.Name.Space == "xmlns" || a.Name.Space == "http://www.w3.org/2001/XMLSchema-instance" || a.Name.Local == "主题词表名称" || a.Name.Local == "引用编码数据ID":
		case a.Name.Local == want && want == "eep版本":
			if want = ""; a.Value != eepYear {
				c.r.bad("element", "被签名对象", "eep版本 is %s, not %s", clip(a.Value), eepYear)
			}
		case a.Name.Local == want && want != "":
			want = ""
			c.id(a.Value)
		default:
			c.r.bad("element", tok.Name.Local, "it has no attribute %s", clip(a.Name.Local))
		}
	}
	if want != "" {
		c.r.bad("element", tok.Name.Local, "it must have %s", want)
	}
	if n := tok.Name.Local; n == "编码" {
		c.file, c.keyword = Entry{Bytes: -1}, ""
	} else if n == "电子签名" || n == "锁定签名" {
		c.one = eepSigned{}
	}
}

func (c *eepCheck) close(o *eepOpen, parent string, ra io.ReaderAt, end int64) {
	v := o.text.String()
	switch o.name {
	case "文档标识符":
		c.id(v)
	case "文件编号":
		c.r.No = v
	case "题名":
		if parent == "内容描述" {
			c.r.Title = v
		}
	case "附注":
		if sum, ok := strings.CutPrefix(v, "归档信息包清单SHA-256："); ok {
			c.r.Manifest = sum
		} else if name, value, ok := strings.Cut(v, "："); ok {
			c.r.Meta = append(c.r.Meta, PackageElement{name, value})
		}
	case "封装包创建时间":
		if _, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(v, "Z")); err != nil {
			if _, err = time.Parse(time.RFC3339, v); err != nil {
				c.r.bad("element", o.name, "%q is no time", clip(v))
			}
		}
	case "年度":
		if n, err := strconv.Atoi(v); err != nil || len(v) != 4 || n < 1000 {
			c.r.bad("element", o.name, "%q is no year", clip(v))
		}
	case "室编件号":
		if n, err := strconv.ParseUint(v, 10, 64); err != nil || n == 0 {
			c.r.bad("element", o.name, "%q is no number from 1", clip(v))
		}
	case "计算机文件名":
		c.file.Path = v
		if what := unsafe(v); what != "" {
			c.r.bad("unsafe", clip(v), "the name of a file is not safe to unpack: %s", what)
		}
	case "计算机文件大小":
		n, err := strconv.ParseInt(v, 10, 64)
		if c.file.Bytes = n; err != nil || n < 0 {
			c.r.bad("element", o.name, "%q is no number of bytes", clip(v))
		}
	case "格式信息":
		_, c.file.SHA256, _ = strings.Cut(v, "SHA-256：")
	case "反编码关键字":
		c.keyword = v
	case "编码数据":
		c.content(v)
	case "机构人员标识符":
		if parent == "机构人员实体" {
			c.agents[v] = true
		} else if parent == "业务实体" {
			c.asked = append(c.asked, v)
		}
	case "签名标识符":
		c.id(v)
		c.one.id = v
	case "被锁定签名标识符":
		c.one.locks = v
	case "签名结果":
		raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(v), ""))
		if c.one.value = raw; err != nil {
			c.r.bad("signature", o.name, "it is no Base64: %v", err)
		}
	case "证书":
		raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(v), ""))
		if err != nil {
			c.r.bad("signature", o.name, "it is no Base64: %v", err)
			return
		}
		if cert, err := x509.ParseCertificate(raw); err != nil {
			c.r.bad("signature", o.name, "the certificate cannot be read: %v", err)
		} else if k, ok := cert.PublicKey.(ed25519.PublicKey); ok {
			c.one.key = k
		}
	case "电子签名", "锁定签名":
		c.signatures = append(c.signatures, c.one)
	case "被签名对象":
		if parent == "电子文件封装包" {
			h := sha256.New()
			if _, err := io.Copy(h, io.NewSectionReader(ra, o.begin, end-o.begin)); err == nil {
				c.digest = h.Sum(nil)
			}
		}
	}
}

func (c *eepCheck) content(v string) {
	c.r.Files++
	if !strings.HasPrefix(c.keyword, "base64-") && c.keyword != "base64" {
		c.r.bad("changed", clip(c.file.Path), "its coding %q is not known", clip(c.keyword))
		return
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(v), ""))
	c.r.Bytes += int64(len(raw))
	switch {
	case err != nil:
		c.r.bad("changed", clip(c.file.Path), "it cannot be read: %v", err)
	case int64(len(raw)) != c.file.Bytes:
		c.r.bad("changed", clip(c.file.Path), "it has %d bytes, and says %d", len(raw), c.file.Bytes)
	case c.file.SHA256 != "" && Sum(raw) != c.file.SHA256:
		c.r.bad("changed", clip(c.file.Path), "its SHA-256 is %s, and it says %s", Sum(raw), clip(c.file.SHA256))
	}
}

func (c *eepCheck) finish(want string) {
	for _, a := range c.asked {
		if !c.agents[a] {
			c.r.bad("missing", clip(a), "an act names somebody who is not there")
		}
	}
	values := map[string][]byte{}
	for _, s := range c.signatures {
		if s.locks == "" {
			values[s.id] = s.value
		}
	}
	for _, s := range c.signatures {
		over, what := c.digest, s.id
		if s.locks != "" {
			locked, ok := values[s.locks]
			if what = s.locks; !ok {
				c.r.bad("missing", clip(what), "a signature that is locked is not there")
				continue
			}
			sum := sha256.Sum256(locked)
			over = sum[:]
		}
		if len(s.key) != ed25519.PublicKeySize || over == nil || !ed25519.Verify(s.key, over, s.value) {
			c.r.bad("signature", clip(what), "the signature is not over what is signed")
			continue
		}
		c.r.Key = hex.EncodeToString(s.key)
		if want != "" && !strings.EqualFold(want, c.r.Key) {
			c.r.bad("signature", clip(what), "it was signed by the key %s, not by %s", c.r.Key, clip(want))
		}
	}
	if want != "" && len(c.signatures) == 0 {
		c.r.bad("signature", "", "it is not signed")
	}
}
