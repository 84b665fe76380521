-- +goose Up
-- What electronic supervision (电子监察) finds in cases: once each, with its evidence.
CREATE TABLE service_finding (
  id       BIGINT PRIMARY KEY,
  matter   BIGINT NOT NULL,           -- the case
  rule     TEXT   NOT NULL,
  mark     TEXT   NOT NULL,           -- which of the rule's: the clock, the event
  severity TEXT   NOT NULL,           -- note, yellow, red
  unit     TEXT   NOT NULL,
  officer  BIGINT,
  item     BIGINT NOT NULL,
  at       BIGINT NOT NULL,           -- when it happened
  found_at BIGINT NOT NULL,
  evidence TEXT   NOT NULL,           -- JSON
  state    TEXT   NOT NULL,           -- found, passed, dismissed; else that of its process
  process  BIGINT UNIQUE,             -- matter in which it is asked about
  actor    BIGINT,                    -- who dismissed it
  reason   TEXT   NOT NULL,
  ended_at BIGINT,
  UNIQUE (matter, rule, mark)
);
CREATE INDEX service_finding_state ON service_finding (state, id);
CREATE INDEX service_finding_unit ON service_finding (unit, id);
CREATE INDEX service_finding_found ON service_finding (found_at);
-- +goose Down
DROP TABLE service_finding;
