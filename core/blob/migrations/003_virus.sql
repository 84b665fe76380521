-- +goose Up
-- Files that were refused since they carry a virus. Their content is not kept.
CREATE TABLE blob_virus (
  id    BIGINT PRIMARY KEY,
  hash  BYTEA  NOT NULL,              -- SHA-256
  size  BIGINT NOT NULL,
  type  TEXT   NOT NULL,
  owner BIGINT NOT NULL,
  at    BIGINT NOT NULL,
  found TEXT   NOT NULL               -- as the scanner calls it
);

-- +goose Down
DROP TABLE blob_virus;
