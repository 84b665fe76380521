package portal

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// newToken is 160 random bits in letters and digits.
func newToken() string {
	raw := make([]byte, 20)
	rand.Read(raw)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))
}
