-- +goose Up
-- What happened, written in the transaction in which it happened.
CREATE TABLE outbox (
  id      BIGINT PRIMARY KEY,
  tx      BIGINT NOT NULL,           -- the commit position's transaction part
  at      BIGINT NOT NULL,
  subject TEXT   NOT NULL,           -- "appeal.dispatched"
  key     TEXT   NOT NULL,           -- the matter or record that it is about
  body    TEXT   NOT NULL            -- JSON: references and masked text only
);
--:postgres CREATE INDEX outbox_position ON outbox (tx, id);
CREATE TABLE event_cursor (
  consumer TEXT PRIMARY KEY,
  tx       BIGINT NOT NULL,
  id       BIGINT NOT NULL
);
-- +goose Down
DROP TABLE event_cursor;
DROP TABLE outbox;
