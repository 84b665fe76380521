package address

import (
	"testing"
)

func BenchmarkParse(b *testing.B) {
	p := Shipped()
	texts := []string{"浙江省杭州市余杭区闲林街道五常大道翡翠城47幢2单元1203室", "深圳市宝安区西乡街道流塘社区流塘路12号A栋1203", "义乌市国际商贸城九楼13729", "宁波市鄞州区邱隘镇殷隘社区卫生服务站西万兴公寓门卫室丰巢快递柜"}
	for i := 0; b.Loop(); i++ {
		p.Parse(texts[i%len(texts)])
	}
}
