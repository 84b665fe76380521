-- +goose Up
-- What a figure of a report is counted in, and its definition, as they were then.
ALTER TABLE report_figure ADD COLUMN unit TEXT NOT NULL DEFAULT '';
ALTER TABLE report_figure ADD COLUMN means TEXT NOT NULL DEFAULT '';
CREATE INDEX report_to ON report (to_day, id);
-- Meetings (日调度、周盘点、月分析): one a kind and day. What is written of one, and
-- what happens to its tasks, is only appended to.
CREATE TABLE meeting (
  id      BIGINT PRIMARY KEY,
  kind    TEXT   NOT NULL,
  day     TEXT   NOT NULL,           -- local day
  at      BIGINT NOT NULL,           -- when it is held
  title   TEXT   NOT NULL,
  made_at BIGINT NOT NULL,
  actor   BIGINT,                    -- none: made unattended
  reports TEXT   NOT NULL,           -- JSON list of the reports that it looks at
  UNIQUE (kind, day)
);
CREATE TABLE meeting_minute (
  id      BIGINT PRIMARY KEY,
  meeting BIGINT NOT NULL REFERENCES meeting (id),
  at      BIGINT NOT NULL,
  actor   BIGINT NOT NULL,
  text    TEXT   NOT NULL            -- masked
);
CREATE INDEX meeting_minute_meeting ON meeting_minute (meeting);
-- A task that a meeting gave. Its life is meeting_task_event; the row is kept from it.
CREATE TABLE meeting_task (
  id       BIGINT PRIMARY KEY,
  kind     TEXT   NOT NULL,          -- of the meetings to which it returns
  meeting  BIGINT NOT NULL REFERENCES meeting (id),
  what     TEXT   NOT NULL,          -- masked
  unit     TEXT   NOT NULL,
  person   BIGINT,
  until    TEXT   NOT NULL,          -- local day, included
  given_at BIGINT NOT NULL,
  state    TEXT   NOT NULL,          -- open, done, dropped
  seq      BIGINT NOT NULL,          -- its last event
  ended_at BIGINT                    -- when it was done or dropped
);
CREATE INDEX meeting_task_kind ON meeting_task (kind, state, until);
CREATE INDEX meeting_task_unit ON meeting_task (unit, state);
CREATE TABLE meeting_task_event (
  task  BIGINT NOT NULL REFERENCES meeting_task (id),
  seq   BIGINT NOT NULL,
  at    BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  unit  TEXT   NOT NULL,
  kind  TEXT   NOT NULL,
  data  TEXT   NOT NULL,
  PRIMARY KEY (task, seq)
);
-- +goose Down
DROP TABLE meeting_task_event;
DROP TABLE meeting_task;
DROP TABLE meeting_minute;
DROP TABLE meeting;
DROP INDEX report_to;
ALTER TABLE report_figure DROP COLUMN means;
ALTER TABLE report_figure DROP COLUMN unit;
