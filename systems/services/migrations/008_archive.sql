-- +goose Up
-- Archive packages (电子归档) of cases that are closed. The files lie closed, each under a
-- key of its own.
CREATE TABLE service_archive (
  id           BIGINT PRIMARY KEY,
  matter       BIGINT NOT NULL,
  version      INT    NOT NULL,        -- a case that changes after it was closed is archived again
  no           TEXT   NOT NULL UNIQUE, -- 档号
  key          BIGINT NOT NULL,        -- of the vault; who destroys it destroys the package
  file         TEXT   NOT NULL,        -- '' once it is destroyed
  bytes        BIGINT NOT NULL,
  files        INT    NOT NULL,
  sha256       TEXT   NOT NULL,        -- of the package
  manifest     TEXT   NOT NULL,        -- SHA-256 of its manifest
  keep         TEXT   NOT NULL,        -- permanent, 30y, 10y
  until_at     BIGINT,                 -- none: for good
  at           BIGINT NOT NULL,
  destroyed_at BIGINT,
  UNIQUE (matter, version)
);
CREATE INDEX service_archive_until ON service_archive (until_at) WHERE until_at IS NOT NULL AND destroyed_at IS NULL;
-- Cases that are to be archived: written in the transition that closes them, or that
-- changes them afterwards.
CREATE TABLE service_archive_due (
  matter  BIGINT PRIMARY KEY,
  tries   INT    NOT NULL,
  next_at BIGINT NOT NULL,
  error   TEXT   NOT NULL
);
CREATE INDEX service_archive_due_next ON service_archive_due (next_at);
-- What the province is told (数据上报): a row of one of its tables, in a version.
CREATE TABLE service_province_row (
  id      BIGINT PRIMARY KEY,
  tab     TEXT   NOT NULL,
  guid    TEXT   NOT NULL,            -- row_guid: never changes
  version INT    NOT NULL,
  op      TEXT   NOT NULL,            -- cd_operation: I, U, D
  kind    TEXT   NOT NULL,            -- of what it tells: case, licence, item
  about   BIGINT NOT NULL,            -- the case, licence or item
  person  BIGINT,                     -- whose data is put in when it is sent; none: nobody's
  unit    TEXT   NOT NULL,
  src     INT    NOT NULL,            -- version of the item that it tells; 0 of others
  body    TEXT   NOT NULL,            -- JSON without personal data
  hash    TEXT   NOT NULL,            -- of the columns that are no personal data
  at      BIGINT NOT NULL,            -- cd_time
  day     TEXT   NOT NULL,            -- of cd_time, in the district
  state   TEXT   NOT NULL,            -- queued, sent, rejected, dropped
  batch   BIGINT,                     -- cd_batch
  sent_at BIGINT,
  UNIQUE (tab, guid, version)
);
CREATE INDEX service_province_row_queue ON service_province_row (id) WHERE state = 'queued';
CREATE INDEX service_province_row_batch ON service_province_row (batch) WHERE batch IS NOT NULL;
CREATE INDEX service_province_row_day ON service_province_row (day, tab);
CREATE INDEX service_province_row_about ON service_province_row (kind, about);
-- Batches: what was sent together, and is sent again under the same number until the
-- province has answered.
CREATE TABLE service_province_batch (
  id      BIGINT PRIMARY KEY,
  n       INT    NOT NULL,
  state   TEXT   NOT NULL,            -- open, sent, refused
  tries   INT    NOT NULL,
  at      BIGINT NOT NULL,
  next_at BIGINT,
  sent_at BIGINT,
  error   TEXT   NOT NULL
);
CREATE INDEX service_province_batch_open ON service_province_batch (next_at) WHERE state = 'open';
-- What the province would not take (dn_audit_abnormal).
CREATE TABLE service_province_reject (
  id       BIGINT PRIMARY KEY,
  theirs   BIGINT UNIQUE,             -- its number at the province; none where it answered at once
  tab      TEXT   NOT NULL,
  guid     TEXT   NOT NULL,
  row_id   BIGINT,                    -- none: no row of ours
  unit     TEXT   NOT NULL,
  err_type TEXT   NOT NULL,
  said     TEXT   NOT NULL,           -- masked
  at       BIGINT NOT NULL,
  state    TEXT   NOT NULL,           -- open, resent, settled, marked
  reason   TEXT   NOT NULL,
  actor    BIGINT,
  done_at  BIGINT
);
CREATE INDEX service_province_reject_open ON service_province_reject (unit, err_type) WHERE state = 'open';
CREATE INDEX service_province_reject_row ON service_province_reject (tab, guid);
-- Days that were compared with the province.
CREATE TABLE service_province_day (
  day   TEXT   PRIMARY KEY,
  at    BIGINT NOT NULL,
  body  TEXT   NOT NULL,              -- JSON: tables, differences
  open  INT    NOT NULL               -- differences that were found
);
-- +goose Down
DROP TABLE service_province_day;
DROP TABLE service_province_reject;
DROP TABLE service_province_batch;
DROP TABLE service_province_row;
DROP TABLE service_archive_due;
DROP TABLE service_archive;
