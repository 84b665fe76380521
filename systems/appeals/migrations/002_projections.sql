-- +goose Up
-- Counts of the board, kept by a follower of the events and reconciled with
-- the rows. day is the local day for what is counted by day, '' for what
-- stands now.
CREATE TABLE appeal_tally (
  measure TEXT   NOT NULL,      -- filed, closed (by day); open, late (now)
  day     TEXT   NOT NULL,
  dim     TEXT   NOT NULL,      -- all, street, unit, item, state, kind
  key     TEXT   NOT NULL,
  n       BIGINT NOT NULL,
  PRIMARY KEY (measure, day, dim, key)
);
--:sqlite CREATE VIRTUAL TABLE appeal_search USING fts5(tokens, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0", detail=none);
--:postgres CREATE TABLE appeal_search (rowid BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL);
--:postgres CREATE INDEX appeal_search_tokens ON appeal_search USING GIN (tokens);
-- Filters that people keep.
CREATE TABLE saved_filter (
  account BIGINT NOT NULL,
  name    TEXT   NOT NULL,
  query   TEXT   NOT NULL,
  PRIMARY KEY (account, name)
);
-- +goose Down
DROP TABLE saved_filter;
DROP TABLE appeal_search;
DROP TABLE appeal_tally;
