-- +goose Up
-- What the district knows (知识库). An entry's life is knowledge_event and its texts
-- are knowledge_version, which are only appended to; knowledge_entry is kept from them.
CREATE TABLE knowledge_entry (
  id           BIGINT PRIMARY KEY,
  code         TEXT   NOT NULL UNIQUE,
  state        TEXT   NOT NULL,          -- of the newest text: draft, review, published, withdrawn
  version      BIGINT NOT NULL,          -- the newest text
  live         BIGINT NOT NULL,          -- the text that answers; 0: none
  seq          BIGINT NOT NULL,          -- its last event
  unit         TEXT   NOT NULL,
  title        TEXT   NOT NULL,
  category     TEXT   NOT NULL,
  internal     BOOLEAN NOT NULL,
  content      TEXT   NOT NULL,          -- JSON: the newest text
  live_content TEXT   NOT NULL,          -- JSON: the text that answers; '' none
  authors      TEXT   NOT NULL,          -- JSON: who wrote since the last publication
  pack_hash    TEXT   NOT NULL,          -- of the pack's text that it was made of last; '' none
  valid_to     BIGINT,                   -- of the text that answers, else of the newest
  review_due   BIGINT,
  reminded     BIGINT,                   -- the due day of which its owner was reminded
  published_at BIGINT,
  changed_at   BIGINT NOT NULL
);
CREATE INDEX knowledge_entry_state ON knowledge_entry (state, changed_at);
CREATE INDEX knowledge_entry_unit ON knowledge_entry (unit, changed_at);
CREATE TABLE knowledge_version (
  entry   BIGINT NOT NULL,
  version BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  actor   BIGINT,                        -- none: the house itself
  origin  TEXT   NOT NULL,               -- pack, person, table
  content TEXT   NOT NULL,               -- JSON
  PRIMARY KEY (entry, version)
);
-- The steps of an entry or of a question.
CREATE TABLE knowledge_event (
  about BIGINT NOT NULL,
  seq   BIGINT NOT NULL,
  at    BIGINT NOT NULL,
  actor BIGINT,                          -- none: the house itself, or a stranger
  unit  TEXT   NOT NULL,
  kind  TEXT   NOT NULL,
  data  TEXT   NOT NULL,                 -- JSON
  PRIMARY KEY (about, seq)
);
-- What readers say is wrong with an entry (纠错), and what its owner found.
CREATE TABLE knowledge_report (
  id      BIGINT PRIMARY KEY,
  entry   BIGINT NOT NULL,
  version BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  text    TEXT   NOT NULL,               -- masked; who says so is not kept
  due_at  BIGINT NOT NULL,
  late_at BIGINT,                        -- when supervisors were told that it is late
  done_at BIGINT,
  done_by BIGINT,
  outcome TEXT   NOT NULL,               -- '', corrected, unfounded
  note    TEXT   NOT NULL
);
CREATE INDEX knowledge_report_entry ON knowledge_report (entry, id);
CREATE INDEX knowledge_report_open ON knowledge_report (due_at) WHERE done_at IS NULL;
-- What was asked and not known, or answered and of no use: like ones together,
-- without who asked.
CREATE TABLE knowledge_question (
  id         BIGINT PRIMARY KEY,
  state      TEXT   NOT NULL,            -- open, assigned, dismissed, answered
  seq        BIGINT NOT NULL,
  text       TEXT   NOT NULL,            -- masked
  staff      BOOLEAN NOT NULL,           -- asked by staff alone
  asked      BIGINT NOT NULL,
  useless    BIGINT NOT NULL,            -- of these, answered and of no use
  source     TEXT   NOT NULL,            -- kind and identifier of the answer of no use; '' not known
  source_seq BIGINT NOT NULL,            -- its text then
  unit       TEXT   NOT NULL,            -- who is to write the entry
  entry      BIGINT,                     -- the entry that is to answer it
  first_at   BIGINT NOT NULL,
  last_at    BIGINT NOT NULL
);
CREATE INDEX knowledge_question_state ON knowledge_question (state, asked);
CREATE TABLE knowledge_asked (
  question BIGINT NOT NULL,
  text     TEXT   NOT NULL,              -- masked
  asked    BIGINT NOT NULL,
  last_at  BIGINT NOT NULL,
  PRIMARY KEY (question, text)
);
-- How often what answered, by day; without kind: what was not known.
CREATE TABLE knowledge_use (
  day     TEXT   NOT NULL,
  kind    TEXT   NOT NULL,
  id      TEXT   NOT NULL,
  said    BIGINT NOT NULL,
  useful  BIGINT NOT NULL,
  useless BIGINT NOT NULL,
  PRIMARY KEY (day, kind, id)
);
-- +goose Down
DROP TABLE knowledge_use;
DROP TABLE knowledge_asked;
DROP TABLE knowledge_question;
DROP TABLE knowledge_report;
DROP TABLE knowledge_event;
DROP TABLE knowledge_version;
DROP TABLE knowledge_entry;
