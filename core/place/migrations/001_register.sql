-- +goose Up
-- What has a code: a division, a building, a floor, a room, as its changes make it.
CREATE TABLE place_object (
  id     BIGINT PRIMARY KEY,
  kind   TEXT   NOT NULL,   -- community, grid, building, floor, unit
  parent BIGINT,
  name   TEXT   NOT NULL,
  state  TEXT   NOT NULL,
  since  TEXT   NOT NULL,   -- first day, 2026-11-27
  until  TEXT   NOT NULL,   -- first day no more; '' while it stands
  seq    INT    NOT NULL,   -- changes so far
  day    TEXT   NOT NULL,   -- of the last
  sort   BIGINT NOT NULL,   -- among its neighbours: of a floor its number
  detail TEXT   NOT NULL    -- JSON
);
CREATE INDEX place_object_parent ON place_object (parent, sort, id);
CREATE INDEX place_object_kind ON place_object (kind, id);
-- Codes, scheme by scheme, each with its days.
CREATE TABLE place_code (
  scheme TEXT   NOT NULL,
  value  TEXT   NOT NULL,
  since  TEXT   NOT NULL,
  until  TEXT   NOT NULL,
  object BIGINT NOT NULL,
  PRIMARY KEY (scheme, value, since)
);
CREATE INDEX place_code_object ON place_code (object, scheme, since);
-- What happened to it. Never edited; each holds what the object was after it.
CREATE TABLE place_change (
  object BIGINT NOT NULL,
  seq    INT    NOT NULL,
  day    TEXT   NOT NULL,   -- from which it holds
  at     BIGINT NOT NULL,   -- when it was recorded
  actor  BIGINT,
  kind   TEXT   NOT NULL,   -- create, edit, renumber, split, merge, adopt, retire
  reason TEXT   NOT NULL,
  after  TEXT   NOT NULL,   -- JSON
  PRIMARY KEY (object, seq)
)
--:sqlite WITHOUT ROWID
;
-- What became of what no longer stands.
CREATE TABLE place_heir (
  object BIGINT NOT NULL,
  heir   BIGINT NOT NULL,
  day    TEXT   NOT NULL,
  PRIMARY KEY (object, heir)
)
--:sqlite WITHOUT ROWID
;
CREATE INDEX place_heir_heir ON place_heir (heir);
-- Other names and ways to write an address.
CREATE TABLE place_alias (
  object BIGINT NOT NULL,
  form   TEXT   NOT NULL,   -- as it is compared
  name   TEXT   NOT NULL,   -- as it was written
  source TEXT   NOT NULL,   -- register, review
  at     BIGINT NOT NULL,
  actor  BIGINT,
  until  BIGINT,            -- when it was withdrawn
  PRIMARY KEY (object, form)
)
--:sqlite WITHOUT ROWID
;
CREATE INDEX place_alias_form ON place_alias (form);
-- Who and what is linked to it.
CREATE TABLE place_link (
  id         BIGINT PRIMARY KEY,
  object     BIGINT NOT NULL,
  party_kind TEXT   NOT NULL,   -- person, enterprise, house, matter
  party      TEXT   NOT NULL,   -- reference: of the vault, USCC, an object, a matter
  role       TEXT   NOT NULL,
  label      TEXT   NOT NULL,   -- masked, what a screen shows
  source     TEXT   NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  since      TEXT   NOT NULL,
  until      TEXT   NOT NULL,   -- '' while it holds
  seq        INT    NOT NULL
);
CREATE INDEX place_link_object ON place_link (object, party_kind, since);
CREATE INDEX place_link_party ON place_link (party_kind, party, since);
CREATE TABLE place_link_event (
  link   BIGINT NOT NULL,
  seq    INT    NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,
  kind   TEXT   NOT NULL,   -- begin, end, void
  reason TEXT   NOT NULL,
  after  TEXT   NOT NULL,
  PRIMARY KEY (link, seq)
)
--:sqlite WITHOUT ROWID
;
