// Package knowledge keeps what a district knows (知识库, GB/T 44191—2024): entries
// that a unit owns, with their legal basis, for whom and how long they hold. It is
// offered to every system: what answers a question (core/answer) is made of them.
package knowledge
