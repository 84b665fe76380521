-- +goose Up
-- Orders of the city platform (市平台) and all that both sides said of them. An
-- order is a cache of its messages, which are only appended to.
CREATE TABLE city_order (
  no         TEXT   PRIMARY KEY,       -- the city's number
  matter     BIGINT NOT NULL UNIQUE,
  state      TEXT   NOT NULL,          -- between both sides: dispatched, signed, ...
  sent_at    BIGINT,
  due_at     BIGINT,                   -- the city's deadline
  signed_at  BIGINT,
  replied_at BIGINT,
  closed_at  BIGINT,
  rating     BIGINT NOT NULL,
  down       BIGINT NOT NULL,          -- messages of the city's taken in
  up         BIGINT NOT NULL,          -- messages of ours
  bound      BIGINT,                   -- the deadline that the matter's clocks were bound to
  changed_at BIGINT NOT NULL
);
CREATE INDEX city_order_changed ON city_order (changed_at);
CREATE INDEX city_order_sent ON city_order (sent_at);
CREATE TABLE city_message (
  id       BIGINT PRIMARY KEY,
  down     BOOLEAN NOT NULL,           -- from the city
  message  TEXT   NOT NULL,            -- its id in the protocol
  no       TEXT   NOT NULL,
  seq      BIGINT NOT NULL,
  seen     BIGINT NOT NULL,
  kind     TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  came_at  BIGINT NOT NULL,            -- here
  body     TEXT   NOT NULL,            -- JSON, masked
  sealed   BYTEA,                      -- as it came, until it is taken in
  digest   BYTEA  NOT NULL,
  state    TEXT   NOT NULL,            -- down: waiting, failed, taken; up: queued, held, sent, dead
  tries    BIGINT NOT NULL,
  next_at  BIGINT,
  done_at  BIGINT,
  error    TEXT   NOT NULL,
  repeats  BIGINT NOT NULL,            -- how often it came again
  UNIQUE (down, no, seq)
);
CREATE INDEX city_message_state ON city_message (state, next_at);
-- Codes that no map knows: work for who keeps the maps.
CREATE TABLE city_unmapped (
  kind     TEXT   NOT NULL,
  theirs   BOOLEAN NOT NULL,           -- the city's code has none of ours; else ours has none of the city's
  code     TEXT   NOT NULL,
  name     TEXT   NOT NULL,
  no       TEXT   NOT NULL,            -- the order that it came with last
  first_at BIGINT NOT NULL,
  last_at  BIGINT NOT NULL,
  n        BIGINT NOT NULL,
  PRIMARY KEY (kind, theirs, code)
);
-- Reconciliations (对账) by day, and what differed.
CREATE TABLE city_reconciliation (
  id      BIGINT PRIMARY KEY,
  at      BIGINT NOT NULL,
  actor   BIGINT,                      -- none: at night
  day     TEXT   NOT NULL,
  theirs  BIGINT NOT NULL,
  ours    BIGINT NOT NULL,
  agreed  BIGINT NOT NULL,
  differs BIGINT NOT NULL,
  mended  BIGINT NOT NULL,
  counts  TEXT   NOT NULL,             -- JSON: by state, theirs and ours
  error   TEXT   NOT NULL
);
CREATE INDEX city_reconciliation_day ON city_reconciliation (day, id);
CREATE TABLE city_difference (
  id       BIGINT PRIMARY KEY,
  no       TEXT   NOT NULL,
  kind     TEXT   NOT NULL,
  day      TEXT   NOT NULL,
  theirs   TEXT   NOT NULL,            -- JSON: their standing
  ours     TEXT   NOT NULL,
  found_at BIGINT NOT NULL,
  last_at  BIGINT NOT NULL,
  state    TEXT   NOT NULL,            -- open, mended, ignored
  act      TEXT   NOT NULL,
  reason   TEXT   NOT NULL,
  actor    BIGINT,
  ended_at BIGINT
);
CREATE UNIQUE INDEX city_difference_open ON city_difference (no, kind) WHERE state = 'open';
CREATE INDEX city_difference_state ON city_difference (state, id);
-- +goose Down
DROP TABLE city_difference;
DROP TABLE city_reconciliation;
DROP TABLE city_unmapped;
DROP TABLE city_message;
DROP TABLE city_order;
