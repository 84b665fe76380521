-- +goose Up
-- Indexes that a bulk load has dropped and will make again.
CREATE TABLE store_dropped (
  name TEXT PRIMARY KEY,
  sql  TEXT NOT NULL
);
-- +goose Down
DROP TABLE store_dropped;
