package closing

import (
	"fmt"
	"testing"
)

func BenchmarkJudge(b *testing.B) {
	s := baoan(b)
	c := lamp()
	for i := range 200 {
		c.Others = append(c.Others, Other{ID: fmt.Sprint(i), Appeal: "小区门口停车难", Reply: fmt.Sprintf("经查，%d号停车场按照《停车场管理办法》第八条收费，每小时5元，业委会9月3日表决同意，已公示%d天。", i, i)})
	}
	for b.Loop() {
		Judge(s, c)
	}
}
