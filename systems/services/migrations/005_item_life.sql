-- +goose Up
-- How an item lives: what is on its way beside what is published, and what befell it.
ALTER TABLE service_item ADD COLUMN seq INT NOT NULL DEFAULT 0;          -- of its last event
ALTER TABLE service_item ADD COLUMN basic TEXT NOT NULL DEFAULT '';
ALTER TABLE service_item ADD COLUMN catalog TEXT NOT NULL DEFAULT '';
ALTER TABLE service_item ADD COLUMN brought TEXT NOT NULL DEFAULT '';    -- hash of what its source brought last
ALTER TABLE service_item_version ADD COLUMN from_day TEXT NOT NULL DEFAULT '';
CREATE INDEX service_item_basic ON service_item (basic) WHERE basic <> '';
-- A cache of the events: what is on its way. An item has one at most.
CREATE TABLE service_item_draft (
  item     BIGINT PRIMARY KEY,
  base     INT    NOT NULL,          -- version that it changes; 0 none
  state    TEXT   NOT NULL,          -- draft, submitted, checked, scheduled
  hash     TEXT   NOT NULL,
  elements TEXT   NOT NULL,          -- JSON
  writers  TEXT   NOT NULL,          -- JSON: accounts that wrote it
  checker  BIGINT,
  from_day TEXT   NOT NULL,          -- of a scheduled one
  returned TEXT   NOT NULL,          -- why it was last sent back
  at       BIGINT NOT NULL,
  by       BIGINT
);
CREATE INDEX service_item_draft_day ON service_item_draft (from_day) WHERE state = 'scheduled';
-- What befell items, appended only; (tx, id) is its commit position.
CREATE TABLE service_item_event (
  item    BIGINT NOT NULL,
  seq     INT    NOT NULL,
  id      BIGINT NOT NULL,
  tx      BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  actor   BIGINT,
  step    TEXT   NOT NULL,           -- bring, write, submit, check, return, discard, publish, effect, retire, flag
  version INT    NOT NULL,           -- that stands after it; 0 none
  reason  TEXT   NOT NULL,
  data    TEXT   NOT NULL,           -- JSON: what was written, from which day, which flag
  PRIMARY KEY (item, seq)
)
--:sqlite WITHOUT ROWID
;
INSERT INTO service_item_event (item, seq, id, tx, at, actor, step, version, reason, data) SELECT id, 1, id, 0, changed_at, NULL, 'bring', version, '', '{}' FROM service_item;
UPDATE service_item SET seq = 1, brought = hash;
CREATE UNIQUE INDEX service_item_event_id ON service_item_event (id);
CREATE INDEX service_item_event_feed ON service_item_event (tx, id) WHERE step IN ('bring', 'effect', 'retire');
-- Flags (能力标识) with their days: a cache of the events of step flag.
CREATE TABLE service_item_flag (
  item     BIGINT NOT NULL,
  flag     TEXT   NOT NULL,
  from_day TEXT   NOT NULL,
  to_day   TEXT   NOT NULL,          -- the last day; '' it goes on
  basis    TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  by       BIGINT,
  PRIMARY KEY (item, flag, from_day)
)
--:sqlite WITHOUT ROWID
;
CREATE INDEX service_item_flag_flag ON service_item_flag (flag, item);
-- +goose Down
DROP TABLE service_item_flag;
DROP TABLE service_item_event;
DROP TABLE service_item_draft;
DROP INDEX service_item_basic;
ALTER TABLE service_item_version DROP COLUMN from_day;
ALTER TABLE service_item DROP COLUMN brought;
ALTER TABLE service_item DROP COLUMN catalog;
ALTER TABLE service_item DROP COLUMN basic;
ALTER TABLE service_item DROP COLUMN seq;
