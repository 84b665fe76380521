-- +goose Up
-- A cache of the events: the hash of what an item's source brought while the item was being
-- written here, until an editor takes it or puts it aside; '' nothing.
ALTER TABLE service_item ADD COLUMN offered TEXT NOT NULL DEFAULT '';
-- +goose Down
ALTER TABLE service_item DROP COLUMN offered;
