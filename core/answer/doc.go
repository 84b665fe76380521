// Package answer answers a question (智能问答) out of documents that somebody
// owns: knowledge entries, a duty list, solved matters. It writes nothing of its
// own: an answer is one to three sentences of a document, with their source. It
// says with what confidence they answer, and below a measured threshold that it
// does not know. It knows nothing of any system, keeps nothing on disk, and needs
// no network and no model.
//
// An Index finds the documents (BM25 over two-character pieces, rare ones
// weighing more), a Question says what is asked for (a place, a time, a number
// to call, papers to bring), the best passage is cut out, and a Calibration,
// fitted on labelled questions, turns the signs into a confidence.
package answer
