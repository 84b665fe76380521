-- +goose Up
-- What was checked in lands among the things, pipes and grids: which object of a layer became what.
ALTER TABLE cim_staged ADD COLUMN parent TEXT NOT NULL DEFAULT '';
ALTER TABLE cim_city_object ADD COLUMN parent TEXT NOT NULL DEFAULT '';
CREATE INDEX cim_city_object_parent ON cim_city_object (layer, parent);
CREATE TABLE cim_landed (
  layer  TEXT   NOT NULL,   -- of the check-in
  ext    TEXT   NOT NULL,
  part   INT    NOT NULL,   -- of a pipe that bends: its stretches; else 0
  object BIGINT NOT NULL,   -- of cim_city_object, as which it landed last
  target TEXT   NOT NULL,   -- layer of the catalogue, '' where nothing draws it
  thing  BIGINT NOT NULL,   -- of cim_thing, cim_pipe or cim_well; 0 none
  cell   BIGINT NOT NULL,   -- of a pipe or a well
  source TEXT   NOT NULL,
  epoch  TEXT   NOT NULL,
  note   TEXT   NOT NULL,   -- why nothing draws it
  PRIMARY KEY (layer, ext, part)
)
--:sqlite WITHOUT ROWID
;
CREATE INDEX cim_landed_thing ON cim_landed (thing);
-- The heights of a grid that waits to be published.
CREATE TABLE cim_staged_grid (
  checkin BIGINT NOT NULL,
  ext     TEXT   NOT NULL,
  west    DOUBLE PRECISION NOT NULL,
  south   DOUBLE PRECISION NOT NULL,
  step    DOUBLE PRECISION NOT NULL,
  columns INT    NOT NULL,
  rows    INT    NOT NULL,
  heights BYTEA  NOT NULL,
  PRIMARY KEY (checkin, ext)
);
-- What files have given to a layer: of whom, of which day.
CREATE TABLE cim_layer_source (
  code   TEXT   NOT NULL,
  source TEXT   NOT NULL,
  epoch  TEXT   NOT NULL,
  things BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (code, source, epoch)
);
-- Shapes have days. What was one before another took its place, or before it was retired, is here;
-- it is no more drawn and never edited.
ALTER TABLE cim_thing ADD COLUMN since TEXT NOT NULL DEFAULT '';
CREATE TABLE cim_thing_past (
  thing  BIGINT NOT NULL,
  seq    INT    NOT NULL,
  layer  INT    NOT NULL,
  code   TEXT   NOT NULL,
  class  TEXT   NOT NULL,
  name   TEXT   NOT NULL,
  low    DOUBLE PRECISION NOT NULL,
  high   DOUBLE PRECISION NOT NULL,
  shape  BYTEA  NOT NULL,
  detail TEXT   NOT NULL,
  source TEXT   NOT NULL,
  since  TEXT   NOT NULL,   -- '' as long as it is known
  until  TEXT   NOT NULL,   -- first day no more
  deep   BOOLEAN NOT NULL,
  body   BYTEA,
  PRIMARY KEY (thing, seq)
);
