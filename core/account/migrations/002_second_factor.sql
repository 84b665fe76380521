-- +goose Up
-- The step of the last code that was used: no code is good twice (RFC 6238 §5.2).
ALTER TABLE account ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;
-- 恢复码: for who has lost the second factor; each is good once.
CREATE TABLE recovery_code (
  account BIGINT NOT NULL,
  digest  BYTEA  NOT NULL,   -- keyed hash of account and code
  used_at BIGINT,
  PRIMARY KEY (account, digest)
);
-- +goose Down
DROP TABLE recovery_code;
ALTER TABLE account DROP COLUMN totp_step;
