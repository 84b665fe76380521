-- +goose Up
-- Storyboards (情景): views of the city with captions, kept in order by a unit.
CREATE TABLE cim_storyboard (
  id      BIGINT  PRIMARY KEY,
  unit    TEXT    NOT NULL,
  title   TEXT    NOT NULL,
  shared  BOOLEAN NOT NULL,   -- all staff may play it
  shots   TEXT    NOT NULL,   -- JSON
  version INT     NOT NULL,
  author  BIGINT  NOT NULL,   -- of the last change
  at      BIGINT  NOT NULL
);
CREATE INDEX cim_storyboard_unit ON cim_storyboard (unit, at);
