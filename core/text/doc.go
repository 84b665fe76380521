// Package text holds what every system does with Chinese text: making two
// spellings of the same words equal (Clean, Normalize), cutting text into
// search tokens that mean the same in SQLite and in PostgreSQL (IndexTokens,
// QueryTokens), telling how alike two texts are (Fingerprint, Profile),
// finding and masking personal data in free text (FindPersonal, Mask), and reading
// a message: who, where, when, what and what is wanted (FindElements), and the same
// in short (Summarize).
//
// Everything here is pure computation, safe for concurrent use, and takes time
// linear in the length of its input.
package text
