-- +goose Up
-- A visit (号), as its events make it.
CREATE TABLE hall_ticket (
  id         BIGINT PRIMARY KEY,
  version    INT    NOT NULL,        -- events so far
  hall       TEXT   NOT NULL,
  day        TEXT   NOT NULL,        -- local, 2026-11-27
  area       TEXT   NOT NULL,
  no         TEXT   NOT NULL,        -- '' until the person has come
  kind       TEXT   NOT NULL,        -- what is served now, or next
  channel    TEXT   NOT NULL,        -- counter, phone, video
  source     TEXT   NOT NULL,        -- kiosk, phone, reception
  state      TEXT   NOT NULL,
  class      TEXT   NOT NULL,        -- of priority; '' none
  services   TEXT   NOT NULL,        -- JSON
  person     BIGINT,                 -- in the vault
  name       TEXT   NOT NULL,        -- masked
  slot       BIGINT,
  hold       BIGINT,                 -- until when a slot is held unconfirmed
  target     TEXT   NOT NULL,        -- one window alone, when sent there
  window_code TEXT  NOT NULL,        -- that called last
  clerk      BIGINT,
  calls      INT    NOT NULL,        -- of this turn
  missed     INT    NOT NULL,
  reminded   BOOLEAN NOT NULL,
  near       BOOLEAN NOT NULL,       -- told that it is near
  queued_at  BIGINT,                 -- in the queue since
  order_at   BIGINT,                 -- its place: as if it had come then
  called_at  BIGINT,
  started_at BIGINT,
  ended_at   BIGINT,
  wait_us    BIGINT NOT NULL,
  way_us     BIGINT NOT NULL,
  serve_us   BIGINT NOT NULL,
  est        INT,                    -- seconds foretold when it was queued first
  est_raw    INT,                    -- before it was fitted to what was measured
  est_low    INT,
  est_high   INT,
  first_us   BIGINT NOT NULL,        -- the wait that was foretold: until the first call
  back_by    TEXT   NOT NULL,        -- last day to come back with papers
  taken_at   BIGINT NOT NULL,
  synthetic  BOOLEAN NOT NULL
);
CREATE INDEX hall_ticket_day ON hall_ticket (hall, day, state);
CREATE INDEX hall_ticket_person ON hall_ticket (person, id) WHERE person IS NOT NULL;
CREATE INDEX hall_ticket_slot ON hall_ticket (slot) WHERE state IN ('reserved', 'preconfirmed', 'confirmed');
CREATE UNIQUE INDEX hall_ticket_no ON hall_ticket (hall, day, no) WHERE no <> '';
CREATE TABLE hall_ticket_event (
  ticket BIGINT NOT NULL,
  seq    INT    NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,
  action TEXT   NOT NULL,
  target TEXT   NOT NULL,            -- state that it led to
  data   TEXT   NOT NULL,
  PRIMARY KEY (ticket, seq)
)
--:sqlite WITHOUT ROWID
;
-- Running numbers of an area's day.
CREATE TABLE hall_number (
  hall TEXT NOT NULL,
  area TEXT NOT NULL,
  day  TEXT NOT NULL,
  next INT  NOT NULL,
  PRIMARY KEY (hall, area, day)
);
-- How many bookings a slot has: a cache of the tickets that hold it.
CREATE TABLE hall_slot (
  hall  TEXT   NOT NULL,
  kind  TEXT   NOT NULL,
  slot  BIGINT NOT NULL,
  taken INT    NOT NULL,
  PRIMARY KEY (hall, kind, slot)
);
-- Clerks at windows.
CREATE TABLE hall_sitting (
  id          BIGINT PRIMARY KEY,
  hall        TEXT   NOT NULL,
  window_code TEXT   NOT NULL,
  clerk       BIGINT NOT NULL,
  channels    TEXT   NOT NULL,
  since       BIGINT NOT NULL,
  until       BIGINT
);
CREATE UNIQUE INDEX hall_sitting_window ON hall_sitting (hall, window_code) WHERE until IS NULL;
CREATE UNIQUE INDEX hall_sitting_clerk ON hall_sitting (clerk) WHERE until IS NULL;
CREATE INDEX hall_sitting_since ON hall_sitting (hall, since);
-- What the hall manager set for one day beside the calendar and the plan; the last holds.
CREATE TABLE hall_day (
  id      BIGINT PRIMARY KEY,
  hall    TEXT   NOT NULL,
  day     TEXT   NOT NULL,
  opens   TEXT   NOT NULL,           -- 09:00, or '' for closed
  closes  TEXT   NOT NULL,
  reason  TEXT   NOT NULL,
  actor   BIGINT,               -- none: the demonstration
  at      BIGINT NOT NULL
);
CREATE INDEX hall_day_of ON hall_day (hall, day, id);
-- Which kinds a clerk can serve; one without rows serves all that the window does.
CREATE TABLE hall_skill (
  clerk BIGINT NOT NULL,
  kind  TEXT   NOT NULL,
  PRIMARY KEY (clerk, kind)
);
-- +goose Down
DROP TABLE hall_skill;
DROP TABLE hall_day;
DROP TABLE hall_sitting;
DROP TABLE hall_slot;
DROP TABLE hall_number;
DROP TABLE hall_ticket_event;
DROP TABLE hall_ticket;
