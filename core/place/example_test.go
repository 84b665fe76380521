package place_test

import (
	"fmt"
	"strings"

	"shanzhi/core/place"
)

// A pin set on a Chinese map, looked up in areas from a file that does not say
// its system; and a village whose name two streets have, until the text says which.
func Example() {
	const file = `{"type": "FeatureCollection", "features": [{
		"type": "Feature",
		"properties": {"code": 440306, "name": "宝安区"},
		"geometry": {"type": "Polygon", "coordinates": [[[113.8, 22.5], [114.0, 22.5], [114.0, 22.8], [113.8, 22.8]]]}
	}]}`
	areas, err := place.ReadAreas(strings.NewReader(file), place.AreaSource{
		CRS: place.GCJ02, Scheme: place.GB2260, CodeProperty: "code",
	})
	if err != nil {
		panic(err)
	}
	pin := place.Point{CRS: place.BD09, Lon: 113.9, Lat: 22.6}
	for _, area := range place.NewIndex(areas).Locate(pin) {
		fmt.Println(area.Code, area.Name)
	}

	gazetteer, err := place.NewGazetteer([]place.Place{
		{Key: "1", Kind: place.KindStreet, Name: "西乡街道"},
		{Key: "2", Kind: place.KindStreet, Name: "沙井街道"},
		{Key: "1a", Parent: "1", Kind: place.KindCommunity, Name: "新桥村"},
		{Key: "2a", Parent: "2", Kind: place.KindCommunity, Name: "新桥村"},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(gazetteer.Locate("新桥村路灯不亮").Street.Place == nil)
	fmt.Println(gazetteer.Locate("沙井新桥村路灯不亮").Community.Place.Key)
	// Output:
	// gb2260:440306 宝安区
	// true
	// 2a
}
