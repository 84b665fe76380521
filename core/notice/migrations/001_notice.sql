-- +goose Up
-- What people are told, as it was written. To a person (the vault's reference),
-- to an account, or to a desk, whoever sits there.
CREATE TABLE notice (
  id     BIGINT PRIMARY KEY,
  at     BIGINT NOT NULL,
  name   TEXT   NOT NULL,     -- of the template
  person BIGINT,
  account BIGINT,
  desk   TEXT   NOT NULL,
  about  TEXT   NOT NULL,     -- what it is about, "matter/123"
  link   TEXT   NOT NULL,     -- the screen that shows it
  urgent BOOLEAN NOT NULL,
  text   TEXT   NOT NULL      -- JSON: title and body by language; no personal data
);
CREATE INDEX notice_person ON notice (person, id) WHERE person IS NOT NULL;
CREATE INDEX notice_account ON notice (account, id) WHERE account IS NOT NULL;
CREATE INDEX notice_desk ON notice (desk, id) WHERE desk <> '';
-- Up to where each reader has read.
CREATE TABLE notice_read (
  account BIGINT PRIMARY KEY,
  upto    BIGINT NOT NULL
);
-- Messages that leave the house, and what became of them.
CREATE TABLE notice_message (
  id      BIGINT PRIMARY KEY,
  notice  BIGINT NOT NULL,
  channel TEXT   NOT NULL,    -- sms
  person  BIGINT NOT NULL,
  status  TEXT   NOT NULL,    -- waiting, sent, failed, none (no address)
  receipt TEXT   NOT NULL,    -- the operator's, or why it failed
  sent_at BIGINT
);
CREATE INDEX notice_message_notice ON notice_message (notice);
-- +goose Down
DROP TABLE notice_message;
DROP TABLE notice_read;
DROP TABLE notice;
