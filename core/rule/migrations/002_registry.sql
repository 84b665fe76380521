-- +goose Up
-- Versions of decision packs (决策包版本), kept from decision_version_event, which is
-- only appended to. Their texts are in decision_pack and decision_cases by hash.
CREATE TABLE decision_version (
  pack         TEXT   NOT NULL,
  version      INT    NOT NULL,
  state        TEXT   NOT NULL,        -- draft, reviewed, lawful, published, retired
  seq          BIGINT NOT NULL,        -- its last event
  hash         TEXT   NOT NULL,
  cases_hash   TEXT   NOT NULL,
  origin       TEXT   NOT NULL,        -- shipped, or '' when it was written here
  authors      TEXT   NOT NULL,        -- JSON: who wrote it
  reviewer     BIGINT,
  lawyer       BIGINT,
  publisher    BIGINT,
  trial        TEXT   NOT NULL,        -- JSON: how it stood against its cases at publication; '' not yet
  changed_at   BIGINT NOT NULL,
  published_at BIGINT,
  retired_at   BIGINT,
  PRIMARY KEY (pack, version)
);
CREATE TABLE decision_version_event (
  pack    TEXT   NOT NULL,
  version INT    NOT NULL,
  seq     BIGINT NOT NULL,
  id      BIGINT NOT NULL UNIQUE,
  at      BIGINT NOT NULL,
  actor   BIGINT,                      -- none: the house itself
  unit    TEXT   NOT NULL,
  step    TEXT   NOT NULL,
  reason  TEXT   NOT NULL,
  data    TEXT   NOT NULL,             -- JSON
  PRIMARY KEY (pack, version, seq)
);
CREATE TABLE decision_cases (
  hash     TEXT   PRIMARY KEY,         -- SHA-256
  pack     TEXT   NOT NULL,
  body     TEXT   NOT NULL,
  first_at BIGINT NOT NULL
);
-- How a pack is used (启用方式), kept from decision_mode_event.
CREATE TABLE decision_mode (
  pack       TEXT    PRIMARY KEY,
  mode       TEXT    NOT NULL,         -- off, shadow, canary, on
  share      INT     NOT NULL,         -- of applications, in percent, while canary
  cap        INT     NOT NULL,         -- approvals a day; 0 no cap
  stopped    BOOLEAN NOT NULL,         -- the kill switch (紧急停用)
  seq        BIGINT  NOT NULL,
  changed_at BIGINT  NOT NULL,
  day        TEXT    NOT NULL,         -- of which approved counts
  approved   INT     NOT NULL
);
CREATE TABLE decision_mode_event (
  pack    TEXT    NOT NULL,
  seq     BIGINT  NOT NULL,
  id      BIGINT  NOT NULL UNIQUE,
  at      BIGINT  NOT NULL,
  actor   BIGINT,
  unit    TEXT    NOT NULL,
  mode    TEXT    NOT NULL,
  share   INT     NOT NULL,
  cap     INT     NOT NULL,
  stopped BOOLEAN NOT NULL,
  reason  TEXT    NOT NULL,
  found   TEXT    NOT NULL,            -- JSON: what shadow had found by then; '' nothing asked
  PRIMARY KEY (pack, seq)
);
-- As what a decision was made: on, canary, shadow; '' when it was tried; and in how long.
ALTER TABLE decision ADD COLUMN mode TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN took BIGINT NOT NULL DEFAULT 0;
-- What a person decided of the same case afterwards; the newest counts.
CREATE TABLE decision_human (
  id       BIGINT PRIMARY KEY,
  decision BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  by       BIGINT,
  outcome  TEXT   NOT NULL             -- approve; human: not approved; supplement
);
CREATE INDEX decision_human_decision ON decision_human (decision, id);
-- What decisions came to, counted by day without whom: what a row counts is not kept
-- with a person.
CREATE TABLE decision_tally (
  pack TEXT   NOT NULL,
  day  TEXT   NOT NULL,
  mode TEXT   NOT NULL,
  kind TEXT   NOT NULL,                -- check, age, origin
  key  TEXT   NOT NULL,
  sub  TEXT   NOT NULL,                -- of a check: fact and why; else the outcome
  n    BIGINT NOT NULL,
  PRIMARY KEY (pack, day, mode, kind, key, sub)
);
-- +goose Down
DROP TABLE decision_tally;
DROP TABLE decision_human;
DROP TABLE decision_mode_event;
DROP TABLE decision_mode;
DROP TABLE decision_cases;
DROP TABLE decision_version_event;
DROP TABLE decision_version;
