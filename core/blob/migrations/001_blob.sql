-- +goose Up
CREATE TABLE blob (
  id    TEXT   PRIMARY KEY,     -- 128 random bits: who knows it was shown it
  hash  BYTEA  NOT NULL,        -- SHA-256 of the content, which names the file
  size  BIGINT NOT NULL,
  type  TEXT   NOT NULL,
  owner BIGINT,                 -- account that brought it
  at    BIGINT NOT NULL
);
CREATE INDEX blob_hash ON blob (hash);
-- +goose Down
DROP TABLE blob;
