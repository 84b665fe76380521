-- +goose Up
ALTER TABLE matter ADD COLUMN first_unit TEXT NOT NULL DEFAULT ''; -- who took it on first (首办单位)
ALTER TABLE matter ADD COLUMN asker TEXT NOT NULL DEFAULT '';      -- for which unit a sub-matter was opened
-- Carriers of which more follow an event than went along in its transaction.
CREATE TABLE matter_lead (
  matter BIGINT NOT NULL,
  seq    INT    NOT NULL,
  PRIMARY KEY (matter, seq)
);
-- What happened in a window of time, whatever it happened to.
CREATE INDEX matter_event_at ON matter_event (at);
-- What somebody has in hand, and had.
CREATE INDEX matter_assignee ON matter (assignee, closed_at) WHERE assignee IS NOT NULL;
-- +goose Down
DROP INDEX matter_assignee;
DROP INDEX matter_event_at;
DROP TABLE matter_lead;
ALTER TABLE matter DROP COLUMN asker;
ALTER TABLE matter DROP COLUMN first_unit;
