-- +goose Up
-- Replies that wait to be judged (形式办结).
CREATE TABLE closing_due (
  matter BIGINT PRIMARY KEY,
  at     BIGINT NOT NULL
);
-- Judgments of replies: one row each time one was made. The newest of a reply
-- counts; none is changed.
CREATE TABLE closing_judgment (
  id         BIGINT PRIMARY KEY,
  matter     BIGINT NOT NULL,
  replied_at BIGINT NOT NULL,       -- of the reply that it judges
  at         BIGINT NOT NULL,
  unit       TEXT   NOT NULL,
  item       TEXT   NOT NULL,
  score      INT    NOT NULL,
  verdict    TEXT   NOT NULL,       -- pass, second_look, block
  codes      TEXT   NOT NULL,       -- of its signals, each between spaces
  judgment   TEXT   NOT NULL        -- JSON: signals with their evidence
);
CREATE INDEX closing_judgment_matter ON closing_judgment (matter, id);
CREATE INDEX closing_judgment_at ON closing_judgment (at, score);
-- A unit's objections (申诉) to judgments, and the decisions: one row a step.
CREATE TABLE closing_objection (
  id         BIGINT PRIMARY KEY,
  matter     BIGINT NOT NULL,
  judgment   BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  step       TEXT   NOT NULL,       -- object, uphold, overrule
  account    BIGINT NOT NULL,
  unit       TEXT   NOT NULL,
  reason     TEXT   NOT NULL
);
CREATE INDEX closing_objection_judgment ON closing_objection (judgment, id);
-- What is known of the photos of replies: to find one that is used again.
CREATE TABLE closing_photo (
  blob    TEXT   NOT NULL,
  matter  BIGINT NOT NULL,
  hash    TEXT   NOT NULL,          -- SHA-256 of the content
  print   TEXT   NOT NULL,          -- perceptual; "" where it says nothing
  taken   BIGINT,                   -- as the photo says
  lon     DOUBLE PRECISION,
  lat     DOUBLE PRECISION,
  PRIMARY KEY (blob, matter)
);
CREATE INDEX closing_photo_hash ON closing_photo (hash);
CREATE INDEX closing_photo_print ON closing_photo (print) WHERE print <> '';
-- Closed matters that are looked at again (回头看), and what was found.
CREATE TABLE closing_look (
  id       BIGINT PRIMARY KEY,
  matter   BIGINT NOT NULL,
  day      TEXT   NOT NULL,         -- local day of the closing that it was drawn from
  why      TEXT   NOT NULL,         -- sample, verdict
  drawn_at BIGINT NOT NULL,
  due_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX closing_look_matter ON closing_look (matter, day);
CREATE INDEX closing_look_due ON closing_look (due_at, id);
CREATE TABLE closing_finding (
  look    BIGINT PRIMARY KEY,
  at      BIGINT NOT NULL,
  account BIGINT NOT NULL,
  finding TEXT   NOT NULL,          -- real, formal, recurred
  note    TEXT   NOT NULL,
  files   TEXT   NOT NULL
);
-- +goose Down
DROP TABLE closing_finding;
DROP TABLE closing_look;
DROP TABLE closing_photo;
DROP TABLE closing_objection;
DROP TABLE closing_judgment;
DROP TABLE closing_due;
