-- +goose Up
-- The first answer to a request that may be sent again.
CREATE TABLE http_answer (
  digest BYTEA  PRIMARY KEY,   -- SHA-256(account, method, path, key)
  body   TEXT   NOT NULL,
  status INT    NOT NULL,
  at     BIGINT NOT NULL
);
CREATE INDEX http_answer_at ON http_answer (at);
-- +goose Down
DROP TABLE http_answer;
