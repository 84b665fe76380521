// Package learn gives a case its label: a message its category, an appeal
// (诉求) the unit that should have it (分拨). It learns from cases whose labels are
// known, in pure Go, on the CPU, without a network.
//
// Four witnesses look at a case: linear machines over the characters of its
// text and categories, naive Bayes over the same, how common each label is, and
// the history: how often each label was given in each context, such as this
// street with this kind of matter, over all time and lately. A conditional logit
// weighs them (mix.go), fitted on cases that no witness had seen, so that its
// probabilities can be taken at their word. What is like nothing that was
// learned is called unknown: "not in the list" (不在清单).
//
// Train learns everything; Observe adds one case to the history at once. A new
// model goes into office through Compare, champion against challenger. A model
// is one file, which holds labels and hashes but no text of any case.
package learn
