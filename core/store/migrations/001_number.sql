-- +goose Up
CREATE TABLE store_number (
  name TEXT PRIMARY KEY,
  next BIGINT NOT NULL
);
-- +goose Down
DROP TABLE store_number;
