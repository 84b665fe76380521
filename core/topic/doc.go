// Package topic finds what many people say about one thing (一类事主题): it
// groups messages by the place or name that they tell of and by the trouble that
// they tell about it, places each new one in under a few milliseconds, names each
// group, and says how hot it is and why.
//
// A message is two vectors of rare pairs of characters: one of the names in it
// (小区, 路, 学校, 公司, 地铁N号线 …, found by their endings and by what the other
// messages name), one of the rest. Two groups join where both are alike on the
// average of all their pairs (average link): the same trouble in two estates stays
// two topics, and two troubles of one estate too. Candidates come from an index
// of the rarest pairs, so that no message is compared with all.
//
// The package keeps nothing: a Space is made from messages and lives in memory.
// The same messages give the same topics, in whatever order they are given.
package topic
