package text_test

import (
	"database/sql"
	"reflect"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
	"pgregory.net/rapid"

	"shanzhi/core/text"
)

func TestIndexTokens(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"，。！ ", ""},
		{"水", "水"},
		{"排水管", "排水 水管 管"},
		{"A3区的路灯", "a3 区的 的路 路灯 灯"},
		{"12345，打不通", "12345 打不 不通 通"},
		{"ＷｉＦｉ 慢", "wifi 慢"},
		{"1e5x 2e 3e7", "1e5 x 2e 3e7"},
		{"x'); drop table--", "x drop table"},
		{"路灯，路灯坏了，灯", "路灯 灯 灯坏 坏了 了"},
		{"カラオケ店", "カラ ラオ オケ ケ店 店"},
	} {
		if got := text.IndexTokens(c.in); got != c.want {
			t.Errorf("IndexTokens(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if got := text.IndexTokens(strings.Repeat("é", 5000)); len(got) > 64 {
		t.Errorf("a word of %d bytes was written", len(got))
	}
}

func TestQueryTokens(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
		fts  string
		ts   string
	}{
		{"", nil, "", ""},
		{"\"*", nil, "", ""},
		{"水", []string{"水*"}, `"水" *`, `'水':*`},
		{"排水管", []string{"排水", "水管"}, `"排水" "水管"`, `'排水' & '水管'`},
		{"路灯 路灯 A3", []string{"路灯", "a3"}, `"路灯" "a3"`, `'路灯' & 'a3'`},
		{"3号", []string{"3", "号*"}, `"3" "号" *`, `'3' & '号':*`},
	} {
		if got := text.QueryTokens(c.in); !reflect.DeepEqual(got, c.want) {
			t.Errorf("QueryTokens(%q) = %q, want %q", c.in, got, c.want)
		}
		if got := text.MatchFTS5(c.in); got != c.fts {
			t.Errorf("MatchFTS5(%q) = %s, want %s", c.in, got, c.fts)
		}
		if got := text.MatchTS(c.in); got != c.ts {
			t.Errorf("MatchTS(%q) = %s, want %s", c.in, got, c.ts)
		}
	}
}

// Any piece of a text, cut where a word of letters or digits is not cut, finds
// the text: the contract between IndexTokens and QueryTokens.
func TestEveryPieceFindsItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`([路灯坏了水管号区]{1,6}[，。 ]?){1,4}`).Draw(t, "s")
		rs := []rune(s)
		i := rapid.IntRange(0, len(rs)-1).Draw(t, "i")
		j := rapid.IntRange(i+1, len(rs)).Draw(t, "j")
		index := strings.Fields(text.IndexTokens(s))
		for _, q := range text.QueryTokens(string(rs[i:j])) {
			word, prefix := strings.CutSuffix(q, "*")
			found := false
			for _, w := range index {
				found = found || w == word || prefix && strings.HasPrefix(w, word)
			}
			if !found {
				t.Fatalf("%q is in %q, but %q is not among %q", string(rs[i:j]), s, q, index)
			}
		}
	})
}

func TestFTS5KeepsOurTokens(t *testing.T) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range []string{
		`CREATE VIRTUAL TABLE found USING fts5(tokens, tokenize = 'ascii')`,
		`CREATE VIRTUAL TABLE words USING fts5vocab(found, 'instance')`,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	texts := []string{
		"排水管堵了，A3区无人处理", "12345 打了3次", "〇〇七号 々 ー café İstanbul 1e5 0x1f", "𠮷野家旁边的路灯",
		"OR AND NOT NEAR(", "水", "三楼漏水",
	}
	for i, s := range texts {
		if _, err := db.Exec(`INSERT INTO found(rowid, tokens) VALUES (?, ?)`, i+1, text.IndexTokens(s)); err != nil {
			t.Fatal(err)
		}
		rows, err := db.Query(`SELECT term FROM words WHERE doc = ? ORDER BY offset`, i+1)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for rows.Next() {
			var w string
			if err := rows.Scan(&w); err != nil {
				t.Fatal(err)
			}
			got = append(got, w)
		}
		if rows.Err() != nil {
			t.Fatal(rows.Err())
		}
		if want := strings.Fields(text.IndexTokens(s)); len(got) != len(want) {
			t.Errorf("%q: FTS5 keeps %q, we wrote %q", s, got, want)
		}
	}
	for q, want := range map[string]int{"水": 3, "排水": 1, "水管": 1, "路灯": 1, "漏水": 1, "管道": 0, "OR": 1, "吉": 0, "𠮷野": 1} {
		var n int
		if err := db.QueryRow(`SELECT count(*) FROM found WHERE found MATCH ?`, text.MatchFTS5(q)).Scan(&n); err != nil {
			t.Errorf("%q as %s: %v", q, text.MatchFTS5(q), err)
		} else if n != want {
			t.Errorf("%q finds %d rows, want %d", q, n, want)
		}
	}
	// No input is a syntax error or an operator.
	rapid.Check(t, func(t *rapid.T) {
		m := text.MatchFTS5(rapid.String().Draw(t, "q"))
		if m == "" {
			return
		}
		var n int
		if err := db.QueryRow(`SELECT count(*) FROM found WHERE found MATCH ?`, m).Scan(&n); err != nil {
			t.Fatalf("%s: %v", m, err)
		}
	})
}
