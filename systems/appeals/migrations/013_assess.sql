-- +goose Up
-- Frozen assessments (考核): each as it was computed, never changed; a later one of
-- the same month and scheme says what was different.
CREATE TABLE assessment (
  id       BIGINT PRIMARY KEY,
  scheme   TEXT   NOT NULL,
  month    TEXT   NOT NULL,          -- 2026-10
  at       BIGINT NOT NULL,
  actor    BIGINT,                   -- none: by the night
  parent   BIGINT,                   -- the one before it of the same month
  book     TEXT   NOT NULL,          -- the definitions that it was computed by
  results  TEXT   NOT NULL,          -- JSON
  hash     TEXT   NOT NULL           -- of book and results
);
CREATE INDEX assessment_of ON assessment (scheme, month, id);
CREATE TABLE assessment_loss (
  assessment BIGINT NOT NULL,
  unit   TEXT   NOT NULL,
  item   TEXT   NOT NULL,
  matter BIGINT NOT NULL,
  points DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (assessment, unit, item, matter)
);
-- Matters that do not count, by decision, and points that people enter.
CREATE TABLE assessment_exclusion (
  matter BIGINT NOT NULL,
  unit   TEXT   NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,
  reason TEXT   NOT NULL,            -- public
  PRIMARY KEY (matter, unit)
);
CREATE TABLE assessment_entry (
  id      BIGINT PRIMARY KEY,
  scheme  TEXT   NOT NULL,
  month   TEXT   NOT NULL,
  unit    TEXT   NOT NULL,
  extra   TEXT   NOT NULL,
  points  DOUBLE PRECISION NOT NULL,
  reason  TEXT   NOT NULL,
  files   TEXT   NOT NULL,           -- JSON
  at      BIGINT NOT NULL,
  actor   BIGINT,
  undone_at BIGINT
);
CREATE INDEX assessment_entry_of ON assessment_entry (scheme, month);
CREATE INDEX appeal_rating_at ON appeal_rating (at);
-- +goose Down
DROP INDEX appeal_rating_at;
DROP TABLE assessment_entry;
DROP TABLE assessment_exclusion;
DROP TABLE assessment_loss;
DROP TABLE assessment;
