-- +goose Up
-- 委托: a role that somebody exercises for another for a while.
CREATE TABLE delegation (
  id       BIGINT PRIMARY KEY,
  giver    BIGINT NOT NULL,
  taker    BIGINT NOT NULL,
  role     TEXT   NOT NULL,
  unit     TEXT   NOT NULL,
  since    BIGINT NOT NULL,
  until    BIGINT NOT NULL,
  reason   TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX delegation_taker ON delegation (taker, until);
CREATE INDEX delegation_giver ON delegation (giver, until);
-- 值班与请假: who is on duty at which desk, and who is away.
CREATE TABLE shift (
  id       BIGINT PRIMARY KEY,
  account  BIGINT NOT NULL,
  kind     TEXT   NOT NULL,          -- duty, leave
  role     TEXT   NOT NULL,          -- "" of a leave
  unit     TEXT   NOT NULL,
  since    BIGINT NOT NULL,
  until    BIGINT NOT NULL,
  note     TEXT   NOT NULL,
  actor    BIGINT,
  ended_at BIGINT
);
CREATE INDEX shift_unit ON shift (unit, until);
CREATE INDEX shift_account ON shift (account, until);
-- 技能组: what somebody is good at: the beginning of a duty item's code.
CREATE TABLE skill (
  account BIGINT NOT NULL,
  item    TEXT   NOT NULL,
  PRIMARY KEY (account, item)
);
-- +goose Down
DROP TABLE skill;
DROP TABLE shift;
DROP TABLE delegation;
