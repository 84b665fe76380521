-- +goose Up
-- City data that was handed in (检查入库): a file, what was found wrong with it, and what became of it.
CREATE TABLE cim_checkin (
  id         BIGINT PRIMARY KEY,
  name       TEXT   NOT NULL,   -- of the file
  size       BIGINT NOT NULL,
  hash       TEXT   NOT NULL,   -- SHA-256
  kept       BOOLEAN NOT NULL,  -- the file lies here still
  crs        TEXT   NOT NULL,   -- as it was given, '' where the file was to say it
  heights    TEXT   NOT NULL,
  layer      TEXT   NOT NULL,   -- what it is of: the objects of one layer replace each other
  source     TEXT   NOT NULL,   -- who surveyed or made it
  epoch      TEXT   NOT NULL,   -- the day that it shows
  state      TEXT   NOT NULL,   -- queued, checking, checked, failed, publishing, published, refused, withdrawn
  stage      TEXT   NOT NULL,   -- of the work: reading, judging, keeping
  done       BIGINT NOT NULL,
  total      BIGINT NOT NULL,
  report     TEXT   NOT NULL,   -- JSON, without its findings; '' before
  fault      TEXT   NOT NULL,   -- JSON, why it could not be read
  errors     INT    NOT NULL,
  warnings   INT    NOT NULL,
  notices    INT    NOT NULL,
  objects    INT    NOT NULL,   -- that could be published
  sound      INT    NOT NULL,   -- of these, without errors
  version    INT    NOT NULL,
  uploader   BIGINT,
  unit       TEXT   NOT NULL,
  at         BIGINT NOT NULL,
  checked_at BIGINT,
  decider    BIGINT,
  decided_at BIGINT,
  reason     TEXT   NOT NULL,
  added      INT    NOT NULL,   -- what publishing did
  changed    INT    NOT NULL,
  unchanged  INT    NOT NULL
);
CREATE INDEX cim_checkin_state ON cim_checkin (state, id);
CREATE TABLE cim_staged (
  checkin    BIGINT NOT NULL,
  number     INT    NOT NULL,
  kind       TEXT   NOT NULL,
  ext        TEXT   NOT NULL,   -- its identifier in the file
  code       TEXT   NOT NULL,   -- house code, '' none
  errors     INT    NOT NULL,
  west       DOUBLE PRECISION NOT NULL,
  south      DOUBLE PRECISION NOT NULL,
  east       DOUBLE PRECISION NOT NULL,
  north      DOUBLE PRECISION NOT NULL,
  low        DOUBLE PRECISION NOT NULL,
  high       DOUBLE PRECISION NOT NULL,
  attributes TEXT   NOT NULL,   -- JSON, texts masked
  shapes     TEXT   NOT NULL,   -- JSON, in WGS-84
  hash       TEXT   NOT NULL,   -- of both
  place      TEXT   NOT NULL,   -- in the file
  PRIMARY KEY (checkin, number)
)
--:sqlite WITHOUT ROWID
;
CREATE INDEX cim_staged_box ON cim_staged (checkin, west);
CREATE TABLE cim_finding (
  checkin  BIGINT NOT NULL,
  seq      INT    NOT NULL,
  code     TEXT   NOT NULL,
  severity TEXT   NOT NULL,
  object   TEXT   NOT NULL,
  number   INT    NOT NULL,     -- of the staged object, -1 none
  body     TEXT   NOT NULL,     -- JSON
  PRIMARY KEY (checkin, seq)
)
--:sqlite WITHOUT ROWID
;
CREATE INDEX cim_finding_code ON cim_finding (checkin, code, seq);
-- What was published, each as it was from a moment on; never edited.
CREATE TABLE cim_city_object (
  id         BIGINT PRIMARY KEY,
  layer      TEXT   NOT NULL,
  ext        TEXT   NOT NULL,
  kind       TEXT   NOT NULL,
  code       TEXT   NOT NULL,
  place      BIGINT,            -- in the register, by its code
  west       DOUBLE PRECISION NOT NULL,
  south      DOUBLE PRECISION NOT NULL,
  east       DOUBLE PRECISION NOT NULL,
  north      DOUBLE PRECISION NOT NULL,
  low        DOUBLE PRECISION NOT NULL,
  high       DOUBLE PRECISION NOT NULL,
  attributes TEXT   NOT NULL,
  shapes     TEXT   NOT NULL,
  hash       TEXT   NOT NULL,
  source     TEXT   NOT NULL,
  epoch      TEXT   NOT NULL,
  checkin    BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  until      BIGINT             -- when another took its place
);
CREATE INDEX cim_city_object_ext ON cim_city_object (layer, ext, until);
CREATE INDEX cim_city_object_code ON cim_city_object (code, until);
CREATE INDEX cim_city_object_checkin ON cim_city_object (checkin, id);
-- What changed in the city model, as the change log of 3DCityDB has it.
CREATE TABLE cim_city_change (
  id      BIGINT PRIMARY KEY,
  object  BIGINT NOT NULL,
  layer   TEXT   NOT NULL,
  ext     TEXT   NOT NULL,
  kind    TEXT   NOT NULL,      -- insert, update
  before  BIGINT,               -- the object that it took the place of
  checkin BIGINT NOT NULL,
  actor   BIGINT,
  reason  TEXT   NOT NULL,
  at      BIGINT NOT NULL
);
CREATE INDEX cim_city_change_object ON cim_city_change (layer, ext, id);
