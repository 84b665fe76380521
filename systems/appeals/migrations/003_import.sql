-- +goose Up
-- Imports of files: what came of each, and how far it is.
CREATE TABLE import_run (
  id           BIGINT PRIMARY KEY,
  profile      TEXT   NOT NULL,
  profile_hash TEXT   NOT NULL,
  body         TEXT   NOT NULL,      -- the profile as it was then, YAML
  source       TEXT   NOT NULL,
  origin       TEXT   NOT NULL,      -- file: on the command line; upload: kept here, sealed
  file_hash    TEXT   NOT NULL,      -- SHA-256
  file_size    BIGINT NOT NULL,
  kept         BOOLEAN NOT NULL,     -- the upload lies here, sealed
  state        TEXT   NOT NULL,      -- draft, queued, running, done, failed, cancelled
  total        BIGINT NOT NULL,      -- rows of the file, once it was checked
  line         BIGINT NOT NULL,      -- up to which it is done
  rows_read    BIGINT NOT NULL,      -- = imported + present + refused
  imported     BIGINT NOT NULL,
  present      BIGINT NOT NULL,
  refused      BIGINT NOT NULL,
  notes        TEXT   NOT NULL,      -- JSON: counts of what was odd and was not refused
  error        TEXT   NOT NULL,
  holder       TEXT   NOT NULL,      -- the process that carries it out
  held_until   BIGINT,
  started_by   BIGINT,
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL,
  ended_at     BIGINT
);
CREATE INDEX import_run_file ON import_run (file_hash, profile_hash);
CREATE INDEX import_run_waiting ON import_run (id) WHERE state IN ('queued', 'running');
-- Why a row was refused. Its content stays in the file.
CREATE TABLE import_refusal (
  run   BIGINT NOT NULL,
  line  BIGINT NOT NULL,
  code  TEXT   NOT NULL,
  field TEXT   NOT NULL,
  PRIMARY KEY (run, line)
);
-- Sources that appeals were brought from. Its row is held by whoever writes
-- appeals of it, so that two imports of one source do not meet.
CREATE TABLE import_source (
  source   TEXT   PRIMARY KEY,
  imported BIGINT NOT NULL,
  ours     BIGINT NOT NULL           -- of them, those of this district
);
-- Who an appellant of a source is here, by keyed hash of what the source calls them.
CREATE TABLE import_appellant (
  digest BYTEA  PRIMARY KEY,
  person BIGINT NOT NULL
);
-- Profiles made here, beside those that the program carries.
CREATE TABLE import_profile (
  name       TEXT   PRIMARY KEY,
  body       TEXT   NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by BIGINT
);
-- What people here decided about units that a source spells several ways.
CREATE TABLE asserted_unit_alias (
  source     TEXT   NOT NULL,
  name       TEXT   NOT NULL,        -- as the source spells it
  canonical  TEXT   NOT NULL,        -- the spelling under which it is counted
  unit       TEXT   NOT NULL,        -- the unit of ours that it is, or ''
  accepted   BOOLEAN NOT NULL,       -- false: they are not the same
  decided_by BIGINT,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (source, name)
);
-- Categories of a source (分类体系).
CREATE TABLE asserted_category (
  source TEXT NOT NULL,
  l1     TEXT NOT NULL,
  l2     TEXT NOT NULL,
  l3     TEXT NOT NULL,
  PRIMARY KEY (source, l1, l2, l3)
);
CREATE INDEX appeal_asserted_unit ON appeal (source, asserted_unit) WHERE asserted_unit <> '';
-- +goose Down
DROP INDEX appeal_asserted_unit;
DROP TABLE asserted_category;
DROP TABLE asserted_unit_alias;
DROP TABLE import_profile;
DROP TABLE import_appellant;
DROP TABLE import_source;
DROP TABLE import_refusal;
DROP TABLE import_run;
