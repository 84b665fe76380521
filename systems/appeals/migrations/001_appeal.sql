-- +goose Up
-- What is particular to an appeal, beside its matter (same id).
CREATE TABLE appeal (
  id          BIGINT PRIMARY KEY,
  channel     TEXT   NOT NULL,
  kind        TEXT   NOT NULL,       -- consult, help, complaint, report, suggestion, praise, other
  secrecy     TEXT   NOT NULL,       -- open, confidential, anonymous
  text        TEXT   NOT NULL,       -- masked
  original    BIGINT,                -- vault text, when masking took something out
  address     TEXT   NOT NULL,       -- masked
  lon         DOUBLE PRECISION,      -- WGS-84
  lat         DOUBLE PRECISION,
  street      TEXT   NOT NULL,
  community   TEXT   NOT NULL,
  tracking    BYTEA  UNIQUE,         -- keyed hash of the tracking code
  files       TEXT   NOT NULL,       -- JSON list of blobs
  about       TEXT   NOT NULL,       -- the unit that it complains of, which must not see the appellant
  urgent_words TEXT  NOT NULL,       -- emergency words found, separated by ";"
  suggestion  TEXT   NOT NULL,       -- JSON: what dispatch was advised, by which model and list
  mode        TEXT   NOT NULL,       -- auto, suggested, manual: how it was dispatched
  dispatched_at BIGINT,
  contacted_at BIGINT,
  replied_at  BIGINT,
  reply       TEXT   NOT NULL,       -- masked; the newest
  result      TEXT   NOT NULL,       -- solved, partly, explained, cannot
  reply_files TEXT   NOT NULL,
  approver    TEXT   NOT NULL,       -- who approved the newest reply
  urged_at    BIGINT,
  rated_at    BIGINT,
  solved      TEXT   NOT NULL,       -- yes, partly, no; as the citizen says
  contacted   BOOLEAN,
  score_result INT,
  score_manner INT,
  score_speed INT,
  source      TEXT   NOT NULL,       -- import profile; "" when filed here
  external    TEXT   NOT NULL,       -- the source's own number
  asserted    TEXT   NOT NULL,       -- JSON: what the source asserts, apart from what is computed here
  asserted_unit TEXT NOT NULL,       -- the unit as the source spells it
  asserted_late BOOLEAN,             -- the source says that it was overdue
  asserted_due BIGINT,
  synthetic   BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX appeal_external ON appeal (source, external) WHERE external <> '';
CREATE INDEX appeal_rated ON appeal (rated_at) WHERE rated_at IS NOT NULL;
CREATE INDEX appeal_street ON appeal (street, id);
-- People who report the same: "me too".
CREATE TABLE appeal_follower (
  appeal BIGINT NOT NULL,
  person BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (appeal, person)
);
-- Versions of the duty list. One is in force; a draft can be tried on the past.
CREATE TABLE duty_list (
  version    TEXT PRIMARY KEY,
  status     TEXT   NOT NULL,        -- draft, current, past
  items      BYTEA  NOT NULL,        -- CSV
  rules      BYTEA  NOT NULL,        -- CSV
  note       TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  published_at BIGINT
);
-- +goose Down
DROP TABLE duty_list;
DROP TABLE appeal_follower;
DROP TABLE appeal;
