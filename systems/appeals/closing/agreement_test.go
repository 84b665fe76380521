package closing

import (
	"encoding/csv"
	"os"
	"testing"
)

// label is one row of docs/closing/labels.csv.
type label struct {
	id, stratum, part, pass1, pass2, final, reason string
}

func readLabels(t *testing.T) []label {
	t.Helper()
	f, err := os.Open("../../../docs/closing/labels.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []label
	for _, r := range rows[1:] {
		out = append(out, label{r[0], r[1], r[2], r[3], r[4], r[5], r[6]})
	}
	return out
}

// kappa is Cohen's agreement of two raters beyond chance.
func kappa(labels []label) (observed, kappa float64) {
	n, same := float64(len(labels)), 0.0
	first, second := map[string]float64{}, map[string]float64{}
	for _, l := range labels {
		if l.pass1 == l.pass2 {
			same++
		}
		first[l.pass1]++
		second[l.pass2]++
	}
	chance := 0.0
	for c := range first {
		chance += first[c] / n * second[c] / n
	}
	observed = same / n
	return observed, (observed - chance) / (1 - chance)
}

func TestAgreementOfTheTwoPasses(t *testing.T) {
	labels := readLabels(t)
	formal := 0
	for _, l := range labels {
		if l.final == "formal" {
			formal++
		}
		if want := l.pass1 == "formal" && l.pass2 == "formal"; want != (l.final == "formal") {
			t.Errorf("%s: final is not what rule 9 of the protocol says", l.id)
		}
	}
	observed, k := kappa(labels)
	t.Logf("%d replies, %d formal; the passes agree on %.1f %%, Cohen's kappa %.3f", len(labels), formal, 100*observed, k)
	if k < 0.6 {
		t.Errorf("kappa %.3f: the protocol is not clear enough to measure against", k)
	}
}
