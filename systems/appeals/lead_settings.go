package appeals

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"time"
	"unicode/utf8"
)

// LeadSettings are what a district decides about leads (未诉先办) in its pack,
// appeals/leads.yaml. A pack without the file has the defaults: no feed is read.
type LeadSettings struct {
	Channels map[string]string `yaml:"channels"` // of the appeal that a source's lead becomes
	Channel  string            `yaml:"channel"`  // of all others; "" is the first channel
	Poll     string            `yaml:"poll"`
	Feeds    []LeadFeed        `yaml:"feeds"`
	Forecast ForecastSettings  `yaml:"forecast"`
	Advance  int               `yaml:"advance"` // days in which a citizen's complaint counts as forestalled

	poll time.Duration
}

// LeadFeed is an RSS or Atom feed that is read for leads.
type LeadFeed struct {
	Source     string   `yaml:"source"`
	URL        string   `yaml:"url"`
	Words      []string `yaml:"words"` // one of them must be there; none lets all through
	Confidence float64  `yaml:"confidence"`
}

// ForecastSettings say when what comes back every year becomes a lead.
type ForecastSettings struct {
	Years      int     `yaml:"years"`      // that must have stood out; 0 is off
	Least      int     `yaml:"least"`      // appeals in that week of each
	Deviations float64 `yaml:"deviations"` // over what is usual, robustly
	Night      string  `yaml:"night"`

	night time.Duration
}

func defaultLeads() LeadSettings {
	return LeadSettings{Poll: "30m", Advance: 90, Forecast: ForecastSettings{Years: 2, Least: 5, Deviations: 3, Night: "04:10"}}
}

// ReadLeads reads the settings of a pack. The error names all that is wrong.
func ReadLeads(files fs.FS, words *Words) (LeadSettings, error) {
	const name = "appeals/leads.yaml"
	l := defaultLeads()
	err := readSettings(files, name, &l)
	if err != nil {
		return l, err
	}
	var wrong []error
	bad := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...)))
	}
	if l.Channel == "" && len(words.Channels) > 0 {
		l.Channel = words.Channels[0].Code
	}
	known := func(code string) bool {
		_, ok := words.Channel(code)
		return ok
	}
	if !known(l.Channel) {
		bad("channel: there is no channel %q", l.Channel)
	}
	for _, source := range sortedKeysOf(l.Channels) {
		if !known(l.Channels[source]) {
			bad("channels.%s: there is no channel %q", source, l.Channels[source])
		}
	}
	if l.poll, err = time.ParseDuration(l.Poll); err != nil || l.poll < time.Minute {
		bad("poll: %q is not a length of a minute or more, such as 30m", l.Poll)
	}
	for i, f := range l.Feeds {
		u, err := url.Parse(f.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			bad("feeds %d: url must begin with http:// or https://", i+1)
		}
		if f.Source == "" || utf8.RuneCountInString(f.Source) > 40 || f.Source == forecastSource {
			bad("feeds %d: source must be a name of 1 to 40 characters, other than %q", i+1, forecastSource)
		}
		if f.Confidence < 0 || f.Confidence > 1 {
			bad("feeds %d: confidence %v is not between 0 and 1", i+1, f.Confidence)
		}
	}
	if l.Advance < 1 || l.Advance > 366 {
		bad("advance: %d days is not between 1 and 366", l.Advance)
	}
	f := &l.Forecast
	if f.Years < 0 || f.Years > 5 || f.Least < 1 || f.Deviations <= 0 {
		bad("forecast: years must lie between 0 and 5, least be 1 or more, deviations more than 0")
	}
	if f.night, err = timeOfDay(f.Night); err != nil {
		bad("forecast.night: %q is not a time of day such as 04:10", f.Night)
	}
	return l, errors.Join(wrong...)
}

// channelOf is the channel under which a source's lead is filed.
func (l *LeadSettings) channelOf(source string) string {
	if c := l.Channels[source]; c != "" {
		return c
	}
	return l.Channel
}
