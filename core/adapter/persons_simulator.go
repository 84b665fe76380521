package adapter

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"shanzhi/core/subject"
)

// PersonListSimulator lists persons of a district who are not there: numbers that are
// right by their check character, of people from 0 to 95 years old, always the same.
type PersonListSimulator struct {
	Region string // of the numbers, six digits
	Size   int
}

// Name is the register that it stands for.
func (l PersonListSimulator) Name() string { return "人口库" }

// Page lists some persons after one.
func (l PersonListSimulator) Page(_ context.Context, after string, n int) (persons []map[string]string, next string, err error) {
	from := 0
	if after != "" {
		if from, err = strconv.Atoi(after); err != nil {
			return nil, "", err
		}
	}
	for i := from; i < min(from+n, l.Size); i++ {
		persons = append(persons, l.Person(i))
	}
	if from+n < l.Size {
		next = strconv.Itoa(from + n)
	}
	return persons, next, nil
}

var (
	simulatedFamily = []string{"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗"}
	simulatedGiven  = []string{"秀英", "桂兰", "建国", "志强", "玉兰", "德明", "淑珍", "国栋", "丽华", "文杰", "海燕", "永康", "小梅", "子轩", "雨桐", "浩然"}
)

// Person is the i-th of them.
func (l PersonListSimulator) Person(i int) map[string]string {
	born := time.Date(1931, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i*7919%34600)
	body := fmt.Sprintf("%s%s%03d", l.Region, born.Format("20060102"), i%1000)
	for _, c := range "0123456789X" {
		if id := body + string(c); subject.CheckIDNumber(id) == nil {
			return map[string]string{"id_no": id, "name": simulatedFamily[i%len(simulatedFamily)] + simulatedGiven[i/7%len(simulatedGiven)]}
		}
	}
	return nil
}
