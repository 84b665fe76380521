-- +goose Up
-- What a comment of a rating is about, as somebody who read it says; the newest holds.
CREATE TABLE service_rating_mend (
  id       BIGINT PRIMARY KEY,
  rating   BIGINT NOT NULL,
  elements TEXT   NOT NULL,          -- by semicolons; '' of none: there is nothing to mend
  actor    BIGINT,
  at       BIGINT NOT NULL
);
CREATE INDEX service_rating_mend_of ON service_rating_mend (rating, id);
CREATE INDEX service_rating_said ON service_rating (rated_at) WHERE state = 'rated' AND comment <> '';
-- Codes by which somebody who is signed in signs for a bag at another's screen (交接码):
-- once, and for minutes.
CREATE TABLE service_handover_code (
  id         BIGINT PRIMARY KEY,
  account    BIGINT NOT NULL,
  code       BYTEA  NOT NULL,        -- keyed hash
  made_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT
);
CREATE INDEX service_handover_code_of ON service_handover_code (code) WHERE used_at IS NULL;
-- That what a courier was expected to bring has not come (应到未到), and that it has.
CREATE TABLE service_parcel_alarm (
  id        BIGINT PRIMARY KEY,
  parcel    BIGINT NOT NULL UNIQUE,
  due_at    BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  closed_at BIGINT,
  outcome   TEXT   NOT NULL          -- '' open; delivered, returned, void, box
);
-- What was taken in for other regions goes in bags, too.
ALTER TABLE service_bag ADD COLUMN region TEXT NOT NULL DEFAULT '';
-- +goose Down
ALTER TABLE service_bag DROP COLUMN region;
DROP TABLE service_parcel_alarm;
DROP TABLE service_handover_code;
DROP INDEX service_rating_said;
DROP TABLE service_rating_mend;
