-- +goose Up
CREATE TABLE audit (
  id     BIGINT PRIMARY KEY,
  tx     BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,                -- account; NULL is the system itself
  unit   TEXT   NOT NULL,       -- the unit that the actor acted for
  action TEXT   NOT NULL,
  object TEXT   NOT NULL,       -- "matter/123"
  reason TEXT   NOT NULL,
  detail TEXT   NOT NULL,       -- JSON: references and masked text only
  hash   BYTEA  NOT NULL        -- SHA-256 of all of the above but tx
);
--:postgres CREATE INDEX audit_position ON audit (tx, id);
CREATE INDEX audit_object ON audit (object, id);
-- Ranges in commit order, sealed by the leader. The same heads are written,
-- signed, to a file outside the database.
CREATE TABLE audit_head (
  seq       BIGINT PRIMARY KEY,
  at        BIGINT NOT NULL,
  last_tx   BIGINT NOT NULL,
  last_id   BIGINT NOT NULL,
  size      BIGINT NOT NULL,    -- rows sealed so far, this range included
  root      BYTEA  NOT NULL,    -- Merkle root of the range's row hashes
  head      BYTEA  NOT NULL,    -- SHA-256(previous head, seq, size, last, root)
  signature BYTEA  NOT NULL     -- Ed25519 over head
);
-- +goose Down
DROP TABLE audit_head;
DROP TABLE audit;
