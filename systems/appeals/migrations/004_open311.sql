-- +goose Up
-- What a client of Open311 says of the request that it files, beyond the appeal.
CREATE TABLE open311_request (
  appeal       BIGINT PRIMARY KEY,
  service_code TEXT   NOT NULL,
  item         TEXT   NOT NULL,     -- the attribute that the client chose, or ''
  media_url    TEXT   NOT NULL,     -- as asserted; nobody here fetches it
  key_account  BIGINT NOT NULL,     -- whose API key it came with
  once         BYTEA UNIQUE,        -- keyed hash of that account and its Idempotency-Key
  notice       TEXT   NOT NULL      -- whom to call at once, as answered
);
-- +goose Down
DROP TABLE open311_request;
