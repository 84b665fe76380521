-- +goose Up
-- Work of every night: when it is due next. A night that was missed is caught
-- up when the house is open again.
CREATE TABLE job_night (
  name   TEXT   PRIMARY KEY,
  due_at BIGINT NOT NULL,
  ran_at BIGINT,
  took   BIGINT,              -- microseconds
  result TEXT   NOT NULL      -- what it did, or its error
);
-- +goose Down
DROP TABLE job_night;
