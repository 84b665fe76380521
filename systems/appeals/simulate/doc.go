// Package simulate invents the appeals (民生诉求) of a district, with their
// truth: what each is really about, who is really responsible, where it really
// happened, which others report the same matter, how it was handled and how
// well. Demonstrations, tests and benchmarks are fed by it.
//
// A [Generator] reads a district pack and yields appeals in the order of their
// time. The same pack, options and seed give the same stream to the byte. It
// keeps the rhythm of days, weeks and holidays, has persistent citizens and a
// few frequent callers, storms, typhoons, power cuts, admission seasons and
// other mass events, repeats and recurrences, and units that are slower under
// load. Texts are Chinese as people write it: with typos, dialect, sarcasm,
// several demands in one message, old or wrong place names, and sometimes
// somebody's own phone number in the middle.
//
// Everything is synthetic and says so: [Appeal.Synthetic] is true and
// [Appeal.Note] is [Note]. Phone numbers lie in the segment 160, which is not
// assigned; identity numbers carry the division code 990000, which does not
// exist, with a correct check digit; number plates contain the letter I, which
// plates never do.
//
// The true unit follows the pack's own dispatch rules (appeals/duty_rules.csv),
// evaluated over the true facts, so that it may be compared with what the
// product decides.
package simulate
