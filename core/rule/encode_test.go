package rule

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Kept decisions are made again to the same bytes, so the hash of facts must be what it
// was: whatever the case, the bytes are those of encoding/json.
func TestCasesAreWrittenAsBefore(t *testing.T) {
	word := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "人口库", "a<b>&c", "\u2028", "\xff\xfe", "\x7f\x00\n\"\\", "𠮷"}))
	value := rapid.OneOf(rapid.Just[any](nil), rapid.Map(rapid.Bool(), func(b bool) any { return b }), rapid.Map(word, func(s string) any { return s }), rapid.Map(rapid.Int64(), func(n int64) any { return n }), rapid.Map(rapid.Int(), func(n int) any { return n }),
		rapid.Map(rapid.Float64(), func(f float64) any { return f }), rapid.SampledFrom([]any{0.0, 1e15, 1e21, -1e-7, 3.25, []any{"x", 1.0}, []string{"<"}, map[string]any{"b": 1, "a": nil}}))
	zones := rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("", 8*3600), time.FixedZone("", -3*3600-1800)})
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(-6e10, 2e11).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).In(zones.Draw(t, "zone"))
	})
	rapid.Check(t, func(t *rapid.T) {
		c := Case{At: moment.Draw(t, "at")}
		if rapid.Bool().Draw(t, "facts") {
			c.Facts = Facts{}
			for range rapid.IntRange(0, 4).Draw(t, "n") {
				var list []Fact
				for range rapid.IntRange(0, 3).Draw(t, "m") {
					list = append(list, Fact{Value: value.Draw(t, "value"), Source: word.Draw(t, "source"), AsOf: moment.Draw(t, "as of"), Receipt: word.Draw(t, "receipt")})
				}
				c.Facts[word.Draw(t, "name")] = list
			}
		}
		want, werr := json.Marshal(c)
		got, gerr := appendCase(nil, c)
		if (werr == nil) != (gerr == nil) || werr == nil && string(got) != string(want) {
			t.Fatalf("got  %s %v\nwant %s %v", got, gerr, want, werr)
		}
	})
}
