-- +goose Up
-- Whom mail reaches (邮件提醒): an account, and which of its notices leave so.
CREATE TABLE notice_mail (
  account BIGINT PRIMARY KEY,
  person  BIGINT,             -- the vault's entry that has the address; null until it is confirmed
  masked  TEXT   NOT NULL,    -- z***@example.org
  level   TEXT   NOT NULL,    -- all, urgent, off
  bounced TEXT   NOT NULL,    -- what the mail server said of an address that it does not know
  asked   BYTEA,               -- the address that is to be confirmed, sealed
  asked_masked TEXT NOT NULL,
  code    BYTEA,
  code_until BIGINT,
  code_at BIGINT,
  tries   INTEGER NOT NULL
);
CREATE INDEX notice_mail_person ON notice_mail (person);
-- Receivers outside that are told what a unit's desks are told (消息推送).
CREATE TABLE notice_hook (
  id      BIGINT PRIMARY KEY,
  unit    TEXT   NOT NULL,    -- whose desks, and those below it
  name    TEXT   NOT NULL,
  format  TEXT   NOT NULL,
  host    TEXT   NOT NULL,    -- of the address
  sealed  BYTEA   NOT NULL,    -- address and secret
  roles   TEXT   NOT NULL,    -- JSON: of the desks; empty are all
  names   TEXT   NOT NULL,    -- JSON: of the notices; empty are all
  urgent  BOOLEAN NOT NULL,   -- only what is urgent
  live    BOOLEAN NOT NULL,
  failures INTEGER NOT NULL,  -- one after the other, up to now
  failed_since BIGINT,
  said    TEXT   NOT NULL,    -- the last answer
  said_at BIGINT,
  made_by BIGINT NOT NULL,
  made_at BIGINT NOT NULL
);
ALTER TABLE notice_message ADD COLUMN hook BIGINT;
ALTER TABLE notice_message ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notice_message_waiting ON notice_message (channel, id) WHERE status = 'waiting';
CREATE INDEX notice_message_failed ON notice_message (id) WHERE status IN ('failed', 'refused', 'expired');
CREATE INDEX notice_message_channel ON notice_message (channel, id);
-- +goose Down
DROP INDEX notice_message_channel;
DROP INDEX notice_message_failed;
DROP INDEX notice_message_waiting;
ALTER TABLE notice_message DROP COLUMN tries;
ALTER TABLE notice_message DROP COLUMN hook;
DROP TABLE notice_hook;
DROP TABLE notice_mail;
