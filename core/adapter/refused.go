package adapter

import "errors"

// Refused is the error of an outside service that will not take what was sent
// however often it is tried: an address that there is not, a request that it
// does not understand. Any other error may pass.
type Refused struct{ Reason string }

func (r Refused) Error() string { return "adapter: refused: " + r.Reason }

// IsRefused says that trying again is no use.
func IsRefused(err error) bool {
	var r Refused
	return errors.As(err, &r)
}
