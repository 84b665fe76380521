-- +goose Up
-- Self-service devices (自助终端).
CREATE TABLE hall_device (
  id          BIGINT PRIMARY KEY,
  code        TEXT   NOT NULL UNIQUE,  -- what people call it
  name        TEXT   NOT NULL,
  kind        TEXT   NOT NULL,         -- kiosk, licence, terminal
  model       TEXT   NOT NULL,
  serial      TEXT   NOT NULL,         -- of the hardware
  place       TEXT   NOT NULL,         -- hall or station of the pack
  unit        TEXT   NOT NULL,
  lon         DOUBLE PRECISION,
  lat         DOUBLE PRECISION,
  owner       TEXT   NOT NULL,
  functions   TEXT   NOT NULL,         -- by semicolons
  items       TEXT   NOT NULL,         -- codes by semicolons; '' all that may be done by oneself
  state       TEXT   NOT NULL,         -- registered, enrolled, revoked
  public_key  BYTEA,
  counter     BIGINT NOT NULL,         -- of the last request that was taken
  version     TEXT   NOT NULL,
  locked      BOOLEAN NOT NULL,
  beat        TEXT   NOT NULL,         -- the last, JSON
  seen_at     BIGINT,
  streak      INT    NOT NULL,         -- beats in time, one after the other
  queue_seq   BIGINT NOT NULL,         -- entries of its queue that were taken
  queue_hash  BYTEA,
  enrolled_at BIGINT,
  created_at  BIGINT NOT NULL,
  synthetic   BOOLEAN NOT NULL
);
CREATE INDEX hall_device_place ON hall_device (place);
CREATE INDEX hall_device_seen ON hall_device (state, seen_at);
-- What happened to a device: registered, moved, enrolled, revoked.
CREATE TABLE hall_device_event (
  id     BIGINT PRIMARY KEY,
  device BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,
  action TEXT   NOT NULL,
  data   TEXT   NOT NULL
);
CREATE INDEX hall_device_event_of ON hall_device_event (device, id);
CREATE TABLE hall_device_code (
  digest     BYTEA  PRIMARY KEY,
  device     BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT
);
-- Minutes of a day in which a device was heard.
CREATE TABLE hall_device_day (
  device  BIGINT NOT NULL,
  day     TEXT   NOT NULL,
  minutes INT    NOT NULL,
  last    BIGINT NOT NULL,             -- the last of them, Unix minutes
  PRIMARY KEY (device, day)
);
CREATE TABLE hall_device_alarm (
  id         BIGINT PRIMARY KEY,
  device     BIGINT NOT NULL,
  code       TEXT   NOT NULL,          -- offline, hot, tampered, supply:paper, fault:E101
  value      TEXT   NOT NULL,
  calm       INT    NOT NULL,          -- beats without it, one after the other
  raised_at  BIGINT NOT NULL,
  cleared_at BIGINT
);
CREATE UNIQUE INDEX hall_device_alarm_open ON hall_device_alarm (device, code) WHERE cleared_at IS NULL;
CREATE INDEX hall_device_alarm_of ON hall_device_alarm (device, id);
CREATE TABLE hall_device_command (
  id         BIGINT PRIMARY KEY,
  device     BIGINT NOT NULL,
  kind       TEXT   NOT NULL,          -- lock, unlock, restart, message
  text       TEXT   NOT NULL,
  reason     TEXT   NOT NULL,
  actor      BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  sent_at    BIGINT,
  acked_at   BIGINT,
  done       BOOLEAN,
  note       TEXT   NOT NULL
);
CREATE INDEX hall_device_command_of ON hall_device_command (device, id);
-- Repair (报修).
CREATE TABLE hall_repair (
  id         BIGINT PRIMARY KEY,
  device     BIGINT NOT NULL,
  state      TEXT   NOT NULL,          -- asked, taken, mended, checked, dropped
  seq        INT    NOT NULL,
  what       TEXT   NOT NULL,
  alarm      BIGINT,
  respond_by BIGINT NOT NULL,
  asked_at   BIGINT NOT NULL,
  taken_at   BIGINT,
  taken_by   BIGINT,
  mended_at  BIGINT,
  checked_at BIGINT
);
CREATE INDEX hall_repair_of ON hall_repair (device, id);
CREATE TABLE hall_repair_event (
  repair BIGINT NOT NULL,
  seq    INT    NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,
  action TEXT   NOT NULL,
  note   TEXT   NOT NULL,
  PRIMARY KEY (repair, seq)
);
-- Versions that devices are to run.
CREATE TABLE hall_device_release (
  id      BIGINT PRIMARY KEY,
  version TEXT   NOT NULL UNIQUE,
  share   INT    NOT NULL,             -- of a hundred devices
  state   TEXT   NOT NULL,             -- rolling, halted
  reason  TEXT   NOT NULL,
  actor   BIGINT,
  at      BIGINT NOT NULL
);
-- The queues of devices, as they came.
CREATE TABLE hall_device_entry (
  device  BIGINT NOT NULL,
  seq     BIGINT NOT NULL,
  at      BIGINT NOT NULL,             -- of the device's clock
  kind    TEXT   NOT NULL,
  data    TEXT   NOT NULL,
  hash    BYTEA  NOT NULL,
  sig     BYTEA  NOT NULL,
  note    TEXT   NOT NULL,             -- why it had no effect, or ''
  came_at BIGINT NOT NULL,
  PRIMARY KEY (device, seq)
);
CREATE INDEX hall_device_entry_at ON hall_device_entry (device, at);
-- Blank sheets (空白证照): each by its serial. The rows are what their events make.
CREATE TABLE hall_sheet (
  series TEXT   NOT NULL,
  no     BIGINT NOT NULL,
  unit   TEXT   NOT NULL,
  state  TEXT   NOT NULL,              -- stock, device, loaded, printing, used, wasted, returned
  device BIGINT,
  pickup BIGINT,
  PRIMARY KEY (series, no)
);
CREATE INDEX hall_sheet_device ON hall_sheet (device, state, no);
CREATE INDEX hall_sheet_unit ON hall_sheet (unit, state);
CREATE TABLE hall_sheet_event (
  id      BIGINT PRIMARY KEY,
  series  TEXT   NOT NULL,
  from_no BIGINT NOT NULL,
  to_no   BIGINT NOT NULL,
  action  TEXT   NOT NULL,             -- receive, issue, load, unload, begin, use, waste, return, count
  unit    TEXT   NOT NULL,
  device  BIGINT,
  pickup  BIGINT,
  n       INT    NOT NULL,             -- count: as many as were there
  reason  TEXT   NOT NULL,
  photo   TEXT   NOT NULL,             -- file, where somebody took one
  actor   BIGINT,
  at      BIGINT NOT NULL
);
CREATE INDEX hall_sheet_event_series ON hall_sheet_event (series, id);
CREATE INDEX hall_sheet_event_device ON hall_sheet_event (device, at);
-- Self-pickup of licences (自助领证).
CREATE TABLE hall_pickup (
  id         BIGINT PRIMARY KEY,
  digest     BYTEA  NOT NULL UNIQUE,   -- of its code
  sealed     BYTEA  NOT NULL,          -- the code, for the holder
  licence    BIGINT NOT NULL,
  matter     BIGINT NOT NULL,
  person     BIGINT NOT NULL,          -- the holder
  type       TEXT   NOT NULL,
  name       TEXT   NOT NULL,          -- of the licence, JSON
  no         TEXT   NOT NULL,
  state      TEXT   NOT NULL,          -- ready, checked, printing, printed, picked, locked, counter, cancelled
  seq        INT    NOT NULL,
  tries      INT    NOT NULL,
  prints     INT    NOT NULL,
  device     BIGINT,
  series     TEXT   NOT NULL,
  sheet      BIGINT NOT NULL,
  by_agent   BOOLEAN NOT NULL,
  checked_at BIGINT,
  picked_at  BIGINT,
  expires_at BIGINT NOT NULL,
  agent_mac  BYTEA,                    -- of the agent's identity number
  agent_name TEXT   NOT NULL,          -- masked
  agent_text BIGINT,                   -- vault_text
  agent_until BIGINT,
  at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX hall_pickup_licence ON hall_pickup (licence) WHERE state <> 'cancelled';
CREATE INDEX hall_pickup_person ON hall_pickup (person, id);
CREATE TABLE hall_pickup_event (
  pickup BIGINT NOT NULL,
  seq    INT    NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,
  device BIGINT,
  action TEXT   NOT NULL,
  data   TEXT   NOT NULL,
  PRIMARY KEY (pickup, seq)
);
-- Evidence of what nobody attended: photos under the holder's key, tied to the log.
CREATE TABLE hall_pickup_evidence (
  id     BIGINT PRIMARY KEY,
  pickup BIGINT NOT NULL,
  matter BIGINT NOT NULL,
  person BIGINT NOT NULL,
  kind   TEXT   NOT NULL,              -- taken, wasted
  sealed BYTEA  NOT NULL,
  sum    BYTEA  NOT NULL,              -- of the photo
  log    BYTEA  NOT NULL,
  at     BIGINT NOT NULL
);
CREATE INDEX hall_pickup_evidence_of ON hall_pickup_evidence (pickup);
CREATE INDEX hall_pickup_evidence_at ON hall_pickup_evidence (at);
-- +goose Down
DROP TABLE hall_pickup_evidence;
DROP TABLE hall_pickup_event;
DROP TABLE hall_pickup;
DROP TABLE hall_sheet_event;
DROP TABLE hall_sheet;
DROP TABLE hall_device_entry;
DROP TABLE hall_device_release;
DROP TABLE hall_repair_event;
DROP TABLE hall_repair;
DROP TABLE hall_device_command;
DROP TABLE hall_device_alarm;
DROP TABLE hall_device_day;
DROP TABLE hall_device_code;
DROP TABLE hall_device_event;
DROP TABLE hall_device;
