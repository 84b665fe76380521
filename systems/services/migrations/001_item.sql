-- +goose Up
-- Service items (政务服务事项): who they are, and how the newest version stands.
CREATE TABLE service_item (
  id         BIGINT PRIMARY KEY,
  source     TEXT   NOT NULL,        -- "" when made here
  key        TEXT   NOT NULL,        -- the source's own
  version    INT    NOT NULL,
  state      TEXT   NOT NULL,        -- draft, checked, published, retired
  hash       TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  type       TEXT   NOT NULL,
  department TEXT   NOT NULL,
  region     TEXT   NOT NULL,
  code       TEXT   NOT NULL,
  online     BOOLEAN,
  score      INT    NOT NULL,
  saved      INT,                    -- days between law and promise
  changed_at BIGINT NOT NULL,
  UNIQUE (source, key)
);
CREATE INDEX service_item_department ON service_item (department, id);
CREATE INDEX service_item_type ON service_item (type, id);
CREATE INDEX service_item_code ON service_item (code) WHERE code <> '';
-- Its versions. What was published is never changed.
CREATE TABLE service_item_version (
  item     BIGINT NOT NULL,
  version  INT    NOT NULL,
  hash     TEXT   NOT NULL,
  elements TEXT   NOT NULL,          -- JSON
  at       BIGINT NOT NULL,
  by       BIGINT,                   -- none: an import
  origin   TEXT   NOT NULL,          -- SHA-256 of the file that it came from, or ''
  PRIMARY KEY (item, version)
)
--:sqlite WITHOUT ROWID
;
--:sqlite CREATE VIRTUAL TABLE service_item_search USING fts5(tokens, content='', contentless_delete=1, tokenize="ascii", detail=none);
--:postgres CREATE TABLE service_item_search (rowid BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL);
--:postgres CREATE INDEX service_item_search_tokens ON service_item_search USING GIN (tokens);
-- +goose Down
DROP TABLE service_item_search;
DROP TABLE service_item_version;
DROP TABLE service_item;
