-- +goose Up
-- When a rating device was heard last: a message of its, taken or not.
ALTER TABLE service_rating_device ADD COLUMN heard_at BIGINT;
-- What a clerk recognises a phone of staff by (138****8000), and who added it.
ALTER TABLE service_staff_phone ADD COLUMN masked TEXT NOT NULL DEFAULT '';
ALTER TABLE service_staff_phone ADD COLUMN added_by BIGINT;
-- +goose Down
ALTER TABLE service_staff_phone DROP COLUMN added_by;
ALTER TABLE service_staff_phone DROP COLUMN masked;
ALTER TABLE service_rating_device DROP COLUMN heard_at;
