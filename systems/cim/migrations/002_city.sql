-- +goose Up
-- What is drawn of the city, by layer: where it came from and when.
CREATE TABLE cim_layer (
  code      TEXT    PRIMARY KEY,
  source    TEXT    NOT NULL,   -- simulated, or of whom
  epoch     TEXT    NOT NULL,   -- day of what it shows
  synthetic BOOLEAN NOT NULL,
  seq       BIGINT  NOT NULL,   -- changes so far
  things    BIGINT  NOT NULL,
  at        BIGINT  NOT NULL
);
-- What has a shape: buildings (by their key of the register), roads, parcels, cameras …
CREATE TABLE cim_thing (
  id     BIGINT PRIMARY KEY,
  layer  INT    NOT NULL,
  code   TEXT   NOT NULL,
  class  TEXT   NOT NULL,   -- use of a building or parcel, class of a road or camera
  name   TEXT   NOT NULL,
  west   DOUBLE PRECISION NOT NULL,
  south  DOUBLE PRECISION NOT NULL,
  east   DOUBLE PRECISION NOT NULL,
  north  DOUBLE PRECISION NOT NULL,
  low    DOUBLE PRECISION NOT NULL,   -- metres above the layer's zero
  high   DOUBLE PRECISION NOT NULL,
  shape  BYTEA  NOT NULL,   -- WKB, WGS-84
  detail TEXT   NOT NULL,   -- JSON
  source TEXT   NOT NULL,
  seq    INT    NOT NULL
);
CREATE UNIQUE INDEX cim_thing_code ON cim_thing (layer, code);
--:sqlite CREATE VIRTUAL TABLE cim_thing_box USING rtree (id, west, east, south, north, layer, above);
--:postgres -- +goose StatementBegin
--:postgres DO $$ BEGIN
--:postgres   BEGIN
--:postgres     IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'postgis') THEN CREATE EXTENSION IF NOT EXISTS postgis; END IF;
--:postgres   EXCEPTION WHEN insufficient_privilege THEN NULL;
--:postgres   END;
--:postgres   IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'postgis') THEN
--:postgres     ALTER TABLE cim_thing ADD COLUMN geom geometry(Geometry, 4326) GENERATED ALWAYS AS (ST_GeomFromWKB(shape, 4326)) STORED;
--:postgres   ELSE
--:postgres     ALTER TABLE cim_thing ADD COLUMN geom box GENERATED ALWAYS AS (box(point(east, north), point(west, south))) STORED;
--:postgres   END IF;
--:postgres   CREATE INDEX cim_thing_geom ON cim_thing USING gist (geom);
--:postgres END $$;
--:postgres -- +goose StatementEnd
-- What a building is made of, as far as it is known: its solids, floors and units.
CREATE TABLE cim_body (
  thing BIGINT  PRIMARY KEY,
  deep  BOOLEAN NOT NULL,   -- floors and units are known (分层分户)
  body  BYTEA   NOT NULL
);
-- What was changed of a shape by hand. Never edited.
CREATE TABLE cim_thing_event (
  thing  BIGINT NOT NULL,
  seq    INT    NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,
  kind   TEXT   NOT NULL,   -- put, body
  reason TEXT   NOT NULL,
  after  TEXT   NOT NULL,   -- JSON
  PRIMARY KEY (thing, seq)
)
--:sqlite WITHOUT ROWID
;
-- Pipes and wells lie thick and are short: they are kept by cells of some 200 metres,
-- which is their order on the disk.
CREATE TABLE cim_well (
  cell   BIGINT NOT NULL,
  id     BIGINT NOT NULL,
  class  TEXT   NOT NULL,   -- JS, YS, WS (CJJ 61)
  kind   TEXT   NOT NULL,
  lon    DOUBLE PRECISION NOT NULL,
  lat    DOUBLE PRECISION NOT NULL,
  ground DOUBLE PRECISION NOT NULL,
  bottom DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (cell, id)
)
--:sqlite WITHOUT ROWID
;
CREATE TABLE cim_pipe (
  cell     BIGINT NOT NULL,
  id       BIGINT NOT NULL,
  class    TEXT   NOT NULL,
  a        BIGINT NOT NULL,   -- wells
  b        BIGINT NOT NULL,
  a_lon    DOUBLE PRECISION NOT NULL,
  a_lat    DOUBLE PRECISION NOT NULL,
  b_lon    DOUBLE PRECISION NOT NULL,
  b_lat    DOUBLE PRECISION NOT NULL,
  a_z      DOUBLE PRECISION NOT NULL,   -- of its lowest inner point (管底), metres
  b_z      DOUBLE PRECISION NOT NULL,
  diameter DOUBLE PRECISION NOT NULL,   -- metres
  material TEXT   NOT NULL,
  year     INT    NOT NULL,
  own      BOOLEAN NOT NULL,            -- a house's own, along no road
  PRIMARY KEY (cell, id)
)
--:sqlite WITHOUT ROWID
;
-- Heights of the ground in rows from the south, west to east.
CREATE TABLE cim_grid (
  layer   TEXT   PRIMARY KEY,
  west    DOUBLE PRECISION NOT NULL,
  south   DOUBLE PRECISION NOT NULL,
  step    DOUBLE PRECISION NOT NULL,   -- degrees
  columns INT    NOT NULL,
  rows    INT    NOT NULL,
  heights BYTEA  NOT NULL,             -- int16 of decimetres, little-endian, compressed
  source  TEXT   NOT NULL,
  at      BIGINT NOT NULL
);
-- A body that is being loaded, and how far it is.
CREATE TABLE cim_load (
  id      BIGINT PRIMARY KEY,   -- pipes and wells have keys that follow from it
  name    TEXT   NOT NULL,
  plan    TEXT   NOT NULL,      -- JSON: what is loaded; a load goes on with the same
  step    TEXT   NOT NULL,
  at_item INT    NOT NULL,      -- of the step
  done    BIGINT NOT NULL,
  total   BIGINT NOT NULL,
  began   BIGINT NOT NULL,
  ended   BIGINT
);
-- Tilesets (瓦片集), version by version. A file of a version is the newest that is no younger.
CREATE TABLE cim_tileset (
  code    TEXT   PRIMARY KEY,
  version INT    NOT NULL,   -- in force; 0 none
  last    INT    NOT NULL
);
CREATE TABLE cim_tileset_version (
  tileset   TEXT    NOT NULL,
  version   INT     NOT NULL,
  state     TEXT    NOT NULL,   -- proposed, published, superseded, rejected
  whole     BOOLEAN NOT NULL,   -- it has all files, and none from before
  files     INT     NOT NULL,
  bytes     BIGINT  NOT NULL,   -- of its own files, as they are sent
  features  BIGINT  NOT NULL,
  epoch     TEXT    NOT NULL,
  synthetic BOOLEAN NOT NULL,
  stamp     TEXT    NOT NULL,   -- of the layers that it was made of
  reason    TEXT    NOT NULL,
  actor     BIGINT,
  at        BIGINT  NOT NULL,
  decider   BIGINT,
  decided   BIGINT,
  PRIMARY KEY (tileset, version)
)
--:sqlite WITHOUT ROWID
;
CREATE TABLE cim_tile (
  tileset TEXT   NOT NULL,
  name    TEXT   NOT NULL,
  version INT    NOT NULL,
  pack    TEXT   NOT NULL,   -- where it lies in the place of files; '' it is no more
  at_byte BIGINT NOT NULL,
  size    BIGINT NOT NULL,
  plain   BOOLEAN NOT NULL,  -- not compressed
  etag    TEXT   NOT NULL,
  PRIMARY KEY (tileset, name, version)
)
--:sqlite WITHOUT ROWID
;
CREATE INDEX cim_tile_version ON cim_tile (tileset, version);
