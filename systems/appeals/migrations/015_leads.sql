-- +goose Up
-- Leads (未诉先办): what may need handling though nobody has appealed. Their life
-- is lead_event, which is only appended to; lead is kept from it.
CREATE TABLE lead (
  id         BIGINT PRIMARY KEY,
  source     TEXT   NOT NULL,
  external   TEXT   NOT NULL,          -- the source's own number
  state      TEXT   NOT NULL,          -- found, verified, filed, merged, refused
  seq        BIGINT NOT NULL,          -- its last event
  title      TEXT   NOT NULL,
  text       TEXT   NOT NULL,          -- masked
  address    TEXT   NOT NULL,          -- masked
  lon        DOUBLE PRECISION,         -- WGS-84
  lat        DOUBLE PRECISION,
  street     TEXT   NOT NULL,
  community  TEXT   NOT NULL,
  item       TEXT   NOT NULL,
  item_p     DOUBLE PRECISION NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  link       TEXT   NOT NULL,
  files      TEXT   NOT NULL,          -- JSON list
  reason     TEXT   NOT NULL,          -- JSON: the numbers of a forecast
  found_at   BIGINT NOT NULL,
  appeal     BIGINT,                   -- filed as it, or merged into it
  UNIQUE (source, external)
);
CREATE INDEX lead_state ON lead (state, id);
CREATE INDEX lead_found ON lead (found_at);
CREATE TABLE lead_event (
  lead  BIGINT NOT NULL,
  seq   BIGINT NOT NULL,
  at    BIGINT NOT NULL,
  actor BIGINT,                        -- none: the house itself
  unit  TEXT   NOT NULL,
  kind  TEXT   NOT NULL,
  data  TEXT   NOT NULL,
  PRIMARY KEY (lead, seq)
);
-- Handing over between shifts (交接班). An entry is never changed; an open item is
-- ended by a later entry that names it, and carries to the next shift until then.
CREATE TABLE handover_entry (
  id    BIGINT PRIMARY KEY,
  at    BIGINT NOT NULL,
  shift TEXT   NOT NULL,               -- day and name: "2026-11-27 早班"
  actor BIGINT NOT NULL,
  kind  TEXT   NOT NULL,               -- note, open, done, confirm
  about BIGINT,                        -- done: the open item; confirm: the last entry that was read
  text  TEXT   NOT NULL                -- masked
);
CREATE INDEX handover_about ON handover_entry (about) WHERE about IS NOT NULL;
-- +goose Down
DROP TABLE handover_entry;
DROP TABLE lead_event;
DROP TABLE lead;
