package services

import (
	"fmt"
	"regexp"

	"shanzhi/core/subject"
)

// ItemCode is an implementation code (实施编码, GB/T 39554.1-2020), taken apart.
type ItemCode struct {
	Body  string // 18: credit code of the body that does it
	Level string // 1: 1 national, 2 provincial, 3 city, 4 county, 5 township, 6 village
	Basic string // 12
	Sub   string // 2: number of the 业务办理项; "" where there is none
}

var basicCode = regexp.MustCompile(`^[0-9]{2}[0-9A-Z]{2}[0-9A-Z]{5}[0-9A-Z]{3}$`)

// ParseItemCode takes an implementation code apart and checks it: 31 characters, or 33
// with a 业务办理项; the credit code at its head has its check character.
func ParseItemCode(code string) (ItemCode, error) {
	var c ItemCode
	if len(code) != 31 && len(code) != 33 {
		return c, fmt.Errorf("an implementation code has 31 characters, or 33 with a 业务办理项, not %d", len([]rune(code)))
	}
	c = ItemCode{code[:18], code[18:19], code[19:31], code[31:]}
	if err := subject.CheckUSCC(c.Body); err != nil {
		return c, err
	}
	if c.Level < "1" || c.Level > "6" {
		return c, fmt.Errorf("%q is no level: 1 national to 6 village", c.Level)
	}
	return c, CheckBasicCode(c.Basic)
}

// CheckBasicCode says whether a text is a basic code (基本编码): 2 region, 2 type, 5 main
// item, 3 sub-item.
func CheckBasicCode(code string) error {
	if !basicCode.MatchString(code) {
		return fmt.Errorf("%q is no basic code: 12 characters, 2 region, 2 type, 5 main item, 3 sub-item", code)
	}
	return nil
}
