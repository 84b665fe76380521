-- +goose Up
-- What an appeal says (诉求要素): one row each time it was read by the house or
-- corrected by a person, never changed. A version says some kinds; of each kind a
-- person's newest stands over every reading.
CREATE TABLE element_version (
  appeal BIGINT NOT NULL,
  seq    BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,                       -- none: read by the house
  unit   TEXT   NOT NULL,
  body   TEXT   NOT NULL,              -- JSON, masked: see ElementSet
  PRIMARY KEY (appeal, seq)
);
-- Enterprises and named places that appeals speak of: nodes of the graph. Made
-- from the elements; graph_remake asks for all of it to be made again.
CREATE TABLE graph_mention (
  matter BIGINT NOT NULL,
  kind   TEXT   NOT NULL,              -- enterprise, place
  key    TEXT   NOT NULL,              -- under which spellings of one name are one
  name   TEXT   NOT NULL,              -- as written
  PRIMARY KEY (matter, kind, key)
);
CREATE INDEX graph_mention_key ON graph_mention (kind, key, matter);
CREATE TABLE graph_remake (
  next BIGINT PRIMARY KEY              -- the last appeal that was looked at
);
INSERT INTO graph_remake (next) VALUES (0);
CREATE TABLE graph_made (
  rules BIGINT PRIMARY KEY             -- by which rules of naming it was made last
);
-- +goose Down
DROP TABLE graph_made;
DROP TABLE graph_remake;
DROP TABLE graph_mention;
DROP TABLE element_version;
