-- +goose Up
-- What was changed last is found without reading the whole register.
CREATE INDEX place_change_at ON place_change (at);
