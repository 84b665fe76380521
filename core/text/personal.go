package text

// Mask is replaced by the helper's version when merged.
func Mask(s string) string { return s }
