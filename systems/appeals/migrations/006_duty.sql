-- +goose Up
-- Versions of the duty list (职责清单). What is published never changes; a draft
-- is changed until it is.
DROP TABLE duty_list;
CREATE TABLE duty_version (
  id           BIGINT PRIMARY KEY,
  name         TEXT   NOT NULL,
  note         TEXT   NOT NULL,
  state        TEXT   NOT NULL,     -- draft, published, withdrawn
  origin       TEXT   NOT NULL,     -- pack, upload, copy
  parent       BIGINT,              -- the version that it was made from
  hash         TEXT   NOT NULL,     -- of its content
  pack_hash    TEXT   NOT NULL,     -- of the pack's files that it was made from, or ''
  items        BYTEA  NOT NULL,     -- CSV, gzip
  rules        BYTEA  NOT NULL,
  item_count   INT    NOT NULL,
  rule_count   INT    NOT NULL,
  in_force     BIGINT,              -- from when on
  created_at   BIGINT NOT NULL,
  created_by   BIGINT,
  changed_at   BIGINT NOT NULL,
  published_at BIGINT,
  published_by BIGINT
);
CREATE UNIQUE INDEX duty_version_in_force ON duty_version (in_force) WHERE state = 'published';
-- +goose Down
DROP TABLE duty_version;
CREATE TABLE duty_list (version TEXT PRIMARY KEY, status TEXT NOT NULL, items BYTEA NOT NULL, rules BYTEA NOT NULL, note TEXT NOT NULL, created_at BIGINT NOT NULL, created_by BIGINT, published_at BIGINT);
