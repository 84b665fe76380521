-- +goose Up
-- Lists are read from an index in their own order; no deadline comes last.
DROP INDEX IF EXISTS matter_desk;
CREATE INDEX matter_desk ON matter (desk, (COALESCE(due_at, 4611686018427387904)), id) WHERE open;
CREATE INDEX matter_item ON matter (item, id);
CREATE INDEX matter_closed ON matter (closed_at) WHERE closed_at IS NOT NULL;
-- When the clocks that ran were recomputed under a version of a calendar.
ALTER TABLE calendar_version ADD COLUMN applied_at BIGINT;
-- +goose Down
ALTER TABLE calendar_version DROP COLUMN applied_at;
DROP INDEX matter_closed;
DROP INDEX matter_item;
DROP INDEX IF EXISTS matter_desk;
CREATE INDEX matter_desk ON matter (desk, due_at, id) WHERE open;
