-- +goose Up
-- Regions with which there are agreements (跨区域通办).
CREATE TABLE service_region (
  code     TEXT PRIMARY KEY,         -- of the administrative division, GB/T 2260
  name     TEXT NOT NULL,
  province TEXT NOT NULL
);
CREATE TABLE service_agreement (
  id        BIGINT PRIMARY KEY,
  region    TEXT    NOT NULL,
  no        TEXT    NOT NULL UNIQUE, -- 协议编号
  from_day  TEXT    NOT NULL,
  to_day    TEXT    NOT NULL,        -- last day; '' until somebody ends it
  contact   TEXT    NOT NULL,        -- office, no person
  phone     TEXT    NOT NULL,        -- of the office
  synthetic BOOLEAN NOT NULL,
  seq       INT     NOT NULL,
  at        BIGINT  NOT NULL
);
CREATE INDEX service_agreement_region ON service_agreement (region);
-- Pairs of items of an agreement, in each direction.
CREATE TABLE service_agreement_item (
  id         BIGINT PRIMARY KEY,
  agreement  BIGINT NOT NULL,
  direction  TEXT   NOT NULL,        -- in: our item, applied for there; out: theirs, applied for here
  mode       TEXT   NOT NULL,        -- online 全程网办, proxy 异地代收代办, joint 多地联办
  own        BIGINT,                 -- our item
  own_key    TEXT   NOT NULL,
  own_v      INT    NOT NULL,        -- its version when it was mapped; 0 it was not there
  theirs     TEXT   NOT NULL,        -- their implementation code, '' not mapped
  their_name TEXT   NOT NULL,
  UNIQUE (agreement, direction, own_key, theirs)
);
CREATE INDEX service_agreement_item_own ON service_agreement_item (own) WHERE own IS NOT NULL;
CREATE TABLE service_agreement_event (
  agreement BIGINT NOT NULL,
  seq       INT    NOT NULL,
  at        BIGINT NOT NULL,
  by        BIGINT,
  what      TEXT   NOT NULL,         -- JSON: what it said before
  reason    TEXT   NOT NULL,
  PRIMARY KEY (agreement, seq)
);
-- Cases under an agreement.
CREATE TABLE service_region_case (
  matter    BIGINT PRIMARY KEY,      -- of a case of ours, or of an errand
  region    TEXT   NOT NULL,
  pair      BIGINT NOT NULL,
  direction TEXT   NOT NULL,
  mode      TEXT   NOT NULL,
  at        BIGINT NOT NULL
);
CREATE INDEX service_region_case_at ON service_region_case (at);
-- Parcels (快递件).
CREATE TABLE service_parcel (
  id          BIGINT PRIMARY KEY,
  waybill     TEXT   NOT NULL UNIQUE,
  direction   TEXT   NOT NULL,       -- in, out
  matter      BIGINT,                -- none: unmatched (无主件)
  unit        TEXT   NOT NULL,       -- which receives, or sends
  state       TEXT   NOT NULL,       -- made, picked, transit, delayed, delivered, returned, lost, checked, differing, box, void
  weight      INT    NOT NULL,       -- grams, as it was said
  measured    INT    NOT NULL,       -- as the courier weighed it; 0 not yet
  address     BIGINT,                -- vault_text
  choice      TEXT   NOT NULL,       -- of the applicant where contents differ: rest, give_back, go_on
  signed_by   TEXT   NOT NULL,       -- relation alone: self, family, desk, locker
  made_at     BIGINT NOT NULL,
  due_at      BIGINT,
  delivered_at BIGINT,
  checked_at  BIGINT
);
CREATE INDEX service_parcel_matter ON service_parcel (matter);
CREATE INDEX service_parcel_open ON service_parcel (id) WHERE state IN ('made', 'picked', 'transit', 'delayed');
CREATE TABLE service_parcel_event (
  parcel BIGINT NOT NULL,
  seq    INT    NOT NULL,
  at     BIGINT NOT NULL,
  kind   TEXT   NOT NULL,            -- the courier's, or ours: scanned, compared, chosen, matched
  place  TEXT   NOT NULL,
  detail TEXT   NOT NULL,            -- JSON
  key    TEXT   NOT NULL,            -- the courier's own, so that none counts twice
  PRIMARY KEY (parcel, seq)
);
CREATE UNIQUE INDEX service_parcel_event_key ON service_parcel_event (parcel, key) WHERE key <> '';
-- Sessions of assisted filling (辅助申报).
CREATE TABLE service_assist (
  id          BIGINT PRIMARY KEY,
  application BIGINT NOT NULL,
  person      BIGINT NOT NULL,
  code        BYTEA  NOT NULL,       -- keyed hash
  opened_at   BIGINT NOT NULL,
  code_until  BIGINT NOT NULL,
  until       BIGINT NOT NULL,
  clerk       BIGINT,
  unit        TEXT   NOT NULL,
  joined_at   BIGINT,
  ended_at    BIGINT,
  ended_by    TEXT   NOT NULL,       -- applicant, clerk, time; '' it goes on
  fields      TEXT   NOT NULL,       -- JSON: what the clerk typed, question → when
  confirmed   TEXT   NOT NULL,       -- JSON: what the applicant confirmed of it
  seq         INT    NOT NULL
);
CREATE INDEX service_assist_application ON service_assist (application, id);
CREATE UNIQUE INDEX service_assist_code ON service_assist (code) WHERE ended_at IS NULL;
CREATE TABLE service_assist_event (
  session BIGINT NOT NULL,
  seq     INT    NOT NULL,
  at      BIGINT NOT NULL,
  who     TEXT   NOT NULL,           -- applicant, clerk, house
  kind    TEXT   NOT NULL,           -- open, join, look, type, confirm, end
  detail  TEXT   NOT NULL,           -- names of questions, no answers
  PRIMARY KEY (session, seq)
);
-- +goose Down
DROP TABLE service_assist_event;
DROP TABLE service_assist;
DROP TABLE service_parcel_event;
DROP TABLE service_parcel;
DROP TABLE service_region_case;
DROP TABLE service_agreement_event;
DROP TABLE service_agreement_item;
DROP TABLE service_agreement;
DROP TABLE service_region;
