-- +goose Up
-- Every text of a pack that ever decided, by its hash.
CREATE TABLE decision_pack (
  hash     TEXT   PRIMARY KEY,       -- SHA-256
  pack     TEXT   NOT NULL,
  body     TEXT   NOT NULL,
  first_at BIGINT NOT NULL
);
-- Decisions (决定), never changed. The facts and the trace lie sealed under the key of
-- the person whom they are about; what stands here says nothing of them.
CREATE TABLE decision (
  id         BIGINT PRIMARY KEY,
  at         BIGINT NOT NULL,        -- when it was made
  applied_at BIGINT NOT NULL,        -- the moment as of which it judges
  zone       TEXT   NOT NULL,
  object     TEXT   NOT NULL,        -- what it decides, "matter/123"; "" when it was tried
  pack       TEXT   NOT NULL,
  pack_hash  TEXT   NOT NULL,
  engine     TEXT   NOT NULL,
  outcome    TEXT   NOT NULL,        -- approve, supplement, human
  facts_hash TEXT   NOT NULL,        -- SHA-256 of the facts as they were fetched
  trace_hash TEXT   NOT NULL,        -- and of the decision with its trace
  person     BIGINT NOT NULL,
  facts      BIGINT NOT NULL,        -- vault texts
  trace      BIGINT NOT NULL
);
CREATE INDEX decision_pack_at ON decision (pack, at);
CREATE INDEX decision_object ON decision (object) WHERE object <> '';
-- +goose Down
DROP TABLE decision;
DROP TABLE decision_pack;
