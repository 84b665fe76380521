-- +goose Up
-- What is told of a stuck case or a help task beside its matter.
CREATE TABLE hall_matter (
  id     BIGINT PRIMARY KEY,
  flow   TEXT   NOT NULL,
  hall   TEXT   NOT NULL,
  scope  TEXT   NOT NULL,
  item   TEXT   NOT NULL,
  text   TEXT   NOT NULL,            -- masked
  ticket BIGINT,
  cause  TEXT   NOT NULL,            -- root cause, once verified
  fix    TEXT   NOT NULL,
  at     BIGINT NOT NULL
);
CREATE INDEX hall_matter_flow ON hall_matter (flow, at);
-- Who asked for what the stuck-case window does not take, and was told where to go: no case.
CREATE TABLE hall_guidance (
  id    BIGINT PRIMARY KEY,
  hall  TEXT   NOT NULL,
  scope TEXT   NOT NULL,
  actor BIGINT NOT NULL,
  at    BIGINT NOT NULL
);
-- 否定答复: every "no" said at a window.
CREATE TABLE hall_refusal (
  id     BIGINT PRIMARY KEY,
  hall   TEXT   NOT NULL,
  window_code TEXT NOT NULL,
  ticket BIGINT,
  kind   TEXT   NOT NULL,
  said   TEXT   NOT NULL,            -- masked
  basis  TEXT   NOT NULL,
  actor  BIGINT NOT NULL,
  at     BIGINT NOT NULL
);
CREATE INDEX hall_refusal_hall ON hall_refusal (hall, id);
-- What the stuck-case clerk made of it: the last holds.
CREATE TABLE hall_refusal_look (
  id      BIGINT PRIMARY KEY,
  refusal BIGINT NOT NULL,
  verdict TEXT   NOT NULL,           -- right, wrong
  note    TEXT   NOT NULL,
  stuck   BIGINT,
  actor   BIGINT NOT NULL,
  at      BIGINT NOT NULL
);
CREATE INDEX hall_refusal_look_of ON hall_refusal_look (refusal, id);
-- +goose Down
DROP TABLE hall_refusal_look;
DROP TABLE hall_refusal;
DROP TABLE hall_guidance;
DROP TABLE hall_matter;
