package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/text"
	"shanzhi/core/topic"
	"shanzhi/districts"
	"shanzhi/systems/appeals"
	"shanzhi/systems/appeals/simulate"
)

// newTopicsCommand makes `shanzhi topics find`.
func newTopicsCommand() *cobra.Command {
	c := &cobra.Command{Use: "topics", Short: "Find what many people say about one thing (一类事主题分析)"}
	var profileName, at string
	var top, least int
	var tau time.Duration
	var asJSON bool
	find := &cobra.Command{
		Use:   "find FILE --profile NAME [--top N] [--json]",
		Short: "Find the hot topics of a file of messages",
		Long: `Find the hot topics of a file of messages (CSV in any encoding, or XLSX), read by an
import profile: one that the program carries or a YAML file. No records are needed
and none are written.

A topic is what at least two people (--least) wrote about one trouble at one place.
Its heat is taken at its hottest, or at --at; its terms are printed apart. With
--json each topic is one JSON object on a line, the hottest first:
rank, name, place, places, matter, phrases, span {first, last}, heat, heat_terms,
messages, appellants, for, against, representative, members. What was not read
is said on the error output.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return findTopics(cmd, args[0], profileName, at, top, least, tau, asJSON)
		},
	}
	f := find.Flags()
	f.StringVar(&profileName, "profile", "", "name of an import profile, or a YAML file")
	f.IntVar(&top, "top", 5, "how many topics; 0: all")
	f.IntVar(&least, "least", 2, "different people that a topic needs")
	f.StringVar(&at, "at", "", "day whose end the heat is taken at, 2026-01-31 (default: each topic at its hottest)")
	f.DurationVar(&tau, "tau", 30*24*time.Hour, "in which a message cools to 1/e")
	f.BoolVar(&asJSON, "json", false, "print one JSON object a line")
	_ = find.MarkFlagRequired("profile")
	c.AddCommand(find)
	return c
}

// foundTopic is a line of `topics find --json`.
type foundTopic struct {
	Rank   int      `json:"rank"`
	Name   string   `json:"name"`
	Place  string   `json:"place"`
	Places []string `json:"places"`
	Matter string   `json:"matter"`
	Span   struct {
		First time.Time `json:"first"`
		Last  time.Time `json:"last"`
	} `json:"span"`
	Heat           float64    `json:"heat"`
	Terms          topic.Heat `json:"heat_terms"`
	Messages       int        `json:"messages"`
	Appellants     int        `json:"appellants"`
	For            int        `json:"for"`
	Against        int        `json:"against"`
	Phrases        []string   `json:"phrases"`
	Representative []string   `json:"representative"`
	Members        []string   `json:"members"`
}

func findTopics(cmd *cobra.Command, name, profileName, at string, top, least int, tau time.Duration, asJSON bool) error {
	p, err := fileProfile(profileName)
	if err != nil {
		return err
	}
	if top < 0 || least < 1 || tau <= 0 {
		return fmt.Errorf("--top may not be negative, --least must be 1 or more, --tau longer than 0")
	}
	m := topic.Measure{Tau: tau}
	zone := p.Zone()
	if at != "" {
		day, err := time.ParseInLocation(time.DateOnly, at, zone)
		if err != nil {
			return fmt.Errorf("--at %q is not a day such as 2026-01-31", at)
		}
		m.Now = day.AddDate(0, 0, 1)
	}
	file, size, err := openRegular(name)
	if err != nil {
		return err
	}
	defer file.Close()
	got, err := appeals.ReadMessages(file, size, p)
	if err != nil {
		return err
	}
	for _, why := range slices.Sorted(maps.Keys(got.Refused)) {
		fmt.Fprintf(cmd.ErrOrStderr(), "%d rows left out: no readable %s\n", got.Refused[why], why)
	}
	if got.Twice > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "%d rows left out: their number stood before\n", got.Twice)
	}
	if len(got.Docs) == 0 {
		return fmt.Errorf("%s: none of its %d rows could be read", name, got.Read)
	}
	var ts []topic.Topic
	for _, t := range topic.NewSpace(got.Docs, topic.Options{}).Topics(m) {
		if t.Appellants >= least {
			ts = append(ts, t)
		}
	}
	if top > 0 && len(ts) > top {
		ts = ts[:top]
	}
	w := cmd.OutOrStdout()
	for i, t := range ts {
		out := foundTopic{Rank: i + 1, Name: t.Name, Place: t.Place, Places: t.Places, Matter: t.Matter, Heat: math.Round(t.Heat.Total*100) / 100, Terms: t.Heat, Messages: t.Messages, Appellants: t.Appellants,
			For: t.For, Against: t.Against, Phrases: t.Phrases, Representative: t.Heart, Members: t.Members}
		out.Span.First, out.Span.Last = t.First.In(zone), t.Last.In(zone)
		if asJSON {
			if err := json.NewEncoder(w).Encode(out); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w, "%2d  %s\n    %.1f = %.1f fresh + %.1f growth + %.1f people + %.1f votes + %.1f dissatisfied\n    %s — %s, %d messages of %d people\n    %s\n",
			out.Rank, out.Name, out.Heat, t.Heat.Fresh, t.Heat.Growth, t.Heat.People, t.Heat.Votes, t.Heat.Sour,
			out.Span.First.Format(time.DateOnly), out.Span.Last.Format(time.DateOnly), t.Messages, t.Appellants, strings.Join(t.Members, " "))
	}
	return nil
}

// fileProfile is a profile that the program carries, or the one in a YAML file.
func fileProfile(name string) (*appeals.Profile, error) {
	if isProfileFile(name) {
		return readProfileFile(name)
	}
	shipped, err := appeals.ShippedProfiles()
	if err != nil {
		return nil, err
	}
	if p := shipped[name]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("the program carries no import profile %q; it has %s", name, strings.Join(slices.Sorted(maps.Keys(shipped)), ", "))
}

// newBenchTopics makes `shanzhi bench topics`.
func newBenchTopics() *cobra.Command {
	var records int
	var asJSON bool
	c := &cobra.Command{
		Use:   "topics",
		Short: "Topics of simulated appeals: all grouped anew, each new one placed, and how well both agree with the truth",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out, err := benchTopics(records)
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		},
	}
	c.Flags().IntVar(&records, "records", 356000, "appeals, of one year")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	return c
}

type benchTopicsReport struct {
	Records   int     `json:"records"`
	Cores     int     `json:"cores"`
	Recluster float64 `json:"recluster_seconds"`
	Topics    int     `json:"topics"`
	PlaceP50  float64 `json:"place_ms_p50"`
	PlaceP95  float64 `json:"place_ms_p95"`
	PlaceMax  float64 `json:"place_ms_max"`
	// Matter compares with which appeals are truly of one matter.
	Matter topic.Scores `json:"against_true_matters"`
}

// benchTopics groups a simulated year and places a thousand appeals more.
func benchTopics(records int) (out benchTopicsReport, err error) {
	const more = 1000
	if records < 1 {
		return out, fmt.Errorf("--records must be 1 or more")
	}
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		return out, err
	}
	to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	g, err := simulate.New(files, simulate.Options{Seed: 1, From: to.AddDate(-1, 0, 0), To: to.AddDate(0, 1, 0), PerDay: float64(records) / 365})
	if err != nil {
		return out, err
	}
	var docs []topic.Doc
	truth := map[string]int64{}
	for len(docs) < records+more {
		a, ok := g.Next()
		if !ok {
			break
		}
		id := fmt.Sprintf("%08d", a.No)
		docs = append(docs, topic.Doc{ID: id, At: a.Time, Who: fmt.Sprint(a.Appellant.ID), Title: text.Mask(a.Title), Text: text.Mask(a.Text), Item: a.Truth.Item, Place: a.Truth.Community})
		truth[id] = a.Truth.Matter
	}
	n := min(records, len(docs))
	out.Records, out.Cores = n, runtime.GOMAXPROCS(0)
	began := time.Now()
	s := topic.NewSpace(docs[:n], topic.Options{})
	topics := s.Topics(topic.Measure{Now: to})
	out.Recluster, out.Topics = time.Since(began).Seconds(), len(topics)
	groups := s.Groups()
	for id := range truth {
		if _, in := groups[id]; !in {
			delete(truth, id)
		}
	}
	out.Matter = topic.Score(groups, truth)
	var took []float64
	for _, d := range docs[n:] {
		began := time.Now()
		s.Place(d)
		took = append(took, float64(time.Since(began).Microseconds())/1000)
	}
	if slices.Sort(took); len(took) > 0 {
		out.PlaceP50, out.PlaceP95, out.PlaceMax = took[len(took)/2], took[len(took)*95/100], took[len(took)-1]
	}
	return out, nil
}
