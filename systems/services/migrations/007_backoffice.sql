-- +goose Up
-- What happened to bills (收费), in order: a bill's state is that of its last event.
CREATE TABLE service_bill_event (
  bill    BIGINT NOT NULL,
  seq     INT    NOT NULL,
  at      BIGINT NOT NULL,
  actor   BIGINT,                 -- none: the house, or the payment platform
  state   TEXT   NOT NULL,        -- due, paid, waived, void, refunding, refunded
  ground  TEXT   NOT NULL,        -- of a waiver: which exemption
  reason  TEXT   NOT NULL,        -- masked
  receipt TEXT   NOT NULL,
  amount  BIGINT NOT NULL,
  PRIMARY KEY (bill, seq)
);
CREATE INDEX service_bill_event_at ON service_bill_event (at) WHERE state IN ('paid', 'refunded');
-- Orders at the payment platform.
CREATE TABLE service_payment (
  bill     BIGINT PRIMARY KEY,
  no       TEXT   NOT NULL UNIQUE,
  amount   BIGINT NOT NULL,
  page     TEXT   NOT NULL,
  asked_at BIGINT NOT NULL,
  tries    INT    NOT NULL,
  next_at  BIGINT,                -- when the platform is asked again; none: it is settled
  error    TEXT   NOT NULL
);
CREATE INDEX service_payment_next ON service_payment (next_at) WHERE next_at IS NOT NULL;
-- Calls of the platform, so that none is taken twice.
CREATE TABLE service_pay_call (
  signature TEXT   PRIMARY KEY,
  at        BIGINT NOT NULL
);
CREATE INDEX service_pay_call_at ON service_pay_call (at);
-- Ratings (好差评): what may be rated, once each, and what was said of it. Who rated is a
-- reference that no view of the rated reads.
CREATE TABLE service_rating (
  id          BIGINT PRIMARY KEY,
  kind        TEXT    NOT NULL,      -- visit (一次一评), case (一事一评)
  object      BIGINT  NOT NULL,      -- the ticket, or the case
  n           INT     NOT NULL,      -- 1; 2 after a bad one was put right (再次评价)
  person      BIGINT,
  unit        TEXT    NOT NULL,      -- rated
  item        TEXT    NOT NULL,      -- the version of an item, or ''
  title       TEXT    NOT NULL,
  hall        TEXT    NOT NULL,
  place       TEXT    NOT NULL,      -- window
  clerk       BIGINT,
  rateable_at BIGINT  NOT NULL,
  due_at      BIGINT  NOT NULL,      -- then the default counts
  state       TEXT    NOT NULL,      -- open, rated, defaulted, lapsed
  grade       INT,                   -- 1..5
  answers     TEXT    NOT NULL,      -- JSON: indicator → 1..5
  comment     TEXT    NOT NULL,      -- masked
  form        TEXT    NOT NULL,      -- name of the set of indicators
  form_v      INT     NOT NULL,
  channel     TEXT    NOT NULL,
  device      BYTEA,                 -- keyed hash
  rated_at    BIGINT,
  excluded    TEXT    NOT NULL,      -- why it does not count, '' it does
  matter      BIGINT,                -- of a bad one
  UNIQUE (kind, object, n)
);
CREATE INDEX service_rating_due ON service_rating (due_at) WHERE state = 'open';
CREATE INDEX service_rating_person ON service_rating (person) WHERE state = 'open';
CREATE INDEX service_rating_at ON service_rating (rateable_at);
CREATE INDEX service_rating_matter ON service_rating (matter) WHERE matter IS NOT NULL;
CREATE INDEX service_rating_sender ON service_rating (device, rated_at) WHERE device IS NOT NULL;
CREATE INDEX service_rating_place ON service_rating (hall, place, rateable_at) WHERE state = 'open';
-- Devices at windows, and kiosks, that send ratings.
CREATE TABLE service_rating_device (
  id         BIGINT PRIMARY KEY,
  name       TEXT   NOT NULL,
  kind       TEXT   NOT NULL,        -- device, kiosk
  hall       TEXT   NOT NULL,
  place      TEXT   NOT NULL,        -- window; '' a kiosk
  secret     BYTEA  NOT NULL UNIQUE, -- keyed hash of its key
  created_by BIGINT,
  created_at BIGINT NOT NULL,
  ended_at   BIGINT
);
-- Phones of staff (工作人员手机号): keyed hashes alone. Ratings by them do not count.
CREATE TABLE service_staff_phone (
  phone BYTEA  PRIMARY KEY,
  at    BIGINT NOT NULL
);
-- +goose Down
DROP TABLE service_staff_phone;
DROP TABLE service_rating_device;
DROP TABLE service_rating;
DROP TABLE service_pay_call;
DROP TABLE service_payment;
DROP TABLE service_bill_event;
