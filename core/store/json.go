package store

import (
	"encoding/json"
	"fmt"
)

// ScanJSON reads a column of JSON into dest: what the Scan of a type that is kept so does.
func ScanJSON(src, dest any) error {
	switch v := src.(type) {
	case string:
		return json.Unmarshal([]byte(v), dest)
	case []byte:
		return json.Unmarshal(v, dest)
	}
	return fmt.Errorf("store: cannot read %T from %T", dest, src)
}
