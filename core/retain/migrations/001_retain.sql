-- +goose Up
-- What is due to be destroyed, as the house listed it, and what somebody decided.
CREATE TABLE retain_batch (
  id        BIGINT PRIMARY KEY,
  kind      TEXT   NOT NULL,
  at        BIGINT NOT NULL,
  cutoff    BIGINT NOT NULL,           -- what ended before this is due
  n         BIGINT NOT NULL,
  state     TEXT   NOT NULL,           -- proposed, running, done, refused
  destroyed BIGINT NOT NULL,
  kept      BIGINT NOT NULL,           -- was not due any more, or held, when its turn came
  actor     BIGINT,                    -- who decided
  reason    TEXT   NOT NULL,
  ended_at  BIGINT
);
CREATE INDEX retain_batch_kind ON retain_batch (kind, id);
CREATE TABLE retain_item (
  batch BIGINT NOT NULL,
  key   TEXT   NOT NULL,               -- a reference, no personal data
  since BIGINT NOT NULL,               -- when it ended
  PRIMARY KEY (batch, key)
);
-- Matters in dispute or before a court: nothing of them is destroyed (保全).
CREATE TABLE retain_hold (
  id          BIGINT PRIMARY KEY,
  matter      BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  actor       BIGINT NOT NULL,
  reason      TEXT   NOT NULL,
  released_at BIGINT,
  released_by BIGINT,
  release     TEXT   NOT NULL
);
CREATE UNIQUE INDEX retain_hold_matter ON retain_hold (matter) WHERE released_at IS NULL;
-- +goose Down
DROP TABLE retain_hold;
DROP TABLE retain_item;
DROP TABLE retain_batch;
