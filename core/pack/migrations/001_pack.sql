-- +goose Up
-- The files of the district's pack as they are in force. After the first load
-- these are the truth: what is edited in the browser is edited here.
CREATE TABLE pack_file (
  path       TEXT PRIMARY KEY,
  body       BYTEA  NOT NULL,
  base       TEXT   NOT NULL,   -- hash of the body that the pack brought
  hash       TEXT   NOT NULL,   -- of the body as it is now
  changed_at BIGINT NOT NULL
);
CREATE TABLE pack_load (
  id        BIGINT PRIMARY KEY,
  pack      TEXT   NOT NULL,
  version   TEXT   NOT NULL,
  loaded_at BIGINT NOT NULL,
  actor     BIGINT,
  changes   TEXT   NOT NULL     -- JSON: the difference that was loaded
);
-- +goose Down
DROP TABLE pack_load;
DROP TABLE pack_file;
