package appeals

import (
	"testing"
	"testing/fstest"
)

// The kind of place is that of the surest name; a road or a village only says
// where another lies.
func TestKindOfPlace(t *testing.T) {
	l, err := newLocator(fstest.MapFS{
		"places.csv":    {Data: []byte("code,name,level,parent\nx,某区,district,\nx-a,甲街道,street,x\nx-a-1,乙社区,community,x-a\n")},
		"gazetteer.csv": {Data: []byte("name,kind,community,aliases\n流塘路,road,x-a-1,\n乙村,village,x-a-1,\n流塘小学,school,x-a-1,\n灵芝公园,park,x-a-1,\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]string{
		"流塘小学门口堵车":     "school",
		"流塘路流塘小学门口堵车":  "school",
		"乙村流塘路路灯不亮":    "road",
		"灵芝公园里有人唱歌":    "park",
		"甲街道乙社区垃圾没人清运": "",
		"":             "",
	} {
		if got := l.kind(words); got != want && !(want == "road" && got == "village") {
			t.Errorf("%q is at a %q, want %q", words, got, want)
		}
	}
}
