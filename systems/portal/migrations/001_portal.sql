-- +goose Up
-- Resources (资源) as they are now; what was done to them is their events.
CREATE TABLE portal_resource (
  code       TEXT   PRIMARY KEY,
  board      TEXT   NOT NULL,
  place      INT    NOT NULL,       -- in its board
  body       TEXT   NOT NULL,       -- JSON: Resource
  pack_hash  TEXT   NOT NULL,       -- of the row of the pack that it came from; '' made here
  state      TEXT   NOT NULL,       -- shown, stopped
  secret     BYTEA,                 -- keyed hash: by which it redeems passes
  seq        INT    NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE TABLE portal_resource_event (
  code   TEXT   NOT NULL,
  seq    INT    NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,
  kind   TEXT   NOT NULL,           -- pack, edit, stop, start, secret
  reason TEXT   NOT NULL,
  body   TEXT   NOT NULL,
  PRIMARY KEY (code, seq)
);
-- How the newest probes went.
CREATE TABLE portal_probe (
  code   TEXT    PRIMARY KEY,
  at     BIGINT  NOT NULL,
  ok     BOOLEAN NOT NULL,
  said   TEXT    NOT NULL,          -- status, or what went wrong
  ms     INT     NOT NULL,
  failed INT     NOT NULL,          -- in a row
  passed INT     NOT NULL,          -- in a row
  hidden BOOLEAN NOT NULL,
  since  BIGINT  NOT NULL           -- of being hidden or shown
);
CREATE TABLE portal_probe_day (
  code TEXT NOT NULL, day TEXT NOT NULL, tries INT NOT NULL, passed INT NOT NULL, ms BIGINT NOT NULL,
  PRIMARY KEY (code, day)
);
-- Who opened the section on a day: a keyed hash of the person or device, of the month.
CREATE TABLE portal_active (
  day TEXT NOT NULL, who BYTEA NOT NULL,
  PRIMARY KEY (day, who)
)
--:sqlite WITHOUT ROWID
;
CREATE TABLE portal_click (
  code TEXT NOT NULL, day TEXT NOT NULL, n INT NOT NULL,
  PRIMARY KEY (code, day)
);
-- Months that are over: their sums stay, their rows go.
CREATE TABLE portal_month (
  month TEXT PRIMARY KEY, active BIGINT NOT NULL, days BIGINT NOT NULL
);
-- Passes (登录票据): each opens once.
CREATE TABLE portal_pass (
  id     BYTEA  PRIMARY KEY,        -- keyed hash
  code   TEXT   NOT NULL,
  person BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX portal_pass_at ON portal_pass (at);
-- +goose Down
DROP TABLE portal_pass;
DROP TABLE portal_month;
DROP TABLE portal_click;
DROP TABLE portal_active;
DROP TABLE portal_probe_day;
DROP TABLE portal_probe;
DROP TABLE portal_resource_event;
DROP TABLE portal_resource;
