package rule

// Takes says why an application is not decided in a way of use.
func Takes(m Mode, application string) string { return m.takes(application, "") }
