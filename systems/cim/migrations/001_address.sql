-- +goose Up
-- A table of addresses that was handed in to be matched.
CREATE TABLE cim_batch (
  id      BIGINT PRIMARY KEY,
  name    TEXT   NOT NULL,   -- of the file
  state   TEXT   NOT NULL,   -- running, done
  field   TEXT   NOT NULL,   -- the column that has the address
  total   INT    NOT NULL,
  matched INT    NOT NULL,   -- sure
  review  INT    NOT NULL,   -- that wait for a person
  actor   BIGINT,
  at      BIGINT NOT NULL,
  done_at BIGINT
);
CREATE TABLE cim_address (
  id         BIGINT PRIMARY KEY,
  batch      BIGINT NOT NULL,
  line       INT    NOT NULL,
  text       TEXT   NOT NULL,   -- the address, masked; other cells are not kept
  state      TEXT   NOT NULL,   -- matched, review, confirmed, corrected, nowhere
  object     BIGINT,
  level      TEXT   NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  how        TEXT   NOT NULL,
  candidates TEXT   NOT NULL,   -- JSON
  actor      BIGINT,            -- who looked
  decided_at BIGINT,
  note       TEXT   NOT NULL
);
CREATE INDEX cim_address_batch ON cim_address (batch, line);
CREATE INDEX cim_address_review ON cim_address (state, id);
-- Who asked who was where on a day, and what for.
CREATE TABLE cim_look (
  id      BIGINT PRIMARY KEY,
  object  BIGINT,            -- none where a person or an enterprise was asked for
  day     TEXT   NOT NULL,
  purpose TEXT   NOT NULL,
  note    TEXT   NOT NULL,
  found   INT    NOT NULL,
  actor   BIGINT NOT NULL,
  unit    TEXT   NOT NULL,
  at      BIGINT NOT NULL
);
CREATE INDEX cim_look_object ON cim_look (object, id);
