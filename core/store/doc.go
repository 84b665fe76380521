// Package store is the one way to the records: SQLite in one file by default,
// PostgreSQL when that is outgrown, chosen by the DSN alone.
//
// SQL is written once, in the subset that both speak, with "?" for arguments.
// Where they must differ the difference is one function here (see dialect.go).
//
// # Writing
//
// [Store.Write] runs a function in a transaction and returns when its effects
// are on disk. On SQLite one writer runs the functions of all callers one
// after another, each in a savepoint, and commits them in groups, so that many
// callers share one fsync. On PostgreSQL each has its own transaction
// (REPEATABLE READ) and is run again when the database asks for it, so a
// function must be safe to run twice: it decides from what it reads in the
// transaction, and what must happen only once, after the commit, it leaves to
// [Tx.OnCommit].
//
// A function does SQL and pure computation, under [SlowWrite]; it never waits
// for a network, a file or another writer.
//
// # Reading
//
// [Store.Query], [Store.QueryRow], [Get] and [Select] read committed rows, at
// most one read per core at a time. Whoever wants "what is new" follows a
// commit position (see [Tx.Position] and [Store.Settled]), never a key: keys
// do not commit in the order in which they were given.
package store
