package check

import (
	"encoding/json"
	"io"
	"iter"

	"shanzhi/core/table"
)

// SheetColumns are the columns of the error sheet, in a language.
func SheetColumns(lang string) []string {
	if lang == "en" {
		return []string{"No.", "Code", "Rule", "Severity", "Object", "Part", "Other object", "Longitude", "Latitude", "Height", "X", "Y", "Z", "Measure", "Where in the file", "What is wrong"}
	}
	return []string{"序号", "代码", "规则", "级别", "要素", "部位", "另一要素", "经度", "纬度", "高程", "X", "Y", "Z", "测量值", "文件位置", "问题"}
}

var severityWords = map[string]map[Severity]string{
	"zh": {Error: "错误", Warning: "警告", Notice: "提示"},
	"en": {Error: "error", Warning: "warning", Notice: "notice"},
}

// WriteSheet writes findings as a table (错误清单), and closes it.
func WriteSheet(w table.Writer, list iter.Seq2[Breach, error], lang string) error {
	if lang != "en" {
		lang = "zh"
	}
	n := 0
	for f, err := range list {
		if err != nil {
			return err
		}
		n++
		zh, en := Title(f.Code)
		title, say := zh, f.Zh
		if lang == "en" {
			title, say = en, f.En
		}
		row := []any{n, f.Code, title, severityWords[lang][f.Severity], f.Object, f.Part, f.Other}
		for _, v := range []*Vec{f.At, f.Written} {
			for c := range 3 {
				if v == nil {
					row = append(row, "")
				} else {
					row = append(row, v[c])
				}
			}
		}
		if f.Measure != nil {
			row = append(row, *f.Measure)
		} else {
			row = append(row, "")
		}
		if err := w.Write(append(row, f.Where.String(), say)...); err != nil {
			return err
		}
	}
	return w.Close()
}

// WriteGeoJSON writes findings as points of WGS-84; those without a place have no geometry.
func WriteGeoJSON(w io.Writer, list iter.Seq2[Breach, error]) error {
	if _, err := io.WriteString(w, `{"type":"FeatureCollection","features":[`); err != nil {
		return err
	}
	first := true
	for f, err := range list {
		if err != nil {
			return err
		}
		var geometry any
		if f.At != nil {
			geometry = map[string]any{"type": "Point", "coordinates": f.At}
		}
		zh, en := Title(f.Code)
		raw, err := json.Marshal(map[string]any{"type": "Feature", "geometry": geometry, "properties": map[string]any{
			"code": f.Code, "severity": f.Severity, "title": zh, "title_en": en, "object": f.Object, "other": f.Other, "part": f.Part, "measure": f.Measure, "where": f.Where.String(), "zh": f.Zh, "en": f.En}})
		if err != nil {
			return err
		}
		if !first {
			raw = append([]byte(",\n"), raw...)
		}
		first = false
		if _, err := w.Write(raw); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "]}\n")
	return err
}

// Each gives findings one by one.
func Each(list []Breach) iter.Seq2[Breach, error] {
	return func(yield func(Breach, error) bool) {
		for _, f := range list {
			if !yield(f, nil) {
				return
			}
		}
	}
}
