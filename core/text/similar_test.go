package text_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanzhi/core/text"
)

const reply = "您好！您反映的新村路段路灯不亮问题收悉。经区城管局现场核查，该路段共有路灯二十三盏，其中七盏因电缆被挖断而不亮。施工单位已于当日下午更换电缆，晚上七点全部恢复照明。感谢您对城市管理工作的关心。"

func TestFingerprintOfNearCopies(t *testing.T) {
	near := strings.Replace(reply, "七盏", "九盏", 1)
	far := "您好！关于您咨询的居住证办理事宜，现答复如下：请携带身份证、租赁合同到街道政务服务大厅窗口办理，五个工作日内办结，也可以在网上申请，证件邮寄到家。"
	if d := text.Distance(text.Fingerprint(reply), text.Fingerprint(near)); d > 6 {
		t.Errorf("a changed word moves the fingerprint by %d bits", d)
	}
	if d := text.Distance(text.Fingerprint(reply), text.Fingerprint(far)); d < 12 {
		t.Errorf("another text is only %d bits away", d)
	}
	same := "　" + strings.ReplaceAll(reply, "。", " . \n")
	if text.Fingerprint(same) != text.Fingerprint(reply) {
		t.Error("punctuation and blanks moved the fingerprint")
	}
	if text.Fingerprint("，！") != 0 || text.Fingerprint("") != 0 {
		t.Error("a text without words has a fingerprint")
	}
	if c := text.Similarity(reply, near); c < 0.95 || c >= 1 {
		t.Errorf("similarity of a near copy is %v", c)
	}
	if c := text.Similarity(reply, far); c > 0.4 {
		t.Errorf("similarity of another text is %v", c)
	}
}

// The fingerprint is stored; a release that computed another would make every
// stored one useless.
func TestFingerprintIsStable(t *testing.T) {
	if got := text.Fingerprint("路灯坏了三天没人修"); got != 0x4c864042ccd19638 {
		t.Errorf("fingerprint %#x", got)
	}
}

func TestCosineIsASimilarity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gen := rapid.StringMatching(`[路灯坏了ab ，]{0,12}`)
		a, b := gen.Draw(t, "a"), gen.Draw(t, "b")
		ab, ba, aa := text.Similarity(a, b), text.Similarity(b, a), text.Similarity(a, a)
		if ab != ba || ab < 0 || ab > 1 || math.Abs(aa-1) > 1e-12 {
			t.Fatalf("%q %q: %v %v %v", a, b, ab, ba, aa)
		}
	})
}
