package subject

import (
	"errors"
	"strings"
	"time"
)

// CheckIDNumber says what is wrong with a citizen's identity number of 18 characters
// (公民身份号码, GB 11643-1999): its form, its day of birth, its check character (ISO
// 7064 MOD 11-2). nil is nothing.
func CheckIDNumber(n string) error {
	if len(n) != 18 {
		return errors.New("an identity number has 18 characters")
	}
	sum := 0
	for i, w := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		if n[i] < '0' || n[i] > '9' {
			return errors.New("an identity number has digits but for its last character")
		}
		sum += int(n[i]-'0') * w
	}
	if n[0] < '1' || n[0] > '8' {
		return errors.New("an identity number begins with a province's code (GB/T 2260)")
	}
	if Born(n).IsZero() {
		return errors.New("the day of birth in the identity number is no day")
	}
	if strings.ToUpper(n[17:]) != "10X98765432"[sum%11:sum%11+1] {
		return errors.New("the check character of the identity number is wrong")
	}
	return nil
}

// Born is the day of birth that an identity number of 18 characters tells; zero where
// it tells none.
func Born(n string) time.Time {
	if len(n) != 18 {
		return time.Time{}
	}
	day, err := time.Parse("20060102", n[6:14])
	if err != nil || day.Year() < 1850 {
		return time.Time{}
	}
	return day
}
