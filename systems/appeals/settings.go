package appeals

import "shanzhi/core/pack"

// readSettings and timeOfDay read what a district decides in its pack.
var (
	readSettings = pack.Settings
	timeOfDay    = pack.TimeOfDay
)
