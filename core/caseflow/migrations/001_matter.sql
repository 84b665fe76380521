-- +goose Up
-- Flow definitions as they were loaded, by content hash: a running matter
-- keeps the one that it started under.
CREATE TABLE flow_definition (
  hash      TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  body      TEXT NOT NULL,
  loaded_at BIGINT NOT NULL
);
-- What a matter is now: a cache of its events, rebuilt and compared by a check.
CREATE TABLE matter (
  id         BIGINT PRIMARY KEY,
  no         TEXT   NOT NULL UNIQUE,  -- what people quote
  system     TEXT   NOT NULL,
  flow       TEXT   NOT NULL,
  flow_hash  TEXT   NOT NULL,
  state      TEXT   NOT NULL,
  open       BOOLEAN NOT NULL,
  version    INT    NOT NULL,
  parent     BIGINT,                  -- of a sub-matter
  merged     BIGINT,                  -- the matter that carries this one now
  class      TEXT   NOT NULL,         -- urgency
  unit       TEXT   NOT NULL,         -- who holds it
  assignee   BIGINT,                  -- the person in the unit
  desk       TEXT   NOT NULL,         -- "role@unit" whose turn it is; "" when nobody's
  item       TEXT   NOT NULL,
  place      TEXT   NOT NULL,
  title      TEXT   NOT NULL,         -- masked
  applicant  BIGINT,                  -- vault person
  due_at     BIGINT,                  -- the next deadline of those who work on it
  total_due  BIGINT,                  -- the citizen's deadline
  late       BOOLEAN NOT NULL,        -- a running clock is past its due
  vars       TEXT   NOT NULL,         -- JSON: counters that guards read
  opened_at  BIGINT NOT NULL,
  closed_at  BIGINT,
  updated_at BIGINT NOT NULL
);
CREATE INDEX matter_desk ON matter (desk, due_at, id) WHERE open;
CREATE INDEX matter_unit ON matter (unit, id);
CREATE INDEX matter_applicant ON matter (applicant, id) WHERE applicant IS NOT NULL;
CREATE INDEX matter_parent ON matter (parent) WHERE parent IS NOT NULL;
CREATE INDEX matter_merged ON matter (merged) WHERE merged IS NOT NULL;
CREATE INDEX matter_open ON matter (system, id) WHERE open;
-- What happened to it. Never edited.
CREATE TABLE matter_event (
  matter BIGINT NOT NULL,
  seq    INT    NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,                      -- account; NULL is the house itself
  unit   TEXT   NOT NULL,             -- for which the actor acted
  action TEXT   NOT NULL,
  source TEXT   NOT NULL,             -- state before
  target TEXT   NOT NULL,             -- state after
  data   TEXT   NOT NULL,             -- JSON; see Event
  PRIMARY KEY (matter, seq)
)
--:sqlite WITHOUT ROWID
;
CREATE TABLE matter_clock (
  matter     BIGINT NOT NULL,
  clock      TEXT   NOT NULL,
  n          INT    NOT NULL,         -- a clock that starts again is a new one
  unit       TEXT   NOT NULL,         -- whose timeliness it counts for
  spec       TEXT   NOT NULL,         -- JSON: limit, calendar, version, extensions, pauses
  outcome    TEXT   NOT NULL,         -- running, paused, met, missed, void
  started_at BIGINT NOT NULL,
  due_at     BIGINT NOT NULL,
  stopped_at BIGINT,
  mark       INT    NOT NULL,         -- how many marks have been passed
  mark_at    BIGINT,                  -- when the next one is passed
  PRIMARY KEY (matter, clock, n)
)
--:sqlite WITHOUT ROWID
;
CREATE INDEX matter_clock_mark ON matter_clock (mark_at) WHERE mark_at IS NOT NULL;
CREATE INDEX matter_clock_due ON matter_clock (clock, due_at, outcome, unit);
CREATE TABLE calendar_version (
  name      TEXT   NOT NULL,
  version   TEXT   NOT NULL,
  body      TEXT   NOT NULL,          -- definition and the sets it names, as JSON
  loaded_at BIGINT NOT NULL,
  PRIMARY KEY (name, version)
);
-- +goose Down
DROP TABLE calendar_version;
DROP TABLE matter_clock;
DROP TABLE matter_event;
DROP TABLE matter;
DROP TABLE flow_definition;
