-- +goose Up
CREATE TABLE store_number (
  name TEXT PRIMARY KEY,
  next BIGINT NOT NULL
);
CREATE TABLE store_lease (
  name   TEXT   PRIMARY KEY,
  holder TEXT   NOT NULL,
  until  BIGINT NOT NULL
);
-- +goose Down
DROP TABLE store_lease;
DROP TABLE store_number;
