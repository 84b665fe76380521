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
-- +goose Down
DROP TABLE service_pay_call;
DROP TABLE service_payment;
DROP TABLE service_bill_event;
