-- +goose Up
-- Every form that a file of the pack had: what was in force, since when, by whom.
CREATE TABLE pack_version (
  id    BIGINT PRIMARY KEY,
  path  TEXT   NOT NULL,
  body  BYTEA  NOT NULL,
  hash  TEXT   NOT NULL,
  kind  TEXT   NOT NULL,   -- load, edit
  note  TEXT   NOT NULL,
  actor BIGINT,
  at    BIGINT NOT NULL
);
CREATE INDEX pack_version_path ON pack_version (path, id);
INSERT INTO pack_version (id, path, body, hash, kind, note, actor, at)
SELECT row_number() OVER (ORDER BY path), path, body, hash, 'load', '', NULL, changed_at FROM pack_file;
-- +goose Down
DROP TABLE pack_version;
