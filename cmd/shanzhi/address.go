package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"shanzhi/core/parallel"
	"shanzhi/core/place/address"
	"shanzhi/systems/cim"
)

// newAddressCommand makes `shanzhi address`.
func newAddressCommand() *cobra.Command {
	c := &cobra.Command{Use: "address", Short: "Chinese addresses: their parts, and what stands there"}
	c.AddCommand(newAddressParse(), newAddressEval(), newAddressTrain(), newAddressMatch())
	return c
}

// eachLine gives the lines of a file, or of standard input by "-", that are not empty.
func eachLine(cmd *cobra.Command, name string, do func(line string) error) error {
	in := cmd.InOrStdin()
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for first := true; lines.Scan(); first = false {
		line := lines.Text()
		if first {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := do(line); err != nil {
			return err
		}
	}
	return lines.Err()
}

// linesAtOnce is how many lines are worked on together.
const linesAtOnce = 2048

// workLines writes what is made of each line, in the order of the lines, on all cores.
func workLines(cmd *cobra.Command, name string, work func(line string, out *bytes.Buffer) error) error {
	w := bufio.NewWriter(cmd.OutOrStdout())
	var lines []string
	flush := func() error {
		out, errs := make([]bytes.Buffer, len(lines)), make([]error, len(lines))
		parallel.Each(len(lines), 1, func(i int) { errs[i] = work(lines[i], &out[i]) })
		for i := range out {
			if _, err := w.Write(out[i].Bytes()); err != nil {
				return err
			}
		}
		lines = lines[:0]
		return errors.Join(errs...)
	}
	err := eachLine(cmd, name, func(line string) error {
		if lines = append(lines, line); len(lines) < linesAtOnce {
			return nil
		}
		return flush()
	})
	return errors.Join(err, flush(), w.Flush())
}

// parsedAddress is a line of `address parse --json`.
type parsedAddress struct {
	Text  string                `json:"text"`
	Parts []address.AddressPart `json:"parts"`
}

func newAddressParse() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "parse FILE",
		Short: "Divide addresses, one a line, into labelled parts",
		Long: `Divide each line of a file (- is standard input) into its parts. With --json each
address is one JSON object on a line: text, and parts with label, text, start and end,
which count characters (Unicode code points) from the line's beginning, the end not
included. Every character but blanks is in one part. The labels, from above to below:

  ` + strings.Join(address.Labels, " "),
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p := address.Shipped()
			return workLines(cmd, args[0], func(line string, out *bytes.Buffer) error {
				parts := p.Parse(line)
				if asJSON {
					e := json.NewEncoder(out)
					e.SetEscapeHTML(false)
					return e.Encode(parsedAddress{line, parts})
				}
				var words []string
				for _, x := range parts {
					words = append(words, x.Text+"/"+x.Label)
				}
				fmt.Fprintln(out, strings.Join(words, " "))
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return c
}

func readAddresses(name string) ([]address.Labelled, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	list, err := address.ReadLabelled(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return list, nil
}

// evaluatedAddresses is what `address eval` prints.
type evaluatedAddresses struct {
	File  string `json:"file"`
	How   string `json:"how"`
	Known int    `json:"left_out_as_learned_from"`
	address.Report
}

func newAddressEval() *cobra.Command {
	var asJSON bool
	var folds int
	c := &cobra.Command{
		Use:   "eval FILE",
		Short: "Measure the parser on labelled addresses that it did not learn from",
		Long: `Measure the parser on a file of labelled addresses: a piece and its tag (B-road,
I-road) on a line, an empty line after each address. The shipped parser knows the
fingerprints of the addresses that it learned from, and these are left out. With
--folds N the file is divided into N parts and each is answered by a parser that
learned from the others (and from made-up addresses of the pack): what to do with
the file that the shipped parser learned from. docs/addresses.md says what is counted.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := readAddresses(args[0])
			if err != nil {
				return err
			}
			out := evaluatedAddresses{File: args[0], How: "shipped"}
			if folds > 0 {
				more, err := synthesised("baoan")
				if err != nil {
					return err
				}
				if folds < 2 {
					return fmt.Errorf("--folds is 2 or more")
				}
				out.How = fmt.Sprintf("%d folds", folds)
				out.Report = address.CrossValidate(list, more, folds, address.Training{})
			} else {
				p := address.Shipped()
				kept := list[:0]
				for _, l := range list {
					if p.Seen(l.Text) {
						out.Known++
					} else {
						kept = append(kept, l)
					}
				}
				if len(kept) == 0 {
					return fmt.Errorf("the parser learned from all %d addresses of %s: measure it with --folds 5", len(list), args[0])
				}
				out.Report = address.Evaluate(p, kept)
			}
			w := cmd.OutOrStdout()
			if asJSON {
				return json.NewEncoder(w).Encode(out)
			}
			fmt.Fprintf(w, "%s (%s): %d addresses, %d tokens; %d left out as learned from\n", out.File, out.How, out.Addresses, out.Tokens, out.Known)
			fmt.Fprintf(w, "tokens right %.4f (labels alone %.4f), addresses wholly right %.4f, parts F1 %.4f\n", out.Accuracy, out.Labels, out.Whole, out.F1)
			for _, s := range out.ByLabel {
				fmt.Fprintf(w, "  %-10s %6d parts  precision %.3f  recall %.3f  F1 %.3f\n", s.Label, s.Parts, s.Precision, s.Recall, s.F1)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().IntVar(&folds, "folds", 0, "learn anew from the other parts of the file, so many times")
	return c
}

// synthesised are made-up addresses of a pack's district.
func synthesised(packName string) ([]address.Labelled, error) {
	files, err := packAt(packName)
	if err != nil {
		return nil, err
	}
	return cim.Synthesise(files, 1000)
}

func newAddressTrain() *cobra.Command {
	var out, packName string
	c := &cobra.Command{
		Use:   "train FILE…",
		Short: "Make the parser that the program carries, from labelled addresses and a pack's names",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := synthesised(packName)
			if err != nil {
				return err
			}
			for _, name := range args {
				list, err := readAddresses(name)
				if err != nil {
					return err
				}
				all = append(all, list...)
			}
			p := address.Train(all, address.Training{Told: func(epoch int, loss float64) {
				fmt.Fprintf(cmd.ErrOrStderr(), "epoch %d, loss %.4f\n", epoch+1, loss)
			}})
			file, err := os.Create(out)
			if err != nil {
				return err
			}
			defer file.Close()
			if err := p.Write(file); err != nil {
				return err
			}
			size, err := file.Seek(0, io.SeekCurrent)
			fmt.Fprintf(cmd.OutOrStdout(), "%d addresses learned, %d bytes in %s\n", len(all), size, out)
			return err
		},
	}
	c.Flags().StringVar(&out, "out", "core/place/address/model.bin.gz", "where to write it")
	c.Flags().StringVar(&packName, "pack", "baoan", "whose names addresses are made up from")
	return c
}
