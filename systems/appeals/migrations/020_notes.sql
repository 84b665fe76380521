-- +goose Up
-- Internal notes (内部备注). None is ever changed: a note is corrected by another.
CREATE TABLE appeal_note (
  id       BIGINT PRIMARY KEY,
  appeal   BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  actor    BIGINT NOT NULL,
  unit     TEXT   NOT NULL,
  text     TEXT   NOT NULL,          -- masked
  corrects BIGINT UNIQUE             -- the note that it corrects
);
CREATE INDEX appeal_note_appeal ON appeal_note (appeal, id);
-- Whom a note asks to look (@): a person or a unit.
CREATE TABLE appeal_mention (
  note    BIGINT NOT NULL REFERENCES appeal_note (id),
  account BIGINT NOT NULL,           -- 0 where it is a unit
  unit    TEXT   NOT NULL,           -- '' where it is a person
  PRIMARY KEY (note, account, unit)
);
-- Who is told what becomes of an appeal (关注). It gives no right to see it.
CREATE TABLE appeal_watch (
  account BIGINT NOT NULL,
  appeal  BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (account, appeal)
);
CREATE INDEX appeal_watch_appeal ON appeal_watch (appeal);
-- Appointments (预约) as the appeal's events made them.
CREATE TABLE appeal_appointment (
  appeal    BIGINT NOT NULL,
  n         INT    NOT NULL,
  actor     BIGINT,                  -- who made it
  how       TEXT   NOT NULL,         -- visit, office, phone
  starts_at BIGINT NOT NULL,
  ends_at   BIGINT NOT NULL,
  place     TEXT   NOT NULL,         -- masked
  purpose   TEXT   NOT NULL,         -- masked
  moved     INT    NOT NULL,         -- how often
  outcome   TEXT   NOT NULL,         -- kept, citizen, unit, cancelled; "" while it is to come
  remind_at BIGINT,                  -- none: nothing to remind of any more
  PRIMARY KEY (appeal, n)
);
CREATE INDEX appeal_appointment_remind ON appeal_appointment (remind_at) WHERE remind_at IS NOT NULL;
-- +goose Down
DROP TABLE appeal_appointment;
DROP TABLE appeal_watch;
DROP TABLE appeal_mention;
DROP TABLE appeal_note;
