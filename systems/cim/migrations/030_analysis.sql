-- +goose Up
-- Analyses (空间分析): what was asked of the city, of which state of it and by which engine, and what came out.
CREATE TABLE cim_analysis (
  id      BIGINT  PRIMARY KEY,
  kind    TEXT    NOT NULL,
  name    TEXT    NOT NULL,   -- as somebody called it, masked
  input   TEXT    NOT NULL,   -- JSON, whole: what was not given is filled in
  state   TEXT    NOT NULL,   -- queued, running, done, failed, cancelled
  done    BIGINT  NOT NULL,
  total   BIGINT  NOT NULL,
  engine  INT     NOT NULL,
  base    TEXT    NOT NULL,   -- JSON: the layers and tilesets it was reckoned of, '' before
  figures TEXT    NOT NULL,   -- JSON
  result  BYTEA,              -- JSON, compressed
  hash    TEXT    NOT NULL,   -- of the result: the same inputs give the same
  fault   TEXT    NOT NULL,   -- code of why there is no result
  rerun   BIGINT,             -- of which it is the repetition
  actor   BIGINT,
  unit    TEXT    NOT NULL,
  at      BIGINT  NOT NULL,
  ended   BIGINT,
  took    BIGINT  NOT NULL,   -- microseconds
  beat    BIGINT  NOT NULL,   -- when whoever works on it last said so
  stop    BOOLEAN NOT NULL
);
CREATE INDEX cim_analysis_state ON cim_analysis (state, id);
CREATE INDEX cim_analysis_actor ON cim_analysis (actor, id);
