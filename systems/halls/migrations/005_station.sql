-- +goose Up
-- One use of a device by somebody, nobody knows whom.
CREATE TABLE hall_visit (
  id        BIGINT PRIMARY KEY,
  place     TEXT   NOT NULL,
  device    BIGINT NOT NULL,
  day       TEXT   NOT NULL,           -- local
  at        BIGINT NOT NULL,
  function  TEXT   NOT NULL,
  item      TEXT   NOT NULL,
  helped    BOOLEAN NOT NULL,
  grade     INT    NOT NULL,           -- 1 to 5; 0 not said
  synthetic BOOLEAN NOT NULL
);
CREATE INDEX hall_visit_place ON hall_visit (place, day);
-- Who helps at a station, and when.
CREATE TABLE hall_shift (
  id       BIGINT PRIMARY KEY,
  station  TEXT   NOT NULL,
  account  BIGINT NOT NULL,
  from_at  BIGINT NOT NULL,
  to_at    BIGINT NOT NULL,
  actor    BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  ended_at BIGINT                      -- taken back
);
CREATE INDEX hall_shift_station ON hall_shift (station, from_at);
CREATE INDEX hall_shift_account ON hall_shift (account, from_at);
-- What helpers did.
CREATE TABLE hall_help (
  id      BIGINT PRIMARY KEY,
  station TEXT   NOT NULL,
  day     TEXT   NOT NULL,
  at      BIGINT NOT NULL,
  kind    TEXT   NOT NULL,             -- assisted, guided, filed
  item    TEXT   NOT NULL,
  minutes INT    NOT NULL,
  grade   INT    NOT NULL,             -- as the person said; 0 not said
  actor   BIGINT NOT NULL
);
CREATE INDEX hall_help_station ON hall_help (station, day);
-- Who asked at a device to be helped, or to be called back.
CREATE TABLE hall_call (
  id      BIGINT PRIMARY KEY,
  place   TEXT   NOT NULL,
  device  BIGINT NOT NULL,
  kind    TEXT   NOT NULL,             -- help, call_back
  what    TEXT   NOT NULL,             -- masked
  person  BIGINT,                      -- whom to call: in the vault
  phone   TEXT   NOT NULL,             -- masked
  at      BIGINT NOT NULL,
  done_at BIGINT,
  done_by BIGINT
);
CREATE INDEX hall_call_place ON hall_call (place, id);
-- +goose Down
DROP TABLE hall_call;
DROP TABLE hall_help;
DROP TABLE hall_shift;
DROP TABLE hall_visit;
